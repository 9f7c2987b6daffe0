/*
 * payment_digest.c
 *		Adding up payments by how late they are, and what that tells.
 */
#include <stddef.h>
#include <string.h>

#include "core/payment_digest.h"

#define PAYMENT_FIELD(name, kind, member) \
	{name, kind, offsetof(ct_payment_state, member), 0}
#define CLASS(name, class) \
	PAYMENT_FIELD(name, CT_FIELD_COUNT, count[class]), \
	PAYMENT_FIELD(name "_amount", CT_FIELD_SUM, amount[class])

static const ct_field payment_fields[] = {
	PAYMENT_FIELD("as_of", CT_FIELD_DATE, as_of),
	PAYMENT_FIELD("billed", CT_FIELD_SUM, billed),
	PAYMENT_FIELD("paid", CT_FIELD_SUM, paid),
	PAYMENT_FIELD("overdue", CT_FIELD_SUM, overdue),
	CLASS("on_time", CT_PAYMENT_ON_TIME),
	CLASS("late_30", CT_PAYMENT_30),
	CLASS("late_60", CT_PAYMENT_60),
	CLASS("late_90", CT_PAYMENT_90),
	CLASS("over_90", CT_PAYMENT_OVER_90),
	CLASS("not_due", CT_PAYMENT_NOT_DUE),
	PAYMENT_FIELD("excused", CT_FIELD_COUNT, excused),
	PAYMENT_FIELD("amount_days", CT_FIELD_SUM, days),
	PAYMENT_FIELD("max_days_late", CT_FIELD_DAYS, max_days_late)
};

/* The least days late of a class; the most is one below the next one's. */
static const int32_t least_days[CT_PAYMENT_DUE_CLASSES] = {0, 1, 31, 61, 91};

const int64_t ct_payment_points[CT_PAYMENT_DUE_CLASSES] = {
	100 * CT_FIXED_ONE, 75 * CT_FIXED_ONE, 50 * CT_FIXED_ONE,
	25 * CT_FIXED_ONE, 0
};

/* Days at or below 0 are on time. */
static ct_payment_class
class_of(int32_t days)
{
	ct_payment_class class = CT_PAYMENT_OVER_90;

	while (class > CT_PAYMENT_ON_TIME && days < least_days[class])
		class--;
	return class;
}

/* Counts a payment that has come due, paid or not. */
static void
add_due(ct_payment_state *state, const ct_payment *payment, bool open,
		int32_t days)
{
	ct_payment_class class;

	if (days > 0 && payment->excused)
	{
		state->excused++;
		days = 0;
	}
	if (days > 0)
	{
		(void) ct_wide_add_product(&state->days, payment->amount, days);
		if (days > state->max_days_late)
			state->max_days_late = days;
		if (open)
			(void) ct_wide_add_int128(&state->overdue, payment->amount);
	}
	class = class_of(days);
	state->count[class]++;
	(void) ct_wide_add_int128(&state->amount[class], payment->amount);
}

void
ct_payment_add(ct_payment_state *state, const ct_payment *payment)
{
	bool		open = payment->open || payment->paid_on > state->as_of;

	(void) ct_wide_add_int128(&state->billed, payment->amount);
	if (!open)
		(void) ct_wide_add_int128(&state->paid, payment->amount);
	if (payment->credit)
		return;
	if (open && payment->due_on >= state->as_of)
	{
		state->count[CT_PAYMENT_NOT_DUE]++;
		(void) ct_wide_add_int128(&state->amount[CT_PAYMENT_NOT_DUE],
								  payment->amount);
		return;
	}
	add_due(state, payment, open,
			(open ? state->as_of : payment->paid_on) - payment->due_on);
}

bool
ct_payment_mixed(int32_t as_of, int32_t other, ct_error *error)
{
	char		earlier[CT_ISODATE_SIZE];
	char		later[CT_ISODATE_SIZE];

	ct_date_write(as_of < other ? as_of : other, earlier);
	ct_date_write(as_of < other ? other : as_of, later);
	ct_fail(error, CT_BAD_PARAMETER, -1,
			"One is as of %s, the other as of %s.", earlier, later);
	ct_fail_message(error, "payment digests of different days cannot be added up");
	return ct_fail_hint(error, "Digest all rows with the same as_of.");
}

