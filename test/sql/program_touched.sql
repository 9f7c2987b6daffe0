-- program_touched: refreshing those whom something happened to

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

CREATE SCHEMA ct_touched;
SET search_path = ct_touched, public;

CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY, customer integer, amount numeric);
CREATE TABLE payments (customer integer, paid date, amount numeric) PARTITION BY RANGE (paid);
CREATE TABLE payments_1 PARTITION OF payments FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE payments_2 PARTITION OF payments FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
	PARTITION BY HASH (customer);
CREATE TABLE payments_2a PARTITION OF payments_2 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX ON orders (customer);
CREATE INDEX ON payments (customer);
INSERT INTO customers SELECT generate_series(1, 5000);
INSERT INTO orders (customer, amount)
SELECT 1 + i % 5000, 10 + i * 7919 % 200 FROM generate_series(1, 40000) i;
INSERT INTO payments
SELECT 1 + i % 5000, date '2023-01-01' + i * 31 % 730, 5 + i * 6007 % 100
FROM generate_series(1, 20000) i;
CREATE VIEW metrics AS
SELECT id, coalesce(o.revenue, 0) AS revenue, coalesce(p.paid, 0) AS paid
FROM customers
	 LEFT JOIN (SELECT customer, sum(amount) AS revenue FROM orders GROUP BY customer) o
		ON o.customer = id
	 LEFT JOIN (SELECT customer, sum(amount) AS paid FROM payments GROUP BY customer) p
		ON p.customer = id;
ANALYZE;

SELECT tiering.create_program('vip', 'metrics', 'id',
	'A top 1%, B top 5%, C top 20%, D', 'revenue 60 percentile, paid 40 minmax');
-- not before the first refresh
SELECT pg_temp.ct_error($$SELECT tiering.refresh_touched_now('vip', '2024-01-01')$$);
CALL tiering.refresh_touched('vip', '2024-01-01');
CALL tiering.refresh('vip', '2024-01-01');
SELECT tier, count(*) FROM vip_tiers GROUP BY tier ORDER BY tier;

--
-- What is noted: each customer once a statement, before and after
--
SELECT tiering.track('vip', 'orders', 'customer');
SELECT tiering.track('vip', 'payments', 'customer');
SELECT tgrelid::regclass, tgname, tgfoid::regproc FROM pg_trigger
WHERE tgname LIKE 'vip\_%' ORDER BY tgname, tgrelid::regclass::text;
CREATE FUNCTION pg_temp.noted() RETURNS text LANGUAGE sql AS $$
	WITH q AS (DELETE FROM vip_tier_touched RETURNING id)
	SELECT string_agg(coalesce(id::text, 'all'), ' ' ORDER BY id) FROM q
$$;
INSERT INTO orders (customer, amount) VALUES (1, 5), (2, 5), (1, 5), (NULL, 5);
SELECT pg_temp.noted();
UPDATE orders SET customer = 3 WHERE customer = 2 AND amount = 5;
SELECT pg_temp.noted();
UPDATE orders SET amount = 6 WHERE customer IS NULL;
UPDATE orders SET amount = 6 WHERE customer = 999999;
SELECT pg_temp.noted();
DELETE FROM orders WHERE amount = 5;
SELECT pg_temp.noted();
-- partitions: by the root, in the middle, at the leaf, and from one to another
INSERT INTO payments VALUES (4, '2023-05-05', 1), (5, '2024-05-05', 1);
SELECT pg_temp.noted();
INSERT INTO payments_1 VALUES (6, '2023-05-05', 1);
INSERT INTO payments_2 VALUES (7, '2024-05-05', 1);
INSERT INTO payments_2a VALUES (8, '2024-05-05', 1);
SELECT pg_temp.noted();
UPDATE payments SET paid = paid - 365, customer = customer + 10
WHERE amount = 1 AND paid = '2024-05-05' AND customer IN (5, 7, 8);
SELECT pg_temp.noted();
DELETE FROM payments WHERE amount = 1;
SELECT pg_temp.noted();
CREATE UNIQUE INDEX ON orders (id);
INSERT INTO orders OVERRIDING SYSTEM VALUE VALUES (1, 20, 1), (-1, 21, 1)
ON CONFLICT (id) DO UPDATE SET customer = 23;
COPY orders (customer, amount) FROM STDIN;
22	3
22	4
\.
SELECT pg_temp.noted();
-- what is undone is not noted
BEGIN;
INSERT INTO orders (customer, amount) VALUES (1, 5);
ROLLBACK;
SELECT pg_temp.noted();
-- new partitions, once they are tracked
CREATE TABLE payments_3 PARTITION OF payments FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO payments_3 VALUES (9, '2025-05-05', 1);
INSERT INTO payments VALUES (10, '2025-05-05', 1);
SELECT pg_temp.noted();
SELECT tiering.track('vip', 'payments', 'customer');
INSERT INTO payments_3 VALUES (9, '2025-05-05', 1);
SELECT pg_temp.noted();
SELECT count(*), count(DISTINCT tgfoid) FROM pg_trigger WHERE tgname LIKE 'vip\_%';

