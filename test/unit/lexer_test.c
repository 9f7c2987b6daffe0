/*
 * lexer_test.c
 *		Tokens, names that are written and read again, and any bytes at all.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/lexer.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 50000

static const char *const reserved[] = {"top", "share", "and", "or", NULL};

/* One token as text: name:gold quoted:Gold number:1e5 >= , */
static void
describe(const ct_lexer *lexer, char *out)
{
	static const char *const signs[] = {
		[CT_TOKEN_GE] = ">=",
		[CT_TOKEN_GT] = ">",
		[CT_TOKEN_LE] = "<=",
		[CT_TOKEN_LT] = "<",
		[CT_TOKEN_COMMA] = ",",
		[CT_TOKEN_COLON] = ":",
		[CT_TOKEN_SEMICOLON] = ";",
		[CT_TOKEN_OPEN] = "(",
		[CT_TOKEN_CLOSE] = ")",
		[CT_TOKEN_PERCENT] = "%"
	};
	const ct_token *t = &lexer->token;

	if (t->kind == CT_TOKEN_NAME)
		sprintf(out, "name:%s ", t->name);
	else if (t->kind == CT_TOKEN_QUOTED)
		sprintf(out, "quoted:%s ", t->name);
	else if (t->kind == CT_TOKEN_NUMBER)
		sprintf(out, "number:%.*s ", t->end - t->start,
				lexer->text + t->start);
	else
		sprintf(out, "%s ", signs[t->kind]);
}

/* All tokens, or "error at N". */
static void
tokens(const char *text, bool utf8, char *out)
{
	ct_lexer	lexer;
	ct_error	error;
	int			length = (int) strlen(text);
	char	   *copy = malloc(length + (length == 0));
	bool		good;

	/* without a zero at its end */
	memcpy(copy, text, length);
	good = ct_lexer_start(&lexer, copy, length, utf8, &error);
	*out = '\0';
	while (good && lexer.token.kind != CT_TOKEN_END)
	{
		describe(&lexer, out + strlen(out));
		good = ct_lexer_next(&lexer);
	}
	if (!good)
		sprintf(out + strlen(out), "error at %d", error.position);
	free(copy);
}

