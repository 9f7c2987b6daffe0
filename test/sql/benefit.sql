-- benefit: entitlements with quotas

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

CREATE SCHEMA ct_benefit;
SET search_path = ct_benefit, public;

--
-- A telecom operator: four tiers, by what was spent in a year
--
CREATE TABLE spent (subscriber bigint PRIMARY KEY, amount numeric);
INSERT INTO spent VALUES (1, 90), (2, 60), (3, 30), (4, 10), (5, 1);
SELECT tiering.create_program('telecom', 'spent', 'subscriber', 'diamond >= 80, gold >= 50, silver >= 20, basic >= 5',
	value => 'amount', time_zone => 'Asia/Shanghai');
CALL tiering.refresh('telecom', '2025-01-01');
INSERT INTO telecom_tier_benefit (tier, benefit, pool, at_most, at_least, per, per_use, lasts, terms) VALUES
	('basic', 'card replacement', NULL, 1, NULL, 'year', NULL, NULL, NULL),
	('silver', 'card replacement', NULL, 2, NULL, 'year', NULL, NULL, NULL),
	('gold', 'card replacement', NULL, 3, NULL, 'year', NULL, NULL, NULL),
	('diamond', 'card replacement', NULL, NULL, NULL, 'year', NULL, NULL, 'unlimited'),
	('silver', 'airport lounge', NULL, 5, NULL, 'year', 3, NULL, 'a companion takes one more'),
	('gold', 'airport lounge', NULL, 10, NULL, 'year', 3, NULL, NULL),
	('diamond', 'airport lounge', NULL, 20, NULL, 'year', 3, NULL, NULL),
	('gold', 'emergency power-on', 'emergency', 2, NULL, 'month', 1, '24 hours', NULL),
	('gold', 'temporary credit', 'emergency', 2, NULL, 'month', 1, '24 hours', NULL),
	('gold', 'greeting', NULL, NULL, 6, 'year', 1, NULL, NULL);
SELECT customer, tier, benefit, used, remaining, owed, resets_on FROM tiering.entitlements('telecom', at => '2025-03-01 00:00Z');
SELECT tiering.use_benefit('telecom', 4, 'card replacement', at => '2025-03-01 00:00Z') AS basic,
	tiering.use_benefit('telecom', 1, 'card replacement', at => '2025-03-01 00:00Z') AS diamond;
SELECT pg_temp.ct_error($$SELECT tiering.use_benefit('telecom', 4, 'card replacement', at => '2025-12-31 15:59Z')$$);
-- a new year begins in Shanghai
SELECT tiering.use_benefit('telecom', 4, 'card replacement', at => '2025-12-31 16:00Z');
-- two with a companion, four are too many
SELECT tiering.use_benefit('telecom', '3', 'airport lounge', 3, '2025-03-02 00:00Z');
SELECT pg_temp.ct_error($$SELECT tiering.use_benefit('telecom', 3, 'airport lounge', 4, '2025-03-02 00:00Z')$$);
SELECT pg_temp.ct_error($$SELECT tiering.use_benefit('telecom', 3, 'airport lounge', 3, '2025-03-02 00:00Z')$$);
SELECT tiering.use_benefit('telecom', 3, 'airport lounge', 2, '2025-03-02 00:00Z');
-- one pool, a day each
SELECT tiering.use_benefit('telecom', 2, 'emergency power-on', at => '2025-03-10 08:00Z') AS one,
	tiering.use_benefit('telecom', 2, 'temporary credit', at => '2025-03-11 07:00Z') AS none;
SELECT benefit, used, remaining, owed, resets_on, active_until FROM tiering.entitlements('telecom', 2, '2025-03-11 07:30Z');
SELECT benefit, used, remaining, resets_on, active_until FROM tiering.entitlements('telecom', 2, '2025-04-01 00:00Z');
SELECT pg_temp.ct_error($$SELECT tiering.use_benefit('telecom', 2, 'temporary credit', at => '2025-03-31 15:59Z')$$);
SELECT tiering.use_benefit('telecom', 2, 'temporary credit', at => '2025-03-31 16:00Z');
-- what is owed
SELECT tiering.use_benefit('telecom', 2, 'greeting', at => '2025-05-01 00:00Z');
SELECT owed, remaining FROM tiering.entitlements('telecom', 2, '2025-05-01 00:00Z') WHERE benefit = 'greeting';

