# replication.pl: a standby serves tiers, views and reports and calls nobody
# dead; every type goes over to a subscriber that has the extension in another
# schema, in binary form.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $with_cluster = "$FindBin::Bin/../with-cluster";

# a cluster that has what replication needs, and within it this once more
if (!@ARGV)
{
	exec($with_cluster, '-c', "wal_level = logical\nmax_wal_senders = 8\nhot_standby = on", $^X, $0, '--within')
	  or die "with-cluster: $!";
}

my $owner = $> == 0 ? (getpwuid((stat $ENV{PGHOST})[4]))[0] : undef;
my $standby = "$ENV{PGHOST}/standby";
my $primary = "host=$ENV{PGHOST} dbname=shop";
my $reader = "host=$standby dbname=shop";
my ($bindir) = `$ENV{PG_CONFIG} --bindir` =~ /(.*)/;

# Runs a program of PostgreSQL's as the owner of the cluster.
sub run
{
	my @command = @_;

	unshift @command, 'runuser', '-u', $owner, '--' if defined $owner;
	return system("cd '$ENV{PGHOST}' && " . join(' ', map { "'$_'" } @command) . " >'$ENV{PGHOST}/output' 2>&1");
}

sql('', 'CREATE DATABASE shop');
sql($primary, q{
	CREATE EXTENSION customer_tier;
	CREATE TABLE orders (customer integer, amount numeric, day date);
	INSERT INTO orders SELECT i % 30, i, date '2024-01-01' + i FROM generate_series(1, 600) i;
	CREATE VIEW metrics AS SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM orders GROUP BY customer;
	SELECT tiering.create_program('vip', 'metrics', 'customer', 'A top 10%, B top 30%, C', value => 'revenue');
	SELECT tiering.track('vip', 'orders', 'customer');
	CALL tiering.refresh('vip', '2026-01-01')});

is(run("$bindir/pg_basebackup", '-h', $ENV{PGHOST}, '-p', $ENV{PGPORT}, '-U', $ENV{PGUSER}, '-D', "$standby-data", '-R', '-c', 'fast', '-X', 'stream'), 0, 'a base backup')
  or diag(`cat '$ENV{PGHOST}/output'`);
run('mkdir', $standby);
is(run("$ENV{CLUSTER_ROOT}$bindir/pg_ctl", '-D', "$standby-data", '-l', "$standby-log", '-w', '-o', "-k '$standby'", 'start'), 0, 'a standby')
  or diag(`cat '$standby-log'`);

# Is the answer to a query the same there?
sub same
{
	my ($query, $name) = @_;

	is(sql($reader, $query), sql($primary, $query), $name);
}

sub caught_up
{
	my $lsn = sql($primary, 'SELECT pg_current_wal_flush_lsn()');

	ok(wait_until($reader, 30, "SELECT pg_last_wal_replay_lsn() >= '$lsn'"), 'the standby has caught up');
}

caught_up();
same('SELECT * FROM vip_tiers ORDER BY customer', 'tiers');
same('SELECT * FROM vip_tier_outlook ORDER BY customer', 'the outlook');
same('SELECT * FROM vip_tier_period ORDER BY 1, 4', 'periods');
same("SELECT * FROM tiering.pyramid('vip', 'revenue')", 'the pyramid');
same("SELECT * FROM tiering.movements('vip')", 'movements');
same("SELECT tiering.tier_at('vip', 7, '2026-01-01'), tiering.ladder('vip')", 'a tier, and the ladder');
same("SELECT count(*) FROM tiering.verify('vip')", 'verify');
same("SELECT * FROM tiering.simulate('vip', 'x >= 9000, y', as_of => '2026-01-02') ORDER BY customer", 'a simulation');
same("SELECT customer, tier(revenue(order_digest(amount, day)), 'A >= 7000, B') FROM orders GROUP BY customer ORDER BY 1", 'queries');
same("SELECT program, as_of, queue, problem FROM tiering.status()", 'the status');

