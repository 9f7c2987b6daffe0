-- track.sql: what noting customers adds to an insert into a table of orders, with
-- the indexes that refreshes want.  The loop is in the server, so that what a
-- statement costs beside, its way from the client and back, thins out nothing:
-- with it, fifty programs take 4 times what one does where it is 4.5 here.
DROP TABLE bench_values;
SET client_min_messages = warning;

CREATE TABLE metrics (customer integer, value numeric);
CREATE TABLE bare (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	customer integer, amount numeric(12, 2), ordered_at timestamptz DEFAULT now());
CREATE INDEX ON bare (customer, ordered_at);
CREATE TABLE tracked (LIKE bare INCLUDING ALL);
CREATE TABLE tracked_much (LIKE bare INCLUDING ALL);
CREATE TABLE noted (LIKE bare INCLUDING ALL);
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
		EXECUTE format('INSERT INTO %I (customer, amount) SELECT $1 + g, 5 FROM generate_series(1, $2) g', relation) USING i, rows;
	END LOOP;
END $$;
SELECT * FROM bench('an insert of 1 row, tracked', $$SELECT write('tracked', 5000, 1)$$, $$SELECT write('bare', 5000, 1)$$, 'SELECT', 1.35);
SELECT * FROM bench('an insert of 1 row, with a trigger for each row', $$SELECT write('noted', 5000, 1)$$, $$SELECT write('bare', 5000, 1)$$, 'SELECT', 1.35);
SELECT * FROM bench('an insert of 10 rows, tracked', $$SELECT write('tracked', 3000, 10)$$, $$SELECT write('bare', 3000, 10)$$, 'SELECT', 1.15);
SELECT * FROM bench('by 50 programs, against one', $$SELECT write('tracked_much', 2000, 1)$$, $$SELECT write('tracked', 2000, 1)$$, 'SELECT', 4.5);
