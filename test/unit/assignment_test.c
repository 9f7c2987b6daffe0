/*
 * assignment_test.c
 *		Standing on ladders, and the laws of movement over random histories.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "core/assignment.h"
#include "core/reason.h"
#include "random.h"

static ct_error error;

static ct_ladder *
build(const char *text)
{
	static ct_ladder_draft draft;
	ct_ladder  *ladder;

	if (!ct_ladder_parse(text, (int) strlen(text), true, &draft, &error))
		abort();
	ladder = calloc(1, ct_ladder_size(&draft));
	ct_ladder_build(&draft, ladder);
	if (!ct_ladder_check(ladder, &draft, &error))
		abort();
	return ladder;
}

static ct_policy
policy_of(const char *text)
{
	ct_policy	policy;

	if (!ct_policy_parse(text, (int) strlen(text), true, &policy, &error))
		abort();
	return policy;
}

static ct_figure
integer(int64_t value)
{
	ct_figure	f = {CT_FIGURE_INTEGER};

	f.as.integer = value;
	return f;
}

static ct_figure
real(double value)
{
	ct_figure	f = {CT_FIGURE_DOUBLE};

	f.as.real = value;
	return f;
}

static ct_figure
decimal(const char *text, int16_t *digits)
{
	ct_figure	f = {CT_FIGURE_DECIMAL};

	if (!ct_decimal_parse(text, (int) strlen(text), digits, &f.as.decimal))
		abort();
	return f;
}

/* The bound that keeps the top rung of a ladder, as text. */
static const char *
keep_bound(const char *bound, const char *percent)
{
	static char result[4000];
	char		text[3000];
	ct_ladder  *ladder;
	ct_policy	policy;
	int16_t    *digits;
	ct_decimal	d;

	snprintf(text, sizeof(text), "high >= %s, rest", bound);
	ladder = build(text);
	snprintf(text, sizeof(text), "keep at %s%%", percent);
	policy = policy_of(text);
	/* just the room that is asked for */
	digits = malloc(sizeof(int16_t) *
					CT_KEEP_ROOM(ct_ladder_conditions(ladder)[0].ndigits));
	ct_keep_bound(ladder, 0, policy.keep, digits, &d);
	if (ct_decimal_text_size(&d) > sizeof(result))
		abort();
	ct_decimal_format(&d, result);
	free(digits);
	free(ladder);
	return result;
}

static void
test_keep(void)
{
	static const struct
	{
		const char *bound;
		const char *percent;
		const char *expected;
	}			cases[] = {
		{"200", "80", "160"},
		{"5000", "62.5", "3125"},
		{"0.07", "33.3333333333333333", "0.02333333333333333331"},
		{"99999999999999999999", "99.9999999999999999",
		"99999999999999999899.000000000000000001"},
		{"1e-20", "0.0000000000000001", "0.00000000000000000000000000000000000001"},
		{"1e30", "10", "100000000000000000000000000000"},
		{"0", "50", "0"},
		{"-10", "50", "-10"},
		{"10000", "1", "100"},
		{"9999.9999", "50", "4999.99995"}
	};
	ct_ladder  *ladder = build("gold >= 200, silver > 0.1, base >= -5");
	ct_figure	f;
	int16_t		digits[16];
	ct_policy	tenth = policy_of("keep at 30%");
	bool		exact = true;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *got = keep_bound(cases[i].bound, cases[i].percent);

		ok(strcmp(got, cases[i].expected) == 0, "%s%% of %s is %s",
		   cases[i].percent, cases[i].bound, got);
	}
	for (int i = 0; i < 20000; i++)
	{
		/* bound / 10^4 * percent / 10^4 / 100 in integers */
		uint64_t	bound = random_word() >> (20 + random_below(40));
		uint64_t	percent = (uint64_t) random_below(1000000) + 1;
		unsigned __int128 product = (unsigned __int128) bound * percent;
		char		bound_text[40];
		char		percent_text[40];
		ct_wide		wide;
		char		expected[CT_WIDE_TEXT_SIZE];

		snprintf(bound_text, sizeof(bound_text), "%llu.%04llu",
				 (unsigned long long) bound / 10000,
				 (unsigned long long) bound % 10000);
		snprintf(percent_text, sizeof(percent_text), "%llu.%04llu",
				 (unsigned long long) percent / 10000,
				 (unsigned long long) percent % 10000);
		ct_wide_from_int128(&wide, (ct_int128) product);
		ct_wide_format(&wide, 10, expected);
		exact &= strcmp(keep_bound(bound_text, percent_text), expected) == 0;
	}
	ok(exact, "a part of a bound is exact");

	/* 30 % of 0.1 is 0.03, whose nearest double is 0.03 */
	f = real(0.03);
	ok(!ct_figure_keeps(ladder, 1, tenth.keep, &f), "> 0.03 is not 0.03");
	f = real(nextafter(0.03, 1));
	ok(ct_figure_keeps(ladder, 1, tenth.keep, &f), "the next double is");
	f = decimal("0.03", digits);
	ok(!ct_figure_keeps(ladder, 1, tenth.keep, &f), "decimal 0.03");
	f = decimal("0.0300000000000000000000000000000001", digits);
	ok(ct_figure_keeps(ladder, 1, tenth.keep, &f), "a little more");
	f = integer(60);
	ok(ct_figure_keeps(ladder, 0, tenth.keep, &f), "60 keeps 200 at 30%%");
	f = integer(59);
	ok(!ct_figure_keeps(ladder, 0, tenth.keep, &f), "59 does not");
	f = integer(-5);
	ok(ct_figure_keeps(ladder, 2, tenth.keep, &f), "-5 keeps -5");
	f = integer(-6);
	ok(!ct_figure_keeps(ladder, 2, tenth.keep, &f), "-6 does not");
	f.kind = CT_FIGURE_NULL;
	ok(!ct_figure_keeps(ladder, 2, tenth.keep, &f), "nothing keeps nothing");
	free(ladder);
}

