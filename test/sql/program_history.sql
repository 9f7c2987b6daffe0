-- program_history: taking back, deciding again, and what was known when

SET client_min_messages = warning;
SET datestyle = ISO;
SET timezone = 'UTC';
\set SHOW_CONTEXT never

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

CREATE SCHEMA ct_history;
SET search_path = ct_history, public;

--
-- Nights that are posted after the review
--
CREATE TABLE nights (guest text, d date, n numeric);
INSERT INTO nights VALUES ('Pia', '2024-03-01', 50), ('Pia', '2025-06-01', 49), ('Sue', '2024-03-01', 30), ('Sue', '2025-03-01', 30);
CREATE VIEW figures AS
SELECT guest, coalesce(sum(n) FILTER (WHERE date_part('year', d) = date_part('year', tiering.as_of()) AND d <= tiering.as_of()), 0) AS this_year,
	coalesce(sum(n) FILTER (WHERE date_part('year', d) = date_part('year', tiering.as_of()) - 1), 0) AS last_year
FROM nights GROUP BY 1;
SELECT tiering.create_program('vip', 'figures', 'guest', 'platinum >= 50, gold >= 25, member',
	value => 'this_year', review_value => 'last_year', policy => 'review at end of year');
-- the metrics are read for the day of the refresh
CALL tiering.refresh('vip', '2024-03-01');
CALL tiering.refresh('vip', '2025-01-01');
CALL tiering.refresh('vip', '2026-01-01');
CALL tiering.refresh('vip', '2026-01-20');
CREATE TABLE first AS SELECT * FROM vip_tier_history;
SELECT guest, tier, since, review_on, movement FROM vip_tiers ORDER BY guest;
INSERT INTO nights VALUES ('Pia', '2025-12-28', 3);
SELECT clock_timestamp() AS posted \gset
CALL tiering.replay('vip', '2025-12-28');
SELECT guest, tier, since, review_on, movement, reason FROM vip_tiers ORDER BY guest;
-- what was decided stays on record
SELECT entry, run, as_of, guest, from_tier, tier, movement, superseded_by FROM vip_tier_history ORDER BY entry;
SELECT tiering.tier_at('vip', 'Pia', '2026-01-10') AS as_known_now,
	tiering.tier_at('vip', 'Pia', '2026-01-10', :'posted') AS as_known_then;
SELECT * FROM vip_tier_period WHERE guest = 'Pia' ORDER BY period;
SELECT count(*) FROM tiering.verify('vip');
SELECT run, kind, as_of, status, customers, changed FROM tiering.runs('vip');
-- a charge-back of that stay takes it away again, of one guest
DELETE FROM nights WHERE d = '2025-12-28';
SELECT tiering.replay_now('vip', '2025-12-28', 'Pia');
SELECT guest, tier, since, review_on, movement FROM vip_tiers ORDER BY guest;
SELECT as_of, from_tier, tier, movement FROM vip_tier_history WHERE guest = 'Pia' AND superseded_at IS NULL ORDER BY entry;
-- nothing new, nothing written
SELECT tiering.replay_now('vip', '2024-01-01');
SELECT count(*) FROM (SELECT as_of, guest, from_tier, tier, since, review_on, movement FROM first
	EXCEPT SELECT as_of, guest, from_tier, tier, since, review_on, movement FROM vip_tier_history WHERE superseded_at IS NULL) x;
SELECT pg_temp.ct_error($$SELECT tiering.replay_now('vip', '2026-02-01')$$);
SELECT pg_temp.ct_error($$SELECT tiering.replay_now('vip', NULL)$$);

