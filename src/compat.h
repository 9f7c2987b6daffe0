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
#endif

/* PostgreSQL 18's, which stands before a declaration. */
#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

#if PG_VERSION_NUM < 150000
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

#define MAT_SRF_USE_EXPECTED_DESC 0x01

/*
 * PostgreSQL 15's: results go to a tuplestore in rsinfo->setResult.  Here
 * flags can only be MAT_SRF_USE_EXPECTED_DESC.
 */
static inline void
InitMaterializedSRF(FunctionCallInfo fcinfo, int flags)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;

	if (rsinfo == NULL || !IsA(rsinfo, ReturnSetInfo) ||
		(rsinfo->allowedModes & SFRM_Materialize) == 0 ||
		rsinfo->expectedDesc == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	old = MemoryContextSwitchTo(rsinfo->econtext->ecxt_per_query_memory);
	rsinfo->returnMode = SFRM_Materialize;
	rsinfo->setDesc = CreateTupleDescCopy(rsinfo->expectedDesc);
	rsinfo->setResult = tuplestore_begin_heap((rsinfo->allowedModes & SFRM_Materialize_Random) != 0,
											  false, work_mem);
	MemoryContextSwitchTo(old);
}
#endif

#endif							/* CT_COMPAT_H */
