-- order_digest: what a customer's orders and refunds add up to

-- @each number: numeric, double precision, real, bigint
-- @each at: ordered_at timestamptz, ordered_on date
-- @each arguments | about
-- | amount @number@, @at@ | The digest of a customer''s orders: one row per
--   order (add order lines up first), amount and time. A negative amount is a
--   refund: it lowers revenue and counts as a refund, never as an order, and
--   renews neither first_order_at nor last_order_at; zero is an order. Amounts
--   are taken to 8 decimal places, a ninth rounded half away from zero, and
--   added exactly: the same rows give the same digest whatever their order or
--   the plan. A double precision or real amount is the decimal that it is
--   printed as (shortest round trip). A row with a NULL amount or time is
--   ignored; no other row: NULL. A date is that day at 00:00 UTC; a
--   timestamptz made from a timestamp depends on the session''s TimeZone.
--   Errors: 22003 for NaN, infinities, infinite times, amounts beyond 10^22,
--   more than 2^40 rows of a kind and amounts that add up to more than 1.7 *
--   10^30; 22008 for a date beyond those of timestamptz.
-- | amount @number@, @at@, profit numeric | As order_digest(amount,
--   ordered_at). profit is summed as given, of refunds too (so give it
--   negative there); NULL: not known for this row.
-- | amount @number@, @at@, profit numeric, quantity numeric | As
--   order_digest(amount, ordered_at). profit and quantity are summed as given,
--   of refunds too (so give them negative there); NULL: not known for this
--   row.
CREATE FUNCTION order_digest_add(order_digest, @arguments@)
	RETURNS order_digest LANGUAGE C IMMUTABLE CALLED ON NULL INPUT
	PARALLEL SAFE SUPPORT fused_support
	AS 'MODULE_PATHNAME', 'ct_order_digest_add';
COMMENT ON FUNCTION order_digest_add(order_digest, @arguments@) IS
'Transition function of order_digest(@arguments@).';

CREATE AGGREGATE order_digest(@arguments@) (
	SFUNC = order_digest_add, STYPE = order_digest, SSPACE = 256,
	COMBINEFUNC = order_digest_merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE order_digest(@arguments@) IS
'@about@';

-- @end
-- @end
-- @end
-- From a digest to figures.  Amounts and quantities: numeric, exact.

-- @each figure | type | about
-- | order_count | bigint | Number of orders, refunds not among them.
-- | refund_count | bigint | Number of refunds: rows with a negative amount.
-- | revenue | numeric | Orders less refunds, in the unit of the amounts;
--   exact.
-- | gross_revenue | numeric | Sum of the orders, refunds not taken off; exact.
-- | refunded | numeric | Sum of the refunds, as a positive number; exact.
-- | profit | numeric | Sum of the profits given, in their unit; exact. NULL
--   when no row gave one.
-- | quantity | numeric | Sum of the quantities given; exact. NULL when no row
--   gave one.
-- | margin | double precision | Profit per revenue of the rows that gave a
--   profit, 0.25 being a quarter. NULL when none did, or their revenue is not
--   positive.
-- | average_order_value | numeric | Gross revenue per order, in the unit of
--   the amounts, rounded to 8 decimal places. NULL without orders.
-- | largest_order | numeric | The largest amount of an order; exact. NULL
--   without orders.
-- | first_order_amount | numeric | The amount of the first order; of several
--   at the same time the largest. NULL without orders.
-- | first_order_at | timestamptz | Time of the first order. NULL without
--   orders.
-- | last_order_at | timestamptz | Time of the last order; refunds do not renew
--   it. NULL without orders.
CREATE FUNCTION @figure@(digest order_digest) RETURNS @type@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_@figure@';
COMMENT ON FUNCTION @figure@(order_digest) IS
'@about@';

-- @end
-- Days and rates: double precision.

-- @each figure | symbol | cost | arguments | strictness | about
-- | order_interval_days | ct_order_interval | 1 | digest order_digest | STRICT
--   | Mean days between one order and the next: from the first to the last,
--   divided by the orders less one. NULL below two orders.
-- | growth | ct_growth | 1 | current order_digest, previous order_digest |
--   CALLED ON NULL INPUT | Relative change of revenue from one window to
--   another: (current - previous) / previous, the difference taken exactly; -1
--   is a customer who stopped. A NULL current is a window without rows, that
--   is revenue 0. NULL when previous is NULL or its revenue is not positive.
-- | trend | ct_trend | 7 | digest order_digest, from_time timestamptz, to_time
--   timestamptz | STRICT | How much revenue grows within a window, if its rate
--   changes in a straight line, relative to the mean rate: 12 * (m - middle) /
--   length, m being the mean time of revenue, weighted by amount (refunds
--   negative). 0 is steady, 1 grows from half the mean rate to one and a half,
--   negative is falling; at most 6 either way. Times are taken to whole
--   seconds. The digest should hold the rows of the window [from_time,
--   to_time) only. NULL when revenue is not positive. Errors: 22023 unless
--   from_time is before to_time, 22003 for infinite times.
CREATE FUNCTION @figure@(@arguments@) RETURNS double precision
	LANGUAGE C IMMUTABLE @strictness@ PARALLEL SAFE COST @cost@
	AS 'MODULE_PATHNAME', '@symbol@';
COMMENT ON FUNCTION @figure@(@arguments@) IS
'@about@';

-- @end

-- @each figure | order
-- | recency_days | last
-- | tenure_days | first
-- @each as_of | days
-- | timestamptz | with their fraction
-- | date | which is that day at 00:00 UTC: whole days, whatever the session''s
--   TimeZone, where orders were digested by date
CREATE FUNCTION @figure@(digest order_digest, as_of @as_of@)
	RETURNS double precision LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_@figure@';
COMMENT ON FUNCTION @figure@(order_digest, @as_of@) IS
'Days from the @order@ order to as_of, @days@; negative when as_of is before '
'it. NULL without orders. Errors: 22003 for an infinite as_of.';

-- @end
-- @end
