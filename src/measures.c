/*
 * measures.c
 *		One customer's digests as one row of named figures: tier_measures.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/timestamp.h"

#include "core/order_digest.h"
#include "core/payment_digest.h"
#include "digest.h"

#define COLUMNS 28

/* The row being filled, column by column. */
typedef struct row_builder
{
	int			count;
	Datum		value[COLUMNS];
	bool		isnull[COLUMNS];
	double		number;			/* the latest, before it is put */
	ct_wide		sum;
} row_builder;

static void
put_column(row_builder *row, bool known, Datum value)
{
	Assert(row->count < COLUMNS);
	row->value[row->count] = value;
	row->isnull[row->count++] = !known;
}

static void
put_sum(row_builder *row, bool known)
{
	put_column(row, known, known ? ct_numeric_from_sum(&row->sum) : (Datum) 0);
}

static void
put_number(row_builder *row, bool known)
{
	put_column(row, known, known ? Float8GetDatum(row->number) : (Datum) 0);
}

static void
put_field(row_builder *row, const ct_fields *type, const void *digest,
		  size_t offset)
{
	Datum		value = (Datum) 0;
	bool		known = ct_digest_field(type, digest, offset, &value);

	put_column(row, known, value);
}

static void
put_order_field(row_builder *row, const ct_order_digest *orders, size_t offset)
{
	put_field(row, &ct_order_fields, orders, offset);
}

static void
put_payment_sum(row_builder *row, ct_wide sum)
{
	row->sum = sum;
	put_sum(row, true);
}

/* order_count .. largest_order */
static void
put_orders(row_builder *row, const ct_order_digest *orders)
{
	put_order_field(row, orders, offsetof(ct_order_digest, orders));
	put_order_field(row, orders, offsetof(ct_order_digest, refunds));
	ct_order_revenue(orders, &row->sum);
	put_sum(row, true);
	put_order_field(row, orders, offsetof(ct_order_digest, gross));
	put_order_field(row, orders, offsetof(ct_order_digest, refunded));
	put_order_field(row, orders, offsetof(ct_order_digest, profit));
	put_order_field(row, orders, offsetof(ct_order_digest, quantity));
	put_number(row, ct_order_margin(orders, &row->number));
	put_sum(row, ct_order_average(orders, &row->sum));
	put_order_field(row, orders, offsetof(ct_order_digest, largest));
}

/* first_order_amount .. tenure_days, all but the interval over the lifetime */
static void
put_times(row_builder *row, const ct_order_digest *orders,
		  const ct_order_digest *lifetime, const TimestampTz *as_of)
{
	put_order_field(row, lifetime, offsetof(ct_order_digest, first_amount));
	put_order_field(row, lifetime, offsetof(ct_order_digest, first_at));
	put_order_field(row, lifetime, offsetof(ct_order_digest, last_at));
	put_number(row, ct_order_interval_days(orders, &row->number));
	put_number(row, as_of &&
			   ct_order_recency_days(lifetime, *as_of, &row->number));
	put_number(row, as_of &&
			   ct_order_tenure_days(lifetime, *as_of, &row->number));
}

/* billed .. payment_score */
static void
put_payments(row_builder *row, const ct_payment_digest *payments)
{
	put_payment_sum(row, ct_payment_billed(payments));
	put_payment_sum(row, ct_payment_paid(payments));
	put_payment_sum(row, ct_payment_outstanding(payments));
	put_payment_sum(row, ct_payment_overdue(payments));
	put_column(row, true, Int64GetDatum(ct_payment_count(payments)));
	put_column(row, true, Int64GetDatum(ct_payment_late_count(payments)));
	put_column(row, true, Int64GetDatum(payments->excused));
	put_number(row, ct_payment_on_time_rate(payments, &row->number));
	put_number(row, ct_payment_days_late(payments, &row->number));
	put_number(row, ct_payment_days_beyond_terms(payments, &row->number));
	put_column(row, ct_payment_due_count(payments) > 0,
			   Int32GetDatum(payments->max_days_late));
	put_number(row, ct_payment_score(payments, ct_payment_points, &row->number));
}

/* The row type, looked up once per query. */
static TupleDesc
row_type(FunctionCallInfo fcinfo)
{
	FmgrInfo   *function = fcinfo->flinfo;
	TupleDesc	row = function->fn_extra;
	MemoryContext old;

	if (row)
		return row;
	old = MemoryContextSwitchTo(function->fn_mcxt);
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE ||
		row->natts != COLUMNS)
		elog(ERROR, "tier_measures must have %d columns", COLUMNS);
	function->fn_extra = BlessTupleDesc(row);
	MemoryContextSwitchTo(old);
	return row;
}

/* That of no rows, of which profit and quantity are known to be 0. */
static const ct_order_digest no_orders = {
	.header.flags = CT_ORDER_PROFIT | CT_ORDER_QUANTITY
};
static const ct_payment_digest no_payments;

static const ct_order_digest *
getarg_orders(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? &no_orders :
		ct_getarg_digest(fcinfo, n, &ct_order_fields);
}

PG_FUNCTION_INFO_V1(ct_customer_measures);
Datum
ct_customer_measures(PG_FUNCTION_ARGS)
{
	const ct_order_digest *orders = getarg_orders(fcinfo, 0);
	const ct_order_digest *lifetime = PG_ARGISNULL(3) ? orders :
		getarg_orders(fcinfo, 3);
	TimestampTz as_of = PG_ARGISNULL(2) ? 0 :
		ct_getarg_time(fcinfo, 2, "as_of");
	row_builder row = {0};
	HeapTuple	tuple;

	put_orders(&row, orders);
	put_times(&row, orders, lifetime, PG_ARGISNULL(2) ? NULL : &as_of);
	put_payments(&row, PG_ARGISNULL(1) ? &no_payments :
				 ct_getarg_digest(fcinfo, 1, &ct_payment_fields));
	tuple = heap_form_tuple(row_type(fcinfo), row.value, row.isnull);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
