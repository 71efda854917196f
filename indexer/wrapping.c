#include "indexer/wrapping.h"

#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/buffer.h"

/* windowBits that make zlib expect a gzip header. */
#define GZIP_WINDOW (16 + MAX_WBITS)

#define WARC_BEGIN FH_STR("WARC/")

/* Where a tar header has its mark. */
#define TAR_MARK_AT 257u
#define TAR_MARK    FH_STR("ustar")

/* The ending of a zip file of WARC files, with indexes of them. */
#define WACZ_ENDING                                                                            \
    {                                                                                          \
        ".wacz", 5                                                                             \
    }

typedef struct ending {
    fh_str text;
    fh_wrapping wrapping;
    fh_str inner; /* the ending of what is in it */
} ending;

/* The longest first. */
static const ending endings[] = {
    {{".warc.gz", 8}, FH_WRAPPED_WARC, {"", 0}},
    {{".warc", 5}, FH_WRAPPED_WARC, {"", 0}},
    {{".wet.gz", 7}, FH_WRAPPED_WARC, {"", 0}},
    {{".wet", 4}, FH_WRAPPED_WARC, {"", 0}},
    {{".tar", 4}, FH_WRAPPED_ARCHIVE, {"", 0}},
    {{".zip", 4}, FH_WRAPPED_ARCHIVE, {"", 0}},
    {WACZ_ENDING, FH_WRAPPED_ARCHIVE, {"", 0}},
    {{".tgz", 4}, FH_WRAPPED_GZIP, {".tar", 4}},
    {{".tbz2", 5}, FH_WRAPPED_OTHER, {".tar", 4}},
    {{".tbz", 4}, FH_WRAPPED_OTHER, {".tar", 4}},
    {{".txz", 4}, FH_WRAPPED_OTHER, {".tar", 4}},
    {{".tzst", 5}, FH_WRAPPED_OTHER, {".tar", 4}},
    {{".gz", 3}, FH_WRAPPED_GZIP, {"", 0}},
    {{".bz2", 4}, FH_WRAPPED_OTHER, {"", 0}},
    {{".xz", 3}, FH_WRAPPED_OTHER, {"", 0}},
    {{".zst", 4}, FH_WRAPPED_OTHER, {"", 0}},
};

static bool ends_in(fh_str name, fh_str end)
{
    return name.len > end.len && name.ptr[name.len - end.len - 1] != '/' &&
           strncasecmp(name.ptr + name.len - end.len, end.ptr, end.len) == 0;
}

fh_wrapping fh_wrapping_by_name(fh_str name, fh_str *inner)
{
    *inner = name;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const ending *e = &endings[i];
        if (!ends_in(name, e->text))
            continue;
        bool whole = e->wrapping == FH_WRAPPED_ARCHIVE || e->wrapping == FH_WRAPPED_WARC;
        if (e->inner.len > 0)
            *inner = e->inner;
        else if (!whole)
            inner->len -= e->text.len;
        return e->wrapping;
    }
    return FH_WRAPPED_NOT;
}

bool fh_wrapping_is_wacz(fh_str name)
{
    return ends_in(name, (fh_str)WACZ_ENDING);
}

/* Text may begin with BZh, but not with the digits of pi behind it. */
static bool is_bzip2(fh_str head)
{
    return fh_str_starts(head, FH_STR("BZh")) && head.len >= 10 &&
           memcmp(head.ptr + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0;
}

static bool is_tar(fh_str head)
{
    return head.len >= TAR_MARK_AT + TAR_MARK.len &&
           memcmp(head.ptr + TAR_MARK_AT, TAR_MARK.ptr, TAR_MARK.len) == 0;
}

fh_wrapping fh_wrapping_by_head(fh_str head)
{
    static const struct {
        fh_str mark;
        fh_wrapping wrapping;
    } marks[] = {
        {{"\x1f\x8b", 2}, FH_WRAPPED_GZIP},          {{"\xfd\x37zXZ\0", 6}, FH_WRAPPED_OTHER},
        {{"\x28\xb5\x2f\xfd", 4}, FH_WRAPPED_OTHER}, {{"PK\x03\x04", 4}, FH_WRAPPED_ARCHIVE},
        {{"PK\x05\x06", 4}, FH_WRAPPED_ARCHIVE},     {{"PK\x07\x08PK", 6}, FH_WRAPPED_ARCHIVE},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (fh_str_starts(head, marks[i].mark))
            return marks[i].wrapping;
    }
    if (is_bzip2(head))
        return FH_WRAPPED_OTHER;
    if (fh_str_starts(head, WARC_BEGIN))
        return FH_WRAPPED_WARC;
    return is_tar(head) ? FH_WRAPPED_ARCHIVE : FH_WRAPPED_NOT;
}

bool fh_wrapping_holds_warc(fh_str head)
{
    char text[sizeof "WARC/" - 1];
    z_stream z = {.next_in = (unsigned char *)head.ptr,
                  .avail_in = (unsigned)head.len,
                  .next_out = (unsigned char *)text,
                  .avail_out = sizeof text};
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
        return false;
    inflate(&z, Z_SYNC_FLUSH);
    inflateEnd(&z);
    return z.avail_out == 0 && memcmp(text, WARC_BEGIN.ptr, sizeof text) == 0;
}

bool fh_wrapping_is_pdf(fh_str head)
{
    return fh_str_starts(head, FH_STR("%PDF-"));
}
