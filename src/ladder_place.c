/*
 * ladder_place.c
 *		Placing one figure on a ladder of bounds, and what is missing for the
 *		next tier.
 *
 * The tier is found with the value as it came.  Differences are exact
 * numerics; in them a double stands for the decimal that float8out prints, so
 * that a value of 0.7 lacks 0.3 for a bound of 1.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "figure.h"
#include "ladder.h"

#define VALUE "value"
#define AVERAGE "average order value"

static int
place_on_bounds(const ct_ladder *ladder, const ct_figure *value)
{
	ct_require_bounds(ladder);
	return ct_ladder_place_figure(ladder, value);
}

static int
place_numeric(const ct_ladder *ladder, Datum value)
{
	ct_decimal	d;

	ct_decimal_from_numeric(value, VALUE, &d);
	ct_require_bounds(ladder);
	return ct_ladder_place_decimal(ladder, &d);
}

static int
place_double(const ct_ladder *ladder, double value)
{
	ct_require_bounds(ladder);
	return ct_ladder_place_double(ladder, ct_checked_double(value, VALUE));
}

/* The rung of argument 0, of any type, on the ladder in argument 1. */
static int
place_argument(FunctionCallInfo fcinfo, const ct_ladder *ladder)
{
	ct_figure	value = ct_getarg_figure(fcinfo, 0, VALUE);

	return place_on_bounds(ladder, &value);
}

/* tier(value, ladder): numeric and double precision, the usual ones, apart */

PG_FUNCTION_INFO_V1(ct_tier_numeric);
Datum
ct_tier_numeric(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);

	return ct_return_tier(fcinfo, ladder,
						  place_numeric(ladder, PG_GETARG_DATUM(0)));
}

PG_FUNCTION_INFO_V1(ct_tier_double);
Datum
ct_tier_double(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);

	return ct_return_tier(fcinfo, ladder,
						  place_double(ladder, PG_GETARG_FLOAT8(0)));
}

PG_FUNCTION_INFO_V1(ct_tier);
Datum
ct_tier(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);

	return ct_return_tier(fcinfo, ladder, place_argument(fcinfo, ladder));
}

/* tier_rank(value, ladder), likewise */

PG_FUNCTION_INFO_V1(ct_tier_rank_numeric);
Datum
ct_tier_rank_numeric(PG_FUNCTION_ARGS)
{
	return ct_return_rank(fcinfo, place_numeric(CT_GETARG_LADDER(1),
												PG_GETARG_DATUM(0)));
}

PG_FUNCTION_INFO_V1(ct_tier_rank_double);
Datum
ct_tier_rank_double(PG_FUNCTION_ARGS)
{
	return ct_return_rank(fcinfo, place_double(CT_GETARG_LADDER(1),
											   PG_GETARG_FLOAT8(0)));
}

PG_FUNCTION_INFO_V1(ct_tier_rank);
Datum
ct_tier_rank(PG_FUNCTION_ARGS)
{
	return ct_return_rank(fcinfo, place_argument(fcinfo, CT_GETARG_LADDER(1)));
}

/* tier_rank(label, ladder): any form of ladder, calibrated or not */
PG_FUNCTION_INFO_V1(ct_tier_rank_label);
Datum
ct_tier_rank_label(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(ct_ladder_rung_of(CT_GETARG_LADDER(1),
									  PG_GETARG_TEXT_PP(0)) + 1);
}

/* next_tier(value, ladder) */
PG_FUNCTION_INFO_V1(ct_next_tier);
Datum
ct_next_tier(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);
	int			rung = place_argument(fcinfo, ladder);

	return ct_return_tier(fcinfo, ladder, ct_ladder_next(ladder, rung));
}

Datum
ct_ladder_gap(Datum low, Datum high)
{
	Datum		gap = DirectFunctionCall2(numeric_sub, high, low);
	Datum		zero = NumericGetDatum(int64_to_numeric(0));

	return DirectFunctionCall2(numeric_larger, gap, zero);
}

/*
 * The exact gap from a value to the next tier's bound; false at the top.
 * *strict: the bound itself does not reach the tier.
 */
static bool
gap_to_next(const ct_ladder *ladder, const ct_figure *value, Datum *gap,
			bool *strict)
{
	int			next = ct_ladder_next(ladder, place_on_bounds(ladder, value));

	if (next < 0)
		return false;
	*strict = ct_ladder_conditions(ladder)[next].op == CT_OP_GT;
	*gap = ct_ladder_gap(ct_figure_numeric(value),
						 ct_ladder_bound(ladder, next));
	return true;
}

