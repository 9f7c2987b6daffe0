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

static const char *const clause_words[CLAUSE_COUNT] = {
	"review", "upgrade", "drop", "grace", "keep"
};

static const char *const clause_hints[CLAUSE_COUNT] = {
	"Write one of: review always; review every 12 months (or days, years); review at end of [next] month, quarter, half or year; review on anniversary.",
	"Write upgrade now or upgrade at review.",
	"Write drop to fit, drop one step, drop to base or drop never.",
	"Write a number of days or months, as in grace 30 days.",
	"Write a percentage above 0 and up to 100, as in keep at 80%."
};

static const struct
{
	const char *word;
	int			months;
}			periods[] = {
	{"month", 1}, {"quarter", 3}, {"half", 6}, {"year", 12}
};

/* Fails at the present token, with the clause's hint. */
static bool
unexpected(policy_parser *parser, clause_kind kind, const char *what)
{
	ct_lexer_unexpected(&parser->lexer, what);
	return ct_fail_hint(parser->lexer.error, "%s", clause_hints[kind]);
}

/* Goes past this word or fails. */
static bool
expect_word(policy_parser *parser, clause_kind kind, const char *word)
{
	char		what[32];

	if (ct_lexer_is_word(&parser->lexer, word))
		return ct_lexer_next(&parser->lexer);
	snprintf(what, sizeof(what), "\"%s\"", word);
	return unexpected(parser, kind, what);
}

/* Goes past this word if it is there; *skipped tells. */
static bool
skip_word(policy_parser *parser, const char *word, bool *skipped)
{
	*skipped = ct_lexer_is_word(&parser->lexer, word);
	return !*skipped || ct_lexer_next(&parser->lexer);
}

/* Reads a whole number of days or else months, years being 12 of them. */
static bool
parse_span(policy_parser *parser, clause_kind kind, bool *days,
		   uint16_t *count)
{
	ct_lexer   *lexer = &parser->lexer;
	ct_token	number = lexer->token;
	long		n = 0;
	int			per_unit = 1;
	long		most;

	if (number.kind != CT_TOKEN_NUMBER)
		return unexpected(parser, kind, "a whole number");
	for (int i = number.start; i < number.end; i++)
	{
		char		c = lexer->text[i];

		if (c < '0' || c > '9')
			return unexpected(parser, kind, "a whole number");
		if (n <= CT_POLICY_MAX_DAYS)
			n = n * 10 + (c - '0');
	}
	if (!ct_lexer_next(lexer))
		return false;
	*days = ct_lexer_is_word(lexer, "days") || ct_lexer_is_word(lexer, "day");
	if (kind == CLAUSE_REVIEW &&
		(ct_lexer_is_word(lexer, "years") || ct_lexer_is_word(lexer, "year")))
		per_unit = 12;
	else if (!*days && !ct_lexer_is_word(lexer, "months") &&
			 !ct_lexer_is_word(lexer, "month"))
		return unexpected(parser, kind, kind == CLAUSE_REVIEW ?
						  "\"days\", \"months\" or \"years\"" :
						  "\"days\" or \"months\"");
	most = *days ? CT_POLICY_MAX_DAYS : CT_POLICY_MAX_MONTHS / per_unit;
	if (n < 1 || n > most)
	{
		ct_fail(lexer->error, CT_BAD_SYNTAX, number.start,
				"The number of %s must be from 1 to %ld.",
				*days ? "days" : per_unit == 12 ? "years" : "months", most);
		return ct_fail_hint(lexer->error, "%s", clause_hints[kind]);
	}
	*count = (uint16_t) (n * per_unit);
	return ct_lexer_next(lexer);
}

static bool
parse_period(policy_parser *parser)
{
	for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++)
		if (ct_lexer_is_word(&parser->lexer, periods[i].word))
		{
			parser->policy->review_count = (uint16_t) periods[i].months;
			return ct_lexer_next(&parser->lexer);
		}
	return unexpected(parser, CLAUSE_REVIEW,
					  "\"month\", \"quarter\", \"half\" or \"year\"");
}

static bool
parse_review(policy_parser *parser)
{
	ct_policy  *policy = parser->policy;
	bool		found;
	bool		days;

	if (!skip_word(parser, "always", &found))
		return false;
	if (found)
		return true;
	if (!skip_word(parser, "every", &found))
		return false;
	if (found)
	{
		if (!parse_span(parser, CLAUSE_REVIEW, &days, &policy->review_count))
			return false;
		policy->review = days ? CT_REVIEW_EVERY_DAYS : CT_REVIEW_EVERY_MONTHS;
		return true;
	}
	if (!skip_word(parser, "on", &found))
		return false;
	if (found)
	{
		policy->review = CT_REVIEW_ANNIVERSARY;
		return expect_word(parser, CLAUSE_REVIEW, "anniversary");
	}
	if (!ct_lexer_is_word(&parser->lexer, "at"))
		return unexpected(parser, CLAUSE_REVIEW,
						  "\"always\", \"every\", \"at\" or \"on\"");
	if (!ct_lexer_next(&parser->lexer) ||
		!expect_word(parser, CLAUSE_REVIEW, "end") ||
		!expect_word(parser, CLAUSE_REVIEW, "of") ||
		!skip_word(parser, "next", &found))
		return false;
	policy->review = found ? CT_REVIEW_END_OF_NEXT : CT_REVIEW_END_OF;
	return parse_period(parser);
}

