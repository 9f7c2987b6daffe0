/*
 * ladder.h
 *		What the SQL faces of ladders share with each other and with the
 *		concepts that place customers.
 */
#ifndef CT_LADDER_FACE_H
#define CT_LADDER_FACE_H

#include "core/ladder_draft.h"
#include "customer_tier.h"
#include "memo.h"
#include "row.h"

#define CT_LADDER_TYPE "tier_ladder"

/* ladder.c */

/* XX001 unless version and size of a plain datum are those of a ladder. */
static inline const ct_ladder *
ct_ladder_checked(const ct_ladder *ladder)
{
	if (unlikely(VARSIZE(ladder) < sizeof(ct_ladder) ||
				 ladder->version != CT_LADDER_VERSION ||
				 ladder->size != VARSIZE(ladder)))
		ct_report_stored(CT_LADDER_TYPE);
	return ladder;
}

/* A ladder that is compressed, out of line or packed; see below. */
extern const ct_ladder *ct_ladder_recall(Datum datum, void **slot,
										 MemoryContext context);

/*
 * A stored ladder, read where it is, or detoasted and remembered in *slot,
 * in context, where it is compressed, out of line or packed.
 */
static inline const ct_ladder *
ct_ladder_of_datum(Datum datum, void **slot, MemoryContext context)
{
	if (unlikely(VARATT_IS_EXTENDED(DatumGetPointer(datum))))
		return ct_ladder_recall(datum, slot, context);
	return ct_ladder_checked((const ct_ladder *) DatumGetPointer(datum));
}

/* Argument n, in a function that keeps nothing else in fn_extra. */
#define CT_GETARG_LADDER(n) \
	ct_ladder_of_datum(PG_GETARG_DATUM(n), &fcinfo->flinfo->fn_extra, \
					   fcinfo->flinfo->fn_mcxt)

/* Parses a text that is a ladder or raises 22P02 (softly: NULL). */
extern ct_ladder *ct_ladder_from_text(const char *text, Node *escontext);

/* Builds a draft into a palloc'd datum; NULL and the error when its bounds
 * are out of order. */
extern ct_ladder *ct_ladder_from_draft(const ct_ladder_draft *draft,
									   ct_error *error);

/* Same ladder?  The header tells, with its digest. */
static inline bool
ct_ladder_equal(const ct_ladder *a, const ct_ladder *b)
{
	return memcmp(a, b, sizeof(ct_ladder)) == 0;
}

/* A label as a text datum that lives as long as the ladder. */
static inline Datum
ct_ladder_label_datum(const ct_ladder *ladder, int rung)
{
	return PointerGetDatum((const char *) ladder +
						   ct_ladder_rungs(ladder)[rung].label);
}

/* Returns the label of a rung, NULL for none. */
static inline Datum
ct_return_tier(FunctionCallInfo fcinfo, const ct_ladder *ladder, int rung)
{
	if (rung < 0)
		PG_RETURN_NULL();
	return ct_ladder_label_datum(ladder, rung);
}

/* Returns its rank, 1 for the top; NULL for none. */
static inline Datum
ct_return_rank(FunctionCallInfo fcinfo, int rung)
{
	if (rung < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(rung + 1);
}

/* 55000 unless every condition is absolute. */
extern void ct_require_calibrated(const ct_ladder *ladder);

/* The same, and 42804 unless the ladder is on one figure. */
extern void ct_refuse_unless_bounds(const ct_ladder *ladder);

static inline void
ct_require_bounds(const ct_ladder *ladder)
{
	if (unlikely(ladder->form != CT_LADDER_BOUNDS))
		ct_refuse_unless_bounds(ladder);
}

/* The same, and 42804 unless the ladder is of rules. */
extern void ct_require_rules(const ct_ladder *ladder);

/* The rung with this label; 22023 when there is none. */
extern int	ct_ladder_rung_of(const ct_ladder *ladder, const text *label);

/* The bound of a rung of a ladder of bounds, as a numeric. */
extern Datum ct_ladder_bound(const ct_ladder *ladder, int rung);

/* ladder_place.c */

/*
 * high - low, exactly, but at least 0: a double past a bound does not meet it
 * where it is the double nearest to it.
 */
extern Datum ct_ladder_gap(Datum low, Datum high);

/* See tier_progress(). */
extern double ct_ladder_progress(const ct_ladder *ladder,
								 const ct_figure *value);

/* ladder_row.c */

/* A ladder of rules and what reads the figures that they name. */
typedef struct ct_ladder_reader
{
	ct_memo		memo;
	const ct_ladder *ladder;
	ct_row_reader *reader;
	ct_figure  *figures;		/* of the row read last */
} ct_ladder_reader;

/* The reader for a ladder, which is remembered in *slot, in context. */
extern ct_ladder_reader *ct_ladder_reader_of_datum(Datum ladder, void **slot,
												   MemoryContext context);

/*
 * The same for argument n, in fn_extra; 42804 and 55000 unless it is of rules
 * and calibrated.
 */
extern ct_ladder_reader *ct_getarg_ladder_reader(FunctionCallInfo fcinfo,
												 int n);

/* Reads the row in argument n; all is unknown of a NULL one. */
extern const ct_figure *ct_ladder_read_row(ct_ladder_reader *reader,
										   FunctionCallInfo fcinfo, int n);

#endif							/* CT_LADDER_FACE_H */
