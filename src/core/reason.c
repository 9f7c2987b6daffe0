/*
 * reason.c
 *		Sentences such as "value 4200 is below gold (5000); kept in grace until
 *		2026-03-01": first what the figures say, then what follows.
 *
 * Names have at most 63 bytes, a tier that the ladder lacks is cut to as many,
 * numbers are shortened to MAX_NUMBER, and at most MAX_FIGURES figures are
 * listed, so that a sentence always fits.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/host.h"
#include "core/isodate.h"
#include "core/reason.h"

#define MAX_NUMBER 40
#define MAX_FIGURES 4

/* Significant digits of a number that is shown as a power of ten. */
#define SHORT_DIGITS 16

typedef struct writer
{
	char	   *buffer;
	size_t		used;
} writer;

static void put(writer *w, const char *format,...) CT_PRINTF(2, 3);

static void
put(writer *w, const char *format,...)
{
	size_t		room = CT_REASON_SIZE - w->used;
	va_list		args;
	int			n;

	va_start(args, format);
	n = vsnprintf(w->buffer + w->used, room, format, args);
	va_end(args);
	w->used += n < (int) room ? (size_t) n : room - 1;
}

/* Plain digits where they are not too many, else 1.234e+56, cut off. */
static void
put_decimal(writer *w, const ct_decimal *d)
{
	char		text[MAX_NUMBER + 2 * CT_NBASE_DIGITS + 8];
	char		digits[SHORT_DIGITS + CT_NBASE_DIGITS + 1];
	size_t		n = 0;
	size_t		zeros;

	if (ct_decimal_text_size(d) <= sizeof(text) &&
		ct_decimal_format(d, text) <= MAX_NUMBER)
	{
		put(w, "%s", text);
		return;
	}
	for (int i = 0; i <= SHORT_DIGITS / CT_NBASE_DIGITS; i++, n += 4)
		snprintf(digits + n, sizeof(digits) - n, "%04d",
				 i < d->ndigits ? ct_decimal_digit(d, i) : 0);
	zeros = strspn(digits, "0");
	digits[zeros + SHORT_DIGITS] = '\0';
	for (n = strlen(digits); n > zeros + 1 && digits[n - 1] == '0';)
		digits[--n] = '\0';
	put(w, "%s%c%s%se%+d", d->sign < 0 ? "-" : "", digits[zeros],
		n > zeros + 1 ? "." : "", digits + zeros + 1,
		d->weight * CT_NBASE_DIGITS + CT_NBASE_DIGITS - 1 - (int) zeros);
}

static void
put_figure(writer *w, const ct_figure *figure)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_decimal	d = ct_figure_decimal(figure, digits);

	if (figure->kind == CT_FIGURE_NULL)
		put(w, "not known");
	else
		put_decimal(w, &d);
}

static void
put_date(writer *w, ct_date date)
{
	char		text[CT_ISODATE_SIZE];

	ct_date_write(date, text);
	put(w, "%s", text);
}

static const char *
label(const ct_reason *r, int rung)
{
	return rung < r->ladder->nrungs ? ct_ladder_label(r->ladder, rung) :
		"no tier";
}

/* "(200)", "(> 200)" */
static void
put_bound(writer *w, const ct_reason *r, int rung)
{
	const ct_condition *c = &ct_ladder_conditions(r->ladder)[rung];
	ct_decimal	d = ct_condition_number(r->ladder, c);

	put(w, c->op == CT_OP_GT ? " (> " : " (");
	put_decimal(w, &d);
	put(w, ")");
}

/* "80% of gold (160)": what keeps a rung whose bound is lowered */
static void
put_keep_bound(writer *w, const ct_reason *r, int rung)
{
	const ct_condition *c = &ct_ladder_conditions(r->ladder)[rung];
	char		percent[CT_WIDE_TEXT_SIZE];
	int16_t		digits[CT_KEEP_MAX_DIGITS];
	ct_decimal	d;

	ct_keep_text(r->policy->keep, percent);
	ct_keep_bound(r->ladder, rung, r->policy->keep, digits, &d);
	put(w, "%s%% of %s (%s", percent, label(r, rung),
		c->op == CT_OP_GT ? "> " : "");
	put_decimal(w, &d);
	put(w, ")");
}

/* One figure of a rule: "orders 12 (>= 50)" */
static void
put_requirement(writer *w, const ct_reason *r, const ct_condition *c,
				const ct_figure *figure)
{
	ct_decimal	number = ct_condition_number(r->ladder, c);

	put(w, "%s ", ct_ladder_metric(r->ladder, c->metric));
	put_figure(w, figure);
	put(w, " (%s ", ct_operator_text(c->op));
	put_decimal(w, &number);
	put(w, ")");
}

/*
 * The alternative of a rung with the fewest conditions not met; *unmet is
 * their number.
 */
