/*
 * driver.c
 *		Runs a fuzz program without libFuzzer: over its seeds and seeded
 *		random mutations of them, the same ones each time.  Prints TAP.
 *
 *	program [seconds [inputs]]		stops at whichever comes first
 *	program -w folder				writes the seeds as files, for libFuzzer
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz.h"

#define MAX_SIZE 4096

static uint64_t state = UINT64_C(0x9E3779B97F4A7C15);

/* A number below n, by xorshift64*. */
static size_t
below(size_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (size_t) ((state * UINT64_C(2685821657736338717)) >> 33) % n;
}

static size_t
count_seeds(void)
{
	size_t		n = 0;

	while (fuzz_seeds[n] != NULL)
		n++;
	return n;
}

/* Puts n bytes of piece at a place of buffer; returns the new size. */
static size_t
insert(uint8_t *buffer, size_t size, size_t at, const void *piece, size_t n)
{
	if (size + n > MAX_SIZE)
		return size;
	memmove(buffer + at + n, buffer + at, size - at);
	memcpy(buffer + at, piece, n);
	return size + n;
}

/* Changes the input in one way; returns its new size. */
static size_t
mutate(uint8_t *buffer, size_t size, size_t nseeds)
{
	static const char *const numbers[] = {
		"0", "-1", "1e308", "1e-400", "99999999999999999999", "0.000000005",
		"9223372036854775808", "1e131072", "-0.0", "\xE2\x89\xA5", "\"", ","
	};
	size_t		at = below(size + 1);
	size_t		n = size > at ? 1 + below(size - at) : 0;
	const char *seed = fuzz_seeds[below(nseeds)];
	uint8_t		copy[MAX_SIZE];
	uint8_t		byte = (uint8_t) below(256);

	switch (below(7))
	{
		case 0:
			if (size > at)
				buffer[at] ^= (uint8_t) (1 << below(8));
			return size;
		case 1:
			return insert(buffer, size, at, &byte, 1);
		case 2:					/* leave a range out */
			memmove(buffer + at, buffer + at + n, size - at - n);
			return size - n;
		case 3:					/* write a range twice */
			memcpy(copy, buffer + at, n);
			return insert(buffer, size, at, copy, n);
		case 4:					/* go on as another seed does */
			at = at < strlen(seed) ? at : strlen(seed);
			return insert(buffer, at, at, seed + at, strlen(seed) - at);
		case 5:
			seed = numbers[below(sizeof(numbers) / sizeof(numbers[0]))];
			return insert(buffer, size, at, seed, strlen(seed));
		default:
			if (size > at)
				buffer[at] = byte;
			return size;
	}
}

/* On the heap and of its exact size, so that a read beyond it is found. */
static void
run(const uint8_t *buffer, size_t size)
{
	uint8_t    *data = malloc(size ? size : 1);

	memcpy(data, buffer, size);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static int
write_seeds(const char *folder)
{
	for (int i = 0; fuzz_seeds[i] != NULL; i++)
	{
		char		path[1024];
		FILE	   *file;

		snprintf(path, sizeof(path), "%s/seed-%d", folder, i);
		file = fopen(path, "wb");
		if (file == NULL || fputs(fuzz_seeds[i], file) < 0 ||
			fclose(file) != 0)
		{
			perror(path);
			return 1;
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	size_t		nseeds = count_seeds();
	time_t		end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 3);
	long		limit = argc > 2 ? atol(argv[2]) : 200000;
	long		runs;
	uint8_t		buffer[MAX_SIZE];

	if (argc == 3 && strcmp(argv[1], "-w") == 0)
		return write_seeds(argv[2]);
	for (size_t i = 0; i < nseeds; i++)
		run((const uint8_t *) fuzz_seeds[i], strlen(fuzz_seeds[i]));
	for (runs = 0; runs < limit && time(NULL) <= end; runs++)
	{
		const char *seed = fuzz_seeds[below(nseeds)];
		size_t		size = insert(buffer, 0, 0, seed, strlen(seed));

		for (size_t i = below(6) + 1; i > 0; i--)
			size = mutate(buffer, size, nseeds);
		run(buffer, size);
	}
	printf("ok 1 - %zu seeds, %ld mutations\n1..1\n", nseeds, runs);
	return 0;
}
