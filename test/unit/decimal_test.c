/*
 * decimal_test.c
 *		Exact decimals against strings of digits, __int128 and strtod.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/shortest_dec.h"

#include "core/decimal.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 100000
#define TEXT_SIZE 512

/* A random number as written, and as it must come out. */
typedef struct sample
{
	char		text[TEXT_SIZE];
	int			length;
	char		canonical[TEXT_SIZE];
} sample;

/*
 * Plain notation of (digits, of which the first point are whole), by moving
 * characters only.
 */
static void
canonical_text(bool negative, const char *digits, int point, char *out)
{
	int			n = (int) strlen(digits);
	int			first = 0;

	while (n > 0 && digits[n - 1] == '0')
		n--;
	while (first < n && digits[first] == '0')
		first++;
	if (first == n)
	{
		strcpy(out, "0");
		return;
	}
	if (negative)
		*out++ = '-';
	if (point <= first)
		*out++ = '0';
	for (int i = first; i < point; i++)
		*out++ = i < n ? digits[i] : '0';
	if (n > point)
	{
		*out++ = '.';
		for (int i = point; i < n; i++)
			*out++ = i < 0 ? '0' : digits[i];
	}
	*out = '\0';
}

static void
random_sample(sample *s)
{
	char		digits[64];
	int			n = 1 + random_below(random_below(4) ? 12 : 60);
	int			whole = random_below(n + 1);
	int			exponent = random_below(3) ? 0 : random_below(81) - 40;
	int			sign = random_below(3);
	char	   *out = s->text;

	for (int i = 0; i < n; i++)
		digits[i] = (char) ('0' + (random_below(3) ? random_below(10) :
								   random_below(2) * 9));
	digits[n] = '\0';
	if (sign > 0)
		*out++ = sign == 1 ? '-' : '+';
	out += sprintf(out, "%.*s", whole, digits);
	if (whole < n || random_below(2))
		out += sprintf(out, ".%s", digits + whole);
	if (exponent != 0 || random_below(8) == 0)
		out += sprintf(out, "%c%s%d", random_below(2) ? 'e' : 'E',
					   exponent >= 0 && random_below(2) ? "+" : "", exponent);
	s->length = (int) (out - s->text);
	canonical_text(sign == 1, digits, whole + exponent, s->canonical);
}

/* Parses into memory of exactly the announced size; to be freed. */
static int16_t *
parse(const char *text, int length, ct_decimal *d)
{
	size_t		room = ct_decimal_room(text, length);
	int16_t    *digits = malloc(room * sizeof(int16_t));

	if (room == 0 || !ct_decimal_parse(text, length, digits, d))
	{
		free(digits);
		return NULL;
	}
	return digits;
}

/* What decimal.h promises of a ct_decimal. */
static bool
is_sound(const ct_decimal *d)
{
	if (d->ndigits == 0)
		return d->sign == 0 && d->weight == 0;
	for (int i = 0; i < d->ndigits; i++)
		if (ct_decimal_digit(d, i) < 0 || ct_decimal_digit(d, i) >= CT_NBASE)
			return false;
	return (d->sign == 1 || d->sign == -1) && ct_decimal_digit(d, 0) != 0 &&
		ct_decimal_digit(d, d->ndigits - 1) != 0;
}

/* Formats into memory of exactly the announced size; to be freed. */
static char *
format(const ct_decimal *d)
{
	char	   *text = malloc(ct_decimal_text_size(d));
	size_t		length = ct_decimal_format(d, text);

	if (length != strlen(text))
		abort();
	return text;
}

static void
test_text(void)
{
	bool		sound = true,
				same = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		sample		s;
		ct_decimal	d;
		char	   *copy;
		int16_t    *digits;
		char	   *text;

		random_sample(&s);
		/* without a zero at its end */
		copy = malloc(s.length);
		memcpy(copy, s.text, s.length);
		digits = parse(copy, s.length, &d);
		free(copy);
		if (digits == NULL)
		{
			sound = false;
			continue;
		}
		sound &= is_sound(&d);
		text = format(&d);
		same &= strcmp(text, s.canonical) == 0;
		free(text);
		free(digits);
	}
	ok(sound, "what is parsed has the promised form");
	ok(same, "what is written is the plain notation of what was read");
}

