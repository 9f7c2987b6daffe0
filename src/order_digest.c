/*
 * order_digest.c
 *		The SQL face of order digests: type, aggregates and figures.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/order_digest.h"
#include "digest.h"

#define CT_GETARG_ORDERS(n) \
	((const ct_order_digest *) ct_getarg_digest(fcinfo, n, &ct_order_fields))

/* A figure that argument 0 has as a field. */
#define CT_RETURN_ORDER_FIELD(member) \
	return ct_digest_figure(&ct_order_fields, \
							offsetof(ct_order_digest, member), fcinfo)

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
	return ct_digest_out(&ct_order_fields, fcinfo);
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
	return ct_digest_send(&ct_order_fields, fcinfo);
}

/* amount, ordered_at [, profit [, quantity]] */
static bool
take_order(const ct_row_kind *kind, const ct_arguments *arguments, void *row)
{
	const Datum *values = arguments->values;
	const bool *nulls = arguments->nulls;
	const Oid  *types = arguments->types;
	ct_order   *order = row;
	int			amount_sign,
				ignored;

	if (nulls[0] || nulls[1])
		return false;
	order->flags = 0;
	order->amount = ct_fixed_of_datum(values[0], types[0], "amount",
									  &amount_sign);
	order->refund = amount_sign < 0;
	order->at = ct_time_of_datum(values[1], types[1], "ordered_at");
	if (arguments->count > 2 && !nulls[2])
	{
		order->profit = ct_fixed_of_datum(values[2], types[2], "profit",
										  &ignored);
		order->flags |= CT_ORDER_PROFIT;
	}
	if (arguments->count > 3 && !nulls[3])
	{
		order->quantity = ct_fixed_of_datum(values[3], types[3], "quantity",
											&ignored);
		order->flags |= CT_ORDER_QUANTITY;
	}
	return true;
}

static void
add_order(const ct_row_kind *kind, void *digest, bool first, const void *row)
{
	ct_error	error;

	if (!ct_order_add(digest, row, &error))
		ct_digest_report(&ct_order_fields, &error);
}

const ct_row_kind ct_order_rows = {
	.type = &ct_order_fields,
	.size = sizeof(ct_order),
	.touched = offsetof(ct_order_digest, refunds),
	.take = take_order,
	.add = add_order
};

const ct_row_kind ct_order_digest_rows = {
	.type = &ct_order_fields,
	.size = sizeof(void *),
	.touched = sizeof(ct_order_digest),
	.take = ct_take_digest,
	.add = ct_add_digest
};

/* order_digest_add(digest, amount, ordered_at [, profit [, quantity]]) */
PG_FUNCTION_INFO_V1(ct_order_digest_add);
Datum
ct_order_digest_add(PG_FUNCTION_ARGS)
{
	return ct_digest_add(&ct_order_rows, fcinfo);
}

PG_FUNCTION_INFO_V1(ct_order_digest_merge);
Datum
ct_order_digest_merge(PG_FUNCTION_ARGS)
{
	return ct_digest_merge(&ct_order_fields, fcinfo);
}

PG_FUNCTION_INFO_V1(ct_order_count);
Datum
ct_order_count(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(orders);
}

PG_FUNCTION_INFO_V1(ct_refund_count);
Datum
ct_refund_count(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(refunds);
}

PG_FUNCTION_INFO_V1(ct_revenue);
Datum
ct_revenue(PG_FUNCTION_ARGS)
{
	ct_wide		revenue;

	ct_order_revenue(CT_GETARG_ORDERS(0), &revenue);
	return ct_numeric_from_sum(&revenue);
}

PG_FUNCTION_INFO_V1(ct_gross_revenue);
Datum
ct_gross_revenue(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(gross);
}

PG_FUNCTION_INFO_V1(ct_refunded);
Datum
ct_refunded(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(refunded);
}

PG_FUNCTION_INFO_V1(ct_profit);
Datum
ct_profit(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(profit);
}

PG_FUNCTION_INFO_V1(ct_quantity);
Datum
ct_quantity(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(quantity);
}

PG_FUNCTION_INFO_V1(ct_margin);
Datum
ct_margin(PG_FUNCTION_ARGS)
{
	double		margin;

	CT_RETURN_IF(ct_order_margin(CT_GETARG_ORDERS(0), &margin),
				 Float8GetDatum(margin));
}

PG_FUNCTION_INFO_V1(ct_average_order_value);
Datum
ct_average_order_value(PG_FUNCTION_ARGS)
{
	ct_wide		average;

	CT_RETURN_IF(ct_order_average(CT_GETARG_ORDERS(0), &average),
				 ct_numeric_from_sum(&average));
}

PG_FUNCTION_INFO_V1(ct_largest_order);
Datum
ct_largest_order(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(largest);
}

PG_FUNCTION_INFO_V1(ct_first_order_amount);
Datum
ct_first_order_amount(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(first_amount);
}

PG_FUNCTION_INFO_V1(ct_first_order_at);
Datum
ct_first_order_at(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(first_at);
}

PG_FUNCTION_INFO_V1(ct_last_order_at);
Datum
ct_last_order_at(PG_FUNCTION_ARGS)
{
	CT_RETURN_ORDER_FIELD(last_at);
}

PG_FUNCTION_INFO_V1(ct_order_interval);
Datum
ct_order_interval(PG_FUNCTION_ARGS)
{
	double		days;

	CT_RETURN_IF(ct_order_interval_days(CT_GETARG_ORDERS(0), &days),
				 Float8GetDatum(days));
}

PG_FUNCTION_INFO_V1(ct_recency_days);
Datum
ct_recency_days(PG_FUNCTION_ARGS)
{
	TimestampTz as_of = ct_getarg_time(fcinfo, 1, "as_of");
	double		days;

	CT_RETURN_IF(ct_order_recency_days(CT_GETARG_ORDERS(0), as_of, &days),
				 Float8GetDatum(days));
}

PG_FUNCTION_INFO_V1(ct_tenure_days);
Datum
ct_tenure_days(PG_FUNCTION_ARGS)
{
	TimestampTz as_of = ct_getarg_time(fcinfo, 1, "as_of");
	double		days;

	CT_RETURN_IF(ct_order_tenure_days(CT_GETARG_ORDERS(0), as_of, &days),
				 Float8GetDatum(days));
}

/* growth(current, previous); a current NULL is a window without orders. */
PG_FUNCTION_INFO_V1(ct_growth);
Datum
ct_growth(PG_FUNCTION_ARGS)
{
	double		growth;

	CT_RETURN_IF(!PG_ARGISNULL(1) &&
				 ct_order_growth(PG_ARGISNULL(0) ? NULL : CT_GETARG_ORDERS(0),
								 CT_GETARG_ORDERS(1), &growth),
				 Float8GetDatum(growth));
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
	TimestampTz from_time = PG_GETARG_TIMESTAMPTZ(1);
	TimestampTz to_time = PG_GETARG_TIMESTAMPTZ(2);
	double		trend;

	ct_check_time(from_time, "from_time");
	ct_check_time(to_time, "to_time");
	if (ct_time_seconds(from_time) >= ct_time_seconds(to_time))
		report_empty_window(from_time, to_time);
	CT_RETURN_IF(ct_order_trend(CT_GETARG_ORDERS(0), from_time, to_time,
								&trend),
				 Float8GetDatum(trend));
}
