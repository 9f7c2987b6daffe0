# extremes.pl: every function and aggregate of the extension's schema, called
# with the ends of what each type can be: a result, or an error that says what
# is wrong with the argument.  Nothing internal, no crash, nothing that takes
# long.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $database = "extremes_$$";
my $connection = "dbname=$database";

sql('', "CREATE DATABASE $database");
sql($connection, q{
CREATE EXTENSION customer_tier;

-- For each type some expressions.
CREATE TABLE argument (type regtype, expression text);
INSERT INTO argument SELECT t::regtype, e FROM (
SELECT 'numeric', format('%L::numeric', v) FROM unnest('{0,1,-1,0.00000001,-0.000000005,1e22,-1e22,1e23,1e30,NaN,Infinity,-Infinity,1e-16000,1e131000,123456789.987654321}'::text[]) v UNION ALL
SELECT 'float8', format('%L::float8', v) FROM unnest('{0,-0,1,-1,0.1,NaN,Infinity,-Infinity,1e308,-1e308,5e-324,36525,1e22,0.3333333333333333}'::text[]) v UNION ALL
SELECT 'real', format('%L::real', v) FROM unnest('{0,-0,1,NaN,Infinity,-Infinity,3e38,1e-45,0.7}'::text[]) v UNION ALL
SELECT 'bigint', format('%L::bigint', v) FROM unnest('{0,1,-1,9223372036854775807,-9223372036854775808}'::text[]) v UNION ALL
SELECT 'integer', format('%L::integer', v) FROM unnest('{0,1,-1,2147483647,-2147483648}'::text[]) v UNION ALL
SELECT 'boolean', unnest('{true,false}'::text[]) UNION ALL
SELECT 'text', format('%L::text', v) FROM unnest(ARRAY['', ' ', 'gold', 'bg/nbd', E'\x01', '客户', repeat('x', 100000), '"', '''', '\', 'NULL']) v UNION ALL
SELECT 'date', format('%L::date', v) FROM unnest('{-infinity,infinity,"4713-01-01 BC",5874897-12-31,2024-02-29,2000-01-01,294276-12-31}'::text[]) v UNION ALL
SELECT 'timestamptz', format('%L::timestamptz', v) FROM unnest('{-infinity,infinity,"4713-01-01 BC",294276-12-31,"2024-02-29 12:34:56.789012Z",2000-01-01}'::text[]) v UNION ALL
SELECT 'float8[]', format('%L::float8[]', v) FROM unnest(ARRAY['{}', '{NULL}', '{1}', '{100,75,50,25,0}', '{NaN,1,2,3,4}', '{{1,2},{0.5,1}}', '{{1,1e308},{1e-308,1}}', '{{Infinity}}', '{{0}}', '[2:6]={1,2,3,4,5}', '{{{1}}}']) v UNION ALL
SELECT 'tier_ladder', format('%L::tier_ladder', v) FROM unnest(ARRAY['a', 'a >= 500, b', 'b: x >= 5, c: revenue > 1, d', 'a top 1%, b', 'a top 1', 'a share 100%', 'a >= 1e300, b >= 1e-300, c', 'a: x >= 1 and y < 2 or z > 3, b', 'a: x top 5%', 'a >= 10 keep >= 5, b']) v UNION ALL
SELECT 'tier_scorecard', format('%L::tier_scorecard', v) FROM unnest(ARRAY['x 1 linear(0, 1)', 'x 1e300 log(1e-300, 1e300)', 'x 1 minmax', 'x 1 percentile, y 2 bins(100) desc missing zero', 'x 1 logistic(0, 1e300)', 'revenue 1 curve(0: 0, 1: 100)', 'x 1 zscore missing 50']) v UNION ALL
SELECT 'tier_policy', format('%L::tier_policy', v) FROM unnest(ARRAY['', 'review every 36525 days, grace 36525 days', 'review every 1200 months to end of month', 'review at end of next year from december, drop never', 'review on anniversary, drop one step', 'keep at 0.0000000000000001%; a: drop never']) v UNION ALL
SELECT 'tier_forecast', format('%L::tier_forecast', v) FROM unnest(ARRAY['bg/nbd(r 1e-9, alpha 1e9, a 1, b 1e9), per week', 'mbg/nbd(r 1e9, alpha 1e-9, a 1e9, b 1e-9), gamma-gamma(p 1e-9, q 1, v 1e30), per week', 'bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v 15.44), per week']) v UNION ALL
SELECT 'tier_assignment', v FROM unnest(ARRAY['assign(NULL, 600.0, ''a >= 500, b'', ''review every 12 months'', ''2024-02-29'')', '(''("",,,,,,,,)'')::tier_assignment', 'ROW(''nobody'', 5, ''2024-01-01'', ''2024-01-01'', ''2024-01-01'', NULL, NULL, ''joined'', '''')::tier_assignment',
	'ROW(''a'', 1, ''infinity'', ''-infinity'', ''2024-01-01'', ''5874897-12-31'', ''4713-01-01 BC'', ''x'', NULL)::tier_assignment']) v UNION ALL
SELECT 'order_digest', v FROM unnest(ARRAY['(SELECT order_digest(1.5, date ''2024-01-01''))', '(SELECT order_digest(-1e22, timestamptz ''294276-12-31''))', '(SELECT order_digest(1e22, timestamptz ''4713-01-01 BC'', -1e22, 1e22) FROM generate_series(1, 9))']) v UNION ALL
SELECT 'payment_digest', v FROM unnest(ARRAY['(SELECT payment_digest(1.5, date ''2024-01-01'', NULL, ''2024-06-01''))', '(SELECT payment_digest(1e22, ''4713-01-01 BC'', ''5874897-12-31'', ''5874897-12-31''))', '(SELECT payment_digest(-1.0, ''2024-01-01'', NULL, ''2024-06-01'', true))']) v UNION ALL
SELECT 'balance_digest', v FROM unnest(ARRAY['(SELECT balance_digest(1.5, date ''2024-01-01''))', '(SELECT balance_digest(-1e22, ''4713-01-01 BC'', ''x''))', '(SELECT balance_digest(i, date ''2024-01-01'' + i, i::text) FROM generate_series(1, 99) i)']) v UNION ALL
SELECT 'record', v FROM unnest(ARRAY['ROW(1, 2)', 'ROW()', '(SELECT r FROM (SELECT 1 AS x, ''NaN''::float8 AS y, NULL::numeric AS z) r)', '(SELECT r FROM (SELECT 1e300::numeric AS x, true AS y, 5::real AS z, 7 AS revenue) r)', '(SELECT r FROM (SELECT ''a''::text AS x) r)', '(SELECT m FROM customer_measures(NULL, NULL, NULL::date) m)']) v) a (t, e);
INSERT INTO argument SELECT DISTINCT type, format('NULL::%s', type) FROM argument WHERE type <> 'record'::regtype;

-- The function with arguments drawn by a seed, as a query.
CREATE FUNCTION call_of(function oid, seed integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('SELECT %s%s(%s)%s', CASE WHEN proretset THEN 'count(*) FROM ' ELSE '' END, proname,
		string_agg((SELECT expression FROM argument a WHERE a.type = t.type ORDER BY md5(seed || '/' || n || expression) LIMIT 1), ', ' ORDER BY n),
		CASE WHEN prokind = 'a' THEN ' FROM generate_series(1, 3)' ELSE '' END)
	FROM pg_proc, unnest(proargtypes::oid[]) WITH ORDINALITY t (type, n)
	WHERE oid = function GROUP BY oid, proretset, proname, prokind
$$;
CREATE TABLE called (function oid, query text, state text, message text, ms float8);
});

my $functions = q{SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public'
	JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'customer_tier'
	WHERE p.pronargs > 0 AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) t WHERE t NOT IN (SELECT type FROM argument))};
