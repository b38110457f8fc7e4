-- [stage]
SELECT $1 FROM @stage
-- [stage with path]
SELECT $1, $2 FROM @db.schema.stage/path/file.csv
-- [stage with format]
SELECT * FROM @stage (FILE_FORMAT => 'f', PATTERN => '.*')
-- [user stage]
SELECT $1 FROM @~
-- [table stage]
SELECT $1 FROM @%orders
-- [stage as string]
SELECT $1 FROM '@stage/file'
-- [identifier]
SELECT * FROM IDENTIFIER('secrets')
-- [identifier variable]
SELECT * FROM IDENTIFIER($x)
-- [identifier column]
SELECT IDENTIFIER('secret') FROM orders
-- [identifier function]
SELECT IDENTIFIER('SYSTEM$WAIT')(5)
-- [table literal]
SELECT * FROM TABLE('secrets')
-- [table variable]
SELECT * FROM TABLE($t)
-- [result scan]
SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))
-- [infer schema]
SELECT * FROM TABLE(INFER_SCHEMA(LOCATION => '@stage', FILE_FORMAT => 'f'))
-- [information schema function]
SELECT * FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())
-- [information schema]
SELECT * FROM INFORMATION_SCHEMA.TABLES
-- [account usage]
SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
-- [system wait]
SELECT SYSTEM$WAIT(10)
-- [system cancel]
SELECT SYSTEM$CANCEL_ALL_QUERIES(1)
-- [system typeof]
SELECT SYSTEM$ABORT_SESSION(1)
-- [session variable]
SELECT $x
-- [getvariable]
SELECT GETVARIABLE('X')
-- [current user]
SELECT CURRENT_USER()
-- [current role]
SELECT CURRENT_ROLE()
-- [current account]
SELECT CURRENT_ACCOUNT()
-- [current session]
SELECT CURRENT_SESSION()
-- [current warehouse]
SELECT CURRENT_WAREHOUSE()
-- [current database]
SELECT CURRENT_DATABASE()
-- [last query id]
SELECT LAST_QUERY_ID()
-- [nextval]
SELECT seq.NEXTVAL
-- [getnextval]
SELECT s.nextval FROM TABLE(GETNEXTVAL(seq)) s
-- [get ddl]
SELECT GET_DDL('table', 'secrets')
-- [presigned url]
SELECT GET_PRESIGNED_URL(@stage, 'x')
-- [build scoped url]
SELECT BUILD_SCOPED_FILE_URL(@stage, 'x')
-- [stage location]
SELECT GET_STAGE_LOCATION(@stage)
-- [cortex]
SELECT SNOWFLAKE.CORTEX.COMPLETE('m', 'x')
-- [external function]
SELECT my_external_function(1)
-- [qualified function]
SELECT db.schema.f(1)
-- [hidden]
SELECT * FROM secrets
-- [hidden quoted lower case is another table]
SELECT * FROM "orders"
-- [hidden qualified]
SELECT * FROM public.secrets
-- [three part name]
SELECT * FROM db.public.orders
-- [double dot]
SELECT * FROM db..orders
-- [bare name]
SELECT * FROM events
-- [hidden at]
SELECT * FROM secrets AT (OFFSET => -60)
-- [hidden changes]
SELECT * FROM orders CHANGES (INFORMATION => DEFAULT) AT (OFFSET => -60)
-- [hidden in at]
SELECT * FROM orders AT (TIMESTAMP => (SELECT MAX(t) FROM secrets))
-- [hidden in flatten]
SELECT * FROM LATERAL FLATTEN(input => (SELECT secret FROM secrets))
-- [hidden in lateral]
SELECT * FROM orders o, LATERAL (SELECT * FROM secrets) s
-- [hidden in connect by]
SELECT id FROM secrets START WITH id = 1 CONNECT BY PRIOR id = id
-- [hidden in match recognize]
SELECT * FROM secrets MATCH_RECOGNIZE (ORDER BY id MEASURES FIRST(id) AS f PATTERN (a+) DEFINE a AS TRUE)
-- [hidden in asof]
SELECT * FROM orders o ASOF JOIN secrets s MATCH_CONDITION (o.id >= s.id)
-- [hidden in pivot]
SELECT * FROM secrets PIVOT (MAX(id) FOR secret IN ('a'))
-- [hidden in pivot subquery]
SELECT * FROM (SELECT status, total FROM orders) PIVOT (SUM(total) FOR status IN (SELECT secret FROM secrets))
-- [hidden cte]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [hidden in cte]
WITH x AS (SELECT * FROM secrets) SELECT 1
-- [hidden in union]
SELECT id FROM orders UNION ALL SELECT secret FROM secrets
-- [hidden in qualify]
SELECT id FROM orders QUALIFY ROW_NUMBER() OVER (ORDER BY id) > (SELECT MAX(id) FROM secrets)
-- [hidden in join]
SELECT * FROM orders o JOIN secrets s ON s.id = o.id
-- [hidden in parentheses]
SELECT * FROM (orders CROSS JOIN secrets)
-- [put]
PUT file:///tmp/x @stage
-- [get]
GET @stage file:///tmp
-- [list]
LIST @stage
-- [remove]
REMOVE @stage
-- [copy]
COPY INTO @stage FROM orders
-- [copy into table]
COPY INTO orders FROM @stage
-- [merge]
MERGE INTO orders USING customers ON TRUE WHEN MATCHED THEN DELETE
-- [insert]
INSERT INTO orders VALUES (1)
-- [insert all]
INSERT ALL INTO orders SELECT 1
-- [call]
CALL p()
-- [execute immediate]
EXECUTE IMMEDIATE 'SELECT 1'
-- [begin block]
BEGIN SELECT 1; END
-- [declare]
DECLARE x INT; BEGIN RETURN 1; END
-- [show]
SHOW TABLES
-- [describe]
DESC TABLE orders
-- [explain]
EXPLAIN SELECT 1
-- [use]
USE ROLE ACCOUNTADMIN
-- [set]
SET x = 1
-- [alter session]
ALTER SESSION SET QUERY_TAG = 'x'
-- [create]
CREATE TABLE t AS SELECT 1
-- [create stage]
CREATE STAGE s
-- [grant]
GRANT ROLE x TO USER y
-- [flow operator]
SHOW TABLES ->> SELECT * FROM $1
-- [two statements]
SELECT 1; SELECT 2
-- [bind]
SELECT * FROM orders WHERE id = ?
-- [named bind]
SELECT * FROM orders WHERE id = :id
-- [directory]
SELECT * FROM DIRECTORY(@stage)
-- [huge generator]
SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 100000000000))
-- [timed generator]
SELECT COUNT(*) FROM TABLE(GENERATOR(TIMELIMIT => 3600))
-- [huge repeat]
SELECT REPEAT('x', 1000000000)
-- [udtf]
SELECT * FROM TABLE(my_udtf(1))
-- [udtf over partition]
SELECT * FROM orders o, TABLE(my_udtf(o.id) OVER (PARTITION BY o.id))
-- [for update]
SELECT * FROM orders FOR UPDATE
-- [into]
SELECT id INTO x FROM orders
-- [backslash trick]
SELECT 'a\\' FROM secrets
-- [lateral before a hidden name]
SELECT * FROM orders, LATERAL secrets s
-- [with name whose letters only look alike]
WITH ſecrets AS (SELECT 1 AS a) SELECT * FROM secrets
-- [attacker 000]
SELECT * FROM @my_stage
-- [attacker 004]
SELECT * FROM '@mystage/x'
-- [attacker 008]
SELECT * FROM IDENTIFIER($x)
-- [attacker 012]
SET x = 1
-- [attacker 016]
SELECT SYSTEM$CANCEL_QUERY('x')
-- [attacker 020]
SELECT my_seq.nextval FROM orders
-- [attacker 024]
SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY
-- [attacker 028]
SELECT GET_PRESIGNED_URL(@s, 'x'), BUILD_SCOPED_FILE_URL(@s, 'x'), GET_STAGE_LOCATION(@s)
-- [attacker 032]
SELECT AI_AGG(status, 'summarize'), AI_FILTER('x') FROM orders
-- [attacker 036]
SELECT my_udf(1), db.s.my_udf(2)
-- [attacker 040]
SELECT * FROM secrets
-- [attacker 044]
SELECT * FROM events
-- [attacker 048]
SELECT * FROM db..secrets
-- [attacker 052]
SELECT * FROM (orders JOIN secrets)
-- [attacker 056]
SELECT * FROM orders QUALIFY ROW_NUMBER() OVER (ORDER BY (SELECT 1 FROM secrets)) = 1
-- [attacker 060]
SELECT * FROM orders FOR UPDATE
-- [attacker 064]
SELECT * FROM TABLE(GENERATOR(TIMELIMIT => 3600))
-- [attacker 068]
SELECT ARRAY_GENERATE_RANGE(0, 100000000000)
-- [attacker 072]
REMOVE @s
-- [attacker 076]
MERGE INTO orders USING customers ON TRUE WHEN MATCHED THEN DELETE
-- [attacker 080]
CREATE TABLE x CLONE orders
-- [attacker 084]
BEGIN RETURN 1; END
-- [attacker 088]
SELECT * FROM orders ->> SELECT * FROM $1
-- [attacker 092]
ALTER SESSION SET x = 1
-- [attacker 096]
SELECT * FROM TABLE(CORTEX_SEARCH_DATA_SCAN(SERVICE_NAME => 's'))
-- [attacker 100]
SELECT VALIDATE(t, JOB_ID => '_last')
-- [attacker 104]
SELECT POLICY_CONTEXT('x'), EXECUTE_AI_OBSERVABILITY('x')
-- [attacker 108]
SELECT * FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.ORDERS
-- [attacker 112]
SELECT * FROM IDENTIFIER('sec' || 'rets')
-- [attacker 116]
SELECT CORTEX.COMPLETE('a', 'b'), SNOWFLAKE.CORTEX.TRANSLATE('a', 'b', 'c')
-- [attacker 120]
SELECT CURRENT_CLIENT(), CURRENT_VERSION(), CURRENT_REGION(), CURRENT_SCHEMA(), CURRENT_STATEMENT(), CURRENT_TRANSACTION(), ALL_USER_NAMES()
-- [attacker 124]
SELECT REPEAT('x', 100000000), RANDSTR(100000000, 1)
-- [attacker 128]
SELECT * FROM DIRECTORY('@x')
-- [attacker 132]
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY id MEASURES (SELECT max(s) FROM secrets) AS m PATTERN (a) DEFINE a AS TRUE)
-- [third wave 01]
SELECT id FROM orders ->> SELECT * FROM secrets
-- [third wave 02]
SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY id PATTERN (a+) DEFINE a AS (SELECT TRUE FROM secrets))
-- [third wave 03]
WITH "secrets" AS (SELECT 1) SELECT * FROM secrets
-- [third wave 04]
SELECT TRANSFORM([1], x INT -> evil(x))
-- [third wave 05]
SELECT ALL_USER_NAMES()
-- [third wave 06]
SELECT * FROM SEMANTIC_VIEW(secrets METRICS a)
