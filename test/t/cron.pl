# cron.pl: programs refreshed by pg_cron, the real one.
#
# It runs jobs either in background workers or through libpq, which the
# server must be told when it starts: a cluster for each, both at once, since
# what takes the time is waiting for the next minute.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $libraries = `"\$("$FindBin::Bin/../setup" --pg-config)" --pkglibdir`;
chomp($libraries);
plan(skip_all => 'this PostgreSQL has no pg_cron')
  unless glob("$libraries/pg_cron.*");

my $settings = "shared_preload_libraries = 'pg_cron'
cron.database_name = 'shop'
";
# through libpq: to the socket that the server's environment says
my @ways = (
	[ workers => 'cron.use_background_workers = on' ],
	[ libpq => "cron.host = ''" ]);

# Where it runs within its clusters: those, in the order of @ways.
my @clusters = map { [ split /=/ ] } @ARGV;

if (@clusters < @ways)
{
	my $way = $ways[@clusters];

	exec("$FindBin::Bin/../with-cluster", '-c', $settings . $way->[1],
		'sh', '-c', 'exec "$@" "$0=$PGHOST=$CLUSTER_LOG"', $way->[0],
		$^X, $0, @ARGV)
	  or die "with-cluster: $!";
}

# connection(cluster, user)
sub connection
{
	my ($cluster, $user) = @_;

	return "host=$cluster->[1] dbname=shop user=$user";
}

# Programs of two owners.  "broken" will fail, "slow" takes its time.
sub prepare
{
	my ($cluster) = @_;
	my $boss = connection($cluster, 'postgres');

	sql("host=$cluster->[1]", 'CREATE DATABASE shop');
	die 'pg_cron does not start'
	  unless wait_until($boss, 30, "
		SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE backend_type = 'pg_cron launcher' AND datname = 'shop')");
	sql($boss, q{
		CREATE EXTENSION customer_tier;
		CREATE EXTENSION pg_cron;
		CREATE TABLE metrics (customer bigint PRIMARY KEY, revenue numeric);
		INSERT INTO metrics SELECT i, i * 100 FROM generate_series(1, 9) i;
		SELECT tiering.create_program('vip', 'metrics', 'customer',
			'gold >= 800, silver >= 400, base', value => 'revenue');
		CREATE ROLE keeper LOGIN;
		CREATE ROLE stranger LOGIN;
		CREATE SCHEMA club AUTHORIZATION keeper;
		GRANT USAGE ON SCHEMA cron TO keeper, stranger;});
	sql(connection($cluster, 'keeper'), q{
		CREATE TABLE club.guests (id text PRIMARY KEY, nights integer);
		INSERT INTO club.guests
		SELECT 'g' || i, i FROM generate_series(1, 100) i;
		SELECT tiering.create_program('"it''s"; DROP TABLE guests',
			'club.guests', 'id', 'best top 3, next top 10, rest',
			value => 'nights', schema => 'club');
		CREATE TABLE club.twice (id integer, nights integer);
		SELECT tiering.create_program('broken', 'club.twice', 'id',
			'best top 3, rest', value => 'nights', schema => 'club');
		CREATE VIEW club.slowly AS
		SELECT id, nights, pg_sleep(300)::text AS pause FROM club.guests
		WHERE id = 'g1';
		SELECT tiering.create_program('slow', 'club.slowly', 'id',
			'best: nights >= 3 and nights < 400, rest', schema => 'club');});
}

