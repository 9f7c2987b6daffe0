/*
 * balance_digest.c
 *		Gathering balances, sorting them, and making the flat form.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/balance_digest.h"
#include "core/host.h"

/* The most of an account's name that an error shows. */
#define EXCERPT 100

/* Never a number of an account. */
#define NO_ACCOUNT UINT32_MAX

/* FNV-1a */
static uint32_t
hash_name(const char *name, uint32_t length)
{
	uint32_t	hash = UINT32_C(2166136261);

	if (length != CT_BALANCE_UNNAMED)
		for (uint32_t i = 0; i < length; i++)
			hash = (hash ^ (unsigned char) name[i]) * UINT32_C(16777619);
	return hash ^ hash >> 15;
}

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

static bool
has_name(const ct_balance_account *account, const char *name, uint32_t length)
{
	return account->length == length &&
		(length == CT_BALANCE_UNNAMED || length == 0 ||
		 memcmp(account->name, name, length) == 0);
}

/* Where a name is in the hash table, or where it would go. */
static uint32_t *
find_slot(const ct_balances *set, const char *name, uint32_t length)
{
	uint32_t	i = hash_name(name, length) & (set->slots - 1);

	while (set->slot[i] != 0 &&
		   !has_name(&set->account[set->slot[i] - 1], name, length))
		i = (i + 1) & (set->slots - 1);
	return &set->slot[i];
}

static void
fill_slots(ct_balances *set)
{
	memset(set->slot, 0, set->slots * sizeof(uint32_t));
	for (uint32_t i = 0; i < set->accounts; i++)
		*find_slot(set, set->account[i].name, set->account[i].length) = i + 1;
}

/* Makes room for one account more, in a table that is at most half full. */
static void
reserve_account(ct_balances *set)
{
	uint32_t	room = set->account_room == 0 ? 4 : 2 * set->account_room;

	if (set->accounts < set->account_room)
		return;
	set->account = set->resize(set->context, set->account,
							   room * sizeof(ct_balance_account));
	set->slot = set->resize(set->context, set->slot,
							2 * (size_t) room * sizeof(uint32_t));
	set->account_room = room;
	set->slots = 2 * room;
	fill_slots(set);
}

uint32_t
ct_balances_account(ct_balances *set, const char *name, uint32_t length)
{
	uint32_t   *slot;
	ct_balance_account *account;

	if (set->accounts > 0 && has_name(&set->account[set->latest], name, length))
		return set->latest;
	reserve_account(set);
	slot = find_slot(set, name, length);
	if (*slot == 0)
	{
		account = &set->account[set->accounts];
		account->name = NULL;
		account->length = length;
		if (length != CT_BALANCE_UNNAMED && length > 0)
		{
			account->name = set->resize(set->context, NULL, length);
			memcpy(account->name, name, length);
		}
		*slot = ++set->accounts;
	}
	set->latest = *slot - 1;
	return set->latest;
}

/* Makes room for so many points more. */
static void
reserve_points(ct_balances *set, size_t points)
{
	size_t		room = set->point_room == 0 ? 8 : set->point_room;

	if (points <= set->point_room - set->points)
		return;
	while (room - set->points < points)
		room *= 2;
	set->point = set->resize(set->context, set->point,
							 room * sizeof(ct_balance_point));
	set->point_room = room;
}

void
ct_balances_add(ct_balances *set, uint32_t account, int32_t day,
				ct_int128 balance)
{
	ct_balance_point *point;

	reserve_points(set, 1);
	point = &set->point[set->points++];
	point->account = account;
	point->day = day;
	point->balance = balance;
}

void
ct_balances_merge(ct_balances *set, const ct_balances *other)
{
	uint32_t	theirs = NO_ACCOUNT;
	uint32_t	ours = 0;

	reserve_points(set, other->points);
	for (size_t i = 0; i < other->points; i++)
	{
		const ct_balance_point *point = &other->point[i];

		if (point->account != theirs)
		{
			theirs = point->account;
			ours = ct_balances_account(set, other->account[theirs].name,
									   other->account[theirs].length);
		}
		ct_balances_add(set, ours, point->day, point->balance);
	}
}

void
ct_balances_add_view(ct_balances *set, const ct_balance_view *view)
{
	ct_balance_cursor cursor;

	reserve_points(set, view->points);
	ct_balance_first(view, &cursor);
	for (uint32_t i = 0; i < view->accounts; i++)
	{
		uint32_t	account;

		ct_balance_next(view, i, &cursor);
		account = ct_balances_account(set, cursor.name, cursor.length);
		for (uint32_t j = 0; j < cursor.points; j++)
		{
			const unsigned char *point = cursor.point +
				(size_t) j * CT_BALANCE_POINT;

			ct_balances_add(set, account, ct_balance_day(point),
							ct_balance_amount(point));
		}
	}
}

static int
compare_accounts(const void *a, const void *b)
{
	const ct_balance_account *x = a;
	const ct_balance_account *y = b;

	return ct_balance_compare_names(x->name, x->length, y->name, y->length);
}

/* Numbers the accounts in the order of their names. */
static void
sort_accounts(ct_balances *set)
{
	uint32_t   *rank;
	bool		sorted = true;

	for (uint32_t i = 0; i < set->accounts; i++)
	{
		set->account[i].index = i;
		sorted = sorted && (i == 0 || compare_accounts(&set->account[i - 1],
													   &set->account[i]) < 0);
	}
	if (sorted)
		return;
	qsort(set->account, set->accounts, sizeof(ct_balance_account),
		  compare_accounts);
	rank = set->resize(set->context, NULL, set->accounts * sizeof(uint32_t));
	for (uint32_t i = 0; i < set->accounts; i++)
		rank[set->account[i].index] = i;
	for (size_t i = 0; i < set->points; i++)
		set->point[i].account = rank[set->point[i].account];
	(void) set->resize(set->context, rank, 0);
	fill_slots(set);
	set->latest = 0;
}

