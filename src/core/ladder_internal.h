/*
 * ladder_internal.h
 *		What the parts of the ladder's core share.
 */
#ifndef CT_LADDER_INTERNAL_H
#define CT_LADDER_INTERNAL_H

#include "ladder.h"

/* Words that must be quoted to be labels or metrics. */
extern const char *const ct_ladder_reserved[];

/*
 * Compares two absolute bounds, or two relative numbers: by number, then ">"
 * above ">=".
 */
extern int	ct_bound_compare(const ct_ladder *ladder, const ct_condition *a,
							 const ct_condition *b);

#endif							/* CT_LADDER_INTERNAL_H */
