/*
 * calendar.h
 *		Dates as PostgreSQL counts them, without a clock or a time zone.
 *
 * A date is a number of days since 2000-01-01 in the proleptic Gregorian
 * calendar, as in PostgreSQL's date type, with the same range: from
 * 4714-11-24 BC (Julian day 0) to 5874897-12-31.
 */
#ifndef CT_CALENDAR_H
#define CT_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"

typedef int32_t ct_date;

/* PostgreSQL's reach: a date at the end is beyond it. */
#define CT_DATE_FIRST (-2451545)
#define CT_DATE_END 2145031949

/* "No date"; also PostgreSQL's -infinity, which is no date for us. */
#define CT_NO_DATE INT32_MIN

typedef struct ct_civil
{
	int64_t		year;			/* 0 is 1 BC */
	int			month;			/* 1 .. 12 */
	int			day;			/* 1 .. 31 */
} ct_civil;

static inline bool
ct_date_valid(ct_date date)
{
	return date >= CT_DATE_FIRST && date < CT_DATE_END;
}

/* The calendar's name of a day, and back; also beyond the range of dates. */
extern ct_civil ct_civil_of_days(int64_t days);
extern int64_t ct_days_of_civil(int64_t year, int month, int day);

/* Fails (22008) when the sum is no date. */
extern bool ct_date_add_days(ct_date date, int64_t days, ct_date *result,
							 ct_error *error);

/*
 * The same day of the month so many months on, or that month's last day when
 * it has no such day: PostgreSQL's date + interval.
 */
extern bool ct_date_add_months(ct_date date, int64_t months, ct_date *result,
							   ct_error *error);

/*
 * The first day after the period that holds the date, or after the
 * ahead-th period that follows it.  Periods are of so many months (1, 3, 6
 * or 12); one of them begins with month from, 0 being January.
 */
extern bool ct_date_end_of_period(ct_date date, int months, int from,
								  int ahead, ct_date *result,
								  ct_error *error);

/* Calendar months from one date to another, days of the month disregarded. */
extern int64_t ct_date_months_between(ct_date from, ct_date to);

#endif							/* CT_CALENDAR_H */
