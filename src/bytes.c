/*
 * bytes.c
 *		Comparison and hashing of each of our types whose equal values are
 *		equal bytes.  The order means nothing; it serves sorts and indexes.
 *
 * Sorts and index builds compare in a memory context that lives long, so
 * detoasted copies are freed.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "customer_tier.h"

/* -1, 0 or 1 */
static int
compare_bytes(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	Size		length_a = VARSIZE_ANY_EXHDR(a);
	Size		length_b = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b),
							   Min(length_a, length_b));

	if (order == 0)
		order = (length_a > length_b) - (length_a < length_b);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return (order > 0) - (order < 0);
}

PG_FUNCTION_INFO_V1(ct_bytes_eq);
Datum
ct_bytes_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_bytes(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(ct_bytes_ne);
Datum
ct_bytes_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_bytes(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(ct_bytes_lt);
Datum
ct_bytes_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_bytes(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(ct_bytes_le);
Datum
ct_bytes_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_bytes(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(ct_bytes_gt);
Datum
ct_bytes_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_bytes(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(ct_bytes_ge);
Datum
ct_bytes_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_bytes(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(ct_bytes_cmp);
Datum
ct_bytes_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_bytes(fcinfo));
}

PG_FUNCTION_INFO_V1(ct_bytes_hash);
Datum
ct_bytes_hash(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		result = hash_any((unsigned char *) VARDATA_ANY(value),
								  VARSIZE_ANY_EXHDR(value));

	PG_FREE_IF_COPY(value, 0);
	return result;
}

PG_FUNCTION_INFO_V1(ct_bytes_hash_extended);
Datum
ct_bytes_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		result = hash_any_extended((unsigned char *) VARDATA_ANY(value),
										   VARSIZE_ANY_EXHDR(value),
										   PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(value, 0);
	return result;
}
