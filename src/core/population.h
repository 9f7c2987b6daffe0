/*
 * population.h
 *		One figure of a whole population: cut-offs of relative conditions, and
 *		quantiles.
 *
 * A figure is kept as a 64-bit key that orders as the figures do:
 *
 *	integers	the value itself
 *	doubles		the bits, those of negative values inverted; reals likewise,
 *				widened
 *	decimals	floor(value * 10^8), or for values beyond 4.6 * 10^10 in size
 *				their weight and first 14 digits; a value that its key does not
 *				tell exactly (more places, or that large) has its digits in an
 *				arena beside it
 *
 * The members are a multiset: sorting them changes nothing that can be seen,
 * and more can be added afterwards.
 */
#ifndef CT_POPULATION_H
#define CT_POPULATION_H

#include "core/figure.h"
#include "core/radix.h"
#include "core/sum.h"

/* Its rest is where its packed figure is in the arena, or: it needs none. */
typedef ct_keyed ct_member;

#define CT_MEMBER_EXACT UINT64_MAX

/* Begin with all zero but for the host's context. */
typedef struct ct_population
{
	void	   *context;		/* of the arrays; see ct_host_resize() */
	ct_figure_kind kind;		/* of every member; NULL while there is none */
	ct_member  *members;
	size_t		count;
	size_t		room;
	size_t		sorted;			/* so many, from the first on, are in order */
	unsigned char *arena;
	size_t		arena_used;
	size_t		arena_room;
} ct_population;

/*
 * Adds a figure; NULL is ignored.  False for one of another kind than those
 * before, an integer among doubles, say.
 */
extern bool ct_population_add(ct_population *population,
							  const ct_figure *figure);

/*
 * Brings the members in order, the least first.  What has been added since
 * the last sort is sorted and merged into the rest, so that sorting again
 * after each of a few additions takes one pass, not a whole sort.
 */
extern void ct_population_sort(ct_population *population);

/*
 * The i-th of the sorted members, from 0 on.  A decimal's digits are in
 * digits[] or in the population.
 */
extern ct_figure ct_population_member(const ct_population *population,
									  size_t i,
									  int16_t digits[CT_FIGURE_DIGITS]);

/*
 * The position, among the sorted members, of the k-th largest, 1 <= k; of the
 * least for a larger k.  The population must not be empty.
 */
extern size_t ct_population_largest(const ct_population *population,
									uint64_t k);

/*
 * Makes sums, 0 at first, for members of the population as it is now.  Their
 * lanes are one piece of memory in the context, at sums[0].lanes.
 */
extern void ct_population_start_sums(const ct_population *population,
									 void *context, ct_sum *sums, int count);

/*
 * Adds the members from low on, without high, to such a sum: the first one
 * times factor, each further one times step more than that before it.
 */
extern void ct_population_add_up(const ct_population *population, size_t low,
								 size_t high, int64_t factor, int64_t step,
								 ct_sum *sum);

/* ceil(p * n / 100), p = mantissa / 10^places, at most 100. */
extern uint64_t ct_percent_rank(uint64_t mantissa, int places, uint64_t n);

/*
 * The position, among the sorted members, of the least positive value v with
 * sum(values > v) * 100 < p * sum(positive values), p = mantissa / 10^places
 * > 0; false when no value is positive.
 */
extern bool ct_population_share(ct_population *population, uint64_t mantissa,
								int places, size_t *position);

/*
 * The quantile at part / parts, at most 1, of at least one sorted member, type
 * 7 of Hyndman and Fan (1996), as percentile_cont has it: the double nearest
 * to what exact decimals give.
 */
extern double ct_population_quantile(const ct_population *population,
									 unsigned part, unsigned parts);

#endif							/* CT_POPULATION_H */
