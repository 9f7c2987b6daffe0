/*
 * forecast_test.c
 *		What fitted models expect, against the definition of the models.
 */
#include <math.h>
#include <string.h>

#include "core/forecast.h"
#include "random.h"
#include "unit.h"

#define WEEK 604800e6

static ct_error error;

static ct_forecast
forecast_of(int model, double r, double alpha, double a, double b)
{
	return (ct_forecast)
	{
		.version = CT_FORECAST_VERSION, .model = model, .r = r, .alpha = alpha,
			.a = a, .b = b
	};
}

static ct_history
history_of(double repeats, double recency, double age)
{
	return (ct_history)
	{
		(uint64_t) repeats, (uint64_t) (recency * WEEK), (uint64_t) (age * WEEK), 0
	};
}

/* Of orders on one day. */
static ct_history
worth(double repeats, double spent)
{
	ct_history	h = history_of(repeats, 0, 0);

	h.spent = spent;
	return h;
}

static bool
close_to(double value, double expected, double tolerance)
{
	return fabs(value - expected) <= tolerance * fmax(1, fabs(expected));
}

/*
 * Text.
 */
static const char *
canonical(const char *text)
{
	static char written[CT_FORECAST_TEXT_SIZE];
	ct_forecast forecast,
				again;

	if (!ct_forecast_parse(text, (int) strlen(text), true, &forecast, &error))
		return error.detail;
	if (!ct_forecast_valid(&forecast) ||
		ct_forecast_text(&forecast, written) != strlen(written) ||
		!ct_forecast_parse(written, (int) strlen(written), true, &again, &error) ||
		memcmp(&forecast, &again, sizeof(forecast)) != 0)
		return "does not read back";
	return written;
}

static void
test_text(void)
{
	static const char *const cases[][2] = {
		{"bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), per week",
		"bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), per week"},
		{"MBG / NBD ( R 1 , ALPHA 2e0 , A 3.50 , B 4 ) , Gamma-Gamma ( p 1e-9, q 1e9, v 1e30 ) , PER WEEK",
		"mbg/nbd(r 1, alpha 2, a 3.5, b 4), gamma-gamma(p 1e-09, q 1000000000, v 1e+30), per week"},
		{"bg/nbd\xEF\xBC\x88r 1\xEF\xBC\x8C alpha 1, a 1, b 1\xEF\xBC\x89, per week",
		"bg/nbd(r 1, alpha 1, a 1, b 1), per week"},
		{"", "Expected \"bg/nbd\" or \"mbg/nbd\", found the end of the text."},
		{"pareto/nbd(r 1, alpha 1, a 1, b 1), per week",
		"Expected \"bg/nbd\" or \"mbg/nbd\", found \"pareto\"."},
		{"bg/nbd(r 1, a 1, b 1), per week", "Expected \"alpha\", found \"a\"."},
		{"bg/nbd(r 0, alpha 1, a 1, b 1), per week", "r must be from 1e-09 to 1e+09."},
		{"bg/nbd(r -1, alpha 1, a 1, b 1), per week", "r must be from 1e-09 to 1e+09."},
		{"bg/nbd(r 1, alpha 2e9, a 1, b 1), per week", "alpha must be from 1e-09 to 1e+09."},
		{"bg/nbd(r 1, alpha 1, a 1, b 1)", "Expected \",\", found the end of the text."},
		{"bg/nbd(r 1, alpha 1, a 1, b 1), per day", "Expected \"week\", found \"day\"."},
		{"bg/nbd(r 1, alpha 1, a 1, b 1), gamma-gamma(p 1, q 1), per week",
		"Expected \",\", found \")\"."},
		{"bg/nbd(r 1, alpha 1, a 1, b 1), per week.", NULL}
	};
	ct_forecast forecast = forecast_of(CT_BG_NBD, 1, 1, 1, 1);

	for (int i = 0; i < (int) (sizeof(cases) / sizeof(cases[0])) - 1; i++)
	{
		const char *text = canonical(cases[i][0]);

		ok(strcmp(text, cases[i][1]) == 0, "%s: %s", cases[i][0], text);
	}
	ok(!ct_forecast_parse(cases[12][0], (int) strlen(cases[12][0]), true, &forecast, &error) &&
	   error.position == 40 && error.hint[0] != '\0', "a full stop is too much");
	forecast = forecast_of(CT_BG_NBD, 1, 1, 1, 1);
	ok(ct_forecast_valid(&forecast), "a valid one");
	forecast.has_value = 1;
	ok(!ct_forecast_valid(&forecast), "parameters of 0 are not");
	forecast.has_value = 0;
	forecast.q = 1;
	ok(!ct_forecast_valid(&forecast), "nor those that should not be there");
	forecast = forecast_of(2, 1, 1, 1, 1);
	ok(!ct_forecast_valid(&forecast), "nor another model");
	forecast = forecast_of(CT_BG_NBD, NAN, 1, 1, 1);
	ok(!ct_forecast_valid(&forecast), "nor NaN");
}

