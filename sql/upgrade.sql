-- upgrade candidates

-- @each number: numeric, double precision, real, bigint
CREATE FUNCTION upgrade_eligible(current text, value @number@,
		ladder tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_upgrade_eligible';
COMMENT ON FUNCTION upgrade_eligible(text, @number@, tier_ladder) IS
'Does the ladder put this value higher than the current tier? A NULL current tier is below the ladder; NULL for any other NULL. Errors: 22023 for a tier that the ladder does not have; others as tier().';

CREATE FUNCTION upgrade_outlook(current text, value @number@,
		projected @number@, ladder tier_ladder,
		near double precision DEFAULT 0.8) RETURNS text
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'ct_upgrade_outlook';
COMMENT ON FUNCTION upgrade_outlook(text, @number@, @number@, tier_ladder, double precision) IS
'The first that holds: eligible (the ladder already puts the value higher than the current tier), at_risk (value or projected is below the bound of the current tier), top, within_reach (tier_progress() is at least near, from 0 to 1, or projected reaches the next bound), stable. projected is a forecast of the value; a NULL one is left out. A NULL current tier is below the ladder; NULL for any other NULL. Errors: 22023 for an unknown tier or near outside 0..1; others as tier().';

-- @end
CREATE FUNCTION upgrade_eligible(current text, measures record,
		ladder tier_ladder) RETURNS boolean
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 3
	AS 'MODULE_PATHNAME', 'ct_upgrade_eligible_row';
COMMENT ON FUNCTION upgrade_eligible(text, record, tier_ladder) IS
'Does the ladder of rules put this row higher than the current tier? A NULL current tier is below the ladder; NULL for any other NULL. Errors: 22023 for a tier that the ladder does not have; others as tier().';

