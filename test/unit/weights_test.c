/*
 * weights_test.c
 *		Published weights, and what the methods promise of any matrix.
 */
#include <math.h>
#include <string.h>

#include "core/weights.h"
#include "random.h"
#include "unit.h"

static ct_error error;

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

static double
any_ratio(void)
{
	double		ratio = 1 + random_below(9);

	return random_below(2) ? ratio : 1 / ratio;
}

static void
test_published(void)
{
	static const double three[] = {1, 3, 5, 1. / 3, 1, 2, 1. / 5, 1. / 2, 1};
	static const double figures[] = {10, 200, 3, 20, 100, 3, 30, 400, 3, 40,
	300, 3.5};
	double		w[3];
	double		column[4];
	double		lambda,
				ratio;

	ok(ct_ahp_weights(three, 3, w, &lambda, &ratio, &error) &&
	   near(w[0], .648329013822) && near(w[1], .229650794063) &&
	   near(w[2], .122020192115), "weights of three criteria");
	ok(fabs(lambda - 3.00369459806) < 1e-11, "their eigenvalue");
	ok(near(ratio, .003184998331), "their consistency");
	ok(ct_entropy_weights(figures, 4, 3, column, w, &error) &&
	   near(w[0], .494563259084) && near(w[1], .494563259084) &&
	   near(w[2], .0108734818323), "entropy weights of four alternatives");
}

/* Consistent comparisons give back the weights that they were made of. */
static void
test_consistent(void)
{
	bool		good = true;

	for (int n = 1; n <= CT_AHP_MAX_CRITERIA; n++)
	{
		double		truth[CT_AHP_MAX_CRITERIA];
		double		a[CT_AHP_MAX_CRITERIA * CT_AHP_MAX_CRITERIA];
		double		w[CT_AHP_MAX_CRITERIA];
		double		sum = 0;
		double		lambda,
					ratio;

		for (int i = 0; i < n; i++)
			sum += truth[i] = 1 + random_below(1000);
		for (int i = 0; i < n * n; i++)
			a[i] = truth[i / n] / truth[i % n];
		good = good && ct_ahp_weights(a, n, w, &lambda, &ratio, &error) &&
			near(lambda, n) && ratio >= 0 && ratio < 1e-12;
		for (int i = 0; i < n; i++)
			good = good && near(w[i], truth[i] / sum);
	}
	ok(good, "consistent comparisons");
}

/* Any comparisons: an eigenvector, at least as large an eigenvalue as n. */
static void
test_eigenvectors(void)
{
	bool		good = true;

	for (int sample = 0; sample < 500; sample++)
	{
		int			n = 1 + random_below(CT_AHP_MAX_CRITERIA);
		double		a[CT_AHP_MAX_CRITERIA * CT_AHP_MAX_CRITERIA];
		double		w[CT_AHP_MAX_CRITERIA];
		double		sum = 0;
		double		lambda,
					ratio;

		for (int i = 0; i < n; i++)
		{
			a[i * n + i] = 1;
			for (int j = i + 1; j < n; j++)
			{
				a[i * n + j] = any_ratio();
				a[j * n + i] = 1 / a[i * n + j];
			}
		}
		good = good && ct_ahp_weights(a, n, w, &lambda, &ratio, &error) &&
			lambda > n - 1e-12 && ratio >= 0;
		for (int i = 0; i < n; i++)
		{
			double		product = 0;

			for (int j = 0; j < n; j++)
				product += a[i * n + j] * w[j];
			good = good && fabs(product - lambda * w[i]) < 1e-12 * lambda;
			sum += w[i];
		}
		good = good && near(sum, 1);
	}
	ok(good, "eigenvectors of any comparisons");
}

