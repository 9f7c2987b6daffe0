/*
 * sort.h
 *		Sorting many numbers in place, and quantiles of what is sorted.
 *
 * The sort polls the host between passes.  Should it not return, the array
 * holds nothing of use.
 */
#ifndef CT_SORT_H
#define CT_SORT_H

#include <stddef.h>

/* Ascending; the values are finite. */
extern void ct_sort_doubles(double *values, size_t count);

/*
 * The quantile at fraction 0..1 of at least one sorted value, type 7 of
 * Hyndman and Fan (1996): to the bit what percentile_cont gives, except that
 * it stays finite where the difference of two values is not.
 */
extern double ct_sorted_quantile(const double *sorted, size_t count,
								 double fraction);

#endif							/* CT_SORT_H */
