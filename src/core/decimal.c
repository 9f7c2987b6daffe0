/*
 * decimal.c
 *		Reading, writing and comparing exact decimals.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/shortest_dec.h"

#include "core/decimal.h"

/* Base-10000 digits that decide which double is nearest (768 digits do). */
#define NEAREST_DIGITS 200

/* What a number's text is made of. */
typedef struct number_parts
{
	bool		negative;
	const char *whole;			/* digits before the point */
	int			nwhole;
	const char *places;			/* digits after it */
	int			nplaces;
	long		exponent;
} number_parts;

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Splits a number, dropping the zeros that do not count: after it the first
 * and the last digit, if any, are not zero.  False when it is no number.
 */
static bool
split_number(const char *s, int length, number_parts *p)
{
	const char *end = s + length;

	memset(p, 0, sizeof(*p));
	if (s < end && (*s == '-' || *s == '+'))
		p->negative = *s++ == '-';
	p->whole = s;
	while (s < end && is_digit(*s))
		s++;
	p->nwhole = (int) (s - p->whole);
	if (s < end && *s == '.')
	{
		p->places = ++s;
		while (s < end && is_digit(*s))
			s++;
		p->nplaces = (int) (s - p->places);
	}
	if (p->nwhole + p->nplaces == 0)
		return false;
	if (s < end && (*s == 'e' || *s == 'E'))
	{
		bool		minus = false;

		s++;
		if (s < end && (*s == '-' || *s == '+'))
			minus = *s++ == '-';
		if (s == end)
			return false;
		for (; s < end && is_digit(*s); s++)
			if (p->exponent < 1000000000)
				p->exponent = p->exponent * 10 + (*s - '0');
		if (minus)
			p->exponent = -p->exponent;
	}
	return s == end;
}

/* The i-th decimal digit of whole and places taken together. */
static int
digit_at(const number_parts *p, long i)
{
	if (i < 0)
		return 0;
	if (i < p->nwhole)
		return p->whole[i] - '0';
	i -= p->nwhole;
	return i < p->nplaces ? p->places[i] - '0' : 0;
}

/*
 * Finds the first and the last nonzero digit; false for zero.  *point is the
 * index of the digit just right of the decimal point, exponent applied.
 */
static bool
significant(const number_parts *p, long *first, long *last, long *point)
{
	long		n = (long) p->nwhole + p->nplaces;

	for (*first = 0; *first < n && digit_at(p, *first) == 0; ++*first)
		;
	if (*first == n)
		return false;
	for (*last = n - 1; digit_at(p, *last) == 0; --*last)
		;
	*point = p->nwhole + p->exponent;
	return true;
}

static bool
within_reach(long first, long last, long point)
{
	return point - first <= CT_DECIMAL_MAX_WHOLE &&
		last + 1 - point <= CT_DECIMAL_MAX_PLACES;
}

/* floor(a / 4) for any sign */
static long
floor4(long a)
{
	return a >= 0 ? a / 4 : -((-a + 3) / 4);
}

size_t
ct_decimal_room(const char *text, int length)
{
	number_parts p;
	long		first,
				last,
				point;

	if (!split_number(text, length, &p))
		return 0;
	if (!significant(&p, &first, &last, &point))
		return 1;
	if (!within_reach(first, last, point))
		return 0;
	return (size_t) (floor4(last - point) - floor4(first - point) + 1);
}

bool
ct_decimal_parse(const char *text, int length, int16_t *digits,
				 ct_decimal *result)
{
	number_parts p;
	long		first,
				last,
				point;
	long		i;
	int			n = 0;

	memset(result, 0, sizeof(*result));
	result->digits = (const unsigned char *) digits;
	if (!split_number(text, length, &p))
		return false;
	if (!significant(&p, &first, &last, &point))
		return true;
	if (!within_reach(first, last, point))
		return false;

	/* the first base-10000 digit begins at or before the first decimal one */
	result->sign = p.negative ? -1 : 1;
	result->weight = (int) (-1 - floor4(first - point));
	for (i = point + floor4(first - point) * 4; i <= last; i += 4)
		digits[n++] = (int16_t) (digit_at(&p, i) * 1000 +
								 digit_at(&p, i + 1) * 100 +
								 digit_at(&p, i + 2) * 10 +
								 digit_at(&p, i + 3));
	result->ndigits = n;
	return true;
}

void
ct_decimal_from_int64(int64_t value, int16_t digits[CT_INT64_DIGITS],
					  ct_decimal *result)
{
	uint64_t	m = value < 0 ? -(uint64_t) value : (uint64_t) value;
	int			first = CT_INT64_DIGITS;
	int			n;

	for (; m != 0; m /= CT_NBASE)
		digits[--first] = (int16_t) (m % CT_NBASE);
	n = CT_INT64_DIGITS - first;
	result->sign = (value > 0) - (value < 0);
	result->weight = n > 0 ? n - 1 : 0;
	while (n > 0 && digits[first + n - 1] == 0)
		n--;
	result->ndigits = n;
	result->digits = (const unsigned char *) (digits + first);
}

size_t
ct_decimal_text_size(const ct_decimal *d)
{
	size_t		whole = d->weight >= 0 ? (size_t) d->weight + 1 : 1;
	long		places = (long) d->ndigits - d->weight - 1;

	return (whole + (places > 0 ? places : 0)) * CT_NBASE_DIGITS + 4;
}

