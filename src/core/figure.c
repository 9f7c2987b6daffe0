/*
 * figure.c
 *		Figures as decimals, as doubles and as bytes.
 */
#include "core/figure.h"

ct_decimal
ct_figure_decimal(const ct_figure *figure, int16_t digits[CT_FIGURE_DIGITS])
{
	ct_decimal	d = {0};

	switch (figure->kind)
	{
		case CT_FIGURE_DECIMAL:
			return figure->as.decimal;
		case CT_FIGURE_INTEGER:
			ct_decimal_from_int64(figure->as.integer, digits, &d);
			break;
		case CT_FIGURE_DOUBLE:
			ct_decimal_from_double(figure->as.number, digits, &d);
			break;
		case CT_FIGURE_REAL:
			ct_decimal_from_real((float) figure->as.number, digits, &d);
			break;
		case CT_FIGURE_NULL:
			break;
	}
	return d;
}

double
ct_figure_double(const ct_figure *figure)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_decimal	d;

	if (figure->kind == CT_FIGURE_DOUBLE)
		return figure->as.number;
	if (figure->kind == CT_FIGURE_INTEGER)
		return (double) figure->as.integer;
	d = ct_figure_decimal(figure, digits);
	return ct_decimal_to_double(&d);
}

/* The real nearest to a known figure, widened. */
static double
figure_real(const ct_figure *figure)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_decimal	d;

	if (figure->kind == CT_FIGURE_REAL)
		return figure->as.number;
	d = ct_figure_decimal(figure, digits);
	return ct_decimal_to_real(&d);
}

static int
compare_numbers(double x, double y)
{
	return (x > y) - (x < y);
}

int
ct_figure_compare(const ct_figure *a, const ct_figure *b)
{
	int16_t		digits_a[CT_FIGURE_DIGITS],
				digits_b[CT_FIGURE_DIGITS];
	ct_decimal	decimal_a,
				decimal_b;

	if (a->kind == CT_FIGURE_NULL || b->kind == CT_FIGURE_NULL)
		return (a->kind != CT_FIGURE_NULL) - (b->kind != CT_FIGURE_NULL);
	if (a->kind == CT_FIGURE_DOUBLE || b->kind == CT_FIGURE_DOUBLE)
		return compare_numbers(ct_figure_double(a), ct_figure_double(b));
	if (a->kind == CT_FIGURE_REAL || b->kind == CT_FIGURE_REAL)
		return compare_numbers(figure_real(a), figure_real(b));
	decimal_a = ct_figure_decimal(a, digits_a);
	decimal_b = ct_figure_decimal(b, digits_b);
	return ct_decimal_compare(&decimal_a, &decimal_b);
}

size_t
ct_figure_packed_size(const ct_figure *figure)
{
	return sizeof(ct_figure) +
		(figure->kind != CT_FIGURE_DECIMAL ? 0 :
		 (size_t) figure->as.decimal.ndigits * sizeof(int16_t));
}

size_t
ct_figure_pack(const ct_figure *figure, unsigned char *bytes)
{
	size_t		size = ct_figure_packed_size(figure);

	memcpy(bytes, figure, sizeof(*figure));
	if (figure->kind == CT_FIGURE_DECIMAL)
		memcpy(bytes + sizeof(*figure), figure->as.decimal.digits,
			   size - sizeof(*figure));
	return size;
}

size_t
ct_figure_unpack(const unsigned char *bytes, ct_figure *figure)
{
	memcpy(figure, bytes, sizeof(*figure));
	if (figure->kind == CT_FIGURE_DECIMAL)
		figure->as.decimal.digits = bytes + sizeof(*figure);
	return ct_figure_packed_size(figure);
}
