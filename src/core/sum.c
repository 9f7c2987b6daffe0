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
	memset(sum->lanes, 0, sizeof(ct_int128) * (size_t) sum->count);
}

void
ct_sum_copy(ct_sum *sum, const ct_sum *from)
{
	sum->fixed = from->fixed;
	memcpy(sum->lanes, from->lanes, sizeof(ct_int128) * (size_t) sum->count);
}

void
ct_sum_add_decimal(ct_sum *sum, const ct_decimal *d, int64_t factor)
{
	ct_int128  *lane = sum->lanes + (d->weight - sum->low);

	factor *= d->sign;
	for (int i = 0; i < d->ndigits; i++)
		lane[-i] += (ct_int128) factor * ct_decimal_digit(d, i);
}

void
ct_sum_add_double(ct_sum *sum, double value, int64_t factor)
{
	double		units = rint(value * 1e8);
	int16_t		digits[CT_DOUBLE_DIGITS];
	ct_decimal	d;

	/* at most 15 digits: units / 10^8 is the shortest decimal */
	if (fabs(units) < 1e15 && units / 1e8 == value)
	{
		sum->fixed += (ct_int128) (int64_t) units * factor;
		return;
	}
	ct_decimal_from_double(value, digits, &d);
	ct_sum_add_decimal(sum, &d, factor);
}

void
ct_sum_settle(ct_sum *sum)
{
	for (int i = sum->fixed_weight - sum->low; sum->fixed != 0; i++)
	{
		sum->lanes[i] += sum->fixed % CT_NBASE;
		sum->fixed /= CT_NBASE;
	}
}

bool
ct_sum_finish(ct_sum *sum, uint64_t factor)
{
	ct_int128	carry = 0;
	ct_uint128	product = 0;

	ct_sum_settle(sum);
	for (int i = 0; i < sum->count; i++)
	{
		int			digit;

		carry += sum->lanes[i];
		digit = (int) (carry % CT_NBASE);
		carry /= CT_NBASE;
		if (digit < 0)
		{
			digit += CT_NBASE;
			carry--;
		}
		product += (ct_uint128) factor * (unsigned) digit;
		sum->lanes[i] = (ct_int128) (product % CT_NBASE);
		product /= CT_NBASE;
	}
	return carry >= 0;
}

int
ct_sum_compare(const ct_sum *a, const ct_sum *b)
{
	for (int i = a->count - 1; i >= 0; i--)
		if (a->lanes[i] != b->lanes[i])
			return a->lanes[i] < b->lanes[i] ? -1 : 1;
	return 0;
}

ct_decimal
ct_sum_decimal(const ct_sum *sum, int16_t *digits)
{
	ct_decimal	d = {0};
	int			low = 0;
	int			high = sum->count - 1;

	while (high >= 0 && sum->lanes[high] == 0)
		high--;
	if (high < 0)
		return d;
	while (sum->lanes[low] == 0)
		low++;
	for (int i = high; i >= low; i--)
		digits[high - i] = (int16_t) sum->lanes[i];
	d.sign = 1;
	d.weight = sum->low + high;
	d.ndigits = high - low + 1;
	d.digits = (const unsigned char *) digits;
	return d;
}
