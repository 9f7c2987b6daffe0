# fdw.pl: orders and payments that lie on two other servers, each customer on
# one of them, as partitions by postgres_fdw.  What is asked of all of them is
# what one server says, to the bit; digests are made where the rows are.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $one = "fdw_$$";
my @shards = ("fdw_a_$$", "fdw_b_$$");

plan(skip_all => 'this PostgreSQL has no postgres_fdw')
  if sql('', "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'") eq '0';

sub on_all
{
	my ($statements) = @_;

	sql("dbname=$_", $statements) foreach @shards;
}

# The same rows everywhere: on a shard those whose customer belongs there.
sub make_databases
{
	my $rows = q{
		SELECT i % 500 AS customer, ((i * 7919 % 100003) - 9000) / 100.0 AS amount, date '2024-01-01' + i % 700 AS day,
			CASE WHEN i % 5 > 0 THEN date '2024-01-10' + i % 740 END AS paid_on
		FROM generate_series(1, 20000) i};

	sql('', "CREATE DATABASE $_") foreach $one, @shards;
	sql("dbname=$_", q{CREATE EXTENSION customer_tier}) foreach $one, @shards;
	foreach my $i (0, 1)
	{
		sql("dbname=$shards[$i]", "CREATE TABLE sales AS SELECT * FROM ($rows) r WHERE customer % 2 = $i; ANALYZE sales");
	}
	sql("dbname=$one", "CREATE TABLE here AS $rows; ANALYZE here;
		CREATE EXTENSION postgres_fdw;
		CREATE TABLE sales (customer integer, amount numeric, day date, paid_on date) PARTITION BY LIST ((customer % 2))");
	foreach my $i (0, 1)
	{
		my $host = sql("dbname=$one", "SELECT current_setting('unix_socket_directories')");

		sql("dbname=$one", "
			CREATE SERVER shard$i FOREIGN DATA WRAPPER postgres_fdw
				OPTIONS (host '$host', port '$ENV{PGPORT}', dbname '$shards[$i]', extensions 'customer_tier', use_remote_estimate 'true');
			CREATE USER MAPPING FOR CURRENT_USER SERVER shard$i OPTIONS (user '$ENV{PGUSER}');
			CREATE FOREIGN TABLE sales$i PARTITION OF sales FOR VALUES IN ($i) SERVER shard$i OPTIONS (table_name 'sales')");
	}
}

# What is asked, of a relation.
my %questions = (
	'digests by customer' => q{SELECT customer, order_digest(amount, day) AS o, payment_digest(amount, day, paid_on, date '2026-01-01') AS p FROM %s GROUP BY customer},
	'by customer and parity' => q{SELECT customer %% 2 AS half, customer, order_digest(amount, day), count(*) FROM %s GROUP BY customer %% 2, customer},
	'digests by half' => q{SELECT customer %% 2 AS half, order_digest(amount, day) AS o FROM %s GROUP BY customer %% 2},
	'one of everything' => q{SELECT order_digest(amount, day), payment_digest(amount, day, paid_on, date '2026-01-01') FROM %s},
	'rolled up' => q{SELECT rollup(d) FROM (SELECT customer, order_digest(amount, day) AS d FROM %s GROUP BY customer) s},
	'tiers' => q{SELECT customer, tier(revenue, calibrate_ladder(revenue, 'A top 1%%, B top 5%%, C top 20%%, D') OVER ())
		FROM (SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM %s GROUP BY customer) r},
	'a share' => q{SELECT tier(revenue, l), count(*), sum(revenue) FROM (SELECT revenue, calibrate_ladder(revenue, 'key share 80%%, mid share 95%%, small') OVER () AS l
		FROM (SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM %s GROUP BY customer) r) s GROUP BY 1},
	'a forecast' => q{SELECT fit_forecast(d, date '2026-01-01') FROM (SELECT customer, order_digest(amount, day) AS d FROM %s GROUP BY customer) s},
	'a scorecard' => q{SELECT calibrate_scorecard(m, 'revenue 50 minmax, order_count 20 percentile, days_late 30 bins(4) desc')
		FROM (SELECT customer, order_digest(amount, day) AS o, payment_digest(amount, day, paid_on, date '2026-01-01') AS p FROM %s GROUP BY customer) s,
		customer_measures(o, p, date '2026-01-01') m}
);

# How many rows differ between two queries?
sub differing
{
	my ($setting, $question) = @_;
	my ($there, $here) = map { sprintf($question, $_) } qw(sales here);

	return sql("dbname=$one", "$setting; SELECT count(*) FROM ((($there) EXCEPT ALL ($here)) UNION ALL (($here) EXCEPT ALL ($there))) x");
}

make_databases();
foreach my $setting ('SET enable_partitionwise_aggregate = off', 'SET enable_partitionwise_aggregate = on',
	'SET customer_tier.enable_fused_aggregate = off', 'SET enable_partitionwise_aggregate = on; SET customer_tier.enable_fused_aggregate = off')
{
	is(differing($setting, $questions{$_}), '0', "$_, $setting") foreach sort keys %questions;
}

# where digests are made: what is sent to the other servers
sub is_sent
{
	my ($query, $what) = @_;

	return sql("dbname=$one", "SET enable_partitionwise_aggregate = on; EXPLAIN (VERBOSE, COSTS OFF) $query") =~ /Remote SQL: .*\Q$what\E/;
}

ok(is_sent('SELECT customer % 2, customer, order_digest(amount, day) FROM sales GROUP BY customer % 2, customer', 'order_digest(amount, day)'),
	'digests by what the partitions are made by are made there');
ok(is_sent('SELECT customer FROM sales0 GROUP BY customer HAVING revenue(order_digest(amount, day)) > 1000', 'revenue('),
	'conditions on their figures, too');
ok(is_sent(q{SELECT customer FROM sales0 GROUP BY customer HAVING tier_rank(revenue(order_digest(amount, day)), 'gold >= 1000, member'::tier_ladder) = 1}, 'tier_rank('),
	'and the rank of a tier');
# the label is a text, whose comparison postgres_fdw ships only of a column
ok(!is_sent(q{SELECT customer FROM sales0 GROUP BY customer HAVING tier(revenue(order_digest(amount, day)), 'gold >= 1000, member'::tier_ladder) = 'gold'}, 'tier('),
	'its label is not');

# digests that were made there, one row for each customer, are rolled up here
on_all('CREATE VIEW digests AS SELECT customer, order_digest(amount, day) AS d FROM sales GROUP BY customer');
sql("dbname=$one", "CREATE FOREIGN TABLE digests$_ (customer integer, d order_digest) SERVER shard$_ OPTIONS (table_name 'digests')") foreach 0, 1;
is(sql("dbname=$one", "SELECT (SELECT rollup(d) FROM (SELECT * FROM digests0 UNION ALL SELECT * FROM digests1) x) = (SELECT order_digest(amount, day) FROM here)"),
	't', 'digests come over as they are');

# a program over them refreshes, and does not track what it cannot
sql("dbname=$one", q{CREATE VIEW metrics AS SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM sales GROUP BY customer;
	SELECT tiering.create_program('far', 'metrics', 'customer', 'A top 1%, B top 20%, C', value => 'revenue')});
sql("dbname=$one", q{CALL tiering.refresh('far', '2026-01-01')});
is(sql("dbname=$one", q{SELECT count(*) FROM far_tiers f JOIN (SELECT customer, tier(revenue, calibrate_ladder(revenue, 'A top 1%, B top 20%, C') OVER ()) AS tier
	FROM (SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM here GROUP BY customer) r) h USING (customer) WHERE f.tier = h.tier}),
	'500', 'a program over foreign partitions');
like((psql("dbname=$one", q{SELECT tiering.track('far', 'sales', 'customer')}))[2], qr/0A000.*cannot be tracked/, 'which cannot be tracked');

sql('', "DROP DATABASE $_ WITH (FORCE)") foreach $one, @shards;
done_testing();
