-- json: ladders, scorecards, policies and digests as json and jsonb, and from
-- strings that are assigned to columns

SET client_min_messages = warning;
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

\pset format unaligned
\pset tuples_only on

--
-- Their forms
--
SELECT 'gold >= 500, "x, ""y""" > 1.50, member'::tier_ladder::jsonb;
SELECT 'gold >= 500, "x, ""y""" > 1.50, member'::tier_ladder::json;
SELECT 'A top 1%, B top 5%, C'::tier_ladder::jsonb, 'a top 10, "top" top 20'::tier_ladder::jsonb,
	'key share 80%, "or"'::tier_ladder::jsonb;
SELECT 'p: v >= 8 and "share" top 6% or o < 5, basic'::tier_ladder::jsonb;
SELECT 'revenue 35 log(1e3, 1e6) desc missing zero, x 2.5 minmax missing 12.5, "say ""hi""\" 1e-9 bins(3)'::tier_scorecard::json;
SELECT 'a 1 steps(0: 0, 2.5: 100), b 1 cuts(1, 1, 2), c 1 logistic(5, -.5) missing skip'::tier_scorecard::jsonb;
SELECT 'review every 12 months, upgrade at review, drop one step, grace 30 days, keep at 80%'::tier_policy::json;
SELECT p, p::json, p::jsonb::tier_policy = p AND p::json::tier_policy = p AS same
FROM unnest(ARRAY['; gold: drop never', 'grace 3 days; "a;b: ""c""": drop never, review at end of next year from oct; d: keep at 10%; "重要": grace 1 months']::tier_policy[]) p;
SELECT j, pg_temp.ct_error(format('SELECT %L::jsonb::tier_policy', j)) FROM unnest(ARRAY['{"tiers": {"gold": {"grace": "3 days"}}}', '{"tiers": {}}', '{"tiers": {"gold": {}}}', '{"tiers": null}',
	'{"tiers": {"gold": {"tiers": {}}}}', '{"tiers": {"gold": 5}}', '{"tiers": 5}', '{"tiers": {"gold": {"grace": "3 days; silver: drop never"}}}', '{"tiers": {"a\": drop never; b": {"drop": "never"}}}', '{"tiers": {"": {"drop": "never"}}}', '{"tiers": {"gold": {"drop": "sideways"}}}']) j;
SELECT 'keep at 80%, grace 1 months'::tier_policy::jsonb, ''::tier_policy::json, 'review always'::tier_policy::jsonb;

-- back again, also from json whose keys come in another order, with what is the default
CREATE TABLE json_values AS
SELECT l::tier_ladder AS ladder, c::tier_scorecard AS card, p::tier_policy AS policy
FROM (VALUES
	('only', 'a 1 minmax', ''),
	('a >= 5, b', 'a 0.1 linear(10, 0) missing zero, b 2.718281828459045 log(1e-300, 1e300) desc missing 12.34', 'drop never'),
	('a > 0.30000000000000001, b >= 0.3, c', 'a 1 steps(0: 0, 2.5: 100), b 1 cuts(1, 1, 2) desc, c 1 curve(0.1: 9, 1e22: 8)',
	 'review every 5 days, upgrade at review, drop to base, grace 2 months, keep at 66.6666%'),
	('A top 1%, B top 5.25%, C', 'a 1 zscore missing 100, b 1 percentile, c 1 bins(5)', 'review at end of next half'),
	('a top 10, b', '"B c" 1e-9 minmax, "missing" 1 minmax desc, "desc" 1000000000 minmax missing zero', 'review on anniversary'),
	('key share 80%, "top" share 100%', '"q""" 0.30000000000000004 logistic(5, -.5)', 'keep at 0.0000000000000001%'),
	('p: v >= 80 and s top 5% or "or" share 7%, "g " : "V" < 1 and w > 1, "b ,b"', '"a, b 1 minmax" 1 minmax', 'grace 1 days'),
	('"top">=-99999999999999999999999999999999.000000000000000000000001, "a""b\/"', '"\" 5 minmax', 'review always'),
	('"重要" >= 1, 客户', '重要度 1 minmax', 'upgrade now')) v(l, c, p);
