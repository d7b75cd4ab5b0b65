//! Says of a directory with a Dockerfile what is sent, what should not be, and what the Dockerfile takes.
//!
//! `judge DIR [DOCKERFILE]`

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads files and prints"
)]
#![expect(clippy::unwrap_used, reason = "an example may stop at the first error")]

use std::path::Path;

use buildcontext::{
    Filter, Matcher, Options, Resolution, Tree, facts, leaks, needs, parse, suggest, walk,
};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(&args[0]);
    let name = args.get(1).map_or("Dockerfile", String::as_str);
    let ignore = [format!("{name}.dockerignore"), ".dockerignore".to_owned()];
    let ignore = ignore.iter().find_map(|name| std::fs::read(root.join(name)).ok());
    let patterns = parse(ignore.as_deref().unwrap_or_default()).unwrap();
    let filter = Filter::new(Matcher::new(&patterns).unwrap());
    let options = Options { list_excluded: true, measure_excluded: true, ..Options::default() };
    let context = walk(root, &filter, &options).unwrap();
    println!("{:?}", context.summary.all);
    for (folder, share) in &context.summary.by_folder {
        println!("  {folder}: {} of {} bytes", share.sent.bytes, share.seen.bytes);
    }
    for (link, reach) in &context.links {
        println!("link {} -> {} {reach:?}", link.path, link.target.as_deref().unwrap_or("?"));
    }
    let found = leaks(&context.entries);
    for leak in &found {
        println!(
            "leak {:?} {} ({} files, {} bytes)",
            leak.category, leak.path, leak.files, leak.bytes
        );
    }
    let Ok(text) = std::fs::read_to_string(root.join(name)) else { return };
    let (file, errors) = dockerfile::parse_lenient(&text);
    println!("{errors:?}");
    let needs = needs(&file);
    let tree = Tree::new(&context.entries);
    let mut named = Vec::new();
    for need in &needs {
        for source in &need.sources {
            named.extend(source.path());
            let taken = match tree.resolve(need, source) {
                Resolution::Taken(taken) => format!("{} entries", taken.len()),
                other => format!("{other:?}"),
            };
            println!("{}: {:?} {} takes {taken}", need.lines.first, need.verb, source.written);
        }
    }
    for suggestion in suggest(&found, &named, &patterns) {
        println!("suggest {}", suggestion.line);
    }
    for fact in facts(&file, &needs, ignore.as_ref().map(|_| &filter)) {
        println!("{}:{} {:?}", fact.span.start.line, fact.span.start.column, fact.kind);
    }
}
