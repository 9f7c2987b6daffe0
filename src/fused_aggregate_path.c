/*
 * fused_aggregate_path.c
 *		When the planner may use a fused aggregate, and what it costs.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/planner.h"
#include "optimizer/tlist.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "fused_aggregate.h"

/* What a key and a transition cost, of what they do in the executor's table. */
#define ROW_SHARE 0.5
/*
 * What sorting costs for each group, of cpu_operator_cost: by the bytes of an
 * integer, or for each comparison of keys that lie in an array.
 */
#define RADIX_SHARE 1
#define SORT_SHARE 0.25

bool		ct_enable_fused_aggregate = true;
static create_upper_paths_hook_type previous_hook;

/* A grouped query, as far as it can be fused. */
typedef struct fused_query
{
	List	   *keys;			/* expressions */
	List	   *key_clauses;	/* SortGroupClauses */
	List	   *aggregates;		/* Aggrefs */
	size_t		state_bytes;	/* of all aggregates */
	bool		ours;			/* one of them at least is */
	bool		possible;
} fused_query;

/* Is equality of a type that of its bytes? */
static bool
is_key_type(Oid type, Oid collation)
{
	switch (getBaseType(type))
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case UUIDOID:
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return true;
		case TEXTOID:
		case VARCHAROID:
			return OidIsValid(collation) &&
				get_collation_isdeterministic(collation);
		default:
			return false;
	}
}

static bool
is_key(const SortGroupClause *clause, Node *expression)
{
	Oid			type = exprType(expression);
	TypeCacheEntry *entry;

	if (!is_key_type(type, exprCollation(expression)) ||
		contain_volatile_functions(expression))
		return false;
	entry = lookup_type_cache(getBaseType(type), TYPECACHE_EQ_OPR);
	return entry->eq_opr == clause->eqop;
}

/*
 * Is it an aggregate of PostgreSQL's whose state is one word, and can be merged
 * in any order?  Its argument is kept for a while, but not what it points to:
 * count(x) does not look there.
 */
static bool
is_word_aggregate(const Aggref *aggregate, Form_pg_aggregate form)
{
	Oid			argument = list_length(aggregate->args) == 1 ?
		exprType((Node *) ((TargetEntry *) linitial(aggregate->args))->expr) : InvalidOid;

	if (form->aggtranstype == FLOAT4OID || form->aggtranstype == FLOAT8OID)
		return false;
	return aggregate->aggfnoid < FirstUnpinnedObjectId &&
		list_length(aggregate->args) <= 1 &&
		(!OidIsValid(argument) || get_typbyval(argument) ||
		 form->aggtransfn == F_INT8INC_ANY) &&
		OidIsValid(form->aggcombinefn) &&
		!IsPolymorphicType(form->aggtranstype) &&
		form->aggtranstype != INTERNALOID && get_typbyval(form->aggtranstype);
}

/* If it can be fused, adds it up. */
static bool
is_fusible(const Aggref *aggregate, fused_query *query)
{
	HeapTuple	tuple;
	Form_pg_aggregate form;
	FmgrInfo	transition;
	const ct_row_kind *kind;
	bool		isnull;
	bool		result;

	if (aggregate->aggdistinct != NIL || aggregate->aggorder != NIL ||
		aggregate->aggdirectargs != NIL ||
		aggregate->aggkind != AGGKIND_NORMAL ||
		aggregate->aggsplit != AGGSPLIT_SIMPLE ||
		contain_volatile_functions((Node *) aggregate->args) ||
		contain_volatile_functions((Node *) aggregate->aggfilter))
		return false;
	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate->aggfnoid));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for aggregate %u", aggregate->aggfnoid);
	form = (Form_pg_aggregate) GETSTRUCT(tuple);
	fmgr_info(form->aggtransfn, &transition);
	kind = ct_fused_rows(transition.fn_addr);
	if (OidIsValid(form->aggfinalfn))
		result = false;
	else if (kind != NULL)
	{
		(void) SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval,
							   &isnull);
		query->ours |= isnull;
		result = isnull;
	}
	else
		result = is_word_aggregate(aggregate, form);
	query->state_bytes += kind != NULL ? kind->type->size : sizeof(Datum);
	ReleaseSysCache(tuple);
	return result;
}

/*
 * Collects the aggregates of what is returned; there must be nothing else in
 * it but keys.  True ends the walk.
 */
