/*
 * fused_aggregate_stats.c
 *		What the planner may know of grouped digests that are joined.
 *
 * Before PostgreSQL 18 it takes the column by which a subquery is grouped for
 * one of 200 values, and so expects billions of rows of a million orders'
 * digests and as many payments', whose merge join then seems dear.  It is
 * told that the column is unique.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "utils/selfuncs.h"
#include "utils/syscache.h"

#include "compat.h"
#include "fused_aggregate.h"

static get_relation_stats_hook_type previous_hook;

static bool
makes_digest(const Aggref *aggregate)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate->aggfnoid));
	FmgrInfo	transition;

	if (!HeapTupleIsValid(tuple))
		return false;
	fmgr_info(((Form_pg_aggregate) GETSTRUCT(tuple))->aggtransfn, &transition);
	ReleaseSysCache(tuple);
	return ct_fused_rows(transition.fn_addr) != NULL;
}

static bool
has_digests(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Aggref) && makes_digest((Aggref *) node))
		return true;
	return expression_tree_walker(node, has_digests, context);
}

/* Does a subquery return one row for each value of a column, and digests? */
static bool
is_grouped_by(const Query *subquery, AttrNumber column)
{
	TargetEntry *entry = get_tle_by_resno(subquery->targetList, column);

	return entry != NULL && list_length(subquery->groupClause) == 1 &&
		subquery->groupingSets == NIL && !subquery->hasTargetSRFs &&
		subquery->setOperations == NULL &&
		((SortGroupClause *) linitial(subquery->groupClause))->tleSortGroupRef ==
		entry->ressortgroupref &&
		has_digests((Node *) subquery->targetList, NULL);
}

static bool
grouped_stats(PlannerInfo *root, RangeTblEntry *rte, AttrNumber column,
			  VariableStatData *data)
{
	if (previous_hook && previous_hook(root, rte, column, data))
		return true;
	if (ct_enable_fused_aggregate && rte->rtekind == RTE_SUBQUERY &&
		is_grouped_by(rte->subquery, column))
		data->isunique = true;
	return false;
}

void
ct_fused_stats_init(void)
{
	previous_hook = get_relation_stats_hook;
	get_relation_stats_hook = grouped_stats;
}
