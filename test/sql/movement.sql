-- movement: what the rules of known programmes come to, day by day
--
-- Each rule is replayed for every day, and compared with what its programme
-- says of the same customer; then the customers next to them: a point less, a
-- day later, a job that did not run.

SET datestyle = ISO;
SET timezone = 'UTC';

-- When something of an assignment changed, in a path of one call a day.
CREATE FUNCTION pg_temp.changes(path tier_assignment[], first_day date, OUT day date,
	OUT tier text, OUT since date, OUT review_on date, OUT grace_until date, OUT movement text)
RETURNS SETOF record LANGUAGE sql AS $$
	SELECT day, tier, since, review_on, grace_until, movement
	FROM (SELECT first_day + n::integer - 1 AS day, p.*,
			(p.tier, p.since, p.review_on, p.grace_until) IS DISTINCT FROM
				lag((p.tier, p.since, p.review_on, p.grace_until)) OVER (ORDER BY n) AS changed
		FROM unnest(path) WITH ORDINALITY p (tier, rank, since, joined, term, review_on,
			grace_until, movement, reason, n)) d
	WHERE changed
	ORDER BY day
$$;
CREATE FUNCTION pg_temp.tier_on(path tier_assignment[], first_day date, day date)
RETURNS text LANGUAGE sql AS 'SELECT (path[day - first_day + 1]).tier';

--
-- Earned in a calendar year, held for that year, the next one, and a month
--
CREATE TABLE credits (person text, on_day date, points integer);
INSERT INTO credits VALUES
	('falls', '2018-06-10', 15000), ('falls', '2019-05-01', 5000),
	('keeps', '2018-06-10', 15000), ('keeps', '2019-11-20', 15000),
	('a point short', '2018-06-10', 15000), ('a point short', '2019-12-31', 14999),
	('on new year''s day', '2018-06-10', 15000), ('on new year''s day', '2020-01-01', 15000),
	('in the last day of grace', '2018-06-10', 15000), ('in the last day of grace', '2020-01-31', 15000),
	('as grace ends', '2018-06-10', 15000), ('as grace ends', '2020-02-01', 15000),
	('a day late', '2018-06-10', 15000), ('a day late', '2020-02-02', 15000);
CREATE TABLE yearly AS
SELECT person, tier_path(this_year, 'diamond >= 15000, platinum >= 5000, gold',
	'review at end of next year, grace 1 month', day, last_year) AS path
FROM (SELECT person, d::date AS day,
		coalesce(sum(points) FILTER (WHERE on_day BETWEEN date_trunc('year', d) AND d), 0) AS this_year,
		coalesce(sum(points) FILTER (WHERE on_day < date_trunc('year', d) AND
			on_day >= date_trunc('year', d) - interval '1 year'), 0) AS last_year
	FROM credits, generate_series(timestamp '2018-06-10', '2023-03-01', '1 day') d
	GROUP BY person, d) f
GROUP BY person;
SELECT c.* FROM yearly, pg_temp.changes(path, '2018-06-10') c WHERE person = 'falls';
-- the last day and the first day, as each person would ask
SELECT person, day, tier, pg_temp.tier_on(path, '2018-06-10', day) = tier AS right
FROM yearly JOIN (VALUES
	('falls', date '2020-01-31', 'diamond'), ('falls', '2020-02-01', 'platinum'),
	('falls', '2021-01-31', 'platinum'), ('falls', '2021-02-01', 'gold'),
	('keeps', '2020-02-01', 'diamond'), ('keeps', '2021-01-31', 'diamond'), ('keeps', '2021-02-01', 'gold'),
	('a point short', '2020-01-31', 'diamond'), ('a point short', '2020-02-01', 'platinum'),
	-- what is earned in 2020 holds for 2020, 2021 and January 2022
	('on new year''s day', '2020-02-01', 'diamond'), ('on new year''s day', '2022-01-31', 'diamond'),
	('on new year''s day', '2022-02-01', 'gold'),
	('in the last day of grace', '2020-02-01', 'diamond'), ('in the last day of grace', '2022-01-31', 'diamond'),
	('in the last day of grace', '2022-02-01', 'gold'),
	('as grace ends', '2020-02-01', 'diamond'), ('as grace ends', '2022-02-01', 'gold'),
	('a day late', '2020-02-01', 'gold'), ('a day late', '2020-02-02', 'diamond'),
	('a day late', '2022-02-01', 'gold')) v (person, day, tier) USING (person)
