/*
 * payment_digest.c
 *		The SQL face of payment digests: type, aggregates and figures.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/tuplestore.h"

#include "core/payment_digest.h"
#include "digest.h"

#define CT_GETARG_PAYMENTS(n) \
	((const ct_payment_digest *) ct_getarg_digest(fcinfo, n, \
												 &ct_payment_fields))

/* A figure that argument 0 has as a field. */
#define CT_RETURN_PAYMENT_FIELD(member) \
	return ct_digest_figure(&ct_payment_fields, \
							offsetof(ct_payment_digest, member), fcinfo)

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
	return ct_digest_out(&ct_payment_fields, fcinfo);
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
	return ct_digest_send(&ct_payment_fields, fcinfo);
}

/* A payment and the day as of which it is judged. */
typedef struct payment_row
{
	ct_payment	payment;
	int32		as_of;
} payment_row;

/* An ignored row too must say as of when. */
static bool
is_ignored(const bool *nulls)
{
	if (unlikely(nulls[3]))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of must not be null"),
				 errhint("Give the day as of which payments are judged, the same for all rows.")));
	return nulls[0] || nulls[1];
}

/* amount, due_on, paid_on, as_of [, excused] */
static bool
take_payment(const ct_row_kind *kind, const ct_arguments *arguments, void *row)
{
	const Datum *values = arguments->values;
	const bool *nulls = arguments->nulls;
	payment_row *taken = row;
	ct_payment *payment = &taken->payment;
	int			amount_sign;

	if (is_ignored(nulls))
		return false;
	payment->amount = ct_fixed_of_datum(values[0], arguments->types[0],
										"amount", &amount_sign);
	payment->credit = amount_sign < 0;
	payment->due_on = DatumGetDateADT(values[1]);
	ct_check_date(payment->due_on, "due_on");
	taken->as_of = DatumGetDateADT(values[3]);
	ct_check_date(taken->as_of, "as_of");
	payment->open = nulls[2];
	payment->paid_on = 0;
	if (!payment->open)
	{
		payment->paid_on = DatumGetDateADT(values[2]);
		ct_check_date(payment->paid_on, "paid_on");
	}
	payment->excused = arguments->count > 4 && !nulls[4] &&
		DatumGetBool(values[4]);
	return true;
}

static void
report_mixed(int32 as_of, int32 other)
{
	ct_error	error;

	ct_payment_mixed(as_of, other, &error);
	ct_digest_report(&ct_payment_fields, &error);
}

static void
add_payment(const ct_row_kind *kind, void *to, bool first, const void *row)
{
	ct_payment_digest *digest = to;
	const payment_row *taken = row;
	ct_error	error;

	if (first)
		digest->as_of = taken->as_of;
	else if (unlikely(digest->as_of != taken->as_of))
		report_mixed(digest->as_of, taken->as_of);
	if (!ct_payment_add(digest, &taken->payment, &error))
		ct_digest_report(&ct_payment_fields, &error);
}

const ct_row_kind ct_payment_rows = {
	.type = &ct_payment_fields,
	.size = sizeof(payment_row),
	.touched = offsetof(ct_payment_digest, all[CT_PAYMENT_60]),
	.take = take_payment,
	.add = add_payment
};

const ct_row_kind ct_payment_digest_rows = {
	.type = &ct_payment_fields,
	.size = sizeof(void *),
	.touched = sizeof(ct_payment_digest),
	.take = ct_take_digest,
	.add = ct_add_digest
};

/* payment_digest_add(digest, amount, due_on, paid_on, as_of [, excused]) */
PG_FUNCTION_INFO_V1(ct_payment_digest_add);
Datum
ct_payment_digest_add(PG_FUNCTION_ARGS)
{
	return ct_digest_add(&ct_payment_rows, fcinfo);
}

PG_FUNCTION_INFO_V1(ct_payment_digest_merge);
Datum
ct_payment_digest_merge(PG_FUNCTION_ARGS)
{
	return ct_digest_merge(&ct_payment_fields, fcinfo);
}

/* A sum that sum_of makes of argument 0. */
static Datum
return_sum(FunctionCallInfo fcinfo,
		   ct_wide (*sum_of) (const ct_payment_digest *))
{
	ct_wide		sum = sum_of(CT_GETARG_PAYMENTS(0));

	return ct_numeric_from_sum(&sum);
}

PG_FUNCTION_INFO_V1(ct_billed);
Datum
ct_billed(PG_FUNCTION_ARGS)
{
	return return_sum(fcinfo, ct_payment_billed);
}

PG_FUNCTION_INFO_V1(ct_paid);
Datum
ct_paid(PG_FUNCTION_ARGS)
{
	return return_sum(fcinfo, ct_payment_paid);
}

PG_FUNCTION_INFO_V1(ct_outstanding);
Datum
ct_outstanding(PG_FUNCTION_ARGS)
{
	return return_sum(fcinfo, ct_payment_outstanding);
}

PG_FUNCTION_INFO_V1(ct_overdue);
Datum
ct_overdue(PG_FUNCTION_ARGS)
{
	return return_sum(fcinfo, ct_payment_overdue);
}

