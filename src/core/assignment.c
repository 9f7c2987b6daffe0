/*
 * assignment.c
 *		The state machine of movement; see assignment.h.
 */
#include <string.h>

#include "core/assignment.h"
#include "core/isodate.h"
#include "core/review.h"

/*
 * One call of ct_assign().  The assignment begins as the previous one and
 * ends as the next; its movement, and the outcome, are what the last event
 * decided (CT_UNCHANGED: none has).
 */
typedef struct machine
{
	const ct_standing *standing;
	const ct_rung_clauses *clauses;
	ct_date		as_of;
	ct_assignment *a;
	ct_outcome *outcome;
	ct_date		held_since;		/* the tier held before, */
	ct_date		left_on;		/* and when it was left; CT_NO_DATE: not */
	ct_error   *error;
} machine;

const char *
ct_movement_text(ct_movement movement)
{
	static const char *const text[] = {
		"unchanged", "joined", "left", "upgraded", "downgraded", "renewed",
		"grace", "held"
	};

	return text[movement];
}

/* The clauses of the tier held. */
static const ct_clauses *
held_clauses(const machine *m)
{
	return m->clauses->of[m->a->rung];
}

static int
lower_rung(int a, int b)
{
	return a > b ? a : b;
}

static void
decide(machine *m, ct_movement movement, ct_cause cause)
{
	m->a->movement = movement;
	m->outcome->cause = cause;
}

/*
 * Do the figures enter the tier held?  Under review always the value, which
 * would give it back at once, counts as much as the review's figure.
 */
static bool
enters_tier(const machine *m)
{
	const ct_standing *s = m->standing;
	int			rung = m->a->rung;

	return s->review <= rung ||
		(held_clauses(m)->review == CT_REVIEW_ALWAYS && s->entry <= rung);
}

/* Is the tier held short of what a review asks for? */
static bool
fails_review(const machine *m)
{
	return !enters_tier(m) && !m->standing->kept[m->a->rung];
}

/* Where a failed review leads; never up. */
static int
drop_target(const machine *m)
{
	const ct_standing *s = m->standing;
	int			rung = m->a->rung;
	int			below = rung + 1;

	switch ((ct_drop) held_clauses(m)->drop)
	{
		case CT_DROP_TO_FIT:
			return lower_rung(rung, s->review);
		case CT_DROP_ONE_STEP:
			while (below < s->rungs && s->empty[below])
				below++;
			return below;
		case CT_DROP_TO_BASE:
			return lower_rung(rung, s->rungs - 1);
		case CT_DROP_NEVER:
			break;
	}
	return rung;
}

/*
 * Holds a rung from a date on, with a term that begins on another, which is
 * not after it; risen: by joining or rising.
 */
static bool
begin_term(machine *m, int rung, ct_date since, ct_date term, bool risen)
{
	ct_assignment *a = m->a;

	if (a->rung == m->outcome->from)
		m->left_on = since;
	a->rung = rung;
	a->since = since;
	a->grace_until = CT_NO_DATE;
	a->term = held_clauses(m)->review == CT_REVIEW_ALWAYS ? CT_NO_DATE : term;
	return ct_review_after(held_clauses(m), term, risen, a->joined, since,
						   &a->review_on, m->error);
}

/*
 * The review of a date is passed: on to the next one.  Whatever comes due
 * until as_of passes likewise and is skipped, so that a call overdue by
 * centuries is as quick as any.
 */
static bool
renew(machine *m, ct_date date)
{
	ct_assignment *a = m->a;
	const ct_clauses *c = held_clauses(m);
	ct_date		after = date > m->as_of ? date : m->as_of;

	/* review dates at ends of months are as many months apart */
	ct_date		from = c->to_month_end && c->review == CT_REVIEW_EVERY_MONTHS &&
		a->review_on != CT_NO_DATE ? a->review_on : a->term;

	a->grace_until = CT_NO_DATE;
	return ct_review_after(c, from, false, a->joined, after, &a->review_on,
						   m->error);
}

/* A failed review that changes nothing. */
static void
decide_spared(machine *m)
{
	decide(m, CT_HELD, held_clauses(m)->drop == CT_DROP_NEVER ?
		   CT_CAUSE_NEVER : CT_CAUSE_BASE);
}

static bool
start_grace(machine *m, ct_date date)
{
	decide(m, CT_GRACE, CT_CAUSE_HELD);
	return ct_grace_end(held_clauses(m), date, &m->a->grace_until, m->error);
}

