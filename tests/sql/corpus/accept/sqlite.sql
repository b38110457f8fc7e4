-- [plain]
SELECT id, total FROM orders WHERE status = 'open' ORDER BY total DESC LIMIT 10 OFFSET 2
-- [limit comma]
SELECT id FROM orders LIMIT 5, 10
-- [brackets and backquotes]
SELECT [id], `total`, "status" FROM [orders]
-- [glob and like]
SELECT id FROM orders WHERE status GLOB 'o*' AND note LIKE 'a%' ESCAPE '\' AND note NOT LIKE 'b%'
-- [is as equality]
SELECT id FROM orders WHERE note IS NOT 'x' AND status IS 'open'
-- [isnull words]
SELECT id FROM orders WHERE note ISNULL OR status NOTNULL
-- [date functions]
SELECT date(ordered_on, '+1 month', 'start of month'), strftime('%Y-%m', ordered_on), julianday('now'), datetime('now', 'localtime'), unixepoch() FROM orders
-- [string functions]
SELECT upper(status), substr(note, 1, 3), instr(note, 'a'), replace(note, 'a', 'b'), printf('%.2f', total), format('%d', id), hex(note), trim(note), length(note), char(65), unicode('a') FROM orders
-- [concatenation]
SELECT status || '-' || id FROM orders
-- [json]
SELECT json_extract(details, '$.a'), details -> '$.b', details ->> 'c', json_array_length(details), json_object('a', 1) FROM orders
-- [json each]
SELECT o.id, j.value FROM orders o, json_each(o.details) AS j
-- [json tree]
SELECT fullkey, atom FROM json_tree('{"a": [1, 2]}')
-- [group concat]
SELECT group_concat(status, ', '), group_concat(DISTINCT status), string_agg(status, ';') FROM orders
-- [aggregate filter]
SELECT count(*) FILTER (WHERE total > 10), total(total), avg(total) FROM orders
-- [two argument max]
SELECT max(id, 3), min(total, 5), iif(id > 1, 'a', 'b'), ifnull(note, ''), coalesce(note, '-') FROM orders
-- [window]
SELECT id, row_number() OVER (PARTITION BY status ORDER BY id), sum(total) OVER win FROM orders WINDOW win AS (ORDER BY id ROWS 3 PRECEDING)
-- [window exclude]
SELECT sum(total) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM orders
-- [cte]
WITH big AS (SELECT * FROM orders WHERE total > 100) SELECT count(*) FROM big
-- [recursive cte]
WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
-- [recursive with limit]
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10) SELECT * FROM n
-- [not materialized]
WITH t AS NOT MATERIALIZED (SELECT id FROM orders) SELECT * FROM t
-- [joins]
SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer_id INNER JOIN products USING (id)
-- [full and right join]
SELECT o.id FROM orders o FULL OUTER JOIN customers c ON c.id = o.customer_id RIGHT JOIN products p ON p.id = o.id
-- [natural and cross]
SELECT count(*) FROM customers CROSS JOIN products
-- [compound]
SELECT id FROM orders UNION SELECT id FROM customers EXCEPT SELECT id FROM products ORDER BY 1
-- [values]
VALUES (1, 'a'), (2, 'b')
-- [row values]
SELECT id FROM orders WHERE (status, id) = ('open', 1) AND (id, total) IN (SELECT id, price FROM products)
-- [cast]
SELECT CAST(total AS INTEGER), CAST(id AS TEXT), CAST(note AS REAL), typeof(id) FROM orders
-- [blob and hex]
SELECT x'53514C', 0xFF
-- [collate]
SELECT status FROM orders ORDER BY status COLLATE NOCASE DESC NULLS LAST
-- [exists and in]
SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM customers WHERE id = o.customer_id) AND id NOT IN (1, 2) AND id BETWEEN 1 AND 5
-- [in a listed table]
SELECT id FROM orders WHERE id IN (SELECT id FROM customers)
-- [double equals]
SELECT id FROM orders WHERE id == 1 AND total <> 2 AND total != 3
-- [bits]
SELECT 5 & 3, 5 | 3, ~5, 1 << 2, 7 % 3
-- [case]
SELECT CASE status WHEN 'open' THEN 1 ELSE 0 END FROM orders
-- [keywords in a literal]
SELECT 'ATTACH DATABASE; PRAGMA x' AS t
-- [case insensitive names]
SELECT O.ID FROM ORDERS o
-- [qualified]
SELECT e.kind FROM analytics.events e
-- [current time words]
SELECT current_timestamp, current_date, CURRENT_TIME
-- [math functions]
SELECT round(total, 2), abs(-1), sqrt(4), pow(2, 3), ceil(1.5), ln(2), pi(), random() % 10 FROM orders
-- [distinct and having]
SELECT DISTINCT status, count(DISTINCT customer_id) AS n FROM orders GROUP BY status HAVING n > 1
-- [scalar subquery]
SELECT id, (SELECT name FROM customers c WHERE c.id = o.customer_id) FROM orders o
-- [with name of a listed table beside another]
WITH customers AS (SELECT customer_id AS who, sum(total) AS spent FROM orders GROUP BY customer_id) SELECT customers.who, customers.spent FROM customers
-- [analyst 000]
SELECT note, strftime('%Y-%m', shipped_at) AS m, sum(total) FROM orders GROUP BY 1, 2 ORDER BY 2 DESC NULLS LAST
-- [analyst 002]
SELECT id, avg(total) OVER (ORDER BY id RANGE BETWEEN 3 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM orders
-- [analyst 005]
SELECT sum(total) FILTER (WHERE status = 'paid'), count(*) FILTER (WHERE note = 'EU'), total(total), avg(DISTINCT total) FROM orders
-- [analyst 007]
WITH RECURSIVE d(day) AS (SELECT '2024-01-01' UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2024-01-31') SELECT d.day, count(o.id) FROM d LEFT JOIN orders o ON date(o.shipped_at) = d.day GROUP BY d.day
-- [analyst 010]
WITH a AS MATERIALIZED (SELECT * FROM orders), b AS NOT MATERIALIZED (SELECT * FROM a) SELECT count(*) FROM b
-- [analyst 012]
SELECT o.id, j.key, j.value, j.type FROM orders o, json_each(o.details) j
-- [analyst 015]
SELECT value FROM json_each('[1, 2, 3]')
-- [analyst 017]
SELECT name FROM customers WHERE name LIKE 'a!%%' ESCAPE '!' AND name GLOB 'A*' AND city NOT LIKE '%x%' AND name COLLATE NOCASE = 'bob'
-- [analyst 020]
SELECT iif(total > 10, 'a', 'b'), ifnull(status, ''), coalesce(note, 'x'), nullif(total, 0), CASE status WHEN 'paid' THEN 1 ELSE 0 END, max(1, 2), min(1, total), abs(-1), round(total, 2), sign(total), typeof(total), random(), likely(1) FROM orders
-- [analyst 022]
SELECT CAST(total AS INTEGER), CAST(id AS TEXT), CAST('1.5' AS REAL), CAST(total AS NUMERIC), CAST(id AS BLOB) FROM orders
-- [analyst 025]
VALUES (1, 'a'), (2, 'b')
-- [analyst 027]
SELECT v.x FROM (SELECT 1 AS x UNION SELECT 2) AS v
-- [analyst 030]
SELECT * FROM orders o RIGHT JOIN customers c ON c.id = o.customer_id
-- [analyst 032]
SELECT o.id FROM (orders o INNER JOIN customers c ON c.id = o.customer_id)
-- [analyst 035]
SELECT id FROM orders WHERE (note, status) IN (VALUES ('EU', 'paid'), ('US', 'open'))
-- [analyst 037]
SELECT DISTINCT note FROM orders WHERE total BETWEEN 1 AND 100 AND status IS NOT NULL AND note IS NOT 'x' AND id == 5 OR total <> 3
-- [analyst 040]
SELECT 1e3, .5, 0xFF, x'53514C', 'a', NULL, TRUE, FALSE
-- [analyst 042]
SELECT /* c */ Count(*) FROM Orders O WHERE O.ID > 0;
-- [analyst 045]
SELECT note, total - lag(total) OVER (PARTITION BY note ORDER BY shipped_at) AS delta FROM orders ORDER BY abs(delta) DESC
-- [analyst 047]
SELECT avg(total) FROM (SELECT total FROM orders ORDER BY total LIMIT 2 - (SELECT count(*) FROM orders) % 2 OFFSET (SELECT (count(*) - 1) / 2 FROM orders))
-- [analyst 050]
SELECT name, min(shipped_at), max(shipped_at), julianday(max(shipped_at)) - julianday(min(shipped_at)) AS span FROM orders JOIN customers ON customers.id = customer_id GROUP BY name
-- [analyst 052]
SELECT strftime('%Y', shipped_at) AS y, printf('%.2f', sum(total)) FROM orders GROUP BY y
-- [analyst 055]
SELECT CASE strftime('%w', shipped_at) WHEN '0' THEN 'Sun' ELSE 'other' END AS d FROM orders
-- [analyst 057]
SELECT * FROM orders WHERE date(shipped_at) >= date('now', '-30 days')
-- [analyst 060]
WITH RECURSIVE months(m) AS (SELECT date('2024-01-01') UNION ALL SELECT date(m, '+1 month') FROM months WHERE m < '2024-12-01') SELECT m, (SELECT count(*) FROM orders WHERE strftime('%Y-%m', shipped_at) = strftime('%Y-%m', m)) FROM months
-- [analyst 062]
SELECT o.id, je.value ->> '$.sku' FROM orders AS o, json_each(o.details, '$.items') AS je WHERE json_valid(o.details)
-- [analyst 065]
SELECT o.*, c.name FROM orders AS o LEFT JOIN customers AS c ON o.customer_id = c.id WHERE c.id IS NULL OR c.country IN ('DE', 'US')
-- [analyst 067]
SELECT id, CASE WHEN total IS NULL THEN 'none' WHEN total < 10 THEN 'low' ELSE 'high' END AS band FROM orders
-- [analyst 070]
SELECT name FROM customers WHERE name LIKE '%a%' AND NOT name GLOB '*[0-9]*'
-- [analyst 072]
SELECT sum(total) OVER (PARTITION BY strftime('%Y', shipped_at) ORDER BY shipped_at) FROM orders
-- [analyst 075]
SELECT 100.0 * sum(status = 'paid') / count(*) FROM orders
-- [analyst 077]
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v
-- [analyst 080]
SELECT replace(replace(tags, ',', ';'), ' ', ''), length(tags) - length(replace(tags, ',', '')) + 1 AS n FROM orders
-- [analyst 082]
SELECT datetime(shipped_at, '+2 hours'), datetime('now', 'utc'), strftime('%s', shipped_at) / 3600, date('now', 'start of year') FROM orders
-- [analyst 085]
SELECT x'00ff', 1.0 / 3, 7 / 2, 7 % 2, -7 / 2, 1e-3, 0x10
-- [analyst 087]
SELECT o.id FROM orders o JOIN (SELECT customer_id, max(shipped_at) AS m FROM orders GROUP BY customer_id) l ON l.customer_id = o.customer_id AND l.m = o.shipped_at
-- [analyst 090]
SELECT total FROM orders ORDER BY total LIMIT 1 OFFSET (SELECT count(*) FROM orders) * 90 / 100 - 1
-- [analyst 092]
SELECT "id", [total], `status` FROM "orders" ORDER BY 1 COLLATE BINARY
-- [analyst 095]
SELECT sqrt(avg(total * total) - avg(total) * avg(total)) FROM orders
-- [analyst 097]
SELECT sum(total) FILTER (WHERE strftime('%m', shipped_at) = '01') FROM orders
