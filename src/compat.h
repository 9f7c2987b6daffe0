/*
 * compat.h
 *		Every difference between PostgreSQL 14 and 18 that concerns us.
 */
#ifndef CT_COMPAT_H
#define CT_COMPAT_H

#if PG_VERSION_NUM < 140000
#error "customer_tier needs PostgreSQL 14 or newer"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#define CT_ESCONTEXT(fcinfo) ((fcinfo)->context)
#else
/* No soft errors yet: every error is raised. */
#define CT_ESCONTEXT(fcinfo) ((Node *) NULL)
#define errsave(context, ...) ereport(ERROR, __VA_ARGS__)
#define SOFT_ERROR_OCCURRED(context) false
#endif

#endif							/* CT_COMPAT_H */
