// Package store keeps payments.
package store

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound says that no payment has the identifier.
var ErrNotFound = errors.New("no such payment")

// Payment is an accepted payment order.
type Payment struct {
	ID             string
	IdempotencyKey string
	Debtor         string
	Creditor       string
	AmountMinor    int64 // in minor units (cents): money is never a float
	Currency       string
	CreatedAt      time.Time
}

// Store keeps payments.
type Store interface {
	// Create keeps p and returns it. If a payment with its idempotency key is already kept, that
	// one is returned instead: a client that retries must not pay twice.
	Create(ctx context.Context, p Payment) (Payment, error)
	// Get returns the payment, or ErrNotFound.
	Get(ctx context.Context, id string) (Payment, error)
	// Ping says whether the store can be reached.
	Ping(ctx context.Context) error
}