static bool
collect_aggregates(Node *node, fused_query *query)
{
	if (node == NULL)
		return false;
	if (list_member(query->keys, node))
		return false;
	if (IsA(node, Aggref) && ((Aggref *) node)->agglevelsup == 0)
	{
		if (list_member(query->aggregates, node))
			return false;
		query->aggregates = lappend(query->aggregates, node);
		query->possible = is_fusible((Aggref *) node, query);
		return !query->possible;
	}
	if (IsA(node, Var) || IsA(node, PlaceHolderVar) || IsA(node, GroupingFunc))
	{
		query->possible = false;
		return true;
	}
	return expression_tree_walker(node, collect_aggregates, (void *) query);
}

/* What of a query can be fused: all of it, or possible is false. */
static fused_query
examine(PlannerInfo *root, RelOptInfo *output, const GroupPathExtraData *extra)
{
	fused_query query = {.possible = true};
	ListCell   *cell;

	foreach(cell, CT_GROUP_CLAUSE(root))
	{
		SortGroupClause *clause = lfirst(cell);
		Node	   *key = get_sortgroupclause_expr(clause, root->processed_tlist);

		if (!is_key(clause, key))
		{
			query.possible = false;
			return query;
		}
		query.keys = lappend(query.keys, key);
		query.key_clauses = lappend(query.key_clauses, clause);
	}
	if (collect_aggregates((Node *) output->reltarget->exprs, &query) ||
		collect_aggregates((Node *) extra->havingQual, &query))
		return query;
	query.possible = query.ours && query.keys != NIL &&
		list_length(query.keys) <= CT_FUSED_MOST_KEYS &&
		list_length(query.aggregates) <= CT_FUSED_MOST_CALLS;
	return query;
}

/* An argument, which must not be computed where the filter fails. */
static Expr *
filtered(Expr *argument, Expr *filter)
{
	CaseExpr   *expression;
	CaseWhen   *when;

	if (filter == NULL || IsA(argument, Var) || IsA(argument, Const))
		return argument;
	when = makeNode(CaseWhen);
	when->expr = filter;
	when->result = argument;
	when->location = -1;
	expression = makeNode(CaseExpr);
	expression->casetype = exprType((Node *) argument);
	expression->casecollid = exprCollation((Node *) argument);
	expression->args = list_make1(when);
	expression->defresult = (Expr *) makeNullConst(expression->casetype,
												   exprTypmod((Node *) argument),
												   expression->casecollid);
	expression->location = -1;
	return (Expr *) expression;
}

/* The rows that the node reads: keys, arguments and filters. */
static PathTarget *
child_target(PlannerInfo *root, const fused_query *query)
{
	PathTarget *target = create_empty_pathtarget();
	ListCell   *cell;
	ListCell   *argument;
	int			i = 0;

	foreach(cell, query->keys)
		add_column_to_pathtarget(target, lfirst(cell),
								 ((SortGroupClause *) list_nth(query->key_clauses, i++))->tleSortGroupRef);
	foreach(cell, query->aggregates)
	{
		Aggref	   *aggregate = lfirst(cell);

		foreach(argument, aggregate->args)
			add_column_to_pathtarget(target,
									 filtered(((TargetEntry *) lfirst(argument))->expr,
											  aggregate->aggfilter), 0);
		if (aggregate->aggfilter != NULL)
			add_column_to_pathtarget(target, aggregate->aggfilter, 0);
	}
	return set_pathtarget_cost_width(root, target);
}

/*
 * Turning a path into a plan
 */

/* What a path has beside custom_private's lists for the plan: at their end. */
enum
{
	PATH_KEYS = CT_FUSED_PARTS, /* expressions */
	PATH_AGGREGATES,			/* Aggrefs */
	PATH_HAVING
};

static Plan *
plan_fused(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist,
		   List *clauses, List *custom_plans)
{
	CustomScan *plan = makeNode(CustomScan);
	List	   *row = list_concat_copy(list_nth(path->custom_private, PATH_KEYS),
									   list_nth(path->custom_private, PATH_AGGREGATES));
	ListCell   *cell;

	plan->scan.plan.targetlist = tlist;
	plan->scan.plan.qual = list_nth(path->custom_private, PATH_HAVING);
	plan->custom_plans = custom_plans;
	foreach(cell, row)
		plan->custom_scan_tlist = lappend(plan->custom_scan_tlist,
										  makeTargetEntry(copyObject(lfirst(cell)),
														  foreach_current_index(cell) + 1,
														  NULL, false));
	plan->custom_private = list_copy_head(path->custom_private, CT_FUSED_PARTS);
	plan->flags = path->flags;
	plan->methods = &ct_fused_scan_methods;
	return &plan->scan.plan;
}

static const CustomPathMethods fused_path_methods = {
	.CustomName = "FusedAggregate",
	.PlanCustomPath = plan_fused
};

