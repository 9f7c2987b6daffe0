-- Casts to and from json and jsonb, so that to_jsonb() and row_to_json() make
-- objects and arrays of the types, not strings.

-- Functions in SQL are parsed while the script runs: from here on it finds
-- nothing but PostgreSQL's own by the search_path, and qualifies all else, so
-- that no operator or function in the extension's schema is bound for good.
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);

CREATE SCHEMA tiering_internal;
COMMENT ON SCHEMA tiering_internal IS
'What customer_tier''s own functions call; may change with any version.';
GRANT USAGE ON SCHEMA tiering_internal TO PUBLIC;

CREATE FUNCTION @extschema@.tier_ladder_to_json(ladder @extschema@.tier_ladder)
	RETURNS json LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN (SELECT json_strip_nulls(json_agg(json_build_object('tier', r.tier,
				'condition', r.condition, 'keep', r.keep) ORDER BY r.rank))
			FROM @extschema@.rungs(ladder) r);
COMMENT ON FUNCTION @extschema@.tier_ladder_to_json(@extschema@.tier_ladder) IS
'[{"tier": "gold", "condition": ">= 500", "keep": ">= 400"}, {"tier": "member"}]: the rungs, top first, without a condition for the floor; keep is there only where the text has it.';

CREATE FUNCTION @extschema@.tier_scorecard_to_json(card @extschema@.tier_scorecard)
	RETURNS json LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET extra_float_digits = 1
	RETURN (SELECT json_strip_nulls(json_agg(json_build_object(
				'criterion', c.criterion, 'weight', c.weight, 'scale', c.scale,
				'desc', nullif(c.descending, false),
				'missing', CASE c.missing WHEN 'skip' THEN NULL
					WHEN 'zero' THEN '"zero"' ELSE c.missing::json END)
				ORDER BY c."position"))
			FROM @extschema@.criteria(card) c);
COMMENT ON FUNCTION @extschema@.tier_scorecard_to_json(@extschema@.tier_scorecard) IS
'[{"criterion": "revenue", "weight": 35, "scale": "log(1000, 1000000)", "desc": true, "missing": "zero"}, ...]: missing may be a score; desc and missing are there only where the text has them.';

CREATE FUNCTION tiering_internal.clauses_to_json(clauses text, tiers json)
	RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT json_object_agg(key, value ORDER BY n)
			FROM (SELECT n, split_part(clause, ' ', 1),
						 to_json(substr(clause, strpos(clause, ' ') + 1))
				  FROM string_to_table(clauses, ', ')
					   WITH ORDINALITY c (clause, n)
				  WHERE clause <> ''
				  UNION ALL
				  SELECT 100, 'tiers', tiers WHERE tiers IS NOT NULL)
				 m (n, key, value));
COMMENT ON FUNCTION tiering_internal.clauses_to_json(text, json) IS
'The clauses of a canonical policy as an object; NULL for none.';

-- Clauses have no quotes, and a label with a semicolon or colon in it has.
CREATE FUNCTION @extschema@.tier_policy_to_json(policy @extschema@.tier_policy)
	RETURNS json LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	-- stripping nulls, which there are none of, leaves no blanks either
	RETURN coalesce(json_strip_nulls(tiering_internal.clauses_to_json(
		split_part(policy::text, ';', 1),
		(SELECT json_object_agg(
					CASE WHEN tier[1] LIKE '"%'
						THEN replace(substr(tier[1], 2, length(tier[1]) - 2),
									 '""', '"')
						ELSE tier[1] END,
					tiering_internal.clauses_to_json(tier[2], NULL)
					ORDER BY n)
		 FROM regexp_matches(policy::text,
				'; ((?:"(?:[^"]|"")*")|[^":;]+): ([^;]*)', 'g')
			  WITH ORDINALITY t (tier, n)))), '{}');
