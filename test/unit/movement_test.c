/*
 * movement_test.c
 *		What happens on which date, case by case.
 */
#include "dates.h"
#include "moves.h"
#include "unit.h"

/* No figure for the review. */
#define NONE INT32_MIN

static programme
programme_of(const char *ladder, const char *policy)
{
	programme	p = {build(ladder)};

	p.policy = policy_of(policy);
	return p;
}

/* The clauses point into the policy, wherever the programme has been moved. */
static bool
move_to(programme *p, ct_assignment *a, const char *date, int value,
		int review)
{
	ct_figure	f = integer(value);
	ct_figure	g = integer(review);
	ct_outcome	outcome;

	p->clauses = clauses_of(&p->policy, p->ladder);
	return move_on(p, a, &f, review == NONE ? NULL : &g, date_of(date), a,
				   &outcome);
}

/*
 * One call, which must lead to what is said: "gold joined: since 2024-01-05,
 * term 2024-01-05, review 2025-01-05, grace none".
 */
static void
moves(programme *p, ct_assignment *a, const char *date, int value, int review,
	  const char *expected)
{
	char		got[200];

	if (!move_to(p, a, date, value, review))
		abort();
	snprintf(got, sizeof(got), "%s %s: since %s, term %s, review %s, grace %s",
			 a->rung == p->ladder->nrungs ? "no tier" :
			 ct_ladder_label(p->ladder, a->rung),
			 ct_movement_text(a->movement), date_text(a->since),
			 date_text(a->term), date_text(a->review_on),
			 date_text(a->grace_until));
	ok(strcmp(got, expected) == 0, "%s: %s", date, got);
}

/* It changes nothing to say so again. */
static void
moves_twice(programme *p, ct_assignment *a, const char *date, int value,
			int review, const char *expected)
{
	ct_assignment once;

	moves(p, a, date, value, review, expected);
	once = *a;
	ok(move_to(p, a, date, value, review) && same_state(a, &once),
	   "and again the same");
}

static const ct_assignment nobody = {.since = CT_NO_DATE};

static const char *const three = "gold >= 200, silver >= 100, base";

static void
test_terms(void)
{
	programme	p = programme_of(three, "review every 12 months to end of month, drop one step");
	ct_assignment a = nobody;

	moves(&p, &a, "2010-03-17", 250, NONE, "gold joined: since 2010-03-17, term 2010-03-17, review 2011-04-01, grace none");
	moves(&p, &a, "2011-04-01", 0, NONE, "silver downgraded: since 2011-04-01, term 2011-04-01, review 2012-04-01, grace none");
	moves(&p, &a, "2012-04-01", 150, NONE, "silver renewed: since 2011-04-01, term 2011-04-01, review 2013-04-01, grace none");
	moves(&p, &a, "2012-06-01", 200, NONE, "gold upgraded: since 2012-06-01, term 2012-06-01, review 2013-07-01, grace none");
	moves(&p, &a, "2013-07-01", 200, NONE, "gold renewed: since 2012-06-01, term 2012-06-01, review 2014-07-01, grace none");
	p.policy = policy_of("review at end of next year");
	a = nobody;
	moves(&p, &a, "2018-06-10", 250, NONE, "gold joined: since 2018-06-10, term 2018-06-10, review 2020-01-01, grace none");
	moves(&p, &a, "2019-01-01", 0, NONE, "gold held: since 2018-06-10, term 2018-06-10, review 2020-01-01, grace none");
	moves(&p, &a, "2020-01-01", 0, NONE, "base downgraded: since 2020-01-01, term 2020-01-01, review 2021-01-01, grace none");
	moves(&p, &a, "2020-01-01", 100, NONE, "silver upgraded: since 2020-01-01, term 2020-01-01, review 2022-01-01, grace none");
	moves(&p, &a, "2022-01-01", 100, NONE, "silver renewed: since 2020-01-01, term 2020-01-01, review 2023-01-01, grace none");
	p.policy = policy_of("review on anniversary");
	a = nobody;
	moves(&p, &a, "2024-02-29", 150, NONE, "silver joined: since 2024-02-29, term 2024-02-29, review 2025-02-28, grace none");
	moves(&p, &a, "2024-12-01", 250, NONE, "gold upgraded: since 2024-12-01, term 2024-12-01, review 2025-02-28, grace none");
	moves(&p, &a, "2027-02-28", 250, NONE, "gold renewed: since 2024-12-01, term 2024-12-01, review 2028-02-29, grace none");
	free(p.ladder);
}

