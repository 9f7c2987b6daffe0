/*
 * upgrade.c
 *		Whether a customer can move up, or is about to move up or down:
 *		upgrade_eligible() and upgrade_outlook().
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "figure.h"
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
PG_FUNCTION_INFO_V1(ct_upgrade_eligible);
Datum
ct_upgrade_eligible(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;
	ct_figure	value;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	value = ct_getarg_figure(fcinfo, 1, "value");
	ladder = CT_GETARG_LADDER(2);
	ct_require_bounds(ladder);
	PG_RETURN_BOOL(is_higher(ct_ladder_place_figure(ladder, &value),
							 held_rung(fcinfo, ladder)));
}

PG_FUNCTION_INFO_V1(ct_upgrade_eligible_row);
Datum
ct_upgrade_eligible_row(PG_FUNCTION_ARGS)
{
	ct_ladder_reader *reader;
	const ct_figure *figures;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	reader = ct_getarg_ladder_reader(fcinfo, 2);
	figures = ct_ladder_read_row(reader, fcinfo, 1);
	PG_RETURN_BOOL(is_higher(ct_ladder_place_row(reader->ladder, figures),
							 held_rung(fcinfo, reader->ladder)));
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

PG_FUNCTION_INFO_V1(ct_upgrade_outlook);
Datum
ct_upgrade_outlook(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder;
	ct_figure	value,
				projected;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	value = ct_getarg_figure(fcinfo, 1, "value");
	projected = ct_getarg_figure(fcinfo, 2, "projected");
	ladder = CT_GETARG_LADDER(3);
	PG_RETURN_TEXT_P(cstring_to_text(outlook(ladder,
											 held_rung(fcinfo, ladder),
											 &value, &projected,
											 near_argument(fcinfo))));
}