SELECT count(*), bool_and(ladder::json::tier_ladder = ladder AND ladder::jsonb::tier_ladder = ladder) AS ladders,
	bool_and(card::json::tier_scorecard = card AND card::jsonb::tier_scorecard = card) AS scorecards,
	bool_and(policy::json::tier_policy = policy AND policy::jsonb::tier_policy = policy) AS policies,
	bool_and(ladder::json::jsonb = ladder::jsonb AND card::json::jsonb = card::jsonb AND policy::json::jsonb = policy::jsonb) AS alike
FROM json_values;
SELECT '[{"condition": "\"top\" >= 5 OR share_of > 1", "tier": "or"}, {"tier": "a,b"}]'::json::tier_ladder,
	E'[{"tier": "a", "condition": " Top\\t3"}]'::jsonb::tier_ladder, '[{"tier": "a", "condition": "≥ 3"}]'::jsonb::tier_ladder,
	'[{"tier": "a", "condition": "topline ≥ 3"}]'::jsonb::tier_ladder;
SELECT '[{"missing": "skip", "scale": "linear ( 0 ,1.50)", "desc": false, "weight": 1.0, "criterion": "a"}]'::json::tier_scorecard,
	'[{"criterion": "a", "weight": 1e0, "scale": "minmax", "missing": 0}]'::jsonb::tier_scorecard;
SELECT '{"keep": "AT 80 %", "drop": "to  fit", "review": "every 2 years"}'::jsonb::tier_policy, '{}'::json::tier_policy;
SELECT NULL::tier_ladder::json IS NULL, NULL::jsonb::tier_ladder IS NULL, NULL::tier_scorecard::jsonb IS NULL,
	NULL::json::tier_scorecard IS NULL, NULL::tier_policy::json IS NULL, NULL::jsonb::tier_policy IS NULL;

-- numbers: read exactly, written with the fewest digits that read back, whatever the settings
SELECT '[{"criterion": "a", "weight": 0.1000000000000000055511151231257827, "scale": "linear(0, 1)", "missing": 12.340000000000000001}]'::jsonb::tier_scorecard;
SELECT j::text::jsonb::tier_ladder::jsonb = j AS exact
FROM (SELECT '[{"tier": "a", "condition": ">= 0.300000000000000000000000000000000000001"}]'::jsonb) x(j);
SET extra_float_digits = -15;
SELECT '"a" 0.30000000000000004 linear(0.1, 1e22) missing 12.345678901234567'::tier_scorecard::json;
SELECT bool_and(card::json::tier_scorecard = card) FROM json_values;
SET extra_float_digits = 3;
SELECT '"a" 0.30000000000000004 linear(0.1, 1e22) missing 12.345678901234567'::tier_scorecard::jsonb;
RESET extra_float_digits;
DO $$ BEGIN		-- PostgreSQL 19 has no others
	PERFORM set_config(s, 'off', false) FROM unnest('{standard_conforming_strings,escape_string_warning}'::text[]) s
	WHERE current_setting('server_version_num')::integer < 190000;
END $$;
SELECT bool_and(ladder::json::tier_ladder = ladder) AS ladders, bool_and(card::jsonb::tier_scorecard = card) AS scorecards,
	bool_and(policy::json::tier_policy = policy) AS policies
FROM json_values;
DO $$ BEGIN
	PERFORM set_config(s, 'on', false) FROM unnest('{standard_conforming_strings,escape_string_warning}'::text[]) s
	WHERE current_setting('server_version_num')::integer < 190000;
END $$;

-- as part of rows
SELECT to_jsonb(v) FROM json_values v WHERE ladder = 'a >= 5, b';
SELECT row_to_json(v) FROM json_values v WHERE ladder = 'a >= 5, b';
SELECT jsonb_build_object('ladder', 'a > 5'::tier_ladder, 'policy', ''::tier_policy), json_agg('a > 5'::tier_ladder);

