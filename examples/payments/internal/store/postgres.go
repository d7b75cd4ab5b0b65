package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Schema creates the table. The deployment applies it (make migrate): the service's own role may
// not change tables.
//
//go:embed schema.sql
var Schema string

// The conflicting row is updated with its own value because DO NOTHING would return no row.
const insertPayment = `
INSERT INTO payments (id, idempotency_key, debtor, creditor, amount_minor, currency, created_at)
VALUES (@id, @idempotency_key, @debtor, @creditor, @amount_minor, @currency, @created_at)
ON CONFLICT (idempotency_key) DO UPDATE SET idempotency_key = EXCLUDED.idempotency_key
RETURNING id, idempotency_key, debtor, creditor, amount_minor, currency, created_at`

const selectPayment = `
SELECT id, idempotency_key, debtor, creditor, amount_minor, currency, created_at
FROM payments WHERE id = $1`

// Postgres keeps payments in PostgreSQL.
type Postgres struct {
	pool *pgxpool.Pool
}

// OpenPostgres prepares a pool. It does not connect: a service that starts before its database is
// not ready, but it is alive. A password that the URL lacks is taken from PGPASSWORD.
func OpenPostgres(ctx context.Context, url string) (*Postgres, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &Postgres{pool: pool}, nil
}

// Create implements Store.
func (s *Postgres) Create(ctx context.Context, p Payment) (Payment, error) {
	kept, err := s.one(ctx, insertPayment, pgx.NamedArgs{
		"id":              p.ID,
		"idempotency_key": p.IdempotencyKey,
		"debtor":          p.Debtor,
		"creditor":        p.Creditor,
		"amount_minor":    p.AmountMinor,
		"currency":        p.Currency,
		"created_at":      p.CreatedAt,
	})
	if err != nil {
		return Payment{}, fmt.Errorf("insert payment: %w", err)
	}
	return kept, nil
}

// Get implements Store.
func (s *Postgres) Get(ctx context.Context, id string) (Payment, error) {
	p, err := s.one(ctx, selectPayment, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Payment{}, ErrNotFound
	}
	if err != nil {
		return Payment{}, fmt.Errorf("select payment: %w", err)
	}
	return p, nil
}

// Ping implements Store.
func (s *Postgres) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// Close waits for the queries that run and closes the pool.
func (s *Postgres) Close() { s.pool.Close() }

func (s *Postgres) one(ctx context.Context, query string, args ...any) (Payment, error) {
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return Payment{}, err
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Payment])
	p.CreatedAt = p.CreatedAt.UTC()
	return p, err
}
