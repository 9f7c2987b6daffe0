/*
 * fuzz.h
 *		What a fuzz program defines.
 */
#ifndef CT_FUZZ_H
#define CT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Does something with any input; aborts when a property does not hold. */
extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Inputs to begin with, NULL-terminated. */
extern const char *const fuzz_seeds[];

#endif							/* CT_FUZZ_H */
