//! `toolchain-pinned`

use crate::{Check, Group, Words};
use goward_facts::GoModFile;
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "toolchain-pinned",
    group: Group::Environment,
    title: Words { en: "go.mod pins the toolchain", zh: "go.mod 固定了工具链版本" },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "Without a toolchain line each machine builds with whatever Go it has that is new enough, so two builds of one commit differ. A go line that names a patch release (go 1.26.4) does as well: it stands for that toolchain, and the go command removes a toolchain line that says the same.",
        zh: "没有 toolchain 行时，每台机器都用各自已安装的（足够新的）Go 构建，同一提交的两次构建会不同。写明补丁版本的 go 行（go 1.26.4）同样有效：它即代表该工具链，go 命令会删除与之相同的 toolchain 行。",
    },
    fix: Words {
        en: "Run `go get toolchain@go1.N.P` with the version you release with.",
        zh: "以发布所用版本运行 `go get toolchain@go1.N.P`。",
    },
    references: &["https://go.dev/doc/toolchain"],
    closes: &[r#"-- go.mod --
module example.com/m

go 1.24.0
"#],
    opens: &[
        r#"-- go.mod --
module example.com/m

go 1.24.0

toolchain go1.24.11
"#,
        r#"-- go.mod --
module example.com/m

go 1.26.4
"#,
    ],
    judge: &(judge as fn(&GoModFile, &mut Findings)),
};

/// Whether a go version names a patch release: `1.26.4`, but not `1.26`, `1.26.0`, `1.26rc1`. The
/// first release of a language version is what `go mod tidy` makes of the language version.
fn is_patch(version: &str) -> bool {
    let mut parts = version.splitn(3, '.').skip(2);
    parts.next().and_then(|patch| patch.parse::<u32>().ok()).is_some_and(|patch| patch > 0)
}

fn judge(module: &GoModFile, findings: &mut Findings) {
    let Some(go_mod) = module.valid() else {
        findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
        return;
    };
    if go_mod.toolchain.is_none() && go_mod.go.as_ref().is_some_and(|go| is_patch(&go.version)) {
        return;
    }
    // `toolchain default` asks for whatever is there (go.dev/doc/toolchain).
    if go_mod.toolchain.as_ref().is_some_and(|toolchain| toolchain.name != "default") {
        return;
    }
    let location = match (&go_mod.toolchain, &go_mod.go) {
        (Some(toolchain), _) => crate::integrity::span(&toolchain.span),
        (None, Some(go)) => crate::integrity::span(&go.span),
        (None, None) => Location::whole("go.mod"),
    };
    let message = Text::new("go.mod has no toolchain line", "go.mod 没有 toolchain 行");
    let finding = Finding::at(location, "unpinned", message, CHECK.fix.into());
    findings.report(finding.quoting(&module.source()));
}
