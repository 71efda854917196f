#include "searcher/serve/web_markup.h"

#include <strings.h>

#include "base/utf8.h"
#include "searcher/marks.h"

/* XML 1.0 has no way to say most controls, and not U+FFFE and U+FFFF; harmful ones have no use. */
static bool is_sayable(uint32_t code)
{
    return code == '\t' || code == '\n' ||
           (!fh_mark_harmful(code) && code != 0xFFFE && code != 0xFFFF);
}

void fh_markup_text(fh_buffer *out, fh_str text)
{
    size_t bytes;
    for (size_t at = 0; at < text.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        if (code == '&')
            fh_buffer_add_str(out, FH_STR("&amp;"));
        else if (code == '<')
            fh_buffer_add_str(out, FH_STR("&lt;"));
        else if (code == '>')
            fh_buffer_add_str(out, FH_STR("&gt;"));
        else if (code == '"')
            fh_buffer_add_str(out, FH_STR("&quot;"));
        else if (is_sayable(code))
            fh_buffer_add(out, text.ptr + at, bytes);
        else
            fh_buffer_add_byte(out, ' ');
    }
}

void fh_markup_window(fh_buffer *out, const fh_window *w, const char *tag)
{
    size_t at = 0;
    for (size_t i = 0; i < w->match_count; i++) {
        fh_span span = w->matches[i];
        fh_markup_text(out, (fh_str){w->text.ptr + at, span.start - at});
        fh_buffer_printf(out, "<%s>", tag);
        fh_markup_text(out, (fh_str){w->text.ptr + span.start, span.end - span.start});
        fh_buffer_printf(out, "</%s>", tag);
        at = span.end;
    }
    fh_markup_text(out, (fh_str){w->text.ptr + at, w->text.len - at});
}

static bool begins(fh_str text, fh_str scheme)
{
    return text.len > scheme.len && strncasecmp(text.ptr, scheme.ptr, scheme.len) == 0;
}

bool fh_markup_is_web(fh_str url)
{
    return begins(url, FH_STR("http://")) || begins(url, FH_STR("https://"));
}
