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

-- @each function | argument | result | symbol
-- | weighted_value | scorecard | double precision | ct_weighted_value
-- | tier_rank | ladder | integer | ct_tier_rank_row
-- | next_tier | ladder | text | ct_next_tier_row
CREATE FUNCTION tiering_internal.@function@(measures record,
		@argument@ @extschema@.tier_@argument@) RETURNS @result@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', '@symbol@';
COMMENT ON FUNCTION tiering_internal.@function@(record, @extschema@.tier_@argument@) IS
'@function@() of a row';

-- @end
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
CREATE FUNCTION tiering_internal.column_type_text(relation oid, col text)
	RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (SELECT format_type(a.atttypid, NULL) FROM pg_attribute a
			WHERE a.attrelid = relation AND a.attname = col);
COMMENT ON FUNCTION tiering_internal.column_type_text(oid, text) IS
'the type of a column, NULL for none';

CREATE FUNCTION tiering_internal.collation(relation oid, col text) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (SELECT CASE WHEN a.attcollation = 0 THEN ''
				ELSE ' COLLATE ' || a.attcollation::regcollation END
			FROM pg_attribute a
			WHERE a.attrelid = relation AND a.attname = col);
COMMENT ON FUNCTION tiering_internal.collation(oid, text) IS
'the COLLATE clause of a column, empty for a type without collations';

CREATE FUNCTION tiering_internal.fields() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '{tier,rank,since,earned,earned_since,joined,term,review_on,grace_until,value,movement,reason}'::text[];
COMMENT ON FUNCTION tiering_internal.fields() IS
'the columns of a table of tiers but the customer';

CREATE FUNCTION tiering_internal.sql(p tiering.program, template text,
		more jsonb DEFAULT '{}') RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	tiers CONSTANT oid := tiering_internal.relation(p, '_tiers');
	value_type CONSTANT text := tiering_internal.column_type_text(tiers, 'value');
	rules CONSTANT boolean := tiering_internal.is_rules(p.ladder);
	figures CONSTANT text := CASE WHEN rules THEN '(m.*)::record' ELSE 'v.value' END;
	placer CONSTANT text := CASE WHEN rules THEN 'tiering_internal'
		ELSE '@extschema@' END;
	review CONSTANT text := CASE
		WHEN p.review_value IS NULL THEN 'NULL::' || CASE WHEN rules THEN 'record' ELSE value_type END
		WHEN rules THEN format('m.%I::record', p.review_value)
		ELSE format('m.%I::%s', p.review_value, value_type) END;
	part CONSTANT jsonb := jsonb_build_object(
		'kernel', '@extschema@',
		'key', tiering_internal.column_type_text(tiers, p.customer),
		'collate', tiering_internal.collation(tiers, p.customer),
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
		'review', review,
		'policy', quote_literal(p.policy) || '::@extschema@.tier_policy',
		'name', quote_literal(p.name),
		'runs', coalesce(tiering_internal.relation(p, '_tier_run'), 0) || '::oid',
		'fields', array_to_string(tiering_internal.fields(), ', '),
		'f', 'f.' || array_to_string(tiering_internal.fields(), ', f.'),
		'excluded', (SELECT string_agg(x || ' = excluded.' || x, ', ')
			FROM unnest(tiering_internal.fields()) x)) ||
		(SELECT jsonb_object_agg(substr(s, 2), format('%I.%I', p.schema, p.name || s))
		 FROM unnest(tiering_internal.suffixes() ||
			'{_tier_outlook,_tier_period}') s) || more;
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
'a statement for a program: in the template {kernel} is the kernel''s schema, {tiers}, {tier_history} and so on are the tables and views, {customer} is the customer''s column, {key} its type with {collate}, {metrics} the metrics, {policy} the policy, {name} the name as a literal, {runs} the oid of {tier_run}, {fields} the columns of the tiers but the customer, {f} those of f, {excluded} what an upsert sets; of a row m of metrics and its calibration c {group} is the group, {value} the value, {figures} what the ladder places, by functions in schema {placer}, and {review} what a review looks at; more has further placeholders';

CREATE FUNCTION tiering_internal.calibrations() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'WITH c AS MATERIALIZED (
		SELECT e.grp, e.ladder::{kernel}.tier_ladder AS ladder,
			   e.scorecard::{kernel}.tier_scorecard AS scorecard
		FROM jsonb_to_recordset($1 -> ''calibration'')
			 AS e (grp text, ladder text, scorecard text))';
COMMENT ON FUNCTION tiering_internal.calibrations() IS
'for tiering_internal.sql(): the calibrations in $1, {"calibration": [...]}';

