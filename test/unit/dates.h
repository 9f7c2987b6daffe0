/*
 * dates.h
 *		A slow calendar, as an oracle: it counts one day after another.
 */
#ifndef CT_DATES_H
#define CT_DATES_H

#include <stdlib.h>
#include <string.h>

#include "core/isodate.h"

/* It knows the years from 1600 to 2399. */
#define SLOW_FIRST_YEAR 1600
#define SLOW_FIRST (-146097)
#define SLOW_DAYS (2 * 146097)

typedef struct slow_day
{
	int			year;
	int			month;			/* 1 .. 12 */
	int			day;
	bool		last_of_month;
} slow_day;

static inline int
slow_month_length(int year, int month)
{
	static const int length[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : length[month - 1];
}

static inline const slow_day *
slow_day_of(ct_date date)
{
	static slow_day days[SLOW_DAYS];

	if (days[0].year == 0)
	{
		slow_day	d = {SLOW_FIRST_YEAR, 1, 1};

		for (int i = 0; i < SLOW_DAYS; i++)
		{
			d.last_of_month = d.day == slow_month_length(d.year, d.month);
			days[i] = d;
			if (!d.last_of_month)
				d.day++;
			else
			{
				d.day = 1;
				d.year += d.month == 12;
				d.month = d.month % 12 + 1;
			}
		}
	}
	if (date < SLOW_FIRST || date >= SLOW_FIRST + SLOW_DAYS)
		abort();
	return &days[date - SLOW_FIRST];
}

/* A running number of the month of a date. */
static inline int
slow_month(ct_date date)
{
	const slow_day *d = slow_day_of(date);

	return d->year * 12 + d->month - 1;
}

/* The date of an ISO text. */
static inline ct_date
date_of(const char *text)
{
	ct_date		date;

	if (!ct_date_read(text, &date))
		abort();
	return date;
}

/* Four texts can be used at a time. */
static inline const char *
date_text(ct_date date)
{
	static char text[4][CT_ISODATE_SIZE];
	static int	turn;

	if (date == CT_NO_DATE)
		return "none";
	turn = (turn + 1) % 4;
	ct_date_write(date, text[turn]);
	return text[turn];
}

#endif							/* CT_DATES_H */
