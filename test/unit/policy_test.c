/*
 * policy_test.c
 *		Policies as text: what they come to, how they are written, and what is
 *		refused.
 */
#include <string.h>

#include "figures.h"
#include "random.h"
#include "unit.h"

#define COUNT(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* The canonical text of a text, or what is wrong with it. */
static const char *
canonical(const char *text)
{
	static char written[30000];
	ct_policy	policy;

	if (!ct_policy_parse(text, (int) strlen(text), true, &policy, &error))
		return error.detail;
	if (ct_policy_text_size(&policy) > sizeof(written) ||
		ct_policy_text(&policy, written) != strlen(written) ||
		strlen(written) >= ct_policy_text_size(&policy))
		abort();
	return written;
}

/* Does a text read back to the bytes of the policy that it was written from? */
static bool
reads_back(const char *text, const ct_policy *policy)
{
	ct_policy	again;

	return ct_policy_parse(text, (int) strlen(text), false, &again, &error) &&
		ct_policy_size(again.ntiers) == ct_policy_size(policy->ntiers) &&
		memcmp(&again, policy, ct_policy_size(policy->ntiers)) == 0;
}

static void
test_canonical(void)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"  ", ""},
		{"review always, upgrade now, drop to fit, keep at 100%", ""},
		{"Review Every 1 Day", "review every 1 day"},
		{"review every 1 year", "review every 12 months"},
		{"review every 100 years", "review every 1200 months"},
		{"review every 1 month to end of month",
		"review every 1 month to end of month"},
		{"REVIEW EVERY 36525 DAYS TO END OF MONTH",
		"review every 36525 days to end of month"},
		{"review at end of month", "review at end of month"},
		{"review at end of next year", "review at end of next year"},
		{"review at end of year from january", "review at end of year"},
		{"review at end of year from Oct",
		"review at end of year from october"},
		{"review at end of half from july", "review at end of half"},
		{"review at end of half from dec", "review at end of half from june"},
		{"review at end of quarter from OCTOBER", "review at end of quarter"},
		{"review at end of next quarter from november",
		"review at end of next quarter from february"},
		{"review at end of quarter from dec",
		"review at end of quarter from march"},
		{"keep at 12.50%, grace 1 month, drop one step, review on anniversary",
		"review on anniversary, drop one step, grace 1 month, keep at 12.5%"},
		{"drop to base,upgrade at review,review every 90 days",
		"review every 90 days, upgrade at review, drop to base"},
		{"keep at 1e1 %", "keep at 10%"},
		{"drop never, keep at 100.0%", "drop never"},
		/* tiers, in the order of their labels */
		{"; silver: grace 3 days; gold: drop one step",
		"; gold: drop one step; silver: grace 3 days"},
		{"grace 3 days; gold: review on anniversary, grace 1 month;Gold:keep at 80%",
		"grace 3 days; Gold: keep at 80%; gold: review on anniversary, grace 1 month"},
		/* bytes count, not letters */
		{"; \xC3\xA4: drop never; z: drop never",
		"; z: drop never; \xC3\xA4: drop never"},
		{"; \"gold\": drop never", "; gold: drop never"},
		{"; \"a b\": drop never; \"x \"\"y\"\"\": drop never; top: drop never",
		"; \"a b\": drop never; \"top\": drop never; \"x \"\"y\"\"\": drop never"},
		{"; review: drop never", "; review: drop never"},
		{"\xE3\x80\x80\xEF\xBC\x9B\xE9\x87\x91\xEF\xBC\x9A" "drop never\xEF\xBC\x8C"
			"review on anniversary",
		"; \xE9\x87\x91: review on anniversary, drop never"},
		/* for whom nothing differs */
		{"; gold:", ""},
		{"grace 3 days; gold: grace 3 days; silver: drop to fit",
		"grace 3 days"},
		{"review every 2 years; gold: review every 24 months; silver: review every 23 months",
		"review every 24 months; silver: review every 23 months"},
		{"review at end of year from july; gold: review at end of year from jul",
		"review at end of year from july"},
		/* what a tier does not say it takes from the others */
		{"review every 1 year to end of month, keep at 80%; gold: review every 1 year",
		"review every 12 months to end of month, keep at 80%; gold: review every 12 months"},
		{"review at end of year from july; gold: review at end of year",
		"review at end of year from july; gold: review at end of year"},
		{"review every 1 year, upgrade at review; gold: upgrade now, review always",
		"review every 12 months, upgrade at review; gold: review always, upgrade now"},
		{"grace 3 days, keep at 80%; gold: drop never",
		"grace 3 days, keep at 80%; gold: drop never"},
		{"keep at 80%; gold: drop never, keep at 100%",
		"keep at 80%; gold: drop never, keep at 100%"},
		{"drop never; gold: grace 3 days; silver: keep at 5%",
		"drop never; gold: grace 3 days; silver: keep at 5%"},
		{"drop never; gold: drop to fit, grace 3 days",
		"drop never; gold: drop to fit, grace 3 days"},
		{"; gold: review on anniversary, upgrade at review",
		"; gold: review on anniversary, upgrade at review"}
	};

	for (int i = 0; i < COUNT(cases); i++)
	{
		const char *got = canonical(cases[i][0]);
		ct_policy	policy;

		ok(strcmp(got, cases[i][1]) == 0, "\"%s\" is \"%s\"", cases[i][0],
		   got);
		policy = policy_of(cases[i][0]);
		ok(reads_back(got, &policy), "which reads back");
	}
}

