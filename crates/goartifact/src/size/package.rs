//! Whose a symbol is, by its name.

use super::{Bytes, Kind, PackageSize, module_of};
use crate::BuildInfo;
use std::borrow::Cow;
use std::collections::HashMap;

/// What C has.
pub(super) const C: &str = "(C)";
/// What is of a file of Go's assembly and does not name its package.
pub(super) const ASSEMBLY: &str = "(assembly)";

/// The import path of the package that a function or variable is of, or a group in parentheses.
///
/// A name is the path with the dots of its last element escaped (`gopkg.in/yaml%2ev3.Unmarshal`), a
/// dot, and what the package calls it (`cmd/internal/objabi`, `PathToPrefix`). What is behind `[` are
/// the arguments of a type, and may hold any path.
pub fn package_of(symbol: &str) -> Cow<'_, str> {
    let mut name = symbol;
    // Hash and equality functions of types (`type:.eq.net/http.T`).
    for prefix in ["type:.eq.", "type:.hash.", "type..eq.", "type..hash."] {
        if let Some(rest) = name.strip_prefix(prefix) {
            name = rest.trim_start_matches('*');
            if name.starts_with(['[', '(']) || name.starts_with("struct {") {
                return Cow::Borrowed("(types)");
            }
        }
    }
    match name {
        // Methods of the shapes that stand for type arguments; constants of the compiler.
        _ if name.starts_with("go.shape.") => return Cow::Borrowed("(types)"),
        _ if name.starts_with('$') => return Cow::Borrowed("(shared tables)"),
        _ if name.starts_with("go:string.") || name.starts_with("go.string.") => {
            return Cow::Borrowed("(strings)");
        }
        _ if ["type:", "go:itab.", "go.itab.", "go:typelink", "type."]
            .iter()
            .any(|it| name.starts_with(it)) =>
        {
            return Cow::Borrowed("(types)");
        }
        _ if name.starts_with("go:")
            || name.starts_with("go.") && !name.contains('/')
            || name.starts_with("gclocals") =>
        {
            return Cow::Borrowed("(shared tables)");
        }
        _ => {}
    }
    let bare = name.split('[').next().unwrap_or_default();
    // Import paths have no parentheses: these are receivers.
    let bare = bare.split('(').next().unwrap_or_default();
    let last = bare.rfind('/').map_or(0, |slash| slash + 1);
    let Some(dot) = bare.get(last..).and_then(|element| element.find('.')) else {
        return Cow::Borrowed(if is_assembly(bare) { "runtime" } else { C });
    };
    if dot == 0 {
        return Cow::Borrowed(C);
    }
    unescape(bare.get(..last + dot).unwrap_or_default())
}

/// Functions of Go's own assembly that have no package in their name.
fn is_assembly(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "_rt0_",
        "callRet",
        "cmpbody",
        "countbody",
        "debugCall",
        "gcWriteBarrier",
        "gogo",
        "gosave_",
        "indexbody",
        "indexbytebody",
        "memeqbody",
        "setg_gcc",
        "wb",
        "aeshashbody",
        "runtime",
        "emptyfunc",
    ];
    NAMES.iter().any(|prefix| name.starts_with(prefix))
}

/// `%2e` is a dot.
fn unescape(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let (mut out, mut rest) = (Vec::with_capacity(path.len()), path.as_bytes());
    while let Some((first, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// Bytes by package while they are added up.
#[derive(Default)]
pub(super) struct Packages(HashMap<String, (Bytes, u64)>);

impl Packages {
    fn entry(&mut self, package: &str) -> &mut (Bytes, u64) {
        if !self.0.contains_key(package) {
            self.0.insert(package.to_owned(), Default::default());
        }
        self.0.entry(package.to_owned()).or_default()
    }

    pub(super) fn add(&mut self, package: &str, kind: Kind, bytes: u64) {
        if bytes > 0 {
            let sum = self.entry(package).0.of_mut(kind);
            *sum = sum.saturating_add(bytes);
        }
    }

    pub(super) fn add_zero(&mut self, package: &str, bytes: u64) {
        if bytes > 0 {
            let sum = &mut self.entry(package).1;
            *sum = sum.saturating_add(bytes);
        }
    }

    /// The largest first, with their modules. `main` is called by its path.
    pub(super) fn sorted(self, info: Option<&BuildInfo>) -> Vec<PackageSize> {
        // Without cgo no C is linked, but for the race detector's and its like.
        let set = |key, value| info.is_some_and(|info| info.setting(key) == Some(value));
        let c_is_linked = !set("CGO_ENABLED", "0")
            || ["-race", "-msan", "-asan"].iter().any(|flag| set(flag, "true"));
        let mut all = self.0;
        if !c_is_linked && let Some((bytes, zero)) = all.remove(C) {
            let sum = all.entry(ASSEMBLY.to_owned()).or_default();
            for kind in Kind::ALL {
                let of_kind = sum.0.of_mut(kind);
                *of_kind = of_kind.saturating_add(bytes.of(kind));
            }
            sum.1 = sum.1.saturating_add(zero);
        }
        let path = info
            .and_then(|info| info.path.as_deref())
            .filter(|path| *path != "command-line-arguments");
        let mut all: Vec<PackageSize> = all
            .into_iter()
            .map(|(package, (bytes, zero))| {
                let package = match path {
                    Some(path) if package == "main" => path.to_owned(),
                    _ => package,
                };
                let module = match info.and_then(|info| info.main.as_ref()) {
                    Some(main) if package == "main" => main.path.clone(),
                    _ => module_of(&package, info),
                };
                PackageSize { module, package, bytes, zero }
            })
            .collect();
        all.sort_by(|a, b| {
            let size = |it: &PackageSize| (it.bytes.total(), it.zero);
            size(b).cmp(&size(a)).then_with(|| a.package.cmp(&b.package))
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_its_packages() {
        for (symbol, package) in [
            ("main.main", "main"),
            ("net/http.(*Server).Serve.func1", "net/http"),
            ("gopkg.in/yaml%2ev3.(*Decoder).Decode", "gopkg.in/yaml.v3"),
            ("github.com/a/b.F[go.shape.struct { example.com/x.y int }]", "github.com/a/b"),
            ("slices.SortFunc[go.shape.[]*example.com/a.T,go.shape.*uint8]", "slices"),
            ("type:.eq.net/http.http2writeData", "net/http"),
            ("type:.eq.[4]interface {}", "(types)"),
            ("type:*", "(types)"),
            ("go:itab.*os.File,io.Writer", "(types)"),
            ("go:string.*", "(strings)"),
            ("go:func.*", "(shared tables)"),
            ("example.com/m/v2/internal/a..stmp_12", "example.com/m/v2/internal/a"),
            ("vendor/golang.org/x/net/idna.idnaValues", "vendor/golang.org/x/net/idna"),
            ("memeqbody", "runtime"),
            ("sqlite3_open", "(C)"),
            ("_cgo_export", "(C)"),
            ("go.shape.struct { net/netip.isV6 bool; net/netip.zoneV6 string }.String", "(types)"),
            ("$f64.3ff0000000000000", "(shared tables)"),
            ("", "(C)"),
            (".L12", "(C)"),
            ("a%zz.b", "a%zz"),
        ] {
            assert_eq!(package_of(symbol), package, "{symbol}");
        }
    }
}
