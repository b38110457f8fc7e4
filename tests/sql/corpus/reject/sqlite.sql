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