static void
test_grace(void)
{
	programme	p = programme_of(three, "review every 12 months, grace 3 months");
	ct_assignment a = nobody;
	ct_assignment graced;

	moves(&p, &a, "2020-01-15", 250, NONE, "gold joined: since 2020-01-15, term 2020-01-15, review 2021-01-15, grace none");
	moves_twice(&p, &a, "2021-01-20", 150, NONE, "gold grace: since 2020-01-15, term 2020-01-15, review 2021-01-15, grace 2021-04-15");
	moves(&p, &a, "2021-04-14", 0, NONE, "gold grace: since 2020-01-15, term 2020-01-15, review 2021-01-15, grace 2021-04-15");
	graced = a;
	moves_twice(&p, &a, "2021-04-15", 150, NONE, "silver downgraded: since 2021-04-15, term 2021-01-15, review 2022-01-15, grace none");
	a = graced;
	moves(&p, &a, "2021-04-15", 200, NONE, "gold renewed: since 2020-01-15, term 2020-01-15, review 2022-01-15, grace none");
	/* a year late */
	a = graced;
	moves(&p, &a, "2022-02-01", 150, NONE, "silver downgraded: since 2021-04-15, term 2021-01-15, review 2023-01-15, grace none");
	/* grace that spans reviews, which then are none */
	p.policy = policy_of("review every 1 month, grace 40 days");
	a = nobody;
	moves(&p, &a, "2024-01-31", 250, NONE, "gold joined: since 2024-01-31, term 2024-01-31, review 2024-02-29, grace none");
	moves(&p, &a, "2024-02-29", 0, NONE, "gold grace: since 2024-01-31, term 2024-01-31, review 2024-02-29, grace 2024-04-09");
	graced = a;
	moves(&p, &a, "2024-04-09", 250, NONE, "gold renewed: since 2024-01-31, term 2024-01-31, review 2024-04-30, grace none");
	a = graced;
	moves(&p, &a, "2024-04-09", 0, NONE, "base downgraded: since 2024-04-09, term 2024-02-29, review 2024-04-29, grace none");
	/* an upgrade ends it */
	p.policy = policy_of("review every 1 month; silver: grace 1 month");
	a = nobody;
	moves(&p, &a, "2024-01-10", 150, NONE, "silver joined: since 2024-01-10, term 2024-01-10, review 2024-02-10, grace none");
	moves(&p, &a, "2024-02-10", 0, NONE, "silver grace: since 2024-01-10, term 2024-01-10, review 2024-02-10, grace 2024-03-10");
	moves(&p, &a, "2024-02-20", 250, NONE, "gold upgraded: since 2024-02-20, term 2024-02-20, review 2024-03-20, grace none");
	moves(&p, &a, "2024-03-20", 150, NONE, "silver downgraded: since 2024-03-20, term 2024-03-20, review 2024-04-20, grace none");
	free(p.ladder);
}

