/*
 * assignment.c
 *		The state machine of movement; see assignment.h.
 */
#include <string.h>

#include "core/assignment.h"
#include "core/isodate.h"

/*
 * One call of ct_assign().  The assignment begins as the previous one and
 * ends as the next; its movement, and the outcome, are what the last event
 * decided (CT_UNCHANGED: none has).
 */
typedef struct machine
{
	const ct_standing *standing;
	const ct_policy *policy;
	ct_date		as_of;
	ct_assignment *a;
	ct_outcome *outcome;
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

/* Rungs are counted from the top: the higher one is the lesser number. */
static int
higher_rung(int a, int b)
{
	return a < b ? a : b;
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

/* Does the customer fall short of what a review asks for the tier held? */
static bool
review_fails(const machine *m)
{
	return !m->standing->kept[m->a->rung];
}

/* Does the value fall short of what it takes to enter the tier held? */
static bool
is_below_entry(const machine *m)
{
	return m->a->rung < m->standing->entry;
}

/* The rung that a failed review leads to, were there no pin; never up. */
static int
drop_target(const machine *m)
{
	const ct_standing *s = m->standing;
	int			rung = m->a->rung;
	int			below = rung + 1;

	switch ((ct_drop) m->policy->drop)
	{
		case CT_DROP_TO_FIT:
			return lower_rung(rung, s->best);
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

/* The rung that a failed review leads to, as far as the pin allows. */
static int
pinned_drop_target(const machine *m)
{
	int			target = drop_target(m);

	if (m->a->pin == CT_PIN_LOCK)
		return m->a->rung;
	if (m->a->pin == CT_PIN_FLOOR)
		return lower_rung(m->a->rung, higher_rung(target, m->a->pinned));
	return target;
}

/*
 * The rung that the value enters, as far as the pin allows; no rise where it
 * is not above the rung held.
 */
static int
pinned_rise_target(const machine *m)
{
	if (m->a->pin == CT_PIN_LOCK)
		return m->a->rung;
	if (m->a->pin == CT_PIN_CAP)
		return lower_rung(m->standing->entry, m->a->pinned);
	return m->standing->entry;
}

/* Enters a rung on a date, which starts its time anew and ends any grace. */
static bool
enter_rung(machine *m, int rung, ct_date date)
{
	ct_assignment *a = m->a;

	a->rung = rung;
	a->since = date;
	a->grace_until = CT_NO_DATE;
	return ct_policy_review_after(m->policy, a->since, a->joined, date,
								  &a->review_on, m->error);
}

/*
 * Puts the next review after one that the tier has come through.  Reviews
 * until as_of, or until the pin ends, would go the same way, since standing
 * and pin are the same; they are skipped, so that a call overdue by centuries
 * is as quick as any.
 */
static bool
renew_tier(machine *m, ct_date date)
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

/* A review fails, but the tier has nowhere to fall to. */
static void
decide_spared(machine *m)
{
	if (drop_target(m) != m->a->rung)
		decide(m, CT_PINNED, CT_CAUSE_PINNED);
	else
		decide(m, CT_HELD, m->policy->drop == CT_DROP_NEVER ?
			   CT_CAUSE_NEVER : CT_CAUSE_BASE);
}

static bool
start_grace(machine *m, ct_date date)
{
	decide(m, CT_GRACE, CT_CAUSE_HELD);
	return ct_policy_grace_end(m->policy, date, &m->a->grace_until, m->error);
}

/* A review that does not fail. */
static bool
pass_review(machine *m, ct_date date)
{
	const ct_standing *s = m->standing;
	int			target = pinned_rise_target(m);

	if (m->policy->upgrade == CT_UPGRADE_AT_REVIEW && s->entry < m->a->rung)
	{
		if (target < m->a->rung)
			return enter_rung(m, target, date);
		decide(m, CT_PINNED, CT_CAUSE_PINNED);
	}
	else if (s->best <= m->a->rung)
		decide(m, CT_RENEWED, CT_CAUSE_PASSES);
	else
		decide(m, CT_HELD, CT_CAUSE_HELD);
	return renew_tier(m, date);
}

/* A review on its date, or at the end of grace the one that it put off. */
static bool
review_tier(machine *m, ct_date date, bool after_grace)
{
	ct_assignment *a = m->a;
	int			target;

	if (!review_fails(m))
		return pass_review(m, date);
	target = pinned_drop_target(m);
	if (target == a->rung)
	{
		decide_spared(m);
		return renew_tier(m, date);
	}
	if (!after_grace && m->policy->grace != CT_GRACE_NONE)
		return start_grace(m, date);
	return enter_rung(m, target, date);
}

/* The review that every call is where the policy says "review always". */
static bool
review_at_call(machine *m)
{
	ct_assignment *a = m->a;
	int			target;

	if (!review_fails(m))
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
	return enter_rung(m, target, m->as_of);
}

/* The earliest event until as_of, and its date. */
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

static void
remove_pin(ct_assignment *a)
{
	a->pin = CT_PIN_NONE;
	a->pinned = CT_RUNG_UNKNOWN;
	a->pinned_until = CT_NO_DATE;
}

/* The customer is no longer pinned, and so not reported as kept by the pin. */
static void
end_pin(machine *m)
{
	remove_pin(m->a);
	if (m->a->movement == CT_PINNED)
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
		else if (!review_tier(m, date, e == EVENT_GRACE_END))
			return false;
	}
	return true;
}

/* Moves a customer whose tier the pin does not allow to the one pinned. */
static bool
obey_pin(machine *m)
{
	ct_assignment *a = m->a;

	if (a->pin == CT_PIN_NONE || a->pinned == CT_RUNG_UNKNOWN ||
		a->rung == a->pinned ||
		(a->pin == CT_PIN_FLOOR && a->rung < a->pinned) ||
		(a->pin == CT_PIN_CAP && a->rung > a->pinned))
		return true;
	m->outcome->by_pin = m->outcome->from != CT_RUNG_UNKNOWN;
	return enter_rung(m, a->pinned, m->as_of);
}

static bool
upgrade_now(machine *m)
{
	int			target = pinned_rise_target(m);

	if (m->policy->upgrade != CT_UPGRADE_NOW ||
		m->standing->entry >= m->a->rung)
		return true;
	if (target < m->a->rung)
		return enter_rung(m, target, m->as_of);
	decide(m, CT_PINNED, CT_CAUSE_PINNED);
	return true;
}

/* How things stand at as_of, where no event has decided anything. */
static void
decide_state(machine *m)
{
	const ct_assignment *a = m->a;
	bool		always = m->policy->review == CT_REVIEW_ALWAYS;

	if (m->standing->entry < a->rung)
		decide(m, CT_UNCHANGED, CT_CAUSE_WAITS);
	else if (!is_below_entry(m))
		return;
	else if (a->grace_until != CT_NO_DATE)
		decide(m, CT_GRACE, CT_CAUSE_HELD);
	else if (m->policy->drop == CT_DROP_NEVER)
		decide(m, CT_HELD, CT_CAUSE_NEVER);
	else
		decide(m, CT_HELD, always && review_fails(m) ?
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
	ct_outcome *outcome = m->outcome;

	outcome->by_pin &= a->rung == a->pinned;
	if (a->rung < outcome->from)
		decide(m, CT_UPGRADED, CT_CAUSE_RISES);
	else if (a->rung > outcome->from)
		decide(m, CT_DOWNGRADED, CT_CAUSE_FALLS);
	else
	{
		if (a->movement == CT_UNCHANGED)
			decide_state(m);
		outcome->by_pin = a->movement == CT_PINNED;
	}
}

/* Places someone for the first time, or on a ladder that has changed. */
static bool
place_customer(machine *m, bool joins)
{
	if (joins)
		m->a->joined = m->as_of;
	decide(m, CT_JOINED, joins ? CT_CAUSE_JOINS : CT_CAUSE_ANEW);
	return enter_rung(m, m->standing->best, m->as_of) && obey_pin(m);
}

/* Takes someone who has a tier of the ladder through all events to as_of. */
static bool
move_customer(machine *m)
{
	ct_assignment *a = m->a;
	bool		always = m->policy->review == CT_REVIEW_ALWAYS;

	decide(m, CT_UNCHANGED, CT_CAUSE_STAYS);
	if (always)
		a->review_on = CT_NO_DATE;
	if (!pass_events(m) || !obey_pin(m) ||
		(always && !review_at_call(m)) || !upgrade_now(m))
		return false;
	decide_in_all(m);
	/* the policy may have had no review dates at the last call */
	return a->review_on != CT_NO_DATE || a->grace_until != CT_NO_DATE ||
		ct_policy_review_after(m->policy, a->since, a->joined, m->as_of,
							   &a->review_on, m->error);
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
	machine		m = {standing, policy, as_of, next, outcome, error};
	bool		left = previous != NULL && previous->movement == CT_LEFT;
	bool		joins = previous == NULL || previous->since == CT_NO_DATE || left;

	if (previous != NULL)
		*next = *previous;
	if (previous == NULL || left)
		remove_pin(next);
	if (previous != NULL && previous->since != CT_NO_DATE &&
		!check_previous(previous, as_of, error))
		return false;
	outcome->from = joins ? CT_RUNG_UNKNOWN : previous->rung;
	outcome->by_pin = false;
	if (outcome->from != CT_RUNG_UNKNOWN)
		return move_customer(&m);
	if (next->pin != CT_PIN_NONE && next->pinned_until <= as_of)
		remove_pin(next);
	return place_customer(&m, joins);
}