static void
test_bad_text(void)
{
	static const char *const bad[] = {
		"", "+", "-", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "1 ", " 1",
		"1..2", "1.2.3", "--1", "+-1", "1-", "0x10", "inf", "Infinity", "nan",
		"NaN", "1e5.5", "1_000", "1,5", "1e5e5", "\xD9\xA1"
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		int16_t		digits[4];
		ct_decimal	d;
		int			length = (int) strlen(bad[i]);

		ok(ct_decimal_room(bad[i], length) == 0 &&
		   !ct_decimal_parse(bad[i], length, digits, &d),
		   "\"%s\" is refused", bad[i]);
	}
}

/* numeric's own limits. */
static void
test_reach(void)
{
	static const struct
	{
		const char *text;
		bool		good;
	}			cases[] = {
		{"1e131071", true}, {"9.9e131071", true}, {"1e131072", false},
		{"0.1e131072", true}, {"1e-16383", true}, {"1e-16384", false},
		{"10e-16384", true}, {"1.5e-16383", false}, {"0e999999999999", true},
		{"1e999999999999999999999", false}, {"1e-99999999999999999999", false},
		{"0.0000e-99999999999999999999", true}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		ct_decimal	d;
		int16_t    *digits = parse(cases[i].text,
								   (int) strlen(cases[i].text), &d);

		ok((digits != NULL) == cases[i].good && (!digits || is_sound(&d)),
		   "\"%s\" is %s", cases[i].text, cases[i].good ? "read" : "refused");
		if (digits)
		{
			char	   *text = format(&d);
			ct_decimal	again;
			int16_t    *more = parse(text, (int) strlen(text), &again);

			ok(more && ct_decimal_compare(&d, &again) == 0,
			   "\"%s\" is written and read again", cases[i].text);
			free(more);
			free(text);
			free(digits);
		}
	}
}

/* -1, 0 or 1, from two canonical texts. */
static int
compare_oracle(const char *a, const char *b)
{
	int			sign = *a == '-' ? -1 : 1;
	size_t		na,
				nb;
	int			c;

	if ((*a == '-') != (*b == '-'))
		return sign;
	if (*a == '-')
		a++, b++;
	na = strcspn(a, ".");
	nb = strcspn(b, ".");
	if (na != nb)
		return na < nb ? -sign : sign;
	c = strcmp(a, b);			/* the zero at the end is less than a digit */
	return c < 0 ? -sign : c > 0 ? sign : 0;
}

static void
test_compare(void)
{
	bool		good = true,
				mirrored = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		sample		s,
					t;
		ct_decimal	a,
					b;
		int16_t    *digits_a,
				   *digits_b;
		int			c;

		random_sample(&s);
		random_sample(&t);
		if (random_below(2))
		{
			/* the same but for a digit, or altogether */
			t = s;
			t.canonical[random_below((int) strlen(t.canonical))] = '7';
			if (t.canonical[0] == '0' && t.canonical[1] == '7')
				t = s;
			strcpy(t.text, t.canonical);
			t.length = (int) strlen(t.text);
		}
		digits_a = parse(s.text, s.length, &a);
		digits_b = parse(t.text, t.length, &b);
		if (digits_a && digits_b)
		{
			char	   *text = format(&b);

			c = ct_decimal_compare(&a, &b);
			good &= c == compare_oracle(s.canonical, text);
			mirrored &= c == -ct_decimal_compare(&b, &a);
			free(text);
		}
		free(digits_a);
		free(digits_b);
	}
	ok(good, "comparison as of the texts");
	ok(mirrored, "comparison the other way round");
}

static void
test_int64(void)
{
	bool		good = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		int64_t		value = i == 0 ? INT64_MIN : i == 1 ? INT64_MAX :
			i == 2 ? 0 : (int64_t) random_sized_word();
		int16_t		digits[CT_INT64_DIGITS];
		char		expected[32];
		ct_decimal	d;
		char	   *text;

		if (random_below(3) == 0)
			value = value / 10000 * 10000;
		ct_decimal_from_int64(value, digits, &d);
		snprintf(expected, sizeof(expected), "%lld", (long long) value);
		text = format(&d);
		good &= is_sound(&d) && strcmp(text, expected) == 0;
		free(text);
	}
	ok(good, "from int64");
}

