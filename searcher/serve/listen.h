/*
 * Where the service listens: addresses as the command line writes them, and sockets.
 */
#ifndef FH_SEARCHER_SERVE_LISTEN_H
#define FH_SEARCHER_SERVE_LISTEN_H

#include "base/buffer.h"
#include "base/status.h"

#define FH_LISTEN_DEFAULT "127.0.0.1:8080"

/* An address: numeric, as names may mean several. */
typedef struct fh_address {
    char host[64]; /* 127.0.0.1 or ::1, without brackets */
    uint16_t port; /* 0: any that is free */
} fh_address;

/*
 * Read `HOST:PORT`, `[HOST]:PORT` or `:PORT` (all of this machine's addresses); `localhost` is
 * 127.0.0.1. Fails with FH_EUSAGE.
 */
fh_status fh_address_parse(fh_str text, fh_address *address, fh_error *err);

/* Listen at ADDRESS; *SOCKET does not block and is closed by exec. */
fh_status fh_listen_open(const fh_address *address, int *socket, fh_error *err);

/* Make SOCKET, which somebody else opened and which listens, ready for use. */
fh_status fh_listen_take(int socket, fh_error *err);

/* Can SOCKET be reached from this machine alone? */
bool fh_listen_is_local(int socket);

/* Is SOCKET a file, which no browser can reach? */
bool fh_listen_is_file(int socket);

/* Append what SOCKET listens at, as a URL where it has one. */
void fh_listen_name(int socket, fh_buffer *out);

#endif
