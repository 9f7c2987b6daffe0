/*
 * policy.c
 *		Reading and writing policies, and the dates that follow from them.
 */
#include <stdio.h>
#include <string.h>

#include "core/decimal.h"
#include "core/lexer.h"
#include "core/policy.h"

typedef enum clause_kind
{
	CLAUSE_REVIEW,
	CLAUSE_UPGRADE,
	CLAUSE_DROP,
	CLAUSE_GRACE,
	CLAUSE_KEEP,
	CLAUSE_COUNT
} clause_kind;

typedef struct policy_parser
{
	ct_lexer	lexer;
	ct_policy  *policy;
	int			position[CLAUSE_COUNT]; /* in the text; -1: not there */
} policy_parser;

static const char *const clause_words[] = {
	"review", "upgrade", "drop", "grace", "keep", NULL
};

static const char *const clause_hints[CLAUSE_COUNT] = {
	"Write one of: review always; review every 12 months (or days, years); review at end of [next] month, quarter, half or year; review on anniversary.",
	"Write upgrade now or upgrade at review.",
	"Write drop to fit, drop one step, drop to base or drop never.",
	"Write a number of days or months, as in grace 30 days.",
	"Write a percentage above 0 and up to 100, as in keep at 80%."
};

/* What may follow "review at end of", and the months of each period. */
static const char *const period_words[] = {
	"next", "month", "quarter", "half", "year", NULL
};
static const uint16_t period_months[] = {0, 1, 3, 6, 12};

#define ONE_OF(...) ((const char *const[]) {__VA_ARGS__, NULL})

/*
 * Goes past one of the words in a list that NULL ends, and returns its index;
 * -1, and an error that names them all, where there is none of them.
 */
static int
take_word(ct_lexer *lexer, const char *const *words)
{
	char		expected[100];
	int			n = 0;

	for (int i = 0; words[i] != NULL; i++)
		if (ct_lexer_is_word(lexer, words[i]))
			return ct_lexer_next(lexer) ? i : -1;
	for (int i = 0; words[i] != NULL; i++)
		n += snprintf(expected + n, sizeof(expected) - n, "%s\"%s\"",
					  i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ",
					  words[i]);
	ct_lexer_unexpected(lexer, expected);
	return -1;
}

/* Reads a whole number of days or else months; of years where they may be. */
static bool
parse_span(ct_lexer *lexer, bool years, bool *days, uint16_t *count)
{
	static const char *const units[] = {"days", "months", "years"};
	static const char *const singular[] = {"day", "month", "year"};
	ct_token	number = lexer->token;
	int			unit = 0;
	long		n = 0;
	long		most;

	for (int i = number.start; i < number.end; i++)
	{
		int			digit = lexer->text[i] - '0';

		if (digit < 0 || digit > 9)
			number.kind = CT_TOKEN_END;
		else if (n <= CT_POLICY_MAX_DAYS)
			n = n * 10 + digit;
	}
	if (number.kind != CT_TOKEN_NUMBER)
		return ct_lexer_unexpected(lexer, "a whole number");
	if (!ct_lexer_next(lexer))
		return false;
	while (!ct_lexer_is_word(lexer, units[unit]) &&
		   !ct_lexer_is_word(lexer, singular[unit]))
		if (++unit == (years ? 3 : 2))
			return ct_lexer_unexpected(lexer, years ?
									   "\"days\", \"months\" or \"years\"" :
									   "\"days\" or \"months\"");
	*days = unit == 0;
	most = *days ? CT_POLICY_MAX_DAYS : CT_POLICY_MAX_MONTHS;
	if (unit == 2)
		most /= 12;
	if (n < 1 || n > most)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, number.start,
					   "The number of %s must be from 1 to %ld.", units[unit],
					   most);
	*count = (uint16_t) (unit == 2 ? n * 12 : n);
	return ct_lexer_next(lexer);
}

