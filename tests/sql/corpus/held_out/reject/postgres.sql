-- [001]
SELECT * FROM orders; DELETE FROM orders
-- [002]
WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone
-- [003]
WITH made AS (INSERT INTO orders SELECT * FROM orders RETURNING id) SELECT count(*) FROM made
-- [004]
WITH m AS (MERGE INTO orders o USING customers c ON o.id = c.id WHEN MATCHED THEN DELETE RETURNING o.id) SELECT * FROM m
-- [005]
SELECT id INTO stolen FROM orders
-- [006]
SELECT id INTO UNLOGGED TABLE stolen FROM orders
-- [007]
SELECT id FROM orders FOR NO KEY UPDATE
-- [008]
SELECT id FROM orders FOR KEY SHARE NOWAIT
-- [009]
SELECT (SELECT id FROM orders LIMIT 1 FOR UPDATE SKIP LOCKED)
-- [010]
SELECT pg_read_file('/etc/passwd')
-- [011]
SELECT pg_read_binary_file('PG_VERSION', 0, 3, true)
-- [012]
SELECT * FROM pg_ls_dir('.')
-- [013]
SELECT * FROM pg_ls_logdir()
-- [014]
SELECT (pg_stat_file('postgresql.conf')).size
-- [015]
SELECT lo_import('/etc/passwd')
-- [016]
SELECT lo_export(16400, '/tmp/x')
-- [017]
SELECT lo_get(16400)
-- [018]
SELECT lo_create(0)
-- [019]
SELECT query_to_xml('SELECT * FROM secrets', true, false, '')
-- [020]
SELECT table_to_xml('secrets'::regclass, true, false, '')
-- [021]
SELECT database_to_xml(true, false, '')
-- [022]
SELECT cursor_to_xml('c', 10, true, false, '')
-- [023]
SELECT xpath('/a', query_to_xmlschema('select 1', true, true, ''))
-- [024]
SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)
-- [025]
SELECT dblink_connect('host=10.0.0.1')
-- [026]
SELECT set_config('search_path', 'evil', false)
-- [027]
SELECT current_setting('data_directory')
-- [028]
SELECT pg_sleep(10)
-- [029]
SELECT pg_sleep_for('10 minutes')
-- [030]
SELECT pg_sleep_until('tomorrow')
-- [031]
SELECT pg_terminate_backend(1)
-- [032]
SELECT pg_cancel_backend(pid) FROM pg_stat_activity
-- [033]
SELECT pg_advisory_lock(1)
-- [034]
SELECT pg_try_advisory_xact_lock(5, 6)
-- [035]
SELECT pg_notify('a', 'b')
-- [036]
SELECT nextval('orders_id_seq')
-- [037]
SELECT setval('orders_id_seq', 1)
-- [038]
SELECT currval('orders_id_seq')
-- [039]
SELECT lastval()
-- [040]
SELECT pg_reload_conf()
-- [041]
SELECT pg_switch_wal()
-- [042]
SELECT pg_create_restore_point('x')
-- [043]
SELECT pg_export_snapshot()
-- [044]
SELECT pg_logical_emit_message(true, 'a', 'b')
-- [045]
SELECT pg_current_xact_id()
-- [046]
SELECT txid_current()
-- [047]
SELECT * FROM pg_shadow
-- [048]
SELECT usename, passwd FROM pg_catalog.pg_user
-- [049]
SELECT relname FROM pg_class WHERE relkind = 'r'
-- [050]
SELECT * FROM information_schema.columns
-- [051]
SELECT most_common_vals FROM pg_stats WHERE tablename = 'secrets'
-- [052]
SELECT * FROM pg_get_keywords()
-- [053]
SELECT pg_get_viewdef('v'::regclass)
-- [054]
SELECT pg_get_functiondef(2200)
-- [055]
SELECT obj_description('secrets'::regclass)
-- [056]
SELECT to_regclass('secrets')
-- [057]
SELECT 'secrets'::regclass::oid
-- [058]
SELECT has_table_privilege('secrets', 'SELECT')
-- [059]
SELECT version(), current_database(), inet_server_addr()
-- [060]
SELECT inet_client_addr(), pg_backend_pid()
-- [061]
SELECT pg_relation_size('secrets')
-- [062]
SELECT ts_stat('SELECT to_tsvector(secret) FROM secrets')
-- [063]
SELECT ts_rewrite('a'::tsquery, 'SELECT t, s FROM secrets')
-- [064]
SELECT * FROM json_populate_recordset(null::secrets, '[]')
-- [065]
SELECT (null::secrets).secret
-- [066]
SELECT row_to_json(s) FROM secrets s
-- [067]
SELECT * FROM orders o, LATERAL (SELECT * FROM secrets s WHERE s.id = o.id) x
-- [068]
SELECT * FROM ONLY secrets
-- [069]
TABLE secrets
-- [070]
SELECT * FROM orders UNION TABLE secrets
-- [071]
VALUES ((SELECT secret FROM secrets LIMIT 1))
-- [072]
SELECT id FROM orders ORDER BY (SELECT secret FROM secrets LIMIT 1)
-- [073]
SELECT id FROM orders LIMIT (SELECT count(*) FROM secrets)
-- [074]
SELECT id FROM orders OFFSET (SELECT max(id) FROM secrets)
-- [075]
SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM secrets)) FROM orders
-- [076]
SELECT sum(id) OVER (PARTITION BY (SELECT max(secret) FROM secrets)) FROM orders
-- [077]
SELECT id FROM orders GROUP BY id, (SELECT 1 FROM secrets LIMIT 1)
-- [078]
SELECT * FROM orders TABLESAMPLE SYSTEM ((SELECT count(*) FROM secrets))
-- [079]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [080]
WITH RECURSIVE a AS (SELECT secret FROM secrets UNION ALL SELECT secret FROM a) SELECT * FROM a
-- [081]
WITH orders AS (SELECT 1 AS id) SELECT * FROM public.secrets
-- [082]
SELECT U&"\0073ecrets".secret FROM secrets
-- [083]
SELECT * FROM U&"secrets"
-- [084]
SELECT * FROM "pg_catalog"."pg_authid"
-- [085]
SELECT * FROM events
-- [086]
SELECT * FROM analytics.orders
-- [087]
SELECT * FROM otherdb.public.orders
-- [088]
EXPLAIN ANALYZE SELECT * FROM orders
-- [089]
COPY orders TO PROGRAM 'sh -c id'
-- [090]
COPY (SELECT * FROM orders) TO '/tmp/x'
-- [091]
DO $$ BEGIN PERFORM 1; END $$
-- [092]
CALL refresh_all()
-- [093]
PREPARE p AS SELECT 1
-- [094]
EXECUTE p
-- [095]
DECLARE c CURSOR FOR SELECT * FROM orders
-- [096]
SET ROLE postgres
-- [097]
SHOW ALL
-- [098]
LISTEN x
-- [099]
LOCK TABLE orders
-- [100]
VACUUM orders
-- [101]
BEGIN; SELECT 1; COMMIT
-- [102]
SELECT * FROM orders WHERE id = $1
-- [103]
SELECT * FROM orders WHERE id = :id
-- [104]
SELECT OPERATOR(pg_catalog.+)(1, 2)
-- [105]
SELECT 1 OPERATOR(public.@@@) 2
-- [106]
SELECT (id).pg_notify FROM orders
-- [107]
SELECT array_fill(1, ARRAY[100000000])
-- [108]
SELECT repeat('x', 900000000)
-- [109]
SELECT * FROM generate_series(1, 100000000000)
-- [110]
SELECT lpad('x', 500000000, 'y')
-- [111]
SELECT convert_from(pg_read_binary_file('x'), 'UTF8')
-- [112]
SELECT pg_input_is_valid('secrets', 'regclass')
-- [113]
SELECT xmlparse(document '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
-- [114]
SELECT * FROM xmltable('/a' PASSING (SELECT query_to_xml('select 1', true, true, '')) COLUMNS a text)
-- [115]
SELECT session_user, current_role
