-- program: what can be asked of it

CREATE FUNCTION tiering_internal.work_verify(name text, a jsonb)
	RETURNS TABLE (customer text, stored @extschema@.tier_assignment,
		expected @extschema@.tier_assignment)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	last CONSTANT jsonb := tiering_internal.last_run(p);
	day CONSTANT date := tiering_internal.last_day(p);
BEGIN
	p := tiering_internal.as_last(p, last);
	PERFORM tiering_internal.set_day(p, day);
	RETURN QUERY EXECUTE tiering_internal.sql(p,
		tiering_internal.assignments(false) || '
		SELECT a.key::text, (SELECT ROW(o.tier, o.rank, o.since, o.joined, o.term,
				o.review_on, o.grace_until, o.movement, o.reason)::{kernel}.tier_assignment
			FROM o WHERE o.key = a.key),
			ROW(a.tier, a.rank, a.since, a.joined, a.term, a.review_on,
				a.grace_until, a.movement, a.reason)::{kernel}.tier_assignment
		FROM a WHERE a.moved ORDER BY a.key',
		jsonb_build_object('source', tiering_internal.sql(p, '{metrics}'),
			'which', 'true', 'day', quote_literal(day) || '::date'))
	USING last;
END $$;
COMMENT ON FUNCTION tiering_internal.work_verify(text, jsonb) IS
'the work of tiering.verify()';

CREATE FUNCTION tiering.verify(name text, OUT customer text,
		OUT stored @extschema@.tier_assignment,
		OUT expected @extschema@.tier_assignment)
	RETURNS SETOF record
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT * FROM tiering_internal.as_owner(name, 'verify', '{}')
		AS w (customer text, stored @extschema@.tier_assignment,
			expected @extschema@.tier_assignment)
$$;
COMMENT ON FUNCTION tiering.verify(text) IS
'Lists customers whose stored tier no longer matches the metrics: their assignment, pins included, would change if the ladder and scorecard as last calibrated were applied to every row as of the last refresh. Empty right after a refresh, unless the metrics depend on the time of day. Errors: 42501 for anyone but members of the owner, 55000 before the first refresh.';

CREATE FUNCTION tiering_internal.work_simulate(name text, a jsonb)
	RETURNS TABLE (customer text, from_tier text, to_tier text, value numeric)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.altered(tiering_internal.own(name),
		(a ->> 'ladder')::@extschema@.tier_ladder,
		(a ->> 'scorecard')::@extschema@.tier_scorecard,
		(a ->> 'policy')::@extschema@.tier_policy);
	source CONSTANT text := tiering_internal.sql(p, '{metrics}');
	day CONSTANT date := coalesce((a ->> 'as_of')::date,
		greatest(tiering_internal.today(p), tiering_internal.last_day(p)));
	calibration jsonb;
BEGIN
	PERFORM tiering_internal.check_metrics(p), tiering_internal.set_day(p, day);
	EXECUTE tiering_internal.calibrate_sql(p, source) INTO calibration;
	-- a double is the decimal that it prints
	RETURN QUERY EXECUTE tiering_internal.sql(p,
		tiering_internal.assignments(false) || '
		SELECT a.key::text, a.from_tier, a.tier, a.value::text::numeric
		FROM a WHERE a.present OR a.was <> ''left'' ORDER BY a.key',
		jsonb_build_object('source', source, 'which', 'true',
			'day', quote_literal(day) || '::date'))
	USING jsonb_build_object('calibration', calibration);
END $$;
COMMENT ON FUNCTION tiering_internal.work_simulate(text, jsonb) IS
'the work of tiering.simulate()';

CREATE FUNCTION tiering.simulate(name text,
		ladder @extschema@.tier_ladder DEFAULT NULL,
		scorecard @extschema@.tier_scorecard DEFAULT NULL,
		policy @extschema@.tier_policy DEFAULT NULL, as_of date DEFAULT NULL,
		OUT customer text, OUT from_tier text, OUT to_tier text,
		OUT value numeric)
	RETURNS SETOF record
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT * FROM tiering_internal.as_owner(name, 'simulate', jsonb_build_object(
		'ladder', ladder::text, 'scorecard', scorecard::text,
		'policy', policy::text, 'as_of', as_of))
		AS w (customer text, from_tier text, to_tier text, value numeric)
