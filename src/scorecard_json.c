/*
 * scorecard_json.c
 *		Casts between tier_scorecard and jsonb.
 *
 * In jsonb a scorecard is an array with one object per criterion:
 *
 *	{"criterion": "revenue", "weight": 35, "scale": "log",
 *	 "lo": 1000, "hi": 1000000, "desc": true, "missing": "zero"}
 *
 * The keys of a scale's arguments are lo and hi (linear, log), mid and slope
 * (logistic), bins (bins), cuts with an array of numbers (cuts), points with
 * an array of [x, score] pairs (steps, curve).  desc and missing may be left
 * out.  From jsonb a text is composed, so that there is one validator.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"

#include "common/shortest_dec.h"
#include "scorecard.h"

/* The most keys that one criterion has. */
#define MAX_KEYS 7

/* The keys of a scale's arguments. */
typedef struct scale_keys
{
	ct_scale	scale;
	const char *first;
	const char *second;
	const char *list;			/* of numbers or pairs */
} scale_keys;

static const scale_keys scales[] = {
	{CT_SCALE_LINEAR, "lo", "hi", NULL},
	{CT_SCALE_LOG, "lo", "hi", NULL},
	{CT_SCALE_STEPS, NULL, NULL, "points"},
	{CT_SCALE_CUTS, NULL, NULL, "cuts"},
	{CT_SCALE_CURVE, NULL, NULL, "points"},
	{CT_SCALE_LOGISTIC, "mid", "slope", NULL},
	{CT_SCALE_MINMAX, NULL, NULL, NULL},
	{CT_SCALE_ZSCORE, NULL, NULL, NULL},
	{CT_SCALE_PERCENTILE, NULL, NULL, NULL},
	{CT_SCALE_BINS, "bins", NULL, NULL}
};

static void
put_number(StringInfo out, double value)
{
	char		number[CT_SHORTEST_SIZE];

	double_to_shortest_decimal_buf(value, number);
	appendStringInfoString(out, number);
}

/* , "key": value; nothing without a key */
static void
put_member(StringInfo out, const char *key, double value)
{
	if (key == NULL)
		return;
	appendStringInfo(out, ", \"%s\": ", key);
	put_number(out, value);
}

static void
put_list(StringInfo out, const char *key, const ct_point *points, int npoints,
		 bool scored)
{
	appendStringInfo(out, ", \"%s\": [", key);
	for (int i = 0; i < npoints; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		if (scored)
			appendStringInfoChar(out, '[');
		put_number(out, points[i].x);
		if (scored)
		{
			appendStringInfoString(out, ", ");
			put_number(out, points[i].score);
			appendStringInfoChar(out, ']');
		}
	}
	appendStringInfoChar(out, ']');
}

static void
put_criterion(StringInfo out, const ct_scorecard *card, const ct_criterion *c)
{
	const scale_keys *keys = &scales[c->scale - 1];
	char		missing[CT_SHORTEST_SIZE];

	Assert(keys->scale == c->scale);
	appendStringInfoString(out, "{\"criterion\": ");
	escape_json(out, ct_criterion_metric(card, c));
	put_member(out, "weight", c->weight);
	appendStringInfo(out, ", \"scale\": \"%s\"", ct_scale_name(c->scale));
	put_member(out, keys->first, c->first);
	put_member(out, keys->second, c->second);
	if (keys->list)
		put_list(out, keys->list, ct_criterion_points(card, c), c->npoints,
				 c->scale != CT_SCALE_CUTS);
	if (c->descending)
		appendStringInfoString(out, ", \"desc\": true");
	if (!c->skipped)
	{
		ct_criterion_missing_text(c, missing);
		appendStringInfo(out, c->missing == 0 ? ", \"missing\": \"%s\"" :
						 ", \"missing\": %s", missing);
	}
	appendStringInfoChar(out, '}');
}

