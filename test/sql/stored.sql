-- Ladders and scorecards that are read from a table, however they are stored
\set VERBOSITY terse

CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;

-- Of each type three long values of one size, which differ at their ends
-- only, a NULL and a short value.
CREATE TABLE shelf (id int, ladder tier_ladder, rules tier_ladder, card tier_scorecard);
ALTER TABLE shelf ALTER ladder SET STORAGE external, ALTER rules SET STORAGE external, ALTER card SET STORAGE external;
INSERT INTO shelf
SELECT id, (string_agg(format('tier_%s >= %s', i, 1000 - i * 10), ', ' ORDER BY i) || ', floor_' || id)::tier_ladder,
	(string_agg(format('rule_%s: v >= %s and w >= 1', i, 1000 - i * 10), ', ' ORDER BY i) || ', floor: v >= ' || id)::tier_ladder,
	format('w 1 linear(0, 10), v 1 curve(%s, 2000: %s)', string_agg(i || ': ' || i % 7, ', ' ORDER BY i), 90 + id)::tier_scorecard
FROM generate_series(1, 3) id, generate_series(1, 70) i GROUP BY id;
INSERT INTO shelf (id) VALUES (4);
INSERT INTO shelf VALUES (5, 'b', 'a: v >= 5, b', 'v 1 linear(0, 10)');

-- What each of them says, asked in statements of their own in which they are
-- constants.
CREATE TABLE figures AS SELECT v, v / 100 AS w FROM unnest(ARRAY[0, 2, 7, 600, 777, 990, 1500]::float8[]) v;
CREATE TABLE expected (id int, v float8, tier text, rank int, gap float8, rule text, next text, value float8);
DO $$
DECLARE
	s shelf;
