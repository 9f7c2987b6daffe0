/*
 * tier_path.c
 *		The aggregate tier_path(): a history of values in, the assignments
 *		that they lead to out.
 *
 * The state keeps the date and the figures of every row, in any order.  The
 * final function sorts them by date and lets assign() go on from one to the
 * next.  There is no combine function: a path needs all of its rows in one
 * place, and a parallel plan gathers them below the aggregate.  Sorting
 * changes nothing that can be seen, so that more rows may follow, as in a
 * window frame that grows.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "assignment.h"
#include "assignment_row.h"
#include "core/host.h"
#include "core/isodate.h"
#include "core/reason.h"
#include "figure.h"

typedef struct path_point
{
	ct_date		date;
	bool		reviewed;		/* a review value or row is given */
	size_t		figures;		/* where they begin in the arena */
} path_point;

typedef struct path_state
{
	MemoryContext context;
	ct_ladder  *ladder;
	ct_policy  *policy;
	int			nfigures;		/* of a value or row */
	size_t		npoints;
	size_t		points_room;
	path_point *points;
	size_t		nbytes;
	size_t		bytes_room;
	unsigned char *bytes;		/* figures, packed */
} path_state;

static void
store_figure(path_state *state, const ct_figure *figure)
{
	size_t		size = ct_figure_packed_size(figure);

	state->bytes = ct_reserve(state->context, state->bytes,
							  &state->bytes_room, state->nbytes + size, 1);
	state->nbytes += ct_figure_pack(figure, state->bytes + state->nbytes);
}

/* Figures of a point: of its value or row, then of its review's. */
static int
figures_of_point(const path_state *state, const path_point *point)
{
	return point->reviewed ? 2 * state->nfigures : state->nfigures;
}

/* The figures of a point, decimals pointing into the arena. */
static void
load_figures(const path_state *state, const path_point *point,
			 ct_figure *figures)
{
	const unsigned char *at = state->bytes + point->figures;

	for (int i = 0; i < figures_of_point(state, point); i++)
		at += ct_figure_unpack(at, &figures[i]);
}

/* A new state for this ladder and policy. */
static path_state *
make_path_state(MemoryContext context, const ct_ladder *ladder,
				const ct_policy *policy)
{
	path_state *state = MemoryContextAllocZero(context, sizeof(path_state));

	state->context = context;
	state->ladder = MemoryContextAlloc(context, ladder->size);
	memcpy(state->ladder, ladder, ladder->size);
	state->policy = MemoryContextAlloc(context, VARSIZE(policy));
	memcpy(state->policy, policy, VARSIZE(policy));
	state->nfigures = ladder->form == CT_LADDER_RULES ? ladder->nmetrics : 1;
	return state;
}

static void
refuse_nulls(FunctionCallInfo fcinfo)
{
	ct_refuse_null(fcinfo, 2, "ladder");
	ct_refuse_null(fcinfo, 3, "policy");
}

/* The state that a row with this ladder belongs to. */
static path_state *
get_path_state(FunctionCallInfo fcinfo, const ct_ladder *ladder)
{
	const ct_policy *policy = CT_GETARG_POLICY(3);
	MemoryContext context;
	path_state *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "tier_path called in non-aggregate context");
	if (PG_ARGISNULL(0))
		return make_path_state(context, ladder, policy);
	state = (path_state *) PG_GETARG_POINTER(0);
	if (unlikely(!ct_ladder_equal(state->ladder, ladder) ||
				 VARSIZE(state->policy) != VARSIZE(policy) ||
				 memcmp(state->policy, policy, VARSIZE(policy)) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ladder or policy varies between the rows of one path"),
				 errhint("Group by both, or replay each in a query of its own.")));
	return state;
}

/* reviews is NULL where none are given. */
static Datum
add_path_point(path_state *state, ct_date date, const ct_figure *figures,
			   const ct_figure *reviews)
{
	path_point *point;

	state->points = ct_reserve(state->context, state->points,
							   &state->points_room, state->npoints + 1,
							   sizeof(path_point));
	point = &state->points[state->npoints++];
	point->date = date;
	point->reviewed = reviews != NULL;
	point->figures = state->nbytes;
	for (int i = 0; i < state->nfigures; i++)
		store_figure(state, &figures[i]);
	for (int i = 0; point->reviewed && i < state->nfigures; i++)
		store_figure(state, &reviews[i]);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_tier_path_value);
