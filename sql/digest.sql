-- What all digests have: merging.  How rows become a digest, and digests
-- figures, is in the file of each.
--
-- A state of an aggregate is a digest, and is combined as digests are merged.
-- That of a balance_digest is sorted at the end.

CREATE FUNCTION balance_digest_final(balance_digest) RETURNS balance_digest
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_balance_digest_final';
COMMENT ON FUNCTION balance_digest_final(balance_digest) IS
'Final function of balance_digest and rollup(balance_digest), whose states '
'have the balances in the order in which they came. Errors: 21000 for two '
'different balances of one account on one day.';

-- @each digest | cost | options | merges | limits
-- | order_digest | 1 | SSPACE = 256 | Merges digests | Errors: 22003 beyond
--   2^40 rows of a kind or amounts that add up to more than 1.7 * 10^30.
-- | payment_digest | 2 | SSPACE = 512 | Merges digests of the same as_of |
--   Errors: 22023 when as_of differs, 22003 beyond 2^40 rows of a kind or
--   amounts that add up to more than 1.7 * 10^30.
-- | balance_digest | 15 | SSPACE = 1024, FINALFUNC = balance_digest_final |
--   Merges digests, of several accounts, members of a household or times |
--   Different accounts add up; those of one name, or of none, are one account.
--   Errors: 21000 for two different balances of one account on one day.
CREATE FUNCTION @digest@_merge(@digest@, @digest@) RETURNS @digest@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST @cost@ SUPPORT fused_support
	AS 'MODULE_PATHNAME', 'ct_@digest@_merge';
COMMENT ON FUNCTION @digest@_merge(@digest@, @digest@) IS
'Implements +; transition function of rollup(@digest@), and combine function '
'of it and @digest@.';

CREATE AGGREGATE rollup(digest @digest@) (
	SFUNC = @digest@_merge, STYPE = @digest@, @options@,
	COMBINEFUNC = @digest@_merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(@digest@) IS
'@merges@: those of parts rolled up equal the digest of the whole, to the bit. '
'NULL digests are ignored; no other: NULL. @limits@';

CREATE OPERATOR + (
	LEFTARG = @digest@, RIGHTARG = @digest@,
	FUNCTION = @digest@_merge, COMMUTATOR = +
);
COMMENT ON OPERATOR + (@digest@, @digest@) IS
'@merges@ into that of all their rows. NULL if either is NULL (the aggregate '
'rollup ignores NULL). @limits@';

-- @end
