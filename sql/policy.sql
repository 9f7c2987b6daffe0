-- tier_policy: when a tier is reviewed, and how it may fall

CREATE TYPE tier_policy;

CREATE FUNCTION tier_policy_in(cstring) RETURNS tier_policy
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_policy_in';
COMMENT ON FUNCTION tier_policy_in(cstring) IS
'reads a policy; an unknown, repeated or contradictory clause is 22P02 with position and hint';

CREATE FUNCTION tier_policy_out(tier_policy) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_policy_out';
COMMENT ON FUNCTION tier_policy_out(tier_policy) IS
'writes the canonical text, which reads back to the same policy: the clauses that differ from the default, in the order review, upgrade, drop, grace, keep';

CREATE FUNCTION tier_policy_recv(internal) RETURNS tier_policy
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_policy_recv';
COMMENT ON FUNCTION tier_policy_recv(internal) IS
'reads the binary form: a version byte and the canonical text';

CREATE FUNCTION tier_policy_send(tier_policy) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_policy_send';
COMMENT ON FUNCTION tier_policy_send(tier_policy) IS
'writes the binary form: a version byte and the canonical text';

CREATE TYPE tier_policy (
	INPUT = tier_policy_in,
	OUTPUT = tier_policy_out,
	RECEIVE = tier_policy_recv,
	SEND = tier_policy_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = plain
);
COMMENT ON TYPE tier_policy IS
'when a tier is reviewed and how it may fall: '''' (review always, upgrade now, drop to fit), or clauses such as ''review every 12 months, upgrade at review, drop one step, grace 30 days, keep at 80%''';

-- comparison

CREATE FUNCTION tier_policy_eq(tier_policy, tier_policy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_eq';
COMMENT ON FUNCTION tier_policy_eq(tier_policy, tier_policy) IS
'implementation of =';

CREATE FUNCTION tier_policy_ne(tier_policy, tier_policy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_ne';
COMMENT ON FUNCTION tier_policy_ne(tier_policy, tier_policy) IS
'implementation of <>';

CREATE FUNCTION tier_policy_lt(tier_policy, tier_policy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_lt';
COMMENT ON FUNCTION tier_policy_lt(tier_policy, tier_policy) IS
'implementation of <';

CREATE FUNCTION tier_policy_le(tier_policy, tier_policy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_le';
COMMENT ON FUNCTION tier_policy_le(tier_policy, tier_policy) IS
'implementation of <=';

CREATE FUNCTION tier_policy_ge(tier_policy, tier_policy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_ge';
COMMENT ON FUNCTION tier_policy_ge(tier_policy, tier_policy) IS
'implementation of >=';

CREATE FUNCTION tier_policy_gt(tier_policy, tier_policy) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_gt';
COMMENT ON FUNCTION tier_policy_gt(tier_policy, tier_policy) IS
'implementation of >';

CREATE OPERATOR = (
	LEFTARG = tier_policy, RIGHTARG = tier_policy,
	FUNCTION = tier_policy_eq, COMMUTATOR = =, NEGATOR = <>,
	RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);
COMMENT ON OPERATOR = (tier_policy, tier_policy) IS
'equal';

CREATE OPERATOR <> (
	LEFTARG = tier_policy, RIGHTARG = tier_policy,
	FUNCTION = tier_policy_ne, COMMUTATOR = <>, NEGATOR = =,
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (tier_policy, tier_policy) IS
'not equal';

CREATE OPERATOR < (
	LEFTARG = tier_policy, RIGHTARG = tier_policy,
	FUNCTION = tier_policy_lt, COMMUTATOR = >, NEGATOR = >=,
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (tier_policy, tier_policy) IS
'before, in an arbitrary but total order';

CREATE OPERATOR <= (
	LEFTARG = tier_policy, RIGHTARG = tier_policy,
	FUNCTION = tier_policy_le, COMMUTATOR = >=, NEGATOR = >,
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (tier_policy, tier_policy) IS
'before or equal, in an arbitrary but total order';

CREATE OPERATOR >= (
	LEFTARG = tier_policy, RIGHTARG = tier_policy,
	FUNCTION = tier_policy_ge, COMMUTATOR = <=, NEGATOR = <,
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (tier_policy, tier_policy) IS
'after or equal, in an arbitrary but total order';

CREATE OPERATOR > (
	LEFTARG = tier_policy, RIGHTARG = tier_policy,
	FUNCTION = tier_policy_gt, COMMUTATOR = <, NEGATOR = <=,
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (tier_policy, tier_policy) IS
'after, in an arbitrary but total order';

CREATE FUNCTION tier_policy_cmp(tier_policy, tier_policy) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_cmp';
COMMENT ON FUNCTION tier_policy_cmp(tier_policy, tier_policy) IS
'-1, 0 or 1, in an arbitrary but total order, for btree indexes';

CREATE FUNCTION tier_policy_hash(tier_policy) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_hash';
COMMENT ON FUNCTION tier_policy_hash(tier_policy) IS
'hash, for hash indexes, joins and grouping';

CREATE FUNCTION tier_policy_hash_extended(tier_policy, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_bytes_hash_extended';
COMMENT ON FUNCTION tier_policy_hash_extended(tier_policy, bigint) IS
'seeded 64-bit hash, for hash partitioning';

CREATE OPERATOR CLASS tier_policy_ops DEFAULT FOR TYPE tier_policy
	USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 tier_policy_cmp(tier_policy, tier_policy);
COMMENT ON OPERATOR CLASS tier_policy_ops USING btree IS
'policies in an arbitrary but total order';

CREATE OPERATOR CLASS tier_policy_ops DEFAULT FOR TYPE tier_policy
	USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 tier_policy_hash(tier_policy),
	FUNCTION 2 tier_policy_hash_extended(tier_policy, bigint);
COMMENT ON OPERATOR CLASS tier_policy_ops USING hash IS
'policies by equality';