--
-- Uses before a change of tier count
--
UPDATE spent SET amount = 60 WHERE subscriber = 3;
CALL tiering.refresh('telecom', '2025-06-01');
SELECT tier, benefit, used, remaining FROM tiering.entitlements('telecom', 3, '2025-06-02 00:00Z') WHERE benefit = 'airport lounge';
UPDATE spent SET amount = 10 WHERE subscriber = 3;
CALL tiering.refresh('telecom', '2025-07-01');
SELECT pg_temp.ct_error($$SELECT tiering.use_benefit('telecom', 3, 'airport lounge', at => '2025-07-02 00:00Z')$$);
-- by the tier of the day
SELECT tier FROM tiering.entitlements('telecom', 3, '2025-06-15 00:00Z') WHERE benefit = 'airport lounge';
-- new names
SELECT tiering.alter_program('telecom', renamed => '{"gold": "silver", "silver": "gold"}');
SELECT tier, benefit, at_most FROM telecom_tier_benefit WHERE benefit = 'airport lounge' ORDER BY at_most;
SELECT DISTINCT tier FROM telecom_tier_use WHERE subscriber = 2 AND benefit IS NOT NULL;
-- merged, both count
SELECT tiering.use_benefit('telecom', 1, 'airport lounge', 2, at => '2025-07-03 00:00Z');
SELECT tiering.merge('telecom', 3, 1);
SELECT used, remaining FROM tiering.entitlements('telecom', 1, '2025-07-03 00:00Z') WHERE benefit = 'airport lounge';
SELECT tiering.use_benefit('telecom', 1, 'airport lounge', at => '2025-07-03 00:00Z');

--
-- Mistakes
--
SELECT pg_temp.ct_error(format('SELECT tiering.use_benefit(%s)', a)) FROM unnest(ARRAY[
	$$'telecom', 99, 'airport lounge'$$, $$'telecom', NULL::bigint, 'airport lounge'$$, $$'telecom', 'x', 'airport lounge'$$,
	$$'telecom', 1, 'sauna'$$, $$'telecom', 1, NULL$$, $$'telecom', 1, 'airport lounge', 0$$, $$'telecom', 1, 'airport lounge', -1$$,
	$$'telecom', 1, 'airport lounge', NULL$$, $$'telecom', 1, 'airport lounge', 1, NULL$$, $$'telecom', 5, 'card replacement', 1, '2025-03-01'$$,
	$$'telecom', 1, 'airport lounge', 1, 'infinity'$$, $$'telecom', 1, 'airport lounge', 1, '-infinity'$$,
	$$'nothing', 1, 'airport lounge'$$]) a;
SELECT pg_temp.ct_error(format('INSERT INTO telecom_tier_benefit (tier, benefit, %s', v)) FROM unnest(ARRAY[
	$$at_most) VALUES ('basic', 'x', -1)$$, $$per) VALUES ('basic', 'x', 'fortnight')$$, $$per_use) VALUES ('basic', 'x', 0)$$, $$lasts) VALUES ('basic', 'x', '-1 hour')$$]) v;
SELECT count(*) FROM telecom_tier_use WHERE benefit IS NOT NULL;

-- nothing at all, ever: no day on which it is reset
INSERT INTO telecom_tier_benefit (tier, benefit, at_most) VALUES ('diamond', 'helicopter', 0);
SELECT pg_temp.ct_error($$SELECT tiering.use_benefit('telecom', 1, 'helicopter', at => '2025-07-03 00:00Z')$$);

-- a benefit that is in a pool at one tier, and not at the other; a pool called as a benefit
INSERT INTO spent VALUES (6, 30);
CALL tiering.refresh('telecom', '2025-09-01');
INSERT INTO telecom_tier_benefit (tier, benefit, pool, at_most) VALUES
	('gold', 'sauna', NULL, 3), ('silver', 'sauna', 'wellness', 4), ('silver', 'massage', 'wellness', 4), ('silver', 'wellness', NULL, 1);
