/*
 * ladder.c
 *		The flat form of a ladder: writing it as text, placing values on it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/ladder.h"

/* An operator, a number's sign, blanks and a percent sign around it. */
#define CONDITION_EXTRA 24

const char *const ct_ladder_reserved[] = {
	"top", "share", "and", "or", "keep", NULL
};

const char *
ct_operator_text(int op)
{
	static const char *const text[] = {
		"", ">=", ">", "<=", "<", "top", "top", "share"
	};

	return text[op];
}

size_t
ct_ladder_numbers_size(const ct_ladder *ladder)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	size_t		size = 0;

	for (int i = 0; i < ct_ladder_conditions_count(ladder); i++)
	{
		ct_decimal	d = ct_condition_number(ladder, &c[i]);

		size += ct_decimal_text_size(&d);
	}
	return size;
}

size_t
ct_ladder_text_size(const ct_ladder *ladder)
{
	size_t		name = CT_QUOTED_NAME_SIZE + 4;
	size_t		size = ladder->nrungs * (name + sizeof(" keep ")) + 1;

	size += ct_ladder_conditions_count(ladder) * (name + CONDITION_EXTRA);
	return size + ct_ladder_numbers_size(ladder);
}

/* So many conditions as text, zero-terminated; returns its length. */
static size_t
write_conditions(const ct_ladder *ladder, int first, int count, char *buffer)
{
	const ct_condition *c = ct_ladder_conditions(ladder) + first;
	char	   *out = buffer;

	for (int i = 0; i < count; i++)
	{
		ct_decimal	number = ct_condition_number(ladder, &c[i]);

		if (i > 0)
			out = stpcpy(out, c[i].alternative == c[i - 1].alternative ?
						 " and " : " or ");
		if (ladder->form == CT_LADDER_RULES)
		{
			const char *name = ct_ladder_metric(ladder, c[i].metric);

			out += ct_write_name(name, strlen(name), true,
								 ct_ladder_reserved, out);
			*out++ = ' ';
		}
		out = stpcpy(out, ct_operator_text(c[i].op));
		*out++ = ' ';
		out += ct_decimal_format(&number, out);
		if (c[i].op == CT_OP_TOP_PERCENT || c[i].op == CT_OP_SHARE)
			*out++ = '%';
	}
	*out = '\0';
	return out - buffer;
}

size_t
ct_ladder_condition_text(const ct_ladder *ladder, int rung, char *buffer)
{
	const ct_rung *r = &ct_ladder_rungs(ladder)[rung];

	return write_conditions(ladder, r->first, r->count, buffer);
}

size_t
ct_ladder_keep_text(const ct_ladder *ladder, int rung, char *buffer)
{
	const ct_rung *r = &ct_ladder_rungs(ladder)[rung];

	return write_conditions(ladder, r->keep_first, r->keep_count, buffer);
}

size_t
ct_ladder_text(const ct_ladder *ladder, char *buffer)
{
	char	   *out = buffer;

	for (int i = 0; i < ladder->nrungs; i++)
	{
		const char *label = ct_ladder_label(ladder, i);

		if (i > 0)
			out = stpcpy(out, ", ");
		out += ct_write_name(label, strlen(label), false,
							 ct_ladder_reserved, out);
		if (ct_rung_is_floor(ladder, i))
			continue;
		out = stpcpy(out, ladder->form == CT_LADDER_RULES ? ": " : " ");
		out += ct_ladder_condition_text(ladder, i, out);
		if (ct_ladder_rungs(ladder)[i].keep_count == 0)
			continue;
		out = stpcpy(out, " keep ");
		out += ct_ladder_keep_text(ladder, i, out);
	}
	*out = '\0';
	return out - buffer;
}

int
ct_bound_compare(const ct_ladder *ladder, const ct_condition *a,
				 const ct_condition *b)
{
	ct_decimal	number_a = ct_condition_number(ladder, a);
	ct_decimal	number_b = ct_condition_number(ladder, b);
	int			order = ct_decimal_compare(&number_a, &number_b);

	if (order != 0)
		return order;
	return (a->op == CT_OP_GT) - (b->op == CT_OP_GT);
}

int
ct_ladder_place_decimal(const ct_ladder *ladder, const ct_decimal *value)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	int			n = ladder->nconditions;

	for (int i = 0; i < n; i++)
	{
		ct_decimal	bound = ct_condition_number(ladder, &c[i]);
		int			order = ct_decimal_compare(value, &bound);

		if (order > 0 || (order == 0 && c[i].op == CT_OP_GE))
			return i;
	}
	return ct_ladder_below(ladder);
}

