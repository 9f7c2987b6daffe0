/*
 * ladder_calibrate.c
 *		The aggregate calibrate_ladder(): a relative ladder and a population
 *		in, the same ladder with absolute conditions out.
 *
 * The state keeps every value, since a cut-off can be any of them: 8 bytes
 * each, more only for decimals of more than 8 places or beyond 4.6 * 10^10
 * in size.  There is no combine function: a serialized state could pass the
 * limit of 1 GB, where a serial run works.  The final function reorders the
 * kept values, which are a multiset, and changes nothing else; more rows may
 * follow, as in a window frame that grows.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "ladder.h"

#include "core/host.h"
#include "core/population.h"

/* Room that a population starts with. */
#define FIRST_KEYS 64
#define FIRST_SPILLED 16
#define FIRST_ARENA 512

typedef struct calibration
{
	MemoryContext context;
	ct_ladder  *ladder;
	int			npopulations;	/* 1, or one for each metric of the rules */
	ct_population *populations;
	bool	   *needed;			/* by some relative condition? */
	void	   *reader;			/* of rows, for ladders of rules */
} calibration;

/* Twice the room of an array of the given element size. */
static void *
grow(MemoryContext context, void *array, size_t *room, size_t first,
	 size_t size)
{
	size_t		more = *room == 0 ? first : *room * 2;

	if (array == NULL)
		array = MemoryContextAllocHuge(context, mul_size(more, size));
	else
		array = repalloc_huge(array, mul_size(more, size));
	*room = more;
	return array;
}

static void
add_value(calibration *state, ct_population *p, const ct_figure *value)
{
	for (;;)
	{
		switch (ct_population_add(p, value))
		{
			case CT_POPULATION_ADDED:
				return;
			case CT_POPULATION_NEEDS_KEYS:
				p->keys = grow(state->context, p->keys, &p->keys_room,
							   FIRST_KEYS, sizeof(*p->keys));
				break;
			case CT_POPULATION_NEEDS_SPILLED:
				p->spilled = grow(state->context, p->spilled,
								  &p->spilled_room, FIRST_SPILLED,
								  sizeof(*p->spilled));
				break;
			case CT_POPULATION_NEEDS_ARENA:
				p->arena = grow(state->context, p->arena, &p->arena_room,
								FIRST_ARENA, 1);
				break;
			case CT_POPULATION_OTHER_KIND:
				ereport(ERROR,
						(errcode(ERRCODE_DATATYPE_MISMATCH),
						 errmsg("a figure changes its type from row to row"),
						 errhint("Cast the column to one type, such as numeric.")));
		}
	}
}

/* The state for this row's ladder, made with the first row. */
static calibration *
get_state(FunctionCallInfo fcinfo, const ct_ladder *ladder)
{
	MemoryContext context;
	calibration *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "calibrate_ladder called in non-aggregate context");
	if (!PG_ARGISNULL(0))
	{
		state = (calibration *) PG_GETARG_POINTER(0);
		if (unlikely(!ct_ladder_equal(state->ladder, ladder)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("ladder varies between the rows of one calibration"),
					 errhint("Group or partition by the ladder, or calibrate each one in a query of its own.")));
		return state;
	}
	state = MemoryContextAllocZero(context, sizeof(calibration));
	state->context = context;
	state->ladder = MemoryContextAlloc(context, ladder->size);
	memcpy(state->ladder, ladder, ladder->size);
	state->npopulations = Max(ladder->nmetrics, 1);
	state->populations = MemoryContextAllocZero(context,
												sizeof(ct_population) *
												state->npopulations);
	state->needed = MemoryContextAllocZero(context,
										   sizeof(bool) *
										   state->npopulations);
	for (int i = 0; i < ladder->nconditions; i++)
		if (ct_ladder_conditions(ladder)[i].op >= CT_OP_TOP_PERCENT)
			state->needed[ct_ladder_conditions(ladder)[i].metric] = true;
	return state;
}

/*
 * Adds one value.  Argument 1 is not NULL; a NULL ladder is a row that does
 * not take part.
 */
static Datum
accumulate(FunctionCallInfo fcinfo, const ct_figure *value)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(2);
	calibration *state = get_state(fcinfo, ladder);

	if (unlikely(ladder->form == CT_LADDER_RULES))
		ct_require_bounds(ladder);
	if (state->needed[0])
		add_value(state, &state->populations[0], value);
	PG_RETURN_POINTER(state);
}

