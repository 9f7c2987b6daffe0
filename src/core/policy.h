/*
 * policy.h
 *		Policies: when a tier is reviewed and how it may fall.
 *
 *	policy := [ clause { ',' clause } ]		each kind at most once
 *	clause := 'review' 'always'
 *			| 'review' 'every' n ( 'days' | 'months' | 'years' )
 *			| 'review' 'at' 'end' 'of' [ 'next' ]
 *					( 'month' | 'quarter' | 'half' | 'year' )
 *			| 'review' 'on' 'anniversary'
 *			| 'upgrade' ( 'now' | 'at' 'review' )
 *			| 'drop' ( 'to' 'fit' | 'one' 'step' | 'to' 'base' | 'never' )
 *			| 'grace' n ( 'days' | 'months' )
 *			| 'keep' 'at' p '%'
 *
 * The empty policy is: review always, upgrade now, drop to fit.  Words have
 * no case, days, months and years may stand in the singular.  A year is kept
 * as 12 months, a clause that says the default as none: what behaves alike
 * is equal, byte by byte, and prints alike.
 */
#ifndef CT_POLICY_H
#define CT_POLICY_H

#include "core/calendar.h"
#include "core/status.h"

#define CT_POLICY_VERSION 1

/* A hundred years. */
#define CT_POLICY_MAX_MONTHS 1200
#define CT_POLICY_MAX_DAYS 36525

/* keep at 100%; units of 10^-16 % */
#define CT_KEEP_PLACES 16
#define CT_KEEP_ONE_PERCENT INT64_C(10000000000000000)
#define CT_KEEP_ALL (100 * CT_KEEP_ONE_PERCENT)

/* Room for the longest canonical text and its zero. */
#define CT_POLICY_TEXT_SIZE 160

typedef enum ct_review
{
	CT_REVIEW_ALWAYS,
	CT_REVIEW_EVERY_DAYS,		/* count days */
	CT_REVIEW_EVERY_MONTHS,		/* count months */
	CT_REVIEW_END_OF,			/* the period of count months */
	CT_REVIEW_END_OF_NEXT,
	CT_REVIEW_ANNIVERSARY
} ct_review;

typedef enum ct_upgrade
{
	CT_UPGRADE_NOW,
	CT_UPGRADE_AT_REVIEW
} ct_upgrade;

typedef enum ct_drop
{
	CT_DROP_TO_FIT,
	CT_DROP_ONE_STEP,
	CT_DROP_TO_BASE,
	CT_DROP_NEVER
} ct_drop;

typedef enum ct_grace
{
	CT_GRACE_NONE,
	CT_GRACE_DAYS,
	CT_GRACE_MONTHS
} ct_grace;

/*
 * The stored form, aligned to 8 bytes; the first word belongs to the host
 * (the length word of a datum).
 */
typedef struct ct_policy
{
	uint32_t	host_word;
	uint8_t		version;
	uint8_t		review;			/* ct_review */
	uint8_t		upgrade;		/* ct_upgrade */
	uint8_t		drop;			/* ct_drop */
	uint8_t		grace;			/* ct_grace */
	uint8_t		reserved;
	uint16_t	review_count;	/* 0 for always and anniversary */
	uint16_t	grace_count;	/* 0 without grace */
	uint16_t	reserved2;
	int64_t		keep;			/* units of 10^-16 %, at most CT_KEEP_ALL */
} ct_policy;

/* Reads a policy; on failure the error has position and hint. */
extern bool ct_policy_parse(const char *text, int length, bool utf8,
							ct_policy *policy, ct_error *error);

/* The canonical text, zero-terminated; returns its length. */
extern int	ct_policy_text(const ct_policy *policy,
						   char buffer[CT_POLICY_TEXT_SIZE]);

/* "80" for keep at 80%, zero-terminated; returns the length. */
extern int	ct_keep_text(int64_t keep, char *buffer);

/*
 * The first review after a date (which is not before since) of a tier held
 * since a date by someone who joined on a date; CT_NO_DATE under review
 * always.  Fails (22008) when it lies beyond the last date.
 */
extern bool ct_policy_review_after(const ct_policy *policy, ct_date since,
								   ct_date joined, ct_date after,
								   ct_date *review, ct_error *error);

/* When grace that begins on a date ends; the policy must have grace. */
extern bool ct_policy_grace_end(const ct_policy *policy, ct_date from,
								ct_date *end, ct_error *error);

#endif							/* CT_POLICY_H */
