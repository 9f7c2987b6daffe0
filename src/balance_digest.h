/*
 * balance_digest.h
 *		What the faces of balance digests share.
 */
#ifndef CT_BALANCE_DIGEST_FACE_H
#define CT_BALANCE_DIGEST_FACE_H

#include "core/balance_log.h"
#include "customer_tier.h"

#define CT_BALANCE_TYPE "balance_digest"

/* Argument n, a stored digest, which was valid when it was stored. */
extern void ct_getarg_balances(FunctionCallInfo fcinfo, int n,
							   ct_balance_view *view);

/* Begins to gather in the present memory context. */
extern void ct_balances_begin(ct_balances *set);

/* A finished set as a stored digest; 54000 beyond 1 GB. */
extern Datum ct_balances_store(const ct_balances *set);

#endif							/* CT_BALANCE_DIGEST_FACE_H */
