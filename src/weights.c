/*
 * weights.c
 *		ahp_weights() and entropy_weights(): weights for a scorecard.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/float.h"

#include "core/weights.h"
#include "customer_tier.h"

/*
 * The cells of a two-dimensional array, row by row.  22023 for another shape,
 * 22004 for a NULL, 22003 for NaN and infinities; what names the array.
 */
static const double *
get_matrix(ArrayType *array, const char *what, int *rows, int *columns)
{
	const double *cells = (const double *) ARR_DATA_PTR(array);

	if (ARR_NDIM(array) != 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a matrix", what),
				 errdetail("The array has %d dimensions.", ARR_NDIM(array)),
				 errhint("Write rows of equal length: ARRAY[[1, 3], [1/3.0, 1]].")));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain nulls", what)));
	*rows = ARR_DIMS(array)[0];
	*columns = ARR_DIMS(array)[1];
	for (int i = 0; i < *rows * *columns; i++)
		if (unlikely(!isfinite(cells[i])))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s[%d][%d] must be a finite number", what,
							i / *columns + 1, i % *columns + 1),
					 errdetail("The figure is %s.",
							   float8out_internal(cells[i]))));
	return cells;
}

static ArrayType *
make_array(const double *values, int count)
{
	Datum	   *datums = palloc(count * sizeof(Datum));

	for (int i = 0; i < count; i++)
		datums[i] = Float8GetDatum(values[i]);
	return construct_array(datums, count, FLOAT8OID, sizeof(float8),
						   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

/* 22023 unless a comparison matrix has a size that can be weighed. */
static void
check_matrix_size(int rows, int columns)
{
	if (rows != columns)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("comparison matrix is not square"),
				 errdetail("It has %d rows and %d columns: there is no comparison[%d][%d].",
						   rows, columns, rows < columns ? rows + 1 : 1,
						   rows < columns ? 1 : columns + 1)));
	if (rows > CT_AHP_MAX_CRITERIA)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("comparison matrix has more than %d criteria",
						CT_AHP_MAX_CRITERIA),
				 errdetail("It has %d; consistency can be judged for at most %d.",
						   rows, CT_AHP_MAX_CRITERIA),
				 errhint("Compare groups of criteria, then the criteria within each group, and multiply the weights.")));
}

/* ahp_weights(comparison): weights, lambda_max, consistency_ratio */
PG_FUNCTION_INFO_V1(ct_ahp_weights_row);
Datum
ct_ahp_weights_row(PG_FUNCTION_ARGS)
{
	int			rows,
				columns;
	const double *cells = get_matrix(PG_GETARG_ARRAYTYPE_P(0), "comparison",
									 &rows, &columns);
	double		weights[CT_AHP_MAX_CRITERIA];
	double		lambda_max,
				consistency_ratio;
	ct_error	error;
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3] = {false};

	check_matrix_size(rows, columns);
	if (!ct_ahp_weights(cells, rows, weights, &lambda_max, &consistency_ratio,
						&error))
		ct_report(&error, NULL, NULL, NULL);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = PointerGetDatum(make_array(weights, rows));
	values[1] = Float8GetDatum(lambda_max);
	values[2] = Float8GetDatum(consistency_ratio);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}

PG_FUNCTION_INFO_V1(ct_entropy_weights_array);
Datum
ct_entropy_weights_array(PG_FUNCTION_ARGS)
{
	int			rows,
				columns;
	const double *cells = get_matrix(PG_GETARG_ARRAYTYPE_P(0), "figures",
									 &rows, &columns);
	double	   *weights = palloc(columns * sizeof(double));
	ct_error	error;

	if (!ct_entropy_weights(cells, rows, columns,
							palloc(rows * sizeof(double)), weights, &error))
		ct_report(&error, NULL, NULL, NULL);
	PG_RETURN_ARRAYTYPE_P(make_array(weights, columns));
}
