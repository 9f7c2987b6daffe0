/*
 * population.c
 *		Values as keys, and selection among them; see population.h.
 *
 * Selection is quickselect (Hoare 1961) with a pivot from nine samples, on
 * both arrays at once: each round splits the candidates into those above, at
 * and below a pivot key and goes on with one part.  Should the rounds not
 * shrink the candidates, which takes a contrived order, the remaining ones
 * are sorted by heapsort, so that the worst case is O(n log n).
 */
#include <math.h>
#include <string.h>

#include "host.h"
#include "population.h"
#include "sum.h"

/* Keys from here on, of either sign, are those of large decimals. */
#define LARGE_KEY (INT64_C(1) << 62)

/* Rounds of quickselect after which the rest is sorted. */
#define MAX_ROUNDS 100

/* What stands before a spilled value's digits in the arena. */
typedef struct spilled_header
{
	int32_t		sign;
	int32_t		weight;
	int32_t		ndigits;
} spilled_header;

static int64_t
key_of_double(double value)
{
	int64_t		bits;

	if (value == 0)
		value = 0;				/* one zero */
	memcpy(&bits, &value, sizeof(bits));
	return bits < 0 ? bits ^ INT64_MAX : bits;
}

static double
double_of_key(int64_t key)
{
	double		value;

	if (key < 0)
		key ^= INT64_MAX;
	memcpy(&value, &key, sizeof(value));
	return value;
}

/*
 * The key of a decimal beyond LARGE_KEY units of 10^-8 in size: above that,
 * by weight and then by the first 14 decimal digits, truncated.
 */
static int64_t
key_of_large(const ct_decimal *d)
{
	int64_t		m = 0;

	for (int i = 0; i < 3; i++)
		m = m * CT_NBASE + (i < d->ndigits ? ct_decimal_digit(d, i) : 0);
	m = m * 100 + (d->ndigits > 3 ? ct_decimal_digit(d, 3) / 100 : 0);
	m += LARGE_KEY + d->weight * INT64_C(100000000000000);
	return d->sign < 0 ? -m : m;
}

/* The key of a decimal; true when it tells the whole of it. */
static bool
key_of_decimal(const ct_decimal *d, int64_t *key)
{
	__int128	m = 0;
	int			whole = d->weight + CT_FIXED_SCALE / CT_NBASE_DIGITS + 1;
	bool		exact = d->ndigits <= whole || d->ndigits == 0;

	if (d->weight > 3)
	{
		*key = key_of_large(d);
		return false;
	}
	for (int i = 0; i < whole; i++)
		m = m * CT_NBASE + (i < d->ndigits ? ct_decimal_digit(d, i) : 0);
	if (d->sign < 0)
		m = exact ? -m : -m - 1;
	if (m >= LARGE_KEY || m <= -LARGE_KEY)
	{
		*key = key_of_large(d);
		return false;
	}
	*key = (int64_t) m;
	return exact;
}

static ct_population_result
add_spilled(ct_population *p, int64_t key, const ct_decimal *d)
{
	spilled_header header = {d->sign, d->weight, d->ndigits};
	size_t		bytes = (size_t) d->ndigits * sizeof(int16_t);

	if (p->nspilled == p->spilled_room)
		return CT_POPULATION_NEEDS_SPILLED;
	if (p->arena_room - p->arena_used < sizeof(header) + bytes)
		return CT_POPULATION_NEEDS_ARENA;
	p->spilled[p->nspilled].key = key;
	p->spilled[p->nspilled].offset = p->arena_used;
	memcpy(p->arena + p->arena_used, &header, sizeof(header));
	memcpy(p->arena + p->arena_used + sizeof(header), d->digits, bytes);
	p->arena_used += sizeof(header) + bytes;
	p->nspilled++;
	return CT_POPULATION_ADDED;
}

ct_population_result
ct_population_add(ct_population *p, const ct_figure *value)
{
	int64_t		key;

	if (value->kind == CT_FIGURE_NULL)
		return CT_POPULATION_ADDED;
	if (p->kind != value->kind)
	{
		if (ct_population_count(p) > 0)
			return CT_POPULATION_OTHER_KIND;
		p->kind = value->kind;
	}
	if (value->kind == CT_FIGURE_INTEGER)
		key = value->as.integer;
	else if (value->kind == CT_FIGURE_DOUBLE)
		key = key_of_double(value->as.real);
	else if (!key_of_decimal(&value->as.decimal, &key))
		return add_spilled(p, key, &value->as.decimal);
	if (p->nkeys == p->keys_room)
		return CT_POPULATION_NEEDS_KEYS;
	p->keys[p->nkeys++] = key;
	return CT_POPULATION_ADDED;
}