$$;
COMMENT ON FUNCTION tiering.simulate(text, @extschema@.tier_ladder, @extschema@.tier_scorecard, @extschema@.tier_policy, date) IS
'Shows what a refresh would bring as of a day (default: today), with another ladder, scorecard or policy where given, without writing: every customer, the tier held and the tier to come (NULL: none), and the value. Metrics that ask tiering.as_of() are read for that day, which may lie ahead. Errors: 42501 for anyone but members of the owner.';

-- @each report | columns | function | arguments | query | about
-- | moved | customer text, as_of date, from_tier text, to_tier text, movement text, reason text
--   | moved(name text, since date DEFAULT NULL) | 'since', since
--   | SELECT h.{customer}::text, h.as_of, h.from_tier, h.tier, h.movement, h.reason
--   FROM {tier_history} h
--   WHERE h.superseded_at IS NULL AND h.from_tier IS DISTINCT FROM h.tier AND
--   h.as_of >= coalesce(($1 ->> 'since')::date, (SELECT max(r.as_of) FROM {tier_run} r WHERE r.status = 'done'))
--   ORDER BY h.entry | Who moved from one tier to another in
--   refreshes as of since or later, by default on the day of the last one.
--   from_tier is NULL for who joined, to_tier for who left
-- | movements | from_tier text, to_tier text, movement text, customers bigint
--   | movements(name text, since date DEFAULT NULL) | 'since', since
--   | SELECT h.from_tier, h.tier, h.movement, count(*)
--   FROM {tier_history} h
--   LEFT JOIN {kernel}.rungs(($1 ->> 'ladder')::{kernel}.tier_ladder) f ON f.tier = h.from_tier
--   LEFT JOIN {kernel}.rungs(($1 ->> 'ladder')::{kernel}.tier_ladder) t ON t.tier = h.tier
--   WHERE h.superseded_at IS NULL AND h.as_of >= coalesce(($1 ->> 'since')::date, '-infinity')
--   GROUP BY h.from_tier, h.tier, h.movement, f.rank, t.rank
--   ORDER BY f.rank NULLS FIRST, h.from_tier, t.rank, h.tier, h.movement
--   | The movement matrix as rows: how often customers went from one
--   tier to another (or renewed it, or began a grace) in refreshes as of since
--   or later, by default all. from_tier is NULL for who joined, to_tier for who
--   left
-- | runs | run bigint, kind text, as_of date, status text, started_at timestamptz, finished_at timestamptz, customers bigint, changed bigint, error text, detail text, context text
--   | runs(name text) | 'all', true
--   | SELECT r.run, r.kind, r.as_of, tiering_internal.run_status(r.status, r.pid, r.started_at, {runs}),
--   r.started_at, r.finished_at, r.customers, r.changed, r.error, r.detail, r.context
--   FROM {tier_run} r ORDER BY r.run | The runs of a program: kind is
--   full, touched, replay or merge; status is running, done, failed (with the
--   error, its detail and where it happened), died (the server could not log
--   the end) or undone. customers is how many were looked at, changed how many
--   were written. What ladders were calibrated to is in <name>_tier_run
CREATE FUNCTION tiering_internal.work_@report@(name text, a jsonb)
	RETURNS TABLE (@columns@)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.own(name);
BEGIN
	RETURN QUERY EXECUTE tiering_internal.sql(p, $sql$@query@$sql$)
	USING jsonb_build_object('ladder', p.ladder::text) || a;
END $$;
COMMENT ON FUNCTION tiering_internal.work_@report@(text, jsonb) IS
'the work of tiering.@report@()';

CREATE FUNCTION tiering.@function@ RETURNS TABLE (@columns@)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT * FROM tiering_internal.as_owner(name, '@report@', jsonb_build_object(@arguments@))
		AS w (@columns@)
