/*
 * groups.h
 *		Groups of rows: a hash table over entries that lie close together.
 *
 * Entries have one size, whole cache lines, and never move; each begins with its
 * hash.  The table has their hashes and numbers only, 8 bytes a slot, and
 * is at most half full.
 * Who looks many up at once can have the slots fetched into the cache before
 * they are read, and the entries before they are.
 */
#ifndef CT_GROUPS_H
#define CT_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_GROUPS_NONE UINT32_MAX
#define CT_CACHE_LINE 64

typedef struct ct_group_slot
{
	uint32_t	hash;
	uint32_t	number;			/* of the entry, from 1; 0: empty */
} ct_group_slot;

typedef struct ct_groups
{
	void	   *context;		/* of ct_host_resize() */
	size_t		entry_size;
	int			chunk_bits;		/* entries are allocated 2^this at a time */
	uint32_t	count;
	uint32_t	mask;			/* slots - 1; one less than a power of two */
	ct_group_slot *slots;
	char	  **chunks;			/* each has CT_CACHE_LINE bytes to spare */
	size_t		chunk_room;
	size_t		chunk_count;
} ct_groups;

/* Without groups; an entry has at least this size. */
extern void ct_groups_begin(ct_groups *groups, void *context,
							size_t entry_size, int chunk_bits);

/* Frees everything; as after ct_groups_begin(). */
extern void ct_groups_clear(ct_groups *groups);

/* How much memory it has taken. */
extern size_t ct_groups_bytes(const ct_groups *groups);

/* How much more it takes for one more group: 0 but for now and then. */
extern size_t ct_groups_growth(const ct_groups *groups);

/* A new group, its entry all zeros but for the hash; below CT_GROUPS_NONE. */
extern uint32_t ct_groups_add(ct_groups *groups, uint32_t hash);

static inline void *
ct_groups_entry(const ct_groups *groups, uint32_t number)
{
	char	   *chunk = groups->chunks[number >> groups->chunk_bits];

	return chunk + (-(uintptr_t) chunk & (CT_CACHE_LINE - 1)) +
		(number & ((UINT32_C(1) << groups->chunk_bits) - 1)) *
		groups->entry_size;
}

/* Has the first slot of a hash fetched. */
static inline void
ct_groups_prefetch(const ct_groups *groups, uint32_t hash)
{
	__builtin_prefetch(&groups->slots[hash & groups->mask]);
}

/* Has the beginning of an entry fetched, to be written. */
static inline void
ct_groups_prefetch_entry(const ct_groups *groups, uint32_t number, size_t size)
{
	char	   *entry = ct_groups_entry(groups, number);

	for (size_t i = 0; i < size; i += CT_CACHE_LINE)
		__builtin_prefetch(entry + i, 1);
}

/*
 * The groups of a hash, one after the other: CT_GROUPS_NONE when there is no
 * more.  *position is where to go on; initially it is the hash.
 */
static inline uint32_t
ct_groups_next(const ct_groups *groups, uint32_t hash, uint32_t *position)
{
	for (;;)
	{
		const ct_group_slot *slot = &groups->slots[*position & groups->mask];

		if (slot->number == 0)
			return CT_GROUPS_NONE;
		(*position)++;
		if (slot->hash == hash)
			return slot->number - 1;
	}
}

#endif							/* CT_GROUPS_H */
