/*
 * assignment.c
 *		The state machine of movement; see assignment.h.
 */
#include <string.h>

#include "core/assignment.h"
#include "core/isodate.h"

typedef struct machine
{
	const ct_standing *standing;
	const ct_policy *policy;
	ct_date		as_of;
	ct_assignment *a;			/* what is being made */
	ct_movement decided;		/* by the last event; CT_UNCHANGED: none */
	ct_cause	cause;			/* of that */
	bool		pin_moved;		/* the pin has changed the tier */
	ct_error   *error;
} machine;

typedef enum event
{
	EVENT_NONE,
	EVENT_PIN_END,
	EVENT_GRACE_END,
	EVENT_REVIEW
} event;

const char *
ct_movement_text(ct_movement movement)
{
	static const char *const text[] = {
		"unchanged", "joined", "left", "upgraded", "downgraded", "renewed",
		"grace", "held", "pinned"
	};

	return text[movement];
}

const char *
ct_pin_text(ct_pin pin)
{
	static const char *const text[] = {NULL, "lock", "floor", "cap"};

	return text[pin];
}

static int
higher(int a, int b)
{
	return a < b ? a : b;
}

static int
lower(int a, int b)
{
	return a > b ? a : b;
}

static void
decide(machine *m, ct_movement movement, ct_cause cause)
{
	m->decided = movement;
	m->cause = cause;
}

/* Is the tier held short of what a review asks for? */
static bool
fails(const machine *m)
{
	return m->a->rung < m->standing->kept;
}

/* Is it short of what entering it takes now? */
static bool
is_short(const machine *m)
{
	return m->a->rung < m->standing->entry;
}

/* Where a failed review leads, pins apart; never up. */
static int
drop_target(const machine *m)
{
	const ct_standing *s = m->standing;
	int			rung = m->a->rung;
	int			below = rung + 1;

	switch ((ct_drop) m->policy->drop)
	{
		case CT_DROP_TO_FIT:
			return lower(rung, s->best);
		case CT_DROP_ONE_STEP:
			while (below < s->rungs && s->empty[below])
				below++;
			return below;
		case CT_DROP_TO_BASE:
			return lower(rung, s->rungs - 1);
		case CT_DROP_NEVER:
			break;
	}
	return rung;
}

/* Where the pin lets it lead. */
static int
pinned_drop_target(const machine *m)
{
	int			target = drop_target(m);

	if (m->a->pin == CT_PIN_LOCK)
		return m->a->rung;
	if (m->a->pin == CT_PIN_FLOOR)
		return lower(m->a->rung, higher(target, m->a->pinned));
	return target;
}

/* Where the value may rise to; not up: not at all. */
static int
pinned_rise_target(const machine *m)
{
	if (m->a->pin == CT_PIN_LOCK)
		return m->a->rung;
	if (m->a->pin == CT_PIN_CAP)
		return lower(m->standing->entry, m->a->pinned);
	return m->standing->entry;
}

/* Holds a rung from a date on. */
static bool
new_clock(machine *m, int rung, ct_date date)
{
	ct_assignment *a = m->a;

	a->rung = rung;
	a->since = date;
	a->grace_until = CT_NO_DATE;
	return ct_policy_review_after(m->policy, a->since, a->joined, date,
								  &a->review_on, m->error);
}

/*
 * The review of a date is passed: on to the next one.  Whatever comes due
 * until as_of or the end of the pin passes likewise and is skipped, so that a
 * call overdue by centuries is as quick as any.
 */
static bool
renew(machine *m, ct_date date)
{
	ct_assignment *a = m->a;
	ct_date		last = m->as_of;

	if (a->pin != CT_PIN_NONE && a->pinned_until <= last)
		last = a->pinned_until - 1;
	a->grace_until = CT_NO_DATE;
	return ct_policy_review_after(m->policy, a->since, a->joined,
								  date > last ? date : last, &a->review_on,
								  m->error);
}

/* A failed review that changes nothing. */
static void
decide_spared(machine *m)
{
	if (drop_target(m) != m->a->rung)
		decide(m, CT_PINNED, CT_CAUSE_PIN_DROPPED_NOT);
	else
		decide(m, CT_HELD, m->policy->drop == CT_DROP_NEVER ?
			   CT_CAUSE_NEVER : CT_CAUSE_BASE);
}

static bool
start_grace(machine *m, ct_date date)
{
	decide(m, CT_GRACE, CT_CAUSE_GRACE);
	return ct_policy_grace_end(m->policy, date, &m->a->grace_until, m->error);
}

