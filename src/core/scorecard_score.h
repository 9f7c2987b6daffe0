/*
 * scorecard_score.h
 *		From figures to scores, and from scores to a value.
 */
#ifndef CT_SCORECARD_SCORE_H
#define CT_SCORECARD_SCORE_H

#include "core/scorecard.h"

/*
 * A criterion of an absolute scorecard, made ready once to score many rows;
 * points into the scorecard.
 */
typedef struct ct_scorer
{
	double		weight;
	int			scale;			/* ct_scale */
	bool		descending;
	bool		skipped;
	double		missing;
	double		first;
	double		second;
	double		shrink;			/* what keeps differences finite, or 1 */
	double		origin;			/* where the scale begins: lo or ln(lo) */
	double		span;			/* hi - lo or ln(hi) - ln(lo) */
	int			npoints;
	const ct_point *points;
} ct_scorer;

typedef struct ct_score
{
	bool		counted;		/* false: left out, the rest is undefined */
	double		score;			/* 0..100 */
	double		points;			/* its part of the value */
} ct_score;

/* Fills scorers[ncriteria]. */
extern void ct_scorecard_prepare(const ct_scorecard *card,
								 ct_scorer *scorers);

/* The score 0..100 of a finite figure, rounded to 9 decimals. */
extern double ct_scorer_score(const ct_scorer *scorer, double raw);

/*
 * The weighted value 0..100, rounded to 9 decimals, of the figures that are
 * known; false when nothing counts.
 */
extern bool ct_scorecard_value(const ct_scorer *scorers, int count,
							   const double *raw, const bool *known,
							   double *value);

/* How the value comes about: scores[count]. */
extern void ct_scorecard_breakdown(const ct_scorer *scorers, int count,
								   const double *raw, const bool *known,
								   ct_score *scores);

#endif							/* CT_SCORECARD_SCORE_H */
