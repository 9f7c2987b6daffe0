/*
 * memo.h
 *		What a call site remembers of a ladder or scorecard it was called with,
 *		and of what it has made of it.
 *
 * So a value that is stored compressed or out of line is detoasted once, not
 * for each row, and what was made of it serves until another value comes.
 *
 * To recognize a value takes a few bytes, however long it is.  Ladders and
 * scorecards are sealed: among their first CT_SEALED_BYTES is a digest of the
 * whole value, so that those that begin alike are the same.  That goes for
 * what a row holds of them, too.  A compressed value is decoded from its
 * beginning on, so that its first CT_MEMO_BYTES decide the first
 * CT_SEALED_BYTES of what it decodes to.  Of a value that is out of line a
 * row has a pointer, which is compared whole.
 */
#ifndef CT_MEMO_H
#define CT_MEMO_H

#include "fmgr.h"

#define CT_SEALED_BYTES 40
#define CT_DIGEST_BYTES 16

/*
 * pglz adds a byte to each 8, lz4 one to each 255 of a first run, which is no
 * longer than a page; two words come before, and the last piece may be cut in
 * two.
 */
#define CT_MEMO_BYTES (BLCKSZ > 8192 ? 64 + BLCKSZ / 255 : 64)

/* The first member of a larger struct, which a maker fills. */
typedef struct ct_memo
{
	MemoryContext context;		/* of the value and all that is made of it */
	struct varlena *value;		/* detoasted */
	Size		size;			/* of what the row has of it; 0: of none yet */
	char		bytes[CT_MEMO_BYTES];	/* with which that begins */
	Datum		constant;		/* where the argument is, if it is a constant */
} ct_memo;

/* Was the memo made of this value?  Inline, for placing one takes no longer. */
static inline bool
ct_memo_is_for(const ct_memo *memo, const struct varlena *value)
{
	return VARSIZE_ANY(value) == memo->size &&
		memcmp(value, memo->bytes, Min(memo->size, CT_MEMO_BYTES)) == 0;
}

/* Seals a value that is complete but for its digest, which is still zero. */
extern void ct_seal(void *value, uint8 digest[CT_DIGEST_BYTES]);

/*
 * Makes of memo->value what the rest of the struct holds; called in the
 * memo's context, with the rest as it was left or zero.  It may raise an
 * error: the next call then makes all anew.
 */
typedef void (*ct_memo_maker) (ct_memo *memo);

/*
 * The memo of size bytes that *slot, NULL at first, remembers for this value,
 * made anew when it is another one.  All lives in parent.
 */
extern void *ct_memo_recall(void **slot, MemoryContext parent, Datum value,
							Size size, ct_memo_maker make);

/*
 * The same for argument n of a call, which is not NULL, in fn_extra.  An
 * argument that is a constant of the query is not compared.
 */
extern void *ct_memo_argument(FunctionCallInfo fcinfo, int n, Size size,
							  ct_memo_maker make);

#endif							/* CT_MEMO_H */
