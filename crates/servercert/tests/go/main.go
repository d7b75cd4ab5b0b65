// Command main tells what Go makes of the cases on standard input: whether a server can load the pair, whether
// its chain verifies for every host, and whether a real handshake succeeds. Standard library only.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"time"
)

// Strings are bytes, one code point each: the files need not be UTF-8.
type testCase struct {
	Cert, Key, CA string
	Hosts         []string
	Now           int64
	LoadOnly      bool
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	verdicts := make([]string, len(cases))
	for i, c := range cases {
		if err := try(c); err != nil {
			verdicts[i] = err.Error()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		panic(err)
	}
}

func try(c testCase) error {
	c.Cert, c.Key, c.CA = latin1(c.Cert), latin1(c.Key), latin1(c.CA)
	now := func() time.Time { return time.Unix(c.Now, 0) }
	pair, err := tls.X509KeyPair([]byte(c.Cert), []byte(c.Key))
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if c.LoadOnly {
		return nil
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(c.CA)) {
		return fmt.Errorf("ca: no certificate")
	}
	intermediates := x509.NewCertPool()
	for _, der := range pair.Certificate[1:] {
		if cert, err := x509.ParseCertificate(der); err == nil {
			intermediates.AddCert(cert)
		}
	}
	opts := x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: now()}
	if _, err := pair.Leaf.Verify(opts); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	for _, host := range c.Hosts {
		if err := pair.Leaf.VerifyHostname(host); err != nil {
			return fmt.Errorf("hostname: %w", err)
		}
		if err := handshake(pair, roots, host, now); err != nil {
			return fmt.Errorf("handshake: %w", err)
		}
	}
	return nil
}

func latin1(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

func handshake(pair tls.Certificate, roots *x509.CertPool, host string, now func() time.Time) error {
	here, there := net.Pipe()
	defer here.Close()
	defer there.Close()
	here.SetDeadline(time.Now().Add(10 * time.Second))
	there.SetDeadline(time.Now().Add(10 * time.Second))
	go tls.Server(there, &tls.Config{Certificates: []tls.Certificate{pair}, Time: now}).Handshake()
	return tls.Client(here, &tls.Config{RootCAs: roots, ServerName: host, Time: now}).Handshake()
}