static void
test_tokens(void)
{
	static const struct
	{
		const char *text;
		bool		utf8;
		const char *expected;
	}			cases[] = {
		{"", true, ""},
		{" \t\n\r\f\v", true, ""},
		{"A top 1%, B", true, "name:A name:top number:1 % , name:B "},
		{"a>=1,b>2,c<=3,d<4", true, "name:a >= number:1 , name:b > number:2 , "
		"name:c <= number:3 , name:d < number:4 "},
		{"steps(1: 5.5)", true, "name:steps ( number:1 : number:5.5 ) "},
		{"x -1 +2 .5 5. 1e3 1E-3 -1.5e+10", true,
			"name:x number:-1 number:+2 number:.5 number:5. number:1e3 "
		"number:1E-3 number:-1.5e+10 "},
		{"1e", true, "number:1 name:e "},
		{"1e+", true, "number:1 name:e error at 2"},
		{"1.2.3", true, "number:1.2 number:.3 "},
		{"5gold", true, "number:5 name:gold "},
		{"top10", true, "name:top10 "},
		{"a-b a- b-1 -c", true, "name:a-b name:a error at 5"},
		{"b-1-x", true, "name:b-1-x "},
		{"a--b", true, "name:a error at 1"},
		{"a_$1 _b", true, "name:a_$1 name:_b "},
		{"$a", true, "error at 0"},
		{"\"a b\" \"c\"\"d\" \"top\"", true,
		"quoted:a b quoted:c\"d quoted:top "},
		{"\"\"", true, "error at 0"},
		{"a \"b", true, "name:a error at 2"},
		{"a \"b\"\"", true, "name:a error at 2"},
		{"a = 1", true, "name:a error at 2"},
		{"a; b", true, "name:a ; name:b "},
		{"a\xEF\xBC\x9B b", true, "name:a ; name:b "},
		{"a - b", true, "name:a error at 2"},
		{"-", true, "error at 0"}, {".", true, "error at 0"},
		/* any script; full-width signs outside quotes, in UTF-8 only */
		{"重要客户 >= 500", true, "name:重要客户 >= number:500 "},
		{"重要≥500，普通", true, "name:重要 >= number:500 , name:普通 "},
		{"a≤1：b（2）％；c", true,
		"name:a <= number:1 : name:b ( number:2 ) % ; name:c "},
		{"\"a≥b，\"", true, "quoted:a≥b， "},
		{"a≥1", false, "name:a≥1 "},
		{"a-≥1", true, "name:a error at 1"},
		{"a-é", true, "name:a-é "},
		{"Grün-Weiß", true, "name:Grün-Weiß "},
		/* the spaces of Unicode, outside of quotes and in UTF-8 only */
		{"钻石\xE3\x80\x80>= 500", true, "name:钻石 >= number:500 "},
		{"钻石\xE3\x80\x80>= 500", false,
		"name:钻石\xE3\x80\x80 >= number:500 "},
		{"\xC2\xA0or\xC2\xA0\xE2\x80\xAF>=\xE2\x81\x9F" "1\xE2\x80\xAF" "000",
		true, "name:or >= number:1 number:000 "},
		{"\xE2\x80\x80" "a\xE2\x80\x81" "b\xE2\x80\x82" "c\xE2\x80\x83"
			"d\xE2\x80\x84" "e\xE2\x80\x85" "f\xE2\x80\x86" "g\xE2\x80\x87"
			"h\xE2\x80\x88" "i\xE2\x80\x89" "j\xE2\x80\x8A", true,
			"name:a name:b name:c name:d name:e name:f name:g name:h name:i "
		"name:j "},
		{"\"a\xE3\x80\x80" "b\"", true, "quoted:a\xE3\x80\x80" "b "},
		{"a-\xE3\x80\x80" "b", true, "name:a error at 1"},
		/* no spaces: zero width, line separator, and what is cut off */
		{"a\xE2\x80\x8B" "b", true, "name:a\xE2\x80\x8B" "b "},
		{"a\xE2\x80\xA8" "b", true, "name:a\xE2\x80\xA8" "b "},
		{"a\xE3\x80", true, "name:a\xE3\x80 "}, {"\xC2", true, "name:\xC2 "},
		{"\xE2\x80", true, "name:\xE2\x80 "},
		{"\xC2\xA0\xE3\x80\x80" "a", false, "name:\xC2\xA0\xE3\x80\x80" "a "}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		char		found[1024];

		tokens(cases[i].text, cases[i].utf8, found);
		ok(strcmp(found, cases[i].expected) == 0, "tokens, case %d", (int) i);
		if (strcmp(found, cases[i].expected) != 0)
			printf("# %s\n# %s\n# %s\n", cases[i].text, cases[i].expected,
				   found);
	}
}

static void
test_name_length(void)
{
	char		text[300];
	char		found[1024];

	for (int n = 62; n <= 66; n++)
	{
		memset(text, 'x', n);
		text[n] = '\0';
		tokens(text, true, found);
		ok((strncmp(found, "name:x", 6) == 0) == (n <= 63),
		   "a name of %d bytes", n);
		/* quotes within count once */
		text[0] = '"';
		memset(text + 1, '"', 2 * n);
		text[2 * n + 1] = '"';
		text[2 * n + 2] = '\0';
		tokens(text, true, found);
		ok((strncmp(found, "quoted:\"", 8) == 0) == (n <= 63),
		   "a quoted name of %d bytes", n);
	}
}

/* Is it good UTF-8, as far as whole characters go? */
static bool
whole_characters(const char *s, size_t n)
{
	for (size_t i = 0; i < n;)
	{
		unsigned char c = (unsigned char) s[i++];
		int			more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

		if (more == 0 && c >= 0x80)
			return false;
		for (; more > 0; more--, i++)
			if (i >= n || ((unsigned char) s[i] & 0xC0) != 0x80)
				return false;
	}
	return true;
}

