// Package telemetry sends traces to an OpenTelemetry collector.
package telemetry

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"example.com/bank/payments/internal/config"
)

// Setup installs the process's tracer. The returned function sends what is left, and stops it.
// Without an endpoint nothing is traced.
func Setup(ctx context.Context, c config.Telemetry, version string) (func(context.Context) error, error) {
	// The trace of a caller goes on through here even if we send nothing ourselves.
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(
		propagation.TraceContext{}, propagation.Baggage{},
	))
	if c.Endpoint == "" {
		return func(context.Context) error { return nil }, nil
	}
	exporter, err := otlptracegrpc.New(ctx, otlptracegrpc.WithEndpointURL(c.Endpoint))
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	service, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", "payments"),
		attribute.String("service.version", version),
	))
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(service),
		sdktrace.WithSampler(Sampler(c.SampleRatio)),
	)
	otel.SetTracerProvider(provider)
	return provider.Shutdown, nil
}

// Sampler follows the caller's decision, so that no trace has holes, and takes the given share of
// the traces that begin here.
func Sampler(ratio float64) sdktrace.Sampler {
	return sdktrace.ParentBased(sdktrace.TraceIDRatioBased(ratio))
}
