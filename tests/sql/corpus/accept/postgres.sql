-- [constant]
SELECT 1
-- [several constants]
SELECT 1 AS one, 'two' AS two, NULL AS nothing, TRUE AS yes
-- [trailing semicolon]
SELECT id FROM orders ORDER BY id;
-- [trailing semicolon and comment]
SELECT id FROM orders ORDER BY id; -- that is all
-- [two trailing semicolons]
SELECT count(*) FROM orders;;
-- [comments everywhere]
/* start */ SELECT /* inner */ id -- line
FROM /* nested /* twice */ */ orders ORDER BY id
-- [keyword mix of cases]
sElEcT Id FrOm OrDeRs oRdEr By iD
-- [star over one closed table]
SELECT * FROM orders ORDER BY id
-- [qualified star]
SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id
-- [star over open table]
SELECT * FROM sales.events ORDER BY id
-- [star over join with using]
SELECT * FROM (SELECT id AS order_id, total FROM orders) t JOIN order_lines l USING (order_id) ORDER BY 1, 2, 3, 4, 5
-- [table command]
TABLE customers
-- [qualified names]
SELECT public.orders.id, orders.total FROM public.orders ORDER BY public.orders.id
-- [quoted lower case is the same table]
SELECT "id" FROM "orders" ORDER BY "id"
-- [upper case unquoted is the same table]
SELECT ID FROM PUBLIC.ORDERS ORDER BY ID
-- [quoted mixed case table]
SELECT "Id", "Name" FROM "Region" ORDER BY "Id"
-- [column called by a reserved word]
SELECT r."order" FROM "Region" r ORDER BY r."order"
-- [alias that is a reserved word]
SELECT id AS "select", total AS "from" FROM orders ORDER BY id
-- [keyword words inside a literal]
SELECT 'DROP TABLE orders; DELETE FROM x -- not a comment' AS t
-- [quote doubled in a literal]
SELECT 'it''s' AS t
-- [backslash at the end of a literal]
SELECT 'a\' AS t, 'b' AS u
-- [union marker after a backslash literal is a literal]
SELECT 'a\' || ' UNION SELECT secret FROM secrets --' AS t
-- [escape string]
SELECT E'tab\there \'quoted\' \\ \x41 \u00e9' AS t
-- [escape string before another]
SELECT E'\\' AS t, ' FROM secrets ' AS u
-- [dollar quotes]
SELECT $$it's$$ AS t, $tag$ $$ inner $$ $tag$ AS u
-- [national literal]
SELECT N'abc' AS t
-- [bit literals]
SELECT b'101' AS b, x'1F' AS h
-- [literal with control characters by escape]
SELECT E'a\nb\tc' AS t
-- [literal over two lines]
SELECT 'first
second' AS t
-- [adjacent literals on two lines]
SELECT 'first '
  'second' AS t
