/*
 * fused_aggregate_table.h
 *		The groups of a fused aggregate: their keys and states, the rows that
 *		are added to them, and those that are on disk.
 */
#ifndef CT_FUSED_AGGREGATE_TABLE_H
#define CT_FUSED_AGGREGATE_TABLE_H

#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "storage/buffile.h"
#include "storage/dsm.h"

#include "core/groups.h"
#include "core/radix.h"
#include "fused_aggregate.h"

/* Rows that are taken from the child between two looks at the memory, at most. */
#define CT_FUSED_BATCH 256

/* What every entry begins with; then its keys, a Datum each, and its states. */
typedef struct ct_fused_entry
{
	uint32		hash;
	uint16		null_keys;		/* bits */
	uint16		begun;			/* bits, of states that are not NULL */
} ct_fused_entry;

typedef struct ct_fused_key
{
	int16		length;
	bool		byval;
} ct_fused_key;

/* An aggregate. */
typedef struct ct_fused_call
{
	int			argument;		/* the first one's place in the child's rows */
	int			filter;			/* the place of its condition, or -1 */
	int			nargs;
	size_t		state;			/* offsets in the entry, and in a row */
	size_t		row;

	/* of ours */
	const ct_row_kind *kind;
	Oid		   *types;

	/* or one whose state is passed by value */
	bool		counts;			/* by 1 */
	bool		strict;
	bool		begins;			/* with a value that is not NULL */
	Datum		initial;
	FunctionCallInfo transition;
	FunctionCallInfo combination;
	bool		combination_strict;
} ct_fused_call;

/* A file of groups of which the first bits of the hash are equal. */
typedef struct ct_fused_part
{
	BufFile    *file;
	int			level;			/* how often they were parted, from 1 */
} ct_fused_part;

typedef struct ct_fused_table
{
	int			nkeys;
	ct_fused_key keys[CT_FUSED_MOST_KEYS];
	int			ncalls;
	ct_fused_call calls[CT_FUSED_MOST_CALLS];
	bool		sorts;			/* the groups, in the end */

	MemoryContext context;		/* everything about groups */
	ct_groups	groups;
	size_t		key_bytes;		/* of keys by reference */
	size_t		limit;

	/* parts on disk: those being written, and those to be read */
	MemoryContext query_context;	/* where they live */
	int			part_bits;
	ct_fused_part *writing;		/* one for each part, or NULL */
	int			level;			/* of the groups in memory */
	List	   *parts;

	/* of the processes that share the groups out: how many, and which is this */
	uint32		owners;			/* 0: it has all groups */
	uint32		owner;

	/* a batch */
	MemoryContext batch;
	int			batch_rows;		/* at most */
	size_t		row_size;
	size_t		touched;		/* first bytes of an entry */
	char	   *rows;
	Datum	   *batch_keys;
	uint16	   *batch_nulls;
	uint16	   *present;		/* bits: which aggregates take the row */
	uint32	   *hashes;
	uint32	   *numbers;

	/* for EXPLAIN */
	uint64		spills;
	uint64		spilled_bytes;
	size_t		peak;
} ct_fused_table;

static inline Datum *
ct_fused_keys(ct_fused_entry *entry)
{
	return (Datum *) (entry + 1);
}

static inline void *
ct_fused_state(ct_fused_entry *entry, const ct_fused_call *call)
{
	return (char *) entry + call->state;
}

/* Whose a group is: as many of the hashes are each one's. */
static inline uint32
ct_fused_owner(const ct_fused_table *table, uint32 hash)
{
	/* not by the first bits of the hash, of which parts are made */
	return (uint64) (uint32) (hash * UINT32_C(0x9e3779b1)) * table->owners >> 32;
}

static inline bool
ct_fused_is_own(const ct_fused_table *table, const ct_fused_entry *entry)
{
	return table->owners == 0 ||
		ct_fused_owner(table, entry->hash) == table->owner;
}

static inline size_t
ct_fused_key_size(const ct_fused_key *key, Datum value)
{
	return key->length > 0 ? key->length :
		VARSIZE_ANY(DatumGetPointer(value));
}

/*
 * fused_aggregate_call.c
 */

/*
 * Reads up on an aggregate.  Its arguments are the child's columns from
 * *column on, which is moved behind them.
 */