/* Of up to 1200 digits, often just beside halfway between two doubles. */
static void
random_number(char *text)
{
	int			n = random_below(2) ? random_below(1200) + 1 : random_below(20) + 1;
	int			whole = random_below(n < 300 ? n + 1 : 300);

	if (random_below(3) == 0)
	{
		/* 2^53 + 1 and next to nothing */
		strcpy(text, "9007199254740993.");
		memset(text + 17, '0', n);
		strcpy(text + 17 + n, random_below(2) ? "1" : "0");
		return;
	}
	for (int i = 0; i < n; i++)
	{
		if (i == whole)
			*text++ = '.';
		*text++ = (char) ('1' + random_below(9));
	}
	*text = '\0';
}

static void
test_nearest(void)
{
	static const int64_t keeps[] = {
		CT_KEEP_ALL - 1, CT_KEEP_ALL / 2, CT_KEEP_ALL / 100 * 73, 1,
		CT_KEEP_ALL / 3
	};
	static char text[1500];
	static int16_t digits[CT_KEEP_MAX_DIGITS];
	bool		nearest = true;

	for (int i = 0; i < 5000; i++)
	{
		int64_t		keep = keeps[random_below(5)];
		char	   *exact;
		ct_ladder  *ladder;
		ct_decimal	d;
		ct_figure	f;
		double		bound;

		strcpy(text, "a >= ");
		random_number(text + 5);
		ladder = build(text);
		ct_keep_bound(ladder, 0, keep, digits, &d);
		exact = malloc(ct_decimal_text_size(&d));
		ct_decimal_format(&d, exact);
		bound = strtod(exact, NULL);
		f = real(bound);
		nearest &= ct_figure_keeps(ladder, 0, keep, &f);
		f = real(nextafter(bound, -1));
		nearest &= !ct_figure_keeps(ladder, 0, keep, &f);
		free(exact);
		free(ladder);
	}
	ok(nearest, "a double is compared with the double nearest to the part");
}

static void
test_compare(void)
{
	int16_t		a[8],
				b[8];
	ct_figure	unknown = {CT_FIGURE_NULL};
	ct_figure	two = integer(2);
	ct_figure	same = decimal("2.000", a);
	ct_figure	more = decimal("2.0000000000000000000001", b);
	ct_figure	half = real(2.5);

	ok(ct_figure_compare(&unknown, &two) < 0 &&
	   ct_figure_compare(&two, &unknown) > 0 &&
	   ct_figure_compare(&unknown, &unknown) == 0, "unknown is least");
	ok(ct_figure_compare(&two, &same) == 0 &&
	   ct_figure_compare(&more, &two) > 0 &&
	   ct_figure_compare(&two, &half) < 0 &&
	   ct_figure_compare(&half, &more) > 0, "figures of different kinds");
}

