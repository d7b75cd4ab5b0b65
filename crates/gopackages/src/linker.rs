//! What every program imports because the linker needs it: a port of `load.LinkerDeps`, of the flags `-race`, `-msan` and
//! `-asan`, which the go command has among its tool tags (`work.instrumentInit`).

use goheader::Tags;

/// The import paths, in Go's order.
///
/// # Errors
/// What Go says of a platform that needs a C compiler where cgo is off.
pub(crate) fn imports(tags: &Tags) -> Result<Vec<&'static str>, String> {
    let mut paths = vec!["runtime"];
    if let Some(reason) = external(tags) {
        if !tags.cgo {
            return Err(format!(
                "{reason} requires external (cgo) linking, but cgo is not enabled"
            ));
        }
        paths.push("runtime/cgo");
    }
    if tags.goarch == "arm" {
        paths.push("math");
    }
    let checkers = [("race", "runtime/race"), ("msan", "runtime/msan"), ("asan", "runtime/asan")];
    paths.extend(checkers.iter().filter(|(tag, _)| tags.tool_tags.contains(*tag)).map(|it| it.1));
    Ok(paths)
}

/// Why programs are linked by the C compiler's linker (`load.externalLinkingReason`); without the flags that say so.
fn external(tags: &Tags) -> Option<String> {
    let (os, arch) = (tags.goos.as_str(), tags.goarch.as_str());
    // `platform.MustLinkExternal`
    if matches!((os, arch), ("ios", "arm64")) || (os == "android" && arch != "arm64") {
        return Some(format!("{os}/{arch}"));
    }
    // `platform.DefaultPIE` and `platform.InternalLinkPIESupported`
    let is_race = tags.tool_tags.contains("race");
    let is_pie = matches!(os, "android" | "ios" | "darwin") || (os == "windows" && !is_race);
    let is_linked_by_go = matches!(
        (os, arch),
        ("android", "arm64")
            | ("darwin", "amd64" | "arm64")
            | ("windows", "386" | "amd64" | "arm64")
    );
    (is_pie && !is_linked_by_go).then(|| "default PIE binary".to_owned())
}
