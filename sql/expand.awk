# expand.awk: joins the parts of the extension's script and repeats its blocks
#
# What stands between "-- @each column | ..." and "-- @end" is written once for
# each row of the table below @each, with the row's cell for @column@.  A row
# begins with "-- | " and goes on in lines that begin with "--   ".  A table of
# one column may also be a list: "-- @each column: cell, ...".  Blocks nest.
function fail(problem) {
	print FILENAME ":" FNR ": " problem > "/dev/stderr"
	exit (failed = 1)
}
BEGIN { depth = 0 }
FNR == 1 && depth > 0 { fail("@each " columns[depth] " before has no @end") }
/^-- @each / {
	split(substr($0, 10), list, ": ")
	columns[++depth] = list[1]
	table[depth] = list[2] == "" ? "" : "\n" list[2]
	gsub(/, /, "\n", table[depth])
	body[depth] = ""
	next
}
depth > 0 && body[depth] == "" && (sub(/^-- \| /, "\n") || sub(/^--   /, " ")) {
	table[depth] = table[depth] $0
	next
}
/^-- @end$/ && depth > 0 && table[depth] != "" {
	rows = split(table[depth], row, "\n")
	for (r = 2; r <= rows; r++) {
		text = body[depth]
		n = split(columns[depth], name, / \| /)
		if (split(row[r], cell, / \| /) != n)
			fail("not a row of " columns[depth] ": " row[r])
		for (c = 1; c <= n; c++) {
			for (i = split(text, part, "@" name[c] "@"); i > 1; i--)
				part[i - 1] = part[i - 1] cell[c] part[i]
			text = part[1]
		}
		body[depth - 1] = body[depth - 1] text
	}
	depth--
	next
}
/^-- @/ { fail($2 " cannot stand here") }
{ body[depth] = body[depth] $0 "\n" }
END {
	if (depth > 0 && !failed)
		fail("@each " columns[depth] " has no @end")
	rest = body[0]
	gsub(/@extschema@/, "", rest)
	if (!failed && match(rest, /[^\n]*@[a-z_]+@/))
		fail("nothing to fill in: " substr(rest, RSTART, RLENGTH))
	if (!failed)
		printf "%s", body[0]
}
