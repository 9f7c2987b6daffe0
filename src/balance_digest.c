/*
 * balance_digest.c
 *		The SQL face of balance digests: type, aggregates and figures.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/date.h"
#include "utils/memutils.h"

#include "balance_digest.h"
#include "digest.h"

/* Bytes of a state at first, with a few balances to come. */
#define FIRST_SIZE 248

/* Bytes of a point in the message of send. */
#define SENT_POINT 20

void
ct_balances_begin(ct_balances *set)
{
	memset(set, 0, sizeof(*set));
	set->context = CurrentMemoryContext;
}

/* 54000 beyond 1 GB. */
static void
check_balances_size(Size size)
{
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("balance_digest is too large"),
				 errdetail("It would take %zu bytes, more than 1 GB.", size),
				 errhint("Digest fewer accounts, or a shorter time, at once.")));
}

Datum
ct_balances_store(const ct_balances *set)
{
	Size		size = VARHDRSZ + ct_balances_flat_size(set);
	struct varlena *stored;

	check_balances_size(size);
	stored = palloc(size);
	SET_VARSIZE(stored, size);
	ct_balances_flatten(set, (unsigned char *) VARDATA(stored));
	return PointerGetDatum(stored);
}

static bool
is_log(const struct varlena *digest)
{
	return VARSIZE_ANY_EXHDR(digest) >= sizeof(ct_balance_log) &&
		ct_is_balance_log((unsigned char *) VARDATA_ANY(digest));
}

static ct_balance_log *
log_of(struct varlena *state)
{
	return (ct_balance_log *) VARDATA(state);
}

/* What has been gathered as a stored digest; 21000, and 54000 beyond 1 GB. */
static Datum
finish_balances(ct_balances *set)
{
	ct_error	error;

	if (!ct_balances_finish(set, false, &error))
		ct_report(&error, CT_BALANCE_TYPE, NULL, NULL);
	return ct_balances_store(set);
}

/* The state of an aggregate as the digest that it stands for. */
static struct varlena *
finish_log(const ct_balance_log *log)
{
	ct_balances set;

	ct_balances_begin(&set);
	ct_balances_add_log(&set, log);
	return (struct varlena *) DatumGetPointer(finish_balances(&set));
}

void
ct_getarg_balances(FunctionCallInfo fcinfo, int n, ct_balance_view *view)
{
	struct varlena *stored = PG_GETARG_VARLENA_PP(n);
	ct_error	error;

	/* a state that has been sent on as it was */
	if (unlikely(is_log(stored)))
		stored = finish_log(log_of(PG_DETOAST_DATUM(PointerGetDatum(stored))));
	if (unlikely(!ct_balance_open(view, (unsigned char *) VARDATA_ANY(stored),
								  VARSIZE_ANY_EXHDR(stored), &error)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored %s is not valid", CT_BALANCE_TYPE),
				 errdetail_internal("%s", error.detail)));
}

static void
refuse_message(const char *detail)
{
	ct_error	error;

	ct_digest_invalid(&error, detail);
	ct_report(&error, CT_BALANCE_TYPE, NULL, NULL);
}

/* Are so many times so many bytes left? */
static void
need_bytes(StringInfo message, uint32 count, Size size)
{
	if (count > (Size) (message->len - message->cursor) / size)
		refuse_message("It is too short for its parts.");
}

/* One account: length of its name, name, number of points, points. */
static void
receive_account(StringInfo message, ct_balances *set)
{
	uint32		length;
	uint32		points;
	uint32		account;
	uint32		accounts = set->accounts;
	char	   *name = NULL;
	int			server_length = 0;

	need_bytes(message, 1, sizeof(uint32));
	length = pq_getmsgint(message, sizeof(uint32));
	if (length != CT_BALANCE_UNNAMED)
	{
		/* comes in the client's encoding, as any text does */
		need_bytes(message, length, 1);
		name = pq_getmsgtext(message, length, &server_length);
		length = server_length;
	}
	account = ct_balances_account(set, name, length);
	if (account < accounts)
		refuse_message("An account is there twice.");
	need_bytes(message, 1, sizeof(uint32));
	points = pq_getmsgint(message, sizeof(uint32));
	if (points == 0)
		refuse_message("An account has no points.");
	need_bytes(message, points, SENT_POINT);
	for (uint32 i = 0; i < points; i++)
	{
		int32		day = (int32) pq_getmsgint(message, sizeof(int32));
		ct_uint128	high = (ct_uint128) (uint64) pq_getmsgint64(message);
		ct_int128	balance = (ct_int128) (high << 64 |
										   (uint64) pq_getmsgint64(message));

		CHECK_FOR_INTERRUPTS();
		if (!ct_date_valid(day))
			refuse_message("A day is out of range.");
		if (balance > CT_FIXED_LIMIT || balance < -CT_FIXED_LIMIT)
			refuse_message("A balance is out of range.");
		ct_balances_add(set, account, day, balance);
	}
}

