/*
 * assignment_row.c
 *		Reading and making rows of type tier_assignment.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/typcache.h"

#include "assignment_row.h"
#include "ladder.h"

/* The fields of tier_assignment, in their order. */
typedef enum assignment_field
{
	FIELD_TIER,
	FIELD_RANK,
	FIELD_SINCE,
	FIELD_JOINED,
	FIELD_TERM,
	FIELD_REVIEW_ON,
	FIELD_GRACE_UNTIL,
	FIELD_MOVEMENT,
	FIELD_REASON,
	FIELD_COUNT
} assignment_field;

typedef struct assignment_row
{
	const ct_ladder *ladder;
	Datum		values[FIELD_COUNT];
	bool		nulls[FIELD_COUNT];
}			assignment_row;

TupleDesc
ct_assignment_desc(Oid type, MemoryContext context)
{
	TupleDesc	shared = lookup_rowtype_tupdesc(type, -1);
	MemoryContext old = MemoryContextSwitchTo(context);
	TupleDesc	desc = CreateTupleDescCopy(shared);

	MemoryContextSwitchTo(old);
	ReleaseTupleDesc(shared);
	if (desc->natts != FIELD_COUNT)
		elog(ERROR, "tier_assignment has %d columns instead of %d",
			 desc->natts, FIELD_COUNT);
	return desc;
}

/* A date of a previous assignment. */
static ct_date
read_date(const assignment_row *row, assignment_field field,
		  const char *name)
{
	ct_date		date = DatumGetDateADT(row->values[field]);

	if (row->nulls[field])
		return CT_NO_DATE;
	if (ct_date_valid(date))
		return date;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s of an assignment must not be infinite", name)));
}

/* The rung of the tier; CT_RUNG_UNKNOWN if the ladder lacks it. */
static int
read_rung(const assignment_row *row)
{
	text	   *label = DatumGetTextPP(row->values[FIELD_TIER]);

	return ct_ladder_find(row->ladder, VARDATA_ANY(label),
						  VARSIZE_ANY_EXHDR(label));
}

void
ct_assignment_read(TupleDesc desc, HeapTupleHeader header,
				   const ct_ladder *ladder, ct_assignment *a,
				   const char **lost)
{
	HeapTupleData tuple = {0};
	assignment_row row = {ladder};

	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, row.values, row.nulls);
	a->rung = row.nulls[FIELD_TIER] ? ladder->nrungs :
		read_rung(&row);
	*lost = a->rung != CT_RUNG_UNKNOWN ? NULL :
		TextDatumGetCString(row.values[FIELD_TIER]);
	a->since = read_date(&row, FIELD_SINCE, "since");
	a->joined = read_date(&row, FIELD_JOINED, "joined");
	a->term = read_date(&row, FIELD_TERM, "term");
	a->review_on = read_date(&row, FIELD_REVIEW_ON, "review_on");
	a->grace_until = read_date(&row, FIELD_GRACE_UNTIL, "grace_until");
	if (a->since == CT_NO_DATE && !row.nulls[FIELD_TIER])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the previous assignment has a tier, but no since"),
				 errhint("Set since to the day on which the tier was entered.")));
	if (a->joined == CT_NO_DATE)
		a->joined = a->since;
	a->movement = !row.nulls[FIELD_MOVEMENT] &&
		strcmp(TextDatumGetCString(row.values[FIELD_MOVEMENT]),
			   ct_movement_text(CT_LEFT)) == 0 ? CT_LEFT : CT_UNCHANGED;
}

/* Sets a field to a date, NULL for none. */
static void
set_date(assignment_row *row, assignment_field field, ct_date date)
{
	row->nulls[field] = date == CT_NO_DATE;
	row->values[field] = DateADTGetDatum(date);
}

Datum
ct_assignment_datum(TupleDesc desc, const ct_ladder *ladder,
					const ct_assignment *a, const char *reason)
{
	assignment_row row = {ladder};

	row.nulls[FIELD_TIER] = row.nulls[FIELD_RANK] = a->rung >= ladder->nrungs;
	if (!row.nulls[FIELD_TIER])
		row.values[FIELD_TIER] = ct_ladder_label_datum(ladder, a->rung);
	row.values[FIELD_RANK] = Int32GetDatum(a->rung + 1);
	set_date(&row, FIELD_SINCE, a->since);
	set_date(&row, FIELD_JOINED, a->joined);
	set_date(&row, FIELD_TERM, a->term);
	set_date(&row, FIELD_REVIEW_ON, a->review_on);
	set_date(&row, FIELD_GRACE_UNTIL, a->grace_until);
	row.values[FIELD_MOVEMENT] =
		CStringGetTextDatum(ct_movement_text(a->movement));
	row.values[FIELD_REASON] = CStringGetTextDatum(reason);
	return HeapTupleGetDatum(heap_form_tuple(desc, row.values, row.nulls));
}
