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

/*
 * What a number's text is made of.  Its decimal digits are counted from 0 on,
 * those before the point and those after it taken together.
 */
typedef struct number_parts
{
	bool		negative;
	const char *whole;			/* digits before the point */
	int			nwhole;
	const char *places;			/* digits after it */
	int			nplaces;
	long		exponent;
	long		first;			/* the first digit that is not 0 */
	long		last;			/* the last one */
	long		point;			/* the one right of the decimal point,
								 * exponent applied; may lie beyond them all */
	size_t		ndigits;		/* 16-bit digits needed, 0 for zero */
} number_parts;

/* The first character from s on that is no digit, or end. */
static const char *
skip_digits(const char *s, const char *end)
{
	while (s < end && ct_is_digit(*s))
		s++;
	return s;
}

/*
 * Reads an exponent from its "e" on and returns where it ends.  Where no
 * digits follow the "e", there is none.  Exponents from a billion on are all
 * alike beyond numeric's reach.
 */
static const char *
scan_exponent(const char *s, const char *end, long *exponent)
{
	const char *digits = s + 1;
	bool		minus = false;

	if (s == end || (*s != 'e' && *s != 'E'))
		return s;
	if (digits < end && (*digits == '-' || *digits == '+'))
		minus = *digits++ == '-';
	if (digits == end || !ct_is_digit(*digits))
		return s;
	for (s = digits; s < end && ct_is_digit(*s); s++)
		if (*exponent < 1000000000)
			*exponent = *exponent * 10 + (*s - '0');
	if (minus)
		*exponent = -*exponent;
	return s;
}

/* Splits the number at the beginning of a text; returns its length or 0. */
static int
scan_number(const char *text, int length, number_parts *p)
{
	const char *end = text + length;
	const char *s = text;

	memset(p, 0, sizeof(*p));
	if (s < end && (*s == '-' || *s == '+'))
		p->negative = *s++ == '-';
	p->whole = s;
	s = skip_digits(s, end);
	p->nwhole = (int) (s - p->whole);
	if (s < end && *s == '.')
	{
		p->places = ++s;
		s = skip_digits(s, end);
		p->nplaces = (int) (s - p->places);
	}
	if (p->nwhole + p->nplaces == 0)
		return 0;
	return (int) (scan_exponent(s, end, &p->exponent) - text);
}

int
ct_decimal_length(const char *text, int length)
{
	number_parts p;

	return scan_number(text, length, &p);
}

/* The i-th decimal digit, 0 beyond them. */
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

/* floor(a / 4) for any sign */
static long
floor4(long a)
{
	return a >= 0 ? a / 4 : -((-a + 3) / 4);
}

/* Splits a text that is a number within numeric's reach; else false. */
static bool
split_number(const char *text, int length, number_parts *p)
{
	long		n;

	if (length <= 0 || scan_number(text, length, p) != length)
		return false;
	n = (long) p->nwhole + p->nplaces;
	while (p->first < n && digit_at(p, p->first) == 0)
		p->first++;
	if (p->first == n)
		return true;
	for (p->last = n - 1; digit_at(p, p->last) == 0;)
		p->last--;
	p->point = p->nwhole + p->exponent;
	if (p->point - p->first > CT_DECIMAL_MAX_WHOLE ||
		p->last + 1 - p->point > CT_DECIMAL_MAX_PLACES)
		return false;
	p->ndigits = (size_t) (floor4(p->last - p->point) -
						   floor4(p->first - p->point) + 1);
	return true;
}

/* Writes the digits of what has been split. */
static void
write_parts(const number_parts *p, int16_t *digits, ct_decimal *result)
{
	/* the first 16-bit digit begins at the first decimal one or before it */
	long		group = floor4(p->first - p->point);
	long		i = p->point + group * CT_NBASE_DIGITS;

	memset(result, 0, sizeof(*result));
	result->digits = (const unsigned char *) digits;
	if (p->ndigits == 0)
		return;
	result->sign = p->negative ? -1 : 1;
	result->weight = (int) (-1 - group);
	result->ndigits = (int) p->ndigits;
	for (size_t n = 0; n < p->ndigits; n++, i += CT_NBASE_DIGITS)
		digits[n] = (int16_t) (digit_at(p, i) * 1000 +
							   digit_at(p, i + 1) * 100 +
							   digit_at(p, i + 2) * 10 +
							   digit_at(p, i + 3));
}

size_t
ct_decimal_room(const char *text, int length)
{
	number_parts p;

	if (!split_number(text, length, &p))
		return 0;
	return p.ndigits > 0 ? p.ndigits : 1;
}

