/* unit.h: the few macros that core tests are written with; prints TAP. */
#ifndef CT_UNIT_H
#define CT_UNIT_H
#include <stdbool.h>
#include <stdio.h>
static int	unit_count,
			unit_failed;
#define ok(condition, ...) \
	do { bool ok_ = (condition); unit_count++; if (!ok_) unit_failed++; \
		printf("%sok %d - ", ok_ ? "" : "not ", unit_count); \
		printf(__VA_ARGS__); printf("\n"); \
		if (!ok_) printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition); } while (0)
#define done_testing() (printf("1..%d\n", unit_count), unit_failed != 0)
#endif