/*
 * The models as they are defined: the sum over all order rates and
 * probabilities to leave, on a grid of their logarithm and log odds.
 */
typedef struct definition
{
	double		active;			/* probability */
	double		orders;
	double		discounted;
} definition;

#define GRID 500

static definition
integrate(const ct_forecast *f, const ct_history *h, double weeks, double discount)
{
	definition	result = {0};
	double		whole = 0;
	double		x = (double) h->repeats;
	double		early = (double) h->recency / WEEK;
	double		age = (double) h->age / WEEK;
	double		stayed = x + (f->model == CT_MBG_NBD);
	double		shape = f->r + x;
	double		rate_peak = log(shape / (f->alpha + age));
	double		odds_peak = log(f->a / (f->b + stayed));
	double		rate_low = rate_peak - 40 / shape - 10 / sqrt(shape);
	double		rate_high = rate_peak + log1p(40 / shape + 10 / sqrt(shape)) +
		log((f->alpha + age) / (f->alpha + early));
	double		odds_low = odds_peak - 40 / f->a - 10 / sqrt(f->a);
	double		odds_high = odds_peak + 40 / (f->b + fmax(stayed - 1, 0)) + 10 / sqrt(f->b) + 5;
	double		rate_step = (rate_high - rate_low) / GRID;
	double		odds_step = (odds_high - odds_low) / GRID;
	double		top = -INFINITY;

	/* of log densities the greatest is taken off, in a first round */
	for (int round = 0; round < 2; round++)
		for (int i = 0; i <= GRID; i++)
			for (int j = 0; j <= GRID; j++)
			{
				double		u = rate_low + i * rate_step;
				double		w = odds_low + j * odds_step;
				double		rate = exp(u);
				double		p = 1 / (1 + exp(-w));
				double		log_p = -log1p(exp(-w));
				double		log_stay = -log1p(exp(w));
				double		prior = f->r * u - f->alpha * rate + f->a * log_p + f->b * log_stay;
				double		active = prior + stayed * log_stay + x * u - rate * age;
				double		left = stayed > 0 ? prior + log_p + (stayed - 1) * log_stay +
					x * u - rate * early : -INFINITY;

				if (round == 0)
					top = fmax(top, fmax(active, left));
				else
				{
					double		d = rate * p + discount;

					active = exp(active - top);
					whole += active + exp(left - top);
					result.active += active;
					result.orders += active * -expm1(-rate * p * weeks) / p;
					result.discounted += active * rate * -expm1(-d * weeks) / d;
				}
			}
	result.active /= whole;
	result.orders /= whole;
	result.discounted /= whole;
	return result;
}

static void
test_definition(void)
{
	static const double parameters[][4] = {
		{0.243, 4.414, 0.793, 2.426},
		{0.525, 6.183, 0.891, 1.614},
		{2, 10, 1, 1},			/* a = 1: the usual form divides by 0 */
		{1, 5, 1.0000001, 3},
		{3, 3, 0.6, 0.7},
		{5, 2, 4, 30}
	};
	static const double histories[][3] = {
		{0, 0, 38.86}, {0, 0, 0}, {1, 0, 0}, {2, 30.43, 38.86}, {1, 1, 38},
		{7, 20, 39}, {25, 38.5, 38.86}, {100, 60, 104}, {3, 12, 500}
	};
	static const double weeks[] = {1, 39, 260};
	double		worst[3] = {0};

	for (int model = 0; model < 2; model++)
		for (int i = 0; i < 6; i++)
			for (int j = 0; j < 9; j++)
			{
				ct_forecast f = forecast_of(model, parameters[i][0], parameters[i][1],
											parameters[i][2], parameters[i][3]);
				ct_history	h = history_of(histories[j][0], histories[j][1], histories[j][2]);
				double		t = weeks[(i + j) % 3];
				definition	d = integrate(&f, &h, t, 0.002);

				worst[0] = fmax(worst[0], fabs(ct_probability_active(&f, &h) - d.active));
				worst[1] = fmax(worst[1], fabs(ct_expected_orders(&f, &h, t, 0) / d.orders - 1));
				worst[2] = fmax(worst[2], fabs(ct_expected_orders(&f, &h, t, 0.002) / d.discounted - 1));
			}
	ok(worst[0] < 1e-7, "probabilities are those of the definition: %g", worst[0]);
	ok(worst[1] < 1e-7, "expected orders are those of the definition: %g", worst[1]);
	ok(worst[2] < 1e-7, "and discounted ones: %g", worst[2]);
}

