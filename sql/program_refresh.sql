-- program: how a refresh works

CREATE FUNCTION tiering.as_of() RETURNS date
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(nullif(current_setting('customer_tier.as_of', true), '')::date,
		statement_timestamp()::date);
COMMENT ON FUNCTION tiering.as_of() IS
'The day for which metrics are read: that of the refresh, simulation, verification or replay that is running; else the setting customer_tier.as_of; else today in the session''s time zone. Write metrics with it, so that the past can be refreshed, replayed and simulated: WHERE ordered_at >= tiering.as_of() - 365 AND ordered_at < tiering.as_of() + 1.';

CREATE FUNCTION tiering_internal.set_day(p tiering.program, day date) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM set_config('TimeZone', p.time_zone, true),
		set_config('customer_tier.as_of', to_char(day, 'YYYY-MM-DD'), true);
END $$;
COMMENT ON FUNCTION tiering_internal.set_day(tiering.program, date) IS
'for what reads metrics, until its end: the time zone, and the day that tiering.as_of() tells';

CREATE FUNCTION tiering_internal.today(p tiering.program) RETURNS date
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (statement_timestamp() AT TIME ZONE (p).time_zone)::date;
COMMENT ON FUNCTION tiering_internal.today(tiering.program) IS
'the day it is where the program is';

-- calibration

CREATE FUNCTION tiering_internal.calibrate_sql(p tiering.program, source text)
	RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	scorecard CONSTANT text := quote_nullable(p.scorecard) || '::@extschema@.tier_scorecard';
BEGIN
	IF NOT tiering_internal.is_relative(p) THEN
		RETURN format('SELECT %L::jsonb', jsonb_build_array(jsonb_build_object(
			'grp', '', 'ladder', p.ladder::text, 'scorecard', p.scorecard::text)));
	END IF;
	RETURN tiering_internal.sql(p, 'WITH c AS MATERIALIZED (
			SELECT {group} AS grp, {scorecard} AS scorecard
			FROM {source} m GROUP BY 1),
		l AS (
			SELECT c.grp, c.scorecard::text AS scorecard,
				   {placer}.calibrate_ladder({figures}, {ladder}) AS ladder
			FROM {source} m JOIN c ON c.grp = {group}
				 CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) v
			GROUP BY 1, 2)
		SELECT coalesce(jsonb_agg(jsonb_build_object(''grp'', l.grp,
			''ladder'', l.ladder::text, ''scorecard'', l.scorecard) ORDER BY l.grp),
			''[]'')
		FROM l WHERE l.ladder IS NOT NULL', jsonb_build_object('source', source,
		'ladder', quote_literal(p.ladder) || '::@extschema@.tier_ladder',
		'scorecard', CASE WHEN @extschema@.is_calibrated(p.scorecard) IS NOT FALSE
			THEN scorecard
			ELSE 'tiering_internal.calibrate_scorecard((m.*)::record, ' || scorecard || ')' END));
END $$;
COMMENT ON FUNCTION tiering_internal.calibrate_sql(tiering.program, text) IS
'a statement that returns [{"grp": ..., "ladder": ..., "scorecard": ...}]: ladder and scorecard calibrated within each group of the rows of source: grp is = and the value of the column per, or the empty string without one and for NULL; groups without any value to go by are left out';

