-- [sqlite master]
SELECT sql FROM sqlite_master
-- [sqlite schema]
SELECT * FROM sqlite_schema
-- [sqlite temp master]
SELECT * FROM sqlite_temp_master
-- [sqlite sequence]
SELECT * FROM sqlite_sequence
-- [pragma]
PRAGMA table_info(orders)
-- [pragma function]
SELECT * FROM pragma_table_info('secrets')
-- [pragma without parentheses]
SELECT * FROM pragma_database_list
-- [dbstat]
SELECT * FROM dbstat
-- [load extension]
SELECT load_extension('x.so')
-- [readfile]
SELECT readfile('/etc/passwd')
-- [writefile]
SELECT writefile('/tmp/x', 'a')
-- [edit]
SELECT edit('x')
-- [fts tokenizer]
SELECT fts3_tokenizer('simple')
-- [attach]
ATTACH DATABASE '/tmp/x' AS x
-- [detach]
DETACH DATABASE x
-- [vacuum into]
VACUUM INTO '/tmp/x'
-- [in a hidden table]
SELECT id FROM orders WHERE id IN secrets
-- [in a hidden qualified table]
SELECT id FROM orders WHERE id IN main.secrets
-- [not in a hidden table]
SELECT id FROM orders WHERE id NOT IN secrets
-- [in a table function]
SELECT 1 WHERE 1 IN pragma_table_list('x')
-- [hidden]
SELECT * FROM secrets
-- [hidden bracketed]
SELECT * FROM [secrets]
-- [hidden single quoted]
SELECT * FROM 'secrets'
-- [hidden main]
SELECT * FROM main.secrets
-- [hidden temp]
SELECT * FROM temp.secrets
-- [hidden in cte]
WITH x AS (SELECT * FROM secrets) SELECT 1
-- [hidden behind its own name]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [hidden in anchor]
WITH RECURSIVE x AS (SELECT id FROM secrets UNION SELECT id FROM x) SELECT * FROM x
-- [hidden in union]
SELECT id FROM orders UNION ALL SELECT secret FROM secrets
-- [hidden in parentheses]
SELECT * FROM (orders, secrets)
-- [hidden in join]
SELECT * FROM orders LEFT JOIN secrets USING (id)
-- [hidden in order by]
SELECT id FROM orders ORDER BY (SELECT secret FROM secrets)
-- [hidden in limit]
SELECT id FROM orders LIMIT (SELECT id FROM secrets)
-- [indexed by]
SELECT * FROM secrets INDEXED BY x
-- [bare name]
SELECT * FROM events
-- [zeroblob]
SELECT zeroblob(1000000000)
-- [randomblob]
SELECT randomblob(1000000000)
-- [big printf]
SELECT printf('%1000000000d', 1)
-- [generate series huge]
SELECT * FROM generate_series(1, 100000000000)
-- [insert]
INSERT INTO orders VALUES (1)
-- [replace]
REPLACE INTO orders VALUES (1)
-- [create]
CREATE TABLE x (id)
-- [create temp view]
CREATE TEMP VIEW v AS SELECT 1
-- [drop]
DROP TABLE orders
-- [reindex]
REINDEX
-- [analyze]
ANALYZE
-- [explain]
EXPLAIN QUERY PLAN SELECT 1
-- [begin]
BEGIN
-- [two statements]
SELECT 1; SELECT 2
-- [parameter]
SELECT * FROM orders WHERE id = ?1
-- [named parameter]
SELECT * FROM orders WHERE id = :id
-- [at parameter]
SELECT * FROM orders WHERE id = @id
-- [dollar parameter]
SELECT * FROM orders WHERE id = $id
-- [unknown function]
SELECT my_function(1)
-- [quoted function]
SELECT "load_extension"('x')
-- [version]
SELECT sqlite_version()
-- [compile options]
SELECT sqlite_compileoption_get(1)
-- [last insert]
SELECT last_insert_rowid()
-- [changes]
SELECT total_changes()
-- [raise]
SELECT RAISE(ABORT, 'x')
-- [unclosed]
SELECT "abc
-- [backslash is no escape]
SELECT 'a\' FROM secrets --'
-- [width of printf by an argument]
SELECT printf('%.*c', 1000000000, 'x')
-- [lateral is a table here]
SELECT * FROM orders, LATERAL secrets
-- [with name whose letters only look alike]
WITH "staKes" AS (SELECT 1 AS a) SELECT * FROM stakes
-- [attacker 000]
SELECT * FROM sqlite_master
-- [attacker 004]
SELECT * FROM "sqlite_master"
-- [attacker 008]
SELECT * FROM dbstat
-- [attacker 012]
SELECT * FROM pragma_compile_options
-- [attacker 016]
SELECT readfile('/etc/passwd')
-- [attacker 020]
SELECT * FROM csv('x')
-- [attacker 024]
SELECT sqlite_compileoption_get(1)
-- [attacker 028]
SELECT hex(zeroblob(1000000000))
-- [attacker 032]
SELECT count(*) FROM generate_series(1, 100000000000)
-- [attacker 036]
VACUUM
-- [attacker 040]
INSERT OR REPLACE INTO orders VALUES (1)
-- [attacker 044]
WITH x AS (SELECT 1) DELETE FROM orders
-- [attacker 048]
DROP TABLE orders
-- [attacker 052]
SAVEPOINT x
-- [attacker 056]
SELECT * FROM main.secrets
-- [attacker 060]
SELECT * FROM events
-- [attacker 064]
SELECT * FROM orders, secrets
-- [attacker 068]
SELECT * FROM orders WHERE id NOT IN main.secrets
-- [attacker 072]
WITH secrets AS (SELECT 1) SELECT * FROM main.secrets
-- [attacker 076]
SELECT * FROM orders ORDER BY (SELECT password FROM secrets)
-- [attacker 080]
SELECT * FROM orders; DROP TABLE orders
-- [attacker 084]
SELECT * FROM json_each((SELECT password FROM secrets))
-- [attacker 088]
SELECT raise(ABORT, 'x')
-- [attacker 092]
SELECT 1 /* unterminated FROM secrets
-- [attacker 096]
VALUES ((SELECT password FROM secrets))
-- [attacker 100]
SELECT CAST((SELECT s FROM secrets) AS TEXT)
-- [attacker 104]
SELECT * FROM orders WHERE id IN "secrets"
-- [attacker 108]
SELECT * FROM sqlite_stmt, tables_used('select 1')
-- [attacker 112]
SELECT sqlite_crypt('a', 'b'), fts5(1), rtreecheck('secrets'), fts5_decode(1, 2)
-- [attacker 116]
SELECT * FROM orders LIMIT (SELECT s FROM secrets) % 3
-- [in a table named as text]
SELECT id FROM orders WHERE id IN 'secrets'
-- [not in a table named as text]
SELECT COUNT(*) FILTER (WHERE id NOT IN 'secrets') FROM orders
-- [third wave 01]
SELECT replace(hex(zeroblob(100000)), '0', hex(zeroblob(100000)))
-- [third wave 02]
SELECT id -> (SELECT pw FROM secrets LIMIT 1) FROM orders
-- [third wave 03]
SELECT id FROM orders WHERE (1, 2) IN secrets
-- [third wave 04]
SELECT * FROM (WITH secrets AS (SELECT 1) SELECT * FROM secrets) WHERE 1 IN secrets
-- [third wave 05]
SELECT id FROM orders GROUP BY id IN secrets
-- [third wave 06]
SELECT * FROM json_each WHERE json = '[1]'
-- [fetch with ties] not_allowed
SELECT id FROM orders ORDER BY id FETCH FIRST 2 ROWS WITH TIES
