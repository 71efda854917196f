#include "indexer/member_name.h"

#include <inttypes.h>

#include "base/file.h"
#include "base/utf8.h"

#define DELETE           0x7F
#define SECOND_CONTROLS  0x80
#define BEHIND_CONTROLS  0xA0
#define CHECKSUM_ROOM    17u
#define ESCAPED_CHAR_MAX (3u * FH_UTF8_MAX)

/* The first part of NAME, up to a slash or the end. */
static fh_str part_of(fh_str name)
{
    size_t len = 0;
    while (len < name.len && name.ptr[len] != '/')
        len++;
    return (fh_str){name.ptr, len};
}

static fh_str behind(fh_str name, size_t len)
{
    return (fh_str){name.ptr + len, name.len - len};
}

static bool is_way_up(fh_str part)
{
    return part.len == 2 && part.ptr[0] == '.' && part.ptr[1] == '.';
}

static void escape(fh_str bytes, fh_buffer *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        fh_buffer_printf(out, "%%%02X", (unsigned char)bytes.ptr[i]);
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= DELETE && code < BEHIND_CONTROLS);
}

/* Append TEXT with what is no text escaped, as far as there is room up to LIMIT; returns what did fit. */
static size_t add_text(fh_str text, size_t limit, fh_buffer *out)
{
    size_t at = 0;
    while (at < text.len && out->len + ESCAPED_CHAR_MAX <= limit) {
        uint32_t code;
        bool bad;
        size_t len = fh_utf8_decode(text.ptr + at, text.len - at, &code, &bad);
        if (bad || is_control(code))
            escape((fh_str){text.ptr + at, len}, out);
        else
            fh_buffer_add(out, text.ptr + at, len);
        at += len;
    }
    return at;
}

bool fh_member_name(fh_str name, fh_buffer *out)
{
    const fh_str whole = name;
    size_t limit = out->len + FH_MEMBER_NAME_MAX - CHECKSUM_ROOM;
    bool hostile = false, cut = false;
    while (fh_str_starts(name, FH_STR("./")))
        name = behind(name, 2);
    while (fh_str_starts(name, FH_STR("/"))) {
        escape((fh_str){name.ptr, 1}, out);
        name = behind(name, 1);
        hostile = true;
    }
    while (name.len > 0 && !cut) {
        fh_str part = part_of(name);
        size_t len = part.len + (part.len < name.len);
        if (is_way_up(part)) {
            escape(part, out);
            fh_buffer_add(out, "/", len - part.len);
            hostile = true;
        } else {
            cut = add_text((fh_str){part.ptr, len}, limit, out) < len;
        }
        cut |= out->len + ESCAPED_CHAR_MAX > limit && len < name.len;
        name = behind(name, len);
    }
    if (cut)
        fh_buffer_printf(out, "~%016" PRIx64, fh_checksum(whole));
    return hostile;
}

bool fh_member_hidden(fh_str name)
{
    while (name.len > 0) {
        fh_str part = part_of(name);
        bool dots = part.len <= 2 && part.len > 0 && part.ptr[part.len - 1] == '.';
        if (part.len > 0 && part.ptr[0] == '.' && !dots)
            return true;
        name = behind(name, part.len + (part.len < name.len));
    }
    return false;
}
