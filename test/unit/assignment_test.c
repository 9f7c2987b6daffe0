/*
 * assignment_test.c
 *		The laws of movement over random policies and histories.
 */
#include "core/review.h"
#include "dates.h"
#include "moves.h"
#include "random.h"
#include "unit.h"

#define COUNT(array) ((int) (sizeof(array) / sizeof((array)[0])))

static const char *const ladders[] = {
	"gold >= 200, silver >= 100, base",
	"gold >= 200, silver >= 100",
	"gold >= 200 keep >= 120, silver >= 100 keep >= 90, base",
	"p > 180, gold >= 180, r >= 180, s > 90, silver > 90, u >= -20",
	"a >= 120, gold >= 120, c >= 60, silver >= 0",
	"top_one >= 240, gold >= 160, silver >= 80 keep > 20, bronze >= 0, base",
	"only"
};

static const char *const reviews[] = {
	"review every 45 days", "review every 2 months",
	"review every 20 days to end of month",
	"review every 3 months to end of month", "review at end of month",
	"review at end of quarter from february", "review at end of next month",
	"review at end of next half", "review on anniversary"
};

static const char *const drops[] = {
	"drop to fit", "drop one step", "drop to base", "drop never"
};

static const char *const graces[] = {
	"", "", "grace 20 days", "grace 3 months"
};

static const char *const keeps[] = {
	"", "", "keep at 70%", "keep at 85.5%"
};

/* What a random policy is made of, in one in so many of its sets of clauses. */
typedef struct policy_mix
{
	int			always;			/* 0: in none */
	int			upgrade;		/* 0: upgrades are alike for all tiers */
	int			tiers;			/* clauses for up to so many tiers */
} policy_mix;

static int
write_clause(char *text, int length, const char *clause)
{
	return clause[0] == '\0' ? 0 : sprintf(text + length, "%s%s",
										   length > 0 ? ", " : "", clause);
}

/* A set of clauses: of the base all of them, of a tier some. */
static int
write_set(const policy_mix *mix, bool tier, const char *upgrade, char *text)
{
	int			n = 0;

	text[0] = '\0';
	if (!tier || random_below(2))
		n += write_clause(text, n, mix->always > 0 &&
						  random_below(mix->always) == 0 ? "review always" :
						  reviews[random_below(COUNT(reviews))]);
	if (tier && mix->upgrade > 0)
		upgrade = random_below(2) ? "upgrade now" : "upgrade at review";
	if (!tier || mix->upgrade > 0)
		n += write_clause(text, n, upgrade);
	if (!tier || random_below(2))
		n += write_clause(text, n, drops[random_below(COUNT(drops))]);
	if (!tier || random_below(2))
		n += write_clause(text, n, graces[random_below(COUNT(graces))]);
	if (!tier || random_below(2))
		n += write_clause(text, n, keeps[random_below(COUNT(keeps))]);
	return n;
}

/* Some policy that the ladder allows. */
static void
random_policy(programme *p, const policy_mix *mix)
{
	static const char *const labels[] = {"silver", "gold"};
	const char *upgrade;
	char		text[1000];
	int			n;

	do
	{
		upgrade = random_below(2) ? "upgrade now" : "upgrade at review";
		n = write_set(mix, false, upgrade, text);
		for (int i = 0; i < mix->tiers; i++)
			if (random_below(3) > 0)
			{
				n += sprintf(text + n, "; %s: ", labels[i]);
				n += write_set(mix, true, upgrade, text + n);
			}
	} while (!ct_policy_parse(text, n, true, &p->policy, &error) ||
			 !ct_policy_for_ladder(&p->policy, p->ladder, &p->clauses,
								   &error));
}

static void
random_programme(programme *p, const policy_mix *mix)
{
	/* the last one has none of the labels */
	p->ladder = build(ladders[random_below(COUNT(ladders) -
										   (mix->tiers > 0))]);
	random_policy(p, mix);
}

static ct_figure
random_value(void)
{
	ct_figure	f = integer(random_below(300) - 50);

	if (random_below(3) == 0)
		f = real((double) f.as.integer);
	else if (random_below(20) == 0)
		f.kind = CT_FIGURE_NULL;
	return f;
}

static const ct_clauses *
clauses_held(const programme *p, const ct_assignment *a)
{
	return p->clauses.of[a->rung];
}

static bool
step(const programme *p, const ct_assignment *previous,
	 const ct_figure *value, const ct_figure *review, ct_date as_of,
	 ct_assignment *next)
{
	ct_outcome	outcome;

	return move_on(p, previous, value, review, as_of, next, &outcome);
}

