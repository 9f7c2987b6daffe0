/*
 * standing_test.c
 *		Entering and keeping rungs, and comparing figures.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "random.h"
#include "unit.h"

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
	ct_keep_bound(ladder, 0, policy.base.keep, digits, &d);
	if (ct_decimal_text_size(&d) > sizeof(result))
		abort();
	ct_decimal_format(&d, result);
	free(digits);
	free(ladder);
	return result;
}

static void
test_bounds(void)
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

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *got = keep_bound(cases[i].bound, cases[i].percent);

		ok(strcmp(got, cases[i].expected) == 0, "%s%% of %s is %s",
		   cases[i].percent, cases[i].bound, got);
	}
}

static void
test_parts(void)
{
	bool		exact = true;

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
}

static void
test_keeps(void)
{
	ct_ladder  *ladder = build("gold >= 200, silver > 0.1, base >= -5");
	ct_policy	part = policy_of("keep at 30%");
	int16_t		digits[16];
	ct_figure	f;

	/* 30 % of 0.1 is 0.03, whose nearest double is 0.03 */
	f = real(0.03);
	ok(!ct_figure_keeps(ladder, 1, part.base.keep, &f), "> 0.03 is not 0.03");
	f = real(nextafter(0.03, 1));
	ok(ct_figure_keeps(ladder, 1, part.base.keep, &f), "the next double is");
	f = decimal("0.03", digits);
	ok(!ct_figure_keeps(ladder, 1, part.base.keep, &f), "decimal 0.03");
	f = decimal("0.0300000000000000000000000000000001", digits);
	ok(ct_figure_keeps(ladder, 1, part.base.keep, &f), "a little more");
	f = integer(60);
	ok(ct_figure_keeps(ladder, 0, part.base.keep, &f), "60 keeps 200 at 30%%");
	f = integer(59);
	ok(!ct_figure_keeps(ladder, 0, part.base.keep, &f), "59 does not");
	f = integer(-5);
	ok(ct_figure_keeps(ladder, 2, part.base.keep, &f), "-5 keeps -5");
	f = integer(-6);
	ok(!ct_figure_keeps(ladder, 2, part.base.keep, &f), "-6 does not");
	f.kind = CT_FIGURE_NULL;
	ok(!ct_figure_keeps(ladder, 2, part.base.keep, &f), "nothing keeps nothing");
	free(ladder);
}

