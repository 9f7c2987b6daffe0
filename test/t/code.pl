# code.pl: what doc/code.md names is there: files, folders, and functions of
# the C sources (ct_...) and of the schemas of the managed layer.

use strict;
use warnings;
use FindBin;
use Test::More;

chdir("$FindBin::Bin/../..") or die;

sub content
{
	my ($file) = @_;

	open(my $in, '<', $file) or die "$file: $!";
	local $/;
	return scalar <$in>;
}

# what stands in `` in the text, code blocks apart
my $page = content('doc/code.md') =~ s/^```.*?^```$//gmsr;
my %named = map { $_ => 1 } $page =~ /`([^`\n]+)`/g;
my $sources = join('', map { content($_) } glob('src/*.[ch] src/core/*.[ch]'));
my $script = qx(awk -f sql/expand.awk sql/program*.sql sql/benefit.sql);

my @files = grep { m!^(?:src|sql|test|doc|expected)/[\w./-]*$|^\w+\.md$! } keys %named;
my @functions = grep { /^ct_\w+$/ } keys %named;
my @routines = grep { /^tiering\w*\.\w+$/ } keys %named;

ok(@files > 40 && @functions > 15 && @routines > 4, 'the page names much');
is("@{[ grep { !-e } sort @files ]}", '', 'its files and folders exist');
is("@{[ grep { $sources !~ /\b$_\b/ } sort @functions ]}",
	'', 'its functions exist');
is("@{[ grep { $script !~ /^CREATE (?:FUNCTION|PROCEDURE) \Q$_\E\(/m }
	  sort @routines ]}", '', 'its routines exist');
done_testing();