Datum
ct_tier_path_value(PG_FUNCTION_ARGS)
{
	path_state *state;
	ct_figure	value;
	ct_figure	review;

	refuse_nulls(fcinfo);
	state = get_path_state(fcinfo, CT_GETARG_LADDER(2));
	ct_require_bounds(state->ladder);
	value = ct_getarg_figure(fcinfo, 1, "value");
	if (PG_NARGS() > 5)
		review = ct_getarg_figure(fcinfo, 5, "review value");
	return add_path_point(state, ct_getarg_as_of(fcinfo, 4), &value,
						  PG_NARGS() > 5 ? &review : NULL);
}

/* Readers of rows of values and of reviews, which a call site remembers. */
typedef struct path_readers
{
	void	   *values;
	void	   *reviews;
} path_readers;

static path_readers *
get_path_readers(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
								   sizeof(path_readers));
	return fcinfo->flinfo->fn_extra;
}

static ct_ladder_reader *
get_reader(FunctionCallInfo fcinfo, void **slot)
{
	return ct_ladder_reader_of_datum(PG_GETARG_DATUM(2), slot,
									 fcinfo->flinfo->fn_mcxt);
}

PG_FUNCTION_INFO_V1(ct_tier_path_row);
Datum
ct_tier_path_row(PG_FUNCTION_ARGS)
{
	path_readers *readers = get_path_readers(fcinfo);
	path_state *state;
	ct_date		as_of;
	ct_ladder_reader *reader;
	const ct_figure *values;
	const ct_figure *reviews = NULL;

	refuse_nulls(fcinfo);
	reader = get_reader(fcinfo, &readers->values);
	ct_require_rules(reader->ladder);
	state = get_path_state(fcinfo, reader->ladder);
	as_of = ct_getarg_as_of(fcinfo, 4);
	values = ct_ladder_read_row(reader, fcinfo, 1);
	if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
		reviews = ct_ladder_read_row(get_reader(fcinfo, &readers->reviews),
									 fcinfo, 5);
	return add_path_point(state, as_of, values, reviews);
}

#define ST_SORT sort_path
#define ST_ELEMENT_TYPE path_point
#define ST_COMPARE(a, b) (((a)->date > (b)->date) - ((a)->date < (b)->date))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static bool
is_exact(const ct_figure *figure)
{
	return figure->kind != CT_FIGURE_DOUBLE && figure->kind != CT_FIGURE_REAL;
}

/*
 * Two rows of one date must say the same, whichever of them comes first.  So
 * a double and a decimal differ, as rows of two types can have them: where
 * they compare as equal, they still need not stand alike to a bound.
 */
static void
check_same(const path_state *state, const path_point *point,
		   const ct_figure *a, const ct_figure *b)
{
	char		text[CT_ISODATE_SIZE];
	bool		same = point->reviewed == point[-1].reviewed;

	for (int i = 0; same && i < figures_of_point(state, point); i++)
		same = ct_figure_compare(&a[i], &b[i]) == 0 &&
			(a[i].kind == b[i].kind || (is_exact(&a[i]) && is_exact(&b[i])));
	if (!same)
	{
		ct_date_write(point->date, text);
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
	Size		size = sizeof(ct_figure) * 2 * state->nfigures;
	ct_figure  *figures = palloc(size);
	ct_figure  *last = palloc(size);
	ct_assign_input input = {state->ladder, state->policy};
	ct_assignment previous,
				next;
	char		reason[CT_REASON_SIZE];
	int			n = 0;

	for (size_t i = 0; i < state->npoints; i++)
	{
		const path_point *point = &state->points[i];
		ct_figure  *swap = last;

		CHECK_FOR_INTERRUPTS();
		last = figures;
		figures = swap;
		load_figures(state, point, figures);
		if (n > 0 && point->date == input.as_of)
		{
			check_same(state, point, last, figures);
			continue;
		}
		input.as_of = point->date;
		input.values = figures;
		input.reviews = point->reviewed ? figures + state->nfigures : NULL;
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
	sort_path(state->points, state->npoints);
	path = MemoryContextAllocHuge(CurrentMemoryContext,
								  mul_size(state->npoints, sizeof(Datum)));
	n = walk_path(state, desc, path);
	PG_RETURN_ARRAYTYPE_P(construct_array(path, n, type, -1, false,
										  TYPALIGN_DOUBLE));
}