/* Units of 10^-8 from a canonical text, rounded half away from zero. */
static bool
fixed_oracle(const char *text, __int128 *result)
{
	bool		negative = *text == '-';
	const char *point;
	__int128	m = 0;

	text += negative;
	point = strchr(text, '.');
	if ((point ? (size_t) (point - text) : strlen(text)) > 24)
		return false;
	for (; *text && *text != '.'; text++)
		m = m * 10 + (*text - '0');
	text += *text == '.';
	for (int i = 0; i < 8; i++)
		m = m * 10 + (*text ? *text++ - '0' : 0);
	if (*text >= '5')
		m++;
	*result = negative ? -m : m;
	return m <= (__int128) CT_FIXED_LIMIT;
}

static void
test_fixed(void)
{
	static const char *const edges[] = {
		"10000000000000000000000", "10000000000000000000000.000000004999",
		"10000000000000000000000.000000005", "10000000000000000000000.00000001",
		"9999999999999999999999.999999995", "10000000000000000000001",
		"99999999999999999999999", "0.000000005", "0.00000000499999999999",
		"0.0000000050", "0.00000001", "0.000000000000000000000000000005",
		"1234.123456785", "0.999999995", "99999999.999999995"
	};
	bool		good = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		sample		s;
		ct_decimal	d;
		ct_int128	result;
		__int128	expected;
		int16_t    *digits;
		bool		fits;

		random_sample(&s);
		digits = parse(s.text, s.length, &d);
		fits = fixed_oracle(s.canonical, &expected);
		good &= digits && ct_decimal_to_fixed(&d, &result) == fits &&
			(!fits || result == expected);
		free(digits);
	}
	ok(good, "in units of 10^-8, as of the text");
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		for (int negative = 0; negative < 2; negative++)
		{
			char		text[64];
			ct_decimal	d;
			ct_int128	result;
			__int128	expected;
			int16_t    *digits;
			bool		fits;
			int			n = snprintf(text, sizeof(text), "%s%s",
									 negative ? "-" : "", edges[i]);

			digits = parse(text, n, &d);
			fits = fixed_oracle(text, &expected);
			ok(digits && ct_decimal_to_fixed(&d, &result) == fits &&
			   (!fits || result == expected), "%s %s", text,
			   fits ? "in units" : "is too large");
			free(digits);
		}
}

/* The bits of a double or real, so that -0 and 0 differ. */
static bool
same_double(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

/*
 * Texts next to where a double or real changes: between two neighbours, on
 * the tie and just beside it.  The text has room for TEXT_SIZE.
 */
static void
tie_text(char *text, bool of_reals)
{
	uint64_t	word = random_word();
	double		d;
	float		f;
	int			n;

	do
	{
		uint32_t	half = (uint32_t) word;

		memcpy(&d, &word, sizeof(d));
		memcpy(&f, &half, sizeof(f));
		word = random_word();
	} while (!isfinite(of_reals ? f : d) ||
			 fabs(of_reals ? f : d) > (of_reals ? 1e30 : 1e300) ||
			 fabs(of_reals ? f : d) < (of_reals ? 1e-30 : 1e-100));
	if (of_reals)
		/* between two reals lies a double, which %g can write exactly */
		n = snprintf(text, TEXT_SIZE, "%.160g",
					 ((double) f + nextafterf(f, INFINITY)) / 2);
	else
	{
		/* the middle as a long double has one bit more than doubles */
		long double middle = ((long double) d + nextafter(d, INFINITY)) / 2;

		n = snprintf(text, TEXT_SIZE, "%.460Lg", middle);
	}
	if (strchr(text, 'e') == NULL && strchr(text, '.') != NULL &&
		random_below(2))
		snprintf(text + n, TEXT_SIZE - n, "%s",
				 random_below(2) ? "0000000000001" : "e-0");
}

/* Every decimal as strtod and strtof read the text. */
static void
test_nearest(void)
{
	static const char *const edges[] = {
		/* just above powers of 2, where a sum in 64 bits would begin anew */
		"9007199254740993", "18446744073709551617", "36893488147419103233",
		"1844674407370955161700000000", "1844674407370955.1617",
		"1e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e309",
		"4.9e-324", "2.4e-324", "2.5e-324", "1e-400", "-1e-400", "-1e309",
		"3.4028235e38", "3.4028236e38", "1e39", "1.4e-45", "7e-46", "7.1e-46",
		"16777217", "16777216.99999999999999999999999999", "0", "-0.0",
		"16777217.0000000000000000000000000000000000000000000000000000001"
	};
	const int	nedges = sizeof(edges) / sizeof(edges[0]);
	bool		doubles = true,
				reals = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		sample		s;
		ct_decimal	d;
		int16_t    *digits;
		double		expected;
		float		expected_real;

		random_sample(&s);
		if (i < nedges)
			strcpy(s.text, edges[i]);
		else if (i % 3 > 0)
			tie_text(s.text, i % 3 == 1);
		digits = parse(s.text, (int) strlen(s.text), &d);
		if (digits == NULL)
			abort();
		/* a decimal has no negative zero */
		expected = d.sign == 0 ? 0 : strtod(s.text, NULL);
		expected_real = d.sign == 0 ? 0 : strtof(s.text, NULL);
		if (!same_double(ct_decimal_to_double(&d), expected) ||
			!same_double(ct_decimal_to_real(&d), expected_real))
			printf("# %s\n", s.text);
		doubles &= same_double(ct_decimal_to_double(&d), expected);
		reals &= same_double(ct_decimal_to_real(&d), expected_real);
		free(digits);
	}
	ok(doubles, "the nearest double");
	ok(reals, "the nearest real, rounded only once");
}

