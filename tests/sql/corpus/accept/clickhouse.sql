-- [plain]
SELECT id, total FROM orders WHERE status = 'open' ORDER BY total DESC LIMIT 10
-- [final]
SELECT count() FROM orders FINAL
-- [sample]
SELECT count() FROM orders SAMPLE 0.1
-- [sample offset]
SELECT count() FROM orders SAMPLE 1/10 OFFSET 1/2
-- [prewhere]
SELECT id FROM orders PREWHERE status = 'open' WHERE total > 1
-- [limit by]
SELECT customer_id, id FROM orders ORDER BY id LIMIT 2 BY customer_id
-- [limit by and limit]
SELECT customer_id, id FROM orders ORDER BY id LIMIT 2 BY customer_id LIMIT 10
-- [limit offset comma]
SELECT id FROM orders ORDER BY id LIMIT 5, 10
-- [limit with ties]
SELECT id FROM orders ORDER BY total LIMIT 5 WITH TIES
-- [array join]
SELECT id, tag FROM orders ARRAY JOIN tags AS tag
-- [left array join]
SELECT id, tag FROM orders LEFT ARRAY JOIN tags AS tag
-- [array join several]
SELECT id, tag, n FROM orders ARRAY JOIN tags AS tag, arrayEnumerate(tags) AS n
-- [arrayJoin function]
SELECT id, arrayJoin(tags) AS tag FROM orders
-- [asof join]
SELECT o.id, e.kind FROM orders AS o ASOF JOIN analytics.events AS e ON o.id = e.user_id AND o.shipped_at >= e.at
-- [any join]
SELECT o.id FROM orders AS o ANY LEFT JOIN customers AS c ON c.id = o.customer_id
-- [semi join]
SELECT c.id FROM customers AS c LEFT SEMI JOIN orders AS o ON o.customer_id = c.id
-- [anti join]
SELECT c.id FROM customers AS c LEFT ANTI JOIN orders AS o ON o.customer_id = c.id
-- [global join]
SELECT o.id FROM orders AS o GLOBAL INNER JOIN customers AS c ON c.id = o.customer_id
-- [global in]
SELECT id FROM orders WHERE customer_id GLOBAL IN (SELECT id FROM customers)
-- [using without parentheses]
SELECT id FROM orders INNER JOIN customers USING id
-- [lambda]
SELECT arrayMap(x -> x * 2, [1, 2, 3]), arrayFilter(x -> x > 1, [1, 2, 3]), arraySum(x -> x, [1, 2])
-- [lambda with two arguments]
SELECT arrayMap((x, y) -> x + y, [1, 2], [3, 4])
-- [quantiles]
SELECT quantile(0.9)(total), quantiles(0.5, 0.9)(total), quantileExact(0.5)(total), median(total) FROM orders
-- [parametric aggregates]
SELECT topK(3)(status), groupArray(5)(id), uniqCombined(12)(id), histogram(5)(total), sequenceMatch('(?1)(?2)')(at, kind = 'a', kind = 'b') FROM orders, analytics.events
-- [window funnel]
SELECT user_id, windowFunnel(3600)(at, kind = 'view', kind = 'buy') FROM analytics.events GROUP BY user_id
-- [combinators]
SELECT countIf(total > 10), sumIf(total, status = 'open'), avgOrNull(total), uniqExactIf(id, id > 1), groupArrayDistinct(status), argMaxIf(id, total, id > 1), sumMap(map('a', 1)) FROM orders
-- [uniq]
SELECT uniq(customer_id), uniqExact(customer_id), uniqHLL12(customer_id), count(DISTINCT status) FROM orders
-- [arg max]
SELECT argMax(id, total), argMin(id, total), any(status), anyLast(status) FROM orders
-- [with totals]
SELECT status, count() FROM orders GROUP BY status WITH TOTALS
-- [with rollup]
SELECT status, customer_id, count() FROM orders GROUP BY status, customer_id WITH ROLLUP
-- [with cube]
SELECT status, customer_id, count() FROM orders GROUP BY status, customer_id WITH CUBE
-- [grouping sets]
SELECT status, customer_id, count() FROM orders GROUP BY GROUPING SETS ((status), (customer_id))
-- [with scalar]
WITH 10 AS low SELECT id FROM orders WHERE total > low
-- [with scalar subquery]
WITH (SELECT max(total) FROM orders) AS top SELECT id, total / top FROM orders
-- [with expression]
WITH toStartOfMonth(ordered_on) AS month SELECT month, sum(total) FROM orders GROUP BY month
-- [cte]
WITH big AS (SELECT * FROM orders WHERE total > 100) SELECT count() FROM big
-- [in a cte]
WITH ids AS (SELECT id FROM customers) SELECT id FROM orders WHERE customer_id IN (SELECT id FROM ids)
-- [recursive cte]
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
-- [date functions]
SELECT toStartOfMonth(ordered_on), toYYYYMM(ordered_on), toDate('2024-01-01'), dateDiff('day', ordered_on, today()), formatDateTime(shipped_at, '%Y-%m'), now() - INTERVAL 1 DAY, toStartOfInterval(shipped_at, INTERVAL 15 MINUTE), addMonths(ordered_on, 1) FROM orders
-- [date trunc]
SELECT date_trunc('month', ordered_on), toYear(ordered_on), toDayOfWeek(ordered_on), toHour(shipped_at), extract(YEAR FROM ordered_on) FROM orders
-- [case of functions is kept]
SELECT toString(id), toUInt64(id), toDecimal64(total, 2), reinterpretAsUInt8('a') FROM orders
-- [conditionals]
SELECT if(total > 1, 'a', 'b'), multiIf(total > 10, 'x', total > 5, 'y', 'z'), total > 1 ? 'a' : 'b', ifNull(note, '-'), coalesce(note, '') FROM orders
-- [string functions]
SELECT lower(status), splitByChar(',', note), match(note, '^a'), extractAll(note, '[0-9]+'), replaceRegexpAll(note, 'a', 'b'), position(note, 'a'), substring(note, 1, 3), concat(status, '-'), status || 'x', like(note, 'a%'), startsWith(note, 'a'), domain('http://a.b/c') FROM orders
-- [arrays and tuples]
SELECT [1, 2, 3][1], (1, 'a').2, tuple(1, 2), tags[1], length(tags), has(tags, 'x'), arrayStringConcat(tags, ','), arrayDistinct(tags), array(1, 2) FROM orders
-- [maps]
SELECT map('a', 1)['a'], mapKeys(map('a', 1))
-- [json]
SELECT JSONExtractString(note, 'a'), JSONExtractInt(note, 'b', 'c'), JSONHas(note, 'x'), visitParamExtractRaw(note, 'y'), JSONLength(note) FROM orders
-- [casts]
SELECT CAST(id AS String), id::Float64, CAST(note, 'Nullable(UInt32)'), CAST(total AS Decimal(10, 2)), CAST(id AS LowCardinality(String)), '2024-01-01'::Date FROM orders
-- [distinct on]
SELECT DISTINCT ON (customer_id) customer_id, id FROM orders ORDER BY id
-- [order by with fill]
SELECT toDate(at) AS d, count() AS n FROM analytics.events GROUP BY d ORDER BY d WITH FILL FROM toDate('2024-01-01') TO toDate('2024-02-01') STEP 1
-- [order by fill interpolate]
SELECT id, total FROM orders ORDER BY id WITH FILL STEP 1 INTERPOLATE (total AS total + 1)
-- [window]
SELECT id, row_number() OVER (PARTITION BY status ORDER BY total), sum(total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), lagInFrame(total) OVER (ORDER BY id) FROM orders
-- [qualify]
SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY total DESC) AS rn FROM orders QUALIFY rn = 1
-- [star except]
SELECT * EXCEPT (note, tags) FROM orders
-- [star replace]
SELECT * REPLACE (total * 2 AS total) FROM orders
-- [star apply]
SELECT * APPLY(toString) FROM orders
-- [columns matcher]
SELECT COLUMNS('^t') FROM orders
-- [numbers]
SELECT number FROM numbers(10)
-- [numbers with offset]
SELECT number * 2 FROM numbers(5, 10) WHERE number % 2 = 0
-- [values table]
SELECT * FROM values('id UInt32, name String', (1, 'a'), (2, 'b'))
-- [union]
SELECT id FROM orders UNION ALL SELECT id FROM customers
-- [union distinct and except]
SELECT id FROM orders UNION DISTINCT SELECT id FROM customers
-- [intersect]
SELECT id FROM customers INTERSECT SELECT customer_id FROM orders
-- [alias reuse]
SELECT total * 2 AS twice, twice + 1 AS more FROM orders WHERE twice > 3
-- [in tuple]
SELECT id FROM orders WHERE (status, customer_id) IN (('open', 1), ('late', 2)) AND id NOT IN (1, 2)
-- [between and like]
SELECT id FROM orders WHERE total BETWEEN 1 AND 5 AND note ILIKE '%a%' AND note NOT LIKE 'b%'
-- [backquotes and double quotes]
SELECT `id`, "total" FROM `orders`
-- [aggregate state]
SELECT sumMerge(s) FROM (SELECT sumState(total) AS s FROM orders)
-- [keywords in literals]
SELECT 'SETTINGS x = 1; INSERT INTO FUNCTION url()' AS t
-- [backslash escapes]
SELECT 'it\'s' AS t, 'a\nb' AS u
-- [hash functions]
SELECT cityHash64('a'), sipHash64('a'), hex(MD5('a')), xxHash32('b'), generateUUIDv4()
-- [subquery in from]
SELECT avg(n) FROM (SELECT customer_id, count() AS n FROM orders GROUP BY customer_id)
-- [comments]
SELECT id -- one
FROM orders /* two */
-- [offset fetch]
SELECT id FROM orders ORDER BY id OFFSET 5 ROW FETCH FIRST 3 ROWS ONLY
-- [with name of a listed table that has columns of its own]
WITH orders AS (SELECT id AS number, total * 2 AS twice FROM orders) SELECT orders.number, twice FROM orders WHERE orders.twice > 10 ORDER BY orders.number
-- [with name of a listed table beside another]
WITH customers AS (SELECT customer_id AS who, sum(total) AS spent FROM orders GROUP BY customer_id) SELECT customers.who, customers.spent FROM customers
-- [distinct on an alias of a call]
SELECT DISTINCT ON (word) lower(status) AS word, id FROM orders ORDER BY word, id
