# dump.pl: a database with programs, dumped and restored, goes on as the
# original does.
#
# The owner of the database, its extension and its programs is no superuser,
# and dumps and restores all by itself.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $folder = tempdir(CLEANUP => 1);
my $owner = "dump_owner_$$";
my $seller = "dump_seller_$$";
my $original = "dump_$$";
my @databases = ($original);

sub owners
{
	return "dbname=$_[0] user=$owner";
}

# A database of the owner's.
sub database
{
	my ($name) = @_;

	push @databases, $name;
	sql('', "CREATE DATABASE $name OWNER $owner");
	return $name;
}

# Programs with every kind of key, value, ladder and policy; with runs that were
# done and failed; with names that need quotes; tracked, and with customers in
# the queue.
sub fill
{
	sql('', "CREATE ROLE $owner LOGIN; CREATE ROLE $seller LOGIN;
		ALTER ROLE $owner SET row_security = off;
		ALTER ROLE $owner SET search_path = nowhere;
		CREATE DATABASE $original OWNER $owner");
	sql(owners($original), q{
		CREATE EXTENSION customer_tier SCHEMA public;
		SET search_path = public;
		CREATE TABLE orders (customer bigint, amount numeric, region text);
		INSERT INTO orders
		SELECT i % 40, i * 7 % 100, CASE WHEN i % 3 = 0 THEN 'north' END
		FROM generate_series(1, 400) i;
		CREATE TABLE payments (customer bigint, paid numeric, at date)
			PARTITION BY RANGE (at);
		CREATE TABLE payments_2023 PARTITION OF payments
			FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
		CREATE TABLE payments_2024 PARTITION OF payments
			FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
		INSERT INTO payments
		SELECT i % 40, i, date '2023-10-01' + i FROM generate_series(1, 200) i;
		CREATE VIEW metrics AS
		SELECT o.customer, o.revenue, coalesce(p.paid, 0) AS paid, o.region
		FROM (SELECT customer, sum(amount) AS revenue, max(region) AS region
			  FROM orders GROUP BY customer) o
			 LEFT JOIN (SELECT customer, sum(paid) AS paid FROM payments
						GROUP BY customer) p ON p.customer = o.customer;

		SELECT tiering.create_program('gone', 'metrics', 'customer', 'all',
			value => 'revenue');
		SELECT tiering.create_program('vip', 'metrics', 'customer',
			'A top 10%, B top 40%, C', 'revenue 70 minmax, paid 30 percentile',
			policy => 'review every 3 months, drop one step; A: grace 10 days',
			per => 'region', time_zone => 'Pacific/Auckland');
		SELECT tiering.track('vip', 'orders', 'customer');
		SELECT tiering.track('vip', 'payments', 'customer');
		CALL tiering.refresh('vip', '2024-01-01');
		UPDATE orders SET amount = amount + 50 WHERE customer = 7;
		CALL tiering.refresh_touched('vip', '2024-01-02');
		DELETE FROM orders WHERE customer = 8;
		CALL tiering.refresh('vip', '2024-04-02');

		CREATE SCHEMA "Odd ""schema""; --";
		CREATE DOMAIN code AS varchar(20) COLLATE "C" CHECK (VALUE <> 'none');
		CREATE TABLE members ("the ""id""" code PRIMARY KEY,
			points double precision, last_year real);
		INSERT INTO members
		SELECT 'm' || i, i / 7.0::float8, i FROM generate_series(1, 30) i;
		-- the owner may read it, and it must not stop pg_dump
		ALTER TABLE members ENABLE ROW LEVEL SECURITY;
		CREATE POLICY nobody ON members USING (false);
		SELECT tiering.create_program('x"; DROP TABLE members; --', 'members',
			'the "id"', 'gold >= 4, silver >= 2.5, "none; --"',
			value => 'points', review_value => 'last_year',
			policy => 'review at end of next year, drop to fit',
			schema => 'Odd "schema"; --');
		SELECT tiering.track('x"; DROP TABLE members; --', 'members', 'the "id"');
		CALL tiering.refresh('x"; DROP TABLE members; --', '2024-01-01');
		UPDATE members SET points = 1, last_year = 1 WHERE points > 3;

		CREATE TABLE shops (shop uuid PRIMARY KEY, sales integer, staff integer);
		INSERT INTO shops
		SELECT md5(i::text)::uuid, i * 10, i FROM generate_series(1, 20) i;
		SELECT tiering.create_program('rules', 'shops', 'shop',
			'best: sales top 3 or staff >= 15, good: sales >= 50, rest');
		CALL tiering.refresh('rules', '2024-02-29');
		SELECT tiering.alter_program('rules',
			'best: sales top 5 or staff >= 15, good: sales >= 60, rest');
		SELECT tiering.pin('vip', 20, 'lock', until_date => '2024-05-03',
			from_date => '2024-04-01', note => 'kept');
		CALL tiering.refresh_touched('vip', '2024-04-02');
		SELECT tiering.undo('vip');
		INSERT INTO public.vip_tier_benefit (tier, benefit, at_most)
		SELECT tier, 'lounge', 2 FROM public.vip_tiers WHERE customer = 20;
		SELECT tiering.use_benefit('vip', 20, 'lounge', at => '2024-04-02');
		SELECT tiering.drop_program('gone');});
	my ($status) = psql(owners($original), q{
		INSERT INTO public.orders VALUES (NULL, 1, 'north');
		CALL tiering.refresh('vip', '2024-04-03');});
	die 'a NULL customer was taken' unless $status;
	sql(owners($original), "DELETE FROM public.orders WHERE customer IS NULL;
		UPDATE public.payments SET paid = paid + 1000 WHERE customer = 20;
		GRANT SELECT, INSERT, UPDATE, DELETE ON public.orders,
			public.payments, public.payments_2024 TO $seller;
		GRANT SELECT ON public.vip_tiers TO $seller");
}

# What there is of the programs, as text.  Times and processes are left out,
# and the numbers of entries, but not their order for a customer; the queue is
# there on request, since data restored alone fills it.
sub contents
{
	my ($database, %with) = @_;
	my $tables = $with{queue} ? '' : "WHERE s <> '_tier_touched'";

	return sql(owners($database), qq{
		SELECT to_jsonb(p) FROM tiering.program p ORDER BY name;
		SELECT format('SELECT %L, to_jsonb(t) - ''pid'' - ''started_at'' -
				''finished_at'' - ''entry'' - ''recorded_at'' - ''superseded_at'' - ''used_at''
				FROM %I.%I t ORDER BY %s',
			p.name || s, p.schema, p.name || s,
			CASE s WHEN '_tier_history' THEN format('t.%I, t.entry', p.customer)
				ELSE 't.*' END)
		FROM tiering.program p,
			 unnest('{_tiers,_tier_history,_tier_run,_tier_touched,_tier_pin,_tier_benefit,_tier_use}'::text[]) s
		$tables ORDER BY p.name, s
		\\gexec
		});
}

# The definitions that make programs go on.
sub definitions
{
	my ($database) = @_;

	return sql(owners($database), q{
		SELECT tgrelid::regclass, pg_get_triggerdef(oid), tgenabled
		FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text, tgname;
		SELECT oid::regprocedure, proowner::regrole, prosrc, prosecdef,
			   proconfig, proacl, obj_description(oid, 'pg_proc')
		FROM pg_proc WHERE proname ~ '_tier_touch_' ORDER BY proname;
		SELECT c.oid::regclass, c.relowner::regrole, c.relacl,
			   obj_description(c.oid, 'pg_class'), n.nspacl
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE relname ~ '_tiers$|_tier_|^program' ORDER BY relname;
		SELECT c.oid::regclass, a.attname, a.attnum, a.attidentity,
			   a.attnotnull, format_type(a.atttypid, a.atttypmod),
			   a.attcollation::regcollation
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE relname ~ '_tiers$|_tier_|^program$' AND a.attnum > 0
		ORDER BY relname, attnum;
		SELECT schemaname, sequencename, data_type, last_value
		FROM pg_sequences ORDER BY 1, 2;});
}

# What happens next, wherever it does.
sub go_on
{
	my ($database) = @_;

	# the seller has no right on the programs
	sql("dbname=$database user=$seller", q{
		INSERT INTO public.orders VALUES (9, 10000, 'north'), (77, 5, 'south');
		UPDATE public.orders SET customer = 10 WHERE customer = 11;
		INSERT INTO public.payments_2024 VALUES (12, 99999, '2024-05-01');
		DELETE FROM public.payments WHERE customer = 13;});
	sql(owners($database), q{
		CALL tiering.refresh_touched('vip', '2024-05-03');
		CALL tiering.refresh_touched('x"; DROP TABLE members; --', '2025-02-01');
		CALL tiering.refresh_touched('rules', '2024-05-03');});
	my $touched = contents($database, queue => 1);
	sql(owners($database), q{
		CALL tiering.refresh('vip', '2024-06-02');
		CALL tiering.refresh('x"; DROP TABLE members; --', '2027-01-01', force => true);
		SELECT tiering.refresh_now('rules', '2024-06-02');
		SELECT tiering.create_program('new', 'public.metrics', 'customer',
			'all', value => 'revenue', schema => 'public');
		TRUNCATE public.payments_2023;});
	return $touched . "\n" . contents($database, queue => 1) .
	  sql(owners($database), q{
		SELECT name, (SELECT count(*) FROM tiering.verify(name))
		FROM tiering.program
		WHERE name NOT IN ('new', 'vip') ORDER BY name});
}

sub done
{
	my ($name, @command) = @_;
	my ($status, $out, $err) = command(@command);

	ok($status == 0 && $err eq '', $name) or diag($err);
}

# What was restored equals the original, which is shown as text.
sub same
{
	my ($name, $shown, $expected) = @_;

	ok($shown eq $expected, $name) and return;
	my @files = ("$folder/expected", "$folder/shown");
	foreach my $text ($expected, $shown)
	{
		open(my $out, '>', $files[ $text eq $shown ]);
		print $out "$text\n";
	}
	diag(`diff -U0 $files[0] $files[1] | head -40`);
}

fill();
my $contents = contents($original, queue => 1);
my $facts = contents($original, queue => 0);
my $definitions = definitions($original);
like($contents, qr/"movement": "grace"/, 'there are graces');
like($contents, qr/23502: a customer in the metrics/, 'there is a failed run');
like($contents, qr/vip_tier_touched\|\{"customer": 20\}/, 'there is a queue');
like($definitions, qr/payments_2024\|CREATE TRIGGER/, 'there are triggers');

# all kinds of dump, each by the owner

my @as_owner = ('-U', $owner, '--no-password');
done('pg_dump', 'pg_dump', @as_owner, '-Fc', '-f', "$folder/custom", $original);
done('pg_dump with row security', 'pg_dump', @as_owner, '-Fc',
	'--enable-row-security', '-f', "$folder/security", $original);
done('pg_dump to SQL', 'pg_dump', @as_owner, '-f', "$folder/sql", $original);
done('pg_dump with INSERTs', 'pg_dump', @as_owner, '--inserts',
	'-f', "$folder/inserts", $original);
done('pg_dump of the schema', 'pg_dump', @as_owner, '--schema-only',
	'-f', "$folder/schema", $original);
done('pg_dump of the data', 'pg_dump', @as_owner, '--data-only',
	'-f', "$folder/data", $original);
done('pg_dump by a superuser', 'pg_dump', '-Fc', '-f', "$folder/super",
	$original);

my $restored = database("${original}_custom");
done('pg_restore', 'pg_restore', @as_owner, '--exit-on-error', '-d', $restored,
	"$folder/custom");
my @psql = ('psql', '-X', '-q', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1',
	@as_owner, '-d');
done('restoring SQL', @psql, database("${original}_sql"), '-f',
	"$folder/sql");
done('restoring INSERTs', @psql, database("${original}_inserts"), '-f',
	"$folder/inserts");
done('restoring the schema', @psql, database("${original}_parts"), '-f',
	"$folder/schema");
is(sql(owners("${original}_parts"), 'SELECT count(*) FROM tiering.program'), 0,
	'the schema alone has no program');
done('restoring the data', @psql, "${original}_parts", '-f', "$folder/data");
done('pg_restore by a superuser', 'pg_restore', '--exit-on-error', '-d',
	database("${original}_super"), "$folder/super");
my $again = database("${original}_again");
done('pg_dump of what was restored', 'pg_dump', @as_owner, '-Fc', '-f',
	"$folder/again", $restored);
done('pg_restore of that', 'pg_restore', @as_owner, '--exit-on-error', '-d',
	$again, "$folder/again");

# What is equal before stays equal when all go on.
my @copies = grep { $_ ne $original && $_ !~ /_parts$/ } @databases;
foreach my $copy (@copies)
{
	my ($kind) = $copy =~ /([a-z]+)$/;

	same("$kind: equal contents", contents($copy, queue => 1), $contents);
	same("$kind: equal definitions", definitions($copy), $definitions);
}
same('from parts: equal contents but for the queue',
	contents("${original}_parts", queue => 0), $facts);
same('from parts: equal definitions', definitions("${original}_parts"),
	$definitions);
my $next = go_on($original);
isnt($next, $contents, 'refreshes change the original');
like($next, qr/rules\|0\nx"; DROP TABLE members; --\|0$/, 'and verify it');
same(($_ =~ /([a-z]+)$/)[0] . ": the next refreshes equal the original's",
	go_on($_), $next)
  foreach @copies;
# with a longer queue, a touched refresh looks at more customers
same("from parts: the next refreshes equal the original's",
	map { s/"customers": \d+//gr } go_on("${original}_parts"), $next);

# a program of another owner, which only a superuser can dump
sql('dbname=' . $original, "CREATE SCHEMA seller AUTHORIZATION $seller");
sql("dbname=$original user=$seller", q{
	CREATE TABLE seller.points (id integer, points integer);
	INSERT INTO seller.points VALUES (1, 1), (2, 2);
	SELECT tiering.create_program('sellers', 'seller.points', 'id',
		'high >= 2, low', value => 'points', schema => 'seller');
	CALL tiering.refresh('sellers');});
done('pg_dump of two owners', 'pg_dump', '-Fc', '-f', "$folder/two", $original);
done('pg_restore of two owners', 'pg_restore', '--exit-on-error', '-d',
	database("${original}_two"), "$folder/two");
is(sql("dbname=${original}_two user=$seller", q{
	INSERT INTO seller.points VALUES (3, 3);
	SELECT tiering.refresh_now('sellers');
	SELECT id, tier FROM seller.sellers_tiers ORDER BY id;}),
	"1\n1|low\n2|high\n3|high", 'each goes on with his own');

# no part of the registry goes by OIDs, which differ
is(sql('dbname=' . $original, q{
	SELECT count(*) FROM pg_attribute a
	WHERE a.attrelid = 'tiering.program'::regclass AND a.attnum > 0 AND
		  a.atttypid IN (SELECT oid FROM pg_type WHERE typname ~ '^oid$|^reg')}),
	0, 'no OID in the registry');

sql('', join(';', (map { "DROP DATABASE $_" } @databases),
	"DROP ROLE $owner, $seller"));
done_testing();
