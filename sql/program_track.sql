-- program: noting customers as the rows of their tables change

CREATE FUNCTION tiering_internal.materialized(relation regclass) RETURNS regclass
	LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
	WITH RECURSIVE r (oid) AS (
		SELECT relation::oid
		UNION
		SELECT d.refobjid
		FROM r JOIN pg_rewrite w ON w.ev_class = r.oid
			 JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND
				  d.objid = w.oid AND d.refclassid = 'pg_class'::regclass)
	SELECT c.oid::regclass FROM r JOIN pg_class c ON c.oid = r.oid
	WHERE c.relkind = 'm' LIMIT 1
$$;
COMMENT ON FUNCTION tiering_internal.materialized(regclass) IS
'a materialized view that a relation reads, or is; NULL for none';

CREATE FUNCTION tiering_internal.family(relation regclass)
	RETURNS TABLE (member oid, kind "char")
	LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
	WITH RECURSIVE f (oid) AS (
		SELECT relation::oid
		UNION
		SELECT i.inhrelid FROM f JOIN pg_inherits i ON i.inhparent = f.oid)
	SELECT c.oid, c.relkind FROM f JOIN pg_class c ON c.oid = f.oid
$$;
COMMENT ON FUNCTION tiering_internal.family(regclass) IS
'a table and all of its partitions or children';

CREATE FUNCTION tiering_internal.touch_functions(p tiering.program)
	RETURNS SETOF oid
	LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
	SELECT f.oid FROM pg_proc f JOIN pg_language l ON l.oid = f.prolang
	WHERE l.lanname = 'tier_touch' AND f.proowner = tiering_internal.owner(p) AND
		  f.prosrc = p.name || '_tier_touched'
	ORDER BY f.oid
$$;
COMMENT ON FUNCTION tiering_internal.touch_functions(tiering.program) IS
'the trigger functions of a program, one for each tracked column, in whatever schema and by whatever name they are now';

CREATE FUNCTION tiering_internal.trigger_arguments(VARIADIC arguments text[]) RETURNS bytea
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT string_agg(convert_to(a, getdatabaseencoding()) || decode('00', 'hex'), ''::bytea ORDER BY i)
	FROM unnest(arguments) WITH ORDINALITY u (a, i) WHERE a IS NOT NULL
$$;
COMMENT ON FUNCTION tiering_internal.trigger_arguments(text[]) IS
'arguments of a trigger as the catalog has them, as far as they are not NULL';

CREATE FUNCTION tiering_internal.tracked(p tiering.program, relation regclass,
		col name) RETURNS oid
	LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
	SELECT t.tgfoid FROM pg_trigger t, tiering_internal.trigger_arguments(col) a
	WHERE t.tgrelid = relation AND
		  t.tgfoid IN (SELECT tiering_internal.touch_functions(p)) AND
		  substring(t.tgargs FOR length(a)) = a
	LIMIT 1
$$;
COMMENT ON FUNCTION tiering_internal.tracked(tiering.program, regclass, name) IS
'the function by which a program tracks a column of a table; NULL if it does not';

