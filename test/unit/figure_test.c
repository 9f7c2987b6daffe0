/*
 * figure_test.c
 *		Figures of every kind: compared with each other, as decimals and
 *		doubles, as bytes; and the arrays that such bytes are kept in.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/figure.h"
#include "core/host.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 50000

/* A figure and where its digits are. */
typedef struct sample
{
	ct_figure	figure;
	int16_t		digits[40];
} sample;

static void
make_decimal(sample *s, const char *text)
{
	s->figure.kind = CT_FIGURE_DECIMAL;
	if (!ct_decimal_parse(text, (int) strlen(text), s->digits,
						  &s->figure.as.decimal))
		abort();
}

static void
make_float(sample *s, ct_figure_kind kind, double value)
{
	s->figure.kind = kind;
	s->figure.as.number = kind == CT_FIGURE_REAL ? (float) value : value;
}

static void
make_integer(sample *s, int64_t value)
{
	s->figure.kind = CT_FIGURE_INTEGER;
	s->figure.as.integer = value;
}

/* Of any kind; small numbers, so that different kinds are often equal. */
static void
random_figure(sample *s)
{
	int			n = random_below(21) - 10;
	char		text[40];

	switch (random_below(5))
	{
		case 0:
			s->figure.kind = CT_FIGURE_NULL;
			break;
		case 1:
			make_integer(s, random_below(4) ? n : (int64_t) random_word());
			break;
		case 2:
			sprintf(text, "%d.%d", n, random_below(3) * 25);
			make_decimal(s, text);
			break;
		case 3:
			make_float(s, CT_FIGURE_DOUBLE, n + random_below(4) / 10.0);
			break;
		default:
			make_float(s, CT_FIGURE_REAL, n + random_below(4) / 10.0);
	}
}

/* The same by converting both to the type of the coarser one first. */
static int
compare_oracle(const ct_figure *a, const ct_figure *b)
{
	int16_t		digits_a[CT_FIGURE_DIGITS],
				digits_b[CT_FIGURE_DIGITS];
	ct_decimal	d,
				e;
	ct_figure_kind coarser = a->kind == CT_FIGURE_DOUBLE ||
		b->kind == CT_FIGURE_DOUBLE ? CT_FIGURE_DOUBLE :
		a->kind > b->kind ? a->kind : b->kind;

	if (a->kind == CT_FIGURE_NULL || b->kind == CT_FIGURE_NULL)
		return (int) (a->kind != CT_FIGURE_NULL) - (b->kind != CT_FIGURE_NULL);
	d = ct_figure_decimal(a, digits_a);
	e = ct_figure_decimal(b, digits_b);
	if (coarser == CT_FIGURE_DOUBLE)
		return (ct_decimal_to_double(&d) > ct_decimal_to_double(&e)) -
			(ct_decimal_to_double(&d) < ct_decimal_to_double(&e));
	if (coarser == CT_FIGURE_REAL)
		return (ct_decimal_to_real(&d) > ct_decimal_to_real(&e)) -
			(ct_decimal_to_real(&d) < ct_decimal_to_real(&e));
	return ct_decimal_compare(&d, &e);
}

static void
test_compare(void)
{
	bool		good = true,
				mirrored = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		sample		a,
					b;
		int			order;

		random_figure(&a);
		random_figure(&b);
		order = ct_figure_compare(&a.figure, &b.figure);
		good &= order == compare_oracle(&a.figure, &b.figure);
		mirrored &= order == -ct_figure_compare(&b.figure, &a.figure);
	}
	ok(good, "figures of any two kinds");
	ok(mirrored, "and the other way round");
}

static void
test_compare_kinds(void)
{
	sample		integer,
				decimal,
				number,
				real;

	make_integer(&integer, INT64_C(9007199254740993));
	make_decimal(&decimal, "9007199254740993.0000000000000001");
	make_float(&number, CT_FIGURE_DOUBLE, 9007199254740992);
	make_float(&real, CT_FIGURE_REAL, 9007199254740992);
	ok(ct_figure_compare(&integer.figure, &decimal.figure) == -1,
	   "an integer and a numeric are compared exactly");
	ok(ct_figure_compare(&integer.figure, &number.figure) == 0,
	   "with a double, an integer is the nearest one");
	ok(ct_figure_compare(&decimal.figure, &number.figure) == 1,
	   "so is a numeric");
	ok(ct_figure_compare(&decimal.figure, &real.figure) == 0,
	   "with a real it is the nearest real");
	make_float(&number, CT_FIGURE_DOUBLE, 0.7);
	make_float(&real, CT_FIGURE_REAL, 0.7);
	make_decimal(&decimal, "0.7");
	ok(ct_figure_compare(&number.figure, &real.figure) == 0 &&
	   ct_figure_compare(&decimal.figure, &real.figure) == 0,
	   "0.7::real is 0.7");
	make_float(&number, CT_FIGURE_DOUBLE, -0.0);
	make_decimal(&decimal, "-1e-400");
	ok(ct_figure_compare(&number.figure, &decimal.figure) == 0,
	   "what is too small for a double is 0 to it");
	make_decimal(&decimal, "1e400");
	make_float(&number, CT_FIGURE_DOUBLE, 1.7e308);
	ok(ct_figure_compare(&number.figure, &decimal.figure) == -1,
	   "what is too large for one is above them all");
}

