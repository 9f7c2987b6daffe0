-- tier_assignment: assign(), tier_path() and what else is asked of them

SET datestyle = ISO;

CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text LANGUAGE plpgsql AS $$
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

-- The assignments that assign() makes of a history, one value after another,
-- beginning with a given one.
CREATE FUNCTION pg_temp.fold(start tier_assignment, vals numeric[], dates date[],
	ladder tier_ladder, policy tier_policy) RETURNS tier_assignment[]
LANGUAGE plpgsql AS $$
DECLARE
	a tier_assignment := start;
	path tier_assignment[];
BEGIN
	FOR i IN 1 .. cardinality(vals) LOOP
		a := assign(a, vals[i], ladder, policy, dates[i]);
		path := path || a;
	END LOOP;
	RETURN path;
END $$;

-- One line for each date of a history written '250 on 2024-07-20, ...'.
CREATE FUNCTION pg_temp.story(history text, ladder tier_ladder, policy tier_policy)
RETURNS TABLE (as_of date, tier text, since date, review_on date, grace_until date,
	movement text, reason text)
LANGUAGE sql AS $$
	WITH h AS (
		SELECT n, nullif(split_part(trim(e), ' on ', 1), 'NULL')::numeric AS v,
			split_part(trim(e), ' on ', 2)::date AS d
		FROM unnest(string_to_array(history, ',')) WITH ORDINALITY u(e, n))
	SELECT d, (a).tier, (a).since, (a).review_on, (a).grace_until, (a).movement, (a).reason
	FROM (SELECT array_agg(d ORDER BY n) AS dates,
			pg_temp.fold(NULL, array_agg(v ORDER BY n), array_agg(d ORDER BY n), ladder, policy) AS path
		FROM h) f, unnest(dates, path) AS p(d, tier, rank, since, joined, term, review_on,
			grace_until, movement, reason),
		LATERAL (SELECT ROW(tier, rank, since, joined, term, review_on, grace_until,
			movement, reason)::tier_assignment AS a) r
$$;

--
-- Outcomes stated for other engines
--

-- an upgrade starts a new clock
SELECT * FROM pg_temp.story('250 on 2024-04-15, 550 on 2024-10-25',
	'platinum >= 500, gold >= 200, base', 'review every 12 months');
-- the first term is longer, renewals run to the end of the year that begins
SELECT * FROM pg_temp.story('250 on 2018-11-10, 250 on 2019-12-31, 250 on 2020-01-01, 250 on 2021-01-01',
	'gold >= 200, base', 'review at end of next year');
SELECT * FROM pg_temp.story('250 on 2019-03-03, 250 on 2020-03-02, 250 on 2020-03-03',
	'gold >= 200, base', 'review every 12 months');

-- the review fails on 20 August, gold is kept until 20 September
SELECT * FROM pg_temp.story('250 on 2024-07-20, 50 on 2024-07-25, 50 on 2024-08-19, 50 on 2024-08-20, 50 on 2024-09-19, 50 on 2024-09-20',
	'gold >= 200, silver >= 100, base', 'review every 1 months, grace 1 months');
SELECT * FROM pg_temp.story('250 on 2024-07-20, 50 on 2024-07-25, 50 on 2024-09-20',
	'gold >= 200, silver >= 100, base', 'review every 1 months, grace 1 months, drop one step');
SELECT * FROM pg_temp.story('250 on 2024-07-20, 50 on 2024-07-25, 50 on 2024-09-20',
	'gold >= 200, silver >= 100, base', 'review every 1 months, grace 1 months, drop to base');
SELECT pg_temp.ct_error($$SELECT 'review every 1 months, grace 1 months, drop never'::tier_policy$$);
-- back in time: renewed from the old review date
SELECT * FROM pg_temp.story('250 on 2024-07-20, 50 on 2024-08-20, 220 on 2024-09-05, 210 on 2024-09-20',
	'gold >= 200, silver >= 100, base', 'review every 1 months, grace 1 months');

-- a lower bar for keeping than for entering
SELECT * FROM pg_temp.story('165 on 2024-01-01, 200 on 2024-01-02, 165 on 2024-01-03, 160 on 2024-01-04, 159.99 on 2024-01-05, 165 on 2024-01-06',
	'gold >= 200, base', 'keep at 80%');
SELECT * FROM pg_temp.story('200 on 2024-01-01, 155 on 2024-07-01, 165 on 2025-01-01, 155 on 2026-01-01',
	'gold >= 200, base', 'review every 1 years, keep at 80%');

-- or the ladder says what keeping takes, whatever the order of its bars
SELECT * FROM pg_temp.story('1400 on 2024-01-01, 1200 on 2025-01-01, 1199.99 on 2026-01-01, 700 on 2027-01-01, 600 on 2028-01-01, 599 on 2029-01-01',
	'platinum >= 1400 keep >= 1200, gold >= 700 keep >= 600, bronze', 'review every 1 years');
SELECT * FROM pg_temp.story('200 on 2024-01-01, 60 on 2024-01-02, 95 on 2024-01-03, 100 on 2024-01-04, 90.5 on 2024-01-05',
	'gold >= 200 keep >= 50, silver >= 100 keep > 90.5, base', 'drop one step');
SELECT (assign(a, f, l, 'review every 1 years', '2025-01-01')).*
FROM (SELECT 'gold: v >= 10 and n >= 5 keep v >= 8 or n >= 9, silver: v >= 5, base'::tier_ladder) l(l),
	assign(NULL, (SELECT x FROM (SELECT 10 AS v, 5 AS n) x), l, 'review every 1 years', '2024-01-01') a,
	(VALUES (8, 0), (7, 9), (7, 8)) f(v, n);
SELECT pg_temp.ct_error($$SELECT assign(NULL, 1, 'a >= 2 keep >= 1, b', 'keep at 80%', '2024-01-01')$$),
	pg_temp.ct_error($$SELECT gap_to_keep(a, 1, 'a >= 2 keep >= 1, b', 'keep at 80%') FROM assign(NULL, 2, 'a >= 2', '', '2024-01-01') a$$);

-- a review looks at the completed period too
SELECT (assign(a, 0::numeric, 'gold >= 200, base', 'review at end of year', '2025-01-01', 220)).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review at end of year', '2024-05-05') a;
SELECT (assign(a, 0::numeric, 'gold >= 200, base', 'review at end of year', '2025-01-01', 180)).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review at end of year', '2024-05-05') a;
-- kept at a part of the bound by the period, not by the value; and before the review
SELECT d, (assign(a, 150::numeric, 'gold >= 200, base', 'review at end of year, keep at 80%', d, 170)).reason
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review at end of year, keep at 80%', '2024-05-05') a,
	unnest('{2024-12-31,2025-01-01}'::date[]) d;
-- the figure that failed the review is named, also where the value is not short
SELECT u.movement, u.reason FROM (SELECT tier_path(v, 'gold >= 200, silver >= 100, base', 'review at end of year, grace 2 months', d, r) AS path
	FROM (VALUES (date '2024-05-05', 250.0, NULL), ('2025-01-01', 220, 120), ('2025-02-01', 220, 120), ('2025-03-01', 150, 120), ('2026-02-01', 150, 50), ('2026-03-01', 150, 50)) h(d, v, r)) p, unnest(path) u;
