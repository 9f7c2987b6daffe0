/*
 * ladder_parse.c
 *		From a ladder's text to its draft.
 */
#include <string.h>

#include "core/ladder_parse.h"
#include "core/lexer.h"

typedef struct ladder_parser
{
	ct_lexer	lexer;
	ct_ladder_draft *draft;
	bool		has_form;		/* some rung has decided draft->form */
} ladder_parser;

static bool
is_reserved(const ct_lexer *lexer)
{
	for (const char *const *word = ct_ladder_reserved; *word; word++)
		if (ct_lexer_is_word(lexer, *word))
			return true;
	return false;
}

/* The present token is no name: what may have been meant. */
static bool
refuse_name(ladder_parser *p, const char *what, bool is_metric)
{
	ct_error   *error = p->lexer.error;
	ct_token   *t = &p->lexer.token;

	if (is_reserved(&p->lexer))
	{
		ct_fail(error, CT_BAD_SYNTAX, t->start,
				"Expected %s, found the reserved word \"%s\".", what, t->name);
		return ct_fail_hint(error, is_metric ?
							"The figure comes first, as in \"revenue top 10%%\"; a figure of this name is quoted: \"%s\"." :
							"The label comes first, as in \"gold top 10%%\"; a tier of this name is quoted: \"%s\".",
							t->name);
	}
	ct_lexer_unexpected(&p->lexer, what);
	if (t->kind == CT_TOKEN_NUMBER)
		return ct_fail_hint(error, "Numbers are written without separators of thousands; a name that begins with a digit is quoted.");
	if (t->kind == CT_TOKEN_OPEN)
		return ct_fail_hint(error, "There are no parentheses; write each alternative out: \"a and b or a and c\".");
	if (t->kind == CT_TOKEN_END && t->start > 0 && !is_metric)
		return ct_fail_hint(error, "Leave out the comma at the end.");
	return false;
}

/* Reads a label or metric; what names it in errors. */
static bool
parse_name(ladder_parser *p, const char *what, bool folded, char *name)
{
	ct_token   *t = &p->lexer.token;

	if (is_reserved(&p->lexer) ||
		(t->kind != CT_TOKEN_NAME && t->kind != CT_TOKEN_QUOTED))
		return refuse_name(p, what, folded);
	strcpy(name, t->name);
	if (folded && t->kind == CT_TOKEN_NAME)
		ct_fold_name(name);
	return ct_lexer_next(&p->lexer);
}

/* Takes the present token as the condition's number. */
static bool
parse_number(ladder_parser *p, ct_condition_draft *c)
{
	ct_token   *t = &p->lexer.token;

	if (t->kind != CT_TOKEN_NUMBER)
		return ct_lexer_unexpected(&p->lexer, "a number");
	c->number = p->lexer.text + t->start;
	c->number_length = t->end - t->start;
	if (ct_decimal_room(c->number, c->number_length) == 0)
		return ct_fail(p->lexer.error, CT_BAD_SYNTAX, t->start,
					   "The number \"%.*s\" is beyond the range of numeric.",
					   ct_lexer_excerpt(&p->lexer, t->start, t->end),
					   c->number);
	return ct_lexer_next(&p->lexer);
}

/* Checks the number just read as a percentage or as a count. */
static bool
check_small(ladder_parser *p, const ct_condition_draft *c)
{
	int			position = (int) (c->number - p->lexer.text);
	int			excerpt = ct_lexer_excerpt(&p->lexer, position,
										   position + c->number_length);
	int16_t		digits[CT_SHORT_DIGITS];
	ct_decimal	d;
	uint64_t	mantissa;
	int			places;
	bool		is_short = ct_decimal_parse_short(c->number, c->number_length,
												  digits, &d);

	if (c->op != CT_OP_TOP_COUNT)
		return (is_short && ct_decimal_to_percent(&d, &mantissa, &places)) ||
			ct_fail(p->lexer.error, CT_BAD_SYNTAX, position,
					"A percentage lies above 0, at most at 100, and has at most %d decimal places: found \"%.*s\".",
					CT_SMALL_PLACES, excerpt, c->number);
	if (is_short && ct_decimal_to_small(&d, &mantissa, &places) &&
		mantissa > 0 && places == 0)
		return true;
	ct_fail(p->lexer.error, CT_BAD_SYNTAX, position,
			"A count of customers is a whole number from 1 on: found \"%.*s\".",
			excerpt, c->number);
	return ct_fail_hint(p->lexer.error, "A percentage ends with %%.");
}

