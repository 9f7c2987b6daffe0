-- tier_scorecard: what a customer's figures are worth

CREATE TYPE tier_scorecard;

CREATE FUNCTION tier_scorecard_in(cstring) RETURNS tier_scorecard
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_in';
COMMENT ON FUNCTION tier_scorecard_in(cstring) IS
'reads a scorecard; malformed text is 22P02 with the position';

CREATE FUNCTION tier_scorecard_out(tier_scorecard) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_out';
COMMENT ON FUNCTION tier_scorecard_out(tier_scorecard) IS
'writes the canonical text, which reads back to the same scorecard';

CREATE FUNCTION tier_scorecard_recv(internal) RETURNS tier_scorecard
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_recv';
COMMENT ON FUNCTION tier_scorecard_recv(internal) IS
'reads the binary form: a version byte and the canonical text';

CREATE FUNCTION tier_scorecard_send(tier_scorecard) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_send';
COMMENT ON FUNCTION tier_scorecard_send(tier_scorecard) IS
'writes the binary form: a version byte and the canonical text';

CREATE TYPE tier_scorecard (
	INPUT = tier_scorecard_in,
	OUTPUT = tier_scorecard_out,
	RECEIVE = tier_scorecard_recv,
	SEND = tier_scorecard_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE tier_scorecard IS
'the criteria that make a weighted value, each with a weight and a scale from 0 to 100: ''revenue 35 log(1000, 1000000), payment_score 20 linear(0, 100), recency_days 10 linear(0, 365) desc missing zero''';

-- comparison

CREATE FUNCTION tier_scorecard_eq(tier_scorecard, tier_scorecard)
	RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_eq';
COMMENT ON FUNCTION tier_scorecard_eq(tier_scorecard, tier_scorecard) IS
'implementation of =';

CREATE FUNCTION tier_scorecard_ne(tier_scorecard, tier_scorecard)
	RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_ne';
COMMENT ON FUNCTION tier_scorecard_ne(tier_scorecard, tier_scorecard) IS
'implementation of <>';

CREATE FUNCTION tier_scorecard_lt(tier_scorecard, tier_scorecard)
	RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_lt';
COMMENT ON FUNCTION tier_scorecard_lt(tier_scorecard, tier_scorecard) IS
'implementation of <';

CREATE FUNCTION tier_scorecard_le(tier_scorecard, tier_scorecard)
	RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_le';
COMMENT ON FUNCTION tier_scorecard_le(tier_scorecard, tier_scorecard) IS
'implementation of <=';

CREATE FUNCTION tier_scorecard_ge(tier_scorecard, tier_scorecard)
	RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_ge';
COMMENT ON FUNCTION tier_scorecard_ge(tier_scorecard, tier_scorecard) IS
'implementation of >=';

CREATE FUNCTION tier_scorecard_gt(tier_scorecard, tier_scorecard)
	RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_gt';
COMMENT ON FUNCTION tier_scorecard_gt(tier_scorecard, tier_scorecard) IS
'implementation of >';

CREATE OPERATOR = (
	LEFTARG = tier_scorecard, RIGHTARG = tier_scorecard,
	FUNCTION = tier_scorecard_eq, COMMUTATOR = =, NEGATOR = <>,
	RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);
COMMENT ON OPERATOR = (tier_scorecard, tier_scorecard) IS
'equal';

CREATE OPERATOR <> (
	LEFTARG = tier_scorecard, RIGHTARG = tier_scorecard,
	FUNCTION = tier_scorecard_ne, COMMUTATOR = <>, NEGATOR = =,
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (tier_scorecard, tier_scorecard) IS
'not equal';

CREATE OPERATOR < (
	LEFTARG = tier_scorecard, RIGHTARG = tier_scorecard,
	FUNCTION = tier_scorecard_lt, COMMUTATOR = >, NEGATOR = >=,
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (tier_scorecard, tier_scorecard) IS
'before, in an arbitrary but total order';

CREATE OPERATOR <= (
	LEFTARG = tier_scorecard, RIGHTARG = tier_scorecard,
	FUNCTION = tier_scorecard_le, COMMUTATOR = >=, NEGATOR = >,
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (tier_scorecard, tier_scorecard) IS
'before or equal, in an arbitrary but total order';

CREATE OPERATOR >= (
	LEFTARG = tier_scorecard, RIGHTARG = tier_scorecard,
	FUNCTION = tier_scorecard_ge, COMMUTATOR = <=, NEGATOR = <,
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (tier_scorecard, tier_scorecard) IS
'after or equal, in an arbitrary but total order';

CREATE OPERATOR > (
	LEFTARG = tier_scorecard, RIGHTARG = tier_scorecard,
	FUNCTION = tier_scorecard_gt, COMMUTATOR = <, NEGATOR = <=,
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (tier_scorecard, tier_scorecard) IS
'after, in an arbitrary but total order';

CREATE FUNCTION tier_scorecard_cmp(tier_scorecard, tier_scorecard)
	RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_cmp';
COMMENT ON FUNCTION tier_scorecard_cmp(tier_scorecard, tier_scorecard) IS
'-1, 0 or 1, in an arbitrary but total order, for btree indexes';

CREATE FUNCTION tier_scorecard_hash(tier_scorecard) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_hash';
COMMENT ON FUNCTION tier_scorecard_hash(tier_scorecard) IS
'hash, for hash indexes, joins and grouping';

CREATE FUNCTION tier_scorecard_hash_extended(tier_scorecard, bigint)
	RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_hash_extended';
COMMENT ON FUNCTION tier_scorecard_hash_extended(tier_scorecard, bigint) IS
'seeded 64-bit hash, for hash partitioning';

CREATE OPERATOR CLASS tier_scorecard_ops DEFAULT FOR TYPE tier_scorecard
	USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 tier_scorecard_cmp(tier_scorecard, tier_scorecard);
COMMENT ON OPERATOR CLASS tier_scorecard_ops USING btree IS
'scorecards in an arbitrary but total order';

CREATE OPERATOR CLASS tier_scorecard_ops DEFAULT FOR TYPE tier_scorecard
	USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 tier_scorecard_hash(tier_scorecard),
	FUNCTION 2 tier_scorecard_hash_extended(tier_scorecard, bigint);
COMMENT ON OPERATOR CLASS tier_scorecard_ops USING hash IS
'scorecards by equality';

-- jsonb

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

-- what a scorecard says

CREATE FUNCTION is_calibrated(scorecard tier_scorecard) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_is_calibrated';
COMMENT ON FUNCTION is_calibrated(tier_scorecard) IS
'true when every scale is absolute, so that weighted_value() can use the scorecard';

CREATE FUNCTION criteria(scorecard tier_scorecard,
		OUT "position" integer, OUT criterion text, OUT weight double precision,
		OUT scale text, OUT descending boolean, OUT missing text)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6
	AS 'MODULE_PATHNAME', 'ct_scorecard_criteria_rows';
COMMENT ON FUNCTION criteria(tier_scorecard) IS
'the criteria in the order of the text, position 1 first; scale as in the text, descending is its desc, missing is skip, zero or the score of a missing figure';

-- from figures to a value

CREATE FUNCTION weighted_value(measures record, scorecard tier_scorecard)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_weighted_value';
COMMENT ON FUNCTION weighted_value(record, tier_scorecard) IS
'the weighted mean of the scores of a row''s columns, 0 to 100: sum(weight * score) / sum(weight) over the criteria whose column is not NULL or whose missing says what it scores, each score and the value rounded to 9 decimals; NULL when no criterion counts; 42703 for a missing column, 42804 for one that is no number, 55000 for a relative scorecard, 22003 for NaN and infinities; a real is widened to double precision, true is 1';

CREATE FUNCTION value_breakdown(measures record, scorecard tier_scorecard,
		OUT criterion text, OUT weight double precision,
		OUT raw double precision, OUT score double precision,
		OUT points double precision)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6
	AS 'MODULE_PATHNAME', 'ct_value_breakdown';
COMMENT ON FUNCTION value_breakdown(record, tier_scorecard) IS
'how weighted_value() comes about, one row for each criterion in the order of the text: raw is the figure, score its score, points = weight * score / sum of the weights that count, which add up to the value within 1e-9; raw is NULL for a missing figure, score and points too where it is skipped; no rows for NULL; errors as weighted_value()';

-- from a relative scorecard and a population to an absolute scorecard

CREATE FUNCTION calibrate_scorecard_step(state internal, measures record,
		scorecard tier_scorecard)
	RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_scorecard_step';
COMMENT ON FUNCTION calibrate_scorecard_step(internal, record, tier_scorecard) IS
'transition function of calibrate_scorecard()';

CREATE FUNCTION calibrate_scorecard_final(state internal)
	RETURNS tier_scorecard
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_scorecard_final';
COMMENT ON FUNCTION calibrate_scorecard_final(internal) IS
'final function of calibrate_scorecard()';

CREATE AGGREGATE calibrate_scorecard(measures record, scorecard tier_scorecard) (
	SFUNC = calibrate_scorecard_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_scorecard_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_scorecard(record, tier_scorecard) IS
'the scorecard with every relative scale made absolute against the non-NULL figures of the rows: minmax becomes linear(min, max), zscore linear(mean - 3 sd, mean + 3 sd) with the sample standard deviation, bins(n) the cuts at the n - 1 inner quantiles, percentile a curve through the percentiles, of equal ones one point with the mean of the first and the last score; quantiles as percentile_cont (type 7 of Hyndman and Fan 1996); equal figures c become curve(c: 50), none curve(0: 50); rows where an argument is NULL are ignored, NULL without a row; 22023 for a scorecard that varies; also as a window function';
