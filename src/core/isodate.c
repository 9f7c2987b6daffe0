/*
 * isodate.c
 *		Dates and times as ISO 8601 text.
 */
#include <stdio.h>
#include <string.h>

#include "core/isodate.h"

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

/*
 * Both are read loosely, and what comes of it is written again: only what is
 * the same then was a date, or a time up to its seconds.
 */
bool
ct_date_read(const char *text, ct_date *date)
{
	char		canonical[CT_ISODATE_SIZE];
	long long	year;
	int			month,
				day;
	int64_t		days;

	if (sscanf(text, "%8lld-%2d-%2d", &year, &month, &day) != 3 ||
		month < 1 || month > 12)
		return false;
	days = ct_days_of_civil(year, month, day);
	(void) write_days(days, canonical);
	*date = (ct_date) days;
	return days >= CT_DATE_FIRST && days < CT_DATE_END &&
		strcmp(text, canonical) == 0;
}

/* Z, or .f to .ffffff and more zeros and Z, which are added to a time. */
static bool
read_fraction(const char *text, int64_t *time)
{
	int64_t		unit = CT_SECOND;

	if (text[0] == '.' && text[1] != 'Z')
		for (text++; *text >= '0' && *text <= '9'; text++)
		{
			unit /= 10;
			if (unit == 0 && *text != '0')
				return false;
			*time += unit * (*text - '0');
		}
	return strcmp(text, "Z") == 0;
}

bool
ct_time_read(const char *text, int64_t *time)
{
	char		canonical[CT_ISODATE_SIZE];
	long long	year;
	int			month,
				day,
				hour,
				minute,
				second,
				length;
	int64_t		days;

	if (sscanf(text, "%8lld-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day,
			   &hour, &minute, &second, &length) != 6 ||
		month < 1 || month > 12)
		return false;
	days = ct_days_of_civil(year, month, day);
	if (days < CT_TIME_FIRST / CT_DAY || days >= CT_TIME_END / CT_DAY)
		return false;
	*time = days * CT_DAY +
		((hour * 60 + minute) * 60 + second) * CT_SECOND;
	/* but for the Z */
	return ct_time_write(*time, canonical) == length + 1 &&
		memcmp(text, canonical, length) == 0 &&
		read_fraction(text + length, time);
}
