//! Random files, names and expressions, the same in every run.

/// A source of random numbers: xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % bound.max(1)
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// Some of these, one behind the other.
    pub(crate) fn sequence(&mut self, from: &[&str], most: usize) -> String {
        (0..=self.below(most)).map(|_| self.pick(from)).collect()
    }
}

/// Files that show what few others have.
pub(crate) const RARE: &[&str] = &[
    r#"//go:build linux && cgo

// Package p is. More.
package p // import "example.com/p"

/*
#cgo CFLAGS: -O2
#include <a.h>
*/
import "C"

import (
	_ "embed"
	x "a/b"
)

//go:embed a.txt "b c" `d`
var s string
"#,
    r#"// +build linux,!cgo darwin
// +build amd64

//go:debug panicnil=1
//go:binary-only-package

package p

//line parse.y:7
import "fmt"

func f() {}
"#,
    "\u{feff}//go:build linux\npackage p; import . \"a\"; import (b \"b\"; _ `c`)\n/*line a/b.go:3:4*/ import \"d\"\n",
    "package p\r\n\r\nimport (\r\n\t\"a\"\r\n\r\n\t// For x.\r\n\t\"C\"\r\n)\r\n",
];

/// What matters to readers of Go.
const PIECES: &[&[u8]] = &[
    b"\n",
    b"\n\n",
    b"\r",
    b"\r\n",
    b" ",
    b"\t",
    b"\x0c",
    b"\x0b",
    b"\0",
    b"\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe2\x80",
    "é".as_bytes(),
    "世".as_bytes(),
    "“".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{a0}".as_bytes(),
    "\u{85}".as_bytes(),
    "٣".as_bytes(),
    b"/",
    b"//",
    b"/*",
    b"*/",
    b"/**/",
    b"/*/",
    b"// x\n",
    b"/* a\n b */",
    b"\"",
    b"`",
    b"'",
    b"\\",
    b"\"\\\"\"",
    b"\"\\x41\"",
    b"\"\\q\"",
    b"\"\\u12\"",
    b"\"\\400\"",
    b"'\\''",
    b"`a\rb`",
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b";",
    b".",
    b"...",
    b":",
    b":=",
    b"+",
    b"++",
    b"<<=",
    b"&^=",
    b"#",
    b"$",
    b"~",
    b"!",
    b"0",
    b"08",
    b"0x",
    b"0x1.p",
    b"1_",
    b"1__0",
    b"0b12",
    b".5e",
    b"1e+",
    b"0o.1",
    b"3i",
    b"_",
    b"a",
    b"package",
    b"package p\n",
    b"import",
    b"import ",
    b"import (",
    b"import \"C\"\n",
    b"import \"embed\"\n",
    b"import _ \"embed\"\n",
    b"import . \"a b\"\n",
    b"import \"\"\n",
    b"func",
    b"func f() {}\n",
    b"var x int\n",
    b"type",
    b"if",
    b"return",
    b"const",
    b"//go:build linux\n",
    b"//go:build !a && (b || c)\n",
    b"//go:build a &\n",
    b"//go:build\n",
    b"// +build a,!b c\n\n",
    b"//+build x\n",
    b"//go:binary-only-package\n",
    b"//go:debug x=1\n",
    b"//go:embed a b\n",
    b"//go:embed \"a b\" `c`\n",
    b"//go:embed \"a\"b\n",
    b"//go:embed \xc2\xa0x\n",
    b"//go:embedx\n",
    b"//line a.y:7\n",
    b"//line :7:3\n",
    b"//line b/../c.y:0\n",
    b"//line d:x\n",
    b"//line e:1:0\n",
    b"/*line f.y:3:4*/",
    b"/*line g:2*/",
    b"//line :9\n",
    b"//line a:1:2:3\n",
    b" // import \"x/y\"\n",
    b" /* import `z` */",
    b"/* import */",
    b"// #cgo LDFLAGS: -lm\n",
    b"// Package p does. It is\n",
    b"// See [math.Sin] and [x]. a\n// [x]: https://a.b\n",
    b"// # Heading\n//\n",
];

/// Bytes with a few random edits.
pub(crate) fn damaged(random: &mut Random, texts: &[Vec<u8>]) -> Vec<u8> {
    let mut text = texts[random.below(texts.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len() + 1);
        let to = (at + 1 + random.below(12)).min(text.len());
        match random.below(8) {
            0 => drop(text.drain(at..to)),
            1 => text.truncate(at),
            2 if at < text.len() => text[at] = u8::try_from(random.below(256)).unwrap(),
            3 if to < text.len() => text.swap(at, to),
            4 => {
                let copy = text[at..to].to_vec();
                let target = random.below(text.len() + 1);
                text.splice(target..target, copy);
            }
            5 => {
                let other = &texts[random.below(texts.len())];
                let start = random.below(other.len());
                let end = (start + random.below(200)).min(other.len());
                text.splice(at..at, other[start..end].iter().copied());
            }
            _ => drop(text.splice(at..at, random.pick(PIECES).iter().copied())),
        }
    }
    text
}

/// Pieces of Go in no order, sometimes behind a good start.
pub(crate) fn soup(random: &mut Random) -> Vec<u8> {
    let starts: [&[u8]; 4] =
        [b"", b"package p\n", b"package p\nimport \"embed\"\n", b"// Doc.\npackage p\nimport (\n"];
    let mut text = random.pick(&starts).to_vec();
    for _ in 0..random.below(14) {
        text.extend_from_slice(random.pick(PIECES));
    }
    text
}

/// A line that may be a constraint.
pub(crate) fn constraint_line(random: &mut Random) -> String {
    const WORDS: &[&str] = &[
        "linux", "a", "go1.21", "go1", "xgo1.5", "go1.1.1", "é", "٣", "_.", "386", "(", ")", "(",
        ")", "!", "&&", "||", " && ", " || ", "&&!", " ", "\t", ",", "&", "|", "\n", "\r",
        "\u{a0}", "\u{b}", "-", "\"", "世界", "𞤀", "!(",
    ];
    const STARTS: &[&str] = &[
        "//go:build ",
        "//go:build ",
        "// +build ",
        "//+build ",
        "//go:build",
        "// +build",
        "//go:buildx ",
        "//\u{a0}+build\u{a0}",
        "// ",
        "",
    ];
    if random.below(3) == 0 {
        return format!("//go:build {}", expression(random, 4));
    }
    random.pick(STARTS).to_owned() + &random.sequence(WORDS, 12)
}

fn expression(random: &mut Random, depth: usize) -> String {
    let mut inner = || expression(random, depth - 1);
    match if depth == 0 { 0 } else { inner().len() % 5 } {
        1 => format!("!({})", inner()),
        2 => format!("{} && {}", inner(), inner()),
        3 => format!("{} || {}", inner(), inner()),
        4 => format!("({})", inner()),
        _ => random.sequence(&["linux", "go1.2", "go1.3", "!a", "b"], 0),
    }
}

/// The name of a file.
pub(crate) fn file_name(random: &mut Random) -> String {
    const WORDS: &[&str] = &[
        "_", "_", "_", "linux", "windows", "android", "solaris", "darwin", "unix", "amd64", "386",
        "arm64", "wasm", "js", "zos", "test", "x", ".", "Linux", "riscv64",
    ];
    random.sequence(WORDS, 6) + ".go"
}
