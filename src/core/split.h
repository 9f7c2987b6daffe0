/*
 * split.h
 *		A template: three-way splitting by key and heapsort by value, from the
 *		largest down.  Included once per type with SPLIT_TYPE, SPLIT_KEY(x),
 *		SPLIT_BELOW(population, a, b) and SPLIT_NAME(name) defined; undefines
 *		them.
 */

/*
 * Reorders a[low .. high) into keys above the pivot, a[*equal_low ..
 * *equal_high) at it, and below it.  Two passes without a branch that the
 * processor could predict wrongly (Lomuto's partition); what is sorted already
 * stays so.
 */
static void
SPLIT_NAME(split) (SPLIT_TYPE *a, size_t low, size_t high, int64_t pivot,
				   size_t *equal_low, size_t *equal_high)
{
	size_t		above = low;
	size_t		i = low;

	/* first pass: everything at or above the pivot to the front */
	for (; i < high; i++)
	{
		SPLIT_TYPE	x = a[i];

		a[i] = a[above];
		a[above] = x;
		above += SPLIT_KEY(x) >= pivot;
	}
	*equal_high = above;
	/* second pass, over the front alone: what is above */
	for (i = above = low; i < *equal_high; i++)
	{
		SPLIT_TYPE	x = a[i];

		a[i] = a[above];
		a[above] = x;
		above += SPLIT_KEY(x) > pivot;
	}
	*equal_low = above;
}

static void
SPLIT_NAME(sift) (const ct_population *p, SPLIT_TYPE *heap, size_t root,
				  size_t n)
{
	SPLIT_TYPE	moved = heap[root];

	for (;;)
	{
		size_t		child = 2 * root + 1;

		if (child >= n)
			break;
		if (child + 1 < n && SPLIT_BELOW(p, heap[child + 1], heap[child]))
			child++;
		if (!SPLIT_BELOW(p, heap[child], moved))
			break;
		heap[root] = heap[child];
		root = child;
	}
	heap[root] = moved;
}

static void
SPLIT_NAME(sort) (const ct_population *p, SPLIT_TYPE *a, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		SPLIT_NAME(sift) (p, a, i, n);
	for (size_t i = n; i-- > 1;)
	{
		SPLIT_TYPE	smallest = a[0];

		a[0] = a[i];
		a[i] = smallest;
		SPLIT_NAME(sift) (p, a, 0, i);
		if (i % 65536 == 0)
			ct_host_poll();
	}
}

#undef SPLIT_TYPE
#undef SPLIT_KEY
#undef SPLIT_BELOW
#undef SPLIT_NAME
