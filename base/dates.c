#include "base/dates.h"

#include <stdio.h>
#include <string.h>

#include "base/digits.h"
#include "base/utf8.h"

#define YEAR_MIN 1
#define YEAR_MAX 9999

#define DAY_SECONDS (INT64_C(24) * 60 * 60)

/* The longest date there is: 2026-02-09T12:34:56.123456789+03:00, and some digits of a fraction. */
#define TEXT_MAX 48

/* A day of the Gregorian calendar and a time in it; parts not known are their first. */
typedef struct civil {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second;
} civil;

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 0001-01-01 to the first day of YEAR. */
static int64_t days_before(int year)
{
    int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

static int64_t seconds_of(const civil *c)
{
    int64_t days = days_before(c->year) - days_before(1970) + c->day - 1;
    for (int month = 1; month < c->month; month++)
        days += month_days(c->year, month);
    return days * DAY_SECONDS + (c->hour * 60 + c->minute) * 60 + c->second;
}

static int64_t first_second(void)
{
    return seconds_of(&(civil){.year = YEAR_MIN, .month = 1, .day = 1});
}

static int64_t last_second(void)
{
    return seconds_of(&(civil){YEAR_MAX, 12, 31, 23, 59, 59});
}

/* What lies outside of the calendar is taken as its first or last second. */
static civil civil_of(int64_t seconds)
{
    if (seconds < first_second())
        seconds = first_second();
    if (seconds > last_second())
        seconds = last_second();
    int64_t since = seconds - first_second();
    int64_t days = since / DAY_SECONDS;
    int rest = (int)(since % DAY_SECONDS);
    civil c = {.hour = rest / 3600, .minute = rest / 60 % 60, .second = rest % 60};
    /* No year is longer than 366 days, so this is the year or one before it. */
    c.year = (int)(days / 366) + YEAR_MIN;
    while (c.year < YEAR_MAX && days_before(c.year + 1) <= days)
        c.year++;
    days -= days_before(c.year);
    for (c.month = 1; days >= month_days(c.year, c.month); c.month++)
        days -= month_days(c.year, c.month);
    c.day = (int)days + 1;
    return c;
}

/* Write TEXT as ASCII with a NUL behind; false when it is too long or has other characters. */
static bool to_ascii(fh_str text, char out[static TEXT_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        i += fh_utf8_decode(text.ptr + i, text.len - i, &code, NULL);
        int digit = fh_digit_value(code);
        if (digit >= 0)
            code = '0' + (uint32_t)digit;
        if (code == 0 || code > 0x7F || n == TEXT_MAX - 1)
            return false;
        out[n++] = (char)code;
    }
    out[n] = '\0';
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Read exactly COUNT digits at *S and step over them; the number must lie in [low, high]. */
static bool read_number(const char **s, int count, int low, int high, int *number)
{
    int n = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit((*s)[i]))
            return false;
        n = n * 10 + ((*s)[i] - '0');
    }
    *s += count;
    *number = n;
    return n >= low && n <= high;
}

static bool step_over(const char **s, const char *any)
{
    if (**s == '\0' || !strchr(any, **s))
        return false;
    ++*s;
    return true;
}

/* Read `Z`, `+03:00`, `+0300` or nothing; *EAST is in seconds. */
static bool read_zone(const char **s, int *east)
{
    *east = 0;
    bool minus = **s == '-';
    if (step_over(s, "Zz") || !step_over(s, "+-"))
        return true;
    int hours, minutes;
    if (!read_number(s, 2, 0, 23, &hours))
        return false;
    step_over(s, ":");
    if (!read_number(s, 2, 0, 59, &minutes))
        return false;
    *east = (hours * 60 + minutes) * (minus ? -60 : 60);
    return true;
}

