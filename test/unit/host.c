/*
 * host.c
 *		What the core asks of its host, for programs without a server.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/host.h"

/*
 * The fewest digits that read back.  Differs from the server's only for a
 * few powers of two, where a shorter decimal is not the nearest one.
 */
int
ct_host_shortest(double value, char *buffer)
{
	for (int precision = 1; precision < 17; precision++)
	{
		int			n = snprintf(buffer, CT_SHORTEST_SIZE, "%.*g", precision,
								 value);

		if (strtod(buffer, NULL) == value)
			return n;
	}
	return snprintf(buffer, CT_SHORTEST_SIZE, "%.17g", value);
}

void
ct_host_poll(void)
{
}