/* What the executor is told. */
static List *
private_of(const fused_query *query, bool sorted, List *having)
{
	List	   *keys = NIL;
	List	   *operators = NIL;
	List	   *nulls_first = NIL;
	List	   *functions = NIL;
	List	   *arguments = NIL;
	List	   *filters = NIL;
	ListCell   *cell;

	foreach(cell, query->key_clauses)
	{
		SortGroupClause *clause = lfirst(cell);

		keys = lappend_int(keys, 1);
		if (sorted)
		{
			operators = lappend_oid(operators, clause->sortop);
			nulls_first = lappend_int(nulls_first, clause->nulls_first);
		}
	}
	foreach(cell, query->aggregates)
	{
		Aggref	   *aggregate = lfirst(cell);

		functions = lappend_oid(functions, aggregate->aggfnoid);
		arguments = lappend_int(arguments, list_length(aggregate->args));
		filters = lappend_int(filters, aggregate->aggfilter != NULL);
	}
	return list_concat(list_make5(keys, operators, nulls_first, functions,
								  arguments),
					   list_make4(filters, query->keys, query->aggregates, having));
}

/* What it costs to bring groups in order. */
static Cost
sort_cost(const fused_query *query, double groups)
{
	Node	   *key = linitial(query->keys);
	bool		integers = list_length(query->keys) == 1 &&
		get_typbyval(exprType(key)) && get_typlen(exprType(key)) >= sizeof(int32);

	return groups * cpu_operator_cost *
		(integers ? RADIX_SHARE : SORT_SHARE * log(Max(groups, 2)) / M_LN2);
}

/* What a group takes. */
static double
group_size(const fused_query *query)
{
	double		size = 32 + query->state_bytes;
	ListCell   *cell;

	foreach(cell, query->keys)
	{
		Oid			type = exprType(lfirst(cell));

		size += sizeof(Datum);
		if (!get_typbyval(type))
			size += get_typavgwidth(type, exprTypmod(lfirst(cell)));
	}
	return size;
}

/* To write groups once and to read them once. */
static Cost
disk_cost(double groups, double group_bytes)
{
	return 2 * seq_page_cost * groups * group_bytes / BLCKSZ;
}

/*
 * Sets the costs of a path by those of the executor's hashed aggregate.  Of
 * processes that share the groups out, each makes groups of its rows, of which
 * it keeps some and gives the others away.
 */
static void
set_costs(PlannerInfo *root, CustomPath *path, const fused_query *query,
		  bool sorted, double groups, double kept, List *having)
{
	Path	   *child = linitial(path->custom_paths);
	QualCost	having_cost;
	Cost		startup;
	Cost		total;
	double		group_bytes = group_size(query);
	double		limit = get_hash_memory_limit();

	/* the arguments are the child's */
	startup = child->total_cost +
		child->rows * ROW_SHARE * cpu_operator_cost *
		(list_length(query->keys) + list_length(query->aggregates));
	if (sorted)
		startup += sort_cost(query, kept);
	/* too many are parted, and parts that are too large once more */
	if (groups * group_bytes > limit)
		startup += disk_cost(groups, group_bytes) *
			ceil(log(groups * group_bytes / limit) / (ct_fused_part_bits(limit) * M_LN2));
	if (path->path.parallel_aware)
		startup += disk_cost(groups * path->path.parallel_workers /
							 (path->path.parallel_workers + 1), group_bytes);
	total = startup + cpu_tuple_cost * kept;
	path->path.rows = kept;
	if (having != NIL)
	{
		cost_qual_eval(&having_cost, having, root);
		startup += having_cost.startup;
		total += having_cost.startup + kept * having_cost.per_tuple;
		path->path.rows = clamp_row_est(kept *
										clauselist_selectivity(root, having, 0, JOIN_INNER, NULL));
	}
	path->path.startup_cost = startup + path->path.pathtarget->cost.startup;
	path->path.total_cost = total + path->path.pathtarget->cost.startup +
		path->path.rows * path->path.pathtarget->cost.per_tuple;
}

/* groups is how many it makes, and kept how many it returns. */
static CustomPath *
make_fused_path(PlannerInfo *root, RelOptInfo *output, Path *child,
				const fused_query *query, bool shared, bool sorted,
				double groups, double kept, List *having)
{
	CustomPath *path = makeNode(CustomPath);

	path->path.pathtype = T_CustomScan;
	path->path.parent = output;
	path->path.pathtarget = output->reltarget;
	path->path.parallel_aware = shared;
	path->path.parallel_safe = output->consider_parallel && child->parallel_safe;
	path->path.parallel_workers = child->parallel_workers;
	CT_INHERIT_DISABLED(&path->path, child);
	if (sorted)
		path->path.pathkeys = CT_GROUP_PATHKEYS(root);
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	path->custom_paths = list_make1(child);
	path->custom_private = private_of(query, sorted, having);
	path->methods = &fused_path_methods;
	set_costs(root, path, query, sorted, groups, kept, having);
	return path;
}

