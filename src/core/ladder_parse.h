/*
 * ladder_parse.h
 *		The grammar of tier ladders.
 *
 *	ladder := rung { ',' rung }				top rung first, at most 100
 *	rung   := label [ short [ 'keep' short ] | ':' rule [ 'keep' rule ] ]
 *											no condition: the floor, last only
 *	short  := ('>=' | '>') number | 'top' number '%' | 'top' count
 *			| 'share' number '%'
 *	rule   := all { 'or' all }
 *	all    := cond { 'and' cond }
 *	cond   := metric ( '>=' | '>' | '<=' | '<' ) number
 *			| metric 'top' number '%' | metric 'top' count
 *			| metric 'share' number '%'
 *
 * See core/lexer.h for labels, metrics and numbers.
 */
#ifndef CT_LADDER_PARSE_H
#define CT_LADDER_PARSE_H

#include "core/ladder_draft.h"

/*
 * Parses a text into a draft, which points into the text; on failure the
 * error has the position.  That bounds do not rise from the top down is left
 * to ct_ladder_check(), once the ladder has been built.
 */
extern bool ct_ladder_parse(const char *text, int length, bool utf8,
							ct_ladder_draft *draft, ct_error *error);

#endif							/* CT_LADDER_PARSE_H */
