-- program: tiers kept in tables; the registry, and whose a program is
--
-- What a program does is done by its owner: tiering_internal.as_owner() runs
-- tiering_internal.work_...(), the functions of the user call it.  All find
-- nothing by search_path.

CREATE SCHEMA tiering;
COMMENT ON SCHEMA tiering IS
'Programs: tiers kept in tables of their owner, refreshed by CALL tiering.refresh(name).';
GRANT USAGE ON SCHEMA tiering TO PUBLIC;

CREATE TABLE tiering.program (
	name text PRIMARY KEY,
	owner text NOT NULL,
	schema text NOT NULL,
	metrics_schema text NOT NULL,
	metrics_name text NOT NULL,
	customer text NOT NULL,
	ladder @extschema@.tier_ladder NOT NULL,
	scorecard @extschema@.tier_scorecard,
	value text,
	policy @extschema@.tier_policy NOT NULL,
	review_value text,
	per text,
	time_zone text NOT NULL,
	max_leaving numeric NOT NULL
);
COMMENT ON TABLE tiering.program IS
'The programs of this database. Everyone may read it. It changes by functions of schema tiering alone; a program is made by whoever owns its tables.';
COMMENT ON COLUMN tiering.program.owner IS
'The role that owns the program and its tables.';
COMMENT ON COLUMN tiering.program.schema IS
'Where the program''s tables and views are: <name>_tiers and so on.';
COMMENT ON COLUMN tiering.program.metrics_name IS
'The relation with one row per customer, in metrics_schema.';
COMMENT ON COLUMN tiering.program.customer IS
'The column of the metrics that is the customer''s key.';
COMMENT ON COLUMN tiering.program.value IS
'The column of the metrics that is the value. NULL with a scorecard or a ladder of rules.';
COMMENT ON COLUMN tiering.program.review_value IS
'The column of the metrics with the value that reviews look at, where it is not NULL; for a ladder of rules one of a composite type. NULL for none.';
COMMENT ON COLUMN tiering.program.per IS
'The column of the metrics within whose groups a relative ladder or scorecard is calibrated. NULL: everyone is one group.';
COMMENT ON COLUMN tiering.program.time_zone IS
'The time zone in which today is the day of a refresh, and in which the metrics are read.';
COMMENT ON COLUMN tiering.program.max_leaving IS
'The share of the customers who may leave in one refresh, from 0 to 1.';

-- No row security: it would stop pg_dump by a non-superuser.  No sequence: a
-- non-superuser's pg_restore could not set it.  No UPDATE for PUBLIC: who may
-- update a row can lock it, and so stop everyone.
GRANT SELECT, INSERT ON tiering.program TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('tiering.program', '');

-- whose a program is

CREATE FUNCTION tiering_internal.suffixes() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '{_tiers,_tier_history,_tier_run,_tier_touched,_tier_pin,_tier_benefit,_tier_use}'::text[];
COMMENT ON FUNCTION tiering_internal.suffixes() IS
'how the names of the tables of a program end';

CREATE FUNCTION tiering_internal.relation(p tiering.program, suffix text) RETURNS oid
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (SELECT c.oid
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = (p).schema AND c.relname = (p).name || suffix);
COMMENT ON FUNCTION tiering_internal.relation(tiering.program, text) IS
'the table of a program with this suffix; NULL if there is none';

CREATE FUNCTION tiering_internal.owner(p tiering.program) RETURNS oid
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN coalesce(
		(SELECT r.oid FROM pg_roles r WHERE r.rolname = (p).owner),
		(SELECT c.relowner FROM pg_class c
		 WHERE c.oid = tiering_internal.relation(p, '_tiers')),
		(SELECT d.datdba FROM pg_database d
		 WHERE d.datname = current_database()));
COMMENT ON FUNCTION tiering_internal.owner(tiering.program) IS
'the role that owns a program; where it was renamed or dropped, that of the table of tiers, or of the database';

CREATE FUNCTION tiering_internal.find(name text) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
BEGIN
	SELECT * INTO p FROM tiering.program r WHERE r.name = find.name;
	IF NOT FOUND THEN
		RAISE 'there is no program "%"', name USING
			ERRCODE = 'undefined_object',
			HINT = 'SELECT name FROM tiering.program lists the programs.';
	END IF;
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.find(text) IS
'the program of this name; 42704 if there is none';