/* As a decimal and as a double, whatever the kind. */
static void
test_convert(void)
{
	static const struct
	{
		ct_figure_kind kind;
		double		number;
		const char *text;
	}			cases[] = {
		{CT_FIGURE_DOUBLE, 0.1, "0.1"}, {CT_FIGURE_REAL, 0.1, "0.1"},
		{CT_FIGURE_DOUBLE, 1e300, "1e300"}, {CT_FIGURE_DOUBLE, 5e-324, "5e-324"},
		{CT_FIGURE_REAL, 16777216, "16777216"}, {CT_FIGURE_REAL, 1e-45, "1e-45"},
		{CT_FIGURE_REAL, 3.4028234663852886e38, "3.4028235e38"},
		{CT_FIGURE_DOUBLE, -0.0, "0"}, {CT_FIGURE_REAL, -2.5, "-2.5"}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		sample		s,
					expected;
		int16_t		digits[CT_FIGURE_DIGITS];
		ct_decimal	d;

		make_float(&s, cases[i].kind, cases[i].number);
		make_decimal(&expected, cases[i].text);
		d = ct_figure_decimal(&s.figure, digits);
		ok(ct_decimal_compare(&d, &expected.figure.as.decimal) == 0 &&
		   ct_figure_double(&s.figure) == strtod(cases[i].text, NULL),
		   "a %s is %s", cases[i].kind == CT_FIGURE_REAL ? "real" : "double",
		   cases[i].text);
	}
}

static void
test_convert_integers(void)
{
	bool		good = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		sample		s;
		int16_t		digits[CT_FIGURE_DIGITS];
		ct_decimal	d;

		make_integer(&s, i == 0 ? INT64_MIN : i == 1 ? INT64_MAX :
					 (int64_t) random_sized_word());
		d = ct_figure_decimal(&s.figure, digits);
		good &= ct_decimal_to_double(&d) == (double) s.figure.as.integer &&
			ct_figure_double(&s.figure) == (double) s.figure.as.integer;
	}
	ok(good, "integers");
}

/* Written one after the other, from every alignment on, and read again. */
static void
test_pack(void)
{
	bool		good = true;

	for (int i = 0; i < ROUNDS / 10; i++)
	{
		static sample s[20];
		unsigned char *bytes = NULL;
		size_t		room = 0;
		size_t		used = 1 + i % 16;
		size_t		at = used;

		for (int j = 0; j < 20; j++)
		{
			size_t		size;

			random_figure(&s[j]);
			size = ct_figure_packed_size(&s[j].figure);
			bytes = ct_reserve(NULL, bytes, &room, used + size, 1);
			good &= ct_figure_pack(&s[j].figure, bytes + used) == size;
			used += size;
		}
		for (int j = 0; j < 20; j++)
		{
			ct_figure	f;

			at += ct_figure_unpack(bytes + at, &f);
			good &= f.kind == s[j].figure.kind &&
				ct_figure_compare(&f, &s[j].figure) == 0;
			/* what is read does not point to where it was written from */
			if (f.kind == CT_FIGURE_DECIMAL)
				good &= f.as.decimal.digits >= bytes &&
					f.as.decimal.digits <= bytes + used;
		}
		good &= at == used;
		free(bytes);
	}
	ok(good, "figures are packed and unpacked");
}

static void
test_reserve(void)
{
	size_t		room = 0;
	int64_t    *array = NULL;
	int			moves = 0;
	bool		kept = true;

	for (int64_t i = 0; i < 100000; i++)
	{
		size_t		before = room;

		array = ct_reserve(NULL, array, &room, (size_t) i + 1, sizeof(*array));
		moves += room != before;
		array[i] = i;
		array[room - 1] = i;	/* all of the room is there */
	}
	for (int64_t i = 0; i < 99999; i++)
		kept = kept && (array[i] == i || array[i] == 99999);
	ok(kept && room >= 100000 && room < 200000 + 100, "an array grows");
	ok(moves < 20, "by doubling");
	free(array);
	room = 0;
	array = ct_reserve(NULL, NULL, &room, 1000000, sizeof(*array));
	array[room - 1] = 1;
	ok(room >= 1000000, "all at once");
	ok(ct_reserve(NULL, array, &room, 1000000, sizeof(*array)) == array,
	   "where there is room, nothing moves");
	free(array);
	room = 0;
	array = ct_reserve(NULL, NULL, &room, 1, 100000);
	ok(room >= 1 && room < 3, "elements larger than the least room");
	free(array);
}

int
main(void)
{
	test_compare();
	test_compare_kinds();
	test_convert();
	test_convert_integers();
	test_pack();
	test_reserve();
	return done_testing();
}