ORDER BY person, day;
-- whoever never lost the tier has held it from the beginning
SELECT person, (path[date '2021-01-31' - date '2018-06-10' + 1]).since FROM yearly ORDER BY person;
-- what "falls" still lacks in December 2019 for the review of the year
SELECT gap_to_keep(assign(NULL, 15000, l, p, '2018-06-10'), 5000, l, p) = 10000 AS right
FROM (VALUES ('diamond >= 15000, platinum >= 5000, gold'::tier_ladder,
	'review at end of next year, grace 1 month'::tier_policy)) v (l, p);
-- the job did not run in January: the review and the end of grace are made up
SELECT tier, since, term, review_on, movement
FROM assign(assign(NULL, 15000, 'diamond >= 15000, platinum >= 5000, gold', 'review at end of next year, grace 1 month',
	'2018-06-10'), 0, 'diamond >= 15000, platinum >= 5000, gold', 'review at end of next year, grace 1 month',
	'2020-02-10', 5000);

--
-- Reviewed at the end of the month, a year on; valid for two months more
--
CREATE FUNCTION pg_temp.month_end(joined date, as_of date, value integer, policy tier_policy)
RETURNS tier_assignment LANGUAGE sql AS $$
	SELECT assign(assign(NULL, 25000, 'gold >= 50000, silver >= 25000, blue', policy, joined),
		value, 'gold >= 50000, silver >= 25000, blue', policy, as_of)
$$;
SELECT v.joined, as_of, value, a.tier = v.tier AND a.review_on = v.review_on AND
	a.grace_until IS NOT DISTINCT FROM v.grace_until AS right, a.tier, a.since, a.review_on, a.grace_until
FROM (VALUES
	-- reached on 17 March 2010: reviewed on 31 March 2011, valid until 31 May
	(date '2010-03-17', date '2011-03-31', 0, 'silver', date '2011-04-01', NULL::date),
	('2010-03-17', '2011-04-01', 0, 'silver', '2011-04-01', '2011-06-01'),
	('2010-03-17', '2011-05-31', 0, 'silver', '2011-04-01', '2011-06-01'),
	('2010-03-17', '2011-06-01', 0, 'blue', '2012-04-01', NULL),
	-- renewed: the next review is on 31 March 2012
	('2010-03-17', '2011-04-01', 25500, 'silver', '2012-04-01', NULL),
	-- a job that is late, or did not run for a year or more
	('2010-03-17', '2011-07-15', 0, 'blue', '2012-04-01', NULL),
	('2010-03-17', '2012-04-01', 0, 'blue', '2013-04-01', NULL),
	('2010-03-17', '2011-07-15', 25500, 'silver', '2012-04-01', NULL),
	('2010-03-17', '2014-12-31', 25500, 'silver', '2015-04-01', NULL),
	-- on the first and the last day of a month, and on 29 February
	('2010-03-01', '2010-03-01', 0, 'silver', '2011-04-01', NULL),
	('2010-03-31', '2010-03-31', 0, 'silver', '2011-04-01', NULL),
	('2010-04-01', '2010-04-01', 0, 'silver', '2011-05-01', NULL),
	('2012-02-29', '2012-02-29', 0, 'silver', '2013-03-01', NULL),
	('2010-12-31', '2010-12-31', 0, 'silver', '2012-01-01', NULL)
	) v (joined, as_of, value, tier, review_on, grace_until),
	LATERAL (SELECT (m).* FROM pg_temp.month_end(v.joined, as_of, value,
		'review every 12 months to end of month, grace 2 months') m) a;
-- what came on 25 March 2011, after twelve months but before the month's end, counts;
-- then nothing comes: valid until 31 May 2012
SELECT c.*
FROM (SELECT tier_path(CASE WHEN day = '2010-03-17' THEN 25000 WHEN day < '2011-03-25' THEN 24000
			WHEN day < '2011-05-01' THEN 25500 ELSE 0 END, 'gold >= 50000, silver >= 25000, blue',
		'review every 12 months to end of month, grace 2 months', day) AS path
	FROM (SELECT d::date AS day FROM generate_series(timestamp '2010-03-17', '2012-07-01', '1 day') d) d
	) x, pg_temp.changes(path, '2010-03-17') c;

