-- program: how one is made

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
	ELSIF col = ANY ('{tier,rank,since,
		earned,earned_since,joined,term,review_on,grace_until,movement,reason,value,entry,
		run,as_of,from_tier,recorded_at,superseded_at,superseded_by,pin,kind,from_date,
		until_date,note,benefit,units,used_at,next_tier,gap_to_next,tier_progress,
		gap_to_keep,outlook,pinned,period}') THEN
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
	columns CONSTANT text := 'tier text, rank integer, since date NOT NULL,
		earned text, earned_since date NOT NULL, joined date NOT NULL,
		term date, review_on date, grace_until date, value ' || value_type || ',
		movement text NOT NULL, reason text';
	statement text;
BEGIN
	FOREACH statement IN ARRAY ARRAY[
		'CREATE TABLE {tiers} ({customer} {key_type} PRIMARY KEY, {columns})',
		'COMMENT ON TABLE {tiers} IS ''the tier of each customer: tier, rank and since are in force, pins included, earned and earned_since without pins; movement left: no longer in the metrics; movement, reason and value are those of the last change''',
		-- what falls due, for tiering.refresh_touched()
		'CREATE INDEX {due} ON {tiers} ((COALESCE(grace_until, review_on)))',
		'CREATE TABLE {tier_history} (
			entry bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME {history_seq}),
			run bigint NOT NULL, as_of date NOT NULL, {customer} {key_type}, from_tier text,
			{columns}, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
			superseded_at timestamptz, superseded_by bigint,
			PRIMARY KEY ({customer}, entry))',
		'CREATE INDEX {history_run} ON {tier_history} (run)',
		'COMMENT ON TABLE {tier_history} IS ''every row that the table of tiers ever had; superseded rows are those that a replay corrected or an undo took back, and by which run''',
		'CREATE TABLE {tier_run} (
			run bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME {run_seq}) PRIMARY KEY,
			kind text NOT NULL, as_of date NOT NULL, status text NOT NULL,
			started_at timestamptz NOT NULL, finished_at timestamptz,
			pid integer NOT NULL, customers bigint, changed bigint,
			error text, detail text, context text, ladder {kernel}.tier_ladder,
			scorecard {kernel}.tier_scorecard, policy {kernel}.tier_policy,
			calibration jsonb, calibrated boolean)',
		'COMMENT ON TABLE {tier_run} IS ''the refreshes, with ladder, scorecard and policy as given, and what relative ones were calibrated to; tiering.runs() tells running from died''',
		'CREATE TABLE {tier_touched} ({customer} {queue_type})',
		-- so that it can be deleted from where every table is published
		'ALTER TABLE {tier_touched} REPLICA IDENTITY FULL',
		'COMMENT ON TABLE {tier_touched} IS ''customers for the next refresh, as often as they were touched; NULL stands for all''',
		'CREATE TABLE {tier_pin} (
			pin bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME {pin_seq}) PRIMARY KEY,
			{customer} {key_type} NOT NULL,
			kind text NOT NULL CHECK (kind IN (''lock'', ''floor'', ''cap'')),
			tier text NOT NULL, from_date date NOT NULL,
			until_date date CHECK (until_date > from_date), note text)',
		'CREATE INDEX {pin_customer} ON {tier_pin} ({customer})',
		'COMMENT ON TABLE {tier_pin} IS ''what lies over the tiers that are earned: from from_date on, until before until_date (NULL: for good), a lock to a tier, or else floors that raise and then caps that lower''']
	LOOP
		EXECUTE tiering_internal.sql(p, statement, jsonb_build_object(
			'key_type', key_type, 'queue_type', queue_type, 'columns', columns,
			'due', quote_ident(p.name || '_tiers_due'),
			'history_run', quote_ident(p.name || '_tier_run_of'),
			'pin_customer', quote_ident(p.name || '_tier_pin_of'),
			'history_seq', format('%I.%I', p.schema, p.name || '_tier_history_seq'),
			'pin_seq', format('%I.%I', p.schema, p.name || '_tier_pin_seq'),
			'run_seq', format('%I.%I', p.schema, p.name || '_tier_run_seq')));
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.create_tables(tiering.program, text, text, text) IS
'makes the tables of a program, owned by the current user';

