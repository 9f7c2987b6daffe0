-- what must hold of every object of the extension

-- each has a comment; pg_dump takes none of them
SELECT pg_describe_object(classid, objid, 0) AS without_comment
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier')
	AND classid NOT IN ('pg_opfamily'::regclass)
	AND NOT (classid = 'pg_type'::regclass AND objid IN (SELECT typarray FROM pg_type))
	AND NOT (classid = 'pg_type'::regclass AND objid IN
		(SELECT reltype FROM pg_class WHERE relkind IN ('r', 'v') AND reltype <> 0))
	AND obj_description(objid, classid::regclass::name) IS NULL
ORDER BY 1;

CREATE VIEW ct_function AS
SELECT p.*, l.lanname AS language
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid JOIN pg_language l ON l.oid = p.prolang
WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier');

-- the kernel is pure: immutable and parallel safe; all of it in C, but for the casts to and from json
SELECT p.oid::regprocedure AS impure
FROM ct_function p
WHERE p.pronamespace <> 'tiering'::regnamespace
	AND (p.pronamespace <> 'tiering_internal'::regnamespace OR proname ~ 'json')
	AND (p.proparallel <> 's' OR p.provolatile <> 'i'
		OR p.prokind = 'f' AND language <> 'c' AND p.pronamespace <> 'tiering_internal'::regnamespace AND NOT EXISTS (
			SELECT FROM pg_cast WHERE castfunc = p.oid
				AND (castsource IN ('json'::regtype, 'jsonb'::regtype) OR casttarget IN ('json'::regtype, 'jsonb'::regtype))))
ORDER BY 1;

-- what is not in C finds nothing by the search_path of its caller: it was parsed when it was made, or sets its own
SELECT p.oid::regprocedure AS by_search_path
FROM ct_function p
WHERE language <> 'c' AND prokind = 'f' AND prosqlbody IS NULL
	AND 'search_path=pg_catalog, pg_temp' <> ALL (coalesce(proconfig, '{}'))
ORDER BY 1;

-- what reads a row or computes with numerics is known to cost more than a sum: it is the last of two filters
CREATE TEMP TABLE figures (v numeric, w integer);
CREATE FUNCTION pg_temp.is_last(condition text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) SELECT FROM figures m WHERE %s AND w + 1 > 1', condition) LOOP
		IF line LIKE '%Filter: (((w + 1) > 1) AND %' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
