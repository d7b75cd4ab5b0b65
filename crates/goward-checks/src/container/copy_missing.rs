//! `copy-missing`

use crate::{Check, Group, Words};
use goward_facts::ImageBuilds;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "copy-missing",
    group: Group::Container,
    title: Words {
        en: "what the Dockerfile copies is there", zh: "Dockerfile 要复制的内容存在"
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "A source that COPY names and the context lacks stops the build. What git ignores counts as made by an earlier step and is not reported, nor what a build argument decides.",
        zh: "COPY 指定而上下文中没有的来源会使构建中止。被 git 忽略的视为由前面的步骤生成，不报告；由构建参数决定的也不报告。",
    },
    fix: Words {
        en: "Correct the path, or commit the file; where an earlier step makes it, tell git to ignore it.",
        zh: "更正路径或提交该文件；若由前面的步骤生成，让 git 忽略它。",
    },
    references: &["https://docs.docker.com/reference/dockerfile/#copy"],
    closes: &[r#"-- Dockerfile --
FROM golang:1.24
COPY go.mod go.sum ./
-- go.mod --
module example.com/m
"#],
    opens: &[r#"-- Dockerfile --
FROM golang:1.24
COPY go.mod go.sum ./
COPY dist/app /app
-- $ git --no-optional-locks check-ignore --no-index -z -- dist/app --
dist/app
-- go.mod --
module example.com/m
-- go.sum --
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::each(builds, findings, |build, findings| {
        for lack in build.lacks.iter().filter(|lack| !lack.is_excluded && !lack.is_artefact) {
            let (path, context) = (&lack.path, &build.context);
            let message = match lack.on_disk {
                false => Text::new(
                    format!("{path} is copied, but the context ({context}) does not have it"),
                    format!("要复制 {path}，但上下文（{context}）中没有"),
                ),
                true => Text::new(
                    format!("{path} is copied, and leads to nothing in the context ({context})"),
                    format!("要复制 {path}，但它在上下文（{context}）中不指向任何内容"),
                ),
            };
            let location = super::at(build, lack.span);
            let finding = Finding::at(location, path.as_str(), message, CHECK.fix.into());
            findings.report(finding.quoting(&build.dockerfile.source));
        }
    });
}
