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
	ct_keep_bound(ladder, 0, policy.keep, digits, &d);
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
	ok(!ct_figure_keeps(ladder, 1, part.keep, &f), "> 0.03 is not 0.03");
	f = real(nextafter(0.03, 1));
	ok(ct_figure_keeps(ladder, 1, part.keep, &f), "the next double is");
	f = decimal("0.03", digits);
	ok(!ct_figure_keeps(ladder, 1, part.keep, &f), "decimal 0.03");
	f = decimal("0.0300000000000000000000000000000001", digits);
	ok(ct_figure_keeps(ladder, 1, part.keep, &f), "a little more");
	f = integer(60);
	ok(ct_figure_keeps(ladder, 0, part.keep, &f), "60 keeps 200 at 30%%");
	f = integer(59);
	ok(!ct_figure_keeps(ladder, 0, part.keep, &f), "59 does not");
	f = integer(-5);
	ok(ct_figure_keeps(ladder, 2, part.keep, &f), "-5 keeps -5");
	f = integer(-6);
	ok(!ct_figure_keeps(ladder, 2, part.keep, &f), "-6 does not");
	f.kind = CT_FIGURE_NULL;
	ok(!ct_figure_keeps(ladder, 2, part.keep, &f), "nothing keeps nothing");
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

int
main(void)
{
	test_bounds();
	test_parts();
	test_keeps();
	test_nearest();
	test_compare();
	return done_testing();
}
