/*
 * figures.h
 *		What the tests of standing and movement share: ladders, policies and
 *		figures made from what one writes.
 */
#ifndef CT_FIGURES_H
#define CT_FIGURES_H

#include <stdlib.h>
#include <string.h>

#include "core/ladder_parse.h"
#include "core/policy_parse.h"
#include "core/standing.h"

static ct_error error;

static inline ct_ladder *
build(const char *text)
{
	static ct_ladder_draft draft;
	ct_ladder  *ladder;

	if (!ct_ladder_parse(text, (int) strlen(text), true, &draft, &error))
		abort();
	ladder = calloc(1, ct_ladder_size(&draft));
	ct_ladder_build(&draft, ladder);
	if (!ct_ladder_check(ladder, &draft, &error))
		abort();
	return ladder;
}

static inline ct_policy
policy_of(const char *text)
{
	ct_policy	policy;

	if (!ct_policy_parse(text, (int) strlen(text), true, &policy, &error))
		abort();
	return policy;
}

/* The clauses of a policy that has none that the ladder does not allow. */
static inline ct_rung_clauses
clauses_of(const ct_policy *policy, const ct_ladder *ladder)
{
	ct_rung_clauses clauses;

	if (!ct_policy_for_ladder(policy, ladder, &clauses, &error))
		abort();
	return clauses;
}

static inline ct_figure
integer(int64_t value)
{
	ct_figure	f;

	f.kind = CT_FIGURE_INTEGER;
	f.as.integer = value;
	return f;
}

static inline ct_figure
real(double value)
{
	ct_figure	f;

	f.kind = CT_FIGURE_DOUBLE;
	f.as.number = value;
	return f;
}

static inline ct_figure
decimal(const char *text, int16_t *digits)
{
	ct_figure	f;

	f.kind = CT_FIGURE_DECIMAL;
	if (!ct_decimal_parse(text, (int) strlen(text), digits, &f.as.decimal))
		abort();
	return f;
}

#endif							/* CT_FIGURES_H */
