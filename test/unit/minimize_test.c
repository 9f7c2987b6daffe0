/*
 * minimize_test.c
 *		Functions whose least value is known.
 */
#include <math.h>

#include "core/minimize.h"
#include "unit.h"

static int	calls;

/* Rosenbrock (1960): 0 at (1, 1), at the end of a bent valley. */
static double
rosenbrock(const double *x, double *gradient, void *context)
{
	double		bend = x[1] - x[0] * x[0];

	calls++;
	gradient[0] = -400 * x[0] * bend - 2 * (1 - x[0]);
	gradient[1] = 200 * bend;
	return 100 * bend * bend + (1 - x[0]) * (1 - x[0]);
}

/* A long, narrow bowl around (1, 2, 3, 4), or as far as the bounds allow. */
static double
bowl(const double *x, double *gradient, void *context)
{
	double		value = 0;

	calls++;
	for (int i = 0; i < 4; i++)
	{
		double		steep = pow(100, i);

		gradient[i] = steep * (x[i] - (i + 1));
		value += gradient[i] * (x[i] - (i + 1)) / 2;
	}
	return value;
}

/* Falls for ever. */
static double
slope(const double *x, double *gradient, void *context)
{
	calls++;
	gradient[0] = -exp(-x[0]);
	gradient[1] = x[1];
	return exp(-x[0]) + x[1] * x[1] / 2;
}

/* No value but 0 where it begins. */
static double
cliff(const double *x, double *gradient, void *context)
{
	calls++;
	gradient[0] = 1;
	return x[0] == 0 ? 0 : NAN;
}

/* A point, say where a search begins. */
static ct_minimum
at(double a, double b, double c, double d)
{
	ct_minimum	m = {{a, b, c, d}};

	return m;
}

static ct_minimum
minimum(ct_function function, ct_minimum m, int count, double bound)
{
	calls = 0;
	ct_minimize(function, NULL, count, bound, &m);
	return m;
}

static bool
near(ct_minimum m, ct_minimum expected)
{
	for (int i = 0; i < 4; i++)
		if (!(fabs(m.point[i] - expected.point[i]) <= 1e-6))
			return false;
	return true;
}

int
main(void)
{
	ct_minimum	m;

	m = minimum(rosenbrock, at(-1.2, 1, 0, 0), 2, 100);
	ok(m.converged && near(m, at(1, 1, 0, 0)) && m.value < 1e-12,
	   "Rosenbrock's valley to its end: %d iterations, %d calls", m.iterations, calls);
	ok(calls < 100, "in few calls");

	m = minimum(bowl, at(-9, 9, -9, 9), 4, 10);
	ok(m.converged && near(m, at(1, 2, 3, 4)),
	   "a narrow bowl: %d iterations, %d calls", m.iterations, calls);
	ok(calls < 200, "in few calls");

	m = minimum(bowl, at(0, 0, 0, 0), 4, 2.5);
	ok(!m.converged && near(m, at(1, 2, 2.5, 2.5)),
	   "what lies beyond the bounds is looked for at them");

	m = minimum(slope, at(0, 5, 0, 0), 2, 10);
	ok(!m.converged && m.point[0] == 10 && fabs(m.point[1]) < 1e-3 && calls < 300,
	   "a slope without end ends at the bound: %d calls", calls);

	m = minimum(cliff, at(0, 0, 0, 0), 1, 10);
	ok(!m.converged && m.point[0] == 0 && m.value == 0 && calls < 100,
	   "where there is no value it does not go");
	return done_testing();
}
