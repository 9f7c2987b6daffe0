/*
 * payment_digest.c
 *		The SQL face of payment digests: type, aggregates and figures.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/payment_digest.h"
#include "digest.h"

static ct_payment_state *
load(FunctionCallInfo fcinfo, int arg, ct_payment_state *state)
{
	ct_digest_load(&ct_payment_fields, PG_GETARG_DATUM(arg), state);
	return state;
}

/* The aggregate's state, made at its first row. */
static ct_payment_state *
payment_state(FunctionCallInfo fcinfo, int32 as_of)
{
	ct_payment_state *state;

	if (likely(!PG_ARGISNULL(0)))
		return (ct_payment_state *) PG_GETARG_POINTER(0);
	state = ct_aggregate_alloc(fcinfo, sizeof(*state));
	ct_payment_init(state, as_of);
	return state;
}

static void
merge(ct_payment_state *state, const ct_payment_state *other)
{
	ct_error	error;

	if (!ct_payment_merge(state, other, &error))
		ct_report(&error, ct_payment_fields.type, NULL, NULL);
}

static Datum
store(const ct_payment_state *state)
{
	ct_error	error;

	if (!ct_payment_finished(state, &error))
		ct_report(&error, ct_payment_fields.type, NULL, NULL);
	return ct_digest_store(&ct_payment_fields, state);
}

PG_FUNCTION_INFO_V1(ct_payment_digest_in);
Datum
ct_payment_digest_in(PG_FUNCTION_ARGS)
{
	return ct_digest_in(&ct_payment_fields, fcinfo);
}

