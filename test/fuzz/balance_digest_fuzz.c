/*
 * balance_digest_fuzz.c
 *		Any input as balances to be gathered, and as a balance digest.
 *
 * What is gathered makes a valid digest, or two balances exclude each other.
 * A digest that is accepted gathers back to itself.
 */
#include <stdlib.h>
#include <string.h>

#include "core/balance_gather.h"
#include "core/host.h"
#include "arena.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

/* Bytes of one balance in the input: length of a name, day, balance. */
#define ROW 3

const char *const fuzz_seeds[] = {
	"012", "zzz111zzz222", "3a13b13a23b2Aa1Ab2", "1a11b21a11b31c4",
	"9\xC3\xA4 9\xC3\xA5 2\xC3\xA4 ", "000999000111", "abcabc", NULL
};

/* A digest of a finished set, in memory of just its size. */
static unsigned char *
flatten(ct_balances *set, size_t *size)
{
	unsigned char *flat;

	*size = ct_balances_flat_size(set);
	flat = ct_host_resize(set->context, NULL, *size);
	ct_balances_flatten(set, flat);
	return flat;
}

/* An accepted digest gathers back, and figures can be had of it. */
static void
check_valid(const ct_balance_view *view, size_t size, arena_block *arena)
{
	ct_balances set = {.context = arena};
	ct_wide		sum;
	unsigned char *flat;
	size_t		flat_size;
	ct_error	error;

	ct_balances_add_view(&set, view);
	REQUIRE(ct_balances_finish(&set, true, &error));
	flat = flatten(&set, &flat_size);
	REQUIRE(flat_size == size && memcmp(flat, view->flat, size) == 0);
	ct_balance_at(view, 0, &sum);
	ct_balance_average(view, CT_DATE_FIRST, CT_DATE_END - 1, &sum);
}

/* Any bytes, in memory of just their size. */
static void
check_form(const uint8_t *data, size_t size, arena_block *arena)
{
	unsigned char *flat = ct_host_resize(arena, NULL, size + 1);
	ct_balance_view view;
	ct_error	error;

	/* at the end, so that reading beyond it is seen */
	memcpy(flat + 1, data, size);
	if (ct_balance_open(&view, flat + 1, size, &error) &&
		ct_balance_check(&view, &error))
		check_valid(&view, size, arena);
	else
		REQUIRE(error.code == CT_BAD_BINARY && error.detail[0] != '\0');
}

/* Each name is what stands before its row; a length beyond that is none. */
static void
gather(ct_balances *set, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + ROW <= size; i += ROW)
	{
		uint32_t	length = data[i] % 16;
		uint32_t	account = length > i ?
			ct_balances_account(set, NULL, CT_BALANCE_UNNAMED) :
			ct_balances_account(set, (const char *) data + i - length, length);

		ct_balances_add(set, account, data[i + 1] % 8, data[i + 2] % 4);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_block arena;
	ct_balances set = {.context = &arena};
	ct_balance_view view;
	ct_error	error;

	arena_init(&arena);
	gather(&set, data, size);
	if (set.points == 0)
		;
	else if (ct_balances_finish(&set, false, &error))
	{
		size_t		flat_size;
		unsigned char *flat = flatten(&set, &flat_size);

		REQUIRE(ct_balance_open(&view, flat, flat_size, &error));
		REQUIRE(ct_balance_check(&view, &error));
		check_valid(&view, flat_size, &arena);
		/* one bit of a valid form changed, which one depending on the input */
		flat[data[size / 2] % flat_size] ^= (uint8_t) (1 << size % 8);
		check_form(flat, flat_size, &arena);
	}
	else
		REQUIRE(error.code == CT_CONFLICT && error.detail[0] != '\0');
	check_form(data, size, &arena);
	arena_free(&arena);
	return 0;
}
