/* The query language: text in, syntax tree out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/utf8.h"
#include "searcher/fihris.h"
#include "searcher/query.h"

/* ---- A tree as text: (kind kids), with + - = t: before what they stand before ---- */

static void dump(const fh_query_node *node, fh_buffer *out);

static void dump_kids(const char *kind, const fh_query_node *node, fh_buffer *out)
{
    fh_buffer_printf(out, "(%s", kind);
    for (const fh_query_node *kid = node->kids; kid; kid = kid->next) {
        fh_buffer_add_byte(out, ' ');
        dump(kid, out);
    }
    fh_buffer_add_byte(out, ')');
}

static void dump_date(const fh_query_node *node, fh_buffer *out)
{
    char first[FH_DATE_TEXT_MAX] = "", last[FH_DATE_TEXT_MAX] = "";
    if (node->first != INT64_MIN)
        fh_date_format((fh_date){node->first, FH_DATE_DAY}, first);
    if (node->last != INT64_MAX)
        fh_date_format((fh_date){node->last, FH_DATE_DAY}, last);
    fh_buffer_printf(out, "date:%s..%s", first, last);
}

static void dump(const fh_query_node *node, fh_buffer *out)
{
    static const char *const signs[] = {"", "+", "-"};
    fh_buffer_printf(out, "%s%s%s", signs[node->sign], node->title ? "t:" : "",
                     node->exact ? "=" : "");
    switch (node->kind) {
    case FH_QUERY_WORDS:
        fh_buffer_add_str(out, node->text);
        break;
    case FH_QUERY_PREFIX:
        fh_buffer_add_str(out, node->text);
        fh_buffer_add_byte(out, '*');
        break;
    case FH_QUERY_PHRASE:
        fh_buffer_printf(out, "\"%.*s\"", (int)node->text.len, node->text.ptr);
        if (node->near)
            fh_buffer_printf(out, "~%u", (unsigned)node->window);
        break;
    case FH_QUERY_SOURCE:
        fh_buffer_printf(out, "source:%.*s", (int)node->text.len, node->text.ptr);
        break;
    case FH_QUERY_DATE:
        dump_date(node, out);
        break;
    case FH_QUERY_LIST:
        dump_kids("list", node, out);
        break;
    case FH_QUERY_OR:
        dump_kids("or", node, out);
        break;
    case FH_QUERY_AND:
        dump_kids("and", node, out);
        break;
    case FH_QUERY_NOT:
        dump_kids("not", node, out);
        break;
    }
}

/* Parse QUERY and hold the tree to WANT; a query that was not understood is dumped as "plain: ...". */
static void expect(const char *query, const char *want)
{
    fh_arena arena = {0};
    fh_query parsed;
    fh_error err;
    fh_buffer got = {0};
    assert_int_equal(fh_query_parse(fh_str_of(query), false, &arena, &parsed, &err), FH_OK);
    if (parsed.problem)
        fh_buffer_add_str(&got, FH_STR("plain: "));
    dump(parsed.root, &got);
    if (strcmp(got.data, want) != 0)
        print_error("query: %s\n", query);
    assert_string_equal(got.data, want);
    fh_buffer_free(&got);
    fh_arena_free(&arena);
}

typedef struct row {
    const char *query;
    const char *want;
} row;

#define HOLD(rows)                                                                             \
    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)                                 \
    expect((rows)[i].query, (rows)[i].want)

static void test_words(void **state)
{
    (void)state;
    static const row rows[] = {
        {"", "(list)"},
        {"  \t\n ", "(list)"},
        {"وزارة", "وزارة"},
        {"وزارة الخارجية", "(list وزارة الخارجية)"},
        {"وزارة،الخارجية؛روسيا؟", "(list وزارة الخارجية روسيا)"},
        {"١،٠٠٠ ألف", "(list ١،٠٠٠ ألف)"},
        {"وزارة\u00A0الخارجية", "(list وزارة الخارجية)"},
        {"وزارة\nالخارجية", "(list وزارة الخارجية)"},
        {"covid-19", "covid-19"},
        {"و/أو", "و/أو"},
    };
    HOLD(rows);
}

