-- program_pin: pins over earned tiers, merged customers, tiers with new names

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

--
-- A grant that ends takes no other grant with it
--
CREATE TABLE figures (person text PRIMARY KEY, value numeric);
INSERT INTO figures VALUES ('Zed', 20), ('Yan', 20), ('Xu', 20), ('Wu', 20);
SELECT tiering.create_program('grades', 'figures', 'person',
	'publisher >= 1000, vip >= 500, uu >= 50, iu >= 20, vu', value => 'value');
CALL tiering.refresh('grades', '2022-05-31');
SELECT tiering.pin('grades', 'Zed', 'floor', 'uu', from_date => '2022-06-01', note => 'by hand'),
	tiering.pin('grades', 'Zed', 'floor', 'vip', '2023-04-10', '2023-04-03'),
	tiering.pin('grades', 'Yan', 'floor', 'vip', '2023-04-10', '2023-04-03'),
	tiering.pin('grades', 'Yan', 'floor', 'publisher', from_date => '2023-04-06'),
	tiering.pin('grades', 'Xu', 'floor', 'vip', '2025-01-01', '2024-01-01'),
	tiering.pin('grades', 'Xu', 'floor', 'uu', '2024-03-31', '2024-03-01');
SELECT sum(tiering.refresh_touched_now('grades', d::date))
FROM generate_series(date '2022-06-01', '2025-01-02', '1 day') d;
SELECT x.p, x.d, tiering.tier_at('grades', x.p, x.d) AS got, x.e AS expected, tiering.tier_at('grades', x.p, x.d) = x.e AS ok
FROM (VALUES
	('Zed', '2022-05-31'::date, 'iu'), ('Zed', '2022-06-01', 'uu'), ('Zed', '2023-04-05', 'vip'), ('Zed', '2023-04-10', 'uu'),
	('Yan', '2023-04-05', 'vip'), ('Yan', '2023-04-06', 'publisher'), ('Yan', '2023-04-10', 'publisher'),
	('Xu', '2024-02-01', 'vip'), ('Xu', '2024-03-01', 'vip'), ('Xu', '2024-04-01', 'vip'), ('Xu', '2025-01-01', 'iu'),
	('Wu', '2023-04-05', 'iu')) x (p, d, e);
SELECT person, tier, period FROM grades_tier_period ORDER BY person, period;
SELECT person, as_of, from_tier, tier, since, earned, earned_since, movement, reason
FROM grades_tier_history WHERE person = 'Zed' ORDER BY entry;
SELECT count(*) FROM tiering.verify('grades');

--
-- What is earned moves on underneath, and shows when the pin ends
--
CREATE TABLE nights (guest text PRIMARY KEY, n numeric);
INSERT INTO nights VALUES ('Mia', 12), ('Nat', 12), ('Lea', 30), ('Cap', 60), ('Loc', 12);
SELECT tiering.create_program('stay', 'nights', 'guest', 'platinum >= 50, gold >= 25, silver >= 10, member',
	value => 'n', policy => 'review at end of next year');
CALL tiering.refresh('stay', '2025-02-28');
-- trials of 90 days, a cap while a matter is open, a lock
SELECT count(tiering.pin('stay', g, 'floor', 'platinum', '2025-05-30', '2025-03-01')) FROM unnest('{Mia,Nat}'::text[]) g;
SELECT tiering.pin('stay', 'Cap', 'cap', 'silver', '2025-06-01', '2025-03-01', 'dispute'),
	tiering.pin('stay', 'Loc', 'lock', 'gold', '2025-05-30', '2025-03-01');
CALL tiering.refresh('stay', '2025-03-01');
SELECT guest, tier, rank, since, earned, earned_since, movement FROM stay_tiers ORDER BY guest;
SELECT guest, tier, earned, pinned FROM stay_tier_outlook ORDER BY guest;
SET customer_tier.as_of = '2025-04-01';
SELECT guest, tier, earned, pinned FROM stay_tier_outlook ORDER BY guest;
RESET customer_tier.as_of;
UPDATE nights SET n = 17 WHERE guest = 'Mia';
UPDATE nights SET n = 55 WHERE guest = 'Nat';
UPDATE nights SET n = 5 WHERE guest = 'Loc';
CALL tiering.refresh('stay', '2025-05-29');
SELECT guest, tier, earned, earned_since, movement FROM stay_tiers ORDER BY guest;
-- a touched refresh knows that pins end
CALL tiering.refresh_touched('stay', '2025-05-30');
SELECT guest, tier, since, earned, review_on, movement FROM stay_tiers ORDER BY guest;
CALL tiering.refresh_touched('stay', '2025-06-01');
SELECT guest, tier, since, earned, movement FROM stay_tiers WHERE guest = 'Cap';
-- the clock under a pin is that of what is earned
SELECT count(DISTINCT review_on) FROM stay_tiers WHERE earned_since = '2025-02-28';
SELECT count(*) FROM tiering.verify('stay');

