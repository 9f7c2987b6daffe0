/*
 * scorecard_parse.c
 *		From a scorecard's text to its draft.
 */
#include <math.h>
#include <string.h>

#include "core/scorecard_parse.h"

#define CRITERION_HINT \
	"A criterion is written metric, weight, scale: revenue 35 log(1000, 1000000), payment_score 20 linear(0, 100)."

/* What stands in a scale's parentheses. */
typedef enum argument_form
{
	NO_ARGUMENTS,
	RANGE,						/* lo, hi */
	POSITIVE_RANGE,
	POINTS,						/* x: score, ... */
	CUTS,						/* x, ... */
	MID_AND_SLOPE,
	BIN_COUNT
} argument_form;

static const argument_form arguments_of[] = {
	[CT_SCALE_LINEAR] = RANGE,
	[CT_SCALE_LOG] = POSITIVE_RANGE,
	[CT_SCALE_STEPS] = POINTS,
	[CT_SCALE_CUTS] = CUTS,
	[CT_SCALE_CURVE] = POINTS,
	[CT_SCALE_LOGISTIC] = MID_AND_SLOPE,
	[CT_SCALE_MINMAX] = NO_ARGUMENTS,
	[CT_SCALE_ZSCORE] = NO_ARGUMENTS,
	[CT_SCALE_PERCENTILE] = NO_ARGUMENTS,
	[CT_SCALE_BINS] = BIN_COUNT
};

/*
 * Every point begins with a number, and something stands between two
 * numbers.
 */
int
ct_scorecard_points_room(int length)
{
	int			most = CT_SCORECARD_MAX_CRITERIA * CT_SCALE_MAX_POINTS;

	return length / 2 + 1 < most ? length / 2 + 1 : most;
}

/* Reads a number and goes past it; *at is where it stood. */
static bool
read_number(ct_lexer *lexer, const char *what, double *value, int *at)
{
	*at = lexer->token.start;
	return ct_lexer_double(lexer, what, value);
}

static bool
read_score(ct_lexer *lexer, const char *what, double *score)
{
	int			at;

	if (!read_number(lexer, what, score, &at))
		return false;
	if (*score < 0 || *score > 100)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, at,
					   "A score is a number from 0 to 100.");
	return true;
}

/* lo, hi */
static bool
read_range(ct_lexer *lexer, bool positive, ct_criterion_draft *c)
{
	int			lo_at,
				hi_at;

	if (!read_number(lexer, "the number where the scale begins", &c->first,
					 &lo_at) ||
		!ct_lexer_expect(lexer, CT_TOKEN_COMMA, "a comma") ||
		!read_number(lexer, "the number where the scale ends", &c->second,
					 &hi_at))
		return false;
	if (positive && !(c->first > 0 && c->second > 0))
	{
		ct_fail(lexer->error, CT_BAD_SYNTAX, c->first > 0 ? hi_at : lo_at,
				"A log scale begins and ends above 0.");
		return ct_fail_hint(lexer->error,
							"Figures at and below the beginning score 0; a small beginning such as 1 serves for amounts.");
	}
	if (c->first == c->second)
	{
		ct_fail(lexer->error, CT_BAD_SYNTAX, hi_at,
				"A scale must not end where it begins.");
		return ct_fail_hint(lexer->error,
							"Scores for one bound are written as steps, such as steps(500: 100).");
	}
	return true;
}

/* mid, slope */
static bool
read_mid_and_slope(ct_lexer *lexer, ct_criterion_draft *c)
{
	int			at;

	if (!read_number(lexer, "the number in the middle of the scale", &c->first, &at) ||
		!ct_lexer_expect(lexer, CT_TOKEN_COMMA, "a comma") ||
		!read_number(lexer, "the slope", &c->second, &at))
		return false;
	if (c->second == 0)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, at,
					   "A slope must not be 0.");
	return true;
}

