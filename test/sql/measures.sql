-- tier_measures: one customer's digests as one row of figures
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
\pset expanded on

CREATE TABLE digests AS
SELECT order_digest(amount, ordered_at, profit, quantity) AS orders
FROM (VALUES (100.5, timestamptz '2024-01-01 00:00Z', 20, 2),
			 (50, '2024-01-11 12:00Z', NULL, 1),
			 (-30, '2024-02-01 00:00Z', -6, NULL))
	AS orders (amount, ordered_at, profit, quantity);
ALTER TABLE digests ADD payments payment_digest, ADD lifetime order_digest;
UPDATE digests SET
	payments = (SELECT payment_digest(amount, due_on, paid_on, '2024-06-30', excused)
				FROM (VALUES (100, date '2024-03-01', date '2024-03-01', false),
							 (50, '2024-03-01', '2024-04-15', false),
							 (25, '2024-06-01', NULL, false),
							 (25, '2024-06-01', NULL, true),
							 (10, '2024-07-01', NULL, false))
					AS invoices (amount, due_on, paid_on, excused)),
	lifetime = orders + (SELECT order_digest(1.25, '2020-01-01Z'));

-- Everything there is.
SELECT m.* FROM digests, customer_measures(orders, payments, '2024-06-30Z') AS m;

-- A lifetime digest gives the first and the last order, recency and tenure.
SELECT m.* FROM digests, customer_measures(orders, payments, '2024-06-30Z', lifetime) AS m;
SELECT m.* FROM digests, customer_measures(NULL, NULL, '2024-06-30Z', lifetime) AS m;

-- Missing digests; orders without profit and quantity; as_of unknown.
SELECT m.* FROM customer_measures(NULL, NULL, NULL) AS m;
SELECT order_count, profit, quantity, margin, recency_days, last_order_at, billed, payment_score
FROM customer_measures((SELECT order_digest(5.0, '2024-01-01Z')), NULL, NULL) AS m;
SELECT revenue, order_count, average_order_value, last_order_at, recency_days
FROM customer_measures((SELECT order_digest(-5.0, '2024-01-01Z')), NULL, '2024-06-30Z') AS m;
\pset expanded off

-- Each column is the function of the same name.
SELECT (m.order_count, m.refund_count, m.revenue, m.gross_revenue, m.refunded, m.profit,
		m.quantity, m.margin, m.average_order_value, m.largest_order, m.first_order_amount,
		m.first_order_at, m.last_order_at, m.order_interval_days, m.recency_days, m.tenure_days)
	= (order_count(orders), refund_count(orders), revenue(orders), gross_revenue(orders),
	   refunded(orders), profit(orders), quantity(orders), margin(orders),
	   average_order_value(orders), largest_order(orders), first_order_amount(orders),
	   first_order_at(orders), last_order_at(orders), order_interval_days(orders),
	   recency_days(orders, '2024-06-30Z'), tenure_days(orders, '2024-06-30Z')) AS orders,
	(m.billed, m.paid, m.outstanding, m.overdue, m.payment_count, m.late_count, m.excused_count,
	 m.on_time_rate, m.days_late, m.max_days_late, m.payment_score)
	= (billed(payments), paid(payments), outstanding(payments), overdue(payments),
	   payment_count(payments), late_count(payments), excused_count(payments),
	   on_time_rate(payments), days_late(payments), max_days_late(payments),
	   payment_score(payments)) AS payments
FROM digests, customer_measures(orders, payments, '2024-06-30Z') AS m;

-- Law 7: orders and payments are digested separately, then joined one row to
-- one row.  Joining the rows first would count each order once per payment.
CREATE TABLE orders (customer int, amount numeric, ordered_at timestamptz);
CREATE TABLE invoices (customer int, amount numeric, due_on date, paid_on date);
INSERT INTO orders VALUES
	(1, 100, '2024-01-05Z'), (1, 200, '2024-02-05Z'), (1, 300, '2024-03-05Z'),
	(2, 50, '2024-01-05Z'), (3, 75, '2024-04-01Z');
INSERT INTO invoices VALUES
	(1, 300, '2024-02-28', '2024-02-20'), (1, 300, '2024-03-31', '2024-05-15'),
	(2, 25, '2024-02-01', '2024-02-01'), (2, 25, '2024-03-01', NULL),
	(4, 10, '2024-03-01', '2024-03-02');
SELECT customer, m.order_count, m.revenue, m.billed, m.payment_count, m.overdue, m.payment_score
FROM (SELECT customer, order_digest(amount, ordered_at) AS orders
	  FROM orders GROUP BY customer) AS o
FULL JOIN (SELECT customer, payment_digest(amount, due_on, paid_on, '2024-06-30') AS payments
		   FROM invoices GROUP BY customer) AS p USING (customer),
	customer_measures(orders, payments, '2024-06-30Z') AS m
ORDER BY customer;
SELECT customer, revenue(order_digest(o.amount, ordered_at)) AS fanned_out
FROM orders AS o JOIN invoices AS i USING (customer)
GROUP BY customer ORDER BY customer;

-- A row of measures can be stored, is found by column name, and many rows
-- are built in one query.
CREATE TABLE stored (customer int, m tier_measures);
INSERT INTO stored
SELECT customer, customer_measures(order_digest(amount, ordered_at), NULL, '2024-06-30Z')
FROM orders GROUP BY customer;
SELECT customer, (m).revenue, (m).recency_days FROM stored ORDER BY customer;
SELECT count(*), sum((customer_measures(orders, payments, '2024-06-30Z')).revenue)
FROM digests, generate_series(1, 1000);

-- A real is the decimal that it prints: five thousand times 0.7 are 3500.
SELECT revenue(order_digest(v, '2024-01-01Z')), profit(order_digest(v, '2024-01-01Z', 0.1)),
	   quantity(order_digest(v, '2024-01-01Z', 0.1, 2)), revenue(order_digest(v::float8, '2024-01-01Z')) AS as_double
FROM (SELECT 0.7::real AS v FROM generate_series(1, 5000)) AS amounts;
SELECT billed(payment_digest(v, '2024-01-01', NULL, '2024-06-30')),
	   excused_count(payment_digest(v, '2024-01-01', NULL, '2024-06-30', true))
FROM (SELECT 0.7::real AS v FROM generate_series(1, 5000)) AS amounts;
SELECT balance_at(balance_digest(v, '2024-01-01'), '2024-01-01') AS one,
	   balance_at(balance_digest(v, '2024-01-01', account::text), '2024-01-01') AS all
FROM (SELECT 0.7::real AS v, account FROM generate_series(1, 5000) AS account) AS balances;

SELECT * FROM customer_measures(NULL, NULL, 'infinity');

DROP TABLE digests, orders, invoices, stored;
