#include "indexer/web_date.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "indexer/mail_date.h"

/* Nothing longer is a date. */
#define TEXT_MAX 128

/* So many bytes of a date that is not understood are shown. */
#define QUOTE_MAX 40

/* Characters of several bytes in dates. */
enum {
    NO_BREAK_SPACE = 0x00A0,
    ARABIC_COMMA = 0x060C,
    ARABIC_ZERO = 0x0660, /* and the nine behind it */
    MARK_LEFT_TO_RIGHT = 0x200E,
    MARK_RIGHT_TO_LEFT = 0x200F
};

/* The parts of a date, as they are found; -1 is missing. */
typedef struct parts {
    int year, month, day;
    int hour, minute, second;
    char zone[8]; /* as ISO 8601 has it */
    bool timed;   /* the number read last was a time */
    bool odd;     /* a word may mean anything: another calendar, another event */
} parts;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The number of digits at TEXT, and the number. */
static int read_number(const char *text, int *number)
{
    int len = 0;
    *number = 0;
    for (; len < 8 && is_digit(text[len]); len++)
        *number = *number * 10 + (text[len] - '0');
    return len;
}

/* `12:34` or `12:34:56.789`. Returns its length, or 0. */
static int read_time(const char *text, parts *p)
{
    int hour, minute, second = 0, used = 0, more = 0;
    if (sscanf(text, "%2d:%2d%n:%2d%n", &hour, &minute, &used, &second, &more) < 2)
        return 0;
    p->hour = hour;
    p->minute = minute;
    p->second = second;
    if (more == 0)
        return used;
    if (text[more] == '.')
        more += 1 + (int)strspn(text + more + 1, "0123456789");
    return more;
}

/* `2026/02/09`, or `09.02.2026` and `25/02/2026`, which mean one day. Returns its length, or 0. */
static int read_day(const char *text, parts *p)
{
    int a, b, c, used = 0;
    char first, second;
    if (sscanf(text, "%4d%c%2d%c%4d%n", &a, &first, &b, &second, &c, &used) < 5)
        return 0;
    bool parted = first == second && first != '\0' && strchr("-/.", first);
    bool year_first = a > 31;
    bool month_first = first != '.' && b > 12;
    bool one_day = first == '.' || month_first || a == b || a > 12;
    if (!parted || (!year_first && (!one_day || c < 1000)))
        return 0;
    p->year = year_first ? a : c;
    p->month = month_first && !year_first ? a : b;
    p->day = year_first ? c : month_first ? b : a;
    return used;
}

static bool starts(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0;
}

static void read_half(parts *p, bool afternoon)
{
    if (p->hour >= 1 && p->hour <= 12)
        p->hour = p->hour % 12 + (afternoon ? 12 : 0);
}

/* A word: the name of a month, the half of a day, a zone; others say nothing. Returns its length. */
static int read_word(const char *text, parts *p)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    int len = 0;
    while (is_letter(text[len]))
        len++;
    for (int i = 0; i < 12 && len >= 3; i++) {
        if (starts(text, months[i]))
            p->month = i + 1;
    }
    if (len == 2 && (starts(text, "am") || starts(text, "pm")))
        read_half(p, starts(text, "pm"));
    if ((len == 1 && starts(text, "z")) ||
        (len == 3 && (starts(text, "gmt") || starts(text, "utc"))))
        strcpy(p->zone, "Z");
    return len;
}

/* The months as they are called in Egypt, the Levant, Algeria and Morocco. */
static const char *const arabic_months[] = {
    "يناير|كانون الثاني|جانفي",
    "فبراير|شباط|فيفري",
    "مارس|آذار|اذار",
    "أبريل|ابريل|إبريل|نيسان|أفريل|افريل",
    "مايو|أيار|ايار|ماي",
    "يونيو|يونيه|حزيران|جوان",
    "يوليو|يوليه|تموز|جويلية|يوليوز",
    "أغسطس|اغسطس|آب|أوت|اوت|غشت",
    "سبتمبر|أيلول|ايلول|شتنبر",
    "أكتوبر|اكتوبر|تشرين الأول|تشرين الاول",
    "نوفمبر|تشرين الثاني|نونبر",
    "ديسمبر|كانون الأول|كانون الاول|دجنبر",
};

#define FORENOON  "ص|صباحا|صباحاً"
#define AFTERNOON "م|مساء|مساءً"
#define SAYS_NOTHING                                                                                                                                                 \
    "السبت|الأحد|الاحد|الإثنين|الاثنين|الثلاثاء|الأربعاء|الاربعاء|الخميس|الجمعة|في|الساعة|" \
    "ميلادي"

/* Does a letter of the Arabic block begin with BYTE? */
static bool is_arabic(char byte)
{
    return ((unsigned char)byte & 0xFC) == 0xD8;
}

static int high_bytes(const char *text)
{
    int len = 0;
    while ((unsigned char)text[len] >= 0x80)
        len++;
    return len;
}

