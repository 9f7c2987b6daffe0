-- order_digest: what orders and refunds add up to
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.ct_error(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE query;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || message,
					 nullif(detail, ''), nullif(hint, ''));
END $$;

CREATE FUNCTION pg_temp.plan_has(query text, pattern text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line LIKE '%' || pattern || '%' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;

-- A small example, by hand: two orders and a refund.
CREATE TABLE example AS
SELECT order_digest(amount, ordered_at, profit, quantity) AS digest
FROM (VALUES (100.5, timestamptz '2024-01-01 00:00Z', 20, 2),
			 (50, '2024-01-11 12:00Z', NULL, 1),
			 (-30, '2024-02-01 00:00Z', -6, NULL))
	AS orders (amount, ordered_at, profit, quantity);
SELECT digest FROM example;
SELECT order_count(digest), refund_count(digest), revenue(digest),
	gross_revenue(digest), refunded(digest), profit(digest), quantity(digest),
	margin(digest), average_order_value(digest)
FROM example;
SELECT largest_order(digest), first_order_amount(digest),
	first_order_at(digest), last_order_at(digest), order_interval_days(digest),
	recency_days(digest, '2024-01-12 00:00Z'),
	recency_days(digest, '2024-01-11 00:00Z') AS before_the_last,
	tenure_days(digest, '2024-01-12 00:00Z')
FROM example;

-- No rows, ignored rows, one row, one refund, zero.
SELECT order_digest(amount, ordered_at) IS NULL AS no_rows
FROM (SELECT 1.0 AS amount, now() AS ordered_at WHERE false) AS none;
SELECT order_digest(amount, ordered_at) IS NULL AS all_ignored
FROM (VALUES (NULL::numeric, '2024-01-01Z'::timestamptz), (1, NULL),
			 ('NaN', NULL), (NULL, 'infinity')) AS rows (amount, ordered_at);
SELECT order_digest(amount, ordered_at) AS one
FROM (VALUES (NULL::numeric, '2020-01-01Z'::timestamptz), (1, '2024-01-01Z'))
	AS rows (amount, ordered_at);
SELECT d AS one_refund, order_count(d), revenue(d), margin(d),
	average_order_value(d), largest_order(d), first_order_amount(d),
	first_order_at(d), last_order_at(d), order_interval_days(d),
	recency_days(d, '2024-01-01Z'), tenure_days(d, '2024-01-01Z')
FROM (SELECT order_digest(-1.5, '2024-01-01Z', 1)) AS s (d);
SELECT order_digest(0::numeric, '2024-01-01Z') AS zero_is_an_order,
	order_digest(-0.000000004, '2024-01-01Z') AS rounds_to_zero,
	order_digest(-0.000000005, '2024-01-01Z') AS rounds_to_a_refund;

-- Of several first orders at one time the largest; a refund renews nothing.
SELECT bool_and(first_order_amount(d) = 7 AND first_order_at(d) = '2024-01-01Z'
				AND last_order_at(d) = '2024-01-03Z') AS first_is_largest
FROM (SELECT order_digest(a, t ORDER BY a * k)
	  FROM (VALUES (3.0, timestamptz '2024-01-01Z'), (7, '2024-01-01Z'),
				   (5, '2024-01-01Z'), (9, '2024-01-03Z'),
				   (-9, '2023-01-01Z'), (-9, '2025-01-01Z')) AS r (a, t),
		   (VALUES (1), (-1)) AS k (k)
	  GROUP BY k) AS s (d);

-- Amounts of every type, with profit and quantity or without.
SELECT order_digest(2::bigint, t) = order_digest(2::numeric, t) AS "bigint",
	order_digest(2.5::float8, t) = order_digest(2.5::numeric, t) AS "double",
	order_digest(2::bigint, t, 1) = order_digest(2.0, t, 1) AS bigint_profit,
	order_digest(2.5::float8, t, 1) = order_digest(2.5, t, 1) AS double_profit,
	order_digest(2::bigint, t, 1, 3) = order_digest(2.0, t, 1, 3) AS bigint_all,
	order_digest(2.5::float8, t, 1, 3) = order_digest(2.5, t, 1, 3) AS double_all,
	order_digest(2::int, t) = order_digest(2.0, t) AS "integer",
	order_digest(9223372036854775807, t) =
		order_digest(9223372036854775807::numeric, t) AS largest_bigint
FROM (VALUES (timestamptz '2024-01-01Z')) AS v (t)
GROUP BY t;

-- A double is the decimal that it is printed as.
SELECT bool_and(order_digest = exact) AS doubles_are_their_decimals, count(*)
FROM (SELECT order_digest(d, '2024-01-01Z'),
			 order_digest(d::text::numeric, '2024-01-01Z') AS exact
	  FROM (SELECT ((i * 7919) % 100003) / power(10, i % 14) *
					 CASE WHEN i % 3 = 0 THEN -1 ELSE 1 END
			FROM generate_series(1, 2000) AS i
			UNION ALL
			SELECT unnest('{0.1, 0.2, 1e22, -1e22, 1e-8, 5e-9, 4.9e-9, 1e-300,
				123456.123456785, 9007199254740993, 0.000000015, -0}'::float8[]))
			AS f (d)
	  GROUP BY d) AS s;

-- Law 2: five thousand 0.10s reach 500.
SELECT revenue(order_digest(0.10, t)) >= 500 AS "numeric",
	revenue(order_digest(0.10::float8, t)) >= 500 AS "double"
FROM generate_series(1, 5000) AS i,
	LATERAL (SELECT timestamptz '2024-01-01Z') AS c (t);
SELECT revenue(rollup(d)) >= 500 AS in_parts, rollup(d)
FROM (SELECT order_digest(0.10::float8, '2024-01-01Z')
	  FROM generate_series(1, 5000) AS i GROUP BY i % 13) AS parts (d);

-- Law 1: the same rows, the same digest, to the bit.
CREATE TABLE orders AS
SELECT i, i % 37 AS customer,
	CASE i % 6
		WHEN 0 THEN (r % 2000001 - 1000000) * 1000000000.0
		WHEN 1 THEN (r % 100000) / 100.0
		WHEN 2 THEN -(r % 1000) / 3.0
		WHEN 3 THEN r / 1e10
		WHEN 4 THEN nullif(r % 17, 3)
		ELSE (r % 200000) / 1000.0
	END AS amount,
	nullif(timestamptz '2019-12-31 23:59:59.5Z' +
		   (r % 150000000) * interval '1.000001 s',
		   timestamptz '2020-01-01Z') AS ordered_at,
	CASE WHEN i % 37 < 30 THEN nullif(r % 1000, 0) / 7.0 END AS profit,
	CASE WHEN i % 37 > 10 THEN r % 5 END::numeric AS quantity
FROM (SELECT i, (i * 1103515245 + 12345) % 2147483648 AS r
	  FROM generate_series(1::bigint, 20000) AS i) AS s;
ANALYZE orders;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE whole AS
SELECT customer, order_digest(amount, ordered_at, profit, quantity) AS digest
FROM orders GROUP BY customer;
SELECT count(*), sum(order_count(digest)), sum(refund_count(digest)),
	max(gross_revenue(digest)), count(profit(digest)), count(quantity(digest))
FROM whole;

-- ... in several orders
SELECT k, bool_and(o.digest = w.digest AND o.digest::text = w.digest::text),
	count(*)
FROM whole AS w
JOIN (SELECT customer, 'rising' AS k,
			 order_digest(amount, ordered_at, profit, quantity ORDER BY i)
	  FROM orders GROUP BY customer
	  UNION ALL
	  SELECT customer, 'falling',
			 order_digest(amount, ordered_at, profit, quantity ORDER BY i DESC)
	  FROM orders GROUP BY customer
	  UNION ALL
	  SELECT customer, 'by amount',
			 order_digest(amount, ordered_at, profit, quantity ORDER BY amount)
	  FROM orders GROUP BY customer
	  UNION ALL
	  SELECT customer, 'shuffled',
			 order_digest(amount, ordered_at, profit, quantity
						  ORDER BY i * 7919 % 20011)
	  FROM orders GROUP BY customer) AS o (customer, k, digest)
	USING (customer)
GROUP BY k ORDER BY k;

-- ... sorted and hashed, by the executor's own nodes
SET customer_tier.enable_fused_aggregate = off;
\set check 'SELECT bool_and(o.digest = w.digest AND o.digest::text = w.digest::text) AS equal, count(*) FROM whole w JOIN (SELECT customer, order_digest(amount, ordered_at, profit, quantity) AS digest FROM orders GROUP BY customer) o USING (customer)'
SET enable_hashagg = off;
SELECT pg_temp.plan_has(:'check', 'GroupAggregate') AS sorted;
:check;
SET enable_hashagg = on;
SET enable_sort = off;
SELECT pg_temp.plan_has(:'check', 'HashAggregate') AS hashed;
:check;
RESET enable_sort;

-- ... in parallel
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has(:'check', 'Gather') AND
	pg_temp.plan_has(:'check', 'Partial HashAggregate') AS parallel_hashed;
:check;
SET enable_hashagg = off;
SELECT pg_temp.plan_has(:'check', 'Gather') AND
	pg_temp.plan_has(:'check', 'Partial GroupAggregate') AS parallel_sorted;
:check;
RESET enable_hashagg;
\set check_all 'SELECT (SELECT rollup(digest) FROM whole) = (SELECT order_digest(amount, ordered_at, profit, quantity) FROM orders) AS equal'
SELECT pg_temp.plan_has(:'check_all', 'Partial Aggregate') AS parallel_plain;
:check_all;
\set check_rollup 'SELECT (SELECT order_digest(amount, ordered_at, profit, quantity ORDER BY i) FROM orders) = (SELECT rollup(digest) FROM whole) AS equal'
SELECT pg_temp.plan_has(:'check_rollup', 'Partial Aggregate') AS parallel_rollup;
:check_rollup;
SET max_parallel_workers_per_gather = 0;

-- ... partitionwise
CREATE TABLE by_hash (LIKE orders) PARTITION BY HASH (customer);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE by_hash_2 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE by_range (LIKE orders) PARTITION BY RANGE (i);
CREATE TABLE by_range_0 PARTITION OF by_range FOR VALUES FROM (MINVALUE) TO (700);
CREATE TABLE by_range_1 PARTITION OF by_range FOR VALUES FROM (700) TO (12000);
CREATE TABLE by_range_2 PARTITION OF by_range FOR VALUES FROM (12000) TO (MAXVALUE);
INSERT INTO by_hash SELECT * FROM orders;
INSERT INTO by_range SELECT * FROM orders;
ANALYZE by_hash;
ANALYZE by_range;
SET enable_partitionwise_aggregate = on;
\set check_hash 'SELECT bool_and(o.digest = w.digest) AS equal, count(*) FROM whole w JOIN (SELECT customer, order_digest(amount, ordered_at, profit, quantity) AS digest FROM by_hash GROUP BY customer) o USING (customer)'
SELECT pg_temp.plan_has(:'check_hash', 'Append') AND
	NOT pg_temp.plan_has(:'check_hash', 'Finalize') AS partitionwise_full;
:check_hash;
\set check_range 'SELECT bool_and(o.digest = w.digest) AS equal, count(*) FROM whole w JOIN (SELECT customer, order_digest(amount, ordered_at, profit, quantity) AS digest FROM by_range GROUP BY customer) o USING (customer)'
SELECT pg_temp.plan_has(:'check_range', 'Partial HashAggregate') AND
	pg_temp.plan_has(:'check_range', 'Finalize') AS partitionwise_partial;
:check_range;
RESET enable_partitionwise_aggregate;

-- ... by an aggregate of one's own, whose arguments are domains
CREATE DOMAIN pg_temp.money_amount AS numeric;
CREATE DOMAIN pg_temp.order_day AS date;
CREATE AGGREGATE pg_temp.of_domains(pg_temp.money_amount, pg_temp.order_day) (
	SFUNC = order_digest_add, STYPE = order_digest
);
SELECT bool_and(d = e) AS equal, count(*) FROM (SELECT pg_temp.of_domains(amount, ordered_at::date) AS d, order_digest(amount, ordered_at::date) AS e
	FROM orders GROUP BY customer) AS s;

-- ... rolled up from random parts, and folded with +
CREATE AGGREGATE pg_temp.fold(order_digest) (
	SFUNC = order_digest_merge, STYPE = order_digest
);
CREATE TABLE parts AS
SELECT customer, i * 7919 % 20011 % 11 AS part,
	order_digest(amount, ordered_at, profit, quantity) AS digest
FROM orders GROUP BY 1, 2;
SELECT bool_and(r.rolled = w.digest) AS rolled_up,
	bool_and(r.folded = w.digest) AS folded,
	bool_and(r.reversed = w.digest) AS reversed, count(*)
FROM whole AS w
JOIN (SELECT customer, rollup(digest) AS rolled,
			 pg_temp.fold(digest ORDER BY part) AS folded,
			 pg_temp.fold(digest ORDER BY part DESC) AS reversed
	  FROM parts GROUP BY customer) AS r USING (customer);
SELECT bool_and(a.digest + b.digest = b.digest + a.digest) AS commutes,
	bool_and((a.digest + b.digest) + c.digest =
			 a.digest + (b.digest + c.digest)) AS associates
FROM parts AS a JOIN parts AS b USING (customer) JOIN parts AS c USING (customer)
WHERE a.part = 1 AND b.part = 5;
SELECT rollup(d) IS NULL AS rollup_of_nothing FROM (VALUES (NULL::order_digest)) AS v (d);
SELECT ARRAY[rollup(d)] = array_agg(d) FILTER (WHERE d IS NOT NULL) AS rollup_ignores_null,
	rollup(d) + NULL IS NULL AS plus_is_strict
FROM (SELECT order_digest(1.0, '2024-01-01Z') UNION ALL SELECT NULL) AS v (d);

-- ... and as a window aggregate
SELECT bool_and(w = g) AS running, count(*)
FROM (SELECT order_digest(amount, ordered_at) OVER (ORDER BY i) AS w,
		(SELECT order_digest(amount, ordered_at) FROM orders AS p WHERE p.i <= o.i) AS g
	  FROM orders AS o WHERE i <= 100) AS s;

-- Every figure against plain SQL.
CREATE VIEW plain AS
SELECT customer,
	count(*) FILTER (WHERE a >= 0) AS order_count,
	count(*) FILTER (WHERE a < 0) AS refund_count,
	sum(a) AS revenue,
	coalesce(sum(a) FILTER (WHERE a >= 0), 0) AS gross_revenue,
	coalesce(-sum(a) FILTER (WHERE a < 0), 0) AS refunded,
	sum(round(profit, 8)) AS profit,
	sum(a) FILTER (WHERE profit IS NOT NULL) AS profit_revenue,
	sum(round(quantity, 8)) AS quantity,
	max(a) FILTER (WHERE a >= 0) AS largest_order,
	(array_agg(a ORDER BY ordered_at, a DESC) FILTER (WHERE a >= 0))[1] AS first_order_amount,
	min(ordered_at) FILTER (WHERE a >= 0) AS first_order_at,
	max(ordered_at) FILTER (WHERE a >= 0) AS last_order_at,
	sum(a * floor(extract(epoch FROM ordered_at))) AS moment
FROM (SELECT customer, round(amount, 8) AS a, ordered_at, profit, quantity
	  FROM orders WHERE amount IS NOT NULL AND ordered_at IS NOT NULL) AS s
GROUP BY customer;
SELECT count(*),
	bool_and(order_count(digest) = order_count) AS order_count,
	bool_and(refund_count(digest) = refund_count) AS refund_count,
	bool_and(revenue(digest) = revenue) AS revenue,
	bool_and(gross_revenue(digest) = gross_revenue) AS gross_revenue,
	bool_and(refunded(digest) = refunded) AS refunded,
	bool_and(profit(digest) IS NOT DISTINCT FROM profit) AS profit,
	bool_and(quantity(digest) IS NOT DISTINCT FROM quantity) AS quantity,
	bool_and(largest_order(digest) = largest_order) AS largest_order,
	bool_and(first_order_amount(digest) = first_order_amount) AS first_order_amount,
	bool_and(first_order_at(digest) = first_order_at) AS first_order_at,
	bool_and(last_order_at(digest) = last_order_at) AS last_order_at
FROM whole JOIN plain USING (customer);
SELECT count(*), count(margin(digest)) AS margins,
	bool_and(margin(digest) IS NOT DISTINCT FROM
		(CASE WHEN profit_revenue > 0 THEN profit::numeric(100, 40) / profit_revenue END)::float8) AS margin,
	bool_and(average_order_value(digest) = round(gross_revenue / order_count, 8)) AS average_order_value,
	bool_and(order_interval_days(digest) =
		(extract(epoch FROM last_order_at - first_order_at)::numeric(100, 40) /
		 86400 / (order_count - 1))::float8) AS order_interval_days,
	bool_and(recency_days(digest, '2024-06-01Z') =
		(extract(epoch FROM '2024-06-01Z' - last_order_at)::numeric(100, 40) / 86400)::float8) AS recency_days,
	bool_and(tenure_days(digest, '2024-06-01Z') =
		(extract(epoch FROM '2024-06-01Z' - first_order_at)::numeric(100, 40) / 86400)::float8) AS tenure_days,
	bool_and(trend(digest, '2020-01-01Z', '2024-06-01Z') IS NOT DISTINCT FROM
		(CASE WHEN revenue > 0 THEN greatest(-6, least(6,
			12 * (moment::numeric(100, 40) / revenue -
			 (extract(epoch FROM timestamptz '2024-06-01Z') +
			  extract(epoch FROM timestamptz '2020-01-01Z')) / 2) /
			 extract(epoch FROM timestamptz '2024-06-01Z' - '2020-01-01Z')::numeric(100, 40))) END)::float8) AS trend
FROM whole JOIN plain USING (customer);
SELECT count(*), count(growth(b.digest, a.digest)) AS known,
	bool_and(growth(b.digest, a.digest) IS NOT DISTINCT FROM
		(CASE WHEN revenue(a.digest) > 0 THEN
			((revenue(b.digest) - revenue(a.digest))::numeric(100, 40) /
			 revenue(a.digest)) END)::float8) AS growth
FROM parts AS a JOIN parts AS b USING (customer)
WHERE a.part <> b.part;

-- Growth: a window without rows is revenue 0.
SELECT growth(d, d) AS steady, growth(NULL, d) AS stopped,
	growth(d, NULL) AS unknown_before, growth(NULL, NULL) AS unknown,
	growth(d, refund) AS from_negative, growth(d + d + d, d) AS tripled,
	growth(refund, d) AS turned
FROM (SELECT order_digest(3.0, '2024-01-01Z'), order_digest(-6.0, '2024-01-01Z')) AS v (d, refund);

-- Trend: steady, at either end, refunds at the end, beyond the window.
SELECT trend(order_digest(1.0, t), '2024-01-01Z', '2024-12-31Z') AS steady
FROM generate_series(timestamptz '2024-01-01Z', '2024-12-31Z', '1 day') AS t;
SELECT trend(order_digest(amount, t), '2024-01-01Z', '2024-12-31Z') AS straight_line
FROM generate_series(1, 366) AS day,
	LATERAL (SELECT timestamptz '2023-12-31 12:00Z' + day * interval '1 day',
					day::numeric) AS r (t, amount)
WHERE day < 366;
SELECT trend(order_digest(1.0, '2024-01-01Z'), '2024-01-01Z', '2024-12-31Z') AS at_the_start,
	trend(order_digest(1.0, '2024-12-31Z'), '2024-01-01Z', '2024-12-31Z') AS at_the_end,
	trend(order_digest(1.0, '2034-12-31Z'), '2024-01-01Z', '2024-12-31Z') AS clamped,
	trend(order_digest(0.0, '2024-12-31Z'), '2024-01-01Z', '2024-12-31Z') AS no_revenue;

-- Rates do not lose their exactness in large sums.
SELECT margin(order_digest(a, t, a)) AS one, margin(order_digest(a, t, a / 4)) AS quarter
FROM (VALUES (9007199254740993.12345677)) AS v (a),
	generate_series(timestamptz '2024-01-01Z', '2024-01-10Z', '1 day') AS t;

-- Margin is over the rows that gave a profit.
SELECT margin(order_digest(a, t, p)) AS sold_below_cost,
	margin(order_digest(a, t, p) FILTER (WHERE a = 50)) AS no_profit_given,
	margin(order_digest(a, t, p) FILTER (WHERE a <> 50)) AS refund_with_its_profit
FROM (VALUES (100.0, date '2024-01-01', -30.0), (50, '2024-01-02', NULL), (-20, '2024-01-03', 6)) AS v (a, t, p)
WHERE a > 0 OR p > 0;

-- A date is that day at 00:00 UTC: whole days in every zone.
CREATE TABLE held AS
SELECT order_digest(1.0, ordered_on) AS digest FROM (VALUES (date '2025-03-01'), ('2025-07-01')) AS v (ordered_on);
SELECT zone, set_config('TimeZone', zone, false) = zone AS set, first_order_at(d) = '2025-03-01 00:00Z' AS first,
	last_order_at(d) = '2025-07-01 00:00Z' AS last, d = digest AS same_digest,
	recency_days(digest, as_of), recency_days(digest, as_of) = as_of - date '2025-07-01' AS whole,
	tenure_days(digest, as_of)
FROM held, LATERAL (SELECT order_digest(1.0, ordered_on) AS d FROM (VALUES (date '2025-03-01'), ('2025-07-01')) AS v (ordered_on)) AS s,
	(VALUES (date '2025-12-01')) AS a (as_of),
	unnest('{UTC,Europe/Berlin,America/New_York,Pacific/Apia}'::text[]) AS zone;
RESET timezone;
SELECT order_digest(3::bigint, at) = order_digest(3.0, at) AS "bigint",
	order_digest(0.7::real, at) = order_digest(0.7, at) AS "real",
	order_digest(0.7::float8, at) = order_digest(0.7, at) AS "double",
	order_digest(3.0, at, 1.0) = order_digest(3.0, at::timestamp AT TIME ZONE 'UTC', 1.0) AS with_profit,
	order_digest(3.0, at, 1.0, 2.0) = order_digest(3.0, at::timestamp AT TIME ZONE 'UTC', 1.0, 2.0) AS with_quantity,
	order_digest(3.0, NULL::date) IS NULL AS null_date
FROM (VALUES (date '2024-02-29')) AS v (at) GROUP BY at;

-- Limits: 10^22, the first and the last time there is, sums far beyond.
SELECT order_digest(1e22, '4714-11-24 00:00:00+00 BC') AS first_time,
	order_digest(-1e22, '294276-12-31 23:59:59.999999Z') AS last_time;
SELECT revenue(rollup(d)) AS a_hundred_and_one, tenure_days(rollup(d), '294276-01-01Z')
FROM (SELECT order_digest(1e22, '4714-11-24 00:00:00+00 BC')
	  FROM generate_series(1, 101) AS i GROUP BY i) AS s (d);

-- Sums of amounts that cannot be negative have 127 bits, whatever the order.
SELECT order_digest(1e22, '2024-01-01Z') AS digest INTO most FROM generate_series(1, 1000);
DO $$
BEGIN
	FOR i IN 1 .. 17 LOOP
		UPDATE most SET digest = digest + digest;
	END LOOP;
END $$;
SELECT gross_revenue(digest) AS fits, order_count(digest) FROM most;
SELECT pg_temp.ct_error('SELECT digest + digest FROM most'),
	pg_temp.ct_error('SELECT rollup(digest) FROM (SELECT digest FROM most UNION ALL SELECT digest FROM most) AS s'),
	pg_temp.ct_error('SELECT rollup(digest) FROM (SELECT digest FROM most UNION ALL SELECT order_digest(-1e22, ''2024-01-01Z'')) AS s');
DROP TABLE most, held;

-- Errors.
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.ct_error('SELECT order_digest(a::numeric, now()) FROM (VALUES (''' || a || ''')) AS v (a)')
FROM unnest('{NaN, Infinity, -Infinity, 1e23, -10000000000000000000000.00000001}'::text[]) AS a;
SELECT pg_temp.ct_error('SELECT order_digest(a::float8, now()) FROM (VALUES (''' || a || ''')) AS v (a)')
FROM unnest('{NaN, Infinity, -Infinity, 3e22, -1.0000000000000002e22}'::text[]) AS a;
SET extra_float_digits = -10;
SELECT pg_temp.ct_error('SELECT order_digest(-1.0000000000000002e22::float8, now())');
RESET extra_float_digits;
SELECT pg_temp.ct_error($$SELECT order_digest(1.0, 'infinity')$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT order_digest(1.0, '-infinity')$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT order_digest(1.0, date 'infinity')$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT order_digest(1.0, date '294277-01-01')$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT recency_days(digest, date '-infinity') FROM example$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT customer_measures(digest, NULL, date 'infinity') FROM example$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT order_digest(1.0, now(), 'NaN')$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT order_digest(1.0, now(), 0, 1e30)$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT recency_days(digest, 'infinity') FROM example$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT tenure_days(digest, '-infinity') FROM example$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT trend(digest, '2024-01-02Z', '2024-01-01Z') FROM example$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT trend(digest, '2024-01-01Z', '2024-01-01 00:00:00.9Z') FROM example$$)
UNION ALL SELECT pg_temp.ct_error($$SELECT trend(digest, '2024-01-01Z', 'infinity') FROM example$$);

\pset format aligned
\pset tuples_only off

-- Text: JSON, the same in any session; keys in any order, white space
-- anywhere, numbers and fractions of seconds as JavaScript and others write them.
SELECT bool_and(digest::text::order_digest = digest) AS text_round_trip,
	bool_and(digest::text::jsonb::text::order_digest = digest) AS jsonb_round_trip,
	bool_and((digest::text::jsonb ->> 'gross')::numeric = gross_revenue(digest)) AS numbers, count(*) FROM parts;
SET timezone = 'Asia/Kathmandu';
SET datestyle = 'German';
SET extra_float_digits = -10;
SELECT digest FROM example;
RESET extra_float_digits;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SELECT E' {"last_at"\t:"2024-01-01T00:00:00.5000000Z","first_at": "2024-01-01T00:00:00.500Z",\n"moment":1.1360736E9 ,
	"gr\\u006fss": 15e-1 , "orders":1.0,"refunds": -0, "refunded": 0.00, "largest": 1.50000000000, "first_amount":0.015e+2}\r\n'::order_digest AS spaces;
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.ct_error(format('SELECT %L::order_digest', t))
FROM unnest(ARRAY['{}', '5', ' null', '"orders"', '[]', '[{"orders": 1}]',
	'{"orders": "1"}', '{"orders": null}', '{"orders": true}', '{"orders": {"orders": 1}}', '{"orders": [1]}',
	'{"orders": -1}', '{"orders": 1.5}', '{"orders": 9223372036854775808}', '{"orders": 1e999999}',
	'{"gross": 1e-9}', '{"gross": 0.123456789}', '{"gross": 31385508676933403819178947116038332080511777222320.17256448}',
	'{"largest": 10000000000000000000000.00000001}', '{"largest": "NaN"}',
	'{"first_at": "2000-02-30T00:00:00Z"}', '{"first_at": "2000-01-01T00:00:00+00"}', '{"first_at": 0}',
	'{"orders": 1, "refunds": 0, "Gross": 1}', '{"заказы": 1}', '{"\"": 1}', '{"": 1}',
	'{"orders": 1, "gross": 1, "orders" : 1}', '{"orders": 1, "refunds": 0, "refunded": 0, "gross": 1}',
	'{"orders": 1, "refunds": 0, "gross": 0, "refunded": 0, "first_amount": 0, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-01T00:00:00Z", "moment": 0}']) AS t;
SELECT pg_temp.ct_error(format('SELECT %L::order_digest', t))
FROM unnest(ARRAY['{"orders": 0, "refunds": 0, "gross": 0, "refunded": 0, "moment": 0}',
	'{"orders": 0, "refunds": 1, "gross": 0, "refunded": 0, "moment": 0}',
	'{"orders": 0, "refunds": 1, "gross": 0, "refunded": 1, "moment": 922337133120000}',
	'{"orders": 0, "refunds": 1, "gross": 0, "refunded": 1, "profit": 10000000000000000000001, "profit_revenue": -1, "moment": 0}',
	'{"orders": 0, "refunds": 1, "gross": 0, "refunded": 1, "profit": 1, "profit_revenue": 1, "moment": 0}',
	'{"orders": 0, "refunds": 1, "gross": 0, "refunded": 1, "profit": 1, "profit_revenue": -2, "moment": 0}',
	'{"orders": 1, "refunds": 0, "gross": 1, "refunded": 0, "moment": 0}',
	'{"orders": 1, "refunds": 0, "gross": 1, "refunded": 0, "largest": 1, "first_amount": 1, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-02T00:00:00Z", "moment": 0}',
	'{"orders": 2, "refunds": 0, "gross": 1, "refunded": 0, "largest": 2, "first_amount": 1, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-02T00:00:00Z", "moment": 0}',
	'{"orders": 2, "refunds": 0, "gross": 5, "refunded": 0, "largest": 2, "first_amount": 1, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-02T00:00:00Z", "moment": 0}',
	'{"orders": 2, "refunds": 0, "gross": 3, "refunded": 0, "largest": 1, "first_amount": 2, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-02T00:00:00Z", "moment": 0}',
	'{"orders": 2, "refunds": 0, "gross": 3, "refunded": 0, "largest": 2, "first_amount": 1, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-02T00:00:00Z", "moment": 259201}',
	'{"orders": 1099511627777, "refunds": 1, "gross": 3, "refunded": 1, "largest": 2, "first_amount": 1, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-02T00:00:00Z", "moment": 0}']) AS t;

-- Too many rows to store.
SELECT pg_temp.ct_error($$SELECT d + d FROM (SELECT '{"orders": 1099511627776, "refunds": 0, "gross": 0, "refunded": 0, "largest": 0, "first_amount": 0, "first_at": "2000-01-01T00:00:00Z", "last_at": "2000-01-02T00:00:00Z", "moment": 0}'::order_digest) AS s (d)$$);
\pset format aligned
\pset tuples_only off

-- Binary: COPY there and back; every byte of a message spoilt.
COPY parts TO PROGRAM 'cat > order_digest.copy' (FORMAT binary);
CREATE TABLE parts_back (LIKE parts);
COPY parts_back FROM PROGRAM 'cat order_digest.copy && rm order_digest.copy' (FORMAT binary);
SELECT count(*), bool_and(b.digest = p.digest) AS binary_round_trip
FROM parts AS p JOIN parts_back AS b USING (customer, part);
TRUNCATE parts_back;
COPY parts TO PROGRAM 'cat > order_digest.copy';
COPY parts_back FROM PROGRAM 'cat order_digest.copy && rm order_digest.copy';
SELECT count(*), bool_and(b.digest = p.digest) AS copy_round_trip
FROM parts AS p JOIN parts_back AS b USING (customer, part);
CREATE TEMP TABLE received (digest order_digest);
CREATE FUNCTION pg_temp.receive(message bytea) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	file oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) ||
		int4send(0) || int2send(1::int2) || int4send(length(message)) ||
		message || int2send((-1)::int2));
BEGIN
	PERFORM lo_export(file, 'order_digest.copy');
	PERFORM lo_unlink(file);
	RETURN pg_temp.ct_error('COPY received FROM PROGRAM ''cat order_digest.copy'' (FORMAT binary)');
END $$;
SELECT pg_temp.receive(order_digest_send(digest)) FROM example;
SELECT pg_temp.receive('');
SELECT pg_temp.receive(substr(order_digest_send(digest), 1, 195)) FROM example;
SELECT pg_temp.receive(order_digest_send(digest) || '\x00') FROM example;
SELECT pg_temp.receive(set_byte(order_digest_send(digest), 0, 2)) FROM example;
SELECT pg_temp.receive(set_byte(order_digest_send(digest), 3, 1)) FROM example;
SELECT substr(pg_temp.receive(set_byte(order_digest_send(digest), n, get_byte(order_digest_send(digest), n) # 129)), 1, 5) AS outcome,
	count(*)
FROM example, generate_series(0, 195) AS n GROUP BY 1 ORDER BY 1;
SELECT bool_and(digest::text::order_digest = digest) AS what_was_received_is_valid FROM received;
COPY (SELECT) TO PROGRAM 'cat > order_digest.copy && rm order_digest.copy';

-- Equality, grouping, ordering.
SELECT count(DISTINCT digest), count(*) FROM (SELECT digest FROM parts UNION ALL SELECT digest FROM parts_back) AS s;
SET enable_hashagg = off;
SELECT count(*) FROM (SELECT digest FROM (SELECT digest FROM parts UNION ALL SELECT digest FROM parts_back) AS s GROUP BY digest) AS g;
RESET enable_hashagg;
SELECT bool_and((a.digest < b.digest) = (b.digest > a.digest) AND
				(a.digest <= b.digest) = NOT (a.digest > b.digest) AND
				(a.digest >= b.digest) = (a.digest > b.digest OR a.digest = b.digest) AND
				(a.digest <> b.digest) = NOT (a.digest = b.digest)) AS consistent
FROM parts AS a, parts AS b WHERE a.part = 3 AND b.part IN (3, 4);
SELECT bool_and(amvalidate(oid)) AS valid, count(*) FROM pg_opclass WHERE opcname = 'order_digest_ops';

DROP TABLE example, orders, whole, parts, parts_back, by_hash, by_range CASCADE;
