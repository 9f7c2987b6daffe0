-- ladder.sql: placing values, against the CASE chain that one would write.

-- four rungs, with cut-offs where a relative ladder of 1, 5 and 20 percent has
-- them, so that most values go through all comparisons
SELECT bound AS a, lead(bound) OVER () AS b, lead(bound, 2) OVER () AS c
FROM rungs((SELECT calibrate_ladder(v, 'A top 1%, B top 5%, C top 20%, D')
			FROM bench_values))
LIMIT 1 \gset
\set ladder 'A >= ' :a ', B >= ' :b ', C >= ' :c ', D'

SELECT * FROM bench('tier_rank(double precision)',
	format('SELECT count(tier_rank(v, %L::tier_ladder)) FROM bench_values',
		   :'ladder'),
	format('SELECT count(CASE WHEN v >= %s THEN 1 WHEN v >= %s THEN 2
				WHEN v >= %s THEN 3 ELSE 4 END) FROM bench_values',
		   :a, :b, :c),
	'SELECT count(v) FROM bench_values', 0.6)
UNION ALL
SELECT * FROM bench('tier_rank(numeric)',
	format('SELECT count(tier_rank(n, %L::tier_ladder)) FROM bench_values',
		   :'ladder'),
	format('SELECT count(CASE WHEN n >= %s THEN 1 WHEN n >= %s THEN 2
				WHEN n >= %s THEN 3 ELSE 4 END) FROM bench_values',
		   :a, :b, :c),
	'SELECT count(n) FROM bench_values', 0.6)
UNION ALL
SELECT * FROM bench('tier(double precision)',
	format('SELECT count(tier(v, %L::tier_ladder)) FROM bench_values',
		   :'ladder'),
	format('SELECT count(CASE WHEN v >= %s THEN ''A'' WHEN v >= %s THEN ''B''
				WHEN v >= %s THEN ''C'' ELSE ''D'' END) FROM bench_values',
		   :a, :b, :c),
	'SELECT count(v) FROM bench_values', 1.1)
UNION ALL
SELECT * FROM bench('tier(v, calibrate_ladder() OVER ())',
	'SELECT count(tier) FROM (
		SELECT tier(v, calibrate_ladder(v,
			''A top 1%, B top 5%, C top 20%, D'') OVER ())
		FROM bench_values) AS placed',
	'SELECT count(tier) FROM (
		SELECT CASE WHEN p <= 0.01 THEN ''A'' WHEN p <= 0.05 THEN ''B''
			WHEN p <= 0.2 THEN ''C'' ELSE ''D'' END AS tier
		FROM (SELECT percent_rank() OVER (ORDER BY v DESC) AS p
			  FROM bench_values) AS ranked) AS placed',
	'SELECT count(v) FROM bench_values', 0.5, 1);
