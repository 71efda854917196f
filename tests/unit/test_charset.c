#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <iconv.h>
#include <glob.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/utf8.h"
#include "indexer/decoder.h"

#define NONE ((fh_str){"", 0})

/* Twenty letters and a few more, of several kinds of text. */
static const char *const shorts[] = {
    "وقال الوزير إن الاتصالات مستمرة",      "أعلنت وزارة الصحة تسجيل إصابات جديدة",
    "الهلال يفوز على الاتحاد بثلاثة أهداف", "ارتفاع أسعار النفط في الأسواق العالمية",
    "بسم الله الرحمن الرحيم الحمد لله",     "تراجع سعر صرف الليرة أمام الدولار",
    "افتتاح معرض القاهرة الدولي للكتاب",    "محكمة النقض تؤيد حكم الإعدام",
    "توقعات الطقس غدا: أمطار وغبار",        "كيف تحافظ على صحة قلبك في الصيف؟",
};

enum { SHORTS = sizeof shorts / sizeof *shorts };

/* TEXT in the set NAME, into OUT; characters that it does not have are left out of *TEXT too. */
static void encode(fh_str *text, const char *name, fh_buffer *out, fh_buffer *kept)
{
    iconv_t cd = iconv_open(name, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    fh_buffer_clear(out);
    fh_buffer_clear(kept);
    for (size_t i = 0; i < text->len;) {
        uint32_t code;
        char bytes[16], *to = bytes, *in = (char *)text->ptr + i;
        size_t room = sizeof bytes;
        size_t used = fh_utf8_decode(text->ptr + i, text->len - i, &code, NULL), left = used;
        if (iconv(cd, &in, &left, &to, &room) == 0) {
            fh_buffer_add(out, bytes, (size_t)(to - bytes));
            fh_buffer_add(kept, text->ptr + i, used);
        } else {
            iconv(cd, NULL, NULL, NULL, NULL);
        }
        i += used;
    }
    iconv_close(cd);
    *text = fh_buffer_str(kept);
}

/* Feed BYTES to a decoder in pieces of STEP bytes; all that comes out is in OUT. */
static fh_status stream(fh_str bytes, size_t step, fh_buffer *out, fh_charset *how,
                        fh_error *err)
{
    fh_decoder *d;
    fh_status status = fh_decoder_open(&d, NULL);
    fh_buffer_clear(out);
    for (size_t at = 0; !status && at < bytes.len; at += step) {
        size_t left = bytes.len - at, len = left < step ? left : step;
        status = fh_decoder_feed(d, (fh_str){bytes.ptr + at, len}, false, out, err);
    }
    if (!status)
        status = fh_decoder_feed(d, NONE, true, out, err);
    *how = (fh_charset){0};
    if (!status)
        *how = *fh_decoder_charset(d);
    fh_decoder_close(d);
    return status;
}

static void assert_same(fh_str got, fh_str want)
{
    assert_int_equal(got.len, want.len);
    assert_memory_equal(got.ptr, want.ptr, want.len);
}

/* BYTES are read as the set NAME on that GROUND and give WANT, at once and in pieces. */
static void assert_read(fh_str bytes, fh_str declared, const char *name,
                        fh_charset_ground ground, fh_str want)
{
    fh_buffer space = {0};
    fh_charset how;
    fh_error err = {0};
    fh_str text;
    size_t repairs;
    fh_status status = fh_decode(bytes, declared, &space, &text, &repairs, &how, &err);
    if (status)
        fail_msg("%s: %s", name, err.message);
    assert_string_equal(how.name, name);
    assert_int_equal(how.ground, ground);
    assert_same(text, want);
    assert_int_equal(repairs, 0);
    static const size_t steps[] = {1, 3, 1000, 1 << 20};
    for (size_t i = 0; declared.len == 0 && i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] == 1 && bytes.len > 2000)
            continue;
        assert_int_equal(stream(bytes, steps[i], &space, &how, &err), FH_OK);
        assert_string_equal(how.name, name);
        assert_same(fh_buffer_str(&space), want);
    }
    fh_buffer_free(&space);
}

