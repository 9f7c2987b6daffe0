-- program: taking back, deciding again, and what was when

CREATE FUNCTION tiering_internal.restore(p tiering.program, keys text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE tiering_internal.sql(p, 'WITH k AS MATERIALIZED (
			SELECT k::{key}{collate} AS key FROM unnest($1) k),
		f AS MATERIALIZED (
			SELECT DISTINCT ON (h.{customer}) h.{customer} AS key, h.*
			FROM k JOIN {tier_history} h ON h.{customer} = k.key
			WHERE h.superseded_at IS NULL
			ORDER BY h.{customer}, h.entry DESC),
		d AS (
			DELETE FROM {tiers} t USING k
			WHERE t.{customer} = k.key AND
				  NOT EXISTS (SELECT FROM f WHERE f.key = k.key))
		INSERT INTO {tiers} ({customer}, {fields}) SELECT f.key, {f} FROM f
		ON CONFLICT ({customer}) DO UPDATE SET {excluded}')
	USING keys;
END $$;
COMMENT ON FUNCTION tiering_internal.restore(tiering.program, text[]) IS
'makes the tiers of customers those of the last row of their history that stands';

CREATE FUNCTION tiering_internal.supersede(p tiering.program, by bigint, which text,
		first date, customer text) RETURNS text[]
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	keys text[];
BEGIN
	EXECUTE tiering_internal.sql(p, 'WITH s AS (
			UPDATE {tier_history} h SET superseded_at = clock_timestamp(), superseded_by = $1
			WHERE h.superseded_at IS NULL AND {which} AND
				  ($3 IS NULL OR h.{customer} = $3::{key})
			RETURNING h.{customer} AS key)
		SELECT coalesce(array_agg(DISTINCT s.key::text), ARRAY[]::text[]) FROM s',
		jsonb_build_object('which', which))
	INTO keys USING by, first, customer;
	RETURN keys;
END $$;
COMMENT ON FUNCTION tiering_internal.supersede(tiering.program, bigint, text, date, text) IS
'marks rows of the history, all or those of one customer, as superseded by a run: those for which which holds, a condition on h with the run as $1 and a day as $2; whose they are';

