-- tier_scorecard: text and binary forms, scores, values, calibration
\set VERBOSITY terse
\pset null (null)

-- "SQLSTATE: message | detail | hint" of a statement
CREATE FUNCTION pg_temp.ct_error(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', sqlstate || ': ' || message, nullif(detail, ''),
		nullif(hint, ''));
END $$;

-- of reading a text as a scorecard, without the text itself
CREATE FUNCTION pg_temp.text_error(scorecard text) RETURNS text
LANGUAGE sql AS $$
	SELECT replace(pg_temp.ct_error(format('SELECT %L::tier_scorecard',
		scorecard)), format('invalid input syntax for type tier_scorecard: "%s"',
		scorecard), '...')
$$;

-- to 9 decimals, as scores and values are
CREATE FUNCTION pg_temp.to_9(score double precision) RETURNS double precision
LANGUAGE sql AS 'SELECT round(score * 1e9) / 1e9';

-- ties, negatives and NULLs
CREATE TABLE population AS
SELECT i AS id, i % 7 AS part,
	CASE WHEN i % 11 > 0 THEN (i * 7919 % 1009 - 300) / 4.0 END::numeric AS a,
	CASE WHEN i % 13 > 0 THEN floor(sqrt(i * 104729 % 10007)) END::float8 AS b,
	i % 5 AS few,
	(i * 31 % 97)::bigint AS big,
	(i * 17 % 29)::smallint AS small,
	(i % 10 / 4.0)::real AS real,
	i % 3 = 0 AS flag,
	42 AS same,
	NULL::integer AS none,
	'x' || i AS label
FROM generate_series(1, 2000) i;

\t on
\a

-- text

SELECT s::tier_scorecard FROM (VALUES
	('revenue 35 log(1e3, 1e6), payment_score 20 linear(0, 100)'),
	('Revenue 35.0 LOG(1000,1000000) DESC MISSING SKIP'),
	('a 1 linear(10,0)missing zero,b 2 linear(0,1) desc missing 12.50'),
	('a 1 steps(-0: 0, 1: 50, 2.5: 100), b 1 cuts(1, 1, 2), c 1 curve(1: 9)'),
	('a 1 logistic(5, -.5), b 1 minmax, c 1 zscore, d 1 percentile, e 1 bins(5)'),
	('"Order count" 1 minmax, "say ""hi""" 1 minmax, "plain" 1 minmax'),
	('log 5 log(1, 10), desc 1 minmax desc, missing 1 bins(2) missing 0, zero 1 minmax'),
	('重要度 20 linear(0,100), étage 1 minmax'),
	('重要度 20 linear（0，100），b 1 steps（1：2）'),
	('a 0.1 linear(1e-300, 1e300), b 1e9 linear(0.1, 123456789012345678)')
) t(s);

-- every space of Unicode is a blank, but for quotes
SELECT s::tier_scorecard FROM (VALUES (U&'\91CD\8981\5EA6\300020\3000linear(0,\2009100)\00A0desc\202Fmissing\205Fzero'),
	(U&'"a\3000b" 1 minmax,\2003"\00A0" 1 minmax')) t(s);
SELECT pg_temp.text_error(U&'a\30001\3000minmax,\3000b');

-- and each reads back to the same
SELECT bool_and(s::tier_scorecard::text::tier_scorecard = s::tier_scorecard),
	bool_and(s::tier_scorecard::text::tier_scorecard::text = s::tier_scorecard::text)
FROM (VALUES ('a 1 linear(10,0)missing zero,b 2 linear(0,1) desc missing 12.50'),
	('"Order count" 1e-9 minmax, "say ""hi""" 1 curve(0.1: 0.3, 1e300: 100)'),
	('重要度 20 linear（0，100），b 1 steps（1：2）')) t(s);

