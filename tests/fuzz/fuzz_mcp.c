#include "base/json.h"
#include "searcher/serve/mcp.h"
#include "tests/fuzz/target.h"

/*
 * A line from an agent, of any bytes: it is answered by one line that is JSON-RPC, or by nothing. There is
 * no index behind it, so that calls go as far as that.
 */

static void check_message(const json_t *message)
{
    fh_str jsonrpc;
    const json_t *id = json_object_get(message, "id");
    hold(fh_json_text(message, "jsonrpc", &jsonrpc) && fh_str_equal(jsonrpc, FH_STR("2.0")),
         "an answer is JSON-RPC 2.0");
    hold(json_is_string(id) || json_is_number(id) || json_is_null(id), "an answer has an id");
    hold(json_is_object(json_object_get(message, "result")) !=
             json_is_object(json_object_get(message, "error")),
         "an answer is a result or an error");
}

static void check_answer(fh_str out)
{
    if (out.len == 0)
        return;
    hold(out.ptr[out.len - 1] == '\n', "an answer ends its line");
    hold(memchr(out.ptr, '\n', out.len) == out.ptr + out.len - 1, "an answer is one line");
    json_t *value = json_loadb(out.ptr, out.len, JSON_REJECT_DUPLICATES, NULL);
    hold(json_is_object(value) || json_array_size(value) > 0,
         "an answer is a message, or several");
    if (json_is_object(value))
        check_message(value);
    for (size_t i = 0; i < json_array_size(value); i++)
        check_message(json_array_get(value, i));
    json_decref(value);
}

static void take(fh_mcp *mcp, fh_str line)
{
    fh_buffer out = {0};
    fh_mcp_take(mcp, line, &out);
    check_answer(fh_buffer_str(&out));
    fh_buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_mcp *mcp;
    fh_str line = {(const char *)data, size};
    hold(fh_mcp_open("/nowhere", &mcp, NULL) == FH_OK, "a conversation begins");
    take(mcp, line);
    take(mcp, FH_STR("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
                     "\"protocolVersion\":\"2025-03-26\"}}"));
    take(mcp, line);
    fh_mcp_close(mcp);
    return 0;
}
