/*
 * fields.h
 *		What a digest of fixed size is made of, and its network form.
 *
 * There is one form of a digest, the same while it is added up and when it is
 * stored: a header and 64-bit words in host order, described field by field
 * in the order in which text and network form have them.  The text is a JSON
 * object with a key for each field; it is made of the values that are written
 * and read here, one by one.
 *
 * A field whose flag is not set is not in the text, and zero in the words.
 * So equal digests are equal bytes.
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
	CT_FIELD_TOTAL,				/* ct_int128, in units of 10^-8, at least 0 */
	CT_FIELD_AMOUNT,			/* the same, at most CT_FIXED_LIMIT in size */
	CT_FIELD_TIME,				/* int64_t, microseconds since 2000 */
	CT_FIELD_DATE,				/* int32_t, days since 2000 */
	CT_FIELD_DAYS				/* int32_t, at least 0 */
} ct_field_kind;

typedef struct ct_field
{
	const char *name;
	ct_field_kind kind;
	size_t		offset;			/* in the digest */
	uint8_t		flag;			/* 0: always there */
} ct_field;

/* What every digest begins with. */
typedef struct ct_fields_header
{
	uint32_t	host;			/* the host's own: a varlena's length */
	uint8_t		version;
	uint8_t		flags;			/* of the fields that are there */
	uint8_t		zero[2];
} ct_fields_header;

typedef struct ct_fields
{
	const char *type;			/* its name in SQL */
	uint8_t		version;		/* of both binary forms */
	uint8_t		flags;			/* those that may be set */
	int			count;
	const ct_field *field;
	size_t		size;			/* of the digest */

	/*
	 * The one validator: can these be the figures of any rows at all?
	 * CT_BAD_BINARY.
	 */
	bool		(*check) (const void *digest, ct_error *error);

	/*
	 * Adds another digest.  CT_OUT_OF_RANGE beyond CT_MAX_ROWS rows or when a
	 * sum does not fit, whatever the order; digest is then undefined.
	 */
	bool		(*merge) (void *digest, const void *other, ct_error *error);
} ct_fields;

/*
 * The most rows of a kind that a digest may stand for: 2^40, so that no signed
 * sum in it passes 2^144, and no amount times seconds 2^188.  Sums of amounts
 * that cannot be negative have 127 bits: 2^27 of the largest fit, and the
 * difference of two.
 */
#define CT_MAX_ROWS (INT64_C(1) << 40)

/* Bytes of the network form before the words: version, flags, 0, 0. */
#define CT_FIELDS_SENT_HEADER 4

/* What check and merge fail with; false. */
extern bool ct_digest_invalid(ct_error *error, const char *detail);
extern bool ct_digest_too_many(ct_error *error, const char *type);
extern bool ct_digest_too_large(ct_error *error, const char *type);

/* A digest of no rows, which cannot be stored. */
static inline void
ct_fields_begin(const ct_fields *type, void *digest)
{
	memset(digest, 0, type->size);
	((ct_fields_header *) digest)->version = type->version;
}

/* Is a field in a digest? */
static inline bool
ct_field_present(const ct_field *field, const void *digest)
{
	return field->flag == 0 ||
		(((const ct_fields_header *) digest)->flags & field->flag) != 0;
}

/* Adds to a sum of amounts, none of them negative; false on overflow. */
static inline bool
ct_total_add(ct_int128 *total, ct_int128 amount)
{
	return !__builtin_add_overflow(*total, amount, total);
}

/* Adds to a number of rows; false beyond CT_MAX_ROWS. */
static inline bool
ct_rows_add(int64_t *rows, int64_t more)
{
	*rows += more;
	return *rows <= CT_MAX_ROWS;
}

/* Room for the text of a value, and its zero. */
#define CT_FIELD_TEXT_SIZE CT_WIDE_TEXT_SIZE

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
ct_fields_sent_size(const ct_fields *type)
{
	return type->size - sizeof(ct_fields_header) + CT_FIELDS_SENT_HEADER;
}

/* The digest in network byte order. */
extern void ct_fields_send(const ct_fields *type, const void *digest,
						   unsigned char *bytes);

/* Reads it back, trusting nothing: a valid digest, or CT_BAD_BINARY. */
extern bool ct_fields_receive(const ct_fields *type,
							  const unsigned char *bytes, size_t length,
							  void *digest, ct_error *error);

#endif							/* CT_FIELDS_H */