--
-- Floors raise, then caps lower; of locks the one that began last
--
SELECT k.pins, k.earned, tiering_internal.in_force(k.pins::jsonb, k.earned, 'a >= 3, b >= 2, c >= 1, d', '2025-01-10') ->> 'tier' AS got,
	k.expected, tiering_internal.in_force(k.pins::jsonb, k.earned, 'a >= 3, b >= 2, c >= 1, d', '2025-01-10') ->> 'tier' IS NOT DISTINCT FROM k.expected AS ok
FROM (VALUES
	('[{"kind": "floor", "tier": "b", "from_date": "2025-01-01"}]', 'd', 'b'),
	('[{"kind": "floor", "tier": "b", "from_date": "2025-01-01"}]', 'a', 'a'),
	('[{"kind": "floor", "tier": "b", "from_date": "2025-01-01"}]', NULL, 'b'),
	('[{"kind": "cap", "tier": "b", "from_date": "2025-01-01"}]', 'a', 'b'),
	('[{"kind": "cap", "tier": "b", "from_date": "2025-01-01"}]', NULL, NULL),
	('[{"kind": "cap", "tier": "c", "from_date": "2025-01-01"}, {"kind": "floor", "tier": "a", "from_date": "2025-01-02"}]', 'd', 'c'),
	('[{"kind": "lock", "tier": "d", "from_date": "2025-01-02"}, {"kind": "lock", "tier": "b", "from_date": "2025-01-01"}, {"kind": "floor", "tier": "a", "from_date": "2025-01-03"}]', 'c', 'd'),
	('[{"kind": "lock", "tier": "d", "from_date": "2025-01-02", "until_date": "2025-01-10"}, {"kind": "lock", "tier": "b", "from_date": "2025-01-01"}]', 'c', 'b'),
	('[{"kind": "lock", "tier": "a", "from_date": "2025-01-02", "until_date": "2025-01-11"}]', 'c', 'a')) k (pins, earned, expected);

--
-- Taking pins away
--
SELECT tiering.pin('stay', 'Lea', 'floor', 'platinum', note => 'a friend'), tiering.pin('stay', 'Lea', 'cap', 'platinum'),
	tiering.pin('stay', 'Lea', 'lock', 'member', from_date => '2100-01-01');
CALL tiering.refresh_touched('stay', '2026-01-01');
SELECT tiering.unpin('stay', 'Lea', 'floor');
SELECT kind, tier, until_date IS NULL AS for_good FROM stay_tier_pin WHERE guest = 'Lea' ORDER BY pin;
SELECT tiering.unpin('stay', 'Lea');
SELECT pg_temp.ct_error(format('SELECT tiering.%s', c)) FROM unnest(ARRAY[
	$$unpin('stay', 'Lea')$$, $$unpin('stay', 'Nobody')$$,
	$$pin('stay', 'Nobody', 'floor', 'gold')$$, $$pin('stay', 'Mia', 'ceiling', 'gold')$$,
	$$pin('stay', 'Mia', NULL, 'gold')$$, $$pin('stay', NULL::text, 'cap', 'gold')$$,
	$$pin('stay', 'Mia', 'floor', 'diamond')$$, $$pin('stay', 'Mia', 'floor', 'gold', '2020-01-01', '2020-01-02')$$,
	$$pin('stay', 'Mia', 'floor', 'gold', '2030-01-01', '2030-01-01')$$, $$pin('nothing', 'Mia', 'floor')$$]) c;
-- without a tier the one that is held
SELECT tiering.pin('stay', 'Mia', 'lock') > 0 AS pinned, (SELECT tier FROM stay_tier_pin ORDER BY pin DESC LIMIT 1);

--
-- A programme renames its tiers, adds one and raises its bounds
--
CREATE TABLE spent (c text PRIMARY KEY, v numeric);
INSERT INTO spent VALUES ('Ada', 6000), ('Bo', 1500);
SELECT tiering.create_program('vip', 'spent', 'c', 'gold >= 5000, silver >= 1000, member',
	value => 'v', policy => 'review every 12 months');
