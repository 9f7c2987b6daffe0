/*
 * population_test.c
 *		Populations of every kind of figure against a sorted copy: their order,
 *		cut-offs by rank and by share, quantiles.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/population.h"
#include "host.h"
#include "random.h"
#include "unit.h"

#define MOST 3000

/* The parts of a share that the oracle is asked for, in tenths of a percent. */
static const uint64_t tenths[] = {1, 5, 100, 333, 500, 777, 999, 1000};

#define NTENTHS (sizeof(tenths) / sizeof(tenths[0]))

/*
 * Values are whole numbers of 10^-12, so that sorted integers are the oracle.
 * Those that are a multiple of 10^4 have 8 places and are told by their keys,
 * unless they are large; the others have their digits in the arena.
 */
static __int128 value[MOST];

static int
ascending(const void *a, const void *b)
{
	__int128	x,
				y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

/* A whole number of 10^-12 as a decimal; digits[] has room for 12. */
static ct_decimal
decimal_of(__int128 v, int16_t *digits)
{
	char		text[64];
	unsigned __int128 m = v < 0 ? -(unsigned __int128) v :
		(unsigned __int128) v;
	const uint64_t e12 = UINT64_C(1000000000000);
	ct_decimal	d;
	int			n;

	n = snprintf(text, sizeof(text), "%s%llu%012llu.%012llu",
				 v < 0 ? "-" : "", (unsigned long long) (m / e12 / e12),
				 (unsigned long long) (m / e12 % e12),
				 (unsigned long long) (m % e12));
	if (!ct_decimal_parse(text, n, digits, &d))
		abort();
	return d;
}

/* Makes every value of a list by its number, to fill a population. */
typedef __int128 (*maker) (int i, int n);

static __int128
cents(int i, int n)
{
	return ((__int128) random_below(2000000) - 500000) * 10000000000LL;
}

static __int128
few_long_ones(int i, int n)
{
	return (random_below(7) - 3) * 333333333333LL;
}

/* Far beyond what a key can tell. */
static __int128
large(int i, int n)
{
	return ((__int128) random_below(2000) - 500) * 1000000007 *
		1000000000000000000LL;
}

/* Of one weight and one beginning: only the digits tell them apart. */
static __int128
alike_at_first(int i, int n)
{
	return (__int128) 123456789012345678LL * 10000000000000LL +
		random_below(50);
}

/* Large ones of which the first 14 digits differ, but not much. */
static __int128
large_neighbours(int i, int n)
{
	return (__int128) (1234567890100000000LL +
					   random_below(30000) * 1000000LL) * 1000000000000LL;
}

/* From 10^-12 on, on both sides of zero. */
static __int128
tiny(int i, int n)
{
	return random_below(41) - 20;
}

/* Next to where keys change from units to digits. */
static __int128
at_the_limit(int i, int n)
{
	__int128	limit = ((__int128) 1 << 62) * 10000;

	return (random_below(2) ? limit : -limit) + random_below(40001) - 20000;
}

/* All of these, in one population. */
static __int128
mixed(int i, int n)
{
	static const maker makers[] = {
		cents, few_long_ones, large, alike_at_first, tiny, at_the_limit
	};

	return makers[random_below(6)] (i, n);
}

static __int128
constant(int i, int n)
{
	return 123456789;
}

static __int128
rising(int i, int n)
{
	return (__int128) i * 100000000;
}

static __int128
falling(int i, int n)
{
	return (__int128) (n - i) * 100000000;
}

static __int128
organ_pipe(int i, int n)
{
	return rising(i < n / 2 ? i : n - i, n);
}

static __int128
saw_tooth(int i, int n)
{
	return rising(i % 17, n);
}

static const struct
{
	const char *name;
	maker		make;
}			shapes[] = {
	{"cents", cents}, {"few long ones", few_long_ones}, {"large", large},
	{"alike at first", alike_at_first},
	{"large neighbours", large_neighbours}, {"tiny", tiny},
	{"at the limit", at_the_limit}, {"mixed", mixed},
	{"constant", constant}, {"rising", rising}, {"falling", falling},
	{"organ pipe", organ_pipe}, {"saw tooth", saw_tooth}
};

#define NSHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void
free_population(ct_population *p)
{
	free(p->members);
	free(p->arena);
}

static bool
add_decimal(ct_population *p, __int128 v)
{
	int16_t		digits[16];
	ct_figure	f = {CT_FIGURE_DECIMAL};

	f.as.decimal = decimal_of(v, digits);
	return ct_population_add(p, &f);
}

/* Is the i-th member a decimal of just this value? */
static bool
member_is(const ct_population *p, size_t i, __int128 expected)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	int16_t		more[16];
	ct_decimal	e = decimal_of(expected, more);
	ct_figure	f = ct_population_member(p, i, digits);

	return f.kind == CT_FIGURE_DECIMAL &&
		ct_decimal_compare(&e, &f.as.decimal) == 0;
}

