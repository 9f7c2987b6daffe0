/*
 * figure.h
 *		Figures from the arguments of SQL functions and the columns of rows,
 *		and back.
 */
#ifndef CT_FIGURE_FACE_H
#define CT_FIGURE_FACE_H

#include "core/figure.h"
#include "customer_tier.h"

/* Can a figure be read from this type, domains apart? */
extern bool ct_figure_type(Oid type);

/*
 * A datum of such a type, not NULL, as a figure; true is 1.  A decimal points
 * into the datum.  22003, naming what, for NaN and infinities.
 */
extern ct_figure ct_figure_of_datum(Datum value, Oid type, const char *what);

/*
 * Argument n, of whatever type the function was declared with, or NULL, as a
 * figure: one C function serves the overloads of an SQL function.
 */
extern ct_figure ct_getarg_figure(FunctionCallInfo fcinfo, int n,
								  const char *what);

/* A known figure as the exact numeric that it stands for. */
extern Datum ct_figure_numeric(const ct_figure *figure);

#endif							/* CT_FIGURE_FACE_H */