--
-- A year that begins with another month
--
SELECT day, policy, review_on, review_on = right_day AS right
FROM (VALUES
	-- a rating year from 1 October: valid until 30 September of the next one
	(date '2023-11-15', 'review at end of next year from october', date '2025-10-01'),
	('2024-09-20', 'review at end of next year from october', '2025-10-01'),
	('2024-09-30', 'review at end of next year from october', '2025-10-01'),
	('2024-10-01', 'review at end of next year from october', '2026-10-01'),
	('2024-11-30', 'review at end of next year from october', '2026-10-01'),
	-- a membership year from 1 April, and its halves and quarters
	('2024-03-31', 'review at end of year from april', '2024-04-01'),
	('2024-04-01', 'review at end of year from april', '2025-04-01'),
	('2024-04-01', 'review at end of half from april', '2024-10-01'),
	('2024-09-30', 'review at end of half from april', '2024-10-01'),
	('2024-10-01', 'review at end of half from april', '2025-04-01'),
	('2024-01-31', 'review at end of quarter from february', '2024-02-01'),
	('2024-02-01', 'review at end of quarter from february', '2024-05-01'),
	-- from january is the calendar year
	('2024-12-31', 'review at end of next year from january', '2026-01-01')
	) v (day, policy, right_day), assign(NULL, 5000, 'gold >= 5000, member', policy::tier_policy, day);
-- gold until 30 September 2025, then member; or renewed for a year, not for two
SELECT tier, since, review_on, movement
FROM unnest(ARRAY[4999, 5000]) value, assign(assign(NULL, 5000, 'gold >= 5000, member',
	'review at end of next year from october', '2023-11-15'), 0, 'gold >= 5000, member',
	'review at end of next year from october', '2025-10-01', value);

--
-- Keeping takes less than reaching, for each tier another part, and four flights
--
CREATE TABLE flyers (person text, held text, credits numeric, flights integer, falls_to text);
INSERT INTO flyers VALUES
	('Ana', 'platinum', 1250, 6, 'platinum'),
	('Bob', 'platinum one', 3599, 40, 'platinum'),
	('Cy', 'gold', 620, 3, 'bronze'),
	('Dee', 'platinum', 1199, 9, 'gold'),
	('Eve', 'silver', 250, 4, 'silver'),
	('Fay', 'gold', 650, 4, 'gold'),
	('Gus', 'platinum', 620, 5, 'silver'),
	-- next to them: just enough, a credit less, a flight less
	('on the bar', 'platinum', 1200, 4, 'platinum'),
	('a flight less', 'platinum', 1200, 3, 'bronze'),
	('at the top', 'platinum one', 3600, 4, 'platinum one'),
	('on gold''s bar', 'gold', 600, 4, 'gold'),
	('a credit less', 'gold', 599.99, 4, 'silver'),
	('below silver', 'silver', 249, 4, 'bronze'),
	('risen', 'silver', 3600, 4, 'platinum one');
CREATE TABLE airline AS
SELECT '"platinum one": credits >= 3600 and flights >= 4,
	platinum: credits >= 1400 and flights >= 4 keep credits >= 1200 and flights >= 4,
	gold: credits >= 700 and flights >= 4 keep credits >= 600 and flights >= 4,
	silver: credits >= 300 and flights >= 4 keep credits >= 250 and flights >= 4,
	bronze'::tier_ladder AS by_row,
	'"platinum one" >= 3600, platinum >= 1400 keep >= 1200, gold >= 700 keep >= 600,
	silver >= 300 keep >= 250, bronze'::tier_ladder AS by_value,
	'review at end of year from april'::tier_policy AS policy;
-- held since April 2025, reviewed on 1 April 2026; by the row, and by one figure
-- that is nothing with fewer than four flights
SELECT person, f.held, r.tier AS by_row, v.tier AS by_value,
	r.tier = falls_to AND v.tier = falls_to AS right, r.movement, r.review_on = '2027-04-01' AS on_time
FROM flyers f, airline,
	LATERAL (SELECT CASE held WHEN 'platinum one' THEN 3600 WHEN 'platinum' THEN 1400
		WHEN 'gold' THEN 700 ELSE 300 END AS credits, 4 AS flights) e,
	assign(assign(NULL, e, by_row, policy, '2025-04-01'), f, by_row, policy, '2026-04-01') r,
	assign(assign(NULL, e.credits, by_value, policy, '2025-04-01'),
		CASE WHEN f.flights >= 4 THEN f.credits ELSE 0 END, by_value, policy, '2026-04-01') v
