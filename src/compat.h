/*
 * compat.h
 *		Every difference between PostgreSQL 15 and later ones that concerns us.
 */
#ifndef CT_COMPAT_H
#define CT_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "customer_tier needs PostgreSQL 15 or newer"
#endif

#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#define CT_ESCONTEXT(fcinfo) ((fcinfo)->context)
#else
/* No soft errors yet: every error is raised. */
#define CT_ESCONTEXT(fcinfo) ((Node *) NULL)
#define errsave(context, ...) ereport(ERROR, __VA_ARGS__)
#endif

/*
 * What an action of the JSON parser returns: whether to go on.  Where it
 * cannot tell, an error has been raised.
 */
#if PG_VERSION_NUM >= 160000
#define CT_JSON_RESULT JsonParseErrorType
#define CT_JSON_RETURN(ok) \
	return (ok) ? JSON_SUCCESS : JSON_SEM_ACTION_FAILED
#else
#define CT_JSON_RESULT void
#define CT_JSON_RETURN(ok) ((void) (ok))
#endif

/* A lexer of a text in the database's encoding, which unescapes strings. */
#if PG_VERSION_NUM >= 170000
#define CT_JSON_LEXER(text, length) \
	makeJsonLexContextCstringLen(NULL, text, length, GetDatabaseEncoding(), \
								 true)
#else
#define CT_JSON_LEXER(text, length) \
	makeJsonLexContextCstringLen(text, length, GetDatabaseEncoding(), true)
#endif

/* A counted text, whose count does not count itself. */
#if PG_VERSION_NUM >= 170000
#define CT_SEND_COUNTED_TEXT(message, text, length) \
	pq_sendcountedtext(message, text, length)
#else
#define CT_SEND_COUNTED_TEXT(message, text, length) \
	pq_sendcountedtext(message, text, length, false)
#endif

/* May a role use a schema? */
#if PG_VERSION_NUM >= 160000
#define CT_MAY_USE_SCHEMA(schema, role) \
	(object_aclcheck(NamespaceRelationId, schema, role, ACL_USAGE) == \
	 ACLCHECK_OK)
#else
#define CT_MAY_USE_SCHEMA(schema, role) \
	(pg_namespace_aclcheck(schema, role, ACL_USAGE) == ACLCHECK_OK)
#endif

/* May a role call a function? */
#if PG_VERSION_NUM >= 160000
#define CT_MAY_EXECUTE(function, role) \
	(object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE) == \
	 ACLCHECK_OK)
#else
#define CT_MAY_EXECUTE(function, role) \
	(pg_proc_aclcheck(function, role, ACL_EXECUTE) == ACLCHECK_OK)
#endif

/*
 * The clauses by which a query is grouped, redundant ones left out where that
 * is known, and the order of the groups; aggregates may add to the latter.
 */
#if PG_VERSION_NUM >= 160000
#define CT_GROUP_CLAUSE(root) ((root)->processed_groupClause)
#define CT_GROUP_PATHKEYS(root) \
	list_copy_head((root)->group_pathkeys, (root)->num_groupby_pathkeys)
#else
#define CT_GROUP_CLAUSE(root) ((root)->parse->groupClause)
#define CT_GROUP_PATHKEYS(root) ((root)->group_pathkeys)
#endif

/* Its walker is of no type up to PostgreSQL 15, which C23 takes for one. */
#if PG_VERSION_NUM < 160000
#define expression_tree_walker(node, walker, context) \
	expression_tree_walker(node, (bool (*) ()) (walker), context)
#endif

/* How many tables an explained query has, the rows of its groups not counted. */
#if PG_VERSION_NUM >= 180000
#define CT_EXPLAINED_TABLES(es) ((es)->rtable_size)
#else
#define CT_EXPLAINED_TABLES(es) list_length((es)->rtable)
#endif

/* How many of its nodes the user has disabled: what a path has from below. */
#if PG_VERSION_NUM >= 180000
#define CT_INHERIT_DISABLED(path, child) \
	((path)->disabled_nodes = (child)->disabled_nodes)
#else
#define CT_INHERIT_DISABLED(path, child) ((void) 0)
#endif

/* Does a comparator of SortSupport compare datums as the integers they are? */
#if SIZEOF_DATUM >= 8
#define CT_COMPARES_INTEGERS(comparator) \
	((comparator) == ssup_datum_int32_cmp || \
	 (comparator) == ssup_datum_signed_cmp)
#else
#define CT_COMPARES_INTEGERS(comparator) \
	((comparator) == ssup_datum_int32_cmp)
#endif

/* PostgreSQL 18's, which stands before a declaration. */
#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

#endif							/* CT_COMPAT_H */
