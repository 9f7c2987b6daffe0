/*
 * digest_json.h
 *		What reading the texts of digests has in common: JSON by PostgreSQL's
 *		own parser, and errors that say where.
 *
 * The parser calls semantic actions, which see every key, also one that comes
 * twice, and keep what they need: nothing of the text is kept in between.
 */
#ifndef CT_DIGEST_JSON_H
#define CT_DIGEST_JSON_H

#include "common/jsonapi.h"

#include "customer_tier.h"

/* The first member of what a type's actions are given. */
typedef struct ct_json_reader
{
	const char *type;			/* its name */
	char	   *text;
	Node	   *escontext;
	JsonLexContext *lex;
	int			value_at;		/* where the value of the latest key begins */
	bool		failed;			/* softly */
	ct_error	error;
} ct_json_reader;

/*
 * Reads the text; the reader has type, text and escontext.  22P02 for what is
 * no JSON; false after a soft error, of an action's too.
 */
extern bool ct_json_read(ct_json_reader *reader, JsonSemAction *actions);

/* For the action of a key, at its beginning. */
extern void ct_json_begin_value(ct_json_reader *reader);

/*
 * 22P02, and false where it is a soft error: with the reader's error as it
 * has been set, ...
 */
extern bool ct_json_refuse(ct_json_reader *reader);

/* ... for the value of key, or the text if it is NULL, which must be this, */
extern bool ct_json_refuse_value(ct_json_reader *reader, const char *key,
								 const char *what);

/* ... or for a key; why follows it in the detail, and hint may be NULL. */
extern bool ct_json_refuse_key(ct_json_reader *reader, const char *key,
							   const char *why, const char *hint);

#endif							/* CT_DIGEST_JSON_H */
