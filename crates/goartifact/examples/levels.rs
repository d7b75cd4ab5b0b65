//! Prints the levels of programs: `cargo run --release -p goartifact --example levels -- BIN`.
#![expect(clippy::print_stdout, reason = "an example")]

use std::path::Path;

fn main() -> Result<(), goartifact::Error> {
    for path in std::env::args().skip(1) {
        for artifact in goartifact::read(Path::new(&path))? {
            let version = artifact.build_info.as_ref().map(|info| info.go_version.as_str());
            println!("{path}: {} {}", artifact.arch.0, version.unwrap_or("not Go"));
            for level in goartifact::levels(&artifact) {
                let (kind, percent) = (level.kind.as_str(), level.percent());
                println!(
                    "  {kind:<8} {:>7} of {:>7}  {percent:.2} %",
                    level.known, level.functions
                );
            }
        }
    }
    Ok(())
}