static int
nearest_alternative(const ct_reason *r, const ct_figure *figures, int rung,
					int *unmet)
{
	const ct_rung *g = &ct_ladder_rungs(r->ladder)[rung];
	const ct_condition *c = ct_ladder_conditions(r->ladder) + g->first;
	int			nearest = 0;
	int			i = 0;

	*unmet = g->count + 1;
	while (i < g->count)
	{
		int			alternative = c[i].alternative;
		int			n = 0;

		for (; i < g->count && c[i].alternative == alternative; i++)
			n += !ct_condition_met(r->ladder, &c[i], &figures[c[i].metric]);
		if (n < *unmet)
		{
			*unmet = n;
			nearest = alternative;
		}
	}
	return nearest;
}

/*
 * "value 85 (>= 80), orders 60 (>= 50) meet platinum": the alternative that is
 * met; or of the nearest one what is not: "orders 12 (>= 50) misses platinum".
 */
static void
put_rule(writer *w, const ct_reason *r, const ct_figure *figures, int rung)
{
	const ct_rung *g = &ct_ladder_rungs(r->ladder)[rung];
	const ct_condition *c = ct_ladder_conditions(r->ladder) + g->first;
	int			unmet;
	int			alternative = nearest_alternative(r, figures, rung, &unmet);
	int			listed = 0;

	for (int i = 0; i < g->count; i++)
	{
		const ct_figure *figure = &figures[c[i].metric];

		if (c[i].alternative != alternative ||
			(unmet > 0 && ct_condition_met(r->ladder, &c[i], figure)))
			continue;
		if (listed == MAX_FIGURES)
		{
			put(w, ", ...");
			break;
		}
		if (listed++ > 0)
			put(w, ", ");
		put_requirement(w, r, &c[i], figure);
	}
	put(w, " %s%s %s", unmet > 0 ? "miss" : "meet",
		listed > 1 ? "" : unmet > 0 ? "es" : "s", label(r, rung));
}

/* "value 250", "review value 220", "value is not known" */
static void
put_value(writer *w, const ct_reason *r, bool review)
{
	const ct_figure *figure = review ? r->reviews : r->values;

	put(w, review ? "review value " : "value ");
	if (figure->kind == CT_FIGURE_NULL)
		put(w, "is ");
	put_figure(w, figure);
}

/* Is the rung one that takes a figure to hold? */
static bool
has_condition(const ct_reason *r, int rung)
{
	return rung < r->ladder->nrungs && !ct_rung_is_floor(r->ladder, rung);
}

/* The rung above one that takes nothing to hold, or -1. */
static int
rung_above(const ct_reason *r, int rung)
{
	if (r->ladder->form == CT_LADDER_RULES)
		return rung - 1;
	return ct_ladder_next(r->ladder, rung < r->ladder->nrungs ? rung : -1);
}

/*
 * How the value, or the review value, compares with a rung, or with the one
 * above where the rung takes nothing to hold.
 */
static void
put_comparison(writer *w, const ct_reason *r, bool review, int rung)
{
	const ct_figure *figures = review ? r->reviews : r->values;
	const ct_condition *c;
	bool		lowered;

	if (!has_condition(r, rung))
		rung = rung_above(r, rung);
	if (r->ladder->form == CT_LADDER_RULES)
	{
		if (review)
			put(w, "by review value, ");
		if (rung < 0)
			put(w, "no figure is asked for");
		else
			put_rule(w, r, figures, rung);
		return;
	}
	put_value(w, r, review);
	if (rung < 0 || figures->kind == CT_FIGURE_NULL)
		return;
	c = &ct_ladder_conditions(r->ladder)[rung];
	lowered = r->policy->keep != CT_KEEP_ALL && c->sign > 0 &&
		rung == r->outcome->from;
	if (ct_condition_met(r->ladder, c, figures))
		put(w, " meets %s", label(r, rung));
	else if (lowered && rung >= r->standing->kept)
	{
		put(w, " is below %s", label(r, rung));
		put_bound(w, r, rung);
		put(w, ", but not below ");
		put_keep_bound(w, r, rung);
		return;
	}
	else if (lowered)
	{
		put(w, " is below ");
		put_keep_bound(w, r, rung);
		return;
	}
	else
		put(w, " is below %s", label(r, rung));
	put_bound(w, r, rung);
}

/* Is the better figure below the bound of the tier held before the call? */
static bool
best_is_short(const ct_reason *r)
{
	return r->standing->best > r->outcome->from;
}

