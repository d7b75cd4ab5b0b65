//! Patterns match what they match for the go command, in its order, and the standard library is worked on like others.

use super::{ALL, GO, HERE, Target, differences, world};
use overlay::Overlay;

const WORLD: &str = r#"-- go.mod --
module example.com/m

go 1.25

require example.com/d v1.0.0

replace example.com/d => ./d

tool example.com/d/tool

ignore ./ignored
-- m.go --
package m

import _ "example.com/d"
-- m_test.go --
package m

import _ "example.com/d/tested"
-- ignored/x.go --
package ignored
-- none/doc.txt --
nothing
-- other/other_windows.go --
package other
-- sub/one/one.go --
package one
-- sub/one/main/main.go --
package main

func main() {}
-- sub/one/main/default.pgo --
-- sub/two/main/main.go --
package main

import _ "example.com/m/sub/one"

func main() {}
-- sub/two/_x/x.go --
package x
-- sub/two/testdata/x.go --
package x
-- vendor.go/v.go --
package v
-- nested/go.mod --
module example.com/nested
-- nested/n.go --
package n
-- d/go.mod --
module example.com/d

go 1.25
-- d/d.go --
package d
-- d/d_test.go --
package d

import _ "net/http"
-- d/tested/t.go --
package tested
-- d/tool/main.go --
package main

import _ "text/tabwriter"

func main() {}
-- d/unused/u.go --
package unused
"#;

fn same(dir: &std::path::Path, target: &Target, patterns: &[&str]) {
    let said = differences(dir, target, &Overlay::default(), patterns);
    assert!(said.is_empty(), "{patterns:?}:\n{}", said.join("\n"));
}

#[test]
fn patterns_match_what_they_match_in_go() {
    let dir = world(WORLD);
    let root = dir.path().canonicalize().unwrap();
    let all: [&[&str]; 21] = [
        &["."],
        &["./..."],
        &["./sub/..."],
        &["./sub/.../main"],
        &["./s..."],
        &["./sub/one"],
        &["./nosuch"],
        &["./none"],
        &["./other"],
        &["example.com/m/..."],
        &["example.com/..."],
        &["example.com/d/..."],
        &["example.com/.../main"],
        &["example.com/m/sub/two/main", "./sub/one/main"],
        &["all"],
        &["work"],
        &["tool"],
        &["net/..."],
        &["fmt", "example.com/nosuch", "nosuch/x"],
        &["./...", "example.com/d", "./..."],
        &["./sub/one/main"],
    ];
    for patterns in all {
        same(&root, &HERE, patterns);
    }
}

#[test]
fn the_toolchain_s_own_packages() {
    let dir = world("-- go.mod --\nmodule example.com/m\n");
    let root = dir.path().canonicalize().unwrap();
    same(&root, &HERE, &["std"]);
    // With copies of what the compiler imports, for its profile.
    same(&root, &HERE, &["cmd"]);
    same(&root, &Target { cgo: false, ..HERE }, &["std"]);
}

#[test]
fn the_standard_library_and_the_commands_as_main_modules() {
    same(&GO.goroot.join("src"), &HERE, &ALL);
    same(&GO.goroot.join("src/cmd"), &HERE, &ALL);
    same(&GO.goroot.join("src/cmd"), &HERE, &["./internal/...", "golang.org/x/mod/..."]);
}
