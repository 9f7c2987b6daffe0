-- json: casts of ladders and scorecards

CREATE FUNCTION tier_ladder_to_jsonb(tier_ladder) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_to_jsonb';
COMMENT ON FUNCTION tier_ladder_to_jsonb(tier_ladder) IS
'[{"tier": "gold", "condition": ">= 500"}, ..., {"tier": "member"}], top rung first; conditions as rungs() shows them';

CREATE FUNCTION tier_ladder_from_jsonb(jsonb) RETURNS tier_ladder
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_from_jsonb';
COMMENT ON FUNCTION tier_ladder_from_jsonb(jsonb) IS
'the reverse of tier_ladder_to_jsonb(); another shape is 22P02';

CREATE CAST (tier_ladder AS jsonb)
	WITH FUNCTION tier_ladder_to_jsonb(tier_ladder);
COMMENT ON CAST (tier_ladder AS jsonb) IS
'an array with one object for each rung';

CREATE CAST (jsonb AS tier_ladder)
	WITH FUNCTION tier_ladder_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS tier_ladder) IS
'from an array with one object for each rung';

CREATE FUNCTION tier_scorecard_to_jsonb(tier_scorecard) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_to_jsonb';
COMMENT ON FUNCTION tier_scorecard_to_jsonb(tier_scorecard) IS
'[{"criterion": "revenue", "weight": 35, "scale": "log", "lo": 1000, "hi": 1000000, "desc": true, "missing": "zero"}, ...]; the arguments of a scale are lo and hi, mid and slope, bins, cuts [x, ...] or points [[x, score], ...]';

CREATE FUNCTION tier_scorecard_from_jsonb(jsonb) RETURNS tier_scorecard
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_from_jsonb';
COMMENT ON FUNCTION tier_scorecard_from_jsonb(jsonb) IS
'the reverse of tier_scorecard_to_jsonb(), where desc and missing may be left out; another shape is 22P02';

CREATE CAST (tier_scorecard AS jsonb)
	WITH FUNCTION tier_scorecard_to_jsonb(tier_scorecard);
COMMENT ON CAST (tier_scorecard AS jsonb) IS
'an array with one object for each criterion';

CREATE CAST (jsonb AS tier_scorecard)
	WITH FUNCTION tier_scorecard_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS tier_scorecard) IS
'from an array with one object for each criterion';

