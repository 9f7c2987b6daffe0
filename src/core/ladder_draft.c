/*
 * ladder_draft.c
 *		Building flat ladders, and taking them apart again.
 */
#include <math.h>
#include <string.h>

#include "core/ladder_draft.h"

#define ALIGN(size, to) (((size) + (to) - 1) / (to) * (to))

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
	for (int i = 0; i < ct_ladder_conditions_count(ladder); i++)
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
