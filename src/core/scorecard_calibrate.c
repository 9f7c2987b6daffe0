/*
 * scorecard_calibrate.c
 *		From a relative scale to an absolute one, against a population.
 *
 * Everything is computed from the sorted figures, in their order: one
 * population, one result, to the bit.
 */
#include <float.h>
#include <math.h>

#include "scorecard.h"
#include "sort.h"

/* The next point of the criterion, which owns the last points. */
static void
add_point(ct_scorecard_draft *draft, ct_criterion_draft *c, double x,
		  double score)
{
	ct_point   *point = &draft->points[draft->npoints++];

	point->x = x + 0.0;			/* no negative zero */
	point->score = score;
	c->npoints++;
}

/* Every figure scores 50. */
static void
make_even(ct_scorecard_draft *draft, ct_criterion_draft *c, double x)
{
	c->scale = CT_SCALE_CURVE;
	add_point(draft, c, x, 50);
}

static void
make_linear(ct_criterion_draft *c, double lo, double hi)
{
	c->scale = CT_SCALE_LINEAR;
	c->first = lo + 0.0;
	c->second = hi + 0.0;
}

/*
 * Adds without losing what is too small for the sum so far (Neumaier 1974).
 */
static void
add_compensated(double *sum, double *rest, double value)
{
	double		next = *sum + value;

	if (fabs(*sum) >= fabs(value))
		*rest += (*sum - next) + value;
	else
		*rest += (value - next) + *sum;
	*sum = next;
}

/*
 * Mean and sample standard deviation of at least two figures, divided by
 * 2^exponent so that neither sums nor squares leave the range of double.
 */
static void
moments(const double *sorted, size_t count, int exponent, double *mean,
		double *deviation)
{
	double		sum = 0,
				rest = 0;

	for (size_t i = 0; i < count; i++)
		add_compensated(&sum, &rest, ldexp(sorted[i], -exponent));
	*mean = (sum + rest) / (double) count;
	sum = rest = 0;
	for (size_t i = 0; i < count; i++)
	{
		double		d = ldexp(sorted[i], -exponent) - *mean;

		add_compensated(&sum, &rest, d * d);
	}
	*deviation = sqrt((sum + rest) / (double) (count - 1));
}

static double
within_range(double value)
{
	return value > DBL_MAX ? DBL_MAX : value < -DBL_MAX ? -DBL_MAX : value;
}

/*
 * linear(mean - 3 sd, mean + 3 sd).  Figures that differ by less than a
 * double of their size can tell are as good as constant.
 */
static void
calibrate_zscore(ct_scorecard_draft *draft, ct_criterion_draft *c,
				 const double *sorted, size_t count)
{
	double		largest = fmax(fabs(sorted[0]), fabs(sorted[count - 1]));
	double		mean,
				deviation,
				lo,
				hi;
	int			exponent;

	frexp(largest, &exponent);
	moments(sorted, count, exponent, &mean, &deviation);
	lo = within_range(ldexp(mean - 3 * deviation, exponent));
	hi = within_range(ldexp(mean + 3 * deviation, exponent));
	if (lo < hi)
		make_linear(c, lo, hi);
	else
		make_even(draft, c, lo);
}

/*
 * The curve through the percentiles; of equal ones one point, with the mean
 * of the first and the last score.
 */
static void
calibrate_percentile(ct_scorecard_draft *draft, ct_criterion_draft *c,
					 const double *sorted, size_t count)
{
	int			first = 0;

	c->scale = CT_SCALE_CURVE;
	while (first <= 100)
	{
		double		x = ct_sorted_quantile(sorted, count, first / 100.0);
		int			last = first;

		/* rounding may put a quantile a trifle below the one before */
		while (last < 100 &&
			   ct_sorted_quantile(sorted, count, (last + 1) / 100.0) <= x)
			last++;
		add_point(draft, c, x, (first + last) / 2.0);
		first = last + 1;
	}
}

static void
calibrate_bins(ct_scorecard_draft *draft, ct_criterion_draft *c,
			   const double *sorted, size_t count)
{
	int			bins = (int) c->first;
	double		x = sorted[0];

	c->scale = CT_SCALE_CUTS;
	c->first = 0;
	for (int i = 1; i < bins; i++)
	{
		x = fmax(x, ct_sorted_quantile(sorted, count, (double) i / bins));
		add_point(draft, c, x, 0);
	}
}

void
ct_scorecard_calibrate(ct_scorecard_draft *draft, int criterion,
					   const double *sorted, size_t count)
{
	ct_criterion_draft *c = &draft->criteria[criterion];

	if (c->scale < CT_SCALE_MINMAX)
		return;
	c->point = draft->npoints;
	c->npoints = 0;
	if (count == 0 || sorted[0] == sorted[count - 1])
	{
		c->first = 0;
		make_even(draft, c, count == 0 ? 0 : sorted[0]);
	}
	else if (c->scale == CT_SCALE_MINMAX)
		make_linear(c, sorted[0], sorted[count - 1]);
	else if (c->scale == CT_SCALE_ZSCORE)
		calibrate_zscore(draft, c, sorted, count);
	else if (c->scale == CT_SCALE_PERCENTILE)
		calibrate_percentile(draft, c, sorted, count);
	else
		calibrate_bins(draft, c, sorted, count);
}
