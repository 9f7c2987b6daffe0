/*
 * scorecard_score.c
 *		From a raw figure to a score, and from scores to a value.
 *
 * Figures and scales are any finite doubles; differences of them may not be.
 * Where they are not, everything is scaled down by a power of two first.
 * Nothing here yields NaN.
 */
#include <math.h>

#include "core/scorecard_score.h"

/* Differences beyond this are taken of numbers scaled down by SHRINK. */
#define LARGE_SPAN 1e300
#define SHRINK 0x1p-16

/* To 9 decimals, so that three exact 80s make 80; never a negative zero. */
static double
rounded(double score)
{
	return rint(score * 1e9) / 1e9 + 0.0;
}

static void
prepare_scale(ct_scorer *s)
{
	s->shrink = fabs(s->second - s->first) > LARGE_SPAN ? SHRINK : 1;
	s->origin = s->first * s->shrink;
	s->span = s->second * s->shrink - s->origin;
	if (s->scale == CT_SCALE_LOG)
	{
		double		origin = log(s->first);
		double		span = log(s->second) - origin;

		/* an interval so narrow that its logarithms coincide is straight */
		if (span == 0)
			s->scale = CT_SCALE_LINEAR;
		else
		{
			s->origin = origin;
			s->span = span;
		}
	}
}

void
ct_scorecard_prepare(const ct_scorecard *card, ct_scorer *scorers)
{
	const ct_criterion *c = ct_scorecard_criteria(card);

	for (int i = 0; i < card->ncriteria; i++, c++)
	{
		ct_scorer  *s = &scorers[i];

		s->weight = c->weight;
		s->scale = c->scale;
		s->descending = c->descending;
		s->skipped = c->skipped;
		s->missing = c->missing;
		s->first = c->first;
		s->second = c->second;
		s->npoints = c->npoints;
		s->points = ct_criterion_points(card, c);
		prepare_scale(s);
	}
}

/* The points whose x is at most raw or, strictly, below it. */
static int
points_below(const ct_scorer *s, double raw, bool strictly)
{
	int			low = 0;
	int			high = s->npoints;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		double		x = s->points[middle].x;

		if (x < raw || (x == raw && !strictly))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* 0 at first and beyond, 100 at second and beyond, straight in between. */
static double
range_score(const ct_scorer *s, double raw)
{
	bool		rising = s->first < s->second;

	if (rising ? raw <= s->first : raw >= s->first)
		return 0;
	if (rising ? raw >= s->second : raw <= s->second)
		return 100;
	if (s->scale == CT_SCALE_LOG)
		return 100 * (log(raw) - s->origin) / s->span;
	return 100 * (raw * s->shrink - s->origin) / s->span;
}

static double
curve_score(const ct_scorer *s, double raw)
{
	int			below = points_below(s, raw, false);
	const ct_point *a;
	const ct_point *b;
	double		shrink;

	if (below == 0)
		return s->points[0].score;
	a = &s->points[below - 1];
	if (below == s->npoints)
		return a->score;
	b = &s->points[below];
	shrink = b->x - a->x > LARGE_SPAN ? SHRINK : 1;
	return a->score + (b->score - a->score) *
		((raw * shrink - a->x * shrink) / (b->x * shrink - a->x * shrink));
}

static double
logistic_score(const ct_scorer *s, double raw)
{
	double		distance = raw - s->first;

	if (isfinite(distance))
		return 100 / (1 + exp(-s->second * distance));
	return 100 / (1 + exp(-s->second * (raw / 2 - s->first / 2) * 2));
}

static double
raw_score(const ct_scorer *s, double raw)
{
	int			below;

	switch ((ct_scale) s->scale)
	{
		case CT_SCALE_LINEAR:
		case CT_SCALE_LOG:
			return range_score(s, raw);
		case CT_SCALE_STEPS:
			below = points_below(s, raw, false);
			return below == 0 ? 0 : s->points[below - 1].score;
		case CT_SCALE_CUTS:
			return 100.0 * points_below(s, raw, true) / s->npoints;
		case CT_SCALE_CURVE:
			return curve_score(s, raw);
		case CT_SCALE_LOGISTIC:
			return logistic_score(s, raw);
		case CT_SCALE_MINMAX:
		case CT_SCALE_ZSCORE:
		case CT_SCALE_PERCENTILE:
		case CT_SCALE_BINS:
			break;				/* relative: not for a scorer */
	}
	return 0;
}

double
ct_scorer_score(const ct_scorer *scorer, double raw)
{
	double		score = raw_score(scorer, raw);

	return rounded(scorer->descending ? 100 - score : score);
}

/* The score of a figure that may be missing; false when it is left out. */
static inline bool
score_of(const ct_scorer *scorer, double raw, bool known, double *score)
{
	if (known)
		*score = ct_scorer_score(scorer, raw);
	else
		*score = rounded(scorer->missing);
	return known || !scorer->skipped;
}

bool
ct_scorecard_value(const ct_scorer *scorers, int count, const double *raw,
				   const bool *known, double *value)
{
	double		points = 0;
	double		weights = 0;

	for (int i = 0; i < count; i++)
	{
		double		score;

		if (!score_of(&scorers[i], raw[i], known[i], &score))
			continue;
		points += scorers[i].weight * score;
		weights += scorers[i].weight;
	}
	if (weights == 0)
		return false;
	*value = rounded(points / weights);
	return true;
}

void
ct_scorecard_breakdown(const ct_scorer *scorers, int count,
					   const double *raw, const bool *known, ct_score *scores)
{
	double		weights = 0;

	for (int i = 0; i < count; i++)
	{
		scores[i].counted = score_of(&scorers[i], raw[i], known[i],
									 &scores[i].score);
		if (scores[i].counted)
			weights += scorers[i].weight;
	}
	for (int i = 0; i < count; i++)
		if (scores[i].counted)
			scores[i].points = scorers[i].weight * scores[i].score / weights;
}