extern void ct_fused_begin_call(ct_fused_call *call, Oid function, int nargs,
								bool filter, int *column, TupleDesc row);

/*
 * Lays out the rows and entries of all aggregates, behind the keys; returns
 * the size of an entry.
 */
extern size_t ct_fused_lay_out(ct_fused_table *table);

/* The states of a new group, which are all zeros, as before any row. */
extern void ct_fused_begin_states(const ct_fused_table *table,
								  ct_fused_entry *entry);

/*
 * Takes up what the aggregates need of a row of the child's, allocated in the
 * current context where need be; bits of those that do not ignore it.
 */
extern uint16 ct_fused_take_row(const ct_fused_table *table,
								const Datum *values, const bool *nulls,
								char *row);

/* Adds a row that was taken up to the group that it belongs to. */
extern void ct_fused_add_row(const ct_fused_table *table,
							 ct_fused_entry *entry, uint16 present,
							 const char *row);

/* Adds the states of a group to those of another of the same keys. */
extern void ct_fused_merge(const ct_fused_table *table, ct_fused_entry *entry,
						   ct_fused_entry *other);

/*
 * fused_aggregate_table.c
 */

/* Begins without groups, when keys and aggregates are known. */
extern void ct_fused_begin_table(ct_fused_table *table);

/* Forgets all groups in memory. */
extern void ct_fused_clear(ct_fused_table *table);

/*
 * What they take; is it too much with groups of some more rows, and can they be
 * parted further?
 */
extern size_t ct_fused_bytes(const ct_fused_table *table);
extern bool ct_fused_must_spill(const ct_fused_table *table, int rows);

/* The group of these keys, or CT_GROUPS_NONE; a new one. */
extern uint32 ct_fused_find(ct_fused_table *table, uint32 hash, uint16 nulls,
							const Datum *keys);
extern uint32 ct_fused_add(ct_fused_table *table, uint32 hash, uint16 nulls,
						   const Datum *keys);

/* Adds the child's next rows; false after the last. */
extern bool ct_fused_add_batch(ct_fused_table *table, PlanState *child);

/*
 * fused_aggregate_spill.c
 */

/* Writes all groups that are this process's to the files of their parts. */
extern void ct_fused_spill(ct_fused_table *table);

/* Back to the beginning of a file, to read it. */
extern void ct_fused_rewind(BufFile *file);

/*
 * Writes a group; reads one, its keys into the current context, or returns
 * false at the end of the file.
 */
extern void ct_fused_write_group(ct_fused_table *table, BufFile *file,
								 ct_fused_entry *entry);
extern bool ct_fused_read_group(ct_fused_table *table, BufFile *file,
								ct_fused_entry *entry);

/* Adds all groups of a file to the table, which is spilled if need be. */
extern void ct_fused_take_file(ct_fused_table *table, BufFile *file);

/* After the last: what was written is to be read. */
extern void ct_fused_end_spilling(ct_fused_table *table);

/* Fills the table with the groups of the next part; false if there is none. */
extern bool ct_fused_next_part(ct_fused_table *table);

/* Closes all files. */
extern void ct_fused_close_parts(ct_fused_table *table);

/*
 * fused_aggregate_share.c
 */

/* What the processes of a parallel query have in common. */
typedef struct ct_fused_shared ct_fused_shared;

extern size_t ct_fused_shared_size(void);

/* By the leader, before others are started; once more for another scan. */
extern void ct_fused_shared_begin(ct_fused_shared *shared, dsm_segment *segment);
extern void ct_fused_shared_restart(ct_fused_shared *shared);

/* By the others, before anything else. */
extern void ct_fused_shared_attach(ct_fused_shared *shared);

/*
 * Joins those who read rows; false if these have read all of them, and
 * nothing is left for this process.
 */
extern bool ct_fused_join(ct_fused_table *table, ct_fused_shared *shared);

/*
 * When all rows have been read: gives the groups of others to them, and takes
 * from them its own.
 */
extern void ct_fused_exchange(ct_fused_table *table, ct_fused_shared *shared);

/* For EXPLAIN: adds one's figures to those of all, and returns the sums. */
extern void ct_fused_sum_up(ct_fused_table *table, ct_fused_shared *shared,
							uint64 *groups);

#endif							/* CT_FUSED_AGGREGATE_TABLE_H */
