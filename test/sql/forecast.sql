-- tier_forecast: models of who orders again, fitted and asked
SET TimeZone = 'UTC';
CREATE SCHEMA forecast;
SET search_path = forecast, public;

CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', sqlstate || ': ' || sqlerrm, nullif(detail, ''),
		nullif(hint, ''));
END $$;

-- text: canonical, and what is refused
SELECT f, f::text::tier_forecast = f AS same, tier_forecast_send(f) IS NOT NULL AS sent
FROM unnest(ARRAY['bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v 15.44), per week',
	'MBG/NBD(R 1e0,ALPHA 2.50,A 3,B 4),PER WEEK',
	U&'bg / nbd\FF08r 1\FF0Calpha 1\FF0Ca 1e-9\FF0Cb 1e9\FF09\FF0C gamma-gamma(p 1, q 1, v 1e30),\3000per week']::tier_forecast[]) f;
SELECT t, pg_temp.ct_error(format('SELECT %L::tier_forecast', t))
FROM unnest(ARRAY['', 'pareto/nbd(r 1, alpha 1, a 1, b 1), per week', 'bg/nbd(r 0, alpha 1, a 1, b 1), per week', 'bg/nbd(r 1, alpha 1e10, a 1, b 1), per week',
	'bg/nbd(r 1, alpha NaN, a 1, b 1), per week', 'bg/nbd(r 1, alpha 1, a 1, b 1e400), per week', 'bg/nbd(alpha 1, r 1, a 1, b 1), per week',
	'bg/nbd(r 1, alpha 1, a 1, b 1), per day', 'bg/nbd(r 1, alpha 1, a 1, b 1)', 'bg/nbd(r 1, alpha 1, a 1, b 1), gamma-gamma(p 1, q 1), per week', 'bg/nbd(r 1, alpha 1, a 1, b 1), per week, per week']) t;

-- json, and back
SELECT f::json, f::jsonb::tier_forecast = f AND f::json::tier_forecast = f AS same
FROM unnest(ARRAY['bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v 15.44), per week',
	'mbg/nbd(r 1e-9, alpha 1e9, a 0.30000000000000004, b 4), per week']::tier_forecast[]) f;
SELECT j, pg_temp.ct_error(format('SELECT %L::jsonb::tier_forecast', j))
FROM unnest(ARRAY['[]', '{}', '{"model": "bg/nbd", "r": 1, "alpha": 1, "a": 1, "b": 1, "per": "day"}', '{"model": "bg", "r": 1, "alpha": 1, "a": 1, "b": 1, "per": "week"}',
	'{"model": "bg/nbd", "r": "1", "alpha": 1, "a": 1, "b": 1, "per": "week"}', '{"model": "bg/nbd", "r": 1, "alpha": 1, "a": 1, "b": 1, "per": "week", "unit": 1}',
	'{"model": "bg/nbd", "r": 1, "alpha": 1, "a": 1, "b": 1, "p": 1, "per": "week"}', '{"model": "bg/nbd", "r": 0, "alpha": 1, "a": 1, "b": 1, "per": "week"}']) j;

-- stored, compared, grouped
CREATE TABLE fitted (f tier_forecast PRIMARY KEY);
INSERT INTO fitted VALUES ('bg/nbd(r 1, alpha 1, a 1, b 1), per week'), ('mbg/nbd(r 1, alpha 1, a 1, b 1), per week');
INSERT INTO fitted VALUES ('bg/nbd(r 1.0, alpha 1, a 1, b 1), per week') ON CONFLICT DO NOTHING;
INSERT INTO fitted SELECT t FROM (SELECT 'bg/nbd(r 2, alpha 1, a 1, b 1), per week'::text) x(t);
SELECT count(*), count(DISTINCT f) FROM fitted;
DROP TABLE fitted;

