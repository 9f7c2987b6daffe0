/*
 * population.c
 *		Figures as keys that sort fast, cut-offs and quantiles among them; see
 *		population.h.
 */
#include "c.h"

#include "core/host.h"
#include "core/population.h"
#include "core/quantile.h"

/* Keys from here on, of either sign, are those of large decimals. */
#define LARGE_KEY (INT64_C(1) << 62)

/*
 * Members that are compared, or added up, between two chances to interrupt:
 * so few that it takes less than a second even where all have the thousands
 * of digits that a numeric can have.
 */
#define POLL_MEMBERS 1024

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
	bool		exact = d->ndigits <= whole;

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

/* Puts a figure that its key does not tell into the arena. */
static size_t
pack_member(ct_population *p, const ct_figure *figure)
{
	size_t		at = p->arena_used;

	p->arena = ct_reserve(p->context, p->arena, &p->arena_room,
						  at + ct_figure_packed_size(figure), 1);
	p->arena_used += ct_figure_pack(figure, p->arena + at);
	return at;
}

bool
ct_population_add(ct_population *p, const ct_figure *figure)
{
	ct_member	member = {0, CT_MEMBER_EXACT};

	if (figure->kind == CT_FIGURE_NULL)
		return true;
	if (p->count == 0)
		p->kind = figure->kind;
	else if (p->kind != figure->kind)
		return false;
	if (figure->kind == CT_FIGURE_INTEGER)
		member.key = figure->as.integer;
	else if (figure->kind != CT_FIGURE_DECIMAL)
		member.key = key_of_double(figure->as.number);
	else if (!key_of_decimal(&figure->as.decimal, &member.key))
		member.rest = pack_member(p, figure);
	p->members = ct_reserve(p->context, p->members, &p->room, p->count + 1,
							sizeof(ct_member));
	p->members[p->count++] = member;
	return true;
}

/*
 * The order of two members with one key: what lies in the arena has more
 * places than the key and is above it.
 */
static int
compare_same_key(const ct_member *a, const ct_member *b,
				 const ct_population *p)
{
	ct_figure	figure_a,
				figure_b;

	if (a->rest == CT_MEMBER_EXACT || b->rest == CT_MEMBER_EXACT)
		return (b->rest == CT_MEMBER_EXACT) - (a->rest == CT_MEMBER_EXACT);
	(void) ct_figure_unpack(p->arena + a->rest, &figure_a);
	(void) ct_figure_unpack(p->arena + b->rest, &figure_b);
	return ct_decimal_compare(&figure_a.as.decimal, &figure_b.as.decimal);
}

static inline int
compare_members(const ct_member *a, const ct_member *b,
				const ct_population *p)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return compare_same_key(a, b, p);
}

/* What a sort carries along. */
typedef struct member_sort
{
	const ct_population *population;
	unsigned	comparisons;
} member_sort;

/* The template's own checks for interrupts take a third of the time. */
static inline int
compare_polling(const ct_member *a, const ct_member *b, member_sort *sort)
{
	if (++sort->comparisons % POLL_MEMBERS == 0)
		ct_host_poll();
	return compare_members(a, b, sort->population);
}

#define ST_SORT sort_members
#define ST_ELEMENT_TYPE ct_member
#define ST_COMPARE(a, b, sort) compare_polling(a, b, sort)
#define ST_COMPARE_ARG_TYPE member_sort
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* Members that have one key, and need more than it to be told apart. */
static void
sort_same_keys(ct_member *members, size_t count, member_sort *sort)
{
	for (size_t low = 0, high; low < count; low = high)
	{
		for (high = low + 1; high < count &&
			 members[high].key == members[low].key;)
			high++;
		sort_members(members + low, high - low, sort);
	}
}

/*
 * Merges what has been added since the last sort, and is in order by itself,
 * into what was in order before: from the end, so that only the tail needs
 * room elsewhere.
 */
