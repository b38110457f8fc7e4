-- [001]
SELECT strftime('%Y-%m', ordered_on) AS month, sum(total) AS revenue, sum(sum(total)) OVER (ORDER BY strftime('%Y-%m', ordered_on)) AS running FROM orders GROUP BY month
-- [002]
SELECT date(ordered_on, 'start of month', '+1 month', '-1 day'), julianday(shipped_at) - julianday(ordered_on), unixepoch(shipped_at), datetime('now', '-7 days'), time(shipped_at) FROM orders
-- [003]
WITH RECURSIVE days(d) AS (SELECT '2024-01-01' UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2024-01-31') SELECT d, coalesce((SELECT sum(total) FROM orders WHERE ordered_on = d), 0) FROM days
-- [004]
WITH RECURSIVE tree AS (SELECT id, name, 0 AS lvl FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, t.lvl + 1 FROM employees e JOIN tree t ON e.manager_id = t.id ORDER BY 3 DESC) SELECT substr('..........', 1, lvl * 2) || name FROM tree
-- [005]
SELECT id, json_extract(details, '$.a'), details ->> '$.b', json_array_length(details, '$.items'), json_type(details), json_valid(details) FROM orders
-- [006]
SELECT o.id, j.value ->> 'sku' FROM orders o, json_each(o.details, '$.items') j WHERE j.key < 3
-- [007]
SELECT json_group_array(id), json_group_object(id, status), json_object('a', 1, 'b', json_array(1, 2)) FROM orders
-- [008]
SELECT status, count(*) FILTER (WHERE total > 100), group_concat(DISTINCT customer_id), total(total), avg(total) FROM orders GROUP BY status HAVING count(*) > 1
-- [009]
SELECT id, row_number() OVER win, lag(total) OVER win, ntile(4) OVER win, sum(total) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) FROM orders WINDOW win AS (PARTITION BY customer_id ORDER BY ordered_on)
-- [010]
SELECT iif(total > 10, 'big', 'small'), ifnull(note, '-'), nullif(id, 0), max(id, 5), min(id, total), typeof(total), quote(note), hex(note), printf('%.2f', total), format('%05d', id), instr(note, 'a'), unicode(note), char(65), glob('a*', note), likelihood(id > 1, 0.5) FROM orders
-- [011]
SELECT id FROM orders WHERE note GLOB 'a*' OR note LIKE '10\%' ESCAPE '\' OR note IS NOT DISTINCT FROM 'x' OR id IN (1, 2) OR (customer_id, status) = (1, 'open')
-- [012]
SELECT CAST(total AS INTEGER), total COLLATE NOCASE, -id, ~id, id % 3, id << 1, id || '', NOT id, id IS NULL, id BETWEEN 1 AND 2, x'41', 1e3, 0x1F FROM orders
-- [013]
SELECT name FROM customers EXCEPT SELECT name FROM products UNION ALL SELECT name FROM employees ORDER BY 1 LIMIT 5 OFFSET 1
-- [014]
SELECT c.name, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'open' CROSS JOIN products p WHERE p.id = 1 ORDER BY o.total DESC NULLS LAST
-- [015]
SELECT * FROM orders NOT INDEXED WHERE id = (SELECT max(id) FROM orders)
-- [016]
SELECT round(total, 1), abs(total), sign(total), pow(id, 2), sqrt(id), ceil(total), mod(id, 7), random() % 10, substr(note, 1, 3), replace(note, 'a', 'b'), trim(note, 'x'), upper(status), length(note) FROM orders
-- [017]
VALUES (1, 'a'), (2, 'b')
-- [018]
SELECT DISTINCT status, count(customer_id) OVER () FROM orders
