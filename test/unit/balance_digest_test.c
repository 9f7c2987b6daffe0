/*
 * balance_digest_test.c
 *		Balance digests against a day-by-day oracle; order, parts and forms.
 */
#include <string.h>

#include "core/balance_log.h"
#include "core/host.h"
#include "arena.h"
#include "host.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 1000
#define ACCOUNTS 5
#define DAYS 60
#define FIRST_DAY 8000
#define POINTS 20000

/* The closing balances of a time, by account and day. */
typedef struct history
{
	bool		known[ACCOUNTS][DAYS];
	int64_t		balance[ACCOUNTS][DAYS];
} history;

typedef struct row
{
	int			account;
	int			day;
	int64_t		balance;
} row;

static const struct
{
	const char *name;
	uint32_t	length;
}			accounts[ACCOUNTS] = {
	{"savings", 7}, {NULL, CT_BALANCE_UNNAMED}, {"", 0}, {"saving\"s", 8},
	{"\xC3\xA4", 2}
};

static void
init(ct_balances *set, arena_block *arena)
{
	memset(set, 0, sizeof(*set));
	set->context = arena;
}

static void
add(ct_balances *set, const row *r)
{
	ct_balances_add(set, ct_balances_account(set, accounts[r->account].name,
											 accounts[r->account].length),
					FIRST_DAY + r->day, r->balance);
}

/* An empty log with room for so many rows of ours. */
static ct_balance_log *
begin_log(arena_block *arena, int rows)
{
	ct_balance_log *log = ct_host_resize(arena, NULL, sizeof(*log) +
										 (rows + 1) * ct_balance_log_record(8));

	ct_balance_log_begin(log);
	return log;
}

static void
log_row(ct_balance_log *log, const row *r)
{
	uint32_t	length = accounts[r->account].length;
	size_t		before = log->used;

	ct_balance_log_add(log, accounts[r->account].name, length,
					   FIRST_DAY + r->day, r->balance);
	if (log->used - before > ct_balance_log_record(length))
		abort();
}

/* Rows of a random history, some of them twice; returns their number. */
static int
random_rows(history *h, row *rows)
{
	int			n = 0;
	int			used = 1 + random_below(ACCOUNTS);

	memset(h, 0, sizeof(*h));
	do
	{
		row			r = {random_below(used), random_below(DAYS), 0};

		if (!h->known[r.account][r.day])
		{
			h->known[r.account][r.day] = true;
			h->balance[r.account][r.day] = (int64_t) random_sized_word() / 2;
		}
		r.balance = h->balance[r.account][r.day];
		rows[n++] = r;
	} while (n < 100 && random_below(30) > 0);
	return n;
}

static void
shuffle(row *rows, int n)
{
	for (int i = n - 1; i > 0; i--)
	{
		int			j = random_below(i + 1);
		row			r = rows[i];

		rows[i] = rows[j];
		rows[j] = r;
	}
}

/* A finished set's flat form. */
static unsigned char *
flatten(ct_balances *set, size_t *size)
{
	ct_error	error;
	unsigned char *flat;

	if (!ct_balances_finish(set, false, &error))
		return NULL;
	*size = ct_balances_flat_size(set);
	flat = ct_host_resize(set->context, NULL, *size);
	ct_balances_flatten(set, flat);
	return flat;
}

static __int128
balance_on(const history *h, int day)
{
	__int128	sum = 0;

	for (int a = 0; a < ACCOUNTS; a++)
		for (int d = day < DAYS ? day : DAYS - 1; d >= 0; d--)
			if (h->known[a][d])
			{
				sum += h->balance[a][d];
				break;
			}
	return sum;
}

