//! Which cells there are, and what is expected of each. Pure.

use super::cell::{Cell, Platform, Prediction};
use super::compiler::{Compiler, Probe};
use super::graph::{Packages, Problem};
use super::platforms::Ports;
use super::versions::Version;
use gopackages::ErrorKind;
use goward_model::Text;
use std::collections::BTreeSet;

/// The cells, version by version. Where a platform has no cgo at all there is no cell with it.
pub(super) fn cells(
    versions: &[Version],
    platforms: &[Platform],
    cgo: &[bool],
    known: &Ports,
) -> Vec<Cell> {
    let mut cells = vec![];
    for go in versions {
        for platform in platforms {
            for cgo in cgo {
                if !*cgo || known.get(platform) != Some(&false) {
                    cells.push(Cell { go: *go, platform: platform.clone(), cgo: *cgo });
                }
            }
        }
    }
    cells
}

/// What is known before anything is built.
pub(super) struct Facts<'a> {
    /// What the graph says of the cell's packages.
    pub(super) packages: Result<&'a Packages, &'a str>,
    /// The platforms of its version of Go; empty where they are not known.
    pub(super) ports: &'a Ports,
    /// The `go` line that its version must reach.
    pub(super) go_line: Option<&'a str>,
    /// The C compiler for its platform.
    pub(super) compiler: Option<&'a Compiler>,
    /// What the patterns match in any cell.
    pub(super) all: &'a BTreeSet<String>,
}

/// What is expected of a cell, in the order in which go would stumble.
pub(super) fn predict(cell: &Cell, known: &Facts<'_>) -> Prediction {
    if let Some(line) = known.go_line.filter(|line| !cell.go.reaches(line)) {
        return Prediction::fail(
            "toolchain.too-old",
            Text::new(format!("go.mod asks for Go {line}"), format!("go.mod 要求 Go {line}")),
        );
    }
    if !known.ports.is_empty() && !known.ports.contains_key(&cell.platform) {
        let (go, platform) = (cell.go, &cell.platform);
        return Prediction::fail(
            "target.unsupported",
            Text::new(format!("{go} has no {platform}"), format!("{go} 没有 {platform}")),
        );
    }
    let packages = match known.packages {
        Ok(packages) => packages,
        Err(why) => return Prediction::unknown(Text::same(why)),
    };
    let mut prediction = match &packages.error {
        Some(Problem { cause: Some(cause), message }) => {
            Prediction::fail(cause, Text::same(message.as_str()))
        }
        Some(Problem { cause: None, message }) => Prediction::unknown(Text::same(message.as_str())),
        None if packages.matched.is_empty() => nothing_is_built(),
        None => of_compiler(packages, known.compiler),
    };
    prediction.left_out = known.all.difference(&packages.matched).cloned().collect();
    if cell.cgo {
        prediction.needs_c.clone_from(&packages.needs_c);
    }
    prediction
}

/// Go itself calls that a success.
pub(super) fn nothing_is_built() -> Prediction {
    Prediction::fail(
        "source.build-constraints",
        Text::new(
            "nothing is built: the patterns match no package here",
            "没有构建任何内容：模式在此不匹配任何包",
        ),
    )
}

fn of_compiler(packages: &Packages, compiler: Option<&Compiler>) -> Prediction {
    match compiler.filter(|_| !packages.needs_c.is_empty()) {
        None => Prediction::pass(),
        Some(compiler) => match compiler.cause() {
            None => Prediction::pass(),
            Some(cause) => Prediction::fail(cause, compiler.why()),
        },
    }
}

/// The cause that follows from what is wrong with a package, where that is certain.
pub(super) fn cause(kind: ErrorKind, message: &str) -> Option<&'static str> {
    Some(match kind {
        _ if message.ends_with("directory not found") => "source.missing-package",
        ErrorKind::NoGo | ErrorKind::MultiplePackages => "source.build-constraints",
        ErrorKind::Syntax => "source.syntax",
        ErrorKind::Cycle => "source.import-cycle",
        ErrorKind::Internal | ErrorKind::Program => "source.internal-package",
        ErrorKind::Embed => "source.embed",
        // Whether a module offers it, go finds out by asking.
        ErrorKind::Missing if message.contains("is not in std") => "source.missing-package",
        _ => return None,
    })
}

