/*
 * row.h
 *		Reading a row's figures by column name.
 *
 * A reader looks its columns up once per row type, not per row: it remembers
 * the row type by type, typmod and the type cache's identifier of its
 * definition, so that rows of differing types in one call, renamed, dropped
 * and added columns are all handled.
 */
#ifndef CT_ROW_H
#define CT_ROW_H

#include "access/htup_details.h"

#include "core/figure.h"

typedef struct ct_row_reader ct_row_reader;

/*
 * A reader of the columns names[0 .. count), allocated in context.  The names
 * are copied.
 */
extern ct_row_reader *ct_row_reader_create(MemoryContext context,
										   const char *const *names,
										   int count);

/*
 * Reads one row: figures[i] is the column names[i].  Integer, numeric, float
 * and boolean columns (true is 1) and domains over them are read.  Decimals
 * point into the row, which must outlive them, or into the current memory
 * context.
 *
 * 42703 for a missing column, with the row's columns in the hint; 42702 for
 * one that is there twice; 42804 for a column of another type; 22003 for NaN
 * and infinities, naming the column.
 */
extern void ct_row_read(ct_row_reader *reader, HeapTupleHeader row,
						ct_figure *figures);

/*
 * The figure of names[i] as the nearest double; false for NULL.  22003,
 * naming the column, beyond the range of doubles.
 */
extern bool ct_row_double(const ct_row_reader *reader,
						  const ct_figure *figures, int i, double *value);

#endif							/* CT_ROW_H */
