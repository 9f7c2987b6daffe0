-- program_track: tracking tables whose shape, names and owners change

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

CREATE SCHEMA ct_track;
CREATE SCHEMA ct_shop;
SET search_path = ct_track, ct_shop, public;

--
-- A schema is renamed, a queue is gone: orders go on
--
CREATE TABLE ct_shop.orders (number integer PRIMARY KEY, customer integer, amount numeric);
CREATE VIEW metrics AS SELECT customer, sum(amount) AS revenue FROM ct_shop.orders GROUP BY 1;
SELECT tiering.create_program('vip', 'metrics', 'customer', 'gold >= 500, member', value => 'revenue');
SELECT tiering.track('vip', 'ct_shop.orders', 'customer');
INSERT INTO ct_shop.orders VALUES (1, 1, 600);
CALL tiering.refresh('vip', '2026-01-01');
ALTER SCHEMA ct_track RENAME TO ct_loyalty;
SET search_path = ct_loyalty, ct_shop, public;
INSERT INTO ct_shop.orders VALUES (2, 2, 600);
UPDATE ct_shop.orders SET customer = 3 WHERE number = 2;
DELETE FROM ct_shop.orders WHERE number = 1;
SELECT * FROM vip_tier_touched ORDER BY 1;
TRUNCATE ct_shop.orders;
INSERT INTO ct_shop.orders VALUES (3, 1, 600);
SELECT tiering.attach('vip', 'ct_loyalty');
CALL tiering.refresh_touched('vip', '2026-01-02');
SELECT customer, tier FROM vip_tiers ORDER BY 1;
-- tracked anew it is as before
SELECT tiering.track('vip', 'ct_shop.orders', 'customer');
INSERT INTO ct_shop.orders VALUES (4, 2, 600);
SELECT * FROM vip_tier_touched;
BEGIN;
DROP TABLE vip_tier_touched;
INSERT INTO ct_shop.orders VALUES (5, 2, 600);
TRUNCATE ct_shop.orders;
SELECT tiering.drop_program('vip');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'ct_shop.orders'::regclass;
ROLLBACK;
-- in a schema of another name, triggers are found
ALTER SCHEMA ct_loyalty RENAME TO ct_track;
SET search_path = ct_track, ct_shop, public;
BEGIN;
SELECT tiering.drop_program('vip');
SELECT (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'ct_shop.orders'::regclass) AS triggers,
	(SELECT count(*) FROM pg_proc WHERE proname ~ '^vip_tier_touch') AS functions;
ROLLBACK;
SELECT tiering.attach('vip', 'ct_track');

--
-- A column is renamed, or gets a wider type
--
ALTER TABLE ct_shop.orders RENAME customer TO customer_id;
INSERT INTO ct_shop.orders VALUES (6, 7, 100);
SELECT * FROM vip_tier_touched ORDER BY 1;
SELECT tiering.track('vip', 'ct_shop.orders', 'customer_id');
DELETE FROM vip_tier_touched;
INSERT INTO ct_shop.orders VALUES (7, 8, 100);
SELECT * FROM vip_tier_touched;
SELECT tgname FROM pg_trigger WHERE tgrelid = 'ct_shop.orders'::regclass ORDER BY 1;
DROP VIEW metrics CASCADE;
ALTER TABLE ct_shop.orders ALTER customer_id TYPE bigint;
CREATE VIEW metrics AS SELECT customer_id AS customer, sum(amount) AS revenue FROM ct_shop.orders GROUP BY 1;
INSERT INTO ct_shop.orders VALUES (8, 3000000000, 900);
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('vip', '2026-01-03')$$);
SELECT pg_temp.ct_error($$SELECT tiering.track('vip', 'ct_shop.orders', 'customer_id')$$);
SELECT tiering.alter_program('vip', metrics => 'metrics');
SELECT tiering.track('vip', 'ct_shop.orders', 'customer_id');
INSERT INTO ct_shop.orders VALUES (9, 4000000000, 900);
CALL tiering.refresh_touched('vip', '2026-01-03');
SELECT customer, tier, since FROM vip_tiers ORDER BY 1;
SELECT customer, outlook FROM vip_tier_outlook ORDER BY 1;
SELECT count(*) FROM tiering.verify('vip');

