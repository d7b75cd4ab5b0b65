-- Runs and their outcomes, append-only. The same text serves SQLite and PostgreSQL.
-- Never edit a migration that was released: add the next one.

CREATE TABLE IF NOT EXISTS runs (
    run_id         TEXT             NOT NULL PRIMARY KEY,
    seq            BIGINT           NOT NULL UNIQUE, -- order of arrival: decides within one instant
    started_at     TEXT             NOT NULL,        -- RFC 3339, as the report has it
    started_us     BIGINT           NOT NULL,        -- the same in microseconds since 1970, UTC
    target         TEXT             NOT NULL,
    prefix         TEXT             NOT NULL,
    module         TEXT,
    commit_id      TEXT,
    dirty          BOOLEAN,
    gate           TEXT             NOT NULL,
    exit_status    BIGINT           NOT NULL,
    interrupted    BOOLEAN          NOT NULL,
    latency_ms     DOUBLE PRECISION NOT NULL,
    goward_version TEXT             NOT NULL,
    go_version     TEXT,
    passed         BIGINT           NOT NULL,
    failed         BIGINT           NOT NULL,
    waived         BIGINT           NOT NULL,
    skipped        BIGINT           NOT NULL,
    inconclusive   BIGINT           NOT NULL,
    report         TEXT             NOT NULL         -- report JSON v1; last, so that lists skip it
);

CREATE INDEX IF NOT EXISTS runs_by_time ON runs (started_us, seq);
CREATE INDEX IF NOT EXISTS runs_by_target ON runs (target, started_us, seq);

CREATE TABLE IF NOT EXISTS outcomes (
    run_id             TEXT             NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    position           BIGINT           NOT NULL, -- from 0, in the order of the plan
    check_id           TEXT             NOT NULL,
    grp                TEXT             NOT NULL,
    tier               TEXT             NOT NULL,
    verdict            TEXT             NOT NULL,
    status             BOOLEAN          NOT NULL,
    latency_ms         DOUBLE PRECISION NOT NULL,
    timeout_ms         BIGINT           NOT NULL,
    critical_threshold DOUBLE PRECISION,
    measured_name      TEXT,
    measured_value     DOUBLE PRECISION,
    blocked_by         TEXT,
    findings           BIGINT           NOT NULL, -- how many, waived or not
    PRIMARY KEY (run_id, position)
);

CREATE INDEX IF NOT EXISTS outcomes_by_check ON outcomes (check_id, run_id);
