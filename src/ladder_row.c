/*
 * ladder_row.c
 *		Ladders of rules over rows: tier, rank, next tier, and what is missing
 *		for a tier, condition by condition.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "figure.h"
#include "ladder.h"

/* See ct_memo_maker. */
static void
make_ladder_reader(ct_memo *memo)
{
	ct_ladder_reader *r = (ct_ladder_reader *) memo;
	const char *names[2 * CT_LADDER_MAX_CONDITIONS];

	r->ladder = ct_ladder_checked((const ct_ladder *) memo->value);
	for (int i = 0; i < r->ladder->nmetrics; i++)
		names[i] = ct_ladder_metric(r->ladder, i);
	r->reader = ct_row_reader_create(memo->context, names,
									 r->ladder->nmetrics);
	r->figures = palloc(sizeof(ct_figure) * r->ladder->nmetrics);
}

ct_ladder_reader *
ct_ladder_reader_of_datum(Datum ladder, void **slot, MemoryContext context)
{
	return ct_memo_recall(slot, context, ladder, sizeof(ct_ladder_reader),
						  make_ladder_reader);
}

ct_ladder_reader *
ct_getarg_ladder_reader(FunctionCallInfo fcinfo, int n)
{
	ct_ladder_reader *reader = ct_memo_argument(fcinfo, n, sizeof(*reader),
												make_ladder_reader);

	ct_require_rules(reader->ladder);
	return reader;
}

const ct_figure *
ct_ladder_read_row(ct_ladder_reader *reader, FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		memset(reader->figures, 0,
			   sizeof(ct_figure) * reader->ladder->nmetrics);
	else
		ct_row_read(reader->reader, PG_GETARG_HEAPTUPLEHEADER(n),
					reader->figures);
	return reader->figures;
}

/* The rung of the row in argument 0 on the ladder of rules in argument 1. */
static int
place_row(FunctionCallInfo fcinfo, const ct_ladder **ladder)
{
	ct_ladder_reader *reader = ct_getarg_ladder_reader(fcinfo, 1);

	*ladder = reader->ladder;
	return ct_ladder_place_row(reader->ladder,
							   ct_ladder_read_row(reader, fcinfo, 0));
}

PG_FUNCTION_INFO_V1(ct_tier_row);
Datum
ct_tier_row(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;
	int			rung = place_row(fcinfo, &ladder);

	return ct_return_tier(fcinfo, ladder, rung);
}

PG_FUNCTION_INFO_V1(ct_tier_rank_row);
Datum
ct_tier_rank_row(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;

	return ct_return_rank(fcinfo, place_row(fcinfo, &ladder));
}

/* The rung just above the one held, -1 for none; -1 at the top. */
static int
rung_above(const ct_ladder *ladder, int rung)
{
	return rung < 0 ? ladder->nrungs - 1 : rung - 1;
}

PG_FUNCTION_INFO_V1(ct_next_tier_row);
Datum
ct_next_tier_row(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;
	int			rung = place_row(fcinfo, &ladder);

	return ct_return_tier(fcinfo, ladder, rung_above(ladder, rung));
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
	nulls[5] = nulls[6] = figure->kind == CT_FIGURE_NULL;
	if (!nulls[5])
	{
		values[5] = ct_figure_numeric(figure);
		values[6] = condition_gap(c, met, values[4], values[5]);
	}
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
	ct_ladder_reader *reader;
	const ct_ladder *ladder;
	const ct_figure *figures;
	const ct_rung *rung;
	int			target;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	reader = ct_getarg_ladder_reader(fcinfo, 1);
	ladder = reader->ladder;
	figures = ct_ladder_read_row(reader, fcinfo, 0);
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
