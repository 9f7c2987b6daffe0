/*
 * fused_aggregate_call.c
 *		The aggregates of a fused node: what they take of a row, and how it is
 *		added to their states.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "fused_aggregate_table.h"

/* The argument of an aggregate by value. */
typedef struct value_row
{
	Datum		value;
	bool		isnull;
} value_row;

/*
 * Aggregates of ours.
 */
extern Datum ct_order_digest_add(PG_FUNCTION_ARGS);
extern Datum ct_order_digest_merge(PG_FUNCTION_ARGS);
extern Datum ct_payment_digest_add(PG_FUNCTION_ARGS);
extern Datum ct_payment_digest_merge(PG_FUNCTION_ARGS);

static const struct
{
	PGFunction	transition;
	const ct_row_kind *rows;
}			fused_kinds[] =

{
	{ct_order_digest_add, &ct_order_rows},
	{ct_order_digest_merge, &ct_order_digest_rows},
	{ct_payment_digest_add, &ct_payment_rows},
	{ct_payment_digest_merge, &ct_payment_digest_rows}
};

const ct_row_kind *
ct_fused_rows(PGFunction transition)
{
	for (int i = 0; i < lengthof(fused_kinds); i++)
		if (fused_kinds[i].transition == transition)
			return fused_kinds[i].rows;
	return NULL;
}

/* A function of two arguments that are passed by value. */
static FunctionCallInfo
value_function(Oid function, Oid collation, bool *strict)
{
	FmgrInfo   *info = palloc(sizeof(FmgrInfo));
	FunctionCallInfo fcinfo = palloc0(SizeForFunctionCallInfo(2));

	fmgr_info(function, info);
	InitFunctionCallInfoData(*fcinfo, info, info->fn_nargs, collation, NULL, NULL);
	*strict = info->fn_strict;
	return fcinfo;
}

/* What a state that is passed by value begins with. */
static void
begin_value(ct_fused_call *call, HeapTuple aggregate, Oid type)
{
	bool		isnull;
	Datum		initial = SysCacheGetAttr(AGGFNOID, aggregate,
										  Anum_pg_aggregate_agginitval, &isnull);

	call->begins = !isnull;
	if (!isnull)
	{
		Oid			input;
		Oid parameter;

		getTypeInputInfo(type, &input, &parameter);
		call->initial = OidInputFunctionCall(input, TextDatumGetCString(initial),
											 parameter, -1);
	}
}

/*
 * The rights that the executor's own nodes ask for: the user's to call the
 * aggregate, and its owner's to call its transition function.
 */
static void
check_rights(Oid function, Form_pg_aggregate aggregate)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	if (!CT_MAY_EXECUTE(function, GetUserId()))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_AGGREGATE,
					   get_func_name(function));
	InvokeFunctionExecuteHook(function);
	if (!CT_MAY_EXECUTE(aggregate->aggtransfn, owner))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FUNCTION,
					   get_func_name(aggregate->aggtransfn));
	InvokeFunctionExecuteHook(aggregate->aggtransfn);
}

void
ct_fused_begin_call(ct_fused_call *call, Oid function, int nargs, bool filter,
					int *column, TupleDesc row)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(function));
	Form_pg_aggregate aggregate;
	FmgrInfo	transition;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for aggregate %u", function);
	aggregate = (Form_pg_aggregate) GETSTRUCT(tuple);
	check_rights(function, aggregate);
	fmgr_info(aggregate->aggtransfn, &transition);
	call->nargs = nargs;
	call->argument = *column;
	*column += call->nargs;
	call->filter = filter ? (*column)++ : -1;
	call->kind = ct_fused_rows(transition.fn_addr);
	call->types = palloc(Max(call->nargs, 1) * sizeof(Oid));
	for (int i = 0; i < call->nargs; i++)
		call->types[i] = getBaseType(TupleDescAttr(row, call->argument + i)->atttypid);
	if (call->kind == NULL)
	{
		call->counts = nargs == 0 && aggregate->aggtransfn == F_INT8INC;
		call->transition = value_function(aggregate->aggtransfn, InvalidOid,
										  &call->strict);
		call->combination = value_function(aggregate->aggcombinefn, InvalidOid,
										   &call->combination_strict);
		begin_value(call, tuple, aggregate->aggtranstype);
	}
	ReleaseSysCache(tuple);
}