PG_FUNCTION_INFO_V1(ct_payment_digest_out);
Datum
ct_payment_digest_out(PG_FUNCTION_ARGS)
{
	return ct_digest_out(&ct_payment_fields, PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(ct_payment_digest_recv);
Datum
ct_payment_digest_recv(PG_FUNCTION_ARGS)
{
	return ct_digest_recv(&ct_payment_fields, fcinfo);
}

PG_FUNCTION_INFO_V1(ct_payment_digest_send);
Datum
ct_payment_digest_send(PG_FUNCTION_ARGS)
{
	return ct_digest_send(&ct_payment_fields, PG_GETARG_DATUM(0));
}

/* An ignored row too must say as of when. */
static bool
is_ignored(FunctionCallInfo fcinfo)
{
	if (unlikely(PG_ARGISNULL(4)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of must not be NULL"),
				 errhint("Give the day as of which payments are judged, the same for all rows.")));
	return PG_ARGISNULL(1) || PG_ARGISNULL(2);
}

static void
report_mixed(int32 as_of, int32 other)
{
	ct_error	error;

	ct_payment_mixed(as_of, other, &error);
	ct_report(&error, ct_payment_fields.type, NULL, NULL);
}

/* payment_digest_add(state, amount, due_on, paid_on, as_of [, excused]) */
PG_FUNCTION_INFO_V1(ct_payment_digest_add);
Datum
ct_payment_digest_add(PG_FUNCTION_ARGS)
{
	ct_payment	payment = {0};
	ct_payment_state *state;
	int32		as_of;
	int			sign;

	if (is_ignored(fcinfo))
		return ct_same_state(fcinfo);
	payment.amount = ct_getarg_fixed(fcinfo, 1, "amount", &sign);
	payment.credit = sign < 0;
	payment.due_on = PG_GETARG_DATEADT(2);
	ct_check_date(payment.due_on, "due_on");
	as_of = PG_GETARG_DATEADT(4);
	ct_check_date(as_of, "as_of");
	payment.open = PG_ARGISNULL(3);
	if (!payment.open)
	{
		payment.paid_on = PG_GETARG_DATEADT(3);
		ct_check_date(payment.paid_on, "paid_on");
	}
	if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
		payment.excused = PG_GETARG_BOOL(5);
	state = payment_state(fcinfo, as_of);
	if (unlikely(state->as_of != as_of))
		report_mixed(state->as_of, as_of);
	ct_payment_add(state, &payment);
	PG_RETURN_POINTER(state);
}

/* The transition function of rollup. */
PG_FUNCTION_INFO_V1(ct_payment_digest_merge);
Datum
ct_payment_digest_merge(PG_FUNCTION_ARGS)
{
	ct_payment_state *state;
	ct_payment_state other;

	if (PG_ARGISNULL(1))
		return ct_same_state(fcinfo);
	load(fcinfo, 1, &other);
	state = payment_state(fcinfo, other.as_of);
	merge(state, &other);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_payment_digest_combine);
Datum
ct_payment_digest_combine(PG_FUNCTION_ARGS)
{
	ct_payment_state *state;
	ct_payment_state *other;

	if (PG_ARGISNULL(1))
		return ct_same_state(fcinfo);
	other = (ct_payment_state *) PG_GETARG_POINTER(1);
	state = payment_state(fcinfo, other->as_of);
	merge(state, other);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_payment_digest_serialize);
Datum
ct_payment_digest_serialize(PG_FUNCTION_ARGS)
{
	return ct_state_serialize(&ct_payment_fields, PG_GETARG_POINTER(0));
}

PG_FUNCTION_INFO_V1(ct_payment_digest_deserialize);
Datum
ct_payment_digest_deserialize(PG_FUNCTION_ARGS)
{
	ct_payment_state *state = palloc(sizeof(*state));

	ct_state_deserialize(&ct_payment_fields, PG_GETARG_DATUM(0), state);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_payment_digest_final);
Datum
ct_payment_digest_final(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return store((ct_payment_state *) PG_GETARG_POINTER(0));
}

PG_FUNCTION_INFO_V1(ct_payment_digest_plus);
Datum
ct_payment_digest_plus(PG_FUNCTION_ARGS)
{
	ct_payment_state sum;
	ct_payment_state other;

	merge(load(fcinfo, 0, &sum), load(fcinfo, 1, &other));
	return store(&sum);
}

PG_FUNCTION_INFO_V1(ct_billed);
Datum
ct_billed(PG_FUNCTION_ARGS)
{
	ct_payment_state state;

	return ct_numeric_from_sum(&load(fcinfo, 0, &state)->billed);
}

PG_FUNCTION_INFO_V1(ct_paid);
Datum
ct_paid(PG_FUNCTION_ARGS)
{
	ct_payment_state state;

	return ct_numeric_from_sum(&load(fcinfo, 0, &state)->paid);
}

PG_FUNCTION_INFO_V1(ct_outstanding);
Datum
ct_outstanding(PG_FUNCTION_ARGS)
{
	ct_payment_state state;
	ct_wide		outstanding;

	ct_payment_outstanding(load(fcinfo, 0, &state), &outstanding);
	return ct_numeric_from_sum(&outstanding);
}

PG_FUNCTION_INFO_V1(ct_overdue);
Datum
ct_overdue(PG_FUNCTION_ARGS)
{
	ct_payment_state state;

	return ct_numeric_from_sum(&load(fcinfo, 0, &state)->overdue);
}

PG_FUNCTION_INFO_V1(ct_payments);
Datum
ct_payments(PG_FUNCTION_ARGS)
{
	ct_payment_state state;

	PG_RETURN_INT64(ct_payment_count(load(fcinfo, 0, &state)));
}

PG_FUNCTION_INFO_V1(ct_late_count);
Datum
ct_late_count(PG_FUNCTION_ARGS)
{
	ct_payment_state state;

	PG_RETURN_INT64(ct_payment_late_count(load(fcinfo, 0, &state)));
}

PG_FUNCTION_INFO_V1(ct_excused_count);
Datum
ct_excused_count(PG_FUNCTION_ARGS)
{
	ct_payment_state state;

	PG_RETURN_INT64(load(fcinfo, 0, &state)->excused);
}

PG_FUNCTION_INFO_V1(ct_on_time_rate);
Datum
ct_on_time_rate(PG_FUNCTION_ARGS)
{
	ct_payment_state state;
	double		rate;

	if (!ct_payment_on_time_rate(load(fcinfo, 0, &state), &rate))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(rate);
}

PG_FUNCTION_INFO_V1(ct_days_late);
Datum
ct_days_late(PG_FUNCTION_ARGS)
{
	ct_payment_state state;
	double		days;

	if (!ct_payment_days_late(load(fcinfo, 0, &state), &days))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(days);
}

PG_FUNCTION_INFO_V1(ct_max_days_late);
Datum
ct_max_days_late(PG_FUNCTION_ARGS)
{
	ct_payment_state state;

	if (ct_payment_due_count(load(fcinfo, 0, &state)) == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(state.max_days_late);
}

PG_FUNCTION_INFO_V1(ct_days_sales_outstanding);
Datum
ct_days_sales_outstanding(PG_FUNCTION_ARGS)
{
	ct_payment_state state;
	int32		days = PG_GETARG_INT32(1);
	double		outstanding;

	if (days <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("days must be positive"),
				 errdetail("It is %d.", days),
				 errhint("Give the number of days in which the digested invoices were billed.")));
	if (!ct_payment_sales_outstanding(load(fcinfo, 0, &state), days,
									  &outstanding))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(outstanding);
}

static void
report_points(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("points must be five numbers from 0 to 100"),
			 errdetail_internal("%s", detail),
			 errhint("Give the points of payments on time, 1-30, 31-60, 61-90 and over 90 days late, as in '{100,75,50,25,0}'.")));
}

