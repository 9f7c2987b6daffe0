/*
 * lexer.c
 *		Splitting a ladder, scorecard or policy into tokens.
 */
#include <math.h>
#include <string.h>

#include "core/decimal.h"
#include "core/host.h"
#include "core/lexer.h"

/* Bytes of the text that an error message repeats at most. */
#define MAX_EXCERPT 40

typedef struct lexer_sign
{
	const char *text;
	ct_token_kind kind;
} lexer_sign;

/* Longer signs before their beginnings. */
static const lexer_sign ascii_signs[] = {
	{">=", CT_TOKEN_GE}, {"<=", CT_TOKEN_LE}, {">", CT_TOKEN_GT},
	{"<", CT_TOKEN_LT}, {",", CT_TOKEN_COMMA}, {":", CT_TOKEN_COLON},
	{";", CT_TOKEN_SEMICOLON}, {"(", CT_TOKEN_OPEN}, {")", CT_TOKEN_CLOSE},
	{"%", CT_TOKEN_PERCENT}, {"/", CT_TOKEN_SLASH}, {NULL, CT_TOKEN_END}
};

static const lexer_sign utf8_signs[] = {
	{"\xE2\x89\xA5", CT_TOKEN_GE},	/* U+2265 greater-than or equal to */
	{"\xE2\x89\xA4", CT_TOKEN_LE},	/* U+2264 less-than or equal to */
	{"\xEF\xBC\x8C", CT_TOKEN_COMMA},	/* U+FF0C */
	{"\xEF\xBC\x9A", CT_TOKEN_COLON},	/* U+FF1A */
	{"\xEF\xBC\x9B", CT_TOKEN_SEMICOLON},	/* U+FF1B */
	{"\xEF\xBC\x88", CT_TOKEN_OPEN},	/* U+FF08 */
	{"\xEF\xBC\x89", CT_TOKEN_CLOSE},	/* U+FF09 */
	{"\xEF\xBC\x85", CT_TOKEN_PERCENT}, /* U+FF05 */
	{"\xEF\xBC\x9E", CT_TOKEN_GT},	/* U+FF1E */
	{"\xEF\xBC\x9C", CT_TOKEN_LT},	/* U+FF1C */
	{NULL, CT_TOKEN_END}
};

/*
 * The length of the blank at text[at], 0 for none.  In UTF-8 every space of
 * Unicode is one, as Chinese and French keyboards type them.
 */
static int
blank_length(const ct_lexer *lexer, int at)
{
	const unsigned char *s = (const unsigned char *) lexer->text + at;
	int			left = lexer->length - at;

	if (left > 0 && (*s == ' ' || (*s >= '\t' && *s <= '\r')))
		return 1;
	if (!lexer->utf8)
		return 0;
	if (left >= 2 && s[0] == 0xC2 && s[1] == 0xA0)
		return 2;				/* U+00A0 */
	if (left >= 3 &&
		((s[0] == 0xE2 && s[1] == 0x80 &&
		  ((s[2] >= 0x80 && s[2] <= 0x8A) || s[2] == 0xAF)) ||
		 (s[0] == 0xE2 && s[1] == 0x81 && s[2] == 0x9F) ||
		 (s[0] == 0xE3 && s[1] == 0x80 && s[2] == 0x80)))
		return 3;				/* U+2000 to U+200A, U+202F, U+205F, U+3000 */
	return 0;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		(unsigned char) c >= 0x80;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* The sign of a list at text[at..], or NULL. */
static const lexer_sign *
find_sign(const ct_lexer *lexer, const lexer_sign *list, int at)
{
	for (; list->text != NULL; list++)
	{
		int			n = (int) strlen(list->text);

		if (at + n <= lexer->length &&
			memcmp(lexer->text + at, list->text, n) == 0)
			return list;
	}
	return NULL;
}

/* Can text[at] stand inside a name?  A full-width sign or space cannot. */
static bool
is_inner_at(const ct_lexer *lexer, int at)
{
	char		c;

	if (at >= lexer->length)
		return false;
	c = lexer->text[at];
	if (lexer->utf8 && (unsigned char) c >= 0x80 &&
		(find_sign(lexer, utf8_signs, at) || blank_length(lexer, at) > 0))
		return false;
	return is_letter(c) || ct_is_digit(c) || c == '$';
}

/* The length of the unquoted name whose first letter is at text[at]. */
static int
scan_name(const ct_lexer *lexer, int at)
{
	const char *s = lexer->text;
	int			i = at;

	while (is_inner_at(lexer, i) ||
		   (i < lexer->length && s[i] == '-' && is_inner_at(lexer, i + 1)))
		i++;
	return i - at;
}

static bool
too_long(ct_lexer *lexer)
{
	ct_token   *t = &lexer->token;

	return ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
				   "The name \"%.*s...\" is longer than %d bytes.",
				   ct_lexer_excerpt(lexer, t->start, lexer->length),
				   lexer->text + t->start, CT_NAME_SIZE - 1);
}

