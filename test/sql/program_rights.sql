-- program_rights: nobody gains a right by a program, whoever runs it

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

CREATE ROLE regress_ct_mallory;
CREATE ROLE regress_ct_member IN ROLE regress_ct_mallory;
CREATE ROLE regress_ct_stranger;
CREATE ROLE regress_ct_admin SUPERUSER;
CREATE SCHEMA ct_rights AUTHORIZATION regress_ct_mallory;
GRANT ALL ON SCHEMA ct_rights TO regress_ct_stranger;
SET search_path = ct_rights, public;

--
-- Whatever the owner puts in the way of a refresh runs as the owner, cannot
-- become anybody else, and leaves nothing behind in the session
--
SET ROLE regress_ct_mallory;
CREATE TABLE caught (what text, who name, error text);
CREATE FUNCTION try(what text, statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	INSERT INTO ct_rights.caught VALUES (what, current_user, NULL);
EXCEPTION WHEN OTHERS THEN
	INSERT INTO ct_rights.caught VALUES (what, current_user, SQLSTATE);
END $$;
CREATE FUNCTION spring(place text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM ct_rights.try(place || ': ' || split_part(s, ' ', 1) || ' ' || split_part(s, ' ', 2), s)
	FROM unnest(ARRAY['RESET ROLE', 'SET ROLE regress_ct_admin', 'SET SESSION AUTHORIZATION DEFAULT',
		'ALTER ROLE regress_ct_mallory SUPERUSER', 'CREATE TEMPORARY TABLE left_behind ()',
		'PREPARE left_behind AS SELECT 1', 'LISTEN left_behind', 'DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1',
		'COPY (SELECT 1) TO PROGRAM ''cat''', 'SET work_mem = ''77MB''', 'SET search_path = ct_rights']) s;
	RETURN true;
END $$;
CREATE TABLE spend (customer bigint PRIMARY KEY, revenue numeric);
INSERT INTO spend VALUES (1, 100), (2, 10);
CREATE VIEW metrics AS SELECT customer, revenue FROM spend WHERE (SELECT ct_rights.spring('view'));
SELECT tiering.create_program('vip', 'metrics', 'customer', 'gold >= 50, base', value => 'revenue');
CREATE FUNCTION on_row() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM ct_rights.spring(TG_ARGV[0]); RETURN NEW; END$$;
CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON vip_tiers FOR EACH STATEMENT EXECUTE FUNCTION on_row('trigger');
CREATE FUNCTION of_index(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$BEGIN PERFORM ct_rights.spring('index'); RETURN $1; END$$;
CREATE INDEX ON vip_tier_history (of_index(customer));
ALTER TABLE vip_tier_run ADD extra boolean DEFAULT ct_rights.spring('default');
ALTER TABLE vip_tier_history ADD CHECK (ct_rights.spring('check'));
TRUNCATE caught;
RESET ROLE;
SHOW work_mem;
-- by a superuser, through every door
CALL tiering.refresh('vip', '2026-01-01');
SELECT current_user = session_user AS still_me, current_setting('search_path'), current_setting('work_mem');
UPDATE spend SET revenue = 60 WHERE customer = 2;
SELECT tiering.refresh_now('vip', '2026-01-02');
INSERT INTO vip_tier_touched VALUES (1);
CALL tiering.refresh_touched('vip', '2026-01-02');
SELECT count(*) FROM tiering.verify('vip');
SELECT count(*) FROM tiering.simulate('vip');
SELECT count(*) FROM tiering.runs('vip');
SELECT count(*) FROM tiering.movements('vip');
SELECT count(*) FROM tiering.moved('vip');
SELECT count(*) FROM tiering.pyramid('vip', 'revenue');
SELECT tiering.tier_at('vip', 2, '2026-01-02'), tiering.ladder('vip');
SELECT count(*) FROM tiering.status() WHERE program = 'vip';
SELECT tiering.pin('vip', 1, 'floor', 'gold') IS NOT NULL AS pinned;
SELECT tiering.replay_now('vip', '2026-01-01');
SELECT tiering.undo('vip') IS NOT NULL AS undone;
SELECT tiering.alter_program('vip', policy => 'drop one step');
-- and by a member, who is not the owner
SET ROLE regress_ct_member;
SELECT tiering.refresh_now('vip', '2026-01-03');
SELECT current_user;
RESET ROLE;
SELECT DISTINCT split_part(what, ':', 1) COLLATE "C" AS place, split_part(what, ': ', 2) COLLATE "C" AS what, who, error
FROM caught ORDER BY 1, 2;
SELECT rolname FROM pg_roles WHERE rolname ~ '^regress_ct_' AND rolsuper;
SELECT (SELECT count(*) FROM pg_prepared_statements) + (SELECT count(*) FROM pg_cursors WHERE name = 'left_behind') +
	(SELECT count(*) FROM pg_listening_channels()) + (SELECT count(*) FROM pg_class WHERE relname = 'left_behind') AS left_behind,
	current_setting('work_mem'), current_setting('search_path');
SET ROLE regress_ct_mallory;
CREATE OR REPLACE VIEW metrics AS SELECT customer, revenue FROM spend;
DROP TRIGGER trap ON vip_tiers;
ALTER TABLE vip_tier_history DROP CONSTRAINT vip_tier_history_check;
DROP FUNCTION of_index CASCADE;
ALTER TABLE vip_tier_run DROP extra;

--
-- Metrics that another role can replace
--
SET ROLE regress_ct_stranger;
CREATE TABLE figures (customer bigint, revenue numeric);
GRANT SELECT ON figures TO PUBLIC;
RESET ROLE;
SELECT pg_temp.ct_error($$SELECT tiering.create_program('adm', 'ct_rights.figures', 'customer', 'gold >= 50, base', value => 'revenue')$$);
SET ROLE regress_ct_mallory;
SELECT pg_temp.ct_error($$SELECT tiering.create_program('theirs', 'ct_rights.figures', 'customer', 'gold >= 50, base', value => 'revenue')$$);
SELECT tiering.create_program('later', 'spend', 'customer', 'gold >= 50, base', value => 'revenue');
RESET ROLE;
ALTER TABLE spend OWNER TO regress_ct_stranger;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('later', '2026-01-01')$$);
ALTER TABLE spend OWNER TO regress_ct_admin;
GRANT SELECT ON spend TO regress_ct_mallory;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('later', '2026-01-01')$$);
SELECT tiering.drop_program('later');

-- or that read another role's view, however deep: it runs as whoever reads it
SET ROLE regress_ct_stranger;
CREATE VIEW theirs AS SELECT * FROM figures;
RESET ROLE;
CREATE VIEW ours AS SELECT customer, revenue FROM theirs;
CREATE VIEW more_ours AS SELECT * FROM ours WHERE revenue > 0;
SELECT pg_temp.ct_error($$SELECT tiering.create_program('deep', 'more_ours', 'customer', 'gold >= 50, base', value => 'revenue')$$);
CREATE OR REPLACE VIEW more_ours AS SELECT customer, revenue FROM figures;
SELECT tiering.create_program('deep', 'more_ours', 'customer', 'gold >= 50, base', value => 'revenue');
CREATE OR REPLACE VIEW more_ours AS SELECT customer, revenue FROM theirs;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('deep', '2026-01-01')$$);
CREATE MATERIALIZED VIEW stored AS SELECT * FROM theirs;
CREATE OR REPLACE VIEW more_ours AS SELECT customer, revenue FROM stored;
SELECT tiering.refresh_now('deep', '2026-01-01');
SELECT tiering.drop_program('deep');
DROP VIEW more_ours, ours;
DROP MATERIALIZED VIEW stored;
ALTER TABLE spend OWNER TO regress_ct_mallory;

