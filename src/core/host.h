/*
 * host.h
 *		What the core asks of whoever it is linked into.
 *
 * src/host.c gives it to the extension, test/unit/host.c to the tests.
 */
#ifndef CT_HOST_H
#define CT_HOST_H

/* Room that ct_host_shortest needs, its terminating zero included. */
#define CT_SHORTEST_SIZE 32

/*
 * Writes the shortest decimal that reads back to the same finite double, as
 * float8out prints it, zero-terminated; returns its length.
 */
extern int	ct_host_shortest(double value, char *buffer);

/*
 * The length of the longest beginning of a text, of at most so many bytes,
 * that cuts no character in two.
 */
extern int	ct_host_clip(const char *text, int length, int most);

/*
 * Called between passes over much data.  It may not return (a cancelled
 * query); the core holds nothing that would leak.
 */
extern void ct_host_poll(void);

#endif							/* CT_HOST_H */
