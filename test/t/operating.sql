-- The messages under "Troubleshooting" in doc/operating.md, provoked.

SET client_min_messages = warning;
CREATE SCHEMA tier_trouble;
SET search_path = tier_trouble, public;

-- What a statement raises.
CREATE FUNCTION says(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END $$;

CREATE ROLE tier_trouble_other;
GRANT USAGE, CREATE ON SCHEMA tier_trouble TO tier_trouble_other;
CREATE TABLE orders (customer text, amount numeric);
CREATE TABLE metrics (customer text, revenue numeric, note text);
INSERT INTO metrics VALUES ('Ada', 6000, ''), ('Bo', 800, ''), ('Cleo', 2500, '');
CREATE VIEW branches AS SELECT * FROM metrics;
CREATE MATERIALIZED VIEW stored AS SELECT * FROM metrics;
SET ROLE tier_trouble_other;
CREATE TABLE others AS SELECT 'Ada'::text AS customer, 5 AS revenue;
RESET ROLE;
SELECT tiering.create_program('vip', 'metrics', 'customer', 'gold >= 5000, silver >= 1000, member', value => 'revenue'),
	tiering.create_program('stale', 'stored', 'customer', 'gold >= 5000, member', value => 'revenue'),
	tiering.create_program('new', 'metrics', 'customer', 'gold >= 5000, member', value => 'revenue') \g /dev/null
SELECT tiering.refresh_now('vip', '2026-01-01'), tiering.pin('vip', 'Ada', 'floor', 'gold') \g /dev/null
INSERT INTO vip_tier_benefit (tier, benefit, at_most) VALUES ('gold', 'lounge', 1);
SELECT tiering.use_benefit('vip', 'Ada', 'lounge', at => '2026-01-01 12:00Z') \g /dev/null
CREATE FUNCTION makes_table() RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE made ();
	RETURN 1;
END $$;
CREATE FUNCTION finds_nothing(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT sum(amount) FROM orders';

-- installing
SELECT v.message, says(v.statement) = v.message FROM (VALUES
	('CREATE EXTENSION customer_tier_no', 'extension "customer_tier_no" is not available'),
	('CREATE EXTENSION customer_tier', 'extension "customer_tier" already exists'),
	('ALTER EXTENSION customer_tier SET SCHEMA tier_trouble', 'extension "customer_tier" does not support SET SCHEMA')) v(statement, message);
SELECT 'could not access file',		-- before PostgreSQL 18 with $libdir
	says($$CREATE FUNCTION f() RETURNS int LANGUAGE c AS '$libdir/customer_tier_no', 'f'$$) ~ '^could not access file ".*customer_tier_no"';
SELECT 'could not find function',
	says($$CREATE FUNCTION f() RETURNS int LANGUAGE c AS '$libdir/customer_tier', 'ct_no'$$) ~ '^could not find function "ct_no" in file ';
SELECT 'no update path', says('ALTER EXTENSION customer_tier UPDATE TO ''no''') ~ '^extension "customer_tier" has no update path from ';

-- calling functions
SELECT v.message, says(v.statement) = v.message FROM (VALUES
	($$SELECT tier(500.0, 'A top 1%, B')$$, 'ladder is relative'),
	($$SELECT weighted_value(m, 'revenue 1 minmax') FROM metrics m$$, 'scorecard is relative'),
	($$SELECT tier('500', 'gold >= 5, b')$$, 'function tier(unknown, unknown) is not unique'),
	($$SELECT tier(NULL, 'gold >= 5, b')$$, 'function tier(unknown, unknown) is not unique'),
	($$SELECT rollup('x')$$, 'function rollup(unknown) is not unique'),
	($$SELECT 'x' + 'y'$$, 'operator is not unique: unknown + unknown'),
	($$SELECT tier(500.0, 'gold >= 5'::text)$$, 'function tier(numeric, text) does not exist'),
	($$SELECT 'gold >= 5'::tier_ladder = 'gold >= 5'::text$$, 'operator does not exist: tier_ladder = text'),
	($$SELECT tier('500'::text, 'gold >= 5'::tier_ladder)$$, 'function tier(text, tier_ladder) does not exist'),
	($$SET LOCAL search_path = tier_trouble; SELECT tier(5.0, 'gold >= 5')$$, 'function tier(numeric, unknown) does not exist'),
	($$SET LOCAL search_path = tier_trouble; SELECT 'gold >= 5'::tier_ladder$$, 'type "tier_ladder" does not exist'),
	($$SET LOCAL search_path = tier_trouble; SELECT d + d FROM (SELECT public.order_digest(1, date '2026-01-01') AS d) x$$,
		'operator does not exist: public.order_digest + public.order_digest'),
	($$SELECT assign(NULL, 5.0, 'gold >= 5, b', '', now())$$,
		'function assign(unknown, numeric, unknown, unknown, timestamp with time zone) does not exist'),
	($$SELECT d - d FROM (SELECT order_digest(1, date '2026-01-01') AS d) x$$, 'operator does not exist: order_digest - order_digest'),
	($$SELECT sum(d) FROM (SELECT order_digest(1, date '2026-01-01') AS d) x$$, 'function sum(order_digest) does not exist'),
	($$SELECT payment_digest(5, '2026-01-01', NULL, '2026-02-01') + payment_digest(5, '2026-01-01', NULL, '2026-03-01')$$,
		'payment digests of different days cannot be added up'),
	($$SELECT tier(m, 'gold >= 5, b') FROM metrics m$$, 'ladder is on one figure, but a row was given'),
	($$SELECT tier(500.0, 'gold: revenue >= 5, b')$$, 'ladder has rules, but a single value was given'),
	($$SELECT weighted_value(m, 'revenu 1 linear(0, 1)') FROM metrics m$$, 'the row has no column "revenu"'),
	($$SELECT weighted_value(m, 'customer 1 linear(0, 1)') FROM metrics m$$, 'column "customer" is of type text, not a number'),
	($$SELECT upgrade_eligible('brass', 5.0, 'gold >= 5, b')$$, 'ladder has no tier "brass"'),
	($$SELECT 'gold > x'::tier_ladder$$, 'invalid input syntax for type tier_ladder: "gold > x"'),
	($$SELECT tier('NaN'::float8, 'gold >= 5, b')$$, 'value must be a finite number'),
	($$SELECT order_digest(1e23, date '2026-01-01')$$, 'amount is too large to be added up'),
	($$SELECT calibrate_ladder(revenue, ('A top ' || length(customer) || '%, B')::tier_ladder) FROM metrics$$,
		'ladder varies between the rows of one calibration'),
	($$SELECT balance_digest(b, '2026-01-01', 'a') FROM unnest('{1,2}'::numeric[]) b$$,
		'an account has two different balances on one day'),
	($$PREPARE p AS SELECT $1 IS NULL$$, 'could not determine data type of parameter $1'),
	($$CREATE TABLE d (od order_digest); INSERT INTO d SELECT 'x'::varchar$$,
		'column "od" is of type order_digest but expression is of type character varying')) v(statement, message);

-- making programs
CREATE FUNCTION makes(metrics text, customer text, ladder text, more text) RETURNS text LANGUAGE sql
	RETURN format('SELECT tiering.create_program(''club'', %L, %L, %L %s)', metrics, customer, ladder, more);
SELECT v.message, says(v.statement) = v.message FROM (VALUES
	(replace(makes('metrics', 'customer', 'all', ', value => ''revenue'''), 'club', 'vip'), 'program "vip" exists already'),
	(makes('metrics', 'customr', 'all', ', value => ''revenue'''), 'column "customr" of tier_trouble.metrics does not exist'),
	(makes('metrics', 'revenue', 'all', ', value => ''revenue'''), 'column "revenue" of tier_trouble.metrics cannot be the customer'),
	(makes('metrics', 'customer', 'all', ', value => ''note'''), 'column "note" of tier_trouble.metrics is no number'),
	('CREATE VIEW v AS SELECT customer AS tier, revenue FROM metrics; ' || makes('v', 'tier', 'all', ', value => ''revenue'''),
		'the column of the customer cannot be called "tier"'),
	(makes('metrics', 'customer', 'all', ''), 'a program has either a scorecard or a value'),
	(makes('metrics', 'customer', 'a: revenue > 5, b', ', value => ''revenue'''), 'a ladder of rules takes the row, not a value'),
	(makes('others', 'customer', 'all', ', value => ''revenue'''), 'the metrics of program "club" belong to another role'),
	('CREATE VIEW v AS SELECT customer, finds_nothing(revenue) AS r FROM metrics; ' || makes('v', 'customer', 'all', ', value => ''r'''),
		'relation "orders" does not exist'),
	('CREATE VIEW v AS SELECT customer, makes_table() AS r FROM metrics; ' || makes('v', 'customer', 'all', ', value => ''r''') ||
		'; SELECT tiering.refresh_now(''club'')', 'cannot create temporary table within security-restricted operation'),
	('ALTER TABLE metrics ALTER revenue TYPE float8', 'cannot alter type of a column used by a view or rule'),
	('DROP TABLE metrics', 'cannot drop table metrics because other objects depend on it'),
	($$SELECT tiering.alter_program('vip', 'gold: revenue >= 5, member')$$, 'the new ladder of program "vip" is of another kind'),
	($$SELECT tiering.alter_program('vip', scorecard => 'revenue 1 minmax')$$, 'program "vip" has no scorecard'),
	($$SELECT tiering.alter_program('vip', 'aurum >= 5000, silver >= 1000, member')$$,
		'customers of program "vip" are pinned to "gold", which the ladder lacks'),
	($$SELECT tiering.track('stale', 'metrics', 'customer')$$, 'the metrics of program "stale" read a materialized view'),
	($$SELECT tiering.track('vip', 'branches', 'customer')$$, 'tier_trouble.branches cannot be tracked'),
	('SET LOCAL ROLE tier_trouble_other; ' || makes('others', 'customer', 'all', ', value => ''revenue''') ||
		$$; SELECT tiering.track('club', 'orders', 'customer')$$, 'permission denied for table orders'),
	($$SELECT tiering.schedule('vip', '30 1 * * *')$$,
		format('pg_cron is not installed in database "%s"', current_database()))) v(statement, message);

-- refreshing
SELECT v.message, says(v.statement) = v.message FROM (VALUES
	($$DELETE FROM metrics; SELECT tiering.refresh_now('vip')$$, 'too many customers would leave program "vip"'),
	($$INSERT INTO metrics SELECT * FROM metrics; SELECT tiering.refresh_now('vip')$$,
		'customer Ada is more than once in the metrics of program "vip"'),
	($$INSERT INTO metrics VALUES (NULL); SELECT tiering.refresh_now('vip')$$,
		'a customer in the metrics of program "vip" is NULL'),
	($$UPDATE metrics SET revenue = 'NaN' WHERE customer = 'Ada'; SELECT tiering.refresh_now('vip')$$,
		'a figure of customer Ada of program "vip" is no finite number'),
	($$SELECT tiering.refresh_now('vip', '2025-12-31')$$, 'program "vip" has been refreshed as of a later day'),
	($$SELECT tiering.refresh_now('vip', '9999-12-31')$$, 'program "vip" cannot be refreshed as of a day to come'),
	($$SELECT tiering.refresh_touched_now('new')$$, 'program "new" has not been refreshed yet'),
	($$SELECT tiering.refresh_now('vipp')$$, 'there is no program "vipp"'),
	($$SET LOCAL ROLE tier_trouble_other; SELECT tiering.refresh_now('vip')$$, 'program "vip" belongs to another role'),
	($$SET LOCAL ROLE tier_trouble_other; SELECT tiering.runs('vip')$$, 'permission denied for program "vip"'),
	($$ALTER TABLE vip_tiers RENAME TO lost; SELECT tiering.refresh_now('vip')$$, 'program "vip" is damaged'),
	($$ALTER TABLE metrics RENAME TO lost; SELECT tiering.refresh_now('vip')$$, 'the metrics of program "vip" do not exist'),
	('SET LOCAL ROLE tier_trouble_other; CREATE VIEW v AS SELECT * FROM orders; ' || makes('v', 'customer', 'all', ', value => ''amount''') ||
		$$; SELECT tiering.refresh_now('club')$$, 'permission denied for table orders'),
	($$SELECT tiering.pin('vip', 'Zoe', 'floor')$$, 'program "vip" knows no customer Zoe'),
	($$SELECT tiering.pin('vip', 'Ada', 'floor', 'brass')$$, 'program "vip" has no tier "brass"'),
	($$SELECT tiering.undo('new')$$, 'program "new" has no run to take back'),
	($$SELECT tiering.use_benefit('vip', 'Bo', 'lounge')$$, 'customer Bo of program "vip" is not entitled to "lounge"'),
	($$SELECT tiering.use_benefit('vip', 'Ada', 'lounge', at => '2026-01-02')$$,
		'nothing is left of "lounge" for customer Ada of program "vip"')) v(statement, message);

-- what takes another session, or is no error
CREATE FUNCTION calls() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	CALL tiering.refresh('vip');
END $$;
SELECT tiering.track('vip', 'orders', 'customer') \g /dev/null
\setenv PGDATABASE :DBNAME
\setenv PGOPTIONS '-c search_path=tier_trouble,public -c lock_timeout=100ms'
\setenv says 'm=$1; shift; psql -X "$@" 2>&1 | grep -qF "$m" && echo "$m|t" || echo "$m|f"'
\! sh -c "$says" - 'a refresh that logs its errors cannot run within a transaction' -c "BEGIN; CALL tiering.refresh('vip')"
\! sh -c "$says" - 'a refresh that logs its errors cannot run within a transaction' -1 -c "CALL tiering.refresh('vip')"
\! sh -c "$says" - 'invalid transaction termination' -c "SELECT calls()"
BEGIN;
SELECT tiering.refresh_now('vip', '2026-01-02') \g /dev/null
\! sh -c "$says" - 'program "vip" is being refreshed or changed' -c "CALL tiering.refresh('vip')"
\! sh -c "$says" - 'program "vip" is being refreshed or changed' -c "CALL tiering.refresh('vip', wait => true)"
ROLLBACK;
BEGIN;
LOCK TABLE metrics;
\! sh -c "$says" - 'canceling statement due to lock timeout' -c "CALL tiering.refresh('vip', '2026-01-02')"
\! sh -c "$says" - 'canceling statement due to statement timeout' -c "SET statement_timeout = 50" -c "CALL tiering.refresh('vip', '2026-01-02')"
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT FROM metrics \g /dev/null
\! psql -X -q -c "SET client_min_messages = warning" -c "CALL tiering.refresh('vip', '2026-01-02')"
SELECT v.message, says(v.statement) = v.message FROM (VALUES
	($$SELECT tiering.refresh_now('vip', '2026-01-02')$$, 'could not serialize access due to concurrent update')) v(statement, message);
ROLLBACK;
\! sh -c "$says" - 'program "vip" has lost triggers' -c "ALTER TABLE orders DISABLE TRIGGER USER" -c "CALL tiering.refresh_touched('vip', '2026-01-02')"
ALTER TABLE orders ENABLE TRIGGER USER;
\! sh -c "$says" - 'benefits of program "vip" are those of tiers that its ladder does not have' -c "INSERT INTO vip_tier_benefit VALUES ('brass', 'lounge')" -c "CALL tiering.refresh('vip', '2026-01-02')"
\! sh -c "$says" - 'program "vip" does not learn which customers this is about' -c "ALTER TABLE orders RENAME customer TO buyer" -c "INSERT INTO orders VALUES ('Ada', 1)"
\! sh -c "$says" - 'program "vip" does not learn of this' -c "ALTER TABLE vip_tier_touched RENAME TO lost" -c "INSERT INTO orders VALUES ('Ada', 1)"
ALTER TABLE lost RENAME TO vip_tier_touched;

SELECT tiering.drop_program(p) FROM unnest('{vip,stale,new}'::text[]) p \g /dev/null
DROP SCHEMA tier_trouble CASCADE;
DROP ROLE tier_trouble_other;
