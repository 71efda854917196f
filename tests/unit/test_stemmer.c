#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libstemmer.h>

#include "base/file.h"
#include "stemmers/analysis.h"
#include "stemmers/stemmer.h"

/*
 * The golden files hold what the stemmers make of tests/golden/words.txt, a word and its stem a
 * line. When a stemmer is changed on purpose, write its file anew, look at the difference, and
 * raise the version of the analysis (stemmers/analysis.c):
 *
 *     build/bin/fihris-stem --stemmer light <tests/golden/words.txt >tests/golden/light.tsv
 *
 * snowball.tsv is libstemmer's own: it changes only with that library.
 */

#define GOLDEN       "tests/golden/"
#define GOLDEN_LIMIT ((size_t)1024 * 1024)

/* The stem of WORD by the analyser's stemmer, in OUT. */
static fh_str stem_of(fh_analyser *a, const char *word, char *out)
{
    fh_term term;
    fh_str stem = {out, 0};
    fh_analyser_start(a, fh_str_of(word), FH_FIELD_BODY, 1);
    while (fh_analyser_next(a, &term))
        if (term.form == FH_FORM_STEM) {
            memcpy(out, term.text.ptr, term.text.len);
            stem.len = term.text.len;
        }
    return stem;
}

static void stems(fh_analyser *a, const char *word, const char *want)
{
    char out[FH_TERM_MAX];
    fh_str got = stem_of(a, word, out);
    if (!fh_str_equal(got, fh_str_of(want)))
        fail_msg("%s: \"%s\" gives \"%.*s\", not \"%s\"", fh_analyser_id(a), word, (int)got.len,
                 got.ptr, want);
}

static fh_analyser *open_analyser(const char *stemmer)
{
    fh_analyser *a;
    assert_int_equal(fh_analyser_new(stemmer, &a, NULL), FH_OK);
    return a;
}

static void check_golden(const char *stemmer, const char *path)
{
    fh_analyser *a = open_analyser(stemmer);
    fh_buffer page = {0};
    int lines = 0;
    assert_int_equal(fh_file_read(path, GOLDEN_LIMIT, &page, NULL), FH_OK);
    for (char *line = strtok(page.data, "\n"); line; line = strtok(NULL, "\n")) {
        char *tab = strchr(line, '\t');
        assert_non_null(tab);
        *tab = '\0';
        stems(a, line, tab + 1);
        lines++;
    }
    assert_true(lines > 150);
    fh_buffer_free(&page);
    fh_analyser_free(a);
}

static void light_gives_its_golden_stems(void **state)
{
    (void)state;
    check_golden("light", GOLDEN "light.tsv");
}

static void snowball_gives_the_golden_stems_of_libstemmer(void **state)
{
    (void)state;
    check_golden("snowball", GOLDEN "snowball.tsv");
}

static void snowball_is_libstemmer_as_it_comes(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("snowball");
    struct sb_stemmer *library = sb_stemmer_new("arabic", "UTF_8");
    fh_buffer page = {0};
    assert_int_equal(fh_file_read(GOLDEN "words.txt", GOLDEN_LIMIT, &page, NULL), FH_OK);
    for (char *word = strtok(page.data, "\n"); word; word = strtok(NULL, "\n"))
        stems(
            a, word,
            (const char *)sb_stemmer_stem(library, (const sb_symbol *)word, (int)strlen(word)));
    fh_buffer_free(&page);
    sb_stemmer_delete(library);
    fh_analyser_free(a);
}

static void snowball_folded_strips_the_article_first(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("snowball-folded");
    stems(a, "كتاب", "كتاب");
    stems(a, "والكتاب", "كتاب");
    stems(a, "وبالكِتاب", "كتاب");
    stems(a, "Café", "cafe");
    fh_analyser_free(a);
}

static void none_gives_the_folded_word(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("none");
    stems(a, "والوِزارةُ", "والوزاره");
    fh_analyser_free(a);
}

