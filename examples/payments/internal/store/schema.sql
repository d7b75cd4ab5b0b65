CREATE TABLE IF NOT EXISTS payments (
    id              text        PRIMARY KEY,
    idempotency_key text        NOT NULL UNIQUE,
    debtor          text        NOT NULL,
    creditor        text        NOT NULL,
    amount_minor    bigint      NOT NULL CHECK (amount_minor > 0),
    currency        char(3)     NOT NULL,
    created_at      timestamptz NOT NULL
);
