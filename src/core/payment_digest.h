/*
 * payment_digest.h
 *		How a customer pays: invoices by how late they were paid.
 *
 * A state is made of integers only, so that it does not depend on the order
 * of rows or on how they were shared out.  Nothing is allocated.
 *
 * Ten sums of 192 bits and seven counts make it 304 bytes.  None of the sums
 * follows from the others (credit notes count in billed and paid alone), the
 * days late need more than 128 bits, and a sum of amounts that fills 128
 * bits would depend on the order in which its parts arrive.  Allocated alone
 * a state takes 512 bytes, as it would with one word less.
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

typedef struct ct_payment_state
{
	ct_wide		billed;			/* with credit notes, as paid is */
	ct_wide		paid;
	ct_wide		overdue;		/* open and late, not excused */
	ct_wide		days;			/* sum of amount * days late */
	ct_wide		amount[CT_PAYMENT_CLASSES];
	int64_t		count[CT_PAYMENT_CLASSES];
	int64_t		excused;		/* late rows that count as on time */
	int32_t		max_days_late;
	int32_t		as_of;
} ct_payment_state;

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

/*
 * Adds to a state, which begins as all zero but for as_of; 2^47 rows of any
 * size fit.
 */
extern void ct_payment_add(ct_payment_state *state,
						   const ct_payment *payment);

/* Fails with CT_BAD_PARAMETER, naming the two days; so does merging. */
extern bool ct_payment_mixed(int32_t as_of, int32_t other, ct_error *error);

/* Figures; those that return bool return false for "not known". */

extern void ct_payment_outstanding(const ct_payment_state *state,
								   ct_wide *result);

/* Payments of all classes; of those that have come due; of the late ones. */
extern int64_t ct_payment_count(const ct_payment_state *state);
extern int64_t ct_payment_due_count(const ct_payment_state *state);
extern int64_t ct_payment_late_count(const ct_payment_state *state);

/* Share of the amount due that was on time; not known for 0 due. */
extern bool ct_payment_on_time_rate(const ct_payment_state *state,
									double *result);

/* Days late of a unit of the amount due, early being 0. */
extern bool ct_payment_days_late(const ct_payment_state *state,
								 double *result);

/* outstanding / billed * days; not known for billed <= 0. */
extern bool ct_payment_sales_outstanding(const ct_payment_state *state,
										 int32_t days, double *result);

/* The usual points of the classes: 100, 75, 50, 25 and 0. */
extern const int64_t ct_payment_points[CT_PAYMENT_DUE_CLASSES];

/*
 * Mean of the class points over the amount due; points are in units of
 * 10^-8, 0 .. 100.  Not known for 0 due.
 */
extern bool ct_payment_score(const ct_payment_state *state,
							 const int64_t points[CT_PAYMENT_DUE_CLASSES],
							 double *result);

/* The name of a class, as aging() shows it. */
extern const char *ct_payment_class_name(ct_payment_class class);

#endif							/* CT_PAYMENT_DIGEST_H */
