-- tier_assignment: the tier a customer holds, since when and until when, and
-- how it moves

CREATE TYPE tier_assignment AS (
	tier text,
	rank integer,
	since date,
	joined date,
	term date,
	review_on date,
	grace_until date,
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
'The day from which the tier has been held. Renewals do not change it.';
COMMENT ON COLUMN tier_assignment.joined IS
'The day the customer was first placed, or placed again after having left.';
COMMENT ON COLUMN tier_assignment.term IS
'The day from which reviews are counted: that of joining, of rising or of '
'entering the tier anew, or of the review that was failed. NULL under review '
'always.';
COMMENT ON COLUMN tier_assignment.review_on IS
'The day of the next review, until which nothing falls; NULL under review '
'always; the review that was failed while in grace.';
COMMENT ON COLUMN tier_assignment.grace_until IS
'The day on which a tier that failed its review falls, unless the figure is '
'enough on that day. NULL when not in grace.';
COMMENT ON COLUMN tier_assignment.movement IS
'joined, left, upgraded, downgraded, renewed (passed a review, or entered the '
'tier anew), grace (short, in grace), held (short, but not under review, or '
'spared by keep or drop never) or unchanged: the tier before against the tier '
'after the call; if they are the same, what the last event of the call '
'decided; if there was none, how things are.';
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
'The next assignment: passes every event until as_of in the order of dates '
'(grace end, review, as_of itself), each with these values. A review, or a '
'grace end, looks at review_value where one is given and not NULL, else at '
'value. Then, on the same day, value may raise under upgrade now; under '
'upgrade at review only the review''s figure raises. Whoever joins gets the '
'better of both, and the term of one who joins on as_of. A NULL '
'previous joins; a NULL value fails every test. A double or real is compared '
'with the one nearest to a bound. Pure: no clock, no time zone. Errors: 22004 '
'for a NULL ladder, policy or as_of; 22023 for an as_of before the last event '
'and for a policy that does not fit the ladder (the label of a tier that it '
'lacks, or keep at with a ladder that has keep); 55000 for a relative ladder.';

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
'What the value lacks by review_on, or grace_until, to keep the tier. Give the '
'figure that the review will look at, as it is so far. The gap is what the '
'ladder says of keeping it, or the bound, or the part of it that keep at asks '
'for, minus the value. The exact difference of the decimals, for double '
'precision the double nearest to it; 0 when it lacks nothing, nothing is '
'below, or the tier never drops; may be 0 for a > bound; NULL without a tier. '
'Errors: 42804 for a ladder of rules, 22023 for a tier that the ladder lacks '
'and as assign().';

-- @end
CREATE FUNCTION assign(previous tier_assignment, measures record,
		ladder tier_ladder, policy tier_policy, as_of date,
		review_measures record DEFAULT NULL) RETURNS tier_assignment
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'ct_assign_row';
COMMENT ON FUNCTION assign(tier_assignment, record, tier_ladder, tier_policy, date, record) IS
'The next assignment on a ladder of rules, the figures being the columns of a '
'row: as with a value; a review, or a grace end, looks at review_measures '
'where such a row is given, else at measures. A NULL row or figure fails every '
'test. Errors: as with a value, and 22023 for a policy with keep at: a rule '
'has no bound of which a part could be asked for.';

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

-- @each figure | review | symbol
-- | value numeric | review_value numeric | ct_tier_path_value
-- | value double precision | review_value double precision |
--   ct_tier_path_value
-- | value real | review_value real | ct_tier_path_value
-- | value bigint | review_value bigint | ct_tier_path_value
-- | measures record | review_measures record | ct_tier_path_row
-- @each arguments
-- | @figure@, ladder tier_ladder, policy tier_policy, as_of date
-- | @figure@, ladder tier_ladder, policy tier_policy, as_of date, @review@
CREATE FUNCTION tier_path_step(state internal, @arguments@) RETURNS internal
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '@symbol@';
COMMENT ON FUNCTION tier_path_step(internal, @arguments@) IS
'Transition function of tier_path(): adds a row.';

CREATE AGGREGATE tier_path(@arguments@) (
	SFUNC = tier_path_step, STYPE = internal, SSPACE = 1024,
	FINALFUNC = tier_path_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_path(@arguments@) IS
'The assignments that a history leads to, one for each date, in the order of '
'dates whatever that of the rows: what assign() makes of each row, from the '
'assignment before, beginning with none. Equal rows of one date count once. '
'NULLs as assign(); no row: NULL. Errors: 21000 for different figures on one '
'date, 22023 for a ladder or policy that varies between rows, and as '
'assign().';

-- @end
-- @end