--
-- Touched is as good as full
--
CALL tiering.refresh('vip', '2024-01-02');
SELECT count(*) FROM tiering.verify('vip');
INSERT INTO orders (customer, amount)
SELECT i * 37 % 5000, 300 FROM generate_series(1, 100) i;
DELETE FROM orders WHERE customer BETWEEN 100 AND 120;
INSERT INTO payments SELECT i * 41 % 5000, '2024-02-02', 400 FROM generate_series(1, 100) i;
INSERT INTO customers VALUES (6001), (6002);
INSERT INTO orders (customer, amount) VALUES (6001, 10000);
DELETE FROM customers WHERE id IN (37, 38);
SELECT count(*) > 50 AS moved FROM tiering.verify('vip');
CALL tiering.refresh_touched('vip', '2024-01-03');
-- all but those whom no order or payment spoke of
SELECT customer, (stored).tier, (expected).movement FROM tiering.verify('vip');
INSERT INTO vip_tier_touched VALUES (38), (6002), (6002), (12345);
CALL tiering.refresh_touched('vip', '2024-01-03');
SELECT count(*) FROM tiering.verify('vip');
SELECT kind, status, customers, changed > 50 AS moved FROM tiering.runs('vip');
SELECT id, movement FROM vip_tiers WHERE id IN (37, 38, 6001, 6002, 12345) ORDER BY id;
SELECT count(*) FROM vip_tier_touched;
-- and leaves the rest where it was
SELECT count(DISTINCT xmin::text) > 1 AS written_apart FROM vip_tiers;

