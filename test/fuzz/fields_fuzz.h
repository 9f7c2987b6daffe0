/*
 * fields_fuzz.h
 *		Any input as the network form of a digest, and as its values.
 *
 * Bytes that are received are also those that are sent.  A text that is read as a value of some kind
 * writes back to one that reads as the same.  A text that begins with x is
 * hexadecimal digits of bytes.
 */
#ifndef CT_FIELDS_FUZZ_H
#define CT_FIELDS_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "core/fields.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

/* Each value of a digest that was accepted is read as it was written. */
static void
fuzz_valid(const ct_fields *type, const void *digest)
{
	char	   *back = malloc(type->size);

	ct_fields_begin(type, back);
	((ct_fields_header *) back)->flags =
		((const ct_fields_header *) digest)->flags;
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];
		char		text[CT_FIELD_TEXT_SIZE];

		if (!ct_field_present(field, digest))
			continue;
		ct_field_write(field->kind, (const char *) digest + field->offset,
					   text);
		REQUIRE(ct_field_read(field->kind, text, back + field->offset));
	}
	REQUIRE(memcmp(digest, back, type->size) == 0);
	free(back);
}

static void
fuzz_bytes(const ct_fields *type, const unsigned char *bytes, size_t size)
{
	void	   *digest = malloc(type->size);
	unsigned char *sent = malloc(ct_fields_sent_size(type));
	ct_error	error;

	if (ct_fields_receive(type, bytes, size, digest, &error))
	{
		ct_fields_send(type, digest, sent);
		REQUIRE(memcmp(sent, bytes, size) == 0);
		fuzz_valid(type, digest);
	}
	else
		REQUIRE(error.code == CT_BAD_BINARY && error.detail[0] != '\0');
	free(sent);
	free(digest);
}

static int
hex_digit(unsigned char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static void
fuzz_values(const uint8_t *data, size_t size)
{
	char	   *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	for (int kind = CT_FIELD_COUNT; kind <= CT_FIELD_DAYS; kind++)
	{
		ct_wide		value = {{0}},
					back = {{0}};
		char		written[CT_FIELD_TEXT_SIZE];

		if (!ct_field_read(kind, text, &value))
			continue;
		REQUIRE(ct_field_write(kind, &value, written) < CT_FIELD_TEXT_SIZE);
		REQUIRE(ct_field_read(kind, written, &back));
		REQUIRE(memcmp(&value, &back, sizeof(value)) == 0);
	}
	free(text);
}

static void
fuzz_fields(const ct_fields *type, const uint8_t *data, size_t size)
{
	fuzz_values(data, size);
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
}

#endif							/* CT_FIELDS_FUZZ_H */
