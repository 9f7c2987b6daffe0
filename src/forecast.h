/*
 * forecast.h
 *		What the type tier_forecast shares with the aggregates that fit it.
 *
 * A tier_forecast datum is a ct_forecast (see core/forecast.h) whose host word
 * is the varlena length.
 */
#ifndef CT_FORECAST_FACE_H
#define CT_FORECAST_FACE_H

#include "utils/timestamp.h"

#include "core/forecast.h"
#include "customer_tier.h"

/*
 * The history in argument n, an order_digest, up to as_of; false without
 * orders.  22023 when there is an order after as_of.
 */
extern bool ct_getarg_history(FunctionCallInfo fcinfo, int n, TimestampTz as_of,
							  ct_history *history);

#endif							/* CT_FORECAST_FACE_H */
