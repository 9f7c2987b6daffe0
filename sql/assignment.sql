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
'The tier that a customer holds, since when, and when it is reviewed. assign() makes it from the one before. Whether there is one: (a).since IS NOT NULL.';
COMMENT ON COLUMN tier_assignment.tier IS
'Label of the tier held. NULL below a ladder without a floor.';
COMMENT ON COLUMN tier_assignment.rank IS
'Position of the tier in the ladder, 1 is the top.';
COMMENT ON COLUMN tier_assignment.since IS
'The day on which the tier was entered. Renewals do not change it.';
COMMENT ON COLUMN tier_assignment.joined IS
'The day on which the customer was first placed, or placed again after having left.';
COMMENT ON COLUMN tier_assignment.review_on IS
'The day of the next review; before it the tier does not fall. While in grace, the review that failed. NULL under review always.';
COMMENT ON COLUMN tier_assignment.grace_until IS
'The day on which a tier that failed its review falls unless it is reached again. NULL when not in grace.';
COMMENT ON COLUMN tier_assignment.pin IS
'lock (the tier stays), floor (it is pinned_tier or higher), cap (it is pinned_tier or lower), or NULL.';
COMMENT ON COLUMN tier_assignment.pinned_tier IS
'The tier of the pin. A lock without one keeps the tier held.';
COMMENT ON COLUMN tier_assignment.pinned_until IS
'The first day without the pin. NULL or infinity: it stays.';
COMMENT ON COLUMN tier_assignment.movement IS
'joined, left, upgraded, downgraded, renewed (met the bound at a review), grace (short of it, in grace), held (short of it, but no review is due, or keep or drop never spares the tier), pinned (would have moved but for the pin) or unchanged. It compares the tier before the call with the tier after it. If they are the same, it is what the last event of the call decided; if there was no event, how things are.';
COMMENT ON COLUMN tier_assignment.reason IS
'One sentence that explains the movement with its figures.';

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
'The next assignment. Passes every event until as_of in the order of dates (pin end, grace end, review, as_of itself), each with this value. A review, and joining is one, counts the greater of value and review_value. A NULL previous joins. A NULL value meets no bound, so who joins with one gets the floor. A double precision or real value is compared with the one nearest to a bound. No clock, no time zone. Errors: 22004 for a NULL ladder, policy or as_of, 22023 for an as_of before the last event, 55000 for a relative ladder, 42804 for a ladder of rules.';

CREATE FUNCTION upgrade_eligible(previous tier_assignment, value @number@,
		ladder tier_ladder, policy tier_policy, as_of date) RETURNS boolean
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 4
	AS 'MODULE_PATHNAME', 'ct_assign_eligible';
COMMENT ON FUNCTION upgrade_eligible(tier_assignment, @number@, tier_ladder, tier_policy, date) IS
'Would assign() upgrade? False for a NULL previous assignment, which would join, and for a NULL value. Errors: as assign().';

CREATE FUNCTION gap_to_keep(previous tier_assignment, value @number@,
		ladder tier_ladder, policy tier_policy) RETURNS @difference@
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'ct_gap_to_keep';
COMMENT ON FUNCTION gap_to_keep(tier_assignment, @number@, tier_ladder, tier_policy) IS
'What the value lacks to keep the tier at review_on, or at grace_until: the bound, or what keep asks for, minus the value, in the unit of the value. The difference of the decimals is exact, for double precision the double nearest to it. 0 when nothing is lacking, when there is no lower tier, when the policy never drops, or when a lock or floor lasts longer; it may be 0 for a bound written >. NULL without a tier, and for any NULL. Errors: 42804 for a ladder of rules, 22023 for a tier that the ladder lacks, 55000 for a relative ladder.';

-- @end
CREATE FUNCTION assign(previous tier_assignment, measures record,
		ladder tier_ladder, policy tier_policy, as_of date,
		review_value record DEFAULT NULL) RETURNS tier_assignment
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'ct_assign_row';
COMMENT ON FUNCTION assign(tier_assignment, record, tier_ladder, tier_policy, date, record) IS
'The next assignment on a ladder of rules, whose figures are the columns of a row. Passes every event until as_of in the order of dates (pin end, grace end, review, as_of itself), each with this row. A review, and joining is one, counts the row that stands higher, measures or review_value. A NULL previous joins. A NULL row or figure fails every test. No clock, no time zone. Errors: 22004 for a NULL ladder, policy or as_of, 22023 for an as_of before the last event and for a policy with keep, 55000 for a relative ladder; for columns as tier().';

CREATE FUNCTION upgrade_eligible(previous tier_assignment, measures record,
		ladder tier_ladder, policy tier_policy, as_of date) RETURNS boolean
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 6
	AS 'MODULE_PATHNAME', 'ct_assign_eligible_row';
COMMENT ON FUNCTION upgrade_eligible(tier_assignment, record, tier_ladder, tier_policy, date) IS
'For a ladder of rules, whose figures are the columns of a row: would assign() upgrade? False for a NULL previous assignment, which would join, and for a NULL row. Errors: as assign().';

-- tier_path: a history replayed

CREATE FUNCTION tier_path_final(state internal) RETURNS tier_assignment[]
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_tier_path_final';
COMMENT ON FUNCTION tier_path_final(internal) IS
'Final function of tier_path(): sorts by date and assigns.';

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
'Transition function of tier_path(): adds a row.';

CREATE AGGREGATE tier_path(@figures@, ladder tier_ladder,
		policy tier_policy, as_of date) (
	SFUNC = tier_path_step, STYPE = internal, SSPACE = 1024,
	FINALFUNC = tier_path_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_path(@figures@, tier_ladder, tier_policy, date) IS
'The assignments that a history leads to, one for each date, in the order of dates; the order of the rows does not matter. Each is what assign() makes of that date''s value, or for a ladder of rules its row of measures, from the assignment before; the first joins. Equal rows of one date count once. NULL without a row. Errors: 21000 for different figures on one date, 22023 for a ladder or policy that varies between rows; others as assign().';

-- @end
