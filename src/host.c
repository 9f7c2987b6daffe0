/*
 * host.c
 *		What the core asks of the server it runs in.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/host.h"

int
ct_host_clip(const char *text, int length, int most)
{
	return pg_mbcliplen(text, length, most);
}

void
ct_host_poll(void)
{
	CHECK_FOR_INTERRUPTS();
}

void *
ct_host_resize(void *context, void *memory, size_t size)
{
	if (memory == NULL)
		return MemoryContextAllocHuge((MemoryContext) context, size);
	if (size > 0)
		return repalloc_huge(memory, size);
	pfree(memory);
	return NULL;
}
