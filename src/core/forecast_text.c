/*
 * forecast_text.c
 *		Reading and writing fitted models:
 *
 *	forecast := ( 'bg' | 'mbg' ) '/' 'nbd' '(' 'r' n ',' 'alpha' n ',' 'a' n
 *					',' 'b' n ')' ','
 *				[ 'gamma-gamma' '(' 'p' n ',' 'q' n ',' 'v' n ')' ',' ]
 *				'per' 'week'
 *
 * Numbers are written as the shortest decimals that read back to them.
 */
#include <stdio.h>
#include <string.h>

#include "common/shortest_dec.h"

#include "core/forecast.h"
#include "core/lexer.h"

const char *const ct_forecast_models[] = {"bg/nbd", "mbg/nbd", NULL};

typedef struct parameter
{
	const char *name;
	size_t		offset;
	double		most;
} parameter;

#define ORDERS 4				/* the first ones: of the number of orders */
#define ALL 7

static const parameter parameters[ALL] = {
	{"r", offsetof(ct_forecast, r), CT_FORECAST_MOST},
	{"alpha", offsetof(ct_forecast, alpha), CT_FORECAST_MOST},
	{"a", offsetof(ct_forecast, a), CT_FORECAST_MOST},
	{"b", offsetof(ct_forecast, b), CT_FORECAST_MOST},
	{"p", offsetof(ct_forecast, p), CT_FORECAST_MOST},
	{"q", offsetof(ct_forecast, q), CT_FORECAST_MOST},
	{"v", offsetof(ct_forecast, v), CT_FORECAST_MOST_VALUE}
};

static double
value_of(const ct_forecast *forecast, int i)
{
	double		value;

	memcpy(&value, (const char *) forecast + parameters[i].offset, sizeof(double));
	return value;
}

/* Not for NaN. */
static bool
in_range(double value, int i)
{
	return value >= CT_FORECAST_LEAST && value <= parameters[i].most;
}

bool
ct_forecast_valid(const ct_forecast *forecast)
{
	if (forecast->version != CT_FORECAST_VERSION ||
		forecast->model > CT_MBG_NBD || forecast->has_value > 1 ||
		forecast->zero != 0)
		return false;
	for (int i = 0; i < ALL; i++)
		if (i < ORDERS || forecast->has_value ? !in_range(value_of(forecast, i), i) :
			value_of(forecast, i) != 0)
			return false;
	return true;
}

/* (r 0.243, alpha 4.414) */
static size_t
write_parameters(const ct_forecast *forecast, int first, int end, char *out)
{
	size_t		n = 0;

	for (int i = first; i < end; i++)
	{
		n += sprintf(out + n, "%s%s ", i == first ? "(" : ", ", parameters[i].name);
		n += double_to_shortest_decimal_buf(value_of(forecast, i), out + n);
	}
	return n + sprintf(out + n, "), ");
}

size_t
ct_forecast_text(const ct_forecast *forecast, char *buffer)
{
	size_t		n = sprintf(buffer, "%s", ct_forecast_models[forecast->model]);

	n += write_parameters(forecast, 0, ORDERS, buffer + n);
	if (forecast->has_value)
	{
		n += sprintf(buffer + n, "gamma-gamma");
		n += write_parameters(forecast, ORDERS, ALL, buffer + n);
	}
	return n + sprintf(buffer + n, "per week");
}

/* Goes past a word that must be there. */
static bool
take_word(ct_lexer *lexer, const char *word)
{
	char		expected[CT_NAME_SIZE + 2];

	if (ct_lexer_is_word(lexer, word))
		return ct_lexer_next(lexer);
	snprintf(expected, sizeof(expected), "\"%s\"", word);
	return ct_lexer_unexpected(lexer, expected);
}

static bool
parse_parameter(ct_lexer *lexer, int i, ct_forecast *forecast)
{
	int			position;
	double		value;

	if (!take_word(lexer, parameters[i].name))
		return false;
	position = lexer->token.start;
	if (!ct_lexer_double(lexer, "a number", &value))
		return false;
	if (!in_range(value, i))
		return ct_fail(lexer->error, CT_BAD_SYNTAX, position,
					   "%s must be from %g to %g.", parameters[i].name,
					   CT_FORECAST_LEAST, parameters[i].most);
	memcpy((char *) forecast + parameters[i].offset, &value, sizeof(double));
	return true;
}

/* Those of one model, in their order, and the comma behind it. */
static bool
parse_parameters(ct_lexer *lexer, int first, int end, ct_forecast *forecast)
{
	for (int i = first; i < end; i++)
	{
		if (i == first ? !ct_lexer_expect(lexer, CT_TOKEN_OPEN, "\"(\"") :
			!ct_lexer_expect(lexer, CT_TOKEN_COMMA, "\",\""))
			return false;
		if (!parse_parameter(lexer, i, forecast))
			return false;
	}
	return ct_lexer_expect(lexer, CT_TOKEN_CLOSE, "\")\"") &&
		ct_lexer_expect(lexer, CT_TOKEN_COMMA, "\",\"");
}

static bool
parse_model(ct_lexer *lexer, ct_forecast *forecast)
{
	if (ct_lexer_is_word(lexer, "mbg"))
		forecast->model = CT_MBG_NBD;
	else if (!ct_lexer_is_word(lexer, "bg"))
		return ct_lexer_unexpected(lexer, "\"bg/nbd\" or \"mbg/nbd\"");
	return ct_lexer_next(lexer) &&
		ct_lexer_expect(lexer, CT_TOKEN_SLASH, "\"/\"") &&
		take_word(lexer, "nbd");
}

static bool
parse(ct_lexer *lexer, ct_forecast *forecast)
{
	if (!parse_model(lexer, forecast) ||
		!parse_parameters(lexer, 0, ORDERS, forecast))
		return false;
	if (ct_lexer_is_word(lexer, "gamma-gamma"))
	{
		forecast->has_value = 1;
		if (!ct_lexer_next(lexer) ||
			!parse_parameters(lexer, ORDERS, ALL, forecast))
			return false;
	}
	if (!take_word(lexer, "per") || !take_word(lexer, "week"))
		return false;
	return lexer->token.kind == CT_TOKEN_END ||
		ct_lexer_unexpected(lexer, "the end");
}

bool
ct_forecast_parse(const char *text, int length, bool utf8, ct_forecast *forecast,
				  ct_error *error)
{
	ct_lexer	lexer;

	memset(forecast, 0, sizeof(ct_forecast));
	forecast->version = CT_FORECAST_VERSION;
	if (ct_lexer_start(&lexer, text, length, utf8, error) &&
		parse(&lexer, forecast))
		return true;
	if (error->hint[0] == '\0')
		ct_fail_hint(error, "Write a model as fit_forecast() returns it: bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v 15.44), per week.");
	return false;
}
