/*
 * balance_log.h
 *		Balances as they come: a digest while an aggregate gathers it.
 *
 * It is one flat piece of bytes too, so that it can be copied and sent as any
 * digest, and told from a finished one (balance_digest.h) by its second byte:
 *
 *	version | CT_BALANCE_LOG | 0 | 0 | used | latest	two uint32_t
 *	length, day, balance, name ...				one after the other
 *
 * used counts the bytes that are in use, from the first on; latest is where
 * the latest name is.  Records begin with a uint32_t, the length of the
 * account's name, CT_BALANCE_UNNAMED, or CT_BALANCE_SAME for the account of
 * the record before; an int32_t and 16 bytes follow.  Appending takes no look
 * at what is there: order and duplicates are for gathering (balance_gather.h)
 * to see.
 */
#ifndef CT_BALANCE_LOG_H
#define CT_BALANCE_LOG_H

#include "core/balance_gather.h"

#define CT_BALANCE_LOG 1
#define CT_BALANCE_SAME (UINT32_MAX - 1)

typedef struct ct_balance_log
{
	uint8_t		version;
	uint8_t		form;			/* CT_BALANCE_LOG */
	uint8_t		zero[2];
	uint32_t	used;
	uint32_t	latest;			/* the record with the latest name */
} ct_balance_log;

static inline bool
ct_is_balance_log(const unsigned char *flat)
{
	return flat[1] == CT_BALANCE_LOG;
}

/* An empty log, in at least sizeof(ct_balance_log) bytes. */
extern void ct_balance_log_begin(ct_balance_log *log);

/* Bytes that one more record takes at most. */
static inline size_t
ct_balance_log_record(uint32_t length)
{
	return 2 * sizeof(uint32_t) + sizeof(ct_int128) +
		(length == CT_BALANCE_UNNAMED ? 0 : length);
}

/* Appends a record, for which there is room; log is aligned to 4 bytes. */
extern void ct_balance_log_add(ct_balance_log *log, const char *name,
							   uint32_t length, int32_t day,
							   ct_int128 balance);

/* Bytes that all records of a finished digest, or of a log, take at most. */
extern size_t ct_balance_log_view_size(const ct_balance_view *view);
extern size_t ct_balance_log_size(const ct_balance_log *log);

/* Appends them; there is room. */
extern void ct_balance_log_add_view(ct_balance_log *log,
									const ct_balance_view *view);
extern void ct_balance_log_append(ct_balance_log *log,
								  const ct_balance_log *other);

/* Gathers all records. */
extern void ct_balances_add_log(ct_balances *set, const ct_balance_log *log);

#endif							/* CT_BALANCE_LOG_H */
