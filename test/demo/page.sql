-- page.sql: what build/demo.html shows.  A section begins with a line "-- ##
-- chart: title", the text to it follows as comment, and then its query.

-- ## pyramids: The two pyramids
-- One percent of the customers are platinum. The picture has each tier's share
-- of the customers on the left, and its share of the revenue on the right.
SELECT tier, count(*) AS customers, sum(revenue) AS revenue,
	   round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS "% of customers",
	   round(100 * sum(revenue) / sum(sum(revenue)) OVER (), 1) AS "% of revenue"
FROM (SELECT revenue, tier(revenue, calibrate_ladder(revenue,
				'platinum top 1%, gold top 20%, iron top 50%, lead') OVER ())
	  FROM customer_metrics
	  WHERE revenue > 0) AS customers
GROUP BY tier
ORDER BY min(revenue) DESC;

-- ## lorenz: How unevenly revenue is spread
-- The Lorenz curve: what share of the revenue the least customers have. If all
-- spent alike it would be the straight line. The Gini coefficient is the area
-- between the two, as a share of the area below the line.
SELECT round(100 * (1 - f)) AS "% of customers",
	   round(100 * (1 - top_share(revenue, f)), 2) AS "% of revenue",
	   round(gini(revenue)::numeric, 3) AS gini
FROM customer_metrics,
	 unnest('{0.001,0.01,0.02,0.05,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1}'::float8[]) AS f
WHERE revenue > 0
GROUP BY f
ORDER BY f DESC;

-- ## movement: From tier to tier in a year
-- Who had which tier of the club at the beginning of 2025, and a year later.
-- Members who are members still are left out of the picture.
SELECT a.tier AS "1 January 2025", b.tier AS "1 January 2026",
	   count(*) AS customers
FROM club_tier_period AS a
	 JOIN club_tier_period AS b USING (customer_id),
	 tiering.ladder('club') AS l
WHERE a.period @> date '2025-01-01' AND b.period @> date '2026-01-01'
GROUP BY a.tier, b.tier, l
ORDER BY tier_rank(a.tier, l), tier_rank(b.tier, l);

-- ## sizes: The upper tiers over time
-- How many customers have each tier of the club, month after month. The others
-- are members.
SELECT day::date AS day,
	   count(*) FILTER (WHERE tier = 'platinum') AS platinum,
	   count(*) FILTER (WHERE tier = 'gold') AS gold,
	   count(*) FILTER (WHERE tier = 'silver') AS silver
FROM generate_series(timestamp '2025-01-01', '2026-01-01', '1 month') AS day
	 JOIN club_tier_period ON period @> day::date
GROUP BY day
ORDER BY day;
