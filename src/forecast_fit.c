/*
 * forecast_fit.c
 *		The aggregates fit_forecast() and forecast_fit().
 *
 * The state keeps a history for each customer, 32 bytes.  There is no combine
 * function, for the reason that ladder_calibrate.c gives.  The final functions
 * sort the histories, a multiset, and change nothing else.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "core/forecast_fit.h"
#include "digest.h"
#include "forecast.h"

/* Columns of tier_forecast_fit. */
#define COLUMNS 13

typedef struct fit_state
{
	ct_histories histories;
	TimestampTz as_of;
	ct_forecast_model model;
} fit_state;

static void
report_null(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s must not be null", what)));
}

/* Argument 3; the first one where there is none. */
static ct_forecast_model
getarg_model(FunctionCallInfo fcinfo)
{
	text	   *name;

	if (PG_NARGS() <= 3)
		return CT_BG_NBD;
	if (PG_ARGISNULL(3))
		report_null("model");
	name = PG_GETARG_TEXT_PP(3);
	for (int i = 0; ct_forecast_models[i] != NULL; i++)
		if (VARSIZE_ANY_EXHDR(name) == strlen(ct_forecast_models[i]) &&
			memcmp(VARDATA_ANY(name), ct_forecast_models[i],
				   VARSIZE_ANY_EXHDR(name)) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there is no model \"%s\"", text_to_cstring(name)),
			 errhint("Give 'bg/nbd', where a customer may leave after each repeat order, or 'mbg/nbd', where one may leave after the first order, too.")));
	return CT_BG_NBD;
}

/* The state, made with the first row; as_of and model are those of all rows. */
static fit_state *
get_fit(FunctionCallInfo fcinfo)
{
	ct_forecast_model model = getarg_model(fcinfo);
	MemoryContext context;
	TimestampTz as_of;
	fit_state  *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	if (PG_ARGISNULL(2))
		report_null("as_of");
	as_of = ct_getarg_time(fcinfo, 2, "as_of");
	if (!PG_ARGISNULL(0))
	{
		state = (fit_state *) PG_GETARG_POINTER(0);
		if (unlikely(state->as_of != as_of || state->model != model))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s varies between the rows of one fit",
							state->as_of != as_of ? "as_of" : "model"),
					 errhint("Group by it, or fit each one in a query of its own.")));
		return state;
	}
	state = MemoryContextAllocZero(context, sizeof(fit_state));
	state->histories.context = context;
	state->as_of = as_of;
	state->model = model;
	return state;
}

/* forecast_fit_step(state, digest, as_of [, model]) */
PG_FUNCTION_INFO_V1(ct_forecast_fit_step);
Datum
ct_forecast_fit_step(PG_FUNCTION_ARGS)
{
	fit_state  *state = get_fit(fcinfo);
	ct_history history;

	if (!PG_ARGISNULL(1) &&
		ct_getarg_history(fcinfo, 1, state->as_of, &history))
		ct_histories_add(&state->histories, &history);
	PG_RETURN_POINTER(state);
}

/* Fits what was gathered; false where there is nothing. */
static bool
fit(FunctionCallInfo fcinfo, ct_forecast_fit *result)
{
	fit_state  *state = PG_ARGISNULL(0) ? NULL :
		(fit_state *) PG_GETARG_POINTER(0);

	if (state == NULL || state->histories.count == 0)
		return false;
	ct_fit_forecast(&state->histories, state->model, CurrentMemoryContext, result);
	return true;
}

static Datum
forecast_datum(const ct_forecast *forecast)
{
	ct_forecast *result = palloc(sizeof(ct_forecast));

	*result = *forecast;
	SET_VARSIZE(result, sizeof(ct_forecast));
	return PointerGetDatum(result);
}

PG_FUNCTION_INFO_V1(ct_fit_forecast_final);
Datum
ct_fit_forecast_final(PG_FUNCTION_ARGS)
{
	ct_forecast_fit result;

	CT_RETURN_IF(fit(fcinfo, &result), forecast_datum(&result.forecast));
}

/* Six columns; of a model that was not fitted but the first are NULL. */
static void
put_fit(const ct_fit *fit, Datum *values, bool *nulls)
{
	values[0] = Int64GetDatum(fit->customers);
	values[1] = Int64GetDatum(fit->distinct);
	values[2] = Float8GetDatum(fit->log_likelihood);
	values[3] = Int32GetDatum(fit->iterations);
	values[4] = Float8GetDatum(fit->gradient_norm);
	values[5] = BoolGetDatum(fit->converged);
	for (int i = 2; i < 6; i++)
		nulls[i] = fit->customers == 0;
}

PG_FUNCTION_INFO_V1(ct_forecast_fit_final);
Datum
ct_forecast_fit_final(PG_FUNCTION_ARGS)
{
	ct_forecast_fit result;
	TupleDesc	row;
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS] = {0};

	if (!fit(fcinfo, &result))
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE ||
		row->natts != COLUMNS)
		elog(ERROR, "tier_forecast_fit must have %d columns", COLUMNS);
	values[0] = forecast_datum(&result.forecast);
	put_fit(&result.orders, values + 1, nulls + 1);
	put_fit(&result.value, values + 7, nulls + 7);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}