SELECT condition, pg_temp.is_last(condition)
FROM unnest(ARRAY['w > 1', 'tier_rank(v, ''a > 2, b'') < 2', 'weighted_value(m, ''v 1 linear(0, 9)'') > 1', 'tier(m, ''a: v > 2, b'') > ''a''',
	'tier_rank(m, ''a: v > 2, b'') < 2', 'next_tier(m, ''a: v > 2, b'') > ''a''', 'upgrade_eligible(''b'', m, ''a: v > 2, b'')',
	'gap_to_next(v, ''a > 2, b'') < 1', 'tier_progress(v, ''a > 2, b'') < 1', 'orders_to_next(v, 1, ''a > 2, b'') < 1',
	'upgrade_outlook(''b'', v, v, ''a > 2, b'') > ''top''', '(assign(NULL, v, ''a > 2, b'', '''', ''2024-01-01'')).tier > ''a''',
	'gap_to_keep(assign(NULL, 3.0, ''a > 2, b'', '''', ''2024-01-01''), v, ''a > 2, b'', '''') > 0', 'upgrade_eligible(NULL, v, ''a > 2, b'', '''', ''2024-01-01'')',
	'(customer_measures(NULL, NULL, to_timestamp(w))).revenue > 1']) condition;
DROP TABLE figures;

-- every aggregate can also be a window aggregate: its final function reads only
SELECT aggfnoid::regprocedure AS not_read_only
FROM pg_aggregate JOIN pg_depend ON objid = aggfnoid
WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_extension'::regclass
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier')
	AND aggfinalmodify <> 'r';

-- operator classes are complete
SELECT opcname, amname, amvalidate(c.oid)
FROM pg_opclass c
	JOIN pg_am a ON a.oid = c.opcmethod
	JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_opclass'::regclass
WHERE d.refclassid = 'pg_extension'::regclass
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier')
	AND NOT amvalidate(c.oid);

-- it can be dropped and made again in a schema of one's own choice, and binds nothing that was planted there
CREATE SCHEMA "Crm x";
DROP VIEW ct_function;
DROP EXTENSION customer_tier;
SET search_path = "Crm x";
CREATE FUNCTION json_build_object(text, text, text, text) RETURNS json LANGUAGE sql AS 'SELECT NULL::json';
DO $$
DECLARE
	l text;
	r text;
BEGIN
	FOREACH l IN ARRAY '{text,name,oid,regclass,regnamespace,regtype,regproc,"\"char\"",json,jsonb,boolean,date,integer}'::text[] LOOP
		FOREACH r IN ARRAY '{text,name,oid,regclass,regnamespace,regtype,regproc,"\"char\"",json,jsonb,boolean,date,integer}'::text[] LOOP
			EXECUTE format('CREATE FUNCTION planted(%1$s, %2$s) RETURNS boolean LANGUAGE sql AS ''SELECT false'';
				CREATE FUNCTION planted_text(%1$s, %2$s) RETURNS text LANGUAGE sql AS ''SELECT NULL::text'';
				CREATE OPERATOR = (LEFTARG = %1$s, RIGHTARG = %2$s, FUNCTION = planted);
				CREATE OPERATOR <> (LEFTARG = %1$s, RIGHTARG = %2$s, FUNCTION = planted);
				CREATE OPERATOR || (LEFTARG = %1$s, RIGHTARG = %2$s, FUNCTION = planted_text);
				CREATE OPERATOR -> (LEFTARG = %1$s, RIGHTARG = %2$s, FUNCTION = planted_text)', l, r);
		END LOOP;
	END LOOP;
END $$;
RESET search_path;
CREATE EXTENSION customer_tier SCHEMA "Crm x";
SELECT pg_describe_object(u.classid, u.objid, 0) AS bound
FROM pg_depend u JOIN pg_depend e USING (classid, objid)
WHERE e.deptype = 'e' AND u.deptype = 'n'
	AND ((u.refclassid = 'pg_proc'::regclass AND u.refobjid IN (SELECT oid FROM pg_proc WHERE pronamespace = '"Crm x"'::regnamespace))
		OR (u.refclassid = 'pg_operator'::regclass AND u.refobjid IN (SELECT oid FROM pg_operator WHERE oprnamespace = '"Crm x"'::regnamespace)))
	AND NOT EXISTS (SELECT FROM pg_depend x WHERE (x.classid, x.objid) = (u.refclassid, u.refobjid) AND x.deptype = 'e')
ORDER BY 1;
SELECT "Crm x".tier(5.0, 'gold >= 3, basic');
SELECT 'gold >= 3, basic'::"Crm x".tier_ladder::json::"Crm x".tier_ladder, to_jsonb('a 1 minmax'::"Crm x".tier_scorecard),
	jsonb '{"keep": "at 80%"}'::"Crm x".tier_policy;
CREATE TABLE figures AS SELECT 1 AS customer, 5.5 AS value;
SELECT tiering.create_program('elsewhere', 'figures', 'customer', 'gold top 50%, basic', value => 'value');
SET client_min_messages = warning;
SELECT tiering.refresh_now('elsewhere', '2024-01-01');
RESET client_min_messages;
SELECT customer, tier, value FROM elsewhere_tier_outlook;
SELECT tiering.track('elsewhere', 'figures', 'customer');
-- tables that were tracked can be written when the extension is gone
BEGIN;
SET LOCAL client_min_messages = error;
DROP EXTENSION customer_tier CASCADE;
INSERT INTO figures VALUES (2, 2);
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'figures'::regclass;
ROLLBACK;
SELECT tiering.drop_program('elsewhere');
DROP TABLE figures;
DROP EXTENSION customer_tier;
CREATE EXTENSION customer_tier;
SET client_min_messages = error;
DROP SCHEMA "Crm x" CASCADE;
