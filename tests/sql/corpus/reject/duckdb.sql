-- [read csv]
SELECT * FROM read_csv('/etc/passwd')
-- [read csv auto]
SELECT * FROM read_csv_auto('data.csv')
-- [read parquet]
SELECT * FROM read_parquet('s3://bucket/x.parquet')
-- [read json]
SELECT * FROM read_json('x.json')
-- [read text]
SELECT content FROM read_text('/etc/passwd')
-- [read blob]
SELECT * FROM read_blob('/etc/*')
-- [glob files]
SELECT * FROM glob('/etc/*')
-- [file as table]
SELECT * FROM 'file.csv'
-- [file as table double quoted]
SELECT * FROM "file.parquet"
-- [url as table]
SELECT * FROM 'https://example.com/x.parquet'
-- [from first file]
FROM 'data.parquet'
-- [parquet metadata]
SELECT * FROM parquet_metadata('x.parquet')
-- [parquet schema]
SELECT * FROM parquet_schema('x.parquet')
-- [sniff csv]
FROM sniff_csv('x.csv')
-- [query function]
SELECT * FROM query('SELECT * FROM secrets')
-- [query table]
SELECT * FROM query_table('secrets')
-- [query table list]
FROM query_table(['orders', 'secrets'])
-- [serialized sql]
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))
-- [pragma serialized sql]
PRAGMA json_execute_serialized_sql('x')
-- [serialize sql]
SELECT json_serialize_sql('SELECT * FROM secrets')
-- [histogram over hidden table]
FROM histogram('secrets', 'secret')
-- [histogram values over hidden table]
SELECT * FROM histogram_values('secrets', secret)
-- [hidden table]
SELECT * FROM secrets
-- [hidden table from first]
FROM secrets
-- [hidden schema]
SELECT * FROM audit.orders
-- [hidden by main schema]
SELECT * FROM main.secrets
-- [hidden by catalog]
SELECT * FROM memory.main.secrets
-- [bare name of a listed qualified table]
SELECT * FROM events
-- [hidden in join]
SELECT o.id FROM orders o JOIN secrets s ON s.id = o.id
-- [hidden in comma]
SELECT o.id FROM orders o, secrets
-- [hidden in parenthesised join]
SELECT * FROM (orders CROSS JOIN secrets)
-- [hidden in where]
SELECT id FROM orders WHERE id IN (SELECT id FROM secrets)
-- [hidden in exists]
SELECT id FROM orders WHERE EXISTS (FROM secrets)
-- [hidden in select list]
SELECT (SELECT max(secret) FROM secrets) FROM orders
-- [hidden in having]
SELECT status FROM orders GROUP BY status HAVING count(*) > (SELECT count(*) FROM secrets)
-- [hidden in order by]
SELECT id FROM orders ORDER BY (SELECT max(id) FROM secrets)
-- [hidden in qualify]
SELECT id FROM orders QUALIFY row_number() OVER (ORDER BY id) = (SELECT max(id) FROM secrets)
-- [hidden in limit]
SELECT id FROM orders LIMIT (SELECT max(id) FROM secrets)
-- [hidden in union]
SELECT status FROM orders UNION SELECT secret FROM secrets
-- [hidden in cte]
WITH x AS (SELECT * FROM secrets) SELECT 1
-- [cte of the hidden name reads it]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [recursive cte without recursion reads it]
WITH RECURSIVE secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [recursive anchor reads it]
WITH RECURSIVE secrets AS (SELECT * FROM secrets UNION ALL SELECT * FROM secrets) SELECT * FROM secrets
-- [cte does not hide a qualified name]
WITH secrets AS (SELECT 1 AS id) SELECT * FROM main.secrets
-- [cte seen too early]
WITH a AS (SELECT * FROM secrets), secrets AS (SELECT 1) SELECT * FROM a
-- [cte out of scope]
SELECT * FROM (WITH secrets AS (SELECT 1 AS id) SELECT * FROM secrets) t, secrets
-- [hidden in lateral]
SELECT * FROM orders o, LATERAL (SELECT * FROM secrets s WHERE s.id = o.id) t
-- [hidden in pivot statement]
PIVOT secrets ON secret USING count(*)
-- [hidden in unpivot statement]
UNPIVOT secrets ON id INTO NAME n VALUE v
-- [hidden in list comprehension]
SELECT [x for x in (SELECT list(secret) FROM secrets)]
-- [hidden in lambda]
SELECT list_transform([1], x -> (SELECT max(secret) FROM secrets))
-- [hidden in array constructor]
SELECT ARRAY(SELECT secret FROM secrets)
-- [hidden in struct]
SELECT {'a': (SELECT max(secret) FROM secrets)}
-- [hidden in asof join]
SELECT * FROM orders o ASOF JOIN secrets s ON o.id >= s.id
-- [hidden in positional join]
SELECT * FROM orders POSITIONAL JOIN secrets
-- [hidden in semi join]
SELECT * FROM orders SEMI JOIN secrets USING (id)
-- [hidden by table statement]
TABLE secrets
-- [hidden in star replace]
SELECT * REPLACE ((SELECT max(secret) FROM secrets) AS note) FROM orders
-- [information schema]
SELECT * FROM information_schema.tables
-- [duckdb tables]
SELECT * FROM duckdb_tables()
-- [duckdb settings]
SELECT * FROM duckdb_settings()
-- [duckdb secrets]
SELECT * FROM duckdb_secrets()
-- [duckdb databases]
FROM duckdb_databases()
-- [sqlite master]
SELECT * FROM sqlite_master
-- [pg catalog]
SELECT * FROM pg_catalog.pg_tables
-- [pragma functions as tables]
SELECT * FROM pragma_table_info('secrets')
-- [pragma database size]
CALL pragma_database_size()
-- [show tables in from]
SELECT * FROM (SHOW TABLES)
-- [describe in from]
SELECT * FROM (DESCRIBE secrets)
-- [summarize in from]
FROM (SUMMARIZE secrets)
-- [summarize]
SUMMARIZE secrets
-- [describe]
DESCRIBE orders
-- [show]
SHOW TABLES
-- [explain]
EXPLAIN SELECT 1
-- [explain analyze]
EXPLAIN ANALYZE SELECT * FROM orders
-- [copy to]
COPY orders TO '/tmp/x.csv'
-- [copy from]
COPY orders FROM '/tmp/x.csv'
-- [copy query]
COPY (SELECT * FROM orders) TO 'x.parquet' (FORMAT PARQUET)
-- [attach]
ATTACH '/tmp/other.db' AS other
-- [detach]
DETACH other
-- [install]
INSTALL httpfs
-- [load]
LOAD httpfs
-- [pragma]
PRAGMA database_list
-- [set]
SET enable_external_access = true
-- [reset]
RESET memory_limit
-- [set variable]
SET VARIABLE x = 1
-- [getvariable]
SELECT getvariable('x')
-- [current setting]
SELECT current_setting('access_mode')
-- [export]
EXPORT DATABASE 'x'
-- [import]
IMPORT DATABASE 'x'
-- [checkpoint]
CHECKPOINT
-- [vacuum]
VACUUM
-- [call]
CALL duckdb_functions()
-- [use]
USE analytics
-- [create table]
CREATE TABLE t (id INT)
-- [create table as]
CREATE TABLE t AS SELECT * FROM orders
-- [create macro]
CREATE MACRO f(x) AS x + 1
-- [create secret]
CREATE SECRET s (TYPE S3, KEY_ID 'x')
-- [insert]
INSERT INTO orders VALUES (1)
-- [update]
UPDATE orders SET total = 0
-- [delete]
DELETE FROM orders
-- [drop]
DROP TABLE orders
-- [alter]
ALTER TABLE orders ADD COLUMN x INT
-- [prepare]
PREPARE p AS SELECT 1
-- [execute]
EXECUTE p
-- [begin]
BEGIN TRANSACTION
-- [two statements]
SELECT 1; SELECT 2
-- [second statement attaches]
SELECT 1; ATTACH 'x'
-- [nextval]
SELECT nextval('seq')
-- [currval]
SELECT currval('seq')
-- [getenv]
SELECT getenv('HOME')
-- [write log]
SELECT write_log('x')
-- [sleep]
SELECT sleep_ms(1000)
-- [sleep of postgres]
SELECT pg_sleep(10)
-- [unknown function]
SELECT my_udf(1)
-- [quoted function]
SELECT "read_text"('/etc/passwd')
-- [qualified function]
SELECT main.my_macro(1)
-- [version]
SELECT version()
-- [current user]
SELECT current_user
-- [current schema]
SELECT current_schema()
-- [current database]
SELECT current_database()
-- [test vectors]
SELECT * FROM test_all_types()
-- [which secret]
FROM which_secret('s3://x', 's3')
-- [table function unknown]
SELECT * FROM my_table_function(1)
-- [arrow scan]
SELECT * FROM arrow_scan(1, 2, 3)
-- [seq scan]
SELECT * FROM seq_scan('secrets')
-- [parameter]
SELECT * FROM orders WHERE id = $1
-- [named parameter]
SELECT * FROM orders WHERE id = $id
-- [question mark]
SELECT * FROM orders WHERE id = ?
-- [huge range]
SELECT count(*) FROM range(100000000000)
-- [huge generate series]
SELECT * FROM generate_series(1, 100000000000)
-- [huge repeat]
SELECT repeat('x', 1000000000)
-- [huge lpad]
SELECT lpad('x', 1000000000, 'y')
-- [row id]
SELECT rowid FROM (SELECT 1) t, secrets
-- [string escape trick]
SELECT 'a\' FROM secrets --'
-- [dollar quote trick]
SELECT $$a$$ FROM secrets
-- [nested comment trick]
SELECT 1 /* /* */ */ FROM secrets
-- [unterminated string]
SELECT 'abc
-- [unterminated comment]
SELECT 1 /* abc
-- [for update]
SELECT * FROM orders FOR UPDATE
-- [into]
SELECT * INTO x FROM orders
-- [attach database in from]
SELECT * FROM 'duckdb:other.db'.secrets
-- [python variable]
SELECT * FROM df
-- [system function behind method call]
SELECT '/etc/passwd'.read_text()
-- [excel file]
SELECT * FROM read_xlsx('x.xlsx')
-- [sqlite scan]
SELECT * FROM sqlite_scan('x.db', 'secrets')
-- [postgres query]
SELECT * FROM postgres_query('db', 'SELECT 1')
-- [iceberg scan]
SELECT * FROM iceberg_scan('s3://x')
-- [nothing]
SELECT
-- [only words]
hello world
-- [half a query]
SELECT id FROM orders WHERE
-- [lateral before a hidden name]
SELECT * FROM orders, LATERAL secrets
-- [rows repeated by a named argument]
SELECT * FROM repeat_row(1, num_rows = 1000000000)
-- [with name whose letters only look alike]
WITH "staKes" AS (SELECT 1 AS a) SELECT * FROM stakes
-- [attacker 000]
SELECT * FROM read_csv('/etc/passwd')
-- [attacker 004]
SELECT * FROM read_text('/etc/passwd')
-- [attacker 008]
SELECT * FROM "file.csv"
-- [attacker 012]
SELECT * FROM parquet_metadata('x.parquet')
-- [attacker 016]
SELECT json_execute_serialized_sql(json_serialize_sql('select * from secrets'))
-- [attacker 020]
SELECT * FROM pragma_table_info('secrets')
-- [attacker 024]
SELECT * FROM information_schema.tables
-- [attacker 028]
SELECT current_setting('secret_directory')
-- [attacker 032]
SET VARIABLE x = 1
-- [attacker 036]
INSTALL httpfs
-- [attacker 040]
EXPORT DATABASE '/tmp/x'
-- [attacker 044]
DELETE FROM orders
-- [attacker 048]
SELECT * FROM other.orders
-- [attacker 052]
FROM secrets
-- [attacker 056]
PIVOT secrets ON a USING count(*)
-- [attacker 060]
SELECT * FROM orders POSITIONAL JOIN secrets
-- [attacker 064]
SELECT [x FOR x IN (SELECT list(password) FROM secrets)]
-- [attacker 068]
SELECT repeat('x', 10000000000)
-- [attacker 072]
SELECT * FROM repeat(1, 100000000000)
-- [attacker 076]
SELECT * FROM orders; DROP TABLE orders
-- [attacker 080]
SELECT * FROM histogram('secrets', x)
-- [attacker 084]
SELECT * FROM postgres_scan('host=evil', 'public', 't')
-- [attacker 088]
SELECT * FROM arrow_scan(1, 2, 3)
-- [attacker 092]
SELECT * FROM test_all_types()
-- [attacker 096]
EXPLAIN ANALYZE SELECT * FROM orders
-- [attacker 100]
SHOW ALL TABLES
-- [attacker 104]
SELECT * FROM orders AT (VERSION => 1)
-- [attacker 108]
SELECT * FROM (SUMMARIZE secrets)
-- [attacker 112]
IMPORT DATABASE 'x'
-- [attacker 116]
DESCRIBE orders
-- [attacker 120]
SELECT * FROM 'https://x/y.csv' t
-- [attacker 124]
SELECT * FROM duckdb_columns
-- [attacker 128]
SELECT * FROM seq_scan('secrets')
-- [attacker 132]
SELECT * FROM json_execute_serialized_sql('x'::BLOB)
-- [attacker 136]
SELECT getenv('HOME'), set_config('a', 'b'), sleep_ms(1000)
-- [attacker 140]
FROM query_table('orders')
-- [attacker 144]
SELECT * FROM read_ndjson_objects('x')
-- [attacker 148]
SELECT * FROM python_map_function()
-- [attacker 152]
SELECT [1].array_resize(1000000000)
-- [attacker 156]
SELECT lpad('a', 100000000, 'b'), rpad('a', 100000000, 'b')
-- [attacker 160]
SELECT meta -> (SELECT max(s) FROM secrets) FROM orders
-- [attacker 164]
PIVOT orders ON status IN (SELECT s FROM secrets) USING count(*)
-- [attacker 168]
SELECT * FROM (VALUES ((SELECT s FROM secrets))) t
-- [attacker 172]
SELECT struct_pack(s) FROM secrets
-- [attacker 176]
SELECT * FROM memory.main.secrets
-- [attacker 180]
SELECT * FROM orders QUALIFY row_number() OVER (ORDER BY (SELECT max(id) FROM secrets)) = 1
-- [attacker 184]
SELECT list_transform([1], lambda x: (SELECT max(s) FROM secrets))
-- [attacker 188]
SELECT $x
-- [attacker 192]
SELECT * FROM orders WHERE nextval('s') > 0
-- [attacker 196]
COPY (FROM orders) TO 's3://x'
-- [third wave 01]
SELECT 'HOME'.getenv()
-- [third wave 02]
SELECT list_transform([1], x -> getenv('HOME'))
-- [third wave 03]
PIVOT orders ON status IN (SELECT pw FROM secrets) USING count(*)
-- [third wave 04]
PIVOT orders ON status USING max((SELECT pw FROM secrets LIMIT 1))
-- [third wave 05]
SELECT * FROM (UNPIVOT (FROM secrets) ON y)
-- [third wave 06]
SELECT COLUMNS(lambda c: c = (SELECT max(pw) FROM secrets)) FROM orders
-- [third wave 07]
SELECT 'x'::ENUM(SELECT pw FROM secrets)
-- [third wave 08]
FROM orders SELECT x: (FROM secrets SELECT max(pw))
-- [third wave 09]
SELECT * FROM orders WINDOW w AS (ORDER BY (FROM secrets SELECT max(pw)))
-- [third wave 10]
SELECT * FROM orders, unnest([(FROM secrets SELECT max(pw))])
-- [reader 001] syntax
SELECT 'ab' ~~ 'a' || '%'
-- [reader 002] syntax
SELECT name FROM customers WHERE id > 1 AND name !~~* 'a' || name
-- [fetch with ties] not_allowed
SELECT id FROM orders ORDER BY id FETCH FIRST 2 ROWS WITH TIES
