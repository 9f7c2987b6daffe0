/*
 * groups.c
 *		Making and growing groups.
 */
#include "core/groups.h"

#include <string.h>

#include "core/host.h"

#define FIRST_SLOTS 256

void
ct_groups_begin(ct_groups *groups, void *context, size_t entry_size,
				int chunk_bits)
{
	memset(groups, 0, sizeof(*groups));
	groups->context = context;
	groups->entry_size = (entry_size + CT_CACHE_LINE - 1) / CT_CACHE_LINE *
		CT_CACHE_LINE;
	groups->chunk_bits = chunk_bits;
	groups->mask = FIRST_SLOTS - 1;
	groups->slots = ct_host_resize(context, NULL,
								   FIRST_SLOTS * sizeof(ct_group_slot));
	memset(groups->slots, 0, FIRST_SLOTS * sizeof(ct_group_slot));
}

static void
release(const ct_groups *groups, void *memory)
{
	if (memory != NULL)
		(void) ct_host_resize(groups->context, memory, 0);
}

void
ct_groups_clear(ct_groups *groups)
{
	for (size_t i = 0; i < groups->chunk_count; i++)
		release(groups, groups->chunks[i]);
	release(groups, groups->chunks);
	release(groups, groups->slots);
	ct_groups_begin(groups, groups->context, groups->entry_size,
					groups->chunk_bits);
}

static size_t
chunk_bytes(const ct_groups *groups)
{
	return (groups->entry_size << groups->chunk_bits) + CT_CACHE_LINE;
}

static size_t
slot_bytes(const ct_groups *groups)
{
	return ((size_t) groups->mask + 1) * sizeof(ct_group_slot);
}

size_t
ct_groups_bytes(const ct_groups *groups)
{
	return slot_bytes(groups) + groups->chunk_room * sizeof(char *) +
		groups->chunk_count * chunk_bytes(groups);
}

static bool
slots_are_full(const ct_groups *groups)
{
	return groups->count >= (groups->mask + 1) / 2;
}

static bool
chunks_are_full(const ct_groups *groups)
{
	return groups->count == groups->chunk_count << groups->chunk_bits;
}

size_t
ct_groups_growth(const ct_groups *groups)
{
	return (slots_are_full(groups) ? 2 * slot_bytes(groups) : 0) +
		(chunks_are_full(groups) ? chunk_bytes(groups) : 0);
}

static void
put(ct_groups *groups, uint32_t hash, uint32_t number)
{
	uint32_t	position = hash;

	while (groups->slots[position & groups->mask].number != 0)
		position++;
	groups->slots[position & groups->mask].hash = hash;
	groups->slots[position & groups->mask].number = number;
}

/* Twice the slots, into which the groups go in the order of the old ones. */
static void
grow_slots(ct_groups *groups)
{
	ct_group_slot *old = groups->slots;
	uint32_t	old_mask = groups->mask;

	groups->mask = 2 * old_mask + 1;
	groups->slots = ct_host_resize(groups->context, NULL, slot_bytes(groups));
	memset(groups->slots, 0, slot_bytes(groups));
	for (size_t i = 0; i <= old_mask; i++)
		if (old[i].number != 0)
			put(groups, old[i].hash, old[i].number);
	release(groups, old);
}

static void
add_chunk(ct_groups *groups)
{
	groups->chunks = ct_reserve(groups->context, groups->chunks,
								&groups->chunk_room, groups->chunk_count + 1,
								sizeof(char *));
	groups->chunks[groups->chunk_count] =
		ct_host_resize(groups->context, NULL, chunk_bytes(groups));
	groups->chunk_count++;
}

uint32_t
ct_groups_add(ct_groups *groups, uint32_t hash)
{
	uint32_t	number = groups->count;
	void	   *entry;

	if (slots_are_full(groups))
		grow_slots(groups);
	if (chunks_are_full(groups))
		add_chunk(groups);
	entry = ct_groups_entry(groups, number);
	memset(entry, 0, groups->entry_size);
	memcpy(entry, &hash, sizeof(hash));
	put(groups, hash, ++groups->count);
	return number;
}
