CREATE TYPE balance_digest;

CREATE FUNCTION balance_digest_in(cstring) RETURNS balance_digest
AS 'MODULE_PATHNAME', 'ct_balance_digest_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_in(cstring) IS
'Input function of balance_digest. Errors: 22P02 with the position and what '
'was expected, or the balances that exclude each other.';

CREATE FUNCTION balance_digest_out(balance_digest) RETURNS cstring
AS 'MODULE_PATHNAME', 'ct_balance_digest_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_out(balance_digest) IS
'Output function of balance_digest: lossless, the same whatever the '
'session''s settings.';

CREATE FUNCTION balance_digest_recv(internal) RETURNS balance_digest
AS 'MODULE_PATHNAME', 'ct_balance_digest_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_recv(internal) IS
'Binary input function of balance_digest. Accounts and days may come in any '
'order, and more than once, as in text. Errors: 22P03 for a message that is '
'no digest.';

CREATE FUNCTION balance_digest_send(balance_digest) RETURNS bytea
AS 'MODULE_PATHNAME', 'ct_balance_digest_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_send(balance_digest) IS
'Binary output function of balance_digest: lossless, network byte order.';

CREATE TYPE balance_digest (
	INPUT = balance_digest_in,
	OUTPUT = balance_digest_out,
	RECEIVE = balance_digest_recv,
	SEND = balance_digest_send,
	STORAGE = extended
);
COMMENT ON TYPE balance_digest IS
'Closing balances of one or more accounts. Made by the aggregate '
'balance_digest, merged by rollup() and +, read by daily_average() and '
'balance_at(). Every balance is kept: some 20 bytes each. Text: {2024-03-01: '
'120.5, "savings": {2024-03-02: 10}}, the unnamed account first.';

-- Equality, so that a digest can be compared, grouped and made distinct.

