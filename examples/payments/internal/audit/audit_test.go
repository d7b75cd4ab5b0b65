package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"example.com/bank/payments/internal/audit"
)

var event = audit.Event{Action: "payment.create", Actor: "shop", Payment: "pay_1", Outcome: "accepted"}

func TestRecordIsOneLineWithItsTrace(t *testing.T) {
	ctx := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2},
	}))
	var out bytes.Buffer
	if err := audit.New(&out, true).Record(ctx, event); err != nil {
		t.Fatal(err)
	}
	if bytes.Count(out.Bytes(), []byte("\n")) != 1 {
		t.Errorf("not one line: %q", out.String())
	}
	var got map[string]string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"msg": "audit", "action": "payment.create", "actor": "shop", "payment": "pay_1",
		"outcome": "accepted", "trace_id": "01000000000000000000000000000000",
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: got %q, want %q", key, got[key], value)
		}
	}
}

func TestSwitchedOffWritesNothing(t *testing.T) {
	var out bytes.Buffer
	if err := audit.New(&out, false).Record(t.Context(), event); err != nil || out.Len() != 0 {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestFailureToRecordIsAnError(t *testing.T) {
	if err := audit.New(fullDisk{}, true).Record(t.Context(), event); err == nil {
		t.Error("a record that was not written passed for written")
	}
}
