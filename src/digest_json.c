/*
 * digest_json.c
 *		The texts of digests, which are JSON: what reading them has in common,
 *		and those of digests of fixed size.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "core/host.h"
#include "digest.h"
#include "digest_json.h"

/* The most of a key or value that an error shows. */
#define EXCERPT 40

/* The most of what the parser says, which repeats a whole token. */
#define LONG_EXCERPT 200

/* A digest of fixed size being read. */
typedef struct fields_reader
{
	ct_json_reader json;
	const ct_fields *type;
	void	   *digest;
	const ct_field *field;		/* of the latest key */
	uint64		seen;			/* bits of the fields by their numbers */
} fields_reader;

bool
ct_json_refuse(ct_json_reader *reader)
{
	reader->failed = true;
	reader->error.code = CT_BAD_SYNTAX;
	ct_report(&reader->error, reader->type, reader->text, reader->escontext);
	return false;
}

/* Where the token begins that the parser has come to. */
static int
token_at(const ct_json_reader *reader)
{
	const char *token = reader->lex->token_start;

	return (int) (token ? token - reader->text : strlen(reader->text));
}

/*
 * Where the latest key begins, whose value the parser has come to: back over
 * the colon to the closing quote, and to the opening one, which is the first
 * without a backslash before it.
 */
static int
key_at(const ct_json_reader *reader)
{
	const char *key = reader->lex->prev_token_terminator;

	while (*--key != '"')
		;
	do
		key--;
	while (*key != '"' || key[-1] == '\\');
	return (int) (key - reader->text);
}

bool
ct_json_refuse_key(ct_json_reader *reader, const char *why, const char *hint)
{
	const char *key = reader->latest;

	ct_fail(&reader->error, CT_BAD_SYNTAX, key_at(reader),
			"The key \"%.*s\" %s.", ct_host_clip(key, strlen(key), EXCERPT),
			key, why);
	if (hint)
		ct_fail_hint(&reader->error, "%s", hint);
	return ct_json_refuse(reader);
}

/* 22P02 for a value that is not what it must be. */
static bool
refuse_value(ct_json_reader *reader)
{
	const char *key = reader->latest;
	const char *value = reader->text + reader->at;
	const char *end = reader->lex->prev_token_terminator;
	const char *name = "text";

	/* the parser is behind a scalar, but at the brace of an object */
	if (end <= value)
		end = value + 1;
	if (key)
		name = psprintf("value of \"%.*s\"",
						ct_host_clip(key, strlen(key), EXCERPT), key);
	ct_fail(&reader->error, CT_BAD_SYNTAX, reader->at,
			"The %s must be %s, found %.*s.", name, reader->form,
			ct_host_clip(value, end - value, EXCERPT), value);
	return ct_json_refuse(reader);
}

static CT_JSON_RESULT
take_object_start(void *state)
{
	ct_json_reader *reader = state;

	reader->depth++;
	CT_JSON_RETURN(reader->token_type == JSON_TOKEN_OBJECT_START ||
				   refuse_value(reader));
}

static CT_JSON_RESULT
take_object_end(void *state)
{
	ct_json_reader *reader = state;

	reader->depth--;
	CT_JSON_RETURN(reader->may_end == NULL || reader->may_end(reader));
}

static CT_JSON_RESULT
take_array_start(void *state)
{
	CT_JSON_RETURN(refuse_value(state));
}

static CT_JSON_RESULT
take_key(void *state, char *key, bool isnull)
{
	ct_json_reader *reader = state;

	CHECK_FOR_INTERRUPTS();
	if (reader->latest)
		pfree(reader->latest);
	reader->latest = key;
	reader->at = token_at(reader);
	CT_JSON_RETURN(reader->key(reader, key));
}

static CT_JSON_RESULT
take_scalar(void *state, char *token, JsonTokenType token_type)
{
	ct_json_reader *reader = state;
	bool		ok = (token_type == reader->token_type &&
					  reader->value(reader, token)) || refuse_value(reader);

	pfree(token);
	CT_JSON_RETURN(ok);
}

