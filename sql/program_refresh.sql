-- program: how a refresh works

-- calibration

CREATE FUNCTION tiering_internal.calibrate(p tiering.program, source text)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	scorecard text := '$1';
	calibration jsonb;
BEGIN
	IF NOT tiering_internal.is_relative(p) THEN
		RETURN jsonb_build_array(jsonb_build_object('grp', '',
			'ladder', p.ladder::text, 'scorecard', p.scorecard::text));
	ELSIF NOT @extschema@.is_calibrated(p.scorecard) THEN
		scorecard := 'tiering_internal.calibrate_scorecard((m.*)::record, $1)';
	END IF;
	EXECUTE tiering_internal.sql(p, 'WITH c AS MATERIALIZED (
			SELECT {group} AS grp, ' || scorecard || ' AS scorecard
			FROM {source} m GROUP BY 1),
		l AS (
			SELECT c.grp, c.scorecard::text AS scorecard,
				   {placer}.calibrate_ladder({figures}, $2) AS ladder
			FROM {source} m JOIN c ON c.grp = {group}
				 CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) v
			GROUP BY 1, 2)
		SELECT coalesce(jsonb_agg(jsonb_build_object(''grp'', l.grp,
			''ladder'', l.ladder::text, ''scorecard'', l.scorecard) ORDER BY l.grp),
			''[]'')
		FROM l WHERE l.ladder IS NOT NULL', jsonb_build_object('source', source))
	INTO calibration USING p.scorecard, p.ladder;
	RETURN calibration;
END $$;
COMMENT ON FUNCTION tiering_internal.calibrate(tiering.program, text) IS
'[{"grp": ..., "ladder": ..., "scorecard": ...}]: ladder and scorecard calibrated within each group of the rows of source: grp is = and the value of the column per, or the empty string without one and for NULL; groups without any value to go by are left out';

