/*
 * balance_gather.c
 *		Gathering balances, sorting them, and making a digest of them.
 */
#include "c.h"

/* without what it has for the server's Datum */
#define FRONTEND
#include "common/hashfn.h"
#undef FRONTEND
#include "common/pg_prng.h"

#include "core/balance_gather.h"
#include "core/host.h"

/* The most of an account's name that an error shows. */
#define EXCERPT 100

/* Accounts that the hash table has room for at first. */
#define FEW_ACCOUNTS 4

static bool
is_named(const ct_balance_account *account, const char *name, uint32_t length)
{
	return account->length == length &&
		(length == CT_BALANCE_UNNAMED ||
		 memcmp(account->name, name, length) == 0);
}

static uint32
hash_account(const ct_balances *set, uint32 number)
{
	const ct_balance_account *account = &set->account[number];

	if (account->length == CT_BALANCE_UNNAMED)
		return 0;
	return (uint32) hash_bytes_extended((const unsigned char *) account->name,
										(int) account->length, set->seed);
}

static bool
same_account(const ct_balances *set, uint32 a, uint32 b)
{
	return is_named(&set->account[a], set->account[b].name,
					set->account[b].length);
}

/* An account in the hash table, which knows it by its number only. */
typedef struct account_entry
{
	uint32		number;
	uint32		hash;
	char		status;
} account_entry;

static void *
allocate_zeroed(ct_balances *set, size_t size)
{
	void	   *memory = ct_host_resize(set->context, NULL, size);

	/* the host refuses more; compilers do not know */
	return size <= PTRDIFF_MAX ? memset(memory, 0, size) : memory;
}

/* A table of 2^32 accounts: the host refuses such memory. */
static inline void
refuse_table(const char *message,...)
{
	(void) ct_host_resize(NULL, NULL, SIZE_MAX);
}

/*
 * What the table asks of a server, in functions that have the parameters
 * private_data and tb: memory, and an error that cannot be reached.
 */
#define SH_RAW_ALLOCATOR(size) allocate_zeroed(private_data, size)
#define SH_USE_NONDEFAULT_ALLOCATOR
#define palloc0(size) allocate_zeroed(tb->private_data, size)
#define pfree(memory) ((void) ct_host_resize(NULL, memory, 0))
#define elog(level, ...) refuse_table(__VA_ARGS__)

#define SH_PREFIX account
#define SH_ELEMENT_TYPE account_entry
#define SH_KEY_TYPE uint32
#define SH_KEY number
#define SH_HASH_KEY(table, key) hash_account((table)->private_data, key)
#define SH_EQUAL(table, a, b) same_account((table)->private_data, a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

static inline void *
account_allocate(account_hash *table, Size size)
{
	return allocate_zeroed(table->private_data, size);
}

static inline void
account_free(account_hash *table, void *memory)
{
	(void) ct_host_resize(((ct_balances *) table->private_data)->context,
						  memory, 0);
}

/*
 * Whoever chooses the names of accounts must not be able to choose ones that
 * collide: the seed is another one each time.  No result depends on it.
 */
static void
create_table(ct_balances *set)
{
	set->seed = pg_prng_uint64(&pg_global_prng_state);
	set->numbers = account_create(FEW_ACCOUNTS, set);
}

uint32_t
ct_balances_account(ct_balances *set, const char *name, uint32_t length)
{
	ct_balance_account *account;
	account_entry *entry;
	bool		found;
	char	   *copy;

	if (set->accounts > 0 &&
		is_named(&set->account[set->latest], name, length))
		return set->latest;
	if (set->numbers == NULL)
		create_table(set);
	set->account = ct_reserve(set->context, set->account, &set->account_room,
							  (size_t) set->accounts + 1,
							  sizeof(ct_balance_account));

	/* it is looked up by the number that it would get */
	account = &set->account[set->accounts];
	account->name = name;
	account->length = length;
	entry = account_insert(set->numbers, set->accounts, &found);
	if (!found)
	{
		if (length != CT_BALANCE_UNNAMED)
		{
			/* never nothing */
			copy = ct_host_resize(set->context, NULL, (size_t) length + 1);
			account->name = memcpy(copy, name, length);
		}
		set->accounts++;
	}
	set->latest = entry->number;
	return set->latest;
}

static void
reserve_points(ct_balances *set, size_t more)
{
	set->point = ct_reserve(set->context, set->point, &set->point_room,
							set->points + more, sizeof(ct_balance_point));
}

void
ct_balances_add(ct_balances *set, uint32_t account, int32_t day,
				ct_int128 balance)
{
	ct_balance_point *point;

	reserve_points(set, 1);
	point = &set->point[set->points++];
	point->account = account;
	point->day = day;
	point->balance = balance;
}

void
ct_balances_add_view(ct_balances *set, const ct_balance_view *view)
{
	ct_balance_cursor cursor = ct_balance_start(view);

	reserve_points(set, view->points);
	while (ct_balance_next(&cursor))
	{
		uint32_t	account = ct_balances_account(set, cursor.name,
												  cursor.length);

		for (uint32_t i = 0; i < cursor.points; i++)
		{
			ct_host_poll();
			ct_balances_add(set, account, ct_balance_day(&cursor, i),
							ct_balance_amount(&cursor, i));
		}
	}
}

static inline int
compare_accounts(const ct_balance_account *a, const ct_balance_account *b)
{
	return ct_balance_compare_names(a->name, a->length, b->name, b->length);
}

/*
 * By account, day and balance, so that which balances an error names does
 * not depend on the order of rows either.
 */
