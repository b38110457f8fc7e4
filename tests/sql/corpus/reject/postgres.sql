-- [blank] empty

-- [only a comment] empty
-- nothing here
-- [only a semicolon] empty
;
-- [two selects] several_statements
SELECT 1; SELECT 2
-- [select then drop] several_statements
SELECT 1; DROP TABLE orders
-- [select then commit] several_statements
SELECT 1; COMMIT; CREATE TABLE t (id int)
-- [statement after a comment] several_statements
SELECT 1; /* x */ DELETE FROM orders
-- [statement before] several_statements
SET x = 1; SELECT 1
-- [insert] not_a_query
INSERT INTO orders (id) VALUES (1)
-- [insert select] not_a_query
INSERT INTO orders SELECT * FROM orders
-- [update] not_a_query
UPDATE orders SET total = 0
-- [delete] not_a_query
DELETE FROM orders
-- [merge] not_a_query
MERGE INTO orders o USING orders s ON o.id = s.id WHEN MATCHED THEN DELETE
-- [truncate] not_a_query
TRUNCATE orders
-- [create table] not_a_query
CREATE TABLE t (id int)
-- [create table as] not_a_query
CREATE TABLE t AS SELECT * FROM orders
-- [create temp table] not_a_query
CREATE TEMP TABLE t AS SELECT 1
-- [create view] not_a_query
CREATE VIEW v AS SELECT 1
-- [create function] not_a_query
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'
-- [create extension] not_a_query
CREATE EXTENSION dblink
-- [create role] not_a_query
CREATE ROLE x SUPERUSER
-- [alter] not_a_query
ALTER TABLE orders ADD COLUMN x int
-- [alter role] not_a_query
ALTER ROLE postgres SET search_path = x
-- [drop] not_a_query
DROP TABLE orders
-- [drop in odd case] not_a_query
dRoP/**/tAbLe orders
-- [drop behind a line comment] not_a_query
-- harmless
DROP TABLE orders
-- [grant] not_a_query
GRANT ALL ON orders TO PUBLIC
-- [revoke] not_a_query
REVOKE ALL ON orders FROM PUBLIC
-- [explain] not_a_query
EXPLAIN SELECT 1
-- [explain analyze delete] not_a_query
EXPLAIN ANALYZE DELETE FROM orders
-- [do] not_a_query
DO $$ BEGIN PERFORM 1; END $$
-- [call] not_a_query
CALL p()
-- [copy to a program] not_a_query
COPY orders TO PROGRAM 'cat'
-- [copy a query] not_a_query
COPY (SELECT * FROM orders) TO STDOUT
-- [set] not_a_query
SET search_path = x
-- [set role] not_a_query
SET ROLE postgres
-- [set local] not_a_query
SET LOCAL statement_timeout = 0
-- [reset] not_a_query
RESET ALL
-- [show] not_a_query
SHOW ALL
-- [listen] not_a_query
LISTEN x
-- [notify] not_a_query
NOTIFY x
-- [lock table] not_a_query
LOCK TABLE orders
-- [vacuum] not_a_query
VACUUM orders
-- [analyze] not_a_query
ANALYZE orders
-- [cluster] not_a_query
CLUSTER orders
-- [reindex] not_a_query
REINDEX TABLE orders
-- [refresh] not_a_query
REFRESH MATERIALIZED VIEW v
-- [checkpoint] not_a_query
CHECKPOINT
-- [load] not_a_query
LOAD 'x'
-- [begin] not_a_query
BEGIN
-- [commit] not_a_query
COMMIT
-- [rollback] not_a_query
ROLLBACK
-- [savepoint] not_a_query
SAVEPOINT x
-- [prepare] not_a_query
PREPARE p AS SELECT 1
-- [execute] not_a_query
EXECUTE p
-- [deallocate] not_a_query
DEALLOCATE p
-- [declare cursor] not_a_query
DECLARE c CURSOR FOR SELECT 1
-- [fetch] not_a_query
FETCH 1 FROM c
-- [discard] not_a_query
DISCARD ALL
-- [import] not_a_query
IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z
-- [comment on] not_a_query
COMMENT ON TABLE orders IS 'x'
-- [security label] not_a_query
SECURITY LABEL ON TABLE orders IS 'x'
-- [use] not_a_query
USE other
-- [describe] not_a_query
DESCRIBE orders
-- [bare number] not_a_query
1
-- [bare word] not_a_query
orders
-- [from first] not_a_query
FROM orders
-- [summarize] not_a_query
SUMMARIZE orders
-- [pragma] not_a_query
PRAGMA database_list
-- [attach] not_a_query
ATTACH 'x' AS y
-- [kill] not_a_query
KILL 1
-- [if block] several_statements
IF TRUE THEN SELECT 1; END IF
-- [broken select] syntax
SELECT FROM WHERE
-- [missing table] syntax
SELECT id FROM
-- [unclosed parenthesis] syntax
SELECT (1
-- [unclosed quote] unreadable
SELECT 'abc
-- [unclosed identifier] unreadable
SELECT "abc
-- [unclosed comment] unreadable
SELECT 1 /* never closed
-- [unclosed dollar quote] unreadable
SELECT $$abc
-- [unclosed escape string] unreadable
SELECT E'abc\'
-- [letters after a number] syntax
SELECT 1abc
-- [two literals side by side] syntax
SELECT 'a' 'b'
-- [full-width keyword] not_a_query
ＳＥＬＥＣＴ 1
-- [homoglyph keyword] not_a_query
ЅELECT 1
-- [select into] not_allowed
SELECT * INTO copy FROM orders
-- [select into temp] not_allowed
SELECT id INTO TEMP copy FROM orders
-- [for update] not_allowed
SELECT id FROM orders FOR UPDATE
-- [for share] not_allowed
SELECT id FROM orders FOR SHARE
-- [for no key update] not_allowed
SELECT id FROM orders FOR NO KEY UPDATE
-- [for key share of] not_allowed
SELECT o.id FROM orders o FOR KEY SHARE OF o SKIP LOCKED
-- [for update in a subquery] not_allowed
SELECT * FROM (SELECT id FROM orders FOR UPDATE) t
-- [for update in a cte] not_allowed
WITH t AS (SELECT id FROM orders FOR UPDATE) SELECT * FROM t
-- [delete in a cte] not_allowed
WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d
-- [insert in a cte] not_allowed
WITH d AS (INSERT INTO orders (id) VALUES (1) RETURNING id) SELECT * FROM d
-- [update in a cte] not_allowed
WITH d AS (UPDATE orders SET total = 0 RETURNING id) SELECT * FROM d
-- [delete in an unused cte] not_allowed
WITH d AS (DELETE FROM orders) SELECT 1
-- [delete in a nested cte] not_allowed
WITH a AS (WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d) SELECT id FROM a
-- [cte then insert] not_a_query
WITH t AS (SELECT 1) INSERT INTO orders SELECT * FROM t
-- [cte then delete] not_a_query
WITH t AS (SELECT 1) DELETE FROM orders
-- [merge in a cte] not_allowed
WITH d AS (MERGE INTO orders o USING customers c ON o.id = c.id WHEN MATCHED THEN DELETE RETURNING o.id) SELECT * FROM d
-- [unlisted table] unknown_table
SELECT * FROM secrets
-- [unlisted table, qualified] unknown_table
SELECT * FROM public.secrets
-- [unlisted table in upper case] unknown_table
SELECT * FROM SECRETS
-- [unlisted table, quoted] unknown_table
SELECT * FROM "secrets"
-- [listed name in another schema] unknown_table
SELECT * FROM audit.orders
-- [open table without its schema] unknown_table
SELECT * FROM events
-- [listed table in the wrong schema] unknown_table
SELECT * FROM sales.orders
-- [quoted mixed case is another table] unknown_table
SELECT * FROM "Orders"
-- [mixed case table unquoted is another table] unknown_table
SELECT * FROM Region
-- [misspelt table] unknown_table
SELECT * FROM ordrs
-- [database in front] not_allowed
SELECT * FROM corpus.public.orders
-- [another database in front] not_allowed
SELECT * FROM other.public.orders
-- [system catalog] unknown_table
SELECT * FROM pg_catalog.pg_user
-- [system catalog without schema] unknown_table
SELECT * FROM pg_shadow
-- [system catalog quoted] unknown_table
SELECT * FROM "pg_authid"
-- [information schema] unknown_table
SELECT * FROM information_schema.tables
-- [system catalog behind a cte of its name] system_catalog
WITH pg_user AS (SELECT 1) SELECT * FROM pg_catalog.pg_user
-- [pg_stat_activity] unknown_table
SELECT query FROM pg_stat_activity
-- [pg_settings] unknown_table
SELECT * FROM pg_settings
-- [toast] unknown_table
SELECT * FROM pg_toast.pg_toast_1
-- [cte reads the table it is called like] unknown_table
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [cte does not hide a qualified name] unknown_table
WITH secrets AS (SELECT 1) SELECT * FROM public.secrets
-- [cte of an earlier one reads unlisted] unknown_table
WITH a AS (SELECT * FROM secrets), b AS (SELECT 1) SELECT * FROM b
-- [cte used before it is defined] unknown_table
WITH a AS (SELECT * FROM secrets), secrets AS (SELECT 1 AS x) SELECT * FROM a
-- [inner cte is not visible outside] unknown_table
SELECT * FROM (WITH secrets AS (SELECT 1 AS x) SELECT * FROM secrets) t, secrets
-- [cte of one union branch is not visible in the other] unknown_table
(WITH secrets AS (SELECT 1 AS id) SELECT id FROM secrets) UNION (SELECT id FROM secrets)
-- [cte name in other case quoted] unknown_table
WITH secrets AS (SELECT 1) SELECT * FROM "SECRETS"
-- [quoted cte name does not cover the plain one] unknown_table
WITH "Secrets" AS (SELECT 1) SELECT * FROM secrets
-- [recursive anchor reads unlisted] unknown_table
WITH RECURSIVE t AS (SELECT id FROM secrets UNION ALL SELECT id + 1 FROM t WHERE id < 3) SELECT * FROM t
-- [recursive branch reads unlisted] unknown_table
WITH RECURSIVE t(id) AS (SELECT 1 UNION ALL SELECT s.id FROM secrets s JOIN t ON t.id = s.id) SELECT * FROM t
-- [unlisted in an inner join] unknown_table
SELECT o.id FROM orders o JOIN secrets s ON s.id = o.id
-- [unlisted in a comma join] unknown_table
SELECT o.id FROM orders o, secrets s
-- [unlisted in a parenthesised join] unknown_table
SELECT o.id FROM (orders o CROSS JOIN secrets s)
-- [unlisted deep in a join tree] unknown_table
SELECT 1 FROM ((orders o JOIN customers c ON TRUE) JOIN (products p CROSS JOIN secrets) ON TRUE)
-- [unlisted in lateral] unknown_table
SELECT 1 FROM orders o, LATERAL (SELECT secret FROM secrets) s
-- [unlisted in a derived table] unknown_table
SELECT * FROM (SELECT * FROM secrets) t
-- [unlisted in a scalar subquery] unknown_table
SELECT (SELECT secret FROM secrets LIMIT 1)
-- [unlisted in where] unknown_table
SELECT id FROM orders WHERE id IN (SELECT id FROM secrets)
-- [unlisted in exists] unknown_table
SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM secrets)
-- [unlisted in having] unknown_table
SELECT status FROM orders GROUP BY status HAVING count(*) > (SELECT count(*) FROM secrets)
-- [unlisted in group by] unknown_table
SELECT count(*) FROM orders GROUP BY (SELECT max(id) FROM secrets)
-- [unlisted in order by] unknown_table
SELECT id FROM orders ORDER BY (SELECT max(id) FROM secrets)
-- [unlisted in limit] unknown_table
SELECT id FROM orders LIMIT (SELECT count(*) FROM secrets)
-- [unlisted in offset] unknown_table
SELECT id FROM orders OFFSET (SELECT count(*) FROM secrets)
-- [unlisted in on] unknown_table
SELECT o.id FROM orders o JOIN customers c ON c.id = (SELECT max(id) FROM secrets)
-- [unlisted in case] unknown_table
SELECT CASE WHEN (SELECT count(*) FROM secrets) > 0 THEN 1 END
-- [unlisted in a function argument] unknown_table
SELECT coalesce((SELECT secret FROM secrets LIMIT 1), 'x')
-- [unlisted in filter] unknown_table
SELECT count(*) FILTER (WHERE id IN (SELECT id FROM secrets)) FROM orders
-- [unlisted in a window] unknown_table
SELECT sum(total) OVER (ORDER BY (SELECT max(id) FROM secrets)) FROM orders
-- [unlisted in a named window] unknown_table
SELECT sum(total) OVER w FROM orders WINDOW w AS (PARTITION BY (SELECT max(id) FROM secrets))
-- [unlisted in an array] unknown_table
SELECT ARRAY(SELECT secret FROM secrets)
-- [unlisted in values] unknown_table
VALUES ((SELECT secret FROM secrets LIMIT 1))
-- [unlisted in a union] unknown_table
SELECT note FROM orders UNION SELECT secret FROM secrets
-- [unlisted in intersect] unknown_table
SELECT note FROM orders INTERSECT SELECT secret FROM secrets
-- [unlisted in except] unknown_table
SELECT note FROM orders EXCEPT ALL SELECT secret FROM secrets
-- [unlisted in the third branch] unknown_table
SELECT 1 UNION SELECT 2 UNION SELECT id FROM secrets
-- [unlisted in distinct on] unknown_table
SELECT DISTINCT ON ((SELECT max(id) FROM secrets)) id FROM orders
-- [unlisted in any] unknown_table
SELECT id FROM orders WHERE id = ANY (SELECT id FROM secrets)
-- [unlisted in all] unknown_table
SELECT id FROM orders WHERE id > ALL (SELECT id FROM secrets)
-- [unlisted in between] unknown_table
SELECT id FROM orders WHERE id BETWEEN (SELECT min(id) FROM secrets) AND 5
-- [unlisted in a cast] unknown_table
SELECT (SELECT secret FROM secrets)::text
-- [unlisted in extract] unknown_table
SELECT extract(year FROM (SELECT max(at) FROM secrets))
-- [unlisted in an array index] unknown_table
SELECT tags[(SELECT max(id) FROM secrets)] FROM orders
-- [unlisted in tablesample] unknown_table
SELECT id FROM orders TABLESAMPLE SYSTEM ((SELECT max(id) FROM secrets))
-- [unlisted in a set returning function] unknown_table
SELECT * FROM generate_series(1, (SELECT max(id) FROM secrets))
-- [unlisted in a grouping set] unknown_table
SELECT count(*) FROM orders GROUP BY ROLLUP ((SELECT max(id) FROM secrets))
-- [unlisted in within group] unknown_table
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (SELECT max(id) FROM secrets)) FROM orders
-- [unlisted in aggregate order] unknown_table
SELECT array_agg(id ORDER BY (SELECT max(id) FROM secrets)) FROM orders
-- [unlisted in a frame] unknown_table
SELECT sum(id) OVER (ORDER BY id ROWS (SELECT max(id) FROM secrets) PRECEDING) FROM orders
-- [table command of an unlisted table] unknown_table
TABLE secrets
-- [table command in a union] unknown_table
SELECT 1 UNION TABLE secrets
-- [only] unknown_table
SELECT * FROM ONLY secrets
-- [only in parentheses] syntax
SELECT * FROM ONLY (secrets)
-- [descendants star] unknown_table
SELECT * FROM secrets *
-- [hidden column] unknown_column
SELECT email FROM customers
-- [hidden column qualified] unknown_column
SELECT c.email FROM customers c
-- [hidden column by full name] unknown_column
SELECT public.customers.email FROM public.customers
-- [hidden column in where] unknown_column
SELECT id FROM customers WHERE email LIKE '%x%'
-- [hidden column in order by] unknown_column
SELECT id FROM customers ORDER BY email
-- [hidden column in group by] unknown_column
SELECT count(*) FROM customers GROUP BY email
-- [hidden column in on] unknown_column
SELECT o.id FROM orders o JOIN customers c ON c.email = o.note
-- [hidden column in using] unknown_column
SELECT 1 FROM orders o JOIN (SELECT 5 AS margin) x USING (margin)
-- [hidden column in a window] unknown_column
SELECT rank() OVER (ORDER BY margin) FROM orders
-- [hidden column through a cte] unknown_column
WITH t AS (SELECT margin FROM orders) SELECT * FROM t
-- [hidden column through a star of a closed derived table] unknown_column
SELECT t.margin FROM (SELECT * FROM orders) t
-- [hidden column of an inner table] unknown_column
SELECT (SELECT margin FROM orders LIMIT 1) FROM customers
-- [hidden column through a joined alias] unknown_column
SELECT j.margin FROM (orders o JOIN customers c ON TRUE) AS j
-- [misspelt column] unknown_column
SELECT statsu FROM orders
-- [column of another table] unknown_column
SELECT o.country FROM orders o
-- [alias that is not there] unknown_source
SELECT x.id FROM orders o
-- [table name behind an alias] unknown_source
SELECT orders.id FROM orders o
-- [schema behind an alias] unknown_source
SELECT public.orders.id FROM orders o
-- [alias in where] unknown_column
SELECT total AS t FROM orders WHERE t > 1
-- [alias in having] unknown_column
SELECT sum(total) AS s FROM orders HAVING s > 1
-- [alias in an order expression] unknown_column
SELECT total AS t FROM orders ORDER BY t + 1
-- [column without from] unknown_column
SELECT id
-- [neighbour in a plain derived table] unknown_source
SELECT 1 FROM customers c, (SELECT c.name) t
-- [on sees its own join only] unknown_source
SELECT 1 FROM customers c, orders o JOIN products p ON p.id = c.id
-- [table to the right of lateral] unknown_source
SELECT 1 FROM LATERAL (SELECT o.id) t, orders o
-- [inner table from outside] unknown_source
SELECT l.quantity FROM orders WHERE EXISTS (SELECT 1 FROM order_lines l)
-- [ambiguous column] ambiguous_column
SELECT id FROM orders, customers
-- [unknown column in a union order] unknown_column
SELECT id FROM orders UNION SELECT id FROM customers ORDER BY total
-- [same alias twice] duplicate_alias
SELECT 1 FROM orders o, customers o
-- [ctid] system_column
SELECT ctid FROM orders
-- [xmin] system_column
SELECT o.xmin FROM orders o
-- [tableoid] system_column
SELECT tableoid FROM sales.events
-- [xmax of an open table] system_column
SELECT e.xmax FROM sales.events e
-- [cmin in where] system_column
SELECT id FROM orders WHERE cmin = '0'
-- [quoted ctid] system_column
SELECT "ctid" FROM orders
-- [whole row] whole_row
SELECT o FROM orders o
-- [whole row by table name] whole_row
SELECT orders FROM orders
-- [whole row as text] whole_row
SELECT o::text FROM orders o
-- [whole row in row_to_json] whole_row
SELECT row_to_json(o) FROM orders o
-- [whole row in to_jsonb] whole_row
SELECT to_jsonb(orders) FROM orders
-- [whole row in jsonb_agg] whole_row
SELECT jsonb_agg(c) FROM customers c
-- [whole row by star in a call] whole_row
SELECT row_to_json(o.*) FROM orders o
-- [whole row counted] whole_row
SELECT count(o) FROM orders o
-- [whole row field] function_not_allowed
SELECT (o).margin FROM orders o
-- [whole row star] whole_row
SELECT (o).* FROM orders o
-- [whole row compared] whole_row
SELECT 1 FROM orders a, orders b WHERE a = b
-- [whole row is null] whole_row
SELECT id FROM orders o WHERE o IS NULL
-- [whole row in array_agg] whole_row
SELECT array_agg(o) FROM orders o
-- [whole row from outside] whole_row
SELECT (SELECT to_json(o)) FROM orders o
-- [whole row of a joined alias] whole_row
SELECT to_json(j) FROM (orders o JOIN customers c ON TRUE) AS j
-- [column as a function] function_not_allowed
SELECT margin(o) FROM orders o
-- [function as a column] unknown_column
SELECT o.row_to_json FROM orders o
-- [columns renamed by position] column_aliases
SELECT t.k FROM orders AS t(a, b, c, d, e, f, g, h, i, j, k)
-- [join renamed by position] column_aliases
SELECT t.k FROM (orders o CROSS JOIN customers c) AS t(a, b, c, d, e, f, g, h, i, j, k)
-- [natural join beside an open table] natural_join
SELECT 1 FROM orders NATURAL JOIN sales.events
-- [pg_sleep] function_not_allowed
SELECT pg_sleep(10)
-- [pg_sleep in from] function_not_allowed
SELECT * FROM pg_sleep(10)
-- [pg_sleep in where] function_not_allowed
SELECT id FROM orders WHERE pg_sleep(1) IS NULL
-- [pg_sleep in lateral] function_not_allowed
SELECT 1 FROM orders, LATERAL pg_sleep(1)
-- [pg_sleep in rows from] function_not_allowed
SELECT * FROM ROWS FROM (generate_series(1, 2), pg_sleep(1)) t
-- [pg_sleep quoted] function_not_allowed
SELECT "pg_sleep"(1)
-- [pg_sleep qualified] function_not_allowed
SELECT pg_catalog.pg_sleep(1)
-- [pg_sleep qualified in from] function_not_allowed
SELECT * FROM pg_catalog.pg_sleep(1)
-- [listed function qualified] function_not_allowed
SELECT pg_catalog.upper('x')
-- [listed function quoted] function_not_allowed
SELECT "upper"('x')
-- [listed function in another schema] function_not_allowed
SELECT public.upper('x')
-- [unknown function] function_not_allowed
SELECT frobnicate(id) FROM orders
-- [misspelt function] function_not_allowed
SELECT uper(name) FROM customers
-- [read a file] function_not_allowed
SELECT pg_read_file('/etc/passwd')
-- [read a binary file] function_not_allowed
SELECT pg_read_binary_file('/etc/passwd')
-- [list files] function_not_allowed
SELECT pg_ls_dir('/')
-- [stat a file] function_not_allowed
SELECT pg_stat_file('/etc/passwd')
-- [import a large object] function_not_allowed
SELECT lo_import('/etc/passwd')
-- [export a large object] function_not_allowed
SELECT lo_export(1, '/tmp/x')
-- [make a large object] function_not_allowed
SELECT lo_from_bytea(0, 'x')
-- [read a large object] function_not_allowed
SELECT lo_get(1)
-- [dblink] function_not_allowed
SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a int)
-- [dblink_exec] function_not_allowed
SELECT dblink_exec('host=x', 'DROP TABLE orders')
-- [set_config] function_not_allowed
SELECT set_config('search_path', 'x', false)
-- [current_setting] function_not_allowed
SELECT current_setting('data_directory')
-- [query_to_xml] function_not_allowed
SELECT query_to_xml('SELECT * FROM secrets', true, true, '')
-- [table_to_xml] function_not_allowed
SELECT table_to_xml('secrets', true, true, '')
-- [schema_to_xml] function_not_allowed
SELECT schema_to_xml('public', true, true, '')
-- [database_to_xml] function_not_allowed
SELECT database_to_xml(true, true, '')
-- [cursor_to_xml] function_not_allowed
SELECT cursor_to_xml('c', 1, true, true, '')
-- [ts_stat] function_not_allowed
SELECT * FROM ts_stat('SELECT secret::tsvector FROM secrets')
-- [ts_rewrite by query] function_not_allowed
SELECT ts_rewrite('a'::tsquery, 'SELECT * FROM secrets')
-- [advisory lock] function_not_allowed
SELECT pg_advisory_lock(1)
-- [terminate a backend] function_not_allowed
SELECT pg_terminate_backend(1)
-- [cancel a backend] function_not_allowed
SELECT pg_cancel_backend(1)
-- [reload] function_not_allowed
SELECT pg_reload_conf()
-- [notify by function] function_not_allowed
SELECT pg_notify('x', 'y')
-- [switch wal] function_not_allowed
SELECT pg_switch_wal()
-- [next value] function_not_allowed
SELECT nextval('s')
-- [set value] function_not_allowed
SELECT setval('s', 1)
-- [current value] function_not_allowed
SELECT currval('s'), lastval()
-- [version] function_not_allowed
SELECT version()
-- [current_user] not_allowed
SELECT CURRENT_USER
-- [session_user] not_allowed
SELECT SESSION_USER
-- [user] session_information
SELECT user
-- [user beside an open table] session_information
SELECT user FROM sales.events
-- [current_role] session_information
SELECT current_role
-- [current_catalog] not_allowed
SELECT current_catalog
-- [current_schema] not_allowed
SELECT current_schema
-- [current_database] function_not_allowed
SELECT current_database()
-- [current_schemas] function_not_allowed
SELECT current_schemas(true)
-- [server address] function_not_allowed
SELECT inet_server_addr()
-- [has privilege] function_not_allowed
SELECT has_table_privilege('secrets', 'SELECT')
-- [description] function_not_allowed
SELECT obj_description(1)
-- [relation size] function_not_allowed
SELECT pg_relation_size('secrets')
-- [view definition] function_not_allowed
SELECT pg_get_viewdef('v')
-- [to_regclass] function_not_allowed
SELECT to_regclass('secrets')
-- [transaction number] function_not_allowed
SELECT txid_current()
-- [snapshot] function_not_allowed
SELECT pg_export_snapshot()
-- [function with a query inside] function_not_allowed
SELECT xpath_table('id', 'x', 'secrets', '/', 'true')
-- [crosstab] function_not_allowed
SELECT * FROM crosstab('SELECT * FROM secrets') AS t(a int)
-- [json_populate_record] type_not_allowed
SELECT json_populate_record(NULL::secrets, '{}')
-- [xmlparse] syntax
SELECT xmlparse(CONTENT '<a/>')
-- [xmltable] syntax
SELECT * FROM xmltable('/a' PASSING '<a/>' COLUMNS x text)
-- [cast to regclass] not_allowed
SELECT 'secrets'::regclass
-- [cast to regproc] not_allowed
SELECT CAST('pg_sleep' AS regproc)
-- [cast to regrole] not_allowed
SELECT 'postgres'::regrole
-- [cast to oid] not_allowed
SELECT 1::oid
-- [cast to regnamespace] not_allowed
SELECT 1::regnamespace::text
-- [cast to a user type] type_not_allowed
SELECT '(1,x)'::secrets
-- [cast to a qualified type] type_not_allowed
SELECT '(1,x)'::public.secrets
-- [cast to an array of a user type] type_not_allowed
SELECT '{}'::secrets[]
-- [cast to quoted char] type_not_allowed
SELECT 'x'::"char"
-- [cast to record] type_not_allowed
SELECT '(1)'::record
-- [cast to xml] type_not_allowed
SELECT '<a/>'::xml
-- [cast with format] not_allowed
SELECT CAST('1' AS int FORMAT 'x')
-- [record with a user type] type_not_allowed
SELECT * FROM jsonb_to_record('{}') AS x(a secrets)
-- [repeat too much] too_large
SELECT repeat('x', 900000000)
-- [repeat by arithmetic] too_large
SELECT repeat('x', 30000 * 30000)
-- [repeat of repeat] too_large
SELECT repeat(repeat('x', 10000), 10000)
-- [lpad too much] too_large
SELECT lpad('x', 100000000)
-- [rpad too much] too_large
SELECT rpad('x', 100000000, 'y')
-- [rpad of a rpad] too_large
SELECT repeat(rpad('x', 9000) || 'y', 9000)
-- [too many numbers] too_large
SELECT count(*) FROM generate_series(1, 1000000000)
-- [too many numbers with a step] too_large
SELECT count(*) FROM generate_series(1, 1000000000, 2)
-- [too many numbers downwards] too_large
SELECT count(*) FROM generate_series(1000000000, 1, -1)
-- [step zero] too_large
SELECT count(*) FROM generate_series(1, 10, 0)
-- [too many numbers by arithmetic] too_large
SELECT count(*) FROM generate_series(1, 1000 * 1000 * 1000)
-- [huge array] too_large
SELECT array_fill(0, ARRAY[100000000])
-- [huge array in two dimensions] too_large
SELECT array_fill(0, ARRAY[10000, 10000])
-- [array of unknown size] too_large
SELECT array_fill(0, ARRAY[id]) FROM orders
-- [wide format] too_large
SELECT format('%100000000s', 'x')
-- [format with a width argument] too_large
SELECT format('%*s', 100000000, 'x')
-- [format from data] too_large
SELECT format(note, 'x') FROM orders
-- [huge factorial] too_large
SELECT factorial(100000)
-- [unicode identifier] unicode_escape
SELECT U&"d\0061t" FROM orders
-- [unicode identifier in from] unicode_escape
SELECT * FROM U&"secrets"
-- [unicode literal] unicode_escape
SELECT U&'d\0061t'
-- [lower case unicode identifier] unicode_escape
SELECT u&"x" FROM orders
-- [backslash literal does not hide a union] unknown_table
SELECT 'a\' UNION SELECT secret FROM secrets --'
-- [escape string hides nothing] unknown_table
SELECT E'a\'' UNION SELECT secret FROM secrets --'
-- [dashes are a comment and the table is not] unknown_table
SELECT 1--1
FROM secrets
-- [comment does not nest wrongly] unknown_table
SELECT 1 /* /* */ FROM orders */ FROM secrets
-- [dollar quote with a tag] unknown_table
SELECT $a$ $b$ $a$ FROM secrets
-- [carriage return ends a comment] unknown_table
SELECT 1 -- x
FROM secrets
-- [half an escape] bad_escape
SELECT E'\xff'
-- [null escape] bad_escape
SELECT E'\0'
-- [surrogate escape] bad_escape
SELECT E'\ud800'
-- [escape beyond unicode] bad_escape
SELECT E'\U00110000'
-- [short unicode escape] bad_escape
SELECT E'\u12'
-- [parameter] not_allowed
SELECT $1
-- [driver placeholder] not_allowed
SELECT %s
-- [named placeholder] not_allowed
SELECT %(x)s
-- [colon placeholder] not_allowed
SELECT :x
-- [question mark] not_allowed
SELECT ?
-- [session variable] not_allowed
SELECT @x
-- [template] not_allowed
SELECT {{ x }}
-- [top] syntax
SELECT TOP 5 id FROM orders
-- [qualify] not_allowed
SELECT id FROM orders QUALIFY row_number() OVER (ORDER BY id) = 1
-- [pivot] not_allowed
SELECT * FROM orders PIVOT (sum(total) FOR status IN ('open'))
-- [semi join] not_allowed
SELECT 1 FROM orders o SEMI JOIN customers c ON TRUE
-- [asof join] not_allowed
SELECT 1 FROM orders o ASOF JOIN customers c ON TRUE
-- [cross apply] not_allowed
SELECT 1 FROM orders o CROSS APPLY (SELECT 1) t
-- [array join] unknown_table
SELECT 1 FROM orders ARRAY JOIN tags
-- [lateral view] not_allowed
SELECT 1 FROM orders LATERAL VIEW explode(tags) t AS x
-- [star except] not_allowed
SELECT * EXCEPT (total) FROM orders
-- [star replace] syntax
SELECT * REPLACE (1 AS total) FROM orders
-- [in without parentheses] not_allowed
SELECT id FROM orders WHERE id IN secrets
-- [connect by] not_allowed
SELECT id FROM employees START WITH id = 1 CONNECT BY PRIOR id = manager_id
-- [lambda] unknown_column
SELECT array_agg(x -> x + 1) FROM orders
-- [lambda of two arguments] not_allowed
SELECT concat((x, y) -> x)
-- [assignment] not_allowed
SELECT id := 1 FROM orders
-- [struct literal] not_allowed
SELECT {'a': 1}
-- [named argument by assignment] not_allowed
SELECT make_interval(days := 3)
-- [ignore nulls] not_allowed
SELECT lag(total) IGNORE NULLS OVER (ORDER BY id) FROM orders
-- [alias inside a call] not_allowed
SELECT concat(id AS x) FROM orders
-- [star in arithmetic] syntax
SELECT 2 ** 3
-- [star in another call] not_allowed
SELECT sum(*) FROM orders
-- [glob] not_allowed
SELECT 'a' GLOB 'b'
-- [is of] not_allowed
SELECT 1 IS OF (int)
-- [operator of a schema] not_allowed
SELECT 1 OPERATOR(public.+) 2
-- [settings] syntax
SELECT 1 SETTINGS max_threads = 1
-- [format clause] syntax
SELECT 1 FORMAT JSON
-- [file as a table] unknown_table
SELECT * FROM '/etc/passwd'
-- [table function with a file] function_not_allowed
SELECT * FROM read_csv('/etc/passwd')
-- [stage] not_allowed
SELECT * FROM @stage
-- [time travel] not_allowed
SELECT * FROM orders FOR SYSTEM_TIME AS OF '2024-01-01'
-- [index hint] syntax
SELECT * FROM orders USE INDEX (x)
-- [name longer than the engine keeps] bad_name
SELECT id AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa FROM orders
-- [long table name] bad_name
WITH aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax AS (SELECT 1) SELECT * FROM aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax
-- [empty name] bad_name
SELECT id AS "" FROM orders
-- [bare column that only an unnamed neighbour could hide] unknown_column
SELECT (SELECT q FROM customers LIMIT 1) FROM (SELECT 1 AS a) x
-- [bare name of an inner open table that the outer one could answer] ambiguous_column
SELECT (SELECT max(x) FROM sales.events a, sales.events b) FROM orders
-- [using through an open neighbour] unknown_column
SELECT margin FROM (orders o CROSS JOIN sales.events e) LEFT JOIN (SELECT 1 AS margin) x USING (margin)
-- [unlisted joined behind a derived table in parentheses] unknown_table
SELECT 1 FROM ((SELECT 1 AS a) AS x JOIN secrets s ON TRUE)
-- [unlisted joined behind two pairs of parentheses] unknown_table
SELECT 1 FROM (((SELECT 1 AS a) AS x) CROSS JOIN secrets s)
-- [function of another schema in from] function_not_allowed
SELECT * FROM evil.generate_series(1, 3)
-- [function of another schema in lateral] function_not_allowed
SELECT * FROM orders, LATERAL evil.upper('x')
-- [merged name seen through a table that hides it] ambiguous_column
SELECT (SELECT margin FROM orders LIMIT 1) FROM (SELECT 1 AS margin) a FULL JOIN (SELECT 2 AS margin) b USING (margin)
-- [star over merged columns beside an open table] unclear_star
SELECT * FROM orders o JOIN sales.events e USING (id)
-- [group by a name that could be a column or a result] ambiguous_column
SELECT upper(o.status) AS kind_of, count(*) FROM orders o, sales.events e GROUP BY kind_of
-- [whole row of a derived table beside a closed one] ambiguous_column
SELECT t FROM (SELECT 1 AS a) t, orders
-- [outer name that an inner alias would capture] ambiguous_column
SELECT (SELECT max(cost) FROM products c) FROM sales.events c
-- [outer derived column that an inner alias would capture] ambiguous_column
SELECT (SELECT max(cost) FROM products c) FROM (SELECT 1 AS cost) c
-- [function by attribute notation on a cast] function_not_allowed
SELECT ('/etc/passwd'::text).pg_read_file
-- [function by attribute notation that runs SQL text] function_not_allowed
SELECT ('select to_tsvector(name) from products'::text).ts_stat
-- [function by attribute notation on a column] function_not_allowed
SELECT (o.status).pg_read_file FROM orders o
-- [function by attribute notation on a subquery] function_not_allowed
SELECT (SELECT status FROM orders LIMIT 1).current_setting
-- [function by attribute notation on an array] function_not_allowed
SELECT (ARRAY['a']).cardinality
-- [function by attribute notation on an element] function_not_allowed
SELECT (ARRAY[0.1::float8])[1].pg_sleep
-- [function by attribute notation on a call] function_not_allowed
SELECT (upper('x')).pg_ls_dir
-- [function by attribute notation, quoted] function_not_allowed
SELECT ('x'::text)."pg_read_file"
-- [function by attribute notation in an order] function_not_allowed
SELECT 1 ORDER BY (1::float8).pg_sleep
-- [function by attribute notation in a filter] function_not_allowed
SELECT count(*) FILTER (WHERE (0.1::float8).pg_sleep IS NULL) FROM orders
-- [function by attribute notation behind a field] function_not_allowed
SELECT ((jsonb_each(details)).key).pg_read_file FROM orders
-- [function by attribute notation on a record function] function_not_allowed
SELECT (jsonb_each(details)).pg_sleep FROM orders
-- [function by attribute notation on a row] function_not_allowed
SELECT (ROW(1, 2)).f1
-- [function by attribute notation on a function in FROM] unknown_column
SELECT g.pg_sleep FROM unnest(ARRAY[0.1::float8]) AS g
-- [function by attribute notation on a numbered function in FROM] unknown_column
SELECT g.pg_sleep FROM unnest(ARRAY[0.1::float8]) WITH ORDINALITY AS g
-- [field of a composite column, which could be a function as well] function_not_allowed
SELECT (payload).a FROM sales.events
-- [lateral before a hidden table] not_allowed
SELECT * FROM orders o CROSS JOIN LATERAL secrets s
-- [claims of row policies set by the query] function_not_allowed
SELECT set_config('atlas.claims', '{"org": ["bolt"]}', true), id FROM orders
-- [claims of row policies read by the query] function_not_allowed
SELECT id FROM orders WHERE status = current_setting('atlas.claims', true)
-- [attacker 000] not_allowed
WITH x AS (INSERT INTO orders (id) VALUES (1) RETURNING id) SELECT * FROM x
-- [attacker 004] not_allowed
SELECT * INTO TEMP t FROM orders
-- [attacker 008] not_allowed
SELECT * FROM (SELECT * FROM orders FOR KEY SHARE) t
-- [attacker 012] function_not_allowed
SELECT pg_read_file('/etc/passwd')
-- [attacker 016] function_not_allowed
SELECT * FROM dblink('host=evil', 'select * from secrets') AS t(a int)
-- [attacker 020] function_not_allowed
SELECT cursor_to_xml('c', 1, true, true, '')
-- [attacker 024] unknown_table
SELECT * FROM pg_catalog.pg_user
-- [attacker 028] unknown_table
SELECT * FROM secrets
-- [attacker 032] unknown_table
SELECT * FROM events
-- [attacker 036] unknown_table
WITH secrets AS (SELECT 1) SELECT * FROM public.secrets
-- [attacker 040] syntax
SELECT * FROM ONLY (secrets)
-- [attacker 044] function_not_allowed
SELECT nextval('orders_id_seq')
-- [attacker 048] function_not_allowed
SELECT pg_notify('c', 'x')
-- [attacker 052] not_allowed
SELECT 'pg_sleep(int)'::regprocedure
-- [attacker 056] too_large
SELECT array_fill(0, ARRAY[100000, 100000])
-- [attacker 060] function_not_allowed
SELECT version(), inet_server_addr()
-- [attacker 064] not_a_query
DO $$ BEGIN PERFORM 1; END $$
-- [attacker 068] not_a_query
PREPARE p AS SELECT * FROM secrets
-- [attacker 072] not_a_query
SHOW ALL
-- [attacker 076] function_not_allowed
SELECT myfunc(id) FROM orders
-- [attacker 080] unicode_escape
SELECT * FROM U&"secr\0065ts"
-- [attacker 084] unknown_table
SELECT (SELECT max(password) FROM secrets) FROM orders
-- [attacker 088] unknown_table
SELECT sum(amount) OVER (ORDER BY (SELECT max(id) FROM secrets)) FROM orders
-- [attacker 092] type_not_allowed
SELECT * FROM json_to_recordset('[{"a":1}]') AS x(a evil.type)
-- [attacker 096] unknown_table
SELECT json_value('{}', '$' RETURNING text DEFAULT (SELECT s FROM secrets LIMIT 1) ON EMPTY)
-- [attacker 100] unknown_table
SELECT (SELECT secrets FROM secrets LIMIT 1)::text
-- [attacker 104] function_not_allowed
SELECT "query_to_xml"('select 1', true, true, '')
-- [attacker 108] unknown_table
SELECT * FROM pg_settings
-- [attacker 112] not_allowed
SELECT obj_description('secrets'::regclass)
-- [attacker 116] function_not_allowed
SELECT currval('s')
-- [attacker 120] function_not_allowed
SELECT loread(1, 1), lowrite(1, 'x')
-- [attacker 124] function_not_allowed
SELECT pg_file_write('x', 'y', false)
-- [attacker 128] function_not_allowed
SELECT current_schemas(true)
-- [attacker 132] function_not_allowed
SELECT binary_upgrade_set_next_pg_type_oid(1)
-- [attacker 136] function_not_allowed
SELECT * FROM crosstab('select * from secrets') AS t(a int, b int)
-- [attacker 140] unknown_table
WITH x AS (WITH secrets AS (SELECT 1 a) SELECT * FROM secrets) SELECT * FROM secrets
-- [attacker 144] unknown_table
SELECT id FROM orders WINDOW w AS (PARTITION BY (SELECT 1 FROM secrets))
-- [attacker 148] unknown_table
SELECT * FROM orders WHERE (id, id) IN (SELECT a, b FROM secrets)
-- [attacker 152] unknown_table
VALUES ((SELECT s FROM secrets))
-- [attacker 156] unknown_table
SELECT * FROM public."orders; DROP TABLE x"
-- [attacker 160] several_statements
SELECT 1 \; SELECT 2
-- [attacker 164] type_not_allowed
SELECT ARRAY[]::secrets[]
-- [attacker 168] not_allowed
SELECT id FROM orders FOR UPDATE OF orders NOWAIT
-- [attacker 172] function_not_allowed
SELECT interval_ops(1), int4_avg_accum(NULL, 1), textcat('a', 'b')
-- [attacker 176] too_large
SELECT array_fill(1, ARRAY[99999999])
-- [sampling by an own method] not_allowed
SELECT id FROM orders TABLESAMPLE own_method (1)
-- [series without an end] too_large
SELECT generate_series(now(), 'infinity', '1 second')
-- [series of seconds over ages] too_large
SELECT count(*) FROM generate_series('0001-01-01'::timestamp, '9999-12-31'::timestamp, interval '1 second')
-- [series to a power] too_large
SELECT count(*) FROM generate_series(1, 10 ^ 12)
-- [series to a shifted number] too_large
SELECT count(*) FROM generate_series(1, 1 << 40)
-- [interval with a precision] syntax
SELECT interval(3) '2 seconds'
-- [pipe] syntax
SELECT id FROM orders |> WHERE id > 1
-- [third wave 01] unknown_table
SELECT COUNT(*) FROM orders GROUP BY (SELECT MAX(id) FROM secrets)
-- [third wave 02] unknown_table
SELECT count(*) FROM orders GROUP BY ROLLUP (id, (SELECT max(id) FROM secrets))
-- [third wave 03] unknown_table
SELECT (ARRAY[1,2])[(SELECT max(id) FROM secrets)]
-- [third wave 04] unknown_table
SELECT trim(both (SELECT pw FROM secrets LIMIT 1) FROM 'abc')
-- [third wave 05] unknown_table
SELECT json_array(SELECT pw FROM secrets)
-- [third wave 06] not_allowed
SELECT * FROM json_to_record('{"a":"secrets"}') AS x(a regclass, b int)
-- [third wave 07] syntax
SELECT * FROM unnest(ARRAY['secrets']::regclass[]) AS t(x)
-- [third wave 08] not_allowed
SELECT JSON_VALUE('{}', '$.a' RETURNING regclass)
-- [third wave 09] not_allowed
SELECT id::oid::regclass FROM orders
-- [third wave 10] function_not_allowed
SELECT * FROM ROWS FROM (generate_series(1,2), pg_ls_dir('/')) AS t(a,b)
-- [third wave 11] syntax
SELECT xpath('/x', xmlparse(document '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'))
-- [third wave 12] syntax
SELECT count(*) FROM orders TABLESAMPLE SYSTEM (10) REPEATABLE ((SELECT max(id) FROM secrets))
-- [third wave 13] not_allowed
WITH t AS (MERGE INTO orders o USING customers c ON o.id=c.id WHEN MATCHED THEN DELETE RETURNING *) SELECT * FROM t
-- [third wave 14] unknown_table
SELECT * FROM orders JOIN ONLY secrets USING (id)
-- [catalog's name in WITH] system_catalog
WITH pg_class AS (SELECT 1 AS a) SELECT a FROM pg_class
-- [catalog behind its own name in WITH] system_catalog
WITH pg_stat_activity AS (SELECT * FROM pg_stat_activity) SELECT * FROM pg_stat_activity
-- [reader 001] syntax
SELECT 'ab' ~~ 'a' || '%'
-- [reader 002] syntax
SELECT name FROM customers WHERE id > 1 AND name !~~* 'a' || name
