/*
 * fused_aggregate.c
 *		An executor node that groups rows and adds them to digests.
 *
 * What a grouped aggregate costs is mostly waiting for memory: the executor's
 * hash table takes one row after another, and each waits for its slot, its
 * tuple, and its states.  Here rows are taken in batches, and what they need
 * of memory is asked for before it is used; see fused_aggregate_table.c.
 */
#include "postgres.h"

#include "commands/explain.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"
#include "utils/sortsupport.h"
#include "utils/tuplesort.h"

#include "compat.h"
#include "fused_aggregate_table.h"

typedef struct fused_state
{
	CustomScanState css;

	ct_fused_table table;
	SortSupportData *sort;		/* of the keys; NULL: in any order */
	bool		filled;			/* the child has been read */
	bool		ran;			/* at any time, for EXPLAIN */
	uint32		next;			/* group to return */
	ct_keyed   *sorted;			/* by the first key; the rest are numbers */
	uint32		sorted_count;
	Tuplesortstate *tuples;		/* what is sorted after spilling */
	TupleTableSlot *sorted_row; /* of those */
	uint64		total_groups;	/* for EXPLAIN */
	ct_fused_shared *shared;	/* with other processes; NULL: it is alone */
} fused_state;

/* Forgets the groups in memory. */
static void
clear(fused_state *self)
{
	ct_fused_clear(&self->table);
	self->sorted = NULL;
	self->next = 0;
}

/*
 * What is sorted: the first key of each group, and in the rest its number and
 * whether that key is NULL.
 */
#define KEY_IS_NULL (UINT64CONST(1) << 32)

static int
compare_groups(const ct_keyed *a, const ct_keyed *b, fused_state *self)
{
	int			result = ApplySortComparator((Datum) a->key, a->rest >> 32,
											 (Datum) b->key, b->rest >> 32,
											 &self->sort[0]);

	if (result == 0 && self->table.nkeys > 1)
	{
		ct_fused_entry *left = ct_groups_entry(&self->table.groups, (uint32) a->rest);
		ct_fused_entry *right = ct_groups_entry(&self->table.groups, (uint32) b->rest);

		for (int i = 1; i < self->table.nkeys && result == 0; i++)
			result = ApplySortComparator(ct_fused_keys(left)[i],
										 (left->null_keys >> i) & 1,
										 ct_fused_keys(right)[i],
										 (right->null_keys >> i) & 1,
										 &self->sort[i]);
	}
	return result;
}

#define ST_SORT sort_groups
#define ST_ELEMENT_TYPE ct_keyed
#define ST_COMPARE(a, b, arg) compare_groups(a, b, arg)
#define ST_COMPARE_ARG_TYPE fused_state
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * By one key that is an integer.  One group at most has NULL: it is kept out,
 * and put where it belongs.
 */
static void
sort_integers(fused_state *self)
{
	SortSupport key = &self->sort[0];
	ct_keyed   *sorted = self->sorted;
	size_t		count = self->sorted_count;
	ct_keyed	null_group = {0};

	for (size_t i = 0; i < count; i++)
	{
		if (sorted[i].rest & KEY_IS_NULL)
		{
			null_group = sorted[i];
			sorted[i] = sorted[--count];
		}
		if (key->ssup_reverse && i < count)
			sorted[i].key = ~sorted[i].key;
	}
	ct_radix_sort(sorted, count, self->table.context);
	if (count == self->sorted_count)
		return;
	if (key->ssup_nulls_first)
		memmove(sorted + 1, sorted, count * sizeof(ct_keyed));
	sorted[key->ssup_nulls_first ? 0 : count] = null_group;
}

/* Puts the groups of the table in order. */
static void
sort_table(fused_state *self)
{
	self->sorted = MemoryContextAllocHuge(self->table.context,
										  Max(self->table.groups.count, 1) * sizeof(ct_keyed));
	self->sorted_count = 0;
	for (uint32 i = 0; i < self->table.groups.count; i++)
	{
		ct_fused_entry *entry = ct_groups_entry(&self->table.groups, i);
		ct_keyed   *sorted = &self->sorted[self->sorted_count];

		if (!ct_fused_is_own(&self->table, entry))
			continue;
		sorted->key = (int64) ct_fused_keys(entry)[0];
		sorted->rest = i | (entry->null_keys & 1 ? KEY_IS_NULL : 0);
		self->sorted_count++;
	}
	if (self->table.nkeys == 1 && CT_COMPARES_INTEGERS(self->sort[0].comparator))
		sort_integers(self);
	else
		sort_groups(self->sorted, self->sorted_count, self);
}