static void
merge_tail(ct_population *p)
{
	size_t		left = p->sorted;
	size_t		right = p->count - left;
	ct_member  *tail;

	if (left == 0 ||
		compare_members(&p->members[left - 1], &p->members[left], p) <= 0)
		return;
	tail = ct_host_resize(p->context, NULL, right * sizeof(ct_member));
	memcpy(tail, p->members + left, right * sizeof(ct_member));
	while (right > 0)
	{
		ct_member  *to = &p->members[left + right - 1];

		if ((left + right) % POLL_MEMBERS == 0)
			ct_host_poll();
		if (left > 0 &&
			compare_members(&p->members[left - 1], &tail[right - 1], p) > 0)
			*to = p->members[--left];
		else
			*to = tail[--right];
	}
	(void) ct_host_resize(p->context, tail, 0);
}

void
ct_population_sort(ct_population *p)
{
	member_sort sort = {p, 0};
	ct_member  *added = p->members + p->sorted;
	size_t		count = p->count - p->sorted;

	ct_host_poll();
	if (count == 0)
		return;
	if (count < CT_RADIX_LEAST)
		sort_members(added, count, &sort);
	else
	{
		ct_radix_sort(added, count, p->context);
		if (p->arena_used > 0)
			sort_same_keys(added, count, &sort);
	}
	merge_tail(p);
	p->sorted = p->count;
}

ct_figure
ct_population_member(const ct_population *p, size_t i,
					 int16_t digits[CT_FIGURE_DIGITS])
{
	const ct_member *member = &p->members[i];
	ct_figure	f = {p->kind};

	if (member->rest != CT_MEMBER_EXACT)
		(void) ct_figure_unpack(p->arena + member->rest, &f);
	else if (p->kind == CT_FIGURE_INTEGER)
		f.as.integer = member->key;
	else if (p->kind != CT_FIGURE_DECIMAL)
		f.as.number = double_of_key(member->key);
	else
	{
		ct_decimal_from_int64(member->key, digits, &f.as.decimal);
		if (member->key != 0)
			f.as.decimal.weight -= CT_FIXED_SCALE / CT_NBASE_DIGITS;
	}
	return f;
}

