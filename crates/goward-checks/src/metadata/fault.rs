//! What the package graph says is wrong, as findings.

use crate::Words;
use gopackages::ErrorKind;
use goward_facts::{Fault, GoModFile, GoPackages, PlatformPackages};
use goward_model::{Finding, Findings, Location, Text};
use std::collections::BTreeSet;

/// Steps of a chain that are shown beside a finding.
const SHOWN: usize = 20;

/// Reports the faults of these kinds.
pub(super) fn judge(
    module: &GoModFile,
    packages: &GoPackages,
    findings: &mut Findings,
    fix: Words,
    kinds: &[ErrorKind],
) {
    if !packages.known {
        return match (module.valid(), &packages.unknown) {
            (None, _) => findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod")),
            (Some(_), Some(why)) => findings.unknown(why.clone()),
            (Some(_), None) => crate::integrity::no_module(module, findings),
        };
    }
    for fault in packages.faults.iter().filter(|fault| kinds.contains(&fault.kind)) {
        findings.report(finding(fault, fix));
    }
    if !packages.absent.is_empty() {
        findings.unknown(absent(&packages.absent));
    }
    let (count, platform) = (packages.count, &packages.platform);
    findings.note(Text::new(
        format!("{count} packages were looked at, with tests, for {platform}"),
        format!("检查了 {count} 个包（含测试，{platform}）"),
    ));
}

/// Reports the faults of these kinds, here and on the other platforms of the policy.
pub(super) fn judge_everywhere(
    module: &GoModFile,
    packages: &GoPackages,
    platforms: &PlatformPackages,
    findings: &mut Findings,
    (fix, kinds): (Words, &[ErrorKind]),
) {
    judge(module, packages, findings, fix, kinds);
    judge_elsewhere(packages, platforms, findings, fix, kinds);
}

/// Reports the faults of these kinds that only the other platforms of the policy have. Whether these could be looked at
/// `platform-excluded` says.
fn judge_elsewhere(
    packages: &GoPackages,
    platforms: &PlatformPackages,
    findings: &mut Findings,
    fix: Words,
    kinds: &[ErrorKind],
) {
    let is_here = |fault: &Fault| {
        let is_same = |one: &Fault| one.package == fault.package && one.message == fault.message;
        packages.faults.iter().any(|one| one.kind == fault.kind && is_same(one))
    };
    for (platform, fault) in &platforms.faults {
        if kinds.contains(&fault.kind) && !is_here(fault) {
            findings.report(on_platform(platform, fault, fix));
        }
    }
}

/// Modules that are not there: what they import, and what is wrong with that, nobody knows.
pub(crate) fn absent(all: &BTreeSet<String>) -> Text {
    let first = all.first().map_or("", String::as_str);
    let (more, more_zh) = match all.len() {
        0 | 1 => Default::default(),
        count => (format!(" (and {} more)", count - 1), format!("（另有 {} 项）", count - 1)),
    };
    Text::new(
        format!(
            "not downloaded, so what is imported is not known: {first}{more}; run `go mod download`"
        ),
        format!("未下载，因此导入情况未知：{first}{more_zh}；请运行 `go mod download`"),
    )
}

/// What is wrong, in Chinese; Go's own words stand behind it.
const fn zh(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NoGo => "没有适用于本平台的文件",
        ErrorKind::Syntax => "文件无法解析",
        ErrorKind::MultiplePackages => "同一目录中有多个包",
        ErrorKind::Missing | ErrorKind::NotRequired => "没有任何依赖提供该包",
        ErrorKind::Ambiguous => "由多个模块同时提供",
        ErrorKind::NotDownloaded => "其模块未下载",
        ErrorKind::InvalidImport => "导入路径无效",
        ErrorKind::Cycle => "循环导入",
        ErrorKind::Internal => "不得使用他人的 internal 包",
        ErrorKind::Vendored => "不得使用他人 vendor 中的包",
        ErrorKind::Program => "程序不能被导入",
        ErrorKind::Case => "仅大小写不同",
        ErrorKind::Embed => "//go:embed 模式无法满足",
        ErrorKind::Files | ErrorKind::Other => "构建不接受其文件",
    }
}

/// A fault of another platform.
pub(super) fn on_platform(platform: &str, fault: &Fault, fix: Words) -> Finding {
    let mut finding = finding(fault, fix);
    finding.message.en = format!("{platform}: {}", finding.message.en);
    finding.message.zh = format!("{platform}：{}", finding.message.zh);
    finding.evidence = format!("{platform} {}", finding.evidence);
    finding
}

pub(super) fn finding(fault: &Fault, fix: Words) -> Finding {
    let package = &fault.package;
    let said = fault.message.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = match fault.kind {
        ErrorKind::Cycle => {
            let way: Vec<&str> = fault.chain.iter().map(|(path, _)| path.as_str()).collect();
            let way = way.join(" → ");
            Text::new(format!("{said}: {way}"), format!("不允许循环导入：{way}"))
        }
        kind => Text::new(
            format!("{package}: {said}"),
            format!("{package}：{}（Go：{said}）", zh(kind)),
        ),
    };
    let inside =
        |path: &str| !path.starts_with('/') && !path.starts_with("../") && !path.contains('@');
    let location = match &fault.place {
        Some(at) if inside(&at.file) => {
            Location::point(at.file.as_str(), at.line, at.column.max(1))
        }
        _ if ["checksum mismatch", "missing go.sum entry"].iter().any(|it| said.contains(it)) => {
            Location::whole("go.sum")
        }
        // In a dependency: go.mod brought it.
        _ => Location::whole("go.mod"),
    };
    let mut finding = Finding::at(location, format!("{package}: {said}"), message, fix.into());
    for (path, place) in fault.chain.iter().take(SHOWN) {
        let Some((file, line)) = place.rsplit_once(':').filter(|(file, _)| inside(file)) else {
            continue;
        };
        let line = line.parse().unwrap_or(1);
        let step = Text::new(format!("{path} imports the next"), format!("{path} 导入下一个"));
        finding = finding.related(Location::point(file, line, 1), step);
    }
    finding
}
