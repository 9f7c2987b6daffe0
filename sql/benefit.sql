-- benefit: what each tier may have, and what was used of it

CREATE FUNCTION tiering_internal.create_benefit_tables(p tiering.program, key_type text)
	RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	statement text;
BEGIN
	FOREACH statement IN ARRAY ARRAY[
		'CREATE TABLE {tier_benefit} (
			tier text NOT NULL, benefit text NOT NULL, pool text,
			at_most integer CHECK (at_most >= 0),
			at_least integer CHECK (at_least BETWEEN 0 AND at_most),
			per text CHECK (per IN (''day'', ''week'', ''month'', ''quarter'', ''year'')),
			per_use integer CHECK (per_use > 0),
			lasts interval CHECK (lasts > interval ''0''), terms text,
			PRIMARY KEY (tier, benefit))',
		'COMMENT ON TABLE {tier_benefit} IS ''what each tier may have, nothing inherited upwards: at_most (NULL: unlimited) and at_least units per calendar period (NULL: ever), of all benefits of one pool together; per_use at once; each use lasts''',
		'CREATE TABLE {tier_use} (
			{customer} {key_type} NOT NULL, benefit text,
			units integer NOT NULL CHECK (units >= 0), used_at timestamptz NOT NULL, tier text)',
		-- the row without a benefit is what uses at the same time meet at
		'CREATE UNIQUE INDEX {guard} ON {tier_use} ({customer}) WHERE benefit IS NULL',
		-- else a publication FOR ALL TABLES would stop every use
		'ALTER TABLE {tier_use} REPLICA IDENTITY FULL',
		'CREATE INDEX {by_customer} ON {tier_use} ({customer}, benefit, used_at)',
		'COMMENT ON TABLE {tier_use} IS ''what was used of benefits, and at which tier; the row of a customer without a benefit is only locked''']
	LOOP
		EXECUTE tiering_internal.sql(p, statement, jsonb_build_object('key_type', key_type,
			'guard', quote_ident(p.name || '_tier_use_guard'),
			'by_customer', quote_ident(p.name || '_tier_use_of')));
	END LOOP;
END $$;
COMMENT ON FUNCTION tiering_internal.create_benefit_tables(tiering.program, text) IS
'makes the tables of benefits and their use, owned by the current user';

CREATE FUNCTION tiering_internal.rename_benefits(p tiering.program, renamed jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	held jsonb;
BEGIN
	-- names may be swapped: no row may meet another on the way
	EXECUTE tiering_internal.sql(p, 'WITH d AS (
			DELETE FROM {tier_benefit} b WHERE $1 ? b.tier RETURNING b.*)
		SELECT jsonb_agg(to_jsonb(d) || jsonb_build_object(''tier'', $1 ->> d.tier)) FROM d')
	INTO held USING renamed;
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_benefit}
		SELECT b.* FROM jsonb_populate_recordset(NULL::{tier_benefit}, $1) b')
	USING held;
	EXECUTE tiering_internal.sql(p, 'UPDATE {tier_use} u SET tier = $1 ->> u.tier
		WHERE $1 ? u.tier')
	USING renamed;
END $$;
COMMENT ON FUNCTION tiering_internal.rename_benefits(tiering.program, jsonb) IS
'gives the tiers of benefits and uses new names';

CREATE FUNCTION tiering_internal.warn_of_benefits(p tiering.program) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	tiers text;
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT string_agg(DISTINCT quote_ident(b.tier), '', '') FROM {tier_benefit} b
		WHERE b.tier NOT IN (SELECT r.tier FROM {kernel}.rungs($1) r)')
	INTO tiers USING p.ladder;
	IF tiers IS NOT NULL THEN
		RAISE WARNING 'benefits of program "%" are those of tiers that its ladder does not have', p.name USING
			DETAIL = format('Nobody has %s.', tiers),
			HINT = tiering_internal.sql(p, 'Mend {tier_benefit}, or rename tiers by tiering.alter_program(name, renamed => ...).');
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.warn_of_benefits(tiering.program) IS
'warns of mistyped tiers in <name>_tier_benefit';

CREATE FUNCTION tiering_internal.guard_uses(p tiering.program, customer text,
		at timestamptz) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- Whoever does the same waits here, and at REPEATABLE READ fails: a row that
	-- is locked without being changed would let them go on with an old sum.
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_use} AS u ({customer}, units, used_at)
		VALUES ($1::{key}, 0, $2)
		ON CONFLICT ({customer}) WHERE benefit IS NULL DO UPDATE SET used_at = excluded.used_at')
	USING customer, at;
END $$;
COMMENT ON FUNCTION tiering_internal.guard_uses(tiering.program, text, timestamptz) IS
'lets nobody else use what a customer may have until the transaction ends';