--
-- Figures.  A published one: x = 2, t_x = 30.43, T = 38.86, in 39 weeks 1.226
-- (Fader, Hardie and Lee 2005)
--
CREATE FUNCTION customer(x integer, t_x numeric, t numeric, amount numeric DEFAULT 10) RETURNS order_digest
	LANGUAGE sql IMMUTABLE AS $$
	SELECT order_digest(amount, '2000-01-01'::timestamptz + CASE WHEN i = x THEN t_x ELSE t_x * i / (x + 1) END * interval '7 days')
	FROM generate_series(0, x) i WHERE i = 0 OR x > 0
$$;
\set fit 'tier_forecast ''bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v 15.44), per week'''
\set mfit 'tier_forecast ''mbg/nbd(r 0.525, alpha 6.183, a 0.891, b 1.614), gamma-gamma(p 6.25, q 3.74, v 15.44), per week'''
SELECT round(expected_orders(d, f, at, 39 * 7)::numeric, 3) AS orders, round(probability_active(d, f, at)::numeric, 4) AS active,
	round(expected_order_value(d, f)::numeric, 4) AS value, round(expected_revenue(d, f, at, 39 * 7)::numeric, 4) AS revenue,
	round(expected_revenue(d, f, at, 39 * 7, 0.15)::numeric, 4) AS discounted
FROM customer(2, 30.43, 38.86) d, LATERAL (VALUES (:fit), (:mfit)) m(f), LATERAL (SELECT '2000-01-01'::timestamptz + 38.86 * interval '7 days') a(at);

-- the value: p (v + z) / (p x + q - 1)
SELECT x, abs(expected_order_value(customer(x, 10, 20, amount), f) - 6.25 * (15.44 + amount * x) / (6.25 * x + 2.74)) < 1e-12 AS equal
FROM (VALUES (0, 5), (1, 5), (7, 100.25), (500, 0.01)) v(x, amount), (SELECT :fit) m(f);
-- refunds are no repeat orders
SELECT expected_order_value(order_digest(a, at), :fit) = expected_order_value(order_digest(a, at) FILTER (WHERE a > 0), :fit) AS same
FROM (VALUES (10.0, date '2024-01-01'), (30, '2024-02-01'), (-20, '2024-02-09')) o(a, at);

-- a date is its day at 00:00 UTC; a second more is a second more
SELECT expected_orders(d, f, date '2001-01-01', 30) = expected_orders(d, f, '2001-01-01 00:00Z'::timestamptz, 30) AS same,
	probability_active(d, f, '2001-01-01 00:00:01Z'::timestamptz) < probability_active(d, f, date '2001-01-01') AS less
FROM customer(3, 20, 30) d, (SELECT :fit) m(f);

-- who never ordered again is active for bg/nbd, and may be gone for mbg/nbd
SELECT probability_active(d, :fit, date '2020-01-01') AS bg, round(probability_active(d, :mfit, date '2020-01-01')::numeric, 6) AS mbg
FROM customer(0, 0, 0) d;

-- NULL
SELECT expected_orders(NULL::order_digest, :fit, date '2020-01-01', 30) IS NULL AND expected_orders(customer(1, 1, 1), NULL, date '2020-01-01', 30) IS NULL AND
	expected_orders(customer(1, 1, 1), :fit, NULL::date, 30) IS NULL AND expected_orders(customer(1, 1, 1), :fit, date '2020-01-01', NULL) IS NULL AS null_for_null,
	expected_order_value(customer(1, 1, 1), 'bg/nbd(r 1, alpha 1, a 1, b 1), per week') IS NULL AND
	expected_revenue(customer(1, 1, 1), 'bg/nbd(r 1, alpha 1, a 1, b 1), per week', date '2020-01-01', 30) IS NULL AS no_gamma_gamma,
	expected_order_value(customer(0, 0, 0), 'bg/nbd(r 1, alpha 1, a 1, b 1), gamma-gamma(p 1, q 1, v 1), per week') IS NULL AS no_mean;
SELECT expected_orders(d, :fit, date '2020-01-01', 30), probability_active(d, :fit, date '2020-01-01'), expected_order_value(d, :fit)
FROM (SELECT order_digest(-5::numeric, date '2019-01-01') AS d) refunds_only;