static bool
merge_payments(void *to, const void *from, ct_error *error)
{
	ct_payment_state *state = to;
	const ct_payment_state *other = from;
	bool		fits;

	if (state->as_of != other->as_of)
		return ct_payment_mixed(state->as_of, other->as_of, error);
	fits = ct_wide_add(&state->billed, &other->billed) &&
		ct_wide_add(&state->paid, &other->paid) &&
		ct_wide_add(&state->overdue, &other->overdue) &&
		ct_wide_add(&state->days, &other->days) &&
		!__builtin_add_overflow(state->excused, other->excused,
								&state->excused);
	for (int i = 0; i < CT_PAYMENT_CLASSES && fits; i++)
		fits = ct_wide_add(&state->amount[i], &other->amount[i]) &&
			!__builtin_add_overflow(state->count[i], other->count[i],
									&state->count[i]);
	if (other->max_days_late > state->max_days_late)
		state->max_days_late = other->max_days_late;
	return fits ||
		ct_digest_too_large(error, "payment_digest",
							"A sum of the merged digests does not fit 192 bits.");
}

/* The counts, each of them, added up without overflow. */
static bool
class_counts_possible(const ct_payment_state *s)
{
	int64_t		left = CT_MAX_ROWS;

	for (int i = 0; i < CT_PAYMENT_CLASSES; i++)
	{
		if (s->count[i] < 0 || s->count[i] > left)
			return false;
		left -= s->count[i];
	}
	return s->excused >= 0 && s->excused <= s->count[CT_PAYMENT_ON_TIME];
}

/* Amounts of the classes first .. last added up. */
static ct_wide
amount_of(const ct_payment_state *s, int first, int last)
{
	ct_wide		sum = s->amount[first];

	for (int i = first + 1; i <= last; i++)
		(void) ct_wide_add(&sum, &s->amount[i]);
	return sum;
}

static ct_wide
wide_difference(const ct_wide *a, const ct_wide *b)
{
	ct_wide		result = *a;

	(void) ct_wide_subtract(&result, b);
	return result;
}

static bool
payments_finished(const void *state, ct_error *error)
{
	const ct_payment_state *s = state;

	return (class_counts_possible(s) &&
			ct_wide_within(&s->billed, CT_MAX_ROWS) &&
			ct_wide_within(&s->paid, CT_MAX_ROWS)) ||
		ct_digest_too_large(error, "payment_digest",
							"A digest holds at most 2^40 payments.");
}

static bool
check_amounts(const ct_payment_state *s, ct_error *error)
{
	for (int i = 0; i < CT_PAYMENT_CLASSES; i++)
		if (ct_wide_sign(&s->amount[i]) < 0 ||
			!ct_wide_within(&s->amount[i], s->count[i]))
			return ct_digest_invalid(error, "The amount of a class does not agree with its count.");
	return true;
}

/*
 * Every late amount is late by at least its class's least days and at most
 * by the next one's, and by max_days_late.
 */
static bool
check_days(const ct_payment_state *s, ct_error *error)
{
	ct_wide		least,
				most;
	ct_payment_class latest = CT_PAYMENT_OVER_90;

	while (latest > CT_PAYMENT_ON_TIME && s->count[latest] == 0)
		latest--;
	if (s->max_days_late < 0 ||
		class_of(s->max_days_late) != latest ||
		s->max_days_late > s->as_of - CT_DATE_FIRST)
		return ct_digest_invalid(error, "The most days late do not agree with the counts.");
	ct_wide_zero(&least);
	ct_wide_zero(&most);
	for (ct_payment_class i = CT_PAYMENT_30; i <= latest; i++)
	{
		ct_wide		low = s->amount[i];
		ct_wide		high = s->amount[i];

		(void) ct_wide_multiply(&low, least_days[i]);
		(void) ct_wide_multiply(&high, i == latest ? s->max_days_late :
								least_days[i + 1] - 1);
		(void) ct_wide_add(&least, &low);
		(void) ct_wide_add(&most, &high);
	}
	if (ct_wide_compare(&s->days, &least) < 0 ||
		ct_wide_compare(&s->days, &most) > 0)
		return ct_digest_invalid(error, "The amount times days does not agree with the amounts.");
	return true;
}

/*
 * What the classes leave of billed are credit notes, at most 0.  What is
 * paid has come due and is not overdue, less at most all credit notes.
 */