/* A spilled value, pointing into the arena. */
static ct_decimal
spilled_value(const ct_population *p, const ct_spilled *s)
{
	spilled_header header;
	ct_decimal	d;

	memcpy(&header, p->arena + s->offset, sizeof(header));
	d.sign = header.sign;
	d.weight = header.weight;
	d.ndigits = header.ndigits;
	d.digits = p->arena + s->offset + sizeof(header);
	return d;
}

/* The value that a key tells. */
static void
key_value(const ct_population *p, int64_t key, ct_cutoff *cutoff)
{
	ct_figure  *f = &cutoff->value;

	cutoff->above = false;
	f->kind = p->kind;
	if (p->kind == CT_FIGURE_INTEGER)
		f->as.integer = key;
	else if (p->kind == CT_FIGURE_DOUBLE)
		f->as.real = double_of_key(key);
	else
	{
		ct_decimal_from_int64(key, cutoff->digits, &f->as.decimal);
		if (key != 0)
			f->as.decimal.weight -= CT_FIXED_SCALE / CT_NBASE_DIGITS;
	}
}

static bool
spilled_below(const ct_population *p, const ct_spilled *a,
			  const ct_spilled *b)
{
	ct_decimal	value_a = spilled_value(p, a);
	ct_decimal	value_b = spilled_value(p, b);

	return ct_decimal_compare(&value_a, &value_b) < 0;
}

/*
 * Splitting by key and sorting by value, once for plain keys and once for
 * spilled values; the order is from the largest down.
 */
#define SPLIT_TYPE int64_t
#define SPLIT_KEY(x) (x)
#define SPLIT_BELOW(p, a, b) ((a) < (b))
#define SPLIT_NAME(name) keys_##name
#include "split.h"

#define SPLIT_TYPE ct_spilled
#define SPLIT_KEY(x) ((x).key)
#define SPLIT_BELOW(p, a, b) spilled_below(p, &(a), &(b))
#define SPLIT_NAME(name) spilled_##name
#include "split.h"

/* The candidates of a selection, in both arrays. */
typedef struct range
{
	size_t		keys_low,
				keys_high;
	size_t		spilled_low,
				spilled_high;
} range;

static size_t
range_size(const range *r)
{
	return r->keys_high - r->keys_low + r->spilled_high - r->spilled_low;
}

static int64_t
candidate(const ct_population *p, const range *r, size_t i)
{
	size_t		nkeys = r->keys_high - r->keys_low;

	return i < nkeys ? p->keys[r->keys_low + i] :
		p->spilled[r->spilled_low + i - nkeys].key;
}

static int64_t
median3(int64_t a, int64_t b, int64_t c)
{
	if (a > b)
	{
		int64_t		t = a;

		a = b;
		b = t;
	}
	return c < a ? a : c > b ? b : c;
}

/* The median of three medians of three, spread over the candidates. */
static int64_t
choose_pivot(const ct_population *p, const range *r)
{
	size_t		n = range_size(r);
	int64_t		m[3];

	for (int i = 0; i < 3; i++)
		m[i] = median3(candidate(p, r, (n - 1) * (3 * i) / 8),
					   candidate(p, r, (n - 1) / 8 * (3 * i + 1)),
					   candidate(p, r, (n - 1) / 8 * (3 * i + 2)));
	return median3(m[0], m[1], m[2]);
}

/* Splits the candidates: *above and *equal are parts of *r. */
static void
split(ct_population *p, const range *r, int64_t pivot, range *above,
	  range *equal)
{
	*above = *equal = *r;
	keys_split(p->keys, r->keys_low, r->keys_high, pivot,
			   &equal->keys_low, &equal->keys_high);
	spilled_split(p->spilled, r->spilled_low, r->spilled_high, pivot,
				  &equal->spilled_low, &equal->spilled_high);
	above->keys_high = equal->keys_low;
	above->spilled_high = equal->spilled_low;
}

/* The k-th largest of the candidates of one key, spilled ones above. */
static void
pick_equal(ct_population *p, const range *equal, uint64_t k,
		   ct_cutoff *cutoff)
{
	size_t		n = equal->spilled_high - equal->spilled_low;
	ct_spilled *s = p->spilled + equal->spilled_low;

	if (k > n)
	{
		key_value(p, p->keys[equal->keys_low], cutoff);
		return;
	}
	spilled_sort(p, s, n);
	cutoff->above = false;
	cutoff->value.kind = CT_FIGURE_DECIMAL;
	cutoff->value.as.decimal = spilled_value(p, &s[k - 1]);
}

