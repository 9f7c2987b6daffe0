-- program_hostile: owners of tables who want others to run their functions

SET client_min_messages = warning;
SET datestyle = ISO;
\set SHOW_CONTEXT never

CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || SQLERRM, nullif(d, ''));
END $$;

CREATE ROLE regress_ct_owner;
CREATE ROLE regress_ct_shop;
CREATE ROLE regress_ct_reader;
CREATE SCHEMA ct_hostile AUTHORIZATION regress_ct_owner;
CREATE SCHEMA ct_hostile_shop AUTHORIZATION regress_ct_shop;
GRANT ALL ON SCHEMA ct_hostile TO regress_ct_shop;
GRANT USAGE ON SCHEMA ct_hostile TO regress_ct_reader;
SET search_path = ct_hostile, public;

SET ROLE regress_ct_owner;
CREATE TABLE metrics (customer bigint, revenue numeric);
INSERT INTO metrics VALUES (1, 100), (2, 900);
SELECT tiering.create_program('vip', 'metrics', 'customer', 'gold >= 800, base',
	value => 'revenue');
SELECT tiering.refresh_now('vip', '2024-01-01');
GRANT SELECT ON vip_tiers, vip_tier_history, vip_tier_run TO regress_ct_reader;

--
-- Types whose casts and checks run functions, in the tables of a program: if
-- at all they run as its owner, whoever asks
--
CREATE FUNCTION trap(anyelement) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF current_user <> 'regress_ct_owner' THEN
		RAISE 'trapped %', current_user;
	END IF;
	RETURN true;
END $$;
CREATE DOMAIN trapped_text AS text CHECK (trap(VALUE));
CREATE TYPE trapped AS (content trapped_text);
CREATE TYPE trapped_date AS (content date);
CREATE FUNCTION spring(trapped_date) RETURNS date LANGUAGE plpgsql AS $$
BEGIN
	PERFORM ct_hostile.trap($1);
	RETURN ($1).content;
END $$;
CREATE CAST (trapped_date AS date) WITH FUNCTION spring(trapped_date) AS IMPLICIT;

-- sets the trap, and who asks for what?  What else goes wrong with such tables
-- depends on the version
CREATE PROCEDURE ask(role_name text, trap_set text) LANGUAGE plpgsql AS $$
DECLARE
	question text;
BEGIN
	EXECUTE trap_set;
	EXECUTE format('SET ROLE %I', role_name);
	FOREACH question IN ARRAY ARRAY[
		$q$SELECT tiering.tier_at('vip', '(2)', '2030-01-01')$q$,
		$q$SELECT * FROM tiering.movements('vip', '2020-01-01')$q$,
		$q$SELECT * FROM tiering.pyramid('vip')$q$,
		$q$SELECT * FROM tiering.runs('vip')$q$]
	LOOP
		RAISE WARNING '%: %', split_part(question, 'tiering.', 2),
			coalesce(substring(pg_temp.ct_error(question) FROM 'P0001: trapped.*'), 'not trapped');
	END LOOP;
	ROLLBACK;
