//! A cause's page, from its declaration.

use crate::Cause;
use std::fmt::Write as _;

/// The page in Markdown; `sample` is what real tools said.
pub fn page(cause: &Cause, chinese: bool, sample: Option<&str>) -> String {
    let pick = |en: &'static str, zh: &'static str| if chinese { zh } else { en };
    let mut out = format!("# {}\n\n{}\n\n", cause.id, cause.meaning.get(chinese));
    let _ = writeln!(
        out,
        "{}: {} · {}: {} · {}: {}\n",
        pick("owner", "负责"),
        cause.owner.as_str(),
        pick("retry", "重试"),
        cause.retry.as_str(),
        pick("tier", "等级"),
        cause.tier.as_str()
    );
    let _ = writeln!(
        out,
        "## {}\n\n{}\n",
        pick("Why it happens", "为什么会发生"),
        cause.why.get(chinese)
    );
    if let Some(sample) = sample {
        let _ = writeln!(
            out,
            "## {}\n\n````text\n{}\n````\n",
            pick("What it looks like", "实际输出"),
            sample.trim_end()
        );
    }
    let _ = writeln!(out, "## {}\n\n{}", pick("How to fix it", "如何修复"), cause.fix.get(chinese));
    if let Some(command) = cause.command {
        let _ = writeln!(out, "\n```console\n$ {command}\n```");
    }
    out
}