static const char *const ladders[] = {
	"gold >= 200, silver >= 100, base",
	"gold >= 200, silver >= 100",
	"p > 180, q >= 180, r >= 180, s > 90, t > 90, u >= -20",
	"a >= 120, b >= 120, c >= 60, d >= 0",
	"only"
};

static const char *const reviews[] = {
	"review every 45 days", "review every 2 months",
	"review at end of quarter", "review at end of next month",
	"review on anniversary"
};

static const char *const drops[] = {
	"drop to fit", "drop one step", "drop to base"
};

static const char *const keeps[] = {
	"", ", grace 20 days", ", grace 3 months", ", keep at 70%",
	", grace 1 months, keep at 85.5%"
};

#define COUNT(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* Some policy; now: with upgrades at once. */
static ct_policy
random_policy(bool always, bool *now)
{
	char		text[200];

	*now = always || random_below(2) == 0;
	if (random_below(8) == 0)
		snprintf(text, sizeof(text), "%s, upgrade %s, drop never",
				 always ? "review always" :
				 reviews[random_below(COUNT(reviews))],
				 *now ? "now" : "at review");
	else
		snprintf(text, sizeof(text), "%s, upgrade %s, %s%s",
				 always ? "review always" :
				 reviews[random_below(COUNT(reviews))],
				 *now ? "now" : "at review",
				 drops[random_below(COUNT(drops))],
				 keeps[random_below(COUNT(keeps))]);
	return policy_of(text);
}

static ct_figure
random_value(void)
{
	ct_figure	f = integer(random_below(300) - 50);

	if (random_below(3) == 0)
		f = real((double) f.as.integer);
	else if (random_below(20) == 0)
		f.kind = CT_FIGURE_NULL;
	return f;
}

static bool
step(const ct_ladder *ladder, const ct_policy *policy,
	 const ct_assignment *previous, const ct_figure *value, ct_date as_of,
	 ct_assignment *next)
{
	char		sentence[CT_REASON_SIZE];
	ct_standing standing;
	ct_outcome	outcome;
	ct_reason	reason = {ladder, policy, &standing, value, NULL, next,
	&outcome, "lost"};

	ct_stand_on_bounds(ladder, policy->keep, value, NULL, &standing);
	if (!ct_assign(previous, &standing, policy, as_of, next, &outcome, &error))
		return false;
	return ct_reason_text(&reason, sentence) == strlen(sentence);
}

static bool
same_state(const ct_assignment *a, const ct_assignment *b)
{
	return a->rung == b->rung && a->since == b->since &&
		a->joined == b->joined && a->review_on == b->review_on &&
		a->grace_until == b->grace_until && a->pin == b->pin &&
		a->pinned == b->pinned && a->pinned_until == b->pinned_until;
}

/* The rung that a value enters, the number of rungs for none. */
static int
placed(const ct_ladder *ladder, const ct_figure *value)
{
	int			rung = ct_ladder_place_figure(ladder, value);

	if (rung >= 0)
		return rung;
	return ct_rung_is_floor(ladder, ladder->nrungs - 1) ?
		ladder->nrungs - 1 : ladder->nrungs;
}

/* Rungs between two that someone can hold. */
static int
steps_between(const ct_ladder *ladder, int high, int low)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	int			n = 0;

	for (int i = high + 1; i <= low; i++)
		if (i >= ladder->nconditions ||
			ct_bound_compare(ladder, &c[i - 1], &c[i]) != 0)
			n++;
	return n;
}

static void
random_pin(const ct_ladder *ladder, ct_date as_of, ct_assignment *a)
{
	a->pin = (ct_pin) random_below(4);
	a->pinned = CT_RUNG_UNKNOWN;
	a->pinned_until = CT_NO_DATE;
	if (a->pin == CT_PIN_NONE)
		return;
	a->pinned = random_below(ladder->nrungs);
	a->pinned_until = random_below(3) == 0 ? CT_DATE_NEVER :
		as_of + random_below(300);
}

