# links.pl: what the documents link to in the repository is there: files, and
# headings in them.

use strict;
use warnings;
use File::Basename qw(dirname);
use FindBin;
use Test::More;

chdir("$FindBin::Bin/../..") or die;

sub content
{
	my ($file) = @_;

	open(my $in, '<:encoding(UTF-8)', $file) or return;
	local $/;
	return scalar <$in>;
}

# The anchors of a page's headings, as GitHub makes them.
sub anchors
{
	my $text = shift =~ s/^```.*?^```$//gmsr;
	my (%anchors, %seen);

	foreach my $heading ($text =~ /^#+ (.*)$/mg)
	{
		my $anchor = lc($heading =~ s/\[([^\]]*)\]\([^)]*\)/$1/gr);

		$anchor =~ s/[^\w\- ]//g;
		$anchor =~ s/ /-/g;
		$anchor .= '-' . ($seen{$anchor} - 1) if $seen{$anchor}++;
		$anchors{$anchor} = 1;
	}
	return \%anchors;
}

my @pages = glob('*.md doc/*.md');
my %anchors = map { $_ => anchors(content($_)) } @pages;
my $links = 0;

foreach my $page (@pages)
{
	my $text = content($page) =~ s/^```.*?^```$//gmsr =~ s/`[^`\n]*`//gr;
	my @broken;

	foreach my $link ($text =~ /\]\(([^)\s]+)\)/g)
	{
		next if $link =~ /^(?:https?|mailto):/;
		$links++;
		my ($file, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
		my $path = $file eq '' ? $page : dirname($page) eq '.' ? $file : dirname($page) . "/$file";

		1 while $path =~ s!(?:^|(?<=/))[^/.][^/]*/\.\./!!;
		push @broken, $link
		  if !-e $path || (defined $anchor && !$anchors{$path}{$anchor});
	}
	is("@broken", '', "$page links to what is there");
}
cmp_ok($links, '>', 30, 'there are links');
done_testing();
