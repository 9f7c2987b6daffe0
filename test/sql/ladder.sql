-- tier_ladder: text, placement, rows, calibration

-- what an error says, in one line
CREATE FUNCTION ct_error(statement text) RETURNS text LANGUAGE plpgsql AS $$
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

-- canonical text

SELECT ladder::tier_ladder FROM (VALUES
	(1, 'diamond>=500,platinum >= 3e2 , gold >= +200.50, member'),
	(2, 'A TOP 1 %, B top 5.50%, C'),
	(3, 'a top 10, b Top 200'),
	(4, 'key share 80%, mid share 95%, small'),
	(5, 'platinum: Value >= 80 AND payment_score >= 60 or orders >= 50, gold: "Value" > 60, basic'),
	(6, '重要客户 ≥ 5000，一般客户 ＞ 1'),
	(7, '重要客户：金额 ≥ 5000 and 信用 ≤ 3，"一般 客户"'),
	(8, '"Top" >= 1, "and" >= 0, top-client'),
	(9, '"say ""hi""" > -0.0, "x y"'),
	(10, 'only')) v(n, ladder)
ORDER BY n;

-- every space of Unicode is a blank, but for quotes; what has no width is no
-- space
SELECT l::tier_ladder, (SELECT tier FROM rungs(l::tier_ladder) LIMIT 1) AS top
FROM (VALUES (1, U&'\94BB\77F3\3000>= 500,\3000\91D1\3000>=\3000200, \94F6'), (2, U&'Premi\00E8re\00A0>=\202F5'),
	(3, U&'\91CD:\2002a\2003>=\20051\2009and\205Fb\200A<\20002, c'), (4, U&'"a\3000b"\3000>= 1, "\00A0c"'),
	(5, U&'a\200Bb >= 1'), (6, U&'\3000\00A0a\3000')) v(n, l) ORDER BY n \g (format=unaligned)
SELECT ct_error(U&'SELECT ''gold\3000>= 1\202F000''::tier_ladder');

-- every canonical text reads back to the same ladder, in text, binary, jsonb
CREATE TEMP TABLE ladders AS
SELECT l::tier_ladder AS l FROM (VALUES
	('a >= 5, b'), ('a > 5, b >= 5, c'), ('A top 1%, B top 5%, C'),
	('a top 10, b'), ('key share 80%, rest'), ('only'), ('a >= -1e-20'),
	('p: v >= 80 and s top 5% or o share 7%, g: "V" < 1, "b b"'),
	('重要: 值 >= 1, "top"'),
	('a >= 99999999999999999999999999999999.000000000000000000000001, b'),
	(U&'"a\3000b" >= 5,\3000"\00A0"'),
	('a >= 5 keep >= 4, b >= 3, c > 2 KEEP > 1'), ('A top 1% keep top 1.5%, B top 5%'), ('a top 3 keep top 4'), ('a share 80% keep share 85.5%, b'),
	('p: v >= 80 keep v >= 70 and s < 3 or o top 5%, g: w >= 1, "keep": "keep" > 1 keep "keep" > 0.5'))
	v(l);
SELECT count(*), bool_and(l::text::tier_ladder = l) AS text,
	bool_and(get_byte(tier_ladder_send(l), 0) = 1) AS version,
	bool_and(convert_from(substr(tier_ladder_send(l), 2), 'UTF8') = l::text)
		AS binary
FROM ladders;

-- malformed text

SELECT ladder, substr(ct_error(format('SELECT %L::tier_ladder', ladder)),
	length(ladder) + 54) AS error
FROM (VALUES (''), ('a >='), ('a >= 1,'), ('a >= 1, a'), ('a, b'),
	('a >= 1, b >= 2'), ('a >= 1, b > 1'), ('a top 5%, b top 1%'),
	('a top 5%, b top 10'), ('a <= 5'), ('a top 0%'), ('a top 100.5%'),
	('a top 2.5'), ('a top 0'), ('a top 99999999999999999999'),
	('a share 5'), ('a >= 1, b: x >= 1'), ('a: x >= 1, b >= 1'),
	('a: x >= 1 and'), ('a: x'), ('top >= 1'), ('a: share > 1'),
	('"" >= 1'), ('"a'), ('a >= 1e200000'), ('a >= 1 x'), ('a >= NaN'),
	('a # 1'), ('重要 ≥ 5，重要'), ('a >= 5e'), ('a ~ 5'), ('a >= 1;'),
	('a >= 5 keep'), ('a >= 5 keep 4'), ('a >= 5 keep >= 6, b'), ('a >= 5 keep > 5'), ('a > 5 keep >= 5, b keep >= 4'),
	('a >= 5 keep top 5%'), ('a top 5% keep top 4%'), ('a top 5% keep top 5'), ('a top 5% keep top 100.5%'), ('a share 80% keep share 70%'), ('a >= 5 keep >= 4 keep >= 3'),
	('a: x >= 1 keep 5'), ('a: x >= 1 keep x'), ('a: x >= 1 keep x >= 5 or'), ('keep >= 1'), ('a: keep >= 1'), ('a, b keep >= 1'),
	(repeat('x', 64) || ' >= 1'), (repeat('客', 22) || ' >= 1'))
	v(ladder);

