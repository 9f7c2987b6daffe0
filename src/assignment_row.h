/*
 * assignment_row.h
 *		The row type tier_assignment: from its fields to the state machine's
 *		and back.
 */
#ifndef CT_ASSIGNMENT_ROW_H
#define CT_ASSIGNMENT_ROW_H

#include "access/htup.h"
#include "access/tupdesc.h"

#include "core/assignment.h"

/* The row type tier_assignment, copied into context; elog when altered. */
extern TupleDesc ct_assignment_desc(Oid type, MemoryContext context);

/*
 * A tier_assignment as the state machine sees it.  *lost is the tier where
 * the ladder lacks it, else NULL.
 */
extern void ct_assignment_read(TupleDesc desc, HeapTupleHeader row,
							   const ct_ladder *ladder, ct_assignment *a,
							   const char **lost);

/* An assignment as a tier_assignment datum. */
extern Datum ct_assignment_datum(TupleDesc desc, const ct_ladder *ladder,
								 const ct_assignment *a, const char *reason);

#endif							/* CT_ASSIGNMENT_ROW_H */
