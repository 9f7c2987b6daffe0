# reference.pl: doc/reference.md against the catalog.  Every function, type,
# view, table, column and parameter that users see is in it, and no function
# or column is in it that is not there.

use strict;
use warnings;
use FindBin;
use Test::More;

my $database = "reference_$$";

sub content
{
	my ($file) = @_;

	open(my $in, '<', $file) or die "$file: $!";
	local $/;
	return scalar <$in>;
}

# The rows of a query, each a list of its columns.
sub query
{
	my ($sql) = @_;

	open(my $pipe, '-|', 'psql', '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-c', $sql) or die;
	my @rows = map { chomp; [ split /\|/, $_, -1 ] } <$pipe>;
	close($pipe) or die "psql failed: $sql";
	return @rows;
}

# The rows of the tables whose first heading matches: first cell, whole row.
my $page = content("$FindBin::Bin/../../doc/reference.md");
my $text = $page =~ s/^```.*?^```$//gmsr;
my %words = map { $_ => 1 } map { /\w+/g } $text =~ /`([^`\n]+)`/g;
my @tables = map { { heading => (cells($_))[0], rows => [ split /\n/, s/^.*\n.*\n//r ] } } $text =~ /((?:^\|.*\n)+)/mg;

sub cells
{
	my ($row) = @_;

	$row = (split /\n/, $row)[0] =~ s/\\\|/\x01/gr;
	$row =~ s/^\| | \|$//g;
	return map { s/\x01/|/gr } split / \| /, $row;
}

sub rows_of
{
	my ($heading) = @_;

	return map { @{ $_->{rows} } } grep { $_->{heading} =~ $heading } @tables;
}

sub none
{
	my ($name, @missing) = @_;

	is(join(', ', sort @missing), '', $name);
}

system('createdb', $database) == 0 or die 'createdb failed';
query('CREATE EXTENSION customer_tier');
query(q{CREATE TABLE m (k text, v numeric); SELECT tiering.create_program('p', 'm', 'k', 'a >= 1, b', value => 'v')});

# What users call: not what PostgreSQL calls on behalf of types, aggregates,
# operators, casts, operator classes, languages and the planner.
my $members = q{SELECT p.oid, n.nspname, p.proname, p.proargnames, p.proargmodes, p.pronargs, p.proallargtypes
	FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		 JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
		 JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'customer_tier'
	WHERE n.nspname <> 'tiering_internal' AND
		  p.prorettype NOT IN ('trigger'::regtype, 'language_handler'::regtype) AND
		  p.oid NOT IN (SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn]::oid[]) FROM pg_aggregate) AND
		  p.oid NOT IN (SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend]::oid[]) FROM pg_type) AND
		  p.oid NOT IN (SELECT oprcode FROM pg_operator) AND p.oid NOT IN (SELECT amproc FROM pg_amproc) AND
		  p.oid NOT IN (SELECT castfunc FROM pg_cast) AND p.oid NOT IN (SELECT prosupport FROM pg_proc) AND
		  p.oid NOT IN (SELECT unnest(ARRAY[lanplcallfoid, laninline, lanvalidator]) FROM pg_language)};
my @functions = query("SELECT nspname, proname, string_agg(DISTINCT array_to_string(proargnames[1:pronargs], ' '), ';'),
	coalesce(string_agg(DISTINCT (SELECT string_agg(a, ' ') FROM unnest(proargnames, proargmodes) u (a, m) WHERE m IN ('o', 't')), ' '), '')
	FROM ($members) f GROUP BY 1, 2");
my %exists = map { $_->[1] => 1 } @functions;

cmp_ok(scalar(@functions), '>', 90, 'there are functions');

# in the first cell of a table of functions, or at the beginning of a paragraph
my %documented = map { $_ => 1 } (map { (cells($_))[0] =~ /`(\w+)\b/g } rows_of(qr/^(function|in schema)/)),
  $text =~ /^`(\w+)\(/mg;
none('every function has its place', grep { !$documented{$_} } keys %exists);

# the documented signatures: name, and the words between the parentheses
my @signatures = map { (cells($_))[0] } rows_of(qr/^(function|in schema)/);
my %parameters;
foreach my $cell (@signatures)
{
	while ($cell =~ /`(\w+)\(([^`]*)\)`/g)
	{
		my ($function, $list) = ($1, $2);

		$parameters{$function}{$_} = 1 foreach $list =~ /\w+/g;
	}
}
none('no function is in the tables that is not there', grep { !$exists{$_} } keys %parameters);
none('nor among those without parameters',
	grep { !$exists{$_} } map { (cells($_))[0] =~ /`(\w+)`/g } rows_of(qr/^function/));

my @wrong;
foreach my $function (grep { $_->[0] eq 'tiering' } @functions)
{
	my %real = map { $_ => 1 } $function->[2] =~ /\w+/g;

	push @wrong, grep { !$parameters{ $function->[1] }{ $_ =~ s/^.*\.//r } }
	  map { "$function->[1].$_" } keys %real;
	push @wrong, map { "not $function->[1].$_" } grep { !$real{$_} } keys %{ $parameters{ $function->[1] } };
}
none('the parameters of programs are those of the catalog', @wrong);

@wrong = ();
foreach my $function (@functions)
{
	my ($row) = grep { (cells($_))[0] =~ /`$function->[1]\(/ } rows_of(qr/^(function|in schema)/);
	my $whole = $row // $text;

	push @wrong, map { "$function->[1].$_" } grep { $whole !~ /\b$_\b/ && $text !~ /`$function->[1]` returns rows \([^)]*\b$_\b/ } $function->[3] =~ /\w+/g;
}
none('so are the columns that functions return', @wrong);

my @types = query(q{SELECT t.typname FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'customer_tier' WHERE t.typelem = 0
	UNION SELECT c.relname FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'customer_tier'});
cmp_ok(scalar(@types), '>', 9, 'there are types');
none('every type is in the page', grep { !$words{$_} } map { $_->[0] } @types);

# composite types: field by field, both ways
foreach my $type (qw(tier_measures tier_assignment tier_forecast_fit))
{
	my @rows = rows_of(qr/^(field|columns) of `$type`/);
	my %shown = map { $_ => 1 } map { (cells($_))[0] =~ /`(\w+)`/g } @rows;
	my %real = map { $_->[0] => 1 } query("SELECT attname FROM pg_attribute WHERE attrelid = '$type'::regclass AND attnum > 0");

	none("$type has its fields", grep { !$shown{$_} } keys %real);
	none("$type has no others", grep { !$real{$_} } keys %shown);
}

# the tables and views of a program, and the registry
my %columns;
push @{ $columns{ $_->[0] } }, $_->[1] foreach query(q{SELECT '<name>' || substr(relname, 2), attname FROM pg_class c
	JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 WHERE relname ~ '^p_tier' AND relkind IN ('r', 'v') AND attname <> 'k'});
cmp_ok(scalar(keys %columns), '>', 7, 'a program has tables and views');
foreach my $relation (sort keys %columns)
{
	my ($row) = grep { (cells($_))[0] =~ /`\Q$relation\E`/ } rows_of(qr/^relation$/);

	none("$relation has its columns", grep { ($row // '') !~ /`$_`/ } @{ $columns{$relation} });
}
my ($registry) = $text =~ /^The registry `tiering\.program`(.*)$/m;
none('the registry has its columns', grep { $registry !~ /`$_`/ }
	map { $_->[0] } query(q{SELECT attname FROM pg_attribute WHERE attrelid = 'tiering.program'::regclass AND attnum > 0}));
none('settings', grep { $text !~ /`\Q$_\E`/ } map { $_->[0] }
	query(q{LOAD 'customer_tier'; SELECT name FROM pg_settings WHERE name LIKE 'customer\_tier.%'}));

system('dropdb', $database);
done_testing();