-- the longest names
SELECT length(repeat('x', 63)::tier_ladder::text),
	octet_length((repeat('客', 21) || ' >= 1')::tier_ladder::text);

-- binary messages, through a file of the server's
SELECT current_setting('data_directory') || '/customer_tier.bin' AS file \gset
CREATE TEMP TABLE wire (l tier_ladder);
COPY ladders TO :'file' (FORMAT binary);
COPY wire FROM :'file' (FORMAT binary);
SELECT count(*) AS same FROM wire JOIN ladders USING (l);
CREATE FUNCTION ct_receive(file text, message bytea) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	-- one row with one field of this message, as COPY writes it
	PERFORM lo_from_bytea(424242,
		'\x5047434f50590aff0d0a0000000000000000000001'
		|| int4send(length(message)) || message || '\xffff');
	PERFORM lo_export(424242, file);
	PERFORM lo_unlink(424242);
	RETURN ct_error(format('COPY wire FROM %L (FORMAT binary)', file));
END $$;
SELECT message, ct_receive(:'file', message) FROM (VALUES
	('\x01'::bytea || 'gold >= 5, basic'), (''), ('\x01'),
	('\x00'::bytea || 'a'), ('\x02'::bytea || 'a'),
	('\x01'::bytea || 'a >= '), ('\x01'::bytea || '\x61ff'),
	('\x01'::bytea || '\x610062')) v(message);
COPY (SELECT) TO PROGRAM 'cat >/dev/null; rm customer_tier.bin';

-- comparison: equal ladders are equal however they were written
SELECT 'a>=1.0,b'::tier_ladder = 'a >= 1, b', 'a >= 1, b'::tier_ladder <> 'a > 1, b',
	'a >= 1'::tier_ladder = 'A >= 1', 'a: X > 1'::tier_ladder = 'a: x > 1';
SELECT count(DISTINCT l), count(*) FROM (SELECT l FROM ladders UNION ALL SELECT l::text::tier_ladder FROM ladders) x;
SELECT bool_and((a.l < b.l) = (b.l > a.l)
	AND (a.l <= b.l) = (a.l < b.l OR a.l = b.l)
	AND (a.l < b.l)::int + (a.l = b.l)::int + (a.l > b.l)::int = 1
	AND tier_ladder_cmp(a.l, b.l) = - tier_ladder_cmp(b.l, a.l)
	AND (tier_ladder_hash(a.l) = tier_ladder_hash(b.l) OR a.l <> b.l)
	AND (tier_ladder_hash_extended(a.l, 7) = tier_ladder_hash_extended(b.l, 7)
		OR a.l <> b.l)) AS total_order
FROM ladders a, ladders b;
SELECT opcname, amname, amvalidate(c.oid)
FROM pg_opclass c JOIN pg_am a ON a.oid = c.opcmethod
WHERE opcintype = 'tier_ladder'::regtype ORDER BY 2;
CREATE INDEX ON ladders USING btree (l);
CREATE INDEX ON ladders USING hash (l);
SET enable_seqscan = off;
SELECT count(*) FROM ladders WHERE l = 'a>=5,b';
RESET enable_seqscan;

-- rungs and calibration state
SELECT l, is_calibrated(l) FROM ladders ORDER BY l::text COLLATE "C";
SELECT r.* FROM rungs('a > 5.50, b >= 5, c') r;
SELECT r.* FROM rungs('a: x > 5 and y top 3 or z < 1, c') r;
SELECT r.* FROM rungs('a top 1%') r;
SELECT * FROM rungs(NULL);

-- placement: bounds are included, exactly, in all three types
\set card '''diamond >= 500, platinum >= 300, gold > 200, silver >= 0.1, member'''
SELECT v, tier(v, :card), tier_rank(v, :card), next_tier(v, :card) AS next,
	gap_to_next(v, :card) AS gap, tier_progress(v, :card) AS progress,
	orders_to_next(v, 33.3, :card) AS orders
FROM unnest(ARRAY[-5, 0, 0.1, 0.0999999999999999999, 200,
	200.00000000000000000001, 250, 299.999999999999999999999, 300, 500, 1e30,
	NULL]) WITH ORDINALITY u(v, n) ORDER BY n;
SELECT v, tier(v, :card), tier_rank(v, :card), next_tier(v, :card) AS next,
	gap_to_next(v, :card) AS gap, tier_progress(v, :card) AS progress,
	orders_to_next(v, 33.3::float8, :card) AS orders
FROM unnest(ARRAY[-5, -0.0, 0.1, 0.09999999999999999, 200, 200.00000000000003,
	250, 300, 500, 1e300, 5e-324, NULL]::float8[]) WITH ORDINALITY u(v, n)
