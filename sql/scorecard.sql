-- tier_scorecard: what a customer's figures are worth

-- what a scorecard says

CREATE FUNCTION is_calibrated(scorecard tier_scorecard) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_scorecard_is_calibrated';
COMMENT ON FUNCTION is_calibrated(tier_scorecard) IS
'True when every scale is absolute, so that weighted_value() can use the scorecard.';

CREATE FUNCTION criteria(scorecard tier_scorecard,
		OUT "position" integer, OUT criterion text, OUT weight double precision,
		OUT scale text, OUT descending boolean, OUT missing text)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 6 ROWS 6
	AS 'MODULE_PATHNAME', 'ct_scorecard_criteria_rows';
COMMENT ON FUNCTION criteria(tier_scorecard) IS
'The criteria in the order of the text, position 1 first. scale is as in the text, descending says whether it has desc, missing is skip, zero or the score of a missing figure.';

-- from figures to a value

CREATE FUNCTION weighted_value(measures record, scorecard tier_scorecard)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'ct_weighted_value';
COMMENT ON FUNCTION weighted_value(record, tier_scorecard) IS
'The weighted mean of the scores of a row''s columns, 0 to 100: sum(weight * score) / sum(weight). A criterion whose column is NULL does not count, unless its missing says what it scores. Scores and the value are rounded to 9 decimals. A double precision or real figure is the decimal that it prints as, true is 1. NULL when no criterion counts. Errors: 42703 for a missing column, 42804 for one that is no number, 55000 for a relative scorecard, 22003 for NaN and infinities.';

CREATE FUNCTION value_breakdown(measures record, scorecard tier_scorecard,
		OUT criterion text, OUT weight double precision,
		OUT raw double precision, OUT score double precision,
		OUT points double precision)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 7 ROWS 6
	AS 'MODULE_PATHNAME', 'ct_value_breakdown';
COMMENT ON FUNCTION value_breakdown(record, tier_scorecard) IS
'What weighted_value() is made of, one row for each criterion in the order of the text. raw is the figure, score its score from 0 to 100, points = weight * score / sum of the weights that count. The points add up to the value within 1e-9. raw is NULL for a missing figure; if that is skipped, score and points are NULL too. No rows for NULL. Errors: as weighted_value().';

-- from a relative scorecard and a population to an absolute scorecard

CREATE FUNCTION calibrate_scorecard_step(state internal, measures record,
		scorecard tier_scorecard)
	RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 4
	AS 'MODULE_PATHNAME', 'ct_calibrate_scorecard_step';
COMMENT ON FUNCTION calibrate_scorecard_step(internal, record, tier_scorecard) IS
'Transition function of calibrate_scorecard().';

CREATE FUNCTION calibrate_scorecard_final(state internal)
	RETURNS tier_scorecard
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_calibrate_scorecard_final';
COMMENT ON FUNCTION calibrate_scorecard_final(internal) IS
'Final function of calibrate_scorecard().';

CREATE AGGREGATE calibrate_scorecard(measures record, scorecard tier_scorecard) (
	SFUNC = calibrate_scorecard_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = calibrate_scorecard_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE calibrate_scorecard(record, tier_scorecard) IS
'The scorecard with every relative scale made absolute against the non-NULL figures of the rows. minmax becomes linear(min, max); zscore linear(mean - 3 sd, mean + 3 sd) with the sample standard deviation; bins(n) the cuts at the n - 1 inner quantiles; percentile a curve through the percentiles, equal ones being one point with the mean of their first and last score. Quantiles are those of percentile_cont (type 7 of Hyndman and Fan 1996). Where all figures equal c the scale becomes curve(c: 50), where there is none curve(0: 50). A row in which an argument is NULL is ignored; NULL without other rows. Also a window function, for partitions: a frame that grows with ORDER BY is reckoned anew for each row. Errors: 22023 for a scorecard that varies; for columns as weighted_value().';
