/*
 * scorecard.h
 *		What the SQL faces of scorecards share with each other and with the
 *		concepts that weigh customers.
 */
#ifndef CT_SCORECARD_FACE_H
#define CT_SCORECARD_FACE_H

#include "customer_tier.h"
#include "row.h"

#include "core/scorecard.h"

#define CT_SCORECARD_TYPE "tier_scorecard"

/* Argument n as a scorecard, detoasted where needed. */
#define CT_GETARG_SCORECARD(n) \
	((const ct_scorecard *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n)))

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

/*
 * What a call site remembers of the scorecard it was last called with.  It is
 * the first member of a larger struct, whose other members a maker makes of
 * the card.
 */
typedef struct ct_scorecard_memo
{
	MemoryContext context;		/* of the card and all that is made of it */
	const ct_scorecard *card;	/* a copy of the argument */
	bool		ready;
	bool		constant;		/* the argument is a constant of the query */
} ct_scorecard_memo;

/* Called in the memo's context.  It may raise an error. */
typedef void (*ct_scorecard_maker) (ct_scorecard_memo *memo);

/*
 * The memo, of size bytes, of this call site for the scorecard that is
 * argument n, which is not NULL: made anew when it is another one.
 */
extern void *ct_scorecard_recall(FunctionCallInfo fcinfo, int n, Size size,
								 ct_scorecard_maker make);

#endif							/* CT_SCORECARD_FACE_H */