ORDER BY n;
SELECT v, tier(v, :card), tier_rank(v, :card), next_tier(v, :card) AS next,
	gap_to_next(v, :card) AS gap, tier_progress(v, :card) AS progress,
	orders_to_next(v, 33::bigint, :card) AS orders
FROM unnest(ARRAY[-9223372036854775808, 0, 1, 200, 201, 9223372036854775807,
	NULL]::bigint[]) WITH ORDINALITY u(v, n) ORDER BY n;

-- an integer never goes through a double
SELECT tier(9007199254740993::bigint, 'a >= 9007199254740993, b'),
	tier(9007199254740992::bigint, 'a >= 9007199254740993, b'),
	tier(9007199254740992.5, 'a >= 9007199254740993, b');

-- a real is the decimal that it prints, and never goes through a double
SELECT v, tier(v, l), tier_rank(v, l), next_tier(v, l), gap_to_next(v, l) AS gap,
	tier_progress(v, l) AS progress, orders_to_next(v, 0.1::real, l) AS orders,
	tier(v::float8, l) AS as_double
FROM unnest(ARRAY[0.7, 0.69999993, 0.1, 16777216, -0.0, NULL]::real[]) WITH ORDINALITY u(v, n),
	(SELECT 'top-tier >= 1, a >= 0.7, b'::tier_ladder) x(l)
ORDER BY n;
-- a double's gap is the double nearest to that of the decimal it prints
SELECT t, count(gap_to_next(v, l)) AS gaps, count(*) FILTER (WHERE gap_to_next(v, l) IS DISTINCT FROM gap_to_next(v::text::numeric, l)::text::float8) AS wrong
FROM unnest('{"a >= 80, b >= 33.333333333, c >= 0.1, d > 0, e","a >= 1e6, b >= 999999.999999999, c >= 12.3456789012, d >= -1e-9","a >= 1e300, b >= 1e20, c >= 1e-300"}'::text[]) t, LATERAL (SELECT t::tier_ladder AS l) x,
	 generate_series(1, 4000) i, unnest(ARRAY[i / 40.0, i / 3::float8, round((i * 31.0 / 997)::numeric, 9)::float8, (i * 7919 % 4000 - 2000) * 1e-9, i * 1e18, -i / 7::float8, i * 250.5]::float8[]) v
GROUP BY t ORDER BY t;
SELECT gap_to_next(0.7::real, 'a >= 1, b'), pg_typeof(gap_to_next(0.7::real, 'a >= 1, b')),
	pg_typeof(gap_to_next(0.7::float8, 'a >= 1, b')) AS double, pg_typeof(gap_to_next(1::bigint, 'a >= 1, b')) AS bigint;
SELECT tier(m, 'a: r >= 0.7 and r <= 0.7, b') AS rules, weighted_value(m, 'r 1 linear(0, 0.7)') AS value,
	(SELECT raw FROM value_breakdown(m, 'r 1 linear(0, 1)'))
FROM (SELECT 0.7::real AS r) m;
SELECT ct_error($$SELECT tier('NaN'::real, 'a > 1, b')$$);
-- the cut-offs of reals are decimals that the same reals meet
SELECT l, count(*) FILTER (WHERE tier(v, l) = 'A') AS a
FROM (SELECT calibrate_ladder(v, 'A top 30%, B') AS l FROM unnest(ARRAY[0.1, 0.7, 0.3, 0.7, 0.7]::real[]) v) c,
	unnest(ARRAY[0.1, 0.7, 0.3, 0.7, 0.7]::real[]) v
GROUP BY l;
SELECT calibrate_ladder(v, 'A share 50%, B') AS share, calibrate_ladder(m, 'A: v top 2, B') AS rules
FROM (SELECT v FROM unnest(ARRAY[0.1, 0.7, 0.3]::real[]) v) m;

-- integers that are no bigint become doubles, which PostgreSQL prefers
SELECT tier(500, 'a >= 500, b'), tier(v, 'a >= 500, b') AS smallint, tier(v::int, 'a >= 500, b') AS integer,
	pg_typeof(gap_to_next(500, 'a >= 501, b')), pg_typeof(gap_to_next(v, 'a >= 501, b')) AS smallint,
	pg_typeof(gap_to_next(v::int, 'a >= 501, b')) AS integer
FROM (SELECT 500::smallint AS v) x;

-- bounds with one nearest double: the first rung from the top that is met
SELECT v, tier(v, 'a >= 0.30000000000000001, b > 0.3, c'),
	tier(ROW(v), 'a: f1 >= 0.30000000000000001, b: f1 > 0.3, c') AS rules
FROM unnest(ARRAY[0.29999999999999993, 0.3, 0.30000000000000004]::float8[]) v;

-- equal bounds: the lower one is an empty rung, skipped on the way up
SELECT v, tier(v, l), next_tier(v, l), gap_to_next(v, l), tier_progress(v, l)
FROM unnest(ARRAY[1.0, 5, 7, 9]) v,
	(SELECT 'a >= 9, b >= 7, c >= 7, d >= 7, e'::tier_ladder l) x;

