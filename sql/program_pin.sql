-- program: what lies over the tiers that are earned, and accounts that merge

CREATE FUNCTION tiering_internal.check_tier(p tiering.program, tier text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF tier IS NULL OR tier <> ALL (ARRAY(SELECT r.tier FROM @extschema@.rungs(p.ladder) r)) THEN
		RAISE 'program "%" has no tier "%"', p.name, tier USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('Its ladder is "%s".', p.ladder),
			HINT = 'Give one of the labels of the ladder.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_tier(tiering.program, text) IS
'22023 for a tier that the ladder lacks';

CREATE FUNCTION tiering_internal.standing_of(p tiering.program, customer text,
		OUT key text, OUT tier text, OUT here boolean)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE tiering_internal.sql(p, 'SELECT t.{customer}::text, t.tier, t.movement <> ''left''
		FROM {tiers} t WHERE t.{customer} = $1::{key}')
	INTO key, tier, here USING customer;
	IF key IS NULL THEN
		RAISE 'program "%" knows no customer %', p.name, coalesce(customer, 'NULL') USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = tiering_internal.sql(p, 'No row of {tiers} has that {customer}.'),
			HINT = 'A customer is known from the first refresh with a row of metrics on.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.standing_of(tiering.program, text) IS
'a customer''s key as text, tier in force, and whether they have not left; 22023 for who is unknown';

CREATE FUNCTION tiering_internal.work_pin(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	who record;
	pin bigint;
	first date := coalesce((a ->> 'from')::date, tiering_internal.today(p));
BEGIN
	PERFORM tiering_internal.lock(p, true);
	p := tiering_internal.own(name);
	who := tiering_internal.standing_of(p, a ->> 'customer');
	IF (a ->> 'kind') = ANY ('{lock,floor,cap}') IS NOT TRUE THEN
		RAISE 'a pin is a lock, a floor or a cap' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It is "%s".', a ->> 'kind');
	ELSIF (a ->> 'until')::date <= first THEN
		RAISE 'a pin must end after it begins' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('It would begin on %s and end before %s.', first, a ->> 'until');
	END IF;
	PERFORM tiering_internal.check_tier(p, coalesce(a ->> 'tier', who.tier));
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_pin} ({customer}, kind, tier,
			from_date, until_date, note)
		VALUES ($1::{key}, $2, $3, $4, $5, $6) RETURNING pin')
	INTO pin USING who.key, a ->> 'kind', coalesce(a ->> 'tier', who.tier), first,
		(a ->> 'until')::date, a ->> 'note';
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_touched} VALUES ($1::{key})')
	USING who.key;
	RETURN pin;
END $$;
COMMENT ON FUNCTION tiering_internal.work_pin(text, jsonb) IS
'the work of tiering.pin()';

CREATE FUNCTION tiering_internal.work_unpin(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	who record;
	pins bigint;
BEGIN
	PERFORM tiering_internal.lock(p, true);
	who := tiering_internal.standing_of(p, a ->> 'customer');
	-- what has been in force stays on record
	EXECUTE tiering_internal.sql(p, 'WITH e AS (
			SELECT q.pin, q.from_date < $3 AS been FROM {tier_pin} q
			WHERE q.{customer} = $1::{key} AND (q.kind = $2) IS NOT FALSE AND
				(q.until_date > $3) IS NOT FALSE),
		u AS (
			UPDATE {tier_pin} q SET until_date = $3 FROM e
			WHERE e.pin = q.pin AND e.been),
		d AS (DELETE FROM {tier_pin} q USING e WHERE e.pin = q.pin AND NOT e.been),
		t AS (INSERT INTO {tier_touched} VALUES ($1::{key}))
		SELECT count(*) FROM e')
	INTO pins USING who.key, a ->> 'kind', tiering_internal.today(p);
	IF pins = 0 THEN
		RAISE 'customer % of program "%" has no such pin', who.key, name USING
			ERRCODE = 'undefined_object',
			DETAIL = tiering_internal.sql(p, '{tier_pin} has none that has not ended.');
	END IF;
	RETURN pins;
END $$;
COMMENT ON FUNCTION tiering_internal.work_unpin(text, jsonb) IS
'the work of tiering.unpin()';

CREATE FUNCTION tiering_internal.merge_sql() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'WITH o AS (
		SELECT t.* FROM {tiers} t WHERE t.{customer} IN ($1::{key}, $2::{key})),
	e AS (
		SELECT o.* FROM o WHERE o.movement <> ''left''
		ORDER BY {kernel}.tier_rank(o.earned, $3), o.earned_since, o.{customer} = $2::{key} DESC LIMIT 1),
	b AS (
		SELECT o.* FROM o WHERE o.movement <> ''left''
		ORDER BY o.rank, o.since, o.{customer} = $2::{key} DESC LIMIT 1),
	f AS (
		SELECT $2::{key} AS key, i.tier AS from_tier, b.tier, b.rank, b.since,
			e.earned, e.earned_since, (SELECT min(o.joined) FROM o) AS joined,
			e.term, e.review_on, e.grace_until, i.value, CASE
				WHEN i.movement IS NULL OR i.movement = ''left'' THEN ''joined''
				WHEN b.rank < coalesce(i.rank, 101) THEN ''upgraded''
				ELSE ''unchanged'' END AS movement,
			''merged with '' || $1 || '': the better tier, with its dates'' AS reason
		FROM e CROSS JOIN b LEFT JOIN o i ON i.{customer} = $2::{key}
		UNION ALL
		SELECT o.{customer}, o.tier, NULL, NULL, {day}, NULL, {day}, o.joined,
			NULL, NULL, NULL, o.value, ''left'', ''left: merged into '' || $2
		FROM o WHERE o.{customer} = $1::{key} AND o.movement <> ''left''),
	w AS (
		INSERT INTO {tiers} ({customer}, {fields}) SELECT f.key, {f} FROM f
		ON CONFLICT ({customer}) DO UPDATE SET {excluded}),
	h AS (
		INSERT INTO {tier_history} (run, as_of, {customer}, from_tier, {fields})
		SELECT {run}, {day}, f.key, f.from_tier, {f} FROM f)
	INSERT INTO {tier_touched} VALUES ($1::{key}), ($2::{key})';
COMMENT ON FUNCTION tiering_internal.merge_sql() IS
'for tiering_internal.sql(): customer $1 becomes $2, by the ladder $3';

CREATE FUNCTION tiering_internal.do_merge(p tiering.program, run bigint, day date,
		customer text, into_customer text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE tiering_internal.sql(p, tiering_internal.merge_sql(), jsonb_build_object(
		'run', run, 'day', quote_literal(day) || '::date'))
	USING customer, into_customer, p.ladder;
END $$;
COMMENT ON FUNCTION tiering_internal.do_merge(tiering.program, bigint, date, text, text) IS
'makes two customers one in the tables of tiers and history, and queues both';

CREATE FUNCTION tiering_internal.work_merge(name text, a jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET DateStyle = 'ISO, YMD' AS $$
DECLARE
	p tiering.program := tiering_internal.own(name);
	one record;
	other text;
	day date;
	run bigint;
BEGIN
	PERFORM tiering_internal.lock(p, true);
	p := tiering_internal.own(name);
	one := tiering_internal.standing_of(p, a ->> 'customer');
	EXECUTE tiering_internal.sql(p, 'SELECT ($1::{key})::text') INTO other USING a ->> 'into';
	IF other = one.key THEN
		RAISE 'a customer cannot be merged with themselves' USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = format('Both are %s.', other);
	ELSIF other IS NULL THEN
		RAISE 'the customer to merge into must be given' USING
			ERRCODE = 'null_value_not_allowed';
	END IF;
	day := tiering_internal.last_day(p);
	EXECUTE tiering_internal.sql(p, 'INSERT INTO {tier_run} (kind, as_of, status,
			started_at, finished_at, pid, customers, changed, detail)
		VALUES (''merge'', $1, ''done'', statement_timestamp(), clock_timestamp(),
			pg_backend_pid(), 2, 2, $2)
		RETURNING run')
	INTO run USING day, jsonb_build_array(one.key, other)::text;
	PERFORM tiering_internal.do_merge(p, run, day, one.key, other);
	EXECUTE tiering_internal.sql(p, 'UPDATE {tier_pin} q SET {customer} = $2::{key}
		WHERE q.{customer} = $1::{key}')
	USING one.key, other;
	PERFORM tiering_internal.merge_uses(p, one.key, other);
	RETURN run;
END $$;
COMMENT ON FUNCTION tiering_internal.work_merge(text, jsonb) IS
'the work of tiering.merge(); the number of the run';

-- @each type: text, anyelement
CREATE FUNCTION tiering.pin(name text, customer @type@, kind text,
		tier text DEFAULT NULL, until_date date DEFAULT NULL,
		from_date date DEFAULT NULL, note text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	result bigint;
BEGIN
	SELECT w.pin INTO result
	FROM tiering_internal.as_owner(name, 'pin', jsonb_build_object(
		'customer', customer::text, 'kind', kind, 'tier', tier,
		'until', until_date, 'from', from_date, 'note', note)) AS w (pin bigint);
	RETURN result;
END $$;
COMMENT ON FUNCTION tiering.pin(text, @type@, text, text, date, date, text) IS
'Lays a lock, a floor or a cap over the tier that a customer earns, from a day (default: today) until before another (default: for good): from the next refresh on the tier in force is the lock that began last, or else is raised by floors and then lowered by caps. tier is by default the present one. What is earned goes on moving underneath, and shows when the pin ends. A customer may have many pins. Returns its number. Waits for a running refresh. Errors: 22023 for an unknown customer, kind or tier, and for an end before the beginning.';

CREATE FUNCTION tiering.unpin(name text, customer @type@, kind text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	result bigint;
BEGIN
	SELECT w.pins INTO result
	FROM tiering_internal.as_owner(name, 'unpin', jsonb_build_object(
		'customer', customer::text, 'kind', kind)) AS w (pins bigint);
	RETURN result;
END $$;
COMMENT ON FUNCTION tiering.unpin(text, @type@, text) IS
'Ends today the pins of a customer, or those of one kind, and takes back those that have not begun; how many. The tier follows with the next refresh. Errors: 42704 if there is none, 22023 for an unknown customer.';

CREATE FUNCTION tiering.merge(name text, customer @type@, into_customer @type@)
	RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	result bigint;
BEGIN
	SELECT w.run INTO result
	FROM tiering_internal.as_owner(name, 'merge', jsonb_build_object(
		'customer', customer::text, 'into', into_customer::text)) AS w (run bigint);
	RETURN result;
END $$;
COMMENT ON FUNCTION tiering.merge(text, @type@, @type@) IS
'Makes one customer of two: the second has the better tier of both, with its since, term, review and grace, the earlier joined, and the pins and benefits used of both; the first leaves. Move the orders, too: both are looked at by the next refresh. Returns the number of the run that logs it. Errors: 22023 for a customer who is unknown or the same.';

-- @end