/* What the figures say: the part before the semicolon. */
static void
put_figures(writer *w, const ct_reason *r)
{
	const ct_standing *s = r->standing;
	int			from = r->outcome->from;

	switch (r->outcome->cause)
	{
		case CT_CAUSE_JOINS:
		case CT_CAUSE_ANEW:
		case CT_CAUSE_PIN_MOVES:
			put_comparison(w, r, s->by_review, s->best);
			return;
		case CT_CAUSE_RISES:
		case CT_CAUSE_PIN_LIFTED_NOT:
			put_comparison(w, r, false, s->entry);
			return;
		case CT_CAUSE_FALLS:
			put_comparison(w, r, s->by_review, from);
			return;
		case CT_CAUSE_PASSES:
		case CT_CAUSE_RECOVERS:
			put_comparison(w, r, s->by_review,
						   r->ladder->form == CT_LADDER_RULES ? s->best :
						   from);
			return;
		case CT_CAUSE_REVIEW_VALUE:
			put_comparison(w, r, false, from);
			put(w, ", ");
			put_comparison(w, r, true, from);
			return;
		case CT_CAUSE_NOT_DUE:
		case CT_CAUSE_STAYS:
			put_comparison(w, r, false, s->entry < from ? s->entry : from);
			return;
		case CT_CAUSE_KEEPS:
		case CT_CAUSE_NEVER:
		case CT_CAUSE_BASE:
		case CT_CAUSE_ENTERED_TODAY:
		case CT_CAUSE_GRACE:
		case CT_CAUSE_PIN_DROPPED_NOT:
			put_comparison(w, r, s->by_review && best_is_short(r), from);
			return;
	}
}

/* " until 2025-01-01", nothing without a date */
static void
put_until(writer *w, ct_date date)
{
	if (date == CT_NO_DATE || date == CT_DATE_NEVER)
		return;
	put(w, " until ");
	put_date(w, date);
}

/* "by a floor at gold until 2025-01-01" */
static void
put_pin(writer *w, const ct_reason *r)
{
	const ct_assignment *a = r->next;

	put(w, " by a %s", ct_pin_text(a->pin));
	if (a->pinned != CT_RUNG_UNKNOWN)
		put(w, " at %s", label(r, a->pinned));
	put_until(w, a->pinned_until);
}

/* "upgraded from silver to gold" */
static void
put_move(writer *w, const ct_reason *r)
{
	const ct_assignment *a = r->next;

	put(w, "%s from %s to %s", ct_movement_text(a->movement),
		label(r, r->outcome->from), label(r, a->rung));
	if (a->grace_until != CT_NO_DATE)
	{
		put(w, ", in grace");
		put_until(w, a->grace_until);
	}
}

/* "gold held until 2025-01-01", and why a short tier is held */
static void
put_held(writer *w, const ct_reason *r)
{
	put(w, "%s held", label(r, r->next->rung));
	switch (r->outcome->cause)
	{
		case CT_CAUSE_NEVER:
			put(w, ", as no tier drops");
			break;
		case CT_CAUSE_BASE:
			put(w, ", as it is the base");
			break;
		case CT_CAUSE_ENTERED_TODAY:
			put(w, ", as it was entered on this date");
			break;
		default:
			put_until(w, r->next->review_on);
	}
}

/* "gold unchanged", or what keeps it from changing */
static void
put_stays(writer *w, const ct_reason *r)
{
	const ct_assignment *a = r->next;

	if (a->grace_until != CT_NO_DATE)
	{
		put(w, "still in grace");
		put_until(w, a->grace_until);
	}
	else if (r->standing->entry < a->rung)
	{
		put(w, "no upgrade before the review on ");
		put_date(w, a->review_on);
	}
	else
		put(w, "%s unchanged", label(r, a->rung));
}

/* What follows: the part after the semicolon. */
static void
put_consequence(writer *w, const ct_reason *r)
{
	const ct_assignment *a = r->next;
	const char *held = label(r, a->rung);

	switch (r->outcome->cause)
	{
		case CT_CAUSE_JOINS:
			put(w, "joined with %s", held);
			break;
		case CT_CAUSE_ANEW:
			put(w, "placed anew with %s, as the ladder has no tier %.*s", held,
				ct_host_clip(r->lost, (int) strlen(r->lost),
							 CT_NAME_SIZE - 1), r->lost);
			break;
		case CT_CAUSE_RISES:
		case CT_CAUSE_FALLS:
			put_move(w, r);
			break;
		case CT_CAUSE_PIN_MOVES:
			put_move(w, r);
			put_pin(w, r);
			break;
		case CT_CAUSE_PASSES:
			put(w, "%s renewed", held);
			put_until(w, a->review_on);
			break;
		case CT_CAUSE_RECOVERS:
			put(w, "%s renewed, grace has ended", held);
			break;
		case CT_CAUSE_KEEPS:
		case CT_CAUSE_REVIEW_VALUE:
		case CT_CAUSE_NOT_DUE:
		case CT_CAUSE_NEVER:
		case CT_CAUSE_BASE:
		case CT_CAUSE_ENTERED_TODAY:
			put_held(w, r);
			break;
		case CT_CAUSE_GRACE:
			put(w, "kept in grace");
			put_until(w, a->grace_until);
			break;
		case CT_CAUSE_PIN_LIFTED_NOT:
		case CT_CAUSE_PIN_DROPPED_NOT:
			put(w, "pinned");
			put_pin(w, r);
			break;
		case CT_CAUSE_STAYS:
			put_stays(w, r);
			break;
	}
}

size_t
ct_reason_text(const ct_reason *reason, char buffer[CT_REASON_SIZE])
{
	writer		w = {buffer, 0};

	put_figures(&w, reason);
	put(&w, "; ");
	put_consequence(&w, reason);
	return w.used;
}
