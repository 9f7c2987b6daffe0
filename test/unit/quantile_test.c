/*
 * quantile_test.c
 *		What lies between two figures, against exact rationals that are rounded
 *		once, and against decimals whose exact text strtod reads.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/quantile.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 100000

/* A number as ct_between() takes it; to be freed. */
static int16_t *
read_decimal(const char *text, ct_decimal *d)
{
	int			length = (int) strlen(text);
	int16_t    *digits = malloc(ct_decimal_room(text, length) *
								sizeof(int16_t));

	if (!ct_decimal_parse(text, length, digits, d))
		abort();
	return digits;
}

static double
between(const char *a, const char *b, unsigned part, unsigned parts)
{
	ct_decimal	da,
				db;
	int16_t    *digits_a = read_decimal(a, &da);
	int16_t    *digits_b = read_decimal(b, &db);
	double		value = ct_between(&da, &db, part, parts, NULL);

	free(digits_a);
	free(digits_b);
	return value;
}

/*
 * The double nearest to n / d, ties to even: n is scaled by a power of two so
 * that the quotient has 64 bits or so, which a sticky bit makes odd where the
 * division leaves something.
 */
static double
nearest_ratio(__int128 n, uint64_t d)
{
	unsigned __int128 m = n < 0 ? -(unsigned __int128) n :
		(unsigned __int128) n;
	unsigned __int128 quotient;
	int			exponent = 0;
	int			odd;

	if (m == 0)
		return 0;
	for (; m >> 126 == 0; exponent--)
		m <<= 1;
	quotient = m / d;
	odd = quotient * d != m;
	while (quotient >> 55 != 0)
	{
		odd |= (int) (quotient & 1);
		quotient >>= 1;
		exponent++;
	}
	/* 55 bits and a sticky one: the conversion rounds them once */
	return copysign(ldexp((double) (int64_t) (quotient << 1 | odd),
						  exponent - 1), n < 0 ? -1 : 1);
}

static void
test_rationals(void)
{
	bool		good = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		/* cents, with signs, of any size */
		int64_t		a = (int64_t) random_sized_word() >> 4;
		int64_t		b = random_below(3) ? (int64_t) random_sized_word() >> 4 :
			a + random_below(1000);
		unsigned	parts = 2 + random_below(999);
		unsigned	part = random_below((int) parts + 1);
		__int128	n = (__int128) a * (parts - part) + (__int128) b * part;
		char		texts[2][32];
		double		value;

		snprintf(texts[0], 32, "%llde-2", (long long) a);
		snprintf(texts[1], 32, "%llde-2", (long long) b);
		value = between(texts[0], texts[1], part, parts);
		if (value != nearest_ratio(n, UINT64_C(100) * parts))
		{
			printf("# %s %s %u/%u: %.17g\n", texts[0], texts[1], part, parts,
				   value);
			good = false;
		}
	}
	ok(good, "the double nearest to an exact rational");
}

/*
 * Halfway between two decimals of any lengths and exponents that have the
 * same digits but for the last one: the exact result ends with 5.
 */
static void
test_long_decimals(void)
{
	bool		good = true;

	for (int i = 0; i < 2000; i++)
	{
		char		a[1200],
					b[1200],
					middle[1300];
		int			n = 1 + random_below(1000);
		int			exponent = random_below(700) - 350 - n;

		a[0] = random_below(2) ? '-' : '+';
		for (int j = 1; j <= n; j++)
			a[j] = (char) ('0' + (random_below(4) ? random_below(10) : 0));
		a[n] = (char) ('0' + random_below(9));
		a[n + 1] = '\0';
		strcpy(b, a);
		b[n]++;
		snprintf(middle, sizeof(middle), "%s5e%d", a, exponent - 1);
		sprintf(a + n + 1, "e%d", exponent);
		sprintf(b + n + 1, "e%d", exponent);
		good &= between(a, b, 1, 2) == strtod(middle, NULL) &&
			between(b, a, 1, 2) == strtod(middle, NULL) &&
			between(a, b, 0, 2) == strtod(a, NULL) &&
			between(a, b, 2, 2) == strtod(b, NULL);
	}
	ok(good, "long decimals");
}

/* What a double of the result has to be, digit by digit. */
static void
test_cases(void)
{
	static const struct
	{
		const char *a;
		const char *b;
		unsigned	part;
		unsigned	parts;
		double		expected;
	}			cases[] = {
		{"64", "64", 1, 3, 64}, {"63", "65", 1, 2, 64},
		{"60", "70", 2, 5, 64}, {"0", "100", 64, 100, 64},
		{"0.1", "0.2", 1, 2, 0.15}, {"0.1", "0.3", 1, 2, 0.2},
		{"0", "0", 1, 2, 0}, {"-1", "1", 1, 2, 0}, {"-1", "2", 1, 3, 0},
		{"-3", "-1", 1, 2, -2}, {"-3", "-1", 1, 4, -2.5},
		{"-1e-300", "1e-300", 1, 2, 0},
		{"-1e300", "1e300", 1, 2, 0},
		{"0", "1", 1, 3, 1.0 / 3}, {"0", "-1", 1, 3, -1.0 / 3},
		{"1e308", "1.7e308", 1, 2, 1.35e308},
		{"-1.7976931348623157e308", "1.7976931348623157e308", 1, 2, 0},
		{"1e400", "1e401", 1, 2, INFINITY}, {"-1e400", "0", 1, 2, -INFINITY},
		{"1e-400", "3e-400", 1, 2, 0},
		{"5e-324", "1e-323", 1, 2, 1e-323}, /* a tie, to even */
		{"0", "5e-324", 1, 1000, 0},
		/* exponents that have nothing to do with each other */
		{"1e-300", "1e300", 1, 2, 5e299}, {"1e300", "1e-300", 1, 1000, 9.99e299},
		{"1e-16383", "1e15", 1, 1000, 1e12}, {"-1e-16383", "1e131071", 0, 7, 0},
		/* 2^53 + 1 lies halfway; the least digit decides */
		{"9007199254740992", "9007199254740994", 1, 2, 9007199254740992},
		{"9007199254740992", "9007199254740994.000000000000000000000000002",
			1, 2, 9007199254740994},
		{"9007199254740992", "9007199254740993.999999999999999999999999998",
			1, 2, 9007199254740992}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		double		value = between(cases[i].a, cases[i].b, cases[i].part,
									cases[i].parts);

		ok(value == cases[i].expected, "%u / %u from %s to %s is %.17g",
		   cases[i].part, cases[i].parts, cases[i].a, cases[i].b, value);
	}
}

/* A rest of the division far beyond the digits that count is not lost. */
static void
test_sticky_rest(void)
{
	/* 2^53 + 1, which lies halfway, times 3 and a little more or less */
	static const char more[] = "27021597764222979";
	char		text[400];

	ok(between("0", more, 1, 3) == 9007199254740992, "a tie is rounded to even");
	snprintf(text, sizeof(text), "%s.%0300d1", more, 0);
	ok(between("0", text, 1, 3) == 9007199254740994,
	   "the least bit above a tie rounds up");
	ok(between("-1e-16383", text, 1, 3) == 9007199254740994 &&
	   between("1e-16383", text, 1, 3) == 9007199254740994,
	   "whatever follows that");
	ok(between("1e-16383", more, 1, 3) == 9007199254740994 &&
	   between("-1e-16383", more, 1, 3) == 9007199254740992,
	   "16383 decimal places below as well");
}

int
main(void)
{
	test_rationals();
	test_long_decimals();
	test_cases();
	test_sticky_rest();
	return done_testing();
}
