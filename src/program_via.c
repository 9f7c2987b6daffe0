/*
 * program_via.c
 *		Customers found through another table, for tracking triggers.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "compat.h"
#include "program.h"
#include "program_track.h"

static char *
query_of(char **args)
{
	return psprintf("SELECT DISTINCT v.%s FROM %s v WHERE v.%s IS NOT NULL AND v.%s OPERATOR(pg_catalog.=) ANY ($1)",
					quote_identifier(args[3]),
					quote_qualified_identifier(args[0], args[1]),
					quote_identifier(args[3]),
					quote_identifier(args[2]));
}

bool
ct_via_open(ct_via *via, char **args, Oid key_type, Oid queue_type)
{
	Oid			schema = get_namespace_oid(args[0], true);
	Oid			oid = OidIsValid(schema) ? get_relname_relid(args[1], schema) : InvalidOid;
	Relation	table = OidIsValid(oid) ? try_relation_open(oid, AccessShareLock) : NULL;
	bool		sound = false;

	if (table == NULL)
		return false;
	if (get_relname_relid(args[1], schema) == oid &&
		(table->rd_rel->relkind == RELKIND_RELATION ||
		 table->rd_rel->relkind == RELKIND_PARTITIONED_TABLE))
	{
		TupleDesc	row = RelationGetDescr(table);
		FmgrInfo	convert;

		via->table = oid;
		via->owner = table->rd_rel->relowner;
		via->key = SPI_fnumber(row, args[2]);
		via->customer = SPI_fnumber(row, args[3]);
		via->query = query_of(args);
		sound = via->key > 0 && via->customer > 0 &&
			TupleDescAttr(row, via->key - 1)->atttypid == key_type &&
			key_type < FirstUnpinnedObjectId;
		if (sound)
		{
			via->type = TupleDescAttr(row, via->customer - 1)->atttypid;
			sound = OidIsValid(get_array_type(via->type)) &&
				ct_track_conversion(via->type, queue_type, &convert);
		}
	}
	relation_close(table, NoLock);
	return sound;
}

/*
 * May the program's owner read the table that leads to customers?  Row security
 * that hides some of it would hide them from the queue.
 */
static void
check_rights(const ct_via *via, Oid owner)
{
	const char *name = get_rel_name(via->table);

	if (!CT_MAY_USE_SCHEMA(get_rel_namespace(via->table), owner))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA,
					   get_namespace_name(get_rel_namespace(via->table)));
	if (pg_class_aclcheck(via->table, owner, ACL_SELECT) != ACLCHECK_OK &&
		(pg_attribute_aclcheck(via->table, via->key, owner,
							   ACL_SELECT) != ACLCHECK_OK ||
		 pg_attribute_aclcheck(via->table, via->customer, owner,
							   ACL_SELECT) != ACLCHECK_OK))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, name);
	if (check_enable_rls(via->table, owner, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security of table \"%s\" hides rows from the program's owner",
						name)));
}

Datum
ct_via_find(const ct_via *via, Oid function, Oid owner, Oid keys_type,
			Datum keys)
{
	MemoryContext context = CurrentMemoryContext;
	identity	before;
	Datum	   *customers;
	int16		length;
	bool		byval;
	char		align;
	int			code;
	int			n;
	Datum		result;

	check_rights(via, owner);
	get_typlenbyvalalign(via->type, &length, &byval, &align);
	before = ct_become(via->owner);
	ct_spi_begin();
	code = SPI_execute_plan(ct_track_plan(function, CT_TRACK_FIND, via->query, keys_type),
							&keys, NULL, false, 0);
	if (code != SPI_OK_SELECT)
		elog(ERROR, "executing a statement failed with %s: %s",
			 SPI_result_code_string(code), via->query);
	n = SPI_processed;
	customers = palloc(Max(n, 1) * sizeof(Datum));
	for (int i = 0; i < n; i++)
	{
		bool		isnull;

		customers[i] = SPI_getbinval(SPI_tuptable->vals[i],
									 SPI_tuptable->tupdesc, 1, &isnull);
	}
	MemoryContextSwitchTo(context);
	result = PointerGetDatum(construct_array(customers, n, via->type,
											 length, byval, align));
	ct_spi_end();
	ct_become_again(&before);
	return result;
}
