-- [001]
FROM orders SELECT status, count(*) AS n GROUP BY ALL ORDER BY ALL
-- [002]
SELECT customer_id, total FROM orders QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY total DESC) <= 3
-- [003]
SELECT * EXCLUDE (note) REPLACE (round(total) AS total) FROM orders
-- [004]
SELECT COLUMNS('^(id|total)$') FROM orders
-- [005]
SELECT max(COLUMNS(* EXCLUDE (tags, details))) FROM orders
-- [006]
PIVOT orders ON status USING sum(total) GROUP BY customer_id
-- [007]
PIVOT (SELECT status, extract(year FROM ordered_on) AS y, total FROM orders) ON y IN (2023, 2024) USING sum(total) AS s, count(*) AS n GROUP BY status
-- [008]
UNPIVOT (SELECT id, price, stock::DECIMAL(12, 2) AS stock FROM products) ON price, stock INTO NAME measure VALUE v
-- [009]
SELECT * FROM (SELECT id, total FROM orders) UNPIVOT (v FOR k IN (id, total))
-- [010]
SELECT date_trunc('week', ordered_on) AS w, sum(total) AS s, s - lag(s) OVER (ORDER BY w) AS diff FROM orders GROUP BY w
-- [011]
SELECT list_transform(tags, t -> upper(t)), list_filter(tags, lambda t: t <> 'x'), list_reduce([1, 2, 3], (a, b) -> a + b), [t || '!' FOR t IN tags IF t <> 'x'] FROM orders
-- [012]
SELECT id, unnest(tags) AS tag FROM orders
-- [013]
SELECT o.id, t.tag FROM orders o, unnest(o.tags) AS t(tag)
-- [014]
SELECT {'a': id, 'b': total} AS s, struct_pack(x := id), map {'k': id}, MAP(['a'], [1])['a'] FROM orders
-- [015]
SELECT details->>'$.a', details->'b'->>0, json_extract(details, '$.items[*].n'), json_group_array(id), json_structure(any_value(details)) FROM orders GROUP BY ALL
-- [016]
SELECT quantile_cont(total, [0.25, 0.5, 0.75]), median(total), mode(status), approx_count_distinct(customer_id), arg_max(id, total), max_by(id, total, 3), histogram(status), mad(total), entropy(status), kurtosis(total) FROM orders
-- [017]
SELECT e.id, o.id FROM analytics.events e ASOF JOIN orders o ON e.user_id = o.customer_id AND e.at >= o.shipped_at
-- [018]
SELECT time_bucket(INTERVAL '1 hour', "at") AS h, count(*) FILTER (WHERE kind = 'buy') FROM analytics.events GROUP BY h
-- [019]
SELECT range, coalesce(n, 0) FROM range(DATE '2024-01-01', DATE '2024-02-01', INTERVAL 1 DAY) LEFT JOIN (SELECT ordered_on, count(*) AS n FROM orders GROUP BY 1) ON range = ordered_on
-- [020]
SELECT * FROM generate_series(1, 10) AS g(n) POSITIONAL JOIN (SELECT id FROM orders LIMIT 10)
-- [021]
SELECT regexp_extract(note, '(\d+)-(\d+)', ['a', 'b']), regexp_matches(note, 'x'), string_split(note, ' '), note[1:3], strftime(ordered_on, '%Y-%m'), strptime('2024-01-01', '%Y-%m-%d'), format('{:.2f}', total), printf('%05d', id) FROM orders
-- [022]
SELECT status, count(*) FROM orders GROUP BY GROUPING SETS ((status), ()) HAVING count(*) > 1
-- [023]
SELECT sum(total) OVER (ORDER BY ordered_on RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM orders
-- [024]
SELECT a.id FROM orders a SEMI JOIN customers c ON a.customer_id = c.id
-- [025]
SELECT name FROM customers c ANTI JOIN orders o ON o.customer_id = c.id
-- [026]
SELECT * FROM orders USING SAMPLE 10%
-- [027]
SELECT * FROM orders TABLESAMPLE reservoir(10 ROWS) REPEATABLE (7)
-- [028]
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) FROM t
-- [029]
WITH a AS MATERIALIZED (FROM orders WHERE total > 10) SELECT count(*) FROM a
-- [030]
SELECT id FROM customers UNION BY NAME SELECT id, name FROM products
-- [031]
SELECT datediff('month', ordered_on, current_date), date_part('year', ordered_on), ordered_on + 3, make_date(2024, 1, 1), last_day(ordered_on), age(shipped_at), epoch(shipped_at), dayname(ordered_on), greatest(total, 1) FROM orders
-- [032]
SELECT TRY_CAST(note AS INT), total::VARCHAR, id // 2, id ** 2, 7 % 3, status ILIKE 'o%', status IN ('a', 'b'), note SIMILAR TO 'a.*', status GLOB 'o*', 'x' IN tags, id BETWEEN 1 AND 5 FROM orders
-- [033]
SELECT status, list(id ORDER BY total DESC)[1:3] AS top, string_agg(note, ',' ORDER BY id) FROM orders GROUP BY status
-- [034]
SELECT if(total > 5, 'a', 'b'), ifnull(note, ''), nullif(id, 0), coalesce(note, status), CASE WHEN total > 1 THEN 1 END FROM orders
-- [035]
SELECT id, lag(total IGNORE NULLS) OVER (ORDER BY id), first_value(total ORDER BY id) OVER () FROM orders
-- [036]
SELECT hash(note), md5(note), sha256(note), levenshtein(note, 'x'), jaccard('ab', 'bc'), jaro_winkler_similarity('a', 'b'), strip_accents(note), bar(total, 0, 100) FROM orders
