//! `toolchain-too-old`

use crate::{Check, Group, Words};
use goward_facts::{GoEnv, GoModFile};
use goward_model::{Finding, Findings, SlaTier, Text};
use std::cmp::Ordering;

pub(crate) static CHECK: Check = Check {
    id: "toolchain-too-old",
    group: Group::Environment,
    title: Words {
        en: "the toolchain in use is as new as go.mod asks for",
        zh: "所用工具链不低于 go.mod 的要求",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "With GOTOOLCHAIN=local the build stops; otherwise it begins with the download of another toolchain, which an isolated runner cannot do.",
        zh: "若 GOTOOLCHAIN=local，构建会中止；否则构建会先下载另一个工具链，而隔离的构建机无法下载。",
    },
    fix: Words {
        en: "Install the Go version that go.mod asks for on the runner, or lower the go line.",
        zh: "在构建机上安装 go.mod 所要求的 Go 版本，或降低 go 行。",
    },
    references: &["https://go.dev/doc/toolchain"],
    closes: &[r#"-- go.mod --
module example.com/m

go 1.99.0
"#],
    opens: &[
        r#"-- go.mod --
module example.com/m

go 1.24.0
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0
-- go env --
GOVERSION='devel go1.27-1234567 Mon Jan 5 00:00:00 2026 +0000'
"#,
    ],
    judge: &(judge as fn(&GoModFile, &GoEnv, &mut Findings)),
};

fn judge(module: &GoModFile, go_env: &GoEnv, findings: &mut Findings) {
    let Some(go) = module.valid().and_then(|go_mod| go_mod.go.as_ref()) else {
        findings.not_applicable(Text::new("go.mod has no go line", "go.mod 没有 go 行"));
        return;
    };
    let local = go_env.get("GOVERSION");
    let Some(version) = version_of(local) else {
        findings.unknown(Text::new(
            format!("`go env GOVERSION` is {local:?}, which is no version"),
            format!("`go env GOVERSION` 为 {local:?}，不是版本号"),
        ));
        return;
    };
    if gomod::go_version::compare(&go.version, version) != Ordering::Greater {
        return;
    }
    let wanted = &go.version;
    let message = Text::new(
        format!("go.mod asks for go {wanted}, but the toolchain in use is {local}"),
        format!("go.mod 要求 go {wanted}，但所用工具链为 {local}"),
    );
    let location = crate::integrity::span(&go.span);
    let finding = Finding::at(location, format!("go {wanted}"), message, CHECK.fix.into());
    findings.report(finding.quoting(&module.source()));
}

/// `1.26.8` of `go1.26.8`, `go1.26.8 X:foo` or `devel go1.27-1234567 …`.
fn version_of(name: &str) -> Option<&str> {
    let word = name.split_whitespace().find(|word| word.starts_with("go1"))?;
    let version = word.strip_prefix("go")?;
    Some(version.split(['-', '+']).next().unwrap_or(version))
}
