/*
 * balance_digest_json.c
 *		The text of balance digests:
 *
 *	{"balances": {"2024-03-01": 120.5},
 *	 "accounts": {"savings": {"2024-03-02": 10}}}
 *
 * "balances" are those of the unnamed account.  An account may be called
 * anything, so those with a name are in an object of their own.  What has no
 * balances is left out: no object is empty.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/json.h"

#include "balance_digest.h"
#include "digest_json.h"

#define BALANCES "balances"
#define ACCOUNTS "accounts"

/* What a value can be, and an open object, but for the last. */
typedef enum value_kind
{
	WHOLE_DIGEST,
	ALL_ACCOUNTS,				/* by their names */
	ALL_BALANCES,				/* of one account, by their dates */
	ONE_BALANCE
} value_kind;

typedef struct balances_reader
{
	ct_json_reader json;
	ct_balances set;
	int			depth;			/* objects that are open */
	value_kind	within;			/* the innermost of them */
	bool		empty;			/* so far */
	value_kind	value;			/* what comes next */
	char	   *key;			/* of it; NULL for the digest itself */
	bool		seen[2];		/* BALANCES, ACCOUNTS */
	uint32		account;
	int32		day;
} balances_reader;

static bool
refuse_balance_value(balances_reader *reader)
{
	static const char *const forms[] = {
		"an object", "an object of accounts by name",
		"an object of balances by date"
	};

	return ct_json_refuse_value(&reader->json, reader->key,
								reader->value == ONE_BALANCE ?
								ct_field_form(CT_FIELD_AMOUNT) :
								forms[reader->value]);
}

static CT_JSON_RESULT
begin_balances_object(void *state)
{
	balances_reader *reader = state;
	bool		ok = reader->value != ONE_BALANCE;

	if (!ok)
		(void) refuse_balance_value(reader);
	reader->within = reader->value;
	reader->empty = true;
	reader->depth++;
	CT_JSON_RETURN(ok);
}

static CT_JSON_RESULT
end_balances_object(void *state)
{
	balances_reader *reader = state;
	bool		ok = !reader->empty;

	if (!ok)
	{
		/* the parser has gone past its brace */
		ct_fail(&reader->json.error, CT_BAD_SYNTAX,
				(int) (reader->json.lex->prev_token_terminator - 1 -
					   reader->json.text),
				"There are no balances in the object that ends here.");
		(void) ct_json_refuse(&reader->json);
	}
	reader->depth--;
	reader->within = reader->depth == 1 ? WHOLE_DIGEST : ALL_ACCOUNTS;
	CT_JSON_RETURN(ok);
}

static CT_JSON_RESULT
begin_balances_array(void *state)
{
	CT_JSON_RETURN(refuse_balance_value(state));
}

static bool
read_digest_key(balances_reader *reader, const char *key)
{
	bool		accounts = strcmp(key, ACCOUNTS) == 0;

	if (!accounts && strcmp(key, BALANCES) != 0)
		return ct_json_refuse_key(&reader->json, key, "is not known",
								  "The keys of balance_digest are balances and accounts.");
	if (reader->seen[accounts])
		return ct_json_refuse_key(&reader->json, key, "is there twice", NULL);
	reader->seen[accounts] = true;
	reader->value = accounts ? ALL_ACCOUNTS : ALL_BALANCES;
	if (!accounts)
		reader->account = ct_balances_account(&reader->set, NULL,
											  CT_BALANCE_UNNAMED);
	return true;
}

static bool
read_account_name(balances_reader *reader, const char *key)
{
	uint32		accounts = reader->set.accounts;

	reader->value = ALL_BALANCES;
	reader->account = ct_balances_account(&reader->set, key, strlen(key));
	return reader->account == accounts ||
		ct_json_refuse_key(&reader->json, key, "is there twice", NULL);
}