CREATE FUNCTION tiering_internal.outlook_columns(p tiering.program) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN tiering_internal.is_rules((p).ladder) THEN jsonb_build_object(
		'gap', 'NULL::numeric', 'progress', 'NULL::double precision', 'keep', 'NULL::numeric',
		'outlook', 'CASE WHEN tiering_internal.tier_rank((m.*)::record, c.ladder) < t.rank THEN ''eligible''
			WHEN coalesce(tiering_internal.tier_rank((m.*)::record, c.ladder), 101) > t.rank THEN ''at_risk''
			WHEN t.rank = 1 THEN ''top'' ELSE ''stable'' END')
	ELSE jsonb_build_object(
		'gap', '{kernel}.gap_to_next(v.value, c.ladder)',
		'progress', '{kernel}.tier_progress(v.value, c.ladder)',
		'keep', '{kernel}.gap_to_keep(ROW(t.earned, NULL, t.earned_since, t.joined, t.term,
			t.review_on, t.grace_until, t.movement, t.reason)::{kernel}.tier_assignment,
			v.value, c.ladder, c.policy)',
		'outlook', '{kernel}.upgrade_outlook(t.tier, v.value, NULL::{value_type}, c.ladder)')
	END;
COMMENT ON FUNCTION tiering_internal.outlook_columns(tiering.program) IS
'for tiering_internal.create_views(): columns that differ between ladders of one figure and of rules';

