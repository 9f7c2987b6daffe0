/*
 * isodate_test.c
 *		Dates and times as text, against a day-by-day calendar.
 */
#include <stdio.h>
#include <string.h>

#include "core/isodate.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 100000

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Counts the days from -1000-01-01 to 3000-12-31 one by one. */
static void
test_calendar(void)
{
	static const int month_days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	int32_t		start,
				date;
	bool		read = true,
				write = true;
	char		text[CT_ISODATE_SIZE],
				expected[CT_ISODATE_SIZE];

	ok(ct_date_read("-1000-01-01", &start), "the first day is read");
	date = start;
	for (int year = -1000; year <= 3000; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1;
				 day <= month_days[month - 1] + (month == 2 && is_leap(year));
				 day++, date++)
			{
				int			n = sprintf(expected, "%s%04d-%02d-%02d",
										year < 0 ? "-" : "",
										year < 0 ? -year : year, month, day);
				int32_t		back;

				write &= ct_date_write(date, text) == n &&
					strcmp(text, expected) == 0;
				read &= ct_date_read(expected, &back) && back == date;
			}
	ok(write, "every day of 4,001 years is written");
	ok(read, "every day of 4,001 years is read");
	ct_date_write(0, text);
	ok(strcmp(text, "2000-01-01") == 0, "day 0 is 2000-01-01");
}

static void
test_round_trip(void)
{
	bool		dates = true,
				times = true,
				seconds = true;
	char		text[CT_ISODATE_SIZE];

	for (int i = 0; i < ROUNDS; i++)
	{
		int32_t		date = CT_DATE_FIRST +
			(int32_t) (random_word() % ((int64_t) CT_DATE_END - CT_DATE_FIRST)),
					date_back;
		int64_t		time = (int64_t) (random_word() %
									  ((uint64_t) CT_TIME_END -
									   (uint64_t) CT_TIME_FIRST) +
									  (uint64_t) CT_TIME_FIRST),
					time_back,
					second;
		int			n;

		/* often without a fraction, or with one of few digits */
		if (random_below(2))
			time -= time % (random_below(2) ? CT_SECOND : 10000);
		n = ct_date_write(date, text);
		dates &= n < CT_ISODATE_SIZE && ct_date_read(text, &date_back) &&
			date_back == date;
		n = ct_time_write(time, text);
		times &= n < CT_ISODATE_SIZE && ct_time_read(text, &time_back) &&
			time_back == time;
		second = ct_time_seconds(time);
		seconds &= second * CT_SECOND <= time &&
			time - second * CT_SECOND < CT_SECOND;
	}
	ok(dates, "dates read back");
	ok(times, "times read back");
	ok(seconds, "seconds are rounded down");
}

static void
test_texts(void)
{
	static const char *const bad_dates[] = {
		"", "-", "2024", "2024-1-1", "2024-01-1", "2024-13-01", "2024-00-01",
		"2024-01-00", "2024-01-32", "2023-02-29", "1900-02-29", "2024-04-31",
		"2024-01-01 ", " 2024-01-01", "24-01-01", "+2024-01-01", "2024/01/01",
		"2024-01-01T", "-4713-11-23", "5874898-01-01", "99999999-01-01",
		"infinity", "00002024-01-01", "-0000-01-01", "2024-+1-01",
		"2024-01- 1", "2024-01-01-", "99999999999999999999-01-01"
	};
	static const char *const bad_times[] = {
		"", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00Z",
		"2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
		"2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1234567Z",
		"2024-01-01T00:00:00z", "2024-01-01 00:00:00Z", "2024-01-01T0:00:00Z",
		"2024-02-30T00:00:00Z", "-4713-11-23T23:59:59Z",
		"294277-01-01T00:00:00Z", "2024-01-01T00:00:00+00",
		"2024-01-01T00:00:00.1000001Z", "2024-01-01T00:00:00.5ZZ",
		"2024-01-01T00:00:00.5", "2024-01-01T00:00:00.-5Z",
		"2024-01-01T-1:00:00Z", "2024-01-01T00:00: 1Z",
		"99999999-01-01T00:00:00Z"
	};
	static const char *const halves[] = {
		"1999-12-31T23:59:59.5Z", "1999-12-31T23:59:59.500Z",
		"1999-12-31T23:59:59.500000Z", "1999-12-31T23:59:59.5000000000Z"
	};
	int32_t		date;
	int64_t		time;

	for (size_t i = 0; i < sizeof(bad_dates) / sizeof(bad_dates[0]); i++)
		ok(!ct_date_read(bad_dates[i], &date),
		   "\"%s\" is no date", bad_dates[i]);
	for (size_t i = 0; i < sizeof(bad_times) / sizeof(bad_times[0]); i++)
		ok(!ct_time_read(bad_times[i], &time),
		   "\"%s\" is no time", bad_times[i]);
	ok(ct_date_read("-4713-11-24", &date) && date == CT_DATE_FIRST,
	   "the first date");
	ok(ct_date_read("5874897-12-31", &date) && date == CT_DATE_END - 1,
	   "the last date");
	ok(ct_time_read("-4713-11-24T00:00:00Z", &time) &&
	   time == CT_TIME_FIRST, "the first time");
	ok(ct_time_read("294276-12-31T23:59:59.999999Z", &time) &&
	   time == CT_TIME_END - 1, "the last time");
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++)
		ok(ct_time_read(halves[i], &time) && time == -CT_SECOND / 2,
		   "\"%s\" is half a second before 2000", halves[i]);
}

int
main(void)
{
	test_calendar();
	test_round_trip();
	test_texts();
	return done_testing();
}
