/*
 * random.h
 *		Seeded random numbers for tests: the same ones each time.
 */
#ifndef CT_RANDOM_H
#define CT_RANDOM_H

#include <stdint.h>

static uint64_t random_state = UINT64_C(88172645463325252);

/* xorshift64* */
static inline uint64_t
random_word(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * UINT64_C(2685821657736338717);
}

static inline int
random_below(int n)
{
	return (int) ((random_word() >> 33) % (uint64_t) n);
}

/* Of any size, from one bit to all of them, and often next to a power of 2. */
static inline uint64_t
random_sized_word(void)
{
	uint64_t	w = random_word() >> random_below(64);

	switch (random_below(4))
	{
		case 0:
			return (UINT64_C(1) << random_below(64)) + random_below(3) - 1;
		case 1:
			return ~w;
		default:
			return w;
	}
}

#endif							/* CT_RANDOM_H */
