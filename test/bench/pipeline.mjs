// pipeline.mjs ORDERS CUSTOMERS: the same figures by DuckDB, on its own columnar
// copy of what pipeline.sql generates; milliseconds, medians of three turns.
import { DuckDBInstance } from '@duckdb/node-api';

const [orders, customers] = process.argv.slice(2).map(Number);
const db = await (await DuckDBInstance.create(':memory:')).connect();

await db.run(`SET TimeZone = 'UTC';
CREATE TABLE orders AS
SELECT (i * 2654435761 % 4294967296 * ${customers} // 4294967296)::integer AS customer_id,
	((i * 40503 % 65536) / 100)::decimal(12, 2) AS amount,
	timestamptz '2024-01-01' + to_microseconds((i * (731 * 86400e6 / ${orders}))::bigint) AS ordered_at
FROM range(1, ${orders} + 1) AS r (i);
CREATE TABLE payments AS
SELECT (i * 2246822519 % 4294967296 * ${customers} // 4294967296)::integer AS customer_id,
	((i * 30011 % 65536) / 100)::decimal(12, 2) AS amount,
	date '2024-01-01' + (i * 1400 // ${orders})::integer AS due_on,
	CASE WHEN i % 20 > 0 THEN due_on + (i * 48271 % 100)::integer - 60 END AS paid_on
FROM range(1, ${orders} // 2 + 1) AS r (i);`);

const orderFigures = `SELECT customer_id, count(*) AS order_count, sum(amount) AS revenue, max(amount) AS largest_order,
	min(ordered_at) AS first_order_at, max(ordered_at) AS last_order_at FROM orders GROUP BY customer_id`;
const paymentFigures = `SELECT customer_id, sum(amount) AS billed, sum(amount) FILTER (paid_on <= date '2026-01-01') AS paid,
	sum(amount * CASE WHEN late <= 0 THEN 100 WHEN late <= 30 THEN 75 WHEN late <= 60 THEN 50 WHEN late <= 90 THEN 25 ELSE 0 END)
	/ nullif(sum(amount), 0) AS payment_score
	FROM (SELECT *, coalesce(least(paid_on, date '2026-01-01'), date '2026-01-01') - due_on AS late FROM payments) GROUP BY customer_id`;
const all = `WITH figures AS MATERIALIZED (
	SELECT customer_id, revenue, date_diff('microsecond', last_order_at, timestamptz '2026-01-01') / 86400e6 AS recency_days, order_count, payment_score
	FROM (${orderFigures}) FULL JOIN (${paymentFigures}) USING (customer_id)),
vals AS MATERIALIZED (
	SELECT customer_id, (50 * percent_rank() OVER (ORDER BY revenue) * 100 + 20 * percent_rank() OVER (ORDER BY recency_days DESC) * 100
		+ 10 * percent_rank() OVER (ORDER BY order_count) * 100 + 20 * coalesce(payment_score, 0)) / 100 AS value FROM figures),
ranked AS MATERIALIZED (SELECT customer_id, value, rank() OVER (ORDER BY value DESC) / (count(*) OVER ()) AS share FROM vals),
bounds AS MATERIALIZED (SELECT min(value) FILTER (share <= 0.01) AS a, min(value) FILTER (share <= 0.05) AS b, min(value) FILTER (share <= 0.2) AS c FROM ranked)
SELECT count(tier), sum(gap) FROM (
	SELECT CASE WHEN value >= a THEN 'A' WHEN value >= b THEN 'B' WHEN value >= c THEN 'C' ELSE 'D' END AS tier,
		CASE WHEN value >= a THEN NULL WHEN value >= b THEN 'A' WHEN value >= c THEN 'B' ELSE 'C' END AS next_tier,
		CASE WHEN value >= a THEN NULL WHEN value >= b THEN a - value WHEN value >= c THEN b - value ELSE c - value END AS gap
	FROM ranked, bounds)`;

const check = await (await db.runAndReadAll(`SELECT count(*), sum(revenue), sum(order_count) FROM (${orderFigures})`)).getRows();
console.log('DuckDB: %d customers, revenue %s, %d orders', Number(check[0][0]), String(check[0][1]), Number(check[0][2]));
for (const threads of [1, 2]) {
	await db.run(`SET threads = ${threads}`);
	for (const [what, query] of [['order figures', `SELECT count(revenue), sum(order_count), max(largest_order), max(first_order_at), max(last_order_at) FROM (${orderFigures})`],
		['payment figures', `SELECT count(payment_score), sum(billed), sum(paid) FROM (${paymentFigures})`], ['all', all]]) {
		const ms = [];
		for (let turn = 0; turn < 3; turn++) {
			const began = performance.now();
			await db.runAndReadAll(query);
			ms.push(performance.now() - began);
		}
		ms.sort((a, b) => a - b);
		console.log('DuckDB, %d thread%s: %s %d ms', threads, threads > 1 ? 's' : '', what, Math.round(ms[1]));
	}
}