static range
everything(const ct_population *p)
{
	range		r = {0, p->nkeys, 0, p->nspilled};

	return r;
}

/* The part of r below the pivot, from what split() gave. */
static range
below(const range *r, const range *equal)
{
	range		b = {equal->keys_high, r->keys_high,
		equal->spilled_high, r->spilled_high};

	return b;
}

/* Too many rounds: order the candidates by key, so that any pivot halves. */
static void
sort_range(ct_population *p, const range *r)
{
	keys_sort(p, p->keys + r->keys_low, r->keys_high - r->keys_low);
	spilled_sort(p, p->spilled + r->spilled_low,
				 r->spilled_high - r->spilled_low);
}

/*
 * A pivot for the given round.  After sort_range() the middle of the longer
 * array, which halves it.
 */
static int64_t
round_pivot(ct_population *p, const range *r, int round)
{
	size_t		nkeys = r->keys_high - r->keys_low;
	size_t		nspilled = r->spilled_high - r->spilled_low;

	ct_host_poll();
	if (round < MAX_ROUNDS)
		return choose_pivot(p, r);
	if (round == MAX_ROUNDS)
		sort_range(p, r);
	return nkeys >= nspilled ? p->keys[r->keys_low + nkeys / 2] :
		p->spilled[r->spilled_low + nspilled / 2].key;
}

void
ct_population_largest(ct_population *p, uint64_t k, ct_cutoff *cutoff)
{
	range		r = everything(p);
	range		above,
				equal;

	if (k > range_size(&r))
		k = range_size(&r);
	for (int round = 0;; round++)
	{
		split(p, &r, round_pivot(p, &r, round), &above, &equal);
		if (k <= range_size(&above))
			r = above;
		else if (k <= range_size(&above) + range_size(&equal))
			break;
		else
		{
			k -= range_size(&above) + range_size(&equal);
			r = below(&r, &equal);
		}
	}
	pick_equal(p, &equal, k - range_size(&above), cutoff);
}

uint64_t
ct_percent_rank(uint64_t mantissa, int places, uint64_t n)
{
	unsigned __int128 divisor = 100;
	unsigned __int128 product = (unsigned __int128) mantissa * n;

	for (int i = 0; i < places; i++)
		divisor *= 10;
	return (uint64_t) ((product + divisor - 1) / divisor);
}

/* One value into a sum. */
static void
add_key(const ct_population *p, int64_t key, ct_sum *sum)
{
	if (p->kind == CT_FIGURE_DOUBLE)
		ct_sum_add_double(sum, double_of_key(key));
	else
		sum->fixed += key;
}

/* Sums a part of the candidates; all of them are positive. */
static void
add_range(const ct_population *p, const range *r, ct_sum *sum)
{
	for (size_t i = r->keys_low; i < r->keys_high; i++)
		add_key(p, p->keys[i], sum);
	for (size_t i = r->spilled_low; i < r->spilled_high; i++)
	{
		ct_decimal	d = spilled_value(p, &p->spilled[i]);

		ct_sum_add_decimal(sum, &d);
	}
}

/*
 * Moves the positive values to the front.  Spilled values just above zero
 * have the key 0, and none of the key 0 is zero.
 */
static range
positives(ct_population *p)
{
	range		r = everything(p);

	for (size_t i = r.keys_high = 0; i < p->nkeys; i++)
		if (p->keys[i] > 0)
		{
			int64_t		key = p->keys[i];

			p->keys[i] = p->keys[r.keys_high];
			p->keys[r.keys_high++] = key;
		}
	for (size_t i = r.spilled_high = 0; i < p->nspilled; i++)
		if (p->spilled[i].key >= 0)
		{
			ct_spilled	s = p->spilled[i];

			p->spilled[i] = p->spilled[r.spilled_high];
			p->spilled[r.spilled_high++] = s;
		}
	return r;
}

/* The lowest and highest base-10000 weight that a spilled value has. */
static void
spilled_weights(const ct_population *p, int *low, int *high)
{
	for (size_t i = 0; i < p->nspilled; i++)
	{
		ct_decimal	d = spilled_value(p, &p->spilled[i]);

		if (d.weight > *high)
			*high = d.weight;
		if (d.weight - d.ndigits + 1 < *low)
			*low = d.weight - d.ndigits + 1;
	}
}