-- [numbers]
SELECT 1e5 AS a, .5 AS b, 5. AS c, 1.5e-3 AS d
-- [minus minus with a blank]
SELECT 1 - -1 AS two
-- [dashes begin a comment]
SELECT 1--1
AS one
-- [arithmetic]
SELECT 7 / 2 AS i, 7 % 2 AS m, 7.0 / 2 AS n, 2 ^ 10 AS p, -(-3) AS neg, 5 & 3 AS ba, 5 | 3 AS bo, 5 # 3 AS bx, ~5 AS bn, 1 << 4 AS l, 256 >> 2 AS r
-- [roots]
SELECT |/ 25 AS a, ||/ 27 AS b
-- [inner join]
SELECT o.id, c.name FROM orders o INNER JOIN customers c ON o.customer_id = c.id ORDER BY 1
-- [left, right, full joins]
SELECT o.id, c.id, e.id FROM orders o LEFT JOIN customers c ON o.customer_id = c.id RIGHT OUTER JOIN employees e ON e.id = o.employee_id FULL JOIN products p ON p.id = o.id ORDER BY o.id, c.id, e.id, p.id
-- [cross join]
SELECT count(*) FROM customers CROSS JOIN products
-- [comma join]
SELECT o.id FROM orders o, customers c WHERE o.customer_id = c.id AND c.country = 'Spain' ORDER BY 1
-- [self join]
SELECT e.name, m.name AS manager FROM employees e LEFT JOIN employees m ON e.manager_id = m.id ORDER BY e.id
-- [parenthesised join]
SELECT o.id FROM (orders o JOIN customers c ON o.customer_id = c.id) JOIN employees e ON e.id = o.employee_id ORDER BY 1
-- [join tree on the right]
SELECT c.id, l.quantity FROM customers c LEFT JOIN (orders o JOIN order_lines l ON l.order_id = o.id) ON o.customer_id = c.id ORDER BY 1, 2
-- [nested on]
SELECT c.id, o.id FROM customers c LEFT JOIN orders o JOIN order_lines l ON l.order_id = o.id ON o.customer_id = c.id ORDER BY 1, 2
-- [using and merged column]
SELECT order_id, quantity FROM (SELECT id AS order_id FROM orders) o FULL JOIN order_lines USING (order_id) ORDER BY order_id, quantity, product_id
-- [natural join]
SELECT e.name FROM employees e NATURAL JOIN (SELECT 1 AS id) x
-- [join without columns in common]
SELECT count(*) FROM (SELECT id FROM orders) a NATURAL JOIN (SELECT name FROM customers) b
-- [joined alias]
SELECT j.country, j.total FROM (orders o JOIN customers c ON o.customer_id = c.id) AS j ORDER BY j.total
-- [group by]
SELECT country, count(*) FROM customers GROUP BY country ORDER BY count(*) DESC, country
-- [group by alias]
SELECT date_trunc('month', ordered_on) AS month, sum(total) AS revenue FROM orders GROUP BY month ORDER BY month
-- [group by number]
SELECT status, count(*) FROM orders GROUP BY 1 ORDER BY 2 DESC, 1
-- [group by expression]
SELECT upper(status), count(*) FROM orders GROUP BY upper(status) ORDER BY 1
-- [group by all columns of a tuple]
SELECT status, customer_id, count(*) FROM orders GROUP BY (status, customer_id) ORDER BY 1, 2
-- [having]
SELECT customer_id, sum(total) FROM orders GROUP BY customer_id HAVING sum(total) > 500 ORDER BY 1
-- [grouping sets]
SELECT status, customer_id, sum(total) FROM orders GROUP BY GROUPING SETS ((status, customer_id), (status), ()) ORDER BY 1 NULLS LAST, 2 NULLS LAST
-- [rollup with grouping]
SELECT status, employee_id, grouping(status, employee_id) AS g, sum(total) FROM orders GROUP BY ROLLUP (status, employee_id) ORDER BY 1, 2, 3
-- [cube]
SELECT country, city, count(*) FROM customers GROUP BY CUBE (country, city) ORDER BY 1, 2
-- [rollup over an alias]
SELECT extract(year FROM ordered_on) AS y, extract(month FROM ordered_on) AS m, count(*) FROM orders GROUP BY ROLLUP (y, m) ORDER BY 1, 2
-- [mixed grouping]
SELECT status, employee_id, count(*) FROM orders GROUP BY status, ROLLUP (employee_id) ORDER BY 1, 2
-- [filter]
SELECT count(*) FILTER (WHERE status = 'late') AS late, count(*) AS n FROM orders
-- [distinct aggregates]
SELECT count(DISTINCT customer_id), sum(DISTINCT total) FROM orders
-- [within group]
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median, mode() WITHIN GROUP (ORDER BY status) FROM orders
-- [several percentiles]
SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY total DESC) FROM orders
-- [hypothetical rank]
SELECT rank(100) WITHIN GROUP (ORDER BY total) FROM orders
-- [string_agg with order]
SELECT country, string_agg(name, ', ' ORDER BY name DESC) FROM customers GROUP BY country ORDER BY 1
-- [string_agg distinct]
SELECT string_agg(DISTINCT country, ',' ORDER BY country) FROM customers
-- [array_agg with order and filter]
SELECT array_agg(id ORDER BY total DESC NULLS LAST) FILTER (WHERE total > 100) FROM orders
-- [statistics]
SELECT corr(total, id), regr_slope(total, id), round(stddev_samp(total), 3), var_pop(id) FROM orders
-- [boolean aggregates]
SELECT bool_and(discontinued), bool_or(discontinued), every(stock >= 0) FROM products
-- [window sum]
SELECT id, sum(total) OVER (PARTITION BY customer_id ORDER BY ordered_on) AS running FROM orders ORDER BY id
-- [window ranks]
SELECT id, row_number() OVER (ORDER BY total DESC), rank() OVER (ORDER BY status), dense_rank() OVER (ORDER BY status), ntile(4) OVER (ORDER BY id), percent_rank() OVER (ORDER BY id), cume_dist() OVER (ORDER BY id) FROM orders ORDER BY id
-- [lag and lead]
SELECT id, lag(total) OVER w, lead(total, 2, 0) OVER w, first_value(id) OVER w, last_value(id) OVER w, nth_value(id, 2) OVER w FROM orders WINDOW w AS (ORDER BY id) ORDER BY id
-- [range interval frame]
SELECT ordered_on, sum(total) OVER (ORDER BY ordered_on RANGE BETWEEN INTERVAL '6 days' PRECEDING AND CURRENT ROW) FROM orders ORDER BY 1
-- [rows frame]
SELECT id, avg(total) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) FROM orders ORDER BY id
-- [short frame]
SELECT id, sum(total) OVER (ORDER BY id ROWS 2 PRECEDING) FROM orders ORDER BY id
-- [groups frame with exclusion]
SELECT id, sum(total) OVER (ORDER BY status GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM orders ORDER BY id
-- [window built on a window]
SELECT id, rank() OVER w2 FROM orders WINDOW w AS (PARTITION BY status), w2 AS (w ORDER BY total) ORDER BY id
-- [filter with window]
SELECT id, count(*) FILTER (WHERE status = 'late') OVER (ORDER BY id) FROM orders ORDER BY id
-- [empty window]
SELECT id, total / sum(total) OVER () AS share FROM orders ORDER BY id
-- [window over aggregate]
SELECT status, sum(total), rank() OVER (ORDER BY sum(total) DESC) FROM orders GROUP BY status ORDER BY 3
-- [cte]
WITH big AS (SELECT id, total FROM orders WHERE total > 300) SELECT count(*) FROM big
-- [chained ctes]
WITH a AS (SELECT id, total FROM orders), b AS (SELECT avg(total) AS mean FROM a) SELECT a.id FROM a, b WHERE a.total > b.mean ORDER BY 1
-- [materialized]
WITH a AS MATERIALIZED (SELECT id FROM orders), b AS NOT MATERIALIZED (SELECT id FROM a) SELECT count(*) FROM b
-- [cte with column names]
WITH t(x, y) AS (SELECT id, total FROM orders) SELECT x, y FROM t ORDER BY x
-- [cte that shadows a listed table]
WITH orders AS (SELECT id FROM orders WHERE total > 500) SELECT count(*) FROM orders
-- [cte called like an unlisted table]
WITH secrets AS (SELECT 1 AS n) SELECT n FROM secrets
-- [cte in a subquery]
SELECT (WITH t AS (SELECT max(total) AS m FROM orders) SELECT m FROM t) AS top
-- [cte in a derived table]
SELECT d.n FROM (WITH t AS (SELECT count(*) AS n FROM orders) SELECT n FROM t) d
-- [cte inside a cte]
WITH a AS (WITH b AS (SELECT id FROM orders) SELECT id FROM b) SELECT count(*) FROM a
-- [recursive numbers]
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n ORDER BY i
-- [recursive tree]
WITH RECURSIVE chain AS (SELECT id, name, manager_id, 1 AS depth FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, e.manager_id, c.depth + 1 FROM employees e JOIN chain c ON e.manager_id = c.id) SELECT name, depth FROM chain ORDER BY depth, name
-- [recursive with a path]
WITH RECURSIVE t(id, path) AS (SELECT id, ARRAY[id] FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, t.path || e.id FROM employees e, t WHERE e.manager_id = t.id) SELECT id, path FROM t ORDER BY id
-- [recursive keyword without recursion]
WITH RECURSIVE a AS (SELECT id FROM orders) SELECT count(*) FROM a
-- [recursive search clause]
WITH RECURSIVE t(id) AS (SELECT id FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id FROM employees e JOIN t ON e.manager_id = t.id) SEARCH DEPTH FIRST BY id SET ordering SELECT id FROM t ORDER BY ordering
-- [recursive cycle clause]
WITH RECURSIVE t(id) AS (SELECT id FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id FROM employees e JOIN t ON e.manager_id = t.id) CYCLE id SET is_cycle USING path SELECT id, is_cycle FROM t ORDER BY id
-- [union]
SELECT name FROM customers UNION SELECT name FROM products ORDER BY name
-- [union all with limit]
SELECT id FROM orders UNION ALL SELECT id FROM customers ORDER BY 1 LIMIT 5
-- [intersect and except]
SELECT id FROM orders INTERSECT SELECT id FROM customers EXCEPT SELECT 3 ORDER BY id
-- [intersect binds tighter]
SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 2 ORDER BY 1
-- [branches in parentheses]
(SELECT id FROM orders ORDER BY total DESC LIMIT 2) UNION ALL (SELECT id FROM customers ORDER BY id LIMIT 2) ORDER BY 1
-- [union in a derived table]
SELECT kind, count(*) FROM (SELECT 'c' AS kind FROM customers UNION ALL SELECT 'p' FROM products) u GROUP BY kind ORDER BY kind
-- [query in parentheses]
(SELECT id FROM orders ORDER BY id LIMIT 3)
-- [query in many parentheses]
(((SELECT 1)))
-- [values]
VALUES (1, 'a'), (2, 'b')
-- [values as a table]
SELECT v.n, v.label FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, label) ORDER BY n
-- [values without names]
SELECT column1 FROM (VALUES (3), (4)) v ORDER BY column1
-- [values in a cte]
WITH v(n) AS (VALUES (1), (2)) SELECT sum(n) FROM v
-- [scalar subquery]
SELECT id, total - (SELECT avg(total) FROM orders) AS above FROM orders ORDER BY id
-- [correlated subquery]
SELECT c.name, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id) AS top FROM customers c ORDER BY c.id
-- [exists]
SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'late') ORDER BY 1
-- [not exists]
SELECT name FROM products p WHERE NOT EXISTS (SELECT FROM order_lines l WHERE l.product_id = p.id) ORDER BY 1
-- [in subquery]
SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE country = 'France') ORDER BY id
-- [not in list]
SELECT id FROM orders WHERE status NOT IN ('open', 'late') ORDER BY id
-- [row in rows]
SELECT id FROM orders WHERE (customer_id, status) IN (SELECT id, 'late' FROM customers) ORDER BY id
-- [any array]
SELECT id FROM orders WHERE status = ANY (ARRAY['open', 'late']) ORDER BY id
-- [any and all subqueries]
SELECT id FROM orders WHERE total > ALL (SELECT price FROM products) AND id = ANY (SELECT id FROM customers) ORDER BY id
-- [some]
SELECT id FROM orders WHERE id = SOME (SELECT id FROM products) ORDER BY id
-- [derived table]
SELECT t.status, t.n FROM (SELECT status, count(*) AS n FROM orders GROUP BY status) t WHERE t.n > 1 ORDER BY 1
-- [derived table with unnamed results]
SELECT t.status, t.count FROM (SELECT status, count(*) FROM orders GROUP BY status) t ORDER BY 1
-- [derived table with renamed columns]
SELECT s, n FROM (SELECT status, count(*) FROM orders GROUP BY status) AS t(s, n) ORDER BY s
-- [lateral]
SELECT c.name, t.id FROM customers c CROSS JOIN LATERAL (SELECT o.id FROM orders o WHERE o.customer_id = c.id ORDER BY o.total DESC LIMIT 1) t ORDER BY c.id
-- [left join lateral]
SELECT c.name, t.total FROM customers c LEFT JOIN LATERAL (SELECT sum(o.total) AS total FROM orders o WHERE o.customer_id = c.id) t ON TRUE ORDER BY c.id
-- [comma lateral]
SELECT c.id, t.n FROM customers c, LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer_id = c.id) t ORDER BY 1
-- [lateral function]
SELECT o.id, g FROM orders o, LATERAL generate_series(1, o.id % 3) g ORDER BY 1, 2
-- [unnest a column]
SELECT o.id, tag FROM orders o, unnest(o.tags) AS tag ORDER BY 1, 2
-- [unnest with ordinality]
SELECT o.id, t.tag, t.n FROM orders o CROSS JOIN LATERAL unnest(o.tags) WITH ORDINALITY AS t(tag, n) ORDER BY 1, 3
-- [unnest several arrays]
SELECT a, b FROM unnest(ARRAY[1, 2], ARRAY['x', 'y']) AS u(a, b) ORDER BY 1
-- [unnest in the select list]
SELECT id, unnest(tags) AS tag FROM orders ORDER BY 1, 2
-- [rows from]
SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 2)) AS t(a, b) ORDER BY a
-- [generate_series of days]
SELECT d::date AS day, count(o.id) FROM generate_series('2024-01-01'::date, '2024-01-31'::date, INTERVAL '1 day') AS d LEFT JOIN orders o ON o.ordered_on = d::date GROUP BY d ORDER BY d
-- [generate_series over the data]
SELECT m::date FROM generate_series((SELECT min(ordered_on) FROM orders), (SELECT max(ordered_on) FROM orders), '1 month') AS m ORDER BY 1
-- [generate_series of numbers]
SELECT n FROM generate_series(10, 1, -3) n ORDER BY n
-- [generate_series without alias]
SELECT generate_series FROM generate_series(1, 3) ORDER BY 1
-- [distinct]
SELECT DISTINCT country FROM customers ORDER BY country
-- [distinct on]
SELECT DISTINCT ON (customer_id) customer_id, id, total FROM orders ORDER BY customer_id, total DESC
-- [distinct on an expression]
SELECT DISTINCT ON (date_trunc('month', ordered_on)) ordered_on, id FROM orders ORDER BY date_trunc('month', ordered_on), id
-- [order by expression, direction and nulls]
SELECT id FROM orders ORDER BY total * -1 DESC NULLS FIRST, id ASC
-- [order by alias]
SELECT id, total * 2 AS double FROM orders ORDER BY double DESC
-- [limit and offset]
SELECT id FROM orders ORDER BY id LIMIT 10 OFFSET 5
-- [limit all]
SELECT id FROM orders ORDER BY id LIMIT ALL
-- [limit null]
SELECT id FROM orders ORDER BY id LIMIT NULL
-- [limit by expression]
SELECT id FROM orders ORDER BY id LIMIT 2 + 3
-- [limit by subquery]
SELECT id FROM orders ORDER BY id LIMIT (SELECT count(*) / 10 FROM orders)
-- [fetch first]
SELECT id FROM orders ORDER BY id FETCH FIRST 5 ROWS ONLY
-- [fetch first row]
SELECT id FROM orders ORDER BY id FETCH FIRST ROW ONLY
-- [fetch with ties]
SELECT status FROM orders ORDER BY status FETCH FIRST 3 ROWS WITH TIES
-- [offset then fetch]
SELECT id FROM orders ORDER BY id OFFSET 5 ROWS FETCH NEXT 3 ROWS ONLY
-- [limit in a subquery only]
SELECT id FROM orders WHERE id IN (SELECT id FROM orders ORDER BY total DESC LIMIT 3) ORDER BY 1
-- [between]
SELECT id FROM orders WHERE total BETWEEN 50 AND 100 ORDER BY id
-- [not between]
SELECT id FROM orders WHERE total NOT BETWEEN 50 AND 600 ORDER BY id
-- [between symmetric]
SELECT id FROM orders WHERE id BETWEEN SYMMETRIC 20 AND 10 ORDER BY id
-- [is distinct from]
SELECT id FROM employees WHERE manager_id IS DISTINCT FROM 1 ORDER BY id
-- [is not distinct from null]
SELECT id FROM employees WHERE manager_id IS NOT DISTINCT FROM NULL ORDER BY id
-- [null tests]
SELECT id FROM orders WHERE note IS NOT NULL AND (shipped_at IS NULL OR total ISNULL OR note NOTNULL) ORDER BY id
-- [truth tests]
SELECT id FROM products WHERE discontinued IS TRUE OR discontinued IS NOT FALSE OR discontinued IS UNKNOWN ORDER BY id
-- [like]
SELECT id FROM customers WHERE name LIKE 'Customer 1%' AND name NOT LIKE '%5' AND name ILIKE 'CUSTOMER%' ORDER BY id
-- [like with escape]
SELECT 'a_b' LIKE 'a!_b' ESCAPE '!' AS t
-- [like with backslash]
SELECT 'a_b' LIKE 'a\_b' AS t
-- [like any]
SELECT id FROM customers WHERE name LIKE ANY (ARRAY['%1', '%2']) ORDER BY id
-- [similar to]
SELECT id FROM customers WHERE name SIMILAR TO 'Customer (1|2)' ORDER BY id
-- [regular expressions]
SELECT id FROM customers WHERE name ~ '^Customer [12]$' AND name !~ '9' AND name ~* 'CUSTOMER' AND name !~* 'Z' ORDER BY id
-- [operator spellings of like]
SELECT id FROM customers WHERE name ~~ 'Customer%' AND name !~~ '%9' AND name ~~* 'customer%' ORDER BY id
-- [overlaps]
SELECT (DATE '2024-01-01', DATE '2024-02-01') OVERLAPS (DATE '2024-01-15', DATE '2024-03-01') AS t
-- [row comparison]
SELECT id FROM orders WHERE (customer_id, id) > (10, 5) AND ROW(1, 2) < ROW(1, 3) ORDER BY id
-- [case]
SELECT id, CASE WHEN total > 300 THEN 'big' WHEN total > 100 THEN 'middle' ELSE 'small' END AS size FROM orders ORDER BY id
-- [simple case]
SELECT id, CASE status WHEN 'late' THEN 1 ELSE 0 END AS late FROM orders ORDER BY id
-- [coalesce and friends]
SELECT coalesce(note, '-'), nullif(status, 'open'), greatest(1, id), least(1, id) FROM orders ORDER BY id
-- [casts]
SELECT total::int, CAST(id AS text), '5'::numeric(10, 2), '2024-01-01'::date, id::double precision, total::varchar(3), 't'::boolean FROM orders ORDER BY orders.id
-- [casts of time]
SELECT ordered_on::timestamp, shipped_at::date, shipped_at::timestamptz(0), ordered_on::timestamp with time zone, '10:00'::time FROM orders ORDER BY id
-- [array casts]
SELECT '{1,2}'::int[], ARRAY[1, 2]::text[]
-- [typed literals]
SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01 10:00', TIMESTAMPTZ '2024-01-01 10:00+00', TIME '10:00', INTERVAL '1 day'
-- [intervals]
SELECT DATE '2024-01-31' + INTERVAL '1 month', INTERVAL '1 year 2 months 3 days', INTERVAL '1' DAY, INTERVAL '1-2' YEAR TO MONTH, '2 hours'::interval * 3
-- [make_interval]
SELECT make_interval(days => 10), make_date(2024, 1, 2)
-- [date arithmetic]
SELECT id FROM orders WHERE ordered_on >= DATE '2024-02-01' - 7 AND ordered_on < DATE '2024-02-01' + INTERVAL '1 week' ORDER BY id
-- [extract]
SELECT extract(year FROM ordered_on), extract(isodow FROM ordered_on), extract('epoch' FROM shipped_at), date_part('week', ordered_on) FROM orders ORDER BY id
-- [date_trunc and to_char]
SELECT date_trunc('week', shipped_at), to_char(ordered_on, 'YYYY-MM'), to_char(total, 'FM999G990D00') FROM orders ORDER BY id
-- [date_trunc with zone and date_bin]
SELECT date_trunc('day', shipped_at, 'Europe/Berlin'), date_bin('15 minutes', shipped_at, TIMESTAMPTZ '2024-01-01 00:00+00') FROM orders ORDER BY id
-- [at time zone]
SELECT shipped_at AT TIME ZONE 'Europe/Berlin', timezone('UTC', shipped_at) FROM orders ORDER BY id
-- [age]
SELECT age(DATE '2024-03-01', DATE '2024-01-01'), justify_days(INTERVAL '40 days')
-- [parse dates]
SELECT to_date('2024-01-02', 'YYYY-MM-DD'), to_timestamp('02.01.2024', 'DD.MM.YYYY'), to_timestamp(0)
-- [clock keywords]
SELECT CURRENT_DATE = CURRENT_DATE AS a, now() = CURRENT_TIMESTAMP AS b, LOCALTIMESTAMP = LOCALTIMESTAMP AS c, CURRENT_TIME = CURRENT_TIME AS d, CURRENT_TIMESTAMP(0) IS NOT NULL AS e
-- [string functions]
SELECT upper(name), lower(name), initcap(name), length(name), char_length(name), left(name, 3), right(name, 3), reverse(name), replace(name, 'Cust', 'X'), split_part(name, ' ', 2), strpos(name, 'm'), substr(name, 2, 3), lpad(name, 12, '*'), rpad(name, 12), repeat('ab', 3), ltrim(name, 'C'), btrim(name), concat(name, id), concat_ws('-', name, id), md5(name), translate(name, 'C', 'K'), ascii(name), chr(65), starts_with(name, 'C') FROM customers ORDER BY id
-- [keyword string functions]
SELECT substring(name FROM 2 FOR 3), substring(name, 2, 3), substring(name FROM 'C.s'), substring(name FOR 3), position('t' IN name), overlay(name PLACING 'X' FROM 1 FOR 2), trim(BOTH 'C' FROM name), trim(name), trim(LEADING FROM name), trim(TRAILING '1' FROM name) FROM customers ORDER BY id
-- [regular expression functions]
SELECT regexp_replace(name, '\d+', '#', 'g'), regexp_match(name, '(\d)'), regexp_split_to_array(name, '\s+'), regexp_count(name, 'o'), regexp_substr(name, '\d+'), regexp_like(name, 'CUST', 'i') FROM customers ORDER BY id
-- [regexp_matches as a table]
SELECT m FROM regexp_matches('a1b2', '\d', 'g') AS m ORDER BY 1
-- [string tables]
SELECT part FROM string_to_table('a,b,c', ',') AS part ORDER BY 1
-- [format]
SELECT format('%s of %s', id, name), format('%-10s|', name) FROM customers ORDER BY id
-- [concatenation]
SELECT name || ', ' || city FROM customers ORDER BY id
-- [collation]
SELECT name COLLATE "C" FROM customers ORDER BY name COLLATE "C"
-- [bar chart by repeat]
SELECT status, repeat('#', count(*)::int) FROM orders GROUP BY status ORDER BY status
-- [repeat with a bound of its own]
SELECT repeat('#', LEAST(id, 20)) FROM orders ORDER BY id
-- [math functions]
SELECT abs(-1), ceil(1.2), floor(1.8), round(1.2345, 2), round(2.5), trunc(1.9), trunc(1.29, 1), sign(-3), sqrt(9), cbrt(27), exp(1), ln(2), log(100), log(2, 8), log10(1000), power(2, 3), mod(7, 3), div(7, 2), pi(), degrees(1), radians(180), gcd(12, 8), lcm(4, 6), width_bucket(5, 0, 10, 5), factorial(5), sin(0), cos(0), atan2(1, 1)
-- [random is a function like others]
SELECT count(*) FROM orders WHERE random() >= 0
-- [binary functions]
SELECT encode('abc'::bytea, 'hex'), decode('616263', 'hex'), sha256('abc'::bytea), to_hex(255)
-- [arrays]
SELECT tags[1], tags[1:2], array_length(tags, 1), cardinality(tags), tags || ARRAY['z'], tags @> ARRAY['x'], tags && ARRAY['t1'], array_position(tags, 'x'), array_to_string(tags, ','), array_remove(tags, 'x'), array_append(tags, 'q'), array_cat(tags, tags) FROM orders ORDER BY id
-- [array constructors]
SELECT ARRAY[1, 2, 3], ARRAY[[1, 2], [3, 4]], (ARRAY[1, 2, 3])[2], ARRAY(SELECT id FROM customers ORDER BY id LIMIT 3)
-- [json operators]
SELECT details -> 'a', details ->> 'a', details #> '{b,0}', details #>> '{b,0}', details -> 'b' -> 0, details @> '{"a": 1}', details ? 'a', details ?| ARRAY['a', 'z'], details ?& ARRAY['a'], details - 'a', details || '{"z": 1}', details #- '{b,0}' FROM orders ORDER BY id
-- [json casts in conditions]
SELECT id FROM orders WHERE (details ->> 'a')::int > 10 AND details -> 'b' @> '[11]' ORDER BY id
-- [json path]
SELECT details @? '$.a', details @@ '$.a > 5', jsonb_path_query_first(details, '$.b[*]'), jsonb_path_exists(details, '$.z') FROM orders ORDER BY id
-- [json builders]
SELECT jsonb_build_object('id', id, 'tags', to_jsonb(tags)), jsonb_agg(id), json_object_agg(id, status) FROM orders GROUP BY id ORDER BY id
-- [json tables]
SELECT o.id, e.key, e.value FROM orders o, jsonb_each(o.details) AS e ORDER BY 1, 2
-- [json arrays]
SELECT o.id, x FROM orders o, jsonb_array_elements_text(o.details -> 'b') AS x ORDER BY 1
-- [json keys]
SELECT DISTINCT k FROM orders, jsonb_object_keys(details) AS k ORDER BY k
-- [json recordset]
SELECT r.a, r.b FROM jsonb_to_recordset('[{"a": 1, "b": "x"}]') AS r(a int, b text)
-- [row_to_json of a derived table]
SELECT row_to_json(t) FROM (SELECT id, name FROM customers ORDER BY id) t
-- [jsonb_agg of a cte row]
WITH t AS (SELECT id, status FROM orders WHERE id < 4) SELECT jsonb_agg(t ORDER BY id) FROM t
-- [whole row of an open table]
SELECT to_jsonb(e) FROM sales.events e ORDER BY e.id
-- [json fields of an open table]
SELECT (payload ->> 'n')::int AS n, kind FROM sales.events WHERE kind = 'buy' ORDER BY n
-- [ranges]
SELECT daterange('2024-01-01', '2024-02-01') @> DATE '2024-01-15', int4range(1, 5) && int4range(4, 9), lower(numrange(1, 2)), numrange(1, 2) -|- numrange(2, 3), tstzrange(now(), NULL) IS NOT NULL
-- [range operators]
SELECT int4range(1, 3) << int4range(5, 7), int4range(1, 9) @> 3, 3 <@ int4range(1, 9), int4range(1, 5) * int4range(3, 9), int4range(1, 3) &< int4range(2, 9)
-- [text search]
SELECT to_tsvector('english', note) @@ to_tsquery('english', 'note'), ts_rank(to_tsvector('simple', note), plainto_tsquery('simple', 'note')) FROM orders ORDER BY id
-- [network types]
SELECT '10.0.0.1'::inet << '10.0.0.0/8'::cidr AS t, host('10.0.0.1/8'::inet)
-- [points]
SELECT point(1, 2) <-> point(4, 6) AS d
-- [tablesample]
SELECT count(*) >= 0 AS t FROM orders TABLESAMPLE BERNOULLI (50) REPEATABLE (7)
-- [tablesample system]
SELECT count(*) >= 0 AS t FROM sales.events AS e TABLESAMPLE SYSTEM (100)
-- [open table with bare columns]
SELECT kind, count(*) FROM sales.events GROUP BY kind ORDER BY kind
-- [open table beside a closed one]
SELECT c.name, count(e.id) FROM customers c LEFT JOIN sales.events e ON e.user_id = c.id GROUP BY c.name ORDER BY 1
-- [bare column of an open table beside a closed one]
SELECT kind FROM sales.events, customers WHERE country = 'Spain' ORDER BY 1
-- [composite access to a function result]
SELECT (jsonb_each(details)).key FROM orders ORDER BY 1
-- [boolean select list]
SELECT total > 100 AND NOT status = 'late' OR id = 1 AS t FROM orders ORDER BY id
-- [is true as an operand]
SELECT (total > 100) IS NOT TRUE AS t FROM orders ORDER BY id
-- [correlated lateral in the select list]
SELECT (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id AND l.quantity > (SELECT avg(quantity) FROM order_lines)) AS n FROM orders o ORDER BY o.id
-- [bare column found in the enclosing query]
SELECT (SELECT max(l.quantity) FROM order_lines l WHERE order_id = id) AS q FROM orders ORDER BY id
-- [name that the inner table hides is taken from outside]
SELECT (SELECT count(*) FROM order_lines WHERE product_id = p.id AND unit_price < p.price) AS n FROM products p ORDER BY p.id
-- [cohort]
WITH first_order AS (SELECT customer_id, min(ordered_on) AS first_on FROM orders GROUP BY customer_id) SELECT date_trunc('month', f.first_on) AS cohort, date_trunc('month', o.ordered_on) AS month, count(DISTINCT o.customer_id) FROM orders o JOIN first_order f USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2
-- [year over year]
WITH m AS (SELECT date_trunc('month', ordered_on)::date AS month, sum(total) AS revenue FROM orders GROUP BY 1) SELECT month, revenue, revenue - lag(revenue) OVER (ORDER BY month) AS change, round(100.0 * (revenue / nullif(lag(revenue) OVER (ORDER BY month), 0) - 1), 1) AS percent FROM m ORDER BY month
-- [top per group]
SELECT country, name, revenue FROM (SELECT c.country, c.name, sum(o.total) AS revenue, row_number() OVER (PARTITION BY c.country ORDER BY sum(o.total) DESC) AS position FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.country, c.name) t WHERE position <= 3 ORDER BY country, revenue DESC
-- [gaps and islands]
SELECT min(day), max(day), count(*) FROM (SELECT ordered_on AS day, ordered_on - (row_number() OVER (ORDER BY ordered_on))::int AS island FROM orders) t GROUP BY island ORDER BY 1
-- [pivot by filter]
SELECT customer_id, sum(total) FILTER (WHERE status = 'open') AS open, sum(total) FILTER (WHERE status = 'late') AS late FROM orders GROUP BY customer_id ORDER BY customer_id
-- [revenue with discount]
SELECT p.category, round(sum(l.unit_price * l.quantity * (1 - l.discount)::numeric), 2) AS revenue FROM order_lines l JOIN products p ON p.id = l.product_id GROUP BY p.category ORDER BY revenue DESC
-- [select without columns]
SELECT FROM orders
-- [system column name as an alias]
SELECT id AS xmin FROM orders ORDER BY xmin
-- [alias equal to a hidden column]
SELECT total AS margin FROM orders ORDER BY margin
-- [group by an alias equal to a hidden column]
SELECT status AS margin, count(*) FROM orders GROUP BY margin ORDER BY 1
-- [non-ascii names]
SELECT total AS größe, id AS "naïve col" FROM orders ORDER BY größe
-- [tabs and line ends]
SELECT	id
FROM	orders
ORDER	BY id
-- [bidirectional text in a literal]
SELECT 'שלום' AS t, 'a‏b' AS u
-- [order by in a derived table]
SELECT id FROM (SELECT id FROM orders ORDER BY total DESC) t ORDER BY id
-- [between in a case in a filter]
SELECT sum(CASE WHEN total BETWEEN 1 AND 100 THEN 1 ELSE 0 END) FILTER (WHERE status <> 'late') FROM orders
-- [limit above the cap]
SELECT id FROM orders ORDER BY id LIMIT 100000000
-- [column called limit]
SELECT l.limit FROM (SELECT 1 AS "limit") l
-- [set operation in a scalar subquery]
SELECT (SELECT 1 UNION SELECT 1) AS n
-- [union inside exists]
SELECT EXISTS (SELECT 1 FROM orders UNION ALL SELECT 1 FROM customers) AS t
-- [array of rows]
SELECT (1, 'a') = (1, 'a') AS same, ROW(1, 2) IS NOT NULL AS filled
-- [grouping by an open table column and alias]
SELECT date_trunc('day', at) AS day, count(*) FROM sales.events GROUP BY day ORDER BY day
-- [int cast functions]
SELECT int4('5'), float8('1.5'), date('2024-01-01'), text(5)
-- [num_nulls]
SELECT num_nulls(1, NULL), num_nonnulls(1, NULL)
-- [variadic]
SELECT concat_ws(',', VARIADIC ARRAY['a', 'b'])
-- [using on a closed pair]
SELECT id, o.total FROM orders o JOIN (SELECT id FROM employees) e USING (id) ORDER BY id
-- [full join merged column in group by]
SELECT id, count(*) FROM (SELECT id FROM orders) a FULL JOIN (SELECT id FROM products) b USING (id) GROUP BY id ORDER BY id
-- [fields of a function result]
SELECT id, (jsonb_each(details)).* FROM orders ORDER BY 1, 2
-- [derived table joined in parentheses]
SELECT x.a, o.id FROM ((SELECT 1 AS a) AS x JOIN orders o ON o.id = x.a)
-- [row of a derived table beside a closed one]
SELECT o.id, row_to_json(t) FROM orders o CROSS JOIN LATERAL (SELECT o.status, o.total) t ORDER BY o.id
-- [name of an enclosing derived table that an inner closed table hides]
SELECT (SELECT count(*) FROM orders WHERE total > margin) AS n FROM (SELECT 100 AS margin) d
-- [name of an enclosing derived table in an inner star]
SELECT (SELECT count(*) FROM customers c WHERE c.name = name) AS n FROM (SELECT 'Customer 1' AS email) d
-- [long condition]
SELECT count(*) FROM orders WHERE id = 0 OR id = 1 OR id = 2 OR id = 3 OR id = 4 OR id = 5 OR id = 6 OR id = 7 OR id = 8 OR id = 9 OR id = 10 OR id = 11 OR id = 12 OR id = 13 OR id = 14 OR id = 15 OR id = 16 OR id = 17 OR id = 18 OR id = 19 OR id = 20 OR id = 21 OR id = 22 OR id = 23 OR id = 24 OR id = 25 OR id = 26 OR id = 27 OR id = 28 OR id = 29 OR id = 30 OR id = 31 OR id = 32 OR id = 33 OR id = 34 OR id = 35 OR id = 36 OR id = 37 OR id = 38 OR id = 39 OR id = 40 OR id = 41 OR id = 42 OR id = 43 OR id = 44 OR id = 45 OR id = 46 OR id = 47 OR id = 48 OR id = 49 OR id = 50 OR id = 51 OR id = 52 OR id = 53 OR id = 54 OR id = 55 OR id = 56 OR id = 57 OR id = 58 OR id = 59 OR id = 60 OR id = 61 OR id = 62 OR id = 63 OR id = 64 OR id = 65 OR id = 66 OR id = 67 OR id = 68 OR id = 69 OR id = 70 OR id = 71 OR id = 72 OR id = 73 OR id = 74 OR id = 75 OR id = 76 OR id = 77 OR id = 78 OR id = 79 OR id = 80 OR id = 81 OR id = 82 OR id = 83 OR id = 84 OR id = 85 OR id = 86 OR id = 87 OR id = 88 OR id = 89 OR id = 90 OR id = 91 OR id = 92 OR id = 93 OR id = 94 OR id = 95 OR id = 96 OR id = 97 OR id = 98 OR id = 99 OR id = 100 OR id = 101 OR id = 102 OR id = 103 OR id = 104 OR id = 105 OR id = 106 OR id = 107 OR id = 108 OR id = 109 OR id = 110 OR id = 111 OR id = 112 OR id = 113 OR id = 114 OR id = 115 OR id = 116 OR id = 117 OR id = 118 OR id = 119
-- [some and any spelled without a blank]
SELECT id FROM orders WHERE id = any(SELECT id FROM customers) ORDER BY id
-- [hexadecimal and underscores]
SELECT 0x1F + 0b11 + 1_000 >= 0 AS t
-- [open table in a correlated subquery]
SELECT c.id, (SELECT count(*) FROM sales.events WHERE user_id = c.id) AS n FROM customers c ORDER BY c.id
-- [json arrow in a call]
SELECT id, jsonb_array_length(details -> 'items'), coalesce(details -> 'a' ->> 'b', 'none') FROM orders
-- [json arrow in a call in from]
SELECT o.id, i ->> 'sku' FROM orders o, jsonb_array_elements(details -> 'items') AS i
-- [json arrow in an aggregate]
SELECT status, jsonb_agg(details -> 'a' ORDER BY id) FROM orders GROUP BY status
-- [typed text before a cast]
SELECT DATE '2024-01-01'::text, TIMESTAMP WITH TIME ZONE '2024-01-01 10:00+00'::date
-- [json value returning]
SELECT json_value(details, '$.a' RETURNING int DEFAULT 0 ON EMPTY) FROM orders
-- [limit with a remainder]
SELECT id FROM orders ORDER BY id LIMIT 2 - (SELECT count(*) FROM orders) % 2
-- [interval with a fraction]
SELECT id FROM orders WHERE shipped_at > now() - INTERVAL '1.5 hours'
-- [analyst 000]
SELECT note, date_trunc('month', shipped_at) AS m, sum(total) FILTER (WHERE status = 'paid') AS paid FROM orders GROUP BY 1, 2 ORDER BY 2 DESC NULLS LAST
-- [analyst 002]
SELECT id, avg(total) OVER (ORDER BY shipped_at RANGE BETWEEN INTERVAL '7 days' PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM orders
-- [analyst 005]
SELECT note, status, count(*) FROM orders GROUP BY ROLLUP (note, status) ORDER BY 1, 2
-- [analyst 007]
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median, percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY status) FROM orders
-- [analyst 010]
WITH RECURSIVE d(day) AS (SELECT date '2024-01-01' UNION ALL SELECT (day + interval '1 day')::date FROM d WHERE day < date '2024-01-31') SELECT d.day, coalesce(sum(o.total), 0) FROM d LEFT JOIN orders o ON o.shipped_at::date = d.day GROUP BY d.day
-- [analyst 012]
SELECT note, jsonb_object_agg(status, total), json_agg(json_build_object('id', id, 'amount', total) ORDER BY id) FROM orders GROUP BY note
-- [analyst 017]
SELECT regexp_replace(name, '\s+', ' ', 'g'), regexp_matches(city, '(.+)@(.+)'), substring(city FROM '@(.*)$'), name ~* '^a' FROM customers
-- [analyst 025]
SELECT DISTINCT ON (customer_id) customer_id, id, shipped_at FROM orders ORDER BY customer_id, shipped_at DESC
-- [analyst 027]
WITH orders AS (SELECT * FROM orders WHERE total > 10) SELECT count(*) FROM orders
-- [analyst 030]
SELECT CASE WHEN total IS DISTINCT FROM 0 THEN 'x' ELSE NULL END, nullif(total, 0), greatest(1, total, 3), least(total, 5), num_nonnulls(total, status) FROM orders WHERE total BETWEEN SYMMETRIC 10 AND 5
-- [analyst 032]
select O.ID, o."total" from Orders o where O.Status = $$paid$$ /* a comment /* nested */ */ -- tail
-- [analyst 035]
SELECT row_to_json(t) FROM (SELECT id, name FROM customers) t
-- [analyst 040]
SELECT to_tsvector('english', name) @@ plainto_tsquery('english', 'acme'), ts_rank(to_tsvector(name), to_tsquery('a & b')) FROM customers
-- [analyst 042]
WITH RECURSIVE t(n, path) AS (SELECT 1, ARRAY[1] UNION ALL SELECT n + 1, path || (n + 1) FROM t WHERE n < 10) SEARCH DEPTH FIRST BY n SET ord CYCLE n SET is_cycle USING cyc SELECT * FROM t
-- [analyst 045]
TABLE orders
-- [analyst 047]
SELECT sum(total) AS "sum", count(*) AS "count", max(shipped_at) AS "user" FROM orders AS "select"
-- [analyst 055]
SELECT * FROM (SELECT o.*, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC NULLS LAST) AS rn FROM orders AS o) ranked WHERE rn = 1
-- [analyst 057]
SELECT CASE GROUPING(status) WHEN 1 THEN 'All' ELSE status END, SUM(total) FROM orders GROUP BY GROUPING SETS (ROLLUP (status), CUBE (note))
-- [analyst 060]
SELECT array_agg(DISTINCT note ORDER BY note) FILTER (WHERE note IS NOT NULL) FROM orders
-- [analyst 062]
SELECT generate_series(date_trunc('month', min(shipped_at)), max(shipped_at), '1 month') FROM orders
-- [analyst 067]
SELECT u.name, u.value FROM orders o CROSS JOIN LATERAL (VALUES ('amount', o.total), ('id', o.id::numeric)) AS u(name, value)
-- [analyst 070]
SELECT percentile_cont(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY total) AS pcts FROM orders
-- [analyst 072]
SELECT md5(lower(trim(city))) AS h, left(md5(city), 8), encode(digest_free, 'hex') FROM (SELECT city, 'a'::bytea AS digest_free FROM customers) c
-- [analyst 077]
SELECT count(*)::float / nullif((SELECT count(*) FROM customers), 0) FROM orders
-- [analyst 080]
SELECT * FROM orders o WHERE (o.total, o.id) > (100, 5) ORDER BY total, id LIMIT ALL OFFSET 0
-- [analyst 082]
SELECT a.n, b.n FROM generate_series(1, 3) a(n), generate_series(1, a.n) b(n)
-- [analyst 085]
SELECT * FROM regexp_split_to_table('a b c', ' ') WITH ORDINALITY AS t(w, i)
-- [analyst 087]
SELECT lower(note) || '-' || coalesce(status, '?') AS k, bool_or(total > 10), bit_or(id) FROM orders GROUP BY k HAVING bool_and(total IS NOT NULL)
-- [analyst 090]
SELECT trunc(total, -2) AS bucket, repeat('*', (count(*) / 10)::int) FROM orders GROUP BY 1
-- [analyst 097]
SELECT count(*) FROM orders GROUP BY ()
-- [analyst 100]
SELECT (shipped_at AT TIME ZONE 'utc')::date AS d, sum(sum(total)) OVER (ORDER BY (shipped_at AT TIME ZONE 'utc')::date) FROM orders GROUP BY 1
-- [analyst 102]
SELECT rank() OVER (ORDER BY sum(total) DESC), note FROM orders GROUP BY note
-- [reader 001]
SELECT o.id, c.name FROM ONLY orders AS o JOIN ONLY customers c ON c.id = o.customer_id
-- [reader 002]
SELECT abs(hashtext(id::text)) % 10 AS bucket, count(*), min(pg_typeof(total)::text) FROM orders GROUP BY 1 ORDER BY 1
-- [reader 003]
SELECT name ~~ ('a' || '%'), name !~~ 'a%', name || 'x' ~~* 'a%' FROM customers WHERE name ~~ 'A%' AND name || 'y' <> 'z'
-- [reader 004]
SELECT CASE WHEN name ~~ 'A%' THEN 'x' || name ELSE name || 'y' END FROM customers GROUP BY 1, name HAVING name ~~ 'A%' OR name || 'x' = 'y' ORDER BY name ~~ 'B%', name || 'z'