impl Compiler {
    /// Why a cell that needs C fails with it.
    pub(super) fn cause(&self) -> Option<&'static str> {
        match &self.probe {
            Probe::Works => None,
            // It is there, but none for this platform.
            Probe::NotFound | Probe::OtherTarget => Some("cgo.no-compiler"),
            Probe::NoHeaders(_) => Some("cgo.missing-header"),
            Probe::Refuses(_) => Some("cgo.compile-error"),
        }
    }

    /// The same in words.
    pub(super) fn why(&self) -> Text {
        let (cc, platform) = (&self.cc, &self.platform);
        match &self.probe {
            Probe::Works => Text::default(),
            Probe::NotFound => Text::new(
                format!("there is no C compiler for {platform}: {cc} is not on the PATH"),
                format!("没有 {platform} 的 C 编译器：PATH 中没有 {cc}"),
            ),
            Probe::OtherTarget => Text::new(
                format!(
                    "there is no C compiler for {platform}: {cc} compiles for another platform"
                ),
                format!("没有 {platform} 的 C 编译器：{cc} 为其他平台编译"),
            ),
            Probe::NoHeaders(said) => Text::new(
                format!("{cc} has no C library for {platform}: {said}"),
                format!("{cc} 没有 {platform} 的 C 库：{said}"),
            ),
            Probe::Refuses(said) => Text::new(
                format!("{cc} does not compile a line of C for {platform}: {said}"),
                format!("{cc} 无法为 {platform} 编译一行 C：{said}"),
            ),
        }
    }
}

/// Which cells may fail: `OS/ARCH`, `OS/ARCH/cgo`, `OS/ARCH/nocgo`.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    pub(super) platform: Platform,
    pub(super) kind: Option<String>,
}

impl Allowed {
    pub(super) fn covers(&self, cell: &Cell) -> bool {
        self.platform == cell.platform && self.kind.as_deref().is_none_or(|it| it == cell.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Verdict;
    use super::*;

    fn cell(go: &str, cgo: bool) -> Cell {
        Cell { go: go.parse().unwrap(), platform: Platform::new("linux", "arm64"), cgo }
    }

    fn compiler(probe: Probe) -> Compiler {
        Compiler { platform: Platform::new("linux", "arm64"), cc: "gcc".into(), cxx: None, probe }
    }

    fn packages(needs_c: &[&str]) -> Packages {
        Packages {
            matched: BTreeSet::from(["m".to_owned()]),
            needs_c: needs_c.iter().map(|it| (*it).to_owned()).collect(),
            error: None,
        }
    }

    fn known<'a>(packages: &'a Packages, compiler: &'a Compiler, ports: &'a Ports) -> Facts<'a> {
        let (packages, all) = (Ok(packages), &packages.matched);
        Facts { packages, ports, go_line: Some("1.22"), compiler: Some(compiler), all }
    }

    fn verdict(cell: &Cell, known: &Facts<'_>) -> (Verdict, Option<String>) {
        let prediction = predict(cell, known);
        (prediction.verdict, prediction.cause)
    }

    #[test]
    fn only_what_needs_c_needs_a_compiler() {
        let ports = Ports::from([(Platform::new("linux", "arm64"), true)]);
        let (none, works) = (compiler(Probe::OtherTarget), compiler(Probe::Works));
        let (plain, c) = (packages(&[]), packages(&["runtime/cgo"]));
        let pass = (Verdict::Pass, None);
        let cgo = cell("1.24.0", true);
        assert_eq!(verdict(&cgo, &known(&plain, &none, &ports)), pass);
        assert_eq!(verdict(&cgo, &known(&c, &works, &ports)), pass);
        let missing = (Verdict::Fail, Some("cgo.no-compiler".to_owned()));
        assert_eq!(verdict(&cgo, &known(&c, &none, &ports)), missing);
        let headers = compiler(Probe::NoHeaders("stdlib.h".into()));
        let missing = (Verdict::Fail, Some("cgo.missing-header".to_owned()));
        assert_eq!(verdict(&cgo, &known(&c, &headers, &ports)), missing);
    }

    #[test]
    fn go_stumbles_over_its_version_first() {
        let (plain, none) = (packages(&[]), compiler(Probe::NotFound));
        let ports = Ports::from([(Platform::new("linux", "amd64"), true)]);
        let cause = |go| verdict(&cell(go, true), &known(&plain, &none, &ports)).1.unwrap();
        assert_eq!(cause("1.21.13"), "toolchain.too-old");
        assert_eq!(cause("1.22.1"), "target.unsupported");
    }

    #[test]
    fn what_builds_nothing_does_not_pass() {
        let (ports, works) = (Ports::new(), compiler(Probe::Works));
        let nothing = Packages::default();
        let all = BTreeSet::from(["m".to_owned()]);
        let known = Facts { all: &all, ..known(&nothing, &works, &ports) };
        let prediction = predict(&cell("1.24.0", false), &known);
        assert_eq!(prediction.cause.as_deref(), Some("source.build-constraints"));
        assert_eq!(prediction.left_out, ["m"]);
        let known = Facts { packages: Err("no go.mod"), ..known };
        assert_eq!(predict(&cell("1.24.0", false), &known).verdict, Verdict::Unknown);
    }

    #[test]
    fn a_platform_without_cgo_has_no_cell_with_it() {
        let ports = Ports::from([(Platform::new("js", "wasm"), false)]);
        let (go, wasm) = (["1.24.0".parse().unwrap()], [Platform::new("js", "wasm")]);
        assert_eq!(cells(&go, &wasm, &[false, true], &ports).len(), 1);
        assert_eq!(cells(&go, &wasm, &[false, true], &Ports::new()).len(), 2);
    }
}
