#include "indexer/remark.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GAP    "…"
#define NUMBER "N"

/* A sort in the making; what does not fit is left out. */
typedef struct sorting {
    char *out;
    size_t len, size;
} sorting;

static void put(sorting *s, const char *text, size_t len)
{
    if (len >= s->size - s->len)
        return;
    memcpy(s->out + s->len, text, len);
    s->len += len;
    s->out[s->len] = '\0';
}

static bool ends_with(const sorting *s, const char *text)
{
    size_t len = strlen(text);
    return s->len >= len && memcmp(s->out + s->len - len, text, len) == 0;
}

/* The conversion at AT, behind its percent sign: several texts in a row are one gap. */
static const char *sort_conversion(sorting *s, const char *at)
{
    at += strspn(at, "-+ #0123456789.*hlzjt");
    if (*at == '%')
        put(s, "%", 1);
    else if (*at && strchr("diuxX", *at))
        put(s, NUMBER, strlen(NUMBER));
    else if (!ends_with(s, GAP))
        put(s, GAP, strlen(GAP));
    return *at ? at + 1 : at;
}

static void sort_format(sorting *s, const char *format)
{
    while (*format) {
        size_t len = strcspn(format, "%");
        put(s, format, len);
        format += len;
        if (*format == '%')
            format = sort_conversion(s, format + 1);
    }
}

/* Does a number end here that stands alone, and is no limit, as those in MiB and KiB are? */
static bool ends_number(const char *at)
{
    bool limit = strncmp(at, " MiB", 4) == 0 || strncmp(at, " KiB", 4) == 0;
    return !limit && (*at == '\0' || strchr(" ,:;)", *at));
}

static void sort_text(sorting *s, const char *text)
{
    const char *before = " ";
    while (*text) {
        size_t digits = strspn(text, "0123456789");
        if (digits > 0 && strchr(" (", *before) && ends_number(text + digits))
            put(s, NUMBER, strlen(NUMBER));
        else
            put(s, text, digits > 0 ? digits : 1);
        text += digits > 0 ? digits : 1;
        before = text - 1;
    }
}

void fh_listener_tell(const fh_listener *listener, fh_remark_kind kind, const char *file,
                      uint64_t line, const char *reason, ...)
{
    char text[FH_ERROR_MAX], sort[FH_ERROR_MAX] = "";
    sorting made = {.out = sort, .size = sizeof sort};
    va_list args;
    va_start(args, reason);
    vsnprintf(text, sizeof text, reason, args);
    va_end(args);
    if (strcmp(reason, "%s") == 0)
        sort_text(&made, text);
    else
        sort_format(&made, reason);
    fh_remark remark = {.kind = kind, .file = file, .line = line, .reason = text, .sort = sort};
    listener->hear(listener->context, &remark);
}

bool fh_listener_stops(const fh_listener *listener)
{
    return listener->stop && listener->stop(listener->context);
}

void fh_listener_wait(const fh_listener *listener)
{
    if (listener->wait)
        listener->wait(listener->context);
}
