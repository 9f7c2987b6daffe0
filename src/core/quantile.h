/*
 * quantile.h
 *		What lies between two figures.
 */
#ifndef CT_QUANTILE_H
#define CT_QUANTILE_H

#include "core/decimal.h"

/*
 * The double nearest to a + (b - a) * part / parts, computed exactly; parts
 * is at most 1000.  context is the host's, for memory that is freed again.
 */
extern double ct_between(const ct_decimal *a, const ct_decimal *b,
						 unsigned part, unsigned parts, void *context);

#endif							/* CT_QUANTILE_H */