/* Every month by name and by its first three letters, of every period. */
static void
test_months(void)
{
	static const char *const names[] = {
		"january", "february", "march", "april", "may", "june", "july",
		"august", "september", "october", "november", "december"
	};
	static const char *const periods[] = {"quarter", "half", "year"};
	static const int lengths[] = {3, 6, 12};
	bool		named = true;
	char		text[100];

	for (int i = 0; i < 72; i++)
	{
		int			month = i % 12;
		int			period = i / 12 % 3;
		bool		next = i / 36;
		const char *which = next ? "next " : "";
		ct_clauses	whole,
					cut;

		snprintf(text, sizeof(text), "review at end of %s%s from %s", which,
				 periods[period], names[month]);
		whole = policy_of(text).base;
		snprintf(text, sizeof(text), "review at end of %s%s from %.3s", which,
				 periods[period], names[month]);
		cut = policy_of(text).base;
		named &= whole.review == (next ? CT_REVIEW_END_OF_NEXT :
								  CT_REVIEW_END_OF) &&
			whole.review_count == lengths[period] &&
			whole.from_month == month % lengths[period] &&
			memcmp(&whole, &cut, sizeof(whole)) == 0;
		snprintf(text, sizeof(text), "review at end of %s%s", which,
				 periods[period]);
		cut = policy_of(text).base;
		named &= (month % lengths[period] == 0) ==
			(memcmp(&whole, &cut, sizeof(whole)) == 0);
	}
	ok(named, "months by name, as far as they tell periods apart");
}

static const char *const review_clauses[] = {
	"", "review always", "review every 45 days",
	"review every 30 days to end of month", "review every 18 months",
	"review every 7 months to end of month", "review at end of month",
	"review at end of next month", "review at end of quarter",
	"review at end of next quarter from march",
	"review at end of half from april", "review at end of year",
	"review at end of next year from september", "review on anniversary"
};
static const char *const upgrade_clauses[] = {
	"", "upgrade now", "upgrade at review"
};
static const char *const drop_clauses[] = {
	"", "drop to fit", "drop one step", "drop to base", "drop never"
};
static const char *const grace_clauses[] = {
	"", "grace 45 days", "grace 3 months"
};
static const char *const keep_clauses[] = {
	"", "keep at 66.6666%", "keep at 100%"
};

/* Writes the clauses that are not empty. */
static int
write_joined(const char *const *clauses, int n, char *out)
{
	int			length = 0;

	out[0] = '\0';
	for (int i = 0; i < n; i++)
		if (clauses[i][0] != '\0')
			length += sprintf(out + length, "%s%s", length > 0 ? ", " : "",
							  clauses[i]);
	return length;
}

/* Some clauses of those above, which may contradict each other. */
static int
write_random_clauses(char *out)
{
	const char *clauses[] = {
		review_clauses[random_below(COUNT(review_clauses))],
		upgrade_clauses[random_below(COUNT(upgrade_clauses))],
		drop_clauses[random_below(COUNT(drop_clauses))],
		grace_clauses[random_below(COUNT(grace_clauses))],
		keep_clauses[random_below(COUNT(keep_clauses))]
	};

	for (int i = 4; i > 0; i--)
	{
		int			j = random_below(i + 1);
		const char *clause = clauses[i];

		clauses[i] = clauses[j];
		clauses[j] = clause;
	}
	return write_joined(clauses, COUNT(clauses), out);
}