static CT_JSON_RESULT
begin_balances_key(void *state, char *key, bool isnull)
{
	balances_reader *reader = state;
	bool		ok;

	ct_json_begin_value(&reader->json);
	if (reader->key)
		pfree(reader->key);
	reader->key = key;
	if (reader->within == WHOLE_DIGEST)
		ok = read_digest_key(reader, key);
	else if (reader->within == ALL_ACCOUNTS)
		ok = read_account_name(reader, key);
	else
	{
		reader->value = ONE_BALANCE;
		ok = ct_date_read(key, &reader->day) ||
			ct_json_refuse_key(&reader->json, key,
							   "is no date, such as \"2024-03-01\"", NULL);
	}
	CT_JSON_RETURN(ok);
}

static CT_JSON_RESULT
read_balance(void *state, char *token, JsonTokenType token_type)
{
	balances_reader *reader = state;
	ct_int128	balance;
	bool		ok;

	ok = reader->value == ONE_BALANCE && token_type == JSON_TOKEN_NUMBER &&
		ct_field_read(CT_FIELD_AMOUNT, token, &balance);
	if (ok)
		ct_balances_add(&reader->set, reader->account, reader->day, balance);
	else
		(void) refuse_balance_value(reader);
	reader->empty = false;
	pfree(token);
	CT_JSON_RETURN(ok);
}

PG_FUNCTION_INFO_V1(ct_balance_digest_in);
Datum
ct_balance_digest_in(PG_FUNCTION_ARGS)
{
	balances_reader reader = {0};
	JsonSemAction actions = {
		.object_start = begin_balances_object,
		.object_end = end_balances_object,
		.array_start = begin_balances_array,
		.object_field_start = begin_balances_key,
		.scalar = read_balance
	};

	reader.json.type = CT_BALANCE_TYPE;
	reader.json.text = PG_GETARG_CSTRING(0);
	reader.json.escontext = CT_ESCONTEXT(fcinfo);
	ct_balances_begin(&reader.set);
	if (!ct_json_read(&reader.json, &actions))
		PG_RETURN_NULL();
	/* a date that is there twice is a key that is there twice */
	if (!ct_balances_finish(&reader.set, true, &reader.json.error))
	{
		reader.json.error.message[0] = '\0';
		(void) ct_json_refuse(&reader.json);
		PG_RETURN_NULL();
	}
	return ct_balances_store(&reader.set);
}

/* One account's balances, as an object. */
static void
append_balances(StringInfo text, const ct_balance_cursor *cursor)
{
	for (uint32 i = 0; i < cursor->points; i++)
	{
		ct_int128	balance = ct_balance_amount(cursor, i);
		char		day_text[CT_ISODATE_SIZE];
		char		balance_text[CT_FIELD_TEXT_SIZE];

		CHECK_FOR_INTERRUPTS();
		ct_date_write(ct_balance_day(cursor, i), day_text);
		ct_field_write(CT_FIELD_AMOUNT, &balance, balance_text);
		appendStringInfo(text, "%s\"%s\": %s", i == 0 ? "{" : ", ", day_text,
						 balance_text);
	}
	appendStringInfoChar(text, '}');
}

PG_FUNCTION_INFO_V1(ct_balance_digest_out);
Datum
ct_balance_digest_out(PG_FUNCTION_ARGS)
{
	ct_balance_view view;
	ct_balance_cursor cursor;
	StringInfoData text;
	bool		named = false;

	ct_getarg_balances(fcinfo, 0, &view);
	cursor = ct_balance_start(&view);
	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	while (ct_balance_next(&cursor))
	{
		if (cursor.accounts > 1)
			appendStringInfoString(&text, ", ");
		if (cursor.length == CT_BALANCE_UNNAMED)
			appendStringInfoString(&text, "\"" BALANCES "\": ");
		else
		{
			char	   *name = pnstrdup(cursor.name, cursor.length);

			if (!named)
				appendStringInfoString(&text, "\"" ACCOUNTS "\": {");
			named = true;
			escape_json(&text, name);
			appendStringInfoString(&text, ": ");
			pfree(name);
		}
		append_balances(&text, &cursor);
	}
	appendStringInfoString(&text, named ? "}}" : "}");
	PG_RETURN_CSTRING(text.data);
}
