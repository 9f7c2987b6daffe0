/*
 * order_digest.c
 *		Adding up orders, merging sums of orders, and what they tell.
 */
#include <stddef.h>
#include <string.h>

#include "core/order_digest.h"

#define ORDER_FIELD(name, kind, member, flag) \
	{name, kind, offsetof(ct_order_state, member), flag}

static const ct_field order_fields[] = {
	ORDER_FIELD("orders", CT_FIELD_COUNT, orders, 0),
	ORDER_FIELD("refunds", CT_FIELD_COUNT, refunds, 0),
	ORDER_FIELD("gross", CT_FIELD_SUM, gross, 0),
	ORDER_FIELD("refunded", CT_FIELD_SUM, refunded, 0),
	ORDER_FIELD("profit", CT_FIELD_SUM, profit, CT_ORDER_PROFIT),
	ORDER_FIELD("quantity", CT_FIELD_SUM, quantity, CT_ORDER_QUANTITY),
	ORDER_FIELD("largest", CT_FIELD_AMOUNT, largest, CT_ORDER_ANY),
	ORDER_FIELD("first_amount", CT_FIELD_AMOUNT, first_amount, CT_ORDER_ANY),
	ORDER_FIELD("first_at", CT_FIELD_TIME, first_at, CT_ORDER_ANY),
	ORDER_FIELD("last_at", CT_FIELD_TIME, last_at, CT_ORDER_ANY),
	ORDER_FIELD("moment", CT_FIELD_SUM, moment, 0)
};

/* Takes up what is known of the first, last and largest of some orders. */
static void
extend_orders(ct_order_state *state, int64_t first_at,
			  ct_int128 first_amount, int64_t last_at, ct_int128 largest)
{
	if (!(state->flags & CT_ORDER_ANY))
	{
		state->flags |= CT_ORDER_ANY;
		state->first_at = first_at;
		state->first_amount = first_amount;
		state->last_at = last_at;
		state->largest = largest;
		return;
	}
	if (first_at < state->first_at)
	{
		state->first_at = first_at;
		state->first_amount = first_amount;
	}
	else if (first_at == state->first_at && first_amount > state->first_amount)
		state->first_amount = first_amount;
	if (last_at > state->last_at)
		state->last_at = last_at;
	if (largest > state->largest)
		state->largest = largest;
}

void
ct_order_add(ct_order_state *state, const ct_order *order)
{
	(void) ct_wide_add_product(&state->moment, order->amount,
							   ct_time_seconds(order->at));
	if (!order->refund)
	{
		state->orders++;
		(void) ct_wide_add_int128(&state->gross, order->amount);
		extend_orders(state, order->at, order->amount, order->at,
					  order->amount);
	}
	else
	{
		state->refunds++;
		(void) ct_wide_add_int128(&state->refunded, -order->amount);
	}
	state->flags |= order->flags;
	if (order->flags & CT_ORDER_PROFIT)
		(void) ct_wide_add_int128(&state->profit, order->profit);
	if (order->flags & CT_ORDER_QUANTITY)
		(void) ct_wide_add_int128(&state->quantity, order->quantity);
}

static bool
merge_orders(void *to, const void *from, ct_error *error)
{
	ct_order_state *state = to;
	const ct_order_state *other = from;

	if (other->flags & CT_ORDER_ANY)
		extend_orders(state, other->first_at, other->first_amount,
					  other->last_at, other->largest);
	state->flags |= other->flags;
	return (!__builtin_add_overflow(state->orders, other->orders,
									&state->orders) &&
			!__builtin_add_overflow(state->refunds, other->refunds,
									&state->refunds) &&
			ct_wide_add(&state->gross, &other->gross) &&
			ct_wide_add(&state->refunded, &other->refunded) &&
			ct_wide_add(&state->profit, &other->profit) &&
			ct_wide_add(&state->quantity, &other->quantity) &&
			ct_wide_add(&state->moment, &other->moment)) ||
		ct_digest_too_large(error, "order_digest",
							"A sum of the merged digests does not fit 192 bits.");
}

static bool
row_counts_possible(const ct_order_state *s)
{
	return s->orders >= 0 && s->refunds >= 0 && s->orders <= CT_MAX_ROWS &&
		s->refunds <= CT_MAX_ROWS - s->orders;
}

static bool
orders_finished(const void *state, ct_error *error)
{
	return row_counts_possible(state) ||
		ct_digest_too_large(error, "order_digest",
							"A digest holds at most 2^40 orders and refunds.");
}

