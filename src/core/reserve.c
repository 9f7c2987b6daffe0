/*
 * reserve.c
 *		The one way in which arrays grow.
 */
#include <stdint.h>

#include "core/host.h"

/* The least room that an array gets, in bytes. */
#define LEAST_BYTES 128

void *
ct_reserve(void *context, void *array, size_t *room, size_t needed,
		   size_t element_size)
{
	size_t		more = *room > 0 ? *room : LEAST_BYTES / element_size + 1;

	if (needed <= *room)
		return array;
	while (more < needed)
		more = more > SIZE_MAX / 2 ? needed : more * 2;
	/* what cannot be counted cannot be had either: the host says so */
	array = ct_host_resize(context, array,
						   more > SIZE_MAX / element_size ? SIZE_MAX :
						   more * element_size);
	*room = more;
	return array;
}
