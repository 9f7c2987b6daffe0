/*
 * digest.c
 *		What the faces of the digests share.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "digest.h"

StaticAssertDecl(CT_DATE_FIRST == DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE &&
				 CT_DATE_END == DATE_END_JULIAN - POSTGRES_EPOCH_JDATE &&
				 CT_TIME_FIRST == MIN_TIMESTAMP && CT_TIME_END == END_TIMESTAMP,
				 "the core knows the reach of dates and times");

pg_noreturn static void
report_too_large(const char *what, const char *figure)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is too large to be added up", what),
			 errdetail("The figure is %s; at most 10^22 in size can be added up.",
					   figure)));
}

/* What is too large is shown in full, whatever extra_float_digits is. */
ct_int128
ct_getarg_fixed(FunctionCallInfo fcinfo, int n, const char *what,
				int *amount_sign)
{
	ct_decimal	d;
	double		value;
	ct_int128	result;

	switch (get_fn_expr_argtype(fcinfo->flinfo, n))
	{
		case NUMERICOID:
			ct_decimal_from_numeric(PG_GETARG_DATUM(n), what, &d);
			*amount_sign = d.sign;
			if (unlikely(!ct_decimal_to_fixed(&d, &result)))
				report_too_large(what, ct_decimal_text(&d));
			return result;
		case FLOAT8OID:
			value = ct_checked_double(PG_GETARG_FLOAT8(n), what);
			*amount_sign = (value > 0) - (value < 0);
			if (unlikely(!ct_double_to_fixed(value, &result)))
				report_too_large(what, double_to_shortest_decimal(value));
			return result;
		case FLOAT4OID:
			value = ct_checked_double(PG_GETARG_FLOAT4(n), what);
			*amount_sign = (value > 0) - (value < 0);
			if (unlikely(!ct_real_to_fixed((float) value, &result)))
				report_too_large(what, float_to_shortest_decimal((float) value));
			return result;
		case INT8OID:
			*amount_sign = (PG_GETARG_INT64(n) > 0) - (PG_GETARG_INT64(n) < 0);
			return (ct_int128) PG_GETARG_INT64(n) * CT_FIXED_ONE;
		default:
			elog(ERROR, "%s has no type that can be added up", what);
	}
}

static void
report_infinite(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s must not be infinite", what),
			 errhint("Give a finite one, or NULL where it is not known.")));
}

void
ct_check_date(int32 date, const char *what)
{
	if (unlikely(!ct_date_valid(date)))
		report_infinite(what);
}

void
ct_check_time(int64 time, const char *what)
{
	if (unlikely(!ct_time_valid(time)))
		report_infinite(what);
}

Datum
ct_digest_store(const ct_fields *type, const void *state)
{
	Size		size = VARHDRSZ + CT_FIELDS_HEADER + type->size;
	struct varlena *result = palloc(size);

	SET_VARSIZE(result, size);
	ct_fields_store(type, state, (unsigned char *) VARDATA(result));
	return PointerGetDatum(result);
}

static void
load_argument(FunctionCallInfo fcinfo, int n, const ct_fields *type,
			  void *state)
{
	struct varlena *stored = PG_GETARG_VARLENA_PP(n);

	if (unlikely(!ct_fields_load(type, (unsigned char *) VARDATA_ANY(stored),
								 VARSIZE_ANY_EXHDR(stored), state)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored %s is of an unknown version or size",
						type->type)));
}

void *
ct_getarg_digest(FunctionCallInfo fcinfo, int n, const ct_fields *type)
{
	void	   *state = palloc(ct_fields_state_size(type));

	load_argument(fcinfo, n, type, state);
	return state;
}

bool
ct_digest_field(const ct_fields *type, const void *state, size_t offset,
				Datum *figure)
{
	const char *value = (const char *) state + offset;
	const ct_field *field = type->field;
	ct_wide		wide;

	while (field->offset != offset)
		field++;
	if (!ct_field_present(type, field, state))
		return false;
	switch (field->kind)
	{
		case CT_FIELD_SUM:
			*figure = ct_numeric_from_sum((const ct_wide *) value);
			break;
		case CT_FIELD_AMOUNT:
			ct_wide_from_int128(&wide, *(const ct_int128 *) value);
			*figure = ct_numeric_from_sum(&wide);
			break;
		case CT_FIELD_COUNT:
		case CT_FIELD_TIME:
			*figure = Int64GetDatum(*(const int64 *) value);
			break;
		case CT_FIELD_DATE:
		case CT_FIELD_DAYS:
			*figure = Int32GetDatum(*(const int32 *) value);
			break;
	}
	return true;
}

