/*
 * ladder_test.c
 *		Ladders: reading, writing, building, placing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "core/ladder_parse.h"

static ct_error error;
static char canonical[4000];

/* The flat ladder of a text, malloc'd; NULL and error when it is none. */
static ct_ladder *
build(const char *text)
{
	static ct_ladder_draft draft;
	ct_ladder  *ladder = NULL;
	int			length = (int) strlen(text);
	char	   *copy = malloc(length + 1);

	/* without a zero at its end */
	memcpy(copy, text, length);
	if (ct_ladder_parse(copy, length, true, &draft, &error))
	{
		ladder = calloc(1, ct_ladder_size(&draft));
		ct_ladder_build(&draft, ladder);
		if (ladder->size != ct_ladder_size(&draft))
			abort();
		if (!ct_ladder_check(ladder, &draft, &error))
		{
			free(ladder);
			ladder = NULL;
		}
	}
	free(copy);
	return ladder;
}

static const char *
rewrite(const char *text)
{
	ct_ladder  *ladder = build(text);
	char	   *out;
	size_t		length;

	if (ladder == NULL)
		return error.detail;
	out = malloc(ct_ladder_text_size(ladder));
	length = ct_ladder_text(ladder, out);
	if (length + 1 > ct_ladder_text_size(ladder) ||
		length >= sizeof(canonical))
		abort();
	strcpy(canonical, out);
	free(out);
	free(ladder);
	return canonical;
}

static void
is_written(const char *text, const char *expected)
{
	ct_ladder  *first;
	ct_ladder  *again;

	ok(strcmp(rewrite(text), expected) == 0, "%s", text);
	first = build(text);
	again = build(expected);
	ok(first && again && first->size == again->size &&
	   memcmp(first, again, first->size) == 0, "... is the same ladder");
	free(first);
	free(again);
}

static void
is_refused(const char *text, int position, const char *detail)
{
	ct_ladder  *ladder = build(text);

	ok(ladder == NULL && error.code == CT_BAD_SYNTAX &&
	   error.position == position && strstr(error.detail, detail) != NULL,
	   "refused: %.60s", text);
	if (ladder == NULL && (error.position != position ||
						   strstr(error.detail, detail) == NULL))
		printf("# at %d: %s\n", error.position, error.detail);
	free(ladder);
}

static void
test_text(void)
{
	is_written("a>=5keep>=4.0,b>2 KEEP>=1,c",
			   "a >= 5 keep >= 4, b > 2 keep >= 1, c");
	is_written("a top 5% keep top 7.50%", "a top 5% keep top 7.5%");
	is_written("a: x>1 keep x>0 and y<=1 or z top 3, b",
			   "a: x > 1 keep x > 0 and y <= 1 or z top 3, b");
	is_written("gold>=500,silver >= 1e2 , member",
			   "gold >= 500, silver >= 100, member");
	is_written("A TOP 1 %, B top 5.50%, C", "A top 1%, B top 5.5%, C");
	is_written("a top 3, b Top +10, c", "a top 3, b top 10, c");
	is_written("key share 80%, rest", "key share 80%, rest");
	is_written("a: Value>=80 And \"Value\" > -1.50 OR x < .5, b",
			   "a: value >= 80 and \"Value\" > -1.5 or x < 0.5, b");
	is_written("\xE9\x87\x8D\xE8\xA6\x81\xEF\xBC\x9A" "\xE5\x80\xBC"
			   "\xE2\x89\xA5" "5\xEF\xBC\x8C\"a b\"",
			   "\xE9\x87\x8D\xE8\xA6\x81: \xE5\x80\xBC >= 5, \"a b\"");
	is_written("\"Top\" >= 1, \"a\"\"b\" >= 0, \"or\"",
			   "\"Top\" >= 1, \"a\"\"b\" >= 0, \"or\"");
	is_written("top-client >= -0, b1$_", "top-client >= 0, b1$_");
	is_written("a > 100, b >= 100, c >= 100, d",
			   "a > 100, b >= 100, c >= 100, d");
	is_written("only", "only");
	is_written("a >= 1000000000000000000000000.000000000000000000001, b >= 1e-20",
			   "a >= 1000000000000000000000000.000000000000000000001, b >= 0.00000000000000000001");
}

