/*
 * figure.h
 *		One figure of one customer, in the type it came in.
 *
 * An integer never goes through a double and a numeric is never rounded:
 * comparisons with a ladder's bounds are exact.  A double is compared with
 * the double nearest to the bound.
 */
#ifndef CT_FIGURE_H
#define CT_FIGURE_H

#include "decimal.h"

typedef enum ct_figure_kind
{
	CT_FIGURE_NULL,				/* not known */
	CT_FIGURE_INTEGER,
	CT_FIGURE_DOUBLE,			/* finite */
	CT_FIGURE_DECIMAL
} ct_figure_kind;

typedef struct ct_figure
{
	ct_figure_kind kind;
	union
	{
		int64_t		integer;
		double		real;
		ct_decimal	decimal;
	}			as;
} ct_figure;

#endif							/* CT_FIGURE_H */
