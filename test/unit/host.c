/*
 * host.c
 *		What the core asks of its host, for programs without a server.
 */
#include <stdlib.h>

#include "core/host.h"
#include "arena.h"
#include "host.h"

long		host_polls;

/* Text is UTF-8. */
int
ct_host_clip(const char *text, int length, int most)
{
	if (length <= most)
		return length;
	while (most > 0 && ((unsigned char) text[most] & 0xC0) == 0x80)
		most--;
	return most;
}

void
ct_host_poll(void)
{
	host_polls++;
}

/* A context is an arena; without one, memory is malloc()'s. */
void *
ct_host_resize(void *context, void *memory, size_t size)
{
	if (context != NULL)
		return arena_resize(context, memory, size);
	if (size == 0)
	{
		free(memory);
		return NULL;
	}
	memory = realloc(memory, size);
	if (memory == NULL)
		abort();
	return memory;
}