-- without a floor, with a bound below zero, with > above an equal >=
SELECT v, tier(v, 'a >= 10, b >= 5'), tier_rank(v, 'a >= 10, b >= 5'),
	next_tier(v, 'a >= 10, b >= 5'), gap_to_next(v, 'a >= 10, b >= 5'),
	tier_progress(v, 'a >= 10, b >= 5')
FROM unnest(ARRAY[-1, 4, 5, 10.0]) v;
SELECT v, tier_progress(v, 'a >= 0, b >= -10, c')
FROM unnest(ARRAY[-20, -10, -5, 0.0]) v;
SELECT v, tier(v, 'a > 100, b >= 100, c'), gap_to_next(v, 'a > 100, b >= 100, c'),
	tier_progress(v, 'a > 100, b >= 100, c'),
	orders_to_next(v, 10, 'a > 100, b >= 100, c')
FROM unnest(ARRAY[70, 100, 101.0]) v;

-- a double past a bound whose nearest double it is: short by nothing
SELECT gap_to_next(0.3::float8, 'a > 0.29999999999999999, b') AS gap,
	orders_to_next(0.3::float8, 1, 'a > 0.29999999999999999, b') AS orders;
SELECT metric, required, actual, gap, met
FROM tier_gaps(ROW(0.3::float8, 0.3::float8), 'a: f1 > 0.29999999999999999 and f2 < 0.30000000000000001, b');

-- progress is a quotient of exact numbers, whatever their size
SELECT tier_progress(2.4, 'a >= 3, b'), tier_progress(2.4::float8, 'a >= 3, b') AS double,
	tier_progress(1e400, 'a >= 1e401, b') AS large, tier_progress(1e-400, 'a >= 1e-399, b') AS small,
	tier_progress(1::float8, 'a >= 1e400, b') AS none;

-- orders: ceil, one more where the bound is left out; doubles as decimals
SELECT orders_to_next(70.0, 10, 'a >= 100, b'), orders_to_next(70.0, 10, 'a > 100, b'),
	orders_to_next(70.0, 9, 'a >= 100, b'), orders_to_next(70.0, 9, 'a > 100, b'),
	orders_to_next(0.7::float8, 0.1::float8, 'a >= 1, b'),
	orders_to_next(100.0, 5, 'a >= 100, b') AS top;
-- of an average that is not positive no number of orders gets there
SELECT a, orders_to_next(1.0, a, 'a >= 5, b') IS NULL AS "numeric", orders_to_next(1, a::bigint, 'a >= 5, b') IS NULL AS "bigint",
	orders_to_next(1::float8, a::float8, 'a >= 5, b') IS NULL AS "double", orders_to_next(1::real, a::real, 'a >= 5, b') IS NULL AS "real"
FROM unnest('{0,-1,NULL}'::numeric[]) a;
SELECT orders_to_next(revenue(d), average_order_value(d), 'a >= 5, b') IS NULL AS free_order FROM (SELECT order_digest(0.0, date '2024-01-01')) s(d);
SELECT ct_error($$SELECT orders_to_next(1.0, 1e-30, 'a >= 5, b')$$);
SELECT ct_error($$SELECT orders_to_next(1.0, 'NaN', 'a >= 5, b')$$);

-- labels
SELECT tier_rank('gold', :card), tier_rank('member', :card),
	tier_rank('B'::text, 'A top 1%, B'), tier_rank(NULL::text, :card);
SELECT ct_error($$SELECT tier_rank('Gold', 'gold >= 5, basic')$$);

-- wrong uses
SELECT ct_error($$SELECT tier(5.0, 'a top 1%, b')$$);
SELECT ct_error($$SELECT gap_to_next(5.0, 'a share 1%, b')$$);
SELECT ct_error($$SELECT tier(5.0, 'a: x > 1, b')$$);
SELECT ct_error($$SELECT tier(ROW(5), 'a > 1, b')$$);
SELECT ct_error($$SELECT tier('NaN'::numeric, 'a > 1, b')$$);
SELECT ct_error($$SELECT tier('-Infinity'::numeric, 'a > 1, b')$$);
SELECT ct_error($$SELECT tier('Infinity'::float8, 'a > 1, b')$$);
SELECT ct_error($$SELECT tier_rank('NaN'::float8, 'a > 1, b')$$);
SELECT ct_error($$SELECT gap_to_next(1::float8, 'a > 1e400, b')$$);

-- an untyped NULL or literal as the value needs a cast
SELECT left(ct_error($$SELECT tier(NULL, 'a > 1, b')$$), 5);
SELECT tier(NULL::numeric, 'a > 1, b') IS NULL, tier(5.0, NULL) IS NULL;

-- a label outlives the ladder that it was taken from
CREATE TEMP TABLE stored (l tier_ladder);
INSERT INTO stored SELECT ('gold >= 500, ' || string_agg(format('"tier %s" >= %s', n, 400 - n), ', ' ORDER BY n) || ', basic')::tier_ladder FROM generate_series(1, 90) n;
SELECT pg_column_size(l) < pg_column_size(l::text::tier_ladder) AS compressed, count(DISTINCT t) AS tiers,
	min(t), max(t)
