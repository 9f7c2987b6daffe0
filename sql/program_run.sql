-- program: the runs, and what is logged of them

CREATE FUNCTION tiering_internal.last_run(p tiering.program) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	last jsonb;
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT to_jsonb(r) || jsonb_build_object(
			''ladder'', r.ladder::text, ''scorecard'', r.scorecard::text,
			''policy'', r.policy::text, ''seconds'',
			extract(epoch FROM r.finished_at - r.started_at))
		FROM {tier_run} r WHERE r.status = ''done'' AND r.calibration IS NOT NULL
		ORDER BY r.finished_at DESC, r.run DESC LIMIT 1')
	INTO last;
	RETURN last;
END $$;
COMMENT ON FUNCTION tiering_internal.last_run(tiering.program) IS
'the last full refresh that stands, as an object with its columns and the seconds that it took; NULL before it';

CREATE FUNCTION tiering_internal.last_day(p tiering.program) RETURNS date
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	day date;
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT max(r.as_of) FROM {tier_run} r
		WHERE r.status = ''done''')
	INTO day;
	RETURN day;
END $$;
COMMENT ON FUNCTION tiering_internal.last_day(tiering.program) IS
'the day of the last run that stands; NULL before the first';

CREATE FUNCTION tiering_internal.as_last(p tiering.program, last jsonb) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF last IS NULL THEN
		RAISE 'program "%" has not been refreshed yet', p.name USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('CALL tiering.refresh(%L);', p.name);
	END IF;
	p.ladder := last ->> 'ladder';
	p.scorecard := last ->> 'scorecard';
	p.policy := last ->> 'policy';
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.as_last(tiering.program, jsonb) IS
'the program with the ladder, scorecard and policy of its last full refresh; 55000 before it';

CREATE FUNCTION tiering_internal.check_day(p tiering.program, day date, force boolean)
	RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	last CONSTANT date := tiering_internal.last_day(p);
BEGIN
	IF day < last THEN
		RAISE 'program "%" has been refreshed as of a later day', p.name USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('That was %s; this would be %s.', last, day),
			HINT = 'Give that day or a later one; tiering.undo() takes the last run back, tiering.replay() decides past ones again.';
	ELSIF NOT isfinite(day) OR day > tiering_internal.today(p) AND NOT force THEN
		RAISE 'program "%" cannot be refreshed as of a day to come', p.name USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('Today is %s; this would be %s.', tiering_internal.today(p), day),
			HINT = 'tiering.simulate() looks ahead; force => true does it all the same.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_day(tiering.program, date, boolean) IS
'refuses a day before that of the last refresh, and one after today unless forced: 22023';

CREATE FUNCTION tiering_internal.holders(p tiering.program, most bigint DEFAULT NULL)
	RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	holders bigint;
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT count(*) FROM (
		SELECT FROM {tiers} t WHERE t.movement <> ''left'' LIMIT $1) t')
	INTO holders USING most;
	RETURN holders;
END $$;
COMMENT ON FUNCTION tiering_internal.holders(tiering.program, bigint) IS
'the number of customers who have not left, counted up to most';

CREATE FUNCTION tiering_internal.check_leaving(p tiering.program, holders bigint,
		leaving bigint) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF leaving > 0 AND leaving >= holders OR
		leaving > 10 AND leaving > p.max_leaving * holders THEN
		RAISE 'too many customers would leave program "%"', p.name USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = format('%s of %s are no longer in %I.%I; max_leaving is %s.', leaving,
				holders, p.metrics_schema, p.metrics_name, p.max_leaving),
			HINT = 'Nothing was written. If they did leave, give force => true; else look whether the metrics are fully loaded.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_leaving(tiering.program, bigint, bigint) IS
'refuses a refresh in which all would leave, or more than ten and more than max_leaving of them: 55000';

CREATE FUNCTION tiering_internal.check_leaving(p tiering.program, done jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	leaving CONSTANT bigint := done -> 'leaving';
	joining CONSTANT bigint := done -> 'joining';
	-- of more than so many they may leave, so that no more need be counted
	most CONSTANT bigint := CASE WHEN leaving > 10 THEN ceil(leaving / nullif(p.max_leaving, 0))
		ELSE leaving END;
BEGIN
	IF leaving > 0 THEN
		PERFORM tiering_internal.check_leaving(p,
			tiering_internal.holders(p, most + joining + 1) + leaving - joining, leaving);
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_leaving(tiering.program, jsonb) IS
'the same, of a refresh that has been done';

CREATE FUNCTION tiering_internal.work_start(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET DateStyle = 'ISO, YMD' AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.own(name);
	day date;
	run bigint;
BEGIN
	PERFORM tiering_internal.lock(p, coalesce((a ->> 'wait')::boolean, false));
	day := CASE WHEN a ->> 'kind' = 'replay' THEN tiering_internal.last_day(p)
		ELSE coalesce((a ->> 'as_of')::date, tiering_internal.today(p)) END;
	PERFORM tiering_internal.check_metrics(p),
		tiering_internal.check_day(p, day, coalesce((a ->> 'force')::boolean, false));
	IF a ->> 'kind' <> 'full' THEN
		PERFORM tiering_internal.as_last(p, tiering_internal.last_run(p));
	END IF;
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_run} (kind, as_of, status,
			started_at, pid)
		VALUES ($1, $2, ''running'', statement_timestamp(), pg_backend_pid())
		RETURNING run')
	INTO run USING a ->> 'kind', day;
	RETURN run;
END $$;
COMMENT ON FUNCTION tiering_internal.work_start(text, jsonb) IS
'logs a run as running; its number';

CREATE FUNCTION tiering_internal.begin_work(p tiering.program) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- Waits here for who rewrites a table that the metrics read, as ALTER
	-- TABLE may: to a snapshot of before its end the table looks empty.
	EXECUTE tiering_internal.sql(p, 'SELECT FROM {metrics} LIMIT 0');
	IF NOT tiering_internal.column_type(format('%I.%I', p.metrics_schema, p.metrics_name)::regclass,
			p.customer) = ANY (tiering_internal.fitting(tiering_internal.key(p))) THEN
		RAISE 'the customers in the metrics of program "%" are of another type than in its tables', p.name USING
			ERRCODE = 'datatype_mismatch',
			DETAIL = tiering_internal.sql(p, 'Column {customer} of {metrics} is no {key}.'),
			HINT = format('SELECT tiering.alter_program(%L, metrics => %L);', p.name,
				format('%I.%I', p.metrics_schema, p.metrics_name));
	END IF;
	-- who rebuilds the metrics may have dropped what reads them
	IF tiering_internal.relation(p, '_tier_outlook') IS NULL OR
		tiering_internal.relation(p, '_tier_period') IS NULL THEN
		PERFORM tiering_internal.create_views(p);
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.begin_work(tiering.program) IS
'what a run does before all else';

CREATE FUNCTION tiering_internal.end_work(p tiering.program, run bigint, kind text,
		day date, done jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE tiering_internal.sql(p, 'UPDATE {tier_run} r SET status = ''done'',
		finished_at = clock_timestamp(), customers = ($2 ->> ''customers'')::bigint,
		changed = ($2 ->> ''changed'')::bigint, ladder = $3, scorecard = $4,
		policy = $5, calibration = CASE WHEN r.kind <> ''touched'' THEN $2 -> ''calibration'' END,
		calibrated = ($2 -> ''calibrated'')::boolean
		WHERE r.run = $1')
	USING run, done, p.ladder, p.scorecard, p.policy;
	IF (done ->> 'changed')::bigint > (SELECT greatest(c.reltuples, 0) / 10 FROM pg_class c
			WHERE c.oid = tiering_internal.relation(p, '_tiers')::regclass) THEN
		-- tiering.refresh_touched() is planned by this
		EXECUTE tiering_internal.sql(p, 'ANALYZE {tiers}');
	END IF;
	PERFORM pg_notify('tiering', jsonb_build_object('program', p.name, 'run', run,
		'kind', kind, 'as_of', day, 'customers', done -> 'customers',
		'changed', done -> 'changed', 'leaving', done -> 'leaving')::text);
	RAISE NOTICE '%: % of % customers changed', p.name, done ->> 'changed',
		done ->> 'customers';
END $$;
COMMENT ON FUNCTION tiering_internal.end_work(tiering.program, bigint, text, date, jsonb) IS
'logs the end of a run and tells it to who listens to channel tiering: {"program", "run", "kind", "as_of", "customers", "changed", "leaving"}';

CREATE FUNCTION tiering_internal.do_run(name text, run bigint, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	last jsonb;
	kind text;
	day date;
	done jsonb;
BEGIN
	PERFORM tiering_internal.lock(p, coalesce((a ->> 'wait')::boolean, false));
	p := tiering_internal.own(name);
	EXECUTE tiering_internal.sql(p, 'SELECT r.kind, r.as_of FROM {tier_run} r
		WHERE r.run = $1')
	INTO kind, day USING run;
	-- another refresh may have come between the entry in the log and this
	PERFORM tiering_internal.check_day(p, day, coalesce((a ->> 'force')::boolean, false));
	PERFORM tiering_internal.begin_work(p);
	last := tiering_internal.last_run(p);
	IF kind = 'touched' THEN
		p := tiering_internal.as_last(p, last);
		done := tiering_internal.refresh_touched(p, run, day, last);
	ELSE
		EXECUTE tiering_internal.sql(p, 'DELETE FROM {tier_touched}');
		-- a later snapshot than that of the queue: nobody touched is lost
		done := tiering_internal.refresh_all(p, run, day, CASE
			WHEN (a ->> 'recalibrate')::boolean IS FALSE AND
				last ->> 'ladder' = p.ladder::text AND
				last ->> 'scorecard' IS NOT DISTINCT FROM p.scorecard::text
				THEN last -> 'calibration' END);
	END IF;
	IF (a ->> 'force')::boolean IS NOT TRUE THEN
		PERFORM tiering_internal.check_leaving(p, done);
	END IF;
	PERFORM tiering_internal.end_work(p, run, kind, day, done);
	RETURN done -> 'changed';
END $$;
COMMENT ON FUNCTION tiering_internal.do_run(text, bigint, jsonb) IS
'all the work of a refresh and its entry in the log; the number of customers whose assignment changed';

CREATE FUNCTION tiering_internal.work_attempt(name text, a jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.own(name);
	run CONSTANT bigint := a -> 'run';
	e jsonb;
	state text;
	message text;
	detail text;
	hint text;
	context text;
BEGIN
	PERFORM CASE a ->> 'kind' WHEN 'replay' THEN tiering_internal.do_replay(name, run, a)
		ELSE tiering_internal.do_run(name, run, a) END;
	RETURN NULL;
EXCEPTION WHEN OTHERS OR query_canceled OR assert_failure THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
		message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
	e := jsonb_build_object('state', state, 'message', message,
		'detail', nullif(detail, ''), 'hint', nullif(hint, ''));
	IF tiering_internal.relation(p, '_tier_run') IS NOT NULL THEN
		EXECUTE tiering_internal.sql(p, 'UPDATE {tier_run} r SET status = ''failed'',
			finished_at = clock_timestamp(), error = $2, detail = $3, context = $4
			WHERE r.run = $1')
		USING run, state || ': ' || message, e ->> 'detail',
			nullif(split_part(context, E'\n', 1), '');
		PERFORM pg_notify('tiering', jsonb_build_object('program', name, 'run', run,
			'kind', a ->> 'kind', 'error', left(state || ': ' || message, 1000))::text);
	END IF;
	RETURN e;
END $$;
COMMENT ON FUNCTION tiering_internal.work_attempt(text, jsonb) IS
'does the work of a run that tiering_internal.work_start() began; an error is undone, logged, told to who listens to channel tiering ({"program", "run", "kind", "error"}), and returned';

CREATE FUNCTION tiering_internal.fail(failure jsonb) RETURNS void
	LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	state CONSTANT text := failure ->> 'state';
	message CONSTANT text := failure ->> 'message';
	detail CONSTANT text := failure ->> 'detail';
	hint CONSTANT text := failure ->> 'hint';
BEGIN
	-- an option of RAISE cannot be NULL
	IF detail IS NULL AND hint IS NULL THEN
		RAISE '%', message USING ERRCODE = state;
	ELSIF hint IS NULL THEN
		RAISE '%', message USING ERRCODE = state, DETAIL = detail;
	ELSIF detail IS NULL THEN
		RAISE '%', message USING ERRCODE = state, HINT = hint;
	END IF;
	RAISE '%', message USING ERRCODE = state, DETAIL = detail, HINT = hint;
END $$;
COMMENT ON FUNCTION tiering_internal.fail(jsonb) IS
'raises the error that tiering_internal.attempt_run() returned; nothing for NULL';

CREATE FUNCTION tiering_internal.arguments(kind text, names text, given jsonb)
	RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT jsonb_build_object('kind', kind) ||
				jsonb_object_agg(n.name, given -> ('f' || n.i))
			FROM unnest(string_to_array(names, ', ')) WITH ORDINALITY n (name, i));
COMMENT ON FUNCTION tiering_internal.arguments(text, text, jsonb) IS
'{"kind": ..., name: value ...} of a row {"f1": value ...}';

CREATE FUNCTION tiering_internal.with_run(a jsonb, run bigint) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN a || jsonb_build_object('run', run);
COMMENT ON FUNCTION tiering_internal.with_run(jsonb, bigint) IS
'arguments with the number of the run';

CREATE FUNCTION tiering_internal.work_now(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	run CONSTANT bigint := tiering_internal.work_start(name, a);
BEGIN
	IF a ->> 'kind' = 'replay' THEN
		RETURN tiering_internal.do_replay(name, run, a);
	END IF;
	RETURN tiering_internal.do_run(name, run, a);
END $$;
COMMENT ON FUNCTION tiering_internal.work_now(text, jsonb) IS
'a run, within the transaction of the caller; the number of customers whose assignment changed';

CREATE FUNCTION tiering_internal.check_outside_transaction(instead text) RETURNS void
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'ct_check_outside_transaction';
COMMENT ON FUNCTION tiering_internal.check_outside_transaction(text) IS
'25001 within a transaction, where a procedure cannot commit; instead names what can be called there';

-- What commits can have no SET clause: these find everything by its schema,
-- types too, and use no operator.  A snapshot from before the lock was got
-- would be of no use, hence READ COMMITTED.

-- @each procedure | kind | parameters | arguments | about
-- | refresh | full | as_of date DEFAULT NULL, recalibrate boolean DEFAULT true, wait boolean DEFAULT false, force boolean DEFAULT false
--   | as_of, recalibrate, wait, force | Assigns a tier to everyone in the
--   metrics of a program, as of a day (default: today in its time zone), in
--   three transactions: logs the run, does all the work, and logs its end, or
--   its error. Metrics that ask tiering.as_of() are read for that day. A
--   relative ladder or scorecard is calibrated anew unless recalibrate is
--   false. Errors: 55000 if too many would leave, 22023 for a day before the
--   last one, and for one after today, both but for the past not with force;
--   21000 for a customer with two rows
-- | refresh_touched | touched | as_of date DEFAULT NULL, wait boolean DEFAULT false, force boolean DEFAULT false
--   | as_of, wait, force | As tiering.refresh(), for the customers in
--   <name>_tier_touched, which tiering.track() and touch() fill, and for those
--   whose review, grace or pin begins or ends, by the ladder and scorecard as
--   last calibrated. It cannot see figures that change merely because time
--   passes, such as those of a sliding window or days elapsed: schedule a full
--   refresh for them. After TRUNCATE of a tracked table it refreshes everyone.
--   Errors: 55000 before the first full refresh; others as tiering.refresh()
-- | replay | replay | since date, customer text DEFAULT NULL, wait boolean DEFAULT true
--   | since, customer, wait | Decides again, with the facts as they are now,
--   every run as of since or later, for everyone or for one customer: after
--   late postings, charge-backs and corrected orders. Each run takes its day,
--   ladder, scorecard and policy as they were then, and calibrates as it did
--   (for one customer: goes by its calibration). What comes out otherwise is
--   written, and what it corrects is marked superseded in the history.
--   Metrics must be written with tiering.as_of(). Errors: 22023 if nothing
--   was run since
CREATE PROCEDURE tiering.@procedure@(name text, @parameters@)
	LANGUAGE plpgsql AS $$
DECLARE
	given CONSTANT pg_catalog.jsonb := pg_catalog.to_jsonb(ROW(@arguments@));
	a pg_catalog.jsonb;
	failure pg_catalog.jsonb;
BEGIN
	PERFORM tiering_internal.check_outside_transaction('SELECT tiering.@procedure@_now(...)');
	a := tiering_internal.arguments('@kind@', '@arguments@', given);
	COMMIT;
	SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
	SELECT tiering_internal.with_run(a, w.run) INTO a
	FROM tiering_internal.as_owner(name, 'start', a) AS w (run bigint);
	COMMIT;
	SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
	SELECT w.failure INTO failure
	FROM tiering_internal.as_owner(name, 'attempt', a) AS w (failure pg_catalog.jsonb);
	COMMIT;
	PERFORM tiering_internal.fail(failure);
END $$;
COMMENT ON PROCEDURE tiering.@procedure@ IS
'@about@; 55P03 if the program is being refreshed and wait is false, 42501 for anyone but its owner, members of it and superusers, 25001 within a transaction, where tiering.@procedure@_now() does it.';

CREATE FUNCTION tiering.@procedure@_now(name text, @parameters@) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	changed bigint;
BEGIN
	SELECT w.changed INTO changed
	FROM tiering_internal.as_owner(name, 'now', tiering_internal.arguments('@kind@',
		'@arguments@', to_jsonb(ROW(@arguments@)))) AS w (changed bigint);
	RETURN changed;
END $$;
COMMENT ON FUNCTION tiering.@procedure@_now IS
'What CALL tiering.@procedure@() does, within the transaction of the caller. If it fails, no entry in the log remains. Returns the number of customers whose assignment changed.';

-- @end
