/*
 * ladder.h
 *		Tier ladders: the flat form, and placing a value.
 *
 * A text is parsed into a draft (ladder_parse.h, ladder_draft.h), and a draft is
 * built into the flat form, which can be stored and moved and needs nothing
 * more to place a value: no parsing, no allocation, labels ready to return.
 * A draft has one flat form: equal ladders are equal bytes.
 *
 * Rungs are counted from 0 at the top here; -1 is "no rung".
 */
#ifndef CT_LADDER_H
#define CT_LADDER_H

#include "core/figure.h"
#include "core/lexer.h"
#include "core/status.h"

#define CT_LADDER_VERSION 1
#define CT_LADDER_MAX_RUNGS 100
#define CT_LADDER_MAX_CONDITIONS 1000

typedef enum ct_ladder_form
{
	CT_LADDER_BOUNDS = 1,		/* one figure, >= or > */
	CT_LADDER_PERCENTS,			/* one figure, top p% */
	CT_LADDER_COUNTS,			/* one figure, top n */
	CT_LADDER_SHARES,			/* one figure, share p% */
	CT_LADDER_RULES				/* named figures */
} ct_ladder_form;

typedef enum ct_operator
{
	CT_OP_GE = 1,
	CT_OP_GT,
	CT_OP_LE,
	CT_OP_LT,
	CT_OP_TOP_PERCENT,			/* relative from here on */
	CT_OP_TOP_COUNT,
	CT_OP_SHARE
} ct_operator;

/*
 * The flat form, in this order, each part aligned to 8 bytes:
 *
 *	ct_ladder				header
 *	ct_rung[nrungs]
 *	ct_condition[nconditions]	of entering the rungs
 *	ct_condition[nkeeps]	of keeping them
 *	uint32_t[nmetrics]		where the metrics' names are
 *	int16_t[]				digits of all numbers
 *	names					a 32-bit word that belongs to the host (the
 *							length word of a text datum), the bytes, a zero;
 *							each aligned to 4 bytes
 *
 * All offsets count from the beginning of the header.
 */
typedef struct ct_rung
{
	uint32_t	label;			/* offset of the name's host word */
	uint16_t	first;
	uint16_t	count;
	uint16_t	keep_first;		/* among all conditions */
	uint16_t	keep_count;
	uint32_t	reserved;
} ct_rung;

typedef struct ct_condition
{
	double		nearest;		/* the double nearest to the number; an
								 * infinity beyond their range */
	double		threshold;		/* for >= and >: the least double that meets
								 * the condition; in a ladder of bounds, or
								 * one above it */
	uint32_t	digits;			/* offset */
	int16_t		weight;
	uint16_t	ndigits;
	int8_t		sign;
	uint8_t		op;				/* ct_operator */
	uint16_t	alternative;
	uint16_t	metric;			/* index; 0 in a one-figure ladder */
	uint16_t	reserved;
	float		nearest_real;
	uint32_t	reserved2;
} ct_condition;

typedef struct ct_ladder
{
	uint32_t	host_word;		/* the varlena length word */
	uint8_t		version;
	uint8_t		form;			/* ct_ladder_form */
	uint8_t		relative;		/* 1: some condition is relative */
	uint8_t		reserved;
	uint16_t	nrungs;
	uint16_t	nconditions;
	uint16_t	nmetrics;
	uint16_t	nkeeps;
	uint32_t	size;			/* bytes in all */
	uint32_t	reserved3;
	uint8_t		digest[16];		/* the host's, of all of it */
} ct_ladder;

/* Bytes that all its numbers take as text, each with a zero. */
extern size_t ct_ladder_numbers_size(const ct_ladder *ladder);

/* The canonical text, zero-terminated; returns its length. */
extern size_t ct_ladder_text_size(const ct_ladder *ladder);
extern size_t ct_ladder_text(const ct_ladder *ladder, char *buffer);

/*
 * One rung's condition as canonical text, empty for the floor; likewise that
 * of keeping it, empty where it has none.
 */
extern size_t ct_ladder_condition_text(const ct_ladder *ladder, int rung,
									   char *buffer);
extern size_t ct_ladder_keep_text(const ct_ladder *ladder, int rung,
								  char *buffer);

/* Words that must be quoted to be labels or metrics; ends with NULL. */
extern const char *const ct_ladder_reserved[];

/*
 * -1, 0 or 1: absolute bounds, or relative numbers, of one ladder compared by
 * number, then ">" above ">=".
 */
extern int	ct_bound_compare(const ct_ladder *ladder, const ct_condition *a,
							 const ct_condition *b);

/* One condition's operator as text: ">=", "top", "share". */
extern const char *ct_operator_text(int op);