--
-- Lines and payments that know an order's number only
--
CREATE TABLE ct_shop.lines (order_number integer, item text);
CREATE TABLE ct_shop.payments (number bigint, amount numeric);
SELECT pg_temp.ct_error($$SELECT tiering.track('vip', 'ct_shop.payments', 'number', 'ct_shop.orders', 'number', 'customer_id')$$);
SELECT pg_temp.ct_error($$SELECT tiering.track('vip', 'ct_shop.lines', 'order_number', 'ct_shop.orders', 'number')$$);
SELECT pg_temp.ct_error($$SELECT tiering.track('vip', 'ct_shop.lines', 'order_number', 'ct_shop.orders', 'number', 'amount')$$);
SELECT tiering.track('vip', 'ct_shop.lines', 'order_number', 'ct_shop.orders', 'number', 'customer_id');
DELETE FROM vip_tier_touched;
INSERT INTO ct_shop.lines VALUES (8, 'x'), (8, 'y'), (9, 'z'), (NULL, 'n'), (77, 'no such order');
SELECT * FROM vip_tier_touched ORDER BY 1;
DELETE FROM vip_tier_touched;
UPDATE ct_shop.lines SET order_number = 7 WHERE item = 'z';
SELECT * FROM vip_tier_touched ORDER BY 1;
DELETE FROM vip_tier_touched;
DELETE FROM ct_shop.lines WHERE item = 'x';
SELECT * FROM vip_tier_touched ORDER BY 1;
-- what it goes through is gone
BEGIN;
DELETE FROM vip_tier_touched;
ALTER TABLE ct_shop.orders RENAME number TO no;
INSERT INTO ct_shop.lines VALUES (8, 'x');
SELECT * FROM vip_tier_touched;
ROLLBACK;
SELECT tiering.untrack('vip', 'ct_shop.lines', 'order_number');

--
-- By hand
--
DELETE FROM vip_tier_touched;
SELECT tiering.touch('vip', 7), tiering.touch('vip', '8'), tiering.touch('vip', 9::smallint);
SELECT * FROM vip_tier_touched ORDER BY 1;
SELECT pg_temp.ct_error(format($$SELECT tiering.touch('vip', %s)$$, c)) FROM unnest('{NULL::text,''x'',1.5}'::text[]) c;
-- whom nobody knows is no error, nor anybody
SELECT tiering.touch('vip', 999999);
CALL tiering.refresh_touched('vip', '2026-01-04');
SELECT count(*) FROM vip_tiers WHERE customer = 999999;

--
-- Tables that are built anew lose their triggers
--
CREATE TABLE figures AS SELECT 1 AS id, 100.0 AS value;
SELECT tiering.create_program('built', 'figures', 'id', 'gold >= 500, member', value => 'value');
SELECT tiering.track('built', 'figures', 'id');
CALL tiering.refresh('built', '2026-01-01');
CREATE TABLE figures_new AS SELECT 1 AS id, 900.0 AS value;
DROP TABLE figures CASCADE;
ALTER TABLE figures_new RENAME TO figures;
CALL tiering.refresh_touched('built', '2026-01-02');
CALL tiering.refresh('built', '2026-01-02');
SELECT id, tier FROM built_tiers;
SELECT id, value FROM built_tier_outlook;
SELECT tiering.track('built', 'figures', 'id');
CALL tiering.refresh_touched('built', '2026-01-02');
SELECT proname FROM pg_proc WHERE proname ~ '^built_tier_touch';
DROP TABLE figures CASCADE;
SELECT tiering.untrack('built', NULL);
SELECT pg_temp.ct_error($$SELECT tiering.untrack('built', NULL)$$);
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('built')$$);
SELECT tiering.drop_program('built');

