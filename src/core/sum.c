/*
 * sum.c
 *		Exact sums; see sum.h.
 */
#include <math.h>
#include <string.h>

#include "core/sum.h"

void
ct_sum_clear(ct_sum *sum)
{
	sum->fixed = 0;
	memset(sum->lanes, 0, sizeof(int64_t) * (size_t) sum->count);
}

void
ct_sum_copy(ct_sum *sum, const ct_sum *from)
{
	sum->fixed = from->fixed;
	memcpy(sum->lanes, from->lanes, sizeof(int64_t) * (size_t) sum->count);
}

void
ct_sum_add_decimal(ct_sum *sum, const ct_decimal *d)
{
	int64_t    *lane = sum->lanes + (d->weight - sum->low);

	for (int i = 0; i < d->ndigits; i++)
		lane[-i] += ct_decimal_digit(d, i);
}

void
ct_sum_add_double(ct_sum *sum, double value)
{
	double		units = rint(value * 1e8);
	int16_t		digits[CT_DOUBLE_DIGITS];
	ct_decimal	d;

	/* at most 15 digits: units / 10^8 is the shortest decimal */
	if (units < 1e15 && units / 1e8 == value)
	{
		sum->fixed += (int64_t) units;
		return;
	}
	ct_decimal_from_double(value, digits, &d);
	ct_sum_add_decimal(sum, &d);
}

void
ct_sum_finish(ct_sum *sum, uint64_t factor)
{
	unsigned __int128 rest = (unsigned __int128) sum->fixed;
	unsigned __int128 carry = 0;

	for (int i = sum->fixed_weight - sum->low; rest != 0; i++)
	{
		sum->lanes[i] += (int64_t) (rest % CT_NBASE);
		rest /= CT_NBASE;
	}
	sum->fixed = 0;
	for (int i = 0; i < sum->count; i++)
	{
		carry += (unsigned __int128) sum->lanes[i] * factor;
		sum->lanes[i] = (int64_t) (carry % CT_NBASE);
		carry /= CT_NBASE;
	}
}

int
ct_sum_compare(const ct_sum *a, const ct_sum *b)
{
	for (int i = a->count - 1; i >= 0; i--)
		if (a->lanes[i] != b->lanes[i])
			return a->lanes[i] < b->lanes[i] ? -1 : 1;
	return 0;
}
