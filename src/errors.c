/*
 * errors.c
 *		From the core's errors to PostgreSQL's.
 */
#include "postgres.h"

#include <math.h>

#include "mb/pg_wchar.h"

#include "errors.h"

static int
report_sqlstate(ct_code code)
{
	switch (code)
	{
		case CT_BAD_SYNTAX:
			return ERRCODE_INVALID_TEXT_REPRESENTATION;
		case CT_BAD_BINARY:
			return ERRCODE_INVALID_BINARY_REPRESENTATION;
		case CT_OUT_OF_RANGE:
			return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
		case CT_BAD_PARAMETER:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case CT_BAD_STATE:
			return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
		case CT_BAD_DATE:
			return ERRCODE_DATETIME_FIELD_OVERFLOW;
		case CT_CONFLICT:
			return ERRCODE_CARDINALITY_VIOLATION;
		case CT_OK:
			break;
	}
	return ERRCODE_INTERNAL_ERROR;
}

/* The primary message, where the core has left it to us. */
static const char *
report_message(const ct_error *error, const char *type, const char *text)
{
	if (error->message[0] != '\0')
		return error->message;
	if (error->code == CT_BAD_BINARY || text == NULL)
		return psprintf("invalid binary representation of type %s", type);
	return psprintf("invalid input syntax for type %s: \"%s\"", type, text);
}

/* The detail, beginning with the position counted in characters from 1. */
static const char *
report_detail(const ct_error *error, const char *text)
{
	if (error->position < 0 || text == NULL)
		return error->detail;
	return psprintf("At character %d: %s",
					pg_mbstrlen_with_len(text, error->position) + 1,
					error->detail);
}

void
ct_report(const ct_error *error, const char *type, const char *text,
		  Node *escontext)
{
	errsave(escontext,
			(errcode(report_sqlstate(error->code)),
			 errmsg("%s", report_message(error, type, text)),
			 error->detail[0] == '\0' ? 0 :
			 errdetail("%s", report_detail(error, text)),
			 error->hint[0] == '\0' ? 0 : errhint("%s", error->hint)));
}

void
ct_report_not_finite_double(const char *what, double value)
{
	ct_report_not_finite(what, isnan(value) ? "NaN" :
						 value > 0 ? "Infinity" : "-Infinity");
}

void
ct_report_not_finite(const char *what, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s must be a finite number", what),
			 errdetail("The figure is %s.", value),
			 errhint("Leave such rows out, or give NULL for a figure that is not known.")));
}

void
ct_report_mixed_types(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("a figure changes its type from row to row"),
			 errhint("Cast the column to one type, such as numeric.")));
}

void
ct_report_stored(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored %s is of an unknown version or size", type)));
}

bool
ct_utf8(void)
{
	return GetDatabaseEncoding() == PG_UTF8;
}
