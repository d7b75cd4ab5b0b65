//! Verifies the build cache at a path; with `floor`, only reads and hashes its objects, once and with
//! one thread: what no verification can undercut. For `cargo xtask compare cache`.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "an example reads and prints")]

use gocache::{Cache, ItemKind, verify};
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = args.first().ok_or("hashcache CACHE [floor]")?;
    let cache = Cache::open(Path::new(dir))?;
    let listing = cache.list();
    if args.get(1).is_none_or(|word| word != "floor") {
        let verified = verify(&cache, &listing, 0, &|| false);
        println!("{:?} {} problems", verified.coverage, verified.problems.len());
        return Ok(());
    }
    let mut buffer = vec![0; 128 << 10];
    let mut bytes = 0;
    for item in listing.items.iter().filter(|item| item.kind == ItemKind::Object) {
        let mut file = std::fs::File::open(cache.dir().join(item.path()))?;
        let mut sha = Sha256::new();
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            sha.update(&buffer[..read]);
            bytes += read;
        }
        if sha.finalize()[..] != item.id.0 {
            println!("{}", item.path());
        }
    }
    println!("{bytes} bytes");
    Ok(())
}
