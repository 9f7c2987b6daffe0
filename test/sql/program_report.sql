-- program_report: what can be asked of a program

SET client_min_messages = warning;
SET datestyle = ISO;
SET timezone = 'UTC';
\set SHOW_CONTEXT never

CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d text;
	h text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || SQLERRM, nullif(d, ''),
		nullif(h, ''));
END $$;

CREATE SCHEMA ct_report;
SET search_path = ct_report, public;

CREATE TABLE metrics (customer integer PRIMARY KEY, value numeric, revenue double precision);
INSERT INTO metrics SELECT i, i * 37 % 1000, i * 0.1 FROM generate_series(1, 200) i;
SELECT tiering.create_program('vip', 'metrics', 'customer',
	'gold >= 900, silver >= 600, bronze >= 600, base >= 100', value => 'value',
	policy => 'drop one step');
SELECT tiering.create_program('ranked', 'metrics', 'customer', 'A top 10%, B',
	'revenue 1 percentile');

-- before the first refresh
SELECT pg_temp.ct_error(format('SELECT * FROM tiering.%s', call))
FROM unnest(ARRAY[$$verify('vip')$$, $$pyramid('vip')$$,
	$$runs('vip')$$, $$movements('vip')$$, $$tier_at('vip', 1, '2024-01-01')$$,
	$$simulate('vip')$$, $$verify('nobody')$$, $$movements('nobody')$$]) AS call;
SELECT from_tier, to_tier, count(*), min(value), max(value)
FROM tiering.simulate('vip') GROUP BY 1, 2 ORDER BY min(value);

SELECT tiering.refresh_now('vip', '2024-01-01'), tiering.refresh_now('ranked', '2024-01-01');
UPDATE metrics SET value = value - 350 WHERE customer % 3 = 0;
SELECT tiering.refresh_now('vip', '2024-02-01');
UPDATE metrics SET value = value + 100 WHERE customer % 5 = 0;
DELETE FROM metrics WHERE customer % 50 = 0;
INSERT INTO metrics VALUES (1001, 950, 0.2), (1002, NULL, 0.1);
SELECT tiering.refresh_now('vip', '2024-03-01');

--
-- verify: the facts against the tables
--
SELECT count(*) FROM tiering.verify('vip');
UPDATE metrics SET value = 0 WHERE customer = 1001;
DELETE FROM metrics WHERE customer = 1002;
INSERT INTO metrics VALUES (1003, 950, 0.2);
SELECT customer, (stored).tier, (stored).since, (expected).tier, (expected).since, (expected).movement
FROM tiering.verify('vip');
UPDATE metrics SET value = 950 WHERE customer = 1001;
INSERT INTO metrics VALUES (1002, NULL, 0.1);
DELETE FROM metrics WHERE customer = 1003;
-- a hand in the tables
UPDATE vip_tiers SET tier = 'gold', earned = 'gold', rank = 1 WHERE customer = 3;
DELETE FROM vip_tiers WHERE customer = 4;
INSERT INTO vip_tiers (customer, tier, since, earned, earned_since, joined, movement)
VALUES (5000, 'gold', '2024-01-01', 'gold', '2024-01-01', '2024-01-01', 'joined');
SELECT customer, (stored).tier, (expected).tier FROM tiering.verify('vip');
SELECT tiering.refresh_now('vip', '2024-03-01');
SELECT count(*) FROM tiering.verify('vip');

--
-- The outlook: the value of now beside the tier
--
UPDATE metrics SET value = 1, revenue = 0.3 WHERE customer = 7;
SELECT o.*, t.value AS written FROM vip_tier_outlook o JOIN vip_tiers t USING (customer)
WHERE customer = 7;
SELECT count(*), bool_and((o.tier, o.rank, o.earned, o.since, o.review_on, o.value) IS NOT DISTINCT FROM
		(t.tier, t.rank, t.earned, t.since, t.review_on, m.value) AND
	o.next_tier IS NOT DISTINCT FROM next_tier(m.value, l) AND
	o.gap_to_next IS NOT DISTINCT FROM gap_to_next(m.value, l) AND
	o.tier_progress IS NOT DISTINCT FROM tier_progress(m.value, l) AND
	o.outlook IS NOT DISTINCT FROM upgrade_outlook(t.tier, m.value, NULL, l))
FROM vip_tier_outlook o JOIN vip_tiers t USING (customer) JOIN metrics m USING (customer), tiering.ladder('vip') l;
SELECT count(*) FROM vip_tier_outlook JOIN vip_tiers t USING (customer) WHERE t.movement = 'left';
-- with the scorecard as last calibrated
SELECT bool_and(o.value = weighted_value(m, tiering.scorecard('ranked')))
FROM ranked_tier_outlook o JOIN metrics m USING (customer);

