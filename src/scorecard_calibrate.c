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

#include "core/scorecard_calibrate.h"
#include "scorecard.h"

typedef struct scorecard_calibration
{
	const ct_scorecard *card;
	ct_population figures[FLEXIBLE_ARRAY_MEMBER];	/* by relative criterion */
} scorecard_calibration;

/* Reads the relative criteria's figures; shared by all groups. */
typedef struct population_reader
{
	ct_memo		memo;
	const ct_scorecard *card;
	ct_row_reader *reader;
	ct_figure  *figures;
	int			nrelative;
} population_reader;

/* See ct_memo_maker. */
static void
make_population_reader(ct_memo *memo)
{
	population_reader *r = (population_reader *) memo;
	const ct_criterion *c;
	const char *metrics[CT_SCORECARD_MAX_CRITERIA];

	r->card = ct_scorecard_of_datum(PointerGetDatum(memo->value));
	c = ct_scorecard_criteria(r->card);

	r->nrelative = 0;
	for (int i = 0; i < r->card->ncriteria; i++, c++)
		if (ct_criterion_is_relative(c))
			metrics[r->nrelative++] = ct_criterion_metric(r->card, c);
	r->reader = ct_row_reader_create(memo->context, metrics, r->nrelative);
	r->figures = palloc((r->nrelative + 1) * sizeof(ct_figure));
}

static scorecard_calibration *
start_calibration(MemoryContext context, const population_reader *r)
{
	scorecard_calibration *state;
	ct_scorecard *card;

	state = MemoryContextAllocZero(context,
								   offsetof(scorecard_calibration, figures) +
								   r->nrelative * sizeof(ct_population));
	card = MemoryContextAlloc(context, r->card->size);
	memcpy(card, r->card, r->card->size);
	state->card = card;
	for (int i = 0; i < r->nrelative; i++)
		state->figures[i].context = context;
	return state;
}

PG_FUNCTION_INFO_V1(ct_calibrate_scorecard_step);
Datum
ct_calibrate_scorecard_step(PG_FUNCTION_ARGS)
{
	scorecard_calibration *state;
	population_reader *r;
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return ct_same_state(fcinfo);

	r = ct_memo_argument(fcinfo, 2, sizeof(population_reader),
						 make_population_reader);
	state = PG_ARGISNULL(0) ? start_calibration(context, r) :
		(scorecard_calibration *) PG_GETARG_POINTER(0);
	if (!ct_scorecard_equal(state->card, r->card))
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

		/* a figure beyond the range of double is refused here */
		if (ct_row_double(r->reader, r->figures, i, &value) &&
			!ct_population_add(&state->figures[i], &r->figures[i]))
			ct_report_mixed_types();
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ct_calibrate_scorecard_final);
Datum
ct_calibrate_scorecard_final(PG_FUNCTION_ARGS)
{
	scorecard_calibration *state;
	const ct_criterion *c;
	ct_population *figures;
	ct_scorecard_draft *draft;
	int			npoints;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (scorecard_calibration *) PG_GETARG_POINTER(0);
	c = ct_scorecard_criteria(state->card);
	draft = palloc(sizeof(ct_scorecard_draft));
	npoints = ct_scorecard_npoints(state->card) +
		state->card->ncriteria * CT_CALIBRATED_POINTS;
	ct_scorecard_draft_of(state->card, draft,
						  palloc(npoints * sizeof(ct_point)));
	figures = state->figures;
	for (int i = 0; i < state->card->ncriteria; i++)
		if (ct_criterion_is_relative(&c[i]))
		{
			ct_population_sort(figures);
			ct_scorecard_calibrate(draft, i, figures++);
		}
	PG_RETURN_POINTER(ct_scorecard_from_draft(draft));
}
