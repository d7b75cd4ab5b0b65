//! The `h1:` sums of the folders that standard input names, each on a line, with the prefix `x@v1`:
//! what `cargo xtask compare modcache` holds against `dirhash.HashDir`. `floor` as the first argument
//! only reads and sums the same bytes, one file after the other.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "an example reads and prints")]

use modcache::{Root, hash_dirs};
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

fn main() -> std::io::Result<()> {
    let folders: Vec<String> = std::io::stdin().lines().collect::<Result<_, _>>()?;
    if std::env::args().nth(1).as_deref() == Some("floor") {
        let mut buffer = vec![0; 1 << 20];
        for folder in &folders {
            floor(Path::new(folder), &mut buffer)?;
        }
        return Ok(());
    }
    let root = |folder: &String| Root { path: folder.into(), prefix: "x@v1".to_owned() };
    let roots: Vec<Root> = folders.iter().map(root).collect();
    let sums = Mutex::new(vec![String::new(); roots.len()]);
    hash_dirs(&roots, 0, &|| false, &|at, tree| {
        let said = tree.map_or_else(|err| err.to_string(), |tree| tree.h1);
        if let Some(sum) = sums.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
            *sum = said;
        }
    });
    for sum in sums.into_inner().unwrap_or_else(PoisonError::into_inner) {
        println!("{sum}");
    }
    Ok(())
}

fn floor(folder: &Path, buffer: &mut [u8]) -> std::io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            floor(&entry.path(), buffer)?;
            continue;
        }
        let mut file = std::fs::File::open(entry.path())?;
        loop {
            let read = file.read(buffer)?;
            if read == 0 {
                break;
            }
            std::hint::black_box(Sha256::digest(buffer.get(..read).unwrap_or_default()));
        }
    }
    Ok(())
}