CREATE FUNCTION tiering_internal.check_member(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT pg_has_role(tiering_internal.owner(p), 'MEMBER') THEN
		RAISE 'program "%" belongs to another role', p.name USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = format('Its owner is %s; the current user is %s.',
				pg_get_userbyid(tiering_internal.owner(p)), current_user),
			HINT = 'Only the owner, members of it and superusers may do that.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_member(tiering.program) IS
'42501 unless the current user is a member of the owner of a program, or a superuser';

CREATE FUNCTION tiering_internal.damage(p tiering.program) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT format('The table %I.%I is missing, no table, or belongs to another role than %s.',
		p.schema, min(p.name || s),
		pg_get_userbyid(tiering_internal.owner(p)))
	FROM unnest(tiering_internal.suffixes()) s
		 LEFT JOIN pg_class c ON c.oid = tiering_internal.relation(p, s) AND
			c.relkind = 'r' AND c.relowner = tiering_internal.owner(p) AND
			c.relpersistence <> 't'
	WHERE c.oid IS NULL
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION tiering_internal.damage(tiering.program) IS
'what is wrong with the tables of a program; NULL for nothing';

CREATE FUNCTION tiering_internal.program(name text) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.find(name);
	damage CONSTANT text := tiering_internal.damage(p);
BEGIN
	IF damage IS NOT NULL THEN
		RAISE 'program "%" is damaged', name USING
			ERRCODE = 'object_not_in_prerequisite_state', DETAIL = damage,
			HINT = 'tiering.attach() finds its tables in another schema or of another owner; tiering.drop_program() drops what is left.';
	END IF;
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.program(text) IS
'the program of this name; 42704 if there is none, 55000 unless its tables stand and are of its owner';

-- working as the owner

CREATE FUNCTION tiering_internal.reads(work text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN work = ANY ('{moved,movements,tier_at}') THEN
			'{_tiers,_tier_history,_tier_run}'::text[]
		WHEN work = ANY ('{pyramid,runs,calibrated,status}') THEN
			'{_tiers,_tier_run}'
		WHEN work = 'entitlements' THEN '{_tier_history,_tier_benefit,_tier_use}'
	END;
COMMENT ON FUNCTION tiering_internal.reads(text) IS
'the tables on which SELECT is enough for a piece of work; NULL for a piece that only members of the owner may do';

CREATE FUNCTION tiering_internal.allowed(name text, work text) RETURNS oid
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.program(name);
	owner CONSTANT oid := tiering_internal.owner(p);
BEGIN
	IF pg_has_role(owner, 'MEMBER') OR
		work = 'touch' AND has_table_privilege(
			tiering_internal.relation(p, '_tier_touched'), 'INSERT') OR
		work = 'use_benefit' AND has_table_privilege(
			tiering_internal.relation(p, '_tier_use'), 'INSERT') OR
		(SELECT bool_and(has_table_privilege(tiering_internal.relation(p, s), 'SELECT'))
		 FROM unnest(tiering_internal.reads(work)) s) THEN
		RETURN owner;
	ELSIF tiering_internal.reads(work) IS NOT NULL THEN
		RAISE 'permission denied for program "%"', name USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = format('Its owner is %s; the current user is %s.',
				pg_get_userbyid(owner), current_user),
			HINT = format('The owner can let others read it: SELECT tiering.grant_read(%L, %L);',
				name, current_user);
	END IF;
	PERFORM tiering_internal.check_member(p);
END $$;
COMMENT ON FUNCTION tiering_internal.allowed(text, text) IS
'the owner of a program, if the current user may let them do a piece of work; else 42501';

CREATE FUNCTION tiering_internal.as_owner(name text, work text, arguments jsonb)
	RETURNS SETOF record LANGUAGE C VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'ct_as_owner';
COMMENT ON FUNCTION tiering_internal.as_owner(text, text, jsonb) IS
'the rows of tiering_internal.work_<work>(name, arguments), run as the owner of the program: with search_path pg_catalog, and as REFRESH MATERIALIZED VIEW runs a view, so that nothing that the owner made can become the current user or leave anything in the session';

CREATE FUNCTION tiering_internal.with_rows(relation text, query text,
		statements text[], state jsonb) RETURNS jsonb
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'ct_with_rows';
COMMENT ON FUNCTION tiering_internal.with_rows(text, text, text[], jsonb) IS
'runs a query once, and then statements over its rows, which they see as a relation of that name: $1 is what the statement before returned, first state; returns what the last returns';

CREATE FUNCTION tiering_internal.show_phase(phase text) RETURNS void
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'ct_show_phase';
COMMENT ON FUNCTION tiering_internal.show_phase(text) IS
'sets what pg_stat_activity shows as the query of this session';

CREATE FUNCTION tiering_internal.own(name text) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.find(name);
	owner CONSTANT name := pg_get_userbyid(tiering_internal.owner(p));
BEGIN
	IF current_user <> owner THEN
		RAISE 'program "%" belongs to role "%"', name, owner USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = format('The current user is "%s".', current_user),
			HINT = 'Call the functions of schema tiering.';
	END IF;
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.own(text) IS
'the program of this name if it is the current user''s, as it is for all that tiering_internal.as_owner() runs, which has looked at its tables; else 42501';

CREATE FUNCTION tiering_internal.lock(p tiering.program, wait boolean) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	statement CONSTANT text := tiering_internal.sql(p,
		'LOCK TABLE {tier_run} IN SHARE UPDATE EXCLUSIVE MODE');
BEGIN
	BEGIN
		EXECUTE statement || CASE WHEN wait THEN '' ELSE ' NOWAIT' END;
	EXCEPTION WHEN undefined_table THEN
		-- it was dropped by whom this waited for
		PERFORM tiering_internal.program(p.name);
		RAISE;
	WHEN lock_not_available THEN
		-- autovacuum has such a lock, and gives way to who waits
		IF wait OR NOT EXISTS (
			SELECT FROM pg_locks l JOIN pg_stat_activity s USING (pid)
			WHERE l.relation = tiering_internal.relation(p, '_tier_run') AND
				  l.granted AND s.backend_type = 'autovacuum worker') THEN
			RAISE 'program "%" is being refreshed or changed', p.name USING
				ERRCODE = 'lock_not_available',
				DETAIL = 'Another transaction holds its lock.',
				HINT = 'Try again, or give wait => true.';
		END IF;
		EXECUTE statement;
	END;
	-- At REPEATABLE READ, which only a caller's transaction can have, this
	-- fails with 40001 if another did this since the snapshot: going by the
	-- tiers of before it would lose what it wrote, and who was queued since.
	EXECUTE tiering_internal.sql(p, 'UPDATE {tier_run} r SET status = r.status
		WHERE r.run = (SELECT max(l.run) FROM {tier_run} l WHERE l.status = ''done'')');
END $$;
COMMENT ON FUNCTION tiering_internal.lock(tiering.program, boolean) IS
'locks a program until the transaction ends; 55P03 when it is locked, unless it shall wait, and 40001 where the snapshot is of before the last change';

-- the registry

CREATE FUNCTION tiering_internal.guard() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	damage text;
BEGIN
	-- pg_restore may make the tables another role's
	SELECT pg_get_userbyid(c.relowner) INTO NEW.owner FROM pg_class c
	WHERE c.oid = tiering_internal.relation(NEW, '_tiers');
	damage := CASE WHEN NEW.owner IS NULL THEN 'It has no table of tiers.'
		ELSE tiering_internal.damage(NEW) END;
	IF damage IS NOT NULL THEN
		RAISE 'program "%" has no tables of its own', NEW.name USING
			ERRCODE = 'object_not_in_prerequisite_state', DETAIL = damage,
			HINT = 'Make programs with tiering.create_program().';
	END IF;
	PERFORM tiering_internal.check_member(NEW);
	RETURN NEW;
END $$;
COMMENT ON FUNCTION tiering_internal.guard() IS
'refuses a program without tables (55000), or whose owner the current user is no member of (42501)';
CREATE TRIGGER guard BEFORE INSERT ON tiering.program
	FOR EACH ROW EXECUTE FUNCTION tiering_internal.guard();
COMMENT ON TRIGGER guard ON tiering.program IS
'a program is made by who owns its tables';

CREATE FUNCTION tiering_internal.check_change(p tiering.program, drop boolean)
	RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM tiering_internal.check_member(tiering_internal.find(p.name));
	IF NOT drop THEN
		PERFORM tiering_internal.check_member(p);
		IF tiering_internal.damage(p) IS NOT NULL THEN
			RAISE 'program "%" has no such tables', p.name USING
				ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = tiering_internal.damage(p);
		END IF;
	END IF;
	RETURN true;
END $$;
COMMENT ON FUNCTION tiering_internal.check_change(tiering.program, boolean) IS
'may the current user make p the row of its name in the registry, or delete that? Else 42501 or 55000';

CREATE FUNCTION tiering_internal.write_program(p tiering.program, drop boolean)
	RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM tiering.program r WHERE r.name = p.name AND drop;
	UPDATE tiering.program r
	SET (owner, schema, metrics_schema, metrics_name, ladder, scorecard, policy,
		max_leaving) = (SELECT p.owner, p.schema, p.metrics_schema,
		p.metrics_name, p.ladder, p.scorecard, p.policy, p.max_leaving)
	WHERE r.name = p.name AND NOT drop;
	RETURN true;
END $$;
COMMENT ON FUNCTION tiering_internal.write_program(tiering.program, boolean) IS
'for tiering_internal.change_program(), which has the right to';

CREATE FUNCTION tiering_internal.change_program(p tiering.program, drop boolean)
	RETURNS void LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'ct_change_program';
COMMENT ON FUNCTION tiering_internal.change_program(tiering.program, boolean) IS
'makes p the row of its name in the registry, or deletes that: what nobody may do by hand. Errors: those of tiering_internal.check_change()';

