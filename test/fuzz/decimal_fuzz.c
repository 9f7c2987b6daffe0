/*
 * decimal_fuzz.c
 *		Two numbers, one a line: read, written, compared and converted.
 */
#include <stdlib.h>
#include <string.h>

#include "core/decimal.h"
#include "core/fields.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

const char *const fuzz_seeds[] = {
	"0\n-0.0", "1\n1.0", "-12345.678\n-1.2345678e4", "1e22\n10000e18",
	"0.000000005\n.4999e-8", "9999\n10000", "1e-16383\n1e131071",
	"18446744073709551617\n9007199254740993", "+5.\n.5E+1",
	"123456789012345678901234567890.123456789\n99999999999999999999e-10",
	NULL
};

/* Reads into memory of just the announced size; NULL when it is no number. */
static int16_t *
parse(const char *text, int length, ct_decimal *d)
{
	size_t		room = ct_decimal_room(text, length);
	int16_t    *digits = malloc(room * sizeof(int16_t));
	int16_t		zero;

	if (room == 0)
	{
		/* what has no room is no number */
		REQUIRE(!ct_decimal_parse(text, length, &zero, d));
		free(digits);
		return NULL;
	}
	REQUIRE(ct_decimal_parse(text, length, digits, d));
	return digits;
}

/* With at most 8 decimal places, a number is its units of 10^-8. */
static void
check_fixed(const ct_decimal *d, ct_int128 fixed)
{
	char		text[CT_WIDE_TEXT_SIZE];
	ct_wide		wide;
	ct_decimal	again;
	int16_t    *digits;

	ct_wide_from_int128(&wide, fixed);
	digits = parse(text, ct_wide_format(&wide, CT_FIXED_SCALE, text), &again);
	REQUIRE(digits != NULL);
	REQUIRE((ct_decimal_compare(d, &again) == 0) ==
			(d->ndigits - d->weight - 1 <= CT_FIXED_SCALE / CT_NBASE_DIGITS));
	free(digits);
}

static void
check(const ct_decimal *d)
{
	size_t		size = ct_decimal_text_size(d);
	char	   *text = malloc(size);
	size_t		length = ct_decimal_format(d, text);
	ct_decimal	again;
	int16_t    *digits;
	ct_int128	fixed;
	uint64_t	mantissa;
	int			places;

	REQUIRE(length < size && text[length] == '\0');
	REQUIRE(ct_decimal_length(text, (int) length) == (int) length);
	digits = parse(text, (int) length, &again);
	REQUIRE(digits != NULL && ct_decimal_compare(d, &again) == 0);
	REQUIRE(ct_decimal_to_double(d) == strtod(text, NULL));
	REQUIRE(ct_decimal_to_real(d) == strtof(text, NULL));
	if (ct_decimal_to_fixed(d, &fixed))
		check_fixed(d, fixed);
	if (ct_decimal_to_percent(d, &mantissa, &places))
		REQUIRE(ct_decimal_to_small(d, &mantissa, &places) && mantissa > 0 &&
				places <= CT_SMALL_PLACES);
	free(digits);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	const char *line = size ? memchr(text, '\n', size) : NULL;
	int			first = line ? (int) (line - text) : (int) size;
	ct_decimal	a,
				b;
	int16_t    *digits_a = parse(text, first, &a);
	int16_t    *digits_b = line ?
		parse(line + 1, (int) size - first - 1, &b) : NULL;

	if (digits_a)
		check(&a);
	if (digits_b)
		check(&b);
	if (digits_a && digits_b)
		REQUIRE(ct_decimal_compare(&a, &b) == -ct_decimal_compare(&b, &a));
	free(digits_a);
	free(digits_b);
	return 0;
}
