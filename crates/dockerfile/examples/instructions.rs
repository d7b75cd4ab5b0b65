//! Prints each instruction of Dockerfiles as one JSON line: `cargo run --example instructions -- Dockerfile...`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads files and prints"
)]

use serde_json::json;

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let (file, errors) = dockerfile::parse_lenient(&String::from_utf8_lossy(&bytes));
        println!(
            "{}",
            json!({"file": path, "errors": errors.iter().map(ToString::to_string).collect::<Vec<_>>()})
        );
        for instruction in &file.instructions {
            let inner = instruction.trigger.as_deref().unwrap_or(instruction);
            let pairs = inner
                .pairs
                .iter()
                .map(|pair| (&pair.name.text, pair.value.as_ref().map(|value| &value.text)));
            let heredocs = instruction.heredocs.iter();
            println!(
                "{}",
                json!({
                    "keyword": instruction.name.text,
                    "trigger": instruction.trigger.as_ref().map(|trigger| &trigger.name.text),
                    "lines": [instruction.lines.first, instruction.lines.last],
                    "flags": instruction.flags.iter().map(|flag| (&flag.name, &flag.value)).collect::<Vec<_>>(),
                    "exec": inner.form == dockerfile::Form::Exec,
                    "args": inner.args.iter().map(|word| &word.text).collect::<Vec<_>>(),
                    "pairs": pairs.collect::<Vec<_>>(),
                    "heredocs": heredocs.map(|doc| (&doc.name, doc.expand, doc.chomp, doc.descriptor, &doc.content)).collect::<Vec<_>>(),
                })
            );
        }
    }
    Ok(())
}
