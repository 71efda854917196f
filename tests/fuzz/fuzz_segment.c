#include <unistd.h>

#include "engines/native/heads.h"
#include "engines/native/store.h"
#include "tests/fuzz/target.h"

/* Read all that a segment says of its articles one by one, as searches do. */
static void read_articles(const fh_segment *s)
{
    fh_arena arena = {0};
    fh_store *store = NULL;
    fh_status status = fh_store_open(s, &store, NULL);
    for (uint32_t i = 0; i < s->header.articles && i < 100 && !status; i++) {
        fh_article a;
        uint64_t body_len;
        const uint32_t *pieces;
        size_t count;
        bool found;
        uint32_t local;
        status = fh_head_read(s, i, &arena, &a, &body_len, NULL);
        if (!status)
            status = fh_ids_find(s, a.id, &found, &local, NULL);
        if (!status)
            status = fh_store_pieces(store, i, &pieces, &count, NULL);
        if (!status)
            status = fh_store_body(store, i, &arena, &a.body, NULL);
        hold(!status || status == FH_ECORRUPT, "what makes no sense is damage");
        fh_arena_clear(&arena);
    }
    fh_store_close(store);
    fh_arena_free(&arena);
}

/* Any bytes as the content of a segment whose sums are right. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    fh_sealer *sealer;
    fh_seal seal;
    fh_segment *s;
    /* Where there is a folder in memory, syncing costs nothing. */
    snprintf(path, sizeof path, "%s/fihris-fuzz.%ld",
             access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm", (long)getpid());
    unlink(path);
    hold(!fh_sealer_open(path, &sealer, NULL), "the file can be written");
    fh_sealer_add(sealer, data, size);
    hold(!fh_sealer_finish(sealer, FH_SEGMENT_KIND, FH_SEGMENT_VERSION, &seal, NULL),
         "the file can be sealed");
    fh_sealer_close(sealer);
    fh_status status = fh_segment_open(path, &seal, &s, NULL);
    if (!status) {
        read_articles(s);
        status = fh_segment_check(s, NULL);
    }
    hold(!status || status == FH_ECORRUPT, "what makes no sense is damage");
    fh_segment_close(s);
    unlink(path);
    return 0;
}
