-- program: tiers kept in tables; the registry, and how programs are made,
-- altered and dropped
--
-- All functions run with the rights of the caller and find nothing by
-- search_path.

CREATE SCHEMA tiering;
COMMENT ON SCHEMA tiering IS
'Programs: tiers kept in tables of their owner, refreshed by CALL tiering.refresh(name).';
GRANT USAGE ON SCHEMA tiering TO PUBLIC;

CREATE TABLE tiering.program (
	name text PRIMARY KEY,
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
	as_of date
);
COMMENT ON TABLE tiering.program IS
'The programs of this database. Everyone may read it; only members of a program''s owner may change its row. The owner is who owns the table of tiers.';
COMMENT ON COLUMN tiering.program.schema IS
'Where the program''s tables are: <name>_tiers, <name>_tier_history, <name>_tier_run and <name>_tier_touched.';
COMMENT ON COLUMN tiering.program.metrics_name IS
'The relation with one row per customer, in metrics_schema.';
COMMENT ON COLUMN tiering.program.customer IS
'The column of the metrics that is the customer''s key.';
COMMENT ON COLUMN tiering.program.value IS
'The column of the metrics that is the value. NULL with a scorecard or a ladder of rules.';
COMMENT ON COLUMN tiering.program.review_value IS
'The column of the metrics with the value that reviews look at, where it is not NULL. NULL for none.';
COMMENT ON COLUMN tiering.program.per IS
'The column of the metrics within whose groups a relative ladder or scorecard is calibrated. NULL: everyone is one group.';
COMMENT ON COLUMN tiering.program.time_zone IS
'The time zone in which today is the day of a refresh, and in which the metrics are read.';
COMMENT ON COLUMN tiering.program.as_of IS
'The day of the last refresh. NULL before the first.';

-- No row security: it would stop pg_dump by a non-superuser.  No sequence: a
-- non-superuser's pg_restore could not set it.
GRANT SELECT, INSERT, UPDATE, DELETE ON tiering.program TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('tiering.program', '');

-- whose a program is

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
		(SELECT c.relowner FROM pg_class c
		 WHERE c.oid = tiering_internal.relation(p, '_tiers')),
		(SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = (p).schema),
		(SELECT d.datdba FROM pg_database d
		 WHERE d.datname = current_database()));
COMMENT ON FUNCTION tiering_internal.owner(tiering.program) IS
'the role that owns the table of tiers; where that was dropped, its schema, or the database';

CREATE FUNCTION tiering_internal.guard() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
BEGIN
	FOREACH p IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW]
		WHEN 'DELETE' THEN ARRAY[OLD] ELSE ARRAY[OLD, NEW] END
	LOOP
		IF NOT pg_has_role(current_user, tiering_internal.owner(p), 'MEMBER') THEN
			RAISE 'program "%" belongs to another role', p.name USING
				ERRCODE = 'insufficient_privilege',
				DETAIL = format('Its owner is %s.',
					pg_get_userbyid(tiering_internal.owner(p))),
				HINT = 'Only members of the owner may change a program.';
		END IF;
	END LOOP;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
COMMENT ON FUNCTION tiering_internal.guard() IS
'refuses changes of a program by others than members of its owner: 42501';
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON tiering.program
	FOR EACH ROW EXECUTE FUNCTION tiering_internal.guard();
COMMENT ON TRIGGER guard ON tiering.program IS
'only members of a program''s owner may change it';

CREATE FUNCTION tiering_internal.program(name text) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
	broken text;