/* Makes a sum over the values of a population ready. */
static void
sum_shape(const ct_population *p, ct_sum *shape)
{
	int			low = CT_SUM_LOW;
	int			high = CT_SUM_HIGH;

	if (p->kind == CT_FIGURE_DOUBLE)
	{
		low = CT_SUM_DOUBLE_LOW;
		high = CT_SUM_DOUBLE_HIGH;
	}
	spilled_weights(p, &low, &high);
	shape->fixed = 0;
	shape->fixed_weight = p->kind == CT_FIGURE_INTEGER ? 0 :
		-CT_FIXED_SCALE / CT_NBASE_DIGITS;
	shape->low = low;
	shape->count = high + CT_SUM_CARRY - low + 1;
	shape->lanes = NULL;
}

/* The sums that ct_population_share() works with. */
typedef struct share_sums
{
	ct_sum		total;			/* p * sum of positives; then a bound */
	ct_sum		base;			/* of what lies above the candidates */
	ct_sum		part;
	ct_sum		work;
	uint64_t	hundred;		/* 100 * 10^places */
} share_sums;

#define SHARE_SUMS 4

size_t
ct_population_workspace(const ct_population *p)
{
	ct_sum		shape;

	sum_shape(p, &shape);
	return (size_t) shape.count * SHARE_SUMS;
}

/*
 * Is sum * 100 below p * total?  Takes long where one value has a hundred
 * thousand digits, and is asked for each of many.
 */
static bool
falls_short(share_sums *s, const ct_sum *sum)
{
	ct_host_poll();
	ct_sum_copy(&s->work, sum);
	ct_sum_finish(&s->work, s->hundred);
	return ct_sum_compare(&s->work, &s->total) < 0;
}

/*
 * The cut-off among the candidates of one key: from the largest down, the
 * last one for which what lies above falls short.
 */
static void
share_equal(ct_population *p, const range *equal, share_sums *s,
			ct_cutoff *cutoff)
{
	size_t		n = equal->spilled_high - equal->spilled_low;
	ct_spilled *list = p->spilled + equal->spilled_low;
	ct_decimal	d,
				previous = {0};

	spilled_sort(p, list, n);
	for (size_t i = 0; i < n; i++)
	{
		d = spilled_value(p, &list[i]);
		if (i == 0 || ct_decimal_compare(&d, &previous) != 0)
		{
			if (!falls_short(s, &s->base))
				return;
			cutoff->value.kind = CT_FIGURE_DECIMAL;
			cutoff->value.as.decimal = d;
		}
		ct_sum_add_decimal(&s->base, &d);
		previous = d;
	}
	if (equal->keys_high > equal->keys_low && falls_short(s, &s->base))
		key_value(p, p->keys[equal->keys_low], cutoff);
}

void
ct_population_share(ct_population *p, uint64_t mantissa, int places,
					int64_t *workspace, ct_cutoff *cutoff)
{
	range		r = positives(p);
	range		above,
				equal;
	share_sums	s;
	ct_sum	   *sums[SHARE_SUMS] = {&s.total, &s.base, &s.part, &s.work};

	cutoff->above = range_size(&r) == 0;
	if (cutoff->above)
	{
		cutoff->value.kind = CT_FIGURE_INTEGER;
		cutoff->value.as.integer = 0;
		return;
	}
	for (int i = 0; i < SHARE_SUMS; i++)
	{
		sum_shape(p, sums[i]);
		sums[i]->lanes = workspace + (size_t) i * sums[i]->count;
		ct_sum_clear(sums[i]);
	}
	s.hundred = 100;
	for (int i = 0; i < places; i++)
		s.hundred *= 10;
	add_range(p, &r, &s.total);
	ct_sum_finish(&s.total, mantissa);

	/*
	 * Invariant: what lies above the candidates falls short, and the cut-off
	 * is one of them.
	 */
	for (int round = 0;; round++)
	{
		range		rest;

		split(p, &r, round_pivot(p, &r, round), &above, &equal);
		rest = below(&r, &equal);
		ct_sum_copy(&s.part, &s.base);
		add_range(p, &above, &s.part);
		if (!falls_short(&s, &s.part))
		{
			r = above;
			continue;
		}
		ct_sum_copy(&s.base, &s.part);
		add_range(p, &equal, &s.part);
		if (range_size(&rest) == 0 || !falls_short(&s, &s.part))
			break;
		ct_sum_copy(&s.base, &s.part);
		r = rest;
	}
	share_equal(p, &equal, &s, cutoff);
}
