/*
 * reason.c
 *		Sentences such as "value 4200 is below gold (5000); gold held, in grace
 *		until 2026-03-01": first what the figures say, then what follows.
 *
 * A sentence always fits: names have at most 63 bytes, numbers less than
 * NUMBER_SIZE, and at most MAX_FIGURES figures of a row are listed.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/host.h"
#include "core/isodate.h"
#include "core/reason.h"

#define NUMBER_SIZE 64
#define MAX_FIGURES 4
#define FEWEST_PLACES 2
#define MOST_PLACES CT_FIXED_SCALE	/* beyond, numbers are not rounded */
#define KEEPING "the bar to keep "
#define SHORT_DIGITS 5			/* base-10000 digits beside a power of ten */

typedef struct sentence
{
	const ct_reason *about;
	char	   *buffer;
	size_t		used;
} sentence;

/* What follows from each cause, of the tier held and one that is lost. */
static const struct
{
	const char *text;
	bool		until;			/* the day of the next review follows */
}			consequences[] = {
	[CT_CAUSE_STAYS] = {"%s unchanged"},
	[CT_CAUSE_WAITS] = {"upgrades wait for the review, %s unchanged", true},
	[CT_CAUSE_JOINS] = {"joined with %s"},
	[CT_CAUSE_ANEW] = {"placed anew with %s, as the ladder has no tier %.*s"},
	[CT_CAUSE_RISES] = {"to %s"},
	[CT_CAUSE_FALLS] = {"to %s"},
	[CT_CAUSE_PASSES] = {"%s renewed", true},
	[CT_CAUSE_REGAINS] = {"%s entered anew", true},
	[CT_CAUSE_RECOVERS] = {"%s renewed, grace has ended"},
	[CT_CAUSE_HELD] = {"%s held", true},
	[CT_CAUSE_NEVER] = {"%s held, as it never drops"},
	[CT_CAUSE_BASE] = {"%s held, as it is the base"},
	[CT_CAUSE_ENTERED_TODAY] = {"%s held, as it was entered on this date"}
};

static void say(sentence *s, const char *format,...) CT_PRINTF(2, 3);

static void
say(sentence *s, const char *format,...)
{
	size_t		room = CT_REASON_SIZE - s->used;
	va_list		args;
	int			n;

	va_start(args, format);
	n = vsnprintf(s->buffer + s->used, room, format, args);
	va_end(args);
	s->used += n < (int) room ? (size_t) n : room - 1;
}

static const char *
tier_name(const ct_ladder *ladder, int rung)
{
	return rung < ladder->nrungs ? ct_ladder_label(ladder, rung) : "no tier";
}

/*
 * A number rounded to so many decimal places; beyond MOST_PLACES, and where
 * it is too large to be rounded, all of its digits, or as many as have room
 * and a power of ten.
 */
static void
write_rounded(const ct_decimal *d, int places, char text[NUMBER_SIZE])
{
	static const uint64_t unit[MOST_PLACES + 1] = {
		100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1
	};
	ct_decimal	first = *d;
	ct_int128	fixed;
	ct_wide		wide;

	if (places <= MOST_PLACES && ct_decimal_to_fixed(d, &fixed))
	{
		ct_wide_from_int128(&wide, fixed);
		ct_wide_divide_rounded(&wide, unit[places]);
		ct_wide_format(&wide, places, text);
	}
	else if (ct_decimal_text_size(d) <= NUMBER_SIZE)
		ct_decimal_format(d, text);
	else
	{
		first.weight = 0;
		first.ndigits = d->ndigits < SHORT_DIGITS ? d->ndigits : SHORT_DIGITS;
		sprintf(text + ct_decimal_format(&first, text), "e%+d",
				d->weight * CT_NBASE_DIGITS);
	}
}

/* "is below", "meets", ...: how a figure compares with a condition. */
static const char *
comparison(const ct_condition *c, bool met)
{
	return met ? "meets" : c->op == CT_OP_GE ? "is below" :
		c->op == CT_OP_LE ? "is above" : "misses";
}

/*
 * A figure beside what a rung asks for: " 250 meets gold (200)", " 7 is above
 * gold (<= 3)", " (not known) misses gold (200)", " 165 meets 80% of gold
 * (160)", " 650 meets the bar to keep gold (600)": what stands before the rung.
 * Both numbers have as many decimal places as it takes to see which is
 * greater.  A bound with three or four is shown as it is, one below 1 that has
 * more with at least four, and none as zero.
 */
