CREATE TYPE payment_digest;

CREATE FUNCTION payment_digest_in(cstring) RETURNS payment_digest
AS 'MODULE_PATHNAME', 'ct_payment_digest_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_in(cstring) IS
'Input function of payment_digest. Errors: 22P02 with the position and what '
'was expected, or which figures cannot belong to any rows.';

CREATE FUNCTION payment_digest_out(payment_digest) RETURNS cstring
AS 'MODULE_PATHNAME', 'ct_payment_digest_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_out(payment_digest) IS
'Output function of payment_digest: lossless, the same whatever the '
'session''s settings.';

CREATE FUNCTION payment_digest_recv(internal) RETURNS payment_digest
AS 'MODULE_PATHNAME', 'ct_payment_digest_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_recv(internal) IS
'Binary input function of payment_digest. Errors: 22P03 for whatever '
'payment_digest_send cannot have written.';

CREATE FUNCTION payment_digest_send(payment_digest) RETURNS bytea
AS 'MODULE_PATHNAME', 'ct_payment_digest_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_send(payment_digest) IS
'Binary output function of payment_digest: lossless, network byte order.';

CREATE TYPE payment_digest (
	INPUT = payment_digest_in,
	OUTPUT = payment_digest_out,
	RECEIVE = payment_digest_recv,
	SEND = payment_digest_send,
	STORAGE = extended
);
COMMENT ON TYPE payment_digest IS
'How a customer pays, as of a day: amounts and counts of payments by how '
'late they are. Made by the aggregate payment_digest, merged by rollup() and '
'+, read by billed(), payment_score() and their like. Of fixed size, 312 '
'bytes. Text: {as_of: 2024-03-01, billed: 120.5, ...}.';

-- Equality, so that a digest can be compared, grouped and made distinct.