ORDER BY person COLLATE "C";
-- what keeps a tier does not reach it
SELECT (assign(NULL, 1250, by_value, policy, '2026-04-01')).tier FROM airline;

--
-- What counts for keeping a tier is what was spent since it was entered
--
CREATE TABLE spent (person text, on_day date, amount numeric);
INSERT INTO spent VALUES
	('Jane', '2024-01-01', 200), ('Jane', '2024-06-01', 150),
	('Kim', '2024-01-01', 200), ('Kim', '2024-12-31', 200),
	('Lou', '2024-01-01', 200), ('Lou', '2024-11-30', 350),
	('a cent short', '2024-01-01', 200), ('a cent short', '2024-12-31', 199.99),
	('a day late', '2024-01-01', 200), ('a day late', '2025-01-02', 200);
CREATE TABLE steps (person text, day date, a tier_assignment);
-- to rise counts what the twelve months to the day have brought, to keep what came
-- after the day on which the present year of the tier began
DO $$
DECLARE
	p text;
	a tier_assignment;
	day date;
BEGIN
	FOR p IN SELECT DISTINCT person FROM spent LOOP
		a := NULL;
		FOR day IN SELECT generate_series(timestamp '2024-01-01', '2026-02-01', '1 day') LOOP
			a := (SELECT assign(a, sum(amount) FILTER (WHERE on_day > day - interval '1 year'),
					'silver >= 500, bronze >= 200, member', 'review every 12 months', day,
					CASE WHEN (a).since IS NOT NULL THEN
						coalesce(sum(amount) FILTER (WHERE on_day > (a).review_on - interval '1 year'), 0) END)
				FROM spent WHERE person = p AND on_day <= day);
			INSERT INTO steps VALUES (p, day, a);
		END LOOP;
	END LOOP;
END $$;
SELECT person, s.day, v.tier, (a).tier = v.tier AND (a).review_on = v.review_on AS right,
	(a).since, (a).review_on, (a).movement
FROM steps s JOIN (VALUES
	('Jane', date '2024-12-31', 'bronze', date '2025-01-01'),
	('Jane', '2025-01-01', 'member', '2026-01-01'),
	('Kim', '2025-01-01', 'bronze', '2026-01-01'),
	-- what renewed it does not count again
	('Kim', '2026-01-01', 'member', '2027-01-01'),
	('Lou', '2024-11-30', 'silver', '2025-11-30'),
	('Lou', '2025-11-29', 'silver', '2025-11-30'),
	('Lou', '2025-11-30', 'member', '2026-11-30'),
	('a cent short', '2025-01-01', 'member', '2026-01-01'),
	('a day late', '2025-01-01', 'member', '2026-01-01'),
	('a day late', '2025-01-02', 'bronze', '2026-01-02')) v (person, day, tier, review_on) USING (person, day)
ORDER BY person COLLATE "C", day;

--
-- Terms that differ by tier
--
CREATE TABLE checks (person text, day date, points integer);
INSERT INTO checks
SELECT 'Max', d::date, CASE WHEN d = '2016-11-05' THEN 50000 ELSE 10000 END
FROM generate_series(timestamp '2016-11-05', '2017-02-05', '1 month') d;
INSERT INTO checks
SELECT 'Pat', d::date, CASE WHEN d = '2016-11-05' THEN 120000 ELSE 10000 END
FROM generate_series(timestamp '2016-11-05', '2018-01-05', '1 month') d;
-- rises within the year: a year from then
INSERT INTO checks
SELECT 'Ria', d::date, CASE WHEN d < '2017-03-05' THEN 120000 WHEN d = '2017-03-05' THEN 250000 ELSE 0 END
FROM generate_series(timestamp '2016-11-05', '2018-04-05', '1 month') d;
-- loses gold3 to gold2, which is looked at every month
INSERT INTO checks
SELECT 'Sam', d::date, CASE WHEN d = '2016-11-05' THEN 120000 WHEN d = '2017-11-05' THEN 60000 ELSE 0 END
FROM generate_series(timestamp '2016-11-05', '2017-12-05', '1 month') d;
SELECT person, day, p.tier, p.since, p.review_on, p.movement
FROM (SELECT person, array_agg(day ORDER BY day) AS days,
		tier_path(points, 'platinum >= 200000, gold3 >= 100000, gold2 >= 50000, silver3 >= 10000, bronze',
			'review always; platinum: review every 12 months; gold3: review every 12 months', day) AS path
	FROM checks GROUP BY person) c,
	unnest(days, path) p (day, tier, rank, since, joined, term, review_on, grace_until, movement, reason)
