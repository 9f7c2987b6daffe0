/*
 * fields_test.c
 *		Values of digests as text: every kind there and back, and what is none.
 */
#include <stdlib.h>
#include <string.h>

#include "core/fields.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 100000

/* What the largest sum has before the decimal point. */
#define WHOLE "31385508676933403819178947116038332080511777222320"

static ct_wide
random_wide(void)
{
	ct_wide		a = {{random_sized_word(), random_sized_word(),
	random_sized_word()}};

	if (random_below(2))
		a.word[2] = random_below(2) ? UINT64_MAX : 0;
	return a;
}

/* What is read is what was written, in memory of just the value's size. */
static bool
reads_back(ct_field_kind kind, const void *value, size_t size)
{
	char		text[CT_FIELD_TEXT_SIZE + 8];
	void	   *back = malloc(size);
	int			length = ct_field_write(kind, value, text);
	bool		same = length < CT_FIELD_TEXT_SIZE &&
		length == (int) strlen(text) && ct_field_read(kind, text, back) &&
		memcmp(value, back, size) == 0;

	/* a number may also be written with zeros, or with an exponent */
	if (kind == CT_FIELD_SUM || kind == CT_FIELD_TOTAL ||
		kind == CT_FIELD_AMOUNT)
	{
		strcat(text, strchr(text, '.') ? "00" : "000e-3");
		same &= ct_field_read(kind, text, back) &&
			memcmp(value, back, size) == 0;
	}
	free(back);
	return same;
}

static void
test_round_trip(void)
{
	bool		sums = true,
				totals = true,
				amounts = true,
				counts = true,
				times = true,
				dates = true,
				days = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		ct_wide		sum = random_wide();
		ct_int128	amount = (ct_int128)
			((ct_uint128) random_sized_word() * random_sized_word() %
			 (ct_uint128) (CT_FIXED_LIMIT + 1));
		ct_int128	total = (ct_int128)
			((ct_uint128) random_sized_word() << random_below(64) >> 1);
		int64_t		count = (int64_t) (random_sized_word() >> 1);
		int64_t		time = (int64_t) random_sized_word();
		int32_t		date = (int32_t) random_sized_word();
		int32_t		day = (int32_t) (random_sized_word() >> 33);

		if (random_below(2))
			amount = -amount;
		sums &= reads_back(CT_FIELD_SUM, &sum, sizeof(sum));
		amounts &= reads_back(CT_FIELD_AMOUNT, &amount, sizeof(amount));
		totals &= reads_back(CT_FIELD_TOTAL, &total, sizeof(total));
		counts &= reads_back(CT_FIELD_COUNT, &count, sizeof(count));
		times &= !ct_time_valid(time) ||
			reads_back(CT_FIELD_TIME, &time, sizeof(time));
		dates &= !ct_date_valid(date) ||
			reads_back(CT_FIELD_DATE, &date, sizeof(date));
		days &= reads_back(CT_FIELD_DAYS, &day, sizeof(day));
	}
	ok(sums, "sums read back");
	ok(amounts, "amounts read back");
	ok(totals, "totals read back");
	ok(counts, "counts read back");
	ok(times, "times read back");
	ok(dates, "dates read back");
	ok(days, "days read back");
}

static void
test_texts(void)
{
	static const struct
	{
		ct_field_kind kind;
		const char *text;
		const char *canonical;	/* NULL: refused */
	}			texts[] = {
		{CT_FIELD_SUM, "-0.0", "0"},
		{CT_FIELD_SUM, "00.50", "0.5"},
		{CT_FIELD_SUM, "1e3", "1000"},
		{CT_FIELD_SUM, "-1.5E+2", "-150"},
		{CT_FIELD_SUM, "1e-8", "0.00000001"},
		{CT_FIELD_SUM, "1e-9", NULL},
		{CT_FIELD_SUM, "10e-9", "0.00000001"},
		{CT_FIELD_SUM, "0.123456789", NULL},
		{CT_FIELD_SUM, "0.123456780000000000000000000000000000000000000000000",
		"0.12345678"},
		{CT_FIELD_SUM, "", NULL},
		{CT_FIELD_SUM, "-", NULL},
		{CT_FIELD_SUM, " 1", NULL},
		{CT_FIELD_SUM, "1.2.3", NULL},
		{CT_FIELD_SUM, "NaN", NULL},
		{CT_FIELD_SUM, "0x1", NULL},
		{CT_FIELD_SUM, WHOLE ".17256447", WHOLE ".17256447"},
		{CT_FIELD_SUM, WHOLE ".17256448", NULL},
		{CT_FIELD_SUM, "-" WHOLE ".17256448", "-" WHOLE ".17256448"},
		{CT_FIELD_SUM, "-" WHOLE ".17256449", NULL},
		{CT_FIELD_SUM, "1e50", NULL},
		{CT_FIELD_SUM, "1e131071", NULL},
		{CT_FIELD_SUM, "1e-16383", NULL},
		{CT_FIELD_SUM, "1e999999999999999999999", NULL},
		{CT_FIELD_TOTAL, "1701411834604692317316873037158.84105727",
		"1701411834604692317316873037158.84105727"},
		{CT_FIELD_TOTAL, "1701411834604692317316873037158.84105728", NULL},
		{CT_FIELD_TOTAL, "-0.00000001", NULL},
		{CT_FIELD_TOTAL, "-0", "0"},
		{CT_FIELD_AMOUNT, "1e22", "10000000000000000000000"},
		{CT_FIELD_AMOUNT, "-10000000000000000000000",
		"-10000000000000000000000"},
		{CT_FIELD_AMOUNT, "10000000000000000000000.00000001", NULL},
		{CT_FIELD_AMOUNT, "-10000000000000000000000.00000001", NULL},
		{CT_FIELD_AMOUNT, "1e40", NULL},
		{CT_FIELD_COUNT, "9223372036854775807", "9223372036854775807"},
		{CT_FIELD_COUNT, "9223372036854775808", NULL},
		{CT_FIELD_COUNT, "18446744073709551617", NULL},
		{CT_FIELD_COUNT, "1e40", NULL},
		{CT_FIELD_COUNT, "-0", "0"},
		{CT_FIELD_COUNT, "-1", NULL},
		{CT_FIELD_COUNT, "3.0", "3"},
		{CT_FIELD_COUNT, "1.5", NULL},
		{CT_FIELD_COUNT, "1e2", "100"},
		{CT_FIELD_DAYS, "2147483647", "2147483647"},
		{CT_FIELD_DAYS, "2147483648", NULL},
		{CT_FIELD_DAYS, "-1", NULL},
		{CT_FIELD_DATE, "2024-02-29", "2024-02-29"},
		{CT_FIELD_DATE, "2023-02-29", NULL},
		{CT_FIELD_DATE, "5", NULL},
		{CT_FIELD_TIME, "2024-02-29T00:00:00.500Z", "2024-02-29T00:00:00.5Z"},
		{CT_FIELD_TIME, "2024-02-29", NULL}
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		ct_wide		value;
		char		text[CT_FIELD_TEXT_SIZE] = "";
		bool		read = ct_field_read(texts[i].kind, texts[i].text, &value);

		if (read)
			ct_field_write(texts[i].kind, &value, text);
		ok(texts[i].canonical ? strcmp(text, texts[i].canonical) == 0 : !read,
		   "\"%s\" is %s, %s", texts[i].text, read ? text : "refused",
		   ct_field_form(texts[i].kind));
	}
}

int
main(void)
{
	test_round_trip();
	test_texts();
	return done_testing();
}
