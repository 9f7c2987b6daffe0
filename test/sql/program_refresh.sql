-- program_refresh: refreshing everyone

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

CREATE SCHEMA ct_refresh;
SET search_path = ct_refresh, public;

CREATE TABLE metrics (
	customer bigint PRIMARY KEY,
	revenue numeric,
	last_year numeric,
	score double precision,
	region text);
INSERT INTO metrics
SELECT i, i * 100, 0, i * 10.5, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END
FROM generate_series(1, 10) i;

SELECT tiering.create_program('vip', 'metrics', 'customer',
	'gold >= 800, silver >= 400, base', value => 'revenue');

--
-- The run, and who listens to it
--
\setenv PGDATABASE :DBNAME
\! psql -Xq -c "LISTEN tiering" -c "CALL tiering.refresh('vip', '2024-01-01')" 2>&1 | sed 's/ received from.*//; s/in [0-9.]* s/in ... s/'
SELECT customer, tier, rank, since, joined, movement, value, reason
FROM vip_tiers ORDER BY customer;
SELECT run, kind, as_of, status, customers, changed, error,
	finished_at > started_at AS finished
FROM tiering.runs('vip');
-- the history is what was written
SELECT count(*), bool_and((t.customer, t.tier, t.rank, t.since, t.movement, t.value)
	IS NOT DISTINCT FROM (h.customer, h.tier, h.rank, h.since, h.movement, h.value))
FROM vip_tier_history h JOIN vip_tiers t USING (customer);

--
-- Nothing is written where nothing changes
--
CREATE TABLE before AS SELECT customer, ctid AS place, xmin::text AS writer FROM vip_tiers;
CALL tiering.refresh('vip', '2024-01-01');
UPDATE metrics SET revenue = revenue + 1 WHERE customer IN (2, 5);
CALL tiering.refresh('vip', '2024-01-02');
SELECT count(*), bool_and(t.ctid = b.place AND t.xmin::text = b.writer) AS untouched
FROM vip_tiers t JOIN before b USING (customer);
SELECT count(*) FROM vip_tier_history;
-- one write for each that changes
UPDATE metrics SET revenue = 850 WHERE customer = 5;
CALL tiering.refresh('vip', '2024-01-03');
SELECT customer, t.ctid = b.place AS untouched, value
FROM vip_tiers t JOIN before b USING (customer) WHERE customer IN (2, 5, 8);
SELECT run, as_of, customer, from_tier, tier, since, movement, value
FROM vip_tier_history WHERE run > 1;

--
-- Leaving and returning
--
DELETE FROM metrics WHERE customer IN (1, 10);
CALL tiering.refresh('vip', '2024-01-04');
SELECT * FROM vip_tiers WHERE customer IN (1, 10) ORDER BY customer;
CALL tiering.refresh('vip', '2024-01-05');
INSERT INTO metrics VALUES (10, 450);
CALL tiering.refresh('vip', '2024-01-06');
SELECT customer, run, as_of, from_tier, tier, since, joined, movement
FROM vip_tier_history WHERE customer IN (1, 10) ORDER BY customer, entry;
SELECT count(*) FROM tiering.verify('vip');

