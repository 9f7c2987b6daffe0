/*
 * digest_json.h
 *		What reading the texts of digests has in common: JSON by PostgreSQL's
 *		own parser, and errors that say where.
 *
 * A digest is an object, of objects, numbers and strings.  Every key is seen,
 * also one that comes twice, and nothing of the text is kept.
 */
#ifndef CT_DIGEST_JSON_H
#define CT_DIGEST_JSON_H

#include "common/jsonapi.h"

#include "customer_tier.h"

/* The first member of what the functions of a type are given. */
typedef struct ct_json_reader
{
	const char *type;			/* its name */
	char	   *text;
	Node	   *escontext;

	/*
	 * Takes up a key: says what its value must be, or refuses it and returns
	 * false.
	 */
	bool		(*key) (struct ct_json_reader *reader, const char *key);

	/* Takes up a number or string; false when it is not what it must be. */
	bool		(*value) (struct ct_json_reader *reader, const char *value);

	/* May an object end here?  Can be NULL. */
	bool		(*may_end) (struct ct_json_reader *reader);

	/* What the next value must be. */
	JsonTokenType token_type;
	const char *form;			/* in words */

	int			depth;			/* objects that are open */
	char	   *latest;			/* key; NULL before the first one */
	int			at;				/* where its value begins */
	JsonLexContext *lex;
	bool		failed;			/* softly */
	ct_error	error;
} ct_json_reader;

/*
 * Reads the text with the three functions; all members from token_type on are
 * zero.  22P02; false after a soft error.
 */
extern bool ct_json_read(ct_json_reader *reader);

/* 22P02 with the reader's error as it has been set; false. */
extern bool ct_json_refuse(ct_json_reader *reader);

/* 22P02 for the latest key, why following it; hint may be NULL.  False. */
extern bool ct_json_refuse_key(ct_json_reader *reader, const char *why,
							   const char *hint);

#endif							/* CT_DIGEST_JSON_H */
