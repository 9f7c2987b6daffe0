--
-- tier_policy: the text, its canonical form, and what is refused
--
CREATE FUNCTION pg_temp.ct_error(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE query;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE || ': ' || SQLERRM, nullif(detail, ''),
					 nullif(hint, ''));
END $$;

-- every form of every clause, as canonical text
SELECT t AS given, t::tier_policy AS canonical
FROM (VALUES (''), ('  '), ('review always'), ('review every 1 day'),
	('review every 90 days'), ('review every 12 months'), ('review every 1 years'),
	('review at end of month'), ('review at end of quarter'),
	('review at end of half'), ('review at end of year'),
	('review at end of next month'), ('review at end of next quarter'),
	('review at end of next half'), ('review at end of next year'),
	('review every 90 days to end of month'), ('review every 1 year to end of month'),
	('review at end of year from october'), ('review at end of next year from Apr'), ('review at end of year from january'),
	('review at end of half from october'), ('review at end of quarter from february'), ('review at end of quarter from may'),
	('review on anniversary'),
	('upgrade now'), ('review on anniversary, upgrade at review'),
	('drop to fit'), ('drop one step'), ('drop to base'), ('drop never'),
	('grace 30 days'), ('grace 1 month'),
	('keep at 80%'), ('keep at 80.50%'), ('keep at 1e1 %'), ('keep at 100%'),
	('keep at 0.0000000000000001%'), ('keep at 99.9999999999999999%'),
	('review every 36525 days, grace 36525 days'),
	('review every 1200 months, grace 1200 months'), ('review every 100 years'),
	('drop never, keep at 100.0%')) v(t);

-- clauses in any order and case, full-width punctuation, what says the default left out
SELECT t::tier_policy AS canonical
FROM (VALUES (E'KEEP AT 80%,\n\tGrace 2 Months, drop One step, Upgrade at Review, review Every 2 Years'),
	(U&'\3000drop\3000never,\00A0review\2003every\200990\202Fdays'),
	('drop to fit, upgrade now, review always, keep at 100%'),
	('review on anniversary，keep at 75％')) v(t);

-- what differs for a tier: labels in the order of their bytes, clauses that say nothing new left out
SELECT t::tier_policy AS canonical
FROM (VALUES ('review every 12 months, drop one step; diamond: drop never; gold: grace 3 months'),
	('; b: drop never; a: drop to base; "重要": keep at 5%; B: grace 1 day'), ('drop never;Gold:DROP Never;silver:drop to fit'),
	('grace 3 months; gold: grace 90 days, review always'), ('review every 1 year; gold: review every 12 months'),
	('upgrade at review, review on anniversary; gold: review every 12 months to end of month，upgrade now；"a;b: c": drop one step'),
	('; gold:'), ('; top-tier: drop never'), ('; "top": drop never'), ('drop never; gold: drop one step, grace 5 days'),
	('drop one step, grace 5 days; gold: drop never')) v(t);

-- the canonical text reads back to the same policy
SELECT count(*), bool_and(p::text::tier_policy = p AND p::text::tier_policy::text = p::text) AS same
FROM (SELECT concat_ws(', ', r, u, d, g, k)::tier_policy AS p
	FROM unnest(ARRAY['review every 45 days', 'review every 18 months', 'review at end of quarter',
			'review at end of next half', 'review on anniversary']) r,
		unnest(ARRAY[NULL, 'upgrade at review']) u,
		unnest(ARRAY[NULL, 'drop one step', 'drop to base']) d,
		unnest(ARRAY[NULL, 'grace 45 days', 'grace 3 months']) g,
		unnest(ARRAY[NULL, 'keep at 66.6666%']) k) s;

-- what behaves alike is equal, and only that
SELECT 'review every 2 years'::tier_policy = 'review every 24 months' AS years,
	'keep at 80%'::tier_policy = 'keep at 80.000%' AS zeros,
	'drop one step, review on anniversary'::tier_policy = 'review on anniversary, drop one step' AS order_of_clauses,
	'grace 30 days'::tier_policy = 'grace 1 months' AS days,
	'review at end of year'::tier_policy <> 'review at end of next year' AS next,
	'review every 12 months'::tier_policy <> 'review every 12 months to end of month' AS to_end,
	'review at end of quarter from may'::tier_policy = 'review at end of quarter from february' AS same_quarters,
	'; a: drop never; b: grace 1 day'::tier_policy = '; b: grace 1 day; a: drop never' AS order_of_tiers,
	'drop never; a: drop never'::tier_policy = 'drop never' AS nothing_new,
	'; a: drop never'::tier_policy <> '; b: drop never' AS labels;
SELECT count(*), bool_and(p::text::tier_policy = p AND p::text::tier_policy::text = p::text AND p::jsonb::tier_policy = p) AS same, count(DISTINCT p)
FROM (SELECT concat_ws('; ', base, 'a: ' || a, '"b;" : ' || b)::tier_policy AS p
	FROM unnest(ARRAY['', 'review every 3 months to end of month, grace 5 days', 'review at end of next half from march, upgrade at review, keep at 80%']) base,
		unnest(ARRAY[NULL, 'drop never', 'review on anniversary, grace 1 months', 'keep at 12.5%, drop to base']) a,
		unnest(ARRAY[NULL, 'review at end of year from october', 'grace 3 days, drop one step']) b) s;

-- comparison, sorting, grouping, hashing
WITH p(p) AS (SELECT t::tier_policy FROM unnest(ARRAY['', 'drop never', 'keep at 5%', 'grace 5 days',
	'review every 5 days', 'drop never', 'review always']) t)
