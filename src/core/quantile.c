/*
 * quantile.c
 *		What lies between two figures: (a * (parts - part) + b * part) / parts,
 *		digit by digit.
 */
#include "core/host.h"
#include "core/quantile.h"

/*
 * Digits beyond those of a and b, so many that together with one that says
 * whether anything follows they decide which double is nearest.
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

/*
 * Makes digits of the lanes, whose number is positive or, with negative set,
 * has to be turned: each below CT_NBASE, none negative.
 */
static void
carry_lanes(int64_t *lanes, int count, bool negative)
{
	int64_t		carry = 0;

	for (int i = count - 1; i >= 0; i--)
	{
		int64_t		lane = (negative ? -lanes[i] : lanes[i]) + carry;

		carry = lane / CT_NBASE;
		lane %= CT_NBASE;
		if (lane < 0)
		{
			lane += CT_NBASE;
			carry--;
		}
		lanes[i] = lane;
	}
}

/* Is the number that the lanes make negative? */
static bool
lanes_negative(const int64_t *lanes, int count)
{
	int64_t		carry = 0;

	for (int i = count - 1; i >= 0; i--)
	{
		int64_t		lane = lanes[i] + carry;

		carry = lane / CT_NBASE - (lane % CT_NBASE < 0);
	}
	return carry < 0;
}

/* Divides the digits; a rest makes the last one tell that something follows. */
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
	if (rest != 0)
		digits[count - 1] |= 1;
}

double
ct_between(const ct_decimal *a, const ct_decimal *b, unsigned part,
		   unsigned parts, void *context)
{
	int			high = a->weight > b->weight ? a->weight : b->weight;
	int			low_a = a->weight - a->ndigits;
	int			low_b = b->weight - b->ndigits;
	int			low = (low_a < low_b ? low_a : low_b) - MORE_DIGITS;
	int			count = ++high - low + 1;
	size_t		size = (size_t) count * (sizeof(int64_t) + sizeof(int16_t));
	int64_t    *lanes = ct_host_resize(context, NULL, size);
	int16_t    *digits = (int16_t *) (lanes + count);
	ct_decimal	result;
	int			first = 0;
	double		value = 0;

	memset(lanes, 0, size);
	add_times(lanes, high, a, parts - part);
	add_times(lanes, high, b, part);
	result.sign = lanes_negative(lanes, count) ? -1 : 1;
	carry_lanes(lanes, count, result.sign < 0);
	divide_lanes(lanes, count, parts, digits);
	while (first < count && digits[first] == 0)
		first++;
	if (first < count)
	{
		while (digits[count - 1] == 0)
			count--;
		result.weight = high - first;
		result.ndigits = count - first;
		result.digits = (const unsigned char *) (digits + first);
		value = ct_decimal_to_double(&result);
	}
	(void) ct_host_resize(context, lanes, 0);
	return value;
}