sub schedule
{
	my ($cluster) = @_;
	my $name = $cluster->[0];
	my $boss = connection($cluster, 'postgres');
	my $keeper = connection($cluster, 'keeper');
	my ($status, $out, $err);

	# a first refresh and then changes, which the jobs have to see
	sql($boss, q{
		CALL tiering.refresh('vip');
		SELECT tiering.track('vip', 'metrics', 'customer');
		UPDATE metrics SET revenue = revenue + 400 WHERE customer = 4;
		DELETE FROM metrics WHERE customer = 9;
		INSERT INTO metrics VALUES (10, 10);
		SELECT tiering.schedule('vip', '0 4 * * *');
		SELECT tiering.schedule('vip', '* * * * *');
		SELECT tiering.schedule('vip', '* * * * *', touched => true);});
	sql($keeper, q{
		CALL tiering.refresh('"it''s"; DROP TABLE guests');
		UPDATE club.guests SET nights = 1000 WHERE id = 'g1';
		INSERT INTO club.twice VALUES (5, 1), (5, 2);
		SELECT tiering.schedule('"it''s"; DROP TABLE guests', '* * * * *');
		SELECT tiering.schedule('broken', '* * * * *');
		SELECT tiering.schedule('slow', '* * * * *');});
	is(sql($boss, q{
		SELECT jobname, schedule, database, username, active
		FROM cron.job ORDER BY jobname}),
		join("\n",
			'tiering touched: vip|* * * * *|shop|postgres|t',
			'tiering: "it\'s"; DROP TABLE guests|* * * * *|shop|keeper|t',
			'tiering: broken|* * * * *|shop|keeper|t',
			'tiering: slow|* * * * *|shop|keeper|t',
			'tiering: vip|* * * * *|shop|postgres|t'),
		"$name: the jobs, one of each kind for a program");
	($status, $out, $err) = psql($keeper, q{
		SELECT tiering.schedule('vip', '* * * * *')});
	like($err, qr/ERROR:  42501: program "vip" belongs to another role/,
		"$name: another's program cannot be scheduled");
	($status, $out, $err) = psql($boss, q{
		BEGIN;
		REVOKE USAGE ON SCHEMA cron FROM keeper;
		SET ROLE keeper;
		SELECT tiering.schedule('broken', '1 * * * *')});
	like($err, qr/ERROR:  42501.*HINT:  GRANT USAGE ON SCHEMA cron TO keeper;/s,
		"$name: who may not use pg_cron hears what to do");
	($status, $out, $err) = psql($keeper, q{
		SELECT tiering.schedule('broken', 'at noon')});
	like($err, qr/ERROR: .* invalid schedule: at noon/,
		"$name: the schedule is pg_cron's to judge");
}

# Waits for what the jobs of one minute have to do.
sub await
{
	my ($cluster) = @_;
	my $name = $cluster->[0];
	my $keeper = connection($cluster, 'keeper');

	ok(wait_until(connection($cluster, 'postgres'), 130, q{
		SELECT count(*) FILTER (WHERE kind = 'full') >= 2 AND
			   count(*) FILTER (WHERE kind = 'touched') >= 1
		FROM tiering.runs('vip') WHERE status = 'done'}),
		"$name: full and touched refreshes of a minute are both done");
	ok(wait_until($keeper, 130, q{
		SELECT count(*) >= 2 FROM tiering.runs('"it''s"; DROP TABLE guests')
		WHERE status = 'done'}),
		"$name: so is that of an owner who is no superuser");
	ok(wait_until($keeper, 130, q{
		SELECT count(*) >= 1 FROM tiering.runs('broken')
		WHERE status = 'failed'}),
		"$name: so is one that fails");
}

