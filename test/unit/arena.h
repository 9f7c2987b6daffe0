/*
 * arena.h
 *		Memory for ct_host_resize(), all freed at once as in the server.
 */
#ifndef CT_ARENA_H
#define CT_ARENA_H

#include <stddef.h>
#include <stdlib.h>

typedef struct arena_block
{
	struct arena_block *next;
	struct arena_block *previous;
} arena_block;

/* The first block is the arena itself, in a ring. */
static inline void
arena_init(arena_block *arena)
{
	arena->next = arena->previous = arena;
}

static inline void *
arena_resize(void *arena, void *memory, size_t size)
{
	arena_block *head = arena;
	arena_block *block = memory ? (arena_block *) memory - 1 : NULL;

	if (block)
	{
		block->next->previous = block->previous;
		block->previous->next = block->next;
	}
	if (size == 0)
	{
		free(block);
		return NULL;
	}
	block = realloc(block, sizeof(arena_block) + size);
	if (!block)
		abort();
	block->next = head->next;
	block->previous = head;
	head->next->previous = block;
	head->next = block;
	return block + 1;
}

static inline void
arena_free(arena_block *arena)
{
	while (arena->next != arena)
		(void) arena_resize(arena, arena->next + 1, 0);
}

#endif							/* CT_ARENA_H */
