/*
 * order_digest.c
 *		The SQL face of order digests: type, aggregates and figures.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/order_digest.h"
#include "digest.h"

static ct_order_state *
load(FunctionCallInfo fcinfo, int arg, ct_order_state *state)
{
	ct_digest_load(&ct_order_fields, PG_GETARG_DATUM(arg), state);
	return state;
}

/* The aggregate's state, made at its first row. */
static ct_order_state *
order_state(FunctionCallInfo fcinfo)
{
	if (likely(!PG_ARGISNULL(0)))
		return (ct_order_state *) PG_GETARG_POINTER(0);
	return ct_aggregate_alloc(fcinfo, sizeof(ct_order_state));
}

static void
merge(ct_order_state *state, const ct_order_state *other)
{
	ct_error	error;

	if (!ct_order_merge(state, other, &error))
		ct_report(&error, ct_order_fields.type, NULL, NULL);
}

static Datum
store(const ct_order_state *state)
{
	ct_error	error;

	if (!ct_order_finished(state, &error))
		ct_report(&error, ct_order_fields.type, NULL, NULL);
	return ct_digest_store(&ct_order_fields, state);
}

PG_FUNCTION_INFO_V1(ct_order_digest_in);
Datum
ct_order_digest_in(PG_FUNCTION_ARGS)
{
	return ct_digest_in(&ct_order_fields, fcinfo);
}

