/*
 * assignment.h
 *		How a customer moves between tiers: a pure state machine on dates.
 *
 * It knows neither values nor ladders, only where the values stand
 * (standing.h), and neither clock nor locale.  Periods are half-open: a tier
 * is held in [since, review_on).
 *
 * Review dates are counted from term: the day of joining or rising, or the
 * review that was failed.  A fall after grace begins its term at that review,
 * so that grace never moves the calendar.
 */
#ifndef CT_ASSIGNMENT_H
#define CT_ASSIGNMENT_H

#include "core/calendar.h"
#include "core/policy.h"
#include "core/standing.h"

/* A tier that the ladder does not have (any more). */
#define CT_RUNG_UNKNOWN (-1)

typedef enum ct_movement
{
	CT_UNCHANGED,
	CT_JOINED,
	CT_LEFT,					/* only read: whoever returns joins again */
	CT_UPGRADED,
	CT_DOWNGRADED,
	CT_RENEWED,					/* passed a review */
	CT_GRACE,					/* short, in grace */
	CT_HELD						/* short, but not under review, or spared */
} ct_movement;

typedef struct ct_assignment
{
	int			rung;			/* the number of rungs: none */
	ct_date		since;
	ct_date		joined;
	ct_date		term;			/* CT_NO_DATE under review always */
	ct_date		review_on;		/* likewise; in grace, the review failed */
	ct_date		grace_until;	/* CT_NO_DATE when not in grace */
	ct_movement movement;
} ct_assignment;

/* What the reason will say. */
typedef enum ct_cause
{
	CT_CAUSE_STAYS,				/* nothing happens */
	CT_CAUSE_WAITS,				/* would rise, but upgrades are at review */
	CT_CAUSE_JOINS,
	CT_CAUSE_ANEW,				/* the ladder lacks the tier held before */
	CT_CAUSE_RISES,				/* in all, whatever happened on the way */
	CT_CAUSE_FALLS,
	CT_CAUSE_PASSES,			/* a review */
	CT_CAUSE_REGAINS,			/* failed it, but the value enters the tier */
	CT_CAUSE_RECOVERS,			/* from grace, under review always */
	CT_CAUSE_HELD,				/* short: in grace, not yet under review, or
								 * spared by keep or the review value */
	CT_CAUSE_NEVER,				/* spared by drop never */
	CT_CAUSE_BASE,				/* at the base, which has a bound */
	CT_CAUSE_ENTERED_TODAY		/* one step a day */
} ct_cause;

typedef struct ct_outcome
{
	ct_cause	cause;
	int			from;			/* rung before; CT_RUNG_UNKNOWN when placed */
} ct_outcome;

/*
 * The next assignment: every event up to as_of in the order of its date, on
 * one date grace end, review, as_of itself, each with the same standing, and
 * with the clauses of the tier held then.  previous NULL, without any date, or
 * left: joins.
 *
 * The movement tells the tier before from the tier after; if they are the
 * same, what the last event decided; if there was none, the state at as_of.
 *
 * Fails with CT_BAD_PARAMETER when as_of lies before the last event or the
 * previous assignment contradicts itself, with CT_BAD_DATE when a date to
 * come lies beyond the range.
 */
extern bool ct_assign(const ct_assignment *previous,
					  const ct_standing *standing,
					  const ct_rung_clauses *clauses, ct_date as_of,
					  ct_assignment *next, ct_outcome *outcome,
					  ct_error *error);

/* "joined", "left", ... */
extern const char *ct_movement_text(ct_movement movement);

#endif							/* CT_ASSIGNMENT_H */