/* What every call must do. */
static void
check_call(const ct_ladder *ladder, const ct_policy *policy,
		   const ct_assignment *before, const ct_figure *value, ct_date as_of,
		   bool *idempotent, bool *monotone, bool *patient)
{
	ct_assignment after,
				again,
				other;
	ct_figure	higher = integer(random_below(300));

	*idempotent &= step(ladder, policy, before, value, as_of, &after) &&
		step(ladder, policy, &after, value, as_of, &again) &&
		same_state(&after, &again);
	*monotone &= step(ladder, policy, before, &higher, as_of, &other) &&
		(ct_figure_compare(&higher, value) >= 0 ? other.rung <= after.rung :
		 other.rung >= after.rung);
	if (before->pin != CT_PIN_CAP && before->pin != CT_PIN_LOCK &&
		before->review_on != CT_NO_DATE && as_of < before->review_on)
		*patient &= after.rung <= before->rung;
}

static void
test_laws(void)
{
	bool		idempotent = true,
				monotone = true,
				patient = true,
				fits = true,
				one_step = true,
				pinned = true;

	for (int i = 0; i < 4000; i++)
	{
		ct_ladder  *ladder = build(ladders[random_below(COUNT(ladders))]);
		bool		now;
		ct_policy	policy = random_policy(random_below(4) == 0, &now);
		bool		with_pins = random_below(3) == 0;
		bool		is_default = random_below(10) == 0;
		ct_date		date = random_below(10000);
		ct_assignment a,
					next;
		ct_figure	value = random_value();

		if (is_default)
			policy = policy_of("");
		if (!step(ladder, &policy, NULL, &value, date, &a))
			abort();
		for (int k = 0; k < 25; k++)
		{
			date += random_below(80);
			if (random_below(3) == 0 && a.review_on != CT_NO_DATE &&
				a.review_on > date)
				date = a.review_on;
			value = random_value();
			if (with_pins && random_below(6) == 0)
				random_pin(ladder, date, &a);
			check_call(ladder, &policy, &a, &value, date, &idempotent,
					   &monotone, &patient);
			if (!step(ladder, &policy, &a, &value, date, &next))
				abort();
			if (is_default && !with_pins)
				fits &= next.rung == placed(ladder, &value);
			/* a review due just now, and no other */
			if (policy.drop == CT_DROP_ONE_STEP && !with_pins &&
				(a.review_on == date || a.review_on == CT_NO_DATE) &&
				next.rung > a.rung)
				one_step &= steps_between(ladder, a.rung, next.rung) == 1;
			if (next.pin == CT_PIN_FLOOR)
				pinned &= next.rung <= next.pinned;
			if (next.pin == CT_PIN_CAP)
				pinned &= next.rung >= next.pinned;
			if (next.pin == CT_PIN_LOCK)
				pinned &= next.rung == next.pinned;
			pinned &= next.pin == CT_PIN_NONE || next.pinned_until > date;
			a = next;
		}
		free(ladder);
	}
	ok(idempotent, "assigning twice on one date changes nothing");
	ok(monotone, "a higher value never leads to a lower tier");
	ok(patient, "before the review nothing falls");
	ok(fits, "with the default policy the tier is that of the value");
	ok(one_step, "one step is one step");
	ok(pinned, "a pin holds until its date");
}

/*
 * One overdue call equals a call on every day, as long as the value does not
 * rise above the tier: the events are the same, in the same order.
 */
static void
test_overdue(void)
{
	bool		same = true;

	for (int i = 0; i < 1500; i++)
	{
		ct_ladder  *ladder = build(ladders[random_below(COUNT(ladders))]);
		bool		now;
		ct_policy	policy = random_policy(false, &now);
		ct_date		date = random_below(10000);
		ct_date		end = date + 1 + random_below(900);
		ct_figure	value = random_value();
		ct_assignment a,
					daily,
					at_once;

		if (!step(ladder, &policy, NULL, &value, date, &a))
			abort();
		if (random_below(2) == 0)
			random_pin(ladder, date, &a);
		value = random_value();
		/* a pin may move the tier at once */
		if (!step(ladder, &policy, &a, &value, date, &a))
			abort();
		if (now && (policy.drop == CT_DROP_TO_BASE || a.pin != CT_PIN_NONE))
		{
			free(ladder);
			continue;
		}
		daily = a;
		for (ct_date d = date + 1; d <= end; d++)
			if (!step(ladder, &policy, &daily, &value, d, &daily))
				abort();
		if (!step(ladder, &policy, &a, &value, end, &at_once))
			abort();
		same &= same_state(&daily, &at_once);
		free(ladder);
	}
	ok(same, "an overdue call passes what daily calls pass");
}