/* A review of last year does not take what this year gives on the same day. */
static void
test_regained(void)
{
	programme	p = programme_of(three, "review at end of next year");
	ct_assignment a = nobody;
	ct_assignment before;

	moves(&p, &a, "2020-05-01", 50, 250, "gold joined: since 2020-05-01, term 2020-05-01, review 2022-01-01, grace none");
	before = a;
	moves_twice(&p, &a, "2022-01-01", 250, 50, "gold renewed: since 2020-05-01, term 2022-01-01, review 2024-01-01, grace none");
	moves(&p, &a, "2022-01-02", 250, 50, "gold unchanged: since 2020-05-01, term 2022-01-01, review 2024-01-01, grace none");
	ok(!move_to(&p, &a, "2021-12-31", 250, 50) &&
	   error.code == CT_BAD_PARAMETER &&
	   strstr(error.message, "as_of 2021-12-31") != NULL &&
	   strstr(error.detail, "2022-01-01") != NULL, "%s: %s", error.message,
	   error.detail);
	a = before;
	moves_twice(&p, &a, "2022-01-05", 250, 50, "gold renewed: since 2022-01-05, term 2022-01-05, review 2024-01-01, grace none");
	a = before;
	moves_twice(&p, &a, "2022-01-01", 150, 50, "silver downgraded: since 2022-01-01, term 2022-01-01, review 2024-01-01, grace none");
	a = before;
	moves_twice(&p, &a, "2022-01-01", 50, 250, "gold renewed: since 2020-05-01, term 2020-05-01, review 2023-01-01, grace none");
	free(p.ladder);
}

static void
test_upgrade_at_review(void)
{
	programme	p = programme_of(three, "review at end of quarter, upgrade at review; silver: upgrade now");
	ct_assignment a = nobody;

	moves(&p, &a, "2024-01-10", 0, NONE, "base joined: since 2024-01-10, term 2024-01-10, review 2024-04-01, grace none");
	moves(&p, &a, "2024-03-31", 150, NONE, "base unchanged: since 2024-01-10, term 2024-01-10, review 2024-04-01, grace none");
	moves_twice(&p, &a, "2024-04-20", 150, NONE, "silver upgraded: since 2024-04-01, term 2024-04-01, review 2024-07-01, grace none");
	moves(&p, &a, "2024-04-21", 250, 0, "gold upgraded: since 2024-04-21, term 2024-04-21, review 2024-07-01, grace none");
	/* the review looks at its own figure */
	moves(&p, &a, "2024-07-01", 250, 0, "base downgraded: since 2024-07-01, term 2024-07-01, review 2024-10-01, grace none");
	moves(&p, &a, "2024-10-01", 0, 250, "gold upgraded: since 2024-10-01, term 2024-10-01, review 2025-01-01, grace none");
	free(p.ladder);
}

static void
test_tiers(void)
{
	programme	p = programme_of(three, "review every 1 month, drop to fit; gold: drop never; silver: review every 1 year, grace 10 days, drop one step");
	ct_assignment a = nobody;

	moves(&p, &a, "2024-01-10", 250, NONE, "gold joined: since 2024-01-10, term 2024-01-10, review 2024-02-10, grace none");
	moves_twice(&p, &a, "2030-01-01", 0, NONE, "gold held: since 2024-01-10, term 2024-01-10, review 2030-01-10, grace none");
	a = nobody;
	moves(&p, &a, "2024-01-10", 150, NONE, "silver joined: since 2024-01-10, term 2024-01-10, review 2025-01-10, grace none");
	moves(&p, &a, "2025-01-10", 0, NONE, "silver grace: since 2024-01-10, term 2024-01-10, review 2025-01-10, grace 2025-01-20");
	/* the base has its reviews every month, from the one that was failed */
	moves_twice(&p, &a, "2025-01-20", 0, NONE, "base downgraded: since 2025-01-20, term 2025-01-10, review 2025-02-10, grace none");
	/* a tier with review dates above others without, and between them */
	p.policy = policy_of("; gold: review every 1 month, drop one step");
	a = nobody;
	moves(&p, &a, "2024-01-10", 250, NONE, "gold joined: since 2024-01-10, term 2024-01-10, review 2024-02-10, grace none");
	moves_twice(&p, &a, "2024-02-10", 0, NONE, "silver downgraded: since 2024-02-10, term none, review none, grace none");
	moves(&p, &a, "2024-02-11", 0, NONE, "base downgraded: since 2024-02-11, term none, review none, grace none");
	moves(&p, &a, "2024-02-12", 200, NONE, "gold upgraded: since 2024-02-12, term 2024-02-12, review 2024-03-12, grace none");
	free(p.ladder);
}

