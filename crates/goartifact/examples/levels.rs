//! Prints the levels of a program: `cargo run --release -p goartifact --example levels -- BIN`.
#![expect(clippy::print_stdout, reason = "an example")]

fn main() -> Result<(), goartifact::Error> {
    for path in std::env::args().skip(1) {
        for artifact in goartifact::read(std::path::Path::new(&path))? {
            println!(
                "{path}: {:?} {} build ID {:?} gaps {:?}",
                artifact.format, artifact.arch.0, artifact.build_id, artifact.gaps
            );
            if let Some(info) = &artifact.build_info {
                println!("  {} {:?}, {} modules", info.go_version, info.path, info.deps.len());
            }
            for level in goartifact::levels(&artifact) {
                if std::env::var("ALL").is_ok() {
                    let t = artifact.functions.as_ref().map(|t| {
                        t.functions
                            .iter()
                            .filter(|f| {
                                !artifact.debug.has_line(f.address)
                                    && artifact.debug.describes(f.address)
                            })
                            .take(30)
                            .map(|f| format!("{:x} {}", f.address, t.name(f)))
                            .collect::<Vec<_>>()
                    });
                    println!(
                        "{t:#?} broken {} versions {:b} units {}",
                        artifact.debug.broken_units, artifact.debug.versions, artifact.debug.units
                    );
                }
                println!(
                    "  {:<8} {}/{} {:.2} % {:?} {:?}",
                    level.kind.as_str(),
                    level.known,
                    level.functions,
                    level.percent(),
                    level.reason,
                    level.missing.iter().take(8).collect::<Vec<_>>()
                );
            }
        }
    }
    Ok(())
}