/* Reads "..." at the token's start. */
static bool
read_quoted(ct_lexer *lexer)
{
	ct_token   *t = &lexer->token;
	const char *s = lexer->text;
	int			n = 0;
	int			i = t->start + 1;

	for (;; i++)
	{
		if (i >= lexer->length)
			return ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
						   "The quoted name has no closing quote.");
		if (s[i] == '"')
		{
			if (i + 1 >= lexer->length || s[i + 1] != '"')
				break;
			i++;
		}
		if (s[i] == '\0')
			return ct_fail(lexer->error, CT_BAD_SYNTAX, i,
						   "A name must not contain a zero byte.");
		if (n == CT_NAME_SIZE - 1)
			return too_long(lexer);
		t->name[n++] = s[i];
	}
	if (n == 0)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
					   "A quoted name must not be empty.");
	t->name[n] = '\0';
	t->kind = CT_TOKEN_QUOTED;
	t->end = i + 1;
	return true;
}

bool
ct_lexer_start(ct_lexer *lexer, const char *text, int length, bool utf8,
			   ct_error *error)
{
	memset(lexer, 0, sizeof(*lexer));
	lexer->text = text;
	lexer->length = length;
	lexer->utf8 = utf8;
	lexer->error = error;
	ct_error_clear(error);
	return ct_lexer_next(lexer);
}

bool
ct_lexer_next(ct_lexer *lexer)
{
	ct_token   *t = &lexer->token;
	const char *s = lexer->text;
	const lexer_sign *found;
	int			at = t->end;
	int			n;

	while ((n = blank_length(lexer, at)) > 0)
		at += n;
	t->start = at;
	t->name[0] = '\0';
	if (at == lexer->length)
	{
		t->kind = CT_TOKEN_END;
		t->end = at;
		return true;
	}
	found = find_sign(lexer, ascii_signs, at);
	if (!found && lexer->utf8)
		found = find_sign(lexer, utf8_signs, at);
	if (found)
	{
		t->kind = found->kind;
		t->end = at + (int) strlen(found->text);
		return true;
	}
	if (s[at] == '"')
		return read_quoted(lexer);
	if (is_letter(s[at]))
	{
		n = scan_name(lexer, at);
		if (n >= CT_NAME_SIZE)
			return too_long(lexer);
		memcpy(t->name, s + at, n);
		t->name[n] = '\0';
		t->kind = CT_TOKEN_NAME;
		t->end = at + n;
		return true;
	}
	n = ct_decimal_length(s + at, lexer->length - at);
	if (n > 0)
	{
		t->kind = CT_TOKEN_NUMBER;
		t->end = at + n;
		return true;
	}
	ct_fail(lexer->error, CT_BAD_SYNTAX, at,
			"The character \"%c\" has no meaning here.", s[at]);
	if (s[at] == '=')
		return ct_fail_hint(lexer->error, "Comparisons are >=, >, <= and <.");
	return false;
}

