CREATE TYPE tier_measures AS (
	order_count bigint,
	refund_count bigint,
	revenue numeric,
	gross_revenue numeric,
	refunded numeric,
	profit numeric,
	quantity numeric,
	margin double precision,
	average_order_value numeric,
	largest_order numeric,
	first_order_amount numeric,
	first_order_at timestamptz,
	last_order_at timestamptz,
	order_interval_days double precision,
	recency_days double precision,
	tenure_days double precision,
	billed numeric,
	paid numeric,
	outstanding numeric,
	overdue numeric,
	payment_count bigint,
	late_count bigint,
	excused_count bigint,
	on_time_rate double precision,
	days_late double precision,
	days_beyond_terms double precision,
	max_days_late integer,
	payment_score double precision
);
COMMENT ON TYPE tier_measures IS
'The figures of one customer, each as the function of the same name gives '
'it. Made by customer_measures(). Like any row it can be given to '
'weighted_value(), tier() and their like.';

-- @each as_of | days
-- | timestamptz | A timestamptz made from a timestamp depends on the
--   session''s TimeZone.
-- | date | The day of as_of begins at 00:00 UTC, as that of an order digested
--   by date does: recency_days and tenure_days of such are whole days,
--   whatever the session''s TimeZone.
CREATE FUNCTION customer_measures(orders order_digest,
		payments payment_digest, as_of @as_of@,
		lifetime order_digest DEFAULT NULL)
	RETURNS tier_measures LANGUAGE C IMMUTABLE CALLED ON NULL INPUT
	PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'ct_customer_measures';
COMMENT ON FUNCTION customer_measures(order_digest, payment_digest, @as_of@, order_digest) IS
'One customer''s digests as one row of named figures. Digest orders and '
'payments separately, each grouped by customer, and join the digests one row '
'to one row: joining the rows themselves would count each order once per '
'payment. Where lifetime is given, first_order_amount, first_order_at, '
'last_order_at, recency_days and tenure_days come from it, so that orders '
'may be those of a window. A NULL digest is a customer without such rows: 0 '
'for counts and sums, NULL for the rest. recency_days and tenure_days are '
'NULL when as_of is. @days@ Errors: 22003 for an infinite as_of.';

-- @end
