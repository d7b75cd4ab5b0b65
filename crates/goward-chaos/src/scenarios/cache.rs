//! The build cache.

use crate::scenario::{Fault, Scenario, Stage::Cache, Strike};

pub(super) static SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "cache-read-only",
        Cache,
        ("GOCACHE is on a read-only file system", "GOCACHE 位于只读文件系统"),
        &["cache.unavailable", "resource.permission"],
        Fault::ReadOnlyCache,
    ),
    Scenario::new(
        "cache-corrupt",
        Cache,
        (
            "after a first build every compiled package in the cache is damaged, its size kept",
            "首次构建后缓存中每个已编译的包都被破坏,大小不变",
        ),
        &["cache.corrupt"],
        Fault::CorruptCache,
    )
    .own(),
    Scenario::new(
        "cache-vanished",
        Cache,
        (
            "after a first build the cache is removed before the linker starts",
            "首次构建后,缓存目录在链接开始前消失",
        ),
        &["cache.corrupt", "cache.unavailable"],
        Fault::Tool { tool: "link", strike: Strike::RemoveCache },
    )
    .own(),
    Scenario::new(
        "cache-undefined",
        Cache,
        ("neither GOCACHE nor HOME is set", "GOCACHE 与 HOME 均未设置"),
        &["cache.unavailable"],
        Fault::NoHome,
    )
    .own(),
];
