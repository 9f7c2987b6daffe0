# readme.pl: runs the SQL of README.md and compares what it shows.
#
#	readme.pl [file]
#
# Every ```sql block is run, in order, in one psql session in a database of
# its own.  Where nothing but blank lines stands between it and a ```text (or
# plain ```) block, that block must be the output, as psql prints it to a
# user; trailing blanks do not count.  Where no output is shown, none may be
# an error.  A block marked ```sql no-run is not run; each of them is listed
# here by its first line, so that none is left out by mistake.

use strict;
use warnings;
use File::Basename;
use File::Temp qw(tempdir);

my @not_run = (
	"SELECT cron.schedule('tiers', '0 4 * * *', 'REFRESH MATERIALIZED VIEW CONCURRENTLY customer_tiers');",
	"SELECT tiering.schedule('vip', '0 4 * * *');"
);

my $file = $ARGV[0] || dirname(__FILE__) . '/../../README.md';
my $database = "readme_$$";
my $folder = tempdir(CLEANUP => 1);
my $tests = 0;
my $failed = 0;

sub result
{
	my ($good, $name, @notes) = @_;

	$tests++;
	$failed++ unless $good;
	print $good ? 'ok' : 'not ok', " $tests - $name\n";
	print map { "# $_\n" } split(/\n/, join("\n", @notes)) unless $good;
}

# The fenced blocks: language, options, line, text, and whether only blank
# lines stand between it and the one before.
sub blocks
{
	my ($name) = @_;
	my (@blocks, $block);
	my $adjacent = 0;

	open(my $in, '<', $name) or return;
	while (my $line = <$in>)
	{
		if ($block && $line =~ /^```\s*$/)
		{
			push @blocks, $block;
			undef $block;
			$adjacent = 1;
		}
		elsif ($block)
		{
			$block->{text} .= $line;
		}
		elsif ($line =~ /^```(\w*)\s*(.*?)\s*$/)
		{
			$block = {
				language => $1,
				options => $2,
				line => $.,
				text => '',
				adjacent => $adjacent
			};
		}
		elsif ($line =~ /\S/)
		{
			$adjacent = 0;
		}
	}
	close($in);
	push @blocks, $block if $block;
	return @blocks;
}

# Without trailing blanks, and without blank lines at either end.
sub tidy
{
	my ($text) = @_;

	$text =~ s/[ \t]+$//mg;
	$text =~ s/^\n+//;
	$text =~ s/\n+$//;
	return "$text\n";
}

sub write_file
{
	my ($name, $text) = @_;

	open(my $out, '>', "$folder/$name") or die "$folder/$name: $!";
	print $out $text;
	close($out);
	return "$folder/$name";
}

sub difference
{
	my ($shown, $real) = @_;

	write_file('shown', $shown);
	write_file('real', $real);
	return scalar `cd $folder && diff -u --label shown --label real shown real`;
}

# Does the last line end a statement, or is it a psql command?
sub ends
{
	my ($last) = grep { /\S/ } reverse map { s/--.*//r } split(/\n/, $_[0]);

	return ($last // '') =~ /;\s*$|\\/;
}

# Runs all blocks; what each printed, in order.
sub run
{
	my $script = '';

	# a statement without an end does not run on into the next block
	$script .= "\\r\n\\echo \@\@ block\n$_->{text}\n" foreach @_;
	my $path = write_file('script.sql', $script);
	my $output = `psql -X -q -d $database < $path 2>&1`;
	my @outputs = split(/^\@\@ block\n/m, $output, -1);
	shift @outputs;
	return @outputs;
}

my @blocks = blocks($file);
my (@sql, @skipped);
foreach my $i (0 .. $#blocks)
{
	my $block = $blocks[$i];
	my $next = $blocks[ $i + 1 ];

	next if $block->{language} ne 'sql';
	if ($block->{options} eq 'no-run')
	{
		push @skipped, (split /\n/, $block->{text})[0];
		next;
	}
	$block->{shown} = $next->{text}
	  if $next && $next->{adjacent} && $next->{language} =~ /^(text)?$/;
	push @sql, $block;
}

result(@sql > 0, 'README.md has SQL to run', $file);
result(join("\n", @skipped) eq join("\n", @not_run),
	'README.md leaves out only what is listed',
	'left out:', @skipped, 'listed:', @not_run);
if (@sql)
{
	system('createdb', $database) == 0 or die 'createdb failed';
	my @outputs = run(@sql);
	system('dropdb', $database);

	foreach my $block (@sql)
	{
		my $name = "README.md line $block->{line}";
		my $real = tidy(shift(@outputs) // "(was not run)\nERROR");

		if (!ends($block->{text}))
		{
			result(0, $name, 'the statement has no end');
		}
		elsif (defined $block->{shown})
		{
			my $shown = tidy($block->{shown});
			result($shown eq $real, $name, difference($shown, $real));
		}
		else
		{
			result($real !~ /^(ERROR|FATAL|PANIC|psql:.*):/m, $name, $real);
		}
	}
}
print "1..$tests\n";
exit($failed ? 1 : 0);
