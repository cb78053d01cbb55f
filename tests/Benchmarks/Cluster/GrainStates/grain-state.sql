-- State of grains, as Orleans' grain storage for ADO.NET asks for it: its statements are found by their names in orleansquery. A grain's key is two numbers or
-- a text; the type is the state's name. An empty payload is a state that was cleared.
CREATE TABLE grain_state (
  service text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  first_number bigint NOT NULL,
  second_number bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  payload bytea,
  PRIMARY KEY (name, first_number, second_number, type, service)
);

INSERT INTO orleansquery (querykey, querytext) VALUES
-- No row comes back when somebody else has written the state meanwhile.
('WriteToStorageKey', $sql$
WITH made AS (
  INSERT INTO grain_state (service, type, first_number, second_number, name, version, payload)
  SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(CAST(@GrainIdExtensionString AS text), ''), 1, @PayloadBinary
  WHERE CAST(@GrainStateVersion AS integer) IS NULL
  ON CONFLICT DO NOTHING
  RETURNING version),
changed AS (
  UPDATE grain_state SET version = version + 1, payload = @PayloadBinary
  WHERE name = coalesce(CAST(@GrainIdExtensionString AS text), '') AND first_number = @GrainIdN0 AND second_number = @GrainIdN1
    AND type = @GrainTypeString AND service = @ServiceId AND version = CAST(@GrainStateVersion AS integer)
  RETURNING version)
SELECT version AS "NewGrainStateVersion" FROM made UNION ALL SELECT version FROM changed
$sql$),
('ReadFromStorageKey', $sql$
SELECT payload AS "PayloadBinary", version AS "Version" FROM grain_state
WHERE name = coalesce(CAST(@GrainIdExtensionString AS text), '') AND first_number = @GrainIdN0 AND second_number = @GrainIdN1
  AND type = @GrainTypeString AND service = @ServiceId
$sql$),
('ClearStorageKey', $sql$
UPDATE grain_state SET version = version + 1, payload = NULL
WHERE name = coalesce(CAST(@GrainIdExtensionString AS text), '') AND first_number = @GrainIdN0 AND second_number = @GrainIdN1
  AND type = @GrainTypeString AND service = @ServiceId AND version = CAST(@GrainStateVersion AS integer)
RETURNING version AS "NewGrainStateVersion"
$sql$);
