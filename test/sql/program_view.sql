-- program_view: tiers as a materialized view, without any program

SET client_min_messages = warning;
CREATE SCHEMA ct_view;
SET search_path = ct_view, public;

CREATE TABLE metrics (customer integer PRIMARY KEY, revenue numeric, payment_score double precision);
INSERT INTO metrics SELECT i, i * 100, 100 - i FROM generate_series(1, 50) i;
CREATE MATERIALIZED VIEW customer_tiers AS
SELECT customer, value, tier(value, calibrate_ladder(value, 'A top 4%, B top 20%, C') OVER ())
FROM (
	SELECT customer, weighted_value(m, calibrate_scorecard(m,
		'revenue 60 percentile, payment_score 40 linear(0, 100)') OVER ()) AS value
	FROM metrics m) v;
CREATE UNIQUE INDEX ON customer_tiers (customer);
SELECT tier, count(*), min(customer), max(customer) FROM customer_tiers GROUP BY tier ORDER BY tier;

CREATE TABLE before AS SELECT customer, tier, xmin::text AS writer FROM customer_tiers;
UPDATE metrics SET payment_score = 0 WHERE customer = 50;
DELETE FROM metrics WHERE customer = 1;
INSERT INTO metrics VALUES (51, 5100, 100);
REFRESH MATERIALIZED VIEW CONCURRENTLY customer_tiers;
SELECT customer, b.tier AS before, t.tier AS after
FROM before b FULL JOIN customer_tiers t USING (customer)
WHERE b.tier IS DISTINCT FROM t.tier ORDER BY customer;
-- bounds are steady, so that only who moved is written
DROP MATERIALIZED VIEW customer_tiers;
CREATE MATERIALIZED VIEW customer_tiers AS
SELECT customer, tier(revenue, 'gold >= 4000, silver >= 2000, base') FROM metrics;
CREATE UNIQUE INDEX ON customer_tiers (customer);
DROP TABLE before;
CREATE TABLE before AS SELECT customer, tier, xmin::text AS writer FROM customer_tiers;
UPDATE metrics SET revenue = 4500 WHERE customer IN (5, 45);
REFRESH MATERIALIZED VIEW CONCURRENTLY customer_tiers;
SELECT customer, b.tier AS before, t.tier AS after
FROM before b JOIN customer_tiers t USING (customer) WHERE t.xmin::text <> b.writer;
-- and a program upon one

DROP MATERIALIZED VIEW customer_tiers;
CREATE MATERIALIZED VIEW measured AS
SELECT customer, weighted_value(m, 'revenue 1 linear(0, 5000)') AS value FROM metrics m;
SELECT tiering.create_program('upon', 'measured', 'customer', 'gold >= 80, silver >= 40, base',
	value => 'value');
SELECT tiering.refresh_now('upon', '2024-01-01');
UPDATE metrics SET revenue = 0 WHERE customer = 45;
REFRESH MATERIALIZED VIEW measured;
SELECT tiering.refresh_now('upon', '2024-01-02');
SELECT customer, from_tier, tier, reason FROM upon_tier_history WHERE run = 2;
SELECT tiering.drop_program('upon');
SET client_min_messages = error;
DROP SCHEMA ct_view CASCADE;
