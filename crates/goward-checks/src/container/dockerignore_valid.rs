//! `dockerignore-valid`

use crate::{Check, Group, Words};
use goward_facts::ImageBuilds;
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "dockerignore-valid",
    group: Group::Container,
    title: Words {
        en: "docker build can read .dockerignore",
        zh: "docker build 能够读取 .dockerignore",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid"],
    why: Words {
        en: "A malformed pattern or a line over 64 KiB stops docker build when it comes to it, or leaves out something else than its author meant.",
        zh: "格式错误的模式或超过 64 KiB 的行会使 docker build 中止，或排除与作者本意不同的内容。",
    },
    fix: Words {
        en: "Correct the pattern: `!` needs a pattern behind it, `[` its `]`.",
        zh: "更正该模式：`!` 之后须有模式，`[` 须有 `]`。",
    },
    references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
    closes: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
!
"#],
    opens: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
*
!main.go
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::each(builds, findings, |build, findings| {
        let Some((path, line, why)) = &build.ignore_error else { return };
        // The place says the line.
        let why = match why.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) {
            Some((_, why)) => why,
            None => why.as_str(),
        };
        let said = crate::shortened(why);
        let message = Text::new(
            format!("docker build stops at {path}: {said}"),
            format!("docker build 会在 {path} 处中止：{said}"),
        );
        let line = u32::try_from(*line).unwrap_or(u32::MAX);
        let location = Location::point(path.as_str(), line, 1);
        let finding = Finding::at(location, why, message, CHECK.fix.into());
        findings.report(match &build.ignore {
            Some(ignore) => finding.quoting(&ignore.text),
            None => finding,
        });
    });
}
