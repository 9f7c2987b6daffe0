/*
 * payment_digest_fuzz.c
 *		Any input as the text and the network form of a payment digest.
 */
#include "core/payment_digest.h"
#include "fields_fuzz.h"

const char *const fuzz_seeds[] = {
	"{as_of: 2024-06-30, billed: 209.5, paid: 150, overdue: 25, "
	"on_time: 2, on_time_amount: 125, late_30: 1, late_30_amount: 25, "
	"late_60: 1, late_60_amount: 50, late_90: 0, late_90_amount: 0, "
	"over_90: 0, over_90_amount: 0, not_due: 1, not_due_amount: 10, "
	"excused: 1, amount_days: 2975, max_days_late: 45}",
	"{as_of: -4713-11-24, billed: -1, paid: 0, overdue: 0, on_time: 0, "
	"on_time_amount: 0, late_30: 0, late_30_amount: 0, late_60: 0, "
	"late_60_amount: 0, late_90: 0, late_90_amount: 0, over_90: 0, "
	"over_90_amount: 0, not_due: 0, not_due_amount: 0, excused: 0, "
	"amount_days: 0, max_days_late: 0}",
	"x01000000000022f30000000000000000000000000000000000000004e0b7a1800"
	"0000000000000000000000000000000000000037e11d6000000000000000000000"
	"0000000000000000000009502f9000000000000000002000000000000000000000"
	"0000000000000000002e90edd00000000000000000100000000000000000000000"
	"000000000000000009502f90000000000000000010000000000000000000000000"
	"0000000000000012a05f2000000000000000000000000000000000000000000000"
	"000000000000000000000000000000000000000000000000000000000000000000"
	"000000000000000000000000000000000010000000000000000000000000000000"
	"0000000003b9aca000000000000000001000000000000000000000000000000000"
	"00000454461bf000000002d",
	NULL
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_fields(&ct_payment_fields, data, size);
	return 0;
}
