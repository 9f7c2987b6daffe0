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

/* A digest of no rows. */
static ct_payment_digest
begin_payments(int32_t as_of)
{
	ct_payment_digest digest;

	ct_fields_begin(&ct_payment_fields, &digest);
	digest.as_of = as_of;
	return digest;
}

static void
add_payment(ct_payment_digest *digest, const ct_payment *payment)
{
	ct_error	error;

	if (!ct_payment_add(digest, payment, &error))
		abort();
}

static ct_payment_digest
digest_of(const ct_payment *payments, int n)
{
	ct_payment_digest digest = begin_payments(AS_OF);

	for (int i = 0; i < n; i++)
		add_payment(&digest, &payments[i]);
	return digest;
}

static bool
same(const ct_payment_digest *a, const ct_payment_digest *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Days late by the words of the definition, early ones negative. */
static int64_t
days_late(const ct_payment *p, bool open)
{
	return (open ? INT64_C(0) + AS_OF : p->paid_on) - p->due_on;
}

static bool
is_right(const ct_payment_digest *s, const ct_payment *payments, int n)
{
	ct_payment_digest expected = begin_payments(AS_OF);

	for (int i = 0; i < n; i++)
	{
		const ct_payment *p = &payments[i];
		bool		open = p->open || p->paid_on > AS_OF;
		int64_t		days = days_late(p, open);
		int			class;

		if (p->credit)
		{
			expected.credits.count++;
			expected.credits.amount -= p->amount;
			expected.open_credits.count += open;
			expected.open_credits.amount -= open ? p->amount : 0;
			continue;
		}
		if (open && p->due_on >= AS_OF)
		{
			expected.all[CT_PAYMENT_NOT_DUE].count++;
			expected.all[CT_PAYMENT_NOT_DUE].amount += p->amount;
			continue;
		}
		if (days > 0 && p->excused)
		{
			expected.excused++;
			days = 0;
		}
		class = days <= 0 ? CT_PAYMENT_ON_TIME :
			days <= 30 ? CT_PAYMENT_30 : days <= 60 ? CT_PAYMENT_60 :
			days <= 90 ? CT_PAYMENT_90 : CT_PAYMENT_OVER_90;
		expected.all[class].count++;
		expected.all[class].amount += p->amount;
		expected.open[class].count += open;
		expected.open[class].amount += open ? p->amount : 0;
		ct_wide_add_product(days > 0 ? &expected.late : &expected.early,
							p->amount, llabs(days));
		if (days > expected.max_days_late)
			expected.max_days_late = (int32_t) days;
	}
	return same(s, &expected);
}

/* Are the totals sums over the rows, with credit notes? */
static bool
is_balanced(const ct_payment_digest *s, const ct_payment *payments, int n)
{
	ct_wide		billed = ct_payment_billed(s);
	ct_wide		paid = ct_payment_paid(s);
	ct_wide		outstanding = ct_payment_outstanding(s);
	ct_wide		overdue = ct_payment_overdue(s);

	for (int i = 0; i < n; i++)
	{
		const ct_payment *p = &payments[i];
		bool		open = p->open || p->paid_on > AS_OF;

		(void) ct_wide_add_int128(&billed, -p->amount);
		(void) ct_wide_add_int128(open ? &outstanding : &paid, -p->amount);
		if (open && !p->credit && !p->excused && p->due_on < AS_OF)
			(void) ct_wide_add_int128(&overdue, -p->amount);
	}
	return ct_wide_sign(&billed) == 0 && ct_wide_sign(&paid) == 0 &&
		ct_wide_sign(&outstanding) == 0 && ct_wide_sign(&overdue) == 0;
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
				balanced = true;

	for (int round = 0; round < ROUNDS; round++)
	{
		ct_payment	payments[MAX_PAYMENTS];
		ct_payment_digest whole,
					other,
					part[3];
		int			n = 1 + random_below(MAX_PAYMENTS);
		ct_error	error;

		for (int i = 0; i < n; i++)
			payments[i] = random_payment();
		whole = digest_of(payments, n);
		right &= is_right(&whole, payments, n);
		valid &= ct_payment_fields.check(&whole, &error);
		balanced &= is_balanced(&whole, payments, n);
		shuffle(payments, n);
		other = digest_of(payments, n);
		shuffled &= same(&whole, &other);
		for (int i = 0; i < 3; i++)
			part[i] = begin_payments(AS_OF);
		for (int i = 0; i < n; i++)
			add_payment(&part[random_below(3)], &payments[i]);
		merged &= ct_payment_fields.merge(&part[1], &part[2], &error) &&
			ct_payment_fields.merge(&part[0], &part[1], &error) &&
			same(&whole, &part[0]);
	}
	ok(right, "classes, sums and counts");
	ok(valid, "every state is valid");
	ok(balanced, "billed is paid and outstanding, by sums over the rows");
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
		ct_payment_digest state,
					back;
		unsigned char bytes[sizeof(ct_payment_digest)];
		unsigned char sent[sizeof(bytes)];
		size_t		size = ct_fields_sent_size(&ct_payment_fields);
		int			n = 1 + random_below(8);
		int			at;
		ct_error	error;

		for (int i = 0; i < n; i++)
			payments[i] = random_payment();
		state = digest_of(payments, n);
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
	ct_payment_digest state,
				other;
	ct_payment	payment = {.due_on = AS_OF - 40,.paid_on = AS_OF - 40};
	ct_wide		sales = ct_wide_of(4 * CT_FIXED_ONE);
	double		value;
	bool		hundred = true;
	ct_error	error;

	state = begin_payments(AS_OF);
	ok(!ct_payment_on_time_rate(&state, &value) &&
	   !ct_payment_days_late(&state, &value) &&
	   !ct_payment_days_beyond_terms(&state, &value) &&
	   !ct_payment_score(&state, all, &value), "nothing is known of no rows");
	payment.amount = 3 * CT_FIXED_ONE;
	add_payment(&state, &payment);
	payment.amount = CT_FIXED_ONE;
	payment.open = true;
	add_payment(&state, &payment);
	ok(ct_payment_on_time_rate(&state, &value) && value == 0.75, "on time");
	ok(ct_payment_days_late(&state, &value) && value == 10, "days late");
	ok(ct_payment_score(&state, ct_payment_points, &value) && value == 87.5,
	   "score");
	ok(ct_payment_sales_outstanding(&state, &sales, 90) == 22.5,
	   "days of sales outstanding");
	payment.open = false;
	payment.paid_on = AS_OF - 70;
	add_payment(&state, &payment);
	ok(ct_payment_days_late(&state, &value) && value == 8 &&
	   ct_payment_days_beyond_terms(&state, &value) && value == 2,
	   "a payment that is early");
	for (int i = 0; i < ROUNDS; i++)
	{
		ct_payment	p = random_payment();

		add_payment(&state, &p);
		hundred &= ct_payment_score(&state, all, &value) && value == 100;
	}
	ok(hundred, "a score of all hundreds is 100, whatever the sums");
	other = begin_payments(AS_OF + 1);
	ok(!ct_payment_fields.merge(&state, &other, &error) &&
	   error.code == CT_BAD_PARAMETER && error.hint[0] != '\0',
	   "different days do not merge");
}

/* Rows that add up to as much as can be, and one more. */
static void
test_limits(void)
{
	ct_payment_digest most = begin_payments(CT_DATE_END - 1);
	ct_payment_digest many = begin_payments(CT_DATE_END - 1);
	ct_payment_digest sum;
	ct_payment	payment = {.amount = CT_FIXED_LIMIT,.due_on = CT_DATE_FIRST,
		.open = true};
	ct_payment	nothing = {.due_on = CT_DATE_END - 1,.paid_on = CT_DATE_FIRST};
	ct_wide		billed;
	double		value;
	ct_error	error;

	add_payment(&most, &payment);
	for (int i = 0; i < 27; i++)
	{
		ct_payment_digest half = most;

		ct_payment_fields.merge(&most, &half, &error);
	}
	billed = ct_payment_billed(&most);
	ok(ct_payment_count(&most) == INT64_C(1) << 27 &&
	   ct_payment_fields.check(&most, &error), "2^27 payments of 10^22");
	ok(ct_payment_days_late(&most, &value) && value == 2147483493.0 &&
	   ct_payment_score(&most, ct_payment_points, &value) && value == 0 &&
	   ct_payment_sales_outstanding(&most, &billed, INT32_MAX) == INT32_MAX,
	   "their figures");
	sum = most;
	ok(!ct_payment_fields.merge(&sum, &most, &error) &&
	   error.code == CT_OUT_OF_RANGE, "twice as many do not fit");
	add_payment(&many, &nothing);
	for (int i = 0; i < 40; i++)
	{
		ct_payment_digest half = many;

		ct_payment_fields.merge(&many, &half, &error);
	}
	ok(ct_payment_count(&many) == CT_MAX_ROWS &&
	   ct_payment_fields.check(&many, &error), "2^40 payments");
	sum = many;
	ok(ct_payment_fields.merge(&sum, &most, &error) &&
	   ct_payment_fields.check(&sum, &error),
	   "as many on time and those that are late");
	sum = many;
	ok(!ct_payment_add(&sum, &nothing, &error) &&
	   error.code == CT_OUT_OF_RANGE &&
	   !ct_payment_fields.check(&sum, &error), "one payment more");
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
