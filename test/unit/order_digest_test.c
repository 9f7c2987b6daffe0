/*
 * order_digest_test.c
 *		Order digests against sums by __int128; order, parts and forms.
 */
#include <stdlib.h>
#include <string.h>

#include "core/order_digest.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 2000
#define MAX_ORDERS 40

static ct_order
random_order(void)
{
	ct_order	o = {0};

	o.amount = (__int128) (random_sized_word() >> 2);
	if (random_below(4) == 0)
		o.amount = -o.amount;
	if (random_below(10) == 0)
		o.amount = random_below(2) ? CT_FIXED_LIMIT : -CT_FIXED_LIMIT;
	/* too small a refund is 0, but one nevertheless */
	if (random_below(10) == 0)
		o.amount = 0;
	o.refund = o.amount < 0 || (o.amount == 0 && random_below(2));
	o.at = (int64_t) random_sized_word();
	if (random_below(2) || !ct_time_valid(o.at))
		o.at = random_below(5) * CT_DAY - 1;
	if (random_below(2))
	{
		o.flags |= CT_ORDER_PROFIT;
		o.profit = random_below(1000) - 500;
	}
	if (random_below(2))
	{
		o.flags |= CT_ORDER_QUANTITY;
		o.quantity = random_below(1000) * CT_FIXED_ONE;
	}
	return o;
}

static void
clear(ct_order_state *state)
{
	memset(state, 0, sizeof(*state));
}

static void
add_all(ct_order_state *state, const ct_order *orders, int n)
{
	clear(state);
	for (int i = 0; i < n; i++)
		ct_order_add(state, &orders[i]);
}

