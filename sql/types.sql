-- The types of the kernel.  Equal values have equal text and equal bytes, so
-- that sql/comparison.sql can compare all of them alike.

-- @each type | symbol | alignment | storage | about
-- | order_digest | ct_order_digest | double | extended | What a customer''s
--   orders and refunds add up to: counts, sums, extremes and the mean time of
--   revenue. Made by the aggregate order_digest, merged by rollup() and +,
--   read by order_count(), revenue() and their like. Of fixed size, 200 bytes.
--   Text: JSON, {"orders": 3, "refunds": 1, "gross": 120.5, ...}, times in
--   UTC.
-- | payment_digest | ct_payment_digest | double | extended | How a customer
--   pays, as of a day: amounts and counts of payments by how late they are.
--   Made by the aggregate payment_digest, merged by rollup() and +, read by
--   billed(), payment_score() and their like. Of fixed size, 384 bytes. Text:
--   JSON, {"as_of": "2024-03-01", "on_time": 1, ...}.
-- | balance_digest | ct_balance_digest | int4 | extended | Closing balances of
--   one or more accounts. Made by the aggregate balance_digest, merged by
--   rollup() and +, read by daily_average() and balance_at(). Every balance is
--   kept: some 20 bytes each. Text: JSON, {"balances": {"2024-03-01": 120.5},
--   "accounts": {"savings": {"2024-03-02": 10}}}; "balances" is the unnamed
--   account.
-- | tier_scorecard | ct_scorecard | double | extended | The criteria that make
--   a weighted value, each with a weight and a scale from 0 to 100: ''revenue
--   35 log(1000, 1000000), payment_score 20 linear(0, 100), recency_days 10
--   linear(0, 365) desc missing zero''.
-- | tier_ladder | ct_ladder | double | extended | Tiers from the top down and
--   what each asks for: ''gold >= 500, silver >= 100, member'', ''A top 1%, B
--   top 5%, C'', ''key share 80%, rest'' or ''gold: value >= 60 and orders >=
--   5, basic''.
-- | tier_policy | ct_policy | double | extended | When a tier is reviewed and
--   how it may fall: '''' (review always, upgrade now, drop to fit), or
--   clauses such as ''review every 12 months, upgrade at review, drop one
--   step, grace 30 days, keep at 80%''. What differs for one tier follows a
--   semicolon: ''review at end of next year; diamond: drop never''.
-- | tier_forecast | ct_forecast | double | extended | A fitted model of how
--   often customers order, until they leave, and for how much: ''bg/nbd(r
--   0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v
--   15.44), per week''. Made by fit_forecast(), read by expected_orders() and
--   its like.
CREATE TYPE @type@;

-- @each form | takes | gives | cost | does
-- | in | cstring | @type@ | 15 | Reads a @type@. Errors: 22P02 with the
--   position, and what was expected there or what contradicts itself.
-- | out | @type@ | cstring | 6 | Writes the canonical text: it reads back to
--   the same @type@ and depends on no setting.
-- | recv | internal | @type@ | 15 | Reads what @type@_send writes. Errors:
--   22P03 for anything else, 22P02 for a text in it that cannot be read.
-- | send | @type@ | bytea | 6 | Writes the binary form, from which recv makes
--   the same @type@.
CREATE FUNCTION @type@_@form@(@takes@) RETURNS @gives@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST @cost@
	AS 'MODULE_PATHNAME', '@symbol@_@form@';
COMMENT ON FUNCTION @type@_@form@(@takes@) IS
'@does@';

-- @end
CREATE TYPE @type@ (
	INPUT = @type@_in, OUTPUT = @type@_out,
	RECEIVE = @type@_recv, SEND = @type@_send,
	ALIGNMENT = @alignment@, STORAGE = @storage@
);
COMMENT ON TYPE @type@ IS
'@about@';

-- @end
-- Drivers bind strings as text or varchar.

-- @each type: tier_ladder, tier_scorecard, tier_policy, tier_forecast
-- @each source: text, varchar
CREATE CAST (@source@ AS @type@) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (@source@ AS @type@) IS
'Reads the text, also where it is assigned to a column.';

-- @end
-- @end
