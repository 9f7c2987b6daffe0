/*
 * minimize.h
 *		The least value of a smooth function of a few variables.
 *
 * The method of Broyden, Fletcher, Goldfarb and Shanno, within bounds: a
 * variable at its bound stays there while the function falls beyond it.  The
 * line search looks for a point that meets the weak conditions of Wolfe, by
 * doubling and halving (Lewis and Overton, Mathematical Programming 141,
 * 2013).  It does the same each time.
 */
#ifndef CT_MINIMIZE_H
#define CT_MINIMIZE_H

#include <stdbool.h>

#define CT_MOST_VARIABLES 4

/* The value at a point, and the gradient there. */
typedef double (*ct_function) (const double *point, double *gradient,
							   void *context);

typedef struct ct_minimum
{
	double		point[CT_MOST_VARIABLES];	/* on entry: where to begin */
	double		value;
	double		gradient_norm;	/* the largest element, of free variables */
	int			iterations;
	bool		converged;		/* gradient_norm is at most 10^-6, and no
								 * variable is at its bound */
} ct_minimum;

/* Of count variables, each within -bound and bound. */
extern void ct_minimize(ct_function function, void *context, int count,
						double bound, ct_minimum *minimum);

#endif							/* CT_MINIMIZE_H */
