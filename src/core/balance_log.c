/*
 * balance_log.c
 *		Appending balances as they come, and gathering them afterwards.
 */
#include "core/balance_log.h"
#include "core/host.h"

/* Before a record's name. */
typedef struct record_head
{
	uint32_t	length;
	int32_t		day;
	ct_int128	balance;
} record_head;

/* Records have any alignment. */
static record_head
read_head(const ct_balance_log *log, uint32_t at)
{
	record_head head;

	memcpy(&head, (const char *) log + at, sizeof(head));
	return head;
}

static uint32_t
name_bytes(uint32_t length)
{
	return length >= CT_BALANCE_SAME ? 0 : length;
}

void
ct_balance_log_begin(ct_balance_log *log)
{
	memset(log, 0, sizeof(*log));
	log->version = CT_BALANCE_DIGEST_VERSION;
	log->form = CT_BALANCE_LOG;
	log->used = sizeof(*log);
}

/* Is this the account of the record before? */
static bool
is_latest(const ct_balance_log *log, const char *name, uint32_t length)
{
	return log->latest != 0 &&
		read_head(log, log->latest).length == length &&
		(name_bytes(length) == 0 ||
		 memcmp((const char *) log + log->latest + sizeof(record_head), name,
				length) == 0);
}

void
ct_balance_log_add(ct_balance_log *log, const char *name, uint32_t length,
				   int32_t day, ct_int128 balance)
{
	record_head head = {length, day, balance};
	char	   *out = (char *) log + log->used;

	if (is_latest(log, name, length))
		head.length = CT_BALANCE_SAME;
	else
	{
		log->latest = log->used;
		if (name_bytes(length) > 0)
			memcpy(out + sizeof(head), name, length);
	}
	memcpy(out, &head, sizeof(head));
	log->used += sizeof(head) + name_bytes(head.length);
}

size_t
ct_balance_log_view_size(const ct_balance_view *view)
{
	return view->points * sizeof(record_head) + (view->point - view->name);
}

size_t
ct_balance_log_size(const ct_balance_log *log)
{
	return log->used - sizeof(*log);
}

void
ct_balance_log_add_view(ct_balance_log *log, const ct_balance_view *view)
{
	ct_balance_cursor cursor = ct_balance_start(view);

	while (ct_balance_next(&cursor))
		for (uint32_t i = 0; i < cursor.points; i++)
		{
			ct_host_poll();
			ct_balance_log_add(log, cursor.name, cursor.length,
							   ct_balance_day(&cursor, i),
							   ct_balance_amount(&cursor, i));
		}
}

/* The first record of a log always has a name, or none, of its own. */
void
ct_balance_log_append(ct_balance_log *log, const ct_balance_log *other)
{
	size_t		size = ct_balance_log_size(other);

	if (size == 0)
		return;
	memcpy((char *) log + log->used, other + 1, size);
	log->latest = log->used + other->latest - sizeof(*other);
	log->used += size;
}

void
ct_balances_add_log(ct_balances *set, const ct_balance_log *log)
{
	uint32_t	account = 0;

	for (uint32_t at = sizeof(*log); at < log->used;)
	{
		record_head head = read_head(log, at);

		ct_host_poll();
		at += sizeof(head);
		if (head.length != CT_BALANCE_SAME)
			account = ct_balances_account(set, (const char *) log + at,
										  head.length);
		at += name_bytes(head.length);
		ct_balances_add(set, account, head.day, head.balance);
	}
}
