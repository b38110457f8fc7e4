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
