-- [plain]
SELECT id, total FROM orders WHERE status = 'open' ORDER BY total DESC LIMIT 10
-- [upper case]
SELECT ID FROM ORDERS
-- [quoted upper case is the same]
SELECT "ID" FROM "ORDERS"
-- [top]
SELECT TOP 10 id FROM orders
-- [qualify]
SELECT id FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) = 1
-- [flatten]
SELECT o.id, f.value FROM orders o, LATERAL FLATTEN(input => o.tags) f
-- [flatten with options]
SELECT f.index, f.value:name::STRING FROM orders o, LATERAL FLATTEN(INPUT => o.details, PATH => 'items', OUTER => TRUE) f
-- [table flatten]
SELECT value FROM TABLE(FLATTEN(input => PARSE_JSON('[1, 2]')))
-- [variant path]
SELECT details:a.b::STRING, details:items[0].name, details['a']['b']::NUMBER FROM orders
-- [casts]
SELECT total::NUMBER(10, 2), CAST(id AS VARCHAR), TRY_CAST(note AS INTEGER), TO_DATE('2024-01-01'), TO_VARCHAR(id), TRY_TO_NUMBER(note) FROM orders
-- [dateadd]
SELECT DATEADD(month, 1, ordered_on), DATEDIFF(day, ordered_on, CURRENT_DATE()), DATE_TRUNC('MONTH', ordered_on), YEAR(ordered_on), TO_CHAR(ordered_on, 'YYYY-MM'), DATE_PART(week, ordered_on) FROM orders
-- [interval]
SELECT ordered_on + INTERVAL '1 day' FROM orders
-- [iff and nvl]
SELECT IFF(total > 1, 'a', 'b'), NVL(note, '-'), NVL2(note, 1, 2), ZEROIFNULL(total), DECODE(status, 'open', 1, 0), NULLIFZERO(id), COALESCE(note, '') FROM orders
-- [string functions]
SELECT SPLIT_PART(note, ' ', 1), REGEXP_SUBSTR(note, '[0-9]+'), ILIKE(note, 'a%'), CONTAINS(note, 'a'), STARTSWITH(note, 'a'), LPAD(id::STRING, 5, '0'), INITCAP(note), CHARINDEX('a', note), note ILIKE ANY ('a%', 'b%'), RLIKE(note, 'x') FROM orders
-- [listagg]
SELECT LISTAGG(status, ', ') WITHIN GROUP (ORDER BY id), LISTAGG(DISTINCT status, ',') FROM orders
-- [aggregates]
SELECT APPROX_COUNT_DISTINCT(customer_id), MEDIAN(total), PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY total), ARRAY_AGG(id) WITHIN GROUP (ORDER BY id), OBJECT_AGG(id::STRING, total::VARIANT), COUNT_IF(total > 1), ANY_VALUE(note), MAX_BY(id, total), BOOLOR_AGG(total > 1), HASH_AGG(id), MODE(status) FROM orders
-- [semi structured]
SELECT OBJECT_CONSTRUCT('a', 1, 'b', id), ARRAY_CONSTRUCT(1, 2), ARRAY_SIZE(tags), PARSE_JSON('{}'), GET(tags, 0), GET_PATH(details, 'a.b'), TYPEOF(details), ARRAY_CONTAINS('x'::VARIANT, tags), {'a': 1}, [1, 2], OBJECT_KEYS(details) FROM orders
-- [pivot]
SELECT * FROM (SELECT status, total, customer_id FROM orders) PIVOT (SUM(total) FOR status IN ('open', 'late')) AS p
-- [pivot any]
SELECT * FROM (SELECT status, total FROM orders) PIVOT (SUM(total) FOR status IN (ANY ORDER BY status))
-- [unpivot]
SELECT * FROM (SELECT id, total, customer_id FROM orders) UNPIVOT (v FOR n IN (total, customer_id))
-- [sample]
SELECT * FROM orders SAMPLE (10)
-- [tablesample]
SELECT * FROM orders TABLESAMPLE BERNOULLI (20) SEED (3)
-- [sample rows]
SELECT * FROM orders SAMPLE (5 ROWS)
-- [time travel]
SELECT * FROM orders AT (OFFSET => -60)
-- [time travel timestamp]
SELECT * FROM orders AT (TIMESTAMP => '2024-01-01'::TIMESTAMP)
-- [time travel before]
SELECT * FROM orders BEFORE (TIMESTAMP => '2024-01-01 00:00:00'::TIMESTAMP_LTZ) AS o
-- [values]
SELECT column1, $2 FROM VALUES (1, 'a'), (2, 'b')
-- [values with alias]
SELECT v.a FROM (VALUES (1), (2)) AS v (a)
-- [generator]
SELECT SEQ4(), ROW_NUMBER() OVER (ORDER BY SEQ4()) FROM TABLE(GENERATOR(ROWCOUNT => 10))
-- [star exclude]
SELECT * EXCLUDE (note, tags) FROM orders
-- [star rename and replace]
SELECT * RENAME (total AS amount) FROM orders
-- [star ilike]
SELECT * ILIKE '%id%' FROM orders
-- [cte]
WITH big AS (SELECT * FROM orders WHERE total > 100) SELECT COUNT(*) FROM big
-- [recursive cte]
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
-- [connect by]
SELECT id, LEVEL FROM employees START WITH manager_id IS NULL CONNECT BY PRIOR id = manager_id
-- [match recognize]
SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer_id ORDER BY ordered_on MEASURES FIRST(total) AS f ONE ROW PER MATCH PATTERN (up+) DEFINE up AS total > LAG(total))
-- [asof join]
SELECT o.id FROM orders o ASOF JOIN analytics.events e MATCH_CONDITION (o.shipped_at >= e.at) ON o.id = e.user_id
-- [lateral subquery]
SELECT c.name, t.n FROM customers c, LATERAL (SELECT COUNT(*) AS n FROM orders o WHERE o.customer_id = c.id) t
-- [joins]
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id FULL OUTER JOIN products p USING (id)
-- [union and minus]
SELECT id FROM orders UNION ALL SELECT id FROM customers MINUS SELECT id FROM products
-- [group by all]
SELECT status, COUNT(*) FROM orders GROUP BY ALL
-- [grouping sets]
SELECT status, customer_id, GROUPING_ID(status) FROM orders GROUP BY GROUPING SETS ((status), (customer_id))
-- [rollup]
SELECT status, SUM(total) FROM orders GROUP BY ROLLUP (status)
-- [window]
SELECT id, SUM(total) OVER (PARTITION BY status ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), LAG(total) IGNORE NULLS OVER (ORDER BY id), RATIO_TO_REPORT(total) OVER (PARTITION BY status), CONDITIONAL_CHANGE_EVENT(status) OVER (ORDER BY id) FROM orders
-- [alias reuse]
SELECT total * 2 AS twice, twice + 1 AS more FROM orders WHERE twice > 3
-- [dollar quoted]
SELECT $$it's$$ AS t
-- [backslash escapes]
SELECT 'it\'s' AS t
-- [keywords in literals]
SELECT 'PUT file:// @stage; SYSTEM$WAIT' AS t
-- [slash comment]
SELECT id // the key
FROM orders
-- [higher order functions]
SELECT FILTER(tags, t -> t = 'x'), TRANSFORM(tags, t STRING -> t || 'y') FROM orders
-- [current time]
SELECT CURRENT_TIMESTAMP(), CURRENT_DATE, SYSDATE(), LOCALTIMESTAMP
-- [timezone]
SELECT CONVERT_TIMEZONE('UTC', 'Europe/Berlin', shipped_at), TO_TIMESTAMP_NTZ(0), TIME_SLICE(shipped_at, 15, 'MINUTE') FROM orders
-- [qualified]
SELECT e.kind FROM analytics.events e
-- [fetch]
SELECT id FROM orders ORDER BY id OFFSET 5 ROWS FETCH NEXT 3 ROWS ONLY
-- [any all]
SELECT id FROM orders WHERE total >= ALL (SELECT price FROM products) AND id IN (SELECT id FROM customers)
-- [equal null]
SELECT EQUAL_NULL(note, 'a'), note IS DISTINCT FROM 'b', HASH(id), MD5(note), SHA2(note, 256), UUID_STRING(), RANDOM() FROM orders
-- [time travel statement]
SELECT * FROM orders BEFORE (STATEMENT => '8e5d0ca9')
-- [with name of a listed table that has columns of its own]
WITH orders AS (SELECT id AS number, total * 2 AS twice FROM orders) SELECT orders.number, twice FROM orders WHERE orders.twice > 10 ORDER BY orders.number
-- [with name of a listed table beside another]
WITH customers AS (SELECT customer_id AS who, sum(total) AS spent FROM orders GROUP BY customer_id) SELECT customers.who, customers.spent FROM customers
-- [analyst 000]
SELECT note, DATE_TRUNC('month', shipped_at) AS m, SUM(total) FROM orders GROUP BY 1, 2 ORDER BY 2 DESC NULLS LAST
-- [analyst 002]
SELECT * FROM orders QUALIFY RANK() OVER (PARTITION BY note ORDER BY total DESC) <= 3
-- [analyst 005]
SELECT note, status, COUNT(*) FROM orders GROUP BY ROLLUP (note, status)
-- [analyst 007]
SELECT * FROM (SELECT note, status, total FROM orders) PIVOT (SUM(total) FOR status IN ('paid', 'open')) AS p
-- [analyst 010]
SELECT * FROM (SELECT id, total, customer_id FROM orders) UNPIVOT (v FOR metric IN (total, customer_id))
-- [analyst 012]
SELECT {'a': 1, 'b': total}, [1, 2, 3], ARRAY_CONTAINS('x'::VARIANT, ARRAY_CONSTRUCT('x')), ARRAY_AGG(id) WITHIN GROUP (ORDER BY total), OBJECT_AGG(status, total), ARRAY_UNIQUE_AGG(id) FROM orders GROUP BY total
-- [analyst 015]
SELECT SUM(total) OVER (PARTITION BY note ORDER BY shipped_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), AVG(total) OVER (ORDER BY shipped_at RANGE BETWEEN INTERVAL '7 days' PRECEDING AND CURRENT ROW) FROM orders
-- [analyst 017]
SELECT DATEADD(day, -7, CURRENT_DATE()), DATEDIFF('hour', shipped_at, CURRENT_TIMESTAMP()), DATEADD('month', 1, shipped_at), TIMESTAMPDIFF(minute, shipped_at, SYSDATE()), LAST_DAY(shipped_at), MONTHNAME(shipped_at), DAYOFWEEK(shipped_at), TO_CHAR(shipped_at, 'YYYY-MM'), TO_DATE('2024-01-01'), TO_TIMESTAMP_NTZ(0), DATE_PART(epoch_second, shipped_at), EXTRACT(week FROM shipped_at) FROM orders
-- [analyst 020]
SELECT name ILIKE ANY ('%a%', '%b%'), name LIKE ALL ('a%'), CONTAINS(name, 'a'), STARTSWITH(name, 'a'), ENDSWITH(name, 'z'), SPLIT_PART(city, '@', 2), SPLIT(name, ' ')[0], CHARINDEX('a', name), INITCAP(name), LPAD(id::STRING, 5, '0'), STRTOK(name, ' ', 1), EDITDISTANCE(name, 'x'), SHA2(city), MD5(city), COLLATE(name, 'en-ci') FROM customers
-- [analyst 022]
SELECT s.value, s.index FROM customers c, TABLE(SPLIT_TO_TABLE(c.name, ',')) AS s
-- [analyst 025]
SELECT ROW_NUMBER() OVER (ORDER BY NULL) - 1 AS n FROM TABLE(GENERATOR(ROWCOUNT => 100)) g
-- [analyst 027]
SELECT * FROM orders TABLESAMPLE BERNOULLI (20.3) SEED (42)
-- [analyst 030]
SELECT * FROM orders AT (OFFSET => -60*5)
-- [analyst 032]
SELECT * FROM orders BEFORE (TIMESTAMP => DATEADD(hour, -1, CURRENT_TIMESTAMP()))
-- [analyst 035]
SELECT * ILIKE '%id%' FROM orders
-- [analyst 037]
SELECT o.* EXCLUDE (id), c.name FROM orders o JOIN customers c ON c.id = o.customer_id
-- [analyst 040]
SELECT COUNT_IF(total > 1), COUNT(DISTINCT note, status), MAX_BY(id, total), MIN_BY(id, total, 3), BITAND_AGG(id), BOOLOR_AGG(total > 1), ANY_VALUE(status), STDDEV(total), VARIANCE(total), CORR(total, id), SKEW(total), KURTOSIS(total), REGR_SLOPE(total, id) FROM orders
-- [analyst 042]
WITH t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT n FROM t
-- [analyst 045]
SELECT $1, $2 FROM VALUES (1, 'a'), (2, 'b')
-- [analyst 047]
SELECT v.a FROM (VALUES (1, 2)) AS v (a, b)
-- [analyst 050]
SELECT id FROM orders EXCEPT SELECT id FROM customers UNION ALL SELECT 1 ORDER BY 1 LIMIT 10 OFFSET 5
-- [analyst 052]
SELECT TOP 10 id FROM orders ORDER BY total DESC
-- [analyst 055]
SELECT c.name, t.total FROM customers c, LATERAL (SELECT SUM(total) AS total FROM orders o WHERE o.customer_id = c.id) t
-- [analyst 057]
SELECT UNIFORM(1, 10, RANDOM()), RANDOM(), HASH(id), ROUND(total, 2), TRUNC(total), CEIL(total), MOD(id, 2), SQUARE(2), HAVERSINE(1, 2, 3, 4), LN(2), UUID_STRING() FROM orders
-- [analyst 060]
SELECT OBJECT_CONSTRUCT(o.*) FROM orders o
-- [analyst 062]
SELECT DATE_TRUNC(month, shipped_at), DATE_TRUNC('WEEK', shipped_at), TRUNC(shipped_at, 'MONTH'), YEAR(shipped_at), QUARTER(shipped_at), WEEKISO(shipped_at), DAYNAME(shipped_at) FROM orders
-- [analyst 065]
SELECT customer_id, SUM(total) AS total FROM orders GROUP BY customer_id HAVING total > 100 ORDER BY total DESC NULLS LAST LIMIT 10
-- [analyst 067]
SELECT * FROM orders WHERE shipped_at >= DATEADD('day', -30, CURRENT_TIMESTAMP()) AND status ILIKE '%pa%'
-- [analyst 070]
SELECT CREATED_AT::DATE AS d, COUNT(DISTINCT CUSTOMER_ID) FROM ORDERS GROUP BY d ORDER BY d
-- [analyst 072]
SELECT MEDIAN(total) OVER (PARTITION BY note), PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY total) OVER (PARTITION BY note) FROM orders
-- [analyst 075]
SELECT HOUR(shipped_at), MINUTE(shipped_at), DAYOFYEAR(shipped_at), EXTRACT(EPOCH FROM shipped_at), DATE_PART('dow', shipped_at), LAST_DAY(shipped_at, 'month'), PREVIOUS_DAY(shipped_at, 'mo') FROM orders
-- [analyst 077]
SELECT SUM(total) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), LAST_VALUE(total) IGNORE NULLS OVER (PARTITION BY note ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM orders
-- [analyst 080]
SELECT f.index, f.value FROM orders o, LATERAL FLATTEN(INPUT => STRTOK_TO_ARRAY(o.tags, ','), OUTER => TRUE) AS f
-- [analyst 082]
SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total > 5)
-- [analyst 085]
SELECT "Total" FROM (SELECT SUM(total) AS "Total" FROM orders)
-- [analyst 087]
SELECT GREATEST(total, 1), LEAST(total, 2), ROUND(total, 2), CEIL(total), FLOOR(total, 1), TRUNCATE(total, 1), ABS(total), SIGN(total), POWER(total, 2), SQRT(4), EXP(1), LOG(10, 100), MOD(id, 3), id % 2, DIV0(1, 0), BITAND(1, 2), TO_NUMBER('1') FROM orders
-- [analyst 090]
SELECT BOOLOR_AGG(total > 1), BITOR_AGG(id), KURTOSIS(total), SKEW(total), STDDEV_POP(total), VAR_SAMP(total), COVAR_POP(total, id), MODE(note), ANY_VALUE(note), MAX_BY(note, total) FROM orders
-- [analyst 092]
SELECT object_construct('a', id)::VARIANT:a::INT, PARSE_JSON('[1,2]')[0]::INT, TO_JSON(OBJECT_CONSTRUCT('a', 1)), ARRAY_CONTAINS(1::VARIANT, [1, 2]), ARRAY_SORT([3, 1]), ARRAY_DISTINCT([1, 1]), OBJECT_INSERT({}, 'a', 1), OBJECT_PICK({'a': 1}, 'a'), ARRAY_APPEND([1], 2), ARRAY_INTERSECTION([1], [1]), ARRAY_MAX([1, 2]) FROM orders
-- [analyst 095]
SELECT COLLATE(name, 'de'), name COLLATE 'en-ci' FROM customers ORDER BY 1
-- [analyst 097]
SELECT BASE64_ENCODE(name), HEX_ENCODE(name), MD5_HEX(name), SHA1(name), SHA2_HEX(name, 256), ZIPF(1, 10, RANDOM()), NORMAL(0, 1, RANDOM()), UNIFORM(0::FLOAT, 1::FLOAT, RANDOM()) FROM customers
-- [reader 001]
SELECT TRY_CAST('2024-01-01' AS DATE), TRY_CAST(note AS DATE), TRY_CAST(note AS VARCHAR(3)), TRY_CAST(note AS BOOLEAN), NOT TRY_CAST('yes' AS BOOLEAN), TRY_CAST(TRIM(note) AS INT) FROM orders
