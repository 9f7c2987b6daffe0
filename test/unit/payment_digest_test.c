/*
 * payment_digest_test.c
 *		Payment digests against a row-by-row oracle; order, parts and forms.
 */
#include <stdlib.h>
#include <string.h>

#include "core/payment_digest.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 2000
#define MAX_PAYMENTS 40
#define AS_OF 9000

static ct_payment
random_payment(void)
{
	ct_payment	p = {0};

	p.amount = (__int128) (random_sized_word() >> 2);
	if (random_below(5) == 0)
		p.amount = -p.amount;
	if (random_below(10) == 0)
		p.amount = random_below(2) ? CT_FIXED_LIMIT : -CT_FIXED_LIMIT;
	/* too small a credit note is 0, but one nevertheless */
	if (random_below(10) == 0)
		p.amount = 0;
	p.credit = p.amount < 0 || (p.amount == 0 && random_below(2));
	p.due_on = AS_OF + 50 - random_below(200);
	if (random_below(20) == 0)
		p.due_on = random_below(2) ? CT_DATE_FIRST : CT_DATE_END - 1;
	p.open = random_below(4) == 0;
	p.paid_on = p.due_on > AS_OF + 50 ? AS_OF :
		p.due_on - 30 + random_below(160);
	p.excused = random_below(6) == 0;
	return p;
}

static void
begin(ct_payment_state *state, int32_t as_of)
{
	memset(state, 0, sizeof(*state));
	state->as_of = as_of;
}

static void
add_all(ct_payment_state *state, const ct_payment *payments, int n)
{
	begin(state, AS_OF);
	for (int i = 0; i < n; i++)
		ct_payment_add(state, &payments[i]);
}

