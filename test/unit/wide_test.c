/*
 * wide_test.c
 *		192-bit integers against __int128 and against a slow 256-bit oracle.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/wide.h"
#include "random.h"
#include "unit.h"

#define ROUNDS 100000

/* The oracle: two's complement in eight 32-bit limbs, by the school book. */
typedef struct big
{
	uint32_t	limb[8];
} big;

static big
big_from_wide(const ct_wide *a)
{
	big			b;

	for (int i = 0; i < 6; i++)
		b.limb[i] = (uint32_t) (a->word[i / 2] >> (i % 2 * 32));
	b.limb[6] = b.limb[7] = a->word[2] >> 63 ? UINT32_MAX : 0;
	return b;
}

static big
big_add(big a, big b)
{
	uint64_t	carry = 0;

	for (int i = 0; i < 8; i++)
	{
		carry += (uint64_t) a.limb[i] + b.limb[i];
		a.limb[i] = (uint32_t) carry;
		carry >>= 32;
	}
	return a;
}

static big
big_negate(big a)
{
	big			one = {{1}};

	for (int i = 0; i < 8; i++)
		a.limb[i] = ~a.limb[i];
	return big_add(a, one);
}

/* Modulo 2^256, which is right for two's complement too. */
static big
big_multiply(big a, big b)
{
	big			sum = {{0}};

	for (int i = 0; i < 8; i++)
	{
		uint64_t	carry = 0;

		for (int j = 0; i + j < 8; j++)
		{
			carry += (uint64_t) a.limb[i] * b.limb[j] + sum.limb[i + j];
			sum.limb[i + j] = (uint32_t) carry;
			carry >>= 32;
		}
	}
	return sum;
}

static bool
big_is(big a, const ct_wide *b)
{
	big			c = big_from_wide(b);

	return memcmp(&a, &c, sizeof(a)) == 0;
}

/* Is it the sign extension of its lowest 192 bits? */
static bool
big_fits(big a)
{
	uint32_t	sign = a.limb[5] >> 31 ? UINT32_MAX : 0;

	return a.limb[6] == sign && a.limb[7] == sign;
}

static big
big_from_int128(__int128 value)
{
	ct_wide		w;

	ct_wide_from_int128(&w, value);
	return big_from_wide(&w);
}

static int
big_sign(big a)
{
	big			zero = {{0}};

	if (a.limb[7] >> 31)
		return -1;
	return memcmp(&a, &zero, sizeof(a)) != 0;
}

/* Of any size and sign. */
static ct_wide
random_wide(void)
{
	ct_wide		w;
	int			words = 1 + random_below(3);

	ct_wide_zero(&w);
	for (int i = 0; i < words; i++)
		w.word[i] = random_sized_word();
	if (words < 3 && random_below(2))
		ct_wide_negate(&w);
	return w;
}

static __int128
random_int128(void)
{
	__int128	v = ((__int128) (random_sized_word() >> 1) << 64 |
					 random_sized_word()) >> random_below(127);

	return random_below(2) ? v : -v;
}

/* An amount in fixed point units: at most CT_FIXED_LIMIT in size. */
static __int128
random_amount(void)
{
	if (random_below(20) == 0)
		return random_below(2) ? CT_FIXED_LIMIT : -CT_FIXED_LIMIT;
	return random_int128() % CT_FIXED_LIMIT;
}

static const ct_wide lowest = {{0, 0, UINT64_C(1) << 63}};
static const ct_wide highest = {{UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1}};

static void
test_small(void)
{
	bool		sign = true,
				compare = true,
				negate = true,
				add = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		__int128	x = random_int128() / 2;
		__int128	y = random_below(8) ? random_int128() / 2 : x;
		ct_wide		a,
					b,
					expected;

		ct_wide_from_int128(&a, x);
		ct_wide_from_int128(&b, y);
		sign &= ct_wide_sign(&a) == (x > 0) - (x < 0);
		compare &= ct_wide_compare(&a, &b) == (x > y) - (x < y);
		ct_wide_from_int128(&expected, x + y);
		add &= ct_wide_add(&a, &b) && ct_wide_compare(&a, &expected) == 0;
		ct_wide_from_int128(&expected, -y);
		ct_wide_negate(&b);
		negate &= ct_wide_compare(&b, &expected) == 0;
	}
	ok(sign, "sign as __int128");
	ok(compare, "comparison as __int128");
	ok(add, "sum as __int128");
	ok(negate, "negation as __int128");
}

