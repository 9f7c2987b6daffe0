-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION customer_tier" to load this file. \quit

-- COST: 1 is up to 50 ns, what PostgreSQL's operators for numeric take and
-- count as 1 themselves; of a function that returns rows it is that of each.