/* Upgrades at review only: does the value stand higher, and may it rise? */
static bool
review_for_rise(machine *m, ct_date date, bool *risen)
{
	int			target = pinned_rise_target(m);

	*risen = false;
	if (m->policy->upgrade != CT_UPGRADE_AT_REVIEW ||
		m->standing->entry >= m->a->rung)
		return true;
	*risen = true;
	if (target < m->a->rung)
		return new_clock(m, target, date);
	decide(m, CT_PINNED, CT_CAUSE_PIN_LIFTED_NOT);
	return renew(m, date);
}

/* A review, or the end of the grace that put one off. */
static bool
review(machine *m, ct_date date, bool after_grace)
{
	ct_assignment *a = m->a;
	int			target;
	bool		risen;

	if (!fails(m))
	{
		if (!review_for_rise(m, date, &risen) || risen)
			return risen;
		if (m->standing->best <= a->rung)
			decide(m, CT_RENEWED, CT_CAUSE_PASSES);
		else
			decide(m, CT_HELD, CT_CAUSE_KEEPS);
		return renew(m, date);
	}
	target = pinned_drop_target(m);
	if (target == a->rung)
	{
		decide_spared(m);
		return renew(m, date);
	}
	if (!after_grace && m->policy->grace != CT_GRACE_NONE)
		return start_grace(m, date);
	return new_clock(m, target, date);
}

/* Under review always, every call is a review. */
static bool
review_always(machine *m)
{
	ct_assignment *a = m->a;
	int			target;

	if (!fails(m))
	{
		if (a->grace_until == CT_NO_DATE)
			return true;
		a->grace_until = CT_NO_DATE;
		if (m->standing->best <= a->rung)
			decide(m, CT_RENEWED, CT_CAUSE_RECOVERS);
		return true;
	}
	target = pinned_drop_target(m);
	if (target == a->rung)
	{
		decide_spared(m);
		return true;
	}
	if (a->grace_until != CT_NO_DATE)
		return true;
	if (m->policy->grace != CT_GRACE_NONE)
		return start_grace(m, m->as_of);
	if (m->policy->drop == CT_DROP_ONE_STEP && a->since == m->as_of)
		return true;
	return new_clock(m, target, m->as_of);
}

/* The next event until as_of, and its date. */
static event
next_event(const machine *m, ct_date *date)
{
	const ct_assignment *a = m->a;
	event		found = EVENT_NONE;

	*date = m->as_of;
	if (a->pin != CT_PIN_NONE && a->pinned_until <= *date)
	{
		*date = a->pinned_until;
		found = EVENT_PIN_END;
	}
	if (a->grace_until != CT_NO_DATE)
	{
		if (a->grace_until < *date ||
			(a->grace_until == *date && found == EVENT_NONE))
		{
			*date = a->grace_until;
			found = EVENT_GRACE_END;
		}
	}
	else if (a->review_on != CT_NO_DATE &&
			 (a->review_on < *date ||
			  (a->review_on == *date && found == EVENT_NONE)))
	{
		*date = a->review_on;
		found = EVENT_REVIEW;
	}
	return found;
}

/* Without a pin. */
static void
remove_pin(ct_assignment *a)
{
	a->pin = CT_PIN_NONE;
	a->pinned = CT_RUNG_UNKNOWN;
	a->pinned_until = CT_NO_DATE;
}

/* What it prevented is no longer how things are. */
static void
end_pin(machine *m)
{
	remove_pin(m->a);
	if (m->decided == CT_PINNED)
		decide(m, CT_UNCHANGED, CT_CAUSE_STAYS);
}

static bool
pass_events(machine *m)
{
	ct_date		date;
	event		e;

	while ((e = next_event(m, &date)) != EVENT_NONE)
	{
		if (e == EVENT_PIN_END)
			end_pin(m);
		else if (!review(m, date, e == EVENT_GRACE_END))
			return false;
	}
	return true;
}

/* A tier that the pin does not allow becomes the one pinned. */
static bool
obey_pin(machine *m)
{
	ct_assignment *a = m->a;

	if (a->pin == CT_PIN_NONE || a->pinned == CT_RUNG_UNKNOWN ||
		a->rung == a->pinned ||
		(a->pin == CT_PIN_FLOOR && a->rung < a->pinned) ||
		(a->pin == CT_PIN_CAP && a->rung > a->pinned))
		return true;
	m->pin_moved = true;
	return new_clock(m, a->pinned, m->as_of);
}

static bool
upgrade_now(machine *m)
{
	int			target = pinned_rise_target(m);

	if (m->policy->upgrade != CT_UPGRADE_NOW ||
		m->standing->entry >= m->a->rung)
		return true;
	if (target < m->a->rung)
		return new_clock(m, target, m->as_of);
	decide(m, CT_PINNED, CT_CAUSE_PIN_LIFTED_NOT);
	return true;
}