--
-- Undo takes back run by run
--
SELECT tiering.undo('vip'), tiering.undo('vip');
SELECT guest, tier, since FROM vip_tiers ORDER BY guest;
SELECT tiering.undo('vip');
SELECT guest, tier, since, review_on, movement FROM vip_tiers ORDER BY guest;
SELECT run, kind, status FROM tiering.runs('vip');
-- the next touched refresh looks at everyone
CALL tiering.refresh_touched('vip', '2026-01-21');
SELECT run, kind, customers, changed FROM tiering.runs('vip') WHERE status = 'done' ORDER BY run DESC LIMIT 1;
SELECT count(*) FROM tiering.verify('vip');
SELECT guest, tier, since, review_on FROM vip_tiers ORDER BY guest;
SELECT tiering.undo('vip'), tiering.undo('vip'), tiering.undo('vip'), tiering.undo('vip'), tiering.undo('vip');
SELECT count(*) FROM vip_tiers;
SELECT pg_temp.ct_error($$SELECT tiering.undo('vip')$$);
SELECT pg_temp.ct_error($$SELECT tiering.refresh_touched_now('vip')$$);
SELECT bool_and(superseded_at IS NOT NULL) FROM vip_tier_history;

--
-- The wrong day, and metrics that are not loaded
--
CREATE TABLE metrics AS SELECT i AS customer, i AS revenue FROM generate_series(1, 91) i;
SELECT tiering.create_program('loaded', 'metrics', 'customer', 'gold top 10%, base', value => 'revenue');
CALL tiering.refresh('loaded', '2026-01-01');
SELECT split_part(pg_temp.ct_error($$SELECT tiering.refresh_now('loaded', 'infinity', force => true)$$), ' | ', 1);
DO $$ BEGIN PERFORM tiering.refresh_now('loaded', current_date + 7); EXCEPTION WHEN invalid_parameter_value THEN RAISE WARNING 'refused: %', SQLERRM; END $$;
SELECT tiering.refresh_now('loaded', current_date + 7, force => true) AS changed;
DO $$ BEGIN PERFORM tiering.refresh_now('loaded'); EXCEPTION WHEN invalid_parameter_value THEN RAISE WARNING 'refused: %', SQLERRM; END $$;
SELECT tiering.undo('loaded');
CREATE TABLE half AS SELECT * FROM metrics WHERE customer > 60;
DELETE FROM metrics WHERE customer > 60;
CALL tiering.refresh('loaded', '2026-01-02');
DELETE FROM metrics;
CALL tiering.refresh('loaded', '2026-01-02');
CALL tiering.refresh_touched('loaded', '2026-01-02');
SELECT count(*), count(tier) FROM loaded_tiers;
SELECT run, kind, status, error, detail FROM tiering.runs('loaded') WHERE status = 'failed';
INSERT INTO metrics SELECT * FROM half;
INSERT INTO metrics SELECT i, i FROM generate_series(1, 60) i;
DELETE FROM metrics WHERE customer <= 18;
CALL tiering.refresh('loaded', '2026-01-02');
SELECT count(*), count(tier) FROM loaded_tiers;
SELECT tiering.alter_program('loaded', max_leaving => 0.01);
DELETE FROM metrics WHERE customer <= 28;
CALL tiering.refresh('loaded', '2026-01-03');
DELETE FROM metrics WHERE customer <= 39;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('loaded', '2026-01-04')$$);
CALL tiering.refresh('loaded', '2026-01-04', force => true);
SELECT count(*), count(tier) FROM loaded_tiers;
-- as many others do not make up for those who are gone
SELECT tiering.alter_program('loaded', max_leaving => 0.3);
UPDATE metrics SET customer = customer + 1000 WHERE customer > 70;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('loaded', '2026-01-05')$$);
UPDATE metrics SET customer = customer - 1000 WHERE customer > 1077;
SELECT tiering.refresh_now('loaded', '2026-01-05') AS changed;
UPDATE metrics SET customer = customer + 2000;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('loaded', '2026-01-06')$$);
SELECT count(*) AS touched FROM (SELECT tiering.touch('loaded', customer), tiering.touch('loaded', customer - 2000) FROM metrics OFFSET 0) x;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_touched_now('loaded', '2026-01-06')$$);
UPDATE metrics SET customer = customer - 2000;
SELECT tiering.refresh_touched_now('loaded', '2026-01-06') AS changed;
SELECT pg_temp.ct_error(format($$SELECT tiering.alter_program('loaded', max_leaving => %L)$$, x)) FROM unnest('{1.1,-0.1,NaN}'::text[]) x;

