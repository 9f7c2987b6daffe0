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

typedef struct balances_reader
{
	ct_json_reader json;
	ct_balances set;
	bool		seen[2];		/* BALANCES, ACCOUNTS */
	bool		in_accounts;
	bool		empty;			/* the innermost object, so far */
	uint32		account;
	int32		day;
} balances_reader;

/* Says that the next value must be an object, which this is about to be. */
static bool
expect_object(balances_reader *reader, const char *form)
{
	reader->json.token_type = JSON_TOKEN_OBJECT_START;
	reader->json.form = form;
	reader->empty = true;
	return true;
}

static bool
take_digest_key(balances_reader *reader, const char *key)
{
	reader->in_accounts = strcmp(key, ACCOUNTS) == 0;
	if (!reader->in_accounts && strcmp(key, BALANCES) != 0)
		return ct_json_refuse_key(&reader->json, "is not known",
								  "The keys of balance_digest are balances and accounts.");
	if (reader->seen[reader->in_accounts])
		return ct_json_refuse_key(&reader->json, "is there twice", NULL);
	reader->seen[reader->in_accounts] = true;
	if (reader->in_accounts)
		return expect_object(reader, "an object of accounts by name");
	reader->account = ct_balances_account(&reader->set, NULL,
										  CT_BALANCE_UNNAMED);
	return expect_object(reader, "an object of balances by date");
}

static bool
take_balances_key(ct_json_reader *json, const char *key)
{
	balances_reader *reader = (balances_reader *) json;
	uint32		accounts = reader->set.accounts;

	if (json->depth == 1)
		return take_digest_key(reader, key);
	if (json->depth == 2 && reader->in_accounts)
	{
		reader->account = ct_balances_account(&reader->set, key, strlen(key));
		if (reader->account < accounts)
			return ct_json_refuse_key(json, "is there twice", NULL);
		return expect_object(reader, "an object of balances by date");
	}
	if (!ct_date_read(key, &reader->day))
		return ct_json_refuse_key(json, "is no date, such as \"2024-03-01\"",
								  NULL);
	json->token_type = JSON_TOKEN_NUMBER;
	json->form = ct_field_form(CT_FIELD_AMOUNT);
	return true;
}

static bool
take_balance(ct_json_reader *json, const char *value)
{
	balances_reader *reader = (balances_reader *) json;
	ct_int128	balance;

	if (!ct_field_read(CT_FIELD_AMOUNT, value, &balance))
		return false;
	ct_balances_add(&reader->set, reader->account, reader->day, balance);
	reader->empty = false;
	return true;
}

/* The parser has gone past its brace. */
static bool
balances_may_end(ct_json_reader *json)
{
	if (!((balances_reader *) json)->empty)
		return true;
	ct_fail(&json->error, CT_BAD_SYNTAX,
			(int) (json->lex->prev_token_terminator - 1 - json->text),
			"There are no balances in the object that ends here.");
	return ct_json_refuse(json);
}

PG_FUNCTION_INFO_V1(ct_balance_digest_in);
Datum
ct_balance_digest_in(PG_FUNCTION_ARGS)
{
	balances_reader reader = {
		.json.type = CT_BALANCE_TYPE,
		.json.text = PG_GETARG_CSTRING(0),
		.json.escontext = CT_ESCONTEXT(fcinfo),
		.json.key = take_balances_key,
		.json.value = take_balance,
		.json.may_end = balances_may_end,
		.set.context = CurrentMemoryContext,
		.empty = true
	};

	if (!ct_json_read(&reader.json))
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