static void
test_sums(void)
{
	bool		add = true,
				subtract = true,
				add_int128 = true,
				product = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		ct_wide		a = random_wide(),
					b = random_wide(),
					c;
		__int128	v = random_int128();
		__int128	amount = random_amount();
		int64_t		factor = (int64_t) random_sized_word();
		big			sum = big_add(big_from_wide(&a), big_from_wide(&b));
		big			difference = big_add(big_from_wide(&a),
										 big_negate(big_from_wide(&b)));

		c = a;
		add &= ct_wide_add(&c, &b) == big_fits(sum) &&
			(!big_fits(sum) || big_is(sum, &c));
		c = a;
		subtract &= ct_wide_subtract(&c, &b) == big_fits(difference) &&
			(!big_fits(difference) || big_is(difference, &c));
		sum = big_add(big_from_wide(&a), big_from_int128(v));
		c = a;
		add_int128 &= ct_wide_add_int128(&c, v) == big_fits(sum) &&
			(!big_fits(sum) || big_is(sum, &c));
		sum = big_add(big_from_wide(&a),
					  big_multiply(big_from_int128(amount),
								   big_from_int128(factor)));
		c = a;
		product &= ct_wide_add_product(&c, amount, factor) == big_fits(sum) &&
			(!big_fits(sum) || big_is(sum, &c));
	}
	ok(add, "sum and its overflow as the oracle");
	ok(subtract, "difference and its overflow as the oracle");
	ok(add_int128, "sum with an __int128 as the oracle");
	ok(product, "sum with a product as the oracle");
}

static void
test_multiplication(void)
{
	bool		good = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		ct_wide		a = random_wide();
		int64_t		factor = (int64_t) random_sized_word();
		big			expected = big_multiply(big_from_wide(&a),
											big_from_int128(factor));

		good &= ct_wide_multiply(&a, factor) == big_fits(expected) &&
			(!big_fits(expected) || big_is(expected, &a));
	}
	ok(good, "product and its overflow as the oracle");
	{
		ct_wide		a = lowest;

		ok(ct_wide_multiply(&a, 1) && ct_wide_compare(&a, &lowest) == 0,
		   "the lowest number times 1");
		ok(!ct_wide_multiply(&a, -1), "the lowest number times -1 overflows");
	}
}

/* At its limits a sum of amounts is possible, one unit beyond it is not. */
static void
test_within(void)
{
	bool		good = true;

	for (int64_t amounts = 0; amounts <= INT64_C(1) << 60;
		 amounts = amounts * 3 + 1)
	{
		ct_wide		most = {{0}};
		ct_wide		least;

		ct_wide_add_product(&most, CT_FIXED_LIMIT, amounts);
		least = most;
		ct_wide_negate(&least);
		good &= ct_wide_within(&most, amounts) &&
			ct_wide_within(&least, amounts);
		ct_wide_add_int128(&most, 1);
		ct_wide_add_int128(&least, -1);
		good &= !ct_wide_within(&most, amounts) &&
			!ct_wide_within(&least, amounts);
	}
	ok(good, "possible sums end at the limit");
	ok(!ct_wide_within(&highest, INT64_C(1) << 60) &&
	   !ct_wide_within(&lowest, INT64_C(1) << 60),
	   "the extremes are no sums of amounts");
}

