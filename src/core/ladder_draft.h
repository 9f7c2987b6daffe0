/*
 * ladder_draft.h
 *		What a ladder is built from: a text as parsed, or a flat ladder taken
 *		apart.
 */
#ifndef CT_LADDER_DRAFT_H
#define CT_LADDER_DRAFT_H

#include "core/ladder.h"

typedef struct ct_condition_draft
{
	ct_operator op;
	int			alternative;	/* 0, 1, ... : the 'or' branch */
	char		metric[CT_NAME_SIZE];	/* empty in a one-figure ladder */
	const char *number;			/* its text, not zero-terminated */
	int			number_length;
	int			position;		/* of the condition in the text, or -1 */
} ct_condition_draft;

typedef struct ct_rung_draft
{
	char		label[CT_NAME_SIZE];
	int			first;			/* its first condition */
	int			count;			/* its conditions; 0: the floor */
	int			keep_first;		/* likewise among the conditions of keeping */
	int			keep_count;
	int			position;
} ct_rung_draft;

typedef struct ct_ladder_draft
{
	ct_ladder_form form;
	int			nrungs;
	int			nconditions;
	int			nkeeps;
	ct_rung_draft rungs[CT_LADDER_MAX_RUNGS];
	ct_condition_draft conditions[CT_LADDER_MAX_CONDITIONS];
	ct_condition_draft keeps[CT_LADDER_MAX_CONDITIONS];
} ct_ladder_draft;

/* Bytes that ct_ladder_build writes. */
extern size_t ct_ladder_size(const ct_ladder_draft *draft);

/*
 * Builds into zeroed memory, aligned to 8 bytes.  Host words and digest stay
 * zero.
 */
extern void ct_ladder_build(const ct_ladder_draft *draft, void *memory);

/*
 * Do the bounds of a one-figure ladder never rise from the top down, its
 * percentages, counts and shares never fall, and does keeping a rung ask for
 * no more than entering it?  The draft, from which the ladder was built, gives
 * the position.
 */
extern bool ct_ladder_check(const ct_ladder *ladder,
							const ct_ladder_draft *draft, ct_error *error);

/*
 * The draft of a flat ladder, its numbers written as text into numbers[]
 * (ct_ladder_numbers_size() bytes), which the draft then points into.
 */
extern void ct_ladder_draft_of(const ct_ladder *ladder, char *numbers,
							   ct_ladder_draft *draft);

#endif							/* CT_LADDER_DRAFT_H */
