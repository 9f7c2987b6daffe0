/*
 * reason_test.c
 *		The sentences that tell why someone moved or did not.
 */
#include "core/reason.h"
#include "dates.h"
#include "moves.h"
#include "random.h"
#include "unit.h"

/* One step on a ladder of bounds, and the sentence about it. */
static bool
step_saying(programme *p, const ct_assignment *previous,
			const ct_figure *value, const ct_figure *review, ct_date as_of,
			ct_assignment *next, char sentence[CT_REASON_SIZE])
{
	ct_standing standing;
	ct_outcome	outcome;
	ct_reason	reason = {p->ladder, &p->clauses, &standing, value, review,
	next, &outcome, "lost"};

	ct_stand_on_bounds(p->ladder, &p->clauses, value, review, &standing);
	return move_on(p, previous, value, review, as_of, next, &outcome) &&
		ct_reason_text(&reason, sentence) == strlen(sentence);
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
	ct_rung_clauses clauses;
	ct_figure	figures[6];
	int16_t		digits[6][600];
	char		number[2001];
	ct_standing standing;
	ct_outcome	outcome;
	ct_assignment a;
	ct_reason	reason = {NULL, &clauses, &standing, figures, NULL, &a,
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
	clauses = clauses_of(&policy, ladder);
	for (int i = 0; i < 6; i++)
		figures[i] = decimal(number, digits[i]);
	reason.ladder = ladder;
	ct_stand_on_rules(ladder, figures, NULL, &standing);
	ok(ct_assign(NULL, &standing, &clauses, 0, &a, &outcome, &error) &&
	   ct_reason_text(&reason, sentence) == strlen(sentence) &&
	   strlen(sentence) < CT_REASON_SIZE / 2, "%s", sentence);
	free(ladder);
}

/* The sentence of joining a ladder with a double. */
static void
says(const char *text, double value, const char *expected)
{
	programme	p = {build(text)};
	ct_figure	figure = real(value);
	ct_assignment a;
	char		sentence[CT_REASON_SIZE];

	set_policy(&p, "");
	ok(step_saying(&p, NULL, &figure, NULL, 0, &a, sentence) &&
	   strcmp(sentence, expected) == 0, "%s", sentence);
	free(p.ladder);
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
		programme	p;
		ct_figure	figure = real(value);
		ct_assignment a;

		snprintf(text, sizeof(text), "a %s %.9f, b", above ? ">" : ">=", bound);
		p.ladder = build(text);
		set_policy(&p, "");
		if (!step_saying(&p, NULL, &figure, NULL, 0, &a, sentence))
			abort();
		if (sscanf(sentence, above ? "value %lf %2s%*[^(](> %lf)" :
				   "value %lf %2s%*[^(](%lf)", &shown, verb, &asked) != 3)
			abort();
		consistent &= (strcmp(verb, "me") == 0) ==
			(above ? shown > asked : shown >= asked);
		free(p.ladder);
	}
	ok(consistent, "rounded figures never contradict what follows");
}

/* What is said of the holder of a tier on a date on which it is reviewed. */
static void
says_held(const char *ladder, const char *policy, int held, int value,
		  int review, const char *expected)
{
	programme	p = {build(ladder)};
	ct_figure	before = integer(held);
	ct_figure	f = integer(value);
	ct_figure	g = integer(review);
	ct_assignment a;
	char		sentence[CT_REASON_SIZE];

	set_policy(&p, policy);
	if (!step_saying(&p, NULL, &before, NULL, date_of("2024-01-10"), &a,
					 sentence))
		abort();
	ok(step_saying(&p, &a, &f, review == value ? NULL : &g,
				   date_of("2025-01-10"), &a, sentence) &&
	   strcmp(sentence, expected) == 0, "%s", sentence);
	free(p.ladder);
}

static void
test_kept(void)
{
	static const char *const plain = "gold >= 200, silver >= 100, base";
	static const char *const keeping = "gold >= 700 keep >= 600, silver > 100, base";
	static const char *const yearly = "review every 1 year";
	static const char *const part = "review every 1 year, keep at 80%; silver: keep at 62.5%";

	says_held(keeping, yearly, 800, 650, 650,
			  "value 650 meets the bar to keep gold (600); gold held until 2026-01-10");
	says_held(keeping, yearly, 800, 599, 599,
			  "value 599 is below the bar to keep gold (600); downgraded from gold to silver");
	says_held(keeping, yearly, 800, 700, 700,
			  "value 700 meets gold (700); gold renewed until 2026-01-10");
	says_held(keeping, yearly, 150, 99, 99,
			  "value 99 misses silver (> 100); downgraded from silver to base");
	says_held(keeping, yearly, 150, 700, 700,
			  "value 700 meets gold (700); upgraded from silver to gold");
	says_held(keeping, yearly, 800, 99, 610,
			  "value 99 is below the bar to keep gold (600), review value 610 meets the bar to keep gold (600); gold held until 2026-01-10");
	says_held(keeping, "review every 1 year, grace 1 month", 800, 99, 99,
			  "value 99 is below the bar to keep gold (600); gold held, in grace until 2025-02-10");
	says_held(plain, part, 250, 165, 165,
			  "value 165 meets 80% of gold (160); gold held until 2026-01-10");
	says_held(plain, part, 250, 159, 159,
			  "value 159 is below 80% of gold (160); downgraded from gold to silver");
	says_held(plain, part, 150, 63, 63,
			  "value 63 meets 62.5% of silver (62.5); silver held until 2026-01-10");
	says_held(plain, part, 250, 210, 210,
			  "value 210 meets gold (200); gold renewed until 2026-01-10");
	says_held(plain, "review every 1 year; gold: drop never", 250, 50, 50,
			  "value 50 is below gold (200); gold held, as it never drops");
	says_held(plain, "review every 2 years, upgrade at review", 150, 250, 250,
			  "value 250 meets gold (200); upgrades wait for the review, silver unchanged until 2026-01-10");
	says_held(plain, yearly, 250, 210, 50,
			  "value 210 meets gold (200), review value 50 is below gold (200); gold entered anew until 2026-01-10");
}

int
main(void)
{
	test_reasons();
	test_numbers();
	test_rounding();
	test_kept();
	return done_testing();
}