size_t
ct_population_largest(const ct_population *p, uint64_t k)
{
	return k < p->count ? p->count - k : 0;
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

/*
 * The first positive one of the sorted members.  What lies in the arena just
 * above zero has the key 0.
 */
static size_t
first_positive(const ct_population *p)
{
	size_t		low = 0;
	size_t		high = p->count;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		const ct_member *m = &p->members[middle];

		if (m->key > 0 || (m->key == 0 && m->rest != CT_MEMBER_EXACT))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Settled that often, the fixed part can take factors below 2^47. */
void
ct_population_add_up(const ct_population *p, size_t low, size_t high,
					 int64_t factor, int64_t step, ct_sum *sum)
{
	int16_t		digits[CT_FIGURE_DIGITS];
	ct_figure	f;

	for (size_t i = low; i < high; i++, factor += step)
	{
		const ct_member *member = &p->members[i];

		if (i % POLL_MEMBERS == 0)
		{
			ct_host_poll();
			ct_sum_settle(sum);
		}
		if (p->kind == CT_FIGURE_DOUBLE)
			ct_sum_add_double(sum, double_of_key(member->key), factor);
		else if (member->rest == CT_MEMBER_EXACT &&
				 p->kind != CT_FIGURE_REAL)
			sum->fixed += (ct_int128) member->key * factor;
		else
		{
			ct_decimal	d;

			f = ct_population_member(p, i, digits);
			d = ct_figure_decimal(&f, digits);
			ct_sum_add_decimal(sum, &d, factor);
		}
	}
}

/* The lowest and highest base-10000 weight of the digits in the arena. */
static void
arena_weights(const ct_population *p, int *low, int *high)
{
	for (size_t at = 0; at < p->arena_used;)
	{
		ct_figure	f;
		const ct_decimal *d = &f.as.decimal;

		ct_host_poll();
		at += ct_figure_unpack(p->arena + at, &f);
		if (d->weight > *high)
			*high = d->weight;
		if (d->weight - d->ndigits + 1 < *low)
			*low = d->weight - d->ndigits + 1;
	}
}

void
ct_population_start_sums(const ct_population *p, void *context, ct_sum *sums,
						 int count)
{
	bool		wide = p->kind > CT_FIGURE_DECIMAL;
	int			low = wide ? CT_SUM_DOUBLE_LOW : CT_SUM_LOW;
	int			high = wide ? CT_SUM_DOUBLE_HIGH : CT_SUM_HIGH;
	int			lanes;
	ct_int128  *lane;

	arena_weights(p, &low, &high);
	lanes = high + CT_SUM_CARRY - low + 1;
	lane = ct_host_resize(context, NULL,
						  (size_t) count * lanes * sizeof(ct_int128));
	for (int i = 0; i < count; i++, lane += lanes)
	{
		sums[i].fixed_weight = p->kind == CT_FIGURE_INTEGER ? 0 :
			-CT_FIXED_SCALE / CT_NBASE_DIGITS;
		sums[i].low = low;
		sums[i].count = lanes;
		sums[i].lanes = lane;
		ct_sum_clear(&sums[i]);
	}
}

/* The sums that ct_population_share() works with. */
typedef struct share_sums
{
	ct_sum	   *bound;			/* p * sum(positive values) */
	ct_sum	   *above;			/* of what lies above the candidates */
	ct_sum	   *part;
	ct_sum	   *work;
	uint64_t	hundred;		/* 100 * 10^places */
} share_sums;

/* Is sum * 100 below p * sum(positive values)? */
static bool
falls_short(share_sums *s, const ct_sum *sum)
{
	ct_host_poll();
	ct_sum_copy(s->work, sum);
	ct_sum_finish(s->work, s->hundred);
	return ct_sum_compare(s->work, s->bound) < 0;
}

/*
 * The first position, from low on, for which the sum of all that comes after
 * it falls short.  The sum becomes less from position to position, so that
 * bisection finds it.  The last one of several equal values has just the
 * greater ones after it: if its sum falls short, and that of the last one of
 * the next lower value does not, the first position that does belongs to this
 * value.
 */
static size_t
share_position(const ct_population *p, size_t low, share_sums *s)
{
	size_t		high = p->count - 1;

	/* nothing comes after the last one: 0 falls short of any share */
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		ct_sum_copy(s->part, s->above);
		ct_population_add_up(p, middle + 1, high + 1, 1, 0, s->part);
		if (falls_short(s, s->part))
		{
			high = middle;
			ct_sum_copy(s->above, s->part);
		}
		else
			low = middle + 1;
	}
	return low;
}

bool
ct_population_share(ct_population *p, uint64_t mantissa, int places,
					size_t *position)
{
	size_t		first = first_positive(p);
	ct_sum		sums[4];
	share_sums	s = {&sums[0], &sums[1], &sums[2], &sums[3], 100};

	if (first == p->count)
		return false;
	ct_population_start_sums(p, p->context, sums, lengthof(sums));
	for (int i = 0; i < places; i++)
		s.hundred *= 10;
	ct_population_add_up(p, first, p->count, 1, 0, s.bound);
	ct_sum_finish(s.bound, mantissa);
	*position = share_position(p, first, &s);
	(void) ct_host_resize(p->context, sums[0].lanes, 0);
	return true;
}

double
ct_population_quantile(const ct_population *p, unsigned part, unsigned parts)
{
	unsigned __int128 steps = (unsigned __int128) (p->count - 1) * part;
	size_t		below = (size_t) (steps / parts);
	unsigned	rest = (unsigned) (steps % parts);
	int16_t		digits_low[CT_FIGURE_DIGITS],
				digits_high[CT_FIGURE_DIGITS];
	ct_figure	low = ct_population_member(p, below, digits_low);
	ct_figure	high;
	ct_decimal	a,
				b;

	if (rest == 0)
		return ct_figure_double(&low);
	high = ct_population_member(p, below + 1, digits_high);
	a = ct_figure_decimal(&low, digits_low);
	b = ct_figure_decimal(&high, digits_high);
	return ct_between(&a, &b, rest, parts, p->context);
}
