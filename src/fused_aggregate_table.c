/*
 * fused_aggregate_table.c
 *		The table of groups of a fused aggregate, and the rows that go into it.
 *
 * A row's slot is asked for some rows before it is read, and then the group's
 * entry, which has key and states in one place, so that a dozen of them are
 * on their way at any time.  See core/groups.h.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "executor/executor.h"
#include "executor/nodeHash.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "fused_aggregate_table.h"

/* How many rows later what was asked for of memory is used. */
#define SLOT_DISTANCE 8
#define ENTRY_DISTANCE 16

/* What the keys of a batch may take, and its groups if all are new. */
static size_t
batch_limit(const ct_fused_table *table)
{
	return table->limit / 8;
}

int
ct_fused_part_bits(size_t limit)
{
	int			bits = 2;

	/* a file has a buffer: all of them take a quarter of the memory at most */
	while (bits < 6 && (size_t) BLCKSZ << (bits + 1) <= limit / 4)
		bits++;
	return bits;
}

void
ct_fused_begin_table(ct_fused_table *table)
{
	size_t		entry_size = ct_fused_lay_out(table);
	int			chunk_bits = 4;

	table->limit = get_hash_memory_limit();
	/* chunks of a 32nd of the memory at most, and of a megabyte */
	while (entry_size << (chunk_bits + 1) <= Min(table->limit / 32, 1024 * 1024))
		chunk_bits++;
	table->part_bits = ct_fused_part_bits(table->limit);
	table->query_context = CurrentMemoryContext;
	table->context = AllocSetContextCreate(CurrentMemoryContext,
										   "customer_tier groups",
										   ALLOCSET_DEFAULT_SIZES);
	ct_groups_begin(&table->groups, table->context, entry_size, chunk_bits);
	table->batch_rows = Max(Min(batch_limit(table) / table->groups.entry_size,
								CT_FUSED_BATCH), 16);
	table->batch = AllocSetContextCreate(CurrentMemoryContext,
										 "customer_tier batch",
										 ALLOCSET_DEFAULT_SIZES);
	table->rows = palloc(CT_FUSED_BATCH * Max(table->row_size, 1));
	table->batch_keys = palloc(CT_FUSED_BATCH * table->nkeys * sizeof(Datum));
	table->batch_nulls = palloc(CT_FUSED_BATCH * sizeof(uint16));
	table->present = palloc(CT_FUSED_BATCH * sizeof(uint16));
	table->hashes = palloc(CT_FUSED_BATCH * sizeof(uint32));
	table->numbers = palloc(CT_FUSED_BATCH * sizeof(uint32));
}

static inline bool
keys_are_equal(const ct_fused_table *table, ct_fused_entry *entry, uint16 nulls,
			   const Datum *keys)
{
	const Datum *own = ct_fused_keys(entry);

	if (entry->null_keys != nulls)
		return false;
	for (int i = 0; i < table->nkeys; i++)
	{
		const ct_fused_key *key = &table->keys[i];

		if (own[i] == keys[i])
			continue;
		if (key->byval || (nulls & (1 << i)) ||
			ct_fused_key_size(key, own[i]) != ct_fused_key_size(key, keys[i]) ||
			memcmp(DatumGetPointer(own[i]), DatumGetPointer(keys[i]),
				   ct_fused_key_size(key, own[i])) != 0)
			return false;
	}
	return true;
}

uint32
ct_fused_find(ct_fused_table *table, uint32 hash, uint16 nulls, const Datum *keys)
{
	uint32		position = hash;
	uint32		number;

	while ((number = ct_groups_next(&table->groups, hash, &position)) != CT_GROUPS_NONE)
		if (keys_are_equal(table, ct_groups_entry(&table->groups, number), nulls,
						   keys))
			break;
	return number;
}