# a refresh that is running there is not dead here
my $slow = fork();
if (!$slow)
{
	sql("$primary", q{CREATE FUNCTION slowly(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT $1 + 0 * length(pg_sleep(8)::text)';
		CREATE VIEW slow AS SELECT 1 AS customer, public.slowly(5) AS v;
		SELECT tiering.create_program('slow', 'slow', 'customer', 'a >= 1, b', value => 'v');
		CALL tiering.refresh('slow', '2026-01-01')});
	exit(0);
}
ok(wait_until($primary, 20, "SELECT EXISTS (SELECT FROM tiering.status() WHERE program = 'slow' AND running_since IS NOT NULL)"), 'a refresh is running');
caught_up();
is(sql($reader, "SELECT status FROM tiering.runs('slow')"), 'running', 'the standby says so');
is(sql($reader, "SELECT running_since IS NOT NULL, problem IS NULL, error IS NULL FROM tiering.status() WHERE program = 'slow'"), 't|t|t', 'and nothing else');
waitpid($slow, 0);
caught_up();
is(sql($reader, "SELECT status FROM tiering.runs('slow')"), 'done', 'and when it has ended');
like((psql($reader, q{CALL tiering.refresh('vip', '2026-01-02')}))[2], qr/ERROR:  25006/, 'a refresh there is refused');

# every type, to a subscriber, where the extension has another schema
sql('', 'CREATE DATABASE copy');
my $copy = "host=$ENV{PGHOST} dbname=copy";
my $columns = q{id integer PRIMARY KEY, o %1$sorder_digest, p %1$spayment_digest, b %1$sbalance_digest, l %1$stier_ladder, s %1$stier_scorecard,
	y %1$stier_policy, a %1$stier_assignment, h %1$stier_assignment[], m %1$stier_measures, f %1$stier_forecast};
sql($primary, sprintf("CREATE TABLE kept ($columns)", '') . q{; CREATE PUBLICATION everything FOR TABLE kept;
	INSERT INTO kept SELECT customer, o, p, (SELECT balance_digest(v, '2024-01-01', 'giro') FROM (VALUES (1.5)) x(v)), 'gold >= 500 keep >= 400, "x y"', 'revenue 1 log(10, 1000) missing zero',
		'review every 12 months; gold: drop never', assign(NULL, revenue(o), 'gold >= 500, b', '', '2026-01-01'), ARRAY[assign(NULL, revenue(o), 'gold >= 500, b', '', '2026-01-01')],
		customer_measures(o, p, date '2026-01-01'), 'bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), per week'
	FROM (SELECT customer, order_digest(amount, day) AS o, payment_digest(amount, day, day + 3, date '2026-01-01') AS p FROM orders GROUP BY customer) d});
sql($copy, 'CREATE SCHEMA elsewhere; CREATE EXTENSION customer_tier SCHEMA elsewhere; ' . sprintf("CREATE TABLE kept ($columns)", 'elsewhere.'));
sql($primary, q{SELECT pg_create_logical_replication_slot('copy', 'pgoutput')});
sql($copy, "CREATE SUBSCRIPTION everything CONNECTION 'host=$ENV{PGHOST} port=$ENV{PGPORT} user=$ENV{PGUSER} dbname=shop' PUBLICATION everything
	WITH (binary = true, create_slot = false, slot_name = 'copy')");
ok(wait_until($copy, 60, 'SELECT count(*) = 30 FROM kept'), 'what was there comes over');
sql($primary, q{UPDATE kept SET o = o + o, l = 'A top 5%, B'; INSERT INTO kept SELECT id + 100, o, p, b, l, s, y, a, h, m, f FROM kept});
ok(wait_until($copy, 60, 'SELECT count(*) = 60 FROM kept'), 'and what is written later, in binary form');
is(sql($copy, 'SELECT string_agg(k::text, chr(10) ORDER BY id) FROM kept k'), sql($primary, 'SELECT string_agg(k::text, chr(10) ORDER BY id) FROM kept k'), 'all of it, to the bit');
sql($copy, 'ALTER SUBSCRIPTION everything DISABLE; ALTER SUBSCRIPTION everything SET (slot_name = NONE); DROP SUBSCRIPTION everything');
sql($primary, q{SELECT pg_drop_replication_slot('copy')});
run("$ENV{CLUSTER_ROOT}$bindir/pg_ctl", '-D', "$standby-data", '-m', 'immediate', 'stop');
done_testing();
