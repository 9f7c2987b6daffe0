-- balance_digest: closing balances and their averages
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.ct_error(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE query;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || message,
					 nullif(detail, ''), nullif(hint, ''));
END $$;

CREATE FUNCTION pg_temp.plan_has(query text, pattern text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line LIKE '%' || pattern || '%' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;

-- Two accounts of one person: the last balance of each is carried forward.
CREATE TABLE accounts (account text, at date, balance numeric);
INSERT INTO accounts VALUES ('fixed', '2023-01-01', 1000000), ('current', '2023-01-02', 10);
SELECT balance_digest(balance, at, account) AS digest,
	daily_average(balance_digest(balance, at, account), '2023-01-01', '2024-01-01') AS average,
	round(daily_average(balance_digest(balance, at), '2023-01-01', '2024-01-01'), 2) AS mixed_up
FROM accounts;
SELECT daily_average(rollup(d), '2023-01-01', '2024-01-01') AS rolled_up
FROM (SELECT balance_digest(balance, at, account) FROM accounts GROUP BY account) AS s (d);
SELECT day, balance_at(d, day)
FROM (SELECT balance_digest(balance, at, account) FROM accounts) AS s (d),
	unnest('{2022-12-31, 2023-01-01, 2023-01-02, 2023-01-03, 2030-01-01}'::date[]) AS day;

-- Days are half-open; what lies before counts from its first day on.
SELECT daily_average(d, '2024-01-01', '2024-01-02') AS first_day,
	daily_average(d, '2024-01-01', '2024-01-11') AS ten_days,
	daily_average(d, '2024-01-10', '2024-01-11') AS last_of_them,
	daily_average(d, '2024-01-11', '2024-01-12') AS fallen,
	daily_average(d, '2023-12-31', '2024-01-02') AS half_before,
	daily_average(d, '2023-01-01', '2024-01-01') AS all_before,
	daily_average(d, '2025-01-01', '2026-01-01') AS all_after,
	daily_average(d, '2024-01-01', '2024-01-16') AS thirds
FROM (SELECT balance_digest(b, t)
	  FROM (VALUES (100::bigint, date '2024-01-01'), (-50, '2024-01-11')) AS v (b, t)) AS s (d);

-- No rows, ignored rows, repeated rows; no account and an empty name.
SELECT balance_digest(balance, at) IS NULL AS no_rows FROM accounts WHERE false;
SELECT balance_digest(b, t) IS NULL AS all_ignored
FROM (VALUES (NULL::numeric, date '2024-01-01'), (1, NULL), ('NaN', NULL), (NULL, 'infinity')) AS v (b, t);
SELECT balance_digest(b, t, a)
FROM (VALUES (1.50, date '2024-01-02', NULL), (1.5, '2024-01-02', NULL), (2, '2024-01-01', NULL),
			 (3, '2024-01-01', ''), (4, '2024-01-01', 'A "quoted" name'), (4.000000001, '2024-01-01', 'A "quoted" name'),
			 (5, '2024-01-01', '账户'), (6, '2024-01-01', 'a'), (7, '2024-01-01', 'B'),
			 (NULL, '2024-01-05', 'none'), (-0.000000001, '4714-11-24 BC', 'first'), (1e22, '5874897-12-31', 'last'))
	AS v (b, t, a);

-- Balances of every type.
SELECT balance_digest(2::bigint, t) = balance_digest(2.0, t) AS "bigint",
	balance_digest(0.1::float8, t) = balance_digest(0.1, t) AS "double",
	balance_digest(2::bigint, t, 'x') = balance_digest(2.0, t, 'x') AS bigint_account,
	balance_digest(0.1::float8, t, 'x') = balance_digest(0.1, t, 'x') AS double_account,
	balance_digest(0.1, t, NULL) = balance_digest(0.1, t) AS unnamed,
	balance_digest(0.1, t, '') = balance_digest(0.1, t) AS empty_is_unnamed
FROM (VALUES (date '2024-01-01')) AS v (t) GROUP BY t;

-- Law 1: the same balances, the same digest, to the bit.
CREATE TABLE balances AS
SELECT i, i % 7 AS person,
	(ARRAY[NULL, '', 'current', 'Savings', 'savings', '账户', 'Ärger', repeat('long ', 40)])[1 + r / 64 % 8] AS account,
	date '2020-01-01' + (r / 1024 % 1500)::int AS at,
	CASE r / 1024 % 5 WHEN 0 THEN (r / 1024 % 2000001 - 1000000) * 1000000000.0
		WHEN 1 THEN -(r / 1024 % 1000) / 3.0 ELSE (r / 1024 % 100000) / 100.0 END AS balance
FROM (SELECT i, (i * 1103515245 + 12345) % 2147483648 AS r
	  FROM generate_series(1::bigint, 6000) AS i) AS s;
-- one balance for each account and day, some rows twice
DELETE FROM balances AS b USING balances AS a
WHERE a.person = b.person AND a.account IS NOT DISTINCT FROM b.account AND a.at = b.at AND a.i < b.i;
INSERT INTO balances SELECT i + 10000, person, account, at, balance FROM balances WHERE i % 5 = 0;
ANALYZE balances;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE whole AS
SELECT person, balance_digest(balance, at, account) AS digest FROM balances GROUP BY person;
SELECT count(*), sum(daily_average(digest, '2021-01-01', '2022-01-01')), bool_and(pg_column_size(digest) > 2000) AS toasted
FROM whole;
SELECT k, bool_and(o.digest = w.digest AND o.digest::text = w.digest::text), count(*)
FROM whole AS w
JOIN (SELECT person, 'rising' AS k, balance_digest(balance, at, account ORDER BY i) FROM balances GROUP BY person
	  UNION ALL
	  SELECT person, 'falling', balance_digest(balance, at, account ORDER BY i DESC) FROM balances GROUP BY person
	  UNION ALL
	  SELECT person, 'by day', balance_digest(balance, at, account ORDER BY at, account) FROM balances GROUP BY person
	  UNION ALL
	  SELECT person, 'by account', balance_digest(balance, at, account ORDER BY account, at DESC) FROM balances GROUP BY person
	  UNION ALL
	  SELECT person, 'shuffled', balance_digest(balance, at, account ORDER BY i * 7919 % 20011) FROM balances GROUP BY person)
	AS o (person, k, digest) USING (person)
GROUP BY k ORDER BY k;
\set check 'SELECT bool_and(o.digest = w.digest AND o.digest::text = w.digest::text) AS equal, count(*) FROM whole w JOIN (SELECT person, balance_digest(balance, at, account) AS digest FROM balances GROUP BY person) o USING (person)'
SET enable_hashagg = off;
SELECT pg_temp.plan_has(:'check', 'GroupAggregate') AS sorted;
:check;
SET enable_hashagg = on;
SET enable_sort = off;
SELECT pg_temp.plan_has(:'check', 'HashAggregate') AS hashed;
:check;
RESET enable_sort;
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has(:'check', 'Gather') AND
	pg_temp.plan_has(:'check', 'Partial HashAggregate') AS parallel_hashed;
:check;
SET enable_hashagg = off;
SELECT pg_temp.plan_has(:'check', 'Gather') AND
	pg_temp.plan_has(:'check', 'Partial GroupAggregate') AS parallel_sorted;
:check;
RESET enable_hashagg;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE by_range (LIKE balances) PARTITION BY RANGE (i);
CREATE TABLE by_range_0 PARTITION OF by_range FOR VALUES FROM (MINVALUE) TO (700);
CREATE TABLE by_range_1 PARTITION OF by_range FOR VALUES FROM (700) TO (12000);
CREATE TABLE by_range_2 PARTITION OF by_range FOR VALUES FROM (12000) TO (MAXVALUE);
INSERT INTO by_range SELECT * FROM balances;
ANALYZE by_range;
SET enable_partitionwise_aggregate = on;
\set check_range 'SELECT bool_and(o.digest = w.digest) AS equal, count(*) FROM whole w JOIN (SELECT person, balance_digest(balance, at, account) AS digest FROM by_range GROUP BY person) o USING (person)'
SELECT pg_temp.plan_has(:'check_range', 'Partial HashAggregate') AND
	pg_temp.plan_has(:'check_range', 'Finalize') AS partitionwise_partial;
:check_range;
RESET enable_partitionwise_aggregate;
CREATE AGGREGATE pg_temp.fold(balance_digest) (
	SFUNC = balance_digest_merge, STYPE = balance_digest, FINALFUNC = balance_digest_final
);
CREATE TABLE parts AS
SELECT person, i * 7919 % 20011 % 11 AS part, balance_digest(balance, at, account) AS digest
FROM balances GROUP BY 1, 2;
SELECT bool_and(r.rolled = w.digest) AS rolled_up,
	bool_and(r.folded = w.digest) AS folded,
	bool_and(r.reversed = w.digest) AS reversed, count(*)
FROM whole AS w
JOIN (SELECT person, rollup(digest) AS rolled,
			 pg_temp.fold(digest ORDER BY part) AS folded,
			 pg_temp.fold(digest ORDER BY part DESC) AS reversed
	  FROM parts GROUP BY person) AS r USING (person);
-- the transition function outside an aggregate returns a digest like any other
SELECT balance_digest_add(balance_digest_add(NULL, 2.5, date '2024-03-02', 'x'), 1::bigint, date '2024-03-01') = digest AS equal,
	pg_column_size(balance_digest_add(NULL, 2.5, date '2024-03-02')) = pg_column_size('{"balances": {"2024-03-02": 2.5}}'::balance_digest) AS as_small
FROM (VALUES ('{"balances": {"2024-03-01": 1}, "accounts": {"x": {"2024-03-02": 2.5}}}'::balance_digest)) AS v (digest);
SELECT rollup(d) IS NULL AS rollup_of_nothing FROM (VALUES (NULL::balance_digest)) AS v (d);
SELECT ARRAY[rollup(d)] = array_agg(d) FILTER (WHERE d IS NOT NULL) AS rollup_ignores_null,
	rollup(d) + NULL IS NULL AS plus_is_strict, rollup(d) + rollup(d) = rollup(d) AS plus_itself
FROM (SELECT digest FROM whole WHERE person = 3 UNION ALL SELECT NULL) AS v (d);
SELECT bool_and(w = g) AS running, count(*)
FROM (SELECT balance_digest(balance, at, account) OVER (ORDER BY i) AS w,
		(SELECT balance_digest(balance, at, account) FROM balances AS p WHERE p.i <= o.i AND person = 3) AS g
	  FROM balances AS o WHERE i <= 700 AND person = 3) AS s;

-- Every figure against plain SQL, day by day.
CREATE TABLE daily AS
SELECT person, day::date, sum(balance) AS balance
FROM (SELECT *, lead(at, 1, '2024-02-16') OVER (PARTITION BY person, account ORDER BY at) AS until
	  FROM (SELECT DISTINCT person, account, at, round(balance, 8) AS balance FROM balances) AS b) AS b,
	generate_series(at, until - 1, interval '1 day') AS day
GROUP BY person, day;
SELECT count(*), bool_and(balance_at(digest, day) = balance) AS balance_at
FROM whole JOIN daily USING (person) WHERE extract(doy FROM day) % 5 = 0;
SELECT count(*), bool_and(daily_average(digest, from_date, to_date) = round(total / (to_date - from_date), 8)) AS daily_average
FROM whole, generate_series(0, 40) AS i,
	LATERAL (SELECT date '2019-12-25' + i * 37, date '2019-12-25' + i * 37 + 1 + i * i % 97 * 3 % 200) AS w (from_date, to_date),
	LATERAL (SELECT coalesce(sum(balance), 0) FROM daily
			 WHERE daily.person = whole.person AND day >= from_date AND day < to_date) AS d (total)
WHERE to_date <= '2024-02-15';

-- Errors.
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.ct_error(format('SELECT balance_digest(b, t, a) FROM (VALUES %s) AS v (b, t, a)', rows))
FROM unnest(ARRAY[
	$$(1.0, date '2024-01-01', 'x'), (2, '2024-01-02', 'x'), (1.00000001, '2024-01-01', 'x')$$,
	$$(1.0, date '2024-01-01', NULL), (-1, '2024-01-01', NULL)$$,
	$$(1.0, date '2024-01-01', repeat('账户', 100)), (-1, '2024-01-01', repeat('账户', 100))$$,
	$$('NaN'::numeric, date '2024-01-01', 'x')$$,
	$$('Infinity'::float8, date '2024-01-01', 'x')$$,
	$$(1e23::numeric, date '2024-01-01', 'x')$$,
	$$(1.0, date 'infinity', 'x')$$]) AS rows;
-- The transition function by itself makes digests like any other.
SELECT d = '{"balances": {"2024-01-02": 2}, "accounts": {"a": {"2024-01-01": 1}}}' AS same_bytes
FROM balance_digest_add(balance_digest_add(NULL, 1.0, '2024-01-01', 'a'), 2.0, '2024-01-02') AS d;
SELECT pg_temp.ct_error($$SELECT balance_digest_add(balance_digest(1.0, '2024-01-01'), 2.0, '2024-01-01') IS NULL$$);
SELECT pg_temp.ct_error($$SELECT rollup(d) FROM (SELECT balance_digest(balance + person, '2024-01-01') FROM (VALUES (1, 5.0), (2, 5)) AS v (person, balance) GROUP BY person) AS s (d)$$);
SELECT pg_temp.ct_error($$SELECT balance_digest(1.0, '2024-01-01') + (SELECT balance_digest(2.0, '2024-01-01'))$$);
SET max_parallel_workers_per_gather = 4;
SELECT pg_temp.plan_has('SELECT balance_digest(balance, at) FROM balances', 'Partial Aggregate');
SELECT substr(pg_temp.ct_error('SELECT balance_digest(balance, at) FROM balances'), 1, 57);
SET max_parallel_workers_per_gather = 0;
SELECT pg_temp.ct_error(format('SELECT daily_average(digest, %s) FROM whole', days))
FROM unnest(ARRAY[$$'2024-01-01', '2024-01-01'$$, $$'2024-01-02', '2024-01-01'$$,
	$$'-infinity', '2024-01-01'$$, $$'2024-01-01', 'infinity'$$]) AS days;
SELECT pg_temp.ct_error($$SELECT balance_at(digest, 'infinity') FROM whole$$);

-- Text: JSON that reads back, with keys in any order and in any session.
SELECT bool_and(digest::text::balance_digest = digest), bool_and(digest::text::jsonb::text::balance_digest = digest), count(*) FROM parts;
SELECT bool_and(digest::text::balance_digest = digest), bool_and(digest::text::jsonb::text::balance_digest = digest), count(*) FROM whole;
SET datestyle = 'German';
SELECT E' { "accounts" : {"b" :{"2024-01-02":1.50 , "2024-01-01" : -2e0},\t"a\\"": {"2024-01-01": -0}},\n"balances":{"2024-05-05":7}}\r\n'::balance_digest;
SET datestyle = 'ISO, YMD';
SELECT pg_temp.ct_error(format('SELECT %L::balance_digest', t))
FROM unnest(ARRAY['{}', '5', 'null', '[]', '{"balances": {}}', '{"accounts": {}}', '{"accounts": {"a": {}}}',
	'{"accounts": {"a": {"2024-01-01": 1}, "b": {}}}', '{"balances": {"2024-01-01": 1}, "accounts": {}}',
	'{"balances": 5}', '{"accounts": null}', '{"accounts": {"a": 5}}', '{"balances": []}', '{"accounts": {"a": ["2024-01-01"]}}',
	'{"savings": {"2024-01-01": 1}}', '{"2024-01-01": 1}', '{"Balances": {"2024-01-01": 1}}',
	'{"balances": {"2024-01-32": 1}}', '{"balances": {"infinity": 1}}', '{"balances": {"": 1}}', '{"balances": {"a": {"2024-01-01": 1}}}',
	'{"accounts": {"2024-01-01": 1}}', '{"balances": {"2024-01-01": {"2024-01-01": 1}}}',
	'{"balances": {"2024-01-01": "1"}}', '{"balances": {"2024-01-01": null}}', '{"balances": {"2024-01-01": [1]}}',
	'{"balances": {"2024-01-01": 0.123456789}}', '{"balances": {"2024-01-01": 1e23}}',
	'{"balances": {"2024-01-01": -10000000000000000000000.00000001}}',
	'{"balances": {"2024-01-01": 1, "2024-01-01": 2}}', '{"balances": {"2024-01-01": 1, "2024-01-01": 1.0}}',
	'{"accounts": {"a": {"2024-01-01": 2, "2024-01-02": 5, "2024-01-01": 1}}}',
	'{"accounts": {"a": {"2024-01-01": 1}, "b": {"2024-01-01": 1}, "\u0061": {"2024-01-02": 1}}}',
	'{"balances": {"2024-01-01": 1}, "balances": {"2024-01-02": 1}}',
	'{"accounts": {"a": {"2024-01-01": 1}}, "accounts": {"b": {"2024-01-01": 1}}}',
	'{"accounts": {"账户": {"2024-01-01": 1}, "户账": 5}}',
	'{"balances": {"2024-01-01": 1}, "more": 1}']) AS t;
\pset format aligned
\pset tuples_only off

-- An account may be called anything.
CREATE TABLE names AS
SELECT i, account
FROM unnest(ARRAY[NULL, '', ' ', 'balances', 'accounts', '2024-01-01', 'null', '{}', '"', '\', '\"', '\\"', '/', '\u0041', '\ud83d',
	E'\x01', E'\b\f\n\r\t\x1f\x7f', 'a' || U&'\2028\FEFF\00A0\+01F600', repeat('账"', 1000)]) WITH ORDINALITY AS n (account, i);
SELECT digest, digest::text::balance_digest = digest AS text, digest::text::jsonb::text::balance_digest = digest AS jsonb
FROM (SELECT balance_digest(i, '2024-01-01', account) FROM names WHERE length(account) < 1000) AS s (digest)
\g (format=unaligned)
SELECT bool_and(digest::text::balance_digest = digest) AS text, bool_and(digest::text::jsonb::text::balance_digest = digest) AS jsonb,
	bool_and(coalesce(digest::text::jsonb -> 'accounts' -> account, digest::text::jsonb -> 'balances') = jsonb_build_object('2024-01-01', i)) AS as_json
FROM (SELECT i, account, balance_digest(i, '2024-01-01', account) FROM names GROUP BY i, account) AS s (i, account, digest);

-- Names that collide in a hash function without a seed (all these in FNV-1a)
-- are digested like any others.
CREATE TABLE colliding AS
WITH RECURSIVE names (n, account) AS (
	SELECT 1, ''
	UNION ALL
	SELECT n + 1, account || ('{{yiijsv,ktodoe},{trmicl,biexpa},{thvycu,vhjtor},{elwqsh,smhkqr},{lxaprf,pkkagq},{usypzr,menlbu},
		{sabuwq,yjttbx},{rrtjjp,xexdpe},{kupmoz,mrukyt},{qbmnsp,hgbujw},{uewjhe,odcwql},{qbdwsb,rogtnw},{fdngrx,dygzoj},
		{xzhuxl,soaups},{wdgoht,hspyun},{qpfgri,xnohuy}}'::text[])[n][choice]
	FROM names, generate_series(1, 2) AS choice
	WHERE n <= 16)
SELECT account, row_number() OVER (ORDER BY account) AS i FROM names WHERE n = 17;
SELECT balance_at(d, '2024-01-01') = 65536 * 65537::numeric / 2 AS balance, d = backwards AS in_any_order,
	d = rollup AS in_parts, d::text::balance_digest = d AS text_round_trip,
	(SELECT count(*) FROM jsonb_object_keys(d::text::jsonb -> 'accounts')) AS accounts
FROM (SELECT balance_digest(i, '2024-01-01', account ORDER BY i), balance_digest(i, '2024-01-01', account ORDER BY i DESC)
	  FROM colliding) AS whole (d, backwards),
	(SELECT rollup(part) FROM (SELECT balance_digest(i, '2024-01-01', account) FROM colliding GROUP BY i % 5) AS s (part)) AS r;

-- Many balances of one account; a statement that takes too long is cancelled
-- while its digests are written and read.
CREATE TABLE many AS
SELECT balance_digest(i, date '2000-01-01' + (i * 7919::bigint % 300007)::int) AS digest FROM generate_series(1, 300006) AS i;
SELECT clock_timestamp() AS before \gset
SELECT digest::text::balance_digest = digest AS text_round_trip,
	daily_average(digest, '2000-01-01', '2000-01-01'::date + 300007) = 300006 * 300007::numeric / 2 / 300007 AS average FROM many;
SELECT clock_timestamp() - :'before' AS duration, ceil(extract(epoch FROM clock_timestamp() - :'before') * 100) AS timeout \gset
SET statement_timeout = :timeout;
SELECT clock_timestamp() AS before \gset
SELECT digest::text::balance_digest = digest FROM many;
RESET statement_timeout;
SELECT clock_timestamp() - :'before' < :'duration'::interval / 2 AS cancelled_on_the_way;

-- Binary: COPY there and back; every byte of a message spoilt.
COPY parts TO PROGRAM 'cat > balance_digest.copy' (FORMAT binary);
CREATE TABLE parts_back (LIKE parts);
COPY parts_back FROM PROGRAM 'cat balance_digest.copy && rm balance_digest.copy' (FORMAT binary);
COPY parts TO PROGRAM 'cat > balance_digest.copy';
COPY parts_back FROM PROGRAM 'cat balance_digest.copy && rm balance_digest.copy';
SELECT count(*), bool_and(b.digest = p.digest) AS binary_and_text_round_trip
FROM parts AS p JOIN parts_back AS b USING (person, part);
CREATE TEMP TABLE received (digest balance_digest);
CREATE FUNCTION pg_temp.receive(message bytea) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	file oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) ||
		int4send(0) || int2send(1::int2) || int4send(length(message)) ||
		message || int2send((-1)::int2));