CREATE FUNCTION tiering_internal.try(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	nobody CONSTANT text := tiering_internal.sql(p,
		'(SELECT r.* FROM (VALUES (1)) one LEFT JOIN {metrics} r ON false OFFSET 0)');
	calibration jsonb := tiering_internal.calibrate(p, nobody);
BEGIN
	IF calibration = '[]' AND NOT tiering_internal.is_rules(p.ladder) THEN
		calibration := jsonb_build_array(jsonb_build_object('grp', '',
			'ladder', (SELECT @extschema@.calibrate_ladder(0::numeric, p.ladder))::text,
			'scorecard', NULL));
	END IF;
	EXECUTE tiering_internal.sql(p, tiering_internal.calibrations() || '
		SELECT {next}
		FROM {source} m
			 CROSS JOIN (SELECT NULL::{kernel}.tier_assignment AS previous) b
			 JOIN c ON c.grp = ''''
			 CROSS JOIN LATERAL (SELECT {value} AS value) v',
		jsonb_build_object('source', nobody))
	USING calibration, p.policy, date '2000-01-01';
END $$;
COMMENT ON FUNCTION tiering_internal.try(tiering.program) IS
'calibrates and places a customer of whom nothing is known, without reading a row, so that what cannot work fails when a program is made';

-- the work

CREATE FUNCTION tiering_internal.columns(p tiering.program) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF tiering_internal.is_rules(p.ladder) THEN
		RETURN '*';
	END IF;
	RETURN (SELECT string_agg(DISTINCT quote_ident(c), ', ')
			FROM (SELECT unnest(ARRAY[p.customer, p.value, p.review_value, p.per])
				  UNION SELECT k.criterion FROM @extschema@.criteria(p.scorecard) k
				 ) AS u (c)
			WHERE c IS NOT NULL);
END $$;
COMMENT ON FUNCTION tiering_internal.columns(tiering.program) IS
'the columns of the metrics that a program needs';

CREATE FUNCTION tiering_internal.read_metrics(p tiering.program) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	customers bigint;
	customer text;
	unknown boolean;
BEGIN
	RAISE NOTICE '%: reading %', p.name, tiering_internal.sql(p, '{metrics}');
	-- a table, not a CTE, so that the metrics are read in parallel
	EXECUTE tiering_internal.sql(p, 'CREATE TEMPORARY TABLE tiering_metrics
		ON COMMIT DROP AS SELECT {columns} FROM {metrics}',
		jsonb_build_object('columns', tiering_internal.columns(p)));
	GET DIAGNOSTICS customers = ROW_COUNT;
	EXECUTE tiering_internal.sql(p, 'SELECT m.{customer}::text,
			m.{customer} IS NULL
		FROM pg_temp.tiering_metrics m
		GROUP BY m.{customer} HAVING count(*) > 1 OR m.{customer} IS NULL
		ORDER BY m.{customer} NULLS FIRST LIMIT 1')
	INTO customer, unknown;
	IF unknown THEN
		RAISE 'a customer in the metrics of program "%" is NULL', p.name USING
			ERRCODE = 'not_null_violation',
			DETAIL = tiering_internal.sql(p, 'Column {customer} of {metrics}.'),
			HINT = 'Leave such rows out of the metrics.';
	ELSIF customer IS NOT NULL THEN
		PERFORM tiering_internal.fail_twice(p, customer);
	END IF;
	RETURN customers;
END $$;
COMMENT ON FUNCTION tiering_internal.read_metrics(tiering.program) IS
'copies what a program needs of its metrics to pg_temp.tiering_metrics; the number of customers; 23502 for a NULL customer, 21000 for two rows of one';

CREATE FUNCTION tiering_internal.fail_twice(p tiering.program, customer text)
	RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE 'customer % is more than once in the metrics of program "%"',
		customer, p.name USING
		ERRCODE = 'cardinality_violation',
		DETAIL = tiering_internal.sql(p,
			'{metrics} has several rows with that {customer}.'),
		HINT = 'Metrics have one row for each customer: group by customer first.';
END $$;
COMMENT ON FUNCTION tiering_internal.fail_twice(tiering.program, text) IS
'raises 21000 for a customer with several rows of metrics';

CREATE FUNCTION tiering_internal.refresh_all(p tiering.program, run bigint,
		as_of date, INOUT calibration jsonb, OUT customers bigint,
		OUT changed bigint)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	source CONSTANT text := 'pg_temp.tiering_metrics';
BEGIN
	EXECUTE tiering_internal.sql(p, 'DELETE FROM {touched}');
	-- a later snapshot than that of the queue: nobody touched is lost
	customers := tiering_internal.read_metrics(p);
	IF calibration IS NULL THEN
		IF tiering_internal.is_relative(p) THEN
			RAISE NOTICE '%: calibrating', p.name;
		END IF;
		calibration := tiering_internal.calibrate(p, source);
	END IF;
	RAISE NOTICE '%: assigning tiers as of %', p.name, as_of;
	EXECUTE tiering_internal.sql(p, tiering_internal.assignments(false) ||
		tiering_internal.writing() || ' SELECT count(*) FROM w',
		jsonb_build_object('source', source))
	INTO changed USING calibration, p.policy, as_of, run;
	DROP TABLE pg_temp.tiering_metrics;
	IF changed > customers / 10 THEN
		-- tiering.refresh_touched() is planned by this
		EXECUTE tiering_internal.sql(p, 'ANALYZE {tiers}');
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.refresh_all(tiering.program, bigint, date, jsonb) IS
'assigns a tier to everyone in the metrics, calibrating first unless a calibration is given';

CREATE FUNCTION tiering_internal.refresh_some(p tiering.program, run bigint,
		as_of date, calibration jsonb, OUT customers bigint,
		OUT changed bigint)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET jit = off				-- compiling takes longer than the customers
AS $$
DECLARE
	twice text;
BEGIN
	RAISE NOTICE '%: assigning tiers to touched customers as of %',
		p.name, as_of;
	EXECUTE tiering_internal.touched_sql(p) INTO customers, changed, twice
	USING calibration, p.policy, as_of, run;
	IF twice IS NOT NULL THEN
		PERFORM tiering_internal.fail_twice(p, twice);
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.refresh_some(tiering.program, bigint, date, jsonb) IS
'assigns a tier to those in the queue and those for whom something is due';

-- the runs

CREATE FUNCTION tiering_internal.last_run(p tiering.program,
		OUT ladder @extschema@.tier_ladder,
		OUT scorecard @extschema@.tier_scorecard,
		OUT policy @extschema@.tier_policy, OUT calibration jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT r.ladder, r.scorecard, r.policy, r.calibration
		FROM {runs} r WHERE r.status = ''done'' AND r.calibration IS NOT NULL
		ORDER BY r.finished_at DESC, r.run DESC LIMIT 1')
	INTO ladder, scorecard, policy, calibration;
END $$;
COMMENT ON FUNCTION tiering_internal.last_run(tiering.program) IS
'what the full refresh that ended last used; NULLs before it';

CREATE FUNCTION tiering_internal.as_last(p tiering.program) RETURNS tiering.program
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT r.ladder, r.scorecard, r.policy
	INTO p.ladder, p.scorecard, p.policy
	FROM tiering_internal.last_run(p) r;
	IF p.ladder IS NULL THEN
		RAISE 'program "%" has not been refreshed yet', p.name USING
			ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('CALL tiering.refresh(%L);', p.name);
	END IF;
	RETURN p;
END $$;
COMMENT ON FUNCTION tiering_internal.as_last(tiering.program) IS
'the program with the ladder, scorecard and policy of its last full refresh; 55000 before it';

CREATE FUNCTION tiering_internal.today(p tiering.program) RETURNS date
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (statement_timestamp() AT TIME ZONE (p).time_zone)::date;
COMMENT ON FUNCTION tiering_internal.today(tiering.program) IS
'the day it is where the program is';

CREATE FUNCTION tiering_internal.check_day(p tiering.program, day date)
	RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF day < p.as_of THEN
		RAISE 'program "%" has been refreshed as of a later day', p.name USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('That was %s; this would be %s.', p.as_of, day),
			HINT = 'Time does not run backwards: give that day or a later one.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_day(tiering.program, date) IS
'refuses a day before that of the last refresh: 22023';

CREATE FUNCTION tiering_internal.start_run(name text, kind text, as_of date,
		wait boolean) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
	day date;
	run bigint;
BEGIN
	PERFORM tiering_internal.lock(name, wait);
	p := tiering_internal.own(name);
	day := coalesce(as_of, tiering_internal.today(p));
	PERFORM tiering_internal.check_day(p, day);
	IF kind = 'touched' THEN
		PERFORM tiering_internal.as_last(p);
	END IF;
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {runs} (kind, as_of, status,
			started_at, pid)
		VALUES ($1, $2, ''running'', statement_timestamp(), pg_backend_pid())
		RETURNING run')
	INTO run USING kind, day;
	RETURN run;
END $$;
COMMENT ON FUNCTION tiering_internal.start_run(text, text, date, boolean) IS
'logs a run as running; its number';

CREATE FUNCTION tiering_internal.do_run(name text, run bigint, recalibrate boolean,
		wait boolean) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program;
	last record;
	kind text;
	as_of date;
	done record;
BEGIN
	PERFORM tiering_internal.lock(name, wait);
	p := tiering_internal.own(name);
	EXECUTE tiering_internal.sql(p, 'SELECT r.kind, r.as_of FROM {runs} r
		WHERE r.run = $1')
	INTO kind, as_of USING run;
	-- another refresh may have come between the entry in the log and this
	PERFORM tiering_internal.check_day(p, as_of);
	-- At REPEATABLE READ, which only a caller's transaction can have, this
	-- fails with 40001 if a refresh ended since the snapshot: going by the
	-- tiers of before it would lose what it wrote, and who was queued since.
	p.as_of := as_of;
	UPDATE tiering.program r SET as_of = p.as_of WHERE r.name = p.name;
	PERFORM set_config('TimeZone', p.time_zone, true);
	-- Waits here for who rewrites a table that the metrics read, as ALTER
	-- TABLE may: to a snapshot of before its end the table looks empty.
	EXECUTE tiering_internal.sql(p, 'SELECT FROM {metrics} LIMIT 0');
	last := tiering_internal.last_run(p);
	IF kind = 'touched' THEN
		p := tiering_internal.as_last(p);
	END IF;
	IF kind = 'touched' AND NOT tiering_internal.all_touched(p) THEN
		SELECT NULL::jsonb AS calibration, r.* INTO done
		FROM tiering_internal.refresh_some(p, run, as_of, last.calibration) r;
	ELSE
		IF recalibrate OR last.ladder::text <> p.ladder::text OR
			last.scorecard::text <> p.scorecard::text THEN
			last.calibration := NULL;
		END IF;
		SELECT r.* INTO done
		FROM tiering_internal.refresh_all(p, run, as_of, last.calibration) r;
	END IF;
	EXECUTE tiering_internal.sql(p, 'UPDATE {runs} r SET status = ''done'',
		finished_at = clock_timestamp(), customers = $2, changed = $3,
		ladder = $4, scorecard = $5, policy = $6, calibration = $7
		WHERE r.run = $1')
	USING run, done.customers, done.changed, p.ladder, p.scorecard, p.policy,
		done.calibration;
	RAISE NOTICE '%: % of % customers changed', p.name, done.changed,
		done.customers;
	RETURN done.changed;
END $$;
COMMENT ON FUNCTION tiering_internal.do_run(text, bigint, boolean, boolean) IS
'all the work of a refresh and its entry in the log; the number of customers whose assignment changed';

CREATE FUNCTION tiering_internal.all_touched(p tiering.program) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	touched boolean;
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT EXISTS (
		SELECT FROM {touched} q WHERE q.{customer} IS NULL)')
	INTO touched;
	RETURN touched;
END $$;
COMMENT ON FUNCTION tiering_internal.all_touched(tiering.program) IS
'does the queue say that everyone may have been touched?';

CREATE FUNCTION tiering_internal.attempt_run(name text, run bigint,
		recalibrate boolean, wait boolean) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	state text;
	message text;
	detail text;
	hint text;
BEGIN
	PERFORM tiering_internal.do_run(name, run, recalibrate, wait);
	RETURN NULL;
EXCEPTION WHEN OTHERS OR query_canceled OR assert_failure THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
		message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT;
	IF tiering_internal.relation(p, '_tier_run') IS NOT NULL THEN
		EXECUTE tiering_internal.sql(p, 'UPDATE {runs} r SET status = ''failed'',
			finished_at = clock_timestamp(), error = $2 WHERE r.run = $1')
		USING run, state || ': ' || message;
	END IF;
	RETURN jsonb_build_object('state', state, 'message', message,
		'detail', nullif(detail, ''), 'hint', nullif(hint, ''));
END $$;
COMMENT ON FUNCTION tiering_internal.attempt_run(text, bigint, boolean, boolean) IS
'does the work of a refresh; an error is undone, logged and returned';

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

-- What commits can have no SET clause: these find everything by its schema,
-- types too, and use no operator.  A snapshot from before the lock was got
-- would be of no use, hence READ COMMITTED.

CREATE PROCEDURE tiering.refresh(name text, as_of date DEFAULT NULL,
		recalibrate boolean DEFAULT true, wait boolean DEFAULT false)
	LANGUAGE plpgsql AS $$
DECLARE
	run bigint;
	failure pg_catalog.jsonb;
BEGIN
	COMMIT;						-- fails here, within a transaction
	SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
	run := tiering_internal.start_run(name, 'full', as_of, wait);
	COMMIT;
	SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
	failure := tiering_internal.attempt_run(name, run, recalibrate, wait);
	COMMIT;
	PERFORM tiering_internal.fail(failure);
END $$;
COMMENT ON PROCEDURE tiering.refresh(text, date, boolean, boolean) IS
'Assigns a tier to everyone in the metrics of a program, as of a day (default: today in its time zone), in three transactions: logs the run, does all the work, and logs its end, or its error. as_of dates the tiers and does not reach the metrics. A relative ladder or scorecard is calibrated anew unless recalibrate is false. Within a transaction use tiering.refresh_now(). Errors: 2D000 within a transaction, 55P03 if the program is being refreshed and wait is false, 42501 for anyone but its owner, 22023 for a day before the last one, 21000 for a customer with two rows.';

CREATE FUNCTION tiering.refresh_now(name text, as_of date DEFAULT NULL,
		recalibrate boolean DEFAULT true, wait boolean DEFAULT false)
	RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN tiering_internal.do_run(name,
		tiering_internal.start_run(name, 'full', as_of, wait), recalibrate, wait);
END $$;
COMMENT ON FUNCTION tiering.refresh_now(text, date, boolean, boolean) IS
'What CALL tiering.refresh() does, within the transaction of the caller. If it fails, no entry in the log remains. Returns the number of customers whose assignment changed.';

CREATE FUNCTION tiering.runs(name text, OUT run bigint, OUT kind text,
		OUT as_of date, OUT status text, OUT started_at timestamptz,
		OUT finished_at timestamptz, OUT customers bigint,
		OUT changed bigint, OUT error text)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- It runs while the statement that began it does.
	RETURN QUERY EXECUTE tiering_internal.sql(tiering_internal.readable(name),
		'SELECT r.run, r.kind, r.as_of,
			CASE WHEN r.status <> ''running'' OR EXISTS (
				SELECT FROM pg_stat_activity s
				WHERE s.pid = r.pid AND
					  coalesce(s.query_start, r.started_at) = r.started_at)
				THEN r.status ELSE ''died'' END,
			r.started_at, r.finished_at, r.customers, r.changed, r.error
		FROM {runs} r ORDER BY r.run');
END $$;
COMMENT ON FUNCTION tiering.runs(text) IS
'The refreshes of a program. status is running, done, failed (with the error) or died (the server could not log the end). customers is how many were looked at, changed how many were written. What ladders were calibrated to is in <name>_tier_run. Errors: 42501 for a superuser who is not the owner.';
