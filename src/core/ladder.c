/*
 * ladder.c
 *		The flat form of a ladder: building it, writing it as text, placing
 *		values on it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/ladder.h"

#define ALIGN(size, to) (((size) + (to) - 1) / (to) * (to))

/* An operator, a number's sign, blanks and a percent sign around it. */
#define CONDITION_EXTRA 24

const char *const ct_ladder_reserved[] = {
	"top", "share", "and", "or", "keep", NULL
};

/* The distinct metrics of a draft, in order of first mention. */
typedef struct metric_list
{
	int			count;
	const char *name[2 * CT_LADDER_MAX_CONDITIONS];
} metric_list;

/* The conditions of a draft: of entering, then of keeping. */
static int
draft_count(const ct_ladder_draft *draft)
{
	return draft->nconditions + draft->nkeeps;
}

static const ct_condition_draft *
draft_condition(const ct_ladder_draft *draft, int i)
{
	return i < draft->nconditions ? &draft->conditions[i] :
		&draft->keeps[i - draft->nconditions];
}

/* The conditions of a flat ladder, both kinds of them. */
static int
all_conditions(const ct_ladder *ladder)
{
	return ladder->nconditions + ladder->nkeeps;
}

static int
find_metric(const metric_list *list, const char *name)
{
	for (int i = 0; i < list->count; i++)
		if (strcmp(list->name[i], name) == 0)
			return i;
	return -1;
}

static void
list_metrics(const ct_ladder_draft *draft, metric_list *list)
{
	list->count = 0;
	if (draft->form != CT_LADDER_RULES)
		return;
	for (int i = 0; i < draft_count(draft); i++)
		if (find_metric(list, draft_condition(draft, i)->metric) < 0)
			list->name[list->count++] = draft_condition(draft, i)->metric;
}

/* A name in the flat form: host word, bytes, zero. */
static size_t
name_size(const char *name)
{
	return ALIGN(sizeof(uint32_t) + strlen(name) + 1, sizeof(uint32_t));
}

size_t
ct_ladder_size(const ct_ladder_draft *draft)
{
	metric_list metrics;
	size_t		size = sizeof(ct_ladder) + draft->nrungs * sizeof(ct_rung) +
		draft_count(draft) * sizeof(ct_condition);
	size_t		digits = 0;

	list_metrics(draft, &metrics);
	size += metrics.count * sizeof(uint32_t);
	for (int i = 0; i < draft_count(draft); i++)
	{
		const ct_condition_draft *c = draft_condition(draft, i);

		digits += ct_decimal_room(c->number, c->number_length);
	}
	size = ALIGN(size + digits * sizeof(int16_t), sizeof(uint32_t));
	for (int i = 0; i < draft->nrungs; i++)
		size += name_size(draft->rungs[i].label);
	for (int i = 0; i < metrics.count; i++)
		size += name_size(metrics.name[i]);
	return ALIGN(size, 8);
}

/* Writes a name at *offset and moves it on. */
static uint32_t
put_name(void *memory, size_t *offset, const char *name)
{
	uint32_t	at = (uint32_t) *offset;

	memcpy((char *) memory + at + sizeof(uint32_t), name, strlen(name) + 1);
	*offset += name_size(name);
	return at;
}

static void
build_condition(const ct_condition_draft *draft, void *memory,
				size_t *offset, ct_condition *c)
{
	ct_decimal	d;

	ct_decimal_parse(draft->number, draft->number_length,
					 (int16_t *) ((char *) memory + *offset), &d);
	c->digits = (uint32_t) *offset;
	c->weight = (int16_t) d.weight;
	c->ndigits = (uint16_t) d.ndigits;
	c->sign = (int8_t) d.sign;
	c->op = (uint8_t) draft->op;
	c->alternative = (uint16_t) draft->alternative;
	c->nearest = ct_decimal_to_double(&d);
	c->nearest_real = ct_decimal_to_real(&d);
	c->threshold = draft->op == CT_OP_GT ? nextafter(c->nearest, INFINITY) :
		c->nearest;
	*offset += ct_decimal_room(draft->number, draft->number_length) *
		sizeof(int16_t);
}

