package store

import (
	"context"
	"sync"
)

// Memory keeps payments until the process ends. It is for tests.
type Memory struct {
	mu    sync.Mutex
	byID  map[string]Payment
	byKey map[string]string
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{byID: map[string]Payment{}, byKey: map[string]string{}}
}

// Create implements Store.
func (m *Memory) Create(_ context.Context, p Payment) (Payment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id, known := m.byKey[p.IdempotencyKey]; known {
		return m.byID[id], nil
	}
	m.byID[p.ID] = p
	m.byKey[p.IdempotencyKey] = p.ID
	return p, nil
}

// Get implements Store.
func (m *Memory) Get(_ context.Context, id string) (Payment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, known := m.byID[id]
	if !known {
		return Payment{}, ErrNotFound
	}
	return p, nil
}

// Ping implements Store.
func (m *Memory) Ping(context.Context) error { return nil }
