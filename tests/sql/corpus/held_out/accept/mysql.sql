-- [001]
SELECT DATE_FORMAT(ordered_on, '%Y-%m') AS ym, COUNT(*) AS n, SUM(total) AS revenue, SUM(SUM(total)) OVER (ORDER BY DATE_FORMAT(ordered_on, '%Y-%m')) AS running FROM orders GROUP BY ym ORDER BY ym
-- [002]
SELECT customer_id, total, RANK() OVER (PARTITION BY customer_id ORDER BY total DESC) AS r FROM orders
-- [003]
SELECT ordered_on, AVG(total) OVER (ORDER BY ordered_on RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND CURRENT ROW) FROM orders
-- [004]
WITH RECURSIVE d AS (SELECT DATE('2024-01-01') AS day UNION ALL SELECT day + INTERVAL 1 DAY FROM d WHERE day < '2024-01-31') SELECT d.day, COALESCE(SUM(o.total), 0) FROM d LEFT JOIN orders o ON o.ordered_on = d.day GROUP BY d.day
-- [005]
SELECT IFNULL(country, 'Total') AS country, COUNT(*) FROM customers GROUP BY country WITH ROLLUP
-- [006]
SELECT country, GROUPING(country), COUNT(*) FROM customers GROUP BY country WITH ROLLUP
-- [007]
SELECT JSON_EXTRACT(details, '$.a'), details->'$.a', details->>'$.b', JSON_LENGTH(details, '$.items') FROM orders WHERE JSON_CONTAINS(details, '1', '$.a')
-- [008]
SELECT o.id, j.sku, j.qty FROM orders o, JSON_TABLE(o.details, '$.items[*]' COLUMNS (pos FOR ORDINALITY, sku VARCHAR(20) PATH '$.sku', qty INT PATH '$.qty' DEFAULT '0' ON EMPTY)) AS j
-- [009]
SELECT o.id, j.sku FROM orders o JOIN JSON_TABLE(o.details, '$.items[*]' COLUMNS (sku VARCHAR(20) PATH '$.sku')) AS j ON TRUE
-- [010]
SELECT c.name, t.id FROM customers c, LATERAL (SELECT id FROM orders o WHERE o.customer_id = c.id ORDER BY total DESC LIMIT 2) t
-- [011]
SELECT GROUP_CONCAT(DISTINCT status ORDER BY status SEPARATOR ' | ') FROM orders
-- [012]
SELECT YEARWEEK(ordered_on, 3), DAYOFWEEK(ordered_on), DATEDIFF(shipped_at, ordered_on), TIMESTAMPDIFF(HOUR, ordered_on, shipped_at), LAST_DAY(ordered_on), MAKEDATE(2024, 1), PERIOD_DIFF(202402, 202401), TO_DAYS(ordered_on), WEEKDAY(ordered_on) FROM orders
-- [013]
SELECT id FROM orders WHERE ordered_on >= DATE_SUB(CURDATE(), INTERVAL 3 MONTH) AND ordered_on < CURDATE() - INTERVAL WEEKDAY(CURDATE()) DAY
-- [014]
SELECT REGEXP_REPLACE(note, '[^0-9]', ''), REGEXP_LIKE(note, '^a', 'i'), note RLIKE 'b$', REGEXP_SUBSTR(note, '[a-z]+', 1, 2) FROM orders
-- [015]
SELECT SUM(status = 'open') AS open, SUM(IF(status = 'late', total, 0)) AS late, AVG(status = 'open') * 100 AS pct FROM orders
-- [016]
SELECT STDDEV_POP(total), VARIANCE(total), BIT_AND(id), JSON_ARRAYAGG(id), JSON_OBJECTAGG(id, status) FROM orders
-- [017]
SELECT CAST(total AS DECIMAL(10,2)), CONVERT(note USING utf8mb4), CONVERT(id, CHAR), CAST('12' AS UNSIGNED), CAST(shipped_at AS DATE), CAST(details AS JSON) FROM orders
-- [018]
SELECT id, CASE WHEN total < 50 THEN 'S' WHEN total < 200 THEN 'M' ELSE 'L' END AS size, COUNT(*) OVER () AS n FROM orders ORDER BY FIELD(status, 'late', 'open'), total DESC LIMIT 10 OFFSET 20
-- [019]
SELECT SUBSTRING_INDEX(note, '@', -1), LPAD(id, 6, '0'), CONCAT_WS(', ', status, note), REPLACE(note, 'a', 'b'), TRIM(BOTH 'x' FROM note), CHAR_LENGTH(note), ELT(1, 'a', 'b'), HEX(id), INSERT(note, 1, 2, 'z'), STRCMP(note, 'a') FROM orders
-- [020]
SELECT a.id FROM orders a LEFT JOIN orders b ON b.customer_id = a.customer_id AND b.id > a.id WHERE b.id IS NULL
-- [021]
SELECT id FROM orders WHERE (customer_id, total) IN (SELECT customer_id, MAX(total) FROM orders GROUP BY customer_id)
-- [022]
SELECT id DIV 10, id MOD 3, id % 7, id ^ 2, id | 1, ~id, id << 2, NOT id, !id, -id, id <=> NULL, id XOR 1 FROM orders
-- [023]
SELECT name FROM customers WHERE name LIKE 'a!%%' ESCAPE '!' UNION ALL (SELECT name FROM products ORDER BY price LIMIT 3) ORDER BY 1
-- [024]
SELECT * FROM (VALUES ROW(1, 'a'), ROW(2, 'b')) AS v(n, s)
-- [025]
SELECT CONVERT_TZ(shipped_at, 'UTC', 'Europe/Berlin'), UNIX_TIMESTAMP(shipped_at), FROM_UNIXTIME(1700000000, '%Y'), EXTRACT(DAY_HOUR FROM shipped_at), TIME_FORMAT(TIME(shipped_at), '%H:%i'), MAKETIME(1, 2, 3), MICROSECOND(shipped_at) FROM orders
-- [026]
SELECT FIRST_VALUE(total) OVER w, NTH_VALUE(total, 2) OVER w, LAG(total, 1, 0) OVER w, CUME_DIST() OVER w FROM orders WINDOW w AS (PARTITION BY status ORDER BY id)
-- [027]
SELECT COUNT(DISTINCT customer_id, status), ANY_VALUE(note) FROM orders GROUP BY customer_id HAVING COUNT(*) > 1 AND MAX(total) > 10
-- [028]
SELECT BIN_TO_UUID(UUID_TO_BIN('6ccd780c-baba-1026-9564-5b8c656024db')), MD5(note), SHA2(note, 256), CRC32(note), INET_NTOA(3232235777), FORMAT(total, 2), ROUND(total, -1), TRUNCATE(total, 1) FROM orders
