/*
 * standing.c
 *		Entering and keeping rungs.
 */
#include <string.h>

#include "core/policy.h"
#include "core/standing.h"

/*
 * keep / 10^18 is the part of a bound that is asked for (CT_KEEP_ALL is
 * 10^18).  Taken as 100 * keep / 10^20, the division only moves the point, by
 * five base-10000 digits.
 */
#define KEEP_FACTOR 100
#define KEEP_NBASE_DIGITS 5

/* The rung that a figure enters; one that is not known, the floor or none. */
static int
entered_rung(const ct_ladder *ladder, const ct_figure *figure)
{
	int			rung = ct_ladder_place_figure(ladder, figure);
	int			last = ladder->nrungs - 1;

	if (rung >= 0)
		return rung;
	return ct_rung_is_floor(ladder, last) ? last : ladder->nrungs;
}

/* Multiplies as by hand, from the last digit to the first. */
const ct_condition *
ct_keep_bound(const ct_ladder *ladder, int rung, int64_t keep,
			  int16_t *digits, ct_decimal *bound)
{
	const ct_condition *c = ct_rung_keep(ladder, rung);
	unsigned __int128 factor = (unsigned __int128) keep * KEEP_FACTOR;
	unsigned __int128 carry = 0;
	int			n,
				first;

	if (c == NULL)
		c = &ct_ladder_conditions(ladder)[rung];
	*bound = ct_condition_number(ladder, c);
	if (bound->sign <= 0 || keep == CT_KEEP_ALL)
		return c;
	n = CT_KEEP_ROOM(bound->ndigits);
	first = n;
	for (int i = bound->ndigits - 1; i >= 0; i--)
	{
		carry += factor * (unsigned) ct_decimal_digit(bound, i);
		digits[--first] = (int16_t) (carry % CT_NBASE);
		carry /= CT_NBASE;
	}
	for (; carry != 0; carry /= CT_NBASE)
		digits[--first] = (int16_t) (carry % CT_NBASE);
	bound->weight += n - first - bound->ndigits - KEEP_NBASE_DIGITS;
	while (digits[n - 1] == 0)
		n--;
	while (digits[first] == 0)
	{
		first++;
		bound->weight--;
	}
	bound->ndigits = n - first;
	bound->digits = (const unsigned char *) (digits + first);
	return c;
}

bool
ct_figure_keeps(const ct_ladder *ladder, int rung, int64_t keep,
				const ct_figure *figure)
{
	int16_t		digits[CT_KEEP_MAX_DIGITS];
	const ct_condition *c;
	ct_figure	bound = {CT_FIGURE_DECIMAL};
	int			order;

	if (ct_rung_is_floor(ladder, rung))
		return true;
	c = ct_keep_bound(ladder, rung, keep, digits, &bound.as.decimal);
	if (figure->kind == CT_FIGURE_NULL || keep == CT_KEEP_ALL)
		return ct_condition_met(ladder, c, figure);
	order = ct_figure_compare(figure, &bound);
	return order > 0 || (order == 0 && c->op == CT_OP_GE);
}

void
ct_stand_on_bounds(const ct_ladder *ladder, int64_t keep,
				   const ct_figure *value, const ct_figure *review,
				   ct_standing *standing)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	const ct_figure *better = value;

	standing->rungs = ladder->nrungs;
	standing->entry = standing->best = entered_rung(ladder, value);
	standing->by_review = review != NULL &&
		ct_figure_compare(review, value) > 0;
	if (standing->by_review)
	{
		better = review;
		standing->best = entered_rung(ladder, review);
	}
	/* what enters a rung keeps it, and all below */
	for (int i = 0; i < ladder->nrungs; i++)
		standing->kept[i] = standing->best <= i ||
			((ladder->nkeeps > 0 || keep != CT_KEEP_ALL) &&
			 ct_figure_keeps(ladder, i, keep, better));
	standing->kept[ladder->nrungs] = true;
	memset(standing->empty, 0, ladder->nrungs);
	for (int i = 1; i < ladder->nconditions; i++)
		standing->empty[i] = ct_bound_compare(ladder, &c[i - 1], &c[i]) == 0;
}

void
ct_stand_on_rules(const ct_ladder *ladder, const ct_figure *values,
				  const ct_figure *reviews, ct_standing *standing)
{
	int			rung = ct_ladder_place_row(ladder, values);

	standing->rungs = ladder->nrungs;
	standing->entry = standing->best = rung < 0 ? ladder->nrungs : rung;
	standing->by_review = false;
	if (reviews != NULL)
	{
		rung = ct_ladder_place_row(ladder, reviews);
		if (rung >= 0 && rung < standing->best)
		{
			standing->best = rung;
			standing->by_review = true;
		}
	}
	for (int i = 0; i < ladder->nrungs; i++)
		standing->kept[i] = standing->best <= i ||
			ct_rung_kept_by_row(ladder, i, values) ||
			(reviews != NULL && ct_rung_kept_by_row(ladder, i, reviews));
	standing->kept[ladder->nrungs] = true;
	memset(standing->empty, 0, ladder->nrungs);
}
