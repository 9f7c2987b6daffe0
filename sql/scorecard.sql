-- tier_scorecard: what a customer's figures are worth

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
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 6 ROWS 6
	AS 'MODULE_PATHNAME', 'ct_scorecard_criteria_rows';
COMMENT ON FUNCTION criteria(tier_scorecard) IS
'the criteria in the order of the text, position 1 first; scale as in the text, descending is its desc, missing is skip, zero or the score of a missing figure';

-- from figures to a value

CREATE FUNCTION weighted_value(measures record, scorecard tier_scorecard)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'ct_weighted_value';
COMMENT ON FUNCTION weighted_value(record, tier_scorecard) IS
'the weighted mean of the scores of a row''s columns, 0 to 100: sum(weight * score) / sum(weight) over the criteria whose column is not NULL or whose missing says what it scores, each score and the value rounded to 9 decimals; NULL when no criterion counts; 42703 for a missing column, 42804 for one that is no number, 55000 for a relative scorecard, 22003 for NaN and infinities; a double or real is the decimal that it prints, true is 1';

CREATE FUNCTION value_breakdown(measures record, scorecard tier_scorecard,
		OUT criterion text, OUT weight double precision,
		OUT raw double precision, OUT score double precision,
		OUT points double precision)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 7 ROWS 6
	AS 'MODULE_PATHNAME', 'ct_value_breakdown';
COMMENT ON FUNCTION value_breakdown(record, tier_scorecard) IS
'how weighted_value() comes about, one row for each criterion in the order of the text: raw is the figure, score its score, points = weight * score / sum of the weights that count, which add up to the value within 1e-9; raw is NULL for a missing figure, score and points too where it is skipped; no rows for NULL; errors as weighted_value()';

-- from a relative scorecard and a population to an absolute scorecard

CREATE FUNCTION calibrate_scorecard_step(state internal, measures record,
		scorecard tier_scorecard)
	RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 4
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
