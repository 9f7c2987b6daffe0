-- digest.sql: digests of many customers under HashAggregate, against the plain
-- aggregates that give the same figures.
SET work_mem = '4GB';
SET enable_sort = off;

-- 20,000 customers, and one for each ten orders
CREATE UNLOGGED TABLE bench_orders AS
SELECT i * 7919 % 20000 AS few, i * 104729 % (:rows / 10) AS many, n,
	timestamptz '2024-01-01 00:00Z' + i % 31536000 * interval '1 second' AS at,
	date '2024-01-01' + (i % 365)::integer AS due_on
FROM (SELECT n, row_number() OVER () AS i FROM bench_values) AS numbered;
VACUUM ANALYZE bench_orders;

SELECT b.* FROM unnest('{few,many}'::text[]) AS customers,
	bench('order_digest(), customers: ' || customers,
		format('SELECT count(d) FROM (SELECT order_digest(n, at) AS d FROM bench_orders GROUP BY %I OFFSET 0) AS g', customers),
		format('SELECT count(c + s + l) + count(f) + count(t) FROM (
			SELECT count(*) AS c, sum(n) AS s, max(n) AS l, min(at) AS f, max(at) AS t
			FROM bench_orders GROUP BY %I OFFSET 0) AS g', customers),
		format('SELECT count(c) FROM (SELECT count(*) AS c FROM bench_orders GROUP BY %I OFFSET 0) AS g', customers),
		1.0, 3) AS b
UNION ALL
SELECT b.* FROM unnest('{few,many}'::text[]) AS customers,
	bench('payment_digest(), customers: ' || customers,
		format('SELECT count(d) FROM (SELECT payment_digest(n, due_on, due_on + 10, ''2025-01-01'') AS d FROM bench_orders GROUP BY %I OFFSET 0) AS g', customers),
		format('SELECT count(a + b + c + d) FROM (
			SELECT sum(n) AS a, sum(n) FILTER (WHERE due_on > ''2024-06-01'') AS b, sum(n * 10) AS c, count(*) AS d
			FROM bench_orders GROUP BY %I OFFSET 0) AS g', customers),
		format('SELECT count(c) FROM (SELECT count(*) AS c FROM bench_orders GROUP BY %I OFFSET 0) AS g', customers),
		1.0, 3) AS b;