static bool
all_members_are(const ct_population *p, const __int128 *expected, int n)
{
	bool		good = p->count == (size_t) n;

	for (int i = 0; i < n; i++)
		good = good && member_is(p, i, expected[i]);
	return good;
}

/* Sorting once, or after each of several additions, is the same. */
static bool
sorts_like_oracle(maker make, int n, int batch)
{
	ct_population p = {NULL};
	bool		good = true;

	for (int i = 0; i < n; i++)
	{
		value[i] = make(i, n);
		good = good && add_decimal(&p, value[i]);
		if (batch > 0 && i % batch == 0)
			ct_population_sort(&p);
	}
	ct_population_sort(&p);
	ct_population_sort(&p);
	qsort(value, n, sizeof(value[0]), ascending);
	good = good && all_members_are(&p, value, n);
	free_population(&p);
	return good;
}

static void
test_order(void)
{
	static const int sizes[] = {0, 1, 2, 6, 7, 8, 41, 300, MOST};

	for (size_t s = 0; s < NSHAPES; s++)
	{
		bool		good = true;

		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			for (int batch = 0; batch < 100; batch = batch * 4 + 1)
				if (batch != 1 || sizes[i] <= 300)
					good = good && sorts_like_oracle(shapes[s].make, sizes[i],
													 batch);
		ok(good, "order of decimals: %s", shapes[s].name);
	}
}

static void
test_largest(void)
{
	ct_population p = {NULL};

	for (int i = 0; i < 100; i++)
		add_decimal(&p, rising(i / 3, 0));
	ct_population_sort(&p);
	ok(ct_population_largest(&p, 1) == 99, "the largest is the last");
	ok(ct_population_largest(&p, 100) == 0, "the 100th of 100 is the first");
	ok(ct_population_largest(&p, 101) == 0 &&
	   ct_population_largest(&p, UINT64_MAX) == 0,
	   "and so are ranks beyond the end");
	free_population(&p);
}

/*
 * The definition, word by word: the least positive v with sum(values > v) *
 * 1000 < tenths * sum(positive values).
 */
static bool
share_oracle(const __int128 *sorted, int n, uint64_t part, __int128 *cutoff)
{
	__int128	total = 0;

	for (int i = 0; i < n; i++)
		total += sorted[i] > 0 ? sorted[i] : 0;
	for (int i = 0; i < n; i++)
	{
		__int128	above = 0;

		if (sorted[i] <= 0)
			continue;
		for (int j = i; j < n; j++)
			above += sorted[j] > sorted[i] ? sorted[j] : 0;
		if (above * 1000 < total * part)
		{
			*cutoff = sorted[i];
			return true;
		}
	}
	return false;
}

static bool
shares_like_oracle(maker make, int n)
{
	ct_population p = {NULL};
	bool		good = true;

	for (int i = 0; i < n; i++)
		add_decimal(&p, value[i] = make(i, n));
	ct_population_sort(&p);
	qsort(value, n, sizeof(value[0]), ascending);
	for (size_t i = 0; i < NTENTHS; i++)
	{
		__int128	expected;
		size_t		position;
		bool		some = share_oracle(value, n, tenths[i], &expected);

		good = good && some == ct_population_share(&p, tenths[i], 1,
												   &position) &&
			(!some || member_is(&p, position, expected));
	}
	free_population(&p);
	return good;
}