static void test_signs(void **state)
{
    (void)state;
    static const row rows[] = {
        {"+وزارة روسيا", "(list +وزارة روسيا)"},
        {"+وزارة", "(list +وزارة)"},
        {"-روسيا", "(list -روسيا)"},
        {"وزارة -روسيا", "(list وزارة -روسيا)"},
        {"وزارة - روسيا", "(list وزارة - روسيا)"},
        {"بيروت-دمشق", "بيروت-دمشق"},
        {"=الأطلسى", "=الأطلسى"},
        {"+=الأطلسى -=روسيا", "(list +=الأطلسى -=روسيا)"},
        {"--all", "--all"},
        {"C++ +-x", "(list C++ +-x)"},
        {"-\"شمال الأطلسي\" روسيا", "(list -\"شمال الأطلسي\" روسيا)"},
        {"-(روسيا سوريا) مصر", "(list -(list روسيا سوريا) مصر)"},
        {"=(روسيا سوريا)", "=(list روسيا سوريا)"},
        {"-(-روسيا)", "(list -(list -روسيا))"},
    };
    HOLD(rows);
}

static void test_phrases(void **state)
{
    (void)state;
    static const row rows[] = {
        {"\"وزارة الخارجية\"", "\"وزارة الخارجية\""},
        {"«وزارة الخارجية»", "\"وزارة الخارجية\""},
        {"»وزارة الخارجية«", "\"وزارة الخارجية\""},
        {"“وزارة الخارجية”", "\"وزارة الخارجية\""},
        {"”وزارة الخارجية“", "\"وزارة الخارجية\""},
        {"„وزارة الخارجية‟", "\"وزارة الخارجية\""},
        {"‹وزارة الخارجية›", "\"وزارة الخارجية\""},
        {"″وزارة الخارجية″", "\"وزارة الخارجية\""},
        {"＂وزارة الخارجية＂", "\"وزارة الخارجية\""},
        {"《وزارة الخارجية》", "\"وزارة الخارجية\""},
        {"「وزارة الخارجية」", "\"وزارة الخارجية\""},
        {"'وزارة الخارجية'", "\"وزارة الخارجية\""},
        {"‘وزارة الخارجية’", "\"وزارة الخارجية\""},
        {"\"وزارة الخارجية»", "\"وزارة الخارجية\""},
        {"«وزارة الخارجية\" روسيا", "(list \"وزارة الخارجية\" روسيا)"},
        {"\"وزارة” “الخارجية\"", "(list \"وزارة\" \"الخارجية\")"},
        {"\"قال «نعم لا» اليوم\"", "\"قال «نعم لا» اليوم\""},
        {"\"وزارة الخارجية \"روسيا", "(list \"وزارة الخارجية \" روسيا)"},
        {"\"أ ب\"\"ج د\"", "(list \"أ ب\" \"ج د\")"},
        {"\u200F\"وزارة الخارجية\u200F\"\u200E روسيا", "(list \"وزارة الخارجية\" روسيا)"},
        {"don't stop", "(list don't stop)"},
        {"rock 'n roll", "(list rock 'n roll)"},
        {"dogs' food", "(list dogs' food)"},
        {"\"\"", "\"\""},
    };
    HOLD(rows);
}

