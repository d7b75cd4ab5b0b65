package config_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"example.com/bank/payments/internal/config"
)

func noEnv(string) string { return "" }

// shipped is config/payments.yaml as the deployment renders it.
func shipped(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../config/payments.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "{{OTLP_ENDPOINT}}", "https://collector.example.com:4317")
}

func TestTheShippedFileIsValid(t *testing.T) {
	c, err := config.Parse([]byte(shipped(t)), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if c.TLS.Key != "/etc/payments/tls/tls.key" || c.Telemetry.SampleRatio != 0.1 {
		t.Errorf("got %+v", c)
	}
}

func TestTheConfigMapHoldsTheShippedFile(t *testing.T) {
	text, err := os.ReadFile("../../deploy/k8s/configmap.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var configMap struct {
		Data map[string]string `yaml:"data"`
	}
	if err := yaml.Load(text, &configMap); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("../../config/payments.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var mounted, shipped config.Config
	for text, into := range map[string]*config.Config{
		configMap.Data["config.yaml"]: &mounted, string(file): &shipped,
	} {
		if err := yaml.Load([]byte(text), into, yaml.WithKnownFields()); err != nil {
			t.Fatal(err)
		}
	}
	if mounted != shipped {
		t.Errorf("mounted %+v\nshipped %+v", mounted, shipped)
	}
}

func TestTheEnvironmentWins(t *testing.T) {
	env := map[string]string{"PAYMENTS_HTTP_ADDR": ":1", "PAYMENTS_SAMPLE_RATIO": "0.5"}
	c, err := config.Parse([]byte(shipped(t)), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP.Addr != ":1" || c.GRPC.Addr != ":9443" || c.Telemetry.SampleRatio != 0.5 {
		t.Errorf("got %+v", c)
	}
}

func TestWhatCannotBeRightIsRefused(t *testing.T) {
	cases := []struct{ name, old, new, want string }{
		{"an unrendered placeholder", "https://collector.example.com:4317", "{{OTLP_ENDPOINT}}", "placeholder"},
		{"a misspelt key", "sample_ratio", "sampel_ratio", "sampel_ratio"},
		{"a relative path", "/etc/payments/tls/tls.key", "tls/tls.key", "tls.key"},
		{"a ratio above 1", "sample_ratio: 0.1", "sample_ratio: 10", "sample_ratio"},
		{"a ratio that is no number", "sample_ratio: 0.1", "sample_ratio: .nan", "sample_ratio"},
		{"an endpoint without scheme", "https://collector.example.com:4317", "collector", "endpoint"},
		{"no database", "url:", "url: \"\" #", "database.url"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := bytes.ReplaceAll([]byte(shipped(t)), []byte(c.old), []byte(c.new))
			_, err := config.Parse(text, noEnv)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something about %q", err, c.want)
			}
		})
	}
}
