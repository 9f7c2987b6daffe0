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

static void
report_too_large(const char *what, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is too large to be added up", what),
			 errdetail("The figure is %s; at most 10^22 in size can be added up.",
					   value)));
}

ct_int128
ct_fixed_from_numeric(Datum numeric, const char *what, int *sign)
{
	ct_decimal	d;
	ct_int128	result;

	ct_decimal_from_numeric(numeric, what, &d);
	if (unlikely(!ct_decimal_to_fixed(&d, &result)))
		report_too_large(what, ct_decimal_text(&d));
	*sign = d.sign;
	return result;
}

/* The message shows all digits, whatever extra_float_digits is. */
ct_int128
ct_fixed_from_double(double value, const char *what)
{
	ct_int128	result;
	char		text[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (unlikely(!ct_double_to_fixed(ct_checked_double(value, what),
									 &result)))
	{
		(void) double_to_shortest_decimal_buf(value, text);
		report_too_large(what, text);
	}
	return result;
}

static ct_int128
fixed_from_real(float value, const char *what)
{
	ct_int128	result;
	char		text[FLOAT_SHORTEST_DECIMAL_LEN];

	if (unlikely(!ct_real_to_fixed((float) ct_checked_double(value, what),
								   &result)))
	{
		(void) float_to_shortest_decimal_buf(value, text);
		report_too_large(what, text);
	}
	return result;
}

ct_int128
ct_getarg_fixed(FunctionCallInfo fcinfo, int n, const char *what, int *sign)
{
	double		value;

	switch (get_fn_expr_argtype(fcinfo->flinfo, n))
	{
		case NUMERICOID:
			return ct_fixed_from_numeric(PG_GETARG_DATUM(n), what, sign);
		case FLOAT8OID:
			value = PG_GETARG_FLOAT8(n);
			*sign = (value > 0) - (value < 0);
			return ct_fixed_from_double(value, what);
		case FLOAT4OID:
			value = PG_GETARG_FLOAT4(n);
			*sign = (value > 0) - (value < 0);
			return fixed_from_real(PG_GETARG_FLOAT4(n), what);
		case INT8OID:
			*sign = (PG_GETARG_INT64(n) > 0) - (PG_GETARG_INT64(n) < 0);
			return (ct_int128) PG_GETARG_INT64(n) * CT_FIXED_ONE;
		default:
			elog(ERROR, "%s has no type that can be added up", what);
	}
}

Datum
ct_numeric_from_fixed(ct_int128 amount)
{
	ct_wide		wide;

	ct_wide_from_int128(&wide, amount);
	return ct_numeric_from_sum(&wide);
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

void
ct_digest_load(const ct_fields *type, Datum digest, void *state)
{
	struct varlena *stored = PG_DETOAST_DATUM_PACKED(digest);

	if (unlikely(!ct_fields_load(type, (unsigned char *) VARDATA_ANY(stored),
								 VARSIZE_ANY_EXHDR(stored), state)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored %s is of an unknown version or size",
						type->type)));
}

/* Room for a state and its flags. */
static void *
alloc_state(const ct_fields *type)
{
	return palloc(type->size + sizeof(uint64));
}

Datum
ct_digest_in(const ct_fields *type, FunctionCallInfo fcinfo)
{
	char	   *text = PG_GETARG_CSTRING(0);
	void	   *state = alloc_state(type);
	ct_error	error;

	if (!ct_fields_read(type, text, strlen(text), state, &error))
	{
		ct_report(&error, type->type, text, CT_ESCONTEXT(fcinfo));
		PG_RETURN_NULL();
	}
	return ct_digest_store(type, state);
}

Datum
ct_digest_out(const ct_fields *type, Datum digest)
{
	void	   *state = alloc_state(type);
	char	   *text = palloc(ct_fields_text_size(type));

	ct_digest_load(type, digest, state);
	ct_fields_write(type, state, text);
	return CStringGetDatum(text);
}

Datum
ct_digest_recv(const ct_fields *type, FunctionCallInfo fcinfo)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	const char *bytes = pq_getmsgbytes(message, length);
	void	   *state = alloc_state(type);
	ct_error	error;

	if (!ct_fields_receive(type, (const unsigned char *) bytes, length, state,
						   &error))
		ct_report(&error, type->type, NULL, NULL);
	return ct_digest_store(type, state);
}

Datum
ct_digest_send(const ct_fields *type, Datum digest)
{
	void	   *state = alloc_state(type);

	ct_digest_load(type, digest, state);
	return ct_state_serialize(type, state);
}

void *
ct_aggregate_alloc(FunctionCallInfo fcinfo, Size size)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return MemoryContextAllocZero(context, size);
}

Datum
ct_state_serialize(const ct_fields *type, const void *state)
{
	Size		size = VARHDRSZ + ct_fields_network_size(type);
	bytea	   *result = palloc(size);

	SET_VARSIZE(result, size);
	ct_fields_send(type, state, (unsigned char *) VARDATA(result));
	return PointerGetDatum(result);
}

void
ct_state_deserialize(const ct_fields *type, Datum bytes, void *state)
{
	bytea	   *serialized = DatumGetByteaPP(bytes);
	ct_error	error;

	if (!ct_fields_receive(type, (unsigned char *) VARDATA_ANY(serialized),
						   VARSIZE_ANY_EXHDR(serialized), state, &error))
		ct_report(&error, type->type, NULL, NULL);
}