Datum
ct_digest_figure(const ct_fields *type, size_t offset, FunctionCallInfo fcinfo)
{
	Datum		figure;

	CT_RETURN_IF(ct_digest_field(type, ct_getarg_digest(fcinfo, 0, type),
								 offset, &figure), figure);
}

/* Takes up a network form, which may come from anywhere. */
static void *
receive_state(const ct_fields *type, const char *bytes, Size length)
{
	void	   *state = palloc(ct_fields_state_size(type));
	ct_error	error;

	if (!ct_fields_receive(type, (const unsigned char *) bytes, length, state,
						   &error))
		ct_report(&error, type->type, NULL, NULL);
	return state;
}

Datum
ct_digest_recv(const ct_fields *type, FunctionCallInfo fcinfo)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;

	return ct_digest_store(type, receive_state(type,
											   pq_getmsgbytes(message, length),
											   length));
}

static Datum
send_state(const ct_fields *type, const void *state)
{
	Size		size = VARHDRSZ + ct_fields_network_size(type);
	bytea	   *result = palloc(size);

	SET_VARSIZE(result, size);
	ct_fields_send(type, state, (unsigned char *) VARDATA(result));
	return PointerGetDatum(result);
}

Datum
ct_digest_send(const ct_fields *type, FunctionCallInfo fcinfo)
{
	return send_state(type, ct_getarg_digest(fcinfo, 0, type));
}

void *
ct_aggregate_alloc(FunctionCallInfo fcinfo, Size size)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return MemoryContextAllocZero(context, size);
}

static void
merge_states(const ct_fields *type, void *state, const void *other)
{
	ct_error	error;

	if (!type->merge(state, other, &error))
		ct_report(&error, type->type, NULL, NULL);
}

/* The aggregate's state begins as a copy. */
static Datum
merge_into_aggregate(const ct_fields *type, FunctionCallInfo fcinfo,
					 const void *other)
{
	void	   *state = ct_digest_state(type, fcinfo);

	if (PG_ARGISNULL(0))
		memcpy(state, other, ct_fields_state_size(type));
	else
		merge_states(type, state, other);
	PG_RETURN_POINTER(state);
}

Datum
ct_digest_merge(const ct_fields *type, FunctionCallInfo fcinfo)
{
	/* nothing is allocated per row */
	uint64		other[CT_STATE_MOST / sizeof(uint64)];

	if (PG_ARGISNULL(1))
		return ct_same_state(fcinfo);
	load_argument(fcinfo, 1, type, other);
	return merge_into_aggregate(type, fcinfo, other);
}

Datum
ct_digest_combine(const ct_fields *type, FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(1))
		return ct_same_state(fcinfo);
	return merge_into_aggregate(type, fcinfo, PG_GETARG_POINTER(1));
}

Datum
ct_digest_serialize(const ct_fields *type, FunctionCallInfo fcinfo)
{
	return send_state(type, PG_GETARG_POINTER(0));
}

Datum
ct_digest_deserialize(const ct_fields *type, FunctionCallInfo fcinfo)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_POINTER(receive_state(type, VARDATA_ANY(bytes),
									VARSIZE_ANY_EXHDR(bytes)));
}

/* 22003 for what is too large to be stored. */
static Datum
store_finished(const ct_fields *type, const void *state)
{
	ct_error	error;

	if (!type->finished(state, &error))
		ct_report(&error, type->type, NULL, NULL);
	return ct_digest_store(type, state);
}

Datum
ct_digest_final(const ct_fields *type, FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return store_finished(type, PG_GETARG_POINTER(0));
}

Datum
ct_digest_plus(const ct_fields *type, FunctionCallInfo fcinfo)
{
	void	   *sum = ct_getarg_digest(fcinfo, 0, type);

	merge_states(type, sum, ct_getarg_digest(fcinfo, 1, type));
	return store_finished(type, sum);
}