FROM stored, generate_series(300, 500) v, tier(v::numeric, l) t GROUP BY l;

-- rows

CREATE TEMP TABLE metrics (id int, value numeric, dead text, payment_score float8, orders bigint, vip boolean, note text);
ALTER TABLE metrics DROP COLUMN dead;
INSERT INTO metrics VALUES (1, 85, 70, 3, true), (2, 85, 50, 3, false),
	(3, 10, 10, 50, NULL), (4, 60, NULL, NULL, true), (5, NULL, 99, 1, false),
	(6, NULL, NULL, NULL, NULL);
\set rules '''platinum: value >= 80 and payment_score >= 60 or orders >= 50, gold: value >= 60, basic'''
SELECT id, tier(m, :rules), tier_rank(m, :rules), next_tier(m, :rules)
FROM metrics m ORDER BY id;
SELECT id, g.* FROM metrics m, tier_gaps(m, :rules) g
ORDER BY id, alternative, metric;
SELECT g.* FROM metrics m, tier_gaps(m, :rules, 'platinum') g WHERE id = 1;
SELECT count(*) FROM metrics m, tier_gaps(m, :rules, 'basic') g;
SELECT count(*) FROM tier_gaps(NULL::metrics, 'a: x > 1') g;
SELECT count(*) FROM metrics m, tier_gaps(m, NULL) g;
SELECT ct_error(format('SELECT tier_gaps(m, %L, ''silver'') FROM metrics m', :rules));
SELECT g.* FROM (SELECT 5 AS x, 3.25 AS y) m, tier_gaps(m, 'a: x < 4 and y <= 3 or x > 5, b') g;

-- what the calls leave behind does not add up until the query ends
SELECT calls, (SELECT sum(used_bytes) < 4000000 FROM pg_backend_memory_contexts
	WHERE name = 'ExecutorState' AND calls > 0) AS small
FROM (SELECT count(*) AS calls FROM generate_series(1, 20000) n,
	tier_gaps(ROW(n), 'a: f1 > 1e9, b') g,
	value_breakdown(ROW(n), 'f1 1 linear(0, 9)') v,
	rungs(('a > ' || n)::tier_ladder) r) q;

-- the cheapest way up
SELECT alternative, sum(gap) FILTER (WHERE NOT met) AS missing
FROM metrics m, tier_gaps(m, 'top-tier: value >= 100 and orders >= 10 or value >= 105, rest') g
WHERE id = 1 GROUP BY 1 ORDER BY 2 LIMIT 1;

-- an alias of a subquery, a composite value, a boolean, a domain, an array of rows
SELECT tier(s, 'a: v >= 5, b') FROM (SELECT 7 AS v) s;
SELECT tier(m.row, :rules) FROM (SELECT m AS row FROM metrics m WHERE id = 1) m;
SELECT id, tier(m, 'vip: vip >= 1, rest') FROM metrics m ORDER BY id;
CREATE DOMAIN points AS integer CHECK (value >= 0);
SELECT tier(s, 'a: v >= 5, b') FROM (SELECT 7::points AS v) s;
SELECT tier(m, :rules) FROM unnest(ARRAY(SELECT m FROM metrics m ORDER BY id)) m;

-- rows of differing types in one call
CREATE TEMP TABLE other_metrics (payment_score numeric, orders int, value real);
INSERT INTO other_metrics VALUES (61, 1, 81);
CREATE FUNCTION tier_of(r record) RETURNS text LANGUAGE plpgsql AS
$$BEGIN RETURN tier(r, 'platinum: value >= 80 and payment_score >= 60, basic'); END$$;
SELECT tier_of(m) FROM metrics m WHERE id = 1
UNION ALL SELECT tier_of(o) FROM other_metrics o
UNION ALL SELECT tier_of(s) FROM (SELECT 60 AS payment_score, 80.0 AS value) s
UNION ALL SELECT tier_of(m) FROM metrics m WHERE id = 2;
PREPARE placed AS SELECT tier(m, 'a: orders > 10, b') FROM other_metrics m;
EXECUTE placed;
ALTER TABLE other_metrics ADD COLUMN more int, ALTER COLUMN orders TYPE numeric USING orders + 10.5;
EXECUTE placed;
ALTER TABLE other_metrics RENAME COLUMN orders TO orders_placed;
SELECT ct_error('EXECUTE placed');

-- columns that are missing, of a wrong type, not finite, ambiguous
SELECT ct_error($$SELECT tier(m, 'a: revenue > 1, b') FROM metrics m$$);
SELECT ct_error($$SELECT tier(m, 'a: dead > 1, b') FROM metrics m$$);
SELECT ct_error($$SELECT tier(m, 'a: note > 1, b') FROM metrics m$$);
SELECT ct_error($$SELECT tier(s, 'a: v > 1, b') FROM (SELECT 'NaN'::float8 AS v) s$$);
SELECT ct_error($$SELECT tier(s, 'a: v > 1, b') FROM (SELECT 'Infinity'::numeric AS v) s$$);
SELECT ct_error($$SELECT tier(s, 'a: v > 1, b') FROM (SELECT 1 AS v, 2 AS v) s$$);
SELECT tier(NULL::metrics, 'a: value > 1, b') IS NULL;
SELECT tier(s, 'a: "Value" > 1, b') FROM (SELECT 2 AS "Value", 0 AS value) s;