sub check_tiers
{
	my ($cluster) = @_;
	my $name = $cluster->[0];
	my $boss = connection($cluster, 'postgres');
	my $keeper = connection($cluster, 'keeper');

	is(sql($boss, q{
		SELECT customer, from_tier, tier, movement FROM vip_tier_history
		WHERE run > 1 ORDER BY customer}),
		"4|silver|gold|upgraded\n9|gold||left\n10||base|joined",
		"$name: tiers changed, once");
	is(sql($boss, q{SELECT count(*) FROM tiering.verify('vip')}), 0,
		"$name: and are right");
	is(sql($keeper, q{
		SELECT id, tier FROM club."""it's""; DROP TABLE guests_tiers"
		WHERE tier = 'best' ORDER BY id}),
		"g1|best\ng100|best\ng99|best",
		"$name: a relative ladder was calibrated anew");
	is(sql($keeper, q{
		SELECT r.status, r.error, count(*) > 0
		FROM tiering.runs('broken') r WHERE r.status <> 'running'
		GROUP BY 1, 2}),
		'failed|21000: customer 5 is more than once in the metrics of ' .
		'program "broken"|t',
		"$name: the failed run says why");
	is(sql($keeper, 'SELECT count(*) FROM club.broken_tiers'), 0,
		"$name: and wrote nothing");
}

sub check_details
{
	my ($cluster) = @_;
	my $name = $cluster->[0];
	my $boss = connection($cluster, 'postgres');

	# the log of pg_cron is written after the end of the job
	ok(wait_until($boss, 10, q{
		SELECT count(*) >= 4 FROM cron.job_run_details d
		WHERE d.status IN ('succeeded', 'failed')}),
		"$name: pg_cron logs ends");
	is(sql($boss, q{
		SELECT DISTINCT d.username, d.status, d.command
		FROM cron.job_run_details d
		WHERE d.status IN ('succeeded', 'failed') AND d.command !~ 'slow'
		ORDER BY 3}),
		join(", wait => true)\n",
			q{keeper|succeeded|CALL tiering.refresh('"it''s"; DROP TABLE guests'},
			q{keeper|failed|CALL tiering.refresh('broken'},
			q{postgres|succeeded|CALL tiering.refresh('vip'},
			q{postgres|succeeded|CALL tiering.refresh_touched('vip', wait => true)}),
		"$name: cron.job_run_details says succeeded, or failed");
	like(sql($boss, q{
		SELECT d.return_message FROM cron.job_run_details d
		WHERE d.status = 'failed' AND d.command ~ 'broken' LIMIT 1}),
		qr/customer 5 is more than once in the metrics/,
		"$name: and why");
}

# The job "slow", which was scheduled last, is still at it.
sub check_running
{
	my ($cluster) = @_;
	my $name = $cluster->[0];
	my $keeper = connection($cluster, 'keeper');
	my $status = q{SELECT status FROM tiering.runs('slow') ORDER BY run LIMIT 1};

	wait_until($keeper, 130, q{SELECT count(*) > 0 FROM club.slow_tier_run});
	is(sql($keeper, $status), 'running', "$name: a run is running");
	sql($keeper, q{
		SELECT pg_terminate_backend(
			(SELECT pid FROM club.slow_tier_run ORDER BY run LIMIT 1), 5000)});
	is(sql($keeper, $status), 'died', "$name: or died");
}

sub unschedule
{
	my ($cluster) = @_;
	my $name = $cluster->[0];
	my $boss = connection($cluster, 'postgres');
	my $keeper = connection($cluster, 'keeper');
	my ($status, $out, $err);

	sql($boss, q{SELECT tiering.unschedule('vip')});
	is(sql($boss, q{SELECT jobname FROM cron.job WHERE username = 'postgres'}),
		'tiering touched: vip', "$name: unscheduled is what is asked");
	($status, $out, $err) = psql($boss, q{SELECT tiering.unschedule('vip')});
	like($err, qr/ERROR:  42704: program "vip" has no such schedule/,
		"$name: and that once");
	($status, $out, $err) =
	  psql($boss, q{SET ROLE stranger; SELECT tiering.unschedule('vip', true)});
	like($err, qr/ERROR:  42501/, "$name: by the owner");
	sql($boss, q{SELECT tiering.drop_program('vip')});
	sql($keeper, q{
		SELECT tiering.unschedule('"it''s"; DROP TABLE guests');
		SELECT tiering.drop_program('broken'), tiering.drop_program('slow');});
	is(sql($boss, 'SELECT count(*) FROM cron.job'), 0,
		"$name: dropping a program drops its jobs");
}

prepare($_) foreach @clusters;
schedule($_) foreach @clusters;
foreach my $cluster (@clusters)
{
	await($cluster);
	check_running($cluster);
	check_tiers($cluster);
	check_details($cluster);
	unschedule($cluster);
	my @log = do { open(my $in, '<', $cluster->[2]); <$in> };
	ok(@log && !grep(/terminated by signal|PANIC:|TRAP:/, @log),
		"$cluster->[0]: no process crashed");
}
done_testing();
