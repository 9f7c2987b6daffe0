/*
 * digest.h
 *		What the faces of the digests share: amounts, the stored form,
 *		input and output, and the handling of aggregate states.
 *
 * A stored digest is a varlena.  It may be packed, and so have any alignment:
 *
 *	length | version | flags | 0 | 0 | 64-bit words, host order ...
 *
 * Equal digests are equal bytes.
 */
#ifndef CT_DIGEST_H
#define CT_DIGEST_H

#include "core/fields.h"
#include "customer_tier.h"

/*
 * Argument n, numeric, double precision, real or bigint and not NULL, in
 * units of 10^-8, a ninth decimal place rounded half away from zero;
 * *amount_sign is that of the argument as given, -1, 0 or 1.  22003 for NaN, infinities and
 * what is beyond 10^22, naming what.  Allocates nothing for a figure that is
 * in range and not toasted.
 */
extern ct_int128 ct_getarg_fixed(FunctionCallInfo fcinfo, int n,
								 const char *what, int *amount_sign);

/* An exact sum in units of 10^-8 as numeric. */
static inline Datum
ct_numeric_from_sum(const ct_wide *sum)
{
	return ct_numeric_from_wide(sum, CT_FIXED_SCALE);
}

/* 22003 for an infinite date or time. */
extern void ct_check_date(int32 date, const char *what);
extern void ct_check_time(int64 time, const char *what);

/* The stored form of a state, palloc'd. */
extern Datum ct_digest_store(const ct_fields *type, const void *state);

/* The state of argument n, a stored digest, palloc'd. */
extern void *ct_getarg_digest(FunctionCallInfo fcinfo, int n,
							  const ct_fields *type);

/* PG_RETURN_DATUM where a figure is known, else PG_RETURN_NULL. */
#define CT_RETURN_IF(known, datum) \
	do { \
		if (!(known)) \
			PG_RETURN_NULL(); \
		return (datum); \
	} while (0)

/*
 * The field at this offset of a state as the figure that SQL shows; false
 * when it is not there.
 */
extern bool ct_digest_field(const ct_fields *type, const void *state,
							size_t offset, Datum *figure);

/* The body of a function that returns that of argument 0. */
extern Datum ct_digest_figure(const ct_fields *type, size_t offset,
							  FunctionCallInfo fcinfo);

/* Zeroed memory that lives as long as the aggregate's present group. */
extern void *ct_aggregate_alloc(FunctionCallInfo fcinfo, Size size);

/* The aggregate's state, all zero at its first row. */
static inline void *
ct_digest_state(const ct_fields *type, FunctionCallInfo fcinfo)
{
	return likely(!PG_ARGISNULL(0)) ? PG_GETARG_POINTER(0) :
		ct_aggregate_alloc(fcinfo, ct_fields_state_size(type));
}

/*
 * The bodies of the functions of a type and its aggregates: of its input,
 * output, receive and send functions, of the transition function of rollup,
 * of the combine, serialization, deserialization and final functions, and of
 * the operator +.
 */
extern Datum ct_digest_in(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_out(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_recv(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_send(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_merge(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_combine(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_serialize(const ct_fields *type,
								 FunctionCallInfo fcinfo);
extern Datum ct_digest_deserialize(const ct_fields *type,
								   FunctionCallInfo fcinfo);
extern Datum ct_digest_final(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_plus(const ct_fields *type, FunctionCallInfo fcinfo);

#endif							/* CT_DIGEST_H */
