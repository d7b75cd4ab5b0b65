//! The compiler.

use crate::scenario::{Fault, Module, Scenario, Stage::Compile, Strike};

/// The compiler is struck.
const fn compiler(
    id: &'static str,
    does: (&'static str, &'static str),
    expected: &'static [&'static str],
    strike: Strike,
) -> Scenario {
    Scenario::new(id, Compile, does, expected, Fault::Tool { tool: "compile", strike })
}

pub(super) static SCENARIOS: &[Scenario] = &[
    compiler(
        "compile-exit",
        (
            "the compiler exits with 1 and no word, for some packages",
            "编译器对部分包无声地以 1 退出",
        ),
        // What fails without a word is explained by nothing.
        &["unknown", "config.toolexec", "toolchain.internal-error"],
        Strike::Exit(1),
    )
    .probability(0.2),
    compiler(
        "compile-killed",
        ("the compiler is killed (SIGKILL)", "编译器被杀死(SIGKILL)"),
        &["resource.killed"],
        Strike::Kill,
    ),
    compiler(
        "compile-memory",
        (
            "the compiler gets 300 MB of address space (RLIMIT_AS)",
            "编译器只有 300 MB 地址空间(RLIMIT_AS)",
        ),
        &["resource.memory"],
        Strike::Memory { bytes: 300_000_000 },
    ),
    compiler(
        "compile-memory-cgroup",
        (
            "the compiler gets 8 MB of memory by a control group; the kernel kills it",
            "编译器在控制组中只有 8 MB 内存,被内核杀死",
        ),
        &["resource.memory"],
        Strike::Cgroup { bytes: 8 << 20 },
    ),
    compiler(
        "compile-slow",
        ("the compiler hangs, and the deadline ends the build", "编译器挂起,构建因超时结束"),
        &["resource.timeout"],
        Strike::Sleep { seconds: 600 },
    )
    .deadline(4),
    compiler(
        "compile-other-version",
        ("the compiler is of another Go version", "编译器属于另一个 Go 版本"),
        &["toolchain.mixed-versions"],
        Strike::OtherVersion,
    ),
    Scenario::new(
        "compile-no-tool",
        Compile,
        ("GOROOT has no compiler", "GOROOT 中没有编译器"),
        &["toolchain.broken-goroot"],
        Fault::NoTool("compile"),
    ),
    Scenario::new(
        "compile-no-cc",
        Compile,
        ("CC names a C compiler that does not exist", "CC 指向不存在的 C 编译器"),
        &["cgo.no-compiler"],
        Fault::NoCCompiler,
    )
    .of(Module::Cgo),
    Scenario::new(
        "compile-disk-full",
        Compile,
        ("GOTMPDIR is on a file system of 256 kB", "GOTMPDIR 位于 256 kB 的文件系统"),
        &["resource.disk-full"],
        Fault::FullTemporary { bytes: 256 << 10 },
    ),
];