/*
 * Placing a double counts the bounds that it does not meet, which takes
 * thresholds that never rise from the top down.  Two bounds with one nearest
 * double can break that: 0.3 meets the first of 'a >= 0.30000000000000001,
 * b > 0.3', but the threshold of the second would be the next double above.
 */
static void
level_thresholds(ct_condition *conditions, int count)
{
	for (int i = 1; i < count; i++)
		if (conditions[i].threshold > conditions[i - 1].threshold)
			conditions[i].threshold = conditions[i - 1].threshold;
}

void
ct_ladder_build(const ct_ladder_draft *draft, void *memory)
{
	ct_ladder  *ladder = memory;
	ct_rung    *rungs = (ct_rung *) (ladder + 1);
	ct_condition *conditions = (ct_condition *) (rungs + draft->nrungs);
	uint32_t   *names = (uint32_t *) (conditions + draft_count(draft));
	metric_list metrics;
	size_t		offset;

	list_metrics(draft, &metrics);
	ladder->version = CT_LADDER_VERSION;
	ladder->form = (uint8_t) draft->form;
	ladder->nrungs = (uint16_t) draft->nrungs;
	ladder->nconditions = (uint16_t) draft->nconditions;
	ladder->nkeeps = (uint16_t) draft->nkeeps;
	ladder->nmetrics = (uint16_t) metrics.count;

	offset = (char *) (names + metrics.count) - (char *) memory;
	for (int i = 0; i < draft_count(draft); i++)
	{
		const ct_condition_draft *c = draft_condition(draft, i);

		build_condition(c, memory, &offset, &conditions[i]);
		if (draft->form == CT_LADDER_RULES)
			conditions[i].metric = (uint16_t) find_metric(&metrics, c->metric);
		if (c->op >= CT_OP_TOP_PERCENT)
			ladder->relative = 1;
	}
	if (draft->form == CT_LADDER_BOUNDS)
		level_thresholds(conditions, draft->nconditions);
	offset = ALIGN(offset, sizeof(uint32_t));
	for (int i = 0; i < draft->nrungs; i++)
	{
		rungs[i].first = (uint16_t) draft->rungs[i].first;
		rungs[i].count = (uint16_t) draft->rungs[i].count;
		rungs[i].keep_first = (uint16_t) (draft->nconditions +
										  draft->rungs[i].keep_first);
		rungs[i].keep_count = (uint16_t) draft->rungs[i].keep_count;
		rungs[i].label = put_name(memory, &offset, draft->rungs[i].label);
	}
	for (int i = 0; i < metrics.count; i++)
		names[i] = put_name(memory, &offset, metrics.name[i]);
	ladder->size = (uint32_t) ALIGN(offset, 8);
}

size_t
ct_ladder_numbers_size(const ct_ladder *ladder)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	size_t		size = 0;

	for (int i = 0; i < all_conditions(ladder); i++)
	{
		ct_decimal	d = ct_condition_number(ladder, &c[i]);

		size += ct_decimal_text_size(&d);
	}
	return size;
}

