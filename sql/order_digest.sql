CREATE TYPE order_digest;

CREATE FUNCTION order_digest_in(cstring) RETURNS order_digest
AS 'MODULE_PATHNAME', 'ct_order_digest_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_in(cstring) IS
'Input function of order_digest. Errors: 22P02 with the position and what '
'was expected, or which figures cannot belong to any rows.';

CREATE FUNCTION order_digest_out(order_digest) RETURNS cstring
AS 'MODULE_PATHNAME', 'ct_order_digest_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_out(order_digest) IS
'Output function of order_digest: lossless, the same whatever the session''s '
'settings.';

CREATE FUNCTION order_digest_recv(internal) RETURNS order_digest
AS 'MODULE_PATHNAME', 'ct_order_digest_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_recv(internal) IS
'Binary input function of order_digest. Errors: 22P03 for whatever '
'order_digest_send cannot have written.';

CREATE FUNCTION order_digest_send(order_digest) RETURNS bytea
AS 'MODULE_PATHNAME', 'ct_order_digest_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_send(order_digest) IS
'Binary output function of order_digest: lossless, network byte order.';

CREATE TYPE order_digest (
	INPUT = order_digest_in,
	OUTPUT = order_digest_out,
	RECEIVE = order_digest_recv,
	SEND = order_digest_send,
	STORAGE = extended
);
COMMENT ON TYPE order_digest IS
'What a customer''s orders and refunds add up to: counts, sums, extremes and '
'the mean time of revenue. Made by the aggregate order_digest, merged by '
'rollup() and +, read by order_count(), revenue() and their like. Of fixed '
'size, 192 bytes. Text: {orders: 3, refunds: 1, gross: 120.5, ...}, times in '
'UTC.';

-- Equality, so that a digest can be compared, grouped and made distinct.

CREATE FUNCTION order_digest_eq(order_digest, order_digest) RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_eq'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_eq(order_digest, order_digest) IS
'Implements =: the same digest, to the bit.';

CREATE FUNCTION order_digest_ne(order_digest, order_digest) RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_ne'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_ne(order_digest, order_digest) IS
'Implements <>: not the same digest.';

CREATE FUNCTION order_digest_lt(order_digest, order_digest) RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_lt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_lt(order_digest, order_digest) IS
'Implements <: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION order_digest_le(order_digest, order_digest) RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_le'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_le(order_digest, order_digest) IS
'Implements <=: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION order_digest_gt(order_digest, order_digest) RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_gt'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_gt(order_digest, order_digest) IS
'Implements >: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION order_digest_ge(order_digest, order_digest) RETURNS boolean
AS 'MODULE_PATHNAME', 'ct_bytes_ge'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_ge(order_digest, order_digest) IS
'Implements >=: the order of the stored bytes, which has no meaning beyond '
'being one.';

CREATE FUNCTION order_digest_cmp(order_digest, order_digest) RETURNS integer
AS 'MODULE_PATHNAME', 'ct_bytes_cmp'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_cmp(order_digest, order_digest) IS
'Comparison for btree: -1, 0 or 1.';

CREATE FUNCTION order_digest_hash(order_digest) RETURNS integer
AS 'MODULE_PATHNAME', 'ct_bytes_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_hash(order_digest) IS 'Hash value.';

CREATE FUNCTION order_digest_hash_extended(order_digest, bigint) RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_bytes_hash_extended'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_hash_extended(order_digest, bigint) IS
'Hash value of 64 bits with a seed.';

CREATE OPERATOR = (
	LEFTARG = order_digest, RIGHTARG = order_digest, FUNCTION = order_digest_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel,
	HASHES, MERGES
);
COMMENT ON OPERATOR = (order_digest, order_digest) IS
'The same digest, to the bit.';

