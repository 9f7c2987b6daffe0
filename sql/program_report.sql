-- program: what can be asked of it

CREATE FUNCTION tiering.verify(name text, OUT customer text,
		OUT stored @extschema@.tier_assignment,
		OUT expected @extschema@.tier_assignment)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program := tiering_internal.as_last(tiering_internal.own(name));
	last record := tiering_internal.last_run(p);
BEGIN
	PERFORM set_config('TimeZone', p.time_zone, true);
	RETURN QUERY EXECUTE tiering_internal.sql(p,
		tiering_internal.assignments(false) || '
		SELECT a.key::text, a.previous, a.next FROM a
		WHERE tiering_internal.moved(a.previous, a.next) ORDER BY a.key',
		jsonb_build_object('source', tiering_internal.sql(p, '{metrics}')))
	USING last.calibration, p.policy, p.as_of;
END $$;
COMMENT ON FUNCTION tiering.verify(text) IS
'Lists customers whose stored tier no longer matches the metrics: their assignment would change if the ladder and scorecard as last calibrated were applied to every row as of the last refresh. Empty right after a refresh, unless the metrics depend on the time of day. Errors: 42501 for anyone but the owner.';

CREATE FUNCTION tiering.simulate(name text,
		ladder @extschema@.tier_ladder DEFAULT NULL,
		scorecard @extschema@.tier_scorecard DEFAULT NULL,
		policy @extschema@.tier_policy DEFAULT NULL, as_of date DEFAULT NULL,
		OUT customer text, OUT from_tier text, OUT to_tier text,
		OUT value numeric)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program := tiering_internal.altered(
		tiering_internal.own(name), ladder, scorecard, policy);
	source CONSTANT text := tiering_internal.sql(p, '{metrics}');
