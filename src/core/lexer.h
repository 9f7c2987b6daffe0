/*
 * lexer.h
 *		The tokens that ladders, scorecards, policies and forecasts are
 *		written in.
 *
 * Names are SQL identifiers in which every byte >= 0x80 is a letter and a
 * hyphen may stand inside; or anything "quoted", a doubled quote standing for
 * one.  A name has at most 63 bytes.  In UTF-8, outside of quotes, the
 * full-width forms of , : ; ( ) % > < and the signs for >= and <= are read as
 * their ASCII forms, and every space of Unicode as a blank.
 */
#ifndef CT_LEXER_H
#define CT_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

#define CT_NAME_SIZE 64			/* the longest name and its zero */

typedef enum ct_token_kind
{
	CT_TOKEN_END,
	CT_TOKEN_NAME,				/* unquoted; name[] as written */
	CT_TOKEN_QUOTED,			/* name[] without its quotes */
	CT_TOKEN_NUMBER,			/* text + start .. text + end */
	CT_TOKEN_GE,
	CT_TOKEN_GT,
	CT_TOKEN_LE,
	CT_TOKEN_LT,
	CT_TOKEN_COMMA,
	CT_TOKEN_COLON,
	CT_TOKEN_SEMICOLON,
	CT_TOKEN_OPEN,
	CT_TOKEN_CLOSE,
	CT_TOKEN_PERCENT,
	CT_TOKEN_SLASH
} ct_token_kind;

typedef struct ct_token
{
	ct_token_kind kind;
	int			start;			/* byte offsets into the text */
	int			end;
	char		name[CT_NAME_SIZE];
} ct_token;

typedef struct ct_lexer
{
	const char *text;
	int			length;
	bool		utf8;
	ct_token	token;			/* the present one */
	ct_error   *error;
} ct_lexer;

/* Starts at the first token; false when that is not one. */
extern bool ct_lexer_start(ct_lexer *lexer, const char *text, int length,
						   bool utf8, ct_error *error);

/* Goes to the next token. */
extern bool ct_lexer_next(ct_lexer *lexer);

/* Is the present token this unquoted word, whatever its case? */
extern bool ct_lexer_is_word(const ct_lexer *lexer, const char *word);

/* Skips the present token if it is of this kind; *skipped tells. */
extern bool ct_lexer_skip(ct_lexer *lexer, ct_token_kind kind, bool *skipped);

/* Goes past a token of this kind or fails with "expected <what>". */
extern bool ct_lexer_expect(ct_lexer *lexer, ct_token_kind kind,
							const char *what);

/* Fails at the present token: expected <what>, found "<token>". */
extern bool ct_lexer_unexpected(ct_lexer *lexer, const char *what);

/*
 * Reads the present NUMBER token, of at most 400 digits that count, as the
 * nearest double and goes on.  Fails beyond the range of double precision, and
 * for what is so small that it would be 0.
 */
extern bool ct_lexer_double(ct_lexer *lexer, const char *what,
							double *value);

/* How much of a token's text an error message can repeat, whole characters. */
extern int	ct_lexer_excerpt(const ct_lexer *lexer, int start, int end);

/* Lower-cases A to Z in place, as PostgreSQL folds column names. */
extern void ct_fold_name(char *name);

/*
 * Writes a name, quoted unless it reads back as it is: folded says that
 * unquoted names of this kind are lower-cased, reserved is a
 * NULL-terminated list of words.  Returns the length, at most
 * CT_QUOTED_NAME_SIZE.
 */
#define CT_QUOTED_NAME_SIZE (2 * CT_NAME_SIZE + 2)
extern size_t ct_write_name(const char *name, size_t length, bool folded,
							const char *const *reserved, char *buffer);

#endif							/* CT_LEXER_H */