/* All words of a row of WORDS, which ends with NULL, have one stem. */
static void meet(fh_analyser *a, const char *const *words)
{
    char first[FH_TERM_MAX];
    fh_str want = stem_of(a, words[0], first);
    for (size_t i = 1; words[i]; i++) {
        char out[FH_TERM_MAX];
        fh_str got = stem_of(a, words[i], out);
        if (!fh_str_equal(got, want))
            fail_msg("%s gives %.*s, %s gives %.*s", words[0], (int)want.len, want.ptr,
                     words[i], (int)got.len, got.ptr);
    }
}

#define MEET(a, ...) meet(a, (const char *const[]){__VA_ARGS__, NULL})

static void light_joins_the_forms_of_a_word(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    MEET(a, "وزارة", "الوزارة", "بالوزارة", "للوزارة", "والوزارة", "فالوزارة", "وبالوزارة",
         "وللوزارة", "كالوزارة", "ووزارة", "وِزَارَةُ", "وزارات", "الوزارات");
    MEET(a, "ولاية", "الولاية", "ولايات", "الولايات", "الولایات", "بالولايات", "والولايات");
    MEET(a, "الأطلسي", "الأطلسى", "أطلسي", "اطلسى");
    MEET(a, "مصر", "ومصر");
    MEET(a, "ألعاب", "الألعاب", "بالألعاب", "للألعاب");
    MEET(a, "إلكتروني", "الإلكترونية", "والإلكترونيات");
    MEET(a, "ألوان", "الألوان", "للألوان");
    MEET(a, "مسؤول", "مسئول", "المسؤولين", "المسئولون");
    MEET(a, "بناء", "بنائه", "بناؤها", "البناء");
    MEET(a, "بالغ", "البالغ", "بالغين", "البالغين");
    MEET(a, "والد", "الوالد", "والده", "والدته");
    MEET(a, "الله", "والله", "بالله", "لله", "ٱلله");
    MEET(a, "وباء", "الوباء");
    MEET(a, "مائة", "المائة", "مئة", "المئة");
    MEET(a, "حق", "الحق", "للحق", "والحق");
    MEET(a, "لغة", "لغات", "اللغات", "لغتها", "للغة", "للغات");
    MEET(a, "آخر", "الآخر", "والآخر");
    fh_analyser_free(a);
}

static void light_takes_off_what_was_put_to_a_word(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    MEET(a, "برنامج", "وبرنامج", "لبرنامج", "ببرنامج", "وببرنامج", "برنامجهم", "وبرنامجهم");
    MEET(a, "أعلن", "وأعلن", "فأعلن");
    MEET(a, "يكتب", "ويكتب", "سيكتب", "وسيكتب");
    MEET(a, "وزارة", "وزارتي", "وزارته", "وزارتهم", "ووزارتها");
    MEET(a, "مهندس", "مهندسون", "مهندسين", "مهندسة");
    MEET(a, "مدرسة", "مدرستان", "مدرستين", "مدرستنا");
    MEET(a, "كتاب", "كتابا", "كتابكم", "بكتابهما");
    MEET(a, "بريطانيا", "بريطاني", "البريطانية");
    MEET(a, "لكن", "ولكن");
    MEET(a, "قوة", "بقوة", "لقوة", "قوات", "بقوات", "لقوات", "وقوات");
    MEET(a, "دولة", "بدولة", "لدولة");
    MEET(a, "جيش", "بجيش", "لجيش");
    MEET(a, "كيفية", "وكيفية");
    MEET(a, "آليات", "الآليات");
    MEET(a, "مئات", "المئات", "مئة");
    MEET(a, "صفة", "صفات", "الصفات");
    MEET(a, "عقبة", "عقبات", "العقبات");
    MEET(a, "لجنة", "للجنة", "اللجنة", "ولجنة");
    MEET(a, "الحوثي", "حوثي", "الحوثيين", "الحوثيون");
    MEET(a, "ناخب", "الناخبين");
    fh_analyser_free(a);
}

/* Of words that the frequencies do not know, the shape of what stands behind a preposition decides. */
static void light_knows_nouns_by_their_shape(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    MEET(a, "مستثمر", "لمستثمر", "بمستثمر");
    MEET(a, "تفجير", "بتفجير", "لتفجير", "لتفجيرات");
    MEET(a, "استضافة", "لاستضافة", "باستضافة");
    stems(a, "كمبيوتر", "كمبيوتر");
    fh_analyser_free(a);
}