static bool
parse_review(ct_lexer *lexer, ct_policy *policy)
{
	int			period;
	bool		days;

	switch (take_word(lexer, ONE_OF("always", "every", "at", "on")))
	{
		case 0:
			return true;
		case 1:
			if (!parse_span(lexer, true, &days, &policy->review_count))
				return false;
			policy->review = days ? CT_REVIEW_EVERY_DAYS :
				CT_REVIEW_EVERY_MONTHS;
			return true;
		case 2:
			if (take_word(lexer, ONE_OF("end")) < 0 ||
				take_word(lexer, ONE_OF("of")) < 0)
				return false;
			period = take_word(lexer, period_words);
			policy->review = period == 0 ? CT_REVIEW_END_OF_NEXT :
				CT_REVIEW_END_OF;
			if (period == 0)
				period = take_word(lexer, period_words + 1) + 1;
			if (period <= 0)
				return false;
			policy->review_count = period_months[period];
			return true;
		case 3:
			policy->review = CT_REVIEW_ANNIVERSARY;
			return take_word(lexer, ONE_OF("anniversary")) == 0;
	}
	return false;
}

static bool
parse_upgrade(ct_lexer *lexer, ct_policy *policy)
{
	int			word = take_word(lexer, ONE_OF("now", "at"));

	if (word < 1)
		return word == 0;
	policy->upgrade = CT_UPGRADE_AT_REVIEW;
	return take_word(lexer, ONE_OF("review")) == 0;
}

static bool
parse_drop(ct_lexer *lexer, ct_policy *policy)
{
	int			where;

	switch (take_word(lexer, ONE_OF("to", "one", "never")))
	{
		case 0:
			where = take_word(lexer, ONE_OF("fit", "base"));
			if (where == 1)
				policy->drop = CT_DROP_TO_BASE;
			return where >= 0;
		case 1:
			policy->drop = CT_DROP_ONE_STEP;
			return take_word(lexer, ONE_OF("step")) == 0;
		case 2:
			policy->drop = CT_DROP_NEVER;
			return true;
	}
	return false;
}

static bool
parse_grace(ct_lexer *lexer, ct_policy *policy)
{
	bool		days;

	if (!parse_span(lexer, false, &days, &policy->grace_count))
		return false;
	policy->grace = days ? CT_GRACE_DAYS : CT_GRACE_MONTHS;
	return true;
}

/* The percentage at the present token in units of 10^-16 %. */
static bool
percent_units(const ct_lexer *lexer, int64_t *units)
{
	const ct_token *t = &lexer->token;
	int16_t		digits[CT_SHORT_DIGITS];
	ct_decimal	d;
	uint64_t	mantissa;
	int			places;

	if (!ct_decimal_parse_short(lexer->text + t->start, t->end - t->start,
								digits, &d) ||
		!ct_decimal_to_percent(&d, &mantissa, &places))
		return false;
	for (; places < CT_KEEP_PLACES; places++)
		mantissa *= 10;
	*units = (int64_t) mantissa;
	return true;
}

static bool
parse_keep(ct_lexer *lexer, ct_policy *policy)
{
	if (take_word(lexer, ONE_OF("at")) < 0)
		return false;
	if (lexer->token.kind != CT_TOKEN_NUMBER)
		return ct_lexer_unexpected(lexer, "a percentage");
	if (!percent_units(lexer, &policy->keep))
		return ct_fail(lexer->error, CT_BAD_SYNTAX, lexer->token.start,
					   "The percentage must be above 0 and at most 100, with at most %d decimal places.",
					   CT_KEEP_PLACES);
	return ct_lexer_next(lexer) &&
		ct_lexer_expect(lexer, CT_TOKEN_PERCENT, "\"%\"");
}

