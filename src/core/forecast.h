/*
 * forecast.h
 *		Who will order again, how often, and for how much.
 *
 * Models of how customers order where nobody says goodbye.  While active, a
 * customer orders at random times, at a rate of their own that is gamma(r,
 * alpha) over customers; after an order they leave with a probability of their
 * own that is beta(a, b).
 *
 *	BG/NBD		(Fader, Hardie and Lee, "Counting Your Customers" the Easy
 *				Way, Marketing Science 24, 2005): after each repeat order
 *	MBG/NBD		(Batislam, Denizel and Filiztekin, International Journal of
 *				Research in Marketing 24, 2007): after the first order as well
 *
 * The value of an order varies around a mean of the customer's own: gamma with
 * shape p and a rate that is gamma(q, v) over customers (gamma-gamma, Fader
 * and Hardie, The Gamma-Gamma Model of Monetary Value, 2013).
 *
 * Times are in weeks of 7 days of 24 hours.
 */
#ifndef CT_FORECAST_H
#define CT_FORECAST_H

#include "core/order_digest.h"

#define CT_FORECAST_VERSION 1

typedef enum ct_forecast_model
{
	CT_BG_NBD,
	CT_MBG_NBD
} ct_forecast_model;

extern const char *const ct_forecast_models[];	/* their names; NULL ends */

/*
 * A fitted model: 64 bytes.
 *
 *	0	the host's own word: a varlena's length
 *	4	version, model, 1 if there is a gamma-gamma, 0
 *	8	r, alpha (weeks), a, b; then p, q, v (unit of the amounts), or zeros
 */
typedef struct ct_forecast
{
	uint32_t	host;
	uint8_t		version;
	uint8_t		model;
	uint8_t		has_value;
	uint8_t		zero;
	double		r;
	double		alpha;
	double		a;
	double		b;
	double		p;
	double		q;
	double		v;
} ct_forecast;

/* Every parameter is within these; v up to CT_FORECAST_MOST_VALUE. */
#define CT_FORECAST_LEAST 1e-9
#define CT_FORECAST_MOST 1e9
#define CT_FORECAST_MOST_VALUE 1e30

/* The one validator of what was stored. */
extern bool ct_forecast_valid(const ct_forecast *forecast);

/* Room for the canonical text and its zero. */
#define CT_FORECAST_TEXT_SIZE 320

/*
 * bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74,
 * v 15.44), per week.  Zero-terminated; returns the length.
 */
extern size_t ct_forecast_text(const ct_forecast *forecast, char *buffer);

/* Reads such a text; on failure the error has position and hint. */
extern bool ct_forecast_parse(const char *text, int length, bool utf8,
							  ct_forecast *forecast, ct_error *error);

/* All that the models ask of a customer; times in microseconds. */
typedef struct ct_history
{
	uint64_t	repeats;		/* x: orders after the first */
	uint64_t	recency;		/* t_x: from the first order to the last */
	uint64_t	age;			/* T: from the first order to as_of */
	double		spent;			/* on the repeat orders */
} ct_history;

/* False without orders; none of them may be later than as_of. */
extern bool ct_history_of_orders(const ct_order_digest *digest, int64_t as_of,
								 ct_history *history);

/* The probability that a customer has not left. */
extern double ct_probability_active(const ct_forecast *forecast,
									const ct_history *history);

/*
 * Orders expected in the weeks after as_of, each worth exp(-discount * t) t
 * weeks later.  Both are finite and not negative.
 */
extern double ct_expected_orders(const ct_forecast *forecast,
								 const ct_history *history, double weeks,
								 double discount);

/*
 * The mean value of the orders to come; false without a gamma-gamma, and where
 * the mean is infinite: of customers without repeat orders if q <= 1.
 */
extern bool ct_expected_order_value(const ct_forecast *forecast,
									const ct_history *history, double *value);

#endif							/* CT_FORECAST_H */
