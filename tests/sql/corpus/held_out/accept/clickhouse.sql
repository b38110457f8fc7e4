-- [001]
SELECT toStartOfMonth(ordered_on) AS m, count() AS n, sum(total) AS s FROM orders GROUP BY m ORDER BY m WITH FILL STEP INTERVAL 1 MONTH
-- [002]
SELECT uniq(customer_id), uniqExact(customer_id), uniqHLL12(customer_id), quantiles(0.5, 0.9, 0.99)(total), quantileTDigest(0.95)(total), median(total), topK(5)(status), argMax(id, total), groupArray(3)(id), groupUniqArray(status) FROM orders
-- [003]
SELECT countIf(status = 'open'), sumIf(total, status = 'late'), avgOrNull(total), sumMap([1], [2]), anyLast(status), groupArrayIf(id, id > 5) FROM orders
-- [004]
SELECT status, sum(total) FROM orders GROUP BY status WITH TOTALS ORDER BY status
-- [005]
SELECT status, customer_id, sum(total) FROM orders GROUP BY ROLLUP(status, customer_id)
-- [006]
SELECT id, tag FROM orders ARRAY JOIN tags AS tag WHERE tag != ''
-- [007]
SELECT arrayMap((x, i) -> x * i, [1, 2], [3, 4]), arrayFilter(t -> t LIKE 'a%', tags), arraySort(x -> -x, [3, 1]), arrayExists(x -> x = 'a', tags), arrayReduce('max', [1, 2]), arrayZip([1], ['a']), arraySlice(tags, 1, 2), has(tags, 'x'), indexOf(tags, 'x'), arrayUniq(tags) FROM orders
-- [008]
SELECT JSONExtractString(details, 'a'), JSONExtractInt(details, 'b', 1), JSONHas(details, 'c'), simpleJSONExtractString(details, 'a'), JSONExtract(details, 'Tuple(a String, b Int32)'), visitParamExtractInt(details, 'n') FROM orders
-- [009]
SELECT dateDiff('day', ordered_on, shipped_at), toYYYYMM(ordered_on), formatDateTime(shipped_at, '%Y-%m'), addMonths(ordered_on, 1), toStartOfInterval(shipped_at, INTERVAL 15 MINUTE), toDayOfWeek(ordered_on), date_trunc('week', ordered_on), now() - INTERVAL 1 DAY, toDate('2024-01-01') + 7, parseDateTimeBestEffort('2024-01-01') FROM orders
-- [010]
SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY total DESC) AS rn, sum(total) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW), lagInFrame(total) OVER (ORDER BY id), dense_rank() OVER w FROM orders WINDOW w AS (ORDER BY total)
-- [011]
SELECT customer_id, id FROM orders ORDER BY total DESC LIMIT 2 BY customer_id
-- [012]
SELECT * EXCEPT (note, tags) REPLACE (round(total) AS total) FROM orders
-- [013]
SELECT COLUMNS('^t') APPLY(toString) FROM orders
-- [014]
SELECT e.kind, o.id FROM analytics.events AS e ASOF LEFT JOIN orders AS o ON e.user_id = o.customer_id AND e.at >= o.shipped_at
-- [015]
SELECT c.name, o.total FROM customers AS c ANY LEFT JOIN orders AS o ON o.customer_id = c.id
-- [016]
SELECT name FROM customers WHERE id GLOBAL IN (SELECT customer_id FROM orders)
-- [017]
SELECT name FROM customers AS c LEFT ANTI JOIN orders AS o ON o.customer_id = c.id
-- [018]
WITH 10 AS lim, (SELECT avg(total) FROM orders) AS mean SELECT id FROM orders WHERE total > mean LIMIT 5
-- [019]
WITH t AS (SELECT status, count() AS n FROM orders GROUP BY status) SELECT * FROM t ORDER BY n DESC
-- [020]
SELECT multiIf(total < 10, 'S', total < 100, 'M', 'L') AS size, if(id > 5, 1, 0), transform(status, ['open'], ['o'], '?'), coalesce(note, ''), nullIf(id, 0) FROM orders
-- [021]
SELECT splitByChar(',', note), extractAll(note, '\\d+'), replaceRegexpAll(note, '\\s+', ' '), match(note, '^a'), positionCaseInsensitive(note, 'x'), lowerUTF8(note), substring(note, 1, 3), concat(status, '-', toString(id)), leftPad(toString(id), 5, '0'), note ILIKE 'a%' FROM orders
-- [022]
SELECT windowFunnel(3600)(at, kind = 'view', kind = 'buy') AS level, user_id FROM analytics.events GROUP BY user_id
-- [023]
SELECT retention(kind = 'view', kind = 'buy'), sequenceCount('(?1)(?2)')(at, kind = 'view', kind = 'buy') FROM analytics.events
-- [024]
SELECT toFloat64OrNull(note), toInt32(total), CAST(total AS String), total::Int64, toDecimal64(total, 2), accurateCastOrNull(note, 'Int32'), toTypeName(total) FROM orders
-- [025]
SELECT number AS n, toDate('2024-01-01') + n AS day FROM numbers(31)
-- [026]
SELECT count() FROM orders SAMPLE 1/10 OFFSET 1/2
-- [027]
SELECT sumMerge(s) FROM (SELECT sumState(total) AS s FROM orders GROUP BY status)
-- [028]
SELECT simpleLinearRegression(id, total), corr(id, total), stddevPop(total), skewPop(total), entropy(status), cramersV(status, note) FROM orders
-- [029]
SELECT domain(note), path(note), cutQueryString(note), extractURLParameter(note, 'q'), IPv4NumToString(1), cityHash64(note), hex(MD5(note)), geoDistance(1, 2, 3, 4) FROM orders
-- [030]
SELECT id FROM orders WHERE (customer_id, status) IN ((1, 'open'), (2, 'late')) ORDER BY id LIMIT 5 WITH TIES
-- [031]
SELECT tuple(id, status).1, (id, total) AS t, untuple((1, 2)), map('a', id)['a'] FROM orders
-- [032]
SELECT bar(count(), 0, 100, 20), formatReadableSize(sum(id)), formatReadableQuantity(1000) FROM orders GROUP BY status