/* Some later date, often that of the next event. */
static ct_date
random_later(const ct_assignment *a, ct_date date)
{
	switch (random_below(4))
	{
		case 0:
			return a->review_on > date ? a->review_on : date;
		case 1:
			return a->grace_until > date ? a->grace_until : date;
		case 2:
			return date + random_below(80);
	}
	return date + random_below(4) * random_below(3);
}

/* Rungs between two that someone can hold. */
static int
steps_between(const ct_ladder *ladder, int high, int low)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	int			n = 0;

	for (int i = high + 1; i <= low; i++)
		if (i >= ladder->nconditions ||
			ct_bound_compare(ladder, &c[i - 1], &c[i]) != 0)
			n++;
	return n;
}

/* What holds of any assignment on the date on which it was made. */
static bool
is_sound(const programme *p, const ct_assignment *a, ct_date as_of)
{
	bool		sound = a->rung >= 0 && a->rung <= p->ladder->nrungs &&
		a->joined <= a->since && a->since <= as_of &&
		(a->grace_until == CT_NO_DATE || a->grace_until > as_of);

	if (clauses_held(p, a)->review == CT_REVIEW_ALWAYS)
		return sound && a->term == CT_NO_DATE && a->review_on == CT_NO_DATE;
	if (a->grace_until == CT_NO_DATE)
		sound &= a->review_on > as_of;
	return sound && a->term != CT_NO_DATE && a->term <= as_of &&
		(a->review_on == CT_NO_DATE ? a->grace_until != CT_NO_DATE :
		 a->review_on > a->term);
}

/* Does the movement tell what has happened? */
static bool
tells_movement(const ct_assignment *before, const ct_assignment *after)
{
	if (after->rung != before->rung)
		return after->movement == (after->rung < before->rung ? CT_UPGRADED :
								   CT_DOWNGRADED);
	return after->movement == CT_UNCHANGED || after->movement == CT_RENEWED ||
		after->movement == CT_HELD ||
		(after->movement == CT_GRACE && after->grace_until != CT_NO_DATE);
}

/* The laws that one call must keep. */
typedef struct movement_laws
{
	bool		sound;
	bool		told;
	bool		idempotent;
	bool		monotone;
	bool		patient;
	bool		never;
	bool		one_step;
	bool		waits;
} movement_laws;

static bool
is_at_least(const ct_figure *a, const ct_figure *b)
{
	return ct_figure_compare(a, b) >= 0;
}

/* Higher figures never lead to a lower tier. */
static bool
is_monotone(const programme *p, const ct_assignment *before,
			const ct_figure *value, const ct_figure *review, ct_date as_of,
			const ct_assignment *after)
{
	ct_figure	value2 = random_value();
	ct_figure	review2 = random_value();
	ct_assignment other;
	bool		reviewed = review != NULL && review->kind != CT_FIGURE_NULL;
	bool		higher,
				lower;

	if (reviewed && review2.kind == CT_FIGURE_NULL)
		return true;
	if (!step(p, before, &value2, reviewed ? &review2 : NULL, as_of, &other))
		return false;
	higher = is_at_least(&value2, value) &&
		(!reviewed || is_at_least(&review2, review));
	lower = is_at_least(value, &value2) &&
		(!reviewed || is_at_least(review, &review2));
	return (!higher || other.rung <= after->rung) &&
		(!lower || other.rung >= after->rung);
}

static void
check_call(const programme *p, bool alike, const ct_assignment *before,
		   const ct_figure *value, const ct_figure *review, ct_date as_of,
		   const ct_assignment *after, movement_laws *laws)
{
	const ct_clauses *held = clauses_held(p, before);
	bool		always = held->review == CT_REVIEW_ALWAYS;
	bool		due = (before->review_on != CT_NO_DATE &&
					   before->review_on <= as_of) ||
		(before->grace_until != CT_NO_DATE && before->grace_until <= as_of);
	ct_assignment again;

	laws->sound &= is_sound(p, after, as_of);
	laws->told &= tells_movement(before, after);
	laws->idempotent &= step(p, after, value, review, as_of, &again) &&
		same_state(after, &again);
	/* with two figures, only where all tiers rise alike */
	if (alike || review == NULL)
		laws->monotone &= is_monotone(p, before, value, review, as_of, after);
	if (!always && !due)
		laws->patient &= after->rung <= before->rung &&
			(after->rung < before->rung ||
			 (after->since == before->since && after->term == before->term &&
			  after->review_on == before->review_on &&
			  after->grace_until == before->grace_until));
	if (held->drop == CT_DROP_NEVER)
		laws->never &= after->rung <= before->rung;
	/* one review, and no other on a day after it */
	if (held->drop == CT_DROP_ONE_STEP && after->rung > before->rung &&
		(before->grace_until != CT_NO_DATE ? before->grace_until == as_of :
		 always || before->review_on == as_of))
		laws->one_step &= steps_between(p->ladder, before->rung,
										after->rung) == 1;
	if (held->upgrade == CT_UPGRADE_AT_REVIEW && !due)
		laws->waits &= after->rung >= before->rung;
}

