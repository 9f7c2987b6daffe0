/*
 * fields.h
 *		The outer forms of a digest of fixed size: text and network bytes.
 *
 * A digest's state is a struct of 64-bit words, described field by field, in
 * the order in which its text and its network form have them:
 *
 *	{orders: 3, gross: 120.5, first: 2024-03-01T09:00:00Z, ...}
 *
 * After the words, at offset size, a type with optional fields has a uint64_t
 * of flags, one bit each: a field whose flag is not set is not in the text,
 * and zero in the words.  So equal digests are equal bytes.
 */
#ifndef CT_FIELDS_H
#define CT_FIELDS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/isodate.h"
#include "core/status.h"
#include "core/wide.h"

typedef enum ct_field_kind
{
	CT_FIELD_COUNT,				/* int64_t, at least 0 */
	CT_FIELD_SUM,				/* ct_wide, in units of 10^-8 */
	CT_FIELD_AMOUNT,			/* ct_int128, in units of 10^-8 */
	CT_FIELD_TIME,				/* int64_t, microseconds since 2000 */
	CT_FIELD_DATE,				/* int32_t, days since 2000 */
	CT_FIELD_DAYS				/* int32_t, at least 0 */
} ct_field_kind;

typedef struct ct_field
{
	const char *name;
	ct_field_kind kind;
	size_t		offset;			/* in the state */
	uint8_t		flag;			/* 0: always there */
} ct_field;

typedef struct ct_fields
{
	const char *type;			/* its name in SQL */
	uint8_t		version;		/* of both binary forms */
	uint8_t		flags;			/* those that may be set */
	int			count;
	const ct_field *field;
	size_t		size;			/* of the state's words */

	/* The one validator: can these be the figures of any rows at all? */
	bool		(*check) (const void *state, ct_error *error);
} ct_fields;

/*
 * The most rows that a stored digest may stand for: 2^40, so that no sum in
 * it passes 2^140, no amount times seconds 2^184, and over a hundred of the
 * largest can be merged in 192 bits whatever the order.
 */
#define CT_MAX_ROWS (INT64_C(1) << 40)

/* Bytes before the words in both binary forms: version, flags, 0, 0. */
#define CT_FIELDS_HEADER 4

/* The longest text of a value, and of a name with its punctuation. */
#define CT_FIELD_TEXT_SIZE (CT_WIDE_TEXT_SIZE + 40)

static inline uint64_t *
ct_fields_flags(const ct_fields *type, void *state)
{
	return (uint64_t *) ((char *) state + type->size);
}

/* Room for ct_fields_write, its zero included. */
static inline size_t
ct_fields_text_size(const ct_fields *type)
{
	return (size_t) type->count * CT_FIELD_TEXT_SIZE + 3;
}

/* The text of a state, zero-terminated; returns its length. */
extern size_t ct_fields_write(const ct_fields *type, const void *state,
							  char *text);

/* Reads such a text: a valid state, or CT_BAD_SYNTAX. */
extern bool ct_fields_read(const ct_fields *type, const char *text,
						   int length, void *state, ct_error *error);

/* Bytes of the network form. */
static inline size_t
ct_fields_network_size(const ct_fields *type)
{
	return CT_FIELDS_HEADER + type->size;
}

/* The state in network byte order. */
extern void ct_fields_send(const ct_fields *type, const void *state,
						   unsigned char *bytes);

/* Reads it back, trusting nothing: a valid state, or CT_BAD_BINARY. */
extern bool ct_fields_receive(const ct_fields *type,
							  const unsigned char *bytes, size_t length,
							  void *state, ct_error *error);

/* The stored form: the header and the state's words as they are. */
static inline void
ct_fields_store(const ct_fields *type, const void *state,
				unsigned char *bytes)
{
	bytes[0] = type->version;
	bytes[1] = type->flags == 0 ? 0 :
		(unsigned char) *ct_fields_flags(type, (void *) state);
	bytes[2] = bytes[3] = 0;
	memcpy(bytes + CT_FIELDS_HEADER, state, type->size);
}

/*
 * Takes up a stored form, which was valid when it was stored; false when its
 * version or size is not ours.
 */
static inline bool
ct_fields_load(const ct_fields *type, const unsigned char *bytes,
			   size_t length, void *state)
{
	if (length != CT_FIELDS_HEADER + type->size || bytes[0] != type->version)
		return false;
	memcpy(state, bytes + CT_FIELDS_HEADER, type->size);
	if (type->flags != 0)
		*ct_fields_flags(type, state) = bytes[1];
	return true;
}

/*
 * The pieces that the digest of variable size writes and reads its text
 * with, too.
 */
typedef struct ct_reader
{
	const char *text;
	int			length;
	int			at;
	ct_error   *error;
} ct_reader;

/* The value of one field at its place in the state. */
extern int	ct_field_write(ct_field_kind kind, const void *value, char *text);

/* Reads one value of a field, up to , : } or a space. */
extern bool ct_field_read(ct_reader *reader, ct_field_kind kind, void *value);

/* Skips spaces; is this character next?  If so skips it. */
extern bool ct_reader_skip(ct_reader *reader, char c);

/* Goes past this character or fails with 'expected "c"'. */
extern bool ct_reader_expect(ct_reader *reader, char c);

/* Nothing but spaces may be left. */
extern bool ct_reader_end(ct_reader *reader);

/* Fails here: expected <what>, found <the text>. */
extern bool ct_reader_unexpected(ct_reader *reader, const char *what);

#endif							/* CT_FIELDS_H */