/* The next group of the table, or NULL. */
static ct_fused_entry *
next_entry(fused_state *self)
{
	const ct_groups *groups = &self->table.groups;

	if (self->sorted != NULL)
	{
		uint32		at = self->next;

		if (at >= self->sorted_count)
			return NULL;
		self->next++;
		if (at + 8 < self->sorted_count)
			ct_groups_prefetch_entry(groups, (uint32) self->sorted[at + 8].rest,
									 groups->entry_size);
		return ct_groups_entry(groups, (uint32) self->sorted[at].rest);
	}
	while (self->next < groups->count)
	{
		ct_fused_entry *entry = ct_groups_entry(groups, self->next++);

		if (ct_fused_is_own(&self->table, entry))
			return entry;
	}
	return NULL;
}

/* The next group of the table as a row, or an empty slot. */
static TupleTableSlot *
next_group(fused_state *self)
{
	TupleTableSlot *slot = self->css.ss.ss_ScanTupleSlot;
	ct_fused_entry *entry = next_entry(self);

	ExecClearTuple(slot);
	if (entry == NULL)
		return slot;
	for (int i = 0; i < self->table.nkeys; i++)
	{
		slot->tts_values[i] = ct_fused_keys(entry)[i];
		slot->tts_isnull[i] = (entry->null_keys >> i) & 1;
	}
	for (int i = 0; i < self->table.ncalls; i++)
	{
		void	   *state = ct_fused_state(entry, &self->table.calls[i]);

		slot->tts_values[self->table.nkeys + i] =
			self->table.calls[i].kind ? PointerGetDatum(state) : *(Datum *) state;
		slot->tts_isnull[self->table.nkeys + i] = !((entry->begun >> i) & 1);
	}
	return ExecStoreVirtualTuple(slot);
}

/* The next group, from the table or then from the parts on disk. */
static TupleTableSlot *
next_spilled(fused_state *self)
{
	TupleTableSlot *slot = next_group(self);

	while (TupIsNull(slot) && ct_fused_next_part(&self->table))
	{
		self->next = 0;
		slot = next_group(self);
	}
	if (!TupIsNull(slot))
		self->total_groups++;
	return slot;
}

/* Sorts what is on disk; there it is in no order. */
static void
sort_spilled(fused_state *self)
{
	TupleDesc	row = self->css.ss.ss_ScanTupleSlot->tts_tupleDescriptor;
	AttrNumber	columns[CT_FUSED_MOST_KEYS];
	Oid			operators[CT_FUSED_MOST_KEYS];
	Oid			collations[CT_FUSED_MOST_KEYS];
	bool		nulls_first[CT_FUSED_MOST_KEYS];
	CustomScan *plan = (CustomScan *) self->css.ss.ps.plan;
	List	   *sort_operators = list_nth(plan->custom_private,
										  CT_FUSED_SORT_OPERATORS);
	TupleTableSlot *slot;

	for (int i = 0; i < self->table.nkeys; i++)
	{
		columns[i] = i + 1;
		operators[i] = list_nth_oid(sort_operators, i);
		collations[i] = self->sort[i].ssup_collation;
		nulls_first[i] = self->sort[i].ssup_nulls_first;
	}
	self->tuples = tuplesort_begin_heap(row, self->table.nkeys, columns, operators,
										collations, nulls_first, work_mem,
										NULL, TUPLESORT_NONE);
	for (slot = next_spilled(self); !TupIsNull(slot); slot = next_spilled(self))
	{
		CHECK_FOR_INTERRUPTS();
		tuplesort_puttupleslot(self->tuples, slot);
	}
	tuplesort_performsort(self->tuples);
	clear(self);
}

/* Reads all rows of the child. */
static void
read_rows(fused_state *self)
{
	bool		more;

	do
	{
		more = ct_fused_add_batch(&self->table, linitial(self->css.custom_ps));
		if (ct_fused_must_spill(&self->table, self->table.batch_rows))
			ct_fused_spill(&self->table);
		CHECK_FOR_INTERRUPTS();
	} while (more);
}

/* Makes the groups. */
static void
fill(fused_state *self)
{
	if (self->shared == NULL)
		read_rows(self);
	else if (ct_fused_join(&self->table, self->shared))
	{
		read_rows(self);
		ct_fused_exchange(&self->table, self->shared);
	}
	self->table.peak = Max(self->table.peak, ct_fused_bytes(&self->table));
	self->filled = true;
	self->ran = true;
	self->total_groups = 0;
	if (self->table.writing != NULL)
	{
		ct_fused_spill(&self->table);
		ct_fused_end_spilling(&self->table);
		if (self->sort != NULL)
			sort_spilled(self);
	}
	else
	{
		for (uint32 i = 0; i < self->table.groups.count; i++)
			if (ct_fused_is_own(&self->table, ct_groups_entry(&self->table.groups, i)))
				self->total_groups++;
		if (self->sort != NULL)
			sort_table(self);
	}
}

