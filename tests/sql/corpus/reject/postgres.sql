-- [blank]

-- [only a comment]
-- nothing here
-- [only a semicolon]
;
-- [two selects]
SELECT 1; SELECT 2
-- [select then drop]
SELECT 1; DROP TABLE orders
-- [select then commit]
SELECT 1; COMMIT; CREATE TABLE t (id int)
-- [statement after a comment]
SELECT 1; /* x */ DELETE FROM orders
-- [statement before]
SET x = 1; SELECT 1
-- [insert]
INSERT INTO orders (id) VALUES (1)
-- [insert select]
INSERT INTO orders SELECT * FROM orders
-- [update]
UPDATE orders SET total = 0
-- [delete]
DELETE FROM orders
-- [merge]
MERGE INTO orders o USING orders s ON o.id = s.id WHEN MATCHED THEN DELETE
-- [truncate]
TRUNCATE orders
-- [create table]
CREATE TABLE t (id int)
-- [create table as]
CREATE TABLE t AS SELECT * FROM orders
-- [create temp table]
CREATE TEMP TABLE t AS SELECT 1
-- [create view]
CREATE VIEW v AS SELECT 1
-- [create function]
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'
-- [create extension]
CREATE EXTENSION dblink
-- [create role]
CREATE ROLE x SUPERUSER
-- [alter]
ALTER TABLE orders ADD COLUMN x int
-- [alter role]
ALTER ROLE postgres SET search_path = x
-- [drop]
DROP TABLE orders
-- [drop in odd case]
dRoP/**/tAbLe orders
-- [drop behind a line comment]
-- harmless
DROP TABLE orders
-- [grant]
GRANT ALL ON orders TO PUBLIC
-- [revoke]
REVOKE ALL ON orders FROM PUBLIC
-- [explain]
EXPLAIN SELECT 1
-- [explain analyze delete]
EXPLAIN ANALYZE DELETE FROM orders
-- [do]
DO $$ BEGIN PERFORM 1; END $$
-- [call]
CALL p()
-- [copy to a program]
COPY orders TO PROGRAM 'cat'
-- [copy a query]
COPY (SELECT * FROM orders) TO STDOUT
-- [set]
SET search_path = x
-- [set role]
SET ROLE postgres
-- [set local]
SET LOCAL statement_timeout = 0
-- [reset]
RESET ALL
-- [show]
SHOW ALL
-- [listen]
LISTEN x
-- [notify]
NOTIFY x
-- [lock table]
LOCK TABLE orders
-- [vacuum]
VACUUM orders
-- [analyze]
ANALYZE orders
-- [cluster]
CLUSTER orders
-- [reindex]
REINDEX TABLE orders
-- [refresh]
REFRESH MATERIALIZED VIEW v
-- [checkpoint]
CHECKPOINT
-- [load]
LOAD 'x'
-- [begin]
BEGIN
-- [commit]
COMMIT
-- [rollback]
ROLLBACK
-- [savepoint]
SAVEPOINT x
-- [prepare]
PREPARE p AS SELECT 1
-- [execute]
EXECUTE p
-- [deallocate]
DEALLOCATE p
-- [declare cursor]
DECLARE c CURSOR FOR SELECT 1
-- [fetch]
FETCH 1 FROM c
-- [discard]
DISCARD ALL
-- [import]
IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z
-- [comment on]
COMMENT ON TABLE orders IS 'x'
-- [security label]
SECURITY LABEL ON TABLE orders IS 'x'
-- [use]
USE other
-- [describe]
DESCRIBE orders
-- [bare number]
1
-- [bare word]
orders
-- [from first]
FROM orders
-- [summarize]
SUMMARIZE orders
-- [pragma]
PRAGMA database_list
-- [attach]
ATTACH 'x' AS y
-- [kill]
KILL 1
-- [if block]
IF TRUE THEN SELECT 1; END IF
-- [broken select]
SELECT FROM WHERE
-- [missing table]
SELECT id FROM
-- [unclosed parenthesis]
SELECT (1
-- [unclosed quote]
SELECT 'abc
-- [unclosed identifier]
SELECT "abc
-- [unclosed comment]
SELECT 1 /* never closed
-- [unclosed dollar quote]
SELECT $$abc
-- [unclosed escape string]
SELECT E'abc\'
-- [letters after a number]
SELECT 1abc
-- [two literals side by side]
SELECT 'a' 'b'
-- [full-width keyword]
ＳＥＬＥＣＴ 1
-- [homoglyph keyword]
ЅELECT 1
-- [select into]
SELECT * INTO copy FROM orders
-- [select into temp]
SELECT id INTO TEMP copy FROM orders
-- [for update]
SELECT id FROM orders FOR UPDATE
-- [for share]
SELECT id FROM orders FOR SHARE
-- [for no key update]
SELECT id FROM orders FOR NO KEY UPDATE
-- [for key share of]
SELECT o.id FROM orders o FOR KEY SHARE OF o SKIP LOCKED
-- [for update in a subquery]
SELECT * FROM (SELECT id FROM orders FOR UPDATE) t
-- [for update in a cte]
WITH t AS (SELECT id FROM orders FOR UPDATE) SELECT * FROM t
-- [delete in a cte]
WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d
-- [insert in a cte]
WITH d AS (INSERT INTO orders (id) VALUES (1) RETURNING id) SELECT * FROM d
-- [update in a cte]
WITH d AS (UPDATE orders SET total = 0 RETURNING id) SELECT * FROM d
-- [delete in an unused cte]
WITH d AS (DELETE FROM orders) SELECT 1
-- [delete in a nested cte]
WITH a AS (WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d) SELECT id FROM a
-- [cte then insert]
WITH t AS (SELECT 1) INSERT INTO orders SELECT * FROM t
-- [cte then delete]
WITH t AS (SELECT 1) DELETE FROM orders
-- [merge in a cte]
WITH d AS (MERGE INTO orders o USING customers c ON o.id = c.id WHEN MATCHED THEN DELETE RETURNING o.id) SELECT * FROM d
-- [unlisted table]
SELECT * FROM secrets
-- [unlisted table, qualified]
SELECT * FROM public.secrets
-- [unlisted table in upper case]
SELECT * FROM SECRETS
-- [unlisted table, quoted]
SELECT * FROM "secrets"
-- [listed name in another schema]
SELECT * FROM audit.orders
-- [open table without its schema]
SELECT * FROM events
-- [listed table in the wrong schema]
SELECT * FROM sales.orders
-- [quoted mixed case is another table]
SELECT * FROM "Orders"
-- [mixed case table unquoted is another table]
SELECT * FROM Region
-- [misspelt table]
SELECT * FROM ordrs
-- [database in front]
SELECT * FROM corpus.public.orders
-- [another database in front]
SELECT * FROM other.public.orders
-- [system catalog]
SELECT * FROM pg_catalog.pg_user
-- [system catalog without schema]
SELECT * FROM pg_shadow
-- [system catalog quoted]
SELECT * FROM "pg_authid"
-- [information schema]
SELECT * FROM information_schema.tables
-- [system catalog behind a cte of its name]
WITH pg_user AS (SELECT 1) SELECT * FROM pg_catalog.pg_user
-- [pg_stat_activity]
SELECT query FROM pg_stat_activity
-- [pg_settings]
SELECT * FROM pg_settings
-- [toast]
SELECT * FROM pg_toast.pg_toast_1
-- [cte reads the table it is called like]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [cte does not hide a qualified name]
WITH secrets AS (SELECT 1) SELECT * FROM public.secrets
-- [cte of an earlier one reads unlisted]
WITH a AS (SELECT * FROM secrets), b AS (SELECT 1) SELECT * FROM b
-- [cte used before it is defined]
WITH a AS (SELECT * FROM secrets), secrets AS (SELECT 1 AS x) SELECT * FROM a
-- [inner cte is not visible outside]
SELECT * FROM (WITH secrets AS (SELECT 1 AS x) SELECT * FROM secrets) t, secrets
-- [cte of one union branch is not visible in the other]
(WITH secrets AS (SELECT 1 AS id) SELECT id FROM secrets) UNION (SELECT id FROM secrets)
-- [cte name in other case quoted]
WITH secrets AS (SELECT 1) SELECT * FROM "SECRETS"
-- [quoted cte name does not cover the plain one]
WITH "Secrets" AS (SELECT 1) SELECT * FROM secrets
-- [recursive anchor reads unlisted]
WITH RECURSIVE t AS (SELECT id FROM secrets UNION ALL SELECT id + 1 FROM t WHERE id < 3) SELECT * FROM t
-- [recursive branch reads unlisted]
WITH RECURSIVE t(id) AS (SELECT 1 UNION ALL SELECT s.id FROM secrets s JOIN t ON t.id = s.id) SELECT * FROM t
-- [unlisted in an inner join]
SELECT o.id FROM orders o JOIN secrets s ON s.id = o.id
-- [unlisted in a comma join]
SELECT o.id FROM orders o, secrets s
-- [unlisted in a parenthesised join]
SELECT o.id FROM (orders o CROSS JOIN secrets s)
-- [unlisted deep in a join tree]
SELECT 1 FROM ((orders o JOIN customers c ON TRUE) JOIN (products p CROSS JOIN secrets) ON TRUE)
-- [unlisted in lateral]
SELECT 1 FROM orders o, LATERAL (SELECT secret FROM secrets) s
-- [unlisted in a derived table]
SELECT * FROM (SELECT * FROM secrets) t
-- [unlisted in a scalar subquery]
SELECT (SELECT secret FROM secrets LIMIT 1)
-- [unlisted in where]
SELECT id FROM orders WHERE id IN (SELECT id FROM secrets)
-- [unlisted in exists]
SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM secrets)
-- [unlisted in having]
SELECT status FROM orders GROUP BY status HAVING count(*) > (SELECT count(*) FROM secrets)
-- [unlisted in group by]
SELECT count(*) FROM orders GROUP BY (SELECT max(id) FROM secrets)
-- [unlisted in order by]
SELECT id FROM orders ORDER BY (SELECT max(id) FROM secrets)
-- [unlisted in limit]
SELECT id FROM orders LIMIT (SELECT count(*) FROM secrets)
-- [unlisted in offset]
SELECT id FROM orders OFFSET (SELECT count(*) FROM secrets)
-- [unlisted in on]
SELECT o.id FROM orders o JOIN customers c ON c.id = (SELECT max(id) FROM secrets)
-- [unlisted in case]
SELECT CASE WHEN (SELECT count(*) FROM secrets) > 0 THEN 1 END
-- [unlisted in a function argument]
SELECT coalesce((SELECT secret FROM secrets LIMIT 1), 'x')
-- [unlisted in filter]
SELECT count(*) FILTER (WHERE id IN (SELECT id FROM secrets)) FROM orders
-- [unlisted in a window]
SELECT sum(total) OVER (ORDER BY (SELECT max(id) FROM secrets)) FROM orders
-- [unlisted in a named window]
SELECT sum(total) OVER w FROM orders WINDOW w AS (PARTITION BY (SELECT max(id) FROM secrets))
-- [unlisted in an array]
SELECT ARRAY(SELECT secret FROM secrets)
-- [unlisted in values]
VALUES ((SELECT secret FROM secrets LIMIT 1))
-- [unlisted in a union]
SELECT note FROM orders UNION SELECT secret FROM secrets
-- [unlisted in intersect]
SELECT note FROM orders INTERSECT SELECT secret FROM secrets
-- [unlisted in except]
SELECT note FROM orders EXCEPT ALL SELECT secret FROM secrets
-- [unlisted in the third branch]
SELECT 1 UNION SELECT 2 UNION SELECT id FROM secrets
-- [unlisted in distinct on]
SELECT DISTINCT ON ((SELECT max(id) FROM secrets)) id FROM orders
-- [unlisted in any]
SELECT id FROM orders WHERE id = ANY (SELECT id FROM secrets)
-- [unlisted in all]
SELECT id FROM orders WHERE id > ALL (SELECT id FROM secrets)
-- [unlisted in between]
SELECT id FROM orders WHERE id BETWEEN (SELECT min(id) FROM secrets) AND 5
-- [unlisted in a cast]
SELECT (SELECT secret FROM secrets)::text
-- [unlisted in extract]
SELECT extract(year FROM (SELECT max(at) FROM secrets))
-- [unlisted in an array index]
SELECT tags[(SELECT max(id) FROM secrets)] FROM orders
-- [unlisted in tablesample]
SELECT id FROM orders TABLESAMPLE SYSTEM ((SELECT max(id) FROM secrets))
-- [unlisted in a set returning function]
SELECT * FROM generate_series(1, (SELECT max(id) FROM secrets))
-- [unlisted in a grouping set]
SELECT count(*) FROM orders GROUP BY ROLLUP ((SELECT max(id) FROM secrets))
-- [unlisted in within group]
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (SELECT max(id) FROM secrets)) FROM orders
-- [unlisted in aggregate order]
SELECT array_agg(id ORDER BY (SELECT max(id) FROM secrets)) FROM orders
-- [unlisted in a frame]
SELECT sum(id) OVER (ORDER BY id ROWS (SELECT max(id) FROM secrets) PRECEDING) FROM orders
-- [table command of an unlisted table]
TABLE secrets
-- [table command in a union]
SELECT 1 UNION TABLE secrets
-- [only]
SELECT * FROM ONLY orders
-- [only in parentheses]
SELECT * FROM ONLY (secrets)
-- [descendants star]
SELECT * FROM secrets *
-- [hidden column]
SELECT email FROM customers
-- [hidden column qualified]
SELECT c.email FROM customers c
-- [hidden column by full name]
SELECT public.customers.email FROM public.customers
-- [hidden column in where]
SELECT id FROM customers WHERE email LIKE '%x%'
-- [hidden column in order by]
SELECT id FROM customers ORDER BY email
-- [hidden column in group by]
SELECT count(*) FROM customers GROUP BY email
-- [hidden column in on]
SELECT o.id FROM orders o JOIN customers c ON c.email = o.note
-- [hidden column in using]
SELECT 1 FROM orders o JOIN (SELECT 5 AS margin) x USING (margin)
-- [hidden column in a window]
SELECT rank() OVER (ORDER BY margin) FROM orders
-- [hidden column through a cte]
WITH t AS (SELECT margin FROM orders) SELECT * FROM t
-- [hidden column through a star of a closed derived table]
SELECT t.margin FROM (SELECT * FROM orders) t
-- [hidden column of an inner table]
SELECT (SELECT margin FROM orders LIMIT 1) FROM customers
-- [hidden column through a joined alias]
SELECT j.margin FROM (orders o JOIN customers c ON TRUE) AS j
-- [misspelt column]
SELECT statsu FROM orders
-- [column of another table]
SELECT o.country FROM orders o
-- [alias that is not there]
SELECT x.id FROM orders o
-- [table name behind an alias]
SELECT orders.id FROM orders o
-- [schema behind an alias]
SELECT public.orders.id FROM orders o
-- [alias in where]
SELECT total AS t FROM orders WHERE t > 1
-- [alias in having]
SELECT sum(total) AS s FROM orders HAVING s > 1
-- [alias in an order expression]
SELECT total AS t FROM orders ORDER BY t + 1
-- [column without from]
SELECT id
-- [neighbour in a plain derived table]
SELECT 1 FROM customers c, (SELECT c.name) t
-- [on sees its own join only]
SELECT 1 FROM customers c, orders o JOIN products p ON p.id = c.id
-- [table to the right of lateral]
SELECT 1 FROM LATERAL (SELECT o.id) t, orders o
-- [inner table from outside]
SELECT l.quantity FROM orders WHERE EXISTS (SELECT 1 FROM order_lines l)
-- [ambiguous column]
SELECT id FROM orders, customers
-- [unknown column in a union order]
SELECT id FROM orders UNION SELECT id FROM customers ORDER BY total
-- [same alias twice]
SELECT 1 FROM orders o, customers o
-- [ctid]
SELECT ctid FROM orders
-- [xmin]
SELECT o.xmin FROM orders o
-- [tableoid]
SELECT tableoid FROM sales.events
-- [xmax of an open table]
SELECT e.xmax FROM sales.events e
-- [cmin in where]
SELECT id FROM orders WHERE cmin = '0'
-- [quoted ctid]
SELECT "ctid" FROM orders
-- [whole row]
SELECT o FROM orders o
-- [whole row by table name]
SELECT orders FROM orders
-- [whole row as text]
SELECT o::text FROM orders o
-- [whole row in row_to_json]
SELECT row_to_json(o) FROM orders o
-- [whole row in to_jsonb]
SELECT to_jsonb(orders) FROM orders
-- [whole row in jsonb_agg]
SELECT jsonb_agg(c) FROM customers c
-- [whole row by star in a call]
SELECT row_to_json(o.*) FROM orders o
-- [whole row counted]
SELECT count(o) FROM orders o
-- [whole row field]
SELECT (o).margin FROM orders o
-- [whole row star]
SELECT (o).* FROM orders o
-- [whole row compared]
SELECT 1 FROM orders a, orders b WHERE a = b
-- [whole row is null]
SELECT id FROM orders o WHERE o IS NULL
-- [whole row in array_agg]
SELECT array_agg(o) FROM orders o
-- [whole row from outside]
SELECT (SELECT to_json(o)) FROM orders o
-- [whole row of a joined alias]
SELECT to_json(j) FROM (orders o JOIN customers c ON TRUE) AS j
-- [column as a function]
SELECT margin(o) FROM orders o
-- [function as a column]
SELECT o.row_to_json FROM orders o
-- [columns renamed by position]
SELECT t.k FROM orders AS t(a, b, c, d, e, f, g, h, i, j, k)
-- [join renamed by position]
SELECT t.k FROM (orders o CROSS JOIN customers c) AS t(a, b, c, d, e, f, g, h, i, j, k)
-- [natural join beside an open table]
SELECT 1 FROM orders NATURAL JOIN sales.events
-- [pg_sleep]
SELECT pg_sleep(10)
-- [pg_sleep in from]
SELECT * FROM pg_sleep(10)
-- [pg_sleep in where]
SELECT id FROM orders WHERE pg_sleep(1) IS NULL
-- [pg_sleep in lateral]
SELECT 1 FROM orders, LATERAL pg_sleep(1)
-- [pg_sleep in rows from]
SELECT * FROM ROWS FROM (generate_series(1, 2), pg_sleep(1)) t
-- [pg_sleep quoted]
SELECT "pg_sleep"(1)
-- [pg_sleep qualified]
SELECT pg_catalog.pg_sleep(1)
-- [pg_sleep qualified in from]
SELECT * FROM pg_catalog.pg_sleep(1)
-- [listed function qualified]
SELECT pg_catalog.upper('x')
-- [listed function quoted]
SELECT "upper"('x')
-- [listed function in another schema]
SELECT public.upper('x')
-- [unknown function]
SELECT frobnicate(id) FROM orders
-- [misspelt function]
SELECT uper(name) FROM customers
-- [read a file]
SELECT pg_read_file('/etc/passwd')
-- [read a binary file]
SELECT pg_read_binary_file('/etc/passwd')
-- [list files]
SELECT pg_ls_dir('/')
-- [stat a file]
SELECT pg_stat_file('/etc/passwd')
-- [import a large object]
SELECT lo_import('/etc/passwd')
-- [export a large object]
SELECT lo_export(1, '/tmp/x')
-- [make a large object]
SELECT lo_from_bytea(0, 'x')
-- [read a large object]
SELECT lo_get(1)
-- [dblink]
SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a int)
-- [dblink_exec]
SELECT dblink_exec('host=x', 'DROP TABLE orders')
-- [set_config]
SELECT set_config('search_path', 'x', false)
-- [current_setting]
SELECT current_setting('data_directory')
-- [query_to_xml]
SELECT query_to_xml('SELECT * FROM secrets', true, true, '')
-- [table_to_xml]
SELECT table_to_xml('secrets', true, true, '')
-- [schema_to_xml]
SELECT schema_to_xml('public', true, true, '')
-- [database_to_xml]
SELECT database_to_xml(true, true, '')
-- [cursor_to_xml]
SELECT cursor_to_xml('c', 1, true, true, '')
-- [ts_stat]
SELECT * FROM ts_stat('SELECT secret::tsvector FROM secrets')
-- [ts_rewrite by query]
SELECT ts_rewrite('a'::tsquery, 'SELECT * FROM secrets')
-- [advisory lock]
SELECT pg_advisory_lock(1)
-- [terminate a backend]
SELECT pg_terminate_backend(1)
-- [cancel a backend]
SELECT pg_cancel_backend(1)
-- [reload]
SELECT pg_reload_conf()
-- [notify by function]
SELECT pg_notify('x', 'y')
-- [switch wal]
SELECT pg_switch_wal()
-- [next value]
SELECT nextval('s')
-- [set value]
SELECT setval('s', 1)
-- [current value]
SELECT currval('s'), lastval()
-- [version]
SELECT version()
-- [current_user]
SELECT CURRENT_USER
-- [session_user]
SELECT SESSION_USER
-- [user]
SELECT user
-- [user beside an open table]
SELECT user FROM sales.events
-- [current_role]
SELECT current_role
-- [current_catalog]
SELECT current_catalog
-- [current_schema]
SELECT current_schema
-- [current_database]
SELECT current_database()
-- [current_schemas]
SELECT current_schemas(true)
-- [server address]
SELECT inet_server_addr()
-- [has privilege]
SELECT has_table_privilege('secrets', 'SELECT')
-- [description]
SELECT obj_description(1)
-- [relation size]
SELECT pg_relation_size('secrets')
-- [view definition]
SELECT pg_get_viewdef('v')
-- [to_regclass]
SELECT to_regclass('secrets')
-- [transaction number]
SELECT txid_current()
-- [snapshot]
SELECT pg_export_snapshot()
-- [function with a query inside]
SELECT xpath_table('id', 'x', 'secrets', '/', 'true')
-- [crosstab]
SELECT * FROM crosstab('SELECT * FROM secrets') AS t(a int)
-- [json_populate_record]
SELECT json_populate_record(NULL::secrets, '{}')
-- [xmlparse]
SELECT xmlparse(CONTENT '<a/>')
-- [xmltable]
SELECT * FROM xmltable('/a' PASSING '<a/>' COLUMNS x text)
-- [cast to regclass]
SELECT 'secrets'::regclass
-- [cast to regproc]
SELECT CAST('pg_sleep' AS regproc)
-- [cast to regrole]
SELECT 'postgres'::regrole
-- [cast to oid]
SELECT 1::oid
-- [cast to regnamespace]
SELECT 1::regnamespace::text
-- [cast to a user type]
SELECT '(1,x)'::secrets
-- [cast to a qualified type]
SELECT '(1,x)'::public.secrets
-- [cast to an array of a user type]
SELECT '{}'::secrets[]
-- [cast to quoted char]
SELECT 'x'::"char"
-- [cast to record]
SELECT '(1)'::record
-- [cast to xml]
SELECT '<a/>'::xml
-- [cast with format]
SELECT CAST('1' AS int FORMAT 'x')
-- [record with a user type]
SELECT * FROM jsonb_to_record('{}') AS x(a secrets)
-- [repeat too much]
SELECT repeat('x', 900000000)
-- [repeat by arithmetic]
SELECT repeat('x', 30000 * 30000)
-- [repeat of repeat]
SELECT repeat(repeat('x', 10000), 10000)
-- [lpad too much]
SELECT lpad('x', 100000000)
-- [rpad too much]
SELECT rpad('x', 100000000, 'y')
-- [rpad of a rpad]
SELECT repeat(rpad('x', 9000) || 'y', 9000)
-- [too many numbers]
SELECT count(*) FROM generate_series(1, 1000000000)
-- [too many numbers with a step]
SELECT count(*) FROM generate_series(1, 1000000000, 2)
-- [too many numbers downwards]
SELECT count(*) FROM generate_series(1000000000, 1, -1)
-- [step zero]
SELECT count(*) FROM generate_series(1, 10, 0)
-- [too many numbers by arithmetic]
SELECT count(*) FROM generate_series(1, 1000 * 1000 * 1000)
-- [huge array]
SELECT array_fill(0, ARRAY[100000000])
-- [huge array in two dimensions]
SELECT array_fill(0, ARRAY[10000, 10000])
-- [array of unknown size]
SELECT array_fill(0, ARRAY[id]) FROM orders
-- [wide format]
SELECT format('%100000000s', 'x')
-- [format with a width argument]
SELECT format('%*s', 100000000, 'x')
-- [format from data]
SELECT format(note, 'x') FROM orders
-- [huge factorial]
SELECT factorial(100000)
-- [unicode identifier]
SELECT U&"d\0061t" FROM orders
-- [unicode identifier in from]
SELECT * FROM U&"secrets"
-- [unicode literal]
SELECT U&'d\0061t'
-- [lower case unicode identifier]
SELECT u&"x" FROM orders
-- [backslash literal does not hide a union]
SELECT 'a\' UNION SELECT secret FROM secrets --'
-- [escape string hides nothing]
SELECT E'a\'' UNION SELECT secret FROM secrets --'
-- [dashes are a comment and the table is not]
SELECT 1--1
FROM secrets
-- [comment does not nest wrongly]
SELECT 1 /* /* */ FROM orders */ FROM secrets
-- [dollar quote with a tag]
SELECT $a$ $b$ $a$ FROM secrets
-- [carriage return ends a comment]
SELECT 1 -- x
FROM secrets
-- [half an escape]
SELECT E'\xff'
-- [null escape]
SELECT E'\0'
-- [surrogate escape]
SELECT E'\ud800'
-- [escape beyond unicode]
SELECT E'\U00110000'
-- [short unicode escape]
SELECT E'\u12'
-- [parameter]
SELECT $1
-- [driver placeholder]
SELECT %s
-- [named placeholder]
SELECT %(x)s
-- [colon placeholder]
SELECT :x
-- [question mark]
SELECT ?
-- [session variable]
SELECT @x
-- [template]
SELECT {{ x }}
-- [top]
SELECT TOP 5 id FROM orders
-- [qualify]
SELECT id FROM orders QUALIFY row_number() OVER (ORDER BY id) = 1
-- [pivot]
SELECT * FROM orders PIVOT (sum(total) FOR status IN ('open'))
-- [semi join]
SELECT 1 FROM orders o SEMI JOIN customers c ON TRUE
-- [asof join]
SELECT 1 FROM orders o ASOF JOIN customers c ON TRUE
-- [cross apply]
SELECT 1 FROM orders o CROSS APPLY (SELECT 1) t
-- [array join]
SELECT 1 FROM orders ARRAY JOIN tags
-- [lateral view]
SELECT 1 FROM orders LATERAL VIEW explode(tags) t AS x
-- [star except]
SELECT * EXCEPT (total) FROM orders
-- [star replace]
SELECT * REPLACE (1 AS total) FROM orders
-- [in without parentheses]
SELECT id FROM orders WHERE id IN secrets
-- [connect by]
SELECT id FROM employees START WITH id = 1 CONNECT BY PRIOR id = manager_id
-- [lambda]
SELECT array_agg(x -> x + 1) FROM orders
-- [lambda of two arguments]
SELECT concat((x, y) -> x)
-- [assignment]
SELECT id := 1 FROM orders
-- [struct literal]
SELECT {'a': 1}
-- [named argument by assignment]
SELECT make_interval(days := 3)
-- [ignore nulls]
SELECT lag(total) IGNORE NULLS OVER (ORDER BY id) FROM orders
-- [alias inside a call]
SELECT concat(id AS x) FROM orders
-- [star in arithmetic]
SELECT 2 ** 3
-- [star in another call]
SELECT sum(*) FROM orders
-- [glob]
SELECT 'a' GLOB 'b'
-- [is of]
SELECT 1 IS OF (int)
-- [operator of a schema]
SELECT 1 OPERATOR(public.+) 2
-- [settings]
SELECT 1 SETTINGS max_threads = 1
-- [format clause]
SELECT 1 FORMAT JSON
-- [file as a table]
SELECT * FROM '/etc/passwd'
-- [table function with a file]
SELECT * FROM read_csv('/etc/passwd')
-- [stage]
SELECT * FROM @stage
-- [time travel]
SELECT * FROM orders FOR SYSTEM_TIME AS OF '2024-01-01'
-- [index hint]
SELECT * FROM orders USE INDEX (x)
-- [name longer than the engine keeps]
SELECT id AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa FROM orders
-- [long table name]
WITH aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax AS (SELECT 1) SELECT * FROM aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax
-- [empty name]
SELECT id AS "" FROM orders
-- [bare column that only an unnamed neighbour could hide]
SELECT (SELECT q FROM customers LIMIT 1) FROM (SELECT 1 AS a) x
-- [bare name of an inner open table that the outer one could answer]
SELECT (SELECT max(x) FROM sales.events a, sales.events b) FROM orders
-- [using through an open neighbour]
SELECT margin FROM (orders o CROSS JOIN sales.events e) LEFT JOIN (SELECT 1 AS margin) x USING (margin)
-- [unlisted joined behind a derived table in parentheses]
SELECT 1 FROM ((SELECT 1 AS a) AS x JOIN secrets s ON TRUE)
-- [unlisted joined behind two pairs of parentheses]
SELECT 1 FROM (((SELECT 1 AS a) AS x) CROSS JOIN secrets s)
-- [function of another schema in from]
SELECT * FROM evil.generate_series(1, 3)
-- [function of another schema in lateral]
SELECT * FROM orders, LATERAL evil.upper('x')
-- [merged name seen through a table that hides it]
SELECT (SELECT margin FROM orders LIMIT 1) FROM (SELECT 1 AS margin) a FULL JOIN (SELECT 2 AS margin) b USING (margin)
-- [star over merged columns beside an open table]
SELECT * FROM orders o JOIN sales.events e USING (id)
-- [group by a name that could be a column or a result]
SELECT upper(o.status) AS kind_of, count(*) FROM orders o, sales.events e GROUP BY kind_of
-- [whole row of a derived table beside a closed one]
SELECT t FROM (SELECT 1 AS a) t, orders