SELECT tier FROM telecom_tiers WHERE subscriber = 6;
SELECT tiering.use_benefit('telecom', 6, 'sauna', 2, '2025-09-01 00:00Z');
UPDATE spent SET amount = 60 WHERE subscriber = 6;
CALL tiering.refresh('telecom', '2025-10-01');
SELECT tier, benefit, used, remaining FROM tiering.entitlements('telecom', 6, '2025-10-01 00:00Z') WHERE benefit IN ('sauna', 'massage', 'wellness');
SELECT tiering.use_benefit('telecom', 6, 'wellness', at => '2025-10-01 00:00Z') AS wellness, tiering.use_benefit('telecom', 6, 'massage', 2, '2025-10-01 00:00Z') AS massage;
-- who is not known is not everyone; units are not taken back
SELECT count(*) FROM tiering.entitlements('telecom', NULL::bigint);
SELECT split_part(pg_temp.ct_error($$INSERT INTO telecom_tier_use VALUES (6, 'sauna', -100, now())$$), ' | ', 1) AS error;

-- a tier that no ladder has, and more owed than allowed
INSERT INTO telecom_tier_benefit (tier, benefit) VALUES ('Gold', 'lounge'), ('dimond', 'lounge');
CALL tiering.refresh('telecom', '2025-10-01');
DELETE FROM telecom_tier_benefit WHERE tier IN ('Gold', 'dimond');
SELECT split_part(pg_temp.ct_error($$INSERT INTO telecom_tier_benefit (tier, benefit, at_most, at_least) VALUES ('gold', 'x', 5, 6)$$), ' | ', 1) AS error;

--
-- A publication of all tables stops no use, merge or new name
--
SET client_min_messages = error;
CREATE PUBLICATION regress_ct_everything FOR ALL TABLES;
SET client_min_messages = warning;
SELECT tiering.use_benefit('telecom', 4, 'card replacement', at => '2026-12-31 16:00Z') AS used;
SELECT tiering.merge('telecom', 4, 2) IS NOT NULL AS merged;
SELECT tiering.alter_program('telecom', renamed => '{"basic": "plain"}');
DROP PUBLICATION regress_ct_everything;

--
-- Eight at once: twenty are given, not one more
--
INSERT INTO telecom_tier_benefit (tier, benefit, at_most)
SELECT 'diamond', l, 20 FROM unnest('{READ COMMITTED,REPEATABLE READ,SERIALIZABLE}'::text[]) l;
\setenv PGDATABASE :DBNAME
\! for level in "READ COMMITTED" "REPEATABLE READ" SERIALIZABLE; do for i in 1 2 3 4 5 6 7 8; do for j in 1 2 3 4 5 6; do echo "BEGIN ISOLATION LEVEL $level; SELECT tiering.use_benefit('telecom', 1, '$level', at => '2025-08-01 00:00Z'); COMMIT;"; done | psql -Xq >/dev/null 2>&1 & done; wait; done
SELECT benefit, sum(units) BETWEEN 1 AND 20 AS ok, CASE benefit WHEN 'READ COMMITTED' THEN sum(units) END AS given
FROM telecom_tier_use WHERE benefit IN ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE') GROUP BY benefit ORDER BY benefit;

--
-- Who may
--
CREATE ROLE regress_ct_desk;
CREATE ROLE regress_ct_nobody;
GRANT USAGE ON SCHEMA ct_benefit TO regress_ct_desk, regress_ct_nobody;
GRANT INSERT ON telecom_tier_use TO regress_ct_desk;
SET ROLE regress_ct_desk;
SELECT tiering.use_benefit('telecom', 1, 'card replacement', at => '2025-08-01 00:00Z') IS NULL AS unlimited;
SELECT pg_temp.ct_error($$SELECT * FROM tiering.entitlements('telecom')$$);
SET ROLE regress_ct_nobody;
SELECT pg_temp.ct_error($$SELECT tiering.use_benefit('telecom', 1, 'card replacement')$$);
RESET ROLE;
SELECT tiering.grant_read('telecom', 'regress_ct_nobody');
SET ROLE regress_ct_nobody;
SELECT count(*) FROM tiering.entitlements('telecom', at => '2025-08-01 00:00Z');
RESET ROLE;

SELECT count(tiering.drop_program(name)) FROM tiering.program;
SELECT relname FROM pg_class WHERE relnamespace = 'ct_benefit'::regnamespace AND relname ~ 'telecom';
SET client_min_messages = error;
DROP SCHEMA ct_benefit CASCADE;
DROP ROLE regress_ct_desk, regress_ct_nobody;