PG_FUNCTION_INFO_V1(ct_balance_digest_recv);
Datum
ct_balance_digest_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	ct_balances set;
	uint32		accounts;
	ct_error	error;

	ct_balances_begin(&set);
	need_bytes(message, 1, CT_BALANCE_HEADER);
	if (pq_getmsgbyte(message) != CT_BALANCE_DIGEST_VERSION)
		refuse_message("Its version is unknown.");
	for (int i = 0; i < 3; i++)
		if (pq_getmsgbyte(message) != 0)
			refuse_message("Its reserved bits are not zero.");
	accounts = pq_getmsgint(message, sizeof(uint32));
	if (accounts == 0)
		refuse_message("It has no points.");
	for (uint32 i = 0; i < accounts; i++)
		receive_account(message, &set);
	if (message->cursor != message->len)
		refuse_message("It is longer than its parts.");
	/* as in the text, a day that is there twice is one too many */
	if (!ct_balances_finish(&set, true, &error))
		refuse_message(error.detail);
	return ct_balances_store(&set);
}

PG_FUNCTION_INFO_V1(ct_balance_digest_send);
Datum
ct_balance_digest_send(PG_FUNCTION_ARGS)
{
	ct_balance_view view;
	ct_balance_cursor cursor;
	StringInfoData message;

	ct_getarg_balances(fcinfo, 0, &view);
	cursor = ct_balance_start(&view);
	pq_begintypsend(&message);
	pq_sendint32(&message, (uint32) CT_BALANCE_DIGEST_VERSION << 24);
	pq_sendint32(&message, view.accounts);
	while (ct_balance_next(&cursor))
	{
		if (cursor.length == CT_BALANCE_UNNAMED)
			pq_sendint32(&message, CT_BALANCE_UNNAMED);
		else
			CT_SEND_COUNTED_TEXT(&message, cursor.name, cursor.length);
		pq_sendint32(&message, cursor.points);
		for (uint32 i = 0; i < cursor.points; i++)
		{
			ct_uint128	balance = (ct_uint128) ct_balance_amount(&cursor, i);

			CHECK_FOR_INTERRUPTS();
			pq_sendint32(&message, (uint32) ct_balance_day(&cursor, i));
			pq_sendint64(&message, (uint64) (balance >> 64));
			pq_sendint64(&message, (uint64) balance);
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * Argument 0 of an aggregate's function as a log with room for so many bytes
 * more: itself, or a copy twice as large, which the executor then copies to
 * where states live.
 */
static struct varlena *
state_with_room(FunctionCallInfo fcinfo, Size more)
{
	struct varlena *state = NULL;
	ct_balance_view view;
	Size		used = VARHDRSZ + sizeof(ct_balance_log);
	Size		size = FIRST_SIZE;
	struct varlena *result;

	if (!PG_ARGISNULL(0))
	{
		state = PG_GETARG_VARLENA_PP(0);
		if (is_log(state))
		{
			/* ours are never packed */
			used = VARHDRSZ + log_of(state)->used;
			size = VARSIZE(state);
			if (likely(used + more <= size &&
					   AggCheckCallContext(fcinfo, NULL)))
				return state;
		}
		else
		{
			ct_getarg_balances(fcinfo, 0, &view);
			used += ct_balance_log_view_size(&view);
		}
	}
	check_balances_size(used + more);
	while (size < used + more)
		size = Min(2 * size, MaxAllocSize);
	result = palloc0(size);
	SET_VARSIZE(result, size);
	ct_balance_log_begin(log_of(result));
	if (state != NULL && is_log(state))
		ct_balance_log_append(log_of(result), log_of(state));
	else if (state != NULL)
		ct_balance_log_add_view(log_of(result), &view);
	return result;
}

/*
 * A log as the result of a call: an aggregate's next state, or elsewhere the
 * digest that it stands for, since what is stored is compared as bytes.
 */
static Datum
return_log(FunctionCallInfo fcinfo, struct varlena *state)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		state = finish_log(log_of(state));
	PG_RETURN_POINTER(state);
}

/* balance_digest_add(digest, balance, at [, account]) */
PG_FUNCTION_INFO_V1(ct_balance_digest_add);
Datum
ct_balance_digest_add(PG_FUNCTION_ARGS)
{
	struct varlena *state;
	const char *name = NULL;
	uint32		length = CT_BALANCE_UNNAMED;
	ct_int128	balance;
	int32		day;
	int			ignored;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return ct_same_state(fcinfo);
	balance = ct_getarg_fixed(fcinfo, 1, "balance", &ignored);
	day = PG_GETARG_DATEADT(2);
	ct_check_date(day, "at");
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
	{
		text	   *account = PG_GETARG_TEXT_PP(3);

		name = VARDATA_ANY(account);
		length = VARSIZE_ANY_EXHDR(account);
	}
	state = state_with_room(fcinfo, ct_balance_log_record(length));
	ct_balance_log_add(log_of(state), name, length, day, balance);
	return return_log(fcinfo, state);
}

/*
 * The operator +, and within an aggregate the transition function of rollup
 * and the combine function of both.
 */
PG_FUNCTION_INFO_V1(ct_balance_digest_merge);
Datum
ct_balance_digest_merge(PG_FUNCTION_ARGS)
{
	struct varlena *other = PG_GETARG_VARLENA_PP(1);
	struct varlena *state;
	ct_balance_view view;

	if (is_log(other))
	{
		other = PG_DETOAST_DATUM(PointerGetDatum(other));
		state = state_with_room(fcinfo, ct_balance_log_size(log_of(other)));
		ct_balance_log_append(log_of(state), log_of(other));
	}
	else
	{
		ct_getarg_balances(fcinfo, 1, &view);
		state = state_with_room(fcinfo, ct_balance_log_view_size(&view));
		ct_balance_log_add_view(log_of(state), &view);
	}
	return return_log(fcinfo, state);
}

/* Of balance_digest and rollup; 21000 for two balances of one day. */
PG_FUNCTION_INFO_V1(ct_balance_digest_final);
Datum
ct_balance_digest_final(PG_FUNCTION_ARGS)
{
	struct varlena *state = PG_GETARG_VARLENA_PP(0);

	PG_RETURN_POINTER(is_log(state) ? finish_log(log_of(state)) : state);
}

PG_FUNCTION_INFO_V1(ct_daily_average);
Datum
ct_daily_average(PG_FUNCTION_ARGS)
{
	int32		from_date = PG_GETARG_DATEADT(1);
	int32		to_date = PG_GETARG_DATEADT(2);
	ct_balance_view view;
	ct_wide		average;

	ct_check_date(from_date, "from_date");
	ct_check_date(to_date, "to_date");
	if (from_date >= to_date)
	{
		char		from_text[CT_ISODATE_SIZE];
		char		to_text[CT_ISODATE_SIZE];

		ct_date_write(from_date, from_text);
		ct_date_write(to_date, to_text);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("from_date must be before to_date"),
				 errdetail("The days are from %s to %s, without the latter.",
						   from_text, to_text)));
	}
	ct_getarg_balances(fcinfo, 0, &view);
	ct_balance_average(&view, from_date, to_date, &average);
	return ct_numeric_from_sum(&average);
}

PG_FUNCTION_INFO_V1(ct_balance_at_day);
Datum
ct_balance_at_day(PG_FUNCTION_ARGS)
{
	int32		day = PG_GETARG_DATEADT(1);
	ct_balance_view view;
	ct_wide		balance;

	ct_check_date(day, "day");
	ct_getarg_balances(fcinfo, 0, &view);
	ct_balance_at(&view, day, &balance);
	return ct_numeric_from_sum(&balance);
}
