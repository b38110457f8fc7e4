-- [001]
SELECT * FROM sqlite_master
-- [002]
SELECT * FROM sqlite_schema
-- [003]
SELECT * FROM main.sqlite_temp_master
-- [004]
SELECT sql FROM sqlite_temp_schema
-- [005]
SELECT * FROM sqlite_stat1
-- [006]
SELECT * FROM sqlite_sequence
-- [007]
SELECT * FROM pragma_table_list
-- [008]
SELECT * FROM pragma_table_info('secrets')
-- [009]
SELECT * FROM pragma_database_list()
-- [010]
SELECT * FROM dbstat
-- [011]
SELECT * FROM sqlite_dbpage
-- [012]
SELECT * FROM sqlite_stmt
-- [013]
SELECT * FROM bytecode('SELECT 1')
-- [014]
SELECT * FROM tables_used('SELECT 1')
-- [015]
SELECT load_extension('x')
-- [016]
SELECT readfile('/etc/passwd')
-- [017]
SELECT writefile('/tmp/x', 'a')
-- [018]
SELECT edit('x')
-- [019]
SELECT * FROM fsdir('/')
-- [020]
SELECT * FROM generate_series(1, 100000000000)
-- [021]
SELECT zeroblob(1000000000)
-- [022]
SELECT randomblob(1000000000)
-- [023]
SELECT printf('%1000000000d', 1)
-- [024]
SELECT replace(hex(zeroblob(100000000)), '00', 'aaaa')
-- [025]
SELECT fts3_tokenizer('simple')
-- [026]
SELECT last_insert_rowid(), changes(), total_changes()
-- [027]
SELECT sqlite_version(), sqlite_source_id()
-- [028]
SELECT sqlite_compileoption_get(1)
-- [029]
SELECT sqlite_log(1, 'x')
-- [030]
SELECT RAISE(ABORT, 'x')
-- [031]
PRAGMA table_info(secrets)
-- [032]
ATTACH 'x.db' AS x
-- [033]
VACUUM INTO '/tmp/x'
-- [034]
SELECT * FROM temp.secrets
-- [035]
SELECT * FROM [secrets]
-- [036]
SELECT * FROM `secrets`
-- [037]
SELECT * FROM "secrets"
-- [038]
SELECT * FROM 'secrets'
-- [039]
SELECT * FROM orders INDEXED BY i JOIN secrets
-- [040]
SELECT * FROM orders WHERE id IN secrets
-- [041]
SELECT * FROM orders WHERE id IN main.secrets
-- [042]
SELECT * FROM orders WHERE (id, 1) IN (SELECT id, 1 FROM secrets)
-- [043]
SELECT EXISTS (SELECT 1 FROM secrets)
-- [044]
VALUES ((SELECT secret FROM secrets))
-- [045]
SELECT 1 UNION VALUES ((SELECT secret FROM secrets))
-- [046]
WITH t AS NOT MATERIALIZED (SELECT * FROM secrets) SELECT * FROM t
-- [047]
SELECT id FROM orders WHERE id = ?1
-- [048]
SELECT id FROM orders WHERE id = @a
-- [049]
SELECT 1; DELETE FROM orders
-- [050]
EXPLAIN QUERY PLAN SELECT * FROM orders
-- [051]
SELECT group_concat(secret) FROM (secrets)
-- [052]
SELECT * FROM (secrets, orders)
-- [053]
SELECT * FROM orders, json_each((SELECT secret FROM secrets))
-- [054]
SELECT * FROM json_tree(secrets.secret), secrets