bool
ct_decimal_parse(const char *text, int length, int16_t *digits,
				 ct_decimal *result)
{
	number_parts p;

	if (!split_number(text, length, &p))
		return false;
	write_parts(&p, digits, result);
	return true;
}

bool
ct_decimal_parse_short(const char *text, int length,
					   int16_t digits[CT_SHORT_DIGITS], ct_decimal *result)
{
	number_parts p;

	if (!split_number(text, length, &p) || p.ndigits > CT_SHORT_DIGITS)
		return false;
	write_parts(&p, digits, result);
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

bool
ct_decimal_to_small(const ct_decimal *d, uint64_t *mantissa, int *places)
{
	unsigned __int128 m = 0;
	int			scale = (d->ndigits - 1 - d->weight) * CT_NBASE_DIGITS;

	/* so few that what follows stays below 10^36 */
	if (d->sign < 0 || d->weight > 4 || d->ndigits > 9)
		return false;
	for (int i = 0; i < d->ndigits; i++)
		m = m * CT_NBASE + ct_decimal_digit(d, i);
	for (; scale < 0; scale++)
		m *= 10;
	for (; scale > 0 && m % 10 == 0; scale--)
		m /= 10;
	if (scale > CT_SMALL_PLACES || m > INT64_MAX)
		return false;
	*mantissa = (uint64_t) m;
	*places = scale;
	return true;
}

bool
ct_decimal_to_percent(const ct_decimal *d, uint64_t *mantissa, int *places)
{
	uint64_t	hundred = 100;

	if (!ct_decimal_to_small(d, mantissa, places) || *mantissa == 0)
		return false;
	for (int i = 0; i < *places; i++)
		hundred *= 10;
	return *mantissa <= hundred;
}

/*
 * The nearest double where that takes no text: up to 25 or so digits, and 20
 * decimal places.
 */
static bool
to_double_fast(const ct_decimal *d, double *result)
{
	static const double power[] = {1e0, 1e4, 1e8, 1e12, 1e16, 1e20};
	ct_int128	m = 0;
	ct_int128	unit = 1;
	int			places = d->ndigits - 1 - d->weight;

	if (d->ndigits > 7 || places > 5 || places < -5)
		return false;
	for (int i = 0; i < d->ndigits; i++)
		m = m * CT_NBASE + ct_decimal_digit(d, i);
	if (m <= INT64_C(1) << 53)
		*result = places >= 0 ? (double) m / power[places] :
			(double) m * power[-places];
	else if (places >= 0)
	{
		ct_wide		mantissa = ct_wide_of(m);
		ct_wide		divisor;

		for (int i = 0; i < places; i++)
			unit *= CT_NBASE;
		divisor = ct_wide_of(unit);
		*result = ct_wide_ratio(&mantissa, &divisor);
	}
	else
		return false;
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
 * If r / unit, a power of ten, rounds to the value for an integer r of at most
 * 15 digits, that is the value's shortest decimal: no two decimals of up to 15
 * digits share a double.
 */
static bool
double_in_units(double value, double unit, int64_t *result)
{
	double		r = rint(value * unit);

	*result = fabs(r) < 1e15 ? (int64_t) r : 0;
	return fabs(r) < 1e15 && r / unit == value;
}

bool
ct_double_to_fixed(double value, ct_int128 *result)
{
	int16_t		digits[CT_DOUBLE_DIGITS];
	ct_decimal	d;
	int64_t		fixed;

	if (double_in_units(value, CT_FIXED_ONE, &fixed))
	{
		*result = fixed;
		return true;
	}
	ct_decimal_from_double(value, digits, &d);
	return ct_decimal_to_fixed(&d, result);
}

bool
ct_double_to_billionths(double value, int64_t *result)
{
	return double_in_units(value, 1e9, result);
}

bool
ct_decimal_to_billionths(const ct_decimal *d, int64_t *result)
{
	ct_int128	m = 0;

	/* down to the twelfth decimal place */
	if (d->weight > 1 || d->weight - d->ndigits + 1 < -3)
		return false;
	for (int i = 0; i <= d->weight + 3; i++)
		m = m * CT_NBASE + (i < d->ndigits ? ct_decimal_digit(d, i) : 0);
	*result = d->sign * (int64_t) (m / 1000);
	return m % 1000 == 0 && m / 1000 < INT64_C(1000000000000000);
}

bool
ct_real_to_fixed(float value, ct_int128 *result)
{
	int16_t		digits[CT_DOUBLE_DIGITS];
	ct_decimal	d;

	ct_decimal_from_real(value, digits, &d);
	return ct_decimal_to_fixed(&d, result);
}
