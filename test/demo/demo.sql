-- demo.sql: from the rows of generate.sql to tiers.
SET TimeZone = 'UTC';

-- Orders and payments are digested apart from each other and joined one row
-- to one row.  Windows are ordinary FILTER and WHERE clauses: revenue counts
-- the last year, recency and tenure the whole time.
CREATE VIEW current_metrics AS
SELECT customer_id, name, region, m.*
FROM customers
	 LEFT JOIN (
		 SELECT customer_id,
				order_digest(amount, ordered_at, profit, quantity) AS lifetime,
				order_digest(amount, ordered_at, profit, quantity)
					FILTER (WHERE ordered_at >= '2025-01-01') AS year
		 FROM orders
		 GROUP BY customer_id) AS o USING (customer_id)
	 LEFT JOIN (
		 SELECT customer_id,
				payment_digest(amount, due_on, paid_on, '2026-01-01', disputed)
					AS payments
		 FROM invoices
		 WHERE due_on >= '2025-01-01' OR paid_on IS NULL OR
			   paid_on >= '2025-01-01'
		 GROUP BY customer_id) AS p USING (customer_id),
	 customer_measures(o.year, p.payments, '2026-01-01', o.lifetime) AS m;
CREATE MATERIALIZED VIEW customer_metrics AS
SELECT * FROM current_metrics;

