/*
 * scorecard_test.c
 *		Reading, writing, scoring and calibrating scorecards.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/scorecard_calibrate.h"
#include "core/scorecard_parse.h"
#include "core/scorecard_score.h"
#include "unit.h"

static ct_error error;

/* The flat form of a text, malloc'd; NULL and the error. */
static ct_scorecard *
build(const char *text)
{
	static ct_scorecard_draft draft;
	int			length = (int) strlen(text);
	ct_point   *points = malloc(ct_scorecard_points_room(length) *
								sizeof(ct_point));
	ct_scorecard *card = NULL;

	if (ct_scorecard_parse(text, length, true, &draft, points, &error))
	{
		card = calloc(1, ct_scorecard_size(&draft));
		ct_scorecard_build(&draft, card);
	}
	free(points);
	return card;
}

static bool
same_text(const ct_scorecard *card, const char *expected)
{
	char	   *text = malloc(ct_scorecard_text_size(card));
	bool		same;

	ct_scorecard_text(card, text);
	same = strcmp(text, expected) == 0;
	if (!same)
		printf("# got %s\n", text);
	free(text);
	return same;
}

/* Reads, writes what is expected, and reads that to the same bytes. */
static void
reads_as(const char *text, const char *expected)
{
	ct_scorecard *a = build(text);
	ct_scorecard *b = build(expected);

	ok(a && b && same_text(a, expected) && same_text(b, expected) &&
	   a->size == b->size && memcmp(a, b, a->size) == 0, "%s", text);
	free(a);
	free(b);
}

static void
fails(const char *text, int position, const char *detail)
{
	ct_scorecard *card = build(text);

	ok(card == NULL && error.code == CT_BAD_SYNTAX &&
	   error.position == position && strstr(error.detail, detail),
	   "refused: %s", text);
	if (card == NULL && (error.position != position ||
						 !strstr(error.detail, detail)))
		printf("# at %d: %s\n", error.position, error.detail);
	free(card);
}

static void
test_texts(void)
{
	reads_as("a 1 linear(0,1)", "a 1 linear(0, 1)");
	reads_as("A 1.50 LINEAR(0,-1) DESC MISSING 0",
			 "a 1.5 linear(0, -1) desc missing zero");
	reads_as("\"A b\" 1 log(1, 10) missing skip, \"a\" 2 minmax",
			 "\"A b\" 1 log(1, 10), a 2 minmax");
	reads_as("log 5 log(1, 10), desc 1 bins(2) desc, missing 1 zscore missing 7",
			 "log 5 log(1, 10), desc 1 bins(2) desc, missing 1 zscore missing 7");
	reads_as("a 1 steps(-0:0,1:50,2.5:100)", "a 1 steps(0: 0, 1: 50, 2.5: 100)");
	reads_as("a 1 cuts(1,1,2)", "a 1 cuts(1, 1, 2)");
	reads_as("a 1 curve(1:9)", "a 1 curve(1: 9)");
	reads_as("a 1 logistic(5,-0.5)", "a 1 logistic(5, -0.5)");
	reads_as("a 1 percentile", "a 1 percentile");
	/* full-width comma, colon and parentheses */
	reads_as("\xE9\x87\x8D 2 steps\xEF\xBC\x88 1\xEF\xBC\x9A 2\xEF\xBC\x89\xEF\xBC\x8C b 1 minmax",
			 "\xE9\x87\x8D 2 steps(1: 2), b 1 minmax");
}

