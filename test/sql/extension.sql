-- what must hold of every object of the extension

-- each has a comment; pg_dump takes none of them
SELECT pg_describe_object(classid, objid, 0) AS without_comment
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier')
	AND classid NOT IN ('pg_opfamily'::regclass)
	AND NOT (classid = 'pg_type'::regclass AND objid IN (SELECT typarray FROM pg_type))
	AND NOT (classid = 'pg_type'::regclass AND objid IN
		(SELECT reltype FROM pg_class WHERE relkind IN ('r', 'v') AND reltype <> 0))
	AND obj_description(objid, classid::regclass::name) IS NULL
ORDER BY 1;

-- the kernel is pure: immutable and parallel safe, all of it in C
SELECT p.oid::regprocedure AS impure
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier')
	AND p.pronamespace <> coalesce(to_regnamespace('tiering')::oid, 0)
	AND (p.proparallel <> 's' OR p.provolatile <> 'i'
		OR (p.prokind = 'f' AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')))
ORDER BY 1;

-- every aggregate can also be a window aggregate: its final function reads only
SELECT aggfnoid::regprocedure AS not_read_only
FROM pg_aggregate JOIN pg_depend ON objid = aggfnoid
WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_extension'::regclass
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier')
	AND aggfinalmodify <> 'r';

-- operator classes are complete
SELECT opcname, amname, amvalidate(c.oid)
FROM pg_opclass c
	JOIN pg_am a ON a.oid = c.opcmethod
	JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_opclass'::regclass
WHERE d.refclassid = 'pg_extension'::regclass
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'customer_tier')
	AND NOT amvalidate(c.oid);

-- it can be dropped and made again in a schema of one's own choice
CREATE SCHEMA "Crm x";
DROP EXTENSION customer_tier;
CREATE EXTENSION customer_tier SCHEMA "Crm x";
SELECT "Crm x".tier(5.0, 'gold >= 3, basic');
DROP EXTENSION customer_tier;
CREATE EXTENSION customer_tier;
DROP SCHEMA "Crm x";