/* The length of the one of NAMES, parted by bars, that stands at TEXT; 0 when none does. */
static int find_name(const char *text, const char *names)
{
    while (*names) {
        size_t len = strcspn(names, "|");
        if (strncmp(text, names, len) == 0 && high_bytes(text + len) == 0)
            return (int)len;
        names += len + (names[len] == '|');
    }
    return 0;
}

/* A word in Arabic letters. Not behind a time, the sign of the afternoon is that of the Christian era. */
static int read_arabic(const char *text, parts *p)
{
    for (int i = 0; i < 12; i++) {
        int len = find_name(text, arabic_months[i]);
        if (len > 0) {
            p->odd |= p->month > 0 && p->month != i + 1;
            p->month = i + 1;
            return len;
        }
    }
    int fore = find_name(text, FORENOON), after = find_name(text, AFTERNOON);
    if (p->timed && fore + after > 0)
        read_half(p, after > 0);
    int len = fore + after + find_name(text, SAYS_NOTHING);
    p->odd |= len == 0 && is_arabic(text[0]);
    return len > 0 ? len : high_bytes(text);
}

/* `+0300` or `+03:00` behind a time. Returns its length, or 0. */
static int read_zone(const char *text, parts *p)
{
    char hours[3], minutes[3];
    int used = 0;
    if (p->hour < 0 || (text[0] != '+' && text[0] != '-') ||
        (sscanf(text + 1, "%2[0-9]:%2[0-9]%n", hours, minutes, &used) < 2 &&
         sscanf(text + 1, "%2[0-9]%2[0-9]%n", hours, minutes, &used) < 2))
        return 0;
    snprintf(p->zone, sizeof p->zone, "%c%s:%s", text[0], hours, minutes);
    return 1 + used;
}

/* A number that stands alone: the day or the year beside the name of a month, or all in one. */
static int read_alone(const char *text, parts *p)
{
    int number, len = read_number(text, &number);
    if (len == 8) {
        p->year = number / 10000;
        p->month = number / 100 % 100;
        p->day = number % 100;
    } else if (len == 4 && p->year < 0) {
        p->year = number;
    } else if (len <= 2 && p->day < 0) {
        p->day = number;
    }
    return len;
}

static int read_part(const char *text, parts *p)
{
    if (is_letter(text[0]))
        return read_word(text, p);
    if ((unsigned char)text[0] >= 0x80)
        return read_arabic(text, p);
    int used = read_zone(text, p);
    if (used == 0 && is_digit(text[0])) {
        used = read_day(text, p);
        bool day = used > 0;
        if (used == 0 && p->hour < 0)
            used = read_time(text, p);
        p->timed = used > 0 && !day;
        if (used == 0)
            used = read_alone(text, p);
    }
    return used > 0 ? used : 1;
}

/* TEXT with ASCII digits and spaces, without marks of direction. */
static void copy_plain(fh_str text, char copy[static TEXT_MAX + 1])
{
    size_t len = 0, used;
    for (size_t at = 0; at < text.len; at += used) {
        uint32_t code;
        used = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        if (code >= ARABIC_ZERO && code <= ARABIC_ZERO + 9)
            copy[len++] = (char)('0' + (code - ARABIC_ZERO));
        else if (code == NO_BREAK_SPACE || code == ARABIC_COMMA)
            copy[len++] = ' ';
        else if (code != MARK_LEFT_TO_RIGHT && code != MARK_RIGHT_TO_LEFT) {
            memcpy(copy + len, text.ptr + at, used);
            len += used;
        }
    }
    copy[len] = '\0';
}

bool fh_web_date_parse(fh_str text, fh_date *date)
{
    char copy[TEXT_MAX + 1], iso[96];
    parts p = {.year = -1, .month = -1, .day = -1, .hour = -1};
    text = fh_text_trim(text);
    if (fh_date_parse(text, date) || fh_mail_date_parse(text, date))
        return true;
    if (text.len > TEXT_MAX)
        return false;
    copy_plain(text, copy);
    for (const char *at = copy; *at;)
        at += read_part(at, &p);
    if (p.odd || p.year < 0 || p.month < 0 || p.day < 0)
        return false;
    int len = snprintf(iso, sizeof iso, "%04d-%02d-%02d", p.year, p.month, p.day);
    if (p.hour >= 0)
        len += snprintf(iso + len, sizeof iso - (size_t)len, "T%02d:%02d:%02d%s", p.hour,
                        p.minute, p.second, p.zone);
    return fh_date_parse((fh_str){iso, (size_t)len}, date);
}

fh_date fh_web_date_read(const fh_place *place, fh_str text)
{
    fh_date date = {0};
    text = fh_text_trim(text);
    if (text.len == 0 || fh_web_date_parse(text, &date))
        return date;
    size_t len = text.len < QUOTE_MAX ? text.len : fh_utf8_cut(text.ptr, QUOTE_MAX);
    fh_listener_tell(place->listener, FH_REMARK_WARNING, place->file, place->line,
                     "the date is not understood, the article is kept without: %.*s", (int)len,
                     text.ptr);
    return date;
}
