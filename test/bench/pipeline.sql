-- pipeline.sql: from rows to tiers, against the executor's own aggregates, against
-- SQL tuned by hand, and, by pipeline.mjs, against DuckDB.
--
-- A fifth of the values are orders, half as many payments, and there is a
-- customer for each 20 orders, whose rows lie far apart as they come in.
DROP TABLE bench_values;
SET TimeZone = 'UTC';
SET work_mem = '2GB';
SET jit = off;

SELECT :rows / 5 AS orders, greatest(:rows / 100, 1) AS customers \gset
CREATE UNLOGGED TABLE orders AS
SELECT (i * 2654435761 % 4294967296 * :customers / 4294967296)::integer AS customer_id,
	   ((i * 40503 % 65536)::numeric / 100)::numeric(12, 2) AS amount,
	   timestamptz '2024-01-01' + i * (interval '2 years' / :orders) AS ordered_at
FROM generate_series(1, :orders::bigint) AS i;
CREATE UNLOGGED TABLE payments AS
SELECT (i * 2246822519 % 4294967296 * :customers / 4294967296)::integer AS customer_id,
	   ((i * 30011 % 65536)::numeric / 100)::numeric(12, 2) AS amount,
	   due_on, CASE WHEN i % 20 > 0 THEN due_on + (i * 48271 % 100)::integer - 60 END AS paid_on
FROM generate_series(1, :orders::bigint / 2) AS i,
	 LATERAL (SELECT date '2024-01-01' + (i * 1400 / :orders)::integer AS due_on) AS terms;
VACUUM ANALYZE orders, payments;

CREATE VIEW order_digests AS
SELECT customer_id, order_digest(amount, ordered_at) AS orders FROM orders GROUP BY customer_id;
CREATE VIEW payment_digests AS
SELECT customer_id, payment_digest(amount, due_on, paid_on, '2026-01-01') AS payments FROM payments GROUP BY customer_id;

-- Figures of digests, which need not leave the process that made them.
CREATE VIEW digest_order_figures AS
SELECT customer_id, revenue(order_digest(amount, ordered_at)), recency_days(order_digest(amount, ordered_at), '2026-01-01'),
	   order_count(order_digest(amount, ordered_at))
FROM orders GROUP BY customer_id;
CREATE VIEW digest_payment_figures AS
SELECT customer_id, payment_score(payment_digest(amount, due_on, paid_on, '2026-01-01')) FROM payments GROUP BY customer_id;

-- The same figures by hand: date_part and constant days, one pass over each table.
CREATE VIEW order_figures AS
SELECT customer_id, count(*) AS order_count, sum(amount) AS revenue, max(amount) AS largest_order,
	   min(ordered_at) AS first_order_at, max(ordered_at) AS last_order_at
FROM orders GROUP BY customer_id;
CREATE VIEW payment_figures AS
SELECT customer_id, sum(amount) AS billed, sum(amount) FILTER (WHERE paid_on <= '2026-01-01') AS paid,
	   sum(amount * CASE WHEN late <= 0 THEN 100 WHEN late <= 30 THEN 75 WHEN late <= 60 THEN 50 WHEN late <= 90 THEN 25 ELSE 0 END)
	   / nullif(sum(amount), 0) AS payment_score
FROM payments, LATERAL (SELECT least(paid_on, '2026-01-01') - due_on AS late) AS l
GROUP BY customer_id;

-- Everything: weighted value with criteria by percentile, tiers by rank, what is next.
CREATE VIEW by_digests AS
WITH figures AS MATERIALIZED (
	SELECT * FROM digest_order_figures FULL JOIN digest_payment_figures USING (customer_id)),
	card AS MATERIALIZED (
	SELECT calibrate_scorecard(f, 'revenue 50 percentile, recency_days 20 percentile desc, order_count 10 percentile, payment_score 20 linear(0, 100) missing skip') AS card
	FROM figures AS f),
	values AS MATERIALIZED (
	SELECT customer_id, weighted_value(f, card) AS value FROM figures AS f, card),
	ladder AS MATERIALIZED (
	SELECT calibrate_ladder(value, 'A top 1%, B top 5%, C top 20%, D') AS ladder FROM values)
SELECT customer_id, value, tier(value, ladder), next_tier(value, ladder), gap_to_next(value, ladder) FROM values, ladder;
CREATE VIEW by_hand AS
WITH figures AS MATERIALIZED (
	SELECT customer_id, revenue, date_part('epoch', timestamptz '2026-01-01' - last_order_at) / 86400 AS recency_days, order_count, payment_score
	FROM order_figures FULL JOIN payment_figures USING (customer_id)),
	values AS MATERIALIZED (
	SELECT customer_id, (50 * percent_rank() OVER (ORDER BY revenue) * 100
		+ 20 * percent_rank() OVER (ORDER BY recency_days DESC) * 100
		+ 10 * percent_rank() OVER (ORDER BY order_count) * 100
		+ 20 * coalesce(payment_score, 0)::float8) / 100 AS value
	FROM figures),
	ranked AS MATERIALIZED (
	SELECT customer_id, value, rank() OVER (ORDER BY value DESC) / (count(*) OVER ())::float8 AS share FROM values),
	bounds AS MATERIALIZED (
	SELECT min(value) FILTER (WHERE share <= 0.01) AS a, min(value) FILTER (WHERE share <= 0.05) AS b,
		   min(value) FILTER (WHERE share <= 0.2) AS c
	FROM ranked)