CREATE FUNCTION tiering_internal.in_force(pins jsonb, earned text,
		ladder @extschema@.tier_ladder, day date) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	tier text := earned;
	rank integer := @extschema@.tier_rank(earned, ladder);
	pinned integer;
	note text;
	pin record;
	began date;
BEGIN
	FOR pin IN
		SELECT * FROM jsonb_to_recordset(pins)
			AS r (kind text, tier text, from_date date, until_date date, note text)
		ORDER BY r.kind = 'lock', r.kind = 'cap', r.from_date, r.until_date
	LOOP
		began := greatest(began, pin.from_date,
			CASE WHEN pin.until_date <= day THEN pin.until_date END);
		CONTINUE WHEN pin.until_date <= day;
		pinned := @extschema@.tier_rank(pin.tier, ladder);
		IF pin.kind = 'lock' OR
			pin.kind = 'floor' AND pinned < coalesce(rank, 101) OR
			pin.kind = 'cap' AND pinned > rank THEN
			rank := pinned;
			tier := pin.tier;
			note := '; ' || concat_ws(' ', 'pinned:', pin.kind, pin.tier,
				'until ' || pin.until_date, '(' || pin.note || ')');
		END IF;
	END LOOP;
	RETURN jsonb_build_object('tier', tier, 'rank', rank, 'began', began, 'note', note);
END $$;
COMMENT ON FUNCTION tiering_internal.in_force(jsonb, text, @extschema@.tier_ladder, date) IS
'the tier in force on a day over the one that is earned, with its rank, the day on which a pin last began or ended, and what to add to the reason: a lock, the one that began last; else floors raise, then caps lower';

CREATE FUNCTION tiering_internal.standing() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ', g AS MATERIALIZED (
		SELECT q.{customer} AS key, jsonb_agg(to_jsonb(q)) AS pins
		FROM {tier_pin} q WHERE q.from_date <= {day} GROUP BY 1),
	o AS NOT MATERIALIZED (
		SELECT t.{customer} AS key, t.tier, t.rank, t.since, t.earned,
			t.earned_since, t.joined, t.term, t.review_on, t.grace_until,
			t.movement, t.reason
		FROM {tiers} t)';
COMMENT ON FUNCTION tiering_internal.standing() IS
'for tiering_internal.sql(): the pins g of customers, and the rows o that they have';