static bool
parse_upgrade(policy_parser *parser)
{
	bool		found;

	if (!skip_word(parser, "now", &found))
		return false;
	if (found)
		return true;
	if (!ct_lexer_is_word(&parser->lexer, "at"))
		return unexpected(parser, CLAUSE_UPGRADE, "\"now\" or \"at\"");
	parser->policy->upgrade = CT_UPGRADE_AT_REVIEW;
	return ct_lexer_next(&parser->lexer) &&
		expect_word(parser, CLAUSE_UPGRADE, "review");
}

static bool
parse_drop(policy_parser *parser)
{
	ct_policy  *policy = parser->policy;
	bool		found;

	if (!skip_word(parser, "never", &found))
		return false;
	if (found)
	{
		policy->drop = CT_DROP_NEVER;
		return true;
	}
	if (!skip_word(parser, "one", &found))
		return false;
	if (found)
	{
		policy->drop = CT_DROP_ONE_STEP;
		return expect_word(parser, CLAUSE_DROP, "step");
	}
	if (!ct_lexer_is_word(&parser->lexer, "to"))
		return unexpected(parser, CLAUSE_DROP, "\"to\", \"one\" or \"never\"");
	if (!ct_lexer_next(&parser->lexer) ||
		!skip_word(parser, "fit", &found))
		return false;
	if (found)
		return true;
	if (!ct_lexer_is_word(&parser->lexer, "base"))
		return unexpected(parser, CLAUSE_DROP, "\"fit\" or \"base\"");
	policy->drop = CT_DROP_TO_BASE;
	return ct_lexer_next(&parser->lexer);
}

static bool
parse_grace(policy_parser *parser)
{
	bool		days;

	if (!parse_span(parser, CLAUSE_GRACE, &days, &parser->policy->grace_count))
		return false;
	parser->policy->grace = days ? CT_GRACE_DAYS : CT_GRACE_MONTHS;
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
parse_keep(policy_parser *parser)
{
	ct_lexer   *lexer = &parser->lexer;

	if (!expect_word(parser, CLAUSE_KEEP, "at"))
		return false;
	if (lexer->token.kind != CT_TOKEN_NUMBER)
		return unexpected(parser, CLAUSE_KEEP, "a percentage");
	if (!percent_units(lexer, &parser->policy->keep))
	{
		ct_fail(lexer->error, CT_BAD_SYNTAX, lexer->token.start,
				"The percentage must be above 0 and at most 100, with at most %d decimal places.",
				CT_KEEP_PLACES);
		return ct_fail_hint(lexer->error, "%s", clause_hints[CLAUSE_KEEP]);
	}
	if (!ct_lexer_next(lexer))
		return false;
	if (lexer->token.kind != CT_TOKEN_PERCENT)
		return unexpected(parser, CLAUSE_KEEP, "\"%\"");
	return ct_lexer_next(lexer);
}

static bool
parse_clause(policy_parser *parser)
{
	static bool (*const parse[CLAUSE_COUNT]) (policy_parser *) = {
		parse_review, parse_upgrade, parse_drop, parse_grace, parse_keep
	};
	ct_lexer   *lexer = &parser->lexer;
	ct_error   *error = lexer->error;

	for (int kind = 0; kind < CLAUSE_COUNT; kind++)
	{
		if (!ct_lexer_is_word(lexer, clause_words[kind]))
			continue;
		if (parser->position[kind] >= 0)
		{
			ct_fail(error, CT_BAD_SYNTAX, lexer->token.start,
					"There is a \"%s\" clause already.", clause_words[kind]);
			return ct_fail_hint(error, "Write each kind of clause at most once.");
		}
		parser->position[kind] = lexer->token.start;
		return ct_lexer_next(lexer) && parse[kind] (parser);
	}
	return ct_lexer_unexpected(lexer, "a clause");
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

static const char *
period_word(int months)
{
	for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++)
		if (periods[i].months == months)
			return periods[i].word;
	return "";
}

static int
review_text(const ct_policy *policy, char *buffer, size_t size)
{
	switch ((ct_review) policy->review)
	{
		case CT_REVIEW_ALWAYS:
			break;
		case CT_REVIEW_EVERY_DAYS:
			return snprintf(buffer, size, "review every %d days, ",
							policy->review_count);
		case CT_REVIEW_EVERY_MONTHS:
			return snprintf(buffer, size, "review every %d months, ",
							policy->review_count);
		case CT_REVIEW_END_OF:
			return snprintf(buffer, size, "review at end of %s, ",
							period_word(policy->review_count));
		case CT_REVIEW_END_OF_NEXT:
			return snprintf(buffer, size, "review at end of next %s, ",
							period_word(policy->review_count));
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
