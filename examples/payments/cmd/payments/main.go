// Command payments accepts payment orders over HTTP and gRPC.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"example.com/bank/payments/internal/api"
	"example.com/bank/payments/internal/audit"
	"example.com/bank/payments/internal/config"
	"example.com/bank/payments/internal/store"
	"example.com/bank/payments/internal/telemetry"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		slog.Error("payments stopped", "error", err)
		os.Exit(1)
	}
}

// run is the service until ctx ends. The audit log goes to stdout, everything else to stderr.
func run(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("payments", flag.ContinueOnError)
	path := flags.String("config", "/etc/payments/config.yaml", "configuration `file`")
	// Off unless asked for, so that laptops stay quiet; every deployment must ask for it.
	auditing := flags.Bool("audit-log-enabled", false, "write the audit log to stdout")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	c, err := config.Load(*path, getenv)
	if err != nil {
		return err
	}
	stopTracing, err := telemetry.Setup(ctx, c.Telemetry, version())
	if err != nil {
		return err
	}
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.ShutdownGrace)
		defer cancel()
		err = errors.Join(err, stopTracing(last))
	}()
	db, err := store.OpenPostgres(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer db.Close()
	return serve(ctx, c, &api.Service{Store: db, Audit: audit.New(stdout, *auditing)}, *auditing)
}

// serve listens, and answers until ctx ends or a server fails.
func serve(ctx context.Context, c config.Config, service *api.Service, auditing bool) error {
	// Probes show no certificate; the handler asks everybody else for one.
	httpTLS, err := api.ServerTLS(c.TLS, tls.VerifyClientCertIfGiven)
	if err != nil {
		return err
	}
	grpcTLS, err := api.ServerTLS(c.TLS, tls.RequireAndVerifyClientCert)
	if err != nil {
		return err
	}
	httpListener, err := net.Listen("tcp", c.HTTP.Addr)
	if err != nil {
		return err
	}
	defer httpListener.Close()
	grpcListener, err := net.Listen("tcp", c.GRPC.Addr)
	if err != nil {
		return err
	}
	defer grpcListener.Close()

	httpServer := &http.Server{
		Handler:           service.Handler(),
		TLSConfig:         httpTLS,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       time.Minute,
	}
	grpcServer, alive := service.GRPC(credentials.NewTLS(grpcTLS))
	failed := make(chan error, 2)
	go func() { failed <- httpServer.ServeTLS(httpListener, "", "") }()
	go func() { failed <- grpcServer.Serve(grpcListener) }()
	slog.Info("serving", "http", httpListener.Addr().String(), "grpc", grpcListener.Addr().String(),
		"audit", auditing, "version", version())

	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	alive.Shutdown()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.ShutdownGrace)
	defer cancel()
	stopGRPC(last, grpcServer)
	return errors.Join(err, httpServer.Shutdown(last))
}

// stopGRPC lets calls finish while there is time; GracefulStop alone would wait for ever.
func stopGRPC(ctx context.Context, server *grpc.Server) {
	stop := context.AfterFunc(ctx, server.Stop)
	defer stop()
	server.GracefulStop()
}

// version is what the Go command stamped into the binary.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
