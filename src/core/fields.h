/*
 * fields.h
 *		What a digest of fixed size is made of, and its binary forms.
 *
 * A digest's state is a struct of 64-bit words, described field by field, in
 * the order in which its text and its network form have them.  The text is a
 * JSON object with a key for each field; it is made of the values that are
 * written and read here, one by one.
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
	CT_FIELD_AMOUNT,			/* ct_int128, in units of 10^-8, at most
								 * CT_FIXED_LIMIT in size */
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

	/*
	 * The one validator: can these be the figures of any rows at all?
	 * CT_BAD_BINARY.
	 */
	bool		(*check) (const void *state, ct_error *error);

	/* Adds other to state.  CT_OUT_OF_RANGE when a sum does not fit. */
	bool		(*merge) (void *state, const void *other, ct_error *error);

	/* May this be stored?  CT_OUT_OF_RANGE beyond CT_MAX_ROWS rows. */
	bool		(*finished) (const void *state, ct_error *error);
} ct_fields;

/*
 * The most rows that a stored digest may stand for: 2^40, so that no sum in
 * it passes 2^140, no amount times seconds 2^184, and over a hundred of the
 * largest can be merged in 192 bits whatever the order.
 */
#define CT_MAX_ROWS (INT64_C(1) << 40)

/* Bytes before the words in both binary forms: version, flags, 0, 0. */
#define CT_FIELDS_HEADER 4

/* What the functions above fail with. */
extern bool ct_digest_invalid(ct_error *error, const char *detail);
extern bool ct_digest_too_large(ct_error *error, const char *type,
								const char *detail);

/* Room for the text of a value, and its zero. */
#define CT_FIELD_TEXT_SIZE CT_WIDE_TEXT_SIZE

static inline uint64_t *
ct_fields_flags(const ct_fields *type, void *state)
{
	return (uint64_t *) ((char *) state + type->size);
}

/* Is a field in a state? */
static inline bool
ct_field_present(const ct_fields *type, const ct_field *field,
				 const void *state)
{
	return field->flag == 0 ||
		(*ct_fields_flags(type, (void *) state) & field->flag) != 0;
}

/* Bytes of the largest state there is. */
#define CT_STATE_MOST 320

/* Bytes of a state with its flags. */
static inline size_t
ct_fields_state_size(const ct_fields *type)
{
	return type->size + (type->flags ? sizeof(uint64_t) : 0);
}

/* Is the value of such a field a JSON string?  The others are numbers. */
static inline bool
ct_field_is_string(ct_field_kind kind)
{
	return kind == CT_FIELD_TIME || kind == CT_FIELD_DATE;
}

/* What a value of such a field looks like, for an error's detail. */
extern const char *ct_field_form(ct_field_kind kind);

/*
 * The text of one value, zero-terminated and without the quotes of a string;
 * returns its length.
 */
extern int	ct_field_write(ct_field_kind kind, const void *value, char *text);

/*
 * Reads such a text, numbers in any notation; false when it is none or cannot
 * be kept exactly.
 */
extern bool ct_field_read(ct_field_kind kind, const char *text, void *value);

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

#endif							/* CT_FIELDS_H */
