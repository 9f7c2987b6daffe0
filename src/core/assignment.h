/*
 * assignment.h
 *		How a customer moves between tiers: a pure state machine on dates.
 *
 * It knows neither values nor ladders, only where the values stand
 * (standing.h), and neither clock nor locale.  Periods are half-open: a tier
 * is held in [since, review_on), a pin holds until the day before
 * pinned_until.
 */
#ifndef CT_ASSIGNMENT_H
#define CT_ASSIGNMENT_H

#include "core/calendar.h"
#include "core/policy.h"
#include "core/standing.h"

/* A tier that the ladder does not have (any more). */
#define CT_RUNG_UNKNOWN (-1)

typedef enum ct_pin
{
	CT_PIN_NONE,
	CT_PIN_LOCK,				/* the tier stays; is the pinned one, if any */
	CT_PIN_FLOOR,				/* it is the pinned one or a higher one */
	CT_PIN_CAP					/* it is the pinned one or a lower one */
} ct_pin;

typedef enum ct_movement
{
	CT_UNCHANGED,
	CT_JOINED,
	CT_LEFT,					/* only read: whoever returns joins again */
	CT_UPGRADED,
	CT_DOWNGRADED,
	CT_RENEWED,					/* passed a review */
	CT_GRACE,					/* short, in grace */
	CT_HELD,					/* short, but not under review, or spared */
	CT_PINNED					/* would have moved but for the pin */
} ct_movement;

typedef struct ct_assignment
{
	int			rung;			/* the number of rungs: none */
	ct_date		since;
	ct_date		joined;
	ct_date		review_on;		/* CT_NO_DATE under review always */
	ct_date		grace_until;	/* CT_NO_DATE when not in grace */
	ct_pin		pin;
	int			pinned;			/* rung; CT_RUNG_UNKNOWN: a lock of any */
	ct_date		pinned_until;	/* CT_DATE_NEVER: no end */
	ct_movement movement;
} ct_assignment;

/* What the reason will say of it. */
typedef enum ct_cause
{
	CT_CAUSE_STAYS,				/* nothing happens */
	CT_CAUSE_WAITS,				/* would rise, but upgrades are at review */
	CT_CAUSE_JOINS,
	CT_CAUSE_ANEW,				/* the ladder lacks the tier held before */
	CT_CAUSE_RISES,				/* in all, whatever happened on the way */
	CT_CAUSE_FALLS,
	CT_CAUSE_PASSES,			/* a review */
	CT_CAUSE_RECOVERS,			/* from grace, under review always */
	CT_CAUSE_HELD,				/* short: in grace, not yet under review, or
								 * spared by keep or the review value */
	CT_CAUSE_NEVER,				/* spared by drop never */
	CT_CAUSE_BASE,				/* at the base, which has a bound */
	CT_CAUSE_ENTERED_TODAY,		/* one step a day */
	CT_CAUSE_PINNED				/* the pin keeps from rising or falling */
} ct_cause;

typedef struct ct_outcome
{
	ct_cause	cause;
	int			from;			/* rung before; CT_RUNG_UNKNOWN when placed */
	bool		by_pin;			/* the pin moves the tier, or keeps it */
} ct_outcome;

/*
 * The next assignment: every event up to as_of in the order of its date, on
 * one date pin end, grace end, review, as_of itself, each with the same
 * standing.  previous NULL, without any date, or left: joins.
 *
 * The movement says how the tier differs from the one before the call; if it
 * does not, what the last event decided, save that a pin kept the tier which
 * has ended since; if no event decided anything, how things stand at as_of.
 *
 * Fails with CT_BAD_PARAMETER when as_of lies before the last event or the
 * previous assignment contradicts itself, with CT_BAD_DATE when a date to
 * come lies beyond the range.
 */
extern bool ct_assign(const ct_assignment *previous,
					  const ct_standing *standing, const ct_policy *policy,
					  ct_date as_of, ct_assignment *next,
					  ct_outcome *outcome, ct_error *error);

/* "joined", "left", ... */
extern const char *ct_movement_text(ct_movement movement);

/* "lock", "floor", "cap"; NULL for none. */
extern const char *ct_pin_text(ct_pin pin);

#endif							/* CT_ASSIGNMENT_H */