/* The class points, in units of 10^-8. */
static void
read_points(ArrayType *array, int64 points[CT_PAYMENT_DUE_CLASSES])
{
	float8	   *value = (float8 *) ARR_DATA_PTR(array);
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) > 1)
		report_points(psprintf("The array has %d dimensions.",
							   ARR_NDIM(array)));
	if (count != CT_PAYMENT_DUE_CLASSES)
		report_points(psprintf("There are %d.", count));
	if (array_contains_nulls(array))
		report_points("One of them is null.");
	for (int i = 0; i < CT_PAYMENT_DUE_CLASSES; i++)
	{
		/* also false for NaN */
		if (!(value[i] >= 0 && value[i] <= 100))
			report_points(psprintf("Number %d is %g.", i + 1, value[i]));
		points[i] = (int64) ct_fixed_from_double(value[i], "points");
	}
}

PG_FUNCTION_INFO_V1(ct_payment_score_points);
Datum
ct_payment_score_points(PG_FUNCTION_ARGS)
{
	ct_payment_state state;
	int64		points[CT_PAYMENT_DUE_CLASSES];
	int32		minimum = PG_GETARG_INT32(2);
	double		score;

	read_points(PG_GETARG_ARRAYTYPE_P(1), points);
	if (minimum < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("minimum_payments must not be negative"),
				 errdetail("It is %d.", minimum)));
	load(fcinfo, 0, &state);
	if (ct_payment_due_count(&state) < minimum ||
		!ct_payment_score(&state, points, &score))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score);
}

/* One row per class: (class text, payments bigint, amount numeric). */
PG_FUNCTION_INFO_V1(ct_aging);
Datum
ct_aging(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	ct_payment_state *state;
	ct_payment_class class;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;
		TupleDesc row;

		context = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		state = palloc(sizeof(*state));
		load(fcinfo, 0, state);
		if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		context->user_fctx = state;
		context->tuple_desc = BlessTupleDesc(row);
		context->max_calls = CT_PAYMENT_CLASSES;
		MemoryContextSwitchTo(old);
	}
	context = SRF_PERCALL_SETUP();
	if (context->call_cntr == context->max_calls)
		SRF_RETURN_DONE(context);
	state = context->user_fctx;
	class = (ct_payment_class) context->call_cntr;
	values[0] = CStringGetTextDatum(ct_payment_class_name(class));
	values[1] = Int64GetDatum(state->count[class]);
	values[2] = ct_numeric_from_sum(&state->amount[class]);
	SRF_RETURN_NEXT(context,
					HeapTupleGetDatum(heap_form_tuple(context->tuple_desc,
													  values, nulls)));
}
