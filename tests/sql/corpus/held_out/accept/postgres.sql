-- [001]
SELECT date_trunc('month', ordered_on)::date AS month, count(*) AS orders, sum(total) AS revenue, sum(total) - lag(sum(total)) OVER (ORDER BY date_trunc('month', ordered_on)) AS change FROM orders GROUP BY 1 ORDER BY 1
-- [002]
SELECT customer_id, id, total, sum(total) OVER (PARTITION BY customer_id ORDER BY ordered_on, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM orders
-- [003]
SELECT ordered_on, avg(total) OVER (ORDER BY ordered_on RANGE BETWEEN INTERVAL '7 days' PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) FROM orders
-- [004]
SELECT status, ntile(4) OVER w AS q, percent_rank() OVER w, cume_dist() OVER w, first_value(id) OVER w FROM orders WINDOW w AS (PARTITION BY status ORDER BY total GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING)
-- [005]
SELECT coalesce(country, 'all') AS country, coalesce(city, 'all') AS city, count(*), grouping(country, city) FROM customers GROUP BY ROLLUP (country, city) HAVING count(*) > 0 ORDER BY 4, 1, 2
-- [006]
SELECT country, city, count(*) FROM customers GROUP BY GROUPING SETS ((country, city), (country), ()) ORDER BY country NULLS LAST
-- [007]
SELECT country, count(*) FROM customers GROUP BY CUBE (country, city)
-- [008]
WITH RECURSIVE chain AS (SELECT id, name, manager_id, 0 AS depth, ARRAY[id] AS path FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, e.manager_id, c.depth + 1, c.path || e.id FROM employees e JOIN chain c ON e.manager_id = c.id WHERE NOT e.id = ANY (c.path)) SELECT * FROM chain ORDER BY path
-- [009]
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 12) SELECT make_date(2024, n, 1) AS month FROM t
-- [010]
WITH RECURSIVE tree AS (SELECT id, manager_id FROM employees UNION ALL SELECT e.id, e.manager_id FROM employees e JOIN tree t ON t.id = e.manager_id) SEARCH DEPTH FIRST BY id SET ord CYCLE id SET is_cycle USING path SELECT count(*) FROM tree
-- [011]
SELECT c.name, last.id, last.total FROM customers c CROSS JOIN LATERAL (SELECT o.id, o.total FROM orders o WHERE o.customer_id = c.id ORDER BY o.ordered_on DESC LIMIT 3) AS last
-- [012]
SELECT c.name, x.n FROM customers c LEFT JOIN LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer_id = c.id) x ON true WHERE x.n > 0
-- [013]
SELECT DISTINCT ON (customer_id) customer_id, id, total FROM orders ORDER BY customer_id, total DESC
-- [014]
SELECT id, details->>'a' AS a, details#>>'{b,0}' AS b, jsonb_path_query_first(details, '$.items[*] ? (@.price > 10)') FROM orders WHERE details @> '{"a": 1}'
-- [015]
SELECT key, count(*) FROM orders, jsonb_each_text(details) AS j(key, value) GROUP BY key
-- [016]
SELECT o.id, item->>'sku' AS sku, (item->>'qty')::int AS qty FROM orders o CROSS JOIN LATERAL jsonb_array_elements(o.details->'items') WITH ORDINALITY AS t(item, pos) WHERE pos < 3
-- [017]
SELECT jsonb_agg(jsonb_build_object('id', id, 'total', total) ORDER BY id) FILTER (WHERE status = 'open') FROM orders
-- [018]
SELECT id, tag FROM orders CROSS JOIN unnest(tags) AS tag WHERE tags && ARRAY['a', 'b'] AND 'x' = ANY (tags)
-- [019]
SELECT array_agg(DISTINCT status ORDER BY status), string_agg(status, ', ' ORDER BY status), cardinality(array_agg(id)) FROM orders
-- [020]
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median, percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY status) FROM orders
-- [021]
SELECT width_bucket(total, 0, 1000, 10) AS bucket, count(*), min(total), max(total) FROM orders GROUP BY bucket ORDER BY bucket
-- [022]
SELECT g.day::date, coalesce(sum(o.total), 0) FROM generate_series('2024-01-01'::date, '2024-01-31'::date, '1 day'::interval) AS g(day) LEFT JOIN orders o ON o.ordered_on = g.day::date GROUP BY 1 ORDER BY 1
-- [023]
SELECT extract(isodow FROM ordered_on) AS dow, extract(epoch FROM shipped_at - ordered_on) / 86400 AS days, age(shipped_at, ordered_on) FROM orders
-- [024]
SELECT to_char(ordered_on, 'YYYY-"W"IW') AS week, count(*) FROM orders GROUP BY 1
-- [025]
SELECT date_bin('15 minutes', at, TIMESTAMP '2024-01-01') AS slot, count(*) FROM analytics.events GROUP BY slot
-- [026]
SELECT id FROM orders WHERE ordered_on >= current_date - INTERVAL '30 days' AND ordered_on < date_trunc('day', now())
-- [027]
SELECT id FROM orders WHERE (ordered_on, ordered_on + 5) OVERLAPS (DATE '2024-01-01', DATE '2024-02-01')
-- [028]
SELECT at AT TIME ZONE 'Europe/Berlin', timezone('UTC', at) FROM analytics.events
-- [029]
SELECT regexp_replace(note, '\s+', ' ', 'g'), regexp_match(note, '(\d+)-(\d+)'), (regexp_matches(note, '\w+', 'g'))[1], note ~* '^a', note !~ 'b$' FROM orders
-- [030]
SELECT split_part(note, '@', 2) AS domain, count(*) FROM orders GROUP BY 1 HAVING count(*) > 1
-- [031]
SELECT status, count(*) FILTER (WHERE total > 100) AS big, round(100.0 * count(*) FILTER (WHERE total > 100) / nullif(count(*), 0), 1) AS pct FROM orders GROUP BY status
-- [032]
SELECT sum(CASE WHEN status = 'open' THEN 1 ELSE 0 END) AS open, sum(CASE status WHEN 'late' THEN total END) AS late FROM orders
-- [033]
SELECT corr(total, id), regr_slope(total, id), stddev_samp(total), var_pop(total), covar_samp(total, id) FROM orders
-- [034]
SELECT o.id FROM orders o WHERE o.total > (SELECT avg(i.total) FROM orders i WHERE i.customer_id = o.customer_id)
-- [035]
SELECT name FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id)
-- [036]
SELECT id FROM customers EXCEPT SELECT customer_id FROM orders INTERSECT SELECT id FROM products
-- [037]
SELECT * FROM (VALUES (1, 'low'), (2, 'high')) AS v(level, label) JOIN orders o ON o.id = v.level
-- [038]
SELECT a.id, b.id FROM orders a JOIN orders b ON a.customer_id = b.customer_id AND a.id < b.id AND b.ordered_on BETWEEN a.ordered_on AND a.ordered_on + 30
-- [039]
SELECT count(DISTINCT (customer_id, status)), count(*) FROM orders
-- [040]
WITH cohort AS (SELECT customer_id, min(date_trunc('month', ordered_on)) AS first FROM orders GROUP BY 1), act AS MATERIALIZED (SELECT customer_id, date_trunc('month', ordered_on) AS m FROM orders) SELECT first, extract(year FROM age(m, first)) * 12 + extract(month FROM age(m, first)) AS n, count(DISTINCT a.customer_id) FROM cohort c JOIN act a USING (customer_id) GROUP BY 1, 2
-- [041]
SELECT id, total, total::numeric(10,2), CAST(total AS text) || ' EUR', format('%s: %L', id, note), concat_ws('-', id, status), initcap(status), left(note, 5), position('a' IN note), substring(note FROM 2 FOR 3), overlay(note PLACING 'x' FROM 1), trim(both ' ' FROM note) FROM orders
-- [042]
SELECT greatest(total, 0), least(total, 10), mod(id, 7), id % 3, power(id, 2), |/ id, ln(id + 1), ceil(total), trunc(total, 1), sign(total), abs(-total), random() < 0.5 FROM orders
-- [043]
SELECT id FROM orders ORDER BY total DESC NULLS LAST, id USING < FETCH FIRST 5 ROWS WITH TIES
-- [044]
SELECT id FROM orders TABLESAMPLE BERNOULLI (10) REPEATABLE (42)
-- [045]
SELECT md5(note), encode(sha256(note::bytea), 'hex'), length(note), octet_length(note), ascii(note), chr(65) FROM orders
-- [046]
SELECT json_object_agg(status, n) FROM (SELECT status, count(*) AS n FROM orders GROUP BY status) s
-- [047]
SELECT bool_and(total > 0), bool_or(status = 'late'), every(id > 0), bit_or(id), any_value(status) FROM orders
-- [048]
SELECT id, status IS DISTINCT FROM 'open', note IS NULL, (total > 5) IS TRUE, id IN (1, 2), id NOT BETWEEN 5 AND 8, note SIMILAR TO 'a%', note ILIKE ANY (ARRAY['a%', 'b%']) FROM orders
-- [049]
SELECT EXISTS (SELECT 1 FROM orders WHERE status = 'late') AS any_late, (SELECT max(total) FROM orders) AS top
-- [050]
SELECT tsrange(at, at + interval '1 hour') @> now()::timestamp, int4range(1, 5) * int4range(3, 9), lower(daterange('2024-01-01', '2024-02-01')) FROM analytics.events
-- [051]
SELECT nth_value(total, 2) OVER (PARTITION BY status ORDER BY id), lead(total, 1, 0) OVER (ORDER BY id), row_number() OVER () FROM orders
-- [052]
SELECT justify_days(interval '45 days'), make_interval(months => 3), date '2024-01-31' + interval '1 month', to_timestamp(0), to_date('20240105', 'YYYYMMDD')
-- [053]
SELECT to_tsvector('english', note) @@ websearch_to_tsquery('english', 'late delivery'), ts_rank(to_tsvector(note), plainto_tsquery('late')) FROM orders
