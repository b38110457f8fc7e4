-- [001]
SELECT * FROM '/etc/passwd'
-- [002]
SELECT * FROM 'data.parquet'
-- [003]
SELECT * FROM "s3://bucket/x.csv"
-- [004]
SELECT * FROM read_csv('/etc/passwd')
-- [005]
SELECT * FROM read_csv_auto('x.csv')
-- [006]
SELECT * FROM read_text('/etc/passwd')
-- [007]
SELECT * FROM read_blob('/etc/*')
-- [008]
SELECT * FROM read_json('x.json')
-- [009]
SELECT * FROM read_json_objects_auto('x')
-- [010]
SELECT * FROM read_ndjson('x')
-- [011]
SELECT * FROM read_parquet(['a', 'b'])
-- [012]
SELECT * FROM parquet_scan('x')
-- [013]
SELECT * FROM parquet_metadata('x')
-- [014]
SELECT * FROM parquet_kv_metadata('x')
-- [015]
SELECT * FROM parquet_bloom_probe('x', 'a', 1)
-- [016]
SELECT * FROM sniff_csv('x')
-- [017]
SELECT * FROM glob('/etc/*')
-- [018]
SELECT * FROM query('SELECT * FROM secrets')
-- [019]
SELECT * FROM query_table('secrets')
-- [020]
SELECT * FROM query_table(['orders', 'secrets'])
-- [021]
SELECT getenv('HOME')
-- [022]
SELECT getvariable('x')
-- [023]
SELECT current_setting('memory_limit')
-- [024]
SELECT * FROM duckdb_settings()
-- [025]
SELECT * FROM duckdb_secrets()
-- [026]
SELECT * FROM which_secret('s3://x', 's3')
-- [027]
SELECT * FROM duckdb_tables()
-- [028]
SELECT sql FROM duckdb_views
-- [029]
SELECT * FROM sqlite_master
-- [030]
SELECT * FROM pragma_table_info('secrets')
-- [031]
SELECT * FROM pragma_storage_info('secrets')
-- [032]
SELECT * FROM pragma_database_list()
-- [033]
SELECT * FROM information_schema.tables
-- [034]
SELECT * FROM pg_catalog.pg_tables
-- [035]
SELECT nextval('s')
-- [036]
SELECT currval('s')
-- [037]
SELECT * FROM sqlite_scan('a.db', 't')
-- [038]
SELECT * FROM postgres_scan('host=x', 'public', 't')
-- [039]
SELECT * FROM postgres_query('db', 'SELECT 1')
-- [040]
SELECT * FROM mysql_query('db', 'SELECT 1')
-- [041]
SELECT * FROM iceberg_scan('x')
-- [042]
SELECT * FROM delta_scan('x')
-- [043]
SELECT * FROM st_read('x')
-- [044]
SELECT * FROM read_xlsx('x.xlsx')
-- [045]
SELECT * FROM arrow_scan(1, 2, 3)
-- [046]
SELECT * FROM pandas_scan(1)
-- [047]
SELECT * FROM seq_scan('secrets')
-- [048]
SELECT * FROM json_execute_serialized_sql('{}')
-- [049]
SELECT json_serialize_sql('SELECT 1')
-- [050]
SELECT * FROM (SUMMARIZE secrets)
-- [051]
SELECT * FROM (DESCRIBE secrets)
-- [052]
SELECT * FROM (SHOW ALL TABLES)
-- [053]
SUMMARIZE orders
-- [054]
FROM secrets
-- [055]
FROM orders, secrets
-- [056]
FROM orders SELECT id UNION FROM secrets
-- [057]
SELECT * FROM orders POSITIONAL JOIN secrets
-- [058]
SELECT * FROM orders ASOF JOIN secrets USING (id)
-- [059]
SELECT (FROM secrets)
-- [060]
SELECT [x.secret FOR x IN (SELECT list(s) FROM secrets s)]
-- [061]
PIVOT secrets ON id USING count(*)
-- [062]
UNPIVOT secrets ON id INTO NAME a VALUE b
-- [063]
WITH p AS (PIVOT secrets ON id USING count(*)) FROM p
-- [064]
COPY orders TO '/tmp/x'
-- [065]
EXPORT DATABASE '/tmp/x'
-- [066]
ATTACH 'x.db'
-- [067]
INSTALL httpfs
-- [068]
LOAD httpfs
-- [069]
PRAGMA database_list
-- [070]
SET VARIABLE a = 1
-- [071]
CALL pragma_version()
-- [072]
CREATE MACRO f(a) AS a
-- [073]
SELECT * FROM orders; SELECT * FROM secrets
-- [074]
SELECT * FROM histogram('secrets', 'secret')
-- [075]
SELECT * FROM histogram_values(secrets, secret)
-- [076]
SELECT * FROM test_all_types()
-- [077]
SELECT * FROM repeat_row(1, num_rows = 1000000000)
-- [078]
SELECT * FROM range(100000000000)
-- [079]
SELECT unnest(range(1000000000))
-- [080]
SELECT * FROM unnest(generate_series(1, 1000000000))
-- [081]
SELECT write_log('x')
-- [082]
SELECT * FROM duckdb_logs()
-- [083]
SELECT * FROM checkpoint()
-- [084]
SELECT * FROM force_checkpoint('db')
-- [085]
SELECT current_user, current_database(), version()
-- [086]
SELECT txid_current()
-- [087]
SELECT * FROM memory.main.secrets
-- [088]
SELECT * FROM main.secrets
-- [089]
SELECT COLUMNS(s.*) FROM secrets s
-- [090]
SELECT is_histogram_other_bin(1) FROM secrets
-- [091]
SELECT * FROM orders AT (VERSION => 1)
-- [092]
MERGE INTO orders USING secrets ON true WHEN MATCHED THEN DELETE
-- [093]
SELECT * FROM orders WHERE id = $1
-- [094]
SELECT * FROM orders WHERE id = ?
-- [095]
SELECT * FROM $$secrets$$
-- [096]
SELECT * FROM enable_profiling()
-- [097]
SELECT in_search_path('a', 'b')
-- [098]
SELECT pg_get_viewdef(1)
-- [099]
SELECT add_parquet_key('k', 'v')
-- [100]
SELECT stats(secret) FROM secrets