--
-- No table of the metrics is read through
--
CREATE FUNCTION pg_temp.scanned(plan jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT DISTINCT n ->> 'Relation Name'
	FROM jsonb_path_query(plan, 'strict $.**') n
	WHERE jsonb_typeof(n) = 'object' AND n ->> 'Node Type' = 'Seq Scan'
$$;
CREATE FUNCTION pg_temp.plan(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || statement INTO plan;
	RETURN plan;
END $$;
INSERT INTO orders (customer, amount) VALUES (1, 5), (2, 5);
SELECT * FROM pg_temp.scanned(pg_temp.plan((
	SELECT replace(tiering_internal.sql(p, tiering_internal.assignments(true) || tiering_internal.writing(),
			'{"keys": "''{1,2}''::text[]", "day": "date ''2024-01-03''", "run": "1", "requeue": "true"}'),
		'$1', quote_literal(jsonb_build_object('calibration', calibration)) || '::jsonb')
	FROM tiering_internal.own('vip') p, vip_tier_run WHERE run = 1)));
-- unlike
SELECT * FROM pg_temp.scanned(pg_temp.plan('SELECT * FROM metrics JOIN vip_tier_touched USING (id)')) s
ORDER BY s;

--
-- TRUNCATE asks for everyone; recalibration does not happen
--
TRUNCATE payments;
SELECT count(*) FILTER (WHERE id IS NULL) > 0 AS everyone FROM vip_tier_touched;
CALL tiering.refresh_touched('vip', '2024-01-04');
SELECT count(*) FROM tiering.verify('vip');
SELECT run, kind, customers, (SELECT count(*) FROM vip_tier_touched) AS queued
FROM tiering.runs('vip') ORDER BY run DESC LIMIT 1;
SELECT count(DISTINCT calibration) FROM vip_tier_run WHERE run > 2 AND calibration IS NOT NULL;

--
-- Untracking
--
SELECT tiering.untrack('vip', 'payments');
SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE 'vip\_%' ORDER BY tgname;
SELECT tiering.track('vip', 'payments_1', 'customer');
SELECT tiering.untrack('vip', 'payments_1', 'customer');
SELECT pg_temp.ct_error($$SELECT tiering.untrack('vip', 'payments')$$);
SELECT pg_temp.ct_error($$SELECT tiering.untrack('vip', 'orders', 'amount')$$);
INSERT INTO payments VALUES (10, '2025-05-05', 1);
SELECT pg_temp.noted();

--
-- What cannot be tracked
--
CREATE MATERIALIZED VIEW stale AS SELECT * FROM metrics;
CREATE VIEW on_stale AS SELECT s.* FROM stale s;
CREATE TABLE odd (customer numeric, big bigint, code text);
SELECT tiering.create_program('stale', 'stale', 'id', 'a', value => 'revenue');
SELECT tiering.create_program('on_stale', 'on_stale', 'id', 'a', value => 'revenue');
CREATE TABLE small (id integer, value numeric);
SELECT tiering.create_program('small', 'small', 'id', 'b >= 5, a', value => 'value');
SELECT pg_temp.ct_error(format('SELECT tiering.track(%s)', arguments))
FROM (VALUES
	($$'stale', 'orders', 'customer'$$),
	($$'on_stale', 'orders', 'customer'$$),
	($$'vip', 'orders', 'client'$$),
	($$'vip', 'odd', 'customer'$$),
	($$'vip', 'odd', 'code'$$),
	($$'small', 'odd', 'big'$$),
	($$'vip', 'metrics', 'id'$$),
	($$'nobody', 'orders', 'customer'$$)
	) v (arguments);
-- the metrics themselves, if they are a table
SELECT tiering.track('small', 'small', 'id');
INSERT INTO small VALUES (1, 1), (2, 2);
SELECT tiering.refresh_now('small', '2024-01-01');
UPDATE small SET value = 7 WHERE id = 2;
INSERT INTO small VALUES (3, 9);
SELECT tiering.refresh_touched_now('small', '2024-01-01');
SELECT id, tier, movement, value FROM small_tiers ORDER BY id;
-- two rows for one customer
INSERT INTO small VALUES (2, 8);
CALL tiering.refresh_touched('small', '2024-01-02');
SELECT count(*) FROM small_tier_touched;
SELECT status, error FROM tiering.runs('small') ORDER BY run DESC LIMIT 1;
DELETE FROM small WHERE value = 8;
CALL tiering.refresh_touched('small', '2024-01-02');
SELECT count(*) FROM small_tier_touched;

--
-- What is due comes without being touched
--
CREATE TABLE due (id text, value numeric);
INSERT INTO due VALUES ('on time', 250), ('short', 250), ('short in grace', 250), ('base', 5);
SELECT tiering.create_program('due', 'due', 'id', 'gold >= 200, base', value => 'value',
	policy => 'review every 1 months, grace 10 days');
CALL tiering.refresh('due', '2024-01-31');
UPDATE due SET value = 5 WHERE id LIKE 'short%';
CREATE TABLE days AS
SELECT d::date AS day, tiering.refresh_touched_now('due', d::date) AS changed
FROM generate_series('2024-02-01'::date, '2024-03-31', '1 day') d;
SELECT * FROM days WHERE changed > 0;
SELECT as_of, id, from_tier, tier, since, term, review_on, grace_until, movement
FROM due_tier_history ORDER BY id, entry;
SELECT count(*) FROM tiering.verify('due');
-- nothing left to do, nothing looked at
SELECT tiering.refresh_touched_now('due', '2024-03-31');
SELECT customers FROM tiering.runs('due') ORDER BY run DESC LIMIT 1;

--
-- A group that is not calibrated yet waits in the queue
--
CREATE TABLE branches (id integer, value numeric, branch text);
INSERT INTO branches SELECT i, i, 'b' || i % 2 FROM generate_series(1, 10) i;
SELECT tiering.create_program('branches', 'branches', 'id', 'A top 20%, B', value => 'value',
	per => 'branch');
SELECT tiering.track('branches', 'branches', 'id');
CALL tiering.refresh('branches', '2024-01-01');
INSERT INTO branches VALUES (11, 11, 'b1'), (12, 12, 'new'), (13, 13, NULL);
CALL tiering.refresh_touched('branches', '2024-01-02');
SELECT id, tier FROM branches_tiers WHERE id > 10;
SELECT id FROM branches_tier_touched ORDER BY id;
CALL tiering.refresh('branches', '2024-01-03');
SELECT id, tier FROM branches_tiers WHERE id > 10 ORDER BY id;
SELECT count(*) FROM branches_tier_touched;

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SET client_min_messages = error;
DROP SCHEMA ct_touched CASCADE;
