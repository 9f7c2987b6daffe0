-- program_safety: who may do what, and names that bite

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

CREATE ROLE regress_ct_owner;
CREATE ROLE regress_ct_deputy IN ROLE regress_ct_owner;
CREATE ROLE regress_ct_other;
CREATE ROLE regress_ct_app;
CREATE ROLE regress_ct_super SUPERUSER;
CREATE SCHEMA ct_safety AUTHORIZATION regress_ct_super;
GRANT ALL ON SCHEMA ct_safety TO regress_ct_owner;
GRANT USAGE ON SCHEMA ct_safety TO regress_ct_other;
SET search_path = ct_safety, public;

SET ROLE regress_ct_owner;
CREATE TABLE orders (customer bigint, amount numeric);
INSERT INTO orders VALUES (1, 100), (2, 600), (3, 900), (3, 1);
CREATE VIEW metrics AS
SELECT customer, sum(amount) AS revenue FROM orders GROUP BY customer;
SELECT tiering.create_program('vip', 'metrics', 'customer', 'gold >= 800, base',
	value => 'revenue');
SELECT tiering.track('vip', 'orders', 'customer');
CALL tiering.refresh('vip', '2024-01-01');

--
-- Who writes orders needs no right on the program
--
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON orders TO regress_ct_app;
SET ROLE regress_ct_app;
SET search_path = ct_safety, public;
SELECT pg_temp.ct_error('SELECT count(*) FROM ct_safety.orders');
RESET ROLE;
GRANT USAGE ON SCHEMA ct_safety TO regress_ct_app;
SET ROLE regress_ct_app;
INSERT INTO orders VALUES (1, 1000);
UPDATE orders SET amount = 1 WHERE customer = 2;
SELECT pg_temp.ct_error('SELECT * FROM vip_tier_touched');
SELECT pg_temp.ct_error('INSERT INTO vip_tier_touched VALUES (1)');
SELECT pg_temp.ct_error($$CALL tiering.refresh_touched('vip')$$);
-- nor may it use the trigger's function for itself
RESET ROLE;
GRANT CREATE ON SCHEMA ct_safety TO regress_ct_app;
SET ROLE regress_ct_app;
CREATE TABLE own (customer bigint);
SELECT pg_temp.ct_error('CREATE TRIGGER t AFTER INSERT ON own REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION vip_tier_touch_1()');
RESET ROLE;
REVOKE CREATE ON SCHEMA ct_safety FROM regress_ct_app;
SET ROLE regress_ct_owner;
SELECT * FROM vip_tier_touched ORDER BY customer;
CALL tiering.refresh_touched('vip', '2024-01-01');
SELECT customer, tier FROM vip_tiers ORDER BY customer;

--
-- Another user reads the registry, no more
--
SET ROLE regress_ct_other;
SELECT name, schema FROM tiering.program;
SELECT statement, pg_temp.ct_error(statement)
FROM unnest(ARRAY[
	$$SELECT tiering.refresh_now('vip')$$,
	$$SELECT tiering.refresh_touched_now('vip')$$,
	$$SELECT * FROM tiering.verify('vip')$$,
	$$SELECT * FROM tiering.simulate('vip')$$,
	$$SELECT * FROM tiering.pyramid('vip')$$,
	$$SELECT * FROM tiering.pyramid('vip', 'revenue')$$,
	$$SELECT * FROM tiering.movements('vip')$$,
	$$SELECT * FROM tiering.runs('vip')$$,
	$$SELECT tiering.tier_at('vip', 1, '2024-01-01')$$,
	$$SELECT tiering.track('vip', 'orders', 'customer')$$,
	$$SELECT tiering.untrack('vip', 'orders')$$,
	$$SELECT tiering.alter_program('vip', policy => 'drop never')$$,
	$$SELECT tiering.drop_program('vip')$$,
	$$SELECT * FROM vip_tiers$$,
	$$UPDATE tiering.program SET policy = 'drop never'$$,
	$$DELETE FROM tiering.program$$,
	$$TRUNCATE tiering.program$$,
	$$INSERT INTO tiering.program (name, schema, metrics_schema, metrics_name, customer,
		ladder, value, policy, time_zone)
	SELECT 'theirs', schema, metrics_schema, metrics_name, customer,
		ladder, value, policy, time_zone FROM tiering.program$$]) AS statement;
