/*
 * scorecard.h
 *		What the SQL faces of scorecards share with each other and with the
 *		concepts that weigh customers.
 */
#ifndef CT_SCORECARD_FACE_H
#define CT_SCORECARD_FACE_H

#include "core/scorecard.h"
#include "customer_tier.h"
#include "memo.h"
#include "row.h"

#define CT_SCORECARD_TYPE "tier_scorecard"

/*
 * A stored scorecard, detoasted where needed; XX001 unless version and size
 * are those of one.
 */
extern const ct_scorecard *ct_scorecard_of_datum(Datum datum);

#define CT_GETARG_SCORECARD(n) ct_scorecard_of_datum(PG_GETARG_DATUM(n))

/* Parses a text that is a scorecard or raises 22P02 (softly: NULL). */
extern ct_scorecard *ct_scorecard_from_text(const char *text,
											Node *escontext);

/* Builds a draft into a palloc'd datum. */
extern ct_scorecard *ct_scorecard_from_draft(const ct_scorecard_draft *draft);

/* Same scorecard?  The header tells, with its digest. */
static inline bool
ct_scorecard_equal(const ct_scorecard *a, const ct_scorecard *b)
{
	return memcmp(a, b, sizeof(ct_scorecard)) == 0;
}

#endif							/* CT_SCORECARD_FACE_H */
