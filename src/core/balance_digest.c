/*
 * balance_digest.c
 *		Validity and figures of balance digests.
 */
#include "core/balance_digest.h"
#include "core/host.h"

int
ct_balance_compare_names(const char *a, uint32_t length_a, const char *b,
						 uint32_t length_b)
{
	uint32_t	shorter = length_a < length_b ? length_a : length_b;
	int			result;

	if (length_a == CT_BALANCE_UNNAMED || length_b == CT_BALANCE_UNNAMED)
		return (length_b == CT_BALANCE_UNNAMED) -
			(length_a == CT_BALANCE_UNNAMED);
	result = shorter == 0 ? 0 : memcmp(a, b, shorter);
	return result != 0 ? result : (length_a > length_b) - (length_a < length_b);
}

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

bool
ct_balance_open(ct_balance_view *view, const unsigned char *flat,
				size_t length, ct_error *error)
{
	size_t		left = length;
	size_t		names = 0;

	if (length < CT_BALANCE_HEADER)
		return ct_digest_invalid(error, "It is too short.");
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
		return ct_digest_invalid(error, "It is too short for its accounts.");
	left -= (size_t) view->accounts * CT_BALANCE_ACCOUNT;
	view->name = view->account + (size_t) view->accounts * CT_BALANCE_ACCOUNT;

	for (uint32_t i = 0; i < view->accounts; i++)
	{
		uint32_t	name = name_length(view, i);
		uint32_t	points = point_count(view, i);

		ct_host_poll();
		if (name == CT_BALANCE_UNNAMED)
			name = 0;
		if (name > left)
			return ct_digest_invalid(error, "It is too short for its names.");
		left -= name;
		names += name;
		if (points > left / CT_BALANCE_POINT)
			return ct_digest_invalid(error, "It is too short for its points.");
		left -= (size_t) points * CT_BALANCE_POINT;
		view->points += points;
	}
	if (left != 0)
		return ct_digest_invalid(error, "It is longer than its parts.");
	view->point = view->name + names;
	return true;
}

bool
ct_balance_next(ct_balance_cursor *cursor)
{
	const ct_balance_view *view = cursor->view;

	ct_host_poll();
	if (cursor->accounts == view->accounts)
		return false;
	if (cursor->length != CT_BALANCE_UNNAMED)
		cursor->name += cursor->length;
	cursor->point = ct_balance_point_at(cursor, cursor->points);
	cursor->length = name_length(view, cursor->accounts);
	cursor->points = point_count(view, cursor->accounts);
	cursor->accounts++;
	return true;
}

/* Are the points of one account in order and within their limits? */
static bool
check_points(const ct_balance_cursor *cursor, ct_error *error)
{
	int64_t		before = INT64_MIN;

	if (cursor->points == 0)
		return ct_digest_invalid(error, "An account has no points.");
	for (uint32_t i = 0; i < cursor->points; i++)
	{
		int32_t		day = ct_balance_day(cursor, i);
		ct_int128	balance = ct_balance_amount(cursor, i);

		ct_host_poll();
		if (!ct_date_valid(day) || day <= before)
			return ct_digest_invalid(error, "Its days are out of range or out of order.");
		if (balance > CT_FIXED_LIMIT || balance < -CT_FIXED_LIMIT)
			return ct_digest_invalid(error, "A balance is out of range.");
		before = day;
	}
	return true;
}

bool
ct_balance_check(const ct_balance_view *view, ct_error *error)
{
	ct_balance_cursor cursor = ct_balance_start(view);
	ct_balance_cursor last = cursor;

	if (view->accounts == 0)
		return ct_digest_invalid(error, "It has no points.");
	if (view->flat[1] != 0 || view->flat[2] != 0 || view->flat[3] != 0)
		return ct_digest_invalid(error, "Its reserved bits are not zero.");
	for (; ct_balance_next(&cursor); last = cursor)
	{
		if (last.accounts > 0 &&
			ct_balance_compare_names(last.name, last.length, cursor.name,
									 cursor.length) >= 0)
			return ct_digest_invalid(error, "Its accounts are out of order.");
		if (!check_points(&cursor, error))
			return false;
	}
	return true;
}

void
ct_balance_at(const ct_balance_view *view, int32_t day, ct_wide *result)
{
	ct_balance_cursor cursor = ct_balance_start(view);

	ct_wide_zero(result);
	while (ct_balance_next(&cursor))
	{
		uint32_t	low = 0;
		uint32_t	high = cursor.points;

		/* the number of points up to the day */
		while (low < high)
		{
			uint32_t	middle = low + (high - low) / 2;

			if (ct_balance_day(&cursor, middle) <= day)
				low = middle + 1;
			else
				high = middle;
		}
		if (low > 0)
			(void) ct_wide_add_int128(result,
									  ct_balance_amount(&cursor, low - 1));
	}
}

/* Adds one account's balances, each times its days within from .. to. */
static void
add_days(const ct_balance_cursor *cursor, int32_t from, int32_t to,
		 ct_wide *sum)
{
	for (uint32_t i = 0; i < cursor->points; i++)
	{
		int64_t		start = ct_balance_day(cursor, i);
		int64_t		end = i + 1 < cursor->points ?
			ct_balance_day(cursor, i + 1) : to;

		ct_host_poll();
		if (start < from)
			start = from;
		if (end > to)
			end = to;
		if (start < end)
			(void) ct_wide_add_product(sum, ct_balance_amount(cursor, i),
									   end - start);
	}
}

/* A point and a day: below 2^131, and a gigabyte holds under 2^26 points. */
void
ct_balance_average(const ct_balance_view *view, int32_t from, int32_t to,
				   ct_wide *result)
{
	ct_balance_cursor cursor = ct_balance_start(view);

	ct_wide_zero(result);
	while (ct_balance_next(&cursor))
		add_days(&cursor, from, to, result);
	ct_wide_divide_rounded(result, (uint64_t) ((int64_t) to - from));
}