static void
test_refusals(void)
{
	fails("", 0, "Expected a metric, found the end");
	fails("a", 1, "Expected a weight, found the end");
	fails("a 0 minmax", 2, "A weight is");
	fails("a -1 minmax", 2, "A weight is");
	fails("a 1e10 minmax", 2, "A weight is");
	fails("a 1", 3, "Expected a scale");
	fails("a 1 linaer(0, 1)", 4, "Expected a scale, found \"linaer\"");
	fails("a 1 linear", 10, "opening parenthesis");
	fails("a 1 linear(1, 1)", 14, "must not end where it begins");
	fails("a 1 linear(1, 2", 15, "closing parenthesis");
	fails("a 1 log(0, 2)", 8, "begins and ends above 0");
	fails("a 1 log(1, -2)", 11, "begins and ends above 0");
	fails("a 1 steps()", 10, "Expected a point");
	fails("a 1 steps(1: 2, 1: 3)", 16, "above the one before");
	fails("a 1 curve(1: 101)", 13, "from 0 to 100");
	fails("a 1 cuts(2, 1)", 12, "not lie below");
	fails("a 1 logistic(1, 0)", 16, "slope must not be 0");
	fails("a 1 bins(1)", 9, "from 2 to 100");
	fails("a 1 bins(2.5)", 9, "from 2 to 100");
	fails("a 1 bins(101)", 9, "from 2 to 100");
	fails("a 1 minmax missing", 18, "\"skip\", \"zero\" or a score");
	fails("a 1 minmax missing -1", 19, "from 0 to 100");
	fails("a 1 minmax missing zero desc", 24, "a comma or the end");
	fails("a 1 minmax,", 11, "Expected a metric");
	fails("a 1 minmax, A 1 minmax", 12, "weighed already");
	fails("a 1 linear(1e999, 2)", 11, "beyond the range");
}

static void
test_limits(void)
{
	char	   *text = malloc(40 * 101 + 8 * 1001);
	char	   *out = text;
	ct_scorecard *card;

	for (int i = 0; i < 100; i++)
		out += sprintf(out, "%sm%d 1 minmax", i ? ", " : "", i);
	card = build(text);
	ok(card != NULL && card->ncriteria == 100, "100 criteria");
	free(card);
	sprintf(out, ", n 1 minmax");
	card = build(text);
	ok(card == NULL && strstr(error.detail, "at most 100"), "but not 101");

	out = text + sprintf(text, "m 1 cuts(0");

	for (int i = 1; i < 1000; i++)
		out += sprintf(out, ", %d", i);
	sprintf(out, ")");
	card = build(text);
	ok(card != NULL && ct_scorecard_npoints(card) == 1000, "1000 points");
	free(card);
	sprintf(out, ",1000)");
	card = build(text);
	ok(card == NULL && strstr(error.detail, "at most 1000"), "but not 1001");
	free(text);
}

/* The score of a figure on a scale. */
static double
score(const char *scale, double raw)
{
	char		text[200];
	ct_scorer	scorer;
	ct_scorecard *card;
	double		result;

	snprintf(text, sizeof(text), "m 1 %s", scale);
	card = build(text);
	if (card == NULL)
		return -1;
	ct_scorecard_prepare(card, &scorer);
	result = ct_scorer_score(&scorer, raw);
	free(card);
	return result;
}

