//! Walks a directory as docker build does, and prints the sums with the time taken.
//!
//! `walk DIR [DOCKERIGNORE] [--bare] [--measure] [--list] [--rounds N]`; `--bare` reads the same tree and the sizes, and
//! judges nothing.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads files and the clock"
)]
#![expect(clippy::unwrap_used, reason = "an example may stop at the first error")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use buildcontext::{Filter, Matcher, Options, parse, walk};

#[path = "../benches/bare/mod.rs"]
mod bare;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| args.iter().any(|arg| arg == name);
    let rounds =
        args.iter().position(|arg| arg == "--rounds").map_or(1, |at| args[at + 1].parse().unwrap());
    let root = PathBuf::from(&args[0]);
    let file = args.get(1).filter(|arg| !arg.starts_with('-'));
    let filter = file.map_or_else(Filter::everything, |file| {
        let patterns = parse(std::fs::read(file).unwrap()).unwrap();
        Filter::new(Matcher::new(&patterns).unwrap())
    });
    for _ in 0..rounds {
        let start = Instant::now();
        let cpu = cpu_seconds();
        if flag("--bare") {
            println!("{:?}", bare::walk(&root, 2));
        } else {
            show(&root, &filter, flag("--measure"), flag("--list"));
        }
        println!("{:.3} s, {:.2} CPU-s", start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    }
}

fn show(root: &Path, filter: &Filter, measure: bool, list: bool) {
    let options = Options {
        max_entries: if list { usize::MAX / 4 } else { 0 },
        measure_excluded: measure,
        ..Options::default()
    };
    let context = walk(root, filter, &options).unwrap();
    let all = context.summary.all;
    println!("seen {:?}\nsent {:?}, {} listed", all.seen, all.sent, context.entries.len());
    for (link, reach) in context.links.iter().take(3) {
        println!("link {} -> {:?} {reach:?}", link.path, link.target);
    }
    for problem in context.problems.iter().take(3) {
        println!("problem {problem:?}");
    }
}

/// User and system time of this process so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