/* A new group with these keys, and states as they are before any row. */
uint32
ct_fused_add(ct_fused_table *table, uint32 hash, uint16 nulls, const Datum *keys)
{
	uint32		number;
	ct_fused_entry *entry;
	MemoryContext context;

	/* unreachable: so many do not fit into any memory */
	if (table->groups.count >= CT_GROUPS_NONE - 1)
		elog(ERROR, "too many groups");
	number = ct_groups_add(&table->groups, hash);
	entry = ct_groups_entry(&table->groups, number);
	context = MemoryContextSwitchTo(table->context);
	entry->null_keys = nulls;
	for (int i = 0; i < table->nkeys; i++)
	{
		const ct_fused_key *key = &table->keys[i];

		if (key->byval || (nulls & (1 << i)))
			ct_fused_keys(entry)[i] = keys[i];
		else
		{
			size_t		size = ct_fused_key_size(key, keys[i]);
			void	   *copy = palloc(size);

			memcpy(copy, DatumGetPointer(keys[i]), size);
			ct_fused_keys(entry)[i] = PointerGetDatum(copy);
			table->key_bytes += GetMemoryChunkSpace(copy);
		}
	}
	MemoryContextSwitchTo(context);
	ct_fused_begin_states(table, entry);
	return number;
}

/* The finalizer of MurmurHash3. */
static inline uint64
mix(uint64 h)
{
	h ^= h >> 33;
	h *= UINT64CONST(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64CONST(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}

/*
 * A key by value in one form: of a short one, functions may leave anything in
 * the bits above.
 */
static inline Datum
canonical(const ct_fused_key *key, Datum value)
{
	if (key->length == sizeof(int32))
		return Int32GetDatum(DatumGetInt32(value));
	if (key->length == sizeof(int16))
		return Int16GetDatum(DatumGetInt16(value));
	return value;
}

/* The keys of a row, copied where they are by reference, and their hash. */
static uint32
take_keys(const ct_fused_table *table, const Datum *values, const bool *isnull,
		  Datum *keys, uint16 *nulls)
{
	uint64		hash = 0;

	*nulls = 0;
	for (int i = 0; i < table->nkeys; i++)
	{
		const ct_fused_key *key = &table->keys[i];

		keys[i] = (Datum) 0;
		if (isnull[i])
		{
			*nulls |= 1 << i;
			hash = mix(hash + i);
			continue;
		}
		if (key->byval)
			keys[i] = canonical(key, values[i]);
		else
		{
			/* one form of each: lengths and bytes are compared */
			struct varlena *stored = (struct varlena *) DatumGetPointer(values[i]);
			size_t		size;

			if (key->length < 0)
				stored = PG_DETOAST_DATUM_PACKED(PointerGetDatum(stored));
			if (key->length < 0 && !VARATT_IS_SHORT(stored) &&
				VARATT_CAN_MAKE_SHORT(stored))
			{
				size = VARATT_CONVERTED_SHORT_SIZE(stored);
				keys[i] = PointerGetDatum(palloc(size));
				SET_VARSIZE_SHORT(DatumGetPointer(keys[i]), size);
				memcpy((char *) DatumGetPointer(keys[i]) + VARHDRSZ_SHORT,
					   VARDATA(stored), size - VARHDRSZ_SHORT);
			}
			else
			{
				size = ct_fused_key_size(key, PointerGetDatum(stored));
				keys[i] = PointerGetDatum(palloc(size));
				memcpy(DatumGetPointer(keys[i]), stored, size);
			}
			hash = hash_combine64(hash,
								  hash_bytes_extended((unsigned char *) DatumGetPointer(keys[i]),
													  size, i));
			continue;
		}
		hash = mix(hash + keys[i] + i);
	}
	return (uint32) (hash ^ (hash >> 32));
}

/* Takes up a row of the child's, and asks for its slot. */
static inline void
take(ct_fused_table *table, int i, TupleTableSlot *slot)
{
	MemoryContext context;

	slot_getallattrs(slot);
	context = MemoryContextSwitchTo(table->batch);
	table->hashes[i] = take_keys(table, slot->tts_values, slot->tts_isnull,
								 table->batch_keys + i * table->nkeys,
								 &table->batch_nulls[i]);
	ct_groups_prefetch(&table->groups, table->hashes[i]);
	table->present[i] = ct_fused_take_row(table, slot->tts_values, slot->tts_isnull,
										  table->rows + i * table->row_size);
	MemoryContextSwitchTo(context);
}

/* Finds its group, most likely, or makes it, and asks for the entry. */
static inline void
locate(ct_fused_table *table, int i)
{
	uint32		position = table->hashes[i];

	table->numbers[i] = ct_groups_next(&table->groups, table->hashes[i], &position);
	if (table->numbers[i] == CT_GROUPS_NONE)
		table->numbers[i] = ct_fused_add(table, table->hashes[i],
										 table->batch_nulls[i],
										 table->batch_keys + i * table->nkeys);
	else
		ct_groups_prefetch_entry(&table->groups, table->numbers[i],
								 table->touched);
}

/* Adds it to its group; of those of one hash it may be another. */
static inline void
add(ct_fused_table *table, int i)
{
	const Datum *keys = table->batch_keys + i * table->nkeys;
	uint16		nulls = table->batch_nulls[i];
	ct_fused_entry *entry = ct_groups_entry(&table->groups, table->numbers[i]);

	if (unlikely(!keys_are_equal(table, entry, nulls, keys)))
	{
		uint32		number = ct_fused_find(table, table->hashes[i], nulls, keys);

		if (number == CT_GROUPS_NONE)
			number = ct_fused_add(table, table->hashes[i], nulls, keys);
		entry = ct_groups_entry(&table->groups, number);
	}
	ct_fused_add_row(table, entry, table->present[i], table->rows + i * table->row_size);
}

/*
 * Adds the child's next rows; false after the last.  While a row is taken up,
 * the slots of those before it are on their way, and the entries of those
 * before them.
 */
bool
ct_fused_add_batch(ct_fused_table *table, PlanState *child)
{
	bool		more = true;
	bool		full = false;
	int			taken = 0;
	int			located = 0;
	int			added = 0;

	MemoryContextReset(table->batch);
	while (added < taken || (more && !full))
	{
		if (more && !full)
		{
			TupleTableSlot *slot = ExecProcNode(child);

			/* a child that has come to its end must not be asked again */
			more = !TupIsNull(slot);
			if (more)
				take(table, taken++, slot);
			full = taken == table->batch_rows ||
				MemoryContextMemAllocated(table->batch, false) > batch_limit(table);
		}
		else if (located < taken)
			locate(table, located++);
		else
			add(table, added++);
		if (taken - located > SLOT_DISTANCE)
			locate(table, located++);
		if (located - added > ENTRY_DISTANCE)
			add(table, added++);
	}
	return more;
}

size_t
ct_fused_bytes(const ct_fused_table *table)
{
	size_t		bytes = ct_groups_bytes(&table->groups) + table->key_bytes;

	/* to sort them, at the end; and a buffer for each file */
	if (table->sorts)
		bytes += 2 * table->groups.count * sizeof(ct_keyed);
	if (table->writing != NULL)
		bytes += (size_t) BLCKSZ << table->part_bits;
	return bytes;
}

void
ct_fused_clear(ct_fused_table *table)
{
	MemoryContextReset(table->context);
	ct_groups_begin(&table->groups, table->context, table->groups.entry_size,
					table->groups.chunk_bits);
	table->key_bytes = 0;
}

bool
ct_fused_must_spill(const ct_fused_table *table, int rows)
{
	size_t		more = rows * table->groups.entry_size +
		ct_groups_growth(&table->groups);

	for (int i = 0; i < table->nkeys; i++)
		if (!table->keys[i].byval && rows > 1)
		{
			more += batch_limit(table);
			break;
		}
	return ct_fused_bytes(table) + more > table->limit && table->groups.count > 1 &&
		(table->level + 1) * table->part_bits <= 32;
}
