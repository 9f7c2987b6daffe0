-- program: the statements of a refresh

-- A row of metrics keeps its type, also when it is cast to record.  Whoever may
-- create in the kernel's schema could make a function for rows of that type,
-- which would be preferred and run with the rights of whoever looks: so what
-- takes a row is called in this schema, in which nobody can create.

CREATE FUNCTION tiering_internal.assign(previous @extschema@.tier_assignment,
		measures record, ladder @extschema@.tier_ladder,
		policy @extschema@.tier_policy, as_of date, review_measures record)
	RETURNS @extschema@.tier_assignment
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'ct_assign_row';
COMMENT ON FUNCTION tiering_internal.assign(@extschema@.tier_assignment, record, @extschema@.tier_ladder, @extschema@.tier_policy, date, record) IS
'assign() of a row';

CREATE FUNCTION tiering_internal.weighted_value(measures record,
		scorecard @extschema@.tier_scorecard) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'ct_weighted_value';
COMMENT ON FUNCTION tiering_internal.weighted_value(record, @extschema@.tier_scorecard) IS
'weighted_value() of a row';

-- @each what: ladder, scorecard
CREATE AGGREGATE tiering_internal.calibrate_@what@(measures record,
		@what@ @extschema@.tier_@what@) (
	SFUNC = @extschema@.calibrate_@what@_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = @extschema@.calibrate_@what@_final,
	FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE tiering_internal.calibrate_@what@(record, @extschema@.tier_@what@) IS
'calibrate_@what@() of rows';

-- @end
CREATE FUNCTION tiering_internal.value_type(p tiering.program) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (SELECT format_type(a.atttypid, NULL) FROM pg_attribute a
			WHERE a.attrelid = tiering_internal.relation(p, '_tiers') AND
				  a.attname = 'value');
COMMENT ON FUNCTION tiering_internal.value_type(tiering.program) IS
'the type in which the value is kept';

CREATE FUNCTION tiering_internal.sql(p tiering.program, template text,
		more jsonb DEFAULT '{}') RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	value_type CONSTANT text := tiering_internal.value_type(p);
	rules CONSTANT boolean := tiering_internal.is_rules(p.ladder);
	figures CONSTANT text := CASE WHEN rules THEN '(m.*)::record' ELSE 'v.value' END;
	placer CONSTANT text := CASE WHEN rules THEN 'tiering_internal'
		ELSE '@extschema@' END;
	review CONSTANT text := CASE WHEN rules THEN 'NULL::record'
		WHEN p.review_value IS NULL THEN 'NULL::' || value_type
		ELSE format('m.%I::%s', p.review_value, value_type) END;
	part CONSTANT jsonb := more || jsonb_build_object(
		'kernel', '@extschema@',
		'tiers', format('%I.%I', p.schema, p.name || '_tiers'),
		'history', format('%I.%I', p.schema, p.name || '_tier_history'),
		'runs', format('%I.%I', p.schema, p.name || '_tier_run'),
		'touched', format('%I.%I', p.schema, p.name || '_tier_touched'),
		'customer', quote_ident(p.customer),
		'metrics', format('%I.%I', p.metrics_schema, p.metrics_name),
		'group', CASE WHEN p.per IS NULL OR NOT tiering_internal.is_relative(p)
			THEN quote_literal('')
			ELSE format('coalesce(''='' || m.%I::text, '''')', p.per) END,
		'value', CASE WHEN p.scorecard IS NOT NULL
			THEN 'tiering_internal.weighted_value((m.*)::record, c.scorecard)'
			WHEN p.value IS NULL THEN 'NULL::numeric'
			ELSE format('m.%I::%s', p.value, value_type) END,
		'figures', figures,
		'placer', placer,
		'next', placer || '.assign(b.previous, ' || figures ||
			', c.ladder, $2, $3, ' || review || ')');
	piece CONSTANT text[] := string_to_array(template, '{');
	result text := piece[1];
	name text;
BEGIN
	-- What is filled in is not looked at again: a name may hold braces.
	FOR i IN 2 .. cardinality(piece) LOOP
		name := split_part(piece[i], '}', 1);
		IF part ->> name IS NULL OR strpos(piece[i], '}') = 0 THEN
			RAISE 'unknown placeholder {%}', name USING
				ERRCODE = 'internal_error';
		END IF;
		result := result || (part ->> name) || substr(piece[i], length(name) + 2);
	END LOOP;
	RETURN result;
END $$;
COMMENT ON FUNCTION tiering_internal.sql(tiering.program, text, jsonb) IS
'a statement for a program: in the template {kernel} is the kernel''s schema, {tiers}, {history}, {runs} and {touched} are the tables, {customer} is the customer''s column, {metrics} the metrics; of a row m of metrics and its calibration c {group} is the group, {value} the value, {figures} what the ladder places, by functions in schema {placer}, and {next} the next assignment, with the policy as $2 and the date as $3; more has further placeholders';

CREATE FUNCTION tiering_internal.calibrations() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'WITH c AS MATERIALIZED (
		SELECT e.grp, e.ladder::{kernel}.tier_ladder AS ladder,
			   e.scorecard::{kernel}.tier_scorecard AS scorecard
		FROM jsonb_to_recordset($1)
			 AS e (grp text, ladder text, scorecard text))';
COMMENT ON FUNCTION tiering_internal.calibrations() IS
'for tiering_internal.sql(): the calibrations given as $1';

CREATE FUNCTION tiering_internal.assignments(touched boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- OFFSET 0 hands the key down to the indexes below a view that groups,
	-- for which a join would read everything.
	RETURN tiering_internal.calibrations() || CASE WHEN touched THEN ',
	s AS (
		DELETE FROM {touched} q WHERE q.{customer} IS NOT NULL
		RETURNING q.{customer} AS key),
	k AS MATERIALIZED (
		SELECT s.key FROM s
		UNION
		SELECT t.{customer} FROM {tiers} t
		WHERE COALESCE(t.grace_until, t.review_on) <= $3),
	a AS MATERIALIZED (
		SELECT k.key, count(*) OVER (PARTITION BY k.key) AS copies,
			   m.{customer} IS NOT NULL AS present, b.previous, v.value, x.next
		FROM k
			 LEFT JOIN LATERAL (
				 SELECT * FROM {metrics} r
				 WHERE r.{customer} = k.key OFFSET 0) m ON true
			 LEFT JOIN LATERAL (
				 SELECT * FROM {tiers} r
				 WHERE r.{customer} = k.key OFFSET 0) t ON true'
	ELSE ',
	a AS (
		SELECT coalesce(m.{customer}, t.{customer}) AS key, 1 AS copies,
			   m.{customer} IS NOT NULL AS present, b.previous, v.value, x.next
		FROM {source} m
			 FULL JOIN {tiers} t ON t.{customer} = m.{customer}' END || '
			 LEFT JOIN c ON c.grp = {group}
			 CROSS JOIN LATERAL (
				 SELECT CASE WHEN t.{customer} IS NOT NULL THEN ROW(t.tier,
					 t.rank, t.since, t.joined, t.term, t.review_on,
					 t.grace_until, t.movement, t.reason)::{kernel}.tier_assignment END AS previous
				 OFFSET 0) b
			 CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) v
			 CROSS JOIN LATERAL (
				 SELECT CASE
					 WHEN m.{customer} IS NULL AND t.movement <> ''left'' THEN
						 ROW(NULL, NULL, $3, t.joined, NULL, NULL, NULL,
							 ''left'', ''left: no longer in the metrics''
							 )::{kernel}.tier_assignment
					 WHEN m.{customer} IS NOT NULL AND c.ladder IS NOT NULL THEN
						 {next}
				 END AS next OFFSET 0) x)';
COMMENT ON FUNCTION tiering_internal.assignments(boolean) IS
'for tiering_internal.sql(): the beginning of a statement that assigns as of $3 with policy $2: calibrations c, from $1, and assignments a (key, copies, present, previous, value, next) of the customers k in the queue, who are taken from it, and those for whom something is due, or else of everyone in {source}, which has the metrics, and everyone who has a tier; next is NULL for who is neither here nor there, and for whom nobody can place, their group not being calibrated';

CREATE FUNCTION tiering_internal.moved(previous @extschema@.tier_assignment,
		next @extschema@.tier_assignment) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (next).movement IS NOT NULL AND (
		ROW((previous).tier, (previous).rank, (previous).since,
			(previous).term, (previous).review_on, (previous).grace_until,
			(previous).movement = 'left') IS DISTINCT FROM
		ROW((next).tier, (next).rank, (next).since, (next).term,
			(next).review_on, (next).grace_until, (next).movement = 'left'));
COMMENT ON FUNCTION tiering_internal.moved(@extschema@.tier_assignment, @extschema@.tier_assignment) IS
'is an assignment to be written?';

CREATE FUNCTION tiering_internal.writing() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ', n AS MATERIALIZED (
		SELECT * FROM a
		WHERE a.copies > 1 OR tiering_internal.moved(a.previous, a.next)),
	f AS (
		SELECT n.key, (n.previous).tier AS from_tier, (n.next).*, n.value
		FROM n WHERE n.copies = 1),
	w AS (
		INSERT INTO {tiers} ({customer}, tier, rank, since, joined, term,
			review_on, grace_until, movement, reason, value)
		SELECT f.key, f.tier, f.rank, f.since, f.joined, f.term, f.review_on,
			f.grace_until, f.movement, f.reason, f.value
		FROM f
		ON CONFLICT ({customer}) DO UPDATE SET
			tier = excluded.tier, rank = excluded.rank,
			since = excluded.since, joined = excluded.joined,
			term = excluded.term, review_on = excluded.review_on,
			grace_until = excluded.grace_until,
			movement = excluded.movement, reason = excluded.reason,
			value = excluded.value
		RETURNING 1),
	h AS (
		INSERT INTO {history} (run, as_of, {customer}, from_tier, tier, rank, since,
			joined, term, review_on, grace_until, movement, reason, value)
		SELECT $4, $3, f.key, f.from_tier, f.tier, f.rank, f.since, f.joined,
			f.term, f.review_on, f.grace_until, f.movement, f.reason, f.value
		FROM f)';
COMMENT ON FUNCTION tiering_internal.writing() IS
'for tiering_internal.sql(), after tiering_internal.assignments(): writes those that moved, n, for run $4';

CREATE FUNCTION tiering_internal.touched_sql(p tiering.program) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN tiering_internal.sql(p, tiering_internal.assignments(true) ||
		tiering_internal.writing() || ',
	q AS (
		INSERT INTO {touched} ({customer})
		SELECT DISTINCT a.key FROM a
		WHERE a.present AND (a.next).movement IS NULL)
	SELECT (SELECT count(*) FROM k), (SELECT count(*) FROM w),
		   (SELECT min(n.key::text) FROM n WHERE n.copies > 1)');
COMMENT ON FUNCTION tiering_internal.touched_sql(tiering.program) IS
'the statement of tiering.refresh_touched(): its parameters are calibration, policy, date and run; whom nobody can place go back to the queue';
