/*
 * wide.c
 *		The parts of 192-bit arithmetic that are not on a hot path.
 */
#include <math.h>

#include "core/wide.h"

/* The largest power of ten in 64 bits, for conversion in chunks. */
#define CHUNK_DIGITS 19
#define CHUNK UINT64_C(10000000000000000000)

/* Decimal digits of 2^191, in whole chunks. */
#define MAX_DIGITS (4 * CHUNK_DIGITS)

/* Turns a into its magnitude; returns whether it was negative. */
static bool
make_magnitude(ct_wide *a)
{
	if (ct_wide_sign(a) >= 0)
		return false;
	ct_wide_negate(a);
	return true;
}

/* The unsigned division that everything else is made of. */
static uint64_t
divide_magnitude(uint64_t word[3], uint64_t divisor)
{
	unsigned __int128 rest = 0;

	for (int i = 2; i >= 0; i--)
	{
		rest = (rest << 64) | word[i];
		word[i] = (uint64_t) (rest / divisor);
		rest %= divisor;
	}
	return (uint64_t) rest;
}

/* word = word * factor; returns what does not fit. */
static uint64_t
multiply_magnitude(uint64_t word[3], uint64_t factor)
{
	unsigned __int128 carry = 0;

	for (int i = 0; i < 3; i++)
	{
		carry += (unsigned __int128) word[i] * factor;
		word[i] = (uint64_t) carry;
		carry >>= 64;
	}
	return (uint64_t) carry;
}

/* Puts the sign back on a magnitude; false when it does not fit. */
static bool
apply_sign(ct_wide *a, bool negative)
{
	int			sign;

	if (negative)
		ct_wide_negate(a);
	sign = ct_wide_sign(a);
	return sign == 0 || (sign < 0) == negative;
}

bool
ct_wide_within(const ct_wide *a, int64_t amounts)
{
	ct_wide		size = *a;
	ct_wide		limit;

	/* the size of the lowest number does not fit */
	(void) make_magnitude(&size);
	ct_wide_zero(&limit);
	return ct_wide_sign(&size) >= 0 &&
		ct_wide_add_product(&limit, CT_FIXED_LIMIT, amounts) &&
		ct_wide_compare(&size, &limit) <= 0;
}

bool
ct_wide_multiply(ct_wide *a, int64_t factor)
{
	bool		negative = make_magnitude(a);
	uint64_t	size = factor < 0 ? -(uint64_t) factor : (uint64_t) factor;

	if (multiply_magnitude(a->word, size) != 0)
		return false;
	return apply_sign(a, negative != (factor < 0));
}

uint64_t
ct_wide_divide(ct_wide *a, uint64_t divisor)
{
	bool		negative = make_magnitude(a);
	uint64_t	rest = divide_magnitude(a->word, divisor);

	if (negative)
		ct_wide_negate(a);
	return rest;
}

void
ct_wide_divide_rounded(ct_wide *a, uint64_t divisor)
{
	bool		negative = ct_wide_sign(a) < 0;
	uint64_t	rest = ct_wide_divide(a, divisor);

	/* 2 * rest >= divisor, without overflow */
	if (rest >= divisor - rest)
		ct_wide_add_int128(a, negative ? -1 : 1);
}

/* rest = rest * 2 + bit, less b if it reaches that; returns whether it did. */
static bool
divide_step(ct_wide *rest, const ct_wide *b, unsigned bit)
{
	ct_wide		less;

	rest->word[2] = rest->word[2] << 1 | rest->word[1] >> 63;
	rest->word[1] = rest->word[1] << 1 | rest->word[0] >> 63;
	rest->word[0] = rest->word[0] << 1 | bit;
	/* as a magnitude; rest is below 2 * b, so the top bit counts */
	less = *rest;
	(void) ct_wide_subtract(&less, b);
	if ((rest->word[2] >> 63) == 0 && ct_wide_sign(&less) < 0)
		return false;
	*rest = less;
	return true;
}

/* The number of bits of a magnitude below 2^128. */
static int
bits_of(const ct_wide *a)
{
	return a->word[1] != 0 ? 128 - __builtin_clzll(a->word[1]) :
		a->word[0] != 0 ? 64 - __builtin_clzll(a->word[0]) : 0;
}

