-- weights for a scorecard

CREATE FUNCTION ahp_weights(comparison double precision[][],
		OUT weights double precision[], OUT lambda_max double precision,
		OUT consistency_ratio double precision)
	RETURNS record LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 30
	AS 'MODULE_PATHNAME', 'ct_ahp_weights_row';
COMMENT ON FUNCTION ahp_weights(double precision[]) IS
'Weights of 1 to 10 criteria from comparing them in pairs, by Saaty''s eigenvector method (The Analytic Hierarchy Process, 1980). comparison[i][j] says how many times as much criterion i matters as criterion j. The weights add up to 1. lambda_max is the principal eigenvalue. A consistency_ratio above 0.1 says that the comparisons contradict each other. Errors: 22023 for a matrix that is not square or not reciprocal (within 5e-6, so six decimal places are enough), 22004 for a NULL, 22003 for NaN and infinities.';

CREATE FUNCTION entropy_weights(figures double precision[][])
	RETURNS double precision[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 15
	AS 'MODULE_PATHNAME', 'ct_entropy_weights_array';
COMMENT ON FUNCTION entropy_weights(double precision[]) IS
'Weights of criteria from how unevenly their figures are spread, by the entropy weight method. figures has a row for each alternative (a customer, say) and a column for each criterion. A weight is 1 - entropy of the column''s shares, entropy in units of ln(rows); the weights are made to add up to 1. The order of the rows does not matter. A column of equal figures weighs 0; when all are such, all weigh the same. Errors: 22023 for a negative figure, 22004 for a NULL, 22003 for NaN and infinities.';