static bool
check_totals(const ct_payment_state *s, ct_error *error)
{
	ct_wide		all = amount_of(s, 0, CT_PAYMENT_NOT_DUE);
	ct_wide		due = amount_of(s, 0, CT_PAYMENT_OVER_90);
	ct_wide		late = amount_of(s, CT_PAYMENT_30, CT_PAYMENT_OVER_90);
	ct_wide		credit = wide_difference(&s->billed, &all);
	ct_wide		settled = wide_difference(&due, &s->overdue);

	if (!ct_wide_within(&s->billed, CT_MAX_ROWS) ||
		!ct_wide_within(&s->paid, CT_MAX_ROWS))
		return ct_digest_invalid(error, "The amount billed or paid is out of range.");
	if (ct_wide_sign(&credit) > 0)
		return ct_digest_invalid(error, "More is billed than the classes add up to.");
	if (ct_wide_sign(&s->overdue) < 0 ||
		ct_wide_compare(&s->overdue, &late) > 0)
		return ct_digest_invalid(error, "More is overdue than late.");
	if (ct_wide_compare(&s->paid, &settled) > 0 ||
		ct_wide_compare(&s->paid, &credit) < 0)
		return ct_digest_invalid(error, "The amount paid does not agree with what is due.");
	return true;
}

static bool
check_payment_state(const void *state, ct_error *error)
{
	const ct_payment_state *s = state;

	if (!ct_date_valid(s->as_of))
		return ct_digest_invalid(error, "The date as_of is out of range.");
	if (!class_counts_possible(s))
		return ct_digest_invalid(error, "The number of payments is out of range.");
	return check_amounts(s, error) && check_days(s, error) &&
		check_totals(s, error);
}

_Static_assert(sizeof(ct_payment_state) <= CT_STATE_MOST, "state too large");

const ct_fields ct_payment_fields = {
	.type = "payment_digest",
	.version = CT_PAYMENT_DIGEST_VERSION,
	.count = sizeof(payment_fields) / sizeof(payment_fields[0]),
	.field = payment_fields,
	.size = sizeof(ct_payment_state),
	.check = check_payment_state,
	.merge = merge_payments,
	.finished = payments_finished
};

void
ct_payment_outstanding(const ct_payment_state *s, ct_wide *result)
{
	*result = wide_difference(&s->billed, &s->paid);
}

static int64_t
count_of(const ct_payment_state *s, int first, int last)
{
	int64_t		sum = 0;

	for (int i = first; i <= last; i++)
		sum += s->count[i];
	return sum;
}

int64_t
ct_payment_count(const ct_payment_state *s)
{
	return count_of(s, 0, CT_PAYMENT_NOT_DUE);
}

int64_t
ct_payment_due_count(const ct_payment_state *s)
{
	return count_of(s, 0, CT_PAYMENT_OVER_90);
}

int64_t
ct_payment_late_count(const ct_payment_state *s)
{
	return count_of(s, CT_PAYMENT_30, CT_PAYMENT_OVER_90);
}

bool
ct_payment_on_time_rate(const ct_payment_state *s, double *result)
{
	ct_wide		due = amount_of(s, 0, CT_PAYMENT_OVER_90);

	if (ct_wide_sign(&due) == 0)
		return false;
	*result = ct_wide_ratio(&s->amount[CT_PAYMENT_ON_TIME], &due);
	return true;
}

bool
ct_payment_days_late(const ct_payment_state *s, double *result)
{
	ct_wide		due = amount_of(s, 0, CT_PAYMENT_OVER_90);

	if (ct_wide_sign(&due) == 0)
		return false;
	*result = ct_wide_ratio(&s->days, &due);
	return true;
}

bool
ct_payment_sales_outstanding(const ct_payment_state *s, int32_t days,
							 double *result)
{
	ct_wide		outstanding = wide_difference(&s->billed, &s->paid);

	if (ct_wide_sign(&s->billed) <= 0)
		return false;
	(void) ct_wide_multiply(&outstanding, days);
	*result = ct_wide_ratio(&outstanding, &s->billed);
	return true;
}

bool
ct_payment_score(const ct_payment_state *s,
				 const int64_t points[CT_PAYMENT_DUE_CLASSES], double *result)
{
	ct_wide		due = amount_of(s, 0, CT_PAYMENT_OVER_90);
	ct_wide		sum;

	if (ct_wide_sign(&due) == 0)
		return false;
	ct_wide_zero(&sum);
	for (int i = 0; i < CT_PAYMENT_DUE_CLASSES; i++)
	{
		ct_wide		part = s->amount[i];

		(void) ct_wide_multiply(&part, points[i]);
		(void) ct_wide_add(&sum, &part);
	}
	(void) ct_wide_multiply(&due, CT_FIXED_ONE);
	*result = ct_wide_ratio(&sum, &due);
	return true;
}

const char *
ct_payment_class_name(ct_payment_class class)
{
	static const char *const name[] = {
		"on time", "1-30", "31-60", "61-90", "over 90", "not yet due"
	};

	return name[class];
}
