/*
 * fused_aggregate.c
 *		An executor node that groups rows and adds them to digests.
 *
 * What a grouped aggregate costs is mostly waiting for memory: the executor's
 * hash table takes one row after another, and each waits for its slot, its
 * tuple, and its states.  Here a row's slot is asked for some rows before it is
 * read, and then the group's entry, which has key and states in one place, so
 * that a dozen of them are on their way at any time.  See core/groups.h.
 *
 * When the groups need more memory than hash_mem, all are written to temporary
 * files, by the hash of the key, and the table begins anew; in the end each
 * file is read back, and groups of one key are merged: what a digest is made
 * for.  A file whose groups are too many is parted again.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#endif
#include "common/hashfn.h"
#include "executor/executor.h"
#include "executor/nodeHash.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "storage/buffile.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"
#include "utils/sortsupport.h"
#include "utils/syscache.h"
#include "utils/tuplesort.h"

#include "compat.h"
#include "core/groups.h"
#include "core/radix.h"
#include "fused_aggregate.h"

#define BATCH_SIZE 256

/* How many rows later what was asked for of memory is used. */
#define SLOT_DISTANCE 8
#define ENTRY_DISTANCE 16

/* What every entry begins with; then its keys, a Datum each, and its states. */
typedef struct entry_header
{
	uint32		hash;
	uint16		null_keys;		/* bits */
	uint16		begun;			/* bits, of states that are not NULL */
} entry_header;

typedef struct fused_key
{
	int16		length;
	bool		byval;
} fused_key;

/* An aggregate. */
typedef struct fused_call
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
} fused_call;

/* The argument of an aggregate by value. */
typedef struct value_row
{
	Datum		value;
	bool		isnull;
} value_row;

/* A file of groups of which the first bits of the hash are equal. */
typedef struct spilled_part
{
	BufFile    *file;
	int			level;			/* how often they were parted, from 1 */
	uint64		groups;
} spilled_part;

typedef struct fused_state
{
	CustomScanState css;

	int			nkeys;
	fused_key	keys[CT_FUSED_MOST_KEYS];
	int			ncalls;
	fused_call	calls[CT_FUSED_MOST_CALLS];
	SortSupportData *sort;		/* of the keys; NULL: in any order */

	MemoryContext table;		/* everything about groups */
	ct_groups	groups;
	size_t		key_bytes;		/* of keys by reference, in the table */
	size_t		limit;
	bool		filled;			/* the child has been read */
	uint32		next;			/* group to return */
	ct_keyed   *sorted;			/* by the first key; the rest are numbers */
	Tuplesortstate *tuples;		/* what is sorted after spilling */
	TupleTableSlot *sorted_row; /* of those */

	/* parts on disk: those being written, and those to be read */
	int			part_bits;
	spilled_part *writing;		/* one for each part, or NULL */
	int			level;			/* of the groups in the table */
	List	   *parts;

	/* a batch */
	MemoryContext batch;
	size_t		row_size;
	size_t		touched;		/* first bytes of an entry */
	char	   *rows;
	Datum	   *batch_keys;
	uint16	   *batch_nulls;
	uint16	   *present;		/* bits: which aggregates take the row */
	uint32	   *hashes;
	uint32	   *numbers;

	/* for EXPLAIN */
	uint64		total_groups;
	uint64		spills;
	uint64		spilled_bytes;
	size_t		peak;
} fused_state;

/*
 * Aggregates of ours.
 */
extern Datum ct_order_digest_add(PG_FUNCTION_ARGS);
extern Datum ct_order_digest_merge(PG_FUNCTION_ARGS);
extern Datum ct_payment_digest_add(PG_FUNCTION_ARGS);
extern Datum ct_payment_digest_merge(PG_FUNCTION_ARGS);

static const struct
{
	PGFunction	transition;
	const ct_row_kind *rows;
	const ct_row_kind *states;
}			fused_kinds[] =
{
	{ct_order_digest_add, &ct_order_rows, &ct_order_digest_rows},
	{ct_order_digest_merge, &ct_order_digest_rows, &ct_order_digest_rows},
	{ct_payment_digest_add, &ct_payment_rows, &ct_payment_digest_rows},
	{ct_payment_digest_merge, &ct_payment_digest_rows, &ct_payment_digest_rows}
};

const ct_row_kind *
ct_fused_rows(PGFunction transition)
{
	for (int i = 0; i < lengthof(fused_kinds); i++)
		if (fused_kinds[i].transition == transition)
			return fused_kinds[i].rows;
	return NULL;
}

