/*
 * policy.c
 *		Writing policies, and what they come to on a ladder.
 */
#include <stdio.h>
#include <string.h>

#include "core/policy.h"
#include "core/wide.h"

const char *const ct_policy_periods[] = {
	"next", "month", "quarter", "half", "year", NULL
};
const uint16_t ct_policy_period_months[] = {0, 1, 3, 6, 12};

const char *const ct_policy_months[] = {
	"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december"
};

int
ct_keep_text(int64_t keep, char *buffer)
{
	ct_wide		wide;

	ct_wide_from_int128(&wide, keep);
	return ct_wide_format(&wide, CT_KEEP_PLACES, buffer);
}

/* The longest text of one set of clauses. */
#define CLAUSES_TEXT_SIZE 200

static const char *
period_word(int months)
{
	int			period = 4;

	while (period > 1 && ct_policy_period_months[period] != months)
		period--;
	return ct_policy_periods[period];
}

static const char *
unit_word(int count, bool days)
{
	if (days)
		return count == 1 ? "day" : "days";
	return count == 1 ? "month" : "months";
}

static int
write_review(const ct_clauses *c, char *out, size_t size)
{
	switch ((ct_review) c->review)
	{
		case CT_REVIEW_ALWAYS:
			break;
		case CT_REVIEW_EVERY_DAYS:
		case CT_REVIEW_EVERY_MONTHS:
			return snprintf(out, size, "review every %d %s%s, ",
							c->review_count,
							unit_word(c->review_count, c->review == CT_REVIEW_EVERY_DAYS),
							c->to_month_end ? " to end of month" : "");
		case CT_REVIEW_END_OF:
		case CT_REVIEW_END_OF_NEXT:
			return snprintf(out, size, "review at end of %s%s%s%s, ",
							c->review == CT_REVIEW_END_OF_NEXT ? "next " : "",
							period_word(c->review_count),
							c->from_month > 0 ? " from " : "",
							c->from_month > 0 ? ct_policy_months[c->from_month] :
							"");
		case CT_REVIEW_ANNIVERSARY:
			return snprintf(out, size, "review on anniversary, ");
	}
	return snprintf(out, size, "review always, ");
}

/* Do two tiers have the same review dates? */
static bool
same_review(const ct_clauses *a, const ct_clauses *b)
{
	return a->review == b->review && a->review_count == b->review_count &&
		a->to_month_end == b->to_month_end && a->from_month == b->from_month;
}

/* The clauses that differ from others; the last one has no comma. */
static int
write_clauses(const ct_clauses *c, const ct_clauses *others, char *out)
{
	static const char *const drops[] = {
		"drop to fit, ", "drop one step, ", "drop to base, ", "drop never, "
	};
	size_t		size = CLAUSES_TEXT_SIZE;
	char		percent[CT_WIDE_TEXT_SIZE];
	int			n = 0;

	if (!same_review(c, others))
		n += write_review(c, out, size);
	if (c->upgrade != others->upgrade)
		n += snprintf(out + n, size - n, "upgrade %s, ",
					  c->upgrade == CT_UPGRADE_NOW ? "now" : "at review");
	if (c->drop != others->drop)
		n += snprintf(out + n, size - n, "%s", drops[c->drop]);
	if (c->grace != others->grace || c->grace_count != others->grace_count)
		n += snprintf(out + n, size - n, "grace %d %s, ", c->grace_count,
					  unit_word(c->grace_count, c->grace == CT_GRACE_DAYS));
	if (c->keep != others->keep)
	{
		ct_keep_text(c->keep, percent);
		n += snprintf(out + n, size - n, "keep at %s%%, ", percent);
	}
	if (n > 0)
		n -= 2;
	out[n] = '\0';
	return n;
}

size_t
ct_policy_text_size(const ct_policy *policy)
{
	return CLAUSES_TEXT_SIZE + policy->ntiers *
		(size_t) (CLAUSES_TEXT_SIZE + CT_QUOTED_NAME_SIZE + 4);
}

size_t
ct_policy_text(const ct_policy *policy, char *buffer)
{
	static const ct_clauses defaults = {.keep = CT_KEEP_ALL};
	char	   *out = buffer;

	out += write_clauses(&policy->base, &defaults, out);
	for (int i = 0; i < policy->ntiers; i++)
	{
		const ct_policy_tier *tier = &policy->tiers[i];

		out += sprintf(out, "; ");
		out += ct_write_name(tier->label, strlen(tier->label), false,
							 ct_ladder_reserved, out);
		out += sprintf(out, ": ");
		out += write_clauses(&tier->clauses, &policy->base, out);
	}
	return out - buffer;
}

static bool
refuse_keep(const ct_ladder *ladder, ct_error *error)
{
	ct_fail(error, CT_BAD_PARAMETER, -1, ladder->form == CT_LADDER_RULES ?
			"A rule has no bound of which a part could be asked for." :
			"The ladder itself says what keeping its tiers takes.");
	ct_fail_message(error,
					"the policy keeps tiers at a part of their bound, which the ladder does not allow");
	return ct_fail_hint(error, "Leave keep out of the policy, or say in the ladder what keeping a tier takes.");
}

bool
ct_policy_for_ladder(const ct_policy *policy, const ct_ladder *ladder,
					 ct_rung_clauses *clauses, ct_error *error)
{
	bool		parts = policy->base.keep != CT_KEEP_ALL;

	for (int i = 0; i <= ladder->nrungs; i++)
		clauses->of[i] = &policy->base;
	for (int i = 0; i < policy->ntiers; i++)
	{
		const ct_policy_tier *tier = &policy->tiers[i];
		int			rung = ct_ladder_find(ladder, tier->label,
										  strlen(tier->label));
		char		labels[200];

		if (rung < 0)
		{
			ct_ladder_labels(ladder, labels, sizeof(labels));
			ct_fail(error, CT_BAD_PARAMETER, -1, "The ladder's tiers are %s.",
					labels);
			ct_fail_message(error,
							"the policy has clauses for \"%s\", but the ladder has no such tier",
							tier->label);
			return ct_fail_hint(error, "Labels keep their case. Change ladder and policy together where both change.");
		}
		clauses->of[rung] = &tier->clauses;
		parts |= tier->clauses.keep != CT_KEEP_ALL;
	}
	if (parts && (ladder->form == CT_LADDER_RULES || ladder->nkeeps > 0))
		return refuse_keep(ladder, error);
	return true;
}
