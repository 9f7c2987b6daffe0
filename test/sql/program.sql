-- program: making, altering and dropping one

SET client_min_messages = warning;
SET datestyle = ISO;
SET timezone = 'UTC';

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

CREATE SCHEMA ct_program;
SET search_path = ct_program, public;

CREATE TABLE metrics (
	customer bigint PRIMARY KEY,
	revenue numeric,
	score double precision,
	orders integer,
	region text);
INSERT INTO metrics
SELECT i, i * 100, i * 10.5, i, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END
FROM generate_series(1, 10) i;

--
-- One of each kind
--
SELECT tiering.create_program('bounds', 'metrics', 'customer',
	'gold >= 800, silver >= 400, base', value => 'revenue',
	policy => 'review every 12 months, drop one step');
SELECT tiering.create_program('scored', 'metrics', 'customer',
	'A top 10%, B top 50%, C', 'revenue 60 percentile, score 40 linear(0, 100)',
	per => 'region', time_zone => 'Asia/Kathmandu', schema => 'public');
SELECT tiering.create_program('rules', 'metrics', 'customer',
	'vip: revenue >= 700 and orders top 30%, rest');
SELECT name, schema, metrics_schema, metrics_name, customer, ladder, scorecard,
	value, policy, review_value, per, time_zone
FROM tiering.program ORDER BY name;
SELECT c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relname LIKE 'bounds\_%' AND a.attnum > 0
ORDER BY c.relname, a.attnum;
SELECT format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = 'public.scored_tiers'::regclass AND attname = 'value';

--
-- What cannot be one
--
CREATE TABLE odd (id numeric, name text, "when" date, tier text, entry text,
	code varchar(3), money money, at timestamptz, row metrics);
CREATE TEMPORARY TABLE passing AS SELECT 1 AS id, 2 AS value;
CREATE SEQUENCE seq;
SELECT pg_temp.ct_error(format('SELECT tiering.create_program(%s)', arguments))
FROM (VALUES
	-- names
	($$NULL, 'metrics', 'customer', 'a', value => 'revenue'$$),
	($$'', 'metrics', 'customer', 'a', value => 'revenue'$$),
	($$'bounds', 'metrics', 'customer', 'a', value => 'revenue'$$),
	($$repeat('x', 46), 'metrics', 'customer', 'a', value => 'revenue'$$),
	($$repeat('ü', 23), 'metrics', 'customer', 'a', value => 'revenue'$$),
	-- metrics
	($$'x', NULL, 'customer', 'a', value => 'revenue'$$),
	($$'x', 'passing', 'id', 'a', value => 'value'$$),
	($$'x', 'seq', 'last_value', 'a', value => 'last_value'$$),
	($$'x', 'nowhere', 'customer', 'a', value => 'revenue'$$),
	-- customers
	($$'x', 'metrics', NULL, 'a', value => 'revenue'$$),
	($$'x', 'metrics', 'client', 'a', value => 'revenue'$$),
	($$'x', 'odd', 'id', 'a', value => 'id'$$),
	($$'x', 'odd', 'when', 'a', value => 'id'$$),
	($$'x', 'odd', 'tier', 'a', value => 'id'$$),
	($$'x', 'odd', 'entry', 'a', value => 'id'$$),
	($$'x', 'odd', 'ctid', 'a', value => 'id'$$),
	-- values
	($$'x', 'metrics', 'customer', 'a'$$),
	($$'x', 'metrics', 'customer', 'a', 'revenue 1 percentile', 'revenue'$$),
	($$'x', 'metrics', 'customer', 'a', value => 'income'$$),
	($$'x', 'odd', 'code', 'a', value => 'money'$$),
	($$'x', 'metrics', 'customer', 'a', 'income 1 percentile'$$),
	($$'x', 'metrics', 'customer', 'a', 'region 1 percentile'$$),
	($$'x', 'metrics', 'customer', 'a', value => 'revenue', review_value => 'income'$$),
	($$'x', 'metrics', 'customer', 'a', value => 'revenue', review_value => 'region'$$),
	($$'x', 'metrics', 'customer', 'a', value => 'revenue', per => 'branch'$$),
	-- ladders and policies
	($$'x', 'metrics', 'customer', NULL, value => 'revenue'$$),
	($$'x', 'metrics', 'customer', 'a: revenue >= 5, b', value => 'revenue'$$),
	($$'x', 'metrics', 'customer', 'a: income >= 5, b'$$),
	($$'x', 'metrics', 'customer', 'a: income top 5, b'$$),
	($$'x', 'metrics', 'customer', 'a: revenue >= 5, b', policy => 'keep at 80%'$$),
	($$'x', 'metrics', 'customer', 'a >= 5, b', value => 'revenue', policy => NULL$$),
	($$'x', 'metrics', 'customer', 'a >= 5, b', value => 'revenue', policy => '; c: drop never'$$),
	-- elsewhere
	($$'x', 'metrics', 'customer', 'a', value => 'revenue', time_zone => 'Moon/Tycho'$$),
	($$'x', 'metrics', 'customer', 'a', value => 'revenue', schema => 'nowhere'$$)
	) v (arguments);
