/*
 * forecast_fuzz.c
 *		Any text is refused with a position inside it and a hint, or is a
 *		model whose canonical text is read back to the same bytes, and whose
 *		expectations are finite.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/forecast.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

const char *const fuzz_seeds[] = {
	"",
	"bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v 15.44), per week",
	"mbg/nbd(r 1e-9, alpha 1e9, a 1, b 1e9), per week",
	"BG / NBD\xEF\xBC\x88r 1\xEF\xBC\x8C alpha 1, a 1e9, b 1e-9), per\xE3\x80\x80week",
	"mbg/nbd(r 5, alpha 1e-9, a 1e-9, b 1e-9), gamma-gamma(p 1e-9, q 1e9, v 1e30), per week",
	NULL
};

static void
check_customer(const ct_forecast *forecast, const ct_history *history)
{
	double		active = ct_probability_active(forecast, history);
	double		orders = ct_expected_orders(forecast, history, 52, 0);
	double		discounted = ct_expected_orders(forecast, history, 52, 0.002);
	double		value;

	REQUIRE(active >= 0 && active <= 1);
	REQUIRE(orders >= 0 && isfinite(orders));
	REQUIRE(discounted >= 0 && discounted <= orders * (1 + 1e-6));
	REQUIRE(!ct_expected_order_value(forecast, history, &value) ||
			(value > 0 && isfinite(value)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const ct_history histories[] = {
		{0, 0, 0, 0},
		{0, 0, UINT64_C(3000000000000000), 0},
		{2, UINT64_C(18000000000000), UINT64_C(24000000000000), 100},
		{5000, UINT64_C(3000000000000000), UINT64_C(3150000000000000), 1e9}
	};

	/* memory of just the announced size */
	char	   *text = malloc(size);
	char		canonical[CT_FORECAST_TEXT_SIZE];
	ct_forecast forecast,
				again;
	ct_error	error;

	memcpy(text, data, size);
	if (ct_forecast_parse(text, (int) size, true, &forecast, &error))
	{
		size_t		length = ct_forecast_text(&forecast, canonical);

		REQUIRE(ct_forecast_valid(&forecast));
		REQUIRE(length < sizeof(canonical) && canonical[length] == '\0');
		REQUIRE(ct_forecast_parse(canonical, (int) length, false, &again, &error) &&
				memcmp(&forecast, &again, sizeof(forecast)) == 0);
		for (int i = 0; i < 4; i++)
			check_customer(&forecast, &histories[i]);
	}
	else
		REQUIRE(error.code == CT_BAD_SYNTAX && error.position >= 0 &&
				error.position <= (int) size && error.detail[0] != '\0' &&
				error.hint[0] != '\0');
	free(text);
	return 0;
}
