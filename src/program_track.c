/*
 * program_track.c
 *		The language of the triggers by which programs learn of customers.
 *
 * tiering.track() makes a trigger function for each column that it tracks,
 * owned by the program's owner.  In PL/pgSQL it would cost a small statement
 * half as much again, most of it to start and end the executor.  So these
 * functions have a language of their own, whose handler takes the keys from
 * the transition tables and puts them into the queue.  The body of a function
 * is the name of the queue, which stands in the function's own schema; a
 * trigger's arguments are the column and, where it leads to the customer
 * through another table, that table's schema, name, column to find it by, and
 * column of the customer.
 *
 * An order is worth more than what a program knows of it: whatever was
 * renamed, dropped or given away since, the statement goes on with a warning.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "program.h"
#include "program_track.h"

#define BATCH_SIZE 1000

/* A trigger function, at work. */
typedef struct note
{
	Oid			function;
	Oid			owner;
	Oid			schema;
	char	   *name;			/* of the queue */
	Relation	queue;
	bool		plain;			/* the queue: rows are all it needs */

	/* the keys, and a table that leads from them to customers */
	ct_via	   *via;			/* or NULL */
	AttrNumber	column;
	Oid			type;			/* of the column */
	FmgrInfo	convert;		/* to that of the queue; or no function */
	int16		length;
	bool		byval;

	/* those that are not yet in the queue */
	MemoryContext context;
	int			n;
	Datum		keys[BATCH_SIZE];
} note;

/* The program's name, for messages. */
static const char *
program_of(const note *self)
{
	static const char suffix[] = "_tier_touched";
	size_t		length = strlen(self->name);

	return length >= strlen(suffix) &&
		strcmp(self->name + length - strlen(suffix), suffix) == 0 ?
		pnstrdup(self->name, length - strlen(suffix)) : self->name;
}

/*
 * Does this table take keys, and NULL for everyone, from who owns the
 * function?
 */
static bool
is_queue(Relation table, Oid owner)
{
	return table->rd_rel->relkind == RELKIND_RELATION &&
		table->rd_rel->relowner == owner &&
		RelationGetDescr(table)->natts == 1 &&
		!TupleDescAttr(RelationGetDescr(table), 0)->attisdropped &&
		!TupleDescAttr(RelationGetDescr(table), 0)->attnotnull;
}

/* Is there nothing to do for a new row but to store it? */
static bool
is_plain(Relation queue)
{
	return !queue->rd_rel->relhasindex && !queue->rd_rel->relhastriggers &&
		!queue->rd_rel->relhasrules && !queue->rd_rel->relispartition &&
		!queue->rd_rel->relforcerowsecurity &&
		RelationGetDescr(queue)->constr == NULL &&
		TupleDescAttr(RelationGetDescr(queue), 0)->atttypmod == -1;
}

/* Opens the queue of a function; NULL where there is none that is its owner's. */
static Relation
open_queue(const note *self)
{
	Oid			table = get_relname_relid(self->name, self->schema);
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	bool		own;
	Relation	queue;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	/* nobody waits for the lock of another's table */
	own = ((Form_pg_class) GETSTRUCT(tuple))->relowner == self->owner &&
		pg_class_aclcheck(table, self->owner, ACL_INSERT) == ACLCHECK_OK &&
		CT_MAY_USE_SCHEMA(self->schema, self->owner);
	ReleaseSysCache(tuple);
	queue = own ? try_relation_open(table, RowExclusiveLock) : NULL;
	if (queue != NULL && !is_queue(queue, self->owner))
	{
		relation_close(queue, RowExclusiveLock);
		queue = NULL;
	}
	return queue;
}

/*
 * How keys of one type become keys of another: without a loss, and by nothing
 * that a user has made, since that would run with the owner's rights.
 */
bool
ct_track_conversion(Oid from, Oid to, FmgrInfo *convert)
{
	Oid			function;

	convert->fn_oid = InvalidOid;
	from = getBaseType(from);
	if (from == to)
		return true;
	if (from >= FirstUnpinnedObjectId)
		return false;
	switch (find_coercion_pathway(to, from, COERCION_IMPLICIT, &function))
	{
		case COERCION_PATH_RELABELTYPE:
			return true;
		case COERCION_PATH_FUNC:
			if (function >= FirstUnpinnedObjectId)
				return false;
			fmgr_info(function, convert);
			return convert->fn_nargs == 1;
		default:
			return false;
	}
}