END $$;
RESET ROLE;
CALL ask('regress_ct_reader', 'SET ROLE regress_ct_owner;
	DROP VIEW vip_tier_outlook, vip_tier_period;
	ALTER TABLE vip_tiers ALTER customer TYPE trapped USING ROW(customer)::trapped;
	ALTER TABLE vip_tier_history ALTER customer TYPE trapped USING ROW(customer)::trapped');
CALL ask(:'USER', 'SET ROLE regress_ct_owner;
	DROP VIEW vip_tier_outlook, vip_tier_period;
	ALTER TABLE vip_tiers ALTER customer TYPE trapped USING ROW(customer)::trapped');
CALL ask(:'USER', 'SET ROLE regress_ct_owner;
	DROP VIEW vip_tier_outlook, vip_tier_period;
	ALTER TABLE vip_tier_history ALTER as_of TYPE trapped_date USING ROW(as_of)::trapped_date,
		ALTER since TYPE trapped_date USING ROW(since)::trapped_date');
CALL ask(:'USER', 'SET ROLE regress_ct_owner;
	DROP VIEW vip_tier_outlook, vip_tier_period;
	ALTER TABLE vip_tier_run ADD x trapped_date;
	ALTER TABLE vip_tier_run DROP as_of;
	ALTER TABLE vip_tier_run RENAME x TO as_of');
-- it can be dropped
BEGIN;
SET ROLE regress_ct_owner;
DROP VIEW vip_tier_outlook, vip_tier_period;
ALTER TABLE vip_tiers ALTER customer TYPE trapped USING ROW(customer)::trapped;
RESET ROLE;
SELECT tiering.drop_program('vip');
ROLLBACK;
-- columns of one's own, and domains, are nobody's danger
SET ROLE regress_ct_owner;
BEGIN;
CREATE TYPE mood AS ENUM ('glad', 'sad');
ALTER TABLE vip_tiers ADD mood mood DEFAULT 'glad';
CREATE DOMAIN long_text AS text CHECK (length(VALUE) > 1);
DROP VIEW vip_tier_outlook;
ALTER TABLE vip_tiers ALTER tier TYPE long_text;
UPDATE metrics SET revenue = 1000 WHERE customer = 1;
SELECT tiering.refresh_now('vip', '2024-01-02');
SELECT customer, tier, mood FROM vip_tiers ORDER BY customer;
ROLLBACK;

--
-- The same in a tracked table: its owner does not get at the program's owner,
-- and no change of it stops a write or loses a customer
--
SET ROLE regress_ct_shop;
CREATE TABLE orders (customer integer);
GRANT TRIGGER ON orders TO regress_ct_owner;
SET ROLE regress_ct_owner;
SELECT tiering.track('vip', 'orders', 'customer');
SET ROLE regress_ct_shop;
INSERT INTO orders VALUES (1), (2);
CREATE TYPE trapped_number AS (content bigint);
CREATE FUNCTION spring(trapped_number) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RAISE 'trapped %', current_user;
END $$;
CREATE CAST (trapped_number AS bigint) WITH FUNCTION spring(trapped_number) AS IMPLICIT;
ALTER TABLE orders ALTER customer TYPE trapped_number USING ROW(customer)::trapped_number;
INSERT INTO orders VALUES (ROW(3));
UPDATE orders SET customer = ROW(4) WHERE (customer).content = 3;
DELETE FROM orders WHERE (customer).content = 4;
SELECT count(*) FROM orders;
SET ROLE regress_ct_owner;
SELECT customer, count(*) FROM vip_tier_touched GROUP BY customer ORDER BY customer;
SELECT pg_temp.ct_error($$SELECT tiering.track('vip', 'orders', 'customer')$$);
UPDATE metrics SET revenue = 1 WHERE customer = 2;
SELECT tiering.refresh_touched_now('vip', '2024-01-03');
SELECT customer, tier FROM vip_tiers ORDER BY customer;
-- a type that fits goes on as before, a domain too
SET ROLE regress_ct_shop;
ALTER TABLE orders ALTER customer TYPE bigint USING (customer).content;
INSERT INTO orders VALUES (5);
CREATE DOMAIN code AS smallint;
ALTER TABLE orders ALTER customer TYPE code;
INSERT INTO orders VALUES (6);
SET ROLE regress_ct_owner;
SELECT * FROM vip_tier_touched ORDER BY customer;
DELETE FROM vip_tier_touched;
-- so does one that does not fit, another name, and no such column
SET ROLE regress_ct_shop;
ALTER TABLE orders ALTER customer TYPE text;
INSERT INTO orders VALUES ('seven');
ALTER TABLE orders RENAME customer TO client;
DELETE FROM orders WHERE client = 'seven';
ALTER TABLE orders DROP client;
INSERT INTO orders DEFAULT VALUES;
SET ROLE regress_ct_owner;
SELECT customer, count(*) FROM vip_tier_touched GROUP BY customer;
DELETE FROM vip_tier_touched;

--
-- Temporary tables of who writes are not mistaken for others
--
SET ROLE regress_ct_shop;
ALTER TABLE orders ADD customer integer;
CREATE TEMPORARY TABLE new_rows (customer integer DEFAULT 99);
INSERT INTO new_rows DEFAULT VALUES;
CREATE TEMPORARY TABLE pg_attribute (attrelid oid);
CREATE TEMPORARY TABLE pg_type (oid oid);
CREATE TEMPORARY TABLE vip_tier_touched (customer integer);
INSERT INTO orders VALUES (8);
SELECT count(*) FROM pg_temp.vip_tier_touched;
SET ROLE regress_ct_owner;
SELECT * FROM ct_hostile.vip_tier_touched;

--
-- A table that leads to customers: what its owner makes of it, or of its
-- columns' types, runs nothing as the program's owner
--
SET ROLE regress_ct_shop;
GRANT USAGE, CREATE ON SCHEMA ct_hostile_shop TO regress_ct_owner;
CREATE TABLE ct_hostile_shop.sales (id integer PRIMARY KEY, customer integer);
CREATE TABLE ct_hostile_shop.lines (sale integer);
GRANT SELECT, TRIGGER ON ct_hostile_shop.sales, ct_hostile_shop.lines TO regress_ct_owner;
SET ROLE regress_ct_owner;
SELECT tiering.track('vip', 'ct_hostile_shop.lines', 'sale', 'ct_hostile_shop.sales', 'id', 'customer');
SET ROLE regress_ct_shop;
CREATE TABLE ct_hostile_shop.loot (who text);
GRANT INSERT ON ct_hostile_shop.loot TO PUBLIC;
CREATE FUNCTION ct_hostile_shop.take(integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO ct_hostile_shop.loot VALUES (current_user);
	RETURN $1;
END $$;
INSERT INTO ct_hostile_shop.sales VALUES (1, 41), (2, 42);
INSERT INTO ct_hostile_shop.lines VALUES (1);
-- what the planner makes of its indexes and constraints; its policies; and
-- without the right to read it
CREATE FUNCTION ct_hostile_shop.fold(integer) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
	IF current_user <> 'regress_ct_shop' THEN
		RAISE WARNING 'this runs as %', current_user;
	END IF;
	RETURN true;
END $$;
CREATE INDEX ON ct_hostile_shop.sales (id) WHERE ct_hostile_shop.fold(1);
CREATE INDEX ON ct_hostile_shop.sales (ct_hostile_shop.fold(2));
CREATE TABLE ct_hostile_shop.more (CHECK (ct_hostile_shop.fold(3))) INHERITS (ct_hostile_shop.sales);
INSERT INTO ct_hostile_shop.more VALUES (3, 43);
INSERT INTO ct_hostile_shop.lines VALUES (3);
CREATE POLICY hidden ON ct_hostile_shop.sales USING (ct_hostile_shop.take(id) > 0);
ALTER TABLE ct_hostile_shop.sales ENABLE ROW LEVEL SECURITY;
INSERT INTO ct_hostile_shop.lines VALUES (1);
ALTER TABLE ct_hostile_shop.sales DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON ct_hostile_shop.sales FROM regress_ct_owner;
INSERT INTO ct_hostile_shop.lines VALUES (1);
GRANT SELECT (id, customer) ON ct_hostile_shop.sales TO regress_ct_owner;
DROP TABLE ct_hostile_shop.more;
INSERT INTO ct_hostile_shop.lines VALUES (2);
-- a key that only a cast makes one
CREATE TYPE ct_hostile_shop.key AS ENUM ('a');
CREATE FUNCTION ct_hostile_shop.key_number(ct_hostile_shop.key) RETURNS integer LANGUAGE sql AS 'SELECT ct_hostile_shop.take(2)';
CREATE CAST (ct_hostile_shop.key AS integer) WITH FUNCTION ct_hostile_shop.key_number AS IMPLICIT;
ALTER TABLE ct_hostile_shop.lines ADD other ct_hostile_shop.key;
ALTER TABLE ct_hostile_shop.lines RENAME sale TO was;
ALTER TABLE ct_hostile_shop.lines RENAME other TO sale;
INSERT INTO ct_hostile_shop.lines (sale) VALUES ('a');
ALTER TABLE ct_hostile_shop.lines RENAME sale TO other;
ALTER TABLE ct_hostile_shop.lines RENAME was TO sale;
-- a customer that only a cast makes one
ALTER TABLE ct_hostile_shop.sales RENAME customer TO was;
ALTER TABLE ct_hostile_shop.sales ADD customer ct_hostile_shop.key DEFAULT 'a';
INSERT INTO ct_hostile_shop.lines VALUES (2);
-- a view in its place
DROP TABLE ct_hostile_shop.sales;
CREATE VIEW ct_hostile_shop.sales AS SELECT 2 AS id, ct_hostile_shop.take(42) AS customer;
GRANT SELECT ON ct_hostile_shop.sales TO regress_ct_owner;
INSERT INTO ct_hostile_shop.lines VALUES (2);
DROP VIEW ct_hostile_shop.sales;
INSERT INTO ct_hostile_shop.lines VALUES (2);
SELECT * FROM ct_hostile_shop.loot;
SET ROLE regress_ct_owner;
SELECT customer, count(*) FROM ct_hostile.vip_tier_touched GROUP BY customer ORDER BY customer;
DELETE FROM ct_hostile.vip_tier_touched;
SELECT tiering.untrack('vip', 'ct_hostile_shop.lines', 'sale');

--
-- Functions for rows of the metrics' own type, made by one who may create in
-- the schema of the extension, are not preferred
--
RESET ROLE;
GRANT CREATE ON SCHEMA public TO regress_ct_shop;
GRANT USAGE ON SCHEMA ct_hostile TO regress_ct_shop;
SET ROLE regress_ct_shop;
CREATE FUNCTION public.assign(tier_assignment, ct_hostile.metrics, tier_ladder, tier_policy, date, record DEFAULT NULL)
	RETURNS tier_assignment LANGUAGE plpgsql AS $$BEGIN RAISE 'captured'; END$$;
CREATE FUNCTION public.weighted_value(ct_hostile.metrics, tier_scorecard)
	RETURNS double precision LANGUAGE plpgsql AS $$BEGIN RAISE 'captured'; END$$;
RESET ROLE;
CREATE FUNCTION public.capture(state tier_ladder, measures ct_hostile.metrics, ladder tier_ladder)
	RETURNS tier_ladder LANGUAGE plpgsql AS $$BEGIN RAISE 'captured'; END$$;
CREATE AGGREGATE public.calibrate_ladder(ct_hostile.metrics, tier_ladder) (SFUNC = public.capture, STYPE = tier_ladder);
CREATE FUNCTION public.capture(state tier_scorecard, measures ct_hostile.metrics, scorecard tier_scorecard)
	RETURNS tier_scorecard LANGUAGE plpgsql AS $$BEGIN RAISE 'captured'; END$$;
CREATE AGGREGATE public.calibrate_scorecard(ct_hostile.metrics, tier_scorecard) (SFUNC = public.capture, STYPE = tier_scorecard);
SET ROLE regress_ct_owner;
SELECT tiering.create_program('ruled', 'metrics', 'customer', 'gold: revenue top 1, base');
SELECT tiering.create_program('weighed', 'metrics', 'customer', 'gold top 1, base', 'revenue 1 minmax');
RESET ROLE;
SELECT pg_temp.ct_error(format('SELECT assign(NULL, m, %L, %L, %L) FROM ct_hostile.metrics m', 'gold: revenue >= 1, base', '', '2024-01-01')) AS by_hand;
SET ROLE regress_ct_owner;
SELECT p, tiering.refresh_now(p, '2024-01-01') FROM unnest('{ruled,weighed}'::text[]) p;
SELECT p, (SELECT count(*) FROM tiering.verify(p)) AS differ, (SELECT string_agg(concat_ws(' ', s.customer, s.to_tier), ', ' ORDER BY s.customer) FROM tiering.simulate(p, as_of => '2024-01-02') s) AS simulated
FROM unnest('{ruled,weighed}'::text[]) p;
RESET ROLE;
DROP AGGREGATE public.calibrate_ladder(ct_hostile.metrics, tier_ladder), public.calibrate_scorecard(ct_hostile.metrics, tier_scorecard);
DROP FUNCTION public.assign(tier_assignment, ct_hostile.metrics, tier_ladder, tier_policy, date, record), public.weighted_value(ct_hostile.metrics, tier_scorecard),
	public.capture(tier_ladder, ct_hostile.metrics, tier_ladder), public.capture(tier_scorecard, ct_hostile.metrics, tier_scorecard);
SET ROLE regress_ct_owner;
SELECT tiering.drop_program('ruled'), tiering.drop_program('weighed');
SELECT tiering.drop_program('vip');
RESET ROLE;
SET client_min_messages = error;
DROP SCHEMA ct_hostile, ct_hostile_shop CASCADE;
DROP TABLE pg_temp.new_rows, pg_temp.pg_attribute, pg_temp.pg_type, pg_temp.vip_tier_touched;
REVOKE CREATE ON SCHEMA public FROM regress_ct_shop;
DROP ROLE regress_ct_owner, regress_ct_shop, regress_ct_reader;