CALL tiering.refresh('vip', '2025-03-01');
UPDATE spent SET v = CASE c WHEN 'Ada' THEN 2000 ELSE 100 END;
CALL tiering.refresh('vip', '2025-09-01');
SELECT tiering.pin('vip', 'Bo', 'floor', 'silver', '2030-01-01', '2025-09-15');
SELECT pg_temp.ct_error($$SELECT tiering.alter_program('vip', ladder => 'diamond >= 9000, aurum >= 6000, argent >= 1500, member')$$);
SELECT pg_temp.ct_error($$SELECT tiering.alter_program('vip', renamed => '{"bronze": "x"}')$$);
SELECT pg_temp.ct_error($$SELECT tiering.alter_program('vip', renamed => '{"gold": "silver"}')$$);
SELECT tiering.alter_program('vip', ladder => 'diamond >= 9000, aurum >= 6000, argent >= 1500, member',
	renamed => '{"gold": "aurum", "silver": "argent"}');
SELECT count(*) FROM tiering.verify('vip');
SELECT tiering.ladder('vip');
CALL tiering.refresh('vip', '2025-10-01');
SELECT c, tier, rank, since, earned, review_on, movement FROM vip_tiers ORDER BY c;
SELECT tier, kind FROM vip_tier_pin;
SELECT tiering.tier_at('vip', 'Ada', '2025-10-02') AS now, tiering.tier_at('vip', 'Ada', '2025-04-01') AS before;
CALL tiering.refresh('vip', '2026-03-01');
SELECT c, tier, since, earned, review_on, movement FROM vip_tiers ORDER BY c;
SELECT count(*) FROM tiering.verify('vip');
-- labels that need quotes, swapped, on rules and with bars of their own
SELECT tiering_internal.relabelled('a >= 5 keep >= 4, "b ""x""" > 3, c', '{"a": "b \"x\"", "b \"x\"": "top"}'),
	tiering_internal.relabelled('a: x >= 5 and y < 3 or z top 10% keep x >= 4, b: x >= 1, c', '{"a": "keep"}'),
	tiering_internal.relabelled('a top 10% keep top 12%, b', '{}');

--
-- Two accounts of one person
--
CREATE TABLE orders (account integer, at date, amount numeric);
INSERT INTO orders VALUES (1, '2024-05-01', 300);
CREATE VIEW spend AS SELECT account, sum(amount) AS spent FROM orders GROUP BY 1;
SELECT tiering.create_program('club', 'spend', 'account', 'gold >= 800, silver >= 200, none',
	value => 'spent', policy => 'review every 12 months');
CALL tiering.refresh('club', '2024-05-01');
INSERT INTO orders VALUES (2, '2024-11-01', 900), (3, '2024-11-01', 10);
CALL tiering.refresh('club', '2024-11-01');
SELECT tiering.pin('club', 2, 'floor', 'gold', '2026-06-30', '2024-11-02');
CALL tiering.refresh('club', '2024-11-02');
SELECT account, tier, since, joined, review_on FROM club_tiers ORDER BY account;
SELECT tiering.merge('club', 2, 1);
UPDATE orders SET account = 1 WHERE account = 2;
SELECT account, tier, since, joined, earned, review_on, movement, reason FROM club_tiers ORDER BY account;
CALL tiering.refresh_touched('club', '2025-02-01');
SELECT account, tier, since, joined, review_on, movement FROM club_tiers ORDER BY account;
SELECT account, kind, tier, until_date FROM club_tier_pin;
UPDATE orders SET amount = 0;
CALL tiering.refresh('club', '2025-11-01');
SELECT account, tier, earned, review_on FROM club_tiers ORDER BY account;
CALL tiering.refresh_touched('club', '2026-06-30');
SELECT account, tier, since, earned FROM club_tiers ORDER BY account;
SELECT count(*) FROM tiering.verify('club');
SELECT pg_temp.ct_error(format('SELECT tiering.merge(''club'', %s)', a)) FROM unnest('{"1, 1","9, 1","1, NULL"}'::text[]) a;
SELECT pg_temp.ct_error($$SELECT tiering.merge('club', 'x', 'y')$$);
-- into an account that nobody knew
SELECT tiering.merge('club', 3, 4);
SELECT account, tier, joined, movement, reason FROM club_tiers ORDER BY account;

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SET client_min_messages = error;
DROP SCHEMA ct_pin CASCADE;
