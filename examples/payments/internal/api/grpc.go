package api

import (
	"context"
	"errors"
	"log/slog"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	paymentsv1 "example.com/bank/payments/api/payments/v1"
	"example.com/bank/payments/internal/store"
)

// GRPC returns the gRPC API and the health service that says whether it takes requests.
func (s *Service) GRPC(creds credentials.TransportCredentials) (*grpc.Server, *health.Server) {
	server := grpc.NewServer(grpc.Creds(creds), grpc.StatsHandler(otelgrpc.NewServerHandler()))
	paymentsv1.RegisterPaymentsServer(server, &grpcServer{service: s})
	alive := health.NewServer()
	healthv1.RegisterHealthServer(server, alive)
	return server, alive
}

type grpcServer struct {
	paymentsv1.UnimplementedPaymentsServer
	service *Service
}

// Create implements paymentsv1.PaymentsServer.
func (g *grpcServer) Create(ctx context.Context, r *paymentsv1.CreateRequest) (*paymentsv1.Payment, error) {
	var actor string
	if from, ok := peer.FromContext(ctx); ok {
		if info, ok := from.AuthInfo.(credentials.TLSInfo); ok {
			actor = actorOf(&info.State)
		}
	}
	return reply(ctx)(g.service.Create(ctx, actor, store.Payment{
		IdempotencyKey: r.GetIdempotencyKey(),
		Debtor:         r.GetDebtor(),
		Creditor:       r.GetCreditor(),
		AmountMinor:    r.GetAmountMinor(),
		Currency:       r.GetCurrency(),
	}))
}

// Get implements paymentsv1.PaymentsServer.
func (g *grpcServer) Get(ctx context.Context, r *paymentsv1.GetRequest) (*paymentsv1.Payment, error) {
	return reply(ctx)(g.service.Get(ctx, r.GetId()))
}

// reply turns a result of the service into one of gRPC.
func reply(ctx context.Context) func(store.Payment, error) (*paymentsv1.Payment, error) {
	return func(p store.Payment, err error) (*paymentsv1.Payment, error) {
		switch {
		case err == nil:
			return &paymentsv1.Payment{
				Id:          p.ID,
				Debtor:      p.Debtor,
				Creditor:    p.Creditor,
				AmountMinor: p.AmountMinor,
				Currency:    p.Currency,
				CreatedAt:   timestamppb.New(p.CreatedAt),
			}, nil
		case errors.Is(err, ErrInvalid):
			return nil, status.Error(codes.InvalidArgument, err.Error())
		case errors.Is(err, ErrConflict):
			return nil, status.Error(codes.AlreadyExists, err.Error())
		case errors.Is(err, store.ErrNotFound):
			return nil, status.Error(codes.NotFound, err.Error())
		}
		slog.ErrorContext(ctx, "request failed", "error", err)
		return nil, status.Error(codes.Internal, "internal error")
	}
}
