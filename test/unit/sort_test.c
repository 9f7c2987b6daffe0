/*
 * sort_test.c
 *		The sort against qsort, and quantiles of known lists.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/sort.h"
#include "unit.h"

#define MOST 70000

static uint64_t seed = 20240229;

static uint64_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static int
compare_doubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Several kinds of data: any bits, narrow, ties, signs, ascending. */
static double
sample(int kind, size_t i)
{
	double		any;
	uint64_t	bits;

	switch (kind)
	{
		case 0:
			do
			{
				bits = next_random();
				memcpy(&any, &bits, sizeof(any));
			} while (!isfinite(any) || any == 0);
			return any;
		case 1:
			return 1e9 + (double) (next_random() % 1000000) / 1e6;
		case 2:
			return (double) (next_random() % 7) - 3;
		case 3:
			return ldexp((double) (int64_t) next_random(), -63);
		default:
			return (double) i;
	}
}

static bool
doubles_agree(size_t count, int kind)
{
	double	   *a = malloc((count + 1) * sizeof(double));
	double	   *b = malloc((count + 1) * sizeof(double));
	bool		same;

	for (size_t i = 0; i < count; i++)
		a[i] = b[i] = sample(kind, i);
	ct_sort_doubles(a, count);
	qsort(b, count, sizeof(double), compare_doubles);
	same = memcmp(a, b, count * sizeof(double)) == 0;
	ct_sort_doubles(a, count);
	same = same && memcmp(a, b, count * sizeof(double)) == 0;
	free(a);
	free(b);
	return same;
}

static void
test_sorts(void)
{
	static const size_t sizes[] = {0, 1, 2, 3, 31, 32, 33, 34, 255, 1000,
	20000, MOST};

	for (int kind = 0; kind < 5; kind++)
	{
		bool		good = true;

		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			good = good && doubles_agree(sizes[i], kind);
		ok(good, "doubles of kind %d", kind);
	}
}

static void
test_quantiles(void)
{
	static const double list[] = {1, 2, 4, 8, 16};
	static const double wide[] = {-1.7e308, 1.7e308};

	ok(ct_sorted_quantile(list, 5, 0) == 1, "the least");
	ok(ct_sorted_quantile(list, 5, 1) == 16, "the greatest");
	ok(ct_sorted_quantile(list, 5, 0.5) == 4, "the median of five");
	ok(ct_sorted_quantile(list, 4, 0.5) == 3, "the median of four");
	ok(ct_sorted_quantile(list, 5, 0.125) == 1.5, "in between");
	ok(ct_sorted_quantile(list, 1, 0.3) == 1, "of one value");
	ok(ct_sorted_quantile(wide, 2, 0.5) == 0,
	   "finite where a difference is not");
}

int
main(void)
{
	test_sorts();
	test_quantiles();
	return done_testing();
}
