/*
 * calendar.c
 *		Days, months and the ends of periods.
 *
 * Days are turned into year, month and day and back by counting years from
 * 1 March, so that the leap day is the last of its year, in eras of 400 years
 * (146,097 days).
 */
#include "core/calendar.h"

#define DAYS_PER_ERA 146097

/* Days from 1 March of year 0 to 1 January 2000. */
#define EPOCH_FROM_MARCH_0 730425

/* floor(a / b), for b > 0 */
static int64_t
floor_divide(int64_t a, int64_t b)
{
	return a >= 0 ? a / b : -((-a + b - 1) / b);
}

ct_civil
ct_civil_of_days(int64_t days)
{
	int64_t		from_march_0 = days + EPOCH_FROM_MARCH_0;
	int64_t		era = floor_divide(from_march_0, DAYS_PER_ERA);
	int			day = (int) (from_march_0 - era * DAYS_PER_ERA);
	int			year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int			month;
	ct_civil	c;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;	/* 0 is March */
	c.day = day - (153 * month + 2) / 5 + 1;
	c.month = month < 10 ? month + 3 : month - 9;
	c.year = era * 400 + year + (c.month <= 2);
	return c;
}

int64_t
ct_days_of_civil(int64_t year, int month, int day)
{
	int64_t		y = month <= 2 ? year - 1 : year;
	int64_t		era = floor_divide(y, 400);
	int			of_era = (int) (y - era * 400);
	int			of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
		day - 1;

	return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 +
		of_year - EPOCH_FROM_MARCH_0;
}

static int
month_length(int64_t year, int month)
{
	static const int length[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return length[month - 1];
}

static bool
checked(int64_t days, ct_date *result, ct_error *error)
{
	if (days < CT_DATE_FIRST || days >= CT_DATE_END)
	{
		ct_fail(error, CT_BAD_DATE, -1,
				"A review or grace would end beyond the last possible date.");
		return ct_fail_message(error, "date out of range");
	}
	*result = (ct_date) days;
	return true;
}

bool
ct_date_add_days(ct_date date, int64_t days, ct_date *result, ct_error *error)
{
	return checked(date + days, result, error);
}

bool
ct_date_add_months(ct_date date, int64_t months, ct_date *result,
				   ct_error *error)
{
	ct_civil	c = ct_civil_of_days(date);
	int64_t		count = c.year * 12 + (c.month - 1) + months;
	int64_t		year = floor_divide(count, 12);
	int			month = (int) (count - year * 12) + 1;
	int			last = month_length(year, month);

	return checked(ct_days_of_civil(year, month, c.day < last ? c.day : last),
				   result, error);
}

bool
ct_date_end_of_period(ct_date date, int months, int from, int ahead,
					  ct_date *result, ct_error *error)
{
	ct_civil	c = ct_civil_of_days(date);
	int64_t		count = c.year * 12 + (c.month - 1) - from;
	int64_t		year;

	count = (floor_divide(count, months) + ahead + 1) * months + from;
	year = floor_divide(count, 12);
	return checked(ct_days_of_civil(year, (int) (count - year * 12) + 1, 1),
				   result, error);
}

int64_t
ct_date_months_between(ct_date from, ct_date to)
{
	ct_civil	a = ct_civil_of_days(from);
	ct_civil	b = ct_civil_of_days(to);

	return (b.year - a.year) * 12 + (b.month - a.month);
}
