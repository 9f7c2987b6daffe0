/*
 * memo.c
 *		What a call site remembers of an argument; see memo.h.
 */
#include "postgres.h"

#include "access/toast_compression.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "nodes/primnodes.h"
#include "utils/memutils.h"

#include "customer_tier.h"
#include "memo.h"

void
ct_seal(void *value, uint8 digest[CT_DIGEST_BYTES])
{
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
	uint8		whole[PG_SHA256_DIGEST_LENGTH];

	if (hash == NULL || pg_cryptohash_init(hash) < 0 ||
		pg_cryptohash_update(hash, value, VARSIZE(value)) < 0 ||
		pg_cryptohash_final(hash, whole, sizeof(whole)) < 0)
		elog(ERROR, "could not compute a digest");
	pg_cryptohash_free(hash);
	memcpy(digest, whole, CT_DIGEST_BYTES);
}

/*
 * Must the value be detoasted to be recognized?  What is neither in the row
 * nor on disk must, as an expanded value; and what is compressed in a way
 * that is newer than this library.
 */
static inline bool
is_opaque(struct varlena *value)
{
	if (VARATT_IS_EXTERNAL(value))
		return !VARATT_IS_EXTERNAL_ONDISK(value);
	return VARATT_IS_COMPRESSED(value) &&
		VARDATA_COMPRESSED_GET_COMPRESS_METHOD(value) >
		TOAST_LZ4_COMPRESSION_ID;
}

void *
ct_memo_recall(void **slot, MemoryContext parent, Datum value, Size size,
			   ct_memo_maker make)
{
	ct_memo    *memo = *slot;
	struct varlena *given = (struct varlena *) DatumGetPointer(value);
	MemoryContext old;

	if (likely(memo != NULL && ct_memo_is_for(memo, given)))
		return memo;
	if (is_opaque(given))
	{
		given = pg_detoast_datum(given);
		if (memo != NULL && ct_memo_is_for(memo, given))
			return memo;
	}
	if (memo == NULL)
	{
		memo = MemoryContextAllocZero(parent, size);
		memo->context = AllocSetContextCreate(parent, "customer_tier memo",
											  ALLOCSET_SMALL_SIZES);
		*slot = memo;
	}
	memo->size = 0;
	MemoryContextReset(memo->context);
	old = MemoryContextSwitchTo(memo->context);
	memcpy(memo->bytes, given, Min(VARSIZE_ANY(given), CT_MEMO_BYTES));
	memo->value = pg_detoast_datum_copy(given);
	if (make != NULL)
		make(memo);
	MemoryContextSwitchTo(old);
	memo->size = VARSIZE_ANY(given);
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

	if (likely(memo != NULL && memo->constant == value && memo->size > 0))
		return memo;
	memo = ct_memo_recall(&fcinfo->flinfo->fn_extra, fcinfo->flinfo->fn_mcxt,
						  value, size, make);
	if (memo->constant == (Datum) 0 && is_constant_argument(fcinfo, n))
		memo->constant = value;
	return memo;
}
