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
		FROM h) f, unnest(dates, path) AS p(d, tier, rank, since, joined, review_on,
			grace_until, pin, pinned_tier, pinned_until, movement, reason),
		LATERAL (SELECT ROW(tier, rank, since, joined, review_on, grace_until, pin,
			pinned_tier, pinned_until, movement, reason)::tier_assignment AS a) r
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
-- Pins
--
CREATE FUNCTION pg_temp.pinned(a tier_assignment, kind text, tier text, until date)
RETURNS tier_assignment LANGUAGE plpgsql AS $$
BEGIN
	a.pin := kind;
	a.pinned_tier := tier;
	a.pinned_until := until;
	RETURN a;
END $$;

-- gold, pinned until 2024-06-01; then values come in
CREATE FUNCTION pg_temp.pin_story(kind text, pinned_tier text, vals numeric[], dates date[],
	policy tier_policy DEFAULT '')
RETURNS TABLE (as_of date, value numeric, tier text, since date, pin text, movement text, reason text)
LANGUAGE sql AS $$
	SELECT d, v, p.tier, p.since, p.pin, p.movement, p.reason
	FROM unnest(dates, vals,
		pg_temp.fold(pg_temp.pinned(assign(NULL, 250::numeric,
				'platinum >= 500, gold >= 200, silver >= 100, base', policy, '2024-01-10'),
				kind, pinned_tier, '2024-06-01'), vals, dates,
			'platinum >= 500, gold >= 200, silver >= 100, base', policy))
		AS p(d, v, tier, rank, since, joined, review_on, grace_until, pin, pinned_tier,
			pinned_until, movement, reason)
$$;
-- a floor rises and falls back to gold, not below; a lock does neither; a cap does not rise
SELECT kind, s.* FROM unnest(ARRAY['floor', 'lock', 'cap']) kind,
	pg_temp.pin_story(kind, 'gold', '{600,0,250,600,0,600}',
		'{2024-02-01,2024-02-02,2024-02-03,2024-05-31,2024-06-01,2024-06-02}') s;
-- a lock of whatever is held; reviews in the meantime count as renewals
SELECT s.* FROM pg_temp.pin_story('lock', NULL, '{0,0,0}', '{2024-02-10,2024-05-31,2024-07-10}',
	'review every 1 months') s;
-- a floor under review dates: pinned, renewed, and falls at the first review after it
SELECT s.* FROM pg_temp.pin_story('floor', 'silver', '{0,0,0,0}',
	'{2024-02-10,2024-03-10,2024-06-09,2024-06-10}', 'review every 1 months') s;
-- the review of the day on which the pin ends is ordinary, that of the day before is not
SELECT s.* FROM unnest('{11,30}'::int[]) days,
	pg_temp.pin_story('floor', 'gold', '{0}', '{2024-07-01}', ('review every ' || days || ' days')::tier_policy) s;
-- a pin to another tier than the present one moves at once
SELECT kind, t, s.* FROM (VALUES ('floor', 'platinum'), ('floor', 'base'), ('cap', 'silver'),
	('cap', 'platinum'), ('lock', 'base'), ('lock', 'platinum')) k(kind, t),
	pg_temp.pin_story(kind, t, '{250}', '{2024-02-01}', 'review every 1 years') s;
-- a pin that has ended before the call does nothing
SELECT s.* FROM pg_temp.pin_story('floor', 'platinum', '{250}', '{2024-06-01}') s;
-- without end, and with the last of dates
SELECT (assign(pg_temp.pinned(a, 'floor', 'gold', u), 0::numeric, 'gold >= 200, base', '', '5000-01-01')).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', '', '2024-01-10') a,
	unnest(ARRAY[NULL, 'infinity'::date]) u;
-- grace that began before the lock ends as a renewal
SELECT (assign(pg_temp.pinned(b, 'lock', NULL, NULL), 0::numeric, 'gold >= 200, base',
	'review every 1 months, grace 10 days', '2024-03-01')).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review every 1 months, grace 10 days', '2024-01-10') a,
	assign(a, 0::numeric, 'gold >= 200, base', 'review every 1 months, grace 10 days', '2024-02-10') b;

