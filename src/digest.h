/*
 * digest.h
 *		What the faces of the digests share: amounts and times, arguments and
 *		results, and the bodies of the functions of the types of fixed size.
 *
 * A digest of fixed size is a varlena, and at the same time the state of its
 * aggregates: within one it is changed in place.  A stored one may be toasted
 * and have any alignment.  Equal digests are equal bytes.
 */
#ifndef CT_DIGEST_H
#define CT_DIGEST_H

#include "core/fields.h"
#include "customer_tier.h"

/*
 * A numeric, double precision, real or bigint in units of 10^-8, a ninth
 * decimal place rounded half away from zero; *amount_sign is that of the
 * figure as given, -1, 0 or 1.  22003 for NaN, infinities and what is beyond
 * 10^22, naming what.  Allocates nothing for a figure that is in range and not
 * toasted.
 */
extern ct_int128 ct_fixed_of_datum(Datum datum, Oid type, const char *what,
								   int *amount_sign);

/* The same of argument n, which is not NULL. */
static inline ct_int128
ct_getarg_fixed(FunctionCallInfo fcinfo, int n, const char *what,
				int *amount_sign)
{
	return ct_fixed_of_datum(PG_GETARG_DATUM(n), ct_argument_type(fcinfo, n),
							 what, amount_sign);
}

/* An exact sum in units of 10^-8 as numeric. */
static inline Datum
ct_numeric_from_sum(const ct_wide *sum)
{
	return ct_numeric_from_wide(sum, CT_FIXED_SCALE);
}

/* 22003 for an infinite date or time. */
extern void ct_check_date(int32 date, const char *what);
extern void ct_check_time(int64 time, const char *what);

/*
 * A date or a timestamptz as microseconds since 2000; a date is that day at
 * 00:00 UTC.  22003 when it is infinite, 22008 for a date beyond what a time
 * can be.
 */
extern int64 ct_time_of_datum(Datum time, Oid type, const char *what);

/* The same of argument n. */
static inline int64
ct_getarg_time(FunctionCallInfo fcinfo, int n, const char *what)
{
	return ct_time_of_datum(PG_GETARG_DATUM(n), ct_argument_type(fcinfo, n),
							what);
}

/* A digest, to be read only; palloc'd if need be. */
extern const void *ct_digest_of_datum(Datum datum, const ct_fields *type);

static inline const void *
ct_getarg_digest(FunctionCallInfo fcinfo, int n, const ct_fields *type)
{
	return ct_digest_of_datum(PG_GETARG_DATUM(n), type);
}

/* A digest of no rows, which may be anywhere that is aligned. */
static inline void
ct_digest_begin(const ct_fields *type, void *digest)
{
	ct_fields_begin(type, digest);
	SET_VARSIZE(digest, type->size);
}

/* The arguments of a transition function behind the state, as a row has them. */
typedef struct ct_arguments
{
	int			count;
	const Oid  *types;			/* those below domains */
	const Datum *values;
	const bool *nulls;
} ct_arguments;

/*
 * What aggregates whose state is a digest of fixed size do with a row.  It is
 * first taken up, which may allocate what it keeps of it, and later added: the
 * row itself may be gone by then.
 */
typedef struct ct_row_kind
{
	const ct_fields *type;
	size_t		size;			/* of a row that was taken up */
	size_t		touched;		/* first bytes of a digest that most rows are
								 * added to */

	/* false: the aggregate ignores it */
	bool		(*take) (const struct ct_row_kind *kind,
						 const ct_arguments *arguments, void *row);

	/* to a digest that was begun, and has rows unless first */
	void		(*add) (const struct ct_row_kind *kind, void *digest,
						bool first, const void *row);
} ct_row_kind;

extern const ct_row_kind ct_order_rows;
extern const ct_row_kind ct_payment_rows;
extern const ct_row_kind ct_order_digest_rows;
extern const ct_row_kind ct_payment_digest_rows;

/* The body of the transition function of such rows. */
extern Datum ct_digest_add(const ct_row_kind *kind, FunctionCallInfo fcinfo);

/* take() and add() for rows that are digests. */
extern bool ct_take_digest(const ct_row_kind *kind,
						   const ct_arguments *arguments, void *row);
extern void ct_add_digest(const ct_row_kind *kind, void *digest, bool first,
						  const void *row);

/*
 * Argument 0, a digest, to be changed and returned: the aggregate's state
 * itself, or a copy.  One of no rows for NULL; *begun tells that.
 */
extern void *ct_digest_state(const ct_fields *type, FunctionCallInfo fcinfo,
							 bool *begun);

/* ct_report() for an error of a type's. */
extern void ct_digest_report(const ct_fields *type, const ct_error *error);

/* PG_RETURN_DATUM where a figure is known, else PG_RETURN_NULL. */
#define CT_RETURN_IF(known, datum) \
	do { \
		if (!(known)) \
			PG_RETURN_NULL(); \
		return (datum); \
	} while (0)

/*
 * The field at this offset of a digest as the figure that SQL shows; false
 * when it is not there.
 */
extern bool ct_digest_field(const ct_fields *type, const void *digest,
							size_t offset, Datum *figure);

/* The body of a function that returns that of argument 0. */
extern Datum ct_digest_figure(const ct_fields *type, size_t offset,
							  FunctionCallInfo fcinfo);

/*
 * The bodies of the functions of a type: input, output, receive and send, and
 * merging two: the operator +, the transition function of rollup and the
 * combine function of both aggregates.
 */
extern Datum ct_digest_in(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_out(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_recv(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_send(const ct_fields *type, FunctionCallInfo fcinfo);
extern Datum ct_digest_merge(const ct_fields *type, FunctionCallInfo fcinfo);

#endif							/* CT_DIGEST_H */