--
-- A stranger locks nobody out, and takes no name for good
--
SET ROLE regress_ct_stranger;
SELECT s, pg_temp.ct_error(s) FROM unnest(ARRAY[
	'SELECT name FROM tiering.program FOR UPDATE', 'SELECT name FROM tiering.program FOR SHARE',
	'LOCK TABLE tiering.program IN ACCESS EXCLUSIVE MODE', 'LOCK TABLE tiering.program IN SHARE MODE',
	'UPDATE tiering.program SET policy = ''drop never''', 'DELETE FROM tiering.program', 'TRUNCATE tiering.program',
	'SELECT tiering_internal.write_program(p, true) FROM tiering.program p',
	'SELECT tiering_internal.write_program(p, false) FROM tiering.program p',
	'SELECT tiering_internal.change_program(p, true) FROM tiering.program p',
	'SELECT tiering_internal.change_program(p, false) FROM tiering.program p',
	'SELECT * FROM tiering_internal.as_owner(''vip'', ''verify'', ''{}'') AS x (a text)',
	'SELECT * FROM tiering_internal.as_owner(''vip'', ''nothing'', ''{}'') AS x (a text)',
	'SELECT * FROM tiering_internal.as_owner(''vip'', ''x"; DROP TABLE vip_tiers; --'', ''{}'') AS x (a text)',
	'SELECT tiering_internal.work_undo(''vip'', ''{}'')', 'SELECT tiering_internal.do_run(''vip'', 1, ''{}'')',
	'SELECT tiering_internal.with_rows(''x'', ''TABLE vip_tiers'', ARRAY[''SELECT to_jsonb(1)''], ''1'')',
	'SELECT tiering.drop_program(''vip'')', 'SELECT tiering.attach(''vip'', ''ct_rights'')',
	'SELECT tiering.grant_read(''vip'', ''regress_ct_stranger'')']) s;
