/*
 * isodate.c
 *		Dates and times as ISO 8601 text.
 */
#include <stdio.h>

#include "core/isodate.h"

/* A cursor over the text being read. */
typedef struct reader
{
	const char *at;
	const char *end;
} reader;

static int
write_days(int64_t days, char *buffer)
{
	ct_civil	c = ct_civil_of_days(days);

	return sprintf(buffer, "%s%04lld-%02d-%02d", c.year < 0 ? "-" : "",
				   (long long) (c.year < 0 ? -c.year : c.year), c.month,
				   c.day);
}

int
ct_date_write(ct_date date, char *buffer)
{
	return write_days(date, buffer);
}

int
ct_time_write(int64_t time, char *buffer)
{
	int64_t		days = time / CT_DAY - (time % CT_DAY < 0);
	int64_t		rest = time - days * CT_DAY;
	int			seconds = (int) (rest / CT_SECOND);
	int			fraction = (int) (rest % CT_SECOND);
	int			n = write_days(days, buffer);

	n += sprintf(buffer + n, "T%02d:%02d:%02d", seconds / 3600,
				 seconds / 60 % 60, seconds % 60);
	if (fraction != 0)
	{
		n += sprintf(buffer + n, ".%06d", fraction);
		while (buffer[n - 1] == '0')
			n--;
	}
	buffer[n++] = 'Z';
	buffer[n] = '\0';
	return n;
}

/* Reads between min and max digits. */
static bool
read_digits(reader *r, int min, int max, int64_t *value)
{
	int			n = 0;

	*value = 0;
	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++, n++)
	{
		if (n == max)
			return false;
		*value = *value * 10 + (*r->at - '0');
	}
	return n >= min;
}

static bool
read_char(reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* A sign, then two digits up to max. */
static bool
read_part(reader *r, char sign, int max, int *value)
{
	int64_t		digits;

	if (!read_char(r, sign) || !read_digits(r, 2, 2, &digits))
		return false;
	*value = (int) digits;
	return digits <= max;
}

/* A date that writes back as it was read is one of the calendar. */
static bool
read_days(reader *r, int64_t *days)
{
	bool		negative = read_char(r, '-');
	ct_civil	c,
				back;

	if (!read_digits(r, 4, 7, &c.year) || !read_part(r, '-', 12, &c.month) ||
		!read_part(r, '-', 31, &c.day) || c.month == 0)
		return false;
	if (negative)
		c.year = -c.year;
	*days = ct_days_of_civil(c.year, c.month, c.day);
	back = ct_civil_of_days(*days);
	return back.day == c.day && back.month == c.month;
}

bool
ct_date_read(const char *text, int length, ct_date *date)
{
	reader		r = {text, text + length};
	int64_t		days;

	if (!read_days(&r, &days) || r.at != r.end ||
		days < CT_DATE_FIRST || days >= CT_DATE_END)
		return false;
	*date = (ct_date) days;
	return true;
}

/* .f to .ffffff, in microseconds; nothing is 0 */
static bool
read_fraction(reader *r, int64_t *fraction)
{
	const char *start;

	*fraction = 0;
	if (!read_char(r, '.'))
		return true;
	start = r->at;
	if (!read_digits(r, 1, 6, fraction))
		return false;
	for (int n = (int) (r->at - start); n < 6; n++)
		*fraction *= 10;
	return true;
}

bool
ct_time_read(const char *text, int length, int64_t *time)
{
	reader		r = {text, text + length};
	int64_t		days,
				fraction;
	int			hour,
				minute,
				second;

	if (!read_days(&r, &days) || !read_part(&r, 'T', 23, &hour) ||
		!read_part(&r, ':', 59, &minute) ||
		!read_part(&r, ':', 59, &second) || !read_fraction(&r, &fraction) ||
		!read_char(&r, 'Z') || r.at != r.end ||
		days < CT_TIME_FIRST / CT_DAY || days >= CT_TIME_END / CT_DAY)
		return false;
	*time = days * CT_DAY +
		((hour * 60 + minute) * 60 + second) * CT_SECOND + fraction;
	return true;
}
