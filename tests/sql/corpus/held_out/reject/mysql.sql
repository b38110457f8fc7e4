-- [001]
SELECT LOAD_FILE('/etc/passwd')
-- [002]
SELECT load_file (0x2f6574632f706173737764)
-- [003]
SELECT * FROM orders INTO OUTFILE '/tmp/x'
-- [004]
SELECT id INTO DUMPFILE '/tmp/x' FROM orders
-- [005]
SELECT id FROM orders LIMIT 1 INTO @a
-- [006]
SELECT id INTO @a FROM orders LIMIT 1
-- [007]
SELECT @a := id FROM orders
-- [008]
SELECT @@version, @@datadir
-- [009]
SELECT @@global.secure_file_priv
-- [010]
SELECT SLEEP(5)
-- [011]
SELECT id FROM orders WHERE IF(id > 1, SLEEP(5), 0)
-- [012]
SELECT BENCHMARK(1000000000, MD5('a'))
-- [013]
SELECT GET_LOCK('a', 10)
-- [014]
SELECT RELEASE_ALL_LOCKS()
-- [015]
SELECT IS_USED_LOCK('a')
-- [016]
SELECT USER(), CURRENT_USER(), DATABASE(), VERSION()
-- [017]
SELECT CONNECTION_ID()
-- [018]
SELECT EXTRACTVALUE(1, CONCAT(0x7e, (SELECT secret FROM secrets LIMIT 1)))
-- [019]
SELECT UPDATEXML(1, CONCAT(0x7e, VERSION()), 1)
-- [020]
SELECT /*!50000 secret FROM secrets */
-- [021]
SELECT id FROM orders /*!UNION SELECT secret FROM secrets*/
-- [022]
SELECT id /*!99999 , */ FROM orders
-- [023]
SELECT /*+ SET_VAR(max_execution_time = 0) */ id FROM orders
-- [024]
SELECT id FROM orders FOR UPDATE
-- [025]
SELECT id FROM orders LOCK IN SHARE MODE
-- [026]
SELECT id FROM orders FOR SHARE OF orders SKIP LOCKED
-- [027]
SELECT id FROM orders PROCEDURE ANALYSE()
-- [028]
SELECT * FROM mysql.user
-- [029]
SELECT * FROM information_schema.tables
-- [030]
SELECT * FROM INFORMATION_SCHEMA.PROCESSLIST
-- [031]
SELECT * FROM performance_schema.threads
-- [032]
SELECT * FROM sys.version
-- [033]
SELECT * FROM `mysql`.`user`
-- [034]
SELECT * FROM orders, mysql . user
-- [035]
SELECT 'a\' UNION SELECT secret FROM secrets -- '
-- [036]
SELECT "a\" UNION SELECT secret FROM secrets -- "
-- [037]
SELECT id FROM orders WHERE note = '\' OR 1 = (SELECT 1 FROM secrets) #'
-- [038]
SELECT id FROM orders WHERE id = 1 --1 UNION SELECT secret FROM secrets
-- [039]
SELECT id FROM secrets
-- [040]
SELECT id FROM orders PARTITION (p0)
-- [041]
SELECT id FROM orders WHERE MATCH (note) AGAINST ((SELECT secret FROM secrets LIMIT 1))
-- [042]
SELECT ROW_COUNT(), LAST_INSERT_ID(5), FOUND_ROWS()
-- [043]
TABLE secrets
-- [044]
SELECT 1 UNION TABLE secrets
-- [045]
VALUES ROW((SELECT secret FROM secrets LIMIT 1))
-- [046]
WITH c AS (SELECT secret FROM secrets) SELECT * FROM c
-- [047]
SELECT * FROM JSON_TABLE((SELECT secret FROM secrets LIMIT 1), '$[*]' COLUMNS (a INT PATH '$')) t
-- [048]
SELECT id FROM orders ORDER BY (SELECT secret FROM secrets LIMIT 1)
-- [049]
SELECT id FROM orders WHERE id = ANY (TABLE secrets)
-- [050]
SELECT REPEAT('a', 1000000000)
-- [051]
SELECT SPACE(1000000000)
-- [052]
SELECT UUID_SHORT(), MASTER_POS_WAIT('a', 1)
-- [053]
SELECT SOURCE_POS_WAIT('a', 1)
-- [054]
SELECT WAIT_FOR_EXECUTED_GTID_SET('a')
-- [055]
HANDLER orders OPEN
-- [056]
SHOW TABLES
-- [057]
DESC secrets
-- [058]
EXPLAIN SELECT 1
-- [059]
DO SLEEP(5)
-- [060]
SET @a = 1
-- [061]
CALL p()
-- [062]
SELECT 1; DROP TABLE orders
-- [063]
LOAD DATA INFILE '/etc/passwd' INTO TABLE orders
-- [064]
PREPARE s FROM 'SELECT 1'
-- [065]
SELECT sys_exec('id')
-- [066]
SELECT sys.format_bytes(1)
-- [067]
SELECT mysql.f(1)
-- [068]
SELECT NAME_CONST('a', 1)
-- [069]
SELECT id FROM orders WHERE note LIKE 'a' ESCAPE (SELECT secret FROM secrets LIMIT 1)
-- [070]
SELECT _binary'a' FROM secrets
-- [071]
SELECT STATEMENT_DIGEST_TEXT('SELECT 1')
-- [072]
SELECT ICU_VERSION(), ROLES_GRAPHML()
-- [073]
SELECT {fn SLEEP(5)}
-- [074]
SELECT id FROM {oj orders LEFT OUTER JOIN secrets ON 1 = 1}
