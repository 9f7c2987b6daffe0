-- program: how one is altered, attached and dropped

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

CREATE FUNCTION tiering_internal.relabelled(ladder @extschema@.tier_ladder, renamed jsonb)
	RETURNS @extschema@.tier_ladder
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT string_agg('"' || replace(coalesce(renamed ->> r.tier, r.tier), '"', '""') || '"' ||
			coalesce(CASE WHEN tiering_internal.is_rules(ladder) THEN ': ' ELSE ' ' END ||
				r.condition, '') || coalesce(' keep ' || r.keep, ''), ', ' ORDER BY r.rank)
		FROM @extschema@.rungs(ladder) r)::@extschema@.tier_ladder;
COMMENT ON FUNCTION tiering_internal.relabelled(@extschema@.tier_ladder, jsonb) IS
'the ladder with other labels: {"old": "new"}';

CREATE FUNCTION tiering_internal.rename_tiers(p tiering.program, renamed jsonb)
	RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	unknown text;
	statement text;
BEGIN
	SELECT min(k) INTO unknown FROM jsonb_object_keys(renamed) k
	WHERE k NOT IN (SELECT r.tier FROM @extschema@.rungs(p.ladder) r);
	IF unknown IS NOT NULL THEN
		RAISE 'program "%" has no tier "%"', p.name, unknown USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('Its ladder is "%s".', p.ladder),
			HINT = 'renamed is an object of old and new labels: {"gold": "aurum"}.';
	END IF;
	FOREACH statement IN ARRAY ARRAY[
		'UPDATE {tiers} t SET tier = coalesce($1 ->> t.tier, t.tier),
			earned = coalesce($1 ->> t.earned, t.earned)
		WHERE $1 ? t.tier OR $1 ? t.earned',
		'UPDATE {tier_history} t SET tier = coalesce($1 ->> t.tier, t.tier),
			earned = coalesce($1 ->> t.earned, t.earned),
			from_tier = coalesce($1 ->> t.from_tier, t.from_tier)
		WHERE $1 ? t.tier OR $1 ? t.earned OR $1 ? t.from_tier',
		'UPDATE {tier_pin} t SET tier = $1 ->> t.tier WHERE $1 ? t.tier',
		'UPDATE {tier_run} t SET ladder = tiering_internal.relabelled(t.ladder, $1),
			calibration = (SELECT jsonb_agg(c || jsonb_build_object(''ladder'',
				tiering_internal.relabelled((c ->> ''ladder'')::{kernel}.tier_ladder, $1)::text)
				ORDER BY c ->> ''grp'') FROM jsonb_array_elements(t.calibration) c)
		WHERE t.ladder IS NOT NULL']
	LOOP
		EXECUTE tiering_internal.sql(p, statement) USING renamed;
	END LOOP;
	PERFORM tiering_internal.rename_benefits(p, renamed);
END $$;
COMMENT ON FUNCTION tiering_internal.rename_tiers(tiering.program, jsonb) IS
'gives tiers new labels, in all tables of a program, the history included; 22023 for a label that the ladder lacks';

CREATE FUNCTION tiering_internal.check_pins(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	lost text;
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT min(q.tier) FROM {tier_pin} q
		WHERE q.tier <> ALL ($1) AND (q.until_date > $2) IS NOT FALSE')
	INTO lost USING ARRAY(SELECT r.tier FROM @extschema@.rungs(p.ladder) r),
		tiering_internal.today(p);
	IF lost IS NOT NULL THEN
		RAISE 'customers of program "%" are pinned to "%", which the ladder lacks', p.name, lost USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The ladder is "%s".', p.ladder),
			HINT = 'Give its new name as renamed => ..., or tiering.unpin() them first.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_pins(tiering.program) IS
'22023 where the ladder lacks a tier to which somebody is pinned';

CREATE FUNCTION tiering_internal.retype(p tiering.program, metrics regclass) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET client_min_messages = warning AS $$
DECLARE
	k record := tiering_internal.key_type(metrics, p.customer);
	suffix text;
BEGIN
	IF tiering_internal.column_type(metrics, p.customer) = tiering_internal.key(p) THEN
		RETURN;
	END IF;
	EXECUTE tiering_internal.sql(p, 'DROP VIEW IF EXISTS {tier_outlook}, {tier_period}');
	FOREACH suffix IN ARRAY '{_tiers,_tier_history,_tier_pin,_tier_touched,_tier_use}'::text[] LOOP
		EXECUTE tiering_internal.sql(p, 'ALTER TABLE {table} ALTER {customer} TYPE {type}',
			jsonb_build_object('table', tiering_internal.relation(p, suffix)::regclass,
				'type', CASE suffix WHEN '_tier_touched' THEN k.queued ELSE k.declared END));
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.retype(tiering.program, regclass) IS
'gives the tables of a program the type that customers have in the metrics; without their views';

CREATE FUNCTION tiering_internal.work_alter(name text, a jsonb) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
BEGIN
	PERFORM tiering_internal.lock(p, true);
	p := tiering_internal.own(name);
	IF a ->> 'renamed' IS NOT NULL THEN
		PERFORM tiering_internal.rename_tiers(p, a -> 'renamed');
		p.ladder := tiering_internal.relabelled(p.ladder, a -> 'renamed');
	END IF;
	IF a ->> 'metrics' IS NOT NULL THEN
		SELECT m.schema, m.name INTO p.metrics_schema, p.metrics_name
		FROM tiering_internal.metrics((a ->> 'metrics')::oid) m;
		PERFORM tiering_internal.check_metrics(p);
		PERFORM tiering_internal.check_value(p, (a ->> 'metrics')::oid),
			tiering_internal.retype(p, (a ->> 'metrics')::oid);
	END IF;
	p := tiering_internal.altered(p, (a ->> 'ladder')::@extschema@.tier_ladder,
		(a ->> 'scorecard')::@extschema@.tier_scorecard,
		(a ->> 'policy')::@extschema@.tier_policy);
	p.max_leaving := coalesce((a ->> 'max_leaving')::numeric, p.max_leaving);
	PERFORM tiering_internal.check_max_leaving(p.max_leaving);
	PERFORM tiering_internal.check_pins(p);
	PERFORM tiering_internal.change_program(p, false);
	PERFORM tiering_internal.create_views(p);
	RETURN true;
END $$;
COMMENT ON FUNCTION tiering_internal.work_alter(text, jsonb) IS
'the work of tiering.alter_program()';

CREATE FUNCTION tiering.alter_program(name text,
		ladder @extschema@.tier_ladder DEFAULT NULL,
		scorecard @extschema@.tier_scorecard DEFAULT NULL,
		policy @extschema@.tier_policy DEFAULT NULL,
		renamed jsonb DEFAULT NULL, metrics regclass DEFAULT NULL,
		max_leaving numeric DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM FROM tiering_internal.as_owner(name, 'alter', jsonb_build_object(
		'ladder', ladder::text, 'scorecard', scorecard::text,
		'policy', policy::text, 'renamed', renamed, 'metrics', metrics::oid::bigint,
		'max_leaving', max_leaving)) AS a (done boolean);
END $$;
COMMENT ON FUNCTION tiering.alter_program(text, @extschema@.tier_ladder, @extschema@.tier_scorecard, @extschema@.tier_policy, jsonb, regclass, numeric) IS
'Sets a new ladder, scorecard, policy, relation of metrics or max_leaving (NULL: as it is), from the next CALL tiering.refresh(name) on. Until then tiering.refresh_touched() and verify() use ladder, scorecard and policy of the last refresh. renamed, an object of old and new labels, gives tiers new names first, in the history, the pins and the benefits too: whoever holds one keeps it, with since and review. Given metrics, the tables take the type that customers have there, also if they are the same metrics. Makes the views of the program anew. Waits for a running refresh. Errors: 42804 for a change of kind, 22023 for a label that the ladder lacks or loses while somebody is pinned to it.';

CREATE FUNCTION tiering.attach(name text, schema name) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.find(name);
	old CONSTANT tiering.program := p;
BEGIN
	PERFORM tiering_internal.check_member(p);
	p.schema := schema;
	SELECT pg_get_userbyid(c.relowner) INTO p.owner FROM pg_class c
	WHERE c.oid = tiering_internal.relation(p, '_tiers');
	IF p.owner IS NULL THEN
		RAISE 'schema "%" has no table "%"', schema, name || '_tiers' USING
			ERRCODE = 'undefined_table',
			HINT = 'Give the schema in which the tables of the program are now.';
	END IF;
	IF p.metrics_schema = old.schema AND NOT EXISTS (
		SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = old.schema AND c.relname = p.metrics_name) THEN
		p.metrics_schema := schema;
	END IF;
	PERFORM tiering_internal.change_program(p, false);
END $$;
COMMENT ON FUNCTION tiering.attach(text, name) IS
'Finds the tables of a program in a schema: after their schema was renamed, or they were moved or given to another role. The caller must be a member of the owner that was and of the owner that is. Errors: 42P01 if they are not there, 42501, 55000 if some are missing.';

CREATE FUNCTION tiering_internal.drop_relations(p tiering.program) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET client_min_messages = warning AS $$
DECLARE
	suffix text;
	relation oid;
BEGIN
	FOREACH suffix IN ARRAY '{_tier_outlook,_tier_period}'::text[] ||
		tiering_internal.suffixes()
	LOOP
		relation := tiering_internal.relation(p, suffix);
		-- what is not the owner's stays
		IF (SELECT c.relowner = tiering_internal.owner(p) FROM pg_class c WHERE c.oid = relation) THEN
			EXECUTE format('DROP %s %s', CASE WHEN suffix IN ('_tier_outlook', '_tier_period')
				THEN 'VIEW' ELSE 'TABLE' END, relation::regclass);
		END IF;
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.drop_relations(tiering.program) IS
'drops the tables and views of a program that are there and its owner''s';

CREATE FUNCTION tiering.drop_program(name text, keep_tables boolean DEFAULT false)
	RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.find(name);
BEGIN
	PERFORM tiering_internal.check_member(p);
	PERFORM tiering_internal.drop_tracking(p);
	IF NOT keep_tables THEN
		PERFORM tiering_internal.drop_relations(p);
	END IF;
	PERFORM tiering_internal.change_program(p, true);
	IF tiering_internal.has_cron() AND has_schema_privilege('cron', 'USAGE') THEN
		PERFORM tiering_internal.unschedule(p.name, t) FROM unnest('{f,t}'::boolean[]) t;
	END IF;
END $$;
COMMENT ON FUNCTION tiering.drop_program(text, boolean) IS
'Drops a program with its tables and views, and so the history, unless keep_tables, its triggers, and its jobs of the current user. Members of its owner may, also when some tables are gone or stand elsewhere. Waits for a running refresh.';