static void
test_scores(void)
{
	ok(score("linear(0, 200)", 50) == 25, "linear");
	ok(score("linear(0, 200)", -1) == 0, "linear, below");
	ok(score("linear(0, 200)", 201) == 100, "linear, above");
	ok(score("linear(200, 0)", 50) == 75, "linear, less is better");
	ok(score("linear(0, 200) desc", 50) == 75, "linear desc");
	ok(score("linear(0, 3)", 1) == 33.333333333, "rounded to 9 decimals");
	ok(score("log(1, 10000)", 100) == 50, "log");
	ok(score("log(1, 10000)", 1) == 0, "log at its beginning");
	ok(score("log(1, 10000)", -5) == 0, "log below zero");
	ok(score("log(10000, 1)", 0) == 100, "log, less is better, of zero");
	ok(score("log(10000, 1)", 100) == 50, "log, less is better");
	ok(score("steps(1: 20, 5: 60)", 0.99) == 0, "below the steps");
	ok(score("steps(1: 20, 5: 60)", 1) == 20, "on a step");
	ok(score("steps(1: 20, 5: 60)", 4.99) == 20, "between steps");
	ok(score("steps(1: 20, 5: 60)", 5) == 60, "on the last step");
	ok(score("cuts(1, 2, 2, 3)", 1) == 0, "at the first cut");
	ok(score("cuts(1, 2, 2, 3)", 2) == 25, "at a double cut");
	ok(score("cuts(1, 2, 2, 3)", 2.5) == 75, "above a double cut");
	ok(score("cuts(1, 2, 2, 3)", 4) == 100, "above all cuts");
	ok(score("curve(0: 10, 10: 30, 20: 0)", -1) == 10, "before the curve");
	ok(score("curve(0: 10, 10: 30, 20: 0)", 5) == 20, "on the curve");
	ok(score("curve(0: 10, 10: 30, 20: 0)", 10) == 30, "on a point");
	ok(score("curve(0: 10, 10: 30, 20: 0)", 15) == 15, "curve falling");
	ok(score("curve(0: 10, 10: 30, 20: 0)", 25) == 0, "after the curve");
	ok(score("logistic(10, 0.5)", 10) == 50, "logistic, middle");
	ok(score("logistic(10, 0.5)", 12) == 73.105857863, "logistic");
	ok(score("logistic(10, -0.5)", 12) == 26.894142137, "logistic, falling");
}

/* Every scale over every pair of extremes and every extreme figure. */
static void
test_extremes(void)
{
	static const double x[] = {-DBL_MAX, -1e300, -1, -DBL_MIN,
		-4.9406564584124654e-324, 0, 4.9406564584124654e-324, DBL_MIN, 1,
	1.0000000000000002, 1e300, DBL_MAX};
	static const char *const forms[] = {"linear(%.17g, %.17g)",
		"log(%.17g, %.17g)", "logistic(%.17g, %.17g)", "cuts(%.17g, %.17g)",
	"curve(%.17g: 0, %.17g: 100)", "steps(%.17g: 1, %.17g: 100)"};
	int			n = sizeof(x) / sizeof(x[0]);
	bool		good = true;
	int			scored = 0;

	for (int form = 0; form < 6; form++)
		for (int i = 0; i < n * n; i++)
		{
			char		scale[100];

			snprintf(scale, sizeof(scale), forms[form], x[i / n], x[i % n]);
			for (int k = 0; k < n; k++)
			{
				double		s = score(scale, x[k]);

				if (s == -1)
					continue;	/* not a scale */
				scored++;
				if (!(s >= 0 && s <= 100 && !signbit(s)))
					good = false, printf("# %s of %g: %g\n", scale, x[k], s);
			}
		}
	ok(good && scored > 3000, "scores of extremes lie in 0..100");
	ok(score("linear(-1.7e308, 1.7e308)", 0) == 50, "a span beyond double");
	ok(score("curve(-1.7e308: 0, 1.7e308: 50)", 0) == 25, "on a curve");
	ok(score("logistic(-1.7e308, 1e-309)", 1.7e308) == 58.419052294,
	   "a distance beyond double");
	ok(score("log(1e300, 1.0000000000000005e300)", 1.0000000000000003e300) ==
	   66.666666667, "logarithms that coincide");
}