BEGIN
	PERFORM lo_export(file, 'balance_digest.copy');
	PERFORM lo_unlink(file);
	RETURN pg_temp.ct_error('COPY received FROM PROGRAM ''cat balance_digest.copy'' (FORMAT binary)');
END $$;
CREATE TABLE example AS
SELECT '{"balances": {"2023-12-31": 1}, "accounts": {"a": {"2024-01-01": 2.5, "2024-01-03": -4}, "b": {"2024-01-01": 0}}}'::balance_digest AS digest;
SELECT balance_digest_send(digest) FROM example;
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.receive(balance_digest_send(digest)) FROM example;
SELECT n, pg_temp.receive(substr(balance_digest_send(digest), 1, n))
FROM example, unnest('{0,7,8,11,12,15,30,40,41}'::int[]) AS n;
SELECT pg_temp.receive(balance_digest_send(digest) || '\x00') FROM example;
SELECT pg_temp.receive('\x0100000000000000');
SELECT pg_temp.receive('\x02000000ffffffff');
SELECT pg_temp.receive('\x01010000ffffffff');
SELECT pg_temp.receive('\x01000000ffffffffffffffffffffffff');
SELECT pg_temp.receive('\x01000000000000017fffffff');
SELECT pg_temp.receive('\x0100000000000001ffffffff00000000');
SELECT pg_temp.receive('\x0100000000000001ffffffff000000027fffffff00000000000000000000000000000000000000010000000000000000000000000000000000000000');
SELECT pg_temp.receive('\x0100000000000001ffffffff000000010000000070000000000000000000000000000000');
SELECT pg_temp.receive('\x0100000000000001ffffffff0000000200000000000000000000000000000000000000010000000000000000000000000000000000000002');
SELECT pg_temp.receive('\x0100000000000001ffffffff0000000200000000000000000000000000000000000000010000000000000000000000000000000000000001');
SELECT pg_temp.receive('\x0100000000000002ffffffff000000010000000000000000000000000000000000000001ffffffff000000010000000100000000000000000000000000000001');
SELECT pg_temp.receive('\x010000000000000100000001ff000000010000000000000000000000000000000000000001');
SELECT substr(pg_temp.receive(set_byte(balance_digest_send(digest), n, get_byte(balance_digest_send(digest), n) # 129)), 1, 5) AS outcome,
	count(*)
FROM example, LATERAL generate_series(0, length(balance_digest_send(digest)) - 1) AS n GROUP BY 1 ORDER BY 1;
SELECT bool_and(digest::text::balance_digest = digest) AS what_was_received_is_valid, count(*) > 10 FROM received;
\pset format aligned
\pset tuples_only off
COPY (SELECT) TO PROGRAM 'cat > balance_digest.copy && rm balance_digest.copy';

-- Equality, grouping, ordering.
SELECT count(DISTINCT digest), count(*) FROM parts_back;
SET enable_hashagg = off;
SELECT count(*) FROM (SELECT digest FROM parts_back GROUP BY digest) AS g;
RESET enable_hashagg;
SELECT bool_and((a.digest < b.digest) = (b.digest > a.digest) AND
				(a.digest <= b.digest) = NOT (a.digest > b.digest) AND
				(a.digest >= b.digest) = (a.digest > b.digest OR a.digest = b.digest) AND
				(a.digest <> b.digest) = NOT (a.digest = b.digest)) AS consistent
FROM parts AS a, parts AS b WHERE a.part = 3 AND b.part IN (3, 4);
SELECT bool_and(amvalidate(oid)) AS valid, count(*) FROM pg_opclass WHERE opcname = 'balance_digest_ops';

DROP TABLE accounts, balances, whole, parts, parts_back, by_range, daily, example, names, colliding, many;
