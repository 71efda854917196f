#include "indexer/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/member_name.h"

/* Headers that cannot be read, one after the other; then the rest cannot be read either. */
#define BAD_HEADERS_MAX 10

/*
 * Zip files have a directory at their end. libarchive, where it can seek, keeps all of it in memory, five
 * times as big; so it may only when the directory lies in the last so many bytes, and one mark, in the
 * last bytes, says where. Else it reads the file straight on, as it reads a pipe.
 */
#define DIRECTORY_MAX (32u * 1024 * 1024)
#define END_MARK      "PK\5\6"
#define END_MARK_LEN  4u
#define END_OFFSET_AT 16u
#define END_LEN       22u

/*
 * libarchive speaks of names in the character set of the locale, and the locale is the program's; while
 * it reads headers its thread is in this one, which the C library always has.
 */
#define LOCALE "C.UTF-8"

/* An archive, or a compressed stream as an archive of one member. */
struct fh_archive {
    struct archive *reader;
    fh_source *bytes;
    size_t lent; /* bytes that libarchive is still looking at */
    fh_error failure;
    locale_t locale;
    fh_bounds *bounds;
    bool nested;
    bool any;        /* a member has been found */
    bool broken;     /* what comes behind the last member cannot be found any more */
    uint64_t inside; /* bytes that have come out */
    const char *name;
    fh_buffer harmless;
};

/* ---- What libarchive reads ---- */

static la_ssize_t lend(struct archive *reader, void *self, const void **bytes)
{
    fh_archive *a = self;
    fh_str more;
    (void)reader;
    fh_source_skip(a->bytes, a->lent);
    a->lent = 0;
    if (fh_source_peek(a->bytes, 1, &more, &a->failure))
        return ARCHIVE_FATAL;
    *bytes = more.ptr;
    a->lent = more.len;
    return (la_ssize_t)more.len;
}

static la_int64_t seek(struct archive *reader, void *self, la_int64_t offset, int whence)
{
    fh_archive *a = self;
    uint64_t at;
    (void)reader;
    fh_source_skip(a->bytes, a->lent);
    a->lent = 0;
    if (whence == SEEK_CUR)
        offset += (la_int64_t)fh_source_offset(a->bytes);
    if (whence == SEEK_END) {
        if (fh_source_seek(a->bytes, -1, &at, &a->failure))
            return ARCHIVE_FATAL;
        offset += (la_int64_t)at;
    }
    if (offset < 0 || fh_source_seek(a->bytes, offset, &at, &a->failure))
        return ARCHIVE_FATAL;
    return (la_int64_t)at;
}

/* What went wrong: below libarchive, or in what it read. */
static fh_status fail_read(fh_archive *a, fh_error *err)
{
    if (a->failure.status)
        return fh_fail(err, a->failure.status, "%s", a->failure.message);
    const char *text = archive_error_string(a->reader);
    return fh_fail(err, FH_EFORMAT, "it is damaged near byte %llu: %s",
                   (unsigned long long)fh_source_offset(a->bytes),
                   text ? text : "no reason known");
}

void fh_archive_close(fh_archive *a)
{
    if (!a)
        return;
    if (a->reader)
        archive_read_free(a->reader);
    if (a->locale)
        freelocale(a->locale);
    fh_source_close(a->bytes);
    fh_buffer_free(&a->harmless);
    free(a);
}

static fh_archive *create(fh_source *bytes, fh_bounds *bounds)
{
    fh_archive *a = calloc(1, sizeof *a);
    if (!a) {
        fh_source_close(bytes);
        return NULL;
    }
    a->bytes = bytes;
    a->bounds = bounds;
    a->reader = archive_read_new();
    a->locale = newlocale(LC_CTYPE_MASK, LOCALE, (locale_t)0);
    if (a->reader && a->locale)
        return a;
    fh_archive_close(a);
    return NULL;
}

/* The place of the directory that the end of a zip file, TAIL, speaks of; false when that is not sure. */
static bool find_directory(fh_str tail, uint64_t *offset)
{
    const char *mark = memmem(tail.ptr, tail.len, END_MARK, END_MARK_LEN);
    size_t left = mark ? tail.len - (size_t)(mark - tail.ptr) : 0;
    if (left < END_LEN || memmem(mark + 1, left - 1, END_MARK, END_MARK_LEN))
        return false;
    *offset = 0;
    for (unsigned i = 0; i < 4; i++)
        *offset |= (uint64_t)(unsigned char)mark[END_OFFSET_AT + i] << 8 * i;
    return true;
}

/* May libarchive seek in it? It is at its beginning before and after. */
static bool may_seek(fh_source *bytes)
{
    uint64_t size, at, directory;
    fh_str tail;
    if (!fh_source_seeks(bytes) || fh_source_seek(bytes, -1, &size, NULL))
        return false;
    uint64_t from = size > FH_PEEK_MAX ? size - FH_PEEK_MAX : 0;
    bool found = !fh_source_seek(bytes, (int64_t)from, &at, NULL) &&
                 !fh_source_peek(bytes, FH_PEEK_MAX, &tail, NULL) &&
                 find_directory(tail, &directory);
    return !fh_source_seek(bytes, 0, &at, NULL) && found && directory <= size &&
           size - directory <= DIRECTORY_MAX;
}