/* The next row of keys and states, or an empty slot. */
static TupleTableSlot *
next_row(fused_state *self)
{
	TupleTableSlot *slot = self->css.ss.ss_ScanTupleSlot;
	TupleTableSlot *row = self->sorted_row;
	int			n = slot->tts_tupleDescriptor->natts;

	if (!self->filled)
		fill(self);
	if (self->tuples == NULL)
		return self->table.spills > 0 ? next_spilled(self) : next_group(self);
	ExecClearTuple(slot);
	if (!tuplesort_gettupleslot(self->tuples, true, false, row, NULL))
		return slot;
	slot_getallattrs(row);
	memcpy(slot->tts_values, row->tts_values, n * sizeof(Datum));
	memcpy(slot->tts_isnull, row->tts_isnull, n * sizeof(bool));
	return ExecStoreVirtualTuple(slot);
}

/*
 * Not by ExecScan(), for which this node reads a table: when a row that was
 * changed meanwhile is checked again, older minors would read nothing.
 */
static TupleTableSlot *
fused_exec(CustomScanState *node)
{
	ExprContext *context = node->ss.ps.ps_ExprContext;

	for (;;)
	{
		TupleTableSlot *slot = next_row((fused_state *) node);

		ResetExprContext(context);
		if (TupIsNull(slot))
			return node->ss.ps.ps_ProjInfo ?
				ExecClearTuple(node->ss.ps.ps_ProjInfo->pi_state.resultslot) : slot;
		context->ecxt_scantuple = slot;
		if (ExecQual(node->ss.ps.qual, context))
			return node->ss.ps.ps_ProjInfo ?
				ExecProject(node->ss.ps.ps_ProjInfo) : slot;
		InstrCountFiltered1(node, 1);
		CHECK_FOR_INTERRUPTS();
	}
}

/*
 * Beginning and ending
 */

static void
begin_sort(fused_state *self, List *operators, List *nulls_first, TupleDesc row)
{
	self->sort = palloc0(self->table.nkeys * sizeof(SortSupportData));
	for (int i = 0; i < self->table.nkeys; i++)
	{
		SortSupport key = &self->sort[i];

		key->ssup_cxt = CurrentMemoryContext;
		key->ssup_collation = TupleDescAttr(row, i)->attcollation;
		key->ssup_nulls_first = list_nth_int(nulls_first, i);
		key->ssup_attno = i + 1;
		PrepareSortSupportFromOrderingOp(list_nth_oid(operators, i), key);
	}
	self->sorted_row = MakeSingleTupleTableSlot(self->css.ss.ss_ScanTupleSlot->tts_tupleDescriptor,
												&TTSOpsMinimalTuple);
}

static void
fused_begin(CustomScanState *node, EState *estate, int eflags)
{
	fused_state *self = (fused_state *) node;
	ct_fused_table *table = &self->table;
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	PlanState  *child = ExecInitNode(linitial(plan->custom_plans), estate,
									 eflags);
	TupleDesc	row = ExecGetResultType(child);
	List	   *private = plan->custom_private;
	List	   *operators = list_nth(private, CT_FUSED_SORT_OPERATORS);
	List	   *functions = list_nth(private, CT_FUSED_AGGREGATES);
	int			column;

	node->custom_ps = list_make1(child);
	table->nkeys = column = list_length(list_nth(private, CT_FUSED_KEYS));
	for (int i = 0; i < table->nkeys; i++)
	{
		table->keys[i].length = TupleDescAttr(row, i)->attlen;
		table->keys[i].byval = TupleDescAttr(row, i)->attbyval;
	}
	table->ncalls = list_length(functions);
	for (int i = 0; i < table->ncalls; i++)
		ct_fused_begin_call(&table->calls[i], list_nth_oid(functions, i),
							list_nth_int(list_nth(private, CT_FUSED_ARGUMENTS), i),
							list_nth_int(list_nth(private, CT_FUSED_FILTERS), i),
							&column, row);
	table->sorts = operators != NIL;
	if (table->sorts)
		begin_sort(self, operators, list_nth(private, CT_FUSED_NULLS_FIRST), row);
	ct_fused_begin_table(table);
}

/* Forgets all rows. */
static void
forget(fused_state *self)
{
	ct_fused_close_parts(&self->table);
	if (self->tuples != NULL)
	{
		ExecClearTuple(self->sorted_row);
		tuplesort_end(self->tuples);
		self->tuples = NULL;
	}
	clear(self);
	self->table.level = 0;
	self->table.spills = 0;
	self->table.owners = 0;
	self->filled = false;
}

