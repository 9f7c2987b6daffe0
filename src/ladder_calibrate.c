/*
 * ladder_calibrate.c
 *		The aggregate calibrate_ladder(): a relative ladder and a population
 *		in, the same ladder with absolute conditions out.
 *
 * The state keeps every value, since a cut-off can be any of them: 16 bytes
 * each, more only for decimals of more than 8 places or beyond 4.6 * 10^10
 * in size.  There is no combine function: a serialized state could pass the
 * limit of 1 GB, where a serial run works.  The final function sorts the
 * kept values, which are a multiset, and changes nothing else; more rows may
 * follow, as in a window frame that grows.
 */
#include "postgres.h"

#include "core/population.h"
#include "figure.h"
#include "ladder.h"

typedef struct ladder_calibration
{
	ct_ladder  *ladder;
	int			npopulations;	/* 1, or one for each metric of the rules */
	ct_population *populations;
	bool	   *needed;			/* by some relative condition? */
} ladder_calibration;

/* The state for this row's ladder, made with the first row. */
static ladder_calibration *
get_calibration(FunctionCallInfo fcinfo, const ct_ladder *ladder)
{
	MemoryContext context;
	ladder_calibration *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "calibrate_ladder called in non-aggregate context");
	if (!PG_ARGISNULL(0))
	{
		state = (ladder_calibration *) PG_GETARG_POINTER(0);
		if (unlikely(!ct_ladder_equal(state->ladder, ladder)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("ladder varies between the rows of one calibration"),
					 errhint("Group or partition by the ladder, or calibrate each one in a query of its own.")));
		return state;
	}
	state = MemoryContextAllocZero(context, sizeof(ladder_calibration));
	state->ladder = MemoryContextAlloc(context, ladder->size);
	memcpy(state->ladder, ladder, ladder->size);
	state->npopulations = Max(ladder->nmetrics, 1);
	state->populations = MemoryContextAllocZero(context,
												sizeof(ct_population) *
												state->npopulations);
	state->needed = MemoryContextAllocZero(context,
										   sizeof(bool) *
										   state->npopulations);
	for (int i = 0; i < state->npopulations; i++)
		state->populations[i].context = context;
	for (int i = 0; i < ladder->nconditions + ladder->nkeeps; i++)
		if (ct_ladder_conditions(ladder)[i].op >= CT_OP_TOP_PERCENT)
			state->needed[ct_ladder_conditions(ladder)[i].metric] = true;
	return state;
}

/* Adds the figures that relative conditions go by; returns the new state. */
static Datum
add_figures(ladder_calibration *state, const ct_figure *figures)
{
	for (int i = 0; i < state->npopulations; i++)
		if (state->needed[i] &&
			!ct_population_add(&state->populations[i], &figures[i]))
			ct_report_mixed_types();
	PG_RETURN_POINTER(state);
}

/* A row with a NULL argument does not take part. */

PG_FUNCTION_INFO_V1(ct_calibrate_ladder);
Datum
ct_calibrate_ladder(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;
	ladder_calibration *state;
	ct_figure	value;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return ct_same_state(fcinfo);
	value = ct_getarg_figure(fcinfo, 1, "value");
	ladder = CT_GETARG_LADDER(2);
	state = get_calibration(fcinfo, ladder);
	if (unlikely(ladder->form == CT_LADDER_RULES))
		ct_require_bounds(ladder);
	return add_figures(state, &value);
}

PG_FUNCTION_INFO_V1(ct_calibrate_ladder_row);
Datum
ct_calibrate_ladder_row(PG_FUNCTION_ARGS)
{
	ct_ladder_reader *reader;
	ladder_calibration *state;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return ct_same_state(fcinfo);
	reader = ct_ladder_reader_of_datum(PG_GETARG_DATUM(2),
									   &fcinfo->flinfo->fn_extra,
									   fcinfo->flinfo->fn_mcxt);
	if (unlikely(reader->ladder->form != CT_LADDER_RULES))
		ct_require_rules(reader->ladder);
	state = get_calibration(fcinfo, reader->ladder);
	return add_figures(state, ct_ladder_read_row(reader, fcinfo, 1));
}

/*
 * Makes a relative condition absolute: its cut-off in the sorted population,
 * or "> 0" for the share of a population without a positive value.
 */
static void
find_cutoff(ct_population *p, const ct_ladder *ladder, const ct_condition *c,
			ct_condition_draft *draft)
{
	ct_decimal	number = ct_condition_number(ladder, c);
	int16		digits[CT_FIGURE_DIGITS];
	uint64_t	mantissa;
	int			places;
	size_t		position;
	ct_figure	cutoff = {CT_FIGURE_INTEGER};

	if (!ct_decimal_to_small(&number, &mantissa, &places))
		elog(ERROR, "invalid relative condition in a ladder");
	draft->op = CT_OP_GE;
	if (c->op != CT_OP_SHARE)
	{
		if (c->op == CT_OP_TOP_PERCENT)
			mantissa = ct_percent_rank(mantissa, places, p->count);
		position = ct_population_largest(p, mantissa);
		cutoff = ct_population_member(p, position, digits);
	}
	else if (ct_population_share(p, mantissa, places, &position))
		cutoff = ct_population_member(p, position, digits);
	else
		draft->op = CT_OP_GT;
	number = ct_figure_decimal(&cutoff, digits);
	draft->number = ct_decimal_text(&number);
	draft->number_length = strlen(draft->number);
}

/*
 * Replaces the relative conditions of the draft; false when a population has
 * no value.
 */
static bool
make_absolute(ladder_calibration *state, ct_ladder_draft *draft)
{
	const ct_ladder *ladder = state->ladder;
	const ct_condition *c = ct_ladder_conditions(ladder);

	for (int i = 0; i < ladder->nconditions + ladder->nkeeps; i++)
	{
		ct_population *p = &state->populations[c[i].metric];

		if (c[i].op < CT_OP_TOP_PERCENT)
			continue;
		if (p->count == 0)
			return false;
		ct_population_sort(p);
		find_cutoff(p, ladder, &c[i], i < ladder->nconditions ?
					&draft->conditions[i] :
					&draft->keeps[i - ladder->nconditions]);
	}
	if (draft->form != CT_LADDER_RULES)
		draft->form = CT_LADDER_BOUNDS;
	return true;
}

PG_FUNCTION_INFO_V1(ct_calibrate_ladder_final);
Datum
ct_calibrate_ladder_final(PG_FUNCTION_ARGS)
{
	ladder_calibration *state;
	ct_ladder_draft *draft;
	ct_ladder  *result;
	ct_error	error;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (ladder_calibration *) PG_GETARG_POINTER(0);
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