PG_FUNCTION_INFO_V1(ct_payments);
Datum
ct_payments (PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(ct_payment_count(CT_GETARG_PAYMENTS(0)));
}

PG_FUNCTION_INFO_V1(ct_late_count);
Datum
ct_late_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(ct_payment_late_count(CT_GETARG_PAYMENTS(0)));
}

PG_FUNCTION_INFO_V1(ct_excused_count);
Datum
ct_excused_count(PG_FUNCTION_ARGS)
{
	CT_RETURN_PAYMENT_FIELD(excused);
}

PG_FUNCTION_INFO_V1(ct_on_time_rate);
Datum
ct_on_time_rate(PG_FUNCTION_ARGS)
{
	double		rate;

	CT_RETURN_IF(ct_payment_on_time_rate(CT_GETARG_PAYMENTS(0), &rate),
				 Float8GetDatum(rate));
}

PG_FUNCTION_INFO_V1(ct_days_late);
Datum
ct_days_late(PG_FUNCTION_ARGS)
{
	double		days;

	CT_RETURN_IF(ct_payment_days_late(CT_GETARG_PAYMENTS(0), &days),
				 Float8GetDatum(days));
}

PG_FUNCTION_INFO_V1(ct_days_beyond_terms);
Datum
ct_days_beyond_terms(PG_FUNCTION_ARGS)
{
	double		days;

	CT_RETURN_IF(ct_payment_days_beyond_terms(CT_GETARG_PAYMENTS(0), &days),
				 Float8GetDatum(days));
}

PG_FUNCTION_INFO_V1(ct_max_days_late);
Datum
ct_max_days_late(PG_FUNCTION_ARGS)
{
	const ct_payment_digest *payments = CT_GETARG_PAYMENTS(0);

	CT_RETURN_IF(ct_payment_due_count(payments) > 0,
				 Int32GetDatum(payments->max_days_late));
}

/* days_sales_outstanding(digest, sales, days) */
PG_FUNCTION_INFO_V1(ct_days_sales_outstanding);
Datum
ct_days_sales_outstanding(PG_FUNCTION_ARGS)
{
	int			ignored;
	ct_wide		sales = ct_wide_of(ct_getarg_fixed(fcinfo, 1, "sales",
												   &ignored));
	int32		days = PG_GETARG_INT32(2);

	if (days <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("days must be positive"),
				 errdetail("It is %d.", days),
				 errhint("Give the number of days of the period that the sales are those of.")));
	CT_RETURN_IF(ct_wide_sign(&sales) > 0,
				 Float8GetDatum(ct_payment_sales_outstanding(CT_GETARG_PAYMENTS(0),
															 &sales, days)));
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
read_class_points(ArrayType *array, int64 points[CT_PAYMENT_DUE_CLASSES])
{
	float8	   *value = (float8 *) ARR_DATA_PTR(array);
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	ct_int128	fixed;

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
		(void) ct_double_to_fixed(value[i], &fixed);
		points[i] = (int64) fixed;
	}
}

PG_FUNCTION_INFO_V1(ct_payment_score_points);
Datum
ct_payment_score_points(PG_FUNCTION_ARGS)
{
	const ct_payment_digest *payments = CT_GETARG_PAYMENTS(0);
	int64		points[CT_PAYMENT_DUE_CLASSES];
	int32		minimum = PG_GETARG_INT32(2);
	double		score;

	read_class_points(PG_GETARG_ARRAYTYPE_P(1), points);
	if (minimum < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("minimum_payments must not be negative"),
				 errdetail("It is %d.", minimum)));
	CT_RETURN_IF(ct_payment_due_count(payments) >= minimum &&
				 ct_payment_score(payments, points, &score),
				 Float8GetDatum(score));
}

/* (class text, payments bigint, amount, open_payments, open_amount) */
static void
put_aging(ReturnSetInfo *result, const char *class, int sign,
		  const ct_payment_total *all, const ct_payment_total *open)
{
	ct_wide		amount = ct_wide_of(sign * all->amount);
	ct_wide		open_amount = ct_wide_of(sign * open->amount);
	Datum		values[] = {
		CStringGetTextDatum(class),
		Int64GetDatum(all->count),
		ct_numeric_from_sum(&amount),
		Int64GetDatum(open->count),
		ct_numeric_from_sum(&open_amount)
	};
	bool		nulls[lengthof(values)] = {false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* One row per class, and one of the credit notes. */
PG_FUNCTION_INFO_V1(ct_aging);
Datum
ct_aging(PG_FUNCTION_ARGS)
{
	const ct_payment_digest *d = CT_GETARG_PAYMENTS(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int class = 0; class < CT_PAYMENT_CLASSES; class++)
		put_aging(result, ct_payment_class_name(class), 1, &d->all[class],
				  class == CT_PAYMENT_NOT_DUE ? &d->all[class] : &d->open[class]);
	put_aging(result, "credits", -1, &d->credits, &d->open_credits);
	return (Datum) 0;
}
