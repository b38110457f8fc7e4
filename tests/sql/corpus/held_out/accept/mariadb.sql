-- [001]
SELECT status, MEDIAN(total) OVER (PARTITION BY status) FROM orders
-- [002]
SELECT PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY total) OVER (PARTITION BY status) FROM orders
-- [003]
SELECT JSON_VALUE(details, '$.a'), JSON_QUERY(details, '$.b'), JSON_DETAILED(details), JSON_COMPACT(details), JSON_EXISTS(details, '$.c') FROM orders
-- [004]
SELECT o.id, j.n FROM orders o, JSON_TABLE(o.details, '$.items[*]' COLUMNS (n INT PATH '$.n')) AS j
-- [005]
SELECT id FROM orders ORDER BY total DESC OFFSET 2 ROWS FETCH FIRST 3 ROWS WITH TIES
-- [006]
SELECT seq, COUNT(*) FROM (SELECT 1 AS seq UNION ALL SELECT 2) s LEFT JOIN orders o ON o.id = s.seq GROUP BY seq
-- [007]
SELECT DATE_FORMAT(ordered_on, '%x-%v') AS wk, SUM(total) FROM orders GROUP BY wk WITH ROLLUP
-- [008]
WITH RECURSIVE t AS (SELECT id, manager_id, 1 AS lvl FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.manager_id, t.lvl + 1 FROM employees e JOIN t ON e.manager_id = t.id) SELECT lvl, COUNT(*) FROM t GROUP BY lvl
-- [009]
SELECT id FROM customers EXCEPT SELECT customer_id FROM orders INTERSECT SELECT id FROM products
-- [010]
SELECT NVL(note, '-'), NVL2(note, 1, 2), IFNULL(note, '?'), ADD_MONTHS(ordered_on, 2), TO_CHAR(ordered_on, 'YYYY') FROM orders
-- [011]
SELECT REGEXP_REPLACE(note, '(?i)[aeiou]', '*'), REGEXP_INSTR(note, 'x'), note REGEXP '^n' FROM orders
-- [012]
SELECT SUM(total) OVER (PARTITION BY customer_id ORDER BY ordered_on, id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM orders
-- [013]
SELECT LAST_VALUE(total) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM orders
-- [014]
SELECT DATE_ADD(ordered_on, INTERVAL 1 QUARTER), TIMESTAMPADD(WEEK, 1, ordered_on), DATE(shipped_at), HOUR(shipped_at), ordered_on + INTERVAL '1-2' YEAR_MONTH FROM orders
-- [015]
SELECT SFORMAT('{} {}', id, status), NATURAL_SORT_KEY(status), CHR(65), SUBSTR(note, 2), CONCAT(status, id), SHA2(note, 224) FROM orders
-- [016]
SELECT GROUP_CONCAT(id ORDER BY total DESC SEPARATOR ';' LIMIT 3) FROM orders GROUP BY status
-- [017]
SELECT id FROM orders WHERE details IS NOT NULL AND JSON_VALID(details) AND JSON_OVERLAPS(details, '{"a": 1}')
-- [018]
SELECT CAST(total AS INTEGER), CAST(id AS CHAR(5)), CONVERT('2024-01-01', DATE), CAST('1.5' AS DOUBLE) FROM orders
