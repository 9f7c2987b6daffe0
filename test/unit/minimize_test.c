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

static bool
near(const double *x, const double *expected, int count)
{
	for (int i = 0; i < count; i++)
		if (!(fabs(x[i] - expected[i]) <= 1e-6))
			return false;
	return true;
}

int
main(void)
{
	ct_minimum	m = {{-1.2, 1}};

	ct_minimize(rosenbrock, NULL, 2, 100, &m);
	ok(m.converged && near(m.point, (double[]) {1, 1}, 2) && m.value < 1e-12,
	   "Rosenbrock's valley to its end: %d iterations, %d calls", m.iterations, calls);
	ok(calls < 100, "in few calls");

	m = (ct_minimum) {{-9, 9, -9, 9}};
	calls = 0;
	ct_minimize(bowl, NULL, 4, 10, &m);
	ok(m.converged && near(m.point, (double[]) {1, 2, 3, 4}, 4),
	   "a narrow bowl: %d iterations, %d calls", m.iterations, calls);
	ok(calls < 200, "in few calls");

	m = (ct_minimum) {{0, 0, 0, 0}};
	ct_minimize(bowl, NULL, 4, 2.5, &m);
	ok(!m.converged && near(m.point, (double[]) {1, 2, 2.5, 2.5}, 4),
	   "what lies beyond the bounds is looked for at them");

	m = (ct_minimum) {{0, 5}};
	calls = 0;
	ct_minimize(slope, NULL, 2, 10, &m);
	ok(!m.converged && m.point[0] == 10 && fabs(m.point[1]) < 1e-3 && calls < 300,
	   "a slope without end ends at the bound: %d calls", calls);

	m = (ct_minimum) {{0}};
	calls = 0;
	ct_minimize(cliff, NULL, 1, 10, &m);
	ok(!m.converged && m.point[0] == 0 && m.value == 0 && calls < 100,
	   "where there is no value it does not go");
	return done_testing();
}
