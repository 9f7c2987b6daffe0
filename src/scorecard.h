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

/* Argument n as a scorecard, detoasted where needed. */
#define CT_GETARG_SCORECARD(n) \
	((const ct_scorecard *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n)))

/* What a memo has taken up; XX001 for another version than ours. */
extern const ct_scorecard *ct_scorecard_of_memo(const ct_memo *memo);

/* Parses a text that is a scorecard or raises 22P02 (softly: NULL). */
extern ct_scorecard *ct_scorecard_from_text(const char *text,
											Node *escontext);

/* Builds a draft into a palloc'd datum. */
extern ct_scorecard *ct_scorecard_from_draft(const ct_scorecard_draft *draft);

static inline bool
ct_scorecard_equal(const ct_scorecard *a, const ct_scorecard *b)
{
	return a == b || (a->size == b->size && memcmp(a, b, a->size) == 0);
}

#endif							/* CT_SCORECARD_FACE_H */
