-- program: noting customers as their rows change

-- tracking

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
	SELECT f.oid FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
	WHERE n.nspname = p.schema AND f.prorettype = 'trigger'::regtype AND
		  f.proowner = tiering_internal.owner(p) AND
		  starts_with(f.proname, p.name || '_tier_touch_') AND
		  substr(f.proname, length(p.name) + 13) ~ '^[0-9]+$'
	ORDER BY f.oid
$$;
COMMENT ON FUNCTION tiering_internal.touch_functions(tiering.program) IS
'the trigger functions of a program, one for each tracked column';

CREATE FUNCTION tiering_internal.tracked(p tiering.program, relation regclass,
		col name) RETURNS oid
	LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
	SELECT t.tgfoid FROM pg_trigger t
	WHERE t.tgrelid = relation AND
		  t.tgfoid IN (SELECT tiering_internal.touch_functions(p)) AND
		  t.tgargs = convert_to(col, getdatabaseencoding()) || decode('00', 'hex')
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

CREATE FUNCTION tiering_internal.create_touch(p tiering.program, col name)
	RETURNS oid LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	number integer := 1;
	function text;
BEGIN
	LOOP
		function := format('%I.%I()', p.schema, p.name || '_tier_touch_' || number);
		EXIT WHEN to_regprocedure(function) IS NULL;
		number := number + 1;
	END LOOP;
	-- If the type of the column has been changed to one that does not fit, its
	-- cast shall not run, nor shall the statement fail: all are touched.
	EXECUTE format('CREATE FUNCTION %s RETURNS trigger
		LANGUAGE plpgsql SECURITY DEFINER
		SET search_path = pg_catalog, pg_temp AS %L', function,
		tiering_internal.sql(p, 'BEGIN
	IF NOT EXISTS (
		SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attrelid = TG_RELID AND a.attname = {name} AND
			  (t.oid = ANY ({fitting}::regtype[]) OR
			   t.typbasetype = ANY ({fitting}::regtype[]))) THEN
		INSERT INTO {tier_touched} ({customer}) VALUES (NULL);
	ELSIF TG_OP = ''INSERT'' THEN
		INSERT INTO {tier_touched} ({customer}) SELECT DISTINCT n.{column}
		FROM new_rows n WHERE n.{column} IS NOT NULL;
	ELSIF TG_OP = ''UPDATE'' THEN
		INSERT INTO {tier_touched} ({customer})
		SELECT o.{column} FROM old_rows o WHERE o.{column} IS NOT NULL
		UNION
		SELECT n.{column} FROM new_rows n WHERE n.{column} IS NOT NULL;
	ELSIF TG_OP = ''DELETE'' THEN
		INSERT INTO {tier_touched} ({customer}) SELECT DISTINCT o.{column}
		FROM old_rows o WHERE o.{column} IS NOT NULL;
	ELSE
		INSERT INTO {tier_touched} ({customer}) VALUES (NULL);
	END IF;
	RETURN NULL;
END', jsonb_build_object('column', quote_ident(col), 'name', quote_literal(col),
			'fitting', quote_literal(
				tiering_internal.fitting(tiering_internal.key(p))))));
	EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', function);
	EXECUTE format('COMMENT ON FUNCTION %s IS %L', function,
		format('notes the customers in column %I for program %I', col, p.name));
	RETURN to_regprocedure(function);
END $$;
COMMENT ON FUNCTION tiering_internal.create_touch(tiering.program, name) IS
'makes the trigger function that notes customers in the queue; it runs as the current user, who must own the program';

CREATE FUNCTION tiering_internal.create_triggers(p tiering.program, relation regclass,
		col name, function oid) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	base CONSTANT text := p.name || '_tier_' ||
		substring((SELECT f.proname FROM pg_proc f WHERE f.oid = function)
			FROM '[0-9]+$');
	event text;
	tables text;
BEGIN
	FOR event, tables IN VALUES
		('INSERT', 'REFERENCING NEW TABLE AS new_rows'),
		('UPDATE', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
		('DELETE', 'REFERENCING OLD TABLE AS old_rows'),
		('TRUNCATE', '')
	LOOP
		EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s
			FOR EACH STATEMENT EXECUTE FUNCTION %s(%L)',
			base || '_' || lower(event), event, relation, tables,
			(SELECT format('%I.%I', p.schema, f.proname)
			 FROM pg_proc f WHERE f.oid = function), col);
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.create_triggers(tiering.program, regclass, name, oid) IS
'makes the triggers of one table or partition';

CREATE FUNCTION tiering_internal.check_trackable(p tiering.program,
		relation regclass, col name) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	stale CONSTANT regclass :=
		tiering_internal.materialized(tiering_internal.sql(p, '{metrics}')::regclass);
	type CONSTANT regtype := tiering_internal.column_type(relation, col);
	key CONSTANT regtype := tiering_internal.key(p);
	fitting CONSTANT regtype[] := tiering_internal.fitting(key);