static void
test_values(void)
{
	ct_scorecard *card = build("a 0.1 linear(0, 100), b 0.2 linear(0, 100), c 0.7 linear(0, 100)");
	ct_scorer	scorers[3];
	ct_score	scores[3];
	double		eighty[] = {80, 80, 80};
	double		mixed[] = {10, 20, 30};
	bool		all[] = {true, true, true};
	bool		some[] = {true, false, true};
	bool		none[] = {false, false, false};
	double		value;

	ct_scorecard_prepare(card, scorers);
	ok(ct_scorecard_value(scorers, 3, eighty, all, &value) && value == 80,
	   "three exact 80s make 80");
	ok(ct_scorecard_value(scorers, 3, mixed, all, &value) && value == 26,
	   "the weighted mean");
	ok(ct_scorecard_value(scorers, 3, mixed, some, &value) && value == 27.5,
	   "of those that are known");
	ct_scorecard_breakdown(scorers, 3, mixed, some, scores);
	ok(!scores[1].counted && scores[0].score == 10 &&
	   fabs(scores[0].points + scores[2].points - 27.5) < 1e-9,
	   "the points make the value");
	ok(!ct_scorecard_value(scorers, 3, mixed, none, &value), "nothing known");
	free(card);

	card = build("a 1 linear(0, 100) missing 40, b 1 linear(0, 100) desc missing zero, c 2 linear(0, 100)");
	ct_scorecard_prepare(card, scorers);
	ok(ct_scorecard_value(scorers, 3, mixed, none, &value) && value == 20,
	   "missing figures that score");
	free(card);
}

/* The text of a criterion calibrated against figures. */
static bool
calibrates_to(const char *scale, const double *figures, size_t count,
			  const char *expected)
{
	static ct_scorecard_draft draft;
	static ct_point points[CT_CALIBRATED_POINTS];
	char		text[100];
	ct_scorecard *card;
	ct_population population = {NULL};
	bool		same;

	snprintf(text, sizeof(text), "m 1 %s", scale);
	card = build(text);
	ct_scorecard_draft_of(card, &draft, points);
	free(card);
	for (size_t i = 0; i < count; i++)
	{
		ct_figure	f = {CT_FIGURE_DOUBLE};

		f.as.number = figures[i];
		ct_population_add(&population, &f);
	}
	ct_population_sort(&population);
	ct_scorecard_calibrate(&draft, 0, &population);
	free(population.members);
	card = calloc(1, ct_scorecard_size(&draft));
	ct_scorecard_build(&draft, card);
	snprintf(text, sizeof(text), "m 1 %s", expected);
	same = !card->relative && same_text(card, text);
	free(card);
	return same;
}

static void
test_calibration(void)
{
	static const double figures[] = {4, 2, 10, 8, 6};
	static const double even[] = {7, 7, 7};
	static const double ties[] = {1, 1, 1, 9};
	static const double wide[] = {-1.5e308, 1.5e308};
	double		near[400];
	static const char *const scales[] = {"minmax", "zscore", "percentile",
	"bins(4)"};

	for (int i = 0; i < 400; i++)
		near[i] = i == 200 ? 3.0000000000000004 : 3;
	ok(calibrates_to("minmax desc missing 3", figures, 5,
					 "linear(2, 10) desc missing 3"), "minmax");
	ok(calibrates_to("bins(4)", figures, 5, "cuts(4, 6, 8)"), "bins");
	ok(calibrates_to("bins(2)", ties, 4, "cuts(1)"), "bins of ties");
	ok(calibrates_to("zscore", wide, 2,
					 "linear(-1.7976931348623157e+308, 1.7976931348623157e+308)"),
	   "zscore within the range of double");
	ok(calibrates_to("zscore", near, 400, "curve(3: 50)"),
	   "zscore of figures too near to tell");
	ok(calibrates_to("linear(0, 1)", figures, 5, "linear(0, 1)"),
	   "an absolute scale stays");
	for (int i = 0; i < 4; i++)
	{
		ok(calibrates_to(scales[i], even, 3, "curve(7: 50)"),
		   "%s of equal figures", scales[i]);
		ok(calibrates_to(scales[i], figures, 1, "curve(4: 50)"),
		   "%s of one figure", scales[i]);
		ok(calibrates_to(scales[i], NULL, 0, "curve(0: 50)"),
		   "%s of none", scales[i]);
	}
}

int
main(void)
{
	test_texts();
	test_refusals();
	test_limits();
	test_scores();
	test_extremes();
	test_values();
	test_calibration();
	return done_testing();
}