/* Of up to 1200 digits, often just beside halfway between two doubles. */
static void
random_number(char *text)
{
	int			n = 1 + (random_below(2) ? random_below(1200) : random_below(20));
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

static ct_standing
stand(const ct_ladder *ladder, const char *policy_text,
	  const ct_figure *value, const ct_figure *review)
{
	ct_policy	policy = policy_of(policy_text);
	ct_rung_clauses clauses = clauses_of(&policy, ladder);
	ct_standing standing;

	memset(&standing, 0x7f, sizeof(standing));
	ct_stand_on_bounds(ladder, &clauses, value, review, &standing);
	return standing;
}

/* Are the rungs kept those that the text marks with k, and no rung with it? */
static bool
keeps(const ct_standing *standing, const char *expected)
{
	bool		same = standing->kept[standing->rungs] &&
		strlen(expected) == (size_t) standing->rungs;

	for (int i = 0; same && i < standing->rungs; i++)
		same = standing->kept[i] == (expected[i] == 'k');
	return same;
}

static void
test_bounds_kept(void)
{
	ct_ladder  *plain = build("a >= 400, b >= 200, c >= 100, d");
	ct_ladder  *keeping = build("a >= 400 keep >= 150, b >= 200, c >= 100 keep > -5, d");
	ct_ladder  *open = build("a >= 400, b > 200, c > 200, d >= 200, e >= 200, f >= -9");
	ct_figure	unknown = {CT_FIGURE_NULL};
	ct_figure	low = integer(-100);
	ct_figure	f = integer(160);
	ct_standing s = stand(plain, "", &f, NULL);

	ok(s.rungs == 4 && s.entry == 2 && s.review == 2 && keeps(&s, "--kk"),
	   "what enters a rung keeps it and those below");
	s = stand(plain, "keep at 80%", &f, NULL);
	ok(s.entry == 2 && s.review == 2 && keeps(&s, "-kkk"), "keep at 80%%");
	s = stand(plain, "keep at 80%; a: keep at 40%; b: keep at 81%", &f, NULL);
	ok(keeps(&s, "k-kk"), "each tier with a part of its own");
	s = stand(plain, "; b: keep at 80%", &f, NULL);
	ok(keeps(&s, "-kkk"), "or only one");
	s = stand(keeping, "", &f, NULL);
	ok(s.entry == 2 && keeps(&s, "k-kk"), "bounds for keeping");
	f = integer(149);
	s = stand(keeping, "", &f, NULL);
	ok(s.entry == 2 && keeps(&s, "--kk"), "below one of them");
	f = integer(-5);
	s = stand(keeping, "", &f, NULL);
	ok(s.entry == 3 && keeps(&s, "---k"), "> -5 is not -5");
	f = integer(-4);
	s = stand(keeping, "", &f, NULL);
	ok(s.entry == 3 && keeps(&s, "--kk"), "but -4");

	s = stand(keeping, "", &unknown, NULL);
	ok(s.entry == 3 && s.review == 3 && keeps(&s, "---k"),
	   "nothing keeps only the floor");
	s = stand(open, "keep at 1%", &unknown, &unknown);
	ok(s.entry == 6 && s.review == 6 && keeps(&s, "------"),
	   "and nothing where there is none");
	s = stand(open, "keep at 1%", &low, NULL);
	ok(s.entry == 6 && keeps(&s, "------"), "nor does what is too low");
	ok(!s.empty[0] && !s.empty[1] && s.empty[2] && !s.empty[3] &&
	   s.empty[4] && !s.empty[5], "no value enters a rung with the bound of the one above");

	f = integer(450);
	s = stand(plain, "keep at 80%", &low, &f);
	ok(s.entry == 3 && s.review == 0 && keeps(&s, "kkkk"),
	   "a review looks at its own figure");
	s = stand(plain, "keep at 80%", &f, &low);
	ok(s.entry == 0 && s.review == 3 && keeps(&s, "---k"),
	   "also where that is lower");
	s = stand(plain, "", &f, &unknown);
	ok(s.entry == 0 && s.review == 0 && keeps(&s, "kkkk"),
	   "and at the value where that is not known");
	s = stand(plain, "", &unknown, &f);
	ok(s.entry == 3 && s.review == 0 && keeps(&s, "kkkk"),
	   "which may be unknown itself");
	free(plain);
	free(keeping);
	free(open);
}

/* Each rung of random ladders, one by one. */
static void
test_random_kept(void)
{
	bool		right = true;

	for (int i = 0; i < 20000; i++)
	{
		int			bound[4] = {0};
		int			keep[4];
		int			percent = random_below(2) ? 100 : 1 + random_below(100);
		bool		own = percent == 100 && random_below(2);
		char		text[200];
		int			n = 0;
		int			value = random_below(500) - 50;
		int			review = random_below(500) - 50;
		ct_ladder  *ladder;
		ct_figure	f = integer(value);
		ct_figure	g = integer(review);
		ct_standing s;

		for (int k = 3; k >= 0; k--)
			bound[k] = (k < 3 ? bound[k + 1] : -30) + random_below(120);
		for (int k = 0; k < 4; k++)
		{
			bool		given = own && random_below(2);

			keep[k] = 100 * (bound[k] - (given ? random_below(150) : 0));
			if (!given && bound[k] > 0)
				keep[k] = bound[k] * percent;
			n += snprintf(text + n, sizeof(text) - n, "%s%c >= %d",
						  k > 0 ? ", " : "", 'a' + k, bound[k]);
			if (given)
				n += snprintf(text + n, sizeof(text) - n, " keep >= %d",
							  keep[k] / 100);
		}
		ladder = build(text);
		snprintf(text, sizeof(text), "keep at %d%%", percent);
		s = stand(ladder, text, &f, &g);
		for (int k = 0; k < 4; k++)
		{
			right &= (s.entry <= k) == (value >= bound[k]);
			right &= (s.review <= k) == (review >= bound[k]);
			/* whoever enters a higher rung meets the bound of this one, too */
			right &= s.kept[k] == (100 * review >= keep[k]);
			right &= s.empty[k] == (k > 0 && bound[k] == bound[k - 1]);
		}
		free(ladder);
	}
	ok(right, "random ladders, rung by rung");
}

static void
test_rules_kept(void)
{
	ct_ladder  *ladder = build("a: x >= 9 and y >= 9 keep x >= 5 or y >= 8, b: y >= 5 keep y >= 2, c: x >= 1");
	ct_ladder  *with_floor = build("a: x >= 9 keep x >= 5, b: x >= 3, c");
	ct_figure	low[2] = {integer(0), integer(0)};
	ct_figure	row[2] = {integer(6), integer(1)};
	ct_figure	unknown[2] = {{CT_FIGURE_NULL}, {CT_FIGURE_NULL}};
	ct_standing s;

	memset(&s, 0x7f, sizeof(s));
	ct_stand_on_rules(ladder, row, NULL, &s);
	ok(s.rungs == 3 && s.entry == 2 && s.review == 2 && keeps(&s, "k-k") &&
	   !s.empty[0] && !s.empty[1] && !s.empty[2],
	   "rules that need not build on each other");
	row[0] = integer(0);
	row[1] = integer(3);
	ct_stand_on_rules(ladder, row, NULL, &s);
	ok(s.entry == 3 && keeps(&s, "-k-"), "kept, though no tier is entered");
	row[1] = integer(5);
	ct_stand_on_rules(ladder, row, NULL, &s);
	ok(s.entry == 1 && keeps(&s, "-kk"),
	   "a rung that is entered keeps those below, whatever they ask for");
	ct_stand_on_rules(ladder, low, row, &s);
	ok(s.entry == 3 && s.review == 1 && keeps(&s, "-kk"),
	   "a review looks at its own row");
	ct_stand_on_rules(ladder, row, unknown, &s);
	ok(s.entry == 1 && s.review == 3 && keeps(&s, "---"),
	   "also where that is not known");
	ct_stand_on_rules(with_floor, unknown, NULL, &s);
	ok(s.entry == 2 && s.review == 2 && keeps(&s, "--k"), "the floor");
	free(ladder);
	free(with_floor);
}

int
main(void)
{
	test_bounds();
	test_parts();
	test_keeps();
	test_nearest();
	test_compare();
	test_bounds_kept();
	test_random_kept();
	test_rules_kept();
	return done_testing();
}
