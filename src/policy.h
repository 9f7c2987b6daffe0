/*
 * policy.h
 *		What the SQL face of policies shares with movement.
 *
 * A tier_policy datum is a ct_policy (see core/policy.h) whose host word is
 * the varlena length.
 */
#ifndef CT_POLICY_FACE_H
#define CT_POLICY_FACE_H

#include "fmgr.h"

#include "core/policy.h"

/*
 * A datum as a policy, detoasted where needed: of it only the tiers that it
 * says there are can be read.
 */
extern const ct_policy *ct_policy_of_datum(Datum datum);

#define CT_GETARG_POLICY(n) ct_policy_of_datum(PG_GETARG_DATUM(n))

#endif							/* CT_POLICY_FACE_H */
