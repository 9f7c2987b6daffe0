/*
 * forecast_fit.c
 *		Maximum likelihood of BG/NBD, MBG/NBD and gamma-gamma.
 *
 * The optimizer works on logarithms of the parameters, in units in which times
 * and amounts are about 1, and on the mean over customers.
 */
#include "c.h"

#include <math.h>
#include <string.h>

#include "core/forecast_fit.h"
#include "core/host.h"
#include "core/minimize.h"

#define WEEK 604800e6			/* microseconds */

/* Of the logarithms of scaled parameters: from 10^-6 to 10^6. */
#define BOUND 13.815510557964274

/* Histories that are read between two chances to interrupt. */
#define POLL_ITEMS 16384

typedef enum order_parameter
{
	R, ALPHA, A, B, ORDER_PARAMETERS
} order_parameter;

typedef enum value_parameter
{
	P, Q, V, VALUE_PARAMETERS
} value_parameter;

/* Customers of one history, in the units of the optimizer. */
typedef struct sample
{
	double		repeats;
	double		recency;
	double		age;
	double		spent;			/* on all repeat orders */
	double		weight;
} sample;

typedef struct sample_set
{
	sample	   *samples;		/* those of as many repeat orders together */
	size_t		count;
	double		customers;		/* sum of the weights */
	int			stayed_first;	/* after the first order: 1, or 0 if nobody
								 * leaves then */
} sample_set;

void
ct_histories_add(ct_histories *histories, const ct_history *history)
{
	histories->members = ct_reserve(histories->context, histories->members,
									&histories->room, histories->count + 1,
									sizeof(ct_history));
	histories->members[histories->count++] = *history;
}

/*
 * Orders of histories.
 */
typedef struct history_sort
{
	bool		by_value;		/* repeats, spent; else repeats, recency, age */
	unsigned	compared;
} history_sort;

static int
compare_histories(const ct_history *a, const ct_history *b, bool by_value)
{
	if (a->repeats != b->repeats)
		return a->repeats < b->repeats ? -1 : 1;
	if (by_value)
		return (a->spent > b->spent) - (a->spent < b->spent);
	if (a->recency != b->recency)
		return a->recency < b->recency ? -1 : 1;
	return (a->age > b->age) - (a->age < b->age);
}

static int
compare_polling(const ct_history *a, const ct_history *b, history_sort *sort)
{
	if (++sort->compared % POLL_ITEMS == 0)
		ct_host_poll();
	return compare_histories(a, b, sort->by_value);
}

#define ST_SORT sort_histories
#define ST_ELEMENT_TYPE ct_history
#define ST_COMPARE(a, b, sort) compare_polling(a, b, sort)
#define ST_COMPARE_ARG_TYPE history_sort
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * One sample for each distinct history, or, by_value, for each way to have
 * spent something on repeat orders, in weeks and the unit of the amounts.
 */
static void
make_samples(ct_histories *histories, bool by_value, sample_set *set)
{
	history_sort sort = {by_value, 0};
	const ct_history *last = NULL;

	sort_histories(histories->members, histories->count, &sort);
	set->count = 0;
	set->customers = 0;
	for (size_t i = 0; i < histories->count; i++)
	{
		const ct_history *h = &histories->members[i];

		if (i % POLL_ITEMS == 0)
			ct_host_poll();
		if (by_value && (h->repeats == 0 || h->spent <= 0))
			continue;
		if (last == NULL || compare_histories(last, h, by_value) != 0)
		{
			sample	   *s = &set->samples[set->count++];

			s->repeats = (double) h->repeats;
			s->recency = (double) h->recency / WEEK;
			s->age = (double) h->age / WEEK;
			s->spent = h->spent;
			s->weight = 0;
			last = h;
		}
		set->samples[set->count - 1].weight++;
		set->customers++;
	}
}

/* Abramowitz and Stegun 6.3.18, from where x is large enough. */
double
ct_digamma(double x)
{
	static const double series[] = {
		-1.0 / 12, 691.0 / 32760, -1.0 / 132, 1.0 / 240, -1.0 / 252, 1.0 / 120,
		-1.0 / 12
	};
	double		shift = 0;
	double		sum = 0;

	for (; x < 10; x++)
		shift -= 1 / x;
	for (int i = 0; i < 7; i++)
		sum = (sum + series[i]) / (x * x);
	return shift + log(x) - 0.5 / x + sum;
}

static inline double
log_gamma(double x)
{
	int			sign;

	return lgamma_r(x, &sign);
}

