/*
 * sum.h
 *		Exact sums of decimals of any precision, each times an integer.
 *
 * Like a wide accumulator: one 128-bit lane per base-10000 digit, added to
 * without carrying, and beside them one 128-bit integer for the values that
 * are whole units of a fixed size, which most are.  ct_sum_finish() brings
 * both together and carries; only then can sums be compared or read.
 */
#ifndef CT_SUM_H
#define CT_SUM_H

#include "core/decimal.h"

/* Weights that the fixed part reaches: 2^127 units of 10^-8 or of 1. */
#define CT_SUM_LOW (-2)
#define CT_SUM_HIGH 10

/* Weights of the shortest decimals of doubles. */
#define CT_SUM_DOUBLE_LOW (-83)
#define CT_SUM_DOUBLE_HIGH 78

/* Lanes above the highest value: factors that add up to 10^48. */
#define CT_SUM_CARRY 12

typedef struct ct_sum
{
	ct_int128	fixed;			/* in units of 10000^fixed_weight */
	int			fixed_weight;
	int			low;			/* weight of the lowest lane */
	int			count;			/* lanes */
	ct_int128  *lanes;			/* lowest first; the caller's */
} ct_sum;

/* Makes the sum 0; its shape must be set. */
extern void ct_sum_clear(ct_sum *sum);

/* Copies the value; both have one shape, and each its own lanes. */
extern void ct_sum_copy(ct_sum *sum, const ct_sum *from);

extern void ct_sum_add_decimal(ct_sum *sum, const ct_decimal *d,
							   int64_t factor);

/*
 * Adds a double's shortest decimal times a factor; fixed_weight must be that
 * of 10^-8.
 */
extern void ct_sum_add_double(ct_sum *sum, double value, int64_t factor);

/*
 * Moves the fixed part into the lanes.  To be called often enough that what
 * is added to it in between stays below 2^127.
 */
extern void ct_sum_settle(ct_sum *sum);

/*
 * Multiplies by a factor of at most 10^18 and carries.  False, with nothing
 * in the lanes that could be used, when the sum is negative.
 */
extern bool ct_sum_finish(ct_sum *sum, uint64_t factor);

/* -1, 0 or 1, of two finished sums of one shape. */
extern int	ct_sum_compare(const ct_sum *a, const ct_sum *b);

/* A finished sum as a decimal; digits[] has room for one of each lane. */
extern ct_decimal ct_sum_decimal(const ct_sum *sum, int16_t *digits);

#endif							/* CT_SUM_H */
