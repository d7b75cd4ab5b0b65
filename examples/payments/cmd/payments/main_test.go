package main

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"
)

func TestRunRefuses(t *testing.T) {
	cases := []struct {
		name string
		args []string
		want string
	}{
		{"an unknown flag", []string{"--audit"}, "audit"},
		{"an argument", []string{"--audit-log-enabled", "true"}, `unexpected argument "true"`},
		{"a missing file", []string{"--config=/nowhere.yaml"}, "/nowhere.yaml"},
		{"a template", []string{"--config=../../config/payments.yaml"}, "placeholder"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			err := run(t.Context(), c.args, func(string) string { return "" }, &out)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something about %q", err, c.want)
			}
		})
	}
	if err := run(t.Context(), []string{"-h"}, nil, &bytes.Buffer{}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}