-- nor does anybody crash the server by what is called with care only by ourselves
SELECT s, split_part(pg_temp.ct_error(s), ':', 1) AS error FROM unnest(ARRAY[
	'SELECT tiering_internal.touch_handler() IS NULL', 'SELECT tiering_internal.touch_validator(0)', 'SELECT tiering_internal.touch_validator(''pg_catalog.now()''::regprocedure)',
	'SELECT tiering_internal.with_rows(NULL, NULL, NULL, NULL)',
	'SELECT tiering_internal.with_rows(''x'', '''', ''{SELECT to_jsonb(1)}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SELECT 1; SELECT 2'', ''{SELECT to_jsonb(1)}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SET work_mem = 1000'', ''{SELECT to_jsonb(1)}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SELECT 1 AS one'', ''{SELECT 1,SELECT $1}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SELECT 1 AS one'', ''{SELECT FROM x}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SELECT 1 AS one'', ''{NULL}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SELECT 1 AS one'', ''{COMMIT}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SELECT 1 AS one'', ''{SELECT to_jsonb(x) FROM x}'', ''1'')',
	'SELECT tiering_internal.with_rows(''x'', ''SELECT 1 AS one'', ''{}'', ''1'')',
	'SELECT tiering_internal.as_owner(''vip'', ''runs'', ''{}'')',
	'SELECT tiering_internal.change_program(NULL::tiering.program, true)',
	'SELECT tiering_internal.change_program(ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tiering.program, true)',
	'SELECT * FROM tiering_internal.as_owner(NULL, NULL, NULL) AS x (a text)',
	'SELECT tiering_internal.assign(NULL, NULL, NULL, NULL, NULL, NULL)']) s;
-- the lock that INSERT gives on the registry stops nobody
BEGIN;
LOCK TABLE tiering.program IN ROW EXCLUSIVE MODE;
\setenv PGDATABASE :DBNAME
\! psql -Xqc "SET client_min_messages = warning" -c "SET statement_timeout = '20s'" -c "CALL tiering.refresh('vip', '2026-01-03', wait => true)" -c "SELECT status FROM tiering.runs('vip') ORDER BY run DESC LIMIT 1" -At
ROLLBACK;
-- a forged row of the registry
CREATE TABLE squat_tiers ();
SELECT pg_temp.ct_error($$INSERT INTO tiering.program (name, owner, schema, metrics_schema, metrics_name, customer, ladder, policy, time_zone, max_leaving)
	VALUES ('squat', 'regress_ct_mallory', 'ct_rights', 'x', 'x', 'x', 'a', '', 'UTC', 1)$$);
CREATE TEMPORARY TABLE gold_tiers ();
SELECT regexp_replace(pg_temp.ct_error(format($$INSERT INTO tiering.program (name, owner, schema, metrics_schema, metrics_name, customer, ladder, policy, time_zone, max_leaving)
	VALUES ('gold', 'x', %L, 'x', 'x', 'x', 'a', '', 'UTC', 1)$$, (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()))), 'pg_temp_\d+', 'pg_temp');
-- PUBLIC has SELECT and INSERT on the registry and nothing else in the schemas
RESET ROLE;
SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace IN ('tiering'::regnamespace, 'tiering_internal'::regnamespace) AND a.grantee = 0 ORDER BY 1, 2;

--
-- No right to make temporary tables, and no rows in the catalogs
--
SET ROLE regress_ct_mallory;
CREATE TEMPORARY TABLE tiering_metrics (x integer);
SELECT lo_create(0) AS seen \gset
CALL tiering.refresh('vip', '2026-01-04');
INSERT INTO vip_tier_touched VALUES (1);
CALL tiering.refresh_touched('vip', '2026-01-04');
SELECT lo_create(0) AS now \gset
SELECT :now - :seen - 1 AS oids_used, lo_unlink(:seen) + lo_unlink(:now) AS unlinked;
DROP TABLE pg_temp.tiering_metrics;
SET default_transaction_isolation = 'serializable';
CALL tiering.refresh('vip', '2026-01-04');
SHOW transaction_isolation;
RESET default_transaction_isolation;
SET default_transaction_read_only = on;
CALL tiering.refresh('vip', '2026-01-04');
RESET default_transaction_read_only;
-- a publication of all tables
RESET ROLE;
SET client_min_messages = error;
CREATE PUBLICATION regress_ct_everything FOR ALL TABLES;
SET client_min_messages = warning;
SET ROLE regress_ct_mallory;
INSERT INTO vip_tier_touched VALUES (1), (NULL);
CALL tiering.refresh_touched('vip', '2026-01-05');
INSERT INTO vip_tier_touched VALUES (1);
CALL tiering.refresh('vip', '2026-01-05');
SELECT count(*) FROM vip_tier_touched;
RESET ROLE;
DROP PUBLICATION regress_ct_everything;

--
-- Stranded programs
--
GRANT CREATE ON DATABASE :DBNAME TO regress_ct_stranger;
ALTER SCHEMA ct_rights RENAME TO ct_moved;
SET search_path = ct_moved, public;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('vip')$$);
SELECT problem FROM tiering.status() WHERE program = 'vip';
-- another role takes the name of the schema, and makes such a table
SET ROLE regress_ct_stranger;
CREATE SCHEMA ct_rights;
CREATE TABLE ct_rights.vip_tiers (i integer);
SELECT s, pg_temp.ct_error(s) FROM unnest(ARRAY['SELECT tiering.drop_program(''vip'')', 'SELECT tiering.attach(''vip'', ''ct_rights'')',
	'SELECT tiering.alter_program(''vip'', policy => ''drop never'')']) s;
SET ROLE regress_ct_mallory;
SELECT pg_temp.ct_error($$SELECT tiering.attach('vip', 'ct_rights')$$);
SELECT pg_temp.ct_error($$SELECT tiering.attach('vip', 'public')$$);
SELECT tiering.attach('vip', 'ct_moved');
SELECT schema, metrics_schema, owner FROM tiering.program WHERE name = 'vip';
SELECT tiering.refresh_now('vip', '2026-01-06');
-- given to another role
RESET ROLE;
REASSIGN OWNED BY regress_ct_mallory TO regress_ct_member;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('vip', '2026-01-06')$$);
SELECT tiering.attach('vip', 'ct_moved');
SELECT tiering.refresh_now('vip', '2026-01-06');
SELECT owner FROM tiering.program WHERE name = 'vip';
-- its tables are dropped one by one
SET ROLE regress_ct_member;
DROP TABLE vip_tiers CASCADE;
SELECT pg_temp.ct_error($$SELECT count(*) FROM tiering.runs('vip')$$);
SET ROLE regress_ct_stranger;
SELECT pg_temp.ct_error($$SELECT tiering.drop_program('vip')$$);
SET ROLE regress_ct_member;
SELECT tiering.drop_program('vip');
SELECT relname FROM pg_class WHERE relname ~ '^vip_' AND relnamespace = 'ct_moved'::regnamespace;
SELECT tiering.create_program('vip', 'spend', 'customer', 'gold >= 50, base', value => 'revenue');
SELECT tiering.drop_program('vip', keep_tables => true);
SELECT relname FROM pg_class WHERE relname ~ '^vip_' AND relkind = 'r' AND relnamespace = 'ct_moved'::regnamespace ORDER BY relname COLLATE "C";

RESET ROLE;
REVOKE CREATE ON DATABASE :DBNAME FROM regress_ct_stranger;
SET client_min_messages = error;
DROP SCHEMA ct_moved, ct_rights CASCADE;
DROP TABLE pg_temp.gold_tiers;
DROP ROLE regress_ct_member, regress_ct_mallory, regress_ct_stranger, regress_ct_admin;