-- days: none, a part of one, a century; more days are more orders, and a discount takes some
SELECT days, round(expected_orders(d, :fit, date '2001-01-01', days)::numeric, 6) AS orders,
	round(expected_revenue(d, :fit, date '2001-01-01', days)::numeric, 4) AS revenue,
	round(expected_revenue(d, :fit, date '2001-01-01', days, 0)::numeric, 4) AS at_0,
	round(expected_revenue(d, :fit, date '2001-01-01', days, 0.1)::numeric, 4) AS at_10_percent,
	round(expected_revenue(d, :fit, date '2001-01-01', days, 1e300)::numeric, 4) AS worth_nothing_tomorrow
FROM customer(5, 40, 50) d, unnest('{0,0.5,30,365,3652.5,36525}'::float8[]) days;

-- mistakes
SELECT e, pg_temp.ct_error(format('SELECT %s FROM customer(2, 10, 20) d', replace(e, 'F', quote_literal(:fit) || '::tier_forecast')))
FROM unnest(ARRAY['expected_orders(d, F, date ''2000-03-01'', 30)', 'probability_active(d, F, date ''1999-12-31'')', 'expected_revenue(d, F, timestamptz ''2000-03-10 23:59Z'', 30)',
	'expected_orders(d, F, date ''2001-01-01'', -1)', 'expected_orders(d, F, date ''2001-01-01'', 36526)', 'expected_orders(d, F, date ''2001-01-01'', ''NaN'')',
	'expected_orders(d, F, date ''infinity'', 30)', 'expected_revenue(d, F, date ''2001-01-01'', 30, -0.1)', 'expected_revenue(d, F, date ''2001-01-01'', 30, ''infinity'')']) e;

--
-- Fits.  600 customers, nearly as the model has it, from numbers that look
-- random
--
CREATE FUNCTION uniform(seed text) RETURNS float8
	LANGUAGE sql IMMUTABLE AS $$ SELECT (('x' || substr(md5(seed), 1, 8))::bit(32)::bigint + 0.5) / 4294967296 $$;
CREATE TABLE orders AS
WITH RECURSIVE o AS (
	SELECT i AS customer, 0 AS n, date '2023-01-01' + (uniform('first' || i) * 180)::integer AS day, -ln(uniform('rate' || i)) * 0.15 AS rate, power(uniform('leave' || i), 2) AS leave
	FROM generate_series(1, 600) i
	UNION ALL
	SELECT customer, n + 1, day + 1 + (-ln(uniform(customer || '/' || n)) / rate * 7)::integer, rate, leave
	FROM o
	WHERE day + 1 + (-ln(uniform(customer || '/' || n)) / rate * 7)::integer < '2024-06-01' AND (n = 0 OR uniform(customer || '.' || n) > leave))
SELECT customer, day, round((10 + 90 * uniform('mean' || customer) + 40 * uniform(customer || '-' || n))::numeric, 2) AS amount FROM o;
CREATE TABLE digests AS SELECT customer, order_digest(amount, day) AS d FROM orders GROUP BY customer;
SELECT count(*), sum(order_count(d)), count(*) FILTER (WHERE order_count(d) > 1) AS repeat, max(order_count(d)) FROM digests;

CREATE TABLE models AS
SELECT model, (forecast_fit(d, date '2024-06-01', model)).* FROM digests, unnest('{bg/nbd,mbg/nbd}'::text[]) model GROUP BY model;
SELECT model, customers, histories, converged, gradient_norm < 1e-6 AS flat, iterations BETWEEN 5 AND 100 AS few,
	value_customers, value_histories, value_converged, value_gradient_norm < 1e-6 AS value_flat
FROM models ORDER BY 1;

-- the log-likelihoods as they are published, in plain SQL: the gamma function
-- by sums over the repeat orders, or by Stirling's series from 20 on
CREATE FUNCTION rising(a float8, n bigint) RETURNS float8	-- ln(gamma(a + n) / gamma(a))
	LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(sum(ln(a + i)), 0) FROM generate_series(0, n - 1) i $$;
