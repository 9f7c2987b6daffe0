/*
 * digest.c
 *		What the faces of the digests share.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "core/host.h"
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
ct_fixed_from_numeric(Datum numeric, const char *what)
{
	ct_decimal	d;
	ct_int128	result;

	ct_decimal_from_numeric(numeric, what, &d);
	if (unlikely(!ct_decimal_to_fixed(&d, &result)))
		report_too_large(what, numeric_normalize(DatumGetNumeric(numeric)));
	return result;
}

ct_int128
ct_fixed_from_double(double value, const char *what)
{
	char		text[CT_SHORTEST_SIZE];
	ct_int128	result;

	if (unlikely(!ct_double_to_fixed(ct_checked_double(value, what), &result)))
	{
		text[ct_host_shortest(value, text)] = '\0';
		report_too_large(what, text);
	}
	return result;
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

/*
 * Comparison and hashing, the same for every digest: bytes as they are
 * stored.  The order has no meaning beyond being one.
 */
static int
compare(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	Size		length_a = VARSIZE_ANY_EXHDR(a);
	Size		length_b = VARSIZE_ANY_EXHDR(b);
	int			result = memcmp(VARDATA_ANY(a), VARDATA_ANY(b),
								Min(length_a, length_b));

	if (result == 0)
		result = (length_a > length_b) - (length_a < length_b);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

PG_FUNCTION_INFO_V1(ct_digest_eq);
Datum
ct_digest_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(ct_digest_ne);
Datum
ct_digest_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(ct_digest_lt);
Datum
ct_digest_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(ct_digest_le);
Datum
ct_digest_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(ct_digest_gt);
Datum
ct_digest_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(ct_digest_ge);
Datum
ct_digest_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(ct_digest_cmp);
Datum
ct_digest_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

PG_FUNCTION_INFO_V1(ct_digest_hash);
Datum
ct_digest_hash(PG_FUNCTION_ARGS)
{
	struct varlena *digest = PG_GETARG_VARLENA_PP(0);
	Datum		result = hash_any((unsigned char *) VARDATA_ANY(digest),
								  VARSIZE_ANY_EXHDR(digest));

	PG_FREE_IF_COPY(digest, 0);
	return result;
}

PG_FUNCTION_INFO_V1(ct_digest_hash_extended);
Datum
ct_digest_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *digest = PG_GETARG_VARLENA_PP(0);
	Datum		result = hash_any_extended((unsigned char *) VARDATA_ANY(digest),
										   VARSIZE_ANY_EXHDR(digest),
										   PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(digest, 0);
	return result;
}