-- what a text must not be
SELECT pg_temp.text_error(s) FROM (VALUES
	(''), ('revenue'), ('revenue 0 minmax'), ('revenue -1 minmax'),
	('revenue 1e10 minmax'), ('revenue x minmax'), ('revenue 1'),
	('revenue 35 lgo(1, 10)'), ('重要度 35 lgo(1, 10)'), ('revenue 1 linear'), ('revenue 1 linear(1)'),
	('revenue 1 linear(1, 1)'), ('revenue 1 linear(1, 2'),
	('revenue 1 linear(1, NaN)'), ('revenue 1 linear(1, 1e400)'),
	('revenue 1 log(0, 10)'), ('revenue 1 log(10, -1)'),
	('revenue 1 steps()'), ('revenue 1 steps(1: 2, 1: 3)'),
	('revenue 1 steps(1, 2)'), ('revenue 1 curve(1: 101)'),
	('revenue 1 cuts(2, 1)'), ('revenue 1 cuts(2: 1)'),
	('revenue 1 logistic(1, 0)'), ('revenue 1 bins(1)'),
	('revenue 1 bins(101)'), ('revenue 1 bins(2.5)'), ('revenue 1 minmax(1)'),
	('revenue 1 minmax missing'), ('revenue 1 minmax missing 101'),
	('revenue 1 minmax missing zero desc'), ('revenue 1 minmax descending'),
	('revenue 1 minmax;'), ('revenue 1 minmax,'), (', revenue 1 minmax'),
	('a 1 minmax, A 2 minmax'), ('"a 1 minmax'), ('"" 1 minmax'),
	('revenue 35% minmax'), ('1st 2 minmax')
) t(s);
-- softly where the server can
CREATE FUNCTION pg_temp.is_valid(scorecard text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	valid boolean;
BEGIN
	IF current_setting('server_version_num')::int < 160000 THEN
		RETURN pg_temp.text_error(scorecard) = 'no error';
	END IF;
	EXECUTE 'SELECT pg_input_is_valid($1, ''tier_scorecard'')' INTO valid USING scorecard;
	RETURN valid;
END $$;
SELECT pg_temp.is_valid('a 1 minmax'), pg_temp.is_valid('a 1 minmux'), pg_temp.is_valid('"a 1 minmax');
SELECT pg_temp.ct_error(format('SELECT %L::tier_scorecard',
	repeat('m', 64) || ' 1 minmax')) ~ '^22P02: .*longer than 63 bytes';
SELECT length((repeat('m', 63) || ' 1 minmax')::tier_scorecard::text);
-- limits
SELECT string_agg('m' || i || ' 1 minmax', ',')::tier_scorecard IS NOT NULL
FROM generate_series(1, 100) i;
SELECT pg_temp.ct_error(format('SELECT %L::tier_scorecard',
	string_agg('m' || i || ' 1 minmax', ','))) ~ '^22P02: .*at most 100 criteria'
FROM generate_series(1, 101) i;
SELECT ('m 1 cuts(' || string_agg(i::text, ',') || ')')::tier_scorecard IS NOT NULL
FROM generate_series(1, 1000) i;
SELECT pg_temp.ct_error(format('SELECT %L::tier_scorecard',
	'm 1 cuts(' || string_agg(i::text, ',') || ')')) ~ '^22P02: .*at most 1000 points'
FROM generate_series(1, 1001) i;

-- binary: a version byte and the text

SELECT tier_scorecard_send('a 1 minmax');

-- what a binary message is read as, through COPY
CREATE TEMP TABLE received (scorecard tier_scorecard);
CREATE FUNCTION pg_temp.receive(message bytea) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	file bytea := '\x5047434f50590aff0d0a00'::bytea || '\x0000000000000000' ||
		'\x0001' || int4send(length(message)) || message || '\xffff';
	octal text;
	result text;
BEGIN
	SELECT string_agg(format('\%s%s%s', b / 64, b / 8 % 8, b % 8), '' ORDER BY i)
		INTO octal
		FROM generate_series(0, length(file) - 1) i, get_byte(file, i) b;
	EXECUTE format('COPY pg_temp.received FROM PROGRAM %L WITH (FORMAT binary)',
		format('printf ''%s''', octal));
	DELETE FROM pg_temp.received RETURNING scorecard::text INTO result;
	RETURN result;
END $$;
SELECT bool_and(pg_temp.receive(tier_scorecard_send(s)) = s::text)
FROM (VALUES ('a 1 linear(10, 0) missing zero, 重要度 2 steps(0.1: 0.3)'::tier_scorecard),
	('"B c" 1 bins(7) desc')) t(s);
-- any text will do, not only the canonical one
SELECT pg_temp.receive('\x01' || convert_to('A 1.0 MINMAX', 'UTF8'));
-- an empty message, another version, no text, a text cut off, no UTF-8, a
-- zero byte
SELECT pg_temp.ct_error(format('SELECT pg_temp.receive(%L)', m))
FROM (VALUES ('\x'::bytea), ('\x02612031206d696e6d6178'), ('\x01'),
	('\x01612031206d696e6d61'), ('\x01ff2031206d696e6d6178'),
	('\x0122610062222031206d696e6d6178')) t(m);

-- comparison

SELECT 'A 1 minmax'::tier_scorecard = 'a 1.0 minmax',
	'a 1 minmax'::tier_scorecard <> 'a 1 minmax desc',
	'a 1 minmax missing zero'::tier_scorecard = 'a 1 minmax missing 0',
	'a 1 minmax'::tier_scorecard = 'a 1 minmax missing skip';
CREATE TEMP TABLE cards AS
SELECT format('a %s %s', i % 9 + 1, CASE i % 4 WHEN 0 THEN 'minmax'
	WHEN 1 THEN 'linear(0, 1)' WHEN 2 THEN 'steps(1: 2, 3: 4)'
	ELSE 'zscore' END)::tier_scorecard AS card
FROM generate_series(1, 200) i;
SELECT count(DISTINCT card), count(DISTINCT card::text) FROM cards;
-- a total order that agrees with equality
SELECT bool_and((x.card < y.card)::int + (x.card = y.card)::int + (x.card > y.card)::int = 1
	AND (x.card <= y.card) = NOT (x.card > y.card)
	AND (x.card >= y.card) = NOT (x.card < y.card)
	AND (x.card <> y.card) = NOT (x.card = y.card)
	AND (x.card = y.card) = (x.card::text = y.card::text)
	AND (x.card <> y.card OR tier_scorecard_hash(x.card) = tier_scorecard_hash(y.card))
	AND tier_scorecard_cmp(x.card, y.card) = - tier_scorecard_cmp(y.card, x.card))
FROM cards x, cards y;
CREATE INDEX ON cards (card);
CREATE INDEX ON cards USING hash (card);
SET enable_seqscan = off;
SELECT count(*) FROM cards WHERE card = 'a 2 minmax';
RESET enable_seqscan;
SELECT amvalidate(oid) FROM pg_opclass
WHERE opcintype = 'tier_scorecard'::regtype;
-- sorting leaves no copies behind: half a million comparisons
CREATE TEMP TABLE many AS
SELECT format('a %s minmax', i * 7919 % 20011 + 1)::tier_scorecard AS card
FROM generate_series(1, 20000) i;
BEGIN;
SELECT sum(total_bytes) AS before FROM pg_backend_memory_contexts \gset
DECLARE sorted CURSOR FOR SELECT card FROM many ORDER BY card;
MOVE sorted;
SELECT sum(total_bytes) - :before < 20e6 AS frugal FROM pg_backend_memory_contexts;
ROLLBACK;
DROP TABLE many;
-- stored compressed and out of line
CREATE TEMP TABLE stored (scorecard tier_scorecard);
INSERT INTO stored
SELECT ('m 1 curve(' || string_agg(i || ': ' || i / 10.0, ',' ORDER BY i) || ')')::tier_scorecard
FROM generate_series(1, 1000) i;
SELECT pg_column_size(scorecard) < 16000, criterion, length(scale)
FROM stored, criteria(scorecard);
SELECT weighted_value(figures, scorecard)
FROM stored, (VALUES (0), (1), (250), (2000)) figures(m);

-- what a scorecard says

SELECT * FROM criteria('a 1 linear(10,0) missing zero, b 2.5 log(1,10) desc missing 12.5,
	"C" 3 steps(1: 2), d 1 bins(4) desc, e 1 percentile');
SELECT position, scale FROM criteria(NULL);
SELECT is_calibrated('a 1 linear(0, 1), b 1 logistic(1, 1)'::tier_scorecard),
	is_calibrated('a 1 linear(0, 1), b 1 zscore'::tier_scorecard);

-- every absolute scale against plain SQL; no rows when all agree

WITH scored AS (
	SELECT p.id, s.scale, s.expected,
		weighted_value(p, ('a 1 ' || s.scale)::tier_scorecard) AS rising,
		weighted_value(p, ('a 1 ' || s.scale || ' desc')::tier_scorecard) AS falling
	FROM population p, LATERAL (SELECT a::float8 AS x) f, LATERAL (VALUES
		('linear(-50, 100)', CASE WHEN x <= -50 THEN 0 WHEN x >= 100 THEN 100
			ELSE 100 * (x - -50) / (100::float8 - -50) END),
		('linear(100, -50)', CASE WHEN x >= 100 THEN 0 WHEN x <= -50 THEN 100
			ELSE 100 * (x - 100) / (-50::float8 - 100) END),
		('log(0.5, 90)', CASE WHEN x <= 0.5 THEN 0 WHEN x >= 90 THEN 100
			ELSE 100 * (ln(x) - ln(0.5::float8)) / (ln(90::float8) - ln(0.5::float8)) END),
		('log(90, 0.5)', CASE WHEN x >= 90 THEN 0 WHEN x <= 0.5 THEN 100
			ELSE 100 * (ln(x) - ln(90::float8)) / (ln(0.5::float8) - ln(90::float8)) END),
		('steps(-10: 5, 0: 25, 30.25: 60, 100: 95)', CASE WHEN x >= 100 THEN 95
			WHEN x >= 30.25 THEN 60 WHEN x >= 0 THEN 25 WHEN x >= -10 THEN 5
			WHEN x IS NOT NULL THEN 0 END),
		('cuts(-10, 0, 0, 30.25, 100)', 100 * ((x > -10)::int + (x > 0)::int +
			(x > 0)::int + (x > 30.25)::int + (x > 100)::int)::float8 / 5),
		('curve(-10: 5, 0: 25, 30.25: 20, 100: 95)', CASE WHEN x <= -10 THEN 5
			WHEN x < 0 THEN 5 + 20 * ((x - -10) / 10)
			WHEN x < 30.25 THEN 25 + -5 * ((x - 0) / 30.25)
			WHEN x < 100 THEN 20 + 75 * ((x - 30.25) / (100 - 30.25))
			WHEN x IS NOT NULL THEN 95 END),
		('logistic(20, 0.125)', 100 / (1 + exp(-0.125 * (x - 20)))),
		('logistic(20, -0.125)', 100 / (1 + exp(0.125 * (x - 20))))
	) s(scale, expected)
)
SELECT * FROM scored
WHERE rising IS DISTINCT FROM pg_temp.to_9(expected)
	OR falling IS DISTINCT FROM pg_temp.to_9(100 - expected)
LIMIT 5;

-- scores that anyone can check
SELECT scale, x, weighted_value(t, ('x 1 ' || scale)::tier_scorecard)
FROM (VALUES ('linear(0, 200)', 50), ('linear(200, 0)', 50),
	('linear(0, 200) desc', 50), ('log(1, 10000)', 100), ('log(1, 10000)', -5),
	('steps(1: 20, 5: 60)', 4.99), ('steps(1: 20, 5: 60)', 5),
	('cuts(1, 2, 3, 4)', 2), ('cuts(1, 2, 3, 4)', 2.01),
	('curve(0: 10, 10: 30)', 5), ('logistic(5, 1)', 5)) t(scale, x);

-- the extremes of double precision; never NaN
SELECT scale, x, weighted_value(t, ('x 1 ' || scale)::tier_scorecard)
FROM (VALUES ('linear(-1.7e308, 1.7e308)'), ('linear(1.7e308, -1.7e308)'),
	('log(5e-324, 1.7e308)'), ('curve(-1.7e308: 0, 1.7e308: 100)'),
	('logistic(-1.7e308, 1e308)'), ('logistic(1.7e308, 1e-309)')) s(scale),
	(VALUES (-1.7e308::float8), (0), (1), (1.7e308)) t(x);

-- values

-- three exact 80s make 80, whatever the weights
SELECT bool_and(weighted_value(row(80, 80.0, 80::float8),
	format('f1 %s linear(0, 100), f2 %s linear(0, 100), f3 %s linear(0, 100)',
		i / 10.0, j / 7.0, 1 + i * j / 3.0)::tier_scorecard) = 80)
FROM generate_series(1, 30) i, generate_series(1, 30) j;
-- the weighted mean against plain SQL; no rows when all agree
SELECT id, value, expected
FROM (SELECT id, weighted_value(p, 'a 20 linear(-75, 177), b 30 linear(0, 100) desc missing zero,
			few 0.5 steps(1: 10, 3: 70), big 7 linear(0, 96) missing 50,
			small 3 linear(0, 28), flag 2 linear(0, 1), none 5 linear(0, 1) missing 40') AS value,
		pg_temp.to_9((coalesce(20 * pg_temp.to_9(100 * (a::float8 + 75) / 252), 0)
			+ 30 * pg_temp.to_9(coalesce(100 - b, 0))
			+ 0.5 * CASE WHEN few >= 3 THEN 70 WHEN few >= 1 THEN 10 ELSE 0 END
			+ 7 * pg_temp.to_9(100 * big::float8 / 96)
			+ 3 * pg_temp.to_9(100 * small::float8 / 28)
			+ 2 * CASE WHEN flag THEN 100 ELSE 0 END + 5 * 40)
			/ (CASE WHEN a IS NULL THEN 0 ELSE 20 END + 30 + 0.5 + 7 + 3 + 2 + 5)) AS expected
	FROM population p) v
WHERE value IS DISTINCT FROM expected
LIMIT 5;
-- the points add up to the value, and to NULL when nothing counts
SELECT count(*), count(*) FILTER (WHERE value IS NULL),
	bool_and(abs(value - points) < 1e-9 OR (value IS NULL AND points IS NULL))
FROM (SELECT weighted_value(p, c) AS value, (SELECT sum(points) FROM value_breakdown(p, c)) AS points
	FROM population p, (SELECT 'a 1.7 linear(-50, 100), b 2.9 log(1, 100) desc, none 3 linear(0, 1)'::tier_scorecard AS c) s) v;

-- what missing does
SELECT m AS missing, weighted_value(t, ('x 3 linear(0, 10) ' || m || ', y 1 linear(0, 10)')::tier_scorecard),
	(SELECT array_agg(b ORDER BY criterion) FROM value_breakdown(t, ('x 3 linear(0, 10) ' || m || ', y 1 linear(0, 10)')::tier_scorecard) b)
FROM (VALUES (''), ('missing skip'), ('missing zero'), ('missing 80'),
	('desc missing zero')) v(m), (VALUES (NULL::int, 5)) t(x, y);
SELECT weighted_value(row(NULL::int), 'f1 1 linear(0, 1)'),
	weighted_value(NULL::population, 'a 1 linear(0, 1)'),
	weighted_value(row(1), NULL),
	(SELECT count(*) FROM value_breakdown(NULL::population, 'a 1 linear(0, 1)'));
-- a row of NULLs is a row
SELECT weighted_value(p, 'a 1 linear(0, 1) missing 7')
FROM (SELECT NULL::int AS a, NULL::int AS b) p;

-- the figures of a row

-- of every type, and of a domain over one
CREATE DOMAIN points_domain AS numeric(10, 2);
CREATE DOMAIN points_domain_domain AS points_domain CHECK (VALUE > 0);
SELECT criterion, raw, score FROM (SELECT 1::smallint AS a, 2::int AS b, 3::bigint AS c,
	4.25::numeric AS d, 5.5::real AS e, 6.75::float8 AS f, true AS g, false AS h,
	9::points_domain AS i, 10.25::points_domain_domain AS j, 0.1::real AS k) m,
	value_breakdown(m, 'j 1 linear(0, 100), a 1 linear(0, 100), b 1 linear(0, 100),
		c 1 linear(0, 100), d 1 linear(0, 100), e 1 linear(0, 100), f 1 linear(0, 100),
		g 1 linear(0, 100), h 1 linear(0, 100), i 1 linear(0, 100), k 1 linear(0, 100)');
-- numerics that are long, large, tiny, or stored out of line
CREATE TEMP TABLE numerics (filler text, n numeric);
ALTER TABLE numerics ALTER n SET STORAGE external;
INSERT INTO numerics VALUES ('x', 0), ('x', -0.5), ('x', 123456789012345678901234567890.123456789),
	('x', 1e300), ('x', -1e-300), ('x', ('1.' || repeat('1234567', 2000))::numeric),
	(NULL, repeat('7', 300)::numeric), ('x', 0.1), ('x', 99999999.99999999);
SELECT bool_and(b.raw = n::float8)
FROM numerics, value_breakdown(numerics, 'n 1 linear(0, 1)') b;
SELECT raw FROM value_breakdown(row(1e-400), 'f1 1 linear(0, 1)');
SELECT pg_temp.ct_error($$SELECT weighted_value(row(-1e400), 'f1 1 linear(0, 1)')$$);
SELECT pg_temp.ct_error(format($$SELECT weighted_value(t, 'x 1 linear(0, 1)') FROM (SELECT %s AS x) t$$, x))
FROM (VALUES ('''NaN''::float8'), ('''Infinity''::float8'), ('''-Infinity''::real'),
	('''NaN''::numeric')) v(x);

-- columns that are not there, not figures, or there twice
SELECT pg_temp.ct_error(format('SELECT weighted_value(t, %L) FROM (SELECT 1 AS a, 2 AS "Revenue", 3 AS a, current_date AS day, ''4'' AS text) t', c))
FROM (VALUES ('revenu 1 linear(0, 1)'), ('revenue 1 linear(0, 1)'),
	('day 1 linear(0, 1)'), ('text 1 linear(0, 1)'), ('a 1 linear(0, 1)'),
	('"Revenue" 1 linear(0, 2)')) v(c);
SELECT pg_temp.ct_error($$SELECT weighted_value(row(), 'a 1 linear(0, 1)')$$);
-- many columns are listed up to a length
SELECT length(pg_temp.ct_error(format($$SELECT weighted_value(t, 'a 1 linear(0, 1)') FROM (SELECT %s) t$$,
	string_agg('1 AS a_column_with_a_long_name_' || i, ', ')))) BETWEEN 1000 AND 1200
FROM generate_series(1, 500) i;

-- many columns before the one that is read, with and without NULLs
SELECT string_agg(format('%s::int AS c%s', CASE WHEN i % 3 = 0 THEN 'NULL' ELSE i::text END, i), ', ') AS columns
FROM generate_series(1, 300) i \gset
SELECT weighted_value(t, 'last 1 linear(0, 100), c1 1 linear(0, 100), c299 1 linear(0, 1000)')
FROM (SELECT :columns, 55 AS last) t;
SELECT string_agg(format('%s AS c%s', i, i), ', ') AS columns
FROM generate_series(1, 300) i \gset
SELECT weighted_value(t, 'last 1 linear(0, 100), c1 1 linear(0, 100), c299 1 linear(0, 1000)')
FROM (SELECT :columns, 55 AS last) t;

-- a view, a subquery, composite values
CREATE TYPE measures AS (x int, y int);
CREATE DOMAIN measures_domain AS measures;
CREATE VIEW halves AS SELECT id, a / 2 AS x, 7 AS y FROM population WHERE id <= 2;
SELECT weighted_value(h, 'x 1 linear(-100, 100), y 1 linear(0, 10)') FROM halves h;
SELECT weighted_value(s, 'x 1 linear(0, 10)') FROM (SELECT 4 AS x) s;
SELECT weighted_value((4, 5)::measures, 'y 1 linear(0, 10)'),
	weighted_value((4, 6)::measures_domain, 'y 1 linear(0, 10)'),
	weighted_value(m, 'y 1 linear(0, 10)')
FROM (SELECT (4, 7)::measures AS m) s;
-- the row of an outer join that found nothing is NULL
SELECT i, weighted_value(m, 'x 1 linear(0, 10) missing zero')
FROM generate_series(1, 2) i LEFT JOIN (VALUES (1, 5)) m(i, x) USING (i);

-- rows of differing types in one call
CREATE TABLE shape_1 (x int, y int);
CREATE TABLE shape_2 (label text, y numeric, z bigint, x float8);
INSERT INTO shape_1 SELECT i, -1 FROM generate_series(1, 3) i;
INSERT INTO shape_2 SELECT 'x', -1, -1, i * 10 FROM generate_series(1, 3) i;
CREATE FUNCTION pg_temp.some_row(i int) RETURNS record
LANGUAGE plpgsql AS $$
DECLARE
	a shape_1;
	b shape_2;
BEGIN
	IF i % 2 = 1 THEN
		SELECT * INTO a FROM shape_1 WHERE x = i;
		RETURN a;
	END IF;
	SELECT * INTO b FROM shape_2 WHERE x = i * 10;
	RETURN b;
END $$;
SELECT r, weighted_value(r, 'x 1 linear(0, 100), y 1 linear(-100, 0)')
FROM (SELECT pg_temp.some_row(i) AS r FROM generate_series(1, 3) i OFFSET 0) s;
SELECT calibrate_scorecard(pg_temp.some_row(i), 'x 1 minmax')
FROM generate_series(1, 3, 2) i;
SELECT pg_temp.ct_error($$SELECT calibrate_scorecard(pg_temp.some_row(i), 'x 1 minmax') FROM generate_series(1, 3) i$$);
SELECT weighted_value(CASE i % 3 WHEN 0 THEN row(i) WHEN 1 THEN row(i + 0.5, 'x')
	ELSE row(i::float8, i, i) END, 'f1 1 linear(0, 10)')
FROM generate_series(1, 6) i;
SELECT pg_temp.ct_error($$SELECT weighted_value(CASE i WHEN 1 THEN row(1) ELSE row('x'::text) END,
	'f1 1 linear(0, 10)') FROM generate_series(1, 2) i$$);
DO $$
DECLARE
	r record;
	scorecard tier_scorecard;
	statement text;
BEGIN
	FOREACH statement IN ARRAY ARRAY['SELECT 3 AS x', 'SELECT NULL AS y, 4.5 AS x',
		'SELECT 6.5::float8 AS x, 1 AS y', 'SELECT true AS x', 'SELECT 9 AS x']
	LOOP
		EXECUTE statement INTO r;
		-- one expression, other rows and other scorecards
		FOREACH scorecard IN ARRAY ARRAY['x 1 linear(0, 10)', 'x 1 linear(0, 100)']::tier_scorecard[]
		LOOP
			RAISE NOTICE '% % %', r, scorecard, weighted_value(r, scorecard);
		END LOOP;
	END LOOP;
END $$;

-- a parameter is no constant
SET plan_cache_mode = force_generic_plan;
PREPARE value_on(tier_scorecard) AS SELECT weighted_value(row(5), $1);
EXECUTE value_on('f1 1 linear(0, 10)');
EXECUTE value_on('f1 1 linear(0, 100)');
RESET plan_cache_mode;

-- definitions that change between calls
CREATE TABLE changing (a int, x int);
INSERT INTO changing VALUES (1, 2);
PREPARE value AS SELECT weighted_value(c, 'x 1 linear(0, 10)') FROM changing c;
EXECUTE value;
ALTER TABLE changing ADD COLUMN z int DEFAULT 5;
EXECUTE value;
ALTER TABLE changing DROP COLUMN a;
EXECUTE value;
ALTER TABLE changing ALTER x TYPE numeric USING x + 0.5;
EXECUTE value;
ALTER TABLE changing RENAME x TO y;
EXECUTE value;
ALTER TABLE changing RENAME z TO x;
EXECUTE value;
CREATE FUNCTION pg_temp.value_of_changing() RETURNS double precision
LANGUAGE plpgsql AS $$
DECLARE
	r changing;
BEGIN
	SELECT * INTO r FROM changing;
	RETURN weighted_value(r, 'x 1 linear(0, 10)');
END $$;
BEGIN;
SELECT pg_temp.value_of_changing();
ALTER TABLE changing DROP COLUMN x, ADD COLUMN label text DEFAULT 'label', ADD COLUMN x float8 DEFAULT 8.5;
SELECT pg_temp.value_of_changing();
ALTER TABLE changing RENAME x TO w;
SAVEPOINT renamed;
SELECT pg_temp.value_of_changing();
ROLLBACK TO renamed;
ALTER TABLE changing RENAME w TO x;
SELECT pg_temp.value_of_changing();
ROLLBACK;

-- a relative scorecard needs its population first
SELECT pg_temp.ct_error($$SELECT weighted_value(p, 'a 1 linear(0, 1), b 1 zscore') FROM population p$$);
SELECT pg_temp.ct_error($$SELECT value_breakdown(p, 'a 1 bins(5)') FROM population p$$);

-- calibration

SELECT calibrate_scorecard(m, 'x 1 minmax, y 2.5 bins(4) desc missing 7, z 1 zscore missing zero, x2 1 linear(0, 1)')
FROM (VALUES (1, 10, 2), (2, 10, 4), (3, 20, 4), (4, 30, 4), (5, 40, 5), (NULL, NULL, 5), (3, 50, 7), (3, NULL, 9)) m(x, y, z);
SELECT calibrate_scorecard(m, 'x 1 percentile')
FROM (SELECT CASE WHEN i <= 30 THEN 0 WHEN i <= 90 THEN 7 ELSE 7.5 + i END AS x FROM generate_series(0, 100) i) m;

-- quantiles are what exact arithmetic gives, rounded once: with n figures, the
-- one at (n - 1) * k / parts, or what lies between two of them; doubles and
-- reals as they print
CREATE TEMP TABLE figures AS
SELECT CASE WHEN i % 11 > 0 THEN (i * 7919 % 1009 - 300) / 7.0 END::numeric AS a, i * 31 % 97 AS i,
	CASE WHEN i % 13 > 0 THEN i * 104729 % 10007 / 1000.0 - 3 END::float8 AS d, ((i * 17 % 290) / 10.0)::real AS r,
	(i % 7) * ('1e' || i % 5 * 60 - 120)::numeric AS far
FROM generate_series(1, 2000) i;
CREATE FUNCTION pg_temp.quantiles(metric text, parts int) RETURNS TABLE (k int, x float8)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('
		WITH sorted AS (
			SELECT %1$I::text::numeric AS x, row_number() OVER (ORDER BY %1$I::text::numeric) - 1 AS i, count(*) OVER () AS n
			FROM figures WHERE %1$I IS NOT NULL)
		SELECT k, (round(low.x * (%2$s - rest) + high.x * rest, 400) / %2$s)::float8
		FROM generate_series(0, %2$s) k, LATERAL (SELECT (count(*) - 1) * k / %2$s AS i, (count(*) - 1) * k %% %2$s AS rest FROM sorted) p
			JOIN sorted low USING (i) JOIN sorted high ON high.i = least(p.i + 1, low.n - 1)', metric, parts);
END $$;
-- the points and cuts of a calibrated scorecard
CREATE FUNCTION pg_temp.points(card tier_scorecard) RETURNS TABLE (metric text, n bigint, x float8, score float8)
LANGUAGE sql AS $$
	SELECT criterion, n, p[1]::float8, p[2]::float8
	FROM criteria(card), regexp_matches(scale, '([-+.e0-9]+)(?:: ([-+.e0-9]+))?[,)]', 'g') WITH ORDINALITY m(p, n)
$$;
WITH found AS (
	SELECT p.* FROM (SELECT calibrate_scorecard(f, 'a 1 percentile, i 1 percentile, d 1 percentile, r 1 percentile, far 1 percentile') AS card FROM figures f) c, pg_temp.points(card) p
), expected AS (
	SELECT metric, row_number() OVER (PARTITION BY metric ORDER BY x) AS n, x, (min(k) + max(k)) / 2.0::float8 AS score
	FROM unnest('{a,i,d,r,far}'::text[]) metric, pg_temp.quantiles(metric, 100) GROUP BY metric, x
)
SELECT metric, count(*), count(*) FILTER (WHERE f.x = e.x AND f.score = e.score) AS same
FROM found f FULL JOIN expected e USING (metric, n) GROUP BY metric ORDER BY metric;
WITH found AS (
	SELECT parts, p.* FROM (SELECT parts, calibrate_scorecard(f, format('a 1 bins(%1$s), i 1 bins(%1$s), d 1 bins(%1$s), r 1 bins(%1$s), far 1 bins(%1$s)', parts)::tier_scorecard) AS card
		FROM figures f, unnest(ARRAY[2, 3, 7, 10, 97, 100]) parts GROUP BY parts) c, pg_temp.points(card) p
), expected AS (
	SELECT parts, metric, k AS n, x FROM unnest('{a,i,d,r,far}'::text[]) metric, unnest(ARRAY[2, 3, 7, 10, 97, 100]) parts, pg_temp.quantiles(metric, parts)
	WHERE k BETWEEN 1 AND parts - 1
)
SELECT metric, count(*), count(*) FILTER (WHERE f.x = e.x) AS same
FROM found f FULL JOIN expected e USING (parts, metric, n) GROUP BY metric ORDER BY metric;
-- where percentile_cont adds a rounding error to what it multiplies
SELECT string_agg(x::text, ' ' ORDER BY n) = string_agg(n::text, ' ' ORDER BY n) AS whole, count(*)
FROM (SELECT calibrate_scorecard(m, 'x 1 bins(100)') AS card FROM (SELECT generate_series(0, 100) AS x) m) c, pg_temp.points(card);
SELECT percentile_cont(0.29) WITHIN GROUP (ORDER BY x) AS percentile_cont FROM generate_series(0, 100) x;
DROP TABLE figures;

-- minmax and zscore
SELECT criterion, arguments[1]::float8 = lo, arguments[2]::float8 = hi
FROM (SELECT calibrate_scorecard(p, 'a 1 minmax, b 1 minmax') AS c, min(a)::float8 AS a_lo, max(a)::float8 AS a_hi, min(b) AS b_lo, max(b) AS b_hi FROM population p) s,
	criteria(c), regexp_match(scale, 'linear\((.*), (.*)\)') arguments,
	LATERAL (VALUES ('a', a_lo, a_hi), ('b', b_lo, b_hi)) v(metric, lo, hi)
WHERE criterion = metric;
SELECT criterion, abs(arguments[1]::float8 - lo) < 1e-9, abs(arguments[2]::float8 - hi) < 1e-9
FROM (SELECT calibrate_scorecard(p, 'a 1 zscore, big 1 zscore') AS c,
		avg(a) AS mean_a, stddev_samp(a) AS sd_a, avg(big) AS mean_big, stddev_samp(big) AS sd_big FROM population p) s,
	criteria(c), regexp_match(scale, 'linear\((.*), (.*)\)') arguments,
	LATERAL (VALUES ('a', mean_a - 3 * sd_a, mean_a + 3 * sd_a), ('big', mean_big - 3 * sd_big, mean_big + 3 * sd_big)) v(metric, lo, hi)
WHERE criterion = metric;
-- figures far from zero, whose squares would drown their differences
SELECT calibrate_scorecard(m, 'x 1 zscore') FROM (VALUES (1e15 + 1), (1e15 + 2), (1e15 + 3)) m(x);
-- and those whose squares, sums or differences leave double precision
SELECT calibrate_scorecard(m, 'x 1 zscore, y 1 minmax, z 1 bins(4), w 1 zscore')
FROM (VALUES (-1.7e308::float8, -1.7e308::float8, -1.7e308::float8, 1e-310::float8), (1.7e308, 1.7e308, 1.7e308, 3e-310)) m(x, y, z, w);

-- one row, equal figures, no figures, no rows
SELECT calibrate_scorecard(p, 'a 1 minmax, b 1 zscore, few 1 percentile, big 1 bins(5)')
FROM population p WHERE id = 1;
SELECT calibrate_scorecard(p, 'same 1 minmax desc, same2 1 zscore, same3 1 percentile, same4 1 bins(5)')
FROM (SELECT same, same AS same2, -same AS same3, same / 4.0 AS same4 FROM population) p;
SELECT calibrate_scorecard(p, 'none 1 minmax missing 3, few 1 minmax, flag 1 minmax')
FROM population p;
SELECT calibrate_scorecard(p, 'a 1 minmax') FROM population p WHERE false;
-- NULL rows and NULL scorecards are passed over
SELECT calibrate_scorecard(m, 'x 1 minmax')
FROM generate_series(1, 3) i LEFT JOIN (VALUES (1, 5), (3, 9)) m(i, x) USING (i);
SELECT calibrate_scorecard(m, CASE WHEN i < 3 THEN 'x 1 minmax'::tier_scorecard END)
FROM (VALUES (1, 5), (2, 7), (3, 9)) m(i, x);
SELECT calibrate_scorecard(NULL::population, 'a 1 minmax') FROM population;
-- an absolute scorecard stays as it is, whatever the row has
SELECT calibrate_scorecard(p, 'x 1 linear(0, 1), y 1 cuts(1, 2) desc missing 5') FROM population p;
SELECT calibrate_scorecard(p, 'x 1 linear(0, 1)') FROM population p WHERE false;
-- errors
SELECT pg_temp.ct_error($$SELECT calibrate_scorecard(p, 'nothing 1 minmax') FROM (SELECT a, b FROM population) p$$);
SELECT pg_temp.ct_error($$SELECT calibrate_scorecard(p, 'label 1 minmax') FROM population p$$);
SELECT pg_temp.ct_error($$SELECT calibrate_scorecard(p, CASE WHEN id < 9 THEN 'a 1 minmax' ELSE 'a 2 minmax' END::tier_scorecard) FROM population p$$);
SELECT pg_temp.ct_error($$SELECT calibrate_scorecard(m, 'x 1 minmax') FROM (VALUES (1::float8), ('Infinity')) m(x)$$);
-- groups may have scorecards of their own
SELECT card, calibrate_scorecard(p, card) FROM population p,
	LATERAL (SELECT CASE part % 2 WHEN 0 THEN 'a 1 minmax' ELSE 'b 2 minmax' END::tier_scorecard AS card) c
GROUP BY card ORDER BY card::text;
-- scores of a calibrated scale lie where they should
SELECT min(v), max(v), count(DISTINCT v), round(avg(v)::numeric, 2)
FROM (SELECT weighted_value(p, calibrate_scorecard(p, 'a 1 bins(5)') OVER ()) AS v FROM population p) s;
SELECT round(avg(v)::numeric, 1)
FROM (SELECT weighted_value(p, calibrate_scorecard(p, 'a 1 percentile') OVER ()) AS v FROM population p) s;

-- the same facts make the same scorecard: in any order, in parallel, sorted
-- or hashed, as a window, in pieces of a frame

CREATE FUNCTION pg_temp.plan_has(statement text, node text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN ' || statement LOOP
		IF line ~ node THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
SELECT $$'a 3 zscore, b 2 percentile, big 1 bins(13), real 4 minmax, few 1 zscore desc missing 3'$$ AS card \gset
CREATE TEMP TABLE calibrated AS
SELECT calibrate_scorecard(p, :card) AS card FROM population p;
SELECT count(DISTINCT c) FROM (
	SELECT card AS c FROM calibrated
	UNION ALL SELECT calibrate_scorecard(p, :card ORDER BY id DESC) FROM population p
	UNION ALL SELECT calibrate_scorecard(p, :card ORDER BY a, b) FROM population p
	UNION ALL SELECT calibrate_scorecard(p, :card ORDER BY hashint4(id)) FROM population p
	UNION ALL SELECT calibrate_scorecard(p, :card) OVER () FROM population p
	UNION ALL SELECT calibrate_scorecard(p, :card) OVER (ORDER BY part DESC RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM population p
) u;
-- a window's state goes on after it has been shown
SELECT bool_and(running = whole)
FROM (SELECT id, calibrate_scorecard(p, :card) OVER (ORDER BY id) AS running FROM population p WHERE id <= 60) r,
	LATERAL (SELECT calibrate_scorecard(p, :card) AS whole FROM population p WHERE p.id <= r.id) w;
-- by group: hashed, sorted, as a window
CREATE TEMP TABLE parts AS
SELECT part, calibrate_scorecard(p, :card) AS card FROM population p GROUP BY part;
SET enable_hashagg = off;
SELECT bool_and(s.card = parts.card), count(*)
FROM (SELECT part, calibrate_scorecard(p, :card) AS card FROM population p GROUP BY part) s JOIN parts USING (part);
RESET enable_hashagg;
SELECT bool_and(s.card = parts.card), count(*)
FROM (SELECT part, calibrate_scorecard(p, :card) OVER (PARTITION BY part) AS card FROM population p) s JOIN parts USING (part);
-- the values too
CREATE TEMP TABLE valued AS
SELECT id, weighted_value(p, calibrate_scorecard(p, :card) OVER ()) AS value FROM population p;
SELECT bool_and(weighted_value(p, card) = value), count(*)
FROM population p JOIN valued USING (id), calibrated;
SELECT bool_and(weighted_value(p, card) = value), count(*)
FROM (SELECT p, part, weighted_value(p, calibrate_scorecard(p, :card) OVER (PARTITION BY part)) AS value
	FROM population p ORDER BY id) v JOIN parts USING (part);
-- in parallel
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET max_parallel_workers_per_gather = 2;
ALTER TABLE population SET (parallel_workers = 2);
SELECT pg_temp.plan_has('SELECT calibrate_scorecard(p, ''a 1 zscore'') FROM population p', 'Gather');
SELECT calibrate_scorecard(p, :card) = (SELECT card FROM calibrated) FROM population p;
SELECT pg_temp.plan_has('SELECT sum(weighted_value(p, ''a 1 linear(0, 1)'')) FROM population p', 'Partial Aggregate');
SELECT round(sum(weighted_value(p, 'a 1 linear(-75, 177), b 2 log(1, 100)'))::numeric, 6) FROM population p;
RESET max_parallel_workers_per_gather;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;
RESET min_parallel_table_scan_size;
SELECT round(sum(weighted_value(p, 'a 1 linear(-75, 177), b 2 log(1, 100)'))::numeric, 6) FROM population p;

DROP VIEW halves;
DROP TABLE population, shape_1, shape_2, changing CASCADE;
DROP TYPE measures CASCADE;
DROP DOMAIN points_domain CASCADE;
