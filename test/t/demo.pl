# demo.pl: the demo runs through, and its page and pictures are as they should
# be, in a browser; those of the documents are the ones that it draws.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

foreach my $program (qw(node npm chromium))
{
	plan(skip_all => "there is no $program") if !grep { -x "$_/$program" } split(/:/, $ENV{PATH});
}

my $top = "$FindBin::Bin/../..";
my $build = tempdir(CLEANUP => 1);
my $database = "demo_$$";

sub content
{
	my ($file) = @_;

	open(my $in, '<', $file) or return "no $file";
	local $/;
	return scalar <$in>;
}

system('createdb', $database) == 0 or die 'createdb failed';
my $output = do
{
	local $ENV{PGDATABASE} = $database;
	local $ENV{DEMO_BUILD} = $build;
	`$top/test/demo/run --loaded 2>&1`;
};
is($?, 0, 'the demo runs through') or diag($output);
unlike($output, qr/ERROR|WARNING/, 'without errors and warnings');
like($output, qr/charts: \Q$build\E/, 'and makes a page');
system('dropdb', $database);

`cd $build/npm && npm install --no-save --silent --no-audit --no-fund playwright-core\@1.56.1 2>&1`;
my $checks = `node $top/test/demo/check.mjs $build 2>&1`;
is($?, 0, 'a browser shows it');
like($checks, qr/^1\.\.\d\d/m, 'and all of it was looked at');
is(join('', $checks =~ /^not ok.*\n(?:#.*\n)*/mg), '', 'nothing is wrong with it') or diag($checks);

foreach my $chart (qw(pyramids lorenz movement sizes))
{
	ok(content("$build/pictures/$chart.svg") eq content("$top/doc/pictures/$chart.svg"),
		"doc/pictures/$chart.svg is what the demo draws");
}
done_testing();