static void
test_shares(void)
{
	for (size_t s = 0; s < NSHAPES; s++)
	{
		bool		good = true;

		/* 1000 large ones would be beyond the oracle */
		for (int round = 0; round < 60; round++)
			good = good && shares_like_oracle(shapes[s].make,
											  round % 40 + 1);
		ok(good, "shares of decimals: %s", shapes[s].name);
	}
}

/* Digits from the first to the last that a numeric can have. */
static void
test_extreme_share(void)
{
	static const char *const texts[] = {
		"9e131071", "1e131071", "1e-16383", "3e-16383", "-5", "0", "1"
	};
	static int16_t digits[CT_FIGURE_DIGITS];
	ct_population p = {NULL};
	size_t		position;

	for (int i = 0; i < 7; i++)
	{
		ct_figure	f = {CT_FIGURE_DECIMAL};

		ct_decimal_parse(texts[i], (int) strlen(texts[i]), digits,
						 &f.as.decimal);
		ct_population_add(&p, &f);
	}
	ct_population_sort(&p);
	ok(ct_population_share(&p, 100, 0, &position) && position == 2,
	   "all of it reaches down to 1e-16383");
	/* 9e131071 is 90 percent, but for 1 and 4e-16383 */
	ok(ct_population_share(&p, 90, 0, &position) && position == 5,
	   "the least digits decide");
	ok(ct_population_share(&p, UINT64_C(899999999999999999), 16, &position) &&
	   position == 6, "89.9999999999999999 percent is less");
	free_population(&p);
}

static int
ascending_double(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Of any size, and of each tenth value several. */
static double
any_double(ct_figure_kind kind)
{
	for (;;)
	{
		uint64_t	bits = random_word();
		uint32_t	half = (uint32_t) bits;
		double		d;
		float		f;

		if (random_below(10) == 0)
			return random_below(5) - 2;
		if (random_below(10) == 0)
			return random_below(2) ? -0.0 : 5e-324 * (kind == CT_FIGURE_DOUBLE);
		memcpy(&d, &bits, sizeof(d));
		memcpy(&f, &half, sizeof(f));
		if (kind == CT_FIGURE_REAL)
			d = f;
		if (isfinite(d))
			return d;
	}
}

static void
test_order_of_floats(ct_figure_kind kind, const char *name)
{
	static double v[MOST];
	ct_population p = {NULL};
	bool		good = true;

	for (int i = 0; i < MOST; i++)
	{
		ct_figure	f = {kind};

		v[i] = f.as.number = any_double(kind);
		good = good && ct_population_add(&p, &f);
	}
	ct_population_sort(&p);
	qsort(v, MOST, sizeof(v[0]), ascending_double);
	for (int i = 0; i < MOST; i++)
	{
		int16_t		digits[CT_FIGURE_DIGITS];
		ct_figure	f = ct_population_member(&p, i, digits);

		good = good && f.kind == kind && f.as.number == v[i] &&
			!(v[i] == 0 && signbit(f.as.number));
	}
	ok(good, "order of %s", name);
	free_population(&p);
}

/* Of this kind, from a list of doubles; sorted. */
static ct_population
population_of(ct_figure_kind kind, const double *list, int n)
{
	ct_population p = {NULL};

	for (int i = 0; i < n; i++)
	{
		ct_figure	f = {kind};

		f.as.number = kind == CT_FIGURE_REAL ? (float) list[i] : list[i];
		if (!ct_population_add(&p, &f))
			abort();
	}
	ct_population_sort(&p);
	return p;
}

static bool
share_is(ct_population *p, uint64_t mantissa, int places, double expected)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	size_t		position;

	return ct_population_share(p, mantissa, places, &position) &&
		ct_population_member(p, position, digits).as.number == expected;
}

