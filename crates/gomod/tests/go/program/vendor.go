package main

import (
	"fmt"
	"go/version"
	"log"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// vendorlist.go holds functions of cmd/go/internal/modload; what they call is here.
var (
	base         baseCalls
	gover        goverCalls
	rawGoVersion sync.Map
	tooNew       string
)

type baseCalls struct{}

func (baseCalls) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }
func (baseCalls) ShortPath(path string) string      { return "vendor/" + filepath.Base(path) }
func (baseCalls) Fatal(err error) {
	if tooNew == "" {
		tooNew = err.Error()
	}
}

type tooNewError struct{ What, GoVersion string }

func (e *tooNewError) Error() string {
	return fmt.Sprintf("%v requires go >= %v (running go %v)", e.What, e.GoVersion, gover.Local())
}

type goverCalls struct{}

func (goverCalls) Local() string           { return "1.26.8" }
func (goverCalls) Compare(x, y string) int { return version.Compare("go"+x, "go"+y) }
func (goverCalls) ModCompare(path, x, y string) int {
	switch path {
	case "go":
		return version.Compare("go"+x, "go"+y)
	case "toolchain":
		return version.Compare(toolchain(x), toolchain(y))
	}
	return semver.Compare(x, y)
}

func toolchain(name string) string {
	if version.IsValid("go" + name) {
		return "go" + name
	}
	name, _, _ = strings.Cut(name, "-")
	return name
}

// vendorFile is what the go command knows when it has read vendor/modules.txt.
func vendorFile(data []byte) any {
	dir, err := os.MkdirTemp("", "vendor")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "modules.txt"), data, 0o666); err != nil {
		log.Fatal(err)
	}
	vendorOnce, vendorReplaced, tooNew = sync.Once{}, nil, ""
	readVendorList(dir)
	workspace, err := modulesTextIsForWorkspace(dir)
	if err != nil {
		log.Fatal(err)
	}
	text := func(list []module.Version) []string {
		out := []string{}
		for _, m := range list {
			out = append(out, m.Path+"@"+m.Version)
		}
		return out
	}
	packages := map[string]string{}
	for pkg, m := range vendorPkgModule {
		packages[pkg] = m.Path + "@" + m.Version
	}
	meta := map[string][]any{}
	for m, v := range vendorMeta {
		if v != (vendorMetadata{}) {
			meta[m.Path+"@"+m.Version] = []any{v.Explicit, v.Replacement.Path, v.Replacement.Version, v.GoVersion}
		}
	}
	return map[string]any{
		"list": text(vendorList), "replaced": text(vendorReplaced), "packages": packages, "meta": meta,
		"workspace": workspace, "tooNew": tooNew,
	}
}
