-- generate.sql: customers, orders and invoices of a made-up wholesaler over
-- the three years before 2026, the same ones on every machine.
--
-- What makes them like real ones: a few customers spend most of the money,
-- every third one bought once, some have lapsed, some grow, some only asked
-- for an offer.  Orders are sent back and become refunds.  Two out of three
-- customers buy on account and get invoices, which some pay early and others
-- late, in part disputed, or never.

-- A uniform number between 0 and 1, the same for the same key and purpose.
CREATE FUNCTION pg_temp.uniform(key bigint, purpose text)
RETURNS double precision
LANGUAGE sql IMMUTABLE
RETURN (('x' || left(encode(sha256((key || purpose)::bytea), 'hex'), 8))
		::bit(32)::bigint + 0.5) / 4294967296;

-- A standard normal number, by Box and Muller.
CREATE FUNCTION pg_temp.normal(key bigint, purpose text)
RETURNS double precision
LANGUAGE sql IMMUTABLE
RETURN sqrt(-2 * ln(pg_temp.uniform(key, purpose || '-radius'))) *
	   cos(2 * pi() * pg_temp.uniform(key, purpose || '-angle'));

CREATE FUNCTION pg_temp.pick(choices text[], key bigint, purpose text)
RETURNS text
LANGUAGE sql IMMUTABLE
RETURN choices[1 + floor(pg_temp.uniform(key, purpose) * cardinality(choices))];

-- How each customer behaves.
CREATE TEMPORARY TABLE behaviour AS
WITH kind AS (
	SELECT id,
		   -- days after 2022-12-31, before it for those who came earlier
		   (1060 - 2600 * pg_temp.uniform(id, 'joined') ^ 1.2)::integer AS joined,
		   CASE
			   WHEN u < 0.05 THEN 'prospect'
			   WHEN u < 0.38 THEN 'once'
			   WHEN u < 0.68 THEN 'occasional'
			   WHEN u < 0.86 THEN 'regular'
			   WHEN u < 0.90 THEN 'heavy'
			   WHEN u < 0.95 THEN 'lapsed'
			   ELSE 'growing'
		   END AS kind
	FROM generate_series(1, 2000) AS id,
		 LATERAL (SELECT pg_temp.uniform(id, 'kind') AS u) AS k
)
SELECT id, joined,
	   CASE kind
		   WHEN 'prospect' THEN 0
		   WHEN 'once' THEN 1
		   ELSE ceil(CASE kind
						 WHEN 'occasional' THEN 6
						 WHEN 'regular' THEN 28
						 WHEN 'heavy' THEN 120
						 WHEN 'lapsed' THEN 20
						 WHEN 'growing' THEN 50
					 END * exp(0.5 * pg_temp.normal(id, 'orders')) *
					 -- of the three years, those they were there
					 (1095 - greatest(joined, 0)) / 1095)
	   END::integer AS orders,
	   -- up to which part of their time one who lapsed bought
	   CASE kind WHEN 'lapsed' THEN 0.2 + 0.5 * pg_temp.uniform(id, 'lapse')
				 ELSE 1
	   END AS presence,
	   CASE kind WHEN 'growing' THEN 0.4 ELSE 1 END AS bend,
	   exp(4.2 + 0.9 * pg_temp.normal(id, 'basket') +
		   CASE kind WHEN 'heavy' THEN 0.6 ELSE 0 END) AS basket,
	   0.05 + 0.4 * pg_temp.uniform(id, 'margin') AS margin,
	   pg_temp.uniform(id, 'on account') < 0.65 AS on_account,
	   -- usual days between due date and payment, and their spread
	   -8 + 14 * pg_temp.normal(id, 'habit') +
	   CASE WHEN pg_temp.uniform(id, 'slack') < 0.12 THEN 45 ELSE 0 END AS habit,
	   3 + 12 * pg_temp.uniform(id, 'spread') AS spread,
	   (ARRAY[14, 30, 30, 60])[1 + floor(4 * pg_temp.uniform(id, 'terms'))] AS terms
FROM kind;

CREATE TABLE customers (
	customer_id integer PRIMARY KEY,
	name text NOT NULL,
	region text NOT NULL,
	joined_on date NOT NULL
);
INSERT INTO customers
SELECT id,
	   chr(65 + floor(26 * pg_temp.uniform(id, 'initial'))::integer) || '. ' ||
	   pg_temp.pick('{Abel,Alvarez,Amari,Bauer,Berg,Bianchi,Brandt,Chen,Cohen,'
					'Costa,Diallo,Dubois,Eriksen,Fischer,Garcia,Haddad,Hansen,'
					'Ito,Ivanov,Jansen,Kaya,Khan,Kim,Kowalski,Larsen,Lopez,'
					'Mbeki,Meyer,Moreau,Nakamura,Nguyen,Novak,Okafor,Olsen,'
					'Patel,Rossi,Santos,Sato,Silva,Singh,Smith,Suzuki,Tanaka,'
					'Varga,Vogel,Weber,Wong,Yilmaz,Zhang,Zimmer}', id, 'name') ||
	   pg_temp.pick('{" & Sons"," Brothers"," Foods"," Trading"," Markets",'
					'" Supplies"," Hotels"," Catering"," Stores"," Bakery"}',
					id, 'trade'),
	   pg_temp.pick('{north,north,south,south,south,east,west,west}', id,
					'region'),
	   date '2022-12-31' + joined
