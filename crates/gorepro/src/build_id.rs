//! The parts of two build IDs.

use crate::image::Image;

/// What the build IDs tell.
pub(crate) struct Ids {
    /// The parts that differ.
    pub(crate) parts: Vec<&'static str>,
    /// Both have one, and it is the same.
    pub(crate) all_same: bool,
    /// The main package was compiled of the same inputs, those that it imports included.
    pub(crate) same_sources: bool,
}

/// The four parts: action of the link, action and content of the main package, content of the program.
///
/// Source: `cmd/go/internal/work/buildid.go`.
pub(crate) fn compare(a: &Image<'_>, b: &Image<'_>) -> Ids {
    const PARTS: [&str; 4] = ["link action", "main action", "main content", "program"];
    let split = |image: &Image<'_>| -> Option<Vec<String>> {
        let parts: Vec<String> = image.build_id.as_deref()?.split('/').map(str::to_owned).collect();
        (parts.len() == 4).then_some(parts)
    };
    let (Some(old), Some(new)) = (split(a), split(b)) else {
        return Ids { parts: vec![], all_same: false, same_sources: false };
    };
    let parts: Vec<&str> = PARTS
        .into_iter()
        .zip(old.iter().zip(&new))
        .filter(|(_, (old, new))| old != new)
        .map(|(name, _)| name)
        .collect();
    let same_sources = !parts.contains(&"main action") && !parts.contains(&"main content");
    Ids { all_same: parts.is_empty(), same_sources, parts }
}

/// Whether nothing of the code differs but the ID, which stands in front of it as a function where there is no note.
pub(crate) fn alone_in_code(images: [&Image<'_>; 2]) -> bool {
    let parts = images.map(|image| -> Option<[&[u8]; 2]> {
        let table = image.table.as_ref()?;
        let is_id = |name: &str| matches!(name, "go:buildid" | "go.buildid");
        let place = table.functions.iter().position(|function| is_id(table.name(function)))?;
        let address = table.functions.get(place)?.address;
        let end = table.functions.get(place + 1)?.address;
        let section = image.section_at(address)?;
        let at = |address: u64| usize::try_from(address.checked_sub(section.address)?).ok();
        Some([section.data.get(..at(address)?)?, section.data.get(at(end)?..)?])
    });
    matches!(parts, [Some(old), Some(new)] if old == new)
}
