/*
 * fused_aggregate_share.c
 *		The groups of a fused aggregate among the processes of a parallel query.
 *
 * Each process groups the rows that it gets.  When all rows have been read, the
 * groups are shared out by the hash of the key: a process writes those of each
 * other one to a file, and reads the files that the others have written for
 * it.  So each has whole groups and no other process has them, and what is
 * done with them above the node is done by all processes, too.
 *
 * Nobody returns a row before all are past the last barrier: none of those who
 * wait there can be one whose rows nobody reads.
 */
#include "postgres.h"

#include <fcntl.h>

#include "access/parallel.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/barrier.h"
#include "storage/sharedfileset.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "fused_aggregate_table.h"

struct ct_fused_shared
{
	Barrier		barrier;		/* rows are read; groups are written */
	pg_atomic_uint32 processes; /* that read rows */
	dsm_handle	segment;
	SharedFileSet files;

	/* for EXPLAIN */
	pg_atomic_uint64 groups;
	pg_atomic_uint64 spills;
	pg_atomic_uint64 spilled_bytes;
	pg_atomic_uint64 peak;
};

size_t
ct_fused_shared_size(void)
{
	return sizeof(ct_fused_shared);
}

static void
begin(ct_fused_shared *shared)
{
	BarrierInit(&shared->barrier, 0);
	pg_atomic_init_u32(&shared->processes, 0);
	pg_atomic_init_u64(&shared->groups, 0);
	pg_atomic_init_u64(&shared->spills, 0);
	pg_atomic_init_u64(&shared->spilled_bytes, 0);
	pg_atomic_init_u64(&shared->peak, 0);
}

void
ct_fused_shared_begin(ct_fused_shared *shared, dsm_segment *segment)
{
	begin(shared);
	shared->segment = dsm_segment_handle(segment);
	SharedFileSetInit(&shared->files, segment);
}

void
ct_fused_shared_restart(ct_fused_shared *shared)
{
	SharedFileSetDeleteAll(&shared->files);
	begin(shared);
}

void
ct_fused_shared_attach(ct_fused_shared *shared)
{
	SharedFileSetAttach(&shared->files, dsm_find_mapping(shared->segment));
}

bool
ct_fused_join(ct_fused_table *table, ct_fused_shared *shared)
{
	if (BarrierAttach(&shared->barrier) > 0)
	{
		BarrierDetach(&shared->barrier);
		return false;
	}
	table->owner = pg_atomic_fetch_add_u32(&shared->processes, 1);
	return true;
}

/* The file of what one process has for another. */
static void
file_name(char *name, uint32 from, uint32 to)
{
	snprintf(name, MAXPGPATH, "%u.%u", from, to);
}

/* The file for a process, made when it is needed. */
static BufFile *
file_for(ct_fused_table *table, ct_fused_shared *shared, BufFile **files, uint32 owner)
{
	char		name[MAXPGPATH];

	if (files[owner] == NULL)
	{
		file_name(name, table->owner, owner);
		files[owner] = BufFileCreateFileSet(&shared->files.fs, name);
	}
	return files[owner];
}

/* Of groups on disk, those of others are given away, and the rest stays. */
static void
give_part(ct_fused_table *table, ct_fused_shared *shared, BufFile **files,
		  ct_fused_part *part)
{
	BufFile    *rest = BufFileCreateTemp(false);
	ct_fused_entry *entry = palloc(table->groups.entry_size);
	MemoryContext context = MemoryContextSwitchTo(table->batch);

	ct_fused_rewind(part->file);
	while (ct_fused_read_group(table, part->file, entry))
	{
		uint32		owner = ct_fused_owner(table, entry->hash);

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(context);
		ct_fused_write_group(table, owner == table->owner ? rest :
							 file_for(table, shared, files, owner), entry);
		MemoryContextSwitchTo(table->batch);
		MemoryContextReset(table->batch);
	}
	MemoryContextSwitchTo(context);
	pfree(entry);
	BufFileClose(part->file);
	part->file = rest;
}

/* Writes the groups that belong to others. */
static void
give(ct_fused_table *table, ct_fused_shared *shared)
{
	MemoryContext context = MemoryContextSwitchTo(table->query_context);
	BufFile   **files = palloc0(table->owners * sizeof(BufFile *));

	for (uint32 i = 0; i < table->groups.count; i++)
	{
		ct_fused_entry *entry = ct_groups_entry(&table->groups, i);
		uint32		owner = ct_fused_owner(table, entry->hash);

		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		if (owner != table->owner)
			ct_fused_write_group(table, file_for(table, shared, files, owner), entry);
	}
	if (table->writing != NULL)
		for (int i = 0; i < 1 << table->part_bits; i++)
			if (table->writing[i].file != NULL)
				give_part(table, shared, files, &table->writing[i]);
	for (uint32 i = 0; i < table->owners; i++)
		if (files[i] != NULL)
		{
			BufFileExportFileSet(files[i]);
			BufFileClose(files[i]);
		}
	pfree(files);
	MemoryContextSwitchTo(context);
}

/* Reads what others have written for this process. */
static void
take(ct_fused_table *table, ct_fused_shared *shared)
{
	MemoryContext context = MemoryContextSwitchTo(table->query_context);
	char		name[MAXPGPATH];

	for (uint32 i = 0; i < table->owners; i++)
	{
		BufFile    *file;

		file_name(name, i, table->owner);
		file = i == table->owner ? NULL :
			BufFileOpenFileSet(&shared->files.fs, name, O_RDONLY, true);
		if (file == NULL)
			continue;
		ct_fused_take_file(table, file);
		BufFileClose(file);
		BufFileDeleteFileSet(&shared->files.fs, name, true);
	}
	MemoryContextSwitchTo(context);
}

void
ct_fused_exchange(ct_fused_table *table, ct_fused_shared *shared)
{
	(void) BarrierArriveAndWait(&shared->barrier, PG_WAIT_EXTENSION);
	table->owners = pg_atomic_read_u32(&shared->processes);
	if (table->owners > 1)
	{
		give(table, shared);
		(void) BarrierArriveAndWait(&shared->barrier, PG_WAIT_EXTENSION);
		take(table, shared);
	}
	BarrierDetach(&shared->barrier);
}

void
ct_fused_sum_up(ct_fused_table *table, ct_fused_shared *shared, uint64 *groups)
{
	*groups += pg_atomic_fetch_add_u64(&shared->groups, *groups);
	table->spills += pg_atomic_fetch_add_u64(&shared->spills, table->spills);
	table->spilled_bytes += pg_atomic_fetch_add_u64(&shared->spilled_bytes,
													table->spilled_bytes);
	table->peak += pg_atomic_fetch_add_u64(&shared->peak, table->peak);
}