static unsigned __int128
word_pair(const ct_wide *a)
{
	return (unsigned __int128) a->word[1] << 64 | a->word[0];
}

/*
 * The ratio of magnitudes, neither of them zero, by one division of 128 bits
 * if that gives a quotient of 57 to 63 bits: false if not.
 */
static bool
ratio_by_pairs(const ct_wide *m, const ct_wide *n, double *result)
{
	int			shift = 57 + bits_of(n) - bits_of(m);
	unsigned __int128 dividend;
	uint64_t	quotient;
	bool		left;

	if (shift < 0)
		shift = 0;
	if ((m->word[2] | n->word[2]) != 0 || bits_of(n) > 71 ||
		bits_of(m) - bits_of(n) > 62)
		return false;
	dividend = word_pair(m) << shift;
	quotient = (uint64_t) (dividend / word_pair(n));
	left = dividend % word_pair(n) != 0;
	*result = ldexp((double) (quotient << 1 | left), -shift - 1);
	return true;
}

/*
 * Two integers up to 2^53 are one correctly rounded division.  Otherwise
 * division of 128 bits, or binary long division, until the quotient has at
 * least 56 bits: two more than decide the rounding, and a last one for whether
 * anything is left.
 */
double
ct_wide_ratio(const ct_wide *a, const ct_wide *b)
{
	ct_wide		m = *a;
	ct_wide		n = *b;
	ct_wide		rest = {{0, 0, 0}};
	bool		negative = make_magnitude(&m) != make_magnitude(&n);
	uint64_t	quotient = 0;
	double		value;

	if ((m.word[1] | m.word[2] | n.word[1] | n.word[2]) == 0 &&
		m.word[0] <= UINT64_C(1) << 53 && n.word[0] <= UINT64_C(1) << 53)
		value = (double) m.word[0] / (double) n.word[0];
	else if (ct_wide_sign(&m) == 0)
		value = 0;
	else if (!ratio_by_pairs(&m, &n, &value))
	{
		int			bit = 191;
		bool		left;

		while (m.word[bit / 64] == 0)
			bit -= 64;
		for (; quotient < UINT64_C(1) << 55; bit--)
			quotient = quotient << 1 |
				divide_step(&rest, &n, bit < 0 ? 0 :
							m.word[bit / 64] >> (bit % 64) & 1);
		left = ct_wide_sign(&rest) != 0;
		for (int i = bit; i >= 0 && !left; i--)
			left = m.word[i / 64] >> (i % 64) & 1;
		value = ldexp((double) (quotient << 1 | left), bit);
	}
	return negative && value != 0 ? -value : value;
}

int
ct_wide_format(const ct_wide *a, int scale, char *buffer)
{
	ct_wide		m = *a;
	bool		negative = make_magnitude(&m);
	char		digits[MAX_DIGITS];
	int			ndigits = 0;
	int			skip = 0;
	char	   *out = buffer;

	/* digits[] holds them from the last to the first */
	while ((m.word[0] | m.word[1] | m.word[2]) != 0)
	{
		uint64_t	chunk = divide_magnitude(m.word, CHUNK);

		for (int i = 0; i < CHUNK_DIGITS; i++, chunk /= 10)
			digits[ndigits++] = '0' + chunk % 10;
	}
	while (ndigits > 0 && digits[ndigits - 1] == '0')
		ndigits--;
	while (ndigits <= scale)
		digits[ndigits++] = '0';
	while (skip < scale && digits[skip] == '0')
		skip++;

	if (negative)
		*out++ = '-';
	for (int i = ndigits - 1; i >= skip; i--)
	{
		if (i == scale - 1)
			*out++ = '.';
		*out++ = digits[i];
	}
	*out = '\0';
	return (int) (out - buffer);
}

void
ct_wide_write(const ct_wide *a, unsigned char *bytes)
{
	for (int i = 0; i < CT_WIDE_BYTES; i++)
		bytes[i] = (unsigned char) (a->word[2 - i / 8] >> (56 - i % 8 * 8));
}

void
ct_wide_read(ct_wide *a, const unsigned char *bytes)
{
	ct_wide_zero(a);
	for (int i = 0; i < CT_WIDE_BYTES; i++)
		a->word[2 - i / 8] |= (uint64_t) bytes[i] << (56 - i % 8 * 8);
}