CALL tiering.refresh('vip');
-- a row may not be made another's either
RESET ROLE;
GRANT CREATE ON SCHEMA ct_safety TO regress_ct_other;
SET ROLE regress_ct_other;
CREATE TABLE figures (id bigint, value numeric);
SELECT tiering.create_program('theirs', 'figures', 'id', 'all', value => 'value');
SELECT pg_temp.ct_error($$UPDATE tiering.program SET name = 'vip2' WHERE name = 'vip'$$);
SELECT pg_temp.ct_error($$UPDATE tiering.program SET name = 'vip', schema = 'ct_safety'
	WHERE name = 'theirs'$$);
-- metrics that they may not read
SELECT tiering.create_program('peek', 'metrics', 'customer', 'all', value => 'revenue');
SELECT pg_temp.ct_error($$SELECT tiering.track('theirs', 'orders', 'customer')$$);
-- reports for who is granted the tables
SET ROLE regress_ct_owner;
GRANT SELECT ON vip_tiers, vip_tier_history, vip_tier_run TO regress_ct_other;
SET ROLE regress_ct_other;
SELECT * FROM tiering.pyramid('vip');
SELECT sum(customers) FROM tiering.movements('vip');
SELECT count(*) FROM tiering.runs('vip');
SELECT tiering.tier_at('vip', 1, '2024-01-01');
SELECT pg_temp.ct_error($$SELECT * FROM tiering.pyramid('vip', 'revenue')$$);

--
-- A superuser and a member have the owner do the work
--
SET ROLE regress_ct_deputy;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('vip', '2024-01-01')$$);
SELECT tiering.alter_program('vip', policy => 'drop one step');
SET ROLE regress_ct_super;
SELECT statement, pg_temp.ct_error(statement)
FROM unnest(ARRAY[
	$$SELECT tiering.refresh_now('vip', '2024-01-01')$$,
	$$SELECT tiering.refresh_touched_now('vip', '2024-01-01')$$,
	$$SELECT * FROM tiering.verify('vip')$$,
	$$SELECT * FROM tiering.simulate('vip')$$,
	$$SELECT * FROM tiering.pyramid('vip', 'revenue')$$,
	$$SELECT tiering.track('vip', 'orders', 'customer')$$]) AS statement;
CALL tiering.refresh('vip', '2024-01-02');
-- nor one who was put in the place of a table
SET ROLE regress_ct_owner;
CREATE FUNCTION burst() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RAISE 'run as %', current_user;
END $$;
BEGIN;
ALTER TABLE vip_tier_history RENAME TO history;
CREATE VIEW vip_tier_history AS SELECT *, burst() FROM history;
RESET ROLE;
SELECT pg_temp.ct_error($$SELECT * FROM tiering.movements('vip')$$);
ROLLBACK;

-- reports are read as the owner
SET ROLE regress_ct_super;
SELECT statement, pg_temp.ct_error(statement)
FROM unnest(ARRAY[
	$$SELECT * FROM tiering.movements('vip', '2024-01-01')$$,
	$$SELECT tiering.tier_at('vip', 1, '2024-01-01')$$,
	$$SELECT * FROM tiering.runs('vip')$$,
	$$SELECT * FROM tiering.pyramid('vip')$$]) AS statement;
RESET ROLE;

-- nor by a cast that a column of it brings
BEGIN;
SET ROLE regress_ct_owner;
DROP VIEW vip_tier_period, vip_tier_outlook;
CREATE TYPE day AS (day date);
CREATE FUNCTION burst(day) RETURNS date LANGUAGE plpgsql AS $$
BEGIN
	RAISE 'run as %', current_user;
