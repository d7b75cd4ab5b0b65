package telemetry_test

import (
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"example.com/bank/payments/internal/config"
	"example.com/bank/payments/internal/telemetry"
)

func TestSamplerFollowsTheCaller(t *testing.T) {
	caller := func(flags trace.TraceFlags) trace.SpanContext {
		return trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: flags, Remote: true,
		})
	}
	cases := []struct {
		name   string
		ratio  float64
		caller trace.SpanContext
		want   sdktrace.SamplingDecision
	}{
		{"a root, all wanted", 1, trace.SpanContext{}, sdktrace.RecordAndSample},
		{"a root, none wanted", 0, trace.SpanContext{}, sdktrace.Drop},
		{"a sampled caller wins over 0", 0, caller(trace.FlagsSampled), sdktrace.RecordAndSample},
		{"an unsampled caller wins over 1", 1, caller(0), sdktrace.Drop},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := telemetry.Sampler(c.ratio).ShouldSample(sdktrace.SamplingParameters{
				ParentContext: trace.ContextWithRemoteSpanContext(t.Context(), c.caller),
				TraceID:       trace.TraceID{1},
			})
			if got.Decision != c.want {
				t.Errorf("got %v, want %v", got.Decision, c.want)
			}
		})
	}
}

func TestSetupWithoutEndpointStops(t *testing.T) {
	stop, err := telemetry.Setup(t.Context(), config.Telemetry{}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := stop(t.Context()); err != nil {
		t.Error(err)
	}
}
