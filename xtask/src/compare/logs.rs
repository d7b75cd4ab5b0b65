//! `compare logs`: how fast `goward explain` reads logs of many kinds, as a whole process, beside a search
//! for a handful of messages by ripgrep.

use super::{compare, goward, measure, side};
use crate::shell::exists;
use anyhow::{Result, ensure};
use std::io::Write as _;
use std::path::Path;

/// The goal for 100 MB on one core, in MB of CPU seconds.
const GOAL: f64 = 200.0;

/// What each log ends with: the one failure in those that have no other.
const END: &str = "# example.com/hello\n./main.go:5:2: undefined: greet\n";

/// A few of the messages that goward looks for.
const PATTERN: &str = "undefined: |cannot use |could not import|no required module provides|checksum mismatch|\
                       undefined reference|no space left on device|signal: killed|i/o timeout|connection refused";

/// Kinds of logs; `{n}` is another number in each line, so that no line is like the one before.
const KINDS: &[(&str, &str)] = &[
    (
        "a CI's log that ends badly",
        "2024-05-01T12:00:00.{n}Z Get:12 http://archive.example.com/ubuntu jammy/main amd64 libfoo [12.3 kB]\n\
         2024-05-01T12:00:00.{n}Z Unpacking libfoo (1.2.{n}-4ubuntu1) ...\n\
         2024-05-01T12:00:00.{n}Z go: downloading github.com/example/module v1.2.{n}\n",
    ),
    (
        "go test -v",
        "=== RUN   TestParse/empty_input_{n}\n    parse_test.go:33: got error: open /x: no such file\n\
         level=info msg=\"request served\" path=/v1/items/{n} status=200 duration=1.234ms\n\
         --- PASS: TestParse/empty_input_{n} (0.00s)\n",
    ),
    (
        "go test -json",
        "{\"Time\":\"2024-05-01T12:00:00.{n}Z\",\"Action\":\"output\",\"Package\":\"example.com/hello\",\
         \"Output\":\"=== RUN   TestParse{n}\\n\"}\n",
    ),
    (
        "services",
        "{\"level\":\"error\",\"ts\":{n},\"msg\":\"no such host\",\"error\":\"dial tcp: lookup db{n}: no such host\"}\n\
         time=\"2024-05-01T12:00:00Z\" level=warning msg=\"retrying\" attempt={n}\n",
    ),
    ("nothing but compile errors", "./main{n}.go:{n}:2: undefined: greet{n}\n"),
    (
        "long compile errors",
        "pkg/store/store{n}.go:{n}:15: cannot use s{n} (variable of type *Store) as Reader value in argument to read: \
         *Store does not implement Reader (missing method Read)\n",
    ),
    (
        "errors as GitHub shows them",
        "2024-05-01T12:00:00.{n}Z ##[error]./main.go:{n}:2: undefined: greet{n}\n",
    ),
    (
        "lines that nearly match",
        "./main.go:{n}:2: undefine: no required module provide package x{n}; go.sum entr\n",
    ),
    ("code that quotes errors", "\tline{n}: \"main.go:25:10: undefined: foo{n}\",\n"),
    (
        "prose",
        "We have seen build {n} of this project fail now and then with an error nobody understands.\n\
         > it says that the module cannot be found, but why?\n",
    ),
];

/// Reads `megabytes` MB (10^6 bytes) of each kind.
pub fn logs(megabytes: u64) -> Result<()> {
    ensure!(exists("rg"), "ripgrep is not installed: apt-get install ripgrep");
    let dir = tempfile::tempdir()?;
    let goward = goward();
    let mut slowest = (f64::INFINITY, "");
    for (kind, lines) in KINDS {
        let path = dir.path().join("build.log");
        let size = write(&path, lines, megabytes * 1_000_000)?;
        let name = path.display().to_string();
        let explain = side("goward explain", &[&goward, "explain", "--format", "json", &name]);
        let mut speeds: Vec<f64> = vec![];
        for _ in 0..3 {
            speeds.push(size as f64 / 1e6 / measure(&explain)?.cpu);
        }
        speeds.sort_by(f64::total_cmp);
        if speeds[1] < slowest.0 {
            slowest = (speeds[1], kind);
        }
        compare(
            &format!("{kind}: {megabytes} MB, {:.0} MB/s of CPU time", speeds[1]),
            &[explain, side("rg -c", &["rg", "--count", "--text", PATTERN, &name])],
            "different work: rg counts the lines that have one of ten texts",
        )?;
    }
    println!("\nslowest: {}, {:.0} MB/s (goal {GOAL:.0})", slowest.1, slowest.0);
    Ok(())
}

/// Writes a log of at least `size` bytes.
fn write(path: &Path, lines: &str, size: u64) -> Result<u64> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    let (mut written, mut n) = (0, 0_u64);
    while written < size {
        n += 1;
        let text = lines.replace("{n}", &n.to_string());
        out.write_all(text.as_bytes())?;
        written += text.len() as u64;
    }
    out.write_all(END.as_bytes())?;
    out.flush()?;
    Ok(written + END.len() as u64)
}
