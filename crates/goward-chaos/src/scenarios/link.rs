//! The linker.

use crate::scenario::{Fault, Module, Scenario, Stage::Link, Strike};

/// The linker is struck.
const fn linker(
    id: &'static str,
    does: (&'static str, &'static str),
    expected: &'static [&'static str],
    strike: Strike,
) -> Scenario {
    Scenario::new(id, Link, does, expected, Fault::Tool { tool: "link", strike })
}

pub(super) static SCENARIOS: &[Scenario] = &[
    linker(
        "link-disk-full",
        ("the linker writes to a file system of 64 kB", "链接器写入 64 kB 的文件系统"),
        &["resource.disk-full"],
        Strike::NoSpace { bytes: 64 << 10 },
    ),
    Scenario::new(
        "link-output-full",
        Link,
        ("the program is copied to a file system of 64 kB", "程序被复制到 64 kB 的文件系统"),
        &["resource.disk-full"],
        Fault::FullOutput { bytes: 64 << 10 },
    )
    .own(),
    linker(
        "link-memory",
        (
            "the linker gets 300 MB of address space (RLIMIT_AS)",
            "链接器只有 300 MB 地址空间(RLIMIT_AS)",
        ),
        &["resource.memory"],
        Strike::Memory { bytes: 300_000_000 },
    ),
    linker(
        "link-killed",
        ("the linker is killed (SIGKILL)", "链接器被杀死(SIGKILL)"),
        &["resource.killed"],
        Strike::Kill,
    ),
    Scenario::new(
        "link-overflow",
        Link,
        ("the program has more data than a linker takes", "程序数据超过链接器上限"),
        &["link.overflow"],
        Fault::Module,
    )
    .of(Module::Huge),
    Scenario::new(
        "link-no-linker",
        Link,
        ("the external linker does not exist", "外部链接器不存在"),
        &["link.external-linker"],
        Fault::NoExternalLinker,
    )
    .args(&["build", "-ldflags=-linkmode=external -extld=goward-no-such-linker", "-o", "OUT", "."])
    .own(),
];
