//! A snapshot as outcomes: what was recorded, and what was not. Pure.

use gosnapshot::Snapshot;
use goward_model::{Findings, Outcome, SlaTier, Text};

/// Part, title, the word for it.
const PARTS: &[(&str, [&str; 2], [&str; 2])] = &[
    ("program", ["how it is built is known", "构建方式已知"], ["program", "程序"]),
    (
        "toolchain",
        ["the toolchain itself is recorded", "已记录工具链本身"],
        ["toolchain", "工具链"],
    ),
    (
        "modules",
        ["its modules and their sums are recorded", "已记录模块及其校验和"],
        ["modules", "模块"],
    ),
    (
        "packages",
        ["what a plugin load compares is recorded", "已记录插件加载时比较的内容"],
        ["package hashes", "包哈希"],
    ),
    (
        "links",
        ["what it asks of the C library is recorded", "已记录其对 C 库的要求"],
        ["symbol versions", "符号版本"],
    ),
    ("c-compiler", ["the C compiler is recorded", "已记录 C 编译器"], ["C compiler", "C 编译器"]),
    (
        "godebug",
        ["the defaults of GODEBUG are known", "GODEBUG 默认值已知"],
        ["GODEBUG", "GODEBUG"],
    ),
    (
        "runtime",
        ["the variables of the process are recorded", "已记录进程变量"],
        ["variables", "变量"],
    ),
    ("host", ["the machine is recorded", "已记录机器"], ["machine", "机器"]),
];

/// The word for a part.
pub(super) fn part(id: &str) -> Text {
    let found = PARTS.iter().find(|(name, ..)| *name == id);
    found.map_or_else(|| Text::same(id), |(_, _, [en, zh])| Text::new(*en, *zh))
}

/// A reason in both languages.
pub(super) fn words(why: &str) -> Text {
    Text::new(why, gosnapshot::in_chinese(why))
}

/// An outcome per part: what could not be recorded is inconclusive; what such a thing never tells is skipped.
pub(super) fn outcomes(snapshot: &Snapshot) -> Vec<Outcome> {
    PARTS.iter().map(|(id, [en, zh], _)| outcome(snapshot, id, Text::new(*en, *zh))).collect()
}

fn outcome(snapshot: &Snapshot, id: &str, title: Text) -> Outcome {
    let mut findings = Findings::default();
    let unknown = snapshot.unknown.iter().filter(|it| it.part == id);
    let (mut is_silent, mut failed) = (None, false);
    for unknown in unknown {
        if unknown.by_nature {
            is_silent = Some(unknown.why.clone());
        } else {
            failed = true;
            findings.unknown(words(&unknown.why));
        }
    }
    let told = count(snapshot, id);
    match (&told, is_silent) {
        (Some(_), _) => {}
        (None, Some(why)) => findings.not_applicable(words(&why)),
        (None, None) if !failed => {
            findings.not_applicable(Text::new("there is nothing to record", "没有可记录的内容"));
        }
        (None, None) => {}
    }
    if let Some(note) = told {
        findings.note(note);
    }
    Outcome::of(id, "snapshot", title, SlaTier::P1, findings)
}

/// How much of it is recorded.
fn count(snapshot: &Snapshot, id: &str) -> Option<Text> {
    match id {
        "program" => snapshot.program.as_ref().map(|it| Text::same(it.go_version.clone())),
        "toolchain" => snapshot.toolchain.as_ref().map(|it| {
            let (version, tools) = (&it.version, it.tools.len());
            Text::new(format!("{version}, {tools} tools"), format!("{version},{tools} 个工具"))
        }),
        "modules" => snapshot.modules.as_ref().map(|it| {
            let (all, used) = (it.len(), it.iter().filter(|it| it.used).count());
            Text::new(format!("{all} modules, {used} used"), format!("{all} 个模块,用到 {used} 个"))
        }),
        "packages" => snapshot.packages.as_ref().map(|it| match it.len() {
            0 => Text::new("no plugins: there are none", "与插件无关:没有包哈希"),
            all => Text::new(format!("{all} packages"), format!("{all} 个包")),
        }),
        "links" => snapshot.links.as_ref().map(|it| {
            let all = it.libraries.len();
            Text::new(format!("{all} libraries"), format!("{all} 个库"))
        }),
        "c-compiler" => snapshot.c_compiler.as_ref().map(|it| Text::same(it.version.clone())),
        "host" => snapshot.host.as_ref().map(|it| {
            let libc = it
                .libc
                .as_ref()
                .map(|it| format!("{} {}", it.kind, it.version.as_deref().unwrap_or("?")));
            let words = [it.kernel.clone(), libc, it.cpu_level.clone()];
            Text::same(words.into_iter().flatten().collect::<Vec<_>>().join(", "))
        }),
        "runtime" if !snapshot.runtime.is_empty() => {
            let all = snapshot.runtime.len();
            Some(Text::new(format!("{all} variables"), format!("{all} 个变量")))
        }
        _ => None,
    }
}
