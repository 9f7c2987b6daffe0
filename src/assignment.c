/*
 * assignment.c
 *		assign(), and what else is asked of an assignment.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "assignment.h"
#include "core/reason.h"
#include "figure.h"

/* Kept between the calls of one query. */
typedef struct assign_cache
{
	TupleDesc	desc;			/* of tier_assignment; NULL: not looked up */
	void	   *ladder;			/* what ladder.h keeps of the ladder */
	void	   *values;			/* and to read rows */
	void	   *reviews;
} assign_cache;

static assign_cache *
get_cache(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
								   sizeof(assign_cache));
	return fcinfo->flinfo->fn_extra;
}

void
ct_refuse_null(FunctionCallInfo fcinfo, int n, const char *what)
{
	if (likely(!PG_ARGISNULL(n)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s must not be NULL", what),
			 errhint("Only the previous assignment and the values may be unknown.")));
}

ct_date
ct_getarg_as_of(FunctionCallInfo fcinfo, int n)
{
	ct_date		as_of;

	ct_refuse_null(fcinfo, n, "as_of");
	as_of = PG_GETARG_DATEADT(n);
	if (!ct_date_valid(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("as_of must not be infinite")));
	return as_of;
}

/* The row type of a tier_assignment argument. */
static TupleDesc
desc_of_argument(FunctionCallInfo fcinfo, HeapTupleHeader row)
{
	assign_cache *cache = get_cache(fcinfo);

	if (cache->desc == NULL)
		cache->desc = ct_assignment_desc(HeapTupleHeaderGetTypeId(row),
										 fcinfo->flinfo->fn_mcxt);
	return cache->desc;
}

/* The row type that the called function returns. */
static TupleDesc
desc_of_result(FunctionCallInfo fcinfo)
{
	assign_cache *cache = get_cache(fcinfo);
	Oid			type;

	if (cache->desc == NULL)
	{
		if (get_call_result_type(fcinfo, &type, NULL) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type is not tier_assignment");
		cache->desc = ct_assignment_desc(type, fcinfo->flinfo->fn_mcxt);
	}
	return cache->desc;
}

void
ct_assign_input_run(const ct_assign_input *input,
					const ct_assignment *previous, const char *lost,
					ct_assignment *next, char *reason)
{
	const ct_ladder *ladder = input->ladder;
	const ct_policy *policy = input->policy;
	ct_standing standing;
	ct_outcome	outcome;
	ct_error	error;

	if (ladder->form != CT_LADDER_RULES)
		ct_stand_on_bounds(ladder, policy->keep, input->values,
						   input->reviews, &standing);
	else if (policy->keep == CT_KEEP_ALL)
		ct_stand_on_rules(ladder, input->values, input->reviews, &standing);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the policy keeps tiers at a part of their bound, but the ladder has rules"),
				 errhint("Leave out keep, or use a ladder on one figure.")));
	if (!ct_assign(previous, &standing, policy, input->as_of, next, &outcome,
				   &error))
		ct_report(&error, "tier_assignment", NULL, NULL);
	if (reason != NULL)
	{
		ct_reason	r = {ladder, policy, &standing, input->values,
			input->reviews, next, &outcome, lost
		};

		ct_reason_text(&r, reason);
	}
}

/* The ladder, which all functions here have as argument 2. */
static const ct_ladder *
getarg_ladder(FunctionCallInfo fcinfo)
{
	return ct_ladder_of_datum(PG_GETARG_DATUM(2), &get_cache(fcinfo)->ladder,
							  fcinfo->flinfo->fn_mcxt);
}

/* The arguments that all calls share: ladder, policy and as_of from 2 on. */
static void
get_input(FunctionCallInfo fcinfo, ct_assign_input *input)
{
	ct_refuse_null(fcinfo, 2, "ladder");
	ct_refuse_null(fcinfo, 3, "policy");
	input->ladder = getarg_ladder(fcinfo);
	input->policy = CT_GETARG_POLICY(3);
	input->as_of = ct_getarg_as_of(fcinfo, 4);
	input->reviews = NULL;
}

/* The next assignment after the one in argument 0. */
static void
run(FunctionCallInfo fcinfo, TupleDesc desc, const ct_assign_input *input,
	ct_assignment *next, char *reason)
{
	ct_assignment previous;
	const char *lost = NULL;

	if (!PG_ARGISNULL(0))
		ct_assignment_read(desc, PG_GETARG_HEAPTUPLEHEADER(0),
						   input->ladder, &previous, &lost);
	ct_assign_input_run(input, PG_ARGISNULL(0) ? NULL : &previous, lost, next,
						reason);
}

static Datum
assign(FunctionCallInfo fcinfo, const ct_assign_input *input)
{
	TupleDesc	desc = desc_of_result(fcinfo);
	char		reason[CT_REASON_SIZE];
	ct_assignment next;

	run(fcinfo, desc, input, &next, reason);
	return ct_assignment_datum(desc, input->ladder, &next, reason);
}

