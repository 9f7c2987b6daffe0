/*
 * fields_fuzz.h
 *		Any input as the text and as the network form of a digest.
 *
 * Text that is read writes back to the same state, whose network form reads
 * back too; so do bytes that are received, which are also those that are
 * sent.  A text that begins with x is hexadecimal digits of bytes.
 */
#ifndef CT_FIELDS_FUZZ_H
#define CT_FIELDS_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "core/fields.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

/* A state that was accepted survives both forms. */
static void
fuzz_valid(const ct_fields *type, const void *state)
{
	size_t		size = type->size + sizeof(uint64_t);
	size_t		state_size = type->size + (type->flags ? sizeof(uint64_t) : 0);
	void	   *back = malloc(size);
	char	   *text = malloc(ct_fields_text_size(type));
	unsigned char *bytes = malloc(ct_fields_network_size(type));
	size_t		length = ct_fields_write(type, state, text);
	ct_error	error;

	REQUIRE(length < ct_fields_text_size(type) && text[length] == '\0');
	REQUIRE(ct_fields_read(type, text, (int) length, back, &error));
	REQUIRE(memcmp(state, back, state_size) == 0);
	ct_fields_send(type, state, bytes);
	REQUIRE(ct_fields_receive(type, bytes, ct_fields_network_size(type), back,
							  &error));
	REQUIRE(memcmp(state, back, state_size) == 0);
	ct_fields_store(type, state, bytes);
	REQUIRE(ct_fields_load(type, bytes, ct_fields_network_size(type), back));
	REQUIRE(memcmp(state, back, state_size) == 0);
	free(bytes);
	free(text);
	free(back);
}

static void
fuzz_bytes(const ct_fields *type, const unsigned char *bytes, size_t size)
{
	void	   *state = malloc(type->size + sizeof(uint64_t));
	unsigned char *sent = malloc(ct_fields_network_size(type));
	ct_error	error;

	if (ct_fields_receive(type, bytes, size, state, &error))
	{
		ct_fields_send(type, state, sent);
		REQUIRE(memcmp(sent, bytes, size) == 0);
		fuzz_valid(type, state);
	}
	else
		REQUIRE(error.code == CT_BAD_BINARY && error.detail[0] != '\0');
	free(sent);
	free(state);
}

static int
hex_digit(unsigned char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static void
fuzz_fields(const ct_fields *type, const uint8_t *data, size_t size)
{
	void	   *state = malloc(type->size + sizeof(uint64_t));
	ct_error	error;

	if (ct_fields_read(type, (const char *) data, (int) size, state, &error))
		fuzz_valid(type, state);
	else
		REQUIRE(error.code == CT_BAD_SYNTAX && error.detail[0] != '\0' &&
				error.position <= (int) size);
	fuzz_bytes(type, data, size);
	if (size > 0 && data[0] == 'x')
	{
		unsigned char *bytes = malloc(size);

		for (size_t i = 0; i < (size - 1) / 2; i++)
			bytes[i] = (unsigned char) ((hex_digit(data[2 * i + 1]) & 15) << 4 |
										(hex_digit(data[2 * i + 2]) & 15));
		fuzz_bytes(type, bytes, (size - 1) / 2);
		free(bytes);
	}
	free(state);
}

#endif							/* CT_FIELDS_FUZZ_H */
