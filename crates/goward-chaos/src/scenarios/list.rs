//! Packages are found and listed.

use crate::scenario::{Fault, Listing, Module, Scenario, Stage::List};

pub(super) static SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "list-truncated",
        List,
        ("go list -json is killed in the middle of its output", "go list -json 在输出中途被杀死"),
        &["resource.killed"],
        Fault::Listing(Listing::Cut),
    )
    .args(&["list", "-json", "-deps", "."])
    .own(),
    Scenario::new(
        "list-empty",
        List,
        (
            "go list -json prints nothing and exits with 0; whoever reads it must refuse",
            "go list -json 没有输出却以 0 退出;读取者必须拒绝",
        ),
        &["unknown"],
        Fault::Listing(Listing::Empty),
    )
    .args(&["list", "-json", "-deps", "."])
    .own(),
    Scenario::new(
        "list-proxy-off",
        List,
        ("GOPROXY=off, and a private module is in no cache", "GOPROXY=off,而私有模块不在缓存中"),
        &["network.disabled"],
        Fault::Offline,
    )
    .with(Module::Dependency),
];