CREATE OPERATOR <> (
	LEFTARG = order_digest, RIGHTARG = order_digest, FUNCTION = order_digest_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (order_digest, order_digest) IS
'Not the same digest.';

CREATE OPERATOR < (
	LEFTARG = order_digest, RIGHTARG = order_digest, FUNCTION = order_digest_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (order_digest, order_digest) IS
'Before in the order of the stored bytes.';

CREATE OPERATOR <= (
	LEFTARG = order_digest, RIGHTARG = order_digest, FUNCTION = order_digest_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (order_digest, order_digest) IS
'Before in the order of the stored bytes, or equal.';

CREATE OPERATOR > (
	LEFTARG = order_digest, RIGHTARG = order_digest, FUNCTION = order_digest_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (order_digest, order_digest) IS
'After in the order of the stored bytes.';

CREATE OPERATOR >= (
	LEFTARG = order_digest, RIGHTARG = order_digest, FUNCTION = order_digest_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (order_digest, order_digest) IS
'After in the order of the stored bytes, or equal.';

CREATE OPERATOR CLASS order_digest_ops DEFAULT
FOR TYPE order_digest USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 order_digest_cmp(order_digest, order_digest);
COMMENT ON OPERATOR CLASS order_digest_ops USING btree IS
'Sorting of digests, for DISTINCT and merge joins; the order has no other '
'meaning.';

CREATE OPERATOR CLASS order_digest_ops DEFAULT
FOR TYPE order_digest USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 order_digest_hash(order_digest),
	FUNCTION 2 order_digest_hash_extended(order_digest, bigint);
COMMENT ON OPERATOR CLASS order_digest_ops USING hash IS
'Hashing of digests, for GROUP BY and hash joins.';

-- From rows to a digest.

CREATE FUNCTION order_digest_add(internal, numeric, timestamptz)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, numeric, timestamptz) IS
'Transition function of order_digest(numeric, timestamptz).';

CREATE FUNCTION order_digest_add(internal, numeric, timestamptz, numeric)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, numeric, timestamptz, numeric) IS
'Transition function of order_digest(numeric, timestamptz, numeric).';

CREATE FUNCTION order_digest_add(internal, numeric, timestamptz, numeric, numeric)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, numeric, timestamptz, numeric, numeric) IS
'Transition function of order_digest(numeric, timestamptz, numeric, numeric).';

CREATE FUNCTION order_digest_add(internal, double precision, timestamptz)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, double precision, timestamptz) IS
'Transition function of order_digest(double precision, timestamptz).';

CREATE FUNCTION order_digest_add(internal, double precision, timestamptz, numeric)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, double precision, timestamptz, numeric) IS
'Transition function of order_digest(double precision, timestamptz, numeric).';

CREATE FUNCTION order_digest_add(internal, double precision, timestamptz, numeric, numeric)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, double precision, timestamptz, numeric, numeric) IS
'Transition function of order_digest(double precision, timestamptz, numeric, '
'numeric).';

CREATE FUNCTION order_digest_add(internal, bigint, timestamptz)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, bigint, timestamptz) IS
'Transition function of order_digest(bigint, timestamptz).';

CREATE FUNCTION order_digest_add(internal, bigint, timestamptz, numeric)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, bigint, timestamptz, numeric) IS
'Transition function of order_digest(bigint, timestamptz, numeric).';

CREATE FUNCTION order_digest_add(internal, bigint, timestamptz, numeric, numeric)
RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_add(internal, bigint, timestamptz, numeric, numeric) IS
'Transition function of order_digest(bigint, timestamptz, numeric, numeric).';

CREATE FUNCTION order_digest_merge(internal, order_digest) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_merge'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_merge(internal, order_digest) IS
'Transition function of rollup(order_digest).';

CREATE FUNCTION order_digest_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_combine(internal, internal) IS
'Combine function of the aggregates order_digest and rollup(order_digest).';

CREATE FUNCTION order_digest_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'ct_order_digest_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_serialize(internal) IS
'Serialization function of the aggregates order_digest and '
'rollup(order_digest).';

CREATE FUNCTION order_digest_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'ct_order_digest_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_deserialize(bytea, internal) IS
'Deserialization function of the aggregates order_digest and '
'rollup(order_digest). Errors: 22P03 for anything that is no valid state.';

CREATE FUNCTION order_digest_final(internal) RETURNS order_digest
AS 'MODULE_PATHNAME', 'ct_order_digest_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_final(internal) IS
'Final function of the aggregates order_digest and rollup(order_digest).';

