//! Prints what PDBs of images know: `cargo run --release -p goartifact --example pdb -- BIN`.
#![expect(clippy::print_stdout, reason = "an example")]

use goartifact::pdb;
use std::path::Path;

fn main() -> Result<(), goartifact::Error> {
    for path in std::env::args().skip(1) {
        for artifact in goartifact::read(Path::new(&path))? {
            match pdb::find(Path::new(&path), &artifact, None) {
                pdb::Found::Pdb(place, pdb) => {
                    println!("{path}: {}", place.display());
                    println!("{pdb:#?}");
                    println!("{:#?}", pdb::coverage(&artifact, &pdb));
                }
                other => println!("{path}: {other:?}"),
            }
        }
    }
    Ok(())
}