/*
 * The same of a double as a double, where both are whole billionths of a few
 * digits, as the values of scorecards are; false where they are not.
 */
static bool
short_gap(const ct_ladder *ladder, double value, int next, double *gap)
{
	ct_decimal	bound = ct_condition_number(ladder,
											&ct_ladder_conditions(ladder)[next]);
	int64		low,
				high;

	if (!ct_double_to_billionths(value, &low) ||
		!ct_decimal_to_billionths(&bound, &high))
		return false;
	*gap = high > low ? (double) (high - low) / 1e9 : 0;
	return true;
}

/* gap_to_next(value, ladder): a double for a double, else numeric */
PG_FUNCTION_INFO_V1(ct_gap_to_next);
Datum
ct_gap_to_next(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);
	ct_figure	value = ct_getarg_figure(fcinfo, 0, VALUE);
	Datum		gap;
	bool		strict;

	if (value.kind == CT_FIGURE_DOUBLE)
	{
		int			next = ct_ladder_next(ladder,
										  place_on_bounds(ladder, &value));
		double		number;

		if (next >= 0 && short_gap(ladder, value.as.number, next, &number))
			PG_RETURN_FLOAT8(number);
	}
	if (!gap_to_next(ladder, &value, &gap, &strict))
		PG_RETURN_NULL();
	if (value.kind == CT_FIGURE_DOUBLE)
		PG_RETURN_FLOAT8(ct_numeric_to_double(gap));
	return gap;
}

double
ct_ladder_progress(const ct_ladder *ladder, const ct_figure *value)
{
	int			rung = ct_ladder_place_figure(ladder, value);
	int			next = ct_ladder_next(ladder, rung);
	Datum		zero = NumericGetDatum(int64_to_numeric(0));
	Datum		low = zero;
	Datum		high;
	Datum		span,
				done;

	if (next < 0)
		return 1;
	high = ct_ladder_bound(ladder, next);
	if (rung >= 0 && !ct_rung_is_floor(ladder, rung))
		low = ct_ladder_bound(ladder, rung);
	else if (ct_ladder_conditions(ladder)[next].sign <= 0)
		return 0;
	span = DirectFunctionCall2(numeric_sub, high, low);
	done = DirectFunctionCall2(numeric_sub, ct_figure_numeric(value), low);

	/* the span is 0 between ">= 100" and "> 100" */
	if (DatumGetBool(DirectFunctionCall2(numeric_ge, done, span)))
		return 1;
	if (DatumGetBool(DirectFunctionCall2(numeric_le, done, zero)))
		return 0;
	/* in doubles 2.4 / 3 would be less than 0.8, and 1 / 1e400 an error */
	return ct_numeric_to_double(DirectFunctionCall2(numeric_div, done, span));
}

PG_FUNCTION_INFO_V1(ct_tier_progress);
Datum
ct_tier_progress(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(1);
	ct_figure	value = ct_getarg_figure(fcinfo, 0, VALUE);

	ct_require_bounds(ladder);
	PG_RETURN_FLOAT8(ct_ladder_progress(ladder, &value));
}

/*
 * The least whole number of orders of the average value that closes the gap:
 * ceil(gap / average), or floor(gap / average) + 1 where the bound itself
 * does not reach the tier; NULL where no number of them does.
 */
PG_FUNCTION_INFO_V1(ct_orders_to_next);
Datum
ct_orders_to_next(PG_FUNCTION_ARGS)
{
	ct_figure	value = ct_getarg_figure(fcinfo, 0, VALUE);
	ct_figure	average = ct_getarg_figure(fcinfo, 1, AVERAGE);
	Datum		each = ct_figure_numeric(&average);
	Datum		zero = NumericGetDatum(int64_to_numeric(0));
	Datum		one = ct_numeric_from_text("1");
	Datum		gap,
				orders,
				covered;
	bool		strict;

	if (!gap_to_next(CT_GETARG_LADDER(2), &value, &gap, &strict) ||
		DatumGetBool(DirectFunctionCall2(numeric_le, each, zero)))
		PG_RETURN_NULL();
	orders = DirectFunctionCall2(numeric_div_trunc, gap, each);
	covered = DirectFunctionCall2(numeric_mul, orders, each);
	if (strict ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, covered, gap)))
		orders = DirectFunctionCall2(numeric_add, orders, one);
	return DirectFunctionCall1(numeric_int8, orders);
}
