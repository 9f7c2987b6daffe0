/*
 * isodate.h
 *		Dates and times as ISO 8601 text, whatever the session's settings.
 *
 * Both are counted as PostgreSQL does: days, or microseconds, since
 * 2000-01-01 (UTC).  Years are written with at least four digits; the year 0
 * is 1 BC, and earlier ones are negative.
 */
#ifndef CT_ISODATE_H
#define CT_ISODATE_H

#include "core/calendar.h"

/* PostgreSQL's reach: a time at the end is beyond it. */
#define CT_TIME_FIRST INT64_C(-211813488000000000)
#define CT_TIME_END INT64_C(9223371331200000000)

#define CT_SECOND INT64_C(1000000)
#define CT_DAY (86400 * CT_SECOND)

/* Room for either text and its zero. */
#define CT_ISODATE_SIZE 40

/* Both zero-terminate and return the length. */
extern int	ct_date_write(ct_date date, char *buffer);	/* 2024-03-01 */
extern int	ct_time_write(int64_t time, char *buffer);	/* 2024-03-01T09:00:00.5Z */

/*
 * Read what the above write, the fraction of a second also with zeros at its
 * end; false for anything else.
 */
extern bool ct_date_read(const char *text, ct_date *date);
extern bool ct_time_read(const char *text, int64_t *time);

static inline bool
ct_time_valid(int64_t time)
{
	return time >= CT_TIME_FIRST && time < CT_TIME_END;
}

/* The whole seconds of a time, rounded down. */
static inline int64_t
ct_time_seconds(int64_t time)
{
	return time / CT_SECOND - (time % CT_SECOND < 0);
}

#endif							/* CT_ISODATE_H */