-- what keeping takes: canonical text, rungs, and other bytes than without
SELECT l::tier_ladder, l::tier_ladder = regexp_replace(l, ' *keep[^,]*', '', 'gi')::tier_ladder AS same_as_without, is_calibrated(l::tier_ladder)
FROM unnest(ARRAY['platinum>=1400 KEEP>=1200.0,gold>=700 keep > 600,bronze', 'a>=5keep>=5', 'A top 10% keep top 12%, B',
	'a: x >= 1 keep y top 5, b']) l;
SELECT r.* FROM rungs('platinum >= 1400 keep >= 1200, gold > 700, bronze') r
UNION ALL SELECT r.* FROM rungs('a: x >= 1 and y >= 2 keep x >= 0.5 or z < 3, b: x >= 0') r
UNION ALL SELECT r.* FROM rungs('A top 10% keep top 12%, B') r;
-- tier() and its like read what entering takes alone
SELECT bool_and(tier(v, l) = tier(v, m) AND tier_rank(v, l) = tier_rank(v, m) AND gap_to_next(v, l) IS NOT DISTINCT FROM gap_to_next(v, m)
	AND tier_progress(v, l) = tier_progress(v, m)) AS reads_entries_alone
FROM generate_series(0, 1500, 50) v, (SELECT 'platinum >= 1400 keep >= 1200, gold >= 700 keep >= 1, bronze'::tier_ladder, 'platinum >= 1400, gold >= 700, bronze'::tier_ladder) q(l, m);
SELECT tier(f, l), next_tier(f, l) FROM (SELECT 5 AS x, 1 AS y) f, (SELECT 'a: x >= 9 keep x >= 5, b: x >= 6 keep y >= 1, c'::tier_ladder) q(l);
-- calibrated, each bar is the cut-off of its own kind
SELECT c, (SELECT string_agg(r.keep, ' ' ORDER BY rank) FROM rungs(c) r) = format('>= %s >= %s',
	(SELECT bound FROM rungs(k) WHERE rank = 1), (SELECT bound FROM rungs(k) WHERE rank = 2)) AS own_kind
FROM (SELECT calibrate_ladder(v, 'a top 1% keep top 2%, b top 10% keep top 15.5%, c') AS c, calibrate_ladder(v, 'a top 2%, b top 15.5%, c') AS k
	FROM generate_series(1, 1000) v
	UNION ALL SELECT calibrate_ladder(v * v % 997 + 1, 'a top 7 keep top 70, b top 100 keep top 100, c'), calibrate_ladder(v * v % 997 + 1, 'a top 70, b top 100, c') FROM generate_series(1, 1000) v
	UNION ALL SELECT calibrate_ladder(v * v, 'a share 20% keep share 25%, b share 80% keep share 95%, c'), calibrate_ladder(v * v, 'a share 25%, b share 95%, c') FROM generate_series(1, 1000) v) q;
SELECT calibrate_ladder(q, 'a: x top 1% and y >= 3 keep x top 5% or y top 2, b: x share 50% keep x share 60%, c')
FROM (SELECT v AS x, v % 10 AS y FROM generate_series(1, 1000) v) q;

-- calibration: the definitions in plain SQL

CREATE TEMP TABLE population AS
SELECT g AS id, 'all' || n AS part, n, CASE shape
	WHEN 'ties' THEN h % 5 - 1
	WHEN 'cents' THEN (h % 100000) / 100.0 - 50
	WHEN 'equal' THEN 7.25
	WHEN 'negative' THEN - (h % 1000) / 10.0
	WHEN 'long' THEN (h % 1000) / 7.0
	WHEN 'huge' THEN (h % 1000) * 1e20 + (h % 13) * 1e-20 END AS v, shape
FROM unnest(ARRAY['ties', 'cents', 'equal', 'negative', 'long', 'huge']) shape,
	unnest(ARRAY[1, 7, 1000, 2357]) n, generate_series(1, n) g,
	LATERAL (SELECT (('x' || substr(md5(g || shape || n), 1, 7))::bit(28)::int) h) x;
INSERT INTO population (id, n, v, shape) SELECT g, 1000, NULL, 'ties' FROM generate_series(1, 50) g;

-- the top p% are those whose rank() is at most ceil(p * N / 100): ties together
CREATE TEMP VIEW top_oracle AS
SELECT shape, n, v, p,
	rank() OVER (PARTITION BY shape, n, p ORDER BY v DESC)
		<= ceil(p * count(v) OVER (PARTITION BY shape, n, p) * 0.01) AS at_top