/* Where 768 digits do not decide, those that follow do. */
static void
test_nearest_of_long(void)
{
	static char text[6000];
	static int16_t digits[6000];
	ct_decimal	d;
	int			n = snprintf(text, sizeof(text), "9007199254740993.%05000d", 0);

	ct_decimal_parse(text, n, digits, &d);
	ok(ct_decimal_to_double(&d) == 9007199254740992, "a tie of 5000 places");
	text[n - 1] = '1';
	ct_decimal_parse(text, n, digits, &d);
	ok(ct_decimal_to_double(&d) == 9007199254740994 &&
	   ct_decimal_to_real(&d) == 9007199254740992.0f,
	   "the 5000th place decides");
}

/* A double of any size, or a price, or halfway at the ninth place. */
static double
random_double(void)
{
	double		value;
	uint64_t	word = random_word();

	switch (random_below(4))
	{
		case 0:
			do
			{
				memcpy(&value, &word, sizeof(value));
				word = random_word();
			} while (!isfinite(value));
			return value;
		case 1:
			return (double) (int64_t) (word >> random_below(60)) / 100;
		case 2:
			return ((double) (word >> (20 + random_below(40))) + 0.5) / 1e8;
		default:
			return ldexp((double) (int64_t) word, random_below(80) - 70);
	}
}

static void
test_double_to_fixed(void)
{
	static const double edges[] = {
		0, -0.0, 5e-9, 4.999999999999999e-9, -5e-9, 1e-9, 1e-300, 5e-324,
		1e22, -1e22, 1.0000000000000002e22, 1e23, 1e300, 9999999.99999999,
		10000000.00000001, 0.1, 0.3, 2.675, 1.005, 123456.123456785
	};
	const int	nedges = sizeof(edges) / sizeof(edges[0]);
	bool		good = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		double		value = i < nedges ? edges[i] : random_double();
		char		text[CT_SHORTEST_SIZE];
		ct_decimal	d;
		ct_int128	result;
		__int128	expected;
		int16_t    *digits;
		char	   *plain;
		bool		fits;

		digits = parse(text, double_to_shortest_decimal_buf(value, text), &d);
		if (digits == NULL)
		{
			good = false;
			continue;
		}
		plain = format(&d);
		fits = fixed_oracle(plain, &expected);
		if (ct_double_to_fixed(value, &result) != fits ||
			(fits && result != expected))
		{
			printf("# %.17g\n", value);
			good = false;
		}
		free(plain);
		free(digits);
	}
	ok(good, "a double in units of 10^-8 is its shortest decimal");
}