--
-- What fails is logged, and changes nothing
--
CREATE TABLE kept AS SELECT * FROM vip_tiers;
ALTER TABLE metrics DROP CONSTRAINT metrics_pkey;
ALTER TABLE metrics ALTER customer DROP NOT NULL;
INSERT INTO metrics VALUES (3, 5000);
CALL tiering.refresh('vip', '2024-01-07');
DELETE FROM metrics WHERE revenue = 5000;
INSERT INTO metrics VALUES (NULL, 5000);
CALL tiering.refresh('vip', '2024-01-07');
DELETE FROM metrics WHERE revenue = 5000;
INSERT INTO metrics VALUES (77, 'NaN');
CALL tiering.refresh('vip', '2024-01-07');
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('vip', '2024-01-07')$$);
DELETE FROM metrics WHERE revenue = 'NaN';
INSERT INTO metrics SELECT 78, i FROM generate_series(1, 2) i;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('vip', '2024-01-07')$$);
DELETE FROM metrics WHERE customer = 78;
CALL tiering.refresh('vip', '2024-01-03');
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('vip', '2024-01-03')$$);
CALL tiering.refresh('nobody');
BEGIN;
CALL tiering.refresh('vip');
ROLLBACK;
SELECT count(*) FROM (TABLE kept EXCEPT TABLE vip_tiers) x;
SELECT run, status, as_of, customers, changed, error FROM tiering.runs('vip')
WHERE status <> 'done';
-- a timeout is an end like others
CREATE VIEW slow AS SELECT customer, revenue, pg_sleep(10)::text FROM metrics WHERE customer = 2;
SELECT tiering.create_program('slow', 'slow', 'customer', 'gold: revenue > 5, base');
SET statement_timeout = 200;
CALL tiering.refresh('slow');
RESET statement_timeout;
SELECT status, error FROM tiering.runs('slow');
-- what no session runs has died
INSERT INTO vip_tier_run (kind, as_of, status, started_at, pid)
VALUES ('full', '2024-01-07', 'running', statement_timestamp() - interval '1 hour', pg_backend_pid());
SELECT status FROM tiering.runs('vip') ORDER BY run DESC LIMIT 1;
DO $$
BEGIN
	INSERT INTO vip_tier_run (kind, as_of, status, started_at, pid)
	VALUES ('full', '2024-01-07', 'running', statement_timestamp(), pg_backend_pid());
	RAISE WARNING '%', (SELECT array_agg(status ORDER BY run DESC) FROM tiering.runs('vip'));
END $$;
DELETE FROM vip_tier_run WHERE status = 'running';

--
-- Within a transaction
--
BEGIN;
UPDATE metrics SET revenue = 0;
SELECT tiering.refresh_now('vip', '2024-01-08');
SELECT tiering.refresh_now('vip', '2024-01-08');
SELECT tier, count(*) FROM vip_tiers GROUP BY tier ORDER BY tier;
ROLLBACK;
SELECT count(*) FROM tiering.verify('vip');

--
-- The day is that of the program's time zone
--
SELECT tiering.create_program('east', 'metrics', 'customer', 'all',
	value => 'revenue', time_zone => 'Pacific/Kiritimati');
SELECT tiering.create_program('west', 'metrics', 'customer', 'all',
	value => 'revenue', time_zone => 'Etc/GMT+12');
SELECT count(tiering.refresh_now(n)) FROM unnest(ARRAY['east', 'west']) n;
SELECT DISTINCT e.as_of = (now() AT TIME ZONE 'Pacific/Kiritimati')::date AS east,
	w.as_of = (now() AT TIME ZONE 'Etc/GMT+12')::date AS west, e.as_of > w.as_of AS later
FROM east_tier_run e, west_tier_run w;
-- and the metrics are read in it
CREATE VIEW zoned AS SELECT customer, length(current_setting('TimeZone')) AS n FROM metrics;
SELECT tiering.create_program('zoned', 'zoned', 'customer', 'all', value => 'n',
	time_zone => 'Pacific/Kiritimati');
SELECT tiering.refresh_now('zoned') > 0;
SELECT DISTINCT value FROM zoned_tiers;
SHOW timezone;

--
-- Reviews, and the value that they look at
--
CREATE TABLE years (customer bigint, this_year numeric, last_year numeric);
INSERT INTO years VALUES (1, 250, 0), (2, 250, 0), (3, 50, 0), (4, 250, 0), (5, 250, 0);
SELECT tiering.create_program('annual', 'years', 'customer', 'gold >= 200, base',
	value => 'this_year', policy => 'review at end of year, grace 30 days',
	review_value => 'last_year');
