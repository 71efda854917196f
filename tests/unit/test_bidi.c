/* Mixed-direction text on terminals: which mode, which order, where the colours go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "searcher/paint.h"

static void test_choice(void **state)
{
    (void)state;
    assert_int_equal(fh_bidi_choose(&(fh_terminal){.vte_version = "7001"}), FH_BIDI_OFF);
    assert_int_equal(fh_bidi_choose(&(fh_terminal){.is_terminal = true, .vte_version = "7001"}),
                     FH_BIDI_ISOLATE);
    assert_int_equal(
        fh_bidi_choose(&(fh_terminal){.is_terminal = true, .konsole_version = "220400"}),
        FH_BIDI_ISOLATE);
    assert_int_equal(fh_bidi_choose(&(fh_terminal){.is_terminal = true, .mlterm = "3.9"}),
                     FH_BIDI_ISOLATE);
    assert_int_equal(fh_bidi_choose(&(fh_terminal){.is_terminal = true, .term = "mlterm-256"}),
                     FH_BIDI_ISOLATE);
    assert_int_equal(fh_bidi_choose(&(fh_terminal){.is_terminal = true, .term = "alacritty"}),
                     FH_BIDI_VISUAL);
    assert_int_equal(
        fh_bidi_choose(&(fh_terminal){.is_terminal = true, .vte_version = "", .term = "xterm"}),
        FH_BIDI_VISUAL);
}

/* ---- Painting ---- */

/* Paint TEXT with the bytes [START, END) lit. */
static void paint(const char *text, uint32_t start, uint32_t end, fh_paint how,
                  const char *indent, const char *want)
{
    fh_paragraph p = {0};
    fh_buffer out = {0};
    fh_span lit = {start, end};
    fh_paragraph_add(&p, fh_str_of(text), FH_STYLE_PLAIN, &lit, end > start, FH_STYLE_LIT);
    fh_paragraph_flush(&p, &how, indent, &out);
    assert_string_equal(out.data, want);
    assert_int_equal(p.count, 0);
    fh_buffer_free(&out);
    fh_paragraph_free(&p);
}

static void test_off(void **state)
{
    (void)state;
    fh_paint off = {0}, colour = {.colour = true};
    paint("نص عربي", 0, 4, off, "  ", "  نص عربي\n");
    paint("نص عربي", 0, 4, colour, "", "\033[1;31mنص\033[0m عربي\n");
    paint("a b c", 2, 3, colour, "", "a \033[1;31mb\033[0m c\n");
    paint("", 0, 0, off, "", "\n");
}

static void test_isolate(void **state)
{
    (void)state;
    fh_paint isolate = {.bidi = FH_BIDI_ISOLATE};
    paint("نص abc", 0, 0, isolate, " 1. ", " 1. \u2067نص abc\u2069\n");
    paint("abc نص", 0, 0, isolate, "", "\u2066abc نص\u2069\n");
    paint("12 نص", 0, 0, isolate, "", "\u206712 نص\u2069\n");
}

/* The order of the screen, from the left: letters of Arabic reversed, Latin and digits not. */
static void test_visual(void **state)
{
    (void)state;
    fh_paint visual = {.bidi = FH_BIDI_VISUAL},
             colour = {.bidi = FH_BIDI_VISUAL, .colour = true};
    paint("ابت", 0, 0, visual, "", "تبا\n");
    paint("ابت 2025 abc", 0, 0, visual, "", "abc 2025 تبا\n");
    paint("abc ابت def", 0, 0, visual, "", "abc تبا def\n");
    paint("(ابت)", 0, 0, visual, "", "(تبا)\n");
    /* A mark follows its letter also in the order of the screen. */
    paint("ابَت", 0, 0, visual, "", "تبَا\n");
    /* ب, its mark and nothing else are lit. */
    paint("ابَت", 2, 6, colour, "", "ت\033[1;31mبَ\033[0mا\n");
    paint("ابت abc ثجح", 0, 6, colour, "", "حجث abc \033[1;31mتبا\033[0m\n");
}

static void test_wrapping(void **state)
{
    (void)state;
    fh_paint narrow = {.bidi = FH_BIDI_VISUAL, .width = 24};
    /* 20 columns behind the indent: the first words stand on the first line, at the right. */
    paint("اااا بببب تتتت ثثثث جججج", 0, 0, narrow, " 1. ",
          " 1.  ثثثث تتتت بببب اااا\n                    جججج\n");
    paint("one two three four five", 0, 0, narrow, "    ",
          "    one two three four\n    five\n");
    paint("xxxxxxxxxxxxxxxxxxxxxxxxx", 0, 0, narrow, "    ",
          "    xxxxxxxxxxxxxxxxxxxx\n    xxxxx\n");
    /* Marks take no columns. */
    paint("\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B"
          "\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B",
          0, 0, narrow, "    ",
          "            \u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B"
          "\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\u0628\u064B\n");
}

/* Nothing in an article can command the terminal, in any mode. */
static void test_harmless(void **state)
{
    (void)state;
    for (int mode = FH_BIDI_OFF; mode <= FH_BIDI_VISUAL; mode++) {
        fh_paragraph p = {0};
        fh_buffer out = {0};
        fh_paint how = {.bidi = (fh_bidi)mode};
        fh_paragraph_add(&p,
                         fh_str_of("a\033]0;x\007b\033[31m\xC2\x9B"
                                   "31m\xC2\x85"
                                   "c\x7F\x08"
                                   "\u202Ed\u2066e\u2069f\r\ng\th"),
                         FH_STYLE_PLAIN, NULL, 0, FH_STYLE_PLAIN);
        fh_paragraph_flush(&p, &how, "", &out);
        const char *text = out.data + (mode == FH_BIDI_ISOLATE ? strlen("\u2066") : 0);
        assert_memory_equal(text, "a]0;xb[31m31m cdef g h", 22);
        assert_null(strstr(text, "\u202E"));
        fh_buffer_free(&out);
        fh_paragraph_free(&p);
    }
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(fh_bidi_width('a'), 1);
    assert_int_equal(fh_bidi_width(0x0628), 1);
    assert_int_equal(fh_bidi_width(0x064B), 0);
    assert_int_equal(fh_bidi_width(0x200F), 0);
    assert_int_equal(fh_bidi_width(0x4E2D), 2);
}

/* A line beyond the limit keeps its order, and all of it. */
static void test_long_line(void **state)
{
    (void)state;
    static uint32_t codes[FH_BIDI_LINE_MAX + 1];
    static size_t places[FH_BIDI_LINE_MAX + 1];
    for (size_t i = 0; i <= FH_BIDI_LINE_MAX; i++)
        codes[i] = i % 2 ? 0x0628 : 0x0627;
    assert_false(fh_bidi_order(codes, places, FH_BIDI_LINE_MAX + 1, true));
    assert_int_equal(places[FH_BIDI_LINE_MAX], FH_BIDI_LINE_MAX);
    assert_true(fh_bidi_order(codes, places, FH_BIDI_LINE_MAX, true));
    assert_int_equal(places[0], FH_BIDI_LINE_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choice),   cmocka_unit_test(test_off),
        cmocka_unit_test(test_isolate),  cmocka_unit_test(test_visual),
        cmocka_unit_test(test_wrapping), cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_width),    cmocka_unit_test(test_long_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
