#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[FH_STATUSES] = {
    [FH_OK] = "no error",
    [FH_EUSAGE] = "the call makes no sense",
    [FH_ENOMEM] = "out of memory",
    [FH_EIO] = "input or output failed",
    [FH_EFORMAT] = "malformed input",
    [FH_ELIMIT] = "a limit was passed",
    [FH_ENOTFOUND] = "not found",
    [FH_ELOCKED] = "another process is writing to the index",
    [FH_ECORRUPT] = "the index is damaged",
    [FH_EANALYSIS] = "the index was built by another analysis",
    [FH_ECHANGED] = "the index was replaced while it was read",
    [FH_EUNSUPPORTED] = "this engine cannot do that",
    [FH_ESTOPPED] = "the work was stopped",
    [FH_EENGINE] = "the engine failed",
};

/* Drop the broken character that vsnprintf leaves when it cuts a message in its middle. */
static void cut_at_character(char *text, size_t len)
{
    while (len > 0 && ((unsigned char)text[len - 1] & 0xC0) == 0x80)
        len--;
    if (len > 0 && (unsigned char)text[len - 1] >= 0xC0)
        len--;
    text[len] = '\0';
}

fh_status fh_fail(fh_error *err, fh_status status, const char *format, ...)
{
    if (!err)
        return status;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (n >= (int)sizeof err->message)
        cut_at_character(err->message, sizeof err->message - 1);
    err->status = status;
    return status;
}

fh_status fh_fail_memory(fh_error *err)
{
    return fh_fail(err, FH_ENOMEM, "%s", fh_status_text(FH_ENOMEM));
}

const char *fh_status_text(fh_status status)
{
    return (unsigned)status < FH_STATUSES ? texts[status] : "unknown status";
}
