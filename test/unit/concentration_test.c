/*
 * concentration_test.c
 *		Gini coefficients and top shares against their definitions in 128-bit
 *		integers, for every kind of figure.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "host.h"
#include "random.h"
#include "unit.h"

#include "core/concentration.h"

#define MOST 200

static arena_block arena;

/* Of value[i] units of 10^-places as a decimal, else as what kind says. */
static void
add_value(ct_population *p, ct_figure_kind kind, int64_t value, int places)
{
	char		text[40];
	int16_t		digits[20];
	ct_figure	f = {kind};

	sprintf(text, "%llde-%d", (long long) value, places);
	if (kind == CT_FIGURE_INTEGER)
		f.as.integer = value;
	else if (kind == CT_FIGURE_DECIMAL)
		ct_decimal_parse(text, (int) strlen(text), digits, &f.as.decimal);
	else if (kind == CT_FIGURE_DOUBLE)
		f.as.number = strtod(text, NULL);
	else
		f.as.number = strtof(text, NULL);
	if (!ct_population_add(p, &f))
		abort();
}

/* Is d this many units of 10^-places?  Neither is negative. */
static bool
decimal_is(const ct_decimal *d, __int128 units, int places)
{
	char		text[60];
	int16_t		digits[20];
	ct_decimal	expected;

	sprintf(text, "%llu%018llue-%d",
			(unsigned long long) (units / INT64_C(1000000000000000000)),
			(unsigned long long) (units % INT64_C(1000000000000000000)),
			places);
	ct_decimal_parse(text, (int) strlen(text), digits, &expected);
	return ct_decimal_compare(d, &expected) == 0;
}

static int
ascending(const void *a, const void *b)
{
	int64_t		x = *(const int64_t *) a;
	int64_t		y = *(const int64_t *) b;

	return (x > y) - (x < y);
}

/* Half of the sum of |x_i - x_j| over all pairs, n times the Gini's part. */
static __int128
half_of_differences(const int64_t *value, int n)
{
	__int128	sum = 0;

	for (int i = 0; i < n; i++)
		for (int j = 0; j < i; j++)
			sum += llabs((long long) value[i] - value[j]);
	return sum;
}

static bool
gini_is_right(ct_population *p, const int64_t *value, int n, int places)
{
	__int128	sum = 0;
	ct_decimal	part,
				whole;

	for (int i = 0; i < n; i++)
		sum += value[i];
	if (value[0] < 0 || sum == 0)
		return !ct_gini(p, &arena, &part, &whole);
	return ct_gini(p, &arena, &part, &whole) &&
		decimal_is(&part, half_of_differences(value, n), places) &&
		decimal_is(&whole, sum * n, places);
}

static bool
share_is_right(ct_population *p, const int64_t *value, int n, int places,
			   int k)
{
	__int128	sum = 0,
				top = 0;
	ct_decimal	part,
				whole;

	for (int i = 0; i < n; i++)
	{
		sum += value[i];
		top += i < n - k ? 0 : value[i];
	}
	if (sum <= 0)
		return !ct_top_share(p, k, &arena, &part, &whole);
	return ct_top_share(p, k, &arena, &part, &whole) &&
		decimal_is(&part, top, places) && decimal_is(&whole, sum, places);
}

/* Random values of one kind; a float keeps six digits. */
static void
test_kind(ct_figure_kind kind, int places, const char *name)
{
	bool		ginis = true,
				shares = true;

	for (int round = 0; round < 300; round++)
	{
		static int64_t value[MOST];
		ct_population p = {&arena};
		int			n = 1 + random_below(round % 10 == 0 ? MOST : 20);
		int			range = round % 3 == 0 ? 4 : 1000000;
		int			least = round % 4 == 0 ? -range / 2 : 0;

		for (int i = 0; i < n; i++)
		{
			value[i] = random_below(range) + least;
			add_value(&p, kind, value[i], places);
		}
		qsort(value, n, sizeof(value[0]), ascending);
		ginis = ginis && gini_is_right(&p, value, n, places);
		for (int k = 1; k <= n; k += 1 + random_below(n))
			shares = shares && share_is_right(&p, value, n, places, k);
		arena_free(&arena);
	}
	ok(ginis, "Gini coefficients of %s", name);
	ok(shares, "top shares of %s", name);
}

/* Sums beyond 64 bits, of both signs. */
static void
test_extremes(void)
{
	static int64_t value[] = {INT64_MIN, INT64_MIN + 1, 0, INT64_MAX - 1,
	INT64_MAX, INT64_MAX, INT64_MAX};
	ct_population p = {&arena},
				positive = {&arena};
	ct_decimal	part,
				whole;

	for (int i = 0; i < 7; i++)
		add_value(&p, CT_FIGURE_INTEGER, value[i], 0);
	ok(share_is_right(&p, value, 7, 0, 4), "a share above 1");
	ok(share_is_right(&p, value, 7, 0, 7), "a share of all");
	ok(!ct_gini(&p, &arena, &part, &whole), "no Gini with a negative one");
	for (int i = 2; i < 7; i++)
		add_value(&positive, CT_FIGURE_INTEGER, value[i], 0);
	ok(gini_is_right(&positive, value + 2, 5, 0), "the largest integers");
	arena_free(&arena);
}

/* Many equal members and a large one: ranks count, and one can interrupt. */
static void
test_many(void)
{
	const int64_t n = 300000;
	ct_population p = {&arena};
	ct_decimal	part,
				whole;

	for (int i = 1; i < n; i++)
		add_value(&p, CT_FIGURE_INTEGER, 1, 0);
	add_value(&p, CT_FIGURE_INTEGER, INT64_MAX, 0);
	host_polls = 0;
	ok(ct_gini(&p, &arena, &part, &whole) &&
	   decimal_is(&part, (__int128) (n - 1) * (INT64_MAX - 1), 0) &&
	   decimal_is(&whole, ((__int128) INT64_MAX + n - 1) * n, 0),
	   "one who has nearly all");
	ok(host_polls >= 8, "adding up can be interrupted");
	arena_free(&arena);
}

static void
test_none(void)
{
	ct_population p = {&arena};
	ct_decimal	part,
				whole;

	ok(!ct_gini(&p, &arena, &part, &whole), "no Gini of nobody");
	ok(!ct_top_share(&p, 1, &arena, &part, &whole), "no share of nobody");
}

int
main(void)
{
	arena_init(&arena);
	test_kind(CT_FIGURE_INTEGER, 0, "integers");
	test_kind(CT_FIGURE_DECIMAL, 2, "cents");
	test_kind(CT_FIGURE_DECIMAL, 12, "decimals of 12 places");
	test_kind(CT_FIGURE_DOUBLE, 2, "doubles");
	test_kind(CT_FIGURE_DOUBLE, 200, "small doubles");
	test_kind(CT_FIGURE_REAL, 2, "reals");
	test_extremes();
	test_many();
	test_none();
	return done_testing();
}
