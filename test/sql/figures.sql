-- Figures that credit managers know, each beside plain SQL that computes it in
-- another way: aging, DSO, days to pay, whole days, and the types of columns.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;
SET lc_monetary = 'C';

-- Do two queries have the same rows, as often?  Without rows they do not.
CREATE FUNCTION pg_temp.same(one text, other text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	result boolean;
BEGIN
	EXECUTE format('SELECT count(*) > 0 AND bool_and(surplus = 0)
		FROM (SELECT sum(side) AS surplus
			  FROM (SELECT x AS line, 1 AS side FROM (%s) x UNION ALL SELECT x, -1 FROM (%s) x) both_sides
			  GROUP BY line) lines', one, other) INTO result;
	RETURN result;
END $$;

CREATE FUNCTION pg_temp.error(query text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;

CREATE FUNCTION pg_temp.class_of(days int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN days <= 0 THEN 'not yet due' WHEN days <= 30 THEN '1-30'
				WHEN days <= 60 THEN '31-60' WHEN days <= 90 THEN '61-90' ELSE 'over 90' END
$$;

-- Invoices paid in parts, one row per part: of one invoice a part early, one
-- late and one open; one paid in full; credit notes settled and open.
CREATE TABLE invoice (id text PRIMARY KEY, customer text, amount numeric, invoiced date, due date);
CREATE TABLE receipt (invoice text, amount numeric, paid date);
INSERT INTO invoice VALUES
	('I1', 'acme', 1000, '2025-04-15', '2025-05-15'), ('I2', 'acme', 500, '2025-05-21', '2025-06-20'),
	('I3', 'acme', 300, '2025-06-05', '2025-07-15'), ('I4', 'bolt', 200, '2025-01-30', '2025-03-01'),
	('I5', 'cord', 90.01, '2025-02-01', '2025-03-03');
INSERT INTO receipt VALUES
	('I1', 648.96, '2025-06-01'), ('I3', 100, '2025-06-10'), ('I3', 50, '2025-07-02'), ('I4', 200, '2025-02-20'),
	('I5', 30, '2025-02-10'), ('I5', 30, '2025-04-30');
CREATE TABLE credit_note (customer text, amount numeric, issued date, settled date);
INSERT INTO credit_note VALUES
	('acme', 300, '2025-06-10', NULL), ('bolt', 50, '2025-06-01', NULL), ('cord', 10, '2025-03-01', '2025-07-15');
CREATE VIEW part AS
SELECT i.customer, r.amount, invoiced, due, paid FROM invoice i JOIN receipt r ON r.invoice = i.id
UNION ALL
SELECT customer, i.amount - coalesce(sum(r.amount), 0), invoiced, due, NULL
FROM invoice i LEFT JOIN receipt r ON r.invoice = i.id GROUP BY i.id HAVING i.amount <> coalesce(sum(r.amount), 0)
UNION ALL
SELECT customer, -amount, issued, issued, settled FROM credit_note;
CREATE TABLE day AS SELECT date '2025-01-30' + n AS t FROM generate_series(0, 300) n;

CREATE VIEW digest AS
SELECT t, customer, payment_digest(amount, due, paid, t) AS d FROM part JOIN day ON invoiced <= t GROUP BY t, customer;
SELECT customer, class, open_payments, open_amount FROM digest, aging(d)
WHERE t = '2025-06-30' AND open_payments > 0 ORDER BY customer, class;
SELECT customer, billed(d), paid(d), outstanding(d), overdue(d), payment_count(d), late_count(d),
	   on_time_rate(d), days_late(d)
FROM digest WHERE t = '2025-06-30' ORDER BY customer;

-- On each day of ten months: the ledger itself, by invoice and credit note.
CREATE VIEW ledger AS
SELECT t, customer, due,
	   amount - coalesce((SELECT sum(r.amount) FROM receipt r WHERE r.invoice = i.id AND r.paid <= t), 0) AS open
FROM invoice i JOIN day ON invoiced <= t
UNION ALL
SELECT t, customer, NULL, -amount FROM credit_note JOIN day ON issued <= t WHERE settled IS NULL OR settled > t;
SELECT pg_temp.same(
	'SELECT t, customer, class, open_amount FROM digest, aging(d) WHERE open_amount <> 0',
	$$SELECT t, customer, CASE WHEN due IS NULL THEN 'credits' ELSE pg_temp.class_of(t - due) END, sum(open)
	  FROM ledger GROUP BY 1, 2, 3 HAVING sum(open) <> 0$$) AS aging,
	pg_temp.same('SELECT t, customer, outstanding(d), overdue(d) FROM digest',
	'SELECT t, customer, sum(open), coalesce(sum(open) FILTER (WHERE due < t), 0) FROM ledger GROUP BY 1, 2') AS outstanding,
	(SELECT bool_and(outstanding(d) = (SELECT sum(open_amount) FROM aging(d))
					 AND billed(d) = (SELECT sum(amount) FROM aging(d))
					 AND payment_count(d) = (SELECT sum(payments) FROM aging(d) WHERE class <> 'credits')
					 AND paid(d) = billed(d) - outstanding(d)) AND count(*) > 500 FROM digest) AS balances;
SELECT pg_temp.same('SELECT t, customer, billed(d), paid(d) FROM digest',
	'SELECT t, customer, sum(billed), sum(paid) FROM (
		SELECT t, customer, amount AS billed,
			   coalesce((SELECT sum(r.amount) FROM receipt r WHERE r.invoice = i.id AND r.paid <= t), 0) AS paid
		FROM invoice i JOIN day ON invoiced <= t UNION ALL
		SELECT t, customer, -amount, CASE WHEN settled <= t THEN -amount ELSE 0 END FROM credit_note JOIN day ON issued <= t
	) x GROUP BY 1, 2') AS billed_and_paid;

-- A customer with a credit note alone has no payments; one whose credits
-- exceed what is open is owed money.
SELECT outstanding(d), overdue(d), billed(d), paid(d), payment_count(d), late_count(d), on_time_rate(d), days_late(d),
	   days_beyond_terms(d), max_days_late(d), payment_score(d), (SELECT sum(open_amount) FROM aging(d)) AS aged
FROM (SELECT payment_digest(-50, '2025-06-01', NULL, '2025-06-30') AS d) x;

-- As of the day it is due an invoice is not yet due, and paid on it on time.
SELECT n, open.class = pg_temp.class_of(n) AND overdue(o) = CASE WHEN n > 0 THEN 1 ELSE 0 END AS open,
	   paid.class = replace(pg_temp.class_of(n), 'not yet due', 'on time')
	   AND days_late(p) = greatest(n, 0) AND days_beyond_terms(p) = n AS paid
FROM (SELECT n, payment_digest(1, date '2025-06-30' - n, NULL, '2025-06-30') AS o,
			 payment_digest(1, '2025-06-30', date '2025-06-30' + n, '2026-06-30') AS p
	  FROM unnest('{-366,-1,0,1,30,31,60,61,90,91,365}'::int[]) n GROUP BY n) x,
	aging(o) open, aging(p) paid
WHERE open.payments > 0 AND paid.payments > 0 ORDER BY n;

-- Not there, nothing, and the limits.
SELECT payment_digest(NULL::numeric, '2025-01-01', NULL, '2025-02-01') IS NULL AS amount_unknown,
	   payment_digest(1, NULL, NULL, '2025-02-01') IS NULL AS due_unknown,
	   (SELECT payment_digest(amount, due, paid, '2025-02-01') IS NULL FROM part WHERE false) AS empty,
	   (SELECT count(*) FROM aging(NULL)) AS classes_of_nothing,
	   payment_count(payment_digest(0, '2025-01-01', NULL, '2025-02-01')) AS of_zero,
	   on_time_rate(payment_digest(0, '2025-01-01', NULL, '2025-02-01')) AS rate_of_zero;
SELECT query, pg_temp.error('SELECT ' || query) FROM unnest(ARRAY[
	$$payment_digest(1e22, '2025-01-01', NULL, '2025-02-01')$$,
	$$payment_digest(1e23, '2025-01-01', NULL, '2025-02-01')$$,
	$$payment_digest(1, 'infinity', NULL, '2025-02-01')$$,
	$$payment_digest(1, '2025-01-01', 'infinity', '2025-02-01')$$,
	$$payment_digest(1, '2025-01-01', NULL, NULL)$$]) query;

-- DSO: all receivables by the credit sales of 90 days.  Of the period alone,
-- the receivables of the year before would be missing.
CREATE TABLE sale (amount numeric, invoiced date, due date, paid date);
INSERT INTO sale VALUES
	(1600, '2024-11-10', '2024-12-10', NULL), (3000, '2025-01-15', '2025-02-14', '2025-02-20'),
	(2000, '2025-02-10', '2025-03-12', '2025-03-12'), (1000, '2025-02-20', '2025-03-22', NULL),
	(1000, '2025-03-05', '2025-04-04', '2025-03-30'), (2000, '2025-03-20', '2025-04-19', NULL);
SELECT outstanding(d), sales, days_sales_outstanding(d, sales, 90) AS dso,
	   days_sales_outstanding(recent, sales, 90) AS of_the_period,
	   days_sales_outstanding(d, revenue(orders), 90) = days_sales_outstanding(d, sales, 90) AS by_orders,
	   days_sales_outstanding(d, sales, 365) * 90 / 365 = 46 AS in_proportion
FROM (SELECT payment_digest(amount, due, paid, '2025-03-31') AS d,
			 payment_digest(amount, due, paid, '2025-03-31') FILTER (WHERE invoiced >= '2025-01-01') AS recent,
			 order_digest(amount, invoiced) FILTER (WHERE invoiced >= '2025-01-01') AS orders,
			 sum(amount) FILTER (WHERE invoiced >= '2025-01-01') AS sales
	  FROM sale WHERE invoiced <= '2025-03-31') x;
SELECT pg_temp.same(
	$$SELECT t, round(days_sales_outstanding(payment_digest(amount, due, paid, t),
											 sum(amount) FILTER (WHERE invoiced > t - 90), 90)::numeric, 9)
	  FROM sale JOIN day ON invoiced <= t GROUP BY t$$,
	$$SELECT t, round(sum(amount) FILTER (WHERE paid IS NULL OR paid > t) * 90
					  / sum(amount) FILTER (WHERE t - invoiced < 90), 9)
	  FROM sale, day WHERE invoiced <= t GROUP BY t$$) AS on_each_day;
SELECT sales, days_sales_outstanding(d, sales, 90) AS owing, days_sales_outstanding(credit, sales, 90) AS owed
FROM (SELECT payment_digest(100, '2025-01-01', NULL, '2025-02-01') AS d,
			 payment_digest(-100, '2025-01-01', NULL, '2025-02-01') AS credit) x,
	 unnest('{NULL,-5,0,0.01,900}'::numeric[]) sales;
SELECT sales, days, pg_temp.error(format($$SELECT days_sales_outstanding(d, %L, %L)
	FROM (SELECT payment_digest(1, '2025-01-01', NULL, '2025-02-01') AS d) x$$, sales, days))
FROM (VALUES ('900', '0'), ('900', '-90'), ('NaN', '90'), ('infinity', '90'), ('1e23', '90'), ('900', NULL)) v(sales, days);

-- Days to pay (from the invoice) and beyond terms (from the day it is due),
-- per invoice and by amount.
CREATE TABLE account (customer text, amount numeric, invoiced date, due date, paid date);
INSERT INTO account VALUES
	('acme', 100, '2024-03-01', '2024-03-31', '2024-04-10'), ('acme', 900, '2025-02-01', '2025-03-03', '2025-02-11'),
	('acme', 500, '2025-06-01', '2025-07-01', '2025-07-01'), ('acme', 200, '2025-11-01', '2025-12-01', NULL),
	('bolt', 50, '2025-11-01', '2025-12-01', NULL),
	('cord', 60, '2025-03-01', '2025-03-31', '2025-03-11'),	-- one, in parts
	('cord', 40, '2025-03-01', '2025-03-31', '2025-05-10'),
	('dorn', 70, '2025-09-01', '2025-12-31', NULL),				-- due on the day
	('dorn', 30, '2025-08-02', '2025-08-01', '2025-07-31'),		-- paid before the invoice
	('ever', -20, '2025-06-01', '2025-06-01', '2025-06-20');
CREATE TEMP VIEW to_pay AS
SELECT customer, round(days_beyond_terms(each)::numeric, 4) AS per_invoice,
	   round(days_beyond_terms(each_this_year)::numeric, 4) AS this_year,
	   round(days_beyond_terms(from_invoice)::numeric, 4) AS to_pay,
	   round(days_beyond_terms(each_from_due)::numeric, 4) AS beyond_per_invoice,
	   round(days_beyond_terms(settled)::numeric, 4) AS beyond, round(days_late(settled)::numeric, 4) AS late,
	   round(days_beyond_terms(d)::numeric, 4) AS with_open, round(days_late(d)::numeric, 4) AS late_with_open
FROM (SELECT customer, payment_digest(amount, due, paid, t) AS d,
			 payment_digest(amount, due, paid, t) FILTER (WHERE paid <= t) AS settled,
			 payment_digest(amount, invoiced, paid, t) FILTER (WHERE paid <= t) AS from_invoice,
			 payment_digest(1, due, paid, t) FILTER (WHERE paid <= t AND amount > 0) AS each_from_due,
			 payment_digest(1, invoiced, paid, t) FILTER (WHERE paid <= t AND amount > 0) AS each,
			 payment_digest(1, invoiced, paid, t)
				FILTER (WHERE paid <= t AND amount > 0 AND invoiced >= '2025-01-01') AS each_this_year
	  FROM account, (SELECT date '2025-12-31' AS t) x GROUP BY customer) y;
SELECT * FROM to_pay ORDER BY customer;
SELECT pg_temp.same('SELECT * FROM to_pay', $$
	SELECT customer, round(avg(paid - invoiced), 4), round(avg(paid - invoiced) FILTER (WHERE invoiced >= '2025-01-01'), 4),
		   round(sum(amount * (paid - invoiced)) / sum(amount) FILTER (WHERE paid IS NOT NULL), 4),
		   round(avg(paid - due), 4),
		   round(sum(amount * (paid - due)) / sum(amount) FILTER (WHERE paid IS NOT NULL), 4),
		   round(sum(amount * CASE WHEN paid < due THEN 0 ELSE paid - due END) / sum(amount) FILTER (WHERE paid IS NOT NULL), 4),
		   round(sum(amount * days) / sum(amount) FILTER (WHERE days IS NOT NULL), 4),
		   round(sum(amount * CASE WHEN days < 0 THEN 0 ELSE days END) / sum(amount) FILTER (WHERE days IS NOT NULL), 4)
	FROM (SELECT *, CASE WHEN paid IS NOT NULL THEN paid - due WHEN due < '2025-12-31' THEN '2025-12-31' - due END AS days
		  FROM account WHERE amount > 0) x
	GROUP BY customer UNION ALL SELECT 'ever', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL$$) AS by_plain_sql;

-- Whole days.  A day is cut where the shop is; digests of such days, asked with
-- a date, give whole days in every session, also across a change of the clocks.
CREATE TABLE orders (customer text, at timestamptz, amount numeric);
INSERT INTO orders VALUES
	('acme', '2025-06-30 22:30Z', 100), ('acme', '2025-12-31 22:59Z', 10), ('acme', '2025-12-31 23:10Z', 50);
SELECT revenue(order_digest(amount, at) FILTER (WHERE date_trunc('month', here) = '2025-07-01')) AS july,
	   revenue(order_digest(amount, at) FILTER (WHERE date_trunc('month', at) = '2025-07-01Z')) AS july_utc,
	   revenue(order_digest(amount, at) FILTER (WHERE extract(year FROM here) = 2025)) AS y2025,
	   revenue(order_digest(amount, at) FILTER (WHERE extract(year FROM here) = 2026)) AS y2026
FROM (SELECT *, at AT TIME ZONE 'Europe/Copenhagen' AS here FROM orders) x;
SELECT recency_days(by_day, date '2026-01-08') AS recency, tenure_days(by_day, date '2026-01-08') AS tenure,
	   tier(customer_measures(by_day, NULL, date '2026-01-08'), 'active: recency_days <= 7, lapsed') AS by_day,
	   tier(customer_measures(by_moment, NULL, '2026-01-08 23:59 Europe/Copenhagen'),
			'active: recency_days <= 7, lapsed') AS by_moment
FROM (SELECT order_digest(amount, (at AT TIME ZONE 'Europe/Copenhagen')::date) AS by_day,
			 order_digest(amount, at) AS by_moment FROM orders) x;

CREATE TABLE ordered_on AS
SELECT n, date '2025-06-29' - n AS day FROM unnest('{0,1,90,91,185,365,366,9000,700000}'::int[]) n;
CREATE TABLE held AS
SELECT n, day, order_digest(1.0, day) AS d, order_digest(1::bigint, day) AS whole, order_digest(1::real, day) AS short
FROM ordered_on GROUP BY n, day;
-- EXECUTE: a literal is read anew in each zone
CREATE FUNCTION pg_temp.in_zone(zone text, query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	PERFORM set_config('timezone', zone, false);
	EXECUTE 'SELECT ' || query INTO result;
	RETURN result;
END $$;
SELECT zone, pg_temp.in_zone(zone, $$bool_and(again = d AND recency_days(d, t) = t - day AND tenure_days(d, t) = t - day
			AND (customer_measures(d, NULL, t)).recency_days = t - day
			AND (customer_measures(NULL, NULL, t, d)).tenure_days = t - day
			AND last_order_at(d) = day::timestamp AT TIME ZONE 'UTC' AND d = whole AND d = short) AND count(*) = 54
		FROM (SELECT n, order_digest(1.0, day) AS again FROM ordered_on GROUP BY n) x JOIN held USING (n),
			 unnest('{2025-03-30,2025-06-29,2025-10-26,2025-12-31,2026-03-29,9999-12-31}'::date[]) t$$) AS whole_days,
	   pg_temp.in_zone(zone, $$recency_days(d, date '2025-12-31') FROM held WHERE n = 0$$) AS by_date,
	   pg_temp.in_zone(zone, $$round(recency_days(d, '2025-12-31')::numeric, 4) FROM held WHERE n = 0$$) AS by_untyped_literal,
	   pg_temp.in_zone(zone, $$round(recency_days(order_digest(1.0, '2025-06-29'), '2025-12-31')::numeric, 4)$$) AS both_untyped
FROM unnest('{UTC,Europe/Copenhagen,America/New_York,America/St_Johns,Asia/Kathmandu,Australia/Lord_Howe,
			  Pacific/Auckland,Pacific/Apia}'::text[]) zone;
SET timezone = 'UTC';
SELECT recency_days(d, date '2025-06-28') AS before_the_order, recency_days(NULL, date '2025-06-28') AS without,
	   pg_temp.error($$SELECT recency_days(d, date 'infinity') FROM held$$) AS never,
	   pg_temp.error($$SELECT order_digest(1.0, date 'infinity')$$) AS ordered_never,
	   pg_temp.error($$SELECT order_digest(1.0, date '5874897-12-31')$$) AS beyond_timestamps
FROM held WHERE n = 0;
-- days of a shop, stored and rolled up
SELECT day, revenue(rollup(d)) FROM (
	SELECT (at AT TIME ZONE 'Europe/Copenhagen')::date AS day, order_digest(amount, at) AS d FROM orders GROUP BY 1, at
) x GROUP BY 1 ORDER BY 1;

-- Types.  Each that can hold 0.10 adds up to 500, and 0.7 to 3500; a bigint is
-- not cut to the 53 bits of a double.
SELECT bool_and(revenue(n) = 500 AND revenue(d) = 500 AND revenue(r) = 500 AND n = d AND d = r
				AND tier(revenue(r), 'gold >= 500, base') = 'gold') AS "0.10"
FROM (SELECT order_digest(0.10::numeric, at) AS n, order_digest(0.10::float8, at) AS d,
			 order_digest(0.10::real, at) AS r
	  FROM generate_series(1, 5000), (SELECT timestamptz '2025-01-01Z' AS at) x) y;
SELECT revenue(order_digest(v, '2025-01-01')) AS orders, billed(payment_digest(v, '2025-01-01', NULL, '2025-02-01')) AS payments,
	   balance_at(balance_digest(v, '2025-01-01', n::text), '2025-01-01') AS balances
FROM (SELECT n, 0.7::real AS v FROM generate_series(1, 5000) n) x;
SELECT revenue(order_digest(1::smallint, '2025-01-01')) AS smallint, revenue(order_digest(1::int, '2025-01-01')) AS integer,
	   revenue(order_digest(9007199254740993::bigint, '2025-01-01')) AS bigint,
	   billed(payment_digest(9007199254740993::bigint, '2025-01-01', NULL, '2025-02-01')) AS payments,
	   revenue(order_digest(0.000000004, '2025-01-01')) AS "4e-9", revenue(order_digest(0.000000005, '2025-01-01')) AS "5e-9";

-- A real at a bound: by value, in a row, in a scorecard, calibrated.
SELECT v, tier(v, l) AS real, tier(v::text::float8, l) AS double, tier(v::text::numeric, l) AS numeric,
	   tier(x, format('a: v >= %s, b', v)::tier_ladder) AS in_a_row,
	   weighted_value(x, format('v 1 steps(%s: 100)', v)::tier_scorecard) AS steps, gap_to_next(v, l) AS gap,
	   calibrate_ladder(v, 'a top 1, b') = l AS cutoff, calibrate_ladder(x, 'a: v top 1, b') AS rule
FROM (SELECT v FROM unnest('{0.7,19.99,0.1,16777216,1e-20,-0.3}'::real[]) v) x,
	 LATERAL (SELECT format('a >= %s, b', v)::tier_ladder AS l) y
GROUP BY x, v, l ORDER BY v;

-- What needs a cast is no function, or no number; PostgreSQL's own texts differ
-- from version to version.
CREATE DOMAIN eur AS numeric(12,2);
SELECT query, pg_temp.error('SELECT ' || query) FROM unnest(ARRAY[
	$$order_digest(1::money, '2025-01-01')$$, $$order_digest('12.50'::text, '2025-01-01')$$,
	$$order_digest(12.5, '12/20/2025'::text)$$, $$payment_digest(12.5, '2025-12-20'::text, NULL, '2026-01-01')$$,
	$$payment_digest(12.5, timestamp '2025-12-20 10:00', NULL, '2026-01-01')$$,
	$$payment_digest(12.5, timestamptz '2025-12-20 10:00Z', timestamptz '2025-12-21 10:00Z', now())$$,
	$$weighted_value(x, 'v 1 linear(0, 1)') FROM (SELECT 'abc'::text AS v) x$$,
	$$tier(x, 'gold: v >= 1, base') FROM (SELECT 1::money AS v) x$$,
	$$tier(x, 'gold: v >= 1, base') FROM (SELECT interval '3 days' AS v) x$$,
	$$tier(x, 'gold: v >= 1, base') FROM (SELECT date '2025-01-01' AS v) x$$,
	$$tier('500', 'gold >= 500, base')$$, $$order_digest(1e23, '2025-01-01')$$,
	$$order_digest('NaN'::real, '2025-01-01')$$, $$order_digest('infinity'::float8, '2025-01-01')$$]) query;
SELECT revenue(order_digest(1234.5::money::numeric, '2025-01-01')) AS money,
	   revenue(order_digest('12.50'::text::numeric, '2025-01-01')) AS text,
	   last_order_at(order_digest(12.5, to_date('12/20/2025', 'MM/DD/YYYY'))) AS text_date,
	   last_order_at(order_digest(1.0, timestamp '2025-12-20 10:00')) AS timestamp,
	   tier(x, 'gold: v >= 3, base') AS interval, tier(500, 'gold >= 500, base') AS integer,
	   revenue(order_digest(12.5::eur, '2025-01-01')) AS domain, tier(12.5::eur, 'gold >= 12.5, base') AS domain_tier,
	   tier(y, 'gold: v >= 1, base') AS boolean, order_digest(NULL, '2025-01-01') IS NULL AS untyped_null
FROM (SELECT extract(epoch FROM interval '3 days') / 86400 AS v) x, (SELECT true AS v) y GROUP BY x, y;

DROP TABLE invoice, receipt, credit_note, day, sale, account, orders, ordered_on, held CASCADE;
DROP DOMAIN eur;
