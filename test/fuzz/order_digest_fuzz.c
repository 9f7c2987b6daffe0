/*
 * order_digest_fuzz.c
 *		Any input as the text and the network form of an order digest.
 */
#include "core/order_digest.h"
#include "fields_fuzz.h"

const char *const fuzz_seeds[] = {
	"{orders: 2, refunds: 1, gross: 150.5, refunded: 30, profit: 14, "
	"quantity: 3, largest: 100.5, first_amount: 100.5, first_at: "
	"2024-01-01T00:00:00Z, last_at: 2024-01-11T12:00:00Z, moment: "
	"91229587200}",
	"{orders: 0, refunds: 1, gross: 0, refunded: 0.00000001, moment: "
	"-7.573824}",
	"{orders: 1, refunds: 0, gross: 1, refunded: 0, largest: 1, "
	"first_amount: 1, first_at: -4713-11-24T00:00:00.000001Z, last_at: "
	"-4713-11-24T00:00:00.000001Z, moment: -211813488000}",
	" { orders:1099511627776 ,refunds: 0, gross: "
	"0.0,refunded:0,largest:0,first_amount:0, first_at: "
	"2000-01-01T00:00:00Z, last_at: 2000-01-02T00:00:00Z, moment: 0 }",
	"x01070000000000000000000200000000000000010000000000000000000000000"
	"000000000000003810cc6800000000000000000000000000000000000000000b2d"
	"05e00000000000000000000000000000000000000000053724e000000000000000"
	"00000000000000000000000000011e1a3000000000000000000000000025706d48"
	"00000000000000000000000025706d4800002b0d5d4e940000002b1a90e3eb0000"
	"00000000000000000000000000000007e9b429ece270000",
	NULL
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_fields(&ct_order_fields, data, size);
	return 0;
}
