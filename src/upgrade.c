/*
 * upgrade.c
 *		Who may rise: upgrade_eligible() and upgrade_outlook().
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "ladder.h"

/* The tier held: its rung, or the number of rungs where none is held. */
static int
held_rung(FunctionCallInfo fcinfo, const ct_ladder *ladder)
{
	if (PG_ARGISNULL(0))
		return ladder->nrungs;
	return ct_ladder_rung_of(ladder, PG_GETARG_TEXT_PP(0));
}

/* Does the ladder put a customer on this rung higher than the one held? */
static bool
is_higher(int rung, int held)
{
	return rung >= 0 && rung < held;
}

/* upgrade_eligible(current, value, ladder); NULL for a NULL value or ladder */
static Datum
eligible(FunctionCallInfo fcinfo, const ct_figure *value)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(2);

	ct_require_bounds(ladder);
	PG_RETURN_BOOL(is_higher(ct_ladder_place_figure(ladder, value),
							 held_rung(fcinfo, ladder)));
}

PG_FUNCTION_INFO_V1(ct_upgrade_eligible_numeric);
Datum
ct_upgrade_eligible_numeric(PG_FUNCTION_ARGS)
{
	ct_figure	f;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	f = ct_figure_of_numeric(PG_GETARG_DATUM(1), "value");
	return eligible(fcinfo, &f);
}

PG_FUNCTION_INFO_V1(ct_upgrade_eligible_double);
Datum
ct_upgrade_eligible_double(PG_FUNCTION_ARGS)
{
	ct_figure	f;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	f = ct_figure_of_double(PG_GETARG_FLOAT8(1), "value");
	return eligible(fcinfo, &f);
}

PG_FUNCTION_INFO_V1(ct_upgrade_eligible_bigint);
Datum
ct_upgrade_eligible_bigint(PG_FUNCTION_ARGS)
{
	ct_figure	f;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	f = ct_figure_of_bigint(PG_GETARG_INT64(1));
	return eligible(fcinfo, &f);
}

PG_FUNCTION_INFO_V1(ct_upgrade_eligible_row);
Datum
ct_upgrade_eligible_row(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;
	const ct_figure *figures;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	ladder = CT_GETARG_LADDER(2);
	ct_require_rules(ladder);
	figures = ct_ladder_read_row(&fcinfo->flinfo->fn_extra,
								 fcinfo->flinfo->fn_mcxt, ladder,
								 PG_GETARG_HEAPTUPLEHEADER(1));
	PG_RETURN_BOOL(is_higher(ct_ladder_place_row(ladder, figures),
							 held_rung(fcinfo, ladder)));
}

/* Is the figure known, but short of what the rung asks for? */
static bool
is_below(const ct_ladder *ladder, int rung, const ct_figure *figure)
{
	return figure->kind != CT_FIGURE_NULL && rung < ladder->nrungs &&
		!ct_rung_is_floor(ladder, rung) &&
		!ct_condition_met(ladder, &ct_ladder_conditions(ladder)[rung],
						  figure);
}

/*
 * upgrade_outlook(current, value, projected, ladder, near): the first of the
 * five answers that holds.  projected may be NULL.
 */
static const char *
outlook(const ct_ladder *ladder, int held, const ct_figure *value,
		const ct_figure *projected, double near)
{
	int			rung;
	int			next;

	ct_require_bounds(ladder);
	rung = ct_ladder_place_figure(ladder, value);
	if (is_higher(rung, held))
		return "eligible";
	if (is_below(ladder, held, value) || is_below(ladder, held, projected))
		return "at_risk";
	next = ct_ladder_next(ladder, rung);
	if (next < 0)
		return "top";
	if (ct_ladder_progress(ladder, value) >= near ||
		ct_condition_met(ladder, &ct_ladder_conditions(ladder)[next],
						 projected))
		return "within_reach";
	return "stable";
}

static double
near_argument(FunctionCallInfo fcinfo)
{
	double		near = ct_checked_double(PG_GETARG_FLOAT8(4), "near");

	if (near < 0 || near > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("near must lie between 0 and 1"),
				 errdetail("It is %g: the part of the way to the next tier from which on the tier is within reach.",
						   near)));
	return near;
}

static bool
outlook_is_null(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4);
}

static Datum
return_outlook(FunctionCallInfo fcinfo, const ct_figure *value,
			   const ct_figure *projected)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(3);

	PG_RETURN_TEXT_P(cstring_to_text(outlook(ladder,
											 held_rung(fcinfo, ladder),
											 value, projected,
											 near_argument(fcinfo))));
}

PG_FUNCTION_INFO_V1(ct_upgrade_outlook_numeric);
Datum
ct_upgrade_outlook_numeric(PG_FUNCTION_ARGS)
{
	ct_figure	value,
				projected = {CT_FIGURE_NULL};

	if (outlook_is_null(fcinfo))
		PG_RETURN_NULL();
	value = ct_figure_of_numeric(PG_GETARG_DATUM(1), "value");
	if (!PG_ARGISNULL(2))
		projected = ct_figure_of_numeric(PG_GETARG_DATUM(2), "projected");
	return return_outlook(fcinfo, &value, &projected);
}

PG_FUNCTION_INFO_V1(ct_upgrade_outlook_double);
Datum
ct_upgrade_outlook_double(PG_FUNCTION_ARGS)
{
	ct_figure	value,
				projected = {CT_FIGURE_NULL};

	if (outlook_is_null(fcinfo))
		PG_RETURN_NULL();
	value = ct_figure_of_double(PG_GETARG_FLOAT8(1), "value");
	if (!PG_ARGISNULL(2))
		projected = ct_figure_of_double(PG_GETARG_FLOAT8(2), "projected");
	return return_outlook(fcinfo, &value, &projected);
}

PG_FUNCTION_INFO_V1(ct_upgrade_outlook_bigint);
Datum
ct_upgrade_outlook_bigint(PG_FUNCTION_ARGS)
{
	ct_figure	value,
				projected = {CT_FIGURE_NULL};

	if (outlook_is_null(fcinfo))
		PG_RETURN_NULL();
	value = ct_figure_of_bigint(PG_GETARG_INT64(1));
	if (!PG_ARGISNULL(2))
		projected = ct_figure_of_bigint(PG_GETARG_INT64(2));
	return return_outlook(fcinfo, &value, &projected);
}
