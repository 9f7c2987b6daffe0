/*
 * concentration.h
 *		How unevenly a sum is spread over the members of a population.
 *
 * The core gives both terms of a ratio, exactly; to divide them is the
 * face's.  Their digits are in the context given, which is the host's.  The
 * members are brought in order first.
 */
#ifndef CT_CONCENTRATION_H
#define CT_CONCENTRATION_H

#include "core/population.h"

/*
 * The Gini coefficient, part / whole: half of the mean difference between two
 * members, relative to the mean (C. Gini, Variabilità e mutabilità, 1912).
 * Of the sorted members x_1 to x_n it is
 *
 *	sum((2 * i - n - 1) * x_i) / (n * sum(x_i))
 *
 * (P. M. Dixon et al., Bootstrapping the Gini coefficient of inequality,
 * Ecology 68, 1987), without the factor n / (n - 1) that would make an
 * estimate of a sample unbiased.  False when a member is negative or none is
 * positive.
 */
extern bool ct_gini(ct_population *population, void *context,
					ct_decimal *part, ct_decimal *whole);

/*
 * What the k largest members have of the sum of all, part / whole; k is from
 * 1 on, and at most the number of members.  False unless the sum of all is
 * positive.  Members may be negative, and the part more than the whole.
 */
extern bool ct_top_share(ct_population *population, uint64_t k, void *context,
						 ct_decimal *part, ct_decimal *whole);

#endif							/* CT_CONCENTRATION_H */
