/*
 * payment_digest.h
 *		How a customer pays: invoices by how late they were paid.
 *
 * A digest is made of integers only, so that it does not depend on the order
 * of rows or on how they were shared out.  Nothing is allocated.
 */
#ifndef CT_PAYMENT_DIGEST_H
#define CT_PAYMENT_DIGEST_H

#include "core/fields.h"

#define CT_PAYMENT_DIGEST_VERSION 1

/* By days late: up to 0, 1 to 30, 31 to 60, 61 to 90, over 90. */
typedef enum ct_payment_class
{
	CT_PAYMENT_ON_TIME,			/* or excused */
	CT_PAYMENT_30,
	CT_PAYMENT_60,
	CT_PAYMENT_90,
	CT_PAYMENT_OVER_90,
	CT_PAYMENT_NOT_DUE			/* open, due on as_of or later */
} ct_payment_class;

#define CT_PAYMENT_DUE_CLASSES CT_PAYMENT_NOT_DUE
#define CT_PAYMENT_CLASSES (CT_PAYMENT_NOT_DUE + 1)

/* Some payments or credit notes. */
typedef struct ct_payment_total
{
	int64_t		count;
	ct_int128	amount;			/* a positive number */
} ct_payment_total;

/* All that are in a class, and of them those that are open on as_of. */
typedef struct ct_payment_digest
{
	ct_fields_header header;
	int32_t		as_of;
	int32_t		max_days_late;
	ct_wide		late;			/* sum of amount * days late */
	ct_wide		early;			/* and of amount * days early */
	ct_payment_total all[CT_PAYMENT_CLASSES];
	ct_payment_total open[CT_PAYMENT_DUE_CLASSES];	/* not yet due: all */
	ct_payment_total credits;
	ct_payment_total open_credits;
	int64_t		excused;		/* late rows that count as on time */
} ct_payment_digest;

/* One invoice or instalment; the dates are valid ones. */
typedef struct ct_payment
{
	ct_int128	amount;
	int32_t		due_on;
	int32_t		paid_on;
	bool		open;			/* paid_on is not known */
	bool		excused;
	bool		credit;			/* a credit note: the amount as given was
								 * negative */
} ct_payment;

extern const ct_fields ct_payment_fields;

/* Adds a row as of the digest's day; CT_OUT_OF_RANGE as of merging. */
extern bool ct_payment_add(ct_payment_digest *digest,
						   const ct_payment *payment, ct_error *error);

/* Fails with CT_BAD_PARAMETER, naming the two days; so does merging. */
extern bool ct_payment_mixed(int32_t as_of, int32_t other, ct_error *error);

/* Figures; those that return bool return false for "not known". */

/* All amounts less credit notes, and what of it is paid or settled. */
extern ct_wide ct_payment_billed(const ct_payment_digest *digest);
extern ct_wide ct_payment_paid(const ct_payment_digest *digest);

/* Billed less paid; of it what was due before as_of and is not excused. */
extern ct_wide ct_payment_outstanding(const ct_payment_digest *digest);
extern ct_wide ct_payment_overdue(const ct_payment_digest *digest);

/* Payments of all classes; of those that have come due; of the late ones. */
extern int64_t ct_payment_count(const ct_payment_digest *digest);
extern int64_t ct_payment_due_count(const ct_payment_digest *digest);
extern int64_t ct_payment_late_count(const ct_payment_digest *digest);

/* Share of the amount due that was on time; not known for 0 due. */
extern bool ct_payment_on_time_rate(const ct_payment_digest *digest,
									double *result);

/* Days late of a unit of the amount due, early being 0, ... */
extern bool ct_payment_days_late(const ct_payment_digest *digest,
								 double *result);

/* ... or negative. */
extern bool ct_payment_days_beyond_terms(const ct_payment_digest *digest,
										 double *result);

/* outstanding / sales * days; sales, in units of 10^-8, are positive. */
extern double ct_payment_sales_outstanding(const ct_payment_digest *digest,
										   const ct_wide *sales, int32_t days);

/* The usual points of the classes: 100, 75, 50, 25 and 0. */
extern const int64_t ct_payment_points[CT_PAYMENT_DUE_CLASSES];

/*
 * Mean of the class points over the amount due; points are in units of
 * 10^-8, 0 .. 100.  Not known for 0 due.
 */
extern bool ct_payment_score(const ct_payment_digest *digest,
							 const int64_t points[CT_PAYMENT_DUE_CLASSES],
							 double *result);

/* The name of a class, as aging() shows it. */
extern const char *ct_payment_class_name(ct_payment_class class);

#endif							/* CT_PAYMENT_DIGEST_H */
