/*
 * concentration.c
 *		The aggregates gini() and top_share().
 *
 * The state keeps every value, 16 bytes or more each.  There is no combine
 * function, for the reason that ladder_calibrate.c gives.  The final
 * functions sort the values, a multiset, and change nothing else.
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "utils/builtins.h"

#include "core/concentration.h"
#include "figure.h"

typedef struct concentration_state
{
	ct_population values;
	double		fraction;		/* of top_share() */
} concentration_state;

/* The state, made with the first row. */
static concentration_state *
get_concentration(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	concentration_state *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	if (!PG_ARGISNULL(0))
		return (concentration_state *) PG_GETARG_POINTER(0);
	state = MemoryContextAllocZero(context, sizeof(concentration_state));
	state->values.context = context;
	return state;
}

/* Adds argument 1, which may be NULL; returns the new state. */
static Datum
add_value(concentration_state *state, FunctionCallInfo fcinfo)
{
	ct_figure	value = ct_getarg_figure(fcinfo, 1, "value");

	if (!ct_population_add(&state->values, &value))
		ct_report_mixed_types();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_gini_step);
Datum
ct_gini_step(PG_FUNCTION_ARGS)
{
	return add_value(get_concentration(fcinfo), fcinfo);
}

static char *
fraction_text(double fraction)
{
	char	   *text = palloc(DOUBLE_SHORTEST_DECIMAL_LEN);

	(void) double_to_shortest_decimal_buf(fraction, text);
	return text;
}

/* Argument 2. */
static double
getarg_fraction(FunctionCallInfo fcinfo)
{
	double		fraction;

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("fraction must not be null"),
				 errhint("For the top 20 percent give 0.2.")));
	fraction = PG_GETARG_FLOAT8(2);
	if (!(fraction > 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fraction must be above 0 and at most 1"),
				 errdetail("The fraction is %s.", fraction_text(fraction)),
				 errhint("For the top 20 percent give 0.2.")));
	return fraction;
}

/* A row without a value has its fraction checked like any other. */
PG_FUNCTION_INFO_V1(ct_top_share_step);
Datum
ct_top_share_step(PG_FUNCTION_ARGS)
{
	concentration_state *state = get_concentration(fcinfo);
	double		fraction = getarg_fraction(fcinfo);

	if (PG_ARGISNULL(0))
		state->fraction = fraction;
	else if (state->fraction != fraction)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fraction varies between the rows of one top_share"),
				 errdetail("One row has %s, another %s.",
						   fraction_text(state->fraction),
						   fraction_text(fraction)),
				 errhint("Group or partition by the fraction.")));
	return add_value(state, fcinfo);
}

/*
 * The double nearest to part / whole, neither of them negative.  What lies
 * half-way between two doubles has at most 1075 decimal places: so many of
 * the quotient, and a digit that tells whether anything follows, decide which
 * one is nearer.
 */
static double
nearest_ratio(const ct_decimal *part, const ct_decimal *whole)
{
	Datum		divisor = ct_numeric_from_decimal(whole);
	Datum		units;
	Datum		quotient;
	Datum		product;
	const char *digits;
	bool		exact;

	units = DirectFunctionCall2(numeric_mul, ct_numeric_from_decimal(part),
								ct_numeric_from_text("1e1075"));
	quotient = DirectFunctionCall2(numeric_div_trunc, units, divisor);
	product = DirectFunctionCall2(numeric_mul, quotient, divisor);
	exact = DatumGetBool(DirectFunctionCall2(numeric_eq, product, units));
	digits = DatumGetCString(DirectFunctionCall1(numeric_out, quotient));
	return ct_numeric_to_double(ct_numeric_from_text(psprintf("%s%de-1076",
															  digits,
															  !exact)));
}

PG_FUNCTION_INFO_V1(ct_gini_final);
Datum
ct_gini_final(PG_FUNCTION_ARGS)
{
	concentration_state *state;
	ct_decimal	part,
				whole;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (concentration_state *) PG_GETARG_POINTER(0);
	if (!ct_gini(&state->values, CurrentMemoryContext, &part, &whole))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(nearest_ratio(&part, &whole));
}

/* ceil(fraction * count), of the decimal that the fraction prints as. */
static uint64
count_of_fraction(double fraction, size_t count)
{
	Datum		n = NumericGetDatum(int64_to_numeric((int64) count));
	Datum		k = DirectFunctionCall2(numeric_mul, n,
										ct_numeric_from_text(fraction_text(fraction)));

	k = DirectFunctionCall1(numeric_ceil, k);
	return (uint64) DatumGetInt64(DirectFunctionCall1(numeric_int8, k));
}

PG_FUNCTION_INFO_V1(ct_top_share_final);
Datum
ct_top_share_final(PG_FUNCTION_ARGS)
{
	concentration_state *state;
	uint64		k;
	ct_decimal	part,
				whole;
	Datum		share;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (concentration_state *) PG_GETARG_POINTER(0);
	k = count_of_fraction(state->fraction, state->values.count);
	if (!ct_top_share(&state->values, k, CurrentMemoryContext, &part, &whole))
		PG_RETURN_NULL();
	share = DirectFunctionCall2(numeric_div, ct_numeric_from_decimal(&part),
								ct_numeric_from_decimal(&whole));
	return DirectFunctionCall1(numeric_trim_scale, share);
}
