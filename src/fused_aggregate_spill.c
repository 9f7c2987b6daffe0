/*
 * fused_aggregate_spill.c
 *		Groups of a fused aggregate on disk.
 *
 * When the groups need more memory than hash_mem, all are written to temporary
 * files, by the hash of the key, and the table begins anew; in the end each
 * file is read back, and groups of one key are merged: what a digest is made
 * for.  A file whose groups are too many is parted again.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "fused_aggregate_table.h"

static void
write_bytes(ct_fused_table *table, BufFile *file, void *bytes, size_t size)
{
	BufFileWrite(file, bytes, size);
	table->spilled_bytes += size;
}

void
ct_fused_write_group(ct_fused_table *table, BufFile *file, ct_fused_entry *entry)
{
	write_bytes(table, file, entry, table->groups.entry_size);
	for (int i = 0; i < table->nkeys; i++)
		if (!table->keys[i].byval && !(entry->null_keys & (1 << i)))
		{
			Datum		key = ct_fused_keys(entry)[i];
			uint32		size = ct_fused_key_size(&table->keys[i], key);

			write_bytes(table, file, &size, sizeof(size));
			write_bytes(table, file, DatumGetPointer(key), size);
		}
}

void
ct_fused_spill(ct_fused_table *table)
{
	MemoryContext context = MemoryContextSwitchTo(table->query_context);
	int			n = 1 << table->part_bits;

	table->spills++;
	table->peak = Max(table->peak, ct_fused_bytes(table));
	if (table->writing == NULL)
		table->writing = palloc0(n * sizeof(ct_fused_part));
	for (uint32 i = 0; i < table->groups.count; i++)
	{
		ct_fused_entry *entry = ct_groups_entry(&table->groups, i);
		uint32		part = (entry->hash << (table->level * table->part_bits)) >>
			(32 - table->part_bits);

		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		if (!ct_fused_is_own(table, entry))
			continue;
		if (table->writing[part].file == NULL)
			table->writing[part].file = BufFileCreateTemp(false);
		table->writing[part].level = table->level + 1;
		ct_fused_write_group(table, table->writing[part].file, entry);
	}
	MemoryContextSwitchTo(context);
	ct_fused_clear(table);
}

void
ct_fused_end_spilling(ct_fused_table *table)
{
	MemoryContext context = MemoryContextSwitchTo(table->query_context);

	for (int i = 0; i < 1 << table->part_bits; i++)
		if (table->writing[i].file != NULL)
		{
			ct_fused_part *part = palloc(sizeof(ct_fused_part));

			*part = table->writing[i];
			table->parts = lappend(table->parts, part);
		}
	pfree(table->writing);
	table->writing = NULL;
	MemoryContextSwitchTo(context);
}

void
ct_fused_rewind(BufFile *file)
{
	if (BufFileSeek(file, 0, 0, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not rewind temporary file")));
}

/* Reads what must be there. */
static void
read_bytes(BufFile *file, void *bytes, size_t size)
{
	size_t		got = BufFileRead(file, bytes, size);

	if (got != size)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("could not read from temporary file: read only %zu of %zu bytes",
						got, size)));
}

bool
ct_fused_read_group(ct_fused_table *table, BufFile *file, ct_fused_entry *entry)
{
	size_t		got = BufFileRead(file, entry, sizeof(*entry));

	if (got == 0)
		return false;
	read_bytes(file, (char *) entry + got, table->groups.entry_size - got);
	for (int i = 0; i < table->nkeys; i++)
		if (!table->keys[i].byval && !(entry->null_keys & (1 << i)))
		{
			uint32		size;
			void	   *key;

			read_bytes(file, &size, sizeof(size));
			key = palloc(size);
			read_bytes(file, key, size);
			ct_fused_keys(entry)[i] = PointerGetDatum(key);
		}
	return true;
}

/* Adds a group that was read to the table. */
static void
take_group(ct_fused_table *table, ct_fused_entry *entry)
{
	uint32		number = ct_fused_find(table, entry->hash, entry->null_keys,
									   ct_fused_keys(entry));
	ct_fused_entry *added;

	if (number != CT_GROUPS_NONE)
	{
		ct_fused_merge(table, ct_groups_entry(&table->groups, number), entry);
		return;
	}
	number = ct_fused_add(table, entry->hash, entry->null_keys, ct_fused_keys(entry));
	added = ct_groups_entry(&table->groups, number);
	added->begun = entry->begun;
	memcpy(ct_fused_keys(added) + table->nkeys,
		   ct_fused_keys(entry) + table->nkeys,
		   table->groups.entry_size - sizeof(ct_fused_entry) -
		   table->nkeys * sizeof(Datum));
}

void
ct_fused_take_file(ct_fused_table *table, BufFile *file)
{
	ct_fused_entry *entry = palloc(table->groups.entry_size);
	bool		more = true;

	ct_fused_rewind(file);
	for (uint64 i = 0; more; i++)
	{
		MemoryContext context;

		if (i % CT_FUSED_BATCH == 0)
		{
			CHECK_FOR_INTERRUPTS();
			MemoryContextReset(table->batch);
		}
		context = MemoryContextSwitchTo(table->batch);
		more = ct_fused_read_group(table, file, entry);
		if (more)
			take_group(table, entry);
		MemoryContextSwitchTo(context);
		if (ct_fused_must_spill(table, 1))
			ct_fused_spill(table);
	}
	pfree(entry);
}

bool
ct_fused_next_part(ct_fused_table *table)
{
	bool		found = false;

	while (!found && table->parts != NIL)
	{
		ct_fused_part *part = llast(table->parts);

		table->parts = list_delete_last(table->parts);
		ct_fused_clear(table);
		table->level = part->level;
		ct_fused_take_file(table, part->file);
		BufFileClose(part->file);
		pfree(part);
		if (table->writing != NULL)
		{
			ct_fused_spill(table);
			ct_fused_end_spilling(table);
		}
		else
			found = true;
	}
	return found;
}

void
ct_fused_close_parts(ct_fused_table *table)
{
	ListCell   *cell;

	foreach(cell, table->parts)
		BufFileClose(((ct_fused_part *) lfirst(cell))->file);
	list_free_deep(table->parts);
	table->parts = NIL;
	for (int i = 0; table->writing != NULL && i < 1 << table->part_bits; i++)
		if (table->writing[i].file != NULL)
			BufFileClose(table->writing[i].file);
	table->writing = NULL;
}
