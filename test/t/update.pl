# update.pl: from each released version to the present one.
#
# A version is released when CHANGELOG.md dates it.  Its script is then frozen
# in sql/released/, from where this test installs it, makes one of everything,
# updates, and compares catalog and data with what a fresh install has.  That
# the comparison itself works is tried on a version that is made up here, once
# with an update script that does its work and once with one that forgets some.

use strict;
use warnings;
use File::Copy qw(copy);
use FindBin;
use lib $FindBin::Bin;
use Everything;
use Psql;
use Test::More;

my $top = "$FindBin::Bin/../..";
my $folder = $ENV{CLUSTER_ROOT} . `$ENV{PG_CONFIG} --sharedir` =~ s/\n//r . '/extension';
my $database = "update_$$";

sub content
{
	my ($file) = @_;

	open(my $in, '<', $file) or die "$file: $!";
	local $/;
	return scalar <$in>;
}

sub write_file
{
	my ($file, $text) = @_;

	open(my $out, '>', $file) or die "$file: $!";
	print $out $text;
	close($out) or die "$file: $!";
}

# Everything that belongs to the extension, with what it is made of.
my $catalog = q{
	SELECT string_agg(concat_ws(' | ', pg_describe_object(classid, objid, objsubid), obj_description(objid, classid::regclass::name),
			(SELECT concat_ws(' ', pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), prosrc, prosqlbody IS NULL, pg_get_function_sqlbody(p.oid),
				provolatile, proparallel, proisstrict, procost, prosupport, proconfig, proacl, lanname)
				FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE classid = 'pg_proc'::regclass AND p.oid = objid),
			(SELECT concat_ws(' ', aggtransfn, aggfinalfn, aggcombinefn, aggfinalmodify, aggtranstype::regtype, aggtransspace, agginitval)
				FROM pg_aggregate WHERE classid = 'pg_proc'::regclass AND aggfnoid = objid),
			(SELECT concat_ws(' ', typlen, typbyval, typalign, typstorage, typtype, typinput, typoutput, typreceive, typsend)
				FROM pg_type t WHERE classid = 'pg_type'::regclass AND t.oid = objid),
			(SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull), ', ' ORDER BY attnum)
				FROM pg_attribute WHERE classid = 'pg_class'::regclass AND attrelid = objid AND attnum > 0)
		), E'\n' ORDER BY pg_describe_object(classid, objid, objsubid))
	FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
	WHERE extname = 'customer_tier' AND deptype = 'e'};

# fresh(version): catalog and data of a fresh install
sub fresh
{
	my ($version) = @_;

	sql('', "CREATE DATABASE $database");
	sql("dbname=$database", "CREATE EXTENSION customer_tier VERSION '$version'; $fill_everything");
	my @result = (sql("dbname=$database", $catalog), sql("dbname=$database", "$look_at_everything; $everything_goes_on"));
	sql('', "DROP DATABASE $database");
	return @result;
}

# updated(from, to): those after an update
sub updated
{
	my ($from, $to) = @_;

	sql('', "CREATE DATABASE $database");
	sql("dbname=$database", "CREATE EXTENSION customer_tier VERSION '$from'; $fill_everything");
	sql("dbname=$database", "ALTER EXTENSION customer_tier UPDATE TO '$to'");
	my @result = (sql("dbname=$database", $catalog), sql("dbname=$database", "$look_at_everything; $everything_goes_on"));
	sql('', "DROP DATABASE $database");
	return @result;
}

my ($present) = content("$top/customer_tier.control") =~ /^default_version = '(.*)'/m;
my @released = content("$top/CHANGELOG.md") =~ /^## \[([\d.]+)\] - \d{4}-\d\d-\d\d/mg;
my $script = content("$folder/customer_tier--$present.sql");

# what is released stands still
foreach my $version (@released)
{
	my $frozen = "$top/sql/released/customer_tier--$version.sql";

	ok(-e $frozen, "the script of $version is frozen") or next;
	is(content($frozen), $script, "and $version is what the parts come to") if $version eq $present;
	copy($frozen, "$folder/customer_tier--$version.sql");
}
is(join(' ', map { s!.*--(.*)\.sql!$1!r } glob("$top/sql/released/*.sql")), join(' ', sort @released), 'nothing else is frozen');

my @expected = fresh($present);
cmp_ok(scalar(split /\n/, $expected[0]), '>', 300, 'there is a catalog to compare');
foreach my $version (grep { $_ ne $present } @released)
{
	my @result = updated($version, $present);

	is($result[0], $expected[0], "from $version to $present: the catalog");
	is($result[1], $expected[1], "from $version to $present: the data");
}

# a version that is made up: a function more, and another cost
my $next = "$present.1";
my $update = "$folder/customer_tier--$present--$next.sql";
my $more = q{
CREATE FUNCTION @extschema@.half(value numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN value;
};
my $comment = "COMMENT ON FUNCTION \@extschema\@.half(numeric) IS 'Half of it.';\n";
my $cost = "ALTER FUNCTION \@extschema\@.revenue(\@extschema\@.order_digest) COST 3;\n";
write_file("$folder/customer_tier--$next.sql", $script . $more . $comment . $cost);
write_file($update, $more . $comment . $cost);
@expected = fresh($next);
is_deeply([ updated($present, $next) ], \@expected, 'an update that does its work');
write_file($update, $more . $comment);
isnt((updated($present, $next))[0], $expected[0], 'one that forgets a cost is found out');
write_file($update, $more . $cost);
isnt((updated($present, $next))[0], $expected[0], 'so is one that forgets a comment');
unlink("$folder/customer_tier--$next.sql", $update);
done_testing();
