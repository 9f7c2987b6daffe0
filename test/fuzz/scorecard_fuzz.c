/*
 * scorecard_fuzz.c
 *		A scorecard's text: read, written, read again, calibrated and scored.
 */
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/scorecard_calibrate.h"
#include "core/scorecard_parse.h"
#include "core/scorecard_score.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

const char *const fuzz_seeds[] = {
	"revenue 35 log(1e3, 1e6), payment_score 20 linear(0, 100)",
	"a 1 linear(10, 0) desc missing zero, b .5 minmax missing 30",
	"a 1 steps(-1: 0, 1: 50, 2.5: 100), \"B\"\"b\" 2 cuts(1, 1, 2)",
	"a 1 curve(0: 10, 10: 30) missing skip, log 1 logistic(5, -0.5)",
	"a 1 zscore, b 2 percentile desc, c 3 bins(5), d 4 bins(100)",
	"\xE9\x87\x8D 2 steps\xEF\xBC\x88 1\xEF\xBC\x9A 2\xEF\xBC\x89\xEF\xBC\x8C b 1 minmax",
	"a 1 linear(-1.7e308, 1.7e308), b 1 log(5e-324, 1e308)",
	NULL
};

static const double figures[] = {-DBL_MAX, -1e10, -1, -DBL_MIN, 0, 5e-324, 1,
1, 1, 2.5, 99.99, 1e10, DBL_MAX};

#define NFIGURES (sizeof(figures) / sizeof(figures[0]))

/* The flat form of a text in memory of just its size; NULL for none. */
static ct_scorecard *
build(const char *text, size_t length)
{
	ct_scorecard_draft draft;
	ct_error	error;
	ct_point   *points = malloc(ct_scorecard_points_room((int) length) *
								sizeof(ct_point));
	ct_scorecard *card = NULL;

	if (ct_scorecard_parse(text, (int) length, true, &draft, points, &error))
	{
		card = calloc(1, ct_scorecard_size(&draft));
		ct_scorecard_build(&draft, card);
	}
	else
		REQUIRE(error.code != CT_OK && error.position >= 0 &&
				error.position <= (int) length && error.detail[0] != '\0');
	free(points);
	return card;
}

/* The canonical text must read back to the same bytes. */
static void
check_text(const ct_scorecard *card)
{
	size_t		size = ct_scorecard_text_size(card);
	char	   *text = malloc(size);
	size_t		length = ct_scorecard_text(card, text);
	ct_scorecard *again;

	REQUIRE(length < size && strlen(text) == length);
	again = build(text, length);
	REQUIRE(again != NULL && again->size == card->size);
	REQUIRE(memcmp(again, card, card->size) == 0);
	free(again);
	free(text);
}

/* The first count figures, sorted; to be freed. */
static ct_population
population_of(size_t count)
{
	ct_population p = {NULL};

	for (size_t i = 0; i < count; i++)
	{
		ct_figure	f = {CT_FIGURE_DOUBLE};

		f.as.number = figures[i];
		REQUIRE(ct_population_add(&p, &f));
	}
	ct_population_sort(&p);
	return p;
}

/* Calibrates against the first count figures. */
static ct_scorecard *
calibrate(const ct_scorecard *card, size_t count)
{
	ct_scorecard_draft draft;
	ct_point   *points = malloc((ct_scorecard_npoints(card) +
								 card->ncriteria * CT_CALIBRATED_POINTS) *
								sizeof(ct_point));
	ct_scorecard *calibrated;
	ct_population population = population_of(count);

	ct_scorecard_draft_of(card, &draft, points);
	for (int i = 0; i < card->ncriteria; i++)
		ct_scorecard_calibrate(&draft, i, &population);
	free(population.members);
	calibrated = calloc(1, ct_scorecard_size(&draft));
	ct_scorecard_build(&draft, calibrated);
	free(points);
	REQUIRE(!calibrated->relative);
	REQUIRE(card->relative || memcmp(card, calibrated, card->size) == 0);
	return calibrated;
}

static void
check_scores(const ct_scorecard *card)
{
	int			n = card->ncriteria;
	ct_scorer	scorers[CT_SCORECARD_MAX_CRITERIA];
	double		raw[CT_SCORECARD_MAX_CRITERIA];
	bool		known[CT_SCORECARD_MAX_CRITERIA];
	ct_score	scores[CT_SCORECARD_MAX_CRITERIA];

	ct_scorecard_prepare(card, scorers);
	for (size_t first = 0; first < NFIGURES; first++)
	{
		double		value = 0;
		double		points = 0;
		bool		some;

		for (int i = 0; i < n; i++)
		{
			raw[i] = figures[(first + i) % NFIGURES];
			known[i] = (first + i) % 3 > 0;
			if (known[i])
			{
				double		score = ct_scorer_score(&scorers[i], raw[i]);

				REQUIRE(score >= 0 && score <= 100);
			}
		}
		some = ct_scorecard_value(scorers, n, raw, known, &value);
		ct_scorecard_breakdown(scorers, n, raw, known, scores);
		for (int i = 0; i < n; i++)
			if (scores[i].counted)
				points += scores[i].points;
		REQUIRE(value >= 0 && value <= 100);
		REQUIRE(fabs(points - (some ? value : 0)) <= 1e-9);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ct_scorecard *card = build((const char *) data, size);

	if (card == NULL)
		return 0;
	check_text(card);
	for (size_t count = 0; count <= NFIGURES; count += count < 3 ? 1 : 5)
	{
		ct_scorecard *calibrated = calibrate(card, count);

		check_text(calibrated);
		check_scores(calibrated);
		free(calibrated);
	}
	free(card);
	return 0;
}