SET search_path = '';
SELECT pg_temp.ct_error($$SELECT tiering.create_program('x', 'ct_program.metrics', 'customer', 'a', value => 'revenue')$$);
SET search_path = ct_program, public;
-- nothing is left of those
SELECT count(*) FROM tiering.program;
SELECT relname FROM pg_class WHERE relname LIKE 'x\_%';

--
-- Altering
--
SELECT tiering.refresh_now('bounds', '2024-01-01');
SELECT tiering.alter_program('bounds', 'gold >= 900, silver >= 300, base');
SELECT tiering.alter_program('bounds', policy => 'drop to base');
SELECT ladder, policy FROM tiering.program WHERE name = 'bounds';
-- from the next refresh on
SELECT count(*) FROM tiering.verify('bounds');
SELECT tiering.refresh_touched_now('bounds', '2024-01-02');
SELECT tiering.refresh_now('bounds', '2024-01-03', recalibrate => false);
SELECT run, kind, ladder, policy FROM bounds_tier_run ORDER BY run;
SELECT customer, from_tier, tier, movement FROM bounds_tier_history
WHERE run = 3 ORDER BY customer;
SELECT tiering.alter_program('scored', 'A top 20%, C', 'orders 1 minmax');
SELECT tiering.alter_program('rules', 'vip: revenue >= 100, rest');
SELECT tiering.refresh_now('scored', '2024-01-01'), tiering.refresh_now('rules', '2024-01-01');
SELECT tier, count(*), min(value), max(value) FROM scored_tiers GROUP BY tier ORDER BY tier;
SELECT pg_temp.ct_error(format('SELECT tiering.alter_program(%s)', arguments))
FROM (VALUES
	($$'nobody', 'a'$$),
	($$NULL, 'a'$$),
	($$'bounds', 'a: revenue >= 4, b'$$),
	($$'rules', 'a >= 4, b'$$),
	($$'rules', 'a: income >= 4, b'$$),
	($$'rules', policy => 'keep at 50%'$$),
	($$'bounds', policy => '; bronze: drop never'$$),
	($$'bounds', 'aurum >= 900, base', policy => '; gold: drop never'$$),
	($$'bounds', scorecard => 'revenue 1 percentile'$$),
	($$'scored', scorecard => 'income 1 percentile'$$)
	) v (arguments);

--
-- Dropping
--
CREATE TABLE orders (customer integer);
SELECT tiering.track('bounds', 'orders', 'customer');
CREATE VIEW golden AS SELECT customer FROM bounds_tiers WHERE tier = 'gold';
SELECT pg_temp.ct_error($$SELECT tiering.drop_program('bounds')$$);
SELECT count(*) FROM tiering.program WHERE name = 'bounds';
DROP VIEW golden;
SELECT tiering.drop_program('bounds');
SELECT tiering.drop_program('scored'), tiering.drop_program('rules');
SELECT pg_temp.ct_error($$SELECT tiering.drop_program('bounds')$$);
SELECT count(*) FROM tiering.program;
SELECT relname FROM pg_class WHERE relname ~ '^(bounds|scored|rules)_';
SELECT proname FROM pg_proc WHERE proname LIKE 'bounds\_%';
SELECT tgname FROM pg_trigger WHERE tgrelid = 'orders'::regclass;

