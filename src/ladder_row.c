/*
 * ladder_row.c
 *		Ladders of rules over rows: tier, rank, next tier, and what is missing
 *		for a tier, condition by condition.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "ladder.h"

/* A new reader for this ladder, in a context of its own. */
static void
make_reader(ct_ladder_reader *cache, MemoryContext parent,
			const ct_ladder *ladder)
{
	MemoryContext context = AllocSetContextCreate(parent, "ladder reader",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	const char **names = palloc(sizeof(char *) * ladder->nmetrics);

	for (int i = 0; i < ladder->nmetrics; i++)
		names[i] = ct_ladder_metric(ladder, i);
	cache->ladder = palloc(ladder->size);
	memcpy(cache->ladder, ladder, ladder->size);
	cache->reader = ct_row_reader_create(context, names, ladder->nmetrics);
	cache->figures = palloc(sizeof(ct_figure) * ladder->nmetrics);
	MemoryContextSwitchTo(old);
	if (cache->context != NULL)
		MemoryContextDelete(cache->context);
	cache->context = context;
}

const ct_figure *
ct_ladder_read_row(void **cache, MemoryContext context,
				   const ct_ladder *ladder, HeapTupleHeader row)
{
	ct_ladder_reader *reader = *cache;

	if (reader == NULL)
		reader = *cache = MemoryContextAllocZero(context,
												 sizeof(ct_ladder_reader));
	if (reader->ladder == NULL || !ct_ladder_equal(reader->ladder, ladder))
		make_reader(reader, context, ladder);
	ct_row_read(reader->reader, row, reader->figures);
	return reader->figures;
}

/* The rung of the row in argument 0 on a ladder of rules. */
static int
place_row(FunctionCallInfo fcinfo, const ct_ladder *ladder)
{
	ct_require_rules(ladder);
	return ct_ladder_place_row(ladder,
							   ct_ladder_read_row(&fcinfo->flinfo->fn_extra,
												  fcinfo->flinfo->fn_mcxt,
												  ladder,
												  PG_GETARG_HEAPTUPLEHEADER(0)));
}

PG_FUNCTION_INFO_V1(ct_tier_row);
Datum
ct_tier_row(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);
	int			rung = place_row(fcinfo, ladder);

	if (rung < 0)
		PG_RETURN_NULL();
	return ct_ladder_label_datum(ladder, rung);
}

PG_FUNCTION_INFO_V1(ct_tier_rank_row);
Datum
ct_tier_rank_row(PG_FUNCTION_ARGS)
{
	int			rung = place_row(fcinfo, CT_GETARG_LADDER(1));

	if (rung < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(rung + 1);
}

/* The rung just above, of which no alternative is met; -1 at the top. */
static int
rung_above(const ct_ladder *ladder, int rung)
{
	return rung < 0 ? ladder->nrungs - 1 : rung - 1;
}

PG_FUNCTION_INFO_V1(ct_next_tier_row);
Datum
ct_next_tier_row(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);
	int			next = rung_above(ladder, place_row(fcinfo, ladder));

	if (next < 0)
		PG_RETURN_NULL();
	return ct_ladder_label_datum(ladder, next);
}

/* How far the actual figure is from meeting the condition, 0 when it does. */
static Datum
condition_gap(const ct_condition *c, bool met, Datum required, Datum actual)
{
	if (met)
		return ct_numeric_from_text("0");
	if (c->op == CT_OP_LE || c->op == CT_OP_LT)
		return ct_ladder_gap(required, actual);
	return ct_ladder_gap(actual, required);
}

/* One row of tier_gaps(). */
static void
put_gap(ReturnSetInfo *rsinfo, const ct_ladder *ladder, int rung,
		const ct_condition *c, const ct_figure *figure)
{
	ct_decimal	number = ct_condition_number(ladder, c);
	bool		met = ct_condition_met(ladder, c, figure);
	Datum		values[8];
	bool		nulls[8] = {false};

	values[0] = ct_ladder_label_datum(ladder, rung);
	values[1] = Int32GetDatum(c->alternative + 1);
	values[2] = CStringGetTextDatum(ct_ladder_metric(ladder, c->metric));
	values[3] = CStringGetTextDatum(ct_operator_text(c->op));
	values[4] = ct_numeric_from_decimal(&number);
	nulls[5] = nulls[6] = !ct_figure_to_numeric(figure, &values[5]);
	if (!nulls[6])
		values[6] = condition_gap(c, met, values[4], values[5]);
	values[7] = BoolGetDatum(met);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * tier_gaps(measures, ladder [, target]): the conditions of the target rung,
 * by default the next one up.  Nothing for the floor or at the top.
 */
PG_FUNCTION_INFO_V1(ct_tier_gaps);
Datum
ct_tier_gaps(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const ct_ladder *ladder;
	const ct_figure *figures;
	const ct_rung *rung;
	void	   *cache = NULL;
	int			target;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	ladder = CT_GETARG_LADDER(1);
	ct_require_rules(ladder);
	figures = ct_ladder_read_row(&cache, CurrentMemoryContext, ladder,
								 PG_GETARG_HEAPTUPLEHEADER(0));
	if (PG_ARGISNULL(2))
		target = rung_above(ladder, ct_ladder_place_row(ladder, figures));
	else
		target = ct_ladder_rung_of(ladder, PG_GETARG_TEXT_PP(2));
	if (target < 0)
		return (Datum) 0;
	rung = &ct_ladder_rungs(ladder)[target];
	for (int i = rung->first; i < rung->first + rung->count; i++)
	{
		const ct_condition *c = &ct_ladder_conditions(ladder)[i];

		put_gap(rsinfo, ladder, target, c, &figures[c->metric]);
	}
	return (Datum) 0;
}
