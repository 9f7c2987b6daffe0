/*
 * moves.h
 *		One step of movement, as the tests of it take it.
 */
#ifndef CT_MOVES_H
#define CT_MOVES_H

#include "core/assignment.h"
#include "figures.h"

/* A ladder of bounds with a policy that it allows. */
typedef struct programme
{
	ct_ladder  *ladder;
	ct_policy	policy;
	ct_rung_clauses clauses;	/* point into the policy */
} programme;

static inline void
set_policy(programme *p, const char *text)
{
	p->policy = policy_of(text);
	p->clauses = clauses_of(&p->policy, p->ladder);
}

/* review may be NULL; next may be previous. */
static inline bool
move_on(const programme *p, const ct_assignment *previous,
		const ct_figure *value, const ct_figure *review, ct_date as_of,
		ct_assignment *next, ct_outcome *outcome)
{
	ct_standing standing;

	ct_stand_on_bounds(p->ladder, &p->clauses, value, review, &standing);
	return ct_assign(previous, &standing, &p->clauses, as_of, next, outcome,
					 &error);
}

static inline bool
same_state(const ct_assignment *a, const ct_assignment *b)
{
	return a->rung == b->rung && a->since == b->since &&
		a->joined == b->joined && a->term == b->term &&
		a->review_on == b->review_on && a->grace_until == b->grace_until;
}

#endif							/* CT_MOVES_H */