BEGIN
	SELECT * INTO p FROM tiering.program r WHERE r.name = program.name;
	IF NOT FOUND THEN
		RAISE 'there is no program "%"', name USING
			ERRCODE = 'undefined_object',
			HINT = 'SELECT name FROM tiering.program lists the programs.';
	END IF;
	SELECT min(p.name || s) INTO broken
	FROM unnest(ARRAY['_tiers', '_tier_history', '_tier_run', '_tier_touched']) s
		 LEFT JOIN pg_class c ON c.oid = tiering_internal.relation(p, s)
	WHERE c.oid IS NULL OR c.relkind <> 'r' OR
		  c.relowner <> tiering_internal.owner(p) OR tiering_internal.is_retyped(c.oid, p.customer);
	IF broken IS NOT NULL THEN
		RAISE 'program "%" is damaged', name USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = format('The table %I.%I is missing, belongs to another role than %I, or has columns of other types.',
				p.schema, broken, p.name || '_tiers'),
			HINT = 'Drop the program with tiering.drop_program(), or give its tables one owner and the types they had.';
	END IF;
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.program(text) IS
'the program of this name; 42704 if there is none, 55000 unless its tables stand and have one owner and their types';

CREATE FUNCTION tiering_internal.own(name text) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.program(name);
	owner text := pg_get_userbyid(tiering_internal.owner(p));
BEGIN
	IF current_user <> owner THEN
		RAISE 'program "%" belongs to role "%"', name, owner USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = format('The current user is "%s"; what reads the program runs the owner''s functions.',
				current_user),
			HINT = format('SET ROLE %I;', owner);
	END IF;
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.own(text) IS
'the program of this name if it is the current user''s, else 42501: superusers too would run the owner''s functions with their own rights';

CREATE FUNCTION tiering_internal.readable(name text) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- What was done to the tables since, as an index or the type of a column,
	-- may run anything.
	IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
		RETURN tiering_internal.own(name);
	END IF;
	RETURN tiering_internal.program(name);
END $$;
COMMENT ON FUNCTION tiering_internal.readable(text) IS
'the program of this name, whose tables are to be read; 42501 for a superuser who does not own it, who would run what its owner put into them';

CREATE FUNCTION tiering_internal.lock(name text, wait boolean) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF wait THEN
		PERFORM FROM tiering.program p WHERE p.name = lock.name
			FOR NO KEY UPDATE;
	ELSE
		PERFORM FROM tiering.program p WHERE p.name = lock.name
			FOR NO KEY UPDATE SKIP LOCKED;
		IF NOT FOUND AND EXISTS (
			SELECT FROM tiering.program p WHERE p.name = lock.name) THEN
			RAISE 'program "%" is being refreshed or changed', name USING
				ERRCODE = 'lock_not_available',
				DETAIL = 'Another transaction holds its row in tiering.program.',
				HINT = 'Try again, or give wait => true.';
		END IF;
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.lock(text, boolean) IS
'locks a program until the transaction ends; 55P03 when it is locked, unless it shall wait';

-- what a program is made of

CREATE FUNCTION tiering_internal.is_rules(ladder @extschema@.tier_ladder)
	RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN NOT coalesce(
		(SELECT r.condition ~ '^(>|top |share )'
		 FROM @extschema@.rungs(ladder) r WHERE r.rank = 1), true);
COMMENT ON FUNCTION tiering_internal.is_rules(@extschema@.tier_ladder) IS
'does the ladder name its figures?';

CREATE FUNCTION tiering_internal.is_relative(p tiering.program) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN NOT @extschema@.is_calibrated((p).ladder) OR
		NOT coalesce(@extschema@.is_calibrated((p).scorecard), true);
COMMENT ON FUNCTION tiering_internal.is_relative(tiering.program) IS
'does the ladder or the scorecard need to be calibrated?';

CREATE FUNCTION tiering_internal.column_type(relation regclass, col text)
	RETURNS regtype
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	type oid;
	base oid;
BEGIN
	SELECT a.atttypid INTO type FROM pg_attribute a
	WHERE a.attrelid = relation AND a.attname = col AND a.attnum > 0 AND
		  NOT a.attisdropped;
	IF NOT FOUND THEN
		RAISE 'column "%" of % does not exist', col, relation USING
			ERRCODE = 'undefined_column',
			HINT = 'Its columns: ' || (
				SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
				FROM pg_attribute a
				WHERE a.attrelid = relation AND a.attnum > 0 AND
					  NOT a.attisdropped) || '.';
	END IF;
	LOOP
		SELECT t.typbasetype INTO base FROM pg_type t WHERE t.oid = type;
		EXIT WHEN base = 0;
		type := base;
	END LOOP;
	RETURN type;
