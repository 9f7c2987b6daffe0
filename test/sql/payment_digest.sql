-- payment_digest: how a customer pays
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.ct_error(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE query;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || message,
					 nullif(detail, ''), nullif(hint, ''));
END $$;

CREATE FUNCTION pg_temp.plan_has(query text, pattern text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line LIKE '%' || pattern || '%' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;

-- One of each class by hand; early, due today, excused, a credit note.
CREATE TABLE invoices (what text, amount numeric, due_on date, paid_on date, excused boolean);
INSERT INTO invoices VALUES
	('early', 1, '2024-03-01', '2024-02-01', NULL),
	('on the day', 2, '2024-03-01', '2024-03-01', false),
	('1 day late', 4, '2024-03-01', '2024-03-02', NULL),
	('30 days late', 8, '2024-03-01', '2024-03-31', NULL),
	('31 days late', 16, '2024-03-01', '2024-04-01', NULL),
	('61 days late', 32, '2024-03-01', '2024-05-01', NULL),
	('90 days late', 64, '2024-03-01', '2024-05-30', NULL),
	('91 days late', 128, '2024-03-01', '2024-05-31', NULL),
	('open, 1 day', 256, '2024-06-29', NULL, NULL),
	('paid after as_of, 30 days', 512, '2024-05-31', '2024-07-01', NULL),
	('open, due today', 1024, '2024-06-30', NULL, NULL),
	('open, due later', 2048, '2024-07-30', '2024-07-15', NULL),
	('paid before due later', 4096, '2024-07-30', '2024-06-30', NULL),
	('late, excused', 8192, '2024-03-01', '2024-06-01', true),
	('open, excused', 16384, '2024-03-01', NULL, true),
	('not late, excused', 32768, '2024-03-01', '2024-03-01', true),
	('credit note, settled', -0.5, '2024-03-01', '2024-05-01', NULL),
	('credit note, open', -0.25, '2024-03-01', NULL, NULL),
	('nothing', 0, '2024-03-01', '2024-03-31', NULL),
	('amount unknown', NULL, '2024-03-01', '2024-03-31', NULL),
	('due unknown', 1e9, NULL, '2024-03-31', NULL);
CREATE TABLE example AS
SELECT payment_digest(amount, due_on, paid_on, '2024-06-30', excused) AS digest
FROM invoices;
SELECT digest FROM example;
SELECT a.* FROM example, aging(digest) AS a;
SELECT billed(digest), paid(digest), outstanding(digest), overdue(digest),
	payment_count(digest), late_count(digest), excused_count(digest)
FROM example;
SELECT on_time_rate(digest), days_late(digest), days_beyond_terms(digest), max_days_late(digest),
	days_sales_outstanding(digest, 40000, 90), payment_score(digest)
FROM example;
SELECT billed(digest) = paid(digest) + outstanding(digest) AS adds_up,
	overdue(digest) = 256 + 512 AS overdue_is_open_and_late,
	payment_count(digest) = sum(payments) FILTER (WHERE class <> 'credits') AS classes_add_up,
	billed(digest) = sum(amount) AS amounts_are_billed,
	outstanding(digest) = sum(open_amount) AS open_amounts_are_outstanding,
	late_count(digest) = sum(payments) FILTER (WHERE class IN ('1-30', '31-60', '61-90', 'over 90')) AS late_classes_add_up
FROM example, aging(digest) GROUP BY digest;
SELECT count(*) AS strict FROM aging(NULL);

-- Each row alone.
SELECT what, max(class) FILTER (WHERE payments > 0) AS class, max(a.amount) AS amount,
	billed(d), paid(d), overdue(d), excused_count(d) AS excused,
	max_days_late(d) AS days, payment_score(d) AS score
FROM (SELECT what, due_on, amount AS a, payment_digest(amount, due_on, paid_on, '2024-06-30', excused) AS d
	  FROM invoices GROUP BY 1, 2, 3) AS s, aging(d) AS a
GROUP BY what, d, due_on, s.a ORDER BY abs(s.a), what;

-- No rows, ignored rows, nothing due yet, credit notes only, amounts of zero.
SELECT payment_digest(amount, due_on, NULL, '2024-01-01') IS NULL AS no_rows FROM invoices WHERE false;
SELECT payment_digest(amount, due_on, NULL, '2024-01-01') IS NULL AS all_ignored
FROM invoices WHERE amount IS NULL OR due_on IS NULL;
SELECT what, payment_count(d), late_count(d), on_time_rate(d), days_late(d), days_beyond_terms(d) AS dbt, max_days_late(d),
	payment_score(d), payment_score(d, minimum_payments => 0) AS minimum_0, days_sales_outstanding(d, 10, 30) AS dso
FROM (SELECT 'not due', payment_digest(5.0, '2024-01-02', NULL, '2024-01-01')
	  UNION ALL SELECT 'credit note', payment_digest(-5.0, '2023-01-02', NULL, '2024-01-01')
	  UNION ALL SELECT 'zero, late', payment_digest(0.0, '2023-12-30', NULL, '2024-01-01')
	  UNION ALL SELECT 'one, on time', payment_digest(5.0, '2023-12-30', '2023-12-30', '2024-01-01')
	  UNION ALL SELECT 'one, early', payment_digest(5.0, '2023-12-30', '2023-12-20', '2024-01-01')) AS s (what, d);
SELECT days_sales_outstanding(d, sales, 30) AS dso FROM (SELECT payment_digest(5.0, '2024-01-02', NULL, '2024-01-01')) AS s (d), unnest('{0,-1,NULL,0.000000004,0.00000001,10000000000000000000000}'::numeric[]) AS sales;

-- Receivables: a credit note is a line of its own, and what is paid is not
-- owed.  One row per part of a payment, and one for the rest.
CREATE TEMP TABLE receivables (amount numeric, due_on date, paid_on date);
INSERT INTO receivables VALUES (1000, '2025-05-15', NULL), (400, '2025-06-25', NULL), (-300, '2025-06-01', NULL),
	(700, '2025-06-05', '2025-06-20'), (259, '2025-06-05', NULL), (-50, '2025-06-01', '2025-06-02'), (-10, '2025-06-01', '2025-07-01');
SELECT a.* FROM (SELECT payment_digest(amount, due_on, paid_on, '2025-06-30') AS d FROM receivables) AS s, aging(d) AS a;
SELECT outstanding(d), overdue(d), outstanding(d) = (SELECT sum(open_amount) FROM aging(d)) AS balances
FROM (SELECT payment_digest(amount, due_on, paid_on, '2025-06-30') AS d FROM receivables) AS s;
SELECT days_sales_outstanding(payment_digest(amount, due_on, paid_on, '2025-03-31'), sum(amount) FILTER (WHERE invoiced_on >= '2025-01-01'), 90) AS dso
FROM (VALUES (1600, date '2024-11-10', date '2024-12-10', NULL::date), (3000, '2025-01-15', '2025-02-14', '2025-02-20'), (2000, '2025-02-10', '2025-03-12', '2025-03-12'),
	(1000, '2025-02-20', '2025-03-22', NULL), (1000, '2025-03-05', '2025-04-04', '2025-03-30'), (2000, '2025-03-20', '2025-04-19', NULL)) AS v (amount, invoiced_on, due_on, paid_on);
SELECT days_beyond_terms(payment_digest(amount, due_on, paid_on, '2025-12-31') FILTER (WHERE paid_on IS NOT NULL)) AS by_amount,
	days_beyond_terms(payment_digest(1.0, due_on, paid_on, '2025-12-31') FILTER (WHERE paid_on IS NOT NULL)) AS by_invoice
FROM (VALUES (100, date '2024-03-31', date '2024-04-10'), (900, '2025-03-03', '2025-02-11'), (500, '2025-07-01', '2025-07-01'), (200, '2025-12-01', NULL)) AS v (amount, due_on, paid_on);
DROP TABLE receivables;

-- Amounts of every type; a double is the decimal that it is printed as.
SELECT payment_digest(3::bigint, a, b, c) = payment_digest(3.0, a, b, c) AS "bigint",
	payment_digest(0.1::float8, a, b, c) = payment_digest(0.1, a, b, c) AS "double",
	payment_digest(3::bigint, a, b, c, true) = payment_digest(3.0, a, b, c, true) AS bigint_excused,
	payment_digest(0.1::float8, a, b, c, true) = payment_digest(0.1, a, b, c, true) AS double_excused,
	payment_digest(0.1, a, b, c, false) = payment_digest(0.1, a, b, c) AS not_excused,
	payment_digest(0.1, a, b, c, NULL) = payment_digest(0.1, a, b, c) AS excused_unknown
FROM (VALUES (date '2024-01-01', date '2024-03-01', date '2024-06-01')) AS v (a, b, c)
GROUP BY a, b, c;

-- Scores: points of one's own, a minimum of payments due, exact at any size.
SELECT payment_score(digest, '{100,100,100,100,100}') AS all_100,
	payment_score(digest, '{0,0,0,0,0}') AS all_0,
	payment_score(digest, '{0,0,0,0,100}') AS only_the_latest,
	payment_score(digest, '{33.3,0.1,0,0,0}') AS fractions,
	payment_score(digest, minimum_payments => 16) AS sixteen_due,
	payment_score(digest, minimum_payments => 17) AS not_seventeen,
	payment_score(digest, NULL) AS null_points
FROM example;
SELECT payment_score(d) AS on_time, on_time_rate(d), payment_score(d, '{99.9,0,0,0,0}') AS almost
FROM (SELECT payment_digest(9007199254740993.12345677, '2024-01-01', '2024-01-01', '2024-01-01')
	  FROM generate_series(1, 9)) AS s (d);

-- Law 2: five thousand 0.10s reach 500.
SELECT billed(payment_digest(0.10, '2024-01-01', NULL, '2024-01-01')) >= 500 AS "numeric",
	billed(payment_digest(0.10::float8, '2024-01-01', NULL, '2024-01-01')) >= 500 AS "double"
FROM generate_series(1, 5000);
SELECT outstanding(rollup(d)) >= 500 AS in_parts
FROM (SELECT payment_digest(0.10::float8, '2024-01-01', NULL, '2024-01-01')
	  FROM generate_series(1, 5000) AS i GROUP BY i % 13) AS s (d);

-- Law 1: the same rows, the same digest, to the bit.
CREATE TABLE payments AS
SELECT i, i % 29 AS customer,
	CASE i % 6
		WHEN 0 THEN (r % 2000001 - 1000000) * 1000000000.0
		WHEN 1 THEN (r % 100000) / 100.0
		WHEN 2 THEN -(r % 1000) / 3.0
		WHEN 3 THEN r / 1e10
		WHEN 4 THEN nullif(r % 17, 3)
		ELSE (r % 200000) / 1000.0
	END AS amount,
	nullif(date '2024-07-30' - (r / 7 % 700)::int, '2023-03-03') AS due_on,
	CASE WHEN r / 11 % 4 > 0 THEN date '2024-07-10' - (r / 7 % 700)::int + (r / 17 % 150)::int END AS paid_on,
	CASE r / 13 % 9 WHEN 0 THEN true WHEN 1 THEN NULL ELSE false END AS excused
FROM (SELECT i, (i * 1103515245 + 12345) % 2147483648 AS r
	  FROM generate_series(1::bigint, 15000) AS i) AS s;
ANALYZE payments;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE whole AS
SELECT customer, payment_digest(amount, due_on, paid_on, '2024-06-30', excused) AS digest
FROM payments GROUP BY customer;
SELECT count(*), sum(payment_count(digest)), sum(late_count(digest)), sum(excused_count(digest)),
	max(billed(digest)), max(max_days_late(digest))
FROM whole;

-- ... in several orders
SELECT k, bool_and(o.digest = w.digest AND o.digest::text = w.digest::text), count(*)
FROM whole AS w
JOIN (SELECT customer, 'rising' AS k,
			 payment_digest(amount, due_on, paid_on, '2024-06-30', excused ORDER BY i)
	  FROM payments GROUP BY customer
	  UNION ALL
	  SELECT customer, 'falling',
			 payment_digest(amount, due_on, paid_on, '2024-06-30', excused ORDER BY i DESC)
	  FROM payments GROUP BY customer
	  UNION ALL
	  SELECT customer, 'by amount',
			 payment_digest(amount, due_on, paid_on, '2024-06-30', excused ORDER BY amount)
	  FROM payments GROUP BY customer
	  UNION ALL
	  SELECT customer, 'shuffled',
			 payment_digest(amount, due_on, paid_on, '2024-06-30', excused ORDER BY i * 7919 % 20011)
	  FROM payments GROUP BY customer) AS o (customer, k, digest)
	USING (customer)
GROUP BY k ORDER BY k;

-- ... sorted and hashed, by the executor's own nodes
SET customer_tier.enable_fused_aggregate = off;
\set check 'SELECT bool_and(o.digest = w.digest AND o.digest::text = w.digest::text) AS equal, count(*) FROM whole w JOIN (SELECT customer, payment_digest(amount, due_on, paid_on, ''2024-06-30'', excused) AS digest FROM payments GROUP BY customer) o USING (customer)'
SET enable_hashagg = off;
SELECT pg_temp.plan_has(:'check', 'GroupAggregate') AS sorted;
:check;
SET enable_hashagg = on;
SET enable_sort = off;
SELECT pg_temp.plan_has(:'check', 'HashAggregate') AS hashed;
:check;
RESET enable_sort;

-- ... in parallel
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has(:'check', 'Gather') AND
	pg_temp.plan_has(:'check', 'Partial HashAggregate') AS parallel_hashed;
:check;
SET enable_hashagg = off;
SELECT pg_temp.plan_has(:'check', 'Gather') AND
	pg_temp.plan_has(:'check', 'Partial GroupAggregate') AS parallel_sorted;
:check;
RESET enable_hashagg;
\set check_all 'SELECT (SELECT rollup(digest) FROM whole) = (SELECT payment_digest(amount, due_on, paid_on, ''2024-06-30'', excused) FROM payments) AS equal'
SELECT pg_temp.plan_has(:'check_all', 'Partial Aggregate') AS parallel_plain;
:check_all;
SET max_parallel_workers_per_gather = 0;

-- ... partitionwise
CREATE TABLE by_hash (LIKE payments) PARTITION BY HASH (customer);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE by_hash_2 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE by_range (LIKE payments) PARTITION BY RANGE (i);
CREATE TABLE by_range_0 PARTITION OF by_range FOR VALUES FROM (MINVALUE) TO (700);
CREATE TABLE by_range_1 PARTITION OF by_range FOR VALUES FROM (700) TO (12000);
CREATE TABLE by_range_2 PARTITION OF by_range FOR VALUES FROM (12000) TO (MAXVALUE);
INSERT INTO by_hash SELECT * FROM payments;
INSERT INTO by_range SELECT * FROM payments;
ANALYZE by_hash;
ANALYZE by_range;
SET enable_partitionwise_aggregate = on;
\set check_hash 'SELECT bool_and(o.digest = w.digest AND o.digest::text = w.digest::text) AS equal, count(*) FROM whole w JOIN (SELECT customer, payment_digest(amount, due_on, paid_on, ''2024-06-30'', excused) AS digest FROM by_hash GROUP BY customer) o USING (customer)'
SELECT pg_temp.plan_has(:'check_hash', 'Append') AND
	NOT pg_temp.plan_has(:'check_hash', 'Finalize') AS partitionwise_full;
:check_hash;
\set check_range 'SELECT bool_and(o.digest = w.digest AND o.digest::text = w.digest::text) AS equal, count(*) FROM whole w JOIN (SELECT customer, payment_digest(amount, due_on, paid_on, ''2024-06-30'', excused) AS digest FROM by_range GROUP BY customer) o USING (customer)'
SELECT pg_temp.plan_has(:'check_range', 'Partial HashAggregate') AND
	pg_temp.plan_has(:'check_range', 'Finalize') AS partitionwise_partial;
:check_range;
RESET enable_partitionwise_aggregate;

-- ... rolled up from random parts, folded with +, and over a window
CREATE AGGREGATE pg_temp.fold(payment_digest) (
	SFUNC = payment_digest_merge, STYPE = payment_digest
);
CREATE TABLE parts AS
SELECT customer, i * 7919 % 20011 % 11 AS part,
	payment_digest(amount, due_on, paid_on, '2024-06-30', excused) AS digest
FROM payments GROUP BY 1, 2;
SELECT bool_and(r.rolled = w.digest) AS rolled_up,
	bool_and(r.folded = w.digest) AS folded,
	bool_and(r.reversed = w.digest) AS reversed, count(*)
FROM whole AS w
JOIN (SELECT customer, rollup(digest) AS rolled,
			 pg_temp.fold(digest ORDER BY part) AS folded,
			 pg_temp.fold(digest ORDER BY part DESC) AS reversed
	  FROM parts GROUP BY customer) AS r USING (customer);
SELECT bool_and(a.digest + b.digest = b.digest + a.digest) AS commutes,
	bool_and((a.digest + b.digest) + c.digest =
			 a.digest + (b.digest + c.digest)) AS associates
FROM parts AS a JOIN parts AS b USING (customer) JOIN parts AS c USING (customer)
WHERE a.part = 1 AND b.part = 5;
SELECT rollup(d) IS NULL AS rollup_of_nothing FROM (VALUES (NULL::payment_digest)) AS v (d);
SELECT ARRAY[rollup(d)] = array_agg(d) FILTER (WHERE d IS NOT NULL) AS rollup_ignores_null,
	rollup(d) + NULL IS NULL AS plus_is_strict
FROM (SELECT digest FROM example UNION ALL SELECT NULL) AS v (d);
SELECT bool_and(w = g) AS running, count(*)
FROM (SELECT payment_digest(amount, due_on, paid_on, '2024-06-30') OVER (ORDER BY i) AS w,
		(SELECT payment_digest(amount, due_on, paid_on, '2024-06-30') FROM payments AS p WHERE p.i <= o.i) AS g
	  FROM payments AS o WHERE i <= 100) AS s;

-- Every figure against plain SQL.
CREATE VIEW judged AS
SELECT customer, a, open, excused AND days > 0 AS excused,
	CASE WHEN days > 0 AND NOT excused THEN days ELSE 0 END AS days,
	least(days, 0) AS early,
	CASE WHEN open AND due_on >= '2024-06-30' THEN 5
		WHEN days <= 0 OR excused THEN 0
		WHEN days <= 30 THEN 1
		WHEN days <= 60 THEN 2
		WHEN days <= 90 THEN 3
		ELSE 4 END AS class
FROM (SELECT customer, round(amount, 8) AS a, due_on, coalesce(excused, false) AS excused,
			 paid_on IS NULL OR paid_on > '2024-06-30' AS open,
			 CASE WHEN paid_on <= '2024-06-30' THEN paid_on ELSE '2024-06-30' END - due_on AS days
	  FROM payments WHERE amount IS NOT NULL AND due_on IS NOT NULL) AS s;
CREATE VIEW plain AS
SELECT customer, sum(a) AS billed,
	coalesce(sum(a) FILTER (WHERE NOT open), 0) AS paid,
	coalesce(sum(a) FILTER (WHERE open), 0) AS outstanding,
	coalesce(sum(a) FILTER (WHERE a >= 0 AND open AND class BETWEEN 1 AND 4), 0) AS overdue,
	count(*) FILTER (WHERE a >= 0) AS payment_count,
	count(*) FILTER (WHERE a >= 0 AND class BETWEEN 1 AND 4) AS late_count,
	count(*) FILTER (WHERE a >= 0 AND class < 5 AND excused) AS excused_count,
	sum(a) FILTER (WHERE a >= 0 AND class < 5)::numeric(100, 40) AS due,
	sum(a) FILTER (WHERE a >= 0 AND class = 0)::numeric(100, 40) AS on_time,
	sum(a * days) FILTER (WHERE a >= 0 AND class < 5)::numeric(100, 40) AS amount_days,
	sum(a * (days + early)) FILTER (WHERE a >= 0 AND class < 5)::numeric(100, 40) AS terms_days,
	max(days) FILTER (WHERE a >= 0 AND class < 5) AS max_days_late,
	sum(a * (100 - 25 * class)) FILTER (WHERE a >= 0 AND class < 5)::numeric(100, 40) AS points,
	array_agg(a ORDER BY a) AS all_amounts
FROM judged GROUP BY customer;
SELECT count(*),
	bool_and(billed(digest) = billed) AS billed,
	bool_and(paid(digest) = paid) AS paid,
	bool_and(outstanding(digest) = outstanding) AS outstanding,
	bool_and(overdue(digest) = overdue) AS overdue,
	bool_and(payment_count(digest) = payment_count) AS payment_count,
	bool_and(late_count(digest) = late_count) AS late_count,
	bool_and(excused_count(digest) = excused_count) AS excused_count,
	bool_and(max_days_late(digest) = max_days_late) AS max_days_late
FROM whole JOIN plain USING (customer);
SELECT count(*), count(days_sales_outstanding(digest, billed, 365)) AS billed_positive,
	bool_and(on_time_rate(digest) = (on_time / due)::float8) AS on_time_rate,
	bool_and(days_late(digest) = (amount_days / due)::float8) AS days_late,
	bool_and(days_beyond_terms(digest) = (terms_days / due)::float8) AS days_beyond_terms,
	bool_and(payment_score(digest) = (points / due)::float8) AS payment_score,
	bool_and(days_sales_outstanding(digest, billed, 365) IS NOT DISTINCT FROM
		CASE WHEN billed > 0 THEN (outstanding::numeric(100, 40) * 365 / billed)::float8 END) AS days_sales_outstanding
FROM whole JOIN plain USING (customer);
SELECT count(*), bool_and(a.payments = j.payments AND a.amount = j.amount) AS aging,
	bool_and(a.open_payments = j.open_payments AND a.open_amount = j.open_amount) AS open
FROM whole AS w, LATERAL aging(digest) AS a
JOIN (VALUES (0, 'on time'), (1, '1-30'), (2, '31-60'), (3, '61-90'), (4, 'over 90'), (5, 'not yet due'), (6, 'credits')) AS c (number, class) USING (class),
	LATERAL (SELECT count(*) AS payments, coalesce(sum(a), 0) AS amount,
				count(*) FILTER (WHERE open) AS open_payments, coalesce(sum(a) FILTER (WHERE open), 0) AS open_amount
			 FROM judged WHERE customer = w.customer AND CASE WHEN a < 0 THEN 6 ELSE judged.class END = c.number) AS j;
SELECT count(*), bool_and(outstanding(digest) = (SELECT sum(open_amount) FROM aging(digest))) AS balances FROM whole;

-- Limits: the first and the last day there is.
SELECT payment_digest(1e22, '4714-11-24 BC', NULL, '5874897-12-31') AS as_late_as_can_be;

-- Errors.
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.ct_error(format('SELECT payment_digest(%s)', arguments))
FROM unnest(ARRAY[
	$$'NaN'::numeric, '2024-01-01', NULL, '2024-01-01'$$,
	$$'-Infinity'::float8, '2024-01-01', NULL, '2024-01-01'$$,
	$$1e23::numeric, '2024-01-01', NULL, '2024-01-01'$$,
	$$1.0, 'infinity', NULL, '2024-01-01'$$,
	$$1.0, '2024-01-01', '-infinity', '2024-01-01'$$,
	$$1.0, '2024-01-01', NULL, 'infinity'$$,
	$$1.0, '2024-01-01', NULL, NULL$$,
	$$NULL::numeric, '2024-01-01', NULL, NULL$$]) AS arguments;
SELECT pg_temp.ct_error($$SELECT payment_digest(1.0, '2024-01-01', NULL, a) FROM (VALUES (date '2024-02-01'), ('2024-01-31')) AS v (a)$$);
SELECT pg_temp.ct_error($$SELECT rollup(d) FROM (SELECT payment_digest(1.0, '2024-01-01', NULL, a) FROM (VALUES (date '2024-02-01'), ('2024-01-31')) AS v (a) GROUP BY a) AS s (d)$$);
SELECT pg_temp.ct_error($$SELECT digest + payment_digest(1.0, '2024-01-01', NULL, '2024-01-01') FROM example GROUP BY digest$$);
SELECT pg_temp.ct_error(format('SELECT payment_score(digest, %L) FROM example', points))
FROM unnest('{"{}","{1,2,3,4}","{1,2,3,4,5,6}","{{1,2,3,4,5}}","{100,75,NULL,25,0}","{100,75,NaN,25,0}","{101,75,50,25,0}","{100,75,50,25,-1}","{Infinity,0,0,0,0}"}'::text[]) AS points;
SELECT pg_temp.ct_error('SELECT payment_score(digest, minimum_payments => -1) FROM example');
SELECT pg_temp.ct_error('SELECT days_sales_outstanding(digest, 1, 0) FROM example');
SELECT pg_temp.ct_error('SELECT days_sales_outstanding(digest, ''NaN'', 1) FROM example');

-- Text: JSON that reads back, in any session; what cannot be is refused.
SELECT bool_and(digest::text::payment_digest = digest), bool_and(digest::text::jsonb::text::payment_digest = digest), count(*) FROM parts;
SET datestyle = 'German';
SELECT digest FROM example;
SET datestyle = 'ISO, YMD';
SELECT pg_temp.ct_error(format('SELECT %L::payment_digest', replace(digest::text, was, is_now)))
FROM example, (VALUES
	('', ''), ('2024-06-30', '2024-06-31'), ('"as_of": "2024-06-30", ', ''), ('"2024-06-30"', '20240630'),
	('2024-06-30', 'infinity'), ('"on_time": ', '"on_time": -'), ('"excused": 2', '"excused": 8'), ('"excused": 2', '"excused": 0'),
	('"not_due": 2', '"not_due": 0'), ('"not_due": 2', '"not_due": 1099511627777'), ('"late_30_open": 2', '"late_30_open": 6'),
	('"late_30_open": 2', '"late_30_open": 0'), ('_open_amount": 768', '_open_amount": 781'), ('_open_amount": 768', '_open_amount": -1'),
	('"late_30_amount": 780', '"late_30_amount": 340282366920938463463374607431.76821145'),
	('"credits": 2', '"credits": 0'), ('"credits_open": 1', '"credits_open": 3'), ('"credits_amount": 0.75', '"credits_amount": -0.75'),
	('"max_days_late": 91', '"max_days_late": 90'), ('"max_days_late": 91', '"max_days_late": 2147483648'),
	('"late_amount_days": 3', '"late_amount_days": 9'), ('"early_amount_days": 1', '"early_amount_days": -1'),
	('"early_amount_days": 1', '"early_amount_days": 9999999999999'), ('_amount": 128', '_amount": "128"'),
	('"late_60": ', '"late_30": '), ('"late_60": ', '"late60": ')) AS v (was, is_now);
SELECT pg_temp.ct_error(format('SELECT %L::payment_digest', regexp_replace(digest::text, ': [0-9.]+([,}])', ': 0\1', 'g'))) FROM example;

-- Binary: COPY there and back; every byte of a message spoilt.
\pset format aligned
\pset tuples_only off
COPY parts TO PROGRAM 'cat > payment_digest.copy' (FORMAT binary);
CREATE TABLE parts_back (LIKE parts);
COPY parts_back FROM PROGRAM 'cat payment_digest.copy && rm payment_digest.copy' (FORMAT binary);
COPY parts TO PROGRAM 'cat > payment_digest.copy';
COPY parts_back FROM PROGRAM 'cat payment_digest.copy && rm payment_digest.copy';
SELECT count(*), bool_and(b.digest = p.digest) AS binary_and_text_round_trip
FROM parts AS p JOIN parts_back AS b USING (customer, part);
CREATE TEMP TABLE received (digest payment_digest);
CREATE FUNCTION pg_temp.receive(message bytea) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	file oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) ||
		int4send(0) || int2send(1::int2) || int4send(length(message)) ||
		message || int2send((-1)::int2));