CREATE FUNCTION payment_digest_eq(payment_digest, payment_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_eq'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_eq(payment_digest, payment_digest) IS
'Implements =: the same digest, to the bit.';

CREATE FUNCTION payment_digest_ne(payment_digest, payment_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_ne'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_ne(payment_digest, payment_digest) IS
'Implements <>: not the same digest.';

CREATE FUNCTION payment_digest_lt(payment_digest, payment_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_lt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_lt(payment_digest, payment_digest) IS
'Implements <: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION payment_digest_le(payment_digest, payment_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_le'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_le(payment_digest, payment_digest) IS
'Implements <=: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION payment_digest_gt(payment_digest, payment_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_gt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_gt(payment_digest, payment_digest) IS
'Implements >: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION payment_digest_ge(payment_digest, payment_digest)
RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_ge'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_ge(payment_digest, payment_digest) IS
'Implements >=: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION payment_digest_cmp(payment_digest, payment_digest)
RETURNS integer
AS 'MODULE_PATHNAME', 'ct_bytes_cmp'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_cmp(payment_digest, payment_digest) IS
'Comparison for btree: -1, 0 or 1.';

CREATE FUNCTION payment_digest_hash(payment_digest) RETURNS integer
AS 'MODULE_PATHNAME', 'ct_bytes_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_hash(payment_digest) IS 'Hash value.';

CREATE FUNCTION payment_digest_hash_extended(payment_digest, bigint)
RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_bytes_hash_extended'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_hash_extended(payment_digest, bigint) IS
'Hash value of 64 bits with a seed.';

CREATE OPERATOR = (
	LEFTARG = payment_digest, RIGHTARG = payment_digest,
	FUNCTION = payment_digest_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);
COMMENT ON OPERATOR = (payment_digest, payment_digest) IS
'The same digest, to the bit.';

CREATE OPERATOR <> (
	LEFTARG = payment_digest, RIGHTARG = payment_digest,
	FUNCTION = payment_digest_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (payment_digest, payment_digest) IS
'Not the same digest.';

CREATE OPERATOR < (
	LEFTARG = payment_digest, RIGHTARG = payment_digest,
	FUNCTION = payment_digest_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (payment_digest, payment_digest) IS
'Before in the order of the stored bytes.';

CREATE OPERATOR <= (
	LEFTARG = payment_digest, RIGHTARG = payment_digest,
	FUNCTION = payment_digest_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (payment_digest, payment_digest) IS
'Before in the order of the stored bytes, or equal.';

CREATE OPERATOR > (
	LEFTARG = payment_digest, RIGHTARG = payment_digest,
	FUNCTION = payment_digest_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (payment_digest, payment_digest) IS
'After in the order of the stored bytes.';

CREATE OPERATOR >= (
	LEFTARG = payment_digest, RIGHTARG = payment_digest,
	FUNCTION = payment_digest_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (payment_digest, payment_digest) IS
'After in the order of the stored bytes, or equal.';

CREATE OPERATOR CLASS payment_digest_ops DEFAULT
FOR TYPE payment_digest USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 payment_digest_cmp(payment_digest, payment_digest);
COMMENT ON OPERATOR CLASS payment_digest_ops USING btree IS
'Sorting of digests, for DISTINCT and merge joins; the order has no other '
'meaning.';

CREATE OPERATOR CLASS payment_digest_ops DEFAULT
FOR TYPE payment_digest USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 payment_digest_hash(payment_digest),
	FUNCTION 2 payment_digest_hash_extended(payment_digest, bigint);
COMMENT ON OPERATOR CLASS payment_digest_ops USING hash IS
'Hashing of digests, for GROUP BY and hash joins.';

-- From rows to a digest.

CREATE FUNCTION payment_digest_add(internal, numeric, date, date, date)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_add(internal, numeric, date, date, date) IS
'Transition function of payment_digest(numeric, date, date, date).';

CREATE FUNCTION payment_digest_add(internal, numeric, date, date, date, boolean)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_add(internal, numeric, date, date, date, boolean) IS
'Transition function of payment_digest(numeric, date, date, date, boolean).';

CREATE FUNCTION payment_digest_add(internal, double precision, date, date, date)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_add(internal, double precision, date, date, date) IS
'Transition function of payment_digest(double precision, date, date, date).';

CREATE FUNCTION payment_digest_add(internal, double precision, date, date, date, boolean)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_add(internal, double precision, date, date, date, boolean) IS
'Transition function of payment_digest(double precision, date, date, date, '
'boolean).';

CREATE FUNCTION payment_digest_add(internal, bigint, date, date, date)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_add(internal, bigint, date, date, date) IS
'Transition function of payment_digest(bigint, date, date, date).';

CREATE FUNCTION payment_digest_add(internal, bigint, date, date, date, boolean)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_add(internal, bigint, date, date, date, boolean) IS
'Transition function of payment_digest(bigint, date, date, date, boolean).';

CREATE FUNCTION payment_digest_merge(internal, payment_digest) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_merge'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_merge(internal, payment_digest) IS
'Transition function of rollup(payment_digest).';

CREATE FUNCTION payment_digest_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_combine(internal, internal) IS
'Combine function of the aggregates payment_digest and '
'rollup(payment_digest).';

CREATE FUNCTION payment_digest_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'ct_payment_digest_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_serialize(internal) IS
'Serialization function of the aggregates payment_digest and '
'rollup(payment_digest).';

CREATE FUNCTION payment_digest_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_payment_digest_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_deserialize(bytea, internal) IS
'Deserialization function of the aggregates payment_digest and '
'rollup(payment_digest). Errors: 22P03 for anything that is no valid state.';

CREATE FUNCTION payment_digest_final(internal) RETURNS payment_digest
AS 'MODULE_PATHNAME', 'ct_payment_digest_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_final(internal) IS
'Final function of the aggregates payment_digest and rollup(payment_digest).';

CREATE AGGREGATE payment_digest(
	amount numeric, due_on date, paid_on date, as_of date
) (
	SFUNC = payment_digest_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = payment_digest_final,
	COMBINEFUNC = payment_digest_combine, SERIALFUNC = payment_digest_serialize,
	DESERIALFUNC = payment_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_digest(numeric, date, date, date) IS
'The digest of a customer''s payments: one row per invoice or instalment, as '
'of a day. paid_on NULL or after as_of is open. Classes: on time, 1-30, '
'31-60, 61-90 and over 90 days late, by paid_on - due_on, or as_of - due_on '
'while open; and not yet due: open and due on as_of or later. A negative '
'amount is a credit note, which counts in billed, paid and outstanding only. '
'Amounts are taken to 8 decimal places, a ninth rounded half away from zero, '
'and added exactly: the same rows give the same digest whatever their order '
'or the plan. A row with a NULL amount or due_on is ignored; no other row: '
'NULL. To judge the last year, take the rows with due_on >= as_of - 1 year '
'OR paid_on IS NULL OR paid_on >= as_of - 1 year: by due_on alone, what has '
'been owed for longer, or was paid very late, would drop out and improve the '
'score. Errors: 22003 for NaN, infinities, infinite dates and amounts beyond '
'10^22; 22004 for a NULL as_of; 22023 when as_of differs between rows.';

CREATE AGGREGATE payment_digest(
	amount numeric, due_on date, paid_on date, as_of date, excused boolean
) (
	SFUNC = payment_digest_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = payment_digest_final,
	COMBINEFUNC = payment_digest_combine, SERIALFUNC = payment_digest_serialize,
	DESERIALFUNC = payment_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_digest(numeric, date, date, date, boolean) IS
'As payment_digest(numeric, date, date, date). A late payment that is '
'excused (a dispute, a fault of ours) counts as on time in every respect, '
'and in excused_count; excused NULL is not excused.';

CREATE AGGREGATE payment_digest(
	amount double precision, due_on date, paid_on date, as_of date
) (
	SFUNC = payment_digest_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = payment_digest_final,
	COMBINEFUNC = payment_digest_combine, SERIALFUNC = payment_digest_serialize,
	DESERIALFUNC = payment_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_digest(double precision, date, date, date) IS
'As payment_digest(numeric, date, date, date). A double precision amount is '
'the decimal that it is printed as (shortest round trip).';

CREATE AGGREGATE payment_digest(
	amount double precision, due_on date, paid_on date, as_of date, excused boolean
) (
	SFUNC = payment_digest_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = payment_digest_final,
	COMBINEFUNC = payment_digest_combine, SERIALFUNC = payment_digest_serialize,
	DESERIALFUNC = payment_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_digest(double precision, date, date, date, boolean) IS
'As payment_digest(numeric, date, date, date). A double precision amount is '
'the decimal that it is printed as (shortest round trip). A late payment '
'that is excused (a dispute, a fault of ours) counts as on time in every '
'respect, and in excused_count; excused NULL is not excused.';

CREATE AGGREGATE payment_digest(
	amount bigint, due_on date, paid_on date, as_of date
) (
	SFUNC = payment_digest_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = payment_digest_final,
	COMBINEFUNC = payment_digest_combine, SERIALFUNC = payment_digest_serialize,
	DESERIALFUNC = payment_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_digest(bigint, date, date, date) IS
'As payment_digest(numeric, date, date, date).';

CREATE AGGREGATE payment_digest(
	amount bigint, due_on date, paid_on date, as_of date, excused boolean
) (
	SFUNC = payment_digest_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = payment_digest_final,
	COMBINEFUNC = payment_digest_combine, SERIALFUNC = payment_digest_serialize,
	DESERIALFUNC = payment_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_digest(bigint, date, date, date, boolean) IS
'As payment_digest(numeric, date, date, date). A late payment that is '
'excused (a dispute, a fault of ours) counts as on time in every respect, '
'and in excused_count; excused NULL is not excused.';

CREATE AGGREGATE rollup(digest payment_digest) (
	SFUNC = payment_digest_merge, STYPE = internal, SSPACE = 512,
	FINALFUNC = payment_digest_final,
	COMBINEFUNC = payment_digest_combine, SERIALFUNC = payment_digest_serialize,
	DESERIALFUNC = payment_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(payment_digest) IS
'Merges digests of the same as_of: those of parts rolled up equal the digest '
'of the whole, to the bit. NULL digests are ignored; no other: NULL. Errors: '
'22023 when as_of differs, 22003 beyond 2^40 rows.';

CREATE FUNCTION payment_digest_plus(payment_digest, payment_digest)
RETURNS payment_digest
AS 'MODULE_PATHNAME', 'ct_payment_digest_plus'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_digest_plus(payment_digest, payment_digest) IS
'Implements +.';

CREATE OPERATOR + (
	LEFTARG = payment_digest, RIGHTARG = payment_digest,
	FUNCTION = payment_digest_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (payment_digest, payment_digest) IS
'Merges two digests of the same as_of into that of all their rows. NULL if '
'either is NULL (the aggregate rollup ignores NULL). Errors: 22023 when '
'as_of differs, 22003 beyond 2^40 rows.';

-- From a digest to figures.  Amounts: numeric, exact.

CREATE FUNCTION billed(digest payment_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_billed'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION billed(payment_digest) IS
'Sum of all amounts, less credit notes; exact.';

CREATE FUNCTION paid(digest payment_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_paid'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION paid(payment_digest) IS
'Sum of the amounts paid by as_of, less credit notes settled; exact.';

CREATE FUNCTION outstanding(digest payment_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_outstanding'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outstanding(payment_digest) IS
'Billed less paid: what is open, due or not; exact.';

CREATE FUNCTION overdue(digest payment_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_overdue'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION overdue(payment_digest) IS
'Sum of the open amounts that were due before as_of and are not excused; '
'exact.';

CREATE FUNCTION payment_count(digest payment_digest) RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_payments'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_count(payment_digest) IS
'Number of payments, due or not; credit notes are none.';

CREATE FUNCTION late_count(digest payment_digest) RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_late_count'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION late_count(payment_digest) IS
'Number of late payments, open ones among them, excused ones not.';

CREATE FUNCTION excused_count(digest payment_digest) RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_excused_count'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION excused_count(payment_digest) IS
'Number of late payments that were excused and count as on time.';

CREATE FUNCTION on_time_rate(digest payment_digest) RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_on_time_rate'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION on_time_rate(payment_digest) IS
'Share of the amount due that was paid on time, 0 to 1. NULL when the amount '
'due is 0.';

CREATE FUNCTION days_late(digest payment_digest) RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_days_late'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION days_late(payment_digest) IS
'Days late of a unit of the amount due: the mean weighted by amount, early '
'payments counting 0. NULL when the amount due is 0.';

CREATE FUNCTION max_days_late(digest payment_digest) RETURNS integer
AS 'MODULE_PATHNAME', 'ct_max_days_late'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION max_days_late(payment_digest) IS
'Days late of the latest payment, 0 when all were on time. NULL when none '
'has come due.';

CREATE FUNCTION days_sales_outstanding(digest payment_digest, days integer)
RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_days_sales_outstanding'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION days_sales_outstanding(payment_digest, integer) IS
'Outstanding / billed * days: how many days of sales are not paid yet, days '
'being those in which the digested invoices were billed. NULL when billed is '
'not positive. Errors: 22023 unless days is positive.';

CREATE FUNCTION aging(digest payment_digest)
RETURNS TABLE (class text, payments bigint, amount numeric)
AS 'MODULE_PATHNAME', 'ct_aging'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6;
COMMENT ON FUNCTION aging(payment_digest) IS
'The classes with the number and the sum of their payments: on time, 1-30, '
'31-60, 61-90 and over 90 days late, not yet due; always six rows.';

CREATE FUNCTION payment_score(digest payment_digest, points double precision[] DEFAULT '{100,75,50,25,0}', minimum_payments integer DEFAULT 1)
RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_payment_score_points'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_score(payment_digest, double precision[], integer) IS
'How well a customer pays, 0 to 100: the mean of the points of the classes '
'on time, 1-30, 31-60, 61-90 and over 90 days late, weighted by amount. What '
'is not yet due does not count. NULL with fewer than minimum_payments '
'payments due, or when the amount due is 0. Errors: 22023 unless points are '
'five numbers from 0 to 100, or when minimum_payments is negative.';

