/*
 * review_test.c
 *		The dates that follow from policies, against an oracle that looks at
 *		one day after another.
 */
#include "core/review.h"
#include "dates.h"
#include "figures.h"
#include "random.h"
#include "unit.h"

/* What the policy says, before it is written down. */
typedef struct review_spec
{
	ct_review	review;
	int			count;			/* days or months */
	bool		to_month_end;
	int			from;			/* a month, or 0 without one */
} review_spec;

/* A term, and who asks for its reviews. */
typedef struct review_term
{
	ct_date		begins;
	bool		risen;
	ct_date		joined;
} review_term;

static review_spec
random_spec(void)
{
	static const int periods[] = {1, 3, 6, 12};
	review_spec s = {CT_REVIEW_EVERY_DAYS + random_below(5)};

	switch (s.review)
	{
		case CT_REVIEW_EVERY_DAYS:
			s.count = 1 + random_below(random_below(2) ? 35 : 400);
			s.to_month_end = random_below(2);
			break;
		case CT_REVIEW_EVERY_MONTHS:
			s.count = 1 + random_below(random_below(2) ? 12 : 40);
			s.to_month_end = random_below(2);
			break;
		case CT_REVIEW_END_OF:
		case CT_REVIEW_END_OF_NEXT:
			s.count = periods[random_below(4)];
			s.from = s.count > 1 ? random_below(13) : 0;
			break;
		default:
			break;
	}
	return s;
}

static ct_clauses
clauses_of_spec(const review_spec *s)
{
	static const char *const months[] = {
		"", " from jan", " from February", " from mar", " from april",
		" from MAY", " from june", " from jul", " from august",
		" from september", " from oct", " from november", " from dec"
	};
	char		text[100];

	switch (s->review)
	{
		case CT_REVIEW_EVERY_DAYS:
		case CT_REVIEW_EVERY_MONTHS:
			snprintf(text, sizeof(text), "review every %d %s%s",
					 s->review == CT_REVIEW_EVERY_MONTHS &&
					 s->count % 12 == 0 ? s->count / 12 : s->count,
					 s->review == CT_REVIEW_EVERY_DAYS ? "days" :
					 s->count % 12 == 0 ? "years" : "months",
					 s->to_month_end ? " to end of month" : "");
			break;
		case CT_REVIEW_ANNIVERSARY:
			strcpy(text, "review on anniversary");
			break;
		default:
			snprintf(text, sizeof(text), "review at end of %s%s%s",
					 s->review == CT_REVIEW_END_OF_NEXT ? "next " : "",
					 s->count == 1 ? "month" : s->count == 3 ? "quarter" :
					 s->count == 6 ? "half" : "year", months[s->from]);
	}
	return policy_of(text).base;
}

/* Does a step of the schedule, not yet put off, fall on a day? */
static bool
is_step(const review_spec *s, const review_term *t, ct_date day)
{
	int			months = slow_month(day) - slow_month(t->begins);
	int			wanted = slow_day_of(t->begins)->day;

	if (day <= t->begins)
		return false;
	if (s->review == CT_REVIEW_EVERY_DAYS)
		return (day - t->begins) % s->count == 0;
	return months > 0 && months % s->count == 0 &&
		(slow_day_of(day)->day == wanted ||
		 (slow_day_of(day)->day < wanted && slow_day_of(day)->last_of_month));
}

/* Is one in the month that ends before a day? */
static bool
is_step_in_month_before(const review_spec *s, const review_term *t, ct_date day)
{
	do
		if (is_step(s, t, --day))
			return true;
	while (slow_day_of(day)->day > 1);
	return false;
}

static bool
begins_period(const review_spec *s, ct_date day)
{
	int			from = s->from > 0 ? s->from - 1 : 0;

	return slow_day_of(day)->day == 1 &&
		(slow_day_of(day)->month + 12 - 1 - from) % s->count == 0;
}

