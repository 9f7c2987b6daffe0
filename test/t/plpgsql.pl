# plpgsql.pl: what plpgsql_check says of the functions of the programs.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Psql;
use Test::More;

my $database = "plpgsql_$$";

# What it cannot know: what a record holds that a query in a string fills, what
# other extensions have, and that statements come out of format() with %I.
my @unknown = (
	qr/^record "\w+" is not assigned yet$/,
	qr/^cannot determinate a result of dynamic SQL$/,
	qr/^schema "cron" does not exist$/,
	qr/^relation "(cron\.job|pg_catalog\.pg_dist_partition)" does not exist$/,
	qr/^name of parameter "(column|group)" is reserved keyword$/,
	# a row with a column for each of the rowtype's
	qr/^target type is different type than source type$/);
my %sanitized = map { $_ => 1 } qw(create_triggers patiently drop_touch_now);

my ($known) = psql('', "SELECT 1 / count(*) FROM pg_available_extensions WHERE name = 'plpgsql_check'");
plan(skip_all => 'this PostgreSQL has no plpgsql_check') if $known;

sql('', "CREATE DATABASE $database");
END { sql('', "DROP DATABASE IF EXISTS $database") if defined $database && !$known; }
my $connection = "dbname=$database";
sql($connection, 'CREATE EXTENSION customer_tier; CREATE EXTENSION plpgsql_check');

# found(schema): function, level and message of what is wrong
sub found
{
	my ($schema) = @_;
	my @lines = split /\n/, sql($connection, qq{
		SELECT proname, level, lineno, replace(message, E'\\n', ' ')
		FROM pg_proc p JOIN pg_language l ON l.oid = prolang AND lanname = 'plpgsql',
			LATERAL plpgsql_check_function_tb(p.oid, fatal_errors => false, extra_warnings => false, performance_warnings => false, security_warnings => true,
				relid => CASE prorettype WHEN 'trigger'::regtype THEN 'tiering.program'::regclass ELSE 0 END) c
		WHERE pronamespace::regnamespace::text = '$schema' ORDER BY 1, 3});

	return grep {
		my ($function, $level, undef, $message) = split /\|/, $_, 4;
		!(grep { $message =~ $_ } @unknown) && !($level eq 'security' && $sanitized{$function});
	} @lines;
}

foreach my $schema (qw(tiering tiering_internal))
{
	cmp_ok(sql($connection, "SELECT count(*) FROM pg_proc WHERE pronamespace = '$schema'::regnamespace
		AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')"), '>', 10, "functions of $schema");
	is(join("\n", found($schema)), '', "nothing is wrong in $schema");
}

sql($connection, q{CREATE FUNCTION tiering_internal.broken() RETURNS integer LANGUAGE plpgsql AS
	'BEGIN RETURN (SELECT misspelt FROM tiering.program); END'});
like(join("\n", found('tiering_internal')), qr/^broken\|error\|\d*\|column "misspelt" does not exist$/, 'a misspelt column is found');
done_testing();