/* From parameters' derivatives, summed up, to those of what is minimized. */
static double
minimized(const sample_set *set, const double *parameters, int count,
		  double likelihood, double *gradient)
{
	for (int i = 0; i < count; i++)
		gradient[i] *= -parameters[i] / set->customers;
	return -likelihood / set->customers;
}

/*
 * What of the log-likelihood of a history depends on its number of repeat
 * orders alone, and its derivatives.
 */
static double
add_gammas_of_orders(const sample_set *set, const double *of, double repeats,
					 double *gradient)
{
	double		stayed = repeats + set->stayed_first;
	double		both = ct_digamma(of[A] + of[B]) - ct_digamma(of[A] + of[B] + stayed);

	gradient[R] = ct_digamma(of[R] + repeats) - ct_digamma(of[R]) + log(of[ALPHA]);
	gradient[ALPHA] = of[R] / of[ALPHA];
	gradient[A] = both;
	gradient[B] = both + ct_digamma(of[B] + stayed) - ct_digamma(of[B]);
	return log_gamma(of[R] + repeats) - log_gamma(of[R]) + of[R] * log(of[ALPHA]) +
		log_gamma(of[A] + of[B]) - log_gamma(of[A] + of[B] + stayed) +
		log_gamma(of[B] + stayed) - log_gamma(of[B]);
}

/*
 * Fader, Hardie and Lee 2005, equation 6, with x + 1 for x in what regards
 * leaving where customers may leave after the first order.
 */
static double
order_likelihood(const double *logarithms, double *gradient, void *context)
{
	const sample_set *set = context;
	double		of[ORDER_PARAMETERS];
	double		shared[ORDER_PARAMETERS] = {0};
	double		likelihood = 0;
	double		gammas = 0;

	for (int i = 0; i < ORDER_PARAMETERS; i++)
	{
		of[i] = exp(logarithms[i]);
		gradient[i] = 0;
	}
	for (size_t i = 0; i < set->count; i++)
	{
		const sample *s = &set->samples[i];
		double		shape = of[R] + s->repeats;
		double		stayed = s->repeats + set->stayed_first;
		double		rate = of[ALPHA] + s->age;
		double		early = of[ALPHA] + s->recency;
		double		silence = log1p((s->age - s->recency) / early);
		double		left = 0;	/* the probability */
		double		more = 0;	/* log-likelihood of having left or not */

		if (i % POLL_ITEMS == 0)
			ct_host_poll();
		if (i == 0 || s->repeats != s[-1].repeats)
			gammas = add_gammas_of_orders(set, of, s->repeats, shared);
		if (stayed > 0)
		{
			double		odds = log(of[A] / (of[B] + stayed - 1)) + shape * silence;

			more = odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds));
			left = exp(odds - more);
			gradient[A] += s->weight * left / of[A];
			gradient[B] -= s->weight * left / (of[B] + stayed - 1);
		}
		likelihood += s->weight * (gammas - shape * log(rate) + more);
		gradient[R] += s->weight * (shared[R] - log(rate) + left * silence);
		gradient[ALPHA] += s->weight *
			(shared[ALPHA] - shape * ((1 - left) / rate + left / early));
		gradient[A] += s->weight * shared[A];
		gradient[B] += s->weight * shared[B];
	}
	return minimized(set, of, ORDER_PARAMETERS, likelihood, gradient);
}

/* Fader and Hardie 2013, equation 1a. */
static double
value_likelihood(const double *logarithms, double *gradient, void *context)
{
	const sample_set *set = context;
	double		of[VALUE_PARAMETERS];
	double		gammas = 0;
	double		gammas_p = 0;
	double		gammas_q = 0;
	double		likelihood = 0;

	for (int i = 0; i < VALUE_PARAMETERS; i++)
	{
		of[i] = exp(logarithms[i]);
		gradient[i] = 0;
	}
	for (size_t i = 0; i < set->count; i++)
	{
		const sample *s = &set->samples[i];
		double		x = s->repeats;
		double		shape = of[P] * x;
		double		whole = s->spent + of[V];
		double		spent = log(s->spent);

		if (i % POLL_ITEMS == 0)
			ct_host_poll();
		if (i == 0 || x != s[-1].repeats)
		{
			double		both = ct_digamma(shape + of[Q]);

			gammas = log_gamma(shape + of[Q]) - log_gamma(shape) - log_gamma(of[Q]) +
				of[Q] * log(of[V]) + log(x);
			gammas_p = both - ct_digamma(shape);
			gammas_q = both - ct_digamma(of[Q]) + log(of[V]);
		}
		likelihood += s->weight * (gammas + (shape - 1) * spent -
								   (shape + of[Q]) * log(whole));
		gradient[P] += s->weight * x * (gammas_p + spent - log(whole));
		gradient[Q] += s->weight * (gammas_q - log(whole));
		gradient[V] += s->weight * (of[Q] / of[V] - (shape + of[Q]) / whole);
	}
	return minimized(set, of, VALUE_PARAMETERS, likelihood, gradient);
}

