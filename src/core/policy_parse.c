/*
 * policy_parse.c
 *		Reading policies.
 */
#include <stdio.h>
#include <string.h>

#include "core/decimal.h"
#include "core/lexer.h"
#include "core/policy_parse.h"

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
	ct_clauses *clauses;		/* being read */
	int			position[CLAUSE_COUNT]; /* in the text; -1: not there */
} policy_parser;

static const char *const clause_words[] = {
	"review", "upgrade", "drop", "grace", "keep", NULL
};

static const char *const clause_hints[CLAUSE_COUNT] = {
	"Write one of: review always; review every 12 months (or days, years) [to end of month]; review at end of [next] month, quarter, half or year [from october]; review on anniversary.",
	"Write upgrade now or upgrade at review.",
	"Write drop to fit, drop one step, drop to base or drop never.",
	"Write a number of days or months, as in grace 30 days.",
	"Write a percentage above 0 and up to 100, as in keep at 80%."
};

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

/* Goes past a word if it is there; *skipped tells. */
static bool
skip_word(ct_lexer *lexer, const char *word, bool *skipped)
{
	*skipped = ct_lexer_is_word(lexer, word);
	return !*skipped || ct_lexer_next(lexer);
}

/* Goes past words that must follow each other. */
static bool
take_words(ct_lexer *lexer, const char *const *words)
{
	for (; *words != NULL; words++)
		if (take_word(lexer, ONE_OF(*words)) < 0)
			return false;
	return true;
}

/* n days | months | years [ to end of month ] */
static bool
parse_every(ct_lexer *lexer, ct_clauses *clauses)
{
	bool		days;
	bool		found;

	if (!parse_span(lexer, true, &days, &clauses->review_count) ||
		!skip_word(lexer, "to", &found))
		return false;
	clauses->review = days ? CT_REVIEW_EVERY_DAYS : CT_REVIEW_EVERY_MONTHS;
	clauses->to_month_end = found;
	return !found || take_words(lexer, ONE_OF("end", "of", "month"));
}

/*
 * [ from month ]: of quarters that begin with April no more is kept than of
 * those that begin with January.
 */
static bool
parse_from(ct_lexer *lexer, ct_clauses *clauses)
{
	char		abbreviated[4];
	bool		found;

	if (clauses->review_count == 1)
		return true;
	if (!skip_word(lexer, "from", &found) || !found)
		return !found;
	for (int i = 0; i < 12; i++)
	{
		snprintf(abbreviated, sizeof(abbreviated), "%.3s", ct_policy_months[i]);
		if (!ct_lexer_is_word(lexer, ct_policy_months[i]) &&
			!ct_lexer_is_word(lexer, abbreviated))
			continue;
		clauses->from_month = (uint8_t) (i % clauses->review_count);
		return ct_lexer_next(lexer);
	}
	return ct_lexer_unexpected(lexer, "the name of a month");
}

/* end of [ next ] month | quarter | half | year [ from month ] */
static bool
parse_end(ct_lexer *lexer, ct_clauses *clauses)
{
	int			period;

	if (!take_words(lexer, ONE_OF("end", "of")))
		return false;
	period = take_word(lexer, ct_policy_periods);
	clauses->review = period == 0 ? CT_REVIEW_END_OF_NEXT : CT_REVIEW_END_OF;
	if (period == 0)
		period = take_word(lexer, ct_policy_periods + 1) + 1;
	if (period <= 0)
		return false;
	clauses->review_count = ct_policy_period_months[period];
	return parse_from(lexer, clauses);
}

static bool
parse_review(ct_lexer *lexer, ct_clauses *clauses)
{
	clauses->review = CT_REVIEW_ALWAYS;
	clauses->review_count = 0;
	clauses->to_month_end = clauses->from_month = 0;
	switch (take_word(lexer, ONE_OF("always", "every", "at", "on")))
	{
		case 0:
			return true;
		case 1:
			return parse_every(lexer, clauses);
		case 2:
			return parse_end(lexer, clauses);
		case 3:
			clauses->review = CT_REVIEW_ANNIVERSARY;
			return take_word(lexer, ONE_OF("anniversary")) == 0;
	}
	return false;
}

