/*
 * memo.c
 *		What a call site remembers of an argument; see memo.h.
 */
#include "postgres.h"

#include "nodes/primnodes.h"
#include "utils/memutils.h"

#include "customer_tier.h"
#include "memo.h"

/* Is this the value that the memo was made of, as far as its bytes tell? */
static inline bool
memo_is_for(const ct_memo *memo, const struct varlena *value)
{
	const struct varlena *known = memo->stored ? memo->stored : memo->value;

	/* external ones are pointers, with a length of their own */
	return VARSIZE_ANY(value) == VARSIZE_ANY(known) &&
		memcmp(value, known, VARSIZE_ANY(known)) == 0;
}

/*
 * Takes up a value.  What is neither in the row nor on disk, as an expanded
 * value, is compared by its contents alone.
 */
static void
memo_remember(ct_memo *memo, struct varlena *value)
{
	Size		size = VARSIZE_ANY(value);

	memo->stored = NULL;
	if (VARATT_IS_EXTENDED(value) &&
		(!VARATT_IS_EXTERNAL(value) || VARATT_IS_EXTERNAL_ONDISK(value)))
		memo->stored = memcpy(palloc(size), value, size);
	memo->value = pg_detoast_datum_copy(value);
}

void *
ct_memo_recall(void **slot, MemoryContext parent, Datum value, Size size,
			   ct_memo_maker make)
{
	ct_memo    *memo = *slot;
	struct varlena *given = (struct varlena *) DatumGetPointer(value);
	MemoryContext old;

	if (unlikely(VARATT_IS_EXTERNAL(given) &&
				 !VARATT_IS_EXTERNAL_ONDISK(given)))
		given = pg_detoast_datum(given);
	if (likely(memo != NULL && memo->ready && memo_is_for(memo, given)))
		return memo;

	if (memo == NULL)
	{
		memo = MemoryContextAllocZero(parent, size);
		memo->context = AllocSetContextCreate(parent, "customer_tier memo",
											  ALLOCSET_SMALL_SIZES);
		*slot = memo;
	}
	memo->ready = false;
	MemoryContextReset(memo->context);
	old = MemoryContextSwitchTo(memo->context);
	memo_remember(memo, given);
	if (make != NULL)
		make(memo);
	MemoryContextSwitchTo(old);
	memo->ready = true;
	return memo;
}

/*
 * Is argument n of this call a constant?  A parameter is none here: plpgsql
 * keeps one state of an expression for many executions with other values.
 */
static bool
is_constant_argument(FunctionCallInfo fcinfo, int n)
{
	Node	   *call = fcinfo->flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		n < list_length(((FuncExpr *) call)->args) &&
		IsA(list_nth(((FuncExpr *) call)->args, n), Const);
}

void *
ct_memo_argument(FunctionCallInfo fcinfo, int n, Size size, ct_memo_maker make)
{
	ct_memo    *memo = fcinfo->flinfo->fn_extra;
	Datum		value = PG_GETARG_DATUM(n);

	if (likely(memo != NULL && memo->ready && memo->constant == value &&
			   value != (Datum) 0))
		return memo;
	memo = ct_memo_recall(&fcinfo->flinfo->fn_extra, fcinfo->flinfo->fn_mcxt,
						  value, size, make);
	if (memo->constant == (Datum) 0 && is_constant_argument(fcinfo, n))
		memo->constant = value;
	return memo;
}
