//! Where an image's PDB is: beside it, or where the linker put it.

use super::{CodeView, Pdb, mismatches};
use crate::{Artifact, Error, source};
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

/// Looks for the PDB that an image names; where `given` is a file, there alone. What lies beside the image is what
/// is shipped with it: only where nothing does, the linker's own place counts. Of two beside it, the image's own.
pub fn find(binary: &Path, artifact: &Artifact, given: Option<&Path>) -> Found {
    let named = artifact.pe.as_ref().and_then(|pe| pe.code_view.as_ref());
    let machine = artifact.pe.as_ref().map(|pe| pe.machine);
    let all = match (given, named) {
        (Some(given), _) => vec![given.to_owned()],
        (None, Some(named)) => places(binary, named),
        (None, None) => vec![],
    };
    let folder = binary.parent();
    let mut found: Option<Found> = None;
    for place in &all {
        if found.is_some() && place.parent() != folder {
            break;
        }
        if given.is_none() && !place.is_file() {
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
    found.unwrap_or(Found::Nowhere(all))
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
    let mut places: Vec<PathBuf> = name.map(|name| folder.join(name)).into_iter().collect();
    places.push(binary.with_extension("pdb"));
    let of_net = named.path.starts_with("\\\\") || named.path.starts_with("//");
    if !of_net && named.path.contains(['/', '\\']) {
        places.push(PathBuf::from(&named.path));
    }
    let mut seen = vec![];
    places.retain(|place| {
        let new = !seen.contains(place);
        seen.push(place.clone());
        new
    });
    places
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
}