PG_FUNCTION_INFO_V1(ct_scorecard_to_jsonb);
Datum
ct_scorecard_to_jsonb(PG_FUNCTION_ARGS)
{
	const ct_scorecard *card = CT_GETARG_SCORECARD(0);
	const ct_criterion *c = ct_scorecard_criteria(card);
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < card->ncriteria; i++)
	{
		appendStringInfoString(&out, i == 0 ? "[" : ", ");
		put_criterion(&out, card, &c[i]);
	}
	appendStringInfoChar(&out, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* One criterion's object, and what has been read of it. */
typedef struct json_criterion
{
	JsonbContainer *object;
	int			position;		/* from 1 */
	const char *keys[MAX_KEYS]; /* those that have a meaning */
	int			nkeys;
} json_criterion;

pg_noreturn static void fail(const json_criterion *c, const char *detail);

/* 22P02 */
static void
fail(const json_criterion *c, const char *detail)
{
	if (c != NULL)
		detail = psprintf("Element %d: %s", c->position, detail);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("jsonb value is not a scorecard"),
			 errdetail("%s", detail),
			 errhint("A scorecard is an array of objects such as {\"criterion\": \"revenue\", \"weight\": 35, \"scale\": \"linear\", \"lo\": 0, \"hi\": 1000}.")));
}

/* The value of a key; NULL when there is none. */
static JsonbValue *
member(json_criterion *c, const char *key)
{
	Assert(c->nkeys < MAX_KEYS);
	c->keys[c->nkeys++] = key;
	return getKeyJsonValueFromContainer(c->object, key, strlen(key), NULL);
}

static JsonbValue *
required(json_criterion *c, const char *key, enum jbvType type,
		 const char *what)
{
	JsonbValue *value = member(c, key);

	if (value == NULL || value->type != type)
		fail(c, psprintf("The key \"%s\" must have %s.", key, what));
	return value;
}

static void
compose_number(StringInfo out, const JsonbValue *number)
{
	Datum		value = NumericGetDatum(number->val.numeric);

	appendStringInfoString(out,
						   DatumGetCString(DirectFunctionCall1(numeric_out,
															   value)));
}

/* [x, ...] or [[x, score], ...] */
static void
compose_list(StringInfo out, json_criterion *c, const scale_keys *keys)
{
	bool		scored = keys->scale != CT_SCALE_CUTS;
	const char *what = scored ? "an array of [x, score] pairs" :
	"an array of numbers";
	JsonbContainer *list = required(c, keys->list, jbvBinary,
									what)->val.binary.data;

	if (!JsonContainerIsArray(list))
		fail(c, psprintf("The key \"%s\" must have %s.", keys->list, what));
	for (uint32 i = 0; i < JsonContainerSize(list); i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(list, i);
		JsonbValue *score = NULL;

		if (scored && item->type == jbvBinary &&
			JsonContainerIsArray(item->val.binary.data) &&
			JsonContainerSize(item->val.binary.data) == 2)
		{
			score = getIthJsonbValueFromContainer(item->val.binary.data, 1);
			item = getIthJsonbValueFromContainer(item->val.binary.data, 0);
		}
		if (item->type != jbvNumeric ||
			(scored && (score == NULL || score->type != jbvNumeric)))
			fail(c, psprintf("The key \"%s\" must have %s.", keys->list,
							 what));
		if (i > 0)
			appendStringInfoString(out, ", ");
		compose_number(out, item);
		if (scored)
		{
			appendStringInfoString(out, ": ");
			compose_number(out, score);
		}
	}
}

static const scale_keys *
find_scale(json_criterion *c)
{
	JsonbValue *scale = required(c, "scale", jbvString, "a string");

	for (int i = 0; i < lengthof(scales); i++)
	{
		const char *name = ct_scale_name(scales[i].scale);

		if (strlen(name) == scale->val.string.len &&
			memcmp(name, scale->val.string.val, strlen(name)) == 0)
			return &scales[i];
	}
	fail(c, psprintf("There is no scale \"%.*s\".", scale->val.string.len,
					 scale->val.string.val));
}