static void test_near(void **state)
{
    (void)state;
    static const row rows[] = {
        {"\"وزارة الخارجية\"~8", "\"وزارة الخارجية\"~8"},
        {"«وزارة الخارجية»~٨", "\"وزارة الخارجية\"~8"},
        {"'وزارة الخارجية'~۸ روسيا", "(list \"وزارة الخارجية\"~8 روسيا)"},
        {"-\"أ ب\"~2 +title:=\"ج د\"~30", "(list -\"أ ب\"~2 +t:=\"ج د\"~30)"},
        {"(\"أ ب\"~5) OR \"ج د\"~6", "(or \"أ ب\"~5 \"ج د\"~6)"},
        {"(\"أ ب\"~5\"ج\")", "(list \"أ ب\"~5 \"ج\")"},
        {"\"أ ب\"~0", "\"أ ب\"~0"},
        {"\"أ ب\"~008", "\"أ ب\"~8"},
        {"\"أ ب\"~99999999999999999999999999", "\"أ ب\"~4294967295"},
        {"\"أ ب\"~", "(list \"أ ب\" ~)"},
        {"\"أ ب\"~x", "(list \"أ ب\" ~x)"},
        {"\"أ ب\"~5x", "(list \"أ ب\" ~5x)"},
        {"\"أ ب\"~-5", "(list \"أ ب\" ~-5)"},
        {"\"أ ب\" ~5", "(list \"أ ب\" ~5)"},
        {"\"أ ب\"~5~6", "(list \"أ ب\" ~5~6)"},
        {"\"أ ب\"~5، ج", "(list \"أ ب\"~5 ج)"},
        {"\"~5", "plain: \"~5"},
        {"~5", "~5"},
        {"أ~5", "أ~5"},
        {"source:\"أ ب\"~5", "(list source:أ ب ~5)"},
    };
    HOLD(rows);
}

static void test_prefixes(void **state)
{
    (void)state;
    static const row rows[] = {
        {"وزار*", "وزار*"},
        {"وزاـــر*", "وزار*"},
        {"+وزار* -روس*", "(list +وزار* -روس*)"},
        {"*", "*"},
        {"وز*ار", "وز*ار"},
        {"وزار*، روسيا", "(list وزار* روسيا)"},
        {"title:وزارة", "t:وزارة"},
        {"Title:وزارة", "t:وزارة"},
        {"title:\"وزارة الخارجية\"", "t:\"وزارة الخارجية\""},
        {"title:(وزارة سفارة) روسيا", "(list t:(list وزارة سفارة) روسيا)"},
        {"-title:وزار*", "(list -t:وزار*)"},
        {"title:=وزارة", "t:=وزارة"},
        {"title: وزارة", "(list title: وزارة)"},
        {"\u200Ftitle\u200E:\u200Fوزارة", "t:وزارة"},
        {"source:سبوتنيك روسيا", "(list source:سبوتنيك روسيا)"},
        {"source:\"سبوتنيك عربي\"", "source:سبوتنيك عربي"},
        {"source:«سبوتنيك عربي»", "source:سبوتنيك عربي"},
        {"-source:سبوتنيك", "(list -source:سبوتنيك)"},
        {"date:2025", "date:2025-01-01..2025-12-31"},
        {"date:٢٠٢٥", "date:2025-01-01..2025-12-31"},
        {"date:2025-01..2026-02", "date:2025-01-01..2026-02-28"},
        {"date:2025-01..", "date:2025-01-01.."},
        {"date:..2025-01", "date:..2025-01-31"},
        {"date:\u200E2025", "date:2025-01-01..2025-12-31"},
    };
    HOLD(rows);
}

static void test_operators(void **state)
{
    (void)state;
    static const row rows[] = {
        {"أ AND ب", "(and أ ب)"},
        {"أ OR ب", "(or أ ب)"},
        {"أ OR ب AND ج", "(or أ (and ب ج))"},
        {"(أ OR ب) AND ج", "(and (or أ ب) ج)"},
        {"أ NOT ب", "(and أ (not ب))"},
        {"أ AND NOT ب", "(and أ (not ب))"},
        {"NOT أ", "(not أ)"},
        {"NOT NOT أ", "أ"},
        {"أ OR NOT ب", "(or أ (not ب))"},
        {"أ ب OR ج", "(or (list أ ب) ج)"},
        {"أ and ب or ج", "(list أ and ب or ج)"},
        {"أ OR ب -ج", "(list (or أ ب) -ج)"},
        {"أ source:س OR ب", "(list (or أ ب) source:س)"},
        {"source:س OR source:ص", "(or source:س source:ص)"},
        {"أ OR -ب", "(or أ (list -ب))"},
        {"\"أ ب\"OR\"ج د\"", "(or \"أ ب\" \"ج د\")"},
        {"((((أ))))", "أ"},
        {"(أ ب) ج", "(list أ ب ج)"},
        {"(\"أ ب\") ج", "(list \"أ ب\" ج)"},
        {"(أ -ب) ج", "(list (list أ -ب) ج)"},
        {"() أ", "أ"},
        {"أ\u200E OR\u200F ب", "(or أ ب)"},
    };
    HOLD(rows);
}

