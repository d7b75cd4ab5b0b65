//! What other languages' tools say as Go's do, where nothing is a sign of Go.

use crate::state::State;
use crate::weigh::{Weight, Weights};

impl Weight {
    /// Whether a line names a file of another language.
    fn is_of_others(&self) -> bool {
        const FILES: [&str; 9] = [
            ".js",
            ".ts\"",
            ".py",
            "package.json",
            "requirements.txt",
            "Cargo.",
            "pom.xml",
            ".jar",
            "Gemfile",
        ];
        self.evidence.iter().any(|one| FILES.iter().any(|file| one.text.contains(file)))
    }
}

/// Whether what a compiler or linker complains of is C++, Objective-C or of Visual Studio, or what was killed compiled it.
fn is_cpp(weight: &Weight) -> bool {
    const SIGNS: [&str; 14] = [
        ".cpp:",
        ".cc:",
        ".cxx:",
        ".hpp:",
        ".m:",
        ".mm:",
        ".obj :",
        ".obj:",
        "::",
        "(.rodata._Z",
        "(program cc1plus)",
        "ld.lld: error",
        "ld.lld-",
        "LNK2",
    ];
    weight.evidence.iter().any(|evidence| SIGNS.iter().any(|sign| evidence.text.contains(sign)))
}

/// Whether the line says where in a file of C's it is.
fn is_of_c(text: &str) -> bool {
    [".c:", ".h:", ".cc:", ".cpp:"].iter().any(|end| text.contains(end)) && !text.contains("cgo")
}

/// Whether the kernel names the process that it killed for memory, and it builds nothing:
/// `Killed process 4121 (java)`, `oom-kill:…,task=java,pid=4121`.
fn kills_another(text: &str) -> bool {
    const TOOLS: [&str; 22] = [
        "go",
        "compile",
        "link",
        "asm",
        "cgo",
        "cover",
        "vet",
        "gcc",
        "g++",
        "cc",
        "cc1",
        "cc1plus",
        "as",
        "ld",
        "lld",
        "collect2",
        "clang",
        "make",
        "bazel",
        "builder",
        "gopls",
        "golangci-lint",
    ];
    let named = text.split_once("ill process ").or_else(|| text.split_once("illed process "));
    let name = named.and_then(|(_, rest)| rest.split_once('(')?.1.split_once(')'));
    let name = name.or_else(|| text.split_once(",task=")?.1.split_once(','));
    let is_unit = text.contains(".service: ") && text.contains("OOM killer");
    // `ld.lld`, `x86_64-linux-gnu-gcc`, `clang-19`.
    let tool = |name: &str| name.split(['-', '.']).any(|part| TOOLS.contains(&part));
    name.map_or(is_unit, |(name, _)| !tool(name))
}

/// C that no package's header heads and no place of Go's is in: make or a person compiled it.
pub(crate) fn leave_c(weights: &mut Weights) {
    let of_go = |text: &str| {
        ["pkg/mod", ".go:", "cgo", "/vendor/", "go-build", "/go/src/"]
            .iter()
            .any(|word| text.contains(word))
    };
    weights.retain(|id, weight| {
        let c = *id == "cgo.compile-error" && weight.shared;
        !(c && !weight.headed
            && weight.evidence.iter().all(|e| is_of_c(&e.text) && !of_go(&e.text)))
    });
}

/// Without a sign of Go: other languages' tools say the same, and anyone fetches.
pub(crate) fn leave_to_others(state: &State, weights: &mut Weights) {
    let made = state.failed.as_ref().is_some_and(|failed| failed.text.contains("*** ["));
    let compiles =
        |id: &str| id.starts_with("cgo.") || id.starts_with("link.") || id == "resource.memory";
    let cpp = weights.iter().any(|(id, weight)| compiles(id) && is_cpp(weight));
    // `*** [Makefile:12: crypto.o]`: make compiles C.
    let object = state
        .failed
        .as_ref()
        .is_some_and(|failed| failed.text.contains("*** [") && failed.text.contains(".o]"));
    let foreign = state.foreign_at > 0 || cpp || object;
    weights.retain(|id, weight| {
        let anyone = id.starts_with("network.") || *id == "toolchain.not-installed";
        let others = match *id {
            // C has makefiles.
            "cgo.compile-error" => {
                foreign || made || weight.evidence.iter().all(|e| is_of_c(&e.text))
            }
            "resource.memory" => foreign || weight.evidence.iter().any(|e| kills_another(&e.text)),
            _ => foreign || anyone,
        };
        !(weight.shared && others || *id == "container.context" && weight.is_of_others())
    });
}
