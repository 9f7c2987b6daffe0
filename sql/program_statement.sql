-- program: the statements of a refresh

CREATE FUNCTION tiering._value_type(p tiering.program) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (SELECT format_type(a.atttypid, NULL) FROM pg_attribute a
			WHERE a.attrelid = tiering._table(p, '_tiers') AND
				  a.attname = 'value');
COMMENT ON FUNCTION tiering._value_type(tiering.program) IS
'numeric or double precision, as the value is kept';

CREATE FUNCTION tiering._sql(p tiering.program, template text) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kernel CONSTANT text := '@extschema@';
	value_type CONSTANT text := tiering._value_type(p);
	grp text := quote_literal('');
	value text := 'NULL::numeric';
	review text := 'NULL::numeric';
	figure text;
BEGIN
	IF p.per IS NOT NULL AND tiering._is_relative(p) THEN
		grp := format('coalesce(''='' || m.%I::text, '''')', p.per);
	END IF;
	IF p.review_value IS NOT NULL THEN
		review := format('m.%I::%s', p.review_value, value_type);
	ELSE
		review := 'NULL::' || value_type;
	END IF;
	IF p.scorecard IS NOT NULL THEN
		value := kernel || '.weighted_value((m.*)::record, c.scorecard)';
	ELSIF p.value IS NOT NULL THEN
		value := format('m.%I::%s', p.value, value_type);
	END IF;
	IF tiering._is_rules(p.ladder) THEN
		figure := '(m.*)::record';
		review := 'NULL::record';
	ELSE
		figure := 'v.value';
	END IF;
	RETURN format(template,
		kernel,
		format('%I.%I', p.schema, p.name || '_tiers'),
		format('%I.%I', p.schema, p.name || '_tier_history'),
		format('%I.%I', p.schema, p.name || '_tier_run'),
		format('%I.%I', p.schema, p.name || '_tier_touched'),
		quote_ident(p.customer),
		format('%I.%I', p.metrics_schema, p.metrics_name),
		grp,
		value,
		format('%s.assign(b.previous, %s, c.ladder, $2, $3, %s)',
			kernel, figure, review),
		figure);
END $$;
COMMENT ON FUNCTION tiering._sql(tiering.program, text) IS
'a statement for a program: %1$s is the kernel''s schema, %2$s the tiers, %3$s the history, %4$s the runs, %5$s the queue, %6$s the customer''s column, %7$s the metrics; of a row m of metrics and its calibration c %8$s is the group, %9$s the value, %10$s the next assignment, with the policy as $2 and the date as $3, %11$s what the ladder places';

CREATE FUNCTION tiering._calibrations() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'WITH c AS MATERIALIZED (
		SELECT e.grp, e.ladder::%1$s.tier_ladder AS ladder,
			   e.scorecard::%1$s.tier_scorecard AS scorecard
		FROM jsonb_to_recordset($1)
			 AS e (grp text, ladder text, scorecard text))';
COMMENT ON FUNCTION tiering._calibrations() IS
'for tiering._sql(): the calibrations given as $1';

CREATE FUNCTION tiering._whole(source text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN 'a AS (
		SELECT coalesce(m.%6$s, t.%6$s) AS key, 1 AS copies,
			   m.%6$s IS NOT NULL AS present, b.previous, v.value, x.next
		FROM ' || replace(source, '%', '%%') || ' m
			 FULL JOIN %2$s t ON t.%6$s = m.%6$s';
COMMENT ON FUNCTION tiering._whole(text) IS
'for tiering._assignments(): everyone in a relation with the metrics and everyone who has a tier';

CREATE FUNCTION tiering._some() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- OFFSET 0 hands the key down to the indexes below a view that groups,
	-- for which a join would read everything.
	RETURN 's AS (
		DELETE FROM %5$s q WHERE q.%6$s IS NOT NULL RETURNING q.%6$s AS key),
	k AS MATERIALIZED (
		SELECT s.key FROM s
		UNION
		SELECT t.%6$s FROM %2$s t
		WHERE LEAST(COALESCE(t.grace_until, t.review_on), t.pinned_until) <= $3),
	a AS MATERIALIZED (
		SELECT k.key, count(*) OVER (PARTITION BY k.key) AS copies,
			   m.%6$s IS NOT NULL AS present, b.previous, v.value, x.next
		FROM k
			 LEFT JOIN LATERAL (
				 SELECT * FROM %7$s r WHERE r.%6$s = k.key OFFSET 0) m ON true
			 LEFT JOIN LATERAL (
				 SELECT * FROM %2$s r WHERE r.%6$s = k.key OFFSET 0) t ON true';
COMMENT ON FUNCTION tiering._some() IS
'for tiering._assignments(): the customers in the queue, which are taken from it, and those for whom something is due';

CREATE FUNCTION tiering._assignments(p tiering.program, head text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN tiering._sql(p, tiering._calibrations() || ',
	' || head || '
			 LEFT JOIN c ON c.grp = %8$s
			 CROSS JOIN LATERAL (
				 SELECT CASE WHEN t.%6$s IS NOT NULL THEN ROW(t.tier, t.rank,
					 t.since, t.joined, t.review_on, t.grace_until, t.pin,
					 t.pinned_tier, t.pinned_until, t.movement,
					 t.reason)::%1$s.tier_assignment END AS previous OFFSET 0) b
			 CROSS JOIN LATERAL (SELECT %9$s AS value OFFSET 0) v
			 CROSS JOIN LATERAL (
				 SELECT CASE
					 WHEN m.%6$s IS NULL AND t.movement <> ''left'' THEN
						 ROW(NULL, NULL, $3, t.joined, NULL, NULL, NULL, NULL,
							 NULL, ''left'', ''left: no longer in the metrics''
							 )::%1$s.tier_assignment
					 WHEN m.%6$s IS NOT NULL AND c.ladder IS NOT NULL THEN
						 %10$s
				 END AS next OFFSET 0) x)');
COMMENT ON FUNCTION tiering._assignments(tiering.program, text) IS
'the beginning of a statement that assigns as of $3 with policy $2: calibrations c, from $1, and assignments a (key, copies, present, previous, value, next) of those whom head joins; next is NULL for who is neither here nor there, and for whom nobody can place, their group not being calibrated';

CREATE FUNCTION tiering._moved(previous @extschema@.tier_assignment,
		next @extschema@.tier_assignment) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (next).movement IS NOT NULL AND (
		ROW((previous).tier, (previous).rank, (previous).since,
			(previous).review_on, (previous).grace_until, (previous).pin,
			(previous).pinned_tier, (previous).pinned_until,
			(previous).movement = 'left') IS DISTINCT FROM
		ROW((next).tier, (next).rank, (next).since, (next).review_on,
			(next).grace_until, (next).pin, (next).pinned_tier,
			(next).pinned_until, (next).movement = 'left'));
COMMENT ON FUNCTION tiering._moved(@extschema@.tier_assignment, @extschema@.tier_assignment) IS
'is an assignment to be written?';

CREATE FUNCTION tiering._writing() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ', n AS MATERIALIZED (
		SELECT * FROM a
		WHERE a.copies > 1 OR tiering._moved(a.previous, a.next)),
	f AS (
		SELECT n.key, (n.previous).tier AS from_tier, (n.next).*, n.value
		FROM n WHERE n.copies = 1),
	w AS (
		INSERT INTO %2$s (%6$s, tier, rank, since, joined, review_on,
			grace_until, pin, pinned_tier, pinned_until, movement, reason,
			value)
		SELECT f.key, f.tier, f.rank, f.since, f.joined, f.review_on,
			f.grace_until, f.pin, f.pinned_tier, f.pinned_until, f.movement,
			f.reason, f.value
		FROM f
		ON CONFLICT (%6$s) DO UPDATE SET
			tier = excluded.tier, rank = excluded.rank,
			since = excluded.since, joined = excluded.joined,
			review_on = excluded.review_on,
			grace_until = excluded.grace_until, pin = excluded.pin,
			pinned_tier = excluded.pinned_tier,
			pinned_until = excluded.pinned_until,
			movement = excluded.movement, reason = excluded.reason,
			value = excluded.value
		RETURNING 1),
	h AS (
		INSERT INTO %3$s (run, as_of, %6$s, from_tier, tier, rank, since,
			joined, review_on, grace_until, pin, pinned_tier, pinned_until,
			movement, reason, value)
		SELECT $4, $3, f.key, f.from_tier, f.tier, f.rank, f.since, f.joined,
			f.review_on, f.grace_until, f.pin, f.pinned_tier, f.pinned_until,
			f.movement, f.reason, f.value
		FROM f)';
COMMENT ON FUNCTION tiering._writing() IS
'for tiering._sql(), after tiering._assignments(): writes those that moved, n, for run $4';

CREATE FUNCTION tiering._touched_sql(p tiering.program) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN tiering._assignments(p, tiering._some()) ||
		tiering._sql(p, tiering._writing() || ',
	q AS (
		INSERT INTO %5$s (%6$s)
		SELECT DISTINCT a.key FROM a
		WHERE a.present AND (a.next).movement IS NULL)
	SELECT (SELECT count(*) FROM k), (SELECT count(*) FROM w),
		   (SELECT min(n.key::text) FROM n WHERE n.copies > 1)');
COMMENT ON FUNCTION tiering._touched_sql(tiering.program) IS
'the statement of tiering.refresh_touched(): its parameters are calibration, policy, date and run; whom nobody can place go back to the queue';