static bool
parse_clause(policy_parser *parser)
{
	static bool (*const parse[]) (ct_lexer *, ct_policy *) = {
		parse_review, parse_upgrade, parse_drop, parse_grace, parse_keep
	};
	ct_lexer   *lexer = &parser->lexer;
	ct_error   *error = lexer->error;
	int			start = lexer->token.start;
	int			kind = take_word(lexer, clause_words);

	if (kind < 0)
		return false;
	if (parser->position[kind] >= 0)
	{
		ct_fail(error, CT_BAD_SYNTAX, start,
				"There is a \"%s\" clause already.", clause_words[kind]);
		return ct_fail_hint(error, "Write each kind of clause at most once.");
	}
	parser->position[kind] = start;
	if (parse[kind] (lexer, parser->policy))
		return true;
	if (error->hint[0] == '\0')
		ct_fail_hint(error, "%s", clause_hints[kind]);
	return false;
}

/* Clauses that cannot both be meant; the later of the two is pointed at. */
static bool
contradiction(policy_parser *parser, clause_kind a, clause_kind b,
			  const char *detail, const char *hint)
{
	const int  *position = parser->position;

	ct_fail(parser->lexer.error, CT_BAD_SYNTAX,
			position[a] > position[b] ? position[a] : position[b], "%s",
			detail);
	return ct_fail_hint(parser->lexer.error, "%s", hint);
}

static bool
check_contradictions(policy_parser *parser)
{
	const ct_policy *policy = parser->policy;

	if (policy->drop == CT_DROP_NEVER && policy->grace != CT_GRACE_NONE)
		return contradiction(parser, CLAUSE_DROP, CLAUSE_GRACE,
							 "A tier that never drops needs no grace.",
							 "Leave out grace, or say how tiers drop: to fit, one step or to base.");
	if (policy->drop == CT_DROP_NEVER && policy->keep != CT_KEEP_ALL)
		return contradiction(parser, CLAUSE_DROP, CLAUSE_KEEP,
							 "A tier that never drops is kept at any value.",
							 "Leave out keep, or say how tiers drop: to fit, one step or to base.");
	if (policy->review == CT_REVIEW_ALWAYS &&
		policy->upgrade == CT_UPGRADE_AT_REVIEW)
		return contradiction(parser, CLAUSE_REVIEW, CLAUSE_UPGRADE,
							 "Upgrades at review need review dates, and the review is always.",
							 "Say when the review is, as in review every 12 months, or leave out upgrade at review.");
	return true;
}

static bool
parse_policy(policy_parser *parser)
{
	ct_lexer   *lexer = &parser->lexer;
	bool		more = lexer->token.kind != CT_TOKEN_END;

	while (more)
		if (!parse_clause(parser) ||
			!ct_lexer_skip(lexer, CT_TOKEN_COMMA, &more))
			return false;
	if (lexer->token.kind != CT_TOKEN_END)
		return ct_lexer_unexpected(lexer, "a comma or the end");
	return check_contradictions(parser);
}

bool
ct_policy_parse(const char *text, int length, bool utf8, ct_policy *policy,
				ct_error *error)
{
	policy_parser parser;

	memset(policy, 0, sizeof(*policy));
	policy->version = CT_POLICY_VERSION;
	policy->keep = CT_KEEP_ALL;
	parser.policy = policy;
	for (int i = 0; i < CLAUSE_COUNT; i++)
		parser.position[i] = -1;
	if (ct_lexer_start(&parser.lexer, text, length, utf8, error) &&
		parse_policy(&parser))
		return true;
	if (error->hint[0] == '\0')
		ct_fail_hint(error, "Clauses begin with review, upgrade, drop, grace or keep, and are separated by commas.");
	return false;
}

int
ct_keep_text(int64_t keep, char *buffer)
{
	ct_wide		wide;

	ct_wide_from_int128(&wide, keep);
	return ct_wide_format(&wide, CT_KEEP_PLACES, buffer);
}