/* Puts keys, or one NULL, into a plain queue. */
static void
store(Relation queue, const Datum *keys, int n, bool isnull)
{
	TupleTableSlot *slots[BATCH_SIZE];

	for (int i = 0; i < n; i++)
	{
		slots[i] = MakeSingleTupleTableSlot(RelationGetDescr(queue),
											&TTSOpsVirtual);
		slots[i]->tts_values[0] = keys[i];
		slots[i]->tts_isnull[0] = isnull;
		ExecStoreVirtualTuple(slots[i]);
	}
	table_multi_insert(queue, slots, n, GetCurrentCommandId(true), 0, NULL);
	for (int i = 0; i < n; i++)
		ExecDropSingleTupleTableSlot(slots[i]);
}

SPIPlanPtr
ct_track_plan(Oid function, ct_track_step step, const char *statement, Oid type)
{
	typedef struct plan_key
	{
		Oid			function;
		ct_track_step step;
	} plan_key;
	typedef struct entry
	{
		plan_key	key;
		Oid			type;
		char	   *statement;
		SPIPlanPtr	plan;
	} entry;
	static HTAB *plans = NULL;
	plan_key	key = {function, step};
	entry	   *found;
	bool		known;

	if (plans == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(plan_key),.entrysize = sizeof(entry)};

		plans = hash_create("customer_tier plans", 16, &control,
							HASH_ELEM | HASH_BLOBS);
	}
	found = hash_search(plans, &key, HASH_ENTER, &known);
	if (!known)
	{
		found->statement = NULL;
		found->plan = NULL;
	}
	if (found->plan == NULL || found->type != type ||
		strcmp(found->statement, statement) != 0)
	{
		SPIPlanPtr	plan = SPI_prepare(statement, 1, &type);

		if (plan == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
		if (found->plan != NULL)
		{
			SPI_freeplan(found->plan);
			found->plan = NULL;
			pfree(found->statement);
		}
		found->statement = MemoryContextStrdup(TopMemoryContext, statement);
		SPI_keepplan(plan);
		found->type = type;
		found->plan = plan;
	}
	return found->plan;
}

/* Runs a statement that puts what comes of keys into the queue, as its owner. */
static void
execute(const note *self, const char *query, Oid type, Datum keys, bool isnull)
{
	char	   *statement = psprintf("INSERT INTO %s (%s) %s",
									 quote_qualified_identifier(get_namespace_name(self->schema),
																RelationGetRelationName(self->queue)),
									 quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(self->queue), 0)->attname)),
									 query);
	identity	before = ct_become(self->owner);
	int			code;

	ct_spi_begin();
	/* what a rule makes nothing of would stay nothing for the session */
	code = self->plain ?
		SPI_execute_plan(ct_track_plan(self->function, CT_TRACK_STORE, statement, type),
						 &keys, isnull ? "n" : " ", false, 0) :
		SPI_execute_with_args(statement, 1, &type, &keys, isnull ? "n" : " ",
							  false, 0);
	if (code < 0)
		elog(ERROR, "executing a statement failed with %s: %s",
			 SPI_result_code_string(code), statement);
	ct_spi_end();
	ct_become_again(&before);
}

/*
 * The same, for customers or for keys that lead to them; false, after a
 * warning, where it failed.
 */
static bool
try_execute(const note *self, bool find, const char *query, Oid type,
			Datum keys, bool isnull)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner resources = CurrentResourceOwner;
	volatile bool done = false;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		if (find)
			execute(self, query, get_array_type(self->via->type),
					ct_via_find(self->via, self->function, self->owner, type, keys), false);
		else
			execute(self, query, type, keys, isnull);
		ReleaseCurrentSubTransaction();
		done = true;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
			ReThrowError(error);
		ereport(WARNING,
				(errmsg("program \"%s\" cannot tell whom this is about: %s",
						program_of(self), error->message)));
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = resources;
	return done;
}

