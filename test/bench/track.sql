-- track.sql: what noting customers adds to an insert, against what the least
-- trigger for each row adds that does the same.  Where that makes 1.22 of a
-- single insert, 1.6 of what it adds makes 1.35.
DROP TABLE bench_values;
SET client_min_messages = warning;

CREATE TABLE metrics (customer integer, value numeric);
CREATE TABLE bare (customer integer, amount numeric);
CREATE TABLE tracked (LIKE bare);
CREATE TABLE tracked_much (LIKE bare);
CREATE TABLE noted (LIKE bare);
CREATE TABLE queue (customer integer);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO queue VALUES (NEW.customer);
	RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT ON noted FOR EACH ROW EXECUTE FUNCTION note();
SELECT count(tiering.create_program('p' || i, 'metrics', 'customer', 'a >= 1, b', value => 'value')) AS programs
FROM generate_series(1, 50) i;
SELECT tiering.track('p1', 'tracked', 'customer');
SELECT count(tiering.track('p' || i, 'tracked_much', 'customer')) AS tracking FROM generate_series(1, 50) i;

-- statements of so many rows, one after the other
CREATE FUNCTION write(relation text, statements integer, rows integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. statements LOOP
		EXECUTE format('INSERT INTO %I SELECT $1 + g, 5 FROM generate_series(1, $2) g', relation) USING i, rows;
	END LOOP;
END $$;
SELECT * FROM bench('tracking, 1 row', $$SELECT write('tracked', 5000, 1)$$, $$SELECT write('noted', 5000, 1)$$, $$SELECT write('bare', 5000, 1)$$, 1.6);
SELECT * FROM bench('tracking, 10 rows', $$SELECT write('tracked', 3000, 10)$$, $$SELECT write('noted', 3000, 10)$$, $$SELECT write('bare', 3000, 10)$$, 0.5);
SELECT * FROM bench('tracking by 50 programs, against one', $$SELECT write('tracked_much', 1000, 1)$$, $$SELECT write('tracked', 1000, 1)$$, 'SELECT', 4);
