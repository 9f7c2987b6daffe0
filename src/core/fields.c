/*
 * fields.c
 *		The values of digests as text, and digests as network bytes.
 */
#include "core/decimal.h"
#include "core/fields.h"

/* 16-bit digits of the longest number that fits 192 bits. */
#define MOST_DIGITS 16

/* In the order of ct_field_kind. */
static const struct
{
	size_t		size;			/* of a value, in the state and as sent */
	int			scale;			/* of a number */
	const char *form;
}			kinds[] = {
	{sizeof(int64_t), 0, "a whole number from 0 to 9223372036854775807"},
	{sizeof(ct_wide), CT_FIXED_SCALE,
	"a number with at most 8 decimal places, at most 10^49 in size"},
	{sizeof(ct_int128), CT_FIXED_SCALE,
	"a number with at most 8 decimal places, from 0 to 10^30"},
	{sizeof(ct_int128), CT_FIXED_SCALE,
	"a number with at most 8 decimal places, at most 10^22 in size"},
	{sizeof(int64_t), 0, "a time in UTC, as in \"2024-03-01T09:00:00.5Z\""},
	{sizeof(int32_t), 0, "a date, as in \"2024-03-01\""},
	{sizeof(int32_t), 0, "a whole number from 0 to 2147483647"}
};

bool
ct_digest_invalid(ct_error *error, const char *detail)
{
	return ct_fail(error, CT_BAD_BINARY, -1, "%s", detail);
}

bool
ct_digest_too_many(ct_error *error, const char *type)
{
	ct_fail(error, CT_OUT_OF_RANGE, -1,
			"A digest holds at most 2^40 rows of a kind.");
	return ct_fail_message(error, "%s out of range", type);
}

bool
ct_digest_too_large(ct_error *error, const char *type)
{
	ct_fail(error, CT_OUT_OF_RANGE, -1,
			"A sum of amounts is larger than 1.7 * 10^30.");
	return ct_fail_message(error, "%s out of range", type);
}

const char *
ct_field_form(ct_field_kind kind)
{
	return kinds[kind].form;
}

/* A value of any kind as the integer that it is. */
static ct_wide
value_as_wide(ct_field_kind kind, const void *value)
{
	ct_wide		wide;
	ct_int128	amount;
	int64_t		number;
	int32_t		small;

	switch (kind)
	{
		case CT_FIELD_SUM:
			memcpy(&wide, value, sizeof(wide));
			return wide;
		case CT_FIELD_TOTAL:
		case CT_FIELD_AMOUNT:
			memcpy(&amount, value, sizeof(amount));
			break;
		case CT_FIELD_COUNT:
		case CT_FIELD_TIME:
			memcpy(&number, value, sizeof(number));
			amount = number;
			break;
		default:
			memcpy(&small, value, sizeof(small));
			amount = small;
			break;
	}
	ct_wide_from_int128(&wide, amount);
	return wide;
}

/* The reverse, of an integer that fits the kind's size. */
static void
value_from_wide(ct_field_kind kind, const ct_wide *wide, void *value)
{
	ct_int128	amount;
	int64_t		number = (int64_t) wide->word[0];
	int32_t		small = (int32_t) number;

	switch (kind)
	{
		case CT_FIELD_SUM:
			memcpy(value, wide, sizeof(*wide));
			break;
		case CT_FIELD_TOTAL:
		case CT_FIELD_AMOUNT:
			(void) ct_wide_to_int128(wide, &amount);
			memcpy(value, &amount, sizeof(amount));
			break;
		case CT_FIELD_COUNT:
		case CT_FIELD_TIME:
			memcpy(value, &number, sizeof(number));
			break;
		default:
			memcpy(value, &small, sizeof(small));
			break;
	}
}

int
ct_field_write(ct_field_kind kind, const void *value, char *text)
{
	ct_wide		wide = value_as_wide(kind, value);

	if (kind == CT_FIELD_TIME)
		return ct_time_write((int64_t) wide.word[0], text);
	if (kind == CT_FIELD_DATE)
		return ct_date_write((ct_date) wide.word[0], text);
	return ct_wide_format(&wide, kinds[kind].scale, text);
}