/* Read `12:34`, `12:34:56` or `12:34:56.789`. A leap second counts as the one before it. */
static bool read_time(const char **s, civil *c)
{
    if (!read_number(s, 2, 0, 23, &c->hour) || !step_over(s, ":") ||
        !read_number(s, 2, 0, 59, &c->minute))
        return false;
    if (!step_over(s, ":"))
        return true;
    if (!read_number(s, 2, 0, 60, &c->second))
        return false;
    if (c->second == 60)
        c->second = 59;
    if (!step_over(s, ".,"))
        return true;
    bool fraction = is_digit(**s);
    while (is_digit(**s))
        ++*s;
    return fraction;
}

/* Read as much of a date as there is; *EAST is the zone in seconds. */
static bool read_civil(const char **s, civil *c, fh_precision *precision, int *east)
{
    if (!read_number(s, 4, YEAR_MIN, YEAR_MAX, &c->year))
        return false;
    *precision = FH_DATE_YEAR;
    if (!step_over(s, "-"))
        return true;
    if (!read_number(s, 2, 1, 12, &c->month))
        return false;
    *precision = FH_DATE_MONTH;
    if (!step_over(s, "-"))
        return true;
    if (!read_number(s, 2, 1, month_days(c->year, c->month), &c->day))
        return false;
    *precision = FH_DATE_DAY;
    if (!step_over(s, "Tt "))
        return true;
    *precision = FH_DATE_SECOND;
    return read_time(s, c) && read_zone(s, east);
}

bool fh_date_parse(fh_str text, fh_date *date)
{
    char ascii[TEXT_MAX];
    const char *s = ascii;
    civil c = {.month = 1, .day = 1};
    fh_precision precision;
    int east = 0;
    *date = (fh_date){0, FH_DATE_NONE};
    if (!to_ascii(text, ascii) || !read_civil(&s, &c, &precision, &east) || *s != '\0')
        return false;
    int64_t seconds = seconds_of(&c) - east;
    if (seconds < first_second() || seconds > last_second())
        return false;
    *date = (fh_date){seconds, precision};
    return true;
}

int64_t fh_date_last(fh_date date)
{
    civil c = civil_of(date.seconds);
    if (date.precision == FH_DATE_NONE || date.precision == FH_DATE_SECOND)
        return date.seconds;
    if (date.precision == FH_DATE_YEAR)
        c.month = 12;
    if (date.precision != FH_DATE_DAY)
        c.day = month_days(c.year, c.month);
    c.hour = 23;
    c.minute = c.second = 59;
    return seconds_of(&c);
}

/* The bytes of TEXT before `..`, or all of them. */
static size_t find_dots(fh_str text)
{
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
            return i;
    return text.len;
}

bool fh_date_parse_range(fh_str text, int64_t *first, int64_t *last)
{
    size_t dots = find_dots(text);
    fh_str from = {text.ptr, dots};
    fh_str to = dots == text.len ? from : (fh_str){text.ptr + dots + 2, text.len - dots - 2};
    fh_date a = {0}, b = {0};
    *first = *last = 0;
    if ((from.len > 0 && !fh_date_parse(from, &a)) || (to.len > 0 && !fh_date_parse(to, &b)))
        return false;
    int64_t start = from.len > 0 ? a.seconds : INT64_MIN;
    int64_t end = to.len > 0 ? fh_date_last(b) : INT64_MAX;
    if ((from.len == 0 && to.len == 0) || start > end)
        return false;
    *first = start;
    *last = end;
    return true;
}

char *fh_date_format(fh_date date, char out[static FH_DATE_TEXT_MAX])
{
    /* How many characters of the whole each precision shows. */
    static const unsigned char shown[] = {[FH_DATE_NONE] = 0,
                                          [FH_DATE_YEAR] = 4,
                                          [FH_DATE_MONTH] = 7,
                                          [FH_DATE_DAY] = 10,
                                          [FH_DATE_SECOND] = 20};
    civil c = civil_of(date.seconds);
    char whole[80];
    snprintf(whole, sizeof whole, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day,
             c.hour, c.minute, c.second);
    memcpy(out, whole, shown[date.precision]);
    out[shown[date.precision]] = '\0';
    return out;
}
