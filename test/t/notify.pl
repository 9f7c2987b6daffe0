# notify.pl: what ends is told to who listens, and what failed stays in the
# status until it is done.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $database = "notify_$$";

sql('', "CREATE DATABASE $database");
sql("dbname=$database", q{
	CREATE EXTENSION customer_tier;
	CREATE TABLE figures (customer integer, revenue numeric);
	INSERT INTO figures SELECT i, i * 10 FROM generate_series(1, 9) i;
	SELECT tiering.create_program('vip', 'figures', 'customer', 'gold >= 50, base', value => 'revenue');
	SELECT tiering.track('vip', 'figures', 'customer')});

# What a session that listens hears of a statement.
sub heard
{
	my ($statement) = @_;
	my ($status, $out) = command('psql', '-X', '-q', '-A', '-t', '-d', $database,
		'-c', 'SET client_min_messages = error', '-c', 'LISTEN tiering', '-c', $statement, '-c', 'SELECT');

	return join("\n", $out =~ /"tiering" with payload "(.*)" received/g);
}

sub status
{
	return sql("dbname=$database", 'SELECT error FROM tiering.status()');
}

is(heard(q{CALL tiering.refresh('vip', '2026-01-01')}),
	'{"run": 1, "kind": "full", "as_of": "2026-01-01", "changed": 9, "leaving": 0, "program": "vip", "customers": 9}', 'a refresh');
sql("dbname=$database", q{INSERT INTO figures VALUES (3, 7)});
is(heard(q{CALL tiering.refresh('vip', '2026-01-02')}),
	'{"run": 2, "kind": "full", "error": "21000: customer 3 is more than once in the metrics of program \"vip\"", "program": "vip"}', 'one that fails');
like(status(), qr/^21000: customer 3 is more than once/, 'which the status says');
sql("dbname=$database", q{DELETE FROM figures WHERE customer = 3; INSERT INTO figures VALUES (3, 700); UPDATE figures SET revenue = 5 WHERE customer = 4});
like(heard(q{CALL tiering.refresh_touched('vip', '2026-01-02')}), qr/"kind": "touched".*"changed": 1,/, 'a touched one');
like(status(), qr/^21000: customer 3 is more than once/, 'after which the full one has still failed');
like(heard(q{CALL tiering.refresh('vip', '2026-01-03')}), qr/"kind": "full".*"changed": /, 'the next full one');
is(status(), '', 'mends that');
sql("dbname=$database", q{INSERT INTO figures VALUES (5, 7)});
like(heard(q{CALL tiering.refresh_touched('vip', '2026-01-04')}), qr/"kind": "touched", "error": "21000/, 'a touched one that fails');
sql("dbname=$database", q{DELETE FROM figures WHERE customer = 5 AND revenue = 7});
like(heard(q{CALL tiering.refresh_touched('vip', '2026-01-04')}), qr/"kind": "touched"/, 'and then not');
is(status(), '', 'is mended by the next of its kind');
sql('', "DROP DATABASE $database");
done_testing();
