-- forecast.sql: fitting a model to a customer for each ten values, and what it
-- takes to ask it about one of them, beside reading the digests.
CREATE UNLOGGED TABLE bench_digests AS
SELECT customer, order_digest(amount, day) AS d
FROM (SELECT customer, 5 + customer % 90 AS amount, date '2024-01-01' + first AS day
	  FROM (SELECT customer, (customer * 7919 % 90)::integer AS first FROM generate_series(1, (:rows / 10)::bigint) customer) c
	  UNION ALL
	  -- two of five never order again; the others up to 20 times, then and again
	  SELECT customer, 5 + customer % 90 + n, date '2024-01-01' + (first + n * gap + late)::integer
	  FROM (SELECT customer, (customer * 7919 % 90)::integer AS first, customer * 104729 % 100 AS luck,
				   (1 + customer * 1299709 % 13)::integer AS gap, (customer * 15485863 % 23)::integer AS late FROM generate_series(1, (:rows / 10)::bigint) customer) c,
		   generate_series(1, CASE WHEN luck < 40 THEN 0 ELSE 1 + (luck - 40) * (luck - 40) / 190 END) n) o
GROUP BY customer;
VACUUM ANALYZE bench_digests;
CREATE TABLE bench_fit AS SELECT (forecast_fit(d, date '2025-01-01', 'mbg/nbd')).* FROM bench_digests;
SELECT customers, histories, converged, iterations, value_customers, value_histories, value_converged FROM bench_fit;

-- at most 20 seconds for a million customers of 100,000 histories
SELECT 'fit_forecast() of all' AS benchmark, round(ms) AS ms, round((ms / customers)::numeric * 1000, 2) AS "microseconds each", 20 AS "at most",
	ms / customers * 1000 <= 20 AS reached
FROM bench_fit, bench_ms('SELECT fit_forecast(d, date ''2025-01-01'') FROM bench_digests') ms;

SELECT call AS benchmark, round(ours::numeric - bare::numeric) AS ms, round(((ours - bare) / customers)::numeric * 1000, 2) AS "microseconds each", 3 AS "at most",
	(ours - bare) / customers * 1000 <= 3 AS reached
FROM bench_fit, bench_ms('SELECT count(d) FROM bench_digests, bench_fit') bare,
	unnest('{"probability_active(d, forecast, date ''2025-01-01'')","expected_order_value(d, forecast)","expected_orders(d, forecast, date ''2025-01-01'', 365)",
	"expected_revenue(d, forecast, date ''2025-01-01'', 365)","expected_revenue(d, forecast, date ''2025-01-01'', 365, 0.1)"}'::text[]) call,
	LATERAL bench_ms(format('SELECT count(%s) FROM bench_digests, bench_fit', call)) ours;