CREATE FUNCTION tiering_internal.work_undo(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	last record;
	keys text[];
	revived text[];
BEGIN
	PERFORM tiering_internal.lock(p, true);
	EXECUTE tiering_internal.sql(p, 'SELECT r.run, r.kind FROM {tier_run} r
		WHERE r.status = ''done'' ORDER BY r.finished_at DESC, r.run DESC LIMIT 1')
	INTO last;
	IF last.run IS NULL OR last.kind = 'merge' THEN
		RAISE 'program "%" has no run to take back', name USING
			ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = CASE last.kind WHEN 'merge'
				THEN 'The last one merged two customers.'
				ELSE 'None is done that was not taken back.' END;
	END IF;
	keys := tiering_internal.supersede(p, last.run, 'h.run = $1 AND $2 IS NULL', NULL, NULL);
	EXECUTE tiering_internal.sql(p, 'WITH s AS (
			UPDATE {tier_history} h SET superseded_at = NULL, superseded_by = NULL
			WHERE h.superseded_by = $1 AND h.run <> $1
			RETURNING h.{customer} AS key)
		SELECT coalesce(array_agg(DISTINCT s.key::text), ARRAY[]::text[]) FROM s')
	INTO revived USING last.run;
	PERFORM tiering_internal.restore(p, keys || revived);
	EXECUTE tiering_internal.sql(p, 'UPDATE {tier_run} r SET status = ''undone''
		WHERE r.run = $1')
	USING last.run;
	-- whom it took from the queue, nobody knows any more
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_touched} VALUES (NULL)');
	RETURN last.run;
END $$;
COMMENT ON FUNCTION tiering_internal.work_undo(text, jsonb) IS
'the work of tiering.undo()';

CREATE FUNCTION tiering.undo(name text) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	run bigint;
BEGIN
	SELECT w.run INTO run FROM tiering_internal.as_owner(name, 'undo', '{}') AS w (run bigint);
	RETURN run;
END $$;
COMMENT ON FUNCTION tiering.undo(text) IS
'Takes back the last run that is done: a full, touched or replayed one, whose number it returns. Everyone has the tier, with all its dates, that they had before; the rows that the run wrote are marked superseded; the log calls it undone; the day is again that of the run before, and so is what ladders were calibrated to. Call it again for the run before. The next touched refresh looks at everyone. Errors: 55000 if there is none, or two customers were merged since.';

-- deciding again

CREATE FUNCTION tiering_internal.keep_equal(p tiering.program, run bigint) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	rows CONSTANT text := 'SELECT h.{customer} AS key, h.entry,
		row_number() OVER (PARTITION BY h.{customer} ORDER BY h.entry) AS n,
		ROW(h.as_of, h.from_tier, h.tier, h.rank, h.since, h.earned, h.earned_since,
			h.joined, h.term, h.review_on, h.grace_until, h.movement) AS r
		FROM {tier_history} h WHERE ';
	changed bigint;
BEGIN
	-- As far as the rows of a customer come out as they were, the old ones stay.
	EXECUTE tiering_internal.sql(p, 'WITH o AS (' || rows || 'h.superseded_by = $1),
		n AS (' || rows || 'h.run = $1),
		s AS (
			SELECT key, o.entry AS old, n.entry AS new, bool_and(o.r = n.r)
				OVER (PARTITION BY key ORDER BY n) AS same
			FROM o JOIN n USING (key, n)),
		d AS (
			DELETE FROM {tier_history} h USING s
			WHERE s.same AND h.{customer} = s.key AND h.entry = s.new
			RETURNING h.{customer} AS key),
		u AS (
			UPDATE {tier_history} h SET superseded_at = NULL, superseded_by = NULL
			FROM s WHERE s.same AND h.{customer} = s.key AND h.entry = s.old),
		x AS (
			SELECT o.key, o.n FROM o UNION SELECT n.key, n.n FROM n
			EXCEPT SELECT o.key, o.n FROM s JOIN o ON o.key = s.key AND o.entry = s.old WHERE s.same)
		SELECT count(DISTINCT x.key) FROM x')
	INTO changed USING run;
	RETURN changed;
END $$;
COMMENT ON FUNCTION tiering_internal.keep_equal(tiering.program, bigint) IS
'of the rows that a replay superseded and wrote, lets the old ones stand as far as both are the same; the number of customers for whom something came out otherwise';

CREATE FUNCTION tiering_internal.replay_run(p tiering.program, run bigint, r jsonb,
		calibration jsonb, customer text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	q CONSTANT tiering.program := tiering_internal.as_last(p, r);
	day CONSTANT date := r ->> 'as_of';
BEGIN
	IF r ->> 'kind' = 'merge' THEN
		PERFORM tiering_internal.do_merge(q, run, day, r -> 'who' ->> 0, r -> 'who' ->> 1)
		WHERE customer IS NULL OR r -> 'who' ? customer;
		RETURN jsonb_build_object('calibration', calibration);
	ELSIF customer IS NOT NULL THEN
		RETURN tiering_internal.refresh_keys(q, run, day, calibration, ARRAY[customer]) ||
			jsonb_build_object('calibration', calibration);
	END IF;
	RETURN tiering_internal.refresh_all(q, run, day,
		CASE WHEN NOT (r ->> 'calibrated')::boolean THEN calibration END);
END $$;
COMMENT ON FUNCTION tiering_internal.replay_run(tiering.program, bigint, jsonb, jsonb, text) IS
'decides one past run again, by a calibration or, if it calibrated, anew';

CREATE FUNCTION tiering_internal.past_runs(p tiering.program, since date) RETURNS jsonb[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	runs jsonb[];
BEGIN
	EXECUTE tiering_internal.sql(p, 'WITH c AS (
			SELECT r.*, count(r.calibration) OVER (ORDER BY r.finished_at, r.run) AS period
			FROM {tier_run} r
			WHERE r.status = ''done'' AND r.kind IN (''full'', ''touched'', ''merge'')),
		d AS (
			SELECT c.*, first_value(c.calibration) OVER w AS by,
				first_value(c.ladder) OVER w AS by_ladder,
				first_value(c.scorecard) OVER w AS by_scorecard,
				first_value(c.policy) OVER w AS by_policy
			FROM c WINDOW w AS (PARTITION BY c.period ORDER BY c.finished_at, c.run))
		SELECT array_agg(jsonb_build_object(''run'', d.run, ''kind'', d.kind, ''as_of'', d.as_of,
			''ladder'', d.by_ladder::text, ''scorecard'', d.by_scorecard::text,
			''policy'', d.by_policy::text, ''calibration'', d.by,
			''calibrated'', d.kind = ''full'' AND d.calibrated, ''who'', CASE d.kind WHEN ''merge'' THEN d.detail::jsonb END) ORDER BY d.finished_at, d.run)
		FROM d WHERE d.as_of >= $1')
	INTO runs USING since;
	RETURN runs;
END $$;
COMMENT ON FUNCTION tiering_internal.past_runs(tiering.program, date) IS
'the runs that stand as of a day or later, in their order: by what ladder, scorecard, policy and calibration they went, and whether they calibrated';

CREATE FUNCTION tiering_internal.do_replay(name text, run bigint, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1
	SET client_min_messages = warning AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	customer text := a ->> 'customer';
	runs jsonb[];
	r jsonb;
	done jsonb;
	holders bigint;
BEGIN
	PERFORM tiering_internal.lock(p, coalesce((a ->> 'wait')::boolean, true));
	p := tiering_internal.own(name);
	PERFORM tiering_internal.begin_work(p);
	holders := tiering_internal.holders(p);
	IF a ->> 'since' IS NULL THEN
		RAISE 'the day to replay from must be given' USING
			ERRCODE = 'null_value_not_allowed';
	END IF;
	runs := tiering_internal.past_runs(p, (a ->> 'since')::date);
	IF runs IS NULL THEN
		RAISE 'program "%" was not refreshed since %', name, a ->> 'since' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('The last run was as of %s.', tiering_internal.last_day(p));
	END IF;
	IF customer IS NOT NULL THEN
		EXECUTE tiering_internal.sql(p, 'SELECT ($1::{key})::text') INTO customer USING customer;
	END IF;
	PERFORM tiering_internal.restore(p, tiering_internal.supersede(p, run,
		'h.as_of >= $2 AND h.run <> $1', (a ->> 'since')::date, customer));
	done := jsonb_build_object('calibration', runs[1] -> 'calibration');
	FOREACH r IN ARRAY runs LOOP
		done := tiering_internal.replay_run(p, run, r, CASE WHEN customer IS NULL
			THEN done ELSE r END -> 'calibration', customer);
	END LOOP;
	PERFORM tiering_internal.check_leaving(p, holders, holders - tiering_internal.holders(p));
	p := tiering_internal.as_last(p, tiering_internal.last_run(p));
	PERFORM tiering_internal.end_work(p, run, 'replay', tiering_internal.last_day(p),
		jsonb_build_object('customers', CASE WHEN customer IS NULL THEN done -> 'customers' ELSE '1' END,
			'calibration', done -> 'calibration', 'changed', tiering_internal.keep_equal(p, run)));
	EXECUTE tiering_internal.sql(p, 'SELECT r.changed FROM {tier_run} r WHERE r.run = $1')
	INTO holders USING run;
	RETURN holders;
END $$;
COMMENT ON FUNCTION tiering_internal.do_replay(text, bigint, jsonb) IS
'the work of tiering.replay(); the number of customers for whom something came out otherwise';

-- what was when

CREATE FUNCTION tiering_internal.work_tier_at(name text, a jsonb) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.own(name);
	tier text;
BEGIN
	-- asked for one customer at a time: tiering_internal.sql() fills in too much
	EXECUTE format('SELECT h.tier FROM %I.%I h
		WHERE h.%I = $1::%s AND h.since <= $2 AND
			CASE WHEN $3 IS NULL THEN h.superseded_at IS NULL
				ELSE h.recorded_at <= $3 AND (h.superseded_at > $3) IS NOT FALSE END
		ORDER BY h.entry DESC LIMIT 1', p.schema, p.name || '_tier_history', p.customer,
		tiering_internal.key(p))
	INTO tier USING a ->> 'customer', (a ->> 'at')::date, (a ->> 'known_at')::timestamptz;
	RETURN tier;
END $$;
COMMENT ON FUNCTION tiering_internal.work_tier_at(text, jsonb) IS
'the work of tiering.tier_at()';

-- @each type: text, anyelement
CREATE FUNCTION tiering.tier_at(name text, customer @type@, "at" date,
		known_at timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	tier text;
BEGIN
	SELECT w.tier INTO tier
	FROM tiering_internal.as_owner(name, 'tier_at', jsonb_build_object(
		'customer', customer::text, 'at', "at", 'known_at', known_at)) AS w (tier text);
	RETURN tier;
END $$;
COMMENT ON FUNCTION tiering.tier_at(text, @type@, date, timestamptz) IS
'The tier that a customer had on a day, pins included, as far as is known now, or was known at known_at: before a replay corrected it, or an undo took it back. NULL for none. For many customers join <name>_tier_period. Errors: 42501 without SELECT on the program''s tables.';

-- @end
CREATE FUNCTION tiering_internal.work_prune(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	first CONSTANT timestamptz := now() - (a ->> 'keep')::interval;
	pruned bigint;
BEGIN
	IF first >= now() THEN
		RAISE 'what is kept must be a time that has passed' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It is %s.', a ->> 'keep');
	END IF;
	PERFORM tiering_internal.lock(p, true);
	EXECUTE tiering_internal.sql(p, 'WITH h AS (
			DELETE FROM {tier_history} h WHERE h.superseded_at < $1 RETURNING 1),
		r AS (
			DELETE FROM {tier_run} r
			WHERE coalesce(r.finished_at, r.started_at) < $1 AND r.run NOT IN (
				(SELECT max(l.run) FROM {tier_run} l WHERE l.status = ''done''),
				coalesce((SELECT max(l.run) FROM {tier_run} l
					WHERE l.status = ''done'' AND l.calibration IS NOT NULL), 0))
			RETURNING 1)
		SELECT (SELECT count(*) FROM h) + (SELECT count(*) FROM r)')
	INTO pruned USING first;
	RETURN pruned;
END $$;
COMMENT ON FUNCTION tiering_internal.work_prune(text, jsonb) IS
'the work of tiering.prune()';

CREATE FUNCTION tiering.prune(name text, keep interval) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	pruned bigint;
BEGIN
	SELECT w.pruned INTO pruned
	FROM tiering_internal.as_owner(name, 'prune', jsonb_build_object('keep', keep)) AS w (pruned bigint);
	RETURN pruned;
END $$;
COMMENT ON FUNCTION tiering.prune(text, interval) IS
'Deletes from the log the runs that ended longer ago than keep, but for the last, and from the history the superseded rows of before; how many. Rows of the history that stand are never deleted. A replay reaches back as far as the log. Errors: 22023 for a time to come.';
