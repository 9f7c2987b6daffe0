-- gini() and top_share()
\pset null (null)

CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', sqlstate || ': ' || sqlerrm, nullif(detail, ''),
		nullif(hint, ''));
END $$;

-- 944 / 1320, 100 / 132, 107 / 132
SELECT gini(v), top_share(v, 0.1), top_share(v, 0.11), top_share(v, 1)
FROM unnest('{1,2,2,3,4,4,4,5,7,100}'::numeric[]) v;
SELECT gini(v::float8), gini(v::real), gini(v::bigint), gini(v::integer),
	gini(v::smallint), gini(v) FILTER (WHERE v < 5) AS small
FROM unnest('{1,2,2,3,4,4,4,5,7,100}'::numeric[]) v;

-- 18 of 100 customers have 80 of 100 million
CREATE TEMP TABLE customers AS
SELECT CASE WHEN c <= 18 THEN 80e6 / 18 ELSE 20e6 / 82 END AS sales
FROM generate_series(1, 100) c;
SELECT round(top_share(sales, 0.18), 12), round(top_share(sales, 0.2), 12),
	round(gini(sales)::numeric, 12)
FROM customers;
SELECT top_share(c, 0.18), gini(c)
FROM (SELECT CASE WHEN c <= 18 THEN 328 ELSE 18 END::bigint AS c
	  FROM generate_series(1, 100) c) s;

-- one value, none, all equal, all 0, one who has all
SELECT gini(v), top_share(v, 0.5), top_share(v, 1e-300) FROM (VALUES (7.25)) s(v);
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (7.25)) s(v) WHERE v < 0;
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (NULL::bigint), (NULL)) s(v);
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (0.1::real), (0.1), (0.1)) s(v);
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (0::bigint), (0)) s(v);
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (0::float8), ('-0'), (5e-324), ('-0')) s(v);

-- who loses money: no Gini coefficient, and a top share that may exceed 1
SELECT gini(v), top_share(v, 0.25), top_share(v, 0.5), top_share(v, 0.75), top_share(v, 1)
FROM (VALUES (100.0), (20), (-10), (-30)) s(v);
SELECT gini(v), top_share(v, 0.25) FROM (VALUES (1.0), (-1), (-1e-20)) s(v);
SELECT gini(v), top_share(v, 0.25) FROM (VALUES (1::float8), (-1)) s(v);
SELECT gini(v), top_share(v, 0.25) FROM (VALUES (-1e-300::numeric)) s(v);

-- NULL values count neither for N nor for anything else
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (NULL), (1.0), (NULL), (3), (NULL)) s(v);

-- fractions are the decimals that they print as: 7, 7, 29, 57, 1, 1 of 100
SELECT f, top_share(1::bigint, f)
FROM generate_series(1, 100), unnest('{0.07, 0.0700, 0.29, 0.57, 1e-300, 5e-324}'::float8[]) f
GROUP BY f ORDER BY f DESC;
SELECT bool_and(s = k / 100.0), count(*)
FROM (SELECT k, top_share(1::bigint, (k / 100.0)::float8) AS s
	  FROM generate_series(1, 100), generate_series(1, 100) k GROUP BY k) x;

-- doubles and reals are the decimals that they print as, too
SELECT top_share(v, 0.25), top_share(v::real, 0.25), top_share(v::numeric, 0.25)
FROM unnest('{0.1, 0.1, 0.1, 0.7}'::float8[]) v;
-- the nearest double: of 1 / 3; of 1 / 4 + 2^-55, half-way between two; and
-- of what lies 10^-400 below and above that
SELECT gini(v) = 1 / 3.0::float8 AS third FROM unnest('{0, 1, 1}'::bigint[]) v;
SELECT gini(1 + 2 * sign * (0.25 + round(1, 55) / 36028797018963968 + more))
FROM unnest('{-1, 1}'::integer[]) sign, unnest('{0, -1e-400, 1e-400}'::numeric[]) more
GROUP BY more ORDER BY more;
-- the extremes of each type
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (9223372036854775807), (0), (9223372036854775807), (9223372036854775806)) s(v);
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (1.7976931348623157e308::float8), (5e-324), (1.7976931348623157e308)) s(v);
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (3.4028235e38::real), (1e-45), (3.4028235e38)) s(v);
SELECT gini(v), top_share(v, 0.5) FROM (VALUES (1e129990::numeric), (1e-16000), (1e129990)) s(v);
SELECT left(pg_temp.ct_error('SELECT gini(v) FROM (VALUES (0), (1e131000)) s(v)'), 5);
SELECT left(pg_temp.ct_error('SELECT top_share(v, 1) FROM (VALUES (9e131071), (9e131071)) s(v)'), 5);

-- errors
SELECT pg_temp.ct_error(format('SELECT gini(%L::%s)', v, t))
FROM unnest('{NaN,Infinity,-Infinity}'::text[]) v, unnest('{numeric,float8,real}'::text[]) t;
SELECT pg_temp.ct_error($$SELECT top_share('NaN'::numeric, 0.5)$$);
SELECT pg_temp.ct_error(format('SELECT top_share(1.5, %L)', f))
FROM unnest('{0,-0.2,1.0000000000000002,20,NaN,Infinity,NULL}'::text[]) f;
SELECT pg_temp.ct_error('SELECT top_share(NULL::bigint, 20)');
SELECT pg_temp.ct_error('SELECT top_share(v, v / 10) FROM (VALUES (1.0), (2)) s(v)');
SELECT pg_temp.ct_error('SELECT top_share(NULL::bigint, v / 10) FROM (VALUES (1.0), (2)) s(v)');
SELECT pg_temp.ct_error('SELECT top_share(1.0, v) FROM (VALUES (0.5), (NULL)) s(v)');