/* Under review always, a second call on one date changes nothing either. */
static void
test_always(void)
{
	programme	p = programme_of(three, "drop one step; silver: drop to fit");
	ct_assignment a = nobody;

	moves(&p, &a, "2024-01-10", 250, NONE, "gold joined: since 2024-01-10, term none, review none, grace none");
	moves_twice(&p, &a, "2024-02-10", 0, NONE, "silver downgraded: since 2024-02-10, term none, review none, grace none");
	moves_twice(&p, &a, "2024-02-11", 0, NONE, "base downgraded: since 2024-02-11, term none, review none, grace none");
	p.policy = policy_of("drop one step; silver: grace 3 days");
	a = nobody;
	moves(&p, &a, "2024-01-10", 250, NONE, "gold joined: since 2024-01-10, term none, review none, grace none");
	moves_twice(&p, &a, "2024-02-10", 0, NONE, "silver downgraded: since 2024-02-10, term none, review none, grace 2024-02-13");
	moves_twice(&p, &a, "2024-02-13", 0, NONE, "base downgraded: since 2024-02-13, term none, review none, grace none");
	/* both figures must be short for a tier to be lost */
	p.policy = policy_of("grace 1 month");
	a = nobody;
	moves_twice(&p, &a, "2024-01-10", 250, 50, "gold joined: since 2024-01-10, term none, review none, grace none");
	moves_twice(&p, &a, "2024-01-11", 250, 50, "gold unchanged: since 2024-01-10, term none, review none, grace none");
	moves_twice(&p, &a, "2024-01-12", 150, 50, "gold grace: since 2024-01-10, term none, review none, grace 2024-02-12");
	moves_twice(&p, &a, "2024-02-11", 250, 50, "gold renewed: since 2024-01-10, term none, review none, grace none");
	moves_twice(&p, &a, "2024-02-12", 150, 50, "gold grace: since 2024-01-10, term none, review none, grace 2024-03-12");
	moves_twice(&p, &a, "2024-03-12", 250, 50, "gold renewed: since 2024-01-10, term none, review none, grace none");
	moves_twice(&p, &a, "2024-03-13", 50, 150, "gold grace: since 2024-01-10, term none, review none, grace 2024-04-13");
	moves_twice(&p, &a, "2024-04-20", 50, 150, "silver downgraded: since 2024-04-13, term none, review none, grace none");
	free(p.ladder);
}

static void
test_changes(void)
{
	programme	p = programme_of(three, "");
	ct_assignment a = nobody;

	moves(&p, &a, "2024-01-10", 250, NONE, "gold joined: since 2024-01-10, term none, review none, grace none");
	/* the reviews that there would have been have not been failed */
	p.policy = policy_of("review every 12 months, grace 2 months");
	moves_twice(&p, &a, "2025-03-01", 0, NONE, "gold held: since 2024-01-10, term 2024-01-10, review 2026-01-10, grace none");
	p.policy = policy_of("; gold: grace 10 days");
	moves_twice(&p, &a, "2025-03-02", 0, NONE, "gold grace: since 2024-01-10, term none, review none, grace 2025-03-12");
	/* grace goes on whatever was meant to follow it */
	p.policy = policy_of("review every 12 months, grace 2 months");
	moves_twice(&p, &a, "2025-03-05", 0, NONE, "gold grace: since 2024-01-10, term 2024-01-10, review none, grace 2025-03-12");
	moves_twice(&p, &a, "2025-03-12", 0, NONE, "base downgraded: since 2025-03-12, term 2025-03-12, review 2026-03-12, grace none");
	moves(&p, &a, "2025-04-01", 150, NONE, "silver upgraded: since 2025-04-01, term 2025-04-01, review 2026-04-01, grace none");
	moves(&p, &a, "2026-04-01", 0, NONE, "silver grace: since 2025-04-01, term 2025-04-01, review 2026-04-01, grace 2026-06-01");
	p.policy = policy_of("");
	moves_twice(&p, &a, "2026-05-01", 0, NONE, "silver grace: since 2025-04-01, term none, review none, grace 2026-06-01");
	moves_twice(&p, &a, "2026-06-10", 0, NONE, "base downgraded: since 2026-06-01, term none, review none, grace none");

	/* a ladder that lacks the tier: placed anew, joined when one had */
	a.rung = CT_RUNG_UNKNOWN;
	moves(&p, &a, "2026-07-01", 50, 150, "silver joined: since 2026-07-01, term none, review none, grace none");
	ok(a.joined == date_of("2024-01-10"), "joined is the first time");
	a.movement = CT_LEFT;
	moves(&p, &a, "2026-08-01", 50, NONE, "base joined: since 2026-08-01, term none, review none, grace none");
	ok(a.joined == date_of("2026-08-01"), "but not for who has left");
	free(p.ladder);
}

