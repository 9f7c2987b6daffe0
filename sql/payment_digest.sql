-- payment_digest: how a customer pays, as of a day

-- @each number: numeric, double precision, real, bigint
-- @each arguments | about
-- | amount @number@, due_on date, paid_on date, as_of date | The digest of a
--   customer''s payments, as of a day: one row per invoice or instalment. If
--   they are paid in parts, give one row per part paid and one for the rest. A
--   payment whose paid_on is NULL or after as_of is open. Classes: on time,
--   1-30, 31-60, 61-90 and over 90 days late, by paid_on - due_on, or as_of -
--   due_on while open; and not yet due: open and due on as_of or later. A
--   negative amount is a credit note: it counts in billed, paid and
--   outstanding, has a line of its own in aging(), and counts nowhere else.
--   Amounts are taken to 8 decimal places, a ninth rounded half away from
--   zero, and added exactly: the same rows give the same digest whatever their
--   order or the plan. A double precision or real amount is the decimal that
--   it is printed as (shortest round trip). A row with a NULL amount or due_on
--   is ignored; no other row: NULL. To judge the last year, take the rows with
--   due_on >= as_of - 1 year OR paid_on IS NULL OR paid_on >= as_of - 1 year:
--   by due_on alone, what has been owed for longer, or was paid very late,
--   would drop out and improve the score. Errors: 22003 for NaN, infinities,
--   infinite dates, amounts beyond 10^22, more than 2^40 rows of a kind and
--   amounts that add up to more than 1.7 * 10^30; 22004 for a NULL as_of;
--   22023 when as_of differs between rows.
-- | amount @number@, due_on date, paid_on date, as_of date, excused boolean |
--   As payment_digest(amount, due_on, paid_on, as_of). A late payment that is
--   excused (a dispute, a fault of ours) counts as on time in every respect,
--   and in excused_count; excused NULL is not excused.
CREATE FUNCTION payment_digest_add(payment_digest, @arguments@)
	RETURNS payment_digest LANGUAGE C IMMUTABLE CALLED ON NULL INPUT
	PARALLEL SAFE SUPPORT fused_support
	AS 'MODULE_PATHNAME', 'ct_payment_digest_add';
COMMENT ON FUNCTION payment_digest_add(payment_digest, @arguments@) IS
'Transition function of payment_digest(@arguments@).';

CREATE AGGREGATE payment_digest(@arguments@) (
	SFUNC = payment_digest_add, STYPE = payment_digest, SSPACE = 512,
	COMBINEFUNC = payment_digest_merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_digest(@arguments@) IS
'@about@';

-- @end
-- @end
-- From a digest to figures.  Amounts: numeric, exact.

-- @each figure | symbol | type | about
-- | billed | ct_billed | numeric | Sum of all amounts, less credit notes;
--   exact.
-- | paid | ct_paid | numeric | Sum of the amounts paid by as_of, less credit
--   notes settled; exact.
-- | outstanding | ct_outstanding | numeric | Billed less paid: what is open,
--   due or not; exact.
-- | overdue | ct_overdue | numeric | Sum of the open amounts that were due
--   before as_of and are not excused, credit notes not taken off; exact.
-- | payment_count | ct_payments | bigint | Number of payments, due or not,
--   without credit notes.
-- | late_count | ct_late_count | bigint | Number of late payments, open ones
--   among them, excused ones not.
-- | excused_count | ct_excused_count | bigint | Number of late payments that
--   were excused and count as on time.
-- | on_time_rate | ct_on_time_rate | double precision | Share of the amount
--   due that was paid on time, 0 to 1. NULL when the amount due is 0.
-- | days_late | ct_days_late | double precision | Mean days late of what is
--   due, weighted by amount; early payments count 0, open ones up to as_of.
--   NULL when the amount due is 0.
-- | days_beyond_terms | ct_days_beyond_terms | double precision | Mean days
--   from the due date to the payment of what is due, weighted by amount; early
--   payments count negative, open ones up to as_of. NULL when the amount due
--   is 0.
-- | max_days_late | ct_max_days_late | integer | Days late of the latest
--   payment, 0 when all were on time. NULL when none has come due.
CREATE FUNCTION @figure@(digest payment_digest) RETURNS @type@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '@symbol@';
COMMENT ON FUNCTION @figure@(payment_digest) IS
'@about@';

-- @end
CREATE FUNCTION days_sales_outstanding(digest payment_digest, sales numeric,
		days integer)
	RETURNS double precision LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_days_sales_outstanding';
COMMENT ON FUNCTION days_sales_outstanding(payment_digest, numeric, integer) IS
'Outstanding / sales * days: how many days of sales are not paid yet. The '
'digest is that of all receivables, whenever they were billed. Sales are the '
'credit sales of a period that ends on its as_of, and days is the length of '
'the period. NULL when sales are not positive. Errors: 22023 unless days is '
'positive, 22003 for sales that are NaN, infinite or beyond 10^22.';

CREATE FUNCTION aging(digest payment_digest)
	RETURNS TABLE (class text, payments bigint, amount numeric,
		open_payments bigint, open_amount numeric)
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 6 ROWS 7
	AS 'MODULE_PATHNAME', 'ct_aging';
COMMENT ON FUNCTION aging(payment_digest) IS
'One row for each class: on time, 1-30, 31-60, 61-90 and over 90 days late, '
'not yet due, and last the credits (credit notes, amounts negative). payments '
'and amount are the number and sum of all in the class, open_payments and '
'open_amount of those that are open on as_of. The open amounts add up to '
'outstanding(). Always seven rows; none for a NULL digest.';

CREATE FUNCTION payment_score(digest payment_digest,
		points double precision[] DEFAULT '{100,75,50,25,0}',
		minimum_payments integer DEFAULT 1)
	RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 7
	AS 'MODULE_PATHNAME', 'ct_payment_score_points';
COMMENT ON FUNCTION payment_score(payment_digest, double precision[], integer) IS
'How well a customer pays, 0 to 100: the mean of the points of the classes '
'on time, 1-30, 31-60, 61-90 and over 90 days late, weighted by amount. What '
'is not yet due does not count. NULL with fewer than minimum_payments '
'payments due, or when the amount due is 0. Errors: 22023 unless points are '
'five numbers from 0 to 100, or when minimum_payments is negative.';

