-- [mariadb comment]
SELECT 1 /*M! UNION SELECT secret FROM secrets */
-- [mariadb versioned comment]
SELECT 1 /*M!100100 UNION SELECT secret FROM secrets */
-- [mysql comment]
SELECT 1 /*!50000 UNION SELECT secret FROM secrets */
-- [nextval]
SELECT NEXTVAL(seq)
-- [next value for]
SELECT NEXT VALUE FOR seq
-- [previous value for]
SELECT PREVIOUS VALUE FOR seq
-- [lastval]
SELECT LASTVAL(seq)
-- [setval]
SELECT SETVAL(seq, 5)
-- [sequence as table]
SELECT * FROM seq
-- [seq engine table]
SELECT * FROM seq_1_to_1000000000
-- [hidden]
SELECT * FROM secrets
-- [for system time on hidden]
SELECT * FROM secrets FOR SYSTEM_TIME ALL
-- [set statement]
SET STATEMENT max_statement_time = 0 FOR SELECT 1
-- [execute immediate]
EXECUTE IMMEDIATE 'SELECT 1'
-- [begin not atomic]
BEGIN NOT ATOMIC SELECT 1; END
-- [insert returning]
INSERT INTO orders (id) VALUES (1) RETURNING id
-- [delete returning]
DELETE FROM orders RETURNING *
-- [master gtid wait]
SELECT MASTER_GTID_WAIT('0-1-1')
-- [binlog gtid pos]
SELECT BINLOG_GTID_POS('x', 4)
-- [kdf and system variable]
SELECT KDF('a', @@version)
-- [load file]
SELECT LOAD_FILE('/etc/passwd')
-- [analyze]
ANALYZE SELECT * FROM orders
-- [spider direct]
SELECT SPIDER_DIRECT_SQL('SELECT 1', '', 'srv "x"')
-- [lateral is a table here]
SELECT name FROM LATERAL customers
-- [hidden in a json table]
SELECT j.n FROM orders o, JSON_TABLE((SELECT secret FROM secrets LIMIT 1), '$' COLUMNS (n INT PATH '$')) AS j
-- [attacker 000]
SELECT * FROM orders INTO OUTFILE '/tmp/y' FIELDS TERMINATED BY ','
-- [attacker 004]
SELECT @x
-- [attacker 008]
SELECT 1 /*M!100100 UNION SELECT password FROM secrets */
-- [attacker 012]
SELECT SLEEP(3)
-- [attacker 016]
SELECT RELEASE_ALL_LOCKS()
-- [attacker 020]
SELECT LASTVAL(s)
-- [attacker 024]
SELECT * FROM orders LOCK IN SHARE MODE NOWAIT
-- [attacker 028]
SELECT * FROM orders WHERE EXISTS (SELECT 1 FROM secrets)
-- [attacker 032]
SELECT * FROM sys.version
-- [attacker 036]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [attacker 040]
SELECT 1; SELECT 2
-- [attacker 044]
SELECT LPAD('', 2000000000, 'a')
-- [attacker 048]
SELECT BINLOG_GTID_POS('f', 4)
-- [attacker 052]
SELECT SPIDER_BG_DIRECT_SQL('select 1', 't', '')
-- [attacker 056]
SELECT test.f(1) FROM orders
-- [attacker 060]
DELETE FROM orders RETURNING *
-- [attacker 064]
SET STATEMENT max_statement_time = 0 FOR SELECT * FROM orders
-- [attacker 068]
SHOW CREATE TABLE secrets
-- [attacker 072]
DO RELEASE_LOCK('x')
-- [attacker 076]
SELECT JSON_VALUE((SELECT JSON_OBJECT('p', password) FROM secrets), '$.p')
-- [attacker 080]
TABLE secrets
-- [attacker 084]
SELECT SFORMAT('{:1000000000}', 1)
-- [attacker 088]
SELECT SFORMAT(CONCAT('{:1', '000000000}'), 1)
-- [attacker 092]
EXECUTE IMMEDIATE CONCAT('sel', 'ect 1')
-- [reader 001] unknown_table
VALUES (1, (SELECT secret FROM secrets))
-- [reader 002] unknown_table
SELECT id FROM orders UNION VALUES ((SELECT max(id) FROM secrets))
-- [third wave 01]
SELECT KDF('a', 'b', 1000000000, 'pbkdf2_hmac', 256)
-- [third wave 02]
SELECT * FROM seq_1_to_1000000000000
-- [third wave 03]
SELECT SFORMAT('{:1000000000}', 'x')
-- [third wave 04]
SELECT s.nextval FROM secrets
-- [third wave 05]
SELECT GROUP_CONCAT(id ORDER BY (SELECT pw FROM secrets LIMIT 1) LIMIT 1, 2) FROM orders
-- [fetch with ties behind union] not_allowed
SELECT id FROM orders UNION SELECT id FROM customers ORDER BY id FETCH FIRST 2 ROWS WITH TIES
