-- [external query]
SELECT * FROM EXTERNAL_QUERY('connection', 'SELECT 1')
-- [ml predict]
SELECT * FROM ML.PREDICT(MODEL m, (SELECT * FROM orders))
-- [ml predict hidden]
SELECT * FROM ML.PREDICT(MODEL m, TABLE secrets)
-- [ai generate]
SELECT * FROM AI.GENERATE_TABLE(MODEL m, TABLE orders)
-- [ml generate text]
SELECT * FROM ML.GENERATE_TEXT(MODEL m, (SELECT 'x' AS prompt))
-- [vector search]
SELECT * FROM VECTOR_SEARCH(TABLE secrets, 'e', TABLE orders)
-- [appends]
SELECT * FROM APPENDS(TABLE secrets, NULL, NULL)
-- [table function]
SELECT * FROM dataset.my_tvf(1)
-- [unknown table function]
SELECT * FROM my_tvf(1)
-- [gap fill hidden]
SELECT * FROM GAP_FILL(TABLE secrets, ts_column => 'at', bucket_width => INTERVAL 1 DAY)
-- [information schema]
SELECT * FROM INFORMATION_SCHEMA.TABLES
-- [dataset information schema]
SELECT * FROM analytics.INFORMATION_SCHEMA.COLUMNS
-- [region information schema]
SELECT * FROM `region-us`.INFORMATION_SCHEMA.JOBS
-- [tables meta]
SELECT * FROM analytics.__TABLES__
-- [hidden]
SELECT * FROM secrets
-- [hidden in dataset]
SELECT * FROM analytics.secrets
-- [hidden backquoted path]
SELECT * FROM `audit.orders`
-- [hidden project]
SELECT * FROM `project.analytics.events`
-- [hidden dashed project]
SELECT * FROM my-project.analytics.events
-- [wildcard table]
SELECT * FROM `analytics.event*`
-- [wildcard all]
SELECT * FROM `analytics.*`
-- [table suffix]
SELECT _TABLE_SUFFIX FROM `analytics.events_*`
-- [bare name]
SELECT * FROM events
-- [other case]
SELECT * FROM Secrets
-- [listed table in other case]
SELECT * FROM ORDERS
-- [hidden in join]
SELECT * FROM orders JOIN secrets USING (id)
-- [hidden in comma]
SELECT * FROM orders, secrets
-- [hidden in unnest]
SELECT * FROM UNNEST(ARRAY(SELECT secret FROM secrets))
-- [hidden in array]
SELECT ARRAY(SELECT secret FROM secrets)
-- [hidden in exists]
SELECT EXISTS (SELECT 1 FROM secrets)
-- [hidden in struct]
SELECT STRUCT((SELECT MAX(secret) FROM secrets) AS a)
-- [hidden in cte]
WITH x AS (SELECT * FROM secrets) SELECT 1
-- [hidden behind its name]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [hidden in qualify]
SELECT id FROM orders WHERE TRUE QUALIFY ROW_NUMBER() OVER (ORDER BY id) = (SELECT MAX(id) FROM secrets)
-- [hidden in time travel]
SELECT * FROM orders FOR SYSTEM_TIME AS OF (SELECT MAX(t) FROM secrets)
-- [hidden in pivot]
SELECT * FROM secrets PIVOT (COUNT(*) FOR id IN (1, 2))
-- [hidden in star replace]
SELECT * REPLACE ((SELECT MAX(secret) FROM secrets) AS note) FROM orders
-- [hidden in union]
SELECT id FROM orders UNION ALL SELECT secret FROM secrets
-- [hidden in pipe join]
FROM orders |> JOIN secrets USING (id)
-- [hidden in pipe union]
FROM orders |> UNION ALL (SELECT * FROM secrets)
-- [hidden pipe start]
FROM secrets |> SELECT *
-- [array path on hidden]
SELECT * FROM orders o, secrets.items
-- [session user]
SELECT SESSION_USER()
-- [error]
SELECT ERROR('x')
-- [keys]
SELECT KEYS.NEW_KEYSET('AEAD_AES_GCM_256')
-- [aead]
SELECT AEAD.DECRYPT_STRING(KEYS.KEYSET_FROM_JSON('x'), b'x', 'y')
-- [system variable]
SELECT @@project_id
-- [script variable]
SELECT @@script.bytes_billed
-- [parameter]
SELECT * FROM orders WHERE id = @id
-- [positional parameter]
SELECT * FROM orders WHERE id = ?
-- [unknown function]
SELECT my_udf(1)
-- [qualified function]
SELECT dataset.f(1)
-- [remote function]
SELECT `project.dataset.remote_fn`('x')
-- [create temp function]
CREATE TEMP FUNCTION f(x INT64) AS (x); SELECT f(1)
-- [create]
CREATE TABLE t AS SELECT 1
-- [create model]
CREATE MODEL m OPTIONS (model_type = 'x') AS SELECT 1
-- [export data]
EXPORT DATA OPTIONS (uri = 'gs://x') AS SELECT * FROM orders
-- [load data]
LOAD DATA INTO orders FROM FILES (format = 'CSV', uris = ['gs://x'])
-- [insert]
INSERT INTO orders (id) VALUES (1)
-- [merge]
MERGE orders USING customers ON FALSE WHEN NOT MATCHED THEN INSERT ROW
-- [update]
UPDATE orders SET total = 0 WHERE TRUE
-- [delete]
DELETE FROM orders WHERE TRUE
-- [truncate]
TRUNCATE TABLE orders
-- [declare]
DECLARE x INT64 DEFAULT 1; SELECT x
-- [set]
SET x = 5
-- [begin]
BEGIN SELECT 1; END
-- [execute immediate]
EXECUTE IMMEDIATE 'SELECT 1'
-- [assert]
ASSERT (SELECT COUNT(*) FROM orders) > 0
-- [raise]
RAISE USING MESSAGE = 'x'
-- [call]
CALL BQ.JOBS.CANCEL('x')
-- [if]
IF TRUE THEN SELECT 1; END IF
-- [grant]
GRANT `roles/x` ON TABLE orders TO 'user:x'
-- [two statements]
SELECT 1; SELECT 2
-- [huge array]
SELECT GENERATE_ARRAY(1, 100000000000)
-- [huge repeat]
SELECT REPEAT('x', 1000000000)
-- [raw string trick]
SELECT r'\\' FROM secrets --'
-- [triple quote trick]
SELECT '''a''' FROM secrets
-- [for update]
SELECT * FROM orders FOR UPDATE
-- [with options]
SELECT WITH DIFFERENTIAL_PRIVACY COUNT(*) FROM secrets
-- [unterminated]
SELECT """abc
-- [alias called like a dataset]
SELECT * FROM orders AS a, audit.secrets
-- [lateral is a table here]
SELECT * FROM orders, LATERAL secrets
-- [with name whose letters only look alike]
WITH `staKes` AS (SELECT 1 AS a) SELECT * FROM stakes
-- [attacker 000]
SELECT * FROM EXTERNAL_QUERY('conn', 'select * from secrets')
-- [attacker 004]
SELECT * FROM ML.GENERATE_TEXT(MODEL d.m, TABLE orders, STRUCT(1 AS x))
-- [attacker 008]
SELECT * FROM AI.FORECAST(TABLE orders, data_col => 'amount', timestamp_col => 'created_at')
-- [attacker 012]
SELECT * FROM VECTOR_SEARCH(TABLE orders, 'emb', TABLE secrets)
-- [attacker 016]
SELECT * FROM SEARCH(secrets, 'x')
-- [attacker 020]
SELECT my_udf(id) FROM orders
-- [attacker 024]
SELECT * FROM `region-us`.INFORMATION_SCHEMA.JOBS
-- [attacker 028]
SELECT * FROM `analytics.*`
-- [attacker 032]
SELECT * FROM secrets
-- [attacker 036]
SELECT * FROM proj.analytics.events
-- [attacker 040]
SELECT * FROM analytics.orders
-- [attacker 044]
SELECT * FROM [proj:ds.secrets]
-- [attacker 048]
WITH RECURSIVE a AS (SELECT * FROM secrets UNION ALL SELECT * FROM a) SELECT * FROM a
-- [attacker 052]
SELECT * FROM orders, (SELECT * FROM secrets)
-- [attacker 056]
SELECT * FROM orders PIVOT (COUNT(*) FOR status IN ((SELECT p FROM secrets)))
-- [attacker 060]
FROM orders |> CALL my_tvf()
-- [attacker 064]
CREATE TABLE x AS SELECT * FROM orders
-- [attacker 068]
SET x = 1
-- [attacker 072]
SELECT SESSION_USER()
-- [attacker 076]
SELECT KEYS.KEYSET_CHAIN('gcp-kms://x', b'x')
-- [attacker 080]
BEGIN SELECT 1; END
-- [attacker 084]
DELETE FROM orders WHERE TRUE
-- [attacker 088]
LOAD DATA INTO orders FROM FILES (format = 'CSV', uris = ['gs://x'])
-- [attacker 092]
SELECT 1; SELECT 2
-- [attacker 096]
SELECT LPAD('x', 1000000000, 'y')
-- [attacker 100]
SELECT OBJ.GET_ACCESS_URL(r, 'r'), OBJ.MAKE_REF('gs://x', 'c')
-- [attacker 104]
GRAPH g MATCH (n) RETURN n
-- [attacker 108]
SELECT * FROM ds.secrets.items
-- [attacker 112]
SELECT * FROM ds.__TABLES_SUMMARY__
-- [attacker 116]
SELECT ML.DISTANCE([1.0], [2.0]), ML.NORMALIZER([1.0])
-- [attacker 120]
SELECT * FROM EXTERNAL_OBJECT_TRANSFORM(TABLE t, ['SIGNED_URL'])
-- [attacker 124]
SELECT KEYS.KEYSET_TO_JSON(b'x'), DETERMINISTIC_ENCRYPT(b'x', 'y', 'z'), KEYS.ADD_KEY_FROM_RAW_BYTES(b'', '', b'')
-- [attacker 128]
SELECT ARRAY(SELECT AS STRUCT * FROM secrets)
-- [attacker 132]
FROM orders |> CROSS JOIN secrets
-- [attacker 136]
SELECT * FROM (SELECT * FROM orders UNION ALL SELECT * FROM secrets)
-- [reader 001] unknown_table
SELECT id FROM orders FULL UNION ALL BY NAME ON (id) SELECT id FROM secrets
-- [reader 002] unknown_table
SELECT id FROM orders UNION ALL BY NAME ON (id, (SELECT max(id) FROM secrets)) SELECT id FROM customers
-- [path of a later alias]
SELECT * FROM analytics.secrets, orders AS analytics
-- [path of an alias beside a subquery]
SELECT * FROM orders AS analytics, (SELECT * FROM analytics.secrets)
-- [path of an alias outside WITH]
WITH w AS (SELECT * FROM analytics.secrets) SELECT * FROM orders AS analytics, w
-- [third wave 01]
FROM orders |> WITH x AS (FROM secrets) |> JOIN x USING (id)
-- [third wave 02]
SELECT WITH(a AS 1, (SELECT MAX(pw) FROM secrets))
-- [third wave 03]
SELECT ANY_VALUE(status HAVING MAX (SELECT 1 FROM secrets)) FROM orders
-- [third wave 04]
SELECT * FROM `\x73ecrets`
-- [third wave 05]
SELECT OBJ.GET_ACCESS_URL(OBJ.MAKE_REF('gs://x', 'c'), 'r')
-- [third wave 06]
SELECT [1,2][OFFSET((SELECT MAX(id) FROM secrets))]
-- [third wave 07]
SELECT * FROM orders-secrets.x
-- [fetch with ties] not_allowed
SELECT id FROM orders ORDER BY id FETCH FIRST 2 ROWS WITH TIES