-- and the tier to which the review raises
SELECT (assign(a, 0::numeric, 'gold >= 25, silver >= 10, member', 'review at end of year, upgrade at review', '2025-01-01', 28)).reason
FROM assign(NULL, 12::numeric, 'gold >= 25, silver >= 10, member', 'review at end of year, upgrade at review', '2024-03-17', 0) a;
-- a policy that gets review dates counts them from the day of entering
SELECT (assign(a, 250.0, 'gold >= 200, base', p::tier_policy, '2024-06-01')).review_on, (assign(NULL, 250.0, 'gold >= 200, base', p::tier_policy, '2024-03-01')).review_on AS joined_under_it
FROM assign(NULL, 250::numeric, 'gold >= 200, base', '', '2024-03-01') a, unnest(ARRAY['review every 12 months', 'review every 12 months to end of month', 'review at end of next year', 'review at end of year from may']) p;
-- but an upgrade does not; joining does
SELECT (assign(a, 0::numeric, 'gold >= 200, base', 'review at end of year', '2024-05-06', 220)).tier
FROM assign(NULL, 0::numeric, 'gold >= 200, base', 'review at end of year', '2024-05-05') a;
SELECT (assign(NULL, 0::numeric, 'gold >= 200, base', 'review at end of year', '2024-05-05', 220)).*;

-- month ends: from 31 January, a 29 February anniversary
SELECT array_agg(review_on ORDER BY as_of) FROM pg_temp.story('5 on 2024-01-31, 5 on 2024-02-29, 5 on 2024-03-31, 5 on 2024-04-30',
	'all', 'review every 1 months');
SELECT array_agg(review_on ORDER BY as_of) FROM pg_temp.story('5 on 2024-02-29, 5 on 2025-02-28, 5 on 2026-02-28, 5 on 2027-02-28, 5 on 2028-02-29',
	'all', 'review on anniversary');

-- PostgreSQL's own arithmetic, from 4713 BC to the last of timestamps
SELECT count(*), bool_and((assign(NULL, 1::numeric, 'all', ('review every ' || n || ' months')::tier_policy, d)).review_on
	= (d + n * interval '1 month')::date) AS same
FROM unnest('{1,5,12,13,1200}'::int[]) n, (SELECT date '4713-01-31 BC' + k AS d FROM generate_series(0, 108000000, 80001) k) x;

-- the other clauses: upgrades at review, drop to base, drop never
SELECT * FROM pg_temp.story('150 on 2024-01-10, 600 on 2024-02-01, 550 on 2024-04-01, 90 on 2024-07-01',
	'platinum >= 500, gold >= 200, silver >= 100, base', 'review at end of quarter, upgrade at review');
SELECT * FROM pg_temp.story('250 on 2024-01-10, 50 on 2024-04-01, 600 on 2024-04-05, 600 on 2024-05-01',
	'platinum >= 500, gold >= 200, base', 'review at end of quarter, upgrade at review, grace 1 months');
SELECT * FROM pg_temp.story('250 on 2024-01-10, 150 on 2024-04-01',
	'gold >= 200, silver >= 100, base', 'review at end of quarter, upgrade at review, drop to base');
SELECT * FROM pg_temp.story('250 on 2024-01-10, 150 on 2024-04-01',
	'gold >= 200, silver >= 100, base', 'review at end of quarter, drop to base');
SELECT * FROM pg_temp.story('250 on 2024-01-10, 50 on 2024-02-01, 50 on 2024-04-01, NULL on 2024-05-01, 600 on 2024-05-02, 0 on 2030-01-01',
	'platinum >= 500, gold >= 200, base', 'review at end of quarter, drop never');
SELECT * FROM pg_temp.story('250 on 2024-01-10, 50 on 2024-01-11', 'gold >= 200, base', 'drop never');
-- grace under review always; recovery ends it, an upgrade too
SELECT * FROM pg_temp.story('250 on 2024-01-10, 50 on 2024-01-15, 50 on 2024-01-20, 210 on 2024-01-21, 50 on 2024-01-31, 600 on 2024-02-05, 0 on 2024-02-06, 0 on 2024-02-16',
	'platinum >= 500, gold >= 200, base', 'grace 10 days');
-- one step a day under review always
SELECT * FROM pg_temp.story('600 on 2024-01-10, 0 on 2024-01-10, 0 on 2024-01-11, 0 on 2024-01-11, 0 on 2024-01-12',
	'platinum >= 500, gold >= 200, base', 'drop one step');
-- one step skips what nobody can hold
SELECT * FROM pg_temp.story('600 on 2024-01-10, 0 on 2024-01-11, 0 on 2024-01-12',
	'a >= 500, b >= 500, c >= 500, d >= 200, e >= 200, f', 'drop one step');
-- overdue: every event in its order, each on its own date
SELECT * FROM pg_temp.story('600 on 2024-01-31, 0 on 2024-06-15', 'a >= 500, b >= 200, c >= 100, d',
	'review every 1 months, grace 10 days, drop one step');

--
-- A ladder without a floor
--
SELECT * FROM pg_temp.story('50 on 2024-01-10, 120 on 2024-02-01, 50 on 2024-03-01, 50 on 2024-04-01, 60 on 2024-05-01, 220 on 2024-05-02',
	'gold >= 200, silver >= 100', 'review at end of quarter');
SELECT * FROM pg_temp.story('250 on 2024-01-10, 50 on 2024-01-11, 50 on 2024-01-12, 50 on 2024-01-13, 100 on 2024-01-14',
	'gold >= 200, silver >= 100', 'drop one step');
-- the base is the last rung, and nobody falls below it
SELECT * FROM pg_temp.story('250 on 2024-01-10, 50 on 2024-01-11, 50 on 2024-01-12',
	'gold >= 200, silver >= 100', 'drop to base');
SELECT * FROM pg_temp.story('NULL on 2024-01-10, NULL on 2024-01-11', 'gold >= 200', '');
SELECT * FROM pg_temp.story('NULL on 2024-01-10, 200 on 2024-01-11, NULL on 2024-01-12', 'gold >= 200, base', '');

