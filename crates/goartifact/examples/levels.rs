//! Prints the levels of a program: `cargo run --release -p goartifact --example levels -- BIN`.
#![expect(clippy::print_stdout, reason = "an example")]

fn main() -> Result<(), goartifact::Error> {
    for path in std::env::args().skip(1) {
        for artifact in goartifact::read(std::path::Path::new(&path))? {
            println!("{path}: {:?} {} build ID {:?} gaps {:?}", artifact.format, artifact.arch.0, artifact.build_id, artifact.gaps);
            if let Some(info) = &artifact.build_info {
                println!("  {} {:?}, {} modules", info.go_version, info.path, info.deps.len());
            }
            for level in goartifact::levels(&artifact) {
                println!("  {:<8} {}/{} {:.2} % {:?} {:?}", level.kind.as_str(), level.known, level.functions, level.percent(), level.reason, level.missing.iter().take(8).collect::<Vec<_>>());
            }
        }
    }
    Ok(())
}