static void
test_refusals(void)
{
	double		a[] = {1, 3, 5, 1. / 3, 1, 2, 0.2, 0.5, 1};
	double		w[3];
	double		lambda,
				ratio;

	a[5] = 2.0001;
	ok(!ct_ahp_weights(a, 3, w, &lambda, &ratio, &error) &&
	   error.code == CT_BAD_PARAMETER &&
	   strstr(error.detail, "comparison[2][3]") &&
	   strstr(error.detail, "comparison[3][2]"), "not reciprocal");
	a[5] = 2.000009;
	ok(ct_ahp_weights(a, 3, w, &lambda, &ratio, &error), "as good as");
	a[4] = 2;
	ok(!ct_ahp_weights(a, 3, w, &lambda, &ratio, &error) &&
	   strstr(error.detail, "comparison[2][2]"), "a diagonal that is not 1");
	a[4] = 1;
	a[6] = 0;
	ok(!ct_ahp_weights(a, 3, w, &lambda, &ratio, &error) &&
	   strstr(error.detail, "comparison[3][1] is 0"), "zero");
	a[6] = -0.2;
	ok(!ct_ahp_weights(a, 3, w, &lambda, &ratio, &error) &&
	   strstr(error.detail, "comparison[3][1] is -0.2"), "negative");
}

/* Extreme contradictions end, one way or the other. */
static void
test_contradictions(void)
{
	bool		good = true;

	for (double x = 1; x < 2e9; x *= 10)
	{
		double		a[] = {1, x, 1 / x, 1 / x, 1, x / 3, x, 3 / x, 1};
		double		w[3];
		double		lambda,
					ratio;

		if (ct_ahp_weights(a, 3, w, &lambda, &ratio, &error))
			good = good && isfinite(lambda) && near(w[0] + w[1] + w[2], 1);
		else
			good = good && error.code == CT_BAD_PARAMETER;
	}
	ok(good, "contradictions");
}

static void
test_entropy(void)
{
	static const double equal[] = {1, 2, 1, 2, 1, 2};
	static const double one_tells[] = {1, 2, 1, 3, 1, 2};
	static const double zeros[] = {0, 0, 0, 5, 0, 1};
	static const double large[] = {1e308, 1e-320, 1.7e308, 2e-320};
	static const double negative[] = {1, 2, 3, -4};
	double		figures[40 * 4];
	double		turned[40 * 4];
	double		column[40];
	double		w[4];
	double		v[4];
	bool		good;

	ok(ct_entropy_weights(equal, 3, 2, column, w, &error) && w[0] == 0.5 &&
	   w[1] == 0.5, "equal columns weigh the same");
	ok(ct_entropy_weights(one_tells, 3, 2, column, w, &error) && w[0] == 0 &&
	   w[1] == 1, "a column of equal figures weighs nothing");
	ok(ct_entropy_weights(one_tells, 1, 3, column, w, &error) &&
	   w[0] == 1. / 3, "of one row");
	ok(ct_entropy_weights(zeros, 3, 2, column, w, &error) && w[0] == 0 &&
	   w[1] == 1, "zeros");
	ok(ct_entropy_weights(large, 2, 2, column, w, &error) && w[0] > 0 &&
	   near(w[0] + w[1], 1), "extremes of double");
	ok(!ct_entropy_weights(negative, 2, 2, column, w, &error) &&
	   strstr(error.detail, "figures[2][2] is -4"), "a negative figure");
	for (int i = 0; i < 40 * 4; i++)
	{
		figures[i] = random_below(1000) / 7.0;
		turned[(39 - i / 4) * 4 + i % 4] = figures[i];
	}
	good = ct_entropy_weights(figures, 40, 4, column, w, &error) &&
		ct_entropy_weights(turned, 40, 4, column, v, &error);
	ok(good && memcmp(w, v, sizeof(w)) == 0, "whatever the order of the rows");
}

int
main(void)
{
	test_published();
	test_consistent();
	test_eigenvectors();
	test_refusals();
	test_contradictions();
	test_entropy();
	return done_testing();
}