--
-- Ladders and policies that change between calls
--
-- the ladder no longer has the tier: placed anew, joined stays
SELECT (assign(a, 250::numeric, 'emerald >= 240, jade >= 100', 'review every 1 years', '2024-05-05')).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review every 1 years', '2024-01-10') a;
-- a name longer than any label is cut, but no character of it
SELECT octet_length(reason), reason
FROM assign(ROW(repeat('账户', 500), NULL, '2024-01-10', NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
	5::numeric, 'gold >= 2', '', '2024-05-05');
SELECT right(reason, 2) AS whole
FROM assign(ROW('x' || repeat('账户', 500), NULL, '2024-01-10', NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
	5::numeric, 'gold >= 2', '', '2024-05-05');
-- review dates that come, and go
SELECT (b).review_on, (assign(b, 250::numeric, 'gold >= 200, base', '', '2024-06-01')).review_on AS gone
FROM assign(NULL, 250::numeric, 'gold >= 200, base', '', '2020-01-10') a,
	assign(a, 250::numeric, 'gold >= 200, base', 'review every 1 years', '2024-05-05') b;
-- grace that was promised under another policy
SELECT (assign(b, 0::numeric, 'gold >= 200, base', 'review every 1 months', '2024-03-01')).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review every 1 months', '2024-01-10') a,
	assign(a, 0::numeric, 'gold >= 200, base', 'review every 1 months, grace 30 days', '2024-02-10') b;
-- who left joins again
SELECT (assign(ROW(NULL, NULL, '2024-03-01', '2020-01-01', NULL, NULL, NULL, 'left', 'no order')::tier_assignment,
	150::numeric, 'gold >= 200, base', 'review every 1 years', '2024-05-05')).*;
-- a row of NULLs is no assignment, as a NULL is none
SELECT assign(ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
	150::numeric, 'gold >= 200, base', '', '2024-05-05') = assign(NULL, 150::numeric, 'gold >= 200, base', '', '2024-05-05') AS same;
-- made by hand, with the least that is needed
SELECT (assign(ROW('gold', NULL, '2024-03-01', NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
	150::numeric, 'gold >= 200, base', 'review on anniversary', '2024-05-05')).*;

--
-- Rows and rules
--
CREATE TEMP TABLE measures (id int, value numeric, orders int, payment_score float8);
INSERT INTO measures VALUES (1, 85, 3, 70.5), (2, 85, 60, 10), (3, 61, 0, NULL), (4, NULL, NULL, NULL), (5, 40, 2, 99);
SELECT id, a.tier, a.movement, a.reason
FROM measures m, LATERAL assign(NULL, m, 'platinum: value >= 80 and payment_score >= 60 or orders >= 50, gold: value >= 60, basic', '', '2024-01-01') a
ORDER BY id;
-- next month all have the figures of customer 5; the review row of customer 2 is better
SELECT b.tier, b.movement, b.reason, r.id AS review_row
FROM measures m
CROSS JOIN LATERAL assign(NULL, m, 'platinum: value >= 80 and payment_score >= 60 or orders >= 50, gold: value >= 60, basic',
	'review every 1 months', '2024-01-01') a
LEFT JOIN measures r ON r.id = 2 AND m.id = 2
CROSS JOIN LATERAL assign(a, (SELECT n FROM measures n WHERE id = 5),
	'platinum: value >= 80 and payment_score >= 60 or orders >= 50, gold: value >= 60, basic',
	'review every 1 months', '2024-02-01', r) b
ORDER BY m.id;
SELECT id, upgrade_eligible(a, m, 'gold: value >= 60, basic', '', '2024-01-02')
FROM measures m, assign(NULL, NULL::measures, 'gold: value >= 60, basic', '', '2024-01-01') a ORDER BY id;

--
-- What is refused
--
SELECT pg_temp.ct_error(format('SELECT assign(%s)', a)) AS error FROM (VALUES
	('NULL, 1::numeric, NULL, '''', ''2024-01-01'''),
	('NULL, 1::numeric, ''gold >= 2'', NULL, ''2024-01-01'''),
	('NULL, 1::numeric, ''gold >= 2'', '''', NULL'),
	('NULL, 1::numeric, ''gold >= 2'', '''', ''infinity'''),
	('NULL, ''NaN''::numeric, ''gold >= 2'', '''', ''2024-01-01'''),
	('NULL, ''Infinity''::float8, ''gold >= 2'', '''', ''2024-01-01'''),
	('NULL, 1::float8, ''gold >= 2'', '''', ''2024-01-01'', ''NaN'''),
	('NULL, 1::numeric, ''gold top 2%, base'', '''', ''2024-01-01'''),
	('NULL, 1::numeric, ''gold: value >= 2'', '''', ''2024-01-01'''),
	('NULL, ROW(1), ''gold >= 2'', '''', ''2024-01-01'''),
	('NULL, ROW(1), ''gold: value >= 2'', '''', ''2024-01-01'''),
	('NULL, (SELECT m FROM measures m LIMIT 1), ''gold: value >= 2'', ''keep at 80%'', ''2024-01-01'''),
	('NULL, (SELECT m FROM measures m LIMIT 1), ''gold: revenue >= 2'', '''', ''2024-01-01'''),
	('NULL, 1::numeric, ''gold >= 2'', ''review every 100 years'', ''5874897-12-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-04-30'''),
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', NULL, ''2024-06-01'', ''2024-07-01'', NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', ''review every 1 months'', ''2024-05-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', NULL, ''2024-04-01'', NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', ''2024-07-01'', ''2024-06-01'', NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', ''review every 1 months'', ''2024-05-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', ''2024-06-01'', ''2024-07-01'', NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', ''review every 1 months'', ''2024-05-31'''),
	('NULL, 1::numeric, ''gold >= 2'', ''drop never; tin: drop to fit'', ''2024-05-31'''),
	('NULL, 1::numeric, ''gold >= 2 keep >= 1'', ''; gold: keep at 50%'', ''2024-05-31'''),
	('ROW(''gold'', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31'''),
	('ROW(''gold'', 1, ''-infinity'', NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31''')) v(a);

--
-- gap_to_keep and upgrade_eligible
--
SELECT v, gap_to_keep(a, v, l, 'review every 1 years') AS all_of_it,
	gap_to_keep(a, v, l, 'review every 1 years, keep at 80%') AS most_of_it,
	gap_to_keep(a, v::float8, l, 'review every 1 years, keep at 80%') AS double,
	gap_to_keep(a, v::bigint, l, 'review every 1 years, keep at 80%') AS bigint,
	gap_to_keep(a, v, l, 'drop never') AS never
FROM assign(NULL, 250::numeric, 'gold >= 200.5, base', '', '2024-01-01') a,
	(SELECT 'gold >= 200.5, base'::tier_ladder) l(l),
	(VALUES (0), (0.1), (160.3), (160.4), (200.4), (200.5), (300), (NULL)) v(v);
SELECT gap_to_keep(a, 0.7::float8, 'gold >= 1, base', '') AS exact,
	gap_to_keep(a, 1, 'gold > 1, base', '') AS may_be_0,
	gap_to_keep(a, -5, 'gold >= -2, base', 'keep at 50%') AS not_lowered,
	gap_to_keep(a, 5, 'gold >= 10 keep >= 7.5, base', '') AS own_bar,
	gap_to_keep(a, 7.5, 'gold >= 10 keep > 7.5, base', '') AS above_own_bar,
	gap_to_keep(a, -5, 'gold', '') AS floor,
	gap_to_keep(a, -5, 'gold >= 2', 'drop to base') AS base,
	gap_to_keep(NULL, 5, 'gold >= 2', '') AS nobody,
	gap_to_keep(assign(NULL, 0::numeric, 'gold >= 2', '', '2024-01-01'), 0, 'gold >= 2', '') AS no_tier
FROM assign(NULL, 5::numeric, 'gold >= 2', '', '2024-01-01') a;
-- not negative for a double or real that is past a bound, but nearest to it
SELECT tier(0.1::float8, l) AS double, gap_to_keep(a, 0.1::float8, l, ''),
	tier(0.1::real, l) AS real, gap_to_keep(a, 0.1::real, l, '')
FROM (SELECT 'gold > 0.09999999999999999999999, base'::tier_ladder) l(l), assign(NULL, 1::numeric, l, '', '2024-01-01') a;
SELECT pg_temp.ct_error($$SELECT gap_to_keep(a, 5, 'tin >= 2', '') FROM assign(NULL, 5::numeric, 'gold >= 2', '', '2024-01-01') a$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT gap_to_keep(a, 5, 'gold: value >= 2', '') FROM assign(NULL, 5::numeric, 'gold >= 2', '', '2024-01-01') a$$);

SELECT v, d, upgrade_eligible(a, v, 'gold >= 200, silver >= 100, base', 'review every 1 years', d) AS now,
	upgrade_eligible(a, v, 'gold >= 200, silver >= 100, base', 'review every 1 years, upgrade at review', d) AS at_review,
	upgrade_eligible(NULL, v, 'gold >= 200, silver >= 100, base', 'review every 1 years', d) AS joining
FROM assign(NULL, 150::numeric, 'gold >= 200, silver >= 100, base', 'review every 1 years', '2024-01-01') a,
	unnest(ARRAY[NULL, 0, 150, 250]::numeric[]) v, unnest('{2024-06-01,2025-01-01}'::date[]) d
ORDER BY d, v;
-- whoever would join is refused what assign() refuses
SELECT pg_temp.ct_error($$SELECT upgrade_eligible(NULL, 1, 'gold >= 2', '; tin: drop never', '2024-01-01')$$),
	pg_temp.ct_error($$SELECT upgrade_eligible(NULL, 1, 'gold >= 2', 'review every 1 day', '5874897-12-31')$$);

--
-- The same movement in plpgsql, written from its definition, one day after
-- the other: what is a review date is looked up in a table of rules
--
CREATE TYPE clause_form AS (kind text, period interval, month_end boolean, first_month int,
	longer boolean, at_review boolean, fall text, grace interval, keep numeric);
CREATE TYPE policy_form AS (base clause_form, labels text[], differs clause_form[]);
CREATE TYPE ladder_form AS (labels text[], bounds numeric[], above boolean[],
	keep_bounds numeric[], keep_above boolean[]);

CREATE FUNCTION pg_temp.met(value numeric, bound numeric, above boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT bound IS NULL OR coalesce(CASE WHEN above THEN value > bound ELSE value >= bound END, false)
$$;

-- the first rung that is met; one more than there are: none
CREATE FUNCTION pg_temp.place(l ladder_form, value numeric) RETURNS int
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	FOR i IN 1 .. cardinality(l.labels) LOOP
		IF pg_temp.met(value, l.bounds[i], l.above[i]) THEN RETURN i; END IF;
	END LOOP;
	RETURN cardinality(l.labels) + 1;
END $$;

-- the clauses for whoever holds a rung
CREATE FUNCTION pg_temp.clauses(p policy_form, l ladder_form, rung int) RETURNS clause_form
LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(p.differs[array_position(p.labels, l.labels[rung])], p.base)
$$;

-- does the figure keep the rung?
CREATE FUNCTION pg_temp.keeps(l ladder_form, c clause_form, rung int, value numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT rung > cardinality(l.labels) OR pg_temp.place(l, value) <= rung OR
		CASE WHEN l.keep_bounds[rung] IS NOT NULL THEN pg_temp.met(value, l.keep_bounds[rung], l.keep_above[rung])
			ELSE pg_temp.met(value, l.bounds[rung] * CASE WHEN l.bounds[rung] > 0 THEN c.keep ELSE 1 END, l.above[rung]) END
$$;

-- the first review date after a day
CREATE FUNCTION pg_temp.next_review(c clause_form, term date, risen boolean, joined date, after date) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
	SELECT min(d) FROM (
		-- what is counted from a review at an end of month ends there already
		SELECT CASE WHEN c.month_end AND (risen OR c.period = interval '45 days' OR extract(day FROM term) > 1)
			THEN (date_trunc('month', r) + interval '1 month')::date ELSE r END AS d
		FROM generate_series(1, 600) k, LATERAL (SELECT (term + k * c.period)::date) x(r)
		WHERE c.kind = 'every'
		UNION ALL
		SELECT (joined + k * interval '1 year')::date FROM generate_series(1, 30) k WHERE c.kind = 'anniversary'
		UNION ALL
		-- the first days of the periods; of a longer term not the first of them
		SELECT d FROM (
			SELECT d, row_number() OVER (ORDER BY d) AS n
			FROM (SELECT (make_date(2015, c.first_month, 1) + k * c.period)::date AS d FROM generate_series(0, 400) k) s
			WHERE d > after) q
		WHERE c.kind = 'end' AND n > CASE WHEN c.longer AND risen THEN 1 ELSE 0 END) dates
	WHERE d > after
$$;

-- where a failed review leads
CREATE FUNCTION pg_temp.fallen(l ladder_form, c clause_form, held int, fit int) RETURNS int
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n int := cardinality(l.labels);
	r int := held + 1;
BEGIN
	IF c.fall = 'never' THEN RETURN held; END IF;
	IF c.fall = 'fit' THEN RETURN greatest(held, fit); END IF;
	IF c.fall = 'base' THEN RETURN greatest(held, n); END IF;
	-- a rung of the same bound as the one above is nobody's
	WHILE r <= n AND l.bounds[r] = l.bounds[r - 1] AND l.above[r] = l.above[r - 1] LOOP
		r := r + 1;
	END LOOP;
	RETURN r;
END $$;

-- may a step, today, have led to a rung that was entered today?
CREATE FUNCTION pg_temp.stepped(l ladder_form, p policy_form, rung int) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF (pg_temp.clauses(p, l, rung)).fall = 'step' THEN RETURN true; END IF;
	FOR r IN REVERSE rung - 1 .. 1 LOOP
		IF (pg_temp.clauses(p, l, r)).fall = 'step' THEN RETURN true; END IF;
		EXIT WHEN r = 1 OR l.bounds[r] <> l.bounds[r - 1] OR l.above[r] <> l.above[r - 1];
	END LOOP;
	RETURN false;
END $$;

-- a rung, held from a day on, with a term that begins on another
CREATE FUNCTION pg_temp.entered(a tier_assignment, l ladder_form, p policy_form, rung int,
	since date, term date, risen boolean) RETURNS tier_assignment
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	c clause_form := pg_temp.clauses(p, l, rung);
BEGIN
	a.tier := l.labels[rung];
	a.rank := CASE WHEN rung <= cardinality(l.labels) THEN rung END;
	a.since := since;
	a.term := CASE WHEN c.kind <> 'always' THEN term END;
	a.grace_until := NULL;
	a.review_on := pg_temp.next_review(c, term, risen, a.joined, since);
	RETURN a;
END $$;

CREATE FUNCTION pg_temp.oracle(prev tier_assignment, value numeric, l ladder_form,
	p policy_form, as_of date, review_value numeric) RETURNS tier_assignment
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n int := cardinality(l.labels);
	figure numeric := coalesce(review_value, value);
	entry int := pg_temp.place(l, value);
	fit int := pg_temp.place(l, figure);
	a tier_assignment := prev;
	c clause_form;
	before int;
	held int;
	target int;
	outcome text;
	failed date;
	left_on date;
	after_grace boolean;
	day date;
BEGIN
	IF prev.joined IS NULL THEN
		a.joined := as_of;
		a := pg_temp.entered(a, l, p, least(entry, fit), as_of, as_of, true);
		a.movement := 'joined';
		RETURN a;
	END IF;
	held := coalesce(array_position(l.labels, prev.tier), n + 1);
	before := held;
	-- the days on which something can be due; all others pass without an event
	day := least(a.grace_until, a.review_on, as_of);
	WHILE day <= as_of LOOP
		c := pg_temp.clauses(p, l, held);
		after_grace := a.grace_until IS NOT NULL AND day = a.grace_until;
		IF after_grace OR (a.grace_until IS NULL AND day = a.review_on) OR (c.kind = 'always' AND day = as_of) THEN
			failed := CASE WHEN after_grace THEN coalesce(a.review_on, day) ELSE day END;
			target := pg_temp.fallen(l, c, held, fit);
			IF pg_temp.keeps(l, c, held, figure) OR (c.kind = 'always' AND entry <= held) THEN
				IF c.kind <> 'always' AND c.at_review AND fit < held THEN
					held := fit;
					a := pg_temp.entered(a, l, p, held, day, day, true);
				ELSE
					IF c.kind <> 'always' OR a.grace_until IS NOT NULL THEN
						outcome := CASE WHEN fit <= held OR (c.kind = 'always' AND entry <= held) THEN 'renewed'
							WHEN c.kind <> 'always' OR after_grace THEN 'held' ELSE outcome END;
					END IF;
					a.grace_until := NULL;
					a.review_on := pg_temp.next_review(c, CASE WHEN c.month_end AND c.period <> interval '45 days' THEN a.review_on ELSE a.term END, false, a.joined, day);
				END IF;
			ELSIF target = held THEN
				outcome := 'held';
				IF c.kind <> 'always' OR after_grace THEN
					a.grace_until := NULL;
					a.review_on := pg_temp.next_review(c, CASE WHEN c.month_end AND c.period <> interval '45 days' THEN a.review_on ELSE a.term END, false, a.joined, day);
				END IF;
			ELSIF NOT after_grace AND a.grace_until IS NOT NULL THEN
				NULL;
			ELSIF NOT after_grace AND c.grace IS NOT NULL THEN
				a.grace_until := day + c.grace;
				outcome := 'grace';
			ELSIF c.kind = 'always' AND NOT after_grace AND a.since = as_of AND pg_temp.stepped(l, p, held) THEN
				NULL;
			ELSE
				IF held = before THEN left_on := day; END IF;
				held := target;
				a := pg_temp.entered(a, l, p, held, day, failed, false);
				-- the tier fallen to may be under review always: today is its review too
				IF day = as_of AND (pg_temp.clauses(p, l, held)).kind = 'always' THEN
					CONTINUE;
				END IF;
			END IF;
		END IF;
		day := day + 1;
		-- skip days without an event
		day := greatest(day, least(coalesce(a.grace_until, a.review_on), as_of));
		EXIT WHEN day > as_of;
	END LOOP;
	IF NOT (pg_temp.clauses(p, l, held)).at_review AND entry < held THEN
		IF entry = before THEN outcome := 'renewed'; END IF;
		held := entry;
		a := pg_temp.entered(a, l, p, held, CASE WHEN entry = before AND left_on = as_of THEN prev.since ELSE as_of END, as_of, true);
		a.review_on := pg_temp.next_review(pg_temp.clauses(p, l, held), as_of, true, a.joined, as_of);
	END IF;
	a.movement := CASE WHEN held < before THEN 'upgraded' WHEN held > before THEN 'downgraded'
		WHEN outcome IS NOT NULL THEN outcome
		WHEN entry <= held THEN 'unchanged'
		WHEN a.grace_until IS NOT NULL THEN 'grace' ELSE 'held' END;
	RETURN a;
END $$;

CREATE TEMP TABLE policies AS
SELECT row_number() OVER (ORDER BY r, u, d, x, t) AS id,
	concat_ws('; ', concat_ws(', ', r, u, d, x), t)::tier_policy AS policy,
	ROW(base, labels, (SELECT array_agg(ROW(
			coalesce((o).kind, (base).kind), CASE WHEN (o).kind IS NULL THEN (base).period ELSE (o).period END,
			CASE WHEN (o).kind IS NULL THEN (base).month_end ELSE (o).month_end END, coalesce((o).first_month, (base).first_month),
			CASE WHEN (o).kind IS NULL THEN (base).longer ELSE (o).longer END, coalesce((o).at_review, (base).at_review),
			coalesce((o).fall, (base).fall), coalesce((o).grace, (base).grace), coalesce((o).keep, (base).keep))::clause_form)
		FROM unnest(overrides) AS o))::policy_form AS form
FROM (VALUES ('review always', 'always', NULL, false, 1, false), ('review every 45 days', 'every', '45 days', false, 1, false),
		('review every 2 months', 'every', '2 months', false, 1, false), ('review every 1 years', 'every', '1 year', false, 1, false),
		('review every 45 days to end of month', 'every', '45 days', true, 1, false),
		('review every 3 months to end of month', 'every', '3 months', true, 1, false),
		('review at end of month', 'end', '1 month', false, 1, false), ('review at end of next quarter', 'end', '3 months', false, 1, true),
		('review at end of quarter from february', 'end', '3 months', false, 2, false),
		('review at end of half', 'end', '6 months', false, 1, false), ('review at end of year from oct', 'end', '1 year', false, 10, false),
		('review at end of next year', 'end', '1 year', false, 1, true), ('review on anniversary', 'anniversary', NULL, false, 1, false))
		AS rev(r, kind, period_text, month_end, first_month, longer),
	(VALUES ('upgrade now'), ('upgrade at review')) AS up(u),
	(VALUES ('drop to fit', 'fit'), ('drop one step', 'step'), ('drop to base', 'base'), ('drop never', 'never')) AS dr(d, fall),
	(VALUES (NULL, NULL::interval, 1.0), ('grace 20 days', '20 days', 1), ('grace 3 months', '3 months', 1),
		('keep at 70%', NULL, 0.7), ('grace 1 months, keep at 85.5%', '1 month', 0.855)) AS ex(x, grace, keep),
	-- what differs for a tier; NULL is as for all
	(VALUES (NULL, NULL::text[], NULL::clause_form[]),
		('gold: drop never', '{gold}', ARRAY[ROW(NULL, NULL, NULL, NULL, NULL, NULL, 'never', NULL, NULL)::clause_form]),
		('silver: drop one step; gold: review at end of next year, grace 2 months', '{silver,gold}',
			ARRAY[ROW(NULL, NULL, NULL, NULL, NULL, NULL, 'step', NULL, NULL)::clause_form,
				ROW('end', '1 year', false, 1, true, NULL, NULL, '2 months', NULL)::clause_form]),
		('gold: drop one step; silver: drop to fit, grace 10 days', '{gold,silver}',
			ARRAY[ROW(NULL, NULL, NULL, NULL, NULL, NULL, 'step', NULL, NULL)::clause_form,
				ROW(NULL, NULL, NULL, NULL, NULL, NULL, 'fit', '10 days', NULL)::clause_form]),
		('gold: review every 6 months to end of month, upgrade now; silver: review always, upgrade now', '{gold,silver}',
			ARRAY[ROW('every', '6 months', true, 1, false, false, NULL, NULL, NULL)::clause_form,
				ROW('always', NULL, false, 1, false, false, NULL, NULL, NULL)::clause_form])) AS tiers(t, labels, overrides),
	LATERAL (SELECT ROW(kind, period_text::interval, month_end, first_month, longer, u = 'upgrade at review', fall, grace, keep)::clause_form) AS b(base)
WHERE NOT (kind = 'always' AND u = 'upgrade at review') AND NOT (fall = 'never' AND x IS NOT NULL)
	AND (t IS NULL OR (x IS NULL OR keep = 1 AND grace = '20 days') AND fall <> 'base');

CREATE TEMP TABLE ladders AS
SELECT id, ladder, ROW(labels, bounds, above, keeps, keeps_above)::ladder_form AS form
FROM (VALUES (1, 'gold >= 200, silver >= 100, base'::tier_ladder, '{gold,silver,base}'::text[], '{200,100,NULL}'::numeric[], '{f,f,f}'::boolean[], NULL::numeric[], NULL::boolean[]),
	(2, 'gold >= 200, silver >= 100', '{gold,silver}', '{200,100}', '{f,f}', NULL, NULL),
	(3, 'p > 180, q > 180, r >= 180, s > 90.5, t > 90.5, u >= -20, v >= -30', '{p,q,r,s,t,u,v}', '{180,180,180,90.5,90.5,-20,-30}', '{t,t,f,t,t,f,f}', NULL, NULL),
	(4, (SELECT calibrate_ladder(v::numeric, 'A top 10%, B top 30%, C top 60%, D') FROM generate_series(-50, 249) v),
		'{A,B,C,D}', '{220,160,70,NULL}', '{f,f,f,f}', NULL, NULL),
	(5, 'gold >= 200 keep >= 80, silver >= 100 keep > 90.5, bronze >= 50, base', '{gold,silver,bronze,base}', '{200,100,50,NULL}', '{f,f,f,f}', '{80,90.5,NULL,NULL}', '{f,t,f,f}'),
	(6, (SELECT calibrate_ladder(v::numeric, 'A top 10% keep top 20%, B top 60% keep top 61%') FROM generate_series(-50, 249) v),
		'{A,B}', '{220,70}', '{f,f}', '{190,67}', '{f,f}')) l(id, ladder, labels, bounds, above, keeps, keeps_above);
SELECT (SELECT count(*) FROM policies) AS policies, ladder FROM ladders ORDER BY id;

-- the policies that fit a ladder
CREATE TEMP TABLE forms AS
SELECT p.id AS pid, l.id AS lid, p.policy, p.form AS pform, l.ladder, l.form AS lform
FROM policies p JOIN ladders l ON ((l.form).keep_bounds IS NULL OR ((p.form).base).keep = 1)
	AND ((p.form).labels IS NULL OR (p.form).labels <@ (l.form).labels);

-- seeded: a number from 0 to n - 1
CREATE FUNCTION pg_temp.dice(seed text, n int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT (('x' || substr(md5(seed), 1, 7))::bit(28)::int) % n $$;

-- A history of one policy on one ladder: how many steps differ from the
-- oracle, how often the laws of movement do not hold, and each movement met.
CREATE FUNCTION pg_temp.compare(f forms, steps int,
	OUT movements text[], OUT differ text, OUT twice int, OUT lower int, OUT early int, OUT moved int, OUT double_int int)
LANGUAGE plpgsql AS $$
DECLARE
	seed text := concat(f.pid, '/', f.lid);
	day date := date '2019-12-31' + pg_temp.dice(seed || 'day', 400);
	a tier_assignment;
	b tier_assignment;
	c tier_assignment;
	o tier_assignment;
	v numeric;
	rv numeric;
BEGIN
	twice := 0;
	lower := 0;
	early := 0;
	moved := 0;
	double_int := 0;
	FOR i IN 1 .. steps LOOP
		v := pg_temp.dice(seed || i, 300) - 50;
		IF pg_temp.dice(seed || 'null' || i, 20) = 0 THEN v := NULL; END IF;
		rv := CASE WHEN pg_temp.dice(seed || 'review' || i, 3) = 0 THEN pg_temp.dice(seed || 'rv' || i, 300) - 50 END;
		b := assign(a, v, f.ladder, f.policy, day, rv);
		o := pg_temp.oracle(a, v, f.lform, f.pform, day, rv);
		o.reason := b.reason;
		IF o IS DISTINCT FROM b AND differ IS NULL THEN
			differ := format('%s on %s, on %s value %s, review value %s, from %s to %s instead of %s', f.policy, f.ladder, day, v, rv, a, b, o);
		END IF;
		movements := movements || b.movement;
		-- as doubles and as integers
		IF assign(a, v::float8, f.ladder, f.policy, day, rv::float8) IS DISTINCT FROM b
			OR assign(a, v::bigint, f.ladder, f.policy, day, rv::bigint) IS DISTINCT FROM b THEN
			double_int := double_int + 1;
		END IF;
		-- assigning twice on one date changes nothing
		c := assign(b, v, f.ladder, f.policy, day, rv);
		IF (c.tier, c.rank, c.since, c.joined, c.term, c.review_on, c.grace_until)
			IS DISTINCT FROM (b.tier, b.rank, b.since, b.joined, b.term, b.review_on, b.grace_until) THEN
			twice := twice + 1;
		END IF;
		-- a higher value never leads to a lower tier
		c := assign(a, v + pg_temp.dice(seed || 'more' || i, 200), f.ladder, f.policy, day, rv + pg_temp.dice(seed || 'more rv' || i, 200));
		IF coalesce(c.rank, 100) > coalesce(b.rank, 100) THEN
			lower := lower + 1;
		END IF;
		-- inside [since, review_on) nothing falls
		IF day < a.review_on AND coalesce(b.rank, 100) > coalesce(a.rank, 100) THEN
			early := early + 1;
		END IF;
		-- grace never moves the calendar: who falls after it has a term that began with the review that was failed
		IF b.since = a.grace_until AND b.since < day AND b.movement = 'downgraded' AND b.term <> a.review_on THEN
			moved := moved + 1;
		END IF;
		a := b;
		day := CASE WHEN pg_temp.dice(seed || 'due' || i, 3) = 0 THEN coalesce(a.grace_until, a.review_on, day) ELSE day END
			+ CASE WHEN pg_temp.dice(seed || 'late' || i, 3) > 0 THEN pg_temp.dice(seed || 'gap' || i, 90) ELSE 0 END;
	END LOOP;
END $$;

CREATE TEMP TABLE compared AS
SELECT f.pid, f.lid, c.* FROM forms f, LATERAL pg_temp.compare(f, 10) c;
SELECT count(*) AS histories, count(differ) AS differ, sum(twice) AS twice, sum(lower) AS lower,
	sum(early) AS early, sum(moved) AS moved, sum(double_int) AS other_types FROM compared;
SELECT differ FROM compared WHERE differ IS NOT NULL ORDER BY length(differ), differ LIMIT 3;
-- every movement has been met, often
SELECT m AS movement, count(*) >= 50 AS often FROM compared, unnest(movements) m GROUP BY m ORDER BY m;

-- with the default policy the tier is that of the value
SELECT count(*), bool_and(u.tier IS NOT DISTINCT FROM tier(v, ladder)) AS same
FROM ladders l, LATERAL (SELECT array_agg(v ORDER BY d) AS vals, tier_path(v, ladder, '', d) AS path
	FROM (SELECT date '2024-01-01' + n AS d, (pg_temp.dice('default' || l.id || n, 300) - 50)::numeric AS v FROM generate_series(1, 200) n) h) x,
	unnest(vals, path) AS u(v, tier, rank, since, joined, term, review_on, grace_until, movement, reason)
WHERE (l.form).keep_bounds IS NULL;

-- one step never falls two at one review date
SELECT count(*) > 300 AS reviews, max((b).rank - (a).rank) AS most_steps
FROM (SELECT l.ladder, a, assign(a, v, l.ladder, p.policy, coalesce(a.review_on, a.since + 1)) AS b
	FROM policies p, (VALUES ('a >= 240, b >= 200, c >= 150, d >= 100, e'::tier_ladder)) l(ladder),
		generate_series(60, 240, 45) s, LATERAL assign(NULL, s::numeric, l.ladder, p.policy, '2024-02-29') a,
		unnest('{0,90,130,190,250}'::numeric[]) v
	WHERE ((p.form).base).fall = 'step' AND ((p.form).base).grace IS NULL AND (p.form).labels IS NULL) x;

-- rows: the same assignments as those of the figure that they stand for
SELECT count(*) AS calls, bool_and((r.tier, r.rank, r.since, r.joined, r.term, r.review_on, r.grace_until, r.movement)
	IS NOT DISTINCT FROM (n.tier, n.rank, n.since, n.joined, n.term, n.review_on, n.grace_until, n.movement)) AS same
FROM (SELECT p.policy, pg_temp.dice('x' || p.id || s, 4) AS x, pg_temp.dice('y' || p.id || s, 4) AS y,
		pg_temp.dice('x2' || p.id || s, 4) AS x2, pg_temp.dice('y2' || p.id || s, 4) AS y2,
		date '2024-02-29' + pg_temp.dice('d' || p.id || s, 500) AS d
	FROM policies p, generate_series(1, 5) s WHERE ((p.form).base).keep = 1 AND (p.form).labels IS NULL) c,
	LATERAL (SELECT c.x, c.y) m, LATERAL (SELECT c.x2::float8 AS x, c.y2::int AS y) m2,
	LATERAL (SELECT CASE WHEN m.x >= 2 AND m.y >= 2 OR m.y > 2 THEN 9 WHEN m.x >= 1 THEN 5 ELSE 1 END AS s) f,
	LATERAL (SELECT CASE WHEN m2.x >= 2 AND m2.y >= 2 OR m2.y > 2 THEN 9 WHEN m2.x >= 1 THEN 5 ELSE 1 END AS s) f2,
	LATERAL assign(assign(NULL, m, 'a: x >= 2 and y >= 2 or y > 2, b: x >= 1, c', policy, '2024-02-29'),
		m2, 'a: x >= 2 and y >= 2 or y > 2, b: x >= 1, c', policy, d) r,
	LATERAL assign(assign(NULL, f.s::numeric, 'a >= 8, b >= 4, c', policy, '2024-02-29'),
		f2.s::numeric, 'a >= 8, b >= 4, c', policy, d) n;

--
-- tier_path: whatever the order of rows, what assign() makes of one after the other
--
CREATE TABLE history (customer int, as_of date, value numeric);
INSERT INTO history
SELECT c, date '2022-01-31' + i * 20 + pg_temp.dice('at' || c || '.' || i, 20),
	CASE WHEN pg_temp.dice('n' || c || '.' || i, 15) > 0 THEN pg_temp.dice('v' || c || '.' || i, 300) - 50 END
FROM generate_series(1, 40) c, generate_series(1, 12) i;

CREATE TYPE one_figure AS (value numeric);
CREATE FUNCTION pg_temp.without_reason(path tier_assignment[]) RETURNS tier_assignment[] LANGUAGE sql AS $$
	SELECT array_agg(ROW(tier, rank, since, joined, term, review_on, grace_until, movement, NULL)::tier_assignment ORDER BY n)
	FROM unnest(path) WITH ORDINALITY AS u(tier, rank, since, joined, term, review_on, grace_until, movement, reason, n)
$$;
CREATE FUNCTION pg_temp.fold_reviews(vals numeric[], reviews numeric[], dates date[]) RETURNS tier_assignment[]
LANGUAGE plpgsql AS $$
DECLARE
	a tier_assignment;
	path tier_assignment[];
BEGIN
	FOR i IN 1 .. cardinality(vals) LOOP
		a := assign(a, vals[i], 'gold >= 200, silver >= 100, base', 'review every 2 months, grace 20 days', dates[i], reviews[i]);
		path := path || a;
	END LOOP;
	RETURN path;
END $$;
CREATE TEMP TABLE paths AS
SELECT pid, lid, customer, policy, ladder,
	tier_path(value, ladder, policy, as_of ORDER BY md5(as_of::text || customer)) AS path,
	array_agg(value ORDER BY as_of) AS vals, array_agg(as_of ORDER BY as_of) AS dates
FROM forms JOIN history h ON (pid + lid) % 40 + 1 = customer
GROUP BY 1, 2, 3, 4, 5;
SELECT count(*) AS paths, bool_and(path = pg_temp.fold(NULL, vals, dates, ladder, policy)) AS as_by_hand,
	-- replayed in two halves, joined at any point
	bool_and(path[k + 1:] = pg_temp.fold(path[k], vals[k + 1:], dates[k + 1:], ladder, policy)) AS in_halves
FROM paths, LATERAL (SELECT 1 + pg_temp.dice('half' || pid || '.' || lid, 11)) AS cut(k);
SELECT bool_and(path = (SELECT tier_path(v::float8, ladder, policy, d ORDER BY d DESC) FROM unnest(vals, dates) u(v, d))) AS double,
	bool_and(path = (SELECT tier_path(v::bigint, ladder, policy, d) FROM unnest(vals, dates) u(v, d))) AS bigint
FROM paths WHERE (pid + lid) % 5 = 0;

-- in parallel, and one partition after the other
CREATE FUNCTION pg_temp.plan_has(query text, pattern text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		plan := plan || line || chr(10);
	END LOOP;
	RETURN plan ~ pattern;
END $$;
CREATE TABLE parts (customer int, as_of date, value numeric) PARTITION BY HASH (customer);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts SELECT * FROM history;
ANALYZE history, parts;
CREATE VIEW replay AS
SELECT customer, tier_path(value, 'gold >= 200, silver >= 100, base', 'review every 2 months, grace 20 days, drop one step', as_of) AS path
FROM history GROUP BY customer;
CREATE VIEW parts_replay AS
SELECT customer, tier_path(value, 'gold >= 200, silver >= 100, base', 'review every 2 months, grace 20 days, drop one step', as_of) AS path
FROM parts GROUP BY customer;
CREATE TEMP TABLE serial AS SELECT * FROM replay;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET enable_hashagg = off;
SELECT pg_temp.plan_has('SELECT * FROM replay', 'Gather') AS parallel;
SELECT count(*), bool_and(r.path = s.path) AS same FROM replay r JOIN serial s USING (customer);
RESET enable_hashagg;
RESET max_parallel_workers_per_gather;
SET max_parallel_workers_per_gather = 0;
SET enable_partitionwise_aggregate = on;
SELECT pg_temp.plan_has('SELECT * FROM parts_replay', 'Append\s+->\s+\w*Aggregate') AS partitionwise;
SELECT count(*), bool_and(r.path = s.path) AS same FROM parts_replay r JOIN serial s USING (customer);
RESET enable_partitionwise_aggregate;
RESET max_parallel_workers_per_gather;
RESET min_parallel_table_scan_size;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;

-- as a window aggregate: the path up to each row
SELECT count(*), bool_and(path = whole[:n]) AS same
FROM (SELECT row_number() OVER up AS n,
		tier_path(value, 'gold >= 200, silver >= 100, base', 'review every 2 months, grace 20 days, drop one step', as_of) OVER up AS path, s.path AS whole
	FROM history JOIN serial s USING (customer) WINDOW up AS (PARTITION BY customer ORDER BY as_of)) w;

-- with review values, as values and as rows
SELECT count(*), bool_and(p = pg_temp.fold_reviews(vals, reviews, dates)) AS as_by_hand, bool_and(pg_temp.without_reason(p) = pg_temp.without_reason(r)) AS as_rows, bool_and(p = d) AS as_doubles
FROM (SELECT customer, array_agg(value ORDER BY as_of) AS vals, array_agg(review ORDER BY as_of) AS reviews, array_agg(as_of ORDER BY as_of) AS dates,
		tier_path(value, 'gold >= 200, silver >= 100, base', 'review every 2 months, grace 20 days', as_of, review ORDER BY value) AS p,
		tier_path(value::float8, 'gold >= 200, silver >= 100, base', 'review every 2 months, grace 20 days', as_of, review::float8) AS d,
		tier_path(ROW(value)::one_figure, 'gold: value >= 200, silver: value >= 100, base', 'review every 2 months, grace 20 days', as_of, CASE WHEN review IS NOT NULL THEN ROW(review)::one_figure END) AS r
	FROM (SELECT *, CASE WHEN pg_temp.dice('path review' || customer || as_of, 3) > 0 THEN pg_temp.dice('path rv' || customer || as_of, 300) - 50 END AS review FROM history) h
	GROUP BY customer) x;

-- rows, with columns of the same names in any order
SELECT (unnest(tier_path(m, 'gold: value >= 60 and orders > 2, base', 'review every 1 months', d))).*
FROM (VALUES (date '2024-03-05', 70.5, 2), ('2024-01-05', 61, 3), ('2024-02-04', NULL, NULL), ('2024-02-04', NULL, NULL)) h(d, value, orders),
	LATERAL (SELECT orders, value) m;
-- equal rows of one date count once; no row, no path
SELECT cardinality(tier_path(v, 'gold >= 200, base', '', d)) AS once
FROM (VALUES (date '2024-01-01', 1.50), ('2024-01-01', 1.5), ('2024-01-01', 1.500)) h(d, v);
SELECT tier_path(1::numeric, 'gold >= 200, base', '', '2024-01-01') IS NULL AS none WHERE false;
SELECT tier_path(1::numeric, 'gold >= 200, base', '', '2024-01-01') FILTER (WHERE false) IS NULL AS none;

SELECT pg_temp.ct_error(format('SELECT tier_path(%s) FROM (VALUES %s) h(d, v, l, p)', args, rows)) AS error
FROM (VALUES ('v, ''gold >= 2'', '''', d', '(date ''2024-01-01'', 1, NULL, NULL), (date ''2024-01-01'', 2, NULL, NULL)'),
	('v, ''gold >= 2'', '''', d', '(date ''2024-01-01'', 1, NULL, NULL), (date ''2024-01-01'', NULL, NULL, NULL)'),
	('v, l::tier_ladder, '''', d', '(date ''2024-01-01'', 1, ''gold >= 2'', NULL), (date ''2024-01-02'', 2, ''gold >= 3'', NULL)'),
	('v, ''gold >= 2'', p::tier_policy, d', '(date ''2024-01-01'', 1, NULL, ''''), (date ''2024-01-02'', 2, NULL, ''drop never'')'),
	('v, ''gold >= 2'', '''', d', '(NULL::date, 1, NULL, NULL)'),
	('v, ''gold >= 2'', '''', d', '(''-infinity''::date, 1, NULL, NULL)'),
	('v, NULL, '''', d', '(date ''2024-01-01'', 1, NULL, NULL)'),
	('v, ''gold >= 2'', NULL, d', '(date ''2024-01-01'', 1, NULL, NULL)'),
	('v::numeric, ''gold >= 2'', '''', d', '(date ''2024-01-01'', ''NaN'', NULL, NULL)'),
	('v, ''gold top 2, base'', '''', d', '(date ''2024-01-01'', 1, NULL, NULL)'),
	('v, ''gold: value >= 2'', '''', d', '(date ''2024-01-01'', 1, NULL, NULL)'),
	('h, ''gold: v >= 2'', ''keep at 50%'', d', '(date ''2024-01-01'', 1, NULL, NULL)'),
	('h, ''gold: w >= 2'', '''', d', '(date ''2024-01-01'', 1, NULL, NULL)'),
	('h, ''gold >= 2'', '''', d', '(date ''2024-01-01'', 1, NULL, NULL)')) v(args, rows);

-- rows of two types: whichever comes first, a double is no decimal that rounds to it
CREATE FUNCTION pg_temp.measured(n int) RETURNS record LANGUAGE plpgsql AS $$
DECLARE
	r record;
BEGIN
	CASE n
		WHEN 1 THEN SELECT 0.1::float8 AS v INTO r;
		WHEN 2 THEN SELECT 0.1000000000000000000001 AS v INTO r;
		WHEN 3 THEN SELECT 7 AS v INTO r;
		WHEN 4 THEN SELECT 7.0 AS v INTO r;
	END CASE;
	RETURN r;
END $$;
SELECT ns, pg_temp.ct_error(format('SELECT tier_path(pg_temp.measured(n), ''gold: v > 0.1, base'', '''', ''2024-01-01'') FROM unnest(%L::int[]) n', ns)) AS error
FROM unnest(ARRAY['{1,2}', '{2,1}', '{3,4}', '{4,3}']) ns;

-- numbers: rounded to two places unless that would say the contrary; long ones,
-- tiny ones, many digits; dates are ISO
SELECT (assign(NULL, v, 'gold >= 80, base', '', '2024-01-31')).reason
FROM unnest(ARRAY[98.98774, 80.004, 79.996, 79.9999999, -3.14159]::float8[]) v
UNION ALL SELECT (assign(NULL, 1.0 / 3, 'gold >= 0.33333333333333333334, base', '', '2024-01-31')).reason
UNION ALL SELECT (assign(NULL, 0.7::float4, 'gold >= 0.125, base', '', '2024-01-31')).reason
UNION ALL SELECT (assign(a, 63.99999, 'gold >= 80, base', 'keep at 80%', '2024-02-29')).reason
FROM assign(NULL, 80::numeric, 'gold >= 80, base', 'keep at 80%', '2024-01-31') a
UNION ALL SELECT (assign(NULL, m, 'gold: late <= 2.5 and returned < 0.5 and orders > 3 and revenue >= 1e6 and value >= 80, base', '', '2024-01-31')).reason
FROM (VALUES (2.504::float8, 0.5, 3::bigint, 999999.999, 79.995::float8), (2.5, 0.49996, 4, 1e6, 80), (7, 1, NULL, 1e6, 80)) m(late, returned, orders, revenue, value);
SET datestyle = 'German';
SELECT (assign(NULL, v, 'gold >= 0.1, base', 'review every 1 years', '2024-01-31')).reason
FROM unnest(ARRAY[1e30, 123456789012345678901234567890.123456789012345678901234567890, 0.1, 0.0999999999999999999999]::numeric[]) v
UNION ALL SELECT (assign(NULL, v, 'gold >= 0.1, base', 'review every 1 years', '2024-01-31')).reason
FROM unnest(ARRAY[1e30, 0.1, 1e-7, 5e-324, 1.7976931348623157e308]::float8[]) v
UNION ALL SELECT (assign(NULL, 9223372036854775807, 'gold > 9223372036854775806.5, base', '', '2024-01-31')).reason
UNION ALL SELECT (assign(a, 0::numeric, 'gold >= 0.1, base', 'review every 1 years', '2024-12-31')).reason
FROM assign(NULL, 1::numeric, 'gold >= 0.1, base', 'review every 1 years', '2024-01-31') a;
SET datestyle = ISO;

-- a real is the decimal that it prints
WITH a AS (SELECT assign(NULL, 0.7::real, 'gold >= 0.7, base', 'review every 1 years', '2024-01-31') AS a)
SELECT (a).tier, gap_to_keep(a, 0.4::real, 'gold >= 0.7, base', '') AS gap,
	pg_typeof(gap_to_keep(a, 0.4::real, 'gold >= 0.7, base', '')),
	upgrade_eligible(a, 0.8::real, 'top-tier >= 0.8, gold >= 0.7, base', '', '2024-02-01') AS eligible,
	(assign(a, 0.1::real, 'gold >= 0.7, base', 'review every 1 years', '2025-02-01', review_value := 0.7)).movement
FROM a;
SELECT u.tier, u.since, u.movement
FROM (SELECT tier_path(v, 'gold >= 0.7, base', '', d) AS path
	FROM (VALUES (date '2024-01-01', 0.7::real), ('2024-02-01', 0.69999993), ('2024-03-01', 0.7)) h(d, v)) p, unnest(path) u;

-- pure
SELECT count(*) AS functions, bool_and(provolatile = 'i' AND proparallel = 's') AS pure
FROM pg_proc WHERE proname IN ('assign', 'tier_path', 'tier_path_step', 'tier_path_final', 'gap_to_keep', 'upgrade_eligible')
	OR proname LIKE 'tier\_policy\_%';

-- NULL, named and untyped arguments
SELECT (assign(previous := NULL, value := 5, ladder := 'gold >= 2, base', policy := '', as_of := '2024-01-01')).tier,
	(assign(NULL, NULL::bigint, 'gold >= 2, base', '', '2024-01-01')).tier AS nothing,
	(assign(NULL, 1::numeric, 'gold >= 2, base', '', '2024-01-01', review_value := 3)).tier AS review;

-- an aggregate of one's own, whose values are of a domain
CREATE DOMAIN pg_temp.points AS numeric;
CREATE AGGREGATE pg_temp.latest(pg_temp.points, tier_ladder, tier_policy, date, pg_temp.points) (
	SFUNC = assign, STYPE = tier_assignment
);
SELECT pg_temp.latest(v, 'gold >= 2, base', 'grace 10 days', d, NULL ORDER BY d) =
	(tier_path(v, 'gold >= 2, base', 'grace 10 days', d))[3] AS latest_of_path
FROM (VALUES (date '2024-01-01', 2.5), ('2024-01-05', 1), ('2024-02-01', 1)) h (d, v);

DROP VIEW replay, parts_replay;
DROP TABLE history, parts;
DROP FUNCTION pg_temp.compare;
DROP TABLE compared, forms, paths, ladders, policies, serial;
DROP FUNCTION pg_temp.place, pg_temp.keeps, pg_temp.met, pg_temp.fallen, pg_temp.stepped, pg_temp.oracle, pg_temp.next_review, pg_temp.entered, pg_temp.clauses;
DROP TYPE policy_form, clause_form, ladder_form, one_figure;