static inline int
compare_balances(const ct_balance_point *a, const ct_balance_point *b)
{
	if (a->account != b->account)
		return a->account < b->account ? -1 : 1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->balance > b->balance) - (a->balance < b->balance);
}

#define CHECK_FOR_INTERRUPTS() ct_host_poll()

#define ST_SORT sort_accounts
#define ST_ELEMENT_TYPE ct_balance_account
#define ST_COMPARE(a, b) compare_accounts(a, b)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_points
#define ST_ELEMENT_TYPE ct_balance_point
#define ST_COMPARE(a, b) compare_balances(a, b)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static bool
accounts_ordered(const ct_balances *set)
{
	for (uint32_t i = 1; i < set->accounts; i++)
	{
		ct_host_poll();
		if (compare_accounts(&set->account[i - 1], &set->account[i]) > 0)
			return false;
	}
	return true;
}

/* Numbers the accounts in the order of their names. */
static void
order_accounts(ct_balances *set)
{
	account_iterator entries;
	account_entry *entry;
	uint32_t   *number;

	if (accounts_ordered(set))
		return;
	number = ct_host_resize(set->context, NULL,
							set->accounts * sizeof(uint32_t));
	for (uint32_t i = 0; i < set->accounts; i++)
	{
		ct_host_poll();
		set->account[i].number = i;
	}
	sort_accounts(set->account, set->accounts);
	for (uint32_t i = 0; i < set->accounts; i++)
	{
		ct_host_poll();
		number[set->account[i].number] = i;
	}
	for (size_t i = 0; i < set->points; i++)
	{
		ct_host_poll();
		set->point[i].account = number[set->point[i].account];
	}
	account_start_iterate(set->numbers, &entries);
	while ((entry = account_iterate(set->numbers, &entries)) != NULL)
	{
		ct_host_poll();
		entry->number = number[entry->number];
	}
	set->latest = number[set->latest];
	(void) ct_host_resize(set->context, number, 0);
}

/* The lower of the two comes first. */
static bool
report_conflict(const ct_balances *set, const ct_balance_point *low,
				const ct_balance_point *high, ct_error *error)
{
	const ct_balance_account *account = &set->account[low->account];
	char		name[EXCERPT + 16] = "The unnamed account";
	char		day[CT_ISODATE_SIZE];
	char		one[CT_FIELD_TEXT_SIZE];
	char		other[CT_FIELD_TEXT_SIZE];

	if (account->length != CT_BALANCE_UNNAMED)
		snprintf(name, sizeof(name), "Account \"%.*s\"",
				 ct_host_clip(account->name, (int) account->length, EXCERPT),
				 account->name);
	ct_date_write(low->day, day);
	ct_field_write(CT_FIELD_AMOUNT, &low->balance, one);
	ct_field_write(CT_FIELD_AMOUNT, &high->balance, other);
	ct_fail(error, CT_CONFLICT, -1, "%s has %s and %s on %s.", name, one,
			other, day);
	ct_fail_message(error,
					"an account has two different balances on one day");
	return ct_fail_hint(error,
						"Give each account's closing balance of a day once.");
}

bool
ct_balances_finish(ct_balances *set, bool strict, ct_error *error)
{
	size_t		kept = 0;

	if (set->points == 0)
		return true;
	order_accounts(set);
	sort_points(set->point, set->points);
	for (size_t i = 1; i < set->points; i++)
	{
		const ct_balance_point *last = &set->point[kept];
		const ct_balance_point *point = &set->point[i];

		ct_host_poll();
		if (last->account != point->account || last->day != point->day)
			set->point[++kept] = *point;
		else if (strict || last->balance != point->balance)
			return report_conflict(set, last, point, error);
	}
	set->points = kept + 1;
	return true;
}

size_t
ct_balances_flat_size(const ct_balances *set)
{
	size_t		size = CT_BALANCE_HEADER +
		(size_t) set->accounts * CT_BALANCE_ACCOUNT +
		set->points * CT_BALANCE_POINT;

	for (uint32_t i = 0; i < set->accounts; i++)
	{
		ct_host_poll();
		if (set->account[i].length != CT_BALANCE_UNNAMED)
			size += set->account[i].length;
	}
	return size;
}

/* Copies bytes to where the digest goes on. */
static unsigned char *
append_bytes(unsigned char *out, const void *bytes, size_t size)
{
	memcpy(out, bytes, size);
	return out + size;
}

void
ct_balances_flatten(const ct_balances *set, unsigned char *flat)
{
	static const unsigned char version[4] = {CT_BALANCE_DIGEST_VERSION};
	unsigned char *out = append_bytes(flat, version, sizeof(version));
	size_t		next = 0;

	out = append_bytes(out, &set->accounts, sizeof(set->accounts));
	for (uint32_t i = 0; i < set->accounts; i++)
	{
		size_t		start = next;
		uint32_t	points;

		for (; next < set->points && set->point[next].account == i; next++)
			ct_host_poll();
		points = (uint32_t) (next - start);
		out = append_bytes(out, &set->account[i].length, sizeof(uint32_t));
		out = append_bytes(out, &points, sizeof(points));
	}
	for (uint32_t i = 0; i < set->accounts; i++)
	{
		ct_host_poll();
		if (set->account[i].length != CT_BALANCE_UNNAMED)
			out = append_bytes(out, set->account[i].name,
							   set->account[i].length);
	}
	for (size_t i = 0; i < set->points; i++)
	{
		ct_host_poll();
		out = append_bytes(out, &set->point[i].day, sizeof(int32_t));
		out = append_bytes(out, &set->point[i].balance, sizeof(ct_int128));
	}
}