static bool
figures_are_right(const history *h, const ct_balance_view *view)
{
	bool		right = true;

	for (int day = -3; day < DAYS + 3; day++)
	{
		ct_wide		sum,
					expected;

		ct_balance_at(view, FIRST_DAY + day, &sum);
		ct_wide_from_int128(&expected, balance_on(h, day));
		right &= ct_wide_compare(&sum, &expected) == 0;
	}
	for (int i = 0; i < 10; i++)
	{
		int			from = random_below(DAYS + 20) - 10;
		int			to = from + 1 + random_below(DAYS);
		__int128	total = 0;
		ct_wide		average,
					expected;

		for (int day = from; day < to; day++)
			total += balance_on(h, day);
		ct_balance_average(view, FIRST_DAY + from, FIRST_DAY + to, &average);
		ct_wide_from_int128(&expected, total);
		ct_wide_divide_rounded(&expected, to - from);
		right &= ct_wide_compare(&average, &expected) == 0;
	}
	return right;
}

/* Gathered again, which is strict about what comes twice, it is the same. */
static bool
gathers_back(const ct_balance_view *view, size_t size, arena_block *arena)
{
	ct_balances set;
	ct_error	error;
	unsigned char *flat;
	size_t		flat_size;

	init(&set, arena);
	ct_balances_add_view(&set, view);
	if (!ct_balances_finish(&set, true, &error))
		return false;
	flat = flatten(&set, &flat_size);
	return flat_size == size && memcmp(flat, view->flat, size) == 0;
}

/* Any byte changed: refused, or another valid form. */
static bool
spoilt_is_safe(unsigned char *flat, size_t size, arena_block *arena)
{
	ct_balance_view view;
	ct_error	error;
	int			at = random_below((int) size);
	unsigned char mask = (unsigned char) (1 << random_below(8));
	bool		safe = true;

	flat[at] ^= mask;
	if (ct_balance_open(&view, flat, size, &error) &&
		ct_balance_check(&view, &error))
		safe = gathers_back(&view, size, arena);
	else
		safe = error.code == CT_BAD_BINARY;
	flat[at] ^= mask;
	safe = safe && !ct_balance_open(&view, flat, size - 1 -
									random_below((int) size - 1), &error);
	return safe;
}

static void
test_random(void)
{
	bool		valid = true,
				right = true,
				shuffled = true,
				merged = true,
				added = true,
				again = true,
				spoilt = true;

	for (int round = 0; round < ROUNDS; round++)
	{
		arena_block arena;
		history		h;
		row			rows[100];
		int			n = random_rows(&h, rows);
		ct_balances set;
		ct_balance_view view,
					part_view;
		ct_balance_log *part[3],
				   *log;
		unsigned char *whole,
				   *other,
				   *merged_form;
		size_t		size,
					part_size,
					other_size,
					before;
		ct_error	error;

		arena_init(&arena);
		init(&set, &arena);
		for (int i = 0; i < n; i++)
		{
			add(&set, &rows[i]);
			/* finishing in between changes nothing */
			if (random_below(20) == 0)
				ct_balances_finish(&set, false, &error);
		}
		whole = flatten(&set, &size);
		valid &= ct_balance_open(&view, whole, size, &error) &&
			ct_balance_check(&view, &error);
		right &= figures_are_right(&h, &view);
		again &= gathers_back(&view, size, &arena);

		shuffle(rows, n);
		init(&set, &arena);
		for (int i = 0; i < n; i++)
			add(&set, &rows[i]);
		other = flatten(&set, &other_size);
		shuffled &= size == other_size && memcmp(whole, other, size) == 0;

		for (int i = 0; i < 3; i++)
			part[i] = begin_log(&arena, n);
		for (int i = 0; i < n; i++)
			log_row(part[random_below(3)], &rows[i]);
		init(&set, &arena);
		ct_balances_add_log(&set, part[1]);
		part_size = size;
		other = set.points > 0 ? flatten(&set, &part_size) : whole;
		ct_balance_log_append(part[1], part[2]);
		ct_balance_log_append(part[0], part[1]);
		if (random_below(2) && ct_balance_open(&part_view, other, part_size,
											   &error))
		{
			/* what is there already changes nothing */
			log = begin_log(&arena, 3 * n);
			ct_balance_log_append(log, part[0]);
			before = log->used;
			ct_balance_log_add_view(log, &part_view);
			merged &= log->used - before <=
				ct_balance_log_view_size(&part_view);
			part[0] = log;
		}
		init(&set, &arena);
		ct_balances_add_log(&set, part[0]);
		merged_form = flatten(&set, &other_size);
		merged &= size == other_size && memcmp(whole, merged_form, size) == 0;

		/* the whole and a part of it */
		other_size = part_size;
		init(&set, &arena);
		ct_balances_add_view(&set, &view);
		if (ct_balance_open(&part_view, other, other_size, &error))
			ct_balances_add_view(&set, &part_view);
		other = flatten(&set, &other_size);
		added &= size == other_size && memcmp(whole, other, size) == 0;

		spoilt &= spoilt_is_safe(whole, size, &arena);
		arena_free(&arena);
	}
	ok(valid, "every form is valid");
	ok(right, "balances and averages, day by day");
	ok(again, "a form gathered again is the same");
	ok(shuffled, "any order of rows gives the same form");
	ok(merged, "merged parts give the same form");
	ok(added, "a form and a part of it give the same form");
	ok(spoilt, "a spoilt form is refused or a valid one");
}