static void assert_refused(fh_str bytes, fh_str declared, const char *said)
{
    fh_buffer space = {0};
    fh_charset how;
    fh_error err = {0};
    fh_str text;
    size_t repairs;
    fh_status status = fh_decode(bytes, declared, &space, &text, &repairs, &how, &err);
    if (status != FH_EFORMAT)
        fail_msg("read as %s", how.name);
    assert_non_null(strstr(err.message, said));
    assert_int_equal(text.len, 0);
    assert_null(how.name);
    assert_int_equal(stream(bytes, 1000, &space, &how, NULL), FH_EFORMAT);
    fh_buffer_free(&space);
}

/* TEXT comes back from the set NAME. MARK is put before it. */
static void assert_detects(const char *text, size_t len, const char *name, const char *mark,
                           fh_charset_ground ground)
{
    fh_str want = {text, len};
    fh_buffer foreign = {0}, kept = {0}, bytes = {0};
    encode(&want, name, &foreign, &kept);
    fh_buffer_add_str(&bytes, fh_str_of(mark));
    fh_buffer_add_str(&bytes, fh_buffer_str(&foreign));
    assert_read(fh_buffer_str(&bytes), NONE, name, ground, want);
    fh_buffer_free(&foreign);
    fh_buffer_free(&kept);
    fh_buffer_free(&bytes);
}

static void assert_detects_all(const char *text, size_t len)
{
    assert_read((fh_str){text, len}, NONE, "UTF-8", FH_CHARSET_VALID, (fh_str){text, len});
    assert_detects(text, len, "WINDOWS-1256", "", FH_CHARSET_DETECTED);
    assert_detects(text, len, "ISO-8859-6", "", FH_CHARSET_DETECTED);
    assert_detects(text, len, "UTF-16LE", "", FH_CHARSET_DETECTED);
    assert_detects(text, len, "UTF-16BE", "", FH_CHARSET_DETECTED);
    assert_detects(text, len, "UTF-8", "\xEF\xBB\xBF", FH_CHARSET_MARK);
    assert_detects(text, len, "UTF-16LE", "\xFF\xFE", FH_CHARSET_MARK);
    assert_detects(text, len, "UTF-16BE", "\xFE\xFF", FH_CHARSET_MARK);
}

static void short_texts_come_back_from_every_set(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHORTS; i++)
        assert_detects_all(shorts[i], strlen(shorts[i]));
}

static void every_seed_comes_back_from_every_set(void **state)
{
    (void)state;
    glob_t found;
    if (glob("../shared/seeds/*.txt", 0, NULL, &found) != 0)
        skip();
    for (size_t i = 0; i < found.gl_pathc; i++) {
        fh_buffer page = {0};
        assert_int_equal(fh_file_read(found.gl_pathv[i], 1 << 20, &page, NULL), FH_OK);
        assert_detects_all(page.data, page.len);
        fh_buffer_free(&page);
    }
    globfree(&found);
}

static void text_in_tags_and_braces_is_detected(void **state)
{
    (void)state;
    char text[1024];
    snprintf(
        text, sizeof text,
        "<html><head><title>%s</title></head>\n<body class=\"rtl\"><p>%s\\n%s</body></html>",
        shorts[0], shorts[1], shorts[2]);
    assert_detects(text, strlen(text), "WINDOWS-1256", "", FH_CHARSET_DETECTED);
    assert_detects(text, strlen(text), "ISO-8859-6", "", FH_CHARSET_DETECTED);
    snprintf(text, sizeof text, "{\"title\":\"%s\",\"body\":\"%s\\n%s\"}", shorts[3], shorts[4],
             shorts[5]);
    assert_detects(text, strlen(text), "WINDOWS-1256", "", FH_CHARSET_DETECTED);
}

