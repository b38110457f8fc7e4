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
-- [analyst 000]
SELECT toStartOfMonth(shipped_at) AS m, sum(total) AS total FROM orders GROUP BY m ORDER BY m WITH FILL STEP INTERVAL 1 MONTH
-- [analyst 002]
SELECT id, total FROM orders PREWHERE note = 'EU' WHERE total > 1
-- [analyst 005]
SELECT note, count() FROM orders GROUP BY note WITH TOTALS HAVING count() > 1
-- [analyst 007]
SELECT note, status, count() FROM orders GROUP BY CUBE(note, status)
-- [analyst 010]
SELECT quantile(0.5)(total), quantiles(0.25, 0.5, 0.75)(total), quantileExact(0.9)(total), quantileTDigest(0.99)(total), median(total), quantileTiming(0.5)(id) FROM orders
-- [analyst 012]
SELECT sumIf(total, status = 'paid'), countIf(total > 10), avgIf(total, total > 0), avgOrNull(total), sumArrayIf([1], 1), maxIf(total, 1), countDistinct(note) FROM orders
-- [analyst 015]
SELECT arrayJoin([1, 2, 3]) AS x, x * 2
-- [analyst 017]
SELECT toDate(shipped_at), toYYYYMM(shipped_at), toStartOfWeek(shipped_at, 1), toStartOfInterval(shipped_at, INTERVAL 15 MINUTE), toHour(shipped_at), toDayOfWeek(shipped_at), toMonday(shipped_at), toRelativeWeekNum(shipped_at), toISOWeek(shipped_at), toUnixTimestamp(shipped_at) FROM orders
-- [analyst 020]
SELECT id, row_number() OVER (PARTITION BY note ORDER BY total DESC) AS rn, sum(total) OVER w, lagInFrame(total, 1) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), leadInFrame(total) OVER w, dense_rank() OVER w FROM orders WINDOW w AS (PARTITION BY note ORDER BY id)
-- [analyst 022]
SELECT o.id FROM orders o ANY LEFT JOIN customers c ON c.id = o.customer_id
-- [analyst 025]
SELECT o.id FROM orders o GLOBAL ANY INNER JOIN customers c ON c.id = o.customer_id
-- [analyst 027]
SELECT * FROM orders SAMPLE 1/10 OFFSET 1/2
-- [analyst 030]
WITH (SELECT avg(total) FROM orders) AS a SELECT id FROM orders WHERE total > a
-- [analyst 032]
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT n FROM t
-- [analyst 035]
SELECT * FROM generateSeries(1, 10, 2)
-- [analyst 037]
SELECT id FROM orders UNION DISTINCT SELECT id FROM customers
-- [analyst 040]
SELECT * APPLY(toString) FROM orders
-- [analyst 042]
SELECT CAST(total AS Decimal(10, 2)), total::Float64, toInt32OrNull('x'), toString(id), toDecimal64(total, 2), CAST(id, 'UInt64'), toUInt8OrZero('1'), accurateCastOrNull(id, 'Int8'), toFloat64(total), reinterpretAsUInt32('abcd'), toTypeName(id) FROM orders
-- [analyst 045]
SELECT sumMerge(s), uniqMerge(u) FROM (SELECT sumState(total) AS s, uniqState(customer_id) AS u FROM orders)
-- [analyst 047]
SELECT `id`, "total" FROM "orders" WHERE status = 'it\'s' AND note != 'a''b' -- comment
-- [analyst 050]
SELECT DISTINCT ON (note) note, id FROM orders ORDER BY note, total
-- [analyst 052]
SELECT toDateTime('2024-01-01 00:00:00', 'UTC'), toDateTime64('2024-01-01 00:00:00.123', 3), DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00', toIntervalDay(3), INTERVAL '1' MONTH, INTERVAL '3 day', 0xFF, 1e3, inf, nan, NULL, true
-- [analyst 055]
SELECT * FROM orders ORDER BY id OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY
-- [analyst 057]
SELECT id FROM orders o INNER JOIN customers c ON o.customer_id = c.id AND c.country = 'DE' WHERE c.country IS NOT NULL GROUP BY ALL
-- [analyst 060]
SELECT * FROM values('a UInt8, b String', (1, 'x'), (2, 'y'))
-- [analyst 065]
SELECT quantileExactWeighted(0.5)(total, toUInt32(id)), quantileDeterministic(0.5)(total, toUInt32(id)), quantileBFloat16(0.5)(total), medianExact(total) FROM orders
-- [analyst 067]
SELECT toStartOfFifteenMinutes(shipped_at), toStartOfHour(shipped_at), toStartOfQuarter(shipped_at), toStartOfYear(shipped_at), toQuarter(shipped_at), toDayOfYear(shipped_at), toISOYear(shipped_at), toYYYYMMDD(shipped_at) FROM orders
-- [analyst 070]
SELECT splitByChar('@', city)[2] AS domain, count() FROM customers GROUP BY domain ORDER BY count() DESC LIMIT 10
-- [analyst 072]
SELECT mapKeys(m), mapValues(m), m['a'], mapContains(m, 'a'), mapFilter((k, v) -> v > 0, m) FROM (SELECT map('a', 1, 'b', 2) AS m)
-- [analyst 075]
SELECT id, name FROM customers WHERE match(name, '(?i)acme') OR multiMatchAny(name, ['a', 'b']) OR name ILIKE '%x%'
-- [analyst 077]
SELECT * FROM orders ORDER BY id LIMIT 5 OFFSET 10
-- [analyst 080]
SELECT bitCount(id), bitShiftLeft(1, 2), intDivOrZero(id, 0), moduloOrZero(id, 0), roundBankers(total), roundDown(total, [0, 10, 100]), ceil(total, 1), sign(total) FROM orders
-- [analyst 082]
SELECT tupleToNameValuePairs(tuple(1, 2)), arrayReverse([1]), arrayConcat([1], [2]), arrayPushBack([1], 2), arraySlice([1, 2], 1, 1), arrayUniq([1]), arrayIntersect([1], [1]), arrayFlatten([[1]]), indexOf([1], 1), length([1]), empty([]), notEmpty([1]), arrayAvg([1]), arrayCount(x -> x > 0, [1]), arrayDifference([1, 2]), arrayAll(x -> x > 0, [1]), arrayFold((acc, x) -> acc + x, [1, 2], toInt64(0))
-- [analyst 085]
SELECT ROW_NUMBER() OVER (PARTITION BY note ORDER BY total DESC) AS rn, RANK() OVER w, NTH_VALUE(total, 2) OVER w, LAG(total) OVER w FROM orders WINDOW w AS (PARTITION BY note ORDER BY total ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
-- [analyst 087]
WITH toDate('2024-01-01') AS start, start + 30 AS stop SELECT count() FROM orders WHERE shipped_at BETWEEN start AND stop
-- [analyst 090]
SELECT o.id FROM orders o SEMI LEFT JOIN customers c USING id
-- [analyst 092]
SELECT o.id FROM orders o PASTE JOIN customers c
-- [analyst 095]
SELECT id, note FROM orders ORDER BY total DESC LIMIT 2 BY note LIMIT 10
-- [analyst 097]
SELECT number, number % 2 = 0 AS even FROM numbers(5) WHERE even
-- [analyst 100]
SELECT least(1, 2), greatest(1, 2), clamp_free FROM (SELECT 1 AS clamp_free)
-- [analyst 102]
SELECT IPv4NumToString(1), IPv4StringToNum('1.2.3.4'), isIPv4String('x'), toIPv4('1.2.3.4'), cityHash64('a'), sipHash64('a'), xxHash64('a'), lower(hex(MD5('a'))), base64Encode('a'), generateUUIDv4()
-- [analyst 105]
SELECT row, col FROM (SELECT 1 AS row, 2 AS col)
-- [analyst 107]
SELECT sumIf(total, shipped_at >= today() - 7) / nullIf(sumIf(total, shipped_at < today() - 7), 0) - 1 FROM orders
-- [reader 001]
SELECT j.items[].n AS ns, j.^u AS part, j.k.:Int64 AS k, j.k::String AS text, j.u.s FROM (SELECT '{"items":[{"n":1},{"n":2}],"u":{"s":2},"k":3}'::JSON AS j)