static void
compose_scale(StringInfo out, json_criterion *c)
{
	const scale_keys *keys = find_scale(c);

	appendStringInfo(out, " %s", ct_scale_name(keys->scale));
	if (keys->first == NULL && keys->list == NULL)
		return;
	appendStringInfoChar(out, '(');
	if (keys->first)
		compose_number(out, required(c, keys->first, jbvNumeric, "a number"));
	if (keys->second)
	{
		appendStringInfoString(out, ", ");
		compose_number(out,
					   required(c, keys->second, jbvNumeric, "a number"));
	}
	if (keys->list)
		compose_list(out, c, keys);
	appendStringInfoChar(out, ')');
}

static bool
is_string(const JsonbValue *value, const char *text)
{
	return value->type == jbvString &&
		value->val.string.len == strlen(text) &&
		memcmp(value->val.string.val, text, strlen(text)) == 0;
}

static void
compose_options(StringInfo out, json_criterion *c)
{
	JsonbValue *desc = member(c, "desc");
	JsonbValue *missing = member(c, "missing");

	if (desc != NULL && desc->type != jbvBool)
		fail(c, "The key \"desc\" must have true or false.");
	if (desc != NULL && desc->val.boolean)
		appendStringInfoString(out, " desc");
	if (missing == NULL || is_string(missing, "skip"))
		return;
	appendStringInfoString(out, " missing ");
	if (is_string(missing, "zero"))
		appendStringInfoString(out, "zero");
	else if (missing->type == jbvNumeric)
		compose_number(out, missing);
	else
		fail(c, "The key \"missing\" must have \"skip\", \"zero\" or a score.");
}

/* Fails for a key that nothing has asked for. */
static void
refuse_other_keys(const json_criterion *c)
{
	JsonbIterator *iterator = JsonbIteratorInit(c->object);
	JsonbValue	item;
	JsonbIteratorToken token;

	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		int			i = 0;

		if (token != WJB_KEY)
			continue;
		while (i < c->nkeys && !is_string(&item, c->keys[i]))
			i++;
		if (i == c->nkeys)
			fail(c, psprintf("The key \"%.*s\" has no meaning here.",
							 item.val.string.len, item.val.string.val));
	}
}

static void
compose_criterion(StringInfo out, json_criterion *c)
{
	JsonbValue *metric = required(c, "criterion", jbvString, "a string");

	appendStringInfoChar(out, '"');
	for (int i = 0; i < metric->val.string.len; i++)
	{
		if (metric->val.string.val[i] == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, metric->val.string.val[i]);
	}
	appendStringInfoString(out, "\" ");
	compose_number(out, required(c, "weight", jbvNumeric, "a number"));
	compose_scale(out, c);
	compose_options(out, c);
	refuse_other_keys(c);
}

PG_FUNCTION_INFO_V1(ct_scorecard_from_jsonb);
Datum
ct_scorecard_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *json = PG_GETARG_JSONB_P(0);
	StringInfoData out;

	if (!JB_ROOT_IS_ARRAY(json) || JB_ROOT_IS_SCALAR(json) ||
		JB_ROOT_COUNT(json) == 0)
		fail(NULL, "Expected an array with one object per criterion.");
	initStringInfo(&out);
	for (uint32 i = 0; i < JB_ROOT_COUNT(json); i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(&json->root, i);
		json_criterion c = {NULL, i + 1};

		if (item->type != jbvBinary ||
			!JsonContainerIsObject(item->val.binary.data))
			fail(&c, "Expected an object.");
		c.object = item->val.binary.data;
		if (i > 0)
			appendStringInfoString(&out, ", ");
		compose_criterion(&out, &c);
	}
	PG_RETURN_POINTER(ct_scorecard_from_text(out.data, NULL));
}