END $$;
COMMENT ON FUNCTION tiering_internal.column_type(regclass, text) IS
'the type of a column, of a domain the type below it; 42703 for no such column';

CREATE FUNCTION tiering_internal.is_retyped(relation oid, customer text)
	RETURNS boolean LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN EXISTS (
		SELECT FROM pg_attribute a
			 JOIN pg_type d ON d.oid = a.atttypid
			 JOIN pg_type t ON t.oid = CASE d.typtype WHEN 'd'
				THEN tiering_internal.column_type(relation::regclass, a.attname)
				ELSE d.oid END
		WHERE a.attrelid = relation AND a.attnum > 0 AND
			  a.attname = ANY ('{tier,rank,since,joined,term,review_on,
				grace_until,movement,reason,value,entry,run,
				as_of,from_tier,kind,status,started_at,finished_at,pid,
				customers,changed,error,ladder,scorecard,policy,
				calibration}'::text[] || customer) AND
			  t.typnamespace <> 'pg_catalog'::regnamespace AND
			  t.oid <> ALL (ARRAY['@extschema@.tier_ladder'::regtype,
				'@extschema@.tier_scorecard', '@extschema@.tier_policy']));
COMMENT ON FUNCTION tiering_internal.is_retyped(oid, text) IS
'has a table of a program been given types that are neither PostgreSQL''s nor the extension''s? Their casts and checks would run with the rights of whoever asks for the program';