bool
ct_lexer_is_word(const ct_lexer *lexer, const char *word)
{
	const char *name = lexer->token.name;

	if (lexer->token.kind != CT_TOKEN_NAME)
		return false;
	while (*name && lower(*name) == *word)
		name++, word++;
	return *name == '\0' && *word == '\0';
}

bool
ct_lexer_skip(ct_lexer *lexer, ct_token_kind kind, bool *skipped)
{
	*skipped = lexer->token.kind == kind;
	return !*skipped || ct_lexer_next(lexer);
}

bool
ct_lexer_expect(ct_lexer *lexer, ct_token_kind kind, const char *what)
{
	if (lexer->token.kind != kind)
		return ct_lexer_unexpected(lexer, what);
	return ct_lexer_next(lexer);
}

int
ct_lexer_excerpt(const ct_lexer *lexer, int start, int end)
{
	if (end > lexer->length)
		end = lexer->length;
	return ct_host_clip(lexer->text + start, end - start, MAX_EXCERPT);
}

bool
ct_lexer_unexpected(ct_lexer *lexer, const char *what)
{
	ct_token   *t = &lexer->token;

	if (t->kind == CT_TOKEN_END)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
					   "Expected %s, found the end of the text.", what);
	return ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
				   "Expected %s, found \"%.*s\".", what,
				   ct_lexer_excerpt(lexer, t->start, t->end),
				   lexer->text + t->start);
}

bool
ct_lexer_double(ct_lexer *lexer, const char *what, double *value)
{
	ct_token   *t = &lexer->token;
	const char *text = lexer->text + t->start;
	int			length = t->end - t->start;
	int16_t		digits[CT_SHORT_DIGITS];
	ct_decimal	d;

	if (t->kind != CT_TOKEN_NUMBER)
		return ct_lexer_unexpected(lexer, what);
	if (ct_decimal_room(text, length) > CT_SHORT_DIGITS)
		return ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
					   "A number here has at most 400 digits.");
	if (!ct_decimal_parse_short(text, length, digits, &d) ||
		!isfinite(*value = ct_decimal_to_double(&d)) ||
		(*value == 0 && d.sign != 0))
		return ct_fail(lexer->error, CT_BAD_SYNTAX, t->start,
					   "The number \"%.*s\" is beyond the range of double precision.",
					   ct_lexer_excerpt(lexer, t->start, t->end), text);
	return ct_lexer_next(lexer);
}

void
ct_fold_name(char *name)
{
	for (; *name; name++)
		*name = lower(*name);
}

/* Would the name be read back unquoted as it is? */
static bool
is_plain_name(const char *name, size_t length, bool folded,
			  const char *const *reserved)
{
	ct_lexer	lexer;
	ct_error	error;
	bool		ascii = true;

	for (size_t i = 0; i < length; i++)
	{
		if (folded && name[i] >= 'A' && name[i] <= 'Z')
			return false;
		if ((unsigned char) name[i] >= 0x80)
			ascii = false;
	}
	/* in other encodings these are no signs and spaces; quotes never hurt */
	if (!ct_lexer_start(&lexer, name, (int) length, true, &error) ||
		lexer.token.kind != CT_TOKEN_NAME || lexer.token.end != (int) length ||
		lexer.token.start != 0)
		return false;
	for (; ascii && *reserved; reserved++)
		if (ct_lexer_is_word(&lexer, *reserved))
			return false;
	return true;
}

size_t
ct_write_name(const char *name, size_t length, bool folded,
			  const char *const *reserved, char *buffer)
{
	char	   *out = buffer;

	if (is_plain_name(name, length, folded, reserved))
	{
		memcpy(out, name, length);
		return length;
	}
	*out++ = '"';
	for (size_t i = 0; i < length; i++)
	{
		if (name[i] == '"')
			*out++ = '"';
		*out++ = name[i];
	}
	*out++ = '"';
	return out - buffer;
}