BEGIN
	FOR s IN SELECT * FROM shelf LOOP
		EXECUTE format('INSERT INTO expected SELECT %s, v, tier(v, %L), tier_rank(v::numeric, %2$L), gap_to_next(v, %2$L),
			tier(f, %L), next_tier(f, %3$L), weighted_value(f, %L) FROM figures f', s.id, s.ladder, s.rules, s.card);
	END LOOP;
END $$;
SELECT id, count(DISTINCT tier) AS tiers, count(DISTINCT gap) AS gaps, count(DISTINCT rule) AS rules, count(DISTINCT value) AS values
FROM expected GROUP BY id ORDER BY id;

-- As they are; short ones packed, others compressed, by pglz or, where the
-- server has it, by lz4; out of line; compressed and out of line.  A row of
-- three that are plain would not fit into a page.
SELECT format('CREATE TABLE %s (LIKE shelf) WITH (toast_tuple_target = 128)', way),
	format('ALTER TABLE %s ALTER ladder SET STORAGE %s, ALTER rules SET STORAGE %2$s, ALTER card SET STORAGE %2$s', way, storage),
	format('ALTER TABLE %s ALTER ladder SET COMPRESSION pglz, ALTER rules SET COMPRESSION pglz, ALTER card SET COMPRESSION pglz', way)
FROM (VALUES ('plain', 'plain'), ('pglz', 'main'), ('lz4', 'main'), ('external', 'external'), ('extended', 'extended')) w(way, storage) \gexec
DO $$
BEGIN
	ALTER TABLE lz4 ALTER ladder SET COMPRESSION lz4, ALTER rules SET COMPRESSION lz4, ALTER card SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
	NULL;
END $$;
SELECT format('INSERT INTO %s SELECT id, CASE col WHEN 1 THEN ladder END, CASE col WHEN 2 THEN rules END, CASE col WHEN 3 THEN card END FROM shelf, generate_series(1, 3) col', way)
FROM unnest('{plain,pglz,lz4,external,extended}'::text[]) way \gexec
CREATE VIEW ways AS
SELECT 'plain' AS way, * FROM plain UNION ALL SELECT 'pglz', * FROM pglz UNION ALL SELECT 'lz4', * FROM lz4
UNION ALL SELECT 'external', * FROM external UNION ALL SELECT 'extended', * FROM extended;
SELECT way, bool_or(pg_column_compression(ladder) IS NOT NULL) AS compressed, pg_relation_size(reltoastrelid) > 0 AS out_of_line,
	min(pg_column_size(ladder)) < 127 AS packed
FROM ways JOIN pg_class ON relname = way GROUP BY way, reltoastrelid ORDER BY way;

-- In one statement they take turns, in many orders, NULL among them.
CREATE VIEW turns AS
SELECT w.*, v, f FROM ways w, figures f, generate_series(1, 20) n ORDER BY md5(n || way || v || id);
SELECT way, count(t), bool_and(t IS NOT DISTINCT FROM tier AND r IS NOT DISTINCT FROM rank AND g IS NOT DISTINCT FROM gap) AS same
FROM (SELECT way, id, v, tier(v, ladder) AS t, tier_rank(v::numeric, ladder) AS r, gap_to_next(v, ladder) AS g
	FROM turns WHERE rules IS NULL AND card IS NULL) q
	JOIN expected USING (id, v) GROUP BY way ORDER BY way;
SELECT way, count(n), bool_and(r IS NOT DISTINCT FROM rule AND n IS NOT DISTINCT FROM next) AS same
FROM (SELECT way, id, v, tier(f, rules) AS r, next_tier(f, rules) AS n FROM turns WHERE ladder IS NULL AND card IS NULL) q
	JOIN expected USING (id, v) GROUP BY way ORDER BY way;
SELECT way, count(w), bool_and(w IS NOT DISTINCT FROM value) AS same
FROM (SELECT way, id, v, weighted_value(f, card) AS w FROM turns WHERE ladder IS NULL AND rules IS NULL) q
	JOIN expected USING (id, v) GROUP BY way ORDER BY way;

-- Labels outlive the ladder that they come from.
SELECT way, array_agg(t ORDER BY id DESC), min(t), max(t)
FROM (SELECT way, id, tier(0::float8, ladder) AS t FROM ways ORDER BY way, id) q WHERE t IS NOT NULL GROUP BY way ORDER BY way;

-- An error in between leaves nothing behind that is wrong.
CREATE FUNCTION pg_temp.through_errors(way text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	s record;
	m record;
	c tier_scorecard;
	result text;
BEGIN
	SELECT 1 AS v, 2 AS w INTO m;
	FOR s IN EXECUTE format('SELECT id, card FROM %I WHERE card IS NOT NULL ORDER BY id', way) LOOP
		FOREACH c IN ARRAY ARRAY[s.card, 'v 1 bins(5)', s.card, 'none 1 linear(0, 1)', s.card] LOOP
			BEGIN
				result := concat_ws(' ', result, weighted_value(m, c));
			EXCEPTION WHEN undefined_column OR object_not_in_prerequisite_state THEN
				result := concat_ws(' ', result, SQLSTATE);
			END;
		END LOOP;
	END LOOP;
	RETURN result;
END $$;
SELECT way, pg_temp.through_errors(way) FROM unnest('{plain,pglz,lz4,external,extended}'::text[]) way;

-- A row that is updated between two executions of one expression.
CREATE FUNCTION pg_temp.follow(way text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	s shelf;
	t text;
	result text;
BEGIN
	FOR i IN 1 .. 5 LOOP
		EXECUTE format('UPDATE %1$I u SET ladder = o.ladder FROM %1$I o WHERE u.id = 1 AND u.ladder IS NOT NULL AND o.id = %2$s AND o.ladder IS NOT NULL', way, i % 2 + 2);
		EXECUTE format('SELECT * FROM %I WHERE id = 1 AND ladder IS NOT NULL', way) INTO s;
		t := tier(0::float8, s.ladder);
		SELECT t || '=' || tier(0::float8, ladder) INTO t FROM ways w WHERE w.way = follow.way AND id = 1 AND ladder IS NOT NULL;
		result := concat_ws(' ', result, t);
	END LOOP;
	RETURN result;
END $$;
SELECT way, pg_temp.follow(way) FROM unnest('{plain,pglz,lz4,external,extended}'::text[]) way;

-- In arrays, rows, domains, parameters and subqueries.
CREATE DOMAIN ladder_domain AS tier_ladder CHECK (is_calibrated(VALUE));
SELECT string_agg(tier(0::float8, l), ' ' ORDER BY n)
FROM (SELECT array_agg(ladder ORDER BY way, id) AS a FROM ways WHERE id <> 1) a, unnest(a) WITH ORDINALITY u(l, n);
SELECT way, string_agg(tier(0::float8, (r).ladder::ladder_domain), ' ' ORDER BY id)
FROM (SELECT way, id, r FROM ways r WHERE id <> 1 AND ladder IS NOT NULL OFFSET 0) r GROUP BY way ORDER BY way;
SET plan_cache_mode = force_generic_plan;
DO $$
DECLARE
	l tier_ladder;
	t text;
BEGIN
	FOR l IN SELECT ladder FROM ways WHERE id IN (2, 3) AND way = 'extended' AND ladder IS NOT NULL ORDER BY id LOOP
		EXECUTE 'SELECT tier(0::float8, $1)' INTO t USING l;
		RAISE NOTICE '% %', t, tier(0::float8, l);
	END LOOP;
END $$;
RESET plan_cache_mode;
SELECT i, tier(i * 0.0, (SELECT ladder FROM external WHERE id = 3 AND ladder IS NOT NULL)) FROM generate_series(1, 2) i;

-- By parallel workers, in windows, as groups, and calibrated.
CREATE TABLE many AS SELECT id, ladder, v FROM extended, figures, generate_series(1, 200) WHERE ladder IS NOT NULL AND id > 1;
ALTER TABLE many SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS off) SELECT count(tier(v, ladder)) FROM many;
SELECT count(*), count(*) FILTER (WHERE tier(m.v, m.ladder) = e.tier) AS same FROM many m JOIN expected e USING (id, v);
SELECT bool_and(n = 200) AS same, count(*) FROM (SELECT id, v, tier(v, ladder), count(*) AS n FROM many GROUP BY id, v, tier(v, ladder)) x;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT v, array_agg(DISTINCT first), array_agg(DISTINCT before ORDER BY before)
FROM (SELECT v, first_value(tier(v, ladder)) OVER w AS first, lag(tier(v, ladder)) OVER w AS before FROM many WINDOW w AS (PARTITION BY v ORDER BY id DESC)) x
GROUP BY v ORDER BY v;
CREATE TABLE relative (id int, ladder tier_ladder, card tier_scorecard);
ALTER TABLE relative ALTER ladder SET STORAGE external, ALTER card SET STORAGE main;
INSERT INTO relative
SELECT id, (string_agg(format('part_%s top %s%%', i, i), ', ' ORDER BY i) || ', rest_' || id)::tier_ladder,
	format('v 1 minmax, w %s percentile, w2 1 steps(%s)', id, string_agg(i || ': 5', ', ' ORDER BY i))::tier_scorecard
FROM generate_series(1, 2) id, generate_series(1, 90) i GROUP BY id;
SELECT id, right(calibrate_ladder(v, ladder)::text, 30), left(calibrate_scorecard(f, card)::text, 50)
FROM relative r, figures f GROUP BY id ORDER BY id;
SELECT DISTINCT id, right((calibrate_ladder(v, ladder) OVER w)::text, 30), left((calibrate_scorecard(f, card) OVER w)::text, 50)
FROM relative r, figures f WINDOW w AS (PARTITION BY id) ORDER BY id;
SELECT pg_temp.ct_error('SELECT calibrate_ladder(v, ladder) FROM relative, figures'),
	pg_temp.ct_error('SELECT calibrate_scorecard(f, card) FROM relative, figures f');

-- What is damaged on disk is refused, as far as version and size tell.  Bytes
-- are made a ladder or scorecard by casts that only a superuser can create.
SET client_min_messages = warning;
CREATE TYPE raw;
CREATE FUNCTION raw_in(cstring) RETURNS raw LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION raw_out(raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE raw (INPUT = raw_in, OUTPUT = raw_out, ALIGNMENT = double, STORAGE = extended);
CREATE CAST (tier_ladder AS raw) WITHOUT FUNCTION;
CREATE CAST (tier_scorecard AS raw) WITHOUT FUNCTION;
CREATE CAST (tier_policy AS raw) WITHOUT FUNCTION;
CREATE CAST (raw AS tier_ladder) WITHOUT FUNCTION;
CREATE CAST (raw AS tier_scorecard) WITHOUT FUNCTION;
CREATE CAST (raw AS tier_policy) WITHOUT FUNCTION;
CREATE TABLE samples (type text, bytes bytea, calls text[]);
INSERT INTO samples VALUES
	('tier_ladder', ('a >= 5, b'::tier_ladder::raw)::text::bytea, ARRAY['%s::text', 'tier(7.0, %s)', 'tier(7::float8, %s)', 'tier_rank(7::bigint, %s)',
		'tier_rank(''a'', %s)', 'next_tier(7.0, %s)', 'is_calibrated(%s)', 'rungs(%s)', 'calibrate_ladder(7.0, %s)', 'tier_ladder_send(%s)',
		'upgrade_eligible(NULL, 7.0, %s)', 'assign(NULL, 7.0, %s, '''', ''2024-01-01'')', 'tier_path(7.0, %s, '''', ''2024-01-01'')']),
	('tier_ladder', ('a: f1 >= 9, b: f1 >= 5, c'::tier_ladder::raw)::text::bytea, ARRAY['%s::text', 'tier(ROW(7), %s)', 'next_tier(ROW(7), %s)',
		'tier_gaps(ROW(7), %s)', 'calibrate_ladder(ROW(7), %s)', 'assign(NULL, ROW(7), %s, '''', ''2024-01-01'')']),
	('tier_scorecard', ('f1 1 curve(1: 2, 3: 4)'::tier_scorecard::raw)::text::bytea, ARRAY['%s::text', 'weighted_value(ROW(7), %s)',
		'value_breakdown(ROW(7), %s)', 'is_calibrated(%s)', 'criteria(%s)', 'calibrate_scorecard(ROW(7), %s)', 'tier_scorecard_send(%s)']),
	('tier_policy', ('drop never; b: drop to fit'::tier_policy::raw)::text::bytea, ARRAY['%s::text', 'tier_policy_send(%s)',
		'assign(NULL, 7.0, ''a >= 5, b'', %s, ''2024-01-01'')', 'tier_path(7.0, ''a >= 5, b'', %s, ''2024-01-01'')']);
CREATE FUNCTION pg_temp.outcome(type text, call text, bytes bytea) RETURNS text
LANGUAGE sql AS $$
	SELECT pg_temp.ct_error('SELECT ' || format(call, format('%L::raw::%s', bytes, type)))
$$;
SELECT type, how, outcome, count(*)
FROM samples, LATERAL (
		SELECT 'whole', bytes
		UNION ALL SELECT 'cut off', substr(bytes, 1, n) FROM generate_series(0, length(bytes) - 1) n
		UNION ALL SELECT 'too long', bytes || decode(repeat('00', n), 'hex') FROM generate_series(1, 20) n
		UNION ALL SELECT 'of version ' || n, set_byte(bytes, 0, n) FROM unnest(ARRAY[0, 2, 255]) n) d(how, spoilt),
	unnest(calls) call, pg_temp.outcome(type, call, spoilt) outcome
GROUP BY type, how, outcome ORDER BY type, how, outcome;
-- likewise from a table, where they are packed
CREATE TABLE packed (id serial, type text, call text, bytes raw);
INSERT INTO packed (type, call, bytes)
SELECT type, call, substr(bytes, 1, n)::text::raw FROM samples, unnest(calls) call, generate_series(0, 100) n WHERE n < length(bytes);
SELECT type, outcome, count(*)
FROM packed, pg_temp.ct_error(format('SELECT %s FROM packed WHERE id = %s', format(call, 'bytes::' || type), id)) outcome
GROUP BY type, outcome ORDER BY type, outcome;
-- a ladder is no scorecard, and the other way round
SELECT DISTINCT o.type, call, pg_temp.outcome(o.type, call, s.bytes)
FROM samples s JOIN samples o ON s.type <> o.type AND 'tier_policy' NOT IN (s.type, o.type), unnest(o.calls) call
WHERE call ~ 'text|ROW' ORDER BY 1, 2;

DROP VIEW turns, ways;
DROP TABLE samples, packed, relative, many, shelf, figures, expected, plain, pglz, lz4, external, extended;
DROP TYPE raw CASCADE;
DROP DOMAIN ladder_domain;