/* ( '>=' | '>' | '<=' | '<' ) number | top ... | share ... */
static bool
parse_comparison(ladder_parser *p, ct_condition_draft *c, const char *expected)
{
	ct_lexer   *lexer = &p->lexer;
	bool		percent;

	switch (lexer->token.kind)
	{
		case CT_TOKEN_GE:
			c->op = CT_OP_GE;
			break;
		case CT_TOKEN_GT:
			c->op = CT_OP_GT;
			break;
		case CT_TOKEN_LE:
			c->op = CT_OP_LE;
			break;
		case CT_TOKEN_LT:
			c->op = CT_OP_LT;
			break;
		default:
			if (ct_lexer_is_word(lexer, "top"))
				c->op = CT_OP_TOP_COUNT;
			else if (ct_lexer_is_word(lexer, "share"))
				c->op = CT_OP_SHARE;
			else
				return ct_lexer_unexpected(lexer, expected);
	}
	if (!ct_lexer_next(lexer) || !parse_number(p, c))
		return false;
	if (c->op < CT_OP_TOP_PERCENT)
		return true;
	if (c->op == CT_OP_SHARE)
	{
		if (!ct_lexer_expect(lexer, CT_TOKEN_PERCENT, "\"%\""))
			return false;
	}
	else
	{
		if (!ct_lexer_skip(lexer, CT_TOKEN_PERCENT, &percent))
			return false;
		if (percent)
			c->op = CT_OP_TOP_PERCENT;
	}
	return check_small(p, c);
}

/*
 * The rung's next condition, of keeping or of entering it, empty; NULL when
 * there are too many.
 */
static ct_condition_draft *
add_condition(ladder_parser *p, ct_rung_draft *rung, bool keep)
{
	ct_ladder_draft *draft = p->draft;
	int		   *n = keep ? &draft->nkeeps : &draft->nconditions;
	ct_condition_draft *c;

	if (*n == CT_LADDER_MAX_CONDITIONS)
	{
		ct_fail(p->lexer.error, CT_BAD_SYNTAX, p->lexer.token.start,
				"A ladder has at most %d conditions.",
				CT_LADDER_MAX_CONDITIONS);
		return NULL;
	}
	c = &(keep ? draft->keeps : draft->conditions)[(*n)++];
	memset(c, 0, sizeof(*c));
	c->position = p->lexer.token.start;
	if (keep)
		rung->keep_count++;
	else
		rung->count++;
	return c;
}

/* One figure: every condition is of one kind. */
static bool
parse_short(ladder_parser *p, ct_rung_draft *rung, bool keep)
{
	static const ct_ladder_form form_of[] = {
		[CT_OP_GE] = CT_LADDER_BOUNDS,
		[CT_OP_GT] = CT_LADDER_BOUNDS,
		[CT_OP_LE] = CT_LADDER_RULES,	/* none: refused below */
		[CT_OP_LT] = CT_LADDER_RULES,
		[CT_OP_TOP_PERCENT] = CT_LADDER_PERCENTS,
		[CT_OP_TOP_COUNT] = CT_LADDER_COUNTS,
		[CT_OP_SHARE] = CT_LADDER_SHARES
	};
	bool		is_name = p->lexer.token.kind == CT_TOKEN_NAME && !keep;
	ct_condition_draft *c = add_condition(p, rung, keep);

	if (c == NULL)
		return false;
	if (!parse_comparison(p, c, keep ? "\">=\", \">\", \"top\" or \"share\"" :
						  "\">=\", \">\", \"top\", \"share\", \":\" or \",\""))
		return is_name && p->lexer.token.start == c->position ?
			ct_fail_hint(p->lexer.error, "A label of several words stands in double quotes.") :
			false;
	if (c->op == CT_OP_LE || c->op == CT_OP_LT)
	{
		ct_fail(p->lexer.error, CT_BAD_SYNTAX, c->position,
				"The bound of a rung is written \">=\" or \">\".");
		return ct_fail_hint(p->lexer.error,
							"A rule can ask for less than a number: \"%s: metric %s number\".",
							rung->label, ct_operator_text(c->op));
	}
	if (p->has_form && p->draft->form != form_of[c->op])
	{
		ct_fail(p->lexer.error, CT_BAD_SYNTAX, c->position,
				"The rungs of a ladder on one figure all use one kind of condition: bounds, percentages, counts or shares.");
		return ct_fail_hint(p->lexer.error,
							"Rules can mix them: \"%s: metric %s ...\".",
							rung->label, ct_operator_text(c->op));
	}
	p->draft->form = form_of[c->op];
	p->has_form = true;
	return true;
}

