/*
 * memo.h
 *		What a call site remembers of a ladder or scorecard it was called with,
 *		and of what it has made of it.
 *
 * A value that is stored out of line or compressed costs a detoasting once,
 * not per row: the argument is compared as it came with the one remembered.
 */
#ifndef CT_MEMO_H
#define CT_MEMO_H

#include "fmgr.h"

/* The first member of a larger struct, which a maker fills. */
typedef struct ct_memo
{
	MemoryContext context;		/* of the value and all that is made of it */
	struct varlena *value;		/* detoasted */
	struct varlena *stored;		/* as it came, if not like that */
	Datum		constant;		/* where the argument is, if it is a constant */
	bool		ready;
} ct_memo;

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
