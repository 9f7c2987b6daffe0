-- program: refreshing by the clock, with pg_cron

CREATE FUNCTION tiering_internal.has_cron() RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron');
COMMENT ON FUNCTION tiering_internal.has_cron() IS
'is pg_cron installed in this database?';

CREATE FUNCTION tiering_internal.need_cron() RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT tiering_internal.has_cron() THEN
		RAISE 'pg_cron is not installed in database "%"', current_database()
			USING ERRCODE = 'feature_not_supported',
			HINT = 'CREATE EXTENSION pg_cron, or let any other scheduler run CALL tiering.refresh(...).';
	ELSIF NOT has_schema_privilege('cron', 'USAGE') THEN
		RAISE 'permission denied for schema cron' USING
			ERRCODE = 'insufficient_privilege',
			DETAIL = format('The current user is "%s".', current_user),
			HINT = format('GRANT USAGE ON SCHEMA cron TO %I;', current_user);
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.need_cron() IS
'0A000 without pg_cron, 42501 without the right to use it';

CREATE FUNCTION tiering_internal.job(name text, touched boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN touched THEN 'tiering touched: ' ELSE 'tiering: ' END ||
		name;
COMMENT ON FUNCTION tiering_internal.job(text, boolean) IS
'what pg_cron calls the job of a program';

CREATE FUNCTION tiering.schedule(name text, cron text,
		touched boolean DEFAULT false) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	job bigint;
BEGIN
	PERFORM tiering_internal.need_cron();
	PERFORM tiering_internal.check_member(tiering_internal.program(name));
	EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO job
	USING tiering_internal.job(name, touched), cron,
		-- the jobs of one program would otherwise fail where they meet
		format('CALL tiering.%I(%L, wait => true)',
			CASE WHEN touched THEN 'refresh_touched' ELSE 'refresh' END, name);
	RETURN job;
END $$;
COMMENT ON FUNCTION tiering.schedule(text, text, boolean) IS
'Lets pg_cron refresh a program, or with touched => true its touched customers, as the current user, who must be a member of its owner: schedule(''vip'', ''0 4 * * *'') is every night at four, in the time zone of pg_cron. The job waits for a refresh that is running. Replaces the schedule there was. Returns the number of the job. Errors: 0A000 without pg_cron, 42501 without the right to use it.';

CREATE FUNCTION tiering_internal.unschedule(name text, touched boolean)
	RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	job CONSTANT text := tiering_internal.job(name, touched);
	found boolean;
BEGIN
	EXECUTE 'SELECT EXISTS (SELECT FROM cron.job j
		WHERE j.jobname = $1 AND j.username = current_user)'
	INTO found USING job;
	IF found THEN
		EXECUTE 'SELECT cron.unschedule($1)' USING job;
	END IF;
	RETURN found;
END $$;
COMMENT ON FUNCTION tiering_internal.unschedule(text, boolean) IS
'removes the current user''s job of a program; false if there is none';

CREATE FUNCTION tiering.unschedule(name text, touched boolean DEFAULT false)
	RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM tiering_internal.need_cron();
	PERFORM tiering_internal.check_member(tiering_internal.program(name));
	IF NOT tiering_internal.unschedule(name, touched) THEN
		RAISE 'program "%" has no such schedule', name USING
			ERRCODE = 'undefined_object';
	END IF;
END $$;
COMMENT ON FUNCTION tiering.unschedule(text, boolean) IS
'Ends what tiering.schedule() began. Errors: 42704 if there is nothing to end, 0A000 without pg_cron.';