FROM population, unnest(ARRAY[0.01, 1, 5, 20, 33.333333333333333, 50, 99.9999999999999999, 100]) p
WHERE v IS NOT NULL;
SELECT p, count(*) AS placed, count(*) FILTER (WHERE at_top) AS at_top,
	bool_and(at_top = (tier(v, l) = 'A')) AS agree,
	bool_and(at_top = (tier(v::float8, ld) = 'A')) FILTER (WHERE shape NOT IN ('long', 'huge')) AS agree_double
FROM (SELECT *, calibrate_ladder(v, format('A top %s%%, B', p)::tier_ladder)
			OVER (PARTITION BY shape, n, p) AS l,
		calibrate_ladder(v::float8, format('A top %s%%, B', p)::tier_ladder)
			OVER (PARTITION BY shape, n, p) AS ld
	FROM top_oracle) x GROUP BY p ORDER BY p;

-- the top n
SELECT k, bool_and((r <= k) = (tier(v, l) = 'A')) AS agree
FROM (SELECT k, v, rank() OVER (PARTITION BY shape, n, k ORDER BY v DESC) AS r,
		calibrate_ladder(v, format('A top %s, B', k)::tier_ladder) OVER (PARTITION BY shape, n, k) AS l
	FROM population, unnest(ARRAY[1, 2, 10, 5000]) k WHERE v IS NOT NULL) x
GROUP BY k ORDER BY k;

-- share p%: the least positive v with sum(values > v) * 100 < p * sum(positive)
CREATE TEMP VIEW share_oracle AS
SELECT shape, n, p, min(v) FILTER (WHERE above * 100 < p * total) AS cutoff
FROM (SELECT shape, n, v, sum(sum(v)) OVER w AS total,
		sum(sum(v)) OVER (w ORDER BY v DESC) - sum(v) AS above
	FROM population WHERE v > 0 GROUP BY shape, n, v
	WINDOW w AS (PARTITION BY shape, n)) x,
	unnest(ARRAY[0.5, 20, 50, 80, 95, 99.99, 100]) p
GROUP BY shape, n, p;
SELECT p, count(*) AS cases, bool_and(
	calibrate_ladder = format('A %s %s, B', CASE WHEN cutoff IS NULL THEN '>' ELSE '>=' END,
		coalesce(cutoff, 0))::tier_ladder) AS agree
FROM (SELECT shape, n, p, calibrate_ladder(v, format('A share %s%%, B', p)::tier_ladder)
	FROM population, unnest(ARRAY[0.5, 20, 50, 80, 95, 99.99, 100]) p GROUP BY 1, 2, 3) c
LEFT JOIN share_oracle USING (shape, n, p)
GROUP BY p ORDER BY p;

-- percentages against exact rational arithmetic: k = ceil(p * N / 100)
SELECT n, p, k = ceil(p * n * 0.01) AS exact
FROM (SELECT n, p, count(*) FILTER (WHERE tier(g, l) = 'A') AS k
	FROM (SELECT n, p, g, calibrate_ladder(g, format('A top %s%%, B', p)::tier_ladder) OVER (PARTITION BY n, p) AS l
		FROM unnest(ARRAY[1, 7, 1000, 2357]) n, unnest(ARRAY[0.1, 1, 14.2857142857142857, 14.2857142857142858, 19, 100]) p,
			generate_series(1::bigint, n) g) x
	GROUP BY n, p) y
ORDER BY n, p;

-- all at once, cumulative
SELECT calibrate_ladder(g, 'A top 1%, B top 5%, C top 20%, D') FROM generate_series(1::bigint, 1000) g;
SELECT calibrate_ladder(g, 'A top 1, B top 10, C top 5000') FROM generate_series(1::bigint, 1000) g;
SELECT tier, count(*) FROM (SELECT tier(g, calibrate_ladder(g, 'platinum top 1%, gold top 20%, iron top 50%, lead') OVER ()) FROM generate_series(1::bigint, 1000) g) x GROUP BY 1 ORDER BY 1;

-- nobody, nothing, one, all equal, none positive
SELECT calibrate_ladder(v, 'A top 1%, B') FROM population WHERE false;
SELECT calibrate_ladder(NULL::numeric, 'A top 1%, B');
SELECT calibrate_ladder(-5.50, 'A top 1%, B top 50%, C'), calibrate_ladder(-5.50, 'A share 1%, B share 50%, C'),
	calibrate_ladder(5.50, 'A share 1%, B share 50%, C'), calibrate_ladder(0::bigint, 'A share 100%');
SELECT calibrate_ladder(7, 'A top 1%, B top 50%, C') FROM generate_series(1, 50);

-- an absolute ladder comes back unchanged
SELECT calibrate_ladder(g, 'a >= 5, b') FROM generate_series(1::bigint, 10) g;

-- doubles are cut off at the decimals that they print as
SELECT calibrate_ladder(v, 'A top 1, B top 2, C top 3, D top 4, E') FROM unnest(ARRAY[0.1, 1e22, 1.7976931348623157e308, 5e-324, -0.0]::float8[]) v;
SELECT tier(v, calibrate_ladder(v, 'A top 1, B top 2, C top 3, D top 4, E') OVER ()) FROM unnest(ARRAY[0.1, 1e22, 1.7976931348623157e308, 5e-324, -0.0]::float8[]) v;

