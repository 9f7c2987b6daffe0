/*
 * decimal.h
 *		Exact decimals of any precision, in the shape of PostgreSQL's numeric.
 *
 * The value is sign * sum(digit[i] * 10000^(weight - i)).  There are no
 * leading and no trailing zero digits; zero has no digits, sign 0 and weight
 * 0.  A ct_decimal only points at its digits (16-bit, host order, any
 * alignment): a stored numeric or a ladder's bound is compared where it lies.
 */
#ifndef CT_DECIMAL_H
#define CT_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/wide.h"

#define CT_NBASE 10000
#define CT_NBASE_DIGITS 4

/* The reach of numeric: decimal digits before and after the point. */
#define CT_DECIMAL_MAX_WHOLE 131072
#define CT_DECIMAL_MAX_PLACES 16383

/* 16-bit digits that an int64, and a double's shortest decimal, can need. */
#define CT_INT64_DIGITS 5
#define CT_DOUBLE_DIGITS 6

/* 16-bit digits that suffice for 400 decimal ones. */
#define CT_SHORT_DIGITS 101

/* Decimal places of percentages: p * N stays below 2^127. */
#define CT_SMALL_PLACES 16

/* Room for the shortest decimal of a double, and its zero. */
#define CT_SHORTEST_SIZE 32

typedef struct ct_decimal
{
	int			sign;			/* -1, 0, 1 */
	int			weight;
	int			ndigits;
	const unsigned char *digits;
} ct_decimal;

static inline int
ct_decimal_digit(const ct_decimal *d, int i)
{
	int16_t		digit;

	memcpy(&digit, d->digits + (size_t) i * sizeof(digit), sizeof(digit));
	return digit;
}

static inline bool
ct_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* -1, 0 or 1; inline, since placing a value on a ladder is little else. */
static inline int
ct_decimal_compare(const ct_decimal *a, const ct_decimal *b)
{
	int			n;

	if (a->sign != b->sign)
		return a->sign < b->sign ? -1 : 1;
	if (a->sign == 0)
		return 0;
	if (a->weight != b->weight)
		return (a->weight < b->weight) == (a->sign > 0) ? -1 : 1;
	n = a->ndigits < b->ndigits ? a->ndigits : b->ndigits;
	for (int i = 0; i < n; i++)
	{
		int			da = ct_decimal_digit(a, i);
		int			db = ct_decimal_digit(b, i);

		if (da != db)
			return (da < db) == (a->sign > 0) ? -1 : 1;
	}
	if (a->ndigits == b->ndigits)
		return 0;
	return (a->ndigits < b->ndigits) == (a->sign > 0) ? -1 : 1;
}

/*
 * The length of the number [+-]digits[.digits][e[+-]digits] at the beginning
 * of a text; 0 when none is there.  This is how numbers are written in
 * ladders, scorecards and policies.
 */
extern int	ct_decimal_length(const char *text, int length);

/*
 * 16-bit digits that ct_decimal_parse writes for a text that is such a number
 * as a whole (1 for zero, which has none); 0 for any other text, and for a
 * number beyond numeric's reach.
 */
extern size_t ct_decimal_room(const char *text, int length);

/*
 * Reads such a text into digits[], which has room for so many.  False where
 * ct_decimal_room() is 0.
 */
extern bool ct_decimal_parse(const char *text, int length, int16_t *digits,
							 ct_decimal *result);

/* The same into a buffer of fixed size; false also for a longer number. */
extern bool ct_decimal_parse_short(const char *text, int length,
								   int16_t digits[CT_SHORT_DIGITS],
								   ct_decimal *result);

extern void ct_decimal_from_int64(int64_t value,
								  int16_t digits[CT_INT64_DIGITS],
								  ct_decimal *result);

/* Room for ct_decimal_format, its zero included. */
extern size_t ct_decimal_text_size(const ct_decimal *d);

/*
 * Plain decimal notation without superfluous zeros; returns the length.
 */
extern size_t ct_decimal_format(const ct_decimal *d, char *buffer);

/*
 * In units of 10^-8, a ninth decimal place rounded half away from zero.
 * False beyond 10^22 in size.
 */
extern bool ct_decimal_to_fixed(const ct_decimal *d, ct_int128 *result);

/*
 * A number that is not negative as mantissa / 10^places, mantissa < 2^63;
 * false for one that needs more, or more than CT_SMALL_PLACES places.
 */
extern bool ct_decimal_to_small(const ct_decimal *d, uint64_t *mantissa,
								int *places);

/* The same for a percentage; false also for 0 and beyond 100. */
extern bool ct_decimal_to_percent(const ct_decimal *d, uint64_t *mantissa,
								  int *places);

/* The nearest double, or real; an infinity beyond their range. */
extern double ct_decimal_to_double(const ct_decimal *d);
extern float ct_decimal_to_real(const ct_decimal *d);

/* The shortest decimal that reads back to a finite double, or real. */
extern void ct_decimal_from_double(double value,
								   int16_t digits[CT_DOUBLE_DIGITS],
								   ct_decimal *result);
extern void ct_decimal_from_real(float value,
								 int16_t digits[CT_DOUBLE_DIGITS],
								 ct_decimal *result);

/*
 * That decimal in units of 10^-8, a ninth place rounded half away from zero.
 * False beyond 10^22 in size.
 */
extern bool ct_double_to_fixed(double value, ct_int128 *result);
extern bool ct_real_to_fixed(float value, ct_int128 *result);

/*
 * In units of 10^-9, a double as that decimal; false for what is no whole
 * number of them, or has more than 15 digits.  The difference of two such
 * figures, divided by 10^9, is the double nearest to that of the decimals.
 */
extern bool ct_double_to_billionths(double value, int64_t *result);
extern bool ct_decimal_to_billionths(const ct_decimal *d, int64_t *result);

#endif							/* CT_DECIMAL_H */
