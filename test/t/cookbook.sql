-- The oracle of doc/cookbook.md: its views over many rows, against the same
-- figures computed in another way.  Prints "what|t".
SET client_min_messages = warning;
CREATE SCHEMA oracle;
SET search_path = oracle, cookbook, crm, public;

-- The n-th draw of a series, from 0 to below: the same on every server.
CREATE FUNCTION draw(series text, n int, below int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT (('x' || substr(md5(series || n), 1, 8))::bit(32)::bigint % below)::int
$$;

-- Do two queries have the same rows, as often?  Without rows they do not.
CREATE FUNCTION same(one text, other text) RETURNS boolean
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

-- The class of what is open, spelled out.
CREATE FUNCTION class_of(days int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN days <= 0 THEN 'not yet due' WHEN days <= 30 THEN '1-30'
				WHEN days <= 60 THEN '31-60' WHEN days <= 90 THEN '61-90' ELSE 'over 90' END
$$;

TRUNCATE days;
INSERT INTO days VALUES
	('2023-12-31'), ('2024-02-29'), ('2024-03-31'), ('2024-05-17'), ('2024-06-30'), ('2024-12-31'), ('2025-04-01');

-- Invoices, every fifth a credit note, a third of them open.
CREATE TABLE drawn AS
SELECT i, 'c' || draw('customer', i, 25) AS customer, (draw('amount', i, 100000) - 20000) / 100.0 AS amount,
	   invoiced_on, invoiced_on + draw('terms', i, 61) AS due_on,
	   CASE WHEN draw('open', i, 3) > 0 THEN invoiced_on + draw('paid', i, 200) END AS paid_on
FROM generate_series(1, 1500) i, LATERAL (SELECT date '2023-10-01' + draw('invoiced', i, 500) AS invoiced_on) x;

-- Receivables aging that balances
TRUNCATE aging.invoices;
INSERT INTO aging.invoices SELECT customer, amount, invoiced_on, due_on, paid_on FROM drawn;
ANALYZE;
CREATE VIEW open_items AS
SELECT as_of, customer, amount, due_on FROM aging.invoices, days
WHERE invoiced_on <= as_of AND (paid_on IS NULL OR paid_on > as_of);

SELECT 'aging, by class', same(
	'SELECT as_of, customer, class, open_payments, open_amount FROM aging.receivables, aging(d) WHERE open_payments > 0',
	$$SELECT as_of, customer, CASE WHEN amount < 0 THEN 'credits' ELSE class_of(as_of - due_on) END, count(*), sum(amount)
	FROM open_items GROUP BY 1, 2, 3$$);
SELECT 'aging, the report balances', bool_and(not_due + "1-30" + "31-60" + "61-90" + over_90 + credits = outstanding)
FROM aging.aging_report;
SELECT 'aging, outstanding', same(
	'SELECT as_of, customer, outstanding FROM aging.aging_report WHERE outstanding <> 0',
	'SELECT as_of, customer, sum(amount) FROM open_items GROUP BY 1, 2 HAVING sum(amount) <> 0');
SELECT 'aging, credits in the class of their date', same(
	'SELECT as_of, customer, class, items, amount FROM aging.aging_net',
	'SELECT as_of, customer, class_of(as_of - due_on), count(*), sum(amount) FROM open_items GROUP BY 1, 2, 3');
SELECT 'aging, both forms have one total', same(
	'SELECT as_of, sum(outstanding) FROM aging.aging_report GROUP BY 1',
	'SELECT as_of, sum(amount) FROM aging.aging_net GROUP BY 1');

-- Invoices paid in parts: one receipt after the other
TRUNCATE parts.invoices, parts.receipts;
INSERT INTO parts.invoices
SELECT i, customer, amount, invoiced_on, due_on FROM drawn WHERE amount > 0 AND i <= 200;
INSERT INTO parts.receipts
SELECT i, invoice, 0.01 + draw('receipt', i, 60000) / 100.0, invoiced_on - 20 + draw('received', i, 200)
FROM generate_series(1, 350) i JOIN parts.invoices ON invoice = (1 + draw('of', i, 200))::text;
ANALYZE;

CREATE TABLE parts_looped (as_of date, customer text, invoice text, amount numeric, due_on date, paid_on date);
DO $$
DECLARE
	day date;
	i record;
	r record;
	unpaid numeric;
	part numeric;
BEGIN
	FOR day IN SELECT as_of FROM days LOOP
		FOR i IN SELECT * FROM parts.invoices LOOP
			unpaid := CASE WHEN i.invoiced_on <= day THEN i.amount ELSE 0 END;
			FOR r IN SELECT * FROM parts.receipts WHERE invoice = i.invoice AND paid_on <= day ORDER BY paid_on, receipt LOOP
				part := least(unpaid, r.amount);
				unpaid := unpaid - part;
				INSERT INTO parts_looped
				SELECT day, i.customer, i.invoice, part, i.due_on, r.paid_on WHERE part > 0 UNION ALL
				SELECT day, i.customer, i.invoice, part - r.amount, r.paid_on, NULL WHERE r.amount > part;
			END LOOP;
			INSERT INTO parts_looped SELECT day, i.customer, i.invoice, unpaid, i.due_on, NULL WHERE unpaid > 0;
		END LOOP;
	END LOOP;
END $$;
SELECT 'parts, each', same(
	'SELECT as_of, customer, invoice, amount, due_on, paid_on FROM parts.parts', 'SELECT * FROM parts_looped');
SELECT 'parts, outstanding is billed less received', same(
	'SELECT as_of, customer, outstanding(payment_digest(amount, due_on, paid_on, as_of)) FROM parts.parts GROUP BY 1, 2',
	'SELECT as_of, customer, sum(amount) FROM (
		SELECT as_of, customer, amount FROM parts.invoices JOIN days ON invoiced_on <= as_of UNION ALL
		SELECT as_of, customer, -r.amount FROM parts.receipts r JOIN parts.invoices USING (invoice) JOIN days ON paid_on <= as_of
	) x GROUP BY 1, 2');
SELECT 'parts, some are paid over and some ahead',
	   count(*) FILTER (WHERE amount < 0) > 100 AND count(*) FILTER (WHERE paid_on < invoiced_on) > 50 FROM parts.parts;

-- Oldest invoice first: one receipt after the other, over the open invoices
TRUNCATE fifo.invoices, fifo.receipts;
INSERT INTO fifo.invoices
SELECT i, customer, amount, invoiced_on, due_on FROM drawn WHERE amount > 0 AND i <= 300;
INSERT INTO fifo.receipts
SELECT i, 'c' || draw('payer', i, 26), 0.01 + draw('lump', i, 150000) / 100.0, date '2023-10-01' + draw('lump on', i, 520)
FROM generate_series(1, 180) i;
-- exact fits, where the lines of invoices and receipts meet
INSERT INTO fifo.invoices SELECT 1000 + i, 'even', 100, date '2024-01-01' + i, date '2024-02-01' FROM generate_series(1, 6) i;
INSERT INTO fifo.receipts SELECT 1000 + i, 'even', 50 * i, date '2024-01-03' + i FROM generate_series(1, 4) i;
ANALYZE;

CREATE TABLE fifo_looped (as_of date, customer text, invoice int, receipt int, amount numeric, due_on date, paid_on date);
DO $$
DECLARE
	day date;
	i record;
	r record;
	unused numeric;
	part numeric;
BEGIN
	CREATE TEMP TABLE unpaid (LIKE fifo.invoices);
	FOR day IN SELECT as_of FROM days LOOP
		TRUNCATE unpaid;
		INSERT INTO unpaid SELECT * FROM fifo.invoices WHERE invoiced_on <= day;
		FOR r IN SELECT * FROM fifo.receipts WHERE paid_on <= day ORDER BY paid_on, receipt LOOP
			unused := r.amount;
			FOR i IN SELECT * FROM unpaid WHERE customer = r.customer AND amount > 0 ORDER BY invoiced_on, invoice LOOP
				part := least(i.amount, unused);
				EXIT WHEN part = 0;
				unused := unused - part;
				UPDATE unpaid SET amount = amount - part WHERE invoice = i.invoice;
				INSERT INTO fifo_looped VALUES (day, r.customer, i.invoice, r.receipt, part, i.due_on, r.paid_on);
			END LOOP;
			INSERT INTO fifo_looped
			SELECT day, r.customer, NULL, r.receipt, -unused, r.paid_on, NULL WHERE unused > 0;
		END LOOP;
		INSERT INTO fifo_looped
		SELECT day, customer, invoice, NULL, amount, due_on, NULL FROM unpaid WHERE amount > 0;
	END LOOP;
END $$;
SELECT 'fifo, each part', same('SELECT * FROM fifo.parts', 'SELECT * FROM fifo_looped');
SELECT 'fifo, some invoices take several receipts, and some receipts several invoices',
	   (SELECT count(*) > 50 FROM (SELECT FROM fifo.parts WHERE receipt IS NOT NULL GROUP BY as_of, invoice HAVING count(*) > 1) x)
	   AND (SELECT count(*) > 50 FROM (SELECT FROM fifo.parts WHERE invoice IS NOT NULL GROUP BY as_of, receipt HAVING count(*) > 1) x)
	   AND EXISTS (SELECT FROM fifo.parts WHERE amount < 0);

-- Days sales outstanding: by hand, and month after month
TRUNCATE dso.invoices;
INSERT INTO dso.invoices
SELECT amount, invoiced_on, due_on, paid_on FROM drawn
WHERE extract(month FROM invoiced_on) NOT IN (2, 11) OR amount < 0;		-- months without sales, and of credit notes alone
ANALYZE;
CREATE FUNCTION count_back(day date) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	remaining numeric := (SELECT sum(amount) FROM dso.invoices WHERE invoiced_on <= day AND (paid_on > day OR paid_on IS NULL));
	last date := day + 1;		-- of the month looked at, the day after
	first date;
	sales numeric;
	days numeric := 0;
BEGIN
	WHILE remaining > 0 LOOP
		first := date_trunc('month', (last - 1)::timestamp)::date;
		sales := coalesce((SELECT sum(amount) FROM dso.invoices WHERE invoiced_on >= first AND invoiced_on < last), 0);
		days := days + CASE WHEN sales > remaining THEN (last - first) * remaining / sales ELSE last - first END;
		remaining := remaining - sales;
		last := first;
	END LOOP;
	RETURN days;
END $$;
SELECT 'dso', same('SELECT as_of, receivables, sales, round(dso::numeric, 9) FROM dso.dso',
	'SELECT as_of, sum(amount) FILTER (WHERE paid_on > as_of OR paid_on IS NULL), sum(amount) FILTER (WHERE as_of - invoiced_on < 90),
			round(sum(amount) FILTER (WHERE paid_on > as_of OR paid_on IS NULL) * 90 / sum(amount) FILTER (WHERE as_of - invoiced_on < 90), 9)
	 FROM dso.invoices, days WHERE invoiced_on <= as_of GROUP BY 1');
SELECT 'count back', same('SELECT as_of, round(dso, 9) FROM dso.count_back',
	'SELECT as_of, round(count_back(as_of), 9) FROM days');
SELECT 'count back, beyond months without sales', max(dso) > 90 FROM dso.count_back;
UPDATE dso.invoices SET paid_on = invoiced_on;
SELECT 'count back, nothing open', bool_and(dso = 0) FROM dso.count_back;
UPDATE dso.invoices SET paid_on = NULL WHERE amount < 0;
SELECT 'count back, credits alone open', bool_and(dso = 0) AND bool_and(receivables < 0) FROM dso.count_back JOIN (SELECT as_of, receivables FROM dso.dso) x USING (as_of);

-- Days to pay and days beyond terms: plain means
TRUNCATE days_to_pay.invoices;
INSERT INTO days_to_pay.invoices SELECT customer, amount, invoiced_on, due_on, paid_on FROM drawn WHERE amount > 0;
ANALYZE;
SELECT 'days to pay', same(
	'SELECT as_of, customer, round(per_invoice::numeric, 6), round(weighted::numeric, 6), round(this_year::numeric, 6) FROM days_to_pay.days_to_pay',
	$$SELECT as_of, customer, round(avg(paid_on - invoiced_on), 6), round(sum(amount * (paid_on - invoiced_on)) / sum(amount), 6),
			 round(avg(paid_on - invoiced_on) FILTER (WHERE extract(year FROM invoiced_on) = extract(year FROM as_of)), 6)
	  FROM days_to_pay.invoices, days WHERE paid_on <= as_of GROUP BY 1, 2$$);
SELECT 'days beyond terms', same(
	'SELECT as_of, customer, round(per_invoice::numeric, 6), round(weighted::numeric, 6), round(late_only::numeric, 6), round(with_open::numeric, 6)
	 FROM days_to_pay.days_beyond',
	$$SELECT as_of, customer, round(avg(paid_on - due_on), 6), round(sum(amount * (paid_on - due_on)) / sum(amount) FILTER (WHERE paid_on IS NOT NULL), 6),
			 round(sum(amount * greatest(paid_on - due_on, 0)) / sum(amount) FILTER (WHERE paid_on IS NOT NULL), 6),
			 round(sum(amount * (coalesce(paid_on, as_of) - due_on)) FILTER (WHERE paid_on IS NOT NULL OR due_on < as_of)
				   / sum(amount) FILTER (WHERE paid_on IS NOT NULL OR due_on < as_of), 6)
	  FROM (SELECT as_of, customer, amount, due_on, CASE WHEN paid_on <= as_of THEN paid_on END AS paid_on
			FROM days_to_pay.invoices JOIN days ON invoiced_on <= as_of) x GROUP BY 1, 2$$);

-- Whole days: the same in every session
TRUNCATE local_days.orders;
INSERT INTO local_days.orders
SELECT 'c' || draw('customer', i, 25), timestamptz '2024-01-01 00:00Z' + draw('minute', i, 700000) * interval '1 minute', 1 FROM generate_series(1, 1000) i;
SET TimeZone = 'Europe/Copenhagen';
SELECT 'business days', same('SELECT customer, day FROM local_days.business_days', 'SELECT customer, at::date FROM local_days.orders');
CREATE TABLE held AS
SELECT customer, order_digest(amount, day) AS d, date '2026-01-08' - max(day) AS recency, date '2026-01-08' - min(day) AS tenure
FROM local_days.business_days GROUP BY customer;
CREATE FUNCTION whole_days(zone text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('TimeZone', zone, false);
	RETURN (SELECT bool_and(recency_days(d, date '2026-01-08') = recency AND tenure_days(d, date '2026-01-08') = tenure)
				   AND bool_and(d = again) AND count(*) = 25
			FROM held JOIN (SELECT customer, order_digest(amount, day) AS again FROM local_days.business_days GROUP BY 1) x USING (customer));
END $$;
SELECT 'whole days, ' || zone, whole_days(zone)
FROM unnest('{UTC,America/New_York,Europe/Copenhagen,Asia/Kathmandu,Australia/Lord_Howe,Pacific/Auckland}'::text[]) zone;
RESET TimeZone;

-- The payments of the last year
TRUNCATE last_year.invoices;
INSERT INTO last_year.invoices
SELECT customer, amount, due_on, CASE WHEN i % 7 = 0 THEN paid_on + 300 ELSE paid_on END FROM drawn WHERE amount > 0;
ANALYZE;
CREATE VIEW year_of AS
SELECT as_of, customer, amount, due_on, CASE WHEN paid_on <= as_of THEN paid_on END AS paid_on
FROM last_year.invoices, days
WHERE (due_on < as_of - interval '1 year' AND paid_on < as_of - interval '1 year') IS NOT TRUE;
SELECT 'last year, score and outstanding', same(
	'SELECT as_of, customer, round(score::numeric, 6), open FROM last_year.scores WHERE score IS NOT NULL',
	$$SELECT as_of, customer, round(sum(amount * CASE WHEN late <= 0 THEN 100 WHEN late <= 30 THEN 75 WHEN late <= 60 THEN 50 WHEN late <= 90 THEN 25 ELSE 0 END)
						   FILTER (WHERE due) / sum(amount) FILTER (WHERE due), 6),
			 coalesce(sum(amount) FILTER (WHERE paid_on IS NULL), 0)
	  FROM (SELECT *, coalesce(paid_on, as_of) - due_on AS late, paid_on IS NOT NULL OR due_on < as_of AS due FROM year_of) x
	  GROUP BY 1, 2 HAVING bool_or(due)$$);
