/*
 * radix.h
 *		Sorting by a 64-bit key, a byte at a time: in a time that grows with the
 *		number of items, and without a comparison.
 */
#ifndef CT_RADIX_H
#define CT_RADIX_H

#include <stddef.h>
#include <stdint.h>

typedef struct ct_keyed
{
	int64_t		key;
	uint64_t	rest;			/* goes along */
} ct_keyed;

/* Of fewer items it is not worth counting bytes. */
#define CT_RADIX_LEAST 512

/*
 * Sorts items by their keys, the least first; those of one key stay in their
 * order.  The memory for as many items is of the context, see
 * ct_host_resize(), and freed.
 */
extern void ct_radix_sort(ct_keyed *items, size_t count, void *context);

#endif							/* CT_RADIX_H */
