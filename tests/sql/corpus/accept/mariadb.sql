-- [values constructor]
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t
-- [intersect all]
SELECT id FROM customers INTERSECT ALL SELECT customer_id FROM orders
-- [median window]
SELECT id, MEDIAN(total) OVER (PARTITION BY status) FROM orders
-- [percentile]
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY total) OVER (PARTITION BY status) FROM orders
-- [json query]
SELECT JSON_QUERY(details, '$.a'), JSON_VALUE(details, '$.b'), JSON_EXISTS(details, '$.c') FROM orders
-- [offset fetch]
SELECT id FROM orders ORDER BY id OFFSET 5 ROWS FETCH NEXT 3 ROWS ONLY
-- [nvl]
SELECT NVL(note, '-'), NVL2(note, 1, 2) FROM orders
-- [natural sort]
SELECT name FROM customers ORDER BY NATURAL_SORT_KEY(name)
-- [except with order]
SELECT id FROM customers EXCEPT SELECT customer_id FROM orders ORDER BY id
-- [group concat limit]
SELECT GROUP_CONCAT(id ORDER BY id SEPARATOR ',') FROM orders
-- [regexp]
SELECT id FROM orders WHERE note REGEXP '(?i)abc'
-- [window frame]
SELECT SUM(total) OVER (ORDER BY id RANGE BETWEEN 3 PRECEDING AND CURRENT ROW) FROM orders
-- [to char]
SELECT TO_CHAR(ordered_on, 'YYYY-MM') FROM orders
-- [hash comment]
SELECT 1 # one
-- [json table beside its table]
SELECT o.id, j.n FROM orders o, JSON_TABLE(o.details, '$.items[*]' COLUMNS (pos FOR ORDINALITY, n INT PATH '$.n')) AS j
-- [json table joined]
SELECT o.id, j.n FROM orders o JOIN JSON_TABLE(o.details, '$.b[*]' COLUMNS (n INT PATH '$')) AS j ON TRUE WHERE j.n > 1
-- [with name of a listed table that has columns of its own]
WITH orders AS (SELECT id AS number, total * 2 AS twice FROM orders) SELECT orders.number, twice FROM orders WHERE orders.twice > 10 ORDER BY orders.number
-- [with name of a listed table beside another]
WITH customers AS (SELECT customer_id AS who, sum(total) AS spent FROM orders GROUP BY customer_id) SELECT customers.who, customers.spent FROM customers
-- [analyst 000]
SELECT note, SUM(total) FROM orders GROUP BY note WITH ROLLUP
-- [analyst 002]
SELECT DISTINCT note, MEDIAN(total) OVER (PARTITION BY note) AS med FROM orders
-- [analyst 005]
SELECT JSON_VALUE(details, '$.a'), JSON_QUERY(details, '$.b'), JSON_EXTRACT(details, '$.c'), JSON_EXISTS(details, '$.d'), JSON_DETAILED(details), JSON_LOOSE(details), JSON_COMPACT(details) FROM orders
-- [analyst 007]
SELECT JSON_ARRAYAGG(id ORDER BY id LIMIT 5), JSON_OBJECTAGG(id, status) FROM orders
-- [analyst 012]
SELECT id FROM orders INTERSECT ALL SELECT id FROM customers
-- [analyst 015]
WITH RECURSIVE d(n) AS (SELECT 1 UNION SELECT n + 1 FROM d WHERE n < 12) SELECT n FROM d
-- [analyst 017]
SELECT * FROM (VALUES (1, 2), (3, 4)) v
-- [analyst 020]
SELECT FIRST_VALUE(total) OVER w, LAST_VALUE(total) OVER w, NTH_VALUE(total, 2) OVER w FROM orders WINDOW w AS (PARTITION BY note ORDER BY id)
-- [analyst 022]
SELECT TIMESTAMPDIFF(DAY, shipped_at, NOW()), DATEDIFF(CURDATE(), shipped_at), TIMESTAMPADD(HOUR, 2, shipped_at), LAST_DAY(shipped_at), WEEKOFYEAR(shipped_at) FROM orders
-- [analyst 025]
SELECT CAST(total AS DOUBLE), CAST(id AS UNSIGNED INTEGER), CONVERT(total, DECIMAL(10, 2)), CAST(shipped_at AS DATETIME(3)), CAST(id AS VARCHAR(10)) FROM orders
-- [analyst 027]
SELECT * FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE country = 'DE')
-- [analyst 032]
SELECT ROUND(AVG(total), 2), TRUNCATE(SUM(total), 0), CEIL(MAX(total)), MOD(MIN(id), 3), POWER(2, 3), SQRT(4), LN(2), LOG2(8), PI() FROM orders
-- [analyst 035]
SELECT CASE WHEN total < 10 THEN 'low' WHEN total < 100 THEN 'mid' ELSE 'high' END bucket, COUNT(*) FROM orders GROUP BY bucket
-- [analyst 040]
SELECT LEFT(name, 1) AS initial, COUNT(*) FROM customers GROUP BY 1 ORDER BY 2 DESC, 1
-- [analyst 042]
SELECT x'4D', 0xFF, b'11', 1.5e2, 'a''b', "c", TRUE, NULL FROM orders
-- [analyst 045]
SELECT CRC32C(name), CRC32(name), SHA1(name), MD5(name), TO_BASE64(name) FROM customers
-- [analyst 047]
SELECT DENSE_RANK() OVER (ORDER BY SUM(total)) r, note FROM orders GROUP BY note
-- [analyst 050]
(SELECT 1 AS a) UNION ALL (SELECT 2) ORDER BY a DESC LIMIT 1
-- [analyst 055]
SELECT c.name, SUM(CASE WHEN o.status = 'paid' THEN o.total ELSE 0 END) AS paid FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.id GROUP BY c.id, c.name HAVING paid > 0 ORDER BY paid DESC LIMIT 10 OFFSET 5
-- [analyst 057]
WITH ranked AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY shipped_at DESC) AS rn FROM orders) SELECT * FROM ranked WHERE rn = 1
-- [analyst 060]
SELECT TIMESTAMPDIFF(YEAR, city, CURDATE()) FROM customers
-- [analyst 062]
SELECT SUM(total) OVER (ORDER BY shipped_at ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) / 7 AS ma7 FROM orders
-- [analyst 065]
SELECT HOUR(shipped_at) h, DAYNAME(shipped_at) d, COUNT(*) FROM orders GROUP BY 1, 2 ORDER BY FIELD(d, 'Monday', 'Tuesday')
-- [analyst 067]
SELECT DISTINCT SUBSTRING_INDEX(SUBSTRING_INDEX(tags, ',', n.n), ',', -1) FROM orders JOIN (SELECT 1 n UNION ALL SELECT 2 UNION ALL SELECT 3) n ON CHAR_LENGTH(tags) - CHAR_LENGTH(REPLACE(tags, ',', '')) >= n.n - 1
-- [analyst 070]
SELECT `order`.`id` FROM `orders` AS `order` WHERE `order`.`id` BETWEEN 1 AND 10
-- [analyst 072]
SELECT EXTRACT(QUARTER FROM shipped_at), MAKEDATE(YEAR(shipped_at), 1) + INTERVAL QUARTER(shipped_at) QUARTER - INTERVAL 1 QUARTER FROM orders
-- [analyst 075]
SELECT UNIX_TIMESTAMP(shipped_at) DIV 900 * 900 AS bucket, FROM_UNIXTIME(UNIX_TIMESTAMP(shipped_at) DIV 3600 * 3600), COUNT(*) FROM orders GROUP BY 1, 2
-- [analyst 077]
SELECT STR_TO_DATE(CONCAT(YEARWEEK(shipped_at), ' Monday'), '%X%V %W') FROM orders
-- [analyst 080]
SELECT NOW(3), CURRENT_TIMESTAMP(6), UTC_DATE(), CURTIME(), LOCALTIME, LOCALTIMESTAMP, UNIX_TIMESTAMP()
-- [reader 001]
SELECT INTERVAL 3 DAY + '2024-01-01', INTERVAL (1 + 2) DAY + '2024-01-01', INTERVAL '1:30' HOUR_MINUTE + '2024-01-01 10:00:00', INTERVAL 1 DAY + 20240101
-- [reader 002]
SELECT country, n, CASE WHEN n > 3 THEN 'many' ELSE 'few' END AS size FROM (SELECT country, COUNT(*) AS n FROM customers GROUP BY country) t ORDER BY FIELD(country, 'Spain', 'France'), country
-- [reader 003]
VALUES (1, 'a'), (2, 'b')
-- [reader 004]
WITH v (code, label) AS (VALUES ('open', 'Open'), ('late', 'Late')) SELECT v.label, COUNT(o.id) FROM v LEFT JOIN orders o ON o.status = v.code GROUP BY v.label ORDER BY v.label
-- [reader 005]
WITH RECURSIVE c (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n FROM c ORDER BY n
-- [reader 006]
SELECT o.id, j.* FROM orders o, JSON_TABLE(o.details, '$.b[*]' COLUMNS (pos FOR ORDINALITY, n INT PATH '$' DEFAULT '7' ON EMPTY DEFAULT '8' ON ERROR, has_a INT EXISTS PATH '$.a')) AS j
-- [reader 007]
SELECT customer_id, GROUP_CONCAT(DISTINCT status ORDER BY status SEPARATOR '; ' LIMIT 2) AS some FROM orders GROUP BY customer_id ORDER BY customer_id
-- [fetch with ties]
SELECT id FROM orders ORDER BY total OFFSET 1 ROWS FETCH FIRST 2 ROWS WITH TIES
-- [fetch with ties inside]
SELECT id FROM (SELECT id FROM orders ORDER BY total FETCH NEXT 3 ROWS WITH TIES) AS x