/* Floats are added as the decimals that they print as: 0.1 * 3 is 0.3. */
static void
test_shares_of_floats(void)
{
	static const double v[] = {0.1, 0.1, 0.1, 0.3, 1e-300, -5};
	static const double r[] = {0.1, 0.1, 0.1, 0.3, 1e-30, -5};
	static const double extremes[] = {1.7976931348623157e308, 5e-324};
	ct_population p = population_of(CT_FIGURE_DOUBLE, v, 6);

	ok(share_is(&p, 50, 0, 0.1), "0.3 alone falls short of half by 5e-301");
	ok(share_is(&p, 49, 0, 0.3), "0.3 alone is 49 percent");
	ok(share_is(&p, 100, 0, 1e-300), "all ends with the least positive");
	free_population(&p);
	p = population_of(CT_FIGURE_REAL, r, 6);
	ok(share_is(&p, 50, 0, 0.1f), "likewise reals: half");
	ok(share_is(&p, 49, 0, 0.3f), "likewise reals: 49 percent");
	ok(share_is(&p, 100, 0, 1e-30f), "likewise reals: all");
	free_population(&p);
	p = population_of(CT_FIGURE_REAL, v, 4);
	ok(share_is(&p, 50, 0, 0.3f), "0.3::real is half, without a bit more");
	free_population(&p);
	p = population_of(CT_FIGURE_DOUBLE, extremes, 2);
	ok(share_is(&p, UINT64_C(999999999999999999), 16, 1.7976931348623157e308) &&
	   share_is(&p, 100, 0, 5e-324), "the largest double and the least");
	free_population(&p);
}

/* Nobody has anything: there is no share of it. */
static void
test_no_share(void)
{
	static const double v[] = {0, -1, -0.0};
	ct_population p = population_of(CT_FIGURE_DOUBLE, v, 3);
	size_t		position;

	ok(!ct_population_share(&p, 100, 0, &position), "no positive double");
	free_population(&p);
	memset(&p, 0, sizeof(p));
	for (int i = 0; i < 5; i++)
		add_decimal(&p, -i);
	ct_population_sort(&p);
	ok(!ct_population_share(&p, 100, 0, &position), "no positive decimal");
	free_population(&p);
}

static void
test_integers(void)
{
	static const int64_t sorted[] = {INT64_MIN, -1, 0, 5, INT64_MAX, INT64_MAX};
	static const int order[] = {4, 0, 2, 5, 3, 1};
	ct_population p = {NULL};
	ct_figure	null = {CT_FIGURE_NULL};
	int16_t		digits[CT_FIGURE_DIGITS];
	size_t		position;
	bool		good = true;

	for (int i = 0; i < 6; i++)
	{
		ct_figure	f = {CT_FIGURE_INTEGER};

		f.as.integer = sorted[order[i]];
		good = good && ct_population_add(&p, &f) &&
			ct_population_add(&p, &null);
	}
	ct_population_sort(&p);
	for (int i = 0; i < 6; i++)
		good = good && ct_population_member(&p, i, digits).as.integer ==
			sorted[i];
	ok(good && p.count == 6, "order of integers, among NULLs");
	ok(ct_population_share(&p, 100, 0, &position) && position == 3,
	   "all of a sum beyond 64 bits");
	ok(ct_population_share(&p, 1, 0, &position) &&
	   ct_population_member(&p, position, digits).as.integer == INT64_MAX,
	   "1 percent of it");
	free_population(&p);
}

static void
test_one_kind(void)
{
	ct_population p = {NULL};
	bool		good = true;

	for (int kind = CT_FIGURE_INTEGER; kind <= CT_FIGURE_REAL; kind++)
	{
		memset(&p, 0, sizeof(p));
		for (int other = CT_FIGURE_NULL; other <= CT_FIGURE_REAL; other++)
		{
			ct_figure	first = {kind};
			ct_figure	f = {other};

			good = good && ct_population_add(&p, &first) &&
				ct_population_add(&p, &f) == (other == kind ||
											  other == CT_FIGURE_NULL);
		}
		good = good && p.kind == kind && p.count == 6;
		free_population(&p);
	}
	ok(good, "figures of another kind are refused");
}

/*
 * Members with many digits take their time, to compare as to add up, and all
 * of it must be interruptible.
 */
