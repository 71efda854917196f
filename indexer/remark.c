#include "indexer/remark.h"

#include <stdarg.h>
#include <stdio.h>

void fh_listener_tell(const fh_listener *listener, fh_remark_kind kind, const char *file,
                      uint64_t line, const char *reason, ...)
{
    char text[FH_ERROR_MAX];
    va_list args;
    va_start(args, reason);
    vsnprintf(text, sizeof text, reason, args);
    va_end(args);
    fh_remark remark = {.kind = kind, .file = file, .line = line, .reason = text};
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
