/*
 * balance_digest.h
 *		Closing balances of one or more accounts, and their averages.
 *
 * A balance holds from its day on, until the next one of the same account.
 * A digest is one flat piece of bytes, host order, unaligned:
 *
 *	version | 0 | 0 | 0 | accounts			4 bytes and a uint32_t
 *	name length, points						two uint32_t for each account
 *	names									one after the other
 *	day, balance							int32_t and 16 bytes for each point
 *
 * Accounts are sorted by the bytes of their names, the unnamed one first, and
 * points by day: equal digests are equal bytes.  balance_gather.h makes them.
 */
#ifndef CT_BALANCE_DIGEST_H
#define CT_BALANCE_DIGEST_H

#include "core/fields.h"

#define CT_BALANCE_DIGEST_VERSION 1

/* The length of the unnamed account's name. */
#define CT_BALANCE_UNNAMED UINT32_MAX

/* Bytes of the parts of a digest. */
#define CT_BALANCE_HEADER 8
#define CT_BALANCE_ACCOUNT 8
#define CT_BALANCE_POINT 20

/* By bytes, a name after its beginnings, the unnamed account first. */
extern int	ct_balance_compare_names(const char *a, uint32_t length_a,
									 const char *b, uint32_t length_b);

/* A digest, taken apart. */
typedef struct ct_balance_view
{
	const unsigned char *flat;
	uint32_t	accounts;
	size_t		points;
	const unsigned char *account;
	const unsigned char *name;
	const unsigned char *point;
} ct_balance_view;

/*
 * Looks at a digest: its version and whether its parts fill its length.
 * CT_BAD_BINARY otherwise.  What it says of its parts can be read safely.
 */
extern bool ct_balance_open(ct_balance_view *view, const unsigned char *flat,
							size_t length, ct_error *error);

/* The one validator of an opened digest: CT_BAD_BINARY. */
extern bool ct_balance_check(const ct_balance_view *view, ct_error *error);

/* Going through a digest account by account. */
typedef struct ct_balance_cursor
{
	const ct_balance_view *view;
	uint32_t	accounts;		/* gone through, this one among them */
	const char *name;
	uint32_t	length;			/* of the name */
	uint32_t	points;
	const unsigned char *point;
} ct_balance_cursor;

/* Before the first account. */
static inline ct_balance_cursor
ct_balance_start(const ct_balance_view *view)
{
	return (ct_balance_cursor)
	{
		view, 0, (const char *) view->name, 0, 0, view->point
	};
}

/* Goes to the next account, and lets the host interrupt; false at the end. */
extern bool ct_balance_next(ct_balance_cursor *cursor);

/* One of an account's points, its day and its balance. */
static inline const unsigned char *
ct_balance_point_at(const ct_balance_cursor *cursor, uint32_t i)
{
	return cursor->point + (size_t) i * CT_BALANCE_POINT;
}

static inline int32_t
ct_balance_day(const ct_balance_cursor *cursor, uint32_t i)
{
	int32_t		day;

	memcpy(&day, ct_balance_point_at(cursor, i), sizeof(day));
	return day;
}

static inline ct_int128
ct_balance_amount(const ct_balance_cursor *cursor, uint32_t i)
{
	ct_int128	balance;

	memcpy(&balance, ct_balance_point_at(cursor, i) + sizeof(int32_t),
		   sizeof(balance));
	return balance;
}

/* All accounts' balances at the end of a day, added up. */
extern void ct_balance_at(const ct_balance_view *view, int32_t day,
						  ct_wide *result);

/*
 * The mean of that over the days from .. to, without the latter, rounded
 * half away from zero to 8 decimal places; from < to.
 */
extern void ct_balance_average(const ct_balance_view *view, int32_t from,
							   int32_t to, ct_wide *result);

#endif							/* CT_BALANCE_DIGEST_H */
