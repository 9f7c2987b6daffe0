/*
 * wide.h
 *		Signed integers of 192 bits, for sums that no order of rows can
 *		overflow.
 *
 * An amount is at most 10^22 in units of 10^-8, 2^100; a whole second since
 * 2000 is below 2^44.  Their product stays below 2^144, so that 2^47 rows of
 * it fit.  Words are little-endian two's complement.  There is no alignment
 * beyond that of a 64-bit word: __int128 is declared with alignment 8, since
 * PostgreSQL's allocators promise no more.
 */
#ifndef CT_WIDE_H
#define CT_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef __int128 ct_int128 __attribute__((aligned(8)));
typedef unsigned __int128 ct_uint128 __attribute__((aligned(8)));

typedef struct ct_wide
{
	uint64_t	word[3];
} ct_wide;

/* Amounts, quantities and scores are kept in units of 10^-8. */
#define CT_FIXED_SCALE 8
#define CT_FIXED_ONE INT64_C(100000000)

/* One amount is at most 10^22 in size: 10^30 units. */
#define CT_FIXED_LIMIT \
	((ct_int128) INT64_C(1000000000000000) * INT64_C(1000000000000000))

/* Room for ct_wide_format at any scale up to 30, with its zero. */
#define CT_WIDE_TEXT_SIZE 96

/* Bytes of a ct_wide in a stored digest. */
#define CT_WIDE_BYTES 24

/* Is a a possible sum of this many amounts, at most 2^60 of them? */
extern bool ct_wide_within(const ct_wide *a, int64_t amounts);

/* Multiply in place by an integer; false on overflow. */
extern bool ct_wide_multiply(ct_wide *a, int64_t factor);

/*
 * Divides the magnitude of a by a positive divisor in place, truncating
 * towards zero; returns the remainder of the magnitude.
 */
extern uint64_t ct_wide_divide(ct_wide *a, uint64_t divisor);

/* The quotient a / divisor rounded half away from zero; divisor > 0. */
extern void ct_wide_divide_rounded(ct_wide *a, uint64_t divisor);

/*
 * The nearest double (ties to even) of a / b; b is not zero.  Rates are
 * computed by it, from exact integers, so that x / x is 1 and 100 * x / x is
 * 100 whatever the size of x.
 */
extern double ct_wide_ratio(const ct_wide *a, const ct_wide *b);

/*
 * a / 10^scale as decimal text without trailing zeros, zero-terminated;
 * returns its length.
 */
extern int	ct_wide_format(const ct_wide *a, int scale, char *buffer);

/* Network byte order, for send, recv and hashing. */
extern void ct_wide_write(const ct_wide *a, unsigned char *bytes);
extern void ct_wide_read(ct_wide *a, const unsigned char *bytes);

static inline void
ct_wide_zero(ct_wide *a)
{
	a->word[0] = a->word[1] = a->word[2] = 0;
}

static inline int
ct_wide_sign(const ct_wide *a)
{
	if (a->word[2] >> 63)
		return -1;
	return (a->word[0] | a->word[1] | a->word[2]) != 0;
}

static inline void
ct_wide_from_int128(ct_wide *a, ct_int128 value)
{
	a->word[0] = (uint64_t) value;
	a->word[1] = (uint64_t) ((ct_uint128) value >> 64);
	a->word[2] = value < 0 ? UINT64_MAX : 0;
}

static inline ct_wide
ct_wide_of(ct_int128 value)
{
	ct_wide		result;

	ct_wide_from_int128(&result, value);
	return result;
}

/* Two words at a time: compilers make add and adc of it. */
static inline unsigned __int128
ct_wide_low(const ct_wide *a)
{
	return (unsigned __int128) a->word[1] << 64 | a->word[0];
}

static inline void
ct_wide_set(ct_wide *a, unsigned __int128 low, uint64_t high)
{
	a->word[0] = (uint64_t) low;
	a->word[1] = (uint64_t) (low >> 64);
	a->word[2] = high;
}

static inline void
ct_wide_negate(ct_wide *a)
{
	unsigned __int128 low = -ct_wide_low(a);

	ct_wide_set(a, low, ~a->word[2] + (low == 0));
}

/* False when it does not fit. */
static inline bool
ct_wide_to_int128(const ct_wide *a, ct_int128 *value)
{
	*value = (ct_int128) ct_wide_low(a);
	return a->word[2] == (*value < 0 ? UINT64_MAX : 0);
}

/* a += b; false on overflow, a is then undefined. */
static inline bool
ct_wide_add(ct_wide *a, const ct_wide *b)
{
	uint64_t	high_a = a->word[2];
	uint64_t	high_b = b->word[2];
	unsigned __int128 low_b = ct_wide_low(b);
	unsigned __int128 low = ct_wide_low(a) + low_b;
	uint64_t	high = high_a + high_b + (low < low_b);

	ct_wide_set(a, low, high);
	return (((high_a ^ high) & (high_b ^ high)) >> 63) == 0;
}

static inline bool
ct_wide_add_int128(ct_wide *a, ct_int128 value)
{
	ct_wide		b;

	ct_wide_from_int128(&b, value);
	return ct_wide_add(a, &b);
}

/* a -= b; false on overflow. */
static inline bool
ct_wide_subtract(ct_wide *a, const ct_wide *b)
{
	uint64_t	high_a = a->word[2];
	uint64_t	high_b = b->word[2];
	unsigned __int128 low_a = ct_wide_low(a);
	unsigned __int128 low = low_a - ct_wide_low(b);
	uint64_t	high = high_a - high_b - (low > low_a);

	ct_wide_set(a, low, high);
	return (((high_a ^ high_b) & (high_a ^ high)) >> 63) == 0;
}

/* -1, 0 or 1. */
static inline int
ct_wide_compare(const ct_wide *a, const ct_wide *b)
{
	int64_t		high_a = (int64_t) a->word[2];
	int64_t		high_b = (int64_t) b->word[2];

	if (high_a != high_b)
		return high_a < high_b ? -1 : 1;
	for (int i = 1; i >= 0; i--)
		if (a->word[i] != b->word[i])
			return a->word[i] < b->word[i] ? -1 : 1;
	return 0;
}

/*
 * a += value * factor.  With |value| <= CT_FIXED_LIMIT one product is below
 * 2^164; false on overflow of the sum.
 */
static inline bool
ct_wide_add_product(ct_wide *a, ct_int128 value, int64_t factor)
{
	bool		negative = (value < 0) != (factor < 0);
	unsigned __int128 v = value < 0 ? -(unsigned __int128) value :
		(unsigned __int128) value;
	uint64_t	f = factor < 0 ? -(uint64_t) factor : (uint64_t) factor;
	unsigned __int128 low = (unsigned __int128) (uint64_t) v * f;
	unsigned __int128 high = (v >> 64) * f + (low >> 64);
	ct_wide		product;

	ct_wide_set(&product, high << 64 | (uint64_t) low,
				(uint64_t) (high >> 64));
	if (negative)
		ct_wide_negate(&product);
	return ct_wide_add(a, &product);
}

#endif							/* CT_WIDE_H */
