/*
 * host.c
 *		What the core asks of the server it runs in; the module's magic block.
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "core/host.h"

PG_MODULE_MAGIC;

StaticAssertDecl(CT_SHORTEST_SIZE > DOUBLE_SHORTEST_DECIMAL_LEN,
				 "room for the shortest decimal of a double");

int
ct_host_shortest(double value, char *buffer)
{
	return double_to_shortest_decimal_buf(value, buffer);
}

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
