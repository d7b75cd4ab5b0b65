//! What the checks of configured TLS paths have in common.

use super::tls::none_configured;
use goward_facts::{TlsPath, TlsPaths};
use goward_model::{Finding, Findings, Text};

/// Judges every path that can be judged before it is rendered. `wrong` words what is wrong.
pub(super) fn each(
    configured: &TlsPaths,
    findings: &mut Findings,
    wrong: impl Fn(&TlsPath) -> Option<(Text, Text)>,
) {
    configured.unreadable.iter().for_each(|why| findings.unknown(why.clone()));
    let mut judged = 0;
    for path in configured.paths.iter().filter(|path| is_literal(path)) {
        judged += 1;
        if let Some((message, help)) = wrong(path) {
            let evidence = format!("{} {}", path.key, path.value);
            let finding = Finding::at(path.location.clone(), evidence, message, help);
            findings.report(finding.quoting(&path.source));
        }
    }
    match (judged, configured.paths.len()) {
        (0, 0) => findings.not_applicable(none_configured()),
        (0, _) => findings.not_applicable(Text::new(
            "every TLS path comes from a placeholder",
            "所有 TLS 路径均来自占位符",
        )),
        _ => {}
    }
}

/// Whether a value is the path itself: not empty (TLS is off), no placeholder, no key, no URI
/// (`vault:secret/tls#key`, `pkcs11:…`).
fn is_literal(path: &TlsPath) -> bool {
    let value = path.value.as_str();
    let marks = ["{{", "${", "$(", "<", "\n"];
    let scheme = value.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_uri = scheme.len() > 1
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    !value.is_empty()
        && !is_uri
        && !path.is_material()
        && !marks.iter().any(|mark| value.contains(mark))
}