--
-- Ladders and policies that change between calls
--
-- the ladder no longer has the tier: placed anew, joined stays
SELECT (assign(a, 250::numeric, 'emerald >= 240, jade >= 100', 'review every 1 years', '2024-05-05')).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review every 1 years', '2024-01-10') a;
-- a name longer than any label is cut, but no character of it
SELECT octet_length(reason), reason
FROM assign(ROW(repeat('账户', 500), NULL, '2024-01-10', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
	5::numeric, 'gold >= 2', '', '2024-05-05');
SELECT right(reason, 2) AS whole
FROM assign(ROW('x' || repeat('账户', 500), NULL, '2024-01-10', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
	5::numeric, 'gold >= 2', '', '2024-05-05');
-- review dates that come, and go
SELECT (b).review_on, (assign(b, 250::numeric, 'gold >= 200, base', '', '2024-06-01')).review_on AS gone
FROM assign(NULL, 250::numeric, 'gold >= 200, base', '', '2020-01-10') a,
	assign(a, 250::numeric, 'gold >= 200, base', 'review every 1 years', '2024-05-05') b;
-- grace that was promised under another policy
SELECT (assign(b, 0::numeric, 'gold >= 200, base', 'review every 1 months', '2024-03-01')).*
FROM assign(NULL, 250::numeric, 'gold >= 200, base', 'review every 1 months', '2024-01-10') a,
	assign(a, 0::numeric, 'gold >= 200, base', 'review every 1 months, grace 30 days', '2024-02-10') b;
-- who left joins again, without the pin
SELECT (assign(ROW(NULL, NULL, '2024-03-01', '2020-01-01', NULL, NULL, 'floor', 'gold', NULL, 'left', 'no order')::tier_assignment,
	150::numeric, 'gold >= 200, base', 'review every 1 years', '2024-05-05')).*;
-- a row of NULLs is no assignment, as a NULL is none
SELECT assign(ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
	150::numeric, 'gold >= 200, base', '', '2024-05-05') = assign(NULL, 150::numeric, 'gold >= 200, base', '', '2024-05-05') AS same;
-- made by hand, with the least that is needed
SELECT (assign(ROW('gold', NULL, '2024-03-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment,
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
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-04-30'''),
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', ''2024-06-01'', ''2024-07-01'', NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', ''review every 1 months'', ''2024-05-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', ''2024-05-01'', ''2024-04-01'', NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31'''),
	('ROW(''gold'', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31'''),
	('ROW(''gold'', 1, ''-infinity'', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', NULL, NULL, NULL, ''glue'', NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', NULL, NULL, NULL, ''floor'', NULL, NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31'''),
	('ROW(''gold'', 1, ''2024-05-01'', NULL, NULL, NULL, ''cap'', ''tin'', NULL, NULL, NULL)::tier_assignment, 1::numeric, ''gold >= 2'', '''', ''2024-05-31''')) v(a);

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
SELECT kind, until, gap_to_keep(pg_temp.pinned(a, kind, 'gold', until), 0, 'platinum >= 9, gold >= 2, base', 'review every 1 years') AS gap
FROM assign(NULL, 5::numeric, 'platinum >= 9, gold >= 2, base', 'review every 1 years', '2024-01-01') a,
	unnest(ARRAY['lock', 'floor', 'cap']) kind, unnest(ARRAY[NULL, '2025-01-01', '2025-01-02']::date[]) until
ORDER BY kind, until;
SELECT pg_temp.ct_error($$SELECT gap_to_keep(a, 5, 'tin >= 2', '') FROM assign(NULL, 5::numeric, 'gold >= 2', '', '2024-01-01') a$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT gap_to_keep(a, 5, 'gold: value >= 2', '') FROM assign(NULL, 5::numeric, 'gold >= 2', '', '2024-01-01') a$$);

SELECT v, d, upgrade_eligible(a, v, 'gold >= 200, silver >= 100, base', 'review every 1 years', d) AS now,
	upgrade_eligible(a, v, 'gold >= 200, silver >= 100, base', 'review every 1 years, upgrade at review', d) AS at_review,
	upgrade_eligible(pg_temp.pinned(a, 'cap', 'silver', NULL), v, 'gold >= 200, silver >= 100, base', 'review every 1 years', d) AS capped,
	upgrade_eligible(NULL, v, 'gold >= 200, silver >= 100, base', 'review every 1 years', d) AS joining
FROM assign(NULL, 150::numeric, 'gold >= 200, silver >= 100, base', 'review every 1 years', '2024-01-01') a,
	unnest(ARRAY[NULL, 0, 150, 250]::numeric[]) v, unnest('{2024-06-01,2025-01-01}'::date[]) d
ORDER BY d, v;

--
-- The same state machine in plpgsql, written from its definition, over every
-- form of policy and ladder: one event after the other, dates by PostgreSQL's
-- own arithmetic
--
CREATE TYPE policy_form AS (kind text, period interval, ahead int, at_review boolean,
	fall text, grace interval, keep numeric);
CREATE TYPE ladder_form AS (labels text[], bounds numeric[], above boolean[], keeps numeric[], keeps_above boolean[]);

CREATE FUNCTION pg_temp.met(l ladder_form, rung int, value numeric, part numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT l.bounds[rung] IS NULL OR coalesce(CASE WHEN l.above[rung] THEN value > b ELSE value >= b END, false)
	FROM (SELECT l.bounds[rung] * CASE WHEN l.bounds[rung] > 0 THEN part ELSE 1 END) AS bound(b)
$$;

-- what keeping takes: the ladder's own bar, or a part of the bound
CREATE FUNCTION pg_temp.kept(l ladder_form, rung int, value numeric, part numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT pg_temp.met(l, rung, value, part)
		OR coalesce(CASE WHEN l.keeps_above[rung] THEN value > l.keeps[rung] ELSE value >= l.keeps[rung] END, false)
$$;

-- the first rung that is met; one more than there are: none
CREATE FUNCTION pg_temp.place(l ladder_form, value numeric) RETURNS int
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	FOR i IN 1 .. cardinality(l.labels) LOOP
		IF pg_temp.met(l, i, value, 1) THEN RETURN i; END IF;
	END LOOP;
	RETURN cardinality(l.labels) + 1;
END $$;

CREATE FUNCTION pg_temp.next_review(p policy_form, since date, joined date, after date) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	months int := extract(year FROM since) * 12 + extract(month FROM since) - 1;
	step int := extract(year FROM p.period) * 12 + extract(month FROM p.period);
	d date;
BEGIN
	IF p.kind = 'always' THEN RETURN NULL; END IF;
	FOR k IN 1 .. 10000 LOOP
		IF p.kind = 'every' THEN
			d := since + k * p.period;
		ELSIF p.kind = 'anniversary' THEN
			d := joined + k * interval '1 year';
		ELSE
			d := make_date(((months / step + p.ahead + k) * step) / 12,
				((months / step + p.ahead + k) * step) % 12 + 1, 1);
		END IF;
		IF d > after THEN RETURN d; END IF;
	END LOOP;
END $$;

-- where a failed review leads
CREATE FUNCTION pg_temp.fallen(l ladder_form, p policy_form, held int, fit int) RETURNS int
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n int := cardinality(l.labels);
	r int := held + 1;
BEGIN
	IF p.fall = 'never' THEN RETURN held; END IF;
	IF p.fall = 'fit' THEN RETURN fit; END IF;
	IF p.fall = 'base' THEN RETURN greatest(held, n); END IF;
	-- a rung of the same bound as the one above is nobody's
	WHILE r <= n AND l.bounds[r] = l.bounds[r - 1] AND l.above[r] = l.above[r - 1] LOOP
		r := r + 1;
	END LOOP;
	RETURN r;
END $$;

CREATE FUNCTION pg_temp.oracle(prev tier_assignment, value numeric, l ladder_form,
	p policy_form, as_of date, review_value numeric) RETURNS tier_assignment
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n int := cardinality(l.labels);
	best numeric := greatest(value, review_value);
	entry int := pg_temp.place(l, value);
	fit int := pg_temp.place(l, best);
	a tier_assignment := prev;
	before int;
	held int;
	pinned int := array_position(l.labels, prev.pinned_tier);
	target int;
	limited int;
	outcome text;
	event text;
	day date;
BEGIN
	IF prev.joined IS NULL THEN
		a.joined := as_of;
		a.since := as_of;
		a.review_on := pg_temp.next_review(p, as_of, as_of, as_of);
		a.tier := l.labels[fit];
		a.rank := nullif(fit, n + 1);
		a.movement := 'joined';
		RETURN a;
	END IF;
	held := coalesce(array_position(l.labels, prev.tier), n + 1);
	before := held;
	IF p.kind = 'always' THEN a.review_on := NULL; END IF;
	LOOP
		event := NULL;
		SELECT e, d INTO event, day
		FROM (VALUES (1, 'pin end', CASE WHEN a.pin IS NOT NULL THEN a.pinned_until END),
				(2, 'grace end', a.grace_until),
				(3, 'review', CASE WHEN a.grace_until IS NULL THEN a.review_on END)) v(i, e, d)
		WHERE d <= as_of ORDER BY d, i LIMIT 1;
		IF event IS NULL THEN
			-- as_of itself
			day := as_of;
			IF (a.pin = 'lock' AND pinned IS NOT NULL) OR (a.pin = 'floor' AND held > pinned) OR (a.pin = 'cap' AND held < pinned) THEN
				IF held <> pinned THEN
					held := pinned;
					a.since := as_of;
					a.grace_until := NULL;
					a.review_on := pg_temp.next_review(p, as_of, a.joined, as_of);
				END IF;
			END IF;
		END IF;
		IF event = 'pin end' THEN
			a.pin := NULL;
			a.pinned_tier := NULL;
			a.pinned_until := NULL;
			outcome := nullif(outcome, 'pinned');
			CONTINUE;
		END IF;
		IF event IS NOT NULL OR p.kind = 'always' THEN
			IF held > n OR pg_temp.kept(l, held, best, p.keep) OR fit < held THEN
				-- passed
				IF event IS NOT NULL AND p.at_review AND entry < held THEN
					target := entry;
					IF a.pin = 'lock' THEN target := held; END IF;
					IF a.pin = 'cap' THEN target := greatest(target, pinned); END IF;
					IF target < held THEN
						held := target;
						a.since := day;
						outcome := 'upgraded';
					ELSE
						outcome := 'pinned';
					END IF;
				ELSIF event IS NOT NULL OR a.grace_until IS NOT NULL THEN
					outcome := CASE WHEN fit <= held THEN 'renewed' WHEN event IS NOT NULL THEN 'held' ELSE outcome END;
				END IF;
				a.grace_until := NULL;
				a.review_on := pg_temp.next_review(p, a.since, a.joined, day);
			ELSE
				-- failed
				target := pg_temp.fallen(l, p, held, fit);
				limited := CASE a.pin WHEN 'lock' THEN held WHEN 'floor' THEN greatest(held, least(target, pinned)) ELSE target END;
				IF limited = held THEN
					outcome := CASE WHEN target = held THEN 'held' ELSE 'pinned' END;
					IF event IS NOT NULL THEN
						a.grace_until := NULL;
						a.review_on := pg_temp.next_review(p, a.since, a.joined, day);
					END IF;
				ELSIF event IS NULL AND a.grace_until IS NOT NULL THEN
					NULL;
				ELSIF event IS DISTINCT FROM 'grace end' AND p.grace IS NOT NULL THEN
					a.grace_until := day + p.grace;
					outcome := 'grace';
				ELSIF event IS NULL AND p.fall = 'step' AND a.since = as_of THEN
					NULL;
				ELSE
					held := limited;
					a.since := day;
					a.grace_until := NULL;
					a.review_on := pg_temp.next_review(p, day, a.joined, day);
				END IF;
			END IF;
		END IF;
		EXIT WHEN event IS NULL;
	END LOOP;
	IF NOT p.at_review AND entry < held THEN
		target := entry;
		IF a.pin = 'lock' THEN target := held; END IF;
		IF a.pin = 'cap' THEN target := greatest(target, pinned); END IF;
		IF target < held THEN
			held := target;
			a.since := as_of;
			a.grace_until := NULL;
			a.review_on := pg_temp.next_review(p, as_of, a.joined, as_of);
		ELSE
			outcome := 'pinned';
		END IF;
	END IF;
	a.tier := l.labels[held];
	a.rank := nullif(held, n + 1);
	a.movement := CASE WHEN held < before THEN 'upgraded' WHEN held > before THEN 'downgraded'
		WHEN outcome IS NOT NULL THEN outcome
		WHEN entry <= held THEN 'unchanged'
		WHEN a.grace_until IS NOT NULL THEN 'grace' ELSE 'held' END;
	RETURN a;
END $$;

CREATE TEMP TABLE policies AS
SELECT row_number() OVER (ORDER BY r, u, d, x) AS id,
	concat_ws(', ', r, u, d, x)::tier_policy AS policy,
	ROW(kind, period, ahead, u = 'upgrade at review', fall, grace, keep)::policy_form AS form
FROM (VALUES ('review always', 'always', NULL, 0), ('review every 45 days', 'every', '45 days', 0),
		('review every 2 months', 'every', '2 months', 0), ('review every 1 years', 'every', '1 year', 0),
		('review at end of month', 'end', '1 month', 0), ('review at end of next quarter', 'end', '3 months', 1),
		('review at end of half', 'end', '6 months', 0), ('review at end of year', 'end', '1 year', 0),
		('review at end of next year', 'end', '1 year', 1), ('review on anniversary', 'anniversary', NULL, 0))
		AS rev(r, kind, period_text, ahead),
	LATERAL (SELECT period_text::interval) AS per(period),
	(VALUES ('upgrade now'), ('upgrade at review')) AS up(u),
	(VALUES ('drop to fit', 'fit'), ('drop one step', 'step'), ('drop to base', 'base'), ('drop never', 'never')) AS dr(d, fall),
	(VALUES (NULL, NULL::interval, 1.0), ('grace 20 days', '20 days', 1), ('grace 3 months', '3 months', 1),
		('keep at 70%', NULL, 0.7), ('grace 1 months, keep at 85.5%', '1 month', 0.855)) AS ex(x, grace, keep)
WHERE NOT (kind = 'always' AND u = 'upgrade at review') AND NOT (fall = 'never' AND x IS NOT NULL);

CREATE TEMP TABLE ladders AS
SELECT id, ladder, ROW(labels, bounds, above, keeps, keeps_above)::ladder_form AS form
FROM (VALUES (1, 'gold >= 200, silver >= 100, base'::tier_ladder, '{gold,silver,base}'::text[], '{200,100,NULL}'::numeric[], '{f,f,f}'::boolean[], NULL::numeric[], NULL::boolean[]),
	(2, 'gold >= 200, silver >= 100', '{gold,silver}', '{200,100}', '{f,f}', NULL, NULL),
	(3, 'p > 180, q > 180, r >= 180, s > 90.5, t > 90.5, u >= -20, v >= -30', '{p,q,r,s,t,u,v}', '{180,180,180,90.5,90.5,-20,-30}', '{t,t,f,t,t,f,f}', NULL, NULL),
	(4, (SELECT calibrate_ladder(v::numeric, 'A top 10%, B top 30%, C top 60%, D') FROM generate_series(-50, 249) v),
		'{A,B,C,D}', '{220,160,70,NULL}', '{f,f,f,f}', NULL, NULL),
	(5, 'gold >= 200 keep >= 80, silver >= 100 keep > 90.5, bronze >= 50, base', '{gold,silver,bronze,base}', '{200,100,50,NULL}', '{f,f,f,f}', '{80,90.5,NULL,NULL}', '{f,t,f,f}'),
	(6, 'A top 10% keep top 20%, B top 60% keep top 61%', '{A,B}', NULL, '{f,f}', NULL, '{f,f}')) l(id, ladder, labels, bounds, above, keeps, keeps_above);
-- calibrated, what keeping takes is a value of the population too
UPDATE ladders l SET ladder = c.ladder, form = ROW((l.form).labels, '{220,70}', '{f,f}', '{190,67}', '{f,f}')
FROM (SELECT calibrate_ladder(v::numeric, 'A top 10% keep top 20%, B top 60% keep top 61%') AS ladder FROM generate_series(-50, 249) v) c WHERE id = 6;
SELECT (SELECT count(*) FROM policies) AS policies, ladder FROM ladders ORDER BY id;

-- seeded: a number from 0 to n - 1
CREATE FUNCTION pg_temp.dice(seed text, n int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT (('x' || substr(md5(seed), 1, 7))::bit(28)::int) % n $$;

-- A history of one policy on one ladder: how many steps differ from the
-- oracle, how often the laws of movement do not hold, and each movement met.
CREATE FUNCTION pg_temp.compare(pid bigint, lid int, steps int, with_pins boolean,
	OUT movements text[], OUT differ text, OUT twice int, OUT lower int, OUT early int, OUT double_int int)
LANGUAGE plpgsql AS $$
DECLARE
	p policies := (SELECT x FROM policies x WHERE id = pid);
	l ladders := (SELECT x FROM ladders x WHERE id = lid);
	seed text := concat(pid, '/', lid, '/', with_pins);
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
	double_int := 0;
	FOR i IN 1 .. steps LOOP
		v := pg_temp.dice(seed || i, 300) - 50;
		IF pg_temp.dice(seed || 'null' || i, 20) = 0 THEN v := NULL; END IF;
		rv := CASE WHEN pg_temp.dice(seed || 'review' || i, 5) = 0 THEN pg_temp.dice(seed || 'rv' || i, 300) - 50 END;
		IF i > 1 AND with_pins AND pg_temp.dice(seed || 'pin' || i, 3) = 0 THEN
			a.pin := (ARRAY['lock', 'floor', 'cap', NULL])[1 + pg_temp.dice(seed || 'kind' || i, 4)];
			a.pinned_tier := (l.form).labels[1 + pg_temp.dice(seed || 'tier' || i, cardinality((l.form).labels))];
			a.pinned_until := CASE pg_temp.dice(seed || 'until' || i, 4) WHEN 0 THEN NULL
				WHEN 1 THEN (a.review_on + pg_temp.dice(seed || 'months' || i, 3) * interval '1 month')::date
				ELSE day + pg_temp.dice(seed || 'end' || i, 200) END;
			IF a.pin IS NULL THEN
				a.pinned_tier := NULL;
				a.pinned_until := NULL;
			ELSIF a.pin = 'lock' AND pg_temp.dice(seed || 'any' || i, 2) = 0 THEN
				a.pinned_tier := NULL;
			END IF;
		END IF;
		b := assign(a, v, l.ladder, p.policy, day, rv);
		o := pg_temp.oracle(a, v, l.form, p.form, day, rv);
		o.reason := b.reason;
		IF o IS DISTINCT FROM b AND differ IS NULL THEN
			differ := format('%s on %s, value %s, review value %s, from %s to %s instead of %s', p.policy, l.ladder, v, rv, a, b, o);
		END IF;
		movements := movements || b.movement;
		-- as doubles and as integers
		IF assign(a, v::float8, l.ladder, p.policy, day, rv::float8) IS DISTINCT FROM b
			OR assign(a, v::bigint, l.ladder, p.policy, day, rv::bigint) IS DISTINCT FROM b THEN
			double_int := double_int + 1;
		END IF;
		-- assigning twice on one date changes nothing
		c := assign(b, v, l.ladder, p.policy, day, rv);
		IF (c.tier, c.rank, c.since, c.joined, c.review_on, c.grace_until, c.pin, c.pinned_tier, c.pinned_until)
			IS DISTINCT FROM (b.tier, b.rank, b.since, b.joined, b.review_on, b.grace_until, b.pin, b.pinned_tier, b.pinned_until) THEN
			twice := twice + 1;
		END IF;
		-- a higher value never leads to a lower tier
		c := assign(a, v + pg_temp.dice(seed || 'more' || i, 200), l.ladder, p.policy, day, rv);
		IF coalesce(c.rank, 100) > coalesce(b.rank, 100) THEN
			lower := lower + 1;
		END IF;
		-- inside [since, review_on) nothing falls
		IF NOT with_pins AND day < a.review_on AND coalesce(b.rank, 100) > coalesce(a.rank, 100) THEN
			early := early + 1;
		END IF;
		a := b;
		day := CASE WHEN pg_temp.dice(seed || 'due' || i, 3) = 0 THEN coalesce(a.grace_until, a.review_on, day) ELSE day END
			+ CASE WHEN pg_temp.dice(seed || 'late' || i, 3) > 0 THEN pg_temp.dice(seed || 'gap' || i, 90) ELSE 0 END;
	END LOOP;
END $$;

CREATE TEMP TABLE compared AS
SELECT p.id AS pid, l.id AS lid, pins, c.*
FROM policies p, ladders l, unnest(ARRAY[false, true]) pins,
	LATERAL pg_temp.compare(p.id, l.id, 10, pins) c
WHERE (p.id + l.id) % 2 = pins::int AND ((p.form).keep = 1 OR (l.form).keeps IS NULL);
SELECT count(*) AS histories, count(differ) AS differ, sum(twice) AS twice, sum(lower) AS lower,
	sum(early) AS early, sum(double_int) AS other_types FROM compared;
SELECT differ FROM compared WHERE differ IS NOT NULL ORDER BY length(differ), differ LIMIT 3;
-- every movement has been met, often
SELECT m AS movement, count(*) >= 50 AS often FROM compared, unnest(movements) m GROUP BY m ORDER BY m;

-- with the default policy the tier is that of the value
SELECT count(*), bool_and(u.tier IS NOT DISTINCT FROM tier(v, ladder)) AS same
FROM ladders l, LATERAL (SELECT array_agg(v ORDER BY d) AS vals, tier_path(v, ladder, '', d) AS path
	FROM (SELECT date '2024-01-01' + n AS d, (pg_temp.dice('default' || l.id || n, 300) - 50)::numeric AS v FROM generate_series(1, 200) n) h) x,
	unnest(vals, path) AS u(v, tier, rank, since, joined, review_on, grace_until, pin, pinned_tier, pinned_until, movement, reason)
WHERE (l.form).keeps IS NULL;

-- one step never falls two at one review date
SELECT count(*) > 300 AS reviews, max((b).rank - (a).rank) AS most_steps
FROM (SELECT l.ladder, a, assign(a, v, l.ladder, p.policy, coalesce(a.review_on, a.since + 1)) AS b
	FROM policies p, (VALUES ('a >= 240, b >= 200, c >= 150, d >= 100, e'::tier_ladder)) l(ladder),
		generate_series(60, 240, 45) s, LATERAL assign(NULL, s::numeric, l.ladder, p.policy, '2024-02-29') a,
		unnest('{0,90,130,190,250}'::numeric[]) v
	WHERE (p.form).fall = 'step' AND (p.form).grace IS NULL) x;

-- rows: the same assignments as those of the figure that they stand for
SELECT count(*) AS calls, bool_and((r.tier, r.rank, r.since, r.joined, r.review_on, r.grace_until, r.movement)
	IS NOT DISTINCT FROM (n.tier, n.rank, n.since, n.joined, n.review_on, n.grace_until, n.movement)) AS same
FROM (SELECT p.policy, pg_temp.dice('x' || p.id || s, 4) AS x, pg_temp.dice('y' || p.id || s, 4) AS y,
		pg_temp.dice('x2' || p.id || s, 4) AS x2, pg_temp.dice('y2' || p.id || s, 4) AS y2,
		date '2024-02-29' + pg_temp.dice('d' || p.id || s, 500) AS d
	FROM policies p, generate_series(1, 5) s WHERE (p.form).keep = 1) c,
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

CREATE TEMP TABLE paths AS
SELECT p.id AS pid, l.id AS lid, customer, policy, ladder,
	tier_path(value, ladder, policy, as_of ORDER BY md5(as_of::text || customer)) AS path,
	array_agg(value ORDER BY as_of) AS vals, array_agg(as_of ORDER BY as_of) AS dates
FROM policies p JOIN ladders l ON (p.form).keep = 1 OR (l.form).keeps IS NULL JOIN history h ON (p.id + l.id) % 40 + 1 = customer
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
DROP FUNCTION pg_temp.place, pg_temp.kept, pg_temp.met, pg_temp.fallen, pg_temp.oracle, pg_temp.next_review, pg_temp.compare;
DROP TYPE policy_form CASCADE;
DROP TYPE ladder_form CASCADE;
