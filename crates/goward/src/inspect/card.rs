//! An artifact on one screen: what it is, how it was built, what of it is known at which level.

use crate::console::Console;
use crate::printable::printable;
use goartifact::{Artifact, BuildInfo, Level, Module, State};
use goward_model::Lang;
use std::fmt::Write as _;
use std::path::Path;

/// Settings that matter to whoever debugs it, in this order.
const SETTINGS: &[&str] = &[
    "-buildmode",
    "-compiler",
    "-ldflags",
    "-gcflags",
    "-tags",
    "-trimpath",
    "-race",
    "-cover",
    "-msan",
    "-asan",
    "-pgo",
    "CGO_ENABLED",
    "GOEXPERIMENT",
    "GOFIPS140",
    "DefaultGODEBUG",
    "GOAMD64",
    "GOARM",
    "GOARM64",
    "GO386",
    "vcs.revision",
    "vcs.time",
    "vcs.modified",
];

pub(super) fn card(
    file: &Path,
    artifact: &Artifact,
    levels: &[Level],
    pdb: Option<&str>,
    console: &Console,
) -> String {
    let (mut out, lang) = (String::new(), console.lang);
    let format = match artifact.format {
        goartifact::Format::Elf => "ELF",
        goartifact::Format::MachO => "Mach-O",
        goartifact::Format::Pe => "PE",
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} · {format} {} · {}",
        printable(&file.display().to_string()),
        artifact.arch.0,
        crate::units::human(artifact.size)
    );
    if let Some(info) = &artifact.build_info {
        how_built(&mut out, info, console);
    }
    if let Some(id) = &artifact.build_id {
        let _ = writeln!(out, "{} {}", lang.pick("build ID", "构建 ID"), printable(id));
    }
    // Of another compiler's program there is nothing to say.
    if artifact.build_id.is_some() || artifact.build_info.is_some() {
        let _ = writeln!(out, "{}", super::after_link::text(&artifact.after_link).in_lang(lang));
    }
    for level in levels {
        let reason = super::judge::reason(level, lang)
            .map(|reason| format!("  {reason}"))
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "  {:<8} {:>8} / {:<8} {:>6.2} %{reason}",
            level.kind.as_str(),
            level.known,
            level.functions,
            level.percent()
        );
        let uncounted = super::judge::uncounted(level, lang);
        if !uncounted.is_empty() {
            let _ =
                writeln!(out, "              {}", uncounted.trim_start_matches([';', ' ', ';']));
        }
    }
    if let Some(file) = &artifact.debug_file {
        let said = match &file.state {
            State::Own { by } => printable(by),
            State::Other { .. } => lang.pick("of another build", "属于另一次构建").into(),
            State::Unreadable { why } => printable(lang.pick(why, &super::chinese::reason(why))),
        };
        let _ = writeln!(
            out,
            "{} {} · {said}",
            lang.pick("debug file", "调试文件"),
            printable(&file.path.display().to_string())
        );
    }
    out += pdb.unwrap_or_default();
    if let Some(signs) = super::judge::obfuscated(artifact) {
        let _ = writeln!(out, "{}", lang.pick(&signs.en, &signs.zh));
    }
    for gap in &artifact.gaps {
        let gap = lang.pick(gap, &super::chinese::reason(gap)).to_owned();
        let _ = writeln!(out, "{}: {}", lang.pick("not read", "未能读取"), printable(&gap));
    }
    out.push('\n');
    out
}

/// The toolchain, what was built, the settings; every module and setting where more is to be shown.
fn how_built(out: &mut String, info: &BuildInfo, console: &Console) {
    let main = info.main.as_ref().map(|main| format!("{} {}", main.path, main.version));
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} · {} · {}",
        printable(&info.go_version),
        printable(info.path.as_deref().unwrap_or("-")),
        printable(&main.unwrap_or_else(|| "-".into()))
    );
    let replaced = info.deps.iter().filter(|dep| dep.replace.is_some()).count();
    let count = info.deps.len();
    let _ = writeln!(
        out,
        "{}",
        match (console.lang, count) {
            (Lang::En, 1) => format!("1 module, {replaced} replaced"),
            (Lang::En, _) => format!("{count} modules, {replaced} replaced"),
            (Lang::Zh, _) => format!("{count} 个模块,{replaced} 个被替换"),
        }
    );
    if console.is_verbose() {
        for dep in &info.deps {
            let _ = writeln!(out, "  {}", module(dep));
            if let Some(replacement) = &dep.replace {
                let _ = writeln!(out, "    => {}", module(replacement));
            }
        }
        for setting in &info.settings {
            let _ = writeln!(out, "  {}", printable(&format!("{}={}", setting.key, setting.value)));
        }
        return;
    }
    let settings: Vec<String> = SETTINGS
        .iter()
        .filter_map(|key| {
            info.setting(key)
                .filter(|value| !value.is_empty())
                .map(|value| format!("{key}={value}"))
        })
        .collect();
    if !settings.is_empty() {
        let _ = writeln!(out, "{}", printable(&settings.join(" · ")));
    }
}

/// Path, version, sum, as far as it has them.
fn module(module: &Module) -> String {
    let words = [&module.path, &module.version, &module.sum];
    let words: Vec<&str> =
        words.into_iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    printable(&words.join(" "))
}
