/*
 * customer_tier.h
 *		What every SQL face shares: arguments, exact numbers, and errors.h.
 *
 * Include after postgres.h.
 */
#ifndef CUSTOMER_TIER_H
#define CUSTOMER_TIER_H

#include "access/transam.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "core/decimal.h"
#include "core/wide.h"
#include "errors.h"

/* What a transition function returns when it ignores a row. */
static inline Datum
ct_same_state(FunctionCallInfo fcinfo)
{
	fcinfo->isnull = fcinfo->args[0].isnull;
	return fcinfo->args[0].value;
}

/* customer_tier.c: the type that a function was declared with for argument n. */
extern Oid	ct_declared_type(FmgrInfo *function, int n);

/*
 * The type of argument n without domains: an aggregate that a user makes of
 * one of our functions may be declared with domains, which are passed as such.
 * Who calls without an expression, as a distributed engine does, has the types
 * of the declaration.
 */
static inline Oid
ct_argument_type(FunctionCallInfo fcinfo, int n)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, n);

	if (unlikely(!OidIsValid(type)))
		type = ct_declared_type(fcinfo->flinfo, n);
	return likely(type < FirstGenbkiObjectId) ? type : getBaseType(type);
}

/* wire.c: types whose binary form is a version and their canonical text */

/* The text of a binary message, palloc'd; 22P03 for another version. */
extern char *ct_receive_text(StringInfo message, const char *type);

extern bytea *ct_send_text(const char *text);

/* exact.c */

/*
 * Shows a numeric (as PG_GETARG_DATUM gives it) as a ct_decimal that points
 * into it; detoasts only what is compressed or out of line.  22003 for NaN
 * and infinities, naming what.
 */
extern void ct_decimal_from_numeric(Datum numeric, const char *what,
									ct_decimal *result);

/* Plain decimal text to numeric. */
extern Datum ct_numeric_from_text(const char *text);
extern Datum ct_numeric_from_decimal(const ct_decimal *d);

/* Plain decimal text of a decimal, palloc'd. */
extern char *ct_decimal_text(const ct_decimal *d);

/* a / 10^scale without trailing zeros; scale at most 18. */
extern Datum ct_numeric_from_wide(const ct_wide *a, int scale);

/* The double nearest to a finite numeric; 22003 beyond their range. */
extern double ct_numeric_to_double(Datum numeric);

#endif							/* CUSTOMER_TIER_H */
