package api_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	paymentsv1 "example.com/bank/payments/api/payments/v1"
	"example.com/bank/payments/internal/api"
	"example.com/bank/payments/internal/audit"
	"example.com/bank/payments/internal/config"
	"example.com/bank/payments/internal/store"
)

const order = `{"debtor":"ES91-A","creditor":"DE89-B","amount_minor":1250,"currency":"EUR"}`

// service returns a service and what it writes into the audit log.
func service() (*api.Service, *bytes.Buffer) {
	var records bytes.Buffer
	return &api.Service{Store: store.NewMemory(), Audit: audit.New(&records, true)}, &records
}

// serveHTTP returns the server's address and a function that makes a request.
func serveHTTP(t *testing.T, s *api.Service, files config.TLS, client *tls.Config) func(method, path, key, body string) (int, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(s.Handler())
	var err error
	if server.TLS, err = api.ServerTLS(files, tls.VerifyClientCertIfGiven); err != nil {
		t.Fatal(err)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := &http.Transport{TLSClientConfig: client}
	t.Cleanup(transport.CloseIdleConnections)
	return func(method, path, key, body string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Idempotency-Key", key)
		response, err := (&http.Client{Transport: transport}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(answer)
	}
}

func TestHTTP(t *testing.T) {
	s, records := service()
	files, client := pki(t)
	request := serveHTTP(t, s, files, client)

	status, created := request("POST", "/v1/payments", "key-1", order)
	var payment struct{ ID string }
	if err := json.Unmarshal([]byte(created), &payment); err != nil || status != 201 || payment.ID == "" {
		t.Fatalf("create: %d %s", status, created)
	}
	cases := []struct {
		name, method, path, key, body string
		status                        int
		answer                        string
	}{
		{"a retry gives the same payment", "POST", "/v1/payments", "key-1", order, 201, payment.ID},
		{"get", "GET", "/v1/payments/" + payment.ID, "", "", 200, `"amount_minor":1250`},
		{"an unknown payment", "GET", "/v1/payments/pay_x", "", "", 404, "no such payment"},
		{"a key for another order", "POST", "/v1/payments", "key-1", strings.Replace(order, "1250", "9", 1), 409, "in use"},
		{"no key", "POST", "/v1/payments", "", order, 422, "idempotency key"},
		{"no money", "POST", "/v1/payments", "key-2", strings.Replace(order, "1250", "0", 1), 422, "positive"},
		{"to oneself", "POST", "/v1/payments", "key-2", strings.Replace(order, "DE89-B", "ES91-A", 1), 422, "the same"},
		{"an odd currency", "POST", "/v1/payments", "key-2", strings.Replace(order, "EUR", "eur", 1), 422, "ISO 4217"},
		{"an unknown field", "POST", "/v1/payments", "key-2", `{"iban":"x"}`, 400, "iban"},
		{"a large body", "POST", "/v1/payments", "key-2", `"` + strings.Repeat("x", 70<<10) + `"`, 400, "too large"},
		{"alive", "GET", "/healthz", "", "", 200, "alive"},
		{"ready", "GET", "/readyz", "", "", 200, "ready"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, answer := request(c.method, c.path, c.key, c.body)
			if status != c.status || !strings.Contains(answer, c.answer) {
				t.Errorf("got %d %s, want %d with %q", status, answer, c.status, c.answer)
			}
		})
	}
	if !strings.Contains(records.String(), `"actor":"CN=shop","payment":"`+payment.ID+`","outcome":"accepted"`) {
		t.Errorf("the audit log lacks the payment:\n%s", records)
	}
}

func TestHTTPWithoutClientCertificate(t *testing.T) {
	s, records := service()
	files, client := pki(t)
	client.Certificates = nil
	request := serveHTTP(t, s, files, client)
	if status, answer := request("GET", "/healthz", "", ""); status != 200 {
		t.Errorf("probes need no certificate, got %d %s", status, answer)
	}
	if status, answer := request("POST", "/v1/payments", "key-1", order); status != 401 || records.Len() > 0 {
		t.Errorf("got %d %s", status, answer)
	}
}

// broken is a store whose database is away.
type broken struct{ store.Memory }

var errAway = errors.New("connection refused by 10.0.0.7")

func (*broken) Ping(context.Context) error { return errAway }
func (*broken) Get(context.Context, string) (store.Payment, error) {
	return store.Payment{}, errAway
}

func TestHTTPWithoutDatabase(t *testing.T) {
	files, client := pki(t)
	request := serveHTTP(t, &api.Service{Store: &broken{}, Audit: &audit.Log{}}, files, client)
	if status, _ := request("GET", "/readyz", "", ""); status != 503 {
		t.Errorf("ready without a database: %d", status)
	}
	if status, answer := request("GET", "/v1/payments/pay_1", "", ""); status != 500 || strings.Contains(answer, "10.0.0.7") {
		t.Errorf("the client must not see the cause, got %d %s", status, answer)
	}
}

func TestGRPC(t *testing.T) {
	s, records := service()
	files, client := pki(t)
	serverTLS, err := api.ServerTLS(files, tls.RequireAndVerifyClientCert)
	if err != nil {
		t.Fatal(err)
	}
	server, alive := s.GRPC(credentials.NewTLS(serverTLS))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	dial := func(c *tls.Config) *grpc.ClientConn {
		conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(credentials.NewTLS(c)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	conn := dial(client)
	payments := paymentsv1.NewPaymentsClient(conn)
	ask := &paymentsv1.CreateRequest{
		IdempotencyKey: "key-1", Debtor: "ES91-A", Creditor: "DE89-B", AmountMinor: 1250, Currency: "EUR",
	}
	created, err := payments.Create(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	got, err := payments.Get(t.Context(), &paymentsv1.GetRequest{Id: created.GetId()})
	if err != nil || got.GetAmountMinor() != 1250 || !got.GetCreatedAt().IsValid() {
		t.Errorf("get: %v, %v", got, err)
	}
	if !strings.Contains(records.String(), `"actor":"CN=shop"`) {
		t.Errorf("the audit log lacks the actor:\n%s", records)
	}
	ask.AmountMinor = 9
	if _, err := payments.Create(t.Context(), ask); status.Code(err) != codes.AlreadyExists {
		t.Errorf("a key for another order: %v", err)
	}
	if _, err := payments.Get(t.Context(), &paymentsv1.GetRequest{Id: "pay_x"}); status.Code(err) != codes.NotFound {
		t.Errorf("an unknown payment: %v", err)
	}

	check := healthv1.NewHealthClient(conn)
	if answer, err := check.Check(t.Context(), &healthv1.HealthCheckRequest{}); err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_SERVING {
		t.Errorf("health: %v, %v", answer, err)
	}
	alive.Shutdown()
	if answer, err := check.Check(t.Context(), &healthv1.HealthCheckRequest{}); err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_NOT_SERVING {
		t.Errorf("health while stopping: %v, %v", answer, err)
	}

	client.Certificates = nil
	stranger := paymentsv1.NewPaymentsClient(dial(client))
	if _, err := stranger.Get(t.Context(), &paymentsv1.GetRequest{Id: created.GetId()}); status.Code(err) != codes.Unavailable {
		t.Errorf("a client without certificate got through: %v", err)
	}
}

func TestServerTLSRefusesWhatItCannotServe(t *testing.T) {
	files, _ := pki(t)
	cases := map[string]func(*config.TLS){
		"no certificate":    func(c *config.TLS) { c.Cert += ".missing" },
		"no key":            func(c *config.TLS) { c.Key += ".missing" },
		"no CA":             func(c *config.TLS) { c.CA += ".missing" },
		"a CA that is none": func(c *config.TLS) { c.CA = c.Key },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			spoiled := files
			spoil(&spoiled)
			if _, err := api.ServerTLS(spoiled, tls.NoClientCert); err == nil {
				t.Error("served")
			}
		})
	}
}

// flaky fails to write its first record.
type flaky struct {
	bytes.Buffer
	failed bool
}

func (f *flaky) Write(p []byte) (int, error) {
	if !f.failed {
		f.failed = true
		return 0, errors.New("no space left on device")
	}
	return f.Buffer.Write(p)
}

func TestAPaymentWithoutRecordIsAnErrorAndTheRetryRecordsIt(t *testing.T) {
	var records flaky
	s := &api.Service{Store: store.NewMemory(), Audit: audit.New(&records, true)}
	p := store.Payment{
		IdempotencyKey: "key-1", Debtor: "ES91-A", Creditor: "DE89-B", AmountMinor: 1250, Currency: "EUR",
	}
	if _, err := s.Create(t.Context(), "shop", p); err == nil {
		t.Fatal("accepted without a record")
	}
	paid, err := s.Create(t.Context(), "shop", p)
	if err != nil || !strings.Contains(records.String(), paid.ID) {
		t.Errorf("retry: %v, %s", err, records.String())
	}
}
