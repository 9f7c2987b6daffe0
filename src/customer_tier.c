/*
 * customer_tier.c
 *		The module, and its beginning.
 */
#include "postgres.h"

#include "fmgr.h"

#include "fused_aggregate.h"

PG_MODULE_MAGIC;

extern void _PG_init(void);

void
_PG_init(void)
{
	ct_fused_planner_init();
	ct_fused_stats_init();
}
