# faults.pl: a server that dies in the middle of what programs write.
#
# Fifty times a session, or now and then the postmaster, is killed at a random
# moment of a refresh, a touched refresh, a pin, a replay, an undo or a use of
# a benefit.  After the restart and one touched refresh nothing is lost and
# nothing counted twice.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

exec("$FindBin::Bin/../with-cluster", '-c', 'fsync = on', '-c', 'autovacuum = off',
	$^X, $0, 'started')
  or die "with-cluster: $!"
  unless @ARGV;

my $seed = $ENV{FAULTS_SEED} // 20260101;
my $server = "host=$ENV{PGHOST} dbname=postgres";
my $data = "$ENV{PGHOST}/data";
srand($seed);

# The server starts again by itself after a session was killed, and is started
# by its own user after it was killed itself.
sub restart
{
	my ($killed) = @_;
	my $end = time + 60;

	if ($killed)
	{
		my @pg_ctl = ('pg_ctl', '-D', $data, '-l', $ENV{CLUSTER_LOG}, '-w', '-s',
			'-o', "-k '$ENV{PGHOST}'", 'start');
		my $owner = getpwuid((stat($data))[4]);

		@pg_ctl = ('runuser', '-u', $owner, '--', @pg_ctl) if $> == 0;
		# children of the one that was killed may still be leaving
		select(undef, undef, undef, 0.3)
		  while ((command(@pg_ctl))[0] && time < $end);
	}
	while ((psql($server, 'SELECT 1'))[0])
	{
		die 'the server does not come back' if time > $end;
		select(undef, undef, undef, 0.1);
	}
}

# Begins statements in a session of their own, and kills it, or the postmaster.
sub kill_within
{
	my ($statements, $postmaster) = @_;
	my $child = fork() // die "fork: $!";

	if (!$child)
	{
		$ENV{PGAPPNAME} = 'faulty';
		psql($server, $statements);
		exit(0);
	}
	my $pid = '';
	for (1 .. 200)
	{
		$pid = sql($server, "SELECT pid FROM pg_stat_activity
			WHERE application_name = 'faulty' AND query !~ '^SET' LIMIT 1");
		last if $pid ne '';
		select(undef, undef, undef, 0.005);
	}
	select(undef, undef, undef, rand(0.12));
	if ($postmaster)
	{
		open(my $file, '<', "$data/postmaster.pid") or die "postmaster.pid: $!";
		chomp($pid = <$file>);
	}
	my $killed = $pid ne '' && kill('KILL', $pid);
	waitpid($child, 0);
	restart($killed && $postmaster);
	return $killed;
}

sql($server, q{
	CREATE EXTENSION customer_tier;
	CREATE TABLE orders (customer integer, amount numeric);
	CREATE TABLE known (day date);
	INSERT INTO orders SELECT i, i FROM generate_series(1, 3000) i;
	CREATE VIEW metrics AS SELECT customer, sum(amount) AS revenue FROM orders GROUP BY 1;
	SELECT tiering.create_program('vip', 'metrics', 'customer',
		'gold top 10%, silver top 50%, base', value => 'revenue', policy => 'drop one step');
	SELECT tiering.track('vip', 'orders', 'customer');
	CALL tiering.refresh('vip', '2026-01-01');
	INSERT INTO vip_tier_benefit (tier, benefit, at_most)
	SELECT t, 'lounge', 5 FROM unnest('{gold,silver,base}'::text[]) t;});
# what one may ask of the tables at any time
my $sound = q{
	SELECT (SELECT count(*) FROM vip_tiers t FULL JOIN (
			SELECT DISTINCT ON (customer) * FROM vip_tier_history
			WHERE superseded_at IS NULL ORDER BY customer, entry DESC) h USING (customer)
		WHERE (t.tier, t.rank, t.since, t.earned, t.joined) IS DISTINCT FROM
			(h.tier, h.rank, h.since, h.earned, h.joined)) +
		(SELECT count(*) FROM tiering.runs('vip') WHERE status = 'running') +
		(SELECT count(*) FROM (SELECT customer FROM vip_tier_use WHERE benefit IS NOT NULL
			GROUP BY 1 HAVING sum(units) > 5) u)};
my @acts = (
	q{CALL tiering.refresh('vip', '2026-01-02')},
	q{CALL tiering.refresh_touched('vip', '2026-01-02')},
	q{SELECT tiering.pin('vip', 7, 'floor', 'gold', from_date => '2026-01-02');
		CALL tiering.refresh_touched('vip', '2026-01-02')},
	q{CALL tiering.replay('vip', '2026-01-01')},
	q{SELECT tiering.undo('vip'); CALL tiering.refresh('vip', '2026-01-02')},
	q{SELECT tiering.use_benefit('vip', 7, 'lounge', at => '2026-01-02')
		FROM generate_series(1, 3)});
my ($kills, $unsound, $wrong, $died) = (0, 0, 0, 0);

for (my $round = 1; $kills < 50 && $round <= 100; $round++)
{
	sql($server, "INSERT INTO orders
		SELECT i * 37 % 3000 + 1, i % 900 FROM generate_series($round, $round + 300) i");
	$kills += kill_within($acts[rand(@acts)], $round % 10 == 0);
	$unsound += sql($server, $sound);
	# an undo may have been the last to end
	sql($server, "SELECT tiering.refresh_now('vip', '2026-01-01')
		WHERE NOT EXISTS (SELECT FROM vip_tier_run WHERE status = 'done')");
	sql($server, q{CALL tiering.refresh_touched('vip', '2026-01-02')});
	$wrong += sql($server, q{SELECT count(*) FROM tiering.verify('vip')});
	$unsound += sql($server, $sound);
}
$died = sql($server, q{SELECT count(*) FROM tiering.runs('vip') WHERE status = 'died'});
note("seed $seed: $kills killed, $died runs died");
is($kills, 50, 'fifty were killed in time');
cmp_ok($died, '>', 3, 'runs that died are called so');
is($unsound, 0, 'the tiers are those of the history, nothing runs, nothing was used twice');
is($wrong, 0, 'after a touched refresh everyone is where they belong');
done_testing();
