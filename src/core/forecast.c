/*
 * forecast.c
 *		What a fitted model expects of a customer.
 *
 * Given the orders so far, and that the customer is active, the order rate is
 * gamma(r + x, alpha + T), and the probability to leave beta(a, b + the times
 * they stayed).  How many orders would be made within t weeks if nobody ever
 * left is then negative binomial, and the next k of n are made with the
 * probability to stay k times:
 *
 *	E = sum over n of P(n) * sum over k < n of E[stay]^k
 *
 * whose terms are all positive, and which knows no exception: the usual form,
 * by the hypergeometric function of Gauss, divides by a - 1.  Where the series
 * would be long, the same is integrated over the probability to leave:
 *
 *	E = E over p of (1 - (1 + p t / rate)^-shape) / p
 */
#include "core/forecast.h"

#include <math.h>

#define WEEK 604800e6			/* microseconds */

bool
ct_history_of_orders(const ct_order_digest *digest, int64_t as_of,
					 ct_history *history)
{
	if (digest->orders == 0)
		return false;
	history->repeats = digest->orders - 1;
	history->recency = (uint64_t) digest->last_at - (uint64_t) digest->first_at;
	history->age = (uint64_t) as_of - (uint64_t) digest->first_at;
	history->spent = (double) (digest->gross - digest->first_amount) / CT_FIXED_ONE;
	return true;
}

/* What is known of a customer who is active. */
typedef struct active_customer
{
	double		shape;			/* of the order rate */
	double		rate;
	double		a;				/* of the probability to leave */
	double		b;
} active_customer;

static active_customer
active_customer_of(const ct_forecast *forecast, const ct_history *history)
{
	double		stayed = (double) history->repeats + (forecast->model == CT_MBG_NBD);

	return (active_customer)
	{
		forecast->r + (double) history->repeats,
			forecast->alpha + (double) history->age / WEEK,
			forecast->a, forecast->b + stayed
	};
}

double
ct_probability_active(const ct_forecast *forecast, const ct_history *history)
{
	active_customer c = active_customer_of(forecast, history);
	double		silence = (double) (history->age - history->recency) / WEEK;
	double		active = forecast->alpha + (double) history->recency / WEEK;
	double		odds;			/* of having left, their logarithm */

	if (history->repeats == 0 && forecast->model == CT_BG_NBD)
		return 1;
	odds = log(c.a / (c.b - 1)) + c.shape * log1p(silence / active);
	return odds > 0 ? exp(-odds) / (1 + exp(-odds)) : 1 / (1 + exp(odds));
}

/* Ten nodes of Gauss and Legendre for the interval from -1 to 1, and weights. */
#define NODES 10

static const double node[NODES] = {
	-0.9739065285171717, -0.8650633666889845, -0.6794095682990244,
	-0.4333953941292472, -0.1488743389816312, 0.1488743389816312,
	0.4333953941292472, 0.6794095682990244, 0.8650633666889845,
	0.9739065285171717
};
static const double weight[NODES] = {
	0.0666713443086881, 0.1494513491505806, 0.2190863625159820,
	0.2692667193099963, 0.2955242247147529, 0.2955242247147529,
	0.2692667193099963, 0.2190863625159820, 0.1494513491505806,
	0.0666713443086881
};

#define MOST_TERMS 5000
#define PRECISION 1e-12

/*
 * Orders expected of active customers within each of some times, at most
 * NODES, the last of them the longest, by the series; false where that would
 * be too long.
 */
static bool
expect_by_series(const active_customer *c, int count, const double *times,
				 double *expected)
{
	const int	last = count - 1;
	double		term[NODES];	/* P(n) */
	double		next[NODES];	/* P(n + 1) / P(n), without what depends on n */
	double		stay = 1;		/* n times */
	double		made = 0;		/* of n orders */

	if (c->shape * log1p(times[last] / c->rate) > 700)
		return false;
	for (int i = 0; i < count; i++)
	{
		term[i] = exp(-c->shape * log1p(times[i] / c->rate));
		next[i] = times[i] / (c->rate + times[i]);
		expected[i] = 0;
	}
	for (int n = 0; n < MOST_TERMS; n++)
	{
		double		growth = (c->shape + n) / (n + 1);

		made += stay;
		stay *= (c->b + n) / (c->a + c->b + n);
		for (int i = 0; i < count; i++)
		{
			term[i] *= next[i] * growth;
			expected[i] += term[i] * made;
		}
		/* what is left is less than a geometric series */
		growth = next[last] * (growth > 1 ? growth : 1) * (1 + stay / made);
		if (growth < 1 &&
			term[last] * made <= PRECISION * (1 - growth) * expected[last])
			return true;
	}
	return false;
}