static void
say_comparison(sentence *s, const ct_condition *c, const ct_decimal *bound,
			   bool met, const ct_figure *figure, const char *what, int rung)
{
	bool		met_if_equal = c->op == CT_OP_GE || c->op == CT_OP_LE;
	int			places = FEWEST_PLACES;
	int			last = bound->ndigits - 1;
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_decimal	number = ct_figure_decimal(figure, digits);
	char		value[NUMBER_SIZE],
				asked[NUMBER_SIZE];

	if (last - bound->weight != 1 ? bound->weight < 0 :
		ct_decimal_digit(bound, last) % 100 != 0)
		places = CT_NBASE_DIGITS;
	do
	{
		write_rounded(&number, places, value);
		write_rounded(bound, places, asked);
	} while (places++ <= MOST_PLACES &&
			 ((met != met_if_equal && strcmp(value, asked) == 0) ||
			  (bound->sign != 0 && strcmp(asked, "0") == 0)));
	if (figure->kind == CT_FIGURE_NULL)
		say(s, " (not known) misses");
	else
		say(s, " %s %s", value, comparison(c, met));
	say(s, " %s%s (%s%s)", what, tier_name(s->about->ladder, rung),
		c->op == CT_OP_GT ? "> " : c->op == CT_OP_LE ? "<= " :
		c->op == CT_OP_LT ? "< " : "", asked);
}

/*
 * One condition of a rung, or of keeping it, as before says; if the figure
 * does not meet that of the tier held till now, on a ladder of bounds, what
 * keeping it takes instead, where that is less.
 */
static void
say_condition(sentence *s, const ct_condition *c, const ct_figure *figure,
			  int rung, const char *before)
{
	const ct_ladder *ladder = s->about->ladder;
	int64_t		keep = s->about->clauses->of[rung]->keep;
	bool		met = ct_condition_met(ladder, c, figure);
	bool		less = ct_rung_keep(ladder, rung) != NULL;
	int16_t		keep_digits[CT_KEEP_MAX_DIGITS];
	ct_decimal	bound = ct_condition_number(ladder, c);
	char		part[CT_WIDE_TEXT_SIZE + sizeof("% of ")];

	if (!met && rung == s->about->outcome->from &&
		ladder->form == CT_LADDER_BOUNDS &&
		(less || (keep != CT_KEEP_ALL && bound.sign > 0)))
	{
		met = ct_figure_keeps(ladder, rung, keep, figure);
		c = ct_keep_bound(ladder, rung, keep, keep_digits, &bound);
		strcpy(part + ct_keep_text(keep, part), "% of ");
		before = less ? KEEPING : part;
	}
	say_comparison(s, c, &bound, met, figure, before, rung);
}

/* Is the tier held till now kept by its rule of keeping, but not entered? */
static bool
is_kept_by_rule(const sentence *s, const ct_figure *figures, int rung)
{
	const ct_ladder *ladder = s->about->ladder;

	return ladder->form == CT_LADDER_RULES &&
		rung == s->about->outcome->from &&
		!ct_rung_entered_by_row(ladder, rung, figures) &&
		ct_rung_kept_by_row(ladder, rung, figures);
}

/* The alternative with the fewest conditions not met; *unmet of them. */
static int
nearest_alternative(const ct_ladder *ladder, const ct_condition *c,
					int count, const ct_figure *figures, int *unmet)
{
	uint16_t	missed[CT_LADDER_MAX_CONDITIONS] = {0}; /* by alternative */
	int			nearest = 0;

	for (int i = 0; i < count; i++)
		missed[c[i].alternative] +=
			!ct_condition_met(ladder, &c[i], &figures[c[i].metric]);
	for (int i = 1; i <= c[count - 1].alternative; i++)
		if (missed[i] < missed[nearest])
			nearest = i;
	*unmet = missed[nearest];
	return nearest;
}

/*
 * Of the alternatives of a rung, or of what keeps it, the one with the fewest
 * conditions not met: these, or, if all are met, all: "orders 60 meets gold
 * (50), payment_score 70.5 meets gold (60)".
 */