static void
test_polls(void)
{
	ct_population p = {NULL};
	ct_sum		sum;
	size_t		position;
	int			n = 20000;

	for (int i = 0; i < n; i++)
		add_decimal(&p, alike_at_first(i, n));
	host_polls = 0;
	ct_population_sort(&p);
	ok(host_polls > 100, "a sort can be interrupted");
	host_polls = 0;
	ct_population_share(&p, 50, 0, &position);
	ok(host_polls > 2 * n / 1024, "a share can be interrupted");
	host_polls = 0;
	ct_population_start_sums(&p, NULL, &sum, 1);
	ok(host_polls >= n, "sizing a sum can be interrupted");
	free(sum.lanes);
	for (int i = 0; i < n; i++)
		add_decimal(&p, rising(i, n));
	host_polls = 0;
	ct_population_sort(&p);
	ok(host_polls > 2 * n / 1024, "a merge can be interrupted");
	free_population(&p);
}

static void
test_percent_rank(void)
{
	ok(ct_percent_rank(1, 0, 2357) == 24, "1 percent of 2357");
	ok(ct_percent_rank(1, 0, 1) == 1, "1 percent of 1");
	ok(ct_percent_rank(100, 0, 7) == 7, "100 percent of 7");
	ok(ct_percent_rank(1, 1, 1000) == 1, "0.1 percent of 1000, exactly 1");
	ok(ct_percent_rank(UINT64_C(333333333333333333), 16, 3) == 1,
	   "33.3...3 percent of 3 is just below 1");
	ok(ct_percent_rank(UINT64_C(333333333333333334), 16, 3) == 2,
	   "33.3...4 percent of 3 is just above 1");
	ok(ct_percent_rank(UINT64_C(1000000000000000000), 16, INT64_MAX) ==
	   INT64_MAX, "100.0000000000000000 percent of 2^63 - 1");
}

static void
test_quantiles(void)
{
	static const double list[] = {16, 1, 8, 2, 4};
	static const double wide[] = {-1.7e308, 1.7e308};
	static const double tenth[] = {0.1, 0.2};
	ct_population p = population_of(CT_FIGURE_DOUBLE, list, 5);
	bool		good = true;

	ok(ct_population_quantile(&p, 0, 100) == 1, "the least");
	ok(ct_population_quantile(&p, 100, 100) == 16, "the greatest");
	ok(ct_population_quantile(&p, 1, 2) == 4, "the median of five");
	ok(ct_population_quantile(&p, 1, 8) == 1.5, "between two of them");
	free_population(&p);
	p = population_of(CT_FIGURE_DOUBLE, list, 1);
	ok(ct_population_quantile(&p, 3, 10) == 16, "of one value");
	free_population(&p);
	p = population_of(CT_FIGURE_DOUBLE, wide, 2);
	ok(ct_population_quantile(&p, 1, 2) == 0,
	   "finite where a difference is not");
	free_population(&p);
	p = population_of(CT_FIGURE_DOUBLE, tenth, 2);
	ok(ct_population_quantile(&p, 1, 2) == 0.15,
	   "between 0.1 and 0.2 lies 0.15, not 0.15000000000000002");
	free_population(&p);
	p = population_of(CT_FIGURE_REAL, tenth, 2);
	ok(ct_population_quantile(&p, 0, 2) == 0.1 &&
	   ct_population_quantile(&p, 1, 2) == 0.15, "so of reals");
	free_population(&p);
	memset(&p, 0, sizeof(p));
	for (int i = 0; i <= 100; i++)
	{
		ct_figure	f = {CT_FIGURE_INTEGER};

		f.as.integer = i * 37 % 101;
		ct_population_add(&p, &f);
	}
	ct_population_sort(&p);
	for (int i = 0; i <= 100; i++)
		good = good && ct_population_quantile(&p, i, 100) == i;
	ok(good, "the percentiles of 0 to 100 are whole, 64 also");
	free_population(&p);
}

int
main(void)
{
	test_order();
	test_order_of_floats(CT_FIGURE_DOUBLE, "doubles");
	test_order_of_floats(CT_FIGURE_REAL, "reals");
	test_integers();
	test_one_kind();
	test_largest();
	test_percent_rank();
	test_shares();
	test_extreme_share();
	test_shares_of_floats();
	test_no_share();
	test_quantiles();
	test_polls();
	return done_testing();
}
