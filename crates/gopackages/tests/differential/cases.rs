//! The modules.

/// Name, files.
pub(crate) const CASES: &[(&str, &str)] = &[
    (
        "a program with a package and tests",
        "\
-- go.mod --
module example.com/m

go 1.24
-- main.go --
package main

import (
	\"fmt\"
	x \"example.com/m/a\"
)

func main() { fmt.Println(x.A) }
-- a/a.go --
package a

var A = 1
-- a/a_test.go --
package a

import \"testing\"

func TestA(*testing.T) {}
-- a/b_test.go --
package a_test

import (
	\"testing\"

	\"example.com/m/a\"
	\"example.com/m/b\"
)

func TestB(*testing.T) { _, _ = a.A, b.B }
-- b/b.go --
package b

import \"example.com/m/a\"

var B = a.A
",
    ),
    (
        "import cycles",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a

import _ \"example.com/m/b\"
-- b/b.go --
package b

import _ \"example.com/m/c\"
-- c/c.go --
package c

import _ \"example.com/m/a\"
-- own/own.go --
package own

import _ \"example.com/m/own\"
-- user/user.go --
package user

import _ \"example.com/m/a\"
",
    ),
    (
        "cycles through tests",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a
-- a/a_test.go --
package a

import _ \"example.com/m/b\"
-- b/b.go --
package b

import _ \"example.com/m/c\"
-- c/c.go --
package c

import _ \"example.com/m/a\"
",
    ),
    (
        "imports that nothing offers",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a

import (
	_ \"example.com/m/gone\"
	_ \"example.com/other/x\"
	_ \"nostd/x\"
	_ \"./rel\"
	_ \"/abs\"
	_ \"example.com/with@v1.0.0\"
)
-- a/a_test.go --
package a

import _ \"example.com/m/gonetest\"
-- b/b.go --
package b

import _ \"example.com/m/a\"
-- c/c_test.go --
package c_test

import _ \"example.com/m/gonextest\"
",
    ),
    (
        "internal and vendored packages, programs",
        "\
-- go.mod --
module example.com/m
-- a/internal/i/i.go --
package i
-- a/ok/ok.go --
package ok

import _ \"example.com/m/a/internal/i\"
-- b/b.go --
package b

import _ \"example.com/m/a/internal/i\"
-- c/c.go --
package c

import _ \"example.com/m/cmd/prog\"
-- c/c_test.go --
package c_test

import _ \"example.com/m/cmd/prog\"
-- cmd/prog/main.go --
package main

func main() {}
-- cmd/prog/main_test.go --
package main

import _ \"testing\"
-- d/d.go --
package d

import (
	_ \"internal/abi\"
	_ \"example.com/m/vendor/x\"
)
",
    ),
    (
        "two packages in one directory",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a
-- a/b.go --
package b
-- a/c.go --
package c
-- t/t.go --
package t
-- t/t_test.go --
package other
-- u/u.go --
package u

import _ \"example.com/m/a\"
",
    ),
    (
        "files that cannot be parsed",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a

import \"fmt

var X = fmt.Sprint()
-- b/b.go --
packag b
-- c/c.go --
-- d/d.go --
package d

import (
	\"os\"
	fmt
)
-- e/e.go --
package e

import \"a b\"
-- f/good.go --
package f

import \"os\"

var _ = os.Args
-- f/zbad.go --
package f

import ( \"io\"
-- g/g.go --
/* open
package g
-- h/h.go --
package 1
-- i/i.go --
package i; import \"os\"; import (\"io\"; \"fmt\")
-- j/j.go --
package j import \"os\"
-- k/k.go --
package k

import 'x'
-- l/l.go --
package func
-- m/m.go --
package m

import \"\"
-- user/u.go --
package user

import (
	_ \"example.com/m/a\"
	_ \"example.com/m/b\"
	_ \"example.com/m/f\"
)
",
    ),
    (
        "directories that are no packages",
        "\
-- go.mod --
module example.com/m
-- testdata/x.go --
package x
-- _u/x.go --
package x
-- .h/x.go --
package x
-- vendorless/readme.md --
x
-- nested/go.mod --
module example.com/m/nested
-- nested/n.go --
package nested
-- user/u.go --
package user

import _ \"example.com/m/nested\"
-- docs/doc.go --
package documentation
-- only/_x.go --
package x
-- only/.y.go --
package x
-- testonly/x_test.go --
package testonly
-- xtestonly/x_test.go --
package xtestonly_test
-- importsthem/i.go --
package importsthem

import (
	_ \"example.com/m/docs\"
	_ \"example.com/m/testonly\"
	_ \"example.com/m/only\"
	_ \"example.com/m/testdata\"
)
",
    ),
    (
        "the ignore directive",
        "\
-- go.mod --
module example.com/m

go 1.25

ignore (
	./a
	node_modules
)
-- a/a.go --
package a
-- b/a/a.go --
package a
-- b/node_modules/x/x.go --
package x
-- c/c.go --
package c

import _ \"example.com/m/a\"
",
    ),
    (
        "a workspace imports what nobody of it requires",
        r#"-- go.work --
go 1.24

use .

replace (
	example.com/a => ./a
	example.com/b => ./b
)
-- go.mod --
module example.com/m

go 1.24

require example.com/a v1.0.0
-- m.go --
package m

import (
	_ "example.com/a"
	_ "example.com/b"
)
-- p/p.go --
package p

import _ "example.com/m/r"
-- r/r.go --
package r

import _ "example.com/b"
-- t/t_test.go --
package t

import _ "example.com/b"
-- a/go.mod --
module example.com/a

go 1.24

require example.com/b v1.0.0
-- a/a.go --
package a

import _ "example.com/b"
-- b/go.mod --
module example.com/b

go 1.24
-- b/b.go --
package b
"#,
    ),
    ("constraints", CONSTRAINTS),
    (
        "broken constraints",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
//go:build linux &&

package a
-- a/b.go --
package a
-- b/b.go --
//go:build linux
//go:build amd64

package b
-- b/c.go --
package b
-- c/c.go --
//go:build !!linux

package c
-- d/d.go --
package d

import (
	_ \"example.com/m/a\"
	_ \"example.com/m/b\"
	_ \"example.com/m/c\"
)
",
    ),
    (
        "cgo and other languages",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a

// int x;
import \"C\"

import \"fmt\"

var _ = fmt.Sprint
-- a/a.c --
int x;
-- a/a.h --
int x;
-- a/a_windows.c --
int x;
-- a/a.S --
x
-- b/b.go --
package b
-- b/b.c --
int x;
-- c/c.go --
package c
-- c/c.s --
x
-- c/c_arm64.s --
x
-- c/c.S --
x
-- c/d.s --
//go:build arm64

x
-- d/d.go --
package d
-- d/d_test.go --
package d

import \"C\"
-- e/e.go --
package e
-- e/e.cc --
x
-- f/f.go --
package f
-- f/f.swig --
x
-- f/f.syso --
x
-- g/g.go --
package g
-- g/g.m --
x
-- h/h.go --
package h
-- h/h.f90 --
x
-- user/u.go --
package user

import (
	_ \"example.com/m/a\"
	_ \"example.com/m/b\"
	_ \"example.com/m/d\"
)
",
    ),
    (
        "embedded files",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a

import _ \"embed\"

//go:embed x.txt d/* \"q r.txt\" `raw`
var X string

//go:embed all:e
var Y string

// A string with \"//go:embed no\" in it.
var _ = \"//go:embed no\"
-- a/x.txt --
x
-- a/q r.txt --
x
-- a/raw --
x
-- a/d/one --
x
-- a/d/.hidden --
x
-- a/d/sub/two --
x
-- a/e/.h --
x
-- a/e/_u --
x
-- a/a_test.go --
package a

import _ \"embed\"

//go:embed t.txt
var T string
-- a/t.txt --
x
-- b/b.go --
package b

import _ \"embed\"

//go:embed gone.txt
var X string
-- c/c.go --
package c

import _ \"embed\"

//go:embed ../a/x.txt
var X string
-- d/d.go --
package d

import _ \"embed\"

//go:embed mod
var X string
-- d/mod/go.mod --
module example.com/x
-- d/mod/f --
x
-- e/e.go --
package e

import _ \"embed\"

//go:embed [
var X string
-- f/f.go --
package f

import _ \"embed\"

//go:embed link
var X string
-- f/link -> ../a/x.txt --
-- g/g.go --
package g

//go:embed not.imported
var X string
-- h/h_test.go --
package h_test

import _ \"embed\"

//go:embed gone.txt
var X string
-- i/i.go --
package i

import _ \"embed\"

//go:embed empty
var X string
-- i/empty/.h --
x
-- user/u.go --
package user

import _ \"example.com/m/b\"
",
    ),
    (
        "replaced folders and modules within modules",
        "\
-- go.mod --
module example.com/m

go 1.24

require (
	example.com/a v0.0.0
	example.com/a/b v0.0.0
)

replace example.com/a => ./rep/a

replace example.com/a/b => ./rep/b
-- m.go --
package m

import (
	_ \"example.com/a/b\"
	_ \"example.com/a/b/c\"
	_ \"example.com/a/x\"
	_ \"example.com/a/gone\"
)
-- rep/a/go.mod --
module example.com/a
-- rep/a/x/x.go --
package x
-- rep/a/b/c/c.go --
package c
-- rep/b/go.mod --
module example.com/a/b
-- rep/b/b.go --
package b
-- rep/b/c/c.go --
package c
",
    ),
    (
        "a vendor folder",
        "\
-- go.mod --
module example.com/m

go 1.24

require example.com/a v1.0.0
-- m.go --
package m

import (
	_ \"example.com/a\"
	_ \"example.com/a/more\"
	_ \"example.com/a/unlisted\"
	_ \"example.com/gone\"
)
-- vendor/modules.txt --
# example.com/a v1.0.0
## explicit
example.com/a
example.com/a/more
-- vendor/example.com/a/a.go --
package a

import _ \"example.com/a/more\"
-- vendor/example.com/a/more/more.go --
package more
-- vendor/example.com/a/unlisted/u.go --
package unlisted
",
    ),
    (
        "a workspace",
        "\
-- go.work --
go 1.24

use (
	.
	./b
)
-- go.mod --
module example.com/m

go 1.24
-- m.go --
package m

import (
	_ \"example.com/b\"
	_ \"example.com/b/gone\"
	_ \"example.com/gone\"
)
-- b/go.mod --
module example.com/b

go 1.24
-- b/b.go --
package b
",
    ),
    (
        "names that differ only in case, and odd names",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a
-- a/A.go --
package a
-- p/p.go --
package p

import (
	_ \"example.com/m/q\"
	_ \"example.com/m/Q\"
)
-- q/q.go --
package q
-- Q/q.go --
package q
-- r/-x.go --
package r
-- s/+x.go --
package s
",
    ),
    (
        "links",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a
-- b/b.go -> ../a/a.go --
-- c/c.go --
package c
-- c/dir.go -> ../a --
-- d -> a --
-- e/e.go -> gone.go --
-- f/f.go --
package f
",
    ),
    (
        "imports of the standard library's inside",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
package a

import (
	\"crypto/tls\"
	\"net/http\"
	_ \"unsafe\"
	_ \"golang.org/x/net/http/httpguts\"
	_ \"vendor/golang.org/x/net/idna\"
	_ \"cmd/go\"
	_ \"builtin\"
)

var (
	_ tls.Config
	_ http.Client
)
",
    ),
    (
        "tests of programs, and of a package named like a test",
        "\
-- go.mod --
module example.com/m
-- main.go --
package main

func main() {}
-- x_test.go --
package main_test

import _ \"testing\"
-- a_test/a.go --
package a_test
-- a_test/a_test.go --
package a_test
-- b/b.go --
package b
-- b/b_test.go --
package b_test

import (
	_ \"example.com/m/b\"
	_ \"example.com/m/c\"
)
-- c/c.go --
package c

import (
	_ \"example.com/m/b\"
	_ \"example.com/m/d\"
)
-- d/d.go --
package d

import _ \"example.com/m/b\"
-- b/in_test.go --
package b

import _ \"os\"
",
    ),
    (
        "a module without go.mod requirements but with old go",
        "\
-- go.mod --
module example.com/m

go 1.16
-- m.go --
// +build linux

// +build amd64 arm64

package m
-- n.go --
// +build windows
// +build linux

package m
-- o.go --
// +build !linux

package m
-- p.go --
// +build windows
package m
",
    ),
    (
        "byte order mark, line ends, comments",
        "\
-- go.mod --
module example.com/m
-- a/a.go --
\u{feff}package a

import \"os\"
-- b/b.go --
package b // import \"example.com/other\"

import \"os\" // why
import /* here */ \"io\"
import (
	// doc
	f \"fmt\" /* x */ // y

	. \"strings\"
	_ `bytes`
)
-- c/c.go --
/* c */ package /* d */ c /* e
*/ import \"os\"
-- d/d.go --
package d\r
\r
import (\r
	\"os\"\r
)\r
-- e/e.go --
package e\\xff
-- f/f.go --
package f

import \"a\\xffb\"
-- g/g.go --
package g

import \"os\"; var x = \"import\"
-- h/h.go --
package h

import()
import (\"os\");
",
    ),
];

pub(crate) const CONSTRAINTS: &str = "\
-- go.mod --
module example.com/m
-- a/a.go --
package a
-- a/a_linux.go --
package a
-- a/a_windows.go --
package a

import _ \"os\"
-- a/a_darwin_arm64.go --
package a
-- a/a_unix.go --
package a
-- a/a_android.go --
package a
-- a/linux.go --
package a
-- a/x_test_linux.go --
package a
-- a/x_linux_test.go --
package a

import _ \"testing\"
-- a/tags.go --
//go:build integration || (x && !linux)

package a

import _ \"net\"
-- a/unix.go --
//go:build unix

package a

import _ \"syscall\"
-- a/late.go --
package a

//go:build ignore
-- a/cgo.go --
//go:build cgo

package a
-- a/nocgo.go --
//go:build !cgo && go1.20 && !go1.99 && gc

package a
-- a/both.go --
//go:build windows
// +build linux

package a
-- b/b.go --
//go:build ignore

package main
-- c/c_js.go --
package c
-- d/d.go --
package d

import (
	_ \"example.com/m/b\"
	_ \"example.com/m/c\"
)
";
