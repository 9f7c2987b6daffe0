/*
 * scorecard.c
 *		The type tier_scorecard: input, output, and what can be asked of a
 *		scorecard alone.
 *
 * A tier_scorecard datum is a ct_scorecard (see core/scorecard.h) whose host
 * word is the varlena length.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/scorecard_parse.h"
#include "scorecard.h"

StaticAssertDecl(offsetof(ct_scorecard, digest) + CT_DIGEST_BYTES <= CT_SEALED_BYTES,
				 "the digest is among the first bytes");

const ct_scorecard *
ct_scorecard_of_datum(Datum datum)
{
	const ct_scorecard *card = (const ct_scorecard *) PG_DETOAST_DATUM(datum);

	if (unlikely(VARSIZE(card) < sizeof(ct_scorecard) ||
				 card->version != CT_SCORECARD_VERSION ||
				 card->size != VARSIZE(card)))
		ct_report_stored(CT_SCORECARD_TYPE);
	return card;
}

ct_scorecard *
ct_scorecard_from_draft(const ct_scorecard_draft *draft)
{
	size_t		size = ct_scorecard_size(draft);
	ct_scorecard *card = palloc0(size);

	ct_scorecard_build(draft, card);
	Assert(card->size == size);
	SET_VARSIZE(card, size);
	ct_seal(card, card->digest);
	return card;
}

ct_scorecard *
ct_scorecard_from_text(const char *text, Node *escontext)
{
	ct_scorecard_draft *draft = palloc(sizeof(ct_scorecard_draft));
	int			length = strlen(text);
	ct_point   *points = palloc(ct_scorecard_points_room(length) *
								sizeof(ct_point));
	ct_scorecard *card = NULL;
	ct_error	error;

	if (ct_scorecard_parse(text, length, ct_utf8(), draft, points, &error))
		card = ct_scorecard_from_draft(draft);
	else
		ct_report(&error, CT_SCORECARD_TYPE, text, escontext);
	pfree(points);
	pfree(draft);
	return card;
}

/* The canonical text, palloc'd. */
static char *
scorecard_text(const ct_scorecard *card)
{
	char	   *text = palloc(ct_scorecard_text_size(card));

	ct_scorecard_text(card, text);
	return text;
}

PG_FUNCTION_INFO_V1(ct_scorecard_in);
Datum
ct_scorecard_in(PG_FUNCTION_ARGS)
{
	ct_scorecard *card = ct_scorecard_from_text(PG_GETARG_CSTRING(0),
												CT_ESCONTEXT(fcinfo));

	if (card == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(card);
}

PG_FUNCTION_INFO_V1(ct_scorecard_out);
Datum
ct_scorecard_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(scorecard_text(CT_GETARG_SCORECARD(0)));
}

PG_FUNCTION_INFO_V1(ct_scorecard_recv);
Datum
ct_scorecard_recv(PG_FUNCTION_ARGS)
{
	char	   *text = ct_receive_text((StringInfo) PG_GETARG_POINTER(0),
									   CT_SCORECARD_TYPE);

	PG_RETURN_POINTER(ct_scorecard_from_text(text, NULL));
}

PG_FUNCTION_INFO_V1(ct_scorecard_send);
Datum
ct_scorecard_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(ct_send_text(scorecard_text(CT_GETARG_SCORECARD(0))));
}

PG_FUNCTION_INFO_V1(ct_scorecard_is_calibrated);
Datum
ct_scorecard_is_calibrated(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!CT_GETARG_SCORECARD(0)->relative);
}

/* criteria(scorecard): position, criterion, weight, scale, descending,
 * missing */
PG_FUNCTION_INFO_V1(ct_scorecard_criteria_rows);
Datum
ct_scorecard_criteria_rows(PG_FUNCTION_ARGS)
{
	const ct_scorecard *card = CT_GETARG_SCORECARD(0);
	const ct_criterion *c = ct_scorecard_criteria(card);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *scale = palloc(ct_scorecard_text_size(card));
	char		missing[CT_SHORTEST_SIZE];

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < card->ncriteria; i++, c++)
	{
		Datum		values[6];
		bool		nulls[6] = {false};

		ct_criterion_scale_text(card, c, scale);
		ct_criterion_missing_text(c, missing);
		values[0] = Int32GetDatum(i + 1);
		values[1] = CStringGetTextDatum(ct_criterion_metric(card, c));
		values[2] = Float8GetDatum(c->weight);
		values[3] = CStringGetTextDatum(scale);
		values[4] = BoolGetDatum(c->descending);
		values[5] = CStringGetTextDatum(missing);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
	return (Datum) 0;
}