/* Is there a review on a day that comes after the term has begun? */
static bool
is_review(const review_spec *s, const review_term *t, ct_date day)
{
	const slow_day *d = slow_day_of(day);
	const slow_day *joined = slow_day_of(t->joined);
	bool		put_off = s->to_month_end;

	switch (s->review)
	{
		case CT_REVIEW_ANNIVERSARY:
			return d->year > joined->year && d->month == joined->month &&
				(d->day == joined->day ||
				 (d->day == 28 && joined->day == 29 && d->last_of_month));
		case CT_REVIEW_END_OF_NEXT:
			if (t->risen && begins_period(s, day))
				while (--day > t->begins)
					if (begins_period(s, day))
						return true;
			return !t->risen && begins_period(s, day);
		case CT_REVIEW_END_OF:
			return begins_period(s, day);
		default:
			break;
	}
	/* a review that was put off itself has been at the end of its month */
	if (s->review == CT_REVIEW_EVERY_MONTHS && !t->risen &&
		slow_day_of(t->begins)->day == 1)
		put_off = false;
	if (put_off)
		return d->day == 1 && is_step_in_month_before(s, t, day);
	return is_step(s, t, day);
}

static ct_date
slow_review_after(const review_spec *s, const review_term *t, ct_date after)
{
	do
		after++;
	while (!is_review(s, t, after));
	return after;
}

/* Often the first or last day of a month, or the leap day. */
static ct_date
random_date(void)
{
	ct_date		date = random_below(8000);

	switch (random_below(6))
	{
		case 0:
			while (slow_day_of(date)->day != 1)
				date--;
			break;
		case 1:
			while (!slow_day_of(date)->last_of_month)
				date++;
			break;
		case 2:
			while (slow_day_of(date)->month != 2 ||
				   slow_day_of(date)->day != 29)
				date++;
			break;
	}
	return date;
}

static void
test_oracle(void)
{
	int			wrong[CT_REVIEW_ANNIVERSARY + 1] = {0};
	ct_date		review;

	for (int i = 0; i < 30000; i++)
	{
		review_spec s = random_spec();
		ct_clauses	clauses = clauses_of_spec(&s);
		review_term t;
		ct_date		after;

		t.begins = random_date();
		t.risen = random_below(2);
		t.joined = t.begins - random_below(2) * random_below(3000);
		after = t.begins + random_below(2) * random_below(1500);
		if (!ct_review_after(&clauses, t.begins, t.risen, t.joined, after,
							 &review, &error) ||
			review != slow_review_after(&s, &t, after))
			wrong[s.review]++;
	}
	ok(wrong[CT_REVIEW_EVERY_DAYS] == 0, "reviews every n days");
	ok(wrong[CT_REVIEW_EVERY_MONTHS] == 0, "reviews every n months or years");
	ok(wrong[CT_REVIEW_END_OF] == 0, "reviews at the end of periods");
	ok(wrong[CT_REVIEW_END_OF_NEXT] == 0, "reviews at the end of next ones");
	ok(wrong[CT_REVIEW_ANNIVERSARY] == 0, "reviews on anniversaries");
}

static void
test_grace(void)
{
	bool		right = true;

	for (int i = 0; i < 5000; i++)
	{
		review_spec s = {CT_REVIEW_EVERY_DAYS + random_below(2)};
		review_term t = {random_date()};
		ct_clauses	clauses;
		char		text[50];
		ct_date		end;

		s.count = 1 + random_below(60);
		snprintf(text, sizeof(text), "grace %d %s", s.count,
				 s.review == CT_REVIEW_EVERY_DAYS ? "days" : "months");
		clauses = policy_of(text).base;
		right &= ct_grace_end(&clauses, t.begins, &end, &error) &&
			end == slow_review_after(&s, &t, t.begins);
	}
	ok(right, "grace ends as many days or months later");
}

