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
	FIELD_REVIEW_ON,
	FIELD_GRACE_UNTIL,
	FIELD_PIN,
	FIELD_PINNED_TIER,
	FIELD_PINNED_UNTIL,
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

/* A date of a previous assignment; only a pin may last for ever. */
static ct_date
read_date(const assignment_row *row, assignment_field field,
		  const char *name)
{
	ct_date		date = DatumGetDateADT(row->values[field]);

	if (row->nulls[field])
		return CT_NO_DATE;
	if (ct_date_valid(date) ||
		(field == FIELD_PINNED_UNTIL && date == CT_DATE_NEVER))
		return date;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s of an assignment must not be infinite", name)));
}

/* The rung of the tier in a field; CT_RUNG_UNKNOWN if the ladder lacks it. */
static int
read_rung(const assignment_row *row, assignment_field field)
{
	text	   *label = DatumGetTextPP(row->values[field]);

	return ct_ladder_find(row->ladder, VARDATA_ANY(label),
						  VARSIZE_ANY_EXHDR(label));
}

static ct_pin
pin_of_name(const char *name)
{
	for (ct_pin pin = CT_PIN_LOCK; pin <= CT_PIN_CAP; pin++)
		if (strcmp(name, ct_pin_text(pin)) == 0)
			return pin;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown pin \"%s\"", name),
			 errhint("A pin is lock, floor or cap.")));
}

/* The rung that a pin names; a lock need not name any. */
static int
read_pinned_rung(const assignment_row *row, ct_pin pin)
{
	int			rung;
	char		labels[512];

	if (row->nulls[FIELD_PINNED_TIER])
	{
		if (pin == CT_PIN_LOCK)
			return CT_RUNG_UNKNOWN;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a %s needs a pinned tier", ct_pin_text(pin)),
				 errhint("Set pinned_tier to a label of the ladder.")));
	}
	rung = read_rung(row, FIELD_PINNED_TIER);
	if (rung != CT_RUNG_UNKNOWN)
		return rung;
	ct_ladder_labels(row->ladder, labels, sizeof(labels));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("ladder has no tier \"%s\", which is pinned",
					TextDatumGetCString(row->values[FIELD_PINNED_TIER])),
			 errhint("Unpin the customer or pin one of %s.", labels)));
}

static void
read_pin(const assignment_row *row, ct_assignment *a)
{
	a->pin = CT_PIN_NONE;
	a->pinned = CT_RUNG_UNKNOWN;
	a->pinned_until = CT_NO_DATE;
	if (row->nulls[FIELD_PIN])
		return;
	a->pin = pin_of_name(TextDatumGetCString(row->values[FIELD_PIN]));
	a->pinned = read_pinned_rung(row, a->pin);
	a->pinned_until = read_date(row, FIELD_PINNED_UNTIL, "pinned_until");
	if (a->pinned_until == CT_NO_DATE)
		a->pinned_until = CT_DATE_NEVER;
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
		read_rung(&row, FIELD_TIER);
	*lost = a->rung != CT_RUNG_UNKNOWN ? NULL :
		TextDatumGetCString(row.values[FIELD_TIER]);
	a->since = read_date(&row, FIELD_SINCE, "since");
	a->joined = read_date(&row, FIELD_JOINED, "joined");
	a->review_on = read_date(&row, FIELD_REVIEW_ON, "review_on");
	a->grace_until = read_date(&row, FIELD_GRACE_UNTIL, "grace_until");
	if (a->since == CT_NO_DATE && !row.nulls[FIELD_TIER])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the previous assignment has a tier, but no since"),
				 errhint("Set since to the day on which the tier was entered.")));
	if (a->joined == CT_NO_DATE)
		a->joined = a->since;
	read_pin(&row, a);
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

/* Sets a field to the label of a rung, NULL for none. */
static void
set_rung(assignment_row *row, assignment_field field, int rung)
{
	row->nulls[field] = rung < 0 || rung >= row->ladder->nrungs;
	if (!row->nulls[field])
		row->values[field] = ct_ladder_label_datum(row->ladder, rung);
}

Datum
ct_assignment_datum(TupleDesc desc, const ct_ladder *ladder,
					const ct_assignment *a, const char *reason)
{
	assignment_row row = {ladder};

	set_rung(&row, FIELD_TIER, a->rung);
	row.nulls[FIELD_RANK] = row.nulls[FIELD_TIER];
	row.values[FIELD_RANK] = Int32GetDatum(a->rung + 1);
	set_date(&row, FIELD_SINCE, a->since);
	set_date(&row, FIELD_JOINED, a->joined);
	set_date(&row, FIELD_REVIEW_ON, a->review_on);
	set_date(&row, FIELD_GRACE_UNTIL, a->grace_until);
	row.nulls[FIELD_PIN] = a->pin == CT_PIN_NONE;
	if (!row.nulls[FIELD_PIN])
		row.values[FIELD_PIN] = CStringGetTextDatum(ct_pin_text(a->pin));
	set_rung(&row, FIELD_PINNED_TIER, a->pinned);
	set_date(&row, FIELD_PINNED_UNTIL,
			 a->pinned_until == CT_DATE_NEVER ? CT_NO_DATE : a->pinned_until);
	row.values[FIELD_MOVEMENT] =
		CStringGetTextDatum(ct_movement_text(a->movement));
	row.values[FIELD_REASON] = CStringGetTextDatum(reason);
	return HeapTupleGetDatum(heap_form_tuple(desc, row.values, row.nulls));
}