--
-- Refused: where, and what it looks like instead
--
\pset fieldsep '\n  '
SELECT j, pg_temp.ct_error(format('SELECT %L::jsonb::tier_ladder', j))
FROM (VALUES ('{}'), ('[]'), ('5'), ('null'), ('"a > 5"'), ('[1]'), ('[{}]'), ('[{"condition": "> 1"}]'),
	('[{"tier": 5}]'), ('[{"tier": null}]'), ('[{"tier": "a", "condition": "> 1"}, {"tier": "b", "Condition": "> 0"}]'),
	('[{"tier": "a", "condition": "> 1"}, {"tier": "b", "condition": 1}]'), ('[{"tier": "a", "condition": null}]'),
	('[[{"tier": "a"}]]'), ('[{"tier": ["a"]}]'),
	('[{"tier": ""}]'), ('[{"tier": "a", "condition": ""}]'), ('[{"tier": "a", "condition": "x"}]'),
	('[{"tier": "a", "condition": ">= x"}]'), ('[{"tier": "a", "condition": "≥ 5，b"}]'),
	(format('[{"tier": "%s"}]', repeat('x', 64))),
	('[{"tier": "a, b"}, {"tier": "a", "condition": "> 1"}]'), ('[{"tier": "a"}, {"tier": "a"}]'),
	('[{"tier": "a", "condition": "> 1"}, {"tier": "b", "condition": "> 2"}]'),
	-- one rung more
	('[{"tier": "a", "condition": ">= 5, b >= 3"}]'),
	('[{"tier": "a", "condition": ">= 5, b >= 3"}, {"tier": "c"}]'),
	('[{"tier": "a", "condition": "x >= 5, b"}]'),
	-- a label that becomes a condition, were it not read alone
	('[{"tier": "a", "condition": "v >= 9, \">= 1 or x\": v >= 8, c: v >= 7 or \""}, {"tier": ">= 1 or x", "condition": "> 1"}, {"tier": "c"}]')) v(j);
SELECT j, pg_temp.ct_error(format('SELECT %L::json::tier_scorecard', j))
FROM (VALUES ('1'), ('{}'), ('[]'), ('[1]'), ('[{}]'), ('[{"criterion": 1}]'),
	('[{"criterion": "a", "weight": "1", "scale": "minmax"}]'), ('[{"criterion": "a", "weight": 1}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax", "lo": 1}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax", "desc": "true"}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax", "missing": "one"}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax", "missing": "5"}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax", "missing": ""}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax", "missing": true}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax", "missing": 101}]'),
	('[{"criterion": "a", "weight": 1, "scale": "linear(1)"}]'), ('[{"criterion": "a", "weight": 1, "scale": ""}]'),
	('[{"criterion": "a", "weight": 0, "scale": "minmax"}]'), ('[{"criterion": "", "weight": 1, "scale": "minmax"}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax"}, {"criterion": "a", "weight": 1, "scale": "minmax"}]'),
	-- one criterion or option more
	('[{"criterion": "a", "weight": 1, "scale": "minmax, b 1 minmax"}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax desc"}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax desc", "desc": false}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax desc", "desc": true}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax missing zero"}]'),
	('[{"criterion": "a", "weight": 1, "scale": "minmax missing zero", "missing": "skip"}]')) v(j);
SELECT j, pg_temp.ct_error(format('SELECT %L::jsonb::tier_policy', j))
FROM (VALUES ('[]'), ('"drop never"'), ('{"Drop": "never"}'), ('{"keep": 80}'), ('{"keep": null}'), ('{"keep": "80"}'),
	('{"drop": ""}'), ('{"drop": "never", "grace": "1 months"}'),
	-- one clause more
	('{"drop": "one step, keep at 80%"}'), ('{"drop": "one step，keep at 80%"}'), ('{"drop": "to fit, grace 1 days", "grace": "1 days"}'),
	('{"review": "on anniversary, drop to fit"}'), ('{"drop": "one step; gold: drop never"}')) v(j);

--
-- Digests: their text is json; what it holds is theirs to test
--
SELECT castsource::regtype, casttarget::regtype, castmethod, castcontext
FROM pg_cast
WHERE castsource::regtype::text ~ '^(order|payment|balance)_digest$' OR casttarget::regtype::text ~ '^(order|payment|balance)_digest$'
ORDER BY castsource::regtype::text, casttarget::regtype::text;

