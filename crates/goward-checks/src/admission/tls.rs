//! What the checks of TLS files have in common: wording a problem at the place that names the file.

use crate::Words;
use goward_facts::TlsMaterial;
use goward_model::{Finding, Findings, Location, Text};
use servercert::ProblemId;

/// Reports every problem of one kind.
pub(super) fn report(material: &TlsMaterial, id: ProblemId, help: Words, findings: &mut Findings) {
    let Some(groups) = groups(material, findings) else { return };
    for group in groups {
        for problem in group.problems.iter().filter(|problem| problem.id == id) {
            let Some(file) = group.file(problem.file) else { continue };
            let name = &file.path.value;
            let message =
                Text::new(format!("{name}: {problem}"), format!("{name}：{}", problem.detail.zh()));
            // Days and dates change by themselves; the file and the certificate do not.
            let subject = problem.certificate.as_ref().map_or("", |cert| cert.subject.as_str());
            let evidence = format!("{} {} {subject}", file.path.key, file.path.value);
            let mut finding =
                Finding::at(file.path.location.clone(), evidence, message, help.into())
                    .quoting(&file.path.source);
            if let Some(line) = problem.line {
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                let there = Text::new("the certificate is here", "证书位于此处");
                finding = finding.related(Location::point(&*file.file, line, 1), there);
            }
            findings.report(finding);
        }
    }
}

/// The groups of files, once it is said what could not be looked at.
pub(super) fn groups<'a>(
    material: &'a TlsMaterial,
    findings: &mut Findings,
) -> Option<&'a [goward_facts::TlsGroup]> {
    match material {
        TlsMaterial::Unmapped => {
            findings.not_applicable(unmapped());
            None
        }
        TlsMaterial::Groups(groups, unreadable) => {
            unreadable.iter().for_each(|why| findings.unknown(why.clone()));
            if groups.is_empty() {
                findings.not_applicable(none_configured());
            }
            for group in groups {
                for file in group.files.iter().filter(|file| file.missing.is_some()) {
                    let name = &file.path.value;
                    findings.unknown(Text::new(
                        format!("{name} could not be read"),
                        format!("无法读取 {name}"),
                    ));
                }
            }
            Some(groups)
        }
    }
}

/// Why there is nothing to judge.
pub(super) fn none_configured() -> Text {
    Text::new("no TLS path is configured", "未配置 TLS 路径")
}

/// Why the files are not looked at.
pub(super) fn unmapped() -> Text {
    Text::new(
        "the files are not looked at: give --root DIR, the folder that stands for the container's root",
        "未检查文件本身：请用 --root DIR 指定代表容器根目录的文件夹",
    )
}