/* Would it be an upgrade?  Whoever joins is not upgraded. */
static Datum
eligible(FunctionCallInfo fcinfo, const ct_assign_input *input)
{
	ct_assignment next;

	if (PG_ARGISNULL(0))
		PG_RETURN_BOOL(false);
	run(fcinfo, desc_of_argument(fcinfo, PG_GETARG_HEAPTUPLEHEADER(0)), input,
		&next, NULL);
	PG_RETURN_BOOL(next.movement == CT_UPGRADED);
}

/* assign(previous, value, ladder, policy, as_of, review_value) */
PG_FUNCTION_INFO_V1(ct_assign_value);
Datum
ct_assign_value(PG_FUNCTION_ARGS)
{
	ct_assign_input input;
	ct_figure	value,
				review;

	get_input(fcinfo, &input);
	ct_require_bounds(input.ladder);
	value = ct_getarg_figure(fcinfo, 1, "value");
	review = ct_getarg_figure(fcinfo, 5, "review value");
	input.values = &value;
	input.reviews = &review;
	return assign(fcinfo, &input);
}

/* upgrade_eligible(previous, value, ladder, policy, as_of) */
PG_FUNCTION_INFO_V1(ct_assign_eligible);
Datum
ct_assign_eligible(PG_FUNCTION_ARGS)
{
	ct_assign_input input;
	ct_figure	value;

	get_input(fcinfo, &input);
	ct_require_bounds(input.ladder);
	value = ct_getarg_figure(fcinfo, 1, "value");
	input.values = &value;
	return eligible(fcinfo, &input);
}

/* The figures of the row in argument n; unknown ones for a NULL row. */
static const ct_figure *
row_argument(FunctionCallInfo fcinfo, int n, void **slot)
{
	return ct_ladder_read_row(ct_ladder_reader_of_datum(PG_GETARG_DATUM(2),
														slot,
														fcinfo->flinfo->fn_mcxt),
							  fcinfo, n);
}

PG_FUNCTION_INFO_V1(ct_assign_row);
Datum
ct_assign_row(PG_FUNCTION_ARGS)
{
	assign_cache *cache = get_cache(fcinfo);
	ct_assign_input input;

	get_input(fcinfo, &input);
	ct_require_rules(input.ladder);
	input.values = row_argument(fcinfo, 1, &cache->values);
	if (!PG_ARGISNULL(5))
		input.reviews = row_argument(fcinfo, 5, &cache->reviews);
	return assign(fcinfo, &input);
}

PG_FUNCTION_INFO_V1(ct_assign_eligible_row);
Datum
ct_assign_eligible_row(PG_FUNCTION_ARGS)
{
	assign_cache *cache = get_cache(fcinfo);
	ct_assign_input input;

	get_input(fcinfo, &input);
	ct_require_rules(input.ladder);
	input.values = row_argument(fcinfo, 1, &cache->values);
	return eligible(fcinfo, &input);
}

/*
 * Does nothing make the tier fall at its next review, whatever the value: the
 * policy, the lack of anything below, or a pin that lasts beyond?
 */
static bool
is_safe(const ct_assignment *a, const ct_ladder *ladder,
		const ct_policy *policy)
{
	ct_date		due = a->grace_until != CT_NO_DATE ? a->grace_until :
		a->review_on;

	if (policy->drop == CT_DROP_NEVER || ct_rung_is_floor(ladder, a->rung) ||
		(policy->drop == CT_DROP_TO_BASE && a->rung == ladder->nrungs - 1))
		return true;
	return (a->pin == CT_PIN_LOCK || a->pin == CT_PIN_FLOOR) &&
		a->pinned <= a->rung && (due == CT_NO_DATE || a->pinned_until > due);
}

/*
 * gap_to_keep(previous, value, ladder, policy): what the value lacks to keep
 * the tier, exactly, 0 when it lacks nothing; NULL without a tier.  A double
 * for a double, else numeric.
 */
PG_FUNCTION_INFO_V1(ct_gap_to_keep);
Datum
ct_gap_to_keep(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	ct_figure	value = ct_getarg_figure(fcinfo, 1, "value");
	const ct_ladder *ladder = getarg_ladder(fcinfo);
	const ct_policy *policy = CT_GETARG_POLICY(3);
	Datum		gap = ct_numeric_from_text("0");
	int16		digits[CT_KEEP_MAX_DIGITS];
	ct_decimal	bound;
	ct_assignment a;
	const char *lost;

	ct_require_bounds(ladder);
	ct_assignment_read(desc_of_argument(fcinfo, row), row, ladder, &a, &lost);
	if (a.rung == ladder->nrungs)
		PG_RETURN_NULL();
	if (a.rung == CT_RUNG_UNKNOWN)
		ct_ladder_rung_of(ladder, cstring_to_text(lost));
	if (!is_safe(&a, ladder, policy) &&
		!ct_figure_keeps(ladder, a.rung, policy->keep, &value))
	{
		ct_keep_bound(ladder, a.rung, policy->keep, digits, &bound);
		gap = DirectFunctionCall2(numeric_sub, ct_numeric_from_decimal(&bound),
								  ct_figure_numeric(&value));
	}
	if (value.kind == CT_FIGURE_DOUBLE)
		PG_RETURN_FLOAT8(ct_numeric_to_double(gap));
	return gap;
}