/* A parameter in its own unit again, and within its bounds. */
static double
unscaled(double logarithm, double unit, double most)
{
	return fmin(fmax(exp(logarithm) * unit, CT_FORECAST_LEAST), most);
}

static ct_fit
fit_of(const sample_set *set, const ct_minimum *minimum, double scaled_away)
{
	return (ct_fit)
	{
		.customers = (int64_t) set->customers,
			.distinct = (int64_t) set->count,
			.log_likelihood = -minimum->value * set->customers - scaled_away,
			.iterations = minimum->iterations,
			.gradient_norm = minimum->gradient_norm,
			.converged = minimum->converged
	};
}

/* The unit of time is the mean age. */
static void
fit_orders(sample_set *set, ct_forecast_fit *fit)
{
	ct_minimum	minimum = {{0}};
	double		unit = 0;
	double		repeats = 0;
	ct_forecast *forecast = &fit->forecast;

	for (size_t i = 0; i < set->count; i++)
	{
		unit += set->samples[i].weight * set->samples[i].age;
		repeats += set->samples[i].weight * set->samples[i].repeats;
	}
	unit = unit > 0 ? unit / set->customers : 1;
	for (size_t i = 0; i < set->count; i++)
	{
		set->samples[i].recency /= unit;
		set->samples[i].age /= unit;
	}
	/* begin with as many orders as there are, if nobody ever left */
	if (repeats > 0)
		minimum.point[ALPHA] = fmin(fmax(log(set->customers / repeats), -BOUND / 2), BOUND / 2);
	ct_minimize(order_likelihood, set, ORDER_PARAMETERS, BOUND, &minimum);
	forecast->r = unscaled(minimum.point[R], 1, CT_FORECAST_MOST);
	forecast->alpha = unscaled(minimum.point[ALPHA], unit, CT_FORECAST_MOST);
	forecast->a = unscaled(minimum.point[A], 1, CT_FORECAST_MOST);
	forecast->b = unscaled(minimum.point[B], 1, CT_FORECAST_MOST);
	fit->orders = fit_of(set, &minimum, repeats * log(unit));
	/* the less they are thought to order, the more likely: there is no end */
	fit->orders.converged &= repeats > 0;
}

/* The unit of money is the mean value of a repeat order. */
static void
fit_value(sample_set *set, ct_forecast_fit *fit)
{
	ct_minimum	minimum = {{log(2), log(3), 0}};
	double		unit = 0;
	ct_forecast *forecast = &fit->forecast;

	if (set->count == 0)
		return;
	for (size_t i = 0; i < set->count; i++)
		unit += set->samples[i].weight * (set->samples[i].spent / set->samples[i].repeats);
	unit /= set->customers;
	for (size_t i = 0; i < set->count; i++)
		set->samples[i].spent /= unit;
	ct_minimize(value_likelihood, set, VALUE_PARAMETERS, BOUND, &minimum);
	forecast->has_value = 1;
	forecast->p = unscaled(minimum.point[P], 1, CT_FORECAST_MOST);
	forecast->q = unscaled(minimum.point[Q], 1, CT_FORECAST_MOST);
	forecast->v = unscaled(minimum.point[V], unit, CT_FORECAST_MOST_VALUE);
	fit->value = fit_of(set, &minimum, set->customers * log(unit));
}

void
ct_fit_forecast(ct_histories *histories, ct_forecast_model model, void *context,
				ct_forecast_fit *fit)
{
	sample_set	set = {.stayed_first = model == CT_MBG_NBD};

	memset(fit, 0, sizeof(ct_forecast_fit));
	fit->forecast.version = CT_FORECAST_VERSION;
	fit->forecast.model = model;
	set.samples = ct_host_resize(context, NULL, histories->count * sizeof(sample));
	make_samples(histories, false, &set);
	fit_orders(&set, fit);
	make_samples(histories, true, &set);
	fit_value(&set, fit);
	(void) ct_host_resize(context, set.samples, 0);
}