CREATE FUNCTION tiering_internal.create_views(p tiering.program) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	columns CONSTANT jsonb := tiering_internal.outlook_columns(p);
BEGIN
	EXECUTE tiering_internal.sql(p, format('CREATE OR REPLACE VIEW {tier_outlook} AS
		WITH l AS (
			SELECT r.calibration, r.policy FROM {tier_run} r
			WHERE r.status = ''done'' AND r.calibration IS NOT NULL
			ORDER BY r.finished_at DESC, r.run DESC LIMIT 1),
		c AS (
			SELECT e.grp, e.ladder::{kernel}.tier_ladder AS ladder,
				e.scorecard::{kernel}.tier_scorecard AS scorecard, l.policy
			FROM l, jsonb_to_recordset(l.calibration)
				AS e (grp text, ladder text, scorecard text))
		SELECT t.{customer}, t.tier, t.rank, t.earned, t.since, t.review_on,
			t.grace_until, v.value,
			{placer}.next_tier({figures}, c.ladder) AS next_tier,
			%s AS gap_to_next, %s AS tier_progress, %s AS gap_to_keep,
			%s AS outlook,
			(SELECT string_agg(concat_ws('' '', q.kind, q.tier, ''until '' || q.until_date), '', '' ORDER BY q.pin)
			 FROM {tier_pin} q
			 WHERE q.{customer} = t.{customer} AND q.from_date <= tiering.as_of() AND
				(q.until_date > tiering.as_of()) IS NOT FALSE) AS pinned
		FROM {tiers} t
			LEFT JOIN {metrics} m ON m.{customer} = t.{customer}
			LEFT JOIN c ON c.grp = {group}
			CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) v
		WHERE t.movement <> ''left''',
		columns ->> 'gap', columns ->> 'progress', columns ->> 'keep', columns ->> 'outlook'),
		jsonb_build_object('value_type', tiering_internal.column_type_text(
			tiering_internal.relation(p, '_tiers'), 'value')));
	EXECUTE tiering_internal.sql(p, 'COMMENT ON VIEW {tier_outlook} IS ''today''''s value of each customer beside the tier: by the ladder and scorecard as last calibrated''');
	EXECUTE tiering_internal.sql(p, 'CREATE OR REPLACE VIEW {tier_period} AS
		SELECT h.{customer}, h.tier, h.rank, daterange(h.since, h.ended) AS period
		FROM (SELECT e.{customer}, e.tier, e.rank, e.since, min(e.since) OVER (
				PARTITION BY e.{customer} ORDER BY e.entry
				ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS ended
			FROM {tier_history} e WHERE e.superseded_at IS NULL) h
		WHERE h.ended IS NULL OR h.since < h.ended');
	EXECUTE tiering_internal.sql(p, 'COMMENT ON VIEW {tier_period} IS ''which tier each customer had when, as known now: periods that do not overlap; tier NULL: none, or left''');
END $$;
COMMENT ON FUNCTION tiering_internal.create_views(tiering.program) IS
'makes the views of a program, owned by the current user, or makes them anew';

CREATE FUNCTION tiering_internal.check_value(p tiering.program, metrics regclass)
	RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF tiering_internal.is_rules(p.ladder) THEN
		IF p.scorecard IS NOT NULL OR p.value IS NOT NULL THEN
			RAISE 'a ladder of rules takes the row, not a value' USING
				ERRCODE = 'datatype_mismatch',
				DETAIL = format('The ladder "%s" names its figures.', p.ladder),
				HINT = 'Leave out scorecard and value.';
		ELSIF p.review_value IS NOT NULL AND (SELECT t.typtype FROM pg_type t
			   WHERE t.oid = tiering_internal.column_type(metrics, p.review_value)) <> 'c' THEN
			RAISE 'reviews by a ladder of rules look at a row' USING
				ERRCODE = 'datatype_mismatch',
				DETAIL = format('Column "%s" of %s is of type %s.', p.review_value,
					metrics, tiering_internal.column_type(metrics, p.review_value)),
				HINT = 'Make it a column of a composite type with the figures that the ladder names.';
		END IF;
	ELSIF (p.scorecard IS NULL) = (p.value IS NULL) THEN
		RAISE 'a program has either a scorecard or a value' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The ladder "%s" places one figure.', p.ladder),
			HINT = 'Give scorecard => ..., or the column of the metrics as value => ....';
	ELSIF p.review_value IS NOT NULL THEN
		PERFORM tiering_internal.number_type(metrics, p.review_value);
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_value(tiering.program, regclass) IS
'refuses a program whose ladder lacks its value, or has one too many, or a review_value of another kind: 22023, 42804';

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

CREATE FUNCTION tiering_internal.trusts(ours oid, owner oid) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
	-- a superuser is a member of every role
	RETURN ours = owner OR EXISTS (
		SELECT FROM pg_roles r, pg_roles o
		WHERE r.oid = owner AND o.oid = ours AND
			(r.rolsuper OR NOT o.rolsuper AND pg_has_role(ours, owner, 'MEMBER')));
COMMENT ON FUNCTION tiering_internal.trusts(oid, oid) IS
'May what is another role''s run as this one: is it the same, a superuser, or one that this one is a member of?';

-- What stands in views runs as whoever reads them.
CREATE FUNCTION tiering_internal.check_metrics(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	ours CONSTANT oid := tiering_internal.owner(p);
	metrics CONSTANT oid := (
		SELECT c.oid
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = p.metrics_schema AND c.relname = p.metrics_name);
	stranger record;
BEGIN
	IF metrics IS NULL THEN
		RAISE 'the metrics of program "%" do not exist', p.name USING
			ERRCODE = 'undefined_table',
			DETAIL = format('They were %I.%I.', p.metrics_schema, p.metrics_name),
			HINT = 'tiering.alter_program(name, metrics => ...) names others.';
	END IF;
	WITH RECURSIVE read (oid, depth) AS (
		SELECT metrics, 0
		UNION
		SELECT below.oid, 1
		FROM read JOIN pg_class v ON v.oid = read.oid AND v.relkind = 'v'
			 JOIN pg_rewrite w ON w.ev_class = v.oid
			 JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND
				  d.refclassid = 'pg_class'::regclass
			 JOIN pg_class below ON below.oid = d.refobjid AND below.relkind = 'v')
	SELECT c.relowner AS owner, read.depth, read.oid::regclass AS relation
	INTO stranger
	FROM read JOIN pg_class c ON c.oid = read.oid
	WHERE NOT tiering_internal.trusts(ours, c.relowner)
	ORDER BY read.depth, read.oid LIMIT 1;
	IF FOUND THEN
		RAISE '%', CASE stranger.depth
			WHEN 0 THEN format('the metrics of program "%s" belong to another role', p.name)
			ELSE format('the metrics of program "%s" read a view of another role', p.name) END
			USING ERRCODE = 'insufficient_privilege',
			DETAIL = format('%s owns %s and could have it run anything as %s.',
				pg_get_userbyid(stranger.owner), stranger.relation, pg_get_userbyid(ours)),
			HINT = 'Make the program as that role, or over views of your own on tables of theirs.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_metrics(tiering.program) IS
'refuses metrics that are gone (42P01), and those that are, or read, a view of whom the program''s owner does not trust (42501)';

CREATE FUNCTION tiering.create_program(name text, metrics regclass,
		customer name, ladder @extschema@.tier_ladder,
		scorecard @extschema@.tier_scorecard DEFAULT NULL,
		value name DEFAULT NULL,
		policy @extschema@.tier_policy DEFAULT '',
		review_value name DEFAULT NULL, per name DEFAULT NULL,
		time_zone text DEFAULT current_setting('TimeZone'),
		schema name DEFAULT current_schema(),
		max_leaving numeric DEFAULT 0.2) RETURNS void
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
	ELSIF schema ~ '^pg_temp(_|$)' THEN
		RAISE 'the tables of a program cannot be temporary' USING
			ERRCODE = 'invalid_table_definition',
			HINT = 'Give another schema.';
	END IF;
	PERFORM tiering_internal.check_max_leaving(max_leaving);
	PERFORM now() AT TIME ZONE time_zone;
	SELECT create_program.name, current_user, create_program.schema, m.schema, m.name,
		customer, ladder, scorecard, value, policy, review_value, per, time_zone,
		max_leaving
	INTO p FROM tiering_internal.metrics(metrics) m;
	PERFORM tiering_internal.check_metrics(p);
	PERFORM tiering_internal.check_value(p, metrics);
	PERFORM tiering_internal.column_type(metrics, per) WHERE per IS NOT NULL;
	IF scorecard IS NOT NULL THEN
		value_type := 'double precision';
	ELSIF value IS NOT NULL THEN
		value_type := tiering_internal.number_type(metrics, value);
	END IF;
	PERFORM tiering_internal.create_tables(p, k.declared, k.queued, value_type),
		tiering_internal.create_benefit_tables(p, k.declared)
	FROM tiering_internal.key_type(metrics, customer) k;
	INSERT INTO tiering.program VALUES (p.*);
	PERFORM tiering_internal.try(p);
	PERFORM tiering_internal.create_views(p);
END $$;
COMMENT ON FUNCTION tiering.create_program(text, regclass, name, @extschema@.tier_ladder, @extschema@.tier_scorecard, name, @extschema@.tier_policy, name, name, text, name, numeric) IS
'Makes a program, which keeps the tiers of the customers of a relation with one row per customer. Its tables and views belong to the current user and stand in schema: <name>_tiers, <name>_tier_history and so on. The value is scorecard applied to the row, or the column value, or the row itself for a ladder of rules. A relative ladder or scorecard is calibrated at each refresh, within the groups of the column per. Reviews look at the column review_value where it is not NULL: a number, or for a ladder of rules a column of a composite type. A refresh in which more than the share max_leaving of the customers would leave is refused. Nobody is placed before the first CALL tiering.refresh(name). During a refresh search_path is pg_catalog and TimeZone is time_zone (default: the session''s now), so functions that the metrics call must not depend on search_path. Errors: 42703 for a missing column, 42804 for one of a wrong type, 22023 for a value or scorecard too many or too few, 42710 for a name that is taken, 42501 for metrics that are, or read, a view of a role whose member the owner is not.';

CREATE FUNCTION tiering_internal.check_max_leaving(share numeric) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF (share BETWEEN 0 AND 1) IS NOT TRUE THEN
		RAISE 'max_leaving is a share from 0 to 1' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It is %s.', coalesce(share::text, 'NULL')),
			HINT = 'With 0.2, the default, a refresh in which more than 20 % of the customers would leave is refused; with 1 only one in which all would.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_max_leaving(numeric) IS
'22023 for anything but a share from 0 to 1';