CREATE FUNCTION ln_gamma(x float8) RETURNS float8
	LANGUAGE sql IMMUTABLE AS $$ SELECT (y - 0.5) * ln(y) - y + 0.5 * ln(2 * pi()) + 1 / (12 * y) - 1 / (360 * y ^ 3) + 1 / (1260 * y ^ 5) - rising(x, 20) FROM (SELECT x + 20) s(y) $$;
CREATE FUNCTION orders_likelihood(model text, r float8, alpha float8, a float8, b float8) RETURNS float8
	LANGUAGE sql STABLE AS $$
	SELECT sum(weight * (rising(r, x) + r * ln(alpha) + rising(b, n) - rising(a + b, n) +
		ln((alpha + t) ^ -(r + x) + CASE WHEN n > 0 THEN a / (b + n - 1) * (alpha + t_x) ^ -(r + x) ELSE 0 END)))
	FROM (SELECT order_count(d) - 1 AS x, order_count(d) - CASE model WHEN 'bg/nbd' THEN 1 ELSE 0 END AS n,
				(tenure_days(d, date '2024-06-01') - recency_days(d, date '2024-06-01')) / 7 AS t_x, tenure_days(d, date '2024-06-01') / 7 AS t, count(*) AS weight
		  FROM digests GROUP BY 1, 2, 3, 4) s
$$;
CREATE FUNCTION value_likelihood(p float8, q float8, v float8) RETURNS float8
	LANGUAGE sql STABLE AS $$
	SELECT sum(ln_gamma(p * x + q) - ln_gamma(p * x) - ln_gamma(q) + q * ln(v) + (p * x - 1) * ln(z) + p * x * ln(x) - (p * x + q) * ln(v + x * z))
	FROM (SELECT (order_count(d) - 1)::float8 AS x, ((gross_revenue(d) - first_order_amount(d)) / (order_count(d) - 1))::float8 AS z FROM digests WHERE order_count(d) > 1) s
$$;
CREATE VIEW parameters AS
SELECT model, (j ->> 'r')::float8 AS r, (j ->> 'alpha')::float8 AS alpha, (j ->> 'a')::float8 AS a, (j ->> 'b')::float8 AS b,
	(j ->> 'p')::float8 AS p, (j ->> 'q')::float8 AS q, (j ->> 'v')::float8 AS v, log_likelihood, value_log_likelihood
FROM models, to_jsonb(forecast) j;
SELECT model, abs(orders_likelihood(model, r, alpha, a, b) - log_likelihood) < 1e-6 AS as_published,
	abs(value_likelihood(p, q, v) - value_log_likelihood) < 1e-6 AS value_as_published
FROM parameters ORDER BY 1;
-- and nothing around is more likely
SELECT model, count(*), count(*) FILTER (WHERE orders_likelihood(model, r * exp(dr), alpha * exp(dalpha), a * exp(da), b * exp(db)) > log_likelihood + 1e-9) AS better
FROM parameters, unnest('{-0.02,0,0.02}'::float8[]) dr, unnest('{-0.02,0,0.02}'::float8[]) dalpha, unnest('{-0.02,0,0.02}'::float8[]) da, unnest('{-0.02,0,0.02}'::float8[]) db
GROUP BY 1 ORDER BY 1;
SELECT model, count(*), count(*) FILTER (WHERE value_likelihood(p * exp(dp), q * exp(dq), v * exp(dv)) > value_log_likelihood + 1e-9) AS better
FROM parameters, unnest('{-0.02,0,0.02}'::float8[]) dp, unnest('{-0.02,0,0.02}'::float8[]) dq, unnest('{-0.02,0,0.02}'::float8[]) dv
GROUP BY 1 ORDER BY 1;