SELECT tiering.refresh_now('annual', '2024-05-05');
UPDATE years SET last_year = this_year, this_year = 0;
UPDATE years SET last_year = 180 WHERE customer = 2;
-- last year's alone is looked at, but where it is NULL
UPDATE years SET last_year = 0, this_year = 250 WHERE customer = 4;
UPDATE years SET last_year = NULL, this_year = 250 WHERE customer = 5;
SELECT tiering.refresh_now('annual', d::date)
FROM generate_series('2024-12-31'::date, '2025-02-01', '1 day') d;
SELECT as_of, customer, from_tier, tier, since, review_on, grace_until, movement
FROM annual_tier_history ORDER BY customer, entry;

--
-- Relative ladders and scorecards, within regions
--
SELECT tiering.create_program('rank', 'metrics', 'customer', 'A top 20%, B top 60%, C',
	'revenue 60 percentile, score 40 minmax missing zero', per => 'region');
CALL tiering.refresh('rank', '2024-01-01');
-- as a query does it
CREATE VIEW by_query AS
WITH s AS (
	SELECT m.*, calibrate_scorecard(m, 'revenue 60 percentile, score 40 minmax missing zero')
		OVER (PARTITION BY region) AS scorecard
	FROM metrics m),
v AS (SELECT customer, region, weighted_value(m, scorecard) AS value
	FROM metrics m JOIN s USING (customer, region, revenue)),
t AS (SELECT customer, value, tier(value, calibrate_ladder(value, 'A top 20%, B top 60%, C')
		OVER (PARTITION BY region)) FROM v)
SELECT * FROM t;
SELECT region, customer, t.tier, round(t.value::numeric, 3) AS value
FROM rank_tiers t JOIN metrics USING (customer) ORDER BY region, value DESC;
SELECT count(*), bool_and(t.tier = q.tier AND t.value = q.value)
FROM rank_tiers t JOIN by_query q USING (customer) JOIN metrics m USING (customer)
WHERE region IS NOT NULL;
SELECT e ->> 'grp' AS grp, e ->> 'ladder' AS ladder FROM rank_tier_run,
	jsonb_array_elements(calibration) e;
-- the old cut-offs, on request
UPDATE metrics SET revenue = revenue * 4;
CREATE TABLE relative AS SELECT * FROM rank_tiers;
CALL tiering.refresh('rank', '2024-01-02', recalibrate => false);
SELECT a.calibration = b.calibration AS same FROM rank_tier_run a, rank_tier_run b
WHERE a.run = 1 AND b.run = 2;
SELECT count(*) > 0 AS raised FROM rank_tiers t JOIN relative r USING (customer)
WHERE t.rank < r.rank;
CALL tiering.refresh('rank', '2024-01-03');
SELECT a.calibration = b.calibration AS same FROM rank_tier_run a, rank_tier_run b
WHERE a.run = 1 AND b.run = 3;
SELECT count(*) FROM tiering.verify('rank');
-- but not for another ladder
SELECT tiering.alter_program('rank', 'A top 60%, C');
CALL tiering.refresh('rank', '2024-01-04', recalibrate => false);
SELECT count(*) FILTER (WHERE tier = 'A'), count(*) FROM rank_tiers;
-- a region without any value stays as it is
UPDATE metrics SET revenue = NULL, score = NULL WHERE region = 'north';
SELECT tiering.alter_program('rank', scorecard => 'revenue 1 percentile');
CALL tiering.refresh('rank', '2024-01-05');
SELECT customer, tier, value IS NOT NULL AS valued, since
FROM rank_tiers JOIN metrics USING (customer) WHERE region = 'north' ORDER BY customer;
SELECT count(*) FROM tiering.verify('rank');
-- nobody at all
TRUNCATE metrics;
CALL tiering.refresh('rank', '2024-01-06');
CALL tiering.refresh('rank', '2024-01-06', force => true);
SELECT movement, count(*) FROM rank_tiers GROUP BY movement;
SELECT calibration FROM rank_tier_run ORDER BY run DESC LIMIT 1;

--
-- Rules: the row, with columns of any name
--
CREATE TABLE "odd %1$s" ("c%s" text COLLATE "C", m numeric, c numeric, t integer, v numeric, b numeric,
	"a "" b" double precision, k text, x text, previous text, next text);
