/*
 * radix.c
 *		Sorting by the bytes of keys, the lowest first.
 */
#include "core/radix.h"

#include <string.h>

#include "core/host.h"

#define BYTES 8
#define VALUES 256

/* Items that are moved between two chances to interrupt. */
#define POLL_ITEMS 65536

/* A byte of a key; the sign is turned over, so that bytes are in order. */
static inline unsigned
byte_of(int64_t key, int i)
{
	return ((uint64_t) key ^ UINT64_C(1) << 63) >> (8 * i) & (VALUES - 1);
}

/* Moves items to where the next one of their byte belongs. */
static void
distribute(const ct_keyed *from, ct_keyed *to, size_t count, int byte,
		   size_t next[VALUES])
{
	for (size_t i = 0; i < count; i++)
	{
		if (i % POLL_ITEMS == 0)
			ct_host_poll();
		to[next[byte_of(from[i].key, byte)]++] = from[i];
	}
}

/* From how many there are of each value to where its first one belongs. */
static void
make_positions(size_t numbers[VALUES])
{
	size_t		position = 0;

	for (int i = 0; i < VALUES; i++)
	{
		size_t		number = numbers[i];

		numbers[i] = position;
		position += number;
	}
}

void
ct_radix_sort(ct_keyed *items, size_t count, void *context)
{
	size_t		numbers[BYTES][VALUES] = {{0}};
	ct_keyed   *from = items;
	ct_keyed   *to;

	if (count < 2)
		return;
	to = ct_host_resize(context, NULL, count * sizeof(ct_keyed));
	for (size_t i = 0; i < count; i++)
	{
		if (i % POLL_ITEMS == 0)
			ct_host_poll();
		for (int byte = 0; byte < BYTES; byte++)
			numbers[byte][byte_of(items[i].key, byte)]++;
	}
	for (int byte = 0; byte < BYTES; byte++)
	{
		ct_keyed   *swap = from;

		/* of one value in all of them */
		if (numbers[byte][byte_of(items[0].key, byte)] == count)
			continue;
		make_positions(numbers[byte]);
		distribute(from, to, count, byte, numbers[byte]);
		from = to;
		to = swap;
	}
	if (from != items)
	{
		memcpy(items, from, count * sizeof(ct_keyed));
		to = from;
	}
	(void) ct_host_resize(context, to, 0);
}
