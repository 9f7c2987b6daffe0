/*
 * policy_fuzz.c
 *		Any text is refused with a position inside it and a hint, or is a
 *		policy whose canonical text is read back to the same bytes and whose
 *		reviews and grace lie after the dates that they follow.
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

const char *const fuzz_seeds[] = {
	"",
	"review always, upgrade now, drop to fit",
	"review every 12 months, drop one step, grace 30 days, keep at 80%",
	"review every 90 days, upgrade at review",
	"Review Every 2 years, drop to base, grace 2 months",
	"review at end of year, keep at 66.6666666666666667%",
	"review at end of next quarter, upgrade at review, drop never",
	"review on anniversary\xEF\xBC\x8C" "keep at 7.5e1\xEF\xBC\x85",
	"drop never, grace 1 day",
	"review at end of half",
	NULL
};

static void
check_dates(const ct_policy *policy, ct_date since, ct_date after)
{
	ct_error	error;
	ct_date		first,
				next;

	if (!ct_policy_review_after(policy, since, since, after, &first, &error))
	{
		REQUIRE(error.code == CT_BAD_DATE);
		return;
	}
	if (policy->review == CT_REVIEW_ALWAYS)
		REQUIRE(first == CT_NO_DATE);
	else
	{
		REQUIRE(ct_date_valid(first) && first > after);
		/* nothing between a date and the review after it */
		REQUIRE(ct_policy_review_after(policy, since, since, first - 1, &next,
									   &error) && next == first);
	}
	if (policy->grace != CT_GRACE_NONE &&
		ct_policy_grace_end(policy, after, &next, &error))
		REQUIRE(ct_date_valid(next) && next > after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* memory of just the announced size */
	char	   *text = malloc(size);
	char		canonical[CT_POLICY_TEXT_SIZE];
	ct_policy	policy,
				again;
	ct_error	error;
	int			length;

	memcpy(text, data, size);
	if (!ct_policy_parse(text, (int) size, true, &policy, &error))
		REQUIRE(error.code == CT_BAD_SYNTAX && error.position >= 0 &&
				error.position <= (int) size && error.detail[0] != '\0' &&
				error.hint[0] != '\0');
	else
	{
		length = ct_policy_text(&policy, canonical);
		REQUIRE(length < CT_POLICY_TEXT_SIZE && canonical[length] == '\0');
		REQUIRE(ct_policy_parse(canonical, length, false, &again, &error) &&
				memcmp(&policy, &again, sizeof(policy)) == 0);
		check_dates(&policy, 0, 0);
		check_dates(&policy, 59, 59 + 4000);
		check_dates(&policy, CT_DATE_FIRST, 0);
		check_dates(&policy, CT_DATE_FIRST, CT_DATE_END - 401);
		check_dates(&policy, CT_DATE_END - 2, (CT_DATE_END - 1));
	}
	free(text);
	return 0;
}
