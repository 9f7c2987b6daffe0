/*
 * assignment.h
 *		What assign() shares with tier_path().
 */
#ifndef CT_ASSIGNMENT_FACE_H
#define CT_ASSIGNMENT_FACE_H

#include "core/assignment.h"
#include "ladder.h"
#include "policy.h"

/* What one call of assign() is about. */
typedef struct ct_assign_input
{
	const ct_ladder *ladder;
	const ct_policy *policy;
	ct_date		as_of;
	const ct_figure *values;	/* one, or those that the rules name */
	const ct_figure *reviews;	/* likewise, or NULL */
} ct_assign_input;

/* 22004 for a NULL ladder, policy or as_of, argument n. */
extern void ct_refuse_null(FunctionCallInfo fcinfo, int n, const char *what);

/* Argument n as the date of a call; 22004 for NULL, 22003 unless finite. */
extern ct_date ct_getarg_as_of(FunctionCallInfo fcinfo, int n);

/*
 * The next assignment; reason, if not NULL, gets room for CT_REASON_SIZE.
 * lost is the previous tier where the ladder lacks it.
 */
extern void ct_assign_input_run(const ct_assign_input *input,
								const ct_assignment *previous,
								const char *lost, ct_assignment *next,
								char *reason);

#endif							/* CT_ASSIGNMENT_FACE_H */
