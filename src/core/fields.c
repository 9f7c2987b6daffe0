/*
 * fields.c
 *		Digests of fixed size as text and as network bytes.
 */
#include <stdio.h>
#include <string.h>

#include "core/fields.h"
#include "core/host.h"

/* The most of a malformed value that an error shows. */
#define EXCERPT 40

/* Bytes of a kind of field, in the state and in the network form. */
static size_t
kind_size(ct_field_kind kind)
{
	switch (kind)
	{
		case CT_FIELD_SUM:
			return sizeof(ct_wide);
		case CT_FIELD_AMOUNT:
			return sizeof(ct_int128);
		case CT_FIELD_COUNT:
		case CT_FIELD_TIME:
			return sizeof(int64_t);
		case CT_FIELD_DATE:
		case CT_FIELD_DAYS:
			break;
	}
	return sizeof(int32_t);
}

/* What a value of a kind looks like. */
static const char *
kind_form(ct_field_kind kind)
{
	switch (kind)
	{
		case CT_FIELD_SUM:
		case CT_FIELD_AMOUNT:
			return "a number with at most 8 decimal places, as in -120.5";
		case CT_FIELD_TIME:
			return "a time in UTC, as in 2024-03-01T09:00:00.5Z";
		case CT_FIELD_DATE:
			return "a date, as in 2024-03-01";
		case CT_FIELD_COUNT:
		case CT_FIELD_DAYS:
			break;
	}
	return "a whole number, not negative";
}

static bool
is_present(const ct_fields *type, const ct_field *field, const void *state)
{
	return field->flag == 0 ||
		(*ct_fields_flags(type, (void *) state) & field->flag) != 0;
}

int
ct_field_write(ct_field_kind kind, const void *value, char *text)
{
	ct_wide		wide;
	ct_int128	amount;
	int64_t		number;
	int32_t		small;

	switch (kind)
	{
		case CT_FIELD_SUM:
			memcpy(&wide, value, sizeof(wide));
			return ct_wide_format(&wide, CT_FIXED_SCALE, text);
		case CT_FIELD_AMOUNT:
			memcpy(&amount, value, sizeof(amount));
			ct_wide_from_int128(&wide, amount);
			return ct_wide_format(&wide, CT_FIXED_SCALE, text);
		case CT_FIELD_TIME:
			memcpy(&number, value, sizeof(number));
			return ct_time_write(number, text);
		case CT_FIELD_COUNT:
			memcpy(&number, value, sizeof(number));
			return sprintf(text, "%lld", (long long) number);
		case CT_FIELD_DATE:
			memcpy(&small, value, sizeof(small));
			return ct_date_write(small, text);
		case CT_FIELD_DAYS:
			break;
	}
	memcpy(&small, value, sizeof(small));
	return sprintf(text, "%d", (int) small);
}

size_t
ct_fields_write(const ct_fields *type, const void *state, char *text)
{
	char	   *out = text;

	*out++ = '{';
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];

		if (!is_present(type, field, state))
			continue;
		out += sprintf(out, "%s%s: ", out == text + 1 ? "" : ", ",
					   field->name);
		out += ct_field_write(field->kind,
							  (const char *) state + field->offset, out);
	}
	*out++ = '}';
	*out = '\0';
	return out - text;
}

static void
skip_spaces(ct_reader *r)
{
	while (r->at < r->length &&
		   (r->text[r->at] == ' ' ||
			(r->text[r->at] >= '\t' && r->text[r->at] <= '\r')))
		r->at++;
}

/* The end of the word here: a name, or a value. */
static int
word_end(const ct_reader *r, bool value)
{
	int			i = r->at;

	for (; i < r->length; i++)
	{
		char		c = r->text[i];

		if (c == ',' || c == '{' || c == '}' || c == '"' || c == ' ' ||
			(c >= '\t' && c <= '\r') || (c == ':' && !value))
			break;
	}
	return i;
}

/* Fails at the word that ends at end, where there is one. */
static bool
unexpected(ct_reader *r, const char *what, int end)
{
	if (r->at == r->length)
		return ct_fail(r->error, CT_BAD_SYNTAX, r->at,
					   "Expected %s, found the end of the text.", what);
	if (end == r->at)
		end++;
	return ct_fail(r->error, CT_BAD_SYNTAX, r->at,
				   "Expected %s, found \"%.*s\".", what,
				   ct_host_clip(r->text + r->at, end - r->at, EXCERPT),
				   r->text + r->at);
}

bool
ct_reader_unexpected(ct_reader *r, const char *what)
{
	skip_spaces(r);
	return unexpected(r, what, word_end(r, false));
}

