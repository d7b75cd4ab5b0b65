//! What the package graph says is wrong, as findings.

use crate::Words;
use gopackages::ErrorKind;
use goward_facts::{Fault, GoModFile, GoPackages};
use goward_model::{Finding, Findings, Location, Text};

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
        let (en, zh) = match module.valid() {
            Some(_) => (
                "the packages are not known: the module cache does not have what go.mod requires (run `go mod download`)",
                "包未知：模块缓存中缺少 go.mod 所需的内容（请运行 `go mod download`）",
            ),
            None => ("there is no go.mod", "没有 go.mod"),
        };
        return findings.not_applicable(Text::new(en, zh));
    }
    for fault in packages.faults.iter().filter(|fault| kinds.contains(&fault.kind)) {
        findings.report(finding(fault, fix));
    }
    let (count, absent, platform) = (packages.count, packages.absent.len(), &packages.platform);
    let (mut en, mut zh) = (
        format!("{count} packages were looked at, with tests, for {platform}"),
        format!("检查了 {count} 个包（含测试，{platform}）"),
    );
    if absent > 0 {
        en += &format!("; {absent} modules are not downloaded");
        zh += &format!("；{absent} 个模块未下载");
    }
    findings.note(Text::new(en, zh));
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