void
ct_ladder_draft_of(const ct_ladder *ladder, char *numbers,
				   ct_ladder_draft *draft)
{
	const ct_rung *rungs = ct_ladder_rungs(ladder);
	const ct_condition *c = ct_ladder_conditions(ladder);

	draft->form = (ct_ladder_form) ladder->form;
	draft->nrungs = ladder->nrungs;
	draft->nconditions = ladder->nconditions;
	draft->nkeeps = ladder->nkeeps;
	for (int i = 0; i < ladder->nrungs; i++)
	{
		ct_rung_draft *rung = &draft->rungs[i];

		strcpy(rung->label, ct_ladder_label(ladder, i));
		rung->first = rungs[i].first;
		rung->count = rungs[i].count;
		rung->keep_first = rungs[i].keep_first - ladder->nconditions;
		rung->keep_count = rungs[i].keep_count;
		rung->position = -1;
	}
	for (int i = 0; i < all_conditions(ladder); i++)
	{
		ct_condition_draft *d = i < ladder->nconditions ?
			&draft->conditions[i] : &draft->keeps[i - ladder->nconditions];
		ct_decimal	number = ct_condition_number(ladder, &c[i]);

		d->op = (ct_operator) c[i].op;
		d->alternative = c[i].alternative;
		d->metric[0] = '\0';
		if (ladder->form == CT_LADDER_RULES)
			strcpy(d->metric, ct_ladder_metric(ladder, c[i].metric));
		d->number = numbers;
		d->number_length = (int) ct_decimal_format(&number, numbers);
		d->position = -1;
		numbers += d->number_length + 1;
	}
}

const char *
ct_operator_text(int op)
{
	static const char *const text[] = {
		"", ">=", ">", "<=", "<", "top", "top", "share"
	};

	return text[op];
}

size_t
ct_ladder_text_size(const ct_ladder *ladder)
{
	size_t		name = CT_QUOTED_NAME_SIZE + 4;
	size_t		size = ladder->nrungs * (name + sizeof(" keep ")) + 1;

	size += all_conditions(ladder) * (name + CONDITION_EXTRA);
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

/* Does keeping a rung ask for no more than entering it? */
static bool
check_keep(const ct_ladder *ladder, const ct_ladder_draft *draft, int rung,
		   ct_error *error)
{
	const ct_condition *keep = ct_rung_keep(ladder, rung);
	int			order;

	if (keep == NULL)
		return true;
	order = ct_bound_compare(ladder, keep,
							 &ct_ladder_conditions(ladder)[rung]);
	if (ladder->form == CT_LADDER_BOUNDS ? order <= 0 : order >= 0)
		return true;
	ct_fail(error, CT_BAD_SYNTAX,
			draft->keeps[draft->rungs[rung].keep_first].position,
			"Keeping \"%s\" asks for more than entering it.",
			draft->rungs[rung].label);
	return ct_fail_hint(error, ladder->form == CT_LADDER_BOUNDS ?
						"The bound of keep is at most that of the rung, as in gold >= 700 keep >= 600." :
						"The figure of keep is at least that of the rung, as in gold top 10%% keep top 12%%.");
}

bool
ct_ladder_check(const ct_ladder *ladder, const ct_ladder_draft *draft,
				ct_error *error)
{
	const ct_condition *c = ct_ladder_conditions(ladder);

	if (ladder->form == CT_LADDER_RULES)
		return true;
	for (int i = 1; i < ladder->nconditions; i++)
	{
		int			order = ct_bound_compare(ladder, &c[i], &c[i - 1]);

		if (ladder->form == CT_LADDER_BOUNDS ? order <= 0 : order >= 0)
			continue;
		ct_fail(error, CT_BAD_SYNTAX, draft->conditions[i].position,
				ladder->form == CT_LADDER_BOUNDS ?
				"The bound of \"%s\" is above that of \"%s\", which stands before it." :
				"The figure of \"%s\" is below that of \"%s\", which stands before it, but each counts from the top.",
				draft->rungs[i].label, draft->rungs[i - 1].label);
		return ct_fail_hint(error, "Write the top rung first.");
	}
	for (int i = 0; i < ladder->nconditions; i++)
		if (!check_keep(ladder, draft, i, error))
			return false;
	return true;
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

int
ct_ladder_place_row(const ct_ladder *ladder, const ct_figure *figures)
{
	const ct_rung *rungs = ct_ladder_rungs(ladder);

	for (int i = 0; i < ladder->nrungs; i++)
		if (rungs[i].count == 0 ||
			rule_met(ladder, rungs[i].first, rungs[i].count, figures))
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