static void
test_published(void)
{
	ct_forecast f = forecast_of(CT_BG_NBD, 0.243, 4.414, 0.793, 2.426);
	ct_history	h = history_of(2, 30.43, 38.86);
	double		value;

	ok(fabs(ct_expected_orders(&f, &h, 39, 0) - 1.226) < 0.0005,
	   "Fader, Hardie and Lee 2005: E[Y(39)] = 1.226");
	ok(!ct_expected_order_value(&f, &h, &value), "no value without a gamma-gamma");
	/* Fader and Hardie 2013, table: means of 1 to 7 orders */
	f.has_value = 1;
	f.p = 6.25;
	f.q = 3.74;
	f.v = 15.44;
	h = worth(0, 0);
	ok(ct_expected_order_value(&f, &h, &value) && close_to(value, 35.2189781021898, 1e-12),
	   "the population's mean is v p / (q - 1)");
	h = worth(2, 40);
	ok(ct_expected_order_value(&f, &h, &value) && close_to(value, 6.25 * (15.44 + 40) / 15.24, 1e-12),
	   "a customer's own mean counts for more with each order");
	f.q = 1;
	h = worth(0, 0);
	ok(!ct_expected_order_value(&f, &h, &value), "q = 1: the mean is infinite");
	h = worth(1, 10);
	ok(ct_expected_order_value(&f, &h, &value) && close_to(value, 15.44 + 10, 1e-12),
	   "but not of who ordered again");
}

/*
 * No parameters and no history give anything but a probability and a number
 * of orders that is at most that of somebody who never leaves, and grows with
 * time.
 */
static double
random_positive(double most)
{
	switch (random_below(4))
	{
		case 0:
			return 1 + random_below(1000) * 1e-9;
		case 1:
			return most;
		default:
			return exp((random_below(2000001) / 1e6 - 1) * log(most));
	}
}

static void
test_extremes(void)
{
	int			wrong = 0;

	for (int i = 0; i < 20000; i++)
	{
		double		most = i % 3 == 0 ? 1e9 : i % 3 == 1 ? 1e4 : 20;
		ct_forecast f = forecast_of(i % 2, random_positive(most), random_positive(most),
									random_positive(most), random_positive(most));
		double		age = random_below(5219);
		double		repeats = random_below(3) ? random_below(10) : random_below(100000);
		ct_history	h = history_of(repeats, repeats > 0 ? age * random_below(1001) / 1000 : 0, age);
		double		weeks = random_below(3) ? random_below(200) + 0.5 : 5218;
		double		active = ct_probability_active(&f, &h);
		double		soon = ct_expected_orders(&f, &h, weeks / 2, 0);
		double		late = ct_expected_orders(&f, &h, weeks, 0);
		double		discounted = ct_expected_orders(&f, &h, weeks, 0.01);
		double		bound = (f.r + repeats) / (f.alpha + age) * weeks;

		if (!(active >= 0 && active <= 1 && soon >= 0 && soon <= late * (1 + 1e-6) &&
			  late <= bound * (1 + 1e-6) && isfinite(late) &&
			  discounted >= 0 && discounted <= late * (1 + 1e-6)) && wrong++ < 5)
			printf("# model %d r %g alpha %g a %g b %g: x %g t_x %g T %g, %g weeks: %g, %g %g %g, %g\n",
				   f.model, f.r, f.alpha, f.a, f.b, repeats, (double) h.recency / WEEK, age,
				   weeks, active, soon, late, discounted, bound);
	}
	ok(wrong == 0, "extreme parameters and histories: %d wrong", wrong);
}

/* Of a rate that is lost in the age, and of a silence that is all of it. */
static void
test_long_silence(void)
{
	ct_forecast f = forecast_of(CT_MBG_NBD, 0.5, 1e-9, 1e-3, 1);
	ct_history	h = history_of(0, 0, 5218);

	ok(close_to(ct_probability_active(&f, &h), 1 / (1 + 1e-3 * sqrt(1 + 5218e9)), 1e-12),
	   "a century without an order, where one was due at once");
	f = forecast_of(CT_BG_NBD, 0.5, 1e-9, 1e-3, 2);
	h = history_of(1, 0, 5218);
	ok(close_to(ct_probability_active(&f, &h), 1 / (1 + 1e-3 / 2 * pow(1 + 5218e9, 1.5)), 1e-12),
	   "the same after a second one at once");
}

/* Both ways to expect, where the one gives way to the other. */
static void
test_series_ends(void)
{
	double		worst = 0;

	for (int i = 0; i < 400; i++)
	{
		/* some 5,000 terms, more or less: expectations are smooth across */
		ct_forecast f = forecast_of(i % 2, 0.5 + i % 7, 0.5, 0.3 + i % 5, 1 + i % 3);
		ct_history	h = history_of(i % 4, i % 4 ? 1 : 0, 2);
		double		weeks = 300 + 10 * i;
		double		at = ct_expected_orders(&f, &h, weeks, 0);
		double		before = ct_expected_orders(&f, &h, weeks * 0.99, 0);
		double		after = ct_expected_orders(&f, &h, weeks * 1.01, 0);

		worst = fmax(worst, fabs((before + after) / 2 / at - 1));
	}
	ok(worst < 1e-4, "no step where the series ends: %g", worst);
}

int
main(void)
{
	test_text();
	test_published();
	test_definition();
	test_extremes();
	test_long_silence();
	test_series_ends();
	return done_testing();
}