$$;
COMMENT ON FUNCTION tiering.@report@ IS
'@about@. Errors: 42501 without SELECT on the program''s tables.';

-- @end
CREATE FUNCTION tiering_internal.run_status(status text, pid integer,
		started_at timestamptz, runs oid) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN status <> 'running' OR pg_is_in_recovery() OR EXISTS (
			SELECT FROM pg_locks l WHERE l.relation = runs AND l.pid = run_status.pid AND
				l.mode = 'ShareUpdateExclusiveLock' AND
				l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())) OR
			EXISTS (SELECT FROM pg_stat_activity s
				WHERE s.pid = run_status.pid AND s.query_start = run_status.started_at)
		THEN status ELSE 'died' END
$$;
COMMENT ON FUNCTION tiering_internal.run_status(text, integer, timestamptz, oid) IS
'running for a run whose session holds the lock of the program, or waits for it, or is still at the statement that began it; else died. On a standby one cannot know';

CREATE FUNCTION tiering_internal.work_status(name text, a jsonb)
	RETURNS TABLE (owner text, refreshed_at timestamptz, as_of date, error text,
		failed_at timestamptz, running_since timestamptz, phase text, queue bigint,
		next_due date)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY EXECUTE tiering_internal.sql(tiering_internal.own(name), $sql$
		SELECT (SELECT p.owner FROM tiering.program p WHERE p.name = {name}),
			(SELECT max(r.finished_at) FROM {tier_run} r WHERE r.status = 'done'),
			(SELECT max(r.as_of) FROM {tier_run} r WHERE r.status = 'done'),
			l.error, l.finished_at, w.started_at, w.query,
			(SELECT count(*) FROM {tier_touched}),
			least((SELECT min(COALESCE(t.grace_until, t.review_on)) FROM {tiers} t),
				(SELECT min(d) FROM {tier_pin} q, unnest(ARRAY[q.from_date, q.until_date]) d
				 WHERE d > (SELECT max(r.as_of) FROM {tier_run} r WHERE r.status = 'done')))
		FROM (VALUES (1)) one
			LEFT JOIN LATERAL (
				SELECT r.error, r.finished_at FROM {tier_run} r
				WHERE r.status = 'failed' AND NOT EXISTS (
					SELECT FROM {tier_run} n
					WHERE n.run > r.run AND n.status = 'done' AND n.kind IN (r.kind, 'full'))
				ORDER BY r.run DESC LIMIT 1) l ON true
			LEFT JOIN LATERAL (
				SELECT r.started_at, s.query FROM {tier_run} r
					LEFT JOIN pg_stat_activity s ON s.pid = r.pid AND s.query ^@ 'tiering: '
				WHERE r.status = 'running' AND tiering_internal.run_status(r.status, r.pid,
					r.started_at, {runs}) = 'running'
				ORDER BY r.run DESC LIMIT 1) w ON true$sql$);
END $$;
COMMENT ON FUNCTION tiering_internal.work_status(text, jsonb) IS
'the work of tiering.status() for one program';

CREATE FUNCTION tiering.status(OUT program text, OUT owner text,
		OUT refreshed_at timestamptz, OUT age interval, OUT as_of date,
		OUT error text, OUT failed_at timestamptz,
		OUT running_since timestamptz, OUT phase text, OUT queue bigint,
		OUT next_due date, OUT problem text)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
