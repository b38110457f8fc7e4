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
