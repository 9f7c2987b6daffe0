# pg_upgrade.pl: a database with one of everything, brought from the oldest
# PostgreSQL that is here to the one that is tested, is what it was and goes on.
#
# Digests, ladders and assignments are stored, and indexes over them, so their
# stored forms have to mean the same to every version.  OLD_PG_CONFIG, where it
# is set, says where to come from.
#
# A plain table is brought first: what a minor version writes into a catalog, an
# older minor of the next major may not know.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Everything;
use Psql;
use Test::More;

my $new_pg_config = $ENV{PG_CONFIG};
my $new_version = major($new_pg_config);
my ($old_pg_config) = grep { can_build($_) && major($_) < $new_version }
  $ENV{OLD_PG_CONFIG} // sort { major($a) <=> major($b) } glob('/usr/lib/postgresql/*/bin/pg_config');
plan(skip_all => "there is no PostgreSQL older than $new_version to come from")
  unless defined $old_pg_config;
my $old_version = major($old_pg_config);

my $owner = $> == 0 ? (getpwuid((stat $ENV{PGHOST})[4]))[0] : undef;
my $work = "$ENV{PGHOST}/upgrade";
my $database = 'everything';

sub major
{
	return (`'$_[0]' --version` =~ /(\d+)/)[0];
}

sub can_build
{
	return -x $_[0] && -f (`'$_[0]' --includedir-server` =~ s/\n//r) . '/postgres.h';
}

# Runs a command as the owner of the clusters.
sub run
{
	my @command = @_;

	unshift @command, 'runuser', '-u', $owner, '--' if defined $owner;
	return system("cd '$work' && " . join(' ', map { "'$_'" } @command) . " >'$work/output' 2>&1");
}

sub output
{
	return `cat '$work/output'`;
}

# copy(pg_config): where its programs stand in a copy that has the extension
sub copy
{
	my ($pg_config) = @_;
	my $root = "$work/" . major($pg_config) . '-root';
	my ($bindir, @folders) = map { `'$pg_config' --$_` =~ s/\n//r } qw(bindir pkglibdir sharedir);

	system("mkdir '$root' && cp -RL --parents '$bindir' @folders '$root'") == 0 or die "a copy for $pg_config";
	local @ENV{qw(PG_CONFIG CLUSTER_ROOT)} = ($pg_config, $root);
	system("'$FindBin::Bin/../install' plain >'$work/output' 2>&1") == 0 or die 'build: ' . output();
	return "$root$bindir";
}

# A new cluster, not yet started.
sub cluster
{
	my ($programs, $data) = @_;

	run("$programs/initdb", '-D', $data, '-U', 'postgres', '-A', 'trust', '-N', '-k', '-E', 'UTF8', '--locale=C.UTF-8') == 0 or die 'initdb: ' . output();
}

# with(programs, data, statements): what they print there
sub with
{
	my ($programs, $data, $statements) = @_;

	run("$programs/pg_ctl", '-D', $data, '-l', "$work/log", '-w', '-o', "-k '$work' -c listen_addresses=''", 'start') == 0 or die `cat '$work/log'`;
	my $result = eval { sql("host=$work dbname=$database", $statements) };
	my $problem = $@;
	run("$programs/pg_ctl", '-D', $data, '-w', '-m', 'fast', 'stop');
	die $problem if $problem;
	return $result;
}

# upgraded(old programs, new programs, old data, new data): did it go well?
sub upgraded
{
	my ($old, $new, $old_data, $new_data) = @_;

	return run("$new/pg_upgrade", '-b', $old, '-B', $new, '-d', $old_data, '-D', $new_data, '-s', $work, '-U', 'postgres') == 0;
}

# The first error that pg_upgrade's programs have written.
sub error
{
	my ($new_data) = @_;

	return (map { `grep -h ' error: ' '$_'` } glob("$new_data/pg_upgrade_output.d/*/log/*.log"))[0] // '';
}

mkdir($work) or die "$work: $!";
if (defined $owner)
{
	chown((getpwnam($owner))[2, 3], $work);
}
my ($old, $new) = (copy($old_pg_config), copy($new_pg_config));
my @data = map { "$work/$_" } qw(plain_old plain_new old new);
cluster($_ % 2 == 0 ? $old : $new, $data[$_]) foreach 0 .. 3;

$database = 'postgres';
with($old, $data[0], 'CREATE TABLE plain (i integer)');
plan(skip_all => "pg_upgrade from $old_version to $new_version fails without the extension, too: " . error($data[1]))
  unless upgraded($old, $new, @data[0, 1]);

with($old, $data[2], 'CREATE DATABASE everything');
$database = 'everything';
with($old, $data[2], "CREATE EXTENSION customer_tier; $fill_everything");
my $before = with($old, $data[2], $look_at_everything);
cmp_ok(length($before), '>', 100, "one of everything, on PostgreSQL $old_version");
ok(upgraded($old, $new, @data[2, 3]), "pg_upgrade to PostgreSQL $new_version")
  or diag(output(), error($data[3]));
is(with($new, $data[3], $look_at_everything), $before, 'it is what it was');

sql('', 'CREATE DATABASE everything_new');
sql('dbname=everything_new', "CREATE EXTENSION customer_tier; $fill_everything");
is(with($new, $data[3], $everything_goes_on), sql('dbname=everything_new', $everything_goes_on), 'and goes on as a new one does');
sql('', 'DROP DATABASE everything_new');
done_testing();