/* أو and ليس are words wherever they can be words. */
static void test_arabic_operators(void **state)
{
    (void)state;
    static const row rows[] = {
        {"\"أ ب\" أو \"ج د\"", "(or \"أ ب\" \"ج د\")"},
        {"«أ ب» او «ج د»", "(or \"أ ب\" \"ج د\")"},
        {"(أ ب) أو (ج د)", "(or (list أ ب) (list ج د))"},
        {"title:أ أو title:ب", "(or t:أ t:ب)"},
        {"وزار* أو سفار*", "(or وزار* سفار*)"},
        {"(أ ب) ليس (ج)", "(and (list أ ب) (not ج))"},
        {"title:أ ليس \"ج د\"", "(and t:أ (not \"ج د\"))"},
        {"روسيا أو أمريكا", "(list روسيا أو أمريكا)"},
        {"السلام ليس مستحيلا", "(list السلام ليس مستحيلا)"},
        {"تنظيم «داعش» أو «القاعدة» في العراق",
         "(list تنظيم \"داعش\" أو \"القاعدة\" في العراق)"},
        {"«الإسلام» ليس «إرهابا»", "(list \"الإسلام\" ليس \"إرهابا\")"},
        {"الرئيس (بوتين) أو (ترامب)", "(list الرئيس بوتين أو ترامب)"},
        {"(روسيا أو أمريكا) AND سفير", "(and (list روسيا أو أمريكا) سفير)"},
        {"\"أ\" أو أو \"ب\"", "(list \"أ\" أو أو \"ب\")"},
        {"أو", "أو"},
        {"\"أ\" أو", "(list \"أ\" أو)"},
        {"ليس (أ)", "(list ليس أ)"},
    };
    HOLD(rows);
}

static void test_malformed(void **state)
{
    (void)state;
    static const row rows[] = {
        {"\"وزارة", "plain: \"وزارة"},
        {"وزارة 5\"", "plain: وزارة 5\""},
        {"(وزارة", "plain: (وزارة"},
        {"وزارة)", "plain: وزارة)"},
        {":) وزارة", "plain: :) وزارة"},
        {"وزارة AND", "plain: وزارة AND"},
        {"AND وزارة", "plain: AND وزارة"},
        {"أ AND OR ب", "plain: أ AND OR ب"},
        {"أ NOT", "plain: أ NOT"},
        {"OR", "plain: OR"},
        {"date:أمس روسيا", "plain: date:أمس روسيا"},
        {"date:2025-13", "plain: date:2025-13"},
        {"source:(أ)", "plain: source:(أ)"},
    };
    HOLD(rows);
}

static void test_plain(void **state)
{
    (void)state;
    fh_arena arena = {0};
    fh_query parsed;
    fh_str text = fh_str_of("+روسيا AND (\"أمريكا");
    assert_int_equal(fh_query_parse(text, true, &arena, &parsed, NULL), FH_OK);
    assert_int_equal(parsed.problem, FH_NOTE_NONE);
    assert_int_equal(parsed.root->kind, FH_QUERY_WORDS);
    assert_true(fh_str_equal(parsed.root->text, text));
    fh_arena_free(&arena);
}

static void test_bad_bytes(void **state)
{
    (void)state;
    fh_arena arena = {0};
    fh_query parsed;
    fh_str text = FH_STR("\xD9 \"\xFF\xFE\x00\" \xED\xA0\x80");
    assert_int_equal(fh_query_parse(text, false, &arena, &parsed, NULL), FH_OK);
    assert_int_equal(fh_utf8_valid(parsed.text), parsed.text.len);
    fh_arena_free(&arena);
}

/* ---- Limits and hostile queries ---- */

