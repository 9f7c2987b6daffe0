/*
 * ladder.c
 *		The type tier_ladder: input, output, and what can be asked of a ladder
 *		alone.
 *
 * A tier_ladder datum is a ct_ladder (see core/ladder.h) whose host word is
 * the varlena length.  The host word before each label is a varlena length
 * too, so that a label can be returned as text without being copied.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/ladder_parse.h"
#include "ladder.h"

StaticAssertDecl(offsetof(ct_ladder, digest) + CT_DIGEST_BYTES <= CT_SEALED_BYTES,
				 "the digest is among the first bytes");

ct_ladder *
ct_ladder_from_draft(const ct_ladder_draft *draft, ct_error *error)
{
	size_t		size = ct_ladder_size(draft);
	ct_ladder  *ladder = palloc0(size);

	ct_ladder_build(draft, ladder);
	Assert(ladder->size == size);
	if (!ct_ladder_check(ladder, draft, error))
		return NULL;
	SET_VARSIZE(ladder, size);
	for (int i = 0; i < ladder->nrungs; i++)
		SET_VARSIZE(DatumGetPointer(ct_ladder_label_datum(ladder, i)),
					VARHDRSZ + strlen(ct_ladder_label(ladder, i)));
	ct_seal(ladder, ladder->digest);
	return ladder;
}

ct_ladder *
ct_ladder_from_text(const char *text, Node *escontext)
{
	ct_ladder_draft *draft = palloc(sizeof(ct_ladder_draft));
	ct_ladder  *ladder = NULL;
	ct_error	error;

	if (ct_ladder_parse(text, strlen(text), ct_utf8(), draft, &error))
		ladder = ct_ladder_from_draft(draft, &error);
	pfree(draft);
	if (ladder == NULL)
		ct_report(&error, CT_LADDER_TYPE, text, escontext);
	return ladder;
}

const ct_ladder *
ct_ladder_recall(Datum datum, void **slot, MemoryContext context)
{
	ct_memo    *memo = *slot;

	if (memo == NULL ||
		!ct_memo_is_for(memo, (struct varlena *) DatumGetPointer(datum)))
		memo = ct_memo_recall(slot, context, datum, sizeof(*memo), NULL);
	return ct_ladder_checked((const ct_ladder *) memo->value);
}

/* The canonical text, palloc'd. */
static char *
ladder_text(const ct_ladder *ladder)
{
	char	   *text = palloc(ct_ladder_text_size(ladder));

	ct_ladder_text(ladder, text);
	return text;
}

void
ct_require_calibrated(const ct_ladder *ladder)
{
	if (unlikely(ladder->relative))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("ladder is relative"),
				 errdetail("The ladder \"%s\" places customers by their rank or share in a population, which a single value does not tell.",
						   ladder_text(ladder)),
				 errhint("Calibrate it against the population first: calibrate_ladder(value, ladder) makes its conditions absolute, as in tier(value, calibrate_ladder(value, ladder) OVER ()).")));
}

void
ct_refuse_unless_bounds(const ct_ladder *ladder)
{
	if (ladder->form == CT_LADDER_RULES)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("ladder has rules, but a single value was given"),
				 errdetail("The ladder \"%s\" names its figures.",
						   ladder_text(ladder)),
				 errhint("Give the row that has the figures: tier(m, ladder) ... FROM metrics m.")));
	ct_require_calibrated(ladder);
}

void
ct_require_rules(const ct_ladder *ladder)
{
	if (unlikely(ladder->form != CT_LADDER_RULES))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("ladder is on one figure, but a row was given"),
				 errdetail("The ladder \"%s\" does not name its figure.",
						   ladder_text(ladder)),
				 errhint("Give the figure itself: tier(m.value, ladder); or name it in the ladder: \"gold: value >= 500\".")));
	ct_require_calibrated(ladder);
}

int
ct_ladder_rung_of(const ct_ladder *ladder, const text *label)
{
	int			rung = ct_ladder_find(ladder, VARDATA_ANY(label),
									  VARSIZE_ANY_EXHDR(label));
	char		labels[512];

	if (rung >= 0)
		return rung;
	ct_ladder_labels(ladder, labels, sizeof(labels));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("ladder has no tier \"%s\"", text_to_cstring(label)),
			 errdetail("The ladder is \"%s\".", ladder_text(ladder)),
			 errhint("Its tiers are %s.", labels)));
}

Datum
ct_ladder_bound(const ct_ladder *ladder, int rung)
{
	ct_decimal	d = ct_condition_number(ladder,
										&ct_ladder_conditions(ladder)[rung]);

	return ct_numeric_from_decimal(&d);
}

PG_FUNCTION_INFO_V1(ct_ladder_in);
Datum
ct_ladder_in(PG_FUNCTION_ARGS)
{
	ct_ladder  *ladder = ct_ladder_from_text(PG_GETARG_CSTRING(0),
											 CT_ESCONTEXT(fcinfo));

	if (ladder == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(ladder);
}

PG_FUNCTION_INFO_V1(ct_ladder_out);
Datum
ct_ladder_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(ladder_text(CT_GETARG_LADDER(0)));
}

PG_FUNCTION_INFO_V1(ct_ladder_recv);
Datum
ct_ladder_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_POINTER(ct_ladder_from_text(ct_receive_text(message, CT_LADDER_TYPE),
										  NULL));
}

PG_FUNCTION_INFO_V1(ct_ladder_send);
Datum
ct_ladder_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(ct_send_text(ladder_text(CT_GETARG_LADDER(0))));
}

PG_FUNCTION_INFO_V1(ct_ladder_is_calibrated);
Datum
ct_ladder_is_calibrated(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!CT_GETARG_LADDER(0)->relative);
}

/* rungs(ladder): rank, tier, condition, bound, keep */
PG_FUNCTION_INFO_V1(ct_ladder_rungs_rows);
Datum
ct_ladder_rungs_rows(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(0);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *condition = palloc(ct_ladder_text_size(ladder));

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < ladder->nrungs; i++)
	{
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = Int32GetDatum(i + 1);
		values[1] = ct_ladder_label_datum(ladder, i);
		nulls[2] = nulls[3] = ct_rung_is_floor(ladder, i);
		if (!nulls[2])
		{
			ct_ladder_condition_text(ladder, i, condition);
			values[2] = CStringGetTextDatum(condition);
			nulls[3] = ladder->form != CT_LADDER_BOUNDS;
		}
		if (!nulls[3])
			values[3] = ct_ladder_bound(ladder, i);
		nulls[4] = ct_ladder_rungs(ladder)[i].keep_count == 0;
		if (!nulls[4])
		{
			ct_ladder_keep_text(ladder, i, condition);
			values[4] = CStringGetTextDatum(condition);
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
	return (Datum) 0;
}