END $$;
CREATE CAST (day AS date) WITH FUNCTION burst(day) AS IMPLICIT;
ALTER TABLE vip_tier_history ALTER as_of TYPE day USING ROW(as_of)::day,
	ALTER since TYPE day USING ROW(since)::day;
SET ROLE regress_ct_super;
SELECT statement, pg_temp.ct_error(statement)
FROM unnest(ARRAY[
	$$SELECT * FROM tiering.movements('vip', '2024-01-01')$$,
	$$SELECT tiering.tier_at('vip', 1, '2024-01-01')$$,
	$$SELECT * FROM tiering.runs('vip')$$,
	$$SELECT * FROM tiering.pyramid('vip')$$]) AS statement;
ROLLBACK;

--
-- The owner of a tracked table cannot run a cast as the program's owner
--
SET ROLE regress_ct_other;
CREATE TYPE key AS (key bigint);
CREATE FUNCTION burst(key) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RAISE 'run as %', current_user;
END $$;
CREATE CAST (key AS bigint) WITH FUNCTION burst(key) AS IMPLICIT;
CREATE DOMAIN keys AS key;
CREATE TABLE foreign_orders (customer bigint, other keys);
GRANT TRIGGER ON foreign_orders TO regress_ct_owner;
SET ROLE regress_ct_owner;
SELECT pg_temp.ct_error($$SELECT tiering.track('vip', 'foreign_orders', 'other')$$);
SELECT tiering.track('vip', 'foreign_orders', 'customer');
SET ROLE regress_ct_other;
INSERT INTO foreign_orders VALUES (77);
ALTER TABLE foreign_orders ALTER customer TYPE keys USING ROW(customer)::key;
SELECT pg_temp.ct_error('INSERT INTO foreign_orders VALUES (ROW(78)::key)');
SELECT pg_temp.ct_error('UPDATE foreign_orders SET other = NULL');
ALTER TABLE foreign_orders ALTER customer TYPE integer USING 79;
UPDATE foreign_orders SET other = NULL;
SET ROLE regress_ct_owner;
SELECT customer FROM vip_tier_touched WHERE customer BETWEEN 77 AND 79 ORDER BY customer;
SELECT tiering.untrack('vip', 'foreign_orders');
SELECT tiering.refresh_touched_now('vip', '2024-01-02');
-- tables that end with the session would leave a row that nobody may delete
CREATE TEMPORARY TABLE session (id integer);
SELECT pg_temp.ct_error(format($$SELECT tiering.create_program('gone', 'ct_safety.orders',
	'customer', 'all', value => 'amount', schema => %L)$$, schema))
FROM unnest(ARRAY['pg_temp', (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema())]) schema;

--
-- The owner is who owns the tables
--
RESET ROLE;
ALTER ROLE regress_ct_owner RENAME TO regress_ct_renamed;
SET ROLE regress_ct_renamed;
SELECT tiering.refresh_now('vip', '2024-01-02');
RESET ROLE;
ALTER ROLE regress_ct_renamed RENAME TO regress_ct_owner;

--
-- Row security of the metrics holds
--
SET ROLE regress_ct_owner;
CREATE TABLE secured (id integer, value numeric, region text);
INSERT INTO secured VALUES (1, 1, 'north'), (2, 2, 'south'), (3, 3, 'north');
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY north ON secured TO regress_ct_other USING (region = 'north');
GRANT SELECT ON secured TO regress_ct_other;
SELECT tiering.create_program('mine', 'secured', 'id', 'all', value => 'value');
SELECT tiering.refresh_now('mine', '2024-01-01');
SET ROLE regress_ct_other;
SELECT tiering.create_program('northern', 'secured', 'id', 'all', value => 'value');
CREATE VIEW visible AS SELECT * FROM secured;
SELECT tiering.create_program('northern', 'visible', 'id', 'all', value => 'value');
SELECT tiering.refresh_now('northern', '2024-01-01');
SELECT id FROM northern_tiers ORDER BY id;
INSERT INTO northern_tier_touched VALUES (1), (2);
SELECT tiering.refresh_touched_now('northern', '2024-01-01');
SELECT count(*) FROM northern_tiers;
SELECT count(*) FROM tiering.simulate('northern');
SELECT tiering.drop_program('northern');
SET ROLE regress_ct_owner;
SELECT tiering.drop_program('mine');