/*
 * Is a contradiction between clauses that stand together, or for want of
 * review dates?
 */
static bool
contradicts(const char *text, const ct_clauses *others)
{
	bool		always = strstr(text, "review always") != NULL ||
		(strstr(text, "review every") == NULL &&
		 strstr(text, "review at") == NULL && strstr(text, "review on") == NULL &&
		 others->review == CT_REVIEW_ALWAYS);
	bool		at_review = strstr(text, "upgrade at review") != NULL ||
		(strstr(text, "upgrade now") == NULL &&
		 others->upgrade == CT_UPGRADE_AT_REVIEW);

	return (always && at_review) ||
		(strstr(text, "drop never") != NULL &&
		 (strstr(text, "grace") != NULL || strstr(text, "keep at 66") != NULL));
}

/* Policies of up to four tiers. */
static void
test_combinations(void)
{
	static const char *const labels[] = {
		"gold", "\"a; b: c\"", "Keeper", "\"\"\"\""
	};
	int			refused = 0;
	bool		right = true;

	for (int i = 0; i < 30000; i++)
	{
		char		text[2000];
		ct_policy	policy = {.base.keep = CT_KEEP_ALL};
		int			bad = -1;
		int			length = 0;
		int			ntiers = random_below(5);
		const char *written;

		for (int tier = -1; tier < ntiers; tier++)
		{
			int			start;

			if (tier >= 0)
				length += sprintf(text + length, "; %s: ", labels[tier]);
			start = length;
			length += write_random_clauses(text + length);
			if (bad >= 0)
				continue;
			if (contradicts(text + start, &policy.base))
				bad = start;
			else if (tier < 0)
				policy = policy_of(text);
		}
		written = canonical(text);
		if (bad >= 0)
		{
			refused++;
			right &= written == error.detail && error.position >= bad &&
				error.hint[0] != '\0';
			continue;
		}
		right &= written != error.detail;
		policy = policy_of(text);
		right &= reads_back(written, &policy);
	}
	ok(right && refused > 1000,
	   "clauses of up to four tiers, unless they contradict each other");
}