static void
fused_end(CustomScanState *node)
{
	fused_state *self = (fused_state *) node;

	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	forget(self);
	if (self->sorted_row != NULL)
		ExecDropSingleTupleTableSlot(self->sorted_row);
	ExecEndNode(linitial(node->custom_ps));
}

static void
fused_rescan(CustomScanState *node)
{
	fused_state *self = (fused_state *) node;
	PlanState  *child = linitial(node->custom_ps);

	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->ss.ps.chgParam != NULL)
		UpdateChangedParamSet(child, node->ss.ps.chgParam);
	if (self->filled && self->table.spills == 0 && child->chgParam == NULL &&
		self->shared == NULL)
	{
		/* the groups are still there */
		self->next = 0;
		return;
	}
	forget(self);
	if (child->chgParam == NULL)
		ExecReScan(child);
}

/*
 * Among other processes
 */

static Size
fused_estimate_shared(CustomScanState *node, ParallelContext *context)
{
	return ct_fused_shared_size();
}

static void
fused_begin_shared(CustomScanState *node, ParallelContext *context, void *memory)
{
	fused_state *self = (fused_state *) node;

	/* without a segment there will be no other process */
	self->shared = context->seg == NULL ? NULL : memory;
	if (self->shared != NULL)
		ct_fused_shared_begin(self->shared, context->seg);
}

static void
fused_restart_shared(CustomScanState *node, ParallelContext *context, void *memory)
{
	fused_state *self = (fused_state *) node;

	self->shared = context->seg == NULL ? NULL : memory;
	if (self->shared != NULL)
		ct_fused_shared_restart(self->shared);
}

static void
fused_attach_shared(CustomScanState *node, shm_toc *toc, void *memory)
{
	fused_state *self = (fused_state *) node;

	self->shared = memory;
	ct_fused_shared_attach(self->shared);
}

/*
 * The memory that is shared goes away.  The leader is the last to be here, but
 * where it was stopped early: then figures of workers may be missing.
 */
static void
fused_shutdown(CustomScanState *node)
{
	fused_state *self = (fused_state *) node;

	if (self->shared == NULL)
		return;
	ct_fused_sum_up(&self->table, self->shared, &self->total_groups);
	self->shared = NULL;
	self->ran = true;
}

static void
fused_explain(CustomScanState *node, List *ancestors, ExplainState *es)
{
	fused_state *self = (fused_state *) node;
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	List	   *context = set_deparse_context_plan(es->deparse_cxt,
												   node->ss.ps.plan, ancestors);
	List	   *keys = NIL;

	for (int i = 0; i < self->table.nkeys; i++)
		keys = lappend(keys,
					   deparse_expression((Node *) ((TargetEntry *) list_nth(plan->custom_scan_tlist, i))->expr,
										  context, CT_EXPLAINED_TABLES(es) > 1 || es->verbose, true));
	ExplainPropertyList("Group Key", keys, es);
	/* in a worker that has them alone, nobody knows the figures */
	if (!es->analyze || !self->ran)
		return;
	ExplainPropertyUInteger("Groups", NULL, self->total_groups, es);
	ExplainPropertyInteger("Memory Usage", "kB", (self->table.peak + 1023) / 1024, es);
	if (self->table.spilled_bytes > 0)
	{
		if (self->table.spills > 0)
			ExplainPropertyUInteger("Spills", NULL, self->table.spills, es);
		ExplainPropertyUInteger("Disk Usage", "kB", (self->table.spilled_bytes + 1023) / 1024, es);
	}
}

static const CustomExecMethods fused_exec_methods = {
	.CustomName = "FusedAggregate",
	.BeginCustomScan = fused_begin,
	.ExecCustomScan = fused_exec,
	.EndCustomScan = fused_end,
	.ReScanCustomScan = fused_rescan,
	.EstimateDSMCustomScan = fused_estimate_shared,
	.InitializeDSMCustomScan = fused_begin_shared,
	.ReInitializeDSMCustomScan = fused_restart_shared,
	.InitializeWorkerCustomScan = fused_attach_shared,
	.ShutdownCustomScan = fused_shutdown,
	.ExplainCustomScan = fused_explain
};

static Node *
fused_create_state(CustomScan *plan)
{
	fused_state *self = palloc0(sizeof(fused_state));

	NodeSetTag(self, T_CustomScanState);
	self->css.methods = &fused_exec_methods;
	return (Node *) self;
}

const CustomScanMethods ct_fused_scan_methods = {
	.CustomName = "FusedAggregate",
	.CreateCustomScanState = fused_create_state
};
