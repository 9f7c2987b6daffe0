-- fused_aggregate: the node on and off, parallel, spilled and sorted

SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = ISO;
SET max_parallel_workers_per_gather = 0;
CREATE SCHEMA ct_fused;
SET search_path = ct_fused, public;

-- what happened, with keys of many types, NULL among them
CREATE TABLE orders AS
SELECT i AS id, nullif(h % 97, 13)::integer AS small, h % 1009 AS customer, (h % 211)::smallint AS tiny,
	date '2024-01-01' + (h % 31)::integer AS day, timestamp '2024-01-01' + (h % 53) * interval '1 hour' AS at_time,
	timestamptz '2024-01-01' + (h % 59) * interval '1 hour' AS at_tz, md5((h % 89)::text)::uuid AS uid,
	CASE h % 5 WHEN 0 THEN NULL WHEN 1 THEN repeat('long', 60) ELSE 'k' || h % 71 END AS name,
	('v' || h % 61)::varchar(9) AS code,
	CASE WHEN h % 83 > 0 THEN (h % 100003 - 900)::numeric / 100 END AS amount,
	timestamptz '2024-01-01' + (h % 700000) * interval '1 minute' AS ordered_at,
	CASE WHEN h % 7 > 0 THEN (h % 1003)::numeric / 10 END AS profit, (h % 9)::numeric AS quantity
FROM generate_series(1, 9000) i, LATERAL (SELECT (i * 2654435761 % 4294967296) / 7 AS h) x;
CREATE TABLE payments AS
SELECT customer, abs(amount) AS amount, day AS due_on, CASE WHEN id % 11 > 0 THEN day + (id % 120 - 30)::integer END AS paid_on, id % 17 = 0 AS excused
FROM orders;
ANALYZE orders, payments;

-- Is there such a node in the plan of a query, or another?
CREATE FUNCTION plan_has(query text, node text DEFAULT 'FusedAggregate') RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	found boolean := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		found := found OR line LIKE '%' || node || '%';
	END LOOP;
	RETURN found;
END $$;

-- How many rows of a query differ with the node on and off, and whether the
-- node was in the plan.
CREATE FUNCTION differing(query text, OUT fused boolean, OUT rows bigint, OUT differ bigint) LANGUAGE plpgsql AS $$
BEGIN
	fused := plan_has(query);
	EXECUTE 'CREATE TEMPORARY TABLE made AS ' || query;
	SET LOCAL customer_tier.enable_fused_aggregate = off;
	ASSERT NOT plan_has(query);
	EXECUTE 'CREATE TEMPORARY TABLE expected AS ' || query;
	SELECT count(*) INTO rows FROM made;
	SELECT count(*) INTO differ FROM ((TABLE made EXCEPT ALL TABLE expected) UNION ALL (TABLE expected EXCEPT ALL TABLE made)) d;
	DROP TABLE made, expected;
	RESET customer_tier.enable_fused_aggregate;
END $$;