static void foreign_letters_after_much_ascii_are_seen(void **state)
{
    (void)state;
    fh_buffer text = {0};
    while (text.len < 3 * FH_CHARSET_SAMPLE_MAX)
        fh_buffer_add_str(&text, FH_STR("plain words in English\n"));
    fh_buffer_add_str(&text, fh_str_of(shorts[0]));
    assert_detects(text.data, text.len, "WINDOWS-1256", "", FH_CHARSET_DETECTED);
    fh_buffer_free(&text);
}

/* Two letters are no evidence: these bytes are a word in both Arabic sets. */
static void too_little_is_refused(void **state)
{
    (void)state;
    assert_refused(FH_STR("\xE3\xE4"), NONE, "windows-1256");
    assert_read(FH_STR("\xE3\xE4"), FH_STR("windows-1256"), "WINDOWS-1256", FH_CHARSET_DECLARED,
                FH_STR("من"));
    assert_read(FH_STR("\xE3\xE4"), FH_STR("ISO-8859-6"), "ISO-8859-6", FH_CHARSET_DECLARED,
                FH_STR("كل"));
}

/* Words that are words, or nearly, in the other set too. Only a declaration helps. */
static void what_is_in_doubt_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"WINDOWS-1256", "ISO-8859-6"};
    for (size_t i = 0; i < 2; i++) {
        fh_buffer bytes = {0}, kept = {0};
        fh_str text = FH_STR("الاحتلال الظالم");
        encode(&text, names[i], &bytes, &kept);
        assert_refused(fh_buffer_str(&bytes), NONE, "windows-1256 or ISO-8859-6");
        assert_read(fh_buffer_str(&bytes), fh_str_of(names[i]), names[i], FH_CHARSET_DECLARED,
                    text);
        /* These letters have the same place in both. */
        text = FH_STR("درجات حرارة ثابتة");
        encode(&text, names[i], &bytes, &kept);
        assert_read(fh_buffer_str(&bytes), NONE, "WINDOWS-1256", FH_CHARSET_DETECTED, text);
        fh_buffer_free(&bytes);
        fh_buffer_free(&kept);
    }
}

/* What is UTF-8 in a few places only is none: an alef and a comma are a character of it. */
static void a_chance_of_utf8_decides_nothing(void **state)
{
    (void)state;
    const char *text = "\"ا، كما قال الوزير إن الاتصالات مستمرة";
    assert_detects(text, strlen(text), "WINDOWS-1256", "", FH_CHARSET_DETECTED);
}

static void declarations_are_believed_when_they_fit(void **state)
{
    (void)state;
    static const char *const names[] = {"windows-1256", "CP1256", "x-cp1256", "Windows_1256"};
    fh_buffer bytes = {0}, kept = {0};
    fh_str want = fh_str_of(shorts[6]);
    encode(&want, "WINDOWS-1256", &bytes, &kept);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_read(fh_buffer_str(&bytes), fh_str_of(names[i]), "WINDOWS-1256",
                    FH_CHARSET_DECLARED, want);
    assert_read(FH_STR("caf\xE9 \x93"
                       "ok\x94"),
                FH_STR("iso-8859-1"), "WINDOWS-1252", FH_CHARSET_DECLARED, FH_STR("café “ok”"));
    fh_buffer_free(&bytes);
    fh_buffer_free(&kept);
}

static void wrong_declarations_are_overruled(void **state)
{
    (void)state;
    static const char *const wrong[] = {"iso-8859-1", "windows-1252", "ISO-8859-6", "utf-8",
                                        "koi8-r",     "x-unknown",    "UTF-16"};
    for (size_t text = 0; text < SHORTS; text++) {
        fh_buffer bytes = {0}, kept = {0}, space = {0};
        fh_str want = fh_str_of(shorts[text]), got;
        fh_charset how;
        size_t repairs;
        encode(&want, "WINDOWS-1256", &bytes, &kept);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            assert_int_equal(fh_decode(fh_buffer_str(&bytes), fh_str_of(wrong[i]), &space, &got,
                                       &repairs, &how, NULL),
                             FH_OK);
            assert_string_equal(how.name, "WINDOWS-1256");
            assert_true(how.overruled);
            assert_same(got, want);
        }
        fh_buffer_free(&bytes);
        fh_buffer_free(&kept);
        fh_buffer_free(&space);
    }
    /* Valid UTF-8 needs no declaration, and suffers none. */
    assert_read(fh_str_of(shorts[0]), FH_STR("windows-1256"), "UTF-8", FH_CHARSET_VALID,
                fh_str_of(shorts[0]));
}