static void
test_laws(void)
{
	movement_laws laws = {true, true, true, true, true, true, true, true};

	for (int i = 0; i < 12000; i++)
	{
		policy_mix	mix = {random_below(4), random_below(2), random_below(3)};
		programme	p;
		ct_date		date = random_below(10000);
		bool		two = random_below(2);
		ct_assignment a,
					next;
		ct_figure	value = random_value();
		ct_figure	review = random_value();

		random_programme(&p, &mix);
		if (!step(&p, NULL, &value, two ? &review : NULL, date, &a))
			abort();
		laws.sound &= is_sound(&p, &a, date) && a.movement == CT_JOINED;
		laws.idempotent &= step(&p, &a, &value, two ? &review : NULL, date,
								&next) && same_state(&a, &next);
		for (int k = 0; k < 20; k++)
		{
			date = random_later(&a, date);
			value = random_value();
			review = random_value();
			if (!step(&p, &a, &value, two ? &review : NULL, date, &next))
				abort();
			check_call(&p, mix.upgrade == 0 || mix.tiers == 0, &a, &value,
					   two ? &review : NULL, date, &next, &laws);
			a = next;
		}
		free(p.ladder);
	}
	ok(laws.sound, "dates are in order, and those that the clauses ask for");
	ok(laws.told, "the movement tells what has happened");
	ok(laws.idempotent, "assigning twice on one date changes nothing");
	ok(laws.monotone, "higher figures never lead to a lower tier");
	ok(laws.patient, "before the review nothing falls or moves");
	ok(laws.never, "a tier that never drops is not lost");
	ok(laws.one_step, "one step is one step");
	ok(laws.waits, "upgrades at review wait for it");
}

/* With the empty policy the tier is that of the value, at any time. */
static void
test_fits(void)
{
	bool		fits = true;

	for (int i = 0; i < 500; i++)
	{
		programme	p = {build(ladders[random_below(COUNT(ladders))])};
		ct_date		date = random_below(10000);
		ct_assignment a;

		set_policy(&p, "");
		for (int k = 0; k < 25; k++)
		{
			ct_figure	value = random_value();
			int			rung = ct_ladder_place_figure(p.ladder, &value);

			if (rung < 0)
				rung = ct_rung_is_floor(p.ladder, p.ladder->nrungs - 1) ?
					p.ladder->nrungs - 1 : p.ladder->nrungs;
			date += random_below(3);
			if (!step(&p, k == 0 ? NULL : &a, &value, NULL, date, &a))
				abort();
			/* kept below its bound where the ladder says so */
			fits &= a.rung == rung ||
				(p.ladder->nkeeps > 0 && a.rung < rung &&
				 ct_figure_keeps(p.ladder, a.rung, CT_KEEP_ALL, &value));
		}
		free(p.ladder);
	}
	ok(fits, "with the empty policy the tier is that of the value");
}

/* Could a value that stays the same fall and rise again? */
static bool
bounces(const programme *p)
{
	for (int i = 0; i <= p->ladder->nrungs; i++)
		if (p->clauses.of[i]->drop == CT_DROP_TO_BASE &&
			p->clauses.of[p->ladder->nrungs - 1]->upgrade == CT_UPGRADE_NOW)
			return true;
	return false;
}

/*
 * A path cut into halves is the same path, and one overdue call equals a call
 * on every day: the events are the same, in the same order.
 */
static void
test_overdue(void)
{
	bool		cut = true;
	bool		daily = true;

	for (int i = 0; i < 6000; i++)
	{
		policy_mix	mix = {0, 0, random_below(3)};
		programme	p;
		ct_date		date = random_below(10000);
		ct_date		end = date + 1 + random_below(900);
		ct_date		middle = date + random_below(end - date);
		ct_figure	value = random_value();
		ct_figure	review = random_value();
		const ct_figure *reviewed = NULL;
		ct_assignment a,
					half,
					whole;

		random_programme(&p, &mix);
		while (bounces(&p))
			random_policy(&p, &mix);
		if (!step(&p, NULL, &value, NULL, date, &a))
			abort();
		value = random_value();
		if (p.policy.base.upgrade == CT_UPGRADE_AT_REVIEW &&
			random_below(2))
			reviewed = &review;
		if (!step(&p, &a, &value, reviewed, date, &a) ||
			!step(&p, &a, &value, reviewed, end, &whole) ||
			!step(&p, &a, &value, reviewed, middle, &half) ||
			!step(&p, &half, &value, reviewed, end, &half))
			abort();
		cut &= same_state(&half, &whole);
		for (ct_date d = date + 1; i % 8 == 0 && d <= end; d++)
			if (!step(&p, &a, &value, reviewed, d, &a))
				abort();
		daily &= i % 8 > 0 || same_state(&a, &whole);
		free(p.ladder);
	}
	ok(cut, "a path cut into two halves is the same path");
	ok(daily, "an overdue call passes what daily calls pass");
}