--
-- What was done to the queue stops no order
--
CREATE ROLE regress_ct_shopper;
CREATE ROLE regress_ct_given;
GRANT ALL ON SCHEMA ct_track TO regress_ct_given;
GRANT USAGE ON SCHEMA ct_shop TO regress_ct_shopper;
GRANT INSERT ON ct_shop.orders TO regress_ct_shopper;
CREATE PROCEDURE order_after(change text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE change;
	SET LOCAL ROLE regress_ct_shopper;
	SET LOCAL client_min_messages = error;
	INSERT INTO ct_shop.orders VALUES (1000, 7, 1);
	RESET ROLE;
	SET LOCAL client_min_messages = warning;
	TRUNCATE ct_shop.orders;
	RAISE WARNING 'done';
	ROLLBACK;
END $$;
CALL order_after('ALTER TABLE vip_tier_touched RENAME customer TO client');
CALL order_after('ALTER TABLE vip_tier_touched ALTER customer TYPE smallint');
CALL order_after('DELETE FROM vip_tier_touched; ALTER TABLE vip_tier_touched ALTER customer SET NOT NULL');
CALL order_after('ALTER TABLE vip_tier_touched OWNER TO regress_ct_given');
CALL order_after('DROP TABLE vip_tier_touched; CREATE VIEW vip_tier_touched AS SELECT 1::bigint AS customer');
CALL order_after('ALTER FUNCTION vip_tier_touch_1() RENAME TO elsewhere');
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_ct_given', current_database()); END $$;
CREATE FUNCTION given_away() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t text;
BEGIN
	FOR t IN SELECT c.oid::regclass FROM pg_class c WHERE c.relname ~ '^vip_tier' AND c.relkind IN ('r', 'v') LOOP
		EXECUTE format('ALTER TABLE %s OWNER TO regress_ct_given', t);
	END LOOP;
	ALTER FUNCTION vip_tier_touch_1() OWNER TO regress_ct_given;
END $$;
CALL order_after('SELECT given_away(); REVOKE INSERT ON vip_tier_touched FROM regress_ct_given');
CALL order_after('SELECT given_away(); REVOKE ALL ON SCHEMA ct_track FROM regress_ct_given');
-- triggers that are dropped or disabled one by one
DROP TRIGGER vip_tier_1_delete ON ct_shop.orders;
CALL tiering.refresh_touched('vip', '2026-01-04');
SELECT tiering.track('vip', 'ct_shop.orders', 'customer_id');
ALTER TABLE ct_shop.orders DISABLE TRIGGER vip_tier_1_insert;
CALL tiering.refresh_touched('vip', '2026-01-04');
SELECT tiering.track('vip', 'ct_shop.orders', 'customer_id');
CALL tiering.refresh_touched('vip', '2026-01-04');
SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'ct_shop.orders'::regclass ORDER BY 1;

--
-- What cannot be tracked
--
CREATE TABLE parted (customer bigint) PARTITION BY HASH (customer);
CREATE EXTENSION file_fdw SCHEMA public;
CREATE SERVER ct_files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 1, REMAINDER 0) SERVER ct_files OPTIONS (filename '/dev/null');
CREATE TEMPORARY TABLE fleeting (customer bigint);
SELECT t, pg_temp.ct_error(format($$SELECT tiering.track('vip', %L, 'customer')$$, t)) FROM unnest('{parted,parted_0,fleeting,metrics}'::text[]) t;
SELECT pg_temp.ct_error($$SELECT tiering.track('vip', NULL, 'customer')$$);
-- tables of which a distributed engine keeps a list
SELECT tiering_internal.distributed('ct_shop.orders');

--
-- Strings as of old
--
SET standard_conforming_strings = off;
SET escape_string_warning = off;
CREATE TABLE "back\slash" ("cust'omer\" text, v numeric);
SELECT tiering.create_program('o\\ld', '"back\\slash"', 'cust''omer\\', '"g\\" >= 5, m', value => 'v');
SELECT tiering.track('o\\ld', '"back\\slash"', 'cust''omer\\');
INSERT INTO "back\slash" VALUES ('a\\b''', 9);
CALL tiering.refresh('o\\ld', '2026-01-01');
UPDATE "back\slash" SET v = 1;
CALL tiering.refresh_touched('o\\ld', '2026-01-02');
SELECT tiering.pin('o\\ld', 'a\\b''', 'lock', 'g\\', from_date => '2026-01-03', note => 'it''s \\');
CALL tiering.refresh_touched('o\\ld', '2026-01-03');
SELECT * FROM "o\ld_tier_outlook";
SELECT count(*) FROM tiering.verify('o\\ld');
RESET standard_conforming_strings;
RESET escape_string_warning;
SELECT tier, movement, reason FROM "o\ld_tiers";

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SET client_min_messages = error;
DROP SCHEMA ct_track, ct_shop CASCADE;
DROP EXTENSION file_fdw CASCADE;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM regress_ct_given', current_database()); END $$;
DROP ROLE regress_ct_shopper, regress_ct_given;