static void
test_division(void)
{
	bool		exact = true,
				rounded = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		ct_wide		a = random_wide();
		uint64_t	divisor = random_sized_word();
		ct_wide		q = a;
		uint64_t	rest;
		big			size = big_from_wide(&a);
		big			twice,
					d;
		ct_wide		wide_divisor = {{0}};
		int			sign = ct_wide_sign(&a);

		if (divisor == 0)
			continue;
		wide_divisor.word[0] = divisor;
		d = big_from_wide(&wide_divisor);

		/* a = q * divisor + rest, the rest with the sign of a */
		rest = ct_wide_divide(&q, divisor);
		wide_divisor.word[0] = rest;
		exact &= rest < divisor && ct_wide_sign(&q) * sign >= 0;
		twice = big_from_wide(&wide_divisor);
		if (sign < 0)
			twice = big_negate(twice);
		exact &= big_is(big_add(big_multiply(big_from_wide(&q), d), twice),
						&a);

		/* -divisor < 2 * (q * divisor - a) <= divisor for a >= 0 */
		q = a;
		ct_wide_divide_rounded(&q, divisor);
		twice = big_add(big_multiply(big_from_wide(&q), d),
						big_negate(size));
		twice = big_add(twice, twice);
		if (sign < 0)
			twice = big_negate(twice);
		rounded &= big_sign(big_add(twice, big_negate(d))) <= 0 &&
			big_sign(big_add(twice, d)) > 0;
	}
	ok(exact, "quotient and rest give the dividend back");
	ok(rounded, "rounded quotient is the nearest, halves away from zero");
}

/* a = quotient * b + rest + excess, then times 2^shift. */
static ct_wide
dividend(const ct_wide *b, int64_t quotient, const ct_wide *rest, int excess,
		 int shift)
{
	ct_wide		a = *b;

	(void) ct_wide_multiply(&a, quotient);
	(void) ct_wide_add(&a, rest);
	(void) ct_wide_add_int128(&a, excess);
	for (int i = 0; i < shift; i++)
		(void) ct_wide_multiply(&a, 2);
	return a;
}

/*
 * A quotient of 53 bits and a rest of nothing, half of the divisor, one less
 * or one more: the nearest double is known.
 */
static void
test_ratio(void)
{
	bool		exact = true,
				tie = true,
				near = true,
				small = true;
	ct_wide		zero = {{0}};

	for (int i = 0; i < ROUNDS; i++)
	{
		int64_t		q = (INT64_C(1) << 52) +
			(int64_t) (random_sized_word() >> 12);
		ct_wide		half,
					b,
					a;
		int			shift = random_below(8);
		double		unit = (double) (1 << shift);
		bool		negative = random_below(2);
		int64_t		x = (int64_t) (random_sized_word() >> 11);
		int64_t		y = 1 + (int64_t) (random_sized_word() >> 12);

		__int128	h = random_int128();

		/* a divisor of up to 128 bits, even, above 2 */
		ct_wide_from_int128(&half, h < 0 ? -h : h);
		(void) ct_wide_add_int128(&half, 2);
		b = half;
		(void) ct_wide_add(&b, &half);
		if (negative)
			ct_wide_negate(&b);
#define RATIO(rest, excess) \
		(a = dividend(&b, negative ? -q : q, rest, excess, shift), \
		 ct_wide_ratio(&a, &b) * (negative ? -1 : 1) / unit)
		exact &= RATIO(&zero, 0) == (double) q;
		tie &= RATIO(&half, 0) == (double) (q + (q & 1));
		near &= RATIO(&half, -1) == (double) q &&
			RATIO(&half, 1) == (double) (q + 1);
#undef RATIO
		ct_wide_from_int128(&a, x);
		ct_wide_from_int128(&b, y);
		small &= ct_wide_ratio(&a, &b) == (double) x / (double) y;
	}
	ok(exact, "an exact quotient");
	ok(tie, "a quotient in the middle goes to the even double");
	ok(near, "a quotient by the middle goes to the nearest double");
	ok(small, "a quotient of small numbers is that of doubles");
	ok(ct_wide_ratio(&lowest, &lowest) == 1 &&
	   ct_wide_ratio(&highest, &highest) == 1 &&
	   ct_wide_ratio(&highest, &lowest) == -1, "quotients of the extremes");
	ok(!signbit(ct_wide_ratio(&zero, &lowest)), "zero has no sign");
}

