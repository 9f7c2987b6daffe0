# Everything.pm: one of everything that a database can hold of the extension,
# for the TAP programs that bring a database from one version to another.

package Everything;

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw($fill_everything $look_at_everything $everything_goes_on);

# One of everything that a database can hold of the extension.
our $fill_everything = q{
	CREATE TABLE orders (customer bigint, amount numeric, day date);
	INSERT INTO orders SELECT i % 20, i % 97, date '2024-01-01' + i % 400 FROM generate_series(1, 500) i;
	CREATE TABLE kept AS
	SELECT customer, order_digest(amount, day) AS o, payment_digest(amount, day, day + customer::integer, date '2026-01-01') AS p,
		balance_digest(customer, day, 'savings') AS b,
		'gold >= 500 keep >= 400, member'::tier_ladder AS l, 'revenue 1 log(10, 1000) missing zero'::tier_scorecard AS s,
		'review every 12 months; gold: drop never'::tier_policy AS y,
		'bg/nbd(r 0.243, alpha 4.414, a 0.793, b 2.426), per week'::tier_forecast AS f
	FROM orders GROUP BY customer;
	ALTER TABLE kept ADD PRIMARY KEY (customer), ADD a tier_assignment;
	UPDATE kept SET a = assign(NULL, revenue(o), l, y, date '2026-01-01');
	CREATE INDEX ON kept (tier_rank(revenue(o), l));
	CREATE INDEX ON kept (o);
	CREATE VIEW metrics AS SELECT customer, m.*, tier(m.revenue, l) FROM kept, customer_measures(o, p, date '2026-01-01') m;
	CREATE MATERIALIZED VIEW stored AS SELECT * FROM metrics;
	SELECT tiering.create_program('vip', 'metrics', 'customer', 'A top 10%, B', 'revenue 1 percentile');
	SELECT tiering.track('vip', 'orders', 'customer');
	SELECT tiering.refresh_now('vip', '2026-01-01');
	SELECT tiering.pin('vip', 1, 'lock', 'A', from_date => '2026-01-01')};

# What it holds.
our $look_at_everything = q{
	SELECT md5(string_agg(k::text, ',' ORDER BY customer)) FROM kept k;
	SELECT md5(string_agg(m::text, ',' ORDER BY customer)) FROM metrics m;
	SELECT md5(string_agg(h::text, ',' ORDER BY entry)) FROM (SELECT entry, customer, tier, since, reason FROM vip_tier_history) h;
	SELECT program, as_of, problem FROM tiering.status();
	SET enable_seqscan = off;
	SELECT count(*) FROM kept WHERE tier_rank(revenue(o), l) = 1;
	SELECT customer FROM kept WHERE o = (SELECT o FROM kept WHERE customer = 7);
	RESET enable_seqscan};

# That it goes on from there.
our $everything_goes_on = q{
	INSERT INTO orders VALUES (7, 1000000, '2024-05-05');
	SELECT tiering.refresh_touched_now('vip', '2026-01-02'), (SELECT count(*) FROM vip_tier_touched);
	SELECT customer, tier FROM vip_tiers ORDER BY 1};

1;
