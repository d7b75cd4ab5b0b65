//! Packages with other code, by their functions.

use crate::code::{Code, Fate, Pair};
use crate::found::Causes;
use crate::image::{Func, package};
use std::collections::BTreeMap;

/// Names packages with other code.
pub(crate) fn changed_code(functions: [&[Func<'_>]; 2], code: &Code, causes: &mut Causes) {
    /// Functions that are named of a package.
    const NAMED: usize = 3;
    let mut packages: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    let mut add = |side: usize, place: usize, mark: &str| {
        let Some(function) = functions[side].get(place) else { return };
        let package = if function.go { package(function.name) } else { "C" };
        let (count, names) = packages.entry(package).or_default();
        *count += 1;
        if names.len() < NAMED {
            names.push(format!("{mark}{}", function.name));
        }
    };
    for pair in &code.pairs {
        if matches!(pair.fate, Fate::Changed(_)) {
            add(0, pair.places.0, "");
        }
    }
    code.only[0].iter().for_each(|place| add(0, *place, "-"));
    code.only[1].iter().for_each(|place| add(1, *place, "+"));
    // What other flags changed is no other code.
    if causes.has("cgo-flags") {
        packages.remove("C");
    }
    for (package, (count, names)) in packages {
        let functions = if count == 1 { "function" } else { "functions" };
        causes.add("code", format!("{package}: {count} {functions}: {}", names.join(", ")));
    }
}

/// Flags of the C compiler that build info does not tell: `-trimpath` hides them. The C code of runtime/cgo belongs
/// to the toolchain; compiled by the same compiler, only flags are left.
pub(crate) fn c_flags(functions: &[Func<'_>], code: &Code, causes: &mut Causes) {
    const OTHERS: &[&str] = &[
        "platform",
        "toolchain",
        "experiment",
        "race",
        "sanitizer",
        "cgo-enabled",
        "buildmode",
        "linkmode",
        "c-compiler",
        "c-linker",
        "cgo-flags",
    ];
    if causes.any(OTHERS) {
        return;
    }
    let of_runtime = |pair: &&Pair| {
        matches!(pair.fate, Fate::Changed(_))
            && functions
                .get(pair.places.0)
                .is_some_and(|it| !it.go && it.name.starts_with("x_cgo_"))
    };
    let flags = code.pairs.iter().filter(of_runtime).count();
    if flags > 0 {
        causes.add("cgo-flags", format!("runtime/cgo: {flags} C functions, of the same compiler"));
    }
}
