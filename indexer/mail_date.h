/*
 * Dates as e-mail and RSS write them: `Mon, 09 Feb 2026 12:34:56 +0300`.
 *
 * source: RFC 5322, 3.3 and 4.3.
 */
#ifndef FH_INDEXER_MAIL_DATE_H
#define FH_INDEXER_MAIL_DATE_H

#include "base/types.h"

/*
 * Read such a date: the day of the week, the seconds and the zone may be missing, a year may
 * have two digits, a month may be written out. Without a zone the time is taken as UTC; with
 * one whose name says nothing, the date is known to the day only.
 *
 * Returns false, and FH_DATE_NONE in *DATE, for anything else and for days that do not exist.
 */
bool fh_mail_date_parse(fh_str text, fh_date *date);

#endif