/* Reviews of someone who joined on a date, rose then, and passes each. */
static void
test_cases(void)
{
	static const struct
	{
		const char *policy;
		const char *term;
		const char *joined;
		bool		risen;
		const char *reviews[3];
	}			cases[] = {
		{"", "2024-01-31", "2024-01-31", true, {"none"}},
		{"review every 12 months to end of month", "2010-03-17", "2010-03-17",
		true, {"2011-04-01", "2012-04-01", "2013-04-01"}},
		{"review every 12 months to end of month", "2011-04-01", "2010-03-17",
		false, {"2012-04-01", "2013-04-01"}},
		{"review every 12 months to end of month", "2010-04-01", "2010-04-01",
		true, {"2011-05-01", "2012-05-01"}},
		{"review every 1 month to end of month", "2024-01-31", "2024-01-31",
		true, {"2024-03-01", "2024-04-01", "2024-05-01"}},
		{"review every 30 days to end of month", "2024-01-01", "2024-01-01",
		true, {"2024-02-01", "2024-04-01", "2024-05-01"}},
		{"review at end of year from october", "2025-08-20", "2025-08-20",
		true, {"2025-10-01", "2026-10-01"}},
		{"review at end of year from october", "2025-10-01", "2025-08-20",
		true, {"2026-10-01"}},
		{"review at end of year from october", "2025-10-01", "2025-08-20",
		false, {"2026-10-01"}},
		{"review at end of next year", "2018-06-10", "2018-06-10", true,
		{"2020-01-01", "2021-01-01"}},
		{"review at end of next year", "2020-01-01", "2018-06-10", false,
		{"2021-01-01", "2022-01-01"}},
		{"review at end of next year from july", "2018-06-10", "2018-06-10",
		true, {"2019-07-01", "2020-07-01"}},
		{"review at end of quarter from feb", "2024-11-15", "2024-11-15", true,
		{"2025-02-01", "2025-05-01", "2025-08-01"}},
		{"review at end of next half", "2024-11-15", "2024-11-15", true,
		{"2025-07-01", "2026-01-01"}},
		{"review at end of month", "2024-02-01", "2024-02-01", true,
		{"2024-03-01", "2024-04-01"}},
		{"review every 1 months", "2024-01-31", "2024-01-31", true,
		{"2024-02-29", "2024-03-31", "2024-04-30"}},
		{"review every 2 years", "2024-02-29", "2024-02-29", true,
		{"2026-02-28", "2028-02-29", "2030-02-28"}},
		{"review on anniversary", "2026-05-01", "2024-02-29", true,
		{"2027-02-28", "2028-02-29", "2029-02-28"}},
		{"review on anniversary", "2024-02-29", "2020-02-29", false,
		{"2025-02-28", "2026-02-28"}}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		ct_clauses	clauses = policy_of(cases[i].policy).base;
		ct_date		begins = date_of(cases[i].term);
		ct_date		date = begins;

		for (int k = 0; k < 3 && cases[i].reviews[k] != NULL; k++)
			ok(ct_review_after(&clauses, begins, cases[i].risen,
							   date_of(cases[i].joined), date, &date,
							   &error) &&
			   strcmp(date_text(date), cases[i].reviews[k]) == 0,
			   "\"%s\", %s %s: review %d on %s", cases[i].policy,
			   cases[i].risen ? "risen on" : "from", cases[i].term, k + 1,
			   date_text(date));
	}
}

/* Dates beyond the last one. */
static void
test_ends(void)
{
	static const struct
	{
		const char *policy;
		int			last;		/* days before the end of dates: what works
								 * later than that has no review any more */
	}			cases[] = {
		{"review every 1 day", 2},
		{"review every 40 days", 41},
		{"review every 1 month", 32},
		{"review every 1 day to end of month", 33},
		{"review every 1 month to end of month", 62},
		{"review at end of month", 32},
		{"review at end of next month", 62},
		{"review at end of quarter", 93},
		{"review at end of half", 185},
		{"review at end of year from december", 32},
		{"review on anniversary", 366}
	};
	ct_date		date;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		ct_clauses	clauses = policy_of(cases[i].policy).base;
		ct_date		last = CT_DATE_END - cases[i].last;

		ok(ct_review_after(&clauses, last, true, last, last, &date, &error) &&
		   ct_date_valid(date), "\"%s\" has a last review on %s",
		   cases[i].policy, date_text(date));
		ok(!ct_review_after(&clauses, last + 1, true, last + 1, last + 1,
							&date, &error) && error.code == CT_BAD_DATE &&
		   error.detail[0] != '\0', "and none after");
		ok(ct_review_after(&clauses, CT_DATE_FIRST, true, CT_DATE_FIRST, last,
						   &date, &error) || error.code == CT_BAD_DATE,
		   "nor does the first term do any harm");
	}
	for (int months = 0; months < 2; months++)
	{
		ct_clauses	clauses = policy_of(months ? "grace 1 month" :
										"grace 1 day").base;

		ok(!ct_grace_end(&clauses, CT_DATE_END - 1, &date, &error) &&
		   error.code == CT_BAD_DATE, "grace does not end after the last date");
	}
}

int
main(void)
{
	test_oracle();
	test_grace();
	test_cases();
	test_ends();
	return done_testing();
}