CREATE AGGREGATE order_digest(amount numeric, ordered_at timestamptz) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(numeric, timestamptz) IS
'The digest of a customer''s orders: one row per order (add order lines up '
'first), amount and time. A negative amount is a refund: it lowers revenue '
'and counts as a refund, never as an order, and renews neither '
'first_order_at nor last_order_at; zero is an order. Amounts are taken to 8 '
'decimal places, a ninth rounded half away from zero, and added exactly: the '
'same rows give the same digest whatever their order or the plan. A row with '
'a NULL amount or time is ignored; no other row: NULL. A timestamptz made '
'from a date or a timestamp depends on the session''s TimeZone. Errors: '
'22003 for NaN, infinities, infinite times and amounts beyond 10^22.';

CREATE AGGREGATE order_digest(
	amount numeric, ordered_at timestamptz, profit numeric
) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(numeric, timestamptz, numeric) IS
'As order_digest(numeric, timestamptz). profit is summed as given, of '
'refunds too (so give it negative there); NULL: not known for this row.';

CREATE AGGREGATE order_digest(
	amount numeric, ordered_at timestamptz, profit numeric, quantity numeric
) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(numeric, timestamptz, numeric, numeric) IS
'As order_digest(numeric, timestamptz). profit and quantity are summed as '
'given, of refunds too (so give them negative there); NULL: not known for '
'this row.';

CREATE AGGREGATE order_digest(amount double precision, ordered_at timestamptz) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(double precision, timestamptz) IS
'As order_digest(numeric, timestamptz). A double precision amount is the '
'decimal that it is printed as (shortest round trip).';

CREATE AGGREGATE order_digest(
	amount double precision, ordered_at timestamptz, profit numeric
) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(double precision, timestamptz, numeric) IS
'As order_digest(numeric, timestamptz). A double precision amount is the '
'decimal that it is printed as (shortest round trip). profit is summed as '
'given, of refunds too (so give it negative there); NULL: not known for this '
'row.';

CREATE AGGREGATE order_digest(
	amount double precision, ordered_at timestamptz, profit numeric, quantity numeric
) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(double precision, timestamptz, numeric, numeric) IS
'As order_digest(numeric, timestamptz). A double precision amount is the '
'decimal that it is printed as (shortest round trip). profit and quantity '
'are summed as given, of refunds too (so give them negative there); NULL: '
'not known for this row.';

CREATE AGGREGATE order_digest(amount bigint, ordered_at timestamptz) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(bigint, timestamptz) IS
'As order_digest(numeric, timestamptz).';

CREATE AGGREGATE order_digest(
	amount bigint, ordered_at timestamptz, profit numeric
) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(bigint, timestamptz, numeric) IS
'As order_digest(numeric, timestamptz). profit is summed as given, of '
'refunds too (so give it negative there); NULL: not known for this row.';

