# mutate.pl: 2,000 literals and 2,000 binary messages of each type, made from
# valid ones by changing some of their bytes: a value that is written and read
# back as it is, and can be asked for everything, or an error that says so.
#
#	MUTATIONS=20000 in the environment does more of it

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $database = "mutate_$$";
my $connection = "dbname=$database";
my $mutations = $ENV{MUTATIONS} // 2000;

# of each type: valid values, and what is asked of one, x
my $digest = q{(SELECT order_digest(i * 1.5 - 3, date '2024-01-01' + i, i / 3.0, i) FROM generate_series(1, 9) i)};
my %types = (
	order_digest => [ [ $digest, q{(SELECT order_digest(-1e22, date '2024-01-01'))} ],
		q{order_count(x), refund_count(x), revenue(x), gross_revenue(x), refunded(x), profit(x), quantity(x), margin(x), average_order_value(x), largest_order(x), first_order_amount(x),
		first_order_at(x), last_order_at(x), order_interval_days(x), recency_days(x, date '2026-01-01'), tenure_days(x, date '2026-01-01'), trend(x, '2020-01-01Z', '2026-01-01Z'), growth(x, x)} ],
	payment_digest => [ [ q{(SELECT payment_digest(i * 10 - 20.5, date '2024-01-01' + i * 20, CASE WHEN i % 3 > 0 THEN date '2024-02-01' + i * 25 END, '2024-12-31', i = 5) FROM generate_series(1, 12) i)} ],
		q{billed(x), paid(x), outstanding(x), overdue(x), payment_count(x), late_count(x), excused_count(x), on_time_rate(x), days_late(x), days_beyond_terms(x), max_days_late(x), payment_score(x),
		(SELECT count(*) FROM aging(x))} ],
	balance_digest => [ [ q{(SELECT balance_digest(i * 1.25, date '2024-01-01' + i * 3, CASE WHEN i % 2 > 0 THEN 'savings ' || i % 3 END) FROM generate_series(1, 9) i)} ],
		q{balance_at(x, '2024-01-10'), daily_average(x, '2024-01-01', '2024-02-01')} ],
	tier_ladder => [ [ q{'A top 1%, B top 5.5%, C'::tier_ladder}, q{'gold >= 500 keep >= 400, silver > 1e-3, "x, y"'::tier_ladder}, q{'p: v >= 8 and "share" top 6% or o < 5 keep v > 2, basic'::tier_ladder} ],
		q{is_calibrated(x), (SELECT count(*) FROM rungs(x)), x::jsonb::tier_ladder = x} ],
	tier_scorecard => [ [ q{'revenue 35 log(1e3, 1e6) desc missing zero, x 2.5 minmax missing 12.5'::tier_scorecard}, q{'a 1 steps(0: 0, 2.5: 100), b 1 cuts(1, 1, 2), c 1 logistic(5, -.5), d 3 bins(7)'::tier_scorecard} ],
		q{is_calibrated(x), (SELECT count(*) FROM criteria(x)), x::jsonb::tier_scorecard = x} ],
	tier_policy => [ [ q{'review every 12 months to end of month, upgrade at review, drop one step, grace 30 days, keep at 80%'::tier_policy}, q{'review at end of next year from april; gold: drop never; "a b": grace 2 months'::tier_policy} ],
		q{x::jsonb::tier_policy = x} ],
	tier_forecast => [ [ q{'bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), gamma-gamma(p 6.25, q 3.74, v 15.44), per week'::tier_forecast} ],
		qq{expected_revenue($digest, x, date '2026-01-01', 365, 0.1), probability_active($digest, x, date '2026-01-01'), x::jsonb::tier_forecast = x} ]
);

