// Program ask answers what the golang.org/x/mod of the installed Go makes of each request on stdin.
//
// A request is a line "KIND LENGTH" and LENGTH bytes. The answer is one line of JSON.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io"
	"log"
	"os"
	"path"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	enc := json.NewEncoder(out)
	for {
		var kind string
		var n int
		if _, err := fmt.Fscanf(in, "%s %d\n", &kind, &n); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			log.Fatal(err)
		}
		data := make([]byte, n)
		if _, err := io.ReadFull(in, data); err != nil {
			log.Fatal(err)
		}
		if err := enc.Encode(answer(kind, data)); err != nil {
			log.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func answer(kind string, data []byte) any {
	left, right, _ := strings.Cut(string(data), "\x00")
	switch kind {
	case "strict":
		return file(modfile.Parse("go.mod", data, nil))
	case "lax":
		return file(modfile.ParseLax("go.mod", data, nil))
	case "work":
		return workFile(modfile.ParseWork("go.work", data, nil))
	case "format":
		f, err := modfile.Parse("go.mod", data, nil)
		if err != nil {
			return nil
		}
		f.SortBlocks()
		f.Cleanup()
		return hex.EncodeToString(modfile.Format(f.Syntax))
	case "formatwork":
		f, err := modfile.ParseWork("go.work", data, nil)
		if err != nil {
			return nil
		}
		f.SortBlocks()
		f.Cleanup()
		return hex.EncodeToString(modfile.Format(f.Syntax))
	case "vendor":
		return vendorFile(data)
	case "semver":
		return []any{
			semver.IsValid(left), semver.Canonical(left), semver.Major(left), semver.MajorMinor(left),
			semver.Prerelease(left), semver.Build(left), module.CanonicalVersion(left), semver.Compare(left, right),
		}
	case "gover":
		return []any{
			version.IsValid("go" + left), version.Lang("go" + left), version.Compare("go"+left, "go"+right),
		}
	case "path":
		prefix, major, ok := module.SplitPathVersion(left)
		escaped, _ := module.EscapePath(left)
		unescaped, _ := module.UnescapePath(left)
		version, _ := module.EscapeVersion(left)
		return []any{
			text(module.CheckPath(left)), text(module.CheckImportPath(left)), ok, prefix, major, escaped, unescaped, version,
		}
	case "version":
		return text(module.Check(left, right))
	case "file":
		return text(module.CheckFilePath(left))
	case "pseudo":
		when, timeErr := module.PseudoVersionTime(left)
		rev, revErr := module.PseudoVersionRev(left)
		base, baseErr := module.PseudoVersionBase(left)
		date := ""
		if timeErr == nil {
			date = when.UTC().Format("2006-01-02T15:04:05Z")
		}
		return []any{
			module.IsPseudoVersion(left), module.IsZeroPseudoVersion(left), module.ZeroPseudoVersion(semver.Major(left)),
			date, text(timeErr), rev, text(revErr), base, text(baseErr),
		}
	case "newpseudo":
		return module.PseudoVersion(right, left, pseudoTime, "abcdefabcdef")
	case "letters":
		var edges []rune
		for r, last := rune(0), false; r <= unicode.MaxRune; r++ {
			if unicode.IsLetter(r) != last {
				last = !last
				edges = append(edges, r)
			}
		}
		return edges
	case "major":
		return text(module.CheckPathMajor(left, right))
	case "glob":
		ok, err := path.Match(left, right)
		return []any{ok, err == nil, module.MatchPrefixPatterns(left, right)}
	case "print":
		var edges []rune
		for r, last := rune(0), false; r <= unicode.MaxRune; r++ {
			if unicode.IsPrint(r) != last {
				last = !last
				edges = append(edges, r)
			}
		}
		return edges
	}
	log.Fatalf("unknown kind %q", kind)
	return nil
}

var pseudoTime = time.Date(2024, 1, 2, 15, 4, 5, 0, time.UTC)

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

type place struct {
	Line, Column int
	Message      string
}

// file is what "go mod edit -json" prints, or the errors.
func file(f *modfile.File, err error) any {
	if err != nil {
		return refused(err)
	}
	var spans [][4]int
	span := func(l *modfile.Line) {
		spans = append(spans, [4]int{l.Start.Line, l.Start.LineRune, l.End.Line, l.End.LineRune})
	}
	if f.Module != nil {
		span(f.Module.Syntax)
	}
	if f.Go != nil {
		span(f.Go.Syntax)
	}
	if f.Toolchain != nil {
		span(f.Toolchain.Syntax)
	}
	for _, d := range f.Godebug {
		span(d.Syntax)
	}
	for _, r := range f.Require {
		span(r.Syntax)
	}
	for _, x := range f.Exclude {
		span(x.Syntax)
	}
	for _, r := range f.Replace {
		span(r.Syntax)
	}
	for _, r := range f.Retract {
		span(r.Syntax)
	}
	for _, t := range f.Tool {
		span(t.Syntax)
	}
	for _, i := range f.Ignore {
		span(i.Syntax)
	}
	return map[string]any{"File": values(f), "Spans": spans}
}

// refused is the errors with their places.
func refused(err error) any {
	var list modfile.ErrorList
	if !errors.As(err, &list) {
		log.Fatal(err)
	}
	var places []place
	for _, e := range list {
		places = append(places, place{e.Pos.Line, e.Pos.LineRune, bare(e)})
	}
	return map[string]any{"Errors": places}
}

// workFile is what "go work edit -json" prints and the other directives, or the errors.
func workFile(f *modfile.WorkFile, err error) any {
	if err != nil {
		return refused(err)
	}
	var spans [][4]int
	span := func(l *modfile.Line) {
		spans = append(spans, [4]int{l.Start.Line, l.Start.LineRune, l.End.Line, l.End.LineRune})
	}
	var others [][]string
	if f.Go != nil {
		span(f.Go.Syntax)
	}
	if f.Toolchain != nil {
		span(f.Toolchain.Syntax)
		others = append(others, []string{f.Toolchain.Name})
	}
	for _, d := range f.Godebug {
		span(d.Syntax)
		others = append(others, []string{d.Key, d.Value})
	}
	for _, u := range f.Use {
		span(u.Syntax)
	}
	for _, r := range f.Replace {
		span(r.Syntax)
	}
	// As editPrintJSON of cmd/go/internal/workcmd/edit.go.
	f.SortBlocks()
	f.Cleanup()
	var out workfileJSON
	if f.Go != nil {
		out.Go = f.Go.Version
	}
	for _, d := range f.Use {
		out.Use = append(out.Use, useJSON{DiskPath: d.Path, ModPath: d.ModulePath})
	}
	for _, r := range f.Replace {
		out.Replace = append(out.Replace, replaceJSON{r.Old, r.New})
	}
	return map[string]any{"File": out, "Spans": spans, "Others": others}
}

// values is what editPrintJSON of cmd/go/internal/modcmd/edit.go makes of a file.
func values(f *modfile.File) (out fileJSON) {
	f.SortBlocks()
	f.Cleanup()
	if f.Module != nil {
		out.Module = editModuleJSON{f.Module.Mod.Path, f.Module.Deprecated}
	}
	if f.Go != nil {
		out.Go = f.Go.Version
	}
	if f.Toolchain != nil {
		out.Toolchain = f.Toolchain.Name
	}
	for _, d := range f.Godebug {
		out.GoDebug = append(out.GoDebug, debugJSON{d.Key, d.Value})
	}
	for _, r := range f.Require {
		out.Require = append(out.Require, requireJSON{r.Mod.Path, r.Mod.Version, r.Indirect})
	}
	for _, x := range f.Exclude {
		out.Exclude = append(out.Exclude, x.Mod)
	}
	for _, r := range f.Replace {
		out.Replace = append(out.Replace, replaceJSON{r.Old, r.New})
	}
	for _, r := range f.Retract {
		out.Retract = append(out.Retract, retractJSON{r.Low, r.High, r.Rationale})
	}
	for _, t := range f.Tool {
		out.Tool = append(out.Tool, pathJSON{t.Path})
	}
	for _, i := range f.Ignore {
		out.Ignore = append(out.Ignore, pathJSON{i.Path})
	}
	return out
}

// bare is the message of an error without its place.
func bare(e modfile.Error) string {
	e.Filename, e.Pos = "", modfile.Position{}
	return e.Error()
}

// The types of cmd/go/internal/modcmd/edit.go.
type fileJSON struct {
	Module    editModuleJSON
	Go        string      `json:",omitempty"`
	Toolchain string      `json:",omitempty"`
	GoDebug   []debugJSON `json:",omitempty"`
	Require   []requireJSON
	Exclude   []module.Version
	Replace   []replaceJSON
	Retract   []retractJSON
	Tool      []pathJSON
	Ignore    []pathJSON
}

type editModuleJSON struct {
	Path       string
	Deprecated string `json:",omitempty"`
}

type debugJSON struct {
	Key   string
	Value string
}

type requireJSON struct {
	Path     string
	Version  string `json:",omitempty"`
	Indirect bool   `json:",omitempty"`
}

type replaceJSON struct {
	Old module.Version
	New module.Version
}

type retractJSON struct {
	Low       string `json:",omitempty"`
	High      string `json:",omitempty"`
	Rationale string `json:",omitempty"`
}

type pathJSON struct {
	Path string
}

// The types of cmd/go/internal/workcmd/edit.go.
type workfileJSON struct {
	Go      string `json:",omitempty"`
	Use     []useJSON
	Replace []replaceJSON
}

type useJSON struct {
	DiskPath string
	ModPath  string `json:",omitempty"`
}