WHERE movement IN ('joined', 'upgraded', 'downgraded')
ORDER BY person, day;
-- a month, six months, for ever
SELECT first, value, day, tier, a.tier = right_tier AS right, a.review_on
FROM (VALUES
	(10, 0, date '2024-02-14', 'bronze'), (10, 0, '2024-02-15', 'none'),
	(500, 0, '2024-07-14', 'platinum'), (500, 0, '2024-07-15', 'none'),
	(900, 0, '2044-01-15', 'elite'), (900, 500, '2024-07-15', 'elite')
	) v (first, value, day, right_tier),
	(VALUES ('elite >= 900, platinum >= 500, bronze >= 10, none'::tier_ladder,
		'review every 1 month; platinum: review every 6 months; elite: drop never'::tier_policy)) w (l, p),
	LATERAL (SELECT (assign(assign(NULL, first, l, p, '2024-01-15'), value, l, p, day)).*) a;

--
-- Risen by any twelve months, kept by the calendar year
--
CREATE TABLE nights (on_day date, n integer);
INSERT INTO nights
SELECT d::date, 1 FROM generate_series(timestamp '2008-01-10', '2008-01-29', '1 day') d;
INSERT INTO nights
SELECT d::date, 1 FROM generate_series(timestamp '2008-03-01', '2008-04-17', '1 day') d;
INSERT INTO nights VALUES ('2009-01-02', 10), ('2009-01-20', 30);
CREATE TABLE figures AS
SELECT d::date AS day,
	CASE WHEN d = '2008-01-01' THEN 75 ELSE
		sum(n) FILTER (WHERE on_day > d - interval '1 year' AND on_day <= d) END AS twelve_months,
	coalesce(sum(n) FILTER (WHERE on_day < date_trunc('year', d) AND
		on_day >= date_trunc('year', d) - interval '1 year'), 0) AS calendar_year
FROM nights, generate_series(timestamp '2008-01-01', '2010-01-05', '1 day') d
GROUP BY d;
CREATE TABLE rolling AS
SELECT tier_path(twelve_months, 'best >= 75, mid >= 50, base', 'review at end of year', day, calendar_year) AS path
FROM figures;
SELECT c.* FROM rolling, pg_temp.changes(path, '2008-01-01') c;
SELECT day, tier, pg_temp.tier_on(path, '2008-01-01', day) = tier AS right
FROM rolling, (VALUES (date '2008-12-31', 'best'), ('2009-01-01', 'mid'), ('2009-01-02', 'best'),
	('2009-12-31', 'best'), ('2010-01-01', 'base')) v (day, tier);
-- a job that did not run before 15 January: the review sees the year all the same,
-- the tier is lost, and may be reached again
SELECT tier, since, review_on, movement
FROM unnest(ARRAY[68, 78]) twelve_months,
	assign(assign(NULL, 75, 'best >= 75, mid >= 50, base', 'review at end of year', '2008-01-01'),
		twelve_months, 'best >= 75, mid >= 50, base', 'review at end of year', '2009-01-15', 68);

--
-- Nights or spending of a calendar year; on 1 January all are at nothing
--
CREATE TABLE hotel AS
SELECT 'platinum: nights >= 50 or spend >= 75000, gold: nights >= 25 or spend >= 25000, member'::tier_ladder AS l,
	'review at end of year'::tier_policy AS p;
CREATE TABLE guests (guest text, nights integer, spend numeric, right_tier text);
INSERT INTO guests VALUES ('Abe', 55, 9000, 'platinum'), ('Bea', 10, 80000, 'platinum'), ('Cat', 20, 30000, 'gold'),
	('a night less', 49, 74999, 'gold'), ('just gold', 25, 0, 'gold'), ('Dan', 24, 24999.99, 'member');
SELECT guest, y1.tier = right_tier AND y1.review_on = '2026-01-01' AS joined,
	y2.tier = right_tier AND y2.movement = 'renewed' AND y2.review_on = '2027-01-01' AS kept,
	y3.tier = 'member' AND y3.review_on = '2028-01-01' AS lost, y3.movement