-- Against plain SQL, over values with ties and zeros; small, huge and tiny
-- ones; and with losses.  A double's decimal is that of its text.

CREATE TABLE facts AS
SELECT g AS id, g % 7 AS part, r, random_value.*
FROM (SELECT g, ('x' || left(md5(g::text), 8))::bit(32)::bigint AS r
	  FROM generate_series(1, 4000) g) s,
	LATERAL (SELECT CASE g % 7
		WHEN 0 THEN r % 100						-- ties and zeros
		WHEN 1 THEN r / 100.0					-- cents
		WHEN 2 THEN r * 1e-13					-- beyond 8 places
		WHEN 3 THEN r * 1e25					-- beyond 64 bits
		WHEN 4 THEN r * 10.0 ^ (r % 40 - 20)	-- of any size
		WHEN 5 THEN r / 100.0 - 2e7				-- with losses
		ELSE nullif(r % 5, 4) END) random_value(v);	-- NULLs
CREATE VIEW figures AS
SELECT id, part, 'numeric' AS kind, v AS n FROM facts
UNION ALL SELECT id, part, 'float8', v::float8::text::numeric FROM facts
UNION ALL SELECT id, part, 'real', v::real::text::numeric FROM facts
UNION ALL SELECT id, part, 'bigint', v::bigint FROM facts WHERE abs(v) < 9e18;
CREATE TABLE oracle AS
SELECT kind, part, n,
	CASE WHEN least >= 0 AND total > 0 THEN
		(round(2 * ranked - (n + 1) * total, 400) / (n * total))::float8 END AS gini,
	CASE WHEN total > 0 THEN round(top / total, 16) END AS share
FROM (SELECT kind, part, count(*) AS n, min(n) AS least, sum(n) AS total,
		  sum(n * rank) AS ranked, sum(n) FILTER (WHERE rank > count - ceil(0.07 * count)) AS top
	  FROM (SELECT *, row_number() OVER w AS rank, count(*) OVER (PARTITION BY kind, part)
			FROM figures WHERE n IS NOT NULL WINDOW w AS (PARTITION BY kind, part ORDER BY n)) r
	  GROUP BY kind, part) s;
SELECT count(*), count(gini), count(share), count(*) FILTER (WHERE share > 1) AS above_1 FROM oracle;

CREATE VIEW results AS
SELECT 'numeric' AS kind, part, gini(v), top_share(v, 0.07) AS share FROM facts GROUP BY part
UNION ALL SELECT 'float8', part, gini(v::float8), top_share(v::float8, 0.07) FROM facts GROUP BY part
UNION ALL SELECT 'real', part, gini(v::real), top_share(v::real, 0.07) FROM facts GROUP BY part
UNION ALL SELECT 'bigint', part, gini(v::bigint), top_share(v::bigint, 0.07) FROM facts WHERE abs(v) < 9e18 GROUP BY part;
SELECT count(*), bool_and(r.gini IS NOT DISTINCT FROM o.gini) AS ginis,
	bool_and(round(r.share, 16) IS NOT DISTINCT FROM o.share) AS shares
FROM results r JOIN oracle o USING (kind, part);

-- the same, to the bit, in any order, sorted or hashed, in parallel, as a
-- window aggregate, and with more rows after the first result
CREATE FUNCTION plan_has(statement text, node text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN ' || statement LOOP
		IF line ~ node THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
CREATE TABLE serial AS SELECT kind, part, gini, share::text FROM results;
\set differ 'SELECT count(*) AS differ FROM (TABLE serial EXCEPT SELECT kind, part, gini, share::text FROM results) d'
SET enable_hashagg = off;
SELECT plan_has('TABLE results', 'GroupAggregate') AS sorted;
:differ;
RESET enable_hashagg;
SET enable_sort = off;
SELECT plan_has('TABLE results', 'HashAggregate') AS hashed;
:differ;
RESET enable_sort;
ALTER TABLE facts SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT plan_has('TABLE results', 'Gather') AS parallel;
:differ;
RESET ALL;
SELECT count(DISTINCT (part, g, s::text)) AS as_many_as_parts
FROM (SELECT part, k, gini(v ORDER BY md5(id || k::text)) AS g,
		  top_share(v, 0.07 ORDER BY md5(id || k::text)) AS s
	  FROM facts, generate_series(1, 4) k GROUP BY part, k) x;
SELECT bool_and(gini IS NOT DISTINCT FROM g AND share IS NOT DISTINCT FROM s::text) AS windows
FROM (SELECT part, gini(v) OVER w AS g, top_share(v, 0.07) OVER w AS s
	  FROM facts WINDOW w AS (PARTITION BY part)) x JOIN serial USING (part)
WHERE kind = 'numeric';
SELECT bool_and(g = (SELECT gini(v) FROM facts i WHERE part = 4 AND i.id <= x.id)) AS frames,
	bool_and(s = (SELECT top_share(v, 0.3) FROM facts i WHERE part = 4 AND i.id <= x.id)) AS shares
FROM (SELECT id, gini(v) OVER w AS g, top_share(v, 0.3) OVER w AS s
	  FROM facts WHERE part = 4 AND id < 1500 WINDOW w AS (ORDER BY id)) x;

DROP VIEW results, figures;
DROP TABLE facts, oracle, serial;
DROP FUNCTION plan_has;