-- both aggregates, dates and times, and the model that is meant if none is given
SELECT fit_forecast(d, date '2024-06-01') = (SELECT forecast FROM models WHERE model = 'bg/nbd') AS by_date,
	fit_forecast(d, '2024-06-01 00:00Z'::timestamptz, 'mbg/nbd') = (SELECT forecast FROM models WHERE model = 'mbg/nbd') AS by_time,
	forecast_fit(d, date '2024-06-01') = forecast_fit(d, '2024-06-01 00:00Z'::timestamptz, 'bg/nbd') AS report
FROM digests;

-- the same to the bit: in another order, as a window, by workers
SELECT fit_forecast(d, date '2024-06-01' ORDER BY md5(customer::text)) = f AS shuffled,
	fit_forecast(d, date '2024-06-01' ORDER BY customer DESC) = f AS backwards
FROM digests, (SELECT forecast FROM models WHERE model = 'bg/nbd') m(f) GROUP BY f;
SELECT bool_and(w = forecast), count(*) FROM (SELECT fit_forecast(d, date '2024-06-01') OVER () AS w FROM digests) s, models WHERE model = 'bg/nbd';
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT fit_forecast(d, date '2024-06-01') = (SELECT forecast FROM models WHERE model = 'bg/nbd') AS parallel
FROM (SELECT customer, order_digest(amount, day) AS d FROM orders GROUP BY customer) s;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;

-- who has no orders is not counted; nobody: NULL
SELECT (forecast_fit(d, date '2024-06-01')).customers
FROM (SELECT d FROM digests UNION ALL SELECT NULL UNION ALL SELECT order_digest(-1::numeric, date '2024-01-01')) s;
SELECT fit_forecast(d, date '2024-06-01'), forecast_fit(d, date '2024-06-01') FROM (VALUES (NULL::order_digest)) s(d);
SELECT fit_forecast(d, date '2024-06-01'), forecast_fit(d, date '2024-06-01') FROM digests WHERE false;

-- a fit that finds no end says so, and returns what it has
SELECT what, converged, value_customers, value_converged, value_log_likelihood IS NULL AS no_value, expected_orders(customer(3, 20, 30), forecast, date '2024-06-01', 365) >= 0 AS finite
FROM (SELECT what, (forecast_fit(d, date '2024-06-01')).*
	  FROM (SELECT 'one customer', customer(3, 20, 30) UNION ALL SELECT 'nobody ordered again', customer(0, 0, 0, i) FROM generate_series(1, 9) i
			UNION ALL SELECT 'all the same', customer(3, 20, 30) FROM generate_series(1, 99) UNION ALL SELECT 'for nothing', customer(i % 4, 10 * (i % 4), 30, 0) FROM generate_series(1, 99) i) s(what, d)
	  GROUP BY what) f
ORDER BY what;

-- mistakes
SELECT e, regexp_replace(pg_temp.ct_error(format('SELECT %s FROM digests', e)), '^(42883).*', '\1')
FROM unnest(ARRAY['fit_forecast(d, date ''2024-01-01'')', 'fit_forecast(d, date ''2024-06-01'', ''pareto/nbd'')', 'forecast_fit(d, date ''2024-06-01'', ''BG/NBD'')',
	'fit_forecast(d, date ''2024-06-01'' + customer % 2)', 'fit_forecast(d, date ''2024-06-01'', CASE WHEN customer = 7 THEN ''mbg/nbd'' ELSE ''bg/nbd'' END)',
	'fit_forecast(d, NULL::date)', 'fit_forecast(d, date ''2024-06-01'', NULL)', 'fit_forecast(d, date ''infinity'')', 'fit_forecast(customer, date ''2024-06-01'')']) e;

-- in one statement: what each is expected to bring in a year
SELECT count(*), round(sum(expected_revenue)::numeric) AS revenue, count(*) FILTER (WHERE expected_revenue IS NULL) AS unknown
FROM (SELECT expected_revenue(d, fit_forecast(d, date '2024-06-01') OVER (), date '2024-06-01', 365) FROM digests) s;

SET client_min_messages = warning;
DROP SCHEMA forecast CASCADE;
