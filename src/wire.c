/*
 * wire.c
 *		The binary form of types that are texts at heart: one version byte and
 *		the canonical text, so that recv has the same validator as input.
 */
#include "postgres.h"

#include "libpq/pqformat.h"

#include "customer_tier.h"

#define WIRE_VERSION 1

char *
ct_receive_text(StringInfo message, const char *type)
{
	int			version = pq_getmsgbyte(message);
	int			length;

	if (version != WIRE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported binary version of type %s", type),
				 errdetail("The message has version %d, known is version %d.",
						   version, WIRE_VERSION)));
	return pq_getmsgtext(message, message->len - message->cursor, &length);
}

bytea *
ct_send_text(const char *text)
{
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, WIRE_VERSION);
	pq_sendtext(&message, text, strlen(text));
	return pq_endtypsend(&message);
}
