/* What a request must be, before anything is done for it. */
#include "searcher/serve/exchange.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "searcher/serve/hosts.h"
#include "searcher/serve/limits.h"
#include "searcher/serve/url.h"

/* ---- Headers ---- */

static bool is_name(const char *a, size_t len, const char *b)
{
    return strlen(b) == len && strncasecmp(a, b, len) == 0;
}

/* Names with spaces and the like are read as something else by other servers. */
static bool is_token(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (name[i] <= ' ' || name[i] > '~' || strchr("\"(),/:;<=>?@[\\]{}", name[i]))
            return false;
    return len > 0;
}

/* A length is digits and nothing else; one that is too large for a number is beyond any limit. */
static void read_length(fh_headers_seen *h, fh_str value)
{
    h->lengths++;
    h->bad_length = h->bad_length || value.len == 0;
    h->length = 0;
    for (size_t i = 0; i < value.len; i++) {
        h->bad_length = h->bad_length || value.ptr[i] < '0' || value.ptr[i] > '9';
        if (h->length < UINT64_MAX / 16)
            h->length = h->length * 10 + (unsigned char)(value.ptr[i] - '0');
    }
}

static enum MHD_Result note_header(void *context, enum MHD_ValueKind kind, const char *key,
                                   size_t key_len, const char *text, size_t len)
{
    fh_headers_seen *h = context;
    fh_str value = {text ? text : "", text ? len : 0};
    (void)kind;
    h->bad_name = h->bad_name || !is_token(key, key_len);
    if (is_name(key, key_len, "Host")) {
        h->host = value;
        h->hosts++;
    } else if (is_name(key, key_len, "Content-Length")) {
        read_length(h, value);
    } else if (is_name(key, key_len, "Transfer-Encoding")) {
        h->coding = value;
        h->codings++;
    } else if (is_name(key, key_len, "Authorization")) {
        h->authorization = value;
        h->authorizations++;
    } else if (is_name(key, key_len, "Accept-Encoding")) {
        h->encodings = value;
    } else if (is_name(key, key_len, "If-None-Match")) {
        h->known = value;
    } else if (is_name(key, key_len, "Origin")) {
        h->origin = value;
    } else if (is_name(key, key_len, "X-Request-Id")) {
        h->request_id = value;
    } else if (is_name(key, key_len, "Access-Control-Request-Method")) {
        h->asked_method = value;
    }
    return MHD_YES;
}

/* Requests whose end two servers may see at different places are refused: one could hide in another. */
static const char *find_ambiguity(const fh_headers_seen *h)
{
    if (h->lengths > 0 && h->codings > 0)
        return "it has both Content-Length and Transfer-Encoding";
    if (h->lengths > 1)
        return "it has more than one Content-Length";
    if (h->bad_length)
        return "its Content-Length is no number";
    if (h->bad_name)
        return "the name of a header is none";
    if (h->codings > 1 ||
        (h->codings == 1 && !is_name(h->coding.ptr, h->coding.len, "chunked")))
        return "its Transfer-Encoding is not chunked";
    if (h->hosts > 1)
        return "it has more than one Host";
    if (h->host.len > 0 && !fh_host_fits(h->host))
        return "its Host is none";
    if (h->authorizations > 1)
        return "it has more than one Authorization";
    return NULL;
}

/* ---- The target ---- */

/* `http://host/path`, as proxies are asked, means `/path`. */
static fh_str strip_host(fh_str target)
{
    const fh_str scheme = FH_STR("http://");
    if (target.len < scheme.len || strncasecmp(target.ptr, scheme.ptr, scheme.len) != 0)
        return target;
    size_t at = scheme.len;
    while (at < target.len && target.ptr[at] != '/' && target.ptr[at] != '?')
        at++;
    return (fh_str){target.ptr + at, target.len - at};
}

static bool is_printable(fh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return false;
    return true;
}

/* ---- Who asks ---- */

