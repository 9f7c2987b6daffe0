/*
 * scorecard.h
 *		Scorecards: the flat form and its text.
 *
 * A text is parsed into a draft (core/scorecard_parse.h), and a draft is built
 * into the flat form, which can be stored and moved and needs no parsing to
 * score a row (core/scorecard_score.h).  A draft has one flat form: equal
 * scorecards are equal bytes.
 */
#ifndef CT_SCORECARD_H
#define CT_SCORECARD_H

#include <stdint.h>

#include "core/lexer.h"

#define CT_SCORECARD_VERSION 1
#define CT_SCORECARD_MAX_CRITERIA 100
#define CT_SCALE_MAX_POINTS 1000
#define CT_SCALE_MAX_BINS 100
#define CT_WEIGHT_MIN 1e-9
#define CT_WEIGHT_MAX 1e9

typedef enum ct_scale
{
	CT_SCALE_LINEAR = 1,
	CT_SCALE_LOG,
	CT_SCALE_STEPS,
	CT_SCALE_CUTS,
	CT_SCALE_CURVE,
	CT_SCALE_LOGISTIC,
	CT_SCALE_MINMAX,			/* relative from here on */
	CT_SCALE_ZSCORE,
	CT_SCALE_PERCENTILE,
	CT_SCALE_BINS
} ct_scale;

/* A point of steps and curve; a cut has no score. */
typedef struct ct_point
{
	double		x;
	double		score;
} ct_point;

/* What a scorecard is built from: a text as parsed, or a card taken apart. */
typedef struct ct_criterion_draft
{
	char		metric[CT_NAME_SIZE];
	double		weight;
	ct_scale	scale;
	double		first;			/* lo, mid, or the number of bins */
	double		second;			/* hi or slope */
	int			point;			/* its first point */
	int			npoints;
	bool		descending;
	bool		skipped;		/* left out when the figure is missing */
	double		missing;		/* otherwise its score then */
} ct_criterion_draft;

typedef struct ct_scorecard_draft
{
	int			ncriteria;
	int			npoints;
	ct_point   *points;			/* of all criteria; the caller's memory */
	ct_criterion_draft criteria[CT_SCORECARD_MAX_CRITERIA];
} ct_scorecard_draft;

/*
 * The flat form, in this order, each part aligned to 8 bytes:
 *
 *	ct_scorecard			header
 *	ct_criterion[ncriteria]
 *	ct_point[]
 *	metrics					each with its zero
 *
 * All offsets count from the beginning of the header.
 */
typedef struct ct_criterion
{
	double		weight;
	double		first;
	double		second;
	double		missing;
	uint32_t	metric;			/* offset */
	uint32_t	points;			/* offset */
	uint16_t	npoints;
	uint8_t		scale;			/* ct_scale */
	uint8_t		descending;
	uint8_t		skipped;
	uint8_t		reserved[3];
} ct_criterion;

typedef struct ct_scorecard
{
	uint32_t	host_word;		/* the varlena length word */
	uint8_t		version;
	uint8_t		relative;		/* 1: some scale is relative */
	uint16_t	ncriteria;
	uint32_t	size;			/* bytes in all */
	uint32_t	reserved;
	uint8_t		digest[16];		/* the host's, of all of it */
} ct_scorecard;

/* Bytes that ct_scorecard_build writes. */
extern size_t ct_scorecard_size(const ct_scorecard_draft *draft);

/*
 * Builds into zeroed memory, aligned to 8 bytes.  Host word and digest stay
 * zero.
 */
extern void ct_scorecard_build(const ct_scorecard_draft *draft, void *memory);

/* The number of points of all criteria. */
extern int	ct_scorecard_npoints(const ct_scorecard *card);

/* The draft of a flat scorecard, its points copied into points[]. */
extern void ct_scorecard_draft_of(const ct_scorecard *card,
								  ct_scorecard_draft *draft,
								  ct_point *points);

/* The canonical text, zero-terminated; returns its length. */
extern size_t ct_scorecard_text_size(const ct_scorecard *card);
extern size_t ct_scorecard_text(const ct_scorecard *card, char *buffer);

/* The word for a scale: "linear", "log", ... */
extern const char *ct_scale_name(int scale);

/* One criterion's scale as canonical text; its buffer as for the whole. */
extern size_t ct_criterion_scale_text(const ct_scorecard *card,
									  const ct_criterion *criterion,
									  char *buffer);

/* "skip", "zero" or a score; the buffer has CT_SHORTEST_SIZE bytes. */
extern void ct_criterion_missing_text(const ct_criterion *criterion,
									  char *buffer);

static inline const ct_criterion *
ct_scorecard_criteria(const ct_scorecard *card)
{
	return (const ct_criterion *) (card + 1);
}

static inline const char *
ct_criterion_metric(const ct_scorecard *card, const ct_criterion *criterion)
{
	return (const char *) card + criterion->metric;
}

static inline const ct_point *
ct_criterion_points(const ct_scorecard *card, const ct_criterion *criterion)
{
	return (const ct_point *) ((const char *) card + criterion->points);
}

static inline bool
ct_criterion_is_relative(const ct_criterion *criterion)
{
	return criterion->scale >= CT_SCALE_MINMAX;
}

#endif							/* CT_SCORECARD_H */