--
-- simulate: what a refresh would bring
--
CREATE TABLE foreseen AS SELECT * FROM tiering.simulate('vip', as_of => '2024-04-01');
SELECT count(*) FROM vip_tier_run;
BEGIN;
SELECT tiering.refresh_now('vip', '2024-04-01');
SELECT count(*), bool_and(s.to_tier IS NOT DISTINCT FROM t.tier)
FROM foreseen s FULL JOIN (SELECT * FROM vip_tiers WHERE movement <> 'left' OR since = '2024-04-01') t
	ON s.customer = t.customer::text;
ROLLBACK;
BEGIN;
CREATE TEMPORARY TABLE other AS
SELECT * FROM tiering.simulate('ranked', 'X top 50%, Y', 'revenue 1 minmax', 'review every 1 years');
SELECT tiering.alter_program('ranked', 'X top 50%, Y', 'revenue 1 minmax', 'review every 1 years');
SELECT tiering.refresh_now('ranked') > 0;
SELECT count(*), bool_and(o.to_tier = t.tier AND o.value = t.value::text::numeric)
FROM other o FULL JOIN (SELECT * FROM ranked_tiers WHERE movement <> 'left') t
	ON o.customer = t.customer::text
WHERE t.customer IS NOT NULL;
ROLLBACK;
-- also where nothing can be written
BEGIN READ ONLY;
SELECT count(*) > 100 FROM tiering.simulate('vip');
SELECT count(*) FROM tiering.verify('vip');
ROLLBACK;
SELECT pg_temp.ct_error($$SELECT tiering.simulate('vip', 'a: value >= 3, b')$$);
SELECT pg_temp.ct_error($$SELECT tiering.simulate('vip', as_of => '2023-01-01')$$);

--
-- movements: the matrix
--
SELECT * FROM tiering.movements('vip');
SELECT * FROM tiering.movements('vip', '2024-03-01');
SELECT count(*) FROM (
	SELECT from_tier, to_tier, movement, customers FROM tiering.movements('vip', '2024-02-01')
	EXCEPT
	SELECT from_tier, tier, movement, count(*) FROM vip_tier_history
	WHERE as_of >= '2024-02-01' GROUP BY 1, 2, 3) x;

--
-- pyramid: how many, and how much
--
SELECT * FROM tiering.pyramid('vip');
SELECT * FROM tiering.pyramid('vip', 'revenue');
SELECT * FROM tiering.pyramid('ranked');
SELECT count(*), bool_and(p.customers = q.customers AND p.amount = q.amount AND
	p.share = round(q.customers / q.total, 4) AND p.amount_share = round(q.amount / q.sum, 4))
FROM tiering.pyramid('vip', 'revenue') p JOIN (
	SELECT tier, count(*) AS customers, sum(revenue::text::numeric) AS amount,
		sum(count(*)) OVER () AS total, sum(sum(revenue::text::numeric)) OVER () AS sum
	FROM vip_tiers LEFT JOIN metrics m USING (customer)
	WHERE movement <> 'left' GROUP BY tier) q ON q.tier IS NOT DISTINCT FROM p.tier;
SELECT pg_temp.ct_error($$SELECT * FROM tiering.pyramid('vip', 'income')$$);
-- a customer's column that is called as the columns of the query are
CREATE TABLE odd (amount integer, revenue numeric);
INSERT INTO odd VALUES (1, 250), (2, 50);
SELECT tiering.create_program('odd', 'odd', 'amount', 'gold >= 200, base', value => 'revenue');
SELECT tiering.refresh_now('odd', '2024-01-01');
SELECT tier, customers, amount FROM tiering.pyramid('odd');
SELECT tier, customers, amount FROM tiering.pyramid('odd', 'revenue');
SELECT tier, customers, amount FROM tiering.pyramid('odd', 'amount');

--
-- tier_at: any day
--
SELECT d::date, tiering.tier_at('vip', 3, d::date), tiering.tier_at('vip', '24', d::date),
	tiering.tier_at('vip', 50::bigint, d::date), tiering.tier_at('vip', 1001, d::date)
FROM unnest('{2023-12-31,2024-01-01,2024-01-31,2024-02-01,2024-02-29,2024-03-01,2024-12-31}'::date[]) d;
SELECT bool_and(tiering.tier_at('vip', customer, '2024-03-01') IS NOT DISTINCT FROM tier)
FROM vip_tiers;
SELECT tiering.tier_at('vip', 777777, '2024-03-01');
SELECT pg_temp.ct_error($$SELECT tiering.tier_at('vip', 'x', '2024-03-01')$$);
-- in hindsight: a fall is of the day of the review, not of the refresh
CREATE TABLE late (id integer, value numeric);
INSERT INTO late VALUES (1, 250);
SELECT tiering.create_program('late', 'late', 'id', 'gold >= 200, base', value => 'value',
	policy => 'review every 1 months');
SELECT tiering.refresh_now('late', '2024-01-01');
UPDATE late SET value = 0;
SELECT tiering.refresh_now('late', '2024-02-20');
SELECT as_of, tier, since FROM late_tier_history ORDER BY entry;
SELECT tiering.tier_at('late', 1, '2024-01-31'), tiering.tier_at('late', 1, '2024-02-01');

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SET client_min_messages = error;
DROP SCHEMA ct_report CASCADE;
