package api

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"example.com/bank/payments/internal/config"
)

// ServerTLS returns the servers' TLS settings; auth says whether clients must show a certificate.
func ServerTLS(c config.TLS, auth tls.ClientAuthType) (*tls.Config, error) {
	// Read at every handshake: a renewed Secret is served without a restart.
	load := func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
		if err != nil {
			return nil, fmt.Errorf("tls: %w", err)
		}
		return &pair, nil
	}
	// What cannot be served is found out now, and not by the first client.
	if _, err := load(nil); err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(c.CA)
	if err != nil {
		return nil, fmt.Errorf("tls: %w", err)
	}
	clients := x509.NewCertPool()
	if !clients.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("tls: %s holds no certificate", c.CA)
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS13,
		GetCertificate: load,
		ClientAuth:     auth,
		ClientCAs:      clients,
	}, nil
}

// actorOf names the client for the audit log; "" if it showed no certificate.
func actorOf(state *tls.ConnectionState) string {
	if state == nil || len(state.VerifiedChains) == 0 {
		return ""
	}
	return state.PeerCertificates[0].Subject.String()
}
