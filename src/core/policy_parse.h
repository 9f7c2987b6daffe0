/*
 * policy_parse.h
 *		The text of policies:
 *
 *	policy  := clauses { ';' label ':' clauses }
 *	clauses := [ clause { ',' clause } ]	each kind at most once
 *	clause  := 'review' 'always'
 *			 | 'review' 'every' n ( 'days' | 'months' | 'years' )
 *					[ 'to' 'end' 'of' 'month' ]
 *			 | 'review' 'at' 'end' 'of' [ 'next' ] ( 'month' |
 *					( 'quarter' | 'half' | 'year' ) [ 'from' month ] )
 *			 | 'review' 'on' 'anniversary'
 *			 | 'upgrade' ( 'now' | 'at' 'review' )
 *			 | 'drop' ( 'to' 'fit' | 'one' 'step' | 'to' 'base' | 'never' )
 *			 | 'grace' n ( 'days' | 'months' )
 *			 | 'keep' 'at' p '%'
 *
 * What stands after a label is what differs for whoever holds that tier.  Words
 * have no case, days, months and years may stand in the singular, months may
 * be cut to three letters.
 */
#ifndef CT_POLICY_PARSE_H
#define CT_POLICY_PARSE_H

#include "core/policy.h"

/* Reads a policy; on failure the error has position and hint. */
extern bool ct_policy_parse(const char *text, int length, bool utf8,
							ct_policy *policy, ct_error *error);

#endif							/* CT_POLICY_PARSE_H */
