/*
 * payment_digest.c
 *		Adding up payments by how late they are, and what that tells.
 */
#include <stddef.h>
#include <string.h>

#include "core/payment_digest.h"

#define PAYMENT_FIELD(name, kind, member) \
	{name, kind, offsetof(ct_payment_digest, member), 0}
#define CLASS(name, class) \
	PAYMENT_FIELD(name, CT_FIELD_COUNT, all[class].count), \
	PAYMENT_FIELD(name "_amount", CT_FIELD_TOTAL, all[class].amount)
#define DUE_CLASS(name, class) \
	CLASS(name, class), \
	PAYMENT_FIELD(name "_open", CT_FIELD_COUNT, open[class].count), \
	PAYMENT_FIELD(name "_open_amount", CT_FIELD_TOTAL, open[class].amount)

static const ct_field payment_fields[] = {
	PAYMENT_FIELD("as_of", CT_FIELD_DATE, as_of),
	DUE_CLASS("on_time", CT_PAYMENT_ON_TIME),
	DUE_CLASS("late_30", CT_PAYMENT_30),
	DUE_CLASS("late_60", CT_PAYMENT_60),
	DUE_CLASS("late_90", CT_PAYMENT_90),
	DUE_CLASS("over_90", CT_PAYMENT_OVER_90),
	CLASS("not_due", CT_PAYMENT_NOT_DUE),
	PAYMENT_FIELD("credits", CT_FIELD_COUNT, credits.count),
	PAYMENT_FIELD("credits_amount", CT_FIELD_TOTAL, credits.amount),
	PAYMENT_FIELD("credits_open", CT_FIELD_COUNT, open_credits.count),
	PAYMENT_FIELD("credits_open_amount", CT_FIELD_TOTAL, open_credits.amount),
	PAYMENT_FIELD("excused", CT_FIELD_COUNT, excused),
	PAYMENT_FIELD("late_amount_days", CT_FIELD_SUM, late),
	PAYMENT_FIELD("early_amount_days", CT_FIELD_SUM, early),
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

static bool
add_rows(ct_payment_total *rows, int64_t count, ct_int128 amount, ct_error *error)
{
	if (!ct_rows_add(&rows->count, count))
		return ct_digest_too_many(error, ct_payment_fields.type);
	return ct_total_add(&rows->amount, amount) ||
		ct_digest_too_large(error, ct_payment_fields.type);
}

static bool
merge_total(ct_payment_total *rows, const ct_payment_total *other, ct_error *error)
{
	return add_rows(rows, other->count, other->amount, error);
}

/* Counts a payment that has come due, paid or not. */
static bool
add_due(ct_payment_digest *digest, const ct_payment *payment, bool open,
		int32_t days, ct_error *error)
{
	ct_payment_class class;

	if (days > 0 && payment->excused)
	{
		digest->excused++;
		days = 0;
	}
	if (days > digest->max_days_late)
		digest->max_days_late = days;
	if (days > 0)
		(void) ct_wide_add_product(&digest->late, payment->amount, days);
	else if (days < 0)
		(void) ct_wide_add_product(&digest->early, payment->amount,
								   -(int64_t) days);
	class = class_of(days);
	return add_rows(&digest->all[class], 1, payment->amount, error) &&
		(!open || add_rows(&digest->open[class], 1, payment->amount, error));
}

bool
ct_payment_add(ct_payment_digest *digest, const ct_payment *payment,
			   ct_error *error)
{
	bool		open = payment->open || payment->paid_on > digest->as_of;

	if (payment->credit)
		return add_rows(&digest->credits, 1, -payment->amount, error) &&
			(!open || add_rows(&digest->open_credits, 1, -payment->amount, error));
	if (open && payment->due_on >= digest->as_of)
		return add_rows(&digest->all[CT_PAYMENT_NOT_DUE], 1, payment->amount, error);
	return add_due(digest, payment, open,
				   (open ? digest->as_of : payment->paid_on) - payment->due_on,
				   error);
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
	ct_payment_digest *digest = to;
	const ct_payment_digest *other = from;

	if (digest->as_of != other->as_of)
		return ct_payment_mixed(digest->as_of, other->as_of, error);
	digest->excused += other->excused;
	(void) ct_wide_add(&digest->late, &other->late);
	(void) ct_wide_add(&digest->early, &other->early);
	if (other->max_days_late > digest->max_days_late)
		digest->max_days_late = other->max_days_late;
	for (int i = 0; i < CT_PAYMENT_CLASSES; i++)
		if (!merge_total(&digest->all[i], &other->all[i], error))
			return false;
	for (int i = 0; i < CT_PAYMENT_DUE_CLASSES; i++)
		if (!merge_total(&digest->open[i], &other->open[i], error))
			return false;
	return merge_total(&digest->credits, &other->credits, error) &&
		merge_total(&digest->open_credits, &other->open_credits, error);
}

/* The amounts of the classes first .. last added up. */
static ct_wide
add_up(const ct_payment_total *rows, int first, int last)
{
	ct_wide		sum = ct_wide_of(rows[first].amount);

	for (int i = first + 1; i <= last; i++)
		(void) ct_wide_add_int128(&sum, rows[i].amount);
	return sum;
}

static ct_wide
amount_due(const ct_payment_digest *s)
{
	return add_up(s->all, 0, CT_PAYMENT_OVER_90);
}

/* Can so many rows add up to this, and so many of them that are open? */
static bool
rows_possible(const ct_payment_total *all, const ct_payment_total *open)
{
	ct_wide		open_amount = ct_wide_of(open->amount);
	ct_wide		closed_amount;

	if (all->count < 0 || all->count > CT_MAX_ROWS || open->count < 0 ||
		open->count > all->count || open->amount < 0 || all->amount < open->amount)
		return false;
	closed_amount = ct_wide_of(all->amount - open->amount);
	return ct_wide_within(&open_amount, open->count) &&
		ct_wide_within(&closed_amount, all->count - open->count);
}

static bool
check_rows(const ct_payment_digest *s, ct_error *error)
{
	int64_t		rows = s->credits.count;
	bool		possible = rows_possible(&s->credits, &s->open_credits);

	for (int i = 0; i < CT_PAYMENT_CLASSES && possible; i++)
	{
		possible = rows_possible(&s->all[i], i == CT_PAYMENT_NOT_DUE ? &s->all[i] : &s->open[i]);
		rows += s->all[i].count;
	}
	if (!possible)
		return ct_digest_invalid(error, "The amounts do not agree with the number of payments or credit notes.");
	if (rows == 0)
		return ct_digest_invalid(error, "A digest has at least one payment or credit note.");
	if (s->excused < 0 || s->excused > s->all[CT_PAYMENT_ON_TIME].count ||
		s->excused < s->open[CT_PAYMENT_ON_TIME].count)
		return ct_digest_invalid(error, "The number excused does not agree with the number on time.");
	return true;
}

/*
 * Every late amount is late by at least its class's least days and at most
 * by the next one's, and by max_days_late.
 */
static bool
check_late(const ct_payment_digest *s, ct_error *error)
{
	ct_wide		least,
				most;
	ct_payment_class latest = CT_PAYMENT_OVER_90;

	while (latest > CT_PAYMENT_ON_TIME && s->all[latest].count == 0)
		latest--;
	if (s->max_days_late < 0 ||
		class_of(s->max_days_late) != latest ||
		s->max_days_late > s->as_of - CT_DATE_FIRST)
		return ct_digest_invalid(error, "The most days late do not agree with the counts.");
	ct_wide_zero(&least);
	ct_wide_zero(&most);
	for (ct_payment_class i = CT_PAYMENT_30; i <= latest; i++)
	{
		(void) ct_wide_add_product(&least, s->all[i].amount, least_days[i]);
		(void) ct_wide_add_product(&most, s->all[i].amount,
								   i == latest ? s->max_days_late :
								   least_days[i + 1] - 1);
	}
	if (ct_wide_compare(&s->late, &least) < 0 ||
		ct_wide_compare(&s->late, &most) > 0)
		return ct_digest_invalid(error, "The amount times days late does not agree with the amounts.");
	return true;
}

/* Early are at most all of those on time that are paid. */
static bool
check_early(const ct_payment_digest *s, ct_error *error)
{
	ct_wide		most;

	ct_wide_zero(&most);
	(void) ct_wide_add_product(&most, s->all[CT_PAYMENT_ON_TIME].amount -
							   s->open[CT_PAYMENT_ON_TIME].amount,
							   CT_DATE_END - CT_DATE_FIRST);
	if (ct_wide_sign(&s->early) < 0 || ct_wide_compare(&s->early, &most) > 0)
		return ct_digest_invalid(error, "The amount times days early does not agree with the amounts.");
	return true;
}

static bool
check_payment_digest(const void *digest, ct_error *error)
{
	const ct_payment_digest *s = digest;

	if (!ct_date_valid(s->as_of))
		return ct_digest_invalid(error, "The date as_of is out of range.");
	return check_rows(s, error) && check_late(s, error) &&
		check_early(s, error);
}

const ct_fields ct_payment_fields = {
	.type = "payment_digest",
	.version = CT_PAYMENT_DIGEST_VERSION,
	.count = sizeof(payment_fields) / sizeof(payment_fields[0]),
	.field = payment_fields,
	.size = sizeof(ct_payment_digest),
	.check = check_payment_digest,
	.merge = merge_payments
};

/* Of all, or of the open ones, less the credit notes among them. */
static ct_wide
less_credit(ct_wide sum, ct_int128 credit)
{
	(void) ct_wide_add_int128(&sum, -credit);
	return sum;
}

ct_wide
ct_payment_billed(const ct_payment_digest *s)
{
	return less_credit(add_up(s->all, 0, CT_PAYMENT_NOT_DUE),
					   s->credits.amount);
}

ct_wide
ct_payment_outstanding(const ct_payment_digest *s)
{
	ct_wide		open = add_up(s->open, 0, CT_PAYMENT_OVER_90);

	(void) ct_wide_add_int128(&open, s->all[CT_PAYMENT_NOT_DUE].amount);
	return less_credit(open, s->open_credits.amount);
}

ct_wide
ct_payment_paid(const ct_payment_digest *s)
{
	ct_wide		paid = ct_payment_billed(s);
	ct_wide		outstanding = ct_payment_outstanding(s);

	(void) ct_wide_subtract(&paid, &outstanding);
	return paid;
}

ct_wide
ct_payment_overdue(const ct_payment_digest *s)
{
	return add_up(s->open, CT_PAYMENT_30, CT_PAYMENT_OVER_90);
}

static int64_t
count_of(const ct_payment_digest *s, int first, int last)
{
	int64_t		sum = 0;

	for (int i = first; i <= last; i++)
		sum += s->all[i].count;
	return sum;
}

int64_t
ct_payment_count(const ct_payment_digest *s)
{
	return count_of(s, 0, CT_PAYMENT_NOT_DUE);
}

int64_t
ct_payment_due_count(const ct_payment_digest *s)
{
	return count_of(s, 0, CT_PAYMENT_OVER_90);
}

int64_t
ct_payment_late_count(const ct_payment_digest *s)
{
	return count_of(s, CT_PAYMENT_30, CT_PAYMENT_OVER_90);
}

/* A sum per amount due; false for 0 due. */
static bool
per_amount_due(const ct_payment_digest *s, const ct_wide *sum, double *result)
{
	ct_wide		due = amount_due(s);

	if (ct_wide_sign(&due) == 0)
		return false;
	*result = ct_wide_ratio(sum, &due);
	return true;
}

bool
ct_payment_on_time_rate(const ct_payment_digest *s, double *result)
{
	ct_wide		on_time = ct_wide_of(s->all[CT_PAYMENT_ON_TIME].amount);

	return per_amount_due(s, &on_time, result);
}

bool
ct_payment_days_late(const ct_payment_digest *s, double *result)
{
	return per_amount_due(s, &s->late, result);
}

bool
ct_payment_days_beyond_terms(const ct_payment_digest *s, double *result)
{
	ct_wide		days = s->late;

	(void) ct_wide_subtract(&days, &s->early);
	return per_amount_due(s, &days, result);
}

double
ct_payment_sales_outstanding(const ct_payment_digest *s, const ct_wide *sales,
							 int32_t days)
{
	ct_wide		outstanding = ct_payment_outstanding(s);

	(void) ct_wide_multiply(&outstanding, days);
	return ct_wide_ratio(&outstanding, sales);
}

bool
ct_payment_score(const ct_payment_digest *s,
				 const int64_t points[CT_PAYMENT_DUE_CLASSES], double *result)
{
	ct_wide		due = amount_due(s);
	ct_wide		sum;

	if (ct_wide_sign(&due) == 0)
		return false;
	ct_wide_zero(&sum);
	for (int i = 0; i < CT_PAYMENT_DUE_CLASSES; i++)
		(void) ct_wide_add_product(&sum, s->all[i].amount, points[i]);
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