/* (1 - (1 + p t / rate)^-shape) / p */
static double
expect_of_leaver(const active_customer *c, double p, double time)
{
	return -expm1(-c->shape * log1p(p * time / c->rate)) / p;
}

/*
 * The same by integration over the log odds of leaving, u.  Where p, or 1 - p,
 * is so small that its power is all that is left of the density, up to a
 * relative error of 10^-10, that is integrated at once.
 */
static void
expect_by_integration(const active_customer *c, int count, const double *times,
					  double *expected)
{
	const double longest = times[count - 1];
	double		peak = log(c->a / c->b);
	double		spread = sqrt(1 / c->a + 1 / c->b);
	double		least = log(1e-10 / (1 + c->b + (c->shape + 1) * longest / c->rate));
	double		most = -log(1e-10 / (1 + c->a));
	double		low = fmax(peak - 40 * spread, fmin(least, peak));
	double		high = fmin(peak + 40 * spread, fmax(most, peak));
	int			panels = (int) ceil((high - low) / fmin(spread, 1));
	double		half = (high - low) / panels / 2;
	double		density = c->a * -log1p(exp(-peak)) - c->b * log1p(exp(peak));
	double		whole = 0;

	for (int i = 0; i < count; i++)
		expected[i] = 0;
	for (int j = -1; j <= panels * NODES; j++)
	{
		bool		below = j < 0;
		bool		above = j == panels * NODES;
		int			middle = 2 * (j / NODES) + 1;
		double		u = below ? low : above ? high :
			low + half * (middle + node[j % NODES]);
		double		part = exp(-c->a * log1p(exp(-u)) - c->b * log1p(exp(u)) - density) *
			(below ? 1 / c->a : above ? 1 / c->b : half * weight[j % NODES]);
		double		p = 1 / (1 + exp(-u));

		whole += part;
		for (int i = 0; i < count; i++)
			expected[i] += part * expect_of_leaver(c, p, times[i]);
	}
	for (int i = 0; i < count; i++)
		expected[i] /= whole;
}

static void
expect(const active_customer *c, int count, const double *times, double *expected)
{
	if (!expect_by_series(c, count, times, expected))
		expect_by_integration(c, count, times, expected);
}

/*
 * The integral of exp(-discount t) E(t) from 0 to a time, over log(1 + t /
 * scale), where both are smooth: scale is how soon customers order or leave,
 * or money loses its value.
 */
static double
integrate_discounted(const active_customer *c, double time, double discount)
{
	double		scale = fmin(c->rate / (1 + c->shape * c->a / (c->a + c->b)), 1 / discount);
	double		range = log1p(time / scale);
	int			panels = (int) ceil(range / 1.5);
	double		half = range / panels / 2;
	double		result = 0;

	for (int panel = 0; panel < panels; panel++)
	{
		double		times[NODES];
		double		expected[NODES];

		for (int i = 0; i < NODES; i++)
			times[i] = scale * expm1(half * (2 * panel + 1 + node[i]));
		expect(c, NODES, times, expected);
		for (int i = 0; i < NODES; i++)
			result += half * weight[i] * (scale + times[i]) *
				exp(-discount * times[i]) * expected[i];
	}
	return result;
}

double
ct_expected_orders(const ct_forecast *forecast, const ct_history *history,
				   double weeks, double discount)
{
	active_customer c = active_customer_of(forecast, history);
	double		expected;

	if (weeks <= 0)
		return 0;
	expect(&c, 1, &weeks, &expected);
	if (discount > 0)
		expected = exp(-discount * weeks) * expected +
			discount * integrate_discounted(&c, weeks, discount);
	return ct_probability_active(forecast, history) * expected;
}

bool
ct_expected_order_value(const ct_forecast *forecast, const ct_history *history,
						double *value)
{
	double		divisor = forecast->p * (double) history->repeats + forecast->q - 1;

	if (!forecast->has_value || divisor <= 0)
		return false;
	*value = forecast->p * (forecast->v + history->spent) / divisor;
	return true;
}