CREATE TABLE queries (number integer GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO queries (query)
SELECT format('SELECT %s, order_digest(amount, ordered_at, profit, quantity) AS d, count(*) AS n FROM orders GROUP BY %1$s', k)
FROM unnest('{id,small,customer,tiny,day,at_time,at_tz,uid,name,code,"small, name","day, uid, name, tiny",small % 5,upper(name)}'::text[]) k;
INSERT INTO queries (query) VALUES
	('SELECT customer, payment_digest(amount, due_on, paid_on, date ''2024-03-01'', excused) AS d FROM payments GROUP BY customer'),
	('SELECT customer, payment_digest(amount::float8, due_on, paid_on, date ''2024-03-01'') AS d, order_digest(amount::real, due_on) AS o FROM payments GROUP BY 1'),
	('SELECT customer, order_digest(amount::bigint, day) AS d, min(id) AS a, max(ordered_at) AS b, min(at_time) AS c, max(day) AS e, sum(tiny) AS f, bool_and(amount > 0) AS g, count(amount) AS h, count(profit) AS i FROM orders GROUP BY customer'),
	('SELECT small, order_digest(amount, ordered_at) FILTER (WHERE id % 3 = 0) AS third, count(*) FILTER (WHERE amount > 500) AS n FROM orders GROUP BY small'),
	('SELECT small, order_digest(100 / (id % 5), ordered_at) FILTER (WHERE id % 5 > 0) AS d FROM orders GROUP BY small'),
	('SELECT small, order_count(order_digest(amount, ordered_at)) + count(*) AS n, customer_measures(order_digest(amount, ordered_at), NULL, ''2025-01-01'') AS m FROM orders GROUP BY small HAVING count(*) > 100 AND revenue(order_digest(amount, ordered_at)) > 50000'),
	('SELECT customer, day, rollup(d) AS d FROM (SELECT customer, day, tiny, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1, 2, 3 OFFSET 0) x GROUP BY 1, 2'),
	('SELECT customer, rollup(d) AS d FROM (SELECT customer, payment_digest(amount, due_on, paid_on, date ''2024-03-01'') AS d FROM payments GROUP BY customer, due_on OFFSET 0) x GROUP BY 1'),
	('SELECT DISTINCT small, order_digest(amount, ordered_at) AS d FROM orders WHERE amount > 20 GROUP BY small, tiny'),
	('SELECT customer, order_digest(amount, ordered_at) AS d, rank() OVER (ORDER BY revenue(order_digest(amount, ordered_at))) FROM orders GROUP BY customer'),
	('SELECT small, order_digest(amount, ordered_at) AS d FROM orders WHERE false GROUP BY small'),
	('SELECT 1 AS one, order_digest(amount, ordered_at) AS d FROM orders GROUP BY small - small'),
	('SELECT o.customer, order_digest(o.amount, o.ordered_at) AS d FROM orders o LEFT JOIN payments p ON p.customer = o.customer AND p.due_on = o.day AND p.amount = o.amount GROUP BY o.customer'),
	('SELECT small, (SELECT max(p.amount) FROM payments p WHERE p.customer = o.small) AS most, order_digest(amount, ordered_at) AS d FROM orders o GROUP BY small'),
	('SELECT small, order_digest((SELECT max(p.amount) FROM payments p WHERE p.customer = o.tiny), ordered_at) AS d FROM orders o WHERE id < 300 GROUP BY small'),
	('SELECT small + (SELECT min(tiny) FROM orders) AS k, order_digest(amount, ordered_at) AS d FROM orders WHERE tiny < (SELECT avg(tiny) FROM orders) GROUP BY 1 HAVING count(*) > (SELECT count(*) FROM payments WHERE customer = 1)'),
	('SELECT id % 10 AS k, d, (SELECT order_digest(o.amount, o.ordered_at) FROM orders o WHERE o.customer = x.k GROUP BY o.small ORDER BY o.small LIMIT 1) AS first FROM (SELECT id % 10 AS id, id % 10 AS k, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 2) x'),
	('SELECT s.g, d FROM generate_series(1, 20) s (g), LATERAL (SELECT customer, order_digest(amount, ordered_at) AS d FROM orders WHERE tiny = s.g GROUP BY customer) x'),
	('SELECT s.g, d FROM generate_series(1, 9) s (g), LATERAL (SELECT customer, order_digest(amount, ordered_at) AS d FROM orders WHERE tiny < 5 GROUP BY customer OFFSET s.g LIMIT 3) x WHERE s.g < 0');

-- wherever it is possible, whatever it costs
SET enable_hashagg = off;
-- in memory
SELECT q.number, (differing(q.query)).* FROM queries q ORDER BY 1;
-- spilled, again and again
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SELECT q.number, (differing(q.query)).* FROM queries q ORDER BY 1;
RESET work_mem;
RESET hash_mem_multiplier;
-- by several processes, which share the groups out
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0.0001;
SET seq_page_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT plan_has(query) AS fused, plan_has(query, 'Parallel Custom Scan (FusedAggregate)') AS shared, count(*) FROM queries GROUP BY 1, 2 ORDER BY 1, 2;
SELECT q.number, (differing(q.query)).* FROM queries q ORDER BY 1;
SET work_mem = '64kB';
SELECT sum((differing(q.query)).differ) FROM queries q;
RESET work_mem;
-- ... without the leader, and by the leader alone
SET parallel_leader_participation = off;
SELECT sum((differing(q.query)).differ) FROM queries q WHERE number % 3 = 0;
RESET parallel_leader_participation;
SET max_parallel_workers = 0;
SELECT sum((differing(q.query)).differ) FROM queries q WHERE number % 3 = 1;
RESET max_parallel_workers;
SET max_parallel_workers_per_gather = 0;
RESET seq_page_cost;

-- integers that functions leave in other forms than tables
CREATE TABLE hashed AS SELECT hashtext(i::text) AS key FROM generate_series(1, 50) i;
SELECT differing('SELECT key, count(*), order_digest(1::numeric, day) AS d FROM (SELECT key, day FROM hashed, generate_series(1, 2) g, LATERAL (SELECT date ''2024-01-01'' + g AS day) x UNION ALL SELECT hashtext(i::text), ''2024-02-01'' FROM generate_series(1, 50) i) x GROUP BY key');
-- keys of which two have one hash each
CREATE TABLE collisions AS
SELECT k AS key, i AS amount, date '2024-01-01' AS day
FROM unnest('{198554,205490,9535,227412,136098,279973,202265,264110,100097,101104,55028,133384}'::integer[]) k, generate_series(1, 50) i;
SELECT differing('SELECT key, order_digest(amount, day) AS d, count(*) FROM collisions GROUP BY 1');
SET work_mem = '64kB';
SELECT differing('SELECT key, amount, order_digest(amount, day) AS d, count(*) FROM collisions GROUP BY 1, 2');
RESET work_mem;
RESET enable_hashagg;

--
-- Sorted: orders and payments are merged without a sort
--
SET enable_hashjoin = off;
\set joined 'SELECT customer, o, p FROM (SELECT customer, order_digest(amount, ordered_at) AS o FROM orders GROUP BY 1) o FULL JOIN (SELECT customer, payment_digest(amount, due_on, paid_on, date ''2024-03-01'') AS p FROM payments GROUP BY 1) p USING (customer)'
SELECT plan_has(:'joined', 'Merge Full Join'), plan_has(:'joined', 'Sort');
SELECT differing(:'joined');
RESET enable_hashjoin;
-- ... of its own accord where there are many
CREATE TABLE many AS SELECT i % 5000 AS customer, i::numeric AS amount, date '2024-01-01' + i % 365 AS day FROM generate_series(1, 100000) i;
ANALYZE many;
\set joined 'SELECT customer, o, p FROM (SELECT customer, order_digest(amount, day) AS o FROM many GROUP BY 1) o FULL JOIN (SELECT customer, payment_digest(amount, day, day, date ''2025-01-01'') AS p FROM many GROUP BY 1) p USING (customer)'
SELECT plan_has(:'joined', 'Merge Full Join'), plan_has(:'joined', 'Sort');
CREATE FUNCTION in_order(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	made text[];
	expected text[];
BEGIN
	ASSERT plan_has(query) AND NOT plan_has(query, 'Sort');
	EXECUTE 'SELECT array_agg(x::text) FROM (' || query || ') x' INTO made;
	SET LOCAL customer_tier.enable_fused_aggregate = off;
	EXECUTE 'SELECT array_agg(x::text) FROM (' || query || ') x' INTO expected;
	RESET customer_tier.enable_fused_aggregate;
	RETURN made = expected;
END $$;
SELECT o, in_order(format('SELECT small, uid, name COLLATE "C" AS name, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1, 2, 3 ORDER BY %s', o))
FROM unnest('{"small, uid, name","small DESC, uid DESC, name DESC","name NULLS FIRST, small NULLS FIRST, uid","uid, name DESC NULLS LAST, small"}'::text[]) o;
-- by the bytes of an integer, of few groups and of many
SELECT k, o, in_order(format('SELECT %s AS k, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1 ORDER BY 1 %s', k, o))
FROM unnest('{"small","tiny","id - 4500","nullif(customer, 7) * 5000000000 - 2000000000000","day","at_time","at_tz"}'::text[]) k,
	unnest('{"","DESC","NULLS FIRST","DESC NULLS LAST"}'::text[]) o;
SET work_mem = '64kB';
SELECT in_order('SELECT small, uid, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1, 2 ORDER BY 1 DESC, 2');
RESET work_mem;

--
-- Left to the executor's own
--
SELECT q, plan_has('SELECT ' || q) AS fused FROM unnest(ARRAY[
	'order_digest(amount, ordered_at) FROM orders', 'count(*) FROM orders GROUP BY small',
	'order_digest(DISTINCT amount, ordered_at) FROM orders GROUP BY small',
	'order_digest(amount, ordered_at ORDER BY id) FROM orders GROUP BY small',
	'small, tiny, order_digest(amount, ordered_at) FROM orders GROUP BY GROUPING SETS (small, tiny)',
	'small, grouping(small), order_digest(amount, ordered_at) FROM orders GROUP BY small',
	'order_digest(amount, ordered_at), sum(amount) FROM orders GROUP BY small',
	'order_digest(amount, ordered_at), array_agg(id) FROM orders GROUP BY small',
	'order_digest(amount, ordered_at), sum(amount::float8) FROM orders GROUP BY small',
	'amount, order_digest(amount, ordered_at) FROM orders GROUP BY amount',
	'name::char(20), order_digest(amount, ordered_at) FROM orders GROUP BY 1',
	'random(), order_digest(amount, ordered_at) FROM orders GROUP BY 1',
	'small, order_digest(random(), ordered_at) FROM orders GROUP BY 1',
	'balance_digest(amount, day) FROM orders GROUP BY small',
	'generate_series(1, 2), order_digest(amount, ordered_at) FROM orders GROUP BY small']) q;
-- what names depend on a key for is not in the group's rows
CREATE TABLE customers (id integer PRIMARY KEY, name text);
SELECT plan_has('SELECT c.id, c.name, order_digest(amount, ordered_at) FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.id');
-- collations that may take different bytes for one
CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT plan_has('SELECT name COLLATE blind, order_digest(amount, ordered_at) FROM orders GROUP BY 1');
DROP COLLATION blind;
-- an index that has the first few in order
CREATE INDEX ON orders (id);
SELECT plan_has('SELECT id, order_digest(amount, ordered_at) FROM orders GROUP BY id ORDER BY id LIMIT 3');
DROP INDEX orders_id_idx;
-- and by the setting
SET customer_tier.enable_fused_aggregate = off;
SELECT plan_has(query), count(*) FROM queries GROUP BY 1;
RESET customer_tier.enable_fused_aggregate;

--
-- Errors, and what goes on after them
--
CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d text;
	h text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;
CREATE FUNCTION both_errors(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	error CONSTANT text := pg_temp.ct_error('CREATE TEMPORARY TABLE x AS ' || query);
	fused CONSTANT boolean := plan_has(query);
	otherwise text;
BEGIN
	SET LOCAL customer_tier.enable_fused_aggregate = off;
	otherwise := pg_temp.ct_error('CREATE TEMPORARY TABLE x AS ' || query);
	RESET customer_tier.enable_fused_aggregate;
	RETURN concat_ws(' | ', CASE WHEN NOT fused THEN 'not fused' END, error,
		'otherwise: ' || nullif(otherwise, error));
END $$;
SELECT both_errors(q) AS error FROM unnest(ARRAY[
	'SELECT small, order_digest(CASE WHEN id = 5000 THEN ''NaN'' ELSE amount END, ordered_at) FROM orders GROUP BY small',
	'SELECT small, order_digest(amount, CASE WHEN id = 5000 THEN ''infinity'' ELSE ordered_at END) FROM orders GROUP BY small',
	'SELECT small, order_digest(1e23, ordered_at) FROM orders GROUP BY small',
	'SELECT customer, payment_digest(amount, due_on, paid_on, NULL) FROM payments GROUP BY 1',
	'SELECT customer, payment_digest(amount, due_on, paid_on, date ''2024-03-01'' + (paid_on IS NULL)::integer) FROM payments GROUP BY 1',
	'SELECT customer, rollup(d) FROM (SELECT customer, payment_digest(amount, due_on, paid_on, due_on) AS d FROM payments WHERE due_on IN (''2024-01-05'', ''2024-01-09'') GROUP BY customer, due_on OFFSET 0) x GROUP BY 1',
	'SELECT small, 1 / (count(*) - count(*)), order_digest(amount, ordered_at) FROM orders GROUP BY small']) q;
-- cancelled while it reads, while it spills, and while it reads back
SET statement_timeout = '200ms';
SELECT count(*) FROM (SELECT id, order_digest(amount, ordered_at) FROM orders, generate_series(1, 100000) GROUP BY id) x;
SET work_mem = '64kB';
SELECT count(*) FROM (SELECT g, id, order_digest(amount, ordered_at) FROM orders, generate_series(1, 100000) g GROUP BY g, id) x;
RESET statement_timeout;
SELECT count(*) FROM (SELECT g, id, order_digest(amount, ordered_at), pg_sleep(0) FROM orders, generate_series(1, 5) g GROUP BY g, id LIMIT 10) x;
RESET work_mem;

--
-- A few rows, there and back, and again
--
SELECT count(*) FROM (SELECT customer, order_digest(amount, ordered_at) FROM orders GROUP BY 1 LIMIT 3) x;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT customer, order_count(order_digest(amount, ordered_at)) FROM orders WHERE customer < 5 GROUP BY 1 ORDER BY 1;
FETCH 2 FROM c;
FETCH BACKWARD 1 FROM c;
FETCH ALL FROM c;
MOVE ABSOLUTE 0 IN c;
FETCH 1 FROM c;
COMMIT;
PREPARE p (integer) AS SELECT small, order_count(order_digest(amount, ordered_at)) FROM orders WHERE tiny < 20 * $1 GROUP BY small HAVING count(*) > $1 ORDER BY small LIMIT 2;
EXECUTE p (10);
EXECUTE p (3);
SET plan_cache_mode = force_generic_plan;
EXECUTE p (10);
RESET plan_cache_mode;

--
-- All of that by several processes
--
SET max_parallel_workers_per_gather = 2;
SET seq_page_cost = 0;
SELECT o, in_order(format('SELECT small, uid, name COLLATE "C" AS name, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1, 2, 3 ORDER BY %s', o))
FROM unnest('{"small, uid, name","name NULLS FIRST, small NULLS FIRST, uid"}'::text[]) o;
SELECT k, o, plan_has(q, 'Gather Merge') AND plan_has(q, 'Parallel Custom Scan') AS merged, in_order(q)
FROM unnest('{"small","tiny","nullif(customer, 7) * 5000000000 - 2000000000000"}'::text[]) k, unnest('{"","DESC NULLS LAST"}'::text[]) o,
	format('SELECT %s AS k, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1 ORDER BY 1 %s', k, o) q;
SET work_mem = '64kB';
SELECT in_order('SELECT small, uid, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1, 2 ORDER BY 1 DESC, 2');
RESET work_mem;
SELECT both_errors('SELECT small, order_digest(CASE WHEN id = 5000 THEN ''NaN'' ELSE amount END, ordered_at) FROM orders GROUP BY small') AS error;
SELECT both_errors('SELECT small, 1 / (count(*) - count(*)), order_digest(amount, ordered_at) FROM orders GROUP BY small') AS error;
SET statement_timeout = '200ms';
SELECT count(*) FROM (SELECT id, order_digest(amount, ordered_at) FROM orders, generate_series(1, 100000) GROUP BY id) x;
RESET statement_timeout;
-- a few rows; a cursor; and again and again
SELECT count(*) FROM (SELECT id, order_digest(amount, ordered_at) FROM orders GROUP BY 1 LIMIT 3) x;
BEGIN;
DECLARE c CURSOR FOR SELECT customer, order_count(order_digest(amount, ordered_at)) FROM orders WHERE customer < 5 GROUP BY 1 ORDER BY 1;
FETCH 2 FROM c;
FETCH ALL FROM c;
COMMIT;
SET enable_material = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
\set again 'SELECT n, customer, d FROM (VALUES (1), (2), (3)) v (n) LEFT JOIN (SELECT customer, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1) x ON customer % 5 = n'
SELECT plan_has(:'again', 'Parallel Custom Scan'), plan_has(:'again', 'Nested Loop'), plan_has(:'again', 'Materialize');
SELECT differing(:'again');
SET work_mem = '64kB';
SELECT differing(:'again');
RESET work_mem;
RESET enable_material;
RESET enable_hashjoin;
RESET enable_mergejoin;
-- a limit that changes from scan to scan, of which workers would know the first
SET enable_hashagg = off;
SELECT differing(format('SELECT n, count(d), max(id) FROM (VALUES (1), (8)) v(n), LATERAL (SELECT id, order_digest(amount, day) AS d FROM orders GROUP BY id ORDER BY id %s) x GROUP BY n', l))
FROM unnest('{LIMIT v.n,LIMIT 5 * v.n OFFSET v.n}'::text[]) l;
SELECT differing('SELECT n, count(d) FROM (VALUES (1), (5000)) v(n), LATERAL (SELECT id, order_digest(amount, day) AS d FROM orders GROUP BY id LIMIT v.n) x GROUP BY n');
-- one group, in no order
SELECT (differing('SELECT small, order_digest(amount, day) AS d FROM orders WHERE small = 7 GROUP BY small ORDER BY small')).differ;
RESET enable_hashagg;
RESET seq_page_cost;
SET max_parallel_workers_per_gather = 0;

--
-- Row security, partitions, inheritance
--
CREATE TABLE parted (LIKE orders) PARTITION BY HASH (customer);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parted TABLE orders;
ANALYZE parted;
SELECT differing('SELECT customer, order_digest(amount, ordered_at) AS d FROM parted GROUP BY 1');
SET enable_partitionwise_aggregate = on;
SELECT rows, differ FROM differing('SELECT customer, order_digest(amount, ordered_at) AS d FROM parted GROUP BY 1');
RESET enable_partitionwise_aggregate;
CREATE ROLE regress_ct_fused;
GRANT USAGE ON SCHEMA ct_fused TO regress_ct_fused;
GRANT SELECT ON orders TO regress_ct_fused;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (small % 20 = 7);
SET ROLE regress_ct_fused;
SELECT plan_has('SELECT small, order_digest(amount, ordered_at) FROM orders GROUP BY 1');
SELECT small, order_count(d) + refund_count(d) = n AS all FROM (SELECT small, order_digest(amount, ordered_at) AS d, count(amount) AS n FROM orders GROUP BY 1) x ORDER BY 1;
-- the right to call the aggregate
RESET ROLE;
BEGIN;
REVOKE EXECUTE ON FUNCTION order_digest(numeric, timestamptz) FROM PUBLIC;
SET LOCAL ROLE regress_ct_fused;
SELECT small, order_digest(amount, ordered_at) FROM orders GROUP BY 1;
ROLLBACK;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;

--
-- What EXPLAIN tells
--
CREATE FUNCTION explained(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
		CONTINUE WHEN line LIKE '%Worker%';
		RETURN NEXT regexp_replace(regexp_replace(line, '(Usage: |Spills: )\d+', '\1N'), '(rows=\d+)\.00', '\1');
	END LOOP;
END $$;
CREATE FUNCTION figure(query text, name text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF) ' || query LOOP
		IF strpos(line, name) > 0 THEN RETURN substring(line FROM name || ': (\d+)'); END IF;
	END LOOP;
END $$;
SELECT explained('SELECT small % 7 AS key, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1 HAVING count(*) > 0');
SET work_mem = '64kB';
SELECT explained('SELECT customer, day, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1, 2');
RESET work_mem;
-- keys of several tables
SELECT explained('SELECT o.small, p.small AS other, order_digest(o.amount, o.day) AS d FROM orders o JOIN orders p USING (id) GROUP BY 1, 2 LIMIT 0');
-- of all processes together; how many there are varies
SET max_parallel_workers_per_gather = 2;
SET seq_page_cost = 0;
SELECT regexp_replace(line, '\(actual .*\)', '') AS explained
FROM explained('SELECT customer, day, order_digest(amount, ordered_at) AS d FROM orders GROUP BY 1, 2') line WHERE line NOT LIKE '%Usage%';
RESET seq_page_cost;
SET max_parallel_workers_per_gather = 0;

--
-- Aggregates of others are not taken in: their arguments would be gone, and
-- their beginnings counted more than once
--
CREATE AGGREGATE after_all(interval) (SFUNC = timestamptz_pl_interval, STYPE = timestamptz, INITCOND = '2000-01-01', COMBINEFUNC = timestamptz_larger);
CREATE AGGREGATE from_100(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '100', COMBINEFUNC = int4pl);
SELECT plan_has('SELECT small, after_all(id * interval ''1 hour''), order_digest(amount, ordered_at) FROM orders GROUP BY 1'),
	plan_has('SELECT small, from_100(id), order_digest(amount, ordered_at) FROM orders GROUP BY 1'),
	plan_has('SELECT small, count(name), order_digest(amount, ordered_at) FROM orders GROUP BY 1');

--
-- Long keys are counted at what they take
--
CREATE TABLE long AS SELECT 'k' || i || repeat('y', 1030) AS own, i::numeric AS amount, date '2024-01-01' AS day FROM generate_series(1, 4000) i;
ANALYZE long;
SET work_mem = '2MB';
SET hash_mem_multiplier = 1;
SELECT figure('SELECT own, order_digest(amount, day) AS d FROM long GROUP BY 1', 'Memory Usage') <= 2048 AS within;
SELECT differing('SELECT own, order_digest(amount, day) AS d FROM long GROUP BY 1');
RESET work_mem;
RESET hash_mem_multiplier;


--
-- Many digests: what they take is known to the planner, and parts are parted
-- only as far as they have to be
--
CREATE TABLE wide AS SELECT i % 2000 AS key, 1.5::numeric AS amount, date '2024-01-01' + i % 100 AS day, i % 30 AS tiny FROM generate_series(1, 4000) i;
ANALYZE wide;
SELECT format('SELECT key, %s FROM wide GROUP BY key', string_agg(format('order_digest(amount, day) FILTER (WHERE tiny > %s) AS d%s', i, i), ', ')) AS many
FROM generate_series(1, 15) i \gset
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SET enable_sort = off;
SELECT plan_has(:'many');
SET enable_hashagg = off;
SELECT differing(:'many');
SELECT figure(:'many', 'Spills') < 8000 AS enough;
RESET enable_hashagg;
RESET enable_sort;
RESET work_mem;
RESET hash_mem_multiplier;
SET client_min_messages = error;
DROP SCHEMA ct_fused CASCADE;
DROP ROLE regress_ct_fused;
