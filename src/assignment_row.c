/*
 * assignment_row.c
 *		The row type tier_assignment: from its fields to the state machine's
 *		and back.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/typcache.h"

#include "assignment.h"

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
read_date(const Datum *values, const bool *nulls, int field)
{
	static const char *const names[FIELD_COUNT] = {
		[FIELD_SINCE] = "since",
		[FIELD_JOINED] = "joined",
		[FIELD_REVIEW_ON] = "review_on",
		[FIELD_GRACE_UNTIL] = "grace_until",
		[FIELD_PINNED_UNTIL] = "pinned_until"
	};
	ct_date		date;

	if (nulls[field])
		return CT_NO_DATE;
	date = DatumGetDateADT(values[field]);
	if (ct_date_valid(date) ||
		(field == FIELD_PINNED_UNTIL && date == CT_DATE_NEVER))
		return date;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s of an assignment must not be infinite",
					names[field])));
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
read_pinned_tier(const ct_ladder *ladder, ct_pin pin, const Datum *values,
				 const bool *nulls)
{
	text	   *tier;
	int			rung;
	char		labels[512];

	if (nulls[FIELD_PINNED_TIER])
	{
		if (pin == CT_PIN_LOCK)
			return CT_RUNG_UNKNOWN;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a %s needs a pinned tier", ct_pin_text(pin)),
				 errhint("Set pinned_tier to a label of the ladder.")));
	}
	tier = DatumGetTextPP(values[FIELD_PINNED_TIER]);
	rung = ct_ladder_find(ladder, VARDATA_ANY(tier), VARSIZE_ANY_EXHDR(tier));
	if (rung >= 0)
		return rung;
	ct_ladder_labels(ladder, labels, sizeof(labels));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("ladder has no tier \"%s\", which is pinned",
					text_to_cstring(tier)),
			 errhint("Unpin the customer or pin one of %s.", labels)));
}

static void
read_pin(const ct_ladder *ladder, const Datum *values, const bool *nulls,
		 ct_assignment *a)
{
	a->pin = CT_PIN_NONE;
	a->pinned = CT_RUNG_UNKNOWN;
	a->pinned_until = CT_NO_DATE;
	if (nulls[FIELD_PIN])
		return;
	a->pin = pin_of_name(TextDatumGetCString(values[FIELD_PIN]));
	a->pinned = read_pinned_tier(ladder, a->pin, values, nulls);
	a->pinned_until = read_date(values, nulls, FIELD_PINNED_UNTIL);
	if (a->pinned_until == CT_NO_DATE)
		a->pinned_until = CT_DATE_NEVER;
}

/* The rung of a tier; *lost is its label where the ladder lacks it. */
static int
read_tier(const ct_ladder *ladder, text *tier, const char **lost)
{
	int			rung = ct_ladder_find(ladder, VARDATA_ANY(tier),
									  VARSIZE_ANY_EXHDR(tier));

	if (rung >= 0)
		return rung;
	*lost = text_to_cstring(tier);
	return CT_RUNG_UNKNOWN;
}

void
ct_assignment_read(TupleDesc desc, HeapTupleHeader row,
				   const ct_ladder *ladder, ct_assignment *a,
				   const char **lost)
{
	HeapTupleData tuple;
	Datum		values[FIELD_COUNT];
	bool		nulls[FIELD_COUNT];

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;

	heap_deform_tuple(&tuple, desc, values, nulls);
	*lost = NULL;
	a->rung = nulls[FIELD_TIER] ? ladder->nrungs :
		read_tier(ladder, DatumGetTextPP(values[FIELD_TIER]), lost);
	a->since = read_date(values, nulls, FIELD_SINCE);
	a->joined = read_date(values, nulls, FIELD_JOINED);
	a->review_on = read_date(values, nulls, FIELD_REVIEW_ON);
	a->grace_until = read_date(values, nulls, FIELD_GRACE_UNTIL);
	if (a->since == CT_NO_DATE && !nulls[FIELD_TIER])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the previous assignment has a tier, but no since"),
				 errhint("Set since to the day on which the tier was entered.")));
	if (a->joined == CT_NO_DATE)
		a->joined = a->since;
	read_pin(ladder, values, nulls, a);
	a->movement = !nulls[FIELD_MOVEMENT] &&
		strcmp(TextDatumGetCString(values[FIELD_MOVEMENT]),
			   ct_movement_text(CT_LEFT)) == 0 ? CT_LEFT : CT_UNCHANGED;
}

/* Sets a field to a date, NULL for none. */
static void
set_date(Datum *values, bool *nulls, int field, ct_date date)
{
	nulls[field] = date == CT_NO_DATE;
	values[field] = DateADTGetDatum(date);
}

/* Sets a field to the label of a rung, NULL for none. */
static void
set_tier(Datum *values, bool *nulls, int field, const ct_ladder *ladder,
		 int rung)
{
	nulls[field] = rung < 0 || rung >= ladder->nrungs;
	if (!nulls[field])
		values[field] = ct_ladder_label_datum(ladder, rung);
}

Datum
ct_assignment_datum(TupleDesc desc, const ct_ladder *ladder,
					const ct_assignment *a, const char *reason)
{
	Datum		values[FIELD_COUNT];
	bool		nulls[FIELD_COUNT] = {false};

	set_tier(values, nulls, FIELD_TIER, ladder, a->rung);
	nulls[FIELD_RANK] = nulls[FIELD_TIER];
	values[FIELD_RANK] = Int32GetDatum(a->rung + 1);
	set_date(values, nulls, FIELD_SINCE, a->since);
	set_date(values, nulls, FIELD_JOINED, a->joined);
	set_date(values, nulls, FIELD_REVIEW_ON, a->review_on);
	set_date(values, nulls, FIELD_GRACE_UNTIL, a->grace_until);
	nulls[FIELD_PIN] = a->pin == CT_PIN_NONE;
	if (!nulls[FIELD_PIN])
		values[FIELD_PIN] = CStringGetTextDatum(ct_pin_text(a->pin));
	set_tier(values, nulls, FIELD_PINNED_TIER, ladder, a->pinned);
	set_date(values, nulls, FIELD_PINNED_UNTIL,
			 a->pinned_until == CT_DATE_NEVER ? CT_NO_DATE : a->pinned_until);
	values[FIELD_MOVEMENT] =
		CStringGetTextDatum(ct_movement_text(a->movement));
	values[FIELD_REASON] = CStringGetTextDatum(reason);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}