static void
test_conflicts(void)
{
	arena_block arena;
	ct_balances set;
	row			r = {0, 3, 5};
	ct_error	error;
	char		name[300];
	uint32_t	account;

	arena_init(&arena);
	init(&set, &arena);
	add(&set, &r);
	add(&set, &r);
	ok(!ct_balances_finish(&set, true, &error) && error.code == CT_CONFLICT &&
	   set.points == 2, "the same balance twice, taken strictly: %s",
	   error.detail);
	ok(ct_balances_finish(&set, false, &error) && set.points == 1,
	   "the same balance twice is one");
	r.balance = 6;
	add(&set, &r);
	ok(!ct_balances_finish(&set, false, &error) && error.code == CT_CONFLICT &&
	   strstr(error.detail, "\"savings\"") && strstr(error.detail, "2021-11-29"),
	   "two balances on one day: %s", error.detail);
	init(&set, &arena);
	r.account = 1;
	add(&set, &r);
	r.balance = 7;
	add(&set, &r);
	ok(!ct_balances_finish(&set, false, &error) && strstr(error.detail, "unnamed"),
	   "of the unnamed account: %s", error.detail);
	init(&set, &arena);
	for (int i = 0; i < 300; i += 3)
		memcpy(name + i, "\xE8\xB4\xA6", 3);
	account = ct_balances_account(&set, name, sizeof(name));
	ct_balances_add(&set, account, 0, CT_FIXED_LIMIT);
	ct_balances_add(&set, account, 0, -CT_FIXED_LIMIT);
	ok(!ct_balances_finish(&set, false, &error) &&
	   strstr(error.detail, "\xE8\xB4\xA6\" has -1"),
	   "of a long name: %s", error.detail);
	arena_free(&arena);
}

/* Which of three balances an error names does not depend on their order. */
static void
test_conflict_order(void)
{
	static const int64_t orders[][3] = {
		{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}
	};
	char		first[sizeof(((ct_error *) 0)->detail)] = "";
	bool		same = true;

	for (int i = 0; i < 6; i++)
	{
		arena_block arena;
		ct_balances set;
		ct_error	error;

		arena_init(&arena);
		init(&set, &arena);
		for (int j = 0; j < 3; j++)
		{
			row			r = {2, 5, orders[i][j] * CT_FIXED_ONE};

			add(&set, &r);
		}
		same &= !ct_balances_finish(&set, false, &error);
		if (i == 0)
			strcpy(first, error.detail);
		same &= strcmp(first, error.detail) == 0;
		arena_free(&arena);
	}
	ok(same && strstr(first, "has 1 and 2 on"), "of three: %s", first);
}

