/*
 * radix_test.c
 *		Sorting by the bytes of keys, against comparing them.
 */
#include <string.h>

#include "core/radix.h"
#include "arena.h"
#include "random.h"
#include "unit.h"

#define MOST 3000

/* By key, then by rest, which is where an item was. */
static int
compare(const void *a, const void *b)
{
	const ct_keyed *x = a;
	const ct_keyed *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->rest > y->rest) - (x->rest < y->rest);
}

/* Few values, values of a few bytes, or any at all. */
static int64_t
random_key(int kind)
{
	switch (kind)
	{
		case 0:
			return 7;
		case 1:
			return random_below(5) - 2;
		case 2:
			return (int64_t) (random_word() >> 40) * 65536;
		default:
			return (int64_t) random_sized_word();
	}
}

int
main(void)
{
	static ct_keyed items[MOST],
				expected[MOST];
	arena_block arena;
	bool		good = true;

	arena_init(&arena);
	for (int round = 0; round < 200; round++)
	{
		int			count = round < 5 ? round : random_below(MOST);

		for (int i = 0; i < count; i++)
		{
			items[i].key = random_key(round % 4);
			items[i].rest = i;
		}
		memcpy(expected, items, sizeof(items));
		qsort(expected, count, sizeof(ct_keyed), compare);
		ct_radix_sort(items, count, &arena);
		good &= memcmp(items, expected, count * sizeof(ct_keyed)) == 0;
	}
	ok(good, "in order, those of one key as they were");
	ok(arena.next == &arena, "no memory is left");
	return done_testing();
}
