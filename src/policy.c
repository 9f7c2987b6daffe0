/*
 * policy.c
 *		The type tier_policy: input, output and comparison.
 */
#include "postgres.h"

#include "core/policy_parse.h"
#include "customer_tier.h"
#include "policy.h"

#define POLICY_TYPE "tier_policy"

StaticAssertDecl(sizeof(ct_clauses) == 24 && sizeof(ct_policy_tier) == 88 &&
				 offsetof(ct_policy, tiers) == 32,
				 "the stored form has no padding");

const ct_policy *
ct_policy_of_datum(Datum datum)
{
	const ct_policy *policy = (const ct_policy *) PG_DETOAST_DATUM(datum);

	if (unlikely(VARSIZE(policy) < ct_policy_size(0) ||
				 policy->version != CT_POLICY_VERSION ||
				 VARSIZE(policy) != ct_policy_size(policy->ntiers)))
		ct_report_stored(POLICY_TYPE);
	return policy;
}

/* Parses a text that is a policy or raises 22P02 (softly: NULL). */
static ct_policy *
policy_from_text(const char *text, Node *escontext)
{
	ct_policy  *policy = palloc0(sizeof(ct_policy));
	ct_error	error;

	if (!ct_policy_parse(text, strlen(text), ct_utf8(), policy, &error))
	{
		ct_report(&error, POLICY_TYPE, text, escontext);
		return NULL;
	}
	SET_VARSIZE(policy, ct_policy_size(policy->ntiers));
	return policy;
}

/* The canonical text, palloc'd. */
static char *
policy_text(const ct_policy *policy)
{
	char	   *text = palloc(ct_policy_text_size(policy));

	ct_policy_text(policy, text);
	return text;
}

PG_FUNCTION_INFO_V1(ct_policy_in);
Datum
ct_policy_in(PG_FUNCTION_ARGS)
{
	ct_policy  *policy = policy_from_text(PG_GETARG_CSTRING(0),
										  CT_ESCONTEXT(fcinfo));

	if (policy == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(policy);
}

PG_FUNCTION_INFO_V1(ct_policy_out);
Datum
ct_policy_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(policy_text(CT_GETARG_POLICY(0)));
}

PG_FUNCTION_INFO_V1(ct_policy_recv);
Datum
ct_policy_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_POINTER(policy_from_text(ct_receive_text(message, POLICY_TYPE),
									   NULL));
}

PG_FUNCTION_INFO_V1(ct_policy_send);
Datum
ct_policy_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(ct_send_text(policy_text(CT_GETARG_POLICY(0))));
}