/* A value that enters just this rung, if there is one. */
static bool
value_of_rung(const programme *p, int rung, ct_figure *value)
{
	for (int v = -60; v < 300; v++)
	{
		ct_standing standing;

		*value = integer(v);
		ct_stand_on_bounds(p->ladder, &p->clauses, value, NULL, &standing);
		if (standing.entry == rung)
			return true;
	}
	return false;
}

/*
 * Grace moves no review date: whoever recovers in it stands, when it is over,
 * as if the review had been passed; who falls after it, but for its since, as
 * if there had been no grace.
 */
static void
test_grace(void)
{
	bool		recovers = true;
	bool		falls = true;
	int			times = 0;

	while (times < 3000)
	{
		char		text[200];
		const char *grace = graces[2 + random_below(2)];
		programme	p = {build(ladders[random_below(COUNT(ladders))])};
		programme	strict = {p.ladder};
		int			rung = random_below(p.ladder->nrungs);
		ct_date		date = random_below(10000);
		ct_date		end;
		ct_figure	high,
					low;
		ct_assignment a,
					graced,
					other;
		int			n = sprintf(text, "%s, upgrade at review, drop to fit",
								reviews[random_below(COUNT(reviews))]);

		set_policy(&strict, text);
		sprintf(text + n, ", %s", grace);
		set_policy(&p, text);
		if (!value_of_rung(&p, rung, &high) || rung + 1 >= p.ladder->nrungs ||
			!value_of_rung(&p, rung + 1 +
						   random_below(p.ladder->nrungs - rung - 1), &low) ||
			ct_figure_keeps(p.ladder, rung, CT_KEEP_ALL, &low))
		{
			free(p.ladder);
			continue;
		}
		times++;
		/* some reviews are passed first */
		if (!step(&p, NULL, &high, NULL, date, &a) ||
			!step(&p, &a, &high, NULL, date + random_below(400), &a) ||
			!step(&p, &a, &low, NULL, a.review_on, &graced))
			abort();
		recovers &= graced.rung == rung && graced.since == a.since &&
			graced.term == a.term && graced.review_on == a.review_on &&
			graced.movement == CT_GRACE;
		end = graced.grace_until + random_below(2) * random_below(200);

		if (!step(&strict, &a, &high, NULL, a.review_on, &other) ||
			!step(&strict, &other, &high, NULL, end, &other))
			abort();
		if (!step(&p, &graced, &high, NULL, end, &a))
			abort();
		recovers &= same_state(&a, &other);

		a = graced;
		a.grace_until = CT_NO_DATE;
		if (!step(&strict, &a, &low, NULL, graced.review_on, &other) ||
			!step(&strict, &other, &low, NULL, end, &other) ||
			!step(&p, &graced, &low, NULL, end, &a))
			abort();
		falls &= a.since == graced.grace_until &&
			a.term == graced.review_on && a.movement == CT_DOWNGRADED;
		other.since = a.since;
		falls &= same_state(&a, &other);
		free(p.ladder);
	}
	ok(recovers, "recovered in grace, all is as if the review was passed");
	ok(falls, "fallen after grace, all but since is as without it");
}

/* The policy, or the ladder too, changes from call to call. */
static void
test_changes(void)
{
	bool		sound = true;
	bool		idempotent = true;

	for (int i = 0; i < 6000; i++)
	{
		policy_mix	mix = {1 + random_below(3), random_below(2),
		random_below(3)};
		programme	p;
		ct_date		date = random_below(10000);
		ct_assignment a;

		random_programme(&p, &mix);
		for (int k = 0; k < 12; k++)
		{
			ct_figure	value = random_value();
			ct_figure	review = random_value();
			ct_assignment again;

			if (!step(&p, k == 0 ? NULL : &a, &value, &review, date, &a))
				abort();
			sound &= is_sound(&p, &a, date);
			idempotent &= step(&p, &a, &value, &review, date, &again) &&
				same_state(&a, &again);
			random_policy(&p, &mix);
			if (random_below(8) == 0)
				a.rung = CT_RUNG_UNKNOWN;
			date = random_later(&a, date);
		}
		free(p.ladder);
	}
	ok(sound, "changed policies leave dates in order");
	ok(idempotent, "and are followed at once");
}

int
main(void)
{
	test_laws();
	test_fits();
	test_overdue();
	test_grace();
	test_changes();
	return done_testing();
}
