/*
 * balance_digest.h
 *		Closing balances of one or more accounts, and their averages.
 *
 * A balance holds from its day on, until the next one of the same account.
 * Points (account, day, balance) are gathered in any order and sorted at the
 * end, so that nothing depends on the order of rows or on how they were
 * shared out.  Two different balances of one account on one day are an
 * error; the same one twice is one point.
 *
 * The finished digest is one flat piece of bytes, host order, unaligned:
 *
 *	version | 0 | 0 | 0 | accounts			4 bytes and a uint32_t
 *	name length, points						two uint32_t for each account
 *	names									one after the other
 *	day, balance							int32_t and 16 bytes for each point
 *
 * Accounts are sorted by the bytes of their names, the unnamed one first, and
 * points by day: equal digests are equal bytes.
 */
#ifndef CT_BALANCE_DIGEST_H
#define CT_BALANCE_DIGEST_H

#include "core/fields.h"

#define CT_BALANCE_DIGEST_VERSION 1

/* The length of the unnamed account's name. */
#define CT_BALANCE_UNNAMED UINT32_MAX

/* Bytes of the parts of the flat form. */
#define CT_BALANCE_HEADER 8
#define CT_BALANCE_ACCOUNT 8
#define CT_BALANCE_POINT 20

typedef struct ct_balance_point
{
	uint32_t	account;
	int32_t		day;			/* a valid date */
	ct_int128	balance;		/* in units of 10^-8 */
} ct_balance_point;

typedef struct ct_balance_account
{
	char	   *name;			/* not zero-terminated */
	uint32_t	length;
	uint32_t	index;			/* where it was before it was sorted */
} ct_balance_account;

/*
 * Points being gathered.  Begin with all zero but for resize, which is
 * realloc with a context; it frees when the size is 0, and does not return
 * when there is no memory.
 */
typedef struct ct_balances
{
	void	   *(*resize) (void *context, void *memory, size_t size);
	void	   *context;
	ct_balance_account *account;
	uint32_t	accounts;
	uint32_t	account_room;
	uint32_t   *slot;			/* hash table of accounts, + 1; 0 is free */
	uint32_t	slots;			/* a power of two */
	uint32_t	latest;			/* the account looked up last */
	ct_balance_point *point;
	size_t		points;
	size_t		point_room;
} ct_balances;

/* By bytes, a name after its beginnings, the unnamed account first. */
extern int	ct_balance_compare_names(const char *a, uint32_t length_a,
									 const char *b, uint32_t length_b);

/* The number of a name's account, which is made if need be. */
extern uint32_t ct_balances_account(ct_balances *set, const char *name,
									uint32_t length);

extern void ct_balances_add(ct_balances *set, uint32_t account, int32_t day,
							ct_int128 balance);

/* Adds what other has gathered, and leaves it alone. */
extern void ct_balances_merge(ct_balances *set, const ct_balances *other);

/*
 * Sorts, and drops repeated points.  CT_CONFLICT, naming account and day, for
 * two balances of one account on one day.  More can be added afterwards.
 */
extern bool ct_balances_finish(ct_balances *set, ct_error *error);

/* Bytes of the flat form of a finished set of at least one point. */
extern size_t ct_balances_flat_size(const ct_balances *set);
extern void ct_balances_flatten(const ct_balances *set, unsigned char *flat);

/* The flat form, taken apart. */
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
 * Looks at a flat form: its version and whether its parts fill its length.
 * CT_BAD_BINARY otherwise.  What it says of its parts can be read safely.
 */
extern bool ct_balance_open(ct_balance_view *view, const unsigned char *flat,
							size_t length, ct_error *error);

/* The one validator of an opened form: CT_BAD_BINARY. */
extern bool ct_balance_check(const ct_balance_view *view, ct_error *error);

/* Going through a form account by account. */
typedef struct ct_balance_cursor
{
	const char *name;
	uint32_t	length;			/* of the name */
	uint32_t	points;
	const unsigned char *point;
} ct_balance_cursor;

extern void ct_balance_first(const ct_balance_view *view,
							 ct_balance_cursor *cursor);

/* Goes from account i - 1 to account i. */
extern void ct_balance_next(const ct_balance_view *view, uint32_t i,
							ct_balance_cursor *cursor);

static inline int32_t
ct_balance_day(const unsigned char *point)
{
	int32_t		day;

	memcpy(&day, point, sizeof(day));
	return day;
}

static inline ct_int128
ct_balance_amount(const unsigned char *point)
{
	ct_int128	balance;

	memcpy(&balance, point + sizeof(int32_t), sizeof(balance));
	return balance;
}

/* Adds the points of a form to those gathered. */
extern void ct_balances_add_view(ct_balances *set,
								 const ct_balance_view *view);

/* All accounts' balances at the end of a day, added up. */
extern void ct_balance_at(const ct_balance_view *view, int32_t day,
						  ct_wide *result);

/*
 * The mean of that over the days from .. to, without the latter, rounded
 * half away from zero to 8 decimal places; from < to.
 */
extern void ct_balance_average(const ct_balance_view *view, int32_t from,
							   int32_t to, ct_wide *result);

/*
 * As text, {2024-03-01: 120.5, "savings": {2024-03-02: 10}}, the unnamed
 * account's points first.  A quote in a name is doubled.
 */
extern size_t ct_balance_text_size(const ct_balance_view *view);	/* with its zero */
extern size_t ct_balance_write(const ct_balance_view *view, char *text);

/* Reads such a text, in any order, into an empty set: CT_BAD_SYNTAX. */
extern bool ct_balance_read(ct_balances *set, const char *text, int length,
							ct_error *error);

#endif							/* CT_BALANCE_DIGEST_H */
