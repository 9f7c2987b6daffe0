/*
 * policy.c
 *		The type tier_policy: input, output and comparison.
 */
#include "postgres.h"

#include "customer_tier.h"
#include "policy.h"

#define POLICY_TYPE "tier_policy"

StaticAssertDecl(sizeof(ct_policy) == 24, "the stored form has no padding");

const ct_policy *
ct_policy_of_datum(Datum datum)
{
	const ct_policy *policy = (const ct_policy *) PG_DETOAST_DATUM(datum);

	if (unlikely(VARSIZE(policy) != sizeof(ct_policy) ||
				 policy->version != CT_POLICY_VERSION))
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
	SET_VARSIZE(policy, sizeof(ct_policy));
	return policy;
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
	char	   *text = palloc(CT_POLICY_TEXT_SIZE);

	ct_policy_text(CT_GETARG_POLICY(0), text);
	PG_RETURN_CSTRING(text);
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
	char		text[CT_POLICY_TEXT_SIZE];

	ct_policy_text(CT_GETARG_POLICY(0), text);
	PG_RETURN_BYTEA_P(ct_send_text(text));
}
