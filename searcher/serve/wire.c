#include "searcher/serve/wire.h"

#include <string.h>

/*
 * A message, in the byte order of the machine, as both ends are the same program:
 *
 *     +--------+-----------------------+----------------------------+
 *     | length | numbers, 8 bytes each | texts: length 4, bytes ... |
 *     +--------+-----------------------+----------------------------+
 *      4 bytes
 */

#define ASK_NUMBERS    3
#define ASK_TEXTS      5
#define ANSWER_NUMBERS 5
#define ANSWER_TEXTS   4

static void put(const uint64_t *numbers, size_t number_count, const fh_str *texts,
                size_t text_count, fh_buffer *out)
{
    size_t len = number_count * sizeof *numbers;
    for (size_t i = 0; i < text_count; i++)
        len += sizeof(uint32_t) + texts[i].len;
    if (len > UINT32_MAX) {
        out->failed = true;
        return;
    }
    uint32_t length = (uint32_t)len;
    fh_buffer_reserve(out, sizeof length + len);
    fh_buffer_add(out, &length, sizeof length);
    fh_buffer_add(out, numbers, number_count * sizeof *numbers);
    for (size_t i = 0; i < text_count; i++) {
        length = (uint32_t)texts[i].len;
        fh_buffer_add(out, &length, sizeof length);
        fh_buffer_add_str(out, texts[i]);
    }
}

static bool get(fh_str message, uint64_t *numbers, size_t number_count, fh_str *texts,
                size_t text_count)
{
    size_t at = number_count * sizeof *numbers;
    if (message.len < at)
        return false;
    memcpy(numbers, message.ptr, at);
    for (size_t i = 0; i < text_count; i++) {
        uint32_t length;
        if (message.len - at < sizeof length)
            return false;
        memcpy(&length, message.ptr + at, sizeof length);
        at += sizeof length;
        if (message.len - at < length)
            return false;
        texts[i] = (fh_str){message.ptr + at, length};
        at += length;
    }
    return at == message.len;
}

void fh_wire_put_ask(const fh_ask *ask, fh_buffer *out)
{
    const uint64_t numbers[ASK_NUMBERS] = {ask->route, ask->timeout_ms, ask->gzip};
    const fh_str texts[ASK_TEXTS] = {ask->argument, ask->parameters, ask->known, ask->base,
                                     ask->body};
    put(numbers, ASK_NUMBERS, texts, ASK_TEXTS, out);
}

bool fh_wire_get_ask(fh_str message, fh_ask *ask)
{
    uint64_t numbers[ASK_NUMBERS];
    fh_str texts[ASK_TEXTS];
    *ask = (fh_ask){0};
    if (!get(message, numbers, ASK_NUMBERS, texts, ASK_TEXTS))
        return false;
    *ask = (fh_ask){.route = (uint32_t)numbers[0],
                    .timeout_ms = (uint32_t)numbers[1],
                    .gzip = numbers[2] != 0,
                    .argument = texts[0],
                    .parameters = texts[1],
                    .known = texts[2],
                    .base = texts[3],
                    .body = texts[4]};
    return true;
}

void fh_wire_put_answer(const fh_answer *answer, fh_buffer *out)
{
    const uint64_t numbers[ANSWER_NUMBERS] = {answer->status, answer->problem, answer->gzip,
                                              answer->generation, answer->total};
    const fh_str texts[ANSWER_TEXTS] = {answer->kind, answer->tag, answer->body, answer->error};
    put(numbers, ANSWER_NUMBERS, texts, ANSWER_TEXTS, out);
}

bool fh_wire_get_answer(fh_str message, fh_answer *answer)
{
    uint64_t numbers[ANSWER_NUMBERS];
    fh_str texts[ANSWER_TEXTS];
    *answer = (fh_answer){0};
    if (!get(message, numbers, ANSWER_NUMBERS, texts, ANSWER_TEXTS))
        return false;
    *answer = (fh_answer){.status = (uint32_t)numbers[0],
                          .problem = (uint32_t)numbers[1],
                          .gzip = numbers[2] != 0,
                          .generation = numbers[3],
                          .total = numbers[4],
                          .kind = texts[0],
                          .tag = texts[1],
                          .body = texts[2],
                          .error = texts[3]};
    return answer->problem < FH_PROBLEMS;
}

uint32_t fh_wire_length(const char bytes[static FH_WIRE_LENGTH])
{
    uint32_t length;
    memcpy(&length, bytes, sizeof length);
    return length;
}
