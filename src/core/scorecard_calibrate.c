/*
 * scorecard_calibrate.c
 *		From a relative scale to an absolute one, against a population.
 *
 * Everything is computed from the sorted figures, in their order: one
 * population, one result, to the bit.
 */
#include <float.h>
#include <math.h>

#include "core/host.h"
#include "core/scorecard_calibrate.h"

/* Members that are read between two chances to interrupt. */
#define POLL_MEMBERS 4096

/* The next point of the criterion, which owns the last points. */
static void
add_scale_point(ct_scorecard_draft *draft, ct_criterion_draft *c, double x,
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
	add_scale_point(draft, c, x, 50);
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

/* The i-th of the sorted figures as a double. */
static double
member_double(const ct_population *sorted, size_t i)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_figure	f = ct_population_member(sorted, i, digits);

	if (i % POLL_MEMBERS == 0)
		ct_host_poll();
	return ct_figure_double(&f);
}

/*
 * Mean and sample standard deviation of at least two figures, divided by
 * 2^exponent so that neither sums nor squares leave the range of double.
 */
static void
moments(const ct_population *sorted, int exponent, double *mean,
		double *deviation)
{
	size_t		count = sorted->count;
	double		sum = 0,
				rest = 0;

	for (size_t i = 0; i < count; i++)
		add_compensated(&sum, &rest,
						ldexp(member_double(sorted, i), -exponent));
	*mean = (sum + rest) / (double) count;
	sum = rest = 0;
	for (size_t i = 0; i < count; i++)
	{
		double		d = ldexp(member_double(sorted, i), -exponent) - *mean;

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
				 const ct_population *sorted, double min, double max)
{
	double		mean,
				deviation,
				lo,
				hi;
	int			exponent;

	frexp(fmax(fabs(min), fabs(max)), &exponent);
	moments(sorted, exponent, &mean, &deviation);
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
					 const ct_population *sorted)
{
	double		x = ct_population_quantile(sorted, 0, 100);
	int			first = 0;

	c->scale = CT_SCALE_CURVE;
	for (int next = 1; next <= 101; next++)
	{
		double		y = next <= 100 ?
			ct_population_quantile(sorted, next, 100) : x;

		if (next <= 100 && y == x)
			continue;
		add_scale_point(draft, c, x, (first + next - 1) / 2.0);
		first = next;
		x = y;
	}
}

static void
calibrate_bins(ct_scorecard_draft *draft, ct_criterion_draft *c,
			   const ct_population *sorted)
{
	int			bins = (int) c->first;

	c->scale = CT_SCALE_CUTS;
	c->first = 0;
	for (int i = 1; i < bins; i++)
		add_scale_point(draft, c, ct_population_quantile(sorted, i, bins), 0);
}

void
ct_scorecard_calibrate(ct_scorecard_draft *draft, int criterion,
					   const ct_population *sorted)
{
	ct_criterion_draft *c = &draft->criteria[criterion];
	double		min = 0,
				max = 0;

	if (c->scale < CT_SCALE_MINMAX)
		return;
	c->point = draft->npoints;
	c->npoints = 0;
	if (sorted->count > 0)
	{
		min = member_double(sorted, 0);
		max = member_double(sorted, sorted->count - 1);
	}
	if (min == max)
	{
		c->first = 0;
		make_even(draft, c, min);
	}
	else if (c->scale == CT_SCALE_MINMAX)
		make_linear(c, min, max);
	else if (c->scale == CT_SCALE_ZSCORE)
		calibrate_zscore(draft, c, sorted, min, max);
	else if (c->scale == CT_SCALE_PERCENTILE)
		calibrate_percentile(draft, c, sorted);
	else
		calibrate_bins(draft, c, sorted);
}