static void
test_refusals(void)
{
	is_refused("", 0, "label of a tier");
	is_refused("a >=", 4, "a number");
	is_refused("a >= 1,", 7, "label of a tier");
	is_refused("a >= 1, a", 8, "stands twice");
	is_refused("a, b", 0, "no condition");
	is_refused("a >= 1, b >= 2", 10, "above that of \"a\"");
	is_refused("a >= 1, b > 1", 10, "above that of \"a\"");
	is_refused("a top 5%, b top 1%", 12, "below that of \"a\"");
	is_refused("a top 5%, b top 10", 12, "one kind of condition");
	is_refused("a <= 5", 2, "written \">=\"");
	is_refused("a top 0%", 6, "percentage");
	is_refused("a top 100.5%", 6, "percentage");
	is_refused("a top 1.12345678901234567%", 6, "percentage");
	is_refused("a top 0", 6, "whole number");
	is_refused("a top 2.5", 6, "whole number");
	is_refused("a top 9223372036854775808", 6, "whole number");
	is_refused("a share 5", 9, "\"%\"");
	is_refused("a: x >= 1, b >= 1", 13, "one kind");
	is_refused("a >= 1, b: x >= 1", 8, "either rungs on one figure");
	is_refused("a: x >= 1 and", 13, "name of a figure");
	is_refused("top >= 1", 0, "reserved word");
	is_refused("a: share > 1", 3, "reserved word");
	is_refused("\"\" >= 1", 0, "empty");
	is_refused("\"a", 0, "closing quote");
	is_refused("a >= 1e200000", 5, "range of numeric");
	is_refused("a >= 1 x", 7, "\",\" or the end");
	is_refused("a >= nan", 5, "a number");
	is_refused("a # 1", 2, "no meaning");
	is_refused("a12345678901234567890123456789012345678901234567890123456789012x",
			   0, "longer than 63 bytes");
}

static void
test_limits(void)
{
	char		text[200000];
	char	   *out = text;
	ct_ladder  *ladder;

	for (int i = 0; i < CT_LADDER_MAX_RUNGS; i++)
		out += sprintf(out, "%sr%d >= %d", i ? "," : "", i, 1000 - i);
	ladder = build(text);
	ok(ladder != NULL && ladder->nrungs == CT_LADDER_MAX_RUNGS, "100 rungs");
	ok(ladder && ct_ladder_place_double(ladder, 901) == 99 &&
	   ct_ladder_place_double(ladder, 900.5) == -1, "placed at the last");
	free(ladder);
	strcpy(out, ",x");
	ok(build(text) == NULL, "101 are too many");
	out = text + sprintf(text, "a: ");
	for (int i = 0; i < CT_LADDER_MAX_CONDITIONS; i++)
		out += sprintf(out, "%sm%d > %d", i ? " and " : "", i, i);
	ladder = build(text);
	ok(ladder != NULL && ladder->nmetrics == CT_LADDER_MAX_CONDITIONS,
	   "1000 conditions on as many figures");
	free(ladder);
	strcpy(out, " or x > 1");
	ok(build(text) == NULL, "1001 are too many");
	memset(text, '9', 131072);
	memmove(text + 5, text, 131072);
	memcpy(text, "a >= ", 5);
	text[131072 + 5] = '\0';
	ladder = build(text);
	ok(ladder != NULL && isinf(ct_ladder_conditions(ladder)[0].nearest) &&
	   ct_ladder_place_double(ladder, 1e308) == -1,
	   "a bound of 131072 digits is beyond every double");
	free(ladder);
}

static int
place_integer(const ct_ladder *ladder, int64_t value)
{
	ct_figure	f = {CT_FIGURE_INTEGER};

	f.as.integer = value;
	return ct_ladder_place_figure(ladder, &f);
}

static int
place_float(const ct_ladder *ladder, ct_figure_kind kind, double value)
{
	ct_figure	f = {kind};

	f.as.number = value;
	return ct_ladder_place_figure(ladder, &f);
}

/* Floats are compared with the float of their own type nearest to a bound. */
static void
test_place_floats(void)
{
	ct_ladder  *l = build("a >= 0.7, b > 0.1, c > -1e400, d >= -1e400, e");
	ct_ladder  *same = build("a >= 0.30000000000000001, b > 0.3, c");
	ct_ladder  *large = build("a > 1e400, b >= 1e39, c");
	ct_ladder  *twice = build("a >= 1.00000005960464477539062500000001, b");

	ok(place_float(l, CT_FIGURE_REAL, 0.7f) == 0, "0.7::real meets >= 0.7");
	ok(place_float(l, CT_FIGURE_DOUBLE, 0.7f) == 1,
	   "0.699999988079071 does not");
	ok(place_float(l, CT_FIGURE_REAL, 0.1f) == 2 &&
	   place_float(l, CT_FIGURE_DOUBLE, 0.1) == 2, "0.1 does not meet > 0.1");
	ok(place_float(l, CT_FIGURE_REAL, nextafterf(0.1f, 1)) == 1,
	   "the next real does");
	ok(place_float(l, CT_FIGURE_DOUBLE, -1.7976931348623157e308) == 2,
	   "any double meets a bound below them all");
	ok(place_float(l, CT_FIGURE_NULL, 0) == -1, "NULL is nowhere");
	ok(place_float(same, CT_FIGURE_DOUBLE, 0.3) == 0 &&
	   place_float(same, CT_FIGURE_DOUBLE, nextafter(0.3, 1)) == 0 &&
	   place_float(same, CT_FIGURE_DOUBLE, nextafter(0.3, 0)) == 2 &&
	   place_float(same, CT_FIGURE_REAL, 0.3f) == 0,
	   "two bounds with one nearest double");
	ok(place_float(large, CT_FIGURE_DOUBLE, 1.7e308) == 1 &&
	   place_float(large, CT_FIGURE_REAL, 3.4e38f) == 2,
	   "bounds beyond the range of a type are above all of it");
	ok(place_float(twice, CT_FIGURE_DOUBLE, 1) == 1 &&
	   place_float(twice, CT_FIGURE_REAL, 1) == 1 &&
	   place_float(twice, CT_FIGURE_REAL, nextafterf(1, 2)) == 0,
	   "the nearest real is not found by way of the nearest double");
	free(l);
	free(same);
	free(large);
	free(twice);
}