bool
ct_reader_skip(ct_reader *r, char c)
{
	skip_spaces(r);
	if (r->at == r->length || r->text[r->at] != c)
		return false;
	r->at++;
	return true;
}

bool
ct_reader_expect(ct_reader *r, char c)
{
	char		what[4] = {'"', c, '"', '\0'};

	return ct_reader_skip(r, c) || ct_reader_unexpected(r, what);
}

bool
ct_reader_end(ct_reader *r)
{
	skip_spaces(r);
	return r->at == r->length ||
		ct_reader_unexpected(r, "the end of the text");
}

/* A whole number from 0 to max. */
static bool
read_whole(const char *text, int length, int64_t max, int64_t *value)
{
	ct_wide		wide;

	if (!ct_wide_parse(text, length, 0, &wide) || ct_wide_sign(&wide) < 0 ||
		(wide.word[1] | wide.word[2]) != 0 || wide.word[0] > (uint64_t) max)
		return false;
	*value = (int64_t) wide.word[0];
	return true;
}

/* Reads text[0 .. length) as a value of a kind. */
static bool
parse_value(ct_field_kind kind, const char *text, int length, void *value)
{
	ct_wide		wide;
	ct_int128	amount;
	int64_t		number;
	int32_t		small;

	switch (kind)
	{
		case CT_FIELD_SUM:
			if (!ct_wide_parse(text, length, CT_FIXED_SCALE, &wide))
				return false;
			memcpy(value, &wide, sizeof(wide));
			return true;
		case CT_FIELD_AMOUNT:
			if (!ct_wide_parse(text, length, CT_FIXED_SCALE, &wide) ||
				!ct_wide_to_int128(&wide, &amount))
				return false;
			memcpy(value, &amount, sizeof(amount));
			return true;
		case CT_FIELD_COUNT:
			if (!read_whole(text, length, INT64_MAX, &number))
				return false;
			memcpy(value, &number, sizeof(number));
			return true;
		case CT_FIELD_TIME:
			if (!ct_time_read(text, length, &number))
				return false;
			memcpy(value, &number, sizeof(number));
			return true;
		case CT_FIELD_DATE:
			if (!ct_date_read(text, length, &small))
				return false;
			memcpy(value, &small, sizeof(small));
			return true;
		case CT_FIELD_DAYS:
			break;
	}
	if (!read_whole(text, length, INT32_MAX, &number))
		return false;
	small = (int32_t) number;
	memcpy(value, &small, sizeof(small));
	return true;
}

bool
ct_field_read(ct_reader *r, ct_field_kind kind, void *value)
{
	int			end;

	skip_spaces(r);
	/* only a time has colons inside */
	end = word_end(r, kind == CT_FIELD_TIME);
	if (!parse_value(kind, r->text + r->at, end - r->at, value))
		return unexpected(r, kind_form(kind), end);
	r->at = end;
	return true;
}

/* Is this name next?  If so skips it and its colon. */
static bool
skip_name(ct_reader *r, const char *name)
{
	int			n = (int) strlen(name);
	int			start;

	skip_spaces(r);
	start = r->at;
	if (word_end(r, false) - start != n ||
		memcmp(r->text + start, name, n) != 0)
		return false;
	r->at += n;
	if (ct_reader_skip(r, ':'))
		return true;
	r->at = start;
	return false;
}

/* The hint of a misplaced field: all of them. */
static bool
hint_fields(const ct_fields *type, ct_error *error)
{
	char		list[400];
	int			n = 0;

	list[0] = '\0';
	for (int i = 0; i < type->count && n < (int) sizeof(list); i++)
		n += snprintf(list + n, sizeof(list) - n, "%s%s", i == 0 ? "" : ", ",
					  type->field[i].name);
	return ct_fail_hint(error, "The fields of %s are, in this order: %s.",
						type->type, list);
}

static bool
read_fields(const ct_fields *type, ct_reader *r, void *state)
{
	bool		first = true;

	if (!ct_reader_expect(r, '{'))
		return false;
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];
		int			start = r->at;
		bool		comma = first || ct_reader_skip(r, ',');
		char		what[80];

		if (comma && skip_name(r, field->name))
		{
			if (!ct_field_read(r, field->kind, (char *) state + field->offset))
				return false;
			if (field->flag != 0)
				*ct_fields_flags(type, state) |= field->flag;
			first = false;
		}
		else if (field->flag != 0)
			r->at = start;
		else
		{
			snprintf(what, sizeof(what), "\"%s%s:\"", comma ? "" : ", ",
					 field->name);
			ct_reader_unexpected(r, what);
			return hint_fields(type, r->error);
		}
	}
	if (!ct_reader_expect(r, '}'))
		return hint_fields(type, r->error);
	return ct_reader_end(r);
}