bool fh_exchange_origin_allowed(const fh_exchange *x)
{
    fh_str rest = x->front->options->origins;
    while (rest.len > 0 && x->headers.origin.len > 0) {
        size_t len = 0;
        while (len < rest.len && rest.ptr[len] != ',')
            len++;
        if (fh_str_equal((fh_str){rest.ptr, len}, x->headers.origin))
            return true;
        len += len < rest.len ? 1 : 0;
        rest = (fh_str){rest.ptr + len, rest.len - len};
    }
    return false;
}

/* A browser asks whether a page of another site may ask. */
static void answer_preflight(fh_exchange *x)
{
    if (!fh_exchange_origin_allowed(x)) {
        fh_exchange_fail(x, FH_PROBLEM_FOREIGN_ORIGIN, "see --allow-origin");
        return;
    }
    x->allow = x->route->methods;
    x->status = 204;
    x->ready = true;
}

static bool is_preflight(const fh_exchange *x)
{
    return fh_str_equal(x->method, FH_STR("OPTIONS")) && x->headers.origin.len > 0 &&
           x->headers.asked_method.len > 0;
}

/* ---- In order ---- */

/* What kind of body comes, where one may. */
static void check_body(fh_exchange *x)
{
    const fh_headers_seen *h = &x->headers;
    bool comes = h->length > 0 || h->codings > 0;
    if (comes && !x->route->body)
        fh_exchange_fail(x, FH_PROBLEM_BAD_REQUEST, "a body came, and the path takes none");
    else if (h->length > FH_BATCH_BYTES_MAX)
        fh_exchange_fail(x, FH_PROBLEM_BODY_TOO_LARGE, "a batch can have 1 MiB");
    else if (x->route->body && x->front->batches >= FH_BATCHES_MAX)
        fh_exchange_fail(x, FH_PROBLEM_OVERLOADED, "too many batches run");
}

static void take_id(fh_exchange *x)
{
    fh_str said = x->headers.request_id;
    if (fh_request_id_fits(said))
        snprintf(x->id, sizeof x->id, "%.*s", (int)said.len, said.ptr);
}

/* Who has a key has it from us, and no page of another site has it; the rest must call us by our name. */
static bool is_called_right(const fh_exchange *x)
{
    const fh_front_options *o = x->front->options;
    return o->keys || o->any_host || (x->route && x->route->open) ||
           fh_host_is_ours(x->headers.host, o->hosts, o->base);
}

void fh_exchange_check(fh_exchange *x)
{
    fh_str argument = {0};
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, note_header, &x->headers);
    take_id(x);
    fh_str target = strip_host(fh_str_of(x->target));
    fh_url_split(target, &x->path, &x->parameters);
    x->route = fh_route_find(x->path, &argument);
    const char *wrong = find_ambiguity(&x->headers);
    if (!wrong && !is_printable(target))
        wrong = "its target has characters that must be percent-encoded";
    if (wrong)
        fh_exchange_fail(x, FH_PROBLEM_BAD_REQUEST, wrong);
    else if (x->front->options->keys && !(x->route && x->route->open) && !is_preflight(x) &&
             !fh_keys_allow(x->front->options->keys, x->headers.authorization))
        fh_exchange_fail(x, FH_PROBLEM_NO_KEY, "say Authorization: Bearer KEY");
    else if (!is_called_right(x))
        fh_exchange_fail(x, FH_PROBLEM_FOREIGN_HOST, "see --allow-host");
    else if (!x->route)
        fh_exchange_fail(x, FH_PROBLEM_NO_PATH, "see /openapi.json");
    else if (is_preflight(x))
        answer_preflight(x);
    else if (!fh_route_takes(x->route, x->method))
        fh_exchange_fail(x, FH_PROBLEM_BAD_METHOD, x->route->methods);
    else
        check_body(x);
    x->job.ask.argument = argument;
    x->job.ask.parameters = x->parameters;
}
