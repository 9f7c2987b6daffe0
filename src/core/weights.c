/*
 * weights.c
 *		Weights of criteria by Saaty's and by Shannon's methods.
 */
#include "c.h"

#include <float.h>
#include <math.h>

#include "core/host.h"
#include "core/weights.h"

#define CHECK_FOR_INTERRUPTS() ct_host_poll()

#define ST_SORT sort_doubles
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * How far a[i][j] * a[j][i] may be from 1: enough for ratios up to 9 written
 * with six decimal places.
 */
#define RECIPROCAL_TOLERANCE 5e-6

/* The iteration takes long where comparisons contradict each other a lot. */
#define MAX_ITERATIONS 100000

#define CELL_HINT \
	"The cell [i][j] says how many times as much criterion i matters as criterion j: 3 in [1][2] needs 1/3 in [2][1]."

/* Saaty (1980): the mean consistency index of random matrices. */
static const double random_index[CT_AHP_MAX_CRITERIA + 1] = {
	0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49
};

static bool
bad_cell(ct_error *error, const char *message)
{
	ct_fail_message(error, "%s", message);
	return ct_fail_hint(error, CELL_HINT);
}

static bool
check_comparison(const double *a, int n, ct_error *error)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			double		ratio = a[i * n + j];
			double		reverse = a[j * n + i];

			if (!(ratio >= 1 / CT_AHP_MAX_RATIO && ratio <= CT_AHP_MAX_RATIO))
			{
				ct_fail(error, CT_BAD_PARAMETER, -1,
						"comparison[%d][%d] is %.17g; a comparison is a number from 0.000000001 to 1000000000.",
						i + 1, j + 1, ratio);
				return bad_cell(error, "comparison is out of range");
			}
			/* the other one of a pair is known to be in range */
			if (j > i || fabs(ratio * reverse - 1) <= RECIPROCAL_TOLERANCE)
				continue;
			if (i == j)
				ct_fail(error, CT_BAD_PARAMETER, -1,
						"comparison[%d][%d] is %g; a criterion matters 1 times as much as itself.",
						i + 1, i + 1, ratio);
			else
				ct_fail(error, CT_BAD_PARAMETER, -1,
						"comparison[%d][%d] is %g, so comparison[%d][%d] must be %g, not %g.",
						j + 1, i + 1, reverse, i + 1, j + 1, 1 / reverse, ratio);
			return bad_cell(error, "comparison matrix is not reciprocal");
		}
	return true;
}

/* Makes the weights add up to 1; returns what they added up to. */
static double
normalise(double *weights, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += weights[i];
	for (int i = 0; i < n; i++)
		weights[i] /= sum;
	return sum;
}

/*
 * One step of the power iteration; returns the eigenvalue of weights that
 * add up to 1.  *change is the largest relative change of a weight.
 */
static double
iterate(const double *a, int n, double *weights, double *change)
{
	double		next[CT_AHP_MAX_CRITERIA];
	double		lambda;

	for (int i = 0; i < n; i++)
	{
		next[i] = 0;
		for (int j = 0; j < n; j++)
			next[i] += a[i * n + j] * weights[j];
	}
	lambda = normalise(next, n);
	*change = 0;
	for (int i = 0; i < n; i++)
		*change = fmax(*change, fabs(next[i] / weights[i] - 1));
	memcpy(weights, next, n * sizeof(double));
	return lambda;
}

/*
 * Starts with the geometric means of the rows, which are the eigenvector
 * already when the comparisons are consistent.
 */
bool
ct_ahp_weights(const double *comparison, int criteria, double *weights,
			   double *lambda_max, double *consistency_ratio,
			   ct_error *error)
{
	int			n = criteria;
	double		change = 1;

	if (!check_comparison(comparison, n, error))
		return false;
	for (int i = 0; i < n; i++)
	{
		double		logs = 0;

		for (int j = 0; j < n; j++)
			logs += log(comparison[i * n + j]);
		weights[i] = exp(logs / n);
	}
	normalise(weights, n);
	for (int i = 0; change > 4 * n * DBL_EPSILON; i++)
	{
		if (i == MAX_ITERATIONS)
		{
			ct_fail(error, CT_BAD_PARAMETER, -1,
					"The comparisons contradict each other too much.");
			ct_fail_message(error, "weights of the comparison matrix do not converge");
			return ct_fail_hint(error,
								"If a matters 3 times as much as b and b 2 times as much as c, a should matter about 6 times as much as c.");
		}
		*lambda_max = iterate(comparison, n, weights, &change);
	}
	*consistency_ratio = 0;
	if (n > 2 && *lambda_max > n)
		*consistency_ratio = (*lambda_max - n) / (n - 1) / random_index[n];
	return true;
}

/*
 * 1 - entropy / ln(rows) of figures that are sorted, not negative and not all
 * equal.  With u a figure divided by the mean, that is
 * sum(u ln u - u + 1) / (rows ln(rows)), a sum without negative terms.
 */
static double
divergence(const double *sorted, int rows)
{
	double		largest = sorted[rows - 1];
	double		mean = 0;
	double		sum = 0;

	for (int i = 0; i < rows; i++)
		mean += sorted[i] / largest;
	mean /= rows;
	for (int i = 0; i < rows; i++)
	{
		double		u = sorted[i] / largest / mean;

		sum += u > 0 ? fmax(u * log(u) - u + 1, 0) : 1;
	}
	return sum / (rows * log(rows));
}

bool
ct_entropy_weights(const double *figures, int rows, int columns,
				   double *column, double *weights, ct_error *error)
{
	double		total = 0;

	for (int j = 0; j < columns; j++)
	{
		ct_host_poll();
		for (int i = 0; i < rows; i++)
		{
			column[i] = figures[(size_t) i * columns + j];
			if (column[i] >= 0)
				continue;
			ct_fail(error, CT_BAD_PARAMETER, -1, "figures[%d][%d] is %.17g.",
					i + 1, j + 1, column[i]);
			ct_fail_message(error, "figure is negative");
			return ct_fail_hint(error,
								"Entropy is that of shares, which are not negative: rescale the column first.");
		}
		sort_doubles(column, rows);
		weights[j] = column[0] == column[rows - 1] ? 0 :
			divergence(column, rows);
		total += weights[j];
	}
	for (int j = 0; j < columns; j++)
		weights[j] = total > 0 ? weights[j] / total : 1.0 / columns;
	return true;
}
