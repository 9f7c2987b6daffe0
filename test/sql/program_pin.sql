-- program_pin: customers who are held where their figures would not hold them

SET client_min_messages = warning;
SET datestyle = ISO;
SET timezone = 'UTC';
\set SHOW_CONTEXT never

CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d text;
	h text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || SQLERRM, nullif(d, ''),
		nullif(h, ''));
END $$;

CREATE SCHEMA ct_pin;
SET search_path = ct_pin, public;

CREATE TABLE metrics (customer integer PRIMARY KEY, value numeric);
INSERT INTO metrics VALUES (1, 950), (2, 650), (3, 650), (4, 50), (5, 50);
SELECT tiering.create_program('vip', 'metrics', 'customer',
	'gold >= 900, silver >= 600, base', value => 'value');
SELECT pg_temp.ct_error($$SELECT tiering.pin('vip', 1, 'lock')$$);
CALL tiering.refresh('vip', '2099-01-01');

SELECT tiering.pin('vip', 1, 'lock');
SELECT tiering.pin('vip', '2', 'floor', 'gold', '2099-03-01');
SELECT tiering.pin('vip', 3::bigint, 'cap', 'base');
SELECT tiering.pin('vip', 4, 'lock', 'silver', 'infinity');
-- the same again changes nothing
SELECT tiering.pin('vip', 1, 'lock');
SELECT customer, tier, pin, pinned_tier, pinned_until, movement, reason
FROM vip_tiers ORDER BY customer;
SELECT run, as_of, customer, from_tier, tier, pin, reason
FROM vip_tier_history WHERE run IS NULL ORDER BY entry;
TABLE vip_tier_touched;
-- the tier follows at the next refresh
SELECT customer, (expected).tier, (expected).movement FROM tiering.verify('vip');
CALL tiering.refresh_touched('vip', '2099-01-02');
SELECT count(*) FROM tiering.verify('vip');
UPDATE metrics SET value = 0 WHERE customer = 1;
UPDATE metrics SET value = 950 WHERE customer = 3;
CALL tiering.refresh('vip', '2099-02-01');
SELECT customer, tier, since, pin, pinned_tier, pinned_until, movement, reason
FROM vip_tiers ORDER BY customer;
-- ends by itself
CALL tiering.refresh_touched('vip', '2099-03-01');
SELECT customer, tier, since, pin, movement FROM vip_tiers WHERE customer = 2;
-- or by unpin
SELECT tiering.unpin('vip', 1), tiering.unpin('vip', '3'), tiering.unpin('vip', 5);
CALL tiering.refresh_touched('vip', '2099-03-02');
SELECT customer, tier, since, pin, movement FROM vip_tiers WHERE customer IN (1, 3) ORDER BY customer;
SELECT count(*) FROM tiering.verify('vip');
-- who leaves is pinned no more
DELETE FROM metrics WHERE customer = 4;
CALL tiering.refresh('vip', '2099-03-03');
SELECT customer, tier, pin, pinned_tier, pinned_until, movement FROM vip_tiers WHERE customer = 4;

SELECT pg_temp.ct_error(format('SELECT tiering.%s', call))
FROM unnest(ARRAY[
	$$pin('vip', 1, 'nail')$$,
	$$pin('vip', 1, NULL)$$,
	$$pin('vip', 1, 'floor')$$,
	$$pin('vip', 1, 'cap', 'platinum')$$,
	$$pin('vip', 99, 'lock')$$,
	$$pin('vip', 4, 'lock')$$,
	$$unpin('vip', 4)$$,
	$$pin('vip', 'x', 'lock')$$,
	$$pin('nobody', 1, 'lock')$$,
	$$unpin('nobody', 1)$$]) AS call;

-- a ladder without the pinned tier
SELECT tiering.pin('vip', 5, 'floor', 'silver');
SELECT pg_temp.ct_error($$SELECT tiering.alter_program('vip', 'gold >= 900, base')$$);
SELECT pg_temp.ct_error($$SELECT tiering.simulate('vip', 'gold >= 900, base')$$);
SELECT tiering.unpin('vip', 5);
SELECT tiering.alter_program('vip', 'diamond >= 990, gold >= 900, base');
-- nor one that the ladder in use lacks
SELECT pg_temp.ct_error($$SELECT tiering.pin('vip', 5, 'floor', 'diamond')$$);
SELECT pg_temp.ct_error($$SELECT tiering.pin('vip', 5, 'floor', 'silver')$$);
CALL tiering.refresh('vip', '2099-03-04');
SELECT customer, from_tier, tier, movement, reason FROM vip_tier_history
WHERE as_of = '2099-03-04' AND run IS NOT NULL ORDER BY customer;
SELECT tiering.pin('vip', 5, 'floor', 'diamond');

SELECT tiering.drop_program('vip');
SET client_min_messages = error;
DROP SCHEMA ct_pin CASCADE;
