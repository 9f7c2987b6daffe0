/*
 * order_digest.h
 *		What a customer's orders and refunds add up to.
 *
 * A state is made of integers only, so that it does not depend on the order
 * of rows or on how they were shared out.  Rows are added to a state, states
 * are merged, and figures are computed at the very end.  Nothing is
 * allocated.
 */
#ifndef CT_ORDER_DIGEST_H
#define CT_ORDER_DIGEST_H

#include "core/fields.h"

#define CT_ORDER_DIGEST_VERSION 1

/* Which figures the rows have given. */
#define CT_ORDER_ANY 0x01		/* at least one order */
#define CT_ORDER_PROFIT 0x02
#define CT_ORDER_QUANTITY 0x04

/*
 * The fields of every row first, then those of new extremes, then those of
 * refunds and of the optional arguments: two cache lines hold what an
 * ordinary order touches.  Amounts are in units of 10^-8.
 */
typedef struct ct_order_state
{
	int64_t		orders;
	ct_wide		gross;			/* sum of the amounts of orders */
	ct_wide		moment;			/* sum of amount * whole seconds since 2000,
								 * refunds negative */
	int64_t		last_at;		/* of orders */
	int64_t		first_at;
	ct_int128	largest;
	ct_int128	first_amount;	/* of several at first_at the largest */
	int64_t		refunds;
	ct_wide		refunded;		/* not negative */
	ct_wide		profit;
	ct_wide		quantity;
	uint64_t	flags;
} ct_order_state;

/* One row; flags say whether profit and quantity are given. */
typedef struct ct_order
{
	ct_int128	amount;
	bool		refund;			/* the amount as given was negative; what is
								 * left of it may be 0 */
	int64_t		at;				/* finite */
	ct_int128	profit;
	ct_int128	quantity;
	unsigned	flags;
} ct_order;

extern const ct_fields ct_order_fields;

/* Adds to a state, which begins as all zero; 2^47 rows of any size fit. */
extern void ct_order_add(ct_order_state *state, const ct_order *order);

/* Figures; those that return bool return false for "not known". */

/* Orders less refunds. */
extern void ct_order_revenue(const ct_order_state *state, ct_wide *result);

/* Gross revenue per order, to 8 decimal places. */
extern bool ct_order_average(const ct_order_state *state, ct_wide *result);

/* Profit per revenue; not known for revenue <= 0. */
extern bool ct_order_margin(const ct_order_state *state, double *result);

/* Mean days between orders; not known below two of them. */
extern bool ct_order_interval_days(const ct_order_state *state,
								   double *result);

/* Days from the last, or first, order to a time; negative before it. */
extern bool ct_order_recency_days(const ct_order_state *state, int64_t as_of,
								  double *result);
extern bool ct_order_tenure_days(const ct_order_state *state, int64_t as_of,
								 double *result);

/*
 * Relative change of revenue from one window to another; not known when it
 * was not positive before.  current may be NULL: no rows, no revenue.
 */
extern bool ct_order_growth(const ct_order_state *current,
							const ct_order_state *previous, double *result);

/*
 * 12 * (m - middle) / length of the window, where m is the mean time of a
 * unit of revenue: the growth of a linear rate across the window relative to
 * its mean rate.  Within -6 .. 6; not known for revenue <= 0.  The window is
 * taken to whole seconds, as the times of orders are, and from < to then.
 */
extern bool ct_order_trend(const ct_order_state *state, int64_t from_time,
						   int64_t to_time, double *result);

#endif							/* CT_ORDER_DIGEST_H */