static void a_declaration_in_the_text_is_found(void **state)
{
    (void)state;
    fh_str page = FH_STR("<meta http-equiv=\"Content-Type\" content=\"text/html; "
                         "charset=windows-1256\"><p>\xE3\xE4</p>");
    assert_read(page, NONE, "WINDOWS-1256", FH_CHARSET_DECLARED,
                FH_STR("<meta http-equiv=\"Content-Type\" content=\"text/html; "
                       "charset=windows-1256\"><p>من</p>"));
    assert_read(FH_STR("<?xml version='1.0' encoding='ISO-8859-6'?><a>\xE3\xE4</a>"), NONE,
                "ISO-8859-6", FH_CHARSET_DECLARED,
                FH_STR("<?xml version='1.0' encoding='ISO-8859-6'?><a>كل</a>"));
}

static void latin_text_is_read(void **state)
{
    (void)state;
    fh_str plain = FH_STR("Only ASCII, and nothing else.\n");
    assert_read(plain, NONE, "UTF-8", FH_CHARSET_VALID, plain);
    assert_detects(plain.ptr, plain.len, "UTF-16LE", "", FH_CHARSET_DETECTED);
    assert_detects(plain.ptr, plain.len, "UTF-16BE", "\xFE\xFF", FH_CHARSET_MARK);
    const char *french = "Le président a été réélu à l'élection; où est passée la majorité? "
                         "Les députés étaient très étonnés, déçus même.";
    assert_detects(french, strlen(french), "WINDOWS-1252", "", FH_CHARSET_DETECTED);
    assert_read(FH_STR(""), NONE, "UTF-8", FH_CHARSET_VALID, NONE);
}

/* BYTES stay UTF-8, with COUNT U+FFFD in a whole text, and as they are in a stream. */
static void assert_repaired(fh_str bytes, size_t count)
{
    fh_buffer space = {0};
    fh_charset how;
    fh_error err = {0};
    fh_str text;
    size_t repairs;
    if (fh_decode(bytes, NONE, &space, &text, &repairs, &how, &err))
        fail_msg("%s", err.message);
    assert_int_equal(how.ground, FH_CHARSET_REPAIRED);
    assert_int_equal(repairs, count);
    assert_int_equal(fh_utf8_valid(text), text.len);
    assert_int_equal(stream(bytes, 100, &space, &how, NULL), FH_OK);
    assert_same(fh_buffer_str(&space), bytes);
    fh_buffer_free(&space);
}

static void utf8_with_few_bad_bytes_stays_utf8(void **state)
{
    (void)state;
    assert_repaired(FH_STR("وقال الوزير إن \xFFالاتصالات مستمرة"), 1);
    assert_repaired(FH_STR("وقال الوزير إن الاتصالات مستمر\xD8"), 1);
    assert_repaired(FH_STR("وقال \xC0\xAFالوزير إن الاتصالات مستمرة"), 2);
    assert_repaired(FH_STR("وقال \xED\xA0\x80الوزير إن الاتصالات مستمرة مع الجميع"), 3);
    assert_repaired(FH_STR("One odd byte \xFF in English words."), 1);
}

