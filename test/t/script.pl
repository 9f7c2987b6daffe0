# script.pl: how sql/expand.awk makes the extension's script.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $folder = tempdir(CLEANUP => 1);
my $expand = "$FindBin::Bin/../../sql/expand.awk";

# The output for these parts, or the message with which it fails.
sub expand
{
	my @files = map { "$folder/part$_.sql" } 1 .. @_;

	foreach my $i (0 .. $#_)
	{
		open(my $out, '>', $files[$i]);
		print $out $_[$i];
		close($out);
	}
	my $text = `awk -f $expand @files 2>&1`;
	return $? ? "failed: $text" =~ s/\Q$folder\E\///gr : $text;
}

is(expand("a\n", "\@extschema\@.b\n"), "a\n\@extschema\@.b\n", 'parts are joined');
is(expand("-- \@each x: 1, 2\n\@x\@ + \@x\@\n-- \@end\n"),
	"1 + 1\n2 + 2\n", 'a list');
is(expand("-- \@each x | y\n-- | a & b\n--   c || d | 'it''s \\1'\n-- | e | f\n"
		. "--   no row\n-- \@end\n"), '', 'a table without a block');
is(expand("-- \@each x | y\n-- | a & b\n--   c || d | 'it''s \\1'\n-- | e | f\n"
		. "\@y\@: \@x\@;\n--   no row\n-- \@end\n"),
	"'it''s \\1': a & b c || d;\n--   no row\nf: e;\n--   no row\n", 'a table');
is(expand("-- \@each x: 1, 2\n-- \@each y: 3, 4\n\@x\@\@y\@ \@extschema\@\n"
		. "-- \@end\n\n-- \@end\n"),
	"13 \@extschema\@\n14 \@extschema\@\n\n23 \@extschema\@\n24 \@extschema\@\n\n",
	'a block within a block');

foreach my $case (
	[ "-- \@each x: 1\n", 'part1.sql:1: @each x has no @end' ],
	[ "a\n-- \@end\n", 'part1.sql:2: @end cannot stand here' ],
	[ "-- \@each x\na\n-- \@end\n", 'part1.sql:3: @end cannot stand here' ],
	[ "-- \@each x | y\n-- | 1\na\n-- \@end\n",
		'part1.sql:4: not a row of x | y: 1' ],
	[ "-- \@eahc x: 1\n", 'part1.sql:1: @eahc cannot stand here' ],
	[ "a\n  b \@type\@ c\n", 'part1.sql:2: nothing to fill in:   b @type@' ])
{
	my ($text, $message) = @$case;

	is(expand($text), "failed: $message\n", $message);
}
is(expand("-- \@each x: 1\n", "a\n"),
	"failed: part2.sql:1: \@each x before has no \@end\n",
	'a block ends in its part');

# a build that fails leaves no script behind
my $top = "$FindBin::Bin/../..";
my $copy = "$folder/copy";
my $script = 'sql/customer_tier--1.0.0.sql';
system("mkdir $copy && cp -R $top/Makefile $top/sql $copy && rm -f $copy/$script"
	  . " && echo '-- \@each x: 1' >> $copy/sql/weights.sql");
my $make = "make -C $copy PG_CONFIG=$ENV{PG_CONFIG} $script";
like(`$make 2>&1`, qr/has no \@end/, 'make shows the message');
ok($? && !-e "$copy/$script", 'and leaves no script');

done_testing();
