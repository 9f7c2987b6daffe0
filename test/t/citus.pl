# citus.pl: orders and payments that Citus spreads over two servers, by
# customer.  What is asked of all of them is what one server says, to the bit;
# digests by customer are made where the rows are; programs refresh.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my ($libraries) = `"\$("$FindBin::Bin/../setup" --pg-config)" --pkglibdir` =~ /(.*)/;
plan(skip_all => 'this PostgreSQL has no Citus') unless -e "$libraries/citus.so";

# two clusters, the second within the first, and in it this once more
my $settings = "shared_preload_libraries = 'citus'\nlisten_addresses = 'localhost'\nwal_level = logical\nport = ";
my @ports = (54321, 54322);
if (@ARGV < @ports)
{
	exec("$FindBin::Bin/../with-cluster", '-c', $settings . $ports[@ARGV], $^X, $0, @ARGV, $ports[@ARGV])
	  or die "with-cluster: $!";
}

my ($boss, $worker) = map { "host=localhost port=$_ user=postgres dbname=shop" } @ports;

foreach my $port (@ports)
{
	sql("host=localhost port=$port user=postgres dbname=postgres", 'CREATE DATABASE shop');
	sql("host=localhost port=$port user=postgres dbname=shop", 'CREATE EXTENSION citus');
}
sql($boss, "SELECT citus_set_coordinator_host('localhost', $ports[0]); SELECT citus_add_node('localhost', $ports[1]);
	SELECT citus_set_node_property('localhost', $ports[0], 'shouldhaveshards', true);
	CREATE EXTENSION customer_tier");
is(sql($worker, "SELECT count(*) FROM pg_extension WHERE extname = 'customer_tier'"), '1', 'the extension is made on every node');
sql($boss, q{
	CREATE TABLE here AS
	SELECT i % 500 AS customer, i % 7 AS region, ((i * 7919 % 100003) - 9000) / 100.0 AS amount, date '2024-01-01' + i % 700 AS day,
		CASE WHEN i % 5 > 0 THEN date '2024-01-10' + i % 740 END AS paid_on
	FROM generate_series(1, 20000) i;
	CREATE TABLE sales (customer integer, region integer, amount numeric, day date, paid_on date);
	SELECT create_distributed_table('sales', 'customer', shard_count => 8);
	INSERT INTO sales SELECT * FROM here});

my %questions = (
	'digests by customer' => q{SELECT customer, order_digest(amount, day) AS o, payment_digest(amount, day, paid_on, date '2026-01-01') AS p FROM %s GROUP BY customer},
	'digests by region' => q{SELECT region, order_digest(amount, day) AS o, payment_digest(amount, day, paid_on, date '2026-01-01') AS p FROM %s GROUP BY region},
	'one of everything' => q{SELECT order_digest(amount, day), payment_digest(amount, day, paid_on, date '2026-01-01') FROM %s},
	'rolled up' => q{SELECT rollup(d) FROM (SELECT customer, order_digest(amount, day) AS d FROM %s GROUP BY customer) s},
	'rolled up by region' => q{SELECT region, rollup(d) FROM (SELECT customer, region, order_digest(amount, day) AS d FROM %s GROUP BY customer, region) s GROUP BY region},
	'figures' => q{SELECT customer, m.* FROM (SELECT customer, order_digest(amount, day) AS o, payment_digest(amount, day, paid_on, date '2026-01-01') AS p FROM %s GROUP BY customer) s,
		customer_measures(o, p, date '2026-01-01') m},
	'tiers by bounds' => q{SELECT customer, tier(revenue(order_digest(amount, day)), 'gold >= 20000, silver >= 15000, member') FROM %s GROUP BY customer},
	'tiers by rank' => q{SELECT customer, tier(revenue, calibrate_ladder(revenue, 'A top 1%%, B top 5%%, C top 20%%, D') OVER ())
		FROM (SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM %s GROUP BY customer OFFSET 0) r},
	'a ladder' => q{SELECT calibrate_ladder(revenue, 'key share 80%%, mid share 95%%, small') FROM (SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM %s GROUP BY customer) r},
	'concentration' => q{SELECT gini(greatest(revenue, 0)), top_share(revenue, 0.2) FROM (SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM %s GROUP BY customer) r},
	'a forecast' => q{SELECT fit_forecast(d, date '2026-01-01') FROM (SELECT customer, order_digest(amount, day) AS d FROM %s GROUP BY customer) s},
	'a scorecard' => q{SELECT calibrate_scorecard(m, 'revenue 50 minmax, order_count 20 percentile, days_late 30 bins(4) desc')
		FROM (SELECT m.* FROM (SELECT customer, order_digest(amount, day) AS o, payment_digest(amount, day, paid_on, date '2026-01-01') AS p FROM %s GROUP BY customer OFFSET 0) s,
		customer_measures(o, p, date '2026-01-01') m OFFSET 0) m}
);
my %plans;

foreach my $name (sort keys %questions)
{
	my ($there, $here) = map { "SELECT x::text FROM ($_) x ORDER BY 1" } map { sprintf($questions{$name}, $_) } qw(sales here);
	my ($status, $out, $err) = psql($boss, $there);

	ok($status == 0 && $out eq sql($boss, $here), $name) or diag($err);
	$plans{$name} = (psql($boss, 'EXPLAIN (VERBOSE, COSTS OFF) ' . sprintf($questions{$name}, 'sales')))[1];
}
foreach my $name ('digests by customer', 'figures', 'tiers by bounds', 'digests by region', 'one of everything')
{
	like($plans{$name}, qr/Query: SELECT .*(?:order_digest|tier)\(/, "$name: digests are made where the rows are");
}

# a program refreshes; it cannot track
sql($boss, q{CREATE VIEW metrics AS SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM sales GROUP BY customer;
	SELECT tiering.create_program('far', 'metrics', 'customer', 'A top 1%, B top 20%, C', value => 'revenue')});
my ($status, $out, $err) = psql($boss, q{CALL tiering.refresh('far', '2026-01-01')});
is($status, 0, 'a refresh') or diag($err);
is(sql($boss, q{SELECT count(*) FROM far_tiers f JOIN (SELECT customer, tier(revenue, calibrate_ladder(revenue, 'A top 1%, B top 20%, C') OVER ()) AS tier
	FROM (SELECT customer, revenue(order_digest(amount, day)) AS revenue FROM here GROUP BY customer) r) h USING (customer) WHERE f.tier = h.tier}),
	'500', 'by everybody');
like((psql($boss, q{SELECT tiering.track('far', 'sales', 'customer')}))[2], qr/0A000.*cannot be tracked/, 'distributed tables cannot be tracked');
sql($boss, q{INSERT INTO sales SELECT 7, 1, 9999999, '2025-01-01', NULL; SELECT tiering.touch('far', 7)});
($status, $out, $err) = psql($boss, q{CALL tiering.refresh_touched('far', '2026-01-02')});
is($status, 0, 'a refresh of who was touched') or diag($err);
is(sql($boss, q{SELECT tier FROM far_tiers WHERE customer = 7}), 'A', 'who rises');
done_testing();
