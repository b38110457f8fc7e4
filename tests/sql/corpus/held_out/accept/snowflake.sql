-- [001]
SELECT DATE_TRUNC('month', ordered_on) AS m, SUM(total) AS revenue, SUM(total) - LAG(SUM(total)) OVER (ORDER BY m) AS diff FROM orders GROUP BY m ORDER BY m
-- [002]
SELECT * FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_on DESC) = 1
-- [003]
SELECT id, details:a.b[0]::STRING AS x, details['c']::NUMBER(10, 2), GET_PATH(details, 'a.b'), TRY_PARSE_JSON(note):k FROM orders
-- [004]
SELECT o.id, f.value:sku::STRING, f.index, f.key FROM orders o, LATERAL FLATTEN(INPUT => o.details:items, OUTER => TRUE, RECURSIVE => FALSE, MODE => 'ARRAY') f
-- [005]
SELECT o.id, f.value FROM orders o, TABLE(FLATTEN(o.tags)) f
-- [006]
SELECT * FROM (SELECT status, customer_id, total FROM orders) PIVOT (SUM(total) FOR status IN ('open', 'late') DEFAULT ON NULL (0)) AS p
-- [007]
SELECT * FROM (SELECT status, total, customer_id FROM orders) PIVOT (SUM(total) FOR status IN (ANY ORDER BY status))
-- [008]
SELECT * FROM (SELECT id, price, stock FROM products) UNPIVOT INCLUDE NULLS (v FOR k IN (price, stock))
-- [009]
SELECT DATEDIFF(day, ordered_on, shipped_at), DATEADD(month, -1, CURRENT_DATE()), LAST_DAY(ordered_on, 'quarter'), TO_CHAR(ordered_on, 'YYYY-MM'), YEAROFWEEKISO(ordered_on), TIME_SLICE(shipped_at, 15, 'MINUTE'), MONTHS_BETWEEN(shipped_at, ordered_on), CONVERT_TIMEZONE('UTC', 'Europe/Berlin', shipped_at), DATE_FROM_PARTS(2024, 1, 1), NEXT_DAY(ordered_on, 'mo') FROM orders
-- [010]
SELECT LISTAGG(DISTINCT status, ', ') WITHIN GROUP (ORDER BY status), ARRAY_AGG(id) WITHIN GROUP (ORDER BY total DESC), OBJECT_AGG(id, status::VARIANT), MEDIAN(total), APPROX_COUNT_DISTINCT(customer_id), PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY total), MODE(status), RATIO_TO_REPORT(SUM(total)) OVER (), COUNT_IF(total > 5), ANY_VALUE(note), HLL(id), MAX_BY(id, total), BOOLOR_AGG(total > 1) FROM orders GROUP BY customer_id
-- [011]
SELECT IFF(total > 5, 'a', 'b'), NVL(note, '-'), NVL2(note, 1, 2), ZEROIFNULL(total), DECODE(status, 'open', 1, 0), DIV0(total, id), NULLIFZERO(id), EQUAL_NULL(note, 'x'), TRY_TO_NUMBER(note), TO_VARCHAR(total), total::INT, SQUARE(id), REGEXP_REPLACE(note, '\\d', ''), REGEXP_SUBSTR(note, '\\w+', 1, 2, 'e', 1), note RLIKE 'a.*', SPLIT_PART(note, '@', 2), STRTOK(note, ' ', 1), CONTAINS(note, 'x'), STARTSWITH(note, 'a'), INITCAP(note), EDITDISTANCE(note, 'x') FROM orders
-- [012]
SELECT $1 AS a, $2 AS b FROM VALUES (1, 'x'), (2, 'y')
-- [013]
SELECT column1 FROM (VALUES (1), (2)) AS v
-- [014]
SELECT * EXCLUDE (note, tags) RENAME (total AS amount) FROM orders
-- [015]
SELECT * ILIKE '%id%' FROM orders
-- [016]
SELECT status, GROUPING_ID(status, customer_id), SUM(total) FROM orders GROUP BY CUBE (status, customer_id)
-- [017]
SELECT status, SUM(total) FROM orders GROUP BY ALL ORDER BY ALL
-- [018]
SELECT o.id, e.kind FROM orders o ASOF JOIN analytics.events e MATCH_CONDITION (o.shipped_at >= e.at) ON o.customer_id = e.user_id
-- [019]
SELECT * FROM orders AT (TIMESTAMP => '2024-01-01 00:00:00'::TIMESTAMP) WHERE id > 5
-- [020]
SELECT * FROM orders BEFORE (OFFSET => -60*5)
-- [021]
SELECT * FROM orders SAMPLE BERNOULLI (10) SEED (42)
-- [022]
SELECT * FROM orders TABLESAMPLE (100 ROWS)
-- [023]
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT n FROM t
-- [024]
SELECT id, name, SYS_CONNECT_BY_PATH(name, '/') FROM employees START WITH manager_id IS NULL CONNECT BY PRIOR id = manager_id
-- [025]
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer_id ORDER BY ordered_on MEASURES FIRST(total) AS first_total, COUNT(*) AS n ONE ROW PER MATCH PATTERN (down+ up+) DEFINE down AS total < LAG(total), up AS total > LAG(total))
-- [026]
SELECT SEQ4() AS n, DATEADD(day, n, '2024-01-01'::DATE) FROM TABLE(GENERATOR(ROWCOUNT => 31))
-- [027]
SELECT CONDITIONAL_TRUE_EVENT(total > 5) OVER (ORDER BY id), WIDTH_BUCKET(total, 0, 100, 10), SUM(total) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), LAST_VALUE(total IGNORE NULLS) OVER (ORDER BY id) FROM orders
-- [028]
SELECT OBJECT_CONSTRUCT('a', id, 'b', status), ARRAY_CONSTRUCT(1, 2), ARRAY_SIZE(tags), ARRAY_CONTAINS('x'::VARIANT, tags), PARSE_JSON('{"a":1}'):a, TYPEOF(details), ARRAY_TO_STRING(tags, ','), OBJECT_KEYS(details), FILTER(tags, t -> t = 'x'), TRANSFORM(tags, t STRING -> UPPER(t)) FROM orders
