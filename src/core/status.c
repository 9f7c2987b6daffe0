/*
 * status.c
 *		Filling in a ct_error.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/status.h"

/* Empties an error, so that a success can be told from a failure. */
void
ct_error_clear(ct_error *err)
{
	err->code = CT_OK;
	err->position = -1;
	err->message[0] = '\0';
	err->detail[0] = '\0';
	err->hint[0] = '\0';
}

bool
ct_fail(ct_error *err, ct_code code, int position, const char *detail,...)
{
	va_list		args;

	ct_error_clear(err);
	err->code = code;
	err->position = position;
	va_start(args, detail);
	vsnprintf(err->detail, sizeof(err->detail), detail, args);
	va_end(args);
	return false;
}

bool
ct_fail_message(ct_error *err, const char *message,...)
{
	va_list		args;

	va_start(args, message);
	vsnprintf(err->message, sizeof(err->message), message, args);
	va_end(args);
	return false;
}

bool
ct_fail_hint(ct_error *err, const char *hint,...)
{
	va_list		args;

	va_start(args, hint);
	vsnprintf(err->hint, sizeof(err->hint), hint, args);
	va_end(args);
	return false;
}