static void
test_limits(void)
{
	bool		within = true,
				narrow = true;

	for (int i = 0; i < ROUNDS; i++)
	{
		int64_t		amounts = (int64_t) (random_sized_word() >> 20);
		ct_wide		limit = {{0}};
		ct_wide		wide = random_wide();
		__int128	v = random_int128();
		ct_int128	back;

		(void) ct_wide_add_product(&limit, CT_FIXED_LIMIT, amounts);
		if (random_below(2))
			ct_wide_negate(&limit);
		within &= ct_wide_within(&limit, amounts);
		(void) ct_wide_add_int128(&limit, ct_wide_sign(&limit) < 0 ? -1 : 1);
		within &= !ct_wide_within(&limit, amounts);

		narrow &= ct_wide_to_int128(&wide, &back) ==
			(wide.word[2] == (wide.word[1] >> 63 ? UINT64_MAX : 0));
		ct_wide_from_int128(&wide, v);
		narrow &= ct_wide_to_int128(&wide, &back) && back == v;
	}
	ok(within, "a sum of so many amounts, and not one unit more");
	ok(narrow, "what fits an __int128 becomes one");
}

/* value / 10^scale by way of __int128. */
static void
format_oracle(__int128 value, int scale, char *out)
{
	unsigned __int128 m = value < 0 ? -(unsigned __int128) value :
		(unsigned __int128) value;
	char		digits[64];
	int			n = 0;
	int			skip = 0;

	for (; m != 0 || n <= scale; m /= 10)
		digits[n++] = (char) ('0' + (int) (m % 10));
	while (skip < scale && digits[skip] == '0')
		skip++;
	if (value < 0)
		*out++ = '-';
	while (n > skip)
	{
		*out++ = digits[--n];
		if (n == scale && n > skip)
			*out++ = '.';
	}
	*out = '\0';
}

static void
test_text(void)
{
	bool		small = true,
				length = true;
	char		text[CT_WIDE_TEXT_SIZE],
				expected[CT_WIDE_TEXT_SIZE];

	for (int i = 0; i < ROUNDS; i++)
	{
		ct_wide		a = random_wide();
		int			scale = random_below(31);
		__int128	v = random_int128();
		int			n = ct_wide_format(&a, scale, text);

		length &= n == (int) strlen(text) && n < CT_WIDE_TEXT_SIZE;
		ct_wide_from_int128(&a, v);
		ct_wide_format(&a, scale, text);
		format_oracle(v, scale, expected);
		small &= strcmp(text, expected) == 0;
	}
	ok(small, "text as by __int128");
	ok(length, "length of the text");

	/* 58 digits are more than three times 19 */
	ct_wide_format(&highest, 0, text);
	ok(strcmp(text, "3138550867693340381917894711603833208051177722232017256"
			  "447") == 0, "the highest number");
	ct_wide_format(&lowest, 30, text);
	ok(strcmp(text, "-3138550867693340381917894711.603833208051177722232017256"
			  "448") == 0, "the lowest number, 30 places");
}

static void
test_bytes(void)
{
	bool		round_trip = true,
				order = true;
	unsigned char x[CT_WIDE_BYTES + 1],
				y[CT_WIDE_BYTES + 1];

	for (int i = 0; i < ROUNDS; i++)
	{
		ct_wide		a = random_wide(),
					b = random_wide(),
					c;
		int			bytes;

		/* unaligned on purpose */
		ct_wide_write(&a, x + 1);
		ct_wide_write(&b, y + 1);
		ct_wide_read(&c, x + 1);
		round_trip &= ct_wide_compare(&a, &c) == 0;
		bytes = memcmp(x + 1, y + 1, CT_WIDE_BYTES);
		if (ct_wide_sign(&a) >= 0 && ct_wide_sign(&b) >= 0)
			order &= (bytes > 0) - (bytes < 0) == ct_wide_compare(&a, &b);
	}
	ok(round_trip, "bytes read back");
	ok(order, "bytes are in network order");
}

int
main(void)
{
	test_small();
	test_sums();
	test_multiplication();
	test_within();
	test_division();
	test_ratio();
	test_limits();
	test_text();
	test_bytes();
	return done_testing();
}
