/*
 * policy_fuzz.c
 *		Any text is refused with a position inside it and a hint, or is a
 *		policy whose canonical text is read back to the same bytes and whose
 *		reviews and grace lie after the dates that they follow.
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy_parse.h"
#include "core/review.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

const char *const fuzz_seeds[] = {
	"",
	"review always, upgrade now, drop to fit",
	"review every 12 months, drop one step, grace 30 days, keep at 80%",
	"review every 90 days to end of month, upgrade at review",
	"Review Every 2 years, drop to base, grace 2 months",
	"review every 18 months to end of month; gold: review always",
	"review at end of year from October, keep at 66.6666666666666667%",
	"review at end of next quarter from feb, upgrade at review, drop never",
	"review on anniversary\xEF\xBC\x8C" "keep at 7.5e1\xEF\xBC\x85",
	"drop never, grace 1 day",
	"review at end of half",
	"grace 3 days; gold: drop never; silver: grace 2 months, keep at 80%",
	"; \"a \"\"b\"\"\": drop one step; top: drop to base; \"\xE9\x87\x91\": grace 1 day",
	"review at end of month; x\xEF\xBC\x9A" "review at end of next half from may;y:",
	"; z: drop never; z: drop never",
	NULL
};

static void
check_dates(const ct_clauses *clauses, ct_date term, bool risen,
			ct_date after)
{
	ct_error	error;
	ct_date		first,
				next;

	if (!ct_review_after(clauses, term, risen, term, after, &first, &error))
		REQUIRE(error.code == CT_BAD_DATE);
	else if (clauses->review == CT_REVIEW_ALWAYS)
		REQUIRE(first == CT_NO_DATE);
	else
	{
		REQUIRE(ct_date_valid(first) && first > after);
		/* nothing between a date and the review after it */
		REQUIRE(ct_review_after(clauses, term, risen, term, first - 1, &next,
								&error) && next == first);
	}
	if (clauses->grace != CT_GRACE_NONE &&
		ct_grace_end(clauses, after, &next, &error))
		REQUIRE(ct_date_valid(next) && next > after);
}

static void
check_clauses(const ct_clauses *clauses)
{
	REQUIRE(clauses->keep > 0 && clauses->keep <= CT_KEEP_ALL);
	REQUIRE(clauses->review != CT_REVIEW_ALWAYS ||
			clauses->upgrade == CT_UPGRADE_NOW);
	for (int risen = 0; risen < 2; risen++)
	{
		check_dates(clauses, 0, risen, 0);
		check_dates(clauses, 59, risen, 59 + 4000);
		check_dates(clauses, CT_DATE_FIRST, risen, 0);
		check_dates(clauses, CT_DATE_FIRST, risen, CT_DATE_END - 401);
		check_dates(clauses, CT_DATE_END - 2, risen, CT_DATE_END - 1);
	}
}

static void
check_policy(const ct_policy *policy)
{
	size_t		size = ct_policy_text_size(policy);
	char	   *canonical = malloc(size);
	size_t		length = ct_policy_text(policy, canonical);
	ct_policy	again;
	ct_error	error;

	REQUIRE(length < size && canonical[length] == '\0');
	REQUIRE(ct_policy_parse(canonical, (int) length, false, &again, &error) &&
			again.ntiers == policy->ntiers &&
			memcmp(&again, policy, ct_policy_size(policy->ntiers)) == 0);
	check_clauses(&policy->base);
	for (int i = 0; i < policy->ntiers; i++)
	{
		REQUIRE(i == 0 || strcmp(policy->tiers[i - 1].label,
								 policy->tiers[i].label) < 0);
		check_clauses(&policy->tiers[i].clauses);
	}
	free(canonical);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* memory of just the announced size */
	char	   *text = malloc(size);
	ct_policy	policy;
	ct_error	error;

	memcpy(text, data, size);
	if (ct_policy_parse(text, (int) size, true, &policy, &error))
		check_policy(&policy);
	else
		REQUIRE(error.code == CT_BAD_SYNTAX && error.position >= 0 &&
				error.position <= (int) size && error.detail[0] != '\0' &&
				error.hint[0] != '\0');
	free(text);
	return 0;
}