CREATE FUNCTION tiering_internal.fitting(key regtype) RETURNS regtype[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN ARRAY(
		SELECT key
		UNION
		SELECT t.oid FROM pg_cast c JOIN pg_type t ON t.oid = c.castsource
		WHERE c.casttarget = key AND c.castcontext = 'i' AND
			  t.typnamespace = 'pg_catalog'::regnamespace
		ORDER BY 1);
COMMENT ON FUNCTION tiering_internal.fitting(regtype) IS
'the types of which, or of domains over which, columns always fit a queue of this type; only PostgreSQL''s own, since a cast from another would run with the rights of the program''s owner';

CREATE FUNCTION tiering_internal.touch_handler() RETURNS language_handler
	LANGUAGE C AS 'MODULE_PATHNAME', 'ct_touch_handler';
COMMENT ON FUNCTION tiering_internal.touch_handler() IS
'runs the trigger functions that tiering.track() makes';

CREATE FUNCTION tiering_internal.touch_validator(oid) RETURNS void
	LANGUAGE C STRICT AS 'MODULE_PATHNAME', 'ct_touch_validator';
COMMENT ON FUNCTION tiering_internal.touch_validator(oid) IS
'refuses functions that are not those of triggers: 42P13';

CREATE TRUSTED LANGUAGE tier_touch HANDLER tiering_internal.touch_handler
	VALIDATOR tiering_internal.touch_validator;
COMMENT ON LANGUAGE tier_touch IS
'the trigger functions that tiering.track() makes: one puts what a column of the changed rows has into the queue that its body names, beside it, with the rights of its own owner; the arguments of its triggers are the column and, where that leads to the customer through another table, the schema and name of that, its column to find, and that of the customer';

CREATE FUNCTION tiering_internal.create_touch(p tiering.program, relation regclass,
		col name, via regclass) RETURNS oid
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET standard_conforming_strings = on AS $$
DECLARE
	number integer := 0;
	function text := tiering_internal.tracked(p, relation, col)::regprocedure;
BEGIN
	IF function IS NULL THEN
		LOOP
			number := number + 1;
			function := format('%I.%I()', p.schema, p.name || '_tier_touch_' || number);
			EXIT WHEN to_regprocedure(function) IS NULL;
		END LOOP;
	END IF;
	EXECUTE format('CREATE OR REPLACE FUNCTION %s RETURNS trigger LANGUAGE tier_touch AS %L',
		function, p.name || '_tier_touched');
	-- it can do nothing without, and must not stop a write
	EXECUTE format('ALTER FUNCTION %s DEPENDS ON EXTENSION customer_tier', function);
	EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', function);
	EXECUTE format('COMMENT ON FUNCTION %s IS %L', function,
		format('notes for program %I the customers in column %I of %s', p.name, col,
			concat_ws(' through ', relation::text, via::text)));
	RETURN to_regprocedure(function);
END $$;
COMMENT ON FUNCTION tiering_internal.create_touch(tiering.program, regclass, name, regclass) IS
'makes, or makes anew, the trigger function that notes customers in the queue';

CREATE FUNCTION tiering_internal.create_triggers(p tiering.program, relation regclass,
		function oid, VARIADIC arguments text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET standard_conforming_strings = on AS $$
DECLARE
	base CONSTANT text := (SELECT regexp_replace(f.proname, '_touch(_[0-9]+)$', '\1')
		FROM pg_proc f WHERE f.oid = function);
	event text;
	bit integer;
	tables text;
	existing pg_trigger;
BEGIN
	FOR event, bit, tables IN VALUES
		('INSERT', 4, 'REFERENCING NEW TABLE AS new_rows'),
		('UPDATE', 16, 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
		('DELETE', 8, 'REFERENCING OLD TABLE AS old_rows'),
		('TRUNCATE', 32, '')
	LOOP
		SELECT t.* INTO existing FROM pg_trigger t
		WHERE t.tgrelid = relation AND t.tgfoid = function AND t.tgtype & bit <> 0;
		CONTINUE WHEN existing.tgenabled <> 'D' AND
			existing.tgargs = tiering_internal.trigger_arguments(VARIADIC arguments);
		IF existing.tgname IS NOT NULL THEN
			EXECUTE format('DROP TRIGGER %I ON %s', existing.tgname, relation);
		END IF;
		EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %s(%s)',
			coalesce(existing.tgname, base || '_' || lower(event)), event, relation, tables,
			(SELECT format('%I.%I', n.nspname, f.proname)
			 FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE f.oid = function),
			(SELECT string_agg(quote_literal(a), ', ' ORDER BY i)
			 FROM unnest(arguments) WITH ORDINALITY u (a, i)));
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.create_triggers(tiering.program, regclass, oid, text[]) IS
'makes those triggers of one table or partition that are not there, or disabled, or of other arguments';

CREATE FUNCTION tiering_internal.create_triggers_now(p tiering.program, relation regclass,
		function oid, arguments text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
BEGIN
	PERFORM tiering_internal.create_triggers(p, f.member, function, VARIADIC arguments)
	FROM (SELECT member FROM tiering_internal.family(relation) ORDER BY member) f;
END $$;
COMMENT ON FUNCTION tiering_internal.create_triggers_now(tiering.program, regclass, oid, text[]) IS
'makes the triggers of a table and all its partitions, if it gets the locks soon: else 55P03';

CREATE FUNCTION tiering_internal.patiently(statement text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	patience CONSTANT interval := (SELECT nullif(s.setting::integer, 0) * interval '1 ms'
		FROM pg_settings s WHERE s.name = 'lock_timeout');
	began CONSTANT timestamptz := clock_timestamp();
BEGIN
	-- Whoever writes two of the tables in one transaction waits for the lock of
	-- the one while they hold that of the other: so all are got at once, or none.
	LOOP
		BEGIN
			EXECUTE statement;
			RETURN;
		EXCEPTION WHEN lock_not_available THEN
			IF clock_timestamp() - began > patience THEN
				RAISE;
			END IF;
		END;
		PERFORM pg_sleep(0.02);
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.patiently(text) IS
'runs a statement that gives up soon where it does not get its locks, again and again; waits for who uses the tables, as long as lock_timeout says, without holding anything meanwhile';

CREATE FUNCTION tiering_internal.distributed(relation regclass) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found boolean := false;
BEGIN
	IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
		EXECUTE 'SELECT EXISTS (SELECT FROM pg_catalog.pg_dist_partition d WHERE d.logicalrelid = $1)'
		INTO found USING relation;
	END IF;
	RETURN found;
END $$;
COMMENT ON FUNCTION tiering_internal.distributed(regclass) IS
'does a distributed engine keep the table?';

CREATE FUNCTION tiering_internal.check_tracked_table(p tiering.program,
		relation regclass) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	stale CONSTANT regclass :=
		tiering_internal.materialized(tiering_internal.sql(p, '{metrics}')::regclass);
BEGIN
	IF NOT EXISTS (
		SELECT FROM pg_class c
		WHERE c.oid = relation AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't') THEN
		RAISE '% cannot be tracked', relation USING
			ERRCODE = 'wrong_object_type',
			DETAIL = 'It is no table, or a temporary one.',
			HINT = 'Track the tables that hold the rows.';
	ELSIF stale IS NOT NULL THEN
		RAISE 'the metrics of program "%" read a materialized view', p.name
			USING ERRCODE = 'feature_not_supported',
			DETAIL = format('%s does not change when %s does.', stale, relation),
			HINT = 'Use a view, or call tiering.refresh() after REFRESH MATERIALIZED VIEW.';
	ELSIF tiering_internal.distributed(relation) OR EXISTS (
		SELECT FROM tiering_internal.family(relation) f WHERE f.kind = 'f') THEN
		RAISE '% cannot be tracked', relation USING
			ERRCODE = 'feature_not_supported',
			DETAIL = 'It has foreign partitions, or a distributed engine keeps it, where triggers on statements do not run.',
			HINT = 'Have who writes it call tiering.touch(name, customer).';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_tracked_table(tiering.program, regclass) IS
'refuses what is no table (42809), and metrics or tables of which changes cannot be seen (0A000)';

CREATE FUNCTION tiering_internal.check_tracked_column(p tiering.program,
		relation regclass, col name) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	type CONSTANT regtype := tiering_internal.column_type(relation, col);
	key CONSTANT regtype := tiering_internal.key(p);
	fitting CONSTANT regtype[] := tiering_internal.fitting(key);
BEGIN
	IF NOT EXISTS (
		SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attrelid = relation AND a.attname = col AND
			  (t.oid = ANY (fitting) OR t.typbasetype = ANY (fitting))) THEN
		RAISE 'column "%" of % is no customer of program "%"', col, relation,
			p.name USING ERRCODE = 'datatype_mismatch',
			DETAIL = format('Its type is %s, that of the customer %s.', type, key),
			HINT = 'Where the customer stands in another table, name that as via. Where customers have got a wider type, tiering.alter_program(name, metrics => ...) gives it to the program.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_tracked_column(tiering.program, regclass, name) IS
'refuses a column that might not fit the queue: 42804';

CREATE FUNCTION tiering_internal.work_track(name text, a jsonb) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	relation CONSTANT regclass := (a ->> 'relation')::oid;
	col CONSTANT name := a ->> 'column';
	via CONSTANT regclass := (a ->> 'via')::oid;
	function oid;
	arguments text[];
	key regtype;
BEGIN
	PERFORM tiering_internal.lock(p, true);
	p := tiering_internal.own(name);
	PERFORM tiering_internal.check_tracked_table(p, relation);
	IF via IS NULL THEN
		PERFORM tiering_internal.check_tracked_column(p, relation, col);
	ELSE
		PERFORM tiering_internal.check_tracked_column(p, via, (a ->> 'via_customer')::name);
		key := tiering_internal.column_type(via, a ->> 'via_column');
		IF tiering_internal.column_type(relation, col) <> key OR
			(SELECT t.typnamespace FROM pg_type t WHERE t.oid = key) <> 'pg_catalog'::regnamespace THEN
			RAISE 'columns "%" of % and "%" of % are of different types', col, relation,
				a ->> 'via_column', via USING ERRCODE = 'datatype_mismatch',
				DETAIL = format('They are of %s and %s.', tiering_internal.column_type(relation, col), key);
		END IF;
	END IF;
	-- what tracks a column that is no longer there
	PERFORM tiering_internal.drop_touch(ARRAY(
		SELECT DISTINCT t.tgfoid FROM pg_trigger t
		WHERE t.tgrelid = relation AND t.tgfoid IN (SELECT tiering_internal.touch_functions(p)) AND NOT EXISTS (
			SELECT FROM pg_attribute c, tiering_internal.trigger_arguments(c.attname) n
			WHERE c.attrelid = relation AND NOT c.attisdropped AND c.attnum > 0 AND
				substring(t.tgargs FOR length(n)) = n)));
	function := tiering_internal.create_touch(p, relation, col, via);
	SELECT array_remove(ARRAY[col, n.nspname, c.relname, a ->> 'via_column', a ->> 'via_customer'], NULL)
	INTO arguments
	FROM (SELECT via::oid) v (oid) LEFT JOIN pg_class c USING (oid)
		LEFT JOIN pg_namespace n ON n.oid = c.relnamespace;
	PERFORM tiering_internal.patiently(format('SELECT tiering_internal.create_triggers_now(%L, %L, %L, %L)',
		p, relation::oid, function, arguments));
	-- nothing was noted of what was not tracked
	PERFORM tiering_internal.drop_touch(ARRAY(
		SELECT f FROM tiering_internal.touch_functions(p) f
		WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = f) AND
			obj_description(f, 'pg_proc') = obj_description(function, 'pg_proc')));
	RETURN true;
END $$;
COMMENT ON FUNCTION tiering_internal.work_track(text, jsonb) IS
'the work of tiering.track()';

CREATE FUNCTION tiering.track(name text, relation regclass, "column" name,
		via regclass DEFAULT NULL, via_column name DEFAULT NULL,
		via_customer name DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF relation IS NULL OR "column" IS NULL OR
		(via IS NULL) <> (via_column IS NULL) OR (via IS NULL) <> (via_customer IS NULL) THEN
		RAISE 'a table and a column must be given, and of via all three or none' USING
			ERRCODE = 'null_value_not_allowed',
			HINT = 'track(name, ''order_lines'', ''order_number'', ''orders'', ''number'', ''customer'')';
	END IF;
	PERFORM FROM tiering_internal.as_owner(name, 'track', jsonb_build_object(
		'relation', relation::oid::bigint, 'column', "column", 'via', via::oid::bigint,
		'via_column', via_column, 'via_customer', via_customer)) AS w (done boolean);
END $$;
COMMENT ON FUNCTION tiering.track(text, regclass, name, regclass, name, name) IS
'From now on notes the customers, found in a column, whose rows of a table are inserted, updated (before and after) or deleted, for tiering.refresh_touched(). Where the column leads to another table, via, which has it as via_column, the customer is found there in via_customer, as for order lines and payments that have an order number only. The program''s owner needs the right TRIGGER on the table (and SELECT on via); who writes to it needs no right on the program, and nothing that becomes of the program stops a write: with a warning everyone is noted where the column was dropped, renamed or given a type that does not fit. A TRUNCATE asks for everyone. On a partitioned table, writes to a partition directly are noted too. Call it again after a column or table was renamed or built anew. Not noted are writes to partitions made or attached later, until then, what ATTACH and DETACH bring or take (attach no foreign partition: writes to it would fail), what logical replication applies, and writes to other tables that the metrics read: use tiering.touch(). Errors: 0A000 if the metrics read a materialized view, for foreign partitions and distributed tables; 42703 for a missing column, 42804 for one that does not fit.';

CREATE FUNCTION tiering_internal.work_touch(name text, a jsonb) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF a ->> 'customer' IS NULL THEN
		RAISE 'a customer must be given' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	EXECUTE tiering_internal.sql(tiering_internal.own(name),
		'INSERT INTO {tier_touched} ({customer}) VALUES ($1::{key})')
	USING a ->> 'customer';
	RETURN true;
END $$;
COMMENT ON FUNCTION tiering_internal.work_touch(text, jsonb) IS
'the work of tiering.touch()';

-- @each type: text, anyelement
CREATE FUNCTION tiering.touch(name text, customer @type@) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM FROM tiering_internal.as_owner(name, 'touch', jsonb_build_object(
		'customer', customer::text)) AS w (done boolean);
END $$;
COMMENT ON FUNCTION tiering.touch(text, @type@) IS
'Notes a customer for tiering.refresh_touched(), as tiering.track() does of itself. Members of the owner may, and who has INSERT on <name>_tier_touched. Errors: 22004 for NULL; what PostgreSQL says of a key that is none.';

-- @end
CREATE FUNCTION tiering_internal.drop_touch_now(functions oid[], queue oid) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET client_min_messages = warning SET lock_timeout = '100ms' AS $$
BEGIN
	IF queue IS NOT NULL THEN
		EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', queue::regclass);
	END IF;
	-- CASCADE drops the triggers, also on tables of others
	EXECUTE (SELECT 'DROP FUNCTION ' || string_agg(f::regprocedure::text, ', ' ORDER BY f) || ' CASCADE'
			 FROM unnest(functions) f);
END $$;
COMMENT ON FUNCTION tiering_internal.drop_touch_now(oid[], oid) IS
'locks a queue, if one is given, and drops trigger functions with their triggers, if it gets the locks soon: else 55P03';

CREATE FUNCTION tiering_internal.drop_touch(functions oid[], queue oid DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF functions <> '{}' THEN
		PERFORM tiering_internal.patiently(format('SELECT tiering_internal.drop_touch_now(%L, %L)',
			functions, queue));
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.drop_touch(oid[], oid) IS
'drops trigger functions with their triggers, as tiering_internal.patiently()';

CREATE FUNCTION tiering_internal.drop_tracking(p tiering.program) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	-- who touched the queue may be about to write what is tracked
	SELECT tiering_internal.drop_touch(ARRAY(SELECT tiering_internal.touch_functions(p)),
		(SELECT c.oid FROM pg_class c WHERE c.oid = tiering_internal.relation(p, '_tier_touched') AND
			c.relkind = 'r' AND c.relowner = tiering_internal.owner(p)))
$$;
COMMENT ON FUNCTION tiering_internal.drop_tracking(tiering.program) IS
'drops all triggers of a program';

CREATE FUNCTION tiering_internal.warn_of_lost(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	what text;
BEGIN
	FOR what IN
		SELECT obj_description(f, 'pg_proc') FROM tiering_internal.touch_functions(p) f
		WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = f) OR EXISTS (
			SELECT FROM pg_trigger t WHERE t.tgfoid = f GROUP BY t.tgrelid
			HAVING count(*) < 4 OR bool_or(t.tgenabled = 'D'))
	LOOP
		RAISE WARNING 'program "%" has lost triggers', p.name USING
			DETAIL = format('Not everything is noted any more by what %s.', what),
			HINT = 'Call tiering.track() again, or tiering.untrack(name, NULL), and refresh everyone.';
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.warn_of_lost(tiering.program) IS
'warns of what was tracked and has lost its triggers, as tables that are built anew have';

CREATE FUNCTION tiering_internal.work_untrack(name text, a jsonb) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	relation CONSTANT regclass := (a ->> 'relation')::oid;
	col CONSTANT name := a ->> 'column';
	functions oid[];
BEGIN
	PERFORM tiering_internal.lock(p, true);
	functions := ARRAY(
		SELECT f FROM tiering_internal.touch_functions(p) f
		WHERE CASE WHEN relation IS NULL THEN NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = f)
			ELSE EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = f AND t.tgrelid = relation AND
				(col IS NULL OR f = tiering_internal.tracked(p, relation, col))) END);
	IF functions = '{}' THEN
		RAISE 'program "%" does not track %', name,
			concat_ws('.', coalesce(relation::text, 'what is gone'), quote_ident(col)) USING
			ERRCODE = 'undefined_object';
	END IF;
	PERFORM tiering_internal.drop_touch(functions);
	RETURN true;
END $$;
COMMENT ON FUNCTION tiering_internal.work_untrack(text, jsonb) IS
'the work of tiering.untrack()';

CREATE FUNCTION tiering.untrack(name text, relation regclass,
		"column" name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM FROM tiering_internal.as_owner(name, 'untrack', jsonb_build_object(
		'relation', relation::oid::bigint, 'column', "column")) AS w (done boolean);
END $$;
COMMENT ON FUNCTION tiering.untrack(text, regclass, name) IS
'Ends what tiering.track() began, for one column or all of a table, with its partitions; with NULL for the table, for those that are gone. Customers noted so far stay noted. Waits for who uses the table, without making others wait. Errors: 42704 for what is not tracked.';
