/*
 * scorecard_calibrate.c
 *		The aggregate calibrate_scorecard(measures, scorecard).
 *
 * The state keeps the figures of every relative criterion: multisets, which
 * the final function sorts where they are.  That leaves them what they were,
 * so that it may be called again when more rows have come, as a window
 * aggregate is.  There is no combine function: a serialised state could not
 * pass 1 GB, and a parallel plan gathers its rows below the aggregate.
 */
#include "postgres.h"


#include "core/sort.h"
#include "scorecard.h"

/* Figures that a criterion has room for at first. */
#define FIRST_ROOM 64

/* The figures of one criterion. */
typedef struct multiset
{
	double	   *values;
	Size		count;
	Size		room;
} multiset;

typedef struct calibration
{
	const ct_scorecard *card;
	multiset	figures[FLEXIBLE_ARRAY_MEMBER]; /* by relative criterion */
} calibration;

/* Reads the relative criteria's figures; shared by all groups. */
typedef struct population_reader
{
	ct_scorecard_memo memo;
	ct_row_reader *reader;		/* NULL when no criterion is relative */
	ct_figure  *figures;
	int			nrelative;
} population_reader;

/* See ct_scorecard_maker. */
static void
make_reader(ct_scorecard_memo *memo)
{
	population_reader *r = (population_reader *) memo;
	const ct_criterion *c = ct_scorecard_criteria(memo->card);
	const char *metrics[CT_SCORECARD_MAX_CRITERIA];

	r->nrelative = 0;
	for (int i = 0; i < memo->card->ncriteria; i++, c++)
		if (ct_criterion_is_relative(c))
			metrics[r->nrelative++] = ct_criterion_metric(memo->card, c);
	r->reader = ct_row_reader_create(memo->context, metrics, r->nrelative);
	r->figures = palloc((r->nrelative + 1) * sizeof(ct_figure));
}

static calibration *
start_calibration(MemoryContext context, const population_reader *r)
{
	calibration *state;
	ct_scorecard *card;

	state = MemoryContextAllocZero(context, offsetof(calibration, figures) +
								   r->nrelative * sizeof(multiset));
	card = MemoryContextAlloc(context, r->memo.card->size);
	memcpy(card, r->memo.card, r->memo.card->size);
	state->card = card;
	return state;
}

static void
add_value(MemoryContext context, multiset *set, double value)
{
	if (set->count == set->room)
	{
		set->room = set->room == 0 ? FIRST_ROOM : mul_size(set->room, 2);
		set->values = set->values == NULL ?
			MemoryContextAlloc(context, set->room * sizeof(double)) :
			repalloc_huge(set->values, mul_size(set->room, sizeof(double)));
	}
	set->values[set->count++] = value;
}

PG_FUNCTION_INFO_V1(ct_calibrate_scorecard_step);
Datum
ct_calibrate_scorecard_step(PG_FUNCTION_ARGS)
{
	calibration *state;
	population_reader *r;
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	state = PG_ARGISNULL(0) ? NULL : (calibration *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}

	r = ct_scorecard_recall(fcinfo, 2, sizeof(population_reader),
							make_reader);
	if (state == NULL)
		state = start_calibration(context, r);
	else if (!ct_scorecard_equal(state->card, r->memo.card))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scorecard varies between rows"),
				 errdetail("One population is calibrated on one scorecard."),
				 errhint("Group by the scorecard.")));
	if (r->nrelative > 0)
		ct_row_read(r->reader, PG_GETARG_HEAPTUPLEHEADER(1), r->figures);
	for (int i = 0; i < r->nrelative; i++)
	{
		double		value;

		if (ct_row_double(r->reader, r->figures, i, &value))
			add_value(context, &state->figures[i], value);
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_calibrate_scorecard_final);
Datum
ct_calibrate_scorecard_final(PG_FUNCTION_ARGS)
{
	calibration *state;
	const ct_criterion *c;
	multiset   *set;
	ct_scorecard_draft *draft;
	int			npoints;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (calibration *) PG_GETARG_POINTER(0);
	c = ct_scorecard_criteria(state->card);
	draft = palloc(sizeof(ct_scorecard_draft));
	npoints = ct_scorecard_npoints(state->card) +
		state->card->ncriteria * CT_CALIBRATED_POINTS;
	ct_scorecard_draft_of(state->card, draft,
						  palloc(npoints * sizeof(ct_point)));
	set = state->figures;
	for (int i = 0; i < state->card->ncriteria; i++)
		if (ct_criterion_is_relative(&c[i]))
		{
			ct_sort_doubles(set->values, set->count);
			ct_scorecard_calibrate(draft, i, set->values, set->count);
			set++;
		}
	PG_RETURN_POINTER(ct_scorecard_from_draft(draft));
}
