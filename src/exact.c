/*
 * exact.c
 *		PostgreSQL's numeric, read where it lies and made from exact figures.
 *
 * The layout of a stored numeric is not in any public header, but part of the
 * on-disk format, the same in every supported version: a 16-bit header whose
 * two highest bits tell a short form (sign, scale and weight in the same 16
 * bits), a long one (a 16-bit weight follows) or a special value; then
 * base-10000 digits, without leading or trailing zero digits.
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "customer_tier.h"

#define HEADER_KIND 0xC000
#define HEADER_NEGATIVE 0x4000
#define HEADER_SHORT 0x8000
#define HEADER_SPECIAL 0xC000
#define SPECIAL_NAN 0xC000
#define SPECIAL_NEGATIVE 0x2000
#define SHORT_NEGATIVE 0x2000
#define SHORT_WEIGHT_NEGATIVE 0x0040
#define SHORT_WEIGHT 0x003F

void
ct_decimal_from_numeric(Datum numeric, const char *what, ct_decimal *result)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(numeric);
	const unsigned char *data;
	int			size;
	uint16		header;
	int16		weight;

	if (unlikely(VARATT_IS_COMPRESSED(stored) || VARATT_IS_EXTERNAL(stored)))
		stored = pg_detoast_datum_packed(stored);
	data = (unsigned char *) VARDATA_ANY(stored);
	size = VARSIZE_ANY_EXHDR(stored);
	memcpy(&header, data, sizeof(header));
	if ((header & HEADER_KIND) == HEADER_SPECIAL)
		ct_report_not_finite(what, (header & 0xF000) == SPECIAL_NAN ? "NaN" :
							 header & SPECIAL_NEGATIVE ? "-Infinity" :
							 "Infinity");
	data += sizeof(header);
	size -= sizeof(header);
	if (header & HEADER_SHORT)
	{
		weight = header & SHORT_WEIGHT;
		if (header & SHORT_WEIGHT_NEGATIVE)
			weight |= ~SHORT_WEIGHT;
		result->sign = header & SHORT_NEGATIVE ? -1 : 1;
	}
	else
	{
		memcpy(&weight, data, sizeof(weight));
		data += sizeof(weight);
		size -= sizeof(weight);
		result->sign = header & HEADER_NEGATIVE ? -1 : 1;
	}
	result->weight = weight;
	result->ndigits = size / (int) sizeof(int16);
	result->digits = data;
	if (result->ndigits == 0)
		result->sign = result->weight = 0;
}

/* What is too large for a double is refused by numeric_float8's own error. */
double
ct_numeric_to_double(Datum numeric)
{
	ct_decimal	d;
	double		value;

	ct_decimal_from_numeric(numeric, "the result", &d);
	value = ct_decimal_to_double(&d);
	if (isinf(value))
		value = DatumGetFloat8(DirectFunctionCall1(numeric_float8, numeric));
	return value;
}

Datum
ct_numeric_from_text(const char *text)
{
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text),
							   ObjectIdGetDatum(InvalidOid),
							   Int32GetDatum(-1));
}

char *
ct_decimal_text(const ct_decimal *d)
{
	char	   *text = palloc(ct_decimal_text_size(d));

	ct_decimal_format(d, text);
	return text;
}

Datum
ct_numeric_from_decimal(const ct_decimal *d)
{
	char	   *text = ct_decimal_text(d);
	Datum		result = ct_numeric_from_text(text);

	pfree(text);
	return result;
}

Datum
ct_numeric_from_wide(const ct_wide *a, int scale)
{
	char		text[CT_WIDE_TEXT_SIZE];
	int64		small = (int64) a->word[0];

	/* is a the sign extension of its lowest word? */
	if (a->word[1] == a->word[2] &&
		a->word[1] == (small < 0 ? PG_UINT64_MAX : 0))
	{
		if (small == 0)
			scale = 0;
		for (; scale > 0 && small % 10 == 0; scale--)
			small /= 10;
		return NumericGetDatum(int64_div_fast_to_numeric(small, scale));
	}
	ct_wide_format(a, scale, text);
	return ct_numeric_from_text(text);
}
