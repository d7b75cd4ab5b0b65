// Package config reads the service's settings: a YAML file, then the environment.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"
)

// Config is everything that differs between environments.
type Config struct {
	HTTP          Listener      `yaml:"http"`
	GRPC          Listener      `yaml:"grpc"`
	TLS           TLS           `yaml:"tls"`
	Database      Database      `yaml:"database"`
	Telemetry     Telemetry     `yaml:"telemetry"`
	ShutdownGrace time.Duration `yaml:"shutdown_grace"`
}

// Listener is where a server listens.
type Listener struct {
	Addr string `yaml:"addr"`
}

// TLS names the files that the deployment mounts.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
	CA   string `yaml:"ca"` // who may sign a client's certificate
}

// Database says where payments are kept.
type Database struct {
	URL string `yaml:"url"` // without password: that comes from PGPASSWORD
}

// Telemetry says where traces go.
type Telemetry struct {
	Endpoint    string  `yaml:"endpoint"`     // a URL; empty: nowhere
	SampleRatio float64 `yaml:"sample_ratio"` // from 0 to 1
}

// Load reads the file, lets the environment override it, and refuses what cannot be right.
func Load(path string, getenv func(string) string) (Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	c, err := Parse(text, getenv)
	if err != nil {
		return Config{}, fmt.Errorf("config %s: %w", path, err)
	}
	return c, nil
}

// Parse is Load for a text.
func Parse(text []byte, getenv func(string) string) (Config, error) {
	// The deployment renders the file; what is left of its template is no value.
	if bytes.Contains(text, []byte("{{")) {
		return Config{}, errors.New("a placeholder was not rendered")
	}
	c := Config{ShutdownGrace: 15 * time.Second}
	// A misspelt key is an error, and not a default in production.
	if err := yaml.Load(text, &c, yaml.WithKnownFields()); err != nil {
		return Config{}, err
	}
	if err := c.override(getenv); err != nil {
		return Config{}, err
	}
	return c, c.validate()
}

func (c *Config) override(getenv func(string) string) error {
	for name, field := range map[string]*string{
		"PAYMENTS_HTTP_ADDR":     &c.HTTP.Addr,
		"PAYMENTS_GRPC_ADDR":     &c.GRPC.Addr,
		"PAYMENTS_TLS_CERT":      &c.TLS.Cert,
		"PAYMENTS_TLS_KEY":       &c.TLS.Key,
		"PAYMENTS_TLS_CA":        &c.TLS.CA,
		"PAYMENTS_DATABASE_URL":  &c.Database.URL,
		"PAYMENTS_OTLP_ENDPOINT": &c.Telemetry.Endpoint,
	} {
		if value := getenv(name); value != "" {
			*field = value
		}
	}
	if value := getenv("PAYMENTS_SAMPLE_RATIO"); value != "" {
		ratio, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return fmt.Errorf("PAYMENTS_SAMPLE_RATIO: %w", err)
		}
		c.Telemetry.SampleRatio = ratio
	}
	return nil
}

// validate reports everything that is wrong, so that one deployment finds it all.
func (c *Config) validate() error {
	var wrong []error
	for _, must := range []struct{ key, value string }{
		{"http.addr", c.HTTP.Addr},
		{"grpc.addr", c.GRPC.Addr},
		{"database.url", c.Database.URL},
	} {
		if must.value == "" {
			wrong = append(wrong, fmt.Errorf("%s is missing", must.key))
		}
	}
	for _, must := range []struct{ key, value string }{
		{"tls.cert", c.TLS.Cert},
		{"tls.key", c.TLS.Key},
		{"tls.ca", c.TLS.CA},
	} {
		if !filepath.IsAbs(must.value) {
			wrong = append(wrong, fmt.Errorf("%s is no absolute path: %q", must.key, must.value))
		}
	}
	if c.Telemetry.Endpoint != "" {
		if u, err := url.Parse(c.Telemetry.Endpoint); err != nil || u.Scheme == "" || u.Host == "" {
			wrong = append(wrong, fmt.Errorf("telemetry.endpoint is no URL: %q", c.Telemetry.Endpoint))
		}
	}
	// Written so that NaN, which YAML can say, is refused too.
	if ratio := c.Telemetry.SampleRatio; !(ratio >= 0 && ratio <= 1) {
		wrong = append(wrong, fmt.Errorf("telemetry.sample_ratio is not from 0 to 1: %v", ratio))
	}
	return errors.Join(wrong...)
}
