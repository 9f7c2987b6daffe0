/*
 * weights.h
 *		Weights of criteria: from comparing them in pairs, and from how much
 *		they tell alternatives apart.
 *
 * Matrices are stored row by row.  Weights add up to 1.
 */
#ifndef CT_WEIGHTS_H
#define CT_WEIGHTS_H

#include <stdbool.h>

#include "core/status.h"

/* The random consistency index is published for up to so many criteria. */
#define CT_AHP_MAX_CRITERIA 10

/* A comparison lies between 1 / CT_AHP_MAX_RATIO and CT_AHP_MAX_RATIO. */
#define CT_AHP_MAX_RATIO 1e9

/*
 * Saaty's eigenvector method ("The Analytic Hierarchy Process", 1980):
 * cell [i][j] of comparison says how many times as much criterion i matters
 * as criterion j.  weights[criteria] is the principal eigenvector and
 * *lambda_max its eigenvalue; *consistency_ratio = (lambda_max - n) / (n - 1)
 * / random index, 0 for one and two criteria.  Fails, naming the cell, for a
 * matrix that is not reciprocal.
 */
extern bool ct_ahp_weights(const double *comparison, int criteria,
						   double *weights, double *lambda_max,
						   double *consistency_ratio, ct_error *error);

/*
 * The entropy weight method (Shannon 1948; Zeleny 1982): the share that each
 * column has in 1 - entropy of all columns.  A column of equal figures weighs
 * nothing; when all are such, all weigh the same.  Does not depend on the
 * order of the rows.  column[rows] is room to work in.  Fails, naming the
 * cell, for a negative figure.
 */
extern bool ct_entropy_weights(const double *figures, int rows, int columns,
							   double *column, double *weights,
							   ct_error *error);

#endif							/* CT_WEIGHTS_H */
