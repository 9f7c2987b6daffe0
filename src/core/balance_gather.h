/*
 * balance_gather.h
 *		Gathering balances, in any order, into a digest.
 *
 * Points (account, day, balance) are sorted at the end, so that nothing
 * depends on the order of rows or on how they were shared out.  Two different
 * balances of one account on one day are an error; the same one twice is one
 * point.
 */
#ifndef CT_BALANCE_GATHER_H
#define CT_BALANCE_GATHER_H

#include "core/balance_digest.h"

typedef struct ct_balance_point
{
	uint32_t	account;
	int32_t		day;			/* a valid date */
	ct_int128	balance;		/* in units of 10^-8 */
} ct_balance_point;

typedef struct ct_balance_account
{
	const char *name;			/* not zero-terminated */
	uint32_t	length;
	uint32_t	number;			/* before the accounts were sorted */
} ct_balance_account;

/*
 * Begins with all zero but for context, that of all its memory, as
 * ct_host_resize() takes it.  Stays where it is.
 */
typedef struct ct_balances
{
	void	   *context;
	ct_balance_account *account;
	size_t		account_room;
	uint32_t	accounts;
	uint32_t	latest;			/* the account looked up last */
	struct account_hash *numbers;	/* of accounts by their names */
	uint64_t	seed;			/* of the hash function */
	ct_balance_point *point;
	size_t		point_room;
	size_t		points;
} ct_balances;

/* The number of a name's account, which is made if need be. */
extern uint32_t ct_balances_account(ct_balances *set, const char *name,
									uint32_t length);

extern void ct_balances_add(ct_balances *set, uint32_t account, int32_t day,
							ct_int128 balance);

/* Adds the points of a digest. */
extern void ct_balances_add_view(ct_balances *set,
								 const ct_balance_view *view);

/*
 * Sorts, and drops repeated points unless strict.  CT_CONFLICT, naming
 * account and day, for two balances of one account on one day that differ,
 * and when strict for any two.  More can be added afterwards.
 */
extern bool ct_balances_finish(ct_balances *set, bool strict,
							   ct_error *error);

/* The digest of a finished set of at least one point: its size, and itself. */
extern size_t ct_balances_flat_size(const ct_balances *set);
extern void ct_balances_flatten(const ct_balances *set, unsigned char *flat);

#endif							/* CT_BALANCE_GATHER_H */
