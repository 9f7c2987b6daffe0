/*
 * scorecard_parse.h
 *		The grammar of scorecards.
 *
 *	scorecard := criterion { ',' criterion }			at most 100
 *	criterion := metric weight scale [ 'desc' ]
 *				 [ 'missing' ( score | 'skip' | 'zero' ) ]
 *	scale	  := 'linear' '(' lo ',' hi ')'
 *			   | 'log' '(' lo ',' hi ')'
 *			   | 'steps' '(' x ':' score { ',' x ':' score } ')'
 *			   | 'cuts' '(' x { ',' x } ')'
 *			   | 'curve' '(' x ':' score { ',' x ':' score } ')'
 *			   | 'logistic' '(' mid ',' slope ')'
 *			   | 'minmax' | 'zscore' | 'percentile' | 'bins' '(' n ')'
 *
 * No word is reserved: its place tells a metric from a scale.  The last line
 * are the relative scales, which calibration turns into absolute ones.
 */
#ifndef CT_SCORECARD_PARSE_H
#define CT_SCORECARD_PARSE_H

#include "core/scorecard.h"

/* Points that a text of this length can have at most. */
extern int	ct_scorecard_points_room(int length);

/*
 * Parses into a draft whose points lie in points[]; on failure the error has
 * the position in the text.
 */
extern bool ct_scorecard_parse(const char *text, int length, bool utf8,
							   ct_scorecard_draft *draft, ct_point *points,
							   ct_error *error);

#endif							/* CT_SCORECARD_PARSE_H */
