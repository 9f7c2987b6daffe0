-- program.sql: refreshing those whom something happened to, against everyone.
--
-- With the default of rows there are 1 million customers, 20 million orders
-- and 10 million payments, the rows of a customer far apart as they come in.
DROP TABLE bench_values;
SET TimeZone = 'UTC';
SET maintenance_work_mem = '512MB';
RESET max_parallel_workers_per_gather;	-- a full refresh may use workers

SELECT greatest(:rows / 10, 1) AS customers \gset

CREATE UNLOGGED TABLE orders AS
SELECT (i * 2654435761 % 4294967296 * :customers / 4294967296)::integer
		   AS customer_id,
	   (i * 40503 % 65536)::numeric(12, 2) / 100 AS amount,
	   timestamptz '2024-01-01' + i * (interval '2 years' / (2 * :rows))
		   AS ordered_at
FROM generate_series(1, 2 * :rows::bigint) AS i;
CREATE INDEX ON orders (customer_id);

CREATE UNLOGGED TABLE payments AS
SELECT (i * 2246822519 % 4294967296 * :customers / 4294967296)::integer
		   AS customer_id,
	   (i * 30011 % 65536)::numeric(12, 2) / 100 AS amount,
	   due_on, due_on + (i * 48271 % 100)::integer - 60 AS paid_on
FROM generate_series(1, :rows::bigint) AS i,
	 LATERAL (SELECT date '2024-01-01' + (i * 700 / :rows)::integer AS due_on)
		 AS terms;
CREATE INDEX ON payments (customer_id);
VACUUM ANALYZE orders, payments;

CREATE VIEW metrics AS
SELECT customer_id, m.*
FROM (SELECT customer_id, order_digest(amount, ordered_at) AS orders
	  FROM orders
	  GROUP BY customer_id) AS o
	 FULL JOIN (
		 SELECT customer_id,
				payment_digest(amount, due_on, paid_on, '2026-01-01')
					AS payments
		 FROM payments
		 GROUP BY customer_id) AS p USING (customer_id),
	 customer_measures(orders, payments, '2026-01-01') AS m;

-- how long making it takes is not printed: everyone is written twice
\o /dev/null
SELECT tiering.create_program('vip', 'metrics', 'customer_id',
	'A top 1%, B top 5%, C top 20%, D',
	'revenue 60 percentile, recency_days 20 percentile desc,
	 payment_score 20 linear(0, 100) missing skip'),
	   tiering.track('vip', 'orders', 'customer_id'),
	   tiering.track('vip', 'payments', 'customer_id');
SELECT tiering.refresh_now('vip', '2026-01-01');
\o
INSERT INTO orders
SELECT i * (:customers / 1000) % :customers, 100, '2025-12-31'
FROM generate_series(1, 1000) AS i;

-- Whether every scan of a relation in a query's plan is by the condition of an
-- index.  A bitmap heap scan reads what the index scans below it found.
CREATE FUNCTION only_by_index(relation name, plan jsonb) RETURNS boolean
LANGUAGE sql
RETURN NOT EXISTS (
	SELECT
	FROM jsonb_path_query(plan, 'strict $.** ? (exists (@."Relation Name"))')
		 AS node
	WHERE node ->> 'Relation Name' = relation AND
		  node ->> 'Node Type' <> 'Bitmap Heap Scan' AND
		  node ->> 'Index Cond' IS NULL);

-- The plan of the statement that refreshes touched customers.
CREATE FUNCTION touched_plan(program text) RETURNS jsonb
LANGUAGE plpgsql
SET jit = off
AS $$
DECLARE
	p tiering.program := tiering_internal.own(program);
	last jsonb := tiering_internal.last_run(p);
	plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || tiering_internal.sql(tiering_internal.as_last(p, last),
		tiering_internal.assignments(true) || tiering_internal.writing(),
		'{"keys": "$2", "day": "date ''2026-01-01''", "run": "0", "requeue": "true"}')
	INTO plan USING last, ARRAY(SELECT customer_id::text FROM vip_tier_touched);
	RETURN plan;
END;
$$;

SELECT relation AS "read for touched customers",
	   only_by_index(relation, plan) AS "only by index"
FROM touched_plan('vip') AS plan, unnest('{orders,payments}'::name[]) AS relation;

SELECT (SELECT count(*) FROM vip_tier_touched) AS "in the queue",
	   count(*) AS customers
FROM vip_tiers;

SELECT * FROM bench('refresh_touched(), 1000 customers',
	'SELECT tiering.refresh_touched_now(''vip'', ''2026-01-01'')',
	'SELECT tiering.refresh_now(''vip'', ''2026-01-01'')',
	'SELECT', 0.01, 1);