BEGIN
	IF NOT EXISTS (
		SELECT FROM pg_class c
		WHERE c.oid = relation AND c.relkind IN ('r', 'p')) THEN
		RAISE '% cannot be tracked', relation USING
			ERRCODE = 'wrong_object_type',
			HINT = 'Track the tables that hold the rows.';
	ELSIF stale IS NOT NULL THEN
		RAISE 'the metrics of program "%" read a materialized view', p.name
			USING ERRCODE = 'feature_not_supported',
			DETAIL = format('%s does not change when %s does.', stale, relation),
			HINT = 'Use a view, or call tiering.refresh() after REFRESH MATERIALIZED VIEW.';
	ELSIF NOT EXISTS (
		SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attrelid = relation AND a.attname = col AND
			  (t.oid = ANY (fitting) OR t.typbasetype = ANY (fitting))) THEN
		RAISE 'column "%" of % is no customer of program "%"', col, relation,
			p.name USING ERRCODE = 'datatype_mismatch',
			DETAIL = format('Its type is %s, that of the customer %s.', type, key);
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_trackable(tiering.program, regclass, name) IS
'refuses what is no table (42809), metrics that read a materialized view (0A000) and a column that might not fit the queue (42804)';

CREATE FUNCTION tiering.track(name text, relation regclass, "column" name)
	RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
	function oid;
	member regclass;
BEGIN
	p := tiering_internal.own(name);
	PERFORM tiering_internal.lock(p, true);
	PERFORM tiering_internal.check_trackable(p, relation, "column");
	function := tiering_internal.tracked(p, relation, "column");
	IF function IS NULL THEN
		function := tiering_internal.create_touch(p, "column");
	END IF;
	FOR member IN
		SELECT f.member FROM tiering_internal.family(relation) f
		WHERE f.kind <> 'f' AND NOT EXISTS (
			SELECT FROM pg_trigger t
			WHERE t.tgrelid = f.member AND t.tgfoid = function)
		ORDER BY f.member
	LOOP
		PERFORM tiering_internal.create_triggers(p, member, "column", function);
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering.track(text, regclass, name) IS
'From now on notes the customers, found in a column, whose rows of a table are inserted, updated (before and after) or deleted, for tiering.refresh_touched(). The caller needs the right TRIGGER on the table; who writes to it needs no right on the program. A TRUNCATE asks for everyone, and so does each statement after the column was dropped, renamed or given a type that does not fit. On a partitioned table, writes to a partition directly are noted too. Not noted are writes to partitions made or attached later, until track() is called again, what ATTACH and DETACH bring or take, what logical replication applies, writes to foreign partitions, and writes to other tables that the metrics read. Errors: 0A000 if the metrics read a materialized view, 42703 for a missing column, 42804 for one that does not fit.';

CREATE FUNCTION tiering_internal.drop_touch(function oid) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET client_min_messages = warning AS $$
BEGIN
	-- CASCADE drops the triggers, also on tables of others
	EXECUTE format('DROP FUNCTION %s CASCADE', function::regprocedure);
END $$;
COMMENT ON FUNCTION tiering_internal.drop_touch(oid) IS
'drops a trigger function with its triggers';

CREATE FUNCTION tiering.untrack(name text, relation regclass,
		"column" name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
	function oid;
	dropped boolean := false;
BEGIN
	p := tiering_internal.own(name);
	PERFORM tiering_internal.lock(p, true);
	FOR function IN
		SELECT f FROM tiering_internal.touch_functions(p) f
		WHERE EXISTS (
			SELECT FROM pg_trigger t
			WHERE t.tgfoid = f AND t.tgrelid = relation AND
				  ("column" IS NULL OR f = tiering_internal.tracked(p, relation, "column")))
	LOOP
		PERFORM tiering_internal.drop_touch(function);
		dropped := true;
	END LOOP;
	IF NOT dropped THEN
		RAISE 'program "%" does not track %', name,
			concat_ws('.', relation::text, quote_ident("column")) USING
			ERRCODE = 'undefined_object';
	END IF;
END $$;
COMMENT ON FUNCTION tiering.untrack(text, regclass, name) IS
'Ends what tiering.track() began, for one column or all of a table, with its partitions. Customers noted so far stay noted.';

CREATE FUNCTION tiering_internal.drop_tracking(p tiering.program) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	SELECT tiering_internal.drop_touch(f) FROM tiering_internal.touch_functions(p) f
$$;
COMMENT ON FUNCTION tiering_internal.drop_tracking(tiering.program) IS
'drops all triggers of a program';
CREATE FUNCTION tiering_internal.rename_benefits(p tiering.program, renamed jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT';
COMMENT ON FUNCTION tiering_internal.rename_benefits(tiering.program, jsonb) IS 'x';
CREATE FUNCTION tiering_internal.merge_uses(p tiering.program, customer text, into_customer text) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT';
COMMENT ON FUNCTION tiering_internal.merge_uses(tiering.program, text, text) IS 'x';