/* ':' has been read.  all { 'or' all }, all := cond { 'and' cond } */
static bool
parse_rule(ladder_parser *p, ct_rung_draft *rung, bool keep)
{
	int			alternative = 0;

	if (p->has_form && p->draft->form != CT_LADDER_RULES)
	{
		ct_fail(p->lexer.error, CT_BAD_SYNTAX, rung->position,
				"A ladder has either rungs on one figure or rungs with rules.");
		return ct_fail_hint(p->lexer.error,
							"Name the figure in every rung: \"label: metric >= number\".");
	}
	p->draft->form = CT_LADDER_RULES;
	p->has_form = true;
	for (;;)
	{
		ct_condition_draft *c = add_condition(p, rung, keep);

		if (c == NULL)
			return false;
		c->alternative = alternative;
		if (!parse_name(p, "the name of a figure", true, c->metric) ||
			!parse_comparison(p, c, "\">=\", \">\", \"<=\", \"<\", \"top\" or \"share\""))
			return false;
		if (ct_lexer_is_word(&p->lexer, "or"))
			alternative++;
		else if (!ct_lexer_is_word(&p->lexer, "and"))
			return true;
		if (!ct_lexer_next(&p->lexer))
			return false;
	}
}

static bool
parse_rung(ladder_parser *p)
{
	ct_lexer   *lexer = &p->lexer;
	ct_ladder_draft *draft = p->draft;
	ct_rung_draft *rung = &draft->rungs[draft->nrungs];
	bool		colon;

	if (draft->nrungs == CT_LADDER_MAX_RUNGS)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, lexer->token.start,
					   "A ladder has at most %d rungs.", CT_LADDER_MAX_RUNGS);
	memset(rung, 0, sizeof(*rung));
	rung->first = draft->nconditions;
	rung->keep_first = draft->nkeeps;
	rung->position = lexer->token.start;
	if (!parse_name(p, "the label of a tier", false, rung->label))
		return false;
	for (int i = 0; i < draft->nrungs; i++)
		if (strcmp(draft->rungs[i].label, rung->label) == 0)
			return ct_fail(lexer->error, CT_BAD_SYNTAX, rung->position,
						   "The label \"%s\" stands twice.", rung->label);
	draft->nrungs++;
	if (lexer->token.kind == CT_TOKEN_COMMA ||
		lexer->token.kind == CT_TOKEN_END)
		return true;
	if (!ct_lexer_skip(lexer, CT_TOKEN_COLON, &colon))
		return false;
	if (!(colon ? parse_rule(p, rung, false) : parse_short(p, rung, false)))
		return false;
	if (!ct_lexer_is_word(lexer, "keep"))
		return true;
	return ct_lexer_next(lexer) &&
		(colon ? parse_rule(p, rung, true) : parse_short(p, rung, true));
}

/* What has to stand after a rung: a comma, or the end after the last one. */
static bool
check_rung_end(ladder_parser *p, const ct_rung_draft *rung, bool *more)
{
	ct_lexer   *lexer = &p->lexer;

	*more = lexer->token.kind == CT_TOKEN_COMMA;
	if (!*more && lexer->token.kind != CT_TOKEN_END)
	{
		ct_lexer_unexpected(lexer, "\",\" or the end");
		return ct_fail_hint(lexer->error, "Commas stand between rungs; a number is written plainly, such as 10000.");
	}
	if (!ct_lexer_next(lexer))
		return false;
	if (*more && lexer->token.kind != CT_TOKEN_END && rung->count == 0)
	{
		ct_fail(lexer->error, CT_BAD_SYNTAX, rung->position,
				"The rung \"%s\" has no condition, but is not the last one.",
				rung->label);
		return ct_fail_hint(lexer->error,
							"Write the top rung first and the floor, which needs no condition, last.");
	}
	return true;
}

bool
ct_ladder_parse(const char *text, int length, bool utf8,
				ct_ladder_draft *draft, ct_error *error)
{
	ladder_parser p;
	bool		more = true;

	memset(&p, 0, sizeof(p));
	p.draft = draft;
	draft->form = CT_LADDER_BOUNDS;
	draft->nrungs = draft->nconditions = draft->nkeeps = 0;
	if (!ct_lexer_start(&p.lexer, text, length, utf8, error))
		return false;
	while (more)
		if (!parse_rung(&p) ||
			!check_rung_end(&p, &draft->rungs[draft->nrungs - 1], &more))
			return false;
	return true;
}
