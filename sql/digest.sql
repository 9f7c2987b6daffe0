-- What all digests have: states of aggregates, and merging.  How rows become a
-- digest, and digests figures, is in the file of each.

-- @each digest | space | plus | merges | limits
-- | order_digest | 256 | 1 | Merges digests | Errors: 22003 beyond 2^40 rows.
-- | payment_digest | 512 | 2 | Merges digests of the same as_of | Errors:
--   22023 when as_of differs, 22003 beyond 2^40 rows.
-- | balance_digest | 1024 | 15 | Merges digests, of several accounts, members
--   of a household or times | Different accounts add up; those of one name, or
--   of none, are one account. Errors: 21000 for two different balances of one
--   account on one day.
-- @each function | takes | gives | strictness | cost | about
-- | merge | internal, @digest@ | internal | CALLED ON NULL INPUT | 1 |
--   Transition function of rollup(@digest@).
-- | combine | internal, internal | internal | CALLED ON NULL INPUT | 1 |
--   Combine function of the aggregates @digest@ and rollup(@digest@).
-- | serialize | internal | bytea | STRICT | 1 | Serialization function of the
--   aggregates @digest@ and rollup(@digest@).
-- | deserialize | bytea, internal | internal | STRICT | 1 | Deserialization
--   function of the aggregates @digest@ and rollup(@digest@). Errors: 22P03
--   for anything that is no valid state.
-- | final | internal | @digest@ | CALLED ON NULL INPUT | 1 | Final function of
--   the aggregates @digest@ and rollup(@digest@).
-- | plus | @digest@, @digest@ | @digest@ | STRICT | @plus@ | Implements +.
CREATE FUNCTION @digest@_@function@(@takes@) RETURNS @gives@
	LANGUAGE C IMMUTABLE @strictness@ PARALLEL SAFE COST @cost@
	AS 'MODULE_PATHNAME', 'ct_@digest@_@function@';
COMMENT ON FUNCTION @digest@_@function@(@takes@) IS
'@about@';

-- @end
CREATE AGGREGATE rollup(digest @digest@) (
	SFUNC = @digest@_merge, STYPE = internal, SSPACE = @space@,
	FINALFUNC = @digest@_final, COMBINEFUNC = @digest@_combine,
	SERIALFUNC = @digest@_serialize, DESERIALFUNC = @digest@_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(@digest@) IS
'@merges@: those of parts rolled up equal the digest of the whole, to the bit. '
'NULL digests are ignored; no other: NULL. @limits@';

CREATE OPERATOR + (
	LEFTARG = @digest@, RIGHTARG = @digest@,
	FUNCTION = @digest@_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (@digest@, @digest@) IS
'@merges@ into that of all their rows. NULL if either is NULL (the aggregate '
'rollup ignores NULL). @limits@';

-- @end