BEGIN
	PERFORM lo_export(file, 'payment_digest.copy');
	PERFORM lo_unlink(file);
	RETURN pg_temp.ct_error('COPY received FROM PROGRAM ''cat payment_digest.copy'' (FORMAT binary)');
END $$;
SELECT pg_temp.receive(payment_digest_send(digest)) FROM example;
SELECT pg_temp.receive(substr(payment_digest_send(digest), 1, 379)) FROM example;
SELECT pg_temp.receive(set_byte(payment_digest_send(digest), 0, 9)) FROM example;
SELECT pg_temp.receive(set_byte(payment_digest_send(digest), 1, 1)) FROM example;
SELECT substr(pg_temp.receive(set_byte(payment_digest_send(digest), n, get_byte(payment_digest_send(digest), n) # 129)), 1, 5) AS outcome,
	count(*)
FROM example, generate_series(0, 379) AS n GROUP BY 1 ORDER BY 1;
SELECT bool_and(digest::text::payment_digest = digest) AS what_was_received_is_valid FROM received;
COPY (SELECT) TO PROGRAM 'cat > payment_digest.copy && rm payment_digest.copy';

-- Equality, grouping, ordering.
SELECT count(DISTINCT digest), count(*) FROM parts_back;
SET enable_hashagg = off;
SELECT count(*) FROM (SELECT digest FROM parts_back GROUP BY digest) AS g;
RESET enable_hashagg;
SELECT bool_and((a.digest < b.digest) = (b.digest > a.digest) AND
				(a.digest <= b.digest) = NOT (a.digest > b.digest) AND
				(a.digest >= b.digest) = (a.digest > b.digest OR a.digest = b.digest) AND
				(a.digest <> b.digest) = NOT (a.digest = b.digest)) AS consistent
FROM parts AS a, parts AS b WHERE a.part = 3 AND b.part IN (3, 4);
SELECT bool_and(amvalidate(oid)) AS valid, count(*) FROM pg_opclass WHERE opcname = 'payment_digest_ops';

DROP TABLE invoices, example, payments, whole, parts, parts_back, by_hash, by_range CASCADE;
