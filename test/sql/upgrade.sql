-- who may rise: upgrade_eligible and upgrade_outlook

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

\set card '''gold >= 200, silver >= 100, basic'''

-- eligible: the ladder puts the value higher than the tier held
SELECT current, v, upgrade_eligible(current, v, :card) AS numeric,
	upgrade_eligible(current, v::float8, :card) AS double,
	upgrade_eligible(current, v::bigint, :card) AS bigint,
	upgrade_eligible(current, v::real, :card) AS real
FROM unnest(ARRAY['gold', 'silver', 'basic', NULL]) WITH ORDINALITY c(current, n),
	unnest(ARRAY[50, 100, 200.0, NULL]) v
ORDER BY n, v;

-- it is tier_rank compared, for every tier and value
SELECT bool_and(upgrade_eligible(r.tier, v, l) = (tier_rank(v, l) < r.rank)) AS agree
FROM (SELECT 'a >= 90, b >= 60, c >= 60, d > 30, e'::tier_ladder AS l) x,
	rungs(l) r, generate_series(0, 100::numeric) v;

-- a ladder without a floor: below it there is no tier
SELECT upgrade_eligible(NULL, 5.0, 'a >= 10, b >= 4'), upgrade_eligible(NULL, 3.0, 'a >= 10, b >= 4'),
	upgrade_eligible('b', 3.0, 'a >= 10, b >= 4'), upgrade_eligible('a', NULL::numeric, 'a >= 10'),
	upgrade_eligible('a', 5.0, NULL);

-- rows
SELECT current, upgrade_eligible(current, m, 'gold: v >= 5 and w >= 2, silver: v >= 3, basic')
FROM (SELECT 6 AS v, 1 AS w) m, unnest(ARRAY['gold', 'silver', 'basic', NULL]) current;

-- outlook: the first that holds
SELECT current, value, projected, expected,
	upgrade_outlook(current, value, projected, :card) AS outlook,
	upgrade_outlook(current, value::float8, projected::float8, :card) AS double,
	upgrade_outlook(current, value::bigint, projected::bigint, :card) AS bigint
FROM (VALUES
	(1, 'basic', 100.0, 0, 'eligible'),		-- already silver
	(2, 'silver', 250, 10, 'eligible'),		-- whatever is projected
	(3, NULL, 0, NULL, 'eligible'),			-- holds nothing yet
	(4, 'silver', 99, NULL, 'at_risk'),		-- below its own bound
	(5, 'silver', 150, 99, 'at_risk'),		-- will be
	(6, 'gold', 300, 150, 'at_risk'),
	(7, 'gold', 200, 200, 'top'),
	(8, 'gold', 200, NULL, 'top'),
	(9, 'basic', 80, NULL, 'within_reach'),	-- 0.8 of the way
	(10, 'silver', 180, NULL, 'within_reach'),
	(11, 'silver', 120, 200, 'within_reach'),	-- will get there
	(12, 'basic', 79, 99, 'stable'),
	(13, 'silver', 100, NULL, 'stable'),
	(14, 'basic', -5, -10, 'stable')		-- nothing is below the floor
) v(n, current, value, projected, expected) ORDER BY n;
SELECT upgrade_outlook('basic', 50.0, NULL, :card, 0.5), upgrade_outlook('basic', 50.0, NULL, :card, 0.51),
	upgrade_outlook('basic', 0.0, NULL, :card, 0), upgrade_outlook('silver', 199.0, NULL, :card, 1);
-- near itself is within reach, though 2.4 / 3 is less than 0.8 in doubles
SELECT upgrade_outlook('b', 2.4, NULL, 'a >= 3, b'), upgrade_outlook('b', 2.4::float8, NULL, 'a >= 3, b');
-- a real is the decimal that it prints
SELECT upgrade_outlook('b', 2.4::real, NULL, 'a >= 3, b'), upgrade_outlook('b', 0.1::real, 0.7::real, 'a >= 0.7, b'),
	upgrade_eligible('b', 0.7::real, 'a >= 0.7, b'), upgrade_eligible('b', 0.7::real::float8, 'a >= 0.7, b') AS as_double;
SELECT upgrade_outlook('basic', NULL::numeric, 5, :card), upgrade_outlook('basic', 5.0, 5, NULL),
	upgrade_outlook('basic', 5.0, 5, :card, NULL);

-- of equal bounds the topmost is what one rises to
SELECT upgrade_outlook('b', 7.0, NULL, 'a >= 9, b >= 7, c >= 7, d'), upgrade_outlook('c', 7.0, NULL, 'a >= 9, b >= 7, c >= 7, d'),
	upgrade_outlook('d', 6.0, NULL, 'a >= 9, b >= 7, c >= 7, d');

-- wrong uses
SELECT ct_error($$SELECT upgrade_eligible('Gold', 5.0, 'gold >= 5, basic')$$);
SELECT ct_error($$SELECT upgrade_eligible('a', 5.0, 'a top 5%')$$);
SELECT ct_error($$SELECT upgrade_eligible('a', 5.0, 'a: v > 5')$$);
SELECT ct_error($$SELECT upgrade_eligible('a', 'NaN'::float8, 'a > 5')$$);
SELECT ct_error($$SELECT upgrade_eligible('a', m, 'a: w > 5') FROM (SELECT 1 AS v) m$$);
SELECT ct_error($$SELECT upgrade_outlook('x', 5.0, 5, 'a > 5')$$);
SELECT ct_error($$SELECT upgrade_outlook('a', 5.0, 5, 'a share 5%')$$);
SELECT ct_error($$SELECT upgrade_outlook('a', 5.0, 'Infinity', 'a > 5')$$);
SELECT ct_error($$SELECT upgrade_outlook('a', 5.0, 5, 'a > 5', 1.5)$$);
SELECT ct_error($$SELECT upgrade_outlook('a', 5.0, 5, 'a > 5', 'NaN')$$);

DROP FUNCTION ct_error;
