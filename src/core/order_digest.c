/*
 * order_digest.c
 *		Adding up orders, merging sums of orders, and what they tell.
 */
#include <stddef.h>
#include <string.h>

#include "core/order_digest.h"

#define ORDER_FIELD(name, kind, member, flag) \
	{name, kind, offsetof(ct_order_digest, member), flag}

static const ct_field order_fields[] = {
	ORDER_FIELD("orders", CT_FIELD_COUNT, orders, 0),
	ORDER_FIELD("refunds", CT_FIELD_COUNT, refunds, 0),
	ORDER_FIELD("gross", CT_FIELD_TOTAL, gross, 0),
	ORDER_FIELD("refunded", CT_FIELD_TOTAL, refunded, 0),
	ORDER_FIELD("profit", CT_FIELD_SUM, profit, CT_ORDER_PROFIT),
	ORDER_FIELD("profit_revenue", CT_FIELD_SUM, profit_revenue,
				CT_ORDER_PROFIT),
	ORDER_FIELD("quantity", CT_FIELD_SUM, quantity, CT_ORDER_QUANTITY),
	ORDER_FIELD("largest", CT_FIELD_AMOUNT, largest, CT_ORDER_ANY),
	ORDER_FIELD("first_amount", CT_FIELD_AMOUNT, first_amount, CT_ORDER_ANY),
	ORDER_FIELD("first_at", CT_FIELD_TIME, first_at, CT_ORDER_ANY),
	ORDER_FIELD("last_at", CT_FIELD_TIME, last_at, CT_ORDER_ANY),
	ORDER_FIELD("moment", CT_FIELD_SUM, moment, 0)
};

/* Takes up what is known of the first, last and largest of some orders. */
static void
extend_orders(ct_order_digest *digest, int64_t first_at,
			  ct_int128 first_amount, int64_t last_at, ct_int128 largest)
{
	if (!(digest->header.flags & CT_ORDER_ANY))
	{
		digest->header.flags |= CT_ORDER_ANY;
		digest->first_at = first_at;
		digest->first_amount = first_amount;
		digest->last_at = last_at;
		digest->largest = largest;
		return;
	}
	if (first_at < digest->first_at)
	{
		digest->first_at = first_at;
		digest->first_amount = first_amount;
	}
	else if (first_at == digest->first_at &&
			 first_amount > digest->first_amount)
		digest->first_amount = first_amount;
	if (last_at > digest->last_at)
		digest->last_at = last_at;
	if (largest > digest->largest)
		digest->largest = largest;
}

/* The signed sums of 2^40 rows fit. */
bool
ct_order_add(ct_order_digest *digest, const ct_order *order, ct_error *error)
{
	bool		fits;

	if (!ct_rows_add(order->refund ? &digest->refunds : &digest->orders, 1))
		return ct_digest_too_many(error, ct_order_fields.type);
	(void) ct_wide_add_product(&digest->moment, order->amount,
							   ct_time_seconds(order->at));
	if (!order->refund)
	{
		fits = ct_total_add(&digest->gross, order->amount);
		extend_orders(digest, order->at, order->amount, order->at,
					  order->amount);
	}
	else
		fits = ct_total_add(&digest->refunded, -order->amount);
	digest->header.flags |= order->flags;
	if (order->flags & CT_ORDER_PROFIT)
	{
		(void) ct_wide_add_int128(&digest->profit, order->profit);
		(void) ct_wide_add_int128(&digest->profit_revenue, order->amount);
	}
	if (order->flags & CT_ORDER_QUANTITY)
		(void) ct_wide_add_int128(&digest->quantity, order->quantity);
	return fits || ct_digest_too_large(error, ct_order_fields.type);
}

static bool
merge_orders(void *to, const void *from, ct_error *error)
{
	ct_order_digest *digest = to;
	const ct_order_digest *other = from;

	if (other->header.flags & CT_ORDER_ANY)
		extend_orders(digest, other->first_at, other->first_amount,
					  other->last_at, other->largest);
	digest->header.flags |= other->header.flags;
	(void) ct_wide_add(&digest->moment, &other->moment);
	(void) ct_wide_add(&digest->profit, &other->profit);
	(void) ct_wide_add(&digest->profit_revenue, &other->profit_revenue);
	(void) ct_wide_add(&digest->quantity, &other->quantity);
	if (!ct_rows_add(&digest->orders, other->orders) ||
		!ct_rows_add(&digest->refunds, other->refunds))
		return ct_digest_too_many(error, ct_order_fields.type);
	return (ct_total_add(&digest->gross, other->gross) &&
			ct_total_add(&digest->refunded, other->refunded)) ||
		ct_digest_too_large(error, ct_order_fields.type);
}

