-- prologue.sql: what every benchmark finds.
--
--	bench_values	v (double precision) and n (numeric, the same to the cent),
--					:rows of them, skewed as what customers spend (Pareto's 20
--					percent have 80), in no order, the same each time
--	bench()			times two queries in one run and prints their ratio
SET client_min_messages = warning;
SET jit = off;					-- what compiling takes is not what we measure
SET max_parallel_workers_per_gather = 0;

CREATE UNLOGGED TABLE bench_values AS
SELECT v, v::numeric(20, 2) AS n
FROM generate_series(1, :rows) AS i,
	 -- multiplying by an odd number modulo 2^32 puts them in another order
	 CAST(i * 2654435761 % 4294967296 AS double precision) AS mixed,
	 round(1000 * ((mixed + 0.5) / 4294967296) ^ (-1 / 1.16)) AS cents,
	 LATERAL (SELECT cents / 100 AS v) AS drawn;
VACUUM ANALYZE bench_values;

-- How long a query takes, in milliseconds.
CREATE FUNCTION bench_ms(query text) RETURNS double precision
LANGUAGE plpgsql
AS $$
DECLARE
	started timestamptz := clock_timestamp();
BEGIN
	EXECUTE query;
	RETURN extract(epoch FROM clock_timestamp() - started) * 1000;
END;
$$;

-- (ours - bare) / (theirs - bare) for three queries, bare being what both of
-- the others have to do in any case, and whether that is within the target.
-- Each time is the least of several; they are taken in turns, so that whatever
-- else the machine does disturbs all of them alike.
CREATE FUNCTION bench(what text, ours text, theirs text, bare text,
					  target double precision, repeats integer DEFAULT 5)
RETURNS TABLE (benchmark text, "ours ms" integer, "theirs ms" integer,
			   "bare ms" integer, ratio numeric, "at most" numeric,
			   reached boolean)
LANGUAGE plpgsql
AS $$
DECLARE
	bare_ms double precision;
	ours_ms double precision;
	theirs_ms double precision;
	r double precision;
BEGIN
	FOR i IN 1 .. repeats LOOP
		bare_ms := least(bare_ms, bench_ms(bare));
		ours_ms := least(ours_ms, bench_ms(ours));
		theirs_ms := least(theirs_ms, bench_ms(theirs));
	END LOOP;
	r := (ours_ms - bare_ms) / (theirs_ms - bare_ms);
	RETURN QUERY SELECT what, ours_ms::integer, theirs_ms::integer,
		bare_ms::integer, round(r::numeric, 3), target::numeric, r <= target;
END;
$$;
