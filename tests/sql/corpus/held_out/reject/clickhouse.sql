-- [001]
SELECT * FROM url('http://10.0.0.1/x', CSV, 'a String')
-- [002]
SELECT * FROM file('/etc/passwd', 'LineAsString')
-- [003]
SELECT * FROM s3('https://b/x.csv')
-- [004]
SELECT * FROM s3Cluster('c', 'https://b/x')
-- [005]
SELECT * FROM gcs('https://b/x')
-- [006]
SELECT * FROM hdfs('hdfs://x', 'TSV')
-- [007]
SELECT * FROM azureBlobStorage('x', 'y', 'z')
-- [008]
SELECT * FROM remote('10.0.0.1', system.users)
-- [009]
SELECT * FROM remoteSecure('10.0.0.1', 'system', 'users')
-- [010]
SELECT * FROM cluster('c', system, users)
-- [011]
SELECT * FROM clusterAllReplicas('c', system.one)
-- [012]
SELECT * FROM mysql('h:1', 'd', 't', 'u', 'p')
-- [013]
SELECT * FROM postgresql('h:1', 'd', 't', 'u', 'p')
-- [014]
SELECT * FROM mongodb('h:1', 'd', 't', 'u', 'p', 'a String')
-- [015]
SELECT * FROM redis('h:1', 'k', 'a String')
-- [016]
SELECT * FROM sqlite('x.db', 't')
-- [017]
SELECT * FROM odbc('DSN=x', 'd', 't')
-- [018]
SELECT * FROM jdbc('x', 'd', 't')
-- [019]
SELECT * FROM executable('x.sh', TSV, 'a String')
-- [020]
SELECT * FROM input('a String')
-- [021]
SELECT * FROM merge('default', '^sec')
-- [022]
SELECT * FROM merge(REGEXP('.*'), '^sec')
-- [023]
SELECT * FROM dictionary('d')
-- [024]
SELECT * FROM view(SELECT * FROM secrets)
-- [025]
SELECT * FROM viewIfPermitted(SELECT * FROM secrets ELSE null('a String'))
-- [026]
SELECT * FROM viewExplain('EXPLAIN', '', (SELECT * FROM secrets))
-- [027]
SELECT * FROM loop(secrets)
-- [028]
SELECT * FROM loop('default', 'secrets')
-- [029]
SELECT * FROM fuzzQuery('SELECT 1')
-- [030]
SELECT * FROM fuzzJSON('x')
-- [031]
SELECT * FROM generateRandom('a String', 1, 1000000000)
-- [032]
SELECT * FROM mergeTreeIndex(currentDatabase(), secrets)
-- [033]
SELECT * FROM mergeTreeProjection(currentDatabase(), secrets, p)
-- [034]
SELECT * FROM timeSeriesData('ts')
-- [035]
SELECT * FROM format(CSV, '1,2')
-- [036]
SELECT * FROM iceberg('x')
-- [037]
SELECT * FROM deltaLake('x')
-- [038]
SELECT * FROM hudi('x')
-- [039]
SELECT * FROM ytsaurus('x', 'y', 'z', 'a String')
-- [040]
SELECT * FROM arrowFlight('h:1', 't')
-- [041]
SELECT * FROM system.tables
-- [042]
SELECT * FROM system.query_log
-- [043]
SELECT name FROM INFORMATION_SCHEMA.TABLES
-- [044]
SELECT id FROM orders WHERE id IN secrets
-- [045]
SELECT id FROM orders WHERE id IN (secrets)
-- [046]
SELECT id FROM orders WHERE id GLOBAL NOT IN default.secrets
-- [047]
SELECT id FROM orders WHERE in(id, secrets)
-- [048]
SELECT id FROM orders WHERE notIn(id, secrets)
-- [049]
SELECT globalIn(1, secrets)
-- [050]
SELECT nullIn(1, secrets)
-- [051]
SELECT joinGet('default.j', 'a', 1)
-- [052]
SELECT joinGetOrNull(j, 'a', 1)
-- [053]
SELECT dictGet('d', 'a', 1)
-- [054]
SELECT dictGetOrDefault('d', 'a', 1, 0)
-- [055]
SELECT dictHas('d', 1)
-- [056]
SELECT file('/etc/passwd')
-- [057]
SELECT getSetting('max_threads')
-- [058]
SELECT getMacro('shard'), hostName(), version(), serverUUID()
-- [059]
SELECT currentUser(), currentDatabase(), queryID()
-- [060]
SELECT hasColumnInTable('default', 'secrets', 'secret')
-- [061]
SELECT filesystemAvailable(), uptime(), tcpPort()
-- [062]
SELECT sleep(3)
-- [063]
SELECT sleepEachRow(3) FROM orders
-- [064]
SELECT throwIf(1)
-- [065]
SELECT runningAccumulate(1), getServerPort('tcp_port')
-- [066]
SELECT addressToLine(1), demangle('x'), addressToSymbol(1)
-- [067]
SELECT initializeAggregation('count'), evalMLMethod(1)
-- [068]
SELECT modelEvaluate('m', 1)
-- [069]
SELECT catboostEvaluate('/m', 1)
-- [070]
SELECT executable('x')
-- [071]
SELECT encrypt('aes-128-ecb', 'a', 'k') FROM secrets
-- [072]
SELECT generateSerialID('x')
-- [073]
SELECT displayName(), zookeeperSessionUptime()
-- [074]
SELECT * FROM orders SETTINGS max_execution_time = 0
-- [075]
SELECT * FROM (SELECT * FROM orders SETTINGS readonly = 0)
-- [076]
SELECT * FROM orders FORMAT TabSeparated
-- [077]
SELECT * FROM orders INTO OUTFILE '/tmp/x'
-- [078]
SELECT * FROM orders INTO OUTFILE '/tmp/x' TRUNCATE COMPRESSION 'gzip'
-- [079]
SELECT * FROM orders WHERE id = {x:UInt32}
-- [080]
SELECT {t:Identifier} FROM orders
-- [081]
SELECT * FROM {t:Identifier}
-- [082]
SELECT note LIKE$$a$$ FROM secrets
-- [083]
SELECT $$a$$ FROM secrets
-- [084]
WITH (SELECT secret FROM secrets LIMIT 1) AS x SELECT x
-- [085]
WITH secrets AS (SELECT 1) SELECT * FROM default.secrets
-- [086]
SELECT arrayMap(x -> (SELECT max(secret) FROM secrets), [1])
-- [087]
SELECT * FROM orders ARRAY JOIN (SELECT groupArray(secret) FROM secrets) AS a
-- [088]
SELECT * FROM orders ANY LEFT JOIN secrets USING id
-- [089]
SELECT * FROM orders GLOBAL JOIN secrets USING id
-- [090]
SELECT * FROM orders PASTE JOIN secrets
-- [091]
SELECT * FROM orders FINAL, secrets FINAL
-- [092]
SELECT * FROM numbers(1000000000000)
-- [093]
SELECT * FROM numbers_mt(0, 1000000000000)
-- [094]
SELECT * FROM zeros(1000000000000)
-- [095]
SELECT range(1000000000)
-- [096]
SELECT repeat('a', 1000000000)
-- [097]
SELECT arrayWithConstant(1000000000, 1)
-- [098]
EXISTS TABLE secrets
-- [099]
SHOW CREATE TABLE secrets
-- [100]
DESCRIBE TABLE secrets
-- [101]
EXPLAIN SYNTAX SELECT 1
-- [102]
KILL QUERY WHERE 1
-- [103]
SYSTEM FLUSH LOGS
-- [104]
OPTIMIZE TABLE orders
-- [105]
INSERT INTO FUNCTION url('http://x') SELECT 1
-- [106]
CREATE TEMPORARY TABLE x AS SELECT 1
-- [107]
SELECT 1; SELECT 2
-- [108]
SELECT * FROM orders WHERE id IN (SELECT id FROM view(SELECT 1 AS id))
-- [109]
SELECT COLUMNS('.*') FROM secrets
-- [110]
SELECT * EXCEPT id FROM secrets
-- [111]
SELECT _part, _partition_id FROM secrets
-- [112]
SELECT * FROM `.inner.secrets`
-- [113]
SELECT * FROM default.`secrets`
-- [114]
SELECT transactionID(), transactionLatestSnapshot()
-- [115]
SELECT tid(), logTrace('x')
-- [116]
SELECT blockNumber(), rowNumberInAllBlocks(), buildId() FROM secrets
-- [117]
SELECT * FROM values('a String', (SELECT secret FROM secrets))