static bool
row_counts_possible(const ct_order_digest *s)
{
	return s->orders >= 0 && s->refunds >= 0 && s->orders <= CT_MAX_ROWS &&
		s->refunds <= CT_MAX_ROWS;
}

/* What must hold of the orders taken alone. */
static bool
check_orders(const ct_order_digest *s, ct_error *error)
{
	ct_wide		gross = ct_wide_of(s->gross);
	ct_wide		most = ct_wide_of(s->largest);

	if (((s->header.flags & CT_ORDER_ANY) != 0) != (s->orders > 0))
		return ct_digest_invalid(error,
								 "First, last and largest are there for orders only.");
	if (s->orders == 0)
	{
		if (s->gross != 0 || s->largest != 0 || s->first_amount != 0 ||
			s->first_at != 0 || s->last_at != 0)
			return ct_digest_invalid(error, "Without orders their figures are zero.");
		return true;
	}
	if (!ct_time_valid(s->first_at) || !ct_time_valid(s->last_at) ||
		s->first_at > s->last_at ||
		(s->orders == 1 && s->first_at != s->last_at))
		return ct_digest_invalid(error, "The times of the first and the last order do not agree.");
	if (s->first_amount < 0 || s->first_amount > s->largest ||
		s->largest > CT_FIXED_LIMIT ||
		(s->first_at == s->last_at && s->first_amount != s->largest))
		return ct_digest_invalid(error, "The amounts of the first and the largest order do not agree.");
	if (s->gross < s->largest || !ct_wide_multiply(&most, s->orders) ||
		ct_wide_compare(&gross, &most) > 0)
		return ct_digest_invalid(error, "The gross sum does not agree with the number of orders and the largest.");
	return true;
}

/* a * x - b * y; the figures are those of a digest within its limits. */
static ct_wide
weighted_difference(const ct_wide *a, int64_t x, const ct_wide *b, int64_t y)
{
	ct_wide		first = *a;
	ct_wide		second = *b;

	(void) ct_wide_multiply(&first, x);
	(void) ct_wide_multiply(&second, y);
	(void) ct_wide_subtract(&first, &second);
	return first;
}

/* The moment must lie within what the times allow. */
static bool
check_moment(const ct_order_digest *s, ct_error *error)
{
	ct_wide		gross = ct_wide_of(s->gross);
	ct_wide		refunded = ct_wide_of(s->refunded);
	ct_wide		least = weighted_difference(&gross,
											ct_time_seconds(s->first_at),
											&refunded,
											ct_time_seconds(CT_TIME_END - 1));
	ct_wide		most = weighted_difference(&gross, ct_time_seconds(s->last_at),
										   &refunded,
										   ct_time_seconds(CT_TIME_FIRST));

	if (ct_wide_compare(&s->moment, &least) < 0 ||
		ct_wide_compare(&s->moment, &most) > 0)
		return ct_digest_invalid(error, "The moment does not agree with the sums and the times.");
	return true;
}

/* Is an optional sum possible, and zero when it is not there? */
static bool
optional_possible(const ct_order_digest *s, const ct_wide *sum, unsigned flag)
{
	return s->header.flags & flag ? ct_wide_within(sum, s->orders + s->refunds) :
		ct_wide_sign(sum) == 0;
}