CREATE FUNCTION tiering_internal.number_type(relation regclass, col text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	type regtype := tiering_internal.column_type(relation, col);
BEGIN
	IF type = ANY ('{real,double precision}'::regtype[]) THEN
		RETURN type;
	ELSIF type = ANY ('{numeric,smallint,integer,bigint}'::regtype[]) THEN
		RETURN 'numeric';
	END IF;
	RAISE 'column "%" of % is no number', col, relation USING
		ERRCODE = 'datatype_mismatch',
		DETAIL = format('Its type is %s.', type),
		HINT = 'Cast it to numeric or double precision in a view.';
END $$;
COMMENT ON FUNCTION tiering_internal.number_type(regclass, text) IS
'numeric, double precision or real, whichever holds a column exactly; 42804 for a column that is no number';

CREATE FUNCTION tiering_internal.key_type(relation regclass, col text, OUT declared text,
		OUT queued text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	type regtype := tiering_internal.column_type(relation, col);
BEGIN
	IF type <> ALL ('{bigint,integer,smallint,uuid,text,varchar}'::regtype[]) THEN
		RAISE 'column "%" of % cannot be the customer', col, relation USING
			ERRCODE = 'datatype_mismatch',
			DETAIL = format('Its type is %s.', type),
			HINT = 'A customer is a bigint, integer, uuid or text: cast it in a view.';
	ELSIF col = ANY ('{tier,rank,since,joined,term,review_on,grace_until,movement,reason,value,entry,run,as_of,from_tier}') THEN
		RAISE 'the column of the customer cannot be called "%"', col USING
			ERRCODE = 'duplicate_column',
			DETAIL = 'The tables of a program have a column of that name.',
			HINT = 'Give it another name in a view.';
	END IF;
	-- what the queue takes must never fail
	SELECT format_type(a.atttypid, a.atttypmod) || c.clause, type || c.clause
	INTO declared, queued
	FROM pg_attribute a, LATERAL (
		SELECT CASE WHEN a.attcollation <> 0
			THEN ' COLLATE ' || a.attcollation::regcollation
			ELSE '' END) c (clause)
	WHERE a.attrelid = relation AND a.attname = col;
END $$;
COMMENT ON FUNCTION tiering_internal.key_type(regclass, text) IS
'the type of the customer''s column, with its collation, and that type without length or domain; 42804 for one that cannot be a key, 42701 for a name that the tables use';

CREATE FUNCTION tiering_internal.create_tables(p tiering.program, key_type text,
		queue_type text, value_type text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	fields CONSTANT text := 'tier text, rank integer, since date NOT NULL,
		joined date NOT NULL, term date, review_on date, grace_until date,
		movement text NOT NULL,
		reason text, value ' || value_type;
	statement text;
BEGIN
	FOREACH statement IN ARRAY ARRAY[
		'CREATE TABLE {tiers} ({customer} {key_type} PRIMARY KEY, {fields})',
		'COMMENT ON TABLE {tiers} IS ''the tier of each customer; movement left: no longer in the metrics; movement, reason and value are those of the last change''',
		-- what falls due, for tiering.refresh_touched()
		'CREATE INDEX {due} ON {tiers} ((COALESCE(grace_until, review_on)))',
		'CREATE TABLE {history} (
			entry bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME {history_seq}),
			run bigint, as_of date NOT NULL, {customer} {key_type}, from_tier text,
			{fields}, PRIMARY KEY ({customer}, entry))',
		'COMMENT ON TABLE {history} IS ''every row that the table of tiers ever had''',
		'CREATE TABLE {runs} (
			run bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME {runs_seq}) PRIMARY KEY,
			kind text NOT NULL, as_of date NOT NULL, status text NOT NULL,
			started_at timestamptz NOT NULL, finished_at timestamptz,
			pid integer NOT NULL, customers bigint, changed bigint,
			error text, ladder {kernel}.tier_ladder,
			scorecard {kernel}.tier_scorecard, policy {kernel}.tier_policy,
			calibration jsonb)',
		'COMMENT ON TABLE {runs} IS ''the refreshes, with ladder, scorecard and policy as given, and what relative ones were calibrated to; tiering.runs() tells running from died''',
		'CREATE TABLE {touched} ({customer} {queue_type})',
		'COMMENT ON TABLE {touched} IS ''customers for the next refresh, as often as they were touched; NULL stands for all''']
	LOOP
		EXECUTE tiering_internal.sql(p, statement, jsonb_build_object(
			'key_type', key_type, 'queue_type', queue_type, 'fields', fields,
			'due', quote_ident(p.name || '_tiers_due'),
			'history_seq', format('%I.%I', p.schema, p.name || '_tier_history_seq'),
			'runs_seq', format('%I.%I', p.schema, p.name || '_tier_run_seq')));
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.create_tables(tiering.program, text, text, text) IS
'makes the four tables of a program, owned by the current user';