const ct_row_kind *
ct_fused_states(PGFunction transition)
{
	for (int i = 0; i < lengthof(fused_kinds); i++)
		if (fused_kinds[i].transition == transition)
			return fused_kinds[i].states;
	return NULL;
}

/*
 * Entries
 */
static inline Datum *
entry_keys(entry_header *entry)
{
	return (Datum *) (entry + 1);
}

static inline void *
entry_state(entry_header *entry, const fused_call *call)
{
	return (char *) entry + call->state;
}

static inline size_t
key_size(const fused_key *key, Datum value)
{
	return key->length > 0 ? key->length :
		VARSIZE_ANY(DatumGetPointer(value));
}

static inline bool
keys_are_equal(const fused_state *self, entry_header *entry, uint16 nulls,
			   const Datum *keys)
{
	const Datum *own = entry_keys(entry);

	if (entry->null_keys != nulls)
		return false;
	for (int i = 0; i < self->nkeys; i++)
	{
		const fused_key *key = &self->keys[i];

		if (own[i] == keys[i])
			continue;
		if (key->byval || (nulls & (1 << i)) ||
			key_size(key, own[i]) != key_size(key, keys[i]) ||
			memcmp(DatumGetPointer(own[i]), DatumGetPointer(keys[i]),
				   key_size(key, own[i])) != 0)
			return false;
	}
	return true;
}

/* The group of these keys, or CT_GROUPS_NONE. */
static uint32
find_group(fused_state *self, uint32 hash, uint16 nulls, const Datum *keys)
{
	uint32		position = hash;
	uint32		number;

	while ((number = ct_groups_next(&self->groups, hash, &position)) != CT_GROUPS_NONE)
		if (keys_are_equal(self, ct_groups_entry(&self->groups, number), nulls,
						   keys))
			break;
	return number;
}

/* A new group with these keys, and states as they are before any row. */
static uint32
add_group(fused_state *self, uint32 hash, uint16 nulls, const Datum *keys)
{
	uint32		number;
	entry_header *entry;
	MemoryContext context;

	/* unreachable: so many do not fit into any memory */
	if (self->groups.count >= CT_GROUPS_NONE - 1)
		elog(ERROR, "too many groups");
	number = ct_groups_add(&self->groups, hash);
	entry = ct_groups_entry(&self->groups, number);
	context = MemoryContextSwitchTo(self->table);
	entry->null_keys = nulls;
	for (int i = 0; i < self->nkeys; i++)
	{
		const fused_key *key = &self->keys[i];

		if (key->byval || (nulls & (1 << i)))
			entry_keys(entry)[i] = keys[i];
		else
		{
			size_t		size = key_size(key, keys[i]);
			void	   *copy = palloc(size);

			memcpy(copy, DatumGetPointer(keys[i]), size);
			entry_keys(entry)[i] = PointerGetDatum(copy);
			self->key_bytes += size + 16;	/* and what palloc takes */
		}
	}
	MemoryContextSwitchTo(context);
	for (int i = 0; i < self->ncalls; i++)
	{
		const fused_call *call = &self->calls[i];

		if (call->kind == NULL && call->begins)
		{
			*(Datum *) entry_state(entry, call) = call->initial;
			entry->begun |= 1 << i;
		}
	}
	return number;
}

/*
 * Adding rows
 */

/* Calls a function of two arguments whose results are passed by value. */
static inline Datum
call_by_value(FunctionCallInfo fcinfo, Datum state, bool no_state, Datum value,
			  bool no_value)
{
	fcinfo->args[0].value = state;
	fcinfo->args[0].isnull = no_state;
	fcinfo->args[1].value = value;
	fcinfo->args[1].isnull = no_value;
	fcinfo->isnull = false;
	return FunctionCallInvoke(fcinfo);
}

static inline void
add_value(const fused_call *call, int bit, entry_header *entry,
		  FunctionCallInfo function, bool strict, Datum value, bool isnull)
{
	Datum	   *state = entry_state(entry, call);
	bool		begun = (entry->begun & bit) != 0;

	if (strict && isnull)
		return;
	if (strict && !begun)
		*state = value;
	else
		*state = call_by_value(function, *state, !begun, value, isnull);
	if ((strict && !begun) || !function->isnull)
		entry->begun |= bit;
	else
		entry->begun &= ~bit;
}