/* What text is in units of 10^-9 by way of doubles and of decimals. */
static bool
billionths(const char *text, int64_t *by_double, int64_t *by_decimal)
{
	ct_decimal	d;
	int16_t    *digits = parse(text, (int) strlen(text), &d);
	bool		whole = ct_double_to_billionths(strtod(text, NULL), by_double);

	whole &= ct_decimal_to_billionths(&d, by_decimal);
	free(digits);
	return whole;
}

static void
test_billionths(void)
{
	static const char *const others[] = {
		"0.0000000001", "1.0000000005", "0.1234567891", "1000000", "-1000000",
		"1e20", "123456789.5", "1e-300"
	};
	bool		good = true;
	int64_t		a,
				b;

	for (int i = 0; i < ROUNDS; i++)
	{
		int64_t		low = (int64_t) (random_word() % 2000000000000000) -
			INT64_C(1000000000000000);
		int64_t		high = low + random_below(1000000);
		char		text[64];
		ct_decimal	d;
		int16_t    *digits;

		if (low <= -INT64_C(1000000000000000))
			continue;
		snprintf(text, sizeof(text), "%llde-9", (long long) low);
		good &= billionths(text, &a, &b) && a == low && b == low;
		snprintf(text, sizeof(text), "%llde-9", (long long) (high - low));
		digits = parse(text, (int) strlen(text), &d);
		good &= (double) (high - low) / 1e9 == ct_decimal_to_double(&d);
		free(digits);
	}
	ok(good, "a number of billionths, and the double of a difference");
	ok(billionths("0", &a, &b) && a == 0 && b == 0, "no billionths");
	for (int i = 0; i < (int) (sizeof(others) / sizeof(others[0])); i++)
		ok(!billionths(others[i], &a, &b), "%s is no such number", others[i]);
	ok(!ct_double_to_billionths(INFINITY, &a) &&
	   !ct_double_to_billionths(NAN, &a), "nor is what is not finite");
}

/* A double or real is the decimal that its output function prints. */
static void
test_from_float(void)
{
	bool		doubles = true,
				reals = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		double		value = i == 0 ? 0 : i == 1 ? -0.0 : random_double();
		float		real;
		uint32_t	half = (uint32_t) random_word();
		int16_t		digits[CT_DOUBLE_DIGITS];
		ct_decimal	d;

		ct_decimal_from_double(value, digits, &d);
		doubles &= is_sound(&d) && ct_decimal_to_double(&d) == value &&
			d.ndigits <= CT_DOUBLE_DIGITS;
		memcpy(&real, &half, sizeof(real));
		if (!isfinite(real))
			continue;
		ct_decimal_from_real(real, digits, &d);
		reals &= is_sound(&d) && ct_decimal_to_real(&d) == real;
	}
	ok(doubles, "a double is read back from its decimal");
	ok(reals, "a real is read back from its decimal");
}

static void
test_shortest(void)
{
	static const struct
	{
		double		value;
		const char *text;
		const char *text_of_real;
	}			cases[] = {
		{0.1, "0.1", "0.1"}, {0.7, "0.7", "0.7"}, {1e22, "10000000000000000000000", "10000000000000000000000"},
		{-2.675, "-2.675", "-2.675"}, {16777216, "16777216", "16777216"},
		{0.30000000000000004, "0.30000000000000004", "0.3"},
		{123456789, "123456789", "123456790"}, {5e-9, "0.000000005", "0.000000005"}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int16_t		digits[CT_DOUBLE_DIGITS];
		ct_decimal	d;
		char	   *text;
		ct_int128	fixed;
		__int128	expected;

		ct_decimal_from_double(cases[i].value, digits, &d);
		text = format(&d);
		ok(strcmp(text, cases[i].text) == 0, "as a double: %s", text);
		free(text);
		ct_decimal_from_real((float) cases[i].value, digits, &d);
		text = format(&d);
		ok(strcmp(text, cases[i].text_of_real) == 0, "as a real: %s", text);
		ok(fixed_oracle(text, &expected) ==
		   ct_real_to_fixed((float) cases[i].value, &fixed) &&
		   fixed == expected, "a real in units of 10^-8: %s", text);
		free(text);
	}
}

