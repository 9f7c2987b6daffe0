-- Comparison of the types, so that their values can be grouped, made distinct,
-- sorted and indexed.  The order is that of the stored bytes.

-- @each type: order_digest, payment_digest, balance_digest, tier_scorecard, tier_ladder, tier_policy, tier_forecast
-- @each name | takes | gives | about
-- | eq | @type@, @type@ | boolean | Implements =.
-- | ne | @type@, @type@ | boolean | Implements <>.
-- | lt | @type@, @type@ | boolean | Implements <.
-- | le | @type@, @type@ | boolean | Implements <=.
-- | ge | @type@, @type@ | boolean | Implements >=.
-- | gt | @type@, @type@ | boolean | Implements >.
-- | cmp | @type@, @type@ | integer | Compares for btree indexes: -1, 0 or 1.
-- | hash | @type@ | integer | Hashes for hash indexes, joins and grouping.
-- | hash_extended | @type@, bigint | bigint | Hashes to 64 bits, with a seed.
CREATE FUNCTION @type@_@name@(@takes@) RETURNS @gives@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_@name@';
COMMENT ON FUNCTION @type@_@name@(@takes@) IS
'@about@';

-- @end
-- @each operator | name | commutator | negator | estimates | about
-- | = | eq | = | <> | RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES | The
--   same value, to the bit.
-- | <> | ne | <> | = | RESTRICT = neqsel, JOIN = neqjoinsel | Not the same
--   value.
-- | < | lt | > | >= | RESTRICT = scalarltsel, JOIN = scalarltjoinsel | Before,
--   in an order that has no meaning beyond being one.
-- | <= | le | >= | > | RESTRICT = scalarlesel, JOIN = scalarlejoinsel | Before
--   or equal, in an order that has no meaning beyond being one.
-- | >= | ge | <= | < | RESTRICT = scalargesel, JOIN = scalargejoinsel | After
--   or equal, in an order that has no meaning beyond being one.
-- | > | gt | < | <= | RESTRICT = scalargtsel, JOIN = scalargtjoinsel | After,
--   in an order that has no meaning beyond being one.
CREATE OPERATOR @operator@ (
	LEFTARG = @type@, RIGHTARG = @type@, FUNCTION = @type@_@name@,
	COMMUTATOR = @commutator@, NEGATOR = @negator@, @estimates@
);
COMMENT ON OPERATOR @operator@ (@type@, @type@) IS
'@about@';

-- @end
CREATE OPERATOR CLASS @type@_ops DEFAULT FOR TYPE @type@ USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 @type@_cmp(@type@, @type@);
COMMENT ON OPERATOR CLASS @type@_ops USING btree IS
'Sorts, for DISTINCT, merge joins and indexes; the order has no other meaning.';

CREATE OPERATOR CLASS @type@_ops DEFAULT FOR TYPE @type@ USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 @type@_hash(@type@),
	FUNCTION 2 @type@_hash_extended(@type@, bigint);
COMMENT ON OPERATOR CLASS @type@_ops USING hash IS
'Hashes, for GROUP BY, hash joins, hash indexes and hash partitions.';

-- @end
