/*
 * Who may ask: the keys of a file, one a line.
 */
#ifndef FH_SEARCHER_SERVE_KEYS_H
#define FH_SEARCHER_SERVE_KEYS_H

#include "base/buffer.h"
#include "base/status.h"

typedef struct fh_keys fh_keys;

/*
 * Read the keys in the file PATH: lines of FH_KEY_MIN to FH_KEY_MAX characters of ASCII without spaces;
 * empty lines, and those that begin with #, say nothing. Fails with FH_EFORMAT, naming the line.
 */
fh_status fh_keys_read(const char *path, fh_keys **out, fh_error *err);

/* Does the value of an Authorization header hold one of them? Takes as long for any wrong one. */
bool fh_keys_allow(const fh_keys *keys, fh_str authorization);

/* NULL is allowed. */
void fh_keys_free(fh_keys *keys);

#endif