CREATE FUNCTION tiering_internal.try(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	nobody CONSTANT text := tiering_internal.sql(p,
		'(SELECT r.* FROM (VALUES (1)) one LEFT JOIN {metrics} r ON false OFFSET 0)');
	calibration jsonb;
BEGIN
	EXECUTE tiering_internal.calibrate_sql(p, nobody) INTO calibration;
	IF calibration = '[]' AND NOT tiering_internal.is_rules(p.ladder) THEN
		calibration := jsonb_build_array(jsonb_build_object('grp', '',
			'ladder', (SELECT @extschema@.calibrate_ladder(0::numeric, p.ladder))::text,
			'scorecard', NULL));
	END IF;
	EXECUTE tiering_internal.sql(p, tiering_internal.calibrations() || '
		SELECT {placer}.assign(NULL::{kernel}.tier_assignment, {figures}, c.ladder,
			{policy}, ''2000-01-01'', {review})
		FROM {source} m
			 JOIN c ON c.grp = ''''
			 CROSS JOIN LATERAL (SELECT {value} AS value) v',
		jsonb_build_object('source', nobody))
	USING jsonb_build_object('calibration', calibration);
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

CREATE FUNCTION tiering_internal.figure_columns(p tiering.program) RETURNS SETOF name
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT a.attname
	FROM pg_attribute a
	WHERE a.attrelid = to_regclass(format('%I.%I', p.metrics_schema, p.metrics_name)) AND
		a.attnum > 0 AND NOT a.attisdropped AND
		a.atttypid = ANY ('{real,double precision,numeric}'::regtype[]) AND
		(a.attname IN (p.value, p.review_value) OR
		 a.attname IN (SELECT k.criterion FROM @extschema@.criteria(p.scorecard) k) OR
		 tiering_internal.is_rules(p.ladder) AND strpos(p.ladder::text, a.attname) > 0)
$$;
COMMENT ON FUNCTION tiering_internal.figure_columns(tiering.program) IS
'the columns of the metrics that a program reads and that can hold NaN or infinities';

CREATE FUNCTION tiering_internal.check_customers(name text, customers bigint,
		nobodies bigint, twice text, odd text) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.find(name);
BEGIN
	IF nobodies > 0 THEN
		RAISE 'a customer in the metrics of program "%" is NULL', name USING
			ERRCODE = 'not_null_violation',
			DETAIL = tiering_internal.sql(p, 'Column {customer} of {metrics}.'),
			HINT = 'Leave such rows out of the metrics.';
	ELSIF twice IS NOT NULL THEN
		PERFORM tiering_internal.fail_twice(p, twice);
	ELSIF odd IS NOT NULL THEN
		RAISE 'a figure of customer % of program "%" is no finite number', odd, name USING
			ERRCODE = 'numeric_value_out_of_range',
			DETAIL = tiering_internal.sql(p, 'In {metrics} one of these is NaN or infinite: ') ||
				(SELECT string_agg(c, ', ') FROM tiering_internal.figure_columns(p) c) || '.',
			HINT = 'Give NULL for a figure that is not known.';
	END IF;
	RAISE NOTICE '%: % customers, read in % s', name, customers,
		round(extract(epoch FROM clock_timestamp() - statement_timestamp()), 1);
	PERFORM tiering_internal.show_phase(format('tiering: %s, %sassigning %s customers',
		name, CASE WHEN tiering_internal.is_relative(p) THEN 'calibrating and ' ELSE '' END,
		customers));
	RETURN customers;
END $$;
COMMENT ON FUNCTION tiering_internal.check_customers(text, bigint, bigint, text, text) IS
'the number of customers in the metrics; 23502 for a NULL one, 21000 for one who is there twice, 22003 for one with a figure that is no number';

CREATE FUNCTION tiering_internal.check_sql(p tiering.program, source text) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT tiering_internal.sql(p, 'WITH m AS (
			SELECT m.{customer} AS key, count(*) AS n, {odd} AS odd
			FROM {source} m GROUP BY 1)
		SELECT $1 || jsonb_build_object(''customers'', tiering_internal.check_customers(
			{name}, coalesce(sum(m.n), 0)::bigint, count(*) FILTER (WHERE m.key IS NULL),
			min(m.key::text) FILTER (WHERE m.n > 1), min(m.key::text) FILTER (WHERE m.odd)))
		FROM m', jsonb_build_object('source', source, 'odd', coalesce((
			SELECT string_agg(format('bool_or(m.%I::text IN (''NaN'', ''Infinity'', ''-Infinity''))', c), ' OR ')
			FROM tiering_internal.figure_columns(p) c), 'false')))
$$;
COMMENT ON FUNCTION tiering_internal.check_sql(tiering.program, text) IS
'a statement that checks the customers in source and adds their number to $1';

CREATE FUNCTION tiering_internal.refresh_all(p tiering.program, run bigint,
		as_of date, calibration jsonb, which text DEFAULT 'true') RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	source CONSTANT text := 'tiering_metrics';
	-- calibrates unless that is done
	calibrate CONSTANT text := CASE WHEN calibration IS NULL
		THEN tiering_internal.calibrate_sql(p, source)
		ELSE format('SELECT %L::jsonb', calibration) END;
BEGIN
	PERFORM tiering_internal.warn_of_benefits(p), tiering_internal.set_day(p, as_of),
		tiering_internal.show_phase(format('tiering: %s, reading metrics', p.name));
	RETURN tiering_internal.with_rows(source,
		tiering_internal.sql(p, 'SELECT {columns} FROM {metrics}',
			jsonb_build_object('columns', tiering_internal.columns(p))),
		ARRAY[tiering_internal.check_sql(p, source),
			format('SELECT $1 || jsonb_build_object(''calibration'', (%s))', calibrate),
			tiering_internal.sql(p, tiering_internal.assignments(false) ||
				tiering_internal.writing(), jsonb_build_object('source', source,
					'which', which, 'day', quote_literal(as_of) || '::date',
					'run', run, 'requeue', (calibration IS NOT NULL)::text))],
		jsonb_build_object('calibrated', calibration IS NULL));
END $$;
COMMENT ON FUNCTION tiering_internal.refresh_all(tiering.program, bigint, date, jsonb, text) IS
'assigns a tier to everyone in the metrics, or only to those for whom the condition which holds, calibrating first unless a calibration is given: {"customers", "changed", "leaving", "joining", "calibration", "calibrated"}';

CREATE FUNCTION tiering_internal.refresh_keys(p tiering.program, run bigint,
		as_of date, calibration jsonb, keys text[]) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET jit = off				-- compiling takes longer than the customers
AS $$
DECLARE
	done jsonb;
BEGIN
	PERFORM tiering_internal.set_day(p, as_of);
	EXECUTE tiering_internal.sql(p, tiering_internal.assignments(true) ||
		tiering_internal.writing(), jsonb_build_object(
			'keys', '$2', 'day', quote_literal(as_of) || '::date', 'run', run,
			'requeue', 'true'))
	INTO done USING jsonb_build_object('calibration', calibration), keys;
	IF done ->> 'twice' IS NOT NULL THEN
		PERFORM tiering_internal.fail_twice(p, done ->> 'twice');
	END IF;
	RETURN done || jsonb_build_object('customers', cardinality(keys));
END $$;
COMMENT ON FUNCTION tiering_internal.refresh_keys(tiering.program, bigint, date, jsonb, text[]) IS
'assigns a tier to these customers, each of whose metrics are read by themselves: as tiering_internal.refresh_all()';
