-- Observed builds, append-only. The same text serves SQLite and PostgreSQL.
-- Never edit a migration that was released: add the next one.

CREATE TABLE IF NOT EXISTS builds (
    run_id      TEXT             NOT NULL PRIMARY KEY,
    started_at  TEXT             NOT NULL,        -- RFC 3339, as the document has it
    started_us  BIGINT           NOT NULL,        -- the same in microseconds since 1970, UTC
    target      TEXT             NOT NULL,        -- the folder in which go ran
    command     TEXT             NOT NULL,        -- as one would type it
    commit_id   TEXT,
    exit_status BIGINT,                           -- none where a signal ended it
    cause       TEXT,                             -- of a failure
    tier        TEXT,
    retries     BIGINT           NOT NULL,        -- attempts before the last: flakes are counted, not hidden
    wall_ms     DOUBLE PRECISION NOT NULL,
    cpu_ms      DOUBLE PRECISION NOT NULL,
    built       BIGINT           NOT NULL,        -- packages for which a tool ran
    packages    BIGINT           NOT NULL,
    peak_rss    BIGINT           NOT NULL,        -- bytes
    document    TEXT             NOT NULL         -- goward.build/v1; last, so that lists skip it
);

CREATE INDEX IF NOT EXISTS builds_by_time ON builds (started_us);
CREATE INDEX IF NOT EXISTS builds_by_target ON builds (target, command, started_us);