FROM guests g, hotel, LATERAL (SELECT 0 AS nights, 0.0 AS spend) nothing,
	assign(NULL, g, l, p, '2025-03-01') y1,
	assign(y1, nothing, l, p, '2026-01-01', g) y2,
	assign(y2, nothing, l, p, '2027-01-01', nothing) y3
ORDER BY guest COLLATE "C";
-- every day of the new year, and with nothing said of the last one
SELECT guest, bool_and(b.tier = right_tier) AS held_all_year
FROM guests g, hotel, LATERAL (SELECT 0 AS nights, 0.0 AS spend) nothing,
	generate_series(0, 364) i,
	assign(assign(assign(NULL, g, l, p, '2025-03-01'), nothing, l, p, '2026-01-01', g),
		nothing, l, p, date '2026-01-01' + i, g) b
GROUP BY guest ORDER BY guest COLLATE "C";
SELECT guest, b.tier, b.movement
FROM guests g, hotel, LATERAL (SELECT 0 AS nights, 0.0 AS spend) nothing,
	assign(assign(NULL, g, l, p, '2025-03-01'), nothing, l, p, '2026-01-01') b
WHERE guest = 'Abe';

--
-- A programme changes its bounds, its labels or its policy in the middle of a term
--
CREATE TABLE change AS
SELECT person, assign(assign(NULL, value, l, p, '2025-03-01'), later, l, p, '2025-09-01') AS a, later
FROM (VALUES ('Ada', 6000, 2000), ('Bo', 1500, 100)) v (person, value, later),
	(VALUES ('gold >= 5000, silver >= 1000, member'::tier_ladder, 'review every 12 months'::tier_policy)) w (l, p);
-- higher bounds: held until the day that was promised
SELECT person, d.day, b.tier, b.since, b.review_on, b.movement
FROM change, (VALUES (date '2025-10-01'), ('2026-03-01')) d (day),
	assign(a, later, 'gold >= 8000, silver >= 1200, member', 'review every 12 months', d.day) b
ORDER BY person, day;
-- new labels, carried over by their holders' assignments; without that they join anew
SELECT person, carried, b.tier, b.since, b.review_on, b.movement
FROM (SELECT person, later, false AS carried, a FROM change
	UNION ALL
	SELECT person, later, true, ROW(CASE (a).tier WHEN 'gold' THEN 'aurum' ELSE 'argent' END, (a).rank,
		(a).since, (a).joined, (a).term, (a).review_on, (a).grace_until, (a).movement, (a).reason)::tier_assignment
	FROM change) c,
	assign(a, later, 'diamond >= 9000, aurum >= 6000, argent >= 1500, member', 'review every 12 months',
		'2025-10-01') b
ORDER BY person, carried;
-- another policy: what was promised is kept, then the new one counts
SELECT person, d.day, b.tier, b.since, b.review_on, b.movement
FROM change, (VALUES (date '2025-10-01'), ('2026-01-01'), ('2026-03-01')) d (day),
	assign(a, later, 'gold >= 5000, silver >= 1000, member', 'review at end of year', d.day) b
ORDER BY person, day;

--
-- A stay is posted after the review that it would have passed
--
SELECT posted, p.tier, p.since, p.review_on, p.movement
FROM (SELECT posted, tier_path(this_year, 'platinum >= 50, gold >= 25, member', 'review at end of year', day, last_year) AS path
	FROM (VALUES (false, date '2024-03-01', 50, NULL), (false, '2025-01-01', 0, 50), (false, '2026-01-01', 0, 49),
		(false, '2026-01-20', 0, 49),
		(true, '2024-03-01', 50, NULL), (true, '2025-01-01', 0, 50), (true, '2026-01-01', 0, 52),
		(true, '2026-01-20', 0, 52)) v (posted, day, this_year, last_year)
	GROUP BY posted) x, unnest(path) p
ORDER BY posted, p.since, p.review_on;
-- the next night's call alone does not give back what a review took
SELECT tier, movement
FROM (VALUES ('platinum >= 50, gold >= 25, member'::tier_ladder, 'review at end of year'::tier_policy)) v (l, p),
	assign(assign(assign(NULL, 50, l, p, '2024-03-01'), 0, l, p, '2026-01-01', 49), 0, l, p, '2026-01-20', 52);

DROP TABLE credits, yearly, flyers, airline, spent, steps, checks, nights, figures, rolling, hotel, guests,
	change;