BEGIN
	PERFORM set_config('TimeZone', p.time_zone, true);
	-- a double is the decimal that it prints
	RETURN QUERY EXECUTE tiering_internal.sql(p,
		tiering_internal.assignments(false) || '
		SELECT a.key::text, (a.previous).tier, (a.next).tier,
			   a.value::text::numeric
		FROM a
		WHERE a.present OR (a.previous).movement <> ''left''
		ORDER BY a.key', jsonb_build_object('source', source))
	USING tiering_internal.calibrate(p, source), p.policy,
		coalesce(as_of, greatest(tiering_internal.today(p), p.as_of));
END $$;
COMMENT ON FUNCTION tiering.simulate(text, @extschema@.tier_ladder, @extschema@.tier_scorecard, @extschema@.tier_policy, date) IS
'Shows what a refresh would bring as of a day (default: today), with another ladder, scorecard or policy where given, without writing: every customer, the tier held and the tier to come (NULL: none), and the value. Errors: 42501 for anyone but the owner.';

CREATE FUNCTION tiering.current(name text, OUT customer text, OUT tier text,
		OUT rank integer, OUT since date, OUT joined date,
		OUT term date, OUT review_on date, OUT grace_until date,
		OUT movement text,
		OUT reason text, OUT value numeric)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program := tiering_internal.as_last(tiering_internal.own(name));
	last record := tiering_internal.last_run(p);
BEGIN
	PERFORM set_config('TimeZone', p.time_zone, true);
	RETURN QUERY EXECUTE tiering_internal.sql(p, tiering_internal.calibrations() || '
		SELECT t.{customer}::text, t.tier, t.rank, t.since, t.joined, t.term,
			   t.review_on, t.grace_until, t.movement, t.reason, v.value::text::numeric
		FROM {tiers} t
			 LEFT JOIN {metrics} m ON m.{customer} = t.{customer}
			 LEFT JOIN c ON c.grp = {group}
			 CROSS JOIN LATERAL (SELECT {value} AS value OFFSET 0) v
		WHERE t.movement <> ''left''
		ORDER BY t.{customer}')
	USING last.calibration;
END $$;
COMMENT ON FUNCTION tiering.current(text) IS
'The customers with their tiers, as in <name>_tiers without who left, and the value they have now, by the scorecard as last calibrated. movement and reason are those of the last change. value is NULL for a ladder of rules. Errors: 42501 for anyone but the owner, 55000 before the first refresh.';

CREATE FUNCTION tiering.movements(name text, since date DEFAULT NULL,
		OUT from_tier text, OUT to_tier text, OUT movement text,
		OUT customers bigint)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.readable(name);
BEGIN
	RETURN QUERY EXECUTE tiering_internal.sql(p, 'SELECT h.from_tier, h.tier,
			h.movement, count(*)
		FROM {history} h
			 LEFT JOIN {kernel}.rungs($2) f ON f.tier = h.from_tier
			 LEFT JOIN {kernel}.rungs($2) t ON t.tier = h.tier
		WHERE h.run IS NOT NULL AND ($1 IS NULL OR h.as_of >= $1)
		GROUP BY h.from_tier, h.tier, h.movement, f.rank, t.rank
		ORDER BY f.rank NULLS FIRST, h.from_tier, t.rank, h.tier, h.movement')
	USING since, (tiering_internal.last_run(p)).ladder;
END $$;
COMMENT ON FUNCTION tiering.movements(text, date) IS
'The movement matrix as rows: how often customers went from one tier to another (or renewed it, or began a grace) in refreshes as of since or later, by default all. from_tier is NULL for who joined, to_tier for who left. Errors: 42501 for a superuser who is not the owner.';

CREATE FUNCTION tiering.tier_at(name text, customer text, "at" date)
	RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.readable(name);
	tier text;
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT h.tier FROM {history} h
		WHERE h.{customer} = $1::{key} AND h.since <= $2
		ORDER BY h.entry DESC LIMIT 1',
		jsonb_build_object('key', tiering_internal.key(p)))
	INTO tier USING customer, "at";
	RETURN tier;
END $$;
COMMENT ON FUNCTION tiering.tier_at(text, text, date) IS
'The tier that a customer had on a day, as far as is known now. NULL for none. Errors: 42501 for a superuser who is not the owner.';

CREATE FUNCTION tiering.tier_at(name text, customer anyelement, "at" date)
	RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS 'SELECT tiering.tier_at(name, customer::text, "at")';
COMMENT ON FUNCTION tiering.tier_at(text, anyelement, date) IS
'The tier that a customer had on a day, as far as is known now. NULL for none. Errors: 42501 for a superuser who is not the owner.';

CREATE FUNCTION tiering_internal.amount(p tiering.program, col name) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	type text;
BEGIN
	IF col IS NULL THEN
		RETURN format('(SELECT NULL::%s AS key, NULL::numeric AS amount WHERE false)',
			tiering_internal.key(p));
	END IF;
	PERFORM tiering_internal.own(p.name);
	type := tiering_internal.number_type(
		tiering_internal.sql(p, '{metrics}')::regclass, col);
	-- a double is the decimal that it prints
	RETURN format('(SELECT %I AS key, %I::%s::numeric AS amount FROM %I.%I)',
		p.customer, col,
		CASE type WHEN 'numeric' THEN 'numeric' ELSE 'text' END,
		p.metrics_schema, p.metrics_name);
END $$;
COMMENT ON FUNCTION tiering_internal.amount(tiering.program, name) IS
'for tiering.pyramid(): a relation with customers (key) and their amounts';

CREATE FUNCTION tiering.pyramid(name text, "column" name DEFAULT NULL,
		OUT rank integer, OUT tier text, OUT customers bigint,
		OUT share numeric, OUT amount numeric, OUT amount_share numeric,
		OUT cumulative numeric)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET extra_float_digits = 1 AS $$
DECLARE
	p tiering.program := tiering_internal.as_last(tiering_internal.readable(name));
BEGIN
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
		jsonb_build_object('amounts', tiering_internal.amount(p, "column")))
	USING p.ladder, "column" IS NOT NULL;
END $$;
COMMENT ON FUNCTION tiering.pyramid(text, name) IS
'The tiers from the top, also empty ones, and last who has none: the customers and their share. If a column of the metrics is named, amount is its sum and amount_share the share of it; else both are NULL. Shares are from 0 to 1, with 4 places. cumulative is the share of this tier and all above, of the amount, or of the customers without a column. Errors: 42501 for anyone but the owner with a column, and for a superuser who is not the owner.';