/* Notes that everyone is to be looked at. */
static void
note_everyone(const note *self)
{
	Datum		none = (Datum) 0;

	if (self->plain)
		store(self->queue, &none, 1, true);
	else
		(void) try_execute(self, false, "SELECT $1",
						   TupleDescAttr(RelationGetDescr(self->queue), 0)->atttypid,
						   none, true);
}

/* Notes the keys that have come together. */
static void
flush(note *self)
{
	MemoryContext context = MemoryContextSwitchTo(self->context);
	Oid			type = self->type;

	CHECK_FOR_INTERRUPTS();
	if (OidIsValid(self->convert.fn_oid))
		for (int i = 0; i < self->n; i++)
			self->keys[i] = FunctionCall1(&self->convert, self->keys[i]);
	if (self->via == NULL)
		type = TupleDescAttr(RelationGetDescr(self->queue), 0)->atttypid;
	if (self->plain && self->via == NULL)
		store(self->queue, self->keys, self->n, false);
	else
	{
		int16		length;
		bool		byval;
		char		align;
		ArrayType  *keys;

		get_typlenbyvalalign(type, &length, &byval, &align);
		keys = construct_array(self->keys, self->n, type, length, byval, align);
		if (!try_execute(self, self->via != NULL, "SELECT pg_catalog.unnest($1)",
						 get_array_type(type), PointerGetDatum(keys), false))
			note_everyone(self);
	}
	self->n = 0;
	MemoryContextSwitchTo(context);
	MemoryContextReset(self->context);
}

static void
add(note *self, Datum key)
{
	MemoryContext context;

	/* the lines of an order are those of one customer */
	if (self->n > 0 && datumIsEqual(key, self->keys[self->n - 1], self->byval,
									self->length))
		return;
	if (self->n == BATCH_SIZE)
		flush(self);
	context = MemoryContextSwitchTo(self->context);
	self->keys[self->n++] = datumCopy(key, self->byval, self->length);
	MemoryContextSwitchTo(context);
}

/* A transition table being read, or none. */
typedef struct reading
{
	Tuplestorestate *rows;
	int			pointer;
	TupleTableSlot *slot;
} reading;

static void
begin_reading(reading *self, Tuplestorestate *rows, Relation table)
{
	self->rows = rows;
	if (rows == NULL)
		return;
	/* as a scan of it does: others read it, too */
	self->pointer = tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND);
	tuplestore_select_read_pointer(rows, self->pointer);
	tuplestore_rescan(rows);
	self->slot = MakeSingleTupleTableSlot(RelationGetDescr(table),
										  &TTSOpsMinimalTuple);
}

/* Notes the column of the next row, if there is one and it is not NULL. */
static bool
read_on(reading *self, note *target)
{
	Datum		key;
	bool		isnull;

	if (self->rows == NULL ||
		!tuplestore_gettupleslot(self->rows, true, false, self->slot))
		return false;
	key = slot_getattr(self->slot, target->column, &isnull);
	if (!isnull)
		add(target, key);
	return true;
}

/* Notes the keys of the changed rows, as they were and as they are. */
static void
note_rows(note *self, const TriggerData *trigger)
{
	reading		old_rows = {0};
	reading		new_rows = {0};
	bool		more = true;

	begin_reading(&old_rows, trigger->tg_oldtable, trigger->tg_relation);
	begin_reading(&new_rows, trigger->tg_newtable, trigger->tg_relation);
	self->context = AllocSetContextCreate(CurrentMemoryContext,
										  "customer_tier keys",
										  ALLOCSET_START_SMALL_SIZES);
	get_typlenbyval(self->type, &self->length, &self->byval);
	self->n = 0;
	/* Abreast: most updates leave the customer. */
	while (more)
	{
		more = read_on(&old_rows, self);
		more |= read_on(&new_rows, self);
	}
	if (self->n > 0)
		flush(self);
	MemoryContextDelete(self->context);
	if (old_rows.rows != NULL)
		ExecDropSingleTupleTableSlot(old_rows.slot);
	if (new_rows.rows != NULL)
		ExecDropSingleTupleTableSlot(new_rows.slot);
}

