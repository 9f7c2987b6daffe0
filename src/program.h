/*
 * program.h
 *		What the parts of programs share.
 */
#ifndef CT_PROGRAM_H
#define CT_PROGRAM_H

#include "postgres.h"

/* Who one was before one became another role. */
typedef struct identity
{
	Oid			user;
	int			context;
	int			nestlevel;
} identity;

/*
 * Becomes a role as REFRESH MATERIALIZED VIEW becomes the owner of the view:
 * whatever is run now cannot become anybody else, leave anything behind in
 * the session, or be found by search_path.
 */
extern identity ct_become(Oid role);

/* An error does this, too, when it ends the transaction or subtransaction. */
extern void ct_become_again(const identity *before);

extern void ct_spi_begin(void);
extern void ct_spi_end(void);

#endif							/* CT_PROGRAM_H */
