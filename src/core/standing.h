/*
 * standing.h
 *		Where a customer's figures stand on a ladder: all that movement needs
 *		to know of them.
 *
 * Rungs are counted from 0 at the top; here "no rung" is the number of rungs,
 * so that a greater number is always lower.  A figure that is not known meets
 * no bound: it stands on the floor, or nowhere.
 */
#ifndef CT_STANDING_H
#define CT_STANDING_H

#include "core/ladder.h"
#include "core/policy.h"

typedef struct ct_standing
{
	int			rungs;			/* of the ladder; as a rung: none */
	int			entry;			/* the rung that the value enters */
	int			review;			/* the rung that the review's figure enters */
	bool		kept[CT_LADDER_MAX_RUNGS + 1];	/* does it keep the rung? */
	bool		empty[CT_LADDER_MAX_RUNGS]; /* rungs that no value enters */
} ct_standing;

/*
 * On a ladder of bounds.  A review looks at review where it is not NULL and
 * known, else at value.
 */
extern void ct_stand_on_bounds(const ct_ladder *ladder,
							   const ct_rung_clauses *clauses,
							   const ct_figure *value,
							   const ct_figure *review,
							   ct_standing *standing);

/* On a ladder of rules; a review looks at reviews, where they are not NULL. */
extern void ct_stand_on_rules(const ct_ladder *ladder,
							  const ct_figure *values,
							  const ct_figure *reviews,
							  ct_standing *standing);

/* 16-bit digits that ct_keep_bound writes for a bound of so many. */
#define CT_KEEP_ROOM(ndigits) ((ndigits) + 7)

/* The same for any bound. */
#define CT_KEEP_MAX_DIGITS \
	CT_KEEP_ROOM((CT_DECIMAL_MAX_WHOLE + CT_DECIMAL_MAX_PLACES) / \
				 CT_NBASE_DIGITS + 2)

/*
 * The condition whose bound keeps a rung of a ladder of bounds that is no
 * floor, and that bound: the rung's own for keeping, else that for entering,
 * of which keep (10^-16 %) asks for a part, exactly, unless it is not
 * positive.
 */
extern const ct_condition *ct_keep_bound(const ct_ladder *ladder, int rung,
										 int64_t keep, int16_t *digits,
										 ct_decimal *bound);

/* Does the figure keep the rung? */
extern bool ct_figure_keeps(const ct_ladder *ladder, int rung, int64_t keep,
							const ct_figure *figure);

#endif							/* CT_STANDING_H */
