/*
 * ladder.h
 *		What the SQL faces of ladders share with each other and with the
 *		concepts that place customers.
 */
#ifndef CT_LADDER_FACE_H
#define CT_LADDER_FACE_H

#include "customer_tier.h"
#include "row.h"

#include "core/ladder.h"

/* ladder.c */

/* A datum as a ladder, detoasted where needed. */
static inline const ct_ladder *
ct_ladder_of_datum(Datum datum)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(datum);

	if (unlikely(VARATT_IS_EXTENDED(stored)))
		stored = pg_detoast_datum(stored);
	return (const ct_ladder *) stored;
}

#define CT_GETARG_LADDER(n) ct_ladder_of_datum(PG_GETARG_DATUM(n))

/* Parses a text that is a ladder or raises 22P02 (softly: NULL). */
extern ct_ladder *ct_ladder_from_text(const char *text, Node *escontext);

/* Builds a draft into a palloc'd datum; NULL and the error when its bounds
 * are out of order. */
extern ct_ladder *ct_ladder_from_draft(const ct_ladder_draft *draft,
									   ct_error *error);

/* Same ladder? */
static inline bool
ct_ladder_equal(const ct_ladder *a, const ct_ladder *b)
{
	return a == b || (a->size == b->size && memcmp(a, b, a->size) == 0);
}

/* A label as a text datum that lives as long as the ladder. */
static inline Datum
ct_ladder_label_datum(const ct_ladder *ladder, int rung)
{
	return PointerGetDatum((const char *) ladder +
						   ct_ladder_rungs(ladder)[rung].label);
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

/* One figure as it came; 22003, naming what, unless it is finite. */
extern ct_figure ct_figure_of_numeric(Datum value, const char *what);
extern ct_figure ct_figure_of_double(double value, const char *what);
extern ct_figure ct_figure_of_bigint(int64 value);

/*
 * high - low, exactly, but at least 0: a double past a bound does not meet it
 * where it is the double nearest to it.
 */
extern Datum ct_ladder_gap(Datum low, Datum high);

/* See tier_progress(). */
extern double ct_ladder_progress(const ct_ladder *ladder,
								 const ct_figure *value);

/* ladder_row.c */

/* Reads the figures that a ladder's rules name, once looked up per query. */
typedef struct ct_ladder_reader
{
	MemoryContext context;		/* of everything below but this struct */
	ct_ladder  *ladder;			/* the ladder that it was made for */
	ct_row_reader *reader;
	ct_figure  *figures;
} ct_ladder_reader;

/*
 * The figures of a row for a ladder of rules; *cache, in a function's
 * fn_extra, is made in context.
 */
extern const ct_figure *ct_ladder_read_row(void **cache, MemoryContext context,
										   const ct_ladder *ladder,
										   HeapTupleHeader row);

#endif							/* CT_LADDER_FACE_H */
