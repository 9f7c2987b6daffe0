/*
 * scorecard.c
 *		A scorecard's flat form and its canonical text.
 */
#include <string.h>

#include "common/shortest_dec.h"

#include "core/decimal.h"
#include "core/scorecard.h"

/* Words, signs and spaces of one criterion, numbers and metric apart. */
#define CRITERION_WORDS 64

const char *
ct_scale_name(int scale)
{
	static const char *const names[] = {
		[CT_SCALE_LINEAR] = "linear",
		[CT_SCALE_LOG] = "log",
		[CT_SCALE_STEPS] = "steps",
		[CT_SCALE_CUTS] = "cuts",
		[CT_SCALE_CURVE] = "curve",
		[CT_SCALE_LOGISTIC] = "logistic",
		[CT_SCALE_MINMAX] = "minmax",
		[CT_SCALE_ZSCORE] = "zscore",
		[CT_SCALE_PERCENTILE] = "percentile",
		[CT_SCALE_BINS] = "bins"
	};

	return names[scale];
}

static size_t
align8(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

static size_t
points_offset(int ncriteria)
{
	return sizeof(ct_scorecard) + (size_t) ncriteria * sizeof(ct_criterion);
}

size_t
ct_scorecard_size(const ct_scorecard_draft *draft)
{
	size_t		size = points_offset(draft->ncriteria);

	for (int i = 0; i < draft->ncriteria; i++)
		size += draft->criteria[i].npoints * sizeof(ct_point) +
			strlen(draft->criteria[i].metric) + 1;
	return align8(size);
}

void
ct_scorecard_build(const ct_scorecard_draft *draft, void *memory)
{
	ct_scorecard *card = memory;
	ct_criterion *criterion = (ct_criterion *) (card + 1);
	size_t		points = points_offset(draft->ncriteria);
	size_t		metric = points;

	card->version = CT_SCORECARD_VERSION;
	card->ncriteria = (uint16_t) draft->ncriteria;
	card->size = (uint32_t) ct_scorecard_size(draft);
	for (int i = 0; i < draft->ncriteria; i++)
		metric += draft->criteria[i].npoints * sizeof(ct_point);
	for (int i = 0; i < draft->ncriteria; i++, criterion++)
	{
		const ct_criterion_draft *c = &draft->criteria[i];
		size_t		length = strlen(c->metric);

		criterion->weight = c->weight;
		criterion->first = c->first;
		criterion->second = c->second;
		criterion->missing = c->missing;
		criterion->metric = (uint32_t) metric;
		criterion->points = (uint32_t) points;
		criterion->npoints = (uint16_t) c->npoints;
		criterion->scale = (uint8_t) c->scale;
		criterion->descending = c->descending;
		criterion->skipped = c->skipped;
		if (ct_criterion_is_relative(criterion))
			card->relative = 1;
		memcpy((char *) memory + metric, c->metric, length);
		metric += length + 1;
		if (c->npoints > 0)
			memcpy((char *) memory + points, draft->points + c->point,
				   c->npoints * sizeof(ct_point));
		points += c->npoints * sizeof(ct_point);
	}
}

int
ct_scorecard_npoints(const ct_scorecard *card)
{
	const ct_criterion *c = ct_scorecard_criteria(card);
	int			npoints = 0;

	for (int i = 0; i < card->ncriteria; i++)
		npoints += c[i].npoints;
	return npoints;
}

void
ct_scorecard_draft_of(const ct_scorecard *card, ct_scorecard_draft *draft,
					  ct_point *points)
{
	const ct_criterion *criterion = ct_scorecard_criteria(card);

	draft->ncriteria = card->ncriteria;
	draft->npoints = 0;
	draft->points = points;
	for (int i = 0; i < card->ncriteria; i++, criterion++)
	{
		ct_criterion_draft *c = &draft->criteria[i];

		memset(c, 0, sizeof(*c));
		strcpy(c->metric, ct_criterion_metric(card, criterion));
		c->weight = criterion->weight;
		c->scale = (ct_scale) criterion->scale;
		c->first = criterion->first;
		c->second = criterion->second;
		c->point = draft->npoints;
		c->npoints = criterion->npoints;
		c->descending = criterion->descending;
		c->skipped = criterion->skipped;
		c->missing = criterion->missing;
		if (c->npoints > 0)
			memcpy(points + draft->npoints,
				   ct_criterion_points(card, criterion),
				   c->npoints * sizeof(ct_point));
		draft->npoints += c->npoints;
	}
}

static char *
write_double(char *out, double value)
{
	return out + double_to_shortest_decimal_buf(value, out);
}

/* (a, b) */
static char *
write_pair(char *out, double a, double b)
{
	out = write_double(stpcpy(out, "("), a);
	out = write_double(stpcpy(out, ", "), b);
	return stpcpy(out, ")");
}

static char *
write_points(char *out, const ct_point *points, int npoints, bool scored)
{
	for (int i = 0; i < npoints; i++)
	{
		out = write_double(stpcpy(out, i == 0 ? "(" : ", "), points[i].x);
		if (scored)
			out = write_double(stpcpy(out, ": "), points[i].score);
	}
	return stpcpy(out, ")");
}

size_t
ct_criterion_scale_text(const ct_scorecard *card,
						const ct_criterion *criterion, char *buffer)
{
	char	   *out = stpcpy(buffer, ct_scale_name(criterion->scale));

	switch ((ct_scale) criterion->scale)
	{
		case CT_SCALE_LINEAR:
		case CT_SCALE_LOG:
		case CT_SCALE_LOGISTIC:
			out = write_pair(out, criterion->first, criterion->second);
			break;
		case CT_SCALE_STEPS:
		case CT_SCALE_CURVE:
		case CT_SCALE_CUTS:
			out = write_points(out, ct_criterion_points(card, criterion),
							   criterion->npoints,
							   criterion->scale != CT_SCALE_CUTS);
			break;
		case CT_SCALE_BINS:
			out = write_double(stpcpy(out, "("), criterion->first);
			out = stpcpy(out, ")");
			break;
		case CT_SCALE_MINMAX:
		case CT_SCALE_ZSCORE:
		case CT_SCALE_PERCENTILE:
			break;
	}
	return out - buffer;
}

void
ct_criterion_missing_text(const ct_criterion *criterion, char *buffer)
{
	if (criterion->skipped)
		stpcpy(buffer, "skip");
	else if (criterion->missing == 0)
		stpcpy(buffer, "zero");
	else
		write_double(buffer, criterion->missing);
}

size_t
ct_scorecard_text_size(const ct_scorecard *card)
{
	return card->ncriteria * (CT_QUOTED_NAME_SIZE + CRITERION_WORDS +
							  4 * (size_t) CT_SHORTEST_SIZE) +
		ct_scorecard_npoints(card) * (size_t) (2 * CT_SHORTEST_SIZE);
}

size_t
ct_scorecard_text(const ct_scorecard *card, char *buffer)
{
	static const char *const reserved[] = {NULL};
	const ct_criterion *c = ct_scorecard_criteria(card);
	char	   *out = buffer;

	for (int i = 0; i < card->ncriteria; i++, c++)
	{
		const char *metric = ct_criterion_metric(card, c);

		if (i > 0)
			out = stpcpy(out, ", ");
		out += ct_write_name(metric, strlen(metric), true, reserved, out);
		out = write_double(stpcpy(out, " "), c->weight);
		out = stpcpy(out, " ");
		out += ct_criterion_scale_text(card, c, out);
		if (c->descending)
			out = stpcpy(out, " desc");
		if (!c->skipped)
		{
			out = stpcpy(out, " missing ");
			ct_criterion_missing_text(c, out);
			out += strlen(out);
		}
	}
	return out - buffer;
}
