-- tier_assignment: the tier a customer holds, since when and until when, and
-- how it moves

CREATE TYPE tier_assignment AS (
	tier text,
	rank integer,
	since date,
	joined date,
	review_on date,
	grace_until date,
	pin text,
	pinned_tier text,
	pinned_until date,
	movement text,
	reason text
);
COMMENT ON TYPE tier_assignment IS
'the tier a customer holds, as assign() made it from the one before';
COMMENT ON COLUMN tier_assignment.tier IS
'label of the tier held; NULL below a ladder without a floor';
COMMENT ON COLUMN tier_assignment.rank IS
'position of the tier in the ladder, 1 is the top';
COMMENT ON COLUMN tier_assignment.since IS
'the day the tier was entered; renewals do not change it';
COMMENT ON COLUMN tier_assignment.joined IS
'the day the customer was first placed, or placed again after having left';
COMMENT ON COLUMN tier_assignment.review_on IS
'the day of the next review, until which nothing falls; NULL under review always; the review that failed while in grace';
COMMENT ON COLUMN tier_assignment.grace_until IS
'the day on which a tier that failed its review falls unless it is reached again; NULL when not in grace';
COMMENT ON COLUMN tier_assignment.pin IS
'lock (the tier stays), floor (it is pinned_tier or higher), cap (it is pinned_tier or lower), or NULL';
COMMENT ON COLUMN tier_assignment.pinned_tier IS
'the tier of the pin; a lock without one keeps the tier held';
COMMENT ON COLUMN tier_assignment.pinned_until IS
'the first day without the pin; NULL or infinity: it stays';
COMMENT ON COLUMN tier_assignment.movement IS
'joined, left, upgraded, downgraded, renewed (passed a review), grace (short, in grace), held (short, but not under review, or spared), pinned (would have moved but for the pin) or unchanged: the tier before against the tier after the call; if they are the same, what the last event of the call decided; if there was none, how things are';
COMMENT ON COLUMN tier_assignment.reason IS
'one sentence with the figures';

-- @each number | difference
-- | numeric | numeric
-- | double precision | double precision
-- | real | numeric
-- | bigint | numeric
CREATE FUNCTION assign(previous tier_assignment, value @number@,
		ladder tier_ladder, policy tier_policy, as_of date,
		review_value @number@ DEFAULT NULL) RETURNS tier_assignment
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 15
	AS 'MODULE_PATHNAME', 'ct_assign_value';
COMMENT ON FUNCTION assign(tier_assignment, @number@, tier_ladder, tier_policy, date, @number@) IS
'the next assignment: passes every event until as_of in the order of dates (pin end, grace end, review, as_of itself), each with this value; a review, as joining is one, counts the greater of value and review_value; previous NULL joins; a NULL value fails every test; NULL ladder, policy or as_of is 22004, as_of before the last event 22023, a relative ladder 55000; a double or real is compared with the one nearest to a bound; pure: no clock, no time zone';

CREATE FUNCTION upgrade_eligible(previous tier_assignment, value @number@,
		ladder tier_ladder, policy tier_policy, as_of date) RETURNS boolean
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 4
	AS 'MODULE_PATHNAME', 'ct_assign_eligible';
COMMENT ON FUNCTION upgrade_eligible(tier_assignment, @number@, tier_ladder, tier_policy, date) IS
'would assign() upgrade? false for a NULL previous assignment, which would join, and for a NULL value; errors as assign()';

CREATE FUNCTION gap_to_keep(previous tier_assignment, value @number@,
		ladder tier_ladder, policy tier_policy) RETURNS @difference@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'ct_gap_to_keep';
COMMENT ON FUNCTION gap_to_keep(tier_assignment, @number@, tier_ladder, tier_policy) IS
'what the value lacks by review_on, or grace_until, to keep the tier: the bound, or the part of it that keep asks for, minus the value: the exact difference of the decimals, for double precision the double nearest to it; 0 when it lacks nothing, nothing is below, the policy never drops, or a lock or floor lasts beyond; may be 0 for a > bound; NULL without a tier; a ladder of rules is 42804, a tier that the ladder lacks 22023';

-- @end
CREATE FUNCTION assign(previous tier_assignment, measures record,
		ladder tier_ladder, policy tier_policy, as_of date,
		review_value record DEFAULT NULL) RETURNS tier_assignment
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'ct_assign_row';
COMMENT ON FUNCTION assign(tier_assignment, record, tier_ladder, tier_policy, date, record) IS
'the next assignment on a ladder of rules, the figures being the columns of a row: passes every event until as_of in the order of dates (pin end, grace end, review, as_of itself), each with this row; a review, as joining is one, counts the row that stands higher; previous NULL joins; a NULL row or figure fails every test; NULL ladder, policy or as_of is 22004, as_of before the last event 22023, a relative ladder 55000; a policy with keep is 22023; pure: no clock, no time zone';

CREATE FUNCTION upgrade_eligible(previous tier_assignment, measures record,
		ladder tier_ladder, policy tier_policy, as_of date) RETURNS boolean
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 6
	AS 'MODULE_PATHNAME', 'ct_assign_eligible_row';
COMMENT ON FUNCTION upgrade_eligible(tier_assignment, record, tier_ladder, tier_policy, date) IS
'for a ladder of rules, the figures being the columns of a row: would assign() upgrade? false for a NULL previous assignment, which would join, and for a NULL row; errors as assign()';

-- tier_path: a history replayed

CREATE FUNCTION tier_path_final(state internal) RETURNS tier_assignment[]
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_path_final';
COMMENT ON FUNCTION tier_path_final(internal) IS
'implementation of tier_path(): sorts by date and assigns';

-- @each figures | symbol
-- | value numeric | ct_tier_path_value
-- | value double precision | ct_tier_path_value
-- | value real | ct_tier_path_value
-- | value bigint | ct_tier_path_value
-- | measures record | ct_tier_path_row
CREATE FUNCTION tier_path_step(state internal, @figures@,
		ladder tier_ladder, policy tier_policy, as_of date) RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '@symbol@';
COMMENT ON FUNCTION tier_path_step(internal, @figures@, tier_ladder, tier_policy, date) IS
'implementation of tier_path(): adds a row';

CREATE AGGREGATE tier_path(@figures@, ladder tier_ladder,
		policy tier_policy, as_of date) (
	SFUNC = tier_path_step, STYPE = internal, SSPACE = 1024,
	FINALFUNC = tier_path_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_path(@figures@, tier_ladder, tier_policy, date) IS
'the assignments that a history leads to, one for each date, in the order of dates whatever that of the rows: what assign() makes of each value, or for a ladder of rules of each row of measures, from the assignment before, beginning with none; equal rows of one date count once, different figures on one date are 21000; a ladder or policy that varies between rows is 22023; NULLs as assign(); no row: NULL';

-- @end
