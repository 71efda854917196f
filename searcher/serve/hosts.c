#include "searcher/serve/hosts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* Longer than any address, and than any name that is compared with one. */
#define NAME_MAX_LEN 255

static bool is_same(fh_str a, fh_str b)
{
    return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static bool ends_with(fh_str text, fh_str end)
{
    return text.len > end.len && is_same((fh_str){text.ptr + text.len - end.len, end.len}, end);
}

/* HOST without its port and without the dot of the root; brackets stay around what has them. */
static fh_str strip_port(fh_str host)
{
    size_t len = host.len;
    if (len > 0 && host.ptr[0] == '[') {
        const char *end = memchr(host.ptr, ']', len);
        len = end ? (size_t)(end - host.ptr) + 1 : len;
    } else if (len > 0) {
        const char *colon = memchr(host.ptr, ':', len);
        len = colon ? (size_t)(colon - host.ptr) : len;
        len -= len > 0 && host.ptr[len - 1] == '.';
    }
    return (fh_str){host.ptr, len};
}

/* Is NAME an address that other machines cannot reach? */
static bool is_loopback(fh_str name)
{
    char text[NAME_MAX_LEN + 1] = "";
    struct in_addr v4;
    struct in6_addr v6;
    bool brackets = name.len > 2 && name.ptr[0] == '[';
    if (name.len > NAME_MAX_LEN)
        return false;
    memcpy(text, name.ptr + brackets, name.len - 2u * brackets);
    if (brackets)
        return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
    return inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool is_listed(fh_str name, fh_str names)
{
    while (names.len > 0) {
        const char *comma = memchr(names.ptr, ',', names.len);
        size_t len = comma ? (size_t)(comma - names.ptr) : names.len;
        if (is_same(name, strip_port((fh_str){names.ptr, len})))
            return true;
        len += comma != NULL;
        names = (fh_str){names.ptr + len, names.len - len};
    }
    return false;
}

/* What stands between `//` and the path. */
static fh_str host_of(fh_str url)
{
    const char *begin = url.len > 0 ? memmem(url.ptr, url.len, "//", 2) : NULL;
    if (!begin)
        return (fh_str){"", 0};
    fh_str rest = {begin + 2, url.len - (size_t)(begin + 2 - url.ptr)};
    const char *end = memchr(rest.ptr, '/', rest.len);
    return strip_port((fh_str){rest.ptr, end ? (size_t)(end - rest.ptr) : rest.len});
}

bool fh_host_is_ours(fh_str host, fh_str names, fh_str base)
{
    fh_str name = strip_port(host);
    fh_str own = host_of(base);
    if (host.len == 0 || name.len == 0)
        return host.len == 0;
    return is_same(name, FH_STR("localhost")) || ends_with(name, FH_STR(".localhost")) ||
           is_loopback(name) || is_listed(name, names) || (own.len > 0 && is_same(name, own));
}