CREATE FUNCTION balance_digest_eq(balance_digest, balance_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_eq'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_eq(balance_digest, balance_digest) IS
'Implements =: the same digest, to the bit.';

CREATE FUNCTION balance_digest_ne(balance_digest, balance_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_ne'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_ne(balance_digest, balance_digest) IS
'Implements <>: not the same digest.';

CREATE FUNCTION balance_digest_lt(balance_digest, balance_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_lt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_lt(balance_digest, balance_digest) IS
'Implements <: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION balance_digest_le(balance_digest, balance_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_le'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_le(balance_digest, balance_digest) IS
'Implements <=: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION balance_digest_gt(balance_digest, balance_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_gt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_gt(balance_digest, balance_digest) IS
'Implements >: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION balance_digest_ge(balance_digest, balance_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_ge'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_ge(balance_digest, balance_digest) IS
'Implements >=: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION balance_digest_cmp(balance_digest, balance_digest)
RETURNS integer
AS 'MODULE_PATHNAME', 'ct_bytes_cmp'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_cmp(balance_digest, balance_digest) IS
'Comparison for btree: -1, 0 or 1.';

CREATE FUNCTION balance_digest_hash(balance_digest) RETURNS integer
AS 'MODULE_PATHNAME', 'ct_bytes_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_hash(balance_digest) IS 'Hash value.';

CREATE FUNCTION balance_digest_hash_extended(balance_digest, bigint)
RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_bytes_hash_extended'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_hash_extended(balance_digest, bigint) IS
'Hash value of 64 bits with a seed.';

CREATE OPERATOR = (
	LEFTARG = balance_digest, RIGHTARG = balance_digest,
	FUNCTION = balance_digest_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);
COMMENT ON OPERATOR = (balance_digest, balance_digest) IS
'The same digest, to the bit.';

CREATE OPERATOR <> (
	LEFTARG = balance_digest, RIGHTARG = balance_digest,
	FUNCTION = balance_digest_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (balance_digest, balance_digest) IS
'Not the same digest.';

CREATE OPERATOR < (
	LEFTARG = balance_digest, RIGHTARG = balance_digest,
	FUNCTION = balance_digest_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (balance_digest, balance_digest) IS
'Before in the order of the stored bytes.';

CREATE OPERATOR <= (
	LEFTARG = balance_digest, RIGHTARG = balance_digest,
	FUNCTION = balance_digest_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (balance_digest, balance_digest) IS
'Before in the order of the stored bytes, or equal.';

CREATE OPERATOR > (
	LEFTARG = balance_digest, RIGHTARG = balance_digest,
	FUNCTION = balance_digest_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (balance_digest, balance_digest) IS
'After in the order of the stored bytes.';

CREATE OPERATOR >= (
	LEFTARG = balance_digest, RIGHTARG = balance_digest,
	FUNCTION = balance_digest_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (balance_digest, balance_digest) IS
'After in the order of the stored bytes, or equal.';

CREATE OPERATOR CLASS balance_digest_ops DEFAULT
FOR TYPE balance_digest USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 balance_digest_cmp(balance_digest, balance_digest);
COMMENT ON OPERATOR CLASS balance_digest_ops USING btree IS
'Sorting of digests, for DISTINCT and merge joins; the order has no other '
'meaning.';

CREATE OPERATOR CLASS balance_digest_ops DEFAULT
FOR TYPE balance_digest USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 balance_digest_hash(balance_digest),
	FUNCTION 2 balance_digest_hash_extended(balance_digest, bigint);
COMMENT ON OPERATOR CLASS balance_digest_ops USING hash IS
'Hashing of digests, for GROUP BY and hash joins.';

-- From rows to a digest.

CREATE FUNCTION balance_digest_add(internal, numeric, date) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_add(internal, numeric, date) IS
'Transition function of balance_digest(numeric, date).';

CREATE FUNCTION balance_digest_add(internal, numeric, date, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_add(internal, numeric, date, text) IS
'Transition function of balance_digest(numeric, date, text).';

CREATE FUNCTION balance_digest_add(internal, double precision, date)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_add(internal, double precision, date) IS
'Transition function of balance_digest(double precision, date).';

CREATE FUNCTION balance_digest_add(internal, double precision, date, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_add(internal, double precision, date, text) IS
'Transition function of balance_digest(double precision, date, text).';

CREATE FUNCTION balance_digest_add(internal, bigint, date) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_add(internal, bigint, date) IS
'Transition function of balance_digest(bigint, date).';

CREATE FUNCTION balance_digest_add(internal, bigint, date, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_add(internal, bigint, date, text) IS
'Transition function of balance_digest(bigint, date, text).';

CREATE FUNCTION balance_digest_merge(internal, balance_digest) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_merge'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_merge(internal, balance_digest) IS
'Transition function of rollup(balance_digest).';

CREATE FUNCTION balance_digest_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_combine(internal, internal) IS
'Combine function of the aggregates balance_digest and '
'rollup(balance_digest).';

CREATE FUNCTION balance_digest_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'ct_balance_digest_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_serialize(internal) IS
'Serialization function of the aggregates balance_digest and '
'rollup(balance_digest).';

CREATE FUNCTION balance_digest_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_balance_digest_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_deserialize(bytea, internal) IS
'Deserialization function of the aggregates balance_digest and '
'rollup(balance_digest). Errors: 22P03 for anything that is no valid state.';

CREATE FUNCTION balance_digest_final(internal) RETURNS balance_digest
AS 'MODULE_PATHNAME', 'ct_balance_digest_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_final(internal) IS
'Final function of the aggregates balance_digest and rollup(balance_digest).';

CREATE AGGREGATE balance_digest(balance numeric, at date) (
	SFUNC = balance_digest_add, STYPE = internal, SSPACE = 1024,
	FINALFUNC = balance_digest_final,
	COMBINEFUNC = balance_digest_combine, SERIALFUNC = balance_digest_serialize,
	DESERIALFUNC = balance_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE balance_digest(numeric, date) IS
'The digest of closing balances: the balance at the end of a day, which '
'holds until the next one. Only days on which it changed are needed, in any '
'order. Balances are taken to 8 decimal places, a ninth rounded half away '
'from zero. The same balance given twice for a day is one; two different '
'ones are an error, since only one of them can be the closing balance. A row '
'with a NULL balance or date is ignored; no other row: NULL. Errors: 21000 '
'for two balances on one day, naming it; 22003 for NaN, infinities, infinite '
'dates and balances beyond 10^22; 54000 beyond 1 GB.';

CREATE AGGREGATE balance_digest(balance numeric, at date, account text) (
	SFUNC = balance_digest_add, STYPE = internal, SSPACE = 1024,
	FINALFUNC = balance_digest_final,
	COMBINEFUNC = balance_digest_combine, SERIALFUNC = balance_digest_serialize,
	DESERIALFUNC = balance_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE balance_digest(numeric, date, text) IS
'As balance_digest(numeric, date). Balances are those of an account; account '
'NULL is one account of its own, the unnamed one. Balances of different '
'accounts or people that are to be rolled up need different names, such as '
'person || ''/'' || account: those of one name, or of none, are those of one '
'account. Names are compared as bytes, whatever the collation.';

CREATE AGGREGATE balance_digest(balance double precision, at date) (
	SFUNC = balance_digest_add, STYPE = internal, SSPACE = 1024,
	FINALFUNC = balance_digest_final,
	COMBINEFUNC = balance_digest_combine, SERIALFUNC = balance_digest_serialize,
	DESERIALFUNC = balance_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE balance_digest(double precision, date) IS
'As balance_digest(numeric, date). A double precision balance is the decimal '
'that it is printed as (shortest round trip).';

CREATE AGGREGATE balance_digest(balance double precision, at date, account text) (
	SFUNC = balance_digest_add, STYPE = internal, SSPACE = 1024,
	FINALFUNC = balance_digest_final,
	COMBINEFUNC = balance_digest_combine, SERIALFUNC = balance_digest_serialize,
	DESERIALFUNC = balance_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE balance_digest(double precision, date, text) IS
'As balance_digest(numeric, date). A double precision balance is the decimal '
'that it is printed as (shortest round trip). Balances are those of an '
'account; account NULL is one account of its own, the unnamed one. Balances '
'of different accounts or people that are to be rolled up need different '
'names, such as person || ''/'' || account: those of one name, or of none, '
'are those of one account. Names are compared as bytes, whatever the '
'collation.';

CREATE AGGREGATE balance_digest(balance bigint, at date) (
	SFUNC = balance_digest_add, STYPE = internal, SSPACE = 1024,
	FINALFUNC = balance_digest_final,
	COMBINEFUNC = balance_digest_combine, SERIALFUNC = balance_digest_serialize,
	DESERIALFUNC = balance_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE balance_digest(bigint, date) IS
'As balance_digest(numeric, date).';

CREATE AGGREGATE balance_digest(balance bigint, at date, account text) (
	SFUNC = balance_digest_add, STYPE = internal, SSPACE = 1024,
	FINALFUNC = balance_digest_final,
	COMBINEFUNC = balance_digest_combine, SERIALFUNC = balance_digest_serialize,
	DESERIALFUNC = balance_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE balance_digest(bigint, date, text) IS
'As balance_digest(numeric, date). Balances are those of an account; account '
'NULL is one account of its own, the unnamed one. Balances of different '
'accounts or people that are to be rolled up need different names, such as '
'person || ''/'' || account: those of one name, or of none, are those of one '
'account. Names are compared as bytes, whatever the collation.';

CREATE AGGREGATE rollup(digest balance_digest) (
	SFUNC = balance_digest_merge, STYPE = internal, SSPACE = 1024,
	FINALFUNC = balance_digest_final,
	COMBINEFUNC = balance_digest_combine, SERIALFUNC = balance_digest_serialize,
	DESERIALFUNC = balance_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(balance_digest) IS
'Merges digests, of several accounts, members of a household or times: those '
'of parts rolled up equal the digest of the whole, to the bit. NULL digests '
'are ignored; no other: NULL. Different accounts add up; those of one name, '
'or of none, are one account. Errors: 21000 for two different balances of '
'one account on one day.';

CREATE FUNCTION balance_digest_plus(balance_digest, balance_digest)
RETURNS balance_digest
AS 'MODULE_PATHNAME', 'ct_balance_digest_plus'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_digest_plus(balance_digest, balance_digest) IS
'Implements +.';

CREATE OPERATOR + (
	LEFTARG = balance_digest, RIGHTARG = balance_digest,
	FUNCTION = balance_digest_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (balance_digest, balance_digest) IS
'Merges two digests into that of all their balances. NULL if either is NULL '
'(the aggregate rollup ignores NULL). Different accounts add up; those of '
'one name, or of none, are one account. Errors: 21000 for two different '
'balances of one account on one day.';

-- From a digest to figures.  Amounts: numeric.

CREATE FUNCTION daily_average(digest balance_digest, from_date date, to_date date)
RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_daily_average'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION daily_average(balance_digest, date, date) IS
'The mean closing balance over the days from from_date on, to_date not among '
'them, rounded half away from zero to 8 decimal places: of each account the '
'last balance is carried forward, it is 0 before the first, and the accounts '
'are added up. The sum over the days is exact. Errors: 22023 unless '
'from_date is before to_date, 22003 for infinite dates.';

CREATE FUNCTION balance_at(digest balance_digest, day date) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_balance_at_day'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION balance_at(balance_digest, date) IS
'The closing balance of a day, all accounts added up: of each the last one '
'up to that day, 0 before the first; exact. Errors: 22003 for an infinite '
'date.';

