/*
 * row.c
 *		Reading a row's figures by column name.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "figure.h"
#include "row.h"

/* A hint lists columns up to about this many bytes. */
#define COLUMN_LIST_SIZE 1000

typedef struct row_column
{
	const char *name;
	const char *what;			/* "column ...", for error messages */
	AttrNumber	number;			/* in the present row type */
	Oid			type;			/* without domains */
} row_column;

struct ct_row_reader
{
	MemoryContext context;		/* of what belongs to the row type */
	Oid			type_id;		/* invalid: no row type yet */
	int32		typmod;
	TypeCacheEntry *entry;		/* of a named row type; never freed */
	uint64		identifier;		/* of that type's definition */
	TupleDesc	desc;
	bool		fixed;			/* the columns up to the last one needed have
								 * fixed lengths */
	bool		few;			/* to walk to each one is less than to walk
								 * the whole row */
	Datum	   *values;			/* of the whole row */
	bool	   *nulls;
	int			count;
	row_column	columns[FLEXIBLE_ARRAY_MEMBER];
};

ct_row_reader *
ct_row_reader_create(MemoryContext context, const char *const *names,
					 int count)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	ct_row_reader *reader = palloc0(offsetof(ct_row_reader, columns) +
									count * sizeof(row_column));

	reader->context = AllocSetContextCreate(context, "customer_tier row type",
											ALLOCSET_SMALL_SIZES);
	reader->count = count;
	for (int i = 0; i < count; i++)
	{
		reader->columns[i].name = pstrdup(names[i]);
		reader->columns[i].what = psprintf("column \"%s\"", names[i]);
	}
	MemoryContextSwitchTo(old);
	return reader;
}

/*
 * Does the row have the type whose columns have been looked up?  An anonymous
 * record type never changes within a session; the cache entry of a named one
 * stays where it is, and its identifier changes with the definition.
 */
static inline bool
is_known_type(const ct_row_reader *reader, HeapTupleHeader row)
{
	return HeapTupleHeaderGetTypeId(row) == reader->type_id &&
		HeapTupleHeaderGetTypMod(row) == reader->typmod &&
		(reader->entry == NULL ||
		 reader->entry->tupDesc_identifier == reader->identifier);
}

/* The hint for a name that is no column: what there is, and in what case. */
static char *
column_hint(TupleDesc desc, const char *name)
{
	StringInfoData hint;
	int			listed = 0;

	initStringInfo(&hint);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(desc, i);

		if (!a->attisdropped && pg_strcasecmp(NameStr(a->attname), name) == 0)
			appendStringInfo(&hint, "Quoted names keep their case, others are lower-cased: the column is \"%s\". ",
							 NameStr(a->attname));
	}
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(desc, i);

		if (a->attisdropped)
			continue;
		appendStringInfoString(&hint,
							   listed++ ? ", " : "The row's columns are ");
		if (hint.len > COLUMN_LIST_SIZE)
		{
			appendStringInfoString(&hint, "...");
			break;
		}
		appendStringInfo(&hint, "\"%s\"", NameStr(a->attname));
	}
	if (listed == 0)
		appendStringInfoString(&hint, "The row has no columns");
	appendStringInfoChar(&hint, '.');
	return hint.data;
}

/* The attribute of this name; 42703 for none, 42702 for several. */
static Form_pg_attribute
find_column(TupleDesc desc, const char *name)
{
	Form_pg_attribute found = NULL;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(desc, i);

		if (a->attisdropped || strcmp(NameStr(a->attname), name) != 0)
			continue;
		if (found != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_COLUMN),
					 errmsg("column \"%s\" is ambiguous", name),
					 errdetail("Columns %d and %d of the row have this name.",
							   found->attnum, a->attnum),
					 errhint("Name the columns of the row differently in a subquery.")));
		found = a;
	}
	if (found == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("the row has no column \"%s\"", name),
				 errhint("%s", column_hint(desc, name))));
	return found;
}

/* The type that a column is read as; 42804 if it holds no figures. */
static Oid
figure_type(Form_pg_attribute a)
{
	Oid			type = getBaseType(a->atttypid);

	if (ct_figure_type(type))
		return type;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" is of type %s, not a number",
					NameStr(a->attname), format_type_be(a->atttypid)),
			 errhint("Integer, numeric, floating-point and boolean columns are read; cast or compute the column in a subquery.")));
	return InvalidOid;			/* keep the compiler quiet */
}

/* Finds the columns in the row's type; after an error none is known. */
static void
look_up_type(ct_row_reader *reader, HeapTupleHeader row)
{
	Oid			type_id = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	MemoryContext old;
	int			last = 0;
	int			walk = 0;

	reader->type_id = InvalidOid;
	MemoryContextReset(reader->context);
	old = MemoryContextSwitchTo(reader->context);
	reader->entry = NULL;
	if (type_id != RECORDOID)
	{
		/* first, so that a change in between is seen with the next row */
		reader->entry = lookup_type_cache(type_id, TYPECACHE_TUPDESC);
		reader->identifier = reader->entry->tupDesc_identifier;
	}
	reader->desc = lookup_rowtype_tupdesc_copy(type_id, typmod);
	for (int i = 0; i < reader->count; i++)
	{
		row_column *column = &reader->columns[i];
		Form_pg_attribute a = find_column(reader->desc, column->name);

		column->number = a->attnum;
		column->type = figure_type(a);
		last = Max(last, a->attnum);
		walk += a->attnum;
	}
	reader->fixed = true;
	for (int i = 0; i < last; i++)
		if (TupleDescAttr(reader->desc, i)->attlen <= 0)
			reader->fixed = false;
	reader->few = walk <= reader->desc->natts;
	reader->values = palloc(Max(reader->desc->natts, 1) * sizeof(Datum));
	reader->nulls = palloc(Max(reader->desc->natts, 1) * sizeof(bool));
	MemoryContextSwitchTo(old);
	reader->typmod = typmod;
	reader->type_id = type_id;
}

/*
 * Columns of fixed length lie at known places while no NULL comes before
 * them; otherwise the row is walked, once for all columns or, to a few near
 * its beginning, once for each.
 */
void
ct_row_read(ct_row_reader *reader, HeapTupleHeader row, ct_figure *figures)
{
	HeapTupleData tuple;
	bool		each;

	if (unlikely(!is_known_type(reader, row)))
		look_up_type(reader, row);
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	each = reader->few || (reader->fixed && HeapTupleNoNulls(&tuple));
	if (!each)
		heap_deform_tuple(&tuple, reader->desc, reader->values,
						  reader->nulls);
	for (int i = 0; i < reader->count; i++)
	{
		const row_column *column = &reader->columns[i];
		Datum		value;
		bool		null;

		if (each)
			value = heap_getattr(&tuple, column->number, reader->desc, &null);
		else
		{
			value = reader->values[column->number - 1];
			null = reader->nulls[column->number - 1];
		}
		if (null)
			figures[i].kind = CT_FIGURE_NULL;
		else
			figures[i] = ct_figure_of_datum(value, column->type,
											column->what);
	}
}

bool
ct_row_double(const ct_row_reader *reader, const ct_figure *figures, int i,
			  double *value)
{
	if (figures[i].kind == CT_FIGURE_NULL)
		return false;
	*value = ct_figure_double(&figures[i]);
	if (unlikely(isinf(*value)))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s is beyond the range of double precision",
						reader->columns[i].what),
				 errdetail("The figure begins with %.20s and has more than 308 digits before the decimal point.",
						   ct_decimal_text(&figures[i].as.decimal))));
	return true;
}