static void
test_excerpt(void)
{
	bool		good = true;
	char		text[200];
	ct_lexer	lexer;
	ct_error	error;

	for (int shift = 0; shift < 4; shift++)
		for (int n = 30; n < 60; n++)
		{
			int			cut;

			memset(text, 'a', shift);
			for (int i = 0; i < n; i++)
				strcpy(text + shift + 3 * i, "客");
			ct_lexer_start(&lexer, text, (int) strlen(text), true, &error);
			good &= error.code == CT_BAD_SYNTAX && error.position == 0 &&
				whole_characters(error.detail, strlen(error.detail));
			cut = ct_lexer_excerpt(&lexer, 0, (int) strlen(text));
			good &= cut <= 40 && cut > 36 && whole_characters(text, cut);
		}
	ok(good, "an excerpt cuts no character");
}

static void
test_words(void)
{
	ct_lexer	lexer;
	ct_error	error;
	bool		skipped;

	ct_lexer_start(&lexer, "TOP \"top\" topp 5", 16, true, &error);
	ok(ct_lexer_is_word(&lexer, "top"), "a word, whatever its case");
	ok(!ct_lexer_is_word(&lexer, "to") && !ct_lexer_is_word(&lexer, "topp"),
	   "not its beginning, not more than it");
	ok(ct_lexer_skip(&lexer, CT_TOKEN_COMMA, &skipped) && !skipped,
	   "what is not there is not skipped");
	ok(ct_lexer_skip(&lexer, CT_TOKEN_NAME, &skipped) && skipped,
	   "what is there is");
	ok(!ct_lexer_is_word(&lexer, "top"), "a quoted name is no word");
	ok(ct_lexer_expect(&lexer, CT_TOKEN_QUOTED, "a name") &&
	   strcmp(lexer.token.name, "topp") == 0, "what was expected is there");
	ok(!ct_lexer_expect(&lexer, CT_TOKEN_COLON, "\":\"") &&
	   error.code == CT_BAD_SYNTAX && error.position == 10 &&
	   strcmp(error.detail, "Expected \":\", found \"topp\".") == 0,
	   "what was not is named, with where");
	ct_lexer_next(&lexer);
	ct_lexer_next(&lexer);
	ok(!ct_lexer_unexpected(&lexer, "a name") && error.position == 16 &&
	   strcmp(error.detail, "Expected a name, found the end of the text.") == 0,
	   "the end of the text is named");
	ok(ct_lexer_next(&lexer) && lexer.token.kind == CT_TOKEN_END,
	   "after the end comes the end");
}

static void
test_double(void)
{
	static const char *const good[] = {
		"0", "1", "-1", "+1.5", ".5", "5.", "1e308", "4.9e-324", "0e-400",
		"0.1", "123456789012345678901234567890", "9007199254740993"
	};
	static const char *const bad[] = {
		"1e309", "-1e309", "1e200000", "1e-400", "-1e-400", "1e-20000", "x", "%",
		""
	};
	ct_lexer	lexer;
	ct_error	error;
	double		value;
	char		text[500];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		ct_lexer_start(&lexer, good[i], (int) strlen(good[i]), true, &error);
		ok(ct_lexer_double(&lexer, "a number", &value) &&
		   value == strtod(good[i], NULL) &&
		   lexer.token.kind == CT_TOKEN_END, "the double of %s", good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		ct_lexer_start(&lexer, bad[i], (int) strlen(bad[i]), true, &error);
		ok(!ct_lexer_double(&lexer, "a number", &value) &&
		   error.code == CT_BAD_SYNTAX && error.detail[0] != '\0',
		   "no double in \"%s\"", bad[i]);
	}
	ct_lexer_start(&lexer, "-0.0", 4, true, &error);
	ok(ct_lexer_double(&lexer, "a number", &value) && value == 0 &&
	   !signbit(value), "no negative zero");
	for (int n = 400; n <= 410; n += 10)
	{
		memset(text, '1', n + 1);
		text[1] = '.';
		ct_lexer_start(&lexer, text, n + 1, true, &error);
		ok(ct_lexer_double(&lexer, "a number", &value) == (n == 400),
		   "a number of %d digits", n);
	}
}