/* Errors: the text, its position marked by an | before, and the detail. */
static void
test_refused(void)
{
	static const char *const cases[][2] = {
		{"|12", "Expected \"review\", \"upgrade\", \"drop\", \"grace\" or \"keep\", found \"12\"."},
		{"|\"review\" always", "Expected \"review\", "},
		{"review|", "Expected \"always\", \"every\", \"at\" or \"on\", found the end"},
		{"review |never", "Expected \"always\", \"every\", \"at\" or \"on\", found \"never\"."},
		{"review every |month", "Expected a whole number, found \"month\"."},
		{"review every |1.5 months", "Expected a whole number"},
		{"review every |1e1 months", "Expected a whole number"},
		{"review every |0 days", "The number of days must be from 1 to 36525."},
		{"review every |36526 days", "The number of days must be from 1 to 36525."},
		{"review every |1201 months", "The number of months must be from 1 to 1200."},
		{"review every |101 years", "The number of years must be from 1 to 100."},
		{"review every |99999999999999999999999 years", "The number of years"},
		{"review every 3 |weeks", "Expected \"days\", \"months\" or \"years\", found \"weeks\"."},
		{"review every 3|", "Expected \"days\", "},
		{"review every 3 months to |month", "Expected \"end\", found \"month\"."},
		{"review every 3 months to end |month", "Expected \"of\""},
		{"review every 3 months to end of |year", "Expected \"month\""},
		{"review every 3 months |at end of month", "Expected a comma, a semicolon or the end"},
		{"review every 3 months |from october", "Expected a comma, "},
		{"review at |review", "Expected \"end\""},
		{"review at end of |week", "Expected \"next\", \"month\", \"quarter\", \"half\" or \"year\", found \"week\"."},
		{"review at end of next |next year", "Expected \"month\", \"quarter\", \"half\" or \"year\""},
		{"review at end of next|", "Expected \"month\", "},
		{"review at end of month |from october", "Expected a comma, "},
		{"review at end of year from |", "Expected the name of a month, found the end"},
		{"review at end of year from |10", "Expected the name of a month"},
		{"review at end of year from |octo", "Expected the name of a month, found \"octo\"."},
		{"review at end of year from |\"october\"", "Expected the name of a month"},
		{"review at end of year |to end of month", "Expected a comma, "},
		{"review on |birthday", "Expected \"anniversary\""},
		{"review on anniversary |from may", "Expected a comma, "},
		{"upgrade |never", "Expected \"now\" or \"at\""},
		{"upgrade at |end", "Expected \"review\""},
		{"drop |two", "Expected \"to\", \"one\" or \"never\""},
		{"drop to |top", "Expected \"fit\" or \"base\""},
		{"drop one |rung", "Expected \"step\""},
		{"grace 1 |year", "Expected \"days\" or \"months\""},
		{"grace |-1 days", "Expected a whole number, found \"-1\"."},
		{"keep |80%", "Expected \"at\""},
		{"keep at |all", "Expected a percentage"},
		{"keep at 80|", "Expected \"%\""},
		{"keep at |0%", "The percentage must be above 0 and at most 100"},
		{"keep at |100.0000000000000001%", "The percentage must be"},
		{"keep at |0.00000000000000001%", "The percentage must be"},
		{"keep at |1e9999%", "The percentage must be"},
		{"drop never,|", "Expected \"review\", "},
		{"drop never, |;", "Expected \"review\", "},
		{"|, drop never", "Expected \"review\", "},
		{"drop never |drop never", "Expected a comma, "},
		{"drop never, |drop never", "There is a \"drop\" clause already."},
		{"; gold: grace 3 days, |grace 4 days", "There is a \"grace\" clause already."},
		{"drop never;|", "Expected the label of a tier, found the end"},
		{"drop never; |5: drop never", "Expected the label of a tier, found \"5\"."},
		{"; |;", "Expected the label of a tier, found \";\"."},
		{"; gold|", "Expected a colon and clauses, found the end"},
		{"; gold |drop never", "Expected a colon and clauses"},
		{"; gold: |silver: drop never", "Expected \"review\", "},
		{"; gold: drop never, |silver: drop never", "Expected \"review\", "},
		{"; gold: drop never; |gold: grace 3 days", "The clauses of \"gold\" stand twice."},
		{"; gold:; |\"gold\":", "The clauses of \"gold\" stand twice."},
		{"; |\"gold: drop never", "The quoted name has no closing quote."},
		{"; |\"\": drop never", "A quoted name must not be empty."},
		/* contradictions */
		{"grace 3 days, |drop never", "A tier that never drops needs no grace."},
		{"drop never, |grace 3 days", "A tier that never drops needs no grace."},
		{"drop never, |keep at 80%", "A tier that never drops is kept at any value."},
		{"; gold: keep at 80%, |drop never", "A tier that never drops is kept at any value."},
		{"drop never; gold: drop never, |grace 3 days", "A tier that never drops needs no grace."},
		{"|upgrade at review", "Upgrades at review need review dates"},
		{"upgrade at review, |review always", "Upgrades at review need review dates"},
		{"review on anniversary, upgrade at review; gold: |review always", "Upgrades at review need review dates"},
		{"; gold: |upgrade at review", "Upgrades at review need review dates"},
		{"drop |= never", "The character \"=\" has no meaning here."}
	};

	for (int i = 0; i < COUNT(cases); i++)
	{
		const char *mark = strchr(cases[i][0], '|');
		int			position = (int) (mark - cases[i][0]);
		char		text[200];
		ct_policy	policy;

		sprintf(text, "%.*s%s", position, cases[i][0], mark + 1);
		ok(!ct_policy_parse(text, (int) strlen(text), true, &policy, &error) &&
		   error.code == CT_BAD_SYNTAX && error.position == position &&
		   strstr(error.detail, cases[i][1]) != NULL &&
		   error.hint[0] != '\0',
		   "\"%s\": %s", text, error.detail);
	}
}

/* No beginning of a policy does worse than being refused inside of it. */
static void
test_beginnings(void)
{
	static const char *const text =
		"review at end of next quarter from march, upgrade at review, drop one step, grace 36525 days, keep at 99.9999999999999999%; \"gold \"\"er\": review every 1200 months to end of month, upgrade now; silver: drop to base";
	ct_policy	policy;
	bool		inside = true;
	int			n = (int) strlen(text);

	ok(strcmp(canonical(text), text) == 0, "a long text is canonical");
	for (int i = 0; i < n; i++)
	{
		/* just the bytes that are announced */
		char	   *beginning = malloc(i + 1);

		memcpy(beginning, text, i);
		if (!ct_policy_parse(beginning, i, true, &policy, &error))
			inside &= error.position >= 0 && error.position <= i &&
				error.hint[0] != '\0';
		free(beginning);
	}
	ok(inside, "its beginnings are read or refused");
}

