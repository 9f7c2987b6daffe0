-- balance_digest: closing balances of one or more accounts

-- @each number: numeric, double precision, real, bigint
-- @each arguments | about
-- | balance @number@, at date | The digest of closing balances: the balance at
--   the end of a day, which holds until the next one. Only days on which it
--   changed are needed, in any order. Balances are taken to 8 decimal places,
--   a ninth rounded half away from zero; a double precision or real balance is
--   the decimal that it is printed as (shortest round trip). The same balance
--   given twice for a day is one; two different ones are an error, since only
--   one of them can be the closing balance. A row with a NULL balance or date
--   is ignored; no other row: NULL. Errors: 21000 for two balances on one day,
--   naming it; 22003 for NaN, infinities, infinite dates and balances beyond
--   10^22; 54000 beyond 1 GB.
-- | balance @number@, at date, account text | As balance_digest(balance, at).
--   Balances are those of an account; account NULL is one account of its own,
--   the unnamed one. Balances of different accounts or people that are to be
--   rolled up need different names, such as person || ''/'' || account: those
--   of one name, or of none, are those of one account. Names are compared as
--   bytes, whatever the collation.
CREATE FUNCTION balance_digest_add(balance_digest, @arguments@)
	RETURNS balance_digest LANGUAGE C IMMUTABLE CALLED ON NULL INPUT
	PARALLEL SAFE AS 'MODULE_PATHNAME', 'ct_balance_digest_add';
COMMENT ON FUNCTION balance_digest_add(balance_digest, @arguments@) IS
'Transition function of balance_digest(@arguments@).';

CREATE AGGREGATE balance_digest(@arguments@) (
	SFUNC = balance_digest_add, STYPE = balance_digest, SSPACE = 1024,
	FINALFUNC = balance_digest_final, COMBINEFUNC = balance_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE balance_digest(@arguments@) IS
'@about@';

-- @end
-- @end
-- From a digest to figures.  Amounts: numeric.

CREATE FUNCTION daily_average(digest balance_digest, from_date date,
		to_date date) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 4
	AS 'MODULE_PATHNAME', 'ct_daily_average';
COMMENT ON FUNCTION daily_average(balance_digest, date, date) IS
'The mean closing balance over the days from from_date to the day before '
'to_date, in the unit of the balances. The last balance of an account holds '
'until its next one, before its first it is 0, and the accounts are added '
'up. The sum over the days is exact; the mean is rounded half away from zero '
'to 8 decimal places. Errors: 22023 unless '
'from_date is before to_date, 22003 for infinite dates.';

CREATE FUNCTION balance_at(digest balance_digest, day date) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2
	AS 'MODULE_PATHNAME', 'ct_balance_at_day';
COMMENT ON FUNCTION balance_at(balance_digest, date) IS
'The closing balance of a day, all accounts added up: of each the last one '
'up to that day, 0 before the first; exact. Errors: 22003 for an infinite '
'date.';

