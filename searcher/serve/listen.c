#include "searcher/serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that wait to be accepted. */
#define BACKLOG 1024

#define PRINT(s) (int)((s).len < 128 ? (s).len : 128), (s).ptr

static fh_status refuse(fh_str text, fh_error *err)
{
    return fh_fail(err, FH_EUSAGE,
                   "\"%.*s\" is no address: say 127.0.0.1:8080, [::1]:8080 or :8080",
                   PRINT(text));
}

static bool read_port(fh_str text, uint16_t *port)
{
    uint32_t number = 0;
    if (text.len == 0 || text.len > 5)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    *port = (uint16_t)number;
    return number <= UINT16_MAX;
}

/* What stands before the port, without brackets; `v6` says whether it had them. */
static bool split(fh_str text, fh_str *host, fh_str *port, bool *v6)
{
    size_t colon = text.len;
    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return false;
    *host = (fh_str){text.ptr, colon - 1};
    *port = (fh_str){text.ptr + colon, text.len - colon};
    *v6 = host->len >= 2 && host->ptr[0] == '[' && host->ptr[host->len - 1] == ']';
    if (*v6)
        *host = (fh_str){host->ptr + 1, host->len - 2};
    return true;
}

fh_status fh_address_parse(fh_str text, fh_address *address, fh_error *err)
{
    fh_str host, port;
    bool v6;
    unsigned char bytes[sizeof(struct in6_addr)];
    *address = (fh_address){0};
    if (!split(text, &host, &port, &v6) || !read_port(port, &address->port) ||
        host.len >= sizeof address->host)
        return refuse(text, err);
    if (host.len == 0 && !v6)
        host = FH_STR("::");
    else if (fh_str_equal(host, FH_STR("localhost")))
        host = FH_STR("127.0.0.1");
    else if (memchr(host.ptr, ':', host.len) && !v6)
        return refuse(text, err);
    memcpy(address->host, host.ptr, host.len);
    if (inet_pton(AF_INET, address->host, bytes) != 1 &&
        inet_pton(AF_INET6, address->host, bytes) != 1) {
        *address = (fh_address){0};
        return refuse(text, err);
    }
    return FH_OK;
}

static socklen_t fill(const fh_address *address, struct sockaddr_storage *out)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(address->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, address->host, &v4.sin_addr) == 1) {
        memcpy(out, &v4, sizeof v4);
        return sizeof v4;
    }
    inet_pton(AF_INET6, address->host, &v6.sin6_addr);
    memcpy(out, &v6, sizeof v6);
    return sizeof v6;
}

fh_status fh_listen_open(const fh_address *address, int *out, fh_error *err)
{
    struct sockaddr_storage name;
    const int yes = 1, no = 0;
    socklen_t len = fill(address, &name);
    *out = -1;
    int fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fh_fail(err, FH_EIO, "cannot make a socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (name.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(fd, (struct sockaddr *)&name, len) != 0 || listen(fd, BACKLOG) != 0) {
        int code = errno;
        close(fd);
        return fh_fail(err, FH_EIO, "cannot listen at %s port %u: %s", address->host,
                       address->port, strerror(code));
    }
    *out = fd;
    return FH_OK;
}

fh_status fh_listen_take(int fd, fh_error *err)
{
    int listens = 0;
    socklen_t len = sizeof listens;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) != 0 || !listens)
        return fh_fail(err, FH_EUSAGE, "descriptor %d is no socket that listens", fd);
    int flags = fcntl(fd, F_GETFL);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || flags < 0 ||
        fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return fh_fail(err, FH_EIO, "cannot use descriptor %d: %s", fd, strerror(errno));
    return FH_OK;
}

bool fh_listen_is_local(int fd)
{
    struct sockaddr_storage name = {0};
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    socklen_t len = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &len) != 0)
        return false;
    if (name.ss_family == AF_INET) {
        memcpy(&v4, &name, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    if (name.ss_family == AF_INET6) {
        memcpy(&v6, &name, sizeof v6);
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    return name.ss_family == AF_UNIX;
}

bool fh_listen_is_file(int fd)
{
    struct sockaddr_storage name = {0};
    socklen_t len = sizeof name;
    return getsockname(fd, (struct sockaddr *)&name, &len) == 0 && name.ss_family == AF_UNIX;
}

void fh_listen_name(int fd, fh_buffer *out)
{
    struct sockaddr_storage name = {0};
    socklen_t len = sizeof name;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(fd, (struct sockaddr *)&name, &len) != 0 || name.ss_family == AF_UNIX ||
        getnameinfo((struct sockaddr *)&name, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        fh_buffer_add_str(out, FH_STR("a local socket"));
    else
        fh_buffer_printf(out, name.ss_family == AF_INET6 ? "http://[%s]:%s/" : "http://%s:%s/",
                         host, port);
}