CREATE FUNCTION tiering_internal.assigning(who text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '
		LEFT JOIN c ON c.grp = {group}
		LEFT JOIN g ON g.key = ' || who || '
		CROSS JOIN LATERAL (
			SELECT CASE WHEN o.key IS NOT NULL THEN ROW(o.earned,
				NULL, o.earned_since, o.joined, o.term, o.review_on,
				o.grace_until, o.movement, o.reason)::{kernel}.tier_assignment END AS previous
			OFFSET 0) b
		CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) v
		CROSS JOIN LATERAL (
			SELECT CASE
				WHEN m.{customer} IS NULL AND o.movement <> ''left'' THEN
					ROW(NULL, NULL, {day}, o.joined, NULL, NULL, NULL, ''left'',
						''left: no longer in the metrics'')::{kernel}.tier_assignment
				WHEN m.{customer} IS NOT NULL AND c.ladder IS NOT NULL THEN
					{placer}.assign(b.previous, {figures}, c.ladder, {policy}, {day}, {review})
			END AS next OFFSET 0) x
		CROSS JOIN LATERAL (
			SELECT CASE WHEN g.pins IS NOT NULL AND (x.next).movement <> ''left'' THEN
				tiering_internal.in_force(g.pins, (x.next).tier, c.ladder, {day})
			END AS pin OFFSET 0) y
		CROSS JOIN LATERAL (
			SELECT CASE WHEN y.pin IS NULL THEN (x.next).tier
					ELSE y.pin ->> ''tier'' END AS tier,
				CASE WHEN y.pin IS NULL THEN (x.next).rank
					ELSE (y.pin ->> ''rank'')::integer END AS rank
			OFFSET 0) z
		CROSS JOIN LATERAL (
			SELECT z.tier, z.rank, CASE
					WHEN y.pin IS NULL THEN (x.next).since
					WHEN o.tier = z.tier AND o.movement <> ''left'' THEN o.since
					ELSE greatest((x.next).since, (y.pin ->> ''began'')::date)
				END AS since,
				(x.next).tier AS earned, (x.next).since AS earned_since,
				(x.next).joined, (x.next).term, (x.next).review_on,
				(x.next).grace_until, CASE
					WHEN y.pin IS NULL OR o.key IS NULL OR o.movement = ''left''
						THEN (x.next).movement
					WHEN z.tier IS DISTINCT FROM o.tier THEN
						CASE WHEN coalesce(z.rank, 101) < coalesce(o.rank, 101)
							THEN ''upgraded'' ELSE ''downgraded'' END
					WHEN (x.next).movement IN (''upgraded'', ''downgraded'') THEN ''held''
					ELSE (x.next).movement
				END AS movement,
				(x.next).reason || coalesce(y.pin ->> ''note'', '''') AS reason,
				v.value
			OFFSET 0) f
		CROSS JOIN LATERAL (
			SELECT f.movement IS NOT NULL AND ROW(o.tier, o.rank, o.since,
					o.earned, o.earned_since, o.term, o.review_on,
					o.grace_until, o.movement = ''left'') IS DISTINCT FROM
				ROW(f.tier, f.rank, f.since, f.earned, f.earned_since, f.term,
					f.review_on, f.grace_until, f.movement = ''left'') AS moved) w';
COMMENT ON FUNCTION tiering_internal.assigning(text) IS
'for tiering_internal.sql(), of a row m of metrics and the row o of its customer who: the row f that follows as of {day}, and whether it is to be written, w.moved; f is of NULLs for who is neither here nor there, and for whom nobody can place, their group not being calibrated';

CREATE FUNCTION tiering_internal.assignments(by_key boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- OFFSET 0 hands the key down to the indexes below a view that groups,
	-- for which a join would read everything.
	RETURN tiering_internal.calibrations() || tiering_internal.standing() ||
		CASE WHEN by_key THEN ',
	k AS MATERIALIZED (SELECT k::{key}{collate} AS key FROM unnest({keys}) k),
	a AS (
		SELECT k.key, count(*) OVER (PARTITION BY k.key) AS copies,
			   m.{customer} IS NOT NULL AS present, o.tier AS from_tier,
			   o.movement AS was, f.*, w.moved
		FROM k
		LEFT JOIN LATERAL (
			SELECT * FROM {metrics} r WHERE r.{customer} = k.key OFFSET 0) m ON true
		LEFT JOIN LATERAL (
			SELECT * FROM o r WHERE r.key = k.key OFFSET 0) o ON true' ||
		tiering_internal.assigning('k.key') || ')'
	ELSE ',
	a AS (
		SELECT coalesce(m.{customer}, o.key) AS key, 1 AS copies,
			   m.{customer} IS NOT NULL AS present, o.tier AS from_tier,
			   o.movement AS was, f.*, w.moved
		FROM {source} m FULL JOIN o ON o.key = m.{customer}' ||
		tiering_internal.assigning('coalesce(m.{customer}, o.key)') || '
		WHERE {which})' END;
COMMENT ON FUNCTION tiering_internal.assignments(boolean) IS
'for tiering_internal.sql(): the beginning of a statement that assigns as of {day}: calibrations c, from $1, and what follows, a (key, copies, present, from_tier, the movement that was, the columns of the tiers, moved), of the customers in the array of texts {keys}, or else of everyone in {source}, which has the metrics, and everyone who has a tier, if {which}';

CREATE FUNCTION tiering_internal.writing() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ', n AS MATERIALIZED (
		SELECT * FROM a
		WHERE a.copies > 1 OR a.moved OR a.present AND a.movement IS NULL),
	f AS (SELECT * FROM n WHERE n.copies = 1 AND n.moved),
	w AS (
		INSERT INTO {tiers} ({customer}, {fields})
		SELECT f.key, {f} FROM f
		ON CONFLICT ({customer}) DO UPDATE SET {excluded}
		RETURNING 1),
	h AS (
		INSERT INTO {tier_history} (run, as_of, {customer}, from_tier, {fields})
		SELECT {run}, {day}, f.key, f.from_tier, {f} FROM f),
	q AS (
		INSERT INTO {tier_touched} ({customer})
		SELECT DISTINCT n.key FROM n
		WHERE n.present AND n.movement IS NULL AND {requeue})
	SELECT $1 || jsonb_build_object(
		''changed'', (SELECT count(*) FROM w),
		''leaving'', (SELECT count(*) FROM f WHERE f.movement = ''left''),
		''joining'', (SELECT count(*) FROM f
			WHERE f.movement <> ''left'' AND coalesce(f.was, ''left'') = ''left''),
		''twice'', (SELECT min(n.key::text) FROM n WHERE n.copies > 1))';
COMMENT ON FUNCTION tiering_internal.writing() IS
'for tiering_internal.sql(), after tiering_internal.assignments(): writes those who moved, for run {run}; whom nobody can place go to the queue, if {requeue}';
