-- The texts of digests: what is no JSON, and what is spoilt at random.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
CREATE TABLE digests AS
SELECT 'order_digest' AS type, order_digest(amount, ordered_at, profit)::text AS t
FROM (VALUES (100.5, timestamptz '2024-01-01 00:00Z', 20), (50, '2024-01-11 12:00:00.25Z', NULL),
			 (-30, '2024-02-01Z', -6)) AS orders (amount, ordered_at, profit)
UNION ALL
SELECT 'payment_digest', payment_digest(amount, due_on, paid_on, '2024-06-30', excused)::text
FROM (VALUES (100, date '2024-03-01', date '2024-03-01', false), (50, '2024-03-01', '2024-04-15', false),
			 (25, '2024-06-01', NULL, false), (25, '2024-06-01', NULL, true), (-10, '2024-07-01', NULL, false))
	AS invoices (amount, due_on, paid_on, excused)
UNION ALL
SELECT 'balance_digest', balance_digest(balance, at, account)::text
FROM (VALUES (1.5, date '2024-01-02', NULL), (2, '2024-01-03', NULL), (-3, '2024-01-01', ''),
			 (4, '4713-01-04 BC', 'a"b\c' || E'\n\x01'), (5.25, '2024-01-05', '账户'), (6, '2024-01-06', 'balances'))
	AS balances (balance, at, account);
SELECT t FROM digests;

-- What has become of a text: another digest only if its figures are.
CREATE FUNCTION pg_temp.outcome(type text, t text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	same boolean;
	message text;
	detail text;
BEGIN
	EXECUTE format('SELECT $1::%1$I::text::%1$I = $1::%1$I', type) USING t INTO same;
	RETURN CASE WHEN same THEN 'read' ELSE 'changed' END;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', SQLSTATE,
		CASE WHEN message <> format('invalid input syntax for type %s: "%s"', type, t) THEN message END,
		CASE WHEN detail = '' THEN 'no detail' ELSE substring(detail FROM '^At character \d+:') END);
END $$;

-- No JSON: told in PostgreSQL's words, which differ between its versions.
SELECT t, pg_temp.outcome('order_digest', t) AS order_digest, pg_temp.outcome('balance_digest', t) AS balance_digest
FROM unnest(ARRAY['', ' ', '{', '}', 'orders: 1', '{orders: 1}', '{"orders" 1}', '{"orders": }', '{"orders": 01}',
	'{"orders": 1', '{"orders', '{"orders\', '{"orders": "\x"}', '{"\u0000": 1}', '{"\ud83d": 1}', '{"\u12": 1}',
	'{"orders": nul}', '{"orders": +1}', '{"orders": NaN}', '{"orders": 1]', E'{"orders\x01": 1}', '{"账户 1',
	'{"balances" {"2024-01-01": 1}}', '{"balances": {"2024-01-01": 1}', '{"balances": {"2024-01-01": 1},}',
	'{"balances": {"2024-01-01" 1}}', '{"accounts": {"a": {"2024-01-01": 1 "2024-01-02": 1}}}']) AS t;
SELECT type, outcome, count(*)
FROM digests, unnest(ARRAY[t || ' x', t || t, t || '{}', '[' || t || ']', '"' || t || '"', substr(t, 2), rtrim(t, '}')]) AS spoilt,
	pg_temp.outcome(type, spoilt)
GROUP BY type, left(outcome, 5), outcome ORDER BY 1, 2;

-- However long or deep.
SELECT piece, type, pg_temp.outcome(type, repeat(piece, 100000))
FROM unnest(ARRAY['{"orders":', '[', '{"accounts":', '{"a":[', '账', '1', '"orders": 1, ', ' ']) AS piece,
	unnest(ARRAY['order_digest', 'balance_digest']) AS type;
SELECT pg_temp.outcome('balance_digest', '{"accounts": {"a": ' || repeat('{"2024-01-01": ', 100000));
SELECT pg_temp.outcome('balance_digest', format('{"accounts": {"%s": {"2024-01-01": 1}}}', repeat('账"', 100000)));
SELECT pg_temp.outcome('balance_digest', format('{"accounts": {"%s": {"2024-01-01": 1}}}', repeat('账\"', 100000)));
SELECT pg_temp.outcome('order_digest', format('{"orders": %s}', repeat('1', 100000)));
SELECT pg_temp.outcome('order_digest', format('{"orders": 1.%s1}', repeat('0', 100000)));

-- Spoilt at random, the same ways each time.
CREATE FUNCTION pg_temp.spoil(t text, seed bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	pieces text[] := ARRAY['"', '{', '}', ':', ',', '[', ']', '\', '0', '9', '-', '.', 'e5', 'E-9', 'null', 'true',
		'\u0041', '\ud83d', ' ', E'\n', E'\t', '1e999', '"a": 1, ', '"orders"', '账', '2024-02-30'];
	r bigint := seed;
	piece text;
	at int;
	n int;
BEGIN
	FOR i IN 0 .. seed % 3 LOOP
		r := (r * 1103515245 + 12345) % 2147483648;
		at := 1 + r / 64 % length(t);
		r := (r * 1103515245 + 12345) % 2147483648;
		n := 1 + r / 64 % 12;
		piece := pieces[1 + r / 1024 % cardinality(pieces)];
		r := (r * 1103515245 + 12345) % 2147483648;
		t := CASE r / 64 % 5
			WHEN 0 THEN overlay(t PLACING '' FROM at FOR 1)
			WHEN 1 THEN overlay(t PLACING '' FROM at FOR n)
			WHEN 2 THEN overlay(t PLACING piece FROM at FOR 0)
			WHEN 3 THEN overlay(t PLACING piece FROM at FOR 1)
			ELSE overlay(t PLACING substr(t, at, n) FROM at FOR 0) END;
	END LOOP;
	RETURN t;
END $$;
SELECT type, left(outcome, 5) AS outcome, bool_or(outcome LIKE '%detail%') AS without_detail, count(*) > 20 AS often
FROM digests, generate_series(1, 3000) AS seed, pg_temp.outcome(type, pg_temp.spoil(t, seed))
GROUP BY 1, 2 ORDER BY 1, 2;

DROP TABLE digests;
