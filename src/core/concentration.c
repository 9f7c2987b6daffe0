/*
 * concentration.c
 *		The terms of the Gini coefficient and of top shares; see
 *		concentration.h.
 */
#include "c.h"

#include "core/concentration.h"
#include "core/host.h"

/*
 * The decimals of two finished sums, whose lanes are given back.  True when
 * the second one, the whole, is positive.
 */
static bool
read_terms(ct_sum sums[2], void *context, ct_decimal *part, ct_decimal *whole)
{
	size_t		count = (size_t) sums[0].count;
	int16_t    *digits = ct_host_resize(context, NULL,
										2 * count * sizeof(int16_t));

	*part = ct_sum_decimal(&sums[0], digits);
	*whole = ct_sum_decimal(&sums[1], digits + count);
	(void) ct_host_resize(context, sums[0].lanes, 0);
	return whole->sign > 0;
}

/*
 * The lower half of the members has negative factors, but what they take
 * never exceeds what the upper half gives.
 */
bool
ct_gini(ct_population *p, void *context, ct_decimal *part, ct_decimal *whole)
{
	int64_t		n = (int64_t) p->count;
	ct_sum		sums[2];

	ct_population_sort(p);
	/* whatever the kind, the keys of negative members are negative */
	if (n == 0 || p->members[0].key < 0)
		return false;
	ct_population_start_sums(p, context, sums, 2);
	ct_population_add_up(p, 0, p->count, 1 - n, 2, &sums[0]);
	ct_population_add_up(p, 0, p->count, 1, 0, &sums[1]);
	ct_sum_finish(&sums[0], 1);
	ct_sum_finish(&sums[1], (uint64_t) n);
	return read_terms(sums, context, part, whole);
}

/* Where the whole is positive, so is the part: its mean is no less. */
bool
ct_top_share(ct_population *p, uint64_t k, void *context, ct_decimal *part,
			 ct_decimal *whole)
{
	ct_sum		sums[2];
	size_t		first;

	if (p->count == 0)
		return false;
	ct_population_sort(p);
	first = ct_population_largest(p, k);
	ct_population_start_sums(p, context, sums, 2);
	ct_population_add_up(p, first, p->count, 1, 0, &sums[0]);
	ct_sum_copy(&sums[1], &sums[0]);
	ct_population_add_up(p, 0, first, 1, 0, &sums[1]);
	if (!ct_sum_finish(&sums[1], 1))
	{
		(void) ct_host_resize(context, sums[0].lanes, 0);
		return false;
	}
	ct_sum_finish(&sums[0], 1);
	return read_terms(sums, context, part, whole);
}
