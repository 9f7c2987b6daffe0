/*
 * balance_digest_fuzz.c
 *		Any input as the text and as the flat form of a balance digest.
 *
 * Text that is read makes a valid form, whose text reads back to it; so does
 * a form that is accepted.
 */
#include <stdlib.h>
#include <string.h>

#include "core/balance_digest.h"
#include "arena.h"
#include "fuzz.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

const char *const fuzz_seeds[] = {
	"{2024-01-01: 1}",
	"{2023-12-31: 1, \"a\": {2024-01-01: 2.5, 2024-01-03: -4}, "
	"\"b\": {2024-01-01: 0}}",
	"{\"a\"\"\": {-4713-11-24: -10000000000000000000000}, \"\": "
	"{5874897-12-31: 0.00000001}, \"a\"\"\" : { 2000-01-01 : 1.50 }, "
	"2000-01-01: 7, 2000-01-01: 7}",
	"{\"x\": {2024-01-01: 1}, \"x\": {2024-01-01: 2}}",
	NULL
};

static void
init(ct_balances *set, arena_block *arena)
{
	memset(set, 0, sizeof(*set));
	set->resize = arena_resize;
	set->context = arena;
}

/* A form of a finished set, in memory of just its size. */
static unsigned char *
flatten(ct_balances *set, size_t *size)
{
	unsigned char *flat;
	ct_error	error;

	REQUIRE(ct_balances_finish(set, &error));
	*size = ct_balances_flat_size(set);
	flat = arena_resize(set->context, NULL, *size);
	ct_balances_flatten(set, flat);
	return flat;
}

/* An accepted form survives its text and figures can be had of it. */
static void
check_valid(const ct_balance_view *view, size_t size, arena_block *arena)
{
	size_t		room = ct_balance_text_size(view);
	char	   *text = arena_resize(arena, NULL, room);
	size_t		length = ct_balance_write(view, text);
	ct_balances set;
	ct_wide		sum;
	unsigned char *flat;
	size_t		flat_size;
	ct_error	error;

	REQUIRE(length < room && text[length] == '\0');
	init(&set, arena);
	REQUIRE(ct_balance_read(&set, text, (int) length, &error));
	flat = flatten(&set, &flat_size);
	REQUIRE(flat_size == size && memcmp(flat, view->flat, size) == 0);
	ct_balance_at(view, 0, &sum);
	ct_balance_average(view, CT_DATE_FIRST, CT_DATE_END - 1, &sum);
}

/* Any bytes, in memory of just their size. */
static void
check_form(const uint8_t *data, size_t size, arena_block *arena)
{
	unsigned char *flat = arena_resize(arena, NULL, size + 1);
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_block arena;
	ct_balances set;
	ct_balance_view view;
	ct_error	error;

	arena_init(&arena);
	init(&set, &arena);
	if (ct_balance_read(&set, (const char *) data, (int) size, &error))
	{
		size_t		flat_size;
		unsigned char *flat = flatten(&set, &flat_size);

		REQUIRE(ct_balance_open(&view, flat, flat_size, &error));
		REQUIRE(ct_balance_check(&view, &error));
		check_valid(&view, flat_size, &arena);
		/* one bit of a valid form changed, which one depending on the text */
		flat[data[size / 2] % flat_size] ^= (uint8_t) (1 << size % 8);
		check_form(flat, flat_size, &arena);
	}
	else
		REQUIRE(error.code == CT_BAD_SYNTAX && error.detail[0] != '\0' &&
				error.position <= (int) size);
	check_form(data, size, &arena);
	arena_free(&arena);
	return 0;
}
