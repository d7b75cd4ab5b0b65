//! `dockerfile-valid`

use crate::{Check, Group, Words};
use dockerfile::Problem;
use goward_facts::{DockerfileSource, Dockerfiles};
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "dockerfile-valid",
    group: Group::Container,
    title: Words {
        en: "docker build can read every Dockerfile",
        zh: "docker build 能够读取每个 Dockerfile",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A here-document without its end, an instruction that is none or a file without FROM stops docker build, often only after the part above it has run for minutes.",
        zh: "没有结束的 heredoc、不存在的指令或缺少 FROM 的文件都会使 docker build 中止，而且往往在其上部分运行数分钟之后。",
    },
    fix: Words {
        en: "Correct the line. A file that is no Dockerfile is left out with `container.exclude`.",
        zh: "更正该行。若文件并非 Dockerfile，请用 `container.exclude` 排除。",
    },
    references: &["https://docs.docker.com/reference/dockerfile/"],
    closes: &[
        r#"-- Dockerfile --
FROM scratch
COPPY . /src
"#,
        r#"-- Dockerfile --
FROM golang:1.24
RUN <<END
go build ./...
"#,
    ],
    opens: &[
        r#"-- Dockerfile --
FROM golang:1.24
RUN <<END
go build ./...
END
"#,
        r#"-- Dockerfile --
# syntax=example.com/other/frontend:1
FROM scratch
INCLUDE common
"#,
    ],
    judge: &(judge as fn(&Dockerfiles, &mut Findings)),
};

fn judge(dockerfiles: &Dockerfiles, findings: &mut Findings) {
    for (path, why) in &dockerfiles.unreadable {
        findings.unknown(Text::new(format!("{path}: {why}"), format!("{path}：{}", why.zh())));
    }
    for path in &dockerfiles.missing {
        let message = Text::new(
            format!("policy builds {path} (`container.build`), and there is no such file"),
            format!("策略要构建 {path}（`container.build`），但没有该文件"),
        );
        let location = Location::whole(path.as_str());
        findings.report(Finding::at(location, "missing", message, CHECK.fix.into()));
    }
    if dockerfiles.files.is_empty() {
        findings.not_applicable(Text::new("there is no Dockerfile", "没有 Dockerfile"));
    }
    for file in &dockerfiles.files {
        let frontend = other_frontend(file);
        for error in &file.errors {
            let of_frontend =
                matches!(error.problem, Problem::UnknownInstruction(_) | Problem::UnknownFlag(_));
            if of_frontend && frontend {
                continue;
            }
            let message = Text::new(
                format!("docker build stops: {}", error.problem),
                format!("docker build 会中止：{}", error.problem),
            );
            let line = u32::try_from(error.line).unwrap_or(u32::MAX);
            let location = Location::point(file.path.as_str(), line, 1);
            let evidence = error.problem.to_string();
            let finding = Finding::at(location, evidence, message, CHECK.fix.into());
            findings.report(finding.quoting(&file.source));
        }
    }
}

/// Whether `# syntax=` hands the file to something else than Docker's own frontend, whose
/// instructions nobody here knows.
fn other_frontend(file: &DockerfileSource) -> bool {
    let syntax = file.file.directives.iter().find(|directive| directive.name == "syntax");
    syntax.is_some_and(|syntax| {
        let image = syntax.value.trim_start_matches("docker.io/");
        !image.starts_with("docker/dockerfile")
    })
}