--
-- Names that bite
--
CREATE TABLE "a {customer} table; DROP TABLE orders" ("the ""{tiers}"" 100%" text, "va'lue; --" double precision,
	"re%sgion" text);
INSERT INTO "a {customer} table; DROP TABLE orders" VALUES
	('Robert''); DROP TABLE orders; --', 1, 'x'), ('"', 2, ''''), ('', 3, NULL);
RESET ROLE;
CREATE SCHEMA "ct ""safe""; --" AUTHORIZATION regress_ct_owner;
SET ROLE regress_ct_owner;
CREATE TABLE names (name text);
INSERT INTO names VALUES ('x; DROP TABLE orders'), ('O''Neill "the" %s'), ('UPPER lower'),
	(repeat('x', 45)), (repeat('x', 44) || 'y'), ('漢字漢字漢字漢字漢字漢字漢字'), ('$$ $1 \'), ('{history} {x} {');
SELECT tiering.create_program(name, '"a {customer} table; DROP TABLE orders"', 'the "{tiers}" 100%',
	'"top; --" top 30%, "{value} %1$s"', value => 'va''lue; --', per => 're%sgion',
	schema => 'ct "safe"; --')
FROM names;
SELECT tiering.track(name, '"a {customer} table; DROP TABLE orders"', 'the "{tiers}" 100%') FROM names;
SELECT tiering.refresh_now(name, '2024-01-01') FROM names;
CALL tiering.refresh('x; DROP TABLE orders', '2024-01-02');
CALL tiering.refresh('O''Neill "the" %s', '2024-01-02');
UPDATE "a {customer} table; DROP TABLE orders" SET "va'lue; --" = -"va'lue; --";
CALL tiering.refresh_touched('x; DROP TABLE orders', '2024-01-02');
SELECT sum(customers), sum(changed) FROM names, tiering.runs(name);
SELECT name, tiering.refresh_touched_now(name, '2024-01-03') FROM names;
SELECT count(*) FROM names, tiering.verify(name);
SELECT DISTINCT p.tier, p.customers, p.amount FROM names, tiering.pyramid(name, 'va''lue; --') p ORDER BY 1;
SELECT DISTINCT tiering.tier_at(name, '"', '2024-01-02') FROM names ORDER BY 1;
SELECT count(*) FROM names, tiering.movements(name);
SELECT c.relname FROM pg_class c
WHERE relnamespace = '"ct ""safe""; --"'::regnamespace AND relname LIKE 'xxx%' AND relkind IN ('r', 'S', 'i')
ORDER BY relname COLLATE "C";
SELECT max(octet_length(tgname)), max(octet_length(f.proname)) FROM pg_trigger t JOIN pg_proc f ON f.oid = tgfoid
WHERE tgrelid = '"a {customer} table; DROP TABLE orders"'::regclass;
SELECT tiering.untrack(name, '"a {customer} table; DROP TABLE orders"') FROM names WHERE name NOT LIKE 'x%';
SELECT tiering.alter_program(name, '"{value} %1$s"') FROM names WHERE name NOT LIKE 'x%';
SELECT tiering.drop_program(name) FROM names;
SELECT count(*) FROM orders;
SELECT relname FROM pg_class WHERE relnamespace = '"ct ""safe""; --"'::regnamespace;

--
-- A hostile schema in front of the search_path changes nothing
--
RESET ROLE;
CREATE SCHEMA ct_evil AUTHORIZATION regress_ct_owner;
SET ROLE regress_ct_owner;
SET search_path = ct_evil;
CREATE FUNCTION evil(a text, b text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION evil(a bigint, b bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION evil(a date, b date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION evil(a name, b text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION evil(a oid, b oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION evil_concat(a text, b text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
DO $$
DECLARE
	o text;
	t text;
BEGIN
	FOREACH o IN ARRAY ARRAY['=', '<>', '<', '<=', '>', '>='] LOOP
		FOREACH t IN ARRAY ARRAY['text', 'bigint', 'date', 'oid'] LOOP
			EXECUTE format('CREATE OPERATOR %s (LEFTARG = %s, RIGHTARG = %2$s, FUNCTION = evil)', o, t);
		END LOOP;
	END LOOP;
END $$;
CREATE OPERATOR = (LEFTARG = name, RIGHTARG = text, FUNCTION = evil);
CREATE OPERATOR || (LEFTARG = text, RIGHTARG = text, FUNCTION = evil_concat);
CREATE FUNCTION format(text, VARIADIC text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION format(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION quote_ident(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION replace(text, text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION statement_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION current_setting(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION pg_has_role(name, oid, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION assign(record, numeric, record, record, date, numeric) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE DOMAIN jsonb AS integer CHECK (VALUE > 0);
CREATE DOMAIN bigint AS integer CHECK (VALUE < 0);
CREATE DOMAIN date AS integer CHECK (VALUE < 0);
CREATE DOMAIN text AS integer CHECK (VALUE < 0);
CREATE TABLE pg_class (oid oid);
CREATE TABLE pg_trigger (oid oid);
CREATE TABLE program (name integer);
CREATE TABLE tiering_metrics (customer integer);
\c -
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET ROLE regress_ct_owner;
SET search_path = ct_evil, pg_catalog, ct_safety, public;
SELECT tiering.create_program('evil', 'ct_safety.metrics'::pg_catalog.regclass, 'customer',
	'gold top 50%, base', value => 'revenue', schema => 'ct_safety');
SELECT tiering.track('evil', 'ct_safety.orders'::pg_catalog.regclass, 'customer');
CALL tiering.refresh('evil', '2024-01-01');
INSERT INTO ct_safety.orders VALUES (2, 5000);
UPDATE ct_safety.orders SET amount = 0 WHERE customer OPERATOR(pg_catalog.=) 3;
CALL tiering.refresh_touched('evil', '2024-01-01');
SELECT tiering.refresh_now('evil', '2024-01-02'), tiering.refresh_touched_now('evil', '2024-01-02');
CALL tiering.refresh_touched('evil', '2024-01-03');
SELECT customer, tier, movement FROM ct_safety.evil_tiers ORDER BY customer;
SELECT * FROM tiering.verify('evil');
SELECT customer, from_tier, to_tier FROM tiering.simulate('evil');
SELECT customer, tier, value FROM evil_tier_outlook ORDER BY customer;
SELECT * FROM tiering.movements('evil');
SELECT * FROM tiering.pyramid('evil', 'revenue');
SELECT run, kind, status FROM tiering.runs('evil');
SELECT tiering.tier_at('evil', 3, '2024-01-02');
SELECT tiering.alter_program('evil', policy => 'drop never');
SELECT tiering.untrack('evil', 'ct_safety.orders'::pg_catalog.regclass);
SELECT tiering.drop_program('evil');

--
-- Afterwards
--
RESET ROLE;
RESET search_path;
SET client_min_messages = error;
DROP SCHEMA ct_evil CASCADE;
-- members of the owner may
SET ROLE regress_ct_deputy;
SELECT tiering.drop_program('vip');
SET ROLE regress_ct_other;
SELECT tiering.drop_program('theirs');
RESET ROLE;
SELECT count(*) FROM tiering.program;
DROP SCHEMA ct_safety, "ct ""safe""; --" CASCADE;
DROP ROLE regress_ct_owner, regress_ct_deputy, regress_ct_other, regress_ct_app, regress_ct_super;