CREATE FUNCTION tiering_internal.merge_uses(p tiering.program, customer text,
		into_customer text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- a use that is not committed is seen by nobody, but waited for
	PERFORM tiering_internal.guard_uses(p, customer, now());
	EXECUTE tiering_internal.sql(p, 'DELETE FROM {tier_use} u
		WHERE u.{customer} = $1::{key} AND u.benefit IS NULL')
	USING customer;
	EXECUTE tiering_internal.sql(p, 'UPDATE {tier_use} u SET {customer} = $2::{key}
		WHERE u.{customer} = $1::{key}')
	USING customer, into_customer;
END $$;
COMMENT ON FUNCTION tiering_internal.merge_uses(tiering.program, text, text) IS
'makes what one customer used count for another';

CREATE FUNCTION tiering_internal.period_of(per text, at timestamptz, time_zone text,
		OUT begins timestamptz, OUT ends timestamptz)
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT ROW(b.day AT TIME ZONE time_zone,
			(b.day + CASE per WHEN 'quarter' THEN interval '3 months'
				ELSE ('1 ' || per)::interval END) AT TIME ZONE time_zone)
		FROM (SELECT date_trunc(per, at AT TIME ZONE time_zone)) b (day));
COMMENT ON FUNCTION tiering_internal.period_of(text, timestamptz, text) IS
'the calendar period around a time, in a time zone; NULLs without one';

CREATE FUNCTION tiering_internal.entitlements_sql() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'SELECT t.{customer}::text AS customer, t.tier, b.benefit, s.used,
			CASE WHEN b.at_most IS NOT NULL THEN greatest(b.at_most - s.used, 0) END AS remaining,
			CASE WHEN b.at_least IS NOT NULL THEN greatest(b.at_least - s.used, 0) END AS owed,
			(w.ends AT TIME ZONE $3)::date AS resets_on,
			(SELECT max(u.used_at + b.lasts) FROM {tier_use} u
			 WHERE u.{customer} = t.{customer} AND u.benefit = b.benefit AND u.used_at <= $2 AND u.used_at + b.lasts > $2) AS active_until,
			b.at_most, b.per_use, coalesce(b.pool, b.benefit) AS allowance
		FROM {tier_period} t
			JOIN {tier_benefit} b ON b.tier = t.tier
			CROSS JOIN LATERAL tiering_internal.period_of(b.per, $2, $3) w
			CROSS JOIN LATERAL (
				SELECT coalesce(sum(u.units), 0) AS used FROM {tier_use} u
				WHERE u.{customer} = t.{customer} AND u.benefit IN (
						SELECT o.benefit FROM {tier_benefit} o
						WHERE o.tier = b.tier AND (o.benefit = b.benefit OR o.pool = b.pool)) AND
					(u.used_at >= w.begins) IS NOT FALSE AND (u.used_at < w.ends) IS NOT FALSE) s
		WHERE t.period @> ($2 AT TIME ZONE $3)::date AND {whose}
		ORDER BY t.{customer}, t.rank, b.benefit';
COMMENT ON FUNCTION tiering_internal.entitlements_sql() IS
'for tiering_internal.sql(): what customers {whose} may have at $2 in time zone $3; $1 is for {whose}';

CREATE FUNCTION tiering_internal.work_entitlements(name text, a jsonb)
	RETURNS TABLE (customer text, tier text, benefit text, used bigint, remaining bigint,
		owed bigint, resets_on date, active_until timestamptz)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.own(name);
BEGIN
	RETURN QUERY EXECUTE format('SELECT e.customer, e.tier, e.benefit, e.used, e.remaining,
			e.owed, e.resets_on, e.active_until FROM (%s) e',
		tiering_internal.sql(p, tiering_internal.entitlements_sql(), jsonb_build_object('whose',
			CASE WHEN a ->> 'customer' IS NULL THEN '$1 IS NULL'
				ELSE tiering_internal.sql(p, 't.{customer} = $1::{key}') END)))
	USING a ->> 'customer', (a ->> 'at')::timestamptz, p.time_zone;
END $$;
COMMENT ON FUNCTION tiering_internal.work_entitlements(text, jsonb) IS
'the work of tiering.entitlements()';

CREATE FUNCTION tiering_internal.check_benefit(p tiering.program, a jsonb, tier text,
		e record) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	benefits text;
BEGIN
	IF e.benefit IS NULL THEN
		EXECUTE tiering_internal.sql(p, 'SELECT string_agg(b.benefit, '', '' ORDER BY b.benefit)
			FROM {tier_benefit} b WHERE b.tier = $1')
		INTO benefits USING tier;
		RAISE 'customer % of program "%" is not entitled to "%"', a ->> 'customer', p.name,
			a ->> 'benefit' USING ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = CASE WHEN tier IS NULL THEN 'The customer has no tier.'
				ELSE format('Tier %s is entitled to: %s.', tier, coalesce(benefits, 'nothing')) END,
			HINT = tiering_internal.sql(p, 'What a tier may have is in {tier_benefit}.');
	ELSIF (a ->> 'units')::integer > e.per_use THEN
		RAISE '% units of "%" are too many at once', a ->> 'units', e.benefit USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('Tier %s may use %s at once.', tier, e.per_use);
	ELSIF e.used + (a ->> 'units')::integer > e.at_most THEN
		RAISE 'nothing is left of "%" for customer % of program "%"', e.allowance,
			a ->> 'customer', p.name USING ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = format('Used: %s of %s; asked for: %s.', e.used, e.at_most, a ->> 'units') ||
				coalesce(' It is reset on ' || e.resets_on || '.', '');
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_benefit(tiering.program, jsonb, text, record) IS
'55000 for a benefit to which a customer is not entitled, or of which too little is left, 22023 for too much of it at once';

CREATE FUNCTION tiering_internal.work_use_benefit(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET DateStyle = 'ISO, YMD' AS $$
DECLARE
	p CONSTANT tiering.program := tiering_internal.own(name);
	who record := tiering_internal.standing_of(p, a ->> 'customer');
	tier text;
	e record;
BEGIN
	IF (a ->> 'units')::integer > 0 IS NOT TRUE OR a ->> 'benefit' IS NULL OR
		isfinite((a ->> 'at')::timestamptz) IS NOT TRUE THEN
		RAISE 'a benefit, a finite time and a number of units of at least 1 must be given' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('Units: %s.', coalesce(a ->> 'units', 'NULL'));
	END IF;
	PERFORM tiering_internal.guard_uses(p, who.key, (a ->> 'at')::timestamptz);
	EXECUTE tiering_internal.sql(p, 'SELECT t.tier FROM {tier_period} t
		WHERE t.{customer} = $1::{key} AND t.period @> ($2 AT TIME ZONE $3)::date')
	INTO tier USING who.key, (a ->> 'at')::timestamptz, p.time_zone;
	EXECUTE format('SELECT * FROM (%s) e WHERE e.benefit = $4', tiering_internal.sql(p,
		tiering_internal.entitlements_sql(), jsonb_build_object('whose',
			tiering_internal.sql(p, 't.{customer} = $1::{key}'))))
	INTO e USING who.key, (a ->> 'at')::timestamptz, p.time_zone, a ->> 'benefit';
	PERFORM tiering_internal.check_benefit(p, a, tier, e);
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_use} VALUES ($1::{key}, $2, $3, $4, $5)')
	USING who.key, e.benefit, (a ->> 'units')::integer, (a ->> 'at')::timestamptz, e.tier;
	RETURN e.remaining - (a ->> 'units')::integer;
END $$;
COMMENT ON FUNCTION tiering_internal.work_use_benefit(text, jsonb) IS
'the work of tiering.use_benefit()';

-- @each type | customer | whose
-- | text | customer text DEFAULT NULL | true
-- | anyelement | customer anyelement | $2 IS NOT NULL
CREATE FUNCTION tiering.entitlements(name text, @customer@,
		at timestamptz DEFAULT now())
	RETURNS TABLE (customer text, tier text, benefit text, used bigint, remaining bigint,
		owed bigint, resets_on date, active_until timestamptz)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT * FROM tiering_internal.as_owner($1, 'entitlements', jsonb_build_object(
		'customer', $2::text, 'at', $3))
		AS w (customer text, tier text, benefit text, used bigint, remaining bigint,
			owed bigint, resets_on date, active_until timestamptz)
	WHERE @whose@
$$;
COMMENT ON FUNCTION tiering.entitlements(text, @type@, timestamptz) IS
'What customers, or one, may have by the tier in force at a time, from <name>_tier_benefit: one row per benefit. used is what was used in the present calendar period, in the program''s time zone, of all benefits of its pool and at whatever tier; remaining is NULL for unlimited; owed is what at_least promises and was not given yet; resets_on is the day on which a new period begins, active_until the end of the last use of this benefit that lasts still. Without a customer it is everyone; a customer of another type than text that is NULL is nobody. Errors: 42501 without SELECT on the program''s tables.';

CREATE FUNCTION tiering.use_benefit(name text, customer @type@, benefit text,
		units integer DEFAULT 1, at timestamptz DEFAULT now()) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	remaining bigint;
BEGIN
	SELECT w.remaining INTO remaining
	FROM tiering_internal.as_owner(name, 'use_benefit', jsonb_build_object(
		'customer', customer::text, 'benefit', benefit, 'units', units, 'at', at)) AS w (remaining bigint);
	RETURN remaining;
END $$;
COMMENT ON FUNCTION tiering.use_benefit(text, @type@, text, integer, timestamptz) IS
'Notes that a customer uses units of a benefit, if the tier in force is entitled to it and as many are left; what remains after it, NULL for unlimited. However many ask at once, at whatever isolation level, no more is given than there is: at REPEATABLE READ and above all but one fail with 40001. Members of the owner may, and who has INSERT on <name>_tier_use. Errors: 55000 for who is not entitled and where nothing is left, 22023 for an unknown customer, more at once than per_use, and less than 1.';

-- @end
