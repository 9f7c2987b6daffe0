/*
 * program_track.h
 *		What the handler of tracking triggers shares with its search for
 *		customers in another table.
 */
#ifndef CT_PROGRAM_TRACK_H
#define CT_PROGRAM_TRACK_H

#include "postgres.h"

#include "executor/spi.h"

/*
 * program_track.c
 */

/*
 * Can values of one type be taken as those of another, by PostgreSQL's own
 * casts alone?  convert is then the function, or none.
 */
extern bool ct_track_conversion(Oid from, Oid to, FmgrInfo *convert);

/* What a trigger function does: finds customers, and puts them into the queue. */
typedef enum ct_track_step
{
	CT_TRACK_FIND,
	CT_TRACK_STORE
} ct_track_step;

/*
 * A plan for a statement of a function, with a parameter of this type; kept
 * for the session.
 */
extern SPIPlanPtr ct_track_plan(Oid function, ct_track_step step,
								const char *statement, Oid type);

/*
 * program_via.c
 */

/* A table by which keys lead to customers. */
typedef struct ct_via
{
	Oid			table;
	Oid			owner;
	AttrNumber	key;
	AttrNumber	customer;
	Oid			type;			/* of the customers */
	char	   *query;			/* of an array of keys */
} ct_via;

/*
 * Opens it by the arguments of a trigger: schema, name, column of the keys and
 * of the customers.  Is it still a table, and of types whose functions
 * PostgreSQL has made?  A cast of a user's would run with the rights of the
 * program's owner.  It stays locked.
 */
extern bool ct_via_open(ct_via *via, char **args, Oid key_type, Oid queue_type);

/*
 * An array of the customers to whom keys lead.  The program's owner must be
 * able to read them, but it is done with the rights of the table's: what stands
 * in its indexes and constraints runs, and must not do so with those of the
 * program's.
 */
extern Datum ct_via_find(const ct_via *via, Oid function, Oid owner,
						 Oid keys_type, Datum keys);

#endif							/* CT_PROGRAM_TRACK_H */
