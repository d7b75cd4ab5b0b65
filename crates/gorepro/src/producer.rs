//! How the compilers say in the debug information that they were called.
//!
//! Source: `cmd/compile/internal/ssagen`, `cmd/internal/dwarf` (`DW_AT_producer`: `Go cmd/compile go1.26.8; -N regabi`).

use crate::found::Causes;
use crate::image::Image;
use std::collections::BTreeSet;

const GO: &[u8] = b"Go cmd/compile ";
/// What the go command gives the compiler for a build mode or a sanitizer, which are told by themselves.
const FOLLOW: &[&str] = &["-shared", "-dynlink", "-linkshared", "-race", "-msan", "-asan"];
/// No compiler's flags are longer.
const MAX: usize = 512;

/// Names compiler flags that build info does not tell: `-trimpath` hides them.
pub(crate) fn hidden_flags(images: [&Image<'_>; 2], causes: &mut Causes) {
    let hides = |image: &Image<'_>| {
        image.info.as_ref().is_some_and(|info| info.setting("-trimpath").is_some())
    };
    let others = ["toolchain", "platform", "package", "experiment", "gcflags"];
    if causes.any(&others) || !images.iter().any(|image| hides(image)) {
        return;
    }
    let [Some(old), Some(new)] = images.map(flags) else { return };
    if old != new && !old.is_empty() && !new.is_empty() {
        let only = |x: &BTreeSet<String>, y: &BTreeSet<String>| {
            let texts: Vec<&str> = x.difference(y).map(String::as_str).collect();
            if texts.is_empty() { "-".to_owned() } else { texts.join("; ") }
        };
        causes
            .add("gcflags", format!("DWARF producer: {} → {}", only(&old, &new), only(&new, &old)));
    }
}

/// The flags of all units, each kind once.
fn flags(image: &Image<'_>) -> Option<BTreeSet<String>> {
    let data = image.debug("info")?;
    let mut out = BTreeSet::new();
    for at in memchr::memmem::find_iter(&data, GO) {
        let text = data.get(at + GO.len()..).unwrap_or_default();
        let text = text.get(..MAX).unwrap_or(text).split(|byte| *byte == 0).next();
        let text = String::from_utf8_lossy(text.unwrap_or_default());
        // Behind the version; a unit without flags has the ABI alone.
        let flags = text.split_once("; ").map_or("", |(_, flags)| flags).split(' ');
        let flags: Vec<&str> = flags.filter(|flag| !FOLLOW.contains(flag)).collect();
        if out.len() < MAX {
            out.insert(flags.join(" ").escape_debug().to_string());
        }
    }
    Some(out)
}
