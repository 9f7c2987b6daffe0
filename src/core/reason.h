/*
 * reason.h
 *		Why a customer moved or did not, as one sentence with the figures.
 */
#ifndef CT_REASON_H
#define CT_REASON_H

#include "core/assignment.h"

/* Room for the longest sentence and its zero. */
#define CT_REASON_SIZE 4096

/* What the sentence is about. */
typedef struct ct_reason
{
	const ct_ladder *ladder;
	const ct_rung_clauses *clauses;
	const ct_standing *standing;
	const ct_figure *values;	/* one, or those that the rules name */
	const ct_figure *reviews;	/* likewise, or NULL */
	const ct_assignment *next;	/* what ct_assign made, */
	const ct_outcome *outcome;	/* and why */
	const char *lost;			/* the tier that the ladder lacks, or NULL */
} ct_reason;

/* Writes the sentence, zero-terminated; returns its length. */
extern size_t ct_reason_text(const ct_reason *reason,
							 char buffer[CT_REASON_SIZE]);

#endif							/* CT_REASON_H */
