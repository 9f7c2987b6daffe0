/*
 * assignment_test.c
 *		The laws of movement over random histories, and the reasons.
 */
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "random.h"
#include "unit.h"

#include "core/assignment.h"
#include "core/reason.h"

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
step_saying(const ct_ladder *ladder, const ct_policy *policy,
			const ct_assignment *previous, const ct_figure *value,
			ct_date as_of, ct_assignment *next,
			char sentence[CT_REASON_SIZE])
{
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
step(const ct_ladder *ladder, const ct_policy *policy,
	 const ct_assignment *previous, const ct_figure *value, ct_date as_of,
	 ct_assignment *next)
{
	char		sentence[CT_REASON_SIZE];

	return step_saying(ladder, policy, previous, value, as_of, next,
					   sentence);
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
	   step(ladder, &policy, &a, &value, CT_DATE_END - 2, &b) &&
	   b.review_on == (CT_DATE_END - 1) && b.since == CT_DATE_FIRST,
	   "millions of years of daily reviews in one call");
	ok(!step(ladder, &policy, &a, &value, (CT_DATE_END - 1), &b) &&
	   error.code == CT_BAD_DATE, "no review after the last date");
	ok(step(ladder, &policy, &a, &low, CT_DATE_END - 2, &b) && b.rung == 1 &&
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
}

/* The sentence of joining a ladder with a double. */
static void
says(const char *text, double value, const char *expected)
{
	ct_ladder  *ladder = build(text);
	ct_policy	policy = policy_of("");
	ct_figure	figure = real(value);
	ct_assignment a;
	char		sentence[CT_REASON_SIZE];

	ok(step_saying(ladder, &policy, NULL, &figure, 0, &a, sentence) &&
	   strcmp(sentence, expected) == 0, "%s", sentence);
	free(ladder);
}

static void
test_numbers(void)
{
	static const char *const ladder =
		"x >= 1e-300, y >= -1234567890123456789012345678901234567890123456789012345678901234567890";

	says(ladder, 1.7976931348623157e308,
		 "value 1.7976931348623157e+308 meets x (1e-300); joined with x");
	says(ladder, -5e-324,
		 "value 0 meets y (-12.3456789012345678e+68); joined with y");
	says(ladder, 1e20,
		 "value 100000000000000000000 meets x (1e-300); joined with x");
	/* two places, more where they do not tell, the bound's own up to four */
	says("a >= 80", 98.98774, "value 98.99 meets a (80); joined with a");
	says("a >= 80", 99.996, "value 100 meets a (80); joined with a");
	says("a >= 80, b", -0.004, "value 0 is below a (80); joined with b");
	says("a >= 80, b", 79.996, "value 79.996 is below a (80); joined with b");
	says("a >= 80, b", 79.99999999,
		 "value 79.99999999 is below a (80); joined with b");
	says("a >= 80, b", 79.99999999999,
		 "value 79.99999999999 is below a (80); joined with b");
	says("a > 80, b", 80.0004, "value 80.0004 meets a (> 80); joined with a");
	says("a > 80, b", 80, "value 80 misses a (> 80); joined with b");
	says("a >= 0.125, b", 0.75,
		 "value 0.75 meets a (0.125); joined with a");
	says("a >= 0.1253, b", 0.12526,
		 "value 0.12526 is below a (0.1253); joined with b");
	says("a >= 0.987741234, b", 0.99213,
		 "value 0.9921 meets a (0.9877); joined with a");
	says("a >= 0.0000212, b", 0.00003123,
		 "value 0.00003 meets a (0.00002); joined with a");
	says("a >= 98.98774123, b", 98.98774123,
		 "value 98.99 meets a (98.99); joined with a");
	says("a >= 98.98774123, b", 98.98774122,
		 "value 98.98774122 is below a (98.98774123); joined with b");
	says("only", 5, "no figure is asked for; joined with only");
}

/* What is shown, rounded as it is, meets a bound as the value itself does. */
static void
test_rounding(void)
{
	bool		consistent = true;

	for (int i = 0; i < 50000; i++)
	{
		char		text[60];
		char		sentence[CT_REASON_SIZE];
		char		verb[3];
		int			places = random_below(9);
		double		bound = (random_below(2000) - 1000) / 8.0 +
			random_below(1000) * 1e-5;
		double		value = bound + (random_below(7) - 3) *
			strtod((snprintf(text, sizeof(text), "1e-%d", places), text), NULL);
		bool		above = random_below(2) == 0;
		double		shown,
					asked;
		ct_ladder  *ladder;
		ct_policy	policy = policy_of("");
		ct_figure	figure = real(value);
		ct_assignment a;

		snprintf(text, sizeof(text), "a %s %.9f, b", above ? ">" : ">=", bound);
		ladder = build(text);
		if (!step_saying(ladder, &policy, NULL, &figure, 0, &a, sentence))
			abort();
		if (sscanf(sentence, above ? "value %lf %2s%*[^(](> %lf)" :
				   "value %lf %2s%*[^(](%lf)", &shown, verb, &asked) != 3)
			abort();
		consistent &= (strcmp(verb, "me") == 0) ==
			(above ? shown > asked : shown >= asked);
		free(ladder);
	}
	ok(consistent, "rounded figures never contradict what follows");
}

int
main(void)
{
	test_laws();
	test_overdue();
	test_limits();
	test_reasons();
	test_numbers();
	test_rounding();
	return done_testing();
}