static bool
same(const ct_payment_state *a, const ct_payment_state *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Days late by the words of the definition; -1 is not yet due. */
static int64_t
days_late(const ct_payment *p)
{
	if (p->open || p->paid_on > AS_OF)
		return p->due_on >= AS_OF ? -1 : AS_OF - p->due_on;
	return p->paid_on <= p->due_on ? 0 : (int64_t) p->paid_on - p->due_on;
}

static bool
is_right(const ct_payment_state *s, const ct_payment *payments, int n)
{
	ct_payment_state expected;

	begin(&expected, AS_OF);
	for (int i = 0; i < n; i++)
	{
		const ct_payment *p = &payments[i];
		int64_t		days = days_late(p);
		bool		open = p->open || p->paid_on > AS_OF;
		int			class;

		ct_wide_add_int128(&expected.billed, p->amount);
		if (!open)
			ct_wide_add_int128(&expected.paid, p->amount);
		if (p->credit)
			continue;
		if (days > 0 && p->excused)
		{
			expected.excused++;
			days = 0;
		}
		class = days < 0 ? CT_PAYMENT_NOT_DUE : days == 0 ? CT_PAYMENT_ON_TIME :
			days <= 30 ? CT_PAYMENT_30 : days <= 60 ? CT_PAYMENT_60 :
			days <= 90 ? CT_PAYMENT_90 : CT_PAYMENT_OVER_90;
		expected.count[class]++;
		ct_wide_add_int128(&expected.amount[class], p->amount);
		if (days > 0)
		{
			ct_wide_add_product(&expected.days, p->amount, days);
			if (open)
				ct_wide_add_int128(&expected.overdue, p->amount);
			if (days > expected.max_days_late)
				expected.max_days_late = (int32_t) days;
		}
	}
	return same(s, &expected);
}

static void
shuffle(ct_payment *payments, int n)
{
	for (int i = n - 1; i > 0; i--)
	{
		int			j = random_below(i + 1);
		ct_payment	p = payments[i];

		payments[i] = payments[j];
		payments[j] = p;
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
		ct_payment	payments[MAX_PAYMENTS];
		ct_payment_state whole,
					other,
					part[3];
		int			n = 1 + random_below(MAX_PAYMENTS);
		ct_error	error;

		for (int i = 0; i < n; i++)
			payments[i] = random_payment();
		add_all(&whole, payments, n);
		right &= is_right(&whole, payments, n);
		valid &= ct_payment_fields.check(&whole, &error);
		bounded &= ct_payment_fields.finished(&whole, &error);
		shuffle(payments, n);
		add_all(&other, payments, n);
		shuffled &= same(&whole, &other);
		for (int i = 0; i < 3; i++)
			begin(&part[i], AS_OF);
		for (int i = 0; i < n; i++)
			ct_payment_add(&part[random_below(3)], &payments[i]);
		merged &= ct_payment_fields.merge(&part[1], &part[2], &error) &&
			ct_payment_fields.merge(&part[0], &part[1], &error) &&
			same(&whole, &part[0]);
	}
	ok(right, "classes, sums and counts");
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
		ct_payment	payments[8];
		ct_payment_state state,
					back;
		unsigned char bytes[CT_FIELDS_HEADER + sizeof(ct_payment_state)];
		unsigned char sent[sizeof(bytes)];
		size_t		size = ct_fields_network_size(&ct_payment_fields);
		int			n = 1 + random_below(8);
		int			at;
		ct_error	error;

		for (int i = 0; i < n; i++)
			payments[i] = random_payment();
		add_all(&state, payments, n);
		ct_fields_send(&ct_payment_fields, &state, bytes);
		network_trip &= ct_fields_receive(&ct_payment_fields, bytes, size,
										  &back, &error) && same(&state, &back);
		at = random_below((int) size);
		bytes[at] ^= (unsigned char) (1 + random_below(255));
		if (ct_fields_receive(&ct_payment_fields, bytes, size, &back, &error))
		{
			changed &= !same(&state, &back);
			ct_fields_send(&ct_payment_fields, &back, sent);
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
	static const int64_t all[CT_PAYMENT_DUE_CLASSES] = {
		100 * CT_FIXED_ONE, 100 * CT_FIXED_ONE, 100 * CT_FIXED_ONE,
		100 * CT_FIXED_ONE, 100 * CT_FIXED_ONE
	};
	ct_payment_state state,
				other;
	ct_payment	payment = {.due_on = AS_OF - 40,.paid_on = AS_OF - 40};
	double		value;
	bool		hundred = true;
	ct_error	error;

	begin(&state, AS_OF);
	ok(!ct_payment_on_time_rate(&state, &value) &&
	   !ct_payment_days_late(&state, &value) &&
	   !ct_payment_sales_outstanding(&state, 90, &value) &&
	   !ct_payment_score(&state, all, &value), "nothing is known of no rows");
	payment.amount = 3 * CT_FIXED_ONE;
	ct_payment_add(&state, &payment);
	payment.amount = CT_FIXED_ONE;
	payment.open = true;
	ct_payment_add(&state, &payment);
	ok(ct_payment_on_time_rate(&state, &value) && value == 0.75, "on time");
	ok(ct_payment_days_late(&state, &value) && value == 10, "days late");
	ok(ct_payment_score(&state, ct_payment_points, &value) && value == 87.5,
	   "score");
	ok(ct_payment_sales_outstanding(&state, 90, &value) && value == 22.5,
	   "days of sales outstanding");
	for (int i = 0; i < ROUNDS; i++)
	{
		ct_payment	p = random_payment();

		ct_payment_add(&state, &p);
		hundred &= ct_payment_score(&state, all, &value) && value == 100;
	}
	ok(hundred, "a score of all hundreds is 100, whatever the sums");
	begin(&other, AS_OF + 1);
	ok(!ct_payment_fields.merge(&state, &other, &error) &&
	   error.code == CT_BAD_PARAMETER && error.hint[0] != '\0',
	   "different days do not merge");
}

/* The largest digest there can be, merged with itself. */
static void
test_limits(void)
{
	ct_payment_state most,
				sum;
	ct_payment	payment = {.amount = CT_FIXED_LIMIT,.due_on = CT_DATE_FIRST,
		.open = true};
	double		value;
	int			merges = 0;
	ct_error	error;

	begin(&most, CT_DATE_END - 1);
	ct_payment_add(&most, &payment);
	for (int i = 0; i < 40; i++)
	{
		ct_payment_state half = most;

		ct_payment_fields.merge(&most, &half, &error);
	}
	ok(ct_payment_count(&most) == CT_MAX_ROWS &&
	   ct_payment_fields.finished(&most, &error) &&
	   ct_payment_fields.check(&most, &error), "2^40 payments of 10^22");
	ok(ct_payment_days_late(&most, &value) && value == 2147483493.0 &&
	   ct_payment_score(&most, ct_payment_points, &value) && value == 0 &&
	   ct_payment_sales_outstanding(&most, INT32_MAX, &value) &&
	   value == INT32_MAX, "their figures");
	sum = most;
	while (merges < 100 && ct_payment_fields.merge(&sum, &most, &error))
		merges++;
	ok(merges == 100, "a hundred of them merge");
	ok(!ct_payment_fields.finished(&sum, &error) && error.code == CT_OUT_OF_RANGE &&
	   !ct_payment_fields.check(&sum, &error), "which cannot be stored");
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