--
-- Damage is said, and can be swept up
--
SELECT tiering.create_program('bounds', 'metrics', 'customer', 'gold >= 800, base',
	value => 'revenue');
DROP TABLE bounds_tier_history CASCADE;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('bounds')$$);
SELECT pg_temp.ct_error($$SELECT * FROM tiering.runs('bounds')$$);
DROP TABLE bounds_tiers CASCADE;
SELECT tiering.drop_program('bounds');
-- metrics that are gone, and come back
SELECT tiering.create_program('bounds', 'metrics', 'customer', 'gold >= 800, base',
	value => 'revenue');
ALTER TABLE metrics RENAME TO figures;
SELECT pg_temp.ct_error($$SELECT tiering.refresh_now('bounds')$$);
ALTER TABLE figures RENAME TO metrics;
SELECT tiering.refresh_now('bounds');
SELECT tiering.drop_program('bounds');

--
-- Without pg_cron
--
SELECT tiering.create_program('bounds', 'metrics', 'customer', 'gold >= 800, base',
	value => 'revenue');
SELECT pg_temp.ct_error($$SELECT tiering.schedule('bounds', '0 4 * * *')$$);
SELECT pg_temp.ct_error($$SELECT tiering.unschedule('bounds')$$);

--
-- Statements: placeholders have names, and what is filled in is not looked at again
--
SELECT tiering_internal.sql(p, '100% {customer} of {metrics}: {x}{x}}', '{"x": "{y} {tiers} %s"}') AS filled,
	tiering_internal.sql(p, 'none') AS same
FROM tiering.program p WHERE name = 'bounds';
SELECT template, pg_temp.ct_error(format($$SELECT tiering_internal.sql(p, %L, '{"x": null}')
	FROM tiering.program p WHERE name = 'bounds'$$, template))
FROM unnest(ARRAY['SELECT {nothing}', '{}', 'a {tiers', '{', '{x}', '{ tiers}', '{{tiers}}']) template;

-- a column of reals is kept as it is
CREATE TABLE reals AS SELECT i AS id, i / 10.0::real AS value FROM generate_series(1, 9) i;
ALTER TABLE reals ALTER value TYPE real;
SELECT tiering.create_program('reals', 'reals', 'id', 'gold >= 0.7, base', value => 'value');
SELECT tiering.refresh_now('reals', '2024-01-01');
SELECT tier, count(*), min(value), pg_typeof(min(value)) FROM reals_tiers GROUP BY tier ORDER BY tier;
SELECT id, tier, value FROM reals_tier_outlook WHERE id = 7;
SELECT tier, customers, amount FROM tiering.pyramid('reals', 'value');
SELECT tiering.drop_program('reals');

--
-- Every routine and relation says what it is
--
SELECT p.oid::regprocedure FROM pg_proc p
WHERE pronamespace IN ('tiering'::regnamespace, 'tiering_internal'::regnamespace) AND
	obj_description(oid, 'pg_proc') IS NULL;
SELECT c.oid::regclass FROM pg_class c
WHERE relnamespace = 'tiering'::regnamespace AND relkind = 'r' AND
	obj_description(oid, 'pg_class') IS NULL;
-- none but those that commit, and those bound when made, go by the search_path
SELECT p.oid::regprocedure, prosecdef FROM pg_proc p
WHERE pronamespace IN ('tiering'::regnamespace, 'tiering_internal'::regnamespace) AND
	prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql')) AND
	prosqlbody IS NULL AND
	(prosecdef OR NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false))
ORDER BY p.oid::regprocedure::text;

SELECT tiering.drop_program('bounds');
DROP SCHEMA ct_program CASCADE;