/* The state unchanged, for a row with a NULL argument. */
static Datum
skip_row(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

static bool
row_is_null(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(1) || PG_ARGISNULL(2);
}

PG_FUNCTION_INFO_V1(ct_calibrate_ladder_numeric);
Datum
ct_calibrate_ladder_numeric(PG_FUNCTION_ARGS)
{
	ct_figure	f;

	if (row_is_null(fcinfo))
		return skip_row(fcinfo);
	f = ct_figure_of_numeric(PG_GETARG_DATUM(1), "value");
	return accumulate(fcinfo, &f);
}

PG_FUNCTION_INFO_V1(ct_calibrate_ladder_double);
Datum
ct_calibrate_ladder_double(PG_FUNCTION_ARGS)
{
	ct_figure	f;

	if (row_is_null(fcinfo))
		return skip_row(fcinfo);
	f = ct_figure_of_double(PG_GETARG_FLOAT8(1), "value");
	return accumulate(fcinfo, &f);
}

PG_FUNCTION_INFO_V1(ct_calibrate_ladder_bigint);
Datum
ct_calibrate_ladder_bigint(PG_FUNCTION_ARGS)
{
	ct_figure	f;

	if (row_is_null(fcinfo))
		return skip_row(fcinfo);
	f = ct_figure_of_bigint(PG_GETARG_INT64(1));
	return accumulate(fcinfo, &f);
}

PG_FUNCTION_INFO_V1(ct_calibrate_ladder_row);
Datum
ct_calibrate_ladder_row(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;
	const ct_figure *figures;
	calibration *state;

	if (row_is_null(fcinfo))
		return skip_row(fcinfo);
	ladder = CT_GETARG_LADDER(2);
	if (ladder->form != CT_LADDER_RULES)
		ct_require_rules(ladder);
	state = get_state(fcinfo, ladder);
	figures = ct_ladder_read_row(&state->reader, state->context, ladder,
								 PG_GETARG_HEAPTUPLEHEADER(1));
	for (int i = 0; i < state->npopulations; i++)
		if (state->needed[i])
			add_value(state, &state->populations[i], &figures[i]);
	PG_RETURN_POINTER(state);
}

/* The cut-off of a relative condition in its population. */
static void
find_cutoff(ct_population *p, const ct_ladder *ladder, const ct_condition *c,
			ct_cutoff *cutoff)
{
	ct_decimal	number = ct_condition_number(ladder, c);
	uint64_t	mantissa;
	int			places;

	if (!ct_small_number(&number, &mantissa, &places))
		elog(ERROR, "invalid relative condition in a ladder");
	if (c->op == CT_OP_SHARE)
	{
		size_t		words = ct_population_workspace(p);
		int64_t    *workspace = MemoryContextAllocHuge(CurrentMemoryContext,
													   words * sizeof(int64_t));

		ct_population_share(p, mantissa, places, workspace, cutoff);
		pfree(workspace);
		return;
	}
	if (c->op == CT_OP_TOP_PERCENT)
		mantissa = ct_percent_rank(mantissa, places, ct_population_count(p));
	ct_population_largest(p, mantissa, cutoff);
}

/* A cut-off as plain text. */
static char *
cutoff_text(const ct_cutoff *cutoff)
{
	const ct_figure *f = &cutoff->value;
	char	   *text;

	if (f->kind == CT_FIGURE_INTEGER)
		return psprintf(INT64_FORMAT, f->as.integer);
	if (f->kind == CT_FIGURE_DOUBLE)
	{
		text = palloc(CT_SHORTEST_SIZE);
		ct_host_shortest(f->as.real, text);
		return text;
	}
	text = palloc(ct_decimal_text_size(&f->as.decimal));
	ct_decimal_format(&f->as.decimal, text);
	return text;
}

/*
 * Replaces the relative conditions of the draft; false when a population has
 * no value.
 */
static bool
make_absolute(calibration *state, ct_ladder_draft *draft)
{
	const ct_ladder *ladder = state->ladder;
	const ct_condition *c = ct_ladder_conditions(ladder);

	for (int i = 0; i < ladder->nconditions; i++)
	{
		ct_condition_draft *d = &draft->conditions[i];
		ct_population *p = &state->populations[c[i].metric];
		ct_cutoff	cutoff;

		if (c[i].op < CT_OP_TOP_PERCENT)
			continue;
		if (ct_population_count(p) == 0)
			return false;
		find_cutoff(p, ladder, &c[i], &cutoff);
		d->op = cutoff.above ? CT_OP_GT : CT_OP_GE;
		d->number = cutoff_text(&cutoff);
		d->number_length = strlen(d->number);
	}
	if (draft->form != CT_LADDER_RULES)
		draft->form = CT_LADDER_BOUNDS;
	return true;
}

PG_FUNCTION_INFO_V1(ct_calibrate_ladder_final);
Datum
ct_calibrate_ladder_final(PG_FUNCTION_ARGS)
{
	calibration *state;
	ct_ladder_draft *draft;
	ct_ladder  *result;
	ct_error	error;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (calibration *) PG_GETARG_POINTER(0);
	if (!state->ladder->relative)
	{
		result = palloc(state->ladder->size);
		memcpy(result, state->ladder, state->ladder->size);
		PG_RETURN_POINTER(result);
	}
	draft = palloc(sizeof(ct_ladder_draft));
	ct_ladder_draft_of(state->ladder,
					   palloc(ct_ladder_numbers_size(state->ladder)), draft);
	if (!make_absolute(state, draft))
		PG_RETURN_NULL();
	result = ct_ladder_from_draft(draft, &error);
	if (result == NULL)
		elog(ERROR, "cut-offs out of order: %s", error.detail);
	PG_RETURN_POINTER(result);
}
