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
