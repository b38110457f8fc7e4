-- [001]
SELECT DATE_TRUNC(ordered_on, MONTH) AS m, COUNT(*) AS n, SUM(total) AS s, SAFE_DIVIDE(SUM(total), COUNT(*)) FROM orders GROUP BY m ORDER BY m
-- [002]
SELECT * FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) = 1
-- [003]
SELECT * EXCEPT (note) REPLACE (ROUND(total) AS total) FROM orders
-- [004]
SELECT id, item.sku, off FROM orders, UNNEST(items) AS item WITH OFFSET AS off WHERE off < 3
-- [005]
SELECT o.id, t FROM orders AS o LEFT JOIN UNNEST(o.tags) AS t
-- [006]
SELECT ARRAY_AGG(id ORDER BY total DESC LIMIT 3), ARRAY_AGG(DISTINCT status IGNORE NULLS), STRING_AGG(status, ', ' ORDER BY status), APPROX_QUANTILES(total, 4)[OFFSET(2)], APPROX_TOP_COUNT(status, 3), COUNTIF(total > 5), ANY_VALUE(note HAVING MAX total), LOGICAL_OR(total > 1), CORR(id, total), STDDEV_SAMP(total) FROM orders
-- [007]
SELECT STRUCT(id AS a, total AS b) AS s, ARRAY<INT64>[1, 2], [1, 2][SAFE_OFFSET(5)], ARRAY(SELECT x * 2 FROM UNNEST([1, 2]) AS x WHERE x > 1), ARRAY_LENGTH(tags), ARRAY_TO_STRING(tags, ','), 'x' IN UNNEST(tags) FROM orders
-- [008]
SELECT JSON_VALUE(details, '$.a'), JSON_QUERY(details, '$.b'), JSON_EXTRACT_SCALAR(details, '$.c'), JSON_QUERY_ARRAY(details, '$.items'), TO_JSON_STRING(details), PARSE_JSON('{"a": 1}').a, LAX_INT64(details.a) FROM orders
-- [009]
SELECT DATE_DIFF(shipped_at, ordered_on, DAY), DATE_ADD(ordered_on, INTERVAL 1 MONTH), TIMESTAMP_TRUNC(shipped_at, HOUR, 'Europe/Berlin'), FORMAT_DATE('%Y-%m', ordered_on), PARSE_DATE('%Y%m%d', '20240101'), EXTRACT(ISOWEEK FROM ordered_on), EXTRACT(DATE FROM shipped_at AT TIME ZONE 'UTC'), LAST_DAY(ordered_on, WEEK(MONDAY)), CURRENT_DATE('Europe/Berlin'), DATE(2024, 1, 1), UNIX_SECONDS(shipped_at), TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY) FROM orders
-- [010]
SELECT d, COALESCE(SUM(total), 0) FROM UNNEST(GENERATE_DATE_ARRAY('2024-01-01', '2024-01-31', INTERVAL 1 DAY)) AS d LEFT JOIN orders ON ordered_on = d GROUP BY d
-- [011]
SELECT * FROM (SELECT status, customer_id, total FROM orders) PIVOT (SUM(total) AS s, COUNT(*) AS n FOR status IN ('open', 'late' AS overdue))
-- [012]
SELECT * FROM (SELECT id, price, cost FROM products) UNPIVOT EXCLUDE NULLS (v FOR k IN (price, cost AS 'c'))
-- [013]
SELECT status, customer_id, SUM(total) FROM orders GROUP BY ROLLUP (status, customer_id)
-- [014]
SELECT status, SUM(total) FROM orders GROUP BY GROUPING SETS (status, ())
-- [015]
SELECT IF(total > 5, 'a', 'b'), IFNULL(note, '-'), SAFE_CAST(note AS INT64), CAST(total AS STRING), NULLIF(id, 0), GREATEST(id, 1), SAFE.SUBSTR(note, 0, 2), REGEXP_EXTRACT(note, r'(\d+)'), REGEXP_CONTAINS(note, r'^a'), REGEXP_REPLACE(note, r'\s+', ' '), SPLIT(note, '@')[OFFSET(0)], FORMAT('%05d', id), STARTS_WITH(note, 'a'), NET.HOST(note), TO_HEX(MD5(note)), FARM_FINGERPRINT(note), ROUND(total, 2), MOD(id, 7), IEEE_DIVIDE(1, 0) FROM orders
-- [016]
SELECT id, SUM(total) OVER (PARTITION BY customer_id ORDER BY UNIX_DATE(ordered_on) RANGE BETWEEN 7 PRECEDING AND CURRENT ROW), LAST_VALUE(note IGNORE NULLS) OVER w, PERCENTILE_CONT(total, 0.5) OVER (PARTITION BY status) FROM orders WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
-- [017]
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT n FROM t
-- [018]
SELECT * FROM orders FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)
-- [019]
SELECT * FROM orders TABLESAMPLE SYSTEM (10 PERCENT)
-- [020]
SELECT id FROM customers UNION DISTINCT SELECT id FROM products EXCEPT DISTINCT SELECT customer_id FROM orders
-- [021]
SELECT c.name FROM customers AS c WHERE EXISTS (SELECT 1 FROM orders AS o WHERE o.customer_id = c.id AND o.total > (SELECT AVG(total) FROM orders))
-- [022]
FROM orders |> WHERE total > 5 |> AGGREGATE SUM(total) AS s, COUNT(*) AS n GROUP BY status |> ORDER BY s DESC |> LIMIT 10
-- [023]
FROM orders |> EXTEND total * 2 AS dbl |> SET note = 'x' |> DROP tags |> JOIN customers USING (id) |> SELECT id, dbl
-- [024]
SELECT AS STRUCT id, total FROM orders
-- [025]
SELECT HLL_COUNT.EXTRACT(HLL_COUNT.INIT(customer_id)), APPROX_COUNT_DISTINCT(customer_id) FROM orders
-- [026]
SELECT ST_DISTANCE(ST_GEOGPOINT(1, 2), ST_GEOGPOINT(3, 4)), RANGE_BUCKET(total, [0, 10, 100]), GENERATE_UUID(), RAND() < 0.1, BIT_COUNT(id), DATETIME_DIFF(DATETIME '2024-01-02', DATETIME '2024-01-01', HOUR), TIME(10, 0, 0), INTERVAL 3 DAY, DATE '2024-01-01' FROM orders