/* A review that is not failed: upgrades wait for it where the policy says so. */
static bool
pass_review(machine *m, ct_date date)
{
	const ct_standing *s = m->standing;

	if (held_clauses(m)->upgrade == CT_UPGRADE_AT_REVIEW &&
		s->review < m->a->rung)
		return begin_term(m, s->review, date, date, true);
	if (enters_tier(m))
		decide(m, CT_RENEWED, CT_CAUSE_PASSES);
	else
		decide(m, CT_HELD, CT_CAUSE_HELD);
	return renew(m, date);
}

/*
 * A review, or the end of the grace that put one off: what falls then falls
 * on that day, but its term begins with the review that was failed.
 */
static bool
hold_review(machine *m, ct_date date, bool after_grace)
{
	ct_assignment *a = m->a;
	ct_date		failed = after_grace && a->review_on != CT_NO_DATE ?
		a->review_on : date;
	int			target;

	if (!fails_review(m))
		return pass_review(m, date);
	target = drop_target(m);
	if (target == a->rung)
	{
		decide_spared(m);
		return renew(m, date);
	}
	if (!after_grace && held_clauses(m)->grace != CT_GRACE_NONE)
		return start_grace(m, date);
	return begin_term(m, target, date, failed, false);
}

/*
 * May a step, from the next tier above, have led to the one held today?  Rungs
 * that no value enters are stepped over.
 */
static bool
stepped_today(const machine *m)
{
	int			rung = m->a->rung;
	bool		steps = held_clauses(m)->drop == CT_DROP_ONE_STEP;

	if (m->a->since != m->as_of)
		return false;
	while (!steps && rung-- > 0)
	{
		steps = m->clauses->of[rung]->drop == CT_DROP_ONE_STEP;
		if (!m->standing->empty[rung])
			break;
	}
	return steps;
}

/*
 * Under review always, every call is a review.  A second one on the same date
 * must change nothing: there is one step a day, and whatever else the tier
 * fallen to asks for follows at once.
 */
static bool
hold_call_review(machine *m)
{
	ct_assignment *a = m->a;
	int			target;

	if (held_clauses(m)->review != CT_REVIEW_ALWAYS)
		return true;
	if (!fails_review(m))
	{
		if (a->grace_until == CT_NO_DATE)
			return true;
		a->grace_until = CT_NO_DATE;
		if (enters_tier(m))
			decide(m, CT_RENEWED, CT_CAUSE_RECOVERS);
		return true;
	}
	target = drop_target(m);
	if (target == a->rung)
	{
		decide_spared(m);
		return true;
	}
	if (a->grace_until != CT_NO_DATE)
		return true;
	if (held_clauses(m)->grace != CT_GRACE_NONE)
		return start_grace(m, m->as_of);
	if (stepped_today(m))
		return true;
	return begin_term(m, target, m->as_of, m->as_of, false) &&
		hold_call_review(m);
}

/* Passes the grace ends and reviews up to as_of. */
static bool
pass_events(machine *m)
{
	ct_assignment *a = m->a;

	for (;;)
	{
		bool		grace = a->grace_until != CT_NO_DATE;
		ct_date		date = grace ? a->grace_until : a->review_on;

		if (date == CT_NO_DATE || date > m->as_of)
			return true;
		if (!hold_review(m, date, grace))
			return false;
	}
}

/*
 * The value may raise at once.  A tier that a review took away on this very
 * day, and that the value gives back, has not been lost for a day: it is held
 * since when it was.
 */
static bool
upgrade_now(machine *m)
{
	ct_assignment *a = m->a;
	int			entry = m->standing->entry;

	if (held_clauses(m)->upgrade != CT_UPGRADE_NOW || entry >= a->rung)
		return true;
	if (!begin_term(m, entry, m->as_of, m->as_of, true))
		return false;
	if (entry == m->outcome->from)
	{
		decide(m, CT_RENEWED, CT_CAUSE_REGAINS);
		if (m->left_on == m->as_of)
			a->since = m->held_since;
	}
	return true;
}

/* How things stand at as_of, where no event has decided anything. */
static void
decide_state(machine *m)
{
	const ct_assignment *a = m->a;
	bool		always = held_clauses(m)->review == CT_REVIEW_ALWAYS;

	if (m->standing->entry < a->rung)
		decide(m, CT_UNCHANGED, CT_CAUSE_WAITS);
	else if (m->standing->entry == a->rung)
		return;
	else if (a->grace_until != CT_NO_DATE)
		decide(m, CT_GRACE, CT_CAUSE_HELD);
	else if (held_clauses(m)->drop == CT_DROP_NEVER)
		decide(m, CT_HELD, CT_CAUSE_NEVER);
	else
		decide(m, CT_HELD, always && fails_review(m) ?
			   CT_CAUSE_ENTERED_TODAY : CT_CAUSE_HELD);
}