static bool
check_order_digest(const void *digest, ct_error *error)
{
	const ct_order_digest *s = digest;
	ct_wide		gross = ct_wide_of(s->gross);
	ct_wide		refunded = ct_wide_of(s->refunded);

	if (!row_counts_possible(s))
		return ct_digest_invalid(error, "The number of orders or refunds is out of range.");
	if (s->orders + s->refunds == 0)
		return ct_digest_invalid(error, "A digest has at least one order or refund.");
	if (!check_orders(s, error))
		return false;
	if (s->refunded < 0 || !ct_wide_within(&refunded, s->refunds))
		return ct_digest_invalid(error, "The refunded sum does not agree with the number of refunds.");
	if (!optional_possible(s, &s->profit, CT_ORDER_PROFIT) ||
		!optional_possible(s, &s->quantity, CT_ORDER_QUANTITY))
		return ct_digest_invalid(error, "Profit or quantity is out of range.");
	ct_wide_negate(&refunded);
	if (!optional_possible(s, &s->profit_revenue, CT_ORDER_PROFIT) ||
		ct_wide_compare(&s->profit_revenue, &gross) > 0 ||
		ct_wide_compare(&s->profit_revenue, &refunded) < 0)
		return ct_digest_invalid(error, "The revenue of the profits does not agree with that of all rows.");
	return check_moment(s, error);
}

const ct_fields ct_order_fields = {
	.type = "order_digest",
	.version = CT_ORDER_DIGEST_VERSION,
	.flags = CT_ORDER_ANY | CT_ORDER_PROFIT | CT_ORDER_QUANTITY,
	.count = sizeof(order_fields) / sizeof(order_fields[0]),
	.field = order_fields,
	.size = sizeof(ct_order_digest),
	.check = check_order_digest,
	.merge = merge_orders
};

void
ct_order_revenue(const ct_order_digest *digest, ct_wide *result)
{
	*result = ct_wide_of(digest->gross - digest->refunded);
}

bool
ct_order_average(const ct_order_digest *digest, ct_wide *result)
{
	if (digest->orders == 0)
		return false;
	*result = ct_wide_of(digest->gross);
	ct_wide_divide_rounded(result, digest->orders);
	return true;
}

bool
ct_order_margin(const ct_order_digest *digest, double *result)
{
	if (ct_wide_sign(&digest->profit_revenue) <= 0)
		return false;
	*result = ct_wide_ratio(&digest->profit, &digest->profit_revenue);
	return true;
}

/* (later - earlier) / parts in days */
static double
days_between(int64_t earlier, int64_t later, int64_t parts)
{
	ct_wide		span = ct_wide_of((ct_int128) later - earlier);
	ct_wide		unit = ct_wide_of((ct_int128) parts * CT_DAY);

	return ct_wide_ratio(&span, &unit);
}

bool
ct_order_interval_days(const ct_order_digest *digest, double *result)
{
	if (digest->orders < 2)
		return false;
	*result = days_between(digest->first_at, digest->last_at,
						   digest->orders - 1);
	return true;
}

bool
ct_order_recency_days(const ct_order_digest *digest, int64_t as_of,
					  double *result)
{
	if (digest->orders == 0)
		return false;
	*result = days_between(digest->last_at, as_of, 1);
	return true;
}

bool
ct_order_tenure_days(const ct_order_digest *digest, int64_t as_of,
					 double *result)
{
	if (digest->orders == 0)
		return false;
	*result = days_between(digest->first_at, as_of, 1);
	return true;
}

bool
ct_order_growth(const ct_order_digest *current,
				const ct_order_digest *previous, double *result)
{
	ct_wide		change,
				base;

	ct_order_revenue(previous, &base);
	if (ct_wide_sign(&base) <= 0)
		return false;
	ct_wide_zero(&change);
	if (current)
		ct_order_revenue(current, &change);
	(void) ct_wide_subtract(&change, &base);
	*result = ct_wide_ratio(&change, &base);
	return true;
}

/*
 * With m = moment / revenue and middle = (from + to) / 2 the trend is
 * 6 * (2 * moment - revenue * (from + to)) / (revenue * (to - from)), all in
 * integers: below 2^189 in a digest within its limits.
 */
bool
ct_order_trend(const ct_order_digest *digest, int64_t from_time,
			   int64_t to_time, double *result)
{
	int64_t		from = ct_time_seconds(from_time);
	int64_t		to = ct_time_seconds(to_time);
	ct_wide		revenue,
				above,
				below;
	double		trend;

	ct_order_revenue(digest, &revenue);
	if (ct_wide_sign(&revenue) <= 0)
		return false;
	above = weighted_difference(&digest->moment, 12, &revenue, 6 * (from + to));
	below = revenue;
	(void) ct_wide_multiply(&below, to - from);
	trend = ct_wide_ratio(&above, &below);
	*result = trend > 6 ? 6 : trend < -6 ? -6 : trend;
	return true;
}
