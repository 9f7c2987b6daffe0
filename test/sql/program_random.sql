-- program_random: what holds for any program, over random facts and calls

SET client_min_messages = warning;
SET datestyle = ISO;
SET timezone = 'UTC';
\set SHOW_CONTEXT never

CREATE SCHEMA ct_random;
SET search_path = ct_random, public;

-- postings that become known on one day and count from another, for two programs
CREATE TABLE postings (customer integer, day date, known date, amount numeric);
CREATE TABLE knowing (day date);
INSERT INTO knowing VALUES ('infinity');
CREATE VIEW facts AS
SELECT p.customer, coalesce(sum(p.amount) FILTER (WHERE date_part('year', p.day) = date_part('year', tiering.as_of())), 0) AS this_year,
	coalesce(sum(p.amount) FILTER (WHERE date_part('year', p.day) = date_part('year', tiering.as_of()) - 1), 0) AS last_year,
	CASE WHEN p.customer % 3 = 0 THEN 'south' ELSE 'north' END AS region
FROM postings p, knowing k WHERE p.day <= tiering.as_of() AND p.known <= k.day GROUP BY 1;

-- the rows of the tiers are the last rows of the history that stand
CREATE FUNCTION astray(program text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM %1$I t FULL JOIN (
			SELECT DISTINCT ON (customer) * FROM %2$I WHERE superseded_at IS NULL ORDER BY customer, entry DESC) h USING (customer)
		WHERE (t.tier, t.rank, t.since, t.earned, t.earned_since, t.joined, t.term, t.review_on, t.grace_until, t.movement)
			IS DISTINCT FROM (h.tier, h.rank, h.since, h.earned, h.earned_since, h.joined, h.term, h.review_on, h.grace_until, h.movement)',
		program || '_tiers', program || '_tier_history') INTO n;
	RETURN n;
END $$;

