/*
 * quantile.c
 *		What lies between two figures: (a * (parts - part) + b * part) / parts,
 *		digit by digit.
 */
#include "core/host.h"
#include "core/quantile.h"

/*
 * The digits that a quotient gets beyond those of a and b: more than decide
 * which double is nearest.  A quotient that goes on has no zeros among them,
 * each being at least CT_NBASE / parts, and so cannot look like one that ends.
 */
#define MORE_DIGITS 220

/* Adds d * factor; lane i has the weight high - i. */
static void
add_times(int64_t *lanes, int high, const ct_decimal *d, unsigned factor)
{
	for (int i = 0; i < d->ndigits; i++)
		lanes[high - d->weight + i] +=
			(int64_t) d->sign * factor * ct_decimal_digit(d, i);
}

/* Carries, so that each lane but the highest is from 0 to CT_NBASE - 1. */
static void
carry_lanes(int64_t *lanes, int count)
{
	for (int i = count - 1; i > 0; i--)
	{
		int64_t		carry = lanes[i] / CT_NBASE -
			(lanes[i] % CT_NBASE < 0 ? 1 : 0);

		lanes[i] -= carry * CT_NBASE;
		lanes[i - 1] += carry;
	}
}

/* Divides digits that are not negative; drops what is left over. */
static void
divide_lanes(const int64_t *lanes, int count, unsigned divisor,
			 int16_t *digits)
{
	int64_t		rest = 0;

	for (int i = 0; i < count; i++)
	{
		rest = rest * CT_NBASE + lanes[i];
		digits[i] = (int16_t) (rest / divisor);
		rest %= divisor;
	}
}

/* The double nearest to digits of which the first has this weight. */
static double
nearest_double(const int16_t *digits, int count, int weight, int sign)
{
	ct_decimal	d = {sign};
	int			first = 0;

	while (first < count && digits[first] == 0)
		first++;
	while (count > first && digits[count - 1] == 0)
		count--;
	if (first == count)
		return 0;
	d.weight = weight - first;
	d.ndigits = count - first;
	d.digits = (const unsigned char *) (digits + first);
	return ct_decimal_to_double(&d);
}

double
ct_between(const ct_decimal *a, const ct_decimal *b, unsigned part,
		   unsigned parts, void *context)
{
	/* one lane above both takes the carry, as parts is below CT_NBASE */
	int			high = (a->weight > b->weight ? a->weight : b->weight) + 1;
	int			low_a = a->weight - a->ndigits;
	int			low_b = b->weight - b->ndigits;
	int			low = (low_a < low_b ? low_a : low_b) - MORE_DIGITS;
	int			count = high - low + 1;
	size_t		size = (size_t) count * (sizeof(int64_t) + sizeof(int16_t));
	int64_t    *lanes = ct_host_resize(context, NULL, size);
	int16_t    *digits = (int16_t *) (lanes + count);
	int			sign = 1;
	double		value;

	memset(lanes, 0, size);
	add_times(lanes, high, a, parts - part);
	add_times(lanes, high, b, part);
	carry_lanes(lanes, count);
	if (lanes[0] < 0)
	{
		sign = -1;
		for (int i = 0; i < count; i++)
			lanes[i] = -lanes[i];
		carry_lanes(lanes, count);
	}
	divide_lanes(lanes, count, parts, digits);
	value = nearest_double(digits, count, high, sign);
	(void) ct_host_resize(context, lanes, 0);
	return value;
}
