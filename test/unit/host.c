/*
 * host.c
 *		What the core asks of its host, for programs without a server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/host.h"
#include "host.h"

long		host_polls;

/*
 * The fewest digits that read back, without an exponent where the server
 * prints none.  Differs from the server's only for a few powers of two, where
 * a shorter decimal is not the nearest one.
 */
int
ct_host_shortest(double value, char *buffer)
{
	int			places = 0;
	int			exponent;

	do
		snprintf(buffer, CT_SHORTEST_SIZE, "%.*e", places, value);
	while (strtod(buffer, NULL) != value && ++places <= 16);
	exponent = atoi(strchr(buffer, 'e') + 1);
	if (exponent < -4 || exponent >= 15)
		return (int) strlen(buffer);
	return snprintf(buffer, CT_SHORTEST_SIZE, "%.*f",
					places > exponent ? places - exponent : 0, value);
}

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