PG_FUNCTION_INFO_V1(ct_order_digest_out);
Datum
ct_order_digest_out(PG_FUNCTION_ARGS)
{
	return ct_digest_out(&ct_order_fields, PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(ct_order_digest_recv);
Datum
ct_order_digest_recv(PG_FUNCTION_ARGS)
{
	return ct_digest_recv(&ct_order_fields, fcinfo);
}

PG_FUNCTION_INFO_V1(ct_order_digest_send);
Datum
ct_order_digest_send(PG_FUNCTION_ARGS)
{
	return ct_digest_send(&ct_order_fields, PG_GETARG_DATUM(0));
}

/* order_digest_add(state, amount, ordered_at [, profit [, quantity]]) */
PG_FUNCTION_INFO_V1(ct_order_digest_add);
Datum
ct_order_digest_add(PG_FUNCTION_ARGS)
{
	ct_order_state *state;
	ct_order	order = {0};
	int			sign;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return ct_same_state(fcinfo);
	order.amount = ct_getarg_fixed(fcinfo, 1, "amount", &sign);
	order.refund = sign < 0;
	order.at = PG_GETARG_TIMESTAMPTZ(2);
	ct_check_time(order.at, "ordered_at");
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
	{
		order.profit = ct_fixed_from_numeric(PG_GETARG_DATUM(3), "profit",
											 &sign);
		order.flags |= CT_ORDER_PROFIT;
	}
	if (PG_NARGS() > 4 && !PG_ARGISNULL(4))
	{
		order.quantity = ct_fixed_from_numeric(PG_GETARG_DATUM(4), "quantity",
											   &sign);
		order.flags |= CT_ORDER_QUANTITY;
	}
	state = order_state(fcinfo);
	ct_order_add(state, &order);
	PG_RETURN_POINTER(state);
}

/* The transition function of rollup. */
PG_FUNCTION_INFO_V1(ct_order_digest_merge);
Datum
ct_order_digest_merge(PG_FUNCTION_ARGS)
{
	ct_order_state *state;
	ct_order_state other;

	if (PG_ARGISNULL(1))
		return ct_same_state(fcinfo);
	state = order_state(fcinfo);
	merge(state, load(fcinfo, 1, &other));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_order_digest_combine);
Datum
ct_order_digest_combine(PG_FUNCTION_ARGS)
{
	ct_order_state *state;

	if (PG_ARGISNULL(1))
		return ct_same_state(fcinfo);
	state = order_state(fcinfo);
	merge(state, (ct_order_state *) PG_GETARG_POINTER(1));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_order_digest_serialize);
Datum
ct_order_digest_serialize(PG_FUNCTION_ARGS)
{
	return ct_state_serialize(&ct_order_fields, PG_GETARG_POINTER(0));
}

PG_FUNCTION_INFO_V1(ct_order_digest_deserialize);
Datum
ct_order_digest_deserialize(PG_FUNCTION_ARGS)
{
	ct_order_state *state = palloc(sizeof(*state));

	ct_state_deserialize(&ct_order_fields, PG_GETARG_DATUM(0), state);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_order_digest_final);
Datum
ct_order_digest_final(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return store((ct_order_state *) PG_GETARG_POINTER(0));
}

PG_FUNCTION_INFO_V1(ct_order_digest_plus);
Datum
ct_order_digest_plus(PG_FUNCTION_ARGS)
{
	ct_order_state sum;
	ct_order_state other;

	merge(load(fcinfo, 0, &sum), load(fcinfo, 1, &other));
	return store(&sum);
}

PG_FUNCTION_INFO_V1(ct_order_count);
Datum
ct_order_count(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	PG_RETURN_INT64(load(fcinfo, 0, &state)->orders);
}

PG_FUNCTION_INFO_V1(ct_refund_count);
Datum
ct_refund_count(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	PG_RETURN_INT64(load(fcinfo, 0, &state)->refunds);
}

PG_FUNCTION_INFO_V1(ct_revenue);
Datum
ct_revenue(PG_FUNCTION_ARGS)
{
	ct_order_state state;
	ct_wide		revenue;

	ct_order_revenue(load(fcinfo, 0, &state), &revenue);
	return ct_numeric_from_sum(&revenue);
}

PG_FUNCTION_INFO_V1(ct_gross_revenue);
Datum
ct_gross_revenue(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	return ct_numeric_from_sum(&load(fcinfo, 0, &state)->gross);
}

PG_FUNCTION_INFO_V1(ct_refunded);
Datum
ct_refunded(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	return ct_numeric_from_sum(&load(fcinfo, 0, &state)->refunded);
}

PG_FUNCTION_INFO_V1(ct_profit);
Datum
ct_profit(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	if (!(load(fcinfo, 0, &state)->flags & CT_ORDER_PROFIT))
		PG_RETURN_NULL();
	return ct_numeric_from_sum(&state.profit);
}

PG_FUNCTION_INFO_V1(ct_quantity);
Datum
ct_quantity(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	if (!(load(fcinfo, 0, &state)->flags & CT_ORDER_QUANTITY))
		PG_RETURN_NULL();
	return ct_numeric_from_sum(&state.quantity);
}

PG_FUNCTION_INFO_V1(ct_margin);
Datum
ct_margin(PG_FUNCTION_ARGS)
{
	ct_order_state state;
	double		margin;

	if (!ct_order_margin(load(fcinfo, 0, &state), &margin))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(margin);
}

PG_FUNCTION_INFO_V1(ct_average_order_value);
Datum
ct_average_order_value(PG_FUNCTION_ARGS)
{
	ct_order_state state;
	ct_wide		average;

	if (!ct_order_average(load(fcinfo, 0, &state), &average))
		PG_RETURN_NULL();
	return ct_numeric_from_sum(&average);
}

PG_FUNCTION_INFO_V1(ct_largest_order);
Datum
ct_largest_order(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	if (load(fcinfo, 0, &state)->orders == 0)
		PG_RETURN_NULL();
	return ct_numeric_from_fixed(state.largest);
}

PG_FUNCTION_INFO_V1(ct_first_order_amount);
Datum
ct_first_order_amount(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	if (load(fcinfo, 0, &state)->orders == 0)
		PG_RETURN_NULL();
	return ct_numeric_from_fixed(state.first_amount);
}

PG_FUNCTION_INFO_V1(ct_first_order_at);
Datum
ct_first_order_at(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	if (load(fcinfo, 0, &state)->orders == 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(state.first_at);
}

PG_FUNCTION_INFO_V1(ct_last_order_at);
Datum
ct_last_order_at(PG_FUNCTION_ARGS)
{
	ct_order_state state;

	if (load(fcinfo, 0, &state)->orders == 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(state.last_at);
}

PG_FUNCTION_INFO_V1(ct_order_interval);
Datum
ct_order_interval(PG_FUNCTION_ARGS)
{
	ct_order_state state;
	double		days;

	if (!ct_order_interval_days(load(fcinfo, 0, &state), &days))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(days);
}

PG_FUNCTION_INFO_V1(ct_recency_days);
Datum
ct_recency_days(PG_FUNCTION_ARGS)
{
	ct_order_state state;
	TimestampTz as_of = PG_GETARG_TIMESTAMPTZ(1);
	double		days;

	ct_check_time(as_of, "as_of");
	if (!ct_order_recency_days(load(fcinfo, 0, &state), as_of, &days))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(days);
}

PG_FUNCTION_INFO_V1(ct_tenure_days);
Datum
ct_tenure_days(PG_FUNCTION_ARGS)
{
	ct_order_state state;
	TimestampTz as_of = PG_GETARG_TIMESTAMPTZ(1);
	double		days;

	ct_check_time(as_of, "as_of");
	if (!ct_order_tenure_days(load(fcinfo, 0, &state), as_of, &days))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(days);
}

/* growth(current, previous); a current NULL is a window without orders. */
PG_FUNCTION_INFO_V1(ct_growth);
Datum
ct_growth(PG_FUNCTION_ARGS)
{
	ct_order_state current;
	ct_order_state previous;
	double		growth;

	if (PG_ARGISNULL(1) ||
		!ct_order_growth(PG_ARGISNULL(0) ? NULL : load(fcinfo, 0, &current),
						 load(fcinfo, 1, &previous), &growth))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(growth);
}

static void
report_empty_window(TimestampTz from_time, TimestampTz to_time)
{
	char		from_text[CT_ISODATE_SIZE];
	char		to_text[CT_ISODATE_SIZE];

	ct_time_write(from_time, from_text);
	ct_time_write(to_time, to_text);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("from_time must be before to_time"),
			 errdetail("The window is from %s to %s, taken to whole seconds.",
					   from_text, to_text)));
}

PG_FUNCTION_INFO_V1(ct_trend);
Datum
ct_trend(PG_FUNCTION_ARGS)
{
	ct_order_state state;
	TimestampTz from_time = PG_GETARG_TIMESTAMPTZ(1);
	TimestampTz to_time = PG_GETARG_TIMESTAMPTZ(2);
	double		trend;

	ct_check_time(from_time, "from_time");
	ct_check_time(to_time, "to_time");
	if (ct_time_seconds(from_time) >= ct_time_seconds(to_time))
		report_empty_window(from_time, to_time);
	if (!ct_order_trend(load(fcinfo, 0, &state), from_time, to_time, &trend))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(trend);
}