/* Exactly d * 10^scale; false when that is no integer or does not fit. */
static bool
wide_from_decimal(const ct_decimal *d, int scale, ct_wide *result)
{
	int			places = scale / CT_NBASE_DIGITS;

	ct_wide_zero(result);
	if (d->ndigits > d->weight + 1 + places)
		return false;
	for (int i = 0; i <= d->weight + places; i++)
		if (!ct_wide_multiply(result, CT_NBASE) ||
			!ct_wide_add_int128(result, i < d->ndigits ?
								d->sign * ct_decimal_digit(d, i) : 0))
			return false;
	return true;
}

/* May a number be the value of such a field? */
static bool
within_kind(ct_field_kind kind, const ct_wide *wide)
{
	ct_int128	value;

	if (kind == CT_FIELD_SUM)
		return true;
	if (!ct_wide_to_int128(wide, &value))
		return false;
	if (kind == CT_FIELD_AMOUNT)
		return value <= CT_FIXED_LIMIT && value >= -CT_FIXED_LIMIT;
	if (kind == CT_FIELD_TOTAL)
		return value >= 0;
	return value >= 0 &&
		value <= (kind == CT_FIELD_COUNT ? INT64_MAX : INT32_MAX);
}

static bool
read_exactly(ct_field_kind kind, const char *text, ct_wide *result)
{
	int			length = (int) strlen(text);
	size_t		room = ct_decimal_room(text, length);
	int16_t		digits[MOST_DIGITS];
	ct_decimal	d;

	return room > 0 && room <= MOST_DIGITS &&
		ct_decimal_parse(text, length, digits, &d) &&
		wide_from_decimal(&d, kinds[kind].scale, result) &&
		within_kind(kind, result);
}

bool
ct_field_read(ct_field_kind kind, const char *text, void *value)
{
	ct_wide		wide;
	ct_date		date;
	int64_t		time;

	if (kind == CT_FIELD_TIME)
	{
		if (!ct_time_read(text, &time))
			return false;
		memcpy(value, &time, sizeof(time));
		return true;
	}
	if (kind == CT_FIELD_DATE)
	{
		if (!ct_date_read(text, &date))
			return false;
		memcpy(value, &date, sizeof(date));
		return true;
	}
	if (!read_exactly(kind, text, &wide))
		return false;
	value_from_wide(kind, &wide, value);
	return true;
}

void
ct_fields_send(const ct_fields *type, const void *digest,
			   unsigned char *bytes)
{
	const ct_fields_header *header = digest;
	unsigned char sent[CT_WIDE_BYTES];

	*bytes++ = header->version;
	*bytes++ = header->flags;
	*bytes++ = 0;
	*bytes++ = 0;
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];
		size_t		size = kinds[field->kind].size;
		ct_wide		wide = value_as_wide(field->kind,
										 (const char *) digest + field->offset);

		ct_wide_write(&wide, sent);
		memcpy(bytes, sent + CT_WIDE_BYTES - size, size);
		bytes += size;
	}
}

/* Two's complement in network byte order. */
static void
receive_value(ct_field_kind kind, const unsigned char *bytes, void *value)
{
	size_t		size = kinds[kind].size;
	unsigned char sent[CT_WIDE_BYTES];
	ct_wide		wide;

	memset(sent, bytes[0] & 0x80 ? 0xFF : 0, sizeof(sent));
	memcpy(sent + CT_WIDE_BYTES - size, bytes, size);
	ct_wide_read(&wide, sent);
	value_from_wide(kind, &wide, value);
}

bool
ct_fields_receive(const ct_fields *type, const unsigned char *bytes,
				  size_t length, void *digest, ct_error *error)
{
	if (length != ct_fields_sent_size(type))
		return ct_fail(error, CT_BAD_BINARY, -1,
					   "It has %zu bytes, not %zu.", length,
					   ct_fields_sent_size(type));
	if (bytes[0] != type->version)
		return ct_fail(error, CT_BAD_BINARY, -1,
					   "Its version is %d, not %d.", bytes[0], type->version);
	if ((bytes[1] & ~type->flags) != 0 || bytes[2] != 0 || bytes[3] != 0)
		return ct_fail(error, CT_BAD_BINARY, -1,
					   "Its reserved bits are not zero.");
	ct_fields_begin(type, digest);
	((ct_fields_header *) digest)->flags = bytes[1];
	bytes += CT_FIELDS_SENT_HEADER;
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];

		receive_value(field->kind, bytes, (char *) digest + field->offset);
		bytes += kinds[field->kind].size;
	}
	return type->check(digest, error);
}
