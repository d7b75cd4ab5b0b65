package main

import (
	"go/build"
	"go/build/constraint"
	"io"
	"io/fs"
	"sort"
	"strings"
)

func constraintLine(line string) any {
	expr, err := constraint.Parse(line)
	if err != nil {
		offset := 0
		if syntax, ok := err.(*constraint.SyntaxError); ok {
			offset = syntax.Offset
		}
		return map[string]any{"Error": err.Error(), "Offset": offset, "Go": constraint.IsGoBuild(line), "Plus": constraint.IsPlusBuild(line)}
	}
	var tags []string
	// Some tags hold, by their length.
	holds := expr.Eval(func(tag string) bool { tags = append(tags, tag); return len(tag)%2 == 0 })
	return map[string]any{"String": expr.String(), "Eval": holds, "Tags": tags, "GoVersion": constraint.GoVersion(expr), "Go": constraint.IsGoBuild(line), "Plus": constraint.IsPlusBuild(line)}
}

// matchFile asks Context.MatchFile with every system, about a file that has nothing but its name: the text is
// GOOS, GOARCH, whether cgo is enabled, build and tool tags, and after a newline the content of the file.
func matchFile(name string, data []byte) any {
	settings, content, _ := strings.Cut(string(data), "\n")
	fields := strings.Split(settings, " ")
	ctxt := context(name, []byte(content))
	ctxt.GOOS, ctxt.GOARCH, ctxt.CgoEnabled = fields[0], fields[1], fields[2] == "true"
	ctxt.BuildTags = strings.Split(fields[3], ",")
	ctxt.ToolTags = strings.Split(fields[4], ",")
	match, err := ctxt.MatchFile("/", name)
	return map[string]any{"Match": match, "Error": text(err)}
}

// context serves one file in the folder /.
func context(name string, data []byte) build.Context {
	ctxt := build.Default
	ctxt.Compiler = "gc"
	ctxt.JoinPath = func(elem ...string) string { return elem[len(elem)-1] }
	ctxt.OpenFile = func(string) (io.ReadCloser, error) { return reader(data), nil }
	ctxt.IsDir = func(string) bool { return true }
	ctxt.HasSubdir = func(string, string) (string, bool) { return "", false }
	ctxt.ReadDir = func(string) ([]fs.FileInfo, error) { return []fs.FileInfo{info(name)}, nil }
	return ctxt
}

// goList asks Context.ImportDir about a folder with one file.
func goList(name string, data []byte) any {
	ctxt := context(name, data)
	ctxt.UseAllFiles = true
	ctxt.CgoEnabled = true
	pkg, err := ctxt.ImportDir("/", build.ImportComment)
	sort.Strings(pkg.AllTags)
	var directives []string
	for _, directive := range pkg.Directives {
		directives = append(directives, directive.Text)
	}
	return map[string]any{
		"Error": text(err), "Name": pkg.Name, "Doc": pkg.Doc, "AllTags": pkg.AllTags, "Imports": pkg.Imports,
		"ImportComment": pkg.ImportComment, "BinaryOnly": pkg.BinaryOnly, "Embeds": pkg.EmbedPatterns, "Directives": directives,
		"ImportPos": pkg.ImportPos, "EmbedPos": pkg.EmbedPatternPos,
	}
}
