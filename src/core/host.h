/*
 * host.h
 *		What the core asks of whoever it is linked into.
 *
 * src/host.c gives it to the extension, test/unit/host.c to the tests.
 */
#ifndef CT_HOST_H
#define CT_HOST_H

#include <stddef.h>

/*
 * The length of the longest beginning of a text, of at most so many bytes,
 * that cuts no character in two.
 */
extern int	ct_host_clip(const char *text, int length, int most);

/*
 * Called between passes over much data.  It may not return (a cancelled
 * query); the core holds nothing that would leak.
 */
extern void ct_host_poll(void);

/*
 * realloc() in a memory context of the host's, which is only asked for when
 * memory is NULL; frees when size is 0.  Does not return without memory.
 */
extern void *ct_host_resize(void *context, void *memory, size_t size);

/*
 * Makes room for at least needed elements in an array, which grows by
 * doubling; *room is how many it has room for, 0 before the first call.
 * Returns where the array is now.
 */
extern void *ct_reserve(void *context, void *array, size_t *room,
						size_t needed, size_t element_size);

#endif							/* CT_HOST_H */
