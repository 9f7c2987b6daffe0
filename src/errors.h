/*
 * errors.h
 *		From the core's errors to PostgreSQL's.
 *
 * Include after postgres.h.
 */
#ifndef CT_ERRORS_H
#define CT_ERRORS_H

#include <math.h>

#include "nodes/nodes.h"

#include "compat.h"
#include "core/status.h"

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

#endif							/* CT_ERRORS_H */