static void
say_rung(sentence *s, bool review, int rung)
{
	const ct_ladder *ladder = s->about->ladder;
	const ct_figure *figures = review ? s->about->reviews : s->about->values;
	const ct_rung *g = &ct_ladder_rungs(ladder)[rung];
	bool		kept = is_kept_by_rule(s, figures, rung);
	int			count = kept ? g->keep_count : g->count;
	const ct_condition *c = ct_ladder_conditions(ladder) +
		(kept ? g->keep_first : g->first);
	int			unmet;
	int			nearest = nearest_alternative(ladder, c, count, figures, &unmet);
	int			listed = 0;

	for (int i = 0; i < count; i++)
	{
		const ct_figure *figure = &figures[c[i].metric];

		if (c[i].alternative != nearest ||
			(unmet > 0 && ct_condition_met(ladder, &c[i], figure)))
			continue;
		if (listed == MAX_FIGURES)
		{
			say(s, ", ...");
			return;
		}
		say(s, "%s%s%s", listed++ > 0 ? ", " : "", review ? "review " : "",
			ladder->form != CT_LADDER_RULES ? "value" :
			ct_ladder_metric(ladder, c[i].metric));
		say_condition(s, &c[i], figure, rung, kept ? KEEPING : "");
	}
}

/* Has the review's figure cost the tier, or begun grace? */
static bool
is_review_to_blame(const sentence *s, int from)
{
	ct_cause	cause = s->about->outcome->cause;

	return !s->about->standing->kept[from] &&
		(s->about->next->grace_until != CT_NO_DATE ||
		 cause == CT_CAUSE_FALLS || cause == CT_CAUSE_REGAINS);
}

/*
 * The value beside the tier held till now, or the higher one that it enters;
 * the review's figure too, where that is another, if the value is short or the
 * review has cost the tier.  Instead of a tier that takes nothing to hold, the
 * one above.  A review's figure is compared with the tier that it enters where
 * that is the one held now, and since rules need not build on each other, a
 * review row always.
 */
static void
say_figures(sentence *s)
{
	const ct_ladder *ladder = s->about->ladder;
	const ct_standing *standing = s->about->standing;
	int			from = s->about->outcome->from;
	bool		reviewed;

	if (from == CT_RUNG_UNKNOWN)
		from = standing->entry < standing->review ? standing->entry :
			standing->review;
	reviewed = s->about->reviews != NULL &&
		(standing->entry > from || is_review_to_blame(s, from)) &&
		(ladder->form == CT_LADDER_RULES ||
		 s->about->reviews->kind != CT_FIGURE_NULL);
	for (int review = 0; review <= (reviewed ? 1 : 0); review++)
	{
		int			entered = review ? standing->review : standing->entry;
		int			rung = from;

		if (entered < from && (!review || ladder->form == CT_LADDER_RULES ||
							   entered == s->about->next->rung))
			rung = entered;
		if (rung == ladder->nrungs || ct_rung_is_floor(ladder, rung))
			for (rung--; rung > 0 && standing->empty[rung];)
				rung--;
		say(s, "%s", review ? ", " : rung < 0 ? "no figure is asked for" : "");
		if (rung >= 0)
			say_rung(s, review, rung);
	}
}

/* What follows, and until when. */
static void
say_consequence(sentence *s)
{
	const ct_ladder *ladder = s->about->ladder;
	const ct_assignment *a = s->about->next;
	const ct_outcome *outcome = s->about->outcome;
	const char *lost = s->about->lost != NULL ? s->about->lost : "";
	ct_date		until = consequences[outcome->cause].until ? a->review_on :
		CT_NO_DATE;
	char		date[CT_ISODATE_SIZE];

	if (outcome->cause == CT_CAUSE_RISES || outcome->cause == CT_CAUSE_FALLS)
		say(s, "%s from %s ", ct_movement_text(a->movement),
			tier_name(ladder, outcome->from));
	say(s, consequences[outcome->cause].text, tier_name(ladder, a->rung),
		ct_host_clip(lost, strlen(lost), CT_NAME_SIZE - 1), lost);
	if (a->grace_until != CT_NO_DATE)
	{
		say(s, ", in grace");
		until = a->grace_until;
	}
	if (until != CT_NO_DATE)
	{
		ct_date_write(until, date);
		say(s, " until %s", date);
	}
}

size_t
ct_reason_text(const ct_reason *reason, char buffer[CT_REASON_SIZE])
{
	sentence	s = {reason, buffer, 0};

	say_figures(&s);
	say(&s, "; ");
	say_consequence(&s);
	return s.used;
}
