-- how unevenly a sum is spread: gini() and top_share()

CREATE FUNCTION gini_final(state internal) RETURNS double precision
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_gini_final';
COMMENT ON FUNCTION gini_final(internal) IS
'Final function of gini().';

CREATE FUNCTION top_share_final(state internal) RETURNS numeric
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_top_share_final';
COMMENT ON FUNCTION top_share_final(internal) IS
'Final function of top_share().';

-- @each number: numeric, double precision, real, bigint
-- @each name | parameters | types | about
-- | gini | value @number@ | @number@ | The Gini coefficient of the non-NULL
--   values, sum((2 * i - n - 1) * x_i) / (n * sum(x_i)) over the sorted values
--   x_1 to x_n (Gini, 1912): 0 when all are equal, near 1 when one has all. It
--   is the double nearest to the exact ratio. NULL without a value, with a
--   negative one, and when all are 0. Also a window function, for partitions:
--   a frame that grows with ORDER BY is reckoned anew for each row. Errors:
--   22003 for NaN, infinities and sums beyond about 10^129000.
-- | top_share | value @number@, fraction double precision | @number@, double
--   precision | The sum of the ceil(fraction * N) largest of the N non-NULL
--   values over the sum of all: 0.8 is 80 %. fraction is above 0 and at most
--   1, the same in all rows, and counts as the decimal that it prints as. The
--   sums are exact; the division has at least 16 significant digits. Above 1
--   where values below 0 outweigh the rest of those above. NULL unless the sum
--   is positive. Also a window function, for partitions: a frame that grows
--   with ORDER BY is reckoned anew for each row. Errors: 22023 for another
--   fraction, 22004 for a NULL one, 22003 for NaN, infinities and sums beyond
--   numeric.
CREATE FUNCTION @name@_step(state internal, @parameters@) RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_@name@_step';
COMMENT ON FUNCTION @name@_step(internal, @types@) IS
'Transition function of @name@().';

CREATE AGGREGATE @name@(@parameters@) (
	SFUNC = @name@_step, STYPE = internal, SSPACE = 65536,
	FINALFUNC = @name@_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @name@(@types@) IS
'@about@';

-- @end
-- @end
