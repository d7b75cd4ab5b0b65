package main

import (
	"go/build/constraint"
	"go/doc"
	"go/scanner"
	"go/token"
	"strconv"
)

// readGoInfo, readComments, getConstraints, extractCgoDirectives, findImportComment and their types are the go command's own: the tests copy
// them from GOROOT into the file lib.go, as no program can import them.

type place struct {
	Text, File   string
	Line, Column int
}

func placed(text string, at token.Position) place {
	return place{text, at.Filename, at.Line, at.Column}
}

type importSpec struct {
	Path place
	Name string
	Pos  place
}

type preamble struct {
	Text       string
	Line       int
	Directives []string
}

type goHeader struct {
	ReadError     string
	Package       *place
	Imports       []importSpec
	Embeds        []place
	Directives    []place
	ImportComment *string
	BinaryOnly    bool
	Constraint    any
	Cgo           []preamble
	Errors        []place
	Doc           string
}

func goFile(data []byte) any {
	fset := token.NewFileSet()
	info := &fileInfo{fset: fset}
	if err := readGoInfo(reader(data), info); err != nil {
		return goHeader{ReadError: err.Error()}
	}
	header := goHeader{Constraint: constraints(info.header)}
	_, _, header.BinaryOnly, _ = getConstraints(info.header)
	if name := info.parsed.Name; name.Name != "" {
		at := placed(name.Name, fset.Position(name.Pos()))
		at.File = ""
		header.Package = &at
	}
	if info.parsed.Doc != nil {
		header.Doc = doc.Synopsis(info.parsed.Doc.Text())
	}
	if quoted, line := findImportComment(info.header); line != 0 {
		path, err := strconv.Unquote(quoted)
		if err != nil {
			path = "malformed"
		}
		header.ImportComment = &path
	}
	for i, imported := range info.imports {
		spec := info.parsed.Imports[i]
		one := importSpec{Path: placed(imported.path, fset.Position(spec.Path.Pos())), Pos: placed("", fset.Position(imported.pos))}
		one.Path.File = ""
		if spec.Name != nil {
			one.Name = spec.Name.Name
		}
		header.Imports = append(header.Imports, one)
		if imported.path == "C" && imported.doc != nil {
			header.Cgo = append(header.Cgo, preamble{
				imported.doc.Text(), fset.Position(imported.doc.Pos()).Line, extractCgoDirectives(imported.doc.Text()),
			})
		}
	}
	for _, embed := range info.embeds {
		header.Embeds = append(header.Embeds, placed(embed.pattern, embed.pos))
	}
	for _, directive := range info.directives {
		header.Directives = append(header.Directives, placed(directive.Text, directive.Pos))
	}
	switch err := info.parseErr.(type) {
	case nil:
	case scanner.ErrorList:
		for _, one := range err {
			header.Errors = append(header.Errors, placed(one.Msg, one.Pos))
		}
	case scanner.Error:
		header.Errors = []place{placed(err.Msg, err.Pos)}
	}
	return header
}

func otherFile(data []byte) any {
	header, err := readComments(reader(data))
	if err != nil {
		return map[string]any{"ReadError": err.Error()}
	}
	return map[string]any{"Constraint": constraints(header)}
}

// constraints says what the lines above the package clause ask for.
func constraints(header []byte) any {
	goBuild, plusBuild, _, err := getConstraints(header)
	if err != nil {
		return err.Error()
	}
	all := []string{}
	if goBuild != "" {
		expr, err := constraint.Parse(goBuild)
		if err != nil {
			return "parsing //go:build line: " + err.Error()
		}
		return append(all, expr.String())
	}
	for _, line := range plusBuild {
		if expr, err := constraint.Parse(line); err == nil {
			all = append(all, expr.String())
		}
	}
	return all
}
