-- tier_ladder: who stands where, from the top rung down

CREATE TYPE tier_ladder;

CREATE FUNCTION tier_ladder_in(cstring) RETURNS tier_ladder
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_in';
COMMENT ON FUNCTION tier_ladder_in(cstring) IS
'reads a ladder; malformed text is 22P02 with the position';

CREATE FUNCTION tier_ladder_out(tier_ladder) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_out';
COMMENT ON FUNCTION tier_ladder_out(tier_ladder) IS
'writes the canonical text, which reads back to the same ladder';

CREATE FUNCTION tier_ladder_recv(internal) RETURNS tier_ladder
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_recv';
COMMENT ON FUNCTION tier_ladder_recv(internal) IS
'reads the binary form: a version byte and the canonical text';

CREATE FUNCTION tier_ladder_send(tier_ladder) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_send';
COMMENT ON FUNCTION tier_ladder_send(tier_ladder) IS
'writes the binary form: a version byte and the canonical text';

CREATE TYPE tier_ladder (
	INPUT = tier_ladder_in,
	OUTPUT = tier_ladder_out,
	RECEIVE = tier_ladder_recv,
	SEND = tier_ladder_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE tier_ladder IS
'tiers from the top down and what each asks for: ''gold >= 500, silver >= 100, member'', ''A top 1%, B top 5%, C'', ''key share 80%, rest'' or ''gold: value >= 60 and orders >= 5, basic''';

-- comparison

CREATE FUNCTION tier_ladder_eq(tier_ladder, tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_eq';
COMMENT ON FUNCTION tier_ladder_eq(tier_ladder, tier_ladder) IS
'implementation of =';

CREATE FUNCTION tier_ladder_ne(tier_ladder, tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_ne';
COMMENT ON FUNCTION tier_ladder_ne(tier_ladder, tier_ladder) IS
'implementation of <>';

CREATE FUNCTION tier_ladder_lt(tier_ladder, tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_lt';
COMMENT ON FUNCTION tier_ladder_lt(tier_ladder, tier_ladder) IS
'implementation of <';

CREATE FUNCTION tier_ladder_le(tier_ladder, tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_le';
COMMENT ON FUNCTION tier_ladder_le(tier_ladder, tier_ladder) IS
'implementation of <=';

CREATE FUNCTION tier_ladder_ge(tier_ladder, tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_ge';
COMMENT ON FUNCTION tier_ladder_ge(tier_ladder, tier_ladder) IS
'implementation of >=';

CREATE FUNCTION tier_ladder_gt(tier_ladder, tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_gt';
COMMENT ON FUNCTION tier_ladder_gt(tier_ladder, tier_ladder) IS
'implementation of >';

CREATE OPERATOR = (
	LEFTARG = tier_ladder, RIGHTARG = tier_ladder,
	FUNCTION = tier_ladder_eq, COMMUTATOR = =, NEGATOR = <>,
	RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);
COMMENT ON OPERATOR = (tier_ladder, tier_ladder) IS
'equal';

CREATE OPERATOR <> (
	LEFTARG = tier_ladder, RIGHTARG = tier_ladder,
	FUNCTION = tier_ladder_ne, COMMUTATOR = <>, NEGATOR = =,
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (tier_ladder, tier_ladder) IS
'not equal';

CREATE OPERATOR < (
	LEFTARG = tier_ladder, RIGHTARG = tier_ladder,
	FUNCTION = tier_ladder_lt, COMMUTATOR = >, NEGATOR = >=,
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (tier_ladder, tier_ladder) IS
'before, in an arbitrary but total order';

CREATE OPERATOR <= (
	LEFTARG = tier_ladder, RIGHTARG = tier_ladder,
	FUNCTION = tier_ladder_le, COMMUTATOR = >=, NEGATOR = >,
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (tier_ladder, tier_ladder) IS
'before or equal, in an arbitrary but total order';

CREATE OPERATOR >= (
	LEFTARG = tier_ladder, RIGHTARG = tier_ladder,
	FUNCTION = tier_ladder_ge, COMMUTATOR = <=, NEGATOR = <,
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (tier_ladder, tier_ladder) IS
'after or equal, in an arbitrary but total order';

CREATE OPERATOR > (
	LEFTARG = tier_ladder, RIGHTARG = tier_ladder,
	FUNCTION = tier_ladder_gt, COMMUTATOR = <, NEGATOR = <=,
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (tier_ladder, tier_ladder) IS
'after, in an arbitrary but total order';

CREATE FUNCTION tier_ladder_cmp(tier_ladder, tier_ladder) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_cmp';
COMMENT ON FUNCTION tier_ladder_cmp(tier_ladder, tier_ladder) IS
'-1, 0 or 1, in an arbitrary but total order, for btree indexes';

CREATE FUNCTION tier_ladder_hash(tier_ladder) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_hash';
COMMENT ON FUNCTION tier_ladder_hash(tier_ladder) IS
'hash, for hash indexes, joins and grouping';

CREATE FUNCTION tier_ladder_hash_extended(tier_ladder, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_hash_extended';
COMMENT ON FUNCTION tier_ladder_hash_extended(tier_ladder, bigint) IS
'seeded 64-bit hash, for hash partitioning';

CREATE OPERATOR CLASS tier_ladder_ops DEFAULT FOR TYPE tier_ladder
	USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 tier_ladder_cmp(tier_ladder, tier_ladder);
COMMENT ON OPERATOR CLASS tier_ladder_ops USING btree IS
'ladders in an arbitrary but total order';

CREATE OPERATOR CLASS tier_ladder_ops DEFAULT FOR TYPE tier_ladder
	USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 tier_ladder_hash(tier_ladder),
	FUNCTION 2 tier_ladder_hash_extended(tier_ladder, bigint);
COMMENT ON OPERATOR CLASS tier_ladder_ops USING hash IS
'ladders by equality';

-- jsonb

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

-- what a ladder says

CREATE FUNCTION is_calibrated(ladder tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_is_calibrated';
COMMENT ON FUNCTION is_calibrated(tier_ladder) IS
'true when every condition is absolute, so that tier() can use the ladder';

CREATE FUNCTION rungs(ladder tier_ladder,
		OUT rank integer, OUT tier text, OUT condition text, OUT bound numeric)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5
	AS 'MODULE_PATHNAME', 'ct_ladder_rungs_rows';
COMMENT ON FUNCTION rungs(tier_ladder) IS
'the rungs from the top (rank 1) down; condition is NULL for the floor, bound is NULL unless the rung is a bound on one figure';

CREATE FUNCTION tier_rank(label text, ladder tier_ladder) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_rank_label';
COMMENT ON FUNCTION tier_rank(text, tier_ladder) IS
'the position of a tier in the ladder, 1 for the top; 22023 for a label that the ladder does not have';

-- one figure on a ladder

CREATE FUNCTION tier(value numeric, ladder tier_ladder) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_numeric';
COMMENT ON FUNCTION tier(numeric, tier_ladder) IS
'the tier of a value: the first rung from the top whose bound it meets; NULL below a ladder without a floor, and for NULL; 55000 for a relative ladder, 42804 for a ladder of rules, 22003 for NaN and infinities';

CREATE FUNCTION tier(value double precision, ladder tier_ladder) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_double';
COMMENT ON FUNCTION tier(double precision, tier_ladder) IS
'the tier of a value: the first rung from the top whose bound it meets; NULL below a ladder without a floor, and for NULL; 55000 for a relative ladder, 42804 for a ladder of rules, 22003 for NaN and infinities';

CREATE FUNCTION tier(value bigint, ladder tier_ladder) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier';
COMMENT ON FUNCTION tier(bigint, tier_ladder) IS
'the tier of a value: the first rung from the top whose bound it meets; NULL below a ladder without a floor, and for NULL; 55000 for a relative ladder, 42804 for a ladder of rules, 22003 for NaN and infinities';

CREATE FUNCTION tier_rank(value numeric, ladder tier_ladder) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_rank_numeric';
COMMENT ON FUNCTION tier_rank(numeric, tier_ladder) IS
'the rank of the tier of a value, 1 for the top; NULL where tier() is NULL; errors as tier()';

CREATE FUNCTION tier_rank(value double precision, ladder tier_ladder)
	RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_rank_double';
COMMENT ON FUNCTION tier_rank(double precision, tier_ladder) IS
'the rank of the tier of a value, 1 for the top; NULL where tier() is NULL; errors as tier()';

CREATE FUNCTION tier_rank(value bigint, ladder tier_ladder) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_rank';
COMMENT ON FUNCTION tier_rank(bigint, tier_ladder) IS
'the rank of the tier of a value, 1 for the top; NULL where tier() is NULL; errors as tier()';

CREATE FUNCTION next_tier(value numeric, ladder tier_ladder) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_next_tier';
COMMENT ON FUNCTION next_tier(numeric, tier_ladder) IS
'the tier one would hold on meeting the nearest unmet bound, of equal bounds the topmost; NULL at the top; errors as tier()';

CREATE FUNCTION next_tier(value double precision, ladder tier_ladder)
	RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_next_tier';
COMMENT ON FUNCTION next_tier(double precision, tier_ladder) IS
'the tier one would hold on meeting the nearest unmet bound, of equal bounds the topmost; NULL at the top; errors as tier()';

CREATE FUNCTION next_tier(value bigint, ladder tier_ladder) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_next_tier';
COMMENT ON FUNCTION next_tier(bigint, tier_ladder) IS
'the tier one would hold on meeting the nearest unmet bound, of equal bounds the topmost; NULL at the top; errors as tier()';

CREATE FUNCTION gap_to_next(value numeric, ladder tier_ladder) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_gap_to_next';
COMMENT ON FUNCTION gap_to_next(numeric, tier_ladder) IS
'the bound of the next tier minus the value, in the unit of the value: the exact difference; 0 is possible where the bound is written >; NULL at the top; errors as tier()';

CREATE FUNCTION gap_to_next(value double precision, ladder tier_ladder)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_gap_to_next';
COMMENT ON FUNCTION gap_to_next(double precision, tier_ladder) IS
'the bound of the next tier minus the value, in the unit of the value: the double nearest to the exact difference of the decimals; 0 is possible where the bound is written >; NULL at the top; errors as tier()';

CREATE FUNCTION gap_to_next(value bigint, ladder tier_ladder) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_gap_to_next';
COMMENT ON FUNCTION gap_to_next(bigint, tier_ladder) IS
'the bound of the next tier minus the value, in the unit of the value: the exact difference; 0 is possible where the bound is written >; NULL at the top; errors as tier()';

CREATE FUNCTION tier_progress(value numeric, ladder tier_ladder)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_progress';
COMMENT ON FUNCTION tier_progress(numeric, tier_ladder) IS
'the part of the way, 0 to 1, from the bound of the tier held (for the floor and below the ladder: 0) to that of the next tier; 1 at the top; 0 on the floor when the next bound is not positive; errors as tier()';

CREATE FUNCTION tier_progress(value double precision, ladder tier_ladder)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_progress';
COMMENT ON FUNCTION tier_progress(double precision, tier_ladder) IS
'the part of the way, 0 to 1, from the bound of the tier held (for the floor and below the ladder: 0) to that of the next tier; 1 at the top; 0 on the floor when the next bound is not positive; errors as tier()';

CREATE FUNCTION tier_progress(value bigint, ladder tier_ladder)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_progress';
COMMENT ON FUNCTION tier_progress(bigint, tier_ladder) IS
'the part of the way, 0 to 1, from the bound of the tier held (for the floor and below the ladder: 0) to that of the next tier; 1 at the top; 0 on the floor when the next bound is not positive; errors as tier()';

CREATE FUNCTION orders_to_next(value numeric, average_order_value numeric,
		ladder tier_ladder)
	RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_orders_to_next';
COMMENT ON FUNCTION orders_to_next(numeric, numeric, tier_ladder) IS
'how many orders of the average value lead to the next tier: ceil(gap / average), for a bound written > floor(gap / average) + 1, in exact decimals; NULL at the top; 22023 unless the average is positive; 22003 beyond bigint; errors as tier()';

CREATE FUNCTION orders_to_next(value double precision, average_order_value double precision,
		ladder tier_ladder)
	RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_orders_to_next';
COMMENT ON FUNCTION orders_to_next(double precision, double precision, tier_ladder) IS
'how many orders of the average value lead to the next tier: ceil(gap / average), for a bound written > floor(gap / average) + 1, in exact decimals; NULL at the top; 22023 unless the average is positive; 22003 beyond bigint; errors as tier()';

CREATE FUNCTION orders_to_next(value bigint, average_order_value bigint,
		ladder tier_ladder)
	RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_orders_to_next';
COMMENT ON FUNCTION orders_to_next(bigint, bigint, tier_ladder) IS
'how many orders of the average value lead to the next tier: ceil(gap / average), for a bound written > floor(gap / average) + 1, in exact decimals; NULL at the top; 22023 unless the average is positive; 22003 beyond bigint; errors as tier()';

-- rows on a ladder of rules

CREATE FUNCTION tier(measures record, ladder tier_ladder) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_row';
COMMENT ON FUNCTION tier(record, tier_ladder) IS
'the tier of a row: the first rung from the top whose rule its columns meet, a NULL column meeting nothing; NULL below a ladder without a floor; 42703 for a missing column, 42804 for one that is no number or a ladder on one figure, 55000 for a relative ladder, 22003 for NaN and infinities';

CREATE FUNCTION tier_rank(measures record, ladder tier_ladder) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_rank_row';
COMMENT ON FUNCTION tier_rank(record, tier_ladder) IS
'the rank of the tier of a row, 1 for the top; NULL where tier() is NULL; errors as tier()';

CREATE FUNCTION next_tier(measures record, ladder tier_ladder) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_next_tier_row';
COMMENT ON FUNCTION next_tier(record, tier_ladder) IS
'the tier above that of a row; NULL at the top; errors as tier()';

CREATE FUNCTION tier_gaps(measures record, ladder tier_ladder,
		target text DEFAULT NULL,
		OUT tier text, OUT alternative integer, OUT metric text,
		OUT operator text, OUT required numeric, OUT actual numeric,
		OUT gap numeric, OUT met boolean)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 4
	AS 'MODULE_PATHNAME', 'ct_tier_gaps';
COMMENT ON FUNCTION tier_gaps(record, tier_ladder, text) IS
'what a row has and lacks for the target tier (default: the next one up), one row for each condition; a tier is reached when every condition of one alternative is met; gap is 0 where it is met and NULL for a NULL column; no rows for the floor, at the top, and for NULL; 22023 for an unknown tier; errors as tier()';

-- from a relative ladder and a population to an absolute ladder

CREATE FUNCTION calibrate_ladder_step(state internal, value numeric,
		ladder tier_ladder)
	RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder';
COMMENT ON FUNCTION calibrate_ladder_step(internal, numeric, tier_ladder) IS
'transition function of calibrate_ladder()';

CREATE FUNCTION calibrate_ladder_step(state internal, value double precision,
		ladder tier_ladder)
	RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder';
COMMENT ON FUNCTION calibrate_ladder_step(internal, double precision, tier_ladder) IS
'transition function of calibrate_ladder()';

CREATE FUNCTION calibrate_ladder_step(state internal, value bigint,
		ladder tier_ladder)
	RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder';
COMMENT ON FUNCTION calibrate_ladder_step(internal, bigint, tier_ladder) IS
'transition function of calibrate_ladder()';

CREATE FUNCTION calibrate_ladder_step(state internal, measures record,
		ladder tier_ladder)
	RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder_row';
COMMENT ON FUNCTION calibrate_ladder_step(internal, record, tier_ladder) IS
'transition function of calibrate_ladder()';

CREATE FUNCTION calibrate_ladder_final(state internal) RETURNS tier_ladder
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder_final';
COMMENT ON FUNCTION calibrate_ladder_final(internal) IS
'final function of calibrate_ladder()';

CREATE AGGREGATE calibrate_ladder(value numeric, ladder tier_ladder) (
	SFUNC = calibrate_ladder_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_ladder_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_ladder(numeric, tier_ladder) IS
'the ladder with every relative condition made absolute against the non-NULL values: top p% is >= the k-th largest, k = ceil(p * N / 100); top n the n-th largest; share p% the least positive v with sum(values > v) * 100 < p * sum(positive values), > 0 without a positive one; NULL without a value; 22023 for a ladder that varies; also as a window function';

CREATE AGGREGATE calibrate_ladder(value double precision, ladder tier_ladder) (
	SFUNC = calibrate_ladder_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_ladder_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_ladder(double precision, tier_ladder) IS
'the ladder with every relative condition made absolute against the non-NULL values: top p% is >= the k-th largest, k = ceil(p * N / 100); top n the n-th largest; share p% the least positive v with sum(values > v) * 100 < p * sum(positive values), > 0 without a positive one; NULL without a value; 22023 for a ladder that varies; also as a window function';

CREATE AGGREGATE calibrate_ladder(value bigint, ladder tier_ladder) (
	SFUNC = calibrate_ladder_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_ladder_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_ladder(bigint, tier_ladder) IS
'the ladder with every relative condition made absolute against the non-NULL values: top p% is >= the k-th largest, k = ceil(p * N / 100); top n the n-th largest; share p% the least positive v with sum(values > v) * 100 < p * sum(positive values), > 0 without a positive one; NULL without a value; 22023 for a ladder that varies; also as a window function';

CREATE AGGREGATE calibrate_ladder(measures record, ladder tier_ladder) (
	SFUNC = calibrate_ladder_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_ladder_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_ladder(record, tier_ladder) IS
'the ladder of rules with every relative condition made absolute against the non-NULL values of its column; NULL when a relative condition has no value; errors as for values and as tier()';