/* Previous assignments that no call can have made. */
static void
test_contradictions(void)
{
	static const char *const wrong[][5] = {
		/* since, term, review, grace, as_of */
		{"2024-01-10", "2024-01-10", "2024-01-09", NULL, "2025-01-01"},
		{"2024-01-10", "2024-03-10", "2024-02-10", NULL, "2025-01-01"},
		{"2024-01-10", "2024-01-10", "2024-02-10", "2024-01-09", "2025-01-01"},
		{"2024-01-10", "2024-01-10", "2024-02-10", "2024-02-09", "2025-01-01"},
		{"2024-01-10", NULL, NULL, "2024-01-09", "2025-01-01"},
		/* time does not go back */
		{"2024-01-10", NULL, NULL, NULL, "2024-01-09"},
		{"2024-01-10", "2024-03-10", "2024-05-10", NULL, "2024-03-09"},
		{"2024-01-10", "2024-01-10", "2024-02-10", "2024-03-10", "2024-02-09"}
	};
	programme	p = programme_of(three, "review every 1 month, grace 1 month");

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
	{
		ct_date		dates[4];
		ct_assignment a = {0};

		for (int k = 0; k < 4; k++)
			dates[k] = wrong[i][k] != NULL ? date_of(wrong[i][k]) : CT_NO_DATE;
		a.since = a.joined = dates[0];
		a.term = dates[1];
		a.review_on = dates[2];
		a.grace_until = dates[3];
		ok(!move_to(&p, &a, wrong[i][4], 0, NONE) &&
		   error.code == CT_BAD_PARAMETER && error.message[0] != '\0',
		   "%s: %s", error.message, error.detail);
	}
	free(p.ladder);
}

static void
test_limits(void)
{
	programme	p = programme_of("gold >= 200, base", "review every 1 days, grace 1 days");
	ct_assignment a = nobody;
	ct_assignment first;
	ct_assignment b;

	moves(&p, &a, "-4713-11-24", 250, NONE, "gold joined: since -4713-11-24, term -4713-11-24, review -4713-11-25, grace none");
	first = b = a;
	moves(&p, &b, "5874897-12-30", 250, NONE, "gold renewed: since -4713-11-24, term -4713-11-24, review 5874897-12-31, grace none");
	ok(!move_to(&p, &a, "5874897-12-31", 250, NONE) &&
	   error.code == CT_BAD_DATE, "no review after the last date");
	b = first;
	moves(&p, &b, "5874897-12-30", 0, NONE, "base downgraded: since -4713-11-26, term -4713-11-25, review 5874897-12-31, grace none");
	b = first;
	b.review_on = date_of("5874897-12-31");
	ok(!move_to(&p, &b, "5874897-12-31", 0, NONE) &&
	   error.code == CT_BAD_DATE, "nor does grace end then");
	free(p.ladder);
}

int
main(void)
{
	test_terms();
	test_grace();
	test_regained();
	test_upgrade_at_review();
	test_tiers();
	test_always();
	test_changes();
	test_contradictions();
	test_limits();
	return done_testing();
}
