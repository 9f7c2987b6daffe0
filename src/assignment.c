/*
 * assignment.c
 *		assign(), and what else is asked of an assignment.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "assignment.h"
#include "assignment_row.h"
#include "core/reason.h"
#include "figure.h"

/* What a call site remembers. */
typedef struct assign_cache
{
	TupleDesc	desc;			/* of tier_assignment; NULL: not looked up */
	void	   *ladder;			/* slots of ladder.h: a ladder, */
	void	   *values;			/* a reader of rows for the values, */
	void	   *reviews;		/* and one for the review values */
} assign_cache;

static assign_cache *
get_assign_cache(FunctionCallInfo fcinfo)
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
			 errmsg("%s must not be null", what),
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

/* The row type tier_assignment, of what is passed (or NULL), or returned. */
static TupleDesc
assignment_desc(FunctionCallInfo fcinfo, HeapTupleHeader row)
{
	assign_cache *cache = get_assign_cache(fcinfo);
	Oid			type;

	if (cache->desc == NULL)
	{
		if (row != NULL)
			type = HeapTupleHeaderGetTypeId(row);
		else if (get_call_result_type(fcinfo, &type, NULL) !=
				 TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type is not tier_assignment");
		cache->desc = ct_assignment_desc(type, fcinfo->flinfo->fn_mcxt);
	}
	return cache->desc;
}

/* The policy's clauses for the rungs of a ladder; 22023 where they do not fit. */
static void
clauses_for(const ct_policy *policy, const ct_ladder *ladder,
			ct_rung_clauses *clauses)
{
	ct_error	error;

	if (!ct_policy_for_ladder(policy, ladder, clauses, &error))
		ct_report(&error, "tier_policy", NULL, NULL);
}

void
ct_assign_input_run(const ct_assign_input *input,
					const ct_assignment *previous, const char *lost,
					ct_assignment *next, char *reason)
{
	const ct_ladder *ladder = input->ladder;
	ct_rung_clauses clauses;
	ct_standing standing;
	ct_outcome	outcome;
	ct_error	error;

	clauses_for(input->policy, ladder, &clauses);
	if (ladder->form == CT_LADDER_RULES)
		ct_stand_on_rules(ladder, input->values, input->reviews, &standing);
	else
		ct_stand_on_bounds(ladder, &clauses, input->values, input->reviews,
						   &standing);
	if (!ct_assign(previous, &standing, &clauses, input->as_of, next,
				   &outcome, &error))
		ct_report(&error, "tier_assignment", NULL, NULL);
	if (reason != NULL)
	{
		ct_reason	r = {ladder, &clauses, &standing, input->values,
			input->reviews, next, &outcome, lost
		};

		ct_reason_text(&r, reason);
	}
}

/* The ladder, which all functions here have as argument 2. */
static const ct_ladder *
getarg_ladder(FunctionCallInfo fcinfo)
{
	return ct_ladder_of_datum(PG_GETARG_DATUM(2),
							  &get_assign_cache(fcinfo)->ladder,
							  fcinfo->flinfo->fn_mcxt);
}

/* The figures of the row in argument n; unknown ones for a NULL row. */
static const ct_figure *
getarg_row(FunctionCallInfo fcinfo, int n, void **slot)
{
	return ct_ladder_read_row(ct_ladder_reader_of_datum(PG_GETARG_DATUM(2),
														slot,
														fcinfo->flinfo->fn_mcxt),
							  fcinfo, n);
}

/*
 * What follows the previous assignment in the arguments: value or row,
 * ladder, policy and as_of, and for assign() the review value or row.  Values
 * are kept in figures[].
 */
static ct_assign_input
getarg_assign_input(FunctionCallInfo fcinfo, bool rows, ct_figure figures[2])
{
	assign_cache *cache = get_assign_cache(fcinfo);
	ct_assign_input input = {0};

	ct_refuse_null(fcinfo, 2, "ladder");
	ct_refuse_null(fcinfo, 3, "policy");
	input.ladder = getarg_ladder(fcinfo);
	input.policy = CT_GETARG_POLICY(3);
	input.as_of = ct_getarg_as_of(fcinfo, 4);
	if (rows)
	{
		ct_require_rules(input.ladder);
		input.values = getarg_row(fcinfo, 1, &cache->values);
		if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
			input.reviews = getarg_row(fcinfo, 5, &cache->reviews);
		return input;
	}
	ct_require_bounds(input.ladder);
	figures[0] = ct_getarg_figure(fcinfo, 1, "value");
	input.values = &figures[0];
	if (PG_NARGS() > 5)
	{
		figures[1] = ct_getarg_figure(fcinfo, 5, "review value");
		input.reviews = &figures[1];
	}
	return input;
}

/* The next assignment after the one in argument 0, which may be NULL. */
static void
assign_next(FunctionCallInfo fcinfo, TupleDesc desc,
			const ct_assign_input *input, ct_assignment *next, char *reason)
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
assigned_datum(FunctionCallInfo fcinfo, bool rows)
{
	ct_figure	figures[2];
	ct_assign_input input = getarg_assign_input(fcinfo, rows, figures);
	TupleDesc	desc = assignment_desc(fcinfo, NULL);
	char		reason[CT_REASON_SIZE];
	ct_assignment next;

	assign_next(fcinfo, desc, &input, &next, reason);
	return ct_assignment_datum(desc, input.ladder, &next, reason);
}

/* Would it be an upgrade?  Whoever joins is not upgraded. */
static Datum
eligible_datum(FunctionCallInfo fcinfo, bool rows)
{
	ct_figure	figures[2];
	ct_assign_input input = getarg_assign_input(fcinfo, rows, figures);
	TupleDesc	desc = PG_ARGISNULL(0) ? NULL :
		assignment_desc(fcinfo, PG_GETARG_HEAPTUPLEHEADER(0));
	ct_assignment next;

	assign_next(fcinfo, desc, &input, &next, NULL);
	PG_RETURN_BOOL(next.movement == CT_UPGRADED);
}

PG_FUNCTION_INFO_V1(ct_assign_value);
Datum
ct_assign_value(PG_FUNCTION_ARGS)
{
	return assigned_datum(fcinfo, false);
}

PG_FUNCTION_INFO_V1(ct_assign_row);
Datum
ct_assign_row(PG_FUNCTION_ARGS)
{
	return assigned_datum(fcinfo, true);
}

PG_FUNCTION_INFO_V1(ct_assign_eligible);
Datum
ct_assign_eligible(PG_FUNCTION_ARGS)
{
	return eligible_datum(fcinfo, false);
}

PG_FUNCTION_INFO_V1(ct_assign_eligible_row);
Datum
ct_assign_eligible_row(PG_FUNCTION_ARGS)
{
	return eligible_datum(fcinfo, true);
}

/*
 * Is the tier kept at its next review whatever the value, because the policy
 * never drops it or nothing lies below?
 */
static bool
is_safe_at_review(const ct_ladder *ladder, int rung,
				  const ct_clauses *clauses)
{
	return clauses->drop == CT_DROP_NEVER || ct_rung_is_floor(ladder, rung) ||
		(clauses->drop == CT_DROP_TO_BASE && rung == ladder->nrungs - 1);
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
	ct_rung_clauses clauses;
	Datum		gap = ct_numeric_from_text("0");
	int16		digits[CT_KEEP_MAX_DIGITS];
	ct_decimal	bound;
	ct_assignment a;
	int64		keep;
	const char *lost;

	ct_require_bounds(ladder);
	clauses_for(CT_GETARG_POLICY(3), ladder, &clauses);
	ct_assignment_read(assignment_desc(fcinfo, row), row, ladder, &a, &lost);
	if (a.rung == ladder->nrungs)
		PG_RETURN_NULL();
	if (a.rung == CT_RUNG_UNKNOWN)	/* an error */
		ct_ladder_rung_of(ladder, cstring_to_text(lost));
	keep = clauses.of[a.rung]->keep;
	if (!is_safe_at_review(ladder, a.rung, clauses.of[a.rung]) &&
		!ct_figure_keeps(ladder, a.rung, keep, &value))
	{
		ct_keep_bound(ladder, a.rung, keep, digits, &bound);
		gap = ct_ladder_gap(ct_figure_numeric(&value),
							ct_numeric_from_decimal(&bound));
	}
	if (value.kind == CT_FIGURE_DOUBLE)
		PG_RETURN_FLOAT8(ct_numeric_to_double(gap));
	return gap;
}
