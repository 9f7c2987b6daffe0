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
-- by another name the function is found
BEGIN;
ALTER FUNCTION vip_tier_touch_1() RENAME TO elsewhere;
DELETE FROM vip_tier_touched;
INSERT INTO ct_shop.orders VALUES (1000, 7, 1);
SELECT * FROM vip_tier_touched;
SELECT tiering.track('vip', 'ct_shop.orders', 'customer_id');
SELECT count(*), min(proname) FROM pg_trigger JOIN pg_proc f ON f.oid = tgfoid WHERE tgrelid = 'ct_shop.orders'::regclass;
SELECT tiering.drop_program('vip');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'ct_shop.orders'::regclass;
ROLLBACK;
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
-- A queue that needs more than rows is filled by a statement, as its owner
--
CREATE FUNCTION show_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE WARNING '% noted by %', NEW.customer, current_user;
	RETURN NEW;
END $$;
CREATE FUNCTION order_noted(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	noted text;
BEGIN
	EXECUTE 'DELETE FROM vip_tier_touched; ' || change;
	INSERT INTO ct_shop.orders SELECT 1000 + i, i, 1 FROM generate_series(1, 3) i;
	SELECT string_agg(coalesce(q.customer::text, 'NULL'), ' ' ORDER BY q.customer) INTO noted FROM vip_tier_touched q;
	RAISE 'noted: %', noted;
EXCEPTION WHEN raise_exception THEN
	RETURN SQLERRM;
END $$;
SELECT c, order_noted(c) FROM unnest(ARRAY['', 'CREATE INDEX ON vip_tier_touched (customer)',
	'CREATE UNIQUE INDEX ON vip_tier_touched (customer) WHERE customer = 2',
	'ALTER TABLE vip_tier_touched ALTER customer SET DEFAULT 5', 'ALTER TABLE vip_tier_touched ADD CHECK (customer > 0)',
	'CREATE TRIGGER t BEFORE INSERT ON vip_tier_touched FOR EACH ROW EXECUTE FUNCTION show_noted()',
	'CREATE RULE r AS ON INSERT TO vip_tier_touched WHERE NEW.customer = 2 DO INSTEAD NOTHING',
	'CREATE RULE r AS ON INSERT TO vip_tier_touched DO INSTEAD NOTHING',
	'ALTER TABLE vip_tier_touched ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
	-- where it does not take a key, everyone is noted
	'ALTER TABLE vip_tier_touched ADD CHECK (customer <> 2)',
	'INSERT INTO vip_tier_touched VALUES (3); CREATE UNIQUE INDEX ON vip_tier_touched (customer)',
	'ALTER TABLE vip_tier_touched ADD CHECK (customer > 3), ADD CHECK (customer IS NOT NULL)']) c;

--
-- Keys of many types, and many of them
--
CREATE TABLE named (id text, value numeric);
SELECT tiering.create_program('texts', 'named', 'id', 'gold >= 500, member', value => 'value');
CREATE DOMAIN short AS varchar(9);
CREATE TABLE keys (a text, b varchar(20), c char(12), d short, number integer);
SELECT tiering.track('texts', 'keys', c) FROM unnest('{a,b,c,d}'::name[]) c;
INSERT INTO keys VALUES ('a', 'b ', 'c', 'd', 1), (NULL, NULL, NULL, NULL, 2);
SELECT format('<%s>', id) FROM texts_tier_touched ORDER BY id COLLATE "C";
SELECT tiering.untrack('texts', 'keys', c) FROM unnest('{b,c,d}'::name[]) c;
-- keys too long for a page
TRUNCATE texts_tier_touched;
INSERT INTO keys (a) SELECT string_agg(md5(i::text || r::text), '') FROM generate_series(1, 500) i, generate_series(1, 3) r GROUP BY r;
SELECT length(id), id IN (SELECT a FROM keys) AS same FROM texts_tier_touched;
-- 5,000 rows, two of each customer one after the other
TRUNCATE texts_tier_touched;
INSERT INTO keys (a, number) SELECT 'k' || i / 2, i FROM generate_series(0, 4999) i;
SELECT count(*) < 2600 AS few, count(DISTINCT id), min(id), max(id) FROM texts_tier_touched;
TRUNCATE texts_tier_touched;
UPDATE keys SET b = 'x' WHERE a LIKE 'k%';
SELECT count(*) < 2600 AS few, count(DISTINCT id) FROM texts_tier_touched;
TRUNCATE texts_tier_touched;
UPDATE keys SET a = 'n' || number WHERE number BETWEEN 100 AND 1299;
SELECT left(id, 1), count(DISTINCT id) FROM texts_tier_touched GROUP BY 1 ORDER BY 1;
TRUNCATE texts_tier_touched;
DELETE FROM keys WHERE a LIKE 'n%';
SELECT count(*) FROM texts_tier_touched;
-- through another table
CREATE TABLE lines (number integer);
SELECT tiering.track('texts', 'lines', 'number', 'keys', 'number', 'a');
TRUNCATE texts_tier_touched;
INSERT INTO lines SELECT i FROM generate_series(1300, 4999) i;
SELECT count(DISTINCT id) FROM texts_tier_touched;
-- tracked anew through another column
ALTER TABLE keys RENAME number TO no;
SELECT tiering.track('texts', 'lines', 'number', 'keys', 'no', 'a');
TRUNCATE texts_tier_touched;
INSERT INTO lines VALUES (1301), (NULL), (1);
SELECT * FROM texts_tier_touched ORDER BY 1;
SELECT count(*), count(DISTINCT tgargs) FROM pg_trigger WHERE tgrelid = 'lines'::regclass;
SELECT tiering.drop_program('texts');

--
-- The language, in other hands
--
GRANT CREATE ON SCHEMA ct_track TO regress_ct_given;
SET ROLE regress_ct_given;
SET search_path = ct_track;
SELECT pg_temp.ct_error(s) FROM unnest(ARRAY[
	'CREATE FUNCTION f() RETURNS integer LANGUAGE tier_touch AS ''''', 'DO LANGUAGE tier_touch ''''',
	'CREATE FUNCTION f(integer) RETURNS trigger LANGUAGE tier_touch AS ''''']) s;
CREATE FUNCTION f() RETURNS trigger LANGUAGE tier_touch AS 'vip_tier_touched';
CREATE FUNCTION g() RETURNS trigger LANGUAGE tier_touch AS 'own';
CREATE FUNCTION h() RETURNS trigger LANGUAGE tier_touch AS $$a name that is longer than any name of a table could be in this world$$;
CREATE TABLE own (key bigint);
CREATE TABLE written (a integer, b bigint);
CREATE FUNCTION written_by(made text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	noted text;
BEGIN
	EXECUTE 'CREATE TRIGGER t ' || made;
	INSERT INTO written VALUES (1, 2);
	SELECT string_agg(coalesce(o.key::text, 'NULL'), ' ') INTO noted FROM own o;
	RAISE 'noted: %', noted;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT t, written_by(t) FROM unnest(ARRAY[
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION f(''a'')',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION g(''a'')',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION h(''a'')',
	'AFTER INSERT ON written EXECUTE FUNCTION g(''a'')',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION g(''tableoid'')',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION g('''')',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION g(''b'', ''ct_track'', ''written'', ''b'', ''a'')',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION g(''b'', '''', ''"; DROP TABLE own; --'', ''b'', ''a'')',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION g()',
	'AFTER INSERT ON written REFERENCING NEW TABLE AS r EXECUTE FUNCTION g(''a'', ''b'')',
	'AFTER INSERT ON written FOR EACH ROW EXECUTE FUNCTION g(''a'')',
	'BEFORE INSERT ON written EXECUTE FUNCTION g(''a'')',
	'BEFORE INSERT ON written FOR EACH ROW EXECUTE FUNCTION g(''a'')']) t;
DROP FUNCTION f, g, h, written_by;
DROP TABLE own, written;
RESET ROLE;
SET search_path = ct_track, ct_shop, public;

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
DO $$ BEGIN		-- PostgreSQL 19 has no others
	PERFORM set_config(s, 'off', false) FROM unnest('{standard_conforming_strings,escape_string_warning}'::text[]) s
	WHERE current_setting('server_version_num')::integer < 190000;
END $$;
CREATE TABLE "back\slash" ("cust'omer\" text, v numeric);
SELECT tiering.create_program(E'o\\ld', E'"back\\slash"', E'cust''omer\\', E'"g\\" >= 5, m', value => 'v');
SELECT tiering.track(E'o\\ld', E'"back\\slash"', E'cust''omer\\');
INSERT INTO "back\slash" VALUES (E'a\\b''', 9);
CALL tiering.refresh(E'o\\ld', '2026-01-01');
UPDATE "back\slash" SET v = 1;
CALL tiering.refresh_touched(E'o\\ld', '2026-01-02');
SELECT tiering.pin(E'o\\ld', E'a\\b''', 'lock', E'g\\', from_date => '2026-01-03', note => E'it''s \\');
CALL tiering.refresh_touched(E'o\\ld', '2026-01-03');
SELECT * FROM "o\ld_tier_outlook";
SELECT count(*) FROM tiering.verify(E'o\\ld');
DO $$ BEGIN
	PERFORM set_config(s, 'on', false) FROM unnest('{standard_conforming_strings,escape_string_warning}'::text[]) s
	WHERE current_setting('server_version_num')::integer < 190000;
END $$;
SELECT tier, movement, reason FROM "o\ld_tiers";

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SET client_min_messages = error;
DROP SCHEMA ct_track, ct_shop CASCADE;
DROP EXTENSION file_fdw CASCADE;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM regress_ct_given', current_database()); END $$;
DROP ROLE regress_ct_shopper, regress_ct_given;