INSERT INTO "odd %1$s" SELECT 'id ' || i, i, i, i, i, i, i, 'k', 'x', 'p', 'n'
FROM generate_series(1, 4) i;
SELECT tiering.create_program('rows', '"odd %1$s"', 'c%s',
	'top_one: m >= 4 and t top 50%, "%1$s": "a "" b" >= 2 or v > 3, rest');
SELECT tiering.create_program('columns', '"odd %1$s"', 'c%s', 'a top 50%, b',
	'm 1 percentile, "a "" b" 2 minmax', per => 'k');
SELECT tiering.refresh_now('rows', '2024-01-01'), tiering.refresh_now('columns', '2024-01-01');
SELECT "c%s", r.tier, r.value, c.tier, c.value
FROM rows_tiers r JOIN columns_tiers c USING ("c%s") ORDER BY "c%s";
UPDATE "odd %1$s" SET m = 9, v = 9, "a "" b" = 9 WHERE t < 3;
INSERT INTO rows_tier_touched SELECT "c%s" FROM "odd %1$s";
INSERT INTO columns_tier_touched SELECT "c%s" FROM "odd %1$s";
SELECT tiering.refresh_touched_now('rows', '2024-01-02'),
	tiering.refresh_touched_now('columns', '2024-01-02');
SELECT "c%s", r.tier, c.tier FROM rows_tiers r JOIN columns_tiers c USING ("c%s") ORDER BY "c%s";
SELECT count(*) FROM tiering.verify('rows');
SELECT count(*) FROM tiering.verify('columns');

--
-- Kinds of relations, and keys
--
CREATE TABLE base (id bigint PRIMARY KEY, n integer, code varchar(8) NOT NULL UNIQUE,
	uid uuid NOT NULL UNIQUE, word text NOT NULL UNIQUE, value real);
INSERT INTO base SELECT i, i, 'c' || i, md5(i::text)::uuid, 'Wörd ''' || i || '"', i
FROM generate_series(1, 6) i;
CREATE VIEW a_view AS SELECT * FROM base;
CREATE MATERIALIZED VIEW a_materialized_view AS SELECT * FROM base;
CREATE TABLE a_partitioned (LIKE base) PARTITION BY HASH (id);
CREATE TABLE p0 PARTITION OF a_partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE p1 PARTITION OF a_partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO a_partitioned SELECT * FROM base;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE domains (id positive, value numeric);
INSERT INTO domains SELECT id, value FROM base;
CREATE UNLOGGED TABLE unlogged AS SELECT * FROM base;
SELECT tiering.create_program(n, n, k, 'big >= 5, middle >= 3, small', value => 'value')
FROM (VALUES ('a_view', 'id'), ('a_materialized_view', 'n'), ('a_partitioned', 'uid'),
	('base', 'word'), ('unlogged', 'code'), ('domains', 'id')) v (n, k);
SELECT tiering.refresh_now(n, '2024-01-01')
FROM unnest('{a_view,a_materialized_view,a_partitioned,base,unlogged,domains}'::text[]) n;
SELECT c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'ct_refresh'::regnamespace AND
	c.relname ~ '^(a_view|a_materialized_view|a_partitioned|base|unlogged|domains)_tier(s|_touched)$' AND
	a.attnum = 1
ORDER BY c.relname;
SELECT b.id, v.tier, m.tier, p.tier, w.tier, u.tier, d.tier, v.value
FROM base b JOIN a_view_tiers v USING (id) JOIN a_materialized_view_tiers m USING (n)
	JOIN a_partitioned_tiers p USING (uid) JOIN base_tiers w USING (word)
	JOIN unlogged_tiers u USING (code) JOIN domains_tiers d ON d.id = b.id
ORDER BY b.id;
-- a foreign table
CREATE EXTENSION file_fdw SCHEMA public;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE a_foreign (id integer, value numeric) SERVER files
	OPTIONS (program 'printf "1,7\n2,4\n3,1\n"', format 'csv');
