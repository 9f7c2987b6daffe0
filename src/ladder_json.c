/*
 * ladder_json.c
 *		Ladders to and from jsonb: an array with one object for each rung,
 *		{"tier": label, "condition": text}, no condition for the floor.
 *
 * From jsonb a text is composed and read by the one parser that there is.
 * What it makes of it must have the rungs of the array, so that no label and
 * no condition can smuggle another rung in.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "ladder.h"

#define TIER "tier"
#define CONDITION "condition"

static void
push_string(JsonbParseState **state, JsonbIteratorToken token,
			const char *text)
{
	JsonbValue	v;

	v.type = jbvString;
	v.val.string.val = pstrdup(text);
	v.val.string.len = strlen(text);
	pushJsonbValue(state, token, &v);
}

PG_FUNCTION_INFO_V1(ct_ladder_to_jsonb);
Datum
ct_ladder_to_jsonb(PG_FUNCTION_ARGS)
{
	const ct_ladder *ladder = CT_GETARG_LADDER(0);
	char	   *condition = palloc(ct_ladder_text_size(ladder));
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < ladder->nrungs; i++)
	{
		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		push_string(&state, WJB_KEY, TIER);
		push_string(&state, WJB_VALUE, ct_ladder_label(ladder, i));
		if (!ct_rung_is_floor(ladder, i))
		{
			ct_ladder_condition_text(ladder, i, condition);
			push_string(&state, WJB_KEY, CONDITION);
			push_string(&state, WJB_VALUE, condition);
		}
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY,
													   NULL)));
}

static void
wrong_shape(int element, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("jsonb value is not a ladder"),
			 element > 0 ? errdetail("Element %d: %s", element, detail) :
			 errdetail("%s", detail),
			 errhint("A ladder is an array of objects, top rung first: [{\"tier\": \"gold\", \"condition\": \">= 500\"}, {\"tier\": \"member\"}].")));
}

/* The string under a key, palloc'd; NULL when there is none. */
static char *
get_string(JsonbContainer *object, const char *key, int element)
{
	JsonbValue	buffer;
	JsonbValue *v = getKeyJsonValueFromContainer(object, key, strlen(key),
												 &buffer);

	if (v == NULL)
		return NULL;
	if (v->type != jbvString)
		wrong_shape(element, psprintf("\"%s\" must be a string.", key));
	return pnstrdup(v->val.string.val, v->val.string.len);
}

/* Does the condition begin as one on one figure does? */
static bool
is_short(const char *condition)
{
	ct_lexer	lexer;
	ct_error	error;

	return ct_lexer_start(&lexer, condition, strlen(condition), ct_utf8(),
						  &error) &&
		(lexer.token.kind == CT_TOKEN_GE || lexer.token.kind == CT_TOKEN_GT ||
		 ct_lexer_is_word(&lexer, "top") ||
		 ct_lexer_is_word(&lexer, "share"));
}

/* Appends one rung as text. */
static void
append_rung(StringInfo text, JsonbValue *v, int element, List **labels)
{
	char		quoted[CT_QUOTED_NAME_SIZE + 1];
	char	   *label;
	char	   *condition;

	if (v->type != jbvBinary || !JsonContainerIsObject(v->val.binary.data))
		wrong_shape(element, "it is not an object.");
	label = get_string(v->val.binary.data, TIER, element);
	condition = get_string(v->val.binary.data, CONDITION, element);
	if (label == NULL)
		wrong_shape(element, "it has no \"tier\".");
	if (JsonContainerSize(v->val.binary.data) > (condition ? 2 : 1))
		wrong_shape(element,
					"it has another key than \"tier\" and \"condition\".");
	if (label[0] == '\0' || strlen(label) >= CT_NAME_SIZE)
		wrong_shape(element,
					psprintf("a label has 1 to %d bytes.", CT_NAME_SIZE - 1));
	quoted[ct_write_name(label, strlen(label), false, ct_ladder_reserved,
						 quoted)] = '\0';
	appendStringInfo(text, "%s%s", element > 1 ? ", " : "", quoted);
	if (condition != NULL)
		appendStringInfo(text, "%s %s", is_short(condition) ? "" : ":",
						 condition);
	*labels = lappend(*labels, label);
}

PG_FUNCTION_INFO_V1(ct_ladder_from_jsonb);
Datum
ct_ladder_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *json = PG_GETARG_JSONB_P(0);
	StringInfoData text;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	v;
	List	   *labels = NIL;
	ct_ladder  *ladder;
	int			n = 0;

	if (!JB_ROOT_IS_ARRAY(json) || JB_ROOT_IS_SCALAR(json))
		wrong_shape(0, "It is not an array.");
	initStringInfo(&text);
	it = JsonbIteratorInit(&json->root);
	JsonbIteratorNext(&it, &v, true);
	while ((token = JsonbIteratorNext(&it, &v, true)) == WJB_ELEM)
		append_rung(&text, &v, ++n, &labels);
	if (n == 0)
		wrong_shape(0, "The array is empty.");
	ladder = ct_ladder_from_text(text.data, NULL);
	for (int i = 0; i < n; i++)
		if (ladder->nrungs != n ||
			strcmp(ct_ladder_label(ladder, i), list_nth(labels, i)) != 0)
			wrong_shape(i + 1, "its condition is not the condition of one rung.");
	PG_RETURN_POINTER(ladder);
}
