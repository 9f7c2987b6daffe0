# Psql.pm: SQL through psql, for the TAP programs.

package Psql;

use strict;
use warnings;
use File::Temp;
use Exporter 'import';

our @EXPORT = qw(psql sql command wait_until);

# command(program, argument...): (status, standard output, standard error)
sub command
{
	my @command = @_;
	my $out = File::Temp->new;
	my $err = File::Temp->new;
	my $pid = fork() // die "fork: $!";

	if (!$pid)
	{
		open(STDIN, '<', '/dev/null');
		open(STDOUT, '>&', $out) or die "stdout: $!";
		open(STDERR, '>&', $err) or die "stderr: $!";
		exec(@command) or die "$command[0]: $!";
	}
	waitpid($pid, 0);
	my $status = $?;
	local $/;
	seek($_, 0, 0) foreach $out, $err;
	return ($status, scalar(<$out>) // '', scalar(<$err>) // '');
}

# psql(connection, statements): as command(), with unaligned rows.  The
# connection is a libpq string; NOTICEs are left out.
sub psql
{
	my ($connection, $statements) = @_;
	my $file = File::Temp->new;
	my @result;

	print $file "SET client_min_messages = warning;\n$statements";
	close($file);
	@result = command('psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1',
		'-v', 'VERBOSITY=verbose', '-d', $connection, '-f', "$file");
	chomp($result[1]);
	return @result;
}

# sql(connection, statements): what they print; dies of an error
sub sql
{
	my ($connection, $statements) = @_;
	my ($status, $out, $err) = psql($connection, $statements);

	die "$statements\n$err" if $status;
	return $out;
}

# wait_until(connection, seconds, query): was its result t in that time?
sub wait_until
{
	my ($connection, $seconds, $query) = @_;
	my $end = time + $seconds;

	while (sql($connection, $query) ne 't')
	{
		return 0 if time > $end;
		select(undef, undef, undef, 0.5);
	}
	return 1;
}

1;
