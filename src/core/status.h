/*
 * status.h
 *		How the core reports that it cannot do what was asked.
 *
 * A core function that can fail returns bool and takes a ct_error *.  On
 * failure it fills the error and returns false; its outputs are then
 * undefined.  The host (the SQL face, or a unit test) decides what to do.
 */
#ifndef CT_STATUS_H
#define CT_STATUS_H

#include <stdbool.h>

typedef enum ct_code
{
	CT_OK = 0,
	CT_BAD_SYNTAX,				/* a text that cannot be read: 22P02 */
	CT_BAD_BINARY,				/* a stored or sent form that is not valid:
								 * 22P03 */
	CT_OUT_OF_RANGE,			/* a figure beyond its limits: 22003 */
	CT_BAD_PARAMETER,			/* an argument that makes no sense: 22023 */
	CT_BAD_STATE,				/* right thing, wrong moment: 55000 */
	CT_BAD_DATE,				/* a date beyond their range: 22008 */
	CT_CONFLICT					/* facts that exclude each other: 21000 */
} ct_code;

typedef struct ct_error
{
	ct_code		code;
	int			position;		/* byte offset into the text, or -1 */
	char		message[256];	/* primary message; empty: the host makes one */
	char		detail[512];
	char		hint[512];
} ct_error;

#if defined(__GNUC__)
#define CT_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define CT_PRINTF(f, a)
#endif

extern void ct_error_clear(ct_error *err);

/* Sets code, position and detail; returns false, to be returned in turn. */
extern bool ct_fail(ct_error *err, ct_code code, int position,
					const char *detail,...) CT_PRINTF(4, 5);

/* Adds to an error that has been set; returns false. */
extern bool ct_fail_message(ct_error *err, const char *message,...)
			CT_PRINTF(2, 3);
extern bool ct_fail_hint(ct_error *err, const char *hint,...)
			CT_PRINTF(2, 3);

#endif							/* CT_STATUS_H */
