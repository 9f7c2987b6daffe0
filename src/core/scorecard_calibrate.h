/*
 * scorecard_calibrate.h
 *		From relative scales to absolute ones, against a population.
 */
#ifndef CT_SCORECARD_CALIBRATE_H
#define CT_SCORECARD_CALIBRATE_H

#include "core/population.h"
#include "core/scorecard.h"

/* The points that calibrating one criterion can add. */
#define CT_CALIBRATED_POINTS 101

/*
 * Makes a criterion of a relative scale absolute against a population, which
 * is sorted.  Adds at most CT_CALIBRATED_POINTS points to the draft's.  A scale
 * that is absolute is left alone.
 */
extern void ct_scorecard_calibrate(ct_scorecard_draft *draft, int criterion,
								   const ct_population *sorted);

#endif							/* CT_SCORECARD_CALIBRATE_H */
