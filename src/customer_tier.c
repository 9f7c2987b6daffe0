/*
 * customer_tier.c
 *		The module, and its beginning.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "fmgr.h"
#include "utils/syscache.h"

#include "customer_tier.h"
#include "fused_aggregate.h"

PG_MODULE_MAGIC;

extern void _PG_init(void);

void
_PG_init(void)
{
	ct_fused_planner_init();
	ct_fused_stats_init();
}

Oid
ct_declared_type(FmgrInfo *function, int n)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function->fn_oid));
	Form_pg_proc declared;
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function->fn_oid);
	declared = (Form_pg_proc) GETSTRUCT(tuple);
	type = n < declared->proargtypes.dim1 ? declared->proargtypes.values[n] :
		InvalidOid;
	ReleaseSysCache(tuple);
	return type;
}