/* ... whatever it declares, and though it could be read so: a with grave is two letters in Latin-1. */
static void utf8_with_few_bad_bytes_cannot_be_declared_away(void **state)
{
    (void)state;
    fh_buffer space = {0};
    fh_charset how;
    fh_str text;
    size_t repairs;
    fh_str bytes =
        FH_STR("à la, à la, à la, à la, à la, à la, à la, à la, à la, à la, caf\xE9");
    assert_int_equal(
        fh_decode(bytes, FH_STR("iso-8859-1"), &space, &text, &repairs, &how, NULL), FH_OK);
    assert_string_equal(how.name, "UTF-8");
    assert_int_equal(repairs, 1);
    fh_buffer_free(&space);
}

static void utf16_that_is_cut_is_repaired(void **state)
{
    (void)state;
    fh_buffer bytes = {0}, kept = {0}, space = {0};
    fh_str want = fh_str_of(shorts[0]), text;
    fh_charset how;
    size_t repairs;
    encode(&want, "UTF-16LE", &bytes, &kept);
    assert_int_equal(fh_decode((fh_str){bytes.data, bytes.len - 1}, NONE, &space, &text,
                               &repairs, &how, NULL),
                     FH_OK);
    assert_string_equal(how.name, "UTF-16LE");
    assert_int_equal(repairs, 1);
    /* A surrogate without its other half. */
    bytes.data[11] = '\xD8';
    assert_int_equal(
        fh_decode(fh_buffer_str(&bytes), NONE, &space, &text, &repairs, &how, NULL), FH_OK);
    assert_int_equal(repairs, 1);
    fh_buffer_free(&bytes);
    fh_buffer_free(&kept);
    fh_buffer_free(&space);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const char png[] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\2\0\0\0\1\xF4\x08\6\0\0\0\x7A"
                              "\x0C\xD0\x32\0\0\0\x06"
                              "bKGD\0\xFF\0\xFF\0\xFF\xA0\xBD\xA7\x93";
    static const char elf[] = "\x7F"
                              "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0\x50\x10\0\0\0\0\0\0"
                              "@\0\0\0\0\0\0\0\xA8\x39\0\0\0\0\0\0\0\0\0\0@\0008\0\r\0@\0";
    char zeros[4096] = "text";
    assert_refused((fh_str){png, sizeof png}, NONE, "not text");
    assert_refused((fh_str){elf, sizeof elf}, NONE, "not text");
    assert_refused((fh_str){zeros, sizeof zeros}, NONE, "not text");
    assert_refused((fh_str){png, sizeof png}, FH_STR("windows-1256"), "not text");
}

/* A generator of our own, so that every run sees the same bytes. */
static unsigned char next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned char)(*seed >> 56);
}

static void random_bytes_are_refused(void **state)
{
    (void)state;
    uint64_t seed = 2026;
    char bytes[5000];
    for (size_t len = 40; len < sizeof bytes; len += 37) {
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)next_random(&seed);
        fh_charset how;
        fh_charset_sample sample = {{bytes, len}, true, true, NONE};
        if (fh_charset_decide(&sample, &how, NULL) == FH_OK)
            fail_msg("%zu random bytes were read as %s", len, how.name);
        /* Without the control characters that give them away. */
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)(bytes[i] | '\x80');
        if (fh_charset_decide(&sample, &how, NULL) == FH_OK)
            fail_msg("%zu random high bytes were read as %s", len, how.name);
    }
}

/* No language of Latin letters has accents on all of them, or upper-case letters inside words. */
static void what_is_no_latin_is_refused(void **state)
{
    (void)state;
    fh_str latin = FH_STR("iso-8859-1");
    assert_refused(FH_STR("\xE8 \xE2 \xF1 \xEE \xEA \xE0 \xE2 \xEE"), latin,
                   "declared iso-8859-1");
    assert_refused(FH_STR("a\xC8"
                          "b\xC2"
                          "c\xD1"
                          "d\xCE"
                          "e"),
                   latin, "declared iso-8859-1");
    assert_refused(FH_STR("a\x86"
                          "b\x87"
                          "c\xA7"
                          "d\xA9"
                          "e"),
                   latin, "declared iso-8859-1");
}

