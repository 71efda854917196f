#include "indexer/mail_date.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/dates.h"

/* Two digits of a year below this are of the 21st century. */
#define CENTURY_TURN 50

/* `+03:00` */
#define ZONE_MAX 8

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void skip_spaces(fh_str *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t')) {
        s->ptr++;
        s->len--;
    }
}

/* Take a run of what IS accepts off S, and the spaces behind it. */
static fh_str take_run(fh_str *s, bool (*is)(char))
{
    fh_str run = {s->ptr, 0};
    while (run.len < s->len && is(run.ptr[run.len]))
        run.len++;
    s->ptr += run.len;
    s->len -= run.len;
    skip_spaces(s);
    return run;
}

static bool take_byte(fh_str *s, char byte)
{
    bool there = s->len > 0 && s->ptr[0] == byte;
    s->ptr += there;
    s->len -= there;
    skip_spaces(s);
    return there;
}

/* A number of FEWEST to MOST digits; -1 when there is none. */
static int take_number(fh_str *s, size_t fewest, size_t most)
{
    int number = 0;
    fh_str run = take_run(s, is_digit);
    if (run.len < fewest || run.len > most)
        return -1;
    for (size_t i = 0; i < run.len; i++)
        number = number * 10 + (run.ptr[i] - '0');
    return number;
}

/* The month named at S, from 1; 0 when none is. */
static int take_month(fh_str *s)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    fh_str name = take_run(s, is_letter);
    take_byte(s, '.');
    for (int i = 0; i < 12; i++) {
        bool begins =
            name.len <= strlen(months[i]) && strncasecmp(name.ptr, months[i], name.len) == 0;
        if (name.len >= 3 && (begins || (i == 8 && strncasecmp(name.ptr, "sept", 5) == 0)))
            return i + 1;
    }
    return 0;
}

static int take_year(fh_str *s)
{
    size_t digits = 0;
    while (digits < s->len && is_digit(s->ptr[digits]))
        digits++;
    int year = take_number(s, 2, 4);
    if (digits != 2)
        return year;
    return year + (year < CENTURY_TURN ? 2000 : 1900);
}

/* `+0300` or `+03:00` at S, behind its sign. */
static bool take_offset(fh_str *s, char sign, char zone[static ZONE_MAX])
{
    fh_str hours = take_run(s, is_digit);
    fh_str minutes = {hours.ptr + 2, 2};
    if (hours.len == 2 && take_byte(s, ':'))
        minutes = take_run(s, is_digit);
    else if (hours.len != 4)
        return false;
    snprintf(zone, ZONE_MAX, "%c%.2s:%.2s", sign, hours.ptr, minutes.ptr);
    return minutes.len == 2;
}

/* Take the zone at S as ISO 8601 has it; false when what stands there says nothing. */
static bool take_zone(fh_str *s, char zone[static ZONE_MAX])
{
    static const struct {
        const char *name;
        const char *zone;
    } names[] = {{"GMT", "Z"},      {"UT", "Z"},       {"UTC", "Z"},      {"Z", "Z"},
                 {"EST", "-05:00"}, {"EDT", "-04:00"}, {"CST", "-06:00"}, {"CDT", "-05:00"},
                 {"MST", "-07:00"}, {"MDT", "-06:00"}, {"PST", "-08:00"}, {"PDT", "-07:00"}};
    snprintf(zone, ZONE_MAX, "Z");
    if (s->len == 0)
        return true;
    char sign = s->ptr[0];
    if (take_byte(s, '+') || take_byte(s, '-'))
        return take_offset(s, sign, zone);
    fh_str name = take_run(s, is_letter);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (name.len == strlen(names[i].name) &&
            strncasecmp(name.ptr, names[i].name, name.len) == 0) {
            snprintf(zone, ZONE_MAX, "%s", names[i].zone);
            return true;
        }
    }
    return false;
}

/* Take `12:34` or `12:34:56` off S; *SECOND is 0 when it is not there. */
static bool take_time(fh_str *s, int *hour, int *minute, int *second)
{
    *hour = take_number(s, 1, 2);
    if (*hour < 0 || !take_byte(s, ':'))
        return false;
    *minute = take_number(s, 2, 2);
    *second = take_byte(s, ':') ? take_number(s, 2, 2) : 0;
    return *minute >= 0 && *second >= 0;
}

bool fh_mail_date_parse(fh_str text, fh_date *date)
{
    char iso[80], zone[ZONE_MAX];
    int hour = 0, minute = 0, second = 0;
    *date = (fh_date){0, FH_DATE_NONE};
    skip_spaces(&text);
    if (text.len > 0 && is_letter(text.ptr[0])) {
        take_run(&text, is_letter);
        take_byte(&text, ',');
    }
    int day = take_number(&text, 1, 2);
    take_byte(&text, '-');
    int month = take_month(&text);
    take_byte(&text, '-');
    int year = take_year(&text);
    if (day < 1 || month < 1 || year < 1)
        return false;
    int len = snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
    if (text.len == 0)
        return fh_date_parse((fh_str){iso, (size_t)len}, date);
    if (!take_time(&text, &hour, &minute, &second))
        return false;
    if (take_zone(&text, zone))
        len = snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02d%s", year, month, day,
                       hour, minute, second, zone);
    return fh_date_parse((fh_str){iso, (size_t)len}, date);
}
