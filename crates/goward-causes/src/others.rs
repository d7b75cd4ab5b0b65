//! What other languages' tools say as Go's do, where nothing is a sign of Go.

use crate::says::find;
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

/// Whether what the line says failed is a file of another language's tests: `FAIL src/app.test.js`.
pub(crate) fn fails_another(text: &[u8]) -> bool {
    const FILES: [&[u8]; 15] = [
        b".js", b".jsx", b".mjs", b".cjs", b".ts", b".tsx", b".mts", b".vue", b".svelte", b".py",
        b".rb", b".php", b".dart", b".java", b".rs",
    ];
    let rest = text.strip_prefix(b"FAIL").unwrap_or_default().trim_ascii_start();
    let name = rest.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
    FILES.iter().any(|end| name.ends_with(end))
}

/// Whether a service could not be reached, and no module's host: its port says so, or a name that
/// is none of the internet's.
pub(crate) fn reaches_service(text: &[u8]) -> bool {
    // Databases, caches, queues, registries of services, Kubernetes, Docker.
    const PORTS: [&[u8]; 24] = [
        b"1433", b"1521", b"2181", b"2375", b"2376", b"2379", b"2380", b"3306", b"4222", b"5432",
        b"5433", b"5672", b"6379", b"6443", b"7687", b"8500", b"9000", b"9042", b"9092", b"9200",
        b"10250", b"11211", b"26257", b"27017",
    ];
    let Some(at) = find(text, b"dial tcp") else { return false };
    let rest = text.get(at + 8..).unwrap_or_default().trim_ascii_start();
    let rest = rest
        .strip_prefix(b"4")
        .or_else(|| rest.strip_prefix(b"6"))
        .map_or(rest, |rest| rest.trim_ascii_start());
    let rest = rest.strip_prefix(b": ").unwrap_or(rest);
    if let Some(name) = rest.strip_prefix(b"lookup ") {
        let name = name.split(|byte| matches!(byte, b' ' | b':')).next().unwrap_or_default();
        return !name.is_empty() && !name.contains(&b'.');
    }
    let address = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
    let address = address.strip_suffix(b":").unwrap_or(address);
    let port = address.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    PORTS.contains(&port)
}

/// Whether the linker says it in its own name, as it does of any language.
fn is_of_linker(text: &str) -> bool {
    let text = text.trim_start();
    let name = text.split(": ").next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    matches!(name, "ld" | "ld.bfd" | "ld.gold" | "ld.lld" | "collect2") && !text.contains("$WORK")
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

/// What a compiler or a linker of C said before Go was at work at all.
pub(crate) fn leave_before(state: &State, weights: &mut Weights) {
    let compiles = |id: &str| id.starts_with("cgo.") || id.starts_with("link.");
    let alone = !weights.iter().any(|(id, weight)| !compiles(id) && weight.first > state.go_from);
    weights.retain(|id, weight| {
        alone || !(compiles(id) && weight.shared && weight.last < state.go_from)
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
    let linker = weights
        .get("resource.disk-full")
        .is_some_and(|weight| weight.evidence.iter().all(|e| is_of_linker(&e.text)));
    weights.retain(|id, weight| {
        let anyone = id.starts_with("network.") || *id == "toolchain.not-installed";
        let others = match *id {
            // C has makefiles.
            "cgo.compile-error" => {
                foreign || made || weight.evidence.iter().all(|e| is_of_c(&e.text))
            }
            "resource.memory" => foreign || weight.evidence.iter().any(|e| kills_another(&e.text)),
            "resource.disk-full" => foreign || linker,
            // `collect2: error: ld returned 1 exit status` says no more than that.
            "link.external-linker" => {
                foreign || linker && weight.evidence.iter().all(|e| is_of_linker(&e.text))
            }
            _ => foreign || anyone,
        };
        // Whose job it was that somebody ended is told by who was at work.
        let ended = *id == "infra.runner" && state.foreign_at > 0;
        !(weight.shared && others || ended || *id == "container.context" && weight.is_of_others())
    });
}
