-- [executable comment]
SELECT 1 /*! UNION SELECT secret FROM secrets */
-- [versioned comment]
SELECT 1 /*!50000 UNION SELECT secret FROM secrets */
-- [versioned comment drops]
/*!40000 DROP TABLE orders */
-- [comment around from]
SELECT * /*!FROM secrets*/
-- [optimizer hint]
SELECT /*+ SET_VAR(max_execution_time = 0) */ id FROM orders
-- [optimizer hint other]
SELECT /*+ NO_INDEX_MERGE(orders) */ id FROM orders
-- [dashes without blank]
SELECT 1--1 FROM secrets
-- [backslash literal]
SELECT 'a\', secret FROM secrets -- '
-- [backslash at the end]
SELECT 'a\\' FROM secrets
-- [double quotes literal trick]
SELECT "a" FROM secrets
-- [hidden table]
SELECT * FROM secrets
-- [hidden with schema]
SELECT * FROM audit.orders
-- [hidden with backquotes]
SELECT * FROM `secrets`
-- [hidden as one quoted name]
SELECT * FROM `audit.orders`
-- [leading dot table]
SELECT * FROM .secrets
-- [bare name of qualified]
SELECT * FROM events
-- [qualified name of bare]
SELECT * FROM analytics.orders
-- [hidden in join]
SELECT o.id FROM orders o LEFT JOIN secrets s ON s.id = o.id
-- [hidden in straight join]
SELECT o.id FROM orders o STRAIGHT_JOIN secrets s
-- [hidden in parentheses]
SELECT * FROM (orders, secrets)
-- [hidden in odbc braces]
SELECT * FROM { OJ orders LEFT JOIN secrets ON 1 = 1 }
-- [hidden in subquery]
SELECT id FROM orders WHERE id = (SELECT MAX(id) FROM secrets)
-- [hidden in exists]
SELECT id FROM orders WHERE EXISTS (SELECT * FROM secrets)
-- [hidden in union]
SELECT status FROM orders UNION SELECT secret FROM secrets
-- [hidden in having]
SELECT status FROM orders GROUP BY status HAVING COUNT(*) > (SELECT COUNT(*) FROM secrets)
-- [hidden in order by]
SELECT id FROM orders ORDER BY (SELECT secret FROM secrets LIMIT 1)
-- [hidden in case]
SELECT CASE WHEN (SELECT COUNT(*) FROM secrets) > 0 THEN 1 END
-- [hidden in if]
SELECT IF((SELECT COUNT(*) FROM secrets), 1, 0)
-- [hidden in cte]
WITH x AS (SELECT * FROM secrets) SELECT * FROM x
-- [hidden in unused cte]
WITH x AS (SELECT * FROM secrets) SELECT 1
-- [cte of hidden name]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [cte of hidden name in other case]
WITH Secrets AS (SELECT 1 AS id) SELECT * FROM audit.Secrets
-- [cte and qualified]
WITH secrets AS (SELECT 1) SELECT * FROM test.secrets
-- [recursive anchor]
WITH RECURSIVE x AS (SELECT secret FROM secrets UNION ALL SELECT secret FROM x) SELECT * FROM x
-- [table statement]
TABLE secrets
-- [into outfile]
SELECT * FROM orders INTO OUTFILE '/tmp/x'
-- [into outfile before from]
SELECT 1 INTO OUTFILE '/tmp/x' FROM orders
-- [into dumpfile]
SELECT 1 INTO DUMPFILE '/tmp/x'
-- [into variable]
SELECT id INTO @x FROM orders
-- [user variable]
SELECT @x
-- [user variable assignment]
SELECT @x := 1
-- [system variable]
SELECT @@version
-- [global variable]
SELECT @@global.secure_file_priv
-- [session variable]
SELECT @@session.sql_mode
-- [load file]
SELECT LOAD_FILE('/etc/passwd')
-- [sleep]
SELECT SLEEP(10)
-- [sleep in where]
SELECT id FROM orders WHERE id = 1 AND SLEEP(5)
-- [benchmark]
SELECT BENCHMARK(1000000000, MD5('a'))
-- [get lock]
SELECT GET_LOCK('a', 10)
-- [release lock]
SELECT RELEASE_LOCK('a')
-- [is free lock]
SELECT IS_FREE_LOCK('a')
-- [release all locks]
SELECT RELEASE_ALL_LOCKS()
-- [user]
SELECT USER()
-- [current user]
SELECT CURRENT_USER
-- [current user call]
SELECT CURRENT_USER()
-- [session user]
SELECT SESSION_USER()
-- [database]
SELECT DATABASE()
-- [schema]
SELECT SCHEMA()
-- [version]
SELECT VERSION()
-- [connection id]
SELECT CONNECTION_ID()
-- [last insert id]
SELECT LAST_INSERT_ID(5)
-- [row count]
SELECT ROW_COUNT()
-- [found rows]
SELECT FOUND_ROWS()
-- [master pos wait]
SELECT MASTER_POS_WAIT('x', 4)
-- [extract value]
SELECT EXTRACTVALUE(1, CONCAT(0x7e, (SELECT 1)))
-- [update xml]
SELECT UPDATEXML(1, '/a', 'x')
-- [sys eval]
SELECT sys_eval('id')
-- [sys exec]
SELECT sys_exec('id')
-- [unknown function]
SELECT my_function(1)
-- [quoted function]
SELECT `load_file`('/etc/passwd')
-- [qualified function]
SELECT test.f(1)
-- [sys schema function]
SELECT sys.version_major()
-- [information schema]
SELECT * FROM information_schema.tables
-- [information schema upper]
SELECT * FROM INFORMATION_SCHEMA.PROCESSLIST
-- [mysql user]
SELECT * FROM mysql.user
-- [performance schema]
SELECT * FROM performance_schema.threads
-- [sys schema]
SELECT * FROM sys.session
-- [for update]
SELECT * FROM orders FOR UPDATE
-- [for share]
SELECT * FROM orders FOR SHARE
-- [lock in share mode]
SELECT * FROM orders LOCK IN SHARE MODE
-- [for update skip locked]
SELECT * FROM orders FOR UPDATE SKIP LOCKED
-- [procedure analyse]
SELECT * FROM orders PROCEDURE ANALYSE()
-- [show]
SHOW TABLES
-- [describe]
DESCRIBE orders
-- [desc]
DESC orders
-- [explain]
EXPLAIN SELECT * FROM orders
-- [use]
USE mysql
-- [handler]
HANDLER orders OPEN
-- [do]
DO SLEEP(5)
-- [call]
CALL p()
-- [set]
SET @x = 1
-- [set global]
SET GLOBAL general_log = 1
-- [insert]
INSERT INTO orders (id) VALUES (1)
-- [replace]
REPLACE INTO orders (id) VALUES (1)
-- [update]
UPDATE orders SET total = 0
-- [delete]
DELETE FROM orders
-- [truncate]
TRUNCATE TABLE orders
-- [drop]
DROP TABLE orders
-- [create]
CREATE TABLE t (id INT)
-- [alter]
ALTER TABLE orders ADD x INT
-- [rename]
RENAME TABLE orders TO x
-- [load data]
LOAD DATA INFILE '/etc/passwd' INTO TABLE orders
-- [load xml]
LOAD XML INFILE 'x' INTO TABLE orders
-- [grant]
GRANT ALL ON *.* TO x
-- [kill]
KILL 5
-- [flush]
FLUSH PRIVILEGES
-- [lock tables]
LOCK TABLES orders READ
-- [prepare]
PREPARE s FROM 'SELECT 1'
-- [execute]
EXECUTE s
-- [start transaction]
START TRANSACTION
-- [commit]
COMMIT
-- [install plugin]
INSTALL PLUGIN x SONAME 'x.so'
-- [two statements]
SELECT 1; SELECT 2
-- [second statement drops]
SELECT 1; DROP TABLE orders
-- [delimiter]
DELIMITER //
-- [partition]
SELECT * FROM secrets PARTITION (p0)
-- [json table over hidden]
SELECT * FROM secrets, JSON_TABLE('[1]', '$[*]' COLUMNS (a INT PATH '$')) t
-- [question mark]
SELECT * FROM orders WHERE id = ?
-- [huge repeat]
SELECT REPEAT('x', 1000000000)
-- [huge space]
SELECT SPACE(1000000000)
-- [huge lpad]
SELECT LPAD('x', 1000000000, 'y')
-- [bare number]
42
-- [unterminated]
SELECT 'abc
-- [unterminated comment]
SELECT 1 /* x
-- [quoted comment opener]
SELECT '/*' , secret FROM secrets -- '*/'
-- [nested comments do not nest]
SELECT 1 /* /* */ FROM secrets -- */
-- [hidden alias trick]
SELECT orders.id FROM secrets AS orders
-- [values function]
SELECT VALUES(id) FROM secrets
-- [match against hidden]
SELECT MATCH (secret) AGAINST ('x') FROM secrets
-- [select from procedure call]
SELECT * FROM f(1)
-- [lateral over hidden]
SELECT * FROM orders o, LATERAL (SELECT * FROM secrets) t
-- [uncompress]
SELECT UNCOMPRESS(COMPRESS(REPEAT('x', 100000000)))
-- [name const user variable]
SELECT NAME_CONST('a', (SELECT @@version))
-- [procedure into]
SELECT * FROM orders LIMIT 1 INTO @a
-- [lateral before a hidden name]
SELECT * FROM LATERAL secrets
-- [apply before a hidden name]
SELECT * FROM orders CROSS APPLY secrets
-- [hidden in a json table]
SELECT j.n FROM orders o, JSON_TABLE((SELECT secret FROM secrets LIMIT 1), '$' COLUMNS (n INT PATH '$')) AS j
-- [with name whose letters only look alike]
WITH `staKes` AS (SELECT 1 AS a) SELECT * FROM stakes
-- [attacker 000]
SELECT * FROM orders INTO OUTFILE '/tmp/x'
-- [attacker 004]
SELECT @a
-- [attacker 008]
SELECT LOAD_FILE('/etc/passwd')
-- [attacker 012]
SELECT GET_LOCK('a', 10)
-- [attacker 016]
SELECT * FROM orders FOR SHARE SKIP LOCKED
-- [attacker 020]
SELECT /*!00000 1 FROM secrets */
-- [attacker 024]
SELECT * FROM INFORMATION_SCHEMA.PROCESSLIST
-- [attacker 028]
SELECT * FROM secrets
-- [attacker 032]
SELECT * FROM events
-- [attacker 036]
SELECT * FROM orders; DROP TABLE orders
-- [attacker 040]
SELECT * FROM orders JOIN secrets
-- [attacker 044]
SELECT SQL_CALC_FOUND_ROWS * FROM orders; SELECT FOUND_ROWS()
-- [attacker 048]
SELECT REPEAT('x', 1000000000)
-- [attacker 052]
SELECT UPDATEXML(1, CONCAT(0x7e, VERSION()), 1)
-- [attacker 056]
TABLE secrets
-- [attacker 060]
DESCRIBE secrets
-- [attacker 064]
DO SLEEP(5)
-- [attacker 068]
LOAD DATA INFILE '/etc/passwd' INTO TABLE orders
-- [attacker 072]
DELETE o FROM orders o
-- [attacker 076]
SELECT * FROM orders PARTITION (p0) UNION SELECT * FROM secrets
-- [attacker 080]
SELECT 1 UNION/**/SELECT/**/password/**/FROM/**/secrets
-- [attacker 084]
SELECT JSON_TABLE.x FROM JSON_TABLE((SELECT payload FROM secrets), '$' COLUMNS (x INT PATH '$.x')) AS JSON_TABLE
-- [attacker 088]
BEGIN
-- [attacker 092]
SELECT @a:=(SELECT s FROM secrets)
-- [attacker 096]
SELECT * FROM(secrets)
-- [attacker 100]
SELECT * FROM Information_Schema.Tables
-- [attacker 104]
SELECT `SLEEP`(1)
-- [attacker 108]
SELECT STATEMENT_DIGEST('select 1'), PS_THREAD_ID(1), CURRENT_ROLE(), SESSION_USER(), SYSTEM_USER()
-- [attacker 112]
SELECT JSON_VALUE('{}', '$.a' DEFAULT (SELECT s FROM secrets) ON EMPTY)
-- [attacker 116]
SELECT RPAD('a', 1 << 30, 'b') FROM secrets
-- [attacker 120]
SELECT 1 /*! , s FROM secrets */
-- [attacker 124]
SELECT * FROM orders AS OF TIMESTAMP NOW(), secrets
-- [attacker 128]
USE mysql
-- [reader 001] syntax
SELECT EXISTS path 'x' FROM orders
-- [reader 002] syntax
SELECT * FROM JSON_TABLE('[]', '$[*]' COLUMNS (a INT EXISTS PATH '$.a' NULL ON EMPTY)) AS j
-- [reader 003] syntax
SELECT * FROM JSON_TABLE('[]', '$[*]' COLUMNS (a INT PATH '$.a' DEFAULT (SELECT secret FROM secrets) ON EMPTY)) AS j
-- [reader 004] unknown_table
SELECT * FROM (VALUES ROW(1, (SELECT secret FROM secrets))) AS v
-- [third wave 01]
SELECT EXTRACTVALUE(1, CONCAT(0x7e, (SELECT pw FROM secrets LIMIT 1)))
-- [third wave 02]
SELECT 1 /*!50000 /* x */ UNION SELECT pw FROM secrets */
-- [third wave 03]
SELECT * FROM {oj orders LEFT OUTER JOIN secrets ON 1=1}
-- [third wave 04]
SELECT id FROM orders WHERE 1 MEMBER OF ((SELECT pw FROM secrets LIMIT 1))
-- [third wave 05]
VALUES ROW(1, LOAD_FILE('x'))
-- [fetch with ties] not_allowed
SELECT id FROM orders ORDER BY id FETCH FIRST 2 ROWS WITH TIES
