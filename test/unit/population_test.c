/*
 * population_test.c
 *		Cut-offs against a sorted copy, for every kind of figure and for orders
 *		of values that selection does not like.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "unit.h"

#include "core/population.h"

#define MOST 3000

static uint64_t seed = 42;

static uint64_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void
make_population(ct_population *p)
{
	memset(p, 0, sizeof(*p));
}

static void
free_population(ct_population *p)
{
	free(p->keys);
	free(p->spilled);
	free(p->arena);
}

static void
add(ct_population *p, const ct_figure *f)
{
	for (;;)
	{
		switch (ct_population_add(p, f))
		{
			case CT_POPULATION_NEEDS_KEYS:
				p->keys_room = p->keys_room * 2 + 1;
				p->keys = realloc(p->keys, p->keys_room * sizeof(*p->keys));
				break;
			case CT_POPULATION_NEEDS_SPILLED:
				p->spilled_room = p->spilled_room * 2 + 1;
				p->spilled = realloc(p->spilled, p->spilled_room *
									 sizeof(*p->spilled));
				break;
			case CT_POPULATION_NEEDS_ARENA:
				p->arena_room = p->arena_room * 2 + 50;
				p->arena = realloc(p->arena, p->arena_room);
				break;
			default:
				return;
		}
	}
}

/*
 * Values are whole numbers of 10^-12, so that sorted integers are the oracle:
 * those that are a multiple of 10^4 have 8 places and keep to their keys, the
 * others are spilled.
 */
static __int128 value[MOST];
static char text[MOST][60];
static int16_t digits[MOST][20];

static void
print_units(__int128 v, char *out)
{
	unsigned __int128 m = v < 0 ? -(unsigned __int128) v :
		(unsigned __int128) v;

	sprintf(out, "%s%llu.%012llu", v < 0 ? "-" : "",
			(unsigned long long) (m / 1000000000000ULL),
			(unsigned long long) (m % 1000000000000ULL));
}

static int
descending(const void *a, const void *b)
{
	__int128	x,
				y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x < y) - (x > y);
}

static void
fill(ct_population *p, int n, int shape)
{
	make_population(p);
	for (int i = 0; i < n; i++)
	{
		__int128	v = (__int128) (next_random() % 2000000) - 500000;
		ct_figure	f = {CT_FIGURE_DECIMAL};

		switch (shape)
		{
			case 0:				/* cents */
				v *= 10000000000LL;
				break;
			case 1:				/* few distinct values, with 12 places */
				v = v % 7 * 333333333333LL;
				break;
			case 2:				/* beyond the keys */
				v *= (__int128) 1000000000000000LL * 1000000;
				break;
			case 3:				/* around zero and all mixed */
				v = v % 3 == 0 ? v : v % 3 == 1 ? v * 10000 :
					v * 1000000007;
				break;
			case 4:				/* all one */
				v = 123456789;
				break;
			case 5:				/* rising, then falling */
				v = (__int128) (i < n / 2 ? i : n - i) * 100000000;
				break;
		}
		value[i] = v;
		print_units(v, text[i]);
		ct_decimal_parse(text[i], (int) strlen(text[i]), digits[i],
						 &f.as.decimal);
		add(p, &f);
	}
	qsort(value, n, sizeof(value[0]), descending);
}

static bool
cutoff_is(const ct_cutoff *c, __int128 expected)
{
	char		out[80];
	int16_t		d[20];
	ct_decimal	e;

	print_units(expected, out);
	ct_decimal_parse(out, (int) strlen(out), d, &e);
	return c->value.kind == CT_FIGURE_DECIMAL && !c->above &&
		ct_decimal_compare(&e, &c->value.as.decimal) == 0;
}

/* The definition, word by word, over the sorted oracle. */
static bool
share_oracle(int n, uint64_t percent, __int128 *cutoff)
{
	__int128	total = 0,
				above = 0;
	bool		found = false;

	for (int i = 0; i < n && value[i] > 0; i++)
		total += value[i];
	for (int i = 0; i < n && value[i] > 0; i++)
	{
		if (i > 0 && value[i] != value[i - 1])
		{
			above = 0;
			for (int j = 0; j < i; j++)
				above += value[j];
		}
		if (above * 100 < total * (__int128) percent)
		{
			*cutoff = value[i];
			found = true;
		}
	}
	return found;
}

static void
test_decimals(void)
{
	bool		ranks = true,
				shares = true;

	for (int shape = 0; shape < 6; shape++)
		for (int round = 0; round < 40; round++)
		{
			ct_population p;
			ct_cutoff	c;
			int			n = 1 + (int) (next_random() % (round % 10 == 0 ?
														MOST : 60));

			fill(&p, n, shape);
			for (int i = 0; i < 10; i++)
			{
				int			k = 1 + (int) (next_random() % n);

				ct_population_largest(&p, k, &c);
				ranks = ranks && cutoff_is(&c, value[k - 1]);
			}
			for (uint64_t percent = 1; percent <= 100; percent += 11)
			{
				int64_t    *work = malloc(ct_population_workspace(&p) *
										  sizeof(int64_t));
				__int128	expected;

				ct_population_share(&p, percent, 0, work, &c);
				if (n <= 60)
					shares = shares &&
						(share_oracle(n, percent, &expected) ?
						 cutoff_is(&c, expected) : c.above);
				free(work);
			}
			free_population(&p);
		}
	ok(ranks, "the k-th largest of decimals");
	ok(shares, "shares of decimals");
}

