/*
 * scorecard.c
 *		The type tier_scorecard: input, output, and what can be asked of a
 *		scorecard alone.
 *
 * A tier_scorecard datum is a ct_scorecard (see core/scorecard.h) whose host
 * word is the varlena length.
 */
#include "postgres.h"

#include "funcapi.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/host.h"
#include "scorecard.h"

ct_scorecard *
ct_scorecard_from_draft(const ct_scorecard_draft *draft)
{
	size_t		size = ct_scorecard_size(draft);
	ct_scorecard *card = palloc0(size);

	ct_scorecard_build(draft, card);
	Assert(card->size == size);
	SET_VARSIZE(card, size);
	return card;
}

ct_scorecard *
ct_scorecard_from_text(const char *text, Node *escontext)
{
	ct_scorecard_draft *draft = palloc(sizeof(ct_scorecard_draft));
	int			length = strlen(text);
	ct_point   *points = palloc(ct_scorecard_points_room(length) *
								sizeof(ct_point));
	ct_scorecard *card = NULL;
	ct_error	error;

	if (ct_scorecard_parse(text, length, ct_utf8(), draft, points, &error))
		card = ct_scorecard_from_draft(draft);
	else
		ct_report(&error, CT_SCORECARD_TYPE, text, escontext);
	pfree(points);
	pfree(draft);
	return card;
}

/* The canonical text, palloc'd. */
static char *
text_of(const ct_scorecard *card)
{
	char	   *text = palloc(ct_scorecard_text_size(card));

	ct_scorecard_text(card, text);
	return text;
}

PG_FUNCTION_INFO_V1(ct_scorecard_in);
Datum
ct_scorecard_in(PG_FUNCTION_ARGS)
{
	ct_scorecard *card = ct_scorecard_from_text(PG_GETARG_CSTRING(0),
												CT_ESCONTEXT(fcinfo));

	if (card == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(card);
}

PG_FUNCTION_INFO_V1(ct_scorecard_out);
Datum
ct_scorecard_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(text_of(CT_GETARG_SCORECARD(0)));
}

PG_FUNCTION_INFO_V1(ct_scorecard_recv);
Datum
ct_scorecard_recv(PG_FUNCTION_ARGS)
{
	char	   *text = ct_receive_text((StringInfo) PG_GETARG_POINTER(0),
									   CT_SCORECARD_TYPE);

	PG_RETURN_POINTER(ct_scorecard_from_text(text, NULL));
}

PG_FUNCTION_INFO_V1(ct_scorecard_send);
Datum
ct_scorecard_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(ct_send_text(text_of(CT_GETARG_SCORECARD(0))));
}

PG_FUNCTION_INFO_V1(ct_scorecard_is_calibrated);
Datum
ct_scorecard_is_calibrated(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!CT_GETARG_SCORECARD(0)->relative);
}

/* criteria(scorecard): position, criterion, weight, scale, descending,
 * missing */
PG_FUNCTION_INFO_V1(ct_scorecard_criteria_rows);
Datum
ct_scorecard_criteria_rows(PG_FUNCTION_ARGS)
{
	const ct_scorecard *card = CT_GETARG_SCORECARD(0);
	const ct_criterion *c = ct_scorecard_criteria(card);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *scale = palloc(ct_scorecard_text_size(card));
	char		missing[CT_SHORTEST_SIZE];

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < card->ncriteria; i++, c++)
	{
		Datum		values[6];
		bool		nulls[6] = {false};

		ct_criterion_scale_text(card, c, scale);
		ct_criterion_missing_text(c, missing);
		values[0] = Int32GetDatum(i + 1);
		values[1] = CStringGetTextDatum(ct_criterion_metric(card, c));
		values[2] = Float8GetDatum(c->weight);
		values[3] = CStringGetTextDatum(scale);
		values[4] = BoolGetDatum(c->descending);
		values[5] = CStringGetTextDatum(missing);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
	return (Datum) 0;
}

/*
 * Is argument n of this call a constant?  A parameter is none here: plpgsql
 * keeps one state of an expression for many executions with other values.
 */
static bool
is_constant(FunctionCallInfo fcinfo, int n)
{
	Node	   *call = fcinfo->flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		n < list_length(((FuncExpr *) call)->args) &&
		IsA(list_nth(((FuncExpr *) call)->args, n), Const);
}

/* Is this the datum, its header apart, that the memo was made of? */
static bool
is_same(const ct_scorecard *card, const struct varlena *datum)
{
	return VARSIZE_ANY_EXHDR(datum) == VARSIZE_ANY_EXHDR(card) &&
		memcmp(VARDATA_ANY(datum), VARDATA_ANY(card),
			   VARSIZE_ANY_EXHDR(card)) == 0;
}

void *
ct_scorecard_recall(FunctionCallInfo fcinfo, int n, Size size,
					ct_scorecard_maker make)
{
	ct_scorecard_memo *memo = fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (likely(memo != NULL && memo->ready) &&
		(memo->constant ||
		 is_same(memo->card, PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(n)))))
		return memo;

	if (memo == NULL)
	{
		memo = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, size);
		memo->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
											  "customer_tier scorecard",
											  ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = memo;
	}
	memo->ready = false;
	MemoryContextReset(memo->context);
	old = MemoryContextSwitchTo(memo->context);
	memo->card = (const ct_scorecard *)
		PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(n));
	memo->constant = is_constant(fcinfo, n);
	make(memo);
	MemoryContextSwitchTo(old);
	memo->ready = true;
	return memo;
}