-- A scorecard makes one value from 0 to 100 of several figures, a ladder makes
-- a tier of the value.  Both are relative to the customers that there are, and
-- calibrated against them once.
CREATE TABLE scheme AS
WITH s AS (
	SELECT calibrate_scorecard(m,
		'revenue 40 log(100, 50000), profit 20 percentile,
		 order_count 15 percentile, recency_days 10 percentile desc missing zero,
		 payment_score 15 linear(0, 100) missing skip') AS scorecard
	FROM customer_metrics AS m)
SELECT scorecard,
	   calibrate_ladder(weighted_value(m, scorecard),
						'A top 1%, B top 5%, C top 20%, D') AS ladder
FROM customer_metrics AS m, s
GROUP BY scorecard;

CREATE TABLE customer_tiers AS
SELECT customer_id, value, tier(value, ladder) AS tier
FROM customer_metrics AS m, scheme, weighted_value(m, scorecard) AS value;

\pset footer off
\echo 'Customers and revenue of 2025 per tier'
SELECT tier, count(*) AS customers,
	   round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS "% of customers",
	   sum(revenue) AS revenue,
	   round(100 * sum(revenue) / sum(sum(revenue)) OVER (), 1) AS "% of revenue",
	   round(avg(payment_score)::numeric, 1) AS "payment score",
	   round(min(value)::numeric, 2) AS "lowest value"
FROM customer_tiers JOIN customer_metrics USING (customer_id)
GROUP BY tier
ORDER BY tier;

\echo 'The ten most valuable customers'
SELECT customer_id AS id, name, region, round(revenue, 2) AS revenue,
	   order_count AS orders, round(payment_score::numeric, 1) AS "payment score",
	   round(value::numeric, 2) AS value, tier
FROM customer_tiers JOIN customer_metrics USING (customer_id)
ORDER BY value DESC, customer_id
LIMIT 10;

-- the best of those on account who are not quite B
SELECT customer_id AS id, name AS customer
FROM customer_tiers JOIN customer_metrics USING (customer_id), scheme
WHERE next_tier(value, ladder) = 'B' AND payment_score IS NOT NULL
ORDER BY value DESC, customer_id
LIMIT 1 \gset

\echo 'What the value of customer' :id, :customer, 'is made of'
SELECT criterion, weight, round(raw::numeric, 2) AS figure,
	   round(score::numeric, 2) AS score, round(points::numeric, 2) AS points
FROM customer_metrics AS m, scheme, value_breakdown(m, scorecard)
WHERE customer_id = :id;

\echo 'and what they need for the next tier'
SELECT tier, round(value::numeric, 4) AS value,
	   next_tier(value, ladder) AS "next tier",
	   round(gap_to_next(value, ladder)::numeric, 4) AS gap,
	   round(tier_progress(value, ladder)::numeric, 3) AS progress
FROM customer_tiers, scheme
WHERE customer_id = :id;

-- The same questions on a ladder of revenue.  Projected is the revenue of a
-- year at the rate of the end of 2025, if it rose or fell evenly.
CREATE TEMPORARY TABLE revenue_tiers AS
SELECT customer_id, name, m.revenue, average_order_value, ladder,
	   tier(before, ladder) AS held, tier(m.revenue, ladder) AS tier,
	   upgrade_outlook(tier(before, ladder), m.revenue, projected, ladder)
		   AS outlook
FROM customer_metrics AS m
	 JOIN (
		 SELECT customer_id,
				order_digest(amount, ordered_at)
					FILTER (WHERE ordered_at >= '2024-01-01' AND
								  ordered_at < '2025-01-01') AS earlier,
				order_digest(amount, ordered_at)
					FILTER (WHERE ordered_at >= '2025-01-01') AS later
		 FROM orders
		 GROUP BY customer_id) AS o USING (customer_id),
	 (SELECT tier_ladder 'platinum >= 40000, gold >= 10000, silver >= 2000,
						  member') AS l (ladder),
	 coalesce(revenue(earlier), 0) AS before,
	 coalesce(trend(later, '2025-01-01', '2026-01-01'), 0) AS slope,
	 round(m.revenue * (1 + slope::numeric / 2), 2) AS projected;

\echo 'On a ladder of revenue: tier held from 2024, outlook at the end of 2025'
SELECT held,
	   count(*) FILTER (WHERE outlook = 'eligible') AS eligible,
	   count(*) FILTER (WHERE outlook = 'at_risk') AS "at risk",
	   count(*) FILTER (WHERE outlook = 'within_reach') AS "within reach",
	   count(*) FILTER (WHERE outlook = 'stable') AS stable,
	   count(*) FILTER (WHERE outlook = 'top') AS top
FROM revenue_tiers
GROUP BY held, ladder
ORDER BY tier_rank(held, ladder);

\echo 'Silver and gold customers who are a few orders from the next tier'
SELECT customer_id AS id, name, held, round(revenue, 2) AS revenue, tier,
	   next_tier(revenue, ladder) AS "next tier",
	   round(gap_to_next(revenue, ladder), 2) AS gap,
	   orders_to_next(revenue, average_order_value, ladder) AS orders, outlook
FROM revenue_tiers
WHERE tier IN ('silver', 'gold')
ORDER BY orders_to_next(revenue, average_order_value, ladder), customer_id
LIMIT 10;

-- What customers will bring next year, by a model of how they order until they
-- leave, fitted to all of them.  The orders of a day are one occasion.  Whether
-- it can be trusted is tried on the last year, with what was known before it.
CREATE TABLE order_days AS
SELECT customer_id, (ordered_at AT TIME ZONE 'UTC')::date AS day,
	   sum(amount) FILTER (WHERE amount >= 0) AS amount
FROM orders
GROUP BY customer_id, day
HAVING max(amount) >= 0;
CREATE TABLE histories AS
SELECT customer_id, order_digest(amount, day) AS lifetime,
	   order_digest(amount, day) FILTER (WHERE day < '2025-01-01') AS before,
	   count(*) FILTER (WHERE day >= '2025-01-01') AS after
FROM order_days
GROUP BY customer_id;

\echo 'A forecast of 2025 from the years before, and what came of it'
SELECT CASE WHEN repeats >= 7 THEN '7 or more' ELSE repeats::text END AS "repeat orders",
	   count(*) AS customers, round(sum(expected)::numeric) AS expected,
	   sum(after) AS actual
FROM (SELECT order_count(before) - 1 AS repeats, after,
			 expected_orders(before, fit_forecast(before, '2025-01-01', 'mbg/nbd') OVER (),
							 '2025-01-01', 365) AS expected
	  FROM histories
	  WHERE before IS NOT NULL) AS h
GROUP BY 1
ORDER BY 1;

CREATE TABLE potentials AS
SELECT customer_id, expected_revenue(lifetime, forecast, '2026-01-01', 365, 0.1) AS potential
FROM histories,
	 (SELECT fit_forecast(lifetime, '2026-01-01', 'mbg/nbd') AS forecast
	  FROM histories) AS f;

\echo 'Present tier by potential, the revenue expected of 2026: customers'
SELECT tier, count(*) FILTER (WHERE potential = 'high') AS high,
	   count(*) FILTER (WHERE potential = 'middling') AS middling,
	   count(*) FILTER (WHERE potential = 'low') AS low
FROM customer_tiers
	 JOIN (SELECT customer_id,
				  tier(potential, calibrate_ladder(potential,
					   'high share 50%, middling share 90%, low') OVER ()) AS potential
		   FROM potentials) AS p USING (customer_id)
GROUP BY tier
ORDER BY tier;

-- The same as a program: tiers kept in tables, from which customers move when
-- their metrics do.  Orders are tracked, so that those whom they touch can be
-- refreshed without reading everyone.
SET client_min_messages = warning;	-- no progress
\o /dev/null
SELECT tiering.create_program('vip', 'current_metrics', 'customer_id',
	'A top 1%, B top 5%, C top 20%, D',
	'revenue 40 log(100, 50000), profit 20 percentile,
	 order_count 15 percentile, recency_days 10 percentile desc missing zero,
	 payment_score 15 linear(0, 100) missing skip');
SELECT tiering.track('vip', 'orders', 'customer_id');
\o
CALL tiering.refresh('vip', '2026-01-01');

-- The best of B and C buy once more, the last of C send their largest order
-- back.
INSERT INTO orders
SELECT (SELECT max(order_id) FROM orders) + row_number() OVER (ORDER BY customer_id),
	   customer_id, '2025-12-31 18:00+00', amount, amount / 4, 10
FROM (SELECT customer_id, tier, largest_order,
			 row_number() OVER (PARTITION BY tier
								ORDER BY value DESC, customer_id) AS best,
			 row_number() OVER (PARTITION BY tier
								ORDER BY value, customer_id) AS last
	  FROM vip_tiers JOIN customer_metrics USING (customer_id)) AS t,
	 LATERAL (SELECT CASE WHEN tier = 'B' AND best <= 5 THEN 20000
						  WHEN tier = 'C' AND best <= 30 THEN 5000
						  WHEN tier = 'C' AND last <= 15 THEN -largest_order
					 END AS amount) AS a
WHERE amount IS NOT NULL;
CALL tiering.refresh_touched('vip', '2026-01-01');

\echo 'A program: refreshed for everyone, then, after 50 orders, for who placed them'
SELECT kind, status, customers, changed
FROM tiering.runs('vip');

\echo 'How many customers moved from which tier to which'
SELECT coalesce(from_tier, 'joined') AS "from",
	   coalesce(sum(customers) FILTER (WHERE to_tier = 'A'), 0) AS "to A",
	   coalesce(sum(customers) FILTER (WHERE to_tier = 'B'), 0) AS "to B",
	   coalesce(sum(customers) FILTER (WHERE to_tier = 'C'), 0) AS "to C",
	   coalesce(sum(customers) FILTER (WHERE to_tier = 'D'), 0) AS "to D"
FROM tiering.movements('vip')
GROUP BY from_tier
ORDER BY from_tier NULLS FIRST;

-- A club with fixed bounds on the revenue of the last 365 days, month after
-- month since 2025.  Its metrics are those of whatever day it is refreshed as
-- of; its history tells who had which tier when.
CREATE VIEW club_metrics AS
SELECT customer_id, coalesce(revenue(d), 0) AS revenue
FROM customers
	 LEFT JOIN (
		 SELECT customer_id, order_digest(amount, ordered_at) AS d
		 FROM orders
		 WHERE ordered_at < tiering.as_of() AND
			   ordered_at >= tiering.as_of() - 365
		 GROUP BY customer_id) AS o USING (customer_id)
WHERE joined_on < tiering.as_of();
\o /dev/null
SELECT tiering.create_program('club', 'club_metrics', 'customer_id',
	'platinum >= 20000, gold >= 8000, silver >= 2000, member',
	value => 'revenue', policy => 'review every 6 months, drop one step');
\o
SELECT format('CALL tiering.refresh(''club'', %L)', day::date)
FROM generate_series(timestamp '2025-01-01', '2026-01-01', '1 month') AS day
\gexec

\echo 'The tiers of the club, month after month'
SELECT day::date AS day,
	   count(*) FILTER (WHERE tier = 'platinum') AS platinum,
	   count(*) FILTER (WHERE tier = 'gold') AS gold,
	   count(*) FILTER (WHERE tier = 'silver') AS silver,
	   count(*) FILTER (WHERE tier = 'member') AS member
FROM generate_series(timestamp '2025-01-01', '2026-01-01', '3 months') AS day
	 JOIN club_tier_period ON period @> day::date
GROUP BY day
ORDER BY day;