/*
 * A change of tier over the whole call counts before what any one event has
 * decided.
 */
static void
decide_in_all(machine *m)
{
	const ct_assignment *a = m->a;

	if (a->rung < m->outcome->from)
		decide(m, CT_UPGRADED, CT_CAUSE_RISES);
	else if (a->rung > m->outcome->from)
		decide(m, CT_DOWNGRADED, CT_CAUSE_FALLS);
	else if (a->movement == CT_UNCHANGED)
		decide_state(m);
}

/* Takes someone who has a tier of the ladder through all events to as_of. */
static bool
move_customer(machine *m)
{
	ct_assignment *a = m->a;

	decide(m, CT_UNCHANGED, CT_CAUSE_STAYS);
	/* the tier's policy may have got, or lost, review dates */
	if (held_clauses(m)->review == CT_REVIEW_ALWAYS)
		a->term = a->review_on = CT_NO_DATE;
	else if (a->term == CT_NO_DATE)
		a->term = a->since;
	if (!pass_events(m) || !hold_call_review(m) || !upgrade_now(m))
		return false;
	decide_in_all(m);
	/* it counts from the day of entering, as if it had been so then */
	if (a->review_on == CT_NO_DATE && a->grace_until == CT_NO_DATE)
		return ct_review_after(held_clauses(m), a->term, true, a->joined,
							   m->as_of, &a->review_on, m->error);
	return true;
}

/*
 * Places someone for the first time, or on a ladder that has changed: by the
 * better of the two figures, so that a programme launched in January does not
 * put everyone at the base.
 */
static bool
place_customer(machine *m, bool joins)
{
	const ct_standing *s = m->standing;

	if (joins)
		m->a->joined = m->as_of;
	decide(m, CT_JOINED, joins ? CT_CAUSE_JOINS : CT_CAUSE_ANEW);
	return begin_term(m, s->entry < s->review ? s->entry : s->review,
					  m->as_of, m->as_of, true);
}

static bool
out_of_order(ct_date as_of, ct_date last, ct_error *error)
{
	char		date[CT_ISODATE_SIZE];
	char		event_date[CT_ISODATE_SIZE];

	ct_date_write(as_of, date);
	ct_date_write(last, event_date);
	ct_fail(error, CT_BAD_PARAMETER, -1, "The last event was on %s.",
			event_date);
	ct_fail_message(error, "as_of %s lies before the last event", date);
	return ct_fail_hint(error, "Assign in the order of dates; tier_path() sorts a history itself.");
}

/*
 * Is this an assignment that a call on as_of can go on from?  The last event
 * was the entry of the tier, the beginning of its term, which is later for one
 * that was lost and regained, or the review that began its grace.
 */
static bool
check_previous(const ct_assignment *a, ct_date as_of, ct_error *error)
{
	ct_date		last = a->since > a->term ? a->since : a->term;

	if ((a->review_on != CT_NO_DATE && a->review_on < last) ||
		(a->grace_until != CT_NO_DATE &&
		 (a->grace_until < last || a->grace_until < a->review_on)))
	{
		ct_fail(error, CT_BAD_PARAMETER, -1,
				"A review or grace ends before the tier was entered or its term began.");
		return ct_fail_message(error,
							   "the previous assignment contradicts itself");
	}
	if (a->grace_until != CT_NO_DATE && a->review_on > last)
		last = a->review_on;
	return as_of >= last || out_of_order(as_of, last, error);
}

bool
ct_assign(const ct_assignment *previous, const ct_standing *standing,
		  const ct_rung_clauses *clauses, ct_date as_of, ct_assignment *next,
		  ct_outcome *outcome, ct_error *error)
{
	machine		m = {standing, clauses, as_of, next, outcome, CT_NO_DATE,
	CT_NO_DATE, error};
	bool		joins = previous == NULL || previous->since == CT_NO_DATE ||
		previous->movement == CT_LEFT;

	outcome->from = CT_RUNG_UNKNOWN;
	if (previous != NULL)
	{
		if (previous->since != CT_NO_DATE &&
			!check_previous(previous, as_of, error))
			return false;
		*next = *previous;
		m.held_since = previous->since;
	}
	if (joins || previous->rung == CT_RUNG_UNKNOWN)
	{
		next->rung = standing->rungs;
		return place_customer(&m, joins);
	}
	outcome->from = previous->rung;
	return move_customer(&m);
}
