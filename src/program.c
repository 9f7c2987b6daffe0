/*
 * program.c
 *		What programs need beyond SQL: to work as their owner, to go over rows
 *		that stand in no table, and to change the registry.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/queryenvironment.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "program.h"

identity
ct_become(Oid role)
{
	identity	before;

	GetUserIdAndSecContext(&before.user, &before.context);
	SetUserIdAndSecContext(role,
						   before.context | SECURITY_RESTRICTED_OPERATION);
	before.nestlevel = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	return before;
}

void
ct_become_again(const identity *before)
{
	AtEOXact_GUC(false, before->nestlevel);
	SetUserIdAndSecContext(before->user, before->context);
}

void
ct_spi_begin(void)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

void
ct_spi_end(void)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

/*
 * The only value of a statement, which is of this type; palloc'd in context.
 * Anybody may have made the statement: another type is an error.
 */
static Datum
spi_value(const char *statement, Oid type, int nargs, Oid *types,
		  Datum *values, const char *nulls, MemoryContext context,
		  bool *isnull)
{
	Datum		result;
	int			code = SPI_execute_with_args(statement, nargs, types, values,
											 nulls, false, 0);

	if (code < 0 || SPI_tuptable == NULL || SPI_processed != 1)
		elog(ERROR, "statement returned %s with " UINT64_FORMAT " rows: %s",
			 SPI_result_code_string(code), SPI_processed, statement);
	if (SPI_tuptable->tupdesc->natts != 1 ||
		SPI_gettypeid(SPI_tuptable->tupdesc, 1) != type)
		elog(ERROR, "statement returned no column of type %s: %s",
			 format_type_be(type), statement);
	result = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1,
						   isnull);
	if (!*isnull)
	{
		int16		length;
		bool		byval;
		MemoryContext old = MemoryContextSwitchTo(context);

		get_typlenbyval(type, &length, &byval);
		result = datumCopy(result, byval, length);
		MemoryContextSwitchTo(old);
	}
	SPI_freetuptable(SPI_tuptable);
	return result;
}

/*
 * Whom the current user may let do a piece of work: the owner of a program, of
 * which the name may be NULL; or 42501, 42704.
 */
static Oid
allowed_owner(Datum name, bool unnamed, Datum work)
{
	Oid			types[] = {TEXTOID, TEXTOID};
	Datum		values[] = {name, work};
	bool		isnull;
	Datum		owner = spi_value("SELECT tiering_internal.allowed($1, $2)",
								  OIDOID, 2, types, values, unnamed ? "n " : NULL,
								  CurrentMemoryContext, &isnull);

	if (isnull)
		elog(ERROR, "a program has no owner");
	return DatumGetObjectId(owner);
}

/*
 * as_owner(name text, work text, arguments jsonb) -> setof record: the rows of
 * tiering_internal.work_<work>(name, arguments), run as the program's owner.
 */
PG_FUNCTION_INFO_V1(ct_as_owner);
Datum
ct_as_owner(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			types[] = {TEXTOID, JSONBOID};
	Datum		values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(2)};
	SPIExecuteOptions options = {0};
	ParamListInfo params = makeParamList(2);
	char	   *work;
	identity	before;
	Oid			owner;
	SPIPlanPtr	plan;
	int			code;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("work and arguments must be given")));
	work = psprintf("work_%s", text_to_cstring(PG_GETARG_TEXT_PP(1)));
	for (int i = 0; i < 2; i++)
	{
		params->params[i].value = values[i];
		params->params[i].isnull = false;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = types[i];
	}
	options.params = params;
	ct_spi_begin();
	owner = allowed_owner(PG_GETARG_DATUM(0), PG_ARGISNULL(0),
						  PG_GETARG_DATUM(1));
	before = ct_become(owner);
	plan = SPI_prepare(psprintf("SELECT * FROM tiering_internal.%s($1, $2)",
								quote_identifier(work)), 2, types);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed");
	options.dest = CreateDestReceiver(DestTuplestore);
	SetTuplestoreDestReceiverParams(options.dest, rsinfo->setResult,
									rsinfo->econtext->ecxt_per_query_memory,
									true, rsinfo->setDesc,
									"a report has other columns than declared");
	code = SPI_execute_plan_extended(plan, &options);
	if (code < 0)
		elog(ERROR, "SPI_execute_plan_extended returned %s",
			 SPI_result_code_string(code));
	ct_become_again(&before);
	ct_spi_end();
	return (Datum) 0;
}

/*
 * Runs a query, in parallel where it can be, and makes its rows known to the
 * statements that follow within this SPI connection, as a relation.  What is
 * returned is to be ended after them, for it may have a file.
 */
