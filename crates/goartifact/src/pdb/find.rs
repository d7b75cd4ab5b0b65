//! Where an image's PDB is: beside it, where the linker put it, or where the symbol path leads.

use super::{CodeView, Pdb, mismatches};
use crate::{Artifact, Error, source};
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A PDB that was looked for.
#[derive(Debug)]
pub enum Found {
    /// It was read; it need not be the image's.
    Pdb(PathBuf, Box<Pdb>),
    /// There is a file, and it cannot be read.
    Unreadable(PathBuf, Error),
    /// There is none at any of these places.
    Nowhere(Vec<PathBuf>),
}

/// Looks for the PDB that an image names; where `given` is a file, there alone, where it is a folder, in it. What lies
/// beside the image is what is shipped with it: only where nothing does, the linker's own place counts, and after it
/// the folders of the symbol path ([`symbol_folders`]). Of two beside it, the image's own; of the symbol path's, no
/// other.
pub fn find(
    binary: &Path,
    artifact: &Artifact,
    given: Option<&Path>,
    symbol_path: &[PathBuf],
) -> Found {
    let named = artifact.pe.as_ref().and_then(|pe| pe.code_view.as_ref());
    let machine = artifact.pe.as_ref().map(|pe| pe.machine);
    let store = given.filter(|given| given.is_dir());
    let mut all = match (given, named) {
        (_, named) if store.is_some() => places_in(store.unwrap_or(binary), binary, named),
        (Some(given), _) => vec![given.to_owned()],
        (None, Some(named)) => places(binary, named),
        (None, None) => vec![],
    };
    let folder = binary.parent();
    let mut found: Option<Found> = None;
    for place in &all {
        if found.is_some() && store.is_none() && place.parent() != folder {
            break;
        }
        if (given.is_none() || store.is_some()) && !place.is_file() {
            continue;
        }
        match open(place) {
            Ok(pdb) => {
                let own = mismatches(named, machine, &pdb).is_empty();
                if own || !matches!(found, Some(Found::Pdb(..))) {
                    found = Some(Found::Pdb(place.clone(), Box::new(pdb)));
                }
                if own {
                    break;
                }
            }
            Err(err) => {
                found.get_or_insert(Found::Unreadable(place.clone(), err));
            }
        }
    }
    let is_own = |pdb: &Pdb| mismatches(named, machine, pdb).is_empty();
    let settled = match &found {
        Some(Found::Pdb(place, pdb)) => place.parent() == folder || is_own(pdb),
        Some(Found::Unreadable(place, _)) => place.parent() == folder,
        _ => false,
    };
    if given.is_some() || settled || named.is_none() {
        return found.unwrap_or(Found::Nowhere(all));
    }
    for place in symbol_path.iter().flat_map(|folder| places_in(folder, binary, named)) {
        if place.is_file()
            && let Ok(pdb) = open(&place)
            && is_own(&pdb)
        {
            return Found::Pdb(place, Box::new(pdb));
        }
        all.push(place);
    }
    found.unwrap_or(Found::Nowhere(all))
}

/// The folders and local stores of a symbol path (`_NT_SYMBOL_PATH`: `C:\own;srv*C:\cache*https://server`), as
/// Windows' documentation, "Symbol path for Windows debuggers", has it. Servers and paths of the net are left out:
/// nothing is fetched.
pub fn symbol_folders(text: &str) -> Vec<PathBuf> {
    let mut folders = vec![];
    for element in text.split(';') {
        let parts: Vec<&str> = element.split('*').map(str::trim).collect();
        let kind = parts.first().map(|first| first.to_ascii_lowercase());
        let skipped = match kind.as_deref() {
            Some("srv" | "cache") if parts.len() > 1 => 1,
            // Its second word is the program that asks the server.
            Some("symsrv") if parts.len() > 1 => 2,
            _ => 0,
        };
        let of_net =
            |part: &str| part.contains("://") || part.starts_with("\\\\") || part.starts_with("//");
        let local = parts.iter().skip(skipped).filter(|part| !part.is_empty() && !of_net(part));
        folders.extend(local.map(PathBuf::from));
    }
    once(folders)
}

fn open(path: &Path) -> Result<Pdb, Error> {
    let meta = std::fs::metadata(path).map_err(|err| Error::io(path, &err))?;
    // A pipe would be waited for.
    if !meta.is_file() {
        return Err(Error::NoFile { path: path.to_owned() });
    }
    // A stream may be as long as the file, and is read whole.
    let (claimed, limit) = (meta.len(), source::limit(&meta));
    if claimed > limit {
        return Err(Error::TooLong { claimed, limit });
    }
    let file = File::open(path).map_err(|err| Error::io(path, &err))?;
    Pdb::read(file)
}

/// Beside the image under the name that it gives, beside it under its own name, where the linker put it. A path of
/// the net is not followed: the image would say to whom this machine talks.
fn places(binary: &Path, named: &CodeView) -> Vec<PathBuf> {
    let folder = binary.parent().unwrap_or(Path::new(""));
    let name = named.path.rsplit(['/', '\\']).next().filter(|name| !name.is_empty());
    let mut places: Vec<PathBuf> = name.map(|name| in_folder(folder, name)).into_iter().collect();
    places.push(binary.with_extension("pdb"));
    let of_net = named.path.starts_with("\\\\") || named.path.starts_with("//");
    if !of_net && named.path.contains(['/', '\\']) {
        places.push(PathBuf::from(&named.path));
    }
    once(places)
}

