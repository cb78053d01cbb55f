-- Members of a cluster of silos, and what wakes its grains. Orleans finds its statements by their names in orleansquery and binds the parameters that they
-- name; columns of results are found by name too. Every change of the members moves the cluster's version, which is what keeps two changes apart.
CREATE TABLE cluster_version (
  cluster text COLLATE "C" PRIMARY KEY,
  version integer NOT NULL
);

CREATE TABLE cluster_member (
  cluster text COLLATE "C" NOT NULL REFERENCES cluster_version,
  address text COLLATE "C" NOT NULL,
  port integer NOT NULL,
  generation integer NOT NULL,
  name text NOT NULL,
  host text NOT NULL,
  status integer NOT NULL,
  gateway integer NOT NULL,
  suspected text,
  started timestamptz NOT NULL,
  alive timestamptz NOT NULL,
  PRIMARY KEY (cluster, address, port, generation)
);

CREATE TABLE grain_reminder (
  service text COLLATE "C" NOT NULL,
  grain text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  hash integer NOT NULL,
  starts timestamptz NOT NULL,
  period bigint NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (service, grain, name)
);

CREATE INDEX grain_reminder_hash ON grain_reminder (service, hash);

CREATE TABLE orleansquery (
  querykey text PRIMARY KEY,
  querytext text NOT NULL
);

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $sql$
WITH made AS (INSERT INTO cluster_version (cluster, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING cluster)
SELECT EXISTS (SELECT FROM made)
$sql$),
('InsertMembershipKey', $sql$
WITH moved AS (
  UPDATE cluster_version v SET version = v.version + 1
  WHERE v.cluster = @DeploymentId AND v.version = @Version AND NOT EXISTS (
    SELECT FROM cluster_member m
    WHERE m.cluster = v.cluster AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
  RETURNING v.cluster),
joined AS (
  INSERT INTO cluster_member (cluster, address, port, generation, name, host, status, gateway, started, alive)
  SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM moved
  RETURNING cluster)
SELECT EXISTS (SELECT FROM joined)
$sql$),
('UpdateMembershipKey', $sql$
WITH moved AS (
  UPDATE cluster_version SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING cluster),
changed AS (
  UPDATE cluster_member m SET status = @Status, suspected = @SuspectTimes, alive = @IAmAliveTime FROM moved
  WHERE m.cluster = moved.cluster AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
  RETURNING m.cluster)
SELECT EXISTS (SELECT FROM changed)
$sql$),
('UpdateIAmAlivetimeKey', $sql$
UPDATE cluster_member SET alive = @IAmAliveTime
WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$sql$),
('MembershipReadAllKey', $sql$
SELECT v.version AS "Version", m.address AS "Address", m.port AS "Port", m.generation AS "Generation", m.name AS "SiloName", m.host AS "HostName",
  m.status AS "Status", m.gateway AS "ProxyPort", m.suspected AS "SuspectTimes", m.started AS "StartTime", m.alive AS "IAmAliveTime"
FROM cluster_version v LEFT JOIN cluster_member m ON m.cluster = v.cluster
WHERE v.cluster = @DeploymentId
$sql$),
('MembershipReadRowKey', $sql$
SELECT v.version AS "Version", m.address AS "Address", m.port AS "Port", m.generation AS "Generation", m.name AS "SiloName", m.host AS "HostName",
  m.status AS "Status", m.gateway AS "ProxyPort", m.suspected AS "SuspectTimes", m.started AS "StartTime", m.alive AS "IAmAliveTime"
FROM cluster_version v LEFT JOIN cluster_member m
  ON m.cluster = v.cluster AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
WHERE v.cluster = @DeploymentId
$sql$),
('GatewaysQueryKey', $sql$
SELECT address AS "Address", gateway AS "ProxyPort", generation AS "Generation" FROM cluster_member
WHERE cluster = @DeploymentId AND status = @Status AND gateway > 0
$sql$),
('DeleteMembershipTableEntriesKey', $sql$
WITH left_members AS (DELETE FROM cluster_member WHERE cluster = @DeploymentId)
DELETE FROM cluster_version WHERE cluster = @DeploymentId
$sql$),
-- 6 is dead.
('CleanupDefunctSiloEntriesKey', $sql$
DELETE FROM cluster_member WHERE cluster = @DeploymentId AND status = 6 AND alive < @IAmAliveTime
$sql$),
('UpsertReminderRowKey', $sql$
INSERT INTO grain_reminder AS r (service, grain, name, hash, starts, period, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
ON CONFLICT (service, grain, name) DO UPDATE SET hash = excluded.hash, starts = excluded.starts, period = excluded.period, version = r.version + 1
RETURNING r.version AS "Version"
$sql$),
('ReadReminderRowsKey', $sql$
SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM grain_reminder
WHERE service = @ServiceId AND grain = @GrainId
$sql$),
('ReadReminderRowKey', $sql$
SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM grain_reminder
WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName
$sql$),
-- A range of the hash's ring, without its beginning and with its end; the second is one that runs over the ring's seam.
('ReadRangeRows1Key', $sql$
SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM grain_reminder
WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash
$sql$),
('ReadRangeRows2Key', $sql$
SELECT grain AS "GrainId", name AS "ReminderName", starts AS "StartTime", period AS "Period", version AS "Version" FROM grain_reminder
WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)
$sql$),
('DeleteReminderRowKey', $sql$
WITH ended AS (
  DELETE FROM grain_reminder WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING service)
SELECT EXISTS (SELECT FROM ended)
$sql$),
('DeleteReminderRowsKey', $sql$
DELETE FROM grain_reminder WHERE service = @ServiceId
$sql$);
