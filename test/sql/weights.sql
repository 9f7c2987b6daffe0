-- ahp_weights() and entropy_weights()
\set VERBOSITY terse
\pset null (null)

-- "SQLSTATE: message | detail | hint" of a statement
CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', sqlstate || ': ' || message, nullif(detail, ''),
		nullif(hint, ''));
END $$;

\t on
\a

-- comparisons in pairs, as published

SELECT (SELECT array_agg(round(w::numeric, 12)) FROM unnest(weights) w),
	round(lambda_max::numeric, 11), round(consistency_ratio::numeric, 12)
FROM ahp_weights('{{1, 3, 5}, {0.333333333333333333, 1, 2}, {0.2, 0.5, 1}}');
SELECT (SELECT array_agg(round(w::numeric, 12)) FROM unnest(weights) w)
FROM ahp_weights(ARRAY[[1, 3, 5], [1/3.0, 1, 2], [1/5.0, 1/2.0, 1]]);
-- comparisons rounded to six places will do
SELECT round(consistency_ratio::numeric, 6)
FROM ahp_weights('{{1, 3, 5}, {0.333333, 1, 6}, {0.2, 0.166667, 1}}');
-- one and two criteria
SELECT * FROM ahp_weights('{{1}}');
SELECT * FROM ahp_weights('{{1, 4}, {0.25, 1}}');
-- consistent comparisons give back the weights that they were made of
SELECT n, bool_and(abs(w - i / (n * (n + 1) / 2.0)) < 1e-12),
	bool_and(abs(lambda_max - n) < 1e-12), bool_and(consistency_ratio < 1e-12)
FROM generate_series(1, 10) n,
	LATERAL (SELECT array_agg(line ORDER BY i) AS m
		FROM generate_series(1, n) i,
			LATERAL (SELECT array_agg(i / j::float8 ORDER BY j) AS line
				FROM generate_series(1, n) j) l) c,
	ahp_weights(m) a, unnest(weights) WITH ORDINALITY u(w, i)
GROUP BY n ORDER BY n;
-- the eigenvector: comparison * weights = lambda_max * weights
SELECT max(abs(product - lambda_max * w)) < 1e-12, round(sum(w)::numeric, 12)
FROM (VALUES ('{{1, 2, 9, 0.5}, {0.5, 1, 4, 7}, {0.11111111111111111, 0.25, 1, 3}, {2, 0.14285714285714285, 0.33333333333333333, 1}}'::float8[])) t(m),
	ahp_weights(m), unnest(weights) WITH ORDINALITY u(w, i),
	LATERAL (SELECT sum(m[i][j] * weights[j]) AS product
		FROM generate_series(1, 4) j) p;
-- lower bounds other than 1 do not matter
SELECT weights FROM ahp_weights('[0:1][5:6]={{1, 4}, {0.25, 1}}');
SELECT * FROM ahp_weights(NULL);
-- errors name the cell
SELECT pg_temp.ct_error(format('SELECT ahp_weights(%L)', m)) FROM (VALUES
	('{}'), ('{1, 2}'), ('{{1, 3, 5}, {0.2, 1, 2}}'), ('{{1}, {2}}'),
	('{{1, 3}, {0.5, 1}}'), ('{{1, 3}, {0.3333, 1}}'), ('{{2, 3}, {0.5, 1}}'), ('{{1, 0}, {0, 1}}'),
	('{{1, -3}, {-0.3333333333333333, 1}}'), ('{{1, 1e10}, {1e-10, 1}}'),
	('{{1, NULL}, {1, 1}}'), ('{{1, NaN}, {1, 1}}'),
	('{{1, 1}, {Infinity, 1}}'), ('{{{1}}}'),
	('{{1, 1e9, 1e-9}, {1e-9, 1, 3e8}, {1e9, 3.3333333333e-9, 1}}')) t(m);
SELECT pg_temp.ct_error(format('SELECT ahp_weights(%L)', array_agg(line)))
FROM (SELECT array_agg(1) AS line FROM generate_series(1, 11) i,
	generate_series(1, 11) j GROUP BY i) t;

-- the spread of figures, as published

SELECT array_agg(round(w::numeric, 13))
FROM unnest(entropy_weights('{{10, 200, 3}, {20, 100, 3}, {30, 400, 3}, {40, 300, 3.5}}')) w;
-- against plain SQL, on figures with zeros and ties
CREATE TEMP TABLE figures AS
SELECT i, j, (i * 7919 * j % (101 * j) / 4 * (j - 1))::float8 AS x
FROM generate_series(1, 200) i, generate_series(1, 5) j;
SELECT array_agg(line ORDER BY i)::text AS matrix, array_agg(line ORDER BY i DESC)::text AS turned
FROM (SELECT i, array_agg(CASE j WHEN 1 THEN 3 ELSE x END ORDER BY j) AS line
	FROM figures GROUP BY i) t \gset
WITH shares AS (
	SELECT j, x / sum(x) OVER (PARTITION BY j) AS p
	FROM (SELECT j, CASE j WHEN 1 THEN 3 ELSE x END AS x FROM figures) f
), divergences AS (
	SELECT j, 1 + sum(CASE WHEN p > 0 THEN p * ln(p) ELSE 0 END) / ln(200::float8) AS d
	FROM shares GROUP BY j
)
SELECT j, abs(w - d / (SELECT sum(d) FROM divergences)) < 1e-12, w = 0
FROM divergences JOIN unnest(entropy_weights(:'matrix')) WITH ORDINALITY u(w, j) USING (j)
ORDER BY j;
SELECT entropy_weights(:'matrix') = entropy_weights(:'turned');
-- a column of equal figures, equal columns, all columns equal, one row, zeros
SELECT entropy_weights('{{1, 2}, {1, 3}}'), entropy_weights('{{2, 2}, {3, 3}}'),
	entropy_weights('{{1, 2, 3, 4}, {1, 2, 3, 4}}'), entropy_weights('{{5, 7}}'),
	entropy_weights('{{0, 0}, {0, 1}}'), entropy_weights('{{0}}'),
	entropy_weights(NULL);
-- the extremes of double precision
SELECT entropy_weights('{{1e308, 1}, {1.7e308, 1}, {1.7e308, 1}}');
SELECT pg_temp.ct_error(format('SELECT entropy_weights(%L)', m)) FROM (VALUES
	('{}'), ('{1, 2}'), ('{{1, 2}, {3, -4}}'), ('{{1, 2}, {NULL, 4}}'),
	('{{1, 2}, {3, NaN}}'), ('{{1, -Infinity}}')) t(m);

-- weights make a scorecard
SELECT format('revenue %s log(1, 1000), orders %s linear(0, 20), recency_days %s linear(365, 0)',
	VARIADIC (SELECT array_agg(round(w::numeric, 6)) FROM unnest(weights) w))::tier_scorecard
FROM ahp_weights('{{1, 3, 5}, {0.333333333333333333, 1, 2}, {0.2, 0.5, 1}}');
