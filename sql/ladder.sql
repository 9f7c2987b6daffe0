-- tier_ladder: who stands where, from the top rung down

-- what a ladder says

CREATE FUNCTION is_calibrated(ladder tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_ladder_is_calibrated';
COMMENT ON FUNCTION is_calibrated(tier_ladder) IS
'True when every condition is absolute, so that tier() can use the ladder.';

CREATE FUNCTION rungs(ladder tier_ladder,
		OUT rank integer, OUT tier text, OUT condition text, OUT bound numeric,
		OUT keep text)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 6 ROWS 5
	AS 'MODULE_PATHNAME', 'ct_ladder_rungs_rows';
COMMENT ON FUNCTION rungs(tier_ladder) IS
'The rungs from the top (rank 1) down. condition is NULL for the floor. bound is NULL unless the rung is a bound on one figure. keep is what keeping the rung at a review takes, NULL where the ladder does not say.';

CREATE FUNCTION tier_rank(label text, ladder tier_ladder) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_rank_label';
COMMENT ON FUNCTION tier_rank(text, tier_ladder) IS
'The position of a tier in the ladder, 1 for the top. Errors: 22023 for a label that the ladder does not have.';

-- one figure on a ladder

-- @each number | tier | tier_rank | difference
-- | numeric | ct_tier_numeric | ct_tier_rank_numeric | numeric
-- | double precision | ct_tier_double | ct_tier_rank_double | double precision
-- | real | ct_tier | ct_tier_rank | numeric
-- | bigint | ct_tier | ct_tier_rank | numeric
-- @each function | symbol | cost | arguments | result | about
-- | tier | @tier@ | 1 | value @number@, ladder tier_ladder | text | The tier
--   of a value: the first rung from the top whose bound it meets. NULL below a
--   ladder without a floor, and for NULL. Errors: 55000 for a relative ladder,
--   42804 for a ladder of rules, 22003 for NaN and infinities.
-- | tier_rank | @tier_rank@ | 1 | value @number@, ladder tier_ladder | integer
--   | The rank of the tier of a value, 1 for the top. NULL where tier() is
--   NULL. Errors: as tier().
-- | next_tier | ct_next_tier | 1 | value @number@, ladder tier_ladder | text |
--   The tier one would hold on meeting the nearest unmet bound, of equal
--   bounds the topmost. NULL at the top, and for NULL. Errors: as tier().
-- | gap_to_next | ct_gap_to_next | 5 | value @number@, ladder tier_ladder |
--   @difference@ | The bound of the next tier minus the value, in the unit of
--   the value: the exact difference of the decimals, for double precision the
--   double nearest to it. It may be 0 where the bound is written >. NULL at
--   the top, and for NULL. Errors: as tier().
-- | tier_progress | ct_tier_progress | 8 | value @number@, ladder tier_ladder
--   | double precision | The part of the way, 0 to 1, from the bound of the
--   tier held (for the floor and below the ladder: 0) to that of the next
--   tier. 1 at the top; 0 on the floor when the next bound is not positive.
--   NULL for NULL. Errors: as tier().
-- | orders_to_next | ct_orders_to_next | 10 | value @number@,
--   average_order_value @number@, ladder tier_ladder | bigint | How many
--   orders of the average value lead to the next tier: ceil(gap / average),
--   for a bound written > floor(gap / average) + 1, in exact decimals. NULL at
--   the top, for NULL, and for an average that is not positive, of which no
--   number gets there. Errors: 22003 beyond bigint; others as tier().
CREATE FUNCTION @function@(@arguments@) RETURNS @result@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST @cost@
	AS 'MODULE_PATHNAME', '@symbol@';
COMMENT ON FUNCTION @function@(@arguments@) IS
'@about@';

-- @end
-- @end
-- rows on a ladder of rules

-- @each function | result | about
-- | tier | text | The tier of a row: the first rung from the top whose rule
--   its columns meet; a NULL column meets nothing. NULL below a ladder without
--   a floor, and for NULL. Errors: 42703 for a missing column, 42804 for one
--   that is no number or a ladder on one figure, 55000 for a relative ladder,
--   22003 for NaN and infinities.
-- | tier_rank | integer | The rank of the tier of a row, 1 for the top. NULL
--   where tier() is NULL. Errors: as tier().
-- | next_tier | text | The tier above that of a row. NULL at the top, and for
--   NULL. Errors: as tier().
CREATE FUNCTION @function@(measures record, ladder tier_ladder) RETURNS @result@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 3
	AS 'MODULE_PATHNAME', 'ct_@function@_row';
COMMENT ON FUNCTION @function@(record, tier_ladder) IS
'@about@';

-- @end
CREATE FUNCTION tier_gaps(measures record, ladder tier_ladder,
		target text DEFAULT NULL,
		OUT tier text, OUT alternative integer, OUT metric text,
		OUT operator text, OUT required numeric, OUT actual numeric,
		OUT gap numeric, OUT met boolean)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 8 ROWS 4
	AS 'MODULE_PATHNAME', 'ct_tier_gaps';
COMMENT ON FUNCTION tier_gaps(record, tier_ladder, text) IS
'What a row has and lacks for the target tier (default: the next one up), on a ladder of rules: one row for each condition. A tier is reached when every condition of one alternative is met. required, actual and gap are in the unit of the metric; gap is 0 where the condition is met, NULL for a NULL column. No rows for the floor, at the top, and for NULL. Errors: 22023 for an unknown tier; others as tier().';

-- from a relative ladder and a population to an absolute ladder

CREATE FUNCTION calibrate_ladder_final(state internal) RETURNS tier_ladder
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder_final';
COMMENT ON FUNCTION calibrate_ladder_final(internal) IS
'Final function of calibrate_ladder().';

-- @each number: numeric, double precision, real, bigint
CREATE FUNCTION calibrate_ladder_step(state internal, value @number@,
		ladder tier_ladder) RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder';
COMMENT ON FUNCTION calibrate_ladder_step(internal, @number@, tier_ladder) IS
'Transition function of calibrate_ladder().';

CREATE AGGREGATE calibrate_ladder(value @number@, ladder tier_ladder) (
	SFUNC = calibrate_ladder_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_ladder_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_ladder(@number@, tier_ladder) IS
'The ladder with every relative condition made absolute against the non-NULL values. top p% becomes >= the k-th largest, k = ceil(p * N / 100); top n the n-th largest; share p% the least positive v with sum(values > v) * 100 < p * sum(positive values), > 0 without a positive one. So do conditions of keeping. Equal values are never split. NULL without a value. Also a window function, for partitions: a frame that grows with ORDER BY is reckoned anew for each row. Errors: 22023 for a ladder that varies, 42804 for a ladder of rules, 22003 for NaN and infinities.';

-- @end
CREATE FUNCTION calibrate_ladder_step(state internal, measures record,
		ladder tier_ladder) RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 3
	AS 'MODULE_PATHNAME', 'ct_calibrate_ladder_row';
COMMENT ON FUNCTION calibrate_ladder_step(internal, record, tier_ladder) IS
'Transition function of calibrate_ladder().';

CREATE AGGREGATE calibrate_ladder(measures record, ladder tier_ladder) (
	SFUNC = calibrate_ladder_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_ladder_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_ladder(record, tier_ladder) IS
'The ladder of rules with every relative condition made absolute against the non-NULL values of its column, as for values. NULL when a relative condition has no value. Also a window function, for partitions: a frame that grows with ORDER BY is reckoned anew for each row. Errors: 22023 for a ladder that varies; for columns as tier().';

