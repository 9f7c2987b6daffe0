/*
 * calendar_test.c
 *		Days, months and the ends of periods, against a calendar that counts
 *		one day after another.
 */
#include "core/calendar.h"
#include "dates.h"
#include "random.h"
#include "unit.h"

static void
test_days(void)
{
	bool		named = true;
	bool		back = true;

	for (ct_date date = SLOW_FIRST; date < SLOW_FIRST + SLOW_DAYS; date++)
	{
		const slow_day *d = slow_day_of(date);
		ct_civil	c = ct_civil_of_days(date);

		named &= c.year == d->year && c.month == d->month && c.day == d->day;
		back &= ct_days_of_civil(d->year, d->month, d->day) == date;
	}
	ok(named, "each day of eight centuries has its name");
	ok(back, "and each name its day");
	ok(strcmp(date_text(0), "2000-01-01") == 0, "the epoch");
	ok(strcmp(date_text(CT_DATE_FIRST), "-4713-11-24") == 0, "the first date");
	ok(strcmp(date_text(CT_DATE_END - 1), "5874897-12-31") == 0,
	   "the last date");
}

static void
test_months(void)
{
	ct_error	error;
	bool		anchored = true;

	for (int i = 0; i < 100000; i++)
	{
		ct_date		from = random_below(200000) - 100000;
		int64_t		months = random_below(1000) - 500;
		ct_date		to;
		int			day,
					to_day;

		if (!ct_date_add_months(from, months, &to, &error))
			abort();
		day = slow_day_of(from)->day;
		to_day = slow_day_of(to)->day;
		anchored &= slow_month(to) - slow_month(from) == months &&
			ct_date_months_between(from, to) == months &&
			(to_day == day ||
			 (to_day < day && slow_day_of(to)->last_of_month));
	}
	ok(anchored, "months keep the day or end at the month's last");
}

/* Walks from day to day over the beginnings of periods. */
static ct_date
slow_end_of_period(ct_date date, int months, int from, int ahead)
{
	for (;;)
	{
		date++;
		if (slow_day_of(date)->day == 1 &&
			(slow_day_of(date)->month - 1) % months == from % months &&
			ahead-- == 0)
			return date;
	}
}

static void
test_periods(void)
{
	static const int months[] = {1, 3, 6, 12};
	ct_error	error;
	ct_date		date;
	bool		same = true;

	for (int i = 0; i < 20000; i++)
	{
		int			period = months[random_below(4)];
		int			from = random_below(12);
		int			ahead = random_below(3);
		ct_date		end;

		date = random_below(200000) - 100000;
		if (random_below(3) == 0)
			date = slow_end_of_period(date, 1, 0, 0) - random_below(2);
		same &= ct_date_end_of_period(date, period, from, ahead, &end,
									  &error) &&
			end == slow_end_of_period(date, period, from, ahead);
	}
	ok(same, "periods end where the next one begins, from any month");
	ok(ct_date_end_of_period(CT_DATE_FIRST, 12, 9, 0, &date, &error) &&
	   strcmp(date_text(date), "-4712-10-01") == 0,
	   "the first date lies in a period, too");
}

static void
test_ends(void)
{
	ct_error	error;
	ct_date		last = CT_DATE_END - 1;
	ct_date		d;

	ok(!ct_date_add_days(last, 1, &d, &error) && error.code == CT_BAD_DATE &&
	   error.message[0] != '\0', "no day after the last");
	ok(!ct_date_add_days(CT_DATE_FIRST, -1, &d, &error) &&
	   error.code == CT_BAD_DATE, "none before the first");
	ok(!ct_date_add_months(last, 1, &d, &error) && error.code == CT_BAD_DATE,
	   "no month after");
	ok(!ct_date_add_months(CT_DATE_FIRST, -1, &d, &error) &&
	   error.code == CT_BAD_DATE, "none before");
	ok(!ct_date_end_of_period(last, 12, 0, 0, &d, &error) &&
	   error.code == CT_BAD_DATE, "no end of the last year");
	ok(!ct_date_end_of_period(last - 366, 12, 0, 1, &d, &error),
	   "nor the year before, one ahead");
	ok(ct_date_end_of_period(last - 31, 1, 0, 0, &d, &error) &&
	   strcmp(date_text(d), "5874897-12-01") == 0, "the last month begins");
	ok(ct_date_add_days(CT_DATE_FIRST, (int64_t) last - CT_DATE_FIRST, &d,
						&error) && d == last, "from the first to the last");
}

int
main(void)
{
	test_days();
	test_months();
	test_periods();
	test_ends();
	return done_testing();
}