static void
test_place(void)
{
	ct_ladder  *l = build("d >= 500, p >= 300, g > 200, s >= 0.1, m");
	ct_ladder  *bare = build("a >= 0.1, b >= 0.1, c > 0");
	int16_t		digits[10];
	ct_decimal	d;

	ok(ct_ladder_place_double(l, 500) == 0, "the bound is included");
	ok(ct_ladder_place_double(l, nextafter(500, 0)) == 1, "just below");
	ok(ct_ladder_place_double(l, 200) == 3, "> leaves the bound out");
	ok(ct_ladder_place_double(l, 0.1) == 3, "the double nearest to 0.1");
	ok(place_integer(l, 200) == 3 && place_integer(l, 201) == 2 &&
	   place_integer(l, INT64_MIN) == 4 && place_integer(l, INT64_MAX) == 0,
	   "integers");
	ct_decimal_parse("299.999999999999999999", 22, digits, &d);
	ok(ct_ladder_place_decimal(l, &d) == 2, "decimals are exact");
	ok(ct_ladder_place_double(bare, 0) == -1, "below a ladder without floor");
	ok(ct_ladder_next(l, 4) == 3 && ct_ladder_next(l, 0) == -1,
	   "the next rung");
	ok(ct_ladder_next(bare, -1) == 2 && ct_ladder_next(bare, 2) == 0,
	   "of equal bounds the topmost");
	ok(ct_ladder_find(l, "g", 1) == 2 && ct_ladder_find(l, "G", 1) == -1,
	   "labels keep their case");
	free(l);
	free(bare);
}

static void
test_rules(void)
{
	ct_ladder  *l = build("p: v >= 80 and s >= 60 or o >= 50, g: v >= 60, b");
	ct_figure	f[3] = {{CT_FIGURE_DOUBLE}, {CT_FIGURE_NULL},
	{CT_FIGURE_INTEGER}};

	ok(l->nmetrics == 3 && strcmp(ct_ladder_metric(l, 1), "s") == 0,
	   "metrics in order of mention");
	f[0].as.number = 90;
	f[2].as.integer = 3;
	ok(ct_ladder_place_row(l, f) == 1, "an unknown figure meets nothing");
	f[2].as.integer = 50;
	ok(ct_ladder_place_row(l, f) == 0, "the other alternative");
	f[1].kind = CT_FIGURE_DOUBLE;
	f[1].as.number = 60;
	f[2].kind = CT_FIGURE_NULL;
	ok(ct_ladder_place_row(l, f) == 0, "and binds tighter than or");
	f[0].as.number = 10;
	ok(ct_ladder_place_row(l, f) == 2, "the floor");
	free(l);
}

/* A draft taken from a flat ladder builds the same ladder. */
static void
test_draft(void)
{
	ct_ladder  *l = build("a: x >= 1.5 and y < -3 or x top 7%, b: z share 9%, c");
	static ct_ladder_draft draft;
	char	   *numbers = malloc(ct_ladder_numbers_size(l));
	ct_ladder  *again;

	ct_ladder_draft_of(l, numbers, &draft);
	again = calloc(1, ct_ladder_size(&draft));
	ct_ladder_build(&draft, again);
	ok(again->size == l->size && memcmp(again, l, l->size) == 0,
	   "a ladder taken apart and built again");
	free(numbers);
	free(again);
	free(l);
}

int
main(void)
{
	test_text();
	test_refusals();
	test_limits();
	test_place();
	test_place_floats();
	test_rules();
	test_draft();
	return done_testing();
}