/* What must hold of the orders taken alone. */
static bool
check_orders(const ct_order_state *s, ct_error *error)
{
	ct_wide		largest;
	ct_wide		most;

	if (((s->flags & CT_ORDER_ANY) != 0) != (s->orders > 0))
		return ct_digest_invalid(error,
								 "First, last and largest are there for orders only.");
	if (s->orders == 0)
	{
		if (ct_wide_sign(&s->gross) != 0 || s->largest != 0 ||
			s->first_amount != 0 || s->first_at != 0 || s->last_at != 0)
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
	ct_wide_from_int128(&largest, s->largest);
	most = largest;
	if (!ct_wide_multiply(&most, s->orders) ||
		ct_wide_compare(&s->gross, &largest) < 0 ||
		ct_wide_compare(&s->gross, &most) > 0)
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
check_moment(const ct_order_state *s, ct_error *error)
{
	int64_t		first = ct_time_seconds(s->first_at);
	int64_t		last = ct_time_seconds(s->last_at);
	ct_wide		least = weighted_difference(&s->gross, first, &s->refunded,
											ct_time_seconds(CT_TIME_END - 1));
	ct_wide		most = weighted_difference(&s->gross, last, &s->refunded,
										   ct_time_seconds(CT_TIME_FIRST));

	if (ct_wide_compare(&s->moment, &least) < 0 ||
		ct_wide_compare(&s->moment, &most) > 0)
		return ct_digest_invalid(error, "The moment does not agree with the sums and the times.");
	return true;
}

/* Is an optional sum possible, and zero when it is not there? */
static bool
optional_possible(const ct_order_state *s, const ct_wide *sum, unsigned flag)
{
	return s->flags & flag ? ct_wide_within(sum, s->orders + s->refunds) :
		ct_wide_sign(sum) == 0;
}

static bool
check_order_state(const void *state, ct_error *error)
{
	const ct_order_state *s = state;

	if (!row_counts_possible(s))
		return ct_digest_invalid(error, "The number of orders or refunds is out of range.");
	if (s->orders + s->refunds == 0)
		return ct_digest_invalid(error, "A digest has at least one order or refund.");
	if (!check_orders(s, error))
		return false;
	if (ct_wide_sign(&s->refunded) < 0 ||
		!ct_wide_within(&s->refunded, s->refunds))
		return ct_digest_invalid(error, "The refunded sum does not agree with the number of refunds.");
	if (!optional_possible(s, &s->profit, CT_ORDER_PROFIT) ||
		!optional_possible(s, &s->quantity, CT_ORDER_QUANTITY))
		return ct_digest_invalid(error, "Profit or quantity is out of range.");
	return check_moment(s, error);
}

_Static_assert(sizeof(ct_order_state) <= CT_STATE_MOST, "state too large");

const ct_fields ct_order_fields = {
	.type = "order_digest",
	.version = CT_ORDER_DIGEST_VERSION,
	.flags = CT_ORDER_ANY | CT_ORDER_PROFIT | CT_ORDER_QUANTITY,
	.count = sizeof(order_fields) / sizeof(order_fields[0]),
	.field = order_fields,
	.size = offsetof(ct_order_state, flags),
	.check = check_order_state,
	.merge = merge_orders,
	.finished = orders_finished
};

void
ct_order_revenue(const ct_order_state *state, ct_wide *result)
{
	*result = state->gross;
	(void) ct_wide_subtract(result, &state->refunded);
}

bool
ct_order_average(const ct_order_state *state, ct_wide *result)
{
	if (state->orders == 0)
		return false;
	*result = state->gross;
	ct_wide_divide_rounded(result, state->orders);
	return true;
}

bool
ct_order_margin(const ct_order_state *state, double *result)
{
	ct_wide		revenue;

	ct_order_revenue(state, &revenue);
	if (!(state->flags & CT_ORDER_PROFIT) || ct_wide_sign(&revenue) <= 0)
		return false;
	*result = ct_wide_ratio(&state->profit, &revenue);
	return true;
}

/* (later - earlier) / parts in days */
static double
days_between(int64_t earlier, int64_t later, int64_t parts)
{
	ct_wide		span,
				unit;

	ct_wide_from_int128(&span, (ct_int128) later - earlier);
	ct_wide_from_int128(&unit, (ct_int128) parts * CT_DAY);
	return ct_wide_ratio(&span, &unit);
}

bool
ct_order_interval_days(const ct_order_state *state, double *result)
{
	if (state->orders < 2)
		return false;
	*result = days_between(state->first_at, state->last_at,
						   state->orders - 1);
	return true;
}

bool
ct_order_recency_days(const ct_order_state *state, int64_t as_of,
					  double *result)
{
	if (state->orders == 0)
		return false;
	*result = days_between(state->last_at, as_of, 1);
	return true;
}

bool
ct_order_tenure_days(const ct_order_state *state, int64_t as_of,
					 double *result)
{
	if (state->orders == 0)
		return false;
	*result = days_between(state->first_at, as_of, 1);
	return true;
}

bool
ct_order_growth(const ct_order_state *current,
				const ct_order_state *previous, double *result)
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
ct_order_trend(const ct_order_state *state, int64_t from_time,
			   int64_t to_time, double *result)
{
	int64_t		from = ct_time_seconds(from_time);
	int64_t		to = ct_time_seconds(to_time);
	ct_wide		revenue,
				above,
				below;
	double		trend;

	ct_order_revenue(state, &revenue);
	if (ct_wide_sign(&revenue) <= 0)
		return false;
	above = weighted_difference(&state->moment, 12, &revenue, 6 * (from + to));
	below = revenue;
	(void) ct_wide_multiply(&below, to - from);
	trend = ct_wide_ratio(&above, &below);
	*result = trend > 6 ? 6 : trend < -6 ? -6 : trend;
	return true;
}