BEGIN
	FOR p IN SELECT * FROM tiering.program r ORDER BY r.name LOOP
		program := p.name;
		owner := pg_get_userbyid(tiering_internal.owner(p));
		refreshed_at := NULL; as_of := NULL; error := NULL; failed_at := NULL;
		running_since := NULL; phase := NULL; queue := NULL; next_due := NULL;
		problem := tiering_internal.damage(p);
		IF problem IS NULL THEN
			CONTINUE WHEN NOT (pg_has_role(tiering_internal.owner(p), 'MEMBER') OR (
				SELECT bool_and(has_table_privilege(tiering_internal.relation(p, s), 'SELECT'))
				FROM unnest(tiering_internal.reads('status')) s));
			SELECT w.refreshed_at, w.as_of, w.error, w.failed_at, w.running_since, w.phase,
				w.queue, w.next_due
			INTO refreshed_at, as_of, error, failed_at, running_since, phase, queue, next_due
			FROM tiering_internal.as_owner(p.name, 'status', '{}') AS w (owner text,
				refreshed_at timestamptz, as_of date, error text, failed_at timestamptz,
				running_since timestamptz, phase text, queue bigint, next_due date);
		END IF;
		age := statement_timestamp() - refreshed_at;
		RETURN NEXT;
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering.status() IS
'Every program that one may read: when it was last refreshed, how long ago, and as of which day; the error of the last run that failed, unless one of its kind or a full one is done since; since when a run is at work, and its phase (to its own role and to pg_monitor); how many entries the queue has; the next day on which a review, grace or pin begins or ends; and what is wrong with its tables.';

CREATE FUNCTION tiering_internal.work_calibrated(name text, a jsonb) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	last CONSTANT jsonb := tiering_internal.last_run(tiering_internal.own(name));
BEGIN
	PERFORM tiering_internal.as_last(tiering_internal.own(name), last);
	RETURN (SELECT c ->> (a ->> 'what') FROM jsonb_array_elements(last -> 'calibration') c
			WHERE c ->> 'grp' = coalesce('=' || (a ->> 'group'), ''));
END $$;
COMMENT ON FUNCTION tiering_internal.work_calibrated(text, jsonb) IS
'the work of tiering.ladder() and tiering.scorecard()';

-- @each what: ladder, scorecard
CREATE FUNCTION tiering.@what@(name text, "group" text DEFAULT NULL)
	RETURNS @extschema@.tier_@what@
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	calibrated text;
BEGIN
	SELECT w.calibrated INTO calibrated
	FROM tiering_internal.as_owner(name, 'calibrated', jsonb_build_object(
		'what', '@what@', 'group', "group")) AS w (calibrated text);
	RETURN calibrated;
END $$;
COMMENT ON FUNCTION tiering.@what@(text, text) IS
'The @what@ of a program as last calibrated, for a value of the column per (default: the @what@ of who has none, and of everyone where there is no such column). NULL for a group that is not there. Errors: 55000 before the first refresh, 42501 without SELECT on the program''s tables.';

-- @end
CREATE FUNCTION tiering_internal.amount(p tiering.program, col text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	type text;
BEGIN
	IF col IS NULL THEN
		RETURN format('(SELECT NULL::%s AS key, NULL::numeric AS amount WHERE false)',
			tiering_internal.key(p));
	END IF;
	PERFORM tiering_internal.check_metrics(p);
	type := tiering_internal.number_type(
		tiering_internal.sql(p, '{metrics}')::regclass, col);
	-- a double is the decimal that it prints
	RETURN format('(SELECT %I AS key, %I::%s::numeric AS amount FROM %I.%I)',
		p.customer, col,
		CASE type WHEN 'numeric' THEN 'numeric' ELSE 'text' END,
		p.metrics_schema, p.metrics_name);
END $$;
COMMENT ON FUNCTION tiering_internal.amount(tiering.program, text) IS
'for tiering.pyramid(): a relation with customers (key) and their amounts';

CREATE FUNCTION tiering_internal.work_pyramid(name text, a jsonb)
	RETURNS TABLE (rank integer, tier text, customers bigint, share numeric,
		amount numeric, amount_share numeric, cumulative numeric)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
BEGIN
	p := tiering_internal.as_last(p, tiering_internal.last_run(p));
	PERFORM tiering_internal.set_day(p, tiering_internal.last_day(p));
	RETURN QUERY EXECUTE tiering_internal.sql(p, 'WITH g AS (
			SELECT t.tier, count(*) AS customers, sum(m.amount) AS amount
			FROM {tiers} t LEFT JOIN {amounts} m ON m.key = t.{customer}
			WHERE t.movement <> ''left''
			GROUP BY t.tier),
		r AS (
			SELECT r.rank, coalesce(r.tier, g.tier) AS tier,
				   coalesce(g.customers, 0) AS customers,
				   CASE WHEN $2 THEN coalesce(g.amount, 0) END AS amount
			FROM {kernel}.rungs($1) r FULL JOIN g ON g.tier = r.tier)
		SELECT r.rank, r.tier, r.customers,
			   round(r.customers / nullif(sum(r.customers) OVER (), 0), 4),
			   r.amount,
			   round(r.amount / nullif(sum(r.amount) OVER (), 0), 4),
			   round(sum(coalesce(r.amount, r.customers)) OVER w /
					 nullif(sum(coalesce(r.amount, r.customers)) OVER (), 0), 4)
		FROM r
		WINDOW w AS (ORDER BY r.rank NULLS LAST, r.tier
					 ROWS UNBOUNDED PRECEDING)
		ORDER BY r.rank NULLS LAST, r.tier',
		jsonb_build_object('amounts', tiering_internal.amount(p, a ->> 'column')))
	USING p.ladder, a ->> 'column' IS NOT NULL;