/* Where no event has decided anything: how things are at as_of. */
static void
decide_state(machine *m)
{
	const ct_assignment *a = m->a;

	if (!is_short(m))
		return;
	if (a->grace_until != CT_NO_DATE)
		decide(m, CT_GRACE, CT_CAUSE_GRACE);
	else if (m->policy->drop == CT_DROP_NEVER)
		decide(m, CT_HELD, CT_CAUSE_NEVER);
	else if (m->policy->review != CT_REVIEW_ALWAYS)
		decide(m, CT_HELD, CT_CAUSE_NOT_DUE);
	else if (m->standing->best <= a->rung)
		decide(m, CT_HELD, CT_CAUSE_REVIEW_VALUE);
	else if (!fails(m))
		decide(m, CT_HELD, CT_CAUSE_KEEPS);
	else
		decide(m, CT_HELD, CT_CAUSE_ENTERED_TODAY);
}

/* A move counts before all else, whatever happened on the way. */
static void
decide_move_or_state(machine *m, int from)
{
	const ct_assignment *a = m->a;
	bool		by_pin = m->pin_moved && a->rung == a->pinned;

	if (a->rung < from)
		decide(m, CT_UPGRADED, by_pin ? CT_CAUSE_PIN_MOVES : CT_CAUSE_RISES);
	else if (a->rung > from)
		decide(m, CT_DOWNGRADED, by_pin ? CT_CAUSE_PIN_MOVES :
			   CT_CAUSE_FALLS);
	else if (m->decided == CT_UNCHANGED)
		decide_state(m);
}

/* Places someone for the first time, or on a ladder that has changed. */
static bool
place(machine *m, bool joins)
{
	ct_assignment *a = m->a;

	if (joins)
		a->joined = m->as_of;
	return new_clock(m, m->standing->best, m->as_of) && obey_pin(m);
}

/* Everything but placing. */
static bool
move(machine *m)
{
	ct_assignment *a = m->a;

	if (m->policy->review == CT_REVIEW_ALWAYS)
		a->review_on = CT_NO_DATE;
	if (!pass_events(m) || !obey_pin(m))
		return false;
	if (m->policy->review == CT_REVIEW_ALWAYS && !review_always(m))
		return false;
	if (!upgrade_now(m))
		return false;
	/* the policy has got review dates since the last call */
	if (a->review_on == CT_NO_DATE && a->grace_until == CT_NO_DATE)
		return ct_policy_review_after(m->policy, a->since, a->joined,
									  m->as_of, &a->review_on, m->error);
	return true;
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

/* Is this an assignment that a call on as_of can go on from? */
static bool
check_previous(const ct_assignment *a, ct_date as_of, ct_error *error)
{
	if ((a->review_on != CT_NO_DATE && a->review_on < a->since) ||
		(a->grace_until != CT_NO_DATE && a->grace_until < a->since))
	{
		ct_fail(error, CT_BAD_PARAMETER, -1,
				"A review or grace ends before the tier was entered.");
		return ct_fail_message(error,
							   "the previous assignment contradicts itself");
	}
	if (as_of < a->since)
		return out_of_order(as_of, a->since, error);
	/* the review that began the grace has been */
	if (a->grace_until != CT_NO_DATE && a->review_on != CT_NO_DATE &&
		as_of < a->review_on)
		return out_of_order(as_of, a->review_on, error);
	return true;
}

bool
ct_assign(const ct_assignment *previous, const ct_standing *standing,
		  const ct_policy *policy, ct_date as_of, ct_assignment *next,
		  ct_outcome *outcome, ct_error *error)
{
	machine		m = {standing, policy, as_of, next, CT_UNCHANGED,
	CT_CAUSE_STAYS, false, error};
	bool		joins = previous == NULL || previous->since == CT_NO_DATE ||
		previous->movement == CT_LEFT;

	if (previous != NULL)
		*next = *previous;
	if (previous == NULL || previous->movement == CT_LEFT)
		remove_pin(next);
	if (previous != NULL && previous->since != CT_NO_DATE &&
		!check_previous(previous, as_of, error))
		return false;
	if (joins || previous->rung == CT_RUNG_UNKNOWN)
	{
		if (next->pin != CT_PIN_NONE && next->pinned_until <= as_of)
			remove_pin(next);
		outcome->from = CT_RUNG_UNKNOWN;
		outcome->cause = joins ? CT_CAUSE_JOINS : CT_CAUSE_ANEW;
		next->movement = CT_JOINED;
		return place(&m, joins);
	}
	outcome->from = previous->rung;
	if (!move(&m))
		return false;
	decide_move_or_state(&m, previous->rung);
	next->movement = m.decided;
	outcome->cause = m.cause;
	return true;
}
