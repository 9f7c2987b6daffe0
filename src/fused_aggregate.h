/*
 * fused_aggregate.h
 *		What the planner tells the executor of a fused aggregate.
 *
 * Its child's rows have the keys, and behind them for each aggregate its
 * arguments and, where it has a FILTER, whether the row passes.
 */
#ifndef CT_FUSED_AGGREGATE_H
#define CT_FUSED_AGGREGATE_H

#include "postgres.h"

#include "catalog/pg_aggregate.h"
#include "nodes/extensible.h"
#include "nodes/pathnodes.h"

#include "digest.h"

#define CT_FUSED_MOST_KEYS 16
#define CT_FUSED_MOST_CALLS 16

/* Members of custom_private, all of them lists. */
enum
{
	CT_FUSED_KEYS,				/* ints: 1 for each key, sorted by or not */
	CT_FUSED_SORT_OPERATORS,	/* oids, one for each key; NIL: any order */
	CT_FUSED_NULLS_FIRST,		/* ints, of the same keys */
	CT_FUSED_AGGREGATES,		/* oids, of the functions */
	CT_FUSED_ARGUMENTS,			/* ints: how many each has */
	CT_FUSED_FILTERS,			/* ints: 1 where there is one */
	CT_FUSED_PARTS
};

/*
 * How rows of an aggregate are added to a digest, told by the address of its
 * transition function; NULL for those of others.
 */
extern const ct_row_kind *ct_fused_rows(PGFunction transition);

/* Into how many parts groups beyond a limit are parted, as a power of 2. */
extern int	ct_fused_part_bits(size_t limit);

extern const CustomScanMethods ct_fused_scan_methods;

/* The setting customer_tier.enable_fused_aggregate. */
extern bool ct_enable_fused_aggregate;

extern void ct_fused_planner_init(void);
extern void ct_fused_stats_init(void);

#endif							/* CT_FUSED_AGGREGATE_H */
