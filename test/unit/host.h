/*
 * host.h
 *		What tests may ask of their host.
 */
#ifndef CT_UNIT_HOST_H
#define CT_UNIT_HOST_H

/* How often the core has let its host interrupt it. */
extern long host_polls;

#endif							/* CT_UNIT_HOST_H */
