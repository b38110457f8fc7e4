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
-- [analyst 000]
SELECT note, DATE_TRUNC(DATE(shipped_at), MONTH) AS m, SUM(total) FROM orders GROUP BY 1, 2 ORDER BY m DESC
-- [analyst 002]
SELECT * REPLACE (total * 2 AS total) FROM orders
-- [analyst 005]
SELECT id, SUM(total) OVER w FROM orders WINDOW w AS (PARTITION BY note ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
-- [analyst 007]
SELECT LAST_VALUE(total IGNORE NULLS) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), PERCENTILE_CONT(total, 0.5) OVER (PARTITION BY note), NTILE(4) OVER (ORDER BY id), LAG(total, 1, 0) OVER (ORDER BY id) FROM orders
-- [analyst 010]
SELECT note, status, SUM(total) FROM orders GROUP BY CUBE (note, status)
-- [analyst 012]
SELECT * FROM (SELECT note, status, total FROM orders) PIVOT (SUM(total) AS total, COUNT(*) AS n FOR status IN ('paid', 'open' AS o))
-- [analyst 015]
SELECT o.id, t, off FROM orders o CROSS JOIN UNNEST(o.tags_arr) AS t WITH OFFSET AS off
-- [analyst 017]
SELECT d, COUNT(o.id) FROM UNNEST(GENERATE_DATE_ARRAY('2024-01-01', '2024-01-31', INTERVAL 1 DAY)) AS d LEFT JOIN orders o ON DATE(o.shipped_at) = d GROUP BY d
-- [analyst 020]
SELECT STRUCT(1 AS a, 'x' AS b).a, STRUCT<a INT64, b STRING>(1, 'x'), ARRAY<STRUCT<x INT64>>[STRUCT(1)], (1, 2), ARRAY<INT64>[]
-- [analyst 022]
SELECT APPROX_COUNT_DISTINCT(id), APPROX_QUANTILES(total, 100)[OFFSET(50)], APPROX_TOP_COUNT(status, 3), APPROX_TOP_SUM(status, total, 3), COUNTIF(total > 1), ANY_VALUE(status HAVING MAX total), LOGICAL_OR(total > 1), HLL_COUNT.INIT(id), STDDEV_SAMP(total), CORR(total, id), MAX_BY(id, total), BIT_XOR(id) FROM orders
-- [analyst 025]
SELECT DATE_ADD(CURRENT_DATE(), INTERVAL 1 MONTH), DATE_SUB(CURRENT_DATE('UTC'), INTERVAL 1 QUARTER), DATE_DIFF(CURRENT_DATE, DATE '2024-01-01', WEEK(MONDAY)), LAST_DAY(CURRENT_DATE, MONTH), FORMAT_DATE('%b %Y', CURRENT_DATE), PARSE_DATE('%Y%m%d', '20240101'), DATE(2024, 1, 1), DATE_FROM_UNIX_DATE(1), EXTRACT(YEAR FROM CURRENT_DATE), PARSE_TIMESTAMP('%F', '2024-01-01'), DATETIME_DIFF(DATETIME '2024-01-02', DATETIME '2024-01-01', DAY), TIME_TRUNC(CURRENT_TIME(), HOUR)
-- [analyst 027]
SELECT REGEXP_CONTAINS(name, r'^a\d'), REGEXP_EXTRACT(city, r'@(.+)$'), REGEXP_REPLACE(name, r'(\w+)', r'\1!'), REGEXP_EXTRACT_ALL(name, r'[a-z]'), REGEXP_INSTR(name, 'a'), name LIKE '%x%', name LIKE ANY ('a%', 'b%') FROM customers
-- [analyst 030]
SELECT IF(total > 10, 'a', 'b'), IFNULL(status, ''), COALESCE(note, 'x'), NULLIF(total, 0), CASE WHEN total > 1 THEN 1 ELSE 0 END, GREATEST(1, 2), LEAST(1, 2), total IS NOT DISTINCT FROM 1, MOD(id, 2), DIV(id, 2), ROUND(total, 2), POW(2, 3), RAND(), SIGN(-1), LOG(10, 2), TRUNC(total), GENERATE_UUID(), RANGE_BUCKET(total, [0, 10, 100]), ABS(total) FROM orders
-- [analyst 032]
SELECT * FROM orders FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)
-- [analyst 035]
WITH a AS (SELECT * FROM orders), b AS (SELECT note, COUNT(*) n FROM a GROUP BY note) SELECT * FROM b WHERE n > 1
-- [analyst 037]
SELECT id FROM orders UNION DISTINCT SELECT id FROM customers ORDER BY id LIMIT 10 OFFSET 5
-- [analyst 040]
SELECT AS STRUCT id, total FROM orders
-- [analyst 042]
SELECT DISTINCT note FROM orders # hash comment
-- [analyst 045]
FROM orders |> WHERE total > 10 |> AGGREGATE SUM(total) AS total GROUP BY note |> ORDER BY total DESC |> LIMIT 10
-- [analyst 047]
SELECT NET.HOST(city), NET.REG_DOMAIN(city), NET.IP_FROM_STRING('1.2.3.4') FROM customers
-- [analyst 050]
SELECT SUM(COUNT(*)) OVER (ORDER BY DATE(shipped_at)) FROM orders GROUP BY DATE(shipped_at)
-- [analyst 052]
SELECT ARRAY_FILTER([1, 2, 3], e -> e > 1), ARRAY_TRANSFORM([1, 2], e -> e * 2), ARRAY_INCLUDES([1], 1), ARRAY_FIRST([1]), ARRAY_SUM([1, 2]), ARRAY_SLICE([1, 2], 0, 1)
-- [analyst 055]
SELECT FORMAT_TIMESTAMP('%Y-%m-%d %H:%M', shipped_at), FORMAT_DATE('%G-W%V', DATE(shipped_at)), EXTRACT(HOUR FROM shipped_at), EXTRACT(DATE FROM shipped_at AT TIME ZONE 'Europe/Berlin'), TIMESTAMP_TRUNC(shipped_at, DAY, 'UTC'), DATETIME_TRUNC(DATETIME(shipped_at), MONTH) FROM orders
-- [analyst 057]
SELECT ARRAY_AGG(STRUCT(id, total)), ARRAY_CONCAT_AGG([id]), STRING_AGG(CAST(id AS STRING), ',' ORDER BY id DESC LIMIT 5) FROM orders
-- [analyst 060]
SELECT note, SUM(total) total FROM orders GROUP BY note HAVING total > 10 ORDER BY total DESC LIMIT 5
-- [analyst 062]
SELECT LOWER(name), REGEXP_EXTRACT(city, r'@([^.]+)\.') AS dom, REGEXP_REPLACE(name, r'[^a-z]', ''), SUBSTR(name, -3), SPLIT(name, ' ')[SAFE_OFFSET(0)], LENGTH(name), REPLACE(name, 'a', 'b'), CONTAINS_SUBSTR(name, 'x'), ENDS_WITH(name, 'a'), BYTE_LENGTH(name), ASCII(name), CHR(65), UNICODE(name), TO_BASE64(CAST(name AS BYTES)), SAFE_CONVERT_BYTES_TO_STRING(b'a'), RTRIM(name), LTRIM(name, 'a'), RPAD(name, 5), REPEAT(name, 2), COLLATE(name, 'und:ci') FROM customers
-- [analyst 065]
WITH days AS (SELECT day FROM UNNEST(GENERATE_DATE_ARRAY(DATE_SUB(CURRENT_DATE(), INTERVAL 6 DAY), CURRENT_DATE())) AS day) SELECT days.day, IFNULL(SUM(o.total), 0) FROM days LEFT JOIN orders o ON DATE(o.shipped_at) = days.day GROUP BY 1
-- [analyst 067]
SELECT note, status, SUM(total) OVER (PARTITION BY note ORDER BY shipped_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), RANK() OVER (PARTITION BY note ORDER BY total DESC), LEAD(shipped_at) OVER (PARTITION BY customer_id ORDER BY shipped_at), FIRST_VALUE(total IGNORE NULLS) OVER (PARTITION BY note ORDER BY id) FROM orders
-- [analyst 070]
SELECT o.id FROM orders AS o INNER JOIN UNNEST([1, 2, 3]) AS n ON o.id = n
-- [analyst 072]
SELECT LOGICAL_AND(total > 1), MAX_BY(note, total), MIN_BY(note, total), ARRAY_AGG(DISTINCT note IGNORE NULLS), BIT_AND(id), VAR_SAMP(total), STDDEV(total), COVAR_POP(total, id), GROUPING(note) FROM orders GROUP BY ROLLUP (note)
-- [analyst 075]
SELECT PARSE_DATE('%Y-%m-%d', '2024-01-01'), PARSE_DATETIME('%F %T', '2024-01-01 10:00:00'), PARSE_TIME('%T', '10:00:00'), SAFE.PARSE_DATE('%F', 'x'), DATE_TRUNC(CURRENT_DATE(), ISOWEEK), DATE_TRUNC(CURRENT_DATE(), WEEK(SUNDAY)), LAST_DAY(CURRENT_DATE(), WEEK)
-- [analyst 077]
SELECT * FROM orders WHERE shipped_at >= TIMESTAMP('2024-01-01 00:00:00+00') AND shipped_at < TIMESTAMP '2024-02-01 00:00:00 UTC'
-- [analyst 080]
SELECT ST_ASTEXT(ST_GEOGPOINT(lng, lat)), ST_GEOHASH(ST_GEOGPOINT(1, 2), 5), ST_AREA(ST_BUFFER(ST_GEOGPOINT(1, 2), 10)), ST_CONTAINS(ST_GEOGFROMTEXT('POINT(1 2)'), ST_GEOGPOINT(1, 2)) FROM (SELECT 1.0 AS lng, 2.0 AS lat)
-- [analyst 082]
SELECT t.* FROM (SELECT 1 AS a, 2 AS b) AS t
-- [analyst 085]
SELECT * FROM (SELECT note, total FROM orders) PIVOT (SUM(total) FOR note IN ('EU' AS eu, 'US' AS us))
-- [reader 001]
SELECT id, note FROM orders FULL OUTER UNION ALL BY NAME SELECT id, name FROM customers
-- [reader 002]
SELECT id, note FROM orders LEFT UNION ALL BY NAME ON (id) SELECT id, name FROM customers ORDER BY id
-- [reader 003]
SELECT id FROM orders UNION ALL CORRESPONDING SELECT id, name FROM customers
-- [reader 004]
SELECT id FROM orders INNER UNION DISTINCT BY NAME ON (id) SELECT id, name FROM customers
-- [array of an earlier alias in brackets]
SELECT o.id, t FROM (orders AS o CROSS JOIN o.tags AS t)
-- [array inside a subquery of a subquery]
SELECT ARRAY(SELECT y FROM (SELECT t AS y FROM o.tags AS t)) AS n FROM orders AS o