/* Adds a row that was taken up to the group that it belongs to. */
static inline void
add_row(const fused_state *self, entry_header *entry, uint16 present,
		const char *row)
{
	for (int i = 0; i < self->ncalls; i++)
	{
		const fused_call *call = &self->calls[i];
		uint16		bit = 1 << i;
		const void *taken = row + call->row;

		if (!(present & bit))
			continue;
		if (call->kind != NULL)
		{
			void	   *digest = entry_state(entry, call);
			bool		first = !(entry->begun & bit);

			if (first)
				ct_digest_begin(call->kind->type, digest);
			call->kind->add(call->kind, digest, first, taken);
			entry->begun |= bit;
		}
		else if (call->counts)
			(*(int64 *) entry_state(entry, call))++;
		else
			add_value(call, bit, entry, call->transition, call->strict,
					  ((const value_row *) taken)->value,
					  ((const value_row *) taken)->isnull);
	}
}

/* Takes up what the aggregates need of a row of the child's. */
static uint16
take_row(const fused_state *self, const Datum *values, const bool *nulls,
		 char *row)
{
	uint16		present = 0;

	for (int i = 0; i < self->ncalls; i++)
	{
		const fused_call *call = &self->calls[i];
		void	   *taken = row + call->row;

		if (call->filter >= 0 &&
			(nulls[call->filter] || !DatumGetBool(values[call->filter])))
			continue;
		if (call->kind != NULL)
		{
			ct_arguments arguments = {
				call->nargs, call->types, values + call->argument,
				nulls + call->argument
			};

			if (!call->kind->take(call->kind, &arguments, taken))
				continue;
		}
		else
		{
			value_row  *value = taken;

			value->isnull = call->nargs == 0 || nulls[call->argument];
			if (call->nargs > 0 && call->strict && value->isnull)
				continue;
			value->value = value->isnull ? (Datum) 0 : values[call->argument];
			/* what has no argument is called for each row */
			value->isnull = value->isnull && call->nargs > 0;
		}
		present |= 1 << i;
	}
	return present;
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
canonical(const fused_key *key, Datum value)
{
	if (key->length == sizeof(int32))
		return Int32GetDatum(DatumGetInt32(value));
	if (key->length == sizeof(int16))
		return Int16GetDatum(DatumGetInt16(value));
	return value;
}

/* The keys of a row, copied where they are by reference, and their hash. */
static uint32
take_keys(const fused_state *self, const Datum *values, const bool *isnull,
		  Datum *keys, uint16 *nulls)
{
	uint64		hash = 0;

	*nulls = 0;
	for (int i = 0; i < self->nkeys; i++)
	{
		const fused_key *key = &self->keys[i];

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
				memcpy(DatumGetPointer(keys[i]) + VARHDRSZ_SHORT,
					   VARDATA(stored), size - VARHDRSZ_SHORT);
			}
			else
			{
				size = key_size(key, PointerGetDatum(stored));
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
take(fused_state *self, int i, TupleTableSlot *slot)
{
	MemoryContext context;

	slot_getallattrs(slot);
	context = MemoryContextSwitchTo(self->batch);
	self->hashes[i] = take_keys(self, slot->tts_values, slot->tts_isnull,
								self->batch_keys + i * self->nkeys,
								&self->batch_nulls[i]);
	ct_groups_prefetch(&self->groups, self->hashes[i]);
	self->present[i] = take_row(self, slot->tts_values, slot->tts_isnull,
								self->rows + i * self->row_size);
	MemoryContextSwitchTo(context);
}

/* Finds its group, most likely, or makes it, and asks for the entry. */
static inline void
locate(fused_state *self, int i)
{
	uint32		position = self->hashes[i];

	self->numbers[i] = ct_groups_next(&self->groups, self->hashes[i], &position);
	if (self->numbers[i] == CT_GROUPS_NONE)
		self->numbers[i] = add_group(self, self->hashes[i],
									 self->batch_nulls[i],
									 self->batch_keys + i * self->nkeys);
	else
		ct_groups_prefetch_entry(&self->groups, self->numbers[i],
								 self->touched);
}

/* Adds it to its group; of those of one hash it may be another. */
static inline void
add(fused_state *self, int i)
{
	const Datum *keys = self->batch_keys + i * self->nkeys;
	uint16		nulls = self->batch_nulls[i];
	entry_header *entry = ct_groups_entry(&self->groups, self->numbers[i]);

	if (unlikely(!keys_are_equal(self, entry, nulls, keys)))
	{
		uint32		number = find_group(self, self->hashes[i], nulls, keys);

		if (number == CT_GROUPS_NONE)
			number = add_group(self, self->hashes[i], nulls, keys);
		entry = ct_groups_entry(&self->groups, number);
	}
	add_row(self, entry, self->present[i], self->rows + i * self->row_size);
}

/*
 * Adds the child's next rows; false after the last.  While a row is taken up,
 * the slots of those before it are on their way, and the entries of those
 * before them.
 */
static bool
add_batch(fused_state *self)
{
	PlanState  *child = linitial(self->css.custom_ps);
	bool		more = true;
	int			taken = 0;
	int			located = 0;
	int			added = 0;

	MemoryContextReset(self->batch);
	while (added < taken || (more && taken < BATCH_SIZE))
	{
		if (more && taken < BATCH_SIZE)
		{
			TupleTableSlot *slot = ExecProcNode(child);

			/* a child that has come to its end must not be asked again */
			more = !TupIsNull(slot);
			if (more)
				take(self, taken++, slot);
		}
		else if (located < taken)
			locate(self, located++);
		else
			add(self, added++);
		if (taken - located > SLOT_DISTANCE)
			locate(self, located++);
		if (located - added > ENTRY_DISTANCE)
			add(self, added++);
	}
	return more;
}

/*
 * Groups on disk
 */
static size_t
table_bytes(const fused_state *self)
{
	size_t		bytes = ct_groups_bytes(&self->groups) + self->key_bytes;

	/* to sort them, at the end; and a buffer for each file */
	if (self->sort != NULL)
		bytes += 2 * self->groups.count * sizeof(ct_keyed);
	if (self->writing != NULL)
		bytes += (size_t) BLCKSZ << self->part_bits;
	return bytes;
}

static void
clear_table(fused_state *self)
{
	MemoryContextReset(self->table);
	ct_groups_begin(&self->groups, self->table, self->groups.entry_size,
					self->groups.chunk_bits);
	self->key_bytes = 0;
	self->sorted = NULL;
	self->next = 0;
}

/* Is the table too large, and can its groups be parted further? */
static bool
must_spill(const fused_state *self)
{
	/* with what the next batch may add */
	size_t		more = Min(BATCH_SIZE * self->groups.entry_size,
						   self->limit / 2) + ct_groups_growth(&self->groups);

	return table_bytes(self) + more > self->limit && self->groups.count > 1 &&
		(self->level + 1) * self->part_bits <= 32;
}

static void
write_bytes(fused_state *self, BufFile *file, void *bytes, size_t size)
{
	BufFileWrite(file, bytes, size);
	self->spilled_bytes += size;
}

static void
write_group(fused_state *self, BufFile *file, entry_header *entry)
{
	write_bytes(self, file, entry, self->groups.entry_size);
	for (int i = 0; i < self->nkeys; i++)
		if (!self->keys[i].byval && !(entry->null_keys & (1 << i)))
		{
			Datum		key = entry_keys(entry)[i];
			uint32		size = key_size(&self->keys[i], key);

			write_bytes(self, file, &size, sizeof(size));
			write_bytes(self, file, DatumGetPointer(key), size);
		}
}

/* Writes all groups to the files of their parts. */
static void
spill(fused_state *self)
{
	MemoryContext context = MemoryContextSwitchTo(self->css.ss.ps.state->es_query_cxt);
	int			n = 1 << self->part_bits;

	self->spills++;
	self->peak = Max(self->peak, table_bytes(self));
	if (self->writing == NULL)
		self->writing = palloc0(n * sizeof(spilled_part));
	for (uint32 i = 0; i < self->groups.count; i++)
	{
		entry_header *entry = ct_groups_entry(&self->groups, i);
		uint32		part = (entry->hash << (self->level * self->part_bits)) >>
			(32 - self->part_bits);

		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		if (self->writing[part].file == NULL)
			self->writing[part].file = BufFileCreateTemp(false);
		self->writing[part].level = self->level + 1;
		self->writing[part].groups++;
		write_group(self, self->writing[part].file, entry);
	}
	MemoryContextSwitchTo(context);
	clear_table(self);
}

/* What was written is to be read. */
static void
end_spilling(fused_state *self)
{
	MemoryContext context = MemoryContextSwitchTo(self->css.ss.ps.state->es_query_cxt);

	for (int i = 0; i < 1 << self->part_bits; i++)
		if (self->writing[i].file != NULL)
		{
			spilled_part *part = palloc(sizeof(spilled_part));

			*part = self->writing[i];
			self->parts = lappend(self->parts, part);
		}
	pfree(self->writing);
	self->writing = NULL;
	MemoryContextSwitchTo(context);
}

static void
read_bytes(BufFile *file, void *bytes, size_t size)
{
	if (BufFileRead(file, bytes, size) != size)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read from temporary file: %m")));
}

/* Adds the states of a group to those of another of the same keys. */
static void
merge_group(const fused_state *self, entry_header *entry, entry_header *other)
{
	for (int i = 0; i < self->ncalls; i++)
	{
		const fused_call *call = &self->calls[i];
		void	   *state = entry_state(entry, call);
		void	   *more = entry_state(other, call);
		uint16		bit = 1 << i;

		if (call->kind == NULL)
			add_value(call, bit, entry, call->combination,
					  call->combination_strict, *(Datum *) more,
					  !(other->begun & bit));
		else if (other->begun & bit)
		{
			ct_add_digest(call->kind, state, !(entry->begun & bit), &more);
			entry->begun |= bit;
		}
	}
}

/* Takes in a group that was written. */
static void
read_group(fused_state *self, BufFile *file, entry_header *entry)
{
	uint32		number;

	read_bytes(file, entry, self->groups.entry_size);
	for (int i = 0; i < self->nkeys; i++)
		if (!self->keys[i].byval && !(entry->null_keys & (1 << i)))
		{
			uint32		size;
			void	   *key;

			read_bytes(file, &size, sizeof(size));
			key = palloc(size);
			read_bytes(file, key, size);
			entry_keys(entry)[i] = PointerGetDatum(key);
		}
	number = find_group(self, entry->hash, entry->null_keys, entry_keys(entry));
	if (number != CT_GROUPS_NONE)
		merge_group(self, ct_groups_entry(&self->groups, number), entry);
	else
	{
		entry_header *added;

		number = add_group(self, entry->hash, entry->null_keys,
						   entry_keys(entry));
		added = ct_groups_entry(&self->groups, number);
		added->begun = entry->begun;
		memcpy(entry_keys(added) + self->nkeys,
			   entry_keys(entry) + self->nkeys,
			   self->groups.entry_size - sizeof(entry_header) -
			   self->nkeys * sizeof(Datum));
	}
}

/* Fills the table with the groups of the next part; false if there is none. */
static bool
next_part(fused_state *self)
{
	bool		found = false;

	while (!found && self->parts != NIL)
	{
		spilled_part *part = llast(self->parts);
		entry_header *entry;

		self->parts = list_delete_last(self->parts);
		clear_table(self);
		self->level = part->level;
		MemoryContextReset(self->batch);
		if (BufFileSeek(part->file, 0, 0, SEEK_SET) != 0)
			ereport(ERROR,
					(errcode_for_file_access(),
					 errmsg("could not rewind temporary file")));
		entry = palloc(self->groups.entry_size);
		for (uint64 i = 0; i < part->groups; i++)
		{
			MemoryContext context;

			if (i % BATCH_SIZE == 0)
			{
				CHECK_FOR_INTERRUPTS();
				MemoryContextReset(self->batch);
			}
			context = MemoryContextSwitchTo(self->batch);
			read_group(self, part->file, entry);
			MemoryContextSwitchTo(context);
			if (must_spill(self))
				spill(self);
		}
		pfree(entry);
		BufFileClose(part->file);
		pfree(part);
		if (self->writing != NULL)
		{
			spill(self);
			end_spilling(self);
		}
		else
			found = true;
	}
	return found;
}

/*
 * Returning groups
 */
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

	if (result == 0 && self->nkeys > 1)
	{
		entry_header *left = ct_groups_entry(&self->groups, (uint32) a->rest);
		entry_header *right = ct_groups_entry(&self->groups, (uint32) b->rest);

		for (int i = 1; i < self->nkeys && result == 0; i++)
			result = ApplySortComparator(entry_keys(left)[i],
										 (left->null_keys >> i) & 1,
										 entry_keys(right)[i],
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
	size_t		count = self->groups.count;
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
	ct_radix_sort(sorted, count, self->table);
	if (count == self->groups.count)
		return;
	if (key->ssup_nulls_first)
		memmove(sorted + 1, sorted, count * sizeof(ct_keyed));
	sorted[key->ssup_nulls_first ? 0 : count] = null_group;
}

/* Puts the groups of the table in order. */
static void
sort_table(fused_state *self)
{
	self->sorted = MemoryContextAllocHuge(self->table,
										  Max(self->groups.count, 1) * sizeof(ct_keyed));
	for (uint32 i = 0; i < self->groups.count; i++)
	{
		entry_header *entry = ct_groups_entry(&self->groups, i);

		self->sorted[i].key = (int64) entry_keys(entry)[0];
		self->sorted[i].rest = i | (entry->null_keys & 1 ? KEY_IS_NULL : 0);
	}
	if (self->nkeys == 1 && CT_COMPARES_INTEGERS(self->sort[0].comparator))
		sort_integers(self);
	else
		sort_groups(self->sorted, self->groups.count, self);
}

/* The next group of the table as a row, or an empty slot. */
static TupleTableSlot *
next_group(fused_state *self)
{
	TupleTableSlot *slot = self->css.ss.ss_ScanTupleSlot;
	uint32		at = self->next;
	entry_header *entry;

	ExecClearTuple(slot);
	if (at >= self->groups.count)
		return slot;
	self->next++;
	if (self->sorted != NULL)
	{
		if (at + 8 < self->groups.count)
			ct_groups_prefetch_entry(&self->groups,
									 (uint32) self->sorted[at + 8].rest,
									 self->groups.entry_size);
		at = (uint32) self->sorted[at].rest;
	}
	entry = ct_groups_entry(&self->groups, at);
	for (int i = 0; i < self->nkeys; i++)
	{
		slot->tts_values[i] = entry_keys(entry)[i];
		slot->tts_isnull[i] = (entry->null_keys >> i) & 1;
	}
	for (int i = 0; i < self->ncalls; i++)
	{
		void	   *state = entry_state(entry, &self->calls[i]);

		slot->tts_values[self->nkeys + i] =
			self->calls[i].kind ? PointerGetDatum(state) : *(Datum *) state;
		slot->tts_isnull[self->nkeys + i] = !((entry->begun >> i) & 1);
	}
	return ExecStoreVirtualTuple(slot);
}

/* The next group, from the table or then from the parts on disk. */
static TupleTableSlot *
next_spilled(fused_state *self)
{
	TupleTableSlot *slot;

	do
	{
		slot = next_group(self);
		if (!TupIsNull(slot))
			self->total_groups++;
	} while (TupIsNull(slot) && next_part(self));
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

	for (int i = 0; i < self->nkeys; i++)
	{
		columns[i] = i + 1;
		operators[i] = list_nth_oid(sort_operators, i);
		collations[i] = self->sort[i].ssup_collation;
		nulls_first[i] = self->sort[i].ssup_nulls_first;
	}
	self->tuples = tuplesort_begin_heap(row, self->nkeys, columns, operators,
										collations, nulls_first, work_mem,
										NULL, TUPLESORT_NONE);
	for (slot = next_spilled(self); !TupIsNull(slot); slot = next_spilled(self))
	{
		CHECK_FOR_INTERRUPTS();
		tuplesort_puttupleslot(self->tuples, slot);
	}
	tuplesort_performsort(self->tuples);
	clear_table(self);
}

/* Reads all rows of the child. */
static void
fill(fused_state *self)
{
	bool		more;

	do
	{
		more = add_batch(self);
		if (must_spill(self))
			spill(self);
		CHECK_FOR_INTERRUPTS();
	} while (more);
	self->peak = Max(self->peak, table_bytes(self));
	self->filled = true;
	self->total_groups = 0;
	if (self->writing != NULL)
	{
		spill(self);
		end_spilling(self);
		if (self->sort != NULL)
			sort_spilled(self);
	}
	else
	{
		self->total_groups = self->groups.count;
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
		return self->spills > 0 ? next_spilled(self) : next_group(self);
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

/* A function of two arguments that are passed by value. */
static FunctionCallInfo
value_function(Oid function, Oid collation, bool *strict)
{
	FmgrInfo   *info = palloc(sizeof(FmgrInfo));
	FunctionCallInfo fcinfo = palloc0(SizeForFunctionCallInfo(2));

	fmgr_info(function, info);
	InitFunctionCallInfoData(*fcinfo, info, info->fn_nargs, collation, NULL, NULL);
	*strict = info->fn_strict;
	return fcinfo;
}

/* What a state that is passed by value begins with. */
static void
begin_value(fused_call *call, HeapTuple aggregate, Oid type)
{
	bool		isnull;
	Datum		initial = SysCacheGetAttr(AGGFNOID, aggregate,
										  Anum_pg_aggregate_agginitval, &isnull);

	call->begins = !isnull;
	if (!isnull)
	{
		Oid			input;
		Oid			parameter;

		getTypeInputInfo(type, &input, &parameter);
		call->initial = OidInputFunctionCall(input, TextDatumGetCString(initial),
											 parameter, -1);
	}
}

/*
 * The rights that the executor's own nodes ask for: the user's to call the
 * aggregate, and its owner's to call what it is made of.
 */
static void
check_rights(Oid function, Form_pg_aggregate aggregate)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid			owner;
	Oid			parts[] = {aggregate->aggtransfn, aggregate->aggcombinefn};

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	if (!CT_MAY_EXECUTE(function, GetUserId()))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_AGGREGATE,
					   get_func_name(function));
	InvokeFunctionExecuteHook(function);
	for (int i = 0; i < lengthof(parts); i++)
		if (OidIsValid(parts[i]))
		{
			if (!CT_MAY_EXECUTE(parts[i], owner))
				aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FUNCTION,
							   get_func_name(parts[i]));
			InvokeFunctionExecuteHook(parts[i]);
		}
}

/*
 * Reads up on an aggregate.  Its arguments are the child's columns from
 * there on; nargs is -1 where they are its states.
 */
static void
begin_call(fused_call *call, Oid function, int nargs, bool filter,
		   int *column, TupleDesc row)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(function));
	Form_pg_aggregate aggregate;
	FmgrInfo	transition;
	bool		states = nargs < 0;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for aggregate %u", function);
	aggregate = (Form_pg_aggregate) GETSTRUCT(tuple);
	check_rights(function, aggregate);
	fmgr_info(aggregate->aggtransfn, &transition);
	call->nargs = states ? 1 : nargs;
	call->argument = *column;
	*column += call->nargs;
	call->filter = filter ? (*column)++ : -1;
	call->kind = states ? ct_fused_states(transition.fn_addr) :
		ct_fused_rows(transition.fn_addr);
	call->types = palloc(Max(call->nargs, 1) * sizeof(Oid));
	for (int i = 0; i < call->nargs; i++)
		call->types[i] = getBaseType(TupleDescAttr(row, call->argument + i)->atttypid);
	if (call->kind == NULL)
	{
		call->counts = !states && nargs == 0 && aggregate->aggtransfn == F_INT8INC;
		call->combination = value_function(aggregate->aggcombinefn, InvalidOid,
										   &call->combination_strict);
		if (states)
		{
			call->transition = call->combination;
			call->strict = call->combination_strict;
		}
		else
			call->transition = value_function(aggregate->aggtransfn, InvalidOid,
											  &call->strict);
		begin_value(call, tuple, aggregate->aggtranstype);
	}
	ReleaseSysCache(tuple);
}

/* How the rows and entries of all aggregates are laid out. */
static size_t
lay_out(fused_state *self)
{
	size_t		entry = sizeof(entry_header) + self->nkeys * sizeof(Datum);

	for (int i = 0; i < self->ncalls; i++)
	{
		fused_call *call = &self->calls[i];

		call->state = entry;
		self->touched = entry + (call->kind ? call->kind->touched : sizeof(Datum));
		call->row = self->row_size;
		entry += MAXALIGN(call->kind ? call->kind->type->size : sizeof(Datum));
		self->row_size += MAXALIGN(call->kind ? call->kind->size : sizeof(value_row));
	}
	return entry;
}

static void
begin_sort(fused_state *self, List *operators, List *nulls_first, TupleDesc row)
{
	self->sort = palloc0(self->nkeys * sizeof(SortSupportData));
	for (int i = 0; i < self->nkeys; i++)
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
begin_table(fused_state *self, size_t entry_size)
{
	int			chunk_bits = 4;

	self->limit = get_hash_memory_limit();
	/* chunks of a 32nd of the memory at most, and of a megabyte */
	while (entry_size << (chunk_bits + 1) <= Min(self->limit / 32, 1024 * 1024))
		chunk_bits++;
	/* a file has a buffer: all of them take a quarter of the memory at most */
	self->part_bits = 2;
	while (self->part_bits < 6 &&
		   (size_t) BLCKSZ << (self->part_bits + 1) <= self->limit / 4)
		self->part_bits++;
	self->table = AllocSetContextCreate(CurrentMemoryContext,
										"customer_tier groups",
										ALLOCSET_DEFAULT_SIZES);
	ct_groups_begin(&self->groups, self->table, entry_size, chunk_bits);
}

static void
fused_begin(CustomScanState *node, EState *estate, int eflags)
{
	fused_state *self = (fused_state *) node;
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	PlanState  *child = ExecInitNode(linitial(plan->custom_plans), estate,
									 eflags);
	TupleDesc	row = ExecGetResultType(child);
	List	   *private = plan->custom_private;
	List	   *operators = list_nth(private, CT_FUSED_SORT_OPERATORS);
	List	   *functions = list_nth(private, CT_FUSED_AGGREGATES);
	int			column;

	node->custom_ps = list_make1(child);
	self->nkeys = column = list_length(list_nth(private, CT_FUSED_KEYS));
	for (int i = 0; i < self->nkeys; i++)
	{
		self->keys[i].length = TupleDescAttr(row, i)->attlen;
		self->keys[i].byval = TupleDescAttr(row, i)->attbyval;
	}
	self->ncalls = list_length(functions);
	for (int i = 0; i < self->ncalls; i++)
		begin_call(&self->calls[i], list_nth_oid(functions, i),
				   list_nth_int(list_nth(private, CT_FUSED_ARGUMENTS), i),
				   list_nth_int(list_nth(private, CT_FUSED_FILTERS), i),
				   &column, row);
	if (operators != NIL)
		begin_sort(self, operators, list_nth(private, CT_FUSED_NULLS_FIRST), row);
	begin_table(self, lay_out(self));
	self->batch = AllocSetContextCreate(CurrentMemoryContext,
										"customer_tier batch",
										ALLOCSET_DEFAULT_SIZES);
	self->rows = palloc(BATCH_SIZE * Max(self->row_size, 1));
	self->batch_keys = palloc(BATCH_SIZE * self->nkeys * sizeof(Datum));
	self->batch_nulls = palloc(BATCH_SIZE * sizeof(uint16));
	self->present = palloc(BATCH_SIZE * sizeof(uint16));
	self->hashes = palloc(BATCH_SIZE * sizeof(uint32));
	self->numbers = palloc(BATCH_SIZE * sizeof(uint32));
}

/* Forgets all rows. */
static void
forget(fused_state *self)
{
	ListCell   *cell;

	foreach(cell, self->parts)
		BufFileClose(((spilled_part *) lfirst(cell))->file);
	list_free_deep(self->parts);
	self->parts = NIL;
	for (int i = 0; self->writing != NULL && i < 1 << self->part_bits; i++)
		if (self->writing[i].file != NULL)
			BufFileClose(self->writing[i].file);
	self->writing = NULL;
	if (self->tuples != NULL)
	{
		ExecClearTuple(self->sorted_row);
		tuplesort_end(self->tuples);
		self->tuples = NULL;
	}
	clear_table(self);
	self->level = 0;
	self->spills = 0;
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
	if (self->filled && self->spills == 0 && child->chgParam == NULL)
	{
		/* the groups are still there */
		self->next = 0;
		return;
	}
	forget(self);
	if (child->chgParam == NULL)
		ExecReScan(child);
}

static void
fused_explain(CustomScanState *node, List *ancestors, ExplainState *es)
{
	fused_state *self = (fused_state *) node;
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	List	   *context = set_deparse_context_plan(es->deparse_cxt,
												   node->ss.ps.plan, ancestors);
	List	   *keys = NIL;

	for (int i = 0; i < self->nkeys; i++)
		keys = lappend(keys,
					   deparse_expression((Node *) ((TargetEntry *) list_nth(plan->custom_scan_tlist, i))->expr,
										  context, es->verbose, false));
	ExplainPropertyList("Group Key", keys, es);
	if (!es->analyze)
		return;
	ExplainPropertyUInteger("Groups", NULL, self->total_groups, es);
	ExplainPropertyInteger("Memory Usage", "kB", (self->peak + 1023) / 1024, es);
	if (self->spilled_bytes > 0)
	{
		ExplainPropertyUInteger("Spills", NULL, self->spills, es);
		ExplainPropertyUInteger("Disk Usage", "kB", (self->spilled_bytes + 1023) / 1024, es);
	}
}

static const CustomExecMethods fused_exec_methods = {
	.CustomName = "FusedAggregate",
	.BeginCustomScan = fused_begin,
	.ExecCustomScan = fused_exec,
	.EndCustomScan = fused_end,
	.ReScanCustomScan = fused_rescan,
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
