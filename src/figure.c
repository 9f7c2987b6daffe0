/*
 * figure.c
 *		Figures from the arguments of SQL functions and the columns of rows,
 *		and back.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "figure.h"

bool
ct_figure_type(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
		case BOOLOID:
			return true;
	}
	return false;
}

ct_figure
ct_figure_of_datum(Datum value, Oid type, const char *what)
{
	ct_figure	f = {CT_FIGURE_INTEGER};

	switch (type)
	{
		case INT2OID:
			f.as.integer = DatumGetInt16(value);
			break;
		case INT4OID:
			f.as.integer = DatumGetInt32(value);
			break;
		case INT8OID:
			f.as.integer = DatumGetInt64(value);
			break;
		case BOOLOID:
			f.as.integer = DatumGetBool(value) ? 1 : 0;
			break;
		case FLOAT4OID:
			f.kind = CT_FIGURE_REAL;
			f.as.number = ct_checked_double(DatumGetFloat4(value), what);
			break;
		case FLOAT8OID:
			f.kind = CT_FIGURE_DOUBLE;
			f.as.number = ct_checked_double(DatumGetFloat8(value), what);
			break;
		case NUMERICOID:
			f.kind = CT_FIGURE_DECIMAL;
			ct_decimal_from_numeric(value, what, &f.as.decimal);
			break;
		default:
			elog(ERROR, "no figure can be read from type %u", type);
	}
	return f;
}

ct_figure
ct_getarg_figure(FunctionCallInfo fcinfo, int n, const char *what)
{
	ct_figure	unknown = {CT_FIGURE_NULL};

	if (PG_ARGISNULL(n))
		return unknown;
	return ct_figure_of_datum(PG_GETARG_DATUM(n), ct_argument_type(fcinfo, n),
							  what);
}

Datum
ct_figure_numeric(const ct_figure *figure)
{
	int16		digits[CT_FIGURE_DIGITS];
	ct_decimal	d = ct_figure_decimal(figure, digits);

	if (figure->kind == CT_FIGURE_INTEGER)
		return NumericGetDatum(int64_to_numeric(figure->as.integer));
	return ct_numeric_from_decimal(&d);
}