static bool
read_bin_count(ct_lexer *lexer, ct_criterion_draft *c)
{
	int			at;

	if (!read_number(lexer, "the number of bins", &c->first, &at))
		return false;
	if (c->first < 2 || c->first > CT_SCALE_MAX_BINS ||
		c->first != floor(c->first))
		return ct_fail(lexer->error, CT_BAD_SYNTAX, at,
					   "The number of bins is a whole number from 2 to %d.",
					   CT_SCALE_MAX_BINS);
	return true;
}

/* x: score, ... with rising x; or x, ... with x that do not fall */
static bool
read_points(ct_lexer *lexer, bool scored, ct_scorecard_draft *draft,
			ct_criterion_draft *c)
{
	bool		more = true;

	while (more)
	{
		ct_point   *point = &draft->points[draft->npoints];
		int			at;

		if (c->npoints == CT_SCALE_MAX_POINTS)
			return ct_fail(lexer->error, CT_BAD_SYNTAX, lexer->token.start,
						   "A scale has at most %d points.",
						   CT_SCALE_MAX_POINTS);
		point->score = 0;
		if (!read_number(lexer, scored ? "a point" : "a cut", &point->x, &at))
			return false;
		if (c->npoints > 0 && (scored ? point->x <= point[-1].x :
							   point->x < point[-1].x))
			return ct_fail(lexer->error, CT_BAD_SYNTAX, at,
						   scored ? "Each point must lie above the one before it." :
						   "A cut must not lie below the one before it.");
		if (scored &&
			(!ct_lexer_expect(lexer, CT_TOKEN_COLON, "a colon and a score") ||
			 !read_score(lexer, "a score", &point->score)))
			return false;
		c->npoints++;
		draft->npoints++;
		if (!ct_lexer_skip(lexer, CT_TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

static bool
read_arguments(ct_lexer *lexer, ct_scorecard_draft *draft,
			   ct_criterion_draft *c)
{
	argument_form form = arguments_of[c->scale];
	bool		good = true;

	if (form == NO_ARGUMENTS)
		return true;
	if (!ct_lexer_expect(lexer, CT_TOKEN_OPEN, "an opening parenthesis"))
		return false;
	switch (form)
	{
		case RANGE:
			good = read_range(lexer, false, c);
			break;
		case POSITIVE_RANGE:
			good = read_range(lexer, true, c);
			break;
		case POINTS:
			good = read_points(lexer, true, draft, c);
			break;
		case CUTS:
			good = read_points(lexer, false, draft, c);
			break;
		case MID_AND_SLOPE:
			good = read_mid_and_slope(lexer, c);
			break;
		case BIN_COUNT:
			good = read_bin_count(lexer, c);
			break;
		case NO_ARGUMENTS:
			break;
	}
	return good &&
		ct_lexer_expect(lexer, CT_TOKEN_CLOSE,
						form == POINTS || form == CUTS ?
						"a comma or a closing parenthesis" :
						"a closing parenthesis");
}

static bool
read_scale(ct_lexer *lexer, ct_scorecard_draft *draft, ct_criterion_draft *c)
{
	for (c->scale = CT_SCALE_LINEAR; c->scale <= CT_SCALE_BINS; c->scale++)
		if (ct_lexer_is_word(lexer, ct_scale_name(c->scale)))
			return ct_lexer_next(lexer) && read_arguments(lexer, draft, c);
	ct_lexer_unexpected(lexer, "a scale");
	return ct_fail_hint(lexer->error,
						"The scales are linear(lo, hi), log(lo, hi), steps(x: score, ...), cuts(x, ...), curve(x: score, ...), logistic(mid, slope), minmax, zscore, percentile and bins(n).");
}

/* [ 'desc' ] [ 'missing' ( score | 'skip' | 'zero' ) ] */
static bool
read_options(ct_lexer *lexer, ct_criterion_draft *c)
{
	c->skipped = true;
	c->descending = ct_lexer_is_word(lexer, "desc");
	if (c->descending && !ct_lexer_next(lexer))
		return false;
	if (!ct_lexer_is_word(lexer, "missing"))
		return true;
	if (!ct_lexer_next(lexer))
		return false;
	if (ct_lexer_is_word(lexer, "skip"))
		return ct_lexer_next(lexer);
	c->skipped = false;
	if (ct_lexer_is_word(lexer, "zero"))
		return ct_lexer_next(lexer);
	return read_score(lexer, "\"skip\", \"zero\" or a score", &c->missing);
}

static bool
read_metric(ct_lexer *lexer, const ct_scorecard_draft *draft,
			ct_criterion_draft *c)
{
	ct_token   *t = &lexer->token;

	if (t->kind != CT_TOKEN_NAME && t->kind != CT_TOKEN_QUOTED)
	{
		ct_lexer_unexpected(lexer, "a metric");
		return ct_fail_hint(lexer->error, CRITERION_HINT);
	}
	memcpy(c->metric, t->name, sizeof(c->metric));
	if (t->kind == CT_TOKEN_NAME)
		ct_fold_name(c->metric);
	for (const ct_criterion_draft *other = draft->criteria; other < c; other++)
		if (strcmp(other->metric, c->metric) == 0)
		{
			ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
					"The metric \"%s\" has been weighed already.", c->metric);
			return ct_fail_hint(lexer->error,
								"To weigh a figure on two scales, give it a second name in a subquery.");
		}
	return ct_lexer_next(lexer);
}

static bool
read_weight(ct_lexer *lexer, ct_criterion_draft *c)
{
	int			at;

	if (!read_number(lexer, "a weight", &c->weight, &at))
		return ct_fail_hint(lexer->error, CRITERION_HINT);
	if (lexer->token.kind == CT_TOKEN_PERCENT)
	{
		ct_lexer_unexpected(lexer, "a scale");
		return ct_fail_hint(lexer->error, "A weight has no %% sign.");
	}
	if (!(c->weight >= CT_WEIGHT_MIN && c->weight <= CT_WEIGHT_MAX))
	{
		ct_fail(lexer->error, CT_BAD_SYNTAX, at,
				"A weight is a number from %.9f to %.0f.", CT_WEIGHT_MIN,
				CT_WEIGHT_MAX);
		if (c->weight < 0)
			return ct_fail_hint(lexer->error,
								"Where less is better, write desc after the scale.");
		return false;
	}
	return true;
}

static bool
read_criterion(ct_lexer *lexer, ct_scorecard_draft *draft)
{
	ct_criterion_draft *c = &draft->criteria[draft->ncriteria];

	memset(c, 0, sizeof(*c));
	c->point = draft->npoints;
	if (!read_metric(lexer, draft, c) || !read_weight(lexer, c) ||
		!read_scale(lexer, draft, c) || !read_options(lexer, c))
		return false;
	draft->ncriteria++;
	return true;
}

bool
ct_scorecard_parse(const char *text, int length, bool utf8,
				   ct_scorecard_draft *draft, ct_point *points,
				   ct_error *error)
{
	ct_lexer	lexer;
	bool		more = true;

	draft->ncriteria = 0;
	draft->npoints = 0;
	draft->points = points;
	if (!ct_lexer_start(&lexer, text, length, utf8, error))
		return false;
	while (more)
	{
		if (draft->ncriteria == CT_SCORECARD_MAX_CRITERIA)
			return ct_fail(error, CT_BAD_SYNTAX, lexer.token.start,
						   "A scorecard has at most %d criteria.",
						   CT_SCORECARD_MAX_CRITERIA);
		if (!read_criterion(&lexer, draft) ||
			!ct_lexer_skip(&lexer, CT_TOKEN_COMMA, &more))
			return false;
	}
	if (lexer.token.kind != CT_TOKEN_END)
	{
		ct_lexer_unexpected(&lexer, "a comma or the end of the text");
		return ct_fail_hint(error,
							"After the scale may stand desc, and then missing skip, missing zero or missing with a score.");
	}
	return true;
}