/* -1, 0 or 1; the figure is not NULL. */
static int
compare_with_number(const ct_ladder *ladder, const ct_condition *condition,
					const ct_figure *figure)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_decimal	number,
				d;
	double		nearest;

	if (figure->kind == CT_FIGURE_DOUBLE || figure->kind == CT_FIGURE_REAL)
	{
		nearest = figure->kind == CT_FIGURE_DOUBLE ? condition->nearest :
			condition->nearest_real;
		return (figure->as.number > nearest) - (figure->as.number < nearest);
	}
	number = ct_condition_number(ladder, condition);
	d = ct_figure_decimal(figure, digits);
	return ct_decimal_compare(&d, &number);
}

bool
ct_condition_met(const ct_ladder *ladder, const ct_condition *condition,
				 const ct_figure *figure)
{
	int			order;

	if (figure->kind == CT_FIGURE_NULL)
		return false;
	order = compare_with_number(ladder, condition, figure);
	switch (condition->op)
	{
		case CT_OP_GE:
			return order >= 0;
		case CT_OP_GT:
			return order > 0;
		case CT_OP_LE:
			return order <= 0;
		case CT_OP_LT:
			return order < 0;
	}
	return false;				/* relative: never asked */
}

/* The topmost bound that a real meets. */
static int
place_real(const ct_ladder *ladder, const ct_figure *value)
{
	const ct_condition *c = ct_ladder_conditions(ladder);

	for (int i = 0; i < ladder->nconditions; i++)
		if (ct_condition_met(ladder, &c[i], value))
			return i;
	return ct_ladder_below(ladder);
}

int
ct_ladder_place_figure(const ct_ladder *ladder, const ct_figure *value)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_decimal	d;

	if (value->kind == CT_FIGURE_NULL)
		return -1;
	if (value->kind == CT_FIGURE_DOUBLE)
		return ct_ladder_place_double(ladder, value->as.number);
	if (value->kind == CT_FIGURE_REAL)
		return place_real(ladder, value);
	d = ct_figure_decimal(value, digits);
	return ct_ladder_place_decimal(ladder, &d);
}

/* Is some alternative of these conditions met whole? */
static bool
rule_met(const ct_ladder *ladder, int first, int count,
		 const ct_figure *figures)
{
	const ct_condition *c = ct_ladder_conditions(ladder) + first;
	int			i = 0;

	while (i < count)
	{
		int			alternative = c[i].alternative;
		bool		met = true;

		for (; i < count && c[i].alternative == alternative; i++)
			met = met && ct_condition_met(ladder, &c[i],
										  &figures[c[i].metric]);
		if (met)
			return true;
	}
	return false;
}

bool
ct_rung_entered_by_row(const ct_ladder *ladder, int rung,
					   const ct_figure *figures)
{
	const ct_rung *r = &ct_ladder_rungs(ladder)[rung];

	return r->count == 0 || rule_met(ladder, r->first, r->count, figures);
}

int
ct_ladder_place_row(const ct_ladder *ladder, const ct_figure *figures)
{
	for (int i = 0; i < ladder->nrungs; i++)
		if (ct_rung_entered_by_row(ladder, i, figures))
			return i;
	return -1;
}

bool
ct_rung_kept_by_row(const ct_ladder *ladder, int rung,
					const ct_figure *figures)
{
	const ct_rung *r = &ct_ladder_rungs(ladder)[rung];

	return rule_met(ladder, r->keep_first, r->keep_count, figures);
}

int
ct_ladder_next(const ct_ladder *ladder, int rung)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	int			next = rung < 0 ? ladder->nrungs - 1 : rung - 1;

	while (next > 0 && ct_bound_compare(ladder, &c[next - 1], &c[next]) == 0)
		next--;
	return next;
}

int
ct_ladder_find(const ct_ladder *ladder, const char *label, size_t length)
{
	for (int i = 0; i < ladder->nrungs; i++)
	{
		const char *name = ct_ladder_label(ladder, i);

		if (strlen(name) == length && memcmp(name, label, length) == 0)
			return i;
	}
	return -1;
}

void
ct_ladder_labels(const ct_ladder *ladder, char *buffer, size_t size)
{
	size_t		used = 0;

	buffer[0] = '\0';
	for (int i = 0; i < ladder->nrungs; i++)
	{
		int			n = snprintf(buffer + used, size - used, "%s\"%s\"",
								 i > 0 ? ", " : "",
								 ct_ladder_label(ladder, i));

		if (used + n + sizeof(", ...") > size)
		{
			strcpy(buffer + used, ", ...");
			return;
		}
		used += n;
	}
}
