// Package audit writes the audit log: one JSON line for each thing that was done with money.
package audit

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// Event is one thing that somebody did, or tried to do.
type Event struct {
	Action  string // "payment.create"
	Actor   string // the subject of the client's certificate
	Payment string // the payment's identifier, if there is one
	Outcome string // "accepted", or why not
}

// Log is the audit log. The zero Log is switched off.
type Log struct {
	handler slog.Handler
}

// New returns a log that writes to w, or one that is switched off.
func New(w io.Writer, enabled bool) *Log {
	if !enabled {
		return &Log{}
	}
	return &Log{handler: slog.NewJSONHandler(w, nil)}
}

// Record writes an event. It uses the handler and not slog.Logger because a Logger drops the
// error, and what was not recorded must not be reported to the client as done.
func (l *Log) Record(ctx context.Context, e Event) error {
	if l.handler == nil {
		return nil
	}
	record := slog.NewRecord(time.Now().UTC(), slog.LevelInfo, "audit", 0)
	record.AddAttrs(
		slog.String("action", e.Action),
		slog.String("actor", e.Actor),
		slog.String("payment", e.Payment),
		slog.String("outcome", e.Outcome),
	)
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		record.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	if err := l.handler.Handle(ctx, record); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}
