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
ct_fixed_of_datum(Datum datum, Oid type, const char *what, int *amount_sign)
{
	ct_decimal	d;
	double		value;
	ct_int128	result;

	switch (type)
	{
		case NUMERICOID:
			ct_decimal_from_numeric(datum, what, &d);
			*amount_sign = d.sign;
			if (unlikely(!ct_decimal_to_fixed(&d, &result)))
				report_too_large(what, ct_decimal_text(&d));
			return result;
		case FLOAT8OID:
			value = ct_checked_double(DatumGetFloat8(datum), what);
			*amount_sign = (value > 0) - (value < 0);
			if (unlikely(!ct_double_to_fixed(value, &result)))
				report_too_large(what, double_to_shortest_decimal(value));
			return result;
		case FLOAT4OID:
			value = ct_checked_double(DatumGetFloat4(datum), what);
			*amount_sign = (value > 0) - (value < 0);
			if (unlikely(!ct_real_to_fixed((float) value, &result)))
				report_too_large(what, float_to_shortest_decimal((float) value));
			return result;
		case INT8OID:
			*amount_sign = (DatumGetInt64(datum) > 0) - (DatumGetInt64(datum) < 0);
			return (ct_int128) DatumGetInt64(datum) * CT_FIXED_ONE;
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

int64
ct_time_of_datum(Datum time, Oid type, const char *what)
{
	/* a timestamp is what a timestamptz is in UTC */
	if (type == DATEOID)
		time = DirectFunctionCall1(date_timestamp, time);
	ct_check_time(DatumGetTimestamp(time), what);
	return DatumGetTimestamp(time);
}

void
ct_digest_report(const ct_fields *type, const ct_error *error)
{
	ct_report(error, type->type, NULL, NULL);
}

/*
 * A digest that can be read where it lies: with a header of four bytes, which
 * all of ours have that are not toasted, and aligned.
 */
static inline bool
is_plain(const ct_fields *type, const struct varlena *digest)
{
	return VARATT_IS_4B_U(digest) && VARSIZE(digest) == type->size &&
		(uintptr_t) digest == MAXALIGN((uintptr_t) digest) &&
		((const ct_fields_header *) digest)->version == type->version;
}

/* A plain copy of a digest, however it is stored. */
static void *
copy_plain(const ct_fields *type, struct varlena *digest)
{
	struct varlena *plain = PG_DETOAST_DATUM_COPY(PointerGetDatum(digest));

	if (!is_plain(type, plain))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored %s is of an unknown version or size",
						type->type)));
	return plain;
}

const void *
ct_digest_of_datum(Datum datum, const ct_fields *type)
{
	struct varlena *digest = (struct varlena *) DatumGetPointer(datum);

	return likely(is_plain(type, digest)) ? digest : copy_plain(type, digest);
}

/*
 * What is new is allocated in the memory of the call: the executor copies it
 * to where states live.
 */
void *
ct_digest_state(const ct_fields *type, FunctionCallInfo fcinfo, bool *begun)
{
	struct varlena *digest;

	*begun = PG_ARGISNULL(0);
	if (unlikely(*begun))
	{
		digest = palloc(type->size);
		ct_digest_begin(type, digest);
		return digest;
	}
	digest = (struct varlena *) PG_GETARG_POINTER(0);
	if (likely(AggCheckCallContext(fcinfo, NULL) && is_plain(type, digest)))
		return digest;
	return copy_plain(type, digest);
}

bool
ct_digest_field(const ct_fields *type, const void *digest, size_t offset,
				Datum *figure)
{
	const char *value = (const char *) digest + offset;
	const ct_field *field = type->field;
	ct_wide		wide;

	while (field->offset != offset)
		field++;
	if (!ct_field_present(field, digest))
		return false;
	switch (field->kind)
	{
		case CT_FIELD_SUM:
			*figure = ct_numeric_from_sum((const ct_wide *) value);
			break;
		case CT_FIELD_TOTAL:
		case CT_FIELD_AMOUNT:
			wide = ct_wide_of(*(const ct_int128 *) value);
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

Datum
ct_digest_recv(const ct_fields *type, FunctionCallInfo fcinfo)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	struct varlena *digest = palloc(type->size);
	ct_error	error;

	if (!ct_fields_receive(type, (const unsigned char *)
						   pq_getmsgbytes(message, length), length, digest,
						   &error))
		ct_digest_report(type, &error);
	SET_VARSIZE(digest, type->size);
	PG_RETURN_POINTER(digest);
}

Datum
ct_digest_send(const ct_fields *type, FunctionCallInfo fcinfo)
{
	const void *digest = ct_getarg_digest(fcinfo, 0, type);
	Size		size = VARHDRSZ + ct_fields_sent_size(type);
	bytea	   *result = palloc(size);

	SET_VARSIZE(result, size);
	ct_fields_send(type, digest, (unsigned char *) VARDATA(result));
	PG_RETURN_BYTEA_P(result);
}

/* More arguments, and larger rows, than any transition function has. */
#define MOST_ARGUMENTS 8
#define MOST_ROW_WORDS 16

/* The types of the arguments behind the state, looked up once a query. */
static const Oid *
argument_types(FunctionCallInfo fcinfo)
{
	Oid		   *types = fcinfo->flinfo->fn_extra;

	if (unlikely(types == NULL))
	{
		types = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt,
								   MOST_ARGUMENTS * sizeof(Oid));
		for (int i = 1; i < PG_NARGS(); i++)
			types[i - 1] = ct_argument_type(fcinfo, i);
		fcinfo->flinfo->fn_extra = types;
	}
	return types;
}

Datum
ct_digest_add(const ct_row_kind *kind, FunctionCallInfo fcinfo)
{
	Datum		values[MOST_ARGUMENTS];
	bool		nulls[MOST_ARGUMENTS];
	uint64		row[MOST_ROW_WORDS];
	ct_arguments arguments = {
		PG_NARGS() - 1, argument_types(fcinfo), values, nulls
	};
	void	   *digest;
	bool		begun;

	Assert(arguments.count <= MOST_ARGUMENTS && kind->size <= sizeof(row));
	for (int i = 0; i < arguments.count; i++)
	{
		values[i] = PG_GETARG_DATUM(i + 1);
		nulls[i] = PG_ARGISNULL(i + 1);
	}
	if (!kind->take(kind, &arguments, row))
		return ct_same_state(fcinfo);
	digest = ct_digest_state(kind->type, fcinfo, &begun);
	kind->add(kind, digest, begun, row);
	PG_RETURN_POINTER(digest);
}

bool
ct_take_digest(const ct_row_kind *kind, const ct_arguments *arguments,
			   void *row)
{
	void	   *copy;

	if (arguments->nulls[0])
		return false;
	copy = palloc(kind->type->size);
	memcpy(copy, ct_digest_of_datum(arguments->values[0], kind->type),
		   kind->type->size);
	*(void **) row = copy;
	return true;
}

void
ct_add_digest(const ct_row_kind *kind, void *digest, bool first,
			  const void *row)
{
	const void *other = *(void *const *) row;
	ct_error	error;

	if (first)
		memcpy(digest, other, kind->type->size);
	else if (!kind->type->merge(digest, other, &error))
		ct_digest_report(kind->type, &error);
}

Datum
ct_digest_merge(const ct_fields *type, FunctionCallInfo fcinfo)
{
	bool		begun;
	void	   *digest = ct_digest_state(type, fcinfo, &begun);
	ct_error	error;

	if (!type->merge(digest, ct_getarg_digest(fcinfo, 1, type), &error))
		ct_digest_report(type, &error);
	PG_RETURN_POINTER(digest);
}