-- by region, and over a growing frame
SELECT id % 3 AS region, count(*), count(*) FILTER (WHERE t = 'A') AS at_top
FROM (SELECT id, tier(v, calibrate_ladder(v, 'A top 10%, B') OVER (PARTITION BY id % 3)) AS t FROM population WHERE shape = 'cents' AND n = 1000) x GROUP BY 1 ORDER BY 1;
SELECT g, calibrate_ladder(g, 'A top 50%, B') OVER (ORDER BY g) FROM generate_series(1::bigint, 5) g;

-- the same whatever the plan: Law 1
CREATE TABLE facts (id int, v numeric) PARTITION BY RANGE (id);
CREATE TABLE facts_1 PARTITION OF facts FOR VALUES FROM (0) TO (1500);
CREATE TABLE facts_2 PARTITION OF facts FOR VALUES FROM (1500) TO (10000);
INSERT INTO facts SELECT g, (('x' || substr(md5(g::text), 1, 7))::bit(28)::int % 1000000) / 100.0 / (1 + g % 3) FROM generate_series(1, 4000) g;
ANALYZE facts;
CREATE VIEW calibrations AS
SELECT concat_ws('; ', calibrate_ladder(v, 'A top 1%, B top 5%, C'),
	calibrate_ladder(v, 'A share 80%, B share 95%, C')) AS c FROM facts;
CREATE FUNCTION plan_has(query text, node text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
		IF line LIKE '%' || node || '%' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
SELECT c AS serial FROM calibrations \gset
SELECT plan_has('SELECT * FROM calibrations', 'Gather') AS parallel;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT plan_has('SELECT * FROM calibrations', 'Gather') AS parallel,
	c = :'serial' AS same FROM calibrations;
RESET ALL;
SELECT bool_and(c = :'serial') AS any_order
FROM (SELECT concat_ws('; ',
		calibrate_ladder(v, 'A top 1%, B top 5%, C' ORDER BY md5(id || s::text)),
		calibrate_ladder(v, 'A share 80%, B share 95%, C' ORDER BY md5(s || id::text))) AS c
	FROM facts, generate_series(1, 5) s GROUP BY s) x;

-- a ladder that varies, a value that is not finite, rules with a value
SELECT ct_error($$SELECT calibrate_ladder(g, CASE g WHEN 3 THEN 'a top 1%' ELSE 'a top 2%' END::tier_ladder) FROM generate_series(1::bigint, 3) g$$);
SELECT ct_error($$SELECT calibrate_ladder('NaN'::float8, 'a top 1%')$$);
SELECT ct_error($$SELECT calibrate_ladder('Infinity'::numeric, 'a top 1%')$$);
SELECT ct_error($$SELECT calibrate_ladder(1.0, 'a: x top 1%')$$);
SELECT ct_error($$SELECT calibrate_ladder(m, 'a top 1%') FROM metrics m$$);
SELECT calibrate_ladder(g, CASE g WHEN 3 THEN NULL ELSE 'a top 2' END::tier_ladder) FROM generate_series(1::bigint, 3) g;

-- relative conditions inside rules
SELECT calibrate_ladder(m, 'A: revenue top 1% and score >= 60 or orders top 3, B: revenue share 80%, C')
FROM (SELECT g AS revenue, g % 100 AS score, (g * 7 % 1000)::numeric / 8 AS orders FROM generate_series(1, 1000) g) m;
SELECT calibrate_ladder(m, 'A: revenue top 1%, B') FROM (SELECT NULL::int AS revenue FROM generate_series(1, 3)) m;
SELECT calibrate_ladder(m, 'A: revenue >= 5, B') FROM (SELECT NULL::int AS revenue FROM generate_series(1, 3)) m;
SELECT t, count(*) FROM (SELECT tier(m, calibrate_ladder(m, 'A: v top 10% and w >= 5, B: v top 50%, C') OVER ()) AS t
	FROM (SELECT g AS v, g % 10 AS w FROM generate_series(1, 100) g) m) x GROUP BY 1 ORDER BY 1;
SELECT ct_error($$SELECT calibrate_ladder(m, 'A: nothing top 1%') FROM (SELECT 1 AS v) m$$);
SELECT ct_error($$SELECT tier(m, 'A: v top 1%, B') FROM (SELECT 1 AS v) m$$);

-- a cancelled calibration leaves the session as it was
SET statement_timeout = '50ms';
SELECT calibrate_ladder(g, 'a share 10%, b share 20%') FROM generate_series(1::bigint, 100000000) g;
RESET statement_timeout;
SELECT calibrate_ladder(g, 'a share 10%, b share 20%') FROM generate_series(1::bigint, 100) g;

DROP VIEW calibrations;
DROP TABLE facts;
DROP FUNCTION ct_error, ct_receive, plan_has, tier_of;
