-- stored.sql: a ladder or scorecard read from a table, however it is stored
-- there, against the same as a constant.

CREATE UNLOGGED TABLE bench_rows AS
SELECT v AS a, sqrt(v) AS b, 1 / v AS c FROM bench_values;
VACUUM ANALYZE bench_rows;

-- Ladders of 100 rungs, and scorecards of three percentiles, or of two and of
-- steps that make them as long.
CREATE TABLE bench_arguments (name text, type text, value text);
INSERT INTO bench_arguments
SELECT 'bounds', 'tier_ladder',
	   string_agg(format('tier_%s >= %s', i, bound), ', ' ORDER BY i)
FROM (SELECT i, percentile_disc(1 - i / 100.0) WITHIN GROUP (ORDER BY v)
	  FROM generate_series(1, 100) AS i,
		   (SELECT v FROM bench_values LIMIT 10000) AS part
	  GROUP BY i) AS rungs (i, bound)
UNION ALL
SELECT 'percents', 'tier_ladder',
	   string_agg(format('tier_%s top %s%%', i, i), ', ' ORDER BY i)
FROM generate_series(1, 100) AS i
UNION ALL
SELECT 'percentiles', 'tier_scorecard',
	   format('a 50 percentile, b 30 percentile, c 20 steps(%s)',
			  string_agg(i || ': ' || i / 4.0, ', ' ORDER BY i))
FROM generate_series(1, 400) AS i
UNION ALL
SELECT 'curves', 'tier_scorecard',
	   calibrate_scorecard(r, 'a 50 percentile, b 30 percentile, c 20 percentile desc')::text
FROM (SELECT * FROM bench_rows LIMIT 10000) AS r;

-- Each in tables of one row: inline as it is, inline and compressed, out of
-- line.  A planner that knows how small they are reads them first.
SELECT format('CREATE TABLE %1$s_%2$s (argument %3$s);
			   ALTER TABLE %1$s_%2$s ALTER argument SET STORAGE %2$s;
			   INSERT INTO %1$s_%2$s VALUES (%4$L); ANALYZE %1$s_%2$s',
			  name, storage, type, value)
FROM bench_arguments, unnest('{plain,main,external}'::text[]) AS storage
\gexec

-- Is the stored value what its benchmark is about?
CREATE FUNCTION bench_is_stored(name text, storage text) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
	stored record;
BEGIN
	EXECUTE format('SELECT pg_column_compression(argument) IS NOT NULL AS compressed,
			pg_relation_size(reltoastrelid) > 0 AS external
		FROM %1$s, pg_class WHERE oid = %1$L::regclass',
		name || '_' || storage) INTO stored;
	RETURN CASE storage
		WHEN 'plain' THEN NOT stored.compressed AND NOT stored.external
		WHEN 'main' THEN stored.compressed AND NOT stored.external
		ELSE NOT stored.compressed AND stored.external END;
END;
$$;

SELECT b.*
FROM (VALUES
		('tier(double precision)', 'bounds',
		 'count(tier(v, %s))', 'count(v)', 'bench_values'),
		('tier_rank(numeric)', 'bounds',
		 'count(tier_rank(n, %s))', 'count(n)', 'bench_values'),
		('assign()', 'bounds',
		 $$count(assign(NULL, v, %s, '', '2024-01-01'))$$, 'count(v)',
		 '(SELECT v FROM bench_values LIMIT 200000)'),
		('calibrate_ladder()', 'percents',
		 'calibrate_ladder(v, %s)', 'count(v)', 'bench_values'),
		('weighted_value()', 'curves',
		 'count(weighted_value(x, %s))', 'count(x)', 'bench_rows'),
		('calibrate_scorecard()', 'percentiles',
		 'calibrate_scorecard(x, %s)', 'count(x)', 'bench_rows'))
		AS calls (what, argument, call, bare, rows),
	 unnest('{plain,main,external}'::text[]) AS storage,
	 bench_arguments AS a,
	 CAST(format(' FROM %s AS x, %s_%s', rows, argument, storage) AS text)
		AS source,
	 bench(what || CASE WHEN bench_is_stored(argument, storage)
				   THEN ', ' || storage ELSE ': not stored as ' || storage END,
		   'SELECT ' || format(call, 'argument') || source,
		   'SELECT ' || format(call, quote_literal(value) || '::' || type)
			   || source,
		   'SELECT ' || bare || source, 1.2) AS b
WHERE a.name = argument;