/* Has the trigger the transition tables of its event? */
static bool
has_rows(const TriggerData *trigger)
{
	return (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ||
			trigger->tg_oldtable != NULL) &&
		(TRIGGER_FIRED_BY_DELETE(trigger->tg_event) ||
		 trigger->tg_newtable != NULL);
}

/* Whose function it is, and its queue. */
static void
read_function(note *self, Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		isnull;
	Datum		body;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	self->function = function;
	self->owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	self->schema = ((Form_pg_proc) GETSTRUCT(tuple))->pronamespace;
	body = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	/* no name is longer */
	self->name = pnstrdup(isnull ? "" : TextDatumGetCString(body),
						  NAMEDATALEN - 1);
	ReleaseSysCache(tuple);
}

PG_FUNCTION_INFO_V1(ct_touch_handler);
Datum
ct_touch_handler(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *column;
	note		self;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) ||
		(trigger->tg_trigger->tgnargs != 1 && trigger->tg_trigger->tgnargs != 5))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function was not called by a trigger as tiering.track() makes it"),
				 errdetail("Such triggers are AFTER ... FOR EACH STATEMENT, with one or five arguments.")));
	column = trigger->tg_trigger->tgargs[0];
	read_function(&self, fcinfo->flinfo->fn_oid);
	self.queue = open_queue(&self);
	if (self.queue == NULL)
	{
		ereport(WARNING,
				(errmsg("program \"%s\" does not learn of this: its queue is gone, or not its own any more",
						program_of(&self)),
				 errhint("tiering.drop_program() drops its triggers; tiering.attach(), or giving its tables back their owner and type, mends it.")));
		return PointerGetDatum(NULL);
	}
	self.plain = is_plain(self.queue);
	if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
		note_everyone(&self);
	else
	{
		TupleDesc	row = RelationGetDescr(trigger->tg_relation);
		Oid			queue_type = TupleDescAttr(RelationGetDescr(self.queue), 0)->atttypid;
		ct_via		via;
		bool		sound = false;

		self.column = SPI_fnumber(row, column);
		self.via = trigger->tg_trigger->tgnargs > 1 ? &via : NULL;
		self.convert.fn_oid = InvalidOid;
		if (self.column > 0 && has_rows(trigger))
		{
			self.type = TupleDescAttr(row, self.column - 1)->atttypid;
			sound = self.via != NULL ?
				ct_via_open(&via, trigger->tg_trigger->tgargs + 1, self.type,
							queue_type) :
				ct_track_conversion(self.type, queue_type, &self.convert);
		}
		if (sound)
			note_rows(&self, trigger);
		else
		{
			ereport(WARNING,
					(errmsg("program \"%s\" does not learn which customers this is about",
							program_of(&self)),
					 self.via != NULL && self.column > 0 ?
					 errdetail("It finds them through %s, which is no table of columns that fit any more; the next touched refresh looks at everyone.",
							   quote_qualified_identifier(trigger->tg_trigger->tgargs[1],
														  trigger->tg_trigger->tgargs[2])) :
					 errdetail("%s has no column \"%s\" any more, or one of a type that does not fit; the next touched refresh looks at everyone.",
							   quote_qualified_identifier(get_namespace_name(RelationGetNamespace(trigger->tg_relation)),
														  RelationGetRelationName(trigger->tg_relation)),
							   column),
					 errhint("Call tiering.track() again with the column as it is now.")));
			note_everyone(&self);
		}
	}
	relation_close(self.queue, NoLock);
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(ct_touch_validator);
Datum
ct_touch_validator(PG_FUNCTION_ARGS)
{
	Oid			function = PG_GETARG_OID(0);

	if (CheckFunctionValidatorAccess(fcinfo->flinfo->fn_oid, function) &&
		(get_func_rettype(function) != TRIGGEROID ||
		 get_func_nargs(function) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
				 errmsg("functions in this language are those of triggers"),
				 errhint("tiering.track() makes them.")));
	PG_RETURN_VOID();
}
