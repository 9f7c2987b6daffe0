/*
 * forecast_fit.h
 *		Fitting the models of forecast.h to a population, by maximum
 *		likelihood.
 *
 * Histories are gathered, sorted, and of equal ones one is kept with a weight,
 * so that neither their order nor the plan changes the result.
 */
#ifndef CT_FORECAST_FIT_H
#define CT_FORECAST_FIT_H

#include "core/forecast.h"

/* Begin with all zero but for the host's context. */
typedef struct ct_histories
{
	void	   *context;
	ct_history *members;
	size_t		room;
	size_t		count;
} ct_histories;

extern void ct_histories_add(ct_histories *histories, const ct_history *history);

/* How well one model fits. */
typedef struct ct_fit
{
	int64_t		customers;		/* that it is fitted to */
	int64_t		distinct;		/* histories of them */
	double		log_likelihood;
	int			iterations;
	double		gradient_norm;	/* of the mean log-likelihood, by the
								 * logarithms of the parameters */
	bool		converged;
} ct_fit;

typedef struct ct_forecast_fit
{
	ct_forecast forecast;
	ct_fit		orders;
	ct_fit		value;			/* of customers who spent on repeat orders;
								 * all zero if there are none */
} ct_forecast_fit;

/*
 * Fits a model of the number of orders, and gamma-gamma, to at least one
 * history.  Sorts the histories.  What it works in is allocated in a context
 * of the host's, and freed.
 */
extern void ct_fit_forecast(ct_histories *histories, ct_forecast_model model,
							void *context, ct_forecast_fit *fit);

/* The derivative of lgamma(), for x > 0. */
extern double ct_digamma(double x);

#endif							/* CT_FORECAST_FIT_H */