SELECT customer_id, value, CASE WHEN value >= a THEN 'A' WHEN value >= b THEN 'B' WHEN value >= c THEN 'C' ELSE 'D' END AS tier,
	   CASE WHEN value >= a THEN NULL WHEN value >= b THEN 'A' WHEN value >= c THEN 'B' ELSE 'C' END AS next_tier,
	   CASE WHEN value >= a THEN NULL WHEN value >= b THEN a - value WHEN value >= c THEN b - value ELSE c - value END AS gap_to_next
FROM ranked, bounds;

-- equal before they are timed: what the digests tell, and the digests by either node
SELECT count(*) = 0 AS "figures equal" FROM (
	SELECT customer_id, order_count(orders), revenue(orders), largest_order(orders), first_order_at(orders), last_order_at(orders) FROM order_digests
	EXCEPT TABLE order_figures) AS d;
CREATE UNLOGGED TABLE fused AS SELECT * FROM order_digests FULL JOIN payment_digests USING (customer_id);
SET customer_tier.enable_fused_aggregate = off;
CREATE UNLOGGED TABLE plain AS SELECT * FROM order_digests FULL JOIN payment_digests USING (customer_id);
RESET customer_tier.enable_fused_aggregate;
SELECT count(*) = 0 AS "digests equal" FROM (TABLE fused EXCEPT TABLE plain) AS d;
DROP TABLE fused, plain;

-- a worker is used where there may be one
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0.01;
CREATE TABLE contenders (number integer GENERATED ALWAYS AS IDENTITY, what text, query text,
	fused boolean DEFAULT true, workers integer DEFAULT 0, ms double precision[] DEFAULT '{}');
INSERT INTO contenders (what, query, fused, workers) VALUES
	('rows of orders: count(*)', 'SELECT count(*) FROM orders', true, 0),
	('grouped: count(*)', 'SELECT count(n) FROM (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id OFFSET 0) AS g', true, 0),
	('order figures by hand', 'SELECT count(revenue) FROM (SELECT * FROM order_figures OFFSET 0) AS g', true, 0),
	('order digests, executor''s own', 'SELECT count(orders) FROM (SELECT * FROM order_digests OFFSET 0) AS g', false, 0),
	('order digests, fused', 'SELECT count(orders) FROM (SELECT * FROM order_digests OFFSET 0) AS g', true, 0),
	('order digests, fused, a worker', 'SELECT count(orders) FROM (SELECT * FROM order_digests OFFSET 0) AS g', true, 1),
	('figures of order digests, fused', 'SELECT count(revenue) FROM (SELECT * FROM digest_order_figures OFFSET 0) AS g', true, 0),
	('figures of order digests, fused, a worker', 'SELECT count(revenue) FROM (SELECT * FROM digest_order_figures OFFSET 0) AS g', true, 1),
	('payment digests, executor''s own', 'SELECT count(payments) FROM (SELECT * FROM payment_digests OFFSET 0) AS g', false, 0),
	('payment digests, fused', 'SELECT count(payments) FROM (SELECT * FROM payment_digests OFFSET 0) AS g', true, 0),
	('all by hand', 'SELECT count(tier), sum(gap_to_next) FROM by_hand', true, 0),
	('all, executor''s own', 'SELECT count(tier), sum(gap_to_next) FROM by_digests', false, 0),
	('all, fused', 'SELECT count(tier), sum(gap_to_next) FROM by_digests', true, 0),
	('all, fused, a worker', 'SELECT count(tier), sum(gap_to_next) FROM by_digests', true, 1);
CREATE PROCEDURE take_turns(turns integer) LANGUAGE plpgsql AS $$
DECLARE
	c contenders;
BEGIN
	FOR i IN 1 .. turns LOOP
		FOR c IN SELECT * FROM contenders ORDER BY number LOOP
			PERFORM set_config('customer_tier.enable_fused_aggregate', c.fused::text, true),
				set_config('max_parallel_workers_per_gather', c.workers::text, true);
			UPDATE contenders SET ms = ms || bench_ms(c.query) WHERE number = c.number;
			COMMIT;
		END LOOP;
	END LOOP;
END $$;
CALL take_turns(3);

SELECT what AS benchmark, round(median) AS ms, round(median * 1e6 / :orders) AS "ns an order",
	round((median / first_value(median) OVER (ORDER BY what <> 'grouped: count(*)'))::numeric, 2) AS "of grouped count(*)",
	round((median / first_value(median) OVER (ORDER BY what <> 'all by hand'))::numeric, 3) AS "of all by hand"
FROM contenders, LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY m) AS median FROM unnest(ms) AS m) AS x
ORDER BY number;
SELECT count(*) AS tiers, round((sum(value) / count(*))::numeric, 1) AS "mean value" FROM by_digests;
