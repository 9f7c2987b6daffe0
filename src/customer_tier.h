/*
 * customer_tier.h
 *		What every SQL face shares: errors and exact numbers.
 *
 * Include after postgres.h.
 */
#ifndef CUSTOMER_TIER_H
#define CUSTOMER_TIER_H

#include <math.h>

#include "access/transam.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/nodes.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "compat.h"
#include "core/decimal.h"
#include "core/status.h"
#include "core/wide.h"

/* errors.c */

/*
 * Raises a core error (softly where escontext allows it; the caller then
 * returns NULL).  type and text make the primary message of a syntax error;
 * text may be NULL.
 */
extern void ct_report(const ct_error *error, const char *type,
					  const char *text, Node *escontext);

/* 22003: NaN or an infinity where a figure is needed. */
pg_noreturn extern void ct_report_not_finite(const char *what,
											 const char *value);

pg_noreturn extern void ct_report_not_finite_double(const char *what,
													double value);

/* 42804: the members of a population are of one type. */
pg_noreturn extern void ct_report_mixed_types(void);

/* XX001: a stored value that this version of the library cannot read. */
pg_noreturn extern void ct_report_stored(const char *type);

/* Refuses NaN and infinities; turns -0 into 0. */
static inline double
ct_checked_double(double value, const char *what)
{
	if (unlikely(!isfinite(value)))
		ct_report_not_finite_double(what, value);
	return value + 0.0;
}

/* True when names in the database's encoding are UTF-8. */
extern bool ct_utf8(void);

/* What a transition function returns when it ignores a row. */
static inline Datum
ct_same_state(FunctionCallInfo fcinfo)
{
	fcinfo->isnull = fcinfo->args[0].isnull;
	return fcinfo->args[0].value;
}

/*
 * The type of argument n without domains: an aggregate that a user makes of
 * one of our functions may be declared with domains, which are passed as such.
 */
static inline Oid
ct_argument_type(FunctionCallInfo fcinfo, int n)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, n);

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