sql('', "CREATE DATABASE $database");
sql($connection, q{
CREATE EXTENSION customer_tier;
CREATE TABLE outcome (type text, form text, state text, message text, input bytea);

-- Some of the bytes changed, taken out, or put in, as a seed says.
CREATE FUNCTION mutated(original bytea, seed text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	result bytea := original;
	draw bytea := sha256(seed::bytea);
	at integer;
BEGIN
	FOR i IN 0 .. get_byte(draw, 0) % 3 LOOP
		EXIT WHEN length(result) = 0;
		at := (get_byte(draw, 4 * i + 1) * 256 + get_byte(draw, 4 * i + 2)) % length(result);
		result := CASE get_byte(draw, 4 * i + 3) % 4
			WHEN 0 THEN set_byte(result, at, get_byte(draw, 4 * i + 4))
			WHEN 1 THEN set_byte(result, at, get_byte(result, at) # (1 << get_byte(draw, 4 * i + 4) % 8))
			WHEN 2 THEN substr(result, 1, at) || substr(result, at + 2)
			ELSE substr(result, 1, at) || substr(result, 1 + get_byte(draw, 4 * i + 4) % length(result), 3) || substr(result, at + 1) END;
	END LOOP;
	RETURN result;
END $$;

-- A message as COPY reads it.
CREATE FUNCTION as_copy(message bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
	SELECT '\x5047434f50590aff0d0a000000000000000000'::bytea || int2send(1::smallint) || int4send(length(message)) || message || int2send((-1)::smallint)
$$;
});

sub types
{
	return sort keys %types;
}

foreach my $type (types())
{
	my ($values, $asked) = @{ $types{$type} };
	my $value = join(' UNION ALL ', map { "SELECT $_" } @$values);
	my $file = "$ENV{PGHOST}/message";

	sql($connection, "CREATE TABLE read_$type (x $type);
	CREATE TABLE valid_$type AS SELECT x, row_number() OVER () - 1 AS n FROM ($value) v (x);
	DO \$do\$
	DECLARE
		input bytea;
		state text;
		message text;
		object oid;
	BEGIN
		FOR seed IN 1 .. $mutations LOOP
			-- text
			input := mutated(convert_to((SELECT x::text FROM valid_$type WHERE n = seed % ${\ scalar @$values}), 'UTF8'), '$type/' || seed);
			BEGIN
				EXECUTE format(\$q\$SELECT (x::text::$type = x AND ${type}_send(x::text::$type) = ${type}_send(x))::text FROM (SELECT \%L::$type) v (x), LATERAL (SELECT $asked) a\$q\$,
					convert_from(input, 'UTF8')) INTO message;
				state := '00000';
			EXCEPTION WHEN OTHERS THEN
				state := SQLSTATE;
				message := SQLERRM;
			END;
			INSERT INTO outcome VALUES ('$type', 'text', state, message, input);
			-- binary
			input := mutated((SELECT ${type}_send(x) FROM valid_$type WHERE n = seed % ${\ scalar @$values}), '$type#' || seed);
			BEGIN
				object := lo_from_bytea(0, as_copy(input));
				PERFORM lo_export(object, '$file');
				PERFORM lo_unlink(object);
				DELETE FROM read_$type;
				EXECUTE 'COPY read_$type FROM ''$file'' (FORMAT binary)';
				EXECUTE \$q\$SELECT (x::text::$type = x AND ${type}_send(x::text::$type) = ${type}_send(x))::text FROM read_$type, LATERAL (SELECT $asked) a\$q\$ INTO message;
				state := '00000';
			EXCEPTION WHEN OTHERS THEN
				state := SQLSTATE;
				message := SQLERRM;
			END;
			INSERT INTO outcome VALUES ('$type', 'binary', state, message, input);
		END LOOP;
	END \$do\$");
}

is(sql($connection, 'SELECT string_agg(DISTINCT n::text, \',\') FROM (SELECT count(*) AS n FROM outcome GROUP BY type, form) c'), $mutations, 'all were tried');
is(sql($connection, q{SELECT type, form, state, message, input FROM outcome WHERE state !~ '^(00000|22...|08P01|54000|55000|42804)$' ORDER BY 1, 2 LIMIT 9}), '', 'errors say that the input is wrong');
is(sql($connection, q{SELECT type, form, message, input FROM outcome WHERE state = '00000' AND message IS DISTINCT FROM 'true' ORDER BY 1, 2 LIMIT 9}), '', 'what is read is written, and read, as it is');
foreach my $form (qw(text binary))
{
	is(sql($connection, "SELECT string_agg(type, ',') FROM (SELECT type FROM outcome WHERE form = '$form' GROUP BY type HAVING count(*) FILTER (WHERE state = '00000') = 0 OR count(*) FILTER (WHERE state <> '00000') < count(*) / 10) t"),
		'', "$form: some are read, and many are not");
}
sql('', "DROP DATABASE $database");
done_testing();
