/*
 * standing.c
 *		Entering and keeping rungs.
 */
#include <string.h>

#include "core/standing.h"

/* keep is a part of 100 % = 10^18 units = 100 * CT_NBASE^4 of them. */
#define KEEP_NBASE_DIGITS 5
#define KEEP_REST 100

/* The rung that a figure enters. */
static int
rung_entered(const ct_ladder *ladder, const ct_figure *figure)
{
	int			rung = ct_ladder_place_figure(ladder, figure);

	/* a figure that is not known meets no bound */
	if (rung < 0 && figure->kind == CT_FIGURE_NULL)
		rung = ct_ladder_below(ladder);
	return rung < 0 ? ladder->nrungs : rung;
}

/*
 * bound * keep / 10^18: the digits times 100 * keep, from the last to the
 * first, then moved by 10^20.
 */
const ct_condition *
ct_keep_bound(const ct_ladder *ladder, int rung, int64_t keep,
			  int16_t *digits, ct_decimal *bound)
{
	const ct_condition *c = ct_rung_keep(ladder, rung);
	unsigned __int128 factor = (unsigned __int128) keep * KEEP_REST;
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
ct_stand_on_bounds(const ct_ladder *ladder, const ct_rung_clauses *clauses,
				   const ct_figure *value, const ct_figure *review,
				   ct_standing *standing)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	int			n = ladder->nrungs;

	if (review == NULL || review->kind == CT_FIGURE_NULL)
		review = value;
	standing->rungs = n;
	standing->entry = rung_entered(ladder, value);
	standing->review = rung_entered(ladder, review);
	standing->kept[n] = true;
	for (int i = 0; i < n; i++)
	{
		/* what enters a rung keeps it, and all below */
		standing->kept[i] = standing->review <= i ||
			((ladder->nkeeps > 0 || clauses->of[i]->keep != CT_KEEP_ALL) &&
			 ct_figure_keeps(ladder, i, clauses->of[i]->keep, review));
		standing->empty[i] = i > 0 && i < ladder->nconditions &&
			ct_bound_compare(ladder, &c[i - 1], &c[i]) == 0;
	}
}

void
ct_stand_on_rules(const ct_ladder *ladder, const ct_figure *values,
				  const ct_figure *reviews, ct_standing *standing)
{
	int			n = ladder->nrungs;
	int			rung = ct_ladder_place_row(ladder, values);

	standing->rungs = n;
	standing->entry = standing->review = rung < 0 ? n : rung;
	if (reviews == NULL)
		reviews = values;
	else
	{
		rung = ct_ladder_place_row(ladder, reviews);
		standing->review = rung < 0 ? n : rung;
	}
	standing->kept[n] = true;
	for (int i = 0; i < n; i++)
		standing->kept[i] = standing->review <= i ||
			ct_rung_kept_by_row(ladder, i, reviews);
	memset(standing->empty, 0, n);
}
