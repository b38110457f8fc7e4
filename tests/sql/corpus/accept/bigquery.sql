-- [plain]
SELECT id, total FROM orders WHERE status = 'open' ORDER BY total DESC LIMIT 10 OFFSET 5
-- [backquoted path]
SELECT e.kind FROM `analytics.events` AS e
-- [backquoted parts]
SELECT e.kind FROM `analytics`.`events` e
-- [unnest]
SELECT o.id, t FROM orders AS o, UNNEST(o.tags) AS t
-- [unnest with offset]
SELECT x, off FROM UNNEST(['a', 'b']) AS x WITH OFFSET AS off
-- [left join unnest]
SELECT o.id, t FROM orders o LEFT JOIN UNNEST(o.tags) AS t
-- [correlated array]
SELECT o.id, t FROM orders o, o.tags AS t
-- [cross join unnest struct]
SELECT s.a FROM UNNEST([STRUCT(1 AS a, 'x' AS b), STRUCT(2, 'y')]) AS s
-- [array subquery]
SELECT ARRAY(SELECT t FROM UNNEST(tags) AS t WHERE t != 'x' ORDER BY t) FROM orders
-- [array aggregation]
SELECT ARRAY_AGG(id IGNORE NULLS ORDER BY total DESC LIMIT 3) FROM orders
-- [array agg offset]
SELECT customer_id, ARRAY_AGG(STRUCT(id, total) ORDER BY total DESC LIMIT 1)[OFFSET(0)].id FROM orders GROUP BY customer_id
-- [array access]
SELECT tags[OFFSET(0)], tags[SAFE_OFFSET(1)], tags[ORDINAL(1)], tags[0], ARRAY_LENGTH(tags), ARRAY_TO_STRING(tags, ','), GENERATE_ARRAY(1, 5), ARRAY_CONCAT(tags, ['x']), ARRAY_REVERSE(tags) FROM orders
-- [generate date array]
SELECT d FROM UNNEST(GENERATE_DATE_ARRAY('2024-01-01', '2024-01-31', INTERVAL 1 DAY)) AS d
-- [struct]
SELECT STRUCT(id AS a, status AS b), STRUCT<a INT64, b STRING>(1, 'x'), (1, 'x') FROM orders
-- [struct field]
SELECT details.a.b, o.details.c FROM orders o
-- [star except]
SELECT * EXCEPT (note, tags) FROM orders
-- [star replace]
SELECT * REPLACE (ROUND(total) AS total) FROM orders
-- [qualify]
SELECT id FROM orders WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) = 1
-- [safe functions]
SELECT SAFE_CAST(note AS INT64), SAFE_DIVIDE(total, 0), SAFE.SUBSTR(note, 1, 2), IFNULL(note, '-'), IF(total > 1, 'a', 'b') FROM orders
-- [date functions]
SELECT DATE_TRUNC(ordered_on, MONTH), DATE_DIFF(CURRENT_DATE(), ordered_on, DAY), DATE_ADD(ordered_on, INTERVAL 1 MONTH), FORMAT_DATE('%Y-%m', ordered_on), EXTRACT(WEEK FROM ordered_on), EXTRACT(ISOWEEK FROM ordered_on), PARSE_DATE('%Y', '2024'), DATE(2024, 1, 1) FROM orders
-- [week with start]
SELECT DATE_TRUNC(ordered_on, WEEK(MONDAY)), EXTRACT(WEEK(SUNDAY) FROM ordered_on) FROM orders
-- [timestamp functions]
SELECT TIMESTAMP_TRUNC(shipped_at, HOUR), TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), shipped_at, SECOND), TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY), TIMESTAMP_MICROS(1), UNIX_SECONDS(shipped_at), FORMAT_TIMESTAMP('%F', shipped_at, 'UTC'), DATETIME(shipped_at, 'Europe/Berlin'), EXTRACT(DATE FROM shipped_at) FROM orders
-- [literals]
SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00+00', NUMERIC '1.5', r'\d+', b'abc', """triple "quoted" text""", 'it\'s', "double", JSON '{"a": 1}'
-- [string functions]
SELECT SPLIT(note, ' '), REGEXP_EXTRACT(note, r'(\d+)'), REGEXP_CONTAINS(note, r'^a'), REGEXP_REPLACE(note, r'a', 'b'), STARTS_WITH(note, 'a'), CONCAT(status, '-', note), FORMAT('%d', id), LOWER(note), STRPOS(note, 'a'), SUBSTR(note, 1, 2), NORMALIZE(note), TO_HEX(MD5(note)) FROM orders
-- [json]
SELECT JSON_VALUE(details, '$.a'), JSON_EXTRACT_SCALAR(details, '$.b'), JSON_QUERY(details, '$.c'), TO_JSON_STRING(details), JSON_EXTRACT_ARRAY(details, '$.d'), PARSE_JSON('{}').a FROM orders
-- [aggregates]
SELECT COUNT(*), COUNTIF(total > 1), APPROX_COUNT_DISTINCT(id), APPROX_QUANTILES(total, 4)[OFFSET(2)], ANY_VALUE(note HAVING MAX total), STRING_AGG(status, ',' ORDER BY id LIMIT 3), LOGICAL_OR(total > 1), STDDEV(total), CORR(id, total), APPROX_TOP_COUNT(status, 3), MAX_BY(id, total), AVG(DISTINCT total), BIT_XOR(id) FROM orders
-- [window]
SELECT id, SUM(total) OVER (PARTITION BY status ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), LAG(total, 1, 0) OVER (ORDER BY id), PERCENTILE_CONT(total, 0.5) OVER (PARTITION BY status), FIRST_VALUE(note IGNORE NULLS) OVER w FROM orders WINDOW w AS (ORDER BY id)
-- [cte]
WITH big AS (SELECT * FROM orders WHERE total > 100) SELECT COUNT(*) FROM big
-- [recursive cte]
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
-- [set operations]
SELECT id FROM orders UNION ALL SELECT id FROM customers EXCEPT DISTINCT SELECT id FROM products
-- [union distinct]
SELECT id FROM orders UNION DISTINCT SELECT id FROM customers
-- [intersect distinct]
SELECT id FROM orders INTERSECT DISTINCT SELECT id FROM customers
-- [pivot]
SELECT * FROM (SELECT status, total, customer_id FROM orders) PIVOT (SUM(total) AS s FOR status IN ('open' AS o, 'late' AS l))
-- [unpivot]
SELECT * FROM (SELECT id, total, customer_id FROM orders) UNPIVOT (v FOR n IN (total, customer_id))
-- [tablesample]
SELECT * FROM orders TABLESAMPLE SYSTEM (10 PERCENT)
-- [time travel]
SELECT * FROM orders FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)
-- [group by rollup]
SELECT status, SUM(total) FROM orders GROUP BY ROLLUP (status)
-- [grouping sets]
SELECT status, customer_id, SUM(total) FROM orders GROUP BY GROUPING SETS (status, customer_id)
-- [group by all]
SELECT status, COUNT(*) FROM orders GROUP BY ALL
-- [in unnest]
SELECT id FROM orders WHERE 'x' IN UNNEST(tags) AND id IN (1, 2)
-- [like any]
SELECT id FROM orders WHERE note LIKE 'a%' AND note NOT LIKE 'b%' AND total BETWEEN 1 AND 5
-- [exists unnest]
SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM UNNEST(tags) AS t WHERE t = 'x')
-- [named window and having]
SELECT status, COUNT(*) AS n FROM orders GROUP BY status HAVING n > 1 ORDER BY n
-- [select as struct]
SELECT AS STRUCT id, total FROM orders
-- [select as value]
SELECT ARRAY(SELECT AS STRUCT id, total FROM orders)
-- [joins]
SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN products USING (id) CROSS JOIN employees FULL JOIN analytics.events e ON e.id = o.id
-- [hash comment]
SELECT id # the key
FROM orders
-- [case insensitive columns]
SELECT O.ID FROM orders o
-- [keywords in literals]
SELECT 'EXPORT DATA; EXTERNAL_QUERY(x)' AS t
-- [interval and extract]
SELECT CURRENT_DATE() - INTERVAL 1 DAY, EXTRACT(DAYOFWEEK FROM CURRENT_DATE()), LAST_DAY(CURRENT_DATE(), MONTH)
-- [casts]
SELECT CAST(id AS STRING), CAST(total AS FLOAT64), CAST(total AS NUMERIC), CAST('1' AS INT64), CAST(ordered_on AS STRING FORMAT 'YYYY'), CAST([1] AS ARRAY<INT64>) FROM orders
-- [hll]
SELECT HLL_COUNT.MERGE(s) FROM (SELECT HLL_COUNT.INIT(id) AS s FROM orders)
-- [net functions]
SELECT NET.HOST('http://a.b'), NET.REG_DOMAIN('http://a.b')
-- [hashes and uuid]
SELECT FARM_FINGERPRINT('a'), GENERATE_UUID(), SHA256('a'), TO_BASE64(b'a'), RAND()
-- [bits]
SELECT 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 2, MOD(7, 3), DIV(7, 3), POW(2, 3)
-- [dashed project not needed]
SELECT COUNT(*) FROM analytics.events
-- [pipe syntax]
FROM orders |> WHERE total > 1 |> AGGREGATE COUNT(*) AS n GROUP BY status
-- [correlated array in a subquery]
SELECT id, (SELECT COUNT(*) FROM o.tags AS t WHERE t = 'x') FROM orders o
-- [with name of a listed table that has columns of its own]
WITH orders AS (SELECT id AS number, total * 2 AS twice FROM orders) SELECT orders.number, twice FROM orders WHERE orders.twice > 10 ORDER BY orders.number
-- [with name of a listed table beside another]
WITH customers AS (SELECT customer_id AS who, sum(total) AS spent FROM orders GROUP BY customer_id) SELECT customers.who, customers.spent FROM customers