END $$;
COMMENT ON FUNCTION tiering_internal.work_pyramid(text, jsonb) IS
'the work of tiering.pyramid()';

CREATE FUNCTION tiering.pyramid(name text, "column" name DEFAULT NULL,
		OUT rank integer, OUT tier text, OUT customers bigint,
		OUT share numeric, OUT amount numeric, OUT amount_share numeric,
		OUT cumulative numeric)
	RETURNS SETOF record
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT * FROM tiering_internal.as_owner(name,
		CASE WHEN "column" IS NULL THEN 'pyramid' ELSE 'pyramid_of' END,
		jsonb_build_object('column', "column"))
		AS w (rank integer, tier text, customers bigint, share numeric,
			amount numeric, amount_share numeric, cumulative numeric)
$$;
COMMENT ON FUNCTION tiering.pyramid(text, name) IS
'The tiers from the top, also empty ones, and last who has none: the customers and their share. If a column of the metrics is named, amount is its sum and amount_share the share of it; else both are NULL. Shares are from 0 to 1, with 4 places. cumulative is the share of this tier and all above, of the amount, or of the customers without a column. Errors: 42501 with a column for anyone but members of the owner, without one for who may not read the program''s tables.';

CREATE FUNCTION tiering_internal.work_pyramid_of(name text, a jsonb)
	RETURNS TABLE (rank integer, tier text, customers bigint, share numeric,
		amount numeric, amount_share numeric, cumulative numeric)
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
	AS 'SELECT * FROM tiering_internal.work_pyramid(name, a)';
COMMENT ON FUNCTION tiering_internal.work_pyramid_of(text, jsonb) IS
'the work of tiering.pyramid() of a column, which reads the metrics';

CREATE FUNCTION tiering_internal.work_grant_read(name text, a jsonb) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.own(name);
	suffix text;
BEGIN
	EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', p.schema, a ->> 'role');
	FOREACH suffix IN ARRAY tiering_internal.suffixes() ||
		'{_tier_outlook,_tier_period}'::text[]
	LOOP
		IF tiering_internal.relation(p, suffix) IS NOT NULL THEN
			EXECUTE format('GRANT SELECT ON %I.%I TO %I', p.schema, name || suffix, a ->> 'role');
		END IF;
	END LOOP;
	RETURN true;
END $$;
COMMENT ON FUNCTION tiering_internal.work_grant_read(text, jsonb) IS
'the work of tiering.grant_read()';

CREATE FUNCTION tiering.grant_read(name text, role name) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM FROM tiering_internal.as_owner(name, 'grant_read',
		jsonb_build_object('role', role)) AS w (done boolean);
END $$;
COMMENT ON FUNCTION tiering.grant_read(text, name) IS
'Lets a role read a program: SELECT on its tables and views, and with that the reports, and USAGE on their schema as far as the owner can grant it. REVOKE takes it back.';