-- a lock, the one that began last; else floors raise, then caps lower
CREATE FUNCTION pinned_wrong(program text, day date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format('WITH r AS (SELECT tier, rank FROM rungs(tiering.ladder(%3$L, ''north''))),
		p AS (SELECT q.customer, q.kind, q.from_date, r.rank FROM %2$I q JOIN r USING (tier)
			WHERE q.from_date <= $1 AND coalesce(q.until_date > $1, true)),
		e AS (
			SELECT t.customer, t.rank, coalesce(
				(SELECT p.rank FROM p WHERE p.customer = t.customer AND p.kind = ''lock'' ORDER BY p.from_date DESC LIMIT 1),
				greatest(least((SELECT r.rank FROM r WHERE r.tier = t.earned),
						(SELECT min(p.rank) FROM p WHERE p.customer = t.customer AND p.kind = ''floor'')),
					(SELECT max(p.rank) FROM p WHERE p.customer = t.customer AND p.kind = ''cap''))) AS expected
			FROM %1$I t WHERE t.movement <> ''left'')
		SELECT count(*) FROM e WHERE rank IS DISTINCT FROM expected', program || '_tiers', program || '_tier_pin', program)
	INTO n USING day;
	RETURN n;
END $$;

CREATE PROCEDURE live(seed integer, policy tier_policy) LANGUAGE plpgsql AS $$
DECLARE
	today date := '2022-01-15';
	labels text[] := '{gold,silver,base}';
	act integer;
	c integer;
	undone integer := 0;
	pins integer := 0;
	renamed integer := 0;
	replayed integer := 0;
	wrong bigint := 0;
BEGIN
	PERFORM setseed(seed / 1000.0);
	DELETE FROM postings;
	INSERT INTO postings
	SELECT g.customer, d.day, d.day + CASE WHEN random() < 0.1 THEN (random() * 120)::integer ELSE 0 END,
		round((random() * 900)::numeric, 2) * CASE WHEN random() < 0.1 THEN -1 ELSE 1 END
	FROM generate_series(1, 30) g (customer), LATERAL (
		SELECT date '2022-01-01' + (random() * 1000)::integer + g.customer * 0 AS day FROM generate_series(1, 12)) d;
	PERFORM tiering.create_program('late', 'facts', 'customer', 'gold top 20%, silver top 60%, base', value => 'this_year',
		review_value => 'last_year', policy => policy, per => 'region', max_leaving => 1);
	FOR i IN 1 .. 40 LOOP
		today := today + 1 + (random() * 40)::integer;
		UPDATE knowing SET day = today;
		act := (random() * 11)::integer;
		c := 1 + (random() * 29)::integer;
		IF act = 0 AND i > 3 THEN
			PERFORM tiering.undo('late');
			undone := undone + 1;
		ELSIF act IN (1, 2) AND i > 1 AND EXISTS (SELECT FROM late_tiers WHERE customer = c) THEN
			PERFORM tiering.pin('late', c, (ARRAY['lock', 'floor', 'cap'])[1 + (random() * 2)::integer],
				labels[1 + (random() * 2)::integer], today + 30 + (random() * 200)::integer, today + (random() * 20)::integer);
			pins := pins + 1;
		ELSIF act = 3 AND i > 1 THEN
			PERFORM tiering.alter_program('late', renamed => jsonb_build_object(labels[1], labels[1] || '+'));
			labels[1] := labels[1] || '+';
			renamed := renamed + 1;
		ELSIF act = 4 AND i > 3 THEN
			PERFORM tiering.replay_now('late', today - 200);
			replayed := replayed + 1;
		END IF;
		IF act BETWEEN 5 AND 7 AND i > 1 THEN
			INSERT INTO late_tier_touched SELECT g FROM generate_series(1, 30) g;
			PERFORM tiering.refresh_touched_now('late', today);
		ELSE
			PERFORM tiering.refresh_now('late', today);
		END IF;
		wrong := wrong + astray('late') + pinned_wrong('late', today) + (SELECT count(*) FROM tiering.verify('late'));
	END LOOP;
	RAISE WARNING 'seed %: % wrong (some undone: %, pinned: %, renamed: %, replayed: %)', seed, wrong,
		undone > 0, pins > 0, renamed > 0, replayed > 0;
END $$;

-- When all is known, a replay of everything tells what a program would have
-- told that had always known it.
CREATE PROCEDURE compare(seed integer, policy tier_policy) LANGUAGE plpgsql AS $$
DECLARE
	r record;
	differ bigint;
BEGIN
	UPDATE knowing SET day = 'infinity';
	PERFORM tiering.replay_now('late', '2022-01-01');
	PERFORM tiering.create_program('wise', 'facts', 'customer', (SELECT p.ladder FROM tiering.program p WHERE p.name = 'late'),
		value => 'this_year', review_value => 'last_year', policy => policy, per => 'region', max_leaving => 1);
	INSERT INTO wise_tier_pin (customer, kind, tier, from_date, until_date) SELECT customer, kind, tier, from_date, until_date FROM late_tier_pin ORDER BY pin;
	FOR r IN SELECT * FROM late_tier_run WHERE status = 'done' AND kind IN ('full', 'touched') ORDER BY run LOOP
		IF r.kind = 'full' THEN
			PERFORM tiering.refresh_now('wise', r.as_of);
		ELSE
			INSERT INTO wise_tier_touched VALUES (NULL);
			PERFORM tiering.refresh_touched_now('wise', r.as_of);
		END IF;
	END LOOP;
	SELECT count(*) INTO differ FROM (SELECT customer, tier, rank, since, earned, earned_since, joined, term, review_on, grace_until FROM late_tiers) l
		FULL JOIN (SELECT customer, tier, rank, since, earned, earned_since, joined, term, review_on, grace_until FROM wise_tiers) w USING (customer)
	WHERE l IS DISTINCT FROM w;
	RAISE WARNING 'seed %: replayed, % of % differ, in % periods %', seed, differ, (SELECT count(*) FROM wise_tiers),
		(SELECT count(*) > 40 FROM wise_tier_period),
		(SELECT count(*) FROM late_tier_period l FULL JOIN wise_tier_period w USING (customer, tier, period) WHERE l.customer IS NULL OR w.customer IS NULL);
	PERFORM tiering.drop_program('late'), tiering.drop_program('wise');
END $$;

CALL live(1, 'review at end of year');
CALL compare(1, 'review at end of year');
CALL live(2, 'review every 6 months, drop one step, grace 1 months');
CALL compare(2, 'review every 6 months, drop one step, grace 1 months');
CALL live(3, 'review always');
CALL compare(3, 'review always');
CALL live(4, 'review on anniversary, upgrade at review');
CALL compare(4, 'review on anniversary, upgrade at review');
CALL live(5, 'review at end of next half, drop to base; base: upgrade now');
CALL compare(5, 'review at end of next half, drop to base; base: upgrade now');

SET client_min_messages = error;
SELECT count(tiering.drop_program(name)) FROM tiering.program;
DROP SCHEMA ct_random CASCADE;