/* Let libarchive look at what it is; SEEKS: going to and fro, if it can be. Closes A when it fails. */
static fh_status begin(fh_archive *a, bool seeks, fh_archive **out, fh_error *err)
{
    archive_read_set_read_callback(a->reader, lend);
    if (seeks && may_seek(a->bytes))
        archive_read_set_seek_callback(a->reader, seek);
    archive_read_set_callback_data(a->reader, a);
    fh_status status = FH_OK;
    if (archive_read_open1(a->reader) != ARCHIVE_OK)
        status = fail_read(a, err);
    if (status)
        fh_archive_close(a);
    else
        *out = a;
    return status;
}

fh_status fh_archive_open(fh_source *bytes, bool nested, fh_bounds *bounds, fh_archive **out,
                          fh_error *err)
{
    *out = NULL;
    fh_archive *a = create(bytes, bounds);
    if (!a)
        return fh_fail_memory(err);
    a->nested = nested;
    archive_read_support_format_zip(a->reader);
    archive_read_support_format_tar(a->reader);
    return begin(a, true, out, err);
}

/* ---- Members ---- */

/* Read the header of the next entry; NULL at the end. */
static fh_status read_header(fh_archive *a, struct archive_entry **entry, fh_error *err)
{
    int bad = 0, code;
    locale_t before = uselocale(a->locale);
    do
        code = archive_read_next_header(a->reader, entry);
    while (code == ARCHIVE_RETRY && ++bad < BAD_HEADERS_MAX);
    if (code != ARCHIVE_EOF && code >= ARCHIVE_WARN)
        a->name = archive_entry_pathname(*entry);
    uselocale(before);
    if (code == ARCHIVE_EOF)
        *entry = NULL;
    if (code == ARCHIVE_EOF || code == ARCHIVE_OK || code == ARCHIVE_WARN)
        return FH_OK;
    return fail_read(a, err);
}

/* See whether the member is one that is read. */
static void examine(struct archive_entry *entry, fh_error *refusal)
{
    unsigned type = archive_entry_filetype(entry);
    if (archive_entry_hardlink(entry) || type == AE_IFLNK)
        fh_fail(refusal, FH_EUNSUPPORTED, "a link in an archive: links are not followed");
    else if (type != AE_IFREG)
        fh_fail(refusal, FH_EUNSUPPORTED, "neither a file nor a folder");
    else if (archive_entry_is_data_encrypted(entry) == 1)
        fh_fail(refusal, FH_EUNSUPPORTED, "encrypted: decrypt it first");
}

fh_status fh_archive_next(fh_archive *a, bool *found, fh_member *member, fh_error *err)
{
    struct archive_entry *entry;
    *member = (fh_member){0};
    *found = false;
    if (a->broken)
        return fh_fail(err, FH_EFORMAT, "the rest of the archive is left out");
    for (;;) {
        fh_status status = read_header(a, &entry, err);
        if (!status && !entry && !a->any)
            status = fh_fail(err, FH_EFORMAT, "an archive with nothing in it");
        if (!status && entry)
            status = fh_bounds_enter(a->bounds, err);
        if (status || !entry)
            return status;
        a->any = true;
        fh_str name = fh_str_of(a->name);
        if (archive_entry_filetype(entry) != AE_IFDIR && !fh_member_hidden(name))
            break;
    }
    fh_buffer_clear(&a->harmless);
    member->hostile = fh_member_name(fh_str_of(a->name), &a->harmless);
    if (a->harmless.failed)
        return fh_fail_memory(err);
    if (a->harmless.len == 0)
        fh_fail(&member->refusal, FH_EFORMAT, "a member without a name");
    else
        examine(entry, &member->refusal);
    member->name = a->harmless.len > 0 ? a->harmless.data : "";
    *found = true;
    return FH_OK;
}

static fh_status read_member(void *self, char *bytes, size_t size, size_t *len, fh_error *err)
{
    fh_archive *a = self;
    *len = 0;
    la_ssize_t n = archive_read_data(a->reader, bytes, size);
    if (n < 0) {
        a->broken = n == ARCHIVE_FATAL;
        return fail_read(a, err);
    }
    a->inside += (uint64_t)n;
    fh_status status = fh_bounds_produce(a->bounds, (size_t)n, err);
    if (!status && a->nested && a->inside > FH_NESTED_MAX)
        status = fh_fail(err, FH_ELIMIT, "more than %u MiB in an archive inside an archive",
                         FH_NESTED_MAX >> 20);
    a->broken = status;
    *len = status ? 0 : (size_t)n;
    return status;
}

static void keep_open(void *self)
{
    (void)self;
}

static void close_whole(void *self)
{
    fh_archive_close(self);
}

static const fh_source_kind member_kind = {read_member, NULL, keep_open};
static const fh_source_kind stream_kind = {read_member, NULL, close_whole};

fh_status fh_archive_member(fh_archive *a, fh_source **out, fh_error *err)
{
    return fh_source_new(&member_kind, a, out, err);
}

/* ---- Compressed streams ---- */

fh_status fh_source_unpack(fh_source *below, fh_bounds *bounds, fh_source **out, fh_error *err)
{
    *out = NULL;
    struct archive_entry *entry;
    fh_archive *a = create(below, bounds);
    if (!a)
        return fh_fail_memory(err);
    archive_read_support_filter_bzip2(a->reader);
    archive_read_support_filter_xz(a->reader);
    archive_read_support_filter_zstd(a->reader);
    archive_read_support_format_raw(a->reader);
    fh_status status = begin(a, false, &a, err);
    if (status)
        return status;
    status = read_header(a, &entry, err);
    if (status) {
        fh_archive_close(a);
        return status;
    }
    return fh_source_new(&stream_kind, a, out, err);
}
