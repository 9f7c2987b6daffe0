/*
 * tier_path.c
 *		The aggregate tier_path(): a history of values in, the assignments
 *		that they lead to out.
 *
 * The state keeps the date and the figures of every row, in any order, and
 * the final function sorts them by date and lets assign() go on from one to
 * the next.  There is no combine function: a path takes all of its rows, and
 * a plan that gathers them first always works.  Sorting changes nothing that
 * can be seen; more rows may follow, as in a window frame that grows.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "assignment.h"

#include "core/isodate.h"
#include "core/reason.h"

#define FIRST_POINTS 16
#define FIRST_BYTES 256

typedef struct path_point
{
	ct_date		date;
	size_t		figures;		/* where they begin in the arena */
} path_point;

typedef struct path_state
{
	MemoryContext context;
	ct_ladder  *ladder;
	ct_policy	policy;
	int			nfigures;		/* of a point */
	void	   *reader;			/* of rows */
	size_t		npoints;
	size_t		points_room;
	path_point *points;
	size_t		nbytes;
	size_t		bytes_room;
	char	   *bytes;			/* figures, each a stored_figure and what it
								 * needs more */
} path_state;

/* A figure in the arena: the digits of a decimal follow. */
typedef struct stored_figure
{
	ct_figure_kind kind;
	union
	{
		int64		integer;
		double		real;
		struct
		{
			int			sign;
			int			weight;
			int			ndigits;
		}			decimal;
	}			as;
} stored_figure;

/* Room for so many more bytes, or points. */
static void *
make_room(path_state *state, void *array, size_t used, size_t more,
		  size_t *room, size_t first, size_t size)
{
	if (array != NULL && used + more <= *room)
		return array;
	while (used + more > *room)
		*room = *room == 0 ? first : *room * 2;
	if (array == NULL)
		return MemoryContextAllocHuge(state->context, mul_size(*room, size));
	return repalloc_huge(array, mul_size(*room, size));
}

static void
store_bytes(path_state *state, const void *bytes, size_t n)
{
	state->bytes = make_room(state, state->bytes, state->nbytes, n,
							 &state->bytes_room, FIRST_BYTES, 1);
	memcpy(state->bytes + state->nbytes, bytes, n);
	state->nbytes += n;
}

static void
store_figure(path_state *state, const ct_figure *figure)
{
	stored_figure stored = {figure->kind};

	if (figure->kind == CT_FIGURE_INTEGER)
		stored.as.integer = figure->as.integer;
	else if (figure->kind == CT_FIGURE_DOUBLE)
		stored.as.real = figure->as.real;
	else if (figure->kind == CT_FIGURE_DECIMAL)
	{
		stored.as.decimal.sign = figure->as.decimal.sign;
		stored.as.decimal.weight = figure->as.decimal.weight;
		stored.as.decimal.ndigits = figure->as.decimal.ndigits;
	}
	store_bytes(state, &stored, sizeof(stored));
	if (figure->kind == CT_FIGURE_DECIMAL)
		store_bytes(state, figure->as.decimal.digits,
					figure->as.decimal.ndigits * sizeof(int16));
}

/* The figures of a point, decimals pointing into the arena. */
static void
load_figures(const path_state *state, const path_point *point,
			 ct_figure *figures)
{
	const char *at = state->bytes + point->figures;

	for (int i = 0; i < state->nfigures; i++)
	{
		ct_figure  *f = &figures[i];
		stored_figure stored;

		memcpy(&stored, at, sizeof(stored));
		at += sizeof(stored);
		f->kind = stored.kind;
		if (f->kind == CT_FIGURE_INTEGER)
			f->as.integer = stored.as.integer;
		else if (f->kind == CT_FIGURE_DOUBLE)
			f->as.real = stored.as.real;
		else if (f->kind == CT_FIGURE_DECIMAL)
		{
			f->as.decimal.sign = stored.as.decimal.sign;
			f->as.decimal.weight = stored.as.decimal.weight;
			f->as.decimal.ndigits = stored.as.decimal.ndigits;
			f->as.decimal.digits = (const unsigned char *) at;
			at += f->as.decimal.ndigits * sizeof(int16);
		}
	}
}

/* A new state for this ladder and policy. */
static path_state *
make_state(MemoryContext context, const ct_ladder *ladder,
		   const ct_policy *policy)
{
	path_state *state = MemoryContextAllocZero(context, sizeof(path_state));

	state->context = context;
	state->ladder = MemoryContextAlloc(context, ladder->size);
	memcpy(state->ladder, ladder, ladder->size);
	state->policy = *policy;
	state->nfigures = ladder->form == CT_LADDER_RULES ? ladder->nmetrics : 1;
	return state;
}

/* The state that this row belongs to. */
static path_state *
get_state(FunctionCallInfo fcinfo)
{
	const ct_ladder *ladder;
	const ct_policy *policy;
	MemoryContext context;
	path_state *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "tier_path called in non-aggregate context");
	ct_refuse_null(fcinfo, 2, "ladder");
	ct_refuse_null(fcinfo, 3, "policy");
	ladder = CT_GETARG_LADDER(2);
	policy = CT_GETARG_POLICY(3);
	if (PG_ARGISNULL(0))
		return make_state(context, ladder, policy);
	state = (path_state *) PG_GETARG_POINTER(0);
	if (unlikely(!ct_ladder_equal(state->ladder, ladder) ||
				 memcmp(&state->policy, policy, sizeof(ct_policy)) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ladder or policy varies between the rows of one path"),
				 errhint("Group by both, or replay each in a query of its own.")));
	return state;
}