/* The number at the beginning of a text, and whether the whole is one. */
static void
test_length(void)
{
	static const struct
	{
		const char *text;
		int			length;
	}			cases[] = {
		{"", 0}, {"1", 1}, {"-1.5e3", 6}, {"1e", 1}, {"1e+", 1}, {"1e+x", 1},
		{"1e5e5", 3}, {"1.2.3", 3}, {"1..2", 2}, {".5", 2}, {"5.", 2},
		{".", 0}, {"-", 0}, {"+-1", 0}, {"e5", 0}, {" 1", 0}, {"1 ", 1},
		{"0x10", 1}, {"12abc", 2}, {"7%", 1}, {"1,000", 1}, {"-.5E-7;", 6}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int			n = (int) strlen(cases[i].text);
		char	   *copy = malloc(n + 1);
		int16_t		digits[CT_SHORT_DIGITS];
		ct_decimal	d;

		/* without a zero at its end */
		memcpy(copy, cases[i].text, n);
		ok(ct_decimal_length(copy, n) == cases[i].length &&
		   ct_decimal_parse_short(copy, n, digits, &d) ==
		   (n > 0 && cases[i].length == n), "\"%s\" begins with %d bytes",
		   cases[i].text, cases[i].length);
		free(copy);
	}
}

static void
test_short(void)
{
	char		text[1000];
	int16_t		digits[CT_SHORT_DIGITS];
	ct_decimal	d;
	bool		good = true;

	for (int point = 0; point < 8; point++)
	{
		memset(text, '7', sizeof(text));
		text[point] = '.';
		good = good && ct_decimal_parse_short(text, 401, digits, &d);
		good = good && !ct_decimal_parse_short(text, 406, digits, &d);
	}
	ok(good, "400 digits are few, 405 are many");
	text[0] = '1';
	memset(text + 1, '0', sizeof(text) - 1);
	ok(ct_decimal_parse_short(text, 1000, digits, &d) && d.ndigits == 1,
	   "zeros do not count");
}

static void
test_small(void)
{
	static const struct
	{
		const char *text;
		bool		is_small;
		bool		is_percent;
		uint64_t	mantissa;
		int			places;
	}			cases[] = {
		{"0", true, false, 0, 0}, {"1", true, true, 1, 0},
		{"100", true, true, 100, 0}, {"100.0", true, true, 100, 0},
		{"101", true, false, 101, 0}, {"2.50", true, true, 25, 1},
		{"1e-16", true, true, 1, 16}, {"1e-17", false, false, 0, 0},
		{"99.9999999999999999", true, true, UINT64_C(999999999999999999), 16},
		{"100.0000000000000001", true, false, UINT64_C(1000000000000000001), 16},
		{"9223372036854775807", true, false, INT64_MAX, 0},
		{"9223372036854775808", false, false, 0, 0},
		{"922337203685477.5807", true, false, INT64_MAX, 4},
		{"922337203685477.5808", false, false, 0, 0},
		{"1e18", true, false, UINT64_C(1000000000000000000), 0},
		{"1e19", false, false, 0, 0}, {"1e1000", false, false, 0, 0},
		{"1e-1000", false, false, 0, 0}, {"-1", false, false, 0, 0},
		{"12345678901234567890123456789012345.6", false, false, 0, 0}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int16_t		digits[CT_SHORT_DIGITS];
		ct_decimal	d;
		uint64_t	mantissa;
		int			places;

		ct_decimal_parse_short(cases[i].text, (int) strlen(cases[i].text),
							   digits, &d);
		ok(ct_decimal_to_small(&d, &mantissa, &places) == cases[i].is_small &&
		   (!cases[i].is_small || (mantissa == cases[i].mantissa &&
								   places == cases[i].places)) &&
		   ct_decimal_to_percent(&d, &mantissa, &places) ==
		   cases[i].is_percent, "%s is %s", cases[i].text,
		   cases[i].is_percent ? "a percentage" :
		   cases[i].is_small ? "small" : "not small");
	}
}

int
main(void)
{
	test_text();
	test_bad_text();
	test_length();
	test_short();
	test_reach();
	test_compare();
	test_int64();
	test_fixed();
	test_small();
	test_nearest();
	test_nearest_of_long();
	test_from_float();
	test_shortest();
	test_double_to_fixed();
	test_billionths();
	return done_testing();
}