my $number = sql($connection, "SELECT count(*) FROM ($functions) f");

cmp_ok($number, '>', 150, "$number functions can be called");
sql($connection, "DO \$\$
DECLARE
	function oid;
	query text;
	begun timestamptz;
BEGIN
	FOR function, query IN SELECT f.oid, call_of(f.oid, seed) FROM ($functions) f, generate_series(1, 300) seed LOOP
		begun := clock_timestamp();
		BEGIN
			EXECUTE query;
			INSERT INTO called VALUES (function, query, '00000', NULL, extract(epoch FROM clock_timestamp() - begun) * 1000);
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO called VALUES (function, query, SQLSTATE, SQLERRM, extract(epoch FROM clock_timestamp() - begun) * 1000);
		END;
	END LOOP;
END \$\$");
is(sql($connection, q{SELECT state, message, query FROM called
	WHERE state !~ '^(00000|21000|22...|42703|42702|42804|42725|55000|54000|0A000)$' ORDER BY 1, 2, 3 LIMIT 20}), '', 'only errors that tell what is wrong');
is(sql($connection, q{SELECT query, round(ms) FROM called WHERE ms > 1000 ORDER BY ms DESC LIMIT 9}), '', 'nothing takes a second');
is(sql($connection, q{SELECT query FROM called WHERE state = '42725' AND query !~ 'NULL' LIMIT 9}), '', 'whatever has a type is unique');
is(sql($connection, q{SELECT string_agg(DISTINCT proname, ', ') FROM pg_proc p WHERE oid IN (SELECT function FROM called) AND
	oid NOT IN (SELECT function FROM called WHERE state = '00000')}), 'assign, tier_path',
	'every function has arguments that it likes, but those of two rows, which seldom fit the ladder');
cmp_ok(sql($connection, q{SELECT count(*) FROM called WHERE state <> '00000'}), '>', $number * 5, 'and some that it does not');
sql('', "DROP DATABASE $database");
done_testing();