static fh_status parse_repeated(const char *unit, size_t count)
{
    fh_buffer text = {0};
    fh_arena arena = {0};
    fh_query parsed;
    fh_error err = {0};
    for (size_t i = 0; i < count; i++)
        fh_buffer_add_str(&text, fh_str_of(unit));
    fh_status status = fh_query_parse(fh_buffer_str(&text), false, &arena, &parsed, &err);
    if (status != FH_OK)
        assert_true(err.message[0] != '\0' && !parsed.root);
    fh_buffer_free(&text);
    fh_arena_free(&arena);
    return status;
}

static fh_status parse_nested(size_t depth)
{
    fh_buffer text = {0};
    fh_arena arena = {0};
    fh_query parsed;
    for (size_t i = 0; i < depth; i++)
        fh_buffer_add_byte(&text, '(');
    fh_buffer_add_byte(&text, 'x');
    for (size_t i = 0; i < depth; i++)
        fh_buffer_add_byte(&text, ')');
    fh_status status = fh_query_parse(fh_buffer_str(&text), false, &arena, &parsed, NULL);
    fh_buffer_free(&text);
    fh_arena_free(&arena);
    return status;
}

static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(parse_repeated("x", FH_QUERY_MAX - 1), FH_OK);
    assert_int_equal(parse_repeated("x", FH_QUERY_MAX), FH_OK);
    assert_int_equal(parse_repeated("x", FH_QUERY_MAX + 1), FH_ELIMIT);
    assert_int_equal(parse_nested(FH_QUERY_DEPTH_MAX - 1), FH_OK);
    assert_int_equal(parse_nested(FH_QUERY_DEPTH_MAX), FH_OK);
    assert_int_equal(parse_nested(FH_QUERY_DEPTH_MAX + 1), FH_ELIMIT);
    assert_int_equal(parse_repeated("x ", 512 * 1024), FH_ELIMIT);
    assert_int_equal(parse_repeated("(", 100000), FH_ELIMIT);
    assert_int_equal(parse_repeated("(", FH_QUERY_MAX), FH_ELIMIT);
    assert_int_equal(parse_repeated(")", FH_QUERY_MAX), FH_OK);
    assert_int_equal(parse_repeated("\"", FH_QUERY_MAX - 1), FH_OK);
    assert_int_equal(parse_repeated("' ", FH_QUERY_MAX / 2), FH_OK);
    assert_int_equal(parse_repeated("NOT ", FH_QUERY_MAX / 4), FH_OK);
    assert_int_equal(parse_repeated("AND ", FH_QUERY_MAX / 4), FH_OK);
    assert_int_equal(parse_repeated("+", FH_QUERY_MAX), FH_OK);
    assert_int_equal(parse_repeated("-=", FH_QUERY_MAX / 2), FH_OK);
    assert_int_equal(parse_repeated("x OR ", FH_QUERY_MAX / 5), FH_OK);
}

/* Random sequences of what means something: no crash, and always an answer or FH_ELIMIT. */
static void test_random(void **state)
{
    (void)state;
    static const char *const pieces[] = {"(",      ")",       "\"",    "«",     "'",
                                         " ",      "+",       "-",     "=",     "*",
                                         " AND ",  " OR ",    " NOT ", " أو ",  " ليس ",
                                         "title:", "source:", "date:", "2025",  "..",
                                         "روسيا",  "،",       "\xD9",  "\u200F"};
    unsigned seed = 2026;
    for (int round = 0; round < 20000; round++) {
        fh_buffer text = {0};
        fh_arena arena = {0};
        fh_query parsed;
        for (int i = rand_r(&seed) % 24; i >= 0; i--) {
            size_t piece = (size_t)rand_r(&seed) % (sizeof pieces / sizeof *pieces);
            fh_buffer_add_str(&text, fh_str_of(pieces[piece]));
        }
        assert_int_equal(fh_query_parse(fh_buffer_str(&text), false, &arena, &parsed, NULL),
                         FH_OK);
        assert_non_null(parsed.root);
        fh_buffer_free(&text);
        fh_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_near),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_operators),
        cmocka_unit_test(test_arabic_operators),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_bad_bytes),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