/* As many tiers as a ladder may have rungs, and one more. */
static void
test_many_tiers(void)
{
	static char text[CT_LADDER_MAX_RUNGS * 300];
	static char written[CT_LADDER_MAX_RUNGS * 400];
	static ct_policy policy;
	int			n = 0;
	int			at;
	bool		in_order = true;

	/* the longest clauses with the longest labels, all of quotes */
	n += sprintf(text, "review on anniversary, upgrade at review");
	for (int i = 0; i < CT_LADDER_MAX_RUNGS; i++)
	{
		n += sprintf(text + n, "; \"%02d", (i * 37 + 50) % 100);
		for (int k = 2; k < CT_NAME_SIZE - 1; k++)
			n += sprintf(text + n, "\"\"");
		n += sprintf(text + n, "\": review at end of next quarter from february, upgrade now, drop one step, grace 36525 days, keep at 99.9999999999999999%%");
	}
	ok(ct_policy_parse(text, n, true, &policy, &error) &&
	   policy.ntiers == CT_LADDER_MAX_RUNGS, "clauses for 100 tiers");
	for (int i = 0; i < CT_LADDER_MAX_RUNGS; i++)
		in_order &= atoi(policy.tiers[i].label) == i;
	ok(in_order, "in the order of their labels");
	ok(ct_policy_text_size(&policy) <= sizeof(written) &&
	   ct_policy_text(&policy, written) < ct_policy_text_size(&policy) &&
	   reads_back(written, &policy), "their text has room and reads back");
	at = n + 2;
	n += sprintf(text + n, "; z: drop never");
	ok(!ct_policy_parse(text, n, true, &policy, &error) &&
	   error.position == at && error.hint[0] != '\0', "%s", error.detail);
}

static void
test_ladders(void)
{
	ct_ladder  *ladder = build("gold >= 200, \"key silver\" >= 100, base");
	ct_ladder  *keeping = build("gold >= 200 keep >= 150, base");
	ct_ladder  *rules = build("gold: a >= 5, base");
	ct_policy	policy = policy_of("grace 3 days; base: drop never; \"key silver\": grace 2 days");
	ct_rung_clauses clauses;

	ok(ct_policy_for_ladder(&policy, ladder, &clauses, &error) &&
	   clauses.of[0] == &policy.base && clauses.of[3] == &policy.base &&
	   clauses.of[1]->grace_count == 2 && clauses.of[1]->drop == CT_DROP_TO_FIT &&
	   clauses.of[2]->grace_count == 3 && clauses.of[2]->drop == CT_DROP_NEVER,
	   "each rung has the clauses of its tier, and no rung those of all");
	ok(!ct_policy_for_ladder(&policy, keeping, &clauses, &error) &&
	   error.code == CT_BAD_PARAMETER &&
	   strstr(error.message, "\"key silver\"") != NULL &&
	   strstr(error.detail, "\"gold\", \"base\"") != NULL, "%s; %s",
	   error.message, error.detail);
	policy = policy_of("; Gold: drop never");
	ok(!ct_policy_for_ladder(&policy, ladder, &clauses, &error),
	   "labels have case");
	for (int i = 0; i < 2; i++)
	{
		policy = policy_of(i == 0 ? "keep at 80%" : "; gold: keep at 80%");
		ok(ct_policy_for_ladder(&policy, ladder, &clauses, &error),
		   "a ladder of bounds can be kept at a part");
		ok(!ct_policy_for_ladder(&policy, keeping, &clauses, &error) &&
		   error.code == CT_BAD_PARAMETER && error.hint[0] != '\0', "%s",
		   error.detail);
		ok(!ct_policy_for_ladder(&policy, rules, &clauses, &error) &&
		   error.code == CT_BAD_PARAMETER && error.hint[0] != '\0', "%s",
		   error.detail);
	}
	free(ladder);
	free(keeping);
	free(rules);
}

int
main(void)
{
	test_canonical();
	test_months();
	test_combinations();
	test_refused();
	test_beginnings();
	test_many_tiers();
	test_ladders();
	return done_testing();
}