size_t
ct_decimal_format(const ct_decimal *d, char *buffer)
{
	char	   *out = buffer;
	char	   *whole;

	if (d->sign < 0)
		*out++ = '-';
	whole = out;
	for (int i = 0; i <= d->weight; i++)
	{
		int			digit = i < d->ndigits ? ct_decimal_digit(d, i) : 0;

		for (int unit = 1000; unit > 0; unit /= 10)
			if (out > whole || digit / unit % 10 != 0)
				*out++ = (char) ('0' + digit / unit % 10);
	}
	if (out == whole)
		*out++ = '0';
	if (d->ndigits > d->weight + 1)
	{
		*out++ = '.';
		for (int i = d->weight + 1; i < d->ndigits; i++)
		{
			int			digit = i < 0 ? 0 : ct_decimal_digit(d, i);

			for (int unit = 1000; unit > 0; unit /= 10)
				*out++ = (char) ('0' + digit / unit % 10);
		}
		while (out[-1] == '0')
			out--;
	}
	*out = '\0';
	return out - buffer;
}

bool
ct_decimal_to_fixed(const ct_decimal *d, ct_int128 *result)
{
	unsigned __int128 m = 0;
	int			i;

	/* 10^22 is 100 * 10000^5 */
	if (d->sign == 0 || d->weight < -3)
	{
		*result = 0;
		return true;
	}
	if (d->weight > 5)
		return false;
	/* digits down to 10000^-2 are whole units */
	for (i = 0; i <= d->weight + 2; i++)
		m = m * CT_NBASE + (i < d->ndigits ? ct_decimal_digit(d, i) : 0);
	/* the ninth decimal place leads the next digit */
	if (i < d->ndigits && ct_decimal_digit(d, i) >= CT_NBASE / 2)
		m++;
	if (m > (unsigned __int128) CT_FIXED_LIMIT)
		return false;
	*result = d->sign < 0 ? -(ct_int128) m : (ct_int128) m;
	return true;
}

/*
 * The nearest double where that takes no text: up to 15 or so digits and 22
 * decimal places.
 */
static bool
to_double_fast(const ct_decimal *d, double *result)
{
	static const double power[] = {1e0, 1e4, 1e8, 1e12, 1e16, 1e20};
	uint64_t	m = 0;
	int			places = d->ndigits - 1 - d->weight;

	if (d->ndigits > 4 || places > 5 || places < -5)
		return false;
	for (int i = 0; i < d->ndigits; i++)
		m = m * CT_NBASE + ct_decimal_digit(d, i);
	if (m > UINT64_C(1) << 53)
		return false;
	*result = places >= 0 ? (double) m / power[places] :
		(double) m * power[-places];
	if (d->sign < 0)
		*result = -*result;
	return true;
}

/* A text that strtod and strtof round as they would the whole decimal. */
static void
write_nearest(const ct_decimal *d,
			  char text[NEAREST_DIGITS * CT_NBASE_DIGITS + 32])
{
	char	   *out = text;
	int			n = d->ndigits < NEAREST_DIGITS ? d->ndigits : NEAREST_DIGITS;
	int			exponent = (d->weight + 1 - n) * CT_NBASE_DIGITS;

	if (d->sign < 0)
		*out++ = '-';
	*out++ = '0';
	for (int i = 0; i < n; i++)
		out += sprintf(out, "%04d", ct_decimal_digit(d, i));
	if (n < d->ndigits)
	{
		/* something follows, whatever it is */
		*out++ = '1';
		exponent--;
	}
	sprintf(out, "e%d", exponent);
}

double
ct_decimal_to_double(const ct_decimal *d)
{
	char		text[NEAREST_DIGITS * CT_NBASE_DIGITS + 32];
	double		value;

	if (to_double_fast(d, &value))
		return value;
	write_nearest(d, text);
	return strtod(text, NULL);
}

float
ct_decimal_to_real(const ct_decimal *d)
{
	char		text[NEAREST_DIGITS * CT_NBASE_DIGITS + 32];

	write_nearest(d, text);
	return d->sign == 0 ? 0 : strtof(text, NULL);
}

void
ct_decimal_from_double(double value, int16_t digits[CT_DOUBLE_DIGITS],
					   ct_decimal *result)
{
	char		text[CT_SHORTEST_SIZE];

	(void) ct_decimal_parse(text, double_to_shortest_decimal_buf(value, text),
							digits, result);
}

void
ct_decimal_from_real(float value, int16_t digits[CT_DOUBLE_DIGITS],
					 ct_decimal *result)
{
	char		text[CT_SHORTEST_SIZE];

	(void) ct_decimal_parse(text, float_to_shortest_decimal_buf(value, text),
							digits, result);
}

/*
 * Fast path: if r / 10^8 rounds to the value for an integer r of at most 15
 * digits, r is the value's shortest decimal: no two decimals of up to 15
 * digits share a double.
 */
bool
ct_double_to_fixed(double value, ct_int128 *result)
{
	int16_t		digits[CT_DOUBLE_DIGITS];
	ct_decimal	d;

	if (fabs(value) < 1e7)
	{
		double		r = rint(value * 1e8);

		if (fabs(r) < 1e15 && r / 1e8 == value)
		{
			*result = (ct_int128) (int64_t) r;
			return true;
		}
	}
	ct_decimal_from_double(value, digits, &d);
	return ct_decimal_to_fixed(&d, result);
}

bool
ct_real_to_fixed(float value, ct_int128 *result)
{
	int16_t		digits[CT_DOUBLE_DIGITS];
	ct_decimal	d;

	ct_decimal_from_real(value, digits, &d);
	return ct_decimal_to_fixed(&d, result);
}