SELECT tiering.create_program('a_foreign', 'a_foreign', 'id', 'big >= 5, middle >= 3, small',
	value => 'value');
SELECT tiering.refresh_now('a_foreign', '2024-01-01');
SELECT id, tier, value FROM a_foreign_tiers ORDER BY id;
-- for everyone again, through the queue
UPDATE base SET value = 1 WHERE id = 6;
REFRESH MATERIALIZED VIEW a_materialized_view;
UPDATE a_partitioned SET value = 1 WHERE id = 6;
UPDATE unlogged SET value = 1 WHERE id = 6;
UPDATE domains SET value = 1 WHERE id = 6;
ALTER FOREIGN TABLE a_foreign OPTIONS (SET program 'printf "1,1\n2,4\n3,1\n"');
INSERT INTO a_view_tier_touched VALUES (6);
INSERT INTO a_materialized_view_tier_touched VALUES (6);
INSERT INTO a_partitioned_tier_touched VALUES (md5('6')::uuid);
INSERT INTO base_tier_touched VALUES ('Wörd ''6"');
INSERT INTO unlogged_tier_touched VALUES ('c6');
INSERT INTO domains_tier_touched VALUES (6);
INSERT INTO a_foreign_tier_touched VALUES (1);
SELECT n, tiering.refresh_touched_now(n, '2024-01-02')
FROM unnest('{a_view,a_materialized_view,a_partitioned,base,unlogged,domains,a_foreign}'::text[]) n;
SELECT n, tiering.tier_at(n, k, '2024-01-01'), tiering.tier_at(n, k, '2024-01-02')
FROM (VALUES ('a_view', '6'), ('a_materialized_view', '6'), ('a_partitioned', md5('6')),
	('base', 'Wörd ''6"'), ('unlogged', 'c6'), ('domains', '6'), ('a_foreign', '1')) v (n, k);
SELECT n, (SELECT count(*) FROM tiering.verify(n)) AS wrong
FROM unnest('{a_view,a_materialized_view,a_partitioned,base,unlogged,domains,a_foreign}'::text[]) n;

--
-- What it is at can be seen
--
CREATE TABLE phases (phase text);
CREATE FUNCTION see() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO ct_refresh.phases SELECT s.query FROM pg_stat_activity s WHERE s.pid = pg_backend_pid();
	RETURN true;
END $$;
CREATE TABLE watched_metrics (id integer, value numeric);
INSERT INTO watched_metrics VALUES (1, 1), (2, 2);
CREATE VIEW watching AS SELECT * FROM watched_metrics WHERE (SELECT ct_refresh.see());
SELECT tiering.create_program('watched', 'watching', 'id', 'gold top 1, base', value => 'value');
CREATE FUNCTION see_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_stat_clear_snapshot(), ct_refresh.see();
	RETURN NULL;
END $$;
CREATE TRIGGER see AFTER INSERT ON watched_tiers FOR EACH STATEMENT EXECUTE FUNCTION see_row();
TRUNCATE phases;
CALL tiering.refresh('watched', '2024-01-01');
INSERT INTO watched_tier_touched VALUES (1);
CALL tiering.refresh_touched('watched', '2024-01-01');
SELECT DISTINCT phase FROM phases ORDER BY phase;
SELECT program, as_of, error, running_since IS NULL AS idle, phase, queue, next_due, problem
FROM tiering.status() WHERE program IN ('watched', 'slow');

--
-- More customers than memory holds
--
CREATE TABLE crowd AS SELECT i AS id, repeat('x', 40) AS filling, i * 7919 % 1000 AS value FROM generate_series(1, 20000) i;
SELECT tiering.create_program('crowd', 'crowd', 'id', 'gold top 10%, base', value => 'value');
SET work_mem = '64kB';
SELECT tiering.refresh_now('crowd', '2024-01-01');
RESET work_mem;
SELECT tier, count(*) FROM crowd_tiers GROUP BY tier ORDER BY tier;

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SET client_min_messages = error;
DROP SCHEMA ct_refresh CASCADE;
DROP EXTENSION file_fdw CASCADE;