/* Russian, Greek, Hebrew, in sets whose bytes are letters in the Arabic ones too. */
static void other_languages_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
    } samples[] = {
        {"WINDOWS-1251", "Министр сообщил, что переговоры продолжаются"},
        {"KOI8-R", "Министр сообщил, что переговоры продолжаются"},
        {"ISO-8859-5", "Министр сообщил, что переговоры продолжаются"},
        {"ISO-8859-7", "Ο υπουργός δήλωσε ότι οι συνομιλίες συνεχίζονται"},
        {"WINDOWS-1255", "השר אמר כי השיחות נמשכות גם היום"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        fh_buffer bytes = {0}, kept = {0};
        fh_str text = fh_str_of(samples[i].text);
        encode(&text, samples[i].name, &bytes, &kept);
        assert_refused(fh_buffer_str(&bytes), NONE, "it looks like");
        assert_refused(fh_buffer_str(&bytes), FH_STR("windows-1256"), "declared windows-1256");
        assert_refused(fh_buffer_str(&bytes), FH_STR("iso-8859-1"), "declared iso-8859-1");
        fh_buffer_free(&bytes);
        fh_buffer_free(&kept);
    }
}

static void what_was_decided_is_described(void **state)
{
    (void)state;
    char text[FH_CHARSET_TEXT_MAX];
    fh_charset c = {.name = "WINDOWS-1256", .ground = FH_CHARSET_DETECTED, .overruled = true};
    assert_string_equal(fh_charset_describe(&c, text),
                        "WINDOWS-1256 (detected, another one is declared)");
    c = (fh_charset){.name = "UTF-16LE", .ground = FH_CHARSET_MARK};
    assert_string_equal(fh_charset_describe(&c, text), "UTF-16LE (by its mark)");
}

/* A pipe that gives UTF-8 little by little is not kept waiting for 64 kB. */
static void utf8_is_certain_early(void **state)
{
    (void)state;
    fh_decoder *d;
    fh_buffer out = {0};
    assert_int_equal(fh_decoder_open(&d, NULL), FH_OK);
    assert_int_equal(fh_decoder_feed(d, FH_STR("plain\n"), false, &out, NULL), FH_OK);
    assert_same(fh_buffer_str(&out), FH_STR("plain\n"));
    assert_null(fh_decoder_charset(d));
    fh_str line = fh_str_of(shorts[1]);
    for (int i = 0; i < 2; i++)
        assert_int_equal(fh_decoder_feed(d, line, false, &out, NULL), FH_OK);
    assert_true(fh_decoder_passes(d));
    assert_int_equal(out.len, 6 + 2 * line.len);
    fh_decoder_close(d);
    fh_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_texts_come_back_from_every_set),
        cmocka_unit_test(every_seed_comes_back_from_every_set),
        cmocka_unit_test(text_in_tags_and_braces_is_detected),
        cmocka_unit_test(foreign_letters_after_much_ascii_are_seen),
        cmocka_unit_test(too_little_is_refused),
        cmocka_unit_test(what_is_in_doubt_is_refused),
        cmocka_unit_test(a_chance_of_utf8_decides_nothing),
        cmocka_unit_test(declarations_are_believed_when_they_fit),
        cmocka_unit_test(wrong_declarations_are_overruled),
        cmocka_unit_test(a_declaration_in_the_text_is_found),
        cmocka_unit_test(latin_text_is_read),
        cmocka_unit_test(utf8_with_few_bad_bytes_stays_utf8),
        cmocka_unit_test(utf8_with_few_bad_bytes_cannot_be_declared_away),
        cmocka_unit_test(utf16_that_is_cut_is_repaired),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(random_bytes_are_refused),
        cmocka_unit_test(what_is_no_latin_is_refused),
        cmocka_unit_test(other_languages_are_refused),
        cmocka_unit_test(what_was_decided_is_described),
        cmocka_unit_test(utf8_is_certain_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
