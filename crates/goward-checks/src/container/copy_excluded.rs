//! `copy-excluded`

use crate::{Check, Group, Words};
use goward_facts::ImageBuilds;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "copy-excluded",
    group: Group::Container,
    title: Words {
        en: ".dockerignore leaves in what the Dockerfile copies",
        zh: ".dockerignore 没有排除 Dockerfile 要复制的内容",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "A source that COPY names and .dockerignore keeps out stops the build, with a message that speaks of a missing file.",
        zh: "COPY 指定而被 .dockerignore 排除的来源会使构建中止，且错误信息只说文件不存在。",
    },
    fix: Words {
        en: "Take the line out of .dockerignore, or add an exception (`!path`) behind it; `goward context why PATH` shows which line decides.",
        zh: "从 .dockerignore 中删除该行，或在其后加例外（`!路径`）；`goward context why 路径` 会显示由哪一行决定。",
    },
    references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
    closes: &[r#"-- Dockerfile --
FROM golang:1.24
COPY go.mod go.sum ./
-- .dockerignore --
*.sum
-- go.mod --
module example.com/m
-- go.sum --
"#],
    opens: &[r#"-- Dockerfile --
FROM golang:1.24
COPY go.mod go.sum ./
-- .dockerignore --
*.sum
!go.sum
-- go.mod --
module example.com/m
-- go.sum --
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::each(builds, findings, |build, findings| {
        for lack in build.lacks.iter().filter(|lack| lack.is_excluded) {
            let ignore = build.ignore.as_ref().map_or(".dockerignore", |file| file.path.as_str());
            let line = lack.pattern.map_or_else(String::new, |line| format!(":{line}"));
            let path = &lack.path;
            let message = Text::new(
                format!("{path} is copied, but {ignore}{line} keeps it out"),
                format!("要复制 {path}，但 {ignore}{line} 将其排除"),
            );
            let location = super::at(build, lack.span);
            let finding = Finding::at(location, path.as_str(), message, CHECK.fix.into());
            findings.report(finding.quoting(&build.dockerfile.source));
        }
    });
}