static Datum
add_point(path_state *state, ct_date date, const ct_figure *figures)
{
	path_point *point;

	state->points = make_room(state, state->points, state->npoints, 1,
							  &state->points_room, FIRST_POINTS,
							  sizeof(path_point));
	point = &state->points[state->npoints++];
	point->date = date;
	point->figures = state->nbytes;
	for (int i = 0; i < state->nfigures; i++)
		store_figure(state, &figures[i]);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_tier_path_numeric);
Datum
ct_tier_path_numeric(PG_FUNCTION_ARGS)
{
	path_state *state = get_state(fcinfo);
	ct_figure	value = {CT_FIGURE_NULL};

	ct_require_bounds(state->ladder);
	if (!PG_ARGISNULL(1))
		value = ct_figure_of_numeric(PG_GETARG_DATUM(1), "value");
	return add_point(state, ct_getarg_as_of(fcinfo, 4), &value);
}

PG_FUNCTION_INFO_V1(ct_tier_path_double);
Datum
ct_tier_path_double(PG_FUNCTION_ARGS)
{
	path_state *state = get_state(fcinfo);
	ct_figure	value = {CT_FIGURE_NULL};

	ct_require_bounds(state->ladder);
	if (!PG_ARGISNULL(1))
		value = ct_figure_of_double(PG_GETARG_FLOAT8(1), "value");
	return add_point(state, ct_getarg_as_of(fcinfo, 4), &value);
}

PG_FUNCTION_INFO_V1(ct_tier_path_bigint);
Datum
ct_tier_path_bigint(PG_FUNCTION_ARGS)
{
	path_state *state = get_state(fcinfo);
	ct_figure	value = {CT_FIGURE_NULL};

	ct_require_bounds(state->ladder);
	if (!PG_ARGISNULL(1))
		value = ct_figure_of_bigint(PG_GETARG_INT64(1));
	return add_point(state, ct_getarg_as_of(fcinfo, 4), &value);
}

PG_FUNCTION_INFO_V1(ct_tier_path_row);
Datum
ct_tier_path_row(PG_FUNCTION_ARGS)
{
	path_state *state = get_state(fcinfo);
	ct_date		as_of = ct_getarg_as_of(fcinfo, 4);

	ct_require_rules(state->ladder);
	if (PG_ARGISNULL(1))
		return add_point(state, as_of,
						 palloc0(sizeof(ct_figure) * state->nfigures));
	return add_point(state, as_of,
					 ct_ladder_read_row(&state->reader, state->context,
										state->ladder,
										PG_GETARG_HEAPTUPLEHEADER(1)));
}

static int
compare_points(const void *a, const void *b)
{
	const path_point *p = a;
	const path_point *q = b;

	return (p->date > q->date) - (p->date < q->date);
}

/*
 * Two rows of one date must say the same, whichever of them comes first.  So
 * a double and a decimal differ, as rows of two types can have them: where
 * they compare as equal, they still need not stand alike to a bound.
 */
static void
check_same(const path_state *state, ct_date date, const ct_figure *a,
		   const ct_figure *b)
{
	char		text[CT_ISODATE_SIZE];

	for (int i = 0; i < state->nfigures; i++)
	{
		if (ct_figure_compare(&a[i], &b[i]) == 0 &&
			(a[i].kind == CT_FIGURE_DOUBLE) == (b[i].kind == CT_FIGURE_DOUBLE))
			continue;
		ct_date_write(date, text);
		ereport(ERROR,
				(errcode(ERRCODE_CARDINALITY_VIOLATION),
				 errmsg("two different values on one date"),
				 errdetail("The date is %s.", text),
				 errhint("Group by customer, and give one value to each date.")));
	}
}

/* The path as tier_assignment datums; returns their number. */
static int
walk_path(const path_state *state, TupleDesc desc, Datum *path)
{
	ct_figure  *figures = palloc(sizeof(ct_figure) * state->nfigures);
	ct_figure  *last = palloc(sizeof(ct_figure) * state->nfigures);
	ct_assign_input input = {state->ladder, &state->policy};
	ct_assignment previous,
				next;
	char		reason[CT_REASON_SIZE];
	int			n = 0;

	for (size_t i = 0; i < state->npoints; i++)
	{
		ct_figure  *swap = last;

		CHECK_FOR_INTERRUPTS();
		last = figures;
		figures = swap;
		load_figures(state, &state->points[i], figures);
		if (n > 0 && state->points[i].date == input.as_of)
		{
			check_same(state, input.as_of, last, figures);
			continue;
		}
		input.as_of = state->points[i].date;
		input.values = figures;
		ct_assign_input_run(&input, n > 0 ? &previous : NULL, NULL, &next,
							reason);
		path[n++] = ct_assignment_datum(desc, state->ladder, &next, reason);
		previous = next;
	}
	return n;
}

PG_FUNCTION_INFO_V1(ct_tier_path_final);
Datum
ct_tier_path_final(PG_FUNCTION_ARGS)
{
	path_state *state;
	Oid			type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	TupleDesc	desc;
	Datum	   *path;
	int			n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (!OidIsValid(type))
		elog(ERROR, "return type is not tier_assignment[]");
	state = (path_state *) PG_GETARG_POINTER(0);
	desc = ct_assignment_desc(type, CurrentMemoryContext);
	qsort(state->points, state->npoints, sizeof(path_point), compare_points);
	path = MemoryContextAllocHuge(CurrentMemoryContext,
								  mul_size(state->npoints, sizeof(Datum)));
	n = walk_path(state, desc, path);
	PG_RETURN_ARRAYTYPE_P(construct_array(path, n, type, -1, false,
										  TYPALIGN_DOUBLE));
}