--
-- Nothing that a run logs is kept for ever
--
SELECT count(*) FROM loaded_tier_history WHERE superseded_at IS NOT NULL;
UPDATE loaded_tier_run SET finished_at = finished_at - interval '400 days', started_at = started_at - interval '400 days' WHERE run < 6;
UPDATE loaded_tier_history SET superseded_at = superseded_at - interval '400 days';
SELECT tiering.prune('loaded', '1 year');
SELECT run, kind, status FROM tiering.runs('loaded');
SELECT count(*) FROM loaded_tier_history WHERE superseded_at IS NOT NULL;
SELECT count(*) FROM tiering.verify('loaded');
SELECT pg_temp.ct_error($$SELECT tiering.prune('loaded', '-1 day')$$);

--
-- A status year with two figures, of which either is enough
--
CREATE TYPE year_figures AS (nights numeric, spend numeric);
CREATE TABLE stays (guest text, d date, nights integer, spend numeric);
INSERT INTO stays VALUES ('Abe', '2025-03-01', 55, 9000), ('Bea', '2025-03-01', 10, 80000), ('Cat', '2025-03-01', 20, 30000);
CREATE VIEW hotel AS
SELECT guest, coalesce(sum(nights) FILTER (WHERE y = 0), 0) AS nights, coalesce(sum(spend) FILTER (WHERE y = 0), 0) AS spend,
	ROW(coalesce(sum(nights) FILTER (WHERE y = 1), 0), coalesce(sum(spend) FILTER (WHERE y = 1), 0))::year_figures AS last_year
FROM (SELECT *, date_part('year', tiering.as_of()) - date_part('year', d) AS y FROM stays) s GROUP BY 1;
SELECT tiering.create_program('hotel', 'hotel', 'guest',
	'platinum: nights >= 50 or spend >= 75000, gold: nights >= 25 or spend >= 25000, member',
	review_value => 'last_year', policy => 'review at end of year');
CALL tiering.refresh('hotel', '2025-03-01');
CALL tiering.refresh('hotel', '2026-01-01');
SELECT guest, tier, review_on, movement FROM hotel_tiers ORDER BY guest;
SELECT guest, tier, to_tier FROM tiering.simulate('hotel', as_of => '2027-01-01') s JOIN hotel_tiers ON guest = customer ORDER BY 1;
SELECT count(*) FROM tiering.verify('hotel');
SELECT guest, next_tier, gap_to_next, outlook FROM hotel_tier_outlook ORDER BY guest;
SELECT pg_temp.ct_error($$SELECT tiering.create_program('x', 'hotel', 'guest', 'a: nights >= 1, b', review_value => 'nights')$$);

--
-- Each order at the price of the tier held when it was placed
--
CREATE TABLE sales (guest text, ordered_at timestamptz, amount numeric);
INSERT INTO sales SELECT g, timestamptz '2025-02-01 12:00Z' + i * interval '1 day', 100 FROM unnest('{Abe,Bea,Cat,Dan}'::text[]) g, generate_series(1, 500) i;
CREATE TABLE discount (tier text PRIMARY KEY, rate numeric);
INSERT INTO discount VALUES ('platinum', 0.2), ('gold', 0.1), ('member', 0);
SELECT count(*), sum(s.amount * (1 - coalesce(d.rate, 0))) = sum(s.amount * (1 - coalesce(o.rate, 0))) AS equal,
	sum(s.amount * (1 - coalesce(d.rate, 0))) AS revenue
FROM sales s
	LEFT JOIN hotel_tier_period p ON p.guest = s.guest AND p.period @> s.ordered_at::date
	LEFT JOIN discount d USING (tier)
	LEFT JOIN discount o ON o.tier = tiering.tier_at('hotel', s.guest, s.ordered_at::date);

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SET client_min_messages = error;
DROP SCHEMA ct_history CASCADE;