/* The rung of a value, NULL on none; ladders of bounds only. */
extern int	ct_ladder_place_decimal(const ct_ladder *ladder,
									const ct_decimal *value);
extern int	ct_ladder_place_figure(const ct_ladder *ladder,
								   const ct_figure *value);

/* The rung of a row; figures[] in the order of the ladder's metrics. */
extern int	ct_ladder_place_row(const ct_ladder *ladder,
								const ct_figure *figures);

/* Does a row meet the rule of a rung, or is it the floor? */
extern bool ct_rung_entered_by_row(const ct_ladder *ladder, int rung,
								   const ct_figure *figures);

/*
 * Does a row keep a rung of rules by its condition of keeping?  False where
 * it has none.
 */
extern bool ct_rung_kept_by_row(const ct_ladder *ladder, int rung,
								const ct_figure *figures);

/* Is one absolute condition met?  A NULL figure meets nothing. */
extern bool ct_condition_met(const ct_ladder *ladder,
							 const ct_condition *condition,
							 const ct_figure *figure);

/*
 * The rung one would hold on meeting the nearest unmet bound, from the rung
 * held (-1: none): of equal bounds the topmost.  -1 at the top.  One-figure
 * ladders with bounds only.
 */
extern int	ct_ladder_next(const ct_ladder *ladder, int rung);

/* The rung with this label, or -1. */
extern int	ct_ladder_find(const ct_ladder *ladder, const char *label,
						   size_t length);

/* All labels, for a hint: "gold", "silver", ...; cut with "..." to size. */
extern void ct_ladder_labels(const ct_ladder *ladder, char *buffer,
							 size_t size);

static inline const ct_rung *
ct_ladder_rungs(const ct_ladder *ladder)
{
	return (const ct_rung *) (ladder + 1);
}

static inline const ct_condition *
ct_ladder_conditions(const ct_ladder *ladder)
{
	return (const ct_condition *) (ct_ladder_rungs(ladder) + ladder->nrungs);
}

/* Of entering and of keeping. */
static inline int
ct_ladder_conditions_count(const ct_ladder *ladder)
{
	return ladder->nconditions + ladder->nkeeps;
}

/* A name's bytes, zero-terminated; its host word stands 4 bytes before. */
static inline const char *
ct_ladder_name(const ct_ladder *ladder, uint32_t offset)
{
	return (const char *) ladder + offset + sizeof(uint32_t);
}

static inline const char *
ct_ladder_label(const ct_ladder *ladder, int rung)
{
	return ct_ladder_name(ladder, ct_ladder_rungs(ladder)[rung].label);
}

static inline const char *
ct_ladder_metric(const ct_ladder *ladder, int metric)
{
	const uint32_t *names = (const uint32_t *)
		(ct_ladder_conditions(ladder) + ladder->nconditions + ladder->nkeeps);

	return ct_ladder_name(ladder, names[metric]);
}

/* A condition's number; points into the ladder. */
static inline ct_decimal
ct_condition_number(const ct_ladder *ladder, const ct_condition *condition)
{
	ct_decimal	d;

	d.sign = condition->sign;
	d.weight = condition->weight;
	d.ndigits = condition->ndigits;
	d.digits = (const unsigned char *) ladder + condition->digits;
	return d;
}

/* Is the rung the floor, which anyone holds? */
static inline bool
ct_rung_is_floor(const ct_ladder *ladder, int rung)
{
	return ct_ladder_rungs(ladder)[rung].count == 0;
}

/* The bound that keeps a rung of a ladder of bounds; NULL where it has none. */
static inline const ct_condition *
ct_rung_keep(const ct_ladder *ladder, int rung)
{
	const ct_rung *r = &ct_ladder_rungs(ladder)[rung];

	return r->keep_count > 0 ?
		ct_ladder_conditions(ladder) + r->keep_first : NULL;
}

/* The rung of what meets no bound of a ladder of them: the floor, if any. */
static inline int
ct_ladder_below(const ct_ladder *ladder)
{
	return ladder->nconditions < ladder->nrungs ? ladder->nconditions : -1;
}

/*
 * The hot path.  In a ladder of bounds condition i is that of rung i, and a
 * floor, which has none, can only be the last.  Bounds never rise, so that
 * the rung is the number of bounds not met: counting has no branch that the
 * processor could predict wrongly.
 */
static inline int
ct_ladder_place_double(const ct_ladder *ladder, double value)
{
	const ct_condition *c = ct_ladder_conditions(ladder);
	int			n = ladder->nconditions;
	int			rung = 0;

	for (int i = 0; i < n; i++)
		rung += value < c[i].threshold;
	return rung < ladder->nrungs ? rung : -1;
}

#endif							/* CT_LADDER_H */