static bool
same(const ct_order_state *a, const ct_order_state *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool
wide_is(const ct_wide *a, __int128 value)
{
	ct_wide		b;

	ct_wide_from_int128(&b, value);
	return ct_wide_compare(a, &b) == 0;
}

/* The state against the plainest way to reckon it. */
static bool
is_right(const ct_order_state *s, const ct_order *orders, int n)
{
	__int128	gross = 0,
				refunded = 0,
				profit = 0,
				quantity = 0;
	ct_wide		moment = {{0}};
	const ct_order *first = NULL,
			   *last = NULL,
			   *largest = NULL;
	int			count = 0;
	unsigned	flags = 0;

	for (int i = 0; i < n; i++)
	{
		const ct_order *o = &orders[i];
		ct_wide		product;

		ct_wide_from_int128(&product, o->amount);
		ct_wide_multiply(&product, ct_time_seconds(o->at));
		ct_wide_add(&moment, &product);
		flags |= o->flags;
		profit += o->profit;
		quantity += o->quantity;
		if (o->refund)
		{
			refunded -= o->amount;
			continue;
		}
		count++;
		gross += o->amount;
		if (!first || o->at < first->at ||
			(o->at == first->at && o->amount > first->amount))
			first = o;
		if (!last || o->at > last->at)
			last = o;
		if (!largest || o->amount > largest->amount)
			largest = o;
	}
	if (count > 0)
		flags |= CT_ORDER_ANY;
	return s->orders == count && s->refunds == n - count &&
		s->flags == flags && wide_is(&s->gross, gross) &&
		wide_is(&s->refunded, refunded) && wide_is(&s->profit, profit) &&
		wide_is(&s->quantity, quantity) &&
		ct_wide_compare(&s->moment, &moment) == 0 &&
		(count == 0 ||
		 (s->first_at == first->at && s->first_amount == first->amount &&
		  s->last_at == last->at && s->largest == largest->amount));
}

static void
shuffle(ct_order *orders, int n)
{
	for (int i = n - 1; i > 0; i--)
	{
		int			j = random_below(i + 1);
		ct_order	o = orders[i];

		orders[i] = orders[j];
		orders[j] = o;
	}
}

static void
test_states(void)
{
	bool		right = true,
				shuffled = true,
				merged = true,
				valid = true,
				bounded = true;

	for (int round = 0; round < ROUNDS; round++)
	{
		ct_order	orders[MAX_ORDERS];
		ct_order_state whole,
					other,
					part[3];
		int			n = 1 + random_below(MAX_ORDERS);
		ct_error	error;

		for (int i = 0; i < n; i++)
			orders[i] = random_order();
		add_all(&whole, orders, n);
		right &= is_right(&whole, orders, n);
		valid &= ct_order_fields.check(&whole, &error);
		bounded &= ct_order_fields.finished(&whole, &error);
		shuffle(orders, n);
		add_all(&other, orders, n);
		shuffled &= same(&whole, &other);
		for (int i = 0; i < 3; i++)
			clear(&part[i]);
		for (int i = 0; i < n; i++)
			ct_order_add(&part[random_below(3)], &orders[i]);
		merged &= ct_order_fields.merge(&part[1], &part[2], &error) &&
			ct_order_fields.merge(&part[0], &part[1], &error) &&
			same(&whole, &part[0]);
	}
	ok(right, "sums, counts and extremes");
	ok(valid, "every state is valid");
	ok(bounded, "every state may be stored");
	ok(shuffled, "any order of rows gives the same state");
	ok(merged, "merged parts give the same state");
}

/* One byte of a network form changed: refused, or another valid state. */
static void
test_forms(void)
{
	bool		network_trip = true,
				spoilt = true,
				changed = true;

	for (int round = 0; round < ROUNDS; round++)
	{
		ct_order	orders[8];
		ct_order_state state,
					back;
		unsigned char bytes[CT_FIELDS_HEADER + sizeof(ct_order_state)];
		unsigned char sent[sizeof(bytes)];
		size_t		size = ct_fields_network_size(&ct_order_fields);
		int			n = 1 + random_below(8);
		int			at;
		ct_error	error;

		for (int i = 0; i < n; i++)
			orders[i] = random_order();
		add_all(&state, orders, n);
		ct_fields_send(&ct_order_fields, &state, bytes);
		network_trip &= ct_fields_receive(&ct_order_fields, bytes, size,
										  &back, &error) && same(&state, &back);
		at = random_below((int) size);
		bytes[at] ^= (unsigned char) (1 + random_below(255));
		if (ct_fields_receive(&ct_order_fields, bytes, size, &back, &error))
		{
			changed &= !same(&state, &back);
			ct_fields_send(&ct_order_fields, &back, sent);
			spoilt &= memcmp(bytes, sent, size) == 0;
		}
		else
			spoilt &= error.code == CT_BAD_BINARY;
	}
	ok(network_trip, "network form reads back");
	ok(changed, "a changed byte is another state");
	ok(spoilt, "a changed byte is refused or a valid state");
}

static void
test_figures(void)
{
	ct_order_state none,
				state,
				refund;
	ct_order	order = {.amount = 4 * CT_FIXED_ONE,.at = 0,
		.profit = CT_FIXED_ONE,.flags = CT_ORDER_PROFIT};
	ct_wide		sum;
	double		value;

	clear(&none);
	ok(!ct_order_average(&none, &sum) && !ct_order_margin(&none, &value) &&
	   !ct_order_interval_days(&none, &value) &&
	   !ct_order_recency_days(&none, 0, &value) &&
	   !ct_order_tenure_days(&none, 0, &value) &&
	   !ct_order_trend(&none, 0, CT_DAY, &value) &&
	   !ct_order_growth(&none, &none, &value), "nothing is known of no rows");
	clear(&state);
	ct_order_add(&state, &order);
	ok(!ct_order_interval_days(&state, &value), "no interval of one order");
	order.at = 3 * CT_DAY;
	ct_order_add(&state, &order);
	ok(ct_order_margin(&state, &value) && value == 0.25, "margin");
	ok(ct_order_interval_days(&state, &value) && value == 3, "interval");
	ok(ct_order_recency_days(&state, CT_DAY, &value) && value == -2, "recency");
	ok(ct_order_tenure_days(&state, CT_DAY, &value) && value == 1, "tenure");
	ok(ct_order_trend(&state, 0, 3 * CT_DAY, &value) && value == 0, "trend");
	ok(ct_order_tenure_days(&state, CT_TIME_END - 1, &value) &&
	   value == 106751983.0, "tenure beyond 64 bits");
	ok(ct_order_growth(NULL, &state, &value) && value == -1,
	   "no rows are no revenue");
	order.amount = -9 * CT_FIXED_ONE;
	order.refund = true;
	clear(&refund);
	ct_order_add(&refund, &order);
	ok(!ct_order_growth(&state, &refund, &value),
	   "no growth from negative revenue");
	ok(ct_order_growth(&refund, &state, &value) && value == -2.125,
	   "growth below -1");
}

/* The largest digest there can be: figures and repeated merging. */
static void
test_limits(void)
{
	ct_order_state most,
				sum;
	ct_order	order = {.amount = CT_FIXED_LIMIT,.at = CT_TIME_END - 1,
		.profit = -CT_FIXED_LIMIT,.flags = CT_ORDER_PROFIT};
	double		value;
	int			merges = 0;
	ct_error	error;

	clear(&most);
	ct_order_add(&most, &order);
	for (int i = 0; i < 40; i++)
	{
		ct_order_state half = most;

		ct_order_fields.merge(&most, &half, &error);
	}
	ok(most.orders == CT_MAX_ROWS && ct_order_fields.finished(&most, &error) &&
	   ct_order_fields.check(&most, &error), "2^40 orders of 10^22");
	ok(ct_order_margin(&most, &value) && value == -1, "their margin");
	ok(ct_order_trend(&most, CT_TIME_END - 2 * CT_DAY, CT_TIME_END - CT_DAY,
					  &value) && value == 6 &&
	   ct_order_trend(&most, CT_TIME_FIRST, CT_TIME_FIRST + CT_DAY, &value) &&
	   value == 6, "their trend");
	sum = most;
	while (merges < 1000 && ct_order_fields.merge(&sum, &most, &error))
		merges++;
	ok(merges >= 100 && merges < 1000 && error.code == CT_OUT_OF_RANGE,
	   "a hundred of them merge, then 192 bits are full");
	sum = most;
	ct_order_fields.merge(&sum, &most, &error);
	ok(!ct_order_fields.finished(&sum, &error) && error.code == CT_OUT_OF_RANGE &&
	   !ct_order_fields.check(&sum, &error), "two of them cannot be stored");
}

int
main(void)
{
	test_states();
	test_forms();
	test_figures();
	test_limits();
	return done_testing();
}
