-- program: refreshing only those whom something happened to

CREATE FUNCTION tiering_internal.key(p tiering.program) RETURNS regtype
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN tiering_internal.column_type(tiering_internal.relation(p, '_tiers')::regclass,
		(p).customer);
COMMENT ON FUNCTION tiering_internal.key(tiering.program) IS
'the type of the customer';

CREATE FUNCTION tiering_internal.take_touched(p tiering.program, day date,
		OUT keys text[], OUT everyone boolean)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE tiering_internal.sql(p, 'WITH s AS (
			DELETE FROM {tier_touched} q RETURNING q.{customer} AS key),
		k AS (
			SELECT s.key FROM s
			UNION
			SELECT t.{customer} FROM {tiers} t
			WHERE COALESCE(t.grace_until, t.review_on) <= $1
			UNION
			SELECT q.{customer} FROM {tier_pin} q
			WHERE (q.from_date <= $1 AND q.from_date > $2 OR
				   q.until_date <= $1 AND q.until_date > $2))
		SELECT coalesce(array_agg(k.key::text ORDER BY k.key) FILTER (WHERE k.key IS NOT NULL), ARRAY[]::text[]),
			coalesce(bool_or(k.key IS NULL), false)
		FROM k')
	INTO keys, everyone USING day, tiering_internal.last_day(p);
END $$;
COMMENT ON FUNCTION tiering_internal.take_touched(tiering.program, date) IS
'who is in the queue, which is emptied, and for whom a review, grace or pin begins or ends; and whether the queue says that everyone may have been touched';

CREATE FUNCTION tiering_internal.read_through(p tiering.program, key text) RETURNS text
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	plan jsonb;
	found text;
BEGIN
	EXECUTE tiering_internal.sql(p, 'EXPLAIN (FORMAT JSON, VERBOSE)
		SELECT * FROM {metrics} r WHERE r.{customer} = $1::{key} OFFSET 0')
	INTO plan USING key;
	SELECT string_agg(DISTINCT CASE WHEN n ->> 'Node Type' = 'Seq Scan' THEN format('%I.%I (%s)',
			n ->> 'Schema', n ->> 'Relation Name', n ->> 'Filter')
			ELSE n ->> 'Custom Plan Provider' END, ', ')
	INTO found
	FROM jsonb_path_query(plan, 'strict $.**') n
	WHERE jsonb_typeof(n) = 'object' AND (n ->> 'Custom Plan Provider' LIKE 'Citus%' OR
		n ->> 'Node Type' = 'Seq Scan' AND (
			SELECT c.relpages > 1000 FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
			WHERE s.nspname = n ->> 'Schema' AND c.relname = n ->> 'Relation Name'));
	RETURN found;
END $$;
COMMENT ON FUNCTION tiering_internal.read_through(tiering.program, text) IS
'large tables that are read from end to end for the metrics of one customer, or whatever distributes them; NULL for none';

CREATE FUNCTION tiering_internal.refresh_touched(p tiering.program, run bigint,
		day date, last jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	touched record := tiering_internal.take_touched(p, day);
	keys text[] := touched.keys;
	n integer := cardinality(keys);
	calibration CONSTANT jsonb := last -> 'calibration';
	through text;
	part jsonb;
	done jsonb := '{"customers": 0, "changed": 0, "leaving": 0, "joining": 0}';
	began timestamptz := clock_timestamp();
	chunk integer := 200;
	distributed boolean := false;
BEGIN
	PERFORM tiering_internal.warn_of_lost(p);
	IF touched.everyone THEN
		RETURN tiering_internal.refresh_all(p, run, day, calibration);
	END IF;
	IF n > 0 THEN
		through := tiering_internal.read_through(p, keys[1]);
	END IF;
	IF through LIKE '%Citus%' THEN
		-- which cannot join them to other tables one by one
		distributed := true;
	ELSIF through IS NOT NULL THEN
		RAISE NOTICE '%: for each customer this is read through: %', p.name, through
			USING HINT = 'An index on the column of the customer makes touched refreshes fast.';
		chunk := 1;
	END IF;
	PERFORM tiering_internal.show_phase(format('tiering: %s, assigning %s touched customers', p.name, n));
	WHILE keys <> '{}' LOOP
		IF distributed OR (done ->> 'customers')::integer > 0 AND (through IS NOT NULL OR
			extract(epoch FROM clock_timestamp() - began) / (done ->> 'customers')::integer *
				cardinality(keys) > (last ->> 'seconds')::numeric) THEN
			-- read once, everyone's metrics take no longer
			part := tiering_internal.refresh_all(p, run, day, calibration, tiering_internal.sql(p,
				'coalesce(m.{customer}, o.key){collate} = ANY ({keys}::{key}[])',
				jsonb_build_object('keys', quote_literal(keys::text)))) ||
				jsonb_build_object('customers', cardinality(keys));
			chunk := cardinality(keys);
		ELSE
			part := tiering_internal.refresh_keys(p, run, day, calibration, keys[:chunk]);
		END IF;
		keys := keys[chunk + 1:];
		SELECT jsonb_object_agg(k, (done ->> k)::bigint + (part ->> k)::bigint)
		INTO done FROM jsonb_object_keys(done) k;
	END LOOP;
	RETURN done;
END $$;
COMMENT ON FUNCTION tiering_internal.refresh_touched(tiering.program, bigint, date, jsonb) IS
'assigns a tier to those in the queue and those for whom something is due, by what the run last calibrated: each by themselves, or, where that would take longer than it took to read everyone, or cannot be done, all at once';