/* Many accounts and points, in falling order. */
static void
test_many(void)
{
	arena_block arena;
	ct_balances set;
	ct_balance_view view;
	ct_balance_cursor cursor;
	unsigned char *flat;
	size_t		size;
	int			accounts = 0;
	bool		ordered = true;
	ct_wide		sum;
	ct_error	error;

	arena_init(&arena);
	init(&set, &arena);
	for (int day = 19; day >= 0; day--)
		for (int i = 4999; i >= 0; i--)
		{
			char		name[20];
			int			n = sprintf(name, "account %05d", i);

			ct_balances_add(&set, ct_balances_account(&set, name, n), day, i);
		}
	flat = flatten(&set, &size);
	ok(ct_balance_open(&view, flat, size, &error) &&
	   ct_balance_check(&view, &error) && view.accounts == 5000 &&
	   view.points == 100000, "5,000 accounts of 20 points");
	for (cursor = ct_balance_start(&view); ct_balance_next(&cursor);)
		ordered &= cursor.points == 20 && ct_balance_day(&cursor, 0) == 0 &&
			ct_balance_amount(&cursor, 0) == accounts++;
	ok(ordered && accounts == 5000, "sorted by name");
	ct_balance_average(&view, 0, 20, &sum);
	ok(sum.word[0] == 4999 * 2500, "their average");
	arena_free(&arena);
}

/* Whatever goes over many points can be interrupted on its way. */
static void
test_polls(void)
{
	arena_block arena;
	ct_balances set,
				other;
	ct_balance_view view;
	ct_balance_log *log;
	unsigned char *flat;
	size_t		size;
	ct_wide		sum;
	ct_error	error;

	arena_init(&arena);
	init(&set, &arena);
	init(&other, &arena);
	log = begin_log(&arena, POINTS);
	for (int i = 0; i < POINTS; i++)
	{
		row			r = {i % 2, i * 7919 % POINTS, i};

		add(&set, &r);
		log_row(log, &r);
	}
	host_polls = 0;
	ct_balances_add_log(&other, log);
	ok(host_polls >= POINTS, "gathering a log");
	host_polls = 0;
	ct_balances_finish(&set, false, &error);
	ok(host_polls >= 3 * POINTS, "renumbering, sorting and dropping");
	host_polls = 0;
	flat = flatten(&set, &size);
	ok(host_polls >= 2 * POINTS, "flattening");
	host_polls = 0;
	ct_balance_open(&view, flat, size, &error);
	ct_balance_check(&view, &error);
	ok(host_polls >= POINTS, "checking");
	host_polls = 0;
	ct_balances_add_view(&other, &view);
	ok(host_polls >= POINTS, "adding a digest");
	host_polls = 0;
	ct_balance_average(&view, 0, 20, &sum);
	ok(host_polls >= POINTS, "averaging");
	arena_free(&arena);
}

static void
test_limits(void)
{
	arena_block arena;
	ct_balances set;
	ct_balance_view view;
	unsigned char *flat;
	size_t		size;
	ct_wide		average;
	char		text[CT_WIDE_TEXT_SIZE];
	ct_error	error;

	arena_init(&arena);
	init(&set, &arena);
	for (uint32_t i = 0; i < 4; i++)
		ct_balances_add(&set, ct_balances_account(&set, "abcd" + i, 1),
						CT_DATE_FIRST, CT_FIXED_LIMIT);
	flat = flatten(&set, &size);
	ct_balance_open(&view, flat, size, &error);
	ct_balance_average(&view, CT_DATE_FIRST, CT_DATE_END - 1, &average);
	ct_wide_format(&average, CT_FIXED_SCALE, text);
	ok(strcmp(text, "40000000000000000000000") == 0,
	   "the largest balances over all the days there are");
	ok(!ct_balance_open(&view, flat, CT_BALANCE_HEADER - 1, &error) &&
	   !ct_balance_open(&view, flat, 0, &error), "too short a form");
	memset(flat + 4, 0, 4);
	ok(ct_balance_open(&view, flat, CT_BALANCE_HEADER, &error) &&
	   !ct_balance_check(&view, &error), "a form without points");
	arena_free(&arena);
}

int
main(void)
{
	test_random();
	test_conflicts();
	test_conflict_order();
	test_many();
	test_polls();
	test_limits();
	return done_testing();
}
