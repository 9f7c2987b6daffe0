-- laws: what holds everywhere, each tried on many cases drawn by a seed
SET TimeZone = 'UTC';
SET client_min_messages = warning;
CREATE SCHEMA laws;
SET search_path = laws, public;

-- the n-th draw of a series, from 0 to below
CREATE FUNCTION draw(series text, n bigint, below bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('x' || substr(md5(series || n), 1, 15))::bit(60)::bigint % below $$;
CREATE TABLE facts AS
SELECT i, draw('customer', i, 150) AS customer, draw('region', i, 5) AS region, (draw('amount', i, 200000) - 30000) / 100.0 AS amount,
	date '2024-01-01' + draw('day', i, 700)::integer AS day, CASE WHEN draw('open', i, 4) > 0 THEN date '2024-01-20' + draw('paid', i, 740)::integer END AS paid_on
FROM generate_series(1, 12000) i;
CREATE TABLE parts (LIKE facts) PARTITION BY HASH (customer);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parts SELECT * FROM facts;
ANALYZE;

-- 1. Same facts, same answer: every aggregate, whatever the plan and the order
CREATE TABLE question (name text, query text);
INSERT INTO question VALUES
	('order_digest', 'SELECT customer, order_digest(amount, day), order_digest(amount::float8, day, amount / 3, 1) FROM %s GROUP BY customer'),
	('order_digest, all', 'SELECT order_digest(amount, day) FROM %s'),
	('payment_digest', $$SELECT customer, payment_digest(amount, day, paid_on, '2026-01-01'), count(*), min(day) FROM %s GROUP BY customer$$),
	('payment_digest, two keys', $$SELECT region, customer, payment_digest(amount, day, paid_on, '2026-01-01') FROM %s GROUP BY region, customer$$),
	('balance_digest', $$SELECT region, balance_digest(amount, day, i::text) FROM %s GROUP BY region$$),
	('rollup', 'SELECT region, rollup(d) FROM (SELECT region, customer, order_digest(amount, day) AS d FROM %s GROUP BY region, customer) s GROUP BY region'),
	('rollup in random parts', 'SELECT customer, rollup(d) FROM (SELECT customer, order_digest(amount, day) AS d FROM %s GROUP BY customer, draw(''part'', i, 7)) s GROUP BY customer'),
	('rollup of payments', $$SELECT rollup(d) FROM (SELECT payment_digest(amount, day, paid_on, '2026-01-01') AS d FROM %s GROUP BY draw('part', i, 7)) s$$),
	('rollup of balances', $$SELECT rollup(d) FROM (SELECT balance_digest(amount, day, i::text) AS d FROM %s GROUP BY draw('part', i, 7)) s$$),
	('calibrate_ladder', $$SELECT region, calibrate_ladder(amount, 'A top 1%%, B top 20%%, C'), calibrate_ladder(amount::float8, 'A share 50%%, B share 90%%, C') FROM %s GROUP BY region$$),
	('calibrate_scorecard', $$SELECT calibrate_scorecard(s, 'amount 1 percentile, customer 2 bins(9), region 1 zscore, i 1 minmax') FROM (SELECT * FROM %s) s$$),
	('gini, top_share', 'SELECT region, gini(abs(amount)), gini(abs(amount)::real), top_share(amount::float8, 0.2) FROM %s GROUP BY region'),
	('tier_path', $$SELECT customer, tier_path(amount, 'gold >= 1500, silver >= 700, base', 'review every 3 months, drop one step', day) FROM (SELECT DISTINCT ON (customer, day) * FROM %s ORDER BY customer, day, i) s GROUP BY customer$$),
	('forecasts', $$SELECT fit_forecast(d, date '2026-01-01'), forecast_fit(d, date '2026-01-01', 'mbg/nbd') FROM (SELECT customer, order_digest(amount, day) AS d FROM %s WHERE draw('kept', i, 20) = 0 GROUP BY customer) s$$);
CREATE FUNCTION answer(query text, source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE 'SELECT md5(string_agg(x::text, chr(10) ORDER BY x::text)) FROM (' || format(query, source) || ') x' INTO result;
	RETURN result;
END $$;
CREATE FUNCTION answers(query text) RETURNS TABLE (plan text, result text) LANGUAGE plpgsql
SET enable_hashagg = on SET enable_sort = on SET work_mem = '64MB' SET customer_tier.enable_fused_aggregate = on SET max_parallel_workers_per_gather = 0
SET enable_partitionwise_aggregate = off SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0.0001 SET min_parallel_table_scan_size = 0 AS $$
BEGIN
	RETURN QUERY SELECT 'as it is', answer(query, 'facts');
	RETURN QUERY SELECT 'backwards', answer(query, '(SELECT * FROM facts ORDER BY i DESC OFFSET 0) f');
	RETURN QUERY SELECT 'shuffled', answer(query, '(SELECT * FROM facts ORDER BY md5(i::text) OFFSET 0) f');
	PERFORM set_config('enable_partitionwise_aggregate', 'on', true);
	RETURN QUERY SELECT 'partitionwise', answer(query, 'parts');
	PERFORM set_config('max_parallel_workers_per_gather', '3', true);
	RETURN QUERY SELECT 'parallel', answer(query, 'facts');
	RETURN QUERY SELECT 'parallel, partitionwise', answer(query, 'parts');
	PERFORM set_config('work_mem', '64kB', true);
	RETURN QUERY SELECT 'parallel, spilled', answer(query, 'facts');
	PERFORM set_config('customer_tier.enable_fused_aggregate', 'off', true);
	RETURN QUERY SELECT 'parallel, spilled, not fused', answer(query, 'facts');
	PERFORM set_config('enable_hashagg', 'off', true);
	RETURN QUERY SELECT 'parallel, sorted', answer(query, 'parts');
	PERFORM set_config('max_parallel_workers_per_gather', '0', true);
	RETURN QUERY SELECT 'sorted', answer(query, 'facts');
END $$;
SELECT name, count(*) AS plans, count(DISTINCT result) AS answers, string_agg(plan, ', ') FILTER (WHERE result IS NULL) AS none
FROM question, answers(query) GROUP BY name ORDER BY name;

-- 2. Money is exact
SELECT count(*), count(*) FILTER (WHERE revenue(n) IS DISTINCT FROM total OR revenue(d) IS DISTINCT FROM doubles OR revenue(r) IS DISTINCT FROM reals) AS wrong
FROM (SELECT order_digest(amount, day) AS n, order_digest(amount::float8 / 3, day) AS d, order_digest((amount / 7)::real, day) AS r,
		sum(amount) AS total, sum(round((amount::float8 / 3)::text::numeric, 8)) AS doubles, sum(round((amount / 7)::real::text::numeric, 8)) AS reals
	  FROM facts GROUP BY customer) s;
SELECT tier(revenue(order_digest(0.10, date '2024-01-01')), 'gold >= 500, base') FROM generate_series(1, 5000);

-- 3. Pure: no function of the kernel may look elsewhere
SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'customer_tier'
WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'language_handler'::regtype AND
	p.oid NOT IN (SELECT unnest(ARRAY[lanplcallfoid, laninline, lanvalidator]) FROM pg_language) AND NOT (p.provolatile = 'i' AND p.proparallel = 's');

-- 4. Equal customers, equal tier; a bound belongs to its tier
CREATE TABLE ladders AS
SELECT n, (SELECT string_agg(format(kind, k), ', ' ORDER BY k) FROM (SELECT DISTINCT 1 + draw('bound' || n, k, 60) AS k FROM generate_series(1, 4) k) b)::tier_ladder AS l
FROM generate_series(1, 60) n, LATERAL (SELECT (ARRAY['t%1$s top %1$s%%', 't%1$s top %1$s', 't%1$s share %1$s%%'])[1 + n % 3] AS kind) x;
SELECT count(*) AS values, count(*) FILTER (WHERE tiers > 1) AS split
FROM (SELECT n, value, count(DISTINCT coalesce(tier(value, c), '')) AS tiers
	  FROM (SELECT n, value, calibrate_ladder(value, l) OVER (PARTITION BY n) AS c
			FROM ladders, LATERAL (SELECT draw('value' || n, i, 40)::numeric AS value FROM generate_series(1, 200) i) v) s
	  GROUP BY n, value) t;
SELECT count(*) AS bounds, count(*) FILTER (WHERE tier(r.bound, c) IS DISTINCT FROM (SELECT q.tier FROM rungs(c) q WHERE q.bound <= r.bound ORDER BY q.rank LIMIT 1)) AS wrong
FROM (SELECT calibrate_ladder(draw('value' || n, i, 4000)::numeric, l) AS c FROM ladders, generate_series(1, 200) i GROUP BY n, l) s, rungs(c) r WHERE r.condition LIKE '>=%';

-- 5. Explainable: points add up, what is missing leads to the next tier, conditions decide
CREATE TABLE people AS
SELECT i, draw('a', i, 1000)::numeric AS a, (draw('b', i, 100) / 7.0)::float8 AS b, CASE WHEN draw('c', i, 5) > 0 THEN draw('c', i, 50)::integer END AS c, draw('d', i, 40)::bigint AS d FROM generate_series(1, 500) i;
SELECT count(*), count(*) FILTER (WHERE abs(value - points) > 1e-9 OR value IS NULL) AS wrong
FROM people p, LATERAL (SELECT weighted_value(p, 'a 30 log(1, 1000), b 20 linear(0, 14) desc, c 10 steps(5: 20, 20: 100), d 5 cuts(10, 20, 30) missing 40') AS value,
	(SELECT sum(points) FROM value_breakdown(p, 'a 30 log(1, 1000), b 20 linear(0, 14) desc, c 10 steps(5: 20, 20: 100), d 5 cuts(10, 20, 30) missing 40')) AS points) v;
SELECT count(*), count(*) FILTER (WHERE tier(a + gap_to_next(a, l), l) IS DISTINCT FROM next_tier(a, l)) AS wrong
FROM people, (SELECT 'x >= 900, y >= 500.5, z >= 12'::tier_ladder AS l) x WHERE next_tier(a, l) IS NOT NULL;
SELECT count(*), count(*) FILTER (WHERE (tier_rank(p, l) <= r.rank) IS DISTINCT FROM (
		SELECT bool_or(met) FROM rungs(l) q, LATERAL (SELECT bool_and(met) AS met FROM tier_gaps(p, l, q.tier) g GROUP BY g.alternative) m WHERE q.rank <= r.rank)) AS wrong
FROM people p, (SELECT 'x: a >= 700 and b < 5 or c > 45, y: a >= 300 and c >= 10, z: b > 3'::tier_ladder AS l) x, rungs(l) r WHERE tier(p, l) IS NOT NULL;

-- 6. No silent nonsense: what cannot be read is told where, and why
CREATE FUNCTION complaint(text, type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d text;
BEGIN
	EXECUTE format('SELECT %L::%s', $1, type);
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
	RETURN CASE WHEN SQLSTATE <> '22P02' OR d !~ '^At character \d+: ' THEN concat_ws(' | ', $1, SQLSTATE, SQLERRM, d) ELSE 'well' END;
END $$;
SELECT type, count(*), count(*) FILTER (WHERE c = 'well') > 100 AS many_refused, string_agg(c, E'\n') FILTER (WHERE c <> 'well') AS badly
FROM (VALUES ('tier_ladder', 'gold >= 500 keep >= 400, silver > 1, "x y"'), ('tier_scorecard', 'a 5 log(1, 10) desc missing zero, b 2.5 bins(5)'),
		('tier_policy', 'review every 12 months, drop one step; gold: grace 3 days'), ('tier_forecast', 'bg/nbd(r 1, alpha 2, a 3, b 4), per week')) v (type, text),
	generate_series(1, 300) n, LATERAL (SELECT complaint(overlay(text PLACING chr(33 + draw('sign' || type, n, 90)::integer) FROM 1 + draw('at' || type, n, length(text))::integer FOR 1 + draw('for', n, 3)::integer), type) AS c) x
GROUP BY type ORDER BY type;

-- 7. No fan-out: digests joined one row to one row are those of each table alone
CREATE VIEW joined AS
SELECT * FROM (SELECT customer, order_digest(amount, day) AS o FROM facts GROUP BY customer) a
	FULL JOIN (SELECT customer, payment_digest(amount, day, paid_on, '2026-01-01') AS p FROM facts WHERE customer > 20 GROUP BY customer) b USING (customer);
SELECT sum(order_count(o)) = (SELECT count(*) FROM facts WHERE amount >= 0) AS orders, sum(revenue(o)) = (SELECT sum(amount) FROM facts) AS revenue,
	sum(billed(p)) = (SELECT sum(amount) FROM facts WHERE customer > 20) AS billed FROM joined;

-- 8. Nobody gains a right: nothing runs as another by declaration, and no body
-- looks names up where others may plant them (more in program_rights and
-- program_hostile)
SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'customer_tier' JOIN pg_language l ON l.oid = p.prolang
WHERE p.prosecdef OR (l.lanname IN ('plpgsql', 'sql') AND p.prosqlbody IS NULL AND p.prokind = 'f' AND NOT 'search_path=pg_catalog, pg_temp' = ANY (p.proconfig));

DROP SCHEMA laws CASCADE;
