/*
 * balance_digest_form.c
 *		Reading the flat form of balances: validity, figures, text.
 */
#include <stdio.h>
#include <string.h>

#include "core/balance_digest.h"

/* The text of a point, with what is around it. */
#define POINT_TEXT_SIZE (CT_ISODATE_SIZE + CT_FIELD_TEXT_SIZE)

/* The quotes and braces of an account, without its name. */
#define ACCOUNT_TEXT_SIZE 8

static uint32_t
word_at(const unsigned char *bytes)
{
	uint32_t	word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static uint32_t
name_length(const ct_balance_view *view, uint32_t i)
{
	return word_at(view->account + (size_t) i * CT_BALANCE_ACCOUNT);
}

static uint32_t
point_count(const ct_balance_view *view, uint32_t i)
{
	return word_at(view->account + (size_t) i * CT_BALANCE_ACCOUNT +
				   sizeof(uint32_t));
}

static bool
invalid(ct_error *error, const char *detail)
{
	return ct_fail(error, CT_BAD_BINARY, -1, "%s", detail);
}

bool
ct_balance_open(ct_balance_view *view, const unsigned char *flat,
				size_t length, ct_error *error)
{
	size_t		left = length;
	size_t		names = 0;

	if (length < CT_BALANCE_HEADER)
		return invalid(error, "It is too short.");
	if (flat[0] != CT_BALANCE_DIGEST_VERSION)
		return ct_fail(error, CT_BAD_BINARY, -1,
					   "Its version is %d, not %d.", flat[0],
					   CT_BALANCE_DIGEST_VERSION);
	left -= CT_BALANCE_HEADER;
	view->flat = flat;
	view->accounts = word_at(flat + 4);
	view->account = flat + CT_BALANCE_HEADER;
	view->points = 0;
	if (view->accounts > left / CT_BALANCE_ACCOUNT)
		return invalid(error, "It is too short for its accounts.");
	left -= (size_t) view->accounts * CT_BALANCE_ACCOUNT;
	view->name = view->account + (size_t) view->accounts * CT_BALANCE_ACCOUNT;

	for (uint32_t i = 0; i < view->accounts; i++)
	{
		uint32_t	name = name_length(view, i);
		uint32_t	points = point_count(view, i);

		if (name == CT_BALANCE_UNNAMED)
			name = 0;
		if (name > left)
			return invalid(error, "It is too short for its names.");
		left -= name;
		names += name;
		if (points > left / CT_BALANCE_POINT)
			return invalid(error, "It is too short for its points.");
		left -= (size_t) points * CT_BALANCE_POINT;
		view->points += points;
	}
	if (left != 0)
		return invalid(error, "It is longer than its parts.");
	view->point = view->name + names;
	return true;
}

void
ct_balance_first(const ct_balance_view *view, ct_balance_cursor *cursor)
{
	cursor->name = (const char *) view->name;
	cursor->length = 0;
	cursor->points = 0;
	cursor->point = view->point;
}

void
ct_balance_next(const ct_balance_view *view, uint32_t i,
				ct_balance_cursor *cursor)
{
	if (cursor->length != CT_BALANCE_UNNAMED)
		cursor->name += cursor->length;
	cursor->point += (size_t) cursor->points * CT_BALANCE_POINT;
	cursor->length = name_length(view, i);
	cursor->points = point_count(view, i);
}

/* Are the points of one account in order and within their limits? */
static bool
check_points(const ct_balance_cursor *cursor, ct_error *error)
{
	int64_t		before = INT64_MIN;

	if (cursor->points == 0)
		return invalid(error, "An account has no points.");
	for (uint32_t i = 0; i < cursor->points; i++)
	{
		const unsigned char *point = cursor->point +
			(size_t) i * CT_BALANCE_POINT;
		int32_t		day = ct_balance_day(point);
		ct_int128	balance = ct_balance_amount(point);

		if (!ct_date_valid(day) || day <= before)
			return invalid(error, "Its days are out of range or out of order.");
		if (balance > CT_FIXED_LIMIT || balance < -CT_FIXED_LIMIT)
			return invalid(error, "A balance is out of range.");
		before = day;
	}
	return true;
}

bool
ct_balance_check(const ct_balance_view *view, ct_error *error)
{
	ct_balance_cursor cursor,
				last;

	if (view->accounts == 0)
		return invalid(error, "It has no points.");
	if (view->flat[1] != 0 || view->flat[2] != 0 || view->flat[3] != 0)
		return invalid(error, "Its reserved bits are not zero.");
	ct_balance_first(view, &cursor);
	for (uint32_t i = 0; i < view->accounts; i++)
	{
		last = cursor;
		ct_balance_next(view, i, &cursor);
		if (i > 0 && ct_balance_compare_names(last.name, last.length,
											  cursor.name, cursor.length) >= 0)
			return invalid(error, "Its accounts are out of order.");
		if (!check_points(&cursor, error))
			return false;
	}
	return true;
}

void
ct_balance_at(const ct_balance_view *view, int32_t day, ct_wide *result)
{
	ct_balance_cursor cursor;

	ct_wide_zero(result);
	ct_balance_first(view, &cursor);
	for (uint32_t i = 0; i < view->accounts; i++)
	{
		uint32_t	low = 0;
		uint32_t	high;

		/* the number of points up to the day */
		ct_balance_next(view, i, &cursor);
		high = cursor.points;
		while (low < high)
		{
			uint32_t	middle = low + (high - low) / 2;

			if (ct_balance_day(cursor.point +
							   (size_t) middle * CT_BALANCE_POINT) <= day)
				low = middle + 1;
			else
				high = middle;
		}
		if (low > 0)
			(void) ct_wide_add_int128(result,
									  ct_balance_amount(cursor.point +
														(size_t) (low - 1) * CT_BALANCE_POINT));
	}
}

/* Adds one account's balances, each times its days within from .. to. */
static void
add_days(const ct_balance_cursor *cursor, int32_t from, int32_t to,
		 ct_wide *sum)
{
	for (uint32_t i = 0; i < cursor->points; i++)
	{
		const unsigned char *point = cursor->point +
			(size_t) i * CT_BALANCE_POINT;
		int64_t		start = ct_balance_day(point);
		int64_t		end = i + 1 < cursor->points ?
			ct_balance_day(point + CT_BALANCE_POINT) : to;

		if (start < from)
			start = from;
		if (end > to)
			end = to;
		if (start < end)
			(void) ct_wide_add_product(sum, ct_balance_amount(point),
									   end - start);
	}
}

/* A point and a day: below 2^131, and a gigabyte holds under 2^26 points. */
void
ct_balance_average(const ct_balance_view *view, int32_t from, int32_t to,
				   ct_wide *result)
{
	ct_balance_cursor cursor;

	ct_wide_zero(result);
	ct_balance_first(view, &cursor);
	for (uint32_t i = 0; i < view->accounts; i++)
	{
		ct_balance_next(view, i, &cursor);
		add_days(&cursor, from, to, result);
	}
	ct_wide_divide_rounded(result, (uint64_t) ((int64_t) to - from));
}

/* A comma, where one is needed, and day: balance. */
static int
write_point(const ct_balance_cursor *cursor, uint32_t i, char *out)
{
	const unsigned char *point = cursor->point +
		(size_t) i * CT_BALANCE_POINT;
	char	   *start = out;

	if (i > 0)
		out += sprintf(out, ", ");
	out += ct_date_write(ct_balance_day(point), out);
	out += sprintf(out, ": ");
	out += ct_field_write(CT_FIELD_AMOUNT, point + sizeof(int32_t), out);
	return (int) (out - start);
}

/* Exact but for quotes in names: any byte of one may have to be doubled. */
size_t
ct_balance_text_size(const ct_balance_view *view)
{
	ct_balance_cursor cursor;
	size_t		size = 3 + 2 * (size_t) (view->point - view->name) +
		(size_t) view->accounts * ACCOUNT_TEXT_SIZE;
	char		text[POINT_TEXT_SIZE];

	ct_balance_first(view, &cursor);
	for (uint32_t i = 0; i < view->accounts; i++)
	{
		ct_balance_next(view, i, &cursor);
		for (uint32_t j = 0; j < cursor.points; j++)
			size += write_point(&cursor, j, text);
	}
	return size;
}

static char *
write_name(char *out, const ct_balance_cursor *cursor)
{
	*out++ = '"';
	for (uint32_t i = 0; i < cursor->length; i++)
	{
		if (cursor->name[i] == '"')
			*out++ = '"';
		*out++ = cursor->name[i];
	}
	*out++ = '"';
	return out;
}

static char *
write_points(char *out, const ct_balance_cursor *cursor)
{
	for (uint32_t i = 0; i < cursor->points; i++)
		out += write_point(cursor, i, out);
	return out;
}

size_t
ct_balance_write(const ct_balance_view *view, char *text)
{
	ct_balance_cursor cursor;
	char	   *out = text;

	*out++ = '{';
	ct_balance_first(view, &cursor);
	for (uint32_t i = 0; i < view->accounts; i++)
	{
		ct_balance_next(view, i, &cursor);
		if (i > 0)
			out += sprintf(out, ", ");
		if (cursor.length == CT_BALANCE_UNNAMED)
		{
			out = write_points(out, &cursor);
			continue;
		}
		out = write_name(out, &cursor);
		out += sprintf(out, ": {");
		out = write_points(out, &cursor);
		*out++ = '}';
	}
	*out++ = '}';
	*out = '\0';
	return out - text;
}

/* Reads day: balance. */
static bool
read_point(ct_balances *set, uint32_t account, ct_reader *r)
{
	int32_t		day;
	ct_int128	balance;
	int			at;

	if (!ct_field_read(r, CT_FIELD_DATE, &day) || !ct_reader_expect(r, ':'))
		return false;
	at = r->at;
	if (!ct_field_read(r, CT_FIELD_AMOUNT, &balance))
		return false;
	if (balance > CT_FIXED_LIMIT || balance < -CT_FIXED_LIMIT)
		return ct_fail(r->error, CT_BAD_SYNTAX, at,
					   "A balance is at most 10^22 in size.");
	ct_balances_add(set, account, day, balance);
	return true;
}

/* Reads a name from after its first quote to after its last one. */
static bool
read_name(ct_balances *set, ct_reader *r, uint32_t *account)
{
	int			start = r->at;
	char	   *name = set->resize(set->context, NULL, r->length - start + 1);
	uint32_t	n = 0;

	for (;; r->at++)
	{
		if (r->at == r->length)
			return ct_fail(r->error, CT_BAD_SYNTAX, start - 1,
						   "The account's name has no closing quote.");
		if (r->text[r->at] == '"')
		{
			r->at++;
			if (r->at == r->length || r->text[r->at] != '"')
				break;
		}
		name[n++] = r->text[r->at];
	}
	*account = ct_balances_account(set, name, n);
	(void) set->resize(set->context, name, 0);
	return true;
}

/* Reads the points of a named account. */
static bool
read_account(ct_balances *set, ct_reader *r)
{
	uint32_t	account = 0;

	if (!read_name(set, r, &account) || !ct_reader_expect(r, ':') ||
		!ct_reader_expect(r, '{'))
		return false;
	do
		if (!read_point(set, account, r))
			return false;
	while (ct_reader_skip(r, ','));
	return ct_reader_expect(r, '}');
}

bool
ct_balance_read(ct_balances *set, const char *text, int length,
				ct_error *error)
{
	ct_reader	r = {text, length, 0, error};

	if (!ct_reader_expect(&r, '{'))
		return false;
	do
	{
		if (ct_reader_skip(&r, '"'))
		{
			if (!read_account(set, &r))
				return false;
		}
		else if (!read_point(set, ct_balances_account(set, NULL,
													  CT_BALANCE_UNNAMED), &r))
			return false;
	} while (ct_reader_skip(&r, ','));
	if (!ct_reader_expect(&r, '}') || !ct_reader_end(&r))
		return false;
	if (ct_balances_finish(set, error))
		return true;
	error->code = CT_BAD_SYNTAX;
	error->message[0] = '\0';
	return false;
}