CREATE FUNCTION tiering_internal.check_value(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF tiering_internal.is_rules(p.ladder) THEN
		IF p.scorecard IS NOT NULL OR p.value IS NOT NULL OR
			p.review_value IS NOT NULL THEN
			RAISE 'a ladder of rules takes the row, not a value' USING
				ERRCODE = 'datatype_mismatch',
				DETAIL = format('The ladder "%s" names its figures.', p.ladder),
				HINT = 'Leave out scorecard, value and review_value.';
		END IF;
	ELSIF (p.scorecard IS NULL) = (p.value IS NULL) THEN
		RAISE 'a program has either a scorecard or a value' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The ladder "%s" places one figure.', p.ladder),
			HINT = 'Give scorecard => ..., or the column of the metrics as value => ....';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_value(tiering.program) IS
'refuses a program whose ladder lacks its value, or has one too many: 22023, 42804';

CREATE FUNCTION tiering_internal.metrics(relation regclass, OUT schema text,
		OUT name text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c pg_class;
BEGIN
	SELECT * INTO c FROM pg_class r WHERE r.oid = relation;
	IF c.relkind IS NULL THEN
		RAISE 'metrics must be given' USING
			ERRCODE = 'null_value_not_allowed';
	ELSIF c.relkind <> ALL ('{r,v,m,p,f}'::"char"[]) OR
		c.relpersistence = 't' THEN
		RAISE '% cannot be the metrics of a program', relation USING
			ERRCODE = 'wrong_object_type',
			DETAIL = 'Metrics are a table, a view, a materialized view or a foreign table, and not temporary.';
	END IF;
	SELECT n.nspname, c.relname INTO schema, name
	FROM pg_namespace n WHERE n.oid = c.relnamespace;
END $$;
COMMENT ON FUNCTION tiering_internal.metrics(regclass) IS
'schema and name of a relation that can be the metrics of a program; others are 42809';

CREATE FUNCTION tiering_internal.check_name(name text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF name IS NULL OR name = '' THEN
		RAISE 'a program needs a name' USING
			ERRCODE = 'invalid_parameter_value';
	ELSIF octet_length(name) > 45 THEN
		RAISE 'the name of a program is at most 45 bytes long' USING
			ERRCODE = 'name_too_long',
			DETAIL = format('"%s" has %s.', name, octet_length(name)),
			HINT = 'The names of its tables are made of it, and end after 63 bytes.';
	ELSIF EXISTS (
		SELECT FROM tiering.program p WHERE p.name = check_name.name) THEN
		RAISE 'program "%" exists already', name USING
			ERRCODE = 'duplicate_object',
			HINT = 'Programs of all schemas and owners share their names.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_name(text) IS
'refuses an empty name, one of more than 45 bytes (42622) and one that is taken (42710)';

CREATE FUNCTION tiering.create_program(name text, metrics regclass,
		customer name, ladder @extschema@.tier_ladder,
		scorecard @extschema@.tier_scorecard DEFAULT NULL,
		value name DEFAULT NULL,
		policy @extschema@.tier_policy DEFAULT '',
		review_value name DEFAULT NULL, per name DEFAULT NULL,
		time_zone text DEFAULT current_setting('TimeZone'),
		schema name DEFAULT current_schema()) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
	value_type text := 'numeric';
BEGIN
	PERFORM tiering_internal.check_name(name);
	IF customer IS NULL OR ladder IS NULL OR policy IS NULL OR
		time_zone IS NULL OR schema IS NULL THEN
		RAISE 'customer, ladder, policy, time zone and schema must be given'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF schema ~ '^pg_temp(_|$)' THEN
		RAISE 'the tables of a program cannot be temporary' USING
			ERRCODE = 'invalid_table_definition',
			HINT = 'Give another schema.';
	END IF;
	p.name := name;
	p.schema := schema;
	SELECT m.schema, m.name INTO p.metrics_schema, p.metrics_name
	FROM tiering_internal.metrics(metrics) m;
	p.customer := customer;
	p.ladder := ladder;
	p.scorecard := scorecard;
	p.value := value;
	p.policy := policy;
	p.review_value := review_value;
	p.per := per;
	p.time_zone := time_zone;
	PERFORM tiering_internal.check_value(p);
	PERFORM tiering_internal.column_type(metrics, per) WHERE per IS NOT NULL;
	IF scorecard IS NOT NULL THEN
		value_type := 'double precision';
	ELSIF value IS NOT NULL THEN
		value_type := tiering_internal.number_type(metrics, value);
	END IF;
	PERFORM tiering_internal.number_type(metrics, review_value)
	WHERE review_value IS NOT NULL;
	PERFORM now() AT TIME ZONE time_zone;
	PERFORM tiering_internal.create_tables(p, k.declared, k.queued, value_type)
	FROM tiering_internal.key_type(metrics, customer) k;
	INSERT INTO tiering.program (name, schema, metrics_schema, metrics_name,
		customer, ladder, scorecard, value, policy, review_value, per, time_zone)
	VALUES (p.name, p.schema, p.metrics_schema, p.metrics_name, p.customer,
		p.ladder, p.scorecard, p.value, p.policy, p.review_value, p.per,
		p.time_zone);
	PERFORM tiering_internal.try(p);
END $$;
COMMENT ON FUNCTION tiering.create_program(text, regclass, name, @extschema@.tier_ladder, @extschema@.tier_scorecard, name, @extschema@.tier_policy, name, name, text, name) IS
'Makes a program, which keeps the tiers of the customers of a relation with one row per customer. Its tables belong to the current user and stand in schema: <name>_tiers, <name>_tier_history, <name>_tier_run, <name>_tier_touched. The value is scorecard applied to the row, or the column value, or the row itself for a ladder of rules. A relative ladder or scorecard is calibrated at each refresh, within the groups of the column per. Reviews look at the column review_value where it is not NULL. Nobody is placed before the first CALL tiering.refresh(name). During a refresh search_path is pg_catalog and TimeZone is time_zone (default: the session''s now), so functions that the metrics call must not depend on search_path. Errors: 42703 for a missing column, 42804 for one of a wrong type, 22023 for a value or scorecard too many or too few, 42710 for a name that is taken.';

CREATE FUNCTION tiering_internal.altered(p tiering.program,
		ladder @extschema@.tier_ladder,
		scorecard @extschema@.tier_scorecard,
		policy @extschema@.tier_policy) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF scorecard IS NOT NULL AND p.scorecard IS NULL THEN
		RAISE 'program "%" has no scorecard', p.name USING
			ERRCODE = 'datatype_mismatch',
			HINT = 'Make another program.';
	ELSIF tiering_internal.is_rules(ladder) <> tiering_internal.is_rules(p.ladder) THEN
		RAISE 'the new ladder of program "%" is of another kind', p.name USING
			ERRCODE = 'datatype_mismatch',
			DETAIL = format('Of "%s" and "%s" one places the row, the other one figure.',
				p.ladder, ladder),
			HINT = 'Make another program.';
	END IF;
	p.ladder := coalesce(ladder, p.ladder);
	p.scorecard := coalesce(scorecard, p.scorecard);
	p.policy := coalesce(policy, p.policy);
	PERFORM tiering_internal.try(p);
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.altered(tiering.program, @extschema@.tier_ladder, @extschema@.tier_scorecard, @extschema@.tier_policy) IS
'the program with another ladder, scorecard or policy (NULL: as it is), if that works; 42804 for a change of kind';

CREATE FUNCTION tiering.alter_program(name text,
		ladder @extschema@.tier_ladder DEFAULT NULL,
		scorecard @extschema@.tier_scorecard DEFAULT NULL,
		policy @extschema@.tier_policy DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
BEGIN
	PERFORM tiering_internal.lock(name, true);
	p := tiering_internal.altered(tiering_internal.own(name), ladder, scorecard, policy);
	UPDATE tiering.program r
	SET ladder = p.ladder, scorecard = p.scorecard, policy = p.policy
	WHERE r.name = p.name;
END $$;
COMMENT ON FUNCTION tiering.alter_program(text, @extschema@.tier_ladder, @extschema@.tier_scorecard, @extschema@.tier_policy) IS
'Sets a new ladder, scorecard or policy (NULL: as it is), from the next CALL tiering.refresh(name) on. Until then tiering.refresh_touched() and verify() use those of the last refresh. Waits for a running refresh.';

CREATE FUNCTION tiering.drop_program(name text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
	suffix text;
BEGIN
	DELETE FROM tiering.program r WHERE r.name = drop_program.name
	RETURNING * INTO p;
	IF NOT FOUND THEN
		PERFORM tiering_internal.program(name);
	END IF;
	PERFORM tiering_internal.drop_touch(f) FROM tiering_internal.touch_functions(p) f;
	FOREACH suffix IN ARRAY '{_tiers,_tier_history,_tier_run,_tier_touched}'::text[]
	LOOP
		EXECUTE format('DROP TABLE IF EXISTS %I.%I', p.schema, p.name || suffix);
	END LOOP;
	IF tiering_internal.has_cron() AND has_schema_privilege('cron', 'USAGE') THEN
		PERFORM tiering_internal.unschedule(p.name, t) FROM unnest('{f,t}'::boolean[]) t;
	END IF;
END $$;
COMMENT ON FUNCTION tiering.drop_program(text) IS
'Drops a program with its tables, and so the history, its triggers, and its jobs of the current user. Members of its owner may. Waits for a running refresh.';
