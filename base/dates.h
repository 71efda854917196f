/*
 * Dates as articles and queries state them: ISO 8601 and its parts, from a year to a second.
 *
 * A date without a zone is taken as UTC. Years run from 1 to 9999 of the Gregorian calendar.
 */
#ifndef FH_BASE_DATES_H
#define FH_BASE_DATES_H

#include "base/buffer.h"

/*
 * Read a date: `2026`, `2026-02`, `2026-02-09`, `2026-02-09T12:34`, `...T12:34:56`, each time with
 * an optional fraction of a second and zone (`Z`, `+03:00`, `+0300`); a space may stand for the T.
 * Arabic-Indic and Persian digits are read as digits.
 *
 * Returns false, and FH_DATE_NONE in *DATE, for anything else and for days that do not exist.
 */
bool fh_date_parse(fh_str text, fh_date *date);

/* The last second of what DATE names: of the year, the month, the day. */
int64_t fh_date_last(fh_date date);

/*
 * Read a span of time: one date (`2026-02` is all of February), `FROM..TO`, `FROM..` or `..TO`.
 * out: *FIRST and *LAST, seconds, both inside the span; open ends are INT64_MIN and INT64_MAX.
 * Returns false for anything else, among it a span that ends before it begins.
 */
bool fh_date_parse_range(fh_str text, int64_t *first, int64_t *last);

#define FH_DATE_TEXT_MAX 24

/*
 * Write DATE as precisely as it is known: `2026`, `2026-02`, `2026-02-09`, `2026-02-09T12:34:00Z`;
 * FH_DATE_NONE gives the empty text. Returns OUT.
 */
char *fh_date_format(fh_date date, char out[static FH_DATE_TEXT_MAX]);

#endif
