-- [constant]
SELECT 42 AS answer
-- [plain]
SELECT id, total FROM orders WHERE status = 'open' ORDER BY total DESC LIMIT 10
-- [trailing semicolon and comment]
SELECT count(*) FROM orders; -- done
-- [from first]
FROM orders
-- [from first with select]
FROM orders SELECT id, total WHERE total > 10
-- [from first in a subquery]
SELECT count(*) FROM (FROM orders WHERE status = 'open')
-- [select without from columns trailing comma]
SELECT id, status, FROM orders
-- [group by all]
SELECT status, country, sum(total) FROM orders JOIN customers ON customers.id = customer_id GROUP BY ALL ORDER BY ALL
-- [star exclude]
SELECT * EXCLUDE (note, tags) FROM orders
-- [star replace]
SELECT * REPLACE (round(total, 0) AS total) FROM orders
-- [star rename]
SELECT * RENAME (total AS amount) FROM orders
-- [star like]
SELECT COLUMNS('^t') FROM orders
-- [columns lambda]
SELECT COLUMNS(c -> c LIKE '%id') FROM orders
-- [columns in aggregate]
SELECT min(COLUMNS(* EXCLUDE (note, tags, details))) FROM orders
-- [qualified star]
SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id
-- [qualify]
SELECT id, customer_id, total FROM orders QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY total DESC) = 1
-- [qualify with named window]
SELECT id, rank() OVER w AS r FROM orders WINDOW w AS (PARTITION BY status ORDER BY total) QUALIFY r <= 3
-- [window frame]
SELECT ordered_on, avg(total) OVER (ORDER BY ordered_on RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW) FROM orders
-- [window exclude]
SELECT sum(total) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW) FROM orders
-- [lag ignore nulls]
SELECT id, lag(total IGNORE NULLS) OVER (ORDER BY id) FROM orders
-- [filter]
SELECT count(*) FILTER (WHERE status = 'open') AS open, count(*) FILTER (status = 'late') AS late FROM orders
-- [grouping sets]
SELECT status, customer_id, sum(total), grouping(status) FROM orders GROUP BY GROUPING SETS ((status, customer_id), (status), ())
-- [cube and rollup]
SELECT status, customer_id, sum(total) FROM orders GROUP BY CUBE (status, customer_id) HAVING sum(total) > 5
-- [cte]
WITH big AS (SELECT * FROM orders WHERE total > 100) SELECT count(*) FROM big
-- [materialized cte]
WITH big AS MATERIALIZED (SELECT * FROM orders) SELECT b.id FROM big b JOIN big c USING (id)
-- [recursive cte]
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
-- [recursive over a tree]
WITH RECURSIVE tree AS (SELECT id, name, manager_id, 0 AS depth FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, e.manager_id, t.depth + 1 FROM employees e JOIN tree t ON t.id = e.manager_id) SELECT name, depth FROM tree
-- [cte named like a listed table]
WITH orders AS (SELECT * FROM orders WHERE total > 1) SELECT count(*) FROM orders
-- [nested with]
SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT a FROM x) t
-- [lateral]
SELECT c.name, o.total FROM customers c, LATERAL (SELECT total FROM orders WHERE customer_id = c.id ORDER BY total DESC LIMIT 1) o
-- [implicit lateral join]
SELECT c.name, t.n FROM customers c CROSS JOIN LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer_id = c.id) t
-- [asof join]
SELECT o.id, e.kind FROM orders o ASOF JOIN analytics.events e ON o.id = e.user_id AND o.shipped_at >= e.at
-- [asof left join]
SELECT o.id, e.kind FROM orders o ASOF LEFT JOIN analytics.events e ON o.id = e.user_id AND o.shipped_at >= e.at
-- [positional join]
SELECT * FROM customers POSITIONAL JOIN products
-- [semi and anti join]
SELECT c.name FROM customers c SEMI JOIN orders o ON o.customer_id = c.id
-- [anti join]
SELECT c.name FROM customers c ANTI JOIN orders o ON o.customer_id = c.id
-- [natural and using]
SELECT * FROM (SELECT id, total FROM orders) NATURAL JOIN (SELECT id, name FROM customers)
-- [full join]
SELECT coalesce(o.id, p.id) FROM orders o FULL OUTER JOIN products p ON p.id = o.id
-- [union by name]
SELECT id, name FROM customers UNION ALL BY NAME SELECT name, id, category FROM products
-- [except all]
SELECT id FROM customers EXCEPT ALL SELECT customer_id FROM orders
-- [intersect]
SELECT id FROM customers INTERSECT SELECT customer_id FROM orders ORDER BY 1
-- [values]
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) t(id, label)
-- [values statement]
VALUES (1), (2)
-- [unnest list]
SELECT unnest([1, 2, 3]) AS n
-- [unnest column]
SELECT id, unnest(tags) AS tag FROM orders
-- [unnest in from]
SELECT o.id, t.tag FROM orders o, UNNEST(o.tags) AS t(tag)
-- [list functions]
SELECT list_sort(tags), list_contains(tags, 'x'), len(tags), list_distinct(tags), tags[1], tags[1:2], tags[-1] FROM orders
-- [list comprehension]
SELECT [x * 2 for x in [1, 2, 3] if x > 1] AS doubled
-- [lambda arrow]
SELECT list_transform([1, 2, 3], x -> x + 1), list_filter([1, 2, 3], x -> x % 2 = 1)
-- [lambda keyword]
SELECT list_reduce([1, 2, 3], lambda a, b: a + b)
-- [struct literal and access]
SELECT {'a': 1, 'b': 'x'} AS s, {'a': 1}.a AS d, struct_pack(k := 1, v := 2) AS p
-- [struct from derived]
SELECT s.a, s['b'] FROM (SELECT {'a': 1, 'b': 2} AS s)
-- [map]
SELECT map {'k': 1}['k'] AS v, map_keys(map([1, 2], ['a', 'b'])) AS ks
-- [json]
SELECT details->'a' AS a, details->>'$.b[0]' AS b, json_extract_string(details, '$.a') AS c, json_array_length(details) FROM orders
-- [json aggregation]
SELECT json_group_array(id), json_group_object(status, total) FROM orders
-- [string functions]
SELECT upper(status), status ILIKE '%o%', status SIMILAR TO 'o.*', regexp_replace(note, '[0-9]+', '#', 'g'), string_split(note, ' '), printf('%d', id), format('{}', id) FROM orders
-- [glob operator]
SELECT status GLOB 'o*' FROM orders
-- [date functions]
SELECT date_trunc('month', ordered_on), date_diff('day', ordered_on, current_date), strftime(ordered_on, '%Y-%m'), extract('year' FROM ordered_on), ordered_on + INTERVAL 1 MONTH, date_part('dow', ordered_on), year(ordered_on) FROM orders
-- [time bucket]
SELECT time_bucket(INTERVAL '15 minutes', "at") AS slot, count(*) FROM analytics.events GROUP BY slot
-- [casts]
SELECT CAST(total AS DECIMAL(10, 2)), id::VARCHAR, TRY_CAST(note AS INTEGER), total::DOUBLE FROM orders
-- [nested cast types]
SELECT CAST([1, 2] AS INTEGER[]), CAST({'a': 1} AS STRUCT(a BIGINT)), '2024-01-01'::DATE, NULL::MAP(VARCHAR, INTEGER), 1::HUGEINT, 2::UTINYINT
-- [aggregates]
SELECT median(total), quantile_cont(total, 0.9), mode(status), arg_max(id, total), approx_count_distinct(customer_id), string_agg(status, ',' ORDER BY id), list(id ORDER BY id), histogram(status), any_value(note), first(id), kurtosis(total), bool_or(total > 1) FROM orders
-- [ordered set aggregate]
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM orders
-- [pivot]
PIVOT (SELECT status, total, customer_id FROM orders) ON status USING sum(total) GROUP BY customer_id
-- [pivot in from]
SELECT * FROM (SELECT status, total FROM orders) PIVOT (sum(total) FOR status IN ('open', 'late'))
-- [unpivot in from]
SELECT * FROM (SELECT id, total, customer_id FROM orders) UNPIVOT (value FOR name IN (total, customer_id))
-- [tablesample]
SELECT * FROM orders TABLESAMPLE 10%
-- [using sample]
SELECT * FROM orders USING SAMPLE 5 ROWS
-- [sample with method]
SELECT * FROM orders TABLESAMPLE reservoir(20 ROWS) REPEATABLE (1)
-- [range table function]
SELECT range AS n FROM range(1, 10, 2)
-- [generate series of dates]
SELECT d::DATE FROM generate_series(DATE '2024-01-01', DATE '2024-02-01', INTERVAL 1 DAY) t(d)
-- [alias in where and group]
SELECT total * 2 AS twice, twice + 1 AS more FROM orders WHERE twice > 10 ORDER BY more
-- [prefix alias]
SELECT amount: total, who: customer_id FROM orders
-- [distinct on]
SELECT DISTINCT ON (customer_id) customer_id, id FROM orders ORDER BY customer_id, id DESC
-- [limit percent]
SELECT * FROM orders LIMIT 10%
-- [offset]
SELECT id FROM orders ORDER BY id LIMIT 5 OFFSET 10
-- [nulls ordering]
SELECT id FROM orders ORDER BY total DESC NULLS LAST
-- [underscored numbers]
SELECT 1_000_000 AS n, 1e3 AS e
-- [integer division and power]
SELECT 7 // 2, 2 ** 3, 7 % 3, 2 ^ 3, 5 & 3, 5 | 2, 1 << 3
-- [dollar quoted string]
SELECT $$it's$$ AS t
-- [escape string]
SELECT E'a\nb' AS t
-- [case insensitive names]
SELECT O.ID, "o"."Total" FROM Orders O
-- [quoted alias that is a keyword]
SELECT id AS "select", "from".total FROM orders AS "from"
-- [keywords in literals]
SELECT 'DROP TABLE orders; COPY x TO y' AS t, 'read_csv(''/etc/passwd'')' AS u
-- [column named like a function]
SELECT o.id AS count, o.total AS sum FROM orders o
-- [scalar subquery]
SELECT id, (SELECT max(total) FROM orders) AS top, EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer_id) FROM orders o
-- [any and all]
SELECT id FROM orders WHERE total > ALL (SELECT price FROM products) OR customer_id = ANY (SELECT id FROM customers) OR id IN (1, 2)
-- [in list value]
SELECT id FROM orders WHERE 'x' IN tags
-- [not between]
SELECT id FROM orders WHERE total NOT BETWEEN 1 AND 2 AND note IS NOT NULL AND (status, id) IN (('open', 1))
-- [is distinct from]
SELECT id FROM orders WHERE note IS DISTINCT FROM 'x' AND status IS NOT DISTINCT FROM 'y'
-- [case]
SELECT CASE status WHEN 'open' THEN 1 ELSE 0 END, if(total > 1, 'a', 'b'), ifnull(note, '-'), nullif(id, 0) FROM orders
-- [string concatenation and slice]
SELECT status || '-' || id, status[1:3] FROM orders
-- [method chaining]
SELECT status.upper().replace('O', '0') FROM orders
-- [collate]
SELECT status FROM orders ORDER BY status COLLATE NOCASE
-- [schema qualified main]
SELECT e.kind, count(*) FROM analytics.events AS e GROUP BY e.kind
-- [summing booleans]
SELECT count_if(total > 10), sum(CASE WHEN total > 10 THEN 1 END) FROM orders
-- [at time zone]
SELECT shipped_at AT TIME ZONE 'UTC' FROM orders
-- [bit string and blob]
SELECT '\xAA'::BLOB, to_base64('a'::BLOB), md5('a'), sha256('a'), hash(1)
-- [with name of a listed table that has columns of its own]
WITH orders AS (SELECT id AS number, total * 2 AS twice FROM orders) SELECT orders.number, twice FROM orders WHERE orders.twice > 10 ORDER BY orders.number
-- [with name of a listed table beside another]
WITH customers AS (SELECT customer_id AS who, sum(total) AS spent FROM orders GROUP BY customer_id) SELECT customers.who, customers.spent FROM customers
-- [distinct on an alias of a call]
SELECT DISTINCT ON (word) lower(status) AS word, id FROM orders ORDER BY word, id
-- [distinct on an alias of a date]
SELECT DISTINCT ON (month, lower(status)) date_trunc('month', ordered_on) AS month, replace(status, 'a', 'b') AS word FROM orders ORDER BY month
-- [analyst 000]
FROM orders
-- [analyst 002]
SELECT * EXCLUDE (details, tags) REPLACE (total * 2 AS total) FROM orders
-- [analyst 005]
SELECT min(COLUMNS(*)) FROM (SELECT id, total FROM orders)
-- [analyst 007]
SELECT note, status, sum(total) FROM orders GROUP BY ROLLUP (note, status)
-- [analyst 010]
PIVOT orders ON note USING sum(total) GROUP BY status
-- [analyst 012]
SELECT * FROM orders PIVOT (sum(total) FOR note IN ('EU', 'US') GROUP BY status)
-- [analyst 015]
FROM (SELECT id, total, customer_id FROM orders) UNPIVOT INCLUDE NULLS (v FOR metric IN (total, customer_id))
-- [analyst 017]
SELECT id, sum(total) OVER (ORDER BY shipped_at RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW) FROM orders
-- [analyst 020]
SELECT * FROM orders o ANTI JOIN customers c ON c.id = o.customer_id
-- [analyst 022]
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT * FROM t
-- [analyst 025]
SELECT range AS n FROM range(0, 10, 2)
-- [analyst 027]
SELECT unnest([{'a': 1, 'b': 2}, {'a': 3, 'b': 4}], recursive := true)
-- [analyst 030]
SELECT shipped_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York', epoch_ms(shipped_at), make_date(2024, 1, 1), age(shipped_at), century(shipped_at) FROM orders
-- [analyst 032]
SELECT split_part(city, '@', 2), levenshtein(name, 'bob'), jaro_winkler_similarity(name, 'x'), name[1:3], name.lower().trim(), printf('%d', id), format('{}-{}', id, name), concat_ws('-', name, country), lpad(name, 5, '*'), ascii(name), strip_accents(name) FROM customers
-- [analyst 035]
SELECT list_transform([1, 2, 3], x -> x + 1), list_filter([1, 2], lambda x : x > 1), list_reduce([1, 2, 3], (a, b) -> a + b), [x * 2 FOR x IN [1, 2, 3] IF x > 1], list_aggregate([1, 2], 'sum'), list_sort([3, 1]), list_contains([1], 1), len([1]), list_zip([1], [2])
-- [analyst 037]
SELECT * FROM orders USING SAMPLE reservoir(50 ROWS) REPEATABLE (100)
-- [analyst 040]
SELECT id FROM orders UNION ALL BY NAME SELECT name FROM customers
-- [analyst 042]
VALUES (1, 'a'), (2, 'b')
-- [analyst 045]
SELECT count() AS n, count_if(total > 10), sum(total) / n FROM orders
-- [analyst 047]
SELECT id FROM orders ORDER BY total DESC NULLS LAST LIMIT 10%
-- [analyst 050]
SELECT CASE WHEN total > 10 THEN 'x' END AS k, if(total > 1, 'a', 'b'), ifnull(status, ''), coalesce(status, note), nullif(total, 0), greatest(total, 1) FROM orders WHERE k IS NOT NULL
-- [analyst 052]
SELECT json_group_array(id), json_object('a', id), to_json(status), json_structure('{"a":1}'), '{"a":1}'::JSON->>'a', from_json('{"a":1}', '{"a":"INTEGER"}') FROM orders GROUP BY ALL
-- [analyst 055]
SELECT array_value(1, 2, 3), array_cosine_distance([1, 2]::FLOAT[2], [2, 3]::FLOAT[2]), bar(total, 0, 100, 10), md5(status), hash(id), gen_random_uuid(), random() FROM orders
-- [analyst 057]
SELECT note, unnest(quantile_cont(total, [0.25, 0.5, 0.75])) FROM orders GROUP BY note
-- [analyst 060]
SELECT * FROM (UNPIVOT (SELECT id, total, customer_id FROM orders) ON COLUMNS(* EXCLUDE id) INTO NAME k VALUE v)
-- [analyst 062]
SELECT max(total) FILTER (status = 'paid') FROM orders
-- [analyst 065]
SELECT t.s.a FROM (SELECT {'a': 1} AS s) t
-- [analyst 067]
SELECT strftime(shipped_at, '%Y-W%V') AS w, count(*) FROM orders GROUP BY ALL
-- [analyst 070]
SELECT approx_top_k(status, 2), arg_min(status, total, 2), list(DISTINCT note), bitstring_agg(id) FROM orders
-- [analyst 072]
SELECT * FROM orders WHERE shipped_at > now() - INTERVAL 7 DAYS
-- [analyst 075]
SELECT id, total, total > avg(total) OVER (PARTITION BY note) AS above FROM orders QUALIFY above
-- [analyst 077]
SELECT c.name, o.* FROM customers c LEFT JOIN LATERAL (FROM orders o SELECT id, total WHERE o.customer_id = c.id LIMIT 2) o ON true
-- [analyst 080]
SELECT COLUMNS('^(id|total)$') FROM orders
-- [analyst 082]
SELECT * LIKE '%id%' FROM orders
-- [analyst 085]
SELECT * FROM VALUES (1, 'a'), (2, 'b') t(a, b)
-- [analyst 087]
SELECT date_diff('week', shipped_at, current_date), datesub('month', shipped_at, now()::TIMESTAMP), age(now()::TIMESTAMP, shipped_at), monthname(shipped_at), quarter(shipped_at), isodow(shipped_at), epoch(shipped_at) FROM orders
-- [analyst 090]
SELECT CASE WHEN total < 10 THEN '<10' WHEN total < 50 THEN '10-50' ELSE '50+' END AS b, count(*) FROM orders GROUP BY b
-- [analyst 092]
SELECT first(status ORDER BY shipped_at), last(status ORDER BY shipped_at), any_value(note) FROM orders GROUP BY customer_id
-- [analyst 095]
SELECT x, y FROM (SELECT unnest([1, 2, 3]) AS x, unnest(['a', 'b', 'c']) AS y)
-- [analyst 097]
SELECT corr(total, id), covar_samp(total, id), regr_slope(total, id), skewness(total), stddev(total), variance(total), sem(total) FROM orders
-- [analyst 100]
SELECT date '2024-01-01' + INTERVAL (id) DAY FROM orders
-- [analyst 102]
SELECT DISTINCT date_part(['year', 'month'], shipped_at) FROM orders
-- [analyst 105]
SELECT 'it''s' AS "quoted name", 1 AS "select" FROM orders
-- [analyst 107]
SELECT (FROM orders SELECT max(total))
-- [analyst 110]
SELECT * FROM orders USING SAMPLE 5 ROWS
-- [reader 001]
SELECT name ~~ ('a' || '%'), name !~~ 'a%', name || 'x' ~~* 'a%' FROM customers WHERE name ~~ 'A%' AND name || 'y' <> 'z'
-- [reader 002]
SELECT CASE WHEN name ~~ 'A%' THEN 'x' || name ELSE name || 'y' END FROM customers GROUP BY 1, name HAVING name ~~ 'A%' OR name || 'x' = 'y' ORDER BY name ~~ 'B%', name || 'z'
