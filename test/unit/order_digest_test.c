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

/* A digest of no rows. */
static ct_order_digest
begin_orders(void)
{
	ct_order_digest digest;

	ct_fields_begin(&ct_order_fields, &digest);
	return digest;
}

static void
add_order(ct_order_digest *digest, const ct_order *order)
{
	ct_error	error;

	if (!ct_order_add(digest, order, &error))
		abort();
}

static ct_order_digest
digest_of(const ct_order *orders, int n)
{
	ct_order_digest digest = begin_orders();

	for (int i = 0; i < n; i++)
		add_order(&digest, &orders[i]);
	return digest;
}

static bool
same(const ct_order_digest *a, const ct_order_digest *b)
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
is_right(const ct_order_digest *s, const ct_order *orders, int n)
{
	__int128	gross = 0,
				refunded = 0,
				profit = 0,
				profit_revenue = 0,
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
		if (o->flags & CT_ORDER_PROFIT)
			profit_revenue += o->amount;
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
		s->header.flags == flags && s->gross == gross &&
		s->refunded == refunded && wide_is(&s->profit, profit) &&
		wide_is(&s->profit_revenue, profit_revenue) &&
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
				valid = true;

	for (int round = 0; round < ROUNDS; round++)
	{
		ct_order	orders[MAX_ORDERS];
		ct_order_digest whole,
					other,
					part[3];
		int			n = 1 + random_below(MAX_ORDERS);
		ct_error	error;

		for (int i = 0; i < n; i++)
			orders[i] = random_order();
		whole = digest_of(orders, n);
		right &= is_right(&whole, orders, n);
		valid &= ct_order_fields.check(&whole, &error);
		shuffle(orders, n);
		other = digest_of(orders, n);
		shuffled &= same(&whole, &other);
		for (int i = 0; i < 3; i++)
			part[i] = begin_orders();
		for (int i = 0; i < n; i++)
			add_order(&part[random_below(3)], &orders[i]);
		merged &= ct_order_fields.merge(&part[1], &part[2], &error) &&
			ct_order_fields.merge(&part[0], &part[1], &error) &&
			same(&whole, &part[0]);
	}
	ok(right, "sums, counts and extremes");
	ok(valid, "every state is valid");
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
		ct_order_digest state,
					back;
		unsigned char bytes[sizeof(ct_order_digest)];
		unsigned char sent[sizeof(bytes)];
		size_t		size = ct_fields_sent_size(&ct_order_fields);
		int			n = 1 + random_below(8);
		int			at;
		ct_error	error;

		for (int i = 0; i < n; i++)
			orders[i] = random_order();
		state = digest_of(orders, n);
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
	ct_order_digest none,
				state,
				refund;
	ct_order	order = {.amount = 4 * CT_FIXED_ONE,.at = 0,
		.profit = CT_FIXED_ONE,.flags = CT_ORDER_PROFIT};
	ct_wide		sum;
	double		value;

	none = begin_orders();
	ok(!ct_order_average(&none, &sum) && !ct_order_margin(&none, &value) &&
	   !ct_order_interval_days(&none, &value) &&
	   !ct_order_recency_days(&none, 0, &value) &&
	   !ct_order_tenure_days(&none, 0, &value) &&
	   !ct_order_trend(&none, 0, CT_DAY, &value) &&
	   !ct_order_growth(&none, &none, &value), "nothing is known of no rows");
	state = begin_orders();
	add_order(&state, &order);
	ok(!ct_order_interval_days(&state, &value), "no interval of one order");
	order.at = 3 * CT_DAY;
	add_order(&state, &order);
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
	refund = begin_orders();
	add_order(&refund, &order);
	ok(!ct_order_growth(&state, &refund, &value),
	   "no growth from negative revenue");
	ok(ct_order_growth(&refund, &state, &value) && value == -2.125,
	   "growth below -1");
}

/* Rows that add up to as much as can be, and one more. */
static void
test_limits(void)
{
	ct_order_digest most = begin_orders();
	ct_order_digest many = begin_orders();
	ct_order_digest sum;
	ct_order	order = {.amount = CT_FIXED_LIMIT,.at = CT_TIME_END - 1,
		.profit = -CT_FIXED_LIMIT,.flags = CT_ORDER_PROFIT};
	ct_order	nothing = {.refund = true,.at = CT_TIME_FIRST,
		.quantity = CT_FIXED_LIMIT,.flags = CT_ORDER_QUANTITY};
	double		value;
	ct_error	error;

	add_order(&most, &order);
	for (int i = 0; i < 27; i++)
	{
		ct_order_digest half = most;

		ct_order_fields.merge(&most, &half, &error);
	}
	ok(most.orders == INT64_C(1) << 27 &&
	   ct_order_fields.check(&most, &error), "2^27 orders of 10^22");
	ok(ct_order_margin(&most, &value) && value == -1, "their margin");
	ok(ct_order_trend(&most, CT_TIME_END - 2 * CT_DAY, CT_TIME_END - CT_DAY,
					  &value) && value == 6 &&
	   ct_order_trend(&most, CT_TIME_FIRST, CT_TIME_FIRST + CT_DAY, &value) &&
	   value == 6, "their trend");
	sum = most;
	ok(!ct_order_fields.merge(&sum, &most, &error) &&
	   error.code == CT_OUT_OF_RANGE, "twice as many do not fit");
	add_order(&many, &nothing);
	for (int i = 0; i < 40; i++)
	{
		ct_order_digest half = many;

		ct_order_fields.merge(&many, &half, &error);
	}
	ok(many.refunds == CT_MAX_ROWS && ct_order_fields.check(&many, &error),
	   "2^40 refunds");
	sum = many;
	ok(ct_order_fields.merge(&sum, &most, &error) &&
	   ct_order_fields.check(&sum, &error), "as many refunds and the orders");
	sum = many;
	ok(!ct_order_add(&sum, &nothing, &error) &&
	   error.code == CT_OUT_OF_RANGE &&
	   !ct_order_fields.check(&sum, &error), "one refund more");
	sum = many;
	ok(!ct_order_fields.merge(&sum, &many, &error) &&
	   error.code == CT_OUT_OF_RANGE &&
	   !ct_order_fields.check(&sum, &error), "twice as many refunds");
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
