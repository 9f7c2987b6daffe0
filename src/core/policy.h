/*
 * policy.h
 *		Policies: when a tier is reviewed and how it may fall.
 *
 * There are clauses for everyone, and for single tiers what differs from them.
 * The empty policy is: review always, upgrade now, drop to fit.  A year is
 * kept as 12 months, a clause that says nothing new as none, labels in the
 * order of their bytes: what says the same is equal, byte by byte, and prints
 * alike.
 */
#ifndef CT_POLICY_H
#define CT_POLICY_H

#include "core/calendar.h"
#include "core/ladder.h"
#include "core/status.h"

#define CT_POLICY_VERSION 1

/* A hundred years. */
#define CT_POLICY_MAX_MONTHS 1200
#define CT_POLICY_MAX_DAYS 36525

/* keep at 100%; units of 10^-16 % */
#define CT_KEEP_PLACES 16
#define CT_KEEP_ONE_PERCENT INT64_C(10000000000000000)
#define CT_KEEP_ALL (100 * CT_KEEP_ONE_PERCENT)

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

/* What the clauses of one tier come to. */
typedef struct ct_clauses
{
	int64_t		keep;			/* units of 10^-16 %, at most CT_KEEP_ALL */
	uint16_t	review_count;	/* 0 for always and anniversary */
	uint16_t	grace_count;	/* 0 without grace */
	uint8_t		review;			/* ct_review */
	uint8_t		to_month_end;	/* reviews wait for the end of their month */
	uint8_t		from_month;		/* periods begin with it: 0 is January */
	uint8_t		upgrade;		/* ct_upgrade */
	uint8_t		drop;			/* ct_drop */
	uint8_t		grace;			/* ct_grace */
	uint8_t		reserved[6];
} ct_clauses;

/* What differs for a tier. */
typedef struct ct_policy_tier
{
	ct_clauses	clauses;		/* all of them, those of the others included */
	char		label[CT_NAME_SIZE];
} ct_policy_tier;

/*
 * The stored form, aligned to 8 bytes and without padding; the first word
 * belongs to the host (the length word of a datum).  What has been parsed has
 * room for all tiers, what is stored for those that there are.
 */
typedef struct ct_policy
{
	uint32_t	host_word;
	uint8_t		version;
	uint8_t		reserved;
	uint16_t	ntiers;
	ct_clauses	base;
	ct_policy_tier tiers[CT_LADDER_MAX_RUNGS];
} ct_policy;

/* Bytes of a policy with so many tiers. */
static inline size_t
ct_policy_size(int ntiers)
{
	return offsetof(ct_policy, tiers) + ntiers * sizeof(ct_policy_tier);
}

/* What may follow "review at end of", the months of each, and month names. */
extern const char *const ct_policy_periods[];
extern const uint16_t ct_policy_period_months[];
extern const char *const ct_policy_months[];

/*
 * The canonical text, zero-terminated; returns its length.  The buffer has
 * ct_policy_text_size() bytes.
 */
extern size_t ct_policy_text_size(const ct_policy *policy);
extern size_t ct_policy_text(const ct_policy *policy, char *buffer);

/* "80" for keep at 80%, zero-terminated; returns the length. */
extern int	ct_keep_text(int64_t keep, char *buffer);

/* The clauses for whoever holds a rung of a ladder, and for who holds none. */
typedef struct ct_rung_clauses
{
	const ct_clauses *of[CT_LADDER_MAX_RUNGS + 1];
} ct_rung_clauses;

/*
 * CT_BAD_PARAMETER when the policy names a tier that the ladder lacks, or
 * keeps tiers at a part of a bound that the ladder does not have.
 */
extern bool ct_policy_for_ladder(const ct_policy *policy,
								 const ct_ladder *ladder,
								 ct_rung_clauses *clauses, ct_error *error);

#endif							/* CT_POLICY_H */