/* A name of the kind that goes wrong. */
static int
random_name(char *name)
{
	static const char *const pieces[] = {
		"a", "B", "_", "1", "-", "$", " ", "\"", "top", "OR", "≥", "，", "客",
		"\n", "\xE2", "\x89", "é", ",", "%", ".", "\xC2\xA0", "\xE3\x80\x80",
		"\xE2\x80\x8A", "\x80"
	};
	int			n = 0;

	for (int i = 1 + random_below(random_below(3) ? 4 : 40); i > 0; i--)
	{
		const char *piece = random_below(10) ?
			pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))] : NULL;
		char		other[2] = {(char) (1 + random_below(255)), '\0'};

		piece = piece ? piece : other;
		if (n + strlen(piece) >= CT_NAME_SIZE)
			break;
		n += sprintf(name + n, "%s", piece);
	}
	name[n] = '\0';
	return n;
}

static void
test_write_name(void)
{
	bool		round_trip = true,
				plain = true;
	int			quoted = 0;

	for (int i = 0; i < ROUNDS; i++)
	{
		char		name[CT_NAME_SIZE];
		bool		folded = random_below(2);
		int			n = random_name(name);
		char	   *text = malloc(CT_QUOTED_NAME_SIZE);
		size_t		length = ct_write_name(name, n, folded, reserved, text);
		ct_lexer	lexer;
		ct_error	error;
		bool		utf8 = random_below(2);

		round_trip &= length <= CT_QUOTED_NAME_SIZE &&
			ct_lexer_start(&lexer, text, (int) length, utf8, &error) &&
			lexer.token.end == (int) length;
		if (lexer.token.kind == CT_TOKEN_NAME)
		{
			plain &= memcmp(name, text, length) == 0;
			for (const char *const *word = reserved; *word; word++)
				plain &= !ct_lexer_is_word(&lexer, *word);
			if (folded)
				ct_fold_name(lexer.token.name);
		}
		else
			quoted++;
		round_trip &= strcmp(lexer.token.name, name) == 0;
		free(text);
	}
	ok(round_trip, "a written name reads back, in any encoding");
	ok(plain, "an unquoted name stands as it is and is no reserved word");
	ok(quoted > ROUNDS / 10 && quoted < ROUNDS * 9 / 10,
	   "%d of %d names were quoted", quoted, ROUNDS);
}

static void
test_any_bytes(void)
{
	bool		ordered = true,
				failure = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		int			n = random_below(80);
		char	   *text = malloc(n ? n : 1);
		ct_lexer	lexer;
		ct_error	error;
		int			end = 0;
		bool		good;
		bool		utf8 = random_below(2);

		for (int j = 0; j < n; j++)
			text[j] = random_below(2) ? (char) random_below(256) :
				"a1 \"-.e>=%,:()"[random_below(14)];
		good = ct_lexer_start(&lexer, text, n, utf8, &error);
		while (good && lexer.token.kind != CT_TOKEN_END)
		{
			ordered &= lexer.token.start >= end &&
				lexer.token.end > lexer.token.start && lexer.token.end <= n;
			end = lexer.token.end;
			good = ct_lexer_next(&lexer);
		}
		failure &= good ? error.code == CT_OK :
			error.code == CT_BAD_SYNTAX && error.position >= end &&
			error.position < n && error.detail[0] != '\0';
		free(text);
	}
	ok(ordered, "tokens are not empty and stand one after the other");
	ok(failure, "a failure has a position and a detail");
}

int
main(void)
{
	test_tokens();
	test_name_length();
	test_excerpt();
	test_words();
	test_double();
	test_write_name();
	test_any_bytes();
	return done_testing();
}