COMMENT ON FUNCTION @extschema@.tier_policy_to_json(@extschema@.tier_policy) IS
'{"review": "every 12 months", "grace": "30 days", "keep": "at 80%", "tiers": '
'{"gold": {"drop": "never"}}}: the clauses that differ from the default, and '
'for each tier those that differ from the others.';

CREATE FUNCTION tiering_internal.refuse_json(what text, detail text,
		example text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE 'json value is not a %', what USING
		ERRCODE = 'invalid_text_representation', DETAIL = detail,
		HINT = format('In json a %s looks like %s.', what, example);
END $$;
COMMENT ON FUNCTION tiering_internal.refuse_json(text, text, text) IS
'Raises 22P02; does nothing if detail is NULL.';

CREATE FUNCTION tiering_internal.json_problem(element jsonb, members jsonb)
	RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN jsonb_typeof(element) <> 'object' THEN ' is not an object.'
		ELSE coalesce(
			(SELECT format(' has an unknown key "%s".', k)
			 FROM jsonb_object_keys(element) k WHERE NOT members ? k LIMIT 1),
			(SELECT format(' must have %s as "%s".', m.value, m.key)
			 FROM jsonb_each_text(members) m
			 WHERE strpos(m.value, coalesce(jsonb_typeof(element -> m.key),
											'nothing')) = 0 AND
				   strpos(m.value, coalesce((element -> m.key)::text, '?')) = 0
			 LIMIT 1)) END;
COMMENT ON FUNCTION tiering_internal.json_problem(jsonb, jsonb) IS
'What keeps a value from being an object with these members, NULL if nothing does: members maps each key to a text with the types that it may have (nothing: it may be left out), or the very strings.';

-- Each element is read alone and must be one rung or criterion, with the name
-- and the members that were given: no text in it smuggles in another.  E'' is
-- read alike whatever standard_conforming_strings.

-- @each type | what | element | name | members | default | example | text
-- | tier_ladder | ladder | rung | tier |
--   {"tier": "a string", "condition": "a string or nothing",
--   "keep": "a string or nothing"} |
--   {} |
--   [{"tier": "gold", "condition": ">= 500"}, {"tier": "member"}] |
--   CASE WHEN element ->> 'condition' ~* E'^\\s*([>\\u2265\\uff1e]|(top|share)\\s)'
--   THEN ' ' ELSE ': ' END || (element ->> 'condition'),
--   ' keep ' || (element ->> 'keep')
-- | tier_scorecard | scorecard | criterion | criterion |
--   {"criterion": "a string", "weight": "a number", "scale": "a string",
--   "desc": "a boolean or nothing",
--   "missing": "a number, \\"zero\\", \\"skip\\" or nothing"} |
--   {"desc": false, "missing": "skip"} |
--   [{"criterion": "revenue", "weight": 35, "scale": "log(1000, 1000000)"}] |
--   ' ' || (element ->> 'weight') || ' ' || (element ->> 'scale'),
--   CASE WHEN element -> 'desc' = 'true' THEN ' desc' END,
--   ' missing ' || (element ->> 'missing')
CREATE FUNCTION tiering_internal.@type@_of_text(INOUT one text,
		OUT value jsonb)
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT v::text, @extschema@.@type@_to_json(v)::jsonb
		FROM (SELECT one::@extschema@.@type@ OFFSET 0) AS s (v);
	END;
COMMENT ON FUNCTION tiering_internal.@type@_of_text(text) IS
'The canonical text of a @what@ and what @type@_to_json() makes of it. Parsed once, so that it needs no name of the extension''s schema, which may be renamed.';

CREATE FUNCTION @extschema@.@type@_from_jsonb(value jsonb)
	RETURNS @extschema@.@type@
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	example CONSTANT text := '@example@';
	element jsonb;
	n integer;
	one text;
	read jsonb;
	whole text;
BEGIN
	IF jsonb_typeof(value) <> 'array' OR value = '[]' THEN
		PERFORM tiering_internal.refuse_json('@what@',
			'It is not an array with an object for each @element@.', example);
	END IF;
	FOR element, n IN
		SELECT e.* FROM jsonb_array_elements(value) WITH ORDINALITY e
	LOOP
		PERFORM tiering_internal.refuse_json('@what@', 'Element ' || n ||
			tiering_internal.json_problem(element, E'@members@'), example);
		SELECT t.one, t.value INTO one, read
		FROM tiering_internal.@type@_of_text(
			concat('"', replace(element ->> '@name@', '"', '""'), '"',
				@text@)) t;
		IF jsonb_array_length(read) <> 1 OR
			read -> 0 ->> '@name@' <> element ->> '@name@' OR
			ARRAY(SELECT jsonb_object_keys(read -> 0)) <> ARRAY(
				SELECT m.key FROM jsonb_each(element) m
				WHERE m.value IS DISTINCT FROM '@default@'::jsonb -> m.key) THEN
			PERFORM tiering_internal.refuse_json('@what@', format(
				'A string in element %s holds more than belongs there: together they read "%s".',
				n, one), example);
		END IF;
		whole := concat_ws(', ', whole, one);
	END LOOP;
	RETURN whole;
END $$;
COMMENT ON FUNCTION @extschema@.@type@_from_jsonb(jsonb) IS
'The reverse of @type@_to_jsonb(). Errors: 22P02 for anything else.';

-- @end
CREATE FUNCTION tiering_internal.clauses_from_jsonb(value jsonb, what text,
		tiers jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	example CONSTANT text := '{"review": "every 12 months", "tiers": {"gold": {"grace": "30 days"}}}';
BEGIN
	PERFORM tiering_internal.refuse_json('policy', what ||
		tiering_internal.json_problem(value, tiers ||
			'{"review": "a string or nothing", "upgrade": "a string or nothing",
			"drop": "a string or nothing", "grace": "a string or nothing",
			"keep": "a string or nothing"}'), example);
	PERFORM tiering_internal.refuse_json('policy',
		format('What "%s" has is more than one clause.', c.key), example)
	FROM jsonb_each_text(value) c
	WHERE c.key <> 'tiers' AND c.value ~ E'[,;\\uff0c\\uff1b]';
	RETURN (SELECT coalesce(string_agg(c.key || ' ' || c.value, ', '), '')
			FROM jsonb_each_text(value) c WHERE c.key <> 'tiers');
END $$;
COMMENT ON FUNCTION tiering_internal.clauses_from_jsonb(jsonb, text, jsonb) IS
'The text of the clauses in an object, which may have other members, tiers.';

CREATE FUNCTION @extschema@.tier_policy_from_jsonb(value jsonb)
	RETURNS @extschema@.tier_policy
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
	RETURN (tiering_internal.clauses_from_jsonb(value, 'The value',
				'{"tiers": "an object or nothing"}') ||
			coalesce((SELECT string_agg(format('; "%s": %s',
							replace(t.key, '"', '""'),
							tiering_internal.clauses_from_jsonb(t.value,
								format('The value of tier "%s"', t.key),
								'{}')), '')
					  FROM jsonb_each(value -> 'tiers') t),
					 ''))::@extschema@.tier_policy;
COMMENT ON FUNCTION @extschema@.tier_policy_from_jsonb(jsonb) IS
'The reverse of tier_policy_to_jsonb(). Errors: 22P02 for anything else.';

CREATE FUNCTION @extschema@.tier_forecast_to_json(forecast @extschema@.tier_forecast)
	RETURNS json LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN (SELECT json_strip_nulls(json_object_agg(m.key, m.value ORDER BY m.n))
			FROM (SELECT 0, 'model', to_json(split_part(forecast::text, '(', 1))
				  UNION ALL
				  SELECT n, p[1], p[2]::json
				  FROM regexp_matches(forecast::text,
						'([a-z]+) ([0-9][0-9.e+-]*)', 'g')
					   WITH ORDINALITY AS r (p, n)
				  UNION ALL
				  SELECT 100, 'per', '"week"') AS m (n, key, value));
COMMENT ON FUNCTION @extschema@.tier_forecast_to_json(@extschema@.tier_forecast) IS
'{"model": "bg/nbd", "r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "p": 6.25, "q": 3.74, "v": 15.44, "per": "week"}: p, q and v are there only where the text has gamma-gamma.';

CREATE FUNCTION @extschema@.tier_forecast_from_jsonb(value jsonb)
	RETURNS @extschema@.tier_forecast
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
	SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM tiering_internal.refuse_json('forecast', 'The value' ||
		tiering_internal.json_problem(value, E'{"model": "\\"bg/nbd\\" or \\"mbg/nbd\\"",
			"r": "a number", "alpha": "a number", "a": "a number", "b": "a number",
			"per": "\\"week\\""}' ||
			CASE WHEN value ?| ARRAY['p', 'q', 'v']
				THEN jsonb '{"p": "a number", "q": "a number", "v": "a number"}'
				ELSE '{}' END),
		'{"model": "bg/nbd", "r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "p": 6.25, "q": 3.74, "v": 15.44, "per": "week"}');
	RETURN format('%s(r %s, alpha %s, a %s, b %s), ', value ->> 'model',
			value ->> 'r', value ->> 'alpha', value ->> 'a', value ->> 'b') ||
		CASE WHEN value ?| ARRAY['p', 'q', 'v']
			THEN format('gamma-gamma(p %s, q %s, v %s), ', value ->> 'p',
				value ->> 'q', value ->> 'v')
			ELSE '' END || 'per week';
END $$;
COMMENT ON FUNCTION @extschema@.tier_forecast_from_jsonb(jsonb) IS
'The reverse of tier_forecast_to_jsonb(). Errors: 22P02 for anything else.';

-- @each type: tier_ladder, tier_scorecard, tier_policy, tier_forecast
CREATE FUNCTION @extschema@.@type@_to_jsonb(value @extschema@.@type@)
	RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN @extschema@.@type@_to_json(value)::jsonb;
COMMENT ON FUNCTION @extschema@.@type@_to_jsonb(@extschema@.@type@) IS
'As @type@_to_json().';

CREATE FUNCTION @extschema@.@type@_from_json(value json)
	RETURNS @extschema@.@type@
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN @extschema@.@type@_from_jsonb(value::jsonb);
COMMENT ON FUNCTION @extschema@.@type@_from_json(json) IS
'As @type@_from_jsonb().';

-- @each form: json, jsonb
CREATE CAST (@extschema@.@type@ AS @form@)
	WITH FUNCTION @extschema@.@type@_to_@form@(@extschema@.@type@);
COMMENT ON CAST (@extschema@.@type@ AS @form@) IS
'As @type@_to_json() says.';

CREATE CAST (@form@ AS @extschema@.@type@)
	WITH FUNCTION @extschema@.@type@_from_@form@(@form@);
COMMENT ON CAST (@form@ AS @extschema@.@type@) IS
'The reverse.';

-- @end
-- @end
-- The text of a digest is json already.

-- @each type: order_digest, payment_digest, balance_digest
CREATE FUNCTION @extschema@.@type@_to_json(value @extschema@.@type@)
	RETURNS json LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN value::text::json;
COMMENT ON FUNCTION @extschema@.@type@_to_json(@extschema@.@type@) IS
'The text of the digest.';

CREATE CAST (@extschema@.@type@ AS json)
	WITH FUNCTION @extschema@.@type@_to_json(@extschema@.@type@);
COMMENT ON CAST (@extschema@.@type@ AS json) IS
'The text of the digest.';

-- @each source | target
-- | @extschema@.@type@ | jsonb
-- | json | @extschema@.@type@
-- | jsonb | @extschema@.@type@
CREATE CAST (@source@ AS @target@) WITH INOUT;
COMMENT ON CAST (@source@ AS @target@) IS
'Through the text of the digest.';

-- @end
-- @end
