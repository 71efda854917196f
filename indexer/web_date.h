/*
 * Dates as pages write them for machines: as ISO 8601 and e-mail have them, and near that, `2026/02/09`,
 * `20260209`, `Feb 9, 2026 12:34 PM`; also with Arabic digits and names of months.
 */
#ifndef FH_INDEXER_WEB_DATE_H
#define FH_INDEXER_WEB_DATE_H

#include "base/dates.h"
#include "indexer/text.h"

/*
 * Read a date. Returns false, and FH_DATE_NONE in *DATE, for what is none, what may mean two days,
 * `03/02/2026`, and what stands among other Arabic words: it may be of the Islamic calendar.
 */
bool fh_web_date_parse(fh_str text, fh_date *date);

/*
 * The same, of the article at PLACE. A date that is not understood gives FH_DATE_NONE and a warning: an
 * article without a date is worth more than none.
 */
fh_date fh_web_date_read(const fh_place *place, fh_str text);

#endif