bool
ct_json_read(ct_json_reader *reader)
{
	JsonSemAction actions = {
		.semstate = reader,
		.object_start = take_object_start,
		.object_end = take_object_end,
		.array_start = take_array_start,
		.object_field_start = take_key,
		.scalar = take_scalar
	};
	JsonParseErrorType result;
	char	   *detail;

	reader->token_type = JSON_TOKEN_OBJECT_START;
	reader->form = "an object";
	reader->at = strspn(reader->text, " \t\n\r");
	reader->lex = CT_JSON_LEXER(reader->text, strlen(reader->text));
	result = pg_parse_json(reader->lex, &actions);
	if (result != JSON_SUCCESS && !reader->failed)
	{
		detail = json_errdetail(result, reader->lex);
		ct_fail(&reader->error, CT_BAD_SYNTAX, token_at(reader), "%.*s",
				ct_host_clip(detail, strlen(detail), LONG_EXCERPT), detail);
		return ct_json_refuse(reader);
	}
	return !reader->failed;
}

/* The hint of a key that is missing, or one too many. */
static char *
list_keys(const ct_fields *type)
{
	StringInfoData list;

	initStringInfo(&list);
	appendStringInfo(&list, "The keys of %s are", type->type);
	for (int i = 0; i < type->count; i++)
		appendStringInfo(&list, "%s %s", i == 0 ? "" : ",",
						 type->field[i].name);
	appendStringInfoChar(&list, '.');
	return list.data;
}

static bool
take_field_key(ct_json_reader *json, const char *key)
{
	fields_reader *reader = (fields_reader *) json;
	const ct_fields *type = reader->type;
	int			i = 0;

	while (i < type->count && strcmp(key, type->field[i].name) != 0)
		i++;
	if (i == type->count)
		return ct_json_refuse_key(json, "is not known", list_keys(type));
	if (reader->seen & UINT64CONST(1) << i)
		return ct_json_refuse_key(json, "is there twice", NULL);
	reader->seen |= UINT64CONST(1) << i;
	reader->field = &type->field[i];
	json->token_type = ct_field_is_string(reader->field->kind) ?
		JSON_TOKEN_STRING : JSON_TOKEN_NUMBER;
	json->form = ct_field_form(reader->field->kind);
	return true;
}

static bool
take_field_value(ct_json_reader *json, const char *value)
{
	fields_reader *reader = (fields_reader *) json;
	const ct_field *field = reader->field;

	((ct_fields_header *) reader->digest)->flags |= field->flag;
	return ct_field_read(field->kind, value,
						 (char *) reader->digest + field->offset);
}

/* Are all keys there that have to be?  Those of one flag come together. */
static bool
check_fields_seen(fields_reader *reader)
{
	const ct_fields *type = reader->type;

	for (int i = 0; i < type->count; i++)
		if (ct_field_present(&type->field[i], reader->digest) &&
			!(reader->seen & UINT64CONST(1) << i))
		{
			ct_fail(&reader->json.error, CT_BAD_SYNTAX, -1,
					"The key \"%s\" is missing.", type->field[i].name);
			return ct_fail_hint(&reader->json.error, "%s", list_keys(type));
		}
	return true;
}

Datum
ct_digest_in(const ct_fields *type, FunctionCallInfo fcinfo)
{
	fields_reader reader = {
		.json.type = type->type,
		.json.text = PG_GETARG_CSTRING(0),
		.json.escontext = CT_ESCONTEXT(fcinfo),
		.json.key = take_field_key,
		.json.value = take_field_value,
		.type = type,
		.digest = palloc(type->size)
	};

	ct_fields_begin(type, reader.digest);
	if (!ct_json_read(&reader.json))
		PG_RETURN_NULL();
	if (!check_fields_seen(&reader) ||
		!type->check(reader.digest, &reader.json.error))
	{
		(void) ct_json_refuse(&reader.json);
		PG_RETURN_NULL();
	}
	SET_VARSIZE(reader.digest, type->size);
	PG_RETURN_POINTER(reader.digest);
}

Datum
ct_digest_out(const ct_fields *type, FunctionCallInfo fcinfo)
{
	const void *digest = ct_getarg_digest(fcinfo, 0, type);
	const char *separator = "{";
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < type->count; i++)
	{
		const ct_field *field = &type->field[i];
		const char *quote = ct_field_is_string(field->kind) ? "\"" : "";
		char		value[CT_FIELD_TEXT_SIZE];

		if (!ct_field_present(field, digest))
			continue;
		ct_field_write(field->kind, (const char *) digest + field->offset,
					   value);
		appendStringInfo(&text, "%s\"%s\": %s%s%s", separator, field->name,
						 quote, value, quote);
		separator = ", ";
	}
	appendStringInfoChar(&text, '}');
	PG_RETURN_CSTRING(text.data);
}
