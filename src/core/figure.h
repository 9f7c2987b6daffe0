/*
 * figure.h
 *		One figure of one customer, in the type it came in.
 *
 * An integer never goes through a double and a numeric is never rounded:
 * comparisons with a ladder's bounds are exact.  A double is compared with
 * the double nearest to the bound, a real with the real nearest to it.  In
 * arithmetic both stand for the decimal that they print as.
 */
#ifndef CT_FIGURE_H
#define CT_FIGURE_H

#include "core/decimal.h"

typedef enum ct_figure_kind
{
	CT_FIGURE_NULL,				/* not known */
	CT_FIGURE_INTEGER,
	CT_FIGURE_DECIMAL,
	CT_FIGURE_DOUBLE,			/* finite */
	CT_FIGURE_REAL				/* finite, a float widened to a double */
} ct_figure_kind;

typedef struct ct_figure
{
	ct_figure_kind kind;
	union
	{
		int64_t		integer;
		double		number;
		ct_decimal	decimal;
	}			as;
} ct_figure;

/* 16-bit digits that any figure but a decimal can need. */
#define CT_FIGURE_DIGITS 8

/*
 * The exact decimal that a known figure stands for, whose digits are in
 * digits[] or where the figure's are.
 */
extern ct_decimal ct_figure_decimal(const ct_figure *figure,
									int16_t digits[CT_FIGURE_DIGITS]);

/* The double nearest to that; an infinity beyond their range. */
extern double ct_figure_double(const ct_figure *figure);

/*
 * -1, 0 or 1; an unknown figure is below all others.  Where one of the two is
 * a double, or else a real, the other is taken as the nearest one.
 */
extern int	ct_figure_compare(const ct_figure *a, const ct_figure *b);

/*
 * A figure as bytes of any alignment, which hold a decimal's digits too:
 * how many there are, writing them, and reading them back.  What is read
 * points into the bytes; both return their number.
 */
extern size_t ct_figure_packed_size(const ct_figure *figure);
extern size_t ct_figure_pack(const ct_figure *figure, unsigned char *bytes);
extern size_t ct_figure_unpack(const unsigned char *bytes, ct_figure *figure);

#endif							/* CT_FIGURE_H */
