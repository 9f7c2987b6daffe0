/*
 * minimize.c
 *		The method of Broyden, Fletcher, Goldfarb and Shanno.
 */
#include "core/minimize.h"

#include <math.h>
#include <string.h>

#define MOST_ITERATIONS 200
#define MOST_TRIALS 60			/* of one line search */
#define MOST_STEP 2.0			/* of a variable in an iteration, at first */
#define GOOD_NORM 1e-9			/* of the gradient: no need to go on */
#define FAIR_NORM 1e-6
#define DECREASE 1e-4			/* of Wolfe */
#define CURVATURE 0.9
#define ROUNDING 1e-14			/* of a value, relative */
#define MOST_STALLED 10			/* iterations that gain less than 100 times
								 * that */

typedef double vector[CT_MOST_VARIABLES];

typedef struct search
{
	ct_function function;
	void	   *context;
	int			count;
	double		bound;
	vector		point;
	double		value;
	vector		gradient;
	vector		inverse[CT_MOST_VARIABLES]; /* of the Hessian, about */
} search;

static double
product(const search *s, const double *a, const double *b)
{
	double		sum = 0;

	for (int i = 0; i < s->count; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Does the function fall beyond the bound at which a variable is? */
static bool
is_held(const search *s, int i)
{
	return s->gradient[i] < 0 ? s->point[i] >= s->bound :
		s->point[i] <= -s->bound;
}

static double
norm(const search *s)
{
	double		most = 0;

	for (int i = 0; i < s->count; i++)
		if (!is_held(s, i) && fabs(s->gradient[i]) > most)
			most = fabs(s->gradient[i]);
	return most;
}

/* Which variables that is so of: bits. */
static unsigned
held(const search *s)
{
	unsigned	bits = 0;

	for (int i = 0; i < s->count; i++)
		bits |= (unsigned) is_held(s, i) << i;
	return bits;
}

static void
forget_curvature(search *s)
{
	for (int i = 0; i < s->count; i++)
		for (int j = 0; j < s->count; j++)
			s->inverse[i][j] = i == j;
}

/* Where to go from here; false if that is not downwards. */
static bool
find_direction(const search *s, double *direction)
{
	double		most = 0;

	for (int i = 0; i < s->count; i++)
	{
		direction[i] = 0;
		for (int j = 0; j < s->count && !is_held(s, i); j++)
			if (!is_held(s, j))
				direction[i] -= s->inverse[i][j] * s->gradient[j];
		most = fmax(most, fabs(direction[i]));
	}
	if (most > MOST_STEP)
		for (int i = 0; i < s->count; i++)
			direction[i] *= MOST_STEP / most;
	return product(s, direction, s->gradient) < 0;
}

/*
 * Goes along a direction to a point that is lower and less steep; false if
 * there is none.
 */
static bool
search_line(search *s, const double *direction)
{
	double		low = 0;
	double		high = INFINITY;
	double		step = 1;

	for (int trial = 0; trial < MOST_TRIALS; trial++)
	{
		vector		point;
		vector		way;
		vector		gradient;
		double		value;

		for (int i = 0; i < s->count; i++)
		{
			point[i] = fmin(fmax(s->point[i] + step * direction[i], -s->bound), s->bound);
			way[i] = point[i] - s->point[i];
		}
		value = s->function(point, gradient, s->context);
		if (!(value <= s->value + DECREASE * product(s, s->gradient, way) +
			  ROUNDING * fabs(s->value)))
			high = step;
		else if (product(s, gradient, way) < CURVATURE * product(s, s->gradient, way) &&
				 trial < MOST_TRIALS - 1)
			low = step;
		else
		{
			memcpy(s->point, point, s->count * sizeof(double));
			memcpy(s->gradient, gradient, s->count * sizeof(double));
			s->value = value;
			return true;
		}
		step = isfinite(high) ? (low + high) / 2 : 2 * low;
	}
	return false;
}

/* Learns of the curvature from a step and what it changed in the gradient. */
static void
learn_curvature(search *s, const double *way, const double *change, bool first)
{
	double		curvature = product(s, way, change);
	vector		turned;			/* the inverse times the change */
	double		squared;

	if (curvature <= 1e-14 * sqrt(product(s, way, way) * product(s, change, change)))
		return;
	if (first)
		for (int i = 0; i < s->count; i++)
			s->inverse[i][i] = curvature / product(s, change, change);
	for (int i = 0; i < s->count; i++)
		turned[i] = product(s, s->inverse[i], change);
	squared = product(s, turned, change);
	for (int i = 0; i < s->count; i++)
		for (int j = 0; j < s->count; j++)
			s->inverse[i][j] += (1 + squared / curvature) * way[i] * way[j] / curvature -
				(turned[i] * way[j] + way[i] * turned[j]) / curvature;
}

void
ct_minimize(ct_function function, void *context, int count, double bound,
			ct_minimum *minimum)
{
	search		s = {function, context, count, bound};
	bool		fresh = true;	/* nothing is known of the curvature */
	int			stalled = 0;

	memcpy(s.point, minimum->point, count * sizeof(double));
	s.value = function(s.point, s.gradient, context);
	forget_curvature(&s);
	minimum->iterations = 0;
	while (minimum->iterations < MOST_ITERATIONS && stalled < MOST_STALLED &&
		   norm(&s) > GOOD_NORM)
	{
		vector		way = {0};
		vector		change = {0};
		vector		direction;
		search		before = s;

		minimum->iterations++;
		if (!find_direction(&s, direction) || !search_line(&s, direction))
		{
			if (fresh)
				break;
			forget_curvature(&s);
			fresh = true;
			continue;
		}
		for (int i = 0; i < count; i++)
		{
			way[i] = s.point[i] - before.point[i];
			change[i] = s.gradient[i] - before.gradient[i];
		}
		if (held(&s) != held(&before))
			forget_curvature(&s);
		else
			learn_curvature(&s, way, change, fresh);
		fresh = held(&s) != held(&before);
		stalled = before.value - s.value <= 100 * ROUNDING * fabs(s.value) ?
			stalled + 1 : 0;
	}
	memcpy(minimum->point, s.point, count * sizeof(double));
	minimum->value = s.value;
	minimum->gradient_norm = norm(&s);
	minimum->converged = minimum->gradient_norm <= FAIR_NORM;
	for (int i = 0; i < count; i++)
		if (fabs(s.point[i]) >= bound)
			minimum->converged = false;
}