/* All zero, flags included. */
static void
clear_state(const ct_fields *type, void *state)
{
	memset(state, 0, type->size + (type->flags ? sizeof(uint64_t) : 0));
}

bool
ct_fields_read(const ct_fields *type, const char *text, int length,
			   void *state, ct_error *error)
{
	ct_reader	r = {text, length, 0, error};

	clear_state(type, state);
	if (!read_fields(type, &r, state))
		return false;
	if (type->check(state, error))
		return true;
	error->code = CT_BAD_SYNTAX;
	return false;
}

/* The n lowest bytes of a value, highest first. */
static void
put_bytes(uint64_t value, int n, unsigned char *bytes)
{
	for (int i = 0; i < n; i++)
		bytes[i] = (unsigned char) (value >> 8 * (n - 1 - i));
}

static uint64_t
get_bytes(int n, const unsigned char *bytes)
{
	uint64_t	value = 0;

	for (int i = 0; i < n; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* One value in network byte order. */
static void
send_value(ct_field_kind kind, const void *value, unsigned char *bytes)
{
	ct_wide		wide;
	ct_uint128	amount;
	uint64_t	number;
	uint32_t	small;

	switch (kind)
	{
		case CT_FIELD_SUM:
			memcpy(&wide, value, sizeof(wide));
			ct_wide_write(&wide, bytes);
			return;
		case CT_FIELD_AMOUNT:
			memcpy(&amount, value, sizeof(amount));
			put_bytes((uint64_t) (amount >> 64), 8, bytes);
			put_bytes((uint64_t) amount, 8, bytes + 8);
			return;
		case CT_FIELD_COUNT:
		case CT_FIELD_TIME:
			memcpy(&number, value, sizeof(number));
			put_bytes(number, 8, bytes);
			return;
		case CT_FIELD_DATE:
		case CT_FIELD_DAYS:
			break;
	}
	memcpy(&small, value, sizeof(small));
	put_bytes(small, 4, bytes);
}

static void
receive_value(ct_field_kind kind, const unsigned char *bytes, void *value)
{
	ct_wide		wide;
	ct_uint128	amount;
	uint64_t	number;
	uint32_t	small;

	switch (kind)
	{
		case CT_FIELD_SUM:
			ct_wide_read(&wide, bytes);
			memcpy(value, &wide, sizeof(wide));
			return;
		case CT_FIELD_AMOUNT:
			amount = (ct_uint128) get_bytes(8, bytes) << 64 |
				get_bytes(8, bytes + 8);
			memcpy(value, &amount, sizeof(amount));
			return;
		case CT_FIELD_COUNT:
		case CT_FIELD_TIME:
			number = get_bytes(8, bytes);
			memcpy(value, &number, sizeof(number));
			return;
		case CT_FIELD_DATE:
		case CT_FIELD_DAYS:
			break;
	}
	small = (uint32_t) get_bytes(4, bytes);
	memcpy(value, &small, sizeof(small));
}

void
ct_fields_send(const ct_fields *type, const void *state,
			   unsigned char *bytes)
{
	ct_fields_store(type, state, bytes);
	bytes += CT_FIELDS_HEADER;
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];

		send_value(field->kind, (const char *) state + field->offset, bytes);
		bytes += kind_size(field->kind);
	}
}

bool
ct_fields_receive(const ct_fields *type, const unsigned char *bytes,
				  size_t length, void *state, ct_error *error)
{
	if (length != CT_FIELDS_HEADER + type->size)
		return ct_fail(error, CT_BAD_BINARY, -1,
					   "It has %zu bytes, not %zu.", length,
					   CT_FIELDS_HEADER + type->size);
	if (bytes[0] != type->version)
		return ct_fail(error, CT_BAD_BINARY, -1,
					   "Its version is %d, not %d.", bytes[0], type->version);
	if ((bytes[1] & ~type->flags) != 0 || bytes[2] != 0 || bytes[3] != 0)
		return ct_fail(error, CT_BAD_BINARY, -1,
					   "Its reserved bits are not zero.");
	clear_state(type, state);
	if (type->flags != 0)
		*ct_fields_flags(type, state) = bytes[1];
	bytes += CT_FIELDS_HEADER;
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];

		receive_value(field->kind, bytes, (char *) state + field->offset);
		bytes += kind_size(field->kind);
	}
	return type->check(state, error);
}