static int
descending_double(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x < y) - (x > y);
}

static void
test_doubles(void)
{
	static double v[MOST];
	bool		ranks = true;
	ct_population p;
	ct_cutoff	c;

	make_population(&p);
	for (int i = 0; i < MOST; i++)
	{
		ct_figure	f = {CT_FIGURE_DOUBLE};

		v[i] = i % 5 == 0 ? 0 : ((double) next_random() - 9e18) *
			(i % 2 ? 1e-300 : 1e200);
		f.as.number = v[i] == 0 && i % 2 ? -0.0 : v[i];
		add(&p, &f);
	}
	qsort(v, MOST, sizeof(v[0]), descending_double);
	for (int k = 1; k <= MOST; k += 7)
	{
		ct_population_largest(&p, k, &c);
		ranks = ranks && c.value.kind == CT_FIGURE_DOUBLE &&
			c.value.as.number == v[k - 1];
	}
	ok(ranks, "the k-th largest of doubles");
	free_population(&p);
}

/* Doubles are added as the decimals that they print as: 0.1 * 3 is 0.3. */
static void
test_double_shares(void)
{
	static const double v[] = {0.1, 0.1, 0.1, 0.3, 1e-300, -5};
	ct_population p;
	ct_cutoff	c;
	int64_t    *work;

	make_population(&p);
	for (int i = 0; i < 6; i++)
	{
		ct_figure	f = {CT_FIGURE_DOUBLE};

		f.as.number = v[i];
		add(&p, &f);
	}
	work = malloc(ct_population_workspace(&p) * sizeof(int64_t));

	/* the one 0.3 is half of 0.6 but for 10^-300 */
	ct_population_share(&p, 50, 0, work, &c);
	ok(c.value.as.number == 0.1, "0.3 alone falls short of half by 5e-301");
	ct_population_share(&p, 49, 0, work, &c);
	ok(c.value.as.number == 0.3, "0.3 alone is 49 percent");
	ct_population_share(&p, 100, 0, work, &c);
	ok(c.value.as.number == 1e-300, "all of it ends with the least positive");
	free(work);
	free_population(&p);
}

static void
test_integers(void)
{
	static const int64_t v[] = {INT64_MAX, INT64_MIN, 0, INT64_MAX, 5, -1};
	ct_population p;
	ct_cutoff	c;
	int64_t    *work;
	ct_figure	other = {CT_FIGURE_DOUBLE};

	make_population(&p);
	for (int i = 0; i < 6; i++)
	{
		ct_figure	f = {CT_FIGURE_INTEGER};

		f.as.integer = v[i];
		add(&p, &f);
	}
	ct_population_largest(&p, 1, &c);
	ok(c.value.as.integer == INT64_MAX, "the largest integer");
	ct_population_largest(&p, 3, &c);
	ok(c.value.as.integer == 5, "the third");
	ct_population_largest(&p, 99, &c);
	ok(c.value.as.integer == INT64_MIN, "a rank beyond the end is the last");
	work = malloc(ct_population_workspace(&p) * sizeof(int64_t));
	ct_population_share(&p, 100, 0, work, &c);
	ok(c.value.as.integer == 5, "all of a sum beyond 64 bits");
	free(work);
	ok(ct_population_add(&p, &other) == CT_POPULATION_OTHER_KIND,
	   "a double among integers is refused");
	free_population(&p);
}

/*
 * Values that keys do not tell apart are tried one by one.  Each of them takes
 * its time where one has many digits, and all of it must be interruptible.
 */
static void
test_polls(void)
{
	ct_population p;
	ct_cutoff	c;
	int64_t    *work;
	int16_t		digits[CT_INT64_DIGITS];

	make_population(&p);
	for (int i = 0; i < MOST; i++)
	{
		ct_figure	f = {CT_FIGURE_DECIMAL};

		ct_decimal_from_int64(INT64_C(1000000000000000000) + i, digits,
							  &f.as.decimal);
		add(&p, &f);
	}
	work = malloc(ct_population_workspace(&p) * sizeof(int64_t));
	host_polls = 0;
	ct_population_share(&p, 100, 0, work, &c);
	ok(host_polls >= MOST, "a share can be interrupted at each value");
	free(work);
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

int
main(void)
{
	test_decimals();
	test_doubles();
	test_double_shares();
	test_integers();
	test_polls();
	test_percent_rank();
	return done_testing();
}
