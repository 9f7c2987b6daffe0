/*
 * measures.c
 *		One customer's digests as one row of named figures: tier_measures.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/timestamp.h"

#include "core/order_digest.h"
#include "core/payment_digest.h"
#include "digest.h"

#define COLUMNS 27

/* The row being filled, column by column. */
typedef struct row_builder
{
	int			count;
	Datum		value[COLUMNS];
	bool		isnull[COLUMNS];
} row_builder;

static void
put(row_builder *row, bool known, Datum value)
{
	Assert(row->count < COLUMNS);
	row->value[row->count] = value;
	row->isnull[row->count++] = !known;
}

static void
put_count(row_builder *row, int64 count)
{
	put(row, true, Int64GetDatum(count));
}

static void
put_sum(row_builder *row, bool known, const ct_wide *sum)
{
	put(row, known, known ? ct_numeric_from_sum(sum) : (Datum) 0);
}

static void
put_amount(row_builder *row, bool known, ct_int128 amount)
{
	put(row, known, known ? ct_numeric_from_fixed(amount) : (Datum) 0);
}

static void
put_double(row_builder *row, bool known, double value)
{
	put(row, known, known ? Float8GetDatum(value) : (Datum) 0);
}

/* order_count .. largest_order */
static void
put_orders(row_builder *row, const ct_order_state *orders)
{
	ct_wide		sum;
	double		value;
	bool		known;

	put_count(row, orders->orders);
	put_count(row, orders->refunds);
	ct_order_revenue(orders, &sum);
	put_sum(row, true, &sum);
	put_sum(row, true, &orders->gross);
	put_sum(row, true, &orders->refunded);
	put_sum(row, orders->flags & CT_ORDER_PROFIT, &orders->profit);
	put_sum(row, orders->flags & CT_ORDER_QUANTITY, &orders->quantity);
	known = ct_order_margin(orders, &value);
	put_double(row, known, value);
	known = ct_order_average(orders, &sum);
	put_sum(row, known, &sum);
	put_amount(row, orders->orders > 0, orders->largest);
}

/* first_order_amount .. tenure_days, all but the interval over the lifetime */
static void
put_times(row_builder *row, const ct_order_state *orders,
		  const ct_order_state *lifetime, const TimestampTz *as_of)
{
	bool		any = lifetime->orders > 0;
	double		value;
	bool		known;

	put_amount(row, any, lifetime->first_amount);
	put(row, any, TimestampTzGetDatum(lifetime->first_at));
	put(row, any, TimestampTzGetDatum(lifetime->last_at));
	known = ct_order_interval_days(orders, &value);
	put_double(row, known, value);
	known = as_of && ct_order_recency_days(lifetime, *as_of, &value);
	put_double(row, known, value);
	known = as_of && ct_order_tenure_days(lifetime, *as_of, &value);
	put_double(row, known, value);
}

/* billed .. payment_score */
static void
put_payments(row_builder *row, const ct_payment_state *payments)
{
	ct_wide		outstanding;
	double		value;
	bool		known;

	put_sum(row, true, &payments->billed);
	put_sum(row, true, &payments->paid);
	ct_payment_outstanding(payments, &outstanding);
	put_sum(row, true, &outstanding);
	put_sum(row, true, &payments->overdue);
	put_count(row, ct_payment_count(payments));
	put_count(row, ct_payment_late_count(payments));
	put_count(row, payments->excused);
	known = ct_payment_on_time_rate(payments, &value);
	put_double(row, known, value);
	known = ct_payment_days_late(payments, &value);
	put_double(row, known, value);
	put(row, ct_payment_due_count(payments) > 0,
		Int32GetDatum(payments->max_days_late));
	known = ct_payment_score(payments, ct_payment_points, &value);
	put_double(row, known, value);
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

/*
 * The digest of an argument.  A missing one is that of no rows, of which
 * profit and quantity are known to be 0.
 */
static void
load_orders(FunctionCallInfo fcinfo, int arg, ct_order_state *orders)
{
	if (!PG_ARGISNULL(arg))
		ct_digest_load(&ct_order_fields, PG_GETARG_DATUM(arg), orders);
	else
	{
		ct_order_init(orders);
		orders->flags = CT_ORDER_PROFIT | CT_ORDER_QUANTITY;
	}
}

PG_FUNCTION_INFO_V1(ct_customer_measures);
Datum
ct_customer_measures(PG_FUNCTION_ARGS)
{
	ct_order_state orders;
	ct_order_state lifetime;
	ct_payment_state payments;
	TimestampTz as_of = PG_ARGISNULL(2) ? 0 : PG_GETARG_TIMESTAMPTZ(2);
	TupleDesc	type = row_type(fcinfo);
	row_builder row = {0};

	ct_check_time(as_of, "as_of");
	load_orders(fcinfo, 0, &orders);
	load_orders(fcinfo, PG_ARGISNULL(3) ? 0 : 3, &lifetime);
	if (PG_ARGISNULL(1))
		ct_payment_init(&payments, 0);
	else
		ct_digest_load(&ct_payment_fields, PG_GETARG_DATUM(1), &payments);

	put_orders(&row, &orders);
	put_times(&row, &orders, &lifetime, PG_ARGISNULL(2) ? NULL : &as_of);
	put_payments(&row, &payments);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(type, row.value,
													  row.isnull)));
}