/// Each place once, where it stands first.
fn once(mut places: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    places.retain(|place| seen.insert(place.clone()));
    places
}

/// A file of a folder; where there is none of that name, one whose name differs in case alone, as Windows takes it.
fn in_folder(folder: &Path, name: &str) -> PathBuf {
    /// More than that no folder of programs has.
    const MAX: usize = 10_000;
    let exact = folder.join(name);
    if exact.exists() {
        return exact;
    }
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(here) else { return exact };
    let same = |other: &std::ffi::OsString| {
        other.to_str().is_some_and(|other| other.eq_ignore_ascii_case(name))
    };
    let mut alike: Vec<_> =
        entries.take(MAX).flatten().map(|entry| entry.file_name()).filter(same).collect();
    alike.sort_unstable();
    alike.into_iter().next().map_or(exact, |name| folder.join(name))
}

/// In a folder, or in a symbol store, as `symstore`, symbol servers and debuggers' caches have it:
/// `NAME/GUIDage/NAME`, in one of two tiers `NA/NAME/GUIDage/NAME` (Windows' documentation, "Using `SymStore`"). Names
/// have no case there, and some keep them in lower case.
fn places_in(folder: &Path, binary: &Path, named: Option<&CodeView>) -> Vec<PathBuf> {
    let own = binary.with_extension("pdb");
    let own = own.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut places = vec![];
    if let Some(named) = named {
        let name = named.path.rsplit(['/', '\\']).next().unwrap_or_default();
        let guid: String = named.guid.chars().filter(char::is_ascii_alphanumeric).collect();
        let key = |age: String| format!("{}{age}", guid.to_uppercase());
        let (small, large) = (key(format!("{:x}", named.age)), key(format!("{:X}", named.age)));
        let keys = [small, large.clone(), large.to_lowercase()];
        for name in [name, &name.to_lowercase(), own] {
            if matches!(name, "" | "." | "..") {
                continue;
            }
            for key in &keys {
                places.push(folder.join(name).join(key).join(name));
            }
            if let Some(tier) = name.get(..2) {
                places.extend(
                    keys.iter().map(|key| folder.join(tier).join(name).join(key).join(name)),
                );
            }
            places.push(in_folder(folder, name));
        }
    } else if !own.is_empty() {
        places.push(in_folder(folder, own));
    }
    once(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_the_image_first_and_never_on_the_net() {
        let at = |path: &str| {
            let named = CodeView { guid: String::new(), age: 1, path: path.into() };
            let places = places(Path::new("/srv/app.exe"), &named);
            places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(at("/b/x.pdb"), ["/srv/x.pdb", "/srv/app.pdb", "/b/x.pdb"]);
        assert_eq!(at("C:\\b\\app.pdb"), ["/srv/app.pdb", "C:\\b\\app.pdb"]);
        assert_eq!(at("\\\\host\\share\\x.pdb"), ["/srv/x.pdb", "/srv/app.pdb"]);
        assert_eq!(at("x.pdb"), ["/srv/x.pdb", "/srv/app.pdb"]);
        assert_eq!(at(""), ["/srv/app.pdb"]);
    }

    #[test]
    fn of_a_symbol_path_what_is_on_this_machine() {
        let at = |text: &str| {
            let folders = symbol_folders(text);
            folders.iter().map(|it| it.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(at("/sym; /own/pdbs;;/sym"), ["/sym", "/own/pdbs"]);
        assert_eq!(at("srv*/cache*/store*https://msdl.example/x"), ["/cache", "/store"]);
        assert_eq!(at("SRV*C:\\cache*\\\\host\\share;cache*/c"), ["C:\\cache", "/c"]);
        assert_eq!(at("symsrv*symsrv.dll*/s*http://h"), ["/s"]);
        assert_eq!(at("srv*"), [""; 0]);
        assert_eq!(at(""), [""; 0]);
        // A folder of that name.
        assert_eq!(at("srv"), ["srv"]);
    }

    #[test]
    fn in_a_symbol_store_by_guid_and_age() {
        let named = CodeView {
            guid: "{7C20361C-EB6E-B94D-4C4C-44205044422E}".into(),
            age: 0x1a,
            path: "C:\\b\\Pay.pdb".into(),
        };
        let places = places_in(Path::new("/sym"), Path::new("/srv/app.exe"), Some(&named));
        for place in [
            "/sym/Pay.pdb/7C20361CEB6EB94D4C4C44205044422E1a/Pay.pdb",
            "/sym/Pa/Pay.pdb/7C20361CEB6EB94D4C4C44205044422E1A/Pay.pdb",
            "/sym/pay.pdb/7c20361ceb6eb94d4c4c44205044422e1a/pay.pdb",
            "/sym/Pay.pdb",
            "/sym/app.pdb",
        ] {
            assert!(places.contains(&PathBuf::from(place)), "{place}: {places:?}");
        }
        // A name that leads out of the folder is none.
        let out = CodeView { path: "C:\\..".into(), ..named };
        let inside = |place: &PathBuf| !place.to_string_lossy().contains("..");
        assert!(places_in(Path::new("/sym"), Path::new("app.exe"), Some(&out)).iter().all(inside));
    }
}