SELECT count(*), count(DISTINCT p) AS different,
	(SELECT count(*) FROM (SELECT p FROM p GROUP BY p) g) AS groups,
	(SELECT bool_and((a.p < b.p)::int + (a.p = b.p)::int + (a.p > b.p)::int = 1
			AND (a.p <= b.p) = NOT (a.p > b.p) AND (a.p >= b.p) = NOT (a.p < b.p)
			AND (a.p <> b.p) = NOT (a.p = b.p)
			AND tier_policy_cmp(a.p, b.p) = - tier_policy_cmp(b.p, a.p)
			AND (a.p <> b.p OR tier_policy_hash(a.p) = tier_policy_hash(b.p)
				AND tier_policy_hash_extended(a.p, 7) = tier_policy_hash_extended(b.p, 7)))
		FROM p a, p b) AS lawful
FROM p;
SELECT opcname, amvalidate
FROM pg_opclass, pg_am, LATERAL (SELECT amvalidate(pg_opclass.oid)) v
WHERE opcname = 'tier_policy_ops' AND pg_am.oid = opcmethod ORDER BY amname;

-- stored, indexed, as part of a row
CREATE TABLE policy_store (id int, p tier_policy UNIQUE, EXCLUDE USING hash (p WITH =));
INSERT INTO policy_store VALUES (1, ''), (2, 'drop never'), (3, 'review on anniversary, keep at 12.5%'), (4, NULL);
SELECT * FROM policy_store ORDER BY id;
INSERT INTO policy_store VALUES (5, 'review always');
SELECT id FROM policy_store s WHERE s = ROW(3, 'keep at 12.5%, review on anniversary')::policy_store;
DROP TABLE policy_store;

-- binary form: a version byte and the canonical text, nothing else
SELECT tier_policy_send('drop one step') AS message,
	tier_policy_send('') AS empty;
CREATE TABLE policy_copy (p tier_policy);
\copy policy_copy FROM PROGRAM 'printf "PGCOPY\\012\\377\\015\\012\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\016\\001Drop one step\\000\\001\\000\\000\\000\\001\\001\\377\\377"' (FORMAT binary)
SELECT p, p = 'drop one step' AS first FROM policy_copy;
-- another version, a text that is no policy, nothing, a zero byte
\copy policy_copy FROM PROGRAM 'printf "PGCOPY\\012\\377\\015\\012\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\001\\002\\377\\377"' (FORMAT binary)
\copy policy_copy FROM PROGRAM 'printf "PGCOPY\\012\\377\\015\\012\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\005\\001drop\\377\\377"' (FORMAT binary)
\copy policy_copy FROM PROGRAM 'printf "PGCOPY\\012\\377\\015\\012\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\000\\377\\377"' (FORMAT binary)
\copy policy_copy FROM PROGRAM 'printf "PGCOPY\\012\\377\\015\\012\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\013\\001drop never\\000\\377\\377"' (FORMAT binary)
DROP TABLE policy_copy;

-- refused: where, and what to write instead
\pset format unaligned
\pset fieldsep '\n  '
SELECT t AS given, replace(pg_temp.ct_error(format('SELECT %L::tier_policy', t)),
	'invalid input syntax for type tier_policy: "' || t || '" | ', '') AS error
FROM (VALUES ('review every 12 months to end'), ('review every 12 months to end of year'), ('review at end of year from'), ('review at end of year from octember'),
	('review at end of month from may'), ('review on anniversary from may'), ('; drop never'), ('; gold drop never'), ('; gold: drop never; gold: grace 1 day'), ('; gold: keep'),
	('drop never; gold: grace 1 day;'), ('; top: drop never'), ('; gold: drop never, grace 1 day'), ('upgrade at review, review on anniversary; gold: review always'), ('; gold: upgrade at review'),
	('renew every year'), ('review'), ('review sometimes'), ('review every'),
	('review every year'), ('review every 0 days'), ('review every -1 months'),
	('review every 1.5 years'), ('review every 1e2 days'), ('review every 12'),
	('review every 12 weeks'), ('review every 1201 months'), ('review every 101 years'),
	('review every 36526 days'), ('review every 99999999999999999999 days'),
	('review at end'), ('review at end of'), ('review at end of next'),
	('review at end of week'), ('review at start of year'), ('review on birthday'), ('review on'),
	('upgrade'), ('upgrade later'), ('upgrade at end'), ('upgrade at'),
	('drop'), ('drop two steps'), ('drop one'), ('drop to'), ('drop to bronze'),
	('grace'), ('grace 1'), ('grace 1 years'), ('grace months'), ('grace 0 days'), ('grace 1201 months'),
	('keep'), ('keep 80%'), ('keep at 80'), ('keep at p%'), ('keep at 0%'), ('keep at -5%'),
	('keep at 100.1%'), ('keep at 100.0000000000000001%'), ('keep at 0.00000000000000001%'),
	('keep at 1e5000%'), ('keep at ' || repeat('9', 200) || '%'),
	('drop to fit,'), (',drop to fit'), ('drop to fit drop to base'), ('drop to fit;'),
	('"drop" never'), ('drop "never"'), ('drop never!'),
	('drop to fit, grace 1 months, drop to fit'), ('review always, review always'),
	('keep at 80%, keep at 80%'),
	('drop never, grace 1 months'), ('grace 1 months, review on anniversary, drop never'),
	('drop never, keep at 80%'), ('upgrade at review'), ('upgrade at review, review always'),
	('drop one step, 门槛 80%'), (repeat('x', 70))) v(t);
