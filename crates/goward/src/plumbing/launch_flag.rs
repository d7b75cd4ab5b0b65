//! `goward plumbing launch-flag`.

use crate::cli::LaunchKind;
use goward_model::Lang;
use launchflag::{Kind, judge};

/// `{"state":"on|off|unknown","why":"…"}`.
pub(super) fn answer(
    kind: LaunchKind,
    flag: &str,
    text: &[u8],
    lang: Lang,
) -> anyhow::Result<String> {
    let kind = match kind {
        LaunchKind::Cmdline => Kind::Cmdline,
        LaunchKind::K8s => Kind::K8s,
        LaunchKind::Dockerfile => Kind::Dockerfile,
        LaunchKind::Systemd => Kind::Systemd,
        LaunchKind::Compose => Kind::Compose,
        LaunchKind::Config => Kind::Config,
    };
    let verdict = judge(kind, text, flag.trim_start_matches('-'));
    let why = match lang {
        Lang::En => verdict.why.to_string(),
        Lang::Zh => verdict.why.zh(),
    };
    let answer = serde_json::json!({"state": verdict.state.as_str(), "why": why});
    Ok(answer.to_string() + "\n")
}