/* Is there an order that groups can be brought in? */
static bool
is_sortable(PlannerInfo *root, const fused_query *query)
{
	ListCell   *cell;

	/* of one group */
	if (CT_GROUP_PATHKEYS(root) == NIL)
		return false;
	foreach(cell, query->key_clauses)
		if (!OidIsValid(((SortGroupClause *) lfirst(cell))->sortop))
			return false;
	return true;
}

static bool
has_exec_param(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXEC)
		return true;
	return expression_tree_walker(node, has_exec_param, context);
}

/*
 * May there be a LIMIT above that is another one in another scan?  Workers stop
 * at that of the first one; see ExecParallelReinitialize().
 */
static bool
limit_varies(const PlannerInfo *root)
{
	for (; root != NULL; root = root->parent_root)
		if (has_exec_param(root->parse->limitCount, NULL) ||
			has_exec_param(root->parse->limitOffset, NULL))
			return true;
	return false;
}

/*
 * Below Gather, each process groups its rows, and all of them share the groups
 * out.
 */
static void
add_shared_paths(PlannerInfo *root, RelOptInfo *input, RelOptInfo *output,
				 PathTarget *rows, const fused_query *query, double groups,
				 List *having)
{
	Path	   *child = linitial(input->partial_pathlist);
	double		processes = child->parallel_workers + 1;
	double		made;

	child = (Path *) create_projection_path(root, input, child, rows);
	made = estimate_num_groups(root, query->keys, child->rows, NULL, NULL);
	for (int sorted = is_sortable(root, query); sorted >= 0; sorted--)
	{
		Path	   *path = (Path *)
			make_fused_path(root, output, child, query, true, sorted, made,
							clamp_row_est(groups / processes), having);
		double		total = path->rows * processes;

		if (sorted)
			path = (Path *) create_gather_merge_path(root, output, path,
													 output->reltarget,
													 path->pathkeys, NULL,
													 &total);
		else
			path = (Path *) create_gather_path(root, output, path,
											   output->reltarget, NULL, &total);
		add_path(output, path);
	}
}

static void
add_fused_paths(PlannerInfo *root, RelOptInfo *input, RelOptInfo *output,
				const GroupPathExtraData *extra)
{
	fused_query query = examine(root, output, extra);
	List	   *having = (List *) extra->havingQual;
	PathTarget *rows;
	Path	   *child;
	double		groups;

	if (!query.possible)
		return;
	rows = child_target(root, &query);
	child = (Path *) create_projection_path(root, input,
											input->cheapest_total_path, rows);
	groups = estimate_num_groups(root, query.keys, child->rows, NULL, NULL);
	for (int sorted = is_sortable(root, &query); sorted >= 0; sorted--)
		add_path(output, (Path *)
				 make_fused_path(root, output, child, &query, false, sorted,
								 groups, groups, having));
	if (output->consider_parallel && input->partial_pathlist != NIL &&
		!limit_varies(root))
		add_shared_paths(root, input, output, rows, &query, groups, having);
}

static void
create_fused_paths(PlannerInfo *root, UpperRelationKind stage,
				   RelOptInfo *input, RelOptInfo *output, void *extra)
{
	if (previous_hook)
		previous_hook(root, stage, input, output, extra);
	/* of partitions each by itself, the executor's aggregates take care */
	if (stage == UPPERREL_GROUP_AGG && ct_enable_fused_aggregate &&
		root->parse->groupClause != NIL && root->parse->groupingSets == NIL &&
		!root->parse->hasTargetSRFs && !IS_OTHER_REL(input) &&
		!IS_DUMMY_REL(input))
		add_fused_paths(root, input, output, extra);
}

/*
 * fused_support(internal): the planner's support function of our transition
 * functions.  It has nothing to tell, but that it is asked loads the library,
 * and so sets the hook above, before paths of aggregates are made.
 */
PG_FUNCTION_INFO_V1(ct_fused_support);
Datum
ct_fused_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(NULL);
}

void
ct_fused_planner_init(void)
{
	DefineCustomBoolVariable("customer_tier.enable_fused_aggregate",
							 "Enables the planner's use of fused aggregates for grouped digests.",
							 NULL, &ct_enable_fused_aggregate, true, PGC_USERSET,
							 GUC_EXPLAIN, NULL, NULL, NULL);
	RegisterCustomScanMethods(&ct_fused_scan_methods);
	previous_hook = create_upper_paths_hook;
	create_upper_paths_hook = create_fused_paths;
}
