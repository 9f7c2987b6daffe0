/*
 * sort.c
 *		Radix sort in place: McIlroy, Bostic and McIlroy, "Engineering Radix
 *		Sort" (1993), the American flag sort.
 *
 * Doubles are turned into unsigned keys of the same order.  Each level looks
 * at the eight bits that begin with the highest one in which its keys differ,
 * so that keys of a narrow range need few levels; small parts are sorted by
 * insertion, and parts already in order, such as ties, are left alone.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "host.h"
#include "sort.h"

#define DIGIT_BITS 8
#define BUCKETS (1 << DIGIT_BITS)
#define SIGN_BIT (UINT64_C(1) << 63)

/* Parts up to this size are sorted by insertion. */
#define SMALL_PART 32

/* Parts beyond this size let the host interrupt. */
#define LARGE_PART 16384

/* A double, seen as the bits of a key. */
typedef uint64_t sort_key __attribute__((may_alias));

static void
insertion_sort(sort_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		uint64_t	key = keys[i];
		size_t		j = i;

		for (; j > 0 && keys[j - 1] > key; j--)
			keys[j] = keys[j - 1];
		keys[j] = key;
	}
}

/* The bits in which any two keys differ, or 0 when they are in order. */
static uint64_t
differing_bits(const sort_key *keys, size_t count)
{
	uint64_t	differing = 0;
	bool		in_order = true;

	for (size_t i = 1; i < count; i++)
	{
		differing |= keys[i] ^ keys[0];
		in_order &= keys[i - 1] <= keys[i];
	}
	return in_order ? 0 : differing;
}

/* Where the highest eight differing bits begin, counted from the lowest. */
static int
digit_shift(uint64_t differing)
{
	int			bits = 64 - __builtin_clzll(differing);

	return bits > DIGIT_BITS ? bits - DIGIT_BITS : 0;
}

static inline int
digit_of(uint64_t key, int shift)
{
	return (int) (key >> shift) & (BUCKETS - 1);
}

/*
 * Moves each key into the bucket of its digit.  next[] is where each bucket
 * begins, and on return where it ends; end[] is where it ends.
 */
static void
distribute(sort_key *keys, size_t *next, const size_t *end, int shift)
{
	for (int bucket = 0; bucket < BUCKETS; bucket++)
		while (next[bucket] < end[bucket])
		{
			uint64_t	key = keys[next[bucket]];
			int			digit;

			/* follow the keys that must go elsewhere, until one stays */
			while ((digit = digit_of(key, shift)) != bucket)
			{
				uint64_t	other = keys[next[digit]];

				keys[next[digit]++] = key;
				key = other;
			}
			keys[next[bucket]++] = key;
		}
}

/* Each level settles at least one more bit and most settle eight. */
static void
sort_keys(sort_key *keys, size_t count)
{
	size_t		next[BUCKETS] = {0};
	size_t		end[BUCKETS];
	size_t		total = 0;
	uint64_t	differing;
	int			shift;

	if (count <= SMALL_PART)
	{
		insertion_sort(keys, count);
		return;
	}
	if (count > LARGE_PART)
		ct_host_poll();
	differing = differing_bits(keys, count);
	if (differing == 0)
		return;
	shift = digit_shift(differing);
	for (size_t i = 0; i < count; i++)
		next[digit_of(keys[i], shift)]++;
	for (int bucket = 0; bucket < BUCKETS; bucket++)
	{
		end[bucket] = total + next[bucket];
		next[bucket] = total;
		total = end[bucket];
	}
	distribute(keys, next, end, shift);
	if (shift == 0)
		return;
	total = 0;
	for (int bucket = 0; bucket < BUCKETS; bucket++)
	{
		sort_keys(keys + total, end[bucket] - total);
		total = end[bucket];
	}
}

/* Flips all bits of the negative ones and the sign bit of the others. */
void
ct_sort_doubles(double *values, size_t count)
{
	sort_key   *keys = (sort_key *) values;

	for (size_t i = 0; i < count; i++)
		keys[i] ^= keys[i] & SIGN_BIT ? UINT64_MAX : SIGN_BIT;
	sort_keys(keys, count);
	for (size_t i = 0; i < count; i++)
		keys[i] ^= keys[i] & SIGN_BIT ? SIGN_BIT : UINT64_MAX;
}

double
ct_sorted_quantile(const double *sorted, size_t count, double fraction)
{
	double		position = fraction * (double) (count - 1);
	size_t		below = (size_t) floor(position);
	size_t		above = (size_t) ceil(position);
	double		low = sorted[below];
	double		part = position - floor(position);
	double		quantile;

	if (below == above)
		return low;
	quantile = low + part * (sorted[above] - low);
	if (!isfinite(quantile))
		quantile = low * (1 - part) + sorted[above] * part;
	return quantile;
}