FROM behaviour;

-- One row per order; a refund is a row with a negative amount.  key numbers
-- the orders across customers, for the random numbers.
CREATE TEMPORARY TABLE purchase AS
SELECT b.id, b.id * 1000 + n AS key, b.on_account, b.habit, b.spread, b.terms,
	   b.margin,
	   -- minutes after 2023-01-01, in business hours
	   (greatest(b.joined, 0) + (1095 - greatest(b.joined, 0)) * b.presence *
		pg_temp.uniform(b.id * 1000 + n, 'day') ^ b.bend)::integer * 1440 +
	   480 + floor(600 * pg_temp.uniform(b.id * 1000 + n, 'minute'))::integer
	   AS minute,
	   round((b.basket * exp(0.5 * pg_temp.normal(b.id * 1000 + n, 'amount')))
			 ::numeric, 2) AS amount
FROM behaviour AS b, generate_series(1, b.orders) AS n;

CREATE TEMPORARY TABLE returned AS
SELECT id, key, on_account, margin,
	   minute + 1440 * (3 + floor(25 * pg_temp.uniform(key, 'sent back'))::integer)
	   AS minute,
	   CASE WHEN pg_temp.uniform(key, 'wholly') < 0.4 THEN amount
			ELSE round(amount * pg_temp.uniform(key, 'share')::numeric, 2)
	   END AS amount
FROM purchase
WHERE pg_temp.uniform(key, 'returned') < 0.04;

CREATE TABLE orders (
	order_id bigint PRIMARY KEY,
	customer_id integer NOT NULL REFERENCES customers,
	ordered_at timestamptz NOT NULL,
	amount numeric(12, 2) NOT NULL,
	profit numeric(12, 2) NOT NULL,
	quantity integer NOT NULL
);
INSERT INTO orders
SELECT row_number() OVER (ORDER BY minute, key, amount DESC), id,
	   timestamptz '2023-01-01 00:00+00' + make_interval(mins => minute),
	   amount,
	   -- a margin that varies, and is at times a loss
	   round(amount * (margin + 0.1 * pg_temp.normal(key, 'profit'))::numeric, 2),
	   (sign(amount) * ceil(abs(amount) /
							(3 + 20 * pg_temp.uniform(id, 'price'))))::integer
FROM (SELECT id, key, minute, amount, margin FROM purchase
	  UNION ALL
	  SELECT id, key, minute, -amount, margin FROM returned
	  WHERE amount > 0) AS o
WHERE minute < 1096 * 1440;

CREATE TABLE invoices (
	invoice_id bigint PRIMARY KEY,
	customer_id integer NOT NULL REFERENCES customers,
	issued_on date NOT NULL,
	due_on date NOT NULL,
	paid_on date,
	amount numeric(12, 2) NOT NULL,
	disputed boolean NOT NULL
);
INSERT INTO invoices
SELECT row_number() OVER (ORDER BY issued_on, key, amount DESC), id,
	   issued_on, due_on,
	   -- on 2025-12-31 nobody knows of later payments; a few never come
	   CASE WHEN paid_on <= '2025-12-31' AND
				 pg_temp.uniform(key, 'never') >= 0.01 + (habit > 20)::integer * 0.05
			THEN paid_on END,
	   amount,
	   paid_on > due_on + 5 AND pg_temp.uniform(key, 'disputed') < 0.08
FROM (SELECT id, key, habit, amount, issued_on, issued_on + terms AS due_on,
			 issued_on + greatest(terms + habit + spread *
								  pg_temp.normal(key, 'payment'), 1)::integer
			 AS paid_on
	  FROM (SELECT *, date '2023-01-01' + minute / 1440 AS issued_on
			FROM purchase WHERE on_account) AS p
	  UNION ALL
	  -- a credit note is settled when it is written
	  SELECT id, key, 0, -amount, day, day, day
	  FROM (SELECT *, date '2023-01-01' + minute / 1440 AS day
			FROM returned WHERE on_account AND amount > 0) AS r
	  WHERE day <= '2025-12-31') AS i;

CREATE INDEX ON orders (customer_id);
CREATE INDEX ON invoices (customer_id);
ANALYZE customers, orders, invoices;
DROP TABLE behaviour, purchase, returned;
