/*
 * scorecard_value.c
 *		The weighted value of a row, and how it comes about.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/scorecard_score.h"
#include "scorecard.h"

/* A scorecard made ready to weigh rows with. */
typedef struct weigher
{
	ct_memo		memo;
	const ct_scorecard *card;
	ct_row_reader *reader;
	ct_scorer  *scorers;
	ct_figure  *figures;
	double	   *raw;
	bool	   *known;
} weigher;

/* 55000 when some scale is relative, naming the first such criterion. */
static void
require_absolute(const ct_scorecard *card)
{
	const ct_criterion *c = ct_scorecard_criteria(card);

	if (!card->relative)
		return;
	while (!ct_criterion_is_relative(c))
		c++;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("scorecard is relative"),
			 errdetail("The criterion \"%s\" is on the scale %s, which scores a figure among those of a population.",
					   ct_criterion_metric(card, c),
					   ct_scale_name(c->scale)),
			 errhint("Calibrate it against the population first: calibrate_scorecard(measures, scorecard) makes its scales absolute.")));
}

/* See ct_memo_maker. */
static void
make_weigher(ct_memo *memo)
{
	weigher    *w = (weigher *) memo;
	const ct_scorecard *card =
		ct_scorecard_of_datum(PointerGetDatum(memo->value));
	const ct_criterion *c = ct_scorecard_criteria(card);
	int			n = card->ncriteria;
	const char **metrics = palloc(n * sizeof(char *));

	require_absolute(card);
	w->card = card;
	for (int i = 0; i < n; i++)
		metrics[i] = ct_criterion_metric(card, &c[i]);
	w->reader = ct_row_reader_create(memo->context, metrics, n);
	w->scorers = palloc(n * sizeof(ct_scorer));
	ct_scorecard_prepare(card, w->scorers);
	w->figures = palloc(n * sizeof(ct_figure));
	w->raw = palloc0(n * sizeof(double));
	w->known = palloc(n * sizeof(bool));
}

/* Reads the row in argument 0 for the scorecard in argument 1. */
static weigher *
weigher_of_row(FunctionCallInfo fcinfo)
{
	weigher    *w = ct_memo_argument(fcinfo, 1, sizeof(weigher), make_weigher);

	ct_row_read(w->reader, PG_GETARG_HEAPTUPLEHEADER(0), w->figures);
	for (int i = 0; i < w->card->ncriteria; i++)
		w->known[i] = ct_row_double(w->reader, w->figures, i, &w->raw[i]);
	return w;
}

PG_FUNCTION_INFO_V1(ct_weighted_value);
Datum
ct_weighted_value(PG_FUNCTION_ARGS)
{
	weigher    *w = weigher_of_row(fcinfo);
	double		value;

	if (!ct_scorecard_value(w->scorers, w->card->ncriteria, w->raw,
							w->known, &value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

/* value_breakdown(measures, scorecard): criterion, weight, raw, score,
 * points */
PG_FUNCTION_INFO_V1(ct_value_breakdown);
Datum
ct_value_breakdown(PG_FUNCTION_ARGS)
{
	weigher    *w = weigher_of_row(fcinfo);
	const ct_scorecard *card = w->card;
	const ct_criterion *c = ct_scorecard_criteria(card);
	ct_score   *scores = palloc(card->ncriteria * sizeof(ct_score));
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ct_scorecard_breakdown(w->scorers, card->ncriteria, w->raw, w->known,
						   scores);
	for (int i = 0; i < card->ncriteria; i++)
	{
		Datum		values[5];
		bool		nulls[5] = {false};

		nulls[2] = !w->known[i];
		nulls[3] = nulls[4] = !scores[i].counted;
		values[0] = CStringGetTextDatum(ct_criterion_metric(card, &c[i]));
		values[1] = Float8GetDatum(c[i].weight);
		values[2] = Float8GetDatum(w->raw[i]);
		values[3] = Float8GetDatum(scores[i].score);
		values[4] = Float8GetDatum(scores[i].points);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
	return (Datum) 0;
}
