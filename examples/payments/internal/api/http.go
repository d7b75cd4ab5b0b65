package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"example.com/bank/payments/internal/store"
)

// maxBody is far above any payment order.
const maxBody = 64 << 10

// orderBody is what a client sends.
type orderBody struct {
	Debtor      string `json:"debtor"`
	Creditor    string `json:"creditor"`
	AmountMinor int64  `json:"amount_minor"`
	Currency    string `json:"currency"`
}

// paymentBody is what a client gets.
type paymentBody struct {
	ID string `json:"id"`
	orderBody
	CreatedAt time.Time `json:"created_at"`
}

// Handler returns the HTTP API.
func (s *Service) Handler() http.Handler {
	v1 := http.NewServeMux()
	v1.HandleFunc("POST /v1/payments", s.postPayment)
	v1.HandleFunc("GET /v1/payments/{id}", s.getPayment)

	mux := http.NewServeMux()
	// Probes come every few seconds and without a certificate: neither traced nor authenticated.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "alive"})
	})
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("/v1/", otelhttp.NewHandler(requireClient(v1), "payments"))
	return mux
}

// requireClient lets through only who showed a certificate; TLS has verified it.
func requireClient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if actorOf(r.TLS) == "" {
			writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "a client certificate is required"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.Store.Ping(r.Context()); err != nil {
		slog.WarnContext(r.Context(), "not ready", "error", err)
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "no database"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

func (s *Service) postPayment(w http.ResponseWriter, r *http.Request) {
	var body orderBody
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	p, err := s.Create(r.Context(), actorOf(r.TLS), store.Payment{
		IdempotencyKey: r.Header.Get("Idempotency-Key"),
		Debtor:         body.Debtor,
		Creditor:       body.Creditor,
		AmountMinor:    body.AmountMinor,
		Currency:       body.Currency,
	})
	if err != nil {
		writeError(w, r, err)
		return
	}
	w.Header().Set("Location", "/v1/payments/"+p.ID)
	writeJSON(w, http.StatusCreated, bodyOf(p))
}

func (s *Service) getPayment(w http.ResponseWriter, r *http.Request) {
	p, err := s.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		writeError(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, bodyOf(p))
}

func bodyOf(p store.Payment) paymentBody {
	order := orderBody{Debtor: p.Debtor, Creditor: p.Creditor, AmountMinor: p.AmountMinor, Currency: p.Currency}
	return paymentBody{ID: p.ID, orderBody: order, CreatedAt: p.CreatedAt}
}

func writeError(w http.ResponseWriter, r *http.Request, err error) {
	status, message := http.StatusInternalServerError, "internal error"
	switch {
	case errors.Is(err, ErrInvalid):
		status, message = http.StatusUnprocessableEntity, err.Error()
	case errors.Is(err, ErrConflict):
		status, message = http.StatusConflict, err.Error()
	case errors.Is(err, store.ErrNotFound):
		status, message = http.StatusNotFound, err.Error()
	default:
		// The cause is for us, not for the client.
		slog.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "error", err)
	}
	writeJSON(w, status, map[string]string{"error": message})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status is sent; a client that went away cannot be told anything.
	_ = json.NewEncoder(w).Encode(body)
}