--
-- Neither the caller's search_path nor a worker matters
--
CREATE SCHEMA ct_json_evil;
CREATE FUNCTION ct_json_evil.evil(jsonb, jsonb) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION ct_json_evil.evil(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION ct_json_evil.evil_member(jsonb, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION ct_json_evil.concat(text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE FUNCTION ct_json_evil.json_strip_nulls(json) RETURNS json LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
CREATE OPERATOR ct_json_evil.= (LEFTARG = jsonb, RIGHTARG = jsonb, FUNCTION = ct_json_evil.evil);
CREATE OPERATOR ct_json_evil.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = ct_json_evil.evil);
CREATE OPERATOR ct_json_evil.~* (LEFTARG = text, RIGHTARG = text, FUNCTION = ct_json_evil.evil);
CREATE OPERATOR ct_json_evil.->> (LEFTARG = jsonb, RIGHTARG = text, FUNCTION = ct_json_evil.evil_member);
SET search_path = ct_json_evil, pg_catalog, public;
SELECT 'gold >= 500, member'::tier_ladder::json::tier_ladder, 'a 1 minmax desc'::tier_scorecard::jsonb::tier_scorecard,
	'keep at 80%'::tier_policy::json::tier_policy;
RESET search_path;
DROP SCHEMA ct_json_evil CASCADE;

CREATE TABLE json_parallel AS
SELECT v.*, ladder::jsonb AS lj, card::jsonb AS cj, policy::jsonb AS pj FROM json_values v, generate_series(1, 200);
ANALYZE json_parallel;
CREATE VIEW json_same AS
SELECT count(*) AS rows, bool_and(ladder::jsonb = lj AND card::jsonb = cj AND policy::jsonb = pj) AS written,
	bool_and(lj::tier_ladder = ladder AND cj::tier_scorecard = card AND pj::tier_policy = policy) AS read
FROM json_parallel;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || statement INTO plan;
	RETURN plan;
END $$;
SELECT pg_temp.plan('SELECT * FROM json_same')::text LIKE '%"Gather"%' AS parallel, s.* FROM json_same s;
RESET ALL;

DROP VIEW json_same;
DROP TABLE json_parallel, json_values;

--
-- Strings, as drivers bind them
--
CREATE TABLE strings AS
SELECT 'gold >= 1e3,member'::text AS ladder, 'a 1 minmax'::varchar AS card, 'grace 1 months'::varchar(20) AS policy;
CREATE TABLE assigned (ladder tier_ladder, card tier_scorecard, policy tier_policy, ladders tier_ladder[]);
INSERT INTO assigned SELECT ladder, card, policy, ARRAY[ladder] FROM strings;
UPDATE assigned SET ladder = s.ladder::varchar, card = s.card::text, policy = s.policy::text FROM strings s;
SELECT * FROM assigned;
PREPARE bound_as_text(text, text, text) AS INSERT INTO assigned VALUES ($1, $2, $3) RETURNING ladder, card, policy;
PREPARE bound_as_varchar(varchar, varchar, varchar) AS INSERT INTO assigned VALUES ($1, $2, $3) RETURNING ladder, card, policy;
EXECUTE bound_as_text('a >= 2, b', 'b 2 bins(3)', 'drop never');
EXECUTE bound_as_varchar('a >= 2, b', NULL, '');
SELECT pg_temp.ct_error($$INSERT INTO assigned (ladder) SELECT policy FROM strings$$);
SELECT pg_temp.ct_error($$INSERT INTO assigned (card) VALUES ('a 1'::text)$$);
SELECT pg_temp.ct_error($$INSERT INTO assigned (policy) VALUES ('sometimes'::varchar)$$);
-- an argument and an operand need a cast that one can see
SELECT left(pg_temp.ct_error($$SELECT tier(1.0, ladder) FROM strings$$), 5);
SELECT left(pg_temp.ct_error($$SELECT a.ladder = s.ladder FROM assigned a, strings s$$), 5);
SELECT tier(1000.0, ladder::tier_ladder), is_calibrated(card::tier_scorecard) FROM strings;
DROP TABLE strings, assigned;

--
-- The extension's schema may be renamed
--
BEGIN;
ALTER SCHEMA public RENAME TO ct_renamed;
SET LOCAL search_path = ct_renamed;
SELECT bool_and(l::jsonb::tier_ladder = l) AS ladder, bool_and(c::json::tier_scorecard = c) AS scorecard, bool_and(p::jsonb::tier_policy = p) AS policy, bool_and(d::jsonb::order_digest = d) AS digest
FROM (SELECT 'a >= 5 keep >= 3, b'::tier_ladder, 'x 1 minmax desc'::tier_scorecard, 'grace 3 days'::tier_policy, order_digest(5.5, date '2024-03-01')) AS s (l, c, p, d);
ROLLBACK;