static bool
is_before(const ct_balance_point *a, const ct_balance_point *b)
{
	if (a->account != b->account)
		return a->account < b->account;
	return a->day < b->day;
}

/* Merges from[low .. middle) and from[middle .. high) into to[low .. high). */
static void
merge_runs(const ct_balance_point *from, ct_balance_point *to, size_t low,
		   size_t middle, size_t high)
{
	size_t		i = low;
	size_t		j = middle;

	for (size_t k = low; k < high; k++)
		to[k] = i < middle && (j == high || !is_before(&from[j], &from[i])) ?
			from[i++] : from[j++];
}

/* Sorts by account and day: merge sort, from the bottom up. */
static void
sort_points(ct_balances *set)
{
	size_t		n = set->points;
	size_t		i = 1;
	ct_balance_point *from = set->point;
	ct_balance_point *to;

	while (i < n && !is_before(&from[i], &from[i - 1]))
		i++;
	if (i >= n)
		return;
	to = set->resize(set->context, NULL,
					 set->point_room * sizeof(ct_balance_point));
	for (size_t run = 1; run < n; run *= 2)
	{
		ct_balance_point *swap = from;

		for (size_t low = 0; low < n; low += 2 * run)
			merge_runs(from, to, low, low + run < n ? low + run : n,
					   low + 2 * run < n ? low + 2 * run : n);
		from = to;
		to = swap;
		ct_host_poll();
	}
	set->point = from;
	(void) set->resize(set->context, to, 0);
}

static bool
conflict(const ct_balances *set, const ct_balance_point *a,
		 const ct_balance_point *b, ct_error *error)
{
	const ct_balance_account *account = &set->account[a->account];
	const ct_balance_point *low = a->balance < b->balance ? a : b;
	const ct_balance_point *high = low == a ? b : a;
	char		name[EXCERPT + 16] = "The unnamed account";
	char		day[CT_ISODATE_SIZE];
	char		one[CT_FIELD_TEXT_SIZE];
	char		other[CT_FIELD_TEXT_SIZE];

	if (account->length != CT_BALANCE_UNNAMED)
	{
		int			n = account->length > EXCERPT ? EXCERPT + 1 :
			(int) account->length;

		snprintf(name, sizeof(name), "Account \"%.*s\"",
				 ct_host_clip(account->name ? account->name : "", n, EXCERPT),
				 account->name ? account->name : "");
	}
	ct_date_write(a->day, day);
	ct_field_write(CT_FIELD_AMOUNT, &low->balance, one);
	ct_field_write(CT_FIELD_AMOUNT, &high->balance, other);
	ct_fail(error, CT_CONFLICT, -1, "%s has %s and %s on %s.", name, one,
			other, day);
	ct_fail_message(error,
					"an account has two different balances on one day");
	return ct_fail_hint(error,
						"Give each account's closing balance of a day once.");
}

bool
ct_balances_finish(ct_balances *set, ct_error *error)
{
	size_t		kept = 0;

	sort_accounts(set);
	sort_points(set);
	for (size_t i = 0; i < set->points; i++)
	{
		ct_balance_point *last = kept > 0 ? &set->point[kept - 1] : NULL;

		if (last && !is_before(last, &set->point[i]))
		{
			if (last->balance != set->point[i].balance)
				return conflict(set, last, &set->point[i], error);
		}
		else
			set->point[kept++] = set->point[i];
	}
	set->points = kept;
	return true;
}

size_t
ct_balances_flat_size(const ct_balances *set)
{
	size_t		size = CT_BALANCE_HEADER +
		(size_t) set->accounts * CT_BALANCE_ACCOUNT +
		set->points * CT_BALANCE_POINT;

	for (uint32_t i = 0; i < set->accounts; i++)
		if (set->account[i].length != CT_BALANCE_UNNAMED)
			size += set->account[i].length;
	return size;
}

static unsigned char *
put(unsigned char *out, const void *bytes, size_t size)
{
	if (size > 0)
		memcpy(out, bytes, size);
	return out + size;
}

void
ct_balances_flatten(const ct_balances *set, unsigned char *flat)
{
	static const unsigned char version[4] = {CT_BALANCE_DIGEST_VERSION};
	unsigned char *out = put(flat, version, sizeof(version));
	size_t		next = 0;

	out = put(out, &set->accounts, sizeof(set->accounts));
	for (uint32_t i = 0; i < set->accounts; i++)
	{
		size_t		start = next;
		uint32_t	points;

		while (next < set->points && set->point[next].account == i)
			next++;
		points = (uint32_t) (next - start);
		out = put(out, &set->account[i].length, sizeof(uint32_t));
		out = put(out, &points, sizeof(points));
	}
	for (uint32_t i = 0; i < set->accounts; i++)
		if (set->account[i].length != CT_BALANCE_UNNAMED)
			out = put(out, set->account[i].name, set->account[i].length);
	for (size_t i = 0; i < set->points; i++)
	{
		out = put(out, &set->point[i].day, sizeof(int32_t));
		out = put(out, &set->point[i].balance, sizeof(ct_int128));
	}
}
