/*
 * policy_test.c
 *		Calendar arithmetic and the dates that follow from policies.
 */
#include <string.h>

#include "core/isodate.h"
#include "core/policy.h"
#include "random.h"
#include "unit.h"

/* The date of an ISO text of the common era, by counting days. */
static ct_date
date_of(const char *text)
{
	static const int length[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	int			year,
				month,
				day;
	long		days = 0;

	if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3)
		return CT_NO_DATE;
	for (int y = 2000; y < year; y++)
		days += 365 + (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
	for (int y = year; y < 2000; y++)
		days -= 365 + (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
	for (int m = 1; m < month; m++)
		days += length[m - 1] + (m == 2 && year % 4 == 0 &&
								 (year % 100 != 0 || year % 400 == 0));
	return (ct_date) (days + day - 1);
}

static const char *
text_of(ct_date date)
{
	static char text[4][CT_ISODATE_SIZE];
	static int	turn;

	turn = (turn + 1) % 4;
	ct_date_write(date, text[turn]);
	return text[turn];
}

static void
test_calendar(void)
{
	ct_error	error;
	ct_date		d;
	bool		round_trip = true;
	bool		anchored = true;

	/* every day of some years, one in eleven of eight centuries */
	for (ct_date day = -146097; day < 146097; day += day < 1500 &&
		 day > -1500 ? 1 : 11)
		round_trip &= date_of(text_of(day)) == day;
	ok(round_trip, "dates of eight centuries");
	ok(strcmp(text_of(0), "2000-01-01") == 0, "the epoch");
	ok(strcmp(text_of(CT_DATE_FIRST), "-4713-11-24") == 0, "the first date");
	ok(strcmp(text_of((CT_DATE_END - 1)), "5874897-12-31") == 0, "the last date");

	for (int i = 0; i < 100000; i++)
	{
		ct_date		from = random_below(200000) - 100000;
		int64_t		months = random_below(2400) - 1200;
		ct_date		to;
		int			day,
					to_day;

		ct_date_add_months(from, months, &to, &error);
		sscanf(strrchr(text_of(from), '-') + 1, "%d", &day);
		sscanf(strrchr(text_of(to), '-') + 1, "%d", &to_day);
		anchored &= ct_date_months_between(from, to) == months &&
			(to_day == day ||
			 (to_day < day && ct_date_months_between(to, to + 1) == 1));
	}
	ok(anchored, "months keep the day or end at the month's last");

	ok(!ct_date_add_days((CT_DATE_END - 1), 1, &d, &error) &&
	   error.code == CT_BAD_DATE, "no day after the last");
	ok(!ct_date_add_days(CT_DATE_FIRST, -1, &d, &error), "none before the first");
	ok(!ct_date_add_months((CT_DATE_END - 1), 1, &d, &error), "no month after");
	ok(!ct_date_end_of_period((CT_DATE_END - 1), 12, 0, &d, &error),
	   "no end of the last year");
	ok(ct_date_add_days(CT_DATE_FIRST,
						(int64_t) CT_DATE_END - 1 - CT_DATE_FIRST, &d, &error) &&
	   d == (CT_DATE_END - 1), "from the first to the last");
}

/* The k-th review of someone who never moves. */
static const char *
review(const char *text, const char *since, const char *joined, int k)
{
	static ct_error error;
	ct_policy	policy;
	ct_date		date = date_of(since);

	if (!ct_policy_parse(text, (int) strlen(text), true, &policy, &error))
		return error.detail;
	for (int i = 0; i < k; i++)
		if (!ct_policy_review_after(&policy, date_of(since), date_of(joined),
									date, &date, &error))
			return error.detail;
	return date == CT_NO_DATE ? "none" : text_of(date);
}

static void
test_reviews(void)
{
	static const struct
	{
		const char *policy;
		const char *since;
		const char *joined;
		int			k;
		const char *expected;
	}			cases[] = {
		{"", "2024-01-31", "2024-01-31", 1, "none"},
		{"review every 1 months", "2024-01-31", "2024-01-31", 1, "2024-02-29"},
		{"review every 1 months", "2024-01-31", "2024-01-31", 2, "2024-03-31"},
		{"review every 1 months", "2024-01-31", "2024-01-31", 3, "2024-04-30"},
		{"review every 1 months", "2023-01-31", "2023-01-31", 1, "2023-02-28"},
		{"review every 12 months", "2024-02-29", "2024-02-29", 1, "2025-02-28"},
		{"review every 12 months", "2024-02-29", "2024-02-29", 4, "2028-02-29"},
		{"review every 10 days", "2024-02-25", "2024-02-25", 1, "2024-03-06"},
		{"review every 2 years", "2024-02-29", "2024-02-29", 2, "2028-02-29"},
		{"review on anniversary", "2024-10-25", "2020-02-29", 1, "2025-02-28"},
		{"review on anniversary", "2024-10-25", "2020-02-29", 4, "2028-02-29"},
		{"review on anniversary", "2024-02-29", "2020-02-29", 1, "2025-02-28"},
		{"review at end of month", "2024-01-31", "2024-01-31", 1, "2024-02-01"},
		{"review at end of month", "2024-02-01", "2024-02-01", 1, "2024-03-01"},
		{"review at end of quarter", "2024-05-17", "2024-05-17", 1, "2024-07-01"},
		{"review at end of half", "2024-05-17", "2024-05-17", 2, "2025-01-01"},
		{"review at end of year", "2024-12-31", "2024-12-31", 1, "2025-01-01"},
		{"review at end of year", "2025-01-01", "2025-01-01", 1, "2026-01-01"},
		{"review at end of next month", "2024-01-15", "2024-01-15", 1, "2024-03-01"},
		{"review at end of next quarter", "2024-11-15", "2024-11-15", 1, "2025-04-01"},
		{"review at end of next half", "2024-11-15", "2024-11-15", 1, "2025-07-01"},
		{"review at end of next year", "2018-11-10", "2018-11-10", 1, "2020-01-01"},
		{"review at end of next year", "2018-11-10", "2018-11-10", 2, "2021-01-01"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *got = review(cases[i].policy, cases[i].since,
								 cases[i].joined, cases[i].k);

		ok(strcmp(got, cases[i].expected) == 0, "%s from %s, review %d: %s",
		   cases[i].policy, cases[i].since, cases[i].k, got);
	}
}

/* A review is the least date of its schedule after the given one. */
static void
test_schedules(void)
{
	ct_policy	policy;
	ct_error	error;
	bool		least = true;

	for (int i = 0; i < 20000; i++)
	{
		char		text[64];
		int			n = random_below(40) + 1;
		ct_date		since = random_below(20000);
		ct_date		after = since + random_below(20000);
		bool		days = i % 2 == 0;
		ct_date		got,
					k_th,
					before = since;

		snprintf(text, sizeof(text), "review every %d %s", n,
				 days ? "days" : "months");
		if (!ct_policy_parse(text, (int) strlen(text), true, &policy, &error))
			least = false;
		ct_policy_review_after(&policy, since, since, after, &got, &error);
		for (int k = 1;; k++)
		{
			if (days)
				k_th = since + k * n;
			else
				ct_date_add_months(since, k * n, &k_th, &error);
			if (k_th > after)
				break;
			before = k_th;
		}
		least &= got == k_th && before <= after;
	}
	ok(least, "the next review is the first of its schedule");
}

static void
test_text(void)
{
	static const char *const longest =
		"review at end of next quarter, upgrade at review, drop one step, grace 36525 days, keep at 99.9999999999999999%";
	ct_policy	a,
				b;
	ct_error	error;
	char		text[CT_POLICY_TEXT_SIZE];

	ok(ct_policy_parse(longest, (int) strlen(longest), true, &a, &error),
	   "the longest policy");
	ok(ct_policy_text(&a, text) == (int) strlen(longest) &&
	   strcmp(text, longest) == 0, "is its own canonical text");
	ok(ct_policy_parse(text, (int) strlen(text), false, &b, &error) &&
	   memcmp(&a, &b, sizeof(a)) == 0, "which reads back to the same bytes");
	ok(!ct_policy_parse("drop  never , grace 2 days", 26, true, &a, &error) &&
	   error.code == CT_BAD_SYNTAX && error.position == 14 &&
	   error.hint[0] != '\0', "a contradiction has position and hint");
}

int
main(void)
{
	test_calendar();
	test_reviews();
	test_schedules();
	test_text();
	return done_testing();
}
