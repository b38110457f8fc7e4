-- [constant]
SELECT 1
-- [plain]
SELECT id, total FROM orders WHERE status = 'open' ORDER BY total DESC LIMIT 10
-- [backquotes]
SELECT `id`, `o`.`total` AS `Total Amount` FROM `orders` AS `o`
-- [trailing semicolon]
SELECT count(*) FROM orders;
-- [hash comment]
SELECT id FROM orders # all of them
-- [dash comment]
SELECT id -- the key
FROM orders
-- [block comment]
SELECT /* the key */ id FROM orders
-- [double quoted string]
SELECT id FROM orders WHERE status = "open"
-- [quote escaped by doubling]
SELECT 'it''s' AS t, "say ""hi""" AS u
-- [limit with comma]
SELECT id FROM orders ORDER BY id LIMIT 5, 10
-- [limit offset]
SELECT id FROM orders ORDER BY id LIMIT 10 OFFSET 5
-- [join kinds]
SELECT o.id, c.name, p.name FROM orders o INNER JOIN customers c ON c.id = o.customer_id LEFT JOIN products p ON p.id = o.id
-- [right and cross join]
SELECT c.id FROM orders o RIGHT OUTER JOIN customers c ON o.customer_id = c.id CROSS JOIN products p
-- [join using]
SELECT id FROM customers JOIN products USING (id)
-- [natural join]
SELECT * FROM (SELECT id, total FROM orders) a NATURAL JOIN (SELECT id, name FROM customers) b
-- [straight join]
SELECT o.id FROM orders o STRAIGHT_JOIN customers c ON c.id = o.customer_id
-- [comma join]
SELECT o.id FROM orders o, customers c WHERE c.id = o.customer_id
-- [nested join]
SELECT o.id FROM orders o LEFT JOIN (customers c JOIN products p ON p.id = c.id) ON c.id = o.customer_id
-- [derived table]
SELECT t.n FROM (SELECT status, COUNT(*) AS n FROM orders GROUP BY status) AS t WHERE t.n > 1
-- [group concat]
SELECT GROUP_CONCAT(DISTINCT status ORDER BY status DESC SEPARATOR '; ') FROM orders
-- [group concat plain]
SELECT customer_id, GROUP_CONCAT(id) FROM orders GROUP BY customer_id
-- [with rollup]
SELECT status, SUM(total) FROM orders GROUP BY status WITH ROLLUP
-- [having alias]
SELECT status, COUNT(*) AS n FROM orders GROUP BY status HAVING n > 3 ORDER BY n DESC
-- [distinct]
SELECT DISTINCT status, customer_id FROM orders
-- [count distinct several]
SELECT COUNT(DISTINCT status, customer_id) FROM orders
-- [if functions]
SELECT IF(total > 10, 'big', 'small'), IFNULL(note, '-'), NULLIF(id, 0), COALESCE(note, status, '?') FROM orders
-- [case]
SELECT CASE WHEN total > 100 THEN 'a' WHEN total > 10 THEN 'b' ELSE 'c' END AS size FROM orders
-- [date arithmetic]
SELECT DATE_ADD(ordered_on, INTERVAL 1 MONTH), ordered_on - INTERVAL 7 DAY, DATE_SUB(ordered_on, INTERVAL 2 HOUR), ADDDATE(ordered_on, 3) FROM orders
-- [compound interval]
SELECT DATE_ADD(shipped_at, INTERVAL '1:30' HOUR_MINUTE) FROM orders
-- [timestampdiff]
SELECT TIMESTAMPDIFF(MONTH, ordered_on, NOW()), TIMESTAMPADD(DAY, 3, ordered_on), DATEDIFF(NOW(), ordered_on) FROM orders
-- [date format]
SELECT DATE_FORMAT(ordered_on, '%Y-%m') AS month, SUM(total) FROM orders GROUP BY month
-- [date parts]
SELECT YEAR(ordered_on), MONTH(ordered_on), DAY(ordered_on), QUARTER(ordered_on), WEEK(ordered_on, 3), DAYNAME(ordered_on), EXTRACT(YEAR_MONTH FROM ordered_on), LAST_DAY(ordered_on) FROM orders
-- [now variants]
SELECT NOW(), CURDATE(), CURRENT_DATE, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(3), UTC_TIMESTAMP(), SYSDATE(), UNIX_TIMESTAMP(), FROM_UNIXTIME(0)
-- [str to date]
SELECT STR_TO_DATE('2024-01-05', '%Y-%m-%d'), MAKEDATE(2024, 32), SEC_TO_TIME(3600), TIME_TO_SEC('01:00:00')
-- [string functions]
SELECT CONCAT(status, '-', id), CONCAT_WS(',', status, note), SUBSTRING(note, 1, 3), SUBSTRING(note FROM 2 FOR 3), SUBSTRING_INDEX(note, ' ', 1), LOCATE('a', note), INSTR(note, 'a'), REPLACE(note, 'a', 'b'), LPAD(id, 5, '0'), TRIM(LEADING 'x' FROM note), UPPER(note), CHAR_LENGTH(note), REVERSE(note), LEFT(note, 2), FIELD(status, 'a', 'b'), FIND_IN_SET('a', note), FORMAT(total, 2) FROM orders
-- [position]
SELECT POSITION('a' IN note) FROM orders
-- [regexp]
SELECT id FROM orders WHERE note REGEXP '^n[0-9]+' OR note RLIKE 'x' OR note NOT REGEXP 'y'
-- [regexp functions]
SELECT REGEXP_REPLACE(note, '[0-9]', ''), REGEXP_SUBSTR(note, '[a-z]+'), REGEXP_INSTR(note, 'o') FROM orders
-- [like escape]
SELECT id FROM orders WHERE note LIKE '10|%' ESCAPE '|'
-- [operators]
SELECT 7 DIV 2, 7 MOD 2, 7 % 2, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 3, 16 >> 2, -(-1), !0
-- [null safe equal]
SELECT id FROM orders WHERE note <=> NULL
-- [logical words]
SELECT id FROM orders WHERE (total > 1 AND NOT status = 'x') XOR id = 3
-- [logical signs]
SELECT id FROM orders WHERE total > 1 && id > 2 || id = 7
-- [in and between]
SELECT id FROM orders WHERE id IN (1, 2, 3) AND total BETWEEN 1 AND 5 AND status NOT IN ('a', 'b')
-- [in subquery]
SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE country = 'France')
-- [exists]
SELECT name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)
-- [any]
SELECT id FROM orders WHERE total > ANY (SELECT price FROM products) AND total >= ALL (SELECT price FROM products)
-- [row comparison]
SELECT id FROM orders WHERE (status, customer_id) = ('open', 3) OR (id, total) IN (SELECT id, price FROM products)
-- [scalar subquery]
SELECT c.name, (SELECT SUM(o.total) FROM orders o WHERE o.customer_id = c.id) AS spent FROM customers c
-- [window]
SELECT id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) AS rn, SUM(total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM orders
-- [named window]
SELECT id, RANK() OVER w, DENSE_RANK() OVER w FROM orders WINDOW w AS (ORDER BY total)
-- [lag lead]
SELECT id, LAG(total, 1) OVER (ORDER BY id), LEAD(total) OVER (ORDER BY id), FIRST_VALUE(total) OVER (ORDER BY id), NTILE(4) OVER (ORDER BY id) FROM orders
-- [cte]
WITH big AS (SELECT * FROM orders WHERE total > 100) SELECT status, COUNT(*) FROM big GROUP BY status
-- [two ctes]
WITH a AS (SELECT id FROM orders), b AS (SELECT id FROM a) SELECT COUNT(*) FROM a JOIN b USING (id)
-- [recursive cte]
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
-- [recursive tree]
WITH RECURSIVE tree AS (SELECT id, manager_id, 1 AS depth FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.manager_id, t.depth + 1 FROM employees e INNER JOIN tree t ON t.id = e.manager_id) SELECT * FROM tree
-- [cte shadows a listed table]
WITH orders AS (SELECT 1 AS id) SELECT id FROM orders
-- [union]
SELECT name FROM customers UNION ALL SELECT name FROM products ORDER BY name LIMIT 5
-- [parenthesised union]
(SELECT id FROM orders ORDER BY id LIMIT 3) UNION (SELECT id FROM customers ORDER BY id LIMIT 3)
-- [intersect and except]
SELECT id FROM customers INTERSECT SELECT customer_id FROM orders
-- [except]
SELECT id FROM customers EXCEPT SELECT customer_id FROM orders
-- [json functions]
SELECT JSON_EXTRACT(details, '$.a'), JSON_UNQUOTE(JSON_EXTRACT(details, '$.b')), JSON_OBJECT('id', id), JSON_ARRAY(1, 2), JSON_CONTAINS(details, '1', '$.a'), JSON_LENGTH(details), JSON_KEYS(details) FROM orders
-- [json aggregates]
SELECT JSON_ARRAYAGG(id), JSON_OBJECTAGG(id, status) FROM orders
-- [json value]
SELECT JSON_VALUE(details, '$.a') FROM orders
-- [aggregates]
SELECT AVG(total), MIN(total), MAX(total), STD(total), STDDEV_SAMP(total), VAR_POP(total), BIT_OR(id), COUNT(*) FROM orders
-- [math]
SELECT ROUND(total, 1), CEIL(total), FLOOR(total), TRUNCATE(total, 1), POW(2, 3), SQRT(9), ABS(-1), MOD(7, 2), GREATEST(1, 2), LEAST(1, 2), LOG(2, 8), RAND(1), SIGN(-3), PI(), CRC32('a'), CONV('a', 16, 2) FROM orders
-- [cast]
SELECT CAST(total AS SIGNED), CAST(id AS CHAR), CAST(total AS DECIMAL(10, 2)), CAST('2024-01-01' AS DATE), CONVERT(id, CHAR), CONVERT(note USING utf8mb4) FROM orders
-- [binary comparison]
SELECT id FROM orders WHERE BINARY status = 'Open'
-- [collate]
SELECT status FROM orders ORDER BY status COLLATE utf8mb4_general_ci
-- [charset introducer]
SELECT _utf8mb4'abc' AS t, N'abc' AS n
-- [hex and bit literals]
SELECT 0xFF, x'4D7953514C', b'101', 1e3, .5
-- [date literals]
SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01 10:00:00', TIME '10:00:00'
-- [boolean literals]
SELECT TRUE, FALSE, NULL, NOT TRUE IS TRUE, 1 IS NOT NULL
-- [uuid and hashes]
SELECT UUID(), MD5('a'), SHA1('a'), SHA2('a', 256), HEX('a'), TO_BASE64('a'), INET_ATON('10.0.0.1')
-- [index hint]
SELECT id FROM orders USE INDEX (PRIMARY) WHERE id = 1
-- [qualified schema]
SELECT e.kind, COUNT(*) FROM analytics.events e GROUP BY e.kind
-- [fully qualified column]
SELECT analytics.events.kind FROM analytics.events
-- [keywords inside literals]
SELECT 'DROP TABLE x; INTO OUTFILE' AS t, "LOAD_FILE('/etc/passwd')" AS u
-- [quoted keyword columns]
SELECT o.id AS `select`, o.total AS `from`, o.status AS `order` FROM orders o
-- [alias as string]
SELECT id AS 'The Id' FROM orders
-- [dual]
SELECT 1 + 1 FROM DUAL
-- [minus minus]
SELECT 5 - -2 AS n
-- [any value]
SELECT customer_id, ANY_VALUE(status) FROM orders GROUP BY customer_id
-- [order by field]
SELECT id FROM orders ORDER BY FIELD(status, 'open', 'late'), total IS NULL, total DESC
-- [group by position]
SELECT status, COUNT(*) FROM orders GROUP BY 1 ORDER BY 2 DESC
-- [sound and soundex]
SELECT name FROM customers WHERE name SOUNDS LIKE 'Smith' OR SOUNDEX(name) = 'S530'
-- [interval function elt]
SELECT ELT(2, 'a', 'b'), INTERVAL(5, 1, 3, 7), EXPORT_SET(5, 'Y', 'N'), MAKE_SET(1, 'a', 'b')
-- [upper case columns]
SELECT O.ID FROM orders O WHERE O.STATUS = 'open'
-- [sql no cache]
SELECT SQL_NO_CACHE id FROM orders
-- [json table beside its table]
SELECT o.id, j.n FROM orders o, JSON_TABLE(o.details, '$.items[*]' COLUMNS (pos FOR ORDINALITY, n INT PATH '$.n')) AS j
-- [json table joined]
SELECT o.id, j.n FROM orders o JOIN JSON_TABLE(o.details, '$.b[*]' COLUMNS (n INT PATH '$')) AS j ON TRUE WHERE j.n > 1
-- [with name of a listed table that has columns of its own]
WITH orders AS (SELECT id AS number, total * 2 AS twice FROM orders) SELECT orders.number, twice FROM orders WHERE orders.twice > 10 ORDER BY orders.number
-- [with name of a listed table beside another]
WITH customers AS (SELECT customer_id AS who, sum(total) AS spent FROM orders GROUP BY customer_id) SELECT customers.who, customers.spent FROM customers
-- [analyst 000]
SELECT note, DATE_FORMAT(shipped_at, '%Y-%m') AS m, SUM(total) AS total FROM orders GROUP BY note, m WITH ROLLUP
-- [analyst 002]
SELECT id, SUM(total) OVER (PARTITION BY customer_id ORDER BY shipped_at ROWS UNBOUNDED PRECEDING) AS running FROM orders
-- [analyst 005]
SELECT GROUP_CONCAT(DISTINCT status ORDER BY status DESC SEPARATOR '; ') FROM orders GROUP BY note
-- [analyst 007]
SELECT DATE_ADD(shipped_at, INTERVAL 1 MONTH), DATE_SUB(NOW(), INTERVAL '1:30' HOUR_MINUTE), shipped_at + INTERVAL 3 DAY, DATEDIFF(NOW(), shipped_at), LAST_DAY(shipped_at) FROM orders
-- [analyst 015]
WITH RECURSIVE seq (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < 100) SELECT n FROM seq
-- [analyst 020]
SELECT `o`.`id`, `o`.`total` FROM `orders` AS `o` WHERE `o`.`status` = "paid" AND o.note <=> NULL
-- [analyst 022]
SELECT id FROM orders WHERE total DIV 10 = 1 AND total MOD 3 = 0 AND total % 2 = 0 AND id & 1 AND id << 2 > 1 AND ~id > 0
-- [analyst 030]
SELECT o.id FROM orders o USE INDEX (PRIMARY) WHERE o.id > 3
-- [analyst 035]
SELECT * FROM orders WHERE (note, status) IN (SELECT note, status FROM orders GROUP BY 1, 2 HAVING COUNT(*) > 2)
-- [analyst 037]
SELECT * FROM orders NATURAL LEFT JOIN (SELECT id, country FROM customers) c
-- [analyst 040]
SELECT TIMESTAMP '2024-01-01 00:00:00', DATE '2024-01-01', TIME '10:00:00', 0x1F, b'101', N'abc', _utf8mb4'x' COLLATE utf8mb4_bin, 1e5
-- [analyst 042]
SELECT name COLLATE utf8mb4_general_ci AS n FROM customers ORDER BY n COLLATE utf8mb4_bin ASC
-- [analyst 045]
SELECT WEEKDAY(shipped_at), DAYNAME(shipped_at), TIMEDIFF(NOW(), shipped_at), ADDTIME('01:00:00', '00:30:00'), TIMESTAMPADD(WEEK, 1, shipped_at), DATE_FORMAT(shipped_at, '%x-W%v') FROM orders
-- [analyst 047]
WITH a AS (SELECT 1 AS n), b AS (SELECT n + 1 AS n FROM a) SELECT * FROM a, b
-- [analyst 050]
SELECT a.id, b.id FROM orders a CROSS JOIN orders b ON a.id < b.id
-- [analyst 052]
SELECT EXISTS (SELECT 1 FROM orders) AS has_orders, NOT EXISTS (SELECT 1 FROM customers) AS n
-- [analyst 055]
SELECT CASE note WHEN 'EU' THEN 1 WHEN 'US' THEN 2 END AS r FROM orders ORDER BY FIELD(note, 'US', 'EU'), ISNULL(total), total
-- [analyst 060]
SELECT YEAR(shipped_at) AS y, SUM(IF(MONTH(shipped_at) = 1, total, 0)) AS jan FROM orders GROUP BY y ORDER BY y DESC;
-- [analyst 062]
SELECT c.name, SUM(CASE WHEN o.status = 'paid' THEN o.total ELSE 0 END) AS paid FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.id GROUP BY c.id, c.name HAVING paid > 0 ORDER BY paid DESC LIMIT 10 OFFSET 5
-- [analyst 065]
WITH ranked AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY shipped_at DESC) AS rn FROM orders) SELECT * FROM ranked WHERE rn = 1
-- [analyst 067]
SELECT YEARWEEK(shipped_at, 1) AS yw, COUNT(*) FROM orders GROUP BY yw
-- [analyst 070]
SELECT SUM(total) OVER (ORDER BY shipped_at ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) / 7 AS ma7 FROM orders
-- [analyst 072]
SELECT * FROM orders WHERE shipped_at > NOW() - INTERVAL 7 DAY AND status NOT IN ('x', 'y') AND note REGEXP '^(EU|US)$'
-- [analyst 075]
SELECT DISTINCT SUBSTRING_INDEX(SUBSTRING_INDEX(tags, ',', n.n), ',', -1) FROM orders JOIN (SELECT 1 n UNION ALL SELECT 2 UNION ALL SELECT 3) n ON CHAR_LENGTH(tags) - CHAR_LENGTH(REPLACE(tags, ',', '')) >= n.n - 1
-- [analyst 077]
SELECT COUNT(*) AS total, SUM(status = 'paid') AS paid, AVG(total > 10) FROM orders
-- [analyst 080]
SELECT LEFT(shipped_at, 7) AS m, FORMAT(SUM(total), 0), CONCAT(ROUND(100 * SUM(total) / (SELECT SUM(total) FROM orders), 1), '%') FROM orders GROUP BY LEFT(shipped_at, 7)
-- [analyst 082]
SELECT COALESCE(NULLIF(TRIM(name), ''), 'unknown'), LOWER(city), CONCAT(UCASE(LEFT(name, 1)), LCASE(SUBSTRING(name, 2))), REGEXP_REPLACE(city, '@.*$', ''), INSTR(city, '@'), LPAD(id, 6, 0) FROM customers
-- [analyst 087]
SELECT STR_TO_DATE(CONCAT(YEARWEEK(shipped_at), ' Monday'), '%X%V %W') FROM orders
-- [analyst 090]
SELECT NOW(3), CURRENT_TIMESTAMP(6), UTC_DATE(), CURTIME(), LOCALTIME, LOCALTIMESTAMP, UNIX_TIMESTAMP()
-- [reader 001]
SELECT INTERVAL 3 DAY + '2024-01-01', '2024-01-01' + INTERVAL 1 MONTH, INTERVAL '1 2' DAY_HOUR + '2024-01-01'
-- [reader 002]
SELECT o.id, j.* FROM orders o, JSON_TABLE(o.details, '$.items[*]' COLUMNS (pos FOR ORDINALITY, sku VARCHAR(20) PATH '$.sku' DEFAULT '-' ON EMPTY NULL ON ERROR, qty INT PATH '$.qty' DEFAULT '0' ON EMPTY, paid INT EXISTS PATH '$.paid', raw JSON PATH '$' ERROR ON ERROR, NESTED PATH '$.b[*]' COLUMNS (n INT PATH '$' NULL ON EMPTY))) AS j
-- [reader 003]
SELECT * FROM (VALUES ROW(1, 1), ROW(2, 1)) AS v (a, b) WHERE v.a > 0
