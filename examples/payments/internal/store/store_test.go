package store_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/bank/payments/internal/store"
)

func TestMemory(t *testing.T) {
	contract(t, store.NewMemory())
}

// TestPostgres needs an empty database; everything else about the service is tested without one.
func TestPostgres(t *testing.T) {
	url := os.Getenv("PAYMENTS_TEST_DATABASE_URL")
	if url == "" {
		t.Skip("PAYMENTS_TEST_DATABASE_URL names no database")
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), store.Schema+"; TRUNCATE payments"); err != nil {
		t.Fatal(err)
	}
	db, err := store.OpenPostgres(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	contract(t, db)
}

// contract is what every store must do.
func contract(t *testing.T, s store.Store) {
	t.Helper()
	ctx := t.Context()
	order := store.Payment{
		ID: "pay_1", IdempotencyKey: "key-1", Debtor: "ES91-A", Creditor: "DE89-B",
		AmountMinor: 1250, Currency: "EUR", CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	if err := s.Ping(ctx); err != nil {
		t.Fatalf("ping: %v", err)
	}
	if got, err := s.Create(ctx, order); err != nil || got != order {
		t.Errorf("create: got %+v, %v", got, err)
	}
	retried := order
	retried.ID = "pay_2"
	if got, err := s.Create(ctx, retried); err != nil || got != order {
		t.Errorf("a known idempotency key must return the first payment, got %+v, %v", got, err)
	}
	if got, err := s.Get(ctx, "pay_1"); err != nil || got != order {
		t.Errorf("get: got %+v, %v", got, err)
	}
	if _, err := s.Get(ctx, "pay_2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the retry must not be kept, got %v", err)
	}
}
