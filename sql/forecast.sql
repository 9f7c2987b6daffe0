-- forecast: who will order again, how often, and for how much

CREATE TYPE tier_forecast_fit AS (
	forecast tier_forecast,
	customers bigint,
	histories bigint,
	log_likelihood double precision,
	iterations integer,
	gradient_norm double precision,
	converged boolean,
	value_customers bigint,
	value_histories bigint,
	value_log_likelihood double precision,
	value_iterations integer,
	value_gradient_norm double precision,
	value_converged boolean
);
COMMENT ON TYPE tier_forecast_fit IS
'How well a model fits, as forecast_fit() reports: the fitted model; the '
'customers that it was fitted to, and how many different histories they have; '
'the logarithm of the likelihood; the iterations of the optimizer; the largest '
'element of the gradient of the mean log-likelihood by the logarithms of the '
'parameters; and whether that is at most 10^-6 with every parameter within '
'its bounds. value_ is the same of gamma-gamma, fitted to the customers who '
'spent something on repeat orders; NULL when there are none.';

CREATE FUNCTION fit_forecast_final(state internal) RETURNS tier_forecast
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_fit_forecast_final';
COMMENT ON FUNCTION fit_forecast_final(internal) IS
'Final function of fit_forecast().';

CREATE FUNCTION forecast_fit_final(state internal) RETURNS tier_forecast_fit
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_forecast_fit_final';
COMMENT ON FUNCTION forecast_fit_final(internal) IS
'Final function of forecast_fit().';

-- @each as_of: timestamptz, date
-- @each parameters | types | model
-- | as_of @as_of@ | @as_of@ | The model is bg/nbd.
-- | as_of @as_of@, model text | @as_of@, text | model is ''bg/nbd'' (Fader,
--   Hardie and Lee 2005), where a customer may leave after each repeat order,
--   or ''mbg/nbd'' (Batislam, Denizel and Filiztekin 2007), where one may
--   leave after the first order, too.
CREATE FUNCTION forecast_fit_step(state internal, digest order_digest,
		@parameters@) RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_forecast_fit_step';
COMMENT ON FUNCTION forecast_fit_step(internal, order_digest, @types@) IS
'Transition function of fit_forecast() and forecast_fit().';

-- @each name | result | about
-- | fit_forecast | tier_forecast | The model of how customers order that makes
--   their orders most likely: one row per customer, with the digest of all
--   orders up to as_of. @model@ gamma-gamma (Fader and Hardie 2013) is fitted
--   to the value of repeat orders where there are any above 0. x is the number
--   of orders less one, t_x the weeks from the first to the last, T those from
--   the first to as_of, a week being 7 days of 24 hours; of equal histories
--   one is taken with a weight, so that the order of rows does not matter. A
--   fit that does not converge is returned as far as it came: forecast_fit()
--   tells. Digest one row per customer and day where several orders of a day
--   are one occasion. Digests that are NULL or without orders are ignored; no
--   other: NULL.
-- | forecast_fit | tier_forecast_fit | As fit_forecast(), with what tells how
--   well the model fits: see the type tier_forecast_fit. @model@
CREATE AGGREGATE @name@(digest order_digest, @parameters@) (
	SFUNC = forecast_fit_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = @name@_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @name@(order_digest, @types@) IS
'@about@ Errors: 22023 for an order after as_of, for another model, and where '
'as_of or model varies between rows; 22004 where they are NULL; 22003 for an '
'infinite as_of.';

-- @end
-- @end
-- @end
-- Figures of a customer.

CREATE FUNCTION expected_order_value(digest order_digest,
		forecast tier_forecast) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_expected_order_value_sql';
COMMENT ON FUNCTION expected_order_value(order_digest, tier_forecast) IS
'The mean value of a customer''s orders to come, in the unit of the amounts: '
'p * (v + z) / (p * x + q - 1), z being what was spent on the x repeat orders, '
'refunds not taken off (Fader and Hardie 2013). The more repeat orders, the '
'more a customer''s own mean counts, and the less that of all. NULL without '
'orders, where the forecast has no gamma-gamma, and for a customer of one '
'order where q <= 1: the mean of all is infinite then.';

-- @each as_of: timestamptz, date
CREATE FUNCTION probability_active(digest order_digest,
		forecast tier_forecast, as_of @as_of@) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_probability_active_sql';
COMMENT ON FUNCTION probability_active(order_digest, tier_forecast, @as_of@) IS
'The probability, from 0 to 1, that a customer has not left by as_of: 1 / (1 '
'+ a / (b + x - 1) * ((alpha + T) / (alpha + t_x))^(r + x)) for x > 0 and 1 '
'for x = 0; in mbg/nbd with b + x for b + x - 1 and also for x = 0. NULL '
'without orders. Errors: 22023 for an order after as_of, 22003 for an '
'infinite as_of.';

CREATE FUNCTION expected_orders(digest order_digest, forecast tier_forecast,
		as_of @as_of@, days double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
	AS 'MODULE_PATHNAME', 'ct_expected_orders_sql';
COMMENT ON FUNCTION expected_orders(order_digest, tier_forecast, @as_of@, double precision) IS
'The number of orders expected of a customer in the days (of 24 hours, with a '
'fraction, up to 36525) after as_of: probability_active() times what an '
'active customer is expected to order. NULL without orders. Errors: 22023 for '
'an order after as_of and for days out of range, 22003 for an infinite as_of.';

-- @each parameters | types | cost | discount
-- | @as_of@, days double precision | @as_of@, double precision | 10 | Not
--   discounted.
-- | @as_of@, days double precision, yearly_discount double precision |
--   @as_of@, double precision, double precision | 20 | Revenue of t years
--   after as_of counts as (1 + yearly_discount)^-t of it, a year having 365.25
--   days: 0.1 is 10 percent a year.
CREATE FUNCTION expected_revenue(digest order_digest,
		forecast tier_forecast, as_of @parameters@) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST @cost@
	AS 'MODULE_PATHNAME', 'ct_expected_revenue_sql';
COMMENT ON FUNCTION expected_revenue(order_digest, tier_forecast, @types@) IS
'The revenue expected of a customer in the days after as_of, refunds not '
'taken off: expected_orders() times expected_order_value(). @discount@ NULL '
'where one of them is. Errors: as expected_orders(); 22023 for a negative '
'discount.';

-- @end
-- @end
