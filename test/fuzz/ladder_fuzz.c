/*
 * ladder_fuzz.c
 *		Any text is refused with a position inside it, or is a ladder whose
 *		canonical text is read back to the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/ladder_parse.h"
#include "fuzz.h"

const char *const fuzz_seeds[] = {
	"diamond >= 500, platinum >= 300.5, gold > 2e2, member",
	"A top 1%, B top 5%, C top 20%, D",
	"a top 10, b top 200",
	"key share 80%, mid share 95%, small",
	"platinum >= 1400 keep >= 1200, gold > 700 keep > 6e2, bronze",
	"A top 10% keep top 12%, B share 5% keep share 6%",
	"p: v >= 8 and s < 3 keep v >= 7 or s < 4, g: w > 1 keep top 5%, b",
	"p: value >= 80 and \"Score\" >= 60 or orders top 5, g: v share 9%, b",
	"\xE9\x87\x8D\xE8\xA6\x81 \xE2\x89\xA5 5\xEF\xBC\x8C\"x \"\"y\"\"\"",
	"a >= -.5e-300, b >= -1e300",
	"\xE9\x92\xBB\xE3\x80\x80>= 5,\xC2\xA0\"b\xE2\x80\x8A\" >= 1",
	NULL
};

static ct_ladder *
build(const char *text, int length)
{
	static ct_ladder_draft draft;
	ct_ladder  *ladder;
	ct_error	error;

	if (!ct_ladder_parse(text, length, true, &draft, &error))
	{
		if (error.position < 0 || error.position > length ||
			error.detail[0] == '\0')
			abort();
		return NULL;
	}
	ladder = calloc(1, ct_ladder_size(&draft));
	ct_ladder_build(&draft, ladder);
	if (ladder->size != ct_ladder_size(&draft))
		abort();
	if (ct_ladder_check(ladder, &draft, &error))
		return ladder;
	free(ladder);
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ct_ladder  *ladder = build((const char *) data, (int) size);
	ct_ladder  *again;
	char	   *out;

	if (ladder == NULL)
		return 0;
	out = malloc(ct_ladder_text_size(ladder));
	size = ct_ladder_text(ladder, out);
	again = build(out, (int) size);
	if (again == NULL || again->size != ladder->size ||
		memcmp(again, ladder, ladder->size) != 0)
		abort();
	if (!ladder->relative && ladder->form == CT_LADDER_BOUNDS)
		for (int i = 0; i < ladder->nconditions; i++)
		{
			ct_decimal	d = ct_condition_number(ladder,
												&ct_ladder_conditions(ladder)[i]);
			int			rung = ct_ladder_place_decimal(ladder, &d);

			/* what meets a rung's bound is placed there or higher */
			if (ct_ladder_conditions(ladder)[i].op == CT_OP_GE &&
				(rung < 0 || rung > i))
				abort();
		}
	free(out);
	free(again);
	free(ladder);
	return 0;
}
