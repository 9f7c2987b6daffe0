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
 * units of 10^-8, a ninth decimal place rounded half away from zero; *sign is
 * that of the argument as given, -1, 0 or 1.  22003 for NaN, infinities and
 * what is beyond 10^22, naming what.  Allocates nothing for a figure that is
 * in range and not toasted.
 */
extern ct_int128 ct_getarg_fixed(FunctionCallInfo fcinfo, int n,
								 const char *what, int *sign);

/* The same for a numeric, and for a double, whose sign nobody asks for. */
extern ct_int128 ct_fixed_from_numeric(Datum numeric, const char *what,
									   int *sign);
extern ct_int128 ct_fixed_from_double(double value, const char *what);

/* An exact sum or amount in units of 10^-8 as numeric. */
static inline Datum
ct_numeric_from_sum(const ct_wide *sum)
{
	return ct_numeric_from_wide(sum, CT_FIXED_SCALE);
}

extern Datum ct_numeric_from_fixed(ct_int128 amount);

/* 22003 for an infinite date or time. */
extern void ct_check_date(int32 date, const char *what);
extern void ct_check_time(int64 time, const char *what);

/* The stored form of a state, palloc'd. */
extern Datum ct_digest_store(const ct_fields *type, const void *state);

/* The state of a stored digest. */
extern void ct_digest_load(const ct_fields *type, Datum digest, void *state);

/* The bodies of the type's input, output, receive and send functions. */
extern Datum ct_digest_in(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_out(const ct_fields *type, Datum digest);
extern Datum ct_digest_recv(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_send(const ct_fields *type, Datum digest);

/* Zeroed memory that lives as long as the aggregate's present group. */
extern void *ct_aggregate_alloc(FunctionCallInfo fcinfo, Size size);

/* Aggregate states to bytea and back. */
extern Datum ct_state_serialize(const ct_fields *type, const void *state);
extern void ct_state_deserialize(const ct_fields *type, Datum bytes,
								 void *state);

#endif							/* CT_DIGEST_H */