size_t
ct_fused_lay_out(ct_fused_table *table)
{
	size_t		entry = sizeof(ct_fused_entry) + table->nkeys * sizeof(Datum);

	for (int i = 0; i < table->ncalls; i++)
	{
		ct_fused_call *call = &table->calls[i];

		call->state = entry;
		table->touched = entry + (call->kind ? call->kind->touched : sizeof(Datum));
		call->row = table->row_size;
		entry += MAXALIGN(call->kind ? call->kind->type->size : sizeof(Datum));
		table->row_size += MAXALIGN(call->kind ? call->kind->size : sizeof(value_row));
	}
	return entry;
}

void
ct_fused_begin_states(const ct_fused_table *table, ct_fused_entry *entry)
{
	for (int i = 0; i < table->ncalls; i++)
	{
		const ct_fused_call *call = &table->calls[i];

		if (call->kind == NULL && call->begins)
		{
			*(Datum *) ct_fused_state(entry, call) = call->initial;
			entry->begun |= 1 << i;
		}
	}
}

/* Calls a function of two arguments whose results are passed by value. */
static inline Datum
call_by_value(FunctionCallInfo fcinfo, Datum state, bool no_state, Datum value,
			  bool no_value)
{
	fcinfo->args[0].value = state;
	fcinfo->args[0].isnull = no_state;
	fcinfo->args[1].value = value;
	fcinfo->args[1].isnull = no_value;
	fcinfo->isnull = false;
	return FunctionCallInvoke(fcinfo);
}

static inline void
add_value(const ct_fused_call *call, int bit, ct_fused_entry *entry,
		  FunctionCallInfo function, bool strict, Datum value, bool isnull)
{
	Datum	   *state = ct_fused_state(entry, call);
	bool		begun = (entry->begun & bit) != 0;

	if (strict && isnull)
		return;
	if (strict && !begun)
		*state = value;
	else
		*state = call_by_value(function, *state, !begun, value, isnull);
	if ((strict && !begun) || !function->isnull)
		entry->begun |= bit;
	else
		entry->begun &= ~bit;
}

void
ct_fused_add_row(const ct_fused_table *table, ct_fused_entry *entry, uint16 present,
				 const char *row)
{
	for (int i = 0; i < table->ncalls; i++)
	{
		const ct_fused_call *call = &table->calls[i];
		uint16		bit = 1 << i;
		const void *taken = row + call->row;

		if (!(present & bit))
			continue;
		if (call->kind != NULL)
		{
			void	   *digest = ct_fused_state(entry, call);
			bool		first = !(entry->begun & bit);

			if (first)
				ct_digest_begin(call->kind->type, digest);
			call->kind->add(call->kind, digest, first, taken);
			entry->begun |= bit;
		}
		else if (call->counts)
			(*(int64 *) ct_fused_state(entry, call))++;
		else
			add_value(call, bit, entry, call->transition, call->strict,
					  ((const value_row *) taken)->value,
					  ((const value_row *) taken)->isnull);
	}
}

uint16
ct_fused_take_row(const ct_fused_table *table, const Datum *values, const bool *nulls,
				  char *row)
{
	uint16		present = 0;

	for (int i = 0; i < table->ncalls; i++)
	{
		const ct_fused_call *call = &table->calls[i];
		void	   *taken = row + call->row;

		if (call->filter >= 0 &&
			(nulls[call->filter] || !DatumGetBool(values[call->filter])))
			continue;
		if (call->kind != NULL)
		{
			ct_arguments arguments = {
				call->nargs, call->types, values + call->argument,
				nulls + call->argument
			};

			if (!call->kind->take(call->kind, &arguments, taken))
				continue;
		}
		else
		{
			value_row  *value = taken;

			value->isnull = call->nargs == 0 || nulls[call->argument];
			if (call->nargs > 0 && call->strict && value->isnull)
				continue;
			value->value = value->isnull ? (Datum) 0 : values[call->argument];
			/* what has no argument is called for each row */
			value->isnull = value->isnull && call->nargs > 0;
		}
		present |= 1 << i;
	}
	return present;
}

void
ct_fused_merge(const ct_fused_table *table, ct_fused_entry *entry, ct_fused_entry *other)
{
	for (int i = 0; i < table->ncalls; i++)
	{
		const ct_fused_call *call = &table->calls[i];
		void	   *state = ct_fused_state(entry, call);
		void	   *more = ct_fused_state(other, call);
		uint16		bit = 1 << i;

		if (call->kind == NULL)
			add_value(call, bit, entry, call->combination,
					  call->combination_strict, *(Datum *) more,
					  !(other->begun & bit));
		else if (other->begun & bit)
		{
			ct_add_digest(call->kind, state, !(entry->begun & bit), &more);
			entry->begun |= bit;
		}
	}
}
