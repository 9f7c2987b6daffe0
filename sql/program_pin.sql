-- program: pins, which hold customers where the figures would not

CREATE FUNCTION tiering_internal.check_pin(p tiering.program, kind text, tier text)
	RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- also of the ladder in use, if the program was altered since
	labels CONSTANT text[] := ARRAY(
		SELECT r.tier FROM @extschema@.rungs(p.ladder) r
		WHERE r.tier IN (
			SELECT l.tier
			FROM @extschema@.rungs(coalesce((tiering_internal.last_run(p)).ladder,
											p.ladder)) l)
		ORDER BY r.rank);
BEGIN
	IF kind IS NULL OR kind <> ALL ('{lock,floor,cap}') THEN
		RAISE 'unknown pin "%"', kind USING
			ERRCODE = 'invalid_parameter_value',
			HINT = 'A pin is lock, floor or cap.';
	ELSIF tier IS NULL AND kind <> 'lock' THEN
		RAISE 'a % needs a tier', kind USING
			ERRCODE = 'invalid_parameter_value',
			HINT = format('Give one of %s.', array_to_string(labels, ', '));
	ELSIF tier <> ALL (labels) THEN
		RAISE 'the ladder of program "%" has no tier "%"', p.name, tier USING
			ERRCODE = 'invalid_parameter_value',
			HINT = format('Its tiers are %s.', array_to_string(labels, ', '));
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.check_pin(tiering.program, text, text) IS
'refuses a pin that the program cannot hold: 22023';

CREATE FUNCTION tiering_internal.set_pin(p tiering.program, customer text, kind text,
		tier text, until date, reason text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found boolean;
BEGIN
	EXECUTE tiering_internal.sql(p, 'WITH t AS (
			SELECT t.{customer} AS key,
				   (t.pin, t.pinned_tier, t.pinned_until) IS DISTINCT FROM
				   ($2, $3, $4) AS moved
			FROM {tiers} t
			WHERE t.{customer} = $1::{key} AND t.movement <> ''left''),
		w AS (
			UPDATE {tiers} u
			SET pin = $2, pinned_tier = $3, pinned_until = $4,
				movement = ''unchanged'', reason = $5
			FROM t WHERE u.{customer} = t.key AND t.moved
			RETURNING u.*),
		h AS (
			INSERT INTO {history} (as_of, {customer}, from_tier, tier, rank, since,
				joined, review_on, grace_until, pin, pinned_tier,
				pinned_until, movement, reason, value)
			SELECT $6, w.{customer}, w.tier, w.tier, w.rank, w.since, w.joined,
				w.review_on, w.grace_until, w.pin, w.pinned_tier,
				w.pinned_until, w.movement, w.reason, w.value
			FROM w),
		q AS (INSERT INTO {touched} ({customer}) SELECT w.{customer} FROM w)
		SELECT count(*) > 0 FROM t',
		jsonb_build_object('key', tiering_internal.key(p)))
	INTO found USING customer, kind, tier, until, reason,
		greatest(tiering_internal.today(p), p.as_of);
	IF NOT found THEN
		RAISE 'customer % has no tier in program "%"', customer, p.name USING
			ERRCODE = 'no_data_found',
			HINT = 'Customers get one from tiering.refresh(), and lose it when the metrics lose them.';
	END IF;
END $$;
COMMENT ON FUNCTION tiering_internal.set_pin(tiering.program, text, text, text, date, text) IS
'writes the pin of a customer and puts the customer in the queue; P0002 for who has no tier';

CREATE FUNCTION tiering.pin(name text, customer text, kind text,
		tier text DEFAULT NULL, until date DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET DateStyle = 'ISO, YMD' AS $$
DECLARE
	p tiering.program;
BEGIN
	PERFORM tiering_internal.lock(name, true);
	p := tiering_internal.own(name);
	PERFORM tiering_internal.check_pin(p, kind, tier);
	PERFORM tiering_internal.set_pin(p, customer, kind, tier, until,
		concat_ws(' ', 'pinned:', kind, tier, 'until ' || until));
END $$;
COMMENT ON FUNCTION tiering.pin(text, text, text, text, date) IS
'Pins a customer. kind is lock (to the tier held, or to the given one), floor (not below the given tier) or cap (not above it). until is the first day without the pin; NULL: it stays. The tier follows at the next refresh, also of those touched. Waits for a running refresh. Errors: P0002 for a customer without a tier, 22023 for an unknown kind or tier.';

CREATE FUNCTION tiering.pin(name text, customer anyelement, kind text,
		tier text DEFAULT NULL, until date DEFAULT NULL) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS 'SELECT tiering.pin(name, customer::text, kind, tier, until)';
COMMENT ON FUNCTION tiering.pin(text, anyelement, text, text, date) IS
'Pins a customer, as the function for text.';

CREATE FUNCTION tiering.unpin(name text, customer text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p tiering.program;
BEGIN
	PERFORM tiering_internal.lock(name, true);
	p := tiering_internal.own(name);
	PERFORM tiering_internal.set_pin(p, customer, NULL, NULL, NULL, 'unpinned');
END $$;
COMMENT ON FUNCTION tiering.unpin(text, text) IS
'Ends the pin of a customer. The tier follows at the next refresh, also of those touched.';

CREATE FUNCTION tiering.unpin(name text, customer anyelement) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS 'SELECT tiering.unpin(name, customer::text)';
COMMENT ON FUNCTION tiering.unpin(text, anyelement) IS
'Ends the pin of a customer, as the function for text.';
