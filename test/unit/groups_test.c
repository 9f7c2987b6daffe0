/*
 * groups_test.c
 *		Groups by keys of which some share a hash, against an array; entries
 *		stay where they are and as they are.
 */
#include <string.h>

#include "core/groups.h"
#include "arena.h"
#include "random.h"
#include "unit.h"

#define KEYS 50000

typedef struct entry
{
	uint32_t	hash;
	uint32_t	key;
	uint64_t	rows;
	char		more[150];
} entry;

/* Four keys of each hash, and one hash in eight next to another. */
static uint32_t
hash_of(uint32_t key)
{
	return (key / 4) * (key % 8 == 0 ? 1 : UINT32_C(2654435761));
}

static uint32_t
find(const ct_groups *groups, uint32_t key)
{
	uint32_t	position = hash_of(key);
	uint32_t	number;

	while ((number = ct_groups_next(groups, hash_of(key), &position)) != CT_GROUPS_NONE)
		if (((entry *) ct_groups_entry(groups, number))->key == key)
			break;
	return number;
}

static void
test_chunks(int chunk_bits)
{
	static uint64_t rows[KEYS];
	static entry *places[KEYS];
	arena_block arena;
	ct_groups	groups;
	uint32_t	distinct = 0;
	size_t		most = 0;
	bool		right = true;
	bool		aligned = true;
	bool		foreseen = true;

	arena_init(&arena);
	memset(rows, 0, sizeof(rows));
	ct_groups_begin(&groups, &arena, sizeof(entry), chunk_bits);
	for (int i = 0; i < 4 * KEYS; i++)
	{
		uint32_t	key = random_below(KEYS);
		uint32_t	number = find(&groups, key);
		entry	   *e;

		right &= (number == CT_GROUPS_NONE) == (rows[key] == 0);
		if (number == CT_GROUPS_NONE)
		{
			size_t		growth = ct_groups_growth(&groups);
			size_t		before = ct_groups_bytes(&groups);

			number = ct_groups_add(&groups, hash_of(key));
			/* the old slots are gone by then, and the list of chunks is small */
			foreseen &= ct_groups_bytes(&groups) - before <= growth + 8 * (before / sizeof(entry) + 128);
			e = ct_groups_entry(&groups, number);
			right &= e->hash == hash_of(key) && e->rows == 0;
			e->key = key;
			places[key] = e;
			distinct++;
		}
		e = ct_groups_entry(&groups, number);
		aligned &= (uintptr_t) e % CT_CACHE_LINE == 0;
		right &= e == places[key] && e->rows == rows[key];
		e->rows++;
		rows[key]++;
		ct_groups_prefetch(&groups, hash_of(key));
		ct_groups_prefetch_entry(&groups, number, sizeof(entry));
		most = ct_groups_bytes(&groups);
	}
	ok(right, "each key has its group, chunks of %d", 1 << chunk_bits);
	ok(groups.count == distinct, "and no other has one");
	ok(aligned, "entries begin with a cache line");
	ok(foreseen, "memory grows as foreseen");
	ok(most >= distinct * sizeof(entry), "and holds them");
	ct_groups_clear(&groups);
	ok(groups.count == 0 && find(&groups, 1) == CT_GROUPS_NONE, "cleared");
	(void) ct_groups_add(&groups, hash_of(1));
	ok(groups.count == 1, "and used again");
	ct_groups_clear(&groups);
	arena_resize(&arena, groups.slots, 0);
	ok(arena.next == &arena, "nothing is left behind");
}

int
main(void)
{
	test_chunks(0);
	test_chunks(4);
	test_chunks(12);
	return done_testing();
}