CREATE AGGREGATE order_digest(
	amount bigint, ordered_at timestamptz, profit numeric, quantity numeric
) (
	SFUNC = order_digest_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(bigint, timestamptz, numeric, numeric) IS
'As order_digest(numeric, timestamptz). profit and quantity are summed as '
'given, of refunds too (so give them negative there); NULL: not known for '
'this row.';

CREATE AGGREGATE rollup(digest order_digest) (
	SFUNC = order_digest_merge, STYPE = internal, SSPACE = 256,
	FINALFUNC = order_digest_final,
	COMBINEFUNC = order_digest_combine, SERIALFUNC = order_digest_serialize,
	DESERIALFUNC = order_digest_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(order_digest) IS
'Merges digests: those of parts rolled up equal the digest of the whole, to '
'the bit. NULL digests are ignored; no other: NULL. Errors: 22003 beyond '
'2^40 rows.';

CREATE FUNCTION order_digest_plus(order_digest, order_digest)
RETURNS order_digest
AS 'MODULE_PATHNAME', 'ct_order_digest_plus'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_digest_plus(order_digest, order_digest) IS
'Implements +.';

CREATE OPERATOR + (
	LEFTARG = order_digest, RIGHTARG = order_digest,
	FUNCTION = order_digest_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (order_digest, order_digest) IS
'Merges two digests into that of all their rows. NULL if either is NULL (the '
'aggregate rollup ignores NULL). Errors: 22003 beyond 2^40 rows.';

-- From a digest to figures.  Amounts and quantities: numeric, exact.

CREATE FUNCTION order_count(digest order_digest) RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_order_count'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_count(order_digest) IS
'Number of orders, refunds not among them.';

CREATE FUNCTION refund_count(digest order_digest) RETURNS bigint
AS 'MODULE_PATHNAME', 'ct_refund_count'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION refund_count(order_digest) IS
'Number of refunds: rows with a negative amount.';

CREATE FUNCTION revenue(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_revenue'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue(order_digest) IS
'Orders less refunds, in the unit of the amounts; exact.';

CREATE FUNCTION gross_revenue(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_gross_revenue'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gross_revenue(order_digest) IS
'Sum of the orders, refunds not taken off; exact.';

CREATE FUNCTION refunded(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_refunded'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION refunded(order_digest) IS
'Sum of the refunds, as a positive number; exact.';

CREATE FUNCTION profit(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_profit'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION profit(order_digest) IS
'Sum of the profits given; exact. NULL when no row gave one.';

CREATE FUNCTION quantity(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_quantity'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantity(order_digest) IS
'Sum of the quantities given; exact. NULL when no row gave one.';

CREATE FUNCTION margin(digest order_digest) RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_margin'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION margin(order_digest) IS
'Profit per revenue, 0.25 being a quarter. NULL when no row gave a profit, '
'or revenue is not positive.';

CREATE FUNCTION average_order_value(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_average_order_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION average_order_value(order_digest) IS
'Gross revenue per order, rounded to 8 decimal places. NULL without orders.';

CREATE FUNCTION largest_order(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_largest_order'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION largest_order(order_digest) IS
'The largest amount of an order. NULL without orders.';

CREATE FUNCTION first_order_amount(digest order_digest) RETURNS numeric
AS 'MODULE_PATHNAME', 'ct_first_order_amount'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION first_order_amount(order_digest) IS
'The amount of the first order; of several at the same time the largest. '
'NULL without orders.';

CREATE FUNCTION first_order_at(digest order_digest) RETURNS timestamptz
AS 'MODULE_PATHNAME', 'ct_first_order_at'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION first_order_at(order_digest) IS
'Time of the first order. NULL without orders.';

CREATE FUNCTION last_order_at(digest order_digest) RETURNS timestamptz
AS 'MODULE_PATHNAME', 'ct_last_order_at'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION last_order_at(order_digest) IS
'Time of the last order; refunds do not renew it. NULL without orders.';

CREATE FUNCTION order_interval_days(digest order_digest)
RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_order_interval'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION order_interval_days(order_digest) IS
'Mean days between one order and the next: from the first to the last, '
'divided by the orders less one. NULL below two orders.';

CREATE FUNCTION recency_days(digest order_digest, as_of timestamptz)
RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_recency_days'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION recency_days(order_digest, timestamptz) IS
'Days from the last order to as_of, with their fraction; negative when as_of '
'is before it. NULL without orders. Errors: 22003 for an infinite as_of.';

CREATE FUNCTION tenure_days(digest order_digest, as_of timestamptz)
RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_tenure_days'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tenure_days(order_digest, timestamptz) IS
'Days from the first order to as_of, with their fraction; negative when '
'as_of is before it. NULL without orders. Errors: 22003 for an infinite '
'as_of.';

CREATE FUNCTION growth(current order_digest, previous order_digest)
RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_growth'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION growth(order_digest, order_digest) IS
'Relative change of revenue from one window to another: (current - previous) '
'/ previous, the difference taken exactly; -1 is a customer who stopped. A '
'NULL current is a window without rows, that is revenue 0. NULL when '
'previous is NULL or its revenue is not positive.';

CREATE FUNCTION trend(digest order_digest, from_time timestamptz, to_time timestamptz)
RETURNS double precision
AS 'MODULE_PATHNAME', 'ct_trend'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION trend(order_digest, timestamptz, timestamptz) IS
'Growth across the window relative to its mean, of a rate of revenue that '
'changes in a straight line: 12 * (m - middle) / length, m being the mean '
'time of revenue (refunds negative). 0 is steady, 1 is from half the mean to '
'one and a half, negative is falling; at most 6 either way. Times are taken '
'to whole seconds. The digest should hold the rows of the window [from_time, '
'to_time). NULL when revenue is not positive. Errors: 22023 unless from_time '
'is before to_time, 22003 for infinite times.';

