/*
 * forecast_fit_test.c
 *		Fitted models, against what data was drawn from, and against the
 *		likelihoods as they are published.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "core/forecast_fit.h"
#include "core/host.h"
#include "random.h"
#include "unit.h"

#define WEEK 604800e6
#define MOST 20000

static ct_history history[MOST];

/*
 * Random numbers: uniform, normal (Box and Muller), gamma (Marsaglia and
 * Tsang 2000).
 */
static double
uniform(void)
{
	return ((random_word() >> 11) + 0.5) / 9007199254740992.0;
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

static double
gamma_of(double shape)
{
	double		d = (shape < 1 ? shape + 1 : shape) - 1 / 3.0;

	for (;;)
	{
		double		x = normal();
		double		v = pow(1 + x / sqrt(9 * d), 3);

		if (v > 0 && log(uniform()) < 0.5 * x * x + d - d * v + d * log(v))
			return d * v * (shape < 1 ? pow(uniform(), 1 / shape) : 1);
	}
}

/* A customer of T weeks, as the models say that customers behave. */
static ct_history
draw(const ct_forecast *f, double age)
{
	double		rate = gamma_of(f->r) / f->alpha;
	double		to_leave = gamma_of(f->a);
	double		leave = to_leave / (to_leave + gamma_of(f->b));
	double		at = 0;
	double		money = gamma_of(f->q) / f->v;
	ct_history	h = {.age = (uint64_t) (age * WEEK)};
	bool		left = f->model == CT_MBG_NBD && uniform() < leave;

	while (!left && (at -= log(uniform()) / rate) < age)
	{
		h.repeats++;
		h.recency = (uint64_t) (at * WEEK);
		h.spent += gamma_of(f->p) / money;
		left = uniform() < leave;
	}
	return h;
}

static void
fit(int count, ct_forecast_model model, ct_forecast_fit *result)
{
	ct_histories histories = {0};

	for (int i = 0; i < count; i++)
		ct_histories_add(&histories, &history[i]);
	ct_fit_forecast(&histories, model, NULL, result);
	free(histories.members);
}

/*
 * The likelihoods as published, one customer after the other, in long double
 * and with the gamma function of each term.
 */
static long double
orders_as_published(const ct_forecast *f, int count)
{
	long double sum = 0;

	for (int i = 0; i < count; i++)
	{
		long double x = history[i].repeats;
		long double early = history[i].recency / WEEK;
		long double age = history[i].age / WEEK;
		long double r = f->r,
					alpha = f->alpha,
					a = f->a,
					b = f->b;
		long double a1 = lgammal(r + x) - lgammal(r) + r * logl(alpha);
		long double active = -(r + x) * logl(alpha + age);
		long double left = -(r + x) * logl(alpha + early);

		if (f->model == CT_BG_NBD)
		{
			/* Fader, Hardie and Lee 2005, ln(A1) to ln(A4) */
			long double a2 = lgammal(a + b) + lgammal(b + x) - lgammal(b) - lgammal(a + b + x);

			sum += a1 + a2 + logl(expl(active) + (x > 0 ? a / (b + x - 1) * expl(left) : 0));
		}
		else
		{
			/* Batislam et al. 2007, with beta functions */
			long double beta = lgammal(a) + lgammal(b) - lgammal(a + b);
			long double stayed = lgammal(a) + lgammal(b + x + 1) - lgammal(a + b + x + 1) - beta;
			long double gone = lgammal(a + 1) + lgammal(b + x) - lgammal(a + b + x + 1) - beta;

			sum += a1 + logl(expl(stayed + active) + expl(gone + left));
		}
	}
	return sum;
}

static long double
value_as_published(const ct_forecast *f, int count)
{
	long double sum = 0;

	for (int i = 0; i < count; i++)
	{
		long double x = history[i].repeats;
		long double z = x > 0 ? history[i].spent / x : 0;
		long double p = f->p,
					q = f->q,
					v = f->v;

		/* Fader and Hardie 2013, equation 1a */
		if (z > 0)
			sum += lgammal(p * x + q) - lgammal(p * x) - lgammal(q) + q * logl(v) +
				(p * x - 1) * logl(z) + p * x * logl(x) - (p * x + q) * logl(v + x * z);
	}
	return sum;
}

/* Is nothing next to a fit more likely? */
static bool
is_most_likely(const ct_forecast *best, int count)
{
	for (int i = 0; i < 200; i++)
	{
		ct_forecast f = *best;
		double	   *of[] = {&f.r, &f.alpha, &f.a, &f.b, &f.p, &f.q, &f.v};

		for (int j = 0; j < 7; j++)
			*of[j] *= exp(normal() * (i % 2 ? 0.1 : 0.003));
		if (orders_as_published(&f, count) > orders_as_published(best, count) + 1e-6 ||
			value_as_published(&f, count) > value_as_published(best, count) + 1e-6)
			return false;
	}
	return true;
}

static bool
is_finite_fit(const ct_forecast_fit *f)
{
	return ct_forecast_valid(&f->forecast) && isfinite(f->orders.log_likelihood) &&
		isfinite(f->orders.gradient_norm) && isfinite(f->value.log_likelihood) &&
		isfinite(f->value.gradient_norm);
}

/* Are figures within a share of others? */
static bool
within(const ct_forecast *a, const ct_forecast *b, double share)
{
	/* what parameters come to is told better than they are */
	return fabs(log((a->r / a->alpha) / (b->r / b->alpha))) < share &&
		fabs(log((a->a / (a->a + a->b)) / (b->a / (b->a + b->b)))) < share &&
		fabs(log((a->p * a->v / a->q) / (b->p * b->v / b->q))) < share &&
		fabs(log(a->r / b->r)) < 3 * share && fabs(log(a->a / b->a)) < 6 * share &&
		fabs(log(a->p / b->p)) < 4 * share;
}

static void
test_simulation(void)
{
	static const ct_forecast truths[] = {
		{.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426, .p = 6.25, .q = 3.74, .v = 15.44},
		{.r = 2, .alpha = 8, .a = 1, .b = 5, .p = 2, .q = 5, .v = 4000},
		{.r = 0.8, .alpha = 30, .a = 2.5, .b = 4, .p = 10, .q = 2.2, .v = 1e6}
	};

	for (int i = 0; i < 6; i++)
	{
		ct_forecast truth = truths[i / 2];
		ct_forecast_fit f;

		truth.version = CT_FORECAST_VERSION;
		truth.has_value = 1;
		truth.model = i % 2;
		for (int j = 0; j < MOST; j++)
			history[j] = draw(&truth, 40 + random_below(60));
		fit(MOST, truth.model, &f);
		ok(f.orders.converged && f.value.converged && within(&f.forecast, &truth, 0.12),
		   "%s: r %g alpha %g a %g b %g p %g q %g v %g of r %g alpha %g a %g b %g p %g q %g v %g in %d and %d iterations",
		   ct_forecast_models[i % 2], f.forecast.r, f.forecast.alpha,
		   f.forecast.a, f.forecast.b, f.forecast.p, f.forecast.q, f.forecast.v,
		   truth.r, truth.alpha, truth.a, truth.b, truth.p, truth.q, truth.v,
		   f.orders.iterations, f.value.iterations);
		ok(fabsl(orders_as_published(&f.forecast, MOST) - f.orders.log_likelihood) < 1e-5 &&
		   fabsl(value_as_published(&f.forecast, MOST) - f.value.log_likelihood) < 1e-5,
		   "log-likelihoods are as published: %.6f, %.6f", f.orders.log_likelihood,
		   f.value.log_likelihood);
		fit(2000, truth.model, &f);
		ok(is_most_likely(&f.forecast, 2000), "nothing near it is more likely");
	}
}

static void
test_order(void)
{
	ct_forecast truth = {.r = 1, .alpha = 5, .a = 1, .b = 3, .p = 3, .q = 4, .v = 50};
	ct_forecast_fit f,
				again;
	arena_block arena;
	ct_histories histories = {&arena};

	for (int i = 0; i < 3000; i++)
		history[i] = i % 3 == 2 ? history[i - 1] : draw(&truth, 10 + random_below(5));
	fit(3000, CT_BG_NBD, &f);
	ok(f.orders.customers == 3000 && f.orders.distinct < 2500 && f.value.customers < 3000 &&
	   f.value.distinct < f.value.customers, "equal histories are one with a weight: %ld",
	   (long) f.orders.distinct);
	for (int i = 2999; i > 0; i--)
	{
		int			j = random_below(i + 1);
		ct_history	swap = history[i];

		history[i] = history[j];
		history[j] = swap;
	}
	arena_init(&arena);
	for (int i = 0; i < 3000; i++)
		ct_histories_add(&histories, &history[i]);
	ct_fit_forecast(&histories, CT_BG_NBD, &arena, &again);
	ok(memcmp(&f, &again, sizeof(f)) == 0, "whatever their order, the same to the bit");
	/* the members were sorted: once more from there */
	ct_fit_forecast(&histories, CT_BG_NBD, &arena, &again);
	ok(memcmp(&f, &again, sizeof(f)) == 0, "and once more");
	(void) ct_host_resize(&arena, histories.members, 0);
	ok(arena.next == &arena, "what it worked in is freed");
}

/* Nothing that could be fitted well: there is an end, and figures are finite. */
static void
test_poor(void)
{
	static const struct
	{
		const char *name;
		int			count;
		bool		converges;
		ct_history	all[3];		/* in turn */
	}			cases[] = {
		{"one customer of one order", 1, false, {{0, 0, 0, 0}}},
		{"one customer", 1, false, {{3, 20 * WEEK, 30 * WEEK, 100}}},
		{"nobody ordered again", 99, false, {{0, 0, 5 * WEEK}, {0, 0, 7 * WEEK}, {0, 0, 50 * WEEK}}},
		{"all the same", 99, false, {{4, 20 * WEEK, 22 * WEEK, 80}, {4, 20 * WEEK, 22 * WEEK, 80}, {4, 20 * WEEK, 22 * WEEK, 80}}},
		{"all in one moment", 99, false, {{2, 0, 0, 5}, {7, 0, 0, 9}, {0, 0, 0, 0}}},
		{"all to the last", 99, false, {{2, 9 * WEEK, 9 * WEEK, 5}, {7, 8 * WEEK, 8 * WEEK, 9}, {5, 7 * WEEK, 7 * WEEK, 7}}},
		{"nothing spent", 99, false, {{2, 6 * WEEK, 9 * WEEK, 0}, {7, 2 * WEEK, 8 * WEEK, 0}, {0, 0, 7 * WEEK, 0}}},
		{"a century", 99, true, {{9000, 5000 * WEEK, 5218 * WEEK, 1e9}, {0, 0, 5218 * WEEK, 0}, {4, 100 * WEEK, 5218 * WEEK, 3}}},
		{"a year of millions", 99, false, {{5000000, 52 * WEEK, 52 * WEEK, 1e22}, {0, 0, 52 * WEEK, 0}, {1, 1, 52 * WEEK, 1e-8}}},
		{"all time", 99, false, {{1, 9.4e18, 9.4e18, 1}, {0, 0, 9.4e18, 0}, {1099511627775, 1, 9.4e18, 1e30}}}
	};
	ct_history	next = {2, 30 * WEEK, 39 * WEEK, 50};

	for (int i = 0; i < (int) (sizeof(cases) / sizeof(cases[0])); i++)
		for (int model = 0; model < 2; model++)
		{
			ct_forecast_fit f;
			double		orders;
			double		value = 0;

			for (int j = 0; j < cases[i].count; j++)
				history[j] = cases[i].all[j % 3];
			fit(cases[i].count, model, &f);
			orders = ct_expected_orders(&f.forecast, &next, 52, 0.002);
			(void) ct_expected_order_value(&f.forecast, &next, &value);
			ok(is_finite_fit(&f) && isfinite(orders) && orders >= 0 && isfinite(value) &&
			   f.orders.converged == cases[i].converges,
			   "%s, %s: r %g alpha %g a %g b %g, p %g q %g v %g; %d and %d iterations", cases[i].name,
			   ct_forecast_models[model], f.forecast.r, f.forecast.alpha,
			   f.forecast.a, f.forecast.b, f.forecast.p, f.forecast.q, f.forecast.v,
			   f.orders.iterations, f.value.iterations);
		}
}

static void
test_digamma(void)
{
	/* Abramowitz and Stegun, table 6.1; -gamma, and psi(1/2) */
	ok(fabs(ct_digamma(1) + 0.5772156649015329) < 1e-15, "psi(1) is -gamma");
	ok(fabs(ct_digamma(0.5) + 1.9635100260214235) < 1e-14, "psi(1/2)");
	ok(fabs(ct_digamma(2) - 0.4227843350984671) < 1e-15, "psi(2)");
	ok(fabs(ct_digamma(1e-9) + 1e9 + 0.5772156632564) < 1e-6, "near 0");
	ok(fabs(ct_digamma(1e12) - log(1e12)) < 1e-11, "far away");
}

int
main(void)
{
	test_digamma();
	test_simulation();
	test_order();
	test_poor();
	return done_testing();
}
