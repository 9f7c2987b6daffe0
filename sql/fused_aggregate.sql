-- fused_aggregate: grouped digests at the speed of memory

CREATE FUNCTION fused_support(internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ct_fused_support';
COMMENT ON FUNCTION fused_support(internal) IS
'The planner''s support function of the transition functions of order_digest, '
'payment_digest and their rollup: to ask it loads the library, which offers '
'the planner a fused aggregate for grouped queries, unless '
'customer_tier.enable_fused_aggregate is off. It changes no result.';