/* The review clause; how many characters were written. */
static int
review_text(const ct_policy *policy, char *buffer, size_t size)
{
	int			period = 4;

	switch ((ct_review) policy->review)
	{
		case CT_REVIEW_ALWAYS:
			break;
		case CT_REVIEW_EVERY_DAYS:
		case CT_REVIEW_EVERY_MONTHS:
			return snprintf(buffer, size, "review every %d %s, ",
							policy->review_count,
							policy->review == CT_REVIEW_EVERY_DAYS ?
							"days" : "months");
		case CT_REVIEW_END_OF:
		case CT_REVIEW_END_OF_NEXT:
			while (period > 1 &&
				   period_months[period] != policy->review_count)
				period--;
			return snprintf(buffer, size, "review at end of %s%s, ",
							policy->review == CT_REVIEW_END_OF ? "" : "next ",
							period_words[period]);
		case CT_REVIEW_ANNIVERSARY:
			return snprintf(buffer, size, "review on anniversary, ");
	}
	return 0;
}

int
ct_policy_text(const ct_policy *policy, char buffer[CT_POLICY_TEXT_SIZE])
{
	static const char *const drops[] = {
		"", "drop one step, ", "drop to base, ", "drop never, "
	};
	size_t		size = CT_POLICY_TEXT_SIZE;
	char		percent[CT_WIDE_TEXT_SIZE];
	int			n = review_text(policy, buffer, size);

	n += snprintf(buffer + n, size - n, "%s%s",
				  policy->upgrade == CT_UPGRADE_AT_REVIEW ?
				  "upgrade at review, " : "", drops[policy->drop]);
	if (policy->grace != CT_GRACE_NONE)
		n += snprintf(buffer + n, size - n, "grace %d %s, ",
					  policy->grace_count,
					  policy->grace == CT_GRACE_DAYS ? "days" : "months");
	if (policy->keep != CT_KEEP_ALL)
	{
		ct_keep_text(policy->keep, percent);
		n += snprintf(buffer + n, size - n, "keep at %s%%, ", percent);
	}
	/* the last clause has no comma */
	if (n > 0)
		n -= 2;
	buffer[n] = '\0';
	return n;
}

/* The first anchor + k * months, k >= 1, after a date. */
static bool
month_steps_after(ct_date anchor, int months, ct_date after, ct_date *result,
				  ct_error *error)
{
	int64_t		k = ct_date_months_between(anchor, after) / months;

	for (k = k < 1 ? 1 : k;; k++)
	{
		if (!ct_date_add_months(anchor, k * months, result, error))
			return false;
		if (*result > after)
			return true;
	}
}

bool
ct_policy_review_after(const ct_policy *policy, ct_date since, ct_date joined,
					   ct_date after, ct_date *review, ct_error *error)
{
	int			count = policy->review_count;
	ct_date		first;

	switch ((ct_review) policy->review)
	{
		case CT_REVIEW_ALWAYS:
			*review = CT_NO_DATE;
			return true;
		case CT_REVIEW_EVERY_DAYS:
			return ct_date_add_days(since, (((int64_t) after - since) / count +
											1) * count, review, error);
		case CT_REVIEW_EVERY_MONTHS:
			return month_steps_after(since, count, after, review, error);
		case CT_REVIEW_ANNIVERSARY:
			return month_steps_after(joined, 12, after, review, error);
		case CT_REVIEW_END_OF:
			return ct_date_end_of_period(after, count, 0, review, error);
		case CT_REVIEW_END_OF_NEXT:
			if (!ct_date_end_of_period(since, count, 1, &first, error) ||
				!ct_date_end_of_period(after, count, 0, review, error))
				return false;
			if (*review < first)
				*review = first;
			return true;
	}
	return ct_fail(error, CT_BAD_BINARY, -1, "Unknown kind of review.");
}

bool
ct_policy_grace_end(const ct_policy *policy, ct_date from, ct_date *end,
					ct_error *error)
{
	if (policy->grace == CT_GRACE_DAYS)
		return ct_date_add_days(from, policy->grace_count, end, error);
	return ct_date_add_months(from, policy->grace_count, end, error);
}
