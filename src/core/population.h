/*
 * population.h
 *		One figure of a whole population, and the cut-offs of relative
 *		conditions in it.
 *
 * A value is kept as a 64-bit key that orders as the values do:
 *
 *	integers	the value itself
 *	doubles		the bits, those of negative values inverted
 *	decimals	floor(value * 10^8), or for values beyond 4.6 * 10^10 in size
 *				their weight and first 14 digits; a value that its key does
 *				not tell exactly (more places, or that large) is spilled: its
 *				key and where its digits lie
 *
 * so that a cut-off among n values is found by selection on integers in O(n),
 * and yet is a value of the population itself, exactly.  The arrays are
 * multisets: finding cut-offs reorders them, adding more is always possible.
 *
 * Memory is the host's: ct_population_add() says when it needs more.
 */
#ifndef CT_POPULATION_H
#define CT_POPULATION_H

#include "figure.h"

/* A decimal that its key does not tell. */
typedef struct ct_spilled
{
	int64_t		key;
	size_t		offset;			/* of its ct_decimal header in the arena */
} ct_spilled;

typedef struct ct_population
{
	ct_figure_kind kind;		/* of every value; NULL while there is none */
	int64_t    *keys;			/* the values that their keys tell */
	size_t		nkeys;
	size_t		keys_room;
	ct_spilled *spilled;
	size_t		nspilled;
	size_t		spilled_room;
	unsigned char *arena;		/* the spilled values' digits */
	size_t		arena_used;
	size_t		arena_room;
} ct_population;

typedef enum ct_population_result
{
	CT_POPULATION_ADDED,
	CT_POPULATION_NEEDS_KEYS,	/* give more room and add again */
	CT_POPULATION_NEEDS_SPILLED,
	CT_POPULATION_NEEDS_ARENA,
	CT_POPULATION_OTHER_KIND	/* an integer among doubles, say */
} ct_population_result;

/* Adds a value; NULL is ignored. */
extern ct_population_result ct_population_add(ct_population *population,
											  const ct_figure *value);

static inline uint64_t
ct_population_count(const ct_population *population)
{
	return (uint64_t) population->nkeys + population->nspilled;
}

/* A cut-off: a value of the population, or 0 with "above" set. */
typedef struct ct_cutoff
{
	ct_figure	value;			/* a decimal points into the population or
								 * into digits[] */
	bool		above;			/* the condition is > 0: no value is positive */
	int16_t		digits[8];
} ct_cutoff;

/*
 * The k-th largest value, 1 <= k; that of the smallest for a larger k.  The
 * population must not be empty.
 */
extern void ct_population_largest(ct_population *population, uint64_t k,
								  ct_cutoff *cutoff);

/* ceil(p * n / 100), p = mantissa / 10^places, at most 100. */
extern uint64_t ct_percent_rank(uint64_t mantissa, int places, uint64_t n);

/*
 * The least positive value v with sum(values > v) * 100 < p * sum(positive
 * values), p = mantissa / 10^places > 0.  Works in ct_population_workspace()
 * words of the caller's.
 */
extern size_t ct_population_workspace(const ct_population *population);
extern void ct_population_share(ct_population *population, uint64_t mantissa,
								int places, int64_t *workspace,
								ct_cutoff *cutoff);

#endif							/* CT_POPULATION_H */
