/*
 * review.c
 *		The dates that follow from a policy.
 */
#include "core/review.h"

/* The first day after the month of a date. */
static bool
month_end(ct_date *date, ct_error *error)
{
	return ct_date_end_of_period(*date, 1, 0, 0, date, error);
}

/*
 * The first of term + k * n days or months, k >= 1, after a date, each put off
 * to the end of its month where the clauses say so.  Months counted from a
 * review that was itself put off, to the first of a month, end there already.
 */
static bool
step_after(const ct_clauses *c, ct_date term, bool risen, ct_date after,
		   ct_date *review, ct_error *error)
{
	bool		days = c->review == CT_REVIEW_EVERY_DAYS;
	bool		put_off = c->to_month_end &&
		(days || risen || ct_civil_of_days(term).day != 1);
	int64_t		n = c->review_count;
	int64_t		k = days ? ((int64_t) after - term) / n :
		ct_date_months_between(term, after) / n;

	/* putting off may bring a step over the date that lies before it */
	if (put_off)
		k -= days ? 31 / n + 1 : 1;
	for (k = k < 1 ? 1 : k;; k++)
	{
		if (!(days ? ct_date_add_days(term, k * n, review, error) :
			  ct_date_add_months(term, k * n, review, error)))
			return false;
		if (put_off && !month_end(review, error))
			return false;
		if (*review > after)
			return true;
	}
}

/* The same day of the years after joining; 28 February for the 29th. */
static bool
anniversary_after(ct_date joined, ct_date after, ct_date *review,
				  ct_error *error)
{
	ct_clauses	yearly = {.review = CT_REVIEW_EVERY_MONTHS,.review_count = 12};

	return step_after(&yearly, joined, true, after, review, error);
}

bool
ct_review_after(const ct_clauses *c, ct_date term, bool risen, ct_date joined,
				ct_date after, ct_date *review, ct_error *error)
{
	switch ((ct_review) c->review)
	{
		case CT_REVIEW_ALWAYS:
			break;
		case CT_REVIEW_EVERY_DAYS:
		case CT_REVIEW_EVERY_MONTHS:
			return step_after(c, term, risen, after, review, error);
		case CT_REVIEW_ANNIVERSARY:
			return anniversary_after(joined, after, review, error);
		case CT_REVIEW_END_OF_NEXT:
			if (risen &&
				!ct_date_end_of_period(term, c->review_count, c->from_month, 1,
									   review, error))
				return false;
			if (risen && *review > after)
				return true;
			return ct_date_end_of_period(after, c->review_count,
										 c->from_month, 0, review, error);
		case CT_REVIEW_END_OF:
			return ct_date_end_of_period(after, c->review_count,
										 c->from_month, 0, review, error);
	}
	*review = CT_NO_DATE;
	return true;
}

bool
ct_grace_end(const ct_clauses *c, ct_date from, ct_date *end,
			 ct_error *error)
{
	if (c->grace == CT_GRACE_DAYS)
		return ct_date_add_days(from, c->grace_count, end, error);
	return ct_date_add_months(from, c->grace_count, end, error);
}
