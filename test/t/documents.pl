# documents.pl: runs the SQL of *.md and doc/*.md and compares what they show.
#
#	documents.pl [file]...
#
# Each document that has SQL gets a database of its own.  Every ```sql block is
# run in it, in order, in one psql session.  Where nothing but blank lines
# stands between a block and a ```text (or plain ```) block, that block must be
# the output, as psql prints it to a user; trailing blanks do not count.  Where
# no output is shown, none may be an error.  A block marked ```sql no-run is
# not run; each of them is listed here by its first line, so that none is left
# out by mistake.
#
# A document doc/<name>.md may have an oracle, test/t/<name>.sql, which is run
# in the same database afterwards.  It compares what the document made with
# plain SQL, and prints one line "what|t" for each comparison that holds.

use strict;
use warnings;
use File::Basename qw(basename);
use File::Temp qw(tempdir);
use FindBin;

my %not_run = (
	'README.md' => ['CREATE SCHEMA crm;'],
	'README.zh.md' => ['CREATE SCHEMA crm;'],
	'doc/operating.md' => [
		"SELECT tiering.schedule('demo', '30 1 * * *');",
		"CREATE SERVER hamburg FOREIGN DATA WRAPPER postgres_fdw"
	]
);

my $top = "$FindBin::Bin/../..";
my $database = "document_$$";
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

# The blocks to run, each with what is shown of it, and the first lines of
# those that are not to be run.
sub runnable
{
	my @blocks = @_;
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
	return (\@sql, \@skipped);
}

# One result for each block that was run.
sub compare
{
	my ($document, $sql, @outputs) = @_;

	foreach my $block (@$sql)
	{
		my $name = "$document line $block->{line}";
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

# One result for each line that the oracle of a document prints; an error
# prints a line that is none.
sub oracle
{
	my ($document, $path) = @_;
	my @lines = `psql -X -q -A -t -v ON_ERROR_STOP=1 -d $database < $path 2>&1`;

	chomp @lines;
	result($? == 0 && @lines > 0, "$document has its oracle run", @lines);
	result(scalar(/\|t$/), "$document oracle: $_") foreach @lines;
}

sub document
{
	my ($file) = @_;
	my $name = $file =~ s!^\Q$top\E/!!r;
	my ($sql, $skipped) = runnable(blocks($file));
	my @listed = @{ $not_run{$name} // [] };
	my $oracle = "$top/test/t/" . basename($name, '.md') . '.sql';

	return if !@$sql && !@$skipped && !@listed;
	result(@$sql > 0, "$name has SQL to run", $file);
	result(join("\n", @$skipped) eq join("\n", @listed),
		"$name leaves out only what is listed",
		'left out:', @$skipped, 'listed:', @listed);
	return unless @$sql;
	system('createdb', $database) == 0 or die 'createdb failed';
	compare($name, $sql, run(@$sql));
	oracle($name, $oracle) if -e $oracle;
	system('dropdb', $database);
}

document($_) foreach @ARGV ? @ARGV : (glob("$top/*.md $top/doc/*.md"));
print "1..$tests\n";
exit($failed ? 1 : 0);