static void
test_limits(void)
{
	ct_ladder  *ladder = build("gold >= 200, base");
	ct_policy	policy = policy_of("review every 1 days, grace 1 days");
	ct_figure	value = integer(250);
	ct_figure	low = integer(0);
	ct_assignment a,
				b;

	ok(step(ladder, &policy, NULL, &value, CT_DATE_FIRST, &a) &&
	   step(ladder, &policy, &a, &value, CT_DATE_LAST - 1, &b) &&
	   b.review_on == CT_DATE_LAST && b.since == CT_DATE_FIRST,
	   "millions of years of daily reviews in one call");
	ok(!step(ladder, &policy, &a, &value, CT_DATE_LAST, &b) &&
	   error.code == CT_BAD_DATE, "no review after the last date");
	ok(step(ladder, &policy, &a, &low, CT_DATE_LAST - 1, &b) && b.rung == 1 &&
	   b.since == CT_DATE_FIRST + 2, "fallen at the end of the first grace");
	ok(!step(ladder, &policy, &b, &low, CT_DATE_FIRST + 1, &a) &&
	   error.code == CT_BAD_PARAMETER && error.hint[0] != '\0',
	   "time does not go back");
	free(ladder);
}

/* The longest sentence, with the longest names and numbers. */
static void
test_reasons(void)
{
	static char text[60000];
	char		sentence[CT_REASON_SIZE];
	int			n = 0;
	ct_ladder  *ladder;
	ct_policy	policy = policy_of("grace 2 months");
	ct_figure	figures[6];
	int16_t		digits[6][600];
	char		number[2001];
	ct_standing standing;
	ct_outcome	outcome;
	ct_assignment a;
	ct_reason	reason = {NULL, &policy, &standing, figures, NULL, &a,
	&outcome, NULL};

	memset(number, '9', sizeof(number) - 1);
	number[sizeof(number) - 1] = '\0';
	n += snprintf(text, sizeof(text), "%063d", 0);
	memset(text, 'T', 63);
	n += snprintf(text + n, sizeof(text) - n, ": ");
	for (int i = 0; i < 6; i++)
	{
		n += snprintf(text + n, sizeof(text) - n, "%s%c", i ? " and " : "",
					  'a' + i);
		memset(text + n, 'm', 62);
		n += 62;
		n += snprintf(text + n, sizeof(text) - n, " >= %s.5", number);
	}
	snprintf(text + n, sizeof(text) - n, ", rest");
	ladder = build(text);
	for (int i = 0; i < 6; i++)
		figures[i] = decimal(number, digits[i]);
	reason.ladder = ladder;
	ct_stand_on_rules(ladder, figures, NULL, &standing);
	ok(ct_assign(NULL, &standing, &policy, 0, &a, &outcome, &error) &&
	   ct_reason_text(&reason, sentence) == strlen(sentence) &&
	   strlen(sentence) < CT_REASON_SIZE / 2, "%s", sentence);
	free(ladder);

	ladder = build("x >= 1e-300, y >= -1234567890123456789012345678901234567890");
	reason.ladder = ladder;
	figures[0] = real(1.7976931348623157e308);
	ct_stand_on_bounds(ladder, policy.keep, figures, NULL, &standing);
	ct_assign(NULL, &standing, &policy, 0, &a, &outcome, &error);
	ct_reason_text(&reason, sentence);
	ok(strcmp(sentence,
			  "value 1.797693134862315e+308 meets x (1e-300); joined with x") == 0,
	   "%s", sentence);
	figures[0] = real(-5e-324);
	ct_stand_on_bounds(ladder, policy.keep, figures, NULL, &standing);
	ct_assign(NULL, &standing, &policy, 0, &a, &outcome, &error);
	ct_reason_text(&reason, sentence);
	ok(strcmp(sentence,
			  "value -5e-324 meets y (-1.234567890123456e+39); joined with y") == 0,
	   "%s", sentence);
	figures[0] = real(1e20);
	ct_stand_on_bounds(ladder, policy.keep, figures, NULL, &standing);
	ct_assign(NULL, &standing, &policy, 0, &a, &outcome, &error);
	ct_reason_text(&reason, sentence);
	ok(strcmp(sentence,
			  "value 100000000000000000000 meets x (1e-300); joined with x") == 0,
	   "%s", sentence);
	free(ladder);
}

int
main(void)
{
	test_keep();
	test_nearest();
	test_compare();
	test_laws();
	test_overdue();
	test_limits();
	test_reasons();
	return done_testing();
}
