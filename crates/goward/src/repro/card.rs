//! Both programs on one screen: what they are, what differs, and what follows from the causes.

use super::Reproduction;
use goward_model::Lang;
use std::fmt::Write as _;

/// Sections that are listed.
const SECTIONS: usize = 12;

pub(super) fn card(made: &Reproduction, lang: Lang) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for (name, hash) in made.names.iter().zip(&made.hashes) {
        let _ = writeln!(out, "sha256 {hash}  {name}");
    }
    let Some(found) = made.found.as_ref().filter(|found| !found.same) else { return out };
    let functions = found.functions;
    let _ = writeln!(
        out,
        "{}",
        match lang {
            Lang::En => format!(
                "{} and {} bytes, {} differ in place; {} functions in both: {} only moved, {} with other code, {} with other numbers; {} and {} on one side",
                found.bytes[0],
                found.bytes[1],
                found.differing,
                functions.both,
                moved(functions),
                functions.changed,
                functions.numbers,
                functions.only_first,
                functions.only_second
            ),
            Lang::Zh => format!(
                "{} 与 {} 字节，按位置有 {} 字节不同；共有函数 {} 个：仅移动 {} 个，代码不同 {} 个，数值不同 {} 个；仅一方有 {} 与 {} 个",
                found.bytes[0],
                found.bytes[1],
                found.differing,
                functions.both,
                moved(functions),
                functions.changed,
                functions.numbers,
                functions.only_first,
                functions.only_second
            ),
        }
    );
    if functions.untold > 0 {
        let what = lang.pick(
            "functions differ that are not told apart on this processor",
            "个函数不同，且此处理器的指令不作拆解",
        );
        let _ = writeln!(out, "{} {what}", functions.untold);
    }
    if !found.build_id.is_empty() {
        let what = lang.pick("the build IDs differ in", "构建 ID 的差异部分");
        let _ = writeln!(out, "{what}: {}", found.build_id.join(", "));
    }
    let parts = sections(found);
    if !parts.is_empty() {
        let _ = writeln!(out, "{}: {parts}", lang.pick("sections that differ", "有差异的节"));
    }
    for gap in &found.gaps {
        let _ = writeln!(out, "{}: {gap}", lang.pick("not read", "未能读取"));
    }
    let _ = match found.unexplained {
        0 => writeln!(
            out,
            "{}",
            lang.pick(
                "nothing is left unexplained beside the causes and what follows from them",
                "除原因及其后果外，没有无法解释的差异"
            )
        ),
        bytes => writeln!(
            out,
            "{}: {bytes}",
            lang.pick("bytes that nothing explains", "无法解释的字节数")
        ),
    };
    out.push('\n');
    out
}

/// The sections that differ, with bytes that differ of how many, or both sizes.
fn sections(found: &gorepro::Comparison) -> String {
    let size = |bytes: Option<u64>| bytes.map_or_else(|| "-".into(), |bytes| bytes.to_string());
    let one = |part: &gorepro::SectionDiff| match part.bytes {
        [Some(old), Some(new)] if old == new => {
            format!("{} {}/{old}", part.name, part.differing)
        }
        [old, new] => format!("{} {} → {}", part.name, size(old), size(new)),
    };
    let mut parts: Vec<String> = found.sections.iter().take(SECTIONS).map(one).collect();
    if found.sections.len() > SECTIONS {
        parts.push(format!("+{}", found.sections.len() - SECTIONS));
    }
    // Names are the programs' own.
    crate::printable::printable(&parts.join(", "))
}

/// At another address, and the same otherwise.
fn moved(functions: gorepro::Functions) -> usize {
    functions.moved.saturating_sub(functions.changed + functions.numbers + functions.untold)
}
