/*
 * review.h
 *		The dates that follow from a policy.
 */
#ifndef CT_REVIEW_H
#define CT_REVIEW_H

#include "core/policy.h"

/*
 * The first review after a date, which is not before term, of someone who
 * joined on a date; CT_NO_DATE under review always.  risen: the term begins
 * with joining or rising, so that "next" makes it longer, and the month in
 * which it begins is not over.  Fails (22008) when the review lies beyond the
 * last date.
 */
extern bool ct_review_after(const ct_clauses *clauses, ct_date term,
							bool risen, ct_date joined, ct_date after,
							ct_date *review, ct_error *error);

/* When grace that begins on a date ends; the clauses must have grace. */
extern bool ct_grace_end(const ct_clauses *clauses, ct_date from,
						 ct_date *end, ct_error *error);

#endif							/* CT_REVIEW_H */