/* What stands between the conjunction and the end may look like a word with an ending. */
static void light_takes_the_conjunction_off_verbs(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    MEET(a, "يرى", "ويرى");
    MEET(a, "جرى", "وجرى");
    MEET(a, "بدأت", "وبدأت");
    MEET(a, "مضى", "ومضى");
    stems(a, "وصلت", "وصل");
    stems(a, "واجهت", "واجه");
    stems(a, "وضعت", "وضع");
    fh_analyser_free(a);
}

static void light_takes_conjunctions_off_stop_words(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    MEET(a, "في", "وفي", "ففي");
    MEET(a, "قد", "فقد", "وقد", "ففقد");
    MEET(a, "لدى", "ولدى", "فلدى");
    MEET(a, "أحيانا", "وأحيانا");
    MEET(a, "الخاصة", "الخاص");
    stems(a, "وهم", "وهم");
    stems(a, "فتحت", "فتح");
    stems(a, "فيلم", "فيلم");
    fh_analyser_free(a);
}

static void light_leaves_names_whole(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    static const char *const whole[] = {"كلينتون", "كيري",   "فورد",    "لبيد",   "عريقات",
                                        "ويليامز", "جونسون", "ساركوزي", "بالدوين"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        stems(a, whole[i], whole[i]);
    MEET(a, "كيري", "وكيري");
    fh_analyser_free(a);
}

/* Frequencies, not letters, tell these from words with something put to them. */
static void light_leaves_words_whole(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    static const char *const whole[] = {
        "وزير",   "فكر",     "بيان",  "كبير",  "لسان",  "سريع",  "سكان",
        "بروتين", "باكستان", "لبنان", "عدنان", "طيران", "ميدان", "فرعون",
        "كانون",  "فلسطين",  "درهم",  "محاكم", "ثابت",  "فرنسا", "نبات"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        stems(a, whole[i], whole[i]);
    fh_analyser_free(a);
}

static void light_keeps_apart_what_is_not_one_word(void **state)
{
    (void)state;
    fh_analyser *a = open_analyser("light");
    stems(a, "وفد", "وفد");
    stems(a, "وزير", "وزير");
    stems(a, "واشنطن", "واشنطن");
    stems(a, "سنة", "سنه");
    stems(a, "لغة", "لغه");
    stems(a, "بوتين", "بوت");
    stems(a, "فرنسا", "فرنسا");
    stems(a, "كالح", "كالح");
    stems(a, "ألف", "الف");
    stems(a, "ولديه", "لديه");
    stems(a, "ماء", "ماء");
    stems(a, "12.5", "12.5");
    stems(a, "NATO", "nato");
    fh_analyser_free(a);
}

static void every_row_is_found_by_its_name(void **state)
{
    (void)state;
    size_t count;
    const fh_stemmer *table = fh_stemmer_table(&count);
    assert_true(count >= 4);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(fh_stemmer_find(table[i].name), &table[i]);
    assert_non_null(fh_stemmer_find(FH_STEMMER_DEFAULT));
    assert_null(fh_stemmer_find("Light"));
    assert_null(fh_stemmer_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(light_gives_its_golden_stems),
        cmocka_unit_test(snowball_gives_the_golden_stems_of_libstemmer),
        cmocka_unit_test(snowball_is_libstemmer_as_it_comes),
        cmocka_unit_test(snowball_folded_strips_the_article_first),
        cmocka_unit_test(none_gives_the_folded_word),
        cmocka_unit_test(light_joins_the_forms_of_a_word),
        cmocka_unit_test(light_takes_off_what_was_put_to_a_word),
        cmocka_unit_test(light_knows_nouns_by_their_shape),
        cmocka_unit_test(light_takes_the_conjunction_off_verbs),
        cmocka_unit_test(light_takes_conjunctions_off_stop_words),
        cmocka_unit_test(light_leaves_names_whole),
        cmocka_unit_test(light_leaves_words_whole),
        cmocka_unit_test(light_keeps_apart_what_is_not_one_word),
        cmocka_unit_test(every_row_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
