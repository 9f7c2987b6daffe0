/*
 * forecast.c
 *		The type tier_forecast, and what a model expects of a customer.
 */
#include "postgres.h"

#include "digest.h"
#include "forecast.h"

#define FORECAST_TYPE "tier_forecast"

StaticAssertDecl(sizeof(ct_forecast) == 64, "the stored form has no padding");

/* Room for a century of days, leap days among them. */
#define MOST_DAYS 36525
#define DAYS_OF_YEAR 365.25
#define DAYS_OF_WEEK 7

static const ct_forecast *
getarg_forecast(FunctionCallInfo fcinfo, int n)
{
	const ct_forecast *forecast = (const ct_forecast *) PG_GETARG_VARLENA_P(n);

	if (unlikely(VARSIZE(forecast) != sizeof(ct_forecast) ||
				 !ct_forecast_valid(forecast)))
		ct_report_stored(FORECAST_TYPE);
	return forecast;
}

/* Parses a text that is a forecast or raises 22P02 (softly: NULL). */
static ct_forecast *
forecast_from_text(const char *text, Node *escontext)
{
	ct_forecast *forecast = palloc(sizeof(ct_forecast));
	ct_error	error;

	if (!ct_forecast_parse(text, strlen(text), ct_utf8(), forecast, &error))
	{
		ct_report(&error, FORECAST_TYPE, text, escontext);
		return NULL;
	}
	SET_VARSIZE(forecast, sizeof(ct_forecast));
	return forecast;
}

/* The canonical text, palloc'd. */
static char *
forecast_text(const ct_forecast *forecast)
{
	char	   *text = palloc(CT_FORECAST_TEXT_SIZE);

	ct_forecast_text(forecast, text);
	return text;
}

PG_FUNCTION_INFO_V1(ct_forecast_in);
Datum
ct_forecast_in(PG_FUNCTION_ARGS)
{
	ct_forecast *forecast = forecast_from_text(PG_GETARG_CSTRING(0),
											   CT_ESCONTEXT(fcinfo));

	if (forecast == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(forecast);
}

PG_FUNCTION_INFO_V1(ct_forecast_out);
Datum
ct_forecast_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(forecast_text(getarg_forecast(fcinfo, 0)));
}

PG_FUNCTION_INFO_V1(ct_forecast_recv);
Datum
ct_forecast_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_POINTER(forecast_from_text(ct_receive_text(message, FORECAST_TYPE),
										 NULL));
}

PG_FUNCTION_INFO_V1(ct_forecast_send);
Datum
ct_forecast_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(ct_send_text(forecast_text(getarg_forecast(fcinfo, 0))));
}

static void
report_later_order(TimestampTz last_at, TimestampTz as_of)
{
	char		last_text[CT_ISODATE_SIZE];
	char		as_of_text[CT_ISODATE_SIZE];

	ct_time_write(last_at, last_text);
	ct_time_write(as_of, as_of_text);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a customer has an order after as_of"),
			 errdetail("The last order is at %s, as_of is %s.", last_text, as_of_text),
			 errhint("Digest orders up to as_of only, as in order_digest(amount, ordered_at) FILTER (WHERE ordered_at <= as_of), or give a later as_of.")));
}

bool
ct_getarg_history(FunctionCallInfo fcinfo, int n, TimestampTz as_of,
				  ct_history *history)
{
	const ct_order_digest *orders = ct_getarg_digest(fcinfo, n, &ct_order_fields);

	if (orders->orders > 0 && orders->last_at > as_of)
		report_later_order(orders->last_at, as_of);
	return ct_history_of_orders(orders, as_of, history);
}

/* Argument n, in weeks. */
static double
getarg_weeks(FunctionCallInfo fcinfo, int n)
{
	double		days = ct_checked_double(PG_GETARG_FLOAT8(n), "days");

	if (days < 0 || days > MOST_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("days must be from 0 to %d", MOST_DAYS),
				 errdetail("%g were given.", days)));
	return days / DAYS_OF_WEEK;
}

/* Argument n as what a unit of money loses in a week, continuously. */
static double
getarg_discount(FunctionCallInfo fcinfo, int n)
{
	double		yearly = ct_checked_double(PG_GETARG_FLOAT8(n), "yearly_discount");

	if (yearly < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("yearly_discount must not be negative"),
				 errdetail("%g was given.", yearly),
				 errhint("For 10 percent a year give 0.1.")));
	return log1p(yearly) / (DAYS_OF_YEAR / DAYS_OF_WEEK);
}

/* expected_orders(digest, forecast, as_of, days) */
PG_FUNCTION_INFO_V1(ct_expected_orders_sql);
Datum
ct_expected_orders_sql(PG_FUNCTION_ARGS)
{
	const ct_forecast *forecast = getarg_forecast(fcinfo, 1);
	TimestampTz as_of = ct_getarg_time(fcinfo, 2, "as_of");
	double		weeks = getarg_weeks(fcinfo, 3);
	ct_history	history;

	CT_RETURN_IF(ct_getarg_history(fcinfo, 0, as_of, &history),
				 Float8GetDatum(ct_expected_orders(forecast, &history, weeks, 0)));
}

/* probability_active(digest, forecast, as_of) */
PG_FUNCTION_INFO_V1(ct_probability_active_sql);
Datum
ct_probability_active_sql(PG_FUNCTION_ARGS)
{
	const ct_forecast *forecast = getarg_forecast(fcinfo, 1);
	TimestampTz as_of = ct_getarg_time(fcinfo, 2, "as_of");
	ct_history	history;

	CT_RETURN_IF(ct_getarg_history(fcinfo, 0, as_of, &history),
				 Float8GetDatum(ct_probability_active(forecast, &history)));
}

/* expected_order_value(digest, forecast): of any as_of */
PG_FUNCTION_INFO_V1(ct_expected_order_value_sql);
Datum
ct_expected_order_value_sql(PG_FUNCTION_ARGS)
{
	const ct_forecast *forecast = getarg_forecast(fcinfo, 1);
	ct_history	history;
	double		value;

	CT_RETURN_IF(ct_getarg_history(fcinfo, 0, DT_NOEND, &history) &&
				 ct_expected_order_value(forecast, &history, &value),
				 Float8GetDatum(value));
}

/* expected_revenue(digest, forecast, as_of, days [, yearly_discount]) */
PG_FUNCTION_INFO_V1(ct_expected_revenue_sql);
Datum
ct_expected_revenue_sql(PG_FUNCTION_ARGS)
{
	const ct_forecast *forecast = getarg_forecast(fcinfo, 1);
	TimestampTz as_of = ct_getarg_time(fcinfo, 2, "as_of");
	double		weeks = getarg_weeks(fcinfo, 3);
	double		discount = PG_NARGS() > 4 ? getarg_discount(fcinfo, 4) : 0;
	ct_history	history;
	double		value;

	CT_RETURN_IF(ct_getarg_history(fcinfo, 0, as_of, &history) &&
				 ct_expected_order_value(forecast, &history, &value),
				 Float8GetDatum(value * ct_expected_orders(forecast, &history, weeks,
														   discount)));
}