static bool
parse_upgrade(ct_lexer *lexer, ct_clauses *clauses)
{
	int			word = take_word(lexer, ONE_OF("now", "at"));

	clauses->upgrade = word == 1 ? CT_UPGRADE_AT_REVIEW : CT_UPGRADE_NOW;
	return word == 0 ||
		(word == 1 && take_word(lexer, ONE_OF("review")) == 0);
}

static bool
parse_drop(ct_lexer *lexer, ct_clauses *clauses)
{
	int			where;

	switch (take_word(lexer, ONE_OF("to", "one", "never")))
	{
		case 0:
			where = take_word(lexer, ONE_OF("fit", "base"));
			clauses->drop = where == 1 ? CT_DROP_TO_BASE : CT_DROP_TO_FIT;
			return where >= 0;
		case 1:
			clauses->drop = CT_DROP_ONE_STEP;
			return take_word(lexer, ONE_OF("step")) == 0;
		case 2:
			clauses->drop = CT_DROP_NEVER;
			return true;
	}
	return false;
}

static bool
parse_grace(ct_lexer *lexer, ct_clauses *clauses)
{
	bool		days;

	if (!parse_span(lexer, false, &days, &clauses->grace_count))
		return false;
	clauses->grace = days ? CT_GRACE_DAYS : CT_GRACE_MONTHS;
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
parse_keep(ct_lexer *lexer, ct_clauses *clauses)
{
	if (take_word(lexer, ONE_OF("at")) < 0)
		return false;
	if (lexer->token.kind != CT_TOKEN_NUMBER)
		return ct_lexer_unexpected(lexer, "a percentage");
	if (!percent_units(lexer, &clauses->keep))
		return ct_fail(lexer->error, CT_BAD_SYNTAX, lexer->token.start,
					   "The percentage must be above 0 and at most 100, with at most %d decimal places.",
					   CT_KEEP_PLACES);
	return ct_lexer_next(lexer) &&
		ct_lexer_expect(lexer, CT_TOKEN_PERCENT, "\"%\"");
}

static bool
parse_clause(policy_parser *parser)
{
	static bool (*const parse[]) (ct_lexer *, ct_clauses *) = {
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
	if (parse[kind] (lexer, parser->clauses))
		return true;
	if (error->hint[0] == '\0')
		ct_fail_hint(error, "%s", clause_hints[kind]);
	return false;
}

/* Two clauses that cannot both be meant; the later one is pointed at. */
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

/*
 * Clauses that stand together contradict each other; one that a tier takes
 * from the others just does not apply to it.  But without review dates of its
 * own a tier would never be left for a higher one.
 */
static bool
check_clauses(policy_parser *parser)
{
	const ct_clauses *clauses = parser->clauses;
	const int  *position = parser->position;

	if (clauses->drop == CT_DROP_NEVER && position[CLAUSE_DROP] >= 0 &&
		position[CLAUSE_GRACE] >= 0)
		return contradiction(parser, CLAUSE_DROP, CLAUSE_GRACE,
							 "A tier that never drops needs no grace.",
							 "Leave out grace, or say how tiers drop: to fit, one step or to base.");
	if (clauses->drop == CT_DROP_NEVER && position[CLAUSE_DROP] >= 0 &&
		position[CLAUSE_KEEP] >= 0 && clauses->keep != CT_KEEP_ALL)
		return contradiction(parser, CLAUSE_DROP, CLAUSE_KEEP,
							 "A tier that never drops is kept at any value.",
							 "Leave out keep, or say how tiers drop: to fit, one step or to base.");
	if (clauses->review == CT_REVIEW_ALWAYS &&
		clauses->upgrade == CT_UPGRADE_AT_REVIEW)
		return contradiction(parser, CLAUSE_REVIEW, CLAUSE_UPGRADE,
							 "Upgrades at review need review dates, and the review is always.",
							 "Say when the review is, as in review every 12 months, or write upgrade now.");
	return true;
}

/* Reads clauses on top of those given, up to the end or a semicolon. */
static bool
parse_clauses(policy_parser *parser, ct_clauses *clauses)
{
	ct_lexer   *lexer = &parser->lexer;
	bool		more = lexer->token.kind != CT_TOKEN_END &&
		lexer->token.kind != CT_TOKEN_SEMICOLON;

	parser->clauses = clauses;
	for (int i = 0; i < CLAUSE_COUNT; i++)
		parser->position[i] = -1;
	while (more)
		if (!parse_clause(parser) ||
			!ct_lexer_skip(lexer, CT_TOKEN_COMMA, &more))
			return false;
	if (lexer->token.kind != CT_TOKEN_END &&
		lexer->token.kind != CT_TOKEN_SEMICOLON)
		return ct_lexer_unexpected(lexer, "a comma, a semicolon or the end");
	return check_clauses(parser);
}

/*
 * The place of a label among those in order; it fails for one that is there
 * already.
 */
static bool
find_place(policy_parser *parser, const ct_policy *policy, int *place)
{
	ct_token   *t = &parser->lexer.token;

	for (*place = 0; *place < policy->ntiers; ++*place)
	{
		int			order = strcmp(policy->tiers[*place].label, t->name);

		if (order == 0)
		{
			ct_fail(parser->lexer.error, CT_BAD_SYNTAX, t->start,
					"The clauses of \"%s\" stand twice.", t->name);
			return ct_fail_hint(parser->lexer.error,
								"Write all clauses of a tier after its label, separated by commas.");
		}
		if (order > 0)
			break;
	}
	return true;
}

/* label ':' clauses */
static bool
parse_tier(policy_parser *parser, ct_policy *policy)
{
	ct_lexer   *lexer = &parser->lexer;
	ct_policy_tier tier = {policy->base};
	int			place;

	if (lexer->token.kind != CT_TOKEN_NAME &&
		lexer->token.kind != CT_TOKEN_QUOTED)
		return ct_lexer_unexpected(lexer, "the label of a tier");
	if (!find_place(parser, policy, &place))
		return false;
	if (policy->ntiers == CT_LADDER_MAX_RUNGS)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, lexer->token.start,
					   "A policy has clauses for at most %d tiers.",
					   CT_LADDER_MAX_RUNGS);
	strcpy(tier.label, lexer->token.name);
	if (!ct_lexer_next(lexer) ||
		!ct_lexer_expect(lexer, CT_TOKEN_COLON, "a colon and clauses") ||
		!parse_clauses(parser, &tier.clauses))
		return false;
	memmove(&policy->tiers[place + 1], &policy->tiers[place],
			(policy->ntiers++ - place) * sizeof(tier));
	policy->tiers[place] = tier;
	return true;
}

/* Leaves out the tiers for which nothing differs. */
static void
drop_idle_tiers(ct_policy *policy)
{
	int			kept = 0;

	for (int i = 0; i < policy->ntiers; i++)
		if (memcmp(&policy->tiers[i].clauses, &policy->base,
				   sizeof(policy->base)) != 0)
			policy->tiers[kept++] = policy->tiers[i];
	policy->ntiers = (uint16_t) kept;
}

static bool
parse_policy(policy_parser *parser, ct_policy *policy)
{
	bool		more;

	if (!parse_clauses(parser, &policy->base))
		return false;
	for (;;)
	{
		if (!ct_lexer_skip(&parser->lexer, CT_TOKEN_SEMICOLON, &more))
			return false;
		if (!more)
			return true;
		if (!parse_tier(parser, policy))
			return false;
	}
}

bool
ct_policy_parse(const char *text, int length, bool utf8, ct_policy *policy,
				ct_error *error)
{
	policy_parser parser;

	memset(policy, 0, sizeof(*policy));
	policy->version = CT_POLICY_VERSION;
	policy->base.keep = CT_KEEP_ALL;
	if (ct_lexer_start(&parser.lexer, text, length, utf8, error) &&
		parse_policy(&parser, policy))
	{
		drop_idle_tiers(policy);
		return true;
	}
	if (error->hint[0] == '\0')
		ct_fail_hint(error, "Clauses begin with review, upgrade, drop, grace or keep, and are separated by commas; what differs for a tier follows a semicolon: \"; gold: grace 3 months\".");
	return false;
}