static Tuplestorestate *
register_rows(char *name, const char *query)
{
	EphemeralNamedRelation enr = palloc0(sizeof(EphemeralNamedRelationData));
	SPIExecuteOptions options = {0};
	Tuplestorestate *rows = tuplestore_begin_heap(true, false, work_mem);
	SPIPlanPtr	plan = SPI_prepare_cursor(query, 0, NULL,
										  CURSOR_OPT_PARALLEL_OK);
	CachedPlanSource *source;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare_cursor failed");
	if (list_length(SPI_plan_get_plan_sources(plan)) != 1)
		elog(ERROR, "not one query: %s", query);
	source = linitial(SPI_plan_get_plan_sources(plan));
	if (source->resultDesc == NULL)
		elog(ERROR, "no query that returns rows: %s", query);
	enr->md.name = name;
	enr->md.reliddesc = InvalidOid;
	enr->md.tupdesc = CreateTupleDescCopy(source->resultDesc);
	enr->md.enrtype = ENR_NAMED_TUPLESTORE;
	options.dest = CreateDestReceiver(DestTuplestore);
	SetTuplestoreDestReceiverParams(options.dest, rows, CurrentMemoryContext,
									true, NULL, NULL);
	if (SPI_execute_plan_extended(plan, &options) < 0)
		elog(ERROR, "SPI_execute_plan_extended failed");
	enr->md.enrtuples = SPI_processed;
	enr->reldata = rows;
	if (SPI_register_relation(enr) != SPI_OK_REL_REGISTER)
		elog(ERROR, "SPI_register_relation failed");
	return rows;
}

/*
 * with_rows(relation text, query text, statements text[], state jsonb): runs
 * each statement in turn over the rows of the query, which have the name
 * relation there.  $1 is what the statement before returned, at first state;
 * the result is what the last one returns.
 */
PG_FUNCTION_INFO_V1(ct_with_rows);
Datum
ct_with_rows(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *query = text_to_cstring(PG_GETARG_TEXT_PP(1));
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(2);
	bool		isnull = false;
	Datum		state = PG_GETARG_DATUM(3);
	MemoryContext context = CurrentMemoryContext;
	Oid			type = JSONBOID;
	Datum	   *statements;
	int			count;
	Tuplestorestate *rows;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &statements,
					  NULL, &count);
	ct_spi_begin();
	rows = register_rows(name, query);
	for (int i = 0; i < count; i++)
		state = spi_value(TextDatumGetCString(statements[i]), JSONBOID, 1,
						  &type, &state, isnull ? "n" : NULL, context, &isnull);
	SPI_unregister_relation(name);
	tuplestore_end(rows);
	ct_spi_end();
	if (isnull)
		PG_RETURN_NULL();
	return state;
}

/*
 * change_program(p tiering.program, drop boolean): makes p the row of its
 * name in the registry, or deletes that; without the check that the current
 * user may, as nobody but the extension's owner has the rights to do it.
 */
PG_FUNCTION_INFO_V1(ct_change_program);
Datum
ct_change_program(PG_FUNCTION_ARGS)
{
	Oid			registry = get_relname_relid("program",
											 get_namespace_oid("tiering", false));
	Oid			types[] = {get_rel_type_id(registry), BOOLOID};
	Datum		values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	HeapTuple	tuple;
	identity	before;
	bool		isnull;

	ct_spi_begin();
	/* as the current user, who may not: 42501 */
	(void) spi_value("SELECT tiering_internal.check_change($1, $2)", BOOLOID,
					 2, types, values, NULL, CurrentMemoryContext, &isnull);
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(registry));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", registry);
	before = ct_become(((Form_pg_class) GETSTRUCT(tuple))->relowner);
	ReleaseSysCache(tuple);
	(void) spi_value("SELECT tiering_internal.write_program($1, $2)", BOOLOID,
					 2, types, values, NULL, CurrentMemoryContext, &isnull);
	ct_become_again(&before);
	ct_spi_end();
	PG_RETURN_VOID();
}

/*
 * check_outside_transaction(instead text): 25001 within BEGIN and COMMIT,
 * where a procedure cannot commit.
 */
PG_FUNCTION_INFO_V1(ct_check_outside_transaction);
Datum
ct_check_outside_transaction(PG_FUNCTION_ARGS)
{
	if (IsTransactionBlock())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("a refresh that logs its errors cannot run within a transaction"),
				 errdetail("It commits what it logs, whatever becomes of its work."),
				 errhint("Call it outside of BEGIN and COMMIT and alone in its query, or use %s.",
						 text_to_cstring(PG_GETARG_TEXT_PP(0)))));
	PG_RETURN_VOID();
}

/* show_phase(text): what pg_stat_activity shows of this session from now on */
PG_FUNCTION_INFO_V1(ct_show_phase);
Datum
ct_show_phase(PG_FUNCTION_ARGS)
{
	char	   *phase = text_to_cstring(PG_GETARG_TEXT_PP(0));

	pgstat_report_activity(STATE_RUNNING, phase);
	PG_RETURN_VOID();
}
