// Package api offers payments over HTTP and gRPC.
package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"time"

	"example.com/bank/payments/internal/audit"
	"example.com/bank/payments/internal/store"
)

var (
	// ErrInvalid says that the client must change its request.
	ErrInvalid = errors.New("invalid payment")
	// ErrConflict says that the idempotency key already stands for another order.
	ErrConflict = errors.New("idempotency key is in use for another payment")
)

var (
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	account      = regexp.MustCompile(`^[A-Z0-9-]{1,34}$`) // an IBAN has at most 34 characters
)

// Service is what both protocols offer.
type Service struct {
	Store store.Store
	Audit *audit.Log
}

// Create accepts an order in the name of actor.
func (s *Service) Create(ctx context.Context, actor string, order store.Payment) (store.Payment, error) {
	p, err := s.create(ctx, order)
	event := audit.Event{Action: "payment.create", Actor: actor, Payment: p.ID, Outcome: "accepted"}
	if err != nil {
		event.Outcome = err.Error()
	}
	// A payment that is kept but not recorded is reported as failed: the client retries with the
	// same key, gets the same payment, and the record is made.
	if auditErr := s.Audit.Record(ctx, event); auditErr != nil {
		return store.Payment{}, errors.Join(err, auditErr)
	}
	return p, err
}

func (s *Service) create(ctx context.Context, order store.Payment) (store.Payment, error) {
	if err := validate(order); err != nil {
		return store.Payment{}, err
	}
	order.ID = "pay_" + rand.Text()
	order.CreatedAt = time.Now().UTC().Truncate(time.Microsecond) // as PostgreSQL keeps it
	kept, err := s.Store.Create(ctx, order)
	if err != nil {
		return store.Payment{}, err
	}
	order.ID, order.CreatedAt = kept.ID, kept.CreatedAt
	if kept != order {
		return store.Payment{}, ErrConflict
	}
	return kept, nil
}

// Get returns a payment.
func (s *Service) Get(ctx context.Context, id string) (store.Payment, error) {
	return s.Store.Get(ctx, id)
}

func validate(p store.Payment) error {
	switch {
	case p.IdempotencyKey == "" || len(p.IdempotencyKey) > 128:
		return fmt.Errorf("%w: the idempotency key must have 1 to 128 bytes", ErrInvalid)
	case !account.MatchString(p.Debtor) || !account.MatchString(p.Creditor):
		return fmt.Errorf("%w: debtor and creditor must be account numbers", ErrInvalid)
	case p.Debtor == p.Creditor:
		return fmt.Errorf("%w: debtor and creditor are the same", ErrInvalid)
	case p.AmountMinor <= 0:
		return fmt.Errorf("%w: amount_minor must be positive", ErrInvalid)
	case !currencyCode.MatchString(p.Currency):
		return fmt.Errorf("%w: currency must be an ISO 4217 code", ErrInvalid)
	}
	return nil
}
